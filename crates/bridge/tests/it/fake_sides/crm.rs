//! A CRM in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use ports::rule::name;
use ports::{
    Answer, Changes, CreateMark, CrmCapabilities, CrmModule, CrmRef, CrmSide, CrmTask, CrmTaskId, CrmUserCard,
    CrmWrite, Email, FeedCursor, Found, Note, NoteId, Outcome, Page, Reason, SalesQuery, SalesRecord, SideError,
    Version, Why,
};

use super::{Crash, Faults, crash_now, page, stamped};

#[derive(Default)]
pub struct CrmState {
    pub users: Vec<CrmUserCard>,
    pub records: Vec<SalesRecord>,
    pub tasks: BTreeMap<String, CrmTask>,
    pub marks: BTreeMap<String, String>,
    pub faults: Faults,
    next: i64,
}

pub struct FakeCrm {
    state: Mutex<CrmState>,
    capabilities: CrmCapabilities,
}

impl FakeCrm {
    pub fn new() -> Self {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
        Self {
            state: Mutex::new(CrmState { next: 5_400_000_000_000_900_000, ..CrmState::default() }),
            capabilities: CrmCapabilities {
                subject_max: 255,
                description_max: 32_000,
                writes_conditionally: true,
                stamps_fields: true,
                priorities: words(&["Highest", "High", "Normal", "Low", "Lowest"]),
                statuses: words(&["Not Started", "Deferred", "In Progress", "Completed", "Waiting for input"]),
            },
        }
    }

    pub fn state(&self) -> MutexGuard<'_, CrmState> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn make(state: &mut CrmState, write: &CrmWrite) -> Outcome<String> {
        if let Some(reason) = state.faults.refused() {
            return Outcome::Refused(reason);
        }
        let CrmWrite::CreateTask { task, mark, .. } = write else {
            return Outcome::Refused(Reason::InternalError);
        };
        if let Some(id) = state.marks.get(mark.as_str()) {
            return Outcome::Done { id: id.clone(), version: Version::counter(1) };
        }
        state.next += 1;
        let id = state.next.to_string();
        state.marks.insert(mark.as_str().to_owned(), id.clone());
        state.tasks.insert(
            id.clone(),
            CrmTask {
                id: CrmTaskId::new(id.clone()),
                version: Version::counter(1),
                subject: stamped(task.subject.clone()),
                description: stamped(task.description.clone()),
                due: stamped(task.due),
                priority: stamped(task.priority.clone()),
                status: stamped(task.status.clone()),
                owner: stamped(task.owner.clone()),
                status_before_closing: None,
                under: task.under.clone(),
                under_name: None,
                account: None,
                newest_note: None,
            },
        );
        Outcome::Done { id, version: Version::counter(1) }
    }
}

impl CrmSide for FakeCrm {
    fn capabilities(&self) -> &CrmCapabilities {
        &self.capabilities
    }

    fn versions(&self, _: &[CrmTaskId]) -> Result<Answer<Vec<Found<Version>>>, SideError> {
        Err(SideError::Failed("not asked for in these tests".to_owned()))
    }

    fn read_tasks(&self, ids: &[CrmTaskId]) -> Result<Answer<Vec<Found<CrmTask>>>, SideError> {
        let state = self.state();
        state.faults.answer()?;
        let found = ids.iter().map(|id| match state.tasks.get(id.as_str()) {
            Some(task) => Found::Here(task.clone()),
            None => Found::Unknown(Why::NotListed),
        });
        Ok(Answer { value: found.collect(), side_now: None })
    }

    fn notes(&self, _: &CrmTaskId, _: Option<&NoteId>) -> Result<Vec<Note>, SideError> {
        Ok(Vec::new())
    }

    fn check(&self, _: &CrmWrite) -> Result<Option<Reason>, SideError> {
        self.state().faults.answer()?;
        Ok(None)
    }

    fn write(&self, writes: &[CrmWrite]) -> Result<Answer<Vec<Outcome<String>>>, SideError> {
        let mut outcomes = Vec::new();
        for write in writes {
            let (crash, number) = {
                let mut state = self.state();
                state.faults.answer()?;
                state.faults.writes += 1;
                (state.faults.crash, state.faults.writes)
            };
            crash_now(crash, Crash::Before(number));
            outcomes.push(Self::make(&mut self.state(), write));
            crash_now(crash, Crash::After(number));
        }
        Ok(Answer { value: outcomes, side_now: None })
    }

    fn find_created(&self, marks: &[CreateMark]) -> Result<Vec<Option<String>>, SideError> {
        let state = self.state();
        state.faults.answer()?;
        Ok(marks.iter().map(|mark| state.marks.get(mark.as_str()).cloned()).collect())
    }

    fn records(&self, records: &[CrmRef]) -> Result<Vec<Found<SalesRecord>>, SideError> {
        let state = self.state();
        state.faults.answer()?;
        Ok(records
            .iter()
            .map(|wanted| match state.records.iter().find(|record| record.reference == *wanted) {
                Some(record) => Found::Here(record.clone()),
                None => Found::Unknown(Why::NotListed),
            })
            .collect())
    }

    fn list(&self, query: &SalesQuery, after: Option<&str>, limit: usize) -> Result<Page<SalesRecord>, SideError> {
        let state = self.state();
        state.faults.answer()?;
        let mut rows: Vec<SalesRecord> = state
            .records
            .iter()
            .filter(|record| match query {
                SalesQuery::All(module) => record.reference.module == *module,
                SalesQuery::AccountsByNameKey(keys) => {
                    record.reference.module == CrmModule::Account && keys.contains(&name::key(&record.name))
                }
                SalesQuery::ContactsOf(account) => {
                    record.reference.module == CrmModule::Contact && record.account.as_ref() == Some(account)
                }
                SalesQuery::DealsOf(account) => {
                    record.reference.module == CrmModule::Deal && record.account.as_ref() == Some(account)
                }
            })
            .cloned()
            .collect();
        rows.sort_by_key(|record| (name::key(&record.name), record.reference.id.clone()));
        Ok(page(rows, after, limit))
    }

    fn users(&self, emails: &[Email]) -> Result<Vec<Option<CrmUserCard>>, SideError> {
        let state = self.state();
        state.faults.answer()?;
        Ok(emails.iter().map(|email| state.users.iter().find(|user| user.email == *email).cloned()).collect())
    }

    fn all_users(&self) -> Result<Vec<CrmUserCard>, SideError> {
        Ok(self.state().users.clone())
    }

    fn changes(&self, _: Option<&FeedCursor>, _: usize) -> Result<Changes, SideError> {
        Err(SideError::Failed("not asked for in these tests".to_owned()))
    }
}
