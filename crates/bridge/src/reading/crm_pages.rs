//! What pages of the CRM show beside a record: the client of an account, the links of tasks, how a project stands.

use std::collections::{BTreeMap, HashMap};

use ports::{AccountId, Acting, CrmTaskId, Date, Email, ProjectId, Schedule};
use store::Sql;

use super::Sight;
use super::links::LinkView;
use crate::error::BridgeError;
use crate::link;
use crate::mapping::{self, Party};
use crate::plan::LinkState;
use crate::service::Bridge;

const STATES: Sql = Sql::new(
    "select state, count(*) as links from bridge_link where connection_id = $1 and project_id = $2 \
     and state <> 'unlinked' group by state",
);

impl Bridge {
    /// The client company that an account is mapped to. For CRM users.
    pub fn client_of_account(&self, acting: &Acting, account: &AccountId) -> Result<Option<Party>, BridgeError> {
        self.caller(acting)?.require_crm_user()?;
        let connection = self.my_connection(acting)?;
        match self.db().read(|read| mapping::of_account(read, &connection.id, account))? {
            Some(pair) => self.company_party(&pair.company),
            None => Ok(None),
        }
    }

    /// The links of these CRM tasks; those that are not linked are left out. For CRM users.
    pub fn links_of_crm_tasks(
        &self,
        acting: &Acting,
        tasks: &[CrmTaskId],
    ) -> Result<HashMap<CrmTaskId, LinkView>, BridgeError> {
        let caller = self.caller(acting)?;
        caller.require_crm_user()?;
        let connection = self.my_connection(acting)?;
        let links = self.db().read(|read| {
            let mut links = Vec::new();
            for task in tasks {
                links.extend(link::of_crm_task(read, &connection.id, task)?);
            }
            Ok::<_, BridgeError>(links)
        })?;
        let mut sight = Sight::new(self, &caller);
        sight.learn(links.iter().map(|link| &link.project))?;
        let views = links.into_iter().map(|link| {
            let view = self.link_view(&connection, &sight, link)?;
            Ok((view.link.crm_task.clone(), view))
        });
        views.collect()
    }

    /// The schedule of a strict project, with its name. For CRM users: what Projects takes is said to everybody.
    pub fn strict_schedule(
        &self,
        acting: &Acting,
        project: &ProjectId,
    ) -> Result<Option<(String, Date, Date)>, BridgeError> {
        self.caller(acting)?.require_crm_user()?;
        let facts = self.project_facts(std::slice::from_ref(project))?.into_iter().next().flatten();
        Ok(facts.and_then(|facts| match facts.schedule {
            Schedule::Strict { start, end } => Some((facts.name, start, end)),
            Schedule::Open => None,
        }))
    }

    /// The client company whose client user has this address, and whether he is active. For CRM users.
    pub fn client_user(&self, acting: &Acting, email: &Email) -> Result<Option<(Party, bool)>, BridgeError> {
        self.caller(acting)?.require_crm_user()?;
        self.my_connection(acting)?;
        let card = self.projects().users(std::slice::from_ref(email))?.into_iter().next().flatten();
        let Some(card) = card else { return Ok(None) };
        let Some(company) = &card.client_of else { return Ok(None) };
        Ok(self.company_party(company)?.map(|company| (company, card.is_active)))
    }

    /// How many tasks of a project are linked, by state. For CRM users: no task is named.
    pub fn link_states(
        &self,
        acting: &Acting,
        project: &ProjectId,
    ) -> Result<BTreeMap<&'static str, usize>, BridgeError> {
        self.caller(acting)?.require_crm_user()?;
        let connection = self.my_connection(acting)?;
        let rows = self.db().read(|read| {
            Ok::<_, BridgeError>(read.rows(&STATES, &[connection.id.as_str().into(), project.as_str().into()])?)
        })?;
        let mut states = BTreeMap::new();
        for row in rows {
            let number = usize::try_from(row.int("links")?).unwrap_or_default();
            if let Some(state) = LinkState::parse(&row.text("state")?) {
                states.insert(state.code(), number);
            }
        }
        Ok(states)
    }
}
