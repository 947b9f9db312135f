//! [`Bridge`]: what pages and the own API call. The person comes first in every call, and his right is decided here.

use std::sync::Arc;

use ports::{
    Acting, Clock, CrmSide, CrmUserCard, Directory, Email, Ids, Moment, Origin, ProjectsSide, ProjectsUserCard, Tenant,
};
use store::Db;

use crate::connection::Connection;
use crate::error::BridgeError;

/// The bridge's services. A clone is cheap and shares everything.
#[derive(Clone)]
pub struct Bridge {
    parts: Arc<BridgeParts>,
}

/// What the bridge is put together from.
pub struct BridgeParts {
    /// The database.
    pub db: Db,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// The CRM side.
    pub crm: Arc<dyn CrmSide>,
    /// The Projects side.
    pub projects: Arc<dyn ProjectsSide>,
    /// Looks people up.
    pub directory: Arc<dyn Directory>,
}

/// The person who asks, as both sides know him.
pub(crate) struct Caller {
    pub(crate) email: Email,
    /// His CRM user, if active.
    pub(crate) crm: Option<CrmUserCard>,
    /// His portal user, if active and no client user.
    pub(crate) portal: Option<ProjectsUserCard>,
}

impl Bridge {
    /// A bridge over these parts.
    pub fn new(parts: BridgeParts) -> Self {
        Self { parts: Arc::new(parts) }
    }

    pub(crate) fn db(&self) -> &Db {
        &self.parts.db
    }

    pub(crate) fn now(&self) -> Moment {
        self.parts.clock.now()
    }

    pub(crate) fn next_id(&self) -> String {
        self.parts.ids.next()
    }

    pub(crate) fn crm(&self) -> &dyn CrmSide {
        self.parts.crm.as_ref()
    }

    pub(crate) fn projects(&self) -> &dyn ProjectsSide {
        self.parts.projects.as_ref()
    }

    pub(crate) fn directory(&self) -> &dyn Directory {
        self.parts.directory.as_ref()
    }

    /// Who asks. Errors: `NotFound` for client users, to whom nothing of the bridge is shown (TASK-14), and for
    /// persons whom neither side knows.
    pub(crate) fn caller(&self, acting: &Acting) -> Result<Caller, BridgeError> {
        let crm = self.crm_user(&acting.email)?;
        let portal = self.portal_user(&acting.email)?;
        let is_client = portal.as_ref().is_some_and(|user| user.client_of.is_some());
        if is_client || (crm.is_none() && portal.is_none()) {
            return Err(BridgeError::NotFound);
        }
        Ok(Caller { email: acting.email.clone(), crm, portal })
    }

    /// The active CRM user with this address.
    pub(crate) fn crm_user(&self, email: &Email) -> Result<Option<CrmUserCard>, BridgeError> {
        let user = self.crm().users(std::slice::from_ref(email))?.into_iter().next().flatten();
        Ok(user.filter(|user| user.is_active))
    }

    /// The active portal user or client user with this address.
    pub(crate) fn portal_user(&self, email: &Email) -> Result<Option<ProjectsUserCard>, BridgeError> {
        let user = self.projects().users(std::slice::from_ref(email))?.into_iter().next().flatten();
        Ok(user.filter(|user| user.is_active))
    }

    /// In whose name the bridge writes to the CRM for a person: his own if he is an active user there, else the
    /// connection user's.
    pub(crate) fn acting_in_crm(&self, connection: &Connection, person: &Email) -> Result<Acting, BridgeError> {
        let own = connection.settings.acts_for_people && self.crm_user(person)?.is_some();
        let email = if own { person.clone() } else { connection.user.clone() };
        Ok(Acting { tenant: connection.tenant.clone(), email, origin: Origin::Bridge })
    }
}

impl Caller {
    pub(crate) fn is_portal_administrator(&self) -> bool {
        self.portal.as_ref().is_some_and(|user| user.rights.is_administrator)
    }

    pub(crate) fn is_crm_administrator(&self) -> bool {
        self.crm.as_ref().is_some_and(|user| user.is_administrator)
    }

    /// Administrator of either side of the connection.
    pub(crate) fn is_bridge_administrator(&self) -> bool {
        self.is_portal_administrator() || self.is_crm_administrator()
    }

    pub(crate) fn may_create_projects(&self) -> bool {
        self.portal.as_ref().is_some_and(|user| user.rights.may_create_projects)
    }

    pub(crate) fn may_add_users(&self) -> bool {
        self.portal.as_ref().is_some_and(|user| user.rights.may_add_users)
    }

    /// Errors: `Refused` for whoever is no portal administrator.
    pub(crate) fn require_portal_administrator(&self) -> Result<(), BridgeError> {
        if self.is_portal_administrator() { Ok(()) } else { Err(BridgeError::no_permission()) }
    }

    /// Sales records are for CRM users. Errors: `NotFound` for others.
    pub(crate) fn require_crm_user(&self) -> Result<(), BridgeError> {
        if self.crm.is_some() { Ok(()) } else { Err(BridgeError::NotFound) }
    }
}

/// Somebody's call in the tenants of a connection.
pub(crate) fn acting_for(tenant: &Tenant, email: &Email, origin: Origin) -> Acting {
    Acting { tenant: tenant.clone(), email: email.clone(), origin }
}
