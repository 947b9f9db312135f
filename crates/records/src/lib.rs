//! Room `records`: what both apps need once — folded text, search words, change history and lists in pages.

pub mod history;
pub mod list;
pub mod search;
mod text;

use store::{Migrations, StoreError};

pub use text::{exact, fold};

/// The tables of this room.
pub const MIGRATIONS: Migrations = Migrations {
    prefix: "record",
    files: &[
        (1, "word", include_str!("../migrations/1_word.sql")),
        (2, "history", include_str!("../migrations/2_history.sql")),
    ],
};

/// One record of a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordKey<'a> {
    /// Whose data: the organisation's or the portal's id.
    pub tenant: &'a str,
    /// The kind of record, in the words of its app, such as `crm_account`.
    pub module: &'a str,
    /// The record's id.
    pub record: &'a str,
}

/// What can go wrong in this room.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordsError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The position to go on from is not one this list gave: begin at the start.
    #[error("the position in the list is not valid for it")]
    WrongPosition,
}
