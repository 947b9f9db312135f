//! `/links/{id}/why`: why a link is as it is (CON-12).

use std::collections::BTreeMap;

use bridge::BridgeError;
use bridge::checks::{ChangedTask, Constraint};
use bridge::field::SideName;
use bridge::history::Entry;
use bridge::plan::LinkState;
use bridge::reading::refusals::RefusalView;
use bridge::reading::why::{FieldState, Why, WhyField};
use i18n::Words;
use ports::LinkId;
use serde::Serialize;

use crate::answer::Answer;
use crate::call::Call;
use crate::document::link::LinkDocument;
use crate::document::person::Person;
use crate::document::reason::{FactValue, ReasonDocument};
use crate::document::value::Value;
use crate::failure::Failure;
use crate::refusals::{self, RefusalDocument};

#[derive(Serialize)]
struct WhyDocument {
    link: LinkDocument,
    summary: String,
    read_at: String,
    read_failed: Option<ReasonDocument>,
    fields: Vec<FieldDocument>,
    comments: Comments,
    waiting: Vec<Waiting>,
    refusals: Vec<RefusalDocument>,
    conflicts: [(); 0],
    rules: Vec<Rule>,
    remedies: [(); 0],
}

#[derive(Serialize)]
struct FieldDocument {
    field: &'static str,
    crm: Value,
    projects: Value,
    agreed: Value,
    state: &'static str,
    rule: FieldRule,
    last_change: Option<ChangeDocument>,
}

/// Both directions, the latest wins: other rules come later.
#[derive(Serialize)]
struct FieldRule {
    direction: &'static str,
    both_changed: &'static str,
}

#[derive(Serialize)]
struct ChangeDocument {
    at: String,
    by: Option<Person>,
    side: &'static str,
    through: Option<&'static str>,
    history_id: String,
}

#[derive(Serialize)]
struct Comments {
    copied: i64,
    waiting: i64,
}

#[derive(Serialize)]
struct Waiting {
    field: &'static str,
    since: String,
    attempts: i64,
    next_try_at: Option<String>,
    reason: Option<ReasonDocument>,
}

#[derive(Serialize)]
struct Rule {
    rule: &'static str,
    facts: BTreeMap<&'static str, FactValue>,
    text: String,
}

pub(crate) fn explain(call: &Call) -> Result<Answer, Failure> {
    let id = LinkId::new(call.path("link_id"));
    let bridge = call.api.bridge();
    let why = bridge.why(call.acting(), &id)?;
    let constraints = match bridge.check_task_change(call.acting(), &ChangedTask::Link(id), SideName::Crm, &[]) {
        Ok(check) => check.constraints,
        // What a side that is away allows is not known.
        Err(BridgeError::Side(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    Answer::ok(&document(call, &why, &constraints))
}

fn document(call: &Call, why: &Why, constraints: &[Constraint]) -> WhyDocument {
    let (w, link) = (call.w, &why.view.link);
    let refusal = |refusal: &bridge::refusal::Refusal| {
        let view =
            RefusalView { refusal: refusal.clone(), link: Some(link.clone()), sees_projects: why.view.sees_projects };
        refusals::document(call, link.connection.as_str(), &view)
    };
    let waiting = |waiting: &bridge::reading::why::Waiting| Waiting {
        field: waiting.field.code(),
        since: waiting.since.to_string(),
        attempts: waiting.attempts,
        next_try_at: waiting.next_try_at.map(|at| at.to_string()),
        reason: ReasonDocument::of_some(w, waiting.reason.as_ref()),
    };
    WhyDocument {
        link: LinkDocument::new(&call.api, w, &why.view),
        summary: summary(w, why),
        read_at: why.read_at.to_string(),
        read_failed: ReasonDocument::of_some(w, why.read_failed.as_ref()),
        fields: why.fields.iter().map(|own| field(call, own)).collect(),
        comments: Comments { copied: why.comments_copied, waiting: why.comments_waiting },
        waiting: why.waiting.iter().map(waiting).collect(),
        refusals: why.refusals.iter().map(refusal).collect(),
        conflicts: [],
        rules: rules(w, why, constraints),
        remedies: [],
    }
}

fn field(call: &Call, own: &WhyField) -> FieldDocument {
    let change = |entry: &Entry| {
        Some(ChangeDocument {
            at: entry.changed_at.unwrap_or(entry.at).to_string(),
            by: Person::of_some(&call.api, entry.person.as_ref()),
            side: entry.side?.code(),
            through: None,
            history_id: entry.id.as_str().to_owned(),
        })
    };
    // A side that was never read has what is agreed, as far as anybody knows.
    let agreed = Value::plain(&own.agreed);
    FieldDocument {
        field: own.field.code(),
        crm: own.crm.as_ref().map_or_else(|| agreed.clone(), Value::shown),
        projects: own.projects.as_ref().map_or_else(|| agreed.clone(), Value::shown),
        agreed,
        state: own.state.code(),
        rule: FieldRule { direction: "both", both_changed: "latest" },
        last_change: own.last_change.as_ref().and_then(change),
    }
}

/// The state in a sentence, and why it is so.
fn summary(w: Words, why: &Why) -> String {
    let link = &why.view.link;
    let apart = why.fields.iter().filter(|field| field.state != FieldState::InStep).count();
    let state = match link.state {
        LinkState::Broken => w.api_why_broken().to_owned(),
        LinkState::Unlinked => w.api_why_unlinked().to_owned(),
        LinkState::Paused => w.api_why_paused().to_owned(),
        LinkState::InStep | LinkState::Pending | LinkState::OutOfStep | LinkState::Conflict if apart > 0 => {
            w.api_why_differs(apart)
        }
        LinkState::Pending => w.api_why_pending().to_owned(),
        LinkState::InStep | LinkState::OutOfStep | LinkState::Conflict => w.api_why_in_step().to_owned(),
    };
    // A refusal that was set back is told too: it is what most people come to ask about.
    let newest = why.refusals.first().map(|refusal| &refusal.reason);
    match link.reason.as_ref().or(newest) {
        Some(reason) => w.api_why_with_reason(w.reason(reason), state),
        None => state,
    }
}

/// The rules that bear on the link now.
fn rules(w: Words, why: &Why, constraints: &[Constraint]) -> Vec<Rule> {
    let mut rules: Vec<Rule> = constraints.iter().filter_map(|constraint| rule(w, constraint)).collect();
    let is_set_back = |refusal: &bridge::refusal::Refusal| refusal.state == bridge::refusal::RefusalState::Reverted;
    if why.refusals.iter().any(is_set_back) {
        let facts = BTreeMap::from([("after_refusal", FactValue::Text("revert".to_owned()))]);
        rules.push(Rule { rule: "REF-1", facts, text: w.api_rule_ref_1().to_owned() });
    }
    rules
}

fn rule(w: Words, constraint: &Constraint) -> Option<Rule> {
    match constraint {
        Constraint::Due { strict: Some((start, end)), .. } => {
            let facts = [("start", start), ("end", end)];
            let facts = facts.into_iter().map(|(name, day)| (name, FactValue::Text(day.to_string())));
            let text = w.api_rule_str_3(w.date_range(*start, *end, *end));
            Some(Rule { rule: "STR-3", facts: facts.collect(), text })
        }
        Constraint::ClosedAncestor { ancestor } => {
            let facts = BTreeMap::from([("parent", FactValue::Text(ancestor.title.clone()))]);
            Some(Rule { rule: "SUB-2", facts, text: w.api_rule_sub_2(&ancestor.title) })
        }
        Constraint::OpenSubtasks { count } => {
            let facts = BTreeMap::from([("count", FactValue::Number(i64::from(*count)))]);
            Some(Rule { rule: "SUB-4", facts, text: w.reason(&ports::Reason::OpenSubtasks { count: *count }) })
        }
        Constraint::Due { .. } | Constraint::Owner { .. } | Constraint::Title { .. } => None,
    }
}
