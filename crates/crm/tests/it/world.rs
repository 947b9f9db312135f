//! A small world: two organisations, a clock that stands still until it is moved, people by short names.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crm::{Crm, CrmError, Draft, Filter, InProcessCrm, ListQuery, Module, Profile, Record, Sort};
use ports::{Acting, Clock, Email, Moment, NumberedIds, OrganisationId, Origin, PortalId, Tenant};
use store::testing::{TestDb, databases};
use store::{Migrations, Tx};

pub const ROOMS: [Migrations; 3] = [records::MIGRATIONS, identity::MIGRATIONS, crm::MIGRATIONS];

pub struct StillClock(AtomicI64);

impl Clock for StillClock {
    fn now(&self) -> Moment {
        Moment::from_ms(self.0.load(Ordering::SeqCst))
    }
}

pub struct World {
    pub engine: &'static str,
    pub crm: Crm,
    pub clock: Arc<StillClock>,
    pub db: TestDb,
}

/// One world an engine, each told to `story`.
pub fn on_all(story: impl Fn(&World)) {
    for db in databases(&ROOMS) {
        story(&World::new(db));
    }
}

impl World {
    fn new(db: TestDb) -> Self {
        let clock = Arc::new(StillClock(AtomicI64::new(Moment::parse("2026-03-10T09:00:00Z").unwrap().ms())));
        let ids = Arc::new(NumberedIds::new(clock.clone(), 1));
        let crm = Crm::new(db.db.clone(), clock.clone(), ids.clone());
        let world = Self { engine: db.name, crm, clock, db };
        for (tenant, admin) in [("zylker", "admin"), ("other", "boss")] {
            world.crm.found_organisation(&tenant_of(tenant), &email(admin)).unwrap();
        }
        for person in ["sales", "lead"] {
            world.crm.add_user(&world.admin(), &email(person), Profile::Standard).unwrap();
        }
        world.crm.add_user(&world.admin(), &email("former"), Profile::Standard).unwrap();
        world.crm.deactivate_user(&world.admin(), &email("former")).unwrap();
        let seed = |name: &str| identity::AccountSeed {
            name: name.to_owned(),
            language: ports::Language::En,
            zone: "Europe/London".to_owned(),
        };
        let now = world.clock.now();
        world
            .db
            .write(|tx: &mut Tx<'_>| {
                identity::account::ensure(tx, &email("sales"), &seed("Sales Manager"), ids.as_ref(), now)?;
                identity::account::ensure(tx, &email("lead"), &seed("迁移负责人"), ids.as_ref(), now).map(|_| ())
            })
            .unwrap();
        world
    }

    pub fn minute_passes(&self) {
        self.clock.0.fetch_add(60_000, Ordering::SeqCst);
    }

    pub fn admin(&self) -> Acting {
        by("admin", Origin::Form)
    }

    pub fn sales(&self) -> Acting {
        by("sales", Origin::Form)
    }

    pub fn api(&self) -> Acting {
        by("sales", Origin::Api)
    }

    pub fn side(&self) -> InProcessCrm {
        InProcessCrm::new(self.crm.clone(), OrganisationId::new("zylker"))
    }

    pub fn account(&self, name: &str) -> Record {
        self.crm.create(&self.sales(), Module::Account, &Draft::new().with("name", name)).unwrap()
    }

    pub fn deal(&self, name: &str, account: Option<&Record>, closing: &str) -> Record {
        let draft = Draft::new()
            .with("name", name)
            .with("stage", "Qualification")
            .with("closing", closing)
            .with("account", account.map(|account| account.id.as_str()).unwrap_or_default());
        self.crm.create(&self.sales(), Module::Deal, &draft).unwrap()
    }

    pub fn task(&self, subject: &str, draft: Draft) -> Record {
        self.crm.create(&self.sales(), Module::Task, &draft.with("subject", subject)).unwrap()
    }

    /// All rows of a list, read in pages of two; the names.
    pub fn pages(&self, module: Module, filter: &Filter, sort: Sort) -> Vec<String> {
        let mut query = ListQuery { module, filter: filter.clone(), sort, after: None, limit: 2 };
        let mut names = Vec::new();
        loop {
            let page = self.crm.list(&self.sales(), &query).unwrap();
            assert!(page.rows.len() <= 2);
            names.extend(page.rows.iter().map(|record| record.name().to_owned()));
            match page.next {
                Some(next) => query.after = Some(next),
                None => return names,
            }
        }
    }
}

pub fn email(person: &str) -> Email {
    Email::parse(&format!("{person}@zylker.example")).unwrap()
}

pub fn tenant_of(organisation: &str) -> Tenant {
    Tenant { organisation: OrganisationId::new(organisation), portal: PortalId::new("portal") }
}

pub fn by(person: &str, origin: Origin) -> Acting {
    Acting { tenant: tenant_of("zylker"), email: email(person), origin }
}

/// The fields and codes of an `Invalid`.
pub fn problems(error: CrmError) -> Vec<(String, &'static str)> {
    match error {
        CrmError::Invalid(errors) => errors.iter().map(|error| (error.field.clone(), error.code())).collect(),
        other => panic!("not invalid: {other:?}"),
    }
}
