//! How long to wait before the next try.

const FIRST_MS: i64 = 1_000;
const LONGEST_MS: i64 = 5 * 60 * 1_000;

/// The wait after `attempts` tries that failed (1 for the first): 1 s doubling to 5 min, of which the last quarter
/// depends on `seed`, so that what failed together is not tried together. Pure.
pub fn back_off_ms(attempts: i64, seed: u64) -> i64 {
    let doublings = u32::try_from(attempts.clamp(1, 10) - 1).unwrap_or(0);
    let full = FIRST_MS.saturating_mul(1_i64 << doublings).min(LONGEST_MS);
    let quarter = full / 4;
    let share = i64::try_from(scattered(seed) % 1_024).unwrap_or(0);
    full - quarter + quarter * share / 1_023
}

/// Spreads neighbouring seeds over all numbers (the finalizer of splitmix64).
fn scattered(seed: u64) -> u64 {
    let mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::back_off_ms;

    #[test]
    fn waits_double_from_a_second_to_five_minutes() {
        for (attempts, longest) in
            [(0, 1_000), (1, 1_000), (2, 2_000), (5, 16_000), (9, 256_000), (10, 300_000), (99, 300_000)]
        {
            for seed in 0..200 {
                let wait = back_off_ms(attempts, seed);
                assert!(wait <= longest && wait >= longest - longest / 4, "{attempts} tries: {wait} ms");
            }
        }
    }

    #[test]
    fn neighbouring_seeds_wait_differently() {
        assert_ne!(back_off_ms(9, 1), back_off_ms(9, 2));
    }
}
