//! What a service of the CRM answers instead of a result.

use std::collections::BTreeMap;

use ports::{Email, Evidence, Fact, Reason};
use store::StoreError;

use crate::record::Record;

/// Why a call gave no result; nothing of it was saved.
#[derive(Debug, thiserror::Error)]
pub enum CrmError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No such record in this organisation.
    #[error("no such record")]
    NotFound,
    /// The record was deleted.
    #[error("the record was deleted")]
    Gone(Evidence),
    /// A rule says no, or the person may not.
    #[error("refused: {}", .0.code())]
    Refused(Reason),
    /// Fields that cannot be saved as given, in the order of the form.
    #[error("{} fields cannot be saved as given", .0.len())]
    Invalid(Vec<FieldError>),
    /// The record has changed since the version that the caller knew; this is what it is now.
    #[error("the record has changed since it was read")]
    Stale(Box<Record>),
}

/// A field that cannot be saved as given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field, in our own words (`due`, `closing`).
    pub field: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with the value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It must have a value.
    Required,
    /// It has more characters than the field takes; nothing is ever cut.
    TooLong {
        /// Characters of the value.
        length: usize,
        /// Characters that fit.
        max: usize,
    },
    /// No day of the calendar.
    InvalidDate {
        /// As given.
        given: String,
    },
    /// No number of the field's kind.
    InvalidNumber {
        /// As given.
        given: String,
    },
    /// No mail address.
    InvalidEmail {
        /// As given.
        given: String,
    },
    /// Text with a character that cannot be kept (U+0000).
    InvalidText,
    /// No record of a fitting kind has this id.
    UnknownRecord {
        /// As given.
        given: String,
    },
    /// Nobody of this organisation has this address.
    UnknownUser {
        /// As given.
        given: String,
    },
    /// This user is not active.
    InactiveUser {
        /// Who.
        person: Email,
    },
    /// The form offers no such value.
    NotInList {
        /// As given.
        given: String,
    },
    /// The module has no such field, or it cannot be written.
    UnknownField,
    /// Without this user nobody could administer the organisation.
    LastAdministrator,
}

impl FieldError {
    /// A field and what is wrong with it.
    pub fn new(field: &str, problem: Problem) -> Self {
        Self { field: field.to_owned(), problem }
    }

    /// The code of the message.
    pub fn code(&self) -> &'static str {
        self.problem.code()
    }
}

impl Problem {
    /// The code of the message.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong { .. } => "too_long",
            Self::InvalidDate { .. } => "invalid_date",
            Self::InvalidNumber { .. } => "invalid_number",
            Self::InvalidEmail { .. } => "invalid_email",
            Self::InvalidText => "invalid_text",
            Self::UnknownRecord { .. } => "unknown_record",
            Self::UnknownUser { .. } => "unknown_user",
            Self::InactiveUser { .. } => "inactive_user",
            Self::NotInList { .. } => "not_in_list",
            Self::UnknownField => "unknown_field",
            Self::LastAdministrator => "last_administrator",
        }
    }

    /// The facts of the message: `max` and `length`, or `given`.
    pub fn facts(&self) -> BTreeMap<&'static str, Fact> {
        let number = |value: &usize| Fact::Number(i64::try_from(*value).unwrap_or(i64::MAX));
        match self {
            Self::TooLong { length, max } => [("length", number(length)), ("max", number(max))].into(),
            Self::InvalidDate { given }
            | Self::InvalidNumber { given }
            | Self::InvalidEmail { given }
            | Self::UnknownRecord { given }
            | Self::UnknownUser { given }
            | Self::NotInList { given } => [("given", Fact::Text(given.clone()))].into(),
            Self::InactiveUser { person } => [("given", Fact::Text(person.to_string()))].into(),
            Self::Required | Self::InvalidText | Self::UnknownField | Self::LastAdministrator => BTreeMap::new(),
        }
    }
}
