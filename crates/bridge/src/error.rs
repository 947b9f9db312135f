//! What can go wrong in the bridge, by what the caller does next.

use ports::{Reason, SideError};
use store::StoreError;

/// A wrong value of a form or request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The member, as the own API names it, for example `project.name`.
    pub field: &'static str,
    /// What is wrong: `required`, `too_long`, `not_offered`, `not_a_user`, `unknown`, `end_before_start`.
    pub code: &'static str,
}

/// An error of the bridge's services.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BridgeError {
    /// The database failed; nothing of the call was saved.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A side failed; nothing is known about the call.
    #[error(transparent)]
    Side(#[from] SideError),
    /// It is not there, or this person may not know of it.
    #[error("not found")]
    NotFound,
    /// A rule says no.
    #[error("refused: {}", .0.code())]
    Refused(Reason),
    /// Wrong values.
    #[error("some values are wrong")]
    Invalid(Vec<FieldError>),
    /// The facts have moved since the dry run that gave this basis.
    #[error("the facts have changed since they were looked at")]
    ChangedSince,
    /// The same work is being done at this moment; ask again for its answer.
    #[error("the same work is running already")]
    AlreadyRunning,
    /// It does not fit the present state.
    #[error("this does not fit the present state")]
    WrongState,
    /// A stored document cannot be understood, or something else of ours is broken.
    #[error("the bridge failed: {0}")]
    Failed(String),
}

impl BridgeError {
    /// One wrong value.
    pub fn invalid(field: &'static str, code: &'static str) -> Self {
        Self::Invalid(vec![FieldError { field, code }])
    }

    /// The refusal of a missing right of the person who asks.
    pub fn no_permission() -> Self {
        Self::Refused(Reason::NoPermission { person: None })
    }
}

impl From<serde_json::Error> for BridgeError {
    fn from(error: serde_json::Error) -> Self {
        Self::Failed(format!("a stored document cannot be understood: {error}"))
    }
}

impl From<mail::MailError> for BridgeError {
    fn from(error: mail::MailError) -> Self {
        match error {
            mail::MailError::Store(error) => Self::Store(error),
            mail::MailError::NotFound
            | mail::MailError::Refused(_)
            | mail::MailError::Document { .. }
            | mail::MailError::Form(_)
            | mail::MailError::ServerAddress(_) => Self::Failed(error.to_string()),
        }
    }
}
