//! Moving tasks: to another place, list, parent or project, with everything below them.

use ports::{Acting, Date, ProjectId, ProjectsTaskId, TaskListId};
use store::{StoreError, Tx};

use super::sight::{seen_project, seen_task};
use super::task_judge::open_below;
use super::{Projects, TRIES};
use crate::error::{FieldError, ProjectsError};
use crate::list::{self, FIRST_LIST};
use crate::lock::{self, ProjectLock};
use crate::project::{self, Project};
use crate::task::tree::{self, Above, Below, Place, Seat, Siblings};
use crate::task::{self, Task};
use crate::trace::{FieldMove, Module, Pen};

/// Where a task goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveTask {
    /// List, parent or project.
    pub to: Destination,
    /// Where among its new siblings.
    pub place: Place,
}

/// What a task goes into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// The list and parent it has: only its place changes.
    Here,
    /// Under this task, of any project.
    Under(ProjectsTaskId),
    /// The top of this list, of any project.
    List(TaskListId),
    /// The top of the first list of this project.
    Project(ProjectId),
}

/// A move that may be made.
struct Plan {
    task: Task,
    from: Project,
    from_chain: Vec<Above>,
    to: Project,
    /// `None`: the project has no list yet.
    list: Option<TaskListId>,
    parent: Option<ProjectsTaskId>,
    to_chain: Vec<Above>,
    below: Vec<Below>,
}

impl Projects {
    /// Moves a task with everything below it. It keeps its owners, even where they are no members; in
    /// another project it gets a new key, and the old one still finds it.
    ///
    /// Errors: `Refused` by STR-1 or SUB-4 for any task of the subtree; `Invalid` for a destination that is not there
    /// or below the task itself.
    pub fn move_task(&self, acting: &Acting, id: &ProjectsTaskId, wanted: &MoveTask) -> Result<Task, ProjectsError> {
        self.writing(acting, |tx, pen| {
            let mut held: Option<((ProjectId, ProjectId), ProjectLock)> = None;
            for _ in 0..TRIES {
                let plan = plan(tx, pen, id, wanted)?;
                let (from, to) = (plan.from.id.clone(), plan.to.id.clone());
                match &held {
                    Some((projects, lock)) if *projects == (from.clone(), to.clone()) => {
                        refuse(pen, &plan)?;
                        return self.carry_out(tx, pen, lock, plan, &wanted.place);
                    }
                    Some(_) | None => {
                        let lock = lock::projects(tx, pen.portal(), [&from, &to])?;
                        held = Some(((from, to), lock));
                    }
                }
            }
            Err(StoreError::Busy(format!("task {id} is moved by others all the time")).into())
        })
    }

    fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        pen: &Pen<'_>,
        lock: &ProjectLock,
        plan: Plan,
        place: &Place,
    ) -> Result<Task, ProjectsError> {
        let portal = pen.portal();
        let list = match &plan.list {
            Some(list) => list.clone(),
            None => self.make_list(tx, pen, &plan.to.id, FIRST_LIST)?.id,
        };
        let siblings = Siblings { list: &list, parent: plan.parent.as_ref() };
        let Some(place) = tree::place(tx, lock, portal, siblings, place)? else {
            return Err(ProjectsError::of_fields(vec![FieldError::new("after", "unknown_record")]));
        };
        let changes_project = plan.from.id != plan.to.id;
        let number = if changes_project {
            project::take_number(tx, portal, &plan.to.id)?
        } else {
            tree::number(tx, portal, &plan.task.id)?
        };
        let seat = Seat { project: &plan.to.id, list: &list, parent: plan.parent.as_ref(), place: &place, number };
        let version = tree::seat(tx, lock, portal, &plan.task.id, &seat, (pen.by(), pen.now.ms()))?;
        recount(tx, lock, pen, &plan, &list)?;
        if changes_project {
            carry_below(tx, lock, pen, &plan, &list)?;
            task::keep_key(tx, portal, &plan.task.key, &plan.task.id)?;
            let key = format!("{}-{number}", plan.to.key);
            pen.words(tx, Module::Task, plan.task.id.as_str(), &[&plan.task.title, &key])?;
            pen.feed(tx, Module::Task, plan.task.id.as_str(), version, &plan.from.id)?;
        } else if list != plan.task.list {
            for below in &plan.below {
                tree::relist(tx, lock, portal, &below.id, &list)?;
            }
        }
        note(tx, pen, &plan, &list)?;
        pen.feed(tx, Module::Task, plan.task.id.as_str(), version, &plan.to.id)?;
        let (stored, ..) = seen_task(tx, pen.caller, &plan.task.id)?;
        Ok(stored.task)
    }
}

fn plan(tx: &mut Tx<'_>, pen: &Pen<'_>, id: &ProjectsTaskId, wanted: &MoveTask) -> Result<Plan, ProjectsError> {
    let (caller, portal) = (pen.caller, pen.portal());
    let (stored, from, standing) = seen_task(tx, caller, id)?;
    let task = stored.task;
    caller.require(caller.edits_task(&standing, task.is_external) && !caller.is_client())?;
    let unknown = |field| ProjectsError::of_fields(vec![FieldError::new(field, "unknown_record")]);
    let (project, list, parent) = match &wanted.to {
        Destination::Here => (task.project.clone(), Some(task.list.clone()), task.parent.clone()),
        Destination::Under(parent) => {
            let parent = task::present(tx, portal, parent)?.ok_or_else(|| unknown("parent"))?.task;
            (parent.project, Some(parent.list), Some(parent.id))
        }
        Destination::List(list) => {
            let list = list::by_id(tx, portal, list)?.ok_or_else(|| unknown("list"))?;
            (list.project, Some(list.id), None)
        }
        Destination::Project(project) => {
            let first = list::of_project(tx, portal, project)?.into_iter().next();
            (project.clone(), first.map(|list| list.id), None)
        }
    };
    let (to, standing) = seen_project(tx, caller, &project)?;
    caller.require(caller.edits_task(&standing, task.is_external))?;
    let to_chain = tree::chain(tx, portal, parent.as_ref())?;
    if to_chain.iter().any(|above| above.ancestor.id == task.id) {
        return Err(ProjectsError::of_fields(vec![FieldError::new("parent", "below_itself")]));
    }
    let from_chain = tree::chain(tx, portal, task.parent.as_ref())?;
    let below = tree::below(tx, portal, &task.id)?;
    Ok(Plan { task, from, from_chain, to, list, parent, to_chain, below })
}

/// STR-1 for every task that comes into another project, SUB-4 for the subtree as a whole.
fn refuse(pen: &Pen<'_>, plan: &Plan) -> Result<(), ProjectsError> {
    if plan.from.id != plan.to.id {
        let schedule = plan.to.schedule();
        let own = (plan.task.start, plan.task.due.map(|due| due.day));
        let days = std::iter::once(own).chain(plan.below.iter().map(|below| (below.start, below.due)));
        let outside = |day: Option<Date>| ports::rule::schedule::check_inside(schedule, day?, &plan.to.name);
        if let Some(reason) = days.flat_map(|(start, due)| [start, due]).find_map(outside) {
            return Err(ProjectsError::Refused(reason));
        }
    }
    let has_open = !plan.task.is_closed || plan.task.below.open() > 0;
    match open_below(pen.caller, &plan.to_chain) {
        Some(reason) if has_open => Err(ProjectsError::Refused(reason)),
        Some(_) | None => Ok(()),
    }
}

fn recount(
    tx: &mut Tx<'_>,
    lock: &ProjectLock,
    pen: &Pen<'_>,
    plan: &Plan,
    list: &TaskListId,
) -> Result<(), StoreError> {
    let total = 1 + i64::from(plan.task.below.total);
    let closed = i64::from(plan.task.is_closed) + i64::from(plan.task.below.closed);
    let portal = pen.portal();
    tree::count(tx, lock, portal, (&plan.from.id, &plan.task.list, &plan.from_chain), (-total, -closed))?;
    tree::count(tx, lock, portal, (&plan.to.id, list, &plan.to_chain), (total, closed))
}

fn carry_below(
    tx: &mut Tx<'_>,
    lock: &ProjectLock,
    pen: &Pen<'_>,
    plan: &Plan,
    list: &TaskListId,
) -> Result<(), StoreError> {
    let portal = pen.portal();
    for below in &plan.below {
        let number = project::take_number(tx, portal, &plan.to.id)?;
        let version = tree::carry(tx, lock, portal, &below.id, (&plan.to.id, list), number)?;
        task::keep_key(tx, portal, &below.key, &below.id)?;
        let key = format!("{}-{number}", plan.to.key);
        pen.words(tx, Module::Task, below.id.as_str(), &[&below.title, &key])?;
        let moved = FieldMove::text("project", plan.from.id.as_str(), plan.to.id.as_str());
        pen.history(tx, Module::Task, below.id.as_str(), &[moved])?;
        pen.feed(tx, Module::Task, below.id.as_str(), version, &plan.from.id)?;
        pen.feed(tx, Module::Task, below.id.as_str(), version, &plan.to.id)?;
    }
    Ok(())
}

fn note(tx: &mut Tx<'_>, pen: &Pen<'_>, plan: &Plan, list: &TaskListId) -> Result<(), StoreError> {
    let id = |parent: Option<&ProjectsTaskId>| parent.map(ToString::to_string);
    let moves = [
        FieldMove::text("project", plan.from.id.as_str(), plan.to.id.as_str()),
        FieldMove::text("list", plan.task.list.as_str(), list.as_str()),
        FieldMove::new("parent", id(plan.task.parent.as_ref()), id(plan.parent.as_ref())),
    ];
    pen.history(tx, Module::Task, plan.task.id.as_str(), &moves)
}
