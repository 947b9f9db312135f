//! `lockstep-bench`: how fast the engine is, beside the bare store in the same run. One JSON object a line.
//!
//! ```sh
//! cargo run --release -p bench -- W-3 --links 1000 --links 100000
//! ```

mod fixture;
mod machine;
mod output;
mod reference;
mod stopwatch;
mod workload;

use std::process::ExitCode;

use clap::{Parser, ValueEnum};

use crate::output::Output;

/// Measures the engine beside the bare store.
#[derive(Parser)]
#[command(name = "lockstep-bench")]
struct Arguments {
    /// Which workload
    workload: Workload,
    /// Number of links; may be given several times [default: 1000, 10000, 100000; W-5: 100000]
    #[arg(long)]
    links: Vec<usize>,
    /// Repetitions that count, after one that does not
    #[arg(long, default_value_t = 5)]
    reps: usize,
    /// Edits of one repetition (W-5)
    #[arg(long, default_value_t = 2_000)]
    edits: usize,
}

#[derive(Clone, Copy, ValueEnum)]
enum Workload {
    /// 100 edits among many links: the time of the pass, and how it grows with the links
    #[value(name = "W-3")]
    Delta,
    /// Saves one after the other, carried over in hundreds: converged per second
    #[value(name = "W-5")]
    Saturated,
    /// The pure function alone: nanoseconds a call
    #[value(name = "W-14")]
    Planner,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut output = Output::new();
    let or_standard = |standard: &[usize]| match arguments.links.as_slice() {
        [] => standard.to_vec(),
        given => given.to_vec(),
    };
    let run = match arguments.workload {
        Workload::Delta => workload::delta::run(&mut output, &or_standard(&[1_000, 10_000, 100_000]), arguments.reps),
        Workload::Saturated => {
            workload::saturated::run(&mut output, &or_standard(&[100_000]), arguments.reps, arguments.edits)
        }
        Workload::Planner => workload::planner::run(&mut output, arguments.reps),
    };
    match run {
        Ok(()) => {
            output.ratios();
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("lockstep-bench: {error}");
            ExitCode::FAILURE
        }
    }
}
