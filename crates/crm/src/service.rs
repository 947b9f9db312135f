//! The services: every write is permission, rules, rows, history, search words and feed in one transaction.

mod merge;
mod write;

use ports::{Acting, Page, PlainText};
use records::{RecordKey, history};

use crate::error::{CrmError, FieldError, Problem};
use crate::field::Module;
use crate::permission::Scope;
use crate::record::note::{self, Note};
use crate::record::{self, Record, Stamp};
use crate::value::Draft;
use crate::{Crm, record::sales};

pub(crate) use merge::{merge, reason};
pub(crate) use write::{Changed, NewNote, Writer};

/// One line of a record's change history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryLine {
    /// The field, in our own words; `deleted` for the deletion.
    pub field: String,
    /// The canonical text before; none where it was empty.
    pub old: Option<String>,
    /// The canonical text after; none where it is empty.
    pub new: Option<String>,
    /// Who and when.
    pub stamp: Stamp,
    /// What brought it about: `form`, `api`, `import`, `bridge`, `system`.
    pub origin: String,
}

/// How much belongs to a record, for the headings of its page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordCounts {
    /// Contacts of an account.
    pub contacts: i64,
    /// Deals of an account or a contact.
    pub deals: i64,
    /// Tasks under it; for an account those of its deals too.
    pub tasks: i64,
    /// Notes on it.
    pub notes: i64,
}

impl Crm {
    /// Makes a record.
    ///
    /// Fields that the draft does not name get their default: the acting person is the owner, a task is not started.
    /// Errors: `no_permission`; `Invalid` with every field that cannot be saved.
    pub fn create(&self, acting: &Acting, module: Module, draft: &Draft) -> Result<Record, CrmError> {
        let id = self.next_id();
        self.db().write(|tx| {
            let writer = Writer::new(self, tx, acting)?;
            writer.create(tx, module, &id, draft)
        })
    }

    /// Changes fields of a record; what the draft does not name stays. A change of nothing writes nothing.
    ///
    /// With `expected`, a version the caller read, nothing is overwritten that he has not seen.
    /// Errors: `no_permission`; `NotFound`; `Gone`; `Stale` with the record as it is now; `Invalid`.
    pub fn update(
        &self,
        acting: &Acting,
        module: Module,
        id: &str,
        expected: Option<i64>,
        draft: &Draft,
    ) -> Result<Record, CrmError> {
        self.db().write(|tx| {
            let writer = Writer::new(self, tx, acting)?;
            writer.update(tx, module, id, expected, draft)
        })
    }

    /// What [`Crm::update`] would answer; writes nothing.
    pub fn check_update(&self, acting: &Acting, module: Module, id: &str, draft: &Draft) -> Result<(), CrmError> {
        self.db().read(|read| {
            let scope = Scope::of(read, acting)?;
            let fields = self.fields_in(read)?;
            let present = record::read(read, &scope, module, id)?;
            merge(read, &scope, &fields, module, Some(&present), draft).map(|_| ())
        })
    }

    /// Deletes a record: it is marked with who and when, and no list shows it any more. What stood under it stays.
    ///
    /// Errors: `no_permission`; `NotFound`; `Gone`; `Stale`.
    pub fn delete(&self, acting: &Acting, module: Module, id: &str, expected: Option<i64>) -> Result<(), CrmError> {
        self.db().write(|tx| {
            let writer = Writer::new(self, tx, acting)?;
            writer.delete(tx, module, id, expected)
        })
    }

    /// One record.
    ///
    /// Errors: `no_permission`; `NotFound`; `Gone` with who deleted it and when.
    pub fn read(&self, acting: &Acting, module: Module, id: &str) -> Result<Record, CrmError> {
        self.db().read(|read| {
            let scope = Scope::of(read, acting)?;
            record::read(read, &scope, module, id)
        })
    }

    /// A record's history, newest first, `limit` lines a page.
    pub fn history(
        &self,
        acting: &Acting,
        module: Module,
        id: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<HistoryLine>, CrmError> {
        self.db().read(|read| {
            let scope = Scope::of(read, acting)?;
            record::read(read, &scope, module, id)?;
            let page = history::of(read, &key(&scope, module, id), limit, after).map_err(wrong_position)?;
            let rows = page
                .rows
                .into_iter()
                .map(|entry| HistoryLine {
                    field: entry.field,
                    old: entry.old,
                    new: entry.new,
                    stamp: Stamp { by: entry.stamp.who, at: entry.stamp.at },
                    origin: entry.stamp.origin,
                })
                .collect();
            Ok(Page { rows, next: page.next })
        })
    }

    /// Writes a note on a record; on a task it is a comment.
    ///
    /// Errors: `no_permission`; `NotFound`; `Gone`; `Invalid` for an empty or too long `text`.
    pub fn add_note(&self, acting: &Acting, module: Module, id: &str, text: &str) -> Result<Note, CrmError> {
        let note_id = self.next_id();
        let text = note_text(text)?;
        self.db().write(|tx| {
            let writer = Writer::new(self, tx, acting)?;
            let wanted = NewNote { id: &note_id, text: &text, written_at: writer.now(), mark: None };
            writer.add_note(tx, module, id, &wanted).map(|(note, _)| note)
        })
    }

    /// Notes of a record, oldest first, at most the newest `limit`.
    pub fn notes(&self, acting: &Acting, module: Module, id: &str, limit: usize) -> Result<Vec<Note>, CrmError> {
        self.db().read(|read| {
            let scope = Scope::of(read, acting)?;
            record::read(read, &scope, module, id)?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let mut notes = note::newest(read, scope.organisation(), id, limit)?;
            notes.sort_by(|left, right| (left.at, &left.id).cmp(&(right.at, &right.id)));
            Ok(notes)
        })
    }

    /// Accounts with exactly this name, oldest first (names are the same after Unicode normalisation and trimming).
    pub fn accounts_named(&self, acting: &Acting, name: &str) -> Result<Vec<String>, CrmError> {
        self.db().read(|read| {
            let scope = Scope::of(read, acting)?;
            Ok(sales::by_name(read, scope.organisation(), ports::CrmModule::Account, name)?)
        })
    }
}

/// The text of a note as it is kept.
pub(crate) fn note_text(text: &str) -> Result<String, CrmError> {
    let problem = |problem: Problem| CrmError::Invalid(vec![FieldError::new("text", problem)]);
    if text.contains('\0') {
        return Err(problem(Problem::InvalidText));
    }
    let text = PlainText::new(text);
    let length = text.as_str().chars().count();
    if text.is_blank() {
        Err(problem(Problem::Required))
    } else if length > note::TEXT_MAX {
        Err(problem(Problem::TooLong { length, max: note::TEXT_MAX }))
    } else {
        Ok(text.as_str().to_owned())
    }
}

/// A record's key in the tables that both apps share.
pub(crate) fn key<'a>(scope: &'a Scope, module: Module, id: &'a str) -> RecordKey<'a> {
    RecordKey { tenant: scope.organisation(), module: shared_module(module), record: id }
}

/// The module's word in the tables that both apps share.
pub(crate) fn shared_module(module: Module) -> &'static str {
    match module {
        Module::Lead => "crm_lead",
        Module::Account => "crm_account",
        Module::Contact => "crm_contact",
        Module::Deal => "crm_deal",
        Module::Task => "crm_task",
    }
}

/// A position that no list of ours gave is a wrong address.
pub(crate) fn wrong_position(error: records::RecordsError) -> CrmError {
    match error {
        records::RecordsError::Store(error) => CrmError::Store(error),
        records::RecordsError::WrongPosition => CrmError::NotFound,
    }
}
