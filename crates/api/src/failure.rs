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
use crate::document::reason::{FactValue, facts};
use crate::document::record::RecordRef;
use crate::fault::{Fault, FaultCode, FaultDocument};

/// What is wrong with the request itself, not with its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    InvalidRequest,
    InvalidValue,
    TokenInvalid,
    ScopeMissing,
    CsrfFailed,
    NotFound,
    NotAcceptable,
    MethodNotAllowed,
    WrongState,
    ChangedSince,
    VersionChanged,
    IfMatchRequired,
    KeyMissing,
    KeyReused,
    KeyInProgress,
    TooLarge,
    UnsupportedMediaType,
    TooManyRequests,
    StorageFull,
    Unreachable,
    InternalError,
}

/// A call that did not succeed.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
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

impl Code {
    fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidValue => "invalid_value",
            Self::TokenInvalid => "token_invalid",
            Self::ScopeMissing => "scope_missing",
            Self::CsrfFailed => "csrf_failed",
            Self::NotFound => "not_found",
            Self::NotAcceptable => "not_acceptable",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::WrongState => "wrong_state",
            Self::ChangedSince => "changed_since",
            Self::VersionChanged => "version_changed",
            Self::IfMatchRequired => "if_match_required",
            Self::KeyMissing => "idempotency_key_missing",
            Self::KeyReused => "idempotency_key_reused",
            Self::KeyInProgress => "idempotency_in_progress",
            Self::TooLarge => "too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::TooManyRequests => "too_many_requests",
            Self::StorageFull => "storage_full",
            Self::Unreachable => "unreachable",
            Self::InternalError => "internal_error",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::InvalidRequest | Self::KeyMissing => StatusCode::BAD_REQUEST,
            Self::TokenInvalid => StatusCode::UNAUTHORIZED,
            Self::ScopeMissing | Self::CsrfFailed => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::WrongState | Self::ChangedSince | Self::KeyInProgress => StatusCode::CONFLICT,
            Self::VersionChanged => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::InvalidValue | Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::IfMatchRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::StorageFull | Self::Unreachable => StatusCode::SERVICE_UNAVAILABLE,
            Self::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn title(self, w: Words) -> &'static str {
        match self {
            Self::InvalidRequest => w.api_invalid_request_title(),
            Self::InvalidValue => w.api_invalid_value_title(),
            Self::TokenInvalid => w.api_token_invalid_title(),
            Self::ScopeMissing => w.api_scope_missing_title(),
            Self::CsrfFailed => w.api_csrf_failed_title(),
            Self::NotFound => w.api_not_found_title(),
            Self::NotAcceptable => w.api_not_acceptable_title(),
            Self::MethodNotAllowed => w.api_method_not_allowed_title(),
            Self::WrongState => w.api_wrong_state_title(),
            Self::ChangedSince => w.api_changed_since_title(),
            Self::VersionChanged => w.api_version_changed_title(),
            Self::IfMatchRequired => w.api_if_match_required_title(),
            Self::KeyMissing => w.api_idempotency_key_missing_title(),
            Self::KeyReused => w.api_idempotency_key_reused_title(),
            Self::KeyInProgress => w.api_idempotency_in_progress_title(),
            Self::TooLarge => w.api_too_large_title(),
            Self::UnsupportedMediaType => w.api_unsupported_media_type_title(),
            Self::TooManyRequests => w.api_too_many_requests_title(),
            Self::StorageFull => w.api_storage_full_title(),
            Self::Unreachable => w.api_unreachable_title(),
            Self::InternalError => w.api_internal_error_title(),
        }
    }

    fn detail(self, w: Words) -> &'static str {
        match self {
            Self::InvalidRequest => w.api_invalid_request(),
            Self::InvalidValue => w.api_invalid_value(),
            Self::TokenInvalid => w.api_token_invalid(),
            // Told with the scope's name, see `Failure::detail`.
            Self::ScopeMissing => w.api_scope_missing_title(),
            Self::CsrfFailed => w.api_csrf_failed(),
            Self::NotFound => w.api_not_found(),
            Self::NotAcceptable => w.api_not_acceptable(),
            Self::MethodNotAllowed => w.api_method_not_allowed(),
            Self::WrongState => w.api_wrong_state(),
            Self::ChangedSince => w.api_changed_since(),
            Self::VersionChanged => w.api_version_changed(),
            Self::IfMatchRequired => w.api_if_match_required(),
            Self::KeyMissing => w.api_idempotency_key_missing(),
            Self::KeyReused => w.api_idempotency_key_reused(),
            Self::KeyInProgress => w.api_idempotency_in_progress(),
            Self::TooLarge => w.api_too_large(),
            Self::UnsupportedMediaType => w.api_unsupported_media_type(),
            Self::TooManyRequests => w.api_too_many_requests(),
            Self::StorageFull => w.api_storage_full(),
            Self::Unreachable => w.api_unreachable(),
            Self::InternalError => w.api_internal_error(),
        }
    }
}

impl Failure {
    pub(crate) fn of(code: Code) -> Self {
        Self::with(Cause::Request(code))
    }

    pub(crate) fn reason(reason: Reason) -> Self {
        let facts = facts(&reason);
        Self { facts, ..Self::with(Cause::Reason(reason)) }
    }

    /// A request that is not understood: 400.
    pub(crate) fn request(faults: Vec<Fault>) -> Self {
        Self { faults, ..Self::of(Code::InvalidRequest) }
    }

    /// Values that cannot be accepted: 422.
    pub(crate) fn values(faults: Vec<Fault>) -> Self {
        Self { faults, ..Self::of(Code::InvalidValue) }
    }

    pub(crate) fn scope_missing(scope: &str) -> Self {
        let facts = BTreeMap::from([("scope", FactValue::Text(scope.to_owned()))]);
        Self { facts, ..Self::of(Code::ScopeMissing) }
    }

    /// Somebody else was faster; `etag` is the present version.
    pub(crate) fn version_changed(etag: String) -> Self {
        Self { etag: Some(etag), ..Self::of(Code::VersionChanged) }
    }

    pub(crate) fn retry_after(code: Code, seconds: i64) -> Self {
        Self { retry_after_s: Some(seconds), ..Self::of(code) }
    }

    /// Something of ours failed; the cause goes to the log, never to the caller.
    pub(crate) fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!("the API failed: {cause}");
        Self::of(Code::InternalError)
    }

    pub(crate) fn at_step(self, step: Option<String>) -> Self {
        Self { step, ..self }
    }

    pub(crate) fn keeping(self, kept: Vec<RecordRef>) -> Self {
        Self { kept, ..self }
    }

    fn with(cause: Cause) -> Self {
        Self {
            cause,
            faults: Vec::new(),
            facts: BTreeMap::new(),
            step: None,
            kept: Vec::new(),
            etag: None,
            retry_after_s: None,
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        match &self.cause {
            Cause::Request(code) => code.status(),
            Cause::Reason(reason) => reason_status(reason),
        }
    }

    fn detail(&self, w: Words) -> String {
        match (&self.cause, self.facts.get("scope")) {
            (Cause::Request(Code::ScopeMissing), Some(FactValue::Text(scope))) => w.api_scope_missing(scope),
            (Cause::Request(code), _) => code.detail(w).to_owned(),
            (Cause::Reason(reason), _) => w.reason(reason),
        }
    }

    /// The document, in the language of the answer.
    pub(crate) fn body(&self, w: Words, request_id: &str) -> Vec<u8> {
        let (code, title) = match &self.cause {
            Cause::Request(code) => (code.code(), code.title(w)),
            Cause::Reason(reason) => (reason.code(), w.reason_title(reason)),
        };
        let document = ProblemDocument {
            r#type: format!("/problems/{code}"),
            title,
            status: self.status().as_u16(),
            detail: self.detail(w),
            code,
            facts: self.facts.clone(),
            remedies: [],
            step: self.step.clone(),
            kept: self.kept.clone(),
            errors: self.faults.iter().map(|fault| fault.document(w)).collect(),
            request_id,
        };
        // Texts, numbers and lists: there is nothing in it that cannot be written.
        serde_json::to_vec(&document).unwrap_or_default()
    }

    /// Headers that belong to the answer besides its type.
    pub(crate) fn headers(&self) -> Vec<(HeaderName, String)> {
        let mut headers = Vec::new();
        if let Some(etag) = &self.etag {
            headers.push((ETAG, etag.clone()));
        }
        if let Some(seconds) = self.retry_after_s {
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
            self.cause,
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
        Self { retry_after_s: Some(RETRY_S), ..Self::reason(reason) }
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
