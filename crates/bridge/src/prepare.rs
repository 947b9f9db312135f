//! Before anything is written: what will be overwritten is stored, and every write has its intent (one transaction).

use ports::{HistoryId, Ids, Moment, RefusalId};
use store::Tx;

use crate::bug::Bug;
use crate::comment::{self, Carried};
use crate::connection::Connection;
use crate::engine::Core;
use crate::error::BridgeError;
use crate::execute;
use crate::field::{Shown, SideName};
use crate::history::{self, Action, NewEntry, Outcome};
use crate::intent;
use crate::link;
use crate::notice::Reachable;
use crate::observe::Lookups;
use crate::plan::{Intent, NewRefusal, Story};
use crate::refusal;
use crate::round::{End, Work};
use crate::settle;

/// What the transactions of a round look at.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) core: &'a Core,
    pub(crate) connection: &'a Connection,
    pub(crate) lookups: &'a Lookups,
    pub(crate) now: Moment,
}

impl Scene<'_> {
    pub(crate) fn entry_id(&self) -> HistoryId {
        HistoryId::new(self.core.parts.ids.next())
    }

    /// Whether the round still holds a key.
    pub(crate) fn holds(&self, tx: &mut Tx<'_>, work: &Work) -> Result<bool, BridgeError> {
        Ok(self.core.options.has(Bug::FenceNotChecked) || tx.hold_fence(&work.claimed, self.now.ms())?)
    }
}

/// The intents of a plan, in the order of its writes.
pub(crate) fn intents(work: &Work, scene: &Scene<'_>, ids: &dyn Ids) -> Vec<Intent> {
    let Some((crm, projects)) = &work.seen else { return Vec::new() };
    let groups = execute::groups(scene.connection, scene.lookups, &work.plan.writes);
    let is_first = |index: usize, side: SideName| {
        groups.iter().find(|group| group.side == side).is_some_and(|group| group.writes.contains(&index))
    };
    let acting =
        |index: usize| groups.iter().find(|group| group.writes.contains(&index)).map(|group| group.acting.to_string());
    let version = |side| match side {
        SideName::Crm => crm.version.clone(),
        SideName::Projects => projects.version.clone(),
    };
    work.plan
        .writes
        .iter()
        .enumerate()
        .map(|(index, write)| Intent {
            id: ids.next(),
            fence: work.claimed.fence,
            side: write.side,
            field: write.field,
            wanted: write.value.clone(),
            expected: if is_first(index, write.side) { version(write.side) } else { String::new() },
            story: Story { acting: acting(index), ..write.story.clone() },
            at: scene.now,
        })
        .collect()
}

/// What came of preparing one link.
pub(crate) struct Prepared {
    /// Nothing more is to be done about it in this round.
    pub(crate) is_settled: bool,
    /// Comments to be copied, in order.
    pub(crate) comments: Vec<Carried>,
    /// Earlier writes that the history tells of now, by id.
    pub(crate) told: Vec<String>,
}

impl Prepared {
    fn settled() -> Self {
        Self { is_settled: true, comments: Vec::new(), told: Vec::new() }
    }
}

/// Stores refusals, losers, comments and intents of all links; settles those that need no write.
pub(crate) fn store(
    tx: &mut Tx<'_>,
    work: &[Work],
    people: &Reachable,
    scene: &Scene<'_>,
) -> Result<Vec<Prepared>, BridgeError> {
    work.iter().map(|work| store_one(tx, work, people, scene)).collect()
}

fn store_one(tx: &mut Tx<'_>, work: &Work, people: &Reachable, scene: &Scene<'_>) -> Result<Prepared, BridgeError> {
    if work.is_settled || !scene.holds(tx, work)? {
        return Ok(Prepared::settled());
    }
    if work.end != End::Done {
        return Ok(Prepared { is_settled: false, ..Prepared::settled() });
    }
    let told = tell_earlier(tx, work, scene)?;
    if !scene.core.options.has(Bug::RefusalStoredLate) {
        for refused in &work.plan.refused {
            refuse(tx, work, refused, scene)?;
        }
    }
    overrule(tx, work, scene)?;
    for intent in &work.made {
        intent::insert(tx, &work.link.connection, &work.link.id, intent)?;
    }
    let comments = comments(tx, work, scene)?;
    if scene.core.options.has(Bug::AgreedMovedEarly) && !work.made.is_empty() {
        let mut early = work.link.clone();
        work.made.iter().for_each(|intent| early.agreed.set(intent.field, intent.wanted.clone()));
        link::save(tx, &early)?;
    }
    if work.made.is_empty() && comments.is_empty() {
        settle::settle(tx, work, people, scene)?;
        return Ok(Prepared::settled());
    }
    Ok(Prepared { is_settled: false, comments, told })
}

/// What is about to be written over would leave no trace of our own write before it, if this worker died: the history
/// tells of it first. Answers the intents that are told of.
fn tell_earlier(tx: &mut Tx<'_>, work: &Work, scene: &Scene<'_>) -> Result<Vec<String>, BridgeError> {
    let mut told = Vec::new();
    for intent in settle::untold(work).filter(|_| !work.made.is_empty()) {
        settle::results::tell_write(tx, &work.link, intent, scene)?;
        intent::tell(tx, &work.link.connection, &work.link.id, intent)?;
        told.push(intent.id.clone());
    }
    Ok(told)
}

/// Stores a refused value, and says so in the history.
pub(crate) fn refuse(tx: &mut Tx<'_>, work: &Work, refused: &NewRefusal, scene: &Scene<'_>) -> Result<(), BridgeError> {
    let link = &work.link;
    let id = RefusalId::new(scene.core.parts.ids.next());
    refusal::store(tx, &link.connection, (&link.id, &link.project), &id, refused, scene.now)?;
    history::record(
        tx,
        &link.connection,
        &NewEntry {
            changed_at: refused.changed_at,
            link: Some(&link.id),
            project: Some(&link.project),
            field: refused.field.code(),
            old: Some(&Shown::plain(refused.agreed.clone())),
            new: Some(&refused.tried),
            person: refused.person.as_ref(),
            side: Some(refused.side),
            reason: Some(&refused.reason),
            cause: work.cause().code(),
            ..NewEntry::new(scene.entry_id(), scene.now, Action::Change, Outcome::Refused)
        },
    )
}

/// Keeps the losers of conflicts in the history, with value and author, before they are overwritten.
fn overrule(tx: &mut Tx<'_>, work: &Work, scene: &Scene<'_>) -> Result<(), BridgeError> {
    let link = &work.link;
    for lost in &work.plan.lost {
        history::record(
            tx,
            &link.connection,
            &NewEntry {
                changed_at: lost.changed_at,
                link: Some(&link.id),
                project: Some(&link.project),
                field: lost.field.code(),
                old: Some(&lost.winner),
                new: Some(&lost.value),
                person: lost.person.as_ref(),
                side: Some(lost.side),
                reason: Some(&ports::Reason::Conflict),
                cause: "conflict",
                ..NewEntry::new(scene.entry_id(), scene.now, Action::Change, Outcome::Overruled)
            },
        )?;
    }
    Ok(())
}

/// Stores comments that were found; answers all of the link that wait, in the order in which they were written.
fn comments(tx: &mut Tx<'_>, work: &Work, scene: &Scene<'_>) -> Result<Vec<Carried>, BridgeError> {
    let link = &work.link;
    let notes = work.notes.iter().filter_map(|note| comment::of_note(&link.id, note));
    let comments = work.comments.iter().filter_map(|found| comment::of_comment(&link.id, found));
    let found: Vec<Carried> = notes.chain(comments).collect();
    if found.is_empty() && work.waiting.is_empty() {
        return Ok(Vec::new());
    }
    for carried in &found {
        comment::store(tx, link, carried, scene.now)?;
    }
    if work.seen.is_none() {
        return Ok(Vec::new());
    }
    comment::waiting(tx, &link.connection, &link.id)
}
