//! A task or subtask: its fields and its row.

pub(crate) mod owner;
pub(crate) mod page;
pub(crate) mod tree;

use ports::{
    CommentId, Date, Email, Evidence, Moment, PortalId, ProjectId, ProjectsTaskId, RichText, TaskListId, lines,
};
use store::{Bind, Read, Row, Sql, StoreError, Tx};

use crate::column;
use crate::layout::Priority;
use crate::lock::ProjectLock;
use crate::many;
use crate::naming;
use crate::project::Progress;
use crate::user::Person;

/// Longest title, in Unicode code points.
pub const TITLE_MAX: usize = 10_000;
/// Longest description, in Unicode code points of its HTML.
pub const DESCRIPTION_MAX: usize = 200_000;

/// The end of a task: a day, and the time of day where one was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The day; F3 compares days only.
    pub day: Date,
    /// Minute of the day in the portal's zone, 0–1439.
    pub minute: Option<u16>,
}

/// A task or subtask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Id.
    pub id: ProjectsTaskId,
    /// The project.
    pub project: ProjectId,
    /// The list.
    pub list: TaskListId,
    /// The task above.
    pub parent: Option<ProjectsTaskId>,
    /// Short name, for example `DM-10`.
    pub key: String,
    /// F1.
    pub title: String,
    /// F2.
    pub description: RichText,
    /// First day.
    pub start: Option<Date>,
    /// F3.
    pub due: Option<Due>,
    /// F4.
    pub priority: Priority,
    /// F5: name of the status.
    pub status: String,
    /// Whether that status is of the closed class.
    pub is_closed: bool,
    /// The status before the task was last closed.
    pub status_before_closing: Option<String>,
    /// F6, in order.
    pub owners: Vec<Person>,
    /// Whether client users of the project see it.
    pub is_external: bool,
    /// Tasks below, at any depth.
    pub below: Progress,
    /// Comments that the reader may see.
    pub comments: u32,
    /// Id of the newest comment.
    pub newest_comment: Option<CommentId>,
    /// Who closed it, if it is closed.
    pub closed_by: Option<Email>,
    /// When it was closed.
    pub closed_at: Option<Moment>,
    /// Who made it.
    pub created_by: Email,
    /// When it was made.
    pub created_at: Moment,
    /// Who changed it last.
    pub changed_by: Email,
    /// When it was changed last.
    pub changed_at: Moment,
    /// Counts all changes, comments too.
    pub version: i64,
    /// The version of the last change of a field: what a form compares, so that a comment does not spoil an edit.
    pub fields_version: i64,
}

/// A task with what only this room needs to know.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) task: Task,
    pub(crate) deleted: Option<Evidence>,
    /// Comments that client users may see.
    pub(crate) comments_shown: u32,
}

/// Columns of a task `t` with its project `p`. A list query adds columns `list_key` and `list_id` of its own.
macro_rules! columns {
    () => {
        "t.id, t.project_id, t.list_id as own_list_id, t.parent_id, t.number, t.title, t.description_html, t.start_day, t.due_day, \
         t.due_minute, t.priority, t.status, t.is_closed, t.status_before_closing, t.is_external, t.below_total, t.below_closed, t.comments_total, t.comments_shown, t.newest_comment_id, t.closed_by, \
         t.closed_at, t.created_by, t.created_at, t.changed_by, t.changed_at, t.version, t.fields_version, \
         t.deleted_at, t.deleted_by, p.key_prefix, p.deleted_at as project_deleted_at, \
         p.deleted_by as project_deleted_by"
    };
}
/// Where these columns come from.
macro_rules! tables {
    () => {
        "projects_task t join projects_project p on p.portal_id = t.portal_id and p.id = t.project_id"
    };
}
pub(crate) use {columns, tables};

const BY_ID: Sql =
    Sql::hot(concat!("select ", columns!(), " from ", tables!(), " where t.portal_id = $1 and t.id = $2"));
const BY_NUMBER: Sql = Sql::hot(concat!(
    "select ",
    columns!(),
    " from ",
    tables!(),
    " where t.portal_id = $1 and p.key_prefix = $2 and t.number = $3"
));
const BY_OLD_KEY: Sql = Sql::new("select task_id from projects_old_key where portal_id = $1 and task_key = $2");
const BY_IDS: &str = concat!("select ", columns!(), " from ", tables!(), " where t.portal_id = $1 and t.id in ({ids})");
const VERSIONS: &str = "select t.id, t.version, t.deleted_at, t.deleted_by, p.deleted_at as project_deleted_at, \
     p.deleted_by as project_deleted_by from projects_task t \
     join projects_project p on p.portal_id = t.portal_id and p.id = t.project_id \
     where t.portal_id = $1 and t.id in ({ids})";
const INSERT: Sql = Sql::hot(
    "insert into projects_task (portal_id, id, project_id, list_id, parent_id, number, place, title, title_key, \
     description_html, description_plain, start_day, due_day, due_minute, due_sort, priority, priority_rank, status, \
     is_closed, status_before_closing, is_external, closed_by, closed_at, changed_by, changed_at, created_by, \
     created_at, version, fields_version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
     $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $24, $25, 1, 1)",
);
const UPDATE: Sql = Sql::hot(
    "update projects_task set title = $4, title_key = $5, description_html = $6, description_plain = $7, \
     start_day = $8, due_day = $9, due_minute = $10, due_sort = $11, priority = $12, priority_rank = $13, \
     status = $14, is_closed = $15, status_before_closing = $16, is_external = $17, closed_by = $18, \
     closed_at = $19, changed_by = $20, changed_at = $21, version = version + 1, fields_version = version + 1 \
     where portal_id = $1 and id = $2 and version = $3 returning version",
);
const OLDER_KEY: Sql =
    Sql::new("insert into projects_old_key (portal_id, task_key, task_id) values ($1, $2, $3) on conflict do nothing");

/// Presence and version of a task.
pub(crate) struct Seen {
    pub(crate) id: String,
    pub(crate) version: i64,
    pub(crate) deleted: Option<Evidence>,
}

/// A task that was not deleted, nor its project.
pub(crate) fn present(
    read: &mut Read<'_>,
    portal: &PortalId,
    id: &ProjectsTaskId,
) -> Result<Option<Stored>, StoreError> {
    Ok(by_id(read, portal, id)?.filter(|stored| stored.deleted.is_none()))
}

pub(crate) fn by_id(read: &mut Read<'_>, portal: &PortalId, id: &ProjectsTaskId) -> Result<Option<Stored>, StoreError> {
    let row = read.row(&BY_ID, &[portal.as_str().into(), id.as_str().into()])?;
    with_owners(read, portal, row.iter().map(of_row).collect::<Result<_, _>>()?).map(|tasks| tasks.into_iter().next())
}

/// The id of the task with this key, or that had it before a move; `DM-10`.
pub(crate) fn id_of_key(
    read: &mut Read<'_>,
    portal: &PortalId,
    key: &str,
) -> Result<Option<ProjectsTaskId>, StoreError> {
    let Some((prefix, number)) = naming::task_key_parts(key) else { return Ok(None) };
    if let Some(row) = read.row(&BY_NUMBER, &[portal.as_str().into(), prefix.into(), number.into()])? {
        return row.text("id").map(|id| Some(ProjectsTaskId::new(id)));
    }
    let row = read.row(&BY_OLD_KEY, &[portal.as_str().into(), key.into()])?;
    row.map(|row| row.text("task_id").map(ProjectsTaskId::new)).transpose()
}

/// Tasks by id, in any order, deleted ones too, with their owners.
pub(crate) fn by_ids(read: &mut Read<'_>, portal: &PortalId, ids: &[&str]) -> Result<Vec<Stored>, StoreError> {
    let rows = many::rows(read, BY_IDS, &[portal.as_str().into()], ids)?;
    with_owners(read, portal, rows.iter().map(of_row).collect::<Result<_, _>>()?)
}

/// Versions by id, in any order, of deleted ones too.
pub(crate) fn versions(read: &mut Read<'_>, portal: &PortalId, ids: &[&str]) -> Result<Vec<Seen>, StoreError> {
    many::rows(read, VERSIONS, &[portal.as_str().into()], ids)?
        .iter()
        .map(|row| Ok(Seen { id: row.text("id")?, version: row.int("version")?, deleted: deleted(row)? }))
        .collect()
}

/// Writes a new row.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    _lock: &ProjectLock,
    portal: &PortalId,
    task: &Task,
    number: i64,
    place: &str,
) -> Result<(), StoreError> {
    let mut binds: Vec<Bind> = vec![
        portal.as_str().into(),
        task.id.as_str().into(),
        task.project.as_str().into(),
        task.list.as_str().into(),
        parent_text(task.parent.as_ref()).into(),
        number.into(),
        place.into(),
    ];
    binds.extend(value_binds(task));
    tx.execute(&INSERT, &binds).map(|_| ())
}

/// Writes the fields over the version that was read; `None` if somebody was faster.
///
/// Dates and states only under the project's lock: [`Change::Rules`] has the proof.
pub(crate) fn update(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    task: &Task,
    _change: &Change<'_>,
) -> Result<Option<i64>, StoreError> {
    let mut binds: Vec<Bind> = vec![portal.as_str().into(), task.id.as_str().into(), task.version.into()];
    binds.extend(value_binds(task));
    tx.row(&UPDATE, &binds)?.map(|row| row.int("version")).transpose()
}

/// What an update changes, and the lock that this needs.
pub(crate) enum Change<'a> {
    /// Neither date nor state.
    Words,
    /// Dates or state.
    Rules(&'a ProjectLock),
}

/// Keeps the key that a task had, so that old addresses still find it.
pub(crate) fn keep_key(tx: &mut Tx<'_>, portal: &PortalId, key: &str, id: &ProjectsTaskId) -> Result<(), StoreError> {
    tx.execute(&OLDER_KEY, &[portal.as_str().into(), key.into(), id.as_str().into()]).map(|_| ())
}

/// No parent is an empty text, so that siblings are one range of an index.
pub(crate) fn parent_text(parent: Option<&ProjectsTaskId>) -> &str {
    parent.map_or("", ProjectsTaskId::as_str)
}

fn value_binds(task: &Task) -> [Bind; 18] {
    [
        task.title.as_str().into(),
        naming::title_key(&task.title).into(),
        task.description.as_html().into(),
        lines::plain(&task.description).as_str().into(),
        task.start.map(|day| day.to_string()).into(),
        task.due.map(|due| due.day.to_string()).into(),
        task.due.and_then(|due| due.minute).map(i64::from).into(),
        column::sort_day(task.due.map(|due| due.day)).into(),
        task.priority.name().into(),
        task.priority.rank().into(),
        task.status.as_str().into(),
        task.is_closed.into(),
        task.status_before_closing.as_deref().into(),
        task.is_external.into(),
        task.closed_by.as_ref().map(Email::as_str).into(),
        task.closed_at.map(Moment::ms).into(),
        task.changed_by.as_str().into(),
        task.changed_at.ms().into(),
    ]
}

fn deleted(row: &Row) -> Result<Option<Evidence>, StoreError> {
    for (at, by) in [("deleted_at", "deleted_by"), ("project_deleted_at", "project_deleted_by")] {
        if let Some(at) = column::moment_or_null(row, at)? {
            return Ok(Some(Evidence { by: column::email_or_null(row, by)?, at: Some(at) }));
        }
    }
    Ok(None)
}

/// A row without its owners.
pub(crate) fn of_row(row: &Row) -> Result<Stored, StoreError> {
    let parent = row.text("parent_id")?;
    let priority = row.text("priority")?;
    let due = match column::day(row, "due_day")? {
        Some(day) => {
            let minute = row.int_or_null("due_minute")?.and_then(|minute| u16::try_from(minute).ok());
            Some(Due { day, minute })
        }
        None => None,
    };
    let task = Task {
        id: ProjectsTaskId::new(row.text("id")?),
        project: ProjectId::new(row.text("project_id")?),
        list: TaskListId::new(row.text("own_list_id")?),
        parent: (!parent.is_empty()).then(|| ProjectsTaskId::new(parent)),
        key: format!("{}-{}", row.text("key_prefix")?, row.int("number")?),
        title: row.text("title")?,
        description: lines::stored(row.text("description_html")?),
        start: column::day(row, "start_day")?,
        due,
        priority: Priority::parse(&priority).ok_or_else(|| column::unknown_word("priority", &priority))?,
        status: row.text("status")?,
        is_closed: row.flag("is_closed")?,
        status_before_closing: row.text_or_null("status_before_closing")?,
        owners: Vec::new(),
        is_external: row.flag("is_external")?,
        below: Progress { closed: column::count(row, "below_closed")?, total: column::count(row, "below_total")? },
        comments: column::count(row, "comments_total")?,
        newest_comment: row.text_or_null("newest_comment_id")?.map(CommentId::new),
        closed_by: column::email_or_null(row, "closed_by")?,
        closed_at: column::moment_or_null(row, "closed_at")?,
        created_by: column::email(row, "created_by")?,
        created_at: column::moment(row, "created_at")?,
        changed_by: column::email(row, "changed_by")?,
        changed_at: column::moment(row, "changed_at")?,
        version: row.int("version")?,
        fields_version: row.int("fields_version")?,
    };
    let comments_shown = column::count(row, "comments_shown")?;
    Ok(Stored { task, deleted: deleted(row)?, comments_shown })
}

/// Gives tasks their owners, by one statement a batch.
pub(crate) fn with_owners(
    read: &mut Read<'_>,
    portal: &PortalId,
    mut tasks: Vec<Stored>,
) -> Result<Vec<Stored>, StoreError> {
    let ids: Vec<String> = tasks.iter().map(|stored| stored.task.id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut owners = owner::of_tasks(read, portal, &ids)?;
    for stored in &mut tasks {
        stored.task.owners = owners.remove(stored.task.id.as_str()).unwrap_or_default();
    }
    Ok(tasks)
}
