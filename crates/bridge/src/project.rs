//! A project as the bridge sees it: its clients, their mapping, and whether its tasks can go to the CRM (TASK-2).

use std::collections::HashSet;

use ports::{
    Access, Acting, CompanyId, CrmRef, Email, Found, Outcome, Page, ProjectFacts, ProjectId, ProjectsWrite, Reason,
    Version,
};

use crate::association::is_found;
use crate::connection::Connection;
use crate::error::BridgeError;
use crate::mapping::{self, Mapping, Party};
use crate::service::Bridge;

/// A project with its clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgeProject {
    /// The project.
    pub project: ProjectFacts,
    /// Its client companies, the primary one first.
    pub clients: Vec<Client>,
    /// Why its tasks cannot be added to the CRM; none: they can, and the button is there.
    pub obstacle: Option<Reason>,
}

/// A client company of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The company.
    pub company: Party,
    /// Its account, if it is mapped.
    pub account: Option<Party>,
    /// The mapping, if it is mapped.
    pub mapping: Option<Mapping>,
}

/// Which projects to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectFilter {
    /// Not yet associated with this record.
    pub not_associated_with: Option<CrmRef>,
    /// Whose tasks can, or cannot, be added to the CRM.
    pub can_add_to_crm: Option<bool>,
    /// Names that contain this.
    pub search: Option<String>,
}

/// Client companies that a project has at most.
pub const CLIENTS_MAX: usize = 50;
const PAGE: usize = 200;

impl Bridge {
    /// A project. Errors: `NotFound` for whoever does not see it.
    pub fn project(&self, acting: &Acting, id: &ProjectId) -> Result<BridgeProject, BridgeError> {
        self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let project = self.visible_project(acting, id)?;
        self.bridge_project(&connection, project)
    }

    /// A page of open projects that the person sees, by name.
    pub fn projects_page(
        &self,
        acting: &Acting,
        filter: &ProjectFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<BridgeProject>, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        if caller.portal.is_none() {
            return Ok(Page { rows: Vec::new(), next: None });
        }
        let known: HashSet<ProjectId> = match &filter.not_associated_with {
            Some(record) => {
                self.associations_of_record(&connection, record)?.into_iter().map(|own| own.project).collect()
            }
            None => HashSet::new(),
        };
        let page = self.visible_projects(&caller.email, filter.search.as_deref(), after, limit, |project| {
            !known.contains(&project.id)
        })?;
        let mut rows = Vec::new();
        for project in page.rows {
            let row = self.bridge_project(&connection, project)?;
            if filter.can_add_to_crm.is_none_or(|wanted| wanted == row.obstacle.is_none()) {
                rows.push(row);
            }
        }
        Ok(Page { rows, next: page.next })
    }

    /// Replaces the client companies of a project, the primary one first. For whoever may change the project.
    ///
    /// Errors: `ChangedSince` if `expected` is given and the project has another version.
    pub fn set_clients(
        &self,
        acting: &Acting,
        id: &ProjectId,
        companies: &[CompanyId],
        expected: Option<&Version>,
    ) -> Result<BridgeProject, BridgeError> {
        self.caller(acting)?;
        let connection = self.running_connection(&acting.tenant)?;
        let project = self.visible_project(acting, id)?;
        let access = self.access(&acting.email, std::slice::from_ref(id))?;
        if !access.first().is_some_and(|access| access.changes_project) {
            return Err(BridgeError::no_permission());
        }
        if expected.is_some_and(|expected| *expected != project.version) {
            return Err(BridgeError::ChangedSince);
        }
        let unique: HashSet<&CompanyId> = companies.iter().collect();
        if companies.len() > CLIENTS_MAX || unique.len() != companies.len() {
            return Err(BridgeError::invalid("client_company_ids", "too_many"));
        }
        let found = self.company_parties(companies)?;
        if found.iter().any(Option::is_none) {
            return Err(BridgeError::invalid("client_company_ids", "unknown"));
        }
        if project.companies != companies {
            let write = ProjectsWrite::SetCompanies {
                project: id.clone(),
                companies: companies.to_vec(),
                acting: acting.clone(),
            };
            match self.projects().write(&[write])?.value.into_iter().next() {
                Some(Outcome::Done { .. }) => {}
                Some(Outcome::Refused(reason)) => return Err(BridgeError::Refused(reason)),
                Some(Outcome::Gone) => return Err(BridgeError::Refused(Reason::RecordGone)),
                Some(Outcome::Stale) => return Err(BridgeError::ChangedSince),
                Some(Outcome::Later(_) | Outcome::Unknown) | None => {
                    return Err(BridgeError::Refused(Reason::Unreachable));
                }
            }
        }
        let project = self.visible_project(acting, id)?;
        self.bridge_project(&connection, project)
    }

    /// The clients of a project with their mapping.
    pub(crate) fn bridge_project(
        &self,
        connection: &Connection,
        project: ProjectFacts,
    ) -> Result<BridgeProject, BridgeError> {
        let parties = self.company_parties(&project.companies)?;
        let mut clients = Vec::new();
        for company in parties.into_iter().flatten() {
            let id = CompanyId::new(company.id.clone());
            let mapping = self.db().read(|read| mapping::of_company(read, &connection.id, &id))?;
            let account = match &mapping {
                Some(mapping) => self.account_party(&mapping.account)?,
                None => None,
            };
            clients.push(Client { company, account, mapping });
        }
        let obstacle = if !clients.iter().any(|client| client.mapping.is_some()) {
            Some(Reason::ClientNotMapped { project: project.name.clone() })
        } else if project.is_closed {
            Some(Reason::ProjectClosed { project: project.name.clone() })
        } else {
            None
        };
        Ok(BridgeProject { project, clients, obstacle })
    }

    /// A project that the person sees. Errors: `NotFound`.
    pub(crate) fn visible_project(&self, acting: &Acting, id: &ProjectId) -> Result<ProjectFacts, BridgeError> {
        let access = self.access(&acting.email, std::slice::from_ref(id))?;
        if !access.first().is_some_and(|access| access.sees) {
            return Err(BridgeError::NotFound);
        }
        self.project_facts(std::slice::from_ref(id))?.into_iter().next().flatten().ok_or(BridgeError::NotFound)
    }

    /// Open projects that a person sees and `wanted` lets pass, by name, at most `limit`.
    pub(crate) fn visible_projects(
        &self,
        person: &Email,
        search: Option<&str>,
        after: Option<&str>,
        limit: usize,
        wanted: impl Fn(&ProjectFacts) -> bool,
    ) -> Result<Page<ProjectFacts>, BridgeError> {
        let (mut rows, mut after) = (Vec::new(), after.map(str::to_owned));
        while rows.len() < limit {
            let left = (limit - rows.len()).clamp(1, PAGE);
            let page = self.projects().list_projects(person, after.as_deref(), left)?;
            rows.extend(page.rows.into_iter().filter(|project| is_found(project, search) && wanted(project)));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(Page { rows, next: after })
    }

    /// Projects in the order and number of `ids`.
    pub(crate) fn project_facts(&self, ids: &[ProjectId]) -> Result<Vec<Option<ProjectFacts>>, BridgeError> {
        let mut found = Vec::new();
        for part in ids.chunks(100) {
            found.extend(self.projects().projects(part)?.into_iter().map(|project| match project {
                Found::Here(project) => Some(project),
                Found::Gone(_) | Found::Unknown(_) => None,
            }));
        }
        Ok(found)
    }

    /// What a person may do in each project, in their order and number.
    pub(crate) fn access(&self, person: &Email, ids: &[ProjectId]) -> Result<Vec<Access>, BridgeError> {
        let mut found = Vec::new();
        for part in ids.chunks(100) {
            found.extend(self.projects().access(person, part)?);
        }
        Ok(found)
    }

    fn company_parties(&self, ids: &[CompanyId]) -> Result<Vec<Option<Party>>, BridgeError> {
        let found = self.projects().companies(ids)?;
        let parties = found.into_iter().map(|company| match company {
            Found::Here(company) => Some(Party::company(&company.id, &company.name)),
            Found::Gone(_) | Found::Unknown(_) => None,
        });
        Ok(parties.collect())
    }
}
