//! Texts in the forms in which they are compared, sorted and found.

/// The key under which texts are sorted, searched and called similar: NFKC, letter case folded, white space collapsed
/// and trimmed. Accents stay.
pub fn fold(text: &str) -> String {
    ports::rule::name::key(text)
}

/// The form in which two names are the same (MAP-5): NFC, the blanks at the ends cut off.
pub fn exact(text: &str) -> String {
    ports::rule::name::exact(text)
}
