//! Names of people by their address.

use std::collections::BTreeMap;

use ports::Email;

use crate::error::PageError;
use crate::show::Avatar;
use crate::visit::Ctx;

/// The names of some people.
pub(super) struct People(BTreeMap<Email, String>);

impl People {
    /// The names of these people; who has no account stands for himself.
    pub(super) fn of<'a>(ctx: &Ctx, emails: impl IntoIterator<Item = &'a Email>) -> Result<Self, PageError> {
        let mut wanted: Vec<Email> = emails.into_iter().cloned().collect();
        wanted.sort();
        wanted.dedup();
        Ok(Self(if wanted.is_empty() { BTreeMap::new() } else { ctx.web.identity.names(&wanted)? }))
    }

    /// The name, or the address.
    pub(super) fn name(&self, email: &Email) -> String {
        self.0.get(email).cloned().unwrap_or_else(|| email.to_string())
    }

    /// The name of an address as text; what is none is shown as it is.
    pub(super) fn name_of(&self, text: &str) -> String {
        Email::parse(text).map_or_else(|_| text.to_owned(), |email| self.name(&email))
    }

    /// The small picture.
    pub(super) fn avatar(&self, email: &Email) -> Avatar {
        Avatar::new(&self.name(email), email.as_str()).small()
    }
}
