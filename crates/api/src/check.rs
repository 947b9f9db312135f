//! Holds values against the schemas of the description, so that what the description says is what is taken.
//!
//! It knows the part of JSON Schema that the description uses, and names every fault with its place.

use serde_json::{Map, Value};

use crate::fault::{Fault, FaultCode};

/// The document with the schemas that references point into.
pub(crate) struct Schemas {
    document: Value,
}

/// One schema being held against one value.
struct Check<'a> {
    schemas: &'a Schemas,
    faults: Vec<Fault>,
}

impl Schemas {
    pub(crate) fn new(document: Value) -> Self {
        Self { document }
    }

    /// The faults of a body; pointers begin at its root.
    pub(crate) fn body_faults(&self, schema: &Value, body: &Value) -> Vec<Fault> {
        let mut check = Check { schemas: self, faults: Vec::new() };
        check.value(schema, body, "");
        check.faults
    }

    /// The faults of a parameter, which comes as text; `pointer` names it.
    pub(crate) fn parameter_faults(&self, schema: &Value, text: &str, pointer: &str) -> Vec<Fault> {
        let schema = self.resolved(schema);
        let mut check = Check { schemas: self, faults: Vec::new() };
        match schema.get("type").and_then(Value::as_str) {
            Some("integer") => match text.parse::<i64>() {
                Ok(number) => check.number(schema, number, pointer),
                Err(_) => check.fault(pointer, FaultCode::WrongType("integer".to_owned())),
            },
            Some("boolean") if text != "true" && text != "false" => {
                check.fault(pointer, FaultCode::WrongType("boolean".to_owned()));
            }
            Some("boolean") => {}
            Some("array") => {
                let items = schema.get("items").unwrap_or(&Value::Null);
                text.split(',').for_each(|part| check.value(items, &Value::from(part), pointer));
            }
            _ => check.value(schema, &Value::from(text), pointer),
        }
        check.faults.dedup();
        check.faults
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        while let Some(target) = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| reference.strip_prefix('#'))
            .and_then(|pointer| self.document.pointer(pointer))
        {
            schema = target;
        }
        schema
    }
}

impl<'a> Check<'a> {
    fn fault(&mut self, pointer: &str, code: FaultCode) {
        self.faults.push(Fault { pointer: pointer.to_owned(), code });
    }

    fn value(&mut self, schema: &'a Value, value: &Value, pointer: &str) {
        let schema = self.schemas.resolved(schema);
        for word in ["anyOf", "oneOf"] {
            if let Some(branches) = schema.get(word).and_then(Value::as_array) {
                self.branches(branches, value, pointer);
            }
        }
        if let Some(expected) = self.wrong_type(schema, value) {
            return self.fault(pointer, FaultCode::WrongType(expected));
        }
        let offered = schema.get("enum").and_then(Value::as_array);
        if offered.is_some_and(|offered| !offered.contains(value)) {
            return self.fault(pointer, FaultCode::NotOffered);
        }
        match value {
            Value::String(text) => self.text(schema, text, pointer),
            Value::Number(number) => self.number(schema, number.as_i64().unwrap_or(i64::MAX), pointer),
            Value::Array(items) => self.array(schema, items, pointer),
            Value::Object(members) => self.object(schema, members, pointer),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// The value must fit one branch; if it fits none, the faults of the nearest one are told.
    fn branches(&mut self, branches: &'a [Value], value: &Value, pointer: &str) {
        let mut nearest: Option<Vec<Fault>> = None;
        for branch in branches {
            let mut check = Check { schemas: self.schemas, faults: Vec::new() };
            check.value(branch, value, pointer);
            if check.faults.is_empty() {
                return;
            }
            if nearest.as_ref().is_none_or(|faults| check.faults.len() < faults.len()) {
                nearest = Some(check.faults);
            }
        }
        self.faults.extend(nearest.unwrap_or_default());
    }

    fn wrong_type(&self, schema: &Value, value: &Value) -> Option<String> {
        let types: Vec<&str> = match schema.get("type")? {
            Value::String(one) => vec![one.as_str()],
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            _ => return None,
        };
        let is_of = |name: &str| match value {
            Value::Null => name == "null",
            Value::Bool(_) => name == "boolean",
            Value::Number(number) => name == "number" || (name == "integer" && number.is_i64()),
            Value::String(_) => name == "string",
            Value::Array(_) => name == "array",
            Value::Object(_) => name == "object",
        };
        (!types.iter().any(|name| is_of(name))).then(|| types.join(", "))
    }

    fn text(&mut self, schema: &Value, text: &str, pointer: &str) {
        let length = text.chars().count();
        if let Some(max) = size(schema, "maxLength").filter(|max| length > *max) {
            return self.fault(pointer, FaultCode::TooLong(max));
        }
        if let Some(min) = size(schema, "minLength").filter(|min| length < *min) {
            return self.fault(pointer, FaultCode::TooShort(min));
        }
        let pattern = schema.get("pattern").and_then(Value::as_str);
        let format = schema.get("format").and_then(Value::as_str);
        let fits = pattern.is_none_or(|pattern| fits_pattern(pattern, text))
            && format.is_none_or(|format| fits_format(format, text))
            && !text.contains('\0');
        if !fits {
            self.fault(pointer, FaultCode::Malformed);
        }
    }

    fn number(&mut self, schema: &Value, number: i64, pointer: &str) {
        let bound = |word: &str| schema.get(word).and_then(Value::as_i64);
        let (min, max) = (bound("minimum"), bound("maximum"));
        if min.is_some_and(|min| number < min) || max.is_some_and(|max| number > max) {
            let shown = |bound: Option<i64>| bound.map_or_else(|| "…".to_owned(), |bound| bound.to_string());
            self.fault(pointer, FaultCode::OutOfRange(format!("{} – {}", shown(min), shown(max))));
        }
    }

    fn array(&mut self, schema: &'a Value, items: &[Value], pointer: &str) {
        if let Some(max) = size(schema, "maxItems").filter(|max| items.len() > *max) {
            return self.fault(pointer, FaultCode::TooMany(max));
        }
        if let Some(min) = size(schema, "minItems").filter(|min| items.len() < *min) {
            return self.fault(pointer, FaultCode::TooFew(min));
        }
        let is_unique = schema.get("uniqueItems").and_then(Value::as_bool).unwrap_or_default();
        if is_unique
            && (1..items.len()).any(|at| items.get(..at).zip(items.get(at)).is_some_and(|(a, b)| a.contains(b)))
        {
            self.fault(pointer, FaultCode::NotUnique);
        }
        if let Some(each) = schema.get("items") {
            for (at, item) in items.iter().enumerate() {
                self.value(each, item, &format!("{pointer}/{at}"));
            }
        }
    }

    fn object(&mut self, schema: &'a Value, members: &Map<String, Value>, pointer: &str) {
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                self.fault(&format!("{pointer}/{name}"), FaultCode::Required);
            }
        }
        if let Some(min) = size(schema, "minProperties").filter(|min| members.len() < *min) {
            self.fault(pointer, FaultCode::TooFew(min));
        }
        let described = schema.get("properties").and_then(Value::as_object);
        let further = schema.get("additionalProperties");
        for (name, value) in members {
            let place = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
            match (described.and_then(|described| described.get(name)), further) {
                (Some(own), _) => self.value(own, value, &place),
                (None, Some(Value::Bool(false))) => self.fault(&place, FaultCode::Unknown),
                (None, Some(further)) if further.is_object() => self.value(further, value, &place),
                (None, _) => {}
            }
        }
    }
}

fn size(schema: &Value, word: &str) -> Option<usize> {
    schema.get(word).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok())
}

/// The three patterns that the description uses; a test holds that there are no others.
pub(crate) const PATTERNS: [&str; 3] =
    ["^[0-9A-Za-z_-]{1,64}$", "^[a-z_]+:[0-9A-Za-z_-]{1,64}$", "^[a-z][a-z0-9_]{0,63}$"];

fn fits_pattern(pattern: &str, text: &str) -> bool {
    let is_id = |text: &str| {
        (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    match PATTERNS.iter().position(|known| *known == pattern) {
        Some(0) => is_id(text),
        Some(1) => text.split_once(':').is_some_and(|(word, id)| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') && is_id(id)
        }),
        Some(2) => {
            text.len() <= 64
                && text.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        }
        _ => false,
    }
}

fn fits_format(format: &str, text: &str) -> bool {
    match format {
        "date" => ports::Date::parse(text).is_ok(),
        "date-time" => ports::Moment::parse(text).is_ok(),
        "email" => ports::Email::parse(text).is_ok(),
        _ => true,
    }
}
