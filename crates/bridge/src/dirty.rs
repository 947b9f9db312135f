//! What may have changed: keys in the store's queue, marked together with the cursor that was read (A5).

use ports::{Changes, ConnectionId, FeedCursor, LinkId, Moment, ProjectId, RecordKind, SideError, Wait};
use store::{Claimed, Mark, Read, Sql, Tx};

use crate::error::BridgeError;
use crate::field::SideName;
use crate::link;

/// The queue of dirty keys; its lanes are connections.
pub const QUEUE: &str = "bridge_dirty";

/// What brought a key into the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A side said that something changed.
    Event,
    /// The periodic comparison.
    Comparison,
    /// A person waits for it.
    Person,
}

impl Cause {
    /// The word of the history.
    pub fn code(self) -> &'static str {
        match self {
            Self::Event | Self::Person => "event",
            Self::Comparison => "comparison",
        }
    }

    fn payload(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Comparison => "comparison",
            Self::Person => "person",
        }
    }

    /// Reads what the mark told.
    pub fn parse(payload: &str) -> Self {
        match payload {
            "comparison" => Self::Comparison,
            "person" => Self::Person,
            _ => Self::Event,
        }
    }

    fn priority(self) -> i64 {
        match self {
            Self::Person => 3,
            Self::Event => 2,
            Self::Comparison => 0,
        }
    }
}

/// A key of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirtyKey {
    /// A link.
    Link(LinkId),
    /// A project whose facts moved; fans out to its links in steps, from behind this link on.
    Project(ProjectId),
}

impl DirtyKey {
    fn text(&self) -> String {
        match self {
            Self::Link(id) => format!("link:{id}"),
            Self::Project(id) => format!("project:{id}"),
        }
    }

    /// Reads a key.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("link", id) => Some(Self::Link(LinkId::new(id))),
            ("project", id) => Some(Self::Project(ProjectId::new(id))),
            _ => None,
        }
    }
}

const PLACE: Sql =
    Sql::hot("select cursor, read_at, state, state_since from bridge_cursor where connection_id = $1 and side = $2");
const SET_CURSOR: Sql = Sql::hot(
    "insert into bridge_cursor (connection_id, side, cursor, read_at, state, state_since) \
     values ($1, $2, $3, $4, 'ok', $4) \
     on conflict (connection_id, side) do update set cursor = excluded.cursor, read_at = excluded.read_at",
);
const SET_HEALTH: Sql = Sql::new(
    "insert into bridge_cursor (connection_id, side, cursor, read_at, state, state_since) values ($1, $2, '', 0, $3, $4) \
     on conflict (connection_id, side) do update set state = excluded.state, state_since = excluded.state_since",
);

/// Whether a side answers, as its feed showed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It answers.
    Ok,
    /// It cannot be reached.
    Unreachable,
    /// The authorisation has expired.
    AuthExpired,
    /// Its quota is used up.
    RateLimited,
}

impl Health {
    /// What a failure says about the side.
    pub fn after(error: &SideError) -> Self {
        match error.wait() {
            Wait::Unreachable => Self::Unreachable,
            Wait::AuthExpired => Self::AuthExpired,
            Wait::RateLimited { .. } => Self::RateLimited,
        }
    }

    /// The word of the store and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unreachable => "unreachable",
            Self::AuthExpired => "auth_expired",
            Self::RateLimited => "rate_limited",
        }
    }

    fn parse(code: &str) -> Self {
        [Self::Unreachable, Self::AuthExpired, Self::RateLimited]
            .into_iter()
            .find(|health| health.code() == code)
            .unwrap_or(Self::Ok)
    }
}

/// What is known about the feed of a side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// How far it has been read; none before the first time.
    pub cursor: Option<FeedCursor>,
    /// Whether the side answers.
    pub health: Health,
    /// Since when.
    pub since: Option<Moment>,
}

/// What is known about the feed of a side.
pub fn place(read: &mut Read<'_>, connection: &ConnectionId, side: SideName) -> Result<Place, BridgeError> {
    let Some(row) = read.row(&PLACE, &[connection.as_str().into(), side.code().into()])? else {
        return Ok(Place { cursor: None, health: Health::Ok, since: None });
    };
    Ok(Place {
        cursor: Some(row.text("cursor")?).filter(|cursor| !cursor.is_empty()).map(FeedCursor),
        health: Health::parse(&row.text("state")?),
        since: Some(Moment::from_ms(row.int("state_since")?)),
    })
}

/// Notes whether a side answers.
pub(crate) fn set_health(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    side: SideName,
    health: Health,
    now: Moment,
) -> Result<(), BridgeError> {
    tx.execute(&SET_HEALTH, &[connection.as_str().into(), side.code().into(), health.code().into(), now.ms().into()])?;
    Ok(())
}

/// How far the feed of a side has been read; none before the first time.
pub fn cursor(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    side: SideName,
) -> Result<Option<FeedCursor>, BridgeError> {
    Ok(place(read, connection, side)?.cursor)
}

/// Marks what the changes are about and moves the cursor, in one transaction. Answers how many keys were marked.
pub(crate) fn take(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    side: SideName,
    changes: &Changes,
    now: Moment,
) -> Result<usize, BridgeError> {
    let mut marked = 0;
    let mut last = None;
    for change in &changes.changes {
        let key = (change.kind, change.id.as_str());
        if last == Some(key) {
            continue;
        }
        last = Some(key);
        if let Some(key) = key_of(tx, connection, side, change.kind, &change.id)? {
            mark(tx, connection, &key, Cause::Event, now)?;
            marked += 1;
        }
    }
    let binds = [connection.as_str().into(), side.code().into(), (&changes.cursor.0).into(), now.ms().into()];
    tx.execute(&SET_CURSOR, &binds)?;
    Ok(marked)
}

/// The key that a change marks; none for records that no link depends on.
pub(crate) fn key_of(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    side: SideName,
    kind: RecordKind,
    id: &str,
) -> Result<Option<DirtyKey>, BridgeError> {
    match (kind, side) {
        (RecordKind::Task, side) => Ok(link::id_of_task(read, connection, side, id)?.map(DirtyKey::Link)),
        (RecordKind::Project, _) => Ok(Some(DirtyKey::Project(ProjectId::new(id)))),
        // Who a person is and what a company is called changes no synced value by itself.
        (RecordKind::Sales | RecordKind::Company | RecordKind::User, _) => Ok(None),
    }
}

/// Marks a key.
pub(crate) fn mark(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    key: &DirtyKey,
    cause: Cause,
    now: Moment,
) -> Result<(), BridgeError> {
    let key = key.text();
    tx.mark(&Mark {
        queue: QUEUE,
        lane: connection.as_str(),
        key: &key,
        priority: cause.priority(),
        due: now.ms(),
        at: now.ms(),
        payload: cause.payload(),
    })?;
    Ok(())
}

/// Marks a link.
pub fn mark_link(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    id: &LinkId,
    cause: Cause,
    now: Moment,
) -> Result<(), BridgeError> {
    mark(tx, connection, &DirtyKey::Link(id.clone()), cause, now)
}

/// Takes a link out of the queue, whoever works on it.
pub(crate) fn unmark_link(tx: &mut Tx<'_>, connection: &ConnectionId, id: &LinkId) -> Result<(), BridgeError> {
    tx.unmark(QUEUE, connection.as_str(), &DirtyKey::Link(id.clone()).text())?;
    Ok(())
}

/// How a link stands in the queue; nothing if it is not in it.
pub fn queued(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    id: &LinkId,
) -> Result<Option<store::Queued>, BridgeError> {
    Ok(read.queued(QUEUE, connection.as_str(), &DirtyKey::Link(id.clone()).text())?)
}

/// Whether a link waits in the queue or is worked on.
pub fn is_marked(read: &mut Read<'_>, connection: &ConnectionId, id: &LinkId) -> Result<bool, BridgeError> {
    Ok(read.is_marked(QUEUE, connection.as_str(), &DirtyKey::Link(id.clone()).text())?)
}

/// Marks the links of a project whose held values its new facts may let through; answers whether all are marked. Each call is a bounded step.
pub(crate) fn fan_out(
    tx: &mut Tx<'_>,
    claimed: &Claimed,
    connection: &ConnectionId,
    project: &ProjectId,
    after: &mut String,
    now: Moment,
) -> Result<bool, BridgeError> {
    let links = link::held_of_project(tx, connection, project, after, FAN_OUT)?;
    let cause = Cause::parse(&claimed.payload);
    for link in &links {
        mark_link(tx, connection, &link.id, cause, now)?;
    }
    if let Some(last) = links.last() {
        *after = last.id.to_string();
    }
    Ok(i64::try_from(links.len()).unwrap_or(0) < FAN_OUT)
}

/// Links marked in one step of a fan-out.
const FAN_OUT: i64 = 200;
