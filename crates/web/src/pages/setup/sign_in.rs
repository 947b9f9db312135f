//! Sign-in (01, 01b), the buttons of the demo, signing out, and the language of who is not signed in.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use i18n::{Language, Words};
use identity::{AccountCard, IdentityError, Secret};
use jiff::tz::TimeZone;
use ports::Email;

use crate::error::PageError;
use crate::form::Form;
use crate::guest::{Gate, Guest, GuestCtx, GuestPost};
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::session::SessionChange;
use crate::shell::back_to;
use crate::show::{Avatar, Field};
use crate::state::Web;
use crate::visit::LANGUAGE_COOKIE;

/// A demo account with its button.
struct DemoAccount {
    email: String,
    name: String,
    avatar: Avatar,
}

impl DemoAccount {
    fn new(name: &str, email: &str) -> Self {
        Self { email: email.to_owned(), name: name.to_owned(), avatar: Avatar::new(name, email) }
    }
}

#[derive(Template)]
#[template(path = "pages/setup/sign_in.html")]
struct SignIn {
    w: Words,
    gate: Gate,
    organisation: String,
    next: String,
    email: Field,
    password: Field,
    error: String,
    demo: Vec<DemoAccount>,
}

impl SignIn {
    fn new(w: Words, gate: Gate, form: &Form, error: String) -> Self {
        let email = form.field("email", w.sign_in_email()).email().large().required().autocomplete("username");
        let password = form.field("password", w.sign_in_password()).password().large().required();
        Self {
            w,
            gate,
            organisation: String::new(),
            next: back_to(form.raw("next")),
            email: if form.text("email").is_empty() { email.focused() } else { email },
            password: password.autocomplete("current-password"),
            error,
            demo: Vec::new(),
        }
    }

    fn of(ctx: &GuestCtx, form: &Form, error: String) -> Result<Self, PageError> {
        let organisation = ctx.web.identity.tenants()?.into_iter().next().map(|tenant| tenant.organisation);
        let mut demo = Vec::new();
        for email in &ctx.web.demo_accounts {
            if let Some(card) = ctx.web.identity.account(email)?.filter(|card| card.is_active) {
                demo.push(DemoAccount::new(&card.name, email.as_str()));
            }
        }
        let page = Self::new(ctx.w, ctx.gate(), form, error);
        Ok(Self { organisation: organisation.unwrap_or_default(), demo, ..page })
    }
}

/// `GET /sign-in?next=`
pub(crate) async fn form(guest: Guest) -> Response {
    guest
        .page(|ctx| {
            let next = back_to(ctx.asked.address.value("next").unwrap_or("/"));
            if ctx.web.identity.is_new()? {
                return Ok(Reply::See { address: "/start".to_owned(), toast: None });
            }
            if is_signed_in(ctx)? {
                return Ok(Reply::See { address: next, toast: None });
            }
            let form = Form::empty().with("next", next);
            Reply::page(StatusCode::OK, &SignIn::of(ctx, &form, String::new())?)
        })
        .await
}

fn is_signed_in(ctx: &GuestCtx) -> Result<bool, PageError> {
    match &ctx.asked.ticket {
        Some(ticket) => Ok(ctx.web.identity.signed_in(ticket)?.is_some()),
        None => Ok(false),
    }
}

/// `POST /sign-in`
pub(crate) async fn enter(post: GuestPost) -> Response {
    post.page(|ctx, form| {
        let password = Secret::new(form.raw("password"));
        let error = match ctx.web.identity.sign_in(form.text("email"), &password, &ctx.asked.from) {
            Ok(card) => return begin(ctx, &card, &form),
            Err(IdentityError::WrongCredentials) => ctx.w.sign_in_wrong().to_owned(),
            Err(IdentityError::TooManyTries { until }) => {
                let wait_ms = until.ms().saturating_sub(ctx.web.clock.now().ms()).max(0);
                ctx.w.sign_in_too_many(wait_ms.div_euclid(60_000) + 1)
            }
            Err(other) => return Err(other.into()),
        };
        Reply::page(StatusCode::UNPROCESSABLE_ENTITY, &SignIn::of(ctx, &form, error)?)
    })
    .await
}

/// `POST /sign-in/demo`: only accounts that the program was started with buttons for.
pub(crate) async fn demo(post: GuestPost) -> Response {
    post.page(|ctx, form| {
        let email = Email::parse(form.text("email")).map_err(|_| PageError::NotFound)?;
        if !ctx.web.demo_accounts.contains(&email) {
            return Err(PageError::NotFound);
        }
        let card = ctx.web.identity.account(&email)?.filter(|card| card.is_active).ok_or(PageError::NotFound)?;
        ctx.web.identity.admit(&card, &ctx.asked.from, ctx.web.clock.now())?;
        begin(ctx, &card, &form)
    })
    .await
}

/// The session of a person who has just proved who she is, in the oldest portal.
pub(crate) fn begin(ctx: &GuestCtx, card: &AccountCard, form: &Form) -> Result<Reply, PageError> {
    let tenant = ctx.web.identity.tenants()?.into_iter().next().ok_or(PageError::NotFound)?.tenant;
    let ticket = ctx.web.identity.new_ticket(card, &tenant);
    Ok(Reply::Session {
        change: SessionChange::Begin(Box::new(ticket)),
        address: back_to(form.raw("next")),
        cookies: vec![language_cookie(&ctx.web, card.language)],
    })
}

/// `POST /sign-out`
pub(crate) async fn leave(post: GuestPost) -> Response {
    post.page(|_, _| {
        Ok(Reply::Session { change: SessionChange::End, address: "/sign-in".to_owned(), cookies: Vec::new() })
    })
    .await
}

/// `POST /language`: the language of the pages before sign-in, kept in a cookie.
pub(crate) async fn language(post: GuestPost) -> Response {
    post.page(|ctx, form| {
        let language = Language::parse(form.text("language")).unwrap_or(ctx.w.language());
        let cookies = vec![language_cookie(&ctx.web, language)];
        Ok(Reply::SeeWith { address: back_to(form.raw("next")), cookies })
    })
    .await
}

/// Keeps a language for a year.
pub(crate) fn language_cookie(web: &Web, language: Language) -> String {
    let secure = if web.is_https() { "; Secure" } else { "" };
    format!("{LANGUAGE_COOKIE}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}", language.code())
}

/// The time zone a page before sign-in chose by script, or UTC.
pub(crate) fn zone_of(form: &Form) -> String {
    let zone = form.text("zone");
    if TimeZone::get(zone).is_ok() { zone.to_owned() } else { "UTC".to_owned() }
}

pub(crate) fn samples(w: Words) -> Vec<Sample> {
    let filled = Form::empty().with("email", "li.ming@zylker.example").with("next", "/crm/deals");
    let plain = SignIn::new(w, Gate::sample(w), &Form::empty(), String::new());
    let demo = vec![DemoAccount::new("李明", "li.ming@zylker.example")];
    let wrong = SignIn::new(w, Gate::sample(w), &filled, w.sign_in_wrong().to_owned());
    rendered("sign_in", vec![SignIn { demo, organisation: "Zylker".into(), ..plain }, wrong])
}
