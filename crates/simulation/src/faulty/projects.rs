//! The Projects side with its trouble.

use std::sync::Arc;

use ports::{
    Access, Ancestor, Answer, Changes, Clock, Comment, CommentId, Company, CompanyId, CreateMark, Email, FeedCursor,
    Found, Outcome, Page, Patch, ProjectFacts, ProjectId, ProjectsCapabilities, ProjectsSide, ProjectsTask,
    ProjectsTaskId, ProjectsUserCard, ProjectsWrite, Reason, SideError, Version,
};

use super::{Trouble, Written};

/// A Projects side behind its trouble.
pub struct FaultyProjects {
    side: Arc<dyn ProjectsSide>,
    trouble: Arc<Trouble>,
    clock: Arc<dyn Clock>,
}

impl FaultyProjects {
    /// Puts the trouble before a side.
    pub fn new(side: Arc<dyn ProjectsSide>, trouble: Arc<Trouble>, clock: Arc<dyn Clock>) -> Self {
        Self { side, trouble, clock }
    }

    fn told(&self, task: ProjectsTask) -> ProjectsTask {
        ProjectsTask {
            title: self.trouble.stamped(task.title),
            description: self.trouble.stamped(task.description),
            due: self.trouble.stamped(task.due),
            priority: self.trouble.stamped(task.priority),
            status: self.trouble.stamped(task.status),
            owners: self.trouble.stamped(task.owners),
            ..task
        }
    }

    fn about(&self, write: &ProjectsWrite) -> Written {
        let (record, fields) = match write {
            ProjectsWrite::CreateTask { .. } => ("new task".to_owned(), Vec::new()),
            ProjectsWrite::CreateComment { comment, .. } => (comment.task.to_string(), vec!["comment"]),
            ProjectsWrite::CreateProject { .. } => ("new project".to_owned(), Vec::new()),
            ProjectsWrite::CreateCompany { .. } => ("new company".to_owned(), Vec::new()),
            ProjectsWrite::SetCompanies { project, .. } => (project.to_string(), vec!["companies"]),
            ProjectsWrite::AddClientUser { .. } => ("new client user".to_owned(), Vec::new()),
            ProjectsWrite::AddUser { .. } => ("new user".to_owned(), Vec::new()),
            ProjectsWrite::UndoProject { .. } => ("undo project".to_owned(), Vec::new()),
            ProjectsWrite::UndoCompany { .. } => ("undo company".to_owned(), Vec::new()),
            ProjectsWrite::UndoClientUser { .. } => ("undo client user".to_owned(), Vec::new()),
            ProjectsWrite::UndoUser { .. } => ("undo user".to_owned(), Vec::new()),
            ProjectsWrite::UpdateTask { id, patch, .. } => {
                let fields = [
                    ("title", patch.title.is_some()),
                    ("description", patch.description.is_some()),
                    ("due", patch.due != Patch::Keep),
                    ("priority", patch.priority.is_some()),
                    ("status", patch.status.is_some()),
                    ("owner", patch.owners.is_some()),
                ];
                (id.to_string(), fields.into_iter().filter(|(_, is_set)| *is_set).map(|(field, _)| field).collect())
            }
        };
        Written { side: "projects", record, fields, at: Some(self.clock.now()), is_done: false }
    }
}

impl ProjectsSide for FaultyProjects {
    fn capabilities(&self) -> &ProjectsCapabilities {
        self.side.capabilities()
    }

    fn versions(&self, ids: &[ProjectsTaskId]) -> Result<Answer<Vec<Found<Version>>>, SideError> {
        let answer = self.trouble.ask(|| self.side.versions(ids))?;
        Ok(Answer { side_now: self.trouble.side_now(answer.side_now), ..answer })
    }

    fn read_tasks(&self, ids: &[ProjectsTaskId]) -> Result<Answer<Vec<Found<ProjectsTask>>>, SideError> {
        let answer = self.trouble.ask(|| self.side.read_tasks(ids))?;
        let tasks = answer.value.into_iter().map(|found| found.map(|task| self.told(task)));
        Ok(Answer { value: tasks.collect(), side_now: self.trouble.side_now(answer.side_now) })
    }

    fn comments(&self, task: &ProjectsTaskId, after: Option<&CommentId>) -> Result<Vec<Comment>, SideError> {
        self.trouble.ask(|| self.side.comments(task, after))
    }

    fn check(&self, write: &ProjectsWrite) -> Result<Option<Reason>, SideError> {
        self.trouble.ask(|| self.side.check(write))
    }

    fn write(&self, writes: &[ProjectsWrite]) -> Result<Answer<Vec<Outcome<String>>>, SideError> {
        self.trouble.send(writes, |write| self.about(write), |healthy| self.side.write(healthy))
    }

    fn find_created(&self, marks: &[CreateMark]) -> Result<Vec<Option<String>>, SideError> {
        self.trouble.ask(|| self.side.find_created(marks))
    }

    fn projects(&self, ids: &[ProjectId]) -> Result<Vec<Found<ProjectFacts>>, SideError> {
        self.trouble.ask(|| self.side.projects(ids))
    }

    fn list_projects(
        &self,
        person: &Email,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<ProjectFacts>, SideError> {
        self.trouble.ask(|| self.side.list_projects(person, after, limit))
    }

    fn projects_of_company(&self, company: &CompanyId) -> Result<Vec<ProjectId>, SideError> {
        self.trouble.ask(|| self.side.projects_of_company(company))
    }

    fn ancestors(&self, ids: &[ProjectsTaskId]) -> Result<Vec<Vec<Ancestor>>, SideError> {
        self.trouble.ask(|| self.side.ancestors(ids))
    }

    fn open_descendants(&self, ids: &[ProjectsTaskId]) -> Result<Vec<u32>, SideError> {
        self.trouble.ask(|| self.side.open_descendants(ids))
    }

    fn tasks_of_project(
        &self,
        project: &ProjectId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<ProjectsTaskId>, SideError> {
        self.trouble.ask(|| self.side.tasks_of_project(project, after, limit))
    }

    fn companies(&self, ids: &[CompanyId]) -> Result<Vec<Found<Company>>, SideError> {
        self.trouble.ask(|| self.side.companies(ids))
    }

    fn list_companies(&self, after: Option<&str>, limit: usize) -> Result<Page<Company>, SideError> {
        self.trouble.ask(|| self.side.list_companies(after, limit))
    }

    fn companies_by_name_key(&self, keys: &[String]) -> Result<Vec<Company>, SideError> {
        self.trouble.ask(|| self.side.companies_by_name_key(keys))
    }

    fn users(&self, emails: &[Email]) -> Result<Vec<Option<ProjectsUserCard>>, SideError> {
        self.trouble.ask(|| self.side.users(emails))
    }

    fn all_users(&self) -> Result<Vec<ProjectsUserCard>, SideError> {
        self.trouble.ask(|| self.side.all_users())
    }

    fn access(&self, person: &Email, projects: &[ProjectId]) -> Result<Vec<Access>, SideError> {
        self.trouble.ask(|| self.side.access(person, projects))
    }

    fn changes(&self, after: Option<&FeedCursor>, limit: usize) -> Result<Changes, SideError> {
        self.trouble.changes(after, |after| self.side.changes(after, limit))
    }
}
