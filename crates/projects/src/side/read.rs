//! What the bridge reads.

use std::collections::HashMap;

use ports::{
    Access, Ancestor, Change, Changes, Comment, CommentId, Company, CompanyId, CreateMark, Email, Evidence, FeedCursor,
    Found, Member, Page, PortalId, ProjectFacts, ProjectId, ProjectsField, ProjectsTask, ProjectsTaskId,
    ProjectsUserCard, RecordKind, Stamped, TaskStatus, Version, Why,
};
use records::history::{self, Stamps};
use store::{Cursor, Read};

use crate::comment;
use crate::company::{self, CompanyState};
use crate::error::ProjectsError;
use crate::layout::{self, DEFAULT_CLOSED, DEFAULT_OPEN};
use crate::mark;
use crate::permission::{Caller, Scope, Standing};
use crate::project::page::{self, ProjectQuery, StateFilter};
use crate::project::{self, Project, member};
use crate::service::company::{place, position};
use crate::task::{self, Stored, Task, tree};
use crate::trace::{FEED, Module};
use crate::user::{self, User};

type Answer<T> = Result<T, ProjectsError>;

/// Rows of a page at most.
const PAGE_MAX: usize = 200;

pub(super) fn versions(read: &mut Read<'_>, portal: &PortalId, ids: &[ProjectsTaskId]) -> Answer<Vec<Found<Version>>> {
    let texts: Vec<&str> = ids.iter().map(ProjectsTaskId::as_str).collect();
    let mut seen: HashMap<String, Found<Version>> = task::versions(read, portal, &texts)?
        .into_iter()
        .map(|seen| (seen.id, presence(seen.deleted, Version::counter(seen.version))))
        .collect();
    Ok(in_order(&texts, &mut seen))
}

pub(super) fn tasks(
    read: &mut Read<'_>,
    portal: &PortalId,
    ids: &[ProjectsTaskId],
) -> Answer<Vec<Found<ProjectsTask>>> {
    let texts: Vec<&str> = ids.iter().map(ProjectsTaskId::as_str).collect();
    let stamps = history::last_changes(read, portal.as_str(), Module::Task.code(), &texts)?;
    let mut found: HashMap<String, Found<ProjectsTask>> = task::by_ids(read, portal, &texts)?
        .into_iter()
        .map(|stored| (stored.task.id.to_string(), port_task(stored, &stamps)))
        .collect();
    Ok(in_order(&texts, &mut found))
}

pub(super) fn comments(
    read: &mut Read<'_>,
    portal: &PortalId,
    task: &ProjectsTaskId,
    after: Option<&CommentId>,
) -> Answer<Vec<Comment>> {
    let after = after.map_or("", CommentId::as_str);
    let found = comment::after(read, portal, task, after, false)?;
    let has_mention = found.iter().any(|comment| comment.text.as_html().contains('@'));
    let everybody = if has_mention { user::all(read, portal)? } else { Vec::new() };
    let names: Vec<String> = everybody.into_iter().map(|user| user.name).collect();
    Ok(found.into_iter().map(|comment| comment.port(&names)).collect())
}

pub(super) fn created(read: &mut Read<'_>, portal: &PortalId, marks: &[CreateMark]) -> Answer<Vec<Option<String>>> {
    marks.iter().map(|mark| Ok(mark::find(read, portal, mark)?.map(|made| made.record))).collect()
}

pub(super) fn projects(read: &mut Read<'_>, portal: &PortalId, ids: &[ProjectId]) -> Answer<Vec<Found<ProjectFacts>>> {
    let texts: Vec<&str> = ids.iter().map(ProjectId::as_str).collect();
    let mut found = HashMap::new();
    for stored in page::by_ids(read, portal, &texts)? {
        let id = stored.project.id.to_string();
        let state = match stored.deleted {
            Some(evidence) => Found::Gone(evidence),
            None => Found::Here(facts(read, portal, stored.project)?),
        };
        found.insert(id, state);
    }
    Ok(in_order(&texts, &mut found))
}

pub(super) fn open_projects(
    read: &mut Read<'_>,
    portal: &PortalId,
    person: &Email,
    after: Option<&str>,
    limit: usize,
) -> Answer<Page<ProjectFacts>> {
    let user = user::by_email(read, portal, person)?.filter(|user| user.is_active);
    let query =
        ProjectQuery { state: StateFilter::Open, after: after.map(str::to_owned), ..ProjectQuery::first(limit) };
    let page = page::page(read, portal, &Scope::of_side(user.as_ref()), &query)?;
    let rows = page.rows.into_iter().map(|project| facts(read, portal, project)).collect::<Answer<_>>()?;
    Ok(Page { rows, next: page.next })
}

pub(super) fn ancestors(read: &mut Read<'_>, portal: &PortalId, ids: &[ProjectsTaskId]) -> Answer<Vec<Vec<Ancestor>>> {
    ids.iter()
        .map(|id| {
            let chain = tree::chain(read, portal, Some(id))?;
            Ok(chain.into_iter().skip(1).map(|above| above.ancestor).collect())
        })
        .collect()
}

pub(super) fn open_descendants(read: &mut Read<'_>, portal: &PortalId, ids: &[ProjectsTaskId]) -> Answer<Vec<u32>> {
    let texts: Vec<&str> = ids.iter().map(ProjectsTaskId::as_str).collect();
    let open: HashMap<String, u32> = task::by_ids(read, portal, &texts)?
        .into_iter()
        .map(|stored| (stored.task.id.to_string(), stored.task.below.open()))
        .collect();
    Ok(texts.iter().map(|id| open.get(*id).copied().unwrap_or(0)).collect())
}

pub(super) fn tasks_of_project(
    read: &mut Read<'_>,
    portal: &PortalId,
    project: &ProjectId,
    after: Option<&str>,
    limit: usize,
) -> Answer<Page<ProjectsTaskId>> {
    let size = limit.clamp(1, PAGE_MAX);
    let wanted = i64::try_from(size + 1).unwrap_or(i64::MAX);
    let mut rows = task::page::ids_of_project(read, portal, project, after.unwrap_or(""), wanted)?;
    let has_more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| has_more).map(ToString::to_string);
    Ok(Page { rows, next })
}

pub(super) fn companies(read: &mut Read<'_>, portal: &PortalId, ids: &[CompanyId]) -> Answer<Vec<Found<Company>>> {
    ids.iter()
        .map(|id| {
            Ok(match company::by_id(read, portal, id)? {
                Some(CompanyState::Here(company)) => Found::Here(company.port()),
                Some(CompanyState::Deleted(evidence)) => Found::Gone(evidence),
                None => Found::Unknown(Why::NotListed),
            })
        })
        .collect()
}

pub(super) fn all_companies(
    read: &mut Read<'_>,
    portal: &PortalId,
    after: Option<&str>,
    limit: usize,
) -> Answer<Page<Company>> {
    let size = limit.clamp(1, PAGE_MAX);
    let wanted = i64::try_from(size + 1).unwrap_or(i64::MAX);
    let mut found = company::page(read, portal, place(after), wanted)?;
    let has_more = found.len() > size;
    found.truncate(size);
    let next = found.last().filter(|_| has_more).map(|(key, company)| position(key, company.id.as_str()));
    Ok(Page { rows: found.into_iter().map(|(_, company)| company.port()).collect(), next })
}

pub(super) fn companies_by_name_key(read: &mut Read<'_>, portal: &PortalId, keys: &[String]) -> Answer<Vec<Company>> {
    let mut keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut found = Vec::new();
    for key in keys {
        found.extend(company::by_name_key(read, portal, key)?.iter().map(company::Company::port));
    }
    Ok(found)
}

pub(super) fn users(read: &mut Read<'_>, portal: &PortalId, emails: &[Email]) -> Answer<Vec<Option<ProjectsUserCard>>> {
    emails.iter().map(|email| Ok(user::by_email(read, portal, email)?.map(|user| user.card()))).collect()
}

pub(super) fn portal_users(read: &mut Read<'_>, portal: &PortalId) -> Answer<Vec<ProjectsUserCard>> {
    let users = user::all(read, portal)?;
    let is_portal_user = |user: &&User| user.is_active && user.company.is_none();
    Ok(users.iter().filter(is_portal_user).map(User::card).collect())
}

pub(super) fn access(read: &mut Read<'_>, portal: &PortalId, person: &Email, ids: &[ProjectId]) -> Answer<Vec<Access>> {
    let Some(user) = user::by_email(read, portal, person)?.filter(|user| user.is_active) else {
        return Ok(vec![Access::default(); ids.len()]);
    };
    let texts: Vec<&str> = ids.iter().map(ProjectId::as_str).collect();
    let member_of = page::memberships(read, portal, user.id.as_str(), &texts)?;
    let mut found: HashMap<String, Access> = HashMap::new();
    for stored in page::by_ids(read, portal, &texts)? {
        let project = stored.project;
        if stored.deleted.is_none() {
            let standing = Standing { owner: project.owner.id.clone(), is_member: member_of.contains(&project.id) };
            found.insert(project.id.to_string(), Caller::access_of(&user, &standing));
        }
    }
    Ok(texts.iter().map(|id| found.get(*id).copied().unwrap_or_default()).collect())
}

pub(super) fn changes(
    read: &mut Read<'_>,
    portal: &PortalId,
    after: Option<&FeedCursor>,
    limit: usize,
) -> Answer<Changes> {
    let Some(after) = after else {
        let cursor = FeedCursor(read.feed_end(FEED)?.as_text().to_owned());
        return Ok(Changes { changes: Vec::new(), cursor, has_more: false });
    };
    let limit = limit.max(1);
    let wanted = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = read.changes(FEED, &Cursor::from_text(after.0.clone()), wanted)?;
    if found.is_lost {
        tracing::warn!(
            "the place in the feed of Projects belongs to another database; the comparison finds what changed"
        );
    }
    // Entries that the feed still holds back, behind an open transaction, count as waiting too.
    let has_more = found.entries.len() >= limit || read.feed_unread(FEED, &found.cursor)? > 0;
    let changes = found
        .entries
        .into_iter()
        .filter(|entry| entry.tenant == portal.as_str())
        .filter_map(|entry| {
            let kind = RecordKind::parse(&entry.kind)?;
            // Only a task's version is all that the bridge compares; of the rest every hint is looked at.
            let version = (kind == RecordKind::Task).then(|| Version::counter(entry.version));
            Some(Change { kind, id: entry.record, sales: None, version })
        })
        .collect();
    Ok(Changes { changes, cursor: FeedCursor(found.cursor.as_text().to_owned()), has_more })
}

fn port_task(stored: Stored, stamps: &Stamps) -> Found<ProjectsTask> {
    let Stored { task, deleted, .. } = stored;
    let status = TaskStatus { name: task.status.clone(), is_closed: task.is_closed };
    let owners = task.owners.iter().map(|owner| owner.email.clone()).collect();
    let here = ProjectsTask {
        version: Version::counter(task.version),
        title: stamped(stamps, &task, ProjectsField::Title, task.title.clone()),
        description: stamped(stamps, &task, ProjectsField::Description, task.description.clone()),
        due: stamped(stamps, &task, ProjectsField::Due, task.due.map(|due| due.day)),
        priority: stamped(stamps, &task, ProjectsField::Priority, task.priority.name().to_owned()),
        status: stamped(stamps, &task, ProjectsField::Status, status),
        owners: stamped(stamps, &task, ProjectsField::Owners, owners),
        id: task.id,
        project: task.project,
        list: task.list,
        parent: task.parent,
        key: task.key,
        start: task.start,
        status_before_closing: task.status_before_closing,
        is_external: task.is_external,
        newest_comment: task.newest_comment,
    };
    presence(deleted, here)
}

/// Who set a field last; one that was never changed was set by who made the task.
fn stamped<T>(stamps: &Stamps, task: &Task, field: ProjectsField, value: T) -> Stamped<T> {
    match stamps.of(task.id.as_str(), layout::field_name(field)) {
        Some(stamp) => Stamped { value, by: Some(stamp.who.clone()), at: Some(stamp.at) },
        None => Stamped { value, by: Some(task.created_by.clone()), at: Some(task.created_at) },
    }
}

fn facts(read: &mut Read<'_>, portal: &PortalId, project: Project) -> Answer<ProjectFacts> {
    let members = member::of_project(read, portal, &project.id)?
        .into_iter()
        .map(|person| Member {
            email: person.email,
            name: person.name,
            is_active: person.is_active,
            is_client: person.is_client,
        })
        .collect();
    let companies = company::of_project(read, portal, &project.id)?.into_iter().map(|company| company.id).collect();
    Ok(ProjectFacts {
        version: project.port_version(),
        schedule: project.schedule(),
        completion: project.progress.percent(),
        id: project.id,
        key: project.key,
        name: project.name,
        owner: Some(project.owner.email),
        start: project.start,
        end: project.end,
        status: project.status,
        is_closed: project.is_closed,
        members,
        companies,
        statuses: layout::port_statuses(),
        default_open: DEFAULT_OPEN.to_owned(),
        default_closed: DEFAULT_CLOSED.to_owned(),
    })
}

fn presence<T>(deleted: Option<Evidence>, record: T) -> Found<T> {
    deleted.map_or(Found::Here(record), Found::Gone)
}

fn in_order<T: Clone>(ids: &[&str], found: &mut HashMap<String, Found<T>>) -> Vec<Found<T>> {
    ids.iter().map(|id| found.get(*id).cloned().unwrap_or(Found::Unknown(Why::NotListed))).collect()
}

/// The project of a task that is there, for the locks of a batch.
pub(super) fn project_of_task(
    read: &mut Read<'_>,
    portal: &PortalId,
    id: &ProjectsTaskId,
) -> Answer<Option<ProjectId>> {
    Ok(task::by_id(read, portal, id)?.map(|stored| stored.task.project))
}

/// Whether a project is there.
pub(super) fn has_project(read: &mut Read<'_>, portal: &PortalId, id: &ProjectId) -> Answer<bool> {
    Ok(project::present(read, portal, id)?.is_some())
}
