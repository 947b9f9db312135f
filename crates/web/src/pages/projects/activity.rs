//! The latest changes of a task or project, in sentences.

use askama::Template;
use bridge::field::{Field, SideName};
use bridge::history::{Action, Entry, Filter, Outcome};
use i18n::Words;
use ports::{Email, LinkId, Moment, Reason};
use projects::{HistoryLine, Task};

use super::head::optional;
use super::people::{self, People};
use super::values;
use crate::error::PageError;
use crate::show::{Diff, When, safe_parts};
use crate::visit::Ctx;

/// Lines beside a task.
const LINES_MAX: usize = 12;

/// The list.
#[derive(Template)]
#[template(path = "components/projects/activity.html")]
pub(super) struct Activity {
    lines: Vec<Line>,
    nothing: &'static str,
}

struct Line {
    icon: &'static str,
    tone: &'static str,
    text: String,
    diff: Option<Diff>,
    when: Moment,
    at: When,
}

safe_parts!(Activity);

impl Activity {
    /// What happened to a task: its own history, and what the bridge carried over. Nothing for client users.
    pub(super) fn of_task(ctx: &Ctx, task: &Task, link: Option<&LinkId>) -> Result<Option<Self>, PageError> {
        if ctx.person.rights.is_client {
            return Ok(None);
        }
        let own = ctx.web.projects.task_history(&ctx.acting, &task.id, None, LINES_MAX)?.rows;
        let carried = match link {
            Some(link) => {
                let filter = Filter { link: Some(link.clone()), ..Filter::default() };
                optional(ctx.web.bridge.history(&ctx.acting, &filter, &[], &[], None, LINES_MAX))?
                    .map(|page| page.rows.into_iter().map(|view| view.entry).collect())
                    .unwrap_or_default()
            }
            None => Vec::new(),
        };
        // What the bridge tells in full is not told twice.
        let is_told = |line: &HistoryLine| link.is_some() && (line.origin == "bridge" || is_synced(&line.field));
        let own: Vec<HistoryLine> =
            own.into_iter().filter(|line| !is_told(line) || is_before(line, &carried)).collect();
        Ok(Some(Self::of(ctx, &own, &carried, LINES_MAX)?))
    }

    /// A page of a project's history.
    pub(super) fn of_project(ctx: &Ctx, lines: &[HistoryLine]) -> Result<Self, PageError> {
        Self::of(ctx, lines, &[], lines.len())
    }

    fn of(ctx: &Ctx, own: &[HistoryLine], carried: &[Entry], limit: usize) -> Result<Self, PageError> {
        let people = People::of(ctx, &addresses(own, carried))?;
        let mut lines: Vec<Line> = own.iter().map(|line| own_line(ctx, line, &people)).collect();
        lines.extend(carried.iter().filter_map(|entry| carried_line(ctx, entry, &people)));
        lines.sort_by_key(|line| std::cmp::Reverse(line.when));
        lines.truncate(limit);
        Ok(Self { lines, nothing: ctx.w.activity_none() })
    }

    /// Lines for samples.
    pub(super) fn sample(w: Words) -> Self {
        let at = || When::new(Moment::from_ms(0), &jiff::tz::TimeZone::UTC, Moment::from_ms(0), w);
        let line =
            |text: String, tone, diff| Line { icon: "edit", tone, text, diff, when: Moment::from_ms(0), at: at() };
        Self {
            lines: vec![
                line(w.activity_changed(w.the_due(), "李明"), "", Some(Diff::applied("6月22日", "6月23日", w))),
                line(
                    w.activity_refused_in(w.the_due(), "李明", w.side_crm()),
                    "danger",
                    Some(Diff::rejected("1", "2", w)),
                ),
            ],
            nothing: w.activity_none(),
        }
    }
}

fn is_synced(field: &str) -> bool {
    ["title", "description", "due", "priority", "status", "owners"].contains(&field)
}

/// Whether a change lies before all that the bridge told of.
fn is_before(line: &HistoryLine, carried: &[Entry]) -> bool {
    carried.iter().map(|entry| entry.at).min().is_none_or(|first| line.at < first)
}

fn addresses(own: &[HistoryLine], carried: &[Entry]) -> Vec<Email> {
    let texts = own.iter().flat_map(|line| [line.old.as_deref(), line.new.as_deref()]).flatten();
    let named = texts.flat_map(|text| text.split(", ")).filter_map(|text| Email::parse(text).ok());
    let of_entry = carried.iter().flat_map(|entry| {
        let shown = [&entry.old, &entry.new].into_iter().flatten().filter_map(|shown| shown.value.as_person());
        entry.person.iter().cloned().chain(shown).collect::<Vec<_>>()
    });
    own.iter().map(|line| line.by.clone()).chain(named).chain(of_entry).collect()
}

fn own_line(ctx: &Ctx, line: &HistoryLine, people: &People) -> Line {
    let w = ctx.w;
    let name = if line.by == ctx.person.email { w.activity_you().to_owned() } else { people.name(&line.by) };
    let person = |text: &Option<String>| text.as_deref().map(|text| people.name_of(text)).unwrap_or_default();
    let (icon, text, has_diff) = match (line.field.as_str(), values::history_field(&line.field, w)) {
        (_, Some(field)) => ("edit", w.activity_changed(field, &name), line.field != "formatting"),
        ("created", None) => ("plus", w.activity_created(&name), false),
        ("deleted", None) => ("trash", w.activity_deleted(&name), false),
        ("member", None) if line.new.is_some() => ("user", w.activity_joined(person(&line.new), &name), false),
        ("member", None) => ("user", w.activity_left(person(&line.old), &name), false),
        ("companies", None) => ("building", w.activity_clients(&name), false),
        ("list" | "parent" | "project", None) => ("arrow-r", w.activity_moved(&name), false),
        ("comment_released", None) => ("eye", w.activity_released(&name), false),
        (_, None) => ("edit", w.activity_changed_something(&name), false),
    };
    let value = |text: &Option<String>| values::of_history(ctx, &line.field, text.as_deref(), people);
    Line {
        icon,
        tone: "",
        text,
        diff: has_diff.then(|| Diff::applied(value(&line.old), value(&line.new), w)),
        when: line.at,
        at: When::new(line.at, &ctx.zone, ctx.now, w),
    }
}

fn carried_line(ctx: &Ctx, entry: &Entry, people: &People) -> Option<Line> {
    let w = ctx.w;
    let name = match &entry.person {
        Some(email) if *email == ctx.person.email => w.activity_you().to_owned(),
        Some(email) => people.name(email),
        None => w.activity_somebody().to_owned(),
    };
    let side = match entry.side {
        Some(SideName::Crm) => w.side_crm(),
        Some(SideName::Projects) | None => w.side_projects(),
    };
    let field = entry.field.as_deref().and_then(Field::parse).map_or(w.the_comment(), |field| values::the(field, w));
    let is_crm = entry.side == Some(SideName::Crm);
    let (icon, tone, text) = match (entry.action, entry.outcome) {
        (Action::Change, Outcome::Applied) => (
            if is_crm { "app-crm" } else { "edit" },
            if is_crm { "crm" } else { "" },
            w.activity_changed_in(field, &name, side),
        ),
        (Action::Change, Outcome::Refused) => ("rejected", "danger", w.activity_refused_in(field, &name, side)),
        (Action::Change, Outcome::Reverted) => ("undo", "", w.activity_set_back(field, side)),
        (Action::Change, Outcome::Held) => ("rejected", "danger", w.activity_held(field, side)),
        (Action::Change, Outcome::Skipped) => ("info", "", w.activity_skipped(field, &name)),
        (Action::Change, Outcome::Overruled) => ("rejected", "warn", w.activity_overruled(field, &name, side)),
        (Action::Comment, Outcome::Applied) => {
            ("comment", if is_crm { "crm" } else { "" }, w.activity_commented(&name, side))
        }
        (Action::Comment, _) => ("comment", "danger", w.activity_comment_refused(&name, side)),
        (Action::Link | Action::Create, _) => ("link", "accent", w.activity_linked(&name)),
        (Action::Unlink, _) => ("unlink", "", w.activity_unlinked(&name)),
        (Action::Delete, _) => ("trash", "danger", w.activity_gone(&name, side)),
        (Action::Map | Action::Unmap | Action::Associate | Action::Dissociate | Action::HandOff, _) => return None,
    };
    let shows_values = entry.action == Action::Change && entry.field.as_deref() != Some("description");
    let diff = match (&entry.old, &entry.new) {
        (Some(old), Some(new)) if shows_values => {
            let (old, new) = (values::shown(ctx, old, people), values::shown(ctx, new, people));
            let is_refused = matches!(entry.outcome, Outcome::Refused | Outcome::Held | Outcome::Overruled);
            Some(if is_refused { Diff::rejected(old, new, w) } else { Diff::applied(old, new, w) })
        }
        _ => None,
    };
    let reason = entry.reason.as_ref().filter(|_| entry.outcome == Outcome::Refused);
    let text = reason.map_or(text.clone(), |reason: &Reason| w.activity_because(people::reason(ctx, reason), &text));
    let when = entry.changed_at.unwrap_or(entry.at);
    Some(Line { icon, tone, text, diff, when: entry.at, at: When::new(when, &ctx.zone, ctx.now, w) })
}
