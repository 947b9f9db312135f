//! The rules of this repository that no other tool knows. Each finding names the place and the remedy.

mod lexer;
mod names;
mod rooms;
mod size;
mod sql;
mod words;

use std::fmt;
use std::path::{Path, PathBuf};

/// Made by tools, or not ours: never read.
const SKIPPED_FOLDERS: [&str; 8] = [
    ".git",
    "dist",
    "lockstep-data",
    "node_modules",
    "playwright-report",
    "proptest-regressions",
    "target",
    "test-results",
];

/// What is read as text.
const TEXT_ENDS: [&str; 16] =
    ["rs", "ts", "mjs", "css", "html", "txt", "ftl", "sql", "md", "toml", "yaml", "yml", "json", "sh", "svg", "npmrc"];

/// A file of the repository.
pub struct SourceFile {
    /// From the root of the workspace, with `/`.
    pub path: String,
    pub text: String,
}

impl SourceFile {
    /// The name of the room, for a file below `crates/`.
    pub fn room(&self) -> Option<&str> {
        self.path.strip_prefix("crates/").and_then(|rest| rest.split('/').next())
    }

    pub fn has_end(&self, end: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, own)| own == end)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    Warning,
    Error,
}

/// One place that does not keep a rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    pub weight: Weight,
    pub path: String,
    pub line: usize,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl Finding {
    pub fn error(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { weight: Weight::Error, path: path.to_owned(), line, message: message.into() }
    }

    pub fn warning(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { weight: Weight::Warning, path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weight = match self.weight {
            Weight::Warning => "warning: ",
            Weight::Error => "",
        };
        write!(f, "{}:{}: {weight}{}", self.path, self.line, self.message)
    }
}

/// Prints all findings; errors make the task fail, warnings do not.
pub fn report(root: &Path) -> Result<(), String> {
    let findings = findings(root)?;
    for finding in &findings {
        println!("{finding}");
    }
    let errors = findings.iter().filter(|f| f.weight == Weight::Error).count();
    let warnings = findings.len() - errors;
    let numbers = format!("tidy: {errors} errors, {warnings} warnings");
    if errors == 0 {
        println!("{numbers}");
        Ok(())
    } else {
        Err(numbers)
    }
}

fn findings(root: &Path) -> Result<Vec<Finding>, String> {
    let files = files(root).map_err(|e| format!("{}: {e}", root.display()))?;
    let mut findings = rooms::check(&files);
    for file in &files {
        findings.extend(words::check(file));
        findings.extend(names::check_file_name(file));
        if file.has_end("rs") {
            let lexed = lexer::lex(&file.text);
            findings.extend(size::check(file, &lexed));
            findings.extend(names::check_tests(file, &lexed));
            findings.extend(sql::check_literals(file, &lexed));
        } else if file.has_end("sql") {
            findings.extend(sql::check_migration(file));
        } else if file.has_end("ts") || file.has_end("mjs") || file.has_end("sh") {
            findings.extend(size::check_length(file));
        }
    }
    findings.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    Ok(findings)
}

fn files(root: &Path) -> std::io::Result<Vec<SourceFile>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !SKIPPED_FOLDERS.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if is_text(&path, &name) {
                let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
                found.push(SourceFile { path: below(root, &path), text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn is_text(path: &Path, name: &str) -> bool {
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    let is_script = path.parent().and_then(Path::file_name).is_some_and(|folder| folder == ".ci");
    TEXT_ENDS.contains(&end) || is_script
}

fn below(root: &Path, path: &Path) -> String {
    let inside: PathBuf = path.strip_prefix(root).unwrap_or(path).to_path_buf();
    inside.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Weight, findings};

    #[test]
    fn repository_is_tidy() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        match findings(&root) {
            Ok(found) => {
                let errors: Vec<String> =
                    found.iter().filter(|f| f.weight == Weight::Error).map(ToString::to_string).collect();
                assert!(errors.is_empty(), "{}", errors.join("\n"));
            }
            Err(message) => assert!(message.is_empty(), "{message}"),
        }
    }
}
