//! Adding and editing tasks.

use ports::rule::title;
use ports::{
    Acting, CreateMark, Date, Email, Fact, Patch, ProjectId, ProjectsTaskId, Reason, RichText, TaskListId, lines,
};
use store::{Read, StoreError, Tx};

use super::sight::{seen_project, seen_task};
use super::task_judge::{judge, owners};
use super::{Projects, TRIES};
use crate::error::{FieldError, Present, ProjectsError};
use crate::layout::{self, DEFAULT_OPEN, Priority};
use crate::list::{self, FIRST_LIST, TaskList};
use crate::lock::{self, ProjectLock};
use crate::mark::{self, Kind, Made};
use crate::permission::Caller;
use crate::project::{self, Progress, Project};
use crate::task::tree::{self, Above, Place, Siblings};
use crate::task::{self, Change, DESCRIPTION_MAX, Due, TITLE_MAX, Task, owner};
use crate::trace::{FieldMove, Module, Pen};

/// What a new task consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskDraft {
    /// The list; `None` takes the parent's, else the project's first.
    pub list: Option<TaskListId>,
    /// The task above.
    pub parent: Option<ProjectsTaskId>,
    /// F1.
    pub title: String,
    /// F2.
    pub description: RichText,
    /// First day.
    pub start: Option<Date>,
    /// F3.
    pub due: Option<Due>,
    /// F4; `None` is "None".
    pub priority: Option<String>,
    /// F5; `None` is the default open status.
    pub status: Option<String>,
    /// F6, in order.
    pub owners: Vec<Email>,
    /// Whether client users see it; a client user's own tasks always are.
    pub is_external: bool,
}

/// A change of a task; fields that keep are not written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskPatch {
    /// F1.
    pub title: Option<String>,
    /// F2.
    pub description: Option<RichText>,
    /// First day.
    pub start: Patch<Date>,
    /// F3: the day; the time of day stays unless it is changed too.
    pub due: Patch<Date>,
    /// Minute of the day of the end, 0–1439.
    pub due_minute: Patch<u16>,
    /// F4.
    pub priority: Option<String>,
    /// F5.
    pub status: Option<String>,
    /// F6: the whole list.
    pub owners: Option<Vec<Email>>,
    /// Whether client users see it.
    pub is_external: Option<bool>,
}

/// Which version a change was made over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Any.
    Any,
    /// The fields as they were in this version; comments may have come since.
    Fields(i64),
    /// Exactly this version.
    Exactly(i64),
}

/// A change that may be written.
pub(crate) struct Planned {
    before: Task,
    after: Task,
    chain: Vec<Above>,
}

/// A new task that may be written.
pub(crate) struct PlannedNew {
    project: Project,
    list: Option<TaskList>,
    task: Task,
    chain: Vec<Above>,
}

impl Projects {
    /// Adds a task to a project.
    ///
    /// Errors: `NotFound` for a project the person does not see; `Invalid`, `Refused` with what is wrong.
    pub fn add_task(&self, acting: &Acting, project: &ProjectId, draft: &TaskDraft) -> Result<Task, ProjectsError> {
        self.writing(acting, |tx, pen| self.add_task_in(tx, pen, project, draft, None))
    }

    /// Changes a task. `expected` is the [`Task::fields_version`] that the form showed; `None` writes over whatever is
    /// there. A change that changes nothing writes nothing.
    ///
    /// Errors: `Stale` with the present task if somebody changed a field since.
    pub fn edit_task(
        &self,
        acting: &Acting,
        id: &ProjectsTaskId,
        patch: &TaskPatch,
        expected: Option<i64>,
    ) -> Result<Task, ProjectsError> {
        let expected = expected.map_or(Expected::Any, Expected::Fields);
        self.writing(acting, |tx, pen| self.edit_task_in(tx, pen, id, patch, expected))
    }

    /// Everything that stands in the way of a change, field by field; empty if it would be taken.
    ///
    /// Errors: `NotFound`, and `Refused` for a missing right.
    pub fn check_task(
        &self,
        acting: &Acting,
        id: &ProjectsTaskId,
        patch: &TaskPatch,
    ) -> Result<Vec<FieldError>, ProjectsError> {
        let now = self.now();
        self.reading(acting, |read, caller| {
            let (stored, project, standing) = seen_task(read, caller, id)?;
            caller.require(caller.edits_task(&standing, stored.task.is_external))?;
            let (after, mut wrong) = patched(read, caller, &project, &stored.task, patch, now)?;
            let chain = tree::chain(read, &caller.portal, stored.task.parent.as_ref())?;
            wrong.extend(judge(caller, &project, Some(&stored.task), &after, &chain));
            Ok(wrong)
        })
    }

    /// Everything that stands in the way of a new task, field by field.
    ///
    /// Errors: as [`Projects::add_task`] for what is no field's.
    pub fn check_new_task(
        &self,
        acting: &Acting,
        project: &ProjectId,
        draft: &TaskDraft,
    ) -> Result<Vec<FieldError>, ProjectsError> {
        let now = self.now();
        self.reading(acting, |read, caller| Ok(plan_new(read, caller, project, draft, now)?.1))
    }

    pub(crate) fn add_task_in(
        &self,
        tx: &mut Tx<'_>,
        pen: &Pen<'_>,
        project: &ProjectId,
        draft: &TaskDraft,
        mark: Option<&CreateMark>,
    ) -> Result<Task, ProjectsError> {
        let portal = pen.portal();
        if let Some(first) = made_before(tx, pen, mark)? {
            return Ok(first);
        }
        let lock = lock::project(tx, portal, project)?;
        let (mut planned, wrong) = plan_new(tx, pen.caller, project, draft, pen.now)?;
        if !wrong.is_empty() {
            return Err(ProjectsError::of_fields(wrong));
        }
        let id = ProjectsTaskId::new(self.ids.next());
        if let Some(mark) = mark {
            let made = Made::record(Kind::Task, id.as_str());
            if mark::take(tx, portal, mark, &made, pen.by(), pen.now)?.is_some() {
                return made_before(tx, pen, Some(mark))?.ok_or(ProjectsError::NotFound);
            }
        }
        planned.task.id = id;
        let list = match planned.list.take() {
            Some(list) => list,
            None => self.make_list(tx, pen, project, FIRST_LIST)?,
        };
        planned.task.list = list.id;
        write_new(tx, &lock, pen, planned)
    }

    pub(crate) fn edit_task_in(
        &self,
        tx: &mut Tx<'_>,
        pen: &Pen<'_>,
        id: &ProjectsTaskId,
        patch: &TaskPatch,
        expected: Expected,
    ) -> Result<Task, ProjectsError> {
        let mut held: Option<(ProjectId, ProjectLock)> = None;
        for _ in 0..TRIES {
            if patch.needs_lock() {
                let (stored, ..) = seen_task(tx, pen.caller, id)?;
                if held.as_ref().is_none_or(|(project, _)| *project != stored.task.project) {
                    let lock = lock::project(tx, pen.portal(), &stored.task.project)?;
                    held = Some((stored.task.project, lock));
                    continue;
                }
            }
            let planned = plan_edit(tx, pen, id, patch, expected)?;
            if planned.after == planned.before {
                return Ok(planned.before);
            }
            let change = held.as_ref().map_or(Change::Words, |(_, lock)| Change::Rules(lock));
            if let Some(task) = write_edit(tx, pen, planned, &change)? {
                return Ok(task);
            }
        }
        Err(StoreError::Busy(format!("task {id} is changed by others all the time")).into())
    }
}

/// The task that was made with this mark, deleted or not.
fn made_before(tx: &mut Tx<'_>, pen: &Pen<'_>, mark: Option<&CreateMark>) -> Result<Option<Task>, ProjectsError> {
    let Some(mark) = mark else { return Ok(None) };
    let Some(made) = mark::find(tx, pen.portal(), mark)? else { return Ok(None) };
    let stored = task::by_id(tx, pen.portal(), &ProjectsTaskId::new(made.record))?;
    stored.map(|stored| Some(stored.task)).ok_or(ProjectsError::NotFound)
}

impl TaskPatch {
    /// Dates and states are judged over several rows.
    fn needs_lock(&self) -> bool {
        !self.start.is_keep() || !self.due.is_keep() || self.status.is_some()
    }
}

/// What would come of an edit.
pub(crate) fn plan_edit(
    read: &mut Read<'_>,
    pen: &Pen<'_>,
    id: &ProjectsTaskId,
    patch: &TaskPatch,
    expected: Expected,
) -> Result<Planned, ProjectsError> {
    let caller = pen.caller;
    let (stored, project, standing) = seen_task(read, caller, id)?;
    let before = stored.task;
    caller.require(caller.edits_task(&standing, before.is_external))?;
    caller.require(patch.is_external.is_none_or(|wanted| wanted == before.is_external || !caller.is_client()))?;
    let is_stale = match expected {
        Expected::Any => false,
        Expected::Fields(version) => before.fields_version > version,
        Expected::Exactly(version) => before.version != version,
    };
    if is_stale {
        return Err(ProjectsError::Stale(Box::new(Present::Task(before))));
    }
    let (after, mut wrong) = patched(read, caller, &project, &before, patch, pen.now)?;
    let chain = tree::chain(read, &caller.portal, before.parent.as_ref())?;
    wrong.extend(judge(caller, &project, Some(&before), &after, &chain));
    if wrong.is_empty() { Ok(Planned { before, after, chain }) } else { Err(ProjectsError::of_fields(wrong)) }
}

/// Writes an edit; `None` if somebody was faster.
fn write_edit(
    tx: &mut Tx<'_>,
    pen: &Pen<'_>,
    planned: Planned,
    change: &Change<'_>,
) -> Result<Option<Task>, ProjectsError> {
    let Planned { before, mut after, chain } = planned;
    let portal = pen.portal();
    after.changed_by = pen.caller.email().clone();
    after.changed_at = pen.now;
    let Some(version) = task::update(tx, portal, &after, change)? else { return Ok(None) };
    after.version = version;
    after.fields_version = version;
    if after.owners != before.owners {
        owner::set(tx, portal, &after.id, &after.owners)?;
    }
    if after.is_closed != before.is_closed
        && let Change::Rules(lock) = change
    {
        let closed = if after.is_closed { 1 } else { -1 };
        tree::count(tx, lock, portal, (&after.project, &after.list, &chain), (0, closed))?;
    }
    pen.history(tx, Module::Task, after.id.as_str(), &moves(&before, &after))?;
    if after.title != before.title {
        pen.words(tx, Module::Task, after.id.as_str(), &[&after.title, &after.key])?;
    }
    pen.feed(tx, Module::Task, after.id.as_str(), version, &after.project)?;
    Ok(Some(after))
}

/// What would come of a new task, and what is wrong with it. Its id, list, key and place are not set yet.
pub(crate) fn plan_new(
    read: &mut Read<'_>,
    caller: &Caller,
    project: &ProjectId,
    draft: &TaskDraft,
    now: ports::Moment,
) -> Result<(PlannedNew, Vec<FieldError>), ProjectsError> {
    let (project, standing) = seen_project(read, caller, project)?;
    let is_external = draft.is_external || caller.is_client();
    caller.require(caller.edits_task(&standing, is_external))?;
    let mut wrong = Vec::new();
    let parent = match &draft.parent {
        Some(id) => {
            let parent = task::present(read, &caller.portal, id)?
                .filter(|stored| stored.task.project == project.id)
                .filter(|stored| stored.task.is_external || !caller.is_client());
            if parent.is_none() {
                wrong.push(FieldError::new("parent", "unknown_record"));
            }
            parent.map(|stored| stored.task)
        }
        None => None,
    };
    let list = wanted_list(read, caller, &project, draft, parent.as_ref())?;
    if list.is_none() && draft.list.is_some() {
        wrong.push(FieldError::new("list", "unknown_record"));
    }
    let blank = blank_task(caller, &project, parent.map(|parent| parent.id), is_external, now);
    let patch = TaskPatch {
        title: Some(draft.title.clone()),
        description: Some(draft.description.clone()),
        start: draft.start.map_or(Patch::Keep, Patch::Set),
        due: draft.due.map_or(Patch::Keep, |due| Patch::Set(due.day)),
        due_minute: draft.due.and_then(|due| due.minute).map_or(Patch::Keep, Patch::Set),
        priority: draft.priority.clone(),
        status: draft.status.clone(),
        owners: Some(draft.owners.clone()),
        is_external: None,
    };
    let (task, found) = patched(read, caller, &project, &blank, &patch, now)?;
    wrong.extend(found);
    let chain = tree::chain(read, &caller.portal, task.parent.as_ref())?;
    wrong.extend(judge(caller, &project, None, &task, &chain));
    Ok((PlannedNew { project, list, task, chain }, wrong))
}

fn wanted_list(
    read: &mut Read<'_>,
    caller: &Caller,
    project: &Project,
    draft: &TaskDraft,
    parent: Option<&Task>,
) -> Result<Option<TaskList>, StoreError> {
    let of_project = |list: &TaskList| list.project == project.id;
    match (parent, &draft.list) {
        (Some(parent), _) => Ok(list::by_id(read, &caller.portal, &parent.list)?.filter(of_project)),
        (None, Some(id)) => Ok(list::by_id(read, &caller.portal, id)?.filter(of_project)),
        (None, None) => Ok(list::of_project(read, &caller.portal, &project.id)?.into_iter().next()),
    }
}

fn write_new(tx: &mut Tx<'_>, lock: &ProjectLock, pen: &Pen<'_>, planned: PlannedNew) -> Result<Task, ProjectsError> {
    let PlannedNew { project, mut task, chain, .. } = planned;
    let portal = pen.portal();
    let number = project::take_number(tx, portal, &project.id)?;
    task.key = format!("{}-{number}", project.key);
    let siblings = Siblings { list: &task.list, parent: task.parent.as_ref() };
    let place = tree::place(tx, lock, portal, siblings, &Place::Last)?.unwrap_or_default();
    task::insert(tx, lock, portal, &task, number, &place)?;
    if !task.owners.is_empty() {
        owner::set(tx, portal, &task.id, &task.owners)?;
    }
    tree::count(tx, lock, portal, (&task.project, &task.list, &chain), (1, i64::from(task.is_closed)))?;
    let made = FieldMove::new("created", None, Some(task.title.clone()));
    pen.history(tx, Module::Task, task.id.as_str(), &[made])?;
    pen.words(tx, Module::Task, task.id.as_str(), &[&task.title, &task.key])?;
    pen.feed(tx, Module::Task, task.id.as_str(), task.version, &task.project)?;
    Ok(task)
}

fn blank_task(
    caller: &Caller,
    project: &Project,
    parent: Option<ProjectsTaskId>,
    is_external: bool,
    now: ports::Moment,
) -> Task {
    Task {
        id: ProjectsTaskId::new(""),
        project: project.id.clone(),
        list: TaskListId::new(""),
        parent,
        key: String::new(),
        title: String::new(),
        description: RichText::default(),
        start: None,
        due: None,
        priority: Priority::None,
        status: DEFAULT_OPEN.to_owned(),
        is_closed: false,
        status_before_closing: None,
        owners: Vec::new(),
        is_external,
        below: Progress::default(),
        comments: 0,
        newest_comment: None,
        closed_by: None,
        closed_at: None,
        created_by: caller.email().clone(),
        created_at: now,
        changed_by: caller.email().clone(),
        changed_at: now,
        version: 1,
        fields_version: 1,
    }
}

/// The task with the change applied, and the fields whose values cannot be taken; those stay as they were.
fn patched(
    read: &mut Read<'_>,
    caller: &Caller,
    project: &Project,
    present: &Task,
    patch: &TaskPatch,
    now: ports::Moment,
) -> Result<(Task, Vec<FieldError>), StoreError> {
    let mut task = present.clone();
    let mut wrong = Vec::new();
    if let Some(text) = &patch.title {
        match title::check(text, TITLE_MAX) {
            Ok(text) => task.title = text,
            Err(reason) => wrong.push(FieldError::with_reason("title", title_code(&reason), reason)),
        }
    }
    if let Some(text) = &patch.description {
        let length = text.as_html().chars().count();
        if length > DESCRIPTION_MAX {
            let reason = Reason::DescriptionTooLong { length, max: DESCRIPTION_MAX };
            wrong.push(FieldError::with_reason("description", "too_long", reason));
        } else {
            task.description = text.clone();
        }
    }
    task.start = patch.start.clone().over(present.start);
    task.due = patched_due(present.due, patch, &mut wrong);
    if let Some(name) = &patch.priority {
        match Priority::parse(name) {
            Some(priority) => task.priority = priority,
            None => wrong.push(unknown_value("priority", name)),
        }
    }
    if let Some(name) = &patch.status {
        match layout::task_status(name) {
            Some(status) => set_status(&mut task, status, caller.email(), now),
            None => wrong.push(unknown_value("status", name)),
        }
    }
    task.is_external = patch.is_external.unwrap_or(present.is_external);
    if let Some(wanted) = &patch.owners {
        let (found, unfit) = owners(read, caller, project, (&present.owners, wanted), task.is_external)?;
        if unfit.is_empty() {
            task.owners = found;
        }
        wrong.extend(unfit);
    }
    Ok((task, wrong))
}

fn patched_due(present: Option<Due>, patch: &TaskPatch, wrong: &mut Vec<FieldError>) -> Option<Due> {
    if let Patch::Set(minute) = patch.due_minute
        && minute >= 24 * 60
    {
        wrong.push(FieldError::new("due_minute", "invalid_time").fact("value", Fact::Number(i64::from(minute))));
        return present;
    }
    let day = patch.due.clone().over(present.map(|due| due.day))?;
    Some(Due { day, minute: patch.due_minute.clone().over(present.and_then(|due| due.minute)) })
}

fn set_status(task: &mut Task, status: layout::Status, by: &Email, now: ports::Moment) {
    match (task.is_closed, status.is_closed) {
        (false, true) => {
            task.status_before_closing = Some(task.status.clone());
            task.closed_by = Some(by.clone());
            task.closed_at = Some(now);
        }
        (true, false) => {
            task.closed_by = None;
            task.closed_at = None;
        }
        (false, false) | (true, true) => {}
    }
    status.name.clone_into(&mut task.status);
    task.is_closed = status.is_closed;
}

fn title_code(reason: &Reason) -> &'static str {
    if matches!(reason, Reason::TitleEmpty) { "required" } else { "too_long" }
}

fn unknown_value(field: &'static str, value: &str) -> FieldError {
    FieldError::with_reason(field, "unknown_value", Reason::ValueNotMapped { value: value.to_owned() })
}

/// What the change history says of an edit. A change of the time of day, or of formatting alone, is not one of the
/// synced field (F2, F3): its stamp stays.
fn moves(before: &Task, after: &Task) -> Vec<FieldMove> {
    let day = |task: &Task| task.due.map(|due| due.day.to_string());
    let minute = |task: &Task| task.due.and_then(|due| due.minute).map(|minute| minute.to_string());
    let plain = |task: &Task| {
        let text = lines::plain(&task.description).as_str().to_owned();
        (!text.is_empty()).then_some(text)
    };
    let people = |task: &Task| {
        let all: Vec<&str> = task.owners.iter().map(|owner| owner.email.as_str()).collect();
        (!all.is_empty()).then(|| all.join(", "))
    };
    let mut moves = vec![
        FieldMove::text("title", &before.title, &after.title),
        FieldMove::new("start", before.start.map(|day| day.to_string()), after.start.map(|day| day.to_string())),
        FieldMove::new("due", day(before), day(after)),
        FieldMove::new("due_time", minute(before), minute(after)),
        FieldMove::text("priority", before.priority.name(), after.priority.name()),
        FieldMove::text("status", &before.status, &after.status),
        FieldMove::new("owners", people(before), people(after)),
        FieldMove::text("external", flag(before.is_external), flag(after.is_external)),
    ];
    if before.description != after.description {
        let (old, new) = (plain(before), plain(after));
        if old == new {
            let text = |task: &Task| Some(task.description.as_html().to_owned());
            moves.push(FieldMove::new("formatting", text(before), text(after)));
        } else {
            moves.push(FieldMove::new("description", old, new));
        }
    }
    moves
}

fn flag(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}
