//! Deleting tasks: the row is marked, with everything below it.

use ports::{Acting, ProjectId, ProjectsTaskId};
use store::StoreError;

use super::sight::seen_task;
use super::{Projects, TRIES};
use crate::error::ProjectsError;
use crate::lock::{self, ProjectLock};
use crate::task::tree;
use crate::trace::{FieldMove, Module};

impl Projects {
    /// Deletes a task with everything below it; answers how many tasks are gone.
    ///
    /// Errors: `Refused` unless the profile may delete every one of them: managers in their projects, employees what
    /// they made themselves.
    pub fn delete_task(&self, acting: &Acting, id: &ProjectsTaskId) -> Result<usize, ProjectsError> {
        self.writing(acting, |tx, pen| {
            let portal = pen.portal();
            let mut held: Option<(ProjectId, ProjectLock)> = None;
            for _ in 0..TRIES {
                let (stored, project, standing) = seen_task(tx, pen.caller, id)?;
                let task = stored.task;
                let lock = match &held {
                    Some((own, lock)) if *own == project.id => lock,
                    Some(_) | None => {
                        held = Some((project.id.clone(), lock::project(tx, portal, &project.id)?));
                        continue;
                    }
                };
                let below = tree::below(tx, portal, id)?;
                let creators = std::iter::once(&task.created_by).chain(below.iter().map(|below| &below.created_by));
                for creator in creators {
                    pen.caller.require(pen.caller.deletes_task(&standing, creator))?;
                }
                let chain = tree::chain(tx, portal, task.parent.as_ref())?;
                let total = 1 + i64::from(task.below.total);
                let closed = i64::from(task.is_closed) + i64::from(task.below.closed);
                tree::count(tx, lock, portal, (&project.id, &task.list, &chain), (-total, -closed))?;
                let gone = below.iter().map(|below| &below.id).chain(std::iter::once(&task.id));
                let mut number = 0;
                for gone in gone {
                    let version = tree::mark_deleted(tx, lock, portal, gone, pen.by(), pen.now.ms())?;
                    let Some(version) = version else { continue };
                    number += 1;
                    pen.no_words(tx, Module::Task, gone.as_str())?;
                    let moved = FieldMove::new("deleted", None, Some("yes".to_owned()));
                    pen.history(tx, Module::Task, gone.as_str(), &[moved])?;
                    pen.feed(tx, Module::Task, gone.as_str(), version, &project.id)?;
                }
                return Ok(number);
            }
            Err(StoreError::Busy(format!("task {id} is moved by others all the time")).into())
        })
    }
}
