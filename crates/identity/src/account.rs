//! Accounts: one person each in the whole installation, found by the folded address (ACT-4).
//!
//! The functions that take a transaction are for the other rooms: they write a user and the account together.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use ports::{Email, IdentityId, Ids, Language, Moment, PersonCard};
use store::{Bind, Read, Row, Sql, Tx};

use crate::error::{FieldError, IdentityError};

/// A person of the installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountCard {
    /// The id (`zuid` on the wire).
    pub id: IdentityId,
    /// The address.
    pub email: Email,
    /// The name shown.
    pub name: String,
    /// Language of pages and mails.
    pub language: Language,
    /// IANA name of the time zone.
    pub zone: String,
    /// Whether the person may sign in.
    pub is_active: bool,
    /// Whether the person has chosen a password: else the invitation was not accepted yet.
    pub has_password: bool,
    /// Colour of the picture, 1 to 8.
    pub hue: i64,
    /// The last sign-in.
    pub signed_in_at: Option<Moment>,
}

impl AccountCard {
    /// The person as letters need one.
    pub fn person(&self) -> PersonCard {
        PersonCard {
            email: self.email.clone(),
            name: self.name.clone(),
            language: self.language,
            zone: self.zone.clone(),
            is_active: self.is_active,
        }
    }
}

/// What a new account starts with; an account that is there already keeps its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSeed {
    /// The name shown; empty: taken from the address.
    pub name: String,
    /// Language.
    pub language: Language,
    /// IANA name of the time zone.
    pub zone: String,
}

/// What a person may change about herself. `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// The name shown, 1 to 100 characters.
    pub name: Option<String>,
    /// Language.
    pub language: Option<Language>,
    /// IANA name of the time zone.
    pub zone: Option<String>,
}

pub(crate) const NAME_MAX: usize = 100;

const INSERT: Sql = Sql::new(
    "insert into identity_account (id, email, name, language, zone, is_active, hue, created_at) \
     values ($1, $2, $3, $4, $5, 1, $6, $7) on conflict (email) do nothing",
);
const BY_EMAIL: Sql = Sql::hot(
    "select id, email, name, password, language, zone, is_active, hue, signed_in_at from identity_account where email = $1",
);
const BY_ID: Sql = Sql::hot(
    "select id, email, name, password, language, zone, is_active, hue, signed_in_at from identity_account where id = $1",
);
const CHANGE: Sql = Sql::new("update identity_account set name = $2, language = $3, zone = $4 where id = $1");
const SET_ACTIVE: Sql = Sql::new("update identity_account set is_active = $2 where email = $1");
const SET_PASSWORD: Sql = Sql::new("update identity_account set password = $2 where id = $1");
const END_SESSIONS: Sql = Sql::new("delete from identity_session where account_id = $1");
const SIGNED_IN: Sql = Sql::new("update identity_account set signed_in_at = $2 where id = $1");
const ANY: Sql = Sql::new("select 1 as found from identity_account limit 1");

/// The account of an address, made if there is none.
pub fn ensure(
    tx: &mut Tx<'_>,
    email: &Email,
    seed: &AccountSeed,
    ids: &dyn Ids,
    now: Moment,
) -> Result<AccountCard, IdentityError> {
    if let Some(card) = by_email(tx, email)? {
        return Ok(card);
    }
    let name = seed.name.trim();
    let name = if name.is_empty() { name_of(email) } else { name.to_owned() };
    tx.execute(
        &INSERT,
        &[
            ids.next().into(),
            email.as_str().into(),
            name.into(),
            seed.language.code().into(),
            seed.zone.as_str().into(),
            hue_of(email).into(),
            now.ms().into(),
        ],
    )?;
    by_email(tx, email)?.ok_or(IdentityError::NotFound)
}

/// The account of an address.
pub fn by_email(read: &mut Read<'_>, email: &Email) -> Result<Option<AccountCard>, IdentityError> {
    read.row(&BY_EMAIL, &[email.as_str().into()])?.as_ref().map(card).transpose()
}

/// The account of an id.
pub fn by_id(read: &mut Read<'_>, id: &IdentityId) -> Result<Option<AccountCard>, IdentityError> {
    read.row(&BY_ID, &[id.as_str().into()])?.as_ref().map(card).transpose()
}

/// The accounts of several addresses; those without one are left out.
pub fn cards(read: &mut Read<'_>, emails: &[Email]) -> Result<BTreeMap<Email, AccountCard>, IdentityError> {
    let mut found = BTreeMap::new();
    for some in emails.chunks(100) {
        let places = (1..=some.len()).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ");
        let sql = Sql::built(format!(
            "select id, email, name, password, language, zone, is_active, hue, signed_in_at \
             from identity_account where email in ({places})"
        ));
        let binds: Vec<Bind> = some.iter().map(|email| email.as_str().into()).collect();
        for row in read.rows(&sql, &binds)? {
            let card = card(&row)?;
            found.insert(card.email.clone(), card);
        }
    }
    Ok(found)
}

/// The names of several addresses; an address without an account stands for itself.
pub fn names(read: &mut Read<'_>, emails: &[Email]) -> Result<BTreeMap<Email, String>, IdentityError> {
    let mut names: BTreeMap<Email, String> =
        emails.iter().map(|email| (email.clone(), email.as_str().to_owned())).collect();
    for (email, card) in cards(read, emails)? {
        names.insert(email, card.name);
    }
    Ok(names)
}

/// Lets a person in again, or keeps the person out: sessions end at once, tokens count no longer.
pub fn set_active(tx: &mut Tx<'_>, email: &Email, is_active: bool) -> Result<(), IdentityError> {
    let Some(card) = by_email(tx, email)? else { return Err(IdentityError::NotFound) };
    tx.execute(&SET_ACTIVE, &[email.as_str().into(), is_active.into()])?;
    if !is_active {
        tx.execute(&END_SESSIONS, &[card.id.as_str().into()])?;
    }
    Ok(())
}

/// Changes name, language or time zone.
pub fn change(tx: &mut Tx<'_>, id: &IdentityId, change: &AccountChange) -> Result<AccountCard, IdentityError> {
    let Some(mut card) = by_id(tx, id)? else { return Err(IdentityError::NotFound) };
    let mut errors = Vec::new();
    if let Some(name) = &change.name {
        match checked_name(name) {
            Ok(name) => card.name = name,
            Err(code) => errors.push(FieldError { field: "name", code }),
        }
    }
    if let Some(zone) = &change.zone {
        if is_zone(zone) {
            card.zone.clone_from(zone);
        } else {
            errors.push(FieldError { field: "zone", code: "unknown" });
        }
    }
    if !errors.is_empty() {
        return Err(IdentityError::Invalid(errors));
    }
    card.language = change.language.unwrap_or(card.language);
    let [name, language, zone] = [card.name.as_str(), card.language.code(), card.zone.as_str()].map(Bind::from);
    tx.execute(&CHANGE, &[id.as_str().into(), name, language, zone])?;
    Ok(card)
}

/// Whether a time zone of this name is known.
pub fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

/// A name as it is kept: trimmed, 1 to 100 characters, no control characters. Codes: `empty`, `too_long`, `invalid`.
pub(crate) fn checked_name(name: &str) -> Result<String, &'static str> {
    let name = name.trim();
    if name.is_empty() {
        Err("empty")
    } else if name.chars().count() > NAME_MAX {
        Err("too_long")
    } else if name.chars().any(char::is_control) {
        Err("invalid")
    } else {
        Ok(name.to_owned())
    }
}

pub(crate) fn set_password(tx: &mut Tx<'_>, id: &IdentityId, hash: &str) -> Result<(), IdentityError> {
    tx.execute(&SET_PASSWORD, &[id.as_str().into(), hash.into()])?;
    tx.execute(&END_SESSIONS, &[id.as_str().into()])?;
    Ok(())
}

pub(crate) fn signed_in(tx: &mut Tx<'_>, id: &IdentityId, now: Moment) -> Result<(), IdentityError> {
    tx.execute(&SIGNED_IN, &[id.as_str().into(), now.ms().into()])?;
    Ok(())
}

pub(crate) fn is_anybody_here(read: &mut Read<'_>) -> Result<bool, IdentityError> {
    Ok(read.row(&ANY, &[])?.is_some())
}

/// The kept password of an address with its account.
pub(crate) fn with_password(
    read: &mut Read<'_>,
    email: &Email,
) -> Result<Option<(AccountCard, Option<String>)>, IdentityError> {
    let row = read.row(&BY_EMAIL, &[email.as_str().into()])?;
    row.map(|row| Ok((card(&row)?, row.text_or_null("password")?))).transpose()
}

fn card(row: &Row) -> Result<AccountCard, IdentityError> {
    let email = row.text("email")?;
    let email = Email::parse(&email).map_err(|cause| IdentityError::Internal(cause.to_string()))?;
    Ok(AccountCard {
        id: IdentityId::new(row.text("id")?),
        email,
        name: row.text("name")?,
        language: Language::parse(&row.text("language")?).unwrap_or_default(),
        zone: row.text("zone")?,
        is_active: row.flag("is_active")?,
        has_password: row.text_or_null("password")?.is_some(),
        hue: row.int("hue")?,
        signed_in_at: row.int_or_null("signed_in_at")?.map(Moment::from_ms),
    })
}

/// "migration.lead@zylker.example" → "Migration Lead".
fn name_of(email: &Email) -> String {
    let local = email.as_str().split('@').next().unwrap_or_default();
    let words = local.split(['.', '_', '-', '+']).filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    words.collect::<Vec<String>>().join(" ")
}

/// The same colour for the same address, everywhere.
fn hue_of(email: &Email) -> i64 {
    let sum =
        email.as_str().bytes().fold(0x811c_9dc5_u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    i64::from(sum % 8) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_from_the_address() {
        let email = |text: &str| Email::parse(text).unwrap();
        assert_eq!(name_of(&email("migration.lead@zylker.example")), "Migration Lead");
        assert_eq!(name_of(&email("ana@zylker.example")), "Ana");
        assert!((1..=8).contains(&hue_of(&email("ana@zylker.example"))));
    }

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(checked_name("  王芳 "), Ok("王芳".to_owned()));
        assert_eq!(checked_name(" "), Err("empty"));
        assert_eq!(checked_name(&"x".repeat(101)), Err("too_long"));
        assert_eq!(checked_name("a\nb"), Err("invalid"));
    }
}
