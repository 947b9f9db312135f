//! The first start (35): who holds the token of the console makes the administrator.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use i18n::Words;
use identity::Secret;
use identity::first_start::FirstStart;

use crate::error::PageError;
use crate::form::Form;
use crate::guest::{Gate, Guest, GuestCtx, GuestPost};
use crate::pages::setup::sign_in;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::show::{Field, Opt, Problems};

/// Currencies that are offered first; any other can be set later.
const CURRENCIES: [&str; 8] = ["USD", "EUR", "GBP", "CNY", "JPY", "INR", "CHF", "AUD"];

#[derive(Template)]
#[template(path = "pages/setup/start.html")]
struct Start {
    w: Words,
    gate: Gate,
    problems: Problems,
    fields: Vec<Field>,
}

impl Start {
    fn new(w: Words, gate: Gate, form: &Form) -> Self {
        let currencies = CURRENCIES.iter().map(|code| Opt::new(*code, *code)).collect();
        let token = form.field("token", w.start_token()).hint(w.start_token_hint()).icon("key").large().required();
        let token = token.autocomplete("one-time-code");
        Self {
            w,
            gate,
            problems: form.problems(w),
            fields: vec![
                if form.text("token").is_empty() { token.focused() } else { token },
                form.field("organisation", w.start_organisation()).large().required().autocomplete("organization"),
                form.field("name", w.start_name()).large().required().autocomplete("name"),
                form.field("email", w.start_email()).email().large().required().autocomplete("username"),
                form.field("password", w.sign_in_password())
                    .password()
                    .hint(w.start_password_hint())
                    .large()
                    .required()
                    .autocomplete("new-password"),
                form.field("currency", w.start_currency()).select(currencies).large(),
            ],
        }
    }
}

/// `GET /start?token=`
pub(crate) async fn form(guest: Guest) -> Response {
    guest
        .page(|ctx| {
            if !ctx.web.identity.is_new()? {
                return Ok(Reply::See { address: "/sign-in".to_owned(), toast: None });
            }
            let token = ctx.asked.address.value("token").unwrap_or_default();
            let currency = if ctx.w.language() == i18n::Language::ZhCn { "CNY" } else { "USD" };
            let form = Form::empty().with("token", token).with("currency", currency);
            Reply::page(StatusCode::OK, &Start::new(ctx.w, ctx.gate(), &form))
        })
        .await
}

/// `POST /start`
pub(crate) async fn found(post: GuestPost) -> Response {
    post.page(|ctx, mut form| {
        if !ctx.web.identity.is_new()? {
            return Ok(Reply::See { address: "/sign-in".to_owned(), toast: None });
        }
        for name in ["token", "organisation", "name"] {
            form.required(name, ctx.w);
        }
        form.email("email", ctx.w);
        if form.is_valid()
            && let Some(reply) = try_to_found(ctx, &mut form)?
        {
            return Ok(reply);
        }
        Reply::page(StatusCode::UNPROCESSABLE_ENTITY, &Start::new(ctx.w, ctx.gate(), &form))
    })
    .await
}

/// `None` if something is wrong with the form.
fn try_to_found(ctx: &GuestCtx, form: &mut Form) -> Result<Option<Reply>, PageError> {
    let first = FirstStart {
        token: Secret::new(form.text("token")),
        organisation: form.text("organisation").to_owned(),
        email: form.text("email").to_owned(),
        name: form.text("name").to_owned(),
        password: Secret::new(form.raw("password")),
        language: ctx.w.language(),
        zone: sign_in::zone_of(form),
        currency: form.text("currency").to_owned(),
    };
    match (ctx.web.found)(&first, &ctx.asked.from) {
        Ok(founded) => sign_in::begin(ctx, &founded.administrator, &Form::empty()).map(Some),
        Err(identity::IdentityError::TooManyTries { .. }) => {
            form.fail("token", ctx.w.start_token_tries());
            Ok(None)
        }
        Err(error) => form.take(error, ctx.w).map(|()| None),
    }
}

pub(crate) fn samples(w: Words) -> Vec<Sample> {
    let mut wrong = Form::empty().with("token", "K7QF-2M9X-WD4T").with("email", "li.ming@zylker.example");
    wrong.fail_code("token", "expired", w);
    rendered("start", vec![Start::new(w, Gate::sample(w), &Form::empty()), Start::new(w, Gate::sample(w), &wrong)])
}
