//! Why is a link as it is: the six fields with three values, what waits, what was refused, what happened last (CON-12).

use ports::{Acting, Found, LinkId, Moment, Reason, SideError, Wait};
use store::{Queued, Read};

use super::links::LinkView;
use crate::comment;
use crate::connection;
use crate::convert;
use crate::dirty;
use crate::error::BridgeError;
use crate::field::{Field, FieldValue, SeenSide, Shown, SideName};
use crate::history::{self, Action, Entry};
use crate::link::Link;
use crate::plan::LinkState;
use crate::refusal::{self, Refusal, RefusalState};
use crate::service::Bridge;

/// The answer to "Why?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The link, as the person may see it.
    pub view: LinkView,
    /// When both sides were read.
    pub read_at: Moment,
    /// Why a side could not be read; its values are those last seen.
    pub read_failed: Option<Reason>,
    /// The six fields.
    pub fields: Vec<WhyField>,
    /// Comments that were copied.
    pub comments_copied: i64,
    /// Comments that wait.
    pub comments_waiting: i64,
    /// What waits.
    pub waiting: Vec<Waiting>,
    /// Why no other task of the project could be added now: no client of it is mapped any more (MAP-9).
    pub obstacle: Option<Reason>,
    /// Refusals that are not settled, set back ones included, newest first.
    pub refusals: Vec<Refusal>,
    /// What happened last, newest first.
    pub history: Vec<Entry>,
}

/// One field with its three values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyField {
    /// The field.
    pub field: Field,
    /// What the CRM has; none if that was never seen.
    pub crm: Option<Shown>,
    /// What Projects has.
    pub projects: Option<Shown>,
    /// What both had in common last.
    pub agreed: FieldValue,
    /// How it stands.
    pub state: FieldState,
    /// Why, if it is not applied.
    pub reason: Option<Reason>,
    /// The last change that the history knows.
    pub last_change: Option<Entry>,
}

/// How a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldState {
    /// Both sides agree.
    InStep,
    /// A change is on its way.
    Pending,
    /// A refused value is held.
    NotApplied,
    /// Somebody must choose.
    Conflict,
    /// The owner of Projects is nobody in the CRM.
    NotRepresentable,
    /// The value has no partner on the other side.
    NotMapped,
    /// Nothing is carried over: broken, paused or unlinked.
    NotSynced,
}

impl FieldState {
    /// The word of the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::InStep => "in_step",
            Self::Pending => "pending",
            Self::NotApplied => "not_applied",
            Self::Conflict => "conflict",
            Self::NotRepresentable => "not_representable",
            Self::NotMapped => "not_mapped",
            Self::NotSynced => "not_synced",
        }
    }
}

/// A field that is to be carried over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The field.
    pub field: Field,
    /// Since when.
    pub since: Moment,
    /// When it is tried next; none while it is being worked on.
    pub next_try_at: Option<Moment>,
    /// Tries that failed.
    pub attempts: i64,
    /// What it waits for.
    pub reason: Option<Reason>,
}

/// Entries shown.
const HISTORY_MAX: i64 = 50;
/// Refusals looked through.
const REFUSALS_MAX: i64 = 50;

/// What is stored about a link beside itself.
struct Stored {
    history: Vec<Entry>,
    refusals: Vec<Refusal>,
    comments: (i64, i64),
    queued: Option<Queued>,
}

impl Bridge {
    /// Why a link is as it is. Reads both sides at once; a side that does not answer is shown with the values last seen.
    ///
    /// Errors: `NotFound` for whoever sees neither task.
    pub fn why(&self, acting: &Acting, id: &LinkId) -> Result<Why, BridgeError> {
        let view = self.link(acting, id)?;
        let link = &view.link;
        let now = self.now();
        let stored = self.db().read(|read| stored(read, link))?;
        let (crm, projects) = (self.crm_now(link), self.projects_now(link));
        let failed = [crm.as_ref().err(), projects.as_ref().err()];
        let read_failed = failed.into_iter().flatten().next().map(reason_of);
        let (crm, projects) = (crm.ok().flatten(), projects.ok().flatten());
        let shown = |side: Option<&SeenSide>, name, field| match side {
            Some(side) => Some(side.get(field).shown.clone()),
            None => link.seen.shown(name, field).cloned(),
        };
        let field = |field| {
            let crm = shown(crm.as_ref(), SideName::Crm, field);
            why_field(link, &stored, field, [crm, shown(projects.as_ref(), SideName::Projects, field)])
        };
        let fields = Field::ALL.map(field).to_vec();
        let is_pending = |field: &&WhyField| field.state == FieldState::Pending;
        let waiting = fields.iter().filter(is_pending).map(|field| waiting(link, &stored, field.field, now)).collect();
        let obstacle = match self.client_obstacle(link) {
            Ok(obstacle) => obstacle,
            Err(BridgeError::Side(_)) => None,
            Err(error) => return Err(error),
        };
        Ok(Why {
            read_at: now,
            read_failed,
            obstacle,
            fields,
            comments_copied: stored.comments.0,
            comments_waiting: stored.comments.1,
            waiting,
            refusals: stored.refusals,
            history: stored.history,
            view,
        })
    }

    /// Links go on when the clients of their project are unmapped; the page says so (MAP-9).
    fn client_obstacle(&self, link: &Link) -> Result<Option<Reason>, BridgeError> {
        let connection =
            self.db().read(|read| connection::by_id(read, &link.connection))?.ok_or(BridgeError::NotFound)?;
        let Some(facts) = self.project_facts(std::slice::from_ref(&link.project))?.into_iter().next().flatten() else {
            return Ok(None);
        };
        let obstacle = self.bridge_project(&connection, facts)?.obstacle;
        Ok(obstacle.filter(|reason| matches!(reason, Reason::ClientNotMapped { .. })))
    }

    fn crm_now(&self, link: &Link) -> Result<Option<SeenSide>, SideError> {
        let read = self.crm().read_tasks(std::slice::from_ref(&link.crm_task))?;
        Ok(match read.value.first() {
            Some(Found::Here(task)) => Some(convert::crm_side(task, None)),
            Some(Found::Gone(_) | Found::Unknown(_)) | None => None,
        })
    }

    fn projects_now(&self, link: &Link) -> Result<Option<SeenSide>, SideError> {
        let read = self.projects().read_tasks(std::slice::from_ref(&link.projects_task))?;
        Ok(match read.value.first() {
            Some(Found::Here(task)) => Some(convert::projects_side(task, None)),
            Some(Found::Gone(_) | Found::Unknown(_)) | None => None,
        })
    }
}

fn reason_of(error: &SideError) -> Reason {
    match error.wait() {
        Wait::Unreachable => Reason::Unreachable,
        Wait::RateLimited { .. } => Reason::RateLimited,
        Wait::AuthExpired => Reason::AuthExpired,
    }
}

fn stored(read: &mut Read<'_>, link: &Link) -> Result<Stored, BridgeError> {
    let (connection, id) = (&link.connection, &link.id);
    let mut refusals = refusal::of_link(read, connection, id, REFUSALS_MAX)?;
    refusals.retain(|refusal| refusal.state != RefusalState::Settled);
    Ok(Stored {
        history: history::of_link(read, connection, id, HISTORY_MAX)?,
        refusals,
        comments: comment::count(read, connection, id)?,
        queued: dirty::queued(read, connection, id)?,
    })
}

fn why_field(link: &Link, stored: &Stored, field: Field, values: [Option<Shown>; 2]) -> WhyField {
    let [crm, projects] = values;
    let differs = crm.as_ref().map(|shown| &shown.value) != projects.as_ref().map(|shown| &shown.value);
    let is_live = |refusal: &&Refusal| {
        refusal.field == Some(field) && matches!(refusal.state, RefusalState::Open | RefusalState::Held)
    };
    let live = stored.refusals.iter().find(is_live).filter(|_| differs);
    let state = match link.state {
        LinkState::Broken | LinkState::Paused | LinkState::Unlinked => FieldState::NotSynced,
        _ if !differs => FieldState::InStep,
        LinkState::Conflict => FieldState::Conflict,
        LinkState::InStep | LinkState::Pending | LinkState::OutOfStep => match live {
            Some(Refusal { reason: Reason::ValueNotMapped { .. }, .. }) => FieldState::NotMapped,
            Some(_) => FieldState::NotApplied,
            None if field == Field::Owner && !link.note.is_empty() => FieldState::NotRepresentable,
            None => FieldState::Pending,
        },
    };
    let is_change = |entry: &&Entry| entry.action == Action::Change && entry.field.as_deref() == Some(field.code());
    WhyField {
        field,
        crm,
        projects,
        agreed: link.agreed.get(field).clone(),
        state,
        reason: live.map(|refusal| refusal.reason.clone()),
        last_change: stored.history.iter().find(is_change).cloned(),
    }
}

fn waiting(link: &Link, stored: &Stored, field: Field, now: Moment) -> Waiting {
    let queued = stored.queued.as_ref();
    let is_worked_on = queued.is_some_and(|queued| queued.lease_until > now.ms());
    Waiting {
        field,
        since: queued.map_or(link.since, |queued| Moment::from_ms(queued.first_marked)),
        next_try_at: queued.filter(|_| !is_worked_on).map(|queued| Moment::from_ms(queued.due)),
        attempts: queued.map_or(0, |queued| queued.attempts),
        reason: link.reason.clone(),
    }
}
