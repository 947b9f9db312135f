//! Making, renaming, ordering and deleting lists of tasks.

use ports::{Acting, ProjectId, TaskListId};
use store::Tx;

use super::Projects;
use super::sight::seen_project;
use crate::error::{FieldError, ProjectsError};
use crate::list::{self, LIST_NAME_MAX, TaskList};
use crate::lock;
use crate::project::Progress;
use crate::trace::{FieldMove, Module, Pen};

impl Projects {
    /// Adds a list at the end of a project.
    ///
    /// Errors: `Invalid` for the name; `Refused` for who may not edit tasks there.
    pub fn add_list(&self, acting: &Acting, project: &ProjectId, name: &str) -> Result<TaskList, ProjectsError> {
        self.writing(acting, |tx, pen| {
            let (project, standing) = seen_project(tx, pen.caller, project)?;
            pen.caller.require(pen.caller.edits_task(&standing, false))?;
            let name = list_name(name)?;
            lock::project(tx, pen.portal(), &project.id)?;
            self.make_list(tx, pen, &project.id, &name)
        })
    }

    /// Renames a list.
    pub fn rename_list(&self, acting: &Acting, id: &TaskListId, name: &str) -> Result<TaskList, ProjectsError> {
        self.writing(acting, |tx, pen| {
            let mut list = editable(tx, pen, id)?;
            let name = list_name(name)?;
            if name == list.name {
                return Ok(list);
            }
            list.version = list::rename(tx, pen.portal(), id, &name)?.ok_or(ProjectsError::NotFound)?;
            pen.history(tx, Module::List, id.as_str(), &[FieldMove::text("name", &list.name, &name)])?;
            pen.feed(tx, Module::List, id.as_str(), list.version, &list.project)?;
            list.name = name;
            Ok(list)
        })
    }

    /// Puts a list behind another one of its project, or before all for `None`.
    pub fn move_list(&self, acting: &Acting, id: &TaskListId, after: Option<&TaskListId>) -> Result<(), ProjectsError> {
        self.writing(acting, |tx, pen| {
            let list = editable(tx, pen, id)?;
            if after == Some(id) {
                return Ok(());
            }
            lock::project(tx, pen.portal(), &list.project)?;
            let Some(place) = list::place_after(tx, pen.portal(), &list.project, after)? else {
                return Err(ProjectsError::of_fields(vec![FieldError::new("after", "unknown_record")]));
            };
            let version = list::put_at(tx, pen.portal(), id, &place)?.ok_or(ProjectsError::NotFound)?;
            Ok(pen.feed(tx, Module::List, id.as_str(), version, &list.project)?)
        })
    }

    /// Deletes a list that has no tasks.
    ///
    /// Errors: `Invalid` with `not_empty`.
    pub fn delete_list(&self, acting: &Acting, id: &TaskListId) -> Result<(), ProjectsError> {
        self.writing(acting, |tx, pen| {
            let list = editable(tx, pen, id)?;
            lock::project(tx, pen.portal(), &list.project)?;
            // Read again: a task may have come before the lock.
            let list = list::by_id(tx, pen.portal(), &list.id)?.ok_or(ProjectsError::NotFound)?;
            if list.progress.total > 0 {
                return Err(ProjectsError::of_fields(vec![FieldError::new("list", "not_empty")]));
            }
            let version = list::mark_deleted(tx, pen.portal(), id, pen.now)?.ok_or(ProjectsError::NotFound)?;
            let moved = FieldMove::new("deleted", None, Some("yes".to_owned()));
            pen.history(tx, Module::List, id.as_str(), &[moved])?;
            Ok(pen.feed(tx, Module::List, id.as_str(), version, &list.project)?)
        })
    }

    pub(crate) fn make_list(
        &self,
        tx: &mut Tx<'_>,
        pen: &Pen<'_>,
        project: &ProjectId,
        name: &str,
    ) -> Result<TaskList, ProjectsError> {
        let list = TaskList {
            id: TaskListId::new(self.ids.next()),
            project: project.clone(),
            name: name.to_owned(),
            progress: Progress::default(),
            version: 1,
        };
        let place = list::last_place(tx, pen.portal(), project)?;
        list::insert(tx, pen.portal(), &list, &place, pen.by(), pen.now)?;
        let made = FieldMove::new("created", None, Some(list.name.clone()));
        pen.history(tx, Module::List, list.id.as_str(), &[made])?;
        pen.feed(tx, Module::List, list.id.as_str(), list.version, project)?;
        Ok(list)
    }
}

fn editable(tx: &mut Tx<'_>, pen: &Pen<'_>, id: &TaskListId) -> Result<TaskList, ProjectsError> {
    let list = list::by_id(tx, pen.portal(), id)?.ok_or(ProjectsError::NotFound)?;
    let (_, standing) = seen_project(tx, pen.caller, &list.project)?;
    pen.caller.require(pen.caller.edits_task(&standing, false))?;
    Ok(list)
}

pub(crate) fn list_name(name: &str) -> Result<String, ProjectsError> {
    super::project::name("name", name, LIST_NAME_MAX).map_err(|wrong| ProjectsError::of_fields(vec![wrong]))
}
