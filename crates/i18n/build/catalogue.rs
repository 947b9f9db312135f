//! The messages of one language: read, checked for what the product allows, compared with another language.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Resource, VariantKey};
use fluent_syntax::unicode::unescape_unicode_to_string;
use fluent_syntax::{parser, serializer};

/// Names of methods that `Words` has by hand: a message with such an id could not be called.
const RESERVED: [&str; 21] = [
    "date",
    "date-long",
    "date-range",
    "day",
    "day-and-time",
    "format",
    "lang-attr",
    "language",
    "moment",
    "moment-long",
    "money",
    "money-minor",
    "names",
    "new",
    "number",
    "percent",
    "reason",
    "reason-of-request",
    "reason-on",
    "reason-title",
    "time",
];

const KEYWORDS: [&str; 21] = [
    "as", "async", "break", "const", "else", "enum", "for", "if", "in", "let", "loop", "match", "mod", "move", "pub",
    "ref", "self", "type", "use", "where", "while",
];

/// All messages of one language, by id.
pub struct Catalogue {
    pub variant: &'static str,
    pub messages: BTreeMap<String, Entered>,
}

/// One message as it stands in a file.
pub struct Entered {
    file: PathBuf,
    /// Parameter names in alphabetical order, each with what it selects.
    pub parameters: BTreeMap<String, Use>,
    /// The text of a message without parameters.
    pub text: String,
    /// Fluent source of this message alone, for the bundle.
    pub source: String,
}

/// How a parameter is used: shown only, or it selects a variant.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Use {
    pub keys: BTreeSet<String>,
    pub is_number: bool,
}

impl Catalogue {
    /// Reads all `.ftl` files below `folder`. The error holds every problem found, not only the first.
    pub fn read(folder: &Path, variant: &'static str) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let mut messages: BTreeMap<String, Entered> = BTreeMap::new();
        for file in files(folder).map_err(|e| vec![format!("{}: {e}", folder.display())])? {
            match read_file(&file) {
                Ok(found) => {
                    for (id, message) in found {
                        if let Some(first) = messages.get(&id) {
                            let (a, b) = (first.file.display(), file.display());
                            problems.push(format!(
                                "{b}: message \"{id}\" stands in {a} already; give one of them another id"
                            ));
                        } else {
                            messages.insert(id, message);
                        }
                    }
                }
                Err(more) => problems.extend(more),
            }
        }
        problems.extend(name_problems(&messages));
        if problems.is_empty() { Ok(Self { variant, messages }) } else { Err(problems) }
    }

    /// What `other` lacks, has too much of, or takes other parameters for.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut problems = Vec::new();
        for (id, message) in &self.messages {
            let file = message.file.display();
            match other.messages.get(id) {
                None => problems.push(format!("{file}: message \"{id}\" is missing in the other language")),
                Some(twin) => {
                    let (mine, theirs) = (names(message), names(twin));
                    if mine != theirs {
                        let twin_file = twin.file.display();
                        problems.push(format!(
                            "{twin_file}: message \"{id}\" takes the parameters [{theirs}], in {file} it takes [{mine}]"
                        ));
                    }
                }
            }
        }
        for (id, message) in &other.messages {
            if !self.messages.contains_key(id) {
                problems.push(format!("{}: message \"{id}\" is missing in the other language", message.file.display()));
            }
        }
        problems
    }
}

fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "ftl") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn read_file(file: &Path) -> Result<Vec<(String, Entered)>, Vec<String>> {
    let name = file.display();
    let text = std::fs::read_to_string(file).map_err(|e| vec![format!("{name}: {e}")])?;
    let resource = parser::parse(text.as_str()).map_err(|(_, errors)| {
        errors.iter().map(|e| format!("{name}:{}: {}", line(&text, e.pos.start), e.kind)).collect::<Vec<_>>()
    })?;
    let mut problems = Vec::new();
    let mut found = Vec::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let id = message.id.name.to_string();
                match read_message(file, message) {
                    Ok(entered) => found.push((id, entered)),
                    Err(why) => problems.push(format!("{name}: message \"{id}\": {why}")),
                }
            }
            Entry::Term(term) => {
                problems.push(format!("{name}: term \"-{}\": terms are not used; pass a parameter", term.id.name))
            }
            Entry::Junk { content } => problems.push(format!("{name}: cannot be read: {content}")),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}

fn read_message(file: &Path, message: Message<&str>) -> Result<Entered, String> {
    if !message.attributes.is_empty() {
        return Err("attributes are not used; write a message of its own".to_owned());
    }
    let Some(pattern) = &message.value else {
        return Err("it has no text".to_owned());
    };
    let mut parameters = BTreeMap::new();
    collect(pattern, &mut parameters)?;
    let text = if parameters.is_empty() { plain(pattern) } else { String::new() };
    if parameters.is_empty() && text.trim().is_empty() {
        return Err("its text is empty".to_owned());
    }
    let source = serializer::serialize(&Resource { body: vec![Entry::Message(message)] });
    Ok(Entered { file: file.to_path_buf(), parameters, text, source })
}

fn collect(pattern: &Pattern<&str>, parameters: &mut BTreeMap<String, Use>) -> Result<(), String> {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        match expression {
            Expression::Inline(inline) => note_inline(inline, parameters)?,
            Expression::Select { selector, variants } => {
                let InlineExpression::VariableReference { id } = selector else {
                    return Err("only a parameter can select a variant".to_owned());
                };
                let entry = parameters.entry(id.name.to_owned()).or_default();
                for variant in variants {
                    match &variant.key {
                        VariantKey::Identifier { name } => {
                            entry.is_number |= ["zero", "one", "two", "few", "many", "other"].contains(name);
                            entry.keys.insert((*name).to_owned());
                        }
                        VariantKey::NumberLiteral { value } => {
                            entry.is_number = true;
                            entry.keys.insert((*value).to_owned());
                        }
                    }
                }
                for variant in variants {
                    collect(&variant.value, parameters)?;
                }
            }
        }
    }
    Ok(())
}

fn note_inline(inline: &InlineExpression<&str>, parameters: &mut BTreeMap<String, Use>) -> Result<(), String> {
    match inline {
        InlineExpression::VariableReference { id } => {
            parameters.entry(id.name.to_owned()).or_default();
            Ok(())
        }
        InlineExpression::StringLiteral { .. } => Ok(()),
        InlineExpression::NumberLiteral { .. }
        | InlineExpression::FunctionReference { .. }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::TermReference { .. }
        | InlineExpression::Placeable { .. } => Err("only parameters and quoted text stand in braces".to_owned()),
    }
}

fn plain(pattern: &Pattern<&str>) -> String {
    let mut text = String::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text.push_str(value),
            PatternElement::Placeable { expression: Expression::Inline(InlineExpression::StringLiteral { value }) } => {
                text.push_str(&unescape_unicode_to_string(value));
            }
            PatternElement::Placeable { .. } => {}
        }
    }
    text
}

fn names(message: &Entered) -> String {
    message.parameters.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn name_problems(messages: &BTreeMap<String, Entered>) -> Vec<String> {
    let mut problems = Vec::new();
    let mut methods: BTreeMap<String, &str> = BTreeMap::new();
    for (id, message) in messages {
        let file = message.file.display();
        if RESERVED.contains(&id.as_str()) || KEYWORDS.contains(&id.as_str()) {
            problems.push(format!("{file}: \"{id}\" is the name of something else; give the message another id"));
        }
        if let Some(other) = methods.insert(id.replace('-', "_").to_lowercase(), id) {
            problems
                .push(format!("{file}: \"{id}\" and \"{other}\" give the same method; give one of them another id"));
        }
        for name in message.parameters.keys().filter(|name| KEYWORDS.contains(&name.as_str())) {
            problems.push(format!(
                "{file}: message \"{id}\": the parameter cannot be called \"{name}\"; choose another word"
            ));
        }
    }
    problems
}
