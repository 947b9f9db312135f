//! `/links`: two tasks joined.

use bridge::BridgeError;
use bridge::add_to_crm::{AddAnswer, AddInput, TaskChoice};
use bridge::plan::LinkState;
use bridge::reading::links::{LinkFilter, LinkOrder};
use ports::{CrmTaskId, Date, Email, LinkId, NewProjectsTask, ProjectId, ProjectsTaskId, Reason, TaskListId, lines};
use serde::Deserialize;

use crate::answer::{Answer, List};
use crate::call::Call;
use crate::code::Code;
use crate::document::link::{LinkDocument, etag};
use crate::document::record::RecordRef;
use crate::failure::Failure;
use crate::fault::{Fault, FaultCode};
use crate::reference::RecordKey;
use crate::version;

#[derive(Deserialize)]
struct NewLink {
    connection_id: String,
    projects_task: TaskBody,
    crm_task: Target,
    #[serde(default)]
    map_company: bool,
    #[serde(default)]
    copy_comments: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TaskBody {
    Existing { id: String },
    New { new: Box<TaskFields> },
}

#[derive(Deserialize)]
struct TaskFields {
    project_id: String,
    task_list_id: Option<String>,
    parent_id: Option<String>,
    title: String,
    description_html: Option<String>,
    start: Option<String>,
    due: Option<String>,
    priority: Option<String>,
    status: Option<String>,
    #[serde(default)]
    owners: Vec<String>,
}

#[derive(Deserialize)]
struct Target {
    under: RecordKey,
}

pub(crate) fn list(call: &Call) -> Result<Answer, Failure> {
    let record = call.text("record").and_then(|text| text.split_once(':'));
    let mut filter = LinkFilter {
        crm_task: call.text("crm_task_id").map(CrmTaskId::new),
        projects_task: call.text("projects_task_id").map(ProjectsTaskId::new),
        project: call.text("project_id").map(ProjectId::new),
        under: None,
        states: call.several("state").into_iter().filter_map(LinkState::parse).collect(),
        reasons: call.several("reason").into_iter().map(str::to_owned).collect(),
        person: call.person()?,
        search: call.text("q").map(str::to_owned),
        since: call.moment("since"),
        order: match call.text("sort") {
            Some("changed_at") => LinkOrder::ChangedFirst,
            Some("linked_at") => LinkOrder::LinkedFirst,
            Some("-linked_at") => LinkOrder::LinkedLast,
            _ => LinkOrder::ChangedLast,
        },
    };
    match record {
        Some(("task", id)) => filter.crm_task = Some(CrmTaskId::new(id)),
        Some(("projects_task", id)) => filter.projects_task = Some(ProjectsTaskId::new(id)),
        Some(("project", id)) => filter.project = Some(ProjectId::new(id)),
        Some((module, id)) => filter.under = Some((module.to_owned(), id.to_owned())),
        None => {}
    }
    // Companies and contacts are not kept in step by links here.
    let is_other_kind = call.text("kind").is_some_and(|kind| kind != "task");
    if is_other_kind || call.connections()?.is_empty() {
        return Answer::ok(&List::<LinkDocument> { items: Vec::new(), next: None });
    }
    let after = call.after()?;
    let page = call.api.bridge().links(call.acting(), &filter, after.as_deref(), call.limit())?;
    let items = page.rows.iter().map(|view| LinkDocument::new(&call.api, call.w, view)).collect();
    Answer::ok(&List { items, next: call.next(page.next) })
}

pub(crate) fn get(call: &Call) -> Result<Answer, Failure> {
    let view = call.api.bridge().link(call.acting(), &LinkId::new(call.path("link_id")))?;
    Ok(Answer::ok(&LinkDocument::new(&call.api, call.w, &view))?.with_etag(etag(&view.link)))
}

pub(crate) fn create(call: &Call) -> Result<Answer, Failure> {
    let new: NewLink = call.body()?;
    call.connection_of_body(&new.connection_id)?;
    let under = new.crm_task.under.sales("/crm_task/under")?;
    let (task, pointer, title) = match new.projects_task {
        TaskBody::Existing { id } => {
            (TaskChoice::Existing(ProjectsTaskId::new(id)), "/projects_task/id", String::new())
        }
        TaskBody::New { new } => {
            let title = new.title.clone();
            (TaskChoice::New(Box::new(new.task()?)), "/projects_task/new/project_id", title)
        }
    };
    let input = AddInput { task, under, map_company: new.map_company, copy_comments: new.copy_comments };
    match call.api.bridge().add_to_crm(call.acting(), &call.press_token(), &input) {
        Ok(AddAnswer::Linked { link, .. }) => {
            let view = call.api.bridge().link(call.acting(), &link)?;
            let answer = Answer::created(&LinkDocument::new(&call.api, call.w, &view))?;
            Ok(answer.with_etag(etag(&view.link)).at(&format!("/links/{link}")))
        }
        Ok(AddAnswer::Kept { task, reason }) => {
            let kept = RecordRef::projects_task(task.as_str(), &title, "", "");
            Err(Failure::reason(reason).at_step(Some("crm_task".to_owned())).keeping(vec![kept]))
        }
        // It is being gone on with; the same request with the same key asks for the answer.
        Ok(AddAnswer::Waiting { .. }) => Err(Failure::retry_after(Code::Unreachable, 2)),
        Err(BridgeError::NotFound) => Err(Failure::values(vec![Fault::new(pointer, FaultCode::NotOffered)])),
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn delete(call: &Call) -> Result<Answer, Failure> {
    let bridge = call.api.bridge();
    let id = LinkId::new(call.path("link_id"));
    let present = bridge.link(call.acting(), &id)?;
    version::check(call.if_match(), &etag(&present.link))?;
    let is_any = call.if_match().is_some_and(|tags| tags.contains('*'));
    let expected = (!is_any).then_some(present.link.revision);
    match bridge.unlink(call.acting(), &id, expected) {
        Ok(_) => {}
        Err(BridgeError::ChangedSince) => {
            let now = bridge.link(call.acting(), &id)?;
            return Err(Failure::version_changed(etag(&now.link)));
        }
        Err(error) => return Err(error.into()),
    }
    get(call)
}

impl TaskFields {
    fn task(self) -> Result<NewProjectsTask, Failure> {
        let fault = |name: &str, code| Failure::values(vec![Fault::new(format!("/projects_task/new/{name}"), code)]);
        let day = |name: &str, text: Option<String>| {
            text.map(|text| Date::parse(&text).map_err(|_| fault(name, FaultCode::Malformed))).transpose()
        };
        if self.title.trim().is_empty() {
            return Err(Failure::reason(Reason::TitleEmpty));
        }
        let owner = |text: &String| Email::parse(text).map_err(|_| fault("owners", FaultCode::Malformed));
        // The names that the Projects side has for the four classes.
        let priority = self.priority.as_deref().map(|class| match class {
            "high" => "High",
            "medium" => "Medium",
            "low" => "Low",
            _ => "None",
        });
        Ok(NewProjectsTask {
            project: ProjectId::new(self.project_id),
            list: self.task_list_id.map(TaskListId::new),
            parent: self.parent_id.map(ProjectsTaskId::new),
            description: lines::clean(&self.description_html.unwrap_or_default()),
            start: day("start", self.start)?,
            due: day("due", self.due)?,
            priority: priority.map(str::to_owned),
            status: self.status,
            owners: self.owners.iter().map(owner).collect::<Result<_, _>>()?,
            title: self.title,
        })
    }
}
