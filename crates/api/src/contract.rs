//! The description of the API as the program reads it: which operations there are, and what each of them takes.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::Method;
use serde_json::Value;

use crate::check::Schemas;

/// The description, as it stands in the repository.
const TEXT: &str = include_str!("../openapi.yaml");

/// The description cannot be read: a mistake in the file, found by the tests.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the description of the API cannot be read: {0}")]
pub struct ContractError(pub(crate) String);

/// The description, taken apart.
pub(crate) struct Contract {
    /// The whole document as JSON, as it is served.
    pub(crate) json: Bytes,
    /// Its operations in the order of the file.
    pub(crate) operations: Vec<Arc<Operation>>,
    /// Its schemas.
    pub(crate) schemas: Arc<Schemas>,
}

/// One method on one path.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    /// Below the server's base, with `{names}`.
    pub(crate) path: String,
    /// The scope a token needs; none where any token will do.
    pub(crate) scope: Option<String>,
    pub(crate) query: BTreeMap<String, Value>,
    pub(crate) path_parameters: BTreeMap<String, Value>,
    /// By lower-case name, with whether it is required.
    pub(crate) headers: BTreeMap<String, (Value, bool)>,
    /// Schema of the body, where there is one.
    pub(crate) body: Option<Value>,
    /// Media types of the answer.
    pub(crate) answers: Vec<String>,
}

impl Operation {
    pub(crate) fn takes_header(&self, name: &str) -> bool {
        self.headers.contains_key(name)
    }
}

impl Contract {
    pub(crate) fn read() -> Result<Self, ContractError> {
        let document: Value = serde_saphyr::from_str(TEXT).map_err(|error| ContractError(error.to_string()))?;
        let json = serde_json::to_vec(&document).map_err(|error| ContractError(error.to_string()))?;
        let operations = operations(&document)?;
        Ok(Self { json: Bytes::from(json), operations, schemas: Arc::new(Schemas::new(document)) })
    }
}

fn operations(document: &Value) -> Result<Vec<Arc<Operation>>, ContractError> {
    let paths = document.get("paths").and_then(Value::as_object).ok_or_else(|| missing("paths", ""))?;
    let mut found = Vec::new();
    for (path, item) in paths {
        let common = item.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
        for (name, described) in item.as_object().into_iter().flatten().filter(|(name, _)| *name != "parameters") {
            let method = Method::from_bytes(name.to_ascii_uppercase().as_bytes())
                .map_err(|_| ContractError(format!("{name} is no method")))?;
            found.push(Arc::new(operation(document, path, method, described, &common)?));
        }
    }
    Ok(found)
}

fn operation(
    document: &Value,
    path: &str,
    method: Method,
    described: &Value,
    common: &[Value],
) -> Result<Operation, ContractError> {
    let id = text(described, "operationId").ok_or_else(|| missing("operationId", path))?;
    let mut operation = Operation {
        id,
        method,
        path: path.to_owned(),
        scope: scope(described),
        query: BTreeMap::new(),
        path_parameters: BTreeMap::new(),
        headers: BTreeMap::new(),
        body: described.pointer("/requestBody/content/application~1json/schema").cloned(),
        answers: answers(described),
    };
    let own = described.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    for parameter in common.iter().chain(&own) {
        let parameter = resolved(document, parameter);
        let name = text(parameter, "name").ok_or_else(|| missing("name", path))?;
        let schema = parameter.get("schema").cloned().unwrap_or(Value::Null);
        let is_required = parameter.get("required").and_then(Value::as_bool).unwrap_or_default();
        match text(parameter, "in").as_deref() {
            Some("query") => drop(operation.query.insert(name, schema)),
            Some("path") => drop(operation.path_parameters.insert(name, schema)),
            Some("header") => drop(operation.headers.insert(name.to_ascii_lowercase(), (schema, is_required))),
            _ => return Err(missing("in", path)),
        }
    }
    Ok(operation)
}

fn scope(described: &Value) -> Option<String> {
    let scopes = described.pointer("/security/0/oauth").and_then(Value::as_array)?;
    scopes.first().and_then(Value::as_str).map(str::to_owned)
}

fn answers(described: &Value) -> Vec<String> {
    let responses = described.get("responses").and_then(Value::as_object);
    let successes = responses.into_iter().flatten().filter(|(status, _)| status.starts_with('2'));
    let mut kinds: Vec<String> = successes
        .filter_map(|(_, response)| response.get("content").and_then(Value::as_object))
        .flat_map(|content| content.keys().cloned())
        .collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

/// Follows one `$ref` inside the document.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    value
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| reference.strip_prefix('#'))
        .and_then(|pointer| document.pointer(pointer))
        .unwrap_or(value)
}

fn text(value: &Value, member: &str) -> Option<String> {
    value.get(member).and_then(Value::as_str).map(str::to_owned)
}

fn missing(member: &str, path: &str) -> ContractError {
    ContractError(format!("`{member}` is missing at `{path}`"))
}
