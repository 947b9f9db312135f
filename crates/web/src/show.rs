//! Parts of pages that show one value: made in Rust, printed in a template by `{{ value }}`.
//!
//! Each part has a template of its own below `templates/components`, so its markup exists once. A part is safe HTML:
//! its template escapes what is put into it.

mod field;
mod list;
mod notice;
mod person;
mod shape;
mod sync;
mod task;
mod time;

pub use field::{Field, Hidden, Opt, Problems, field_id};
pub use list::{Pager, ROWS_MAX, Search, SortHead, Tabs};
pub use notice::{Banner, Case, Diff, Empty, Way};
pub use person::{Avatar, Who, hue, initials};
pub use shape::{Badge, Icon, Ring, Source, Tile, Tone, icon, icon_small, logo};
pub(crate) use sync::in_step_text;
pub use sync::{CrmMark, ProjectsMark, Sign, Sync};
pub use task::{Due, PriorityMark, PriorityShape, StatusMark, StatusShape};
pub use time::When;

/// Marks parts whose template did the escaping, so that a page prints them as they are.
macro_rules! safe_parts {
    ($($part:ty),+ $(,)?) => {$(
        impl askama::filters::HtmlSafe for $part {}
    )+};
}
pub(crate) use safe_parts;
