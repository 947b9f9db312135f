//! What a page answers with.

use askama::Template;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::error::PageError;
use crate::session::SessionChange;
use crate::shell::Toast;
use crate::state::Web;
use crate::visit::Asked;

/// An answer, before it is bytes.
#[derive(Debug)]
pub enum Reply {
    /// A page or a fragment of one.
    Html {
        /// 200, 422 for a form with errors, or what an error page needs.
        status: StatusCode,
        /// The text.
        html: String,
    },
    /// Another page, after a change.
    See {
        /// A path of ours.
        address: String,
        /// What the next page says.
        toast: Option<Toast>,
    },
    /// Another page, with cookies: signing in and out, changing the language.
    SeeWith {
        /// A path of ours.
        address: String,
        /// Values of `Set-Cookie`.
        cookies: Vec<String>,
    },
    /// Another page, with a session that begins or ends. Only for [`crate::guest`].
    Session {
        /// What happens to the session.
        change: SessionChange,
        /// A path of ours.
        address: String,
        /// Values of `Set-Cookie` besides the session's own.
        cookies: Vec<String>,
    },
}

impl Reply {
    /// A rendered page.
    pub fn page(status: StatusCode, page: &impl Template) -> Result<Self, PageError> {
        let html = page.render().map_err(|error| PageError::Broken(format!("a template failed: {error}")))?;
        Ok(Self::Html { status, html })
    }

    /// A rendered part of a page, for htmx.
    pub fn fragment(part: &impl Template) -> Result<Self, PageError> {
        Self::page(StatusCode::OK, part)
    }

    pub(crate) fn answer(self, web: &Web, asked: &Asked) -> Response {
        match self {
            Self::Html { status, html } => {
                let mut headers = HeaderMap::new();
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
                if asked.toast.is_some() && !asked.is_fragment {
                    add_cookie(&mut headers, &Toast::spent(web));
                }
                (status, headers, html).into_response()
            }
            Self::See { address, toast } => {
                let cookies = toast.map(|toast| toast.cookie(web)).into_iter().collect::<Vec<_>>();
                see(asked, &address, &cookies)
            }
            Self::SeeWith { address, cookies } | Self::Session { address, cookies, .. } => {
                see(asked, &address, &cookies)
            }
        }
    }
}

/// 303 for a browser. htmx would put the other page into the fragment's place, so it is told to go there.
fn see(asked: &Asked, address: &str, cookies: &[String]) -> Response {
    let mut headers = HeaderMap::new();
    let Ok(place) = HeaderValue::from_str(address) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    for cookie in cookies {
        add_cookie(&mut headers, cookie);
    }
    if asked.is_fragment {
        headers.insert(HeaderName::from_static("hx-redirect"), place);
        (StatusCode::NO_CONTENT, headers).into_response()
    } else {
        headers.insert(LOCATION, place);
        (StatusCode::SEE_OTHER, headers).into_response()
    }
}

fn add_cookie(headers: &mut HeaderMap, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        headers.append(SET_COOKIE, value);
    }
}
