//! The description itself: complete both ways, readable, and made of what the program understands.

use serde_json::Value;

use crate::described::description;
use crate::world::once;

#[test]
fn every_described_operation_is_answered_and_every_answered_one_is_described() {
    let mut described: Vec<String> = description()
        .operations()
        .iter()
        .map(|(_, _, operation)| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    let mut answered: Vec<String> = api::routes().map(str::to_owned).collect();
    described.sort();
    answered.sort();
    assert_eq!(described, answered);
}

#[test]
fn every_described_address_is_there_and_takes_the_described_methods_only() {
    once(|world| {
        let operations = description().operations();
        for (_, path, _) in &operations {
            let address = path.replace("{module}", "deal").replace(['{', '}'], "");
            for method in ["GET", "POST", "PATCH", "DELETE", "PUT"] {
                let is_described = operations.iter().any(|(own, other, _)| own == method && other == path);
                let reply = world.ask(method, &address).send();
                assert_eq!(reply.status, if is_described { 401 } else { 405 }, "{method} {path}");
            }
        }
        world.get("/nothing-of-this-name").fails(404, "not_found");
        let wrong = world.ask("PUT", "/me").fails(405, "method_not_allowed");
        assert!(wrong.header("allow").contains("GET"), "{:?}", wrong.headers);
    });
}

#[test]
fn the_description_is_served_to_everybody() {
    once(|world| {
        let reply = world.get("/openapi.json").expect(200);
        assert_eq!(reply.header("content-type"), "application/json");
        assert_eq!(reply.json, description().document);
    });
}

#[test]
fn the_description_uses_only_what_the_program_checks() {
    const PATTERNS: [&str; 3] = ["^[0-9A-Za-z_-]{1,64}$", "^[a-z_]+:[0-9A-Za-z_-]{1,64}$", "^[a-z][a-z0-9_]{0,63}$"];
    const WORDS: [&str; 29] = [
        "$ref",
        "additionalProperties",
        "anyOf",
        "default",
        "description",
        "enum",
        "example",
        "examples",
        "explode",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "oneOf",
        "pattern",
        "properties",
        "required",
        "style",
        "title",
        "type",
        "uniqueItems",
        "in",
        "name",
        "schema",
    ];
    fn visit(value: &Value, is_schema: bool, found: &mut Vec<String>) {
        let Some(members) = value.as_object() else { return };
        for (name, member) in members {
            if is_schema && !WORDS.contains(&name.as_str()) {
                found.push(name.clone());
            }
            match name.as_str() {
                "pattern" if is_schema && !PATTERNS.contains(&member.as_str().unwrap_or_default()) => {
                    found.push(member.to_string());
                }
                "properties" => member.as_object().unwrap().values().for_each(|own| visit(own, true, found)),
                "items" | "additionalProperties" => visit(member, true, found),
                "anyOf" | "oneOf" => member.as_array().unwrap().iter().for_each(|own| visit(own, true, found)),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    let components = &description().document["components"];
    components["schemas"].as_object().unwrap().values().for_each(|schema| visit(schema, true, &mut found));
    components["parameters"].as_object().unwrap().values().for_each(|own| visit(&own["schema"], true, &mut found));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn every_scope_of_the_description_can_be_granted() {
    for (_, path, operation) in description().operations() {
        for scope in operation["security"][0]["oauth"].as_array().unwrap() {
            let scope = scope.as_str().unwrap();
            assert!(identity::Scopes::parse(scope).is_ok(), "{path}: {scope}");
        }
    }
}
