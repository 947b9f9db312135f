//! What can be wrong with a request itself: code, status, title and sentence.

use axum::http::StatusCode;
use i18n::Words;

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

impl Code {
    pub(crate) fn code(self) -> &'static str {
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

    pub(crate) fn status(self) -> StatusCode {
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

    pub(crate) fn title(self, w: Words) -> &'static str {
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

    pub(crate) fn detail(self, w: Words) -> &'static str {
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
