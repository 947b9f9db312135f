//! CRM users (42), adding one (42b), deactivating one (42c).

use askama::Template;
use axum::response::Response;
use crm::{Owned, Profile, User};
use i18n::Words;
use identity::AccountSeed;
use identity::invitation::NewInvitation;
use mail::letter::Place as LetterPlace;
use ports::Email;

use crate::address::Address;
use crate::error::PageError;
use crate::form::Form;
use crate::nav::Place;
use crate::pages::setup::portal_users;
use crate::pages::setup::users::{self, Chip};
use crate::pages::{Sample, rendered};
use crate::shell::Shell;
use crate::show::{Avatar, Badge, Empty, Field, Hidden, Opt, Problems, Search, Source, Tabs, Tone, When};
use crate::visit::{Ctx, Post, Visit};

/// The list.
pub(crate) const PATH: &str = "/setup/users/crm";

#[derive(Template)]
#[template(path = "pages/setup/crm_users.html")]
struct CrmUsers {
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
    Add { hidden: Hidden, problems: Problems, fields: Vec<Field> },
    Deactivate { hidden: Hidden, name: String, email: String, keeps: Vec<(&'static str, String, Option<String>)> },
}

struct Row {
    email: String,
    name: String,
    avatar: Avatar,
    badge: Option<Badge>,
    profile: &'static str,
    /// The profiles to choose from; empty where the user is not active.
    profiles: Vec<Opt>,
    portal: Option<Source>,
    role: String,
    open_tasks: String,
    seen: Option<When>,
    is_me: bool,
    is_active: bool,
}

/// `GET /setup/users/crm`
pub(crate) async fn list(visit: Visit) -> Response {
    visit.page(|ctx| ctx.show(&page(ctx, Dialog::None)?)).await
}

/// `GET /setup/users/crm/new`
pub(crate) async fn add_form(visit: Visit) -> Response {
    visit
        .page(|ctx| {
            let form = Form::empty().with("profile", Profile::Standard.code());
            ctx.show(&page(ctx, add_dialog(ctx.w, ctx.hidden(&form), &form))?)
        })
        .await
}

/// `POST /setup/users/crm/new`: somebody who has no account yet gets a letter (M7).
pub(crate) async fn add(post: Post) -> Response {
    post.page(|ctx, mut form| {
        let email = form.email("email", ctx.w);
        let profile = Profile::parse(form.text("profile"));
        if profile.is_none() {
            form.fail_code("profile", "not_in_list", ctx.w);
        }
        if let (Some(email), Some(profile)) = (email, profile) {
            match ctx.web.crm.add_user(&ctx.acting, &email, profile) {
                Ok(_) => {
                    let is_written_to = bring_in(ctx, &form, &email)?;
                    let name = name_of(ctx, &email)?;
                    let said = if is_written_to { ctx.w.crm_user_invited(name) } else { ctx.w.crm_user_added(name) };
                    return ctx.see_saying(PATH, said);
                }
                Err(error) => form.take(error, ctx.w)?,
            }
        }
        ctx.show_again(&page(ctx, add_dialog(ctx.w, ctx.hidden(&form), &form))?)
    })
    .await
}

/// The account and the letter of a person who has none; done again it does nothing new. True if a letter goes out.
fn bring_in(ctx: &Ctx, form: &Form, email: &Email) -> Result<bool, PageError> {
    let seed = AccountSeed {
        name: form.text("name").to_owned(),
        language: ctx.person.language,
        zone: ctx.person.zone_name.clone(),
    };
    let invitation = NewInvitation {
        tenant: ctx.person.tenant.clone(),
        email: email.clone(),
        place: LetterPlace::Crm,
        place_name: ctx.person.organisation.clone(),
        role: String::new(),
        invited_by: ctx.person.email.clone(),
        language: ctx.person.language,
    };
    Ok(ctx.web.identity.bring_in(&seed, &invitation)?.is_some())
}

/// `GET /setup/users/crm/deactivate?email=`
pub(crate) async fn deactivate_form(visit: Visit) -> Response {
    visit
        .page(|ctx| {
            let email = users::email_of(ctx.asked.address.value("email"))?;
            let user = ctx.web.crm.users(&ctx.acting)?.into_iter().find(|user| user.email == email);
            let user = user.filter(|user| user.is_active).ok_or(PageError::NotFound)?;
            let name = name_of(ctx, &email)?;
            let owned = ctx.web.crm.owned(&ctx.acting)?.remove(&user.id).unwrap_or_default();
            let portal = ctx.web.projects.user(&ctx.acting, &email).ok();
            let dialog = Dialog::Deactivate {
                hidden: ctx.hidden(&Form::empty()),
                keeps: keeps(ctx.w, &name, owned, portal.as_ref()),
                email: email.as_str().to_owned(),
                name,
            };
            ctx.show(&page(ctx, dialog)?)
        })
        .await
}

/// What stays as it is: icon, sentence, and where to look at it.
fn keeps(
    w: Words,
    name: &str,
    owned: Owned,
    portal: Option<&projects::UserRow>,
) -> Vec<(&'static str, String, Option<String>)> {
    let mut keeps = Vec::new();
    if owned.open_tasks + owned.open_deals > 0 {
        keeps.push(("check-sq", w.crm_user_keeps(owned.open_deals, name, owned.open_tasks), None));
    }
    if let Some(row) = portal.filter(|row| row.user.is_active) {
        let profile = portal_users::profile_name(row.user.profile, w);
        keeps.push(("app-projects", w.crm_user_stays(profile), Some(portal_users::PATH.to_owned())));
    }
    keeps
}

/// `POST /setup/users/crm/change`: one user, by the button that was pressed.
pub(crate) async fn change(post: Post) -> Response {
    post.page(|ctx, mut form| {
        let email = users::email_of(Some(form.text("email")))?;
        let (crm, acting, name) = (&ctx.web.crm, &ctx.acting, name_of(ctx, &email)?);
        let done = match form.text("do") {
            "deactivate" => crm.deactivate_user(acting, &email).map(|_| ctx.w.user_deactivated(name)),
            "activate" => crm.activate_user(acting, &email).map(|_| ctx.w.user_activated(name)),
            _ => {
                let profile = Profile::parse(form.text("profile")).ok_or(PageError::NotFound)?;
                crm.change_user(acting, &email, profile, true).map(|_| ctx.w.user_changed(name))
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

fn name_of(ctx: &Ctx, email: &Email) -> Result<String, PageError> {
    let card = ctx.web.identity.account(email)?;
    Ok(card.map_or_else(|| email.as_str().to_owned(), |card| card.name))
}

fn add_dialog(w: Words, hidden: Hidden, form: &Form) -> Dialog {
    let profiles = vec![
        Opt::new(Profile::Standard.code(), w.crm_profile_standard()).hint(w.crm_profile_standard_hint()),
        Opt::new(Profile::Administrator.code(), w.crm_profile_administrator()).hint(w.crm_profile_administrator_hint()),
    ];
    let fields = vec![
        form.field("email", w.sign_in_email()).email().hint(w.crm_user_email_hint()).required().focused(),
        form.field("name", w.account_name()).hint(w.crm_user_name_hint()).optional(w.form_optional()).length_max(100),
        form.field("profile", w.crm_profile()).cards(profiles),
    ];
    Dialog::Add { hidden, problems: form.problems(w), fields }
}

fn page(ctx: &Ctx, dialog: Dialog) -> Result<CrmUsers, PageError> {
    let w = ctx.w;
    if ctx.web.crm.me(&ctx.acting)?.profile != Profile::Administrator {
        return Err(PageError::NoPermission);
    }
    let mut owned = ctx.web.crm.owned(&ctx.acting)?;
    let portal = ctx.web.projects.users(&ctx.acting).unwrap_or_default();
    let mut all = Vec::new();
    for user in ctx.web.crm.users(&ctx.acting)? {
        let own = owned.remove(&user.id).unwrap_or_default();
        let there = portal.iter().find(|row| row.user.email == user.email && row.user.is_active);
        all.push(shown(ctx, &user, own, there)?);
    }
    let address = Address::new(PATH).with("search", ctx.asked.address.value("search").unwrap_or_default());
    let show = ctx.asked.address.value("show").unwrap_or_default().to_owned();
    let count = |wanted: &dyn Fn(&Row) -> bool| all.iter().filter(|row| wanted(row)).count();
    let (active, inactive) = (count(&|row| row.is_active), count(&|row| !row.is_active));
    let chips = vec![
        Chip::new(&address, "not-in-portal", &show, w.users_not_in_portal(), count(&|row| row.portal.is_none())),
        Chip::new(&address, "inactive", &show, w.users_inactive(), inactive),
    ];
    let tabs = users::tabs(ctx, Place::CrmUsers, all.len());
    let words = ctx.asked.address.value("search").unwrap_or_default().to_lowercase();
    let wanted = |row: &Row| {
        let fits = match show.as_str() {
            "not-in-portal" => row.portal.is_none(),
            "inactive" => !row.is_active,
            _ => true,
        };
        fits && (row.name.to_lowercase().contains(&words) || row.email.contains(&words))
    };
    let rows: Vec<Row> = all.into_iter().filter(wanted).collect();
    Ok(CrmUsers {
        w,
        shell: users::shell(ctx, Place::CrmUsers),
        tabs,
        search: Search::new(&ctx.asked.address, w.users_search(), w),
        chips,
        empty: rows.is_empty().then(|| users::nobody(w, PATH)),
        sum: w.crm_users_count(active, inactive),
        rows,
        csrf: ctx.person.csrf.clone(),
        dialog,
    })
}

fn shown(ctx: &Ctx, user: &User, owned: Owned, portal: Option<&projects::UserRow>) -> Result<Row, PageError> {
    let w = ctx.w;
    let account = ctx.web.identity.account(&user.email)?;
    let name = account.as_ref().map_or(user.email.as_str(), |card| card.name.as_str()).to_owned();
    let is_waiting = account.as_ref().is_some_and(|card| !card.has_password);
    let badge = if user.is_active {
        is_waiting.then(|| Badge::new(w.user_is_invited(), Tone::Accent).with_icon("mail"))
    } else {
        Some(Badge::new(w.user_inactive(), Tone::Plain).with_icon("pause"))
    };
    let opt = |profile: Profile| Opt {
        is_chosen: profile == user.profile,
        ..Opt::new(profile.code(), profile_name(profile, w))
    };
    Ok(Row {
        email: user.email.as_str().to_owned(),
        avatar: Avatar::new(&name, user.email.as_str()),
        name,
        badge,
        profile: profile_name(user.profile, w),
        profiles: if user.is_active { Profile::ALL.into_iter().map(opt).collect() } else { Vec::new() },
        portal: portal.map(|row| Source::projects(portal_users::profile_name(row.user.profile, w))),
        role: portal.map(|row| row.user.role.clone()).unwrap_or_default(),
        open_tasks: w.number(owned.open_tasks),
        seen: account.and_then(|card| card.signed_in_at).map(|at| When::new(at, &ctx.zone, ctx.now, w)),
        is_me: user.email == ctx.person.email,
        is_active: user.is_active,
    })
}

fn profile_name(profile: Profile, w: Words) -> &'static str {
    match profile {
        Profile::Administrator => w.crm_profile_administrator(),
        Profile::Standard => w.crm_profile_standard(),
    }
}

pub(crate) fn samples(w: Words) -> Vec<Sample> {
    let row = |name: &str, email: &str, is_active: bool| Row {
        email: email.into(),
        name: name.into(),
        avatar: Avatar::new(name, email),
        badge: (!is_active).then(|| Badge::new(w.user_inactive(), Tone::Plain).with_icon("pause")),
        profile: w.crm_profile_standard(),
        profiles: if is_active { vec![Opt::new("standard", w.crm_profile_standard())] } else { Vec::new() },
        portal: is_active.then(|| Source::projects(w.profile_manager())),
        role: String::new(),
        open_tasks: "3".into(),
        seen: None,
        is_me: false,
        is_active,
    };
    let page = |rows: Vec<Row>, dialog: Dialog| CrmUsers {
        w,
        shell: Shell::sample(w).crumb(w.users_title()),
        tabs: Tabs::new(w.users_title()).here(w.nav_crm_users(), PATH, Some("2".into())),
        search: Search::new(&Address::new(PATH), w.users_search(), w),
        chips: vec![Chip::new(&Address::new(PATH), "inactive", "", w.users_inactive(), 1)],
        empty: rows.is_empty().then(|| users::nobody(w, PATH)),
        sum: w.crm_users_count(1, 1),
        rows,
        csrf: "token".into(),
        dialog,
    };
    let two = || vec![row("李明", "li.ming@zylker.example", true), row("王芳", "wang.fang@zylker.example", false)];
    let mut wrong = Form::empty().with("email", "a@").with("profile", "standard");
    wrong.fail_code("email", "no_email", w);
    let hidden = || Hidden::new("token", "1");
    let owned = Owned { open_tasks: 3, open_deals: 1 };
    let deactivate = Dialog::Deactivate {
        hidden: hidden(),
        name: "李明".into(),
        email: "li.ming@zylker.example".into(),
        keeps: keeps(w, "李明", owned, None),
    };
    let add = add_dialog(w, hidden(), &wrong);
    let pages =
        vec![page(two(), Dialog::None), page(two(), add), page(two(), deactivate), page(Vec::new(), Dialog::None)];
    rendered("crm_users", pages)
}
