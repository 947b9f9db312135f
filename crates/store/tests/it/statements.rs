//! Every statement of this room can be prepared, and the hot ones walk through no table.

use std::path::Path;

use store::testing::check_statements;

#[test]
fn statements_fit_both_engines_and_hot_ones_scan_no_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (count, wrong) = check_statements(&[], &folder).unwrap();
    assert!(count > 30, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
