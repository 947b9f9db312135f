//! The bridge's history: what became of every change, kept forever (SYNC-10, I-21).

use ports::{ConnectionId, Email, HistoryId, LinkId, Moment, ProjectId, Reason};
use store::{Bind, Read, Row, Sql, Tx};

use crate::error::BridgeError;
use crate::field::{Shown, SideName};
use crate::stored;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A field changed.
    Change,
    /// A record was made on the other side.
    Create,
    /// A record was found deleted.
    Delete,
    /// A comment was carried over.
    Comment,
    /// Two tasks were linked.
    Link,
    /// Two tasks were parted.
    Unlink,
    /// An account and a client company were paired.
    Map,
    /// A pair was parted.
    Unmap,
    /// A record and a project were associated.
    Associate,
    /// An association was taken away.
    Dissociate,
    /// A project was made from a record.
    HandOff,
}

impl Action {
    const ALL: [Self; 11] = [
        Self::Change,
        Self::Create,
        Self::Delete,
        Self::Comment,
        Self::Link,
        Self::Unlink,
        Self::Map,
        Self::Unmap,
        Self::Associate,
        Self::Dissociate,
        Self::HandOff,
    ];

    /// The word of the store and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Comment => "comment",
            Self::Link => "link",
            Self::Unlink => "unlink",
            Self::Map => "map",
            Self::Unmap => "unmap",
            Self::Associate => "associate",
            Self::Dissociate => "dissociate",
            Self::HandOff => "hand_off",
        }
    }

    /// Reads the word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Applied,
    /// It was refused.
    Refused,
    /// The agreed value was written back.
    Reverted,
    /// The refused value stays where it was made.
    Held,
    /// It was left out, without anybody being wrong.
    Skipped,
    /// It lost a conflict.
    Overruled,
}

impl Outcome {
    const ALL: [Self; 6] = [Self::Applied, Self::Refused, Self::Reverted, Self::Held, Self::Skipped, Self::Overruled];

    /// The word of the store and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Refused => "refused",
            Self::Reverted => "reverted",
            Self::Held => "held",
            Self::Skipped => "skipped",
            Self::Overruled => "overruled",
        }
    }

    /// Reads the word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// An entry to be written.
#[derive(Clone, Debug)]
pub struct NewEntry<'a> {
    /// Id.
    pub id: HistoryId,
    /// When the bridge decided.
    pub at: Moment,
    /// When the person made the change.
    pub changed_at: Option<Moment>,
    /// What was done.
    pub action: Action,
    /// What became of it.
    pub outcome: Outcome,
    /// The link it is about.
    pub link: Option<&'a LinkId>,
    /// The project it belongs to.
    pub project: Option<&'a ProjectId>,
    /// The sales record it belongs to, as `deal:17`; empty for none.
    pub record: &'a str,
    /// The operation that did it; empty for none.
    pub job: &'a str,
    /// The field, or `comment`; empty for none.
    pub field: &'a str,
    /// The value before.
    pub old: Option<&'a Shown>,
    /// The value after, or the one that was tried.
    pub new: Option<&'a Shown>,
    /// Who made the change.
    pub person: Option<&'a Email>,
    /// The side where it was made.
    pub side: Option<SideName>,
    /// Why it did not get through.
    pub reason: Option<&'a Reason>,
    /// `event`, `comparison`, `conflict`, `linking`, `hand_off`, `mapping`, …
    pub cause: &'a str,
    /// A name to show with it: of the account, the project, the comment's author.
    pub detail: &'a str,
}

impl NewEntry<'_> {
    /// An entry of which only these are known.
    pub fn new(id: HistoryId, at: Moment, action: Action, outcome: Outcome) -> Self {
        Self {
            id,
            at,
            changed_at: None,
            action,
            outcome,
            link: None,
            project: None,
            record: "",
            job: "",
            field: "",
            old: None,
            new: None,
            person: None,
            side: None,
            reason: None,
            cause: "event",
            detail: "",
        }
    }
}

/// An entry as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Id; later entries have later ids.
    pub id: HistoryId,
    /// When the bridge decided.
    pub at: Moment,
    /// When the person made the change.
    pub changed_at: Option<Moment>,
    /// What was done.
    pub action: Action,
    /// What became of it.
    pub outcome: Outcome,
    /// The link it is about.
    pub link: Option<LinkId>,
    /// The project it belongs to.
    pub project: Option<ProjectId>,
    /// The sales record it belongs to, as `deal:17`.
    pub record: Option<String>,
    /// The operation that did it.
    pub job: Option<String>,
    /// The field, or `comment`.
    pub field: Option<String>,
    /// The value before.
    pub old: Option<Shown>,
    /// The value after, or the one that was tried.
    pub new: Option<Shown>,
    /// Who made the change.
    pub person: Option<Email>,
    /// The side where it was made.
    pub side: Option<SideName>,
    /// Why it did not get through.
    pub reason: Option<Reason>,
    /// What brought it about.
    pub cause: String,
    /// A name to show with it.
    pub detail: String,
}

/// Which entries to list; newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this link.
    pub link: Option<LinkId>,
    /// Of this project.
    pub project: Option<ProjectId>,
    /// Of this sales record, as `deal:17`.
    pub record: Option<String>,
    /// Made by this person.
    pub person: Option<Email>,
    /// Of this operation.
    pub job: Option<String>,
    /// Of this side.
    pub side: Option<SideName>,
    /// Of this field, or `comment`.
    pub field: Option<String>,
    /// With one of these outcomes; empty for all.
    pub outcomes: Vec<Outcome>,
    /// With this reason.
    pub reason_code: Option<String>,
    /// With this cause.
    pub cause: Option<String>,
    /// Decided at or after this moment.
    pub since: Option<Moment>,
    /// Decided before this moment.
    pub until: Option<Moment>,
}

const INSERT: Sql = Sql::hot(
    "insert into bridge_history (connection_id, id, decided_at, changed_at, link_id, project_id, record, job_id, \
     action, field, old_value, new_value, person, side, outcome, reason, cause, detail) \
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) on conflict do nothing",
);
const BY_ID: Sql = Sql::hot(
    "select id, decided_at, changed_at, link_id, project_id, record, job_id, action, field, old_value, new_value, \
     person, side, outcome, reason, cause, detail from bridge_history where connection_id = $1 and id = $2",
);
const OF_LINK: Sql = Sql::hot(
    "select id, decided_at, changed_at, link_id, project_id, record, job_id, action, field, old_value, new_value, \
     person, side, outcome, reason, cause, detail from bridge_history where connection_id = $1 and link_id = $2 \
     order by id desc limit $3",
);

/// Writes an entry; one with the same id is there already.
pub fn record(tx: &mut Tx<'_>, connection: &ConnectionId, entry: &NewEntry<'_>) -> Result<(), BridgeError> {
    let shown = |value: Option<&Shown>| value.map(stored::to_json).transpose();
    tx.execute(
        &INSERT,
        &[
            connection.as_str().into(),
            entry.id.as_str().into(),
            entry.at.ms().into(),
            entry.changed_at.map(Moment::ms).into(),
            entry.link.map_or("", LinkId::as_str).into(),
            entry.project.map_or("", ProjectId::as_str).into(),
            entry.record.into(),
            entry.job.into(),
            entry.action.code().into(),
            entry.field.into(),
            shown(entry.old)?.into(),
            shown(entry.new)?.into(),
            entry.person.map_or("", Email::as_str).into(),
            entry.side.map_or("", SideName::code).into(),
            entry.outcome.code().into(),
            entry.reason.map(stored::reason_text).transpose()?.into(),
            entry.cause.into(),
            entry.detail.into(),
        ],
    )?;
    Ok(())
}

/// One entry.
pub fn by_id(read: &mut Read<'_>, connection: &ConnectionId, id: &HistoryId) -> Result<Option<Entry>, BridgeError> {
    read.row(&BY_ID, &[connection.as_str().into(), id.as_str().into()])?.as_ref().map(entry).transpose()
}

/// The last entries of a link, newest first.
pub fn of_link(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    link: &LinkId,
    limit: i64,
) -> Result<Vec<Entry>, BridgeError> {
    read.rows(&OF_LINK, &[connection.as_str().into(), link.as_str().into(), limit.into()])?.iter().map(entry).collect()
}

/// Entries, newest first, with ids before `before`, at most `limit`.
pub fn list(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    filter: &Filter,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<Entry>, BridgeError> {
    let mut text = String::from(
        "select id, decided_at, changed_at, link_id, project_id, record, job_id, action, field, old_value, new_value, \
         person, side, outcome, reason, cause, detail from bridge_history where connection_id = $1",
    );
    let mut binds: Vec<Bind> = vec![connection.as_str().into()];
    let mut also = |condition: &str, bind: Bind| {
        binds.push(bind);
        text.push_str(&format!(" and {condition} ${}", binds.len()));
    };
    let texts = [
        ("link_id =", filter.link.as_ref().map(LinkId::as_str)),
        ("project_id =", filter.project.as_ref().map(ProjectId::as_str)),
        ("record =", filter.record.as_deref()),
        ("person =", filter.person.as_ref().map(Email::as_str)),
        ("job_id =", filter.job.as_deref()),
        ("side =", filter.side.map(SideName::code)),
        ("field =", filter.field.as_deref()),
        ("cause =", filter.cause.as_deref()),
        ("id <", before),
    ];
    for (condition, value) in texts {
        if let Some(value) = value {
            also(condition, value.into());
        }
    }
    if let Some(since) = filter.since {
        also("decided_at >=", since.ms().into());
    }
    if let Some(until) = filter.until {
        also("decided_at <", until.ms().into());
    }
    if let Some(code) = &filter.reason_code {
        // The code is the first member of the stored document.
        let start = format!("{{\"code\":\"{code}\"");
        also("reason >=", start.clone().into());
        also("reason <", format!("{start}~").into());
    }
    if !filter.outcomes.is_empty() {
        let from = binds.len();
        binds.extend(filter.outcomes.iter().map(|outcome| Bind::from(outcome.code())));
        let places: Vec<String> = (from + 1..=binds.len()).map(|place| format!("${place}")).collect();
        text.push_str(&format!(" and outcome in ({})", places.join(", ")));
    }
    binds.push(limit.into());
    text.push_str(&format!(" order by id desc limit ${}", binds.len()));
    read.rows(&Sql::built(text), &binds)?.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<Entry, BridgeError> {
    let some = |column: &str| Ok::<_, BridgeError>(Some(row.text(column)?).filter(|text| !text.is_empty()));
    let shown = |column: &str| row.text_or_null(column)?.as_deref().map(stored::from_json::<Shown>).transpose();
    let unknown = |what: &str| BridgeError::Failed(format!("unknown {what} in the history"));
    Ok(Entry {
        id: HistoryId::new(row.text("id")?),
        at: Moment::from_ms(row.int("decided_at")?),
        changed_at: row.int_or_null("changed_at")?.map(Moment::from_ms),
        action: Action::parse(&row.text("action")?).ok_or_else(|| unknown("action"))?,
        outcome: Outcome::parse(&row.text("outcome")?).ok_or_else(|| unknown("outcome"))?,
        link: some("link_id")?.map(LinkId::new),
        project: some("project_id")?.map(ProjectId::new),
        record: some("record")?,
        job: some("job_id")?,
        field: some("field")?,
        old: shown("old_value")?,
        new: shown("new_value")?,
        person: some("person")?.as_deref().map(stored::email).transpose()?,
        side: some("side")?.as_deref().and_then(SideName::parse),
        reason: row.text_or_null("reason")?.as_deref().map(stored::reason).transpose()?,
        cause: row.text("cause")?,
        detail: row.text("detail")?,
    })
}
