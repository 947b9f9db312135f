//! The picker: which accounts and deals a task of a project can be put under (TASK-4 to TASK-7).

use std::collections::HashSet;

use ports::rule::name;
use ports::{
    AccountId, Acting, CompanyId, CrmModule, CrmRef, Email, LinkId, ProjectFacts, ProjectId, ProjectsTaskId, Reason,
    SalesQuery, SalesRecord,
};

use crate::association;
use crate::connection::Connection;
use crate::error::BridgeError;
use crate::link;
use crate::mapping::{self, Party};
use crate::project::{BridgeProject, Client};
use crate::service::{Bridge, Caller};

/// The picker. Where `obstacle` is filled there is no button, no entry, no picker (TASK-2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrmOptions {
    /// The project.
    pub project: ProjectFacts,
    /// Why tasks of the project cannot be added, if they cannot.
    pub obstacle: Option<Reason>,
    /// The link that the task has already (TASK-9).
    pub link: Option<LinkId>,
    /// Accounts to which the project's clients are mapped.
    pub mapped: Vec<MappedChoice>,
    /// Accounts of the same or a similar name that are not mapped.
    pub unmapped: Vec<UnmappedChoice>,
    /// Deals that persons associated with the project.
    pub deals: Vec<SalesRecord>,
    /// Comments that the task has already (TASK-13).
    pub comments_to_copy: usize,
}

/// A mapped account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedChoice {
    /// The account.
    pub account: Party,
    /// The client company.
    pub company: Party,
    /// Both names are shown then (TASK-5).
    pub names_differ: bool,
}

/// An account that is not mapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmappedChoice {
    /// The account; with its city where another is called alike.
    pub account: Party,
    /// The client company of that name.
    pub company: Party,
    /// Equal under the name key only: marked "similar name".
    pub is_similar: bool,
    /// Why it cannot be chosen: greyed, with this said.
    pub obstacle: Option<Reason>,
    /// Portal administrators whom the person can ask (TASK-6); empty for those who can choose.
    pub ask: Vec<Email>,
}

impl CrmOptions {
    /// Whether the button is there at all.
    pub fn is_available(&self) -> bool {
        self.obstacle.is_none()
    }
}

/// Accounts of one name that the picker shows at most.
const NAMESAKES_MAX: usize = 50;

impl Bridge {
    /// The picker for a new task of the project, or with `task` for an existing one.
    ///
    /// Errors: `NotFound` for client users and whoever does not see the project; `Refused` for whoever may not edit
    /// its tasks.
    pub fn crm_options(
        &self,
        acting: &Acting,
        project: &ProjectId,
        task: Option<&ProjectsTaskId>,
    ) -> Result<CrmOptions, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let project = self.project_to_edit(acting, project)?;
        let mut options = self.options(&connection, &caller, project)?;
        if let Some(task) = task {
            let link = self.db().read(|read| link::of_projects_task(read, &connection.id, task))?;
            options.link = link.map(|link| link.id);
            options.comments_to_copy = self.projects().comments(task, None)?.len();
        }
        Ok(options)
    }

    /// Whether the button "Save and add to CRM" is on the page of this person (TASK-2, TASK-3, TASK-14). Never fails
    /// for want of a right: then there is none.
    pub fn shows_add_to_crm(&self, acting: &Acting, project: &ProjectId) -> Result<bool, BridgeError> {
        match self.project_to_edit(acting, project) {
            Ok(project) => {
                self.caller(acting)?;
                let Some(connection) = self.connections(acting)?.into_iter().next() else { return Ok(false) };
                Ok(self.bridge_project(&connection, project)?.obstacle.is_none())
            }
            Err(BridgeError::NotFound | BridgeError::Refused(_)) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// A project whose tasks the person may add and edit.
    pub(super) fn project_to_edit(&self, acting: &Acting, id: &ProjectId) -> Result<ProjectFacts, BridgeError> {
        self.caller(acting)?;
        let project = self.visible_project(acting, id)?;
        let access = self.access(&acting.email, std::slice::from_ref(id))?;
        if access.first().is_some_and(|access| access.edits_tasks) {
            Ok(project)
        } else {
            Err(BridgeError::no_permission())
        }
    }

    pub(super) fn options(
        &self,
        connection: &Connection,
        caller: &Caller,
        project: ProjectFacts,
    ) -> Result<CrmOptions, BridgeError> {
        let BridgeProject { project, clients, obstacle } = self.bridge_project(connection, project)?;
        let mut unmapped = Vec::new();
        for client in &clients {
            unmapped.extend(self.namesakes(connection, caller, client)?);
        }
        let mut seen = HashSet::new();
        unmapped.retain(|choice| seen.insert(choice.account.id.clone()));
        let deals = self.associated_deals(connection, &project.id)?;
        let mapped = clients.into_iter().filter_map(mapped_choice).collect();
        Ok(CrmOptions { project, obstacle, link: None, mapped, unmapped, deals, comments_to_copy: 0 })
    }

    /// Deals that persons associated with the project, oldest association first (TASK-7).
    pub(super) fn associated_deals(
        &self,
        connection: &Connection,
        project: &ProjectId,
    ) -> Result<Vec<SalesRecord>, BridgeError> {
        let associations = self.db().read(|read| association::of_project(read, &connection.id, project))?;
        let deals: Vec<CrmRef> = associations
            .into_iter()
            .map(|association| association.record)
            .filter(|record| record.module == CrmModule::Deal)
            .collect();
        Ok(self.sales_records(&deals)?.into_iter().flatten().collect())
    }

    /// Unmapped accounts that are called like a client of the project.
    fn namesakes(
        &self,
        connection: &Connection,
        caller: &Caller,
        client: &Client,
    ) -> Result<Vec<UnmappedChoice>, BridgeError> {
        let query = SalesQuery::AccountsByNameKey(vec![name::key(&client.company.name)]);
        let alike: Vec<Party> = self.crm().list(&query, None, NAMESAKES_MAX)?.rows.iter().map(Party::account).collect();
        let has_namesakes = alike.len() > 1;
        let free = self.unmapped_accounts(connection, alike)?;
        let mut choices = Vec::new();
        for mut account in free {
            let is_similar = name::exact(&account.name) != name::exact(&client.company.name);
            if is_similar && client.mapping.is_some() {
                continue;
            }
            let obstacle = obstacle(caller, client, has_namesakes);
            let ask = match obstacle {
                Some(Reason::NoPermission { .. }) => self.directory().portal_administrators(&connection.tenant),
                Some(_) | None => Vec::new(),
            };
            if !has_namesakes {
                account.city = None;
            }
            choices.push(UnmappedChoice { account, company: client.company.clone(), is_similar, obstacle, ask });
        }
        Ok(choices)
    }

    fn unmapped_accounts(&self, connection: &Connection, accounts: Vec<Party>) -> Result<Vec<Party>, BridgeError> {
        self.db().read(|read| {
            let mut free = Vec::new();
            for account in &accounts {
                if mapping::of_account(read, &connection.id, &AccountId::new(account.id.clone()))?.is_none() {
                    free.push(account.clone());
                }
            }
            Ok(free)
        })
    }
}

/// Why an unmapped account cannot be chosen: its company has a partner, or the person may not map.
fn obstacle(caller: &Caller, client: &Client, has_namesakes: bool) -> Option<Reason> {
    if client.mapping.is_some() {
        let partner = client.account.as_ref().map_or_else(
            || client.company.name.clone(),
            |account| if has_namesakes { account.label() } else { account.name.clone() },
        );
        return Some(Reason::AlreadyMapped { partner });
    }
    (!caller.is_portal_administrator()).then_some(Reason::NoPermission { person: None })
}

fn mapped_choice(client: Client) -> Option<MappedChoice> {
    client.mapping?;
    let account = client.account?;
    let names_differ = name::exact(&account.name) != name::exact(&client.company.name);
    Some(MappedChoice { account: Party { city: None, ..account }, company: client.company, names_differ })
}

/// The company that an unmapped choice belongs to.
pub(super) fn company_of(choice: &UnmappedChoice) -> CompanyId {
    CompanyId::new(choice.company.id.clone())
}
