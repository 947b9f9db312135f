//! `/history`: what became of every change.

use bridge::field::SideName;
use bridge::history::{Action, Entry, Filter, Outcome};
use bridge::reading::history::EntryView;
use i18n::Words;
use ports::{CrmModule, CrmRef, LinkId, ProjectId};
use serde::Serialize;

use crate::answer::{Answer, List};
use crate::call::Call;
use crate::csv::Csv;
use crate::document::link;
use crate::document::person::Person;
use crate::document::reason::ReasonDocument;
use crate::document::record::RecordRef;
use crate::document::value::Value;
use crate::failure::Failure;

#[derive(Serialize)]
struct EntryDocument {
    id: String,
    at: String,
    changed_at: Option<String>,
    connection_id: String,
    link_id: Option<String>,
    job_id: Option<String>,
    records: Vec<RecordRef>,
    action: &'static str,
    field: Option<String>,
    old: Option<Value>,
    new: Option<Value>,
    person: Option<Person>,
    side: Option<&'static str>,
    outcome: &'static str,
    reason: Option<ReasonDocument>,
    cause: &'static str,
    undoable: bool,
    undone_by: Option<()>,
    text: String,
}

/// Entries of a file are read in pages of this size, and a file has at most so many pages.
const PAGE: usize = 200;
const PAGES_MAX: usize = 5_000;
const CSV_COLUMNS: [&str; 13] = [
    "at",
    "changed_at",
    "person",
    "side",
    "action",
    "field",
    "old",
    "new",
    "outcome",
    "reason",
    "task",
    "link_id",
    "text",
];

pub(crate) fn list(call: &Call) -> Result<Answer, Failure> {
    let Some(connection) = call.connections()?.into_iter().next() else {
        return Answer::ok(&List::<EntryDocument> { items: Vec::new(), next: None });
    };
    let filter = filter(call)?;
    let several = |name: &str| -> Vec<String> { call.several(name).into_iter().map(str::to_owned).collect() };
    let (reasons, fields) = (several("reason"), several("field"));
    let read =
        |after: Option<&str>, limit| call.api.bridge().history(call.acting(), &filter, &reasons, &fields, after, limit);
    if call.wants_csv() {
        let (mut csv, mut after) = (Csv::new(&CSV_COLUMNS), None);
        for _ in 0..PAGES_MAX {
            let page = read(after.as_deref(), PAGE)?;
            page.rows.iter().for_each(|view| csv_row(call, &mut csv, view));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        return Ok(Answer::csv(csv.finish()));
    }
    let page = read(call.after()?.as_deref(), call.limit())?;
    let items = page.rows.iter().map(|view| document(call, connection.id.as_str(), view)).collect();
    Answer::ok(&List { items, next: call.next(page.next) })
}

fn filter(call: &Call) -> Result<Filter, Failure> {
    let mut filter = Filter {
        link: call.text("link_id").map(LinkId::new),
        project: call.text("project_id").map(ProjectId::new),
        record: None,
        person: call.person()?,
        job: call.text("job_id").map(str::to_owned),
        side: call.text("side").and_then(SideName::parse),
        field: None,
        outcomes: call.several("outcome").into_iter().filter_map(Outcome::parse).collect(),
        reason_code: None,
        cause: call.text("cause").map(str::to_owned),
        since: call.moment("since"),
        until: call.moment("until"),
    };
    match call.text("record").and_then(|text| text.split_once(':')) {
        Some(("project", id)) => filter.project = Some(ProjectId::new(id)),
        Some(("task", id)) => filter.link = Some(link_of(call, "task", id)?),
        Some(("projects_task", id)) => filter.link = Some(link_of(call, "projects_task", id)?),
        Some((module, id)) => filter.record = Some(format!("{module}:{id}")),
        None => {}
    }
    Ok(filter)
}

/// The link of a task; an id of none where it has no link.
fn link_of(call: &Call, kind: &str, id: &str) -> Result<LinkId, Failure> {
    let mut filter = bridge::reading::links::LinkFilter::default();
    match kind {
        "task" => filter.crm_task = Some(ports::CrmTaskId::new(id)),
        _ => filter.projects_task = Some(ports::ProjectsTaskId::new(id)),
    }
    let page = call.api.bridge().links(call.acting(), &filter, None, 1)?;
    Ok(page.rows.into_iter().next().map_or_else(|| LinkId::new("none"), |view| view.link.id))
}

fn document(call: &Call, connection: &str, view: &EntryView) -> EntryDocument {
    let entry = &view.entry;
    EntryDocument {
        id: entry.id.as_str().to_owned(),
        at: entry.at.to_string(),
        changed_at: entry.changed_at.map(|at| at.to_string()),
        connection_id: connection.to_owned(),
        link_id: entry.link.as_ref().map(|id| id.as_str().to_owned()),
        job_id: entry.job.clone(),
        records: records(view),
        action: entry.action.code(),
        field: entry.field.clone(),
        old: entry.old.as_ref().map(Value::shown),
        new: entry.new.as_ref().map(Value::shown),
        person: Person::of_some(&call.api, entry.person.as_ref()),
        side: entry.side.map(SideName::code),
        outcome: entry.outcome.code(),
        reason: ReasonDocument::of_some(call.w, entry.reason.as_ref()),
        cause: cause(entry),
        undoable: false,
        undone_by: None,
        text: text(call.w, entry),
    }
}

fn records(view: &EntryView) -> Vec<RecordRef> {
    let mut records = Vec::new();
    if let Some(own) = &view.link {
        records.extend(view.sees_projects.then(|| link::projects_task(own)));
        records.extend(view.sees_crm.then(|| link::crm_task(own)));
    }
    let named = view.entry.record.as_deref().and_then(|text| text.split_once(':')).filter(|_| view.sees_crm);
    if let Some((module, id)) = named
        && let Some(module) = CrmModule::parse(module)
    {
        records.push(RecordRef::sales(&CrmRef { module, id: id.to_owned() }, &view.entry.detail));
    }
    records
}

/// The words of the description; what the program says otherwise belongs to the action.
fn cause(entry: &Entry) -> &'static str {
    const CAUSES: [&str; 7] = ["event", "comparison", "conflict", "linking", "hand_off", "mapping", "import"];
    let by_action = match entry.action {
        Action::Change | Action::Create | Action::Delete | Action::Comment => "event",
        Action::Link | Action::Unlink => "linking",
        Action::Map | Action::Unmap => "mapping",
        Action::Associate | Action::Dissociate | Action::HandOff => "hand_off",
    };
    CAUSES.into_iter().find(|known| *known == entry.cause).unwrap_or(by_action)
}

pub(crate) fn field_name(w: Words, field: &str) -> &'static str {
    match field {
        "title" => w.api_field_title(),
        "description" => w.api_field_description(),
        "due" => w.api_field_due(),
        "priority" => w.api_field_priority(),
        "status" => w.api_field_status(),
        "owner" => w.api_field_owner(),
        _ => w.api_field_comment(),
    }
}

fn text(w: Words, entry: &Entry) -> String {
    let field = field_name(w, entry.field.as_deref().unwrap_or_default());
    let is_applied = entry.outcome == Outcome::Applied;
    match entry.action {
        Action::Change => match entry.outcome {
            Outcome::Applied => w.api_history_change(field),
            Outcome::Refused => w.api_history_change_refused(field),
            Outcome::Reverted => w.api_history_change_reverted(field),
            Outcome::Held => w.api_history_change_held(field),
            Outcome::Skipped => w.api_history_change_skipped(field),
            Outcome::Overruled => w.api_history_change_overruled(field),
        },
        Action::Create if is_applied => w.api_history_create().to_owned(),
        Action::Create => w.api_history_create_refused().to_owned(),
        Action::Delete => w.api_history_delete().to_owned(),
        Action::Comment if is_applied => w.api_history_comment().to_owned(),
        Action::Comment => w.api_history_comment_refused().to_owned(),
        Action::Link => w.api_history_link().to_owned(),
        Action::Unlink => w.api_history_unlink().to_owned(),
        Action::Map => w.api_history_map(&entry.detail),
        Action::Unmap => w.api_history_unmap(&entry.detail),
        Action::Associate => w.api_history_associate(&entry.detail),
        Action::Dissociate => w.api_history_dissociate(&entry.detail),
        Action::HandOff => w.api_history_hand_off(&entry.detail),
    }
}

fn csv_row(call: &Call, csv: &mut Csv, view: &EntryView) {
    let entry = &view.entry;
    let value = |shown: Option<&bridge::field::Shown>| shown.and_then(|shown| shown.value.code()).unwrap_or_default();
    let task = view.link.as_ref().filter(|_| view.sees_projects).map(|own| own.seen.key.clone());
    let person = entry.person.as_ref().map(|email| Person::of(&call.api, email));
    csv.row(&[
        &entry.at.to_string(),
        &entry.changed_at.map(|at| at.to_string()).unwrap_or_default(),
        person.as_ref().map_or("", Person::name),
        entry.side.map_or("", SideName::code),
        entry.action.code(),
        entry.field.as_deref().unwrap_or_default(),
        &value(entry.old.as_ref()),
        &value(entry.new.as_ref()),
        entry.outcome.code(),
        entry.reason.as_ref().map_or("", ports::Reason::code),
        &task.unwrap_or_default(),
        entry.link.as_ref().map_or("", LinkId::as_str),
        &text(call.w, entry),
    ]);
}
