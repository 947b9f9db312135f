//! The CRM side as the bridge sees it: tasks with their notes, sales records, and the port that a side implements.
//!
//! Values are native ("Highest", "Waiting for input"); only the bridge turns them into classes.

use crate::acting::Acting;
use crate::answer::{Answer, Changes, FeedCursor, Found, Page, Stamped, Version};
use crate::id::{AccountId, CreateMark, CrmTaskId, NoteId};
use crate::outcome::{Outcome, SideError};
use crate::reason::Reason;
use crate::value::{Date, Email, Moment, Patch, PlainText};

/// Kinds of sales records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CrmModule {
    /// A lead.
    Lead,
    /// A company.
    Account,
    /// A person at a company.
    Contact,
    /// A sale.
    Deal,
}

impl CrmModule {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Lead, Self::Account, Self::Contact, Self::Deal];

    /// The word used in the API, in addresses (singular) and in the store.
    pub fn code(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Account => "account",
            Self::Contact => "contact",
            Self::Deal => "deal",
        }
    }

    /// The word of the page addresses: `/crm/deals/{id}`.
    pub fn path(self) -> &'static str {
        match self {
            Self::Lead => "leads",
            Self::Account => "accounts",
            Self::Contact => "contacts",
            Self::Deal => "deals",
        }
    }

    /// Reads [`CrmModule::code`] or [`CrmModule::path`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|module| module.code() == word || module.path() == word)
    }
}

/// One sales record, by kind and id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CrmRef {
    /// The kind.
    pub module: CrmModule,
    /// The id on the CRM side.
    pub id: String,
}

/// A sales record, as far as hand-off, mapping and the picker need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalesRecord {
    /// Which record.
    pub reference: CrmRef,
    /// Version, for `basis` checks.
    pub version: Version,
    /// Deal name, account name, or full name of the person.
    pub name: String,
    /// The account: itself for an account; the one it belongs to for a deal or contact; none for a lead.
    pub account: Option<AccountId>,
    /// Name of that account; for a lead its company name.
    pub company_name: Option<String>,
    /// Mail address of a contact or lead.
    pub email: Option<Email>,
    /// City of an account, to tell namesakes apart.
    pub city: Option<String>,
    /// Website of an account.
    pub website: Option<String>,
    /// Stage of a deal, native.
    pub stage: Option<String>,
    /// Whether a deal is won.
    pub is_won: bool,
    /// Closing date of a deal.
    pub closing: Option<Date>,
    /// Description of the record.
    pub description: PlainText,
    /// Owner.
    pub owner: Option<Email>,
}

/// Which sales records to list; always in order of their folded name, then id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SalesQuery {
    /// All records of a module.
    All(CrmModule),
    /// Accounts whose folded name (name key of MAP-5) is one of these.
    AccountsByNameKey(Vec<String>),
    /// Contacts of an account.
    ContactsOf(AccountId),
    /// Deals of an account.
    DealsOf(AccountId),
}

/// A task on the CRM side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrmTask {
    /// Id.
    pub id: CrmTaskId,
    /// Version of the whole record.
    pub version: Version,
    /// F1.
    pub subject: Stamped<String>,
    /// F2.
    pub description: Stamped<PlainText>,
    /// F3.
    pub due: Stamped<Option<Date>>,
    /// F4: "Highest", "High", "Normal", "Low", "Lowest", a custom value, or none.
    pub priority: Stamped<Option<String>>,
    /// F5: "Completed" is closed.
    pub status: Stamped<String>,
    /// F6; a CRM task always has one.
    pub owner: Stamped<Email>,
    /// The status it had before it was last closed, if known.
    pub status_before_closing: Option<String>,
    /// The account, deal, contact or lead it stands under.
    pub under: Option<CrmRef>,
    /// Name of that record.
    pub under_name: Option<String>,
    /// The account it belongs to, directly or through its deal.
    pub account: Option<AccountId>,
    /// Id of the newest note; changes when a note is added.
    pub newest_note: Option<NoteId>,
}

/// The synced fields of a CRM task, for stamps and refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CrmField {
    /// F1.
    Subject,
    /// F2.
    Description,
    /// F3.
    Due,
    /// F4.
    Priority,
    /// F5.
    Status,
    /// F6.
    Owner,
}

/// A note on a CRM task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Id; later notes have later ids.
    pub id: NoteId,
    /// The task.
    pub task: CrmTaskId,
    /// Who wrote it.
    pub author: Email,
    /// Name shown for the author.
    pub author_name: String,
    /// When it was written (for a copy: when the original was).
    pub at: Moment,
    /// Its text.
    pub text: PlainText,
    /// Names of people whom it mentions as `@name` (COM-4).
    pub mentions: Vec<String>,
    /// The create mark, if the bridge made it.
    pub mark: Option<CreateMark>,
}

/// What a new CRM task consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCrmTask {
    /// F1.
    pub subject: String,
    /// F2.
    pub description: PlainText,
    /// F3.
    pub due: Option<Date>,
    /// F4.
    pub priority: Option<String>,
    /// F5.
    pub status: String,
    /// F6.
    pub owner: Email,
    /// The record it stands under.
    pub under: Option<CrmRef>,
}

/// A change of a CRM task; fields that keep are not written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CrmTaskPatch {
    /// F1.
    pub subject: Option<String>,
    /// F2.
    pub description: Option<PlainText>,
    /// F3.
    pub due: Patch<Date>,
    /// F4.
    pub priority: Patch<String>,
    /// F5.
    pub status: Option<String>,
    /// F6.
    pub owner: Option<Email>,
}

/// What a new note consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCrmNote {
    /// The task.
    pub task: CrmTaskId,
    /// Its text.
    pub text: PlainText,
    /// When the original was written.
    pub at: Moment,
}

/// One write to the CRM side. Who acts is in `acting`; the side decides whether he may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CrmWrite {
    /// Makes a task; repeated with the same mark it makes none.
    CreateTask {
        /// The task.
        task: NewCrmTask,
        /// Finds it again after a lost answer.
        mark: CreateMark,
        /// Who makes it.
        acting: Acting,
    },
    /// Changes fields of a task if it still has `expected`.
    UpdateTask {
        /// Which.
        id: CrmTaskId,
        /// The version that was read; `None` writes over whatever is there.
        expected: Option<Version>,
        /// The change.
        patch: CrmTaskPatch,
        /// Who changes it.
        acting: Acting,
    },
    /// Makes a note; repeated with the same mark it makes none.
    CreateNote {
        /// The note.
        note: NewCrmNote,
        /// Finds it again after a lost answer.
        mark: CreateMark,
        /// Who writes it.
        acting: Acting,
    },
}

/// A user of the CRM side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrmUserCard {
    /// The address.
    pub email: Email,
    /// The name shown.
    pub name: String,
    /// The id on the side.
    pub id: String,
    /// Inactive users count as none (SYNC-3 f).
    pub is_active: bool,
    /// Whether the profile is an administrator's.
    pub is_administrator: bool,
}

/// What a CRM side can do; what it cannot is data, not an exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrmCapabilities {
    /// Longest subject, in Unicode code points.
    pub subject_max: usize,
    /// Longest description, in Unicode code points.
    pub description_max: usize,
    /// Whether `expected` is checked by the side itself in the same moment.
    pub writes_conditionally: bool,
    /// Whether [`crate::Stamped`] says of each field who set it, not only who changed the record last.
    pub stamps_fields: bool,
    /// Values of the priority pick list, highest first; other values can occur.
    pub priorities: Vec<String>,
    /// Values of the status pick list; "Completed" among them.
    pub statuses: Vec<String>,
}

/// The CRM side: built in, or a cloud through a connector. Blocking; at most 100 ids or writes a call.
///
/// Errors of every verb: [`SideError`] fails the whole call, and then nothing is known about its parts.
pub trait CrmSide: Send + Sync {
    /// What this side can do.
    fn capabilities(&self) -> &CrmCapabilities;

    /// Versions of tasks, in the order and number of `ids`.
    fn versions(&self, ids: &[CrmTaskId]) -> Result<Answer<Vec<Found<Version>>>, SideError>;

    /// Tasks, in the order and number of `ids`; a deleted one is `Gone`, one that is only missing `Unknown`.
    fn read_tasks(&self, ids: &[CrmTaskId]) -> Result<Answer<Vec<Found<CrmTask>>>, SideError>;

    /// Notes of a task with ids after `after`, oldest first.
    fn notes(&self, task: &CrmTaskId, after: Option<&NoteId>) -> Result<Vec<Note>, SideError>;

    /// Whether a write would be refused; writes nothing.
    fn check(&self, write: &CrmWrite) -> Result<Option<Reason>, SideError>;

    /// Writes, in order, each for itself; one outcome per write. The id of a note's outcome is the note's.
    fn write(&self, writes: &[CrmWrite]) -> Result<Answer<Vec<Outcome<String>>>, SideError>;

    /// Ids of records that were made with these marks, in the order and number of `marks`.
    fn find_created(&self, marks: &[CreateMark]) -> Result<Vec<Option<String>>, SideError>;

    /// Sales records, in the order and number of `records`.
    fn records(&self, records: &[CrmRef]) -> Result<Vec<Found<SalesRecord>>, SideError>;

    /// A page of sales records, at most `limit` (1–200).
    fn list(&self, query: &SalesQuery, after: Option<&str>, limit: usize) -> Result<Page<SalesRecord>, SideError>;

    /// Users by address, in the order and number of `emails`.
    fn users(&self, emails: &[Email]) -> Result<Vec<Option<CrmUserCard>>, SideError>;

    /// All users, active first, by name.
    fn all_users(&self) -> Result<Vec<CrmUserCard>, SideError>;

    /// Hints since `after`; `None` means from the present end on, and gives no changes.
    fn changes(&self, after: Option<&FeedCursor>, limit: usize) -> Result<Changes, SideError>;
}
