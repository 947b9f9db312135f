//! The CRM in memory.

use ports::{
    Answer, Changes, CreateMark, CrmCapabilities, CrmRef, CrmSide, CrmTask, CrmTaskId, CrmUserCard, CrmWrite, Email,
    FeedCursor, Found, Moment, Note, NoteId, Outcome, Page, Reason, SalesQuery, SalesRecord, SideError, Version, Why,
};

use super::{Fault, Sides, State, Underway, changes, lost};
use bridge::field::SideName;

fn not_here<T>() -> Result<T, SideError> {
    Err(SideError::Failed("the engine does not ask for this".to_owned()))
}

impl CrmSide for Sides {
    fn capabilities(&self) -> &CrmCapabilities {
        &self.crm_can
    }

    fn versions(&self, ids: &[CrmTaskId]) -> Result<Answer<Vec<Found<Version>>>, SideError> {
        let read = CrmSide::read_tasks(self, ids)?;
        let value = read.value.into_iter().map(|task| task.map(|task| task.version)).collect();
        Ok(Answer { value, side_now: read.side_now })
    }

    fn read_tasks(&self, ids: &[CrmTaskId]) -> Result<Answer<Vec<Found<CrmTask>>>, SideError> {
        let state = self.state();
        if state.crm.is_away {
            return Err(SideError::Unreachable("away".to_owned()));
        }
        let find = |id: &CrmTaskId| match State::index_of(id.as_str()).and_then(|index| state.crm_tasks.get(index)) {
            Some(shelf) => shelf.found(),
            None => Found::Unknown(Why::NotListed),
        };
        Ok(Answer { value: ids.iter().map(find).collect(), side_now: Some(Moment::from_ms(state.now)) })
    }

    fn notes(&self, task: &CrmTaskId, after: Option<&NoteId>) -> Result<Vec<Note>, SideError> {
        let state = self.state();
        let is_wanted = |note: &&Note| note.task == *task && after.is_none_or(|after| note.id > *after);
        Ok(state.notes.iter().filter(is_wanted).cloned().collect())
    }

    fn check(&self, _write: &CrmWrite) -> Result<Option<Reason>, SideError> {
        not_here()
    }

    fn write(&self, writes: &[CrmWrite]) -> Result<Answer<Vec<Outcome<String>>>, SideError> {
        let fault = self.fault(SideName::Crm)?;
        let mut state = self.state();
        match fault {
            Some(Fault::LoseRequest) => return Err(lost()),
            Some(Fault::LoseAnswer) => {
                writes.iter().for_each(|write| drop(state.write_crm(write)));
                return Err(lost());
            }
            Some(Fault::Late(ms)) => {
                let at = state.now + ms;
                state.underway.push((at, Underway::Crm(writes.to_vec())));
                return Err(lost());
            }
            None => {}
        }
        let value = writes.iter().map(|write| state.write_crm(write)).collect();
        Ok(Answer { value, side_now: Some(Moment::from_ms(state.now)) })
    }

    fn find_created(&self, marks: &[CreateMark]) -> Result<Vec<Option<String>>, SideError> {
        let state = self.state();
        let find = |mark: &CreateMark| {
            state.notes.iter().find(|note| note.mark.as_ref() == Some(mark)).map(|note| note.id.to_string())
        };
        Ok(marks.iter().map(find).collect())
    }

    fn records(&self, _records: &[CrmRef]) -> Result<Vec<Found<SalesRecord>>, SideError> {
        not_here()
    }

    fn list(&self, _query: &SalesQuery, _after: Option<&str>, _limit: usize) -> Result<Page<SalesRecord>, SideError> {
        not_here()
    }

    fn users(&self, emails: &[Email]) -> Result<Vec<Option<CrmUserCard>>, SideError> {
        let state = self.state();
        let find = |email: &Email| {
            state.crm_users.contains(email).then(|| CrmUserCard {
                email: email.clone(),
                name: email.to_string(),
                id: email.to_string(),
                is_active: true,
                is_administrator: false,
            })
        };
        Ok(emails.iter().map(find).collect())
    }

    fn all_users(&self) -> Result<Vec<CrmUserCard>, SideError> {
        not_here()
    }

    fn changes(&self, after: Option<&FeedCursor>, limit: usize) -> Result<Changes, SideError> {
        let state = self.state();
        if state.crm.is_away {
            return Err(SideError::Unreachable("away".to_owned()));
        }
        Ok(changes(&state.crm.feed, after, limit))
    }
}
