//! First lines, lengths of files and of functions.

use super::lexer::{Lexed, functions};
use super::{Finding, SourceFile};

const FILE_LINES_AIM: usize = 600;
const FILE_LINES_MAX: usize = 700;
const FUNCTION_LINES_AIM: usize = 70;
const FUNCTION_LINES_MAX: usize = 100;

pub fn check(file: &SourceFile, lexed: &Lexed) -> Vec<Finding> {
    let mut findings = check_length(file);
    if !file.text.starts_with("//! ") {
        let message = "the first line must be `//!` and say what the file is for";
        findings.push(Finding::error(&file.path, 1, message));
    }
    for function in functions(lexed) {
        let name = &function.name;
        if function.length > FUNCTION_LINES_MAX {
            let message =
                format!("`{name}` has {} lines, at most {FUNCTION_LINES_MAX}: give its steps names", function.length);
            findings.push(Finding::error(&file.path, function.line, message));
        } else if function.length > FUNCTION_LINES_AIM {
            let message =
                format!("`{name}` has {} lines, aim at {FUNCTION_LINES_AIM}: give its steps names", function.length);
            findings.push(Finding::warning(&file.path, function.line, message));
        }
    }
    findings
}

pub fn check_length(file: &SourceFile) -> Vec<Finding> {
    let lines = file.text.lines().count();
    let remedy = "split it into two ideas";
    if lines > FILE_LINES_MAX {
        vec![Finding::error(&file.path, lines, format!("{lines} lines, at most {FILE_LINES_MAX}: {remedy}"))]
    } else if lines > FILE_LINES_AIM {
        vec![Finding::warning(&file.path, lines, format!("{lines} lines, aim at {FILE_LINES_AIM}: {remedy}"))]
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::lex;
    use super::super::{SourceFile, Weight};
    use super::check;

    fn weights(text: &str) -> Vec<Weight> {
        let file = SourceFile { path: "crates/crm/src/lead.rs".to_owned(), text: text.to_owned() };
        check(&file, &lex(text)).into_iter().map(|f| f.weight).collect()
    }

    #[test]
    fn lengths_warn_first_and_fail_later() {
        let function = |lines: usize| format!("//! x\nfn a() {{\n{}}}\n", "    b();\n".repeat(lines - 2));
        assert_eq!(weights(&function(70)), []);
        assert_eq!(weights(&function(71)), [Weight::Warning]);
        assert_eq!(weights(&function(101)), [Weight::Error]);
        assert_eq!(weights(&format!("//! x\n{}", "use a;\n".repeat(600))), [Weight::Warning]);
        assert_eq!(weights(&format!("//! x\n{}", "use a;\n".repeat(700))), [Weight::Error]);
        assert_eq!(weights("use a;\n"), [Weight::Error]);
    }
}
