//! Titles (F1): one line, not empty, counted in code points, never cut.

use std::borrow::Cow;

use crate::reason::Reason;

/// The normal form: line breaks and tabs become blanks, ends trimmed. Anything else stays as typed.
pub fn normal(text: &str) -> Cow<'_, str> {
    // Controls, and the first byte of U+2028 and U+2029: what most titles do not have.
    if !text.bytes().any(|byte| byte < b' ' || byte == 0xE2) {
        return Cow::Borrowed(text.trim());
    }
    let one_line = text.replace("\r\n", " ").replace(['\n', '\r', '\t', '\u{2028}', '\u{2029}'], " ").replace('\0', "");
    Cow::Owned(one_line.trim().to_owned())
}

/// The normal form if it may be a title of at most `max` code points.
pub fn check(text: &str, max: usize) -> Result<String, Reason> {
    let title = normal(text);
    match obstacle(&title, max) {
        None => Ok(title.into_owned()),
        Some(reason) => Err(reason),
    }
}

/// Why a text may not be a title of at most `max` code points.
pub fn obstacle(text: &str, max: usize) -> Option<Reason> {
    let title = normal(text);
    let length = title.chars().count();
    if title.is_empty() {
        Some(Reason::TitleEmpty)
    } else if length > max {
        Some(Reason::TitleTooLong { length, max, text: title.into_owned() })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f1_255_characters_fit_and_an_emoji_is_one() {
        assert!(check(&"路".repeat(255), 255).is_ok());
        assert!(check(&format!("{}🧾", "a".repeat(254)), 255).is_ok());
        assert_eq!(check(&"a".repeat(256), 255).unwrap_err().code(), "title_too_long");
        assert_eq!(check("   ", 255), Err(Reason::TitleEmpty));
    }

    #[test]
    fn f1_line_breaks_become_blanks_and_the_soft_hyphen_stays() {
        assert_eq!(normal("  Reten\u{ad}tion\r\n規則 ✅ \t"), "Reten\u{ad}tion 規則 ✅");
    }
}
