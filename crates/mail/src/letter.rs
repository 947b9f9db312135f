//! What a letter tells: typed facts, in no language.

use ports::{
    CrmModule, CrmTaskId, Date, Email, JobId, Language, LetterId, LinkId, Moment, ProjectId, Reason, RefusalId, Tenant,
};

/// A letter to be put into the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLetter {
    /// Its id.
    pub id: LetterId,
    /// When it was decided to write it.
    pub at: Moment,
    /// Whose data it tells of.
    pub tenant: Tenant,
    /// Who gets it.
    pub to: Email,
    /// What it tells.
    pub letter: Letter,
    /// A key of the occasion: a second letter with the same key is never written (MAIL-4).
    pub message_key: String,
}

/// The letters that there are. Their numbers are those of section 9 of the specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    /// M1, M2 or M3, by the reasons among its rows.
    Refusal(RefusalLetter),
    /// M4: a mapping run has finished.
    MappingReport(MappingReport),
    /// M7: somebody is invited.
    Invitation(InvitationLetter),
}

/// The kind of a letter as lists and the API name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LetterCode {
    /// A due date was refused by a strict project.
    M1,
    /// A reopening was refused: a parent is closed.
    M2,
    /// Any other refusal.
    M3,
    /// The client-account mapping has finished.
    M4,
    /// An invitation.
    M7,
    /// Several refusals that came too fast for letters of their own (MAIL-3).
    Digest,
}

impl LetterCode {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::M1, Self::M2, Self::M3, Self::M4, Self::M7, Self::Digest];

    /// The word of the store and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::M1 => "M1",
            Self::M2 => "M2",
            Self::M3 => "M3",
            Self::M4 => "M4",
            Self::M7 => "M7",
            Self::Digest => "digest",
        }
    }

    /// Reads the word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl Letter {
    /// Which of the letters it is.
    pub fn code(&self) -> LetterCode {
        match self {
            Self::Refusal(refusal) => refusal.code(),
            Self::MappingReport(_) => LetterCode::M4,
            Self::Invitation(_) => LetterCode::M7,
        }
    }
}

/// Where a change was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The CRM.
    Crm,
    /// Projects.
    Projects,
}

/// What was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// F1.
    Title,
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
    /// A comment or a note.
    Comment,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Title, Self::Description, Self::Due, Self::Priority, Self::Status, Self::Owner, Self::Comment];

    /// The word of the API: `title`, `due`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Description => "description",
            Self::Due => "due",
            Self::Priority => "priority",
            Self::Status => "status",
            Self::Owner => "owner",
            Self::Comment => "comment",
        }
    }

    /// Reads the word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// A value as it is told: days and people get the form of the reader's language, the rest stands as the side has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// A text or a pick-list value, as the side shows it.
    Text(String),
    /// A day.
    Day(Date),
    /// A status with its class.
    State {
        /// Whether it is a closed one.
        is_closed: bool,
        /// As the side shows it.
        name: String,
    },
    /// A person.
    Person(Email),
}

/// What was done with a value that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// The agreed value was written back to the side where the change was made (REF-1).
    SetBack,
    /// It stays where it was made; the sides differ until somebody decides (REF-5).
    Held,
    /// It stays where it was made and nothing is compared any more: the other record is gone.
    LeftAsItIs,
}

/// A change that was not carried over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedChange {
    /// The refusal as the bridge keeps it.
    pub refusal_id: RefusalId,
    /// What was changed.
    pub field: Field,
    /// The value asked for.
    pub tried: Value,
    /// The value both sides had agreed on.
    pub agreed: Value,
    /// Why.
    pub reason: Reason,
    /// What was done with the value asked for.
    pub done: Done,
    /// When the change was made.
    pub at: Moment,
}

/// A change of the same save that was carried over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedChange {
    /// What was changed.
    pub field: Field,
    /// The value it has now on both sides.
    pub value: Value,
}

/// The task on the Projects side, as far as a letter names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskName {
    /// Its project.
    pub project_id: ProjectId,
    /// The project's name.
    pub project: String,
    /// The project's key, such as `DM`.
    pub project_key: String,
    /// The task's key, such as `DM-10`.
    pub key: String,
}

/// The sales record that the CRM task stands under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordName {
    /// Its kind.
    pub module: CrmModule,
    /// Its name.
    pub name: String,
}

/// M1, M2, M3: changes of one person to one link in one round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalLetter {
    /// The link.
    pub link_id: LinkId,
    /// The task's title, the agreed one.
    pub title: String,
    /// The task in the CRM.
    pub crm_task_id: CrmTaskId,
    /// The task in Projects.
    pub task: TaskName,
    /// What the CRM task stands under.
    pub record: Option<RecordName>,
    /// Where the change was made.
    pub side: Side,
    /// Who made it; `None`: unknown, the letter goes to the owner or the administrators (MAIL-1).
    pub author: Option<Email>,
    /// What was not carried over, held values included; never empty.
    pub refused: Vec<RefusedChange>,
    /// What of the same save was carried over.
    pub applied: Vec<AppliedChange>,
}

impl RefusalLetter {
    /// M1 if a date outside a strict project is among the reasons, else M2 if a closed parent is, else M3.
    pub fn code(&self) -> LetterCode {
        let has = |code: &str| self.refused.iter().any(|row| row.reason.code() == code);
        if has("outside_strict_schedule") {
            LetterCode::M1
        } else if has("parent_closed") {
            LetterCode::M2
        } else {
            LetterCode::M3
        }
    }

    /// The row that the headline is about.
    pub fn first(&self) -> Option<&RefusedChange> {
        let of = |code: &str| self.refused.iter().find(|row| row.reason.code() == code);
        of("outside_strict_schedule").or_else(|| of("parent_closed")).or_else(|| self.refused.first())
    }

    /// What makes a refusal "the same": link, field, reason and author, whatever value was tried (MAIL-3).
    pub(crate) fn told_key(&self, row: &RefusedChange) -> String {
        let author = self.author.as_ref().map_or("", Email::as_str);
        format!("{}/{}/{}/{author}", self.link_id, row.field.code(), row.reason.code())
    }
}

/// M4: what a mapping run found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingReport {
    /// The run.
    pub job_id: JobId,
    /// When it ran.
    pub at: Moment,
    /// Accounts that were compared.
    pub accounts: usize,
    /// Accounts that no client company stands for.
    pub accounts_alone: usize,
    /// One row a client company.
    pub rows: Vec<MappingRow>,
}

/// One client company of a mapping run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingRow {
    /// The client company's name.
    pub company: String,
    /// The account, or the ones that came into question.
    pub accounts: Vec<String>,
    /// What became of it.
    pub result: MappingResult,
}

/// What a mapping run did with one client company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MappingResult {
    /// Paired by this run.
    MappedNow,
    /// Paired before.
    MappedBefore,
    /// Not paired, and why.
    NotMapped(Reason),
}

/// What somebody is invited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A portal as a portal user.
    Portal,
    /// A project or portal as a user of a client company.
    Client,
    /// The organisation as a CRM user.
    Crm,
}

/// M7: the way into the installation for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationLetter {
    /// Name of who invites.
    pub invited_by: String,
    /// What kind of access it gives.
    pub place: Place,
    /// Name of the portal, project or organisation.
    pub place_name: String,
    /// The role or profile given, in words of the apps; empty if none is told.
    pub role: String,
    /// Language of the letter while the person has no account that says another.
    pub language: Language,
    /// The part of the address that is the key; taken out of the outbox once the letter is on its way.
    pub token: String,
    /// Until when it can be accepted.
    pub expires: Moment,
}
