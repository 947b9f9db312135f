//! Room `crm`: the built-in CRM app. Leads, accounts, contacts, deals, tasks and notes; its users; the in-process side
//! of the bridge; import of files.
//!
//! Every call takes [`ports::Acting`] and decides permission itself. Every write is one transaction: permission, rules,
//! rows, change history, search words, feed.

mod error;
mod field;
pub mod import;
mod list;
mod permission;
pub mod record;
mod service;
mod side;
mod user;
mod value;

use std::sync::{Arc, OnceLock};

use ports::{Clock, Ids, Moment};
use store::{Db, Migrations, Read, StoreError};

pub use error::{CrmError, FieldError, Problem};
pub use field::{Field, Fields, Kind, Module};
pub use list::{DealTotals, Filter, ListQuery, Sort, SortField};
pub use record::account::Account;
pub use record::contact::Contact;
pub use record::deal::{Deal, LOST, StageClass, WON};
pub use record::lead::Lead;
pub use record::note::Note;
pub use record::task::{CLOSED, Task, TaskState};
pub use record::{Named, Record, Stamp};
pub use service::{HistoryLine, RecordCounts};
pub use side::InProcessCrm;
pub use user::{Owned, Profile, User, found};
pub use value::{Amount, Draft, Values};

/// The tables of this room.
pub const MIGRATIONS: Migrations = Migrations {
    prefix: "crm",
    files: &[
        (1, "records", include_str!("../migrations/1_records.sql")),
        (2, "standard_fields", include_str!("../migrations/2_standard_fields.sql")),
    ],
};

/// The feed to which every write adds what it changed. Kinds are the codes of [`Module`] and `user`.
pub const FEED: &str = "crm";

/// The CRM app of an installation; cloning is cheap and gives the same app.
#[derive(Clone)]
pub struct Crm {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    /// The standard fields; only a migration changes them.
    fields: OnceLock<Arc<Fields>>,
}

impl Crm {
    /// The app over a migrated database.
    pub fn new(db: Db, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { inner: Arc::new(Inner { db, clock, ids, fields: OnceLock::new() }) }
    }

    /// The fields of all modules: labels of forms come from our own words, values of pick lists from here.
    ///
    /// Errors: those of the database, at first use only.
    pub fn fields(&self) -> Result<Arc<Fields>, CrmError> {
        match self.inner.fields.get() {
            Some(fields) => Ok(fields.clone()),
            None => self.db().read(|read| Ok(self.fields_in(read)?)),
        }
    }

    pub(crate) fn fields_in(&self, read: &mut Read<'_>) -> Result<Arc<Fields>, StoreError> {
        if let Some(fields) = self.inner.fields.get() {
            return Ok(fields.clone());
        }
        let fields = Arc::new(Fields::read(read)?);
        Ok(self.inner.fields.get_or_init(|| fields).clone())
    }

    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    pub(crate) fn now(&self) -> Moment {
        self.inner.clock.now()
    }

    pub(crate) fn next_id(&self) -> String {
        self.inner.ids.next()
    }
}
