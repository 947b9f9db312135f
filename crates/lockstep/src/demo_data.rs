//! The demo data at the start of the program: loaded once, as if the last days had happened.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use demo::{Joints, Options, Teller};
use identity::Secret as Password;
use ports::{Clock, Email, Language, Moment, NumberedIds};

use crate::Failure;
use crate::wiring::{Rooms, Sources};

/// The past begins so long before now.
const PAST_MS: i64 = 3 * 24 * 60 * 60 * 1_000;

/// What became of `--demo`.
pub enum Demo {
    /// The data were loaded just now.
    Loaded,
    /// They were there already.
    There,
}

/// A clock that the loader turns.
struct Turned(AtomicI64);

impl Clock for Turned {
    fn now(&self) -> Moment {
        Moment::from_ms(self.0.load(Ordering::SeqCst))
    }
}

/// Loads the demo data into an empty database; a database that has them stays as it is.
///
/// Errors: a database with other people in it; the database.
pub fn load(rooms: &Rooms, language: Language, public_url: &str) -> Result<Demo, Failure> {
    if !rooms.identity.is_new().map_err(Failure::of)? {
        let admin = demo::accounts().into_iter().next();
        let known = admin.map(|email| rooms.identity.account(&email)).transpose().map_err(Failure::of)?.flatten();
        return if known.is_some() {
            Ok(Demo::There)
        } else {
            Err(Failure(
                "--demo: this database has other people in it and was not changed; \
                 start without --demo, or with another --data folder"
                    .to_owned(),
            ))
        };
    }
    let now = rooms.sources.clock.now();
    let clock = Arc::new(Turned(AtomicI64::new(now.ms() - PAST_MS)));
    let ids = Arc::new(NumberedIds::new(clock.clone(), 1));
    let sources = Sources { clock: clock.clone(), ids, entropy: rooms.sources.entropy.clone() };
    let past = Rooms::for_tenant(rooms.db.clone(), sources, rooms.tenant.clone()).map_err(Failure::of)?;
    let zone = jiff::tz::TimeZone::get(demo::ORGANISATION_ZONE).unwrap_or(jiff::tz::TimeZone::UTC);
    let options = Options { today: now.date_in(&zone), language, tenant: past.tenant.clone() };
    let through = demo::Rooms {
        db: past.db.clone(),
        clock: clock.clone(),
        ids: past.sources.ids.clone(),
        identity: past.identity.clone(),
        crm: past.crm.clone(),
        projects: past.projects.clone(),
    };
    let mut loaded = demo::load(&through, &options).map_err(Failure::of)?;
    let joints = Joints { bridge: &past.bridge, crm: past.crm_side.as_ref(), projects: past.projects_side.as_ref() };
    demo::join(&through, joints, &mut loaded).map_err(Failure::of)?;
    let mut engine = past.engine("demo");
    let turn = |at: Moment| clock.0.store(at.ms(), Ordering::SeqCst);
    let directory = past.directory.clone();
    let mut teller =
        Teller { engine: &mut engine, turn: &turn, mail: &past.mail, directory: directory.as_ref(), public_url };
    demo::tell(&through, &loaded, &options, &mut teller, now).map_err(Failure::of)?;
    Ok(Demo::Loaded)
}

/// Gives every demo account this password.
pub fn set_password(rooms: &Rooms, password: &str) -> Result<(), Failure> {
    for email in demo::accounts() {
        rooms.identity.set_password(&email, &Password::new(password)).map_err(Failure::of)?;
    }
    Ok(())
}

/// The accounts that the sign-in page offers: the people of the story first.
pub fn buttons() -> Vec<Email> {
    demo::accounts()
}
