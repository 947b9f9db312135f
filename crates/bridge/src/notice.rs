//! Letters about refused changes: who gets one, and what it tells (M1, M2, M3, MAIL-1).

use std::collections::BTreeMap;

use mail::letter::{self, RecordName, RefusalLetter, RefusedChange, TaskName};
use mail::{Letter, NewLetter};
use ports::{CrmModule, Email, LetterId};
use store::Tx;

use crate::connection::Connection;
use crate::engine::EngineParts;
use crate::error::BridgeError;
use crate::field::{Field, FieldValue, Shown, SideName};
use crate::history::{self, Action, Outcome};
use crate::link::Link;
use crate::prepare::Scene;
use crate::refusal::{self, Refusal, RefusalState};
use crate::round::Work;

/// Who can be written to. Looked up before the transaction that decides on letters.
#[derive(Default)]
pub(crate) struct Reachable {
    known: BTreeMap<Email, bool>,
    administrators: Vec<Email>,
}

impl Reachable {
    /// Looks up everybody who may get a letter about these links.
    pub(crate) fn look_up(&mut self, parts: &EngineParts, connection: &Connection, work: &[Work]) {
        let mut is_needed = false;
        for work in work.iter().filter(|work| may_tell(work)) {
            is_needed = true;
            let stamps = work.seen.iter().flat_map(|(crm, projects)| crm.fields.iter().chain(&projects.fields));
            let people = stamps
                .filter_map(|field| field.by.clone())
                .chain(work.refusals.iter().filter_map(|refusal| refusal.person.clone()))
                .chain(work.link.agreed.owner.as_person());
            for person in people {
                let directory = &parts.directory;
                self.known
                    .entry(person)
                    .or_insert_with_key(|person| directory.person(person).is_some_and(|card| card.is_active));
            }
        }
        if is_needed && self.administrators.is_empty() {
            self.administrators = parts.directory.portal_administrators(&connection.tenant);
        }
    }

    /// The author; if nobody knows him or he cannot be reached, the task's owner, else the portal administrators (MAIL-1).
    fn recipients(&self, author: Option<&Email>, owner: Option<Email>) -> Vec<Email> {
        let can_reach = |person: &Email| self.known.get(person).copied().unwrap_or(false);
        match author.cloned().filter(can_reach).or_else(|| owner.filter(can_reach)) {
            Some(person) => vec![person],
            None => self.administrators.clone(),
        }
    }
}

fn may_tell(work: &Work) -> bool {
    let is_refused = |result: &crate::execute::Result| matches!(result.outcome, ports::Outcome::Refused(_));
    !work.refusals.is_empty() || !work.plan.refused.is_empty() || work.results.iter().any(is_refused)
}

/// Decides on the letters about refusals of a link that have come to an end: one per person.
pub(crate) fn tell(tx: &mut Tx<'_>, link: &Link, people: &Reachable, scene: &Scene<'_>) -> Result<(), BridgeError> {
    let untold = refusal::untold_of_link(tx, &link.connection, &link.id)?;
    if untold.is_empty() {
        return Ok(());
    }
    let mut by_author: BTreeMap<(Option<Email>, &str), Vec<Refusal>> = BTreeMap::new();
    for refusal in untold {
        by_author.entry((refusal.person.clone(), refusal.side.code())).or_default().push(refusal);
    }
    for ((author, _), refusals) in by_author {
        let letter = letter(tx, link, author.clone(), &refusals)?;
        let mut first = None;
        for to in people.recipients(author.as_ref(), link.agreed.owner.as_person()) {
            let new = NewLetter {
                id: LetterId::new(scene.core.parts.ids.next()),
                at: scene.now,
                tenant: scene.connection.tenant.clone(),
                message_key: message_key(&to, &refusals),
                to,
                letter: Letter::Refusal(letter.clone()),
            };
            let written = mail::enqueue(tx, &new).map_err(|error| BridgeError::Failed(error.to_string()))?;
            first = first.or(written);
        }
        let code = letter.code().code();
        for refusal in &refusals {
            refusal::set_told(tx, &link.connection, &refusal.id, first.as_ref().map(|id| (code, id)))?;
        }
    }
    Ok(())
}

/// One occasion, one letter (MAIL-4): the refusals and the moments at which they happened.
fn message_key(to: &Email, refusals: &[Refusal]) -> String {
    let parts: Vec<String> = refusals.iter().map(|refusal| format!("{}@{}", refusal.id, refusal.at.ms())).collect();
    format!("refusal/{to}/{}", parts.join("+"))
}

fn letter(
    tx: &mut Tx<'_>,
    link: &Link,
    author: Option<Email>,
    refusals: &[Refusal],
) -> Result<RefusalLetter, BridgeError> {
    let side = refusals.first().map_or(SideName::Crm, |refusal| refusal.side);
    let seen = &link.seen;
    let module = seen.under_module.as_deref().and_then(CrmModule::parse);
    Ok(RefusalLetter {
        link_id: link.id.clone(),
        title: link.agreed.title.code().unwrap_or_default(),
        crm_task_id: link.crm_task.clone(),
        task: TaskName {
            project_id: link.project.clone(),
            project: seen.project.clone(),
            project_key: seen.project_key.clone(),
            key: seen.key.clone(),
        },
        record: module.zip(seen.under_name.clone()).map(|(module, name)| RecordName { module, name }),
        side: match side {
            SideName::Crm => letter::Side::Crm,
            SideName::Projects => letter::Side::Projects,
        },
        refused: refusals.iter().filter_map(refused).collect(),
        applied: applied(tx, link, author.as_ref(), refusals)?,
        author,
    })
}

fn refused(refusal: &Refusal) -> Option<RefusedChange> {
    let field = refusal.field?;
    Some(RefusedChange {
        refusal_id: refusal.id.clone(),
        field: field_of(field),
        tried: value(&refusal.tried),
        agreed: value(&Shown::plain(refusal.agreed.clone())),
        reason: refusal.reason.clone(),
        done: match refusal.state {
            RefusalState::Held => letter::Done::Held,
            RefusalState::Open | RefusalState::Reverted | RefusalState::Settled => letter::Done::SetBack,
        },
        at: refusal.changed_at.unwrap_or(refusal.at),
    })
}

/// What of the same save was carried over: changes of the same person at the same moment (SYNC-7).
fn applied(
    tx: &mut Tx<'_>,
    link: &Link,
    author: Option<&Email>,
    refusals: &[Refusal],
) -> Result<Vec<letter::AppliedChange>, BridgeError> {
    let of_same_save =
        |at: Option<ports::Moment>| refusals.iter().any(|refusal| at.is_some() && refusal.changed_at == at);
    let mut applied = Vec::new();
    for entry in history::of_link(tx, &link.connection, &link.id, SAME_SAVE_MAX)? {
        let is_change = entry.action == Action::Change && entry.outcome == Outcome::Applied;
        let field = entry.field.as_deref().and_then(Field::parse);
        if let (true, Some(field), Some(new)) =
            (is_change && entry.person.as_ref() == author, field, entry.new.as_ref())
            && of_same_save(entry.changed_at)
        {
            applied.push((field, letter::AppliedChange { field: field_of(field), value: value(new) }));
        }
    }
    applied.sort_by_key(|(field, _)| *field);
    Ok(applied.into_iter().map(|(_, change)| change).collect())
}

/// Entries looked through for those of the same save: six fields, each applied, refused and set back.
const SAME_SAVE_MAX: i64 = 24;

fn field_of(field: Field) -> letter::Field {
    match field {
        Field::Title => letter::Field::Title,
        Field::Description => letter::Field::Description,
        Field::Due => letter::Field::Due,
        Field::Priority => letter::Field::Priority,
        Field::Status => letter::Field::Status,
        Field::Owner => letter::Field::Owner,
    }
}

fn value(shown: &Shown) -> letter::Value {
    let name = || shown.native.clone().or_else(|| shown.value.code()).unwrap_or_default();
    match &shown.value {
        FieldValue::Text(text) if text.is_empty() => letter::Value::Empty,
        FieldValue::Text(text) | FieldValue::Unmapped(text) => letter::Value::Text(text.clone()),
        FieldValue::Day(_) => shown.value.as_day().map_or(letter::Value::Empty, letter::Value::Day),
        FieldValue::Priority(_) => letter::Value::Text(name()),
        FieldValue::Closed(is_closed) => letter::Value::State { is_closed: *is_closed, name: name() },
        FieldValue::Person(_) => shown.value.as_person().map_or(letter::Value::Empty, letter::Value::Person),
    }
}
