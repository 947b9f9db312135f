//! Who may: every active user of the organisation reads, writes and deletes all its records; administrators also
//! settings and users. Everybody else, client users among them, sees nothing of the CRM.

use ports::{Acting, Email, Origin, Reason};
use store::{Bind, Read};

use crate::error::CrmError;
use crate::user::{self, Profile, User};

/// The right to an organisation's rows; statements take the tenant from here. Only this module makes one.
#[derive(Clone, Debug)]
pub struct Scope {
    organisation: String,
    user: User,
    origin: Origin,
}

impl Scope {
    /// The scope of the acting person.
    ///
    /// Errors: `no_permission` for people who are no active user of the organisation.
    pub(crate) fn of(read: &mut Read<'_>, acting: &Acting) -> Result<Self, CrmError> {
        let organisation = acting.tenant.organisation.as_str();
        match user::by_email(read, organisation, &acting.email)? {
            Some(user) if user.is_active => {
                Ok(Self { organisation: organisation.to_owned(), user, origin: acting.origin })
            }
            Some(_) | None => Err(no_permission(&acting.email)),
        }
    }

    /// The scope of an administrator.
    pub(crate) fn of_administrator(read: &mut Read<'_>, acting: &Acting) -> Result<Self, CrmError> {
        let scope = Self::of(read, acting)?;
        match scope.user.profile {
            Profile::Administrator => Ok(scope),
            Profile::Standard => Err(no_permission(&acting.email)),
        }
    }

    /// The organisation as the first value of a statement.
    pub(crate) fn bind(&self) -> Bind {
        self.organisation.as_str().into()
    }

    pub(crate) fn organisation(&self) -> &str {
        &self.organisation
    }

    pub(crate) fn user(&self) -> &User {
        &self.user
    }

    pub(crate) fn email(&self) -> &Email {
        &self.user.email
    }

    pub(crate) fn origin(&self) -> Origin {
        self.origin
    }
}

fn no_permission(person: &Email) -> CrmError {
    CrmError::Refused(Reason::NoPermission { person: Some(person.to_string()) })
}
