//! The steps of a write inside its transaction.

use std::sync::Arc;

use ports::{Acting, Evidence, Moment};
use records::history::{self, FieldChange};
use records::search;
use store::{FeedEntry, LockKey, StoreError, Tx};

use super::{key, merge};
use crate::error::CrmError;
use crate::field::{Fields, Module};
use crate::permission::Scope;
use crate::record::note::{self, Note};
use crate::record::{self, Record, sales, task};
use crate::service::merge::Merged;
use crate::value::{Draft, Values};
use crate::{Crm, FEED};

/// Who writes, when, and with which fields; made at the start of a transaction.
pub(crate) struct Writer {
    scope: Scope,
    fields: Arc<Fields>,
    now: Moment,
}

/// A note to be written.
pub(crate) struct NewNote<'a> {
    pub(crate) id: &'a str,
    pub(crate) text: &'a str,
    pub(crate) written_at: Moment,
    pub(crate) mark: Option<&'a str>,
}

/// What a change did.
pub(crate) enum Changed {
    /// The record says what it said.
    Nothing(Box<Record>),
    /// At least one field has another value.
    Fields,
}

impl Writer {
    /// Decides the permission.
    pub(crate) fn new(crm: &Crm, tx: &mut Tx<'_>, acting: &Acting) -> Result<Self, CrmError> {
        Ok(Self { scope: Scope::of(tx, acting)?, fields: crm.fields_in(tx)?, now: crm.now() })
    }

    pub(crate) fn now(&self) -> Moment {
        self.now
    }

    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Makes a record with a fresh id.
    pub(crate) fn create(&self, tx: &mut Tx<'_>, module: Module, id: &str, draft: &Draft) -> Result<Record, CrmError> {
        self.insert(tx, module, id, draft)?;
        record::read(tx, &self.scope, module, id)
    }

    /// Makes a record with a fresh id and does not read it.
    pub(crate) fn insert(&self, tx: &mut Tx<'_>, module: Module, id: &str, draft: &Draft) -> Result<(), CrmError> {
        let merged = merge(tx, &self.scope, &self.fields, module, None, draft)?;
        match module.sales() {
            Some(_) => sales::insert(tx, &self.sales_writing(module, id, 1, &merged))?,
            None => task::insert(tx, &self.task_writing(id, 1, &merged, None))?,
        }
        self.index(tx, module, id, &merged.values)?;
        self.tell(tx, module, id, 1)?;
        Ok(())
    }

    /// Changes fields of a record that is there.
    pub(crate) fn update(
        &self,
        tx: &mut Tx<'_>,
        module: Module,
        id: &str,
        expected: Option<i64>,
        draft: &Draft,
    ) -> Result<Record, CrmError> {
        match self.change(tx, module, id, expected, draft)? {
            Changed::Nothing(present) => Ok(*present),
            Changed::Fields => record::read(tx, &self.scope, module, id),
        }
    }

    /// Changes fields of a record that is there, and does not read it again.
    pub(crate) fn change(
        &self,
        tx: &mut Tx<'_>,
        module: Module,
        id: &str,
        expected: Option<i64>,
        draft: &Draft,
    ) -> Result<Changed, CrmError> {
        tx.lock(lock(id))?;
        let present = record::read(tx, &self.scope, module, id)?;
        if is_overtaken(&present, expected) {
            return Err(CrmError::Stale(Box::new(present)));
        }
        let merged = merge(tx, &self.scope, &self.fields, module, Some(&present), draft)?;
        if merged.values == present.values {
            return Ok(Changed::Nothing(Box::new(present)));
        }
        self.overwrite(tx, &present, &merged)?;
        let changes = changes(&present.values, &merged.values);
        let key = key(&self.scope, module, id);
        history::write(tx, &key, &changes, self.scope.email(), self.now, self.scope.origin())?;
        if searched(module).iter().any(|field| changes.iter().any(|change| change.field == *field)) {
            self.index(tx, module, id, &merged.values)?;
        }
        self.tell(tx, module, id, present.version + 1)?;
        Ok(Changed::Fields)
    }

    /// Marks a record as deleted.
    pub(crate) fn delete(
        &self,
        tx: &mut Tx<'_>,
        module: Module,
        id: &str,
        expected: Option<i64>,
    ) -> Result<(), CrmError> {
        tx.lock(lock(id))?;
        let present = record::read(tx, &self.scope, module, id)?;
        if is_overtaken(&present, expected) {
            return Err(CrmError::Stale(Box::new(present)));
        }
        let (organisation, by) = (self.scope.organisation(), self.scope.user().id.as_str());
        let version = present.version + 1;
        let is_done = match module.sales() {
            Some(_) => sales::delete(tx, organisation, id, version, by, self.now)?,
            None => task::delete(tx, organisation, id, version, by, self.now)?,
        };
        still_there(is_done)?;
        let key = key(&self.scope, module, id);
        let change = FieldChange { field: "deleted", old: None, new: Some("true") };
        history::write(tx, &key, &[change], self.scope.email(), self.now, self.scope.origin())?;
        search::forget(tx, &key)?;
        self.tell(tx, module, id, version)?;
        Ok(())
    }

    /// Writes a note; answers the version of its record afterwards. A note counts in the version of a task.
    pub(crate) fn add_note(
        &self,
        tx: &mut Tx<'_>,
        module: Module,
        id: &str,
        wanted: &NewNote<'_>,
    ) -> Result<(Note, i64), CrmError> {
        tx.lock(lock(id))?;
        let parent = record::read(tx, &self.scope, module, id)?;
        let writing = note::Writing {
            organisation: self.scope.organisation(),
            id: wanted.id,
            parent: module,
            parent_id: id,
            text: wanted.text,
            author_id: &self.scope.user().id,
            written_at: wanted.written_at,
            now: self.now,
            mark: wanted.mark,
        };
        note::insert(tx, &writing)?;
        let version = match module {
            Module::Task => task::noted(tx, self.scope.organisation(), id, wanted.id)?
                .ok_or(CrmError::Gone(Evidence { by: None, at: None }))?,
            Module::Lead | Module::Account | Module::Contact | Module::Deal => parent.version,
        };
        self.tell(tx, module, id, version)?;
        let note = Note {
            id: ports::NoteId::new(wanted.id),
            parent: module,
            parent_id: id.to_owned(),
            author: self.scope.email().clone(),
            at: wanted.written_at,
            text: wanted.text.to_owned(),
            mark: wanted.mark.map(str::to_owned),
        };
        Ok((note, version))
    }

    fn overwrite(&self, tx: &mut Tx<'_>, present: &Record, merged: &Merged) -> Result<(), CrmError> {
        let version = present.version + 1;
        let is_done = match present.module.sales() {
            Some(_) => sales::update(tx, &self.sales_writing(present.module, &present.id, version, merged))?,
            None => task::update(tx, &self.task_writing(&present.id, version, merged, Some(present)))?,
        };
        still_there(is_done)
    }

    fn sales_writing<'a>(
        &'a self,
        module: Module,
        id: &'a str,
        version: i64,
        merged: &'a Merged,
    ) -> sales::Writing<'a> {
        sales::Writing {
            organisation: self.scope.organisation(),
            module,
            id,
            version,
            values: &merged.values,
            owner_id: &merged.owner_id,
            now: self.now,
            by: &self.scope.user().id,
        }
    }

    fn task_writing<'a>(
        &'a self,
        id: &'a str,
        version: i64,
        merged: &'a Merged,
        present: Option<&'a Record>,
    ) -> task::Writing<'a> {
        task::Writing {
            organisation: self.scope.organisation(),
            id,
            version,
            values: &merged.values,
            present,
            owner_id: &merged.owner_id,
            now: self.now,
            by: &self.scope.user().id,
        }
    }

    fn index(&self, tx: &mut Tx<'_>, module: Module, id: &str, values: &Values) -> Result<(), StoreError> {
        let texts: Vec<&str> = searched(module).iter().filter_map(|field| values.text(field)).collect();
        search::index(tx, &key(&self.scope, module, id), &texts)
    }

    fn tell(&self, tx: &mut Tx<'_>, module: Module, id: &str, version: i64) -> Result<(), StoreError> {
        tx.feed(&FeedEntry {
            feed: FEED,
            tenant: self.scope.organisation(),
            kind: module.code(),
            record: id,
            version,
            audience: self.scope.organisation(),
            origin: self.scope.origin().code(),
        })
    }
}

/// The fields under whose words a record is found.
fn searched(module: Module) -> &'static [&'static str] {
    match module {
        Module::Lead => &["name", "company", "email"],
        Module::Account => &["name"],
        Module::Contact => &["name", "email"],
        Module::Deal => &["name"],
        Module::Task => &["subject"],
    }
}

fn changes<'a>(old: &'a Values, new: &'a Values) -> Vec<FieldChange<'a>> {
    let mut fields: Vec<&str> = old.iter().chain(new.iter()).map(|(field, _)| field).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
        .into_iter()
        .map(|field| FieldChange { field, old: old.text(field), new: new.text(field) })
        .filter(|change| change.old != change.new)
        .collect()
}

/// Whether a field changed after the version that the caller knew.
fn is_overtaken(present: &Record, expected: Option<i64>) -> bool {
    expected.is_some_and(|expected| expected < present.fields_version() || expected > present.version)
}

/// The lock is held and the row was read under it, so nobody else can have moved it.
fn still_there(is_done: bool) -> Result<(), CrmError> {
    if is_done { Ok(()) } else { Err(CrmError::Store(StoreError::Busy("the record moved meanwhile".to_owned()))) }
}

/// Writes of one record come one by one.
fn lock(id: &str) -> LockKey {
    LockKey::new("crm_record", id)
}
