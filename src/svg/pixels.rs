//! From text to pixels, by usvg and resvg: nothing outside of the file is loaded, and no more is drawn than named limits
//! allow.

use std::sync::Arc;

use resvg::tiny_skia::{Color, FillRule, Mask, PathBuilder, Pixmap, Rect, Transform};
use serde::{Deserialize, Serialize};
use usvg::roxmltree::Document;
use usvg::{
    Group, ImageHrefResolver, ImageRendering, Node, Options, Paint, Path, Pattern, ShapeRendering, Size, TextRendering,
    Tree,
};

use super::limits::{self, Limit};

/// Pixels of one side that are drawn at most; previews need 96, comparing 128.
pub const MAX_SIDE: u32 = 1024;

/// Pixels of one tile of a pattern: resvg draws each tile whole, however little of it shows.
pub const MAX_TILE: f32 = 4_000_000.0;

/// Pixels that a shape or its stroke may reach from the origin: far beyond any canvas, tiny-skia's fixed-point numbers
/// overflow, and it panics.
pub const MAX_REACH: f32 = 1_000_000.0;

/// A picture, row by row, colours not multiplied by opacity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pixels {
    /// Pixels of a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green, blue and opacity of each pixel.
    pub rgba: Vec<u8>,
}

/// Why a drawing cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RenderError {
    /// It asks for too much.
    Limit(Limit),
    /// It is not well-formed XML: what is wrong, with its place.
    Xml(String),
    /// Its root is not an `svg` element.
    NotSvg,
    /// Its width or height is nothing or no number, and no viewBox tells better.
    NoSize,
    /// More pixels were asked for than [`MAX_SIDE`].
    TooManyPixels(u32),
    /// A pattern's tile is larger than [`MAX_TILE`].
    Tile,
    /// A shape reaches further than [`MAX_REACH`].
    Reach,
}

impl RenderError {
    /// The error in words.
    pub fn words(&self) -> String {
        match self {
            Self::Limit(_) | Self::Reach | Self::Tile => tr!("the drawing is not drawn: {}", self.why()),
            _ => self.why(),
        }
    }

    /// The same for where it is said already that nothing is drawn.
    pub fn why(&self) -> String {
        match self {
            Self::Limit(limit) => limit.words(),
            Self::Xml(why) => tr!("the file is not well-formed XML: {why}", why),
            Self::NotSvg => tr!("the file's outermost element is not `svg`"),
            Self::NoSize => tr!("the drawing has no area: width, height and viewBox must be more than 0"),
            Self::TooManyPixels(side) => {
                tr!("{side} pixels a side are asked for; at most {MAX_SIDE} are drawn", side, MAX_SIDE)
            }
            Self::Reach => tr!("a shape reaches 1,000,000 pixels beyond it; shorten it"),
            Self::Tile => tr!("the tile of a pattern has more than 4,000,000 pixels"),
        }
    }
}

/// Draws a drawing into `size` × `size` pixels: fitted, centred, on nothing.
pub fn render(text: &str, size: u32) -> Result<Pixels, RenderError> {
    let drawing = tree(text)?;
    let raster = raster(&drawing, size)?;
    Ok(Pixels { width: size, height: size, rgba: raster.take_demultiplied() })
}

/// Reads a drawing as usvg understands it, once its limits are checked.
pub(super) fn tree(text: &str) -> Result<Tree, RenderError> {
    limits::check_text(text).map_err(RenderError::Limit)?;
    let document = parse(text)?;
    tree_of(&document)
}

/// Reads the XML, once the bare text is checked.
pub(super) fn parse(text: &str) -> Result<Document<'_>, RenderError> {
    use usvg::roxmltree::Error;
    Document::parse_with_options(text, limits::parsing_options()).map_err(|error| match error {
        Error::NodesLimitReached => RenderError::Limit(Limit::Nodes),
        Error::EntityReferenceLoop(_) => RenderError::Limit(Limit::Entities),
        other => RenderError::Xml(other.to_string()),
    })
}

/// The drawing of a document that was read after its text was checked.
pub(super) fn tree_of(document: &Document<'_>) -> Result<Tree, RenderError> {
    limits::check_tree(document).map_err(RenderError::Limit)?;
    // No file, no address and no embedded picture is opened: a logo holds none, and each could hold a bomb.
    let nothing = ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(|_, _| None) };
    // Every field is named, so that the readers of embedded pictures, which the default would bring, are not linked.
    let options = Options {
        resources_dir: None,
        dpi: 96.0,
        font_family: String::new(),
        font_size: 12.0,
        languages: vec!["en".to_owned()],
        shape_rendering: ShapeRendering::default(),
        text_rendering: TextRendering::default(),
        image_rendering: ImageRendering::default(),
        default_size: Size::from_wh(100.0, 100.0).ok_or(RenderError::NoSize)?,
        image_href_resolver: nothing,
        style_sheet: None,
    };
    Tree::from_xmltree(document, &options).map_err(|error| match error {
        usvg::Error::InvalidSize => RenderError::NoSize,
        usvg::Error::ElementsLimitReached => RenderError::Limit(Limit::Drawn),
        usvg::Error::ParsingFailed(usvg::roxmltree::Error::NodesLimitReached) => RenderError::Limit(Limit::Drawn),
        usvg::Error::ParsingFailed(_) => RenderError::NotSvg,
        other => RenderError::Xml(other.to_string()),
    })
}

/// Draws a tree fitted and centred into a square of `size` pixels. As in browsers, nothing outside of the drawing's own
/// rectangle shows beside it; resvg alone would draw over the edge of what is not square.
pub(super) fn raster(tree: &Tree, size: u32) -> Result<Pixmap, RenderError> {
    let mut pixmap = raster_with_margin(tree, size, 0)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    if (width - height).abs() > width.max(height) * 0.0005 {
        let side = pixmap.width() as f32;
        let scale = side / width.max(height);
        let (left, top) = ((side - width * scale) / 2.0, (side - height * scale) / 2.0);
        let frame = Rect::from_xywh(left, top, width * scale, height * scale).ok_or(RenderError::NoSize)?;
        let mut mask = Mask::new(pixmap.width(), pixmap.height()).ok_or(RenderError::NoSize)?;
        mask.fill_path(&PathBuilder::from_rect(frame), FillRule::Winding, true, Transform::identity());
        pixmap.apply_mask(&mask);
    }
    Ok(pixmap)
}

/// Draws a tree fitted and centred into a square of `size` pixels, and what lies up to `margin` pixels around it.
pub(super) fn raster_with_margin(tree: &Tree, size: u32, margin: u32) -> Result<Pixmap, RenderError> {
    let side = size.saturating_add(margin.saturating_mul(2));
    if size == 0 || side > MAX_SIDE {
        return Err(RenderError::TooManyPixels(side));
    }
    // Below `MAX_SIDE`, so that each number is exact as a float.
    let (inner, margin) = (size as f32, margin as f32);
    let fitted = tree.size();
    let scale = inner / fitted.width().max(fitted.height());
    let left = (inner - fitted.width() * scale) / 2.0 + margin;
    let top = (inner - fitted.height() * scale) / 2.0 + margin;
    let transform = Transform::from_row(scale, 0.0, 0.0, scale, left, top);
    if !transform.is_finite() {
        return Err(RenderError::NoSize);
    }
    check_shapes(tree.root(), scale)?;
    let mut pixmap = Pixmap::new(side, side).ok_or(RenderError::TooManyPixels(side))?;
    pixmap.fill(Color::TRANSPARENT);
    resvg::render(tree, transform, &mut pixmap.as_mut());
    Ok(pixmap)
}

/// Refuses what reaches too far, and patterns whose tile would take too many pixels, also inside other patterns, masks and
/// clip paths. Recurses as deep as the tree is.
fn check_shapes(group: &Group, scale: f32) -> Result<(), RenderError> {
    let mut found = Ok(());
    for node in group.children() {
        match node {
            Node::Group(inner) => found = found.and(check_shapes(inner, scale)),
            Node::Path(path) => {
                found = found.and(check_reach(path, scale));
                let paints = [path.fill().map(|fill| fill.paint()), path.stroke().map(|stroke| stroke.paint())];
                for paint in paints.into_iter().flatten() {
                    if let Paint::Pattern(pattern) = paint {
                        let (x, y) = path.abs_transform().get_scale();
                        found = found.and(check_tile(pattern, scale * x.max(y)));
                    }
                }
            }
            _ => {}
        }
        let mut below = Ok(());
        node.subroots(|root| {
            if below.is_ok() {
                below = check_shapes(root, scale);
            }
        });
        found = found.and(below);
        found.clone()?;
    }
    found
}

/// Refuses a path that reaches too far. Written so that what is no number is refused.
fn check_reach(path: &Path, scale: f32) -> Result<(), RenderError> {
    let (x, y) = path.abs_transform().get_scale();
    let pen = path.stroke().map_or(0.0, |stroke| stroke.width().get()) * x.max(y);
    let bounds = path.abs_stroke_bounding_box();
    let sides = [bounds.left(), bounds.top(), bounds.right(), bounds.bottom(), pen];
    if sides.into_iter().all(|side| side.abs() * scale <= MAX_REACH) { Ok(()) } else { Err(RenderError::Reach) }
}

/// Refuses one pattern.
fn check_tile(pattern: &Arc<Pattern>, scale: f32) -> Result<(), RenderError> {
    let (x, y) = pattern.transform().get_scale();
    let pixels = pattern.rect().width() * scale * x * pattern.rect().height() * scale * y;
    if pixels.is_nan() || pixels > MAX_TILE {
        return Err(RenderError::Tile);
    }
    check_shapes(pattern.root(), scale * x.max(y))
}
