//! Positions in lists: opaque, bound to the list, its filters and the person, for a day.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ports::{Email, Moment};
use sha2::{Digest, Sha256};

use crate::fault::{Fault, FaultCode};

/// How long a position may be used.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What a position belongs to.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    print: String,
}

impl Binding {
    /// `filters` are the parameters of the request but for position and size of the page.
    pub(crate) fn new<'a>(
        person: &Email,
        operation: &str,
        filters: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut hash = Sha256::new();
        for part in [person.as_str(), operation] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        for (name, value) in filters {
            for part in [name, value] {
                hash.update(part.len().to_le_bytes());
                hash.update(part);
            }
        }
        Self { print: hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect() }
    }

    /// The text that a client sends back.
    pub(crate) fn cursor(&self, position: &str, now: Moment) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}.{:x}.{position}", self.print, now.ms()))
    }

    /// The position of a text that a client sent back.
    pub(crate) fn position(&self, cursor: &str, now: Moment) -> Result<String, Fault> {
        let fault = |code| Fault::new("?after", code);
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| fault(FaultCode::Malformed))?;
        let text = String::from_utf8(bytes).map_err(|_| fault(FaultCode::Malformed))?;
        let mut parts = text.splitn(3, '.');
        let (Some(print), Some(made), Some(position)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(fault(FaultCode::Malformed));
        };
        let made = i64::from_str_radix(made, 16).map_err(|_| fault(FaultCode::Malformed))?;
        if print != self.print {
            return Err(fault(FaultCode::OtherList));
        }
        if now.ms() - made > DAY_MS {
            return Err(fault(FaultCode::Expired));
        }
        Ok(position.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{Binding, DAY_MS};
    use crate::fault::FaultCode;
    use ports::{Email, Moment};

    #[test]
    fn a_position_belongs_to_its_list_filters_and_person_for_a_day() {
        let (ada, bo) = (Email::parse("ada@a.example").unwrap(), Email::parse("bo@a.example").unwrap());
        let now = Moment::from_ms(1_773_133_200_000);
        let own = Binding::new(&ada, "listLinks", [("state", "in_step")]);
        let cursor = own.cursor("zürich.7|深圳", now);
        assert_eq!(own.position(&cursor, now.plus_ms(DAY_MS)).unwrap(), "zürich.7|深圳");
        let code = |binding: &Binding, cursor: &str, at: Moment| binding.position(cursor, at).unwrap_err().code;
        assert_eq!(code(&own, &cursor, now.plus_ms(DAY_MS + 1)), FaultCode::Expired);
        for other in [
            Binding::new(&bo, "listLinks", [("state", "in_step")]),
            Binding::new(&ada, "listJobs", [("state", "in_step")]),
            Binding::new(&ada, "listLinks", [("state", "paused")]),
            Binding::new(&ada, "listLinks", []),
        ] {
            assert_eq!(code(&other, &cursor, now), FaultCode::OtherList);
        }
        for wrong in ["", "%%%", "YWJj", "深圳"] {
            assert_eq!(code(&own, wrong, now), FaultCode::Malformed, "{wrong}");
        }
    }
}
