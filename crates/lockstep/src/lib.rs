//! The program in parts, so that a test can boot it: command line, settings, wiring, loops, routes.

pub mod api_client;
pub mod cli;
pub mod config;
pub mod demo_data;
pub mod import;
pub mod metrics;
pub mod routes;
pub mod run;
pub mod serve;
pub mod wake;
pub mod wiring;

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// What is logged where nobody chose: not every table that is made.
const LOGGED: &str = "info,store::migrate=warn";

/// Why a command did not do what it was asked for; says the remedy.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub String);

impl Failure {
    /// A failure with the text of an error.
    pub fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// Chooses the one provider of TLS; first thing in the program.
pub fn install_tls() {
    // An error only means that it is installed already.
    let _already = rustls::crypto::ring::default_provider().install_default();
}

/// Writes log lines to standard error; `LOCKSTEP_LOG` chooses what (`info` where nothing is set).
pub fn start_logging() {
    let filter = EnvFilter::try_from_env("LOCKSTEP_LOG").unwrap_or_else(|_| EnvFilter::new(LOGGED));
    let is_terminal = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(is_terminal);
    // An error only means that a test has set up its own.
    let _already = lines.with_writer(std::io::stderr).try_init();
}
