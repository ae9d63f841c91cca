//! The page: Yew components, one a file, over one reducer. Every sentence that is not a check's own stands here.
//!
//! Text from the DNS reaches the document as text nodes and attributes only; no component sets inner HTML.

mod address;
mod announce;
mod app;
mod chain_picture;
mod checklist;
mod copy_button;
mod detail;
mod edit;
mod effects;
mod files;
mod finding;
mod guide;
mod guide_view;
mod icon;
mod marks;
mod matrix;
mod options;
mod overview;
mod own_files;
mod part;
mod plan;
mod progress;
mod prose;
mod publish;
mod raw_record;
mod reading;
mod references;
mod request;
mod results;
mod score;
mod score_table;
mod search;
mod shared;
mod sources;
mod spf_box;
mod spf_picture;
mod spf_tree;
mod start;
mod state;
mod supplied;
mod technology;
mod understand;
mod unknowns;
mod what_if;
mod what_if_view;
mod words;

pub use start::start;
