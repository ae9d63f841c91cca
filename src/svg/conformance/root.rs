//! The root's own attributes: version, profile, drawing area and size.

use std::ops::Range;

use usvg::roxmltree::{Attribute, Node};

use super::Faults;
use super::walk::cut;
use crate::svg::rules;

/// Least width and height in pixels (Gmail, 2026).
const MIN_PIXELS: f64 = 96.0;

/// Judges what only the root has; what is told of its other attributes is told where all attributes are walked.
pub fn judge(root: Node<'_, '_>, tag: Range<usize>, faults: &mut Faults) -> Option<[f64; 4]> {
    let (mut view_box, mut width, mut height) = (None, None, None);
    let (mut has_version, mut has_profile) = (false, false);
    for attribute in root.attributes().filter(|attribute| attribute.namespace().is_none()) {
        match attribute.name() {
            "version" => has_version = true,
            "baseProfile" => has_profile = true,
            "viewBox" => view_box = Some(attribute),
            "width" => width = size(attribute, faults),
            "height" => height = size(attribute, faults),
            _ => {}
        }
    }
    if !has_version {
        faults.add(&rules::VERSION, tag.clone(), || ("`svg` has no `version`".into(), None));
    }
    if !has_profile {
        faults.add(&rules::BASE_PROFILE, tag.clone(), || ("`svg` has no `baseProfile`".into(), None));
    }
    let Some(attribute) = view_box else {
        faults.add(&rules::VIEW_BOX_MISSING, tag, || {
            let fix = width
                .zip(height)
                .map(|(width, height)| tr!("Write `viewBox=\"0 0 {width} {height}\"` on `svg`.", width, height));
            ("`svg` has no `viewBox`".into(), fix)
        });
        return None;
    };
    match numbers(attribute.value()) {
        Some(area @ [_, _, width, height]) if width > 0.0 && height > 0.0 => {
            // Editors write 23.999999: what differs by less than a thousandth is square.
            if (width - height).abs() > width.max(height) / 1000.0 {
                faults.add(&rules::NOT_SQUARE, attribute.range(), || {
                    (tr!("`viewBox` is {width} wide and {height} high, not square", width, height), Some(square(area)))
                });
            }
            Some(area)
        }
        _ => {
            faults.add(&rules::VIEW_BOX_SYNTAX, attribute.range(), || {
                let value = cut(attribute.value());
                (tr!("`viewBox` is “{value}”, not four numbers with a width and height above zero", value), None)
            });
            None
        }
    }
}

/// The square around a drawing area, with the drawing in its middle.
fn square([x, y, width, height]: [f64; 4]) -> String {
    let side = width.max(height);
    let (left, top) = (x - (side - width) / 2.0, y - (side - height) / 2.0);
    tr!(
        "Write `viewBox=\"{left} {top} {side} {side}\"` and fill the new space with the background; or move the drawing.",
        left,
        top,
        side
    )
}

/// Four numbers with space or commas between (SVG Tiny 1.2 §7.7).
fn numbers(value: &str) -> Option<[f64; 4]> {
    let mut numbers = [0.0; 4];
    let mut parts = value.split([' ', '\t', '\n', '\r', ',']).filter(|part| !part.is_empty());
    for number in &mut numbers {
        *number = number_of(parts.next()?)?;
    }
    // Two commas together, or one at either end, are an error.
    let odd = value.split(',').any(|part| part.trim().is_empty());
    (parts.next().is_none() && !odd).then_some(numbers)
}

/// A finite number, without `inf` and `nan`.
fn number_of(text: &str) -> Option<f64> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    text.parse().ok().filter(|number: &f64| is_number && number.is_finite())
}

/// A width or height in pixels, where it is one.
fn size(attribute: Attribute<'_, '_>, faults: &mut Faults) -> Option<f64> {
    let (name, value) = (attribute.name(), attribute.value().trim());
    if value.ends_with('%') {
        faults.add(&rules::SIZE_PERCENT, attribute.range(), || {
            (tr!("`{name}` of `svg` is “{}”; Gmail and Apple refuse percentages", cut(value), name), None)
        });
        return None;
    }
    let Some(pixels) = number_of(value.strip_suffix("px").unwrap_or(value)) else {
        faults.add(&rules::SIZE_UNIT, attribute.range(), || {
            (tr!("`{name}` of `svg` is “{}”, not a number of pixels", cut(value), name), None)
        });
        return None;
    };
    if pixels < MIN_PIXELS {
        faults.add(&rules::SIZE_SMALL, attribute.range(), || {
            (
                tr!("`{name}` of `svg` is {pixels}; Gmail wants {MIN_PIXELS} pixels or more", name, pixels, MIN_PIXELS),
                None,
            )
        });
    }
    (pixels > 0.0).then_some(pixels)
}
