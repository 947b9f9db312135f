//! What a caller sees: anything else is not there for him.

use ports::{ProjectId, ProjectsTaskId};
use store::Read;

use crate::error::ProjectsError;
use crate::permission::{Caller, Standing};
use crate::project::{self, Project};
use crate::task::{self, Stored};

/// A project that the caller sees, and how the caller stands to it.
///
/// Errors: `NotFound` where there is none, and where the caller may not know of it.
pub(crate) fn seen_project(
    read: &mut Read<'_>,
    caller: &Caller,
    id: &ProjectId,
) -> Result<(Project, Standing), ProjectsError> {
    let project = project::present(read, &caller.portal, id)?.ok_or(ProjectsError::NotFound)?;
    let standing = project::standing(read, &caller.portal, &project, &caller.user.id)?;
    if caller.sees(&standing) { Ok((project, standing)) } else { Err(ProjectsError::NotFound) }
}

/// A task that the caller sees, with its project.
///
/// Errors: as [`seen_project`]; an internal task is not there for client users.
pub(crate) fn seen_task(
    read: &mut Read<'_>,
    caller: &Caller,
    id: &ProjectsTaskId,
) -> Result<(Stored, Project, Standing), ProjectsError> {
    let mut stored = task::present(read, &caller.portal, id)?.ok_or(ProjectsError::NotFound)?;
    let (project, standing) = seen_project(read, caller, &stored.task.project)?;
    if caller.is_client() {
        if !stored.task.is_external {
            return Err(ProjectsError::NotFound);
        }
        stored.task.comments = stored.comments_shown;
    }
    Ok((stored, project, standing))
}
