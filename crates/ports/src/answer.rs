//! The shapes in which a side answers: presence, versions, pages, changes.

use crate::crm::CrmRef;
use crate::value::{Email, Moment};

/// An answer with the side's own time at which it was true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// What was asked for.
    pub value: T,
    /// The side's clock when it answered; `None` when it gives no usable time.
    pub side_now: Option<Moment>,
}

/// A mark that changes whenever a record changes, ordered within a side.
///
/// A version read within the side's time resolution of its own time is not settled: a second change may still
/// get the same mark. Only an equal, settled version may save a read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Compared as text; the side pads numbers so that text order is age order.
    pub mark: String,
    /// Whether no further change can get the same mark.
    pub settled: bool,
}

impl Version {
    /// The settled version of a built-in app's counter.
    pub fn counter(number: i64) -> Self {
        Self { mark: format!("{number:019}"), settled: true }
    }

    /// The number of a counter version; `None` for a cloud's.
    pub fn number(&self) -> Option<i64> {
        self.mark.parse().ok()
    }
}

/// Whether a record is there. Absence is not deletion (A7.1): only evidence makes it `Gone`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// It is there.
    Here(T),
    /// It was deleted; the side says so.
    Gone(Evidence),
    /// It could not be seen, and that proves nothing.
    Unknown(Why),
}

impl<T> Found<T> {
    /// The record if it is there.
    pub fn here(&self) -> Option<&T> {
        match self {
            Self::Here(record) => Some(record),
            Self::Gone(_) | Self::Unknown(_) => None,
        }
    }

    /// Applies `change` to a record that is there.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Found<U> {
        match self {
            Self::Here(record) => Found::Here(change(record)),
            Self::Gone(evidence) => Found::Gone(evidence),
            Self::Unknown(why) => Found::Unknown(why),
        }
    }
}

/// Proof of a deletion: who and when, as far as the side tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Who deleted it.
    pub by: Option<Email>,
    /// When it was deleted.
    pub at: Option<Moment>,
}

/// Why a record could not be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The side hides it from the connection's user.
    Forbidden,
    /// The side does not know it, without proof of a deletion.
    NotListed,
}

/// A value with who set it and when: per field where the side keeps a history, else the record's last change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamped<T> {
    /// The value.
    pub value: T,
    /// Who set it.
    pub by: Option<Email>,
    /// When it was set.
    pub at: Option<Moment>,
}

/// Part of a list, and where it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub rows: Vec<T>,
    /// Position after the last row; `None` at the end.
    pub next: Option<String>,
}

/// Position in a side's feed of changes. Opaque; stored together with the marks that were made from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedCursor(pub String);

/// What kind of record a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// A task; a new comment on it counts as a change of the task.
    Task,
    /// A project: dates, strictness, state, members, client companies.
    Project,
    /// An account, contact, deal or lead.
    Sales,
    /// A client company or client user.
    Company,
    /// A user of the side: added, deactivated.
    User,
}

impl RecordKind {
    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Project => "project",
            Self::Sales => "sales",
            Self::Company => "company",
            Self::User => "user",
        }
    }

    /// Reads the stored word.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Task, Self::Project, Self::Sales, Self::Company, Self::User].into_iter().find(|kind| kind.code() == code)
    }
}

/// A hint: this record may have changed. Never says what or who.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What kind of record.
    pub kind: RecordKind,
    /// Its id on the side.
    pub id: String,
    /// The CRM record it is, for changes of kind `Sales`.
    pub sales: Option<CrmRef>,
    /// Its version after the change; `None` where the side does not tell. Our own write's version is dropped without a read.
    pub version: Option<Version>,
}

/// Changes since a cursor, oldest first, at most as many as were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The hints; may name the same record several times.
    pub changes: Vec<Change>,
    /// Where to go on.
    pub cursor: FeedCursor,
    /// Whether more are waiting right now.
    pub has_more: bool,
}
