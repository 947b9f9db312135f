//! A record of either side, named in an answer.

use ports::CrmRef;
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct RecordRef {
    side: &'static str,
    module: &'static str,
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// The name of a record that is not told or not there any more.
const NAMELESS: &str = "—";

impl RecordRef {
    pub(crate) fn sales(record: &CrmRef, name: &str) -> Self {
        Self {
            side: "crm",
            module: record.module.code(),
            id: record.id.clone(),
            name: named(name),
            key: None,
            url: Some(format!("/crm/{}/{}", record.module.path(), record.id)),
        }
    }

    pub(crate) fn crm_task(id: &str, name: &str) -> Self {
        Self {
            side: "crm",
            module: "task",
            id: id.to_owned(),
            name: named(name),
            key: None,
            url: Some(format!("/crm/tasks/{id}")),
        }
    }

    /// `key` is the task's short name; `DM-10` stands in project `DM`.
    pub(crate) fn projects_task(id: &str, name: &str, key: &str, project_key: &str) -> Self {
        let has_keys = !key.is_empty() && !project_key.is_empty();
        Self {
            side: "projects",
            module: "task",
            id: id.to_owned(),
            name: named(name),
            key: Some(key.to_owned()).filter(|key| !key.is_empty()),
            url: has_keys.then(|| format!("/projects/{project_key}/tasks/{key}")),
        }
    }

    pub(crate) fn project(id: &str, name: &str, key: &str) -> Self {
        Self {
            side: "projects",
            module: "project",
            id: id.to_owned(),
            name: named(name),
            key: Some(key.to_owned()).filter(|key| !key.is_empty()),
            url: (!key.is_empty()).then(|| format!("/projects/{key}")),
        }
    }

    pub(crate) fn client(id: &str, name: &str) -> Self {
        Self {
            side: "projects",
            module: "client",
            id: id.to_owned(),
            name: named(name),
            key: None,
            url: Some(format!("/projects/clients/{id}")),
        }
    }
}

fn named(name: &str) -> String {
    if name.trim().is_empty() { NAMELESS.to_owned() } else { name.to_owned() }
}
