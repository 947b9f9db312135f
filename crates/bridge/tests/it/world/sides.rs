//! Two sides in memory that keep their own rules, with faults.

mod answers;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use bridge::field::SideName;
use ports::rule::{ancestors, schedule, title};
use ports::*;

/// One side's faults, used up one by one.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// The next call that writes has its effect, and its answer is lost.
    LoseAnswer,
    /// The next call that writes is lost before it has any effect.
    LoseRequest,
    /// The next write is refused.
    Refuse(Reason),
}

#[derive(Default)]
pub(super) struct Side {
    pub(super) feed: Vec<Change>,
    pub(super) faults: Vec<Fault>,
    pub(super) is_down: bool,
    /// Every write that was done, as `id field,field`.
    pub(super) log: Vec<String>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) now: i64,
    pub(super) crm: Side,
    pub(super) projects: Side,
    pub(super) crm_tasks: BTreeMap<String, Found<CrmTask>>,
    pub(super) tasks: BTreeMap<String, Found<ProjectsTask>>,
    pub(super) notes: Vec<Note>,
    pub(super) comments: Vec<Comment>,
    pub(super) project: Option<ProjectFacts>,
    pub(super) crm_users: Vec<Email>,
    pub(super) portal_users: Vec<Email>,
    pub(super) next: i64,
    pub(super) crm_ahead_ms: Option<i64>,
}

#[derive(Clone)]
pub struct Sides {
    state: Arc<Mutex<State>>,
    crm_can: Arc<CrmCapabilities>,
    projects_can: Arc<ProjectsCapabilities>,
}

pub fn email(name: &str) -> Email {
    Email::parse(&format!("{name}@zylker.example")).unwrap()
}

pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

impl Clock for Sides {
    fn now(&self) -> Moment {
        Moment::from_ms(self.lock().now)
    }
}

impl Directory for Sides {
    fn person(&self, email: &Email) -> Option<PersonCard> {
        Some(PersonCard {
            email: email.clone(),
            name: email.to_string(),
            language: Language::En,
            zone: "UTC".into(),
            is_active: !email.as_str().starts_with("gone"),
        })
    }
    fn portal_administrators(&self, _tenant: &Tenant) -> Vec<Email> {
        vec![email("u1")]
    }
    fn crm_administrators(&self, _tenant: &Tenant) -> Vec<Email> {
        vec![email("u2")]
    }
}

fn touch<T: PartialEq>(new: &mut Stamped<T>, old: &Stamped<T>, by: &Email, at: i64) -> bool {
    if new.value == old.value {
        return false;
    }
    new.by = Some(by.clone());
    new.at = Some(Moment::from_ms(at));
    true
}

impl State {
    fn id(&mut self) -> String {
        self.next += 1;
        format!("{:019}", self.next)
    }

    pub(super) fn hint(side: &mut Side, id: &str, version: &Version) {
        side.feed.push(Change {
            kind: RecordKind::Task,
            id: id.to_owned(),
            sales: None,
            version: Some(version.clone()),
        });
    }

    pub(super) fn change_crm(&mut self, id: &str, by: &Email, change: impl FnOnce(&mut CrmTask)) -> Vec<&'static str> {
        let now = self.now;
        let Some(Found::Here(task)) = self.crm_tasks.get_mut(id) else { return Vec::new() };
        let old = task.clone();
        change(task);
        let was_closed = old.status.value == "Completed";
        if task.status.value == "Completed" && !was_closed {
            task.status_before_closing = Some(old.status.value.clone());
        }
        let changed: Vec<&'static str> = [
            ("subject", touch(&mut task.subject, &old.subject, by, now)),
            ("description", touch(&mut task.description, &old.description, by, now)),
            ("due", touch(&mut task.due, &old.due, by, now)),
            ("priority", touch(&mut task.priority, &old.priority, by, now)),
            ("status", touch(&mut task.status, &old.status, by, now)),
            ("owner", touch(&mut task.owner, &old.owner, by, now)),
        ]
        .into_iter()
        .filter_map(|(name, touched)| touched.then_some(name))
        .collect();
        task.version = Version::counter(old.version.number().unwrap() + 1);
        let version = task.version.clone();
        Self::hint(&mut self.crm, id, &version);
        changed
    }

    pub(super) fn change_task(
        &mut self,
        id: &str,
        by: &Email,
        change: impl FnOnce(&mut ProjectsTask),
    ) -> Vec<&'static str> {
        let now = self.now;
        let Some(Found::Here(task)) = self.tasks.get_mut(id) else { return Vec::new() };
        let old = task.clone();
        change(task);
        if task.status.value.is_closed && !old.status.value.is_closed {
            task.status_before_closing = Some(old.status.value.name.clone());
        }
        let changed: Vec<&'static str> = [
            ("title", touch(&mut task.title, &old.title, by, now)),
            ("description", touch(&mut task.description, &old.description, by, now)),
            ("due", touch(&mut task.due, &old.due, by, now)),
            ("priority", touch(&mut task.priority, &old.priority, by, now)),
            ("status", touch(&mut task.status, &old.status, by, now)),
            ("owners", touch(&mut task.owners, &old.owners, by, now)),
        ]
        .into_iter()
        .filter_map(|(name, touched)| touched.then_some(name))
        .collect();
        task.version = Version::counter(old.version.number().unwrap() + 1);
        let version = task.version.clone();
        Self::hint(&mut self.projects, id, &version);
        changed
    }

    fn above(&self, id: &str) -> Vec<Ancestor> {
        let mut above = Vec::new();
        let mut at = self.tasks.get(id).and_then(Found::here).and_then(|task| task.parent.clone());
        while let Some(parent) = at.take() {
            if let Some(task) = self.tasks.get(parent.as_str()).and_then(Found::here) {
                above.push(Ancestor {
                    id: task.id.clone(),
                    key: task.key.clone(),
                    title: task.title.value.clone(),
                    is_closed: task.status.value.is_closed,
                    closed_by: task.status.by.clone(),
                });
                at = task.parent.clone();
            }
        }
        above
    }

    fn below(&self, id: &str) -> u32 {
        let children = self
            .tasks
            .values()
            .filter_map(Found::here)
            .filter(|task| task.parent.as_ref().is_some_and(|parent| parent.as_str() == id));
        children.map(|child| u32::from(!child.status.value.is_closed) + self.below(child.id.as_str())).sum()
    }

    fn refuses(&self, id: &str, patch: &ProjectsTaskPatch) -> Option<Reason> {
        let task = self.tasks.get(id)?.here()?;
        let project = self.project.as_ref()?;
        if let Some(name) = &patch.title
            && let Err(reason) = title::check(name, 10_000)
        {
            return Some(reason);
        }
        if !patch.due.is_keep() {
            let due = patch.due.clone().over(task.due.value);
            if let Some(reason) = schedule::check_due(project.schedule, task.start, due, &project.name) {
                return Some(reason);
            }
        }
        if let Some(name) = &patch.status {
            let closes = project.statuses.iter().any(|status| status.name == *name && status.is_closed);
            let reason = match (task.status.value.is_closed, closes) {
                (false, true) => ancestors::check_close(self.below(id)),
                (true, false) => ancestors::check_open_below(&self.above(id)),
                _ => None,
            };
            if reason.is_some() {
                return reason;
            }
        }
        let new_owner = patch.owners.iter().flatten().find(|owner| {
            !task.owners.value.contains(owner) && !project.members.iter().any(|member| member.email == **owner)
        });
        new_owner.map(|owner| Reason::OwnerNotInProject { person: owner.to_string(), project: project.name.clone() })
    }

    fn write_crm(&mut self, write: &CrmWrite) -> Outcome<String> {
        match write {
            CrmWrite::CreateTask { .. } => Outcome::Refused(Reason::InternalError),
            CrmWrite::UpdateTask { id, expected, patch, acting } => {
                let Some(Found::Here(task)) = self.crm_tasks.get(id.as_str()) else { return Outcome::Gone };
                if expected.as_ref().is_some_and(|expected| *expected != task.version) {
                    return Outcome::Stale;
                }
                if let Some(subject) = &patch.subject
                    && let Err(reason) = title::check(subject, 255)
                {
                    return Outcome::Refused(reason);
                }
                let patch = patch.clone();
                let fields = self.change_crm(id.as_str(), &acting.email, move |task| {
                    patch.subject.into_iter().for_each(|value| task.subject.value = value);
                    patch.description.into_iter().for_each(|value| task.description.value = value);
                    task.due.value = patch.due.over(task.due.value);
                    task.priority.value = patch.priority.over(task.priority.value.take());
                    patch.status.into_iter().for_each(|value| task.status.value = value);
                    patch.owner.into_iter().for_each(|value| task.owner.value = value);
                });
                self.crm.log.push(format!("{id} {}", fields.join(",")));
                let version = self.crm_tasks[id.as_str()].here().unwrap().version.clone();
                Outcome::Done { id: id.to_string(), version }
            }
            CrmWrite::CreateNote { note, mark, acting } => {
                let known = self.notes.iter().find(|known| known.mark.as_ref() == Some(mark));
                let id = match known {
                    Some(known) => known.id.clone(),
                    None => {
                        self.crm.log.push(format!("{} note", note.task));
                        self.add_note(
                            note.task.as_str(),
                            &acting.email,
                            note.text.as_str(),
                            note.at,
                            Some(mark.clone()),
                        )
                    }
                };
                Outcome::Done { id: id.to_string(), version: Version::counter(1) }
            }
        }
    }

    fn write_projects(&mut self, write: &ProjectsWrite) -> Outcome<String> {
        match write {
            ProjectsWrite::UpdateTask { id, expected, patch, acting } => {
                let Some(Found::Here(task)) = self.tasks.get(id.as_str()) else { return Outcome::Gone };
                if expected.as_ref().is_some_and(|expected| *expected != task.version) {
                    return Outcome::Stale;
                }
                if let Some(reason) = self.refuses(id.as_str(), patch) {
                    return Outcome::Refused(reason);
                }
                let patch = patch.clone();
                let statuses = self.project.as_ref().unwrap().statuses.clone();
                let fields = self.change_task(id.as_str(), &acting.email, move |task| {
                    patch.title.into_iter().for_each(|value| task.title.value = value);
                    patch.description.into_iter().for_each(|value| task.description.value = value);
                    task.due.value = patch.due.over(task.due.value);
                    patch.priority.into_iter().for_each(|value| task.priority.value = value);
                    if let Some(name) = patch.status {
                        task.status.value = statuses.into_iter().find(|status| status.name == name).unwrap();
                    }
                    patch.owners.into_iter().for_each(|value| task.owners.value = value);
                });
                self.projects.log.push(format!("{id} {}", fields.join(",")));
                let version = self.tasks[id.as_str()].here().unwrap().version.clone();
                Outcome::Done { id: id.to_string(), version }
            }
            ProjectsWrite::CreateComment { comment, mark, acting } => {
                let known = self.comments.iter().find(|known| known.mark.as_ref() == Some(mark));
                let id = match known {
                    Some(known) => known.id.clone(),
                    None => {
                        self.projects.log.push(format!("{} comment", comment.task));
                        let task = comment.task.as_str().to_owned();
                        self.add_comment(&task, &acting.email, &comment.text, comment.at, Some(mark.clone()))
                    }
                };
                Outcome::Done { id: id.to_string(), version: Version::counter(1) }
            }
            _ => Outcome::Refused(Reason::InternalError),
        }
    }

    pub(super) fn add_note(
        &mut self,
        task: &str,
        by: &Email,
        text: &str,
        at: Moment,
        mark: Option<CreateMark>,
    ) -> NoteId {
        let id = NoteId::new(self.id());
        self.notes.push(Note {
            id: id.clone(),
            task: CrmTaskId::new(task),
            author: by.clone(),
            author_name: by.as_str().split('@').next().unwrap().to_owned(),
            at,
            text: PlainText::new(text),
            mentions: Vec::new(),
            mark,
        });
        self.change_crm(task, by, |task| task.newest_note = Some(id.clone()));
        id
    }

    pub(super) fn add_comment(
        &mut self,
        task: &str,
        by: &Email,
        text: &RichText,
        at: Moment,
        mark: Option<CreateMark>,
    ) -> CommentId {
        let id = CommentId::new(self.id());
        self.comments.push(Comment {
            id: id.clone(),
            task: ProjectsTaskId::new(task),
            author: by.clone(),
            author_name: by.as_str().split('@').next().unwrap().to_owned(),
            at,
            text: text.clone(),
            mentions: Vec::new(),
            is_internal: mark.is_some(),
            mark,
        });
        self.change_task(task, by, |task| task.newest_comment = Some(id.clone()));
        id
    }
}

impl Sides {
    pub fn new(now: Moment) -> Self {
        let statuses = |names: &[(&str, bool)]| -> Vec<TaskStatus> {
            names.iter().map(|(name, is_closed)| TaskStatus { name: (*name).into(), is_closed: *is_closed }).collect()
        };
        let member = |name: &str| Member { email: email(name), name: name.into(), is_active: true, is_client: false };
        let project = ProjectFacts {
            id: ProjectId::new("p1"),
            version: Version::counter(1),
            key: "DM".into(),
            name: "Data Migration".into(),
            owner: Some(email("u9")),
            start: Some(day("2026-03-02")),
            end: Some(day("2026-06-30")),
            schedule: Schedule::Strict { start: day("2026-03-02"), end: day("2026-06-30") },
            status: "Active".into(),
            is_closed: false,
            completion: 0,
            members: ["u1", "u3", "u4", "u5", "u7", "u9", "u10"].map(member).to_vec(),
            companies: Vec::new(),
            statuses: statuses(&[("Open", false), ("In Review", false), ("Closed", true), ("Cancelled", true)]),
            default_open: "Open".into(),
            default_closed: "Closed".into(),
        };
        let people = |names: &[&str]| -> Vec<Email> { names.iter().map(|name| email(name)).collect() };
        let state = State {
            now: now.ms(),
            project: Some(project),
            crm_users: people(&["u1", "u3", "u4", "u5", "u6", "u7", "u8", "u9", "bridge"]),
            portal_users: people(&["u1", "u3", "u4", "u5", "u7", "u8", "u9", "u10", "bridge"]),
            crm_ahead_ms: Some(0),
            ..State::default()
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            crm_can: Arc::new(CrmCapabilities {
                subject_max: 255,
                description_max: 32_000,
                writes_conditionally: true,
                stamps_fields: true,
                priorities: Vec::new(),
                statuses: Vec::new(),
            }),
            projects_can: Arc::new(ProjectsCapabilities {
                title_max: 10_000,
                writes_conditionally: true,
                stamps_fields: true,
                priorities: Vec::new(),
            }),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn fault(&self, side: SideName) -> Result<Option<Fault>, SideError> {
        let mut state = self.lock();
        let side = match side {
            SideName::Crm => &mut state.crm,
            SideName::Projects => &mut state.projects,
        };
        if side.is_down {
            return Err(SideError::Unreachable("down".into()));
        }
        Ok(if side.faults.is_empty() { None } else { Some(side.faults.remove(0)) })
    }
}

fn lost() -> SideError {
    SideError::Failed("the connection was reset".into())
}

fn changes(feed: &[Change], after: Option<&FeedCursor>, limit: usize) -> Changes {
    let from = after.map_or(feed.len(), |cursor| cursor.0.parse().unwrap());
    let to = feed.len().min(from + limit);
    Changes { changes: feed[from..to].to_vec(), cursor: FeedCursor(to.to_string()), has_more: to < feed.len() }
}

fn found<T: Clone>(records: &BTreeMap<String, Found<T>>, id: &str) -> Found<T> {
    records.get(id).cloned().unwrap_or(Found::Unknown(Why::NotListed))
}
