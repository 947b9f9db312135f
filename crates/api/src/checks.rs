//! `/checks/task-change`: what would be refused, before it is saved (REF-2).

use std::collections::BTreeMap;

use bridge::BridgeError;
use bridge::checks::{ChangedTask, CheckOutcome, Constraint, FieldCheck, NewValue, TaskCheck};
use bridge::field::{Field, SideName};
use i18n::Words;
use ports::{Date, LinkId};
use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::call::Call;
use crate::document::person::Person;
use crate::document::reason::ReasonDocument;
use crate::document::record::RecordRef;
use crate::document::value::Value;
use crate::failure::Failure;
use crate::fault::{Fault, FaultCode};

#[derive(Deserialize)]
struct Asked {
    link_id: String,
    side: SideName,
    changes: BTreeMap<String, Value>,
}

#[derive(Serialize)]
struct CheckDocument {
    acceptable: bool,
    fields: Vec<FieldDocument>,
    constraints: Vec<ConstraintDocument>,
}

#[derive(Serialize)]
struct FieldDocument {
    field: String,
    outcome: &'static str,
    reason: Option<ReasonDocument>,
    remedies: [(); 0],
}

#[derive(Default, Serialize)]
struct ConstraintDocument {
    field: &'static str,
    rule: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    earliest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    people: Option<Vec<Person>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocked_by: Option<RecordRef>,
    text: String,
}

pub(crate) fn task_change(call: &Call) -> Result<Answer, Failure> {
    let asked: Asked = call.body()?;
    let task = ChangedTask::Link(LinkId::new(asked.link_id));
    let (mut changes, mut further) = (Vec::new(), Vec::new());
    for (name, value) in asked.changes {
        match Field::parse(&name) {
            Some(field) => changes.push((field, new_value(value))),
            None => further.push(name),
        }
    }
    let bridge = call.api.bridge();
    // One field at a time where a value is wrong, so that the answer names it.
    let checked = bridge.check_task_change(call.acting(), &task, asked.side, &changes);
    let check = match checked {
        Err(BridgeError::Invalid(_)) => return Err(wrong_values(call, &task, asked.side, &changes)),
        other => other?,
    };
    Answer::ok(&document(call, &check, further))
}

fn new_value(value: Value) -> NewValue {
    match (value.value, value.native) {
        (None, Some(native)) => NewValue::Native(Some(native)),
        (value, _) => NewValue::Normal(value),
    }
}

fn wrong_values(call: &Call, task: &ChangedTask, side: SideName, changes: &[(Field, NewValue)]) -> Failure {
    let is_wrong = |change: &&(Field, NewValue)| {
        let one = std::slice::from_ref(*change);
        matches!(call.api.bridge().check_task_change(call.acting(), task, side, one), Err(BridgeError::Invalid(_)))
    };
    let faults = changes
        .iter()
        .filter(is_wrong)
        .map(|(field, _)| Fault::new(format!("/changes/{}", field.code()), FaultCode::Malformed));
    Failure::values(faults.collect())
}

fn document(call: &Call, check: &TaskCheck, further: Vec<String>) -> CheckDocument {
    let field = |check: &FieldCheck| FieldDocument {
        field: check.field.code().to_owned(),
        outcome: check.outcome.code(),
        reason: ReasonDocument::of_some(call.w, check.reason.as_ref()),
        remedies: [],
    };
    // A field that is none of the six stays on its side, whatever it is.
    let unsynced = further.into_iter().map(|field| FieldDocument {
        field,
        outcome: CheckOutcome::NotSynced.code(),
        reason: None,
        remedies: [],
    });
    CheckDocument {
        acceptable: check.is_acceptable(),
        fields: check.fields.iter().map(field).chain(unsynced).collect(),
        constraints: check.constraints.iter().filter_map(|rule| constraint(call.w, rule)).collect(),
    }
}

/// What binds the date: the strict project, and the task's own start where it is later.
fn due_text(w: Words, earliest: Option<Date>, strict: Option<(Date, Date)>) -> String {
    let schedule = strict.map(|(start, end)| w.api_rule_str_3(w.date_range(start, end, end)));
    let own = earliest.filter(|earliest| strict.is_none_or(|(start, _)| *earliest > start));
    let own = own.map(|earliest| w.api_rule_start(w.date(earliest, earliest)));
    schedule.into_iter().chain(own).collect::<Vec<_>>().join(" ")
}

fn constraint(w: Words, constraint: &Constraint) -> Option<ConstraintDocument> {
    let text = |day: &Option<Date>| day.map(|day| day.to_string());
    Some(match constraint {
        // Neither schedule nor start: every day is allowed.
        Constraint::Due { earliest: None, latest: None, .. } => return None,
        Constraint::Due { earliest, latest, strict, .. } => ConstraintDocument {
            field: "due",
            rule: if strict.is_some() { "STR-3" } else { "SYNC-6" },
            earliest: text(earliest),
            latest: text(latest),
            text: due_text(w, *earliest, *strict),
            ..ConstraintDocument::default()
        },
        Constraint::ClosedAncestor { ancestor } => ConstraintDocument {
            field: "status",
            rule: "SUB-2",
            blocked_by: Some(RecordRef::projects_task(ancestor.id.as_str(), &ancestor.title, &ancestor.key, "")),
            text: w.api_rule_sub_2(&ancestor.title),
            ..ConstraintDocument::default()
        },
        Constraint::OpenSubtasks { count } => ConstraintDocument {
            field: "status",
            rule: "SUB-4",
            text: w.reason(&ports::Reason::OpenSubtasks { count: *count }),
            ..ConstraintDocument::default()
        },
        Constraint::Owner { people, project } => ConstraintDocument {
            field: "owner",
            rule: "SYNC-3",
            people: Some(people.iter().map(|member| Person::new(&member.name, &member.email)).collect()),
            text: w.api_rule_owner(project),
            ..ConstraintDocument::default()
        },
        Constraint::Title { max } => ConstraintDocument {
            field: "title",
            rule: "F1",
            max_length: Some(*max),
            text: w.api_rule_length(max),
            ..ConstraintDocument::default()
        },
    })
}
