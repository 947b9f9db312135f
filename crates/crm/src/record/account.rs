//! An account: a company.

use ports::AccountId;

use super::{Named, Record};
use crate::field::Module;

/// An account as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// The account above it.
    pub parent: Option<Named>,
    /// Its city, to tell namesakes apart; empty if unknown.
    pub city: String,
    /// Everything about it.
    pub record: Record,
}

impl Account {
    /// The account that a record is; none if it is something else.
    pub fn of(record: Record) -> Option<Self> {
        (record.module == Module::Account).then(|| Self {
            id: AccountId::new(record.id.as_str()),
            name: record.name().to_owned(),
            parent: record.named("parent").cloned(),
            city: record.text("billing_city").to_owned(),
            record,
        })
    }
}
