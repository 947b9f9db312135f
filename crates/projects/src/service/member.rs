//! Who belongs to a project.

use ports::{Acting, Email, ProjectId};
use store::Tx;

use super::Projects;
use super::project::active_user;
use super::sight::seen_project;
use crate::error::{FieldError, ProjectsError};
use crate::project::{self, Project, member};
use crate::trace::{FieldMove, Module, Pen};
use crate::user::{self, Person};

impl Projects {
    /// Makes an active user a member; one who is a member already stays one.
    ///
    /// Errors: `Refused` for who may not change the project; `Invalid` for an unknown or inactive user.
    pub fn add_member(&self, acting: &Acting, project: &ProjectId, email: &Email) -> Result<Person, ProjectsError> {
        self.writing(acting, |tx, pen| {
            let (project, standing) = seen_project(tx, pen.caller, project)?;
            pen.caller.require(pen.caller.changes_project(&standing))?;
            let person =
                active_user(tx, pen.caller, "member", email)?.map_err(|wrong| ProjectsError::of_fields(vec![wrong]))?;
            self.join(tx, pen, &project, &person)?;
            Ok(person)
        })
    }

    /// Takes a member out of a project; the person keeps the tasks, and gets no new ones. The owner cannot go.
    ///
    /// Errors: `Invalid` with `is_owner`.
    pub fn remove_member(&self, acting: &Acting, project: &ProjectId, email: &Email) -> Result<(), ProjectsError> {
        self.writing(acting, |tx, pen| {
            let (project, standing) = seen_project(tx, pen.caller, project)?;
            pen.caller.require(pen.caller.changes_project(&standing))?;
            let Some(user) = user::by_email(tx, pen.portal(), email)? else { return Err(ProjectsError::NotFound) };
            if user.id == project.owner.id {
                return Err(ProjectsError::of_fields(vec![FieldError::new("member", "is_owner")]));
            }
            self.leave(tx, pen, &project, &user.person()).map(|_| ())
        })
    }

    /// True if the person was no member before.
    pub(crate) fn join(
        &self,
        tx: &mut Tx<'_>,
        pen: &Pen<'_>,
        project: &Project,
        person: &Person,
    ) -> Result<bool, ProjectsError> {
        if !member::add(tx, pen.portal(), &project.id, &person.id, pen.by(), pen.now)? {
            return Ok(false);
        }
        self.tell_members(tx, pen, project, None, Some(person))?;
        Ok(true)
    }

    /// True if the person was a member before.
    pub(crate) fn leave(
        &self,
        tx: &mut Tx<'_>,
        pen: &Pen<'_>,
        project: &Project,
        person: &Person,
    ) -> Result<bool, ProjectsError> {
        if !member::remove(tx, pen.portal(), &project.id, &person.id)? {
            return Ok(false);
        }
        self.tell_members(tx, pen, project, Some(person), None)?;
        Ok(true)
    }

    /// A change of members is a change of the project for the bridge, and of the user for the pages of that person.
    fn tell_members(
        &self,
        tx: &mut Tx<'_>,
        pen: &Pen<'_>,
        project: &Project,
        old: Option<&Person>,
        new: Option<&Person>,
    ) -> Result<(), ProjectsError> {
        let id = &project.id;
        let version = project::touch(tx, pen.portal(), id, pen.by(), pen.now)?;
        let text = |person: &Person| person.email.to_string();
        let moved = FieldMove::new("member", old.map(text), new.map(text));
        pen.history(tx, Module::Project, id.as_str(), &[moved])?;
        pen.feed(tx, Module::Project, id.as_str(), version, id)?;
        if let Some(person) = old.or(new) {
            pen.feed_portal(tx, Module::User, person.id.as_str(), version)?;
        }
        Ok(())
    }
}
