//! What a round has to know: both records of each link in batches, and the facts that its differences ask for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use ports::{
    Ancestor, CrmTask, Email, Found, Moment, ProjectFacts, ProjectId, ProjectsTask, ProjectsTaskId, Schedule, SideError,
};

use crate::comment;
use crate::convert::{self, ClockShift};
use crate::engine::EngineParts;
use crate::field::{Field, FieldValue, SeenSide, SideName, View};
use crate::plan::{Facts, Standing};
use crate::round::Work;

/// Facts that were asked for, shared by the links of a round.
#[derive(Default)]
pub(crate) struct Lookups {
    pub(crate) projects: BTreeMap<ProjectId, ProjectFacts>,
    ancestors: BTreeMap<ProjectsTaskId, Vec<Ancestor>>,
    open_descendants: BTreeMap<ProjectsTaskId, u32>,
    /// Active users of the CRM.
    crm_users: BTreeSet<Email>,
    /// Active users of the portal that are no client users.
    portal_users: BTreeSet<Email>,
    crm_shift: ClockShift,
    projects_shift: ClockShift,
}

/// One question to a side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    Notes(usize),
    Comments(usize),
    Projects(Vec<ProjectId>),
    Ancestors(Vec<ProjectsTaskId>),
    OpenDescendants(Vec<ProjectsTaskId>),
    CrmUsers,
    PortalUsers,
}

impl Ask {
    pub(crate) fn side(&self) -> SideName {
        match self {
            Self::Notes(_) | Self::CrmUsers => SideName::Crm,
            Self::Comments(_)
            | Self::Projects(_)
            | Self::Ancestors(_)
            | Self::OpenDescendants(_)
            | Self::PortalUsers => SideName::Projects,
        }
    }
}

/// What the differences of a link ask for. Pure: dates, ancestors, members only if due, state or owner moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FactQuery {
    /// The project: its dates, members, statuses, name.
    pub project: bool,
    /// The tasks above: it is to be reopened in Projects.
    pub ancestors: bool,
    /// The open tasks below: it is to be closed in Projects.
    pub open_descendants: bool,
}

/// What a link asks for.
pub fn needs(agreed: &View, crm: &SeenSide, projects: &SeenSide, has_refusals: bool) -> FactQuery {
    let differs = |field| crm.value(field) != projects.value(field);
    let status_goes_to =
        |is_closed| differs(Field::Status) && *crm.value(Field::Status) == FieldValue::Closed(is_closed);
    let has_moved = Field::ALL
        .iter()
        .any(|field| crm.value(*field) != agreed.get(*field) || projects.value(*field) != agreed.get(*field));
    FactQuery {
        project: has_moved || has_refusals,
        ancestors: status_goes_to(false),
        open_descendants: status_goes_to(true),
    }
}

/// Reads the CRM tasks of all links.
pub(crate) fn read_crm(
    parts: &EngineParts,
    work: &mut [Work],
    lookups: &mut Lookups,
    now: Moment,
) -> Result<(), SideError> {
    let ids: Vec<_> = work.iter().map(|work| work.link.crm_task.clone()).collect();
    let answer = parts.crm.read_tasks(&ids)?;
    lookups.crm_shift = convert::clock_shift(answer.side_now, now);
    same_length(ids.len(), answer.value.len())?;
    for (work, found) in work.iter_mut().zip(answer.value) {
        work.crm = Some(found);
    }
    Ok(())
}

/// Reads the Projects tasks of all links; afterwards both sides of each are in normal form.
pub(crate) fn read_projects(
    parts: &EngineParts,
    work: &mut [Work],
    lookups: &mut Lookups,
    now: Moment,
) -> Result<(), SideError> {
    let ids: Vec<_> = work.iter().map(|work| work.link.projects_task.clone()).collect();
    let answer = parts.projects.read_tasks(&ids)?;
    lookups.projects_shift = convert::clock_shift(answer.side_now, now);
    same_length(ids.len(), answer.value.len())?;
    for (work, found) in work.iter_mut().zip(answer.value) {
        work.projects = Some(found);
        work.seen = work.both().map(|(crm, projects)| {
            (convert::crm_side(crm, lookups.crm_shift), convert::projects_side(projects, lookups.projects_shift))
        });
    }
    Ok(())
}

/// A shorter answer must never be read as "the rest is gone".
fn same_length(asked: usize, answered: usize) -> Result<(), SideError> {
    if asked == answered { Ok(()) } else { Err(SideError::Failed(format!("{answered} answers to {asked} questions"))) }
}

/// The questions that remain after both reads, in the order in which they are asked.
pub(crate) fn questions(work: &[Work]) -> VecDeque<Ask> {
    let mut asks = VecDeque::new();
    let mut projects = BTreeSet::new();
    let mut above = BTreeSet::new();
    let mut below = BTreeSet::new();
    let mut people = false;
    for (index, work) in work.iter().enumerate() {
        let Some(((crm, task), (seen_crm, seen_projects))) = work.both().zip(work.seen.as_ref()) else { continue };
        if has_new_notes(work, crm) {
            asks.push_back(Ask::Notes(index));
            people = true;
        }
        if has_new_comments(work, task) {
            asks.push_back(Ask::Comments(index));
            people = true;
        }
        let query = needs(&work.link.agreed, seen_crm, seen_projects, !work.refusals.is_empty());
        if query.project {
            projects.insert(task.project.clone());
        }
        if query.ancestors {
            above.insert(task.id.clone());
        }
        if query.open_descendants {
            below.insert(task.id.clone());
        }
        people |= query.project || !work.waiting.is_empty();
    }
    if !projects.is_empty() {
        asks.push_back(Ask::Projects(projects.into_iter().collect()));
    }
    if !above.is_empty() {
        asks.push_back(Ask::Ancestors(above.into_iter().collect()));
    }
    if !below.is_empty() {
        asks.push_back(Ask::OpenDescendants(below.into_iter().collect()));
    }
    if people {
        asks.push_back(Ask::CrmUsers);
        asks.push_back(Ask::PortalUsers);
    }
    asks
}

/// Ids of comments may be given out of the order of their commits, so every change of a record that has any is a reason
/// to look again.
fn has_new_notes(work: &Work, task: &CrmTask) -> bool {
    let places = &work.link.comments;
    task.newest_note.as_ref().is_some_and(|newest| {
        comment::is_after(newest.as_str(), &places.note_base)
            && (newest.as_str() != places.note_seen || task.version.mark != work.link.crm_version)
    })
}

fn has_new_comments(work: &Work, task: &ProjectsTask) -> bool {
    let places = &work.link.comments;
    task.newest_comment.as_ref().is_some_and(|newest| {
        comment::is_after(newest.as_str(), &places.comment_base)
            && (newest.as_str() != places.comment_seen || task.version.mark != work.link.projects_version)
    })
}

/// Asks one question.
pub(crate) fn ask(parts: &EngineParts, ask: &Ask, work: &mut [Work], lookups: &mut Lookups) -> Result<(), SideError> {
    match ask {
        Ask::Notes(index) => {
            let Some(work) = work.get_mut(*index) else { return Ok(()) };
            let after = Some(&work.link.comments.note_base).filter(|base| !base.is_empty());
            let after = after.map(ports::NoteId::new);
            work.notes = parts.crm.notes(&work.link.crm_task, after.as_ref())?;
        }
        Ask::Comments(index) => {
            let Some(work) = work.get_mut(*index) else { return Ok(()) };
            let after = comment::comment_place(&work.link.comments.comment_base);
            work.comments = parts.projects.comments(&work.link.projects_task, after.as_ref())?;
        }
        Ask::Projects(ids) => {
            let found = parts.projects.projects(ids)?;
            same_length(ids.len(), found.len())?;
            for (id, found) in ids.iter().zip(found) {
                if let Found::Here(facts) = found {
                    lookups.projects.insert(id.clone(), facts);
                }
            }
        }
        Ask::Ancestors(ids) => {
            let found = parts.projects.ancestors(ids)?;
            same_length(ids.len(), found.len())?;
            lookups.ancestors.extend(ids.iter().cloned().zip(found));
        }
        Ask::OpenDescendants(ids) => {
            let found = parts.projects.open_descendants(ids)?;
            same_length(ids.len(), found.len())?;
            lookups.open_descendants.extend(ids.iter().cloned().zip(found));
        }
        Ask::CrmUsers => {
            let emails = people(work);
            let users = parts.crm.users(&emails)?;
            same_length(emails.len(), users.len())?;
            let active = emails.iter().zip(users).filter(|(_, user)| user.as_ref().is_some_and(|user| user.is_active));
            lookups.crm_users.extend(active.map(|(email, _)| email.clone()));
        }
        Ask::PortalUsers => {
            let emails = people(work);
            let users = parts.projects.users(&emails)?;
            same_length(emails.len(), users.len())?;
            let active = emails
                .iter()
                .zip(users)
                .filter(|(_, user)| user.as_ref().is_some_and(|user| user.is_active && user.client_of.is_none()));
            lookups.portal_users.extend(active.map(|(email, _)| email.clone()));
        }
    }
    Ok(())
}

/// Everybody in whose name something may be written, and both owners.
fn people(work: &[Work]) -> Vec<Email> {
    let mut people = BTreeSet::new();
    for work in work {
        people.extend(work.waiting.iter().map(|comment| comment.author.clone()));
        people.extend(work.notes.iter().map(|note| note.author.clone()));
        people.extend(work.comments.iter().map(|comment| comment.author.clone()));
        for side in work.seen.iter().flat_map(|(crm, projects)| [crm, projects]) {
            people.extend(side.fields.iter().filter_map(|field| field.by.clone()));
            people.extend(side.value(Field::Owner).as_person());
        }
    }
    people.into_iter().collect()
}

impl Lookups {
    pub(crate) fn is_user(&self, side: SideName, person: &Email) -> bool {
        match side {
            SideName::Crm => self.crm_users.contains(person),
            SideName::Projects => self.portal_users.contains(person),
        }
    }

    /// The facts of one link.
    pub(crate) fn facts(&self, parts: &EngineParts, task: &ProjectsTask, seen: &(SeenSide, SeenSide)) -> Facts {
        let project = self.projects.get(&task.project);
        let crm = parts.crm.capabilities();
        Facts {
            project: project.map(|project| project.name.clone()).unwrap_or_default(),
            // Without the project nothing is foreseen; the side itself says no.
            schedule: project.map_or(Schedule::Open, |project| project.schedule),
            start: task.start,
            ancestors: self.ancestors.get(&task.id).cloned().unwrap_or_default(),
            open_descendants: self.open_descendants.get(&task.id).copied().unwrap_or(0),
            owner_in_projects: self.standing_in_projects(seen.0.value(Field::Owner), project),
            owner_in_crm: match seen.1.value(Field::Owner).as_person() {
                Some(owner) if self.crm_users.contains(&owner) => Standing::Ready,
                Some(_) | None => Standing::Unknown,
            },
            subject_max: crm.subject_max,
            description_max: crm.description_max,
            title_max: parts.projects.capabilities().title_max,
        }
    }

    fn standing_in_projects(&self, owner: &FieldValue, project: Option<&ProjectFacts>) -> Standing {
        let Some(owner) = owner.as_person() else { return Standing::Unknown };
        let member = project.and_then(|project| project.members.iter().find(|member| member.email == owner));
        match member {
            Some(member) if member.is_active => Standing::Ready,
            Some(_) => Standing::Unknown,
            None if self.portal_users.contains(&owner) && project.is_some() => Standing::Outside,
            None if self.portal_users.contains(&owner) => Standing::Ready,
            None => Standing::Unknown,
        }
    }
}
