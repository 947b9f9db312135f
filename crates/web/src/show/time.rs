//! A moment, which the browser may turn into "2 minutes ago".

use askama::Template;
use i18n::Words;
use jiff::tz::TimeZone;
use ports::Moment;

use crate::show::safe_parts;

/// `<time>` in the reader's zone; the full moment stands in its title.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<time datetime="{{ iso }}" title="{{ long }}"{% if is_relative %} data-relative{% endif %}>{{ text }}</time>"#,
    ext = "html"
)]
pub struct When {
    iso: String,
    text: String,
    long: String,
    is_relative: bool,
}

impl When {
    /// The moment in words.
    #[must_use]
    pub fn new(moment: Moment, zone: &TimeZone, now: Moment, w: Words) -> Self {
        Self {
            iso: moment.to_string(),
            text: w.moment(moment, zone, now),
            long: w.moment_long(moment, zone),
            is_relative: false,
        }
    }

    /// The same, shown by the browser as the time that has passed since.
    #[must_use]
    pub fn relative(self) -> Self {
        Self { is_relative: true, ..self }
    }
}

safe_parts!(When);
