//! What the figures were taken on.

use std::fs::{self, File};
use std::io::Write;

use serde_json::{Value, json};

use crate::stopwatch::Stopwatch;

/// Processor, memory, the time of a flush to disk, and that of a fixed loop.
pub fn describe() -> Value {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpu.lines().find_map(|line| line.strip_prefix("model name")).and_then(|rest| rest.split_once(": "));
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))
        .and_then(|rest| rest.trim().split(' ').next().and_then(|number| number.parse::<u64>().ok()));
    json!({
        "cpu": name.map_or("unknown", |(_, name)| name),
        "cpus": std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        "mem_mib": kib.map(|kib| kib / 1_024),
        "fsync_p50_us": fsync_us(),
        "spin_s": spin_s(),
    })
}

/// Median of 50 flushes of a small write, in microseconds; none if no file can be written.
fn fsync_us() -> Option<f64> {
    let folder = tempfile::tempdir().ok()?;
    let mut file = File::create(folder.path().join("flush")).ok()?;
    let mut times = Vec::new();
    for _ in 0..50 {
        file.write_all(&[7; 512]).ok()?;
        let watch = Stopwatch::start();
        file.sync_all().ok()?;
        times.push(watch.seconds() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied()
}

/// Seconds of a fixed loop: tells how busy the machine was.
fn spin_s() -> f64 {
    let watch = Stopwatch::start();
    let mut state = 1_u64;
    for _ in 0..50_000_000_u64 {
        state = std::hint::black_box(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    }
    std::hint::black_box(state);
    watch.seconds()
}
