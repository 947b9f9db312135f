//! A person, recognised on both sides by the address (ACT-4).

use ports::Email;
use serde::Serialize;

use crate::state::Api;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Person {
    name: String,
    email: Option<String>,
}

impl Person {
    pub(crate) fn new(name: &str, email: &Email) -> Self {
        Self { name: name.to_owned(), email: Some(email.to_string()) }
    }

    /// The person with this address, under the name that the installation has; the address where it has none.
    pub(crate) fn of(api: &Api, email: &Email) -> Self {
        let name = api.directory().person(email).map_or_else(|| email.to_string(), |card| card.name);
        Self { name, email: Some(email.to_string()) }
    }

    pub(crate) fn of_some(api: &Api, email: Option<&Email>) -> Option<Self> {
        email.map(|email| Self::of(api, email))
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}
