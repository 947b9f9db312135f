//! `/connections/{id}/projects`: projects as the bridge sees them.

use bridge::project::{BridgeProject, ProjectFilter};
use bridge::{BridgeError, FieldError};
use ports::{CompanyId, ProjectId};
use serde::Deserialize;

use crate::answer::{Answer, List};
use crate::call::Call;
use crate::code::Code;
use crate::document::project::ProjectDocument;
use crate::failure::Failure;
use crate::reference;
use crate::version;

#[derive(Deserialize)]
struct Change {
    client_company_ids: Vec<String>,
}

pub(crate) fn list(call: &Call) -> Result<Answer, Failure> {
    call.connection()?;
    let filter = ProjectFilter {
        not_associated_with: call
            .text("not_associated_with")
            .map(|text| reference::sales(text, "?not_associated_with"))
            .transpose()?,
        can_add_to_crm: call.flag("can_add_to_crm"),
        search: call.text("q").map(str::to_owned),
    };
    let after = call.after()?;
    let page = call.api.bridge().projects_page(call.acting(), &filter, after.as_deref(), call.limit())?;
    let items = page.rows.iter().map(|row| ProjectDocument::new(&call.api, call.w, row)).collect();
    Answer::ok(&List { items, next: call.next(page.next) })
}

pub(crate) fn get(call: &Call) -> Result<Answer, Failure> {
    call.connection()?;
    let project = call.api.bridge().project(call.acting(), &ProjectId::new(call.path("project_id")))?;
    answer(call, &project)
}

pub(crate) fn change(call: &Call) -> Result<Answer, Failure> {
    call.connection()?;
    let change: Change = call.body()?;
    let id = ProjectId::new(call.path("project_id"));
    let bridge = call.api.bridge();
    let present = bridge.project(call.acting(), &id)?;
    version::check(call.if_match(), &etag(&present)?)?;
    let companies: Vec<CompanyId> = change.client_company_ids.into_iter().map(CompanyId::new).collect();
    // Between the look above and the write somebody may come first; the version that was looked at decides.
    match bridge.set_clients(call.acting(), &id, &companies, Some(&present.project.version)) {
        Ok(project) => answer(call, &project),
        Err(BridgeError::ChangedSince) => Err(Failure::version_changed(etag(&bridge.project(call.acting(), &id)?)?)),
        Err(BridgeError::Invalid(fields)) if fields.iter().any(|FieldError { code, .. }| *code == "too_many") => {
            Err(Failure::of(Code::InvalidValue))
        }
        Err(error) => Err(error.into()),
    }
}

fn answer(call: &Call, project: &BridgeProject) -> Result<Answer, Failure> {
    let document = ProjectDocument::new(&call.api, call.w, project);
    Ok(Answer::ok(&document)?.with_etag(etag(project)?))
}

/// What a change of the clients must not overlook: the project's version and its clients.
fn etag(project: &BridgeProject) -> Result<String, Failure> {
    let clients: Vec<&str> = project.clients.iter().map(|client| client.company.id.as_str()).collect();
    version::of_content(&(&project.project.version.mark, clients))
}
