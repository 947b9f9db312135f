//! All rooms but the pages over one database, put together as the program does.

use std::sync::Arc;

use bridge::{Bridge, BridgeParts, Engine, EngineOptions, EngineParts};
use crm::{Crm, InProcessCrm};
use identity::{Identity, IdentityError};
use mail::Mail;
use ports::{
    Clock, CrmSide, Directory, Email, Entropy, Ids, NumberedIds, OrganisationId, PersonCard, PortalId, ProjectsSide,
    Tenant,
};
use projects::{InProcessProjects, Projects};
use store::{Db, Migrations};

use crate::sources::{SeededEntropy, TurnedClock};

/// The tables of all rooms that are put together here.
pub const ROOMS: &[Migrations] = &[
    records::MIGRATIONS,
    identity::MIGRATIONS,
    mail::MIGRATIONS,
    crm::MIGRATIONS,
    projects::MIGRATIONS,
    bridge::MIGRATIONS,
];

/// The services over one database.
#[derive(Clone)]
pub struct Installation {
    /// The database.
    pub db: Db,
    /// The clock, turned by hand.
    pub clock: Arc<TurnedClock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// Organisation and portal.
    pub tenant: Tenant,
    /// People.
    pub identity: Identity,
    /// The outbox.
    pub mail: Mail,
    /// The CRM app.
    pub crm: Crm,
    /// The Projects app.
    pub projects: Projects,
    /// The CRM side.
    pub crm_side: Arc<dyn CrmSide>,
    /// The Projects side.
    pub projects_side: Arc<dyn ProjectsSide>,
    /// Looks people up.
    pub directory: Arc<dyn Directory>,
    /// The bridge.
    pub bridge: Bridge,
}

impl Installation {
    /// The services over a database whose tables are there.
    ///
    /// Errors: those of [`Identity::new`].
    pub fn new(db: Db, clock: Arc<TurnedClock>, seed: u64) -> Result<Self, IdentityError> {
        let ids = NumberedIds::new(clock.clone(), 1);
        let tenant = Tenant { organisation: OrganisationId::new(ids.next()), portal: PortalId::new(ids.next()) };
        Self::for_tenant(db, clock, seed, tenant)
    }

    /// The services for an organisation and portal that are there already.
    ///
    /// Errors: those of [`Identity::new`].
    pub fn for_tenant(db: Db, clock: Arc<TurnedClock>, seed: u64, tenant: Tenant) -> Result<Self, IdentityError> {
        let ids: Arc<dyn Ids> = Arc::new(NumberedIds::new(clock.clone(), 0));
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(seed));
        let told: Arc<dyn Clock> = clock.clone();
        let identity = Identity::new(db.clone(), told.clone(), ids.clone(), entropy)?;
        let mail = Mail::new(db.clone(), told.clone());
        let crm = Crm::new(db.clone(), told.clone(), ids.clone());
        let projects = Projects::new(db.clone(), told.clone(), ids.clone(), identity.clone());
        let crm_side: Arc<dyn CrmSide> = Arc::new(InProcessCrm::new(crm.clone(), tenant.organisation.clone()));
        let projects_side: Arc<dyn ProjectsSide> =
            Arc::new(InProcessProjects::new(projects.clone(), tenant.portal.clone()));
        let directory: Arc<dyn Directory> =
            Arc::new(People { identity: identity.clone(), crm: crm.clone(), projects: projects.clone() });
        Ok(Self {
            bridge: bridge_over(&db, told, &ids, &crm_side, &projects_side, &directory),
            db,
            clock,
            ids,
            tenant,
            identity,
            mail,
            crm,
            projects,
            crm_side,
            projects_side,
            directory,
        })
    }

    /// Puts other sides between the bridge and the apps: slow, failing or counting ones.
    pub fn with_sides(mut self, crm: Arc<dyn CrmSide>, projects: Arc<dyn ProjectsSide>) -> Self {
        self.crm_side = crm;
        self.projects_side = projects;
        self.rebuild_bridge();
        self
    }

    fn rebuild_bridge(&mut self) {
        let clock: Arc<dyn Clock> = self.clock.clone();
        self.bridge = bridge_over(&self.db, clock, &self.ids, &self.crm_side, &self.projects_side, &self.directory);
    }

    /// A worker of its own; `owner` is different for each.
    pub fn engine(&self, options: EngineOptions) -> Engine {
        let parts = EngineParts {
            db: self.db.clone(),
            ids: self.ids.clone(),
            crm: self.crm_side.clone(),
            projects: self.projects_side.clone(),
            directory: self.directory.clone(),
        };
        Engine::new(parts, options)
    }

    /// The rooms that the demo data are loaded through.
    pub fn demo_rooms(&self) -> demo::Rooms {
        demo::Rooms {
            db: self.db.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            identity: self.identity.clone(),
            crm: self.crm.clone(),
            projects: self.projects.clone(),
        }
    }
}

fn bridge_over(
    db: &Db,
    clock: Arc<dyn Clock>,
    ids: &Arc<dyn Ids>,
    crm: &Arc<dyn CrmSide>,
    projects: &Arc<dyn ProjectsSide>,
    directory: &Arc<dyn Directory>,
) -> Bridge {
    Bridge::new(BridgeParts {
        db: db.clone(),
        clock,
        ids: ids.clone(),
        crm: crm.clone(),
        projects: projects.clone(),
        directory: directory.clone(),
    })
}

/// People of the installation, from identity and both apps. What cannot be read counts as nobody.
struct People {
    identity: Identity,
    crm: Crm,
    projects: Projects,
}

impl Directory for People {
    fn person(&self, email: &Email) -> Option<PersonCard> {
        self.identity.account(email).ok()?.map(|card| card.person())
    }

    fn organisation_name(&self, tenant: &Tenant) -> Option<String> {
        self.identity.tenant(&tenant.portal).ok().map(|card| card.organisation)
    }

    fn portal_administrators(&self, tenant: &Tenant) -> Vec<Email> {
        self.projects.administrators(&tenant.portal).unwrap_or_default()
    }

    fn crm_administrators(&self, tenant: &Tenant) -> Vec<Email> {
        self.crm.administrators(&tenant.organisation).unwrap_or_default()
    }
}
