//! Why something is refused, held, left out or waiting.

use std::collections::BTreeMap;

use i18n::Words;
use ports::{Fact, Reason};
use serde::Serialize;

/// A fact of a reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum FactValue {
    Text(String),
    Number(i64),
    List(Vec<String>),
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct ReasonDocument {
    code: &'static str,
    facts: BTreeMap<&'static str, FactValue>,
    text: String,
}

impl ReasonDocument {
    pub(crate) fn new(w: Words, reason: &Reason) -> Self {
        Self { code: reason.code(), facts: facts(reason), text: w.reason(reason) }
    }

    pub(crate) fn of_some(w: Words, reason: Option<&Reason>) -> Option<Self> {
        reason.map(|reason| Self::new(w, reason))
    }
}

/// The facts as the API names them.
pub(crate) fn facts(reason: &Reason) -> BTreeMap<&'static str, FactValue> {
    let value = |fact: Fact| match fact {
        Fact::Text(text) => FactValue::Text(text),
        Fact::Number(number) => FactValue::Number(number),
        Fact::Day(day) => FactValue::Text(day.to_string()),
        Fact::List(list) => FactValue::List(list),
    };
    reason.facts().into_iter().map(|(name, fact)| (name, value(fact))).collect()
}
