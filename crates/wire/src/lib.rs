//! Room `wire`: documents as they travel, in the field names of Zoho's public formats. Pure data, no behaviour.

pub mod error;
pub mod oauth;
