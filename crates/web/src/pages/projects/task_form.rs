//! The form of a task: adding one (05, 21), editing one, and what saving would do (REF-2).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use i18n::Words;
use ports::Reason;
use projects::{FieldError, Present, Priority, ProjectsError, TASK_STATUSES, TITLE_MAX, Task};

use super::at::{self, View};
use super::head::{Opened, Tab};
use super::people;
use super::task::At;
use super::task_input::{NAMES, Wanted, opened_form, owners_text, parent, patch, wanted, with_owners};
use super::task_list::{self, Over};
use super::{task_check, task_crm};
use crate::address::Address;
use crate::error::PageError;
use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::shell::Shell;
use crate::show::{Field, Hidden, Opt, PriorityMark, Problems, Tile, When, safe_parts};
use crate::stale::{Stale, StaleField};
use crate::visit::{Ctx, Post, Visit};

/// Owners that one task can get in the form.
const OWNERS_MAX: usize = 10;

/// The fields, in a dialog, a drawer or a page.
#[derive(Template)]
#[template(path = "components/projects/task_fields.html")]
pub(super) struct TaskFields {
    w: Words,
    problems: Problems,
    title: Field,
    description: Field,
    list: Option<Field>,
    parent: Option<String>,
    status: Field,
    owners: Vec<OwnerPick>,
    owners_error: String,
    start: Field,
    due: Field,
    due_time: Field,
    priority: Field,
    external: Option<bool>,
    open_subtasks: Option<String>,
}

/// One of the owners, in their order.
struct OwnerPick {
    id: String,
    label: String,
    entries: Vec<Opt>,
}

safe_parts!(TaskFields);

/// "Add task", over the list.
#[derive(Template)]
#[template(path = "pages/projects/task_new.html")]
struct NewTask {
    w: Words,
    title: String,
    hidden: Hidden,
    fields: TaskFields,
    action: String,
    back: String,
    with_crm: Option<(String, String)>,
    is_another: bool,
}

/// "Edit", over the list.
#[derive(Template)]
#[template(path = "pages/projects/task_edit_drawer.html")]
struct EditDrawer {
    w: Words,
    key: String,
    hidden: Hidden,
    fields: TaskFields,
    action: String,
    back: String,
    topics: String,
    version: i64,
}

/// "Edit", on a page.
#[derive(Template)]
#[template(path = "pages/projects/task_edit.html")]
struct EditPage {
    w: Words,
    shell: Shell,
    key: String,
    title: String,
    tile: Tile,
    hidden: Hidden,
    fields: TaskFields,
    action: String,
    back: String,
    topics: String,
    version: i64,
}

/// `GET /projects/{p}/tasks/new`
pub(super) async fn new(visit: Visit, Path(key): Path<String>) -> Response {
    visit
        .page(move |ctx| {
            let opened = Opened::of(ctx, &key)?;
            let address = &ctx.asked.address;
            let form = Form::empty()
                .with("list", address.value("list").unwrap_or_default())
                .with("parent", address.value("parent").unwrap_or_default())
                .with("status", projects::DEFAULT_OPEN)
                .with("priority", Priority::None.name());
            let form = if address.value("another").is_some() { form.with("another", "yes") } else { form };
            ctx.show(&new_page(ctx, &opened, &form)?)
        })
        .await
}

/// `POST /projects/{p}/tasks/new`
pub(super) async fn create(Path(key): Path<String>, post: Post) -> Response {
    post.page(move |ctx, form| {
        let opened = Opened::of(ctx, &key)?;
        let mut wanted = wanted(ctx, &opened, form)?;
        if wanted.form.is_valid() {
            match ctx.web.projects.add_task(&ctx.acting, &opened.project().id, &wanted.draft) {
                Ok(task) => {
                    let said = ctx.w.task_said_added(&task.key, &task.title);
                    return ctx.see_saying(after_adding(&opened, &wanted, &task), said);
                }
                Err(error) => take(&mut wanted.form, error, ctx)?,
            }
        }
        ctx.show_again(&new_page(ctx, &opened, &wanted.form)?)
    })
    .await
}

/// `POST /projects/{p}/tasks/new/crm`: the picker with the task's fields, and the order itself.
pub(super) async fn create_with_crm(Path(key): Path<String>, post: Post) -> Response {
    post.page(move |ctx, form| {
        let opened = Opened::of(ctx, &key)?;
        let mut wanted = wanted(ctx, &opened, form)?;
        if wanted.form.is_valid() {
            let wrong = ctx.web.projects.check_new_task(&ctx.acting, &opened.project().id, &wanted.draft)?;
            note(&mut wanted.form, &wrong, ctx);
        }
        if wanted.form.is_valid() && wanted.form.has("back") {
            return ctx.show(&new_page(ctx, &opened, &wanted.form)?);
        }
        if !wanted.form.is_valid() {
            return ctx.show_again(&new_page(ctx, &opened, &wanted.form)?);
        }
        task_crm::of_new(ctx, &opened, wanted)
    })
    .await
}

/// Where the person goes after adding: to the parent, to the next new task, or to the list.
fn after_adding(opened: &Opened, wanted: &Wanted, task: &Task) -> String {
    let key = &opened.project().key;
    if wanted.form.has("another") {
        let next = Address::new(at::project(key, "tasks/new")).with("list", task.list.as_str()).with("another", "yes");
        return next.with("parent", wanted.form.text("parent")).to_string();
    }
    format!("{}#task-{}", at::project(key, "tasks"), task.id)
}

/// `GET /projects/{p}/tasks/{t}/edit`
pub(super) async fn edit(visit: Visit, Path((project, key)): Path<(String, String)>) -> Response {
    visit
        .page(move |ctx| {
            let at = At::of(ctx, &project, &key)?;
            at.require_edit()?;
            show_edit(ctx, &at, &opened_form(&at.card.task))
        })
        .await
}

/// `POST /projects/{p}/tasks/{t}/edit`
pub(super) async fn save(Path((project, key)): Path<(String, String)>, post: Post) -> Response {
    post.page(move |ctx, form| {
        let at = At::of(ctx, &project, &key)?;
        at.require_edit()?;
        let mut form = with_owners(form);
        let patch = patch(ctx, &at.card.task, &mut form);
        if form.is_valid() {
            match ctx.web.projects.edit_task(&ctx.acting, &at.card.task.id, &patch, form.version()) {
                Ok(task) => {
                    let said = ctx.w.task_said_saved(&task.key);
                    return ctx.see_saying(View::of(ctx).back(ctx, &task.key), said);
                }
                Err(ProjectsError::Stale(present)) => return Err(stale(ctx, &at, *present, form)?),
                Err(error) => take(&mut form, error, ctx)?,
            }
        }
        show_edit(ctx, &at, &form)
    })
    .await
}

/// `POST /projects/{p}/tasks/new/check`
pub(super) async fn check_new(Path(key): Path<String>, post: Post) -> Response {
    post.page(move |ctx, form| {
        let opened = Opened::of(ctx, &key)?;
        let wanted = wanted(ctx, &opened, form)?;
        let wrong = ctx.web.projects.check_new_task(&ctx.acting, &opened.project().id, &wanted.draft)?;
        task_check::answer(ctx, &wrong, None)
    })
    .await
}

/// `POST /projects/{p}/tasks/{t}/edit/check`
pub(super) async fn check_edit(Path((project, key)): Path<(String, String)>, post: Post) -> Response {
    post.page(move |ctx, form| {
        let at = At::of(ctx, &project, &key)?;
        let mut form = with_owners(form);
        let patch = patch(ctx, &at.card.task, &mut form);
        let wrong = ctx.web.projects.check_task(&ctx.acting, &at.card.task.id, &patch)?;
        task_check::answer(ctx, &wrong, Some((&at.card.task, &patch)))
    })
    .await
}

fn new_page(ctx: &Ctx, opened: &Opened, form: &Form) -> Result<task_list::TasksPage, PageError> {
    if !opened.card.may_add_tasks {
        return Err(PageError::NoPermission);
    }
    let (w, project) = (ctx.w, opened.project());
    let check = at::project(&project.key, "tasks/new/check");
    let parent = parent(ctx, form.text("parent"))?;
    let fields = fields(ctx, opened, form, &check, None, parent.as_ref())?;
    let with_crm = opened.takes_crm().then(|| {
        let text = w.task_can_go_to_crm(opened.mapped_client().unwrap_or_default());
        (at::project(&project.key, "tasks/new/crm"), text)
    });
    let dialog = NewTask {
        w,
        title: if parent.is_some() { w.task_add_subtask() } else { w.task_add() }.to_owned(),
        hidden: ctx.hidden(form).with("parent", form.text("parent")),
        fields,
        action: at::project(&project.key, "tasks/new"),
        back: at::project(&project.key, "tasks"),
        with_crm,
        is_another: form.has("another"),
    };
    let mut page = task_list::page(ctx, opened, &View::default(), None, Some(Over::of(&dialog)?))?;
    page.shell.title = format!("{} · {}", w.task_add(), project.name);
    Ok(page)
}

fn show_edit(ctx: &Ctx, at: &At, form: &Form) -> Result<Reply, PageError> {
    let (w, task, view) = (ctx.w, &at.card.task, View::of(ctx));
    let check = view.part(ctx, &task.key, "edit/check");
    let fields = fields(ctx, &at.opened, form, &check, Some(task), None)?;
    let hidden = ctx.hidden_of(form, task.fields_version, &NAMES).with("has_external", "yes");
    let action = view.part(ctx, &task.key, "edit");
    let (back, topics) = (view.back(ctx, &task.key), format!("task:{}", task.id));
    let key = task.key.clone();
    let version = task.fields_version;
    if view.is_over_list {
        let drawer = EditDrawer { w, key, hidden, fields, action, back, topics, version };
        let mut page = task_list::page(ctx, &at.opened, &view, Some(at.key()), Some(Over::of(&drawer)?))?;
        page.shell.title = w.task_edit_of(at.key());
        return if form.is_valid() { ctx.show(&page) } else { ctx.show_again(&page) };
    }
    let project = at.opened.project();
    let mut shell = at.opened.shell(ctx, Tab::Tasks).crumb_to(&key, at::task(&key)).crumb(w.action_edit());
    shell.title = w.task_edit_of(at.key());
    let page = EditPage {
        w,
        shell,
        key,
        title: task.title.clone(),
        tile: Tile::project(&project.key, project.id.as_str()).large(),
        hidden,
        fields,
        action,
        back,
        topics,
        version,
    };
    if form.is_valid() { ctx.show(&page) } else { ctx.show_again(&page) }
}

fn fields(
    ctx: &Ctx,
    opened: &Opened,
    form: &Form,
    check: &str,
    task: Option<&Task>,
    parent: Option<&Task>,
) -> Result<TaskFields, PageError> {
    let w = ctx.w;
    let is_client = ctx.person.rights.is_client;
    let due = form.field("due", w.task_due()).date().checked_by(check).icon("cal");
    let due = match opened.schedule(ctx) {
        Some(range) => due.hint(w.project_strict_range(range)),
        None => due,
    };
    let priorities =
        Priority::ALL.iter().map(|own| Opt::new(own.name(), PriorityMark::new(own.name(), w).text())).collect();
    let statuses = TASK_STATUSES.iter().map(|own| Opt::new(own.name, at::status(own.name, w))).collect();
    let lists = ctx.web.projects.sections(&ctx.acting, &opened.project().id)?;
    let lists: Vec<Opt> = lists.into_iter().map(|own| Opt::new(own.list.id.as_str(), own.list.name)).collect();
    let title = form.field("title", w.task_title()).required().large().length_max(TITLE_MAX).checked_by(check);
    let has_lists = task.is_none() && parent.is_none() && !lists.is_empty();
    let open = task.map_or(0, |task| task.below.open());
    Ok(TaskFields {
        w,
        problems: form.problems(w),
        title: if task.is_none() { title.focused() } else { title },
        description: form.field("description", w.task_description()).area(),
        list: has_lists.then(|| form.field("list", w.task_list()).select(lists)),
        parent: parent.map(|parent| format!("{} {}", parent.key, parent.title)),
        status: form.field("status", w.field_status()).select(statuses).checked_by(check),
        owners: owner_picks(opened, form, task, is_client, w),
        owners_error: form.error_of("owners").to_owned(),
        start: form.field("start", w.task_start()).date().checked_by(check).icon("cal"),
        due,
        due_time: form.field("due_time", w.task_due_time()).time().optional(w.form_optional()),
        priority: form.field("priority", w.field_priority()).select(priorities),
        external: (!is_client).then(|| form.text("external") == "yes"),
        open_subtasks: (open > 0).then(|| w.task_open_subtasks(open)),
    })
}

/// A choice for every owner and one more; members of the project, and whoever owns the task already.
fn owner_picks(opened: &Opened, form: &Form, task: Option<&Task>, is_client: bool, w: Words) -> Vec<OwnerPick> {
    let chosen = if form.has("owners") { owners_text(form) } else { form.all("owner") };
    let is_external = form.text("external") == "yes" || is_client;
    let members = opened.card.members.iter().filter(|person| person.is_active && (is_external || !person.is_client));
    let mut people: Vec<(String, String)> =
        members.map(|person| (person.email.to_string(), person.name.clone())).collect();
    for person in task.map_or(&[][..], |task| task.owners.as_slice()) {
        if !people.iter().any(|(email, _)| *email == person.email.as_str()) {
            people.push((person.email.to_string(), person.name.clone()));
        }
    }
    for email in &chosen {
        if !people.iter().any(|(own, _)| own == email) {
            people.push((email.clone(), email.clone()));
        }
    }
    let count = (chosen.len() + 1).min(OWNERS_MAX);
    let pick = |at: usize| {
        let own = chosen.get(at).map_or("", String::as_str);
        let entry = |email: &str, name: &str| Opt { is_chosen: email == own, ..Opt::new(email, name) };
        let all = people.iter().map(|(email, name)| entry(email, name));
        OwnerPick {
            id: format!("f-owner-{}", at + 1),
            label: if at == 0 { w.task_owner().to_owned() } else { w.task_owner_number(at + 1) },
            entries: std::iter::once(entry("", w.task_owner_none())).chain(all).collect(),
        }
    };
    (0..count).map(pick).collect()
}

/// Takes over what a service found wrong, with the sentence of its rule where it has one.
pub(super) fn take(form: &mut Form, error: ProjectsError, ctx: &Ctx) -> Result<(), PageError> {
    match error {
        ProjectsError::Invalid(wrong) => note(form, &wrong, ctx),
        ProjectsError::Refused(reason) if !matches!(reason, Reason::NoPermission { .. }) => {
            form.fail(task_check::field_of(&reason), people::reason(ctx, &reason));
        }
        other => return Err(other.into()),
    }
    Ok(())
}

/// Notes wrong fields: a rule speaks for itself, everything else by its code.
pub(super) fn note(form: &mut Form, wrong: &[FieldError], ctx: &Ctx) {
    for own in wrong {
        let name = if own.field == "due_minute" { "due_time" } else { own.field };
        match &own.reason {
            Some(reason) if own.code == reason.code() => form.fail(name, people::reason(ctx, reason)),
            Some(_) | None => form.fail_code(name, own.code, ctx.w),
        }
    }
}

/// Both edits side by side (44c).
fn stale(ctx: &Ctx, at: &At, present: Present, form: Form) -> Result<PageError, PageError> {
    let Present::Task(now) = present else { return Ok(PageError::Moved) };
    let w = ctx.w;
    let stored = opened_form(&now);
    let people = &at.opened.card.members;
    let name = |email: &str| {
        let own = people.iter().find(|person| person.email.as_str() == email);
        own.map_or_else(|| email.to_owned(), |person| person.name.clone())
    };
    let shown_owners = |text: &str| (text.to_owned(), w.names(&text.split(", ").map(name).collect::<Vec<_>>()));
    let field = |(field, label): (&str, &str)| {
        let mut shown = Vec::new();
        let (mine, theirs) = (form.raw(field), stored.raw(field));
        for value in [mine, theirs, form.raw(&format!("was.{field}"))] {
            shown.push(match field {
                "status" => (value.to_owned(), at::status(value, w)),
                "priority" => (value.to_owned(), PriorityMark::new(value, w).text().to_owned()),
                "start" | "due" => (value.to_owned(), super::values::day(ctx, value)),
                "owners" => shown_owners(value),
                "external" => (value.to_owned(), if value == "yes" { w.value_yes() } else { w.value_no() }.to_owned()),
                _ => (value.to_owned(), value.to_owned()),
            });
        }
        StaleField::new(field, label, theirs).shown(shown)
    };
    let labels = [
        w.task_title(),
        w.task_description(),
        w.field_status(),
        w.task_owner(),
        w.task_start(),
        w.task_due(),
        w.task_due_time(),
        w.field_priority(),
        w.task_visible_to_client(),
    ];
    let by = ctx.web.identity.names(std::slice::from_ref(&now.changed_by))?;
    let by = by.get(&now.changed_by).cloned().unwrap_or_else(|| now.changed_by.to_string());
    Ok(PageError::Stale(Box::new(Stale {
        record: now.title.clone(),
        by: Some((by, now.changed_by.to_string())),
        at: Some(When::new(now.changed_at, &ctx.zone, ctx.now, w)),
        version: now.fields_version,
        back: View::of(ctx).back(ctx, at.key()),
        fields: NAMES.into_iter().zip(labels).map(field).collect(),
        form,
    })))
}

fn sample_fields(w: Words, is_new: bool) -> TaskFields {
    let mut form = Form::empty().with("title", "切换后验证分支机构登录").with("due", "2026-07-06").with("owner", "a");
    if !is_new {
        form.fail("due", w.reason(&Reason::RecordGone));
    }
    let pick = |at: usize| OwnerPick {
        id: format!("f-owner-{at}"),
        label: if at == 1 { w.task_owner().to_owned() } else { w.task_owner_number(at) },
        entries: vec![Opt::new("", w.task_owner_none()), Opt::new("a@zylker.example", "李明")],
    };
    TaskFields {
        w,
        problems: form.problems(w),
        title: form.field("title", w.task_title()).required().large(),
        description: form.field("description", w.task_description()).area(),
        list: is_new.then(|| form.field("list", w.task_list()).select(vec![Opt::new("1", "准备")])),
        parent: is_new.then(|| "DM-1 盘点".into()),
        status: form.field("status", w.field_status()).select(vec![Opt::new("Open", w.task_status_open())]),
        owners: vec![pick(1), pick(2)],
        owners_error: if is_new { String::new() } else { w.field_not_a_member().into() },
        start: form.field("start", w.task_start()).date(),
        due: form.field("due", w.task_due()).date().checked_by("/projects/DM/tasks/new/check").icon("cal"),
        due_time: form.field("due_time", w.task_due_time()).optional(w.form_optional()),
        priority: form.field("priority", w.field_priority()).select(vec![Opt::new("High", w.priority_high())]),
        external: Some(true),
        open_subtasks: (!is_new).then(|| w.task_open_subtasks(2_u32)),
    }
}

/// Samples of the three forms.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let hidden = || Hidden::new("token", "1").version(3).with("was.title", "x");
    let new = |with_crm: Option<(String, String)>| NewTask {
        w,
        title: w.task_add().into(),
        hidden: Hidden::new("token", "1"),
        fields: sample_fields(w, true),
        action: "/projects/DM/tasks/new".into(),
        back: "/projects/DM/tasks".into(),
        with_crm,
        is_another: true,
    };
    let drawer = EditDrawer {
        w,
        key: "DM-4".into(),
        hidden: hidden(),
        fields: sample_fields(w, false),
        action: "/projects/DM/tasks/DM-4/edit?in=list".into(),
        back: "/projects/DM/tasks/DM-4?in=list".into(),
        topics: "task:1".into(),
        version: 3,
    };
    let page = EditPage {
        w,
        shell: Shell::sample(w).crumb("DM-4"),
        key: "DM-4".into(),
        title: "将客户字段映射到新结构".into(),
        tile: Tile::project("DM", "1").large(),
        hidden: hidden(),
        fields: sample_fields(w, false),
        action: "/projects/DM/tasks/DM-4/edit".into(),
        back: "/projects/DM/tasks/DM-4".into(),
        topics: "task:1".into(),
        version: 3,
    };
    let with_crm = Some(("/projects/DM/tasks/new/crm".to_owned(), w.task_can_go_to_crm("软件客户")));
    let over = |part: Result<Over, PageError>| part.ok().map(|over| task_list::sample(w, Some(over)));
    let news = [over(Over::of(&new(with_crm))), over(Over::of(&new(None)))].into_iter().flatten().collect();
    let drawers = over(Over::of(&drawer)).into_iter().collect();
    [rendered("task_new", news), rendered("task_edit_drawer", drawers), rendered("task_edit", vec![page])]
        .into_iter()
        .flatten()
        .collect()
}
