//! Owners of tasks, in order.

use std::collections::HashMap;

use ports::{PortalId, ProjectsTaskId};
use store::{Read, Sql, StoreError, Tx};

use crate::many;
use crate::user::{self, Person};

const OF_TASKS: &str = "select k.task_id, u.id as owner_id, u.email as owner_email, u.name as owner_name, \
     u.profile as owner_profile, u.is_active as owner_is_active from projects_task_owner k \
     join projects_user u on u.portal_id = k.portal_id and u.id = k.user_id \
     where k.portal_id = $1 and k.task_id in ({ids}) order by k.task_id, k.place";
const TAKE_OFF: Sql = Sql::new("delete from projects_task_owner where portal_id = $1 and task_id = $2");
const PUT_ON: Sql = Sql::new(
    "insert into projects_task_owner (portal_id, task_id, user_id, place) values ($1, $2, $3, $4) on conflict do nothing",
);

/// Owners by task; tasks without any are missing.
pub(crate) fn of_tasks(
    read: &mut Read<'_>,
    portal: &PortalId,
    ids: &[&str],
) -> Result<HashMap<String, Vec<Person>>, StoreError> {
    let mut owners: HashMap<String, Vec<Person>> = HashMap::new();
    for row in many::rows(read, OF_TASKS, &[portal.as_str().into()], ids)? {
        owners.entry(row.text("task_id")?).or_default().push(user::person_of_row(&row, "owner")?);
    }
    Ok(owners)
}

/// Replaces the owners of a task.
pub(crate) fn set(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    task: &ProjectsTaskId,
    owners: &[Person],
) -> Result<(), StoreError> {
    tx.execute(&TAKE_OFF, &[portal.as_str().into(), task.as_str().into()])?;
    for (place, owner) in (0_i64..).zip(owners) {
        let binds = [portal.as_str().into(), task.as_str().into(), owner.id.as_str().into(), place.into()];
        tx.execute(&PUT_ON, &binds)?;
    }
    Ok(())
}
