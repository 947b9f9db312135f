//! `/jobs`: long work and its rows.

use std::collections::BTreeMap;

use bridge::job::{Job, JobFilter, JobRow, JobState};
use bridge::operation::OperationKind;
use ports::JobId;
use serde::Serialize;

use crate::answer::{Answer, List};
use crate::call::Call;
use crate::csv::Csv;
use crate::document::person::Person;
use crate::document::reason::ReasonDocument;
use crate::document::record::RecordRef;
use crate::failure::Failure;

#[derive(Serialize)]
pub(crate) struct JobDocument {
    id: String,
    kind: &'static str,
    connection_id: String,
    state: &'static str,
    dry_run: bool,
    basis: Option<String>,
    progress: Progress,
    counts: BTreeMap<String, i64>,
    reason: Option<ReasonDocument>,
    result: Option<String>,
    undoable: bool,
    started_by: Person,
    created_at: String,
    finished_at: Option<String>,
}

#[derive(Serialize)]
struct Progress {
    done: i64,
    total: Option<i64>,
}

#[derive(Serialize)]
struct RowDocument {
    id: String,
    number: i64,
    records: Vec<RecordRef>,
    person: Option<()>,
    outcome: &'static str,
    reason: Option<ReasonDocument>,
    remedies: [(); 0],
}

/// Rows of a file are read in pages of this size.
const PAGE: usize = 200;

pub(crate) fn list(call: &Call) -> Result<Answer, Failure> {
    let filter = JobFilter {
        kinds: call.several("kind").into_iter().filter_map(OperationKind::parse).collect(),
        states: call.several("state").into_iter().filter_map(JobState::parse).collect(),
        person: call.person()?,
        since: call.moment("since"),
    };
    let asks_for_none = (call.text("kind").is_some() && filter.kinds.is_empty())
        || (call.text("state").is_some() && filter.states.is_empty())
        || call.connections()?.is_empty();
    if asks_for_none {
        return Answer::ok(&List::<JobDocument> { items: Vec::new(), next: None });
    }
    let after = call.after()?;
    let page = call.api.bridge().jobs(call.acting(), &filter, after.as_deref(), call.limit())?;
    let items = page.rows.iter().map(|job| document(call, job)).collect();
    Answer::ok(&List { items, next: call.next(page.next) })
}

pub(crate) fn get(call: &Call) -> Result<Answer, Failure> {
    let job = call.api.bridge().job(call.acting(), &JobId::new(call.path("job_id")))?;
    Answer::ok(&document(call, &job))
}

pub(crate) fn rows(call: &Call) -> Result<Answer, Failure> {
    let id = JobId::new(call.path("job_id"));
    let outcomes = call.several("outcome");
    let bridge = call.api.bridge();
    if call.wants_csv() {
        let mut csv =
            Csv::new(&["number", "outcome", "company", "company_id", "account", "account_id", "reason", "text"]);
        let mut after = None;
        loop {
            let page = bridge.job_rows(call.acting(), &id, &outcomes, after.as_deref(), PAGE)?;
            page.rows.iter().for_each(|row| csv_row(call, &mut csv, row));
            after = page.next;
            if after.is_none() {
                return Ok(Answer::csv(csv.finish()));
            }
        }
    }
    let after = call.after()?;
    let page = bridge.job_rows(call.acting(), &id, &outcomes, after.as_deref(), call.limit())?;
    let items = page.rows.iter().map(|row| row_document(call, &id, row)).collect();
    Answer::ok(&List { items, next: call.next(page.next) })
}

pub(crate) fn document(call: &Call, job: &Job) -> JobDocument {
    JobDocument {
        id: job.id.as_str().to_owned(),
        kind: job.kind.code(),
        connection_id: job.connection.as_str().to_owned(),
        state: job.state.code(),
        dry_run: job.is_dry_run,
        basis: job.basis.clone(),
        progress: Progress { done: job.done, total: job.total },
        counts: job.counts.clone(),
        reason: ReasonDocument::of_some(call.w, job.reason.as_ref()),
        result: None,
        undoable: false,
        started_by: Person::of(&call.api, &job.started_by),
        created_at: job.created_at.to_string(),
        finished_at: job.finished_at.map(|at| at.to_string()),
    }
}

fn row_document(call: &Call, job: &JobId, row: &JobRow) -> RowDocument {
    let account = |id: &str, name: &str| {
        let record = ports::CrmRef { module: ports::CrmModule::Account, id: id.to_owned() };
        RecordRef::sales(&record, name)
    };
    let company = row.company.iter().map(|party| RecordRef::client(&party.id, &party.name));
    let accounts = row.account.iter().map(|party| account(&party.id, &party.name));
    RowDocument {
        id: format!("{job}-{}", row.number),
        number: row.number,
        records: company.chain(accounts).collect(),
        person: None,
        outcome: row.outcome,
        reason: ReasonDocument::of_some(call.w, row.reason.as_ref()),
        remedies: [],
    }
}

fn csv_row(call: &Call, csv: &mut Csv, row: &JobRow) {
    let (company, account) = (row.company.as_ref(), row.account.as_ref());
    csv.row(&[
        &row.number.to_string(),
        row.outcome,
        company.map_or("", |party| &party.name),
        company.map_or("", |party| &party.id),
        account.map_or("", |party| &party.name),
        account.map_or("", |party| &party.id),
        row.reason.as_ref().map_or("", ports::Reason::code),
        &row.reason.as_ref().map(|reason| call.w.reason(reason)).unwrap_or_default(),
    ]);
}
