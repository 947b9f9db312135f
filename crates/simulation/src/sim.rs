//! The simulator: one seed is one run. Chaos (edits, faults, crashes, a second worker between any two steps), then
//! healing, then rest, and then everything must hold.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken world is a broken test"
)]

pub mod check;
mod random;
mod run;
mod workload;

use bridge::bug::Bug;

pub use random::Random;
pub use run::Run;

/// What must hold and did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The invariant: `I-2`, or `error` for an engine that gave up.
    pub invariant: &'static str,
    /// What was seen.
    pub what: String,
}

/// What a seed showed.
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// What did not hold.
    pub violations: Vec<Violation>,
    /// Steps of all workers.
    pub steps: usize,
    /// A number that two runs of the same seed have in common, and hardly two other runs.
    pub fingerprint: u64,
    /// What happened, line by line; empty unless it was asked for.
    pub trace: Vec<String>,
}

/// Runs one seed.
pub fn run(seed: u64, bug: Option<Bug>, is_traced: bool) -> Report {
    let mut run = Run::new(seed, bug, is_traced);
    run.chaos();
    run.heal();
    run.rest();
    check::all(&mut run);
    run.report()
}
