//! What every write leaves behind: change history, search words, and a feed row that says where to look.

use ports::{Moment, Origin, ProjectId};
use records::RecordKey;
use records::history::{self, FieldChange};
use records::search;
use store::{FeedEntry, StoreError, Tx};

use crate::permission::Caller;

/// Name of this app's feed.
pub const FEED: &str = "projects";

/// Audience of changes that are no project's: companies and users.
pub const PORTAL_AUDIENCE: &str = "portal";

/// Kinds of records with a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Module {
    Task,
    Project,
    List,
    Company,
    User,
}

impl Module {
    /// The word in history and search.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Task => "projects_task",
            Self::Project => "projects_project",
            Self::List => "projects_list",
            Self::Company => "projects_company",
            Self::User => "projects_user",
        }
    }

    /// The word in the feed: that of `ports::RecordKind`, or `list`, which only pages care for.
    fn kind(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Project => "project",
            Self::List => "list",
            Self::Company => "company",
            Self::User => "user",
        }
    }
}

/// One field that changes, with its values as text; `None` is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldMove {
    pub(crate) field: &'static str,
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
}

impl FieldMove {
    pub(crate) fn new(field: &'static str, old: Option<String>, new: Option<String>) -> Self {
        Self { field, old, new }
    }

    /// For fields that are never empty.
    pub(crate) fn text(field: &'static str, old: &str, new: &str) -> Self {
        Self::new(field, Some(old.to_owned()), Some(new.to_owned()))
    }
}

/// Who writes, when and what for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pen<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) now: Moment,
}

impl Pen<'_> {
    pub(crate) fn by(&self) -> &str {
        self.caller.email().as_str()
    }

    pub(crate) fn portal(&self) -> &ports::PortalId {
        &self.caller.portal
    }

    /// Writes the change history of a record.
    pub(crate) fn history(
        &self,
        tx: &mut Tx<'_>,
        module: Module,
        id: &str,
        moves: &[FieldMove],
    ) -> Result<(), StoreError> {
        let changes: Vec<FieldChange<'_>> = moves
            .iter()
            .map(|one| FieldChange { field: one.field, old: one.old.as_deref(), new: one.new.as_deref() })
            .collect();
        let origin: Origin = self.caller.origin;
        history::write(tx, &self.key(module, id), &changes, self.caller.email(), self.now, origin)
    }

    /// Makes a record findable by these texts and no others.
    pub(crate) fn words(&self, tx: &mut Tx<'_>, module: Module, id: &str, texts: &[&str]) -> Result<(), StoreError> {
        search::index(tx, &self.key(module, id), texts)
    }

    /// Takes a record out of the search.
    pub(crate) fn no_words(&self, tx: &mut Tx<'_>, module: Module, id: &str) -> Result<(), StoreError> {
        search::forget(tx, &self.key(module, id))
    }

    /// Throws away what a record left behind, with the record.
    pub(crate) fn forget(&self, tx: &mut Tx<'_>, module: Module, id: &str) -> Result<(), StoreError> {
        search::forget(tx, &self.key(module, id))?;
        history::forget(tx, &self.key(module, id))
    }

    /// Says that something of a project has changed.
    pub(crate) fn feed(
        &self,
        tx: &mut Tx<'_>,
        module: Module,
        id: &str,
        version: i64,
        project: &ProjectId,
    ) -> Result<(), StoreError> {
        self.feed_to(tx, module, id, version, project.as_str())
    }

    /// Says that something of the portal has changed.
    pub(crate) fn feed_portal(
        &self,
        tx: &mut Tx<'_>,
        module: Module,
        id: &str,
        version: i64,
    ) -> Result<(), StoreError> {
        self.feed_to(tx, module, id, version, PORTAL_AUDIENCE)
    }

    fn feed_to(
        &self,
        tx: &mut Tx<'_>,
        module: Module,
        record: &str,
        version: i64,
        audience: &str,
    ) -> Result<(), StoreError> {
        tx.feed(&FeedEntry {
            feed: FEED,
            tenant: self.caller.portal.as_str(),
            kind: module.kind(),
            record,
            version,
            audience,
            origin: self.caller.origin.code(),
        })
    }

    fn key<'k>(&'k self, module: Module, record: &'k str) -> RecordKey<'k> {
        RecordKey { tenant: self.caller.portal.as_str(), module: module.code(), record }
    }
}
