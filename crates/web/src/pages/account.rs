//! The person's own settings: name, language, time zone.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use i18n::{Language, Words, language_name};
use identity::AccountChange;

use crate::form::Form;
use crate::pages::setup::sign_in::language_cookie;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::shell::{Shell, back_to};
use crate::show::{Field, Hidden, Opt, Problems};
use crate::state::Web;
use crate::visit::{Ctx, Post, Visit};

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/account", get(show).post(save)).route("/account/language", post(language))
}

#[derive(Template)]
#[template(path = "pages/account/account.html")]
struct Account {
    w: Words,
    shell: Shell,
    hidden: Hidden,
    problems: Problems,
    fields: Vec<Field>,
}

impl Account {
    fn new(w: Words, shell: Shell, hidden: Hidden, form: &Form) -> Self {
        let languages = Language::ALL.iter().map(|own| Opt::new(own.code(), language_name(*own))).collect();
        let fields = vec![
            form.field("name", w.account_name()).required().length_max(100).autocomplete("name"),
            form.field("language", w.account_language()).hint(w.account_language_hint()).cards(languages),
            form.field("zone", w.account_time_zone()).hint(w.account_zone_hint()).select(zones(form.text("zone"))),
        ];
        Self { w, shell: shell.crumb(w.account_title()), hidden, problems: form.problems(w), fields }
    }

    fn of(ctx: &Ctx, form: &Form) -> Self {
        Self::new(ctx.w, ctx.shell(ctx.w.account_title()), ctx.hidden(form), form)
    }
}

/// The zones of the time zone database with a region, and the person's own.
fn zones(own: &str) -> Vec<Opt> {
    let known = jiff::tz::db().available().map(|name| name.as_str().to_owned());
    let mut names: Vec<String> = known
        .filter(|name| {
            name.contains('/') && !["posix/", "right/", "Etc/", "SystemV/"].iter().any(|part| name.starts_with(part))
        })
        .collect();
    names.extend(["UTC".to_owned(), own.to_owned()]);
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names.into_iter().map(|name| Opt::new(name.clone(), name)).collect()
}

async fn show(visit: Visit) -> Response {
    visit
        .page(|ctx| {
            let person = &ctx.person;
            let form = Form::empty()
                .with("name", &person.name)
                .with("language", person.language.code())
                .with("zone", &person.zone_name);
            ctx.show(&Account::of(ctx, &form))
        })
        .await
}

async fn save(post: Post) -> Response {
    post.page(|ctx, mut form| {
        let name = form.required("name", ctx.w);
        let change = AccountChange {
            name: Some(name),
            language: Language::parse(form.text("language")).ok(),
            zone: Some(form.text("zone").to_owned()),
        };
        if form.is_valid() {
            match ctx.web.identity.change_account(&ctx.person.id, &change) {
                Ok(card) => {
                    ctx.web.projects.rename_person(&card.email, &card.name)?;
                    return ctx.see_saying("/account", Words::new(card.language).account_saved());
                }
                Err(error) => form.take(error, ctx.w)?,
            }
        }
        ctx.show_again(&Account::of(ctx, &form))
    })
    .await
}

/// `POST /account/language`, from the account menu: back to the page it was pressed on.
async fn language(post: Post) -> Response {
    post.page(|ctx, form| {
        let language = Language::parse(form.text("language")).unwrap_or(ctx.person.language);
        let change = AccountChange { name: None, language: Some(language), zone: None };
        ctx.web.identity.change_account(&ctx.person.id, &change)?;
        Ok(Reply::SeeWith { address: back_to(form.raw("next")), cookies: vec![language_cookie(&ctx.web, language)] })
    })
    .await
}

/// Samples of all pages here.
pub(crate) fn samples(w: Words) -> Vec<Sample> {
    let form = Form::empty().with("name", "李明").with("language", w.language().code()).with("zone", "UTC");
    let mut wrong = form.clone();
    wrong.fail_code("name", "too_long", w);
    let page = |form: &Form| Account::new(w, Shell::sample(w), Hidden::new("token", "1"), form);
    let plain = |mut page: Account| {
        // The names of zones are the same in every language.
        page.fields.truncate(2);
        page
    };
    rendered("account", vec![plain(page(&form)), plain(page(&wrong))])
}
