//! The documents that answers consist of.

pub(crate) mod effect;
pub(crate) mod link;
pub(crate) mod party;
pub(crate) mod person;
pub(crate) mod project;
pub(crate) mod reason;
pub(crate) mod record;
pub(crate) mod value;
