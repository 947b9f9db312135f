//! A task: in a drawer over its list (04, 22, 25), or on a page of its own (43).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use bridge::field::Field;
use i18n::Words;
use ports::lines;
use projects::{StateFilter, TaskCard, TaskQuery, TaskSort};

use super::activity::Activity;
use super::at::{self, View};
use super::comments::Comments;
use super::head::{Opened, Tab};
use super::people::People;
use super::task_list::{self, Over};
use super::task_sync::{self, Joined, NotInCrm, SyncCard};
use crate::error::PageError;
use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::shell::Shell;
use crate::show::{CrmMark, Due, PriorityMark, StatusMark, Sync, Tile, Way, When, Who, safe_parts};
use crate::visit::{Ctx, Visit};

/// Subtasks that a task's page shows.
const SUBTASKS_MAX: usize = 100;

/// What both the drawer and the page show.
pub(super) struct TaskView {
    key: String,
    title: String,
    mark: Option<CrmMark>,
    description: String,
    description_sync: Option<Sync>,
    props: Vec<Prop>,
    above: Vec<Way>,
    card: Option<SyncCard>,
    not_in_crm: Option<NotInCrm>,
    subtasks: Vec<Subtask>,
    subtasks_closed: Option<String>,
    add_subtask: Option<String>,
    comments: Comments,
    activity: Option<Activity>,
    edit: Option<String>,
    menu: Vec<Vec<Entry>>,
    created: (String, When),
    changed: (String, When),
    topics: String,
}

/// An entry of the menu (04b).
struct Entry {
    text: &'static str,
    icon: &'static str,
    href: String,
    is_danger: bool,
}

struct Prop {
    label: &'static str,
    value: Value,
    /// The form with this field in focus.
    edit: Option<String>,
    sync: Option<Sync>,
}

enum Value {
    Status(StatusMark, String),
    Who(Who),
    Due(Due, Option<String>),
    Priority(PriorityMark),
    Day(Due),
    Text(String),
}

struct Subtask {
    id: String,
    key: String,
    title: String,
    href: String,
    status: StatusMark,
    due: Due,
    who: Who,
}

/// Over the list.
#[derive(Template)]
#[template(path = "pages/projects/task_drawer.html")]
struct TaskDrawer {
    w: Words,
    view: TaskView,
    page: String,
    close: String,
}

/// On its own.
#[derive(Template)]
#[template(path = "pages/projects/task.html")]
struct TaskPage {
    w: Words,
    shell: Shell,
    view: TaskView,
    tile: Tile,
    tasks: String,
    project: ProjectCard,
}

/// The project beside the task.
struct ProjectCard {
    name: String,
    tile: Tile,
    schedule: Option<String>,
    clients: Vec<(String, Option<Sync>)>,
}

safe_parts!(TaskDrawer);

/// A task with its project. A task that was moved is found by its old key; then the address is another.
pub(super) struct At {
    pub(super) opened: Opened,
    pub(super) card: TaskCard,
}

impl At {
    /// Errors: `NotFound`; the address of the same page where the task has another key now is in `Err(Ok(..))`.
    pub(super) fn of(ctx: &Ctx, project: &str, key: &str) -> Result<Self, PageError> {
        let card = ctx.web.projects.task_by_key(&ctx.acting, key)?;
        let opened = Opened::of(ctx, &card.project.key)?;
        if card.project.key != project && card.task.key == key {
            return Err(PageError::NotFound);
        }
        Ok(Self { opened, card })
    }

    pub(super) fn key(&self) -> &str {
        &self.card.task.key
    }

    /// Errors: 44b without the right to edit the task.
    pub(super) fn require_edit(&self) -> Result<(), PageError> {
        if self.card.may_edit { Ok(()) } else { Err(PageError::NoPermission) }
    }
}

/// `GET /projects/{p}/tasks/{t}`
pub(super) async fn show(visit: Visit, Path((project, key)): Path<(String, String)>) -> Response {
    visit
        .page(move |ctx| {
            let at = At::of(ctx, &project, &key)?;
            let view = View::of(ctx);
            if at.key() != key {
                return ctx.see(view.back(ctx, at.key()));
            }
            answer(ctx, &at, &view, &Form::empty())
        })
        .await
}

/// The task as the person came to it; `form` is a comment that could not be saved.
pub(super) fn answer(ctx: &Ctx, at: &At, view: &View, form: &Form) -> Result<Reply, PageError> {
    let shown = task_view(ctx, at, view, form)?;
    if view.is_over_list {
        let drawer = TaskDrawer {
            w: ctx.w,
            page: at::task(at.key()),
            close: view.list(ctx, &at.opened.project().key).to_string(),
            view: shown,
        };
        let mut page = task_list::page(ctx, &at.opened, view, Some(at.key()), Some(Over::of(&drawer)?))?;
        page.shell = titled(page.shell, at);
        return if form.is_valid() { ctx.show(&page) } else { ctx.show_again(&page) };
    }
    let page = task_page(ctx, at, shown);
    if form.is_valid() { ctx.show(&page) } else { ctx.show_again(&page) }
}

/// The frame with the task's name as its title.
fn titled(mut shell: Shell, at: &At) -> Shell {
    shell.title = format!("{} {}", at.key(), at.card.task.title);
    shell
}

fn task_page(ctx: &Ctx, at: &At, view: TaskView) -> TaskPage {
    let (w, project) = (ctx.w, at.opened.project());
    let clients = match &at.opened.sync {
        Some(sync) => sync
            .clients
            .iter()
            .map(|client| {
                let sign = || Sync::new(crate::show::Sign::InStep, w.project_mapped()).quiet();
                (client.company.name.clone(), client.mapping.is_some().then(sign))
            })
            .collect(),
        None => at.opened.card.companies.iter().map(|company| (company.name.clone(), None)).collect(),
    };
    let tasks = at::project(&project.key, "tasks");
    TaskPage {
        w,
        shell: titled(at.opened.shell(ctx, Tab::Tasks), at).crumb(at.key()),
        tile: Tile::project(&project.key, project.id.as_str()).large(),
        project: ProjectCard {
            name: project.name.clone(),
            tile: Tile::project(&project.key, project.id.as_str()).small(),
            schedule: at.opened.schedule(ctx),
            clients,
        },
        tasks,
        view,
    }
}

fn task_view(ctx: &Ctx, at: &At, view: &View, form: &Form) -> Result<TaskView, PageError> {
    let (w, task) = (ctx.w, &at.card.task);
    let joined = Joined::of(ctx, &at.opened, task)?;
    let mut people: Vec<_> = joined.as_ref().map(Joined::people).unwrap_or_default();
    people.extend([task.created_by.clone(), task.changed_by.clone()]);
    let people = People::of(ctx, &people)?;
    let link = joined.as_ref().and_then(|joined| joined.link.as_ref());
    let sign = |field| joined.as_ref().and_then(|joined| joined.sign(field, w));
    let subtasks = subtasks(ctx, at, view)?;
    let when = |moment| When::new(moment, &ctx.zone, ctx.now, w);
    let add = |parent: &str| {
        crate::address::Address::new(at::project(&at.opened.project().key, "tasks/new")).with("parent", parent)
    };
    Ok(TaskView {
        key: task.key.clone(),
        title: task.title.clone(),
        mark: link.and_then(|view| task_list::mark(ctx, view)),
        description: task.description.as_html().to_owned(),
        description_sync: sign(Field::Description),
        props: props(ctx, at, view, &sign),
        above: at
            .card
            .above
            .iter()
            .rev()
            .map(|above| Way::link(format!("{} {}", above.key, above.title), view.back(ctx, &above.key)))
            .collect(),
        card: joined.as_ref().and_then(|joined| joined.card(ctx, task, &people)),
        not_in_crm: joined.as_ref().and_then(|joined| joined.not_in_crm(ctx, &at.opened, task, view)),
        subtasks_closed: (task.below.total > 0).then(|| w.tasks_closed_of(task.below.closed, task.below.total)),
        subtasks,
        add_subtask: at.card.may_edit.then(|| add(&task.key).to_string()),
        comments: Comments::of(ctx, at, view, form, link.is_some())?,
        activity: Activity::of_task(ctx, task, link.map(|view| &view.link.id))?,
        edit: at.card.may_edit.then(|| view.part(ctx, &task.key, "edit")),
        menu: menu(ctx, at, view, joined.as_ref()),
        created: (people.name(&task.created_by), when(task.created_at)),
        changed: (people.name(&task.changed_by), when(task.changed_at)),
        topics: format!(
            "task:{} {}{}",
            task.id,
            at.opened.topics(),
            joined.as_ref().map(Joined::topics).unwrap_or_default()
        ),
    })
}

fn props(ctx: &Ctx, at: &At, view: &View, sign: &dyn Fn(Field) -> Option<Sync>) -> Vec<Prop> {
    let (w, task) = (ctx.w, &at.card.task);
    let edit = |field: &str| at.card.may_edit.then(|| format!("{}#f-{field}", view.part(ctx, &task.key, "edit")));
    let due = |day| Due::new(day, task.is_closed, ctx.today, w);
    let status = at::status(&task.status, w);
    let prop = |label, value, field: &str, sync| Prop { label, value, edit: edit(field), sync };
    let time = task.due.and_then(|due| due.minute).map(at::minute);
    let mut props = vec![
        prop(
            w.field_status(),
            Value::Status(StatusMark::new(&status, task.is_closed), status.clone()),
            "status",
            sign(Field::Status),
        ),
        prop(w.task_owner(), Value::Who(task_list::owners(ctx, task)), "owner-1", sign(Field::Owner)),
        prop(w.task_due(), Value::Due(due(task.due.map(|due| due.day)), time), "due", sign(Field::Due)),
        prop(
            w.field_priority(),
            Value::Priority(PriorityMark::new(task.priority.name(), w)),
            "priority",
            sign(Field::Priority),
        ),
    ];
    if let Some(start) = task.start {
        props.push(prop(w.task_start(), Value::Day(Due::new(Some(start), true, ctx.today, w)), "start", None));
    }
    let is_client = ctx.person.rights.is_client;
    let move_to = (at.card.may_edit && !is_client).then(|| view.part(ctx, &task.key, "move"));
    props.push(Prop { label: w.task_list(), value: Value::Text(at.card.list.name.clone()), edit: move_to, sync: None });
    if !is_client {
        let who = if task.is_external { w.task_visible_client() } else { w.task_visible_members() };
        props.push(prop(w.task_visible_to(), Value::Text(who.to_owned()), "external", None));
    }
    props
}

fn subtasks(ctx: &Ctx, at: &At, view: &View) -> Result<Vec<Subtask>, PageError> {
    let (w, task) = (ctx.w, &at.card.task);
    if task.below.total == 0 {
        return Ok(Vec::new());
    }
    let query = TaskQuery {
        project: Some(task.project.clone()),
        under: Some(task.id.clone()),
        state: StateFilter::All,
        sort: TaskSort::Place,
        ..TaskQuery::first(SUBTASKS_MAX)
    };
    let row = |own: projects::Task| Subtask {
        id: format!("sub-{}", own.id),
        href: view.back(ctx, &own.key),
        status: StatusMark::new(&at::status(&own.status, w), own.is_closed),
        due: Due::new(own.due.map(|due| due.day), own.is_closed, ctx.today, w),
        who: task_list::owners(ctx, &own),
        key: own.key,
        title: own.title,
    };
    Ok(ctx.web.projects.tasks(&ctx.acting, &query)?.rows.into_iter().map(row).collect())
}

/// "Add to CRM", or for a linked task "Open in CRM", "Why?", "Unlink" (TASK-9); then what is done with a task.
fn menu(ctx: &Ctx, at: &At, view: &View, joined: Option<&Joined>) -> Vec<Vec<Entry>> {
    let (w, key) = (ctx.w, at.key());
    let entry = |text, icon, href| Entry { text, icon, href, is_danger: false };
    let mut crm = Vec::new();
    match joined.and_then(|joined| joined.link.as_ref().map(|link| (joined, link))) {
        Some((joined, link)) => {
            crm.extend(joined.crm_href(ctx).map(|href| entry(w.task_open_in_crm(), "app-crm", href)));
            crm.push(entry(w.action_why(), "bridge", task_list::why_address(link)));
            if at.card.may_add_to_crm {
                crm.push(entry(w.task_unlink(), "unlink", view.part(ctx, key, "unlink")));
            }
        }
        None if joined.is_some() && at.opened.takes_crm() => {
            crm.push(entry(w.task_add_to_crm(), "app-crm", view.part(ctx, key, "crm/new")));
        }
        None => {}
    }
    let mut own = Vec::new();
    if at.card.may_edit {
        let add = crate::address::Address::new(at::project(&at.opened.project().key, "tasks/new")).with("parent", key);
        own.push(entry(w.task_add_subtask(), "subtask", add.to_string()));
        if !ctx.person.rights.is_client {
            own.push(entry(w.task_move(), "arrow-r", view.part(ctx, key, "move")));
        }
    }
    let mut last = Vec::new();
    if at.card.may_delete {
        last.push(Entry { is_danger: true, ..entry(w.task_delete(), "trash", view.part(ctx, key, "delete")) });
    }
    [crm, own, last].into_iter().filter(|group| !group.is_empty()).collect()
}

/// A view for samples.
fn sample(w: Words, card: Option<SyncCard>, not_in_crm: Option<NotInCrm>) -> TaskView {
    let today = ports::Date::from(jiff::civil::date(2026, 3, 10));
    let due = || Due::new(Some(ports::Date::from(jiff::civil::date(2026, 3, 9))), false, today, w);
    let when = || When::new(ports::Moment::from_ms(0), &jiff::tz::TimeZone::UTC, ports::Moment::from_ms(0), w);
    let who = || Who::new("李明", "li.ming@zylker.example");
    let sync = || Some(Sync::new(crate::show::Sign::InStep, w.field_in_step()).quiet());
    let edit = || Some("/projects/DM/tasks/DM-4/edit".to_owned());
    let prop = |label, value, edit, sync| Prop { label, value, edit, sync };
    let is_linked = card.is_some();
    TaskView {
        key: "DM-4".into(),
        title: "将客户字段映射到新结构".into(),
        mark: CrmMark::new("数据迁移服务", "in_step", Some("/crm/tasks/1".into()), w),
        description: lines::rich(&ports::PlainText::new("需要更改的字段：\n客户编号 <7>")).as_html().to_owned(),
        description_sync: sync(),
        props: vec![
            prop(
                w.field_status(),
                Value::Status(StatusMark::new(w.task_status_in_progress(), false), w.task_status_in_progress().into()),
                edit(),
                sync(),
            ),
            prop(w.task_owner(), Value::Who(who()), edit(), sync()),
            prop(w.task_due(), Value::Due(due(), Some("18:00".into())), edit(), sync()),
            prop(w.field_priority(), Value::Priority(PriorityMark::new("High", w)), None, None),
            prop(w.task_start(), Value::Day(due()), edit(), None),
            prop(w.task_list(), Value::Text("准备".into()), None, None),
        ],
        above: vec![Way::link("DM-1 盘点", "/projects/DM/tasks/DM-1")],
        card,
        not_in_crm,
        subtasks: vec![Subtask {
            id: "sub-1".into(),
            key: "DM-5".into(),
            title: "确认数据保留规则".into(),
            href: "/projects/DM/tasks/DM-5".into(),
            status: StatusMark::new(w.task_status_open(), false),
            due: due(),
            who: who(),
        }],
        subtasks_closed: Some(w.tasks_closed_of(0_u32, 1_u32)),
        add_subtask: Some("/projects/DM/tasks/new?parent=DM-4".into()),
        comments: Comments::sample(w, is_linked),
        activity: Some(Activity::sample(w)),
        edit: edit(),
        menu: vec![
            vec![Entry { text: w.task_add_to_crm(), icon: "app-crm", href: "/x".into(), is_danger: false }],
            vec![Entry { text: w.task_delete(), icon: "trash", href: "/y".into(), is_danger: true }],
        ],
        created: ("李明".into(), when()),
        changed: ("李明".into(), when()),
        topics: "task:1 1 project:1".into(),
    }
}

/// Samples of drawer and page, in every state of the link.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let cards = task_sync::samples(w).into_iter().map(|card| (Some(card), None));
    let views: Vec<TaskView> = cards
        .chain(task_sync::not_in_crm_samples(w).into_iter().map(|block| (None, Some(block))))
        .map(|(card, block)| sample(w, card, block))
        .collect();
    let drawers = views.into_iter().filter_map(|view| {
        let drawer = TaskDrawer { w, view, page: "/projects/DM/tasks/DM-4".into(), close: "/projects/DM/tasks".into() };
        Over::of(&drawer).ok()
    });
    let drawers = drawers.map(|over| task_list::sample(w, Some(over))).collect();
    let page = |card, block| TaskPage {
        w,
        shell: Shell::sample(w).crumb("DM-4"),
        view: sample(w, card, block),
        tile: Tile::project("DM", "1").large(),
        tasks: "/projects/DM/tasks".into(),
        project: ProjectCard {
            name: "数据迁移".into(),
            tile: Tile::project("DM", "1").small(),
            schedule: Some("3月2日 – 6月30日".into()),
            clients: vec![("软件客户".into(), None)],
        },
    };
    let pages =
        task_sync::samples(w).into_iter().map(|card| page(Some(card), None)).chain([page(None, None)]).collect();
    [rendered("task_drawer", drawers), rendered("task", pages)].into_iter().flatten().collect()
}
