//! What came of a round, in one transaction: agreed values, history, refusals, letters, the state of the link, its key.

use ports::{Email, Evidence, Found, Moment, Outcome, Reason, Wait};
use store::Tx;

use crate::bug::Bug;
use crate::comment;
use crate::convert::patch::TaskPatch;
use crate::error::BridgeError;
use crate::execute::{self, Send};
use crate::field::{Field, FieldValue, Shown, SideName};
use crate::history::{self, Action, NewEntry, Outcome as Became};
use crate::intent;
use crate::link::{self, Link};
use crate::notice::{self, Reachable};
use crate::plan::{Intent, LinkState, NewRefusal, WriteKind};
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
        for field in Field::ALL {
            let confirmed =
                work.intents.iter().filter(|intent| intent.field == field && work.plan.confirmed.contains(&intent.id));
            // Several tries of one write are one change.
            let tries: Vec<&Intent> = confirmed.collect();
            if let Some(newest) = tries.last()
                && !tries.iter().any(|intent| intent.story.is_told)
            {
                self.tell_write(tx, newest)?;
            }
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
        let note = if self.work.plan.owner_not_representable {
            format!("owner_not_representable {}", owner.shown.value.code().unwrap_or_default())
        } else {
            String::new()
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

    fn apply_results(&mut self, tx: &mut Tx<'_>) -> Result<(), BridgeError> {
        let work = self.work;
        let mut sent = Vec::new();
        for result in &work.results {
            match &result.sent {
                Send::Fields { intents, .. } => {
                    sent.extend(intents.iter().copied());
                    self.fields_result(tx, result, intents)?;
                }
                Send::Comment { carried, .. } => self.comment_result(tx, result, carried)?,
            }
        }
        // What was prepared and then not sent, because something before it failed, is decided about anew.
        for (index, intent) in work.made.iter().enumerate() {
            if !sent.contains(&index) {
                intent::forget(tx, &self.link.connection, &self.link.id, &intent.id)?;
                self.look_again();
            }
        }
        Ok(())
    }

    fn fields_result(
        &mut self,
        tx: &mut Tx<'_>,
        result: &execute::Result,
        intents: &[usize],
    ) -> Result<(), BridgeError> {
        let work = self.work;
        let made: Vec<&Intent> = intents.iter().filter_map(|index| work.made.get(*index)).collect();
        match &result.outcome {
            Outcome::Done { version, .. } => {
                match result.side {
                    SideName::Crm => self.link.crm_version.clone_from(&version.mark),
                    SideName::Projects => self.link.projects_version.clone_from(&version.mark),
                }
                let patch = execute::patch_of(self.scene.lookups, result.side, work, intents);
                for intent in &made {
                    self.show(result.side, intent, patch.as_ref());
                    self.done(tx, intent)?;
                }
            }
            Outcome::Refused(reason) => {
                let refused = execute::refused_field(work, intents, reason);
                for index in intents {
                    let Some(intent) = work.made.get(*index) else { continue };
                    if refused.is_none() || refused == Some(*index) {
                        self.refused(tx, intent, reason)?;
                    }
                }
                self.look_again();
            }
            Outcome::Stale | Outcome::Gone => self.look_again(),
            Outcome::Later(wait) => self.put_off(End::Later(wait.clone())),
            Outcome::Unknown => {
                let message = result.failure.clone().unwrap_or_else(|| "no answer to a write".to_owned());
                self.put_off(End::Unclear(message));
                made.iter().for_each(|intent| self.keep_open(intent));
                return Ok(());
            }
        }
        for intent in made {
            intent::forget(tx, &self.link.connection, &self.link.id, &intent.id)?;
        }
        Ok(())
    }

    /// A write of this round was acknowledged.
    fn done(&mut self, tx: &mut Tx<'_>, intent: &Intent) -> Result<(), BridgeError> {
        if intent.story.kind == WriteKind::Carry {
            self.link.agreed.set(intent.field, intent.wanted.clone());
            let carried_refusals = self.work.refusals.iter().filter(|known| known.field == Some(intent.field));
            for known in carried_refusals {
                // Its value got through at last, or another one has taken its place.
                let how = if known.side == intent.story.from { "obstacle_gone" } else { "later_change" };
                let settled = Some((self.scene.now, how));
                refusal::set_state(tx, &self.link.connection, known.id.as_str(), RefusalState::Settled, settled)?;
            }
            self.settle_overruled(tx, intent)?;
        }
        self.close_earlier(tx, intent)?;
        self.tell_write(tx, intent)
    }

    /// Earlier tries of a write that was acknowledged now: where they can still take effect, they stay, told of already.
    fn close_earlier(&mut self, tx: &mut Tx<'_>, done: &Intent) -> Result<(), BridgeError> {
        let parts = &self.scene.core.parts;
        let writes_conditionally = match done.side {
            SideName::Crm => parts.crm.capabilities().writes_conditionally,
            SideName::Projects => parts.projects.capabilities().writes_conditionally,
        };
        for earlier in
            self.work.intents.iter().filter(|earlier| (earlier.side, earlier.field) == (done.side, done.field))
        {
            if writes_conditionally {
                intent::forget(tx, &self.link.connection, &self.link.id, &earlier.id)?;
                self.open.retain(|(id, _)| *id != earlier.id);
            } else if earlier.wanted == done.wanted {
                intent::tell(tx, &self.link.connection, &self.link.id, earlier)?;
            }
        }
        Ok(())
    }

    /// The refused value of this round that the winner has just replaced (CON-6).
    fn settle_overruled(&mut self, tx: &mut Tx<'_>, intent: &Intent) -> Result<(), BridgeError> {
        let is_overruled = |refused: &NewRefusal| refused.field == intent.field && refused.side == intent.side;
        if self.work.plan.refused.iter().any(is_overruled) {
            self.revert_refusals(tx, intent)?;
        }
        Ok(())
    }

    fn revert_refusals(&mut self, tx: &mut Tx<'_>, intent: &Intent) -> Result<(), BridgeError> {
        for known in refusal::live_of_link(tx, &self.link.connection, &self.link.id)? {
            if known.field == Some(intent.field) && known.side == intent.side && known.state == RefusalState::Open {
                refusal::set_state(tx, &self.link.connection, known.id.as_str(), RefusalState::Reverted, None)?;
            }
        }
        Ok(())
    }

    /// The history of a write that took effect.
    fn tell_write(&mut self, tx: &mut Tx<'_>, intent: &Intent) -> Result<(), BridgeError> {
        self.has_news = true;
        let became = match intent.story.kind {
            WriteKind::Carry => Became::Applied,
            WriteKind::SetBack => {
                self.revert_refusals(tx, intent)?;
                Became::Reverted
            }
        };
        let person = intent.story.person.as_deref().and_then(|person| Email::parse(person).ok());
        history::record(
            tx,
            &self.link.connection,
            &NewEntry {
                changed_at: intent.story.changed_at.map(Moment::from_ms),
                link: Some(&self.link.id),
                project: Some(&self.link.project),
                field: intent.field.code(),
                old: Some(&intent.story.old),
                new: Some(&intent.story.new),
                person: person.as_ref(),
                side: Some(intent.story.from),
                cause: &intent.story.cause,
                ..NewEntry::new(self.scene.entry_id(), self.scene.now, Action::Change, became)
            },
        )
    }

    /// The side said no. A change is stored as refused; a setting back that is not taken leaves the value where it is.
    fn refused(&mut self, tx: &mut Tx<'_>, intent: &Intent, reason: &Reason) -> Result<(), BridgeError> {
        let story = &intent.story;
        let known = self.work.refusals.iter().find(|known| {
            known.field == Some(intent.field) && known.side == story.from && known.tried.value == story.new.value
        });
        match (story.kind, known) {
            (WriteKind::SetBack, _) => {
                for known in refusal::live_of_link(tx, &self.link.connection, &self.link.id)? {
                    if known.field == Some(intent.field) && known.side == intent.side {
                        let id = known.id.as_str();
                        refusal::set_state(tx, &self.link.connection, id, RefusalState::Held, None)?;
                        refusal::set_fingerprint(tx, &self.link.connection, id, &story.fingerprint, &known.reason)?;
                    }
                }
            }
            (WriteKind::Carry, Some(known)) if known.state == RefusalState::Held => {
                refusal::set_fingerprint(tx, &self.link.connection, known.id.as_str(), &story.fingerprint, reason)?;
            }
            (WriteKind::Carry, _) => {
                let refused = NewRefusal {
                    field: intent.field,
                    side: story.from,
                    tried: story.new.clone(),
                    agreed: self.link.agreed.get(intent.field).clone(),
                    person: story.person.as_deref().and_then(|person| Email::parse(person).ok()),
                    changed_at: story.changed_at.map(Moment::from_ms),
                    reason: reason.clone(),
                    fingerprint: story.fingerprint.clone(),
                    is_held: matches!(reason, Reason::ValueNotMapped { .. } | Reason::DescriptionTooLong { .. }),
                };
                prepare::refuse(tx, self.work, &refused, self.scene)?;
            }
        }
        self.has_news = true;
        Ok(())
    }

    /// Shows the value that was written without reading it again.
    fn show(&mut self, side: SideName, intent: &Intent, patch: Option<&TaskPatch>) {
        let Some(at) = Field::ALL.iter().position(|field| *field == intent.field) else { return };
        let shown = Shown { value: intent.wanted.clone(), native: native(patch, intent.field, &intent.wanted) };
        let seen = match side {
            SideName::Crm => self.link.seen.crm.get_mut(at),
            SideName::Projects => self.link.seen.projects.get_mut(at),
        };
        if let Some(seen) = seen {
            *seen = shown;
        }
    }

    fn comment_result(
        &mut self,
        tx: &mut Tx<'_>,
        result: &execute::Result,
        carried: &comment::Carried,
    ) -> Result<(), BridgeError> {
        let (end, became) = match &result.outcome {
            Outcome::Done { id, .. } => (Ok(id.as_str()), Became::Applied),
            Outcome::Refused(reason) => (Err(reason), Became::Refused),
            Outcome::Stale | Outcome::Gone => {
                self.look_again();
                return Ok(());
            }
            Outcome::Later(wait) => {
                self.put_off(End::Later(wait.clone()));
                return Ok(());
            }
            Outcome::Unknown => {
                let message = result.failure.clone().unwrap_or_else(|| "no answer to a comment".to_owned());
                self.put_off(End::Unclear(message));
                return Ok(());
            }
        };
        if !comment::done(tx, &self.link, carried, end)? {
            return Ok(());
        }
        self.has_news = true;
        let text = Shown::plain(FieldValue::Text(carried.text.as_str().to_owned()));
        history::record(
            tx,
            &self.link.connection,
            &NewEntry {
                changed_at: Some(carried.at),
                link: Some(&self.link.id),
                project: Some(&self.link.project),
                field: "comment",
                new: Some(&text),
                person: Some(&carried.author),
                side: Some(carried.side),
                reason: end.err(),
                cause: self.work.cause().code(),
                detail: &carried.author_name,
                ..NewEntry::new(self.scene.entry_id(), self.scene.now, Action::Comment, became)
            },
        )
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

    /// Nothing could be done for now.
    fn wait(&mut self) {
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

/// What a side shows for a value that was just written to it.
fn native(patch: Option<&TaskPatch>, field: Field, value: &FieldValue) -> Option<String> {
    match (patch?, field) {
        (TaskPatch::Crm(patch), Field::Priority) => match (&patch.priority, value) {
            (ports::Patch::Set(native), _) => Some(native.clone()),
            (ports::Patch::Keep | ports::Patch::Clear, _) => None,
        },
        (TaskPatch::Crm(patch), Field::Status) => patch.status.clone(),
        (TaskPatch::Projects(patch), Field::Priority) => patch.priority.clone(),
        (TaskPatch::Projects(patch), Field::Status) => patch.status.clone(),
        (TaskPatch::Projects(patch), Field::Owner) => {
            crate::convert::owner::shown(patch.owners.as_deref().unwrap_or_default()).native
        }
        (TaskPatch::Crm(_) | TaskPatch::Projects(_), Field::Title | Field::Description | Field::Due | Field::Owner) => {
            None
        }
    }
}
