//! A contact: a person at an account, or at none.

use ports::{ContactId, Email};

use super::{Named, Record};
use crate::field::Module;

/// A contact as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// First and last name.
    pub name: String,
    /// What the person does; empty if unknown.
    pub title: String,
    /// The account the person belongs to.
    pub account: Option<Named>,
    /// The address; several contacts may have the same.
    pub email: Option<Email>,
    /// Everything about it.
    pub record: Record,
}

impl Contact {
    /// The contact that a record is; none if it is something else.
    pub fn of(record: Record) -> Option<Self> {
        (record.module == Module::Contact).then(|| Self {
            id: ContactId::new(record.id.as_str()),
            name: record.name().to_owned(),
            title: record.text("title").to_owned(),
            account: record.named("account").cloned(),
            email: record.values.email("email"),
            record,
        })
    }
}
