//! Taking back what a hand-off made before a later step failed: as if it had never been, if nobody has touched it.

use ports::{CompanyId, CreateMark, ProjectId, Reason};
use store::{Read, Tx};

use crate::company;
use crate::error::ProjectsError;
use crate::list;
use crate::lock;
use crate::mark::{self, Made};
use crate::project::{self, Stored, member};
use crate::service::Projects;
use crate::service::user::is_idle;
use crate::trace::{Module, Pen};
use crate::user::{self, UserId};

/// Id and version of what was taken back; an empty id if nothing was made with the mark.
type Done = (String, i64);

pub(super) fn project(tx: &mut Tx<'_>, pen: &Pen<'_>, mark: &CreateMark) -> Result<Done, ProjectsError> {
    let portal = pen.portal();
    let Some(made) = mark::find(tx, portal, mark)? else { return Ok((String::new(), 0)) };
    let id = ProjectId::new(made.record.clone());
    lock::project(tx, portal, &id)?;
    check_project(tx, pen, mark)?;
    let version = project::by_id(tx, portal, &id)?.map_or(0, |stored| stored.project.version) + 1;
    member::erase(tx, portal, &id)?;
    company::set_for_project(tx, portal, &id, &[])?;
    for list in list::of_project(tx, portal, &id)? {
        pen.forget(tx, Module::List, list.id.as_str())?;
    }
    list::erase(tx, portal, &id)?;
    project::erase(tx, portal, &id)?;
    pen.forget(tx, Module::Project, id.as_str())?;
    mark::free(tx, portal, mark)?;
    pen.feed(tx, Module::Project, id.as_str(), version, &id)?;
    Ok((made.record, version))
}

/// Whether a project can be taken back: no task was ever made in it, and nobody but its maker changed it.
pub(super) fn check_project(read: &mut Read<'_>, pen: &Pen<'_>, mark: &CreateMark) -> Result<(), ProjectsError> {
    let Some(stored) = made_project(read, pen, mark)? else { return Ok(()) };
    require_maker(pen, &stored.project.created_by)?;
    let is_touched = stored.last_number > 0 || stored.project.changed_by != stored.project.created_by;
    if is_touched && stored.deleted.is_none() { Err(in_use(&stored.project.name)) } else { Ok(()) }
}

pub(super) fn company(tx: &mut Tx<'_>, pen: &Pen<'_>, mark: &CreateMark) -> Result<Done, ProjectsError> {
    let portal = pen.portal();
    let Some(made) = mark::find(tx, portal, mark)? else { return Ok((String::new(), 0)) };
    check_company(tx, pen, mark)?;
    let id = CompanyId::new(made.record.clone());
    company::erase(tx, portal, &id)?;
    pen.forget(tx, Module::Company, id.as_str())?;
    mark::free(tx, portal, mark)?;
    pen.feed_portal(tx, Module::Company, id.as_str(), 2)?;
    Ok((made.record, 2))
}

/// Whether a company can be taken back: it has no users and no projects.
pub(super) fn check_company(read: &mut Read<'_>, pen: &Pen<'_>, mark: &CreateMark) -> Result<(), ProjectsError> {
    let portal = pen.portal();
    let Some(made) = mark::find(read, portal, mark)? else { return Ok(()) };
    pen.caller.require(pen.caller.rights().may_add_users)?;
    let id = CompanyId::new(made.record);
    let Some(company) = company::present(read, portal, &id)? else { return Ok(()) };
    let is_used =
        !company::projects_of(read, portal, &id)?.is_empty() || !user::of_company(read, portal, &id)?.is_empty();
    if is_used { Err(in_use(&company.name)) } else { Ok(()) }
}

/// Takes back membership and user, each if the mark made it; a user who has come to more meanwhile stays.
pub(super) fn user(
    services: &Projects,
    tx: &mut Tx<'_>,
    pen: &Pen<'_>,
    mark: &CreateMark,
) -> Result<Done, ProjectsError> {
    let portal = pen.portal();
    let Some(made) = mark::find(tx, portal, mark)? else { return Ok((String::new(), 0)) };
    let id = UserId::new(made.record.clone());
    let Some(user) = user::by_id(tx, portal, &id)? else {
        mark::free(tx, portal, mark)?;
        return Ok((made.record, 0));
    };
    let project = project::present(tx, portal, &ProjectId::new(made.project.clone()))?;
    let may_change = match &project {
        Some(project) => {
            let standing = project::standing(tx, portal, project, &pen.caller.user.id)?;
            pen.caller.changes_project(&standing)
        }
        None => false,
    };
    pen.caller.require(may_change || pen.caller.rights().may_add_users)?;
    if made.is_member_made
        && let Some(project) = &project
    {
        services.leave(tx, pen, project, &user.person())?;
    }
    if made.is_user_made && is_idle(tx, pen.caller, &id)? {
        services.identity.withdraw(tx, &pen.caller.tenant, &user.email)?;
        user::delete(tx, portal, &id)?;
        pen.forget(tx, Module::User, id.as_str())?;
        pen.feed_portal(tx, Module::User, id.as_str(), user.version + 1)?;
    }
    mark::free(tx, portal, mark)?;
    Ok((made.record, user.version + 1))
}

fn made_project(read: &mut Read<'_>, pen: &Pen<'_>, mark: &CreateMark) -> Result<Option<Stored>, ProjectsError> {
    let made: Option<Made> = mark::find(read, pen.portal(), mark)?;
    Ok(match made {
        Some(made) => project::by_id(read, pen.portal(), &ProjectId::new(made.record))?,
        None => None,
    })
}

fn require_maker(pen: &Pen<'_>, created_by: &str) -> Result<(), ProjectsError> {
    pen.caller.require(created_by == pen.by() || pen.caller.rights().is_administrator)
}

fn in_use(name: &str) -> ProjectsError {
    let message = format!("{name} is in use");
    ProjectsError::Refused(Reason::ValidationFailed { message, service: "Projects".to_owned() })
}
