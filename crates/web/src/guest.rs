//! Requests of people who are not signed in: signing in, first start, invitations.

use std::convert::Infallible;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::response::Response;
use i18n::{Language, Words, language_name};
use identity::csrf::check_origin;
use tower_sessions::Session;

use crate::error::PageError;
use crate::form::Form;
use crate::pool::NotRun;
use crate::reply::Reply;
use crate::session;
use crate::state::Web;
use crate::visit::{Asked, read_form};

/// Somebody looks at a page before signing in.
pub struct Guest {
    /// State of the router.
    pub web: Web,
    /// The request.
    pub asked: Asked,
    session: Option<Session>,
}

/// Somebody sends a form before signing in. Such forms have no token: their origin is checked.
pub struct GuestPost {
    guest: Guest,
    form: Form,
    is_own_origin: bool,
}

/// What a page before sign-in needs, inside the pool.
pub struct GuestCtx {
    /// State of the router.
    pub web: Web,
    /// The request.
    pub asked: Asked,
    /// Messages in the language of the cookie or the browser.
    pub w: Words,
}

/// What stands around the form of sign-in and first start.
#[derive(Clone, Debug)]
pub struct Gate {
    pub(crate) host: String,
    pub(crate) here: String,
    pub(crate) languages: Vec<(&'static str, &'static str, bool)>,
    pub(crate) day: String,
}

impl GuestCtx {
    /// What stands around a form.
    #[must_use]
    pub fn gate(&self) -> Gate {
        let today = self.web.clock.now().date_in(&jiff::tz::TimeZone::UTC);
        Gate {
            host: self.web.host().to_owned(),
            here: self.asked.address.to_string(),
            languages: languages(self.w.language()),
            day: self.w.date(today.plus_days(14), today),
        }
    }
}

impl Gate {
    /// For samples.
    #[must_use]
    pub fn sample(w: Words) -> Self {
        let day = "12/4".to_owned();
        Self {
            host: "lockstep.zylker.example".into(),
            here: "/sign-in".into(),
            languages: languages(w.language()),
            day,
        }
    }
}

fn languages(present: Language) -> Vec<(&'static str, &'static str, bool)> {
    Language::ALL.iter().map(|own| (own.code(), language_name(*own), *own == present)).collect()
}

impl Guest {
    /// Runs `work` and answers with what it gives. A session that begins or ends does so before the answer.
    pub async fn page<F>(self, work: F) -> Response
    where
        F: FnOnce(&GuestCtx) -> Result<Reply, PageError> + Send + 'static,
    {
        let Self { web, asked, session } = self;
        let ctx = GuestCtx { w: Words::new(asked.language), web: web.clone(), asked: asked.clone() };
        let reply = match web.pool.run(move || work(&ctx)).await {
            Ok(reply) => reply,
            Err(NotRun::Busy) => Err(PageError::Busy),
            Err(NotRun::Panicked) => Err(PageError::Broken("a page panicked".to_owned())),
        };
        let reply = match reply {
            Ok(Reply::Session { change, address, cookies }) => {
                session::apply(session, change).await.map(|()| Reply::SeeWith { address, cookies })
            }
            other => other,
        };
        match reply {
            Ok(reply) => reply.answer(&web, &asked),
            Err(error) => error.answer(&web, &asked, None),
        }
    }
}

impl GuestPost {
    /// Runs `work` with the form; one that another site sent is refused.
    pub async fn page<F>(self, work: F) -> Response
    where
        F: FnOnce(&GuestCtx, Form) -> Result<Reply, PageError> + Send + 'static,
    {
        let Self { guest, form, is_own_origin } = self;
        guest.page(move |ctx| if is_own_origin { work(ctx, form) } else { Err(PageError::ForeignForm) }).await
    }
}

impl FromRequestParts<Web> for Guest {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        let session = parts.extensions.get::<Session>().cloned();
        Ok(Self { web: web.clone(), asked: Asked::with_ticket(web, parts).await, session })
    }
}

impl FromRequest<Web> for GuestPost {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let (form, mut parts) = read_form(request, web).await?;
        let is_own_origin = check_origin(&parts.method, &parts.headers).is_ok();
        let session = parts.extensions.get::<Session>().cloned();
        let guest = Guest { web: web.clone(), asked: Asked::with_ticket(web, &mut parts).await, session };
        Ok(Self { guest, form, is_own_origin })
    }
}
