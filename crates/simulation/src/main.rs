//! `lockstep-sim`: runs seeds and says what did not hold.
//!
//! ```sh
//! cargo run --release -p simulation -- --seeds 10000
//! cargo run --release -p simulation -- --seed 17 --trace
//! ```

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use bridge::bug::Bug;
use clap::Parser;
use simulation::sim::{self, Report};

/// Runs the engine between two sides in memory, with edits, faults and crashes drawn from seeds.
#[derive(Parser)]
#[command(name = "lockstep-sim")]
struct Arguments {
    /// How many seeds
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first seed
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// One seed alone
    #[arg(long)]
    seed: Option<u64>,
    /// Print what happened
    #[arg(long)]
    trace: bool,
    /// Switch a seeded bug on
    #[arg(long)]
    bug: Option<String>,
    /// Name the seeded bugs, one a line
    #[arg(long)]
    list_bugs: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.list_bugs {
        Bug::ALL.iter().for_each(|bug| println!("{}", bug.name()));
        return ExitCode::SUCCESS;
    }
    let bug = match arguments.bug.as_deref().map(|name| Bug::parse(name).ok_or(name)) {
        None => None,
        Some(Ok(bug)) => Some(bug),
        Some(Err(name)) => {
            eprintln!("lockstep-sim: no seeded bug is called {name:?}; --list-bugs names them");
            return ExitCode::from(2);
        }
    };
    let (from, count) = arguments.seed.map_or((arguments.from, arguments.seeds), |seed| (seed, 1));
    let violations = run_all(from, count, bug, arguments.trace);
    println!("{count} seeds, {violations} violations");
    if violations > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Runs the seeds on all cores; prints violations as they come and answers how many there were.
fn run_all(from: u64, count: u64, bug: Option<Bug>, is_traced: bool) -> usize {
    let next = AtomicU64::new(0);
    let violations = Mutex::new(0_usize);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        return;
                    }
                    let report = sim::run(from + at, bug, is_traced);
                    let mut sum = violations.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    *sum += report.violations.len();
                    tell(&report);
                }
            });
        }
    });
    violations.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn tell(report: &Report) {
    for line in &report.trace {
        println!("{line}");
    }
    if !report.trace.is_empty() {
        println!("seed {}: {} steps, fingerprint {:016x}", report.seed, report.steps, report.fingerprint);
    }
    for violation in &report.violations {
        println!("seed {}: {}: {}", report.seed, violation.invariant, violation.what);
    }
}
