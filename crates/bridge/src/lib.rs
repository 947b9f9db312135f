//! Keeps the two sides in step, and hands sales over to projects: links, engine, operations, mapping.
//!
//! The bridge knows the sides through [`ports::CrmSide`] and [`ports::ProjectsSide`] only. [`Bridge`] is what pages and
//! the own API call; everything on it takes the person first and decides that person's right itself.

// --- engine ---
pub mod bug;
pub mod comment;
pub mod convert;
pub mod dirty;
pub mod engine;
mod execute;
pub mod feed;
pub mod field;
pub mod guard;
pub mod history;
pub mod intent;
pub mod link;
mod notice;
pub mod observe;
pub mod plan;
mod prepare;
pub mod reconcile;
pub mod refusal;
pub mod round;
mod settle;
mod sweep;

// --- operations ---
pub mod add_to_crm;
pub mod association;
pub mod checks;
pub mod connection;
pub mod error;
pub mod handoff;
pub mod job;
pub mod mapping;
mod note;
pub mod operation;
pub mod project;
pub mod reading;
pub mod service;
mod stored;

pub use engine::{Engine, EngineOptions, EngineParts, Step};
pub use error::{BridgeError, FieldError};
pub use link::{Link, NewLink};
pub use plan::LinkState;
pub use service::{Bridge, BridgeParts};

/// The tables of this room.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    prefix: "bridge",
    files: &[
        (1, "engine", include_str!("../migrations/0001_engine.sql")),
        (2, "operations", include_str!("../migrations/0002_operations.sql")),
    ],
};
