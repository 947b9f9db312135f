//! Time, ids and randomness as parameters, so that one seed replays one run.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::value::Moment;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Moment;
}

/// Makes ids: 19 digits, never repeated, later ids sort after earlier ones.
pub trait Ids: Send + Sync {
    /// A new id.
    fn next(&self) -> String;
}

/// Gives unpredictable bytes, for tokens and salts.
pub trait Entropy: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// Ids of 41 bits of time, 10 of node, 12 of counter: always 19 digits and below 2^63.
pub struct NumberedIds {
    clock: Arc<dyn Clock>,
    node: i64,
    last: AtomicI64,
}

/// 2015-01-01T00:00:00Z in milliseconds.
const EPOCH_MS: i64 = 1_420_070_400_000;
const NODE_BITS: u32 = 10;
const COUNTER_BITS: u32 = 12;

impl NumberedIds {
    /// An id source for one node (0–1023) of the installation.
    pub fn new(clock: Arc<dyn Clock>, node: u16) -> Self {
        Self { clock, node: i64::from(node) & ((1 << NODE_BITS) - 1), last: AtomicI64::new(0) }
    }
}

impl Ids for NumberedIds {
    /// A clock that goes back never lowers the ids: the counter runs on from the latest one.
    fn next(&self) -> String {
        let ticks = (self.clock.now().ms() - EPOCH_MS).max(1) << COUNTER_BITS;
        let step = |last: i64| ticks.max(last + 1);
        let last = self
            .last
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(step(last)))
            .unwrap_or_else(|last| last);
        let tick = step(last);
        let (ms, counter) = (tick >> COUNTER_BITS, tick & ((1 << COUNTER_BITS) - 1));
        ((ms << (NODE_BITS + COUNTER_BITS)) | (self.node << COUNTER_BITS) | counter).to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    struct Fixed(Mutex<i64>);
    impl Clock for Fixed {
        fn now(&self) -> Moment {
            Moment::from_ms(*self.0.lock().unwrap())
        }
    }

    #[test]
    fn ids_have_19_digits_and_grow_even_if_the_clock_goes_back() {
        let clock = Arc::new(Fixed(Mutex::new(1_773_133_200_000)));
        let ids = NumberedIds::new(clock.clone(), 1023);
        let mut last = ids.next();
        for round in 0..10_000 {
            if round == 5_000 {
                *clock.0.lock().unwrap() -= 3_600_000;
            }
            let next = ids.next();
            assert_eq!(next.len(), 19);
            assert!(next > last, "{next} after {last}");
            last = next;
        }
    }
}
