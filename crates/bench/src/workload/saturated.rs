//! W-5: saves one per commit, carried over in hundreds, as fast as it goes. Permissions, history and journal included.

use serde_json::json;
use store::Synchronous;

use crate::fixture::{Failure, Fixture};
use crate::output::{Measured, Output};
use crate::reference::Reference;
use crate::stopwatch::Stopwatch;

const BATCH: usize = 100;

/// Measures each size with both ways of committing, Lockstep and the bare store in turn.
pub fn run(output: &mut Output, sizes: &[usize], reps: usize, edits: usize) -> Result<(), Failure> {
    for &links in sizes {
        for (synchronous, word) in [(Synchronous::Normal, "normal"), (Synchronous::Full, "full")] {
            let mut fixture = Fixture::new(links, synchronous)?;
            let mut reference = Reference::new(links, synchronous)?;
            let params = json!({"n": links, "edits": edits, "saves_per_commit": 1, "sides": "builtin-builtin", "store": "sqlite", "sync": word});
            for rep in 0..=reps {
                let pairs: Vec<usize> = (0..edits).map(|edit| (edit * 7 + rep * 13) % links).collect();
                let watch = Stopwatch::start();
                for batch in pairs.chunks(BATCH) {
                    for pair in batch {
                        fixture.edit(*pair)?;
                    }
                    fixture.converge()?;
                }
                let ours = rate(edits, watch.seconds());
                fixture.verify(&pairs)?;
                let watch = Stopwatch::start();
                for batch in pairs.chunks(BATCH) {
                    for pair in batch {
                        reference.edit(*pair)?;
                    }
                    reference.converge()?;
                }
                let theirs = rate(edits, watch.seconds());
                if rep == 0 {
                    continue;
                }
                for (system, value) in [("lockstep", ours), ("limit:sqlite", theirs)] {
                    output.line(Measured {
                        workload: "W-5",
                        params: params.clone(),
                        system,
                        rep,
                        metric: "converged_per_s",
                        value,
                        also: json!({"converged": edits}),
                        verified: if system == "lockstep" { &["I-1"] } else { &[] },
                    });
                }
            }
        }
    }
    Ok(())
}

fn rate(edits: usize, seconds: f64) -> f64 {
    u32::try_from(edits).map_or(f64::NAN, f64::from) / seconds
}
