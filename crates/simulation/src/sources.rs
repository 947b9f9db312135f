//! Time and randomness that a test turns: the same run again gives the same bytes.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use ports::{Clock, Entropy, Moment};

/// A clock that stands still until it is turned.
pub struct TurnedClock(AtomicI64);

impl TurnedClock {
    /// A clock that shows this instant.
    pub fn at(now: Moment) -> Self {
        Self(AtomicI64::new(now.ms()))
    }

    /// Turns it to an instant, also backwards.
    pub fn turn(&self, now: Moment) {
        self.0.store(now.ms(), Ordering::SeqCst);
    }

    /// Turns it on by so many milliseconds.
    pub fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for TurnedClock {
    fn now(&self) -> Moment {
        Moment::from_ms(self.0.load(Ordering::SeqCst))
    }
}

/// Bytes that only look random: splitmix64 from a seed.
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// The bytes of a seed.
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let state = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let word = (mixed ^ (mixed >> 31)).to_le_bytes();
            for (byte, value) in chunk.iter_mut().zip(word) {
                *byte = value;
            }
        }
    }
}
