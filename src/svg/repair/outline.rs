//! Outlines of shapes: contours of lines and curves in 64 bits, so that baking transforms loses nothing that shows.

use usvg::Transform;
use usvg::tiny_skia_path::{Path, PathBuilder, PathSegment};

/// A point of the canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Point {
    pub(super) fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The point at `t` of the way to another.
    pub(super) fn toward(self, other: Self, t: f64) -> Self {
        Self::new(self.x + (other.x - self.x) * t, self.y + (other.y - self.y) * t)
    }

    pub(super) fn distance(self, other: Self) -> f64 {
        (other.x - self.x).hypot(other.y - self.y)
    }
}

/// An affine map: `x' = a·x + c·y + e`, `y' = b·x + d·y + f`, as in SVG's `matrix(a b c d e f)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix {
    pub(super) a: f64,
    pub(super) b: f64,
    pub(super) c: f64,
    pub(super) d: f64,
    pub(super) e: f64,
    pub(super) f: f64,
}

impl Matrix {
    pub(super) const IDENTITY: Self = Self { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };

    /// A uniform scale, then a shift.
    pub(super) fn scaled(scale: f64, e: f64, f: f64) -> Self {
        Self { a: scale, b: 0.0, c: 0.0, d: scale, e, f }
    }

    /// The map that applies `inner` first, then `self`.
    pub(super) fn after(&self, inner: &Self) -> Self {
        let origin = self.map(Point::new(inner.e, inner.f));
        Self {
            a: self.a * inner.a + self.c * inner.b,
            b: self.b * inner.a + self.d * inner.b,
            c: self.a * inner.c + self.c * inner.d,
            d: self.b * inner.c + self.d * inner.d,
            e: origin.x,
            f: origin.y,
        }
    }

    pub(super) fn map(&self, point: Point) -> Point {
        Point::new(self.a * point.x + self.c * point.y + self.e, self.b * point.x + self.d * point.y + self.f)
    }

    pub(super) fn determinant(&self) -> f64 {
        self.a * self.d - self.b * self.c
    }

    /// The mean scale: what areas grow by, as a length.
    pub(super) fn scale(&self) -> f64 {
        self.determinant().abs().sqrt()
    }

    pub(super) fn inverted(&self) -> Option<Self> {
        let determinant = self.determinant();
        if !determinant.is_finite() || determinant.abs() < 1e-12 {
            return None;
        }
        let (a, b) = (self.d / determinant, -self.b / determinant);
        let (c, d) = (-self.c / determinant, self.a / determinant);
        Some(Self { a, b, c, d, e: -(a * self.e + c * self.f), f: -(b * self.e + d * self.f) })
    }

    /// Whether circles stay circles: rotations, mirrorings and uniform scales.
    pub(super) fn is_similarity(&self) -> bool {
        let size = self.a.hypot(self.b).max(self.c.hypot(self.d)) * 1e-4;
        let turned = (self.a - self.d).abs() <= size && (self.b + self.c).abs() <= size;
        let mirrored = (self.a + self.d).abs() <= size && (self.b - self.c).abs() <= size;
        turned || mirrored
    }
}

impl From<Transform> for Matrix {
    fn from(t: Transform) -> Self {
        let [a, b, c, d, e, f] = [t.sx, t.ky, t.kx, t.sy, t.tx, t.ty].map(f64::from);
        Self { a, b, c, d, e, f }
    }
}

/// A step of a contour, from where the one before ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Segment {
    Line(Point),
    Quad(Point, Point),
    Cubic(Point, Point, Point),
}

impl Segment {
    pub(super) fn end(&self) -> Point {
        match self {
            Self::Line(end) | Self::Quad(_, end) | Self::Cubic(_, _, end) => *end,
        }
    }

    fn mapped(&self, matrix: &Matrix) -> Self {
        match self {
            Self::Line(end) => Self::Line(matrix.map(*end)),
            Self::Quad(one, end) => Self::Quad(matrix.map(*one), matrix.map(*end)),
            Self::Cubic(one, two, end) => Self::Cubic(matrix.map(*one), matrix.map(*two), matrix.map(*end)),
        }
    }

    /// The point at `t` of a segment that starts at `start`.
    pub(super) fn at(&self, start: Point, t: f64) -> Point {
        match self {
            Self::Line(end) => start.toward(*end, t),
            Self::Quad(one, end) => start.toward(*one, t).toward(one.toward(*end, t), t),
            Self::Cubic(one, two, end) => {
                let middle = one.toward(*two, t);
                let first = start.toward(*one, t).toward(middle, t);
                first.toward(middle.toward(two.toward(*end, t), t), t)
            }
        }
    }

    /// The part of a segment up to `t`, and the rest, by de Casteljau.
    fn split(&self, start: Point, t: f64) -> (Self, Self) {
        match self {
            Self::Line(end) => (Self::Line(start.toward(*end, t)), *self),
            Self::Quad(one, end) => {
                let (first, second) = (start.toward(*one, t), one.toward(*end, t));
                (Self::Quad(first, first.toward(second, t)), Self::Quad(second, *end))
            }
            Self::Cubic(one, two, end) => {
                let (first, middle, last) = (start.toward(*one, t), one.toward(*two, t), two.toward(*end, t));
                let (left, right) = (first.toward(middle, t), middle.toward(last, t));
                (Self::Cubic(first, left, left.toward(right, t)), Self::Cubic(right, last, *end))
            }
        }
    }

    /// The part between two parameters; where `from` is the larger one, the part runs backwards.
    pub(super) fn part(&self, start: Point, from: f64, to: f64) -> (Point, Self) {
        if from > to {
            let (first, part) = self.part(start, to, from);
            let back = match part {
                Self::Line(_) => Self::Line(first),
                Self::Quad(one, _) => Self::Quad(one, first),
                Self::Cubic(one, two, _) => Self::Cubic(two, one, first),
            };
            return (part.end(), back);
        }
        let (head, _) = self.split(start, to);
        let origin = self.at(start, from);
        let (_, tail) = head.split(start, if to > 0.0 { from / to } else { 0.0 });
        (origin, tail)
    }

    /// How many straight steps keep a curve within `tolerance` of its course.
    pub(super) fn steps(&self, start: Point, tolerance: f64) -> usize {
        let bend = |a: Point, b: Point, c: Point| (a.x - 2.0 * b.x + c.x).hypot(a.y - 2.0 * b.y + c.y);
        let bend = match self {
            Self::Line(_) => return 1,
            Self::Quad(one, end) => bend(start, *one, *end) / 4.0,
            Self::Cubic(one, two, end) => bend(start, *one, *two).max(bend(*one, *two, *end)) * 0.75,
        };
        // A count of at most `MAX_STEPS`, whatever the numbers are: `max` drops NaN.
        (bend / tolerance).sqrt().ceil().max(1.0).clamp(1.0, MAX_STEPS) as usize
    }
}

/// Straight steps that one curve is cut into at most.
const MAX_STEPS: f64 = 64.0;

/// One contour. For filling each is closed, whether it says so or not.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Contour {
    pub(super) start: Point,
    pub(super) segments: Vec<Segment>,
    pub(super) closed: bool,
}

/// Contours that are filled or stroked together.
#[derive(Clone, Debug, PartialEq, Default)]
pub(super) struct Outline {
    pub(super) contours: Vec<Contour>,
}

/// A rectangle with its sides along the axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Bounds {
    pub(super) const NOTHING: Self =
        Self { left: f64::INFINITY, top: f64::INFINITY, right: f64::NEG_INFINITY, bottom: f64::NEG_INFINITY };

    pub(super) fn include(&mut self, point: Point) {
        self.left = self.left.min(point.x);
        self.right = self.right.max(point.x);
        self.top = self.top.min(point.y);
        self.bottom = self.bottom.max(point.y);
    }

    pub(super) fn grown(&self, by: f64) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    pub(super) fn holds(&self, other: &Self) -> bool {
        self.left <= other.left && other.right <= self.right && self.top <= other.top && other.bottom <= self.bottom
    }

    pub(super) fn corners(&self) -> [Point; 4] {
        [(self.left, self.top), (self.right, self.top), (self.right, self.bottom), (self.left, self.bottom)]
            .map(|(x, y)| Point::new(x, y))
    }
}

impl Outline {
    /// A path of usvg, mapped.
    pub(super) fn of(path: &Path, matrix: &Matrix) -> Self {
        let mut outline = Self::default();
        let place = |point: usvg::tiny_skia_path::Point| matrix.map(Point::new(point.x.into(), point.y.into()));
        for segment in path.segments() {
            if let PathSegment::MoveTo(start) = segment {
                outline.contours.push(Contour { start: place(start), segments: Vec::new(), closed: false });
                continue;
            }
            let Some(contour) = outline.contours.last_mut() else { continue };
            match segment {
                PathSegment::LineTo(end) => contour.segments.push(Segment::Line(place(end))),
                PathSegment::QuadTo(one, end) => contour.segments.push(Segment::Quad(place(one), place(end))),
                PathSegment::CubicTo(one, two, end) => {
                    contour.segments.push(Segment::Cubic(place(one), place(two), place(end)));
                }
                PathSegment::Close | PathSegment::MoveTo(_) => contour.closed = true,
            }
        }
        outline.contours.retain(|contour| contour.closed || !contour.segments.is_empty());
        outline
    }

    /// A rectangle as an outline.
    pub(super) fn rectangle(bounds: &Bounds) -> Self {
        let [start, rest @ ..] = bounds.corners();
        Self { contours: vec![Contour { start, segments: rest.map(Segment::Line).to_vec(), closed: true }] }
    }

    pub(super) fn mapped(&self, matrix: &Matrix) -> Self {
        let contours = self.contours.iter().map(|contour| Contour {
            start: matrix.map(contour.start),
            segments: contour.segments.iter().map(|segment| segment.mapped(matrix)).collect(),
            closed: contour.closed,
        });
        Self { contours: contours.collect() }
    }

    /// The rectangle around all points, also those that only pull at curves.
    pub(super) fn bounds(&self) -> Bounds {
        let mut bounds = Bounds::NOTHING;
        for contour in &self.contours {
            bounds.include(contour.start);
            for segment in &contour.segments {
                match segment {
                    Segment::Line(end) => bounds.include(*end),
                    Segment::Quad(one, end) => [*one, *end].into_iter().for_each(|point| bounds.include(point)),
                    Segment::Cubic(one, two, end) => {
                        [*one, *two, *end].into_iter().for_each(|point| bounds.include(point));
                    }
                }
            }
        }
        bounds
    }

    /// How many segments there are.
    #[cfg(test)]
    pub(super) fn segments(&self) -> usize {
        self.contours.iter().map(|contour| contour.segments.len() + 1).sum()
    }

    /// Back to a path, for what tiny-skia knows to do with paths.
    pub(super) fn to_path(&self) -> Option<Path> {
        let mut builder = PathBuilder::new();
        // Pixels and paths are 32 bits wide; what is lost here is below a millionth of the canvas.
        let narrow = |point: Point| (point.x as f32, point.y as f32);
        for contour in &self.contours {
            let (x, y) = narrow(contour.start);
            builder.move_to(x, y);
            for segment in &contour.segments {
                match segment {
                    Segment::Line(end) => builder.line_to(narrow(*end).0, narrow(*end).1),
                    Segment::Quad(one, end) => {
                        let ((x1, y1), (x, y)) = (narrow(*one), narrow(*end));
                        builder.quad_to(x1, y1, x, y);
                    }
                    Segment::Cubic(one, two, end) => {
                        let ((x1, y1), (x2, y2), (x, y)) = (narrow(*one), narrow(*two), narrow(*end));
                        builder.cubic_to(x1, y1, x2, y2, x, y);
                    }
                }
            }
            if contour.closed {
                builder.close();
            }
        }
        builder.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_curve_lies_on_it_both_ways() {
        let start = Point::new(0.0, 0.0);
        let curve = Segment::Cubic(Point::new(0.0, 10.0), Point::new(10.0, 10.0), Point::new(10.0, 0.0));
        for (from, to) in [(0.2, 0.7), (0.7, 0.2), (0.0, 1.0), (1.0, 0.0)] {
            let (first, part) = curve.part(start, from, to);
            for (point, t) in [(first, from), (part.at(first, 0.5), (from + to) / 2.0), (part.end(), to)] {
                assert!(point.distance(curve.at(start, t)) < 1e-9, "{from}–{to} at {t}: {point:?}");
            }
        }
    }

    #[test]
    fn a_matrix_undoes_its_inverse() {
        let matrix = Matrix { a: 2.0, b: 1.0, c: -0.5, d: 3.0, e: 7.0, f: -4.0 };
        let back = matrix.inverted().expect("it has an inverse").after(&matrix);
        assert!(back.map(Point::new(3.0, 5.0)).distance(Point::new(3.0, 5.0)) < 1e-9);
        assert!(!matrix.is_similarity());
        assert!(Matrix { a: 0.0, b: 2.0, c: 2.0, d: 0.0, e: 1.0, f: 1.0 }.is_similarity(), "mirrored and doubled");
    }
}
