//! Making, changing and deleting projects.

use ports::rule::title;
use ports::{Acting, CompanyId, CreateMark, Date, Email, Fact, Patch, PlainText, ProjectId, Reason};
use store::{LockKey, Read, Sql, StoreError, Tx};

use super::Projects;
use super::sight::seen_project;
use crate::company;
use crate::error::{FieldError, Present, ProjectsError};
use crate::layout::{self, PROJECT_STATUSES};
use crate::list::LIST_NAME_MAX;
use crate::lock;
use crate::mark::{self, Kind, Made};
use crate::naming;
use crate::permission::{Caller, Profile};
use crate::project::{self, OVERVIEW_MAX, PROJECT_NAME_MAX, Progress, Project, member};
use crate::trace::{FieldMove, Module, Pen};
use crate::user::{self, Person};

/// What a new project consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectDraft {
    /// Name.
    pub name: String,
    /// Prefix of the task keys; `None` takes it from the name.
    pub key: Option<String>,
    /// What it is about.
    pub overview: PlainText,
    /// Owner; `None` is who makes it.
    pub owner: Option<Email>,
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
    /// Whether its dates bind its tasks; needs both.
    pub is_strict: bool,
    /// Users that become members beside the owner.
    pub members: Vec<Email>,
    /// Client companies, primary first.
    pub companies: Vec<CompanyId>,
    /// Name of a first list; `None` makes none yet.
    pub first_list: Option<String>,
}

/// A change of a project; fields that keep are not written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectPatch {
    /// Name.
    pub name: Option<String>,
    /// What it is about.
    pub overview: Option<PlainText>,
    /// Owner; becomes a member.
    pub owner: Option<Email>,
    /// First day.
    pub start: Patch<Date>,
    /// Last day.
    pub end: Patch<Date>,
    /// Whether its dates bind its tasks.
    pub is_strict: Option<bool>,
    /// Name of the status.
    pub status: Option<String>,
}

/// Names in a reason at most; the number counts them all.
const NAMED_MAX: usize = 100;

const OUTSIDE: Sql = Sql::new(
    "select t.id, t.number, t.title from projects_task t \
     where t.portal_id = $1 and t.project_id = $2 and t.deleted_at is null \
     and (t.start_day < $3 or t.start_day > $4 or t.due_day < $3 or t.due_day > $4) order by t.number",
);

/// A new project that may be written.
pub(crate) struct PlannedProject {
    project: Project,
    members: Vec<Person>,
    companies: Vec<CompanyId>,
    first_list: Option<String>,
}

impl Projects {
    /// Makes a project with its members and client companies. Its owner becomes a member, and so does who makes it,
    /// where he would not see it else.
    ///
    /// Errors: `Refused` without the right "create project"; `Invalid` for the fields.
    pub fn create_project(&self, acting: &Acting, draft: &ProjectDraft) -> Result<Project, ProjectsError> {
        self.writing(acting, |tx, pen| self.create_project_in(tx, pen, draft, None))
    }

    /// Changes a project. `expected` is the version that the form showed; `None` writes over whatever is there.
    ///
    /// Errors: `Stale` with the present project; `Refused` with [`Reason::TasksOutsideSchedule`] while tasks lie
    /// outside the wanted schedule (STR-5).
    pub fn edit_project(
        &self,
        acting: &Acting,
        id: &ProjectId,
        patch: &ProjectPatch,
        expected: Option<i64>,
    ) -> Result<Project, ProjectsError> {
        self.writing(acting, |tx, pen| {
            lock::project(tx, pen.portal(), id)?;
            let (before, standing) = seen_project(tx, pen.caller, id)?;
            pen.caller.require(pen.caller.changes_project(&standing))?;
            if expected.is_some_and(|version| version != before.version) {
                return Err(ProjectsError::Stale(Box::new(Present::Project(before))));
            }
            let (mut after, wrong) = patched(tx, pen.caller, &before, patch)?;
            if !wrong.is_empty() {
                return Err(ProjectsError::of_fields(wrong));
            }
            if let Some(reason) = tasks_outside(tx, pen.caller, &before, &after)? {
                return Err(ProjectsError::Refused(reason));
            }
            if after == before {
                return Ok(before);
            }
            pen.by().clone_into(&mut after.changed_by);
            after.changed_at = pen.now;
            after.version = project::update(tx, pen.portal(), &after)?;
            if after.owner.id != before.owner.id {
                member::add(tx, pen.portal(), id, &after.owner.id, pen.by(), pen.now)?;
            }
            pen.history(tx, Module::Project, id.as_str(), &moves(&before, &after))?;
            if after.name != before.name {
                pen.words(tx, Module::Project, id.as_str(), &[&after.name, &after.key])?;
            }
            pen.feed(tx, Module::Project, id.as_str(), after.version, id)?;
            Ok(after)
        })
    }

    /// Why a change of a project would not be taken, field by field; STR-5 stands at `schedule`.
    ///
    /// Errors: `NotFound`, and `Refused` for a missing right.
    pub fn check_project(
        &self,
        acting: &Acting,
        id: &ProjectId,
        patch: &ProjectPatch,
    ) -> Result<Vec<FieldError>, ProjectsError> {
        self.reading(acting, |read, caller| {
            let (before, standing) = seen_project(read, caller, id)?;
            caller.require(caller.changes_project(&standing))?;
            let (after, mut wrong) = patched(read, caller, &before, patch)?;
            let outside = tasks_outside(read, caller, &before, &after)?;
            wrong.extend(outside.map(|reason| FieldError::rule("schedule", reason)));
            Ok(wrong)
        })
    }

    /// Deletes a project; its tasks are gone with it. Keys are never given out again.
    ///
    /// Errors: `Refused` but for owner and administrators.
    pub fn delete_project(&self, acting: &Acting, id: &ProjectId) -> Result<(), ProjectsError> {
        self.writing(acting, |tx, pen| {
            seen_project(tx, pen.caller, id)?;
            pen.caller.require(pen.caller.rights().is_administrator)?;
            lock::project(tx, pen.portal(), id)?;
            let version = project::mark_deleted(tx, pen.portal(), id, pen.by(), pen.now)?;
            let version = version.ok_or(ProjectsError::NotFound)?;
            pen.no_words(tx, Module::Project, id.as_str())?;
            let moved = FieldMove::new("deleted", None, Some("yes".to_owned()));
            pen.history(tx, Module::Project, id.as_str(), &[moved])?;
            Ok(pen.feed(tx, Module::Project, id.as_str(), version, id)?)
        })
    }

    /// Replaces the client companies of a project, primary first.
    ///
    /// Errors: `Refused` for who may not change the project; `Invalid` for a company that is not there.
    pub fn set_companies(
        &self,
        acting: &Acting,
        id: &ProjectId,
        companies: &[CompanyId],
    ) -> Result<Project, ProjectsError> {
        self.writing(acting, |tx, pen| self.set_companies_in(tx, pen, id, companies))
    }

    pub(crate) fn create_project_in(
        &self,
        tx: &mut Tx<'_>,
        pen: &Pen<'_>,
        draft: &ProjectDraft,
        mark: Option<&CreateMark>,
    ) -> Result<Project, ProjectsError> {
        let portal = pen.portal();
        if let Some(mark) = mark
            && let Some(made) = mark::find(tx, portal, mark)?
        {
            return made_project(tx, pen, &made);
        }
        tx.lock(LockKey::new("projects_prefix", portal.as_str()))?;
        let mut planned = plan_project(tx, pen, draft)?;
        planned.project.id = ProjectId::new(self.ids.next());
        if let Some(mark) = mark {
            let made = Made::record(Kind::Project, planned.project.id.as_str());
            if let Some(first) = mark::take(tx, portal, mark, &made, pen.by(), pen.now)? {
                return made_project(tx, pen, &first);
            }
        }
        let PlannedProject { project, members, companies, first_list } = planned;
        project::insert(tx, portal, &project)?;
        for person in &members {
            member::add(tx, portal, &project.id, &person.id, pen.by(), pen.now)?;
        }
        company::set_for_project(tx, portal, &project.id, &companies)?;
        let made = FieldMove::new("created", None, Some(project.name.clone()));
        pen.history(tx, Module::Project, project.id.as_str(), &[made])?;
        pen.words(tx, Module::Project, project.id.as_str(), &[&project.name, &project.key])?;
        pen.feed(tx, Module::Project, project.id.as_str(), project.version, &project.id)?;
        if let Some(name) = first_list {
            self.make_list(tx, pen, &project.id, &name)?;
        }
        Ok(project)
    }

    pub(crate) fn set_companies_in(
        &self,
        tx: &mut Tx<'_>,
        pen: &Pen<'_>,
        id: &ProjectId,
        companies: &[CompanyId],
    ) -> Result<Project, ProjectsError> {
        let portal = pen.portal();
        lock::project(tx, portal, id)?;
        let (mut project, companies) = plan_companies(tx, pen.caller, id, companies)?;
        let before: Vec<CompanyId> =
            company::of_project(tx, portal, id)?.into_iter().map(|company| company.id).collect();
        if before == companies {
            return Ok(project);
        }
        company::set_for_project(tx, portal, id, &companies)?;
        project.version = project::touch(tx, portal, id, pen.by(), pen.now)?;
        let text = |ids: &[CompanyId]| {
            let all: Vec<&str> = ids.iter().map(CompanyId::as_str).collect();
            (!all.is_empty()).then(|| all.join(", "))
        };
        let moved = FieldMove::new("companies", text(&before), text(&companies));
        pen.history(tx, Module::Project, id.as_str(), &[moved])?;
        pen.feed(tx, Module::Project, id.as_str(), project.version, id)?;
        Ok(project)
    }
}

/// The project that was made with a mark, deleted or not.
fn made_project(tx: &mut Tx<'_>, pen: &Pen<'_>, made: &Made) -> Result<Project, ProjectsError> {
    let stored = project::by_id(tx, pen.portal(), &ProjectId::new(made.record.clone()))?;
    stored.map(|stored| stored.project).ok_or(ProjectsError::NotFound)
}

/// Whether these companies could be a project's; each once.
pub(crate) fn plan_companies(
    read: &mut Read<'_>,
    caller: &Caller,
    id: &ProjectId,
    companies: &[CompanyId],
) -> Result<(Project, Vec<CompanyId>), ProjectsError> {
    let (project, standing) = seen_project(read, caller, id)?;
    caller.require(caller.changes_project(&standing))?;
    let (companies, wrong) = present_companies(read, caller, companies)?;
    if wrong.is_empty() { Ok((project, companies)) } else { Err(ProjectsError::of_fields(wrong)) }
}

/// What would come of a new project; its id is not set yet.
pub(crate) fn plan_project(
    read: &mut Read<'_>,
    pen: &Pen<'_>,
    draft: &ProjectDraft,
) -> Result<PlannedProject, ProjectsError> {
    let caller = pen.caller;
    caller.require(caller.rights().may_create_projects)?;
    let mut wrong = Vec::new();
    let owner = match &draft.owner {
        Some(email) => portal_user(read, caller, "owner", email)?,
        None => Ok(caller.user.person()),
    };
    let owner = owner.unwrap_or_else(|found| {
        wrong.push(found);
        caller.user.person()
    });
    let name = name("name", &draft.name, PROJECT_NAME_MAX).unwrap_or_else(|found| {
        wrong.push(found);
        String::new()
    });
    let key = key(read, caller, draft, &name)?.unwrap_or_else(|found| {
        wrong.push(found);
        String::new()
    });
    wrong.extend(long_overview(&draft.overview));
    wrong.extend(dates(draft.start, draft.end, draft.is_strict));
    let first_list = match draft.first_list.as_deref().map(|text| self::name("first_list", text, LIST_NAME_MAX)) {
        Some(Err(found)) => {
            wrong.push(found);
            None
        }
        Some(Ok(name)) => Some(name),
        None => None,
    };
    let members = first_members(read, caller, &owner, draft, &mut wrong)?;
    let (companies, missing) = present_companies(read, caller, &draft.companies)?;
    wrong.extend(missing);
    if !wrong.is_empty() {
        return Err(ProjectsError::of_fields(wrong));
    }
    let [first_status, ..] = PROJECT_STATUSES;
    let project = Project {
        id: ProjectId::new(""),
        key,
        name,
        overview: draft.overview.clone(),
        owner,
        start: draft.start,
        end: draft.end,
        is_strict: draft.is_strict,
        status: first_status.name.to_owned(),
        is_closed: first_status.is_closed,
        progress: Progress::default(),
        created_by: pen.by().to_owned(),
        created_at: pen.now,
        changed_by: pen.by().to_owned(),
        changed_at: pen.now,
        version: 1,
    };
    Ok(PlannedProject { project, members, companies, first_list })
}

fn first_members(
    read: &mut Read<'_>,
    caller: &Caller,
    owner: &Person,
    draft: &ProjectDraft,
    wrong: &mut Vec<FieldError>,
) -> Result<Vec<Person>, StoreError> {
    let mut members = vec![owner.clone()];
    if !caller.rights().is_administrator {
        members.push(caller.user.person());
    }
    for email in &draft.members {
        match active_user(read, caller, "members", email)? {
            Ok(person) => members.push(person),
            Err(found) => wrong.push(found),
        }
    }
    Ok(members)
}

fn key(
    read: &mut Read<'_>,
    caller: &Caller,
    draft: &ProjectDraft,
    name: &str,
) -> Result<Result<String, FieldError>, StoreError> {
    let Some(text) = draft.key.as_deref().filter(|text| !text.trim().is_empty()) else {
        return project::free_key(read, &caller.portal, &naming::prefix_of(name)).map(Ok);
    };
    let Some(chosen) = naming::chosen_prefix(text) else {
        return Ok(Err(FieldError::new("key", "invalid_key").fact("value", Fact::Text(text.to_owned()))));
    };
    let free = project::free_key(read, &caller.portal, &chosen)?;
    if free == chosen {
        Ok(Ok(chosen))
    } else {
        Ok(Err(FieldError::new("key", "taken").fact("free", Fact::Text(free))))
    }
}

/// The project with the change applied, and the fields that cannot be taken; those stay as they were.
fn patched(
    read: &mut Read<'_>,
    caller: &Caller,
    present: &Project,
    patch: &ProjectPatch,
) -> Result<(Project, Vec<FieldError>), StoreError> {
    let mut project = present.clone();
    let mut wrong = Vec::new();
    if let Some(text) = &patch.name {
        match name("name", text, PROJECT_NAME_MAX) {
            Ok(name) => project.name = name,
            Err(found) => wrong.push(found),
        }
    }
    if let Some(text) = &patch.overview {
        wrong.extend(long_overview(text));
        project.overview = text.clone();
    }
    if let Some(email) = &patch.owner
        && *email != present.owner.email
    {
        match portal_user(read, caller, "owner", email)? {
            Ok(person) => project.owner = person,
            Err(found) => wrong.push(found),
        }
    }
    project.start = patch.start.clone().over(present.start);
    project.end = patch.end.clone().over(present.end);
    project.is_strict = patch.is_strict.unwrap_or(present.is_strict);
    wrong.extend(dates(project.start, project.end, project.is_strict));
    if let Some(text) = &patch.status {
        match layout::project_status(text) {
            Some(status) => {
                status.name.clone_into(&mut project.status);
                project.is_closed = status.is_closed;
            }
            None => wrong.push(FieldError::new("status", "unknown_value").fact("value", Fact::Text(text.clone()))),
        }
    }
    Ok((project, wrong))
}

/// STR-5: tasks that would lie outside, if the schedule becomes strict or other than it was. Which of them are linked
/// only the bridge knows.
fn tasks_outside(
    read: &mut Read<'_>,
    caller: &Caller,
    before: &Project,
    after: &Project,
) -> Result<Option<Reason>, StoreError> {
    let ports::Schedule::Strict { start, end } = after.schedule() else { return Ok(None) };
    if before.schedule() == after.schedule() {
        return Ok(None);
    }
    let binds =
        [caller.portal.as_str().into(), after.id.as_str().into(), start.to_string().into(), end.to_string().into()];
    let rows = read.rows(&OUTSIDE, &binds)?;
    if rows.is_empty() {
        return Ok(None);
    }
    let tasks = rows
        .iter()
        .take(NAMED_MAX)
        .map(|row| Ok(format!("{}-{} {}", before.key, row.int("number")?, row.text("title")?)))
        .collect::<Result<Vec<String>, StoreError>>()?;
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    Ok(Some(Reason::TasksOutsideSchedule { count, tasks, linked: Vec::new() }))
}

/// HAND-10, and the order of the days.
fn dates(start: Option<Date>, end: Option<Date>, is_strict: bool) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if is_strict {
        for (field, day) in [("start", start), ("end", end)] {
            if day.is_none() {
                wrong.push(FieldError::with_reason(field, "required", Reason::DatesRequired));
            }
        }
    }
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        wrong.push(FieldError::new("end", "before_start").fact("start", Fact::Day(start)).fact("end", Fact::Day(end)));
    }
    wrong
}

fn long_overview(text: &PlainText) -> Option<FieldError> {
    let length = text.as_str().chars().count();
    (length > OVERVIEW_MAX).then(|| too_long("overview", length, OVERVIEW_MAX))
}

fn present_companies(
    read: &mut Read<'_>,
    caller: &Caller,
    wanted: &[CompanyId],
) -> Result<(Vec<CompanyId>, Vec<FieldError>), StoreError> {
    let mut companies: Vec<CompanyId> = Vec::new();
    let mut wrong = Vec::new();
    for id in wanted {
        if companies.contains(id) {
            continue;
        }
        if company::present(read, &caller.portal, id)?.is_some() {
            companies.push(id.clone());
        } else {
            wrong.push(FieldError::new("companies", "unknown_record").fact("id", Fact::Text(id.to_string())));
        }
    }
    Ok((companies, wrong))
}

/// An active user by address, client users too.
pub(crate) fn active_user(
    read: &mut Read<'_>,
    caller: &Caller,
    field: &'static str,
    email: &Email,
) -> Result<Result<Person, FieldError>, StoreError> {
    let unknown = |code| FieldError::with_reason(field, code, Reason::OwnerUnknown { person: email.to_string() });
    Ok(match user::by_email(read, &caller.portal, email)? {
        None => Err(unknown("unknown_user")),
        Some(user) if !user.is_active => Err(unknown("inactive_user")),
        Some(user) => Ok(user.person()),
    })
}

/// An active user by address who is no client user.
fn portal_user(
    read: &mut Read<'_>,
    caller: &Caller,
    field: &'static str,
    email: &Email,
) -> Result<Result<Person, FieldError>, StoreError> {
    let found = active_user(read, caller, field, email)?;
    Ok(found.and_then(|person| {
        if person.is_client {
            let reason = Reason::IsClientUser { person: email.to_string() };
            Err(FieldError::with_reason(field, Profile::Client.code(), reason))
        } else {
            Ok(person)
        }
    }))
}

/// A name in one line, not empty, at most `max` code points.
pub(crate) fn name(field: &'static str, text: &str, max: usize) -> Result<String, FieldError> {
    let name = title::normal(text).into_owned();
    let length = name.chars().count();
    if name.is_empty() {
        Err(FieldError::new(field, "required"))
    } else if length > max {
        Err(too_long(field, length, max))
    } else {
        Ok(name)
    }
}

fn too_long(field: &'static str, length: usize, max: usize) -> FieldError {
    let number = |value: usize| Fact::Number(i64::try_from(value).unwrap_or(i64::MAX));
    FieldError::new(field, "too_long").fact("length", number(length)).fact("max", number(max))
}

fn moves(before: &Project, after: &Project) -> Vec<FieldMove> {
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let text = |text: &PlainText| (!text.as_str().is_empty()).then(|| text.as_str().to_owned());
    let flag = |value: bool| if value { "yes" } else { "no" };
    vec![
        FieldMove::text("name", &before.name, &after.name),
        FieldMove::new("overview", text(&before.overview), text(&after.overview)),
        FieldMove::text("owner", before.owner.email.as_str(), after.owner.email.as_str()),
        FieldMove::new("start", day(before.start), day(after.start)),
        FieldMove::new("end", day(before.end), day(after.end)),
        FieldMove::text("strict", flag(before.is_strict), flag(after.is_strict)),
        FieldMove::text("status", &before.status, &after.status),
    ]
}
