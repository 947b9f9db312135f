//! The engine: reads what the sides say, works dirty keys off in rounds, compares now and then.
//!
//! It moves only when [`Engine::step`] is called, by at most one port call or one transaction, so that a simulator can
//! let a crash, an edit or another worker come between any two steps.

use std::sync::Arc;

use ports::{Changes, CrmSide, Directory, Ids, Moment, ProjectsSide};
use store::{Claim, Db};

use crate::bug::Bug;
use crate::connection::{self, Connection, ConnectionState};
use crate::dirty::{self, Health};
use crate::error::BridgeError;
use crate::field::SideName;
use crate::round::{Round, Work};
use crate::sweep::Sweep;

/// What the engine is put together from.
#[derive(Clone)]
pub struct EngineParts {
    /// The database.
    pub db: Db,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// The CRM side.
    pub crm: Arc<dyn CrmSide>,
    /// The Projects side.
    pub projects: Arc<dyn ProjectsSide>,
    /// Looks people up.
    pub directory: Arc<dyn Directory>,
}

/// How the engine works.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// Name of this worker, different for each.
    pub owner: String,
    /// Keys of one round, at most 100.
    pub keys_per_round: i64,
    /// How long keys are lent: long enough for slow calls, short enough that a dead worker is soon replaced.
    pub lease_ms: i64,
    /// Until when a write whose answer was lost may still take effect (A4.3).
    pub settling_ms: i64,
    /// How often the feeds are read without a wake-up.
    pub poll_ms: i64,
    /// How often all links are compared.
    pub compare_every_ms: i64,
    /// After how long a try that fails for an unknown reason is given up (CON-10).
    pub give_up_ms: i64,
    /// The mistake that is switched on; only with the feature `seeded-bugs`.
    pub bug: Option<Bug>,
}

impl EngineOptions {
    /// The documented numbers.
    pub fn standard(owner: &str) -> Self {
        Self {
            owner: owner.to_owned(),
            keys_per_round: 100,
            lease_ms: 8_000,
            settling_ms: 30_000,
            poll_ms: 2_000,
            compare_every_ms: 60 * 60 * 1_000,
            give_up_ms: 24 * 60 * 60 * 1_000,
            bug: None,
        }
    }

    /// Whether this mistake is switched on.
    pub(crate) fn has(&self, bug: Bug) -> bool {
        cfg!(feature = "seeded-bugs") && self.bug == Some(bug)
    }
}

pub(crate) struct Core {
    pub(crate) parts: EngineParts,
    pub(crate) options: EngineOptions,
}

/// What one step did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The feed of a side was read.
    Pulled {
        /// Which side.
        side: SideName,
        /// How many hints it had.
        changes: usize,
    },
    /// What the hints are about was marked, with the cursor.
    Marked {
        /// Which side's.
        side: SideName,
        /// How many keys.
        keys: usize,
    },
    /// Keys were claimed.
    Claimed {
        /// How many.
        keys: usize,
    },
    /// Held links of a project were marked.
    FannedOut,
    /// A side was read.
    Observed {
        /// Which.
        side: SideName,
    },
    /// A side was asked for facts.
    Asked {
        /// Which.
        side: SideName,
    },
    /// Refusals, losers and intents were stored; links without writes were settled.
    Prepared {
        /// Links with writes.
        writing: usize,
    },
    /// Writes were sent.
    Executed {
        /// To which side.
        side: SideName,
        /// How many.
        writes: usize,
    },
    /// What came of the writes was stored.
    Settled {
        /// Links.
        links: usize,
    },
    /// The leases were renewed.
    Renewed,
    /// The leases were lost; the round was given up.
    LeaseLost,
    /// Part of the comparison was done.
    Compared,
    /// Nothing is due.
    Idle {
        /// When something may be.
        next: Moment,
    },
}

enum State {
    Pull(SideName),
    Mark(Pulled),
    Claim,
    Round(Box<Round>),
    Compare(Box<Sweep>),
}

/// Hints that were read and are to be marked.
struct Pulled {
    side: SideName,
    changes: Changes,
    /// Only with a seeded bug: the cursor has been moved already.
    is_cursor_moved: bool,
}

/// One worker of the engine. Several may work on one database.
pub struct Engine {
    core: Arc<Core>,
    state: State,
    next_comparison: Option<Moment>,
    /// Whether a feed has changes that it does not give yet, behind a transaction that is still open.
    is_held_back: bool,
}

impl Engine {
    /// A worker that has done nothing yet.
    pub fn new(parts: EngineParts, options: EngineOptions) -> Self {
        Self {
            core: Arc::new(Core { parts, options }),
            state: State::Pull(SideName::Crm),
            next_comparison: None,
            is_held_back: false,
        }
    }

    /// Does the next thing there is to do, by at most one port call or one transaction.
    ///
    /// Errors: the database failed, or a side could not be asked. The engine begins anew with the next call; nothing is lost.
    pub fn step(&mut self, now: Moment) -> Result<Step, BridgeError> {
        let state = std::mem::replace(&mut self.state, State::Pull(SideName::Crm));
        match state {
            State::Pull(side) => self.pull(side, now),
            State::Mark(pulled) => self.mark(pulled, now),
            State::Claim => self.claim(now),
            State::Round(round) => self.advance(round, now),
            State::Compare(sweep) => self.compare(sweep, now),
        }
    }

    /// Steps until nothing is due at `now`, at most `steps_max` steps. Answers how many were made.
    ///
    /// Errors: as [`Engine::step`]; `Failed` if that many steps do not suffice.
    pub fn run_until_quiet(&mut self, now: Moment, steps_max: usize) -> Result<usize, BridgeError> {
        for steps in 0..steps_max {
            if let Step::Idle { next } = self.step(now)?
                && next > now
            {
                return Ok(steps);
            }
        }
        Err(BridgeError::Failed(format!("not quiet after {steps_max} steps")))
    }

    /// Begins a comparison of all links with the next free step (SYNC-9).
    pub fn compare_soon(&mut self) {
        self.next_comparison = Some(Moment::from_ms(i64::MIN));
    }

    fn pull(&mut self, side: SideName, now: Moment) -> Result<Step, BridgeError> {
        let Some(connection) = self.connection()? else { return Ok(self.idle(now)) };
        let place = self.core.parts.db.read(|read| dirty::place(read, &connection.id, side))?;
        let parts = &self.core.parts;
        let changes = match side {
            SideName::Crm => parts.crm.changes(place.cursor.as_ref(), PULL_MAX),
            SideName::Projects => parts.projects.changes(place.cursor.as_ref(), PULL_MAX),
        };
        let health = changes.as_ref().err().map_or(Health::Ok, Health::after);
        if health != place.health {
            tracing::info!(side = side.code(), "a side is now {}, it was {}", health.code(), place.health.code());
            parts.db.write(|tx| dirty::set_health(tx, &connection.id, side, health, now))?;
        }
        // A side that cannot be asked does not stop the work on what is known already.
        let Ok(changes) = changes else {
            self.state = after_pull(side);
            return Ok(Step::Pulled { side, changes: 0 });
        };
        let count = changes.changes.len();
        self.is_held_back = changes.has_more || (side == SideName::Projects && self.is_held_back);
        self.state = if place.cursor.as_ref() == Some(&changes.cursor) {
            after_pull(side)
        } else {
            State::Mark(Pulled { side, changes, is_cursor_moved: false })
        };
        Ok(Step::Pulled { side, changes: count })
    }

    fn mark(&mut self, pulled: Pulled, now: Moment) -> Result<Step, BridgeError> {
        let Some(connection) = self.connection()? else { return Ok(self.idle(now)) };
        let Pulled { side, ref changes, is_cursor_moved } = pulled;
        let db = &self.core.parts.db;
        if self.core.options.has(Bug::CursorBeforeMarks) && !is_cursor_moved {
            let cursor_only = Changes { changes: Vec::new(), ..changes.clone() };
            db.write(|tx| dirty::take(tx, &connection.id, side, &cursor_only, now))?;
            self.state = State::Mark(Pulled { is_cursor_moved: true, ..pulled });
            return Ok(Step::Marked { side, keys: 0 });
        }
        let keys = db.write(|tx| dirty::take(tx, &connection.id, side, changes, now))?;
        self.state = if changes.has_more { State::Pull(side) } else { after_pull(side) };
        Ok(Step::Marked { side, keys })
    }

    fn claim(&mut self, now: Moment) -> Result<Step, BridgeError> {
        let Some(connection) = self.connection()? else { return Ok(self.idle(now)) };
        let options = &self.core.options;
        let claim = Claim {
            queue: dirty::QUEUE,
            lane: Some(connection.id.as_str()),
            owner: &options.owner,
            now: now.ms(),
            lease_ms: options.lease_ms,
            limit: options.keys_per_round,
        };
        let (keys, work) = self.core.parts.db.write(|tx| {
            let claimed = tx.claim(&claim)?;
            let keys = claimed.len();
            let mut work = Vec::new();
            for claimed in claimed {
                work.extend(Work::load(tx, &connection, claimed, now)?);
            }
            Ok::<_, BridgeError>((keys, work))
        })?;
        if keys > 0 && work.is_empty() {
            self.state = State::Claim;
            return Ok(Step::FannedOut);
        }
        if !work.is_empty() {
            let lease_until = now.plus_ms(options.lease_ms);
            self.state = State::Round(Box::new(Round::new(self.core.clone(), connection, work, lease_until)));
            return Ok(Step::Claimed { keys });
        }
        let due = *self.next_comparison.get_or_insert(now.plus_ms(options.compare_every_ms));
        if due <= now {
            self.next_comparison = Some(now.plus_ms(options.compare_every_ms));
            self.state = State::Compare(Box::new(Sweep::new(self.core.clone(), connection)));
            return Ok(Step::Compared);
        }
        let next = self.core.parts.db.read(|read| read.queue_next(dirty::QUEUE))?;
        let poll = now.plus_ms(if self.is_held_back { HELD_BACK_MS } else { options.poll_ms });
        // A key that another worker holds is due when its lease ends.
        let next = next.map_or(poll, |next| Moment::from_ms(next).min(poll));
        Ok(Step::Idle { next: next.min(due).max(now.plus_ms(1)) })
    }

    fn advance(&mut self, mut round: Box<Round>, now: Moment) -> Result<Step, BridgeError> {
        let step = round.advance(now)?;
        if !round.is_done() {
            self.state = State::Round(round);
        }
        Ok(step)
    }

    fn compare(&mut self, mut sweep: Box<Sweep>, now: Moment) -> Result<Step, BridgeError> {
        // Changes that are waiting go first, page by page.
        let is_done = sweep.advance(now)?;
        if !is_done {
            self.state = State::Compare(sweep);
        }
        Ok(Step::Compared)
    }

    fn idle(&mut self, now: Moment) -> Step {
        self.state = State::Pull(SideName::Crm);
        Step::Idle { next: now.plus_ms(self.core.options.poll_ms) }
    }

    /// The connection that runs; the sides of this engine belong to it.
    fn connection(&self) -> Result<Option<Connection>, BridgeError> {
        let all = self.core.parts.db.read(connection::all)?;
        Ok(all.into_iter().find(|connection| connection.state == ConnectionState::Running))
    }
}

fn after_pull(side: SideName) -> State {
    match side {
        SideName::Crm => State::Pull(SideName::Projects),
        SideName::Projects => State::Claim,
    }
}

/// How soon a feed is looked at again that holds changes back.
const HELD_BACK_MS: i64 = 20;

/// Hints read at once.
const PULL_MAX: usize = 500;
