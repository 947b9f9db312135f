//! Every statement can be prepared on every engine, and no frequent one walks through a whole table.

use std::path::Path;

use store::testing::check_statements;

use crate::world::ROOMS;

#[test]
fn statements_are_good_on_every_engine() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (count, wrong) = check_statements(&ROOMS, &folder).unwrap();
    assert!(count > 25, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
