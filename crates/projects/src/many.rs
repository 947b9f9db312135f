//! Statements for many ids at once: in batches of few sizes, so that there are few statements to prepare.

use store::{Bind, Read, Row, Sql, StoreError};

/// Ids of one statement at most.
const BATCH: usize = 100;

/// Runs `text`, which has one `{ids}` for a list of placeholders, over all `ids`; `binds` are its first values.
///
/// The rows of one batch follow those of the one before; inside a batch they come as the statement sorts them.
pub(crate) fn rows(
    read: &mut Read<'_>,
    text: &'static str,
    binds: &[Bind],
    ids: &[&str],
) -> Result<Vec<Row>, StoreError> {
    let mut found = Vec::new();
    for chunk in ids.chunks(BATCH) {
        let size = [1, 10, BATCH].into_iter().find(|size| *size >= chunk.len()).unwrap_or(BATCH);
        let first = binds.len() + 1;
        let places: Vec<String> = (first..first + size).map(|place| format!("${place}")).collect();
        let mut all = binds.to_vec();
        // Filled up with ids that nothing has.
        all.extend(chunk.iter().chain(std::iter::repeat_n(&"", size - chunk.len())).map(|id| Bind::from(*id)));
        found.extend(read.rows(&Sql::built(text.replace("{ids}", &places.join(", "))), &all)?);
    }
    Ok(found)
}
