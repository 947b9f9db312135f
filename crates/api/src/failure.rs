//! What is answered when a call does not succeed, and its form: problem details of RFC 9457.

use std::collections::BTreeMap;

use axum::http::header::{CONTENT_TYPE, ETAG, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bridge::BridgeError;
use i18n::Words;
use mail::MailError;
use ports::{Reason, SideError, Wait};
use serde::Serialize;
use store::StoreError;

use crate::answer::Answer;
use crate::code::Code;
use crate::document::reason::{FactValue, facts};
use crate::document::record::RecordRef;
use crate::fault::{Fault, FaultCode, FaultDocument};

/// A call that did not succeed.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// Boxed: almost every function of this room may fail, and few do.
    told: Box<Told>,
}

#[derive(Clone, Debug)]
struct Told {
    cause: Cause,
    faults: Vec<Fault>,
    facts: BTreeMap<&'static str, FactValue>,
    step: Option<String>,
    kept: Vec<RecordRef>,
    etag: Option<String>,
    retry_after_s: Option<i64>,
}

#[derive(Clone, Debug)]
enum Cause {
    Request(Code),
    Reason(Reason),
}

#[derive(Serialize)]
struct ProblemDocument<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: String,
    code: &'a str,
    facts: BTreeMap<&'static str, FactValue>,
    remedies: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kept: Vec<RecordRef>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FaultDocument>,
    request_id: &'a str,
}

impl Failure {
    pub(crate) fn of(code: Code) -> Self {
        Self::with(Cause::Request(code))
    }

    pub(crate) fn reason(reason: Reason) -> Self {
        let facts = facts(&reason);
        Self::with(Cause::Reason(reason)).telling(facts)
    }

    /// A request that is not understood: 400.
    pub(crate) fn request(faults: Vec<Fault>) -> Self {
        Self::of(Code::InvalidRequest).faulty(faults)
    }

    /// Values that cannot be accepted: 422.
    pub(crate) fn values(faults: Vec<Fault>) -> Self {
        Self::of(Code::InvalidValue).faulty(faults)
    }

    pub(crate) fn scope_missing(scope: &str) -> Self {
        let facts = BTreeMap::from([("scope", FactValue::Text(scope.to_owned()))]);
        Self::of(Code::ScopeMissing).telling(facts)
    }

    /// Somebody else was faster; `etag` is the present version.
    pub(crate) fn version_changed(etag: String) -> Self {
        let mut failure = Self::of(Code::VersionChanged);
        failure.told.etag = Some(etag);
        failure
    }

    pub(crate) fn retry_after(code: Code, seconds: i64) -> Self {
        let mut failure = Self::of(code);
        failure.told.retry_after_s = Some(seconds);
        failure
    }

    /// Something of ours failed; the cause goes to the log, never to the caller.
    pub(crate) fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!("the API failed: {cause}");
        Self::of(Code::InternalError)
    }

    pub(crate) fn at_step(mut self, step: Option<String>) -> Self {
        self.told.step = step;
        self
    }

    pub(crate) fn keeping(mut self, kept: Vec<RecordRef>) -> Self {
        self.told.kept = kept;
        self
    }

    fn faulty(mut self, faults: Vec<Fault>) -> Self {
        self.told.faults = faults;
        self
    }

    fn telling(mut self, facts: BTreeMap<&'static str, FactValue>) -> Self {
        self.told.facts = facts;
        self
    }

    fn with(cause: Cause) -> Self {
        let told = Told {
            cause,
            faults: Vec::new(),
            facts: BTreeMap::new(),
            step: None,
            kept: Vec::new(),
            etag: None,
            retry_after_s: None,
        };
        Self { told: Box::new(told) }
    }

    pub(crate) fn status(&self) -> StatusCode {
        match &self.told.cause {
            Cause::Request(code) => code.status(),
            Cause::Reason(reason) => reason_status(reason),
        }
    }

    fn detail(&self, w: Words) -> String {
        match (&self.told.cause, self.told.facts.get("scope")) {
            (Cause::Request(Code::ScopeMissing), Some(FactValue::Text(scope))) => w.api_scope_missing(scope),
            (Cause::Request(code), _) => code.detail(w).to_owned(),
            (Cause::Reason(reason), _) => w.reason(reason),
        }
    }

    /// The document, in the language of the answer.
    pub(crate) fn body(&self, w: Words, request_id: &str) -> Vec<u8> {
        let (code, title) = match &self.told.cause {
            Cause::Request(code) => (code.code(), code.title(w)),
            Cause::Reason(reason) => (reason.code(), w.reason_title(reason)),
        };
        let document = ProblemDocument {
            r#type: format!("/problems/{code}"),
            title,
            status: self.status().as_u16(),
            detail: self.detail(w),
            code,
            facts: self.told.facts.clone(),
            remedies: [],
            step: self.told.step.clone(),
            kept: self.told.kept.clone(),
            errors: self.told.faults.iter().map(|fault| fault.document(w)).collect(),
            request_id,
        };
        // Texts, numbers and lists: there is nothing in it that cannot be written.
        serde_json::to_vec(&document).unwrap_or_default()
    }

    /// Headers that belong to the answer besides its type.
    pub(crate) fn headers(&self) -> Vec<(HeaderName, String)> {
        let mut headers = Vec::new();
        if let Some(etag) = &self.told.etag {
            headers.push((ETAG, etag.clone()));
        }
        if let Some(seconds) = self.told.retry_after_s {
            headers.push((RETRY_AFTER, seconds.max(1).to_string()));
        }
        if self.status() == StatusCode::UNAUTHORIZED {
            headers.push((WWW_AUTHENTICATE, "Bearer realm=\"lockstep\"".to_owned()));
        }
        headers
    }

    /// Whether it answers the order itself: such an answer is kept with its key. A request that was only wrong, or
    /// came at the wrong time, had no effect and may be sent again, mended, with the same key.
    pub(crate) fn is_final(&self) -> bool {
        let is_mended = matches!(
            self.told.cause,
            Cause::Request(Code::KeyInProgress | Code::InvalidValue | Code::InvalidRequest | Code::TooManyRequests)
        );
        self.status().is_client_error() && !is_mended
    }

    pub(crate) fn as_answer(&self, w: Words, request_id: &str) -> Answer {
        let body = self.body(w, request_id);
        Answer { status: self.status(), kind: PROBLEM, headers: self.headers(), body, is_kept: true }
    }

    pub(crate) fn response(&self, w: Words, request_id: &str) -> Response {
        let mut response = (self.status(), self.body(w, request_id)).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        for (name, value) in self.headers() {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// The media type of problems.
pub(crate) const PROBLEM: &str = "application/problem+json";

fn reason_status(reason: &Reason) -> StatusCode {
    match reason {
        Reason::NoPermission { .. } => StatusCode::FORBIDDEN,
        Reason::AlreadyLinked | Reason::AlreadyMapped { .. } | Reason::AlreadyAssociated { .. } => StatusCode::CONFLICT,
        Reason::RateLimited | Reason::Unreachable | Reason::AuthExpired => StatusCode::SERVICE_UNAVAILABLE,
        Reason::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
        Reason::OutsideStrictSchedule { .. }
        | Reason::ParentClosed { .. }
        | Reason::OpenSubtasks { .. }
        | Reason::DueBeforeStart { .. }
        | Reason::OwnerNotInProject { .. }
        | Reason::OwnerUnknown { .. }
        | Reason::ValueNotMapped { .. }
        | Reason::TitleEmpty
        | Reason::TitleTooLong { .. }
        | Reason::DescriptionTooLong { .. }
        | Reason::ValidationFailed { .. }
        | Reason::RecordGone
        | Reason::ProjectClosed { .. }
        | Reason::Conflict
        | Reason::DealNotAssociated { .. }
        | Reason::ClientNotMapped { .. }
        | Reason::AmbiguousName { .. }
        | Reason::SimilarName { .. }
        | Reason::NoMatch
        | Reason::ClientOfOtherCompany { .. }
        | Reason::OwnDomain { .. }
        | Reason::IsClientUser { .. }
        | Reason::InactiveInCrm { .. }
        | Reason::AddressMissing { .. }
        | Reason::DatesRequired
        | Reason::TasksOutsideSchedule { .. } => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// How long to wait before asking again when nothing better is known.
const RETRY_S: i64 = 2;

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full(_) => {
                tracing::error!("{error}");
                Self::retry_after(Code::StorageFull, 60)
            }
            StoreError::Busy(_) | StoreError::Unavailable(_) => {
                tracing::warn!("{error}");
                Self::retry_after(Code::Unreachable, RETRY_S)
            }
            StoreError::NewerSchema { .. }
            | StoreError::ChangedMigration { .. }
            | StoreError::Conflict { .. }
            | StoreError::Corrupt(_)
            | StoreError::NestedCall
            | StoreError::Other(_) => Self::internal(error),
        }
    }
}

impl From<SideError> for Failure {
    fn from(error: SideError) -> Self {
        tracing::warn!("{error}");
        let reason = match error.wait() {
            Wait::RateLimited { .. } => Reason::RateLimited,
            Wait::Unreachable => Reason::Unreachable,
            Wait::AuthExpired => Reason::AuthExpired,
        };
        let mut failure = Self::reason(reason);
        failure.told.retry_after_s = Some(RETRY_S);
        failure
    }
}

impl From<BridgeError> for Failure {
    fn from(error: BridgeError) -> Self {
        match error {
            BridgeError::Store(error) => error.into(),
            BridgeError::Side(error) => error.into(),
            BridgeError::NotFound => Self::of(Code::NotFound),
            BridgeError::Refused(reason) => Self::reason(reason),
            BridgeError::Invalid(fields) => {
                let fault = |field: &bridge::FieldError| {
                    let pointer = format!("/{}", field.field.replace('.', "/"));
                    Fault::new(pointer, FaultCode::of_service(field.code))
                };
                Self::values(fields.iter().map(fault).collect())
            }
            BridgeError::ChangedSince => Self::of(Code::ChangedSince),
            BridgeError::AlreadyRunning => Self::retry_after(Code::KeyInProgress, RETRY_S),
            BridgeError::WrongState => Self::of(Code::WrongState),
            BridgeError::Failed(cause) => Self::internal(cause),
        }
    }
}

impl From<MailError> for Failure {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Store(error) => error.into(),
            MailError::NotFound => Self::of(Code::NotFound),
            MailError::Refused(reason) => Self::reason(reason),
            MailError::Document { .. } | MailError::Form(_) | MailError::ServerAddress(_) => Self::internal(error),
        }
    }
}
