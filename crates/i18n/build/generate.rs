//! Writes the methods of `Words`, the sources of the bundles, and the samples that the tests go through.

use crate::catalogue::{Catalogue, Entered, Use};

/// The Rust text that `src/words.rs` includes.
pub fn words(catalogues: &[Catalogue]) -> String {
    let mut code = String::new();
    sources(&mut code, catalogues);
    methods(&mut code, catalogues);
    samples(&mut code, catalogues);
    code
}

fn sources(code: &mut String, catalogues: &[Catalogue]) {
    code.push_str("/// Messages with parameters, as Fluent source.\nfn source(language: Language) -> &'static str {\n    match language {\n");
    for catalogue in catalogues {
        let with_parameters = catalogue.messages.values().filter(|m| !m.parameters.is_empty());
        let text: String = with_parameters.map(|m| m.source.as_str()).collect();
        code.push_str(&format!("        Language::{} => {text:?},\n", catalogue.variant));
    }
    code.push_str("    }\n}\n\n");
}

fn methods(code: &mut String, catalogues: &[Catalogue]) {
    code.push_str("impl Words {\n");
    let Some(reference) = catalogues.first() else {
        return;
    };
    for (id, message) in &reference.messages {
        let name = snake(id);
        if message.parameters.is_empty() {
            document(code, &message.text);
            code.push_str(&format!(
                "    #[must_use]\n    pub fn {name}(self) -> &'static str {{\n        match self.language {{\n"
            ));
            for catalogue in catalogues {
                let text = catalogue.messages.get(id).map_or("", |m| m.text.as_str());
                code.push_str(&format!("            Language::{} => {text:?},\n", catalogue.variant));
            }
            code.push_str("        }\n    }\n\n");
        } else {
            document(code, &message.source);
            let slots: String = message.parameters.keys().map(|p| format!(", {}: impl Slot", snake(p))).collect();
            code.push_str(&format!("    #[must_use]\n    pub fn {name}(self{slots}) -> String {{\n"));
            let pairs: String = message.parameters.keys().map(|p| format!("({p:?}, {}.value()), ", snake(p))).collect();
            code.push_str(&format!("        self.format({id:?}, [{}])\n    }}\n\n", pairs.trim_end_matches(", ")));
        }
    }
    code.push_str("}\n\n");
}

fn document(code: &mut String, text: &str) {
    code.push_str("    /// ```text\n");
    for line in text.trim_end().lines() {
        code.push_str(&format!("    /// {line}\n"));
    }
    code.push_str("    /// ```\n");
}

/// Every message with sample values: each variant of a selecting parameter once, every other parameter a short text.
fn samples(code: &mut String, catalogues: &[Catalogue]) {
    code.push_str("#[cfg(test)]\npub(crate) fn every_message(w: Words) -> Vec<(&'static str, String)> {\n    vec![\n");
    if let Some(reference) = catalogues.first() {
        for (id, message) in &reference.messages {
            for values in sample_values(&merged(id, catalogues), message) {
                code.push_str(&format!("        ({id:?}, w.{}({values}).to_string()),\n", snake(id)));
            }
        }
    }
    code.push_str("    ]\n}\n\n");
    code.push_str("#[cfg(test)]\npub(crate) fn every_source(language: Language) -> Vec<(&'static str, &'static str)> {\n    match language {\n");
    for catalogue in catalogues {
        code.push_str(&format!("        Language::{} => vec![\n", catalogue.variant));
        for (id, message) in &catalogue.messages {
            code.push_str(&format!("            ({id:?}, {:?}),\n", message.source));
        }
        code.push_str("        ],\n");
    }
    code.push_str("    }\n}\n");
}

/// The parameters of a message with the keys of all languages: Chinese has no plural, English has.
fn merged(id: &str, catalogues: &[Catalogue]) -> Vec<(String, Use)> {
    let mut parameters: Vec<(String, Use)> = Vec::new();
    for message in catalogues.iter().filter_map(|c| c.messages.get(id)) {
        for (name, how) in &message.parameters {
            if let Some((_, known)) = parameters.iter_mut().find(|(n, _)| n == name) {
                known.is_number |= how.is_number;
                known.keys.extend(how.keys.iter().cloned());
            } else {
                parameters.push((name.clone(), how.clone()));
            }
        }
    }
    parameters
}

fn sample_values(parameters: &[(String, Use)], message: &Entered) -> Vec<String> {
    let choices: Vec<Vec<String>> = message
        .parameters
        .keys()
        .filter_map(|name| parameters.iter().find(|(n, _)| n == name))
        .map(|(_, how)| match (how.is_number, how.keys.is_empty()) {
            (true, _) => ["0_i64", "1_i64", "2_i64", "8800_i64"].map(str::to_owned).to_vec(),
            (false, true) => vec!["\"Ward\"".to_owned()],
            (false, false) => how.keys.iter().map(|key| format!("{key:?}")).collect(),
        })
        .collect();
    let rounds = choices.iter().map(Vec::len).max().unwrap_or(1);
    (0..rounds)
        .map(|round| {
            let values = choices.iter().filter_map(|c| c.get(round % c.len()));
            values.map(String::as_str).collect::<Vec<_>>().join(", ")
        })
        .collect()
}

fn snake(id: &str) -> String {
    id.replace('-', "_").to_lowercase()
}
