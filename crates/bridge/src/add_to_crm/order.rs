//! What an order to add looks at before anything is made, and the CRM task that it makes.

use ports::rule::title;
use ports::{
    AccountId, Acting, CreateMark, CrmModule, CrmRef, CrmWrite, Email, Found, NewCrmTask, NewProjectsTask,
    ProjectFacts, ProjectsTask, ProjectsTaskId, ProjectsWrite, Reason, RichText, SalesRecord, lines,
};

use super::options::{CrmOptions, company_of};
use super::steps::{Document, MapPlan};
use super::{AddInput, TaskChoice};
use crate::connection::Connection;
use crate::convert;
use crate::error::BridgeError;
use crate::field::FieldValue;
use crate::link;
use crate::service::{Bridge, Caller};

/// The six fields of a Projects task, whether it exists or not.
pub(super) struct Six<'a> {
    pub(super) title: &'a str,
    pub(super) description: &'a RichText,
    pub(super) due: Option<ports::Date>,
    pub(super) priority: Option<&'a str>,
    pub(super) is_closed: bool,
    pub(super) owner: Option<&'a Email>,
}

impl<'a> Six<'a> {
    /// Of a task as it was read.
    pub(super) fn of(task: &'a ProjectsTask) -> Self {
        Self {
            title: &task.title.value,
            description: &task.description.value,
            due: task.due.value,
            priority: Some(&task.priority.value),
            is_closed: task.status.value.is_closed,
            owner: task.owners.value.first(),
        }
    }

    fn of_new(task: &'a NewProjectsTask, project: &ProjectFacts) -> Self {
        let status = task.status.as_ref().and_then(|name| project.statuses.iter().find(|known| known.name == *name));
        Self {
            title: &task.title,
            description: &task.description,
            due: task.due,
            priority: task.priority.as_deref(),
            is_closed: status.is_some_and(|status| status.is_closed),
            owner: task.owners.first(),
        }
    }
}

impl Bridge {
    /// Checks an order. Errors: as [`Bridge::add_to_crm`].
    pub(super) fn order_adding(
        &self,
        connection: &Connection,
        caller: &Caller,
        acting: &Acting,
        input: &AddInput,
    ) -> Result<Document, BridgeError> {
        let existing = match &input.task {
            TaskChoice::Existing(id) => Some(self.task_to_add(connection, id)?),
            TaskChoice::New(_) => None,
        };
        let project = match (&input.task, &existing) {
            (TaskChoice::New(new), _) => &new.project,
            (TaskChoice::Existing(_), Some(task)) => &task.project,
            (TaskChoice::Existing(_), None) => return Err(BridgeError::NotFound),
        };
        let project = self.project_to_edit(acting, project)?;
        if let Some(task) = &existing {
            self.require_unlinked(connection, &task.id)?;
        }
        let options = self.options(connection, caller, project)?;
        if let Some(obstacle) = &options.obstacle {
            return Err(BridgeError::Refused(obstacle.clone()));
        }
        let (record, map) = self.chosen_record(&options, input)?;
        let six = match (&input.task, &existing) {
            (TaskChoice::New(new), _) => Six::of_new(new, &options.project),
            (TaskChoice::Existing(_), Some(task)) => Six::of(task),
            (TaskChoice::Existing(_), None) => return Err(BridgeError::NotFound),
        };
        let task = self.new_crm_task(connection, &six, &record, &caller.email)?;
        self.check_both(connection, acting, input, task)?;
        Ok(Document::new(self, input, existing.as_ref(), &options.project, map))
    }

    fn task_to_add(&self, connection: &Connection, id: &ProjectsTaskId) -> Result<ProjectsTask, BridgeError> {
        match self.projects().read_tasks(std::slice::from_ref(id))?.value.into_iter().next() {
            Some(Found::Here(task)) => Ok(task),
            Some(Found::Gone(_) | Found::Unknown(_)) | None => {
                tracing::debug!(connection.id = %connection.id, task.id = %id, "a task to be added is not there");
                Err(BridgeError::NotFound)
            }
        }
    }

    fn require_unlinked(&self, connection: &Connection, task: &ProjectsTaskId) -> Result<(), BridgeError> {
        match self.db().read(|read| link::of_projects_task(read, &connection.id, task))? {
            Some(_) => Err(BridgeError::Refused(Reason::AlreadyLinked)),
            None => Ok(()),
        }
    }

    /// The record it is put under, and the pair that is mapped by choosing it (TASK-5 to TASK-7).
    fn chosen_record(
        &self,
        options: &CrmOptions,
        input: &AddInput,
    ) -> Result<(SalesRecord, Option<MapPlan>), BridgeError> {
        let record = self.sales_record(&input.under)?;
        let project = || options.project.name.clone();
        match input.under.module {
            CrmModule::Deal => {
                let record = record.ok_or(BridgeError::Refused(Reason::RecordGone))?;
                if options.deals.iter().any(|deal| deal.reference == record.reference) {
                    Ok((record, None))
                } else {
                    let deal = record.name;
                    Err(BridgeError::Refused(Reason::DealNotAssociated { deal, project: project() }))
                }
            }
            CrmModule::Account => {
                let record = record.ok_or(BridgeError::Refused(Reason::RecordGone))?;
                if options.mapped.iter().any(|choice| choice.account.id == record.reference.id) {
                    return Ok((record, None));
                }
                let choice = options.unmapped.iter().find(|choice| choice.account.id == record.reference.id);
                let not_mapped = || BridgeError::Refused(Reason::ClientNotMapped { project: project() });
                let choice = choice.ok_or_else(not_mapped)?;
                if let Some(obstacle) = &choice.obstacle {
                    return Err(BridgeError::Refused(obstacle.clone()));
                }
                if !input.map_company {
                    return Err(not_mapped());
                }
                let company = company_of(choice);
                let plan = MapPlan::new(self, &company, &choice.company.name, &record);
                Ok((record, Some(plan)))
            }
            CrmModule::Lead | CrmModule::Contact => Err(BridgeError::invalid("crm_task.under", "not_offered")),
        }
    }

    /// Asks both sides whether they would take their task.
    fn check_both(
        &self,
        connection: &Connection,
        acting: &Acting,
        input: &AddInput,
        task: NewCrmTask,
    ) -> Result<(), BridgeError> {
        let mark = CreateMark::new("check");
        if let TaskChoice::New(new) = &input.task {
            let write = ProjectsWrite::CreateTask { task: (**new).clone(), mark: mark.clone(), acting: acting.clone() };
            if let Some(reason) = self.projects().check(&write)? {
                return Err(BridgeError::Refused(reason));
            }
        }
        let acting = self.acting_in_crm(connection, &acting.email)?;
        match self.crm().check(&CrmWrite::CreateTask { task, mark, acting })? {
            Some(reason) => Err(BridgeError::Refused(reason)),
            None => Ok(()),
        }
    }

    /// The CRM task for these six values (TASK-8). Errors: `Refused` with `title_empty`, `title_too_long` or
    /// `description_too_long`; a priority without a class is left empty and told by the link (SYNC-4).
    pub(super) fn new_crm_task(
        &self,
        connection: &Connection,
        six: &Six<'_>,
        record: &SalesRecord,
        person: &Email,
    ) -> Result<NewCrmTask, BridgeError> {
        let able = self.crm().capabilities();
        let subject = title::check(six.title, able.subject_max).map_err(BridgeError::Refused)?;
        let description = lines::plain(six.description);
        let length = description.as_str().chars().count();
        if length > able.description_max {
            let max = able.description_max;
            return Err(BridgeError::Refused(Reason::DescriptionTooLong { length, max }));
        }
        let priority = match convert::priority::of_projects(six.priority.unwrap_or_default()) {
            FieldValue::Priority(class) => convert::priority::to_crm(class).map(str::to_owned),
            _ => None,
        };
        Ok(NewCrmTask {
            subject,
            description,
            due: six.due,
            priority,
            status: convert::status::to_crm(six.is_closed, None),
            owner: self.crm_owner(connection, six.owner, record, person)?,
            under: Some(record.reference.clone()),
        })
    }

    /// The owner in the CRM: the first owner if an active user there, else who pressed the button, else the owner of
    /// the record, else the connection user (SYNC-3 c, d, e, f).
    fn crm_owner(
        &self,
        connection: &Connection,
        owner: Option<&Email>,
        record: &SalesRecord,
        person: &Email,
    ) -> Result<Email, BridgeError> {
        for email in owner.into_iter().chain([person]).chain(&record.owner) {
            if let Some(user) = self.crm_user(email)? {
                return Ok(user.email);
            }
        }
        Ok(connection.user.clone())
    }
}

/// The account that a record is, or belongs to, for the mapping.
pub(super) fn account_of(record: &SalesRecord) -> AccountId {
    record.account.clone().unwrap_or_else(|| AccountId::new(record.reference.id.clone()))
}

/// A record by module word and id.
pub(super) fn reference(module: &str, id: &str) -> Result<CrmRef, BridgeError> {
    let module = CrmModule::parse(module)
        .ok_or_else(|| BridgeError::Failed(format!("an order has the unknown module {module}")))?;
    Ok(CrmRef { module, id: id.to_owned() })
}
