//! The text of one statement.

use std::borrow::Cow;

/// A statement: lower case, placeholders `$1`, `$2`, columns named. Values are always bound, never part of the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sql {
    text: Cow<'static, str>,
}

impl Sql {
    /// A fixed statement; use it for constants beside the record they read or write.
    pub const fn new(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text) }
    }

    /// A fixed statement that runs often: a test holds that it scans no table.
    pub const fn hot(text: &'static str) -> Self {
        Self::new(text)
    }

    /// A statement put together from fixed parts, such as a list with the filters a person chose.
    pub fn built(text: String) -> Self {
        Self { text: Cow::Owned(text) }
    }

    /// The text as written, with `$1`.
    pub fn text(&self) -> &str {
        &self.text
    }
}
