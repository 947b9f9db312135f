//! Values of fields in words: of the change history and of the bridge.

use bridge::field::{Field, FieldValue, PriorityClass, Shown};
use i18n::Words;
use ports::Date;

use super::at;
use super::people::People;
use crate::show::PriorityMark;
use crate::visit::Ctx;

/// Letters of a text that a line of a history shows.
const SHORT_MAX: usize = 60;

/// The name of a synced field, as the Projects pages say it.
pub(super) fn field(field: Field, w: Words) -> &'static str {
    match field {
        Field::Title => w.task_title(),
        Field::Description => w.task_description(),
        Field::Due => w.task_due(),
        Field::Priority => w.field_priority(),
        Field::Status => w.field_status(),
        Field::Owner => w.task_owner(),
    }
}

/// The beginning of a text, in one line.
pub(super) fn short(text: &str, w: Words) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        w.value_empty().to_owned()
    } else if line.chars().count() > SHORT_MAX {
        format!("{}…", line.chars().take(SHORT_MAX).collect::<String>())
    } else {
        line
    }
}

/// A value of the bridge.
pub(super) fn shown(ctx: &Ctx, shown: &Shown, people: &People) -> String {
    match &shown.native {
        Some(native) => match &shown.value {
            FieldValue::Priority(_) => PriorityMark::new(native, ctx.w).text().to_owned(),
            FieldValue::Closed(_) => at::status(native, ctx.w),
            FieldValue::Text(_) | FieldValue::Day(_) | FieldValue::Unmapped(_) | FieldValue::Person(_) => {
                value(ctx, &shown.value, people)
            }
        },
        None => value(ctx, &shown.value, people),
    }
}

/// A value in normal form.
pub(super) fn value(ctx: &Ctx, value: &FieldValue, people: &People) -> String {
    let w = ctx.w;
    match value {
        FieldValue::Text(text) | FieldValue::Unmapped(text) => short(text, w),
        FieldValue::Day(Some(day)) => self::day(ctx, day),
        FieldValue::Day(None) => w.due_none().to_owned(),
        FieldValue::Priority(class) => match class {
            PriorityClass::High => w.priority_high(),
            PriorityClass::Medium => w.priority_medium(),
            PriorityClass::Low => w.priority_low(),
            PriorityClass::None => w.priority_none(),
        }
        .to_owned(),
        FieldValue::Closed(true) => w.task_status_closed().to_owned(),
        FieldValue::Closed(false) => w.task_status_open().to_owned(),
        FieldValue::Person(Some(person)) => people.name_of(person),
        FieldValue::Person(None) => w.task_owner_none().to_owned(),
    }
}

/// A day as it is stored.
pub(super) fn day(ctx: &Ctx, text: &str) -> String {
    Date::parse(text).map_or_else(|_| text.to_owned(), |day| ctx.w.date(day, ctx.today))
}

/// A stored value of the change history of a task or project.
pub(super) fn of_history(ctx: &Ctx, field: &str, text: Option<&str>, people: &People) -> String {
    let w = ctx.w;
    let Some(text) = text else { return w.value_empty().to_owned() };
    match field {
        "due" | "start" | "end" => day(ctx, text),
        "due_time" => text.parse::<u16>().map_or_else(|_| text.to_owned(), at::minute),
        "priority" => PriorityMark::new(text, w).text().to_owned(),
        "status" => {
            let known = at::status(text, w);
            if known == text { at::project_status(text, w) } else { known }
        }
        "owners" | "owner" | "member" => {
            w.names(&text.split(", ").map(|email| people.name_of(email)).collect::<Vec<_>>())
        }
        "external" | "strict" => if text == "yes" { w.value_yes() } else { w.value_no() }.to_owned(),
        _ => short(text, w),
    }
}

/// A synced field inside a sentence: "the due date".
pub(super) fn the(field: Field, w: Words) -> &'static str {
    match field {
        Field::Title => w.the_title(),
        Field::Description => w.the_description(),
        Field::Due => w.the_due(),
        Field::Priority => w.the_priority(),
        Field::Status => w.the_status(),
        Field::Owner => w.the_owner(),
    }
}

/// A field of the change history inside a sentence; `None` for what is told in a sentence of its own.
pub(super) fn history_field(field: &str, w: Words) -> Option<&'static str> {
    Some(match field {
        "title" => w.the_title(),
        "description" => w.the_description(),
        "formatting" => w.the_formatting(),
        "start" => w.the_start(),
        "due" => w.the_due(),
        "due_time" => w.the_time(),
        "end" => w.the_end(),
        "priority" => w.the_priority(),
        "status" => w.the_status(),
        "owners" | "owner" => w.the_owner(),
        "external" => w.the_visibility(),
        "strict" => w.the_strict(),
        "name" => w.the_name(),
        "overview" => w.the_overview(),
        _ => return None,
    })
}
