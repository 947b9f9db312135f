//! Records that a request names.

use ports::{CrmModule, CrmRef};
use serde::Deserialize;

use crate::failure::Failure;
use crate::fault::{Fault, FaultCode};

/// A CRM record inside a connection.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct RecordKey {
    module: String,
    id: String,
}

impl RecordKey {
    /// Errors: a module that is no sales record's.
    pub(crate) fn sales(&self, pointer: &str) -> Result<CrmRef, Failure> {
        match CrmModule::ALL.into_iter().find(|module| module.code() == self.module) {
            Some(module) => Ok(CrmRef { module, id: self.id.clone() }),
            None => Err(Failure::values(vec![Fault::new(format!("{pointer}/module"), FaultCode::NotOffered)])),
        }
    }
}

/// A sales record of a parameter, `deal:17`.
pub(crate) fn sales(text: &str, pointer: &str) -> Result<CrmRef, Failure> {
    let (module, id) = text.split_once(':').unwrap_or_default();
    match CrmModule::ALL.into_iter().find(|known| known.code() == module) {
        Some(module) => Ok(CrmRef { module, id: id.to_owned() }),
        None => Err(Failure::request(vec![Fault::new(pointer, FaultCode::NotOffered)])),
    }
}
