//! What the two sides hold, and the rules by which it changes.

use bridge::convert;
use bridge::field::{Field, FieldValue, SideName, View};
use ports::rule::{ancestors, schedule, title};
use ports::{
    Ancestor, Change, Comment, CommentId, CreateMark, CrmTask, CrmTaskId, CrmWrite, Date, Email, Evidence, Found,
    Member, Moment, Note, NoteId, Outcome, PlainText, ProjectFacts, ProjectId, ProjectsTask, ProjectsTaskId,
    ProjectsTaskPatch, ProjectsWrite, Reason, RichText, Schedule, Stamped, TaskListId, TaskStatus, Version, Why, lines,
};

use super::people::email;
use super::{Fault, Underway, hint};

/// A value that a field had on a side from some moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Order of all that happened.
    pub number: usize,
    /// The side.
    pub side: SideName,
    /// Which task.
    pub index: usize,
    /// Which field.
    pub field: Field,
    /// The value in normal form.
    pub value: FieldValue,
    /// Whether the bridge wrote it.
    pub is_bridge: bool,
    /// Who wrote it.
    pub by: Email,
}

/// One side: its hints, and what goes wrong with it.
#[derive(Default)]
pub struct Side {
    /// Hints in the order in which they are told.
    pub feed: Vec<Change>,
    /// What goes wrong with the next writing calls.
    pub faults: Vec<Fault>,
    /// Whether it cannot be reached.
    pub is_away: bool,
    /// Writing calls that arrived.
    pub calls: usize,
}

/// A task, whether it is still there, and whether the connection's user sees it at the moment (F-12).
pub struct Shelf<T> {
    /// The task.
    pub task: T,
    /// Whether it is hidden.
    pub is_hidden: bool,
    /// Who deleted it, and when.
    pub deleted: Option<Evidence>,
}

impl<T: Clone> Shelf<T> {
    fn new(task: T) -> Self {
        Self { task, is_hidden: false, deleted: None }
    }

    /// What the connection's user finds.
    pub fn found(&self) -> Found<T> {
        match &self.deleted {
            _ if self.is_hidden => Found::Unknown(Why::NotListed),
            Some(evidence) => Found::Gone(evidence.clone()),
            None => Found::Here(self.task.clone()),
        }
    }
}

/// Both sides.
pub struct State {
    /// The clock, in milliseconds.
    pub now: i64,
    /// The CRM.
    pub crm: Side,
    /// Projects.
    pub projects: Side,
    /// The CRM's tasks; the same index is the same pair.
    pub crm_tasks: Vec<Shelf<CrmTask>>,
    /// The tasks of Projects.
    pub tasks: Vec<Shelf<ProjectsTask>>,
    /// Notes of all tasks.
    pub notes: Vec<Note>,
    /// Comments of all tasks.
    pub comments: Vec<Comment>,
    /// The one project.
    pub project: ProjectFacts,
    /// Users of the CRM.
    pub crm_users: Vec<Email>,
    /// Users of the portal.
    pub portal_users: Vec<Email>,
    /// Every value that was ever held.
    pub log: Vec<Held>,
    pub(crate) underway: Vec<(i64, Underway)>,
    next: i64,
}

fn touched<T: PartialEq>(new: &mut Stamped<T>, old: &Stamped<T>, by: &Email, at: i64) {
    if new.value != old.value {
        new.by = Some(by.clone());
        new.at = Some(Moment::from_ms(at));
    }
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

impl State {
    pub(crate) fn new(now: Moment) -> Self {
        let people = |names: &[&str]| names.iter().map(|name| email(name)).collect::<Vec<_>>();
        let member =
            |name: &str| Member { email: email(name), name: name.to_owned(), is_active: true, is_client: false };
        let status = |(name, is_closed): (&str, bool)| TaskStatus { name: name.to_owned(), is_closed };
        let project = ProjectFacts {
            id: ProjectId::new("p1"),
            version: Version::counter(1),
            key: "DM".to_owned(),
            name: "Data Migration".to_owned(),
            owner: Some(email("u9")),
            start: Some(day("2026-03-02")),
            end: Some(day("2026-06-30")),
            schedule: Schedule::Strict { start: day("2026-03-02"), end: day("2026-06-30") },
            status: "Active".to_owned(),
            is_closed: false,
            completion: 0,
            members: ["u1", "u3", "u4", "u5", "u9", "u10"].map(member).to_vec(),
            companies: Vec::new(),
            statuses: [("Open", false), ("In Review", false), ("Closed", true), ("Cancelled", true)]
                .map(status)
                .to_vec(),
            default_open: "Open".to_owned(),
            default_closed: "Closed".to_owned(),
        };
        Self {
            now: now.ms(),
            crm: Side::default(),
            projects: Side::default(),
            crm_tasks: Vec::new(),
            tasks: Vec::new(),
            notes: Vec::new(),
            comments: Vec::new(),
            project,
            crm_users: people(&["u1", "u3", "u4", "u5", "u6", "u8", "bridge"]),
            portal_users: people(&["u1", "u3", "u4", "u5", "u8", "u9", "u10", "bridge"]),
            log: Vec::new(),
            underway: Vec::new(),
            next: 0,
        }
    }

    /// One of the sides.
    pub fn side_mut(&mut self, side: SideName) -> &mut Side {
        match side {
            SideName::Crm => &mut self.crm,
            SideName::Projects => &mut self.projects,
        }
    }

    /// Two tasks that say the same.
    pub fn add_pair(&mut self, parent: Option<usize>) -> usize {
        let index = self.tasks.len();
        let at = Some(Moment::from_ms(self.now));
        let by = Some(email("u4"));
        let description = lines::clean("<p><b>Fields:</b></p><ul><li>one</li><li><i>two</i></li></ul>");
        macro_rules! stamped {
            ($value:expr) => {
                Stamped { value: $value, by: by.clone(), at }
            };
        }
        let crm = CrmTask {
            id: CrmTaskId::new(format!("k{index}")),
            version: Version::counter(1),
            subject: stamped!(format!("Task {index}")),
            description: stamped!(lines::plain(&description)),
            due: stamped!(Some(day("2026-06-22"))),
            priority: stamped!(Some("Highest".to_owned())),
            status: stamped!("Waiting for input".to_owned()),
            owner: stamped!(email("u4")),
            status_before_closing: None,
            under: None,
            under_name: None,
            account: None,
            newest_note: None,
        };
        let task = ProjectsTask {
            id: ProjectsTaskId::new(format!("t{index}")),
            version: Version::counter(1),
            project: ProjectId::new("p1"),
            list: TaskListId::new("l1"),
            parent: parent.map(|parent| ProjectsTaskId::new(format!("t{parent}"))),
            key: format!("DM-{}", index + 1),
            title: stamped!(format!("Task {index}")),
            description: stamped!(description),
            start: Some(day("2026-06-15")),
            due: stamped!(Some(day("2026-06-22"))),
            priority: stamped!("High".to_owned()),
            status: stamped!(TaskStatus { name: "In Review".to_owned(), is_closed: false }),
            owners: stamped!(vec![email("u4"), email("u10")]),
            status_before_closing: None,
            is_external: false,
            newest_comment: None,
        };
        self.crm_tasks.push(Shelf::new(crm));
        self.tasks.push(Shelf::new(task));
        for side in SideName::BOTH {
            let view = self.view(side, index);
            for field in Field::ALL {
                let value = view.get(field).clone();
                self.hold(side, index, field, value, false, &email("u4"));
            }
        }
        index
    }

    /// A task in normal form.
    pub fn view(&self, side: SideName, index: usize) -> View {
        match side {
            SideName::Crm => convert::crm_side(&self.crm_tasks[index].task, None).view(),
            SideName::Projects => convert::projects_side(&self.tasks[index].task, None).view(),
        }
    }

    fn hold(&mut self, side: SideName, index: usize, field: Field, value: FieldValue, is_bridge: bool, by: &Email) {
        let number = self.log.len();
        self.log.push(Held { number, side, index, field, value, is_bridge, by: by.clone() });
    }

    fn remember(&mut self, side: SideName, index: usize, before: &View, is_bridge: bool, by: &Email) {
        let after = self.view(side, index);
        for field in Field::ALL {
            if before.get(field) != after.get(field) {
                self.hold(side, index, field, after.get(field).clone(), is_bridge, by);
            }
        }
    }

    pub(crate) fn index_of(id: &str) -> Option<usize> {
        id.get(1..)?.parse().ok()
    }

    /// Whether the record of a pair is deleted on a side.
    pub fn is_deleted(&self, side: SideName, index: usize) -> bool {
        match side {
            SideName::Crm => self.crm_tasks[index].deleted.is_some(),
            SideName::Projects => self.tasks[index].deleted.is_some(),
        }
    }

    fn there(&self, side: SideName, id: &str) -> Option<usize> {
        Self::index_of(id).filter(|index| !self.is_deleted(side, *index))
    }

    /// Somebody deletes a record; a task of Projects only without subtasks. Answers whether it was there.
    pub fn delete(&mut self, side: SideName, index: usize, by: &Email) -> bool {
        let id = &self.tasks[index].task.id;
        let is_parent = self.tasks.iter().any(|shelf| shelf.task.parent.as_ref() == Some(id));
        if self.is_deleted(side, index) || (side == SideName::Projects && is_parent) {
            return false;
        }
        let evidence = Some(Evidence { by: Some(by.clone()), at: Some(Moment::from_ms(self.now)) });
        let told = match side {
            SideName::Crm => {
                let shelf = &mut self.crm_tasks[index];
                shelf.deleted = evidence;
                hint(shelf.task.id.as_str(), &shelf.task.version)
            }
            SideName::Projects => {
                let shelf = &mut self.tasks[index];
                shelf.deleted = evidence;
                hint(shelf.task.id.as_str(), &shelf.task.version)
            }
        };
        self.side_mut(side).feed.push(told);
        true
    }

    pub(crate) fn change_crm(&mut self, index: usize, by: &Email, is_bridge: bool, change: impl FnOnce(&mut CrmTask)) {
        let before = self.view(SideName::Crm, index);
        let now = self.now;
        let task = &mut self.crm_tasks[index].task;
        let old = task.clone();
        change(task);
        if task.status.value == "Completed" && old.status.value != "Completed" {
            task.status_before_closing = Some(old.status.value.clone());
        }
        touched(&mut task.subject, &old.subject, by, now);
        touched(&mut task.description, &old.description, by, now);
        touched(&mut task.due, &old.due, by, now);
        touched(&mut task.priority, &old.priority, by, now);
        touched(&mut task.status, &old.status, by, now);
        touched(&mut task.owner, &old.owner, by, now);
        if *task == old {
            return;
        }
        task.version = Version::counter(old.version.number().unwrap() + 1);
        let told = hint(task.id.as_str(), &task.version);
        self.crm.feed.push(told);
        self.remember(SideName::Crm, index, &before, is_bridge, by);
    }

    pub(crate) fn patch_task(&mut self, index: usize, by: &Email, is_bridge: bool, patch: ProjectsTaskPatch) {
        let statuses = self.project.statuses.clone();
        self.change_task(index, by, is_bridge, move |task| {
            patch.title.into_iter().for_each(|value| task.title.value = value);
            patch.description.into_iter().for_each(|value| task.description.value = value);
            task.due.value = patch.due.over(task.due.value);
            patch.priority.into_iter().for_each(|value| task.priority.value = value);
            if let Some(name) = patch.status {
                task.status.value = statuses.into_iter().find(|status| status.name == name).unwrap();
            }
            patch.owners.into_iter().for_each(|value| task.owners.value = value);
        });
    }

    pub(crate) fn change_task(
        &mut self,
        index: usize,
        by: &Email,
        is_bridge: bool,
        change: impl FnOnce(&mut ProjectsTask),
    ) {
        let before = self.view(SideName::Projects, index);
        let now = self.now;
        let task = &mut self.tasks[index].task;
        let old = task.clone();
        change(task);
        if task.status.value.is_closed && !old.status.value.is_closed {
            task.status_before_closing = Some(old.status.value.name.clone());
        }
        touched(&mut task.title, &old.title, by, now);
        touched(&mut task.description, &old.description, by, now);
        touched(&mut task.due, &old.due, by, now);
        touched(&mut task.priority, &old.priority, by, now);
        touched(&mut task.status, &old.status, by, now);
        touched(&mut task.owners, &old.owners, by, now);
        if *task == old {
            return;
        }
        task.version = Version::counter(old.version.number().unwrap() + 1);
        let told = hint(task.id.as_str(), &task.version);
        self.projects.feed.push(told);
        self.remember(SideName::Projects, index, &before, is_bridge, by);
    }

    /// The tasks above, nearest first.
    pub fn above(&self, index: usize) -> Vec<Ancestor> {
        let mut above = Vec::new();
        let mut at = self.tasks[index].task.parent.clone();
        while let Some(index) = at.as_ref().and_then(|parent| Self::index_of(parent.as_str())) {
            let task = &self.tasks[index].task;
            above.push(Ancestor {
                id: task.id.clone(),
                key: task.key.clone(),
                title: task.title.value.clone(),
                is_closed: task.status.value.is_closed,
                closed_by: task.status.by.clone(),
            });
            at.clone_from(&task.parent);
        }
        above
    }

    /// Open tasks below.
    pub fn below(&self, index: usize) -> u32 {
        let id = &self.tasks[index].task.id;
        let is_child = |shelf: &Shelf<ProjectsTask>| shelf.task.parent.as_ref() == Some(id) && shelf.deleted.is_none();
        let children = self.tasks.iter().enumerate().filter(|(_, shelf)| is_child(shelf));
        children.map(|(child, shelf)| u32::from(!shelf.task.status.value.is_closed) + self.below(child)).sum()
    }

    /// The rule of Projects that a change would break.
    pub fn refuses(&self, index: usize, patch: &ProjectsTaskPatch) -> Option<Reason> {
        let task = &self.tasks[index].task;
        if let Some(name) = &patch.title
            && let Err(reason) = title::check(name, 10_000)
        {
            return Some(reason);
        }
        if !patch.due.is_keep() {
            let due = patch.due.clone().over(task.due.value);
            let refused = schedule::check_due(self.project.schedule, task.start, due, &self.project.name);
            if refused.is_some() {
                return refused;
            }
        }
        if let Some(name) = &patch.status {
            let closes = self.project.statuses.iter().any(|status| status.name == *name && status.is_closed);
            let refused = match (task.status.value.is_closed, closes) {
                (false, true) => ancestors::check_close(self.below(index)),
                (true, false) => ancestors::check_open_below(&self.above(index)),
                (true, true) | (false, false) => None,
            };
            if refused.is_some() {
                return refused;
            }
        }
        let outsider = patch.owners.iter().flatten().find(|owner| {
            !task.owners.value.contains(owner) && !self.project.members.iter().any(|member| member.email == **owner)
        });
        outsider
            .map(|owner| Reason::OwnerNotInProject { person: owner.to_string(), project: self.project.name.clone() })
    }

    pub(crate) fn write_crm(&mut self, write: &CrmWrite) -> Outcome<String> {
        match write {
            CrmWrite::CreateTask { .. } => Outcome::Refused(Reason::InternalError),
            CrmWrite::UpdateTask { id, expected, patch, acting } => {
                let Some(index) = self.there(SideName::Crm, id.as_str()) else { return Outcome::Gone };
                let task = &self.crm_tasks[index].task;
                if expected.as_ref().is_some_and(|expected| *expected != task.version) {
                    return Outcome::Stale;
                }
                if let Some(subject) = &patch.subject
                    && let Err(reason) = title::check(subject, 255)
                {
                    return Outcome::Refused(reason);
                }
                let patch = patch.clone();
                self.change_crm(index, &acting.email, true, move |task| {
                    patch.subject.into_iter().for_each(|value| task.subject.value = value);
                    patch.description.into_iter().for_each(|value| task.description.value = value);
                    task.due.value = patch.due.over(task.due.value);
                    task.priority.value = patch.priority.over(task.priority.value.take());
                    patch.status.into_iter().for_each(|value| task.status.value = value);
                    patch.owner.into_iter().for_each(|value| task.owner.value = value);
                });
                Outcome::Done { id: id.to_string(), version: self.crm_tasks[index].task.version.clone() }
            }
            CrmWrite::CreateNote { note, mark, acting } => {
                let known =
                    self.notes.iter().find(|known| known.mark.as_ref() == Some(mark)).map(|known| known.id.clone());
                let Some(index) = self.there(SideName::Crm, note.task.as_str()) else { return Outcome::Gone };
                let id = known
                    .unwrap_or_else(|| self.add_note(index, &acting.email, &note.text, note.at, Some(mark.clone())));
                Outcome::Done { id: id.to_string(), version: self.crm_tasks[index].task.version.clone() }
            }
        }
    }

    pub(crate) fn write_projects(&mut self, write: &ProjectsWrite) -> Outcome<String> {
        match write {
            ProjectsWrite::UpdateTask { id, expected, patch, acting } => {
                let Some(index) = self.there(SideName::Projects, id.as_str()) else { return Outcome::Gone };
                let task = &self.tasks[index].task;
                if expected.as_ref().is_some_and(|expected| *expected != task.version) {
                    return Outcome::Stale;
                }
                if let Some(reason) = self.refuses(index, patch) {
                    return Outcome::Refused(reason);
                }
                self.patch_task(index, &acting.email, true, patch.clone());
                Outcome::Done { id: id.to_string(), version: self.tasks[index].task.version.clone() }
            }
            ProjectsWrite::CreateComment { comment, mark, acting } => {
                let known =
                    self.comments.iter().find(|known| known.mark.as_ref() == Some(mark)).map(|known| known.id.clone());
                let Some(index) = self.there(SideName::Projects, comment.task.as_str()) else { return Outcome::Gone };
                let id = known.unwrap_or_else(|| {
                    self.add_comment(index, &acting.email, &comment.text, comment.at, Some(mark.clone()))
                });
                Outcome::Done { id: id.to_string(), version: self.tasks[index].task.version.clone() }
            }
            ProjectsWrite::CreateTask { .. }
            | ProjectsWrite::CreateProject { .. }
            | ProjectsWrite::UndoProject { .. }
            | ProjectsWrite::CreateCompany { .. }
            | ProjectsWrite::UndoCompany { .. }
            | ProjectsWrite::SetCompanies { .. }
            | ProjectsWrite::AddClientUser { .. }
            | ProjectsWrite::UndoClientUser { .. }
            | ProjectsWrite::AddUser { .. }
            | ProjectsWrite::UndoUser { .. } => Outcome::Refused(Reason::InternalError),
        }
    }

    fn id(&mut self) -> String {
        self.next += 1;
        format!("{:019}", self.next)
    }

    /// A note, and the task's new version with it.
    pub fn add_note(
        &mut self,
        index: usize,
        by: &Email,
        text: &PlainText,
        at: Moment,
        mark: Option<CreateMark>,
    ) -> NoteId {
        let id = NoteId::new(self.id());
        self.notes.push(Note {
            id: id.clone(),
            task: self.crm_tasks[index].task.id.clone(),
            author: by.clone(),
            author_name: by.to_string(),
            at,
            text: text.clone(),
            mentions: Vec::new(),
            mark,
        });
        self.change_crm(index, by, true, |task| task.newest_note = Some(id.clone()));
        id
    }

    /// A comment, and the task's new version with it.
    pub fn add_comment(
        &mut self,
        index: usize,
        by: &Email,
        text: &RichText,
        at: Moment,
        mark: Option<CreateMark>,
    ) -> CommentId {
        let id = CommentId::new(self.id());
        self.comments.push(Comment {
            id: id.clone(),
            task: self.tasks[index].task.id.clone(),
            author: by.clone(),
            author_name: by.to_string(),
            at,
            text: text.clone(),
            mentions: Vec::new(),
            is_internal: mark.is_some(),
            mark,
        });
        self.change_task(index, by, true, |task| task.newest_comment = Some(id.clone()));
        id
    }
}
