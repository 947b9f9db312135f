//! `/sides`: what can stand on either side.

use serde::Serialize;

use crate::answer::{Answer, List};
use crate::call::Call;
use crate::failure::Failure;

#[derive(Serialize)]
struct SideOption {
    side: &'static str,
    kind: &'static str,
    available: bool,
    reason: Option<()>,
    #[serde(skip_serializing_if = "Option::is_none")]
    portals: Option<Vec<Portal>>,
}

#[derive(Serialize)]
struct Portal {
    id: String,
    name: String,
}

pub(crate) fn list(call: &Call) -> Result<Answer, Failure> {
    let is_administrator = |roles: &[&str]| roles.contains(&"crm_administrator");
    let roles = call.api.bridge().roles(call.acting())?;
    if !roles.iter().any(|(_, roles)| is_administrator(roles)) {
        return Err(bridge::BridgeError::no_permission().into());
    }
    let portals = call
        .connections()?
        .into_iter()
        .map(|connection| Portal { id: connection.tenant.portal.into_string(), name: connection.portal_name });
    let built_in = |side, portals| SideOption { side, kind: "built_in", available: true, reason: None, portals };
    let all = [built_in("crm", None), built_in("projects", Some(portals.collect()))];
    let wanted = call.text("side");
    let items = all.into_iter().filter(|option| wanted.is_none_or(|side| side == option.side)).collect();
    Answer::ok(&List { items, next: None })
}
