//! Which id each key of the demo data got.

use std::collections::BTreeMap;

use ports::Email;

use crate::data::people::{CLIENT_USERS, PEOPLE};
use crate::error::DemoError;

/// Ids by key.
#[derive(Clone, Debug, Default)]
pub struct Keys(BTreeMap<String, String>);

impl Keys {
    pub(crate) fn put(&mut self, key: &str, id: impl Into<String>) {
        self.0.insert(key.to_owned(), id.into());
    }

    /// The id of a key. Errors: `UnknownKey`.
    pub fn id(&self, key: &str) -> Result<&str, DemoError> {
        self.0.get(key).map(String::as_str).ok_or_else(|| DemoError::UnknownKey(key.to_owned()))
    }

    /// Keys with their ids, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, id)| (key.as_str(), id.as_str()))
    }
}

/// The address of a person, `U1` to `U12` or `CU1` to `CU3`. Errors: `UnknownKey`.
pub fn email(key: &str) -> Result<Email, DemoError> {
    let users = PEOPLE.iter().map(|person| (person.key, person.email));
    let clients = CLIENT_USERS.iter().map(|client| (client.key, client.email));
    let found = users.chain(clients).find(|(known, _)| *known == key);
    found.and_then(|(_, email)| Email::parse(email).ok()).ok_or_else(|| DemoError::UnknownKey(key.to_owned()))
}

/// The key of an address, `U1` to `U12` or `CU1` to `CU3`.
pub fn key_of(address: &Email) -> Option<&'static str> {
    let users = PEOPLE.iter().map(|person| (person.key, person.email));
    let clients = CLIENT_USERS.iter().map(|client| (client.key, client.email));
    users.chain(clients).find(|(_, email)| *email == address.as_str()).map(|(key, _)| key)
}
