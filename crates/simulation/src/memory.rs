//! Two sides in memory that keep their own rules and remember every value they ever had: what a seed is run against.
//!
//! They are stricter than the apps and fail as told: requests and answers get lost, effects come late, a side is away,
//! hints are lost, doubled or come in another order, a record cannot be seen.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken world is a broken test"
)]

mod crm;
mod people;
mod projects;
mod state;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bridge::field::{Field, FieldValue, SideName};
use ports::{
    Change, Changes, Clock, CrmCapabilities, CrmWrite, Email, FeedCursor, Moment, ProjectsCapabilities,
    ProjectsTaskPatch, ProjectsWrite, RecordKind, SideError,
};

pub use people::email;
pub use state::{Held, State};

/// What goes wrong with the next call that writes to a side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It has its effect, and the answer is lost (F-2).
    LoseAnswer,
    /// It is lost before it has an effect (F-1).
    LoseRequest,
    /// Its caller gives up, and it has its effect so many milliseconds later (F-3).
    Late(i64),
}

/// A request on its way that its caller has given up.
pub(crate) enum Underway {
    Crm(Vec<CrmWrite>),
    Projects(Vec<ProjectsWrite>),
}

/// Both sides, their people and their clock.
#[derive(Clone)]
pub struct Sides {
    state: Arc<Mutex<State>>,
    crm_can: Arc<CrmCapabilities>,
    projects_can: Arc<ProjectsCapabilities>,
}

impl Clock for Sides {
    fn now(&self) -> Moment {
        Moment::from_ms(self.state().now)
    }
}

impl Sides {
    /// One strict project, people on both sides, no task yet.
    pub fn new(now: Moment) -> Self {
        Self {
            state: Arc::new(Mutex::new(State::new(now))),
            crm_can: Arc::new(CrmCapabilities {
                subject_max: 255,
                description_max: 32_000,
                writes_conditionally: true,
                stamps_fields: true,
                priorities: Vec::new(),
                statuses: Vec::new(),
            }),
            projects_can: Arc::new(ProjectsCapabilities {
                title_max: 10_000,
                writes_conditionally: true,
                stamps_fields: true,
                priorities: Vec::new(),
            }),
        }
    }

    /// What is there, to look at and to change.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A person changes a task of the CRM by its own program.
    pub fn edit_crm(&self, index: usize, by: &Email, change: impl FnOnce(&mut ports::CrmTask)) {
        let mut state = self.state();
        if !state.is_deleted(SideName::Crm, index) {
            state.change_crm(index, by, false, change);
        }
    }

    /// A person changes a task of Projects by its own program, which keeps its rules; answers whether it was taken.
    pub fn edit_projects(&self, index: usize, by: &Email, patch: ProjectsTaskPatch) -> bool {
        let mut state = self.state();
        if state.is_deleted(SideName::Projects, index) || state.refuses(index, &patch).is_some() {
            return false;
        }
        state.patch_task(index, by, false, patch);
        true
    }

    /// Requests whose time has come take effect.
    pub fn deliver_late(&self) {
        let mut state = self.state();
        let now = state.now;
        let (due, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut state.underway).into_iter().partition(|(at, _)| *at <= now);
        state.underway = waiting;
        for (_, request) in due {
            match request {
                Underway::Crm(writes) => writes.iter().for_each(|write| drop(state.write_crm(write))),
                Underway::Projects(writes) => writes.iter().for_each(|write| drop(state.write_projects(write))),
            }
        }
    }

    /// The present value of a field in normal form.
    pub fn value(&self, side: SideName, index: usize, field: Field) -> FieldValue {
        self.state().view(side, index).get(field).clone()
    }

    /// The fault of the next call that writes; an error while the side is away.
    pub(crate) fn fault(&self, side: SideName) -> Result<Option<Fault>, SideError> {
        let mut state = self.state();
        let side = state.side_mut(side);
        if side.is_away {
            return Err(SideError::Unreachable("away".to_owned()));
        }
        side.calls += 1;
        Ok(if side.faults.is_empty() { None } else { Some(side.faults.remove(0)) })
    }
}

pub(crate) fn lost() -> SideError {
    SideError::Failed("the connection was reset".to_owned())
}

/// The hints after a cursor.
pub(crate) fn changes(feed: &[Change], after: Option<&FeedCursor>, limit: usize) -> Changes {
    let from = after.map_or(feed.len(), |cursor| cursor.0.parse().unwrap_or(0));
    let to = feed.len().min(from + limit);
    let changes = feed.get(from..to).unwrap_or_default().to_vec();
    Changes { changes, cursor: FeedCursor(to.to_string()), has_more: to < feed.len() }
}

/// A hint about a task.
pub(crate) fn hint(id: &str, version: &ports::Version) -> Change {
    Change { kind: RecordKind::Task, id: id.to_owned(), sales: None, version: Some(version.clone()) }
}
