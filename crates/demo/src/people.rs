//! Organisation, portal and accounts of the demo (section 1).

use identity::account::{self, AccountSeed};
use identity::{NewTenant, tenant};
use ports::{Acting, Email, Language, Origin, Tenant};

use crate::data::people::{CLIENT_USERS, CrmProfile, PEOPLE};
use crate::error::DemoError;
use crate::keys::email;
use crate::{Options, Rooms};

const ORGANISATION: &str = "Zylker";
/// Time zone of the organisation: what day it is there is `T`.
pub const ORGANISATION_ZONE: &str = "America/Los_Angeles";

/// Makes the tenant, every account, and the CRM users.
pub(crate) fn found(rooms: &Rooms, options: &Options) -> Result<Tenant, DemoError> {
    let tenant = options.tenant.clone();
    let new = NewTenant {
        tenant: tenant.clone(),
        organisation: ORGANISATION.to_owned(),
        portal: ORGANISATION.to_owned(),
        language: options.language,
        currency: "USD".to_owned(),
        zone: ORGANISATION_ZONE.to_owned(),
    };
    let now = rooms.clock.now();
    rooms.db.write(|tx| {
        tenant::create(tx, &new, now)?;
        for person in PEOPLE {
            let seed = AccountSeed {
                name: person.name.of(options.language).to_owned(),
                language: Language::parse(person.language).unwrap_or_default(),
                zone: person.zone.to_owned(),
            };
            account::ensure(tx, &email(person.key)?, &seed, rooms.ids.as_ref(), now)?;
        }
        for client in CLIENT_USERS {
            let seed =
                AccountSeed { name: client.name.to_owned(), language: Language::En, zone: "Europe/London".to_owned() };
            account::ensure(tx, &email(client.key)?, &seed, rooms.ids.as_ref(), now)?;
        }
        Ok::<_, DemoError>(())
    })?;
    rooms.crm.found_organisation(&tenant, &email("U1")?)?;
    for person in PEOPLE.iter().filter(|person| person.key != "U1") {
        let profile = match person.crm {
            Some(CrmProfile::Administrator) => crm::Profile::Administrator,
            Some(CrmProfile::Standard) => crm::Profile::Standard,
            None => continue,
        };
        rooms.crm.add_user(&by(&tenant, "U1")?, &email(person.key)?, profile)?;
    }
    Ok(tenant)
}

/// Deactivates who has left, once his records are there.
pub(crate) fn deactivate(rooms: &Rooms, tenant: &Tenant) -> Result<(), DemoError> {
    for person in PEOPLE.iter().filter(|person| person.crm.is_some() && !person.is_active_in_crm) {
        rooms.crm.deactivate_user(&by(tenant, "U1")?, &email(person.key)?)?;
    }
    Ok(())
}

/// Addresses of the active people and the client users, in the order of the sign-in page.
pub fn accounts() -> Vec<Email> {
    let first = ["U3", "U9", "U1", "U4", "U5"];
    let keys = PEOPLE.iter().map(|person| (person.key, person.crm.is_none() || person.is_active_in_crm));
    let clients = CLIENT_USERS.iter().map(|client| (client.key, true));
    let others = keys.chain(clients).filter(|(key, is_active)| *is_active && !first.contains(key)).map(|(key, _)| key);
    first.into_iter().chain(others).filter_map(|key| email(key).ok()).collect()
}

/// The call of a person, by key, made by the program itself.
pub(crate) fn by(tenant: &Tenant, key: &str) -> Result<Acting, DemoError> {
    Ok(Acting { tenant: tenant.clone(), email: email(key)?, origin: Origin::System })
}
