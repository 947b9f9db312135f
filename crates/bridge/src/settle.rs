//! What came of a round, in one transaction: agreed values, history, refusals, letters, the state of the link, its key.

pub(crate) mod results;

use ports::{Evidence, Found, Moment, Reason, Wait};
use store::Tx;

use crate::bug::Bug;
use crate::error::BridgeError;
use crate::field::{Field, Shown, SideName};
use crate::history::{self, Action, NewEntry, Outcome as Became};
use crate::intent;
use crate::link::{self, Link};
use crate::notice::{self, Reachable};
use crate::plan::{Intent, LinkState, WriteKind};
use crate::prepare::{self, Scene};
use crate::refusal::{self, RefusalState};
use crate::round::{End, Work};

/// Settles one link. A lease that was lost leaves everything to the next holder.
pub(crate) fn settle(tx: &mut Tx<'_>, work: &Work, people: &Reachable, scene: &Scene<'_>) -> Result<(), BridgeError> {
    if !scene.holds(tx, work)? {
        return Ok(());
    }
    let mut settling = Settling {
        work,
        scene,
        link: work.link.clone(),
        end: work.end.clone(),
        held: None,
        has_news: false,
        open: Vec::new(),
    };
    if let Some((side, evidence)) = gone(work) {
        settling.break_link(tx, side, evidence)?;
    } else if work.seen.is_some() && work.both().is_some() {
        settling.observe();
        settling.apply_plan(tx)?;
        settling.apply_results(tx)?;
        settling.note_comments();
        settling.set_state();
    } else {
        settling.wait();
    }
    notice::tell(tx, &settling.link, people, scene)?;
    settling.store(tx)?;
    settling.release(tx)
}

fn gone(work: &Work) -> Option<(SideName, Option<&Evidence>)> {
    match (&work.crm, &work.projects) {
        (Some(Found::Gone(evidence)), _) => Some((SideName::Crm, Some(evidence))),
        (_, Some(Found::Gone(evidence))) => Some((SideName::Projects, Some(evidence))),
        // Only a seeded bug lets a missing record get this far without another end.
        (Some(Found::Unknown(_)), _) if work.end == End::Done => Some((SideName::Crm, None)),
        (_, Some(Found::Unknown(_))) if work.end == End::Done => Some((SideName::Projects, None)),
        _ => None,
    }
}

/// Writes of ours that are seen to have taken effect and that the history does not tell of yet. Several tries of one
/// write are one change.
pub(crate) fn untold(work: &Work) -> impl Iterator<Item = &Intent> {
    Field::ALL.into_iter().filter_map(|field| {
        let is_confirmed = |intent: &&Intent| intent.field == field && work.plan.confirmed.contains(&intent.id);
        let mut tries = work.intents.iter().filter(is_confirmed);
        let is_told = tries.clone().any(|intent| intent.story.is_told);
        tries.next_back().filter(|_| !is_told)
    })
}

struct Settling<'a> {
    work: &'a Work,
    scene: &'a Scene<'a>,
    link: Link,
    end: End,
    /// Why a value is held.
    held: Option<Reason>,
    /// Whether something happened that pages should show.
    has_news: bool,
    /// Writes of ours that may still take effect, and until when.
    open: Vec<(&'a str, Moment)>,
}

impl<'a> Settling<'a> {
    /// Takes over what both sides were seen to be.
    fn observe(&mut self) {
        let (Some((crm, projects)), Some(seen)) = (self.work.both(), &self.work.seen) else { return };
        self.link.seen.take(crm, projects, (&seen.0, &seen.1));
        self.link.project = projects.project.clone();
        self.link.crm_version.clone_from(&crm.version.mark);
        self.link.projects_version.clone_from(&projects.version.mark);
        if let Some(project) = self.scene.lookups.projects.get(&projects.project) {
            self.link.seen.project.clone_from(&project.name);
            self.link.seen.project_key.clone_from(&project.key);
        }
    }

    fn apply_plan(&mut self, tx: &mut Tx<'_>) -> Result<(), BridgeError> {
        let work = self.work;
        for (field, value) in &work.plan.agree {
            self.link.agreed.set(*field, value.clone());
        }
        if self.scene.core.options.has(Bug::RefusalStoredLate) {
            for refused in &work.plan.refused {
                prepare::refuse(tx, work, refused, self.scene)?;
            }
        }
        self.has_news |= !work.plan.refused.is_empty() || !work.plan.lost.is_empty();
        for refused in work.plan.refused.iter().filter(|refused| refused.is_held) {
            self.held = Some(refused.reason.clone());
        }
        for known in &work.refusals {
            if known.state == RefusalState::Held && known.field.is_some_and(|field| work.plan.held.contains(&field)) {
                self.held = self.held.take().or_else(|| Some(known.reason.clone()));
            }
        }
        self.close_intents(tx)?;
        for id in &work.plan.over {
            self.end_refusal(tx, id)?;
        }
        self.note_owner(tx)
    }

    /// Open intents that were seen to have taken effect are told in the history; those without a future go.
    fn close_intents(&mut self, tx: &mut Tx<'_>) -> Result<(), BridgeError> {
        let work = self.work;
        self.has_news |= !work.plan.confirmed.is_empty();
        for intent in untold(work) {
            self.tell_write(tx, intent)?;
        }
        for intent in &work.intents {
            if work.plan.confirmed.contains(&intent.id) || work.plan.void.contains(&intent.id) {
                intent::forget(tx, &self.link.connection, &self.link.id, &intent.id)?;
            } else {
                self.keep_open(intent);
            }
        }
        Ok(())
    }

    fn keep_open(&mut self, intent: &'a Intent) {
        self.open.push((&intent.id, intent.at.plus_ms(self.scene.core.options.settling_ms)));
    }

    fn open_until(&self) -> Option<Moment> {
        self.open.iter().map(|(_, until)| *until).max()
    }

    /// A value that was refused has left its side: by our own setting back, or by a later change.
    fn end_refusal(&mut self, tx: &mut Tx<'_>, id: &str) -> Result<(), BridgeError> {
        let Some(known) = self.work.refusals.iter().find(|known| known.id.as_str() == id) else { return Ok(()) };
        let was_set_back = self.work.intents.iter().any(|intent| {
            self.work.plan.confirmed.contains(&intent.id)
                && intent.story.kind == WriteKind::SetBack
                && Some(intent.field) == known.field
                && intent.side == known.side
        });
        if !was_set_back {
            let settled = Some((self.scene.now, "later_change"));
            refusal::set_state(tx, &self.link.connection, id, RefusalState::Settled, settled)?;
            self.has_news = true;
        }
        Ok(())
    }

    /// An owner of Projects whom the CRM does not know is left out, and said once (SYNC-3 c, d).
    fn note_owner(&mut self, tx: &mut Tx<'_>) -> Result<(), BridgeError> {
        let Some((_, projects)) = &self.work.seen else { return Ok(()) };
        let owner = projects.get(Field::Owner);
        let note = match (self.work.plan.owner_not_representable, owner.shown.value.as_person()) {
            (false, _) => String::new(),
            (true, Some(person)) => format!("owner_not_representable {person}"),
            // The CRM keeps its owner, and there is nobody to name (SYNC-3 d).
            (true, None) => "no_owner".to_owned(),
        };
        if note == self.link.note {
            return Ok(());
        }
        if !note.is_empty() {
            let old = Shown::plain(self.link.agreed.owner.clone());
            history::record(
                tx,
                &self.link.connection,
                &NewEntry {
                    changed_at: owner.at,
                    link: Some(&self.link.id),
                    project: Some(&self.link.project),
                    field: Field::Owner.code(),
                    old: Some(&old),
                    new: Some(&owner.shown),
                    person: owner.by.as_ref(),
                    side: Some(SideName::Projects),
                    cause: self.work.cause().code(),
                    detail: "owner_not_representable",
                    ..NewEntry::new(self.scene.entry_id(), self.scene.now, Action::Change, Became::Skipped)
                },
            )?;
        }
        self.link.note = note;
        self.has_news = true;
        Ok(())
    }

    /// How far the comments have been looked at.
    fn note_comments(&mut self) {
        let Some((crm, projects)) = self.work.both() else { return };
        if let Some(newest) = &crm.newest_note {
            self.link.comments.note_seen = newest.to_string();
        }
        if let Some(newest) = &projects.newest_comment {
            self.link.comments.comment_seen = newest.to_string();
        }
    }

    fn look_again(&mut self) {
        if self.end == End::Done {
            self.end = End::Again;
        }
    }

    fn put_off(&mut self, end: End) {
        if matches!(self.end, End::Done | End::Again) {
            self.end = end;
        }
    }

    fn set_state(&mut self) {
        match &self.end {
            End::Done | End::Again => {
                self.link.failing_since = None;
                let (state, reason) = match (&self.held, self.work.plan.asked.is_empty()) {
                    (_, false) => (LinkState::Conflict, Some(Reason::Conflict)),
                    (Some(reason), true) => (LinkState::OutOfStep, Some(reason.clone())),
                    (None, true) if self.open_until().is_some() || self.end == End::Again => (LinkState::Pending, None),
                    (None, true) => (LinkState::InStep, None),
                };
                self.enter(state, reason);
            }
            End::Later(_) | End::Unclear(_) => self.wait(),
        }
    }

    /// Nothing could be done for now. A link whose record is gone stays broken until it is seen again.
    fn wait(&mut self) {
        if self.link.state == LinkState::Broken {
            return;
        }
        let now = self.scene.now;
        match &self.end {
            End::Later(wait) => {
                let reason = match wait {
                    Wait::RateLimited { .. } => Reason::RateLimited,
                    Wait::Unreachable => Reason::Unreachable,
                    Wait::AuthExpired => Reason::AuthExpired,
                };
                self.enter(LinkState::Pending, Some(reason));
            }
            End::Unclear(message) => {
                let since = *self.link.failing_since.get_or_insert(now);
                if now.ms() - since.ms() < self.scene.core.options.give_up_ms {
                    self.enter(LinkState::Pending, None);
                } else {
                    let reason = Reason::ValidationFailed { message: message.clone(), service: String::new() };
                    self.enter(LinkState::OutOfStep, Some(reason));
                }
            }
            End::Done | End::Again => {}
        }
    }

    fn enter(&mut self, state: LinkState, reason: Option<Reason>) {
        if self.link.state != state {
            self.link.since = self.scene.now;
        }
        self.link.state = state;
        self.link.reason = reason;
    }

    /// The record of a side was deleted: the other stays, nothing is compared any more (LIFE-3).
    fn break_link(&mut self, tx: &mut Tx<'_>, side: SideName, evidence: Option<&Evidence>) -> Result<(), BridgeError> {
        self.end = End::Done;
        if self.link.state == LinkState::Broken {
            return Ok(());
        }
        let by = evidence.and_then(|evidence| evidence.by.clone());
        let at = evidence.and_then(|evidence| evidence.at);
        self.link.seen.gone = Some(side.code().to_owned());
        self.link.seen.gone_by = by.as_ref().map(ToString::to_string);
        self.link.seen.gone_at = at.map(Moment::ms);
        self.link.failing_since = None;
        self.enter(LinkState::Broken, Some(Reason::RecordGone));
        self.has_news = true;
        intent::forget_all(tx, &self.link.connection, &self.link.id)?;
        refusal::settle_all(tx, &self.link.connection, &self.link.id, "left_as_is", self.scene.now)?;
        history::record(
            tx,
            &self.link.connection,
            &NewEntry {
                changed_at: at,
                link: Some(&self.link.id),
                project: Some(&self.link.project),
                person: by.as_ref(),
                side: Some(side),
                reason: Some(&Reason::RecordGone),
                cause: self.work.cause().code(),
                ..NewEntry::new(self.scene.entry_id(), self.scene.now, Action::Delete, Became::Skipped)
            },
        )
    }

    /// Stores the link if anything about it is new; pages hear of it only if there is something to show.
    fn store(&mut self, tx: &mut Tx<'_>) -> Result<(), BridgeError> {
        let before = &self.work.link;
        let is_news = self.has_news || self.link.state != before.state || self.link.reason != before.reason;
        if is_news {
            self.link.changed_at = self.scene.now;
            link::save(tx, &self.link)
        } else if self.link != *before {
            link::save_quietly(tx, &self.link)
        } else {
            Ok(())
        }
    }

    /// Lets the key go, or keeps it for the next try.
    fn release(&mut self, tx: &mut Tx<'_>) -> Result<(), BridgeError> {
        let claimed = &self.work.claimed;
        let now = self.scene.now;
        let has_given_up = matches!(self.end, End::Unclear(_)) && self.link.state == LinkState::OutOfStep;
        match (&self.end, self.open_until()) {
            (End::Again, _) => {
                tx.put_off(claimed, now.ms())?;
            }
            (End::Later(Wait::RateLimited { until }), _) => {
                tx.put_off(claimed, until.ms())?;
            }
            (End::Later(_) | End::Unclear(_), _) if !has_given_up => {
                tx.requeue(claimed, now.ms() + store::back_off_ms(claimed.attempts + 1, seed(&claimed.key)))?;
            }
            // A write of ours may still take effect: the link is looked at once more when it no longer can.
            (End::Done, Some(until)) if until > now => {
                tx.put_off(claimed, until.ms())?;
            }
            (End::Done | End::Later(_) | End::Unclear(_), _) => {
                let options = &self.scene.core.options;
                if options.has(Bug::GenerationNotChecked) || options.has(Bug::FenceNotChecked) {
                    tx.unmark(claimed.queue, &claimed.lane, &claimed.key)?;
                } else {
                    tx.finish(claimed)?;
                }
            }
        }
        Ok(())
    }
}

/// Spreads the waits of keys that failed together.
fn seed(key: &str) -> u64 {
    key.bytes().fold(7, |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)))
}
