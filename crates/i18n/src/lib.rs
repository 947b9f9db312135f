//! Everything a person reads: messages in English and Chinese, forms of dates and numbers, texts of reasons.
//!
//! Messages stand in `messages/<language>/<web|mail|reason>/<area>.ftl`. The build turns each into a method of
//! [`Words`] and stops when a language lacks one.

mod date;
mod language;
mod number;
mod reason;
mod slot;
mod words;

pub use language::{accepted_language, language_name};
pub use ports::Language;
pub use slot::Slot;
pub use words::Words;
