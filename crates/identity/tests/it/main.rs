//! The stories of people, sessions and tokens, on every engine at hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod api_clients;
mod first_start;
mod invitations;
mod sessions;
mod sign_in;
mod tables;
mod world;
