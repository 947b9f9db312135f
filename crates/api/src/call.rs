//! One call: who makes it, and what was sent, held against the description of the operation.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::Query;
use axum::http::header::{ACCEPT, CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use bridge::connection::Connection;
use i18n::Words;
use ports::{Acting, ConnectionId, Email, Moment};
use serde::de::DeserializeOwned;

use crate::answer::{CSV, JSON};
use crate::auth::Caller;
use crate::code::Code;
use crate::contract::Operation;
use crate::cursor::Binding;
use crate::failure::Failure;
use crate::fault::{Fault, FaultCode};
use crate::press::PressKey;
use crate::state::Api;

pub(crate) const KEY: &str = "idempotency-key";
const BASIS: &str = "lockstep-basis";
const LIMIT_DEFAULT: usize = 50;

/// A call whose parameters and body fit the description.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) api: Api,
    pub(crate) caller: Caller,
    pub(crate) w: Words,
    pub(crate) now: Moment,
    pub(crate) operation: Arc<Operation>,
    path: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    headers: HeaderMap,
    uri_path: String,
    body: Vec<u8>,
}

/// What arrives from the network.
pub(crate) struct Arrived {
    pub(crate) parts: Parts,
    pub(crate) path: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Call {
    /// Holds a request against the description. Errors: 400, 404, 406, 415, 422, each with what is wrong.
    pub(crate) fn new(
        api: Api,
        operation: Arc<Operation>,
        caller: Caller,
        w: Words,
        arrived: Arrived,
    ) -> Result<Self, Failure> {
        let Arrived { parts, path, body } = arrived;
        let schemas = Arc::clone(&api.contract().schemas);
        for (name, schema) in &operation.path_parameters {
            let text = path.get(name).map(String::as_str).unwrap_or_default();
            if !schemas.parameter_faults(schema, text, name).is_empty() {
                return Err(Failure::of(Code::NotFound));
            }
        }
        let mut faults = Vec::new();
        let query = query(&parts, &operation, &mut faults);
        for (name, text) in &query {
            if let Some(schema) = operation.query.get(name) {
                faults.extend(schemas.parameter_faults(schema, text, &format!("?{name}")));
            }
        }
        for (name, (schema, _)) in &operation.headers {
            if let Some(value) = parts.headers.get(name) {
                let text = value.to_str().unwrap_or("\0");
                faults.extend(schemas.parameter_faults(schema, text, name));
            }
        }
        if !faults.is_empty() {
            return Err(Failure::request(faults));
        }
        check_accept(&operation, &parts.headers)?;
        check_body(&api, &operation, &parts, &body)?;
        if operation.takes_header(KEY) && !parts.headers.contains_key(KEY) {
            return Err(Failure::of(Code::KeyMissing));
        }
        if operation.takes_header("if-match") && !parts.headers.contains_key(IF_MATCH) {
            return Err(Failure::of(Code::IfMatchRequired));
        }
        let now = api.now();
        let uri_path = parts.uri.path().to_owned();
        Ok(Self { api, caller, w, now, operation, path, query, headers: parts.headers, uri_path, body })
    }

    pub(crate) fn acting(&self) -> &Acting {
        &self.caller.acting
    }

    /// A parameter of the path; the router matched it, so it is there.
    pub(crate) fn path(&self, name: &str) -> &str {
        self.path.get(name).map(String::as_str).unwrap_or_default()
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// The values of a list parameter; none if it was not sent.
    pub(crate) fn several(&self, name: &str) -> Vec<&str> {
        self.text(name).map(|text| text.split(',').collect()).unwrap_or_default()
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.text(name).map(|text| text == "true")
    }

    pub(crate) fn is_dry_run(&self) -> bool {
        self.flag("dry_run").unwrap_or_default()
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.text(name).and_then(|text| text.parse().ok())
    }

    pub(crate) fn moment(&self, name: &str) -> Option<Moment> {
        self.text(name).and_then(|text| Moment::parse(text).ok())
    }

    pub(crate) fn limit(&self) -> usize {
        self.number("limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(LIMIT_DEFAULT)
    }

    /// The person of the filter `person`, where `me` is the caller.
    pub(crate) fn person(&self) -> Result<Option<Email>, Failure> {
        match self.text("person") {
            None => Ok(None),
            Some("me") => Ok(Some(self.acting().email.clone())),
            Some(text) => match Email::parse(text) {
                Ok(email) => Ok(Some(email)),
                Err(_) => Err(Failure::request(vec![Fault::new("?person", FaultCode::Malformed)])),
            },
        }
    }

    /// The position sent back as `after`.
    pub(crate) fn after(&self) -> Result<Option<String>, Failure> {
        self.text("after")
            .map(|cursor| self.binding().position(cursor, self.now))
            .transpose()
            .map_err(|fault| Failure::request(vec![fault]))
    }

    /// A position as the answer gives it.
    pub(crate) fn next(&self, position: Option<String>) -> Option<String> {
        position.map(|position| self.binding().cursor(&position, self.now))
    }

    pub(crate) fn body<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.body).map_err(Failure::internal)
    }

    pub(crate) fn if_match(&self) -> Option<&str> {
        self.header("if-match")
    }

    pub(crate) fn basis(&self) -> Option<String> {
        self.header(BASIS).map(str::to_owned)
    }

    /// What makes this request and a repeated one the same.
    pub(crate) fn press(&self) -> PressKey {
        let query: String = self.query.iter().map(|(name, value)| format!("{name}={value}&")).collect();
        let basis = self.basis().unwrap_or_default();
        let parts = [self.operation.id.as_bytes(), self.uri_path.as_bytes(), query.as_bytes(), basis.as_bytes()];
        let parts = parts.into_iter().chain([self.body.as_slice()]);
        PressKey::new(self.acting().email.as_str(), self.header(KEY).unwrap_or_default(), parts)
    }

    /// The token under which work of several steps is stored. A dry run has one of its own, so that it uses no key up.
    pub(crate) fn press_token(&self) -> String {
        if self.is_dry_run() { self.api.next_id() } else { self.press().token() }
    }

    /// The connection in the path. Errors: not there, or not the person's.
    pub(crate) fn connection(&self) -> Result<Connection, Failure> {
        let id = ConnectionId::new(self.path("connection_id"));
        Ok(self.api.bridge().connection(self.acting(), &id)?)
    }

    /// The connection that a body names. Errors: a wrong value.
    pub(crate) fn connection_of_body(&self, id: &str) -> Result<Connection, Failure> {
        let all = self.api.bridge().connections(self.acting())?;
        let wrong = || Failure::values(vec![Fault::new("/connection_id", FaultCode::NotOffered)]);
        all.into_iter().find(|connection| connection.id.as_str() == id).ok_or_else(wrong)
    }

    /// Connections that a list is about: those of the person, narrowed by the filter `connection_id`.
    pub(crate) fn connections(&self) -> Result<Vec<Connection>, Failure> {
        let wanted = self.text("connection_id");
        let all = self.api.bridge().connections(self.acting())?;
        Ok(all.into_iter().filter(|connection| wanted.is_none_or(|id| id == connection.id.as_str())).collect())
    }

    /// Whether a list is asked for as a file.
    pub(crate) fn wants_csv(&self) -> bool {
        self.operation.answers.iter().any(|kind| kind == CSV) && accepts(&self.headers, CSV) && !self.accepts_json()
    }

    pub(crate) fn accepts_json(&self) -> bool {
        accepts(&self.headers, JSON)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn binding(&self) -> Binding {
        let is_filter = |name: &&String| !["after", "limit"].contains(&name.as_str());
        let filters = self.query.iter().filter(|(name, _)| is_filter(name));
        let path = self.path.iter();
        let all = filters.chain(path).map(|(name, value)| (name.as_str(), value.as_str()));
        Binding::new(&self.acting().email, &self.operation.id, all)
    }
}

fn query(parts: &Parts, operation: &Operation, faults: &mut Vec<Fault>) -> BTreeMap<String, String> {
    let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri) else {
        faults.push(Fault::new("?", FaultCode::Malformed));
        return BTreeMap::new();
    };
    let mut query = BTreeMap::new();
    for (name, value) in pairs {
        let pointer = format!("?{name}");
        if !operation.query.contains_key(&name) {
            faults.push(Fault::new(pointer, FaultCode::Unknown));
        } else if query.insert(name, value).is_some() {
            faults.push(Fault::new(pointer, FaultCode::Repeated));
        }
    }
    query
}

fn check_body(api: &Api, operation: &Operation, parts: &Parts, body: &[u8]) -> Result<(), Failure> {
    let Some(schema) = &operation.body else {
        // A body where none is described has no meaning; only an empty object is let through.
        let is_empty = body.is_empty() || matches!(body, b"{}");
        let fault = || Failure::request(vec![Fault::new("", FaultCode::Unknown)]);
        return if is_empty { Ok(()) } else { Err(fault()) };
    };
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if body.is_empty() {
        return Err(Failure::request(vec![Fault::new("", FaultCode::Required)]));
    }
    if !kind.eq_ignore_ascii_case(JSON) {
        return Err(Failure::of(Code::UnsupportedMediaType));
    }
    let value = serde_json::from_slice(body).map_err(|error| {
        let code = FaultCode::NotJson { line: error.line(), column: error.column() };
        Failure::request(vec![Fault::new("", code)])
    })?;
    let faults = api.contract().schemas.body_faults(schema, &value);
    if faults.is_empty() { Ok(()) } else { Err(Failure::values(faults)) }
}

fn check_accept(operation: &Operation, headers: &HeaderMap) -> Result<(), Failure> {
    let is_offered = operation.answers.iter().any(|kind| accepts(headers, kind));
    let has_content = !operation.answers.is_empty() && operation.method == Method::GET;
    if has_content && !is_offered { Err(Failure::of(Code::NotAcceptable)) } else { Ok(()) }
}

/// Whether the header `Accept` takes this kind; none sent takes JSON only where several are offered.
pub(crate) fn accepts(headers: &HeaderMap, kind: &str) -> bool {
    let mut sent = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    if sent.peek().is_none() {
        return kind == JSON;
    }
    let family = kind.split('/').next().unwrap_or_default();
    sent.flat_map(|value| value.split(',')).any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        let range = pieces.next().unwrap_or_default();
        let is_refused = pieces.any(|piece| matches!(piece, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        !is_refused && (range.eq_ignore_ascii_case(kind) || range == "*/*" || range.strip_suffix("/*") == Some(family))
    })
}
