//! `…/crm-options`: what the picker shows (TASK-4 to TASK-7).

use bridge::add_to_crm::options::CrmOptions;
use ports::{ProjectId, ProjectsTaskId, SalesRecord};
use serde::Serialize;

use crate::answer::Answer;
use crate::call::Call;
use crate::document::party::Party;
use crate::document::person::Person;
use crate::document::project::ProjectRow;
use crate::document::reason::ReasonDocument;
use crate::failure::Failure;

#[derive(Serialize)]
struct OptionsDocument {
    available: bool,
    reason: Option<ReasonDocument>,
    project: ProjectRow,
    link_id: Option<String>,
    mapped: Vec<Mapped>,
    unmapped: Vec<Unmapped>,
    deals: Vec<Choice>,
    comments_to_copy: usize,
}

#[derive(Serialize)]
struct Mapped {
    account: Party,
    company: Party,
    names_differ: bool,
}

#[derive(Serialize)]
struct Unmapped {
    account: Party,
    company: Party,
    r#match: &'static str,
    selectable: bool,
    reason: Option<ReasonDocument>,
    ask: Vec<Person>,
}

#[derive(Serialize)]
struct Choice {
    id: String,
    name: String,
}

pub(crate) fn get(call: &Call) -> Result<Answer, Failure> {
    call.connection()?;
    let project = ProjectId::new(call.path("project_id"));
    let task = call.text("task_id").map(ProjectsTaskId::new);
    let options = call.api.bridge().crm_options(call.acting(), &project, task.as_ref())?;
    Answer::ok(&document(call, &options))
}

fn document(call: &Call, options: &CrmOptions) -> OptionsDocument {
    let api = &call.api;
    let mapped = options.mapped.iter().map(|choice| Mapped {
        account: Party::account(api, &choice.account),
        company: Party::company(&choice.company),
        names_differ: choice.names_differ,
    });
    let unmapped = options.unmapped.iter().map(|choice| Unmapped {
        account: Party::account(api, &choice.account),
        company: Party::company(&choice.company),
        r#match: if choice.is_similar { "similar" } else { "exact" },
        selectable: choice.obstacle.is_none(),
        reason: ReasonDocument::of_some(call.w, choice.obstacle.as_ref()),
        ask: choice.ask.iter().map(|email| Person::of(api, email)).collect(),
    });
    let deal = |deal: &SalesRecord| Choice { id: deal.reference.id.clone(), name: deal.name.clone() };
    OptionsDocument {
        available: options.is_available(),
        reason: ReasonDocument::of_some(call.w, options.obstacle.as_ref()),
        project: ProjectRow::new(api, &options.project),
        link_id: options.link.as_ref().map(|id| id.as_str().to_owned()),
        mapped: mapped.collect(),
        unmapped: unmapped.collect(),
        deals: options.deals.iter().map(deal).collect(),
        comments_to_copy: options.comments_to_copy,
    }
}
