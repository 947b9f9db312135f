//! Stories of the CRM app, on every engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod deals;
mod import;
mod lists;
mod permissions;
mod side;
mod statements;
mod tasks;
mod world;
