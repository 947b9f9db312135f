//! What a person may read: links, refusals, history, and the person's own roles.
//!
//! A CRM user sees every linked task on the CRM side; a portal user those of the projects that he sees. What he sees on
//! neither side is not there for him.

pub mod crm_pages;
pub mod history;
pub mod links;
pub mod projects_pages;
pub mod refusals;
pub mod status;
pub mod why;

use std::collections::HashMap;

use ports::{Acting, ConnectionId, CrmRef, ProjectId};

use crate::error::BridgeError;
use crate::service::{Bridge, Caller};

/// Rows that one look at a table takes, and looks that one page takes at most.
pub(crate) const PAGE: i64 = 200;
pub(crate) const LOOKS_MAX: usize = 50;

/// Projects of which is known whether the person sees them.
pub(crate) struct Sight<'a> {
    bridge: &'a Bridge,
    caller: &'a Caller,
    known: HashMap<ProjectId, bool>,
}

impl<'a> Sight<'a> {
    pub(crate) fn new(bridge: &'a Bridge, caller: &'a Caller) -> Self {
        Self { bridge, caller, known: HashMap::new() }
    }

    /// Asks for all these projects at once, so that a page of rows takes one call.
    pub(crate) fn learn<'b>(&mut self, projects: impl Iterator<Item = &'b ProjectId>) -> Result<(), BridgeError> {
        let mut unknown: Vec<ProjectId> = projects.filter(|id| !self.known.contains_key(*id)).cloned().collect();
        unknown.sort();
        unknown.dedup();
        if self.caller.portal.is_none() {
            self.known.extend(unknown.into_iter().map(|id| (id, false)));
            return Ok(());
        }
        let access = self.bridge.access(&self.caller.email, &unknown)?;
        self.known.extend(unknown.into_iter().zip(access).map(|(id, access)| (id, access.sees)));
        Ok(())
    }

    pub(crate) fn sees(&self, project: &ProjectId) -> bool {
        self.known.get(project).copied().unwrap_or_default()
    }

    /// Whether the CRM's part may be shown: to CRM users, and to portal users who may "see CRM details" (DET-2).
    pub(crate) fn sees_crm(&self) -> bool {
        self.caller.crm.is_some() || self.caller.portal.as_ref().is_some_and(|user| user.rights.may_see_crm_details)
    }

    /// Whether a row of this project is there for the person at all.
    pub(crate) fn is_there(&self, project: &ProjectId) -> bool {
        self.caller.crm.is_some() || self.sees(project)
    }
}

impl Bridge {
    /// The person's roles in the words of the own API, per connection.
    pub fn roles(&self, acting: &Acting) -> Result<Vec<(ConnectionId, Vec<&'static str>)>, BridgeError> {
        let caller = self.caller(acting)?;
        let details = caller.portal.as_ref().is_some_and(|user| user.rights.may_see_crm_details);
        let has = [
            ("reader", true),
            ("task_editor", true),
            ("project_creator", caller.may_create_projects()),
            ("user_adder", caller.may_add_users()),
            ("details_reader", caller.crm.is_some() || details),
            ("portal_administrator", caller.is_portal_administrator()),
            ("crm_administrator", caller.is_crm_administrator()),
            ("bridge_administrator", caller.is_bridge_administrator()),
        ];
        let roles: Vec<&'static str> = has.into_iter().filter(|(_, has)| *has).map(|(role, _)| role).collect();
        Ok(self.connections(acting)?.into_iter().map(|connection| (connection.id, roles.clone())).collect())
    }

    /// The name of a sales record, for CRM users. Errors: `NotFound` for one that is not there.
    pub fn record_name(&self, acting: &Acting, record: &CrmRef) -> Result<String, BridgeError> {
        self.caller(acting)?.require_crm_user()?;
        self.sales_record(record)?.map(|record| record.name).ok_or(BridgeError::NotFound)
    }
}
