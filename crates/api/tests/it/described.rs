//! The description as the tests read it: which operation a request is, and whether an answer fits it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use jsonschema::Validator;
use serde_json::{Value, json};

/// The description, read once.
pub struct Described {
    pub document: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

pub fn description() -> &'static Described {
    static READ: OnceLock<Described> = OnceLock::new();
    READ.get_or_init(|| {
        let document: Value = serde_saphyr::from_str(include_str!("../../openapi.yaml")).unwrap();
        Described { document, validators: Mutex::default() }
    })
}

impl Described {
    /// Path and operation of every described operation.
    pub fn operations(&self) -> Vec<(String, String, &Value)> {
        let paths = self.document["paths"].as_object().unwrap();
        paths
            .iter()
            .flat_map(|(path, item)| {
                let methods = item.as_object().unwrap().iter().filter(|(name, _)| *name != "parameters");
                methods.map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
            })
            .collect()
    }

    /// Panics unless status, type and body of an answer are described.
    pub fn check(&self, method: &str, path: &str, status: u16, kind: &str, body: &[u8]) {
        let path = path.split('?').next().unwrap().strip_prefix(api::BASE).unwrap().to_owned();
        let Some((_, template, operation)) =
            self.operations().into_iter().find(|(own, template, _)| own == method && fits(template, &path))
        else {
            assert!(status == 404 || status == 405 || path == "/openapi.json", "{method} {path} is not described");
            return;
        };
        let responses = &operation["responses"];
        let name = if responses.get(status.to_string()).is_some() { status.to_string() } else { "default".to_owned() };
        assert!(name != "default" || status >= 400, "{method} {template} answers {status}, which is not described");
        let response = self.resolved(&responses[&name]);
        let what = format!("{method} {template} {status}");
        let Some(content) = response.get("content").and_then(Value::as_object) else {
            assert!(body.is_empty(), "{what} has a body");
            return;
        };
        let kind = kind.split(';').next().unwrap().trim();
        let Some(described) = content.get(kind) else { panic!("{what} is of type {kind:?}, which is not described") };
        if !kind.ends_with("json") {
            return;
        }
        let value: Value = serde_json::from_slice(body).unwrap_or_else(|error| panic!("{what}: {error}"));
        let validator = self.validator(&described["schema"]);
        let faults: Vec<String> =
            validator.iter_errors(&value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{what} does not fit:\n{}\n{value:#}", faults.join("\n"));
    }

    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.document.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            None => value,
        }
    }

    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap();
        let made = validators.entry(schema.to_string()).or_insert_with(|| {
            let mut whole = schema.clone();
            whole["components"] = json!({ "schemas": self.document["components"]["schemas"] });
            let options =
                jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
            Arc::new(options.build(&whole).unwrap())
        });
        Arc::clone(made)
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (own, asked): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    own.len() == asked.len() && own.iter().zip(&asked).all(|(own, asked)| own.starts_with('{') || own == asked)
}
