//! The other pages of a project: its members, its client companies, its history.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use i18n::Words;
use ports::{CompanyId, Email};
use projects::{ProjectsError, UserRow};

use super::activity::Activity;
use super::at;
use super::head::{self, Opened, ProjectHead, Tab};
use crate::address::segment;
use crate::error::PageError;
use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::shell::Shell;
use crate::show::{Avatar, Badge, Empty, Hidden, Opt, Pager, Problems, Sign, Sync, Tone};
use crate::visit::{Ctx, Post, Visit};

/// Companies to choose from.
const COMPANIES_MAX: usize = 200;
/// Changes on one page.
const CHANGES_MAX: usize = 50;

/// Members.
#[derive(Template)]
#[template(path = "pages/projects/users.html")]
struct UsersPage {
    w: Words,
    shell: Shell,
    head: ProjectHead,
    problems: Problems,
    hidden: Hidden,
    add: Option<(String, Vec<Opt>)>,
    remove: String,
    csrf: String,
    rows: Vec<Member>,
    invite: Option<String>,
    topics: String,
}

struct Member {
    avatar: Avatar,
    name: String,
    email: String,
    role: String,
    badges: Vec<Badge>,
    may_remove: bool,
}

/// Client companies.
#[derive(Template)]
#[template(path = "pages/projects/client.html")]
struct ClientPage {
    w: Words,
    shell: Shell,
    head: ProjectHead,
    problems: Problems,
    hidden: Hidden,
    action: String,
    csrf: String,
    rows: Vec<Client>,
    add: Option<Vec<Opt>>,
    empty: Option<Empty>,
    map: Option<String>,
    topics: String,
}

struct Client {
    id: String,
    name: String,
    is_primary: bool,
    may_change: bool,
    /// Name of the account and its page, for CRM users.
    account: Option<(String, Option<String>)>,
    sync: Option<Sync>,
}

/// What changed.
#[derive(Template)]
#[template(path = "pages/projects/activity.html")]
struct ActivityPage {
    w: Words,
    shell: Shell,
    head: ProjectHead,
    activity: Activity,
    pager: Option<Pager>,
    topics: String,
}

/// A page that client users do not have.
fn open(ctx: &Ctx, key: &str) -> Result<Opened, PageError> {
    let opened = Opened::of(ctx, key)?;
    if ctx.person.rights.is_client { Err(PageError::NotFound) } else { Ok(opened) }
}

/// `GET /projects/{p}/users`
pub(super) async fn users(visit: Visit, Path(key): Path<String>) -> Response {
    visit.page(move |ctx| show_users(ctx, &open(ctx, &key)?, &Form::empty())).await
}

/// `POST /projects/{p}/users`: adds a member.
pub(super) async fn add_user(Path(key): Path<String>, post: Post) -> Response {
    post.page(move |ctx, mut form| {
        let opened = open(ctx, &key)?;
        if let Some(email) = form.email("member", ctx.w) {
            match ctx.web.projects.add_member(&ctx.acting, &opened.project().id, &email) {
                Ok(person) => {
                    return ctx.see_saying(at::project(&key, "users"), ctx.w.project_said_joined(&person.name));
                }
                Err(error) => form.take(error, ctx.w)?,
            }
        }
        show_users(ctx, &opened, &form)
    })
    .await
}

/// `POST /projects/{p}/users/remove`
pub(super) async fn remove_user(Path(key): Path<String>, post: Post) -> Response {
    post.page(move |ctx, mut form| {
        let opened = open(ctx, &key)?;
        let email = Email::parse(form.text("email")).map_err(|_| PageError::NotFound)?;
        match ctx.web.projects.remove_member(&ctx.acting, &opened.project().id, &email) {
            Ok(()) => ctx.see_saying(at::project(&key, "users"), ctx.w.project_said_left()),
            Err(ProjectsError::Invalid(_)) => {
                form.fail("member", ctx.w.project_owner_stays());
                show_users(ctx, &opened, &form)
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}

fn show_users(ctx: &Ctx, opened: &Opened, form: &Form) -> Result<Reply, PageError> {
    let (w, project) = (ctx.w, opened.project());
    let users = ctx.web.projects.users(&ctx.acting)?;
    let may_change = opened.card.access.changes_project;
    let known = |email: &Email| users.iter().find(|row| row.user.email == *email);
    let rows = opened.card.members.iter().map(|person| {
        let mut badges = Vec::new();
        if person.email == project.owner.email {
            badges.push(Badge::new(w.project_owner(), Tone::Accent));
        }
        if person.is_client {
            badges.push(Badge::line(w.project_client_user()).with_icon("building"));
        }
        if !person.is_active {
            badges.push(Badge::new(w.project_inactive(), Tone::Plain));
        }
        Member {
            avatar: Avatar::new(&person.name, person.email.as_str()),
            name: person.name.clone(),
            email: person.email.to_string(),
            role: known(&person.email).map(|row: &UserRow| row.user.role.clone()).unwrap_or_default(),
            badges,
            may_remove: may_change && person.email != project.owner.email,
        }
    });
    let rows: Vec<Member> = rows.collect();
    let is_member = |email: &Email| opened.card.members.iter().any(|person| person.email == *email);
    let others = users.iter().filter(|row| row.user.is_active && !is_member(&row.user.email));
    let others: Vec<Opt> = others.map(|row| Opt::new(row.user.email.as_str(), &row.user.name)).collect();
    let page = UsersPage {
        w,
        shell: opened.shell(ctx, Tab::Users),
        head: opened.head(ctx, Tab::Users),
        problems: form.problems(w),
        hidden: ctx.hidden(form),
        add: (may_change && !others.is_empty()).then(|| (at::project(&project.key, "users"), others)),
        remove: at::project(&project.key, "users/remove"),
        csrf: ctx.person.csrf.clone(),
        rows,
        invite: ctx.person.rights.is_portal_administrator.then(|| "/setup/users/portal/invite".to_owned()),
        topics: opened.topics(),
    };
    if form.is_valid() { ctx.show(&page) } else { ctx.show_again(&page) }
}

/// `GET /projects/{p}/client`
pub(super) async fn client(visit: Visit, Path(key): Path<String>) -> Response {
    visit.page(move |ctx| show_client(ctx, &open(ctx, &key)?, &Form::empty())).await
}

/// `POST /projects/{p}/client`: adds, removes, or makes a company the primary one.
pub(super) async fn set_client(Path(key): Path<String>, post: Post) -> Response {
    post.page(move |ctx, mut form| {
        let opened = open(ctx, &key)?;
        let mut companies: Vec<CompanyId> = opened.card.companies.iter().map(|own| own.id.clone()).collect();
        let chosen = |name: &str| Some(form.text(name).to_owned()).filter(|id| !id.is_empty()).map(CompanyId::new);
        match (chosen("add"), chosen("remove"), chosen("primary")) {
            (Some(id), ..) => companies.push(id),
            (None, Some(id), _) => companies.retain(|own| *own != id),
            (None, None, Some(id)) if companies.contains(&id) => {
                companies.retain(|own| *own != id);
                companies.insert(0, id);
            }
            _ => form.fail("add", ctx.w.field_empty()),
        }
        if form.is_valid() {
            match ctx.web.projects.set_companies(&ctx.acting, &opened.project().id, &companies) {
                Ok(_) => return ctx.see_saying(at::project(&key, "client"), ctx.w.project_said_clients()),
                Err(error) => form.take(error, ctx.w)?,
            }
        }
        show_client(ctx, &opened, &form)
    })
    .await
}

fn show_client(ctx: &Ctx, opened: &Opened, form: &Form) -> Result<Reply, PageError> {
    let (w, project) = (ctx.w, opened.project());
    let may_change = opened.card.access.changes_project;
    let all = ctx.web.projects.companies(&ctx.acting, None, COMPANIES_MAX)?.rows;
    let own = &opened.card.companies;
    let others = all.into_iter().filter(|row| !own.iter().any(|company| company.id == row.company.id));
    let others: Vec<Opt> = others.map(|row| Opt::new(row.company.id.as_str(), row.company.name)).collect();
    let rows: Vec<Client> = own
        .iter()
        .enumerate()
        .map(|(at, company)| {
            let joined = opened.sync.as_ref();
            let client =
                joined.and_then(|sync| sync.clients.iter().find(|client| client.company.id == company.id.as_str()));
            let account = client.and_then(|client| client.account.as_ref());
            // Whom a client is mapped to is the CRM's to say (DET-2).
            let account = account.filter(|_| joined.is_some_and(|sync| sync.sees_crm)).map(|account| {
                let href = format!("/crm/accounts/{}", segment(&account.id));
                (account.name.clone(), ctx.person.rights.is_crm_user.then_some(href))
            });
            let is_mapped = client.is_some_and(|client| client.mapping.is_some());
            Client {
                id: company.id.to_string(),
                name: company.name.clone(),
                is_primary: at == 0,
                may_change,
                account,
                sync: is_mapped.then(|| Sync::new(Sign::InStep, w.project_mapped())),
            }
        })
        .collect();
    let has_unmapped = opened.sync.is_some() && rows.iter().any(|row| row.sync.is_none());
    let page = ClientPage {
        w,
        shell: opened.shell(ctx, Tab::Client),
        head: opened.head(ctx, Tab::Client),
        problems: form.problems(w),
        hidden: ctx.hidden(form),
        action: at::project(&project.key, "client"),
        csrf: ctx.person.csrf.clone(),
        empty: rows.is_empty().then(|| Empty::new("building", w.project_clients_none())),
        rows,
        add: (may_change && !others.is_empty()).then_some(others),
        map: (has_unmapped && ctx.person.rights.is_portal_administrator)
            .then(|| "/bridge/mapping?show=open".to_owned()),
        topics: opened.topics(),
    };
    if form.is_valid() { ctx.show(&page) } else { ctx.show_again(&page) }
}

/// `GET /projects/{p}/activity`
pub(super) async fn activity(visit: Visit, Path(key): Path<String>) -> Response {
    visit
        .page(move |ctx| {
            let opened = open(ctx, &key)?;
            let after = ctx.asked.address.value("after");
            let found = ctx.web.projects.project_history(&ctx.acting, &opened.project().id, after, CHANGES_MAX)?;
            let pager = Pager::new(&ctx.asked.address, found.rows.len(), found.next.as_deref(), ctx.w);
            ctx.show(&ActivityPage {
                w: ctx.w,
                shell: opened.shell(ctx, Tab::Activity),
                head: opened.head(ctx, Tab::Activity),
                activity: Activity::of_project(ctx, &found.rows)?,
                pager: (!found.rows.is_empty()).then_some(pager),
                topics: opened.topics(),
            })
        })
        .await
}

/// Samples of the three pages.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let users = UsersPage {
        w,
        shell: Shell::sample(w).crumb(w.project_tab_users()),
        head: head::sample(w),
        problems: Form::empty().problems(w),
        hidden: Hidden::new("token", "1"),
        add: Some(("/projects/DM/users".into(), vec![Opt::new("b@zylker.example", "王芳")])),
        remove: "/projects/DM/users/remove".into(),
        csrf: "token".into(),
        rows: vec![Member {
            avatar: Avatar::new("李明", "li.ming@zylker.example"),
            name: "李明".into(),
            email: "li.ming@zylker.example".into(),
            role: "项目经理".into(),
            badges: vec![Badge::new(w.project_owner(), Tone::Accent), Badge::line(w.project_client_user())],
            may_remove: true,
        }],
        invite: Some("/setup/users/portal/invite".into()),
        topics: "1 project:1".into(),
    };
    let row = |name: &str, account: Option<(String, Option<String>)>| Client {
        id: name.into(),
        name: name.into(),
        is_primary: account.is_some(),
        may_change: true,
        sync: account.is_some().then(|| Sync::new(Sign::InStep, w.project_mapped())),
        account,
    };
    let client = |rows: Vec<Client>, add: Option<Vec<Opt>>| ClientPage {
        w,
        shell: Shell::sample(w).crumb(w.project_tab_client()),
        head: head::sample(w),
        problems: Form::empty().problems(w),
        hidden: Hidden::new("token", "1"),
        action: "/projects/DM/client".into(),
        csrf: "token".into(),
        empty: rows.is_empty().then(|| Empty::new("building", w.project_clients_none())),
        rows,
        add,
        map: Some("/bridge/mapping?show=open".into()),
        topics: "1 project:1".into(),
    };
    let mapped = Some(("软件客户".to_owned(), Some("/crm/accounts/1".to_owned())));
    let clients = vec![row("软件客户", mapped), row("物流客户", None)];
    let activity = ActivityPage {
        w,
        shell: Shell::sample(w).crumb(w.project_tab_activity()),
        head: head::sample(w),
        activity: Activity::sample(w),
        pager: None,
        topics: "1 project:1".into(),
    };
    [
        rendered("users", vec![users]),
        rendered("client", vec![client(clients, Some(vec![Opt::new("3", "医院客户")])), client(Vec::new(), None)]),
        rendered("activity", vec![activity]),
    ]
    .into_iter()
    .flatten()
    .collect()
}
