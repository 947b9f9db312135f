//! What can go wrong with people, sessions and tokens.

use mail::MailError;
use ports::{Moment, Reason};
use store::StoreError;

/// A field of a form whose value cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name in the form.
    pub field: &'static str,
    /// Why, such as `too_short`.
    pub code: &'static str,
}

/// An error of this room.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The database failed; nothing was saved.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The outbox failed; nothing was saved.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// There is no such account, invitation or client.
    #[error("it is not there")]
    NotFound,
    /// A rule says no.
    #[error("refused: {}", .0.code())]
    Refused(Reason),
    /// Values that cannot be taken, each with its field.
    #[error("values that cannot be taken: {0:?}")]
    Invalid(Vec<FieldError>),
    /// Address and password do not fit; which of the two is not told.
    #[error("address and password do not fit")]
    WrongCredentials,
    /// Too many tries failed; the next one counts from this moment on.
    #[error("too many tries, wait until {until}")]
    TooManyTries {
        /// When to try again.
        until: Moment,
    },
    /// It was sent less than a day ago.
    #[error("too soon, wait until {until}")]
    TooSoon {
        /// When it may be sent again.
        until: Moment,
    },
    /// The link or token was used, taken back, replaced, or has ended.
    #[error("it has ended: {0:?}")]
    Ended(crate::invitation::InvitationState),
    /// Too many passwords are being checked at this moment.
    #[error("busy, try again in a few seconds")]
    Busy,
    /// A mistake of ours: random numbers, hashing, a stored row that cannot be read.
    #[error("{0}")]
    Internal(String),
}

impl IdentityError {
    /// One field that cannot be taken.
    pub fn field(field: &'static str, code: &'static str) -> Self {
        Self::Invalid(vec![FieldError { field, code }])
    }
}
