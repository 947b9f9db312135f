//! Values of fields: one canonical text each, so that "changed" means "another text".

use std::collections::BTreeMap;
use std::fmt;

use ports::rule::title;
use ports::{Date, Email, InvalidValue, PlainText};

use crate::error::Problem;
use crate::field::{Field, Kind};

/// An amount of money in hundredths of the organisation's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

/// Digits before the point that an amount may have.
const AMOUNT_DIGITS_MAX: usize = 16;

impl Amount {
    /// An amount of so many hundredths.
    pub const fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// The amount in hundredths.
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// Reads a plain decimal number: digits, with `-` in front and two decimals behind `.` where wanted.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let invalid = || InvalidValue { given: text.to_owned(), expected: "a number like 1250.50" };
        let (is_negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let part = part.trim_end_matches('0');
        let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let ends_in_point = digits.ends_with('.');
        if whole.is_empty() || ends_in_point || !are_digits(whole) || !are_digits(part) || part.len() > 2 {
            return Err(invalid());
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > AMOUNT_DIGITS_MAX {
            return Err(invalid());
        }
        let hundredths: i64 = format!("{whole}{part:0<2}").parse().map_err(|_| invalid())?;
        Ok(Self(if is_negative { -hundredths } else { hundredths }))
    }
}

impl fmt::Display for Amount {
    /// `480000`, `1100.04`: decimals only where there are any.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        if part == 0 { write!(out, "{sign}{whole}") } else { write!(out, "{sign}{whole}.{part:02}") }
    }
}

/// Canonical texts by field, in our own words. A field that is empty is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<String, String>);

impl Values {
    /// The canonical text of a field.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// A day.
    pub fn date(&self, field: &str) -> Option<Date> {
        self.text(field).and_then(|text| Date::parse(text).ok())
    }

    /// An amount.
    pub fn amount(&self, field: &str) -> Option<Amount> {
        self.text(field).and_then(|text| Amount::parse(text).ok())
    }

    /// A whole number.
    pub fn whole(&self, field: &str) -> Option<i64> {
        self.text(field).and_then(|text| text.parse().ok())
    }

    /// A flag; an empty one is off.
    pub fn flag(&self, field: &str) -> bool {
        self.text(field) == Some(ON)
    }

    /// A mail address.
    pub fn email(&self, field: &str) -> Option<Email> {
        self.text(field).and_then(|text| Email::parse(text).ok())
    }

    /// Fields with their texts, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, text)| (field.as_str(), text.as_str()))
    }

    /// Gives a field its text; none or an empty one takes the value away.
    pub(crate) fn put(&mut self, field: &str, text: Option<String>) {
        match text {
            Some(text) if !text.is_empty() => {
                self.0.insert(field.to_owned(), text);
            }
            Some(_) | None => {
                self.0.remove(field);
            }
        }
    }
}

/// What a form, a file or a program gives for the fields of a record: raw texts by field, in our own words.
///
/// A field that is absent is not touched (a new record gets its default); an empty text empties it. Days are
/// `YYYY-MM-DD`, numbers plain decimal, flags `true` or `false`, people their mail address, records `deal:ID` or,
/// where only one kind is possible, the id alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft(BTreeMap<String, String>);

impl Draft {
    /// Nothing is touched.
    pub fn new() -> Self {
        Self::default()
    }

    /// With a value for a field.
    #[must_use]
    pub fn with(mut self, field: &str, text: impl Into<String>) -> Self {
        self.put(field, text);
        self
    }

    /// Gives a value for a field.
    pub fn put(&mut self, field: &str, text: impl Into<String>) {
        self.0.insert(field.to_owned(), text.into());
    }

    /// The raw text given for a field.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// Fields with their raw texts, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, text)| (field.as_str(), text.as_str()))
    }
}

const ON: &str = "true";
const OFF: &str = "false";

/// The canonical text of `raw` for a field; `None` if it is empty. Records and people are looked up by the service.
pub(crate) fn canonical(field: &Field, raw: &str) -> Result<Option<String>, Problem> {
    if raw.contains('\0') {
        return Err(Problem::InvalidText);
    }
    if field.kind == Kind::Area {
        let text = PlainText::new(raw);
        return if text.is_blank() { Ok(None) } else { fitting(field, text.as_str().to_owned()).map(Some) };
    }
    let text = line(raw);
    if text.trim().is_empty() {
        return Ok(None);
    }
    // Only text keeps an ideographic blank at its ends: it is part of what somebody wrote, and tells names apart.
    let text = if field.kind == Kind::Line { text } else { title::normal(&text).into_owned() };
    canonical_line(field, text).map(Some)
}

/// One line: line breaks and tabs become blanks, the blanks at the ends are cut off.
fn line(raw: &str) -> String {
    let text = raw.replace("\r\n", " ").replace(['\n', '\r', '\t', '\u{2028}', '\u{2029}'], " ");
    text.trim_matches(' ').to_owned()
}

fn canonical_line(field: &Field, text: String) -> Result<String, Problem> {
    match field.kind {
        Kind::Line | Kind::Area | Kind::Phone | Kind::Website | Kind::Choice => fitting(field, text),
        Kind::Email => {
            let text = fitting(field, text)?;
            Email::parse(&text).map(|email| email.to_string()).map_err(|_| Problem::InvalidEmail { given: text })
        }
        Kind::Date => Date::parse(&text).map(|day| day.to_string()).map_err(|_| Problem::InvalidDate { given: text }),
        Kind::Amount => {
            Amount::parse(&text).map(|amount| amount.to_string()).map_err(|_| Problem::InvalidNumber { given: text })
        }
        Kind::Whole => whole(field, text),
        Kind::Flag => match text.to_ascii_lowercase().as_str() {
            ON | "on" | "yes" | "1" => Ok(ON.to_owned()),
            OFF | "off" | "no" | "0" => Ok(String::new()),
            _ => Err(Problem::NotInList { given: text }),
        },
        Kind::Record | Kind::Person => Ok(text),
    }
}

fn whole(field: &Field, text: String) -> Result<String, Problem> {
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let fits = digits.trim_start_matches('0').len() <= field.max_length;
    match text.parse::<i64>() {
        Ok(number) if is_number && fits => Ok(number.to_string()),
        Ok(_) | Err(_) => Err(Problem::InvalidNumber { given: text }),
    }
}

fn fitting(field: &Field, text: String) -> Result<String, Problem> {
    let length = text.chars().count();
    if length > field.max_length { Err(Problem::TooLong { length, max: field.max_length }) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_plain_decimal_numbers() {
        for (text, shown) in [
            ("480000", "480000"),
            ("1100.04", "1100.04"),
            ("1100.40", "1100.40"),
            ("-12.5", "-12.50"),
            ("007.00", "7"),
            ("0", "0"),
            ("9999999999999999.99", "9999999999999999.99"),
        ] {
            assert_eq!(Amount::parse(text).unwrap().to_string(), shown, "{text}");
        }
        for text in ["", "-", "1,000", "1.234", "1.", ".5", "1e3", "12 000", "99999999999999999", "१२", "0x10", "+5"]
        {
            assert!(Amount::parse(text).is_err(), "{text}");
        }
    }
}
