//! Names of the people on a page, asked once for all of them.

use std::collections::BTreeMap;

use ports::{Email, Reason};

use crate::error::PageError;
use crate::show::{Avatar, Opt, Who};
use crate::visit::Ctx;

/// Names by address.
pub(super) struct People {
    names: BTreeMap<Email, String>,
}

impl People {
    /// The names of these people; who has no account stands for himself.
    pub(super) fn of<'a>(ctx: &Ctx, emails: impl IntoIterator<Item = &'a Email>) -> Result<Self, PageError> {
        let mut wanted: Vec<Email> = emails.into_iter().cloned().collect();
        wanted.sort();
        wanted.dedup();
        let names = if wanted.is_empty() { BTreeMap::new() } else { ctx.web.identity.names(&wanted)? };
        Ok(Self { names })
    }

    /// The name, or the address.
    pub(super) fn name(&self, email: &Email) -> String {
        self.names.get(email).cloned().unwrap_or_else(|| email.as_str().to_owned())
    }

    /// Picture and name.
    pub(super) fn who(&self, email: &Email) -> Who {
        Who::new(&self.name(email), email.as_str())
    }

    /// The small picture.
    pub(super) fn avatar(&self, email: &Email) -> Avatar {
        Avatar::new(&self.name(email), email.as_str()).small()
    }
}

/// The active users of the CRM as a choice, by name; `present` is in it even if inactive.
pub(super) fn owners(ctx: &Ctx, present: Option<&Email>) -> Result<Vec<Opt>, PageError> {
    let users = ctx.web.crm.users(&ctx.acting)?;
    let is_offered = |user: &&crm::User| user.is_active || Some(&user.email) == present;
    let emails: Vec<&Email> = users.iter().filter(is_offered).map(|user| &user.email).collect();
    let people = People::of(ctx, emails.iter().copied())?;
    let mut entries: Vec<(String, &Email)> = emails.into_iter().map(|email| (people.name(email), email)).collect();
    entries.sort_by_key(|(name, _)| name.to_lowercase());
    Ok(entries.into_iter().map(|(name, email)| Opt::new(email.as_str(), name)).collect())
}

/// The sentence of a reason, with people of the house by their names.
pub(super) fn reason(ctx: &Ctx, reason: &Reason) -> String {
    let named = |person: &str| {
        let email = Email::parse(person).ok()?;
        let people = People::of(ctx, [&email]).ok()?;
        Some(people.name(&email))
    };
    let name = |person: &str| named(person).unwrap_or_else(|| person.to_owned());
    let told = match reason {
        Reason::ParentClosed { parent_id, parent, closed_by: Some(person) } => {
            Reason::ParentClosed { parent_id: parent_id.clone(), parent: parent.clone(), closed_by: Some(name(person)) }
        }
        Reason::OwnerNotInProject { person, project } => {
            Reason::OwnerNotInProject { person: name(person), project: project.clone() }
        }
        Reason::InactiveInCrm { person } => Reason::InactiveInCrm { person: name(person) },
        Reason::NoPermission { person: Some(person) } => Reason::NoPermission { person: Some(name(person)) },
        other => other.clone(),
    };
    ctx.w.reason_on(&told, ctx.today)
}
