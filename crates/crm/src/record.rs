//! A record of any module: its values, what its fields name, who made and last changed it.

pub mod account;
pub mod contact;
pub mod deal;
pub mod lead;
pub mod note;
pub mod sales;
pub mod task;

use std::collections::BTreeMap;

use ports::{CrmModule, CrmRef, Email, Evidence, Moment, Version};
use store::{Bind, Read, Row, Sql, StoreError};

use crate::error::CrmError;
use crate::field::Module;
use crate::permission::Scope;
use crate::value::Values;

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Who.
    pub by: Email,
    /// When.
    pub at: Moment,
}

/// Another record that a field names, as long as it is not deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Which.
    pub reference: CrmRef,
    /// Its name.
    pub name: String,
}

/// A record of any module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is.
    pub module: Module,
    /// Its id.
    pub id: String,
    /// Its version, for "changed meanwhile" checks.
    pub version: i64,
    /// Its owner.
    pub owner: Email,
    /// The canonical text of every field that is not empty.
    pub values: Values,
    /// The records that fields name.
    pub related: BTreeMap<String, Named>,
    /// Who made it.
    pub created: Stamp,
    /// Who changed it last.
    pub modified: Stamp,
    /// What only a task has.
    pub task: Option<task::TaskState>,
    /// Who deleted it and when; services give such a record to nobody.
    pub(crate) deleted: Option<Evidence>,
    pub(crate) owner_id: String,
}

impl Record {
    /// Deal name, account name, full name of a person, subject of a task.
    pub fn name(&self) -> &str {
        self.values.text(self.module.name_field()).unwrap_or_default()
    }

    /// The text of a field; empty where it has none.
    pub fn text(&self, field: &str) -> &str {
        self.values.text(field).unwrap_or_default()
    }

    /// The record that a field names.
    pub fn named(&self, field: &str) -> Option<&Named> {
        self.related.get(field)
    }

    /// The sales record it is; none for a task.
    pub fn reference(&self) -> Option<CrmRef> {
        self.module.sales().map(|module| CrmRef { module, id: self.id.clone() })
    }

    /// The version as the bridge compares it.
    pub fn mark(&self) -> Version {
        Version::counter(self.version)
    }

    /// The version that a change of a field must know, so that nothing unseen is overwritten.
    pub(crate) fn fields_version(&self) -> i64 {
        self.task.as_ref().map_or(self.version, |task| task.fields_version)
    }
}

/// Reads a record with the names of all that its fields name.
///
/// Errors: `NotFound`; `Gone` for a deleted one.
pub(crate) fn read(read: &mut Read<'_>, scope: &Scope, module: Module, id: &str) -> Result<Record, CrmError> {
    match find(read, scope.organisation(), module, id)? {
        None => Err(CrmError::NotFound),
        Some(Record { deleted: Some(evidence), .. }) => Err(CrmError::Gone(evidence)),
        Some(record) => Ok(record),
    }
}

/// Reads a record, deleted or not.
pub(crate) fn find(
    read: &mut Read<'_>,
    organisation: &str,
    module: Module,
    id: &str,
) -> Result<Option<Record>, StoreError> {
    let found = match module.sales() {
        Some(sales) => sales::find(read, organisation, id)?.filter(|record| record.module == Module::from(sales)),
        None => task::find(read, organisation, id)?,
    };
    Ok(found)
}

pub(crate) fn created(row: &Row) -> Result<Stamp, StoreError> {
    Ok(Stamp { by: email(row, "created_email")?, at: Moment::from_ms(row.int("created_at")?) })
}

pub(crate) fn modified(row: &Row) -> Result<Stamp, StoreError> {
    Ok(Stamp { by: email(row, "modified_email")?, at: Moment::from_ms(row.int("modified_at")?) })
}

pub(crate) fn deleted(row: &Row) -> Result<Option<Evidence>, StoreError> {
    let Some(at) = row.int_or_null("deleted_at")? else { return Ok(None) };
    let by = row.text_or_null("deleted_email")?.and_then(|text| Email::parse(&text).ok());
    Ok(Some(Evidence { by, at: Some(Moment::from_ms(at)) }))
}

pub(crate) fn email(row: &Row, column: &str) -> Result<Email, StoreError> {
    let text = row.text(column)?;
    Email::parse(&text).map_err(|wrong| StoreError::Other(format!("column {column}: {wrong}")))
}

/// What a pair of columns names, if there is such a record.
pub(crate) fn named(module: CrmModule, id: Option<String>, name: Option<String>) -> Option<Named> {
    Some(Named { reference: CrmRef { module, id: id? }, name: name? })
}

/// Ids that one statement asks for.
const BATCH: usize = 100;

/// Statements that ask for many ids, with their values; `base` ends in `in` and binds the tenant as `$1`.
pub(crate) fn by_ids(base: &str, organisation: &str, ids: &[&str]) -> Vec<(Sql, Vec<Bind>)> {
    ids.chunks(BATCH)
        .map(|chunk| {
            // Few sizes, filled up with ids that nothing has, so that there are few statements to prepare.
            let size = [1, 10, BATCH].into_iter().find(|size| *size >= chunk.len()).unwrap_or(BATCH);
            let places: Vec<String> = (2..2 + size).map(|number| format!("${number}")).collect();
            let filling = std::iter::repeat_n(&"", size - chunk.len());
            let mut binds: Vec<Bind> = vec![organisation.into()];
            binds.extend(chunk.iter().chain(filling).map(|id| Bind::from(*id)));
            (Sql::built(format!("{base}({})", places.join(", "))), binds)
        })
        .collect()
}
