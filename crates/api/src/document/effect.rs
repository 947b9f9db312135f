//! What a call would do: the answer to a dry run.

use bridge::handoff::{Effect, Effects};
use i18n::Words;
use serde::Serialize;

use super::reason::ReasonDocument;
use super::record::RecordRef;

#[derive(Serialize)]
pub(crate) struct EffectsDocument {
    basis: String,
    acceptable: bool,
    effects: Vec<EffectDocument>,
    further_effects: usize,
    problems: Vec<ReasonDocument>,
    calls: Calls,
}

#[derive(Serialize)]
struct EffectDocument {
    action: &'static str,
    record: Option<RecordRef>,
    text: String,
}

#[derive(Serialize)]
struct Calls {
    crm: usize,
    projects: usize,
}

/// So many effects are listed; the rest is counted.
const LISTED_MAX: usize = 500;

impl EffectsDocument {
    pub(crate) fn new(w: Words, effects: &Effects) -> Self {
        let listed = effects.effects.iter().take(LISTED_MAX);
        Self {
            basis: effects.basis.clone(),
            acceptable: effects.problems.is_empty(),
            effects: listed.map(|effect| document(w, effect)).collect(),
            further_effects: effects.effects.len().saturating_sub(LISTED_MAX),
            problems: effects.problems.iter().map(|problem| ReasonDocument::new(w, &problem.reason)).collect(),
            calls: Calls { crm: 0, projects: effects.calls },
        }
    }
}

fn document(w: Words, effect: &Effect) -> EffectDocument {
    let (record, text) = match effect {
        Effect::CreateProject { name } => (None, w.api_effect_create_project(name)),
        Effect::CreateCompany { name } => (None, w.api_effect_create_company(name)),
        Effect::UseCompany { company } => {
            (Some(RecordRef::client(&company.id, &company.name)), w.api_effect_use_company(&company.name))
        }
        Effect::Map { company, account } => (None, w.api_effect_map(account.label(), company)),
        Effect::Associate { record, name } => (Some(RecordRef::sales(record, name)), w.api_effect_associate(name)),
        Effect::AddMember { name, .. } => (None, w.api_effect_add_member(name)),
        Effect::Invite { name, is_client: true, .. } => (None, w.api_effect_invite_client(name)),
        Effect::Invite { name, is_client: false, .. } => (None, w.api_effect_invite_user(name)),
    };
    EffectDocument { action: effect.action(), record, text }
}
