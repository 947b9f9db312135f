//! Names of files and of tests.

use super::lexer::{Lexed, functions};
use super::{Finding, SourceFile};

const NO_FILE_NAMES: [&str; 5] = ["utils", "common", "helpers", "misc", "types"];

/// Rooms whose integration tests begin with the id of a rule, an invariant, a fault or a scenario.
const ROOMS_WITH_RULE_IDS: [&str; 2] = ["bridge", "simulation"];

/// Letters of the ids, as a test's name writes them.
const RULES: [&str; 38] = [
    "act",
    "att",
    "big",
    "cfg",
    "com",
    "con",
    "det",
    "f",
    "fault",
    "handoff",
    "hand",
    "hist",
    "i",
    "imp",
    "int",
    "invariant",
    "law",
    "life",
    "m",
    "mail",
    "map",
    "obj",
    "op",
    "p",
    "perm",
    "prop",
    "r",
    "ref",
    "sc",
    "scenario",
    "seed",
    "sig",
    "str",
    "sub",
    "sync",
    "task",
    "undo",
    "why",
];

pub fn check_file_name(file: &SourceFile) -> Option<Finding> {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let (stem, end) = name.split_once('.').unwrap_or((name, ""));
    let message = match (stem, end) {
        ("mod", "rs") => "no `mod.rs`: the file of a module `x` with parts is `x.rs` beside the folder `x/`".to_owned(),
        (stem, "rs" | "ts" | "mjs") if NO_FILE_NAMES.contains(&stem) => {
            format!(
                "`{stem}` says nothing: name the one idea that the file holds, or move its parts to where they are used"
            )
        }
        _ => return None,
    };
    Some(Finding::error(&file.path, 1, message))
}

pub fn check_tests(file: &SourceFile, lexed: &Lexed) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, text) in lexed.code.lines().enumerate() {
        if text.trim_start().starts_with("#[ignore") {
            findings.push(Finding::error(
                &file.path,
                at + 1,
                "no test is ignored: mend it, or assert what is known to be wrong",
            ));
        }
        if text.trim_start().starts_with("#[should_panic") {
            findings.push(Finding::error(&file.path, at + 1, "no test expects a panic: return an error and assert it"));
        }
    }
    let has_rule_ids =
        ROOMS_WITH_RULE_IDS.iter().any(|room| file.path.starts_with(&format!("crates/{room}/tests/it/")));
    if has_rule_ids {
        for test in functions(lexed).into_iter().filter(|f| f.is_test && !has_rule_id(&f.name)) {
            let message = format!(
                "`{}` must begin with the id of a rule (str_3_.., fault_14_.., invariant_5_.., sc_12_..)",
                test.name
            );
            findings.push(Finding::error(&file.path, test.line, message));
        }
    }
    findings
}

/// `str_3_last_day`, `task_11a_again`, `f4_highest`; the fact follows the id.
fn has_rule_id(name: &str) -> bool {
    let letters: String = name.chars().take_while(char::is_ascii_lowercase).collect();
    let rest = name.strip_prefix(letters.as_str()).unwrap_or_default();
    let rest = rest.strip_prefix('_').unwrap_or(rest);
    let after_number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let fact = after_number.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let is_numbered = after_number.len() < rest.len() && after_number.len() - fact.len() <= 1;
    RULES.contains(&letters.as_str()) && is_numbered && fact.starts_with('_') && fact.len() > 1
}

#[cfg(test)]
mod tests {
    use super::super::SourceFile;
    use super::super::lexer::lex;
    use super::{check_file_name, check_tests, has_rule_id};

    #[test]
    fn tests_of_the_engine_name_their_rule() {
        for name in [
            "str_3_last_day_is_inside",
            "f4_highest_survives",
            "fault_14_stale_read",
            "invariant_5_x",
            "task_11a_y",
            "sc_1_z",
        ] {
            assert!(has_rule_id(name), "{name}");
        }
        for name in ["last_day", "str_last_day", "str_3", "zzz_3_x", "task_11abc_y", "f4highest"] {
            assert!(!has_rule_id(name), "{name}");
        }
        let text = "//! x\n#[test]\nfn works() {\n}\n#[ignore]\n#[test]\nfn con_7_twice() {\n}\nfn builder() {\n}\n";
        let lines = |path: &str| {
            let file = SourceFile { path: path.to_owned(), text: text.to_owned() };
            check_tests(&file, &lex(text)).into_iter().map(|f| f.line).collect::<Vec<_>>()
        };
        assert_eq!(lines("crates/bridge/tests/it/round.rs"), [5, 3]);
        assert_eq!(lines("crates/web/tests/it/pages.rs"), [5]);
    }

    #[test]
    fn file_names_say_something() {
        let is_wrong =
            |path: &str| check_file_name(&SourceFile { path: path.to_owned(), text: String::new() }).is_some();
        assert!(
            is_wrong("crates/crm/src/utils.rs") && is_wrong("crates/crm/src/side/mod.rs") && is_wrong("e2e/helpers.ts")
        );
        assert!(!is_wrong("crates/crm/src/side.rs") && !is_wrong("docs/types.md"));
    }
}
