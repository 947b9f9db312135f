//! Counters for `/metrics`, in the text form of Prometheus. They name nobody.

use std::sync::Arc;

use bridge::Step;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

type ByKind = Family<[(&'static str, String); 1], Counter>;

/// All counters. A clone counts into the same.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    steps: ByKind,
    writes: ByKind,
    letters: Counter,
    requests: ByKind,
}

impl Default for Metrics {
    fn default() -> Self {
        let (steps, writes, requests) = (ByKind::default(), ByKind::default(), ByKind::default());
        let letters = Counter::default();
        let mut registry = Registry::with_prefix("lockstep");
        registry.register("engine_steps", "Steps of the engine by kind", steps.clone());
        registry.register("side_writes", "Writes sent to a side", writes.clone());
        registry.register("letters", "Letters handed over", letters.clone());
        registry.register("http_requests", "Requests by class of their status", requests.clone());
        Self { registry: Arc::new(registry), steps, writes, letters, requests }
    }
}

impl Metrics {
    /// Counts a step of the engine.
    pub fn engine_step(&self, step: &Step) {
        let kind = match step {
            Step::Pulled { .. } => "pulled",
            Step::Marked { .. } => "marked",
            Step::Claimed { .. } => "claimed",
            Step::FannedOut => "fanned_out",
            Step::Observed { .. } => "observed",
            Step::Asked { .. } => "asked",
            Step::Prepared { .. } => "prepared",
            Step::Executed { side, writes } => {
                let count = u64::try_from(*writes).unwrap_or(u64::MAX);
                self.writes.get_or_create(&[("side", side.code().to_owned())]).inc_by(count);
                "executed"
            }
            Step::Settled { .. } => "settled",
            Step::Renewed => "renewed",
            Step::LeaseLost => "lease_lost",
            Step::Compared => "compared",
            Step::Idle { .. } => return,
        };
        self.steps.get_or_create(&[("kind", kind.to_owned())]).inc();
    }

    /// Counts a letter.
    pub fn letter(&self) {
        self.letters.inc();
    }

    /// Counts an answer.
    pub fn answer(&self, status: u16) {
        self.requests.get_or_create(&[("status", format!("{}xx", status / 100))]).inc();
    }

    /// The text of `/metrics`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if encode(&mut text, &self.registry).is_err() {
            tracing::error!("the metrics cannot be written");
        }
        text
    }
}
