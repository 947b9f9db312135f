//! A lead: somebody who may become a customer.

use ports::{Email, LeadId};

use super::Record;
use crate::field::Module;

/// A lead as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// Its id.
    pub id: LeadId,
    /// First and last name.
    pub name: String,
    /// The company the person works for, as typed.
    pub company: String,
    /// Its status; empty if none.
    pub status: String,
    /// The address.
    pub email: Option<Email>,
    /// Everything about it.
    pub record: Record,
}

impl Lead {
    /// The lead that a record is; none if it is something else.
    pub fn of(record: Record) -> Option<Self> {
        (record.module == Module::Lead).then(|| Self {
            id: LeadId::new(record.id.as_str()),
            name: record.name().to_owned(),
            company: record.text("company").to_owned(),
            status: record.text("status").to_owned(),
            email: record.values.email("email"),
            record,
        })
    }
}
