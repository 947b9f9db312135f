//! The address of a page: path and query, changed without string work in pages.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A path of our own with its query, in the order in which it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Address {
    /// A path without a query; segments are given ready for use, see [`segment`].
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), pairs: Vec::new() }
    }

    /// Reads path and query as the request has them. Pairs with an empty value are dropped.
    #[must_use]
    pub fn read(path: &str, query: Option<&str>) -> Self {
        let pairs = pairs(query.unwrap_or_default()).into_iter().filter(|(_, value)| !value.is_empty()).collect();
        Self { path: path.to_owned(), pairs }
    }

    /// The path alone.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query, decoded.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The first value of a name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The same with another value for `name`; an empty value removes it.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.without(name);
        if !value.is_empty() {
            changed.pairs.push((name.to_owned(), value.to_owned()));
        }
        changed
    }

    /// The same without `name`.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let pairs = self.pairs.iter().filter(|(own, _)| own != name).cloned().collect();
        Self { path: self.path.clone(), pairs }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        for (at, (name, value)) in self.pairs.iter().enumerate() {
            let mark = if at == 0 { '?' } else { '&' };
            write!(f, "{mark}{}={}", utf8_percent_encode(name, QUERY), utf8_percent_encode(value, QUERY))?;
        }
        Ok(())
    }
}

/// One segment of a path, encoded.
#[must_use]
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}

/// Reads `a=1&b=2` as a form sends it; what is no UTF-8 is replaced, U+0000 is dropped.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|part| !part.is_empty())
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

pub(crate) fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().replace('\0', "")
}

/// Whether `next` is a page of ours: a path that no browser takes for another host.
#[must_use]
pub fn is_own_path(next: &str) -> bool {
    let mut letters = next.chars();
    letters.next() == Some('/')
        && !matches!(letters.next(), Some('/' | '\\'))
        && !next.contains(['\\', '\r', '\n', '\t', '\0'])
        && !next.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::{Address, is_own_path};

    #[test]
    fn addresses_are_read_and_written() {
        let address = Address::read("/crm/deals", Some("search=a%20b+c&view=won&after=&x"));
        assert_eq!(address.value("search"), Some("a b c"));
        assert_eq!(
            address.with("after", "5|ä").without("view").to_string(),
            "/crm/deals?search=a%20b%20c&after=5%7C%C3%A4"
        );
    }

    #[test]
    fn only_own_paths_are_followed_after_sign_in() {
        for own in ["/", "/crm/deals?view=won", "/projects/DM/tasks#x"] {
            assert!(is_own_path(own), "{own}");
        }
        for other in
            ["", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/a\\b", "/\n/x"]
        {
            assert!(!is_own_path(other), "{other}");
        }
    }
}
