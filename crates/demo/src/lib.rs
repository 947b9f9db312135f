//! The demo data, loaded through the services like a person's own; for `serve --demo` and for tests.

pub mod data;
