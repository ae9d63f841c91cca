//! What is seen: for each measure a drawing just below its threshold and one just above.

use mxray::svg::seen::{Observation, RenderError, Weight, look, render};

/// A drawing of 128 units, so that a unit is a pixel of the measured square.
fn drawing(inner: &str) -> String {
    format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 128 128'>{inner}</svg>")
}

fn seen(inner: &str) -> Vec<Observation> {
    look(&drawing(inner)).expect("a drawing")
}

fn tells(inner: &str, id: &str) -> bool {
    seen(inner).iter().any(|observation| observation.id == id)
}

/// A rectangle.
fn rect(x: f64, y: f64, width: f64, height: f64, fill: &str) -> String {
    format!("<rect x='{x}' y='{y}' width='{width}' height='{height}' fill='{fill}'/>")
}

/// A white plate over everything, then something.
fn plate(inner: &str) -> String {
    rect(0.0, 0.0, 128.0, 128.0, "#fff") + inner
}

#[test]
fn an_empty_drawing() {
    // A thousandth of 128 × 128 pixels is 16.4.
    assert!(tells(&rect(4.0, 4.0, 4.0, 4.0, "#c00"), "empty-drawing"));
    assert!(!tells(&rect(4.0, 4.0, 4.0, 4.25, "#c00"), "empty-drawing"));
    let nothing = seen("<g/>");
    assert_eq!(nothing.len(), 1, "an empty drawing is told alone: {nothing:?}");
    assert_eq!(nothing[0].severity, Weight::Error);
}

#[test]
fn parts_outside_of_the_view_box() {
    // A hundredth of 100 × 100.
    assert!(tells(&rect(28.0, 10.0, 101.2, 100.0, "#c00"), "outside-view-box"));
    assert!(!tells(&rect(28.0, 10.0, 100.9, 100.0, "#c00"), "outside-view-box"));
    assert!(tells(&rect(400.0, 0.0, 9.0, 9.0, "#c00"), "empty-drawing"), "beyond all that is looked at");
    // A wide drawing on its square: what spills over its upper edge is not shown.
    let wide = |top: f64| {
        let inner = rect(20.0, top, 60.0, 40.0, "#c00");
        let text = format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 128 64'>{inner}</svg>");
        look(&text).expect("a drawing").iter().any(|told| told.id == "outside-view-box")
    };
    assert!(wide(-2.0) && !wide(0.0));
}

#[test]
fn parts_cut_by_crops() {
    // The circle leaves the corners; a bar of 2 × 60 at the left edge loses its ends.
    let bar = |x: f64| plate(&(rect(x, 34.0, 2.0, 60.0, "#c00") + &rect(44.0, 44.0, 40.0, 40.0, "#c00")));
    assert!(tells(&bar(1.0), "cut-by-circle") && !tells(&bar(1.0), "cut-by-rounded-square"));
    assert!(!tells(&bar(9.0), "cut-by-circle"));
    let corner = |x: f64| plate(&rect(x, x, 12.0, 12.0, "#c00"));
    assert!(tells(&corner(1.0), "cut-by-rounded-square"));
    assert!(!tells(&corner(9.0), "cut-by-rounded-square") && tells(&corner(9.0), "cut-by-circle"));
    assert!(!tells(&plate(&rect(50.0, 50.0, 20.0, 20.0, "#c00")), "cut-by-circle"), "the plate itself may be cut");
}

#[test]
fn a_transparent_background() {
    // A hundredth of 128 × 128 is 164 pixels.
    assert!(tells(&rect(0.0, 0.0, 126.0, 128.0, "#c00"), "transparent-background"));
    assert!(!tells(&rect(0.0, 0.0, 127.0, 128.0, "#c00"), "transparent-background"));
    assert!(tells(&rect(0.0, 0.0, 128.0, 128.0, "#cc0000e0"), "transparent-background"));
}

#[test]
fn contrast_with_white_and_dark() {
    // #949494 has 3.03:1 with white, #959595 2.99:1 (WCAG 2.2).
    assert!(tells(&rect(9.0, 9.0, 99.0, 99.0, "#959595"), "contrast-on-white"));
    assert!(!tells(&rect(9.0, 9.0, 99.0, 99.0, "#949494"), "contrast-on-white"));
    // With #1f1f1f #646464 has 2.79:1, #6a6a6a 3.05:1.
    assert!(tells(&rect(9.0, 9.0, 99.0, 99.0, "#646464"), "contrast-on-dark"));
    assert!(!tells(&rect(9.0, 9.0, 99.0, 99.0, "#6a6a6a"), "contrast-on-dark"));
    // Two hundredths of the drawing are enough: 328 of 16,384 pixels.
    assert!(tells(&plate(&rect(9.0, 9.0, 3.0, 100.0, "#000")), "contrast-on-white"));
    assert!(!tells(&plate(&rect(9.0, 9.0, 3.4, 100.0, "#000")), "contrast-on-white"));
}

#[test]
fn detail_lost_when_small() {
    // Stripes as wide as a small pixel survive where they fall onto the grid; half as wide they are averaged away.
    let stripes = |width: f64| {
        let count = (128.0 / width / 2.0) as usize;
        plate(&(0..count).map(|at| rect(at as f64 * width * 2.0, 0.0, width, 128.0, "#000")).collect::<String>())
    };
    assert!(tells(&stripes(2.0), "detail-lost-at-32") && tells(&stripes(2.0), "detail-lost-at-16"));
    assert!(!tells(&stripes(4.0), "detail-lost-at-32") && tells(&stripes(4.0), "detail-lost-at-16"));
    assert!(!tells(&stripes(8.0), "detail-lost-at-32") && !tells(&stripes(8.0), "detail-lost-at-16"));
    assert!(
        !tells(&plate("<circle cx='64' cy='64' r='50' fill='#c00'/>"), "detail-lost-at-32"),
        "edges alone are no loss"
    );
}

#[test]
fn fewer_than_two_colours() {
    assert!(tells(&rect(9.0, 9.0, 99.0, 99.0, "#c00"), "one-colour"));
    assert!(!tells(&plate(&rect(9.0, 9.0, 99.0, 99.0, "#c00")), "one-colour"));
    // Another colour is more than 24 of 255 apart, and has a two-hundredth of the drawing: 82 pixels.
    assert!(tells(&plate(&rect(9.0, 9.0, 99.0, 99.0, "#e7e7e7")), "one-colour"));
    assert!(!tells(&plate(&rect(9.0, 9.0, 99.0, 99.0, "#e6e6e6")), "one-colour"));
    assert!(tells(&plate(&rect(9.0, 9.0, 9.0, 9.0, "#c00")), "one-colour"));
    assert!(!tells(&plate(&rect(9.0, 9.0, 9.0, 10.0, "#c00")), "one-colour"));
    let gradient =
        "<linearGradient id='g'><stop stop-color='#c00'/><stop offset='1' stop-color='#00c'/></linearGradient>";
    assert!(!tells(&(gradient.to_owned() + &rect(0.0, 0.0, 128.0, 128.0, "url(#g)")), "one-colour"));
}

#[test]
fn what_is_not_drawn_is_told() {
    let inner = plate(
        "<path d='M9 9h90v90z'/><text x='9' y='50'>Brand</text><image href='data:image/svg+xml;base64,PHN2Zy8+' width='9' height='9'/>",
    );
    let told = seen(&inner).iter().filter(|told| told.id == "not-drawn").count();
    assert_eq!(told, 2);
}

#[test]
fn nothing_outside_of_the_file_is_loaded() {
    // This very repository has a file of that name, and resvg alone would open it.
    let file = fs_path("tests/data/svg-repair/root.svg");
    let inner = format!("<image href='{file}' width='128' height='128'/>");
    assert!(tells(&inner, "empty-drawing"));
    let inside =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>";
    let inner =
        format!("<image href='data:image/svg+xml;utf8,{inside}' width='128' height='128'/>").replace("\"", "&quot;");
    assert!(tells(
        &inner.replace("<svg", "&lt;svg").replace("<rect", "&lt;rect").replace("</svg", "&lt;/svg"),
        "empty-drawing"
    ));
}

fn fs_path(path: &str) -> String {
    std::fs::canonicalize(path).expect("a file").display().to_string()
}

#[test]
fn a_picture_is_fitted_and_centred() {
    let text =
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 10'><path fill='#c00' d='M-9-9h99v99h-99z'/></svg>";
    let picture = render(text, 40).expect("a picture");
    assert_eq!((picture.width, picture.height, picture.rgba.len()), (40, 40, 6400));
    let pixel = |x: usize, y: usize| &picture.rgba[(y * 40 + x) * 4..][..4];
    assert_eq!(pixel(20, 9), [0, 0, 0, 0], "above the drawing");
    assert_eq!(pixel(0, 10), [0xcc, 0, 0, 255]);
    assert_eq!(pixel(39, 29), [0xcc, 0, 0, 255]);
    assert_eq!(pixel(39, 30), [0, 0, 0, 0], "below it");
}

#[test]
fn limits_are_named() {
    assert_eq!(render(&drawing(""), 5000), Err(RenderError::TooManyPixels(5000)));
    assert_eq!(render(&drawing(""), 0), Err(RenderError::TooManyPixels(0)));
    let tile = "<pattern id='p' width='1e6' height='1e6' patternUnits='userSpaceOnUse'><path d='M0 0h9v9z'/></pattern><path fill='url(#p)' d='M0 0h99v99z'/>";
    assert_eq!(look(&drawing(tile)), Err(RenderError::Tile));
    let zero = "<svg xmlns='http://www.w3.org/2000/svg' width='0' height='9'/>";
    assert_eq!(render(zero, 32).err(), Some(RenderError::NoSize));
}
