//! Lists of tasks inside a project.

use ports::{Date, Moment, PortalId, ProjectId, TaskListId};
use store::{Read, Row, Sql, StoreError, Tx};

use crate::column;
use crate::order;
use crate::project::Progress;

/// Longest name of a list, in Unicode code points.
pub const LIST_NAME_MAX: usize = 200;

/// Name of the list that a project gets with its first task, if nobody made one.
pub(crate) const FIRST_LIST: &str = "General";

/// A list of tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskList {
    /// Id.
    pub id: TaskListId,
    /// The project.
    pub project: ProjectId,
    /// Name.
    pub name: String,
    /// Share of closed tasks, subtasks too.
    pub progress: Progress,
    /// Counts the changes of the list itself.
    pub version: i64,
}

/// First start and last end of the tasks of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The earliest day.
    pub first: Option<Date>,
    /// The latest day.
    pub last: Option<Date>,
}

const BY_ID: Sql = Sql::hot(
    "select id, project_id, name, tasks_total, tasks_closed, version from projects_list \
     where portal_id = $1 and id = $2 and deleted_at is null",
);
const OF_PROJECT: Sql = Sql::hot(
    "select id, project_id, name, tasks_total, tasks_closed, version from projects_list \
     where portal_id = $1 and project_id = $2 and deleted_at is null order by place, id",
);
const SPANS: Sql = Sql::new(
    "select list_id, min(coalesce(start_day, due_day)) as first_day, max(coalesce(due_day, start_day)) as last_day \
     from projects_task where portal_id = $1 and project_id = $2 and deleted_at is null \
     and (is_external = 1 or $3 = 0) group by list_id",
);
const COUNTS_SHOWN: Sql = Sql::new(
    "select list_id, count(*) as tasks_total, count(case when is_closed = 1 then 1 end) as tasks_closed \
     from projects_task where portal_id = $1 and project_id = $2 and deleted_at is null and is_external = 1 \
     group by list_id",
);
const LAST_PLACE: Sql = Sql::new(
    "select place from projects_list where portal_id = $1 and project_id = $2 order by place desc, id desc limit 1",
);
const FIRST_PLACE: Sql =
    Sql::new("select place from projects_list where portal_id = $1 and project_id = $2 order by place, id limit 1");
const PLACE_OF: Sql = Sql::new("select place from projects_list where portal_id = $1 and project_id = $2 and id = $3");
const PLACE_AFTER: Sql = Sql::new(
    "select place from projects_list where portal_id = $1 and project_id = $2 and place > $3 \
     order by place, id limit 1",
);
const INSERT: Sql = Sql::new(
    "insert into projects_list (portal_id, id, project_id, name, place, created_by, created_at, version) \
     values ($1, $2, $3, $4, $5, $6, $7, 1)",
);
const RENAME: Sql = Sql::new(
    "update projects_list set name = $3, version = version + 1 where portal_id = $1 and id = $2 returning version",
);
const REPLACE: Sql = Sql::new(
    "update projects_list set place = $3, version = version + 1 where portal_id = $1 and id = $2 returning version",
);
const MARK_DELETED: Sql = Sql::new(
    "update projects_list set deleted_at = $3, version = version + 1 \
     where portal_id = $1 and id = $2 and deleted_at is null returning version",
);
const ERASE: Sql = Sql::new("delete from projects_list where portal_id = $1 and project_id = $2");
const COUNT: Sql = Sql::hot(
    "update projects_list set tasks_total = tasks_total + $3, tasks_closed = tasks_closed + $4 \
     where portal_id = $1 and id = $2",
);

pub(crate) fn by_id(read: &mut Read<'_>, portal: &PortalId, id: &TaskListId) -> Result<Option<TaskList>, StoreError> {
    read.row(&BY_ID, &[portal.as_str().into(), id.as_str().into()])?.as_ref().map(of_row).transpose()
}

/// Lists of a project in their order.
pub(crate) fn of_project(
    read: &mut Read<'_>,
    portal: &PortalId,
    project: &ProjectId,
) -> Result<Vec<TaskList>, StoreError> {
    read.rows(&OF_PROJECT, &[portal.as_str().into(), project.as_str().into()])?.iter().map(of_row).collect()
}

/// First and last day of each list that has a task with a day.
pub(crate) fn spans(
    read: &mut Read<'_>,
    portal: &PortalId,
    project: &ProjectId,
    only_external: bool,
) -> Result<Vec<(TaskListId, Span)>, StoreError> {
    read.rows(&SPANS, &[portal.as_str().into(), project.as_str().into(), only_external.into()])?
        .iter()
        .map(|row| {
            let span = Span { first: column::day(row, "first_day")?, last: column::day(row, "last_day")? };
            Ok((TaskListId::new(row.text("list_id")?), span))
        })
        .collect()
}

/// The progress of each list over the tasks that client users see.
pub(crate) fn progress_shown(
    read: &mut Read<'_>,
    portal: &PortalId,
    project: &ProjectId,
) -> Result<Vec<(TaskListId, Progress)>, StoreError> {
    read.rows(&COUNTS_SHOWN, &[portal.as_str().into(), project.as_str().into()])?
        .iter()
        .map(|row| {
            let closed = column::count(row, "tasks_closed")?;
            Ok((TaskListId::new(row.text("list_id")?), Progress { closed, total: column::count(row, "tasks_total")? }))
        })
        .collect()
}

/// A place behind all lists of a project.
pub(crate) fn last_place(read: &mut Read<'_>, portal: &PortalId, project: &ProjectId) -> Result<String, StoreError> {
    let row = read.row(&LAST_PLACE, &[portal.as_str().into(), project.as_str().into()])?;
    let last = row.map(|row| row.text("place")).transpose()?;
    Ok(order::between(last.as_deref(), None))
}

/// A place behind another list, or before all for `None`; `None` if that list is not there.
pub(crate) fn place_after(
    read: &mut Read<'_>,
    portal: &PortalId,
    project: &ProjectId,
    after: Option<&TaskListId>,
) -> Result<Option<String>, StoreError> {
    let (portal, project) = (portal.as_str(), project.as_str());
    let text = |row: Option<Row>| row.map(|row| row.text("place")).transpose();
    let Some(after) = after else {
        let first = text(read.row(&FIRST_PLACE, &[portal.into(), project.into()])?)?;
        return Ok(Some(order::between(None, first.as_deref())));
    };
    let before = text(read.row(&PLACE_OF, &[portal.into(), project.into(), after.as_str().into()])?)?;
    let Some(before) = before else { return Ok(None) };
    let next = text(read.row(&PLACE_AFTER, &[portal.into(), project.into(), before.as_str().into()])?)?;
    Ok(Some(order::between(Some(&before), next.as_deref())))
}

pub(crate) fn insert(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    list: &TaskList,
    place: &str,
    by: &str,
    now: Moment,
) -> Result<(), StoreError> {
    let binds = [
        portal.as_str().into(),
        list.id.as_str().into(),
        list.project.as_str().into(),
        list.name.as_str().into(),
        place.into(),
        by.into(),
        now.ms().into(),
    ];
    tx.execute(&INSERT, &binds).map(|_| ())
}

pub(crate) fn rename(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    id: &TaskListId,
    name: &str,
) -> Result<Option<i64>, StoreError> {
    let binds = [portal.as_str().into(), id.as_str().into(), name.into()];
    tx.row(&RENAME, &binds)?.map(|row| row.int("version")).transpose()
}

pub(crate) fn put_at(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    id: &TaskListId,
    place: &str,
) -> Result<Option<i64>, StoreError> {
    let binds = [portal.as_str().into(), id.as_str().into(), place.into()];
    tx.row(&REPLACE, &binds)?.map(|row| row.int("version")).transpose()
}

pub(crate) fn mark_deleted(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    id: &TaskListId,
    now: Moment,
) -> Result<Option<i64>, StoreError> {
    let binds = [portal.as_str().into(), id.as_str().into(), now.ms().into()];
    tx.row(&MARK_DELETED, &binds)?.map(|row| row.int("version")).transpose()
}

/// Takes the lists of a project away as if they had never been.
pub(crate) fn erase(tx: &mut Tx<'_>, portal: &PortalId, project: &ProjectId) -> Result<(), StoreError> {
    tx.execute(&ERASE, &[portal.as_str().into(), project.as_str().into()]).map(|_| ())
}

/// Moves the counters of a list.
pub(crate) fn count(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    id: &TaskListId,
    total: i64,
    closed: i64,
) -> Result<(), StoreError> {
    tx.execute(&COUNT, &[portal.as_str().into(), id.as_str().into(), total.into(), closed.into()]).map(|_| ())
}

fn of_row(row: &Row) -> Result<TaskList, StoreError> {
    let closed = column::count(row, "tasks_closed")?;
    Ok(TaskList {
        id: TaskListId::new(row.text("id")?),
        project: ProjectId::new(row.text("project_id")?),
        name: row.text("name")?,
        progress: Progress { closed, total: column::count(row, "tasks_total")? },
        version: row.int("version")?,
    })
}
