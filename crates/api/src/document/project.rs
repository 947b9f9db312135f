//! A project: a row of a list, and as the bridge sees it.

use std::collections::BTreeMap;

use bridge::project::BridgeProject;
use i18n::Words;
use ports::{ProjectFacts, Schedule};
use serde::Serialize;

use super::party::Party;
use super::person::Person;
use super::reason::ReasonDocument;
use crate::state::Api;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct ProjectRow {
    id: String,
    key: String,
    name: String,
    owner: Option<Person>,
    status: String,
    completion_percent: u8,
    start: Option<String>,
    end: Option<String>,
    strict: bool,
    url: String,
}

#[derive(Serialize)]
pub(crate) struct ProjectDocument {
    project: ProjectRow,
    clients: Vec<Client>,
    can_add_to_crm: bool,
    reason: Option<ReasonDocument>,
    settings: Settings,
}

#[derive(Serialize)]
struct Client {
    company: Party,
    primary: bool,
    mapping: &'static str,
    account: Option<Party>,
}

/// Settings of later parts of the product, at what they mean now.
#[derive(Serialize)]
struct Settings {
    link_further_occurrences: bool,
    crm_comments_visible: Option<bool>,
    field_sources: BTreeMap<String, String>,
}

impl ProjectRow {
    pub(crate) fn new(api: &Api, project: &ProjectFacts) -> Self {
        Self {
            id: project.id.as_str().to_owned(),
            key: project.key.clone(),
            name: project.name.clone(),
            owner: Person::of_some(api, project.owner.as_ref()),
            status: project.status.clone(),
            completion_percent: project.completion.min(100),
            start: project.start.map(|day| day.to_string()),
            end: project.end.map(|day| day.to_string()),
            strict: matches!(project.schedule, Schedule::Strict { .. }),
            url: format!("/projects/{}", project.key),
        }
    }
}

impl ProjectDocument {
    pub(crate) fn new(api: &Api, w: Words, project: &BridgeProject) -> Self {
        let clients = project.clients.iter().enumerate().map(|(at, client)| Client {
            company: Party::company(&client.company),
            primary: at == 0,
            mapping: if client.mapping.is_some() { "mapped" } else { "no_match" },
            account: client.account.as_ref().map(|account| Party::account(api, account)),
        });
        Self {
            project: ProjectRow::new(api, &project.project),
            clients: clients.collect(),
            can_add_to_crm: project.obstacle.is_none(),
            reason: ReasonDocument::of_some(w, project.obstacle.as_ref()),
            settings: Settings {
                link_further_occurrences: false,
                crm_comments_visible: None,
                field_sources: BTreeMap::new(),
            },
        }
    }
}
