//! `/mappings` and mapping runs: which client company belongs to which account.

use bridge::BridgeError;
use bridge::mapping::Mapping;
use bridge::mapping::overview::{MappingFilter, MappingRow, MappingState};
use bridge::mapping::run::RunOptions;
use ports::{AccountId, CompanyId, ConnectionId, MappingId, ProjectId};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, List};
use crate::call::Call;
use crate::code::Code;
use crate::document::party::Party;
use crate::document::person::Person;
use crate::document::reason::ReasonDocument;
use crate::failure::Failure;
use crate::jobs;
use crate::version;

#[derive(Serialize)]
struct MappingDocument {
    id: Option<String>,
    connection_id: String,
    state: &'static str,
    company: Option<Party>,
    account: Option<Party>,
    candidates: Vec<Party>,
    reason: Option<ReasonDocument>,
    names_differ: bool,
    source: &'static str,
    mapped_at: Option<String>,
    mapped_by: Option<Person>,
    origin: Option<&'static str>,
}

#[derive(Deserialize)]
struct NewMapping {
    connection_id: String,
    company_id: String,
    account_id: String,
    verdict: Option<String>,
}

pub(crate) fn list(call: &Call) -> Result<Answer, Failure> {
    let Some(connection) = call.connections()?.into_iter().next() else {
        return Answer::ok(&List::<MappingDocument> { items: Vec::new(), next: None });
    };
    let states = call.several("state");
    let filter = MappingFilter {
        states: states.into_iter().filter_map(MappingState::parse).collect(),
        project: call.text("project_id").map(ProjectId::new),
        search: call.text("q").map(str::to_owned),
    };
    let asked_for_none = call.text("state").is_some() && filter.states.is_empty();
    if asked_for_none {
        return Answer::ok(&List::<MappingDocument> { items: Vec::new(), next: None });
    }
    let after = call.after()?;
    let page = call.api.bridge().mappings(call.acting(), &filter, after.as_deref(), call.limit())?;
    let items = page.rows.iter().map(|row| document(call, &connection.id, row)).collect();
    Answer::ok(&List { items, next: call.next(page.next) })
}

pub(crate) fn create(call: &Call) -> Result<Answer, Failure> {
    let new: NewMapping = call.body()?;
    let connection = call.connection_of_body(&new.connection_id)?;
    let (company, account) = (CompanyId::new(new.company_id), AccountId::new(new.account_id));
    let bridge = call.api.bridge();
    if new.verdict.as_deref() == Some("different") {
        bridge.say_different(call.acting(), &company, &account)?;
        return Answer::created(&said_different(call, &connection.id, &company, &account)?);
    }
    let mapping = bridge.map_pair(call.acting(), &company, &account)?;
    let row = bridge.mapping(call.acting(), &mapping.id)?;
    let answer = Answer::created(&document(call, &connection.id, &row))?;
    Ok(answer.with_etag(etag(&mapping)).at(&format!("/mappings/{}", mapping.id)))
}

pub(crate) fn delete(call: &Call) -> Result<Answer, Failure> {
    let id = MappingId::new(call.path("mapping_id"));
    let bridge = call.api.bridge();
    let row = bridge.mapping(call.acting(), &id)?;
    // A mapping is made and taken away, never changed: its id and its moment are its version.
    let present = row.mapped_at.map_or_else(String::new, |at| version::of_number(at.ms()));
    version::check(call.if_match(), &present)?;
    bridge.unmap(call.acting(), &id)?;
    Ok(Answer::nothing())
}

pub(crate) fn run(call: &Call) -> Result<Answer, Failure> {
    call.connection()?;
    let options = RunOptions { dry_run: call.is_dry_run(), basis: call.basis() };
    let job = match call.api.bridge().run_mapping(call.acting(), &call.press_token(), &options) {
        Ok(job) => job,
        // Another run, with another key, is at work.
        Err(BridgeError::AlreadyRunning) => return Err(Failure::of(Code::WrongState)),
        Err(error) => return Err(error.into()),
    };
    Ok(Answer::begun(&jobs::document(call, &job))?.at(&format!("/jobs/{}", job.id)))
}

fn etag(mapping: &Mapping) -> String {
    version::of_number(mapping.at.ms())
}

fn document(call: &Call, connection: &ConnectionId, row: &MappingRow) -> MappingDocument {
    let api = &call.api;
    MappingDocument {
        id: row.id.as_ref().map(|id| id.as_str().to_owned()),
        connection_id: connection.as_str().to_owned(),
        state: row.state.code(),
        company: row.company.as_ref().map(Party::company),
        account: row.account.as_ref().map(|party| Party::account(api, party)),
        candidates: row.candidates.iter().map(|party| Party::account(api, party)).collect(),
        reason: ReasonDocument::of_some(call.w, row.reason.as_ref()),
        names_differ: row.names_differ,
        source: "crm",
        mapped_at: row.mapped_at.map(|at| at.to_string()),
        mapped_by: Person::of_some(api, row.mapped_by.as_ref()),
        origin: row.origin.map(bridge::mapping::MappingOrigin::code),
    }
}

/// The two as they are called now, with what was said of them.
fn said_different(
    call: &Call,
    connection: &ConnectionId,
    company: &CompanyId,
    account: &AccountId,
) -> Result<MappingDocument, Failure> {
    let rows = call.api.bridge().mapping_overview(call.acting())?.rows;
    let companies = rows.iter().filter_map(|row| row.company.as_ref());
    let accounts = rows.iter().flat_map(|row| row.account.iter().chain(&row.candidates));
    let company = companies.into_iter().find(|party| party.id == company.as_str());
    let account = accounts.into_iter().find(|party| party.id == account.as_str());
    Ok(MappingDocument {
        id: None,
        connection_id: connection.as_str().to_owned(),
        state: MappingState::Different.code(),
        company: company.map(Party::company),
        account: account.map(|party| Party::account(&call.api, party)),
        candidates: Vec::new(),
        reason: None,
        names_differ: true,
        source: "crm",
        mapped_at: None,
        mapped_by: None,
        origin: None,
    })
}
