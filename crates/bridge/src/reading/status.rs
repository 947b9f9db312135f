//! Is everything in step: what waits, what is being worked on, how the links and the sides stand.

use std::collections::BTreeMap;

use ports::{Acting, FeedCursor, Moment, ProjectId};
use store::{Cursor, Read, Sql};

use super::Sight;
use crate::connection::Connection;
use crate::dirty::{self, Health};
use crate::error::BridgeError;
use crate::field::SideName;
use crate::history::Outcome;
use crate::operation;
use crate::plan::LinkState;
use crate::service::Bridge;

/// How much waits and runs at one instant, as committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// Keys with a change to carry, unread entries of the feeds included.
    pub pending: i64,
    /// Keys and operations that are being worked on.
    pub in_flight: i64,
    /// Since when the oldest waits.
    pub oldest: Option<Moment>,
}

impl Work {
    /// Whether all that was committed before is settled. Refused and held values and mail do not disturb quiet.
    pub fn is_quiet(&self) -> bool {
        self.pending == 0 && self.in_flight == 0
    }
}

/// How a connection stands; links, refusals and comments as far as the person sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// What waits and runs, of the whole connection.
    pub work: Work,
    /// Links by state, unlinked ones left out.
    pub links: BTreeMap<LinkState, i64>,
    /// Refusals that are not settled, set back and held ones together.
    pub refused: i64,
    /// Values kept on one side.
    pub held: i64,
    /// Comments that wait to be carried over.
    pub comments_waiting: i64,
    /// How the CRM answers, and since when.
    pub crm: (Health, Option<Moment>),
    /// How Projects answers, and since when.
    pub projects: (Health, Option<Moment>),
    /// How long the latest changes made in the CRM and in Projects took to be carried over: the median in milliseconds.
    pub delays: [Option<i64>; 2],
}

/// Feeds of the built-in sides. They are counted in the store, since a side tells of a change only once it can be sure
/// that no earlier one is still to be committed.
const FEEDS: [(SideName, &str); 2] = [(SideName::Crm, "crm"), (SideName::Projects, "projects")];

const LINKS: Sql = Sql::new(
    "select project_id, state, count(*) as number from bridge_link where connection_id = $1 and state <> 'unlinked' \
     group by project_id, state",
);
const REFUSALS: Sql = Sql::new(
    "select project_id, state, count(*) as number from bridge_refusal where connection_id = $1 \
     and state in ('open', 'reverted', 'held') group by project_id, state",
);
const COMMENTS: Sql = Sql::new(
    "select bridge_link.project_id as project_id, '' as state, count(*) as number from bridge_comment \
     join bridge_link on bridge_link.connection_id = bridge_comment.connection_id and bridge_link.id = link_id \
     where bridge_comment.connection_id = $1 and bridge_comment.state = 'waiting' group by bridge_link.project_id",
);

const LATEST: Sql = Sql::hot(
    "select side, outcome, decided_at, changed_at from bridge_history where connection_id = $1 \
     order by id desc limit 200",
);

/// Numbers by project and state.
type Numbers = Vec<(ProjectId, String, i64)>;

/// What one snapshot says.
struct Counted {
    work: Work,
    links: Numbers,
    refusals: Numbers,
    comments: Numbers,
    health: [(Health, Option<Moment>); 2],
    delays: [Option<i64>; 2],
}

impl Bridge {
    /// What waits and runs in the person's connection at this instant: cheap enough to be asked again and again.
    pub fn work(&self, acting: &Acting) -> Result<Work, BridgeError> {
        let connection = self.my_connection(acting)?;
        let now = self.now();
        self.db().read(|read| work(read, &connection, now))
    }

    /// How the person's connection stands. Whoever is neither CRM user nor administrator gets the numbers of the
    /// projects that he sees, and the work of the whole. Errors: `NotFound` where nothing is connected.
    pub fn status(&self, acting: &Acting) -> Result<Status, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let now = self.now();
        let counted = self.db().read(|read| counted(read, &connection, now))?;
        let sees_all = caller.crm.is_some() || caller.is_bridge_administrator();
        let mut sight = Sight::new(self, &caller);
        if !sees_all {
            let all = [&counted.links, &counted.refusals, &counted.comments];
            sight.learn(all.into_iter().flatten().map(|(project, ..)| project))?;
        }
        let seen = |numbers: &Numbers| -> Numbers {
            numbers.iter().filter(|(project, ..)| sees_all || sight.sees(project)).cloned().collect()
        };
        let mut links: BTreeMap<LinkState, i64> = BTreeMap::new();
        for (_, state, number) in seen(&counted.links) {
            *links.entry(LinkState::parse(&state).unwrap_or(LinkState::OutOfStep)).or_default() += number;
        }
        let refusals = seen(&counted.refusals);
        let [crm, projects] = counted.health;
        Ok(Status {
            work: counted.work,
            links,
            refused: refusals.iter().map(|(.., number)| number).sum(),
            held: refusals.iter().filter(|(_, state, _)| state == "held").map(|(.., number)| number).sum(),
            comments_waiting: seen(&counted.comments).iter().map(|(.., number)| number).sum(),
            crm,
            projects,
            delays: counted.delays,
        })
    }
}

fn counted(read: &mut Read<'_>, connection: &Connection, now: Moment) -> Result<Counted, BridgeError> {
    let [crm, projects] =
        [dirty::place(read, &connection.id, SideName::Crm)?, dirty::place(read, &connection.id, SideName::Projects)?];
    Ok(Counted {
        work: work(read, connection, now)?,
        links: numbers(read, &LINKS, connection)?,
        refusals: numbers(read, &REFUSALS, connection)?,
        comments: numbers(read, &COMMENTS, connection)?,
        health: [(crm.health, crm.since), (projects.health, projects.since)],
        delays: delays(read, connection)?,
    })
}

/// One snapshot: a change is counted as unread until its mark is there, in the same transaction as the cursor.
fn work(read: &mut Read<'_>, connection: &Connection, now: Moment) -> Result<Work, BridgeError> {
    let depth = read.queue_depth(dirty::QUEUE, Some(connection.id.as_str()), now.ms())?;
    let mut pending = depth.waiting;
    for (side, feed) in FEEDS {
        // Before the first reading nothing is late: links that are new are marked by themselves.
        if let Some(FeedCursor(cursor)) = dirty::cursor(read, &connection.id, side)? {
            pending += read.feed_unread(feed, &Cursor::from_text(cursor))?;
        }
    }
    Ok(Work {
        pending,
        in_flight: depth.leased + operation::open_count(read, &connection.id)?,
        oldest: depth.oldest.map(Moment::from_ms),
    })
}

/// The median over the latest changes that were applied, by the side on which they were made.
fn delays(read: &mut Read<'_>, connection: &Connection) -> Result<[Option<i64>; 2], BridgeError> {
    let mut of_side: [Vec<i64>; 2] = Default::default();
    for row in read.rows(&LATEST, &[connection.id.as_str().into()])? {
        let (side, changed_at) = (row.text_or_null("side")?, row.int_or_null("changed_at")?);
        let (Some(side), Some(changed_at)) = (side, changed_at) else { continue };
        if row.text("outcome")? == Outcome::Applied.code() {
            let [crm, projects] = &mut of_side;
            let delays = if side == SideName::Crm.code() { crm } else { projects };
            // Clocks of two machines may differ: nothing is carried over before it was made.
            delays.push((row.int("decided_at")? - changed_at).max(0));
        }
    }
    Ok(of_side.map(|mut delays| {
        delays.sort_unstable();
        delays.get(delays.len() / 2).copied()
    }))
}

fn numbers(read: &mut Read<'_>, sql: &Sql, connection: &Connection) -> Result<Numbers, BridgeError> {
    let rows = read.rows(sql, &[connection.id.as_str().into()])?;
    rows.iter()
        .map(|row| Ok((ProjectId::new(row.text("project_id")?), row.text("state")?, row.int("number")?)))
        .collect()
}
