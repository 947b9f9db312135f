//! `/connections`: one CRM organisation with one portal.

use bridge::connection::Connection;
use serde::Serialize;

use crate::answer::{Answer, List};
use crate::call::Call;
use crate::document::person::Person;
use crate::failure::Failure;
use crate::version;

#[derive(Serialize)]
struct ConnectionDocument {
    id: String,
    name: String,
    state: &'static str,
    reason: Option<()>,
    crm: Side,
    projects: Side,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<Person>,
    started_at: Option<String>,
}

#[derive(Serialize)]
struct Side {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    portal: Option<Named>,
    authorised: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection_user: Option<Person>,
}

#[derive(Serialize)]
struct Named {
    id: String,
    name: String,
}

pub(crate) fn list(call: &Call) -> Result<Answer, Failure> {
    let after = call.after()?;
    let connections = call.connections()?;
    let rows = connections.iter().filter(|own| after.as_deref().is_none_or(|after| own.id.as_str() > after));
    let mut items: Vec<_> = rows.take(call.limit().saturating_add(1)).collect();
    let has_more = items.len() > call.limit();
    items.truncate(call.limit());
    let next = items.last().filter(|_| has_more).map(|last| last.id.as_str().to_owned());
    let is_administrator = is_administrator(call)?;
    let items = items.into_iter().map(|own| document(call, own, is_administrator)).collect();
    Answer::ok(&List { items, next: call.next(next) })
}

pub(crate) fn get(call: &Call) -> Result<Answer, Failure> {
    let connection = call.connection()?;
    let document = document(call, &connection, is_administrator(call)?);
    Ok(Answer::ok(&document)?.with_etag(version::of_number(connection.version)))
}

fn is_administrator(call: &Call) -> Result<bool, Failure> {
    let roles = call.api.bridge().roles(call.acting())?;
    Ok(roles.iter().any(|(_, roles)| roles.contains(&"bridge_administrator")))
}

/// Who is no administrator sees names and state only.
fn document(call: &Call, connection: &Connection, is_administrator: bool) -> ConnectionDocument {
    let user = || is_administrator.then(|| Person::of(&call.api, &connection.user));
    let tenant = &connection.tenant;
    let named = |id: &str, name: &str| Some(Named { id: id.to_owned(), name: name.to_owned() });
    ConnectionDocument {
        id: connection.id.as_str().to_owned(),
        name: connection.portal_name.clone(),
        state: connection.state.code(),
        reason: None,
        crm: Side {
            kind: "built_in",
            organisation: named(tenant.organisation.as_str(), &connection.organisation_name),
            portal: None,
            authorised: true,
            connection_user: user(),
        },
        projects: Side {
            kind: "built_in",
            organisation: None,
            portal: named(tenant.portal.as_str(), &connection.portal_name),
            authorised: true,
            connection_user: user(),
        },
        created_at: connection.created_at.to_string(),
        created_by: Person::of_some(&call.api, connection.created_by.as_ref()).filter(|_| is_administrator),
        started_at: Some(connection.created_at.to_string()),
    }
}
