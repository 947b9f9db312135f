//! One run: two sides, a database, workers, and what a seed does to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bridge::bug::Bug;
use bridge::connection::{self, Connection, ConnectionState, Settings};
use bridge::field::{Field, SideName};
use bridge::link::{self, Link, NewLink};
use bridge::plan::LinkState;
use bridge::{BridgeError, Engine, EngineOptions, EngineParts, Step};
use ports::{Clock, ConnectionId, HistoryId, Ids, LinkId, Moment, NumberedIds, OrganisationId, PortalId, Tenant};
use store::Db;

use super::random::Random;
use super::workload::{People, Swarm, move_dates, trouble};
use super::{Report, Violation};
use crate::memory::{Sides, email};

/// Steps of one worker until it must be idle.
const STEPS_MAX: usize = 3_000;
/// One round of rest; many of them outlast every pause between tries.
const REST_MS: i64 = 20_000;
const REST_ROUNDS: usize = 60;
/// So many rounds without work are rest: longer than the settling time.
const IDLE_ROUNDS: usize = 5;

/// A worker and its name.
struct Worker {
    engine: Engine,
    lives: usize,
}

/// A run.
pub struct Run {
    /// The seed.
    pub seed: u64,
    /// The sides.
    pub sides: Sides,
    /// The bridge's database.
    pub db: Db,
    /// The connection.
    pub connection: Connection,
    /// The trouble of this run.
    pub swarm: Swarm,
    /// The links, in the order of the pairs.
    pub links: Vec<LinkId>,
    /// What did not hold so far.
    pub violations: Vec<Violation>,
    /// Edits that only put back what both sides had agreed on: they may leave no trace (A2.7).
    pub undone: BTreeSet<usize>,
    /// How long the log was when a link was first seen to be broken, by pair.
    pub broken_at: BTreeMap<usize, usize>,
    /// Answers that were lost or late, and crashes: each may cost a further write.
    pub unknown: usize,
    random: Random,
    people: People,
    ids: Arc<dyn Ids>,
    bug: Option<Bug>,
    workers: Vec<Worker>,
    steps: usize,
    fingerprint: u64,
    is_traced: bool,
    trace: Vec<String>,
}

impl Run {
    /// The beginning: pairs linked, everything in step.
    pub fn new(seed: u64, bug: Option<Bug>, is_traced: bool) -> Self {
        let mut random = Random::new(seed);
        let swarm = Swarm::of(&mut random);
        let now = Moment::parse("2026-03-10T09:00:00Z").unwrap();
        let sides = Sides::new(now);
        let ids: Arc<dyn Ids> = Arc::new(NumberedIds::new(Arc::new(sides.clone()), 1));
        let db = Db::open_memory().unwrap();
        db.migrate(&[bridge::MIGRATIONS, mail::MIGRATIONS], now.ms()).unwrap();
        let connection = Connection {
            id: ConnectionId::new(ids.next()),
            tenant: Tenant { organisation: OrganisationId::new("org"), portal: PortalId::new("portal") },
            organisation_name: "Zylker".to_owned(),
            portal_name: "Zylker".to_owned(),
            state: ConnectionState::Running,
            user: email("bridge"),
            settings: Settings::default(),
            version: 1,
            created_at: now,
            created_by: None,
        };
        db.write(|tx| connection::insert(tx, &connection)).unwrap();
        let mut run = Self {
            seed,
            sides,
            db,
            connection,
            swarm,
            links: Vec::new(),
            violations: Vec::new(),
            undone: BTreeSet::new(),
            broken_at: BTreeMap::new(),
            unknown: 0,
            random,
            people: People::new(),
            ids,
            bug,
            workers: Vec::new(),
            steps: 0,
            fingerprint: 0xCBF2_9CE4_8422_2325,
            is_traced,
            trace: Vec::new(),
        };
        run.say(format!("{:?}", run.swarm));
        run.begin();
        run
    }

    fn begin(&mut self) {
        for pair in 0..self.swarm.pairs {
            let parent = (pair > 0 && self.random.chance(40)).then(|| self.random.below(pair));
            self.sides.state().add_pair(parent);
        }
        for _ in 0..self.swarm.workers {
            let worker = self.hire(self.workers.len(), 0);
            self.workers.push(worker);
        }
        self.step_all();
        for pair in 0..self.swarm.pairs {
            let id = self.link(pair);
            self.links.push(id);
        }
        self.step_all();
        self.pass(60_000);
        self.step_all();
    }

    fn link(&mut self, pair: usize) -> LinkId {
        let (crm, projects) = {
            let state = self.sides.state();
            (state.crm_tasks[pair].task.clone(), state.tasks[pair].task.clone())
        };
        let new = NewLink {
            id: LinkId::new(self.ids.next()),
            entry_id: HistoryId::new(self.ids.next()),
            connection: self.connection.id.clone(),
            crm: &crm,
            projects: &projects,
            agreed: SideName::Projects,
            project_name: "Data Migration",
            project_key: "DM",
            copies_comments: false,
            by: email("u4"),
            at: self.sides.now(),
        };
        self.db.write(|tx| link::create(tx, &new)).unwrap()
    }

    fn hire(&self, place: usize, lives: usize) -> Worker {
        let parts = EngineParts {
            db: self.db.clone(),
            ids: self.ids.clone(),
            crm: Arc::new(self.sides.clone()),
            projects: Arc::new(self.sides.clone()),
            directory: Arc::new(self.sides.clone()),
        };
        let mut options = EngineOptions::standard(&format!("worker {place}.{lives}"));
        options.bug = self.bug;
        // The comparison comes when the run asks for it: lost hints must be its only cause.
        options.compare_every_ms = i64::MAX / 4;
        Worker { engine: Engine::new(parts, options), lives }
    }

    /// Edits, faults, crashes and steps in any order.
    pub fn chaos(&mut self) {
        for _ in 0..self.swarm.actions {
            match self.random.below(20) {
                0..=3 => {
                    let before = self.sides.state().log.len();
                    let said = self.people.edit(&mut self.random, &self.sides, &self.swarm);
                    self.say(said);
                    self.note_undone(before);
                }
                4 if self.swarm.comments => {
                    let said = self.people.comment(&mut self.random, &self.sides, &self.swarm);
                    self.say(said);
                }
                5 | 6 => {
                    let said = trouble(&mut self.random, &self.sides, &self.swarm);
                    self.unknown += usize::from(said.contains("Lose") || said.contains("Late"));
                    self.say(said);
                }
                7 if self.swarm.crashes && self.random.chance(50) => self.crash(),
                8 if self.swarm.moves_dates => {
                    let said = move_dates(&mut self.random, &self.sides);
                    self.say(said);
                }
                9 | 10 => {
                    let is_long = self.swarm.crashes && self.random.chance(20);
                    let ms = if is_long { self.random.ms(8_001, 40_000) } else { self.random.ms(1, 1_500) };
                    self.pass(ms);
                }
                _ => {
                    let worker = self.random.below(self.workers.len());
                    for _ in 0..=self.random.below(6) {
                        self.step(worker);
                        if self.swarm.crashes && self.random.chance(2) {
                            self.crash();
                        }
                    }
                }
            }
            self.sides.deliver_late();
        }
    }

    /// Notes which of the new values are those that are agreed on at this moment.
    fn note_undone(&mut self, before: usize) {
        let links = self.all_links();
        let state = self.sides.state();
        let new = state.log.iter().skip(before);
        let back =
            new.filter(|held| links.get(held.index).is_some_and(|link| *link.agreed.get(held.field) == held.value));
        self.undone.extend(back.map(|held| held.number));
    }

    /// A worker dies between two steps and comes back with nothing but the database.
    fn crash(&mut self) {
        let worker = self.random.below(self.workers.len());
        let lives = self.workers[worker].lives + 1;
        self.workers[worker] = self.hire(worker, lives);
        self.unknown += 1;
        self.say(format!("worker {worker} dies and comes back"));
    }

    /// Nothing goes wrong any more.
    pub fn heal(&mut self) {
        let mut state = self.sides.state();
        for side in SideName::BOTH {
            let side = state.side_mut(side);
            side.faults.clear();
            side.is_away = false;
        }
        for shelf in &mut state.crm_tasks {
            shelf.is_hidden = false;
        }
        drop(state);
        if self.swarm.hides {
            // Who sees a record again is told by a change of it.
            let told: Vec<_> = {
                let state = self.sides.state();
                state
                    .crm_tasks
                    .iter()
                    .map(|shelf| crate::memory::hint(shelf.task.id.as_str(), &shelf.task.version))
                    .collect()
            };
            self.sides.state().crm.feed.extend(told);
        }
        self.say("everything heals".to_owned());
    }

    /// Time passes until nobody has anything to do; lost hints are found by the comparison.
    pub fn rest(&mut self) {
        self.wait_for_rest();
        if self.swarm.loses_hints {
            self.say("the comparison runs".to_owned());
            self.workers[0].engine.compare_soon();
            self.wait_for_rest();
        }
    }

    /// Answers how many rounds had work.
    pub fn wait_for_rest(&mut self) -> usize {
        let (mut idle, mut busy) = (0, 0);
        for _ in 0..REST_ROUNDS {
            self.pass(REST_MS);
            self.sides.deliver_late();
            if self.step_all() {
                idle = 0;
                busy += 1;
            } else {
                idle += 1;
            }
            if idle >= IDLE_ROUNDS && self.sides.state().underway.is_empty() && self.is_queue_empty() {
                break;
            }
        }
        busy
    }

    /// Whether nothing waits for another try; the pauses between tries grow to five minutes.
    fn is_queue_empty(&self) -> bool {
        let now = self.sides.now().ms();
        let depth = self.db.read(|read| read.queue_depth(bridge::dirty::QUEUE, None, now)).unwrap();
        depth.waiting == 0 && depth.leased == 0
    }

    /// All workers die and come back, and everything is compared.
    pub fn restart_and_compare(&mut self) {
        for place in 0..self.workers.len() {
            let lives = self.workers[place].lives + 1;
            self.workers[place] = self.hire(place, lives);
        }
        self.workers[0].engine.compare_soon();
        self.wait_for_rest();
    }

    /// Steps all workers until they are idle; answers whether one of them did more than look.
    fn step_all(&mut self) -> bool {
        let mut is_busy = false;
        for worker in 0..self.workers.len() {
            for count in 0.. {
                match self.step(worker) {
                    Some(Step::Idle { .. }) => break,
                    Some(
                        Step::Pulled { changes: 0, .. } | Step::Marked { keys: 0, .. } | Step::Claimed { keys: 0 },
                    )
                    | None => {}
                    Some(_) => is_busy = true,
                }
                if count > STEPS_MAX {
                    self.violate("I-1", format!("worker {worker} does not come to rest"));
                    break;
                }
            }
        }
        is_busy
    }

    /// One step of a worker; nothing if a side could not be asked.
    fn step(&mut self, worker: usize) -> Option<Step> {
        self.steps += 1;
        let now = self.sides.now();
        match self.workers[worker].engine.step(now) {
            Ok(step) => {
                if !matches!(step, Step::Idle { .. }) {
                    self.say(format!("worker {worker}: {step:?}"));
                }
                if matches!(step, Step::Prepared { .. } | Step::Settled { .. }) {
                    let links = self.all_links();
                    self.check_broken(&links);
                    self.check_base(&links);
                }
                Some(step)
            }
            Err(BridgeError::Side(error)) => {
                self.say(format!("worker {worker}: {error}"));
                None
            }
            Err(error) => {
                self.violate("error", format!("worker {worker}: {error}"));
                None
            }
        }
    }

    /// LIFE-3: no link breaks because its record cannot be seen for a while.
    fn check_broken(&mut self, links: &[Link]) {
        for (index, link) in links.iter().enumerate().filter(|(_, link)| link.state == LinkState::Broken) {
            if self.is_parted(index) {
                let length = self.sides.state().log.len();
                self.broken_at.entry(index).or_insert(length);
            } else {
                let gone = link.seen.gone.as_deref().unwrap_or_default();
                self.violate("LIFE-3", format!("pair {index} is broken, and nobody has deleted it in {gone}"));
            }
        }
    }

    /// I-11: an agreed value was on both sides at some time.
    fn check_base(&mut self, links: &[Link]) {
        let mut wrong = Vec::new();
        for (index, link) in links.iter().enumerate() {
            let state = self.sides.state();
            for field in Field::ALL.into_iter().filter(|field| *field != Field::Owner) {
                let agreed = link.agreed.get(field);
                for side in SideName::BOTH {
                    let was = |held: &&crate::memory::Held| {
                        held.side == side && held.index == index && held.field == field && held.value == *agreed
                    };
                    if !state.log.iter().any(|held| was(&held)) {
                        wrong.push(format!(
                            "pair {index}: {} agreed on {agreed:?}, which was never on {}",
                            field.code(),
                            side.code()
                        ));
                    }
                }
            }
        }
        for what in wrong {
            self.violate("I-11", what);
        }
    }

    /// Whether a record of a pair was deleted.
    pub fn is_parted(&self, index: usize) -> bool {
        let state = self.sides.state();
        SideName::BOTH.into_iter().any(|side| state.is_deleted(side, index))
    }

    /// The links in the order of the pairs.
    pub fn all_links(&self) -> Vec<Link> {
        let connection = &self.connection.id;
        let read = self.db.read(|read| {
            self.links.iter().map(|id| link::by_id(read, connection, id)).collect::<Result<Vec<_>, BridgeError>>()
        });
        read.unwrap().into_iter().flatten().collect()
    }

    fn pass(&mut self, ms: i64) {
        self.sides.state().now += ms;
        self.say(format!("{ms} ms pass"));
    }

    /// Something does not hold; told once.
    pub fn violate(&mut self, invariant: &'static str, what: String) {
        let violation = Violation { invariant, what };
        if !self.violations.contains(&violation) {
            self.say(format!("VIOLATION {invariant}: {}", violation.what));
            self.violations.push(violation);
        }
    }

    fn say(&mut self, line: String) {
        if line.is_empty() {
            return;
        }
        for byte in line.bytes() {
            self.fingerprint = (self.fingerprint ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
        if self.is_traced {
            self.trace.push(line);
        }
    }

    /// What the run showed.
    pub fn report(self) -> Report {
        let Self { seed, violations, steps, fingerprint, trace, .. } = self;
        Report { seed, violations, steps, fingerprint, trace }
    }
}
