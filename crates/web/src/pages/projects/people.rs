//! Names of people by their address.

use std::collections::BTreeMap;

use ports::{Email, Reason};

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

/// A reason in words, with people by their names. It has to be said all the same where a name cannot be read.
pub(super) fn reason(ctx: &Ctx, reason: &Reason) -> String {
    let name = |person: &String| {
        let Ok(email) = Email::parse(person) else { return person.clone() };
        People::of(ctx, [&email]).map_or_else(|_| person.clone(), |people| people.name(&email))
    };
    let mut named = reason.clone();
    match &mut named {
        Reason::ParentClosed { closed_by: Some(person), .. }
        | Reason::NoPermission { person: Some(person) }
        | Reason::OwnerNotInProject { person, .. }
        | Reason::OwnerUnknown { person }
        | Reason::ClientOfOtherCompany { person, .. }
        | Reason::OwnDomain { person }
        | Reason::IsClientUser { person }
        | Reason::InactiveInCrm { person }
        | Reason::AddressMissing { person } => *person = name(person),
        _ => {}
    }
    ctx.w.reason_on(&named, ctx.today)
}
