//! Locks for rules over several rows: tasks of a project, the one company of an address.

use ports::{Email, PortalId, ProjectId};
use store::{LockKey, Locked, StoreError, Tx};

/// Proof that this transaction holds a project's lock. Functions that write dates, states or parents demand it: under
/// read committed two savers could else each keep a rule that both together break (STR-1, SUB-4).
#[derive(Debug)]
pub(crate) struct ProjectLock {
    _held: Locked,
}

/// Proof that this transaction holds the lock of an address (IMP-7).
#[derive(Debug)]
pub(crate) struct PersonLock {
    _held: Locked,
}

pub(crate) fn project_key(portal: &PortalId, id: &ProjectId) -> LockKey {
    LockKey::new("projects_project", &format!("{portal}:{id}"))
}

pub(crate) fn person_key(portal: &PortalId, email: &Email) -> LockKey {
    LockKey::new("projects_person", &format!("{portal}:{email}"))
}

pub(crate) fn project(tx: &mut Tx<'_>, portal: &PortalId, id: &ProjectId) -> Result<ProjectLock, StoreError> {
    Ok(ProjectLock { _held: tx.lock(project_key(portal, id))? })
}

/// Both projects of a move, in id order.
pub(crate) fn projects(tx: &mut Tx<'_>, portal: &PortalId, ids: [&ProjectId; 2]) -> Result<ProjectLock, StoreError> {
    let held = tx.lock_all(ids.map(|id| project_key(portal, id)).to_vec())?;
    let held = held.into_iter().next().ok_or_else(|| StoreError::Other("no project was locked".to_owned()))?;
    Ok(ProjectLock { _held: held })
}

pub(crate) fn person(tx: &mut Tx<'_>, portal: &PortalId, email: &Email) -> Result<PersonLock, StoreError> {
    Ok(PersonLock { _held: tx.lock(person_key(portal, email))? })
}
