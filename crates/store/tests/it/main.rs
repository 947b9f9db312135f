//! The same stories on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod feed;
mod migrate;
mod queue;
mod statements;
mod transaction;
