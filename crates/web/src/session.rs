//! Who is signed in, as pages need the person.

use std::collections::BTreeSet;

use axum::http::request::Parts;
use crm::CrmError;
use i18n::Language;
use identity::session::Ticket;
use jiff::tz::TimeZone;
use ports::{Acting, Email, IdentityId, Moment, Origin, Tenant};
use projects::{ProjectQuery, ProjectSort, StateFilter};
use tower_sessions::Session;

use crate::error::PageError;
use crate::live::Changed;
use crate::state::Web;

/// The signed-in person.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account.
    pub id: IdentityId,
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
    /// Has an active place in the portal.
    pub is_portal_user: bool,
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

/// What a request changes about its session, after the blocking part is done.
#[derive(Clone, Debug)]
pub enum SessionChange {
    /// Somebody has signed in.
    Begin(Box<Ticket>),
    /// The person has signed out.
    End,
}

/// The ticket of a request; `None` for who is not signed in. A session that cannot be read counts as none: the sign-in
/// page then says what is wrong.
pub(crate) async fn ticket(parts: &mut Parts, now: Moment) -> Option<Ticket> {
    let session = parts.extensions.get::<Session>()?.clone();
    match identity::session::ticket(&session, now).await {
        Ok(ticket) => ticket,
        Err(error) => {
            tracing::warn!("a session could not be read: {error}");
            None
        }
    }
}

/// Carries out what a request changes about its session.
pub(crate) async fn apply(session: Option<Session>, change: SessionChange) -> Result<(), PageError> {
    let Some(session) = session else {
        return Err(PageError::Broken("there is no session layer around the pages".to_owned()));
    };
    match change {
        SessionChange::Begin(ticket) => identity::session::begin(&session, &ticket).await?,
        SessionChange::End => identity::session::end(&session).await?,
    }
    Ok(())
}

/// The person of a ticket with what the frame shows; `None` if the account is not active any more. Blocking.
pub(crate) fn person(web: &Web, ticket: Option<&Ticket>) -> Result<Option<Person>, PageError> {
    let Some(ticket) = ticket else { return Ok(None) };
    let Some(signed_in) = web.identity.signed_in(ticket)? else { return Ok(None) };
    let names = web.identity.tenant(&signed_in.tenant.portal)?;
    let acting = signed_in.acting();
    let account = signed_in.account;
    Ok(Some(Person {
        id: account.id,
        zone: TimeZone::get(&account.zone).unwrap_or(TimeZone::UTC),
        zone_name: account.zone,
        rights: rights(web, &acting)?,
        email: account.email,
        name: account.name,
        language: account.language,
        tenant: signed_in.tenant,
        organisation: names.organisation,
        csrf: ticket.csrf().to_owned(),
    }))
}

/// What the frame shows to the person, asked of both apps.
fn rights(web: &Web, acting: &Acting) -> Result<PersonRights, PageError> {
    let crm = match web.crm.me(acting) {
        Ok(user) => Some(user),
        Err(CrmError::Refused(_) | CrmError::NotFound) => None,
        Err(error) => return Err(error.into()),
    };
    let portal = web.projects.me(acting)?;
    let rights = portal.as_ref().map(|user| user.profile.rights()).unwrap_or_default();
    Ok(PersonRights {
        is_crm_user: crm.is_some(),
        is_crm_administrator: crm.is_some_and(|user| user.profile == crm::Profile::Administrator),
        is_portal_user: portal.is_some(),
        is_portal_administrator: rights.is_administrator,
        is_client: portal.is_some_and(|user| user.profile == projects::Profile::Client),
        may_create_projects: rights.may_create_projects,
    })
}

/// What a page of the person may hear of.
#[derive(Clone, Debug)]
pub(crate) struct Listening {
    /// Audiences of changes: projects, the organisation, `portal`.
    audiences: BTreeSet<String>,
    /// Administrators of a portal hear of all projects, CRM users of all links; nothing but ids is told.
    hears_all_projects: bool,
    hears_all_links: bool,
}

/// So many projects of a person are listened to.
const PROJECTS_MAX: usize = 1_000;
const PROJECTS_A_PAGE: usize = 200;

impl Listening {
    #[cfg(test)]
    pub(crate) fn to(audiences: BTreeSet<String>) -> Self {
        Self { audiences, hears_all_projects: false, hears_all_links: false }
    }

    pub(crate) fn may_hear(&self, change: &Changed) -> bool {
        let is_project_matter = ["project", "task", "list", "link"].contains(&change.kind.as_str());
        self.audiences.contains(&change.audience)
            || (self.hears_all_projects && is_project_matter)
            || (self.hears_all_links && change.kind == "link")
    }

    /// Whether the change may be one of what the person may see: a profile, or the members of a project.
    pub(crate) fn is_changed_by(&self, change: &Changed) -> bool {
        change.kind == "user" || (change.kind == "project" && !self.hears_all_projects)
    }
}

/// What the person of a session may hear of; `None` if there is none. Blocking.
pub(crate) fn listening(web: &Web, ticket: Option<&Ticket>) -> Result<Option<Listening>, PageError> {
    let Some(person) = person(web, ticket)? else { return Ok(None) };
    let rights = person.rights;
    let acting = Acting { tenant: person.tenant.clone(), email: person.email.clone(), origin: Origin::Form };
    let mut audiences = BTreeSet::new();
    if rights.is_crm_user {
        audiences.insert(person.tenant.organisation.as_str().to_owned());
    }
    if rights.is_portal_user && !rights.is_client {
        audiences.insert(projects::PORTAL_AUDIENCE.to_owned());
    }
    if rights.is_portal_user && !rights.is_portal_administrator {
        audiences.extend(projects_of(web, &acting)?);
    }
    let hears_all_projects = rights.is_portal_administrator;
    Ok(Some(Listening { audiences, hears_all_projects, hears_all_links: rights.is_crm_user }))
}

/// The projects that the person sees.
fn projects_of(web: &Web, acting: &Acting) -> Result<Vec<String>, PageError> {
    let mut found = Vec::new();
    let mut after = None;
    while found.len() < PROJECTS_MAX {
        let query = ProjectQuery {
            words: String::new(),
            state: StateFilter::All,
            is_mine: false,
            is_strict: false,
            company: None,
            sort: ProjectSort::default(),
            is_descending: false,
            after,
            limit: PROJECTS_A_PAGE,
        };
        let page = web.projects.projects(acting, &query)?;
        found.extend(page.rows.into_iter().map(|row| row.project.id.into_string()));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(found)
}
