//! Errors of services: what a page makes of them, and what a form shows at its fields.

use bridge::BridgeError;
use crm::CrmError;
use i18n::Words;
use identity::IdentityError;
use mail::MailError;
use ports::{Reason, SideError};
use projects::ProjectsError;

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

impl Failure for ProjectsError {
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

impl From<ProjectsError> for PageError {
    fn from(error: ProjectsError) -> Self {
        match error {
            ProjectsError::Store(cause) => broken(&cause),
            ProjectsError::NotFound => Self::NotFound,
            ProjectsError::Refused(reason) => refused(reason),
            ProjectsError::Invalid(_) | ProjectsError::Stale(_) | ProjectsError::Inside(_) => {
                Self::Broken(error.to_string())
            }
        }
    }
}

impl Failure for BridgeError {
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

impl From<BridgeError> for PageError {
    fn from(error: BridgeError) -> Self {
        match error {
            BridgeError::Store(cause) => broken(&cause),
            BridgeError::NotFound => Self::NotFound,
            BridgeError::Refused(reason) => refused(reason),
            BridgeError::AlreadyRunning => Self::Twice,
            BridgeError::Side(SideError::Failed(why)) => Self::Broken(why),
            BridgeError::Side(_) => Self::Busy,
            BridgeError::ChangedSince | BridgeError::WrongState => Self::Moved,
            BridgeError::Invalid(_) | BridgeError::Failed(_) => Self::Broken(error.to_string()),
        }
    }
}

impl From<MailError> for PageError {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Store(cause) => broken(&cause),
            MailError::NotFound => Self::NotFound,
            MailError::Refused(reason) => refused(reason),
            other => Self::Broken(other.to_string()),
        }
    }
}
