//! The score as a small picture for a README or a wiki: an SVG that stands alone, without script, font or link.

use crate::name::DomainName;

use super::text::score_sentence;
use super::{Grade, Report};

/// Longest domain that is written out; of longer ones the middle is left out. All of it stands in the title.
const MAX_DOMAIN: usize = 40;
/// Height of the picture and of its text in pixels.
const HEIGHT: usize = 20;
/// Width of one character in the fonts that readers have, in tenths of a pixel; `textLength` makes it so.
const TENTHS: usize = 68;
/// Room beside a text.
const PADDING: usize = 6;

impl Report {
    /// The score as an SVG picture: domain, grade with points, and the day it was judged.
    pub fn to_badge(&self) -> String {
        let day = self.taken_at.date();
        let score = if self.score.grade.is_some() {
            score_sentence(self)
        } else {
            "too little could be seen for a score".into()
        };
        let title = tr!("Mail security of {}: {score}, as of {day}", self.domain, score, day);
        let grade = match (self.score.grade, self.score.points) {
            (Some(grade), Some(points)) => format!("{} {points}/100", grade.label()),
            _ => "not scored".into(),
        };
        let parts = [(short(&self.domain), "#2f3a46"), (grade, colour(self.score.grade)), (day, "#56616d")];
        let whole: usize = parts.iter().map(|(text, _)| width(text)).sum();
        let mut boxes = String::new();
        let mut texts = String::new();
        let mut left = 0;
        for (text, fill) in &parts {
            let wide = width(text);
            boxes.push_str(&format!("<rect x=\"{left}\" width=\"{wide}\" height=\"{HEIGHT}\" fill=\"{fill}\"/>"));
            texts.push_str(&format!(
                "<text x=\"{}\" y=\"14\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
                left + PADDING,
                wide - 2 * PADDING,
                escaped(text)
            ));
            left += wide;
        }
        let title = escaped(&title);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"{HEIGHT}\" viewBox=\"0 0 {whole} {HEIGHT}\" \
             role=\"img\" aria-labelledby=\"t\"><title id=\"t\">{title}</title>\
             <clipPath id=\"r\"><rect width=\"{whole}\" height=\"{HEIGHT}\" rx=\"4\"/></clipPath>\
             <g clip-path=\"url(#r)\">{boxes}</g>\
             <g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">{texts}</g></svg>\n"
        )
    }
}

/// The colour behind a grade: white on it has a contrast of 4.5 at least, and the letter says the same.
fn colour(grade: Option<Grade>) -> &'static str {
    match grade {
        Some(Grade::APlus | Grade::A) => "#17693a",
        Some(Grade::B | Grade::C) => "#8a5200",
        Some(Grade::D | Grade::E | Grade::F) => "#b3211a",
        None => "#3b5b8c",
    }
}

/// The width of a text with room on both sides.
fn width(text: &str) -> usize {
    (text.chars().count() * TENTHS).div_ceil(10) + 2 * PADDING
}

/// The domain, without its middle where it is long.
fn short(domain: &DomainName) -> String {
    let text: Vec<char> = domain.as_str().chars().collect();
    if text.len() <= MAX_DOMAIN {
        return text.into_iter().collect();
    }
    let side = MAX_DOMAIN / 2;
    let (first, last) = (text.iter().take(side), text.iter().skip(text.len() - side));
    first.chain(['…'].iter()).chain(last).collect()
}

/// A text within an element.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}
