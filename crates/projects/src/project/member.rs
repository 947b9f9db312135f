//! Members of projects: only they are given its tasks (ACT-2).

use std::collections::HashMap;

use ports::{Moment, PortalId, ProjectId};
use store::{Read, Sql, StoreError, Tx};

use crate::permission::Scope;
use crate::user::{self, Person, UserId};

const IS_MEMBER: Sql =
    Sql::hot("select user_id from projects_member where portal_id = $1 and project_id = $2 and user_id = $3");
const OF_PROJECT: Sql = Sql::hot(
    "select u.id as member_id, u.email as member_email, u.name as member_name, u.profile as member_profile, \
     u.is_active as member_is_active from projects_member m \
     join projects_user u on u.portal_id = m.portal_id and u.id = m.user_id \
     where m.portal_id = $1 and m.project_id = $2 order by u.name_key, u.id",
);
const PROJECTS_OF_USERS: Sql = Sql::new(
    "select k.user_id, p.id, p.key_prefix, p.name from projects_member k \
     join projects_project p on p.portal_id = k.portal_id and p.id = k.project_id \
     where k.portal_id = $1 and p.deleted_at is null and ($2 = 1 or exists (select m.user_id from projects_member m \
     where m.portal_id = p.portal_id and m.project_id = p.id and m.user_id = $3)) order by p.name_key, p.id",
);
const ADD: Sql = Sql::new(
    "insert into projects_member (portal_id, project_id, user_id, added_by, added_at) values ($1, $2, $3, $4, $5) \
     on conflict do nothing",
);
const REMOVE: Sql = Sql::new("delete from projects_member where portal_id = $1 and project_id = $2 and user_id = $3");
const ERASE: Sql = Sql::new("delete from projects_member where portal_id = $1 and project_id = $2");

/// A project as a person's list of projects names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectName {
    /// Id.
    pub id: ProjectId,
    /// Prefix of its task keys.
    pub key: String,
    /// Name.
    pub name: String,
}

pub(crate) fn is_member(
    read: &mut Read<'_>,
    portal: &PortalId,
    project: &ProjectId,
    user: &UserId,
) -> Result<bool, StoreError> {
    let binds = [portal.as_str().into(), project.as_str().into(), user.as_str().into()];
    Ok(read.row(&IS_MEMBER, &binds)?.is_some())
}

/// Members by name, inactive ones and client users too.
pub(crate) fn of_project(
    read: &mut Read<'_>,
    portal: &PortalId,
    project: &ProjectId,
) -> Result<Vec<Person>, StoreError> {
    let rows = read.rows(&OF_PROJECT, &[portal.as_str().into(), project.as_str().into()])?;
    rows.iter().map(|row| user::person_of_row(row, "member")).collect()
}

/// Projects of every person, by user id; closed ones too, by name; only those in scope.
pub(crate) fn projects_of_users(
    read: &mut Read<'_>,
    portal: &PortalId,
    scope: &Scope,
) -> Result<HashMap<String, Vec<ProjectName>>, StoreError> {
    let [is_all, user] = scope.binds();
    let mut projects: HashMap<String, Vec<ProjectName>> = HashMap::new();
    for row in read.rows(&PROJECTS_OF_USERS, &[portal.as_str().into(), is_all, user])? {
        let name =
            ProjectName { id: ProjectId::new(row.text("id")?), key: row.text("key_prefix")?, name: row.text("name")? };
        projects.entry(row.text("user_id")?).or_default().push(name);
    }
    Ok(projects)
}

/// False if the person was a member before.
pub(crate) fn add(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    project: &ProjectId,
    user: &UserId,
    by: &str,
    now: Moment,
) -> Result<bool, StoreError> {
    let binds = [portal.as_str().into(), project.as_str().into(), user.as_str().into(), by.into(), now.ms().into()];
    Ok(tx.execute(&ADD, &binds)? == 1)
}

/// False if the person was none.
pub(crate) fn remove(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    project: &ProjectId,
    user: &UserId,
) -> Result<bool, StoreError> {
    let binds = [portal.as_str().into(), project.as_str().into(), user.as_str().into()];
    Ok(tx.execute(&REMOVE, &binds)? == 1)
}

/// Takes all memberships of a project away as if they had never been.
pub(crate) fn erase(tx: &mut Tx<'_>, portal: &PortalId, project: &ProjectId) -> Result<(), StoreError> {
    tx.execute(&ERASE, &[portal.as_str().into(), project.as_str().into()]).map(|_| ())
}
