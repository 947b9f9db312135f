//! Room `crm`.
