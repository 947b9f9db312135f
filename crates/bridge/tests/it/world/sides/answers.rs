//! What both sides answer the engine.

use bridge::field::SideName;
use ports::*;

use super::{Fault, Sides, changes, found, lost};

macro_rules! not_asked {
    ($($name:ident($($arg:ty),*) -> $out:ty;)*) => {$(
        fn $name(&self, $(_: $arg),*) -> Result<$out, SideError> {
            Err(SideError::Failed(concat!(stringify!($name), " is not part of the engine's world").into()))
        }
    )*};
}

impl CrmSide for Sides {
    fn capabilities(&self) -> &CrmCapabilities {
        &self.crm_can
    }
    fn versions(&self, ids: &[CrmTaskId]) -> Result<Answer<Vec<Found<Version>>>, SideError> {
        let read = self.read_tasks_crm(ids)?;
        let value = read.value.into_iter().map(|task| task.map(|task| task.version)).collect();
        Ok(Answer { value, side_now: read.side_now })
    }
    fn read_tasks(&self, ids: &[CrmTaskId]) -> Result<Answer<Vec<Found<CrmTask>>>, SideError> {
        self.read_tasks_crm(ids)
    }
    fn notes(&self, task: &CrmTaskId, after: Option<&NoteId>) -> Result<Vec<Note>, SideError> {
        let state = self.lock();
        let notes = state.notes.iter().filter(|note| note.task == *task && after.is_none_or(|after| note.id > *after));
        Ok(notes.cloned().collect())
    }
    fn write(&self, writes: &[CrmWrite]) -> Result<Answer<Vec<Outcome<String>>>, SideError> {
        let fault = self.fault(SideName::Crm)?;
        let mut state = self.lock();
        match fault {
            Some(Fault::LoseRequest) => return Err(lost()),
            Some(Fault::LoseAnswer) => {
                writes.iter().for_each(|write| drop(state.write_crm(write)));
                return Err(lost());
            }
            Some(Fault::Refuse(reason)) => {
                return Ok(Answer {
                    value: writes.iter().map(|_| Outcome::Refused(reason.clone())).collect(),
                    side_now: None,
                });
            }
            None => {}
        }
        Ok(Answer { value: writes.iter().map(|write| state.write_crm(write)).collect(), side_now: None })
    }
    fn users(&self, emails: &[Email]) -> Result<Vec<Option<CrmUserCard>>, SideError> {
        let state = self.lock();
        Ok(emails
            .iter()
            .map(|email| {
                state.crm_users.contains(email).then(|| CrmUserCard {
                    email: email.clone(),
                    name: email.to_string(),
                    id: email.to_string(),
                    is_active: true,
                    is_administrator: false,
                })
            })
            .collect())
    }
    fn changes(&self, after: Option<&FeedCursor>, limit: usize) -> Result<Changes, SideError> {
        Ok(changes(&self.lock().crm.feed, after, limit))
    }
    not_asked! {
        check(&CrmWrite) -> Option<Reason>;
        find_created(&[CreateMark]) -> Vec<Option<String>>;
        records(&[CrmRef]) -> Vec<Found<SalesRecord>>;
        list(&SalesQuery, Option<&str>, usize) -> Page<SalesRecord>;
        all_users() -> Vec<CrmUserCard>;
    }
}

impl Sides {
    fn read_tasks_crm(&self, ids: &[CrmTaskId]) -> Result<Answer<Vec<Found<CrmTask>>>, SideError> {
        let state = self.lock();
        if state.crm.is_down {
            return Err(SideError::Unreachable("down".into()));
        }
        let value = ids.iter().map(|id| found(&state.crm_tasks, id.as_str())).collect();
        Ok(Answer { value, side_now: state.crm_ahead_ms.map(|ahead| Moment::from_ms(state.now + ahead)) })
    }

    fn read_tasks_projects(&self, ids: &[ProjectsTaskId]) -> Result<Answer<Vec<Found<ProjectsTask>>>, SideError> {
        let state = self.lock();
        if state.projects.is_down {
            return Err(SideError::Unreachable("down".into()));
        }
        let value = ids.iter().map(|id| found(&state.tasks, id.as_str())).collect();
        Ok(Answer { value, side_now: Some(Moment::from_ms(state.now)) })
    }
}

impl ProjectsSide for Sides {
    fn capabilities(&self) -> &ProjectsCapabilities {
        &self.projects_can
    }
    fn versions(&self, ids: &[ProjectsTaskId]) -> Result<Answer<Vec<Found<Version>>>, SideError> {
        let read = self.read_tasks_projects(ids)?;
        let value = read.value.into_iter().map(|task| task.map(|task| task.version)).collect();
        Ok(Answer { value, side_now: read.side_now })
    }
    fn read_tasks(&self, ids: &[ProjectsTaskId]) -> Result<Answer<Vec<Found<ProjectsTask>>>, SideError> {
        self.read_tasks_projects(ids)
    }
    fn comments(&self, task: &ProjectsTaskId, after: Option<&CommentId>) -> Result<Vec<Comment>, SideError> {
        let state = self.lock();
        let found = state.comments.iter().filter(|one| one.task == *task && after.is_none_or(|after| one.id > *after));
        Ok(found.cloned().collect())
    }
    fn write(&self, writes: &[ProjectsWrite]) -> Result<Answer<Vec<Outcome<String>>>, SideError> {
        let fault = self.fault(SideName::Projects)?;
        let mut state = self.lock();
        match fault {
            Some(Fault::LoseRequest) => return Err(lost()),
            Some(Fault::LoseAnswer) => {
                writes.iter().for_each(|write| drop(state.write_projects(write)));
                return Err(lost());
            }
            Some(Fault::Refuse(reason)) => {
                return Ok(Answer {
                    value: writes.iter().map(|_| Outcome::Refused(reason.clone())).collect(),
                    side_now: None,
                });
            }
            None => {}
        }
        Ok(Answer { value: writes.iter().map(|write| state.write_projects(write)).collect(), side_now: None })
    }
    fn projects(&self, ids: &[ProjectId]) -> Result<Vec<Found<ProjectFacts>>, SideError> {
        let state = self.lock();
        Ok(ids.iter().map(|_| Found::Here(state.project.clone().unwrap())).collect())
    }
    fn ancestors(&self, ids: &[ProjectsTaskId]) -> Result<Vec<Vec<Ancestor>>, SideError> {
        let state = self.lock();
        Ok(ids.iter().map(|id| state.above(id.as_str())).collect())
    }
    fn open_descendants(&self, ids: &[ProjectsTaskId]) -> Result<Vec<u32>, SideError> {
        let state = self.lock();
        Ok(ids.iter().map(|id| state.below(id.as_str())).collect())
    }
    fn users(&self, emails: &[Email]) -> Result<Vec<Option<ProjectsUserCard>>, SideError> {
        let state = self.lock();
        Ok(emails
            .iter()
            .map(|email| {
                state.portal_users.contains(email).then(|| ProjectsUserCard {
                    email: email.clone(),
                    name: email.to_string(),
                    id: email.to_string(),
                    is_active: true,
                    client_of: None,
                    rights: Rights::default(),
                })
            })
            .collect())
    }
    fn changes(&self, after: Option<&FeedCursor>, limit: usize) -> Result<Changes, SideError> {
        Ok(changes(&self.lock().projects.feed, after, limit))
    }
    not_asked! {
        check(&ProjectsWrite) -> Option<Reason>;
        find_created(&[CreateMark]) -> Vec<Option<String>>;
        list_projects(&Email, Option<&str>, usize) -> Page<ProjectFacts>;
        projects_of_company(&CompanyId) -> Vec<ProjectId>;
        tasks_of_project(&ProjectId, Option<&str>, usize) -> Page<ProjectsTaskId>;
        companies(&[CompanyId]) -> Vec<Found<Company>>;
        list_companies(Option<&str>, usize) -> Page<Company>;
        companies_by_name_key(&[String]) -> Vec<Company>;
        all_users() -> Vec<ProjectsUserCard>;
        access(&Email, &[ProjectId]) -> Vec<Access>;
    }
}
