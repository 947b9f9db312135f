//! Entries of the bridge's history in words: what was changed, by whom, where, and what became of it.

use bridge::field::{Field, SideName};
use bridge::history::{Action, Entry, Outcome};
use i18n::Words;

use super::value::{self, Names};
use crate::show::{Diff, Sign, Sync, When};
use crate::visit::Ctx;

/// One entry.
pub(super) struct Line {
    /// Colour and icon of the knot in a timeline.
    pub(super) tone: &'static str,
    pub(super) icon: &'static str,
    /// What was done, in a few words: "Due date not applied".
    pub(super) what: String,
    /// What it was done to: "Due date".
    pub(super) subject: String,
    pub(super) diff: Option<Diff>,
    pub(super) at: When,
    /// Who did it, and where.
    pub(super) by: String,
    pub(super) reason: Option<String>,
    pub(super) outcome: Sync,
    /// From which side to which.
    pub(super) from: Option<SideName>,
}

/// The entry as a person reads it.
pub(super) fn line(ctx: &Ctx, entry: &Entry, names: &Names) -> Line {
    let w = ctx.w;
    let (tone, icon) = knot(entry);
    Line {
        tone,
        icon,
        what: what(entry, w),
        subject: subject(entry, w),
        diff: diff(entry, names, w),
        at: When::new(entry.changed_at.unwrap_or(entry.at), &ctx.zone, ctx.now, w),
        by: by(entry, names, w),
        reason: reason(entry, names, w),
        outcome: outcome(entry, w),
        from: entry.side.filter(|_| matches!(entry.action, Action::Change | Action::Comment)),
    }
}

fn knot(entry: &Entry) -> (&'static str, &'static str) {
    match (entry.action, entry.outcome) {
        (_, Outcome::Refused | Outcome::Held) | (Action::Delete, _) => ("danger", "rejected"),
        (_, Outcome::Overruled) => ("crm", "both"),
        (_, Outcome::Reverted) => ("", "undo"),
        (_, Outcome::Skipped) => ("", "pause"),
        (Action::Comment, Outcome::Applied) => ("ok", "comment"),
        (Action::Link | Action::Map | Action::Associate | Action::Create, Outcome::Applied) => ("accent", "link"),
        (Action::Unlink | Action::Unmap | Action::Dissociate, Outcome::Applied) => ("", "unlink"),
        (Action::HandOff, Outcome::Applied) => ("accent", "app-projects"),
        (Action::Change, Outcome::Applied) => ("ok", "check"),
    }
}

fn what(entry: &Entry, w: Words) -> String {
    let field = || value::field_of(entry.field.as_deref().unwrap_or_default(), w);
    let is_applied = entry.outcome == Outcome::Applied;
    match entry.action {
        Action::Change => match entry.outcome {
            Outcome::Applied => w.story_applied(field()),
            Outcome::Refused => w.story_refused(field()),
            Outcome::Reverted => w.story_reverted(field()),
            Outcome::Held => w.story_held(field()),
            Outcome::Skipped => w.story_skipped(field()),
            Outcome::Overruled => w.story_overruled(field()),
        },
        Action::Comment if is_applied => w.story_comment_copied(&entry.detail),
        Action::Comment => w.story_comment_not_copied(&entry.detail),
        Action::Create if is_applied => w.story_created().to_owned(),
        Action::Create => w.story_not_created().to_owned(),
        Action::Delete => match entry.side {
            Some(side) => w.story_deleted(value::side(side, w)),
            None => w.story_gone().to_owned(),
        },
        Action::Link => w.story_linked().to_owned(),
        Action::Unlink => w.story_unlinked().to_owned(),
        Action::Map => w.story_mapped(&entry.detail),
        Action::Unmap => w.story_unmapped(&entry.detail),
        Action::Associate => w.story_associated(&entry.detail),
        Action::Dissociate => w.story_dissociated(&entry.detail),
        Action::HandOff => w.story_handed_off(&entry.detail),
    }
}

fn subject(entry: &Entry, w: Words) -> String {
    match entry.action {
        Action::Change => value::field_of(entry.field.as_deref().unwrap_or_default(), w).to_owned(),
        Action::Comment
        | Action::Create
        | Action::Delete
        | Action::Link
        | Action::Unlink
        | Action::Map
        | Action::Unmap
        | Action::Associate
        | Action::Dissociate
        | Action::HandOff => what(entry, w),
    }
}

/// Old and new value. A refused or overruled one is struck out; a set back one is what holds again.
fn diff(entry: &Entry, names: &Names, w: Words) -> Option<Diff> {
    let is_text = entry.field.as_deref() == Some(Field::Description.code());
    let new = entry.new.as_ref().filter(|_| entry.action == Action::Change && !is_text)?;
    let old = entry.old.as_ref().map_or_else(|| w.value_empty().to_owned(), |old| names.short(old));
    Some(match entry.outcome {
        Outcome::Applied | Outcome::Reverted => Diff::applied(old, names.short(new), w),
        Outcome::Refused | Outcome::Held | Outcome::Skipped | Outcome::Overruled => {
            Diff::rejected(old, names.short(new), w)
        }
    })
}

fn by(entry: &Entry, names: &Names, w: Words) -> String {
    let person = entry.person.as_ref().map(|person| names.name(person));
    match (person, entry.side) {
        (Some(person), Some(side)) => w.story_by_in(person, value::side(side, w)),
        (Some(person), None) => person,
        (None, Some(side)) => w.story_in(value::side(side, w)),
        (None, None) => String::new(),
    }
}

fn reason(entry: &Entry, names: &Names, w: Words) -> Option<String> {
    if entry.detail == "owner_not_representable" {
        let owner = entry.new.as_ref().map(|owner| names.shown(owner)).unwrap_or_default();
        return Some(w.story_owner_note(owner));
    }
    entry.reason.as_ref().filter(|_| entry.action != Action::Delete).map(|reason| names.reason(reason))
}

fn outcome(entry: &Entry, w: Words) -> Sync {
    let (sign, text) = match entry.outcome {
        Outcome::Applied => (Sign::InStep, applied(entry, w)),
        Outcome::Refused => (Sign::Rejected, w.story_out_refused().to_owned()),
        Outcome::Reverted => (Sign::InStep, w.story_out_reverted().to_owned()),
        Outcome::Held => (Sign::Rejected, w.story_out_held().to_owned()),
        Outcome::Skipped if entry.action == Action::Delete => (Sign::Rejected, w.link_broken().to_owned()),
        Outcome::Skipped => (Sign::Paused, w.story_out_skipped().to_owned()),
        Outcome::Overruled => (Sign::Rejected, w.link_conflict().to_owned()),
    };
    Sync::new(sign, text)
}

/// How long a carried change took; longer than a minute it is no matter of seconds any more.
fn applied(entry: &Entry, w: Words) -> String {
    let took = entry.changed_at.map(|changed| entry.at.ms() - changed.ms());
    match took {
        Some(ms @ 50..60_000) if matches!(entry.action, Action::Change | Action::Comment) => {
            let tenths = ms.saturating_add(50) / 100;
            w.story_out_after(format!("{}.{}", tenths / 10, tenths % 10))
        }
        _ if matches!(entry.action, Action::Change | Action::Comment) => w.story_out_applied().to_owned(),
        _ => w.story_out_done().to_owned(),
    }
}

/// Lines for samples: one of each kind.
pub(super) fn samples(w: Words) -> Vec<Line> {
    let zero = ports::Moment::from_ms(0);
    let when = || When::new(zero, &jiff::tz::TimeZone::UTC, zero, w);
    let line = |tone, icon, what: String, diff, reason: Option<String>, outcome, from| Line {
        tone,
        icon,
        subject: what.clone(),
        what,
        diff,
        at: when(),
        by: w.story_by_in("李明 <1>", w.side_crm()),
        reason,
        outcome,
        from,
    };
    let refused = Some(Diff::rejected("6月22日", "7月6日", w));
    let applied = Some(Diff::applied("中", "高", w));
    vec![
        line(
            "danger",
            "rejected",
            w.story_refused(w.field_due_crm()),
            refused,
            Some(w.reason_record_gone().into()),
            Sync::new(Sign::Rejected, w.story_out_refused()),
            Some(SideName::Crm),
        ),
        line(
            "ok",
            "check",
            w.story_applied(w.field_priority()),
            applied,
            None,
            Sync::new(Sign::InStep, w.story_out_after("0.4")),
            Some(SideName::Projects),
        ),
        line(
            "accent",
            "link",
            w.story_mapped("软件客户"),
            None,
            None,
            Sync::new(Sign::InStep, w.story_out_applied()),
            None,
        ),
    ]
}
