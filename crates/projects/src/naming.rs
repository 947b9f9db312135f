//! Names as keys: folded for sorting and comparing, and the prefix of a project's task keys.

use records::fold;

/// The key under which names sort and are called similar (MAP-5).
pub(crate) fn name_key(name: &str) -> String {
    fold(name)
}

/// The sort key of a title: the beginning is enough, ties go by id.
pub(crate) fn title_key(title: &str) -> String {
    fold(title).chars().take(TITLE_KEY_MAX).collect()
}

const TITLE_KEY_MAX: usize = 120;
const PREFIX_MAX: usize = 5;

/// The prefix a project of this name gets if it is free: the initials of its words, the first two letters of a single
/// word, `P` where there is no letter from A to Z.
pub(crate) fn prefix_of(name: &str) -> String {
    let words: Vec<String> = name
        .split_whitespace()
        .map(|word| word.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_uppercase())
        .filter(|word| !word.is_empty())
        .collect();
    let prefix: String = match words.as_slice() {
        [only] => only.chars().take(2).collect(),
        words => words.iter().filter_map(|word| word.chars().next()).take(PREFIX_MAX).collect(),
    };
    if prefix.len() < 2 { "P".to_owned() } else { prefix }
}

/// A prefix that a person chose: 2 to 5 letters from A to Z.
pub(crate) fn chosen_prefix(text: &str) -> Option<String> {
    let prefix = text.trim().to_ascii_uppercase();
    let fits = (2..=PREFIX_MAX).contains(&prefix.len()) && prefix.chars().all(|letter| letter.is_ascii_uppercase());
    fits.then_some(prefix)
}

/// Prefix and number of a task key like `DM-10`.
pub(crate) fn task_key_parts(key: &str) -> Option<(&str, i64)> {
    let (prefix, number) = key.rsplit_once('-')?;
    Some((prefix, number.parse().ok().filter(|number| *number > 0)?))
}

#[cfg(test)]
mod tests {
    use super::{chosen_prefix, prefix_of, task_key_parts};

    #[test]
    fn prefixes_come_from_the_name() {
        for (name, prefix) in [
            ("Data Migration", "DM"),
            ("Router Roll-out", "RR"),
            ("Hospital Wi-Fi", "HW"),
            ("Onboarding", "ON"),
            ("数据迁移", "P"),
            ("数据 A", "P"),
            ("1,200 branch routers", "BR"),
            ("a b c d e f g", "ABCDE"),
            ("", "P"),
        ] {
            assert_eq!(prefix_of(name), prefix, "{name}");
        }
    }

    #[test]
    fn a_chosen_prefix_has_two_to_five_letters() {
        assert_eq!(chosen_prefix(" dm "), Some("DM".to_owned()));
        for wrong in ["", "D", "ABCDEF", "D1", "数据"] {
            assert_eq!(chosen_prefix(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn task_keys_are_read() {
        assert_eq!(task_key_parts("DM-10"), Some(("DM", 10)));
        for wrong in ["DM", "DM-", "DM-x", "DM-0", "DM-+"] {
            assert_eq!(task_key_parts(wrong), None, "{wrong}");
        }
    }
}
