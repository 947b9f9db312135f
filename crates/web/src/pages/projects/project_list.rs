//! The list of projects (34): how far, for whom, in step or not.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use bridge::reading::projects_pages::ProjectSync;
use i18n::Words;
use ports::{Date, ProjectId};
use projects::{ProjectCounts, ProjectQuery, ProjectRow, ProjectSort, StateFilter};

use super::at;
use super::head::optional;
use crate::address::Address;
use crate::error::PageError;
use crate::nav::Place;
use crate::pages::{Sample, rendered};
use crate::shell::Shell;
use crate::show::{Badge, Empty, Pager, ROWS_MAX, Search, Sign, SortHead, Sync, Tabs, Tile, Tone, Way, Who};
use crate::visit::{Ctx, Visit};

/// The list.
#[derive(Template)]
#[template(path = "pages/projects/projects.html")]
pub(super) struct ProjectsPage {
    w: Words,
    pub(super) shell: Shell,
    may_create: bool,
    shows_crm: bool,
    count: String,
    tabs: Tabs,
    search: Search,
    heads: [SortHead; 3],
    rows: Vec<Row>,
    empty: Option<Empty>,
    pager: Option<Pager>,
    topics: String,
    over: Option<super::task_list::Over>,
}

struct Row {
    id: String,
    tile: Tile,
    name: String,
    href: String,
    badge: Option<Badge>,
    client: Option<String>,
    client_sync: Option<Sync>,
    is_unmapped: bool,
    more_clients: Option<String>,
    closed: u32,
    progress_max: u32,
    progress: String,
    crm: Result<Sync, &'static str>,
    owner: Who,
    start: Option<(String, String)>,
    end: Option<(String, String)>,
    is_strict: bool,
}

/// `GET /projects`
pub(super) async fn list(visit: Visit) -> Response {
    visit.page(|ctx| ctx.show(&page(ctx, None)?)).await
}

/// The list with something over it.
pub(super) fn page(ctx: &Ctx, over: Option<super::task_list::Over>) -> Result<ProjectsPage, PageError> {
    let w = ctx.w;
    let address = own_address(ctx);
    let view = address.value("view").unwrap_or("active");
    let sort = address.value("sort").unwrap_or("name").to_owned();
    let query = ProjectQuery {
        words: address.value("search").unwrap_or_default().to_owned(),
        state: match view {
            "all" => StateFilter::All,
            "closed" => StateFilter::Closed,
            _ => StateFilter::Open,
        },
        is_mine: view == "mine",
        is_strict: view == "strict",
        company: None,
        sort: ProjectSort::parse(sort.trim_start_matches('-')).unwrap_or_default(),
        is_descending: sort.starts_with('-'),
        after: address.value("after").map(str::to_owned),
        limit: ROWS_MAX,
    };
    let found = ctx.web.projects.projects(&ctx.acting, &query)?;
    let counts = ctx.web.projects.project_counts(&ctx.acting)?;
    let ids: Vec<ProjectId> = found.rows.iter().map(|row| row.project.id.clone()).collect();
    let syncs = optional(ctx.web.bridge.project_syncs(&ctx.acting, &ids))?;
    let rows: Vec<Row> = found.rows.iter().map(|own| row(ctx, own, syncs.as_ref())).collect();
    let may_create = ctx.person.rights.may_create_projects;
    let head = |field: &str, label: &str| SortHead::new(&address, field, label, &sort);
    let topics: Vec<String> =
        ids.iter().flat_map(|id| [format!("{id}"), format!("project:{id}")]).chain(["portal".to_owned()]).collect();
    Ok(ProjectsPage {
        w,
        shell: ctx
            .shell(w.nav_all_projects())
            .at(Place::Projects)
            .crumb_to(w.nav_projects_group(), at::PROJECTS)
            .crumb(w.nav_all_projects()),
        may_create,
        shows_crm: syncs.is_some(),
        count: w.number(i64::from(counts.open)),
        tabs: tabs(&address, view, counts, w),
        search: Search::new(&address, w.projects_search(), w),
        heads: [
            head("name", w.task_project()).class("grow"),
            head("start", w.project_start()),
            head("end", w.project_end()),
        ],
        empty: rows.is_empty().then(|| empty(&query, view, may_create, w)),
        pager: (!rows.is_empty()).then(|| Pager::new(&address, rows.len(), found.next.as_deref(), w)),
        rows,
        topics: topics.join(" "),
        over,
    })
}

/// The address of the list, also below "New project".
fn own_address(ctx: &Ctx) -> Address {
    let asked = &ctx.asked.address;
    if asked.path() == at::PROJECTS { asked.clone() } else { Address::new(at::PROJECTS) }
}

fn tabs(address: &Address, view: &str, counts: ProjectCounts, w: Words) -> Tabs {
    let all = [
        ("active", w.projects_active(), Some(counts.open)),
        ("mine", w.projects_mine(), Some(counts.mine)),
        ("strict", w.projects_strict(), Some(counts.strict)),
        ("closed", w.projects_closed(), Some(counts.closed)),
        ("all", w.projects_all(), None),
    ];
    all.into_iter().fold(Tabs::new(w.projects_views()), |tabs, (code, text, count)| {
        let href = address.without("after").with("view", if code == "active" { "" } else { code }).to_string();
        let count = count.map(|count| w.number(i64::from(count)));
        if code == view { tabs.here(text, href, count) } else { tabs.tab(text, href, count) }
    })
}

fn empty(query: &ProjectQuery, view: &str, may_create: bool, w: Words) -> Empty {
    if !query.words.is_empty() || view != "active" {
        return Empty::new("filter", w.projects_none_filtered()).with(Way::link(w.action_clear_filter(), at::PROJECTS));
    }
    let empty = Empty::new("app-projects", if may_create { w.projects_none() } else { w.projects_none_for_you() });
    if may_create { empty.with(Way::primary(w.project_new(), "/projects/new").with_icon("plus")) } else { empty }
}

fn row(ctx: &Ctx, own: &ProjectRow, syncs: Option<&HashMap<ProjectId, ProjectSync>>) -> Row {
    let (w, project) = (ctx.w, &own.project);
    let sync = syncs.and_then(|syncs| syncs.get(&project.id));
    let first = sync.and_then(|sync| sync.clients.first());
    let is_mapped = first.is_some_and(|client| client.mapping.is_some());
    let day = |day: Option<Date>| day.map(|day| (day.to_string(), w.date(day, ctx.today)));
    let starts_later = project.start.is_some_and(|start| start > ctx.today);
    let badge = if project.is_closed || project.status == "On Hold" {
        Some(Badge::new(at::project_status(&project.status, w), Tone::Plain))
    } else {
        starts_later.then(|| Badge::new(w.project_not_begun(), Tone::Plain))
    };
    Row {
        id: format!("project-{}", project.id),
        tile: Tile::project(&project.key, project.id.as_str()),
        name: project.name.clone(),
        href: at::project(&project.key, "tasks"),
        badge,
        client: own.companies.first().map(|(_, name)| name.clone()),
        client_sync: is_mapped.then(|| Sync::new(Sign::InStep, w.project_mapped()).quiet()),
        is_unmapped: first.is_some() && !is_mapped,
        more_clients: own.companies.len().checked_sub(1).filter(|more| *more > 0).map(|more| format!("+{more}")),
        closed: project.progress.closed,
        progress_max: project.progress.total.max(1),
        progress: w.tasks_of(project.progress.closed, project.progress.total),
        crm: crm(sync, w),
        owner: Who::new(&project.owner.name, project.owner.email.as_str()),
        start: day(project.start),
        end: day(project.end),
        is_strict: project.is_strict,
    }
}

/// How many tasks are in step; else why there are none.
fn crm(sync: Option<&ProjectSync>, w: Words) -> Result<Sync, &'static str> {
    let Some(sync) = sync else { return Err("") };
    let linked = sync.linked();
    let count = |codes: &[&str]| codes.iter().filter_map(|code| sync.states.get(code)).sum::<usize>();
    let wrong = count(&["out_of_step", "conflict", "broken"]);
    let moving = count(&["pending"]);
    if wrong > 0 {
        Ok(Sync::new(Sign::Rejected, w.projects_not_applied(wrong, linked)))
    } else if moving > 0 {
        Ok(Sync::new(Sign::Moving, w.projects_moving(moving, linked)))
    } else if linked > 0 {
        Ok(Sync::new(Sign::InStep, w.projects_in_step(linked)))
    } else if sync.clients.is_empty() {
        Err(w.projects_no_client())
    } else if sync.clients.iter().any(|client| client.mapping.is_some()) {
        Err(w.projects_no_task_in_crm())
    } else {
        Err(w.projects_no_account())
    }
}

/// Rows of every kind, and an empty list.
pub(super) fn sample(w: Words, over: Option<super::task_list::Over>) -> ProjectsPage {
    let address = Address::new(at::PROJECTS);
    let head = |field: &str, label: &str| SortHead::new(&address, field, label, "name");
    let row = |name: &str, crm: Result<Sync, &'static str>, client: Option<&str>| Row {
        id: format!("project-{name}"),
        tile: Tile::project("DM", name),
        name: name.into(),
        href: "/projects/DM/tasks".into(),
        badge: client.is_none().then(|| Badge::new(w.project_not_begun(), Tone::Plain)),
        client: client.map(str::to_owned),
        client_sync: crm.is_ok().then(|| Sync::new(Sign::InStep, w.project_mapped()).quiet()),
        is_unmapped: crm.is_err() && client.is_some(),
        more_clients: client.map(|_| "+1".into()),
        closed: 4,
        progress_max: 13,
        progress: w.tasks_of(4_u32, 13_u32),
        crm,
        owner: Who::new("李明", "li.ming@zylker.example"),
        start: Some(("2026-03-02".into(), "3月2日".into())),
        end: client.map(|_| ("2026-06-30".into(), "6月30日".into())),
        is_strict: client.is_some(),
    };
    ProjectsPage {
        w,
        shell: Shell::sample(w).crumb(w.nav_all_projects()),
        may_create: true,
        shows_crm: true,
        count: "3".into(),
        tabs: tabs(&address, "active", ProjectCounts { open: 3, closed: 0, mine: 2, strict: 1 }, w),
        search: Search::new(&address, w.projects_search(), w),
        heads: [head("name", w.task_project()), head("start", w.project_start()), head("end", w.project_end())],
        rows: vec![
            row("数据迁移", Ok(Sync::new(Sign::InStep, w.projects_in_step(7_usize))), Some("软件客户")),
            row(
                "路由器部署",
                Ok(Sync::new(Sign::Rejected, w.projects_not_applied(1_usize, 3_usize))),
                Some("软件客户"),
            ),
            row("仓库网络", Err(w.projects_no_account()), Some("物流客户")),
            row("培训平台", Err(w.projects_no_client()), None),
        ],
        empty: None,
        pager: Some(Pager::new(&address, 4, Some("a"), w)),
        topics: "portal".into(),
        over,
    }
}

/// Samples of the list.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let empty = Empty::new("app-projects", w.projects_none()).with(Way::primary(w.project_new(), "/projects/new"));
    let none = ProjectsPage { rows: Vec::new(), pager: None, empty: Some(empty), shows_crm: false, ..sample(w, None) };
    rendered("projects", vec![sample(w, None), none])
}
