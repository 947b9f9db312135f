//! Acceptance scenarios on the demo data, each on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod add_to_crm;
mod comments;
mod concurrent;
mod faults;
mod fields;
mod handoff;
mod language;
mod mapping;
mod real_data;
mod refusals;
mod schedule;
mod seeds;
