//! What the form of a task says: read with care, kept as typed, compared with what it opened with.

use ports::{Date, Email, Patch, PlainText, ProjectsTaskId, TaskListId, lines};
use projects::{Due, ProjectsError, Task, TaskDraft, TaskPatch};

use super::at;
use super::head::Opened;
use crate::error::PageError;
use crate::form::Form;
use crate::visit::Ctx;

/// The fields in the order of the form; a stale form compares them.
pub(super) const NAMES: [&str; 9] =
    ["title", "description", "status", "owners", "start", "due", "due_time", "priority", "external"];

/// What the form of a new task says.
pub(super) struct Wanted {
    pub(super) draft: TaskDraft,
    pub(super) form: Form,
}

/// The task above a new one, by its key; one that is not there is noted when the task is saved.
pub(super) fn parent(ctx: &Ctx, key: &str) -> Result<Option<Task>, PageError> {
    if key.is_empty() {
        return Ok(None);
    }
    match ctx.web.projects.task_by_key(&ctx.acting, key) {
        Ok(card) => Ok(Some(card.task)),
        Err(ProjectsError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What the form of a new task says; what cannot be read is noted in it.
pub(super) fn wanted(ctx: &Ctx, opened: &Opened, form: Form) -> Result<Wanted, PageError> {
    let mut form = with_owners(form);
    let parent = parent(ctx, form.text("parent"))?;
    if parent.is_none() && !form.text("parent").is_empty() {
        form.fail("", ctx.w.task_parent_gone());
    }
    let values = Values::read(ctx, &mut form);
    let list = form.text("list").to_owned();
    let draft = TaskDraft {
        list: (!list.is_empty() && parent.is_none()).then(|| TaskListId::new(list)),
        parent: parent.map(|task| task.id),
        title: form.text("title").to_owned(),
        description: lines::rich(&PlainText::new(form.raw("description"))),
        start: values.start,
        due: values.due.map(|day| Due { day, minute: values.minute }),
        priority: Some(form.text("priority").to_owned()).filter(|name| !name.is_empty()),
        status: Some(form.text("status").to_owned()).filter(|name| !name.is_empty()),
        owners: values.owners,
        is_external: form.text("external") == "yes",
    };
    tracing::trace!(project = %opened.project().id, "a new task was read from its form");
    Ok(Wanted { draft, form })
}

/// What had to be read with care.
struct Values {
    start: Option<Date>,
    due: Option<Date>,
    minute: Option<u16>,
    owners: Vec<Email>,
}

impl Values {
    fn read(ctx: &Ctx, form: &mut Form) -> Self {
        let w = ctx.w;
        let (start, due) = (form.date("start", w), form.date("due", w));
        let time = form.text("due_time").to_owned();
        let minute = minute_of(&time);
        if minute.is_none() && !time.is_empty() {
            form.fail("due_time", w.field_no_time());
        } else if minute.is_some() && form.text("due").is_empty() {
            form.fail("due_time", w.field_time_without_day());
        }
        let owners = owners_text(form);
        let owners = owners.iter().filter_map(|email| Email::parse(email).ok()).collect();
        Self { start, due, minute, owners }
    }
}

/// Reads `18:00`.
fn minute_of(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse::<u16>().ok()?, minute.get(..2)?.parse::<u16>().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// The owners as one value, so that a stale form compares them as one.
pub(super) fn with_owners(form: Form) -> Form {
    if form.has("owners") {
        return form;
    }
    let joined = form.all("owner").join(", ");
    form.with("owners", joined)
}

pub(super) fn owners_text(form: &Form) -> Vec<String> {
    let texts = form.raw("owners").split(", ").map(str::to_owned);
    let mut owners: Vec<String> = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if !owners.contains(&text) {
            owners.push(text);
        }
    }
    owners
}

/// The form as it opens over a task.
pub(super) fn opened_form(task: &Task) -> Form {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    NAMES.iter().fold(Form::empty(), |form, name| {
        let value = match *name {
            "title" => task.title.clone(),
            "description" => lines::plain(&task.description).as_str().to_owned(),
            "status" => task.status.clone(),
            "owners" => joined_owners(task),
            "start" => day(task.start),
            "due" => day(task.due.map(|due| due.day)),
            "due_time" => task.due.and_then(|due| due.minute).map(at::minute).unwrap_or_default(),
            "priority" => task.priority.name().to_owned(),
            _ if task.is_external => "yes".to_owned(),
            _ => String::new(),
        };
        form.with(name, value)
    })
}

fn joined_owners(task: &Task) -> String {
    task.owners.iter().map(|person| person.email.to_string()).collect::<Vec<_>>().join(", ")
}

/// What the form changes: only what it sent, and only where that differs from what it opened with.
pub(super) fn patch(ctx: &Ctx, task: &Task, form: &mut Form) -> TaskPatch {
    let values = Values::read(ctx, form);
    let same = opened_form(task);
    let differs = |name: &str| form.has(name) && form.raw(name) != same.raw(name);
    let day = |name: &str, day: Option<Date>| match day {
        _ if !differs(name) => Patch::Keep,
        Some(day) => Patch::Set(day),
        None => Patch::Clear,
    };
    let text = |name: &str| differs(name).then(|| form.text(name).to_owned());
    let description = PlainText::new(form.raw("description"));
    let is_client = ctx.person.rights.is_client;
    // A box that is not ticked sends nothing; the form says that it had one.
    let external = form.has("has_external") || form.has("external");
    TaskPatch {
        title: text("title"),
        description: differs("description").then(|| lines::put(&description, &task.description)),
        start: day("start", values.start),
        due: day("due", values.due),
        due_minute: match values.minute {
            _ if !differs("due_time") => Patch::Keep,
            Some(minute) => Patch::Set(minute),
            None => Patch::Clear,
        },
        priority: text("priority"),
        status: text("status"),
        owners: differs("owners").then_some(values.owners),
        is_external: (external && !is_client).then(|| form.text("external") == "yes"),
    }
}

/// The task of a key in the same project, for a parent that is chosen by its key.
pub(super) fn task_id(ctx: &Ctx, key: &str) -> Result<Option<ProjectsTaskId>, PageError> {
    Ok(parent(ctx, key)?.map(|task| task.id))
}
