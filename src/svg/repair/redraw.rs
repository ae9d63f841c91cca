//! A drawing drawn anew from usvg's tree: every reference, style and transform is resolved there; what SVG Tiny PS cannot
//! say (clip paths, masks, groups that are see-through) is worked into the shapes themselves.

use usvg::tiny_skia_path::{LineCap, LineJoin, Stroke, StrokeDash};
use usvg::{BlendMode, ClipPath, FillRule, Group, Mask, MaskType, Node, Paint, PaintOrder, Tree};

use super::super::limits::Limit;
use super::notes::{Kind, Notes};
use super::outline::{Bounds, Matrix, Outline};
use super::overlay::{Area, Overlaid, Rule, Wanted, overlay};
use super::paint::{Course, Ink};

/// Segments of all shapes together: a drawing of 32 KB has some 10,000.
const MAX_SEGMENTS: usize = 300_000;

/// Pairs of shapes of one group that are laid over one another at most.
const MAX_PAIRS: usize = 600;

/// Overlays of a whole drawing at most: each takes about a millisecond.
const MAX_OVERLAYS: usize = 1_500;

/// What a stroke is drawn with.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pen {
    pub(super) width: f64,
    pub(super) dashes: Vec<f64>,
    pub(super) dash_offset: f64,
    pub(super) cap: LineCap,
    pub(super) join: LineJoin,
    pub(super) miter_limit: f64,
    /// The space in which the pen is round; the outline's points are in it too.
    pub(super) space: Matrix,
}

/// How an outline is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Manner {
    Fill(Rule),
    Stroke(Pen),
}

/// One thing drawn, on top of all before it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draw {
    pub(super) outline: Outline,
    pub(super) manner: Manner,
    pub(super) ink: Ink,
    pub(super) opacity: f64,
    /// The path it came from: its fill and its stroke are written as one again.
    pub(super) source: usize,
}

/// The square that a drawing is redrawn on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Canvas {
    /// Its side, in the units of the new viewBox.
    pub(super) side: f64,
    /// From the pixels of usvg's tree to the canvas.
    pub(super) map: Matrix,
    /// Where the drawing stands on it.
    pub(super) drawing: Bounds,
}

impl Canvas {
    /// The square around a drawing, in about the units of its own viewBox.
    pub(super) fn of(tree: &Tree, view_box: Option<[f64; 4]>) -> Self {
        let (width, height) = (f64::from(tree.size().width()), f64::from(tree.size().height()));
        let wide = width.max(height);
        let units = view_box.map_or(wide, |[_, _, width, height]| width.max(height));
        let units = if (1.0..=10_000.0).contains(&units) { units } else { 512.0 };
        let scale = units / wide;
        let (left, top) = ((wide - width) / 2.0 * scale, (wide - height) / 2.0 * scale);
        let drawing = Bounds { left, top, right: left + width * scale, bottom: top + height * scale };
        Self { side: units, map: Matrix::scaled(scale, left, top), drawing }
    }

    /// Whether the drawing does not fill the canvas.
    pub(super) fn is_extended(&self) -> bool {
        (self.drawing.left + self.drawing.top) / self.side > 0.0005
    }
}

/// Everything that a tree draws on a canvas, in order.
pub(super) fn redraw(tree: &Tree, canvas: &Canvas, notes: &mut Notes) -> Result<Vec<Draw>, Limit> {
    let mut work = Redraw { side: canvas.side, notes, segments: 0, overlays: 0, sources: 0 };
    let mut draws = work.group(tree.root(), &canvas.map)?;
    let before = draws.len();
    draws.retain(|draw| draw.bounds().meets(&canvas.drawing));
    if draws.len() < before {
        work.notes.change(Kind::Outside);
    }
    if canvas.is_extended() {
        // What the author's viewBox hid stays hidden on the larger canvas.
        let edge = Outline::rectangle(&canvas.drawing);
        draws = work.cut(draws, &[(edge, Rule::NonZero)]).0;
    }
    work.notes.change(Kind::Redrawn);
    Ok(draws)
}

/// The work of redrawing one tree.
struct Redraw<'n> {
    side: f64,
    notes: &'n mut Notes,
    segments: usize,
    overlays: usize,
    sources: usize,
}

/// An area that shapes are cut to.
type Region = (Outline, Rule);

impl Draw {
    /// The rectangle that holds all of it, the stroke's reach included.
    pub(super) fn bounds(&self) -> Bounds {
        match &self.manner {
            Manner::Fill(_) => self.outline.bounds(),
            Manner::Stroke(pen) => {
                let reach = if pen.join == LineJoin::Miter { pen.miter_limit.max(1.5) } else { 1.5 };
                let local = self.outline.bounds().grown(pen.width / 2.0 * reach);
                let mut bounds = Bounds::NOTHING;
                local.corners().into_iter().for_each(|corner| bounds.include(pen.space.map(corner)));
                bounds
            }
        }
    }

    /// The same on a canvas of another scale.
    pub(super) fn scaled(&self, scale: f64) -> Self {
        let larger = Matrix::scaled(scale, 0.0, 0.0);
        let manner = match &self.manner {
            Manner::Fill(rule) => Manner::Fill(*rule),
            Manner::Stroke(pen) => Manner::Stroke(Pen {
                width: pen.width * scale,
                dashes: pen.dashes.iter().map(|dash| dash * scale).collect(),
                dash_offset: pen.dash_offset * scale,
                space: Matrix { e: pen.space.e * scale, f: pen.space.f * scale, ..pen.space },
                ..pen.clone()
            }),
        };
        Self { outline: self.outline.mapped(&larger), manner, ink: self.ink.scaled(scale), ..self.clone() }
    }

    /// Whether nothing shows through.
    fn is_opaque(&self) -> bool {
        self.opacity > 0.999 && self.ink.is_opaque()
    }

    /// The same as an area to fill; a stroke becomes its outline.
    fn filled(&self, side: f64) -> Option<Region> {
        match &self.manner {
            Manner::Fill(rule) => Some((self.outline.clone(), *rule)),
            Manner::Stroke(pen) => Some((pen.outlined(&self.outline, side)?, Rule::NonZero)),
        }
    }
}

impl Pen {
    /// The area that a stroke covers, on the canvas.
    fn outlined(&self, outline: &Outline, side: f64) -> Option<Outline> {
        // Paths of tiny-skia are 32 bits wide.
        let narrow = |value: f64| value as f32;
        let stroke = Stroke {
            width: narrow(self.width),
            miter_limit: narrow(self.miter_limit),
            line_cap: self.cap,
            line_join: self.join,
            dash: None,
        };
        let fine = narrow(2000.0 / side * self.space.scale());
        let mut path = outline.to_path()?;
        if !self.dashes.is_empty() {
            let dashes = self.dashes.iter().map(|dash| narrow(*dash)).collect();
            path = path.dash(&StrokeDash::new(dashes, narrow(self.dash_offset))?, fine)?;
        }
        Some(Outline::of(&path.stroke(&stroke, fine)?, &self.space))
    }
}

impl Redraw<'_> {
    /// Everything a group draws. Recurses as deep as the tree is, which `limits` bounds.
    fn group(&mut self, group: &Group, parent: &Matrix) -> Result<Vec<Draw>, Limit> {
        let matrix = parent.after(&group.transform().into());
        let mut draws = Vec::new();
        for node in group.children() {
            match node {
                Node::Group(inner) => draws.extend(self.group(inner, &matrix)?),
                Node::Path(path) => self.path(path, &matrix, &mut draws)?,
                Node::Image(_) => self.notes.lose(Kind::Image),
                Node::Text(_) => self.notes.lose(Kind::Text),
            }
        }
        if !group.filters().is_empty() {
            self.notes.lose(Kind::Filter);
        }
        if let Some(clip) = group.clip_path() {
            draws = self.clip(draws, clip, &matrix)?;
        }
        if let Some(mask) = group.mask() {
            draws = self.mask(draws, mask, &matrix)?;
        }
        if group.blend_mode() != BlendMode::Normal {
            self.notes.lose(Kind::Blend);
        }
        let opacity = f64::from(group.opacity().get());
        Ok(if opacity < 1.0 { self.fade(draws, opacity) } else { draws })
    }

    /// A path's fill and stroke.
    fn path(&mut self, path: &usvg::Path, matrix: &Matrix, draws: &mut Vec<Draw>) -> Result<(), Limit> {
        if !path.is_visible() {
            return Ok(());
        }
        self.segments = self.segments.saturating_add(path.data().len());
        if self.segments > MAX_SEGMENTS {
            return Err(Limit::Drawn);
        }
        self.sources += 1;
        let first = draws.len();
        draws.extend(self.fill(path, matrix));
        draws.extend(self.stroke(path, matrix));
        if path.paint_order() == PaintOrder::StrokeAndFill
            && let Some(own) = draws.get_mut(first..)
        {
            own.reverse();
        }
        Ok(())
    }

    fn fill(&mut self, path: &usvg::Path, matrix: &Matrix) -> Option<Draw> {
        let fill = path.fill()?;
        let flat = path.data().bounds();
        if flat.width() <= 0.0 || flat.height() <= 0.0 {
            return None;
        }
        let outline = Outline::of(path.data(), matrix);
        let ink = self.ink(fill.paint(), matrix, &outline.bounds())?;
        let rule = match fill.rule() {
            FillRule::NonZero => Rule::NonZero,
            FillRule::EvenOdd => Rule::EvenOdd,
        };
        let opacity = fill.opacity().get().into();
        Some(Draw { outline, manner: Manner::Fill(rule), ink, opacity, source: self.sources })
    }

    fn stroke(&mut self, path: &usvg::Path, matrix: &Matrix) -> Option<Draw> {
        let stroke = path.stroke()?;
        let plain = stroke.to_tiny_skia();
        // A pen that stays round is moved to the canvas; another keeps a space of its own, of the canvas's scale.
        let scale = matrix.scale();
        let round = matrix.is_similarity();
        let space = if round { Matrix::IDENTITY } else { matrix.after(&Matrix::scaled(1.0 / scale, 0.0, 0.0)) };
        let place = if round { *matrix } else { Matrix::scaled(scale, 0.0, 0.0) };
        if scale <= 0.0 || !scale.is_finite() {
            return None;
        }
        let pen = Pen {
            width: f64::from(plain.width) * scale,
            dashes: stroke.dasharray().into_iter().flatten().map(|dash| f64::from(*dash) * scale).collect(),
            dash_offset: f64::from(stroke.dashoffset()) * scale,
            cap: plain.line_cap,
            join: plain.line_join,
            miter_limit: plain.miter_limit.into(),
            space,
        };
        let outline = Outline::of(path.data(), &place);
        let mut draw = Draw {
            outline,
            manner: Manner::Stroke(pen),
            ink: Ink::Colour([0; 3]),
            opacity: stroke.opacity().get().into(),
            source: self.sources,
        };
        draw.ink = self.ink(stroke.paint(), matrix, &draw.bounds())?;
        let needs_space =
            matches!(&draw.ink, Ink::Gradient(Course::Radial(_, _, space), _) if *space != Matrix::IDENTITY);
        let coloured = matches!(draw.ink, Ink::Colour(_));
        if needs_space || !(round || coloured) {
            let (outline, rule) = draw.filled(self.side)?;
            self.notes.change(Kind::StrokeOutlined);
            return Some(Draw { outline, manner: Manner::Fill(rule), ..draw });
        }
        Some(draw)
    }

    fn ink(&mut self, paint: &Paint, matrix: &Matrix, bounds: &Bounds) -> Option<Ink> {
        match paint {
            Paint::Color(colour) => Some(Ink::Colour([colour.red, colour.green, colour.blue])),
            Paint::LinearGradient(gradient) => Some(Ink::linear(gradient, matrix, bounds, self.notes)),
            Paint::RadialGradient(gradient) => Some(Ink::radial(gradient, matrix, bounds, self.notes)),
            Paint::Pattern(_) => {
                self.notes.lose(Kind::Pattern);
                None
            }
        }
    }

    /// Cuts along a clip path, and along the one that clips it.
    fn clip(&mut self, draws: Vec<Draw>, clip: &ClipPath, matrix: &Matrix) -> Result<Vec<Draw>, Limit> {
        let draws = match clip.clip_path() {
            Some(outer) => self.clip(draws, outer, matrix)?,
            None => draws,
        };
        let map = matrix.after(&clip.transform().into());
        let mut regions = Vec::new();
        self.clip_regions(clip.root(), &map, &mut regions)?;
        let Some(region) = self.united(regions) else {
            self.notes.lose(Kind::Clip);
            return Ok(draws);
        };
        let (draws, touched) = self.cut(draws, &region);
        self.notes.change(if touched { Kind::Clipped } else { Kind::ClipNeedless });
        Ok(draws)
    }

    /// The shapes of a clip path: their insides, whatever they are painted with.
    fn clip_regions(&mut self, group: &Group, parent: &Matrix, into: &mut Vec<Region>) -> Result<(), Limit> {
        let matrix = parent.after(&group.transform().into());
        let first = into.len();
        for node in group.children() {
            match node {
                Node::Group(inner) => self.clip_regions(inner, &matrix, into)?,
                Node::Path(path) if path.is_visible() => {
                    self.segments = self.segments.saturating_add(path.data().len());
                    if self.segments > MAX_SEGMENTS {
                        return Err(Limit::Drawn);
                    }
                    let even_odd = path.fill().is_some_and(|fill| fill.rule() == FillRule::EvenOdd);
                    into.push((
                        Outline::of(path.data(), &matrix),
                        if even_odd { Rule::EvenOdd } else { Rule::NonZero },
                    ));
                }
                _ => {}
            }
        }
        // A shape of a clip path may be clipped itself.
        if let Some(clip) = group.clip_path() {
            let own: Vec<Region> = into.split_off(first);
            let as_draw = |(outline, rule)| Draw {
                outline,
                manner: Manner::Fill(rule),
                ink: Ink::Colour([0; 3]),
                opacity: 1.0,
                source: 0,
            };
            let cut = self.clip(own.into_iter().map(as_draw).collect(), clip, &matrix)?;
            into.extend(cut.iter().filter_map(|draw| draw.filled(self.side)));
        }
        Ok(())
    }

    /// Several areas as one; no area at all holds nothing.
    fn united(&mut self, regions: Vec<Region>) -> Option<Vec<Region>> {
        let mut regions = regions.into_iter();
        let Some(mut all) = regions.next() else { return Some(Vec::new()) };
        for (outline, rule) in regions {
            let apart = !all.0.bounds().meets(&outline.bounds());
            if apart && all.1 == rule {
                all.0.contours.extend(outline.contours);
                continue;
            }
            match self.overlaid((&all.0, all.1), (&outline, rule), Wanted::Either)? {
                Overlaid::Part(part) => all = (part, Rule::NonZero),
                Overlaid::Whole | Overlaid::Nothing => {}
            }
        }
        Some(vec![all])
    }

    /// One overlay, if there are any left.
    fn overlaid(&mut self, one: (&Outline, Rule), other: (&Outline, Rule), wanted: Wanted) -> Option<Overlaid> {
        self.overlays += 1;
        if self.overlays > MAX_OVERLAYS {
            return None;
        }
        let area = |(outline, rule)| Area { outline, rule };
        overlay(area(one), area(other), wanted, self.side)
    }

    /// What of some draws lies in a region (none: nothing does), and whether any was cut.
    fn cut(&mut self, draws: Vec<Draw>, region: &[Region]) -> (Vec<Draw>, bool) {
        let [(edge, rule)] = region else { return (Vec::new(), true) };
        let mut kept = Vec::with_capacity(draws.len());
        let mut touched = false;
        for draw in draws {
            if !draw.bounds().meets(&edge.bounds()) {
                touched = true;
                continue;
            }
            match self.part(&draw, (edge, *rule), Wanted::Both) {
                Some(Overlaid::Whole) => kept.push(draw),
                Some(Overlaid::Nothing) => touched = true,
                Some(Overlaid::Part(outline)) => {
                    touched = true;
                    kept.push(self.replaced(draw, outline));
                }
                None => {
                    self.notes.lose(Kind::Clip);
                    kept.push(draw);
                }
            }
        }
        (kept, touched)
    }

    /// One draw laid over an area.
    fn part(&mut self, draw: &Draw, area: (&Outline, Rule), wanted: Wanted) -> Option<Overlaid> {
        let (outline, rule) = draw.filled(self.side)?;
        self.overlaid((&outline, rule), area, wanted)
    }

    /// A draw of which only a part is left.
    fn replaced(&mut self, draw: Draw, outline: Outline) -> Draw {
        if matches!(draw.manner, Manner::Stroke(_)) {
            self.notes.change(Kind::StrokeOutlined);
        }
        Draw { outline, manner: Manner::Fill(Rule::NonZero), ..draw }
    }

    /// Cuts along a mask whose shapes are plain: white ones show, black ones hide.
    fn mask(&mut self, draws: Vec<Draw>, mask: &Mask, matrix: &Matrix) -> Result<Vec<Draw>, Limit> {
        let draws = match mask.mask() {
            Some(outer) => self.mask(draws, outer, matrix)?,
            None => draws,
        };
        let shapes = self.group(mask.root(), matrix)?;
        let Some((region, value)) = self.mask_region(shapes, mask.kind()) else {
            self.notes.lose(Kind::Mask);
            return Ok(draws);
        };
        let (draws, _) = self.cut(draws, &region);
        let frame = mask.rect();
        let frame = Bounds {
            left: frame.left().into(),
            top: frame.top().into(),
            right: frame.right().into(),
            bottom: frame.bottom().into(),
        };
        let (draws, _) = self.cut(draws, &[(Outline::rectangle(&frame).mapped(matrix), Rule::NonZero)]);
        self.notes.change(Kind::MaskApplied);
        Ok(if value < 0.99 { self.fade(draws, value) } else { draws })
    }

    /// The area that a mask shows, and how much of it: one value for all of the area.
    fn mask_region(&mut self, shapes: Vec<Draw>, kind: MaskType) -> Option<(Vec<Region>, f64)> {
        let mut shown: Vec<Region> = Vec::new();
        let mut value = None;
        for shape in shapes {
            let own = shade(&shape, kind)?;
            let region = shape.filled(self.side)?;
            if own > 0.01 {
                if value.is_some_and(|value: f64| (value - own).abs() > 0.01) {
                    return None;
                }
                value = Some(own);
                shown.push(region);
                shown = self.united(shown)?;
            } else if shape.is_opaque() && kind == MaskType::Luminance {
                let Some((outline, rule)) = shown.first() else { continue };
                match self.overlaid((outline, *rule), (&region.0, region.1), Wanted::FirstAlone)? {
                    Overlaid::Whole => {}
                    Overlaid::Nothing => shown.clear(),
                    Overlaid::Part(part) => shown = vec![(part, Rule::NonZero)],
                }
            }
        }
        Some((shown, value.unwrap_or(1.0)))
    }

    /// Gives the shapes of a group the group's opacity. Where shapes overlap, the lower one is cut away first.
    fn fade(&mut self, mut draws: Vec<Draw>, opacity: f64) -> Vec<Draw> {
        let mut pairs = 0_usize;
        let mut under: Vec<Draw> = Vec::with_capacity(draws.len());
        while !draws.is_empty() {
            let mut draw = draws.remove(0);
            let bounds = draw.bounds();
            let mut gone = false;
            for over in draws.iter().filter(|over| over.bounds().meets(&bounds)) {
                pairs += 1;
                let area = if pairs <= MAX_PAIRS && over.is_opaque() { over.filled(self.side) } else { None };
                let left = area.and_then(|area| self.part(&draw, (&area.0, area.1), Wanted::FirstAlone));
                match left {
                    Some(Overlaid::Whole) => {}
                    Some(Overlaid::Nothing) => gone = true,
                    Some(Overlaid::Part(outline)) => draw = self.replaced(draw, outline),
                    None => self.notes.lose(Kind::GroupOpacityLost),
                }
                if gone {
                    break;
                }
            }
            if !gone {
                draw.opacity *= opacity;
                under.push(draw);
            }
        }
        self.notes.change(Kind::GroupOpacity);
        under
    }
}

/// How much a shape of a mask shows: 1 for white, 0 for black; nothing where it has shades.
fn shade(draw: &Draw, kind: MaskType) -> Option<f64> {
    let one = |[red, green, blue]: [u8; 3]| match kind {
        MaskType::Alpha => 1.0,
        MaskType::Luminance => (0.2125 * f64::from(red) + 0.7154 * f64::from(green) + 0.0721 * f64::from(blue)) / 255.0,
    };
    match &draw.ink {
        Ink::Colour(colour) => Some(one(*colour) * draw.opacity),
        Ink::Gradient(_, stops) => {
            let mut values = stops.iter().map(|stop| one(stop.colour) * stop.opacity);
            let first = values.next()?;
            values.all(|value| (value - first).abs() < 0.01).then_some(first * draw.opacity)
        }
    }
}
