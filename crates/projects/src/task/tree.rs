//! The tree of tasks: who is above, what is below, and the counters that every task keeps of what is below.
//!
//! The chain of parents is followed by key, a step a level; nothing is stored but the parent, so that a move of a
//! subtree writes its own rows only. "How many are open below" is a counter, never a count.

use ports::{Ancestor, Email, PortalId, ProjectId, ProjectsTaskId, TaskListId};
use store::{Read, Row, Sql, StoreError, Tx};

use crate::column;
use crate::list;
use crate::lock::ProjectLock;
use crate::order;
use crate::project;
use crate::task::parent_text;

/// A task above another, with whether client users see it.
#[derive(Clone, Debug)]
pub(crate) struct Above {
    pub(crate) ancestor: Ancestor,
    pub(crate) is_external: bool,
}

/// A task below another.
#[derive(Clone, Debug)]
pub(crate) struct Below {
    pub(crate) id: ProjectsTaskId,
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) start: Option<ports::Date>,
    pub(crate) due: Option<ports::Date>,
    pub(crate) created_by: Email,
}

const ABOVE: Sql = Sql::hot(
    "with recursive up as ( \
     select t.id, t.parent_id, 0 as depth from projects_task t where t.portal_id = $1 and t.id = $2 \
     union all \
     select t.id, t.parent_id, up.depth + 1 from up \
     join projects_task t on t.portal_id = $1 and t.id = up.parent_id where up.parent_id <> '') \
     select t.id, t.number, t.title, t.is_closed, t.closed_by, t.is_external, p.key_prefix from up \
     join projects_task t on t.portal_id = $1 and t.id = up.id \
     join projects_project p on p.portal_id = t.portal_id and p.id = t.project_id order by up.depth",
);
const BELOW: Sql = Sql::new(
    "with recursive down as ( \
     select t.id, 1 as depth from projects_task t where t.portal_id = $1 and t.parent_id = $2 and t.deleted_at is null \
     union all \
     select t.id, down.depth + 1 from down \
     join projects_task t on t.portal_id = $1 and t.parent_id = down.id and t.deleted_at is null) \
     select t.id, t.number, t.title, t.start_day, t.due_day, t.created_by, p.key_prefix from down \
     join projects_task t on t.portal_id = $1 and t.id = down.id \
     join projects_project p on p.portal_id = t.portal_id and p.id = t.project_id order by down.depth, t.id",
);
const COUNT: Sql = Sql::hot(
    "update projects_task set below_total = below_total + $3, below_closed = below_closed + $4 \
     where portal_id = $1 and id = $2",
);
const LAST_PLACE: Sql = Sql::hot(
    "select place from projects_task where portal_id = $1 and list_id = $2 and parent_id = $3 \
     order by place desc, id desc limit 1",
);
const FIRST_PLACE: Sql = Sql::new(
    "select place from projects_task where portal_id = $1 and list_id = $2 and parent_id = $3 \
     order by place, id limit 1",
);
const PLACE_OF: Sql = Sql::new(
    "select place from projects_task where portal_id = $1 and list_id = $2 and parent_id = $3 and id = $4 \
     and deleted_at is null",
);
const PLACE_AFTER: Sql = Sql::new(
    "select place from projects_task where portal_id = $1 and list_id = $2 and parent_id = $3 and place > $4 \
     order by place, id limit 1",
);
const REPLACE: Sql = Sql::new(
    "update projects_task set project_id = $3, list_id = $4, parent_id = $5, place = $6, number = $7, \
     changed_by = $8, changed_at = $9, version = version + 1 where portal_id = $1 and id = $2 returning version",
);
const CARRY: Sql = Sql::new(
    "update projects_task set project_id = $3, list_id = $4, number = $5, version = version + 1 \
     where portal_id = $1 and id = $2 returning version",
);
const RELIST: Sql = Sql::new("update projects_task set list_id = $3 where portal_id = $1 and id = $2");
const NUMBER: Sql = Sql::new("select number from projects_task where portal_id = $1 and id = $2");
const MARK_DELETED: Sql = Sql::new(
    "update projects_task set deleted_at = $3, deleted_by = $4, version = version + 1 \
     where portal_id = $1 and id = $2 and deleted_at is null returning version",
);

/// Where a task stands among its siblings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Before all others.
    First,
    /// After all others.
    Last,
    /// Directly after this sibling.
    After(ProjectsTaskId),
}

/// Siblings: tasks of one list under one parent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Siblings<'a> {
    pub(crate) list: &'a TaskListId,
    pub(crate) parent: Option<&'a ProjectsTaskId>,
}

/// The task itself and those above it, from it upwards; empty for no task.
pub(crate) fn chain(
    read: &mut Read<'_>,
    portal: &PortalId,
    from: Option<&ProjectsTaskId>,
) -> Result<Vec<Above>, StoreError> {
    let Some(from) = from else { return Ok(Vec::new()) };
    read.rows(&ABOVE, &[portal.as_str().into(), from.as_str().into()])?.iter().map(above_of_row).collect()
}

/// Everything below a task that is not deleted, parents before children.
pub(crate) fn below(read: &mut Read<'_>, portal: &PortalId, id: &ProjectsTaskId) -> Result<Vec<Below>, StoreError> {
    read.rows(&BELOW, &[portal.as_str().into(), id.as_str().into()])?.iter().map(below_of_row).collect()
}

/// Moves the counters of everything a task counts in: the tasks of `chain`, its list, its project.
pub(crate) fn count(
    tx: &mut Tx<'_>,
    _lock: &ProjectLock,
    portal: &PortalId,
    home: (&ProjectId, &TaskListId, &[Above]),
    (total, closed): (i64, i64),
) -> Result<(), StoreError> {
    if total == 0 && closed == 0 {
        return Ok(());
    }
    let (project, list, chain) = home;
    for above in chain {
        let id = above.ancestor.id.as_str();
        tx.execute(&COUNT, &[portal.as_str().into(), id.into(), total.into(), closed.into()])?;
    }
    list::count(tx, portal, list, total, closed)?;
    project::count(tx, portal, project, total, closed)
}

/// A free place among siblings; `None` if the sibling to follow is not there.
pub(crate) fn place(
    read: &mut Read<'_>,
    _lock: &ProjectLock,
    portal: &PortalId,
    siblings: Siblings<'_>,
    place: &Place,
) -> Result<Option<String>, StoreError> {
    let binds = [portal.as_str().into(), siblings.list.as_str().into(), parent_text(siblings.parent).into()];
    let text = |row: Option<Row>| row.map(|row| row.text("place")).transpose();
    Ok(match place {
        Place::First => Some(order::between(None, text(read.row(&FIRST_PLACE, &binds)?)?.as_deref())),
        Place::Last => Some(order::between(text(read.row(&LAST_PLACE, &binds)?)?.as_deref(), None)),
        Place::After(sibling) => {
            let [portal, list, parent] = binds.clone();
            let Some(before) = text(read.row(&PLACE_OF, &[portal, list, parent, sibling.as_str().into()])?)? else {
                return Ok(None);
            };
            let [portal, list, parent] = binds;
            let after = text(read.row(&PLACE_AFTER, &[portal, list, parent, before.as_str().into()])?)?;
            Some(order::between(Some(&before), after.as_deref()))
        }
    })
}

/// Where a moved task goes.
pub(crate) struct Seat<'a> {
    pub(crate) project: &'a ProjectId,
    pub(crate) list: &'a TaskListId,
    pub(crate) parent: Option<&'a ProjectsTaskId>,
    pub(crate) place: &'a str,
    pub(crate) number: i64,
}

/// Puts a task elsewhere; answers its new version.
pub(crate) fn seat(
    tx: &mut Tx<'_>,
    _lock: &ProjectLock,
    portal: &PortalId,
    id: &ProjectsTaskId,
    seat: &Seat<'_>,
    by: (&str, i64),
) -> Result<i64, StoreError> {
    let binds = [
        portal.as_str().into(),
        id.as_str().into(),
        seat.project.as_str().into(),
        seat.list.as_str().into(),
        parent_text(seat.parent).into(),
        seat.place.into(),
        seat.number.into(),
        by.0.into(),
        by.1.into(),
    ];
    tx.row(&REPLACE, &binds)?.map_or(Ok(0), |row| row.int("version"))
}

/// Takes a task below a moved one along into another project; answers its new version.
pub(crate) fn carry(
    tx: &mut Tx<'_>,
    _lock: &ProjectLock,
    portal: &PortalId,
    id: &ProjectsTaskId,
    to: (&ProjectId, &TaskListId),
    number: i64,
) -> Result<i64, StoreError> {
    let binds = [portal.as_str().into(), id.as_str().into(), to.0.as_str().into(), to.1.as_str().into(), number.into()];
    tx.row(&CARRY, &binds)?.map_or(Ok(0), |row| row.int("version"))
}

/// Takes a task below a moved one along into another list of the same project.
pub(crate) fn relist(
    tx: &mut Tx<'_>,
    _lock: &ProjectLock,
    portal: &PortalId,
    id: &ProjectsTaskId,
    list: &TaskListId,
) -> Result<(), StoreError> {
    tx.execute(&RELIST, &[portal.as_str().into(), id.as_str().into(), list.as_str().into()]).map(|_| ())
}

/// The number of a task in its project.
pub(crate) fn number(read: &mut Read<'_>, portal: &PortalId, id: &ProjectsTaskId) -> Result<i64, StoreError> {
    read.row(&NUMBER, &[portal.as_str().into(), id.as_str().into()])?.map_or(Ok(0), |row| row.int("number"))
}

/// Marks a task deleted; answers its new version, `None` if it was deleted before.
pub(crate) fn mark_deleted(
    tx: &mut Tx<'_>,
    _lock: &ProjectLock,
    portal: &PortalId,
    id: &ProjectsTaskId,
    by: &str,
    now: i64,
) -> Result<Option<i64>, StoreError> {
    let binds = [portal.as_str().into(), id.as_str().into(), now.into(), by.into()];
    tx.row(&MARK_DELETED, &binds)?.map(|row| row.int("version")).transpose()
}

fn above_of_row(row: &Row) -> Result<Above, StoreError> {
    let ancestor = Ancestor {
        id: ProjectsTaskId::new(row.text("id")?),
        key: format!("{}-{}", row.text("key_prefix")?, row.int("number")?),
        title: row.text("title")?,
        is_closed: row.flag("is_closed")?,
        closed_by: column::email_or_null(row, "closed_by")?,
    };
    Ok(Above { ancestor, is_external: row.flag("is_external")? })
}

fn below_of_row(row: &Row) -> Result<Below, StoreError> {
    Ok(Below {
        id: ProjectsTaskId::new(row.text("id")?),
        key: format!("{}-{}", row.text("key_prefix")?, row.int("number")?),
        title: row.text("title")?,
        start: column::day(row, "start_day")?,
        due: column::day(row, "due_day")?,
        created_by: column::email(row, "created_by")?,
    })
}
