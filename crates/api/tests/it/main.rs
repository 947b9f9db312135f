//! The API over the real apps with the demo data: every answer is held against the description.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod contract;
mod described;
mod events;
mod hand_off;
mod links;
mod lists;
mod mapping;
mod presses;
mod status;
mod who;
mod world;
