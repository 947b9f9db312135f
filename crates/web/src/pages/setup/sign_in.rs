//! Sign-in (01, 01b), signing out, and the language of who is not signed in.

use askama::Template;
use axum::response::Response;
use i18n::{Language, Words};

use crate::form::Form;
use crate::guest::{Gate, Guest, GuestCtx, GuestPost};
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::shell::back_to;
use crate::show::{Avatar, Field};
use crate::state::Web;
use crate::visit::LANGUAGE_COOKIE;

/// A demo account with its button.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) remark: String,
    pub(crate) avatar: Avatar,
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
    fn new(w: Words, gate: Gate, organisation: String, form: &Form, error: String) -> Self {
        let email = form.field("email", w.sign_in_email()).email().large().required().autocomplete("username");
        let password = form.field("password", w.sign_in_password()).password().large().required();
        Self {
            w,
            gate,
            organisation,
            next: back_to(form.raw("next")),
            email: if form.text("email").is_empty() { email.focused() } else { email },
            password: password.autocomplete("current-password"),
            error,
            demo: Vec::new(),
        }
    }
}

pub(crate) async fn form(guest: Guest) -> Response {
    guest
        .page(|ctx| {
            let next = ctx.asked.address.value("next").unwrap_or("/");
            let form = Form::empty().with("next", next);
            Reply::page(axum::http::StatusCode::OK, &page(ctx, &form, String::new()))
        })
        .await
}

fn page(ctx: &GuestCtx, form: &Form, error: String) -> SignIn {
    SignIn::new(ctx.w, ctx.gate(), String::new(), form, error)
}

pub(crate) async fn enter(post: GuestPost) -> Response {
    post.page(|ctx, form| {
        let error = ctx.w.sign_in_wrong().to_owned();
        Reply::page(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &page(ctx, &form, error))
    })
    .await
}

pub(crate) async fn leave(post: GuestPost) -> Response {
    post.page(|_, _| Ok(Reply::SeeWith { address: "/sign-in".to_owned(), cookies: Vec::new() })).await
}

/// The language of the pages before sign-in, kept in a cookie.
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

pub(crate) fn samples(w: Words) -> Vec<Sample> {
    let filled = Form::empty().with("email", "li.ming@zylker.example").with("next", "/crm/deals");
    let plain = SignIn::new(w, Gate::sample(w), "Zylker".into(), &Form::empty(), String::new());
    let demo = vec![DemoAccount {
        email: "li.ming@zylker.example".into(),
        name: "李明".into(),
        remark: "CRM".into(),
        avatar: Avatar::new("李明", "li.ming@zylker.example"),
    }];
    let wrong = SignIn::new(w, Gate::sample(w), String::new(), &filled, w.sign_in_wrong().to_owned());
    rendered("sign_in", vec![SignIn { demo, ..plain }, wrong])
}
