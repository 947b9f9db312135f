//! The demo data, loaded through the services like a person's own; for `serve --demo` and for tests.

mod bridge;
mod crm;
pub mod data;
mod error;
mod keys;
mod people;
mod projects;
mod story;

use std::sync::Arc;

use ports::{Clock, Date, Ids, Language, Tenant};
use store::Db;

pub use bridge::{Joints, join};
pub use error::DemoError;
pub use keys::{Keys, email, key_of};
pub use people::{ORGANISATION_ZONE, accounts};
pub use story::{Teller, tell};

/// The rooms that the data are loaded through.
#[derive(Clone)]
pub struct Rooms {
    /// The database they all share.
    pub db: Db,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// Accounts and tenants.
    pub identity: identity::Identity,
    /// The CRM app.
    pub crm: ::crm::Crm,
    /// The Projects app.
    pub projects: ::projects::Projects,
}

/// What is loaded, and as if on which day.
#[derive(Clone, Debug)]
pub struct Options {
    /// `T`, the day that all days of the data count from.
    pub today: Date,
    /// Language of the names.
    pub language: Language,
    /// The ids of organisation and portal, which are made.
    pub tenant: Tenant,
}

/// The tenant that was made, and the id of every key.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Organisation and portal "Zylker".
    pub tenant: Tenant,
    /// Ids by key: `A1`, `D4`, `P1`, `DM-10`, `K6` …
    pub keys: Keys,
}

/// Loads the apps' part of the demo data (sections 1 to 8) into an empty database. No mail is sent.
///
/// Errors: `NotEmpty` if the database has people already; what a service refuses, which is a mistake in the data.
pub fn load(rooms: &Rooms, options: &Options) -> Result<Loaded, DemoError> {
    if !rooms.identity.is_new()? {
        return Err(DemoError::NotEmpty);
    }
    let tenant = people::found(rooms, options)?;
    let mut keys = Keys::default();
    crm::load_records(rooms, options, &tenant, &mut keys)?;
    projects::load(rooms, options, &tenant, &mut keys)?;
    crm::load_tasks(rooms, options, &tenant, &mut keys)?;
    people::deactivate(rooms, &tenant)?;
    Ok(Loaded { tenant, keys })
}
