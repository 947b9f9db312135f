//! The bridge's own HTTP API: `/api/bridge/v1/…` as `openapi.yaml` describes it, and the token endpoint.
//!
//! Every operation of the description is answered by one blocking function that gets a [`call::Call`], whose parameters
//! and body were held against the description before. What waits (for quiet, for the same request, for events) waits in
//! [`router`], [`status`] and [`events`].

mod answer;
mod associations;
mod auth;
mod call;
mod check;
mod checks;
mod code;
mod connections;
mod contract;
mod crm_options;
mod csv;
mod cursor;
mod document;
mod events;
mod failure;
mod fault;
mod hand_offs;
mod history;
mod jobs;
mod links;
mod mails;
mod mappings;
mod me;
mod oauth;
mod pool;
mod press;
mod projects;
mod reference;
mod refusals;
mod router;
mod settings;
mod sides;
mod state;
mod status;
mod version;
mod why;

pub use contract::ContractError;
pub use pool::Pool;
pub use router::{router, routes};
pub use state::{Api, ApiParts};
use store::Migrations;

/// Where the API lies.
pub const BASE: &str = "/api/bridge/v1";

/// The tables of this room.
pub const MIGRATIONS: Migrations =
    Migrations { prefix: "api", files: &[(1, "press", include_str!("../migrations/001_press.sql"))] };
