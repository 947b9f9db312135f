//! The lines: one per repetition, and at the end the ratios of medians.

use serde_json::{Map, Value, json};

use crate::machine;

/// Collects what was measured and prints it.
pub struct Output {
    machine: Value,
    series: Vec<Series>,
}

/// The repetitions of one system under the same parameters.
struct Series {
    workload: &'static str,
    params: Value,
    system: &'static str,
    metric: &'static str,
    values: Vec<f64>,
    is_verified: bool,
}

/// One repetition of one system.
pub struct Measured {
    /// `W-3`.
    pub workload: &'static str,
    /// What it was run with.
    pub params: Value,
    /// `lockstep`, or the reference.
    pub system: &'static str,
    /// The number of the repetition.
    pub rep: usize,
    /// The metric that is compared.
    pub metric: &'static str,
    /// Its value.
    pub value: f64,
    /// Further metrics.
    pub also: Value,
    /// The invariants that were checked after the repetition.
    pub verified: &'static [&'static str],
}

impl Output {
    /// Nothing measured yet.
    pub fn new() -> Self {
        Self { machine: machine::describe(), series: Vec::new() }
    }

    /// Prints a line and keeps its value.
    pub fn line(&mut self, measured: Measured) {
        let mut metrics = Map::new();
        metrics.insert(measured.metric.to_owned(), json!(measured.value));
        if let Value::Object(also) = measured.also {
            metrics.extend(also);
        }
        let line = json!({
            "schema": "lockstep-bench/1",
            "workload": measured.workload,
            "params": measured.params,
            "system": measured.system,
            "version": env!("CARGO_PKG_VERSION"),
            "rep": measured.rep,
            "ok": true,
            "verified": measured.verified,
            "metrics": metrics,
            "machine": self.machine,
        });
        println!("{line}");
        let fits = |series: &&mut Series| {
            series.workload == measured.workload
                && series.params == measured.params
                && series.system == measured.system
                && series.metric == measured.metric
        };
        match self.series.iter_mut().find(fits) {
            Some(series) => {
                series.values.push(measured.value);
                series.is_verified &= !measured.verified.is_empty();
            }
            None => self.series.push(Series {
                workload: measured.workload,
                params: measured.params,
                system: measured.system,
                metric: measured.metric,
                values: vec![measured.value],
                is_verified: !measured.verified.is_empty(),
            }),
        }
    }

    /// Prints the ratios of Lockstep to the reference, and of growth to growth where there are several sizes.
    pub fn ratios(&self) {
        for ours in self.series.iter().filter(|series| series.system == "lockstep") {
            let reference = self.series.iter().find(|other| {
                other.system != "lockstep"
                    && (other.workload, &other.params, other.metric) == (ours.workload, &ours.params, ours.metric)
            });
            let Some(reference) = reference else { continue };
            let pairs: Vec<f64> = ours.values.iter().zip(&reference.values).map(|(a, b)| a / b).collect();
            println!("{}", ratio(ours, reference.system, median(&ours.values) / median(&reference.values), &pairs));
        }
        self.growth();
    }

    /// How the median grows from the first size to each later one, ours against the reference's.
    fn growth(&self) {
        let of = |system: &'static str| {
            self.series.iter().filter(move |series| {
                series.workload == "W-3" && (series.system == "lockstep") == (system == "lockstep")
            })
        };
        let (mut ours, mut theirs) = (of("lockstep"), of("reference"));
        let (Some(first), Some(reference)) = (ours.next(), theirs.next()) else { return };
        for (later, other) in ours.zip(theirs) {
            let own = median(&later.values) / median(&first.values);
            let bare = median(&other.values) / median(&reference.values);
            let line = json!({
                "schema": "lockstep-bench-ratio/1",
                "workload": "W-3",
                "params": {"from": first.params, "to": later.params},
                "metric": "growth",
                "of": "lockstep",
                "to": reference.system,
                "own": own,
                "reference": bare,
                "median": own / bare,
                "verified": later.is_verified,
            });
            println!("{line}");
        }
    }
}

fn ratio(ours: &Series, to: &str, of_medians: f64, pairs: &[f64]) -> Value {
    let least = pairs.iter().copied().fold(f64::INFINITY, f64::min);
    let most = pairs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    json!({
        "schema": "lockstep-bench-ratio/1",
        "workload": ours.workload,
        "params": ours.params,
        "metric": ours.metric,
        "of": "lockstep",
        "to": to,
        "median": of_medians,
        "min": least,
        "max": most,
        "verified": ours.is_verified,
    })
}

/// The median; not a number for nothing.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
