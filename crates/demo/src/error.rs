//! What can go wrong while the demo data are loaded.

/// An error of this room.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The database has people already; nothing was changed.
    #[error("the database is not empty: the demo data are loaded into an empty one only")]
    NotEmpty,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// Accounts and tenants.
    #[error("identity: {0}")]
    Identity(#[from] identity::IdentityError),
    /// The CRM app refused.
    #[error("{what}: {error:?}")]
    Crm {
        /// The key of what was loaded.
        what: String,
        /// The refusal.
        error: ::crm::CrmError,
    },
    /// The Projects app refused.
    #[error("{what}: {error:?}")]
    Projects {
        /// The key of what was loaded.
        what: String,
        /// The refusal.
        error: ::projects::ProjectsError,
    },
    /// The bridge refused.
    #[error("bridge: {0}")]
    Bridge(#[from] ::bridge::BridgeError),
    /// The outbox failed.
    #[error("mail: {0}")]
    Mail(#[from] mail::MailError),
    /// A key that the tables name and nobody made: a mistake in the data.
    #[error("the demo data name {0}, which is not there")]
    UnknownKey(String),
}

impl From<::crm::CrmError> for DemoError {
    fn from(error: ::crm::CrmError) -> Self {
        Self::Crm { what: String::new(), error }
    }
}

impl From<::projects::ProjectsError> for DemoError {
    fn from(error: ::projects::ProjectsError) -> Self {
        Self::Projects { what: String::new(), error }
    }
}
