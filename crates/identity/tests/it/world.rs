//! An installation with a clock that is moved by hand and bytes that can be foreseen.

use std::sync::{Arc, Mutex};

use identity::{AccountCard, AccountSeed, Identity, IdentityError, NewTenant, Secret, account, tenant};
use ports::{Clock, Email, Entropy, Ids, Language, Moment, OrganisationId, PortalId, Tenant};
use store::Db;
use store::testing::databases;

pub const MANAGER: &str = "project.manager@zylker.example";
pub const PASSWORD: &str = "correct horse battery";

pub struct World {
    pub db: Db,
    pub identity: Identity,
    pub clock: Arc<HandClock>,
    pub ids: Arc<CountedIds>,
}

pub struct HandClock(Mutex<Moment>);

impl Clock for HandClock {
    fn now(&self) -> Moment {
        *self.0.lock().unwrap()
    }
}

pub struct CountedIds(Mutex<i64>);

impl Ids for CountedIds {
    fn next(&self) -> String {
        let mut count = self.0.lock().unwrap();
        *count += 1;
        format!("54000000000000{:05}", *count)
    }
}

/// Never twice the same, and the same in every run.
struct CountedBytes(Mutex<u64>);

impl Entropy for CountedBytes {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap();
        for byte in bytes {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = state.to_be_bytes()[0];
        }
    }
}

/// Runs a story on each engine, beginning on 10 March 2026 at 09:00 UTC.
pub fn each(mut story: impl FnMut(&World)) {
    for db in databases(&[mail::MIGRATIONS, identity::MIGRATIONS]) {
        let clock = Arc::new(HandClock(Mutex::new(Moment::parse("2026-03-10T09:00:00Z").unwrap())));
        let ids = Arc::new(CountedIds(Mutex::new(0)));
        let entropy = Arc::new(CountedBytes(Mutex::new(1)));
        let identity = Identity::new(db.db.clone(), clock.clone(), ids.clone(), entropy).unwrap();
        story(&World { db: db.db.clone(), identity, clock, ids });
    }
}

impl World {
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    pub fn pass_s(&self, seconds: i64) {
        let mut now = self.clock.0.lock().unwrap();
        *now = now.plus_ms(seconds * 1_000);
    }

    pub fn pass_hours(&self, hours: i64) {
        self.pass_s(hours * 3_600);
    }

    pub fn tenant(&self) -> Tenant {
        let tenant = Tenant { organisation: OrganisationId::new("540"), portal: PortalId::new("230") };
        let new = NewTenant {
            tenant: tenant.clone(),
            organisation: "Zylker".into(),
            portal: "Zylker Projects".into(),
            language: Language::En,
            currency: "EUR".into(),
            zone: "Europe/Berlin".into(),
        };
        self.db.write(|tx| tenant::create(tx, &new, self.clock.now())).unwrap();
        tenant
    }

    pub fn person(&self, address: &str) -> AccountCard {
        let seed = AccountSeed { name: String::new(), language: Language::En, zone: "Europe/Berlin".into() };
        self.db.write(|tx| account::ensure(tx, &email(address), &seed, self.ids.as_ref(), self.clock.now())).unwrap()
    }

    /// A person with [`PASSWORD`].
    pub fn member(&self, address: &str) -> AccountCard {
        self.person(address);
        self.identity.set_password(&email(address), &Secret::new(PASSWORD)).unwrap();
        self.identity.account(&email(address)).unwrap().unwrap()
    }

    pub fn sign_in(&self, address: &str, password: &str) -> Result<AccountCard, IdentityError> {
        self.identity.sign_in(address, &Secret::new(password), "192.0.2.1")
    }
}

pub fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

/// The name of an error's variant and what it holds.
pub fn word(error: &IdentityError) -> String {
    format!("{error:?}")
}
