//! A portal: its name, time zone and settings.

use ports::PortalId;
use serde::{Deserialize, Serialize};
use store::{Read, Sql, StoreError, Tx};

/// A portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portal {
    /// Id.
    pub id: PortalId,
    /// Name.
    pub name: String,
    /// IANA name of the time zone in which rules and times of day are meant.
    pub zone: String,
    /// What an administrator has chosen.
    pub settings: PortalSettings,
    /// Counts the changes.
    pub version: i64,
}

/// Settings of a portal; stored as one document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PortalSettings {
    /// The portal's own mail domains, in lower case; people there cannot be client users (IMP-6).
    pub own_domains: Vec<String>,
    /// Whether they can be all the same.
    pub allows_own_domain_clients: bool,
}

const BY_ID: Sql =
    Sql::new("select portal_id, name, zone, settings, version from projects_portal where portal_id = $1");
const INSERT: Sql = Sql::new(
    "insert into projects_portal (portal_id, name, zone, settings, version, created_at) \
     values ($1, $2, $3, $4, 1, $5) on conflict do nothing",
);
const UPDATE: Sql = Sql::new(
    "update projects_portal set name = $2, zone = $3, settings = $4, version = version + 1 where portal_id = $1",
);

pub(crate) fn by_id(read: &mut Read<'_>, id: &PortalId) -> Result<Option<Portal>, StoreError> {
    let Some(row) = read.row(&BY_ID, &[id.as_str().into()])? else { return Ok(None) };
    let settings = serde_json::from_str(&row.text("settings")?)
        .map_err(|cause| StoreError::Other(format!("the settings of portal {id} cannot be read: {cause}")))?;
    Ok(Some(Portal {
        id: PortalId::new(row.text("portal_id")?),
        name: row.text("name")?,
        zone: row.text("zone")?,
        settings,
        version: row.int("version")?,
    }))
}

/// False if the portal is there already.
pub(crate) fn insert(tx: &mut Tx<'_>, portal: &Portal, now: i64) -> Result<bool, StoreError> {
    let binds = [
        portal.id.as_str().into(),
        portal.name.as_str().into(),
        portal.zone.as_str().into(),
        document(&portal.settings)?.into(),
        now.into(),
    ];
    Ok(tx.execute(&INSERT, &binds)? == 1)
}

pub(crate) fn update(tx: &mut Tx<'_>, portal: &Portal) -> Result<(), StoreError> {
    let binds = [
        portal.id.as_str().into(),
        portal.name.as_str().into(),
        portal.zone.as_str().into(),
        document(&portal.settings)?.into(),
    ];
    tx.execute(&UPDATE, &binds).map(|_| ())
}

fn document(settings: &PortalSettings) -> Result<String, StoreError> {
    serde_json::to_string(settings)
        .map_err(|cause| StoreError::Other(format!("portal settings cannot be stored: {cause}")))
}
