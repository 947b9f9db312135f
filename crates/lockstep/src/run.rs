//! The closed list of loops, each a thread that works until nothing is due and then waits for a commit or 2 seconds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use bridge::Step;
use bridge::field::SideName;
use mail::Delivery;
use ports::{Clock, Moment};
use store::{Cursor, Db, StoreError};
use web::{Changed, Hub};

use crate::metrics::Metrics;
use crate::wake::Wake;
use crate::wiring::Rooms;

/// A lost wake-up costs no more than this.
const POLL: Duration = Duration::from_secs(2);
/// After a failure.
const PAUSE: Duration = Duration::from_secs(1);
const CLEAN_EVERY_MS: i64 = 60 * 60 * 1_000;
const CHANGES_MAX: i64 = 500;
/// Entries of a feed are kept so long at least.
const FEED_KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// The feeds that open pages hear of.
const FEEDS: [&str; 3] = [crm::FEED, projects::FEED, bridge::feed::FEED];

/// The running loops.
pub struct Loops {
    wake: Arc<Wake>,
    threads: Vec<JoinHandle<()>>,
}

/// What the loops work with.
pub struct LoopParts {
    /// The services.
    pub rooms: Rooms,
    /// Where letters go.
    pub delivery: Arc<dyn Delivery>,
    /// Address in the links of letters.
    pub public_url: String,
    /// The open pages.
    pub hub: Hub,
    /// Counters.
    pub metrics: Metrics,
}

/// What a loop found to do.
enum Found {
    /// Something; it looks again at once.
    Work,
    /// Nothing before that instant.
    Nothing(Option<Moment>),
    /// It could not look; logged already.
    Failure,
}

impl Loops {
    /// Starts them all.
    pub fn start(parts: LoopParts) -> std::io::Result<Self> {
        let wake = Arc::new(Wake::default());
        let waker = wake.clone();
        parts.rooms.db.on_commit(Arc::new(move |_| waker.tell()));
        let clock = parts.rooms.sources.clock.clone();
        let mut loops = Self { wake, threads: Vec::new() };
        let mut engine = parts.rooms.engine("engine-1");
        let metrics = parts.metrics.clone();
        loops.spawn("engine", clock.clone(), move |now| match engine.step(now) {
            Ok(Step::Idle { next }) => Found::Nothing(Some(next)),
            Ok(step) => {
                metrics.engine_step(&step);
                Found::Work
            }
            Err(error) => failed("engine", &error),
        })?;
        let bridge = parts.rooms.bridge.clone();
        loops.spawn("operations", clock.clone(), move |_| match bridge.advance_operations() {
            Ok(true) => Found::Work,
            Ok(false) => Found::Nothing(None),
            Err(error) => failed("operations", &error),
        })?;
        let LoopParts { rooms, delivery, public_url, hub, metrics } = parts;
        let (mail, directory) = (rooms.mail.clone(), rooms.directory.clone());
        loops.spawn("mail", clock.clone(), move |now| {
            match mail.deliver_due(now, delivery.as_ref(), directory.as_ref(), &public_url) {
                Ok(mail::Step::Idle) => Found::Nothing(None),
                Ok(mail::Step::Worked(..)) => {
                    metrics.letter();
                    Found::Work
                }
                Err(error) => failed("mail", &error),
            }
        })?;
        let mut ears = Ears::new(rooms.db.clone());
        loops.spawn("live", clock.clone(), move |_| match ears.listen(&hub) {
            Ok(true) => Found::Work,
            Ok(false) => Found::Nothing(None),
            Err(error) => failed("live", &error),
        })?;
        let mut next = Moment::from_ms(0);
        loops.spawn("clean", clock, move |now| {
            if now >= next {
                if let Err(error) = clean(&rooms, now) {
                    return failed("clean", &error);
                }
                next = now.plus_ms(CLEAN_EVERY_MS);
            }
            Found::Nothing(Some(next))
        })?;
        Ok(loops)
    }

    /// Lets each loop finish its step, and waits for it.
    pub fn stop(self) {
        self.wake.stop();
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a loop ended by a panic");
            }
        }
    }

    fn spawn(
        &mut self,
        name: &'static str,
        clock: Arc<dyn Clock>,
        mut look: impl FnMut(Moment) -> Found + Send + 'static,
    ) -> std::io::Result<()> {
        let wake = self.wake.clone();
        let body = move || {
            while !wake.is_stopping() {
                let seen = wake.seen();
                let now = clock.now();
                let found = catch_unwind(AssertUnwindSafe(|| look(now))).unwrap_or_else(|_| {
                    tracing::error!("the loop {name} panicked and goes on");
                    Found::Failure
                });
                match found {
                    Found::Work => {}
                    Found::Nothing(next) => wake.wait(seen, until(now, next)),
                    Found::Failure => wake.wait(wake.seen(), PAUSE),
                }
            }
        };
        self.threads.push(std::thread::Builder::new().name(name.to_owned()).spawn(body)?);
        Ok(())
    }
}

fn until(now: Moment, next: Option<Moment>) -> Duration {
    let wanted = next.map(|next| u64::try_from(next.ms() - now.ms()).unwrap_or(0));
    wanted.map_or(POLL, |ms| POLL.min(Duration::from_millis(ms.max(1))))
}

fn failed(name: &str, error: &dyn std::fmt::Display) -> Found {
    tracing::error!("{name}: {error}; it is tried again");
    Found::Failure
}

/// Sessions, tries and old feed entries that nobody needs any more.
fn clean(rooms: &Rooms, now: Moment) -> Result<(), Box<dyn std::error::Error>> {
    rooms.identity.forget_ended_sessions(now)?;
    rooms.identity.forget_tries(now)?;
    let cursors = rooms.db.read(|read| feed_cursors(rooms, read))?;
    rooms.db.write_relaxed(|tx| {
        for (feed, cursor) in &cursors {
            tx.prune_feed(feed, cursor, now.ms(), FEED_KEPT_MS)?;
        }
        Ok::<_, StoreError>(())
    })?;
    Ok(())
}

/// How far each feed has been read by the bridge; the bridge's own feed is for pages only.
fn feed_cursors(rooms: &Rooms, read: &mut store::Read<'_>) -> Result<Vec<(&'static str, Cursor)>, bridge::BridgeError> {
    let Some(connection) = bridge::connection::of_tenant(read, &rooms.tenant)? else { return Ok(Vec::new()) };
    let mut cursors = vec![(bridge::feed::FEED, read.feed_end(bridge::feed::FEED)?)];
    for (feed, side) in [(crm::FEED, SideName::Crm), (projects::FEED, SideName::Projects)] {
        if let Some(cursor) = bridge::dirty::cursor(read, &connection.id, side)? {
            cursors.push((feed, Cursor::from_text(cursor.0)));
        }
    }
    Ok(cursors)
}

/// Reads the feeds for the open pages.
struct Ears {
    db: Db,
    cursors: Vec<(&'static str, Option<Cursor>)>,
}

impl Ears {
    fn new(db: Db) -> Self {
        Self { db, cursors: FEEDS.iter().map(|feed| (*feed, None)).collect() }
    }

    /// Tells the pages what is new; answers whether there was anything.
    fn listen(&mut self, hub: &Hub) -> Result<bool, StoreError> {
        let mut is_any = false;
        for (feed, cursor) in &mut self.cursors {
            let Some(place) = cursor else {
                *cursor = Some(self.db.read(|read| read.feed_end(feed))?);
                continue;
            };
            let changes = self.db.read(|read| read.changes(feed, place, CHANGES_MAX))?;
            is_any |= !changes.entries.is_empty();
            *cursor = Some(changes.cursor);
            let told = changes.entries.into_iter().map(|entry| Changed {
                kind: entry.kind,
                id: entry.record,
                version: entry.version,
                audience: if entry.audience.is_empty() { entry.tenant } else { entry.audience },
            });
            hub.publish(told.collect());
        }
        Ok(is_any)
    }
}
