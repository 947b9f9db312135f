//! Writes of the bridge: the same services as everybody's, with create marks and outcomes instead of errors.

use ports::{
    Acting, CreateMark, CrmModule, CrmTaskPatch, CrmWrite, NewCrmNote, NewCrmTask, Outcome, Patch, Reason, Version,
    Wait,
};
use store::{Read, Sql, StoreError, Tx};

use crate::Crm;
use crate::error::CrmError;
use crate::field::Module;
use crate::permission::Scope;
use crate::record::{self, task};
use crate::service::{NewNote, Writer, merge, note_text, reason};
use crate::value::Draft;

const CLAIM_MARK: Sql = Sql::hot(
    "insert into crm_create_mark (organisation_id, mark, kind, record_id, created_at) values ($1, $2, $3, $4, $5) \
     on conflict (organisation_id, mark) do nothing",
);
const OF_MARK: Sql = Sql::hot("select record_id from crm_create_mark where organisation_id = $1 and mark = $2");

/// The record that was made with a mark.
pub(super) fn created(read: &mut Read<'_>, organisation: &str, mark: &str) -> Result<Option<String>, CrmError> {
    let row = read.row(&OF_MARK, &[organisation.into(), mark.into()])?;
    Ok(row.map(|row| row.text("record_id")).transpose()?)
}

/// One write in a transaction of its own.
///
/// Errors: only those after which nothing is known about the write.
pub(super) fn write(crm: &Crm, write: &CrmWrite) -> Result<Outcome<String>, CrmError> {
    let (done, draft) = match write {
        CrmWrite::CreateTask { task, mark, acting } => {
            let draft = new_task(task);
            (create_task(crm, acting, mark, &draft), draft)
        }
        CrmWrite::UpdateTask { id, expected, patch, acting } => {
            let draft = patched_task(patch);
            (update_task(crm, acting, id.as_str(), expected.as_ref(), &draft), draft)
        }
        CrmWrite::CreateNote { note, mark, acting } => (create_note(crm, acting, mark, note), Draft::new()),
    };
    match done {
        Ok((id, version)) => Ok(Outcome::Done { id, version: Version::counter(version) }),
        Err(CrmError::Stale(_)) => Ok(Outcome::Stale),
        Err(CrmError::Gone(_) | CrmError::NotFound) => Ok(Outcome::Gone),
        // Nothing was saved, and trying again may help.
        Err(CrmError::Store(StoreError::Busy(_) | StoreError::Full(_))) => Ok(Outcome::Later(Wait::Unreachable)),
        // The answer to the commit may be what was lost.
        Err(CrmError::Store(StoreError::Unavailable(_))) => Ok(Outcome::Unknown),
        Err(error) => match reason(&error, &draft) {
            Some(reason) => Ok(Outcome::Refused(reason)),
            None => Err(error),
        },
    }
}

/// Whether a write would be refused.
pub(super) fn check(crm: &Crm, write: &CrmWrite) -> Result<Option<Reason>, CrmError> {
    let (tried, draft) = match write {
        CrmWrite::CreateTask { task, acting, .. } => {
            let draft = new_task(task);
            (tried_task(crm, acting, None, &draft), draft)
        }
        CrmWrite::UpdateTask { id, patch, acting, .. } => {
            let draft = patched_task(patch);
            (tried_task(crm, acting, Some(id.as_str()), &draft), draft)
        }
        CrmWrite::CreateNote { note, acting, .. } => (tried_note(crm, acting, note), Draft::new()),
    };
    match tried {
        Ok(()) => Ok(None),
        Err(error) => match reason(&error, &draft) {
            Some(reason) => Ok(Some(reason)),
            None => Err(error),
        },
    }
}

fn create_task(crm: &Crm, acting: &Acting, mark: &CreateMark, draft: &Draft) -> Result<(String, i64), CrmError> {
    let id = crm.next_id();
    crm.db().write(|tx| {
        let writer = Writer::new(crm, tx, acting)?;
        if let Some(first) = claim(tx, &writer, mark, "task", &id)? {
            let made = record::read(tx, writer.scope(), Module::Task, &first)?;
            return Ok((made.id, made.version));
        }
        let made = writer.create(tx, Module::Task, &id, draft)?;
        Ok((made.id, made.version))
    })
}

fn update_task(
    crm: &Crm,
    acting: &Acting,
    id: &str,
    expected: Option<&Version>,
    draft: &Draft,
) -> Result<(String, i64), CrmError> {
    // A version that is none of ours fits no record.
    let expected = expected.map(|version| version.number().unwrap_or(0));
    crm.db().write(|tx| {
        let writer = Writer::new(crm, tx, acting)?;
        let changed = writer.update(tx, Module::Task, id, expected, draft)?;
        Ok((changed.id, changed.version))
    })
}

fn create_note(crm: &Crm, acting: &Acting, mark: &CreateMark, note: &NewCrmNote) -> Result<(String, i64), CrmError> {
    let id = crm.next_id();
    let text = note_text(note.text.as_str())?;
    crm.db().write(|tx| {
        let writer = Writer::new(crm, tx, acting)?;
        if let Some(first) = claim(tx, &writer, mark, "note", &id)? {
            let task = record::read(tx, writer.scope(), Module::Task, note.task.as_str())?;
            return Ok((first, task.version));
        }
        let wanted = NewNote { id: &id, text: &text, written_at: note.at, mark: Some(mark.as_str()) };
        let (made, version) = writer.add_note(tx, Module::Task, note.task.as_str(), &wanted)?;
        Ok((made.id.into_string(), version))
    })
}

/// Takes a mark for a new record; answers the record that has it already.
fn claim(
    tx: &mut Tx<'_>,
    writer: &Writer,
    mark: &CreateMark,
    kind: &str,
    id: &str,
) -> Result<Option<String>, CrmError> {
    let binds = [writer.scope().bind(), mark.as_str().into(), kind.into(), id.into(), writer.now().ms().into()];
    if tx.execute(&CLAIM_MARK, &binds)? == 1 {
        return Ok(None);
    }
    created(tx, writer.scope().organisation(), mark.as_str())
}

fn tried_task(crm: &Crm, acting: &Acting, id: Option<&str>, draft: &Draft) -> Result<(), CrmError> {
    crm.db().read(|read| {
        let scope = Scope::of(read, acting)?;
        let fields = crm.fields_in(read)?;
        let present = id.map(|id| record::read(read, &scope, Module::Task, id)).transpose()?;
        merge(read, &scope, &fields, Module::Task, present.as_ref(), draft).map(|_| ())
    })
}

fn tried_note(crm: &Crm, acting: &Acting, note: &NewCrmNote) -> Result<(), CrmError> {
    note_text(note.text.as_str())?;
    crm.db().read(|read| {
        let scope = Scope::of(read, acting)?;
        record::read(read, &scope, Module::Task, note.task.as_str()).map(|_| ())
    })
}

fn new_task(new: &NewCrmTask) -> Draft {
    let mut draft = Draft::new()
        .with("subject", new.subject.as_str())
        .with("description", new.description.as_str())
        .with("due", new.due.map(|day| day.to_string()).unwrap_or_default())
        .with("priority", new.priority.as_deref().unwrap_or_default())
        .with("status", new.status.as_str())
        .with("owner", new.owner.as_str());
    if let Some(under) = &new.under {
        let field = match under.module {
            CrmModule::Account | CrmModule::Deal => "related",
            CrmModule::Lead | CrmModule::Contact => "person",
        };
        draft.put(field, task::text(under));
    }
    draft
}

fn patched_task(patch: &CrmTaskPatch) -> Draft {
    let mut draft = Draft::new();
    let mut put = |field: &str, text: Option<String>| {
        if let Some(text) = text {
            draft.put(field, text);
        }
    };
    put("subject", patch.subject.clone());
    put("description", patch.description.as_ref().map(|text| text.as_str().to_owned()));
    put("due", patched(&patch.due));
    put("priority", patched(&patch.priority));
    put("status", patch.status.clone());
    put("owner", patch.owner.as_ref().map(ToString::to_string));
    draft
}

/// The text of a patched field; an empty one empties it, none leaves it alone.
fn patched<T: ToString>(patch: &Patch<T>) -> Option<String> {
    match patch {
        Patch::Keep => None,
        Patch::Clear => Some(String::new()),
        Patch::Set(value) => Some(value.to_string()),
    }
}
