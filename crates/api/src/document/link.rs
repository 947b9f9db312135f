//! A link as the API shows it.

use bridge::field::{Field, SideName};
use bridge::link::Link;
use bridge::plan::LinkState;
use bridge::reading::links::LinkView;
use i18n::Words;
use ports::{CrmModule, CrmRef, Email};
use serde::Serialize;

use super::person::Person;
use super::reason::ReasonDocument;
use super::record::RecordRef;
use crate::state::Api;
use crate::version;

#[derive(Serialize)]
pub(crate) struct LinkDocument {
    id: String,
    connection_id: String,
    kind: &'static str,
    state: &'static str,
    reason: Option<ReasonDocument>,
    since: String,
    crm: Option<RecordRef>,
    projects: Option<RecordRef>,
    under: Vec<RecordRef>,
    project: Option<RecordRef>,
    pending: Vec<&'static str>,
    refusals: usize,
    notes: Vec<Note>,
    linked_at: String,
    linked_by: Person,
    changed_at: String,
}

#[derive(Serialize)]
struct Note {
    code: &'static str,
    text: String,
}

impl LinkDocument {
    pub(crate) fn new(api: &Api, w: Words, view: &LinkView) -> Self {
        let link = &view.link;
        Self {
            id: link.id.as_str().to_owned(),
            connection_id: link.connection.as_str().to_owned(),
            kind: "task",
            state: link.state.code(),
            reason: ReasonDocument::of_some(w, link.reason.as_ref()),
            since: link.since.to_string(),
            crm: view.sees_crm.then(|| crm_task(link)),
            projects: view.sees_projects.then(|| projects_task(link)),
            under: under(link).into_iter().filter(|_| view.sees_crm).collect(),
            project: view.sees_projects.then(|| project(link)),
            pending: pending(link),
            refusals: view.refusals,
            notes: notes(api, w, link),
            linked_at: link.linked_at.to_string(),
            linked_by: Person::of(api, &link.linked_by),
            changed_at: link.changed_at.to_string(),
        }
    }
}

pub(crate) fn etag(link: &Link) -> String {
    version::of_number(link.revision)
}

pub(crate) fn crm_task(link: &Link) -> RecordRef {
    RecordRef::crm_task(link.crm_task.as_str(), &title(link, SideName::Crm))
}

pub(crate) fn projects_task(link: &Link) -> RecordRef {
    let (key, project_key) = (&link.seen.key, &link.seen.project_key);
    RecordRef::projects_task(link.projects_task.as_str(), &title(link, SideName::Projects), key, project_key)
}

pub(crate) fn project(link: &Link) -> RecordRef {
    RecordRef::project(link.project.as_str(), &link.seen.project, &link.seen.project_key)
}

/// The record that the CRM task stands under.
fn under(link: &Link) -> Option<RecordRef> {
    let module = link.seen.under_module.as_deref().and_then(CrmModule::parse)?;
    let record = CrmRef { module, id: link.seen.under_id.clone()? };
    Some(RecordRef::sales(&record, link.seen.under_name.as_deref().unwrap_or_default()))
}

/// The title as the side had it when it was last read, else the agreed one.
fn title(link: &Link, side: SideName) -> String {
    let seen = link.seen.shown(side, Field::Title).and_then(|shown| shown.value.code());
    seen.or_else(|| link.agreed.title.code()).unwrap_or_default()
}

/// Fields in which a side was last seen apart from what is agreed, while changes wait.
fn pending(link: &Link) -> Vec<&'static str> {
    if link.state != LinkState::Pending {
        return Vec::new();
    }
    let is_apart = |field: &Field| {
        let agreed = link.agreed.get(*field);
        SideName::BOTH.iter().any(|side| link.seen.shown(*side, *field).is_some_and(|shown| shown.value != *agreed))
    };
    Field::ALL.iter().filter(|field| is_apart(field)).map(|field| field.code()).collect()
}

fn notes(api: &Api, w: Words, link: &Link) -> Vec<Note> {
    let (code, person) = link.note.split_once(' ').unwrap_or((link.note.as_str(), ""));
    match code {
        "owner_not_representable" => {
            let name = match Email::parse(person) {
                Ok(email) => Person::of(api, &email).name().to_owned(),
                Err(_) => person.to_owned(),
            };
            vec![Note { code: "owner_not_representable", text: w.api_note_owner_not_representable(name) }]
        }
        "in_doubt" => vec![Note { code: "in_doubt", text: w.api_note_in_doubt().to_owned() }],
        _ => Vec::new(),
    }
}
