//! The tables of this room and the statements on them.

use std::path::Path;

use records::MIGRATIONS;
use store::testing::{check_statements, migration_sums};

#[test]
fn statements_fit_both_engines_and_hot_ones_scan_no_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (count, wrong) = check_statements(&[MIGRATIONS], &folder).unwrap();
    assert!(count > 8, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_text_that_reaches_each_engine_is_frozen() {
    assert_eq!(
        migration_sums(&MIGRATIONS),
        ["1 word 8891654a010b3fd0 9a86406015497b9b", "2 history 3b263c02deae89bc 88f1e773cdff23a3"]
    );
}
