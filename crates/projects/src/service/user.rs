//! Users of the portal: inviting, listing, changing, deactivating (IMP-4, IMP-6, IMP-7, M7).

use identity::account::{self, AccountCard, AccountSeed};
use identity::invitation::NewInvitation;
use mail::letter::Place;
use ports::{Acting, CompanyId, Email, Language, Moment, ProjectId, Reason};
use store::{Read, StoreError, Tx};

use super::Projects;
use super::sight::seen_project;
use crate::company;
use crate::error::{FieldError, ProjectsError};
use crate::lock::{self, PersonLock};
use crate::permission::{Caller, Profile};
use crate::portal;
use crate::project::member::{self, ProjectName};
use crate::trace::{FieldMove, Module, Pen};
use crate::user::{self, NewUser, User, UserId};

/// Longest role label, in Unicode code points.
const ROLE_MAX: usize = 100;

/// Who is to be a user, and as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The address.
    pub email: Email,
    /// The name, for a person who has no account yet; empty: taken from the address.
    pub name: String,
    /// Portal user or client user.
    pub invited_as: InvitedAs,
    /// A label; may be empty.
    pub role: String,
    /// Projects that the person becomes a member of.
    pub projects: Vec<ProjectId>,
    /// Language of the letter, and of a person who has no account yet; none: that of the person who invites.
    pub language: Option<Language>,
    /// Whether the person is written to.
    pub welcome: Welcome,
}

/// What a person is invited as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvitedAs {
    /// A user of the portal with this profile.
    User(Profile),
    /// A user of this client company.
    ClientOf(CompanyId),
}

/// Whether a new user gets a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Welcome {
    /// M7, unless the person has a password already.
    Letter,
    /// None: the person is told otherwise.
    Silent,
}

/// A change of a user; fields that keep are not written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserPatch {
    /// What the person may do.
    pub profile: Option<Profile>,
    /// The label.
    pub role: Option<String>,
}

/// A user in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// The user.
    pub user: User,
    /// Whether an invitation waits for an answer.
    pub is_invited: bool,
    /// The last sign-in.
    pub signed_in_at: Option<Moment>,
    /// Projects the person is a member of, by name; only those that who asks sees too.
    pub projects: Vec<ProjectName>,
}

impl Projects {
    /// Makes a person a user, a letter included, in one transaction. One who is a user already keeps profile and role,
    /// and gets the chosen projects (IMP-4).
    ///
    /// Errors: `Refused` without the right, with [`Reason::IsClientUser`], [`Reason::OwnDomain`] or
    /// [`Reason::ClientOfOtherCompany`]; `Invalid` for the fields.
    pub fn invite(&self, acting: &Acting, invitation: &Invitation) -> Result<User, ProjectsError> {
        self.writing(acting, |tx, pen| {
            let lock = lock::person(tx, pen.portal(), &invitation.email)?;
            let mut projects = Vec::new();
            for id in &invitation.projects {
                let (project, standing) = seen_project(tx, pen.caller, id)?;
                pen.caller.require(pen.caller.changes_project(&standing))?;
                projects.push(project);
            }
            plan_user(tx, pen.caller, invitation)?;
            let (user, _) = self.enlist(tx, &lock, pen, invitation)?;
            for project in &projects {
                self.join(tx, pen, project, &user.person())?;
            }
            Ok(user)
        })
    }

    /// Sends the invitation again, with a new link.
    ///
    /// Errors: `Invalid` with `too_soon` within 24 hours; `NotFound` if there is none; `Refused` without the right.
    pub fn invite_again(&self, acting: &Acting, email: &Email) -> Result<(), ProjectsError> {
        self.writing(acting, |tx, pen| {
            pen.caller.require(pen.caller.rights().may_add_users)?;
            let mut user = user::by_email(tx, pen.portal(), email)?.ok_or(ProjectsError::NotFound)?;
            self.identity.invite_again(tx, &pen.caller.tenant, email)?;
            user.invited_at = Some(pen.now);
            let version = user::update(tx, pen.portal(), &user)?;
            Ok(pen.feed_portal(tx, Module::User, user.id.as_str(), version)?)
        })
    }

    /// Users of the portal by name, inactive ones and client users too.
    ///
    /// Errors: `Refused` for client users.
    pub fn users(&self, acting: &Acting) -> Result<Vec<UserRow>, ProjectsError> {
        self.reading(acting, |read, caller| {
            caller.require(!caller.is_client())?;
            let users = user::all(read, &caller.portal)?;
            self.rows(read, caller, users)
        })
    }

    /// One user.
    ///
    /// Errors: `NotFound`; `Refused` for client users who ask for somebody else.
    pub fn user(&self, acting: &Acting, email: &Email) -> Result<UserRow, ProjectsError> {
        self.reading(acting, |read, caller| {
            caller.require(!caller.is_client() || caller.email() == email)?;
            let user = user::by_email(read, &caller.portal, email)?.ok_or(ProjectsError::NotFound)?;
            self.rows(read, caller, vec![user])?.into_iter().next().ok_or(ProjectsError::NotFound)
        })
    }

    /// The acting person as a user of the portal; `None` for who is none, or an inactive one.
    pub fn me(&self, acting: &Acting) -> Result<Option<User>, ProjectsError> {
        self.db.read(|read| {
            let user = user::by_email(read, &acting.tenant.portal, &acting.email)?;
            Ok(user.filter(|user| user.is_active))
        })
    }

    /// Changes profile or role label of a user.
    ///
    /// Errors: `Refused` but for owner and administrators; `Invalid` for the owner's profile and a client user's.
    pub fn edit_user(&self, acting: &Acting, email: &Email, patch: &UserPatch) -> Result<User, ProjectsError> {
        self.writing(acting, |tx, pen| {
            pen.caller.require(pen.caller.rights().is_administrator)?;
            let before = user::by_email(tx, pen.portal(), email)?.ok_or(ProjectsError::NotFound)?;
            let mut after = before.clone();
            after.role = patch.role.as_ref().map_or_else(|| before.role.clone(), |role| role.trim().to_owned());
            after.profile = patch.profile.unwrap_or(before.profile);
            let mut wrong: Vec<FieldError> = long_role(&after.role).into_iter().collect();
            let is_fixed = |profile| matches!(profile, Profile::Owner | Profile::Client);
            if after.profile != before.profile && (is_fixed(before.profile) || is_fixed(after.profile)) {
                wrong.push(FieldError::new("profile", "fixed"));
            }
            if !wrong.is_empty() {
                return Err(ProjectsError::of_fields(wrong));
            }
            self.write_user(tx, pen, &before, after)
        })
    }

    /// Keeps a user out; the person stays a member and keeps the tasks, and gets no new ones. An open invitation ends.
    ///
    /// Errors: `Refused` but for owner and administrators; `Invalid` for the owner and for oneself.
    pub fn deactivate_user(&self, acting: &Acting, email: &Email) -> Result<User, ProjectsError> {
        self.writing(acting, |tx, pen| {
            pen.caller.require(pen.caller.rights().is_administrator)?;
            let before = user::by_email(tx, pen.portal(), email)?.ok_or(ProjectsError::NotFound)?;
            let code = match (&before.profile, pen.caller.email() == email) {
                (Profile::Owner, _) => Some("is_owner"),
                (_, true) => Some("is_yourself"),
                (_, false) => None,
            };
            if let Some(code) = code {
                return Err(ProjectsError::of_fields(vec![FieldError::new("email", code)]));
            }
            self.identity.withdraw(tx, &pen.caller.tenant, email)?;
            let after = User { is_active: false, ..before.clone() };
            self.write_user(tx, pen, &before, after)
        })
    }

    /// Lets a user in again.
    ///
    /// Errors: `Refused` but for owner and administrators.
    pub fn reactivate_user(&self, acting: &Acting, email: &Email) -> Result<User, ProjectsError> {
        self.writing(acting, |tx, pen| {
            pen.caller.require(pen.caller.rights().is_administrator)?;
            let before = user::by_email(tx, pen.portal(), email)?.ok_or(ProjectsError::NotFound)?;
            let after = User { is_active: true, ..before.clone() };
            self.write_user(tx, pen, &before, after)
        })
    }

    /// Takes over the name that a person has chosen in the account, so that lists sort and show it.
    pub fn rename_person(&self, email: &Email, name: &str) -> Result<(), ProjectsError> {
        self.db.write(|tx| Ok(user::rename_everywhere(tx, email, name)?))
    }

    /// The user of an invitation, made if there is none; true if it was made. The caller has checked that it may be.
    pub(crate) fn enlist(
        &self,
        tx: &mut Tx<'_>,
        _lock: &PersonLock,
        pen: &Pen<'_>,
        invitation: &Invitation,
    ) -> Result<(User, bool), ProjectsError> {
        let portal = pen.portal();
        if let Some(user) = user::by_email(tx, portal, &invitation.email)? {
            return Ok((user, false));
        }
        let home = portal::by_id(tx, portal)?.ok_or(ProjectsError::NotFound)?;
        let inviter = account::by_email(tx, pen.caller.email())?;
        let language = invitation.language.or(inviter.map(|card| card.language)).unwrap_or_default();
        let seed = AccountSeed { name: invitation.name.clone(), language, zone: home.zone };
        let card = account::ensure(tx, &invitation.email, &seed, self.ids.as_ref(), pen.now)?;
        let (profile, company) = match &invitation.invited_as {
            InvitedAs::User(profile) => (*profile, None),
            InvitedAs::ClientOf(company) => (Profile::Client, Some(company)),
        };
        let letter = match invitation.welcome {
            Welcome::Letter => self.write_to(tx, pen, invitation, (home.name, card.language))?,
            Welcome::Silent => false,
        };
        let id = UserId::new(self.ids.next());
        let new = NewUser {
            id: &id,
            email: &invitation.email,
            name: &card.name,
            profile,
            role: invitation.role.trim(),
            company,
            invited_at: letter.then_some(pen.now),
            created_by: pen.by(),
            now: pen.now,
        };
        user::insert(tx, portal, &new)?;
        let made = FieldMove::new("created", None, Some(invitation.email.to_string()));
        pen.history(tx, Module::User, id.as_str(), &[made])?;
        pen.words(tx, Module::User, id.as_str(), &[&card.name, invitation.email.as_str()])?;
        pen.feed_portal(tx, Module::User, id.as_str(), 1)?;
        let user = user::by_id(tx, portal, &id)?.ok_or(ProjectsError::NotFound)?;
        Ok((user, true))
    }

    /// True if a letter was needed.
    fn write_to(
        &self,
        tx: &mut Tx<'_>,
        pen: &Pen<'_>,
        invitation: &Invitation,
        (portal_name, language): (String, Language),
    ) -> Result<bool, ProjectsError> {
        let place = match &invitation.invited_as {
            InvitedAs::User(_) => Place::Portal,
            InvitedAs::ClientOf(_) => Place::Client,
        };
        let new = NewInvitation {
            tenant: pen.caller.tenant.clone(),
            email: invitation.email.clone(),
            place,
            place_name: portal_name,
            role: invitation.role.trim().to_owned(),
            invited_by: pen.caller.email().clone(),
            language,
        };
        Ok(self.identity.invite(tx, &new)?.is_some())
    }

    fn write_user(
        &self,
        tx: &mut Tx<'_>,
        pen: &Pen<'_>,
        before: &User,
        mut after: User,
    ) -> Result<User, ProjectsError> {
        if after == *before {
            return Ok(after);
        }
        after.version = user::update(tx, pen.portal(), &after)?;
        let flag = |value: bool| if value { "yes" } else { "no" };
        let role = |user: &User| (!user.role.is_empty()).then(|| user.role.clone());
        let moves = [
            FieldMove::text("profile", before.profile.code(), after.profile.code()),
            FieldMove::new("role", role(before), role(&after)),
            FieldMove::text("active", flag(before.is_active), flag(after.is_active)),
        ];
        pen.history(tx, Module::User, after.id.as_str(), &moves)?;
        pen.feed_portal(tx, Module::User, after.id.as_str(), after.version)?;
        Ok(after)
    }

    fn rows(&self, read: &mut Read<'_>, caller: &Caller, users: Vec<User>) -> Result<Vec<UserRow>, ProjectsError> {
        let emails: Vec<Email> = users.iter().map(|user| user.email.clone()).collect();
        let mut cards = account::cards(read, &emails)?;
        let mut projects = member::projects_of_users(read, &caller.portal, &caller.scope())?;
        let row = |user: User| {
            let card: Option<AccountCard> = cards.remove(&user.email);
            let has_password = card.as_ref().is_some_and(|card| card.has_password);
            UserRow {
                is_invited: user.invited_at.is_some() && !has_password,
                signed_in_at: card.and_then(|card| card.signed_in_at),
                projects: projects.remove(user.id.as_str()).unwrap_or_default(),
                user,
            }
        };
        Ok(users.into_iter().map(row).collect())
    }
}

/// Whether a person may be made a user as wanted; one who is one already may be wanted again as the same.
pub(crate) fn plan_user(read: &mut Read<'_>, caller: &Caller, invitation: &Invitation) -> Result<(), ProjectsError> {
    let person = || invitation.email.to_string();
    let present = user::by_email(read, &caller.portal, &invitation.email)?;
    if let Some(user) = &present
        && !user.is_active
    {
        let reason = Reason::OwnerUnknown { person: person() };
        return Err(ProjectsError::of_fields(vec![FieldError::with_reason("email", "inactive_user", reason)]));
    }
    let client_of = present.as_ref().and_then(|user| user.company.as_ref());
    match (&invitation.invited_as, &present, client_of) {
        (InvitedAs::User(_), Some(_), None) => Ok(()),
        (InvitedAs::User(_), Some(_), Some(_)) => {
            Err(ProjectsError::Refused(Reason::IsClientUser { person: person() }))
        }
        (InvitedAs::User(profile), None, _) => {
            caller.require(caller.user.profile.may_give(*profile) && *profile != Profile::Client)?;
            refuse_long_role(invitation)
        }
        (InvitedAs::ClientOf(company), Some(_), Some(own)) if company == own => Ok(()),
        (InvitedAs::ClientOf(_), Some(_), Some(own)) => {
            let name = company::present(read, &caller.portal, own)?.map(|company| company.name);
            let company = name.unwrap_or_else(|| own.to_string());
            Err(ProjectsError::Refused(Reason::ClientOfOtherCompany { person: person(), company }))
        }
        (InvitedAs::ClientOf(_), Some(_), None) => {
            Err(ProjectsError::of_fields(vec![FieldError::new("email", "is_portal_user")]))
        }
        (InvitedAs::ClientOf(company), None, _) => {
            caller.require(caller.user.profile.may_give(Profile::Client))?;
            if company::present(read, &caller.portal, company)?.is_none() {
                return Err(ProjectsError::of_fields(vec![FieldError::new("company", "unknown_record")]));
            }
            plan_client_address(read, caller, invitation)
        }
    }
}

/// What a new client user is refused for, whatever the company.
pub(crate) fn plan_client_address(
    read: &mut Read<'_>,
    caller: &Caller,
    invitation: &Invitation,
) -> Result<(), ProjectsError> {
    refuse_own_domain(read, caller, &invitation.email)?;
    refuse_long_role(invitation)
}

/// IMP-6.
fn refuse_own_domain(read: &mut Read<'_>, caller: &Caller, email: &Email) -> Result<(), ProjectsError> {
    let settings = portal::by_id(read, &caller.portal)?.ok_or(ProjectsError::NotFound)?.settings;
    let is_own = settings.own_domains.iter().any(|own| own == email.domain());
    if is_own && !settings.allows_own_domain_clients {
        return Err(ProjectsError::Refused(Reason::OwnDomain { person: email.to_string() }));
    }
    Ok(())
}

fn refuse_long_role(invitation: &Invitation) -> Result<(), ProjectsError> {
    long_role(invitation.role.trim()).map_or(Ok(()), |wrong| Err(ProjectsError::of_fields(vec![wrong])))
}

fn long_role(role: &str) -> Option<FieldError> {
    (role.chars().count() > ROLE_MAX).then(|| FieldError::new("role", "too_long"))
}

/// Whether a person is a member of nothing and owner of nothing in the portal.
pub(crate) fn is_idle(read: &mut Read<'_>, caller: &Caller, id: &UserId) -> Result<bool, StoreError> {
    Ok(!user::is_used(read, &caller.portal, id)?)
}
