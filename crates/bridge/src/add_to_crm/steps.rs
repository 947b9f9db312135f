//! The steps of adding a task: Projects task if new, mapping if chosen, CRM task, link.

use ports::{
    CompanyId, CrmTask, CrmTaskId, CrmWrite, Date, Found, HistoryId, LinkId, MappingId, NewProjectsTask, ProjectFacts,
    ProjectId, ProjectsTask, ProjectsTaskId, ProjectsWrite, Reason, SalesRecord, TaskListId, lines,
};
use serde::{Deserialize, Serialize};

use super::notice::{self, AddNotice};
use super::order::{Six, account_of, reference};
use super::{AddAnswer, AddInput, TaskChoice};
use crate::error::BridgeError;
use crate::field::SideName;
use crate::link::{self, NewLink};
use crate::mapping::{self, Mapping, MappingOrigin, NewMapping};
use crate::operation::{self, Claimed, Made, OperationState, Then, made};
use crate::service::Bridge;
use crate::stored;

/// What an order keeps.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Document {
    new: Option<NewTask>,
    task: Option<String>,
    project: String,
    project_name: String,
    project_key: String,
    module: String,
    record: String,
    copy_comments: bool,
    map: Option<MapPlan>,
    link: String,
    at: usize,
    crm_task: Option<String>,
    /// Why the CRM did not take the task that was made.
    refused: Option<stored::StoredReason>,
}

/// A Projects task to be made.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct NewTask {
    project: String,
    list: Option<String>,
    parent: Option<String>,
    title: String,
    description: String,
    start: Option<String>,
    due: Option<String>,
    priority: Option<String>,
    status: Option<String>,
    owners: Vec<String>,
}

/// A pair to be mapped by choosing it (TASK-6).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct MapPlan {
    id: String,
    event: String,
    company: String,
    company_name: String,
    account: String,
    account_name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Task,
    Map,
    CrmTask,
    Link,
}

impl MapPlan {
    pub(super) fn new(bridge: &Bridge, company: &CompanyId, company_name: &str, record: &SalesRecord) -> Self {
        Self {
            id: bridge.next_id(),
            event: bridge.next_id(),
            company: company.as_str().to_owned(),
            company_name: company_name.to_owned(),
            account: account_of(record).into_string(),
            account_name: record.name.clone(),
        }
    }
}

impl Document {
    pub(super) fn new(
        bridge: &Bridge,
        input: &AddInput,
        existing: Option<&ProjectsTask>,
        project: &ProjectFacts,
        map: Option<MapPlan>,
    ) -> Self {
        Self {
            new: match &input.task {
                TaskChoice::New(new) => Some(NewTask::from(new.as_ref())),
                TaskChoice::Existing(_) => None,
            },
            task: existing.map(|task| task.id.as_str().to_owned()),
            project: project.id.as_str().to_owned(),
            project_name: project.name.clone(),
            project_key: project.key.clone(),
            module: input.under.module.code().to_owned(),
            record: input.under.id.clone(),
            copy_comments: input.copy_comments,
            map,
            link: bridge.next_id(),
            at: 0,
            crm_task: None,
            refused: None,
        }
    }

    fn step(&self) -> Option<Step> {
        let task = self.new.as_ref().map(|_| Step::Task);
        let map = self.map.as_ref().map(|_| Step::Map);
        task.into_iter().chain(map).chain([Step::CrmTask, Step::Link]).nth(self.at)
    }

    fn made_task(&self) -> Result<ProjectsTaskId, BridgeError> {
        self.task.clone().map(ProjectsTaskId::new).ok_or_else(|| missing("task"))
    }

    fn made_crm_task(&self) -> Result<CrmTaskId, BridgeError> {
        self.crm_task.clone().map(CrmTaskId::new).ok_or_else(|| missing("CRM task"))
    }
}

impl From<&NewProjectsTask> for NewTask {
    fn from(new: &NewProjectsTask) -> Self {
        let day = |day: &Option<Date>| day.map(|day| day.to_string());
        Self {
            project: new.project.as_str().to_owned(),
            list: new.list.as_ref().map(|list| list.as_str().to_owned()),
            parent: new.parent.as_ref().map(|parent| parent.as_str().to_owned()),
            title: new.title.clone(),
            description: new.description.as_html().to_owned(),
            start: day(&new.start),
            due: day(&new.due),
            priority: new.priority.clone(),
            status: new.status.clone(),
            owners: new.owners.iter().map(ToString::to_string).collect(),
        }
    }
}

impl NewTask {
    fn task(&self) -> Result<NewProjectsTask, BridgeError> {
        Ok(NewProjectsTask {
            project: ProjectId::new(self.project.clone()),
            list: self.list.clone().map(TaskListId::new),
            parent: self.parent.clone().map(ProjectsTaskId::new),
            title: self.title.clone(),
            description: lines::stored(self.description.clone()),
            start: stored::day(self.start.as_deref())?,
            due: stored::day(self.due.as_deref())?,
            priority: self.priority.clone(),
            status: self.status.clone(),
            owners: self.owners.iter().map(|owner| stored::email(owner)).collect::<Result<_, _>>()?,
        })
    }
}

/// What no other open operation may add at the same time.
pub(super) fn exclusive(task: &str) -> String {
    format!("task:{task}")
}

/// The task in Projects, once it is there.
pub(super) fn task(document: &str) -> Result<Option<ProjectsTaskId>, BridgeError> {
    Ok(stored::from_json::<Document>(document)?.task.map(ProjectsTaskId::new))
}

/// The answer of an order that is done.
pub(super) fn answer(document: &str) -> Result<AddAnswer, BridgeError> {
    let document: Document = stored::from_json(document)?;
    let task = document.made_task()?;
    Ok(match &document.refused {
        Some(reason) => AddAnswer::Kept { task, reason: reason.reason() },
        None => {
            AddAnswer::Linked { link: LinkId::new(document.link.clone()), task, crm_task: document.made_crm_task()? }
        }
    })
}

/// One step.
pub(crate) fn step(bridge: &Bridge, claimed: &mut Claimed) -> Result<(), BridgeError> {
    let document: Document = stored::from_json(&claimed.operation.document)?;
    if claimed.operation.state == OperationState::Undoing {
        // Nothing that a step made is taken back: a refused one made nothing, and a saved task stays (TASK-11).
        return bridge.settle(claimed, &stored::to_json(&document)?, Then::Undone, |_| Ok(()));
    }
    match document.step() {
        Some(Step::Task) => make_task(bridge, claimed, document),
        Some(Step::Map) => store_mapping(bridge, claimed, document),
        Some(Step::CrmTask) => make_crm_task(bridge, claimed, document),
        Some(Step::Link) | None => store_link(bridge, claimed, document),
    }
}

fn make_task(bridge: &Bridge, claimed: &mut Claimed, mut document: Document) -> Result<(), BridgeError> {
    let new = document.new.as_ref().ok_or_else(|| missing("new task"))?.task()?;
    let mark = claimed.mark("task");
    let write = ProjectsWrite::CreateTask { task: new, mark: mark.clone(), acting: claimed.acting() };
    match bridge.make_in_projects(claimed, &mark, write)? {
        Made::Id(id) => {
            let operation = claimed.operation.clone();
            let key = exclusive(&id);
            document.task = Some(id);
            document.at += 1;
            bridge.settle(claimed, &stored::to_json(&document)?, Then::Go, |tx| operation::take(tx, &operation, &key))
        }
        Made::Refused(reason) => {
            bridge.settle(claimed, &stored::to_json(&document)?, Then::Undo { step: "task", reason }, |_| Ok(()))
        }
        Made::Wait => bridge.settle(claimed, &stored::to_json(&document)?, Then::Wait, |_| Ok(())),
    }
}

/// The chosen pair is mapped: choosing it was the decision, so it stays whatever the CRM says to the task.
fn store_mapping(bridge: &Bridge, claimed: &mut Claimed, document: Document) -> Result<(), BridgeError> {
    let plan = document.map.as_ref().ok_or_else(|| missing("mapping"))?;
    let new = NewMapping {
        mapping: Mapping {
            id: MappingId::new(plan.id.clone()),
            company: CompanyId::new(plan.company.clone()),
            account: ports::AccountId::new(plan.account.clone()),
            origin: MappingOrigin::Picker,
            at: bridge.now(),
            by: Some(claimed.operation.person.clone()),
        },
        company_name: plan.company_name.clone(),
        account_name: plan.account_name.clone(),
        event_id: plan.event.clone(),
        is_told: true,
    };
    let connection = claimed.connection.id.clone();
    let next = Document { at: document.at + 1, ..document.clone() };
    let done = bridge.settle(claimed, &stored::to_json(&next)?, Then::Go, |tx| mapping::insert(tx, &connection, &new));
    match done {
        Err(error @ BridgeError::Refused(_)) => match bridge.with_partner_name(error) {
            BridgeError::Refused(reason) => refuse(bridge, claimed, document, "mapping", reason),
            other => Err(other),
        },
        other => other,
    }
}

fn make_crm_task(bridge: &Bridge, claimed: &mut Claimed, mut document: Document) -> Result<(), BridgeError> {
    let mark = claimed.mark("crm-task");
    if claimed.may_have_been_tried() {
        let found = bridge.crm().find_created(std::slice::from_ref(&mark))?.into_iter().next().flatten();
        if let Some(id) = found {
            document.crm_task = Some(id);
            document.at += 1;
            return bridge.settle(claimed, &stored::to_json(&document)?, Then::Go, |_| Ok(()));
        }
    }
    let Some(task) = projects_task(bridge, &document)? else {
        return refuse(bridge, claimed, document, "task", Reason::RecordGone);
    };
    let Some(record) = bridge.sales_record(&reference(&document.module, &document.record)?)? else {
        return refuse(bridge, claimed, document, "crm_task", Reason::RecordGone);
    };
    let person = claimed.operation.person.clone();
    let new = match bridge.new_crm_task(&claimed.connection, &Six::of(&task), &record, &person) {
        Ok(new) => new,
        Err(BridgeError::Refused(reason)) => return refuse(bridge, claimed, document, "crm_task", reason),
        Err(other) => return Err(other),
    };
    let acting = bridge.acting_in_crm(&claimed.connection, &person)?;
    let write = CrmWrite::CreateTask { task: new, mark, acting };
    match made(bridge.crm().write(&[write])?.value.into_iter().next()) {
        Made::Id(id) => {
            document.crm_task = Some(id);
            document.at += 1;
            bridge.settle(claimed, &stored::to_json(&document)?, Then::Go, |_| Ok(()))
        }
        Made::Refused(reason) => refuse(bridge, claimed, document, "crm_task", reason),
        Made::Wait => bridge.settle(claimed, &stored::to_json(&document)?, Then::Wait, |_| Ok(())),
    }
}

/// The link with the values both have now. Those of the CRM are taken as agreed: it was just made from the other, and
/// an owner that it could not take must not come back from it (SYNC-3 c).
fn store_link(bridge: &Bridge, claimed: &mut Claimed, mut document: Document) -> Result<(), BridgeError> {
    let Some(task) = projects_task(bridge, &document)? else {
        return refuse(bridge, claimed, document, "task", Reason::RecordGone);
    };
    let crm_task = match crm_task(bridge, &document)? {
        Found::Here(crm_task) => crm_task,
        Found::Gone(_) => return refuse(bridge, claimed, document, "crm_task", Reason::RecordGone),
        Found::Unknown(_) => return bridge.settle(claimed, &stored::to_json(&document)?, Then::Wait, |_| Ok(())),
    };
    let earlier = bridge.db().read(|read| link::of_projects_task(read, &claimed.connection.id, &task.id))?;
    if let Some(earlier) = earlier.filter(|earlier| earlier.crm_task == crm_task.id) {
        // Linked by a driver that did not live to say so.
        earlier.id.as_str().clone_into(&mut document.link);
        return bridge.settle(claimed, &stored::to_json(&document)?, Then::Done, |_| Ok(()));
    }
    let new = NewLink {
        id: LinkId::new(document.link.clone()),
        entry_id: HistoryId::new(bridge.next_id()),
        connection: claimed.connection.id.clone(),
        crm: &crm_task,
        projects: &task,
        agreed: SideName::Crm,
        project_name: &document.project_name,
        project_key: &document.project_key,
        copies_comments: document.copy_comments,
        by: claimed.operation.person.clone(),
        at: bridge.now(),
    };
    let connection = claimed.connection.id.clone();
    let text = stored::to_json(&document)?;
    let done = bridge.settle(claimed, &text, Then::Done, |tx| {
        link::create(tx, &new)?;
        notice::forget(tx, &connection, &task.id)
    });
    match done {
        Err(BridgeError::Refused(reason)) => refuse(bridge, claimed, document, "crm_task", reason),
        other => other,
    }
}

/// A refusal after the check: a task that this order made stays, with a notice (TASK-11); else nothing was made.
fn refuse(
    bridge: &Bridge,
    claimed: &mut Claimed,
    mut document: Document,
    step: &'static str,
    reason: Reason,
) -> Result<(), BridgeError> {
    if document.new.is_none() || document.task.is_none() {
        return bridge.settle(claimed, &stored::to_json(&document)?, Then::Undo { step, reason }, |_| Ok(()));
    }
    document.refused = Some(stored::StoredReason::from(&reason));
    let notice = AddNotice {
        task: document.made_task()?,
        project: ProjectId::new(document.project.clone()),
        under: reference(&document.module, &document.record)?,
        copy_comments: document.copy_comments,
        reason,
        by: claimed.operation.person.clone(),
        at: bridge.now(),
    };
    let connection = claimed.connection.id.clone();
    bridge.settle(claimed, &stored::to_json(&document)?, Then::Done, |tx| notice::put(tx, &connection, &notice))
}

fn projects_task(bridge: &Bridge, document: &Document) -> Result<Option<ProjectsTask>, BridgeError> {
    let id = document.made_task()?;
    let found = bridge.projects().read_tasks(std::slice::from_ref(&id))?.value.into_iter().next();
    Ok(match found {
        Some(Found::Here(task)) => Some(task),
        Some(Found::Gone(_) | Found::Unknown(_)) | None => None,
    })
}

fn crm_task(bridge: &Bridge, document: &Document) -> Result<Found<CrmTask>, BridgeError> {
    let id = document.made_crm_task()?;
    let found = bridge.crm().read_tasks(std::slice::from_ref(&id))?.value.into_iter().next();
    Ok(found.unwrap_or(Found::Unknown(ports::Why::NotListed)))
}

fn missing(what: &str) -> BridgeError {
    BridgeError::Failed(format!("an order to add a task has lost its {what}"))
}
