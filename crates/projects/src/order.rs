//! Places in an order a person chose: text keys between any two of which another fits, so that a move writes one row.
//!
//! A key is a whole number, whose first letter tells how many digits follow, and a fraction. Adding at an end counts
//! the whole number up or down, so that keys stay short however many are added.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A key after `before` and before `after`; a missing one is an end of the order. Keys sort as bytes.
///
/// Where `before` is not less than `after`, or a key is none of ours, the answer follows `before` directly.
pub fn between(before: Option<&str>, after: Option<&str>) -> String {
    let key = match (before.and_then(parts), after.and_then(parts)) {
        (None, None) => match before {
            Some(foreign) => [foreign.as_bytes(), b"V"].concat(),
            None => b"a0".to_vec(),
        },
        (None, Some((whole, fraction))) if !fraction.is_empty() => whole.to_vec(),
        // 62^26 keys stand before the first one given out: there is always one less.
        (None, Some((whole, _))) => lowered(whole).unwrap_or_else(|| whole.to_vec()),
        (Some((whole, fraction)), None) => {
            raised(whole).unwrap_or_else(|| [whole, midpoint(fraction, None).as_slice()].concat())
        }
        (Some(low), Some(high)) => inside(low, high),
    };
    String::from_utf8_lossy(&key).into_owned()
}

fn inside(low: (&[u8], &[u8]), high: (&[u8], &[u8])) -> Vec<u8> {
    let ((whole, fraction), (whole_after, fraction_after)) = (low, high);
    if whole == whole_after && fraction < fraction_after {
        return [whole, midpoint(fraction, Some(fraction_after)).as_slice()].concat();
    }
    match raised(whole) {
        Some(next) if next.as_slice() < [whole_after, fraction_after].concat().as_slice() => next,
        Some(_) | None => [whole, midpoint(fraction, None).as_slice()].concat(),
    }
}

/// The whole number and the fraction of a key.
fn parts(key: &str) -> Option<(&[u8], &[u8])> {
    let bytes = key.as_bytes();
    bytes.split_at_checked(whole_length(*bytes.first()?)?)
}

fn whole_length(head: u8) -> Option<usize> {
    match head {
        b'a'..=b'z' => Some(usize::from(head - b'a') + 2),
        b'A'..=b'Z' => Some(usize::from(b'Z' - head) + 2),
        _ => None,
    }
}

fn value(digit: u8) -> usize {
    DIGITS.iter().position(|own| *own == digit).unwrap_or(0)
}

fn digit(value: usize) -> u8 {
    DIGITS.get(value).copied().unwrap_or(b'z')
}

/// The next whole number; `None` after the last.
fn raised(whole: &[u8]) -> Option<Vec<u8>> {
    let (head, digits) = whole.split_first()?;
    let mut digits = digits.to_vec();
    for own in digits.iter_mut().rev() {
        if *own != b'z' {
            *own = digit(value(*own) + 1);
            return Some([&[*head], digits.as_slice()].concat());
        }
        *own = b'0';
    }
    match *head {
        b'z' => None,
        b'Z' => Some(b"a0".to_vec()),
        head @ b'a'..=b'y' => Some([&[head + 1], vec![b'0'; digits.len() + 1].as_slice()].concat()),
        head => Some([&[head + 1], vec![b'0'; digits.len().saturating_sub(1)].as_slice()].concat()),
    }
}

/// The whole number before; `None` before the first.
fn lowered(whole: &[u8]) -> Option<Vec<u8>> {
    let (head, digits) = whole.split_first()?;
    let mut digits = digits.to_vec();
    for own in digits.iter_mut().rev() {
        if *own != b'0' {
            *own = digit(value(*own) - 1);
            return Some([&[*head], digits.as_slice()].concat());
        }
        *own = b'z';
    }
    match *head {
        b'A' => None,
        b'a' => Some(b"Zz".to_vec()),
        head @ b'b'..=b'z' => Some([&[head - 1], vec![b'z'; digits.len().saturating_sub(1)].as_slice()].concat()),
        head => Some([&[head - 1], vec![b'z'; digits.len() + 1].as_slice()].concat()),
    }
}

/// A fraction between two, the second missing for "one"; never ends in `0`.
fn midpoint(low: &[u8], high: Option<&[u8]>) -> Vec<u8> {
    if let Some(high) = high {
        let shared = high.iter().enumerate().take_while(|(at, own)| low.get(*at).unwrap_or(&b'0') == *own).count();
        if shared > 0 {
            let (same, rest) = high.split_at_checked(shared).unwrap_or((high, b""));
            return [same, midpoint(low.get(shared..).unwrap_or_default(), Some(rest)).as_slice()].concat();
        }
    }
    let first = low.first().map_or(0, |own| value(*own));
    let last = high.and_then(<[u8]>::first).map_or(DIGITS.len(), |own| value(*own));
    if last > first + 1 {
        return vec![digit((first + last) / 2)];
    }
    match high {
        Some([own, _, ..]) => vec![*own],
        Some(_) | None => [&[digit(first)], midpoint(low.get(1..).unwrap_or_default(), None).as_slice()].concat(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::between;

    #[test]
    fn keys_at_the_end_stay_short() {
        let mut last = between(None, None);
        for _ in 0..20_000 {
            let next = between(Some(&last), None);
            assert!(next > last, "{next} after {last}");
            last = next;
        }
        assert!(last.len() <= 4, "{last}");
    }

    #[test]
    fn keys_at_the_start_stay_short() {
        let mut first = between(None, None);
        for _ in 0..20_000 {
            let next = between(None, Some(&first));
            assert!(next < first, "{next} before {first}");
            first = next;
        }
        assert!(first.len() <= 4, "{first}");
    }

    proptest! {
        #[test]
        fn a_key_fits_between_any_two(places in prop::collection::vec(any::<prop::sample::Index>(), 1..400)) {
            let mut keys: Vec<String> = Vec::new();
            for place in places {
                let at = place.index(keys.len() + 1);
                let before = at.checked_sub(1).map(|before| keys[before].clone());
                let key = between(before.as_deref(), keys.get(at).map(String::as_str));
                assert!(before.is_none_or(|before| before < key));
                assert!(keys.get(at).is_none_or(|after| key < *after));
                keys.insert(at, key);
            }
        }
    }
}
