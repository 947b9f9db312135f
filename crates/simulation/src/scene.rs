//! A scenario on the demo data: who does what, and what the two sides, the history and the outbox say afterwards.
//!
//! Names of the demo data stand for ids (`K6`, `DM-10`, `U4`). A mistake in a scenario panics: scenarios are tests.
#![expect(clippy::panic, clippy::expect_used, reason = "a scenario that names what is not there is a broken test")]

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

use bridge::connection::Connection;
use bridge::field::FieldValue;
use bridge::history::{Entry, Filter};
use bridge::link::Link;
use bridge::{Engine, EngineOptions, refusal};
use crm::{Draft, Module};
use demo::{Joints, Keys, Loaded, Options};
use ports::{
    Acting, ConnectionId, CrmTask, CrmTaskId, Date, Email, HistoryId, Language, LinkId, Moment, Origin, ProjectsTask,
    ProjectsTaskId,
};
use projects::TaskPatch;
use store::Db;

use crate::installation::{Installation, ROOMS};
use crate::sources::TurnedClock;

/// The day of the base, `T`.
pub const TODAY: &str = "2026-03-10";
/// The instant of the base.
pub const NOW: &str = "2026-03-10T09:00:00Z";
const STEPS_MAX: usize = 20_000;
/// How long the bridge is watched after it has become quiet.
const WATCHED_S: i64 = 12;

/// Runs a scenario on each database, SQLite and PostgreSQL.
pub fn on_both(scenario: impl Fn(&mut Scene)) {
    for database in store::testing::databases(ROOMS) {
        scenario(&mut Scene::base(database.db.clone()));
    }
}

/// The base of a scenario, and what has happened since.
pub struct Scene {
    /// The installation.
    pub all: Installation,
    /// The connection.
    pub connection: Connection,
    /// Ids by the keys of the demo data.
    pub keys: Keys,
    engine: Engine,
    base: Marks,
    before: Picture,
}

/// How far history and outbox were when the scenario began.
struct Marks {
    history: Option<HistoryId>,
    letters: usize,
    refusals: usize,
}

/// All tasks of both sides as texts, to see what changed.
type Picture = BTreeMap<String, String>;

impl Scene {
    /// The demo data with `T` = 10 March 2026, the clock at 09:00 UTC, history and outbox empty.
    pub fn base(db: Db) -> Self {
        let clock = Arc::new(TurnedClock::at(moment("2026-03-08T09:00:00Z")));
        Self::of(must("installation", Installation::new(db, clock, 1)))
    }

    /// The same over an installation whose sides may be others.
    pub fn of(all: Installation) -> Self {
        let options = Options { today: day(TODAY), language: Language::En, tenant: all.tenant.clone() };
        let rooms = all.demo_rooms();
        let mut loaded: Loaded = must("demo", demo::load(&rooms, &options));
        let joints = Joints { bridge: &all.bridge, crm: all.crm_side.as_ref(), projects: all.projects_side.as_ref() };
        let connection = must("demo", demo::join(&rooms, joints, &mut loaded));
        let engine = all.engine(EngineOptions::standard("scenario"));
        let base = Marks { history: None, letters: 0, refusals: 0 };
        let mut scene = Self { all, connection, keys: loaded.keys, engine, base, before: Picture::new() };
        scene.run();
        scene.all.clock.turn(moment(NOW));
        scene.run();
        scene.begin();
        scene
    }

    /// From here on, history, letters and changes are counted.
    pub fn begin(&mut self) {
        self.base = Marks {
            history: self.all_history().first().map(|entry| entry.id.clone()),
            letters: self.all_letters().len(),
            refusals: self.all_refusals().len(),
        };
        self.before = self.picture();
    }

    // --- who ---

    /// A person's call by API, from a key such as `U4`.
    pub fn by(&self, who: &str) -> Acting {
        Acting { tenant: self.all.tenant.clone(), email: email(who), origin: Origin::Api }
    }

    /// The id of a key.
    pub fn id(&self, key: &str) -> String {
        must(key, self.keys.id(key)).to_owned()
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

    /// Somebody changes a Projects task.
    pub fn projects(&mut self, who: &str, key: &str, patch: &TaskPatch) {
        must(key, self.try_projects(who, key, patch));
    }

    /// As [`Scene::projects`], with the app's own answer.
    pub fn try_projects(&mut self, who: &str, key: &str, patch: &TaskPatch) -> Result<(), projects::ProjectsError> {
        let id = ProjectsTaskId::new(self.id(key));
        self.all.projects.edit_task(&self.by(who), &id, patch, None).map(|_| ())
    }

    /// Somebody notes on a CRM task.
    pub fn note(&mut self, who: &str, key: &str, text: &str) {
        must(key, self.all.crm.add_note(&self.by(who), Module::Task, &self.id(key), text));
    }

    /// Somebody comments on a Projects task.
    pub fn comment(&mut self, who: &str, key: &str, text: &str) {
        let text = ports::lines::rich(&ports::PlainText::new(text));
        let draft = projects::CommentDraft { text, is_internal: false };
        must(key, self.all.projects.add_comment(&self.by(who), &ProjectsTaskId::new(self.id(key)), &draft));
    }

    /// Time passes.
    pub fn pass(&mut self, seconds: i64) {
        self.all.clock.pass(seconds * 1_000);
    }

    /// The clock shows another instant.
    pub fn turn(&mut self, at: &str) {
        self.all.clock.turn(moment(at));
    }

    // --- the bridge ---

    /// The bridge works until it is quiet, and for some seconds more; in these it must write nothing (no echo).
    pub fn settle(&mut self) {
        self.run();
        let (quiet, entries) = (self.picture(), self.all_history().len());
        for _ in 0..WATCHED_S {
            self.pass(1);
            self.step_all();
        }
        assert_eq!(self.picture(), quiet, "the bridge wrote after it was quiet");
        assert_eq!(self.all_history().len(), entries, "the history grew after the bridge was quiet");
    }

    /// The bridge works until it is quiet. On PostgreSQL a feed may show a change a little later: it is asked again.
    pub fn run(&mut self) {
        for _ in 0..4 {
            self.pass(1);
            self.step_all();
        }
    }

    /// Another worker takes the place of the present one, as after a restart.
    pub fn restart(&mut self) {
        self.engine = self.all.engine(EngineOptions::standard("scenario-restarted"));
    }

    /// One step of the engine.
    pub fn step(&mut self) -> bridge::Step {
        let now = ports::Clock::now(self.all.clock.as_ref());
        must("step", self.engine.step(now))
    }

    fn step_all(&mut self) {
        while must("operations", self.all.bridge.advance_operations()) {}
        let now = ports::Clock::now(self.all.clock.as_ref());
        must("engine", self.engine.run_until_quiet(now, STEPS_MAX));
    }

    // --- what is there afterwards ---

    /// A CRM task as the side gives it.
    pub fn crm_task(&self, key: &str) -> CrmTask {
        let read = must(key, self.all.crm_side.read_tasks(&[CrmTaskId::new(self.id(key))]));
        read.value.first().and_then(|found| found.here()).cloned().unwrap_or_else(|| panic!("{key} is not there"))
    }

    /// A Projects task as the side gives it.
    pub fn projects_task(&self, key: &str) -> ProjectsTask {
        let read = must(key, self.all.projects_side.read_tasks(&[ProjectsTaskId::new(self.id(key))]));
        read.value.first().and_then(|found| found.here()).cloned().unwrap_or_else(|| panic!("{key} is not there"))
    }

    /// The link of a CRM task.
    pub fn link(&self, crm_key: &str) -> Link {
        let (connection, id) = (self.connection.id.clone(), CrmTaskId::new(self.id(crm_key)));
        let found = self.all.db.read(|read| bridge::link::of_crm_task(read, &connection, &id));
        must(crm_key, found).unwrap_or_else(|| panic!("{crm_key} is not linked"))
    }

    /// State and reason of a link: `in_step`, `out_of_step value_not_mapped`.
    pub fn link_state(&self, crm_key: &str) -> String {
        let link = self.link(crm_key);
        let reason = link.reason.as_ref().map(|reason| format!(" {}", reason.code()));
        format!("{}{}", link.state.code(), reason.unwrap_or_default())
    }

    /// What the history has gained, oldest first: `applied due crm 2026-06-22 → 2026-06-24 U4`; a reason comes last.
    pub fn history(&self) -> Vec<String> {
        let all = self.all_history();
        let new = all.iter().take_while(|entry| Some(&entry.id) != self.base.history.as_ref());
        let mut lines: Vec<String> = new.map(|entry| self.line(entry)).collect();
        lines.reverse();
        lines
    }

    /// The letters since the beginning: `M1 U4`, oldest first.
    pub fn letters(&self) -> Vec<String> {
        let all = self.all_letters();
        let new = all.len() - self.base.letters;
        let mut lines: Vec<String> =
            all.iter().take(new).map(|letter| format!("{} {}", letter.code.code(), key_of(&letter.to))).collect();
        lines.reverse();
        lines
    }

    /// The text part of the newest letter.
    pub fn newest_letter(&self) -> String {
        let all = self.all_letters();
        let newest = all.first().unwrap_or_else(|| panic!("there is no letter"));
        let directory = self.all.directory.as_ref();
        let view =
            must("letter", self.all.mail.letter(&self.by("U1"), &newest.id, directory, "http://lockstep.example"));
        format!("{}\n\n{}", view.card.subject, view.text)
    }

    /// The refused changes since the beginning, oldest first: `due 2026-07-06 outside_strict_schedule reverted`.
    pub fn refusals(&self) -> Vec<String> {
        let all = self.all_refusals();
        let new = all.len() - self.base.refusals;
        let mut lines: Vec<String> = all
            .iter()
            .take(new)
            .map(|refusal| {
                let field = refusal.field.map_or("comment", bridge::field::Field::code);
                let tried = refusal.tried.native.clone().unwrap_or_else(|| word(&refusal.tried.value));
                format!("{field} {tried} {} {}", refusal.reason.code(), refusal.state.code())
            })
            .collect();
        lines.reverse();
        lines
    }

    /// Nothing but these tasks has changed since the beginning, on either side.
    pub fn only_changed(&self, keys: &[&str]) {
        let after = self.picture();
        let all: std::collections::BTreeSet<&String> = self.before.keys().chain(after.keys()).collect();
        let changed: Vec<&str> =
            all.into_iter().filter(|key| self.before.get(*key) != after.get(*key)).map(String::as_str).collect();
        let mut wanted: Vec<&str> = keys.to_vec();
        wanted.sort_unstable();
        assert_eq!(changed, wanted, "other tasks changed than those that should");
    }

    fn line(&self, entry: &Entry) -> String {
        let shown = |value: &Option<bridge::field::Shown>| {
            value.as_ref().map_or_else(|| "–".to_owned(), |value| word(&value.value))
        };
        let mut line = format!("{} ", entry.outcome.code());
        match &entry.field {
            Some(field) => {
                let side = entry.side.map_or("–", bridge::field::SideName::code);
                line.push_str(&format!("{field} {side} {} → {}", shown(&entry.old), shown(&entry.new)));
            }
            None => line.push_str(&format!("{} {}", entry.action.code(), entry.detail)),
        }
        if let Some(person) = &entry.person {
            line.push_str(&format!(" {}", key_of(person)));
        }
        if let Some(reason) = &entry.reason {
            line.push_str(&format!(" {}", reason.code()));
        }
        line
    }

    fn all_history(&self) -> Vec<Entry> {
        let connection: ConnectionId = self.connection.id.clone();
        must(
            "history",
            self.all.db.read(|read| bridge::history::list(read, &connection, &Filter::default(), None, 200)),
        )
    }

    fn all_letters(&self) -> Vec<mail::LetterCard> {
        let (directory, query) = (self.all.directory.as_ref(), mail::LetterQuery::newest(200));
        must("letters", self.all.mail.letters(&self.by("U1"), &query, directory, "http://lockstep.example")).rows
    }

    fn all_refusals(&self) -> Vec<refusal::Refusal> {
        let connection: ConnectionId = self.connection.id.clone();
        let filter = refusal::Filter::default();
        must("refusals", self.all.db.read(|read| refusal::list(read, &connection, &filter, None, 200)))
    }

    fn picture(&self) -> Picture {
        let tasks = self.keys.iter().filter(|(key, _)| !key.contains('/'));
        tasks.filter_map(|(key, id)| Some((key.to_owned(), self.portrait(key, id)?))).collect()
    }

    /// The values of a task that people see; none for a key that is no task.
    fn portrait(&self, key: &str, id: &str) -> Option<String> {
        if key.starts_with('K') {
            let read = must(key, self.all.crm_side.read_tasks(&[CrmTaskId::new(id)])).value;
            let portrait = read.first().map(|found| {
                found.here().map_or_else(
                    || "gone".to_owned(),
                    |task| {
                        format!(
                            "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
                            task.subject.value,
                            task.description.value,
                            task.due.value,
                            task.priority.value,
                            task.status.value,
                            task.owner.value,
                            task.under,
                            task.newest_note
                        )
                    },
                )
            });
            return portrait;
        }
        if !key.contains('-') {
            return None;
        }
        let read = must(key, self.all.projects_side.read_tasks(&[ProjectsTaskId::new(id)])).value;
        read.first().map(|found| {
            found.here().map_or_else(
                || "gone".to_owned(),
                |task| {
                    format!(
                        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
                        task.title.value,
                        task.description.value,
                        task.start,
                        task.due.value,
                        task.priority.value,
                        task.status.value,
                        task.owners.value,
                        task.parent,
                        task.newest_comment
                    )
                },
            )
        })
    }
}

/// A value of the history in one word.
fn word(value: &FieldValue) -> String {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    match value {
        FieldValue::Text(text) | FieldValue::Unmapped(text) => text.clone(),
        FieldValue::Day(day) => or_none(day),
        FieldValue::Person(person) => {
            person.as_deref().map_or_else(|| "–".to_owned(), |text| key_of(&must(text, Email::parse(text))))
        }
        FieldValue::Priority(class) => format!("{class:?}").to_lowercase(),
        FieldValue::Closed(is_closed) => if *is_closed { "closed" } else { "open" }.to_owned(),
    }
}

/// The address of a person of the demo data.
pub fn email(key: &str) -> Email {
    must(key, demo::email(key))
}

/// The key of a person of the demo data, else the address.
fn key_of(email: &Email) -> String {
    demo::key_of(email).map_or_else(|| email.to_string(), str::to_owned)
}

/// A day.
pub fn day(text: &str) -> Date {
    must(text, Date::parse(text))
}

fn moment(text: &str) -> Moment {
    must(text, Moment::parse(text))
}

fn must<T, E: Display>(what: &str, result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("{what}: {error}"))
}

/// The id of the link of two keys, as the demo data made it.
pub fn link_id(keys: &Keys, projects_key: &str, crm_key: &str) -> LinkId {
    LinkId::new(keys.id(&format!("{projects_key}/{crm_key}")).expect("a link of the demo data"))
}
