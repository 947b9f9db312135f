//! Comments: each one once, in order, with its author and its time (COM-1, 2, 4, 6, 7).

use ports::{
    Acting, Comment, CommentId, ConnectionId, CreateMark, CrmWrite, Email, LinkId, Moment, NewComment, NewCrmNote,
    Note, PlainText, ProjectsWrite, Reason, lines,
};
use store::{Read, Row, Sql, Tx};

use crate::error::BridgeError;
use crate::field::SideName;
use crate::link::Link;
use crate::stored;

/// Where a comment stands on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentState {
    /// It is to be copied.
    Waiting,
    /// Its copy is there.
    Copied,
    /// The other side does not take it.
    Refused,
}

impl CommentState {
    const ALL: [Self; 3] = [Self::Waiting, Self::Copied, Self::Refused];

    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Copied => "copied",
            Self::Refused => "refused",
        }
    }
}

/// A comment that is carried over, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The side it was written on.
    pub side: SideName,
    /// Its id there.
    pub origin: String,
    /// Finds the copy again after a lost answer.
    pub mark: CreateMark,
    /// Where it stands.
    pub state: CommentState,
    /// Who wrote it.
    pub author: Email,
    /// The name shown for the author.
    pub author_name: String,
    /// When it was written.
    pub at: Moment,
    /// Its lines.
    pub text: PlainText,
    /// The id of the copy.
    pub copy: Option<String>,
}

const INSERT: Sql = Sql::hot(
    "insert into bridge_comment (connection_id, link_id, side, origin_id, mark, state, author, author_name, written_at, \
     body, noted_at) values ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8, $9, $10) on conflict do nothing",
);
const WAITING: Sql = Sql::hot(
    "select side, origin_id, mark, state, author, author_name, written_at, body, copy_id from bridge_comment \
     where connection_id = $1 and link_id = $2 and state = 'waiting' order by written_at, origin_id",
);
const DONE: Sql = Sql::hot(
    "update bridge_comment set state = $5, copy_id = $6, reason = $7 \
     where connection_id = $1 and link_id = $2 and side = $3 and origin_id = $4 and state = 'waiting'",
);
const COUNT: Sql = Sql::new(
    "select cast(coalesce(sum(case when state = 'copied' then 1 else 0 end), 0) as bigint) as copied, \
     cast(coalesce(sum(case when state = 'waiting' then 1 else 0 end), 0) as bigint) as waiting \
     from bridge_comment where connection_id = $1 and link_id = $2",
);

/// The mark of the copy: one for each original, wherever and however often it is made (COM-6).
fn mark(link: &LinkId, side: SideName, origin: &str) -> CreateMark {
    CreateMark::new(format!("c{}", stored::fingerprint([link.as_str(), side.code(), origin])))
}

/// A note of the CRM that is to be carried over; none if it is itself a copy.
pub(crate) fn of_note(link: &LinkId, note: &Note) -> Option<Carried> {
    if note.mark.is_some() {
        return None;
    }
    Some(Carried {
        side: SideName::Crm,
        origin: note.id.to_string(),
        mark: mark(link, SideName::Crm, note.id.as_str()),
        state: CommentState::Waiting,
        author: note.author.clone(),
        author_name: note.author_name.clone(),
        at: note.at,
        text: plain_names(&note.text, &note.mentions),
        copy: None,
    })
}

/// A comment of Projects that is to be carried over; none if it is itself a copy.
pub(crate) fn of_comment(link: &LinkId, comment: &Comment) -> Option<Carried> {
    if comment.mark.is_some() {
        return None;
    }
    Some(Carried {
        side: SideName::Projects,
        origin: comment.id.to_string(),
        mark: mark(link, SideName::Projects, comment.id.as_str()),
        state: CommentState::Waiting,
        author: comment.author.clone(),
        author_name: comment.author_name.clone(),
        at: comment.at,
        text: plain_names(&lines::plain(&comment.text), &comment.mentions),
        copy: None,
    })
}

/// Mentions become plain names (COM-4).
fn plain_names(text: &PlainText, mentions: &[String]) -> PlainText {
    PlainText::new(&lines::without_mentions(text.as_str(), mentions))
}

/// Stores a comment that is to be copied; one that is known already stays as it is.
pub(crate) fn store(tx: &mut Tx<'_>, link: &Link, carried: &Carried, now: Moment) -> Result<bool, BridgeError> {
    let changed = tx.execute(
        &INSERT,
        &[
            link.connection.as_str().into(),
            link.id.as_str().into(),
            carried.side.code().into(),
            (&carried.origin).into(),
            carried.mark.as_str().into(),
            carried.author.as_str().into(),
            (&carried.author_name).into(),
            carried.at.ms().into(),
            carried.text.as_str().into(),
            now.ms().into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Comments of a link that are to be copied, in the order in which they were written.
pub(crate) fn waiting(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    link: &LinkId,
) -> Result<Vec<Carried>, BridgeError> {
    read.rows(&WAITING, &[connection.as_str().into(), link.as_str().into()])?.iter().map(carried).collect()
}

/// Moves a waiting comment on; answers whether it was waiting.
pub(crate) fn done(
    tx: &mut Tx<'_>,
    link: &Link,
    carried: &Carried,
    end: Result<&str, &Reason>,
) -> Result<bool, BridgeError> {
    let state = if end.is_ok() { CommentState::Copied } else { CommentState::Refused };
    let changed = tx.execute(
        &DONE,
        &[
            link.connection.as_str().into(),
            link.id.as_str().into(),
            carried.side.code().into(),
            (&carried.origin).into(),
            state.code().into(),
            end.ok().into(),
            end.err().map(stored::reason_text).transpose()?.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// How many comments of a link are copied and how many wait.
pub fn count(read: &mut Read<'_>, connection: &ConnectionId, link: &LinkId) -> Result<(i64, i64), BridgeError> {
    match read.row(&COUNT, &[connection.as_str().into(), link.as_str().into()])? {
        Some(row) => Ok((row.int("copied")?, row.int("waiting")?)),
        None => Ok((0, 0)),
    }
}

/// The note that copies a comment of Projects. Whom the CRM does not know is named in the text (COM-2).
pub(crate) fn to_crm(link: &Link, carried: &Carried, acting: Acting) -> CrmWrite {
    let text = PlainText::new(&signed(carried, &acting));
    CrmWrite::CreateNote {
        note: NewCrmNote { task: link.crm_task.clone(), text, at: carried.at },
        mark: carried.mark.clone(),
        acting,
    }
}

/// The comment that copies a note of the CRM: hidden from client users until a member releases it (COM-7).
pub(crate) fn to_projects(link: &Link, carried: &Carried, acting: Acting) -> ProjectsWrite {
    let text = lines::rich(&PlainText::new(&signed(carried, &acting)));
    ProjectsWrite::CreateComment {
        comment: NewComment { task: link.projects_task.clone(), text, at: carried.at, is_internal: true },
        mark: carried.mark.clone(),
        acting,
    }
}

fn signed(carried: &Carried, acting: &Acting) -> String {
    if acting.email == carried.author {
        carried.text.as_str().to_owned()
    } else {
        format!("{}: {}", carried.author_name, carried.text.as_str())
    }
}

fn carried(row: &Row) -> Result<Carried, BridgeError> {
    let state = row.text("state")?;
    Ok(Carried {
        side: SideName::parse(&row.text("side")?)
            .ok_or_else(|| BridgeError::Failed("a comment of no side".to_owned()))?,
        origin: row.text("origin_id")?,
        mark: CreateMark::new(row.text("mark")?),
        state: CommentState::ALL.into_iter().find(|known| known.code() == state).unwrap_or(CommentState::Waiting),
        author: stored::email(&row.text("author")?)?,
        author_name: row.text("author_name")?,
        at: Moment::from_ms(row.int("written_at")?),
        text: PlainText::new(&row.text("body")?),
        copy: row.text_or_null("copy_id")?,
    })
}

/// Whether a comment id lies behind another; empty stands before the first.
pub(crate) fn is_after(id: &str, place: &str) -> bool {
    (id.len(), id) > (place.len(), place)
}

/// The place as the port wants it.
pub(crate) fn comment_place(place: &str) -> Option<CommentId> {
    (!place.is_empty()).then(|| CommentId::new(place))
}
