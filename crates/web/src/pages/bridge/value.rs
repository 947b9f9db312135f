//! Names of people, and values of fields of either side in the reader's words.

use std::collections::BTreeMap;

use bridge::field::{Field, FieldValue, PriorityClass, Shown, SideName};
use bridge::history::Entry;
use bridge::refusal::Refusal;
use i18n::Words;
use ports::{Date, Email, Reason};

use crate::error::PageError;
use crate::show::{PriorityMark, Source};
use crate::visit::Ctx;

/// Letters of a text that one line shows.
const SHORT_MAX: usize = 60;

/// The people that a page names, asked once for all of them, and what is needed to write values.
pub(super) struct Names {
    w: Words,
    today: Date,
    people: BTreeMap<Email, String>,
}

impl Names {
    /// The names of these people; who has no account stands for himself.
    pub(super) fn of(ctx: &Ctx, emails: impl IntoIterator<Item = Email>) -> Result<Self, PageError> {
        let mut wanted: Vec<Email> = emails.into_iter().collect();
        wanted.sort();
        wanted.dedup();
        let people = if wanted.is_empty() { BTreeMap::new() } else { ctx.web.identity.names(&wanted)? };
        Ok(Self { w: ctx.w, today: ctx.today, people })
    }

    /// The name, or the address.
    pub(super) fn name(&self, email: &Email) -> String {
        self.people.get(email).cloned().unwrap_or_else(|| email.to_string())
    }

    /// The name of an address as text; what is none is shown as it is.
    pub(super) fn name_of(&self, text: &str) -> String {
        Email::parse(text).map_or_else(|_| text.to_owned(), |email| self.name(&email))
    }

    /// A value with the words of its side.
    pub(super) fn shown(&self, shown: &Shown) -> String {
        match (&shown.value, &shown.native) {
            (FieldValue::Priority(_), Some(native)) => PriorityMark::new(native, self.w).text().to_owned(),
            (FieldValue::Closed(_), Some(native)) => status(native, self.w),
            (value, _) => self.value(value),
        }
    }

    /// The same in one short line.
    pub(super) fn short(&self, shown: &Shown) -> String {
        short(self.shown(shown))
    }

    /// A value in normal form.
    pub(super) fn value(&self, value: &FieldValue) -> String {
        let w = self.w;
        match value {
            FieldValue::Text(text) | FieldValue::Unmapped(text) if text.trim().is_empty() => w.value_empty().to_owned(),
            FieldValue::Text(text) | FieldValue::Unmapped(text) => text.clone(),
            FieldValue::Day(None) => w.due_none().to_owned(),
            FieldValue::Day(Some(text)) => {
                Date::parse(text).map_or_else(|_| text.clone(), |day| w.date(day, self.today))
            }
            FieldValue::Priority(class) => match class {
                PriorityClass::High => w.priority_high(),
                PriorityClass::Medium => w.priority_medium(),
                PriorityClass::Low => w.priority_low(),
                PriorityClass::None => w.priority_none(),
            }
            .to_owned(),
            FieldValue::Closed(true) => w.story_closed().to_owned(),
            FieldValue::Closed(false) => w.story_open().to_owned(),
            FieldValue::Person(Some(person)) => self.name_of(person),
            FieldValue::Person(None) => w.somebody_nobody().to_owned(),
        }
    }

    /// Why something was not done, with people by their names.
    pub(super) fn reason(&self, reason: &Reason) -> String {
        let name = |person: String| self.name_of(&person);
        let named = match reason.clone() {
            Reason::ParentClosed { parent_id, parent, closed_by } => {
                Reason::ParentClosed { parent_id, parent, closed_by: closed_by.map(name) }
            }
            Reason::OwnerNotInProject { person, project } => {
                Reason::OwnerNotInProject { person: name(person), project }
            }
            Reason::OwnerUnknown { person } => Reason::OwnerUnknown { person: name(person) },
            Reason::NoPermission { person: Some(person) } => Reason::NoPermission { person: Some(name(person)) },
            other => other,
        };
        self.w.reason_on(&named, self.today)
    }
}

/// A text in one short line.
pub(super) fn short(text: String) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHORT_MAX { line } else { line.chars().take(SHORT_MAX - 1).chain(['…']).collect() }
}

/// The name of a status of either side. Those that come with the program are known in every language; others are shown
/// as they are.
fn status(native: &str, w: Words) -> String {
    match native {
        "Open" => w.task_status_open(),
        "In Progress" => w.task_status_in_progress(),
        "In Review" => w.task_status_in_review(),
        "Closed" => w.task_status_closed(),
        "Cancelled" => w.task_status_cancelled(),
        "Not Started" => w.crm_choice_not_started(),
        "Deferred" => w.crm_choice_deferred(),
        "Completed" => w.crm_choice_completed(),
        "Waiting for input" => w.crm_choice_waiting_for_input(),
        other => other,
    }
    .to_owned()
}

/// The name of a synced field.
pub(super) fn field(field: Field, w: Words) -> &'static str {
    match field {
        Field::Title => w.field_title(),
        Field::Description => w.field_description(),
        Field::Due => w.field_due_crm(),
        Field::Priority => w.field_priority(),
        Field::Status => w.field_status(),
        Field::Owner => w.field_owner(),
    }
}

/// The name of a field as the history has it.
pub(super) fn field_of(code: &str, w: Words) -> &'static str {
    Field::parse(code).map_or_else(|| w.story_comment(), |known| field(known, w))
}

/// The name of a side.
pub(super) fn side(side: SideName, w: Words) -> &'static str {
    match side {
        SideName::Crm => w.side_crm(),
        SideName::Projects => w.side_projects(),
    }
}

/// From which side to which.
pub(super) fn flow(from: SideName, w: Words) -> (Source, Source) {
    match from {
        SideName::Crm => (Source::crm(w.side_crm()), Source::projects(w.side_projects())),
        SideName::Projects => (Source::projects(w.side_projects()), Source::crm(w.side_crm())),
    }
}

/// Everybody whom an entry names.
pub(super) fn people_of_entry(entry: &Entry) -> Vec<Email> {
    let values = [&entry.old, &entry.new].into_iter().flatten().filter_map(|shown| shown.value.as_person());
    let mut people: Vec<Email> = values.chain(entry.person.clone()).collect();
    people.extend(entry.reason.as_ref().and_then(people_of_reason));
    people
}

/// Everybody whom a refusal names.
pub(super) fn people_of_refusal(refusal: &Refusal) -> Vec<Email> {
    let values = [refusal.tried.value.as_person(), refusal.agreed.as_person(), refusal.person.clone()];
    values.into_iter().flatten().chain(people_of_reason(&refusal.reason)).collect()
}

fn people_of_reason(reason: &Reason) -> Option<Email> {
    match reason {
        Reason::ParentClosed { closed_by: Some(person), .. }
        | Reason::OwnerNotInProject { person, .. }
        | Reason::OwnerUnknown { person }
        | Reason::NoPermission { person: Some(person) } => Email::parse(person).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn long_texts_become_one_line() {
        assert_eq!(short("a\n b".into()), "a b");
        assert_eq!(short("字".repeat(80)).chars().count(), 60);
    }
}
