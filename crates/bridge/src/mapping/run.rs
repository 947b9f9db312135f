//! A mapping run: all pairs of one name, in bounded steps, with a report and the letter M4 (MAP-1, MAP-2, MAP-4).

use mail::letter::{Letter, MappingReport, MappingResult};
use mail::{NewLetter, letter};
use ports::{AccountId, Acting, CompanyId, JobId, LetterId, MappingId, Reason};
use serde::{Deserialize, Serialize};
use store::{Sql, Tx};

use super::overview::{MappingRow, MappingState, Scan};
use super::{Mapping, MappingOrigin, NewMapping, Party};
use crate::error::BridgeError;
use crate::job::{self, Job, Outcome, Row, RowDocument};
use crate::operation::{Begun, Claimed, NewOperation, OperationKind, OperationState, Then};
use crate::service::Bridge;
use crate::stored::{self, StoredReason};

/// How a run is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunOptions {
    /// The same rows, but nothing is mapped and nobody is written to.
    pub dry_run: bool,
    /// The basis of a look that this run must still agree with.
    pub basis: Option<String>,
}

/// What a run keeps between its steps.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RunDocument {
    pub(crate) dry_run: bool,
    /// The basis that was sent, or in a dry run the one found.
    pub(crate) basis: Option<String>,
    phase: Phase,
    accounts: usize,
    accounts_alone: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Phase {
    Scan,
    Map,
    Report,
}

/// Pairs that one step maps at most.
const STEP: usize = 100;
/// Rows that a letter names at most.
const LETTER_ROWS_MAX: usize = 1_000;
/// Step name of a run whose basis does not hold any more.
const CHANGED_SINCE: &str = "changed_since";

const SET_ROW: Sql = Sql::new(
    "update bridge_operation_row set outcome = $4, document = $5 \
     where connection_id = $1 and operation_id = $2 and number = $3",
);

impl Bridge {
    /// Maps every company whose name is unique and the same on both sides; can be run again at any time.
    ///
    /// Only portal administrators. The answer is the finished job, or a running one if it takes long; its rows are
    /// the report. Errors: `ChangedSince` if the basis does not hold; `AlreadyRunning` while another run works.
    pub fn run_mapping(&self, acting: &Acting, press_token: &str, options: &RunOptions) -> Result<Job, BridgeError> {
        self.caller(acting)?.require_portal_administrator()?;
        let connection = self.running_connection(&acting.tenant)?;
        let document = RunDocument {
            dry_run: options.dry_run,
            basis: options.basis.clone(),
            phase: Phase::Scan,
            accounts: 0,
            accounts_alone: 0,
        };
        let new = NewOperation {
            kind: OperationKind::MappingRun,
            press_token,
            exclusive: Some("mapping_run".to_owned()),
            document: stored::to_json(&document)?,
        };
        let ended = match self.begin(&connection, acting, &new)? {
            Begun::Ended(operation) => *operation,
            Begun::Ours(claimed) => self.drive(*claimed)?,
        };
        match (ended.state, ended.failed_step.as_deref()) {
            (OperationState::Refused, Some(CHANGED_SINCE)) => Err(BridgeError::ChangedSince),
            (OperationState::Refused, _) => Err(BridgeError::Refused(ended.reason.unwrap_or(Reason::InternalError))),
            _ => job::job(&ended),
        }
    }
}

/// Fingerprint of what a run would do with these rows.
pub(crate) fn basis(rows: &[MappingRow]) -> String {
    let parts = rows.iter().filter_map(|row| {
        let company = row.company.as_ref()?;
        let accounts: Vec<_> = row.candidates.iter().map(|party| party.id.as_str()).collect();
        Some(format!("{} {} {}", company.id, row.state.code(), accounts.join(" ")))
    });
    let parts: Vec<String> = parts.collect();
    stored::fingerprint(parts.iter().map(String::as_str))
}

/// One step of a run.
pub(crate) fn step(bridge: &Bridge, claimed: &mut Claimed) -> Result<(), BridgeError> {
    let document: RunDocument = stored::from_json(&claimed.operation.document)?;
    if claimed.operation.state == OperationState::Undoing {
        let same = claimed.operation.document.clone();
        return bridge.settle(claimed, &same, Then::Undone, |_| Ok(()));
    }
    match document.phase {
        Phase::Scan => scan(bridge, claimed, document),
        Phase::Map => map_some(bridge, claimed, document),
        Phase::Report => report(bridge, claimed, &document),
    }
}

fn scan(bridge: &Bridge, claimed: &mut Claimed, mut document: RunDocument) -> Result<(), BridgeError> {
    let scan = bridge.scan_names(&claimed.connection)?;
    let found = basis(&scan.rows);
    if document.basis.as_ref().is_some_and(|wanted| *wanted != found) && !document.dry_run {
        let same = claimed.operation.document.clone();
        let reason = Reason::Conflict;
        return bridge.settle(claimed, &same, Then::Undo { step: CHANGED_SINCE, reason }, |_| Ok(()));
    }
    let rows = planned_rows(&scan, document.dry_run);
    document.phase = if document.dry_run { Phase::Report } else { Phase::Map };
    document.accounts = scan.accounts;
    document.accounts_alone = scan.accounts_alone();
    document.basis = Some(found);
    let then = if document.dry_run { Then::Done } else { Then::Go };
    count(claimed, &rows)?;
    let (connection, id) = (claimed.connection.id.clone(), claimed.operation.id.clone());
    bridge.settle(claimed, &stored::to_json(&document)?, then, |tx| {
        job::clear_rows(tx, &connection, &id)?;
        rows.iter().try_for_each(|row| job::insert_row(tx, &connection, &id, row))
    })
}

fn planned_rows(scan: &Scan, is_dry: bool) -> Vec<Row> {
    let rows = scan.companies().enumerate().map(|(at, row)| {
        let outcome = match row.state {
            MappingState::Mapped => Outcome::Before,
            MappingState::Exact if is_dry => Outcome::Mapped,
            MappingState::Exact => Outcome::Planned,
            MappingState::Similar | MappingState::Ambiguous | MappingState::NoMatch | MappingState::Different => {
                Outcome::Unmapped
            }
        };
        let document = RowDocument {
            company: row.company.clone(),
            account: row.account.clone(),
            candidates: row.candidates.clone(),
            reason: row.reason.as_ref().map(StoredReason::from),
        };
        Row { number: i64::try_from(at).unwrap_or(i64::MAX - 1) + 1, outcome, document }
    });
    rows.collect()
}

/// Progress and counts of the rows that the report shows.
fn count(claimed: &mut Claimed, rows: &[Row]) -> Result<(), BridgeError> {
    let number = |wanted: Outcome| rows.iter().filter(|row| row.outcome == wanted).count();
    let (mapped, unmapped, planned) = (number(Outcome::Mapped), number(Outcome::Unmapped), number(Outcome::Planned));
    claimed.operation.rows_total = i64::try_from(mapped + unmapped + planned).ok();
    claimed.operation.rows_done = i64::try_from(mapped + unmapped).unwrap_or(0);
    claimed.operation.counts = stored::to_json(&serde_json::json!({ "mapped": mapped, "unmapped": unmapped }))?;
    Ok(())
}

/// Maps up to a hundred planned pairs; one that somebody mapped meanwhile is told as refused.
fn map_some(bridge: &Bridge, claimed: &mut Claimed, mut document: RunDocument) -> Result<(), BridgeError> {
    let (connection, id) = (claimed.connection.id.clone(), claimed.operation.id.clone());
    let planned = bridge.db().read(|read| job::planned_rows(read, &connection, &id, STEP))?;
    if planned.is_empty() {
        document.phase = Phase::Report;
        return bridge.settle(claimed, &stored::to_json(&document)?, Then::Go, |_| Ok(()));
    }
    let mut orders = Vec::new();
    for row in planned {
        let new = new_mapping(bridge, claimed, &row);
        orders.push((row, new));
    }
    claimed.operation.rows_done += i64::try_from(orders.len()).unwrap_or(0);
    let same = claimed.operation.document.clone();
    bridge.settle(claimed, &same, Then::Go, |tx| {
        for (row, new) in &orders {
            let done = map_row(tx, &connection, row, new.as_ref())?;
            tx.execute(
                &SET_ROW,
                &[
                    connection.as_str().into(),
                    id.as_str().into(),
                    done.number.into(),
                    done.outcome.code().into(),
                    stored::to_json(&done.document)?.into(),
                ],
            )?;
        }
        Ok(())
    })
}

fn new_mapping(bridge: &Bridge, claimed: &Claimed, row: &Row) -> Option<NewMapping> {
    let (company, account) = (row.document.company.as_ref()?, row.document.account.as_ref()?);
    Some(NewMapping {
        mapping: Mapping {
            id: MappingId::new(bridge.next_id()),
            company: CompanyId::new(company.id.clone()),
            account: AccountId::new(account.id.clone()),
            origin: MappingOrigin::Run,
            at: bridge.now(),
            by: Some(claimed.operation.person.clone()),
        },
        company_name: company.name.clone(),
        account_name: account.name.clone(),
        event_id: bridge.next_id(),
        is_told: true,
    })
}

fn map_row(
    tx: &mut Tx<'_>,
    connection: &ports::ConnectionId,
    row: &Row,
    new: Option<&NewMapping>,
) -> Result<Row, BridgeError> {
    let mut done = row.clone();
    let refused = match new {
        Some(new) => match super::insert(tx, connection, new) {
            Ok(()) => None,
            Err(BridgeError::Refused(reason)) => Some(reason),
            Err(other) => return Err(other),
        },
        None => Some(Reason::InternalError),
    };
    done.outcome = if refused.is_some() { Outcome::Unmapped } else { Outcome::Mapped };
    done.document.reason = refused.as_ref().map(StoredReason::from);
    Ok(done)
}

/// The last step: the letter, in the transaction that ends the run.
fn report(bridge: &Bridge, claimed: &mut Claimed, document: &RunDocument) -> Result<(), BridgeError> {
    let (connection, id) = (claimed.connection.id.clone(), claimed.operation.id.clone());
    let rows = bridge.db().read(|read| job::all_rows(read, &connection, &id))?;
    count(claimed, &rows)?;
    let letter = NewLetter {
        id: LetterId::new(bridge.next_id()),
        at: bridge.now(),
        tenant: claimed.connection.tenant.clone(),
        to: claimed.operation.person.clone(),
        letter: Letter::MappingReport(MappingReport {
            job_id: JobId::new(id.as_str()),
            at: bridge.now(),
            accounts: document.accounts,
            accounts_alone: document.accounts_alone,
            rows: rows.iter().take(LETTER_ROWS_MAX).map(letter_row).collect(),
        }),
        message_key: format!("mapping-run-{id}"),
    };
    let same = claimed.operation.document.clone();
    bridge.settle(claimed, &same, Then::Done, |tx| {
        mail::enqueue(tx, &letter)?;
        Ok(())
    })
}

fn letter_row(row: &Row) -> letter::MappingRow {
    let result = match row.outcome {
        Outcome::Mapped => MappingResult::MappedNow,
        Outcome::Before => MappingResult::MappedBefore,
        Outcome::Unmapped | Outcome::Planned => MappingResult::NotMapped(row.document.reason()),
    };
    let accounts = match &row.document.account {
        Some(account) => vec![account.name.clone()],
        None => row.document.candidates.iter().map(Party::label).collect(),
    };
    letter::MappingRow {
        company: row.document.company.as_ref().map(|party| party.name.clone()).unwrap_or_default(),
        accounts,
        result,
    }
}
