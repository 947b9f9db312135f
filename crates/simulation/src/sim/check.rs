//! What must hold at rest (I-1 to I-6, I-8, I-14, I-21); I-11 is checked after each step.

use bridge::field::{Field, FieldValue, SideName};
use bridge::history::{self, Action, Entry, Outcome};
use bridge::plan::LinkState;
use bridge::refusal::{self, Refusal};
use ports::{Reason, lines};

use super::run::Run;
use crate::memory::Held;

const ENTRIES_MAX: i64 = 10_000;

/// Checks everything.
pub fn all(run: &mut Run) {
    let seen = Seen::of(run);
    converged(run, &seen);
    parted(run, &seen);
    nothing_lost(run, &seen);
    no_phantom(run, &seen);
    frugal(run, &seen);
    one_copy(run);
    in_order(run, &seen);
    refused_once(run, &seen);
    complete_journal(run, &seen);
    quiet(run);
}

/// What is looked at, read once.
struct Seen {
    log: Vec<Held>,
    history: Vec<Entry>,
    refusals: Vec<Refusal>,
}

impl Seen {
    fn of(run: &Run) -> Self {
        let connection = &run.connection.id;
        let history =
            run.db.read(|read| history::list(read, connection, &history::Filter::default(), None, ENTRIES_MAX));
        let refusals =
            run.db.read(|read| refusal::list(read, connection, &refusal::Filter::default(), None, ENTRIES_MAX));
        let log = run.sides.state().log.clone();
        Self { log, history: history.unwrap(), refusals: refusals.unwrap() }
    }

    /// Edits of people, without the beginning.
    fn edits(&self) -> impl Iterator<Item = &Held> {
        let beginning = self.beginning();
        self.log.iter().filter(move |held| !held.is_bridge && held.number >= beginning)
    }

    /// The first entries say what the tasks began with: twelve a pair.
    fn beginning(&self) -> usize {
        12 * self.log.iter().map(|held| held.index + 1).max().unwrap_or(0)
    }

    /// Whether the history has an entry of these outcomes about a value of a field.
    fn tells(&self, run: &Run, index: usize, field: Field, value: &FieldValue, outcomes: &[Outcome]) -> bool {
        self.history.iter().any(|entry| {
            entry.link.as_ref() == run.links.get(index)
                && entry.field.as_deref() == Some(field.code())
                && outcomes.contains(&entry.outcome)
                && entry.new.as_ref().is_some_and(|new| new.value == *value)
        })
    }
}

/// I-1: in step, or in a named state that a reason explains; in step means that all three agree.
fn converged(run: &mut Run, _seen: &Seen) {
    for (index, link) in run.all_links().into_iter().enumerate() {
        match link.state {
            _ if run.is_parted(index) => continue,
            LinkState::InStep => {}
            LinkState::OutOfStep if link.reason.is_some() => continue,
            other => {
                let reason = link.reason.as_ref().map(|reason| reason.code());
                run.violate("I-1", format!("pair {index} is {} {reason:?} at rest", other.code()));
                continue;
            }
        }
        for field in Field::ALL {
            let (crm, projects) =
                (run.sides.value(SideName::Crm, index, field), run.sides.value(SideName::Projects, index, field));
            if crm != projects || crm != *link.agreed.get(field) {
                let agreed = link.agreed.get(field).clone();
                run.violate(
                    "I-1",
                    format!("pair {index} {}: CRM {crm:?}, Projects {projects:?}, agreed {agreed:?}", field.code()),
                );
            }
        }
    }
}

/// LIFE-3: where a record was deleted the link is broken, the history says so once, and the other record is left alone.
fn parted(run: &mut Run, seen: &Seen) {
    let mut wrong = Vec::new();
    for (index, link) in run.all_links().into_iter().enumerate() {
        let is_told = |entry: &&Entry| entry.link.as_ref() == Some(&link.id) && entry.action == Action::Delete;
        let told = seen.history.iter().filter(is_told).count();
        let expected = usize::from(run.is_parted(index));
        if told != expected {
            wrong.push(format!("pair {index}: {told} deletions are told of {expected}"));
        }
        if expected == 1 && (link.state, &link.reason) != (LinkState::Broken, &Some(Reason::RecordGone)) {
            wrong.push(format!("pair {index} is {} with a deleted record", link.state.code()));
        }
        // A request on its way may arrive late, and so may one of a worker that has lost its lease.
        let is_settled = !run.swarm.is_late && run.swarm.workers == 1;
        let since = run.broken_at.get(&index).filter(|_| is_settled).copied().unwrap_or(usize::MAX);
        if seen.log.iter().any(|held| held.is_bridge && held.index == index && held.number >= since) {
            wrong.push(format!("pair {index} was written to after its link was broken"));
        }
    }
    wrong.into_iter().for_each(|what| run.violate("LIFE-3", what));
}

/// I-2: each edit is on both sides, or replaced by a later one, or journalled with its value. An edit that only puts back
/// what is agreed on changes nothing: what the other side has changed meanwhile is carried over it.
fn nothing_lost(run: &mut Run, seen: &Seen) {
    let mut lost = Vec::new();
    for edit in seen.edits().filter(|edit| !run.undone.contains(&edit.number) && !run.is_parted(edit.index)) {
        let is_there = SideName::BOTH.iter().all(|side| run.sides.value(*side, edit.index, edit.field) == edit.value);
        let is_replaced = seen
            .edits()
            .any(|later| later.number > edit.number && (later.index, later.field) == (edit.index, edit.field));
        // A lost answer, and then the same person sets on the other side, too, the very value that the lost write would have
        // set in his name: nobody can tell the two apart, and his first edit was replaced all the same.
        let is_coincidence = run.unknown > 0
            && seen.log.iter().any(|other| {
                other.number < edit.number
                    && (other.side != edit.side || other.is_bridge)
                    && (other.index, other.field, &other.by) == (edit.index, edit.field, &edit.by)
                    && other.value == edit.value
            });
        let kept = [Outcome::Refused, Outcome::Held, Outcome::Overruled, Outcome::Skipped];
        if !is_there && !is_replaced && !is_coincidence && !seen.tells(run, edit.index, edit.field, &edit.value, &kept)
        {
            lost.push(format!("pair {} {}: {:?} of {} is nowhere", edit.index, edit.field.code(), edit.value, edit.by));
        }
    }
    lost.into_iter().for_each(|what| run.violate("I-2", what));
}

/// I-3: the bridge writes only what was there at the beginning or what somebody set, of the same field of the same pair;
/// and only edits lose conflicts.
fn no_phantom(run: &mut Run, seen: &Seen) {
    let mut wrong = Vec::new();
    for written in seen.log.iter().filter(|held| held.is_bridge) {
        let is_known = seen.log.iter().any(|held| {
            !held.is_bridge
                && held.number < written.number
                && (held.index, held.field) == (written.index, written.field)
                && held.value == written.value
        });
        if !is_known {
            wrong.push(format!(
                "pair {} {}: {:?} on {} comes from nobody",
                written.index,
                written.field.code(),
                written.value,
                written.side.code()
            ));
        }
    }
    for entry in seen.history.iter().filter(|entry| entry.outcome == Outcome::Overruled) {
        let Some(new) = &entry.new else { continue };
        let is_edit = seen.edits().any(|edit| {
            run.links.get(edit.index) == entry.link.as_ref()
                && entry.field.as_deref() == Some(edit.field.code())
                && edit.value == new.value
                && Some(edit.side) == entry.side
        });
        if !is_edit {
            wrong.push(format!("{:?} {:?} lost a conflict and is nobody's edit", entry.field, new.value));
        }
    }
    wrong.into_iter().for_each(|what| run.violate("I-3", what));
}

/// I-5: no more values are written than there are edits, set-backs, and answers that were not known.
fn frugal(run: &mut Run, seen: &Seen) {
    let beginning = seen.beginning();
    let written = seen.log.iter().filter(|held| held.is_bridge && held.number >= beginning).count();
    let edits = seen.edits().count();
    let others =
        seen.history.iter().filter(|entry| matches!(entry.outcome, Outcome::Reverted | Outcome::Overruled)).count();
    let allowed = edits + others + 6 * run.unknown;
    if written > allowed {
        run.violate("I-5", format!("{written} values written for {edits} edits"));
    }
}

/// I-6: one copy of each comment on the other side, in the order in which they were written.
fn one_copy(run: &mut Run) {
    let (notes, comments) = {
        let state = run.sides.state();
        (state.notes.clone(), state.comments.clone())
    };
    for index in (0..run.links.len()).filter(|index| !run.is_parted(*index)).collect::<Vec<_>>() {
        let mut left: Vec<_> = notes.iter().filter(|note| note.task.as_str() == format!("k{index}")).collect();
        let mut right: Vec<_> = comments.iter().filter(|one| one.task.as_str() == format!("t{index}")).collect();
        left.sort_by_key(|note| (note.at, note.text.clone()));
        right.sort_by_key(|one| (one.at, lines::plain(&one.text)));
        let left: Vec<String> = left.iter().map(|note| note.text.as_str().to_owned()).collect();
        let right: Vec<String> = right.iter().map(|one| lines::plain(&one.text).as_str().to_owned()).collect();
        if left != right {
            run.violate("I-6", format!("pair {index}: notes {left:?}, comments {right:?}"));
        }
    }
}

/// I-8: of titles, which are never used twice, the bridge shows no older one after a newer one.
fn in_order(run: &mut Run, seen: &Seen) {
    let mut wrong = Vec::new();
    let origin = |held: &Held| {
        seen.log.iter().find(|known| {
            !known.is_bridge && (known.index, known.field) == (held.index, held.field) && known.value == held.value
        })
    };
    for index in 0..run.links.len() {
        for side in SideName::BOTH {
            let titles = seen.log.iter().filter(|held| {
                held.is_bridge && held.index == index && held.side == side && held.field == Field::Title
            });
            let mut newest = 0;
            for title in titles {
                let number = origin(title).map_or(0, |known| known.number);
                if number < newest {
                    wrong.push(format!("pair {index}: {} shows {:?} after a newer title", side.code(), title.value));
                }
                newest = newest.max(number);
            }
        }
    }
    wrong.into_iter().for_each(|what| run.violate("I-8", what));
}

/// I-14: a refusal stands in the list once per field, value and author of each edit, and none is open at rest.
fn refused_once(run: &mut Run, seen: &Seen) {
    let mut wrong = Vec::new();
    for (at, refusal) in seen.refusals.iter().enumerate() {
        let Some(field) = refusal.field else { continue };
        let same = seen.refusals.iter().skip(at).filter(|other| {
            (&other.link, other.field, &other.tried.value, &other.person, other.side)
                == (&refusal.link, refusal.field, &refusal.tried.value, &refusal.person, refusal.side)
        });
        let index = run.links.iter().position(|id| *id == refusal.link);
        let edits = seen.edits().filter(|edit| {
            Some(edit.index) == index
                && edit.field == field
                && edit.side == refusal.side
                && edit.value == refusal.tried.value
        });
        let (told, made) = (same.count(), edits.count());
        if told > made {
            wrong.push(format!("{} {:?} is refused {told} times for {made} edits", field.code(), refusal.tried.value));
        }
        if refusal.state == refusal::RefusalState::Open {
            wrong.push(format!("{} {:?} is still open", field.code(), refusal.tried.value));
        }
    }
    wrong.into_iter().for_each(|what| run.violate("I-14", what));
}

/// I-21: each title the bridge wrote is told in the history once. A write whose worker died before it was settled may
/// stay untold if somebody wrote over it in the meantime: nothing is left then to see it by.
fn complete_journal(run: &mut Run, seen: &Seen) {
    let mut wrong = Vec::new();
    for (index, link) in run.links.iter().enumerate().filter(|(index, _)| !run.is_parted(*index)) {
        let of_link = |entry: &&Entry| {
            entry.link.as_ref() == Some(link)
                && entry.action == Action::Change
                && entry.field.as_deref() == Some("title")
        };
        let titles: Vec<&Entry> = seen.history.iter().filter(of_link).collect();
        let written =
            seen.log.iter().filter(|held| held.is_bridge && held.index == index && held.field == Field::Title);
        for held in written {
            let value = &held.value;
            let is_overwritten = seen
                .edits()
                .any(|edit| edit.number > held.number && (edit.index, edit.field) == (held.index, held.field));
            let told = titles.iter().filter(|entry| {
                matches!(entry.outcome, Outcome::Applied | Outcome::Reverted)
                    && entry.new.as_ref().is_some_and(|new| new.value == *value)
            });
            match told.count() {
                1 => {}
                0 if is_overwritten => {}
                0 => wrong.push(format!("pair {index}: nothing tells of the title {value:?}")),
                more => wrong.push(format!("pair {index}: the title {value:?} is told {more} times")),
            }
        }
    }
    wrong.into_iter().for_each(|what| run.violate("I-21", what));
}

/// I-4: after a restart and a comparison nothing is written and nothing is told.
fn quiet(run: &mut Run) {
    let count = |run: &Run| {
        let seen = Seen::of(run);
        let state = run.sides.state();
        (seen.log.len(), seen.history.len(), seen.refusals.len(), state.notes.len(), state.comments.len())
    };
    let before = count(run);
    run.restart_and_compare();
    let after = count(run);
    if before != after {
        run.violate(
            "I-4",
            format!(
                "at rest something moved: {before:?} became {after:?} (values, entries, refusals, notes, comments)"
            ),
        );
    }
}
