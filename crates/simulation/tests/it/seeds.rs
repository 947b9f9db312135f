//! The simulator itself: it finds nothing wrong, says the same twice, and finds every mistake that is switched on.

use bridge::bug::Bug;
use simulation::sim;

/// A bug must show within so many seeds.
const SEEDS_MAX: u64 = 400;

#[test]
fn invariant_1_nothing_is_wrong_over_some_seeds() {
    for seed in 0..60 {
        let report = sim::run(seed, None, false);
        assert_eq!(report.violations, [], "seed {seed}");
        assert!(report.steps > 0);
    }
}

#[test]
fn invariant_20_a_seed_replays_exactly() {
    for seed in [3, 17, 118] {
        let (first, second) = (sim::run(seed, None, true), sim::run(seed, None, true));
        assert_eq!(first.trace, second.trace, "seed {seed}");
        assert_eq!(first.fingerprint, second.fingerprint, "seed {seed}");
    }
    assert_ne!(sim::run(3, None, false).fingerprint, sim::run(17, None, false).fingerprint);
}

#[test]
fn invariant_15_every_seeded_bug_is_found() {
    for bug in Bug::ALL {
        let found = (0..SEEDS_MAX).find(|seed| !sim::run(*seed, Some(bug), false).violations.is_empty());
        assert!(found.is_some(), "{} is not found within {SEEDS_MAX} seeds", bug.name());
    }
}
