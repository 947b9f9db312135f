//! The change history of an app: which field, from what, to what, who, when and what brought it about. It is kept.

use std::collections::HashMap;

use ports::{Email, Moment, Origin, Page};
use store::{Bind, Read, Row, Sql, StoreError, Tx};

use crate::{RecordKey, RecordsError};

/// One field of a record that changes. `None` is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldChange<'a> {
    /// The field, in the words of its app.
    pub field: &'a str,
    /// The value before.
    pub old: Option<&'a str>,
    /// The value after.
    pub new: Option<&'a str>,
}

/// Who changes something, when, and what brought it about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Who.
    pub who: Email,
    /// When.
    pub at: Moment,
    /// What brought it about, as [`Origin::code`] says it.
    pub origin: String,
}

/// One line of a record's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Counts the changes of the record from 1.
    pub n: i64,
    /// The field.
    pub field: String,
    /// The value before; `None` is empty.
    pub old: Option<String>,
    /// The value after; `None` is empty.
    pub new: Option<String>,
    /// Who, when, by what.
    pub stamp: Stamp,
}

/// The last changes of the fields of many records.
#[derive(Clone, Debug, Default)]
pub struct Stamps {
    by_field: HashMap<(String, String), Stamp>,
}

/// Records whose stamps are read by one statement.
const BATCH: usize = 100;

const NEXT_NUMBER: Sql = Sql::hot(
    "select coalesce(max(n), 0) + 1 as n from record_history where tenant = $1 and module = $2 and record = $3",
);
const ADD: Sql = Sql::hot(
    "insert into record_history (tenant, module, record, n, field, old, new, who, at, origin) \
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
);
const STAMP: Sql = Sql::hot(
    "insert into record_stamp (tenant, module, record, field, who, at, origin) values ($1, $2, $3, $4, $5, $6, $7) \
     on conflict (tenant, module, record, field) do update set who = excluded.who, at = excluded.at, \
     origin = excluded.origin",
);
const OF_RECORD: Sql = Sql::hot(
    "select n, field, old, new, who, at, origin from record_history \
     where tenant = $1 and module = $2 and record = $3 and n < $4 order by n desc limit $5",
);
const LAST: Sql = Sql::hot(
    "select record, field, who, at, origin from record_stamp \
     where tenant = $1 and module = $2 and record = $3 and field = $4",
);
const FORGET: Sql = Sql::new("delete from record_history where tenant = $1 and module = $2 and record = $3");
const FORGET_STAMPS: Sql = Sql::new("delete from record_stamp where tenant = $1 and module = $2 and record = $3");

impl Stamps {
    /// Who changed this field of this record last, and when; nothing if its history does not say.
    pub fn of(&self, record: &str, field: &str) -> Option<&Stamp> {
        self.by_field.get(&(record.to_owned(), field.to_owned()))
    }
}

/// Writes what changes, in the transaction that changes it. Fields whose value stays are left out.
///
/// On PostgreSQL the record's own row is to be written first in the transaction, so that two savers come one by one.
pub fn write(
    tx: &mut Tx<'_>,
    key: &RecordKey<'_>,
    changes: &[FieldChange<'_>],
    who: &Email,
    at: Moment,
    origin: Origin,
) -> Result<(), StoreError> {
    let address: [Bind; 3] = [key.tenant.into(), key.module.into(), key.record.into()];
    let changes: Vec<_> = changes.iter().filter(|change| change.old != change.new).collect();
    if changes.is_empty() {
        return Ok(());
    }
    let first = tx.row(&NEXT_NUMBER, &address)?.map_or(Ok(1), |row| row.int("n"))?;
    for (n, change) in (first..).zip(changes) {
        let [tenant, module, record] = address.clone();
        let stamp: [Bind; 3] = [who.as_str().into(), at.ms().into(), origin.code().into()];
        let [who, at, origin] = stamp.clone();
        let field = change.field.into();
        let (old, new) = (change.old.into(), change.new.into());
        tx.execute(&ADD, &[tenant, module, record, n.into(), field, old, new, who, at, origin])?;
        let [tenant, module, record] = address.clone();
        let [who, at, origin] = stamp;
        tx.execute(&STAMP, &[tenant, module, record, change.field.into(), who, at, origin])?;
    }
    Ok(())
}

/// A record's history, newest first, `limit` lines a page; `after` is the `next` of the page before.
pub fn of(
    read: &mut Read<'_>,
    key: &RecordKey<'_>,
    limit: usize,
    after: Option<&str>,
) -> Result<Page<Entry>, RecordsError> {
    let before = match after {
        Some(text) => text.parse::<i64>().map_err(|_| RecordsError::WrongPosition)?,
        None => i64::MAX,
    };
    let wanted = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let binds = [key.tenant.into(), key.module.into(), key.record.into(), before.into(), wanted.into()];
    let mut rows = read.rows(&OF_RECORD, &binds)?.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let is_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| is_more).map(|last| last.n.to_string());
    Ok(Page { rows, next })
}

/// Who changed one field last, and when.
pub fn last_change(read: &mut Read<'_>, key: &RecordKey<'_>, field: &str) -> Result<Option<Stamp>, StoreError> {
    let row = read.row(&LAST, &[key.tenant.into(), key.module.into(), key.record.into(), field.into()])?;
    row.map(|row| stamp(&row)).transpose()
}

/// The last changes of all fields of many records of one module.
pub fn last_changes(read: &mut Read<'_>, tenant: &str, module: &str, records: &[&str]) -> Result<Stamps, StoreError> {
    let mut stamps = Stamps::default();
    for chunk in records.chunks(BATCH) {
        let (sql, size) = of_many(chunk.len());
        let mut binds: Vec<Bind> = vec![tenant.into(), module.into()];
        // Filled up with ids that nothing has, so that there are few statements to prepare.
        binds.extend(chunk.iter().chain(std::iter::repeat_n(&"", size - chunk.len())).map(|id| Bind::from(*id)));
        for row in read.rows(&sql, &binds)? {
            stamps.by_field.insert((row.text("record")?, row.text("field")?), stamp(&row)?);
        }
    }
    Ok(stamps)
}

/// Throws a record's history away, with the record.
pub fn forget(tx: &mut Tx<'_>, key: &RecordKey<'_>) -> Result<(), StoreError> {
    let address: [Bind; 3] = [key.tenant.into(), key.module.into(), key.record.into()];
    tx.execute(&FORGET, &address)?;
    tx.execute(&FORGET_STAMPS, &address)?;
    Ok(())
}

/// The statement for `wanted` records and how many ids it takes.
fn of_many(wanted: usize) -> (Sql, usize) {
    let size = [1, 10, BATCH].into_iter().find(|size| *size >= wanted).unwrap_or(BATCH);
    let places: Vec<String> = (3..3 + size).map(|number| format!("${number}")).collect();
    let text = format!(
        "select record, field, who, at, origin from record_stamp where tenant = $1 and module = $2 and record in ({})",
        places.join(", ")
    );
    (Sql::built(text), size)
}

fn entry(row: &Row) -> Result<Entry, StoreError> {
    Ok(Entry {
        n: row.int("n")?,
        field: row.text("field")?,
        old: row.text_or_null("old")?,
        new: row.text_or_null("new")?,
        stamp: stamp(row)?,
    })
}

fn stamp(row: &Row) -> Result<Stamp, StoreError> {
    let who = Email::parse(&row.text("who")?).map_err(|cause| StoreError::Other(cause.to_string()))?;
    Ok(Stamp { who, at: Moment::from_ms(row.int("at")?), origin: row.text("origin")? })
}
