//! The explanation of what Projects will not take: why, a picture, the way that needs nobody else.

use bridge::checks::{CheckOutcome, FieldCheck, TaskCheck};
use bridge::field::Field;
use bridge::reading::links::LinkView;
use crm::{Draft, Record};
use i18n::Words;
use ports::{Date, Reason};

use super::linked::{self, form_name};
use super::task::shown;
use super::task_form::Answer;
use crate::address::segment;
use crate::show::Icon;
use crate::show::icon;
use crate::visit::Ctx;

/// A value that Projects would not take.
pub(super) struct Case {
    pub(super) field: &'static str,
    pub(super) icon: Icon,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) schedule: Option<Schedule>,
    pub(super) parent: Option<Parent>,
    /// A value that is taken: name of the button, value, text.
    pub(super) uses: Vec<Use>,
    /// The task in Projects, for who sees it.
    pub(super) open: Option<(String, String)>,
}

/// A button that puts another value into the form.
pub(super) struct Use {
    pub(super) value: String,
    pub(super) text: String,
}

/// The closed task above.
pub(super) struct Parent {
    pub(super) title: String,
    pub(super) note: String,
    pub(super) child: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// The drawing of a strict schedule with the day that was asked for, in a box of 760 × 104.
pub(super) struct Schedule {
    pub(super) label: String,
    pub(super) project: String,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) asked: String,
    pub(super) note: String,
    pub(super) days: String,
    pub(super) track: (i64, i64),
    pub(super) edge: i64,
    pub(super) pin: i64,
    pub(super) over: (i64, i64),
    pub(super) note_anchor: &'static str,
}

/// What the check means for the person.
pub(super) fn answer(ctx: &Ctx, record: &Record, draft: &Draft, check: &TaskCheck, view: Option<&LinkView>) -> Answer {
    let w = ctx.w;
    let mut answer = Answer::default();
    let mut taken = Vec::new();
    for found in &check.fields {
        let value = draft.text(form_name(found.field)).unwrap_or_default();
        match found.outcome {
            CheckOutcome::Refused | CheckOutcome::Held => {
                if let Some(reason) = &found.reason {
                    answer.cases.push(case(ctx, record, found, reason, value, view));
                }
            }
            CheckOutcome::Applied => taken.push(linked::label(found.field, w).to_owned()),
            CheckOutcome::Waiting => {
                let text = w.crm_check_waits(linked::label(found.field, w));
                answer.lines.push(("pause", text));
            }
            CheckOutcome::Unchanged | CheckOutcome::NotSynced => {}
        }
    }
    if !taken.is_empty() {
        answer.lines.push(("info", w.crm_check_goes(w.names(&taken))));
    }
    answer
}

fn case(ctx: &Ctx, record: &Record, found: &FieldCheck, reason: &Reason, value: &str, view: Option<&LinkView>) -> Case {
    let (w, field) = (ctx.w, found.field);
    let asked = shown(ctx, field, value);
    let kept = shown(ctx, field, record.text(form_name(field)));
    let title = match (field, reason) {
        (Field::Status, Reason::ParentClosed { .. }) => w.crm_case_reopen().to_owned(),
        (Field::Status, Reason::OpenSubtasks { .. }) => w.crm_case_close().to_owned(),
        (Field::Title | Field::Description, _) => w.crm_case_text(linked::label(field, w)),
        (Field::Due | Field::Priority | Field::Status | Field::Owner, _) => w.crm_case_value(&asked),
    };
    let held = found.outcome == CheckOutcome::Held;
    let consequence = match field {
        _ if held => w.crm_case_held().to_owned(),
        Field::Title | Field::Description => w.crm_case_set_back().to_owned(),
        Field::Due | Field::Priority | Field::Status | Field::Owner => w.crm_case_keeps(&kept),
    };
    let why = super::people::reason(ctx, reason);
    Case {
        field: form_name(field),
        icon: icon(match reason {
            Reason::ParentClosed { .. } | Reason::OpenSubtasks { .. } => "subtask",
            Reason::OutsideStrictSchedule { .. } => "lock",
            Reason::OwnerNotInProject { .. } | Reason::OwnerUnknown { .. } => "users",
            _ => "rejected",
        }),
        title,
        text: w.crm_case_both(&consequence, &why),
        schedule: schedule(ctx, reason),
        parent: parent(ctx, record, reason, &kept, &asked),
        uses: uses(ctx, record, found),
        open: view.filter(|view| view.sees_projects).map(|view| open(view, reason, w)),
    }
}

fn open(view: &LinkView, reason: &Reason, w: Words) -> (String, String) {
    let seen = &view.link.seen;
    match reason {
        Reason::OutsideStrictSchedule { .. } => {
            (format!("/projects/{}/tasks", segment(&seen.project_key)), w.crm_open_project().to_owned())
        }
        _ => (super::joined::task_address(view), w.crm_open_task(&seen.key)),
    }
}

fn uses(ctx: &Ctx, record: &Record, found: &FieldCheck) -> Vec<Use> {
    let w = ctx.w;
    let name = form_name(found.field);
    let mut uses = Vec::new();
    if let (Some(day), Some(Reason::OutsideStrictSchedule { end, .. })) = (found.nearest, &found.reason) {
        let text = w.date(day, ctx.today);
        let text = if day == *end { w.crm_use_last_day(text) } else { w.crm_use_first_day(text) };
        uses.push(Use { value: day.to_string(), text });
    } else if let Some(day) = found.nearest {
        uses.push(Use { value: day.to_string(), text: w.crm_use_first_day(w.date(day, ctx.today)) });
    }
    let present = record.text(name);
    let is_long = matches!(found.field, Field::Title | Field::Description);
    if found.nearest.is_none_or(|day| day.to_string() != present) && !is_long {
        uses.push(Use { value: present.to_owned(), text: w.crm_keep_value(shown(ctx, found.field, present)) });
    }
    uses
}

fn parent(ctx: &Ctx, record: &Record, reason: &Reason, before: &str, after: &str) -> Option<Parent> {
    let Reason::ParentClosed { parent, closed_by, .. } = reason else { return None };
    let closed_by = closed_by.as_deref().and_then(|person| ports::Email::parse(person).ok());
    let note = match closed_by {
        Some(person) => {
            let name = super::people::People::of(ctx, [&person])
                .map_or_else(|_| person.to_string(), |people| people.name(&person));
            ctx.w.crm_closed_by(name)
        }
        None => ctx.w.crm_closed_parent().to_owned(),
    };
    Some(Parent {
        title: parent.clone(),
        note,
        child: record.name().to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
    })
}

/// The track lies between these; the day asked for is drawn at the other end of the box.
const LEFT: i64 = 20;
const RIGHT: i64 = 740;
/// What lies outside takes at most this much of the width.
const OUTSIDE: i64 = 110;

fn schedule(ctx: &Ctx, reason: &Reason) -> Option<Schedule> {
    let Reason::OutsideStrictSchedule { tried, start, end, project } = reason else { return None };
    Some(draw(ctx.w, ctx.today, (*start, *end), *tried, project))
}

fn draw(w: Words, today: Date, (start, end): (Date, Date), tried: Date, project: &str) -> Schedule {
    let is_late = tried > end;
    let days = days_between(if is_late { end } else { tried }, if is_late { tried } else { start });
    let length = days_between(start, end).max(1);
    // True to scale as long as it fits.
    let outside = (days.saturating_mul(RIGHT - LEFT) / length.saturating_add(days)).clamp(30, OUTSIDE);
    let (track, edge, pin, over) = if is_late {
        let edge = RIGHT - outside;
        ((LEFT, edge - LEFT), edge, RIGHT - 8, (edge, outside - 8))
    } else {
        let edge = LEFT + outside;
        ((edge, RIGHT - edge), edge, LEFT + 8, (LEFT + 8, outside - 8))
    };
    let asked = w.date(tried, today);
    let (first, last) = (w.date(start, today), w.date(end, today));
    Schedule {
        label: if is_late {
            w.crm_draw_late(&asked, days, &first, &last)
        } else {
            w.crm_draw_early(&asked, days, &first, &last)
        },
        project: w.crm_draw_project(project),
        note: if is_late { w.crm_last_allowed_day() } else { w.crm_first_allowed_day() }.to_owned(),
        days: if is_late { w.crm_days_late(days) } else { w.crm_days_early(days) },
        first,
        last,
        asked,
        track,
        edge,
        pin,
        over,
        note_anchor: if is_late { "end" } else { "start" },
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    from.civil().until(to.civil()).map_or(0, |span| i64::from(span.get_days())).max(0)
}

/// An explanation of each kind, for samples.
pub(super) fn sample(w: Words) -> Answer {
    let day = |month, day| Date::from(jiff::civil::date(2026, month, day));
    let case = |field: &'static str, schedule: Option<Schedule>, parent: Option<Parent>| Case {
        field,
        icon: icon("lock"),
        title: w.crm_case_value("7"),
        text: w.crm_case_both(w.crm_case_keeps("6"), w.reason_title_parent_closed()),
        schedule,
        parent,
        uses: vec![Use { value: "2026-06-30".into(), text: w.crm_use_last_day("6") }],
        open: Some(("/projects/DM/tasks".into(), w.crm_open_project().into())),
    };
    let drawn = |tried: Date| draw(w, day(3, 10), (day(3, 2), day(6, 30)), tried, "数据迁移");
    let parent = Parent {
        title: "盘点".into(),
        note: w.crm_closed_parent().into(),
        child: "试运行".into(),
        before: w.crm_choice_completed().into(),
        after: w.crm_choice_in_progress().into(),
    };
    Answer {
        note: w.crm_nothing_saved().into(),
        cases: vec![case("due", Some(drawn(day(7, 6))), None), case("status", Some(drawn(day(2, 1))), Some(parent))],
        lines: vec![("info", w.crm_check_goes(w.crm_field_subject()))],
    }
}

#[cfg(test)]
mod tests {
    use i18n::{Language, Words};
    use ports::Date;

    use super::draw;

    #[test]
    fn ref_2_the_drawing_stays_in_its_box() {
        let day = |year: i16, month: i8, day: i8| Date::from(jiff::civil::date(year, month, day));
        for tried in [day(2026, 7, 1), day(2026, 7, 6), day(2036, 1, 1), day(2026, 3, 1), day(1990, 1, 1)] {
            let drawn =
                draw(Words::new(Language::En), day(2026, 3, 10), (day(2026, 3, 2), day(2026, 6, 30)), tried, "P");
            assert!(drawn.track.0 >= 20 && drawn.track.0 + drawn.track.1 <= 740, "{tried}: {:?}", drawn.track);
            assert!(drawn.over.1 > 0 && drawn.pin > 20 && drawn.pin < 740, "{tried}: {:?} {}", drawn.over, drawn.pin);
        }
    }
}
