//! Normal form to a change of a record: starts from the present record and touches only what must change (A2.5).

use ports::{CrmTask, CrmTaskPatch, Patch, PlainText, ProjectFacts, ProjectsTask, ProjectsTaskPatch, lines};

use super::{owner, priority, status};
use crate::field::{Field, FieldValue, SideName};

/// A patch for one of the sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskPatch {
    /// For the CRM.
    Crm(CrmTaskPatch),
    /// For Projects.
    Projects(Box<ProjectsTaskPatch>),
}

/// What the writer of a patch looks at beside the values.
#[derive(Clone, Copy, Debug)]
pub struct Present<'a> {
    /// The task in the CRM.
    pub crm: &'a CrmTask,
    /// The task in Projects.
    pub projects: &'a ProjectsTask,
    /// Its project, if it could be read.
    pub project: Option<&'a ProjectFacts>,
    /// The last open status seen in the CRM.
    pub crm_open_status: Option<&'a str>,
    /// The last open status seen in Projects.
    pub projects_open_status: Option<&'a str>,
}

/// The patch that gives these fields these values.
pub fn patch(side: SideName, values: &[(Field, &FieldValue)], present: &Present<'_>) -> TaskPatch {
    match side {
        SideName::Crm => {
            let mut patch = CrmTaskPatch::default();
            values.iter().for_each(|(field, value)| set_crm(&mut patch, *field, value, present));
            TaskPatch::Crm(patch)
        }
        SideName::Projects => {
            let mut patch = ProjectsTaskPatch::default();
            values.iter().for_each(|(field, value)| set_projects(&mut patch, *field, value, present));
            TaskPatch::Projects(Box::new(patch))
        }
    }
}

fn set_crm(patch: &mut CrmTaskPatch, field: Field, value: &FieldValue, present: &Present<'_>) {
    match (field, value) {
        (Field::Title, FieldValue::Text(text)) => patch.subject = Some(text.clone()),
        (Field::Description, FieldValue::Text(text)) => patch.description = Some(PlainText::new(text)),
        (Field::Due, FieldValue::Day(_)) => patch.due = Patch::of(value.as_day()),
        (Field::Priority, FieldValue::Priority(class)) => {
            patch.priority = Patch::of(priority::to_crm(*class).map(str::to_owned));
        }
        (Field::Priority, FieldValue::Unmapped(native)) => patch.priority = Patch::Set(native.clone()),
        (Field::Status, FieldValue::Closed(is_closed)) => {
            let before = present.crm.status_before_closing.as_deref().or(present.crm_open_status);
            patch.status = Some(status::to_crm(*is_closed, before));
        }
        (Field::Owner, FieldValue::Person(_)) => patch.owner = value.as_person(),
        // The field table gives each field one kind of value.
        (
            Field::Title | Field::Description | Field::Due | Field::Priority | Field::Status | Field::Owner,
            FieldValue::Text(_)
            | FieldValue::Day(_)
            | FieldValue::Priority(_)
            | FieldValue::Unmapped(_)
            | FieldValue::Closed(_)
            | FieldValue::Person(_),
        ) => {}
    }
}

fn set_projects(patch: &mut ProjectsTaskPatch, field: Field, value: &FieldValue, present: &Present<'_>) {
    let task = present.projects;
    match (field, value) {
        (Field::Title, FieldValue::Text(text)) => patch.title = Some(text.clone()),
        (Field::Description, FieldValue::Text(text)) => {
            patch.description = Some(lines::put(&PlainText::new(text), &task.description.value));
        }
        (Field::Due, FieldValue::Day(_)) => patch.due = Patch::of(value.as_day()),
        (Field::Priority, FieldValue::Priority(class)) => {
            patch.priority = Some(priority::to_projects(*class).to_owned());
        }
        (Field::Priority, FieldValue::Unmapped(native)) => patch.priority = Some(native.clone()),
        (Field::Status, FieldValue::Closed(is_closed)) => {
            let before = task.status_before_closing.as_deref().or(present.projects_open_status);
            let known = present.project.map_or(&[][..], |project| &project.statuses);
            let (open, closed) =
                present.project.map_or(("Open", "Closed"), |p| (p.default_open.as_str(), p.default_closed.as_str()));
            patch.status = Some(status::to_projects(*is_closed, before, known, open, closed));
        }
        (Field::Owner, FieldValue::Person(_)) => {
            patch.owners = Some(owner::with_first(&task.owners.value, value.as_person().as_ref()));
        }
        (
            Field::Title | Field::Description | Field::Due | Field::Priority | Field::Status | Field::Owner,
            FieldValue::Text(_)
            | FieldValue::Day(_)
            | FieldValue::Priority(_)
            | FieldValue::Unmapped(_)
            | FieldValue::Closed(_)
            | FieldValue::Person(_),
        ) => {}
    }
}
