//! On whose behalf a service is called.

use crate::id::{OrganisationId, PortalId};
use crate::value::Email;

/// The two tenants of one connection; services bind the one that is theirs first in every statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tenant {
    /// The CRM side's tenant.
    pub organisation: OrganisationId,
    /// The Projects side's tenant.
    pub portal: PortalId,
}

/// What brought a call about. Permission never depends on it; histories and feeds say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A page of the program.
    Form,
    /// A program, through an API.
    Api,
    /// A file that a person loads.
    Import,
    /// The bridge carries a change over.
    Bridge,
    /// The program itself: demo data, house-keeping.
    System,
}

impl Origin {
    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Api => "api",
            Self::Import => "import",
            Self::Bridge => "bridge",
            Self::System => "system",
        }
    }
}

/// The person on whose behalf a service is called, in which tenants, and what brought it about.
///
/// Services look the person's rights up themselves; nobody decides a permission outside of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    /// Organisation and portal.
    pub tenant: Tenant,
    /// The person.
    pub email: Email,
    /// What brought the call about.
    pub origin: Origin,
}
