//! The tables of the bridge and its statements, on every engine.

use std::path::Path;

use store::testing::check_statements;

#[test]
fn sync_9_every_statement_fits_its_tables_and_no_hot_one_walks_through_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (count, wrong) = check_statements(&[mail::MIGRATIONS, bridge::MIGRATIONS], &folder).unwrap();
    assert!(count > 60, "{count} statements");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
