//! A Projects side in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use ports::rule::name;
use ports::{
    Access, Ancestor, Answer, Changes, Comment, CommentId, Company, CompanyId, CreateMark, Email, FeedCursor, Found,
    Member, NewProject, NewProjectsTask, Outcome, Page, ProjectFacts, ProjectId, ProjectsCapabilities, ProjectsSide,
    ProjectsTask, ProjectsTaskId, ProjectsUserCard, ProjectsWrite, Reason, Rights, Schedule, SideError, TaskListId,
    TaskStatus, Version, Why,
};

use super::{Crash, Faults, crash_now, page, stamped};

#[derive(Default)]
pub struct ProjectsState {
    pub users: Vec<ProjectsUserCard>,
    pub companies: Vec<Company>,
    pub projects: Vec<ProjectFacts>,
    pub overviews: BTreeMap<String, String>,
    pub tasks: BTreeMap<String, ProjectsTask>,
    pub comments: BTreeMap<String, Vec<Comment>>,
    pub marks: BTreeMap<String, String>,
    pub invited: Vec<Email>,
    pub faults: Faults,
    next: i64,
}

pub struct FakeProjects {
    state: Mutex<ProjectsState>,
    capabilities: ProjectsCapabilities,
}

impl FakeProjects {
    pub fn new() -> Self {
        Self {
            state: Mutex::new(ProjectsState { next: 2_300_000_000_000_900_000, ..ProjectsState::default() }),
            capabilities: ProjectsCapabilities {
                title_max: 10_000,
                writes_conditionally: true,
                stamps_fields: true,
                priorities: ["High", "Medium", "Low", "None"].map(str::to_owned).to_vec(),
            },
        }
    }

    pub fn state(&self) -> MutexGuard<'_, ProjectsState> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl ProjectsState {
    pub fn project(&self, id: &str) -> &ProjectFacts {
        self.projects.iter().find(|project| project.id.as_str() == id).unwrap()
    }

    pub fn project_named(&self, name: &str) -> Option<&ProjectFacts> {
        self.projects.iter().find(|project| project.name == name)
    }

    pub fn company_named(&self, name: &str) -> Option<&Company> {
        self.companies.iter().find(|company| company.name == name)
    }

    fn new_id(&mut self) -> String {
        self.next += 1;
        self.next.to_string()
    }

    fn user(&self, email: &Email) -> Option<&ProjectsUserCard> {
        self.users.iter().find(|user| user.email == *email)
    }

    fn member(&self, email: &Email) -> Member {
        let user = self.user(email);
        Member {
            email: email.clone(),
            name: user.map(|user| user.name.clone()).unwrap_or_default(),
            is_active: user.is_some_and(|user| user.is_active),
            is_client: user.is_some_and(|user| user.client_of.is_some()),
        }
    }

    fn make(&mut self, write: &ProjectsWrite) -> Outcome<String> {
        if let Some(reason) = self.faults.refused() {
            return Outcome::Refused(reason);
        }
        let done = |id: String| Outcome::Done { id, version: Version::counter(1) };
        match write {
            ProjectsWrite::CreateTask { task, mark, .. } => self.once(mark, |state, id| state.add_task(task, id)),
            ProjectsWrite::CreateProject { project, mark, .. } => {
                self.once(mark, |state, id| state.add_project(project, id))
            }
            ProjectsWrite::CreateCompany { name, mark, .. } => self.once(mark, |state, id| {
                state.companies.push(Company {
                    id: CompanyId::new(id),
                    version: Version::counter(1),
                    name: name.clone(),
                });
                None
            }),
            ProjectsWrite::AddUser { project, email, name, mark, .. } => {
                self.once(mark, |state, id| state.add_person(project, email, name, id, None))
            }
            ProjectsWrite::AddClientUser { company, project, email, name, mark, .. } => {
                self.once(mark, |state, id| state.add_person(project, email, name, id, Some(company)))
            }
            ProjectsWrite::SetCompanies { project, companies, .. } => {
                let found = self.projects.iter_mut().find(|known| known.id == *project).unwrap();
                found.companies.clone_from(companies);
                done(project.as_str().to_owned())
            }
            ProjectsWrite::UndoProject { mark, .. } => {
                if let Some(id) = self.marks.remove(mark.as_str()) {
                    self.projects.retain(|project| project.id.as_str() != id);
                }
                done(String::new())
            }
            ProjectsWrite::UndoCompany { mark, .. } => {
                if let Some(id) = self.marks.remove(mark.as_str()) {
                    self.companies.retain(|company| company.id.as_str() != id);
                }
                done(String::new())
            }
            ProjectsWrite::UndoUser { mark, .. } | ProjectsWrite::UndoClientUser { mark, .. } => {
                if let Some(id) = self.marks.remove(mark.as_str()) {
                    self.users.retain(|user| user.id != id);
                }
                done(String::new())
            }
            ProjectsWrite::UpdateTask { .. } | ProjectsWrite::CreateComment { .. } => {
                Outcome::Refused(Reason::InternalError)
            }
        }
    }

    fn once(&mut self, mark: &CreateMark, make: impl Fn(&mut Self, &str) -> Option<Reason>) -> Outcome<String> {
        let id = match self.marks.get(mark.as_str()) {
            Some(id) => id.clone(),
            None => {
                let id = self.new_id();
                if let Some(reason) = make(self, &id) {
                    return Outcome::Refused(reason);
                }
                self.marks.insert(mark.as_str().to_owned(), id.clone());
                id
            }
        };
        Outcome::Done { id, version: Version::counter(1) }
    }

    fn add_task(&mut self, task: &NewProjectsTask, id: &str) -> Option<Reason> {
        let key = self.project(task.project.as_str()).key.clone();
        self.tasks.insert(
            id.to_owned(),
            ProjectsTask {
                id: ProjectsTaskId::new(id),
                version: Version::counter(1),
                project: task.project.clone(),
                list: TaskListId::new("1"),
                parent: task.parent.clone(),
                key: format!("{key}-99"),
                title: stamped(task.title.clone()),
                description: stamped(task.description.clone()),
                start: task.start,
                due: stamped(task.due),
                priority: stamped(task.priority.clone().unwrap_or_else(|| "None".to_owned())),
                status: stamped(TaskStatus { name: "Open".to_owned(), is_closed: false }),
                owners: stamped(task.owners.clone()),
                status_before_closing: None,
                is_external: false,
                newest_comment: None,
            },
        );
        None
    }

    fn add_project(&mut self, new: &NewProject, id: &str) -> Option<Reason> {
        let mut people = vec![new.owner.clone()];
        people.extend(new.members.iter().filter(|member| **member != new.owner).cloned());
        let members = people.iter().map(|person| self.member(person)).collect();
        self.overviews.insert(id.to_owned(), new.description.as_str().to_owned());
        let schedule = match (new.is_strict, new.start, new.end) {
            (true, Some(start), Some(end)) => Schedule::Strict { start, end },
            _ => Schedule::Open,
        };
        self.projects.push(ProjectFacts {
            companies: new.companies.clone(),
            members,
            owner: Some(new.owner.clone()),
            start: new.start,
            end: new.end,
            schedule,
            ..project_facts(id, "NP", &new.name)
        });
        None
    }

    fn client_problem(&self, email: &Email, company: &CompanyId) -> Option<Reason> {
        if email.domain() == "zylker.example" {
            return Some(Reason::OwnDomain { person: email.to_string() });
        }
        let own = self.user(email)?.client_of.clone().filter(|own| own != company)?;
        let name = self.companies.iter().find(|known| known.id == own)?.name.clone();
        Some(Reason::ClientOfOtherCompany { person: email.to_string(), company: name })
    }

    fn add_person(
        &mut self,
        project: &ProjectId,
        email: &Email,
        name: &str,
        id: &str,
        company: Option<&CompanyId>,
    ) -> Option<Reason> {
        if let Some(reason) = company.and_then(|company| self.client_problem(email, company)) {
            return Some(reason);
        }
        if self.user(email).is_none() {
            self.invited.push(email.clone());
            self.users.push(ProjectsUserCard {
                email: email.clone(),
                name: name.to_owned(),
                id: id.to_owned(),
                is_active: true,
                client_of: company.cloned(),
                rights: Rights::default(),
            });
        }
        let member = self.member(email);
        let found = self.projects.iter_mut().find(|known| known.id == *project).unwrap();
        if !found.members.iter().any(|known| known.email == *email) {
            found.members.push(member);
        }
        None
    }
}

/// An open project without anything.
pub fn project_facts(id: &str, key: &str, name: &str) -> ProjectFacts {
    let status = |name: &str, is_closed| TaskStatus { name: name.to_owned(), is_closed };
    ProjectFacts {
        id: ProjectId::new(id),
        version: Version::counter(1),
        key: key.to_owned(),
        name: name.to_owned(),
        owner: None,
        start: None,
        end: None,
        schedule: Schedule::Open,
        status: "Active".to_owned(),
        is_closed: false,
        completion: 0,
        members: Vec::new(),
        companies: Vec::new(),
        statuses: vec![status("Open", false), status("In Progress", false), status("Closed", true)],
        default_open: "Open".to_owned(),
        default_closed: "Closed".to_owned(),
    }
}

impl ProjectsSide for FakeProjects {
    fn capabilities(&self) -> &ProjectsCapabilities {
        &self.capabilities
    }

    fn versions(&self, _: &[ProjectsTaskId]) -> Result<Answer<Vec<Found<Version>>>, SideError> {
        Err(SideError::Failed("not asked for in these tests".to_owned()))
    }

    fn read_tasks(&self, ids: &[ProjectsTaskId]) -> Result<Answer<Vec<Found<ProjectsTask>>>, SideError> {
        let state = self.state();
        state.faults.answer()?;
        let found = ids.iter().map(|id| match state.tasks.get(id.as_str()) {
            Some(task) => Found::Here(task.clone()),
            None => Found::Unknown(Why::NotListed),
        });
        Ok(Answer { value: found.collect(), side_now: None })
    }

    fn comments(&self, task: &ProjectsTaskId, _: Option<&CommentId>) -> Result<Vec<Comment>, SideError> {
        Ok(self.state().comments.get(task.as_str()).cloned().unwrap_or_default())
    }

    fn check(&self, write: &ProjectsWrite) -> Result<Option<Reason>, SideError> {
        let state = self.state();
        state.faults.answer()?;
        Ok(match write {
            ProjectsWrite::AddClientUser { company, email, .. } => state.client_problem(email, company),
            ProjectsWrite::AddUser { email, .. } => {
                let is_client = state.user(email).is_some_and(|user| user.client_of.is_some());
                is_client.then(|| Reason::IsClientUser { person: email.to_string() })
            }
            _ => None,
        })
    }

    fn write(&self, writes: &[ProjectsWrite]) -> Result<Answer<Vec<Outcome<String>>>, SideError> {
        let mut outcomes = Vec::new();
        for write in writes {
            let (crash, number) = {
                let mut state = self.state();
                state.faults.answer()?;
                state.faults.writes += 1;
                (state.faults.crash, state.faults.writes)
            };
            crash_now(crash, Crash::Before(number));
            outcomes.push(self.state().make(write));
            crash_now(crash, Crash::After(number));
        }
        Ok(Answer { value: outcomes, side_now: None })
    }

    fn find_created(&self, marks: &[CreateMark]) -> Result<Vec<Option<String>>, SideError> {
        let state = self.state();
        state.faults.answer()?;
        Ok(marks.iter().map(|mark| state.marks.get(mark.as_str()).cloned()).collect())
    }

    fn projects(&self, ids: &[ProjectId]) -> Result<Vec<Found<ProjectFacts>>, SideError> {
        let state = self.state();
        state.faults.answer()?;
        Ok(ids
            .iter()
            .map(|id| match state.projects.iter().find(|project| project.id == *id) {
                Some(project) => Found::Here(project.clone()),
                None => Found::Unknown(Why::NotListed),
            })
            .collect())
    }

    fn list_projects(
        &self,
        person: &Email,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<ProjectFacts>, SideError> {
        let ids: Vec<ProjectId> = self.state().projects.iter().map(|project| project.id.clone()).collect();
        let access = self.access(person, &ids)?;
        let state = self.state();
        let mut rows: Vec<ProjectFacts> = state
            .projects
            .iter()
            .zip(access)
            .filter(|(project, access)| access.sees && !project.is_closed)
            .map(|(project, _)| project.clone())
            .collect();
        rows.sort_by_key(|project| name::key(&project.name));
        Ok(page(rows, after, limit))
    }

    fn projects_of_company(&self, company: &CompanyId) -> Result<Vec<ProjectId>, SideError> {
        let state = self.state();
        let having = state.projects.iter().filter(|project| project.companies.contains(company));
        Ok(having.map(|project| project.id.clone()).collect())
    }

    fn ancestors(&self, ids: &[ProjectsTaskId]) -> Result<Vec<Vec<Ancestor>>, SideError> {
        let state = self.state();
        Ok(ids
            .iter()
            .map(|id| {
                let mut above = Vec::new();
                let mut next = state.tasks.get(id.as_str()).and_then(|task| task.parent.clone());
                while let Some(task) = next.and_then(|parent| state.tasks.get(parent.as_str())) {
                    above.push(Ancestor {
                        id: task.id.clone(),
                        key: task.key.clone(),
                        title: task.title.value.clone(),
                        is_closed: task.status.value.is_closed,
                        closed_by: None,
                    });
                    next = task.parent.clone();
                }
                above
            })
            .collect())
    }

    fn open_descendants(&self, ids: &[ProjectsTaskId]) -> Result<Vec<u32>, SideError> {
        let state = self.state();
        let open_below = |id: &ProjectsTaskId| {
            let below = state.tasks.values().filter(|task| task.parent.as_ref() == Some(id));
            below.filter(|task| !task.status.value.is_closed).count() as u32
        };
        Ok(ids.iter().map(open_below).collect())
    }

    fn tasks_of_project(&self, _: &ProjectId, _: Option<&str>, _: usize) -> Result<Page<ProjectsTaskId>, SideError> {
        Err(SideError::Failed("not asked for in these tests".to_owned()))
    }

    fn companies(&self, ids: &[CompanyId]) -> Result<Vec<Found<Company>>, SideError> {
        let state = self.state();
        state.faults.answer()?;
        Ok(ids
            .iter()
            .map(|id| match state.companies.iter().find(|company| company.id == *id) {
                Some(company) => Found::Here(company.clone()),
                None => Found::Unknown(Why::NotListed),
            })
            .collect())
    }

    fn list_companies(&self, after: Option<&str>, limit: usize) -> Result<Page<Company>, SideError> {
        let mut rows = self.state().companies.clone();
        rows.sort_by_key(|company| name::key(&company.name));
        Ok(page(rows, after, limit))
    }

    fn companies_by_name_key(&self, keys: &[String]) -> Result<Vec<Company>, SideError> {
        let state = self.state();
        Ok(state.companies.iter().filter(|company| keys.contains(&name::key(&company.name))).cloned().collect())
    }

    fn users(&self, emails: &[Email]) -> Result<Vec<Option<ProjectsUserCard>>, SideError> {
        let state = self.state();
        state.faults.answer()?;
        Ok(emails.iter().map(|email| state.user(email).cloned()).collect())
    }

    fn all_users(&self) -> Result<Vec<ProjectsUserCard>, SideError> {
        let state = self.state();
        Ok(state.users.iter().filter(|user| user.is_active && user.client_of.is_none()).cloned().collect())
    }

    fn access(&self, person: &Email, projects: &[ProjectId]) -> Result<Vec<Access>, SideError> {
        let state = self.state();
        state.faults.answer()?;
        let user = state.user(person);
        Ok(projects
            .iter()
            .map(|id| {
                let Some(user) = user else { return Access::default() };
                let Some(project) = state.projects.iter().find(|project| project.id == *id) else {
                    return Access::default();
                };
                let is_member = project.members.iter().any(|member| member.email == *person);
                let sees = user.rights.is_administrator || is_member;
                let edits_tasks = sees && user.client_of.is_none();
                let is_manager = user.rights.may_create_projects && sees;
                Access { sees, edits_tasks, changes_project: is_manager || project.owner.as_ref() == Some(person) }
            })
            .collect())
    }

    fn changes(&self, _: Option<&FeedCursor>, _: usize) -> Result<Changes, SideError> {
        Err(SideError::Failed("not asked for in these tests".to_owned()))
    }
}
