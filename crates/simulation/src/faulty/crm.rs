//! The CRM side with its trouble.

use std::sync::Arc;

use ports::{
    Answer, Changes, Clock, CreateMark, CrmCapabilities, CrmRef, CrmSide, CrmTask, CrmTaskId, CrmUserCard, CrmWrite,
    Email, FeedCursor, Found, Note, NoteId, Outcome, Page, Patch, Reason, SalesQuery, SalesRecord, SideError, Version,
};

use super::{Trouble, Written};

/// A CRM side behind its trouble.
pub struct FaultyCrm {
    side: Arc<dyn CrmSide>,
    trouble: Arc<Trouble>,
    clock: Arc<dyn Clock>,
}

impl FaultyCrm {
    /// Puts the trouble before a side.
    pub fn new(side: Arc<dyn CrmSide>, trouble: Arc<Trouble>, clock: Arc<dyn Clock>) -> Self {
        Self { side, trouble, clock }
    }

    fn told(&self, task: CrmTask) -> CrmTask {
        CrmTask {
            subject: self.trouble.stamped(task.subject),
            description: self.trouble.stamped(task.description),
            due: self.trouble.stamped(task.due),
            priority: self.trouble.stamped(task.priority),
            status: self.trouble.stamped(task.status),
            owner: self.trouble.stamped(task.owner),
            ..task
        }
    }

    fn about(&self, write: &CrmWrite) -> Written {
        let (record, fields) = match write {
            CrmWrite::CreateTask { .. } => ("new task".to_owned(), Vec::new()),
            CrmWrite::CreateNote { note, .. } => (note.task.to_string(), vec!["note"]),
            CrmWrite::UpdateTask { id, patch, .. } => {
                let fields = [
                    ("title", patch.subject.is_some()),
                    ("description", patch.description.is_some()),
                    ("due", patch.due != Patch::Keep),
                    ("priority", patch.priority != Patch::Keep),
                    ("status", patch.status.is_some()),
                    ("owner", patch.owner.is_some()),
                ];
                (id.to_string(), fields.into_iter().filter(|(_, is_set)| *is_set).map(|(field, _)| field).collect())
            }
        };
        Written { side: "crm", record, fields, at: Some(self.clock.now()), is_done: false }
    }
}

impl CrmSide for FaultyCrm {
    fn capabilities(&self) -> &CrmCapabilities {
        self.side.capabilities()
    }

    fn versions(&self, ids: &[CrmTaskId]) -> Result<Answer<Vec<Found<Version>>>, SideError> {
        let answer = self.trouble.ask(|| self.side.versions(ids))?;
        Ok(Answer { side_now: self.trouble.side_now(answer.side_now), ..answer })
    }

    fn read_tasks(&self, ids: &[CrmTaskId]) -> Result<Answer<Vec<Found<CrmTask>>>, SideError> {
        let answer = self.trouble.ask(|| self.side.read_tasks(ids))?;
        let tasks = answer.value.into_iter().map(|found| found.map(|task| self.told(task)));
        Ok(Answer { value: tasks.collect(), side_now: self.trouble.side_now(answer.side_now) })
    }

    fn notes(&self, task: &CrmTaskId, after: Option<&NoteId>) -> Result<Vec<Note>, SideError> {
        self.trouble.ask(|| self.side.notes(task, after))
    }

    fn check(&self, write: &CrmWrite) -> Result<Option<Reason>, SideError> {
        self.trouble.ask(|| self.side.check(write))
    }

    fn write(&self, writes: &[CrmWrite]) -> Result<Answer<Vec<Outcome<String>>>, SideError> {
        self.trouble.send(writes, |write| self.about(write), |healthy| self.side.write(healthy))
    }

    fn find_created(&self, marks: &[CreateMark]) -> Result<Vec<Option<String>>, SideError> {
        self.trouble.ask(|| self.side.find_created(marks))
    }

    fn records(&self, records: &[CrmRef]) -> Result<Vec<Found<SalesRecord>>, SideError> {
        self.trouble.ask(|| self.side.records(records))
    }

    fn list(&self, query: &SalesQuery, after: Option<&str>, limit: usize) -> Result<Page<SalesRecord>, SideError> {
        self.trouble.ask(|| self.side.list(query, after, limit))
    }

    fn users(&self, emails: &[Email]) -> Result<Vec<Option<CrmUserCard>>, SideError> {
        self.trouble.ask(|| self.side.users(emails))
    }

    fn all_users(&self) -> Result<Vec<CrmUserCard>, SideError> {
        self.trouble.ask(|| self.side.all_users())
    }

    fn changes(&self, after: Option<&FeedCursor>, limit: usize) -> Result<Changes, SideError> {
        self.trouble.changes(after, |after| self.side.changes(after, limit))
    }
}
