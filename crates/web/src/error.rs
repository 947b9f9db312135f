//! What goes wrong on a page, and the page that says so (44, 44b, 44c, 44d).

use askama::Template;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use i18n::Words;
use ports::Reason;

use crate::address::{Address, is_own_path};
use crate::failure;
use crate::pages::{Sample, rendered};
use crate::shell::Shell;
use crate::show::Way;
use crate::stale::{Stale, StalePage};
use crate::state::Web;
use crate::visit::{Asked, Ctx};

/// Why a page cannot be shown, or a change was not made. A page returns it with `?`.
#[derive(Debug)]
pub enum PageError {
    /// There is nothing here, or the person may not know of it (44).
    NotFound,
    /// The same, with a sentence of its own and ways on.
    Lost(Notice),
    /// The person may know that it exists, but not enter or do it (44b).
    NoPermission,
    /// The same, with who can let the person in.
    Denied(Notice),
    /// A rule says no.
    Refused(Reason),
    /// The record was changed since the form was opened (44c).
    Stale(Box<Stale>),
    /// The database did not answer in time (44d).
    Busy,
    /// The same, with what was typed.
    BusyWith(Vec<(String, String)>),
    /// The disk is full (44d with another first sentence).
    Full,
    /// The same, with what was typed.
    FullWith(Vec<(String, String)>),
    /// Nobody is signed in, or the session has ended.
    SignIn,
    /// The form came from another site, or its token is not the session's.
    ForeignForm,
    /// What the person looked at is not so any more; nothing was done.
    Moved,
    /// The same form is still being worked on.
    Twice,
    /// The form was larger than is taken.
    TooLarge,
    /// Our fault; the text goes to the log.
    Broken(String),
}

/// Headline, sentence and ways on of an error page.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The headline.
    pub title: String,
    /// What it means, and what was not changed.
    pub text: String,
    /// Where to go from here; Home is added.
    pub ways: Vec<Way>,
}

impl PageError {
    /// 44 with a sentence that names what was looked for.
    #[must_use]
    pub fn lost(w: Words, text: impl Into<String>, ways: Vec<Way>) -> Self {
        Self::Lost(Notice { title: w.lost_title().to_owned(), text: text.into(), ways })
    }

    /// 44b.
    #[must_use]
    pub fn denied(title: impl Into<String>, text: impl Into<String>, ways: Vec<Way>) -> Self {
        Self::Denied(Notice { title: title.into(), text: text.into(), ways })
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::Lost(_) => StatusCode::NOT_FOUND,
            Self::NoPermission | Self::Denied(_) | Self::ForeignForm => StatusCode::FORBIDDEN,
            Self::Stale(_) | Self::Twice | Self::Moved => StatusCode::CONFLICT,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Busy | Self::BusyWith(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Full | Self::FullWith(_) => StatusCode::INSUFFICIENT_STORAGE,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The answer: a page with the frame if it can be made, one without it otherwise.
    pub(crate) fn answer(self, web: &Web, asked: &Asked, ctx: Option<&Ctx>) -> Response {
        let status = self.status();
        let reference = asked.reference.as_str();
        match &self {
            Self::Broken(why) => tracing::error!(reference, "request {reference} failed: {why}"),
            Self::Busy | Self::BusyWith(_) | Self::Full | Self::FullWith(_) => {
                tracing::warn!(reference, "request {reference}: the database did not take it");
            }
            _ => {}
        }
        let w = Words::new(ctx.map_or(asked.language, |ctx| ctx.person.language));
        let html = match self {
            Self::SignIn if !asked.is_change => return sign_in(asked),
            Self::SignIn => render(&SessionEnded { w, next: next_of(asked), asked_again: asked.address.to_string() }),
            Self::Stale(stale) => match ctx {
                Some(ctx) => render(&StalePage::new(ctx, *stale)),
                None => Err(askama::Error::Fmt),
            },
            Self::Busy => render(&BusyPage::new(w, asked, Vec::new(), true)),
            Self::BusyWith(values) => render(&BusyPage::new(w, asked, values, true)),
            Self::Full => render(&BusyPage::new(w, asked, Vec::new(), false)),
            Self::FullWith(values) => render(&BusyPage::new(w, asked, values, false)),
            other => other.notice_page(web, asked, ctx, w),
        };
        let html = html.unwrap_or_else(|error| {
            tracing::error!(reference, "the error page of request {reference} failed: {error}");
            String::new()
        });
        (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
    }

    fn notice_page(self, web: &Web, asked: &Asked, ctx: Option<&Ctx>, w: Words) -> Result<String, askama::Error> {
        let broken =
            Notice { title: w.broken_title().to_owned(), text: w.broken_text(&asked.reference), ways: Vec::new() };
        let plain =
            |title: &str, text: &str| Notice { title: title.to_owned(), text: text.to_owned(), ways: Vec::new() };
        let is_lock = matches!(self, Self::NoPermission | Self::Denied(_));
        let notice = match self {
            Self::NotFound => plain(w.lost_title(), w.lost_text()),
            Self::Lost(notice) | Self::Denied(notice) => notice,
            Self::Refused(reason) => failure::notice(&reason, w),
            Self::NoPermission => plain(w.denied_title(), w.denied_text()),
            Self::ForeignForm => plain(w.foreign_title(), w.foreign_text()),
            Self::Moved => plain(w.moved_title(), w.moved_text()),
            Self::Twice => plain(w.twice_title(), w.twice_text()),
            Self::TooLarge => plain(w.too_large_title(), w.too_large_text()),
            _ => broken,
        };
        match ctx {
            Some(ctx) if asked.is_fragment => {
                let shell = ctx.shell(notice.title.clone());
                render(&NoticePage { w, shell, notice, is_lock }.as_notice())
            }
            Some(ctx) => {
                let shell = ctx.shell(notice.title.clone()).crumb(notice.title.clone());
                render(&NoticePage { w, shell, notice, is_lock })
            }
            None => render(&NoticeSheet { w, host: web.host().to_owned(), notice }),
        }
    }
}

/// Samples of the error pages.
pub(crate) fn samples(w: Words) -> Vec<Sample> {
    let notice = || Notice {
        title: w.lost_title().into(),
        text: w.lost_text().into(),
        ways: vec![Way::primary(w.nav_deals(), "/crm/deals")],
    };
    let page = |is_lock| NoticePage { w, shell: Shell::sample(w).crumb(w.lost_title()), notice: notice(), is_lock };
    let busy = |typed: Vec<(String, String)>, is_busy| BusyPage {
        w,
        is_busy,
        action: "/crm/tasks/1".into(),
        hidden: typed.iter().map(|_| ("csrf".to_owned(), "token".to_owned())).collect(),
        typed,
        reference: "7F3-K2Q".into(),
    };
    let text = vec![("comment".to_owned(), "<好> & 7".to_owned())];
    [
        rendered("notice", vec![page(false), page(true)]),
        rendered("notice_sheet", vec![NoticeSheet { w, host: "lockstep.zylker.example".into(), notice: notice() }]),
        rendered(
            "session_ended",
            vec![SessionEnded { w, next: "/sign-in".into(), asked_again: "/crm/tasks/1".into() }],
        ),
        rendered("busy", vec![busy(text, true), busy(Vec::new(), false)]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn render(page: &impl Template) -> Result<String, askama::Error> {
    page.render()
}

/// To the sign-in page and back. htmx is told to leave the page.
fn sign_in(asked: &Asked) -> Response {
    let address = Address::new("/sign-in").with("next", &asked.address.to_string()).to_string();
    let mut headers = HeaderMap::new();
    let Ok(place) = HeaderValue::from_str(&address) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    if asked.is_fragment {
        headers.insert(HeaderName::from_static("hx-redirect"), place);
        return (StatusCode::UNAUTHORIZED, headers).into_response();
    }
    headers.insert(LOCATION, place);
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// Where to go after signing in again: the page of the form.
fn next_of(asked: &Asked) -> String {
    let path = asked.address.to_string();
    let back = if is_own_path(&path) { path } else { "/".to_owned() };
    Address::new("/sign-in").with("next", &back).to_string()
}

/// 44 and 44b inside the frame.
#[derive(Template)]
#[template(path = "pages/notice.html", blocks = ["notice"])]
pub(crate) struct NoticePage {
    pub(crate) w: Words,
    pub(crate) shell: Shell,
    pub(crate) notice: Notice,
    pub(crate) is_lock: bool,
}

/// The same without a frame, for who is not signed in.
#[derive(Template)]
#[template(path = "pages/notice_sheet.html")]
pub(crate) struct NoticeSheet {
    pub(crate) w: Words,
    pub(crate) host: String,
    pub(crate) notice: Notice,
}

/// A form was sent after the session had ended; the text is in the tab.
#[derive(Template)]
#[template(path = "pages/session_ended.html")]
pub(crate) struct SessionEnded {
    pub(crate) w: Words,
    pub(crate) next: String,
    pub(crate) asked_again: String,
}

/// 44d: what was typed, to be sent again.
#[derive(Template)]
#[template(path = "pages/busy.html")]
pub(crate) struct BusyPage {
    pub(crate) w: Words,
    pub(crate) is_busy: bool,
    pub(crate) action: String,
    pub(crate) hidden: Vec<(String, String)>,
    /// Name and text of what was typed in several words.
    pub(crate) typed: Vec<(String, String)>,
    pub(crate) reference: String,
}

/// Names of values that a person never typed.
const UNTYPED: [&str; 3] = ["press", "version", "csrf"];

impl BusyPage {
    fn new(w: Words, asked: &Asked, values: Vec<(String, String)>, is_busy: bool) -> Self {
        let is_typed =
            |value: &(String, String)| !UNTYPED.contains(&value.0.as_str()) && value.1.contains(char::is_whitespace);
        let (typed, hidden) = values.into_iter().partition(is_typed);
        Self { w, is_busy, action: asked.address.to_string(), hidden, typed, reference: asked.reference.clone() }
    }
}
