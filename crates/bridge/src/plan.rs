//! What [`crate::reconcile`] asks for: data, no action.

use std::borrow::Cow;

use ports::{Ancestor, Email, Moment, Reason, Schedule};
use serde::{Deserialize, Serialize};

use crate::field::{Field, FieldValue, Shown, SideName};

/// The state of a link (LIFE-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkState {
    /// Both sides agree.
    InStep,
    /// Changes wait.
    Pending,
    /// A refused or unmapped value is held.
    OutOfStep,
    /// Somebody must choose between two values.
    Conflict,
    /// The other record is gone.
    Broken,
    /// Nothing is carried over for now.
    Paused,
    /// No longer linked.
    Unlinked,
}

impl LinkState {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::InStep, Self::Pending, Self::OutOfStep, Self::Conflict, Self::Broken, Self::Paused, Self::Unlinked];

    /// The word of the store and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::InStep => "in_step",
            Self::Pending => "pending",
            Self::OutOfStep => "out_of_step",
            Self::Conflict => "conflict",
            Self::Broken => "broken",
            Self::Paused => "paused",
            Self::Unlinked => "unlinked",
        }
    }

    /// Reads the word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Which value wins when both sides changed a field differently (CON-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The later one; within the tolerance or without usable times that of [`Policy::wins_ties`].
    Latest,
    /// The CRM's.
    Crm,
    /// That of Projects.
    Projects,
    /// Nobody's until a person has chosen.
    Ask,
}

/// The settings that a decision depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The rule for conflicts.
    pub rule: Rule,
    /// Times closer than this do not decide.
    pub tolerance_ms: i64,
    /// The side whose value is taken then.
    pub wins_ties: SideName,
    /// Refused values stay where they were made (`hold` of REF-1) instead of being set back.
    pub holds_refused: bool,
    /// Whether each side checks `expected` itself, so that a write that was overtaken can have no late effect.
    pub writes_conditionally: [bool; 2],
    /// Whether each side says of every field who set it.
    pub stamps_fields: [bool; 2],
    /// Until when after its making a write of ours may still take effect.
    pub settling_ms: i64,
    /// Now; only for the age of intents.
    pub now: Moment,
}

impl Policy {
    /// The documented default: the latest wins, two seconds tolerance, Projects wins ties, refused values are set back.
    pub fn standard(now: Moment) -> Self {
        Self {
            rule: Rule::Latest,
            tolerance_ms: 2_000,
            wins_ties: SideName::Projects,
            holds_refused: false,
            writes_conditionally: [true, true],
            stamps_fields: [true, true],
            settling_ms: 30_000,
            now,
        }
    }

    /// Whether a write to `side` fails when the record has moved.
    pub fn writes_conditionally(&self, side: SideName) -> bool {
        of_side(self.writes_conditionally, side)
    }

    /// Whether `side` says of every field who set it.
    pub fn stamps_fields(&self, side: SideName) -> bool {
        of_side(self.stamps_fields, side)
    }
}

fn of_side([crm, projects]: [bool; 2], side: SideName) -> bool {
    match side {
        SideName::Crm => crm,
        SideName::Projects => projects,
    }
}

/// What a person is on the other side (SYNC-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No user, or an inactive one (SYNC-3 f).
    Unknown,
    /// A user, but in Projects no member of the project.
    Outside,
    /// Can be the owner.
    Ready,
}

/// What the rules depend on beside the two records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Name of the project.
    pub project: String,
    /// Its schedule.
    pub schedule: Schedule,
    /// First day of the task in Projects.
    pub start: Option<ports::Date>,
    /// The tasks above it, nearest first; asked only when it is to be reopened.
    pub ancestors: Vec<Ancestor>,
    /// Open tasks below it; asked only when it is to be closed.
    pub open_descendants: u32,
    /// The CRM's owner in Projects.
    pub owner_in_projects: Standing,
    /// The first owner of Projects in the CRM.
    pub owner_in_crm: Standing,
    /// Longest subject of the CRM.
    pub subject_max: usize,
    /// Longest description of the CRM.
    pub description_max: usize,
    /// Longest title of Projects.
    pub title_max: usize,
}

/// A write of ours that is not settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Id.
    pub id: String,
    /// The claim that made it.
    pub fence: i64,
    /// The side written to.
    pub side: SideName,
    /// The field.
    pub field: Field,
    /// The value it writes.
    pub wanted: FieldValue,
    /// The version it was sent against; empty where that was that of a write just before.
    pub expected: String,
    /// What the history will say.
    pub story: Story,
    /// When it was made.
    pub at: Moment,
}

/// Who changed what where: the part of a write that the history tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// Why the write is made.
    pub kind: WriteKind,
    /// The side where the change was made.
    pub from: SideName,
    /// The agreed value before.
    pub old: Shown,
    /// The value as the side of origin shows it.
    pub new: Shown,
    /// Who made the change.
    pub person: Option<String>,
    /// When the change was made, in milliseconds, by the side's clock.
    pub changed_at: Option<i64>,
    /// `event`, `comparison`, `conflict`.
    pub cause: Cow<'static, str>,
    /// Whether the history tells of it already, by a later try of the same write.
    #[serde(default)]
    pub is_told: bool,
    /// In whose name it is written: by this a value of ours is told from the same value set by a person.
    #[serde(default)]
    pub acting: Option<String>,
}

/// Why a write is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteKind {
    /// A change is carried over.
    Carry,
    /// A refused value is replaced by the agreed one (REF-1).
    SetBack,
}

/// One field to be written on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedWrite {
    /// The side written to.
    pub side: SideName,
    /// The field.
    pub field: Field,
    /// The value.
    pub value: FieldValue,
    /// What the history will say.
    pub story: Story,
}

/// A refusal that the link remembers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// Id.
    pub id: String,
    /// The field.
    pub field: Field,
    /// Where the change was made.
    pub side: SideName,
    /// The value.
    pub tried: FieldValue,
    /// Why.
    pub reason: Reason,
    /// The facts at that time.
    pub fingerprint: String,
    /// Whether the value stays where it is; else it is still to be set back.
    pub is_held: bool,
}

/// A change that is refused now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRefusal {
    /// The field.
    pub field: Field,
    /// Where the change was made.
    pub side: SideName,
    /// The value.
    pub tried: Shown,
    /// The agreed value.
    pub agreed: FieldValue,
    /// Who made the change.
    pub person: Option<Email>,
    /// When.
    pub changed_at: Option<Moment>,
    /// Why.
    pub reason: Reason,
    /// The facts it depends on; not tried again while they are the same.
    pub fingerprint: String,
    /// Whether the value stays where it is (REF-5), or the setting says so.
    pub is_held: bool,
}

/// A value that lost a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loser {
    /// The field.
    pub field: Field,
    /// The side it stood on.
    pub side: SideName,
    /// The value, as that side shows it.
    pub value: Shown,
    /// The value that won.
    pub winner: Shown,
    /// Who set it.
    pub person: Option<Email>,
    /// When.
    pub changed_at: Option<Moment>,
}

/// What a link needs. Empty: nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Fields to write.
    pub writes: Vec<PlannedWrite>,
    /// Fields that both sides have alike and that were agreed otherwise.
    pub agree: Vec<(Field, FieldValue)>,
    /// Open intents that are seen to have taken effect, by id.
    pub confirmed: Vec<String>,
    /// Open intents that can have no effect any more, by id.
    pub void: Vec<String>,
    /// Values to be stored as refused before anything is overwritten.
    pub refused: Vec<NewRefusal>,
    /// Remembered refusals whose value is gone from its side, by id.
    pub over: Vec<String>,
    /// Values to be stored as losers of a conflict before they are overwritten.
    pub lost: Vec<Loser>,
    /// Fields held on one side.
    pub held: Vec<Field>,
    /// Fields in conflict that wait for a person.
    pub asked: Vec<Field>,
    /// The owner of Projects is nobody in the CRM (SYNC-3 c, d).
    pub owner_not_representable: bool,
}
