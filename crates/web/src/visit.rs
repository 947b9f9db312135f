//! One request: who asks for what, the blocking work behind it, and the answer.
//!
//! Async ends here. A route takes a [`Visit`] (it looks) or a [`Post`] (it changes), and gives a closure that runs in
//! the pool with everything a page needs, [`Ctx`]. Guests, who are not signed in, are in [`crate::guest`].

use std::convert::Infallible;
use std::net::SocketAddr;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use i18n::{Language, Words, accepted_language};
use identity::csrf::{check_origin, check_token};
use identity::session::Ticket;
use jiff::tz::TimeZone;
use ports::{Acting, Date, Moment, Origin};

use crate::address::Address;
use crate::error::PageError;
use crate::form::Form;
use crate::pool::NotRun;
use crate::press::Press;
use crate::reply::Reply;
use crate::session::{self, Person};
use crate::shell::{Shell, Toast};
use crate::show::Hidden;
use crate::state::Web;

/// What the request says, whoever makes it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Path and query.
    pub address: Address,
    /// Whether htmx asks for a fragment.
    pub is_fragment: bool,
    /// Number of the request, shown on error pages and written to the log.
    pub reference: String,
    /// The language of the cookie or of the browser, for who is not signed in.
    pub language: Language,
    /// A text that the page before left for this one.
    pub toast: Option<Toast>,
    /// Whether the request may change something.
    pub(crate) is_change: bool,
    /// Network address of who asks, to slow down guessing.
    pub(crate) from: String,
    pub(crate) ticket: Option<Ticket>,
}

/// A signed-in person looks at something.
pub struct Visit {
    /// State of the router.
    pub web: Web,
    /// The request.
    pub asked: Asked,
}

/// A signed-in person changes something.
pub struct Post {
    visit: Visit,
    form: Form,
    is_own_origin: bool,
}

/// Everything a page needs, inside the pool.
pub struct Ctx {
    /// Services, clock, ids.
    pub web: Web,
    /// On whose behalf services are called.
    pub acting: Acting,
    /// The person, for what is shown; rights here only hide, services decide.
    pub person: Person,
    /// Messages in the person's language.
    pub w: Words,
    /// The person's time zone.
    pub zone: TimeZone,
    /// The instant of the request.
    pub now: Moment,
    /// The person's day.
    pub today: Date,
    /// The request.
    pub asked: Asked,
}

impl Ctx {
    fn new(web: Web, asked: Asked, person: Person) -> Self {
        let now = web.clock.now();
        Self {
            acting: Acting { tenant: person.tenant.clone(), email: person.email.clone(), origin: Origin::Form },
            w: Words::new(person.language),
            zone: person.zone.clone(),
            today: now.date_in(&person.zone),
            now,
            person,
            asked,
            web,
        }
    }

    /// The frame around the page, with its title. See [`Shell`] for crumbs and place.
    #[must_use]
    pub fn shell(&self, title: impl Into<String>) -> Shell {
        Shell::new(self, title.into())
    }

    /// What every form sends unseen. A form that is shown again keeps its press token: `Hidden` by `form.press()`.
    #[must_use]
    pub fn hidden(&self, form: &Form) -> Hidden {
        let press = if form.press().is_empty() { self.web.ids.next() } else { form.press().to_owned() };
        Hidden::new(self.person.csrf.clone(), press)
    }

    /// As [`Ctx::hidden`] for a form that changes a record: with the version the person sees, and the values it opened
    /// with, so that a stale form can tell who changed what (44c). `form` has the record's values when it is opened.
    #[must_use]
    pub fn hidden_of(&self, form: &Form, version: i64, names: &[&str]) -> Hidden {
        let version = form.version().unwrap_or(version);
        names.iter().fold(self.hidden(form).version(version), |hidden, name| {
            let opened = format!("was.{name}");
            let value = if form.has(&opened) { form.raw(&opened) } else { form.raw(name) };
            hidden.with(opened.as_str(), value)
        })
    }

    /// The page.
    pub fn show(&self, page: &impl Template) -> Result<Reply, PageError> {
        Reply::page(StatusCode::OK, page)
    }

    /// The form again, with what is wrong.
    pub fn show_again(&self, page: &impl Template) -> Result<Reply, PageError> {
        Reply::page(StatusCode::UNPROCESSABLE_ENTITY, page)
    }

    /// On to another page, after a change.
    pub fn see(&self, address: impl Into<String>) -> Result<Reply, PageError> {
        Ok(Reply::See { address: address.into(), toast: None })
    }

    /// On to another page, which says what was done.
    pub fn see_saying(&self, address: impl Into<String>, said: impl Into<String>) -> Result<Reply, PageError> {
        Ok(Reply::See { address: address.into(), toast: Some(Toast::new(said)) })
    }
}

impl Visit {
    /// Runs `work` for the signed-in person and answers with what it gives. Who is not signed in is sent to sign in.
    pub async fn page<F>(self, work: F) -> Response
    where
        F: FnOnce(&Ctx) -> Result<Reply, PageError> + Send + 'static,
    {
        self.run(move |ctx| work(ctx)).await
    }

    async fn run<F>(self, work: F) -> Response
    where
        F: FnOnce(&Ctx) -> Result<Reply, PageError> + Send + 'static,
    {
        let Self { web, asked } = self;
        let (inner, request) = (web.clone(), asked.clone());
        let run = move || {
            let person = match session::person(&inner, request.ticket.as_ref()) {
                Ok(Some(person)) => person,
                Ok(None) => return PageError::SignIn.answer(&inner, &request, None),
                Err(error) => return error.answer(&inner, &request, None),
            };
            let ctx = Ctx::new(inner.clone(), request.clone(), person);
            match work(&ctx) {
                Ok(reply) => reply.answer(&inner, &request),
                Err(error) => error.answer(&inner, &request, Some(&ctx)),
            }
        };
        match web.pool.run(run).await {
            Ok(response) => response,
            Err(NotRun::Busy) => PageError::Busy.answer(&web, &asked, None),
            Err(NotRun::Panicked) => PageError::Broken("a page panicked".to_owned()).answer(&web, &asked, None),
        }
    }
}

impl Post {
    /// Runs `work` with the form for the signed-in person. A form from elsewhere, or without the person's token, is
    /// refused; one that was sent before leads to where the first one led.
    pub async fn page<F>(self, work: F) -> Response
    where
        F: FnOnce(&Ctx, Form) -> Result<Reply, PageError> + Send + 'static,
    {
        let Self { visit, form, is_own_origin } = self;
        // The token of the session stands for the person: it is checked before the key means anything.
        let key = format!("{} {} {}", form.text("csrf"), visit.asked.address.path(), form.press());
        if !form.press().is_empty() {
            visit.web.presses.ended(&key).await;
        }
        visit
            .run(move |ctx| {
                if !is_own_origin || check_token(&ctx.person.csrf, Some(form.text("csrf"))).is_err() {
                    return Err(PageError::ForeignForm);
                }
                if form.press().is_empty() {
                    return with_form(work(ctx, form.clone()), &form);
                }
                match ctx.web.presses.claim(&key) {
                    Press::Done(address) => return ctx.see(address),
                    Press::Running => return Err(PageError::Twice),
                    Press::First => {}
                }
                let reply = with_form(work(ctx, form.clone()), &form);
                match &reply {
                    Ok(Reply::See { address, .. }) => ctx.web.presses.done(&key, address),
                    Ok(_) | Err(_) => ctx.web.presses.free(&key),
                }
                reply
            })
            .await
    }
}

/// A page that could not save shows what was typed (44d).
fn with_form(reply: Result<Reply, PageError>, form: &Form) -> Result<Reply, PageError> {
    reply.map_err(|error| match error {
        PageError::Busy => PageError::BusyWith(form.kept()),
        PageError::Full => PageError::FullWith(form.kept()),
        other => other,
    })
}

impl Asked {
    pub(crate) async fn with_ticket(web: &Web, parts: &mut Parts) -> Self {
        let ticket = session::ticket(parts, web.clock.now()).await;
        Self { ticket, ..Self::read(web, parts) }
    }

    pub(crate) fn read(web: &Web, parts: &Parts) -> Self {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let language = cookie(&parts.headers, LANGUAGE_COOKIE).and_then(|code| Language::parse(&code).ok());
        let accepted = header(ACCEPT_LANGUAGE.as_str());
        Self {
            address: Address::read(parts.uri.path(), parts.uri.query()),
            is_fragment: header("hx-request") == "true" && header("hx-boosted") != "true",
            reference: parts.extensions.get::<Reference>().map(|own| own.0.clone()).unwrap_or_default(),
            language: language
                .unwrap_or_else(|| if accepted.is_empty() { web.language } else { accepted_language(accepted) }),
            toast: cookie(&parts.headers, Toast::COOKIE).and_then(|text| Toast::read(&text)),
            is_change: !parts.method.is_safe(),
            from: parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(String::new(), |from| from.ip().to_string()),
            ticket: None,
        }
    }
}

/// Name of the cookie that keeps the language of who is not signed in.
pub(crate) const LANGUAGE_COOKIE: &str = "lockstep_language";

/// The number of a request, put into it by [`crate::routes`].
#[derive(Clone, Debug)]
pub(crate) struct Reference(pub(crate) String);

/// The value of a cookie.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(own, _)| *own == name)
        .map(|(_, value)| value.to_owned())
}

impl FromRequestParts<Web> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        Ok(Self { web: web.clone(), asked: Asked::with_ticket(web, parts).await })
    }
}

impl FromRequest<Web> for Post {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let (form, mut parts) = read_form(request, web).await?;
        let is_own_origin = check_origin(&parts.method, &parts.headers).is_ok();
        let visit = Visit { web: web.clone(), asked: Asked::with_ticket(web, &mut parts).await };
        Ok(Self { visit, form, is_own_origin })
    }
}

/// Reads the body of a form; a body beyond the limit is answered here.
pub(crate) async fn read_form(request: Request, web: &Web) -> Result<(Form, Parts), Response> {
    let (parts, body) = request.into_parts();
    let asked = Asked::read(web, &parts);
    let mut whole = Request::new(body);
    *whole.extensions_mut() = parts.extensions.clone();
    match Bytes::from_request(whole, web).await {
        Ok(bytes) => Ok((Form::read(&bytes), parts)),
        Err(_) => Err(PageError::TooLarge.answer(web, &asked, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_survives_a_busy_database_and_a_full_disk() {
        let form = Form::read(b"next_step=Call+George");
        let text = vec![("next_step".to_owned(), "Call George".to_owned())];
        let kept = |error| match with_form(Err(error), &form) {
            Err(PageError::BusyWith(kept) | PageError::FullWith(kept)) => kept,
            _ => Vec::new(),
        };
        assert_eq!(kept(PageError::Busy), text);
        assert_eq!(kept(PageError::Full), text);
    }
}
