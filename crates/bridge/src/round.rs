//! The engine's only motor: claim, observe, reconcile, guard, prepare, execute, settle for up to 100 links.
//!
//! [`Round::advance`] makes at most one port call or one transaction and returns; what it leaves behind at any moment
//! is a true story that another worker can go on with.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ports::{Comment, CrmTask, Found, Moment, Note, ProjectId, ProjectsTask, Reason, SideError, Wait};
use store::{Claimed, Tx};

use crate::bug::Bug;
use crate::comment::{self, Carried};
use crate::connection::Connection;
use crate::dirty::{self, Cause, DirtyKey};
use crate::engine::{Core, Step};
use crate::error::BridgeError;
use crate::execute::{self, Call};
use crate::field::{SeenSide, SideName};
use crate::guard;
use crate::intent;
use crate::link::{self, Link};
use crate::notice::Reachable;
use crate::observe::{self, Ask, Lookups};
use crate::plan::{Intent, LinkState, Plan, Policy, Remembered, Rule};
use crate::prepare;
use crate::reconcile::{Input, reconcile};
use crate::refusal::{self, Refusal};
use crate::settle;

/// One key on its way through a round.
pub(crate) struct Work {
    pub(crate) claimed: Claimed,
    pub(crate) link: Link,
    pub(crate) intents: Vec<Intent>,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) waiting: Vec<Carried>,
    pub(crate) crm: Option<Found<CrmTask>>,
    pub(crate) projects: Option<Found<ProjectsTask>>,
    pub(crate) seen: Option<(SeenSide, SeenSide)>,
    pub(crate) notes: Vec<Note>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) plan: Plan,
    /// Intents of this round, in the order of the plan's writes.
    pub(crate) made: Vec<Intent>,
    pub(crate) results: Vec<execute::Result>,
    pub(crate) end: End,
    /// Whether prepare has settled it already.
    pub(crate) is_settled: bool,
}

/// How the work on a link ends, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing is left to do.
    Done,
    /// The records have moved; look again at once.
    Again,
    /// Something failed; try again later.
    Later(Wait),
    /// The answer to a write is not known, or something failed for an unknown reason.
    Unclear(String),
}

impl Work {
    /// Loads what is stored about a claimed key. Keys of links that are gone, unlinked or paused have no work.
    pub(crate) fn load(
        tx: &mut Tx<'_>,
        connection: &Connection,
        claimed: Claimed,
        now: Moment,
    ) -> Result<Option<Self>, BridgeError> {
        let link = match DirtyKey::parse(&claimed.key) {
            Some(DirtyKey::Link(id)) => link::by_id(tx, &connection.id, &id)?,
            Some(DirtyKey::Project(project)) => {
                fan_out(tx, connection, &claimed, &project, now)?;
                None
            }
            None => None,
        };
        let is_live = |link: &Link| !matches!(link.state, LinkState::Unlinked | LinkState::Paused);
        let Some(link) = link.filter(is_live) else {
            tx.finish(&claimed)?;
            return Ok(None);
        };
        Ok(Some(Self {
            intents: intent::of_link(tx, &connection.id, &link.id)?,
            refusals: refusal::live_of_link(tx, &connection.id, &link.id)?,
            waiting: comment::waiting(tx, &connection.id, &link.id)?,
            claimed,
            link,
            crm: None,
            projects: None,
            seen: None,
            notes: Vec::new(),
            comments: Vec::new(),
            plan: Plan::default(),
            made: Vec::new(),
            results: Vec::new(),
            end: End::Done,
            is_settled: false,
        }))
    }

    /// Both records, if both are there.
    pub(crate) fn both(&self) -> Option<(&CrmTask, &ProjectsTask)> {
        let crm = self.crm.as_ref().and_then(Found::here)?;
        let projects = self.projects.as_ref().and_then(Found::here)?;
        Some((crm, projects))
    }

    pub(crate) fn cause(&self) -> Cause {
        Cause::parse(&self.claimed.payload)
    }

    fn is_missing(&self) -> bool {
        matches!(self.crm, Some(Found::Unknown(_))) || matches!(self.projects, Some(Found::Unknown(_)))
    }
}

enum Phase {
    ReadCrm,
    ReadProjects,
    Ask(VecDeque<Ask>),
    Prepare,
    Execute(VecDeque<Call>),
    Settle,
    Done,
}

/// One claim on its way through the engine.
pub struct Round {
    core: Arc<Core>,
    connection: Connection,
    work: Vec<Work>,
    lookups: Lookups,
    phase: Phase,
    lease_until: Moment,
    people: Reachable,
}

impl Round {
    pub(crate) fn new(core: Arc<Core>, connection: Connection, work: Vec<Work>, lease_until: Moment) -> Self {
        Self {
            core,
            connection,
            work,
            lookups: Lookups::default(),
            phase: Phase::ReadCrm,
            lease_until,
            people: Reachable::default(),
        }
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        matches!(self.phase, Phase::Done)
    }

    /// Does the next thing of the round: at most one port call or one transaction.
    ///
    /// Errors: the database failed. The leases run out and the keys come back.
    pub fn advance(&mut self, now: Moment) -> Result<Step, BridgeError> {
        if let Some(step) = self.keep_lease(now)? {
            return Ok(step);
        }
        match std::mem::replace(&mut self.phase, Phase::Done) {
            Phase::ReadCrm => {
                let read = observe::read_crm(&self.core.parts, &mut self.work, &mut self.lookups, now);
                self.go_on(read, Phase::ReadProjects);
                Ok(Step::Observed { side: SideName::Crm })
            }
            Phase::ReadProjects => {
                let read = observe::read_projects(&self.core.parts, &mut self.work, &mut self.lookups, now);
                let asks = observe::questions(&self.work);
                self.go_on(read, if asks.is_empty() { Phase::Prepare } else { Phase::Ask(asks) });
                Ok(Step::Observed { side: SideName::Projects })
            }
            Phase::Ask(mut asks) => {
                let Some(ask) = asks.pop_front() else { return self.prepare(now) };
                let asked = observe::ask(&self.core.parts, &ask, &mut self.work, &mut self.lookups);
                self.go_on(asked, if asks.is_empty() { Phase::Prepare } else { Phase::Ask(asks) });
                Ok(Step::Asked { side: ask.side() })
            }
            Phase::Prepare => self.prepare(now),
            Phase::Execute(mut calls) => {
                let Some(call) = calls.pop_front() else { return self.settle(now) };
                let sender = execute::Sender { core: &self.core, connection: &self.connection, lookups: &self.lookups };
                let writes = execute::execute(sender, &call, &mut self.work);
                for again in execute::second_tries(&self.connection, &call, &mut self.work).into_iter().rev() {
                    calls.push_front(again);
                }
                self.phase = if calls.is_empty() { Phase::Settle } else { Phase::Execute(calls) };
                Ok(Step::Executed { side: call.side, writes })
            }
            Phase::Settle => self.settle(now),
            Phase::Done => Ok(Step::Settled { links: 0 }),
        }
    }

    /// A side that cannot be asked puts the whole round off; nothing is known and nothing was written.
    fn go_on(&mut self, answer: Result<(), SideError>, next: Phase) {
        match answer {
            Ok(()) => self.phase = next,
            Err(error) => {
                tracing::warn!(keys = self.work.len(), "a side cannot be asked: {error}");
                for work in &mut self.work {
                    work.end = match &error {
                        SideError::Failed(message) => End::Unclear(message.clone()),
                        SideError::Unreachable(_) | SideError::RateLimited { .. } | SideError::AuthExpired => {
                            End::Later(error.wait())
                        }
                    };
                }
                self.phase = Phase::Settle;
            }
        }
    }

    fn keep_lease(&mut self, now: Moment) -> Result<Option<Step>, BridgeError> {
        if self.core.options.has(Bug::FenceNotChecked) {
            return Ok(None);
        }
        if now >= self.lease_until {
            self.phase = Phase::Done;
            return Ok(Some(Step::LeaseLost));
        }
        let lease_ms = self.core.options.lease_ms;
        if now.plus_ms(lease_ms / 2) < self.lease_until {
            return Ok(None);
        }
        let kept = self.core.parts.db.write(|tx| {
            self.work
                .iter()
                .map(|work| Ok(tx.renew(&work.claimed, now.ms(), lease_ms)?))
                .collect::<Result<Vec<_>, BridgeError>>()
        })?;
        let mut kept = kept.into_iter();
        // Work whose lease went to somebody else is no longer ours; calls refer to work by place, so it stays, settled.
        for work in &mut self.work {
            if !kept.next().unwrap_or(false) {
                work.is_settled = true;
            }
        }
        self.lease_until = now.plus_ms(lease_ms);
        Ok(Some(Step::Renewed))
    }

    /// Decides about every link, stores what will be overwritten and what will be written, settles what needs no write.
    fn prepare(&mut self, now: Moment) -> Result<Step, BridgeError> {
        self.watch_for_mass_loss();
        for index in 0..self.work.len() {
            self.decide(index, now);
        }
        self.people.look_up(&self.core.parts, &self.connection, &self.work);
        let ids = self.core.parts.ids.clone();
        let scene = prepare::Scene { core: &self.core, connection: &self.connection, lookups: &self.lookups, now };
        for work in &mut self.work {
            work.made = prepare::intents(work, &scene, ids.as_ref());
        }
        let (work, people) = (&self.work, &self.people);
        let prepared = self.core.parts.db.write(|tx| prepare::store(tx, work, people, &scene))?;
        for (work, prepared) in self.work.iter_mut().zip(prepared) {
            work.is_settled |= prepared.is_settled;
            for intent in work.intents.iter_mut().filter(|intent| prepared.told.contains(&intent.id)) {
                intent.story.is_told = true;
            }
            work.waiting = prepared.comments;
        }
        let calls = execute::calls(&self.connection, &self.work, &self.lookups);
        let writing = self.work.iter().filter(|work| !work.is_settled).count();
        self.phase = match (writing, calls.is_empty()) {
            (0, _) => Phase::Done,
            (_, true) => Phase::Settle,
            (_, false) => Phase::Execute(calls),
        };
        Ok(Step::Prepared { writing })
    }

    /// One link that the rules cannot cope with must not stop the others.
    fn decide(&mut self, index: usize, now: Moment) {
        let core = &self.core;
        let Some(work) = self.work.get_mut(index) else { return };
        if work.is_settled {
            return;
        }
        let policy = policy(core, now);
        let lookups = &self.lookups;
        let decided = catch_unwind(AssertUnwindSafe(|| plan(core, lookups, work, &policy)));
        match decided {
            Ok(plan) => work.plan = plan.unwrap_or_default(),
            Err(_) => {
                tracing::error!(link.id = %work.link.id, "a link cannot be decided about");
                work.link.state = LinkState::OutOfStep;
                work.link.reason = Some(Reason::InternalError);
                work.seen = None;
            }
        }
        if work.is_missing() && !core.options.has(Bug::MissingIsDeleted) {
            work.end = End::Later(Wait::Unreachable);
        }
    }

    fn watch_for_mass_loss(&mut self) {
        let missing = self.work.iter().filter(|work| work.is_missing()).count();
        if guard::is_plausible(missing, self.work.len()) {
            return;
        }
        tracing::warn!(missing, "a side reports many known records missing and counts as unreachable");
        for work in &mut self.work {
            work.end = End::Later(Wait::Unreachable);
            work.seen = None;
        }
    }

    fn settle(&mut self, now: Moment) -> Result<Step, BridgeError> {
        self.people.look_up(&self.core.parts, &self.connection, &self.work);
        let scene = prepare::Scene { core: &self.core, connection: &self.connection, lookups: &self.lookups, now };
        let (work, people) = (&self.work, &self.people);
        let links = self.core.parts.db.write(|tx| {
            let mut links = 0;
            for work in work.iter().filter(|work| !work.is_settled) {
                settle::settle(tx, work, people, &scene)?;
                links += 1;
            }
            Ok::<_, BridgeError>(links)
        })?;
        self.phase = Phase::Done;
        Ok(Step::Settled { links })
    }
}

fn policy(core: &Core, now: Moment) -> Policy {
    let parts = &core.parts;
    Policy {
        rule: Rule::Latest,
        writes_conditionally: [
            parts.crm.capabilities().writes_conditionally,
            parts.projects.capabilities().writes_conditionally,
        ],
        stamps_fields: [parts.crm.capabilities().stamps_fields, parts.projects.capabilities().stamps_fields],
        settling_ms: core.options.settling_ms,
        ..Policy::standard(now)
    }
}

fn plan(core: &Core, lookups: &Lookups, work: &Work, policy: &Policy) -> Option<Plan> {
    let (crm, projects) = work.seen.as_ref()?;
    let (_, task) = work.both()?;
    let facts = lookups.facts(&core.parts, task, work.seen.as_ref()?);
    let refusals: Vec<Remembered> = if core.options.has(Bug::RefusalForgotten) {
        Vec::new()
    } else {
        work.refusals.iter().filter_map(Refusal::remembered).collect()
    };
    let intents: &[Intent] = if core.options.has(Bug::EchoTakenForEdit) { &[] } else { &work.intents };
    Some(reconcile(&Input {
        agreed: &work.link.agreed,
        crm,
        projects,
        intents,
        refusals: &refusals,
        facts: &facts,
        policy,
        cause: work.cause().code(),
    }))
}

/// The held links of a project are marked, page by page: its new facts may let their values through (REF-6).
fn fan_out(
    tx: &mut Tx<'_>,
    connection: &Connection,
    claimed: &Claimed,
    project: &ProjectId,
    now: Moment,
) -> Result<(), BridgeError> {
    let mut after = String::new();
    while !dirty::fan_out(tx, claimed, &connection.id, project, &mut after, now)? {}
    Ok(())
}
