//! Home (02): what waits for the person, and whether everything is in step; in an empty portal the first steps (35b).

use askama::Template;
use axum::response::Response;
use crm::{Filter, ListQuery, Module, Sort, SortField};
use i18n::Words;
use jiff::civil::Weekday;
use ports::Date;
use projects::{ProjectQuery, ProjectRow, ProjectSort, StateFilter, TaskQuery, TaskSort};

use crate::address::segment;
use crate::error::PageError;
use crate::nav::Place;
use crate::pages::setup::home_sync::{self, Health, Waiting};
use crate::pages::{Sample, rendered};
use crate::shell::Shell;
use crate::show::{Diff, Due, Empty, Ring, Sign, StatusMark, Sync, Tile, Way};
use crate::visit::{Ctx, Visit};

/// So many tasks of each side, and so many projects.
const ROWS_MAX: usize = 8;

#[derive(Template)]
#[template(path = "pages/setup/home.html")]
struct Home {
    w: Words,
    shell: Shell,
    greeting: String,
    day: String,
    summary: String,
    may_create_projects: bool,
    steps: Vec<Step>,
    waiting: Vec<Waiting>,
    /// Linked tasks of the projects shown; nothing for client users.
    health: Option<Health>,
    tasks: Vec<TaskRow>,
    no_tasks: Option<Empty>,
    is_portal_user: bool,
    is_crm_user: bool,
    projects: Vec<ProjectLine>,
    projects_count: usize,
    no_projects: Option<Empty>,
}

impl Home {
    /// The topics of the projects shown ([`crate::live`]).
    fn project_topics(&self) -> String {
        self.projects.iter().map(|line| format!(" {}", line.id)).collect()
    }
}

impl Home {
    /// The signs of the linked tasks with their numbers; none without any.
    fn signs(&self) -> Vec<(Sync, usize)> {
        let Some(health) = self.health else { return Vec::new() };
        let w = self.w;
        let all = [
            (Sign::InStep, w.link_in_step(), health.in_step),
            (Sign::Moving, w.link_pending(), health.moving),
            (Sign::Rejected, w.home_rejected(), health.rejected),
            (Sign::Paused, w.link_paused(), health.paused),
        ];
        let counted = all.into_iter().filter(|(_, _, count)| *count > 0);
        counted.map(|(sign, text, count)| (Sync::new(sign, text), count)).collect()
    }
}

/// A first step in an empty portal.
struct Step {
    tile: Tile,
    title: &'static str,
    text: &'static str,
    ways: Vec<Way>,
}

struct TaskRow {
    id: String,
    href: String,
    key: String,
    title: String,
    app: &'static str,
    side: &'static str,
    status: StatusMark,
    due: Due,
    /// For the order over both sides: without a date last.
    order: (bool, Option<Date>),
}

struct ProjectLine {
    id: String,
    href: String,
    tile: Tile,
    name: String,
    company: String,
    ring: Ring,
    progress: String,
    end: Due,
    is_strict: bool,
    sync: Option<Sync>,
}

/// `GET /`
pub(crate) async fn show(visit: Visit) -> Response {
    visit.page(|ctx| ctx.show(&page(ctx)?)).await
}

fn page(ctx: &Ctx) -> Result<Home, PageError> {
    let (w, rights) = (ctx.w, ctx.person.rights);
    let mut tasks = projects_tasks(ctx)?;
    tasks.extend(crm_tasks(ctx)?);
    tasks.sort_by_key(|task| task.order);
    tasks.truncate(ROWS_MAX);
    let late = tasks.iter().filter(|task| task.order.1.is_some_and(|due| due < ctx.today)).count();
    let today = tasks.iter().filter(|task| task.order.1 == Some(ctx.today)).count();
    let (projects, health) = if rights.is_portal_user { project_lines(ctx)? } else { (Vec::new(), Health::default()) };
    let is_new = projects.is_empty() && rights.is_portal_administrator;
    let no_projects = projects.is_empty().then(|| {
        let empty = Empty::new("app-projects", w.home_no_projects());
        if rights.may_create_projects {
            empty.with(Way::link(w.home_new_project(), "/projects/new").with_icon("plus"))
        } else {
            empty
        }
    });
    Ok(Home {
        w,
        shell: ctx.shell(w.nav_home()).crumb(w.nav_home()).at(Place::Home),
        greeting: greeting(ctx),
        day: long_day(ctx.today, w),
        summary: w.home_summary(late, today),
        // An empty portal has the button among its first steps, or below "No project yet".
        may_create_projects: rights.may_create_projects && !projects.is_empty(),
        steps: if is_new { steps(ctx) } else { Vec::new() },
        waiting: if rights.is_client { Vec::new() } else { home_sync::waiting(ctx)? },
        health: (!rights.is_client && health.all() > 0).then_some(health),
        no_tasks: tasks.is_empty().then(|| Empty::new("check", w.home_no_tasks())),
        tasks,
        is_portal_user: rights.is_portal_user,
        is_crm_user: rights.is_crm_user,
        projects_count: projects.len(),
        no_projects,
        projects,
    })
}

fn greeting(ctx: &Ctx) -> String {
    let hour = ctx.zone.to_datetime(ctx.now.timestamp()).hour();
    let name = ctx.person.name.as_str();
    match hour {
        5..12 => ctx.w.home_morning(name),
        12..18 => ctx.w.home_afternoon(name),
        _ => ctx.w.home_evening(name),
    }
}

/// `Tuesday 10 March`, `3月10日 星期二`.
fn long_day(date: Date, w: Words) -> String {
    let weekday = match date.civil().weekday() {
        Weekday::Monday => w.weekday_monday(),
        Weekday::Tuesday => w.weekday_tuesday(),
        Weekday::Wednesday => w.weekday_wednesday(),
        Weekday::Thursday => w.weekday_thursday(),
        Weekday::Friday => w.weekday_friday(),
        Weekday::Saturday => w.weekday_saturday(),
        Weekday::Sunday => w.weekday_sunday(),
    };
    w.home_day(w.date(date, date), weekday)
}

fn steps(ctx: &Ctx) -> Vec<Step> {
    let w = ctx.w;
    let invite = Way::primary(w.invite_title(), "/setup/users/portal/invite").with_icon("mail");
    let mut steps = vec![Step {
        tile: Tile::projects("users").huge(),
        title: w.home_step_people(),
        text: w.home_step_people_text(),
        ways: vec![invite],
    }];
    if ctx.person.rights.is_crm_user {
        let account = Way::link(w.home_new_account(), "/crm/accounts/new").with_icon("building");
        let project = Way::link(w.home_new_project(), "/projects/new").with_icon("plus");
        steps.push(Step {
            tile: Tile::crm("deal").huge(),
            title: w.home_step_client(),
            text: w.home_step_client_text(),
            ways: vec![account, project],
        });
        let mapping = Way::link(w.nav_account_mapping(), "/bridge/mapping").with_icon("map");
        steps.push(Step {
            tile: Tile::plain("both").huge(),
            title: w.home_step_mapping(),
            text: w.home_step_mapping_text(),
            ways: vec![mapping],
        });
    }
    steps
}

fn projects_tasks(ctx: &Ctx) -> Result<Vec<TaskRow>, PageError> {
    if !ctx.person.rights.is_portal_user {
        return Ok(Vec::new());
    }
    let query = TaskQuery {
        project: None,
        list: None,
        under: None,
        words: String::new(),
        state: StateFilter::Open,
        owner: Some(ctx.person.email.clone()),
        priority: None,
        due_until: None,
        sort: TaskSort::Due,
        is_descending: false,
        after: None,
        limit: ROWS_MAX,
    };
    let rows = ctx.web.projects.tasks(&ctx.acting, &query)?.rows;
    Ok(rows
        .into_iter()
        .map(|task| {
            let due = task.due.map(|due| due.day);
            let project = task.key.rsplit_once('-').map_or("", |(prefix, _)| prefix);
            TaskRow {
                id: format!("task-{}", task.id),
                href: format!("/projects/{}/tasks/{}", segment(project), segment(&task.key)),
                status: StatusMark::new(&task.status, task.is_closed),
                due: Due::new(due, task.is_closed, ctx.today, ctx.w),
                key: task.key,
                title: task.title,
                app: "app-projects",
                side: ctx.w.side_projects(),
                order: (due.is_none(), due),
            }
        })
        .collect())
}

fn crm_tasks(ctx: &Ctx) -> Result<Vec<TaskRow>, PageError> {
    if !ctx.person.rights.is_crm_user {
        return Ok(Vec::new());
    }
    let filter = Filter { owner: Some(ctx.person.email.clone()), is_closed: Some(false), ..Filter::default() };
    let query = ListQuery {
        module: Module::Task,
        filter,
        sort: Sort { field: SortField::Due, is_descending: false },
        after: None,
        limit: ROWS_MAX,
    };
    let rows = ctx.web.crm.list(&ctx.acting, &query)?.rows;
    let row = |task: crm::Task| TaskRow {
        id: format!("crm-task-{}", task.id),
        href: format!("/crm/tasks/{}", segment(task.id.as_str())),
        key: String::new(),
        status: StatusMark::new(&task.status, task.is_closed),
        due: Due::new(task.due, task.is_closed, ctx.today, ctx.w),
        title: task.subject,
        app: "app-crm",
        side: ctx.w.side_crm(),
        order: (task.due.is_none(), task.due),
    };
    Ok(rows.into_iter().filter_map(crm::Task::of).map(row).collect())
}

fn project_lines(ctx: &Ctx) -> Result<(Vec<ProjectLine>, Health), PageError> {
    let query = ProjectQuery {
        words: String::new(),
        state: StateFilter::Open,
        is_mine: !ctx.person.rights.is_portal_administrator,
        is_strict: false,
        company: None,
        sort: ProjectSort::default(),
        is_descending: false,
        after: None,
        limit: ROWS_MAX,
    };
    let rows = ctx.web.projects.projects(&ctx.acting, &query)?.rows;
    let ids: Vec<_> = rows.iter().map(|row| row.project.id.clone()).collect();
    let (mut each, sum) = home_sync::healths(ctx, &ids)?;
    let line = |row: ProjectRow| {
        let (project, progress) = (&row.project, &row.project.progress);
        ProjectLine {
            id: project.id.as_str().to_owned(),
            href: format!("/projects/{}/tasks", segment(&project.key)),
            tile: Tile::project(&project.key, project.id.as_str()),
            name: project.name.clone(),
            company: row.companies.first().map(|(_, name)| name.clone()).unwrap_or_default(),
            ring: Ring::of(u64::from(progress.closed), u64::from(progress.total)),
            progress: ctx.w.home_progress(progress.closed, progress.total),
            end: Due::new(project.end, false, ctx.today, ctx.w),
            is_strict: project.is_strict,
            sync: each.remove(&project.id).and_then(|health| health.sign(ctx.w)),
        }
    };
    Ok((rows.into_iter().map(line).collect(), sum))
}

pub(crate) fn samples(w: Words) -> Vec<Sample> {
    let today = Date::from(jiff::civil::date(2026, 3, 10));
    let task = |key: &str, app: &'static str, days: i32| TaskRow {
        id: format!("task-{key}"),
        href: "/projects/DM/tasks/DM-1".into(),
        key: key.into(),
        title: "试运行 <2>".into(),
        app,
        side: w.side_projects(),
        status: StatusMark::new("进行中", false),
        due: Due::new(Some(today.plus_days(days)), false, today, w),
        order: (false, Some(today)),
    };
    let line = || ProjectLine {
        id: "1".into(),
        href: "/projects/DM/tasks".into(),
        tile: Tile::project("DM", "1"),
        name: "数据迁移".into(),
        company: "软件客户".into(),
        ring: Ring::of(9, 19),
        progress: w.home_progress(9, 19),
        end: Due::new(Some(today.plus_days(9)), false, today, w),
        is_strict: true,
        sync: Health { rejected: 1, ..Health::default() }.sign(w),
    };
    let waiting = || Waiting {
        href: "/bridge/links/1".into(),
        title: "试运行".into(),
        key: "DM-1".into(),
        field: w.home_field_due(),
        diff: Some(Diff::rejected("1", "2", w)),
        reason: "数据迁移".into(),
        at: None,
    };
    let step = || Step {
        tile: Tile::projects("users").huge(),
        title: w.home_step_people(),
        text: w.home_step_people_text(),
        ways: vec![Way::primary(w.invite_title(), "/setup/users/portal/invite").with_icon("mail")],
    };
    let page = |tasks: Vec<TaskRow>, projects: Vec<ProjectLine>, steps: Vec<Step>| Home {
        w,
        shell: Shell::sample(w).crumb(w.nav_home()),
        greeting: w.home_morning("李明"),
        day: long_day(today, w),
        summary: w.home_summary(1, 2),
        may_create_projects: true,
        waiting: tasks.iter().map(|_| waiting()).collect(),
        health: (!tasks.is_empty()).then_some(Health { in_step: 164, moving: 2, rejected: 2, paused: 1 }),
        steps,
        no_tasks: tasks.is_empty().then(|| Empty::new("check", w.home_no_tasks())),
        tasks,
        is_portal_user: true,
        is_crm_user: true,
        projects_count: projects.len(),
        no_projects: projects.is_empty().then(|| Empty::new("app-projects", w.home_no_projects())),
        projects,
    };
    let full = page(vec![task("DM-1", "app-projects", -2), task("", "app-crm", 0)], vec![line()], Vec::new());
    rendered("home", vec![full, page(Vec::new(), Vec::new(), vec![step()])])
}
