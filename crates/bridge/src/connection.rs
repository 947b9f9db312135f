//! One CRM organisation joined with one portal (CFG-1), its connection user and its settings.

use ports::{Acting, ConnectionId, CrmModule, Email, Moment, OrganisationId, PortalId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Read, Row, Sql, Tx};

use crate::error::BridgeError;
use crate::service::Bridge;
use crate::stored;

/// A connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Id.
    pub id: ConnectionId,
    /// Organisation and portal.
    pub tenant: Tenant,
    /// Name of the organisation when it was connected.
    pub organisation_name: String,
    /// Name of the portal when it was connected.
    pub portal_name: String,
    /// Whether it works.
    pub state: ConnectionState,
    /// In whose name the bridge writes when it cannot act for the person (COM-2).
    pub user: Email,
    /// Choices of the administrators.
    pub settings: Settings,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Moment,
    /// Who made it.
    pub created_by: Option<Email>,
}

/// Whether a connection works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// Changes are carried over.
    Running,
    /// Nothing is carried over for now.
    Paused,
}

impl ConnectionState {
    /// The stored word, as the own API shows it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
        }
    }
}

/// The settings document of a connection. A member that is missing in the store has its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// What happens with a refused value (REF-1).
    pub after_refusal: AfterRefusal,
    /// Which value wins when both sides changed a field (CON-4).
    pub conflict: ConflictRule,
    /// Whether the bridge may write in the name of the person who made a change (COM-2).
    pub acts_for_people: bool,
    /// Modules whose records show the related list "Projects" (CFG-9).
    pub related_list: Vec<String>,
}

/// What happens with a refused value (REF-1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterRefusal {
    /// The agreed value is written back.
    #[default]
    Revert,
}

/// Which value wins when both sides changed a field (CON-4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictRule {
    /// The later one.
    #[default]
    Latest,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            after_refusal: AfterRefusal::default(),
            conflict: ConflictRule::default(),
            acts_for_people: true,
            related_list: CrmModule::ALL.iter().map(|module| module.code().to_owned()).collect(),
        }
    }
}

impl Settings {
    /// Whether records of this module show the related list (CFG-9).
    pub fn shows_related_list(&self, module: CrmModule) -> bool {
        self.related_list.iter().any(|code| code == module.code())
    }
}

/// What a new connection consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConnection {
    /// Name of the organisation.
    pub organisation_name: String,
    /// Name of the portal.
    pub portal_name: String,
}

const OF_TENANT: Sql = Sql::hot(
    "select connection_id, organisation_id, organisation_name, portal_id, portal_name, state, connection_user, \
     settings, version, created_at, created_by from bridge_connection where organisation_id = $1 and portal_id = $2",
);
const BY_ID: Sql = Sql::hot(
    "select connection_id, organisation_id, organisation_name, portal_id, portal_name, state, connection_user, \
     settings, version, created_at, created_by from bridge_connection where connection_id = $1",
);
const ALL: Sql = Sql::new(
    "select connection_id, organisation_id, organisation_name, portal_id, portal_name, state, connection_user, \
     settings, version, created_at, created_by from bridge_connection order by connection_id",
);
const INSERT: Sql = Sql::new(
    "insert into bridge_connection (connection_id, organisation_id, organisation_name, portal_id, portal_name, state, \
     connection_user, settings, version, created_at, created_by) \
     values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10) on conflict do nothing",
);

/// The connection of these two tenants.
pub fn of_tenant(read: &mut Read<'_>, tenant: &Tenant) -> Result<Option<Connection>, BridgeError> {
    let row = read.row(&OF_TENANT, &[tenant.organisation.as_str().into(), tenant.portal.as_str().into()])?;
    row.as_ref().map(connection).transpose()
}

/// A connection by its id.
pub fn by_id(read: &mut Read<'_>, id: &ConnectionId) -> Result<Option<Connection>, BridgeError> {
    read.row(&BY_ID, &[id.as_str().into()])?.as_ref().map(connection).transpose()
}

/// All connections of the installation, oldest first: for loops, which serve every tenant.
pub fn all(read: &mut Read<'_>) -> Result<Vec<Connection>, BridgeError> {
    read.rows(&ALL, &[])?.iter().map(connection).collect()
}

/// Stores a connection; answers whether it was new. Organisation and portal have one connection each (CFG-1).
pub fn insert(tx: &mut Tx<'_>, connection: &Connection) -> Result<bool, BridgeError> {
    let changed = tx.execute(
        &INSERT,
        &[
            connection.id.as_str().into(),
            connection.tenant.organisation.as_str().into(),
            (&connection.organisation_name).into(),
            connection.tenant.portal.as_str().into(),
            (&connection.portal_name).into(),
            connection.state.code().into(),
            connection.user.as_str().into(),
            stored::to_json(&connection.settings)?.into(),
            connection.created_at.ms().into(),
            connection.created_by.as_ref().map(Email::as_str).into(),
        ],
    )?;
    Ok(changed == 1)
}

fn connection(row: &Row) -> Result<Connection, BridgeError> {
    let state = match row.text("state")?.as_str() {
        "paused" => ConnectionState::Paused,
        _ => ConnectionState::Running,
    };
    Ok(Connection {
        id: ConnectionId::new(row.text("connection_id")?),
        tenant: Tenant {
            organisation: OrganisationId::new(row.text("organisation_id")?),
            portal: PortalId::new(row.text("portal_id")?),
        },
        organisation_name: row.text("organisation_name")?,
        portal_name: row.text("portal_name")?,
        state,
        user: stored::email(&row.text("connection_user")?)?,
        settings: stored::from_json(&row.text("settings")?)?,
        version: row.int("version")?,
        created_at: Moment::from_ms(row.int("created_at")?),
        created_by: row.text_or_null("created_by")?.as_deref().map(stored::email).transpose()?,
    })
}

impl Bridge {
    /// Connects organisation and portal of the person, an administrator of both; he becomes the connection user.
    ///
    /// Connecting the same two again gives the connection that is there. Errors: `Refused` without the right;
    /// `WrongState` if one of the two is connected otherwise (CFG-1).
    pub fn connect(&self, acting: &Acting, new: &NewConnection) -> Result<Connection, BridgeError> {
        let caller = self.caller(acting)?;
        if !caller.is_crm_administrator() || !caller.is_portal_administrator() {
            return Err(BridgeError::no_permission());
        }
        let connection = self.new_connection(&acting.tenant, &acting.email, new);
        self.db().write(|tx| {
            if insert(tx, &connection)? {
                return Ok(connection.clone());
            }
            of_tenant(tx, &acting.tenant)?.ok_or(BridgeError::WrongState)
        })
    }

    /// Connects organisation and portal in the transaction that makes them; `user` becomes the connection user.
    ///
    /// Errors: `WrongState` if one of the two is connected already.
    pub fn found(
        &self,
        tx: &mut Tx<'_>,
        tenant: &Tenant,
        user: &Email,
        new: &NewConnection,
    ) -> Result<(), BridgeError> {
        let connection = self.new_connection(tenant, user, new);
        if insert(tx, &connection)? { Ok(()) } else { Err(BridgeError::WrongState) }
    }

    fn new_connection(&self, tenant: &Tenant, user: &Email, new: &NewConnection) -> Connection {
        Connection {
            id: ConnectionId::new(self.next_id()),
            tenant: tenant.clone(),
            organisation_name: new.organisation_name.clone(),
            portal_name: new.portal_name.clone(),
            state: ConnectionState::Running,
            user: user.clone(),
            settings: Settings::default(),
            version: 1,
            created_at: self.now(),
            created_by: Some(user.clone()),
        }
    }

    /// The connections the person may know of: that of his two tenants, if there is one.
    pub fn connections(&self, acting: &Acting) -> Result<Vec<Connection>, BridgeError> {
        self.caller(acting)?;
        Ok(self.db().read(|read| of_tenant(read, &acting.tenant))?.into_iter().collect())
    }

    /// A connection by its id. Errors: `NotFound` for that of other tenants.
    pub fn connection(&self, acting: &Acting, id: &ConnectionId) -> Result<Connection, BridgeError> {
        self.connections(acting)?.into_iter().find(|connection| connection.id == *id).ok_or(BridgeError::NotFound)
    }

    /// The connection in which the person works. Errors: `NotFound` where nothing is connected.
    pub fn my_connection(&self, acting: &Acting) -> Result<Connection, BridgeError> {
        self.connections(acting)?.into_iter().next().ok_or(BridgeError::NotFound)
    }

    /// As [`Bridge::my_connection`], for work that writes: `WrongState` while the connection is paused.
    pub(crate) fn running_connection(&self, tenant: &Tenant) -> Result<Connection, BridgeError> {
        let connection = self.db().read(|read| of_tenant(read, tenant))?.ok_or(BridgeError::NotFound)?;
        match connection.state {
            ConnectionState::Running => Ok(connection),
            ConnectionState::Paused => Err(BridgeError::WrongState),
        }
    }
}
