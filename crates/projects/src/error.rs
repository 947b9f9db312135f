//! What a service answers when it does not do what was asked.

use std::collections::BTreeMap;

use identity::IdentityError;
use ports::{Fact, Reason};
use records::RecordsError;
use store::StoreError;

use crate::company::Company;
use crate::project::Project;
use crate::task::Task;

/// Why nothing was written. Variants by what the caller does next.
#[derive(Debug, thiserror::Error)]
pub enum ProjectsError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such record, or the person may not know of it.
    #[error("no such record")]
    NotFound,
    /// A rule or a missing right says no.
    #[error("refused: {}", .0.code())]
    Refused(Reason),
    /// Fields that cannot be taken as they are.
    #[error("{} fields are not valid", .0.len())]
    Invalid(Vec<FieldError>),
    /// Somebody saved in between; the record as it is now.
    #[error("the record has changed meanwhile")]
    Stale(Box<Present>),
    /// Accounts or letters failed inside.
    #[error("{0}")]
    Inside(String),
}

/// The present record behind a stale form.
#[derive(Clone, Debug, PartialEq)]
pub enum Present {
    /// A task.
    Task(Task),
    /// A project.
    Project(Project),
    /// A client company.
    Company(Company),
}

/// One field that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field, for example `due`.
    pub field: &'static str,
    /// What is wrong: `required`, `too_long`, `invalid_date`, `unknown_value`, `unknown_record`, `unknown_user`,
    /// `inactive_user`, `not_a_member`, `taken`, or the code of `reason`.
    pub code: &'static str,
    /// What the sentence needs: lengths, names, values.
    pub facts: BTreeMap<&'static str, Fact>,
    /// The rule behind it, where it is one that the bridge knows too.
    pub reason: Option<Box<Reason>>,
}

impl FieldError {
    /// A field with a code and no facts.
    pub fn new(field: &'static str, code: &'static str) -> Self {
        Self { field, code, facts: BTreeMap::new(), reason: None }
    }

    /// The same with one fact more.
    #[must_use]
    pub fn fact(mut self, name: &'static str, fact: Fact) -> Self {
        self.facts.insert(name, fact);
        self
    }

    /// A field that a rule refuses.
    pub fn rule(field: &'static str, reason: Reason) -> Self {
        Self { field, code: reason.code(), facts: reason.facts(), reason: Some(Box::new(reason)) }
    }

    /// A field with a code of the form, and the reason for those who do not fill in a form.
    pub fn with_reason(field: &'static str, code: &'static str, reason: Reason) -> Self {
        Self { field, code, facts: reason.facts(), reason: Some(Box::new(reason)) }
    }
}

impl From<RecordsError> for ProjectsError {
    /// A position that no list gave comes from an address that somebody wrote by hand.
    fn from(error: RecordsError) -> Self {
        match error {
            RecordsError::Store(error) => Self::Store(error),
            RecordsError::WrongPosition => Self::Invalid(vec![FieldError::new("after", "wrong_position")]),
        }
    }
}

impl From<IdentityError> for ProjectsError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Store(error) => Self::Store(error),
            IdentityError::NotFound => Self::NotFound,
            IdentityError::Refused(reason) => Self::Refused(reason),
            IdentityError::TooSoon { until } => {
                Self::Invalid(vec![FieldError::new("email", "too_soon").fact("until_ms", Fact::Number(until.ms()))])
            }
            other => Self::Inside(other.to_string()),
        }
    }
}

impl ProjectsError {
    /// The error of fields found wrong: a broken rule alone is a refusal, anything else is shown at its field.
    pub(crate) fn of_fields(wrong: Vec<FieldError>) -> Self {
        match wrong.as_slice() {
            [only] => match &only.reason {
                Some(reason) if only.code == reason.code() => Self::Refused(reason.as_ref().clone()),
                Some(_) | None => Self::Invalid(wrong),
            },
            _ => Self::Invalid(wrong),
        }
    }

    /// What the bridge is told; `None` where the failure is no answer.
    pub(crate) fn reason(&self) -> Option<Reason> {
        match self {
            Self::Refused(reason) => Some(reason.clone()),
            Self::Invalid(wrong) => {
                Some(wrong.iter().find_map(|field| field.reason.as_deref().cloned()).unwrap_or_else(|| {
                    let told: Vec<String> =
                        wrong.iter().map(|field| format!("{}: {}", field.field, field.code)).collect();
                    Reason::ValidationFailed { message: told.join(", "), service: "Projects".to_owned() }
                }))
            }
            Self::Store(_) | Self::NotFound | Self::Stale(_) | Self::Inside(_) => None,
        }
    }

    /// The answer to somebody without the right.
    pub(crate) fn no_permission(person: &ports::Email) -> Self {
        Self::Refused(Reason::NoPermission { person: Some(person.to_string()) })
    }
}
