//! Long work as its starter sees it: state, progress, and rows that are its report.

use std::collections::BTreeMap;

use ports::{Acting, ConnectionId, Email, JobId, Moment, Page, Reason};
use serde::{Deserialize, Serialize};
use store::{Read, Sql, Tx};

use crate::error::BridgeError;
use crate::mapping::Party;
use crate::operation::{self, Operation, OperationKind, OperationState};
use crate::service::Bridge;
use crate::stored::{self, StoredReason};

/// Long work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Id.
    pub id: JobId,
    /// `mapping_run` or `hand_off`.
    pub kind: OperationKind,
    /// Its connection.
    pub connection: ConnectionId,
    /// How far it is.
    pub state: JobState,
    /// Whether it only looks.
    pub is_dry_run: bool,
    /// Of a dry run: to be sent with the real call.
    pub basis: Option<String>,
    /// Rows done.
    pub done: i64,
    /// Rows in all, once known.
    pub total: Option<i64>,
    /// Rows by outcome.
    pub counts: BTreeMap<String, i64>,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// Who started it.
    pub started_by: Email,
    /// When it was started.
    pub created_at: Moment,
    /// When it ended.
    pub finished_at: Option<Moment>,
}

/// States of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// It works.
    Running,
    /// All is done.
    Done,
    /// Nothing of it is left.
    Failed,
}

impl JobState {
    /// The word of the own API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// Reads the word.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Running, Self::Done, Self::Failed].into_iter().find(|state| state.code() == code)
    }
}

/// One row of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Its number, from 1, in the order of the input.
    pub number: i64,
    /// `mapped` or `unmapped`.
    pub outcome: &'static str,
    /// The client company.
    pub company: Option<Party>,
    /// The account it was mapped to.
    pub account: Option<Party>,
    /// Accounts that came into question.
    pub candidates: Vec<Party>,
    /// Why it was left alone.
    pub reason: Option<Reason>,
}

/// Which jobs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Of one of these kinds; empty for all.
    pub kinds: Vec<OperationKind>,
    /// In one of these states; empty for all.
    pub states: Vec<JobState>,
    /// Started by this person only.
    pub person: Option<Email>,
    /// Started at this moment or later.
    pub since: Option<Moment>,
}

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// To be mapped by this run.
    Planned,
    /// Mapped by this run.
    Mapped,
    /// Mapped before; not in the report.
    Before,
    /// Left alone.
    Unmapped,
}

impl Outcome {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Mapped => "mapped",
            Self::Before => "before",
            Self::Unmapped => "unmapped",
        }
    }

    fn parse(code: &str) -> Self {
        [Self::Planned, Self::Mapped, Self::Before]
            .into_iter()
            .find(|outcome| outcome.code() == code)
            .unwrap_or(Self::Unmapped)
    }
}

/// A row as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) number: i64,
    pub(crate) outcome: Outcome,
    pub(crate) document: RowDocument,
}

/// What a row tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RowDocument {
    pub(crate) company: Option<Party>,
    pub(crate) account: Option<Party>,
    pub(crate) candidates: Vec<Party>,
    pub(crate) reason: Option<StoredReason>,
}

impl RowDocument {
    pub(crate) fn reason(&self) -> Reason {
        self.reason.as_ref().map_or(Reason::NoMatch, StoredReason::reason)
    }
}

const INSERT_ROW: Sql = Sql::new(
    "insert into bridge_operation_row (connection_id, operation_id, number, outcome, document) \
     values ($1, $2, $3, $4, $5)",
);
const CLEAR_ROWS: Sql = Sql::new("delete from bridge_operation_row where connection_id = $1 and operation_id = $2");
const ROWS: Sql = Sql::hot(
    "select number, outcome, document from bridge_operation_row \
     where connection_id = $1 and operation_id = $2 order by number",
);
const PLANNED: Sql = Sql::hot(
    "select number, outcome, document from bridge_operation_row \
     where connection_id = $1 and operation_id = $2 and outcome = 'planned' order by number limit $3",
);
const OF_KIND: Sql = Sql::new(
    "select connection_id, id, kind, person, origin, state, document, failed_step, reason, rows_done, rows_total, \
     counts, fence, attempts, created_at, finished_at from bridge_operation \
     where connection_id = $1 and kind = $2 and id < $3 order by id desc limit $4",
);
const PAGE: i64 = 200;
const JOB_KINDS: [OperationKind; 2] = [OperationKind::MappingRun, OperationKind::HandOff];

impl Bridge {
    /// A page of jobs older than `after`, newest first; administrators see all, others their own.
    pub fn jobs(
        &self,
        acting: &Acting,
        filter: &JobFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<Job>, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let may_see = |job: &Job| caller.is_bridge_administrator() || job.started_by == caller.email;
        let mut rows: Vec<Job> = Vec::new();
        for kind in JOB_KINDS.into_iter().filter(|kind| filter.kinds.is_empty() || filter.kinds.contains(kind)) {
            let mut before = after.unwrap_or("~").to_owned();
            let mut found = 0;
            while found <= limit {
                let page = self.db().read(|read| of_kind(read, &connection.id, kind, &before))?;
                let Some(last) = page.last() else { break };
                last.id.as_str().clone_into(&mut before);
                for operation in &page {
                    let job = job(operation)?;
                    if may_see(&job) && fits(&job, filter) {
                        found += 1;
                        rows.push(job);
                    }
                }
            }
        }
        rows.sort_by(|left, right| right.id.cmp(&left.id));
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| has_more).map(|job| job.id.as_str().to_owned());
        Ok(Page { rows, next })
    }

    /// A job. Errors: `NotFound` for one that the person may not see.
    pub fn job(&self, acting: &Acting, id: &JobId) -> Result<Job, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let operation = self.db().read(|read| operation::by_id(read, &connection.id, id))?;
        let operation = operation.filter(|operation| JOB_KINDS.contains(&operation.kind));
        let job = job(&operation.ok_or(BridgeError::NotFound)?)?;
        if caller.is_bridge_administrator() || job.started_by == caller.email {
            Ok(job)
        } else {
            Err(BridgeError::NotFound)
        }
    }

    /// A page of a job's rows after `after`, in the order of the input; `outcomes` narrow them, empty for all.
    pub fn job_rows(
        &self,
        acting: &Acting,
        id: &JobId,
        outcomes: &[&str],
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<JobRow>, BridgeError> {
        let job = self.job(acting, id)?;
        let rows = self.db().read(|read| all_rows(read, &job.connection, id))?;
        let start: i64 = after.and_then(|after| after.parse().ok()).unwrap_or(0);
        let shown = rows.into_iter().filter(|row| row.number > start && row.outcome != Outcome::Before);
        let shown = shown.filter(|row| outcomes.is_empty() || outcomes.contains(&row.outcome.code()));
        let mut page: Vec<JobRow> = shown.take(limit.saturating_add(1)).map(job_row).collect();
        let has_more = page.len() > limit;
        page.truncate(limit);
        let next = page.last().filter(|_| has_more).map(|row| row.number.to_string());
        Ok(Page { rows: page, next })
    }
}

/// A stored operation as a job.
pub(crate) fn job(operation: &Operation) -> Result<Job, BridgeError> {
    let run: Option<crate::mapping::run::RunDocument> = match operation.kind {
        OperationKind::MappingRun => Some(stored::from_json(&operation.document)?),
        OperationKind::HandOff | OperationKind::Associate | OperationKind::AddToCrm => None,
    };
    Ok(Job {
        id: operation.id.clone(),
        kind: operation.kind,
        connection: operation.connection.clone(),
        state: match operation.state {
            OperationState::Running | OperationState::Undoing => JobState::Running,
            OperationState::Done => JobState::Done,
            OperationState::Refused => JobState::Failed,
        },
        is_dry_run: run.as_ref().is_some_and(|run| run.dry_run),
        basis: run.filter(|run| run.dry_run).and_then(|run| run.basis),
        done: operation.rows_done,
        total: operation.rows_total,
        counts: stored::from_json(&operation.counts)?,
        reason: operation.reason.clone(),
        started_by: operation.person.clone(),
        created_at: operation.created_at,
        finished_at: operation.finished_at,
    })
}

pub(crate) fn insert_row(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    operation: &JobId,
    row: &Row,
) -> Result<(), BridgeError> {
    tx.execute(
        &INSERT_ROW,
        &[
            connection.as_str().into(),
            operation.as_str().into(),
            row.number.into(),
            row.outcome.code().into(),
            stored::to_json(&row.document)?.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn clear_rows(tx: &mut Tx<'_>, connection: &ConnectionId, operation: &JobId) -> Result<(), BridgeError> {
    tx.execute(&CLEAR_ROWS, &[connection.as_str().into(), operation.as_str().into()])?;
    Ok(())
}

/// All rows of an operation, in order.
pub(crate) fn all_rows(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    operation: &JobId,
) -> Result<Vec<Row>, BridgeError> {
    read.rows(&ROWS, &[connection.as_str().into(), operation.as_str().into()])?.iter().map(stored_row).collect()
}

/// Rows that are still to be worked on, at most `limit`.
pub(crate) fn planned_rows(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    operation: &JobId,
    limit: usize,
) -> Result<Vec<Row>, BridgeError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let binds = [connection.as_str().into(), operation.as_str().into(), limit.into()];
    read.rows(&PLANNED, &binds)?.iter().map(stored_row).collect()
}

fn stored_row(row: &store::Row) -> Result<Row, BridgeError> {
    Ok(Row {
        number: row.int("number")?,
        outcome: Outcome::parse(&row.text("outcome")?),
        document: stored::from_json(&row.text("document")?)?,
    })
}

fn of_kind(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    kind: OperationKind,
    before: &str,
) -> Result<Vec<Operation>, BridgeError> {
    let binds = [connection.as_str().into(), kind.code().into(), before.into(), PAGE.into()];
    read.rows(&OF_KIND, &binds)?.iter().map(operation::operation).collect()
}

fn fits(job: &Job, filter: &JobFilter) -> bool {
    (filter.states.is_empty() || filter.states.contains(&job.state))
        && filter.person.as_ref().is_none_or(|person| *person == job.started_by)
        && filter.since.is_none_or(|since| job.created_at >= since)
}

fn job_row(row: Row) -> JobRow {
    let is_mapped = row.outcome == Outcome::Mapped;
    JobRow {
        number: row.number,
        outcome: row.outcome.code(),
        reason: (!is_mapped).then(|| row.document.reason()),
        company: row.document.company,
        account: row.document.account,
        candidates: row.document.candidates,
    }
}
