//! Areas laid over one another: what two shapes share, or what one has alone.
//!
//! Curves are cut into short straight steps on a fine grid; every step is split where another crosses it, and kept where
//! the answer changes from one of its sides to the other. Steps remember the curve they came from, so that the result has
//! curves again.

use super::outline::{Contour, Outline, Point, Segment};

/// Which points belong to a shape, by the number of times its contours wind around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    NonZero,
    EvenOdd,
}

impl Rule {
    fn holds(self, winding: i32) -> bool {
        match self {
            Self::NonZero => winding != 0,
            Self::EvenOdd => winding % 2 != 0,
        }
    }
}

/// A shape to fill.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area<'a> {
    pub(super) outline: &'a Outline,
    pub(super) rule: Rule,
}

/// What is wanted of two areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// What lies in both.
    Both,
    /// What lies in the first alone.
    FirstAlone,
    /// What lies in either.
    Either,
}

/// What became of the first area.
#[derive(Debug, PartialEq)]
pub(super) enum Overlaid {
    /// It is wanted as it is.
    Whole,
    /// Nothing of it is wanted.
    Nothing,
    /// What is wanted, to be filled by either rule.
    Part(Outline),
}

/// Steps that are laid over one another at most: each is compared with those beside it.
const MAX_STEPS: usize = 20_000;

/// How often steps are split at most: rounding to the grid may make new crossings, ever fewer.
const MAX_ROUNDS: usize = 4;

/// The grid has this many lines across the canvas.
const GRID: f64 = 262_144.0;

/// How far a straight step may leave its curve, as a share of the canvas: a twentieth of a pixel at 96.
const TOLERANCE: f64 = 0.0005;

/// Coordinates beyond this are cut off: nothing there is seen, and products stay exact in 64 bits.
const FAR: f64 = 8.0 * GRID;

/// A crossing of the grid.
type Cross = (i64, i64);

/// Where a step came from: a curve and the two parameters.
#[derive(Clone, Copy, Debug)]
struct Origin {
    curve: usize,
    from: f64,
    to: f64,
}

/// A straight step from one crossing of the grid to another.
#[derive(Clone, Copy, Debug)]
struct Step {
    from: Cross,
    to: Cross,
    second: bool,
    origin: Origin,
}

/// Lays two areas over one another on a canvas of side `side`; nothing where there are too many steps to compare.
pub(super) fn overlay(first: Area<'_>, second: Area<'_>, wanted: Wanted, side: f64) -> Option<Overlaid> {
    let (one, other) = (first.outline.bounds(), second.outline.bounds());
    if !one.meets(&other) && wanted != Wanted::Either {
        return Some(if wanted == Wanted::Both { Overlaid::Nothing } else { Overlaid::Whole });
    }
    if wanted == Wanted::Both && is_rectangle(second.outline) && other.holds(&one) {
        return Some(Overlaid::Whole);
    }
    let mut work = Work { scale: GRID / side, curves: Vec::new(), steps: Vec::new() };
    work.add(first.outline, false, side)?;
    work.add(second.outline, true, side)?;
    let crossed = work.split()?;
    let edges = work.edges();
    let sides = Sides::of(&edges);
    if !crossed
        && wanted != Wanted::Either
        && let Some(answer) = untouched(&edges, &sides, (first.rule, second.rule), wanted)
    {
        return Some(answer);
    }
    let holds = |winding: [i32; 2]| {
        let (one, other) = (first.rule.holds(winding[0]), second.rule.holds(winding[1]));
        match wanted {
            Wanted::Both => one && other,
            Wanted::FirstAlone => one && !other,
            Wanted::Either => one || other,
        }
    };
    let mut kept = Vec::new();
    for edge in &edges {
        let [left, right] = sides.windings(edge).map(holds);
        if left != right {
            let Edge { from, to, origin, .. } = *edge;
            let back = Origin { from: origin.to, to: origin.from, ..origin };
            kept.push(if left { (from, to, origin) } else { (to, from, back) });
        }
    }
    if kept.is_empty() {
        return Some(Overlaid::Nothing);
    }
    Some(Overlaid::Part(work.chained(kept)))
}

/// Whether an outline is one rectangle with its sides along the axes.
fn is_rectangle(outline: &Outline) -> bool {
    let [contour] = outline.contours.as_slice() else { return false };
    let bounds = outline.bounds();
    let corner = |point: Point| {
        let near = |one: f64, other: f64| (one - other).abs() < 1e-6 * (1.0 + one.abs());
        (near(point.x, bounds.left) || near(point.x, bounds.right))
            && (near(point.y, bounds.top) || near(point.y, bounds.bottom))
    };
    let lines = contour.segments.iter().all(|segment| matches!(segment, Segment::Line(end) if corner(*end)));
    lines && corner(contour.start) && matches!(contour.segments.len(), 3 | 4)
}

/// The answer where no contour of one crosses one of the other, if it is all or nothing of the first.
fn untouched(edges: &[Edge], sides: &Sides, rules: (Rule, Rule), wanted: Wanted) -> Option<Overlaid> {
    let mut inside = 0_usize;
    let mut outside = 0_usize;
    for edge in edges {
        let [left, right] = sides.windings(edge);
        if edge.winding[0] != 0 {
            if rules.1.holds(left[1]) { inside += 1 } else { outside += 1 }
        }
        // A contour of the second inside of the first cuts a hole, or is all that is left.
        if edge.winding[1] != 0 && rules.0.holds(left[0]) && rules.0.holds(right[0]) {
            return None;
        }
    }
    match (inside, outside, wanted) {
        (_, 0, Wanted::Both) | (0, _, Wanted::FirstAlone) => Some(Overlaid::Whole),
        (0, _, Wanted::Both) | (_, 0, Wanted::FirstAlone) => Some(Overlaid::Nothing),
        _ => None,
    }
}

/// The steps, and the curves they came from.
struct Work {
    scale: f64,
    curves: Vec<(Point, Segment)>,
    steps: Vec<Step>,
}

impl Work {
    fn grid(&self, point: Point) -> Cross {
        // Within ±`FAR`, so that the float fits; NaN becomes 0.
        let place = |value: f64| (value * self.scale).clamp(-FAR, FAR).round() as i64;
        (place(point.x), place(point.y))
    }

    fn add(&mut self, outline: &Outline, second: bool, side: f64) -> Option<()> {
        for contour in &outline.contours {
            let mut from = contour.start;
            let closing = Segment::Line(contour.start);
            for segment in contour.segments.iter().chain([&closing]) {
                let curve = self.curves.len();
                self.curves.push((from, *segment));
                let steps = segment.steps(from, side * TOLERANCE);
                let mut last = (self.grid(from), 0.0);
                for step in 1..=steps {
                    let t = step as f64 / steps as f64;
                    let next = self.grid(segment.at(from, t));
                    if next != last.0 {
                        let origin = Origin { curve, from: last.1, to: t };
                        self.steps.push(Step { from: last.0, to: next, second, origin });
                        last = (next, t);
                    }
                }
                from = segment.end();
            }
            if self.steps.len() > MAX_STEPS {
                return None;
            }
        }
        Some(())
    }

    /// Splits steps until none crosses another inside; tells whether one of the first crossed one of the second.
    fn split(&mut self) -> Option<bool> {
        let mut crossed = false;
        for _ in 0..MAX_ROUNDS {
            let cuts = cuts(&self.steps, &mut crossed);
            if cuts.iter().all(Vec::is_empty) {
                break;
            }
            let mut split = Vec::with_capacity(self.steps.len() * 2);
            for (step, places) in self.steps.iter().zip(&cuts) {
                if places.is_empty() { split.push(*step) } else { cut(step, places, &mut split) }
            }
            self.steps = split;
            if self.steps.len() > MAX_STEPS * 2 {
                return None;
            }
        }
        Some(crossed)
    }

    /// Steps between the same two crossings become one edge with the sum of their windings.
    fn edges(&self) -> Vec<Edge> {
        let ends = |step: &Step| if step.from < step.to { (step.from, step.to) } else { (step.to, step.from) };
        let key = |(from, to): (Cross, Cross)| [from.0, from.1, to.0, to.1];
        let mut edges: Vec<Edge> = Vec::new();
        for at in ordered(self.steps.iter().map(|step| key(ends(step)))) {
            let Some(step) = self.steps.get(at) else { continue };
            let (from, to) = ends(step);
            let forward = step.from == from;
            let origin = step.origin;
            let origin = if forward { origin } else { Origin { from: origin.to, to: origin.from, ..origin } };
            let one = if forward { 1 } else { -1 };
            let winding = if step.second { [0, one] } else { [one, 0] };
            match edges.last_mut() {
                Some(last) if (last.from, last.to) == (from, to) => {
                    last.winding = [last.winding[0] + winding[0], last.winding[1] + winding[1]];
                }
                _ => edges.push(Edge { from, to, winding, origin }),
            }
        }
        edges.retain(|edge| edge.winding != [0, 0]);
        edges
    }

    /// Chains directed edges into closed contours, and steps of one curve into that curve.
    fn chained(&self, kept: Vec<(Cross, Cross, Origin)>) -> Outline {
        let order = ordered(kept.iter().map(|((x, y), ..)| [*x, *y, 0, 0]));
        let start = |at: &usize| kept.get(*at).map_or((0, 0), |edge| edge.0);
        let mut used = vec![false; kept.len()];
        let mut contours = Vec::new();
        for first in 0..kept.len() {
            let mut chain: Vec<&(Cross, Cross, Origin)> = Vec::new();
            let mut next = Some(first);
            // Each edge is used once, so this ends.
            while let Some(at) = next {
                let (Some(mark), Some(edge)) = (used.get_mut(at), kept.get(at)) else { break };
                if std::mem::replace(mark, true) {
                    break;
                }
                chain.push(edge);
                // Where several go on, the one that stays on its curve.
                let first = order.partition_point(|at| start(at) < edge.1);
                let goes = order.iter().skip(first).take_while(|at| start(at) == edge.1);
                let mut choices = goes.filter(|at| used.get(**at) == Some(&false)).copied();
                let follows = |at: &usize| kept.get(*at).is_some_and(|next| goes_on(&edge.2, &next.2));
                next = choices.clone().find(follows).or_else(|| choices.next());
            }
            contours.extend(self.contour(&chain));
        }
        Outline { contours }
    }

    /// One chain as a contour.
    fn contour(&self, chain: &[&(Cross, Cross, Origin)]) -> Option<Contour> {
        if chain.len() < 2 {
            return None;
        }
        // Begin where a curve begins, so that the first is not cut in two.
        let turn = (0..chain.len()).find(|at| {
            let before = chain.get(at.checked_sub(1).unwrap_or(chain.len() - 1));
            before.zip(chain.get(*at)).is_some_and(|(before, here)| !goes_on(&before.2, &here.2))
        });
        let (tail, head) = chain.split_at(turn.unwrap_or(0));
        let mut runs: Vec<(Cross, Cross, Origin)> = Vec::new();
        for (from, to, origin) in head.iter().chain(tail).map(|edge| **edge) {
            match runs.last_mut() {
                Some((_, end, run)) if goes_on(run, &origin) => {
                    *end = to;
                    run.to = origin.to;
                }
                _ => runs.push((from, to, origin)),
            }
        }
        let start = self.point(runs.first()?.0);
        let mut segments: Vec<Segment> = Vec::new();
        for (_, to, origin) in runs {
            let end = self.point(to);
            let (curve_start, curve) = self.curves.get(origin.curve)?;
            segments.push(match curve.part(*curve_start, origin.from, origin.to).1 {
                Segment::Line(_) => Segment::Line(end),
                Segment::Quad(one, _) => Segment::Quad(one, end),
                Segment::Cubic(one, two, _) => Segment::Cubic(one, two, end),
            });
        }
        Some(Contour { start, segments, closed: true })
    }

    fn point(&self, (x, y): Cross) -> Point {
        Point::new(x as f64 / self.scale, y as f64 / self.scale)
    }
}

/// Whether one part of a curve goes on where another ended, in the same direction.
fn goes_on(one: &Origin, next: &Origin) -> bool {
    one.curve == next.curve && (one.to - next.from).abs() < 1e-9 && (one.from < one.to) == (next.from < next.to)
}

/// The places of some keys, in the order of the keys. One sort for all that is sorted here: each kind of its own would
/// add to what the page loads.
fn ordered(keys: impl Iterator<Item = [i64; 4]>) -> Vec<usize> {
    let mut order: Vec<([i64; 4], usize)> = keys.enumerate().map(|(at, key)| (key, at)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, at)| at).collect()
}

/// Where each step is to be split.
fn cuts(steps: &[Step], crossed: &mut bool) -> Vec<Vec<Cross>> {
    let order = ordered(steps.iter().map(|step| [step.from.0.min(step.to.0), 0, 0, 0]));
    let mut cuts: Vec<Vec<Cross>> = vec![Vec::new(); steps.len()];
    let mut note = |at: usize, point| {
        if let Some(list) = cuts.get_mut(at) {
            list.push(point);
        }
    };
    for (place, at) in order.iter().enumerate() {
        let Some(one) = steps.get(*at) else { continue };
        let right = one.from.0.max(one.to.0);
        for other_at in order.iter().skip(place + 1) {
            let Some(other) = steps.get(*other_at) else { continue };
            if other.from.0.min(other.to.0) > right {
                break;
            }
            for (point, on_one, on_other) in meetings(one, other) {
                if on_one {
                    note(*at, point);
                }
                if on_other {
                    note(*other_at, point);
                }
                *crossed |= one.second != other.second;
            }
        }
    }
    cuts
}

/// Twice the area of a triangle, with its sign: on which side of a line a point lies.
fn turn(a: Cross, b: Cross, c: Cross) -> i64 {
    (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
}

/// Whether a point lies on a step, but not at its ends.
fn within(step: &Step, point: Cross) -> bool {
    let (x0, x1) = (step.from.0.min(step.to.0), step.from.0.max(step.to.0));
    let (y0, y1) = (step.from.1.min(step.to.1), step.from.1.max(step.to.1));
    point != step.from && point != step.to && (x0..=x1).contains(&point.0) && (y0..=y1).contains(&point.1)
}

/// Where two steps meet, and whether that is inside of the one and of the other.
fn meetings(one: &Step, other: &Step) -> Vec<(Cross, bool, bool)> {
    let mut found = Vec::new();
    let (top, bottom) = (one.from.1.min(one.to.1), one.from.1.max(one.to.1));
    if other.from.1.max(other.to.1) < top || other.from.1.min(other.to.1) > bottom {
        return found;
    }
    let sides = [turn(one.from, one.to, other.from), turn(one.from, one.to, other.to)];
    let backs = [turn(other.from, other.to, one.from), turn(other.from, other.to, one.to)];
    for (side, point) in sides.into_iter().zip([other.from, other.to]) {
        if side == 0 && within(one, point) {
            found.push((point, true, false));
        }
    }
    for (side, point) in backs.into_iter().zip([one.from, one.to]) {
        if side == 0 && within(other, point) {
            found.push((point, false, true));
        }
    }
    let apart = |[a, b]: [i64; 2]| (a > 0 && b < 0) || (a < 0 && b > 0);
    if apart(sides) && apart(backs) {
        let t = backs[0] as f64 / (backs[0] - backs[1]) as f64;
        let along = |from: i64, to: i64| from + ((to - from) as f64 * t).round() as i64;
        let point = (along(one.from.0, one.to.0), along(one.from.1, one.to.1));
        let ends = |step: &Step| point != step.from && point != step.to;
        found.push((point, ends(one), ends(other)));
    }
    found
}

/// Splits one step at places on it.
fn cut(step: &Step, places: &[Cross], into: &mut Vec<Step>) {
    let (dx, dy) = (step.to.0 - step.from.0, step.to.1 - step.from.1);
    let along = |point: &Cross| (point.0 - step.from.0) * dx + (point.1 - step.from.1) * dy;
    let order = ordered(places.iter().map(|place| [along(place), place.0, place.1, 0]));
    let whole = (dx * dx + dy * dy).max(1) as f64;
    let mut last = (step.from, step.origin.from);
    for place in order.iter().filter_map(|at| places.get(*at)).chain([&step.to]) {
        if *place == last.0 {
            continue;
        }
        let t = if *place == step.to {
            step.origin.to
        } else {
            step.origin.from + (step.origin.to - step.origin.from) * (along(place) as f64 / whole)
        };
        let origin = Origin { curve: step.origin.curve, from: last.1, to: t };
        into.push(Step { from: last.0, to: *place, second: step.second, origin });
        last = (*place, t);
    }
}

/// An edge of the plane, from the smaller to the larger crossing, with what winding it adds for either area.
#[derive(Clone, Copy, Debug)]
struct Edge {
    from: Cross,
    to: Cross,
    winding: [i32; 2],
    origin: Origin,
}

/// Rows and columns in which edges are looked up.
const BANDS: i64 = 512;

/// Edges by the bands they reach through.
struct Sides<'a> {
    low: Cross,
    band: Cross,
    rows: Vec<Vec<&'a Edge>>,
    columns: Vec<Vec<&'a Edge>>,
}

impl<'a> Sides<'a> {
    fn of(edges: &'a [Edge]) -> Self {
        let all = || edges.iter().flat_map(|edge| [edge.from, edge.to]);
        let low = (all().map(|p| p.0).min().unwrap_or(0), all().map(|p| p.1).min().unwrap_or(0));
        let high = (all().map(|p| p.0).max().unwrap_or(0), all().map(|p| p.1).max().unwrap_or(0));
        let band = ((high.0 - low.0) / BANDS + 1, (high.1 - low.1) / BANDS + 1);
        let empty = || vec![Vec::new(); BANDS as usize];
        let mut sides = Self { low, band, rows: empty(), columns: empty() };
        for edge in edges {
            let rows = (edge.from.1.min(edge.to.1) - low.1) / band.1..=(edge.from.1.max(edge.to.1) - low.1) / band.1;
            let columns = (edge.from.0 - low.0) / band.0..=(edge.to.0 - low.0) / band.0;
            rows.filter_map(|row| usize::try_from(row).ok()).for_each(|row| {
                if let Some(list) = sides.rows.get_mut(row) {
                    list.push(edge);
                }
            });
            columns.filter_map(|column| usize::try_from(column).ok()).for_each(|column| {
                if let Some(list) = sides.columns.get_mut(column) {
                    list.push(edge);
                }
            });
        }
        sides
    }

    /// The windings of both areas to the left and to the right of an edge's course.
    fn windings(&self, edge: &Edge) -> [[i32; 2]; 2] {
        // Twice the middle, so that it is whole; the other edges are doubled to compare.
        let middle = (edge.from.0 + edge.to.0, edge.from.1 + edge.to.1);
        let flat = edge.from.1 == edge.to.1;
        let swap = |point: Cross| if flat { (point.1, point.0) } else { point };
        let (row, column) = (middle.1.div_euclid(2) - self.low.1, middle.0.div_euclid(2) - self.low.0);
        let band = if flat { column / self.band.0 } else { row / self.band.1 };
        let lists = if flat { &self.columns } else { &self.rows };
        let near = usize::try_from(band).ok().and_then(|band| lists.get(band));
        let spot = swap(middle);
        let mut before = [0, 0];
        for other in near.into_iter().flatten() {
            if (other.from, other.to) == (edge.from, edge.to) {
                continue;
            }
            let double = |point: Cross| swap((point.0 * 2, point.1 * 2));
            let (from, to) = (double(other.from), double(other.to));
            if (from.1 <= spot.1) == (to.1 <= spot.1) {
                continue;
            }
            let side = turn(from, to, spot);
            // Ahead of the spot on its line: not crossed by a ray from there toward smaller numbers.
            let upward = to.1 > from.1;
            if (side > 0) == upward {
                continue;
            }
            let sign = if upward { 1 } else { -1 };
            before[0] += sign * other.winding[0];
            before[1] += sign * other.winding[1];
        }
        // Toward larger x (or y, of a flat edge) the edge adds its own winding; which side is left depends on its course.
        let up = edge.to.1 > edge.from.1;
        let sign = if flat || up { 1 } else { -1 };
        let after = [before[0] + sign * edge.winding[0], before[1] + sign * edge.winding[1]];
        if up { [before, after] } else { [after, before] }
    }
}

#[cfg(test)]
mod tests {
    use super::super::outline::Bounds;
    use super::*;

    fn square(left: f64, top: f64, side: f64) -> Outline {
        Outline::rectangle(&Bounds { left, top, right: left + side, bottom: top + side })
    }

    fn area(outline: &Outline) -> Area<'_> {
        Area { outline, rule: Rule::NonZero }
    }

    /// The area of what a result fills, by its contours' signed areas: none of them overlap.
    fn size(overlaid: Option<Overlaid>) -> f64 {
        let Some(Overlaid::Part(outline)) = overlaid else { return f64::NAN };
        let one = |contour: &Contour| {
            let mut from = contour.start;
            let mut sum = 0.0;
            for segment in &contour.segments {
                for step in 1..=64 {
                    let to = segment.at(from_of(contour, segment), f64::from(step) / 64.0);
                    sum += from.x * to.y - from.y * to.x;
                    from = to;
                }
            }
            sum / 2.0
        };
        outline.contours.iter().map(one).sum::<f64>().abs()
    }

    fn from_of(contour: &Contour, wanted: &Segment) -> Point {
        let mut from = contour.start;
        for segment in &contour.segments {
            if std::ptr::eq(segment, wanted) {
                break;
            }
            from = segment.end();
        }
        from
    }

    /// A circle of four cubic curves.
    fn circle(x: f64, y: f64, radius: f64) -> Outline {
        let k = radius * 0.552_284_75;
        let point = |dx: f64, dy: f64| Point::new(x + dx, y + dy);
        let segments = vec![
            Segment::Cubic(point(radius, k), point(k, radius), point(0.0, radius)),
            Segment::Cubic(point(-k, radius), point(-radius, k), point(-radius, 0.0)),
            Segment::Cubic(point(-radius, -k), point(-k, -radius), point(0.0, -radius)),
            Segment::Cubic(point(k, -radius), point(radius, -k), point(radius, 0.0)),
        ];
        Outline { contours: vec![Contour { start: point(radius, 0.0), segments, closed: true }] }
    }

    #[test]
    fn squares_share_their_corner() {
        let (one, other) = (square(0.0, 0.0, 60.0), square(40.0, 40.0, 60.0));
        let sizes = [Wanted::Both, Wanted::FirstAlone, Wanted::Either]
            .map(|wanted| size(overlay(area(&one), area(&other), wanted, 100.0)));
        for (got, wanted) in sizes.into_iter().zip([400.0, 3200.0, 6800.0]) {
            assert!((got - wanted).abs() < 0.1, "{got} instead of {wanted}");
        }
    }

    #[test]
    fn curves_stay_curves() {
        let (disc, half) = (circle(50.0, 50.0, 40.0), square(-50.0, 0.0, 100.0));
        let overlaid = overlay(area(&disc), area(&half), Wanted::Both, 100.0);
        let Some(Overlaid::Part(outline)) = &overlaid else { panic!("a half disc: {overlaid:?}") };
        assert_eq!(outline.contours.len(), 1);
        assert!(outline.segments() <= 6, "{outline:?}");
        let wanted = std::f64::consts::PI * 800.0;
        assert!((size(overlaid) - wanted).abs() < 2.0);
    }

    #[test]
    fn what_does_not_cross_is_whole_or_nothing() {
        let (small, large, far) = (circle(50.0, 50.0, 10.0), circle(50.0, 50.0, 40.0), square(200.0, 0.0, 10.0));
        assert_eq!(overlay(area(&small), area(&large), Wanted::Both, 100.0), Some(Overlaid::Whole));
        assert_eq!(overlay(area(&small), area(&large), Wanted::FirstAlone, 100.0), Some(Overlaid::Nothing));
        assert_eq!(overlay(area(&small), area(&far), Wanted::Both, 100.0), Some(Overlaid::Nothing));
        let ring = size(overlay(area(&large), area(&small), Wanted::FirstAlone, 100.0));
        assert!((ring - std::f64::consts::PI * 1500.0).abs() < 5.0, "a ring, its hole wound the other way: {ring}");
    }

    #[test]
    fn both_rules_are_kept() {
        // A square wound twice: nothing by the even-odd rule, everything by the other.
        let mut twice = square(10.0, 10.0, 50.0);
        twice.contours.extend(square(10.0, 10.0, 50.0).contours);
        let half = square(-65.0, 0.0, 100.0);
        let both = |rule| overlay(Area { outline: &twice, rule }, area(&half), Wanted::Both, 100.0);
        assert!((size(both(Rule::NonZero)) - 1250.0).abs() < 0.1);
        assert_eq!(both(Rule::EvenOdd), Some(Overlaid::Nothing));
    }

    #[test]
    fn odd_numbers_end_quietly() {
        let odd = Outline {
            contours: vec![Contour {
                start: Point::new(f64::NAN, f64::INFINITY),
                segments: vec![Segment::Cubic(Point::new(1e300, 0.0), Point::new(0.0, -1e300), Point::new(5.0, 5.0))],
                closed: false,
            }],
        };
        for wanted in [Wanted::Both, Wanted::FirstAlone, Wanted::Either] {
            let _ = overlay(area(&odd), area(&square(0.0, 0.0, 10.0)), wanted, 100.0);
        }
    }
}
