//! Writes of ours that have been or may have been sent and are not settled: a row before every write.

use ports::{ConnectionId, LinkId, Moment};
use store::{Read, Row, Sql, Tx};

use crate::error::BridgeError;
use crate::field::{Field, SideName};
use crate::plan::{Intent, Story};
use crate::stored;

const INSERT: Sql = Sql::hot(
    "insert into bridge_intent (connection_id, link_id, id, fence, side, field, wanted, expected, document, \
     created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
);
const OF_LINK: Sql = Sql::hot(
    "select id, fence, side, field, wanted, expected, document, created_at from bridge_intent \
     where connection_id = $1 and link_id = $2 order by id",
);
const FORGET: Sql = Sql::hot("delete from bridge_intent where connection_id = $1 and link_id = $2 and id = $3");
const TELL: Sql =
    Sql::new("update bridge_intent set document = $4 where connection_id = $1 and link_id = $2 and id = $3");
const FORGET_ALL: Sql = Sql::new("delete from bridge_intent where connection_id = $1 and link_id = $2");

/// Stores an intent.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    link: &LinkId,
    intent: &Intent,
) -> Result<(), BridgeError> {
    tx.execute(
        &INSERT,
        &[
            connection.as_str().into(),
            link.as_str().into(),
            (&intent.id).into(),
            intent.fence.into(),
            intent.side.code().into(),
            intent.field.code().into(),
            stored::to_json(&intent.wanted)?.into(),
            (&intent.expected).into(),
            stored::to_json(&intent.story)?.into(),
            intent.at.ms().into(),
        ],
    )?;
    Ok(())
}

/// The open intents of a link, oldest first.
pub fn of_link(read: &mut Read<'_>, connection: &ConnectionId, link: &LinkId) -> Result<Vec<Intent>, BridgeError> {
    read.rows(&OF_LINK, &[connection.as_str().into(), link.as_str().into()])?.iter().map(intent).collect()
}

/// Closes an intent.
pub(crate) fn forget(tx: &mut Tx<'_>, connection: &ConnectionId, link: &LinkId, id: &str) -> Result<(), BridgeError> {
    tx.execute(&FORGET, &[connection.as_str().into(), link.as_str().into(), id.into()])?;
    Ok(())
}

/// Notes that the history tells of an intent that stays open.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    link: &LinkId,
    intent: &Intent,
) -> Result<(), BridgeError> {
    let story = Story { is_told: true, ..intent.story.clone() };
    let binds =
        [connection.as_str().into(), link.as_str().into(), (&intent.id).into(), stored::to_json(&story)?.into()];
    tx.execute(&TELL, &binds)?;
    Ok(())
}

/// Closes all intents of a link.
pub(crate) fn forget_all(tx: &mut Tx<'_>, connection: &ConnectionId, link: &LinkId) -> Result<(), BridgeError> {
    tx.execute(&FORGET_ALL, &[connection.as_str().into(), link.as_str().into()])?;
    Ok(())
}

fn intent(row: &Row) -> Result<Intent, BridgeError> {
    let unknown = || BridgeError::Failed("an intent cannot be understood".to_owned());
    Ok(Intent {
        id: row.text("id")?,
        fence: row.int("fence")?,
        side: SideName::parse(&row.text("side")?).ok_or_else(unknown)?,
        field: Field::parse(&row.text("field")?).ok_or_else(unknown)?,
        wanted: stored::from_json(&row.text("wanted")?)?,
        expected: row.text("expected")?,
        story: stored::from_json(&row.text("document")?)?,
        at: Moment::from_ms(row.int("created_at")?),
    })
}
