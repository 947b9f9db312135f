//! Work of several steps that a person orders: stored before the first step, continued after a crash, undone when a
//! step is refused.
//!
//! An operation has a document with what was ordered and what was made so far. Whoever drives it (the request, or the
//! loop after a crash) holds a lease with a fencing number and does one step at a time: one call to a side, then one
//! transaction that stores its result. A step that makes something carries a mark, so that doing it again makes
//! nothing twice. Two who drive at once are not possible; a driver that lost its lease stores nothing.

mod drive;

use ports::{Acting, ConnectionId, CreateMark, Email, JobId, Moment, Origin, Outcome, Reason, Wait};
use store::{Read, Row, Sql, Tx};

use crate::connection::Connection;
use crate::error::BridgeError;
use crate::service::acting_for;
use crate::stored;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// A project from a sales record (HAND-12).
    HandOff,
    /// Projects associated with a sales record (HAND-15).
    Associate,
    /// A Projects task put into the CRM (TASK-8).
    AddToCrm,
    /// Client companies and accounts mapped by name (MAP-1).
    MappingRun,
}

impl OperationKind {
    const ALL: [Self; 4] = [Self::HandOff, Self::Associate, Self::AddToCrm, Self::MappingRun];

    /// The stored word; that of jobs is the own API's.
    pub fn code(self) -> &'static str {
        match self {
            Self::HandOff => "hand_off",
            Self::Associate => "associate",
            Self::AddToCrm => "add_to_crm",
            Self::MappingRun => "mapping_run",
        }
    }

    /// Reads the word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// How far an operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationState {
    /// Its steps are being done.
    Running,
    /// A step was refused; the earlier ones are being undone.
    Undoing,
    /// All steps are done.
    Done,
    /// A step was refused, and nothing of it is left.
    Refused,
}

impl OperationState {
    const ALL: [Self; 4] = [Self::Running, Self::Undoing, Self::Done, Self::Refused];

    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Undoing => "undoing",
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether there is more to do.
    pub fn is_open(self) -> bool {
        match self {
            Self::Running | Self::Undoing => true,
            Self::Done | Self::Refused => false,
        }
    }
}

/// A stored operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Id.
    pub id: JobId,
    /// Its connection.
    pub connection: ConnectionId,
    /// What it does.
    pub kind: OperationKind,
    /// Who ordered it.
    pub person: Email,
    /// What brought the order about.
    pub origin: Origin,
    /// How far it is.
    pub state: OperationState,
    /// What was ordered and made, by kind.
    pub document: String,
    /// The step that was refused.
    pub failed_step: Option<String>,
    /// Why.
    pub reason: Option<Reason>,
    /// Rows or steps done.
    pub rows_done: i64,
    /// Rows or steps in all, once known.
    pub rows_total: Option<i64>,
    /// Rows by outcome, as a JSON object.
    pub counts: String,
    /// When it was ordered.
    pub created_at: Moment,
    /// When it ended.
    pub finished_at: Option<Moment>,
    pub(crate) fence: i64,
    pub(crate) attempts: i64,
}

/// The answer to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ordered<T> {
    /// It is done; ordering the same again with the same press token gives the same.
    Done(T),
    /// It was refused at a step, and everything is as before but for what the refusal says.
    Refused(StepRefused),
    /// A side is away or busy; it is being gone on with. Order again with the same press token for the answer.
    Waiting(JobId),
}

/// Which step was refused, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRefused {
    /// The step: `company`, `project`, `association`, `mapping`, `users`, `client_users`, `task`, `crm_task`.
    pub step: String,
    /// Why.
    pub reason: Reason,
}

/// What is stored of an order.
pub(crate) struct NewOperation<'a> {
    pub(crate) kind: OperationKind,
    pub(crate) press_token: &'a str,
    /// What no other open operation of the connection may work on.
    pub(crate) exclusive: Option<String>,
    pub(crate) document: String,
}

/// What becomes of an order.
pub(crate) enum Begun {
    /// It is new, or was left by a crash, and this caller drives it.
    Ours(Box<Claimed>),
    /// It was done before.
    Ended(Box<Operation>),
}

/// An operation in the hands of one driver.
pub(crate) struct Claimed {
    pub(crate) operation: Operation,
    pub(crate) connection: Connection,
    /// Whether it is in the hands of this driver still.
    holds: bool,
}

/// What is stored after a step.
pub(crate) enum Then {
    /// On to the next step.
    Go,
    /// This step again, after a while.
    Wait,
    /// This step was refused: undo the earlier ones.
    Undo {
        /// Name of the step.
        step: &'static str,
        /// Why.
        reason: Reason,
    },
    /// All is done.
    Done,
    /// All is undone.
    Undone,
}

/// What became of one making.
pub(crate) enum Made {
    /// It is there, now or since before.
    Id(String),
    /// The side refused it.
    Refused(Reason),
    /// Not now, or not known.
    Wait,
}

/// How long an operation is lent to a driver.
const LEASE_MS: i64 = 60_000;
/// Steps that one request drives at most; the loop goes on.
const STEPS_MAX: usize = 5_000;

const INSERT: Sql = Sql::new(
    "insert into bridge_operation (connection_id, id, kind, person, origin, press_token, exclusive, state, is_open, \
     document, failed_step, reason, rows_done, rows_total, counts, fence, lease_until, due_at, attempts, created_at, \
     finished_at) values ($1, $2, $3, $4, $5, $6, $7, 'running', 1, $8, null, null, 0, null, '{}', 1, $9, $10, 0, $10, \
     null) on conflict do nothing",
);
const BY_TOKEN: Sql = Sql::hot(
    "select connection_id, id, kind, person, origin, state, document, failed_step, reason, rows_done, rows_total, \
     counts, fence, attempts, created_at, finished_at from bridge_operation \
     where connection_id = $1 and person = $2 and kind = $3 and press_token = $4",
);
const BY_ID: Sql = Sql::hot(
    "select connection_id, id, kind, person, origin, state, document, failed_step, reason, rows_done, rows_total, \
     counts, fence, attempts, created_at, finished_at from bridge_operation where connection_id = $1 and id = $2",
);
const CLAIM: Sql = Sql::hot(
    "update bridge_operation set fence = fence + 1, lease_until = $3 \
     where connection_id = $1 and id = $2 and is_open = 1 and lease_until <= $4 \
     returning connection_id, id, kind, person, origin, state, document, failed_step, reason, rows_done, rows_total, \
     counts, fence, attempts, created_at, finished_at",
);
/// Serves every connection: the loop has no tenant.
const DUE: Sql = Sql::hot(
    "select connection_id, id from bridge_operation where is_open = 1 and due_at <= $1 and lease_until <= $1 \
     order by due_at, id limit 1",
);
const SETTLE: Sql = Sql::hot(
    "update bridge_operation set state = $4, is_open = cast($5 as bigint), document = $6, failed_step = $7, reason = $8, \
     rows_done = $9, rows_total = $10, counts = $11, lease_until = $12, due_at = $13, attempts = $14, \
     finished_at = $15, exclusive = case when cast($5 as bigint) = 0 then null else exclusive end \
     where connection_id = $1 and id = $2 and fence = $3",
);
const TAKE: Sql = Sql::new("update bridge_operation set exclusive = $3 where connection_id = $1 and id = $2");
const HELD: Sql = Sql::new("select id from bridge_operation where connection_id = $1 and exclusive = $2 and id <> $3");
const FORGET: Sql = Sql::new("delete from bridge_operation where connection_id = $1 and id = $2 and is_open = 0");
const FORGET_ROWS: Sql = Sql::new("delete from bridge_operation_row where connection_id = $1 and operation_id = $2");
const OPEN: Sql = Sql::hot("select count(*) as n from bridge_operation where is_open = 1 and connection_id = $1");

/// An operation by its id.
pub(crate) fn by_id(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    id: &JobId,
) -> Result<Option<Operation>, BridgeError> {
    read.row(&BY_ID, &[connection.as_str().into(), id.as_str().into()])?.as_ref().map(operation).transpose()
}

/// Operations of a connection that are not ended: they count in what is in flight.
pub fn open_count(read: &mut Read<'_>, connection: &ConnectionId) -> Result<i64, BridgeError> {
    Ok(read.row(&OPEN, &[connection.as_str().into()])?.map_or(Ok(0), |row| row.int("n"))?)
}

impl Claimed {
    /// Whether the present step may have been tried by somebody who did not live to store its result.
    pub(crate) fn may_have_been_tried(&self) -> bool {
        self.operation.fence > 1 || self.operation.attempts > 0
    }

    /// The mark of a making: the same for every try of it.
    pub(crate) fn mark(&self, step: &str) -> CreateMark {
        CreateMark::new(format!("{}-{step}", self.operation.id))
    }

    /// The person who ordered it, in the tenants of the connection.
    pub(crate) fn acting(&self) -> Acting {
        acting_for(&self.connection.tenant, &self.operation.person, self.operation.origin)
    }
}

/// What the outcome of a making means.
pub(crate) fn made(outcome: Option<Outcome<String>>) -> Made {
    match outcome {
        Some(Outcome::Done { id, .. }) => Made::Id(id),
        Some(Outcome::Refused(reason)) => Made::Refused(reason),
        Some(Outcome::Gone) => Made::Refused(Reason::RecordGone),
        Some(Outcome::Later(Wait::RateLimited { .. } | Wait::Unreachable | Wait::AuthExpired))
        | Some(Outcome::Stale | Outcome::Unknown)
        | None => Made::Wait,
    }
}

/// Reserves what no other open operation may work on, in the transaction that learns of it.
pub(crate) fn take(tx: &mut Tx<'_>, operation: &Operation, what: &str) -> Result<(), BridgeError> {
    let key = [operation.connection.as_str(), operation.id.as_str()];
    if tx.row(&HELD, &[key[0].into(), what.into(), key[1].into()])?.is_some() {
        return Err(BridgeError::AlreadyRunning);
    }
    tx.execute(&TAKE, &[key[0].into(), key[1].into(), what.into()])?;
    Ok(())
}

fn by_token(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    acting: &Acting,
    new: &NewOperation<'_>,
) -> Result<Option<Operation>, BridgeError> {
    let binds =
        [connection.as_str().into(), acting.email.as_str().into(), new.kind.code().into(), new.press_token.into()];
    read.row(&BY_TOKEN, &binds)?.as_ref().map(operation).transpose()
}

fn claim(tx: &mut Tx<'_>, connection: &ConnectionId, id: &JobId, now: i64) -> Result<Option<Operation>, BridgeError> {
    let binds = [connection.as_str().into(), id.as_str().into(), (now + LEASE_MS).into(), now.into()];
    tx.row(&CLAIM, &binds)?.as_ref().map(operation).transpose()
}

fn forget(tx: &mut Tx<'_>, connection: &ConnectionId, id: &JobId) -> Result<(), BridgeError> {
    tx.execute(&FORGET_ROWS, &[connection.as_str().into(), id.as_str().into()])?;
    tx.execute(&FORGET, &[connection.as_str().into(), id.as_str().into()])?;
    Ok(())
}

fn insert(
    tx: &mut Tx<'_>,
    connection: &Connection,
    acting: &Acting,
    new: &NewOperation<'_>,
    id: &str,
    now: i64,
) -> Result<u64, BridgeError> {
    Ok(tx.execute(
        &INSERT,
        &[
            connection.id.as_str().into(),
            id.into(),
            new.kind.code().into(),
            acting.email.as_str().into(),
            acting.origin.code().into(),
            new.press_token.into(),
            (&new.exclusive).into(),
            (&new.document).into(),
            (now + LEASE_MS).into(),
            now.into(),
        ],
    )?)
}

fn settle_binds(next: &Operation, reason: Option<&str>, lease: i64, due: i64) -> [store::Bind; 15] {
    [
        next.connection.as_str().into(),
        next.id.as_str().into(),
        next.fence.into(),
        next.state.code().into(),
        next.state.is_open().into(),
        (&next.document).into(),
        (&next.failed_step).into(),
        reason.into(),
        next.rows_done.into(),
        next.rows_total.into(),
        (&next.counts).into(),
        lease.into(),
        due.into(),
        next.attempts.into(),
        next.finished_at.map(Moment::ms).into(),
    ]
}

pub(crate) fn operation(row: &Row) -> Result<Operation, BridgeError> {
    let unknown = |what: &str| BridgeError::Failed(format!("an operation has an unknown {what}"));
    Ok(Operation {
        id: JobId::new(row.text("id")?),
        connection: ConnectionId::new(row.text("connection_id")?),
        kind: OperationKind::parse(&row.text("kind")?).ok_or_else(|| unknown("kind"))?,
        person: stored::email(&row.text("person")?)?,
        origin: stored::origin(&row.text("origin")?),
        state: OperationState::parse(&row.text("state")?).ok_or_else(|| unknown("state"))?,
        document: row.text("document")?,
        failed_step: row.text_or_null("failed_step")?,
        reason: row.text_or_null("reason")?.as_deref().map(stored::reason).transpose()?,
        rows_done: row.int("rows_done")?,
        rows_total: row.int_or_null("rows_total")?,
        counts: row.text("counts")?,
        created_at: Moment::from_ms(row.int("created_at")?),
        finished_at: row.int_or_null("finished_at")?.map(Moment::from_ms),
        fence: row.int("fence")?,
        attempts: row.int("attempts")?,
    })
}
