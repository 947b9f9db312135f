//! What is answered when a call succeeds.

use axum::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::failure::Failure;

pub(crate) const JSON: &str = "application/json";
pub(crate) const CSV: &str = "text/csv";

/// The answer to a call: whole, so that it can be kept and given again.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) kind: &'static str,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether a repeated request gets it again; not for work that goes on.
    pub(crate) is_kept: bool,
}

/// A list as every collection answers.
#[derive(Serialize)]
pub(crate) struct List<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<String>,
}

impl Answer {
    pub(crate) fn ok<T: Serialize>(document: &T) -> Result<Self, Failure> {
        Self::json(StatusCode::OK, document)
    }

    pub(crate) fn created<T: Serialize>(document: &T) -> Result<Self, Failure> {
        Self::json(StatusCode::CREATED, document)
    }

    pub(crate) fn begun<T: Serialize>(document: &T) -> Result<Self, Failure> {
        Self::json(StatusCode::ACCEPTED, document)
    }

    pub(crate) fn nothing() -> Self {
        Self { status: StatusCode::NO_CONTENT, kind: JSON, headers: Vec::new(), body: Vec::new(), is_kept: true }
    }

    /// A whole list as a file.
    pub(crate) fn csv(text: String) -> Self {
        Self { status: StatusCode::OK, kind: CSV, headers: Vec::new(), body: text.into_bytes(), is_kept: true }
    }

    /// For work that goes on: asked again, the answer will be another.
    pub(crate) fn going_on(mut self) -> Self {
        self.is_kept = false;
        self
    }

    pub(crate) fn with_etag(mut self, etag: String) -> Self {
        self.headers.push((ETAG, etag));
        self
    }

    /// `path` lies below the base of the API.
    pub(crate) fn at(mut self, path: &str) -> Self {
        self.headers.push((LOCATION, format!("{}{path}", crate::BASE)));
        self
    }

    fn json<T: Serialize>(status: StatusCode, document: &T) -> Result<Self, Failure> {
        let body = serde_json::to_vec(document).map_err(Failure::internal)?;
        Ok(Self { status, kind: JSON, headers: Vec::new(), body, is_kept: true })
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let is_empty = self.body.is_empty();
        let mut response = (self.status, self.body).into_response();
        response.headers_mut().remove(CONTENT_TYPE);
        if !is_empty {
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(self.kind));
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
