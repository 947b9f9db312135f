//! Tasks: under an account or a deal, with a lead or contact where wanted.

use std::collections::{BTreeMap, HashMap};

use ports::{CrmModule, CrmRef, CrmTaskId, Date, Evidence, Moment, NoteId};
use records::fold;
use records::list::Source;
use store::{Bind, Read, Row, Sql, StoreError, Tx};

use super::sales::NO_DAY;
use super::{Named, Record, by_ids, created, deleted, email, modified, named};
use crate::field::Module;
use crate::value::Values;

/// The one status that means closed (F5).
pub const CLOSED: &str = "Completed";

/// What only a task has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskState {
    /// Whether its status is [`CLOSED`].
    pub is_closed: bool,
    /// The status it had before it was closed last, if known.
    pub status_before_closing: Option<String>,
    /// When it was closed; none while open.
    pub closed_at: Option<Moment>,
    /// The account it belongs to, directly or through its deal.
    pub account: Option<Named>,
    /// The newest of its notes.
    pub newest_note: Option<NoteId>,
    /// Version of the last change of a field; notes count in the record's version only.
    pub(crate) fields_version: i64,
}

/// Columns of every statement that reads tasks.
macro_rules! task_columns {
    () => {
        "t.id, t.version, t.fields_version, t.subject, t.description, t.due, t.priority, t.status, t.is_closed, \
         t.status_before_closing, t.closed_at, t.related_module, t.related_id, case when r.deleted_at is null then r.name end as related_name, \
         t.person_module, t.person_id, case when p.deleted_at is null then p.name end as person_name, a.id as account_id, \
         case when a.deleted_at is null then a.name end as account_name, \
         t.newest_note_id, t.owner_id, o.email as owner_email, t.created_at, cu.email as created_email, \
         t.modified_at, mu.email as modified_email, t.deleted_at, du.email as deleted_email"
    };
}

/// Tables and joins of every statement that reads tasks.
macro_rules! task_tables {
    () => {
        "crm_task t \
         join crm_user o on o.organisation_id = t.organisation_id and o.id = t.owner_id \
         join crm_user cu on cu.organisation_id = t.organisation_id and cu.id = t.created_by \
         join crm_user mu on mu.organisation_id = t.organisation_id and mu.id = t.modified_by \
         left join crm_user du on du.organisation_id = t.organisation_id and du.id = t.deleted_by \
         left join crm_record r on r.organisation_id = t.organisation_id and r.id = t.related_id \
         left join crm_record p on p.organisation_id = t.organisation_id and p.id = t.person_id \
         left join crm_record a on a.organisation_id = t.organisation_id and a.id = case \
         when t.related_module = 'account' then t.related_id when r.deleted_at is null then r.account_id end"
    };
}

/// For lists; ids break ties.
pub(crate) const SOURCE: Source = Source { columns: task_columns!(), from: task_tables!(), id: "t.id" };
/// For counts, which need no joins.
pub(crate) const COUNTED: Source = Source { columns: "t.id", from: "crm_task t", id: "t.id" };

const FIND: Sql = Sql::hot(concat!(
    "select ",
    task_columns!(),
    " from ",
    task_tables!(),
    " where t.organisation_id = $1 and t.id = $2"
));
const INSERT: Sql = Sql::new(
    "insert into crm_task (organisation_id, id, version, fields_version, subject, subject_key, description, due, \
     due_key, priority, status, is_closed, status_before_closing, closed_at, related_module, related_id, \
     person_module, person_id, owner_id, created_at, created_by, modified_at, modified_by) \
     values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $19, $20)",
);
const UPDATE: Sql = Sql::hot(
    "update crm_task set version = $3, fields_version = $3, subject = $4, subject_key = $5, description = $6, \
     due = $7, due_key = $8, priority = $9, status = $10, is_closed = $11, status_before_closing = $12, \
     closed_at = $13, related_module = $14, related_id = $15, person_module = $16, person_id = $17, owner_id = $18, \
     modified_at = $19, modified_by = $20 \
     where organisation_id = $1 and id = $2 and version = $3 - 1 and deleted_at is null",
);
const DELETE: Sql = Sql::hot(
    "update crm_task set version = $3, fields_version = $3, deleted_at = $4, deleted_by = $5, modified_at = $4, \
     modified_by = $5 where organisation_id = $1 and id = $2 and version = $3 - 1 and deleted_at is null",
);
const NOTED: Sql = Sql::hot(
    "update crm_task set version = version + 1, newest_note_id = $3 \
     where organisation_id = $1 and id = $2 and deleted_at is null returning version",
);

/// Reads one, deleted or not.
pub(crate) fn find(read: &mut Read<'_>, organisation: &str, id: &str) -> Result<Option<Record>, StoreError> {
    read.row(&FIND, &[organisation.into(), id.into()])?.map(|row| record(&row)).transpose()
}

/// Several by id, deleted ones too.
pub(crate) fn find_all(
    read: &mut Read<'_>,
    organisation: &str,
    ids: &[&str],
) -> Result<HashMap<String, Record>, StoreError> {
    let base =
        concat!("select ", task_columns!(), " from ", task_tables!(), " where t.organisation_id = $1 and t.id in ");
    let mut found = HashMap::new();
    for (sql, binds) in by_ids(base, organisation, ids) {
        for row in read.rows(&sql, &binds)? {
            let record = record(&row)?;
            found.insert(record.id.clone(), record);
        }
    }
    Ok(found)
}

/// Versions of several, and the proof of deletion of those that were deleted.
pub(crate) fn versions(
    read: &mut Read<'_>,
    organisation: &str,
    ids: &[&str],
) -> Result<HashMap<String, (i64, Option<Evidence>)>, StoreError> {
    let base = "select t.id, t.version, t.deleted_at, du.email as deleted_email from crm_task t \
                left join crm_user du on du.organisation_id = t.organisation_id and du.id = t.deleted_by \
                where t.organisation_id = $1 and t.id in ";
    let mut found = HashMap::new();
    for (sql, binds) in by_ids(base, organisation, ids) {
        for row in read.rows(&sql, &binds)? {
            found.insert(row.text("id")?, (row.int("version")?, deleted(&row)?));
        }
    }
    Ok(found)
}

/// What a row of [`SOURCE`] holds.
pub(crate) fn record(row: &Row) -> Result<Record, StoreError> {
    let owner = email(row, "owner_email")?;
    let related = reference(row, "related_module", "related_id")?;
    let person = reference(row, "person_module", "person_id")?;
    let mut values = Values::default();
    values.put("subject", Some(row.text("subject")?));
    values.put("description", Some(row.text("description")?));
    values.put("due", row.text_or_null("due")?);
    values.put("priority", row.text_or_null("priority")?);
    values.put("status", Some(row.text("status")?));
    values.put("owner", Some(owner.to_string()));
    values.put("related", related.as_ref().map(text));
    values.put("person", person.as_ref().map(text));
    let mut names = BTreeMap::new();
    for (field, reference, column) in [("related", related, "related_name"), ("person", person, "person_name")] {
        if let (Some(reference), Some(name)) = (reference, row.text_or_null(column)?) {
            names.insert(field.to_owned(), Named { reference, name });
        }
    }
    let state = TaskState {
        is_closed: row.flag("is_closed")?,
        status_before_closing: row.text_or_null("status_before_closing")?,
        closed_at: row.int_or_null("closed_at")?.map(Moment::from_ms),
        account: named(CrmModule::Account, row.text_or_null("account_id")?, row.text_or_null("account_name")?),
        newest_note: row.text_or_null("newest_note_id")?.map(NoteId::new),
        fields_version: row.int("fields_version")?,
    };
    Ok(Record {
        module: Module::Task,
        id: row.text("id")?,
        version: row.int("version")?,
        owner,
        values,
        related: names,
        created: created(row)?,
        modified: modified(row)?,
        task: Some(state),
        deleted: deleted(row)?,
        owner_id: row.text("owner_id")?,
    })
}

/// What is written for a task: its values as they shall be, and who writes.
pub(crate) struct Writing<'a> {
    pub(crate) organisation: &'a str,
    pub(crate) id: &'a str,
    /// The version afterwards.
    pub(crate) version: i64,
    pub(crate) values: &'a Values,
    /// The task as it is before; none for a new one.
    pub(crate) present: Option<&'a Record>,
    pub(crate) owner_id: &'a str,
    pub(crate) now: Moment,
    pub(crate) by: &'a str,
}

pub(crate) fn insert(tx: &mut Tx<'_>, writing: &Writing<'_>) -> Result<(), StoreError> {
    tx.execute(&INSERT, &binds(writing)).map(|_| ())
}

/// Writes over the version before; answers whether that was still there.
pub(crate) fn update(tx: &mut Tx<'_>, writing: &Writing<'_>) -> Result<bool, StoreError> {
    Ok(tx.execute(&UPDATE, &binds(writing))? == 1)
}

/// Marks as deleted; `version` is the one afterwards. Answers whether the one before was still there.
pub(crate) fn delete(
    tx: &mut Tx<'_>,
    organisation: &str,
    id: &str,
    version: i64,
    by: &str,
    now: Moment,
) -> Result<bool, StoreError> {
    Ok(tx.execute(&DELETE, &[organisation.into(), id.into(), version.into(), now.ms().into(), by.into()])? == 1)
}

/// Counts a new note; answers the task's version afterwards, none if the task is not there.
pub(crate) fn noted(tx: &mut Tx<'_>, organisation: &str, id: &str, note: &str) -> Result<Option<i64>, StoreError> {
    tx.row(&NOTED, &[organisation.into(), id.into(), note.into()])?.map(|row| row.int("version")).transpose()
}

fn binds(writing: &Writing<'_>) -> Vec<Bind> {
    let values = writing.values;
    let subject = values.text("subject").unwrap_or_default();
    let status = values.text("status").unwrap_or_default();
    let due = values.text("due");
    let (status_before_closing, closed_at) = closing(writing, status);
    let related = values.text("related").and_then(parse);
    let person = values.text("person").and_then(parse);
    let module = |reference: &Option<CrmRef>| Bind::from(reference.as_ref().map(|found| found.module.code()));
    let id = |reference: &Option<CrmRef>| Bind::from(reference.as_ref().map(|found| found.id.as_str()));
    vec![
        writing.organisation.into(),
        writing.id.into(),
        writing.version.into(),
        subject.into(),
        fold(subject).into(),
        values.text("description").unwrap_or_default().into(),
        due.into(),
        due.unwrap_or(NO_DAY).into(),
        values.text("priority").into(),
        status.into(),
        (status == CLOSED).into(),
        status_before_closing.into(),
        closed_at.map(Moment::ms).into(),
        module(&related),
        id(&related),
        module(&person),
        id(&person),
        writing.owner_id.into(),
        writing.now.ms().into(),
        writing.by.into(),
    ]
}

/// The status before closing and the moment of closing, afterwards. The former is kept when the task is opened again.
fn closing(writing: &Writing<'_>, status: &str) -> (Option<String>, Option<Moment>) {
    let before = writing.present.and_then(|record| Some((record.text("status"), record.task.as_ref()?)));
    let kept = before.and_then(|(_, state)| state.status_before_closing.clone());
    match before {
        Some((_, state)) if status == CLOSED && state.is_closed => (kept, state.closed_at),
        Some((open, _)) if status == CLOSED => (Some(open.to_owned()), Some(writing.now)),
        None if status == CLOSED => (None, Some(writing.now)),
        Some(_) | None => (kept, None),
    }
}

/// A reference as a value: `deal:4711`.
pub(crate) fn text(reference: &CrmRef) -> String {
    format!("{}:{}", reference.module.code(), reference.id)
}

/// Reads [`text`].
pub(crate) fn parse(text: &str) -> Option<CrmRef> {
    let (module, id) = text.split_once(':')?;
    Some(CrmRef { module: CrmModule::parse(module)?, id: id.to_owned() })
}

fn reference(row: &Row, module: &str, id: &str) -> Result<Option<CrmRef>, StoreError> {
    let module = row.text_or_null(module)?.and_then(|code| CrmModule::parse(&code));
    Ok(module.zip(row.text_or_null(id)?).map(|(module, id)| CrmRef { module, id }))
}

/// A task as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: CrmTaskId,
    /// Its subject.
    pub subject: String,
    /// Its due date.
    pub due: Option<Date>,
    /// Its priority; none where it is empty.
    pub priority: Option<String>,
    /// Its status.
    pub status: String,
    /// Whether the status is the closed one.
    pub is_closed: bool,
    /// The account or deal it is under.
    pub related: Option<Named>,
    /// The lead or contact it is about.
    pub person: Option<Named>,
    /// The account it belongs to, directly or through its deal.
    pub account: Option<Named>,
    /// Everything about it.
    pub record: Record,
}

impl Task {
    /// The task that a record is; none if it is something else.
    pub fn of(record: Record) -> Option<Self> {
        let state = record.task.clone()?;
        Some(Self {
            id: CrmTaskId::new(record.id.as_str()),
            subject: record.name().to_owned(),
            due: record.values.date("due"),
            priority: record.values.text("priority").map(str::to_owned),
            status: record.text("status").to_owned(),
            is_closed: state.is_closed,
            related: record.named("related").cloned(),
            person: record.named("person").cloned(),
            account: state.account,
            record,
        })
    }
}
