//! Notes on records; those on a task are its comments.

use ports::{Email, Moment, NoteId};
use store::{Bind, Read, Row, Sql, StoreError, Tx};

use super::email;
use crate::field::Module;

/// Longest note, in code points.
pub const TEXT_MAX: usize = 32_000;

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Later notes have later ids.
    pub id: NoteId,
    /// The kind of record it is on.
    pub parent: Module,
    /// That record.
    pub parent_id: String,
    /// Who wrote it.
    pub author: Email,
    /// When it was written; for a copy, when the original was.
    pub at: Moment,
    /// Its text.
    pub text: String,
    /// The mark the bridge made it with.
    pub mark: Option<String>,
}

macro_rules! note_select {
    ($rest:literal) => {
        concat!(
            "select n.id, n.parent_module, n.parent_id, n.text, u.email as author_email, n.written_at, n.mark \
             from crm_note n join crm_user u on u.organisation_id = n.organisation_id and u.id = n.author_id \
             where n.organisation_id = $1 ",
            $rest
        )
    };
}

const OF_PARENT: Sql =
    Sql::hot(note_select!("and n.parent_id = $2 and n.id > $3 and n.deleted_at is null order by n.id limit $4"));
const NEWEST: Sql = Sql::hot(note_select!("and n.parent_id = $2 and n.deleted_at is null order by n.id desc limit $3"));
const COUNT: Sql = Sql::hot(
    "select count(*) as notes from crm_note where organisation_id = $1 and parent_id = $2 and deleted_at is null",
);
const INSERT: Sql = Sql::new(
    "insert into crm_note (organisation_id, id, parent_module, parent_id, text, author_id, written_at, created_at, \
     mark) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
);

/// Notes of a record with ids after `after`, oldest first, at most `limit`.
pub(crate) fn of_parent(
    read: &mut Read<'_>,
    organisation: &str,
    parent_id: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Note>, StoreError> {
    let binds = [organisation.into(), parent_id.into(), after.into(), limit.into()];
    read.rows(&OF_PARENT, &binds)?.iter().map(note).collect()
}

/// The newest notes of a record, newest first, at most `limit`.
pub(crate) fn newest(
    read: &mut Read<'_>,
    organisation: &str,
    parent_id: &str,
    limit: i64,
) -> Result<Vec<Note>, StoreError> {
    let binds = [organisation.into(), parent_id.into(), limit.into()];
    read.rows(&NEWEST, &binds)?.iter().map(note).collect()
}

pub(crate) fn count(read: &mut Read<'_>, organisation: &str, parent_id: &str) -> Result<i64, StoreError> {
    read.row(&COUNT, &[organisation.into(), parent_id.into()])?.map_or(Ok(0), |row| row.int("notes"))
}

/// What is written for a note.
pub(crate) struct Writing<'a> {
    pub(crate) organisation: &'a str,
    pub(crate) id: &'a str,
    pub(crate) parent: Module,
    pub(crate) parent_id: &'a str,
    pub(crate) text: &'a str,
    pub(crate) author_id: &'a str,
    pub(crate) written_at: Moment,
    pub(crate) now: Moment,
    pub(crate) mark: Option<&'a str>,
}

pub(crate) fn insert(tx: &mut Tx<'_>, writing: &Writing<'_>) -> Result<(), StoreError> {
    let binds: [Bind; 9] = [
        writing.organisation.into(),
        writing.id.into(),
        writing.parent.code().into(),
        writing.parent_id.into(),
        writing.text.into(),
        writing.author_id.into(),
        writing.written_at.ms().into(),
        writing.now.ms().into(),
        writing.mark.into(),
    ];
    tx.execute(&INSERT, &binds).map(|_| ())
}

fn note(row: &Row) -> Result<Note, StoreError> {
    let parent = row.text("parent_module")?;
    Ok(Note {
        id: NoteId::new(row.text("id")?),
        parent: Module::parse(&parent)
            .ok_or_else(|| StoreError::Other(format!("column parent_module: {parent:?} is no module")))?,
        parent_id: row.text("parent_id")?,
        author: email(row, "author_email")?,
        at: Moment::from_ms(row.int("written_at")?),
        text: row.text("text")?,
        mark: row.text_or_null("mark")?,
    })
}
