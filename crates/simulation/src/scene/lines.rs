//! Entries, refusals and tasks in one line each, with the keys of the demo data.

use bridge::field::{Field, FieldValue, Shown, SideName};
use bridge::history::Entry;
use bridge::refusal::Refusal;
use ports::{CrmTask, Date, Email, ProjectsTask};

/// `applied due crm 2026-06-22 → 2026-06-24 U4`; a reason comes last.
pub fn entry(entry: &Entry) -> String {
    let shown = |value: &Option<Shown>| value.as_ref().map_or_else(|| "–".to_owned(), |value| word(&value.value));
    let mut line = format!("{} ", entry.outcome.code());
    match &entry.field {
        Some(field) => {
            let side = entry.side.map_or("–", SideName::code);
            line.push_str(&format!("{field} {side} {} → {}", shown(&entry.old), shown(&entry.new)));
        }
        None => line.push_str(format!("{} {}", entry.action.code(), entry.detail).trim_end()),
    }
    if let Some(person) = &entry.person {
        line.push_str(&format!(" {}", key_of_person(person)));
    }
    if let Some(reason) = &entry.reason {
        line.push_str(&format!(" {}", reason.code()));
    }
    line
}

/// `due 2026-07-06 outside_strict_schedule reverted`.
pub fn refusal(refusal: &Refusal) -> String {
    let field = refusal.field.map_or("comment", Field::code);
    let tried = refusal.tried.native.clone().unwrap_or_else(|| word(&refusal.tried.value));
    format!("{field} {tried} {} {}", refusal.reason.code(), refusal.state.code())
}

/// Title, last day, priority, status, owners.
pub fn projects_line(task: &ProjectsTask) -> String {
    let owners: Vec<String> = task.owners.value.iter().map(key_of_person).collect();
    let parts = [
        task.title.value.clone(),
        day(task.due.value),
        task.priority.value.clone(),
        task.status.value.name.clone(),
        owners.join(" "),
    ];
    parts.join(" | ").trim_end().to_owned()
}

/// Subject, last day, priority, status, owner.
pub fn crm_line(task: &CrmTask) -> String {
    let parts = [
        task.subject.value.clone(),
        day(task.due.value),
        task.priority.value.clone().unwrap_or_else(|| "–".to_owned()),
        task.status.value.clone(),
        key_of_person(&task.owner.value),
    ];
    parts.join(" | ")
}

/// `U4: text`.
pub fn said(author: &Email, text: &str) -> String {
    format!("{}: {text}", key_of_person(author))
}

fn day(day: Option<Date>) -> String {
    day.map_or_else(|| "–".to_owned(), |day| day.to_string())
}

/// A value of the history in one word.
fn word(value: &FieldValue) -> String {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    match value {
        FieldValue::Text(text) | FieldValue::Unmapped(text) => text.clone(),
        FieldValue::Day(day) => or_none(day),
        FieldValue::Person(person) => person.as_deref().map_or_else(
            || "–".to_owned(),
            |text| Email::parse(text).map_or_else(|_| text.to_owned(), |email| key_of_person(&email)),
        ),
        FieldValue::Priority(class) => format!("{class:?}").to_lowercase(),
        FieldValue::Closed(is_closed) => if *is_closed { "closed" } else { "open" }.to_owned(),
    }
}

/// The key of a person of the demo data, else the address.
pub fn key_of_person(email: &Email) -> String {
    demo::key_of(email).map_or_else(|| email.to_string(), str::to_owned)
}
