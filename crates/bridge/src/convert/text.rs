//! F1 and F2: titles on one line, descriptions as lines.

use ports::{PlainText, RichText, lines, rule};

use crate::field::FieldValue;

/// A title: one line, trimmed, otherwise as typed.
pub fn title(text: &str) -> FieldValue {
    FieldValue::Text(rule::title::normal(text).into_owned())
}

/// The lines of a CRM description.
pub fn crm_description(text: &PlainText) -> FieldValue {
    FieldValue::Text(lines::normal(text).as_str().to_owned())
}

/// The lines of a Projects description; formatting is not part of them.
pub fn projects_description(text: &RichText) -> FieldValue {
    FieldValue::Text(lines::plain(text).as_str().to_owned())
}
