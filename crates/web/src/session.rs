//! Who is signed in, as pages need the person.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use i18n::Language;
use jiff::tz::TimeZone;
use ports::{Email, Tenant};

use crate::error::PageError;
use crate::live::Changed;
use crate::state::Web;
use crate::visit::cookie;

/// The secret in the browser's cookie. Never logged.
#[derive(Clone)]
pub(crate) struct SessionKey(pub(crate) String);

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[hidden]")
    }
}

/// The signed-in person.
#[derive(Clone, Debug)]
pub struct Person {
    /// The address, key of the person.
    pub email: Email,
    /// The name shown.
    pub name: String,
    /// Language of pages and mails.
    pub language: Language,
    /// Time zone of the person.
    pub zone: TimeZone,
    /// IANA name of the zone.
    pub zone_name: String,
    /// Organisation and portal that the session works in.
    pub tenant: Tenant,
    /// Name of the organisation.
    pub organisation: String,
    /// What is shown and what is left out. Services decide what is allowed.
    pub rights: PersonRights,
    /// Token that every form of the session carries.
    pub csrf: String,
}

/// What the frame shows to a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersonRights {
    /// Has an active CRM account.
    pub is_crm_user: bool,
    /// With the profile Administrator.
    pub is_crm_administrator: bool,
    /// Is owner or administrator of the portal.
    pub is_portal_administrator: bool,
    /// Is a client user: sees nothing of the CRM.
    pub is_client: bool,
    /// May create projects and invite users.
    pub may_create_projects: bool,
}

impl PersonRights {
    /// Whether the group Setup has an entry for the person.
    #[must_use]
    pub fn is_administrator(self) -> bool {
        self.is_crm_administrator || self.is_portal_administrator
    }
}

/// Name of the session's cookie: `__Host-` needs https and would not come back over http.
pub(crate) const COOKIE: &str = "lockstep_session";
pub(crate) const COOKIE_HTTPS: &str = "__Host-lockstep_session";

/// The session of a request, if its cookie has one.
pub(crate) fn key(headers: &HeaderMap) -> Option<SessionKey> {
    cookie(headers, COOKIE_HTTPS).or_else(|| cookie(headers, COOKIE)).map(SessionKey)
}

/// The person of a session; `None` if there is none, or it has ended. Blocking.
pub(crate) fn person(_web: &Web, _key: Option<&SessionKey>) -> Result<Option<Person>, PageError> {
    Ok(None)
}

/// What a page of the person may hear of.
#[derive(Clone, Debug)]
pub(crate) struct Listening {
    audiences: BTreeSet<String>,
    email: String,
}

impl Listening {
    pub(crate) fn to(audiences: BTreeSet<String>, email: &str) -> Self {
        Self { audiences, email: email.to_owned() }
    }

    pub(crate) fn may_hear(&self, change: &Changed) -> bool {
        self.audiences.contains(&change.audience)
    }

    /// Whether the change is one of what the person may see: membership, profile, activity.
    pub(crate) fn is_changed_by(&self, change: &Changed) -> bool {
        matches!(change.kind.as_str(), "user" | "member") && (change.id == self.email || change.kind == "member")
    }
}

/// What the person of a session may hear of; `None` if there is none. Blocking.
pub(crate) fn listening(web: &Web, key: Option<&SessionKey>) -> Result<Option<Listening>, PageError> {
    let Some(person) = person(web, key)? else { return Ok(None) };
    let mut audiences = BTreeSet::from([person.tenant.portal.as_str().to_owned()]);
    if person.rights.is_crm_user {
        audiences.insert(person.tenant.organisation.as_str().to_owned());
    }
    Ok(Some(Listening::to(audiences, person.email.as_str())))
}
