//! Portal users (31) and their invitation (31a): who is in, with what rights, who has not answered.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::Response;
use i18n::{Language, Words, language_name};
use ports::{Email, ProjectId};
use projects::{Invitation, InvitedAs, Profile, ProjectQuery, ProjectSort, StateFilter, UserPatch, UserRow, Welcome};

use crate::address::Address;
use crate::error::PageError;
use crate::form::Form;
use crate::nav::Place;
use crate::pages::setup::users::{self, Chip};
use crate::pages::{Sample, rendered};
use crate::shell::Shell;
use crate::show::{Avatar, Badge, Empty, Field, Hidden, Opt, Problems, Search, Source, Tabs, Tile, Tone, When};
use crate::visit::{Ctx, Post, Visit};

/// The list.
pub(crate) const PATH: &str = "/setup/users/portal";
/// So many people are invited at once.
const INVITED_MAX: usize = 50;
const DAY_MS: i64 = 24 * 60 * 60_000;

#[derive(Template)]
#[template(path = "pages/setup/portal_users.html")]
struct PortalUsers {
    w: Words,
    shell: Shell,
    tabs: Tabs,
    search: Search,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    empty: Option<Empty>,
    sum: String,
    csrf: String,
    dialog: Dialog,
}

/// What stands over the list.
enum Dialog {
    None,
    Invite { hidden: Hidden, problems: Problems, people: Box<Field>, others: Vec<Field>, note: String },
    Deactivate { hidden: Hidden, name: String, email: String, keeps: String },
}

struct Row {
    email: String,
    name: String,
    avatar: Avatar,
    badge: Option<Badge>,
    role: String,
    profile: &'static str,
    /// The profiles to choose from; empty where it is fixed.
    profiles: Vec<Opt>,
    crm: Option<Source>,
    sees_all: bool,
    projects: Vec<(Tile, String)>,
    seen: Option<When>,
    is_me: bool,
    may_deactivate: bool,
    is_active: bool,
    may_send_again: bool,
    is_inactive_row: bool,
}

/// `GET /setup/users/portal`
pub(crate) async fn list(visit: Visit) -> Response {
    visit.page(|ctx| ctx.show(&page(ctx, Dialog::None)?)).await
}

/// `GET /setup/users/portal/invite`
pub(crate) async fn invite_form(visit: Visit) -> Response {
    visit
        .page(|ctx| {
            let form = Form::empty().with("profile", "employee").with("language", ctx.person.language.code());
            ctx.show(&page(ctx, invite_dialog(ctx, &form)?)?)
        })
        .await
}

/// `POST /setup/users/portal/invite`
pub(crate) async fn invite(post: Post) -> Response {
    post.page(|ctx, mut form| {
        let people = addresses(form.raw("people"));
        if people.is_empty() {
            form.fail("people", ctx.w.field_empty());
        } else if people.len() > INVITED_MAX {
            form.fail("people", ctx.w.invite_too_many(INVITED_MAX));
        }
        let profile = Profile::parse(form.text("profile"));
        if profile.is_none() {
            form.fail_code("profile", "not_in_list", ctx.w);
        }
        if let (true, Some(profile)) = (form.is_valid(), profile) {
            let invited = invite_all(ctx, &mut form, &people, profile)?;
            if form.is_valid() {
                return ctx.see_saying(PATH, ctx.w.invite_done(invited));
            }
        }
        ctx.show_again(&page(ctx, invite_dialog(ctx, &form)?)?)
    })
    .await
}

/// Each by itself: one wrong address stops no other. Inviting a person again does nothing new, so the form can be sent
/// once more after it was put right.
fn invite_all(ctx: &Ctx, form: &mut Form, people: &[String], profile: Profile) -> Result<usize, PageError> {
    let mut invited = 0;
    for text in people {
        let Ok(email) = Email::parse(text) else {
            form.fail("people", ctx.w.invite_no_email(text));
            continue;
        };
        let invitation = Invitation {
            email,
            name: String::new(),
            invited_as: InvitedAs::User(profile),
            role: form.text("role").to_owned(),
            projects: form.all("projects").into_iter().map(ProjectId::new).collect(),
            language: Some(Language::parse(form.text("language")).unwrap_or(ctx.person.language)),
            welcome: Welcome::Letter,
        };
        match ctx.web.projects.invite(&ctx.acting, &invitation) {
            Ok(_) => invited += 1,
            Err(error) => {
                let mut own = Form::empty();
                own.take(error, ctx.w)?;
                for message in own.messages() {
                    form.fail("people", ctx.w.invite_failed(text, message));
                }
            }
        }
    }
    Ok(invited)
}

/// One address a line, or separated by commas, semicolons or blanks.
fn addresses(text: &str) -> Vec<String> {
    let parts = text.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '，' | '；'));
    let mut seen = BTreeSet::new();
    parts.filter(|part| !part.is_empty()).filter(|part| seen.insert(part.to_lowercase())).map(str::to_owned).collect()
}

/// `GET /setup/users/portal/deactivate?email=`
pub(crate) async fn deactivate_form(visit: Visit) -> Response {
    visit
        .page(|ctx| {
            let email = users::email_of(ctx.asked.address.value("email"))?;
            let row = ctx.web.projects.user(&ctx.acting, &email)?;
            let names: Vec<&str> = row.projects.iter().map(|project| project.name.as_str()).collect();
            let dialog = Dialog::Deactivate {
                hidden: ctx.hidden(&Form::empty()),
                name: row.user.name.clone(),
                email: email.as_str().to_owned(),
                keeps: if names.is_empty() { String::new() } else { ctx.w.portal_user_keeps(names.join(", ")) },
            };
            ctx.show(&page(ctx, dialog)?)
        })
        .await
}

/// `POST /setup/users/portal/change`: one user, by the button that was pressed.
pub(crate) async fn change(post: Post) -> Response {
    post.page(|ctx, mut form| {
        let email = users::email_of(Some(form.text("email")))?;
        let (projects, acting) = (&ctx.web.projects, &ctx.acting);
        let done = match form.text("do") {
            "deactivate" => projects.deactivate_user(acting, &email).map(|user| ctx.w.user_deactivated(user.name)),
            "activate" => projects.reactivate_user(acting, &email).map(|user| ctx.w.user_activated(user.name)),
            "again" => projects.invite_again(acting, &email).map(|()| ctx.w.invite_again_done(email.as_str())),
            _ => {
                let patch = UserPatch { profile: Profile::parse(form.text("profile")), role: None };
                projects.edit_user(acting, &email, &patch).map(|user| ctx.w.user_changed(user.name))
            }
        };
        match done {
            Ok(said) => ctx.see_saying(PATH, said),
            Err(error) => {
                form.take(error, ctx.w)?;
                ctx.see_saying(PATH, form.messages().join(" "))
            }
        }
    })
    .await
}

fn invite_dialog(ctx: &Ctx, form: &Form) -> Result<Dialog, PageError> {
    let query = ProjectQuery {
        words: String::new(),
        state: StateFilter::Open,
        is_mine: false,
        is_strict: false,
        company: None,
        sort: ProjectSort::default(),
        is_descending: false,
        after: None,
        limit: 50,
    };
    let rows = ctx.web.projects.projects(&ctx.acting, &query)?.rows;
    let projects = rows.into_iter().map(|row| Opt::new(row.project.id.as_str(), row.project.name)).collect();
    let own = ctx.web.projects.me(&ctx.acting)?.ok_or(PageError::NoPermission)?.profile;
    let until = ctx.today.plus_days(identity::invitation::VALID_DAYS);
    Ok(invite_fields(ctx.w, ctx.hidden(form), form, own, projects, ctx.w.invite_until(ctx.w.date(until, ctx.today))))
}

fn invite_fields(w: Words, hidden: Hidden, form: &Form, own: Profile, projects: Vec<Opt>, note: String) -> Dialog {
    let given = Profile::ALL.into_iter().filter(|profile| *profile != Profile::Client && own.may_give(*profile));
    let profiles = given.map(|profile| Opt::new(profile.code(), profile_name(profile, w))).collect();
    let languages = Language::ALL.iter().map(|own| Opt::new(own.code(), language_name(*own))).collect();
    let mut others = vec![
        form.field("profile", w.user_profile()).hint(w.user_profile_hint()).select(profiles),
        form.field("role", w.user_role()).hint(w.user_role_hint()).optional(w.form_optional()).length_max(100),
        form.field("language", w.invite_language()).select(languages),
    ];
    if !projects.is_empty() {
        others.push(form.field("projects", w.user_projects()).optional(w.form_optional()).checks(projects));
    }
    Dialog::Invite {
        hidden,
        problems: form.problems(w),
        people: Box::new(
            form.field("people", w.invite_people()).hint(w.invite_people_hint(INVITED_MAX)).area().required().focused(),
        ),
        others,
        note,
    }
}

fn page(ctx: &Ctx, dialog: Dialog) -> Result<PortalUsers, PageError> {
    let w = ctx.w;
    let own = ctx.web.projects.me(&ctx.acting)?.ok_or(PageError::NoPermission)?;
    if !own.profile.rights().may_add_users {
        return Err(PageError::NoPermission);
    }
    let all = ctx.web.projects.users(&ctx.acting)?;
    let crm: BTreeSet<Email> = match ctx.web.crm.users(&ctx.acting) {
        Ok(users) => users.into_iter().filter(|user| user.is_active).map(|user| user.email).collect(),
        Err(_) => BTreeSet::new(),
    };
    let address = Address::new(PATH).with("search", ctx.asked.address.value("search").unwrap_or_default());
    let show = ctx.asked.address.value("show").unwrap_or_default();
    let is_client = |row: &UserRow| row.user.profile == Profile::Client;
    let has_crm = |row: &UserRow| crm.contains(&row.user.email);
    let count = |wanted: &dyn Fn(&UserRow) -> bool| all.iter().filter(|row| wanted(row)).count();
    let chips = vec![
        Chip::new(&address, "", show, w.users_all(), count(&|row| !is_client(row))),
        Chip::new(&address, "clients", show, w.users_clients(), count(&is_client)),
        Chip::new(&address, "not-in-crm", show, w.users_not_in_crm(), count(&|row| !is_client(row) && !has_crm(row))),
        Chip::new(&address, "waiting", show, w.users_waiting(), count(&|row| row.is_invited)),
        Chip::new(&address, "inactive", show, w.users_inactive(), count(&|row| !row.user.is_active)),
    ];
    let words = ctx.asked.address.value("search").unwrap_or_default().to_lowercase();
    let wanted = |row: &&UserRow| {
        let fits = match show {
            "clients" => is_client(row),
            "not-in-crm" => !is_client(row) && !has_crm(row),
            "waiting" => row.is_invited,
            "inactive" => !row.user.is_active,
            _ => !is_client(row),
        };
        fits && (row.user.name.to_lowercase().contains(&words) || row.user.email.as_str().contains(&words))
    };
    let rows: Vec<Row> = all.iter().filter(wanted).map(|row| shown(ctx, row, &own, has_crm(row))).collect();
    let number = count(&|row| !is_client(row));
    let tabs = users::tabs(ctx, Place::PortalUsers, number);
    Ok(PortalUsers {
        w,
        shell: users::shell(ctx, Place::PortalUsers),
        tabs,
        search: Search::new(&ctx.asked.address, w.users_search(), w),
        chips,
        empty: rows.is_empty().then(|| users::nobody(w, PATH)),
        sum: w.users_count(rows.len()),
        rows,
        csrf: ctx.person.csrf.clone(),
        dialog,
    })
}

fn shown(ctx: &Ctx, row: &UserRow, own: &projects::User, has_crm: bool) -> Row {
    let (user, w) = (&row.user, ctx.w);
    let is_administrator = own.profile.rights().is_administrator;
    let is_fixed = matches!(user.profile, Profile::Owner | Profile::Client) || !is_administrator || !user.is_active;
    let given = Profile::ALL.into_iter().filter(|profile| !matches!(profile, Profile::Owner | Profile::Client));
    let opt = |profile: Profile| {
        let is_chosen = profile == user.profile;
        Opt { is_chosen, ..Opt::new(profile.code(), profile_name(profile, w)) }
    };
    let when = |moment| When::new(moment, &ctx.zone, ctx.now, w);
    let badge = if !user.is_active {
        Some(Badge::new(w.user_inactive(), Tone::Plain).with_icon("pause"))
    } else if row.is_invited {
        let date = user.invited_at.map(|at| w.date(at.date_in(&ctx.zone), ctx.today)).unwrap_or_default();
        Some(Badge::new(w.user_invited(date), Tone::Accent).with_icon("mail"))
    } else {
        None
    };
    let is_old = user.invited_at.is_some_and(|at| at.plus_ms(DAY_MS) <= ctx.now);
    Row {
        email: user.email.as_str().to_owned(),
        name: user.name.clone(),
        avatar: Avatar::new(&user.name, user.email.as_str()),
        badge,
        role: user.role.clone(),
        profile: profile_name(user.profile, w),
        profiles: if is_fixed { Vec::new() } else { given.map(opt).collect() },
        crm: has_crm.then(|| Source::crm(w.user_is_in_crm())),
        sees_all: user.profile.rights().is_administrator,
        projects: row
            .projects
            .iter()
            .map(|project| (Tile::project(&project.key, project.id.as_str()).small(), project.name.clone()))
            .collect(),
        seen: row.signed_in_at.map(when),
        is_me: user.email == ctx.person.email,
        may_deactivate: is_administrator && user.profile != Profile::Owner && user.is_active,
        is_active: user.is_active,
        may_send_again: row.is_invited && user.is_active && is_old,
        is_inactive_row: !user.is_active,
    }
}

/// The name of a profile.
pub(crate) fn profile_name(profile: Profile, w: Words) -> &'static str {
    match profile {
        Profile::Owner => w.profile_owner(),
        Profile::Administrator => w.profile_administrator(),
        Profile::Manager => w.profile_manager(),
        Profile::Employee => w.profile_employee(),
        Profile::Contractor => w.profile_contractor(),
        Profile::Client => w.profile_client(),
    }
}

pub(crate) fn samples(w: Words) -> Vec<Sample> {
    let row = |name: &str, email: &str, is_active: bool| Row {
        email: email.into(),
        name: name.into(),
        avatar: Avatar::new(name, email),
        badge: (!is_active).then(|| Badge::new(w.user_inactive(), Tone::Plain).with_icon("pause")),
        role: "工程师".into(),
        profile: profile_name(Profile::Employee, w),
        profiles: if is_active { vec![Opt::new("employee", profile_name(Profile::Employee, w))] } else { Vec::new() },
        crm: is_active.then(|| Source::crm(w.user_is_in_crm())),
        sees_all: false,
        projects: vec![(Tile::project("DM", "1").small(), "数据迁移".into())],
        seen: None,
        is_me: !is_active,
        may_deactivate: is_active,
        is_active,
        may_send_again: is_active,
        is_inactive_row: !is_active,
    };
    let page = |rows: Vec<Row>, dialog: Dialog| PortalUsers {
        w,
        shell: Shell::sample(w).crumb(w.users_title()),
        tabs: Tabs::new(w.users_title()).here(w.nav_portal_users(), PATH, Some("2".into())),
        search: Search::new(&Address::new(PATH), w.users_search(), w),
        chips: vec![Chip::new(&Address::new(PATH), "waiting", "waiting", w.users_waiting(), 1)],
        empty: rows.is_empty().then(|| users::nobody(w, PATH)),
        sum: w.users_count(rows.len()),
        rows,
        csrf: "token".into(),
        dialog,
    };
    let mut wrong = Form::empty().with("people", "a@b");
    wrong.fail_code("people", "taken", w);
    let hidden = || Hidden::new("token", "1");
    let projects = vec![Opt::new("1", "数据迁移")];
    let invite = invite_fields(w, hidden(), &wrong, Profile::Owner, projects, w.invite_until("3/17"));
    let deactivate = Dialog::Deactivate {
        hidden: hidden(),
        name: "王芳".into(),
        email: "wang.fang@zylker.example".into(),
        keeps: String::new(),
    };
    let two = || vec![row("李明", "li.ming@zylker.example", true), row("王芳", "wang.fang@zylker.example", false)];
    let pages =
        vec![page(two(), Dialog::None), page(two(), invite), page(two(), deactivate), page(Vec::new(), Dialog::None)];
    rendered("portal_users", pages)
}
