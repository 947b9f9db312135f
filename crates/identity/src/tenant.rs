//! Organisations and portals: the two kinds of tenant.

use ports::Moment;
use ports::{Language, OrganisationId, PortalId, Tenant};
use store::{Read, Row, Sql, Tx};

use crate::Identity;
use crate::error::IdentityError;

/// An organisation and the portal beside it, to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTenant {
    /// The ids of both.
    pub tenant: Tenant,
    /// Name of the organisation.
    pub organisation: String,
    /// Name of the portal.
    pub portal: String,
    /// Language of both.
    pub language: Language,
    /// Currency of the organisation, such as `EUR`.
    pub currency: String,
    /// Time zone of both.
    pub zone: String,
}

/// An organisation and the portal beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantCard {
    /// The ids of both.
    pub tenant: Tenant,
    /// Name of the organisation.
    pub organisation: String,
    /// Name of the portal.
    pub portal: String,
    /// Language of both.
    pub language: Language,
    /// Currency of the organisation.
    pub currency: String,
    /// Time zone of both: rules and templates follow it.
    pub zone: String,
}

const INSERT_ORGANISATION: Sql = Sql::new(
    "insert into identity_organisation (id, name, language, currency, zone, created_at) values ($1, $2, $3, $4, $5, $6)",
);
const INSERT_PORTAL: Sql =
    Sql::new("insert into identity_portal (id, organisation_id, name, created_at) values ($1, $2, $3, $4)");
const ALL: Sql = Sql::new(
    "select identity_portal.id as portal_id, identity_portal.name as portal, identity_organisation.id as organisation_id, \
     identity_organisation.name as organisation, language, currency, zone from identity_portal \
     join identity_organisation on identity_organisation.id = identity_portal.organisation_id \
     order by identity_portal.created_at, identity_portal.id",
);
const BY_PORTAL: Sql = Sql::new(
    "select identity_portal.id as portal_id, identity_portal.name as portal, identity_organisation.id as organisation_id, \
     identity_organisation.name as organisation, language, currency, zone from identity_portal \
     join identity_organisation on identity_organisation.id = identity_portal.organisation_id \
     where identity_portal.id = $1",
);

/// Makes an organisation with its portal.
pub fn create(tx: &mut Tx<'_>, new: &NewTenant, now: Moment) -> Result<TenantCard, IdentityError> {
    let [organisation, portal] = [new.tenant.organisation.as_str(), new.tenant.portal.as_str()];
    tx.execute(
        &INSERT_ORGANISATION,
        &[
            organisation.into(),
            new.organisation.as_str().into(),
            new.language.code().into(),
            new.currency.as_str().into(),
            new.zone.as_str().into(),
            now.ms().into(),
        ],
    )?;
    tx.execute(&INSERT_PORTAL, &[portal.into(), organisation.into(), new.portal.as_str().into(), now.ms().into()])?;
    Ok(TenantCard {
        tenant: new.tenant.clone(),
        organisation: new.organisation.clone(),
        portal: new.portal.clone(),
        language: new.language,
        currency: new.currency.clone(),
        zone: new.zone.clone(),
    })
}

/// Every portal with its organisation, the oldest first.
pub fn all(read: &mut Read<'_>) -> Result<Vec<TenantCard>, IdentityError> {
    read.rows(&ALL, &[])?.iter().map(card).collect()
}

/// The portal and organisation that a new session starts in: the oldest.
pub fn first(read: &mut Read<'_>) -> Result<Option<TenantCard>, IdentityError> {
    Ok(all(read)?.into_iter().next())
}

/// A portal with its organisation.
pub fn of_portal(read: &mut Read<'_>, portal: &PortalId) -> Result<Option<TenantCard>, IdentityError> {
    read.row(&BY_PORTAL, &[portal.as_str().into()])?.as_ref().map(card).transpose()
}

impl Identity {
    /// Every portal with its organisation, the oldest first: a new session starts in the first.
    pub fn tenants(&self) -> Result<Vec<TenantCard>, IdentityError> {
        self.db.read(all)
    }

    /// The names of a portal and its organisation; `NotFound`: no such portal.
    pub fn tenant(&self, portal: &PortalId) -> Result<TenantCard, IdentityError> {
        self.db.read(|read| of_portal(read, portal))?.ok_or(IdentityError::NotFound)
    }
}

fn card(row: &Row) -> Result<TenantCard, IdentityError> {
    Ok(TenantCard {
        tenant: Tenant {
            organisation: OrganisationId::new(row.text("organisation_id")?),
            portal: PortalId::new(row.text("portal_id")?),
        },
        organisation: row.text("organisation")?,
        portal: row.text("portal")?,
        language: Language::parse(&row.text("language")?).unwrap_or_default(),
        currency: row.text("currency")?,
        zone: row.text("zone")?,
    })
}
