//! Mass limits: a side that suddenly reports many known records missing counts as unreachable (A7.4).

/// Whether so many records missing without evidence can be true, given how many there are.
pub fn is_plausible(missing: usize, known: usize) -> bool {
    missing <= MISSING_MIN.max(known / MISSING_SHARE)
}

/// So many may always be missing.
const MISSING_MIN: usize = 10;

/// One in so many may be missing.
const MISSING_SHARE: usize = 20;

#[cfg(test)]
mod tests {
    use super::is_plausible;

    #[test]
    fn a7_4_ten_or_five_in_a_hundred_may_be_missing() {
        for (missing, known, plausible) in
            [(0, 0, true), (10, 12, true), (11, 12, false), (50, 1_000, true), (51, 1_000, false)]
        {
            assert_eq!(is_plausible(missing, known), plausible, "{missing} of {known}");
        }
    }
}
