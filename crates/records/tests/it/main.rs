//! Search, history and lists on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod history;
mod list;
mod search;
mod tables;
