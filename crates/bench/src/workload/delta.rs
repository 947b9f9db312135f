//! W-3: 100 edits on one side, spread evenly over many links. The time of the pass must not depend on how many there are.

use serde_json::json;
use store::Synchronous;

use crate::fixture::{Failure, Fixture};
use crate::output::{Measured, Output};
use crate::reference::Reference;
use crate::stopwatch::Stopwatch;

const EDITS: usize = 100;

/// Measures each size, Lockstep and the bare store in turn.
pub fn run(output: &mut Output, sizes: &[usize], reps: usize) -> Result<(), Failure> {
    for &links in sizes {
        let mut fixture = Fixture::new(links, Synchronous::Normal)?;
        let mut reference = Reference::new(links, Synchronous::Normal)?;
        let params = json!({"n": links, "k": EDITS, "sides": "builtin-builtin", "store": "sqlite", "sync": "normal"});
        for rep in 0..=reps {
            let pairs: Vec<usize> = (0..EDITS).map(|edit| (edit * links / EDITS + rep) % links).collect();
            for pair in &pairs {
                fixture.edit(*pair)?;
            }
            let watch = Stopwatch::start();
            let steps = fixture.converge()?;
            let seconds = watch.seconds();
            fixture.verify(&pairs)?;
            for pair in &pairs {
                reference.edit(*pair)?;
            }
            let watch = Stopwatch::start();
            reference.converge()?;
            let bare = watch.seconds();
            if rep == 0 {
                continue;
            }
            let also = json!({"steps": steps, "converged": EDITS});
            let ours = Measured {
                workload: "W-3",
                params: params.clone(),
                system: "lockstep",
                rep,
                metric: "wall_s",
                value: seconds,
                also,
                verified: &["I-1"],
            };
            output.line(ours);
            let theirs = Measured {
                workload: "W-3",
                params: params.clone(),
                system: "limit:sqlite",
                rep,
                metric: "wall_s",
                value: bare,
                also: json!({"converged": EDITS}),
                verified: &[],
            };
            output.line(theirs);
        }
    }
    Ok(())
}
