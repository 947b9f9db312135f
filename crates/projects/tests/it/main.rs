//! The stories of the Projects app, on every engine at hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod comments;
mod isolation;
mod lists;
mod moves;
mod permissions;
mod progress;
mod projects;
mod side;
mod side_units;
mod subtasks;
mod tables;
mod tasks;
mod users;
mod world;
