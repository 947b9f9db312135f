//! Stories of the bridge, on every database.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

// --- engine ---
mod comments;
mod deletion;
mod faults;
mod laws;
mod refusals;
mod six_fields;
mod walk;
mod world;

// --- operations ---
mod add_to_crm;
mod desk;
mod fake_sides;
mod handoff;
mod mapping;
mod tables;
