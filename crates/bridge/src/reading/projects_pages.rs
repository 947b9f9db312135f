//! What pages of Projects show beside a project or task: its clients and their accounts, the links of its tasks.

use std::collections::{BTreeMap, HashMap, HashSet};

use ports::{Acting, ProjectId, ProjectsTaskId, Reason};
use store::Sql;

use super::Sight;
use super::links::LinkView;
use crate::connection;
use crate::error::BridgeError;
use crate::link;
use crate::plan::LinkState;
use crate::project::Client;
use crate::service::Bridge;

/// How a project stands to the CRM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectSync {
    /// Its client companies, the primary one first.
    pub clients: Vec<Client>,
    /// Why its tasks cannot be added to the CRM; none: they can.
    pub obstacle: Option<Reason>,
    /// How many of its tasks are linked, by the state of the link.
    pub states: BTreeMap<&'static str, usize>,
    /// Whether the CRM's records may be named to the person.
    pub sees_crm: bool,
}

const STATES: Sql = Sql::new(
    "select state, count(*) as links from bridge_link where connection_id = $1 and project_id = $2 \
     and state <> 'unlinked' group by state",
);

/// Links that one look takes.
const LINKS: i64 = 200;

impl ProjectSync {
    /// Linked tasks.
    pub fn linked(&self) -> usize {
        self.states.values().sum()
    }
}

impl Bridge {
    /// How projects stand to the CRM; those that the person does not see are left out.
    ///
    /// Errors: `NotFound` for client users, and where nothing is connected.
    pub fn project_syncs(
        &self,
        acting: &Acting,
        projects: &[ProjectId],
    ) -> Result<HashMap<ProjectId, ProjectSync>, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let mut sight = Sight::new(self, &caller);
        sight.learn(projects.iter())?;
        let seen: Vec<ProjectId> = projects.iter().filter(|id| sight.sees(id)).cloned().collect();
        let mut found = HashMap::new();
        for facts in self.project_facts(&seen)?.into_iter().flatten() {
            let id = facts.id.clone();
            let project = self.bridge_project(&connection, facts)?;
            let sync = ProjectSync {
                clients: project.clients,
                obstacle: project.obstacle,
                states: self.states_of_project(connection.id.as_str(), &id)?,
                sees_crm: sight.sees_crm(),
            };
            found.insert(id, sync);
        }
        Ok(found)
    }

    /// The links of these Projects tasks; those that are not linked, and those of projects that the person does not see,
    /// are left out.
    pub fn links_of_projects_tasks(
        &self,
        acting: &Acting,
        tasks: &[ProjectsTaskId],
    ) -> Result<HashMap<ProjectsTaskId, LinkView>, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let links = self.db().read(|read| {
            let mut links = Vec::new();
            for task in tasks {
                links.extend(link::of_projects_task(read, &connection.id, task)?);
            }
            Ok::<_, BridgeError>(links)
        })?;
        let mut sight = Sight::new(self, &caller);
        sight.learn(links.iter().map(|link| &link.project))?;
        let seen = links.into_iter().filter(|link| sight.sees(&link.project));
        let views = seen.map(|link| {
            let view = self.link_view(&connection, &sight, link)?;
            Ok((view.link.projects_task.clone(), view))
        });
        views.collect()
    }

    /// Fills in which of the tasks that stand against a narrower schedule are linked (STR-5): the person has their names
    /// from Projects, which does not know. Other reasons stay as they are. Asks no side.
    pub fn with_linked_tasks(
        &self,
        acting: &Acting,
        project: &ProjectId,
        reason: Reason,
    ) -> Result<Reason, BridgeError> {
        let Reason::TasksOutsideSchedule { count, tasks, .. } = reason else { return Ok(reason) };
        let keys = self.db().read(|read| {
            let Some(connection) = connection::of_tenant(read, &acting.tenant)? else { return Ok(HashSet::new()) };
            let (mut keys, mut after) = (HashSet::new(), String::new());
            loop {
                let page = link::of_project(read, &connection.id, project, &after, LINKS)?;
                let Some(last) = page.last() else { return Ok::<_, BridgeError>(keys) };
                last.id.as_str().clone_into(&mut after);
                keys.extend(page.into_iter().map(|link| link.seen.key));
            }
        })?;
        let is_linked = |task: &&String| task.split_once(' ').is_some_and(|(key, _)| keys.contains(key));
        let linked = tasks.iter().filter(is_linked).cloned().collect();
        Ok(Reason::TasksOutsideSchedule { count, linked, tasks })
    }

    fn states_of_project(
        &self,
        connection: &str,
        project: &ProjectId,
    ) -> Result<BTreeMap<&'static str, usize>, BridgeError> {
        let rows = self
            .db()
            .read(|read| Ok::<_, BridgeError>(read.rows(&STATES, &[connection.into(), project.as_str().into()])?))?;
        let mut states = BTreeMap::new();
        for row in rows {
            if let Some(state) = LinkState::parse(&row.text("state")?) {
                states.insert(state.code(), usize::try_from(row.int("links")?).unwrap_or_default());
            }
        }
        Ok(states)
    }
}
