//! Draws as text: SVG Tiny PS with as few octets as a given number of decimals allows.

use usvg::tiny_skia_path::{LineCap, LineJoin};

use super::outline::{Contour, Matrix, Outline, Point, Segment};
use super::overlay::Rule;
use super::paint::{Course, Ink, Stop};
use super::redraw::{Draw, Manner, Pen};

/// The namespace of SVG.
pub(super) const NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// A drawing as text: title, gradients, then everything drawn on a square of side `side`.
pub(super) fn document(draws: &[Draw], side: f64, title: &str, decimals: u32) -> String {
    let mut writer = Writer { decimals, gradients: Vec::new() };
    let mut elements: Vec<(String, String)> = Vec::new();
    let mut rest = draws.iter().peekable();
    while let Some(draw) = rest.next() {
        let stroke = rest.next_if(|next| joins(draw, next));
        elements.extend(writer.element(draw, stroke));
    }
    let mut text = String::from("<svg xmlns=\"");
    text.push_str(NAMESPACE);
    text.push_str("\" version=\"1.2\" baseProfile=\"tiny-ps\" viewBox=\"0 0 ");
    for end in [" ", "\">\n<title>"] {
        number(&mut text, side, decimals.max(4));
        text.push_str(end);
    }
    escape(&mut text, title);
    text.push_str("</title>\n");
    if !writer.gradients.is_empty() {
        text.push_str("<defs>\n");
        for (at, (name, body)) in writer.gradients.iter().enumerate() {
            text.push('<');
            text.push_str(name);
            text.push_str(" id=\"");
            text.push_str(&gradient_id(at));
            text.push('"');
            text.push_str(body);
            text.push_str("</");
            text.push_str(name);
            text.push_str(">\n");
        }
        text.push_str("</defs>\n");
    }
    grouped(&mut text, &elements);
    text.push_str("</svg>\n");
    text
}

/// Whether a fill and the stroke after it came from one path and can be written as one.
fn joins(fill: &Draw, stroke: &Draw) -> bool {
    let plain = |ink: &Ink| !matches!(ink, Ink::Gradient(Course::Radial(_, _, space), _) if *space != Matrix::IDENTITY);
    match (&fill.manner, &stroke.manner) {
        (Manner::Fill(_), Manner::Stroke(pen)) => {
            fill.source == stroke.source
                && pen.space == Matrix::IDENTITY
                && plain(&fill.ink)
                && plain(&stroke.ink)
                && fill.outline == stroke.outline
        }
        _ => false,
    }
}

/// Writes elements; those in a row with the same attributes share a group.
fn grouped(text: &mut String, elements: &[(String, String)]) {
    for run in elements.chunk_by(|one, other| one.0 == other.0) {
        let Some((attributes, _)) = run.first() else { continue };
        let shared = run.len() > 1 && !attributes.is_empty();
        if shared {
            text.push_str("<g");
            text.push_str(attributes);
            text.push_str(">\n");
        }
        for (own, data) in run {
            text.push_str("<path");
            if !shared {
                text.push_str(own);
            }
            text.push_str(" d=\"");
            text.push_str(data);
            text.push_str("\"/>\n");
        }
        if shared {
            text.push_str("</g>\n");
        }
    }
}

/// The id of a gradient: letters first, for an id may not begin with a digit.
fn gradient_id(at: usize) -> String {
    ["g", at.to_string().as_str()].concat()
}

/// Escapes text for XML.
pub(super) fn escape(text: &mut String, value: &str) {
    for character in value.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            // Characters that XML 1.0 §2.2 does not allow at all.
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => text.push(other),
        }
    }
}

/// A number with at most so many decimals, without needless zeros.
pub(super) fn number(text: &mut String, value: f64, decimals: u32) {
    units(text, to_units(value, decimals), decimals);
}

/// A number in units of its last decimal.
fn to_units(value: f64, decimals: u32) -> i64 {
    let scaled = value * f64::from(10_u32.pow(decimals.min(9)));
    // Far beyond every canvas, so that sums of coordinates never overflow; NaN becomes 0.
    if scaled.is_nan() { 0 } else { scaled.clamp(-1e15, 1e15).round() as i64 }
}

/// Writes `1234` as `12.34` for two decimals, `.5` for five tenths.
fn units(text: &mut String, value: i64, decimals: u32) {
    let unit = 10_u64.pow(decimals.min(9));
    let absolute = value.unsigned_abs();
    let (whole, mut part) = (absolute / unit, absolute % unit);
    if value < 0 {
        text.push('-');
    }
    if whole > 0 || part == 0 {
        text.push_str(&whole.to_string());
    }
    if part > 0 {
        text.push('.');
        let mut place = unit / 10;
        while part > 0 && place > 0 {
            // One digit: below 10 by construction.
            text.push(char::from_digit(u32::try_from(part / place).unwrap_or(0), 10).unwrap_or('0'));
            part %= place;
            place /= 10;
        }
    }
}

/// ` name="value"`.
fn attribute(text: &mut String, name: &str, value: &str) {
    text.push(' ');
    text.push_str(name);
    text.push_str("=\"");
    text.push_str(value);
    text.push('"');
}

/// `#rrggbb`.
pub(super) fn hex(colour: [u8; 3]) -> String {
    let mut text = String::from("#");
    for octet in colour {
        for digit in [octet >> 4, octet & 15] {
            text.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
        }
    }
    text
}

/// What is shared by all elements of one drawing.
struct Writer {
    decimals: u32,
    /// Element name and the rest of each gradient.
    gradients: Vec<(&'static str, String)>,
}

impl Writer {
    /// The attributes and the path data of a fill, with its stroke, or of a stroke alone.
    fn element(&mut self, draw: &Draw, joined: Option<&Draw>) -> Option<(String, String)> {
        let mut text = String::new();
        let mut space = Matrix::IDENTITY;
        match &draw.manner {
            Manner::Fill(rule) => {
                if let Ink::Gradient(Course::Radial(_, _, own), _) = &draw.ink {
                    space = *own;
                }
                self.paint(&mut text, "fill", &draw.ink, draw.opacity);
                if *rule == Rule::EvenOdd {
                    attribute(&mut text, "fill-rule", "evenodd");
                }
            }
            Manner::Stroke(pen) => {
                attribute(&mut text, "fill", "none");
                space = pen.space;
                self.stroke(&mut text, draw, pen);
            }
        }
        if let Some((stroke, Manner::Stroke(pen))) = joined.map(|stroke| (stroke, &stroke.manner)) {
            self.stroke(&mut text, stroke, pen);
        }
        let filled = matches!(draw.manner, Manner::Fill(_));
        let data = if space == Matrix::IDENTITY {
            self.path_data(&draw.outline)
        } else {
            let mut value = String::from("matrix(");
            for (at, part) in [space.a, space.b, space.c, space.d, space.e, space.f].into_iter().enumerate() {
                if at > 0 {
                    value.push(' ');
                }
                number(&mut value, part, 6);
            }
            value.push(')');
            attribute(&mut text, "transform", &value);
            // A fill's points are on the canvas, a stroke's in the pen's space.
            let local = if filled { draw.outline.mapped(&space.inverted()?) } else { draw.outline.clone() };
            self.path_data(&local)
        };
        (!data.is_empty()).then_some((text, data))
    }

    fn stroke(&mut self, text: &mut String, draw: &Draw, pen: &Pen) {
        self.paint(text, "stroke", &draw.ink, draw.opacity);
        let mut plain = |name: &str, value: f64, default: f64| {
            if (value - default).abs() > 1e-6 {
                let mut words = String::new();
                number(&mut words, value, self.decimals + 1);
                attribute(text, name, &words);
            }
        };
        plain("stroke-width", pen.width, 1.0);
        if pen.join == LineJoin::Miter || pen.join == LineJoin::MiterClip {
            plain("stroke-miterlimit", pen.miter_limit, 4.0);
        }
        if !pen.dashes.is_empty() {
            plain("stroke-dashoffset", pen.dash_offset, 0.0);
            let mut words = String::new();
            for dash in &pen.dashes {
                if !words.is_empty() {
                    words.push(' ');
                }
                number(&mut words, *dash, self.decimals + 1);
            }
            attribute(text, "stroke-dasharray", &words);
        }
        match pen.cap {
            LineCap::Butt => {}
            LineCap::Round => attribute(text, "stroke-linecap", "round"),
            LineCap::Square => attribute(text, "stroke-linecap", "square"),
        }
        match pen.join {
            LineJoin::Miter | LineJoin::MiterClip => {}
            LineJoin::Round => attribute(text, "stroke-linejoin", "round"),
            LineJoin::Bevel => attribute(text, "stroke-linejoin", "bevel"),
        }
    }

    /// `fill` or `stroke` with its opacity; black is what is filled where nothing is said.
    fn paint(&mut self, text: &mut String, name: &str, ink: &Ink, opacity: f64) {
        match ink {
            Ink::Colour([0, 0, 0]) if name == "fill" => {}
            Ink::Colour(colour) => attribute(text, name, &hex(*colour)),
            Ink::Gradient(course, stops) => {
                let value = ["url(#", self.gradient(course, stops).as_str(), ")"].concat();
                attribute(text, name, &value);
            }
        }
        if opacity < 0.9995 {
            let mut words = String::new();
            number(&mut words, opacity.max(0.0), 3);
            attribute(text, &[name, "-opacity"].concat(), &words);
        }
    }

    /// The id of a gradient; equal ones are written once.
    fn gradient(&mut self, course: &Course, stops: &[Stop]) -> String {
        let mut body = String::new();
        attribute(&mut body, "gradientUnits", "userSpaceOnUse");
        let mut place = |name: &str, value: f64| {
            let mut words = String::new();
            number(&mut words, value, self.decimals + 1);
            attribute(&mut body, name, &words);
        };
        let name = match course {
            Course::Linear(start, end) => {
                for (name, value) in [("x1", start.x), ("y1", start.y), ("x2", end.x), ("y2", end.y)] {
                    place(name, value);
                }
                "linearGradient"
            }
            Course::Radial(centre, radius, _) => {
                for (name, value) in [("cx", centre.x), ("cy", centre.y), ("r", *radius)] {
                    place(name, value);
                }
                "radialGradient"
            }
        };
        body.push('>');
        for stop in stops {
            body.push_str("<stop");
            let mut words = String::new();
            number(&mut words, stop.offset.clamp(0.0, 1.0), 4);
            attribute(&mut body, "offset", &words);
            attribute(&mut body, "stop-color", &hex(stop.colour));
            if stop.opacity < 0.9995 {
                let mut words = String::new();
                number(&mut words, stop.opacity.max(0.0), 3);
                attribute(&mut body, "stop-opacity", &words);
            }
            body.push_str("/>");
        }
        let known = self.gradients.iter().position(|known| known.0 == name && known.1 == body);
        let at = known.unwrap_or_else(|| {
            self.gradients.push((name, body));
            self.gradients.len() - 1
        });
        gradient_id(at)
    }

    fn path_data(&self, outline: &Outline) -> String {
        path_data(outline, self.decimals)
    }
}

/// The `d` of a path, each step in the shorter of its two forms. Points are rounded once, and steps are told between
/// rounded points, so that rounding does not add up.
pub(super) fn path_data(outline: &Outline, decimals: u32) -> String {
    let mut data = PathData { text: String::new(), last: ' ', at: (0, 0), decimals };
    for contour in &outline.contours {
        data.contour(contour);
    }
    data.text
}

struct PathData {
    text: String,
    last: char,
    at: (i64, i64),
    decimals: u32,
}

impl PathData {
    fn grid(&self, point: Point) -> (i64, i64) {
        (to_units(point.x, self.decimals), to_units(point.y, self.decimals))
    }

    fn contour(&mut self, contour: &Contour) {
        let start = self.grid(contour.start);
        let before = self.text.len();
        self.last = ' ';
        self.step('M', start, &[start]);
        // Points after a move are lines.
        self.last = if self.text.get(before..).is_some_and(|own| own.starts_with('m')) { 'l' } else { 'L' };
        let mut steps = contour.segments.as_slice();
        if let (true, Some((Segment::Line(end), rest))) = (contour.closed, steps.split_last())
            && self.grid(*end) == start
        {
            steps = rest;
        }
        for segment in steps {
            match *segment {
                Segment::Line(end) => self.line(self.grid(end)),
                Segment::Quad(one, end) => self.curve('Q', &[self.grid(one), self.grid(end)]),
                Segment::Cubic(one, two, end) => self.curve('C', &[self.grid(one), self.grid(two), self.grid(end)]),
            }
        }
        if contour.closed {
            self.text.push('z');
            self.last = ' ';
            self.at = start;
        }
    }

    fn line(&mut self, end: (i64, i64)) {
        let (x, y) = self.at;
        if end == self.at && self.last != 'L' && self.last != 'l' {
            return;
        }
        if end.1 == y && end.0 != x {
            self.pair('H', &[end.0], &[end.0 - x]);
        } else if end.0 == x && end.1 != y {
            self.pair('V', &[end.1], &[end.1 - y]);
        } else {
            self.step('L', end, &[end]);
        }
        self.at = end;
    }

    fn curve(&mut self, command: char, points: &[(i64, i64)]) {
        let end = points.last().copied().unwrap_or(self.at);
        if points.iter().all(|point| *point == self.at) {
            return;
        }
        self.step(command, end, points);
    }

    fn step(&mut self, command: char, end: (i64, i64), points: &[(i64, i64)]) {
        let (x, y) = self.at;
        let absolute: Vec<i64> = points.iter().flat_map(|point| [point.0, point.1]).collect();
        let relative: Vec<i64> = points.iter().flat_map(|point| [point.0 - x, point.1 - y]).collect();
        self.pair(command, &absolute, &relative);
        self.at = end;
    }

    /// Writes the shorter of the absolute and the relative form.
    fn pair(&mut self, command: char, absolute: &[i64], relative: &[i64]) {
        let small = command.to_ascii_lowercase();
        let (one, other) = (self.form(command, absolute), self.form(small, relative));
        let first = self.text.is_empty();
        let (form, last) = if other.len() < one.len() && !first { (other, small) } else { (one, command) };
        self.text.push_str(&form);
        self.last = last;
    }

    fn form(&self, command: char, values: &[i64]) -> String {
        let mut text = String::new();
        let repeats = command == self.last;
        if !repeats {
            text.push(command);
        }
        for (at, value) in values.iter().enumerate() {
            let before = text.len();
            units(&mut text, *value, self.decimals);
            let glued = (at == 0 && !repeats) || text.get(before..).is_some_and(|own| own.starts_with('-'));
            if !glued {
                text.insert(before, ' ');
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let words = |value, decimals| {
            let mut text = String::new();
            number(&mut text, value, decimals);
            text
        };
        let cases = [
            (0.5, 2, ".5"),
            (-0.25, 2, "-.25"),
            (12.0, 3, "12"),
            (1.239, 2, "1.24"),
            (0.004, 2, "0"),
            (7.05, 3, "7.05"),
        ];
        for (value, decimals, wanted) in cases {
            assert_eq!(words(value, decimals), wanted);
        }
        assert_eq!(words(f64::NAN, 3), "0");
        assert_eq!(words(f64::INFINITY, 0), "1000000000000000");
    }

    #[test]
    fn path_data_takes_the_shorter_form() {
        let line = |x, y| Segment::Line(Point::new(x, y));
        let segments = vec![line(110.0, 100.0), line(110.0, 104.5), line(1.0, 2.0), line(100.0, 100.0)];
        let outline = Outline { contours: vec![Contour { start: Point::new(100.0, 100.0), segments, closed: true }] };
        assert_eq!(path_data(&outline, 1), "M100 100h10v4.5L1 2z");
    }
}
