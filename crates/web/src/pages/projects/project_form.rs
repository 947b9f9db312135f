//! Making (34b), changing and deleting a project (STR-5, HAND-10).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use i18n::Words;
use ports::{CompanyId, Date, Email, Patch, PlainText, ProjectId, Reason, lines};
use projects::{
    OVERVIEW_MAX, PROJECT_NAME_MAX, PROJECT_STATUSES, Present, Profile, Project, ProjectDraft, ProjectPatch,
    ProjectsError,
};

use super::at;
use super::head::{Opened, Tab};
use super::people;
use super::project_list;
use super::task_list::{self, Over};
use crate::error::PageError;
use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::shell::Shell;
use crate::show::{Case, Field, Hidden, Opt, Problems, Tile, When, safe_parts};
use crate::stale::{Stale, StaleField};
use crate::visit::{Ctx, Post, Visit};

/// Companies that the form offers.
const COMPANIES_MAX: usize = 200;
/// Tasks that a refusal names (STR-5); the number counts them all.
const NAMED_MAX: usize = 20;

/// What a stale form compares.
const NAMES: [&str; 7] = ["name", "overview", "owner", "start", "end", "strict", "status"];

/// "New project", over the list.
#[derive(Template)]
#[template(path = "pages/projects/project_new.html")]
struct NewProject {
    w: Words,
    problems: Problems,
    hidden: Hidden,
    name: Field,
    key: Field,
    owner: Field,
    companies: Option<Field>,
    members: Option<Field>,
    start: Field,
    end: Field,
    is_strict: bool,
    overview: Field,
}

/// "Edit", on a page.
#[derive(Template)]
#[template(path = "pages/projects/project_edit.html")]
struct EditProject {
    w: Words,
    shell: Shell,
    title: String,
    tile: Tile,
    problems: Problems,
    hidden: Hidden,
    action: String,
    check: String,
    back: String,
    name: Field,
    owner: Field,
    status: Field,
    start: Field,
    end: Field,
    is_strict: bool,
    overview: Field,
    outside: Option<Outside>,
    delete: Option<String>,
    users: String,
    client: String,
    topics: String,
    version: i64,
}

/// Tasks that stand against the wanted schedule.
struct Outside {
    text: String,
    tasks: Vec<(String, bool)>,
}

/// "Delete project", over its tasks.
#[derive(Template)]
#[template(path = "pages/projects/project_delete.html")]
struct DeleteProject {
    w: Words,
    hidden: Hidden,
    action: String,
    back: String,
    text: String,
    crm: Option<String>,
}

/// What saving would do.
#[derive(Template)]
#[template(source = "{% for case in cases %}{{ case }}{% endfor %}", ext = "html")]
struct Answer {
    cases: Vec<Case>,
}

safe_parts!(NewProject, DeleteProject);

/// `GET /projects/new`
pub(super) async fn new(visit: Visit) -> Response {
    visit
        .page(|ctx| {
            let form = Form::empty().with("owner", ctx.person.email.as_str()).with("start", ctx.today.to_string());
            show_new(ctx, &form)
        })
        .await
}

/// `POST /projects/new`
pub(super) async fn create(post: Post) -> Response {
    post.page(|ctx, mut form| {
        let w = ctx.w;
        let draft = ProjectDraft {
            name: form.text("name").to_owned(),
            key: Some(form.text("key").to_uppercase()).filter(|key| !key.is_empty()),
            overview: PlainText::new(form.raw("overview")),
            owner: Email::parse(form.text("owner")).ok(),
            start: form.date("start", w),
            end: form.date("end", w),
            is_strict: form.has("strict"),
            members: form.all("members").iter().filter_map(|email| Email::parse(email).ok()).collect(),
            companies: form.all("companies").into_iter().map(CompanyId::new).collect(),
            first_list: None,
        };
        if form.is_valid() {
            match ctx.web.projects.create_project(&ctx.acting, &draft) {
                Ok(project) => {
                    let said = w.project_said_created(&project.name);
                    return ctx.see_saying(at::project(&project.key, "tasks"), said);
                }
                Err(error) => take(&mut form, error, w)?,
            }
        }
        show_new(ctx, &form)
    })
    .await
}

/// `GET /projects/{p}/edit`
pub(super) async fn edit(visit: Visit, Path(key): Path<String>) -> Response {
    visit
        .page(move |ctx| {
            let opened = to_change(ctx, &key)?;
            let form = opened_form(opened.project());
            show_edit(ctx, &opened, &form, None)
        })
        .await
}

/// `POST /projects/{p}/edit`
pub(super) async fn save(Path(key): Path<String>, post: Post) -> Response {
    post.page(move |ctx, mut form| {
        let opened = to_change(ctx, &key)?;
        let patch = patch(ctx, opened.project(), &mut form);
        let mut outside = None;
        if form.is_valid() {
            match ctx.web.projects.edit_project(&ctx.acting, &opened.project().id, &patch, form.version()) {
                Ok(project) => {
                    let said = ctx.w.project_said_saved(&project.name);
                    return ctx.see_saying(at::project(&project.key, "tasks"), said);
                }
                Err(ProjectsError::Stale(present)) => return Err(stale(ctx, &opened, *present, form)?),
                Err(ProjectsError::Refused(reason @ Reason::TasksOutsideSchedule { count, .. })) => {
                    form.fail("end", ctx.w.project_tasks_outside(count));
                    outside = Some(self::outside(ctx, &opened.project().id, count, reason)?);
                }
                Err(error) => take(&mut form, error, ctx.w)?,
            }
        }
        show_edit(ctx, &opened, &form, outside)
    })
    .await
}

/// `POST /projects/{p}/edit/check`
pub(super) async fn check(Path(key): Path<String>, post: Post) -> Response {
    post.page(move |ctx, mut form| {
        let opened = to_change(ctx, &key)?;
        let w = ctx.w;
        let patch = patch(ctx, opened.project(), &mut form);
        let wrong = ctx.web.projects.check_project(&ctx.acting, &opened.project().id, &patch)?;
        let rules = wrong.iter().filter(|own| own.field == "schedule").filter_map(|own| own.reason.as_deref());
        let case = |reason: &Reason| {
            Case::would_be_refused("check-schedule", w.reason_title(reason), people::reason(ctx, reason))
                .with_also(w.task_check_not_saved())
        };
        Reply::fragment(&Answer { cases: rules.map(case).collect() })
    })
    .await
}

/// `GET /projects/{p}/delete`
pub(super) async fn ask_delete(visit: Visit, Path(key): Path<String>) -> Response {
    visit
        .page(move |ctx| {
            let opened = Opened::of(ctx, &key)?;
            if !opened.card.may_delete {
                return Err(PageError::NoPermission);
            }
            let (w, project) = (ctx.w, opened.project());
            let linked = opened.sync.as_ref().map_or(0, |sync| sync.linked());
            let dialog = DeleteProject {
                w,
                hidden: ctx.hidden(&Form::empty()),
                action: at::project(&key, "delete"),
                back: at::project(&key, "edit"),
                text: w.project_delete_text(project.progress.total, &project.name),
                crm: (linked > 0).then(|| w.project_delete_linked(linked)),
            };
            let view = super::at::View::default();
            let mut page = task_list::page(ctx, &opened, &view, None, Some(Over::of(&dialog)?))?;
            page.shell.title = w.project_delete().to_owned();
            ctx.show(&page)
        })
        .await
}

/// `POST /projects/{p}/delete`
pub(super) async fn delete(Path(key): Path<String>, post: Post) -> Response {
    post.page(move |ctx, _form| {
        let opened = Opened::of(ctx, &key)?;
        ctx.web.projects.delete_project(&ctx.acting, &opened.project().id)?;
        ctx.see_saying(at::PROJECTS, ctx.w.project_said_deleted(&opened.project().name))
    })
    .await
}

fn to_change(ctx: &Ctx, key: &str) -> Result<Opened, PageError> {
    let opened = Opened::of(ctx, key)?;
    if opened.card.access.changes_project { Ok(opened) } else { Err(PageError::NoPermission) }
}

fn show_new(ctx: &Ctx, form: &Form) -> Result<Reply, PageError> {
    let w = ctx.w;
    if !ctx.person.rights.may_create_projects {
        return Err(PageError::NoPermission);
    }
    let users = ctx.web.projects.users(&ctx.acting)?;
    let active = users.iter().filter(|row| row.user.is_active).map(|row| &row.user);
    let entry = |user: &projects::User| Opt::new(user.email.as_str(), &user.name);
    let owners: Vec<Opt> = active.clone().filter(|user| user.profile != Profile::Client).map(entry).collect();
    let members: Vec<Opt> = active.filter(|user| user.email != ctx.person.email).map(entry).collect();
    let companies = ctx.web.projects.companies(&ctx.acting, None, COMPANIES_MAX)?.rows;
    let companies: Vec<Opt> =
        companies.into_iter().map(|row| Opt::new(row.company.id.as_str(), row.company.name)).collect();
    let dialog = NewProject {
        w,
        problems: form.problems(w),
        hidden: ctx.hidden(form),
        name: form.field("name", w.project_name()).required().large().length_max(PROJECT_NAME_MAX).focused(),
        key: form.field("key", w.project_key()).large().length_max(4).hint(w.project_key_hint()),
        owner: form.field("owner", w.project_owner()).select(owners),
        companies: (!companies.is_empty())
            .then(|| form.field("companies", w.project_companies()).optional(w.form_optional()).checks(companies)),
        members: (!members.is_empty())
            .then(|| form.field("members", w.project_members_label()).optional(w.form_optional()).checks(members)),
        start: form.field("start", w.project_start()).date().icon("cal"),
        end: form.field("end", w.project_end()).date().icon("cal").hint(w.project_end_hint()),
        is_strict: form.has("strict"),
        overview: form
            .field("overview", w.project_overview())
            .optional(w.form_optional())
            .area()
            .length_max(OVERVIEW_MAX),
    };
    let mut page = project_list::page(ctx, Some(Over::of(&dialog)?))?;
    page.shell.title = w.project_new().to_owned();
    if form.is_valid() { ctx.show(&page) } else { ctx.show_again(&page) }
}

fn show_edit(ctx: &Ctx, opened: &Opened, form: &Form, outside: Option<Outside>) -> Result<Reply, PageError> {
    let (w, project) = (ctx.w, opened.project());
    let key = &project.key;
    let check = at::project(key, "edit/check");
    let mut owners: Vec<Opt> = ctx
        .web
        .projects
        .users(&ctx.acting)?
        .into_iter()
        .filter(|row| row.user.is_active && row.user.profile != Profile::Client)
        .map(|row| Opt::new(row.user.email.as_str(), row.user.name))
        .collect();
    if !owners.iter().any(|own| own.value == project.owner.email.as_str()) {
        owners.push(Opt::new(project.owner.email.as_str(), &project.owner.name));
    }
    let statuses = PROJECT_STATUSES.iter().map(|own| Opt::new(own.name, at::project_status(own.name, w))).collect();
    let mut shell = opened.shell(ctx, Tab::Tasks).crumb(w.action_edit());
    shell.title = w.project_edit_of(&project.name);
    let page = EditProject {
        w,
        shell,
        title: w.project_edit_of(&project.name),
        tile: Tile::project(key, project.id.as_str()).large(),
        problems: form.problems(w),
        hidden: ctx.hidden_of(form, project.version, &NAMES).with("has_strict", "yes"),
        action: at::project(key, "edit"),
        back: at::project(key, "tasks"),
        name: form.field("name", w.project_name()).required().length_max(PROJECT_NAME_MAX),
        owner: form.field("owner", w.project_owner()).select(owners),
        status: form.field("status", w.field_status()).select(statuses),
        start: form.field("start", w.project_start()).date().icon("cal").checked_by(&check),
        end: form.field("end", w.project_end()).date().icon("cal").checked_by(&check),
        is_strict: form.text("strict") == "yes",
        overview: form
            .field("overview", w.project_overview())
            .optional(w.form_optional())
            .area()
            .length_max(OVERVIEW_MAX),
        check,
        outside,
        delete: opened.card.may_delete.then(|| at::project(key, "delete")),
        users: at::project(key, "users"),
        client: at::project(key, "client"),
        topics: format!("project:{}", project.id),
        version: project.version,
    };
    if form.is_valid() { ctx.show(&page) } else { ctx.show_again(&page) }
}

fn opened_form(project: &Project) -> Form {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    Form::empty()
        .with("name", project.name.clone())
        .with("overview", project.overview.as_str())
        .with("owner", project.owner.email.as_str())
        .with("start", day(project.start))
        .with("end", day(project.end))
        .with("strict", if project.is_strict { "yes" } else { "" })
        .with("status", project.status.clone())
}

fn patch(ctx: &Ctx, project: &Project, form: &mut Form) -> ProjectPatch {
    let w = ctx.w;
    let same = opened_form(project);
    let (start, end) = (form.date("start", w), form.date("end", w));
    let owner = form.text("owner").to_owned();
    let owner = if owner == same.raw("owner") { None } else { Email::parse(&owner).ok() };
    let differs = |name: &str| form.has(name) && form.raw(name) != same.raw(name);
    let day = |name: &str, day: Option<Date>| match day {
        _ if !differs(name) => Patch::Keep,
        Some(day) => Patch::Set(day),
        None => Patch::Clear,
    };
    // A box that is not ticked sends nothing; the form says that it had one.
    let has_strict = form.has("has_strict") || form.has("strict");
    ProjectPatch {
        name: differs("name").then(|| form.text("name").to_owned()),
        overview: differs("overview").then(|| lines::normal(&PlainText::new(form.raw("overview")))),
        owner: owner.filter(|_| form.has("owner")),
        start: day("start", start),
        end: day("end", end),
        is_strict: has_strict.then(|| form.text("strict") == "yes"),
        status: differs("status").then(|| form.text("status").to_owned()),
    }
}

fn take(form: &mut Form, error: ProjectsError, w: Words) -> Result<(), PageError> {
    if let ProjectsError::Invalid(wrong) = &error {
        for own in wrong {
            match (own.field, own.code) {
                ("key", "taken") => {
                    let free = own.facts.get("free");
                    let free = if let Some(ports::Fact::Text(free)) = free { free.as_str() } else { "" };
                    form.fail("key", w.project_key_taken(free));
                }
                ("key", _) => form.fail("key", w.project_key_invalid()),
                ("start" | "end", "required") => form.fail(own.field, w.reason(&Reason::DatesRequired)),
                (field, code) => form.fail_code(field, code, w),
            }
        }
        return Ok(());
    }
    form.take(error, w)
}

/// The tasks outside the wanted schedule, linked ones marked (STR-5).
fn outside(ctx: &Ctx, project: &ProjectId, count: u32, reason: Reason) -> Result<Outside, PageError> {
    let (named, linked) = match ctx.web.bridge.with_linked_tasks(&ctx.acting, project, reason)? {
        Reason::TasksOutsideSchedule { tasks, linked, .. } => (tasks, linked),
        _ => (Vec::new(), Vec::new()),
    };
    let mark = |name: String| {
        let is_linked = linked.contains(&name);
        (name, is_linked)
    };
    Ok(Outside {
        text: ctx.w.project_tasks_outside(count),
        tasks: named.into_iter().take(NAMED_MAX).map(mark).collect(),
    })
}

fn stale(ctx: &Ctx, opened: &Opened, present: Present, form: Form) -> Result<PageError, PageError> {
    let Present::Project(now) = present else { return Ok(PageError::Moved) };
    let w = ctx.w;
    let stored = opened_form(&now);
    let labels = [
        w.project_name(),
        w.project_overview(),
        w.project_owner(),
        w.project_start(),
        w.project_end(),
        w.project_strict(),
        w.field_status(),
    ];
    let field = |(name, label): (&str, &str)| {
        let values = [form.raw(name), stored.raw(name), form.raw(&format!("was.{name}"))];
        let shown = values.map(|value| {
            let text = match name {
                "status" => at::project_status(value, w),
                "start" | "end" => super::values::day(ctx, value),
                "strict" => if value == "yes" { w.value_yes() } else { w.value_no() }.to_owned(),
                "owner" => super::people::People::of(ctx, Email::parse(value).ok().iter())
                    .map_or_else(|_| value.to_owned(), |people| people.name_of(value)),
                _ => value.to_owned(),
            };
            (value.to_owned(), text)
        });
        StaleField::new(name, label, stored.raw(name)).shown(shown.to_vec())
    };
    let by = Email::parse(&now.changed_by).ok();
    let people = super::people::People::of(ctx, by.iter())?;
    Ok(PageError::Stale(Box::new(Stale {
        record: now.name.clone(),
        by: by.map(|email| (people.name(&email), email.to_string())),
        at: Some(When::new(now.changed_at, &ctx.zone, ctx.now, w)),
        version: now.version,
        back: at::project(&opened.project().key, "tasks"),
        fields: NAMES.into_iter().zip(labels).map(field).collect(),
        form,
    })))
}

/// Samples of the forms.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let mut form = Form::empty().with("name", "西部路由器部署").with("owner", "a@zylker.example");
    form.fail("end", w.reason(&Reason::DatesRequired));
    let people = || vec![Opt::new("a@zylker.example", "李明"), Opt::new("b@zylker.example", "王芳")];
    let new = NewProject {
        w,
        problems: form.problems(w),
        hidden: Hidden::new("token", "1"),
        name: form.field("name", w.project_name()).required().large(),
        key: form.field("key", w.project_key()).large(),
        owner: form.field("owner", w.project_owner()).select(people()),
        companies: Some(form.field("companies", w.project_companies()).checks(vec![Opt::new("1", "软件客户")])),
        members: Some(form.field("members", w.project_members_label()).checks(people())),
        start: form.field("start", w.project_start()).date(),
        end: form.field("end", w.project_end()).date(),
        is_strict: true,
        overview: form.field("overview", w.project_overview()).area(),
    };
    let edit = |outside: Option<Outside>| EditProject {
        w,
        shell: Shell::sample(w).crumb("数据迁移"),
        title: w.project_edit_of("数据迁移"),
        tile: Tile::project("DM", "1").large(),
        problems: form.problems(w),
        hidden: Hidden::new("token", "1").version(2),
        action: "/projects/DM/edit".into(),
        check: "/projects/DM/edit/check".into(),
        back: "/projects/DM/tasks".into(),
        name: form.field("name", w.project_name()),
        owner: form.field("owner", w.project_owner()).select(people()),
        status: form.field("status", w.field_status()).select(vec![Opt::new("Active", w.project_status_active())]),
        start: form.field("start", w.project_start()).date(),
        end: form.field("end", w.project_end()).date(),
        is_strict: true,
        overview: form.field("overview", w.project_overview()).area(),
        outside,
        delete: Some("/projects/DM/delete".into()),
        users: "/projects/DM/users".into(),
        client: "/projects/DM/client".into(),
        topics: "project:1".into(),
        version: 2,
    };
    let outside = Outside {
        text: w.project_tasks_outside(2_u32),
        tasks: vec![("DM-10 切换账单历史".into(), true), ("DM-11 回滚演练".into(), false)],
    };
    let delete = DeleteProject {
        w,
        hidden: Hidden::new("token", "1"),
        action: "/projects/DM/delete".into(),
        back: "/projects/DM/edit".into(),
        text: w.project_delete_text(13_u32, "数据迁移"),
        crm: Some(w.project_delete_linked(7_usize)),
    };
    let over_projects = Over::of(&new).map(|over| project_list::sample(w, Some(over)));
    let over_tasks = Over::of(&delete).map(|over| task_list::sample(w, Some(over)));
    [
        rendered("project_new", over_projects.into_iter().collect()),
        rendered("project_edit", vec![edit(None), edit(Some(outside))]),
        rendered("project_delete", over_tasks.into_iter().collect()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
