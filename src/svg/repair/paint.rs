//! Gradients as SVG Tiny PS can say them: no transform, no spread method, no focal point.

use usvg::{BaseGradient, LinearGradient, RadialGradient, SpreadMethod};

use super::notes::{Kind, Notes};
use super::outline::{Bounds, Matrix, Point};

/// Stops that one gradient is written with at most: repeating ones are written out.
const MAX_STOPS: usize = 200;

/// A colour along a gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stop {
    pub(super) offset: f64,
    pub(super) colour: [u8; 3],
    pub(super) opacity: f64,
}

/// The course of a gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Course {
    /// From one point of the canvas to another.
    Linear(Point, Point),
    /// Around a centre out to a radius, in the space that the matrix maps to the canvas.
    Radial(Point, f64, Matrix),
}

/// What a shape is painted with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ink {
    Colour([u8; 3]),
    Gradient(Course, Vec<Stop>),
}

impl Ink {
    /// Whether nothing shows through.
    pub(super) fn is_opaque(&self) -> bool {
        match self {
            Self::Colour(_) => true,
            Self::Gradient(_, stops) => stops.iter().all(|stop| stop.opacity >= 1.0),
        }
    }

    /// The same on a canvas of another scale.
    pub(super) fn scaled(&self, scale: f64) -> Self {
        let larger = |point: Point| Point::new(point.x * scale, point.y * scale);
        match self {
            Self::Colour(colour) => Self::Colour(*colour),
            Self::Gradient(Course::Linear(start, end), stops) => {
                Self::Gradient(Course::Linear(larger(*start), larger(*end)), stops.clone())
            }
            Self::Gradient(Course::Radial(centre, radius, space), stops) => {
                let space = Matrix { e: space.e * scale, f: space.f * scale, ..*space };
                Self::Gradient(Course::Radial(larger(*centre), radius * scale, space), stops.clone())
            }
        }
    }

    /// A linear gradient for a shape within `bounds`; `matrix` maps the shape's space to the canvas.
    pub(super) fn linear(gradient: &LinearGradient, matrix: &Matrix, bounds: &Bounds, notes: &mut Notes) -> Self {
        let map = matrix.after(&gradient.transform().into());
        let start = Point::new(gradient.x1().into(), gradient.y1().into());
        let end = Point::new(gradient.x2().into(), gradient.y2().into());
        if map.transformed() {
            notes.change(Kind::GradientTransform);
        }
        let (start, end) = baked(&map, start, end);
        let stops = stops_of(gradient);
        let length = start.distance(end);
        if gradient.spread_method() == SpreadMethod::Pad || length < 1e-9 {
            return Self::Gradient(Course::Linear(start, end), stops);
        }
        notes.change(Kind::Spread);
        let along = |point: Point| {
            ((point.x - start.x) * (end.x - start.x) + (point.y - start.y) * (end.y - start.y)) / (length * length)
        };
        let reach = bounds.corners().map(along);
        let first = reach.into_iter().fold(0.0, f64::min).floor();
        let last = reach.into_iter().fold(1.0, f64::max).ceil();
        let stops = repeated(&stops, first, last, gradient.spread_method());
        Self::Gradient(Course::Linear(start.toward(end, first), start.toward(end, last)), stops)
    }

    /// A radial gradient, as [`Ink::linear`].
    pub(super) fn radial(gradient: &RadialGradient, matrix: &Matrix, bounds: &Bounds, notes: &mut Notes) -> Self {
        let map = matrix.after(&gradient.transform().into());
        let [cx, cy, fx, fy] = [gradient.cx(), gradient.cy(), gradient.fx(), gradient.fy()].map(f64::from);
        let (radius, inner) = (f64::from(gradient.r().get()), f64::from(gradient.fr().get()));
        if map.transformed() {
            notes.change(Kind::GradientTransform);
        }
        if (cx - fx).hypot(cy - fy) > radius * 0.005 {
            notes.lose(Kind::FocalPoint);
        }
        let mut stops = stops_of(gradient);
        if inner > 0.0 && inner < radius {
            // Colours begin at the inner radius: the same circles, counted from the centre.
            for stop in &mut stops {
                stop.offset = (inner + stop.offset * (radius - inner)) / radius;
            }
            notes.change(Kind::FocalRadius);
        }
        let mut outer = radius;
        if gradient.spread_method() != SpreadMethod::Pad {
            notes.change(Kind::Spread);
            let back = map.inverted();
            let reach = |corner| back.map_or(0.0, |back| back.map(corner).distance(Point::new(cx, cy)) / radius);
            let last = bounds.corners().map(reach).into_iter().fold(1.0, f64::max).ceil();
            stops = repeated(&stops, 0.0, last, gradient.spread_method());
            outer = radius * last;
        }
        let centre = Point::new(cx, cy);
        if map.is_similarity() {
            return Self::Gradient(Course::Radial(map.map(centre), outer * map.scale(), Matrix::IDENTITY), stops);
        }
        // Circles become ellipses: keep the gradient round in a space of its own, of about the canvas's scale.
        let scale = map.scale().max(1e-9);
        let space = map.after(&Matrix::scaled(1.0 / scale, 0.0, 0.0));
        let centre = Point::new(centre.x * scale, centre.y * scale);
        Self::Gradient(Course::Radial(centre, outer * scale, space), stops)
    }
}

impl Matrix {
    /// Whether it does more than to move or scale: what gradients otherwise need a transform for.
    fn transformed(&self) -> bool {
        self.b.abs() + self.c.abs() > 1e-9 || (self.a - self.d).abs() > 1e-9
    }
}

/// Where a linear gradient runs once mapped. Its lines of one colour are mapped with the plane, and need no longer be
/// upright on its course: the new course is upright on them.
fn baked(map: &Matrix, start: Point, end: Point) -> (Point, Point) {
    let (dx, dy) = (end.x - start.x, end.y - start.y);
    let (from, to) = (map.map(start), map.map(end));
    // The mapped direction of a line of one colour.
    let (lx, ly) = (map.a * -dy + map.c * dx, map.b * -dy + map.d * dx);
    let length = lx * lx + ly * ly;
    if length < 1e-18 {
        return (from, to);
    }
    let (vx, vy) = (to.x - from.x, to.y - from.y);
    let along = (vx * lx + vy * ly) / length;
    (from, Point::new(to.x - along * lx, to.y - along * ly))
}

fn stops_of(gradient: &BaseGradient) -> Vec<Stop> {
    let stop = |stop: &usvg::Stop| {
        let colour = stop.color();
        let colour = [colour.red, colour.green, colour.blue];
        Stop { offset: stop.offset().get().into(), colour, opacity: stop.opacity().get().into() }
    };
    gradient.stops().iter().map(stop).collect()
}

/// The stops of a gradient that repeats (or runs to and fro) from `first` to `last` of its lengths.
fn repeated(stops: &[Stop], first: f64, last: f64, spread: SpreadMethod) -> Vec<Stop> {
    let span = (last - first).max(1.0);
    let mut all = Vec::new();
    let mut turn = first;
    while turn < last && all.len() + stops.len() <= MAX_STOPS {
        let back = spread == SpreadMethod::Reflect && turn.rem_euclid(2.0) >= 1.0;
        let place = |stop: &Stop| {
            let offset = if back { 1.0 - stop.offset } else { stop.offset };
            Stop { offset: (turn + offset - first) / span, ..*stop }
        };
        if back {
            all.extend(stops.iter().rev().map(place));
        } else {
            all.extend(stops.iter().map(place));
        }
        turn += 1.0;
    }
    all
}
