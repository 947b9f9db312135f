//! Links: two tasks joined, the values they agreed on, and where they stand.

use ports::{
    Acting, ConnectionId, CrmTask, CrmTaskId, Email, HistoryId, LinkId, Moment, ProjectId, ProjectsTask,
    ProjectsTaskId, Reason,
};
use serde::{Deserialize, Serialize};
use store::{Bind, Read, Row, Sql, Tx};

use crate::convert;
use crate::dirty;
use crate::error::BridgeError;
use crate::feed;
use crate::field::{Field, SeenSide, Shown, SideName, View};
use crate::history::{self, Action, NewEntry, Outcome};
use crate::plan::LinkState;
use crate::stored;

/// A link as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its connection.
    pub connection: ConnectionId,
    /// Id.
    pub id: LinkId,
    /// The task in the CRM.
    pub crm_task: CrmTaskId,
    /// The task in Projects.
    pub projects_task: ProjectsTaskId,
    /// The project that task was in when it was last read.
    pub project: ProjectId,
    /// Where it stands.
    pub state: LinkState,
    /// Why it is not in step.
    pub reason: Option<Reason>,
    /// Something to know that is no refusal: `owner_not_representable` and the address, `no_owner`, or empty.
    pub note: String,
    /// The values both sides last had in common.
    pub agreed: View,
    /// Both tasks as they were last read.
    pub seen: Snapshot,
    /// Version of the CRM task when it was last read or written.
    pub crm_version: String,
    /// Version of the Projects task when it was last read or written.
    pub projects_version: String,
    /// Which comments count as new.
    pub comments: CommentPlaces,
    /// Since when tries fail for an unknown reason (CON-10).
    pub failing_since: Option<Moment>,
    /// Since when it is in its state.
    pub since: Moment,
    /// When it was made.
    pub linked_at: Moment,
    /// Who made it.
    pub linked_by: Email,
    /// When anything about it changed last.
    pub changed_at: Moment,
    /// Grows with each change.
    pub revision: i64,
}

/// Where the comments of a link begin and how far they have been looked at; empty ids stand before the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommentPlaces {
    /// Notes up to this one are not carried over (TASK-13).
    pub note_base: String,
    /// Comments up to this one are not carried over.
    pub comment_base: String,
    /// The newest note seen.
    pub note_seen: String,
    /// The newest comment seen.
    pub comment_seen: String,
}

/// What pages show without asking a side: both tasks as they were last read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Snapshot {
    /// The six values of the CRM, in the order of [`Field::ALL`]; empty before the first read.
    pub crm: Vec<Shown>,
    /// The six values of Projects.
    pub projects: Vec<Shown>,
    /// Short name of the Projects task, for example `DM-10`.
    pub key: String,
    /// Name of the project.
    pub project: String,
    /// Prefix of the project's keys.
    pub project_key: String,
    /// Kind of the sales record that the CRM task stands under.
    pub under_module: Option<String>,
    /// Its id.
    pub under_id: Option<String>,
    /// Its name.
    pub under_name: Option<String>,
    /// The last open status seen in the CRM.
    pub crm_open_status: Option<String>,
    /// The last open status seen in Projects.
    pub projects_open_status: Option<String>,
    /// The side whose record is gone.
    pub gone: Option<String>,
    /// Who deleted it.
    pub gone_by: Option<String>,
    /// When it was deleted, in milliseconds.
    pub gone_at: Option<i64>,
}

impl Snapshot {
    /// Takes over what was read.
    pub fn take(&mut self, crm: &CrmTask, projects: &ProjectsTask, seen: (&SeenSide, &SeenSide)) {
        let shown = |side: &SeenSide| Field::ALL.map(|field| side.get(field).shown.clone()).to_vec();
        self.crm = shown(seen.0);
        self.projects = shown(seen.1);
        self.key.clone_from(&projects.key);
        self.under_module = crm.under.as_ref().map(|under| under.module.code().to_owned());
        self.under_id = crm.under.as_ref().map(|under| under.id.clone());
        self.under_name.clone_from(&crm.under_name);
        if crm.status.value != convert::status::CRM_CLOSED {
            self.crm_open_status = Some(crm.status.value.clone());
        }
        if !projects.status.value.is_closed {
            self.projects_open_status = Some(projects.status.value.name.clone());
        }
        self.gone = None;
        self.gone_by = None;
        self.gone_at = None;
    }

    /// The last value seen of a field.
    pub fn shown(&self, side: SideName, field: Field) -> Option<&Shown> {
        let at = Field::ALL.iter().position(|known| *known == field)?;
        match side {
            SideName::Crm => self.crm.get(at),
            SideName::Projects => self.projects.get(at),
        }
    }
}

/// Two tasks to be linked, both as they were just read.
#[derive(Clone, Debug)]
pub struct NewLink<'a> {
    /// The new id.
    pub id: LinkId,
    /// The id of its entry in the history.
    pub entry_id: HistoryId,
    /// The connection.
    pub connection: ConnectionId,
    /// The task in the CRM.
    pub crm: &'a CrmTask,
    /// The task in Projects.
    pub projects: &'a ProjectsTask,
    /// The side whose values are taken as agreed; the other is brought to them by the first round.
    pub agreed: SideName,
    /// Name and key prefix of the project.
    pub project_name: &'a str,
    /// Prefix of its keys.
    pub project_key: &'a str,
    /// Whether comments that exist already are carried over (TASK-13).
    pub copies_comments: bool,
    /// Who links.
    pub by: Email,
    /// Now.
    pub at: Moment,
}

macro_rules! link_select {
    ($rest:literal) => {
        concat!(
            "select connection_id, id, crm_task_id, projects_task_id, project_id, state, reason, note, agreed, seen, \
             crm_version, projects_version, note_base, comment_base, note_seen, comment_seen, failing_since, since, \
             linked_at, linked_by, changed_at, revision from bridge_link ",
            $rest
        )
    };
}

const BY_ID: Sql = Sql::hot(link_select!("where connection_id = $1 and id = $2"));
const BY_CRM: Sql = Sql::hot(link_select!("where connection_id = $1 and crm_task_id = $2 and state <> 'unlinked'"));
const BY_PROJECTS: Sql =
    Sql::hot(link_select!("where connection_id = $1 and projects_task_id = $2 and state <> 'unlinked'"));
const ID_BY_CRM: Sql =
    Sql::hot("select id from bridge_link where connection_id = $1 and crm_task_id = $2 and state <> 'unlinked'");
const ID_BY_PROJECTS: Sql =
    Sql::hot("select id from bridge_link where connection_id = $1 and projects_task_id = $2 and state <> 'unlinked'");
// Not in the order of the ids alone: SQLite would then walk through all links of the connection.
const BY_PAIR: Sql = Sql::hot(link_select!(
    "where connection_id = $1 and crm_task_id = $2 and projects_task_id = $3 and state = 'unlinked' \
     order by linked_at desc, id desc limit 1"
));
const INSERT: Sql = Sql::new(
    "insert into bridge_link (connection_id, id, crm_task_id, projects_task_id, project_id, state, reason, note, \
     title, title_key, agreed, seen, crm_version, projects_version, note_base, comment_base, note_seen, comment_seen, \
     failing_since, since, linked_at, linked_by, changed_at, revision) \
     values ($1, $2, $3, $4, $5, $6, null, '', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, null, $17, $17, $18, \
     $17, 1) on conflict do nothing",
);
const SAVE: Sql = Sql::hot(
    "update bridge_link set project_id = $3, state = $4, reason = $5, note = $6, title = $7, title_key = $8, \
     agreed = $9, seen = $10, crm_version = $11, projects_version = $12, note_seen = $13, comment_seen = $14, \
     failing_since = $15, since = $16, changed_at = $17, revision = revision + 1 \
     where connection_id = $1 and id = $2 and state <> 'unlinked'",
);
const RELINK: Sql = Sql::new(
    "update bridge_link set state = $3, note_base = $4, comment_base = $5, note_seen = $4, comment_seen = $5, \
     since = $6, changed_at = $6, reason = null, revision = revision + 1 where connection_id = $1 and id = $2",
);
const UNLINK: Sql = Sql::new(
    "update bridge_link set state = 'unlinked', reason = null, since = $3, changed_at = $3, revision = revision + 1 \
     where connection_id = $1 and id = $2 and state <> 'unlinked'",
);
const HELD_OF_PROJECT: Sql = Sql::hot(link_select!(
    "where connection_id = $1 and state = 'out_of_step' and project_id = $2 and id > $3 order by id limit $4"
));
const OF_PROJECT: Sql = Sql::hot(link_select!(
    "where connection_id = $1 and project_id = $2 and state <> 'unlinked' and id > $3 order by id limit $4"
));
const PAGE: Sql =
    Sql::hot(link_select!("where connection_id = $1 and id > $2 and state <> 'unlinked' order by id limit $3"));

/// A link by its id, also one that is unlinked.
pub fn by_id(read: &mut Read<'_>, connection: &ConnectionId, id: &LinkId) -> Result<Option<Link>, BridgeError> {
    read.row(&BY_ID, &[connection.as_str().into(), id.as_str().into()])?.as_ref().map(link).transpose()
}

/// The link of a CRM task that is not unlinked.
pub fn of_crm_task(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    task: &CrmTaskId,
) -> Result<Option<Link>, BridgeError> {
    read.row(&BY_CRM, &[connection.as_str().into(), task.as_str().into()])?.as_ref().map(link).transpose()
}

/// The link of a Projects task that is not unlinked.
pub fn of_projects_task(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    task: &ProjectsTaskId,
) -> Result<Option<Link>, BridgeError> {
    read.row(&BY_PROJECTS, &[connection.as_str().into(), task.as_str().into()])?.as_ref().map(link).transpose()
}

/// The id of the link of a task that is not unlinked.
pub fn id_of_task(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    side: SideName,
    task: &str,
) -> Result<Option<LinkId>, BridgeError> {
    let sql = match side {
        SideName::Crm => &ID_BY_CRM,
        SideName::Projects => &ID_BY_PROJECTS,
    };
    let row = read.row(sql, &[connection.as_str().into(), task.into()])?;
    Ok(row.map(|row| row.text("id")).transpose()?.map(LinkId::new))
}

/// Links of a project in which a value is held, by id, at most `limit`.
pub fn held_of_project(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    project: &ProjectId,
    after: &str,
    limit: i64,
) -> Result<Vec<Link>, BridgeError> {
    let binds = [connection.as_str().into(), project.as_str().into(), after.into(), limit.into()];
    read.rows(&HELD_OF_PROJECT, &binds)?.iter().map(link).collect()
}

/// Links of a project that are not unlinked, by id, at most `limit`.
pub fn of_project(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    project: &ProjectId,
    after: &str,
    limit: i64,
) -> Result<Vec<Link>, BridgeError> {
    let binds = [connection.as_str().into(), project.as_str().into(), after.into(), limit.into()];
    read.rows(&OF_PROJECT, &binds)?.iter().map(link).collect()
}

/// Links of a connection that are not unlinked, by id, at most `limit`.
pub fn page(read: &mut Read<'_>, connection: &ConnectionId, after: &str, limit: i64) -> Result<Vec<Link>, BridgeError> {
    read.rows(&PAGE, &[connection.as_str().into(), after.into(), limit.into()])?.iter().map(link).collect()
}

/// Links two tasks and marks the link for its first round. Linked before, the two go on with their history (LIFE-2).
///
/// Errors: `Refused(AlreadyLinked)` if one of the two is linked (OBJ-5).
pub fn create(tx: &mut Tx<'_>, new: &NewLink<'_>) -> Result<LinkId, BridgeError> {
    let connection = new.connection.as_str();
    let pair: [Bind; 3] = [connection.into(), new.crm.id.as_str().into(), new.projects.id.as_str().into()];
    let places = places(new);
    let id = match tx.row(&BY_PAIR, &pair)?.as_ref().map(link).transpose()? {
        Some(earlier) if is_free(tx, new)? => {
            let binds = [
                connection.into(),
                earlier.id.as_str().into(),
                LinkState::InStep.code().into(),
                (&places.note_base).into(),
                (&places.comment_base).into(),
                new.at.ms().into(),
            ];
            tx.execute(&RELINK, &binds)?;
            earlier.id
        }
        Some(_) => return Err(BridgeError::Refused(Reason::AlreadyLinked)),
        None => {
            insert(tx, new, &places)?;
            new.id.clone()
        }
    };
    history::record(
        tx,
        &new.connection,
        &NewEntry {
            link: Some(&id),
            project: Some(&new.projects.project),
            person: Some(&new.by),
            cause: "linking",
            ..NewEntry::new(new.entry_id.clone(), new.at, Action::Link, Outcome::Applied)
        },
    )?;
    dirty::mark_link(tx, &new.connection, &id, dirty::Cause::Event, new.at)?;
    announce(tx, &new.connection, &id, &new.projects.project, 1)?;
    Ok(id)
}

fn is_free(read: &mut Read<'_>, new: &NewLink<'_>) -> Result<bool, BridgeError> {
    Ok(of_crm_task(read, &new.connection, &new.crm.id)?.is_none()
        && of_projects_task(read, &new.connection, &new.projects.id)?.is_none())
}

fn places(new: &NewLink<'_>) -> CommentPlaces {
    if new.copies_comments {
        return CommentPlaces::default();
    }
    let note = new.crm.newest_note.as_ref().map(ToString::to_string).unwrap_or_default();
    let comment = new.projects.newest_comment.as_ref().map(ToString::to_string).unwrap_or_default();
    CommentPlaces { note_base: note.clone(), comment_base: comment.clone(), note_seen: note, comment_seen: comment }
}

fn insert(tx: &mut Tx<'_>, new: &NewLink<'_>, places: &CommentPlaces) -> Result<(), BridgeError> {
    let crm = convert::crm_side(new.crm, None);
    let projects = convert::projects_side(new.projects, None);
    let agreed = match new.agreed {
        SideName::Crm => crm.view(),
        SideName::Projects => projects.view(),
    };
    let mut seen = Snapshot {
        project: new.project_name.to_owned(),
        project_key: new.project_key.to_owned(),
        ..Snapshot::default()
    };
    seen.take(new.crm, new.projects, (&crm, &projects));
    let title = new.projects.title.value.clone();
    let inserted = tx.execute(
        &INSERT,
        &[
            new.connection.as_str().into(),
            new.id.as_str().into(),
            new.crm.id.as_str().into(),
            new.projects.id.as_str().into(),
            new.projects.project.as_str().into(),
            LinkState::InStep.code().into(),
            (&title).into(),
            title.to_lowercase().into(),
            stored::to_json(&agreed)?.into(),
            stored::to_json(&seen)?.into(),
            (&crm.version).into(),
            (&projects.version).into(),
            (&places.note_base).into(),
            (&places.comment_base).into(),
            (&places.note_seen).into(),
            (&places.comment_seen).into(),
            new.at.ms().into(),
            new.by.as_str().into(),
        ],
    )?;
    if inserted == 1 { Ok(()) } else { Err(BridgeError::Refused(Reason::AlreadyLinked)) }
}

/// Stores a link after a round and says so to pages; one that was unlinked meanwhile stays so.
pub(crate) fn save(tx: &mut Tx<'_>, link: &Link) -> Result<(), BridgeError> {
    save_quietly(tx, link)?;
    announce(tx, &link.connection, &link.id, &link.project, link.revision + 1)
}

/// Stores a link of which nothing changed that pages show.
pub(crate) fn save_quietly(tx: &mut Tx<'_>, link: &Link) -> Result<(), BridgeError> {
    let title = link.agreed.title.code().unwrap_or_default();
    tx.execute(
        &SAVE,
        &[
            link.connection.as_str().into(),
            link.id.as_str().into(),
            link.project.as_str().into(),
            link.state.code().into(),
            link.reason.as_ref().map(stored::reason_text).transpose()?.into(),
            (&link.note).into(),
            (&title).into(),
            title.to_lowercase().into(),
            stored::to_json(&link.agreed)?.into(),
            stored::to_json(&link.seen)?.into(),
            (&link.crm_version).into(),
            (&link.projects_version).into(),
            (&link.comments.note_seen).into(),
            (&link.comments.comment_seen).into(),
            link.failing_since.map(Moment::ms).into(),
            link.since.ms().into(),
            link.changed_at.ms().into(),
        ],
    )?;
    Ok(())
}

/// Parts two tasks; both stay, and so does the history (LIFE-2). Answers whether they were linked.
pub fn unlink(
    tx: &mut Tx<'_>,
    acting: &Acting,
    link: &Link,
    entry_id: HistoryId,
    now: Moment,
) -> Result<bool, BridgeError> {
    let binds = [link.connection.as_str().into(), link.id.as_str().into(), now.ms().into()];
    if tx.execute(&UNLINK, &binds)? == 0 {
        return Ok(false);
    }
    dirty::unmark_link(tx, &link.connection, &link.id)?;
    crate::intent::forget_all(tx, &link.connection, &link.id)?;
    crate::refusal::settle_all(tx, &link.connection, &link.id, "unlinked", now)?;
    history::record(
        tx,
        &link.connection,
        &NewEntry {
            link: Some(&link.id),
            project: Some(&link.project),
            person: Some(&acting.email),
            cause: "linking",
            ..NewEntry::new(entry_id, now, Action::Unlink, Outcome::Applied)
        },
    )?;
    announce(tx, &link.connection, &link.id, &link.project, link.revision + 1)?;
    Ok(true)
}

fn announce(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    id: &LinkId,
    project: &ProjectId,
    revision: i64,
) -> Result<(), BridgeError> {
    feed::announce(tx, connection, ("link", id.as_str()), revision, project.as_str())
}

pub(crate) fn link(row: &Row) -> Result<Link, BridgeError> {
    let moment = |column: &str| Ok::<_, BridgeError>(Moment::from_ms(row.int(column)?));
    Ok(Link {
        connection: ConnectionId::new(row.text("connection_id")?),
        id: LinkId::new(row.text("id")?),
        crm_task: CrmTaskId::new(row.text("crm_task_id")?),
        projects_task: ProjectsTaskId::new(row.text("projects_task_id")?),
        project: ProjectId::new(row.text("project_id")?),
        state: LinkState::parse(&row.text("state")?).unwrap_or(LinkState::OutOfStep),
        reason: row.text_or_null("reason")?.as_deref().map(stored::reason).transpose()?,
        note: row.text("note")?,
        agreed: stored::from_json(&row.text("agreed")?)?,
        seen: stored::from_json(&row.text("seen")?)?,
        crm_version: row.text("crm_version")?,
        projects_version: row.text("projects_version")?,
        comments: CommentPlaces {
            note_base: row.text("note_base")?,
            comment_base: row.text("comment_base")?,
            note_seen: row.text("note_seen")?,
            comment_seen: row.text("comment_seen")?,
        },
        failing_since: row.int_or_null("failing_since")?.map(Moment::from_ms),
        since: moment("since")?,
        linked_at: moment("linked_at")?,
        linked_by: stored::email(&row.text("linked_by")?)?,
        changed_at: moment("changed_at")?,
        revision: row.int("revision")?,
    })
}
