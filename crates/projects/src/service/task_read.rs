//! Reading tasks: one with what surrounds it, lists, outlines, history.

use ports::{Acting, Email, Moment, Page, ProjectId, ProjectsTaskId, TaskListId};
use records::RecordKey;
use records::history::{self, Entry};
use store::Read;

use super::Projects;
use super::sight::{seen_project, seen_task};
use crate::error::ProjectsError;
use crate::list::{self, Span, TaskList};
use crate::permission::Caller;
use crate::project::{Progress, Project};
use crate::task::page::{self, OutlineRow, TaskQuery};
use crate::task::tree;
use crate::task::{self, Task};
use crate::trace::Module;

/// A task with what its page shows around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskCard {
    /// The task.
    pub task: Task,
    /// Its project.
    pub project: Project,
    /// Its list.
    pub list: TaskList,
    /// The tasks above it, nearest first; client users see the external ones.
    pub above: Vec<TaskName>,
    /// Whether the person may edit it, comment on it, add subtasks.
    pub may_edit: bool,
    /// Whether the person may delete it.
    pub may_delete: bool,
    /// Whether the person may add it to the CRM; never a client user (TASK-14).
    pub may_add_to_crm: bool,
}

/// A task as a link names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskName {
    /// Id.
    pub id: ProjectsTaskId,
    /// Short name.
    pub key: String,
    /// Title.
    pub title: String,
    /// Whether it is closed.
    pub is_closed: bool,
}

/// A list with what its heading shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListSection {
    /// The list; for client users its progress counts external tasks only.
    pub list: TaskList,
    /// First and last day of its tasks.
    pub span: Span,
}

/// One line of a change history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryLine {
    /// The field, in our own words; `created`, `deleted`, `member` and the like for what is no field.
    pub field: String,
    /// The value before; `None` where it was empty.
    pub old: Option<String>,
    /// The value after; `None` where it is empty.
    pub new: Option<String>,
    /// Who.
    pub by: Email,
    /// When.
    pub at: Moment,
    /// What brought it about: `form`, `api`, `import`, `bridge`, `system`.
    pub origin: String,
}

impl Projects {
    /// A task with what surrounds it.
    ///
    /// Errors: `NotFound` for what the person may not see.
    pub fn task(&self, acting: &Acting, id: &ProjectsTaskId) -> Result<TaskCard, ProjectsError> {
        self.reading(acting, |read, caller| card(read, caller, id))
    }

    /// The task with this key, `DM-10`; a key that it had before a move finds it too: then the card has another.
    pub fn task_by_key(&self, acting: &Acting, key: &str) -> Result<TaskCard, ProjectsError> {
        self.reading(acting, |read, caller| {
            let id = task::id_of_key(read, &caller.portal, key)?.ok_or(ProjectsError::NotFound)?;
            card(read, caller, &id)
        })
    }

    /// The lists of a project in their order.
    pub fn sections(&self, acting: &Acting, project: &ProjectId) -> Result<Vec<ListSection>, ProjectsError> {
        self.reading(acting, |read, caller| {
            seen_project(read, caller, project)?;
            let spans = list::spans(read, &caller.portal, project, caller.is_client())?;
            let mut lists = list::of_project(read, &caller.portal, project)?;
            if caller.is_client() {
                let progress = list::progress_shown(read, &caller.portal, project)?;
                for list in &mut lists {
                    list.progress = found(&progress, &list.id).unwrap_or(Progress { closed: 0, total: 0 });
                }
            }
            let section = |list: TaskList| ListSection { span: found(&spans, &list.id).unwrap_or_default(), list };
            Ok(lists.into_iter().map(section).collect())
        })
    }

    /// A page of tasks that the person sees.
    pub fn tasks(&self, acting: &Acting, query: &TaskQuery) -> Result<Page<Task>, ProjectsError> {
        self.reading(acting, |read, caller| page::page(read, &caller.portal, &caller.scope(), query))
    }

    /// How many tasks a query finds, counted up to `limit`.
    pub fn count_tasks(&self, acting: &Acting, query: &TaskQuery, limit: u32) -> Result<u32, ProjectsError> {
        self.reading(acting, |read, caller| {
            let count = page::count(read, &caller.portal, &caller.scope(), query, i64::from(limit))?;
            Ok(u32::try_from(count).unwrap_or(limit))
        })
    }

    /// A page of the tasks at the top of a list, each followed by everything below it.
    pub fn outline(
        &self,
        acting: &Acting,
        list: &TaskListId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<OutlineRow>, ProjectsError> {
        self.reading(acting, |read, caller| page::outline(read, &caller.portal, &caller.scope(), list, after, limit))
    }

    /// The change history of a task, newest first. Client users get none: it names what they may not see.
    pub fn task_history(
        &self,
        acting: &Acting,
        id: &ProjectsTaskId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<HistoryLine>, ProjectsError> {
        self.reading(acting, |read, caller| {
            seen_task(read, caller, id)?;
            caller.require(!caller.is_client())?;
            history_page(read, caller, Module::Task, id.as_str(), after, limit)
        })
    }

    /// The change history of a project, newest first. Client users get none.
    pub fn project_history(
        &self,
        acting: &Acting,
        id: &ProjectId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<HistoryLine>, ProjectsError> {
        self.reading(acting, |read, caller| {
            seen_project(read, caller, id)?;
            caller.require(!caller.is_client())?;
            history_page(read, caller, Module::Project, id.as_str(), after, limit)
        })
    }
}

fn card(read: &mut Read<'_>, caller: &Caller, id: &ProjectsTaskId) -> Result<TaskCard, ProjectsError> {
    let (stored, project, standing) = seen_task(read, caller, id)?;
    let task = stored.task;
    let chain = tree::chain(read, &caller.portal, task.parent.as_ref())?;
    let above = chain
        .into_iter()
        .filter(|above| above.is_external || !caller.is_client())
        .map(|above| TaskName {
            id: above.ancestor.id,
            key: above.ancestor.key,
            title: above.ancestor.title,
            is_closed: above.ancestor.is_closed,
        })
        .collect();
    let list = list::by_id(read, &caller.portal, &task.list)?.ok_or(ProjectsError::NotFound)?;
    Ok(TaskCard {
        may_edit: caller.edits_task(&standing, task.is_external),
        may_delete: caller.deletes_task(&standing, &task.created_by),
        may_add_to_crm: caller.access(&standing).edits_tasks,
        task,
        project,
        list,
        above,
    })
}

fn history_page(
    read: &mut Read<'_>,
    caller: &Caller,
    module: Module,
    record: &str,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<HistoryLine>, ProjectsError> {
    let key = RecordKey { tenant: caller.portal.as_str(), module: module.code(), record };
    let page = history::of(read, &key, limit.clamp(1, 200), after)?;
    Ok(Page { rows: page.rows.into_iter().map(line).collect(), next: page.next })
}

fn line(entry: Entry) -> HistoryLine {
    HistoryLine {
        field: entry.field,
        old: entry.old,
        new: entry.new,
        by: entry.stamp.who,
        at: entry.stamp.at,
        origin: entry.stamp.origin,
    }
}

fn found<T: Copy>(pairs: &[(TaskListId, T)], id: &TaskListId) -> Option<T> {
    pairs.iter().find(|(own, _)| own == id).map(|(_, value)| *value)
}
