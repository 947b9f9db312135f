//! The tasks of a project (03, 20, 23): by list, with subtasks, progress and the marks of linked tasks.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use bridge::reading::links::LinkView;
use i18n::Words;
use ports::{ProjectsTaskId, TaskListId};
use projects::{ListSection, OutlineRow, StateFilter, Task, TaskQuery, TaskSort};

use super::at::{self, View};
use super::head::{self, Opened, ProjectHead, Tab, optional};
use super::people;
use crate::address::{Address, segment};
use crate::error::PageError;
use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::shell::Shell;
use crate::show::{
    Banner, CrmMark, Due, Empty, Hidden, Opt, PriorityMark, ROWS_MAX, Ring, Search, Sign, StatusMark, Tone, Way, Who,
    safe_parts,
};
use crate::visit::{Ctx, Visit};

/// Subtasks deeper than this stand no further to the right.
const DEPTH_MAX: u32 = 6;

/// The page, with what stands over it.
#[derive(Template)]
#[template(path = "pages/projects/tasks.html")]
pub(super) struct TasksPage {
    w: Words,
    pub(super) shell: Shell,
    head: ProjectHead,
    search: Search,
    /// Open, closed, all.
    states: Vec<Chip>,
    in_crm: Option<Chip>,
    owner: Option<OwnerFilter>,
    clear: Option<String>,
    notices: Vec<Banner>,
    sections: Vec<Section>,
    empty: Option<Empty>,
    new_list: Option<NewList>,
    topics: String,
    over: Option<Over>,
}

/// What stands over the list, already rendered.
pub(super) struct Over(String);

/// A filter that is a link.
struct Chip {
    text: String,
    count: Option<String>,
    href: String,
    is_on: bool,
}

/// Whose tasks.
struct OwnerFilter {
    path: String,
    kept: Vec<(String, String)>,
    entries: Vec<Opt>,
}

/// The form that adds a list.
struct NewList {
    action: String,
    hidden: Hidden,
}

/// A list with its rows.
struct Section {
    id: String,
    name: String,
    ring: Ring,
    closed: String,
    span: String,
    rows: Vec<Row>,
    change: Option<String>,
    add: Option<(String, String)>,
    next: Option<String>,
    nothing: Option<&'static str>,
}

/// A task.
pub(super) struct Row {
    id: String,
    key: String,
    title: String,
    href: String,
    depth: u32,
    is_done: bool,
    is_open: bool,
    is_subtask_alone: bool,
    /// Address and whether the subtasks are shown.
    twisty: Option<(String, bool)>,
    status: StatusMark,
    status_name: String,
    subtasks: Option<String>,
    comments: Option<String>,
    is_external: bool,
    mark: Option<CrmMark>,
    who: Who,
    priority: PriorityMark,
    due: Due,
}

impl std::fmt::Display for Over {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

safe_parts!(Over);

impl Over {
    /// What a template made.
    pub(super) fn of(part: &impl Template) -> Result<Self, PageError> {
        part.render().map(Self).map_err(|error| PageError::Broken(format!("a template failed: {error}")))
    }
}

/// `GET /projects/{p}`
pub(super) async fn enter(visit: Visit, Path(key): Path<String>) -> Response {
    visit.page(move |ctx| ctx.see(at::project(&key, "tasks"))).await
}

/// `GET /projects/{p}/tasks`
pub(super) async fn list(visit: Visit, Path(key): Path<String>) -> Response {
    visit
        .page(move |ctx| {
            let opened = Opened::of(ctx, &key)?;
            let page = page(ctx, &opened, &View::of(ctx), None, None)?;
            ctx.show(&page)
        })
        .await
}

/// The list with something over it; `open` is the key of the task in the drawer.
pub(super) fn page(
    ctx: &Ctx,
    opened: &Opened,
    view: &View,
    open: Option<&str>,
    over: Option<Over>,
) -> Result<TasksPage, PageError> {
    let (w, project) = (ctx.w, opened.project());
    let sections = sections(ctx, opened, view, open)?;
    let address = view.list(ctx, &project.key);
    let is_client = ctx.person.rights.is_client;
    let has_tasks = sections.iter().any(|section| !section.rows.is_empty());
    let clear = at::project(&project.key, "tasks");
    let empty = if has_tasks {
        None
    } else if view.is_filtered() {
        Some(Empty::new("filter", w.tasks_none_filtered()).with(Way::link(w.action_clear_filter(), &clear)))
    } else if sections.is_empty() || project.progress.total == 0 {
        let empty = Empty::new("check-sq", if is_client { w.tasks_none_client() } else { w.tasks_none() });
        Some(if opened.card.may_add_tasks {
            empty.with(Way::primary(w.task_add(), at::project(&project.key, "tasks/new")).with_icon("plus"))
        } else {
            empty
        })
    } else {
        None
    };
    Ok(TasksPage {
        w,
        shell: opened.shell(ctx, Tab::Tasks),
        head: opened.head(ctx, Tab::Tasks),
        search: Search::new(&address, w.tasks_search(), w),
        states: states(&address, view, w),
        in_crm: opened.sync.as_ref().map(|sync| Chip {
            text: w.tasks_in_crm().to_owned(),
            count: Some(w.number(i64::try_from(sync.linked()).unwrap_or(i64::MAX))),
            href: first(&address).with("crm", if view.is_in_crm { "" } else { "1" }).to_string(),
            is_on: view.is_in_crm,
        }),
        owner: (!is_client).then(|| owner_filter(opened, &address, view, w)),
        clear: view.is_filtered().then_some(clear),
        notices: notices(ctx, opened)?,
        sections: if empty.is_some() && view.is_filtered() { Vec::new() } else { sections },
        empty,
        new_list: opened
            .card
            .access
            .edits_tasks
            .then(|| NewList { action: at::project(&project.key, "lists"), hidden: ctx.hidden(&Form::empty()) }),
        topics: opened.topics(),
        over,
    })
}

/// The first page of the same list.
fn first(address: &Address) -> Address {
    address.without("after").without("list")
}

fn states(address: &Address, view: &View, w: Words) -> Vec<Chip> {
    let all = [
        (StateFilter::All, "", w.tasks_all()),
        (StateFilter::Open, "open", w.tasks_open()),
        (StateFilter::Closed, "closed", w.tasks_closed()),
    ];
    let chip = |(state, word, text): (StateFilter, &str, &str)| Chip {
        text: text.to_owned(),
        count: None,
        href: first(address).with("state", word).to_string(),
        is_on: view.state == state,
    };
    all.into_iter().map(chip).collect()
}

fn owner_filter(opened: &Opened, address: &Address, view: &View, w: Words) -> OwnerFilter {
    let kept = first(address).without("owner");
    let chosen = |email: &str| view.owner.as_ref().is_some_and(|own| own.as_str() == email);
    let people = opened.card.members.iter().map(|person| {
        let entry = Opt::new(person.email.as_str(), &person.name);
        Opt { is_chosen: chosen(person.email.as_str()), ..entry }
    });
    let entries = std::iter::once(Opt::new("", w.tasks_every_owner())).chain(people).collect();
    OwnerFilter { path: kept.path().to_owned(), kept: kept.pairs().to_vec(), entries }
}

/// Tasks that the CRM did not take (TASK-11), each with its way to the task.
fn notices(ctx: &Ctx, opened: &Opened) -> Result<Vec<Banner>, PageError> {
    let w = ctx.w;
    let id = &opened.project().id;
    let notices = optional(ctx.web.bridge.add_notices(&ctx.acting, id))?.unwrap_or_default();
    let mut banners = Vec::new();
    for notice in notices.iter().take(3) {
        let Ok(card) = ctx.web.projects.task(&ctx.acting, &notice.task) else { continue };
        let text = people::reason(ctx, &notice.reason);
        let title = w.task_not_in_crm_title(&card.task.key, &card.task.title);
        let href = View::drawer_of(&card.task.key);
        banners.push(Banner::new(Tone::Warn, "rejected", title, text).with(Way::link(w.action_look(), href)));
    }
    Ok(banners)
}

fn sections(ctx: &Ctx, opened: &Opened, view: &View, open: Option<&str>) -> Result<Vec<Section>, PageError> {
    let lists = ctx.web.projects.sections(&ctx.acting, &opened.project().id)?;
    let only = view.from.as_ref().map(|(list, _)| list.as_str());
    let shown: Vec<ListSection> =
        lists.into_iter().filter(|own| only.is_none_or(|id| own.list.id.as_str() == id)).collect();
    let mut sections = Vec::new();
    for own in shown {
        let after = view.from.as_ref().map(|(_, after)| after.as_str());
        let (rows, next) = rows(ctx, opened, view, &own.list.id, after)?;
        if rows.is_empty() && (view.is_filtered() || ctx.person.rights.is_client) {
            continue;
        }
        sections.push(section(ctx, opened, view, own, (rows, next), open)?);
    }
    Ok(sections)
}

/// The rows of a list: as an outline, or what a filter leaves in one level.
fn rows(
    ctx: &Ctx,
    opened: &Opened,
    view: &View,
    list: &TaskListId,
    after: Option<&str>,
) -> Result<(Vec<OutlineRow>, Option<String>), PageError> {
    let projects = &ctx.web.projects;
    if !view.is_filtered() {
        let page = projects.outline(&ctx.acting, list, after, ROWS_MAX)?;
        return Ok((page.rows, page.next));
    }
    let query = TaskQuery {
        project: Some(opened.project().id.clone()),
        list: Some(list.clone()),
        words: view.words.clone(),
        state: view.state,
        owner: view.owner.clone(),
        sort: TaskSort::Place,
        after: after.map(str::to_owned),
        ..TaskQuery::first(if view.is_in_crm { 200 } else { ROWS_MAX })
    };
    let page = projects.tasks(&ctx.acting, &query)?;
    let mut rows = page.rows;
    if view.is_in_crm {
        let links = links(ctx, rows.iter())?;
        rows.retain(|task| links.contains_key(&task.id));
    }
    Ok((rows.into_iter().map(|task| OutlineRow { task, depth: 0 }).collect(), page.next))
}

/// The links of tasks, for who may know of them.
pub(super) fn links<'a>(
    ctx: &Ctx,
    tasks: impl Iterator<Item = &'a Task>,
) -> Result<HashMap<ProjectsTaskId, LinkView>, PageError> {
    if ctx.person.rights.is_client {
        return Ok(HashMap::new());
    }
    let ids: Vec<ProjectsTaskId> = tasks.map(|task| task.id.clone()).collect();
    Ok(optional(ctx.web.bridge.links_of_projects_tasks(&ctx.acting, &ids))?.unwrap_or_default())
}

fn section(
    ctx: &Ctx,
    opened: &Opened,
    view: &View,
    own: ListSection,
    (rows, next): (Vec<OutlineRow>, Option<String>),
    open: Option<&str>,
) -> Result<Section, PageError> {
    let (w, project) = (ctx.w, opened.project());
    let ListSection { list, span } = own;
    let links = links(ctx, rows.iter().map(|row| &row.task))?;
    let progress = list.progress;
    let span = match (span.first, span.last) {
        (Some(first), Some(last)) => w.date_range(first, last, ctx.today),
        (Some(day), None) | (None, Some(day)) => w.date(day, ctx.today),
        (None, None) => String::new(),
    };
    let mut hidden_below: Option<u32> = None;
    let mut shown = Vec::new();
    for row in &rows {
        if hidden_below.is_some_and(|depth| row.depth > depth) {
            continue;
        }
        let is_folded = view.is_folded(&row.task.key);
        hidden_below = is_folded.then_some(row.depth);
        shown.push(task_row(ctx, view, row, links.get(&row.task.id), open));
    }
    let list_page = format!("{}/{}", at::project(&project.key, "lists"), segment(list.id.as_str()));
    let add = Address::new(at::project(&project.key, "tasks/new")).with("list", list.id.as_str()).to_string();
    let is_last_page = next.is_none();
    Ok(Section {
        nothing: shown.is_empty().then(|| w.tasks_list_empty()),
        id: format!("list-{}", list.id),
        ring: Ring::of(u64::from(progress.closed), u64::from(progress.total)),
        closed: w.tasks_closed_of(progress.closed, progress.total),
        span,
        rows: shown,
        change: opened.card.access.edits_tasks.then_some(list_page),
        add: (opened.card.may_add_tasks && is_last_page).then(|| (add, w.task_add_to_list(&list.name))),
        next: next
            .map(|after| view.list(ctx, &project.key).with("list", list.id.as_str()).with("after", &after).to_string()),
        name: list.name,
    })
}

fn task_row(ctx: &Ctx, view: &View, row: &OutlineRow, link: Option<&LinkView>, open: Option<&str>) -> Row {
    let (w, task) = (ctx.w, &row.task);
    let project_key = task.key.rsplit_once('-').map_or("", |(key, _)| key);
    let has_below = task.below.total > 0;
    let is_flat = view.is_filtered() || ctx.person.rights.is_client;
    Row {
        id: format!("task-{}", task.id),
        key: task.key.clone(),
        title: task.title.clone(),
        href: view.drawer(ctx, &task.key),
        depth: row.depth.min(DEPTH_MAX),
        is_done: task.is_closed,
        is_open: open == Some(task.key.as_str()),
        is_subtask_alone: is_flat && task.parent.is_some(),
        twisty: (has_below && !is_flat)
            .then(|| (view.toggled(ctx, project_key, &task.key), !view.is_folded(&task.key))),
        status: StatusMark::new(&at::status(&task.status, w), task.is_closed),
        status_name: at::status(&task.status, w),
        subtasks: has_below.then(|| format!("{}/{}", task.below.closed, task.below.total)),
        comments: (task.comments > 0).then(|| w.number(i64::from(task.comments))),
        is_external: task.is_external && !ctx.person.rights.is_client,
        mark: link.and_then(|view| mark(ctx, view)),
        who: owners(ctx, task),
        priority: PriorityMark::new(task.priority.name(), w),
        due: Due::new(task.due.map(|due| due.day), task.is_closed, ctx.today, w),
    }
}

/// The owners of a task in their order.
pub(super) fn owners(ctx: &Ctx, task: &Task) -> Who {
    let people: Vec<(String, String)> =
        task.owners.iter().map(|person| (person.name.clone(), person.email.to_string())).collect();
    Who::several(&people, ctx.w.task_owner_none())
}

/// The mark of a linked task: while all is well it opens the task on the other side, else it says why (TASK-8).
pub(super) fn mark(ctx: &Ctx, view: &LinkView) -> Option<CrmMark> {
    let link = &view.link;
    let record = link.seen.under_name.clone().unwrap_or_else(|| ctx.w.task_crm_task().to_owned());
    let href = match Sign::of_link_state(link.state.code()) {
        Some(Sign::InStep | Sign::Moving) if ctx.person.rights.is_crm_user => crm_address(view),
        _ => why_address(view),
    };
    CrmMark::new(&record, link.state.code(), Some(href), ctx.w)
}

/// The task in the CRM.
pub(super) fn crm_address(view: &LinkView) -> String {
    format!("/crm/tasks/{}", segment(view.link.crm_task.as_str()))
}

/// "Why?"
pub(super) fn why_address(view: &LinkView) -> String {
    format!("/bridge/links/{}", segment(view.link.id.as_str()))
}

/// Rows of every depth and state; the first one stands in the drawer.
fn sample_rows(w: Words, is_open: bool) -> Vec<Row> {
    let row = |key: &str, title: &str, depth: u32, state: Option<&str>| Row {
        id: format!("task-{key}"),
        key: key.into(),
        title: title.into(),
        href: format!("/projects/DM/tasks/{key}?in=list"),
        depth,
        is_done: depth == 1,
        is_open: depth == 0 && is_open && state.is_some(),
        is_subtask_alone: depth == 2,
        twisty: (depth == 0).then(|| ("/projects/DM/tasks?fold=DM-6".into(), true)),
        status: StatusMark::new(w.task_status_open(), depth == 1),
        status_name: w.task_status_open().into(),
        subtasks: (depth == 0).then(|| "1/2".into()),
        comments: (depth == 0).then(|| "3".into()),
        is_external: depth == 1,
        mark: state.and_then(|state| CrmMark::new("数据迁移服务", state, Some("/crm/tasks/1".into()), w)),
        who: Who::new("李明", "li.ming@zylker.example"),
        priority: PriorityMark::new("High", w),
        due: Due::new(None, false, ports::Date::from(jiff::civil::date(2026, 3, 10)), w),
    };
    vec![
        row("DM-6", "试运行 1：5% 抽样", 0, Some("in_step")),
        row("DM-7", "将样本导入预发布环境", 1, Some("pending")),
        row("DM-8", "与财务核对总额", 2, Some("out_of_step")),
        row("DM-9", "一个非常非常长的任务标题，用来检查在窄屏幕上换行时布局是否保持完整而不会溢出", 0, None),
    ]
}

/// A list with rows in every state, and something over it.
pub(super) fn sample(w: Words, over: Option<Over>) -> TasksPage {
    let rows = sample_rows(w, over.is_some());
    let chip = |text: &str, is_on: bool| Chip {
        text: text.into(),
        count: Some("2".into()),
        href: "/projects/DM/tasks?state=open".into(),
        is_on,
    };
    TasksPage {
        w,
        shell: Shell::sample(w).crumb(w.project_tab_tasks()),
        head: head::sample(w),
        search: Search::new(&Address::new("/projects/DM/tasks"), w.tasks_search(), w),
        states: vec![chip(w.tasks_all(), true), chip(w.tasks_open(), false)],
        in_crm: Some(chip(w.tasks_in_crm(), false)),
        owner: Some(OwnerFilter {
            path: "/projects/DM/tasks".into(),
            kept: vec![("state".into(), "open".into())],
            entries: vec![Opt::new("", w.tasks_every_owner())],
        }),
        clear: Some("/projects/DM/tasks".into()),
        notices: vec![Banner::new(Tone::Warn, "rejected", w.task_not_in_crm_title("DM-6", "试运行"), w.tasks_none())],
        sections: vec![
            Section {
                id: "list-1".into(),
                name: "试运行".into(),
                ring: Ring::of(1, 4),
                closed: w.tasks_closed_of(1_u32, 4_u32),
                span: "3月2日 – 6月30日".into(),
                rows,
                change: Some("/projects/DM/lists/1".into()),
                add: Some(("/projects/DM/tasks/new?list=1".into(), w.task_add_to_list("试运行"))),
                next: Some("/projects/DM/tasks?list=1&after=a".into()),
                nothing: None,
            },
            Section {
                id: "list-2".into(),
                name: "切换".into(),
                ring: Ring::of(0, 0),
                closed: w.tasks_closed_of(0_u32, 0_u32),
                span: String::new(),
                rows: Vec::new(),
                change: None,
                add: None,
                next: None,
                nothing: Some(w.tasks_list_empty()),
            },
        ],
        empty: None,
        new_list: Some(NewList { action: "/projects/DM/lists".into(), hidden: Hidden::new("token", "1") }),
        topics: "1 project:1".into(),
        over,
    }
}

/// Samples: full, and with nothing in it.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let empty = TasksPage {
        sections: Vec::new(),
        empty: Some(Empty::new("check-sq", w.tasks_none()).with(Way::primary(w.task_add(), "/projects/DM/tasks/new"))),
        notices: Vec::new(),
        ..sample(w, None)
    };
    rendered("tasks", vec![sample(w, None), empty])
}
