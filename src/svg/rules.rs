//! The rules of conformance as a table: what each one finds, how much it weighs, how to mend it, and who says so.

use super::Severity::{self, Error, Warning};

/// One rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable identifier, in the `rule` of every fault.
    pub id: &'static str,
    /// How much its faults weigh.
    pub severity: Severity,
    /// Whether the official schema finds them too.
    pub schema: bool,
    /// What it finds.
    pub what: &'static str,
    /// How to mend it, where nothing more particular can be said.
    pub fix: &'static str,
    /// The section that says so.
    pub reference: &'static str,
}

/// Writes the rules and the table of all of them, so that none can be left out.
macro_rules! rules {
    ($($name:ident: $id:literal, $severity:ident, $schema:literal, $reference:literal, $what:literal, $fix:literal;)*) => {
        $(
            #[doc = $what]
            pub const $name: Rule = Rule {
                id: $id, severity: $severity, schema: $schema, what: $what, fix: $fix, reference: $reference,
            };
        )*

        /// Every rule.
        pub const RULES: &[Rule] = &[$($name),*];
    };
}

rules! {
    GZIP: "gzip-broken", Error, false, "RFC 1952 §2.3",
        "The file starts as gzip and does not unpack.",
        "Pack the SVG again with gzip, or publish it unpacked.";
    TOO_LARGE: "too-large", Error, false, "SVG Tiny PS §2.4",
        "The text is longer than 16 MB and was not read.",
        "Publish a drawing of at most 32,768 octets.";
    ENCODING: "not-utf-8", Error, false, "XML 1.0 §4.3.3",
        "The text is not UTF-8.",
        "Save the file as UTF-8.";
    DECLARED: "encoding-declared", Error, false, "XML 1.0 §4.3.3",
        "The XML declaration names another encoding than the text is in, so that readers see different letters.",
        "Write `encoding=\"UTF-8\"`, or take the XML declaration away.";
    NOT_XML: "not-well-formed", Error, true, "XML 1.0 §2.1",
        "The text is not well-formed XML, so that no reader can go on.",
        "Mend the XML at this place.";
    LIMIT: "limit", Error, false, "a limit of mxray",
        "The XML takes more work to read than any logo should, and was not read on.",
        "Remove what makes it so large; a logo needs none of it.";
    DEPTH: "too-deep", Error, false, "libxml2, XML_PARSE_HUGE",
        "Elements are nested more than 256 deep, where libxml2 stops reading.",
        "Take out groups that hold a single group.";
    SIZE: "over-32-kb", Error, false, "SVG Tiny PS §2.4",
        "The uncompressed text is larger than 32,768 octets; receivers refuse it.",
        "Simplify paths, shorten numbers and remove editor data until the text fits.";
    DOCTYPE: "doctype", Error, false, "XML 1.0 §2.8",
        "There is a DOCTYPE; receivers refuse it, since it can load files and grow without end.",
        "Remove the DOCTYPE.";
    ENTITY: "entity", Error, false, "XML 1.0 §4.2",
        "An entity is declared; receivers refuse it, since it can load files and grow without end.",
        "Write the text itself wherever the entity stands, and remove the declaration.";
    STYLESHEET: "stylesheet", Error, false, "SVG Tiny PS §2.3",
        "A style sheet is loaded by `<?xml-stylesheet?>`.",
        "Remove `<?xml-stylesheet?>` and write the properties as attributes.";
    ROOT: "root", Error, true, "SVG Tiny PS §2.1",
        "The outermost element is not `svg` of the SVG namespace.",
        "Start the drawing with `<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.2\" baseProfile=\"tiny-ps\">`.";
    VERSION: "version", Error, true, "SVG Tiny PS §2.1",
        "The root does not say `version=\"1.2\"`.",
        "Write `version=\"1.2\"` on `svg`.";
    BASE_PROFILE: "base-profile", Error, true, "SVG Tiny PS §2.1",
        "The root does not say `baseProfile=\"tiny-ps\"`.",
        "Write `baseProfile=\"tiny-ps\"` on `svg`.";
    TITLE_MISSING: "title-missing", Error, true, "SVG Tiny PS §2.1",
        "There is no `title` in the root.",
        "Put `<title>` with the name of the company right after `<svg …>`.";
    TITLE_NOT_FIRST: "title-not-first", Error, true, "SVG Tiny PS §7",
        "Something stands before `title`.",
        "Move `title` to right after `<svg …>`.";
    TITLE_TWICE: "title-twice", Error, true, "SVG Tiny PS §2.1",
        "There is a second `title`.",
        "Keep the first `title` alone.";
    ELEMENT: "element-not-allowed", Error, true, "SVG Tiny PS §7",
        "An element that SVG Tiny PS does not have.",
        "Remove it.";
    MISPLACED: "element-misplaced", Error, true, "SVG Tiny PS §7",
        "An element that may not stand in this one.",
        "Move it to where it is allowed, or remove it.";
    FOREIGN_ELEMENT: "element-foreign", Error, true, "SVG Tiny PS §7",
        "An element of another language than SVG.",
        "Remove it; it draws nothing.";
    SCRIPT: "script", Error, true, "SVG Tiny PS §2.3",
        "A script.",
        "Remove it; a logo may not hold scripts.";
    ATTRIBUTE: "attribute-not-allowed", Error, true, "SVG Tiny PS §7",
        "An attribute that may not stand on this element.",
        "Remove it.";
    FOREIGN_ATTRIBUTE: "attribute-foreign", Error, true, "SVG Tiny PS §7",
        "An attribute of another language than SVG.",
        "Remove it; it draws nothing.";
    EVENT: "event-attribute", Error, true, "SVG Tiny PS §2.3",
        "An attribute that runs a script.",
        "Remove it; a logo may not hold scripts.";
    VALUE: "value-not-allowed", Error, true, "SVG Tiny PS §7",
        "A value that the attribute may not have.",
        "Write a value that is allowed.";
    ID_TWICE: "two-ids", Error, true, "SVG Tiny PS §7",
        "An element carries both `id` and `xml:id`.",
        "Keep `id` and remove `xml:id`.";
    STRAY_TEXT: "stray-text", Error, true, "SVG Tiny PS §7",
        "Text stands where only elements may.",
        "Remove the text, or put it into `text`.";
    TITLE_EMPTY: "title-empty", Error, false, "SVG Tiny PS §2.1",
        "`title` is empty.",
        "Write the name of the company into `title`.";
    TITLE_LONG: "title-long", Warning, false, "SVG Tiny PS §2.1",
        "`title` is longer than 64 characters.",
        "Shorten `title`, to the name of the company at best.";
    DESC_EMPTY: "desc-empty", Error, false, "SVG Tiny PS §2.1",
        "`desc` is empty.",
        "Describe the logo in `desc`, or remove it.";
    VIEW_BOX_MISSING: "view-box-missing", Error, false, "SVG Tiny 1.2 §7.7",
        "The root has no `viewBox`, so that the logo cannot be scaled to its place in the inbox.",
        "Write `viewBox=\"0 0 WIDTH HEIGHT\"` with the size that the drawing has.";
    VIEW_BOX_SYNTAX: "view-box-syntax", Error, false, "SVG Tiny 1.2 §7.7",
        "`viewBox` is not four numbers with a width and height above zero.",
        "Write four numbers with spaces between: left, top, width and height.";
    NOT_SQUARE: "not-square", Warning, false, "SVG Tiny PS §2.4",
        "The drawing is not square; receivers show logos in squares and circles.",
        "Make width and height of `viewBox` equal and centre the drawing in it.";
    SIZE_PERCENT: "size-percent", Error, false, "Gmail and Apple, 2026",
        "`width` or `height` of the root is a percentage; Gmail and Apple refuse such a logo.",
        "Write a number of pixels, 96 or more, or remove both.";
    SIZE_SMALL: "size-small", Warning, false, "Gmail, 2026",
        "`width` or `height` of the root is under 96 pixels, the least that Gmail takes.",
        "Write 96 or more; `viewBox` keeps the drawing as it is.";
    SIZE_UNIT: "size-unit", Warning, false, "Gmail, 2026",
        "`width` or `height` of the root is not a number of pixels.",
        "Write a number of pixels, 96 or more.";
    DUPLICATE_ID: "duplicate-id", Error, false, "XML 1.0 §3.3.1",
        "Two elements have the same identifier, so that references to it are ambiguous.",
        "Give each element an identifier of its own.";
    DANGLING: "dangling-reference", Error, false, "SVG Tiny 1.2 §14.1",
        "A reference leads to an element that is not there.",
        "Add the element that is meant, or remove the reference.";
    EXTERNAL: "external-reference", Error, false, "SVG Tiny PS §2.3",
        "A reference leads out of the file.",
        "Put what is referred to into the file and refer to it by `#` and its `id`.";
    XML_BASE: "xml-base", Error, false, "SVG Tiny PS §2.3",
        "`xml:base` makes all references lead out of the file.",
        "Remove `xml:base`.";
    JAVASCRIPT: "javascript", Error, false, "SVG Tiny PS §2.3",
        "There is a `javascript:` address.",
        "Remove it; a logo may not hold scripts.";
    COLOUR: "colour", Error, false, "SVG Tiny 1.2 §11.13",
        "A colour that SVG Tiny does not have.",
        "Write the colour as `#rrggbb`.";
    COLOUR_NAME: "colour-name", Warning, false, "SVG Tiny 1.2 §11.13.1",
        "A colour name of CSS; SVG Tiny has 16 names only.",
        "Write the colour as `#rrggbb`.";
    TEXT_NOT_OUTLINED: "text-not-outlined", Warning, false, "SVG Tiny 1.2 §10.1",
        "Text is drawn in whatever font the receiver has.",
        "Convert the text to paths in the editor.";
}
