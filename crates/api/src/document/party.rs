//! An account or a client company, with what tells namesakes apart.

use ports::Email;
use serde::Serialize;

use super::person::Person;
use crate::state::Api;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Party {
    pub(crate) id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Person>,
    url: String,
}

impl Party {
    pub(crate) fn account(api: &Api, party: &bridge::mapping::Party) -> Self {
        let owner = party.owner.as_deref().and_then(|owner| Email::parse(owner).ok());
        Self {
            id: party.id.clone(),
            name: party.name.clone(),
            city: party.city.clone(),
            owner: Person::of_some(api, owner.as_ref()),
            url: format!("/crm/accounts/{}", party.id),
        }
    }

    pub(crate) fn company(party: &bridge::mapping::Party) -> Self {
        Self {
            id: party.id.clone(),
            name: party.name.clone(),
            city: None,
            owner: None,
            url: format!("/projects/clients/{}", party.id),
        }
    }
}
