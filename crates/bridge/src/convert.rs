//! Native values to normal form and back: the only place where a conversion rule stands.

pub mod owner;
pub mod patch;
pub mod priority;
pub mod status;
pub mod text;

use ports::{CrmTask, Email, Moment, ProjectsTask, Stamped};

use crate::field::{FieldValue, SeenField, SeenSide, Shown};

/// How a side's clock stands to ours: what to add to one of its times. None if its times cannot be used.
pub type ClockShift = Option<i64>;

/// The shift of a side that said `side_now` when it was `now` here.
pub fn clock_shift(side_now: Option<Moment>, now: Moment) -> ClockShift {
    side_now.map(|side_now| now.ms() - side_now.ms())
}

/// A CRM task in normal form.
pub fn crm_side(task: &CrmTask, shift: ClockShift) -> SeenSide {
    let native = |text: &str| Some(text.to_owned());
    SeenSide {
        version: task.version.mark.clone(),
        fields: [
            seen(&task.subject, shift, Shown::plain(text::title(&task.subject.value))),
            seen(&task.description, shift, Shown::plain(text::crm_description(&task.description.value))),
            seen(&task.due, shift, Shown::plain(FieldValue::day(task.due.value))),
            seen(
                &task.priority,
                shift,
                Shown { value: priority::of_crm(task.priority.value.as_deref()), native: task.priority.value.clone() },
            ),
            seen(
                &task.status,
                shift,
                Shown { value: status::of_crm(&task.status.value), native: native(&task.status.value) },
            ),
            seen(&task.owner, shift, Shown::plain(FieldValue::person(Some(&task.owner.value)))),
        ],
    }
}

/// A Projects task in normal form; its owner is the first one (F6).
pub fn projects_side(task: &ProjectsTask, shift: ClockShift) -> SeenSide {
    SeenSide {
        version: task.version.mark.clone(),
        fields: [
            seen(&task.title, shift, Shown::plain(text::title(&task.title.value))),
            seen(&task.description, shift, Shown::plain(text::projects_description(&task.description.value))),
            seen(&task.due, shift, Shown::plain(FieldValue::day(task.due.value))),
            seen(
                &task.priority,
                shift,
                Shown { value: priority::of_projects(&task.priority.value), native: Some(task.priority.value.clone()) },
            ),
            seen(
                &task.status,
                shift,
                Shown {
                    value: FieldValue::Closed(task.status.value.is_closed),
                    native: Some(task.status.value.name.clone()),
                },
            ),
            seen(&task.owners, shift, owner::shown(&task.owners.value)),
        ],
    }
}

fn seen<T>(stamped: &Stamped<T>, shift: ClockShift, shown: Shown) -> SeenField {
    SeenField {
        shown,
        by: stamped.by.clone(),
        at: stamped.at,
        comparable_at: stamped.at.zip(shift).map(|(at, shift)| at.plus_ms(shift)),
    }
}

/// An address in its folded form.
pub(crate) fn address(person: &Email) -> String {
    person.as_str().to_owned()
}
