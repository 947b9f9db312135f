//! Projects in memory.

use bridge::field::SideName;
use ports::{
    Access, Ancestor, Answer, Changes, Comment, CommentId, Company, CompanyId, CreateMark, Email, FeedCursor, Found,
    Moment, Outcome, Page, ProjectFacts, ProjectId, ProjectsCapabilities, ProjectsSide, ProjectsTask, ProjectsTaskId,
    ProjectsUserCard, ProjectsWrite, Reason, Rights, SideError, Version, Why,
};

use super::{Fault, Sides, State, Underway, changes, lost};

fn not_here<T>() -> Result<T, SideError> {
    Err(SideError::Failed("the engine does not ask for this".to_owned()))
}

impl ProjectsSide for Sides {
    fn capabilities(&self) -> &ProjectsCapabilities {
        &self.projects_can
    }

    fn versions(&self, ids: &[ProjectsTaskId]) -> Result<Answer<Vec<Found<Version>>>, SideError> {
        let read = ProjectsSide::read_tasks(self, ids)?;
        let value = read.value.into_iter().map(|task| task.map(|task| task.version)).collect();
        Ok(Answer { value, side_now: read.side_now })
    }

    fn read_tasks(&self, ids: &[ProjectsTaskId]) -> Result<Answer<Vec<Found<ProjectsTask>>>, SideError> {
        let state = self.state();
        if state.projects.is_away {
            return Err(SideError::Unreachable("away".to_owned()));
        }
        let find = |id: &ProjectsTaskId| match State::index_of(id.as_str()).and_then(|index| state.tasks.get(index)) {
            Some(shelf) => shelf.found(),
            None => Found::Unknown(Why::NotListed),
        };
        Ok(Answer { value: ids.iter().map(find).collect(), side_now: Some(Moment::from_ms(state.now)) })
    }

    fn comments(&self, task: &ProjectsTaskId, after: Option<&CommentId>) -> Result<Vec<Comment>, SideError> {
        let state = self.state();
        let is_wanted = |one: &&Comment| one.task == *task && after.is_none_or(|after| one.id > *after);
        Ok(state.comments.iter().filter(is_wanted).cloned().collect())
    }

    fn check(&self, _write: &ProjectsWrite) -> Result<Option<Reason>, SideError> {
        not_here()
    }

    fn write(&self, writes: &[ProjectsWrite]) -> Result<Answer<Vec<Outcome<String>>>, SideError> {
        let fault = self.fault(SideName::Projects)?;
        let mut state = self.state();
        match fault {
            Some(Fault::LoseRequest) => return Err(lost()),
            Some(Fault::LoseAnswer) => {
                writes.iter().for_each(|write| drop(state.write_projects(write)));
                return Err(lost());
            }
            Some(Fault::Late(ms)) => {
                let at = state.now + ms;
                state.underway.push((at, Underway::Projects(writes.to_vec())));
                return Err(lost());
            }
            None => {}
        }
        let value = writes.iter().map(|write| state.write_projects(write)).collect();
        Ok(Answer { value, side_now: Some(Moment::from_ms(state.now)) })
    }

    fn find_created(&self, marks: &[CreateMark]) -> Result<Vec<Option<String>>, SideError> {
        let state = self.state();
        let find = |mark: &CreateMark| {
            state.comments.iter().find(|one| one.mark.as_ref() == Some(mark)).map(|one| one.id.to_string())
        };
        Ok(marks.iter().map(find).collect())
    }

    fn projects(&self, ids: &[ProjectId]) -> Result<Vec<Found<ProjectFacts>>, SideError> {
        let state = self.state();
        Ok(ids.iter().map(|_| Found::Here(state.project.clone())).collect())
    }

    fn list_projects(&self, _: &Email, _: Option<&str>, _: usize) -> Result<Page<ProjectFacts>, SideError> {
        not_here()
    }

    fn projects_of_company(&self, _company: &CompanyId) -> Result<Vec<ProjectId>, SideError> {
        not_here()
    }

    fn ancestors(&self, ids: &[ProjectsTaskId]) -> Result<Vec<Vec<Ancestor>>, SideError> {
        let state = self.state();
        let above = |id: &ProjectsTaskId| State::index_of(id.as_str()).map(|index| state.above(index));
        Ok(ids.iter().map(|id| above(id).unwrap_or_default()).collect())
    }

    fn open_descendants(&self, ids: &[ProjectsTaskId]) -> Result<Vec<u32>, SideError> {
        let state = self.state();
        let below = |id: &ProjectsTaskId| State::index_of(id.as_str()).map(|index| state.below(index));
        Ok(ids.iter().map(|id| below(id).unwrap_or_default()).collect())
    }

    fn tasks_of_project(&self, _: &ProjectId, _: Option<&str>, _: usize) -> Result<Page<ProjectsTaskId>, SideError> {
        not_here()
    }

    fn companies(&self, _ids: &[CompanyId]) -> Result<Vec<Found<Company>>, SideError> {
        not_here()
    }

    fn list_companies(&self, _after: Option<&str>, _limit: usize) -> Result<Page<Company>, SideError> {
        not_here()
    }

    fn companies_by_name_key(&self, _keys: &[String]) -> Result<Vec<Company>, SideError> {
        not_here()
    }

    fn users(&self, emails: &[Email]) -> Result<Vec<Option<ProjectsUserCard>>, SideError> {
        let state = self.state();
        let find = |email: &Email| {
            state.portal_users.contains(email).then(|| ProjectsUserCard {
                email: email.clone(),
                name: email.to_string(),
                id: email.to_string(),
                is_active: true,
                client_of: None,
                rights: Rights::default(),
            })
        };
        Ok(emails.iter().map(find).collect())
    }

    fn all_users(&self) -> Result<Vec<ProjectsUserCard>, SideError> {
        not_here()
    }

    fn access(&self, _person: &Email, _projects: &[ProjectId]) -> Result<Vec<Access>, SideError> {
        not_here()
    }

    fn changes(&self, after: Option<&FeedCursor>, limit: usize) -> Result<Changes, SideError> {
        let state = self.state();
        if state.projects.is_away {
            return Err(SideError::Unreachable("away".to_owned()));
        }
        Ok(changes(&state.projects.feed, after, limit))
    }
}
