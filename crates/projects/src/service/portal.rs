//! Founding a portal, its settings, and who administers it.

use identity::account::{self, AccountSeed};
use ports::{Acting, Email, Language, PortalId};
use store::Tx;

use super::Projects;
use super::project::name;
use crate::error::{FieldError, ProjectsError};
use crate::permission::Profile;
use crate::portal::{self, Portal, PortalSettings};
use crate::trace::FEED;
use crate::user::{self, NewUser, User, UserId};

/// What a portal starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founding {
    /// Its id.
    pub portal: PortalId,
    /// Its name.
    pub name: String,
    /// IANA name of its time zone.
    pub zone: String,
    /// Its owner; the domain of this address becomes the portal's own (IMP-6).
    pub owner: Email,
    /// Name of the owner, for a person who has no account yet.
    pub owner_name: String,
    /// Language of the owner, for a person who has no account yet.
    pub language: Language,
}

/// Longest name of a portal, in Unicode code points.
const PORTAL_NAME_MAX: usize = 100;

/// Domains in which everybody can have an address: never a portal's own.
const PUBLIC_DOMAINS: [&str; 16] = [
    "126.com",
    "163.com",
    "aol.com",
    "foxmail.com",
    "gmail.com",
    "gmx.de",
    "gmx.net",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mail.ru",
    "outlook.com",
    "proton.me",
    "qq.com",
    "web.de",
    "yahoo.com",
];

impl Projects {
    /// Makes a portal with its owner, in the transaction of who founds it; one that is there stays as it is.
    pub fn found(&self, tx: &mut Tx<'_>, founding: &Founding) -> Result<(), ProjectsError> {
        let now = self.now();
        let domain = founding.owner.domain().to_owned();
        let own_domains = if PUBLIC_DOMAINS.contains(&domain.as_str()) { Vec::new() } else { vec![domain] };
        let portal = Portal {
            id: founding.portal.clone(),
            name: founding.name.clone(),
            zone: founding.zone.clone(),
            settings: PortalSettings { own_domains, allows_own_domain_clients: false },
            version: 1,
        };
        if !portal::insert(tx, &portal, now.ms())? {
            return Ok(());
        }
        let seed =
            AccountSeed { name: founding.owner_name.clone(), language: founding.language, zone: founding.zone.clone() };
        let card = account::ensure(tx, &founding.owner, &seed, self.ids.as_ref(), now)?;
        let id = UserId::new(self.ids.next());
        let owner = NewUser {
            id: &id,
            email: &founding.owner,
            name: &card.name,
            profile: Profile::Owner,
            role: "",
            company: None,
            invited_at: None,
            created_by: founding.owner.as_str(),
            now,
        };
        user::insert(tx, &portal.id, &owner)?;
        tx.feed(&store::FeedEntry {
            feed: FEED,
            tenant: portal.id.as_str(),
            kind: "user",
            record: id.as_str(),
            version: 1,
            audience: crate::trace::PORTAL_AUDIENCE,
            origin: ports::Origin::System.code(),
        })?;
        Ok(())
    }

    /// As [`Projects::found`], in a transaction of its own.
    pub fn found_portal(&self, founding: &Founding) -> Result<(), ProjectsError> {
        self.db.write(|tx| self.found(tx, founding))
    }

    /// The portal.
    pub fn portal(&self, acting: &Acting) -> Result<Portal, ProjectsError> {
        self.reading(acting, |read, caller| portal::by_id(read, &caller.portal)?.ok_or(ProjectsError::NotFound))
    }

    /// Changes name, time zone or settings of the portal.
    ///
    /// Errors: `Refused` but for owner and administrators; `Invalid` for an unknown time zone.
    pub fn edit_portal(&self, acting: &Acting, wanted: &Portal) -> Result<Portal, ProjectsError> {
        self.writing(acting, |tx, pen| {
            pen.caller.require(pen.caller.rights().is_administrator)?;
            let present = portal::by_id(tx, pen.portal())?.ok_or(ProjectsError::NotFound)?;
            let mut wrong = Vec::new();
            let name = name("name", &wanted.name, PORTAL_NAME_MAX).unwrap_or_else(|found| {
                wrong.push(found);
                String::new()
            });
            if !account::is_zone(&wanted.zone) {
                wrong.push(FieldError::new("zone", "unknown_value"));
            }
            if !wrong.is_empty() {
                return Err(ProjectsError::of_fields(wrong));
            }
            let own_domains = wanted.settings.own_domains.iter().map(|domain| domain.trim().to_lowercase()).collect();
            let settings = PortalSettings { own_domains, ..wanted.settings.clone() };
            let after =
                Portal { id: present.id.clone(), name, zone: wanted.zone.clone(), settings, version: present.version };
            if after != present {
                portal::update(tx, &after)?;
            }
            Ok(after)
        })
    }

    /// Owner and administrators of a portal that are active, owner first: who is told of what concerns the portal.
    pub fn administrators(&self, portal: &PortalId) -> Result<Vec<Email>, ProjectsError> {
        let mut users: Vec<User> = self.db.read(|read| user::all(read, portal))?;
        users.retain(|user| user.is_active && user.profile.rights().is_administrator);
        users.sort_by_key(|user| user.profile);
        Ok(users.into_iter().map(|user| user.email).collect())
    }
}
