//! How documents, reasons and addresses stand in text columns.

use std::collections::BTreeMap;

use ports::{Date, Email, Fact, Origin, Reason};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::BridgeError;

/// A reason as it is stored: code and facts. The code alone never changes its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredReason {
    code: String,
    facts: BTreeMap<String, StoredFact>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredFact {
    Text(String),
    Number(i64),
    Day(String),
    List(Vec<String>),
}

impl From<&Reason> for StoredReason {
    fn from(reason: &Reason) -> Self {
        let fact = |fact: Fact| match fact {
            Fact::Text(text) => StoredFact::Text(text),
            Fact::Number(number) => StoredFact::Number(number),
            Fact::Day(day) => StoredFact::Day(day.to_string()),
            Fact::List(list) => StoredFact::List(list),
        };
        let facts = reason.facts().into_iter().map(|(name, value)| (name.to_owned(), fact(value))).collect();
        Self { code: reason.code().to_owned(), facts }
    }
}

impl StoredReason {
    /// The reason; one that this program does not know is an internal error.
    pub fn reason(&self) -> Reason {
        let fact = |fact: &StoredFact| match fact {
            StoredFact::Text(text) => Some(Fact::Text(text.clone())),
            StoredFact::Number(number) => Some(Fact::Number(*number)),
            StoredFact::Day(day) => Date::parse(day).ok().map(Fact::Day),
            StoredFact::List(list) => Some(Fact::List(list.clone())),
        };
        let facts: Option<BTreeMap<String, Fact>> =
            self.facts.iter().map(|(name, value)| fact(value).map(|value| (name.clone(), value))).collect();
        facts.and_then(|facts| Reason::from_parts(&self.code, &facts)).unwrap_or(Reason::InternalError)
    }
}

/// A reason as text.
pub fn reason_text(reason: &Reason) -> Result<String, BridgeError> {
    to_json(&StoredReason::from(reason))
}

/// A reason from its text.
pub fn reason(text: &str) -> Result<Reason, BridgeError> {
    Ok(from_json::<StoredReason>(text)?.reason())
}

/// A document as text.
pub fn to_json<T: Serialize>(document: &T) -> Result<String, BridgeError> {
    Ok(serde_json::to_string(document)?)
}

/// A document from its text.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, BridgeError> {
    Ok(serde_json::from_str(text)?)
}

/// A stored address.
pub fn email(text: &str) -> Result<Email, BridgeError> {
    Email::parse(text).map_err(|error| BridgeError::Failed(error.to_string()))
}

/// A stored day.
pub fn day(text: Option<&str>) -> Result<Option<Date>, BridgeError> {
    text.map(|text| Date::parse(text).map_err(|error| BridgeError::Failed(error.to_string()))).transpose()
}

/// A stored origin; unknown words are the program's own.
pub fn origin(code: &str) -> Origin {
    [Origin::Form, Origin::Api, Origin::Import, Origin::Bridge]
        .into_iter()
        .find(|origin| origin.code() == code)
        .unwrap_or(Origin::System)
}

/// A short fingerprint of texts: equal texts in equal order have equal fingerprints.
pub fn fingerprint<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(12).fold(String::new(), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_survives_the_store() {
        for sample in Reason::samples() {
            assert_eq!(reason(&reason_text(&sample).unwrap()).unwrap(), sample);
        }
    }

    #[test]
    fn a_fingerprint_knows_where_a_part_ends() {
        assert_ne!(fingerprint(["ab", "c"]), fingerprint(["a", "bc"]));
        assert_eq!(fingerprint(["ab", "c"]).len(), 24);
    }
}
