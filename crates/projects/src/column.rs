//! Columns as values: days, moments, addresses.

use ports::{Date, Email, InvalidValue, Moment};
use store::{Row, StoreError};

pub(crate) fn day(row: &Row, name: &str) -> Result<Option<Date>, StoreError> {
    row.text_or_null(name)?.map(|text| Date::parse(&text).map_err(|cause| damaged(&cause))).transpose()
}

pub(crate) fn moment(row: &Row, name: &str) -> Result<Moment, StoreError> {
    row.int(name).map(Moment::from_ms)
}

pub(crate) fn moment_or_null(row: &Row, name: &str) -> Result<Option<Moment>, StoreError> {
    Ok(row.int_or_null(name)?.map(Moment::from_ms))
}

pub(crate) fn email(row: &Row, name: &str) -> Result<Email, StoreError> {
    Email::parse(&row.text(name)?).map_err(|cause| damaged(&cause))
}

pub(crate) fn email_or_null(row: &Row, name: &str) -> Result<Option<Email>, StoreError> {
    row.text_or_null(name)?.map(|text| Email::parse(&text).map_err(|cause| damaged(&cause))).transpose()
}

pub(crate) fn count(row: &Row, name: &str) -> Result<u32, StoreError> {
    Ok(u32::try_from(row.int(name)?).unwrap_or(0))
}

/// A missing day sorts behind all days, so that a page of a list can go on after it.
pub(crate) fn sort_day(day: Option<Date>) -> String {
    day.map_or_else(|| "~".to_owned(), |day| day.to_string())
}

/// A word that this program does not know: written by a newer one, or damaged.
pub(crate) fn unknown_word(column: &str, word: &str) -> StoreError {
    StoreError::Other(format!("column {column} holds {word:?}, which this program does not know"))
}

fn damaged(cause: &InvalidValue) -> StoreError {
    StoreError::Other(format!("a stored value cannot be read: {cause}"))
}
