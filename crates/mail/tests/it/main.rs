//! The stories of the outbox, on every engine at hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod delivery;
mod letters;
mod mail_3;
mod mail_4;
mod reading;
mod tables;
mod world;
