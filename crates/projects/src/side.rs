//! The built-in Projects side: what the bridge asks and orders, over the services of this room.
//!
//! Values are native. Where a creation of the same unit comes before, such as the company of a client user in a
//! hand-off, [`ports::ProjectsSide::check`] takes an empty id for what is not there yet.

mod read;
mod undo;
mod write;

use ports::{
    Access, Ancestor, Answer, Changes, Comment, CommentId, Company, CompanyId, CreateMark, Email, FeedCursor, Found,
    Outcome, Page, PortalId, ProjectFacts, ProjectId, ProjectsCapabilities, ProjectsSide, ProjectsTask, ProjectsTaskId,
    ProjectsUserCard, ProjectsWrite, Reason, SideError, Version,
};
use store::{Read, StoreError};

use crate::error::ProjectsError;
use crate::layout::Priority;
use crate::service::Projects;
use crate::task::TITLE_MAX;

/// One portal as the bridge sees it. Cheap to clone.
#[derive(Clone)]
pub struct InProcessProjects {
    projects: Projects,
    portal: PortalId,
    capabilities: ProjectsCapabilities,
}

/// Ids or writes of one call at most.
const CALL_MAX: usize = 100;

impl InProcessProjects {
    /// The side of one portal.
    pub fn new(projects: Projects, portal: PortalId) -> Self {
        let priorities = Priority::ALL.iter().map(|priority| priority.name().to_owned()).collect();
        let capabilities =
            ProjectsCapabilities { title_max: TITLE_MAX, writes_conditionally: true, stamps_fields: true, priorities };
        Self { projects, portal, capabilities }
    }

    fn reading<T>(&self, body: impl Fn(&mut Read<'_>) -> Result<T, ProjectsError>) -> Result<T, SideError> {
        self.projects.db.read(body).map_err(|error| failed(&error))
    }

    fn answer<T>(&self, value: T) -> Answer<T> {
        Answer { value, side_now: Some(self.projects.now()) }
    }
}

impl ProjectsSide for InProcessProjects {
    fn capabilities(&self) -> &ProjectsCapabilities {
        &self.capabilities
    }

    fn versions(&self, ids: &[ProjectsTaskId]) -> Result<Answer<Vec<Found<Version>>>, SideError> {
        fits(ids.len())?;
        let found = self.reading(|read| read::versions(read, &self.portal, ids))?;
        Ok(self.answer(found))
    }

    fn read_tasks(&self, ids: &[ProjectsTaskId]) -> Result<Answer<Vec<Found<ProjectsTask>>>, SideError> {
        fits(ids.len())?;
        let found = self.reading(|read| read::tasks(read, &self.portal, ids))?;
        Ok(self.answer(found))
    }

    fn comments(&self, task: &ProjectsTaskId, after: Option<&CommentId>) -> Result<Vec<Comment>, SideError> {
        self.reading(|read| read::comments(read, &self.portal, task, after))
    }

    fn check(&self, write: &ProjectsWrite) -> Result<Option<Reason>, SideError> {
        self.check_one(write)
    }

    fn write(&self, writes: &[ProjectsWrite]) -> Result<Answer<Vec<Outcome<String>>>, SideError> {
        fits(writes.len())?;
        let outcomes = self.write_all(writes)?;
        Ok(self.answer(outcomes))
    }

    fn find_created(&self, marks: &[CreateMark]) -> Result<Vec<Option<String>>, SideError> {
        fits(marks.len())?;
        self.reading(|read| read::created(read, &self.portal, marks))
    }

    fn projects(&self, ids: &[ProjectId]) -> Result<Vec<Found<ProjectFacts>>, SideError> {
        fits(ids.len())?;
        self.reading(|read| read::projects(read, &self.portal, ids))
    }

    fn list_projects(
        &self,
        person: &Email,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<ProjectFacts>, SideError> {
        self.reading(|read| read::open_projects(read, &self.portal, person, after, limit))
    }

    fn projects_of_company(&self, company: &CompanyId) -> Result<Vec<ProjectId>, SideError> {
        self.reading(|read| Ok(crate::company::projects_of(read, &self.portal, company)?))
    }

    fn ancestors(&self, ids: &[ProjectsTaskId]) -> Result<Vec<Vec<Ancestor>>, SideError> {
        fits(ids.len())?;
        self.reading(|read| read::ancestors(read, &self.portal, ids))
    }

    fn open_descendants(&self, ids: &[ProjectsTaskId]) -> Result<Vec<u32>, SideError> {
        fits(ids.len())?;
        self.reading(|read| read::open_descendants(read, &self.portal, ids))
    }

    fn tasks_of_project(
        &self,
        project: &ProjectId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<ProjectsTaskId>, SideError> {
        self.reading(|read| read::tasks_of_project(read, &self.portal, project, after, limit))
    }

    fn companies(&self, ids: &[CompanyId]) -> Result<Vec<Found<Company>>, SideError> {
        fits(ids.len())?;
        self.reading(|read| read::companies(read, &self.portal, ids))
    }

    fn list_companies(&self, after: Option<&str>, limit: usize) -> Result<Page<Company>, SideError> {
        self.reading(|read| read::all_companies(read, &self.portal, after, limit))
    }

    fn companies_by_name_key(&self, keys: &[String]) -> Result<Vec<Company>, SideError> {
        self.reading(|read| read::companies_by_name_key(read, &self.portal, keys))
    }

    fn users(&self, emails: &[Email]) -> Result<Vec<Option<ProjectsUserCard>>, SideError> {
        fits(emails.len())?;
        self.reading(|read| read::users(read, &self.portal, emails))
    }

    fn all_users(&self) -> Result<Vec<ProjectsUserCard>, SideError> {
        self.reading(|read| read::portal_users(read, &self.portal))
    }

    fn access(&self, person: &Email, projects: &[ProjectId]) -> Result<Vec<Access>, SideError> {
        fits(projects.len())?;
        self.reading(|read| read::access(read, &self.portal, person, projects))
    }

    fn changes(&self, after: Option<&FeedCursor>, limit: usize) -> Result<Changes, SideError> {
        self.reading(|read| read::changes(read, &self.portal, after, limit))
    }
}

fn fits(count: usize) -> Result<(), SideError> {
    if count <= CALL_MAX {
        Ok(())
    } else {
        Err(SideError::Failed(format!("{count} ids in a call that takes {CALL_MAX}")))
    }
}

/// A failure of the whole call: a database that is away for now can be asked again.
fn failed(error: &ProjectsError) -> SideError {
    match error {
        ProjectsError::Store(cause @ (StoreError::Busy(_) | StoreError::Full(_) | StoreError::Unavailable(_))) => {
            SideError::Unreachable(cause.to_string())
        }
        other => SideError::Failed(other.to_string()),
    }
}
