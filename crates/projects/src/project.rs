//! A project: its dates, owner, state and progress.

pub(crate) mod member;
pub(crate) mod page;

use ports::{Date, Moment, PlainText, PortalId, ProjectId, Schedule, Version};
use store::{Bind, Read, Row, Sql, StoreError, Tx};

use crate::column;
use crate::naming;
use crate::permission::Standing;
use crate::user::{self, Person, UserId};

/// Longest name of a project, in Unicode code points.
pub const PROJECT_NAME_MAX: usize = 200;
/// Longest overview of a project, in Unicode code points.
pub const OVERVIEW_MAX: usize = 32_000;

/// How many tasks are closed, of how many; deleted ones do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Closed tasks.
    pub closed: u32,
    /// All tasks.
    pub total: u32,
}

impl Progress {
    /// Share of closed tasks in percent, rounded down; 0 where there is no task.
    pub fn percent(self) -> u8 {
        (u64::from(self.closed) * 100)
            .checked_div(u64::from(self.total))
            .map_or(0, |share| u8::try_from(share.min(100)).unwrap_or(100))
    }

    /// Tasks that are not closed.
    pub fn open(self) -> u32 {
        self.total.saturating_sub(self.closed)
    }
}

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Id.
    pub id: ProjectId,
    /// Prefix of its task keys, for example `DM`; also its key in addresses.
    pub key: String,
    /// Name.
    pub name: String,
    /// What it is about.
    pub overview: PlainText,
    /// Owner; a member.
    pub owner: Person,
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
    /// Whether its dates bind its tasks (STR-1); then both are there.
    pub is_strict: bool,
    /// Name of its status.
    pub status: String,
    /// Whether that status is of the closed class.
    pub is_closed: bool,
    /// Share of closed tasks.
    pub progress: Progress,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Moment,
    /// Who changed it last.
    pub changed_by: String,
    /// When it was changed last.
    pub changed_at: Moment,
    /// Counts the changes of the project itself, not of its tasks.
    pub version: i64,
}

impl Project {
    /// What binds its tasks.
    pub fn schedule(&self) -> Schedule {
        match (self.is_strict, self.start, self.end) {
            (true, Some(start), Some(end)) => Schedule::Strict { start, end },
            _ => Schedule::Open,
        }
    }

    /// The version as the bridge compares it.
    pub(crate) fn port_version(&self) -> Version {
        Version::counter(self.version)
    }
}

/// A project with the rest of what a deletion or a right depends on.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) project: Project,
    pub(crate) deleted: Option<ports::Evidence>,
    pub(crate) last_number: i64,
}

/// Columns of a project `p` with its owner `o`.
macro_rules! columns {
    () => {
        "p.id, p.key_prefix, p.name, p.overview, p.start_day, p.end_day, p.is_strict, p.status, p.is_closed, \
         p.tasks_total, p.tasks_closed, p.last_number, p.created_by, p.created_at, p.changed_by, p.changed_at, \
         p.version, p.deleted_at, p.deleted_by, o.id as owner_id, o.email as owner_email, o.name as owner_name, \
         o.profile as owner_profile, o.is_active as owner_is_active"
    };
}
/// Where these columns come from.
macro_rules! tables {
    () => {
        "projects_project p join projects_user o on o.portal_id = p.portal_id and o.id = p.owner_id"
    };
}
pub(crate) use {columns, tables};

const BY_ID: Sql =
    Sql::hot(concat!("select ", columns!(), " from ", tables!(), " where p.portal_id = $1 and p.id = $2"));
const BY_KEY: Sql = Sql::hot(concat!(
    "select ",
    columns!(),
    " from ",
    tables!(),
    " where p.portal_id = $1 and p.key_prefix = $2 and p.deleted_at is null"
));
const KEY_TAKEN: Sql = Sql::new("select id from projects_project where portal_id = $1 and key_prefix = $2");
const INSERT: Sql = Sql::new(
    "insert into projects_project (portal_id, id, key_prefix, name, name_key, overview, owner_id, start_day, \
     start_sort, end_day, end_sort, is_strict, status, is_closed, created_by, created_at, changed_by, changed_at, \
     version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $15, $16, 1)",
);
const UPDATE: Sql = Sql::new(
    "update projects_project set name = $3, name_key = $4, overview = $5, owner_id = $6, start_day = $7, \
     start_sort = $8, end_day = $9, end_sort = $10, is_strict = $11, status = $12, is_closed = $13, \
     changed_by = $14, changed_at = $15, version = version + 1 where portal_id = $1 and id = $2 returning version",
);
const TOUCH: Sql = Sql::new(
    "update projects_project set changed_by = $3, changed_at = $4, version = version + 1 \
     where portal_id = $1 and id = $2 returning version",
);
const MARK_DELETED: Sql = Sql::new(
    "update projects_project set deleted_at = $3, deleted_by = $4, version = version + 1 \
     where portal_id = $1 and id = $2 and deleted_at is null returning version",
);
const ERASE: Sql = Sql::new("delete from projects_project where portal_id = $1 and id = $2");
const COUNT: Sql = Sql::hot(
    "update projects_project set tasks_total = tasks_total + $3, tasks_closed = tasks_closed + $4 \
     where portal_id = $1 and id = $2",
);
const TAKE_NUMBER: Sql = Sql::hot(
    "update projects_project set last_number = last_number + 1 where portal_id = $1 and id = $2 \
     returning last_number",
);

pub(crate) fn by_id(read: &mut Read<'_>, portal: &PortalId, id: &ProjectId) -> Result<Option<Stored>, StoreError> {
    read.row(&BY_ID, &[portal.as_str().into(), id.as_str().into()])?.as_ref().map(of_row).transpose()
}

/// A project that is not deleted.
pub(crate) fn present(read: &mut Read<'_>, portal: &PortalId, id: &ProjectId) -> Result<Option<Project>, StoreError> {
    Ok(by_id(read, portal, id)?.filter(|stored| stored.deleted.is_none()).map(|stored| stored.project))
}

/// The project with this key, if it is not deleted.
pub(crate) fn by_key(read: &mut Read<'_>, portal: &PortalId, key: &str) -> Result<Option<Project>, StoreError> {
    let row = read.row(&BY_KEY, &[portal.as_str().into(), key.into()])?;
    Ok(row.as_ref().map(of_row).transpose()?.map(|stored| stored.project))
}

/// The first key of this shape that no project has or had: `DM`, `DM2`, `DM3` …
pub(crate) fn free_key(read: &mut Read<'_>, portal: &PortalId, wanted: &str) -> Result<String, StoreError> {
    let mut number = 1;
    loop {
        let key = if number == 1 { wanted.to_owned() } else { format!("{wanted}{number}") };
        if read.row(&KEY_TAKEN, &[portal.as_str().into(), key.as_str().into()])?.is_none() {
            return Ok(key);
        }
        number += 1;
    }
}

/// What a right depends on.
pub(crate) fn standing(
    read: &mut Read<'_>,
    portal: &PortalId,
    project: &Project,
    user: &UserId,
) -> Result<Standing, StoreError> {
    let is_member = member::is_member(read, portal, &project.id, user)?;
    Ok(Standing { owner: project.owner.id.clone(), is_member })
}

pub(crate) fn insert(tx: &mut Tx<'_>, portal: &PortalId, project: &Project) -> Result<(), StoreError> {
    let mut binds: Vec<Bind> = vec![portal.as_str().into(), project.id.as_str().into(), project.key.as_str().into()];
    binds.extend(value_binds(project));
    binds.extend([project.created_by.as_str().into(), project.created_at.ms().into()]);
    tx.execute(&INSERT, &binds).map(|_| ())
}

/// Writes what a form can change; answers the new version.
pub(crate) fn update(tx: &mut Tx<'_>, portal: &PortalId, project: &Project) -> Result<i64, StoreError> {
    let mut binds: Vec<Bind> = vec![portal.as_str().into(), project.id.as_str().into()];
    binds.extend(value_binds(project));
    binds.extend([project.changed_by.as_str().into(), project.changed_at.ms().into()]);
    tx.row(&UPDATE, &binds)?.map_or(Ok(project.version), |row| row.int("version"))
}

/// Counts a change of something that belongs to the project, such as its members; answers the new version.
pub(crate) fn touch(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    id: &ProjectId,
    by: &str,
    now: Moment,
) -> Result<i64, StoreError> {
    let binds = [portal.as_str().into(), id.as_str().into(), by.into(), now.ms().into()];
    tx.row(&TOUCH, &binds)?.map_or(Ok(0), |row| row.int("version"))
}

pub(crate) fn mark_deleted(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    id: &ProjectId,
    by: &str,
    now: Moment,
) -> Result<Option<i64>, StoreError> {
    let binds = [portal.as_str().into(), id.as_str().into(), now.ms().into(), by.into()];
    tx.row(&MARK_DELETED, &binds)?.map(|row| row.int("version")).transpose()
}

/// Takes a row away as if it had never been.
pub(crate) fn erase(tx: &mut Tx<'_>, portal: &PortalId, id: &ProjectId) -> Result<(), StoreError> {
    tx.execute(&ERASE, &[portal.as_str().into(), id.as_str().into()]).map(|_| ())
}

/// Moves the counters of a project.
pub(crate) fn count(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    id: &ProjectId,
    total: i64,
    closed: i64,
) -> Result<(), StoreError> {
    if total == 0 && closed == 0 {
        return Ok(());
    }
    tx.execute(&COUNT, &[portal.as_str().into(), id.as_str().into(), total.into(), closed.into()]).map(|_| ())
}

/// The next task number; never given out again, whatever becomes of the task.
pub(crate) fn take_number(tx: &mut Tx<'_>, portal: &PortalId, id: &ProjectId) -> Result<i64, StoreError> {
    tx.row(&TAKE_NUMBER, &[portal.as_str().into(), id.as_str().into()])?
        .ok_or_else(|| StoreError::Other(format!("project {id} has vanished under its lock")))?
        .int("last_number")
}

fn value_binds(project: &Project) -> [Bind; 11] {
    [
        project.name.as_str().into(),
        naming::name_key(&project.name).into(),
        project.overview.as_str().into(),
        project.owner.id.as_str().into(),
        project.start.map(|day| day.to_string()).into(),
        column::sort_day(project.start).into(),
        project.end.map(|day| day.to_string()).into(),
        column::sort_day(project.end).into(),
        project.is_strict.into(),
        project.status.as_str().into(),
        project.is_closed.into(),
    ]
}

pub(crate) fn of_row(row: &Row) -> Result<Stored, StoreError> {
    let deleted = match column::moment_or_null(row, "deleted_at")? {
        Some(at) => Some(ports::Evidence { by: column::email_or_null(row, "deleted_by")?, at: Some(at) }),
        None => None,
    };
    let project = Project {
        id: ProjectId::new(row.text("id")?),
        key: row.text("key_prefix")?,
        name: row.text("name")?,
        overview: PlainText::new(&row.text("overview")?),
        owner: user::person_of_row(row, "owner")?,
        start: column::day(row, "start_day")?,
        end: column::day(row, "end_day")?,
        is_strict: row.flag("is_strict")?,
        status: row.text("status")?,
        is_closed: row.flag("is_closed")?,
        progress: Progress { closed: column::count(row, "tasks_closed")?, total: column::count(row, "tasks_total")? },
        created_by: row.text("created_by")?,
        created_at: column::moment(row, "created_at")?,
        changed_by: row.text("changed_by")?,
        changed_at: column::moment(row, "changed_at")?,
        version: row.int("version")?,
    };
    Ok(Stored { project, deleted, last_number: row.int("last_number")? })
}
