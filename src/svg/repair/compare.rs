//! How far two pictures are apart.

use resvg::tiny_skia::Pixmap;

/// Pixels of one side of the pictures that are compared.
pub(super) const SIDE: u32 = 128;

/// The mean absolute difference over red, green, blue and opacity of every pixel, colours multiplied by opacity: 0 for
/// the same picture, 1 for black on nothing … white on all of it. Pictures of two sizes are as far apart as can be.
pub(super) fn difference(one: &Pixmap, other: &Pixmap) -> f64 {
    let (one, other) = (one.data(), other.data());
    if one.len() != other.len() || one.is_empty() {
        return 1.0;
    }
    let sum: u64 = one.iter().zip(other).map(|(one, other)| u64::from(one.abs_diff(*other))).sum();
    sum as f64 / 255.0 / one.len() as f64
}
