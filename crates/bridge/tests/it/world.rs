//! Two sides in memory and the engine between them: what the stories of the engine run in.

mod sides;

use std::sync::Arc;

use bridge::connection::{self, Connection, ConnectionState, Settings};
use bridge::field::SideName;
use bridge::history::{self, Entry};
use bridge::link::{self, Link, NewLink};
use bridge::refusal::{self, Refusal};
use bridge::{BridgeError, Engine, EngineOptions, EngineParts, Step};
use ports::*;
use sides::State;
pub use sides::{Fault, Sides, day, email};
use store::Db;
use store::testing::TestDb;

/// The engine between two sides, over one database.
pub struct World {
    pub name: &'static str,
    db: TestDb,
    pub sides: Sides,
    ids: Arc<dyn Ids>,
    pub connection: Connection,
    engine: Engine,
    crashes: usize,
}

/// Runs a story on every database there is.
pub fn on_every_database(story: impl Fn(World)) {
    for db in store::testing::databases(&[bridge::MIGRATIONS, mail::MIGRATIONS]) {
        story(World::new(db));
    }
}

/// Runs a story on the embedded database alone: for stories that are many.
pub fn on_the_embedded_database(story: impl FnOnce(World)) {
    let db = store::testing::databases(&[bridge::MIGRATIONS, mail::MIGRATIONS]).into_iter().next().unwrap();
    story(World::new(db));
}

fn stamped<T>(value: T, by: &str, now: Moment) -> Stamped<T> {
    Stamped { value, by: Some(email(by)), at: Some(now) }
}

impl World {
    fn new(db: TestDb) -> Self {
        let now = Moment::parse("2026-03-10T09:00:00Z").unwrap();
        let sides = Sides::new(now);
        let ids: Arc<dyn Ids> = Arc::new(NumberedIds::new(Arc::new(sides.clone()), 1));
        let connection = Connection {
            id: ConnectionId::new(ids.next()),
            tenant: Tenant { organisation: OrganisationId::new("org"), portal: PortalId::new("portal") },
            organisation_name: "Zylker".into(),
            portal_name: "Zylker".into(),
            state: ConnectionState::Running,
            user: email("bridge"),
            settings: Settings::default(),
            version: 1,
            created_at: now,
            created_by: None,
        };
        db.write(|tx| connection::insert(tx, &connection)).unwrap();
        let name = db.name;
        let engine = Self::engine(&db.db, &sides, &ids, "a");
        let mut world = Self { name, db, sides, ids, connection, engine, crashes: 0 };
        world.run();
        world
    }

    fn engine(db: &Db, sides: &Sides, ids: &Arc<dyn Ids>, owner: &str) -> Engine {
        let parts = EngineParts {
            db: db.clone(),
            ids: ids.clone(),
            crm: Arc::new(sides.clone()),
            projects: Arc::new(sides.clone()),
            directory: Arc::new(sides.clone()),
        };
        Engine::new(parts, EngineOptions::standard(owner))
    }

    /// Another worker on the same database.
    pub fn second_worker(&self) -> Engine {
        Self::engine(&self.db.db, &self.sides, &self.ids, "b")
    }

    pub fn now(&self) -> Moment {
        self.sides.now()
    }

    pub fn wait(&mut self, ms: i64) {
        self.sides.lock().now += ms;
    }

    /// Lets the engine work until nothing is due.
    pub fn run(&mut self) -> usize {
        let now = self.now();
        self.engine.run_until_quiet(now, 10_000).unwrap()
    }

    pub fn step(&mut self) -> Result<Step, BridgeError> {
        let now = self.now();
        self.engine.step(now)
    }

    /// The process dies and is started again; its leases run out.
    pub fn crash(&mut self) {
        self.crashes += 1;
        self.engine = Self::engine(&self.db.db, &self.sides, &self.ids, &format!("a{}", self.crashes));
        self.wait(8_001);
    }

    pub fn compare(&mut self) {
        self.engine.compare_soon();
        self.run();
    }

    /// Two linked tasks, alike on both sides.
    pub fn linked(&mut self, crm: &str, task: &str) -> LinkId {
        self.linked_below(crm, task, None)
    }

    pub fn linked_below(&mut self, crm: &str, task: &str, parent: Option<&str>) -> LinkId {
        self.add_tasks(crm, task, parent);
        let id = self.link_present(crm, task, false);
        self.run();
        self.wait(60_000);
        id
    }

    /// Links two tasks that are there.
    pub fn link_present(&mut self, crm: &str, task: &str, copies_comments: bool) -> LinkId {
        let now = self.now();
        let (crm, task) = {
            let state = self.sides.lock();
            (state.crm_tasks[crm].here().unwrap().clone(), state.tasks[task].here().unwrap().clone())
        };
        let new = NewLink {
            id: LinkId::new(self.ids.next()),
            entry_id: HistoryId::new(self.ids.next()),
            connection: self.connection.id.clone(),
            crm: &crm,
            projects: &task,
            agreed: SideName::Projects,
            project_name: "Data Migration",
            project_key: "DM",
            copies_comments,
            by: email("u4"),
            at: now,
        };
        self.db.write(|tx| link::create(tx, &new)).unwrap()
    }

    pub fn add_tasks(&mut self, crm: &str, task: &str, parent: Option<&str>) {
        let now = self.now();
        let mut state = self.sides.lock();
        let title = format!("Task {task}");
        let description = ports::lines::clean("<p><b>Fields:</b></p><ul><li>one</li><li><i>two</i></li></ul>");
        let crm_task = CrmTask {
            id: CrmTaskId::new(crm),
            version: Version::counter(1),
            subject: stamped(title.clone(), "u4", now),
            description: stamped(ports::lines::plain(&description), "u4", now),
            due: stamped(Some(day("2026-06-22")), "u4", now),
            priority: stamped(Some("Highest".into()), "u4", now),
            status: stamped("Waiting for input".into(), "u4", now),
            owner: stamped(email("u4"), "u4", now),
            status_before_closing: None,
            under: None,
            under_name: None,
            account: None,
            newest_note: None,
        };
        let projects_task = ProjectsTask {
            id: ProjectsTaskId::new(task),
            version: Version::counter(1),
            project: ProjectId::new("p1"),
            list: TaskListId::new("l1"),
            parent: parent.map(ProjectsTaskId::new),
            key: task.to_owned(),
            title: stamped(title, "u4", now),
            description: stamped(description, "u4", now),
            start: Some(day("2026-06-15")),
            due: stamped(Some(day("2026-06-22")), "u4", now),
            priority: stamped("High".into(), "u4", now),
            status: stamped(TaskStatus { name: "In Review".into(), is_closed: false }, "u4", now),
            owners: stamped(vec![email("u4"), email("u10")], "u4", now),
            status_before_closing: None,
            is_external: false,
            newest_comment: None,
        };
        state.crm_tasks.insert(crm.to_owned(), Found::Here(crm_task));
        state.tasks.insert(task.to_owned(), Found::Here(projects_task));
    }

    /// A person changes the CRM task.
    pub fn crm(&self, id: &str, by: &str, change: impl FnOnce(&mut CrmTask)) {
        self.sides.lock().change_crm(id, &email(by), change);
    }

    /// A person changes the Projects task.
    pub fn projects(&self, id: &str, by: &str, change: impl FnOnce(&mut ProjectsTask)) {
        self.sides.lock().change_task(id, &email(by), change);
    }

    pub fn note(&self, task: &str, by: &str, text: &str) {
        let mut state = self.sides.lock();
        let at = Moment::from_ms(state.now);
        state.add_note(task, &email(by), text, at, None);
    }

    pub fn comment(&self, task: &str, by: &str, html: &str) {
        let mut state = self.sides.lock();
        let at = Moment::from_ms(state.now);
        state.add_comment(task, &email(by), &ports::lines::clean(html), at, None);
    }

    pub fn crm_task(&self, id: &str) -> CrmTask {
        self.sides.lock().crm_tasks[id].here().unwrap().clone()
    }

    pub fn task(&self, id: &str) -> ProjectsTask {
        self.sides.lock().tasks[id].here().unwrap().clone()
    }

    /// Notes of the CRM as `author: text`, in the order of their times.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.sides.lock().notes.clone();
        notes.sort_by_key(|note| (note.at, note.id.clone()));
        notes.iter().map(|note| format!("{}: {}", note.author_name, note.text.as_str())).collect()
    }

    pub fn comments(&self) -> Vec<String> {
        let mut comments = self.sides.lock().comments.clone();
        comments.sort_by_key(|comment| (comment.at, comment.id.clone()));
        comments.iter().map(|one| format!("{}: {}", one.author_name, ports::lines::plain(&one.text).as_str())).collect()
    }

    /// All writes of the bridge so far, the CRM's first; and forgets them.
    pub fn writes(&self) -> Vec<String> {
        let mut state = self.sides.lock();
        let mut log: Vec<String> = state.crm.log.drain(..).map(|line| format!("crm {line}")).collect();
        log.extend(state.projects.log.drain(..).map(|line| format!("projects {line}")));
        log
    }

    pub fn fault(&self, side: SideName, fault: Fault) {
        let mut state = self.sides.lock();
        match side {
            SideName::Crm => state.crm.faults.push(fault),
            SideName::Projects => state.projects.faults.push(fault),
        }
    }

    /// No fault is left, and both sides answer.
    pub fn heal(&self) {
        let mut state = self.sides.lock();
        state.crm.faults.clear();
        state.projects.faults.clear();
        (state.crm.is_down, state.projects.is_down) = (false, false);
    }

    /// Both tasks in normal form.
    pub fn views(&self, (crm, task): (&str, &str)) -> (bridge::field::View, bridge::field::View) {
        let crm = bridge::convert::crm_side(&self.crm_task(crm), None).view();
        (crm, bridge::convert::projects_side(&self.task(task), None).view())
    }

    pub fn set_down(&self, side: SideName, is_down: bool) {
        let mut state = self.sides.lock();
        match side {
            SideName::Crm => state.crm.is_down = is_down,
            SideName::Projects => state.projects.is_down = is_down,
        }
    }

    pub fn change_project(&self, change: impl FnOnce(&mut ProjectFacts)) {
        let mut state = self.sides.lock();
        change(state.project.as_mut().unwrap());
        state.projects.feed.push(Change { kind: RecordKind::Project, id: "p1".into(), sales: None, version: None });
    }

    pub fn set_crm_clock(&self, ahead_ms: Option<i64>) {
        self.sides.lock().crm_ahead_ms = ahead_ms;
    }

    pub fn delete_crm(&self, id: &str, by: &str) {
        let mut state = self.sides.lock();
        let at = Moment::from_ms(state.now);
        state.crm_tasks.insert(id.into(), Found::Gone(Evidence { by: Some(email(by)), at: Some(at) }));
        State::hint(&mut state.crm, id, &Version::counter(99));
    }

    pub fn hide_crm(&self, id: &str) {
        self.sides.lock().crm_tasks.insert(id.into(), Found::Unknown(Why::NotListed));
        let mut state = self.sides.lock();
        State::hint(&mut state.crm, id, &Version::counter(99));
    }

    /// The CRM task is seen again, as it was.
    pub fn show_crm(&self, task: CrmTask) {
        let mut state = self.sides.lock();
        State::hint(&mut state.crm, task.id.as_str(), &Version::counter(99));
        state.crm_tasks.insert(task.id.to_string(), Found::Here(task));
    }

    pub fn delete_projects(&self, id: &str, by: &str) {
        let mut state = self.sides.lock();
        let at = Moment::from_ms(state.now);
        state.tasks.insert(id.into(), Found::Gone(Evidence { by: Some(email(by)), at: Some(at) }));
        State::hint(&mut state.projects, id, &Version::counter(99));
    }

    /// The events of one side come once more, in the other order; or not at all.
    pub fn repeat_events(&self) {
        let mut state = self.sides.lock();
        let again: Vec<Change> = state.crm.feed.iter().rev().cloned().collect();
        state.crm.feed.extend(again);
        let again: Vec<Change> = state.projects.feed.iter().rev().cloned().collect();
        state.projects.feed.extend(again);
    }

    pub fn lose_events(&self) {
        let mut state = self.sides.lock();
        let lost = |feed: &mut Vec<Change>| {
            for change in feed.iter_mut() {
                change.kind = RecordKind::User;
            }
        };
        lost(&mut state.crm.feed);
        lost(&mut state.projects.feed);
    }

    pub fn link(&self, id: &LinkId) -> Link {
        self.db.read(|read| link::by_id(read, &self.connection.id, id)).unwrap().unwrap()
    }

    /// The history of a link since its linking, oldest first, as `outcome field old -> new by person on side (cause)`.
    pub fn history(&self, id: &LinkId) -> Vec<String> {
        let entries = self.db.read(|read| history::of_link(read, &self.connection.id, id, 200)).unwrap();
        let line = |entry: &Entry| {
            let shown = |value: &Option<bridge::field::Shown>| {
                value.as_ref().and_then(|shown| shown.value.code()).unwrap_or_else(|| "-".into())
            };
            format!(
                "{} {} {} -> {} by {} on {} ({}{})",
                entry.outcome.code(),
                entry.field.clone().unwrap_or_else(|| entry.action.code().into()),
                shown(&entry.old),
                shown(&entry.new),
                entry.person.as_ref().map_or("?", |person| person.as_str().split('@').next().unwrap()),
                entry.side.map_or("-", SideName::code),
                entry.cause,
                entry.reason.as_ref().map(|reason| format!(", {}", reason.code())).unwrap_or_default(),
            )
        };
        let is_change = |entry: &&Entry| entry.action.code() != "link";
        entries.iter().filter(is_change).map(line).rev().collect()
    }

    pub fn refusals(&self, id: &LinkId) -> Vec<Refusal> {
        self.db.read(|read| refusal::of_link(read, &self.connection.id, id, 100)).unwrap()
    }

    /// Letters in the outbox as `code to`, oldest first.
    pub fn letters(&self) -> Vec<String> {
        let sql = store::Sql::new("select code, to_email from mail_letter order by id");
        let rows = self.db.read(|read| read.rows(&sql, &[])).unwrap();
        rows.iter()
            .map(|row| {
                format!("{} {}", row.text("code").unwrap(), row.text("to_email").unwrap().split('@').next().unwrap())
            })
            .collect()
    }

    pub fn open_intents(&self, id: &LinkId) -> usize {
        self.db.read(|read| bridge::intent::of_link(read, &self.connection.id, id)).unwrap().len()
    }
}
