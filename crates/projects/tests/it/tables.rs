//! The tables of this room and the statements on them.

use std::path::Path;

use projects::MIGRATIONS;
use store::testing::{check_statements, migration_sums};

use crate::world::ROOMS;

#[test]
fn statements_fit_both_engines_and_hot_ones_scan_no_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (count, wrong) = check_statements(&ROOMS, &folder).unwrap();
    assert!(count > 50, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_text_that_reaches_each_engine_is_frozen() {
    assert_eq!(migration_sums(&MIGRATIONS), ["1 projects 5ba7838e1117362f 7f127308d977a51c"]);
}
