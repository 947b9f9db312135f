//! `/me`: who am I here.

use ports::ConnectionId;
use serde::Serialize;

use crate::answer::Answer;
use crate::call::Call;
use crate::document::person::Person;
use crate::failure::Failure;

#[derive(Serialize)]
struct Me {
    person: Person,
    language: &'static str,
    time_zone: String,
    scopes: Vec<String>,
    roles: Vec<RolesDocument>,
}

#[derive(Serialize)]
struct RolesDocument {
    connection_id: String,
    roles: Vec<&'static str>,
}

pub(crate) fn get(call: &Call) -> Result<Answer, Failure> {
    let card = &call.caller.card;
    // To a client user there are no connections: who he is, is all that he is told.
    let roles = match call.api.bridge().roles(call.acting()) {
        Ok(roles) => roles,
        Err(bridge::BridgeError::NotFound) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let document = |(connection, roles): (ConnectionId, Vec<&'static str>)| RolesDocument {
        connection_id: connection.into_string(),
        roles,
    };
    Answer::ok(&Me {
        person: Person::new(&card.name, &card.email),
        language: card.language.code(),
        time_zone: card.zone.clone(),
        scopes: call.caller.scope_words(),
        roles: roles.into_iter().map(document).collect(),
    })
}
