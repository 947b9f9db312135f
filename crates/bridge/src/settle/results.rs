//! What came of the writes of a round: done, refused, overtaken, put off, or not known.

use ports::{Email, Moment, Outcome, Reason};
use store::Tx;

use super::Settling;
use crate::comment;
use crate::convert::patch::TaskPatch;
use crate::error::BridgeError;
use crate::execute::{self, Send};
use crate::field::{Field, FieldValue, Shown, SideName};
use crate::history::{self, Action, NewEntry, Outcome as Became};
use crate::intent;
use crate::link::Link;
use crate::plan::{Intent, NewRefusal, WriteKind};
use crate::prepare;
use crate::reconcile::facts_of;
use crate::refusal::{self, RefusalState};
use crate::round::End;

impl Settling<'_> {
    pub(super) fn apply_results(&mut self, tx: &mut Tx<'_>) -> Result<(), BridgeError> {
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
            revert_refusals(tx, &self.link, intent)?;
        }
        Ok(())
    }

    /// The history of a write that took effect.
    pub(super) fn tell_write(&mut self, tx: &mut Tx<'_>, intent: &Intent) -> Result<(), BridgeError> {
        self.has_news = true;
        tell_write(tx, &self.link, intent, self.scene)
    }

    /// Of everything that the side's answer depended on.
    fn fingerprint(&self, intent: &Intent) -> String {
        let story = &intent.story;
        let tried = match story.kind {
            WriteKind::Carry => &story.new.value,
            WriteKind::SetBack => &story.old.value,
        };
        let (Some((_, task)), Some(seen)) = (self.work.both(), &self.work.seen) else { return String::new() };
        let facts = self.scene.lookups.facts(&self.scene.core.parts, task, seen);
        facts_of(intent.field, story.from, tried, &facts)
    }

    /// The side said no. A change is stored as refused; a setting back that is not taken leaves the value where it is.
    fn refused(&mut self, tx: &mut Tx<'_>, intent: &Intent, reason: &Reason) -> Result<(), BridgeError> {
        let story = &intent.story;
        let fingerprint = self.fingerprint(intent);
        let known = self.work.refusals.iter().find(|known| {
            known.field == Some(intent.field) && known.side == story.from && known.tried.value == story.new.value
        });
        match (story.kind, known) {
            (WriteKind::SetBack, _) => {
                for known in refusal::live_of_link(tx, &self.link.connection, &self.link.id)? {
                    if known.field == Some(intent.field) && known.side == intent.side {
                        let id = known.id.as_str();
                        refusal::set_state(tx, &self.link.connection, id, RefusalState::Held, None)?;
                        refusal::set_fingerprint(tx, &self.link.connection, id, &fingerprint, &known.reason)?;
                    }
                }
            }
            (WriteKind::Carry, Some(known)) if known.state == RefusalState::Held => {
                refusal::set_fingerprint(tx, &self.link.connection, known.id.as_str(), &fingerprint, reason)?;
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
                    fingerprint,
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
}

/// The history of a write that took effect.
pub(crate) fn tell_write(
    tx: &mut Tx<'_>,
    link: &Link,
    intent: &Intent,
    scene: &prepare::Scene<'_>,
) -> Result<(), BridgeError> {
    let became = match intent.story.kind {
        WriteKind::Carry => Became::Applied,
        WriteKind::SetBack => {
            revert_refusals(tx, link, intent)?;
            Became::Reverted
        }
    };
    let person = intent.story.person.as_deref().and_then(|person| Email::parse(person).ok());
    history::record(
        tx,
        &link.connection,
        &NewEntry {
            changed_at: intent.story.changed_at.map(Moment::from_ms),
            link: Some(&link.id),
            project: Some(&link.project),
            field: intent.field.code(),
            old: Some(&intent.story.old),
            new: Some(&intent.story.new),
            person: person.as_ref(),
            side: Some(intent.story.from),
            cause: &intent.story.cause,
            ..NewEntry::new(scene.entry_id(), scene.now, Action::Change, became)
        },
    )
}

fn revert_refusals(tx: &mut Tx<'_>, link: &Link, intent: &Intent) -> Result<(), BridgeError> {
    for known in refusal::live_of_link(tx, &link.connection, &link.id)? {
        if known.field == Some(intent.field) && known.side == intent.side && known.state == RefusalState::Open {
            refusal::set_state(tx, &link.connection, known.id.as_str(), RefusalState::Reverted, None)?;
        }
    }
    Ok(())
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
