//! Reads every message file, holds the languages against each other and writes one method per message.
//!
//! A message that is missing in a language, that takes other parameters there, or that uses a part of Fluent
//! this product does without, stops the build with the file and the id.

#[path = "build/catalogue.rs"]
mod catalogue;
#[path = "build/generate.rs"]
mod generate;

use std::path::Path;
use std::process::ExitCode;

use catalogue::Catalogue;

/// Folder below `messages/`, variant of `Language`. The first one is the reference of the others.
const LANGUAGES: [(&str, &str); 2] = [("en", "En"), ("zh-CN", "ZhCn")];

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=messages");
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problems) => {
            for problem in problems {
                println!("cargo::error={problem}");
            }
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), Vec<String>> {
    let mut problems = Vec::new();
    let mut catalogues = Vec::new();
    for (folder, variant) in LANGUAGES {
        match Catalogue::read(Path::new("messages").join(folder).as_path(), variant) {
            Ok(catalogue) => catalogues.push(catalogue),
            Err(more) => problems.extend(more),
        }
    }
    if let Some((reference, others)) = catalogues.split_first() {
        for other in others {
            problems.extend(reference.differences(other));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let code = generate::words(&catalogues);
    let folder = std::env::var("OUT_DIR").map_err(|e| vec![format!("OUT_DIR is not set: {e}")])?;
    let file = Path::new(&folder).join("words.rs");
    std::fs::write(&file, code).map_err(|e| vec![format!("{} could not be written: {e}", file.display())])
}
