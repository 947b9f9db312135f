//! Values that both sides have in common: days, instants, texts, addresses.

use std::fmt;

use jiff::civil;

/// A value that cannot be what it is said to be; names what was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not {expected}")]
pub struct InvalidValue {
    /// The text as given.
    pub given: String,
    /// What was expected, for example "a date like 2026-06-30".
    pub expected: &'static str,
}

/// A calendar day in no time zone (F3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// The day of year, month (1–12) and day of month.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, InvalidValue> {
        civil::Date::new(year, month, day)
            .map(Self)
            .map_err(|_| InvalidValue { given: format!("{year}-{month}-{day}"), expected: "a day of the calendar" })
    }

    /// Reads `YYYY-MM-DD`; a day that does not exist (30 February) is invalid.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let invalid = || InvalidValue { given: text.to_owned(), expected: "a date like 2026-06-30" };
        if text.len() != 10 {
            return Err(invalid());
        }
        text.parse::<civil::Date>().map(Self).map_err(|_| invalid())
    }

    /// The same day as the time library's type.
    pub fn civil(self) -> civil::Date {
        self.0
    }

    /// The day that is `days` later (earlier when negative); stays at the end of the calendar's range.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(days)))
    }

    /// Days from `self` to `later`; negative when `later` is earlier.
    pub fn days_until(self, later: Self) -> i32 {
        self.0.duration_until(later.0).as_hours().div_euclid(24).try_into().unwrap_or(i32::MAX)
    }

    /// The calendar year.
    pub fn year(self) -> i16 {
        self.0.year()
    }
}

impl From<civil::Date> for Date {
    fn from(day: civil::Date) -> Self {
        Self(day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)
    }
}

/// An instant in UTC, in whole milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// The instant so many milliseconds after 1970-01-01T00:00:00Z.
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339, for example `2026-03-10T09:00:00Z`.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        text.parse::<jiff::Timestamp>()
            .map(|stamp| Self(stamp.as_millisecond()))
            .map_err(|_| InvalidValue { given: text.to_owned(), expected: "a moment like 2026-03-10T09:00:00Z" })
    }

    /// The instant `ms` milliseconds later.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// The calendar day it is in `zone` at this instant.
    pub fn date_in(self, zone: &jiff::tz::TimeZone) -> Date {
        Date(zone.to_datetime(self.timestamp()).date())
    }

    /// The time library's type; instants beyond its range are cut to it.
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 in UTC, milliseconds only where there are any.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.timestamp())
    }
}

/// A mail address as a key for a person: trimmed and in lower case (ACT-4).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// Reads an address: one `@`, something before it, a domain with a dot or none, no white space; at most 254 characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let folded = text.trim().to_lowercase();
        let fits = folded.len() <= 254
            && !folded.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"'))
            && folded.split_once('@').is_some_and(|(name, domain)| {
                !name.is_empty()
                    && !domain.is_empty()
                    && !domain.contains('@')
                    && !domain.starts_with('.')
                    && !domain.ends_with('.')
            });
        if fits { Ok(Self(folded)) } else { Err(InvalidValue { given: text.to_owned(), expected: "a mail address" }) }
    }

    /// The folded address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Plain text: lines ended by `\n`, no U+0000, no carriage return.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlainText(String);

impl PlainText {
    /// Brings line ends to `\n` and drops U+0000.
    pub fn new(text: &str) -> Self {
        Self(text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', ""))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing but white space is in it.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

/// Sanitised HTML of a description or comment. Only [`crate::lines`] makes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RichText(String);

impl RichText {
    /// Wraps HTML that the sanitiser has already cleaned (stored by us, or just cleaned).
    pub(crate) fn from_clean(html: String) -> Self {
        Self(html)
    }

    /// The HTML.
    pub fn as_html(&self) -> &str {
        &self.0
    }
}

/// What a change does with one field: absent, empty and value are three things.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// The field is not touched.
    #[default]
    Keep,
    /// The field becomes empty.
    Clear,
    /// The field takes this value.
    Set(T),
}

impl<T> Patch<T> {
    /// `Set` for a value, `Clear` for none.
    pub fn of(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }

    /// Whether the field is not touched.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The value the field has afterwards, given the one it has now.
    pub fn over(self, present: Option<T>) -> Option<T> {
        match self {
            Self::Keep => present,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// A language of pages and mails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    ZhCn,
}

impl Language {
    /// All languages, English first.
    pub const ALL: [Self; 2] = [Self::En, Self::ZhCn];

    /// The code used in HTML, settings and the API: `en`, `zh-CN`.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhCn => "zh-CN",
        }
    }

    /// Reads a code; any English is `en`, any Chinese is `zh-CN`.
    pub fn parse(code: &str) -> Result<Self, InvalidValue> {
        match code.get(..2).map(str::to_ascii_lowercase).as_deref() {
            Some("en") => Ok(Self::En),
            Some("zh") => Ok(Self::ZhCn),
            _ => Err(InvalidValue { given: code.to_owned(), expected: "en or zh-CN" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f3_a_date_that_does_not_exist_is_invalid() {
        assert!(Date::parse("2026-02-30").is_err());
        assert!(Date::parse("2026-2-3").is_err());
        assert_eq!(Date::parse("2028-02-29").unwrap().to_string(), "2028-02-29");
    }

    #[test]
    fn f3_days_are_counted_over_the_change_to_summer_time() {
        let start = Date::parse("2026-02-27").unwrap();
        assert_eq!(start.plus_days(40).to_string(), "2026-04-08");
        assert_eq!(start.days_until(start.plus_days(40)), 40);
        assert_eq!(start.days_until(start.plus_days(-3)), -3);
    }

    #[test]
    fn act_4_addresses_are_compared_without_regard_to_letter_case() {
        assert_eq!(
            Email::parse(" Migration.Lead@Zylker.example").unwrap(),
            Email::parse("migration.lead@zylker.example").unwrap()
        );
        for wrong in ["no-at-sign", "a@", "@b", "a@b@c", "a b@c", ""] {
            assert!(Email::parse(wrong).is_err(), "{wrong}");
        }
    }
}
