//! What operations write into the history: one entry for what a person did.

use ports::{Acting, ConnectionId, Email, HistoryId, Moment, Origin, ProjectId};
use store::Tx;

use crate::association::Association;
use crate::connection::Connection;
use crate::error::BridgeError;
use crate::history::{self, Action, NewEntry, Outcome};
use crate::service::Bridge;

/// An entry, ready to be written.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub(crate) connection: ConnectionId,
    pub(crate) id: HistoryId,
    pub(crate) at: Moment,
    pub(crate) action: Action,
    pub(crate) project: Option<ProjectId>,
    /// The record, as `deal:17`.
    pub(crate) record: String,
    pub(crate) person: Option<Email>,
    pub(crate) origin: Origin,
    /// The operation that did it; empty for none.
    pub(crate) job: String,
    /// Name of the record.
    pub(crate) detail: String,
}

/// The entry of an association made or taken away now.
pub(crate) fn association(
    bridge: &Bridge,
    connection: &Connection,
    action: Action,
    association: &Association,
    record_name: &str,
    acting: &Acting,
) -> Note {
    let id = HistoryId::new(bridge.next_id());
    association_with(id, bridge.now(), connection, action, association, record_name, acting)
}

/// As [`association`], with an id and a moment of its own.
pub(crate) fn association_with(
    id: HistoryId,
    at: Moment,
    connection: &Connection,
    action: Action,
    association: &Association,
    record_name: &str,
    acting: &Acting,
) -> Note {
    Note {
        connection: connection.id.clone(),
        id,
        at,
        action,
        project: Some(association.project.clone()),
        record: record_key(&association.record),
        person: Some(acting.email.clone()),
        origin: acting.origin,
        job: String::new(),
        detail: record_name.to_owned(),
    }
}

/// How the history names a record.
pub(crate) fn record_key(record: &ports::CrmRef) -> String {
    format!("{}:{}", record.module.code(), record.id)
}

/// Writes the entry; what is done at loading is none (DEMO-5).
pub(crate) fn write(tx: &mut Tx<'_>, note: &Note) -> Result<(), BridgeError> {
    if note.origin == Origin::System {
        return Ok(());
    }
    history::record(
        tx,
        &note.connection,
        &NewEntry {
            project: note.project.as_ref(),
            record: &note.record,
            person: note.person.as_ref(),
            job: &note.job,
            cause: "hand_off",
            detail: &note.detail,
            ..NewEntry::new(note.id.clone(), note.at, note.action, Outcome::Applied)
        },
    )
}
