//! A scenario on the demo data: who does what, and what the two sides, the history and the outbox say afterwards.
//!
//! Names of the demo data stand for ids (`K6`, `DM-10`, `U4`). A mistake in a scenario panics: scenarios are tests.
#![expect(clippy::panic, reason = "a scenario that names what is not there is a broken test")]

mod lines;
mod orders;
mod picture;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::sync::Arc;
use std::thread;

use bridge::connection::Connection;
use bridge::history::{Entry, Filter};
use bridge::link::Link;
use bridge::{Engine, EngineOptions, refusal};
use crm::{Draft, Module};
use demo::{Joints, Keys, Loaded, Options};
use ports::{
    Acting, Clock, Comment, CrmSide, CrmTask, CrmTaskId, Date, Email, HistoryId, Language, LinkId, Moment, Note,
    Origin, Patch, PlainText, ProjectsSide, ProjectsTask, ProjectsTaskId, RichText,
};
use projects::TaskPatch;
use store::Sql;
use store::testing::TestDb;

use crate::faulty::{FaultyCrm, FaultyProjects, Log, Trouble, Written};
use crate::installation::{Installation, ROOMS};
use crate::sources::TurnedClock;
use picture::Picture;

/// The day of the base, `T`.
pub const TODAY: &str = "2026-03-10";
/// The instant of the base.
pub const NOW: &str = "2026-03-10T09:00:00Z";
/// Where the pages of the installation are.
pub const PUBLIC_URL: &str = "http://lockstep.example";
const STEPS_MAX: usize = 20_000;
/// Seconds between the looks at a bridge that has become quiet, ten in all.
const WATCHED_S: [i64; 3] = [2, 3, 5];
const HORIZON_TRIES_MAX: usize = 1_000_000;

/// Runs a scenario on each database, SQLite and PostgreSQL.
pub fn on_both(scenario: impl Fn(&mut Scene)) {
    in_language(Language::En, scenario);
}

/// The same on the demo data in one language.
pub fn in_language(language: Language, scenario: impl Fn(&mut Scene)) {
    for database in store::testing::databases(ROOMS) {
        scenario(&mut Scene::base(&database, language));
    }
}

/// The base of a scenario, and what has happened since.
pub struct Scene {
    /// The installation.
    pub all: Installation,
    /// The connection.
    pub connection: Connection,
    /// What is wrong with the CRM.
    pub crm_trouble: Arc<Trouble>,
    /// What is wrong with Projects.
    pub projects_trouble: Arc<Trouble>,
    crm_side: Arc<dyn CrmSide>,
    projects_side: Arc<dyn ProjectsSide>,
    names: BTreeMap<String, String>,
    log: Arc<Log>,
    engine: Engine,
    horizon: Horizon,
    restarts: usize,
    presses: usize,
    base: Marks,
    before: Picture,
}

/// Up to where a feed can be read at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Horizon {
    /// To its end.
    None,
    /// To the oldest transaction that runs anywhere on the server, be it of another test.
    OfAllTransactions,
}

const NEXT_TRANSACTION: Sql = Sql::new("select cast(cast(pg_current_xact_id() as text) as bigint) as number");
const OLDEST_RUNNING: Sql =
    Sql::new("select cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint) as number");

/// How far history and outbox were when the scenario began.
#[derive(Default)]
struct Marks {
    history: Option<HistoryId>,
    letters: usize,
    /// Id and moment: a refusal of the same value again takes the place of the first.
    refusals: BTreeSet<(String, i64)>,
    writes: usize,
}

/// What a step of a scenario has left behind. What is not named must not be there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told<'a> {
    /// Entries of the history, as [`Scene::history`] writes them.
    pub history: &'a [&'a str],
    /// Writes of the bridge, as [`Scene::writes`] writes them.
    pub writes: &'a [&'a str],
    /// Letters, as [`Scene::letters`] writes them.
    pub letters: &'a [&'a str],
    /// Refused changes, as [`Scene::refusals`] writes them.
    pub refusals: &'a [&'a str],
    /// What has other values than before, as [`Scene::changed`] writes it.
    pub changed: &'a [&'a str],
}

impl Scene {
    /// The demo data with `T` = 10 March 2026, the clock at 09:00 UTC, history and outbox empty.
    pub fn base(database: &TestDb, language: Language) -> Self {
        let clock = Arc::new(TurnedClock::at(moment("2026-03-08T09:00:00Z")));
        let plain = must("installation", Installation::new(database.db.clone(), clock.clone(), 1));
        let (crm_side, projects_side) = (plain.crm_side.clone(), plain.projects_side.clone());
        let log = Arc::new(Log::default());
        let (crm_trouble, projects_trouble) = (Trouble::none(log.clone()), Trouble::none(log.clone()));
        let crm = FaultyCrm::new(crm_side.clone(), crm_trouble.clone(), clock.clone());
        let projects = FaultyProjects::new(projects_side.clone(), projects_trouble.clone(), clock.clone());
        let all = plain.with_sides(Arc::new(crm), Arc::new(projects));
        let (connection, keys) = load(&all, language);
        let engine = all.engine(EngineOptions::standard("scenario"));
        let names = keys.iter().map(|(key, id)| (key.to_owned(), id.to_owned())).collect();
        let mut scene = Self {
            all,
            connection,
            crm_trouble,
            projects_trouble,
            crm_side,
            projects_side,
            names,
            log,
            engine,
            horizon: if database.name == "postgres" { Horizon::OfAllTransactions } else { Horizon::None },
            restarts: 0,
            presses: 0,
            base: Marks::default(),
            before: Picture::default(),
        };
        scene.run();
        scene.all.clock.turn(moment(NOW));
        scene.run();
        scene.begin();
        scene
    }

    /// From here on, history, letters, writes and changes are counted.
    pub fn begin(&mut self) {
        self.base = Marks {
            history: self.all_history().first().map(|entry| entry.id.clone()),
            letters: self.all_letters().len(),
            refusals: self.all_refusals().iter().map(refusal_mark).collect(),
            writes: self.log.all().len(),
        };
        self.before = self.picture();
    }

    // --- who and what ---

    /// A person's call by API, from a key such as `U4`.
    pub fn by(&self, who: &str) -> Acting {
        Acting { tenant: self.all.tenant.clone(), email: email(who), origin: Origin::Api }
    }

    /// The id of a key.
    pub fn id(&self, key: &str) -> String {
        self.names.get(key).unwrap_or_else(|| panic!("{key} is not in the demo data")).clone()
    }

    /// Gives something that was made a name of its own: `K…` for a CRM task, `…-…` for a Projects task.
    pub fn name(&mut self, key: &str, id: &str) {
        self.names.insert(key.to_owned(), id.to_owned());
    }

    /// The id of a task on the CRM side.
    pub fn crm_id(&self, key: &str) -> CrmTaskId {
        CrmTaskId::new(self.id(key))
    }

    /// The id of a task on the Projects side.
    pub fn projects_id(&self, key: &str) -> ProjectsTaskId {
        ProjectsTaskId::new(self.id(key))
    }

    // --- what they do ---

    /// Somebody changes fields of a CRM task by API. Fields in the CRM app's words: subject, due, status, priority,
    /// owner (an address or a key such as `U8`), description.
    pub fn crm(&mut self, who: &str, key: &str, fields: &[(&str, &str)]) {
        must(key, self.try_crm(who, key, fields));
    }

    /// As [`Scene::crm`], with the app's own answer.
    pub fn try_crm(&mut self, who: &str, key: &str, fields: &[(&str, &str)]) -> Result<(), crm::CrmError> {
        let mut draft = Draft::new();
        for (field, value) in fields {
            let is_person = *field == "owner" && value.starts_with('U');
            draft.put(field, if is_person { email(value).to_string() } else { (*value).to_owned() });
        }
        self.all.crm.update(&self.by(who), Module::Task, &self.id(key), None, &draft).map(|_| ())
    }

    /// Somebody changes fields of a Projects task by API: title, description (plain lines), html, start, due, minute,
    /// priority, status, owners (keys, separated by blanks). An empty date clears.
    pub fn projects(&mut self, who: &str, key: &str, fields: &[(&str, &str)]) {
        must(key, self.try_projects(who, key, fields));
    }

    /// As [`Scene::projects`], with the app's own answer.
    pub fn try_projects(
        &mut self,
        who: &str,
        key: &str,
        fields: &[(&str, &str)],
    ) -> Result<(), projects::ProjectsError> {
        let patch = task_patch(fields);
        self.all.projects.edit_task(&self.by(who), &self.projects_id(key), &patch, None).map(|_| ())
    }

    /// Somebody notes on a CRM task.
    pub fn note(&mut self, who: &str, key: &str, text: &str) {
        must(key, self.all.crm.add_note(&self.by(who), Module::Task, &self.id(key), text));
    }

    /// Somebody comments on a Projects task.
    pub fn comment(&mut self, who: &str, key: &str, text: &str) {
        let draft = projects::CommentDraft { text: rich(text), is_internal: false };
        must(key, self.all.projects.add_comment(&self.by(who), &self.projects_id(key), &draft));
    }

    /// Time passes.
    pub fn pass(&mut self, seconds: i64) {
        self.all.clock.pass(seconds * 1_000);
    }

    /// The clock shows another instant: `10:05` of the day of the base, or a full instant.
    pub fn turn(&mut self, at: &str) {
        let full = if at.len() <= 8 { format!("{TODAY}T{}Z", pad_time(at)) } else { at.to_owned() };
        self.all.clock.turn(moment(&full));
    }

    /// What the clock shows.
    pub fn now(&self) -> Moment {
        self.all.clock.now()
    }

    // --- the bridge ---

    /// The bridge works until it is quiet, and for some seconds more; in these it must write nothing (no echo).
    pub fn settle(&mut self) {
        self.run();
        let (writes, entries) = (self.log.all().len(), self.all_history().len());
        for seconds in WATCHED_S {
            self.pass(seconds);
            self.work();
        }
        assert_eq!(self.log.all().len(), writes, "the bridge wrote after it was quiet: {:?}", self.writes());
        assert_eq!(self.all_history().len(), entries, "the history grew after the bridge was quiet");
    }

    /// The bridge works until it is quiet; four seconds pass.
    pub fn run(&mut self) {
        for _ in 0..4 {
            self.pass(1);
            self.work();
        }
    }

    /// The bridge works at this moment until it is quiet.
    pub fn work(&mut self) {
        self.await_feeds();
        while must("operations", self.all.bridge.advance_operations()) {}
        must("engine", self.engine.run_until_quiet(self.now(), STEPS_MAX));
    }

    /// Waits until everything that was committed can be read from the feeds. In a program that takes milliseconds of
    /// its poll; the clock of a scenario stands still.
    pub fn await_feeds(&self) {
        if self.horizon == Horizon::None {
            return;
        }
        let number = |row: Option<store::Row>| row.map_or(Ok(0), |row| row.int("number"));
        let db = &self.all.db;
        let last = must("transaction", db.write(|tx| number(tx.row(&NEXT_TRANSACTION, &[])?)));
        for _ in 0..HORIZON_TRIES_MAX {
            if must("horizon", db.read(|read| number(read.row(&OLDEST_RUNNING, &[])?))) > last {
                return;
            }
            thread::yield_now();
        }
        panic!("a transaction on the server does not end");
    }

    /// Another worker takes the place of the present one, as after a restart.
    pub fn restart(&mut self) {
        self.restarts += 1;
        self.engine = self.all.engine(EngineOptions::standard(&format!("restarted-{}", self.restarts)));
    }

    /// All links are compared with the next free step.
    pub fn compare(&mut self) {
        self.engine.compare_soon();
    }

    /// One step of the engine.
    pub fn step(&mut self) -> bridge::Step {
        must("step", self.engine.step(self.now()))
    }

    /// A press token that nobody has used.
    pub fn press(&mut self) -> String {
        self.presses += 1;
        format!("press-{}", self.presses)
    }

    // --- what is there afterwards ---

    /// Settles, checks everything that this step has left behind, and begins the next.
    #[track_caller]
    pub fn told(&mut self, told: &Told<'_>) {
        self.settle();
        self.left(told);
    }

    /// As [`Scene::told`], without waiting.
    #[track_caller]
    pub fn left(&mut self, told: &Told<'_>) {
        assert_eq!(self.history(), told.history, "history");
        assert_eq!(self.writes(), told.writes, "writes of the bridge");
        assert_eq!(self.letters(), told.letters, "letters");
        assert_eq!(self.refusals(), told.refusals, "refused changes");
        assert_eq!(self.changed(), sorted(told.changed), "what has changed");
        self.begin();
    }

    /// Nothing has happened at all.
    #[track_caller]
    pub fn silent(&mut self) {
        self.told(&Told::default());
    }

    /// A CRM task as its own side gives it.
    pub fn crm_task(&self, key: &str) -> CrmTask {
        let read = must(key, self.crm_side.read_tasks(&[self.crm_id(key)]));
        read.value.first().and_then(|found| found.here()).cloned().unwrap_or_else(|| panic!("{key} is not there"))
    }

    /// A Projects task as its own side gives it.
    pub fn projects_task(&self, key: &str) -> ProjectsTask {
        let read = must(key, self.projects_side.read_tasks(&[self.projects_id(key)]));
        read.value.first().and_then(|found| found.here()).cloned().unwrap_or_else(|| panic!("{key} is not there"))
    }

    /// Both tasks in one line each: `Cut over … | 2026-06-22 | High | Open | U4`.
    pub fn both(&self, projects_key: &str, crm_key: &str) -> [String; 2] {
        let (projects, crm) = (self.projects_task(projects_key), self.crm_task(crm_key));
        [lines::projects_line(&projects), lines::crm_line(&crm)]
    }

    /// Notes of a CRM task in the order of the app's page: `U4: text`.
    pub fn notes(&self, key: &str) -> Vec<String> {
        self.full_notes(key).iter().map(|note| lines::said(&note.author, note.text.as_str())).collect()
    }

    /// Notes of a CRM task, oldest first.
    pub fn full_notes(&self, key: &str) -> Vec<Note> {
        let mut notes = must(key, self.crm_side.notes(&self.crm_id(key), None));
        notes.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
        notes
    }

    /// Comments of a Projects task in the order of the app's page: `U4: text`.
    pub fn comments(&self, key: &str) -> Vec<String> {
        let said = |comment: &Comment| lines::said(&comment.author, ports::lines::plain(&comment.text).as_str());
        self.full_comments(key).iter().map(said).collect()
    }

    /// Comments of a Projects task, oldest first.
    pub fn full_comments(&self, key: &str) -> Vec<Comment> {
        let mut comments = must(key, self.projects_side.comments(&self.projects_id(key), None));
        comments.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
        comments
    }

    /// The link of a CRM task.
    pub fn link(&self, crm_key: &str) -> Link {
        let (connection, id) = (self.connection.id.clone(), self.crm_id(crm_key));
        let found = self.all.db.read(|read| bridge::link::of_crm_task(read, &connection, &id));
        must(crm_key, found).unwrap_or_else(|| panic!("{crm_key} is not linked"))
    }

    /// State, reason and note of a link: `in_step`, `out_of_step value_not_mapped`.
    pub fn link_state(&self, crm_key: &str) -> String {
        let link = self.link(crm_key);
        let reason = link.reason.as_ref().map(|reason| format!(" {}", reason.code()));
        let note = link.note.split_whitespace().next().map(|note| format!(" ({note})"));
        format!("{}{}{}", link.state.code(), reason.unwrap_or_default(), note.unwrap_or_default())
    }

    /// What the history has gained, oldest first: `applied due crm 2026-06-22 → 2026-06-24 U4`; a reason comes last.
    pub fn history(&self) -> Vec<String> {
        self.entries().iter().map(lines::entry).collect()
    }

    /// What the history has gained, oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        let all = self.all_history();
        let mut new: Vec<Entry> =
            all.into_iter().take_while(|entry| Some(&entry.id) != self.base.history.as_ref()).collect();
        new.reverse();
        new
    }

    /// What the bridge has written since the beginning: `projects DM-10 title`.
    pub fn writes(&self) -> Vec<String> {
        let new = self.written().into_iter().filter(|written| written.is_done);
        new.map(|written| {
            let of_what = self.key_of(&written.record);
            let fields = written.fields.join("+");
            format!("{} {of_what} {fields}", written.side).trim_end().to_owned()
        })
        .collect()
    }

    /// What the bridge has tried to write since the beginning, done or not.
    pub fn written(&self) -> Vec<Written> {
        self.log.all().into_iter().skip(self.base.writes).collect()
    }

    /// The letters since the beginning: `M1 U4`, oldest first.
    pub fn letters(&self) -> Vec<String> {
        let new = self.new_letters();
        new.iter().map(|letter| format!("{} {}", letter.code.code(), lines::key_of_person(&letter.to))).collect()
    }

    /// The letters since the beginning, oldest first.
    pub fn new_letters(&self) -> Vec<mail::LetterCard> {
        let mut all = self.all_letters();
        all.truncate(all.len() - self.base.letters);
        all.reverse();
        all
    }

    /// Subject and text part of the newest letter.
    pub fn newest_letter(&self) -> String {
        let all = self.all_letters();
        let newest = all.first().unwrap_or_else(|| panic!("there is no letter"));
        self.letter(newest)
    }

    /// Subject and text part of a letter.
    pub fn letter(&self, card: &mail::LetterCard) -> String {
        let directory = self.all.directory.as_ref();
        let view = must("letter", self.all.mail.letter(&self.by("U1"), &card.id, directory, PUBLIC_URL));
        format!("{}\n\n{}", view.card.subject, view.text)
    }

    /// The refused changes since the beginning, oldest first: `due 2026-07-06 outside_strict_schedule reverted`.
    pub fn refusals(&self) -> Vec<String> {
        let all = self.all_refusals();
        let new = all.iter().filter(|refusal| !self.base.refusals.contains(&refusal_mark(refusal)));
        let mut lines: Vec<String> = new.map(lines::refusal).collect();
        lines.reverse();
        lines
    }

    /// What has other values than at the beginning: keys, `new crm task …`, `new project …`.
    pub fn changed(&self) -> Vec<String> {
        picture::changes(&self.before, &self.picture())
    }

    /// The key of an id; the id itself where it has none.
    pub fn key_of(&self, id: &str) -> String {
        self.names.iter().find(|(_, known)| *known == id).map_or_else(|| id.to_owned(), |(key, _)| key.clone())
    }

    fn all_history(&self) -> Vec<Entry> {
        let connection = self.connection.id.clone();
        let read =
            self.all.db.read(|read| bridge::history::list(read, &connection, &Filter::default(), None, HISTORY_MAX));
        must("history", read)
    }

    fn all_letters(&self) -> Vec<mail::LetterCard> {
        let (directory, query) = (self.all.directory.as_ref(), mail::LetterQuery::newest(200));
        must("letters", self.all.mail.letters(&self.by("U1"), &query, directory, PUBLIC_URL)).rows
    }

    fn all_refusals(&self) -> Vec<refusal::Refusal> {
        let connection = self.connection.id.clone();
        let filter = refusal::Filter::default();
        must("refusals", self.all.db.read(|read| refusal::list(read, &connection, &filter, None, 200)))
    }
}

/// Entries that a scenario looks back at.
const HISTORY_MAX: i64 = 500;

fn refusal_mark(refusal: &refusal::Refusal) -> (String, i64) {
    (refusal.id.to_string(), refusal.at.ms())
}

fn load(all: &Installation, language: Language) -> (Connection, Keys) {
    let options = Options { today: day(TODAY), language, tenant: all.tenant.clone() };
    let rooms = all.demo_rooms();
    let mut loaded: Loaded = must("demo", demo::load(&rooms, &options));
    let joints = Joints { bridge: &all.bridge, crm: all.crm_side.as_ref(), projects: all.projects_side.as_ref() };
    let connection = must("demo", demo::join(&rooms, joints, &mut loaded));
    (connection, loaded.keys)
}

fn task_patch(fields: &[(&str, &str)]) -> TaskPatch {
    let mut patch = TaskPatch::default();
    for (field, value) in fields {
        let date = || Patch::of((!value.is_empty()).then(|| day(value)));
        match *field {
            "title" => patch.title = Some((*value).to_owned()),
            "description" => patch.description = Some(rich(value)),
            "html" => patch.description = Some(ports::lines::clean(value)),
            "start" => patch.start = date(),
            "due" => patch.due = date(),
            "minute" => patch.due_minute = Patch::of(value.parse().ok()),
            "priority" => patch.priority = Some((*value).to_owned()),
            "status" => patch.status = Some((*value).to_owned()),
            "owners" => patch.owners = Some(value.split_whitespace().map(email).collect()),
            other => panic!("a Projects task has no field {other}"),
        }
    }
    patch
}

/// Lines as the HTML of Projects.
pub fn rich(text: &str) -> RichText {
    ports::lines::rich(&PlainText::new(text))
}

fn pad_time(at: &str) -> String {
    if at.len() == 5 { format!("{at}:00") } else { at.to_owned() }
}

fn sorted(keys: &[&str]) -> Vec<String> {
    let mut sorted: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    sorted.sort();
    sorted
}

/// The address of a person of the demo data.
pub fn email(key: &str) -> Email {
    must(key, demo::email(key))
}

/// A day.
pub fn day(text: &str) -> Date {
    must(text, Date::parse(text))
}

/// An instant.
pub fn moment(text: &str) -> Moment {
    must(text, Moment::parse(text))
}

fn must<T, E: Display>(what: &str, result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("{what}: {error}"))
}

/// The id of the link of two keys, as the demo data made it.
pub fn link_id(scene: &Scene, projects_key: &str, crm_key: &str) -> LinkId {
    LinkId::new(scene.id(&format!("{projects_key}/{crm_key}")))
}
