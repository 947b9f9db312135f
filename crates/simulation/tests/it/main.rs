//! Acceptance scenarios on the demo data, each on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod refusals;
