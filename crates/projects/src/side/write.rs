//! What the bridge orders: one transaction a call, one outcome a write.
//!
//! Every service judges before it writes its first row, so that a refused write leaves nothing behind and the others of
//! the call go on.

use ports::{
    Acting, CompanyId, CreateMark, Email, Outcome, Patch, ProjectId, ProjectsTaskId, ProjectsTaskPatch, ProjectsWrite,
    Reason, SideError, Version,
};
use store::{LockKey, Read, Tx};

use super::{InProcessProjects, failed, read, undo};
use crate::error::ProjectsError;
use crate::lock;
use crate::mark::{self, Kind, Made};
use crate::permission::{Caller, Profile};
use crate::project;
use crate::service::comment::{CommentDraft, check_comment};
use crate::service::company::check_company;
use crate::service::project::{ProjectDraft, plan_companies, plan_project};
use crate::service::sight::seen_project;
use crate::service::task::{Expected, TaskDraft, TaskPatch, plan_edit, plan_new};
use crate::service::user::{Invitation, InvitedAs, Welcome, plan_user};
use crate::task::Due;
use crate::trace::Pen;

type Done = (String, i64);

/// A person to be added to a project.
struct Adding<'a> {
    project: &'a ProjectId,
    invitation: Invitation,
    mark: &'a CreateMark,
}

impl InProcessProjects {
    pub(super) fn write_all(&self, writes: &[ProjectsWrite]) -> Result<Vec<Outcome<String>>, SideError> {
        let now = self.projects.now();
        self.projects
            .db
            .write(|tx| {
                self.lock_together(tx, writes)?;
                let mut outcomes = Vec::with_capacity(writes.len());
                for write in writes {
                    outcomes.push(self.outcome(tx, write, now)?);
                }
                Ok::<_, ProjectsError>(outcomes)
            })
            .map_err(|error| failed(&error))
    }

    pub(super) fn check_one(&self, write: &ProjectsWrite) -> Result<Option<Reason>, SideError> {
        let now = self.projects.now();
        self.reading(|read| {
            let caller = match Caller::of(read, acting(write)) {
                Ok(caller) => caller,
                Err(error) => return error.reason().map(Some).ok_or(error),
            };
            let pen = Pen { caller: &caller, now };
            match self.judged(read, &pen, write) {
                Ok(()) => Ok(None),
                Err(ProjectsError::NotFound) => Ok(Some(self.missing(read, write)?)),
                Err(error) => error.reason().map(Some).ok_or(error),
            }
        })
    }

    /// Several writes take their locks together, in one order for everybody.
    fn lock_together(&self, tx: &mut Tx<'_>, writes: &[ProjectsWrite]) -> Result<(), ProjectsError> {
        if writes.len() < 2 {
            return Ok(());
        }
        let portal = &self.portal;
        let mut keys: Vec<LockKey> = Vec::new();
        for write in writes {
            match write {
                ProjectsWrite::CreateTask { task, .. } => keys.push(lock::project_key(portal, &task.project)),
                ProjectsWrite::UpdateTask { id, .. } => {
                    let project = read::project_of_task(tx, portal, id)?;
                    keys.extend(project.map(|project| lock::project_key(portal, &project)));
                }
                ProjectsWrite::SetCompanies { project, .. } => keys.push(lock::project_key(portal, project)),
                ProjectsWrite::AddClientUser { email, .. } | ProjectsWrite::AddUser { email, .. } => {
                    keys.push(lock::person_key(portal, email));
                }
                ProjectsWrite::CreateComment { .. }
                | ProjectsWrite::CreateProject { .. }
                | ProjectsWrite::UndoProject { .. }
                | ProjectsWrite::CreateCompany { .. }
                | ProjectsWrite::UndoCompany { .. }
                | ProjectsWrite::UndoClientUser { .. }
                | ProjectsWrite::UndoUser { .. } => {}
            }
        }
        tx.lock_all(keys)?;
        Ok(())
    }

    fn outcome(
        &self,
        tx: &mut Tx<'_>,
        write: &ProjectsWrite,
        now: ports::Moment,
    ) -> Result<Outcome<String>, ProjectsError> {
        let caller = match Caller::of(tx, acting(write)) {
            Ok(caller) => caller,
            Err(error) => return error.reason().map(Outcome::Refused).ok_or(error),
        };
        match self.done(tx, &Pen { caller: &caller, now }, write) {
            Ok((id, version)) => Ok(Outcome::Done { id, version: Version::counter(version) }),
            Err(ProjectsError::Stale(_)) => Ok(Outcome::Stale),
            Err(ProjectsError::NotFound) => match self.missing(tx, write)? {
                Reason::RecordGone => Ok(Outcome::Gone),
                reason => Ok(Outcome::Refused(reason)),
            },
            Err(error) => error.reason().map(Outcome::Refused).ok_or(error),
        }
    }

    fn done(&self, tx: &mut Tx<'_>, pen: &Pen<'_>, write: &ProjectsWrite) -> Result<Done, ProjectsError> {
        let services = &self.projects;
        match write {
            ProjectsWrite::CreateTask { task, mark, .. } => {
                let made = services.add_task_in(tx, pen, &task.project, &task_draft(task), Some(mark))?;
                Ok((made.id.into_string(), made.version))
            }
            ProjectsWrite::UpdateTask { id, expected, patch, .. } => {
                let expected = expected_version(expected.as_ref());
                let task = services.edit_task_in(tx, pen, id, &task_patch(patch), expected)?;
                Ok((task.id.into_string(), task.version))
            }
            ProjectsWrite::CreateComment { comment, mark, .. } => {
                let draft = CommentDraft { text: comment.text.clone(), is_internal: comment.is_internal };
                let (made, version) =
                    services.add_comment_in(tx, pen, &comment.task, &draft, comment.at, Some(mark))?;
                Ok((made.id.into_string(), version))
            }
            ProjectsWrite::CreateProject { project, mark, .. } => {
                let made = services.create_project_in(tx, pen, &project_draft(project), Some(mark))?;
                Ok((made.id.into_string(), made.version))
            }
            ProjectsWrite::CreateCompany { name, mark, .. } => {
                let made = services.create_company_in(tx, pen, name, Some(mark))?;
                Ok((made.id.into_string(), made.version))
            }
            ProjectsWrite::SetCompanies { project, companies, .. } => {
                let project = services.set_companies_in(tx, pen, project, companies)?;
                Ok((project.id.into_string(), project.version))
            }
            ProjectsWrite::AddClientUser { company, project, email, name, mark, .. } => {
                self.add_person(tx, pen, &Adding { project, invitation: client(company, email, name), mark })
            }
            ProjectsWrite::AddUser { project, email, name, mark, .. } => {
                self.add_person(tx, pen, &Adding { project, invitation: employee(email, name), mark })
            }
            ProjectsWrite::UndoProject { mark, .. } => undo::project(tx, pen, mark),
            ProjectsWrite::UndoCompany { mark, .. } => undo::company(tx, pen, mark),
            ProjectsWrite::UndoClientUser { mark, .. } | ProjectsWrite::UndoUser { mark, .. } => {
                undo::user(services, tx, pen, mark)
            }
        }
    }

    /// The judgement of [`InProcessProjects::done`], without writing.
    fn judged(&self, read: &mut Read<'_>, pen: &Pen<'_>, write: &ProjectsWrite) -> Result<(), ProjectsError> {
        if let Some(mark) = create_mark(write)
            && mark::find(read, &self.portal, mark)?.is_some()
        {
            return Ok(());
        }
        match write {
            ProjectsWrite::CreateTask { task, .. } => {
                let (_, wrong) = plan_new(read, pen.caller, &task.project, &task_draft(task), pen.now)?;
                if wrong.is_empty() { Ok(()) } else { Err(ProjectsError::of_fields(wrong)) }
            }
            ProjectsWrite::UpdateTask { id, patch, .. } => {
                plan_edit(read, pen, id, &task_patch(patch), Expected::Any).map(|_| ())
            }
            ProjectsWrite::CreateComment { comment, .. } => {
                let draft = CommentDraft { text: comment.text.clone(), is_internal: comment.is_internal };
                check_comment(read, pen, &comment.task, &draft)
            }
            ProjectsWrite::CreateProject { project, .. } => {
                let mut draft = project_draft(project);
                draft.companies.retain(|company| !company.as_str().is_empty());
                plan_project(read, pen, &draft).map(|_| ())
            }
            ProjectsWrite::CreateCompany { name, .. } => check_company(pen, name).map(|_| ()),
            ProjectsWrite::SetCompanies { project, companies, .. } => {
                let known: Vec<CompanyId> =
                    companies.iter().filter(|company| !company.as_str().is_empty()).cloned().collect();
                if project.as_str().is_empty() {
                    return Ok(());
                }
                plan_companies(read, pen.caller, project, &known).map(|_| ())
            }
            ProjectsWrite::AddClientUser { company, project, email, name, .. } => {
                plan_adding(read, pen.caller, project, &client(company, email, name))
            }
            ProjectsWrite::AddUser { project, email, name, .. } => {
                plan_adding(read, pen.caller, project, &employee(email, name))
            }
            ProjectsWrite::UndoProject { mark, .. } => undo::check_project(read, pen, mark),
            ProjectsWrite::UndoCompany { mark, .. } => undo::check_company(read, pen, mark),
            ProjectsWrite::UndoClientUser { .. } | ProjectsWrite::UndoUser { .. } => Ok(()),
        }
    }

    fn add_person(&self, tx: &mut Tx<'_>, pen: &Pen<'_>, adding: &Adding<'_>) -> Result<Done, ProjectsError> {
        let portal = pen.portal();
        let lock = lock::person(tx, portal, &adding.invitation.email)?;
        if let Some(made) = mark::find(tx, portal, adding.mark)? {
            return Ok((made.record, 1));
        }
        plan_adding(tx, pen.caller, adding.project, &adding.invitation)?;
        let project = project::present(tx, portal, adding.project)?.ok_or(ProjectsError::NotFound)?;
        let mut made = Made::record(Kind::User, "");
        if let Some(first) = mark::take(tx, portal, adding.mark, &made, pen.by(), pen.now)? {
            return Ok((first.record, 1));
        }
        let (user, is_user_made) = self.projects.enlist(tx, &lock, pen, &adding.invitation)?;
        made.is_member_made = self.projects.join(tx, pen, &project, &user.person())?;
        made.is_user_made = is_user_made;
        user.id.as_str().clone_into(&mut made.record);
        adding.project.as_str().clone_into(&mut made.project);
        mark::note(tx, portal, adding.mark, &made)?;
        Ok((made.record, user.version))
    }

    /// Why something was not found: it is gone, or the person may not see it.
    fn missing(&self, read: &mut Read<'_>, write: &ProjectsWrite) -> Result<Reason, ProjectsError> {
        let hidden = Reason::NoPermission { person: Some(acting(write).email.to_string()) };
        let is_there = match write {
            ProjectsWrite::UpdateTask { id, .. } => self.has_task(read, id)?,
            ProjectsWrite::CreateComment { comment, .. } => self.has_task(read, &comment.task)?,
            ProjectsWrite::CreateTask { task, .. } => read::has_project(read, &self.portal, &task.project)?,
            ProjectsWrite::SetCompanies { project, .. }
            | ProjectsWrite::AddClientUser { project, .. }
            | ProjectsWrite::AddUser { project, .. } => read::has_project(read, &self.portal, project)?,
            ProjectsWrite::CreateProject { .. }
            | ProjectsWrite::UndoProject { .. }
            | ProjectsWrite::CreateCompany { .. }
            | ProjectsWrite::UndoCompany { .. }
            | ProjectsWrite::UndoClientUser { .. }
            | ProjectsWrite::UndoUser { .. } => false,
        };
        Ok(if is_there { hidden } else { Reason::RecordGone })
    }

    fn has_task(&self, read: &mut Read<'_>, id: &ProjectsTaskId) -> Result<bool, ProjectsError> {
        Ok(crate::task::present(read, &self.portal, id)?.is_some())
    }
}

/// Whether a person may be added to a project. An empty project or company is one that the same unit makes before.
fn plan_adding(
    read: &mut Read<'_>,
    caller: &Caller,
    project: &ProjectId,
    invitation: &Invitation,
) -> Result<(), ProjectsError> {
    if !project.as_str().is_empty() {
        let (_, standing) = seen_project(read, caller, project)?;
        caller.require(caller.changes_project(&standing))?;
    }
    match plan_user(read, caller, invitation) {
        Err(ProjectsError::Invalid(wrong))
            if is_unmade(invitation) && wrong.iter().all(|field| field.field == "company") =>
        {
            crate::service::user::plan_client_address(read, caller, invitation)
        }
        other => other,
    }
}

fn is_unmade(invitation: &Invitation) -> bool {
    matches!(&invitation.invited_as, InvitedAs::ClientOf(company) if company.as_str().is_empty())
}

fn employee(email: &Email, name: &str) -> Invitation {
    // CFG-13: role "Employee"; the profile too.
    invitation(email, name, InvitedAs::User(Profile::Employee), "Employee")
}

fn client(company: &CompanyId, email: &Email, name: &str) -> Invitation {
    invitation(email, name, InvitedAs::ClientOf(company.clone()), "")
}

fn invitation(email: &Email, name: &str, invited_as: InvitedAs, role: &str) -> Invitation {
    Invitation {
        email: email.clone(),
        name: name.to_owned(),
        invited_as,
        role: role.to_owned(),
        projects: Vec::new(),
        language: None,
        welcome: Welcome::Letter,
    }
}

fn expected_version(expected: Option<&Version>) -> Expected {
    match expected {
        None => Expected::Any,
        // A mark that is no number was never given by this side: nothing has it.
        Some(version) => Expected::Exactly(version.number().unwrap_or(-1)),
    }
}

fn task_draft(task: &ports::NewProjectsTask) -> TaskDraft {
    TaskDraft {
        list: task.list.clone(),
        parent: task.parent.clone(),
        title: task.title.clone(),
        description: task.description.clone(),
        start: task.start,
        due: task.due.map(|day| Due { day, minute: None }),
        priority: task.priority.clone(),
        status: task.status.clone(),
        owners: task.owners.clone(),
        is_external: false,
    }
}

fn task_patch(patch: &ProjectsTaskPatch) -> TaskPatch {
    TaskPatch {
        title: patch.title.clone(),
        description: patch.description.clone(),
        start: Patch::Keep,
        due: patch.due.clone(),
        due_minute: Patch::Keep,
        priority: patch.priority.clone(),
        status: patch.status.clone(),
        owners: patch.owners.clone(),
        is_external: None,
    }
}

fn project_draft(project: &ports::NewProject) -> ProjectDraft {
    ProjectDraft {
        name: project.name.clone(),
        key: None,
        overview: project.description.clone(),
        owner: Some(project.owner.clone()),
        start: project.start,
        end: project.end,
        is_strict: project.is_strict,
        members: project.members.clone(),
        companies: project.companies.clone(),
        first_list: None,
    }
}

fn create_mark(write: &ProjectsWrite) -> Option<&CreateMark> {
    match write {
        ProjectsWrite::CreateTask { mark, .. }
        | ProjectsWrite::CreateComment { mark, .. }
        | ProjectsWrite::CreateProject { mark, .. }
        | ProjectsWrite::CreateCompany { mark, .. }
        | ProjectsWrite::AddClientUser { mark, .. }
        | ProjectsWrite::AddUser { mark, .. } => Some(mark),
        ProjectsWrite::UpdateTask { .. }
        | ProjectsWrite::SetCompanies { .. }
        | ProjectsWrite::UndoProject { .. }
        | ProjectsWrite::UndoCompany { .. }
        | ProjectsWrite::UndoClientUser { .. }
        | ProjectsWrite::UndoUser { .. } => None,
    }
}

fn acting(write: &ProjectsWrite) -> &Acting {
    match write {
        ProjectsWrite::CreateTask { acting, .. }
        | ProjectsWrite::UpdateTask { acting, .. }
        | ProjectsWrite::CreateComment { acting, .. }
        | ProjectsWrite::CreateProject { acting, .. }
        | ProjectsWrite::UndoProject { acting, .. }
        | ProjectsWrite::CreateCompany { acting, .. }
        | ProjectsWrite::UndoCompany { acting, .. }
        | ProjectsWrite::SetCompanies { acting, .. }
        | ProjectsWrite::AddClientUser { acting, .. }
        | ProjectsWrite::UndoClientUser { acting, .. }
        | ProjectsWrite::AddUser { acting, .. }
        | ProjectsWrite::UndoUser { acting, .. } => acting,
    }
}
