//! What a repair did and what it lost, counted, in plain words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One kind of change, and how often it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Stable identifier, `gradient-transform`.
    pub id: String,
    /// What was done.
    pub title: String,
    /// How often.
    pub count: usize,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])? $name:ident $id:literal $words:literal;)*) => {
        /// What can be done or lost.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Kind { $($(#[doc = $doc])? $name,)* }

        impl Kind {
            /// The identifier and the words.
            fn words(self) -> (&'static str, &'static str) {
                match self { $(Self::$name => ($id, $words),)* }
            }
        }
    };
}

kinds! {
    Root "root-attributes" "Set version 1.2, baseProfile tiny-ps and the SVG namespace on the root";
    RootDropped "root-attributes-removed" "Removed attributes that the root must not have";
    TitleKept "title-first" "Put the title first";
    TitleGiven "title-set" "Set the title that was given";
    TitlePlaceholder "title-placeholder" "Wrote a placeholder for the missing title: replace it by the name of the brand";
    Namespaces "namespaces-declared" "Declared prefixes that the file uses without saying so";
    Square "square-canvas" "Extended the canvas to a square, the drawing in its middle";
    ViewBox "view-box" "Set the viewBox from width and height";
    Size "size-removed" "Removed width and height that are not square or not plain numbers";
    Styles "styles-inlined" "Turned style sheets and style attributes into attributes";
    Href "href" "Turned xlink:href into href";
    Colours "colours" "Rewrote colours as #rrggbb and an opacity";
    Numbers "lengths" "Turned percentages and units into plain numbers";
    Opacity "opacity-folded" "Folded opacity into fill and stroke";
    Ids "ids-renamed" "Renamed ids that may not start as they did";
    Editor "editor-data" "Removed data of drawing programs, comments and metadata";
    Foreign "attributes-removed" "Removed attributes that change nothing in the picture or are not allowed";
    Elements "elements-removed" "Removed elements that are not allowed";
    Scripts "scripts-removed" "Removed scripts, links and event handlers";
    Animation "animation-removed" "Removed animation: the picture at rest stays";
    Doctype "doctype" "Removed the DOCTYPE, its entities replaced by their text";
    Hidden "hidden-removed" "Removed what is never shown";
    Redrawn "redrawn" "Redrew shapes as paths: references, transforms and styles are resolved";
    GradientTransform "gradient-transform" "Moved transforms of gradients into their coordinates";
    Spread "gradient-spread" "Wrote out gradients that repeat";
    FocalRadius "gradient-focal-radius" "Rewrote radial gradients that begin at an inner circle";
    Clipped "clip-applied" "Cut shapes along their clip path";
    ClipNeedless "clip-removed" "Removed clip paths that cut nothing";
    MaskApplied "mask-applied" "Cut shapes along a mask of plain white shapes";
    GroupOpacity "group-opacity" "Gave each shape of a group the group’s opacity";
    StrokeOutlined "stroke-outlined" "Turned strokes into outlines, to cut or overlay them";
    Precision "precision" "Wrote numbers with fewer digits, to fit 32 KB";
    Outside "outside-removed" "Removed shapes outside of the canvas";
    FocalPoint "focal-point" "A radial gradient has its focus off its centre: SVG Tiny PS has no fx and fy, its colours move";
    Filter "filter" "Filters (shadows, blurs) are not part of SVG Tiny PS and are left out";
    Pattern "pattern" "Patterns are not part of SVG Tiny PS; what they fill is left out";
    Mask "mask" "A mask with shades of grey is not part of SVG Tiny PS and is left out";
    Clip "clip" "A clip path has too many steps to be applied and is left out";
    Blend "blend-mode" "Blend modes are not part of SVG Tiny PS: shapes are drawn over one another";
    GroupOpacityLost "group-opacity-overlap" "A see-through group has see-through shapes over one another: where they overlap, colours differ";
    Text "text" "Text is not drawn without its font: convert letters to paths";
    Image "image" "Pictures inside the drawing are not part of SVG Tiny PS and are left out";
    ForeignObject "foreign-object" "Other markup inside the drawing (foreignObject) is left out";
    External "external-references" "References to other files are not allowed and are left out";
}

/// Counts by kind, in the order above.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    changes: BTreeMap<Kind, usize>,
    lost: BTreeMap<Kind, usize>,
}

impl Notes {
    /// Something was done.
    pub(super) fn change(&mut self, kind: Kind) {
        *self.changes.entry(kind).or_default() += 1;
    }

    /// Something could not be kept.
    pub(super) fn lose(&mut self, kind: Kind) {
        *self.lost.entry(kind).or_default() += 1;
    }

    /// Every change with its count.
    pub(super) fn changes(&self) -> Vec<Change> {
        let change = |(kind, count): (&Kind, &usize)| {
            let (id, title) = kind.words();
            Change { id: id.to_owned(), title: title.to_owned(), count: *count }
        };
        self.changes.iter().map(change).collect()
    }

    /// Every loss in words, each once.
    pub(super) fn lost(&self) -> Vec<String> {
        self.lost.keys().map(|kind| kind.words().1.to_owned()).collect()
    }
}
