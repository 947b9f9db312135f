//! Puts the rooms together: database, clock, services, the two sides, the bridge, people.

use std::sync::Arc;

use bridge::{Bridge, BridgeParts, Engine, EngineOptions, EngineParts};
use crm::{Crm, InProcessCrm};
use identity::first_start::{FirstStart, Founded};
use identity::{Identity, IdentityError, tenant};
use mail::Mail;
use ports::{
    Clock, CrmSide, Directory, Email, Entropy, Ids, Moment, NumberedIds, OrganisationId, PersonCard, PortalId,
    ProjectsSide, Tenant,
};
use projects::{Founding, InProcessProjects, Projects};
use store::{Db, Migrations, PostgresOptions, SqliteOptions, StoreError, Synchronous};

use crate::config::{Database, Place};

/// The tables of all rooms, in the order in which they are made.
pub const ROOMS: &[Migrations] = &[
    records::MIGRATIONS,
    identity::MIGRATIONS,
    mail::MIGRATIONS,
    crm::MIGRATIONS,
    projects::MIGRATIONS,
    bridge::MIGRATIONS,
    api::MIGRATIONS,
];

/// Connections to a PostgreSQL server at most.
const CONNECTIONS_MAX: u32 = 20;

/// The clock of the machine. The only place where the program asks it.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the program asks for the time")]
    fn now(&self) -> Moment {
        Moment::from_ms(jiff::Timestamp::now().as_millisecond())
    }
}

/// The randomness of the machine.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // Without randomness every token could be guessed: nothing may go on.
            tracing::error!("the system gives no random numbers: {error}");
            std::process::abort();
        }
    }
}

/// Where time, ids and randomness come from: the machine, or a test.
#[derive(Clone)]
pub struct Sources {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// Makes tokens.
    pub entropy: Arc<dyn Entropy>,
}

impl Sources {
    /// Those of the machine.
    pub fn system() -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Self { ids: Arc::new(NumberedIds::new(clock.clone(), 0)), clock, entropy: Arc::new(SystemEntropy) }
    }
}

/// All services over one database.
#[derive(Clone)]
pub struct Rooms {
    /// The database.
    pub db: Db,
    /// Time, ids, randomness.
    pub sources: Sources,
    /// Organisation and portal; of a new installation those that the first start will make.
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

/// Opens the database of a place and brings its tables up to date.
///
/// Errors: those of the database, each with what to do.
pub fn open(place: &Place, now: Moment) -> Result<Db, StoreError> {
    let db = match &place.database {
        Database::Sqlite { file } => {
            let synchronous = if place.is_durable { Synchronous::Full } else { Synchronous::Normal };
            Db::open_sqlite(file, SqliteOptions { synchronous, max_page_count: None })?
        }
        Database::Postgres { url } => {
            Db::open_postgres(url.reveal(), PostgresOptions { connections_max: CONNECTIONS_MAX })?
        }
    };
    db.migrate(ROOMS, now.ms())?;
    Ok(db)
}

impl Rooms {
    /// The services over a database whose tables are there.
    pub fn new(db: Db, sources: Sources) -> Result<Self, IdentityError> {
        let present = db.read(tenant::first)?;
        let ids = sources.ids.clone();
        let tenant = present.map_or_else(
            || Tenant { organisation: OrganisationId::new(ids.next()), portal: PortalId::new(ids.next()) },
            |card| card.tenant,
        );
        Self::for_tenant(db, sources, tenant)
    }

    /// The services for one organisation and portal.
    pub fn for_tenant(db: Db, sources: Sources, tenant: Tenant) -> Result<Self, IdentityError> {
        let Sources { clock, ids, entropy } = sources.clone();
        let identity = Identity::new(db.clone(), clock.clone(), ids.clone(), entropy)?;
        let mail = Mail::new(db.clone(), clock.clone());
        let crm = Crm::new(db.clone(), clock.clone(), ids.clone());
        let projects = Projects::new(db.clone(), clock.clone(), ids.clone(), identity.clone());
        let crm_side: Arc<dyn CrmSide> = Arc::new(InProcessCrm::new(crm.clone(), tenant.organisation.clone()));
        let projects_side: Arc<dyn ProjectsSide> =
            Arc::new(InProcessProjects::new(projects.clone(), tenant.portal.clone()));
        let directory: Arc<dyn Directory> =
            Arc::new(People { identity: identity.clone(), crm: crm.clone(), projects: projects.clone() });
        let bridge = Bridge::new(BridgeParts {
            db: db.clone(),
            clock,
            ids,
            crm: crm_side.clone(),
            projects: projects_side.clone(),
            directory: directory.clone(),
        });
        Ok(Self { db, sources, tenant, identity, mail, crm, projects, crm_side, projects_side, directory, bridge })
    }

    /// An engine of its own over these rooms; `owner` is different for each.
    pub fn engine(&self, owner: &str) -> Engine {
        let parts = EngineParts {
            db: self.db.clone(),
            ids: self.sources.ids.clone(),
            crm: self.crm_side.clone(),
            projects: self.projects_side.clone(),
            directory: self.directory.clone(),
        };
        Engine::new(parts, EngineOptions::standard(owner))
    }

    /// Makes organisation, portal, administrator and connection in one go (the page of the first start).
    ///
    /// Errors: those of [`Identity::first_start`].
    pub fn found(&self, form: &FirstStart, from: &str) -> Result<Founded, IdentityError> {
        self.identity.first_start(form, &self.tenant, from, |tx, founded| self.furnish(tx, founded))
    }

    fn furnish(&self, tx: &mut store::Tx<'_>, founded: &Founded) -> Result<(), IdentityError> {
        let Founded { tenant: card, administrator } = founded;
        let broken = |error: &dyn std::fmt::Display| IdentityError::Internal(error.to_string());
        let now = self.sources.clock.now();
        crm::found(tx, &card.tenant, &administrator.email, &self.sources.ids.next(), now).map_err(|e| broken(&e))?;
        let founding = Founding {
            portal: card.tenant.portal.clone(),
            name: card.portal.clone(),
            zone: card.zone.clone(),
            owner: administrator.email.clone(),
            owner_name: administrator.name.clone(),
            language: administrator.language,
        };
        self.projects.found(tx, &founding).map_err(|e| broken(&e))?;
        let names = bridge::connection::NewConnection {
            organisation_name: card.organisation.clone(),
            portal_name: card.portal.clone(),
        };
        self.bridge.found(tx, &card.tenant, &administrator.email, &names).map_err(|e| broken(&e))
    }
}

/// People of the installation, from identity and both apps.
struct People {
    identity: Identity,
    crm: Crm,
    projects: Projects,
}

impl Directory for People {
    fn person(&self, email: &Email) -> Option<PersonCard> {
        self.identity.account(email).inspect_err(|error| tracing::error!("{error}")).ok()?.map(|card| card.person())
    }

    fn organisation_name(&self, tenant: &Tenant) -> Option<String> {
        let found = self.identity.tenant(&tenant.portal);
        found.inspect_err(|error| tracing::error!("{error}")).ok().map(|card| card.organisation)
    }

    fn portal_administrators(&self, tenant: &Tenant) -> Vec<Email> {
        let found = self.projects.administrators(&tenant.portal);
        found.inspect_err(|error| tracing::error!("{error}")).unwrap_or_default()
    }

    fn crm_administrators(&self, tenant: &Tenant) -> Vec<Email> {
        let found = self.crm.administrators(&tenant.organisation);
        found.inspect_err(|error| tracing::error!("{error}")).unwrap_or_default()
    }
}
