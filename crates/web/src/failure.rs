//! Errors of services: what a page makes of them, and what a form shows at its fields.

use crm::CrmError;
use i18n::Words;
use identity::IdentityError;
use ports::Reason;

use crate::error::{Notice, PageError};
use crate::form::Form;

/// An error of a service: either something is wrong with fields of the form, or the page cannot go on.
pub trait Failure: Into<PageError> {
    /// Fields and codes of what is wrong; `None` if it is no matter of fields.
    fn fields(&self) -> Option<Vec<(String, &'static str)>>;
    /// The rule that says no, if one does.
    fn reason(&self) -> Option<&Reason>;
}

impl Form {
    /// Takes over what a service found wrong: at the fields, or above the form when a rule says no. Everything else,
    /// a missing right too, is the page's error.
    pub fn take<E: Failure>(&mut self, error: E, w: Words) -> Result<(), PageError> {
        match (error.fields(), error.reason()) {
            (Some(fields), _) => {
                for (name, code) in fields {
                    self.fail_code(&name, code, w);
                }
                Ok(())
            }
            (None, Some(reason)) if !matches!(reason, Reason::NoPermission { .. }) => {
                self.fail("", w.reason(reason));
                Ok(())
            }
            (None, _) => Err(error.into()),
        }
    }
}

/// The page for a rule that says no outside of a form.
fn refused(reason: Reason) -> PageError {
    if matches!(reason, Reason::NoPermission { .. }) { PageError::NoPermission } else { PageError::Refused(reason) }
}

/// The page for a database that did not do it. The room of the database is not one of ours to name: its own sentences
/// tell apart what is to be told apart (`it::failures` holds them).
fn broken(error: &dyn std::error::Error) -> PageError {
    let text = error.to_string();
    if text.starts_with("the database is busy") || text.starts_with("the database cannot be reached") {
        PageError::Busy
    } else if text.starts_with("no room is left for the database") {
        PageError::Full
    } else {
        PageError::Broken(text)
    }
}

impl Failure for CrmError {
    fn fields(&self) -> Option<Vec<(String, &'static str)>> {
        match self {
            Self::Invalid(wrong) => Some(wrong.iter().map(|field| (field.field.clone(), field.code())).collect()),
            Self::Store(_) | Self::NotFound | Self::Gone(_) | Self::Refused(_) | Self::Stale(_) => None,
        }
    }

    fn reason(&self) -> Option<&Reason> {
        if let Self::Refused(reason) = self { Some(reason) } else { None }
    }
}

impl From<CrmError> for PageError {
    fn from(error: CrmError) -> Self {
        match error {
            CrmError::Store(cause) => broken(&cause),
            CrmError::NotFound | CrmError::Gone(_) => Self::NotFound,
            CrmError::Refused(reason) => refused(reason),
            CrmError::Invalid(_) | CrmError::Stale(_) => Self::Broken(error.to_string()),
        }
    }
}

impl Failure for IdentityError {
    fn fields(&self) -> Option<Vec<(String, &'static str)>> {
        if let Self::Invalid(wrong) = self {
            Some(wrong.iter().map(|field| (field.field.to_owned(), field.code)).collect())
        } else {
            None
        }
    }

    fn reason(&self) -> Option<&Reason> {
        if let Self::Refused(reason) = self { Some(reason) } else { None }
    }
}

impl From<IdentityError> for PageError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Store(cause) => broken(&cause),
            IdentityError::NotFound => Self::NotFound,
            IdentityError::Refused(reason) => refused(reason),
            IdentityError::Busy => Self::Busy,
            IdentityError::Mail(_)
            | IdentityError::Invalid(_)
            | IdentityError::WrongCredentials
            | IdentityError::TooManyTries { .. }
            | IdentityError::TooSoon { .. }
            | IdentityError::Ended(_)
            | IdentityError::Internal(_) => Self::Broken(error.to_string()),
        }
    }
}

/// The page for a refusal, in the reader's language.
pub(crate) fn notice(reason: &Reason, w: Words) -> Notice {
    Notice { title: w.refused_title().to_owned(), text: w.reason(reason), ways: Vec::new() }
}
