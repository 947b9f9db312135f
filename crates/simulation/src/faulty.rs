//! Sides that fail as a test says, and that note what the bridge writes to them.
//!
//! A wrapper stands between the bridge and a side; the side's own users do not pass it, so they go on working while
//! the bridge cannot reach their side.

mod crm;
mod projects;

use std::collections::BTreeMap;
use std::mem;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ports::{Change, Changes, FeedCursor, Moment, Outcome, Reason, SideError, Stamped, Version};

pub use crm::FaultyCrm;
pub use projects::FaultyProjects;

/// What is wrong with a side, told by the test while the bridge works; and what was written to it.
pub struct Trouble {
    present: Mutex<Present>,
    log: Arc<Log>,
}

/// What was written to both sides, in order.
#[derive(Default)]
pub struct Log(Mutex<Vec<Written>>);

#[derive(Default)]
struct Present {
    away: Option<SideError>,
    answers_lost: usize,
    sick: BTreeMap<String, Sickness>,
    times: Times,
    is_anonymous: bool,
    events: Events,
    injected: Vec<Change>,
    injections: usize,
    killed: Option<Killed>,
}

/// What becomes of writes to one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sickness {
    /// An error inside the side that tells nothing, as a status 500; the other writes of the call are done.
    Fails,
    /// The same, and it takes the whole call with it.
    BreaksTheCall,
    /// The side's own rule.
    Refuses(Reason),
}

/// What times the side tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Times {
    /// True ones.
    #[default]
    True,
    /// Its clock is ahead by so many milliseconds, in its records and in its answers.
    Ahead(i64),
    /// Its records are ahead by so many milliseconds, and its answers tell no time to measure by.
    AheadUnnoticed(i64),
    /// None at all.
    None,
}

/// Whether the side's events arrive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Events {
    /// As they happen.
    #[default]
    Delivered,
    /// They are lost.
    Lost,
    /// They are kept back, for [`Trouble::kept`].
    Kept(Vec<Change>),
}

/// At which call of the side the program is killed.
#[derive(Clone, Copy, Debug)]
struct Killed {
    writes_left: usize,
    at: Kill,
}

/// When in a write the program is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kill {
    /// The side has not heard of it.
    BeforeEffect,
    /// The side has done it; nobody hears the answer.
    AfterEffect,
}

/// What a killed call unwinds with.
pub struct KilledHere;

/// One write as the side got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// `crm` or `projects`.
    pub side: &'static str,
    /// The record, or what is made: `new task`.
    pub record: String,
    /// Its fields, or what was made of it.
    pub fields: Vec<&'static str>,
    /// When the side was asked.
    pub at: Option<Moment>,
    /// Whether it was done.
    pub is_done: bool,
}

impl Trouble {
    /// A side without trouble.
    pub fn none(log: Arc<Log>) -> Arc<Self> {
        Arc::new(Self { present: Mutex::default(), log })
    }

    /// The bridge cannot reach the side; its own users can.
    pub fn go_away(&self) {
        self.fail(SideError::Unreachable("no route".to_owned()));
    }

    /// Every call ends like this.
    pub fn fail(&self, error: SideError) {
        self.present().away = Some(error);
    }

    /// The side can be reached again.
    pub fn come_back(&self) {
        self.present().away = None;
    }

    /// The next `calls` writing calls take effect and their answers are lost.
    pub fn lose_answers(&self, calls: usize) {
        self.present().answers_lost = calls;
    }

    /// Writes to a record, or `new task` and the like, go wrong from now on.
    pub fn sicken(&self, record: &str, sickness: Sickness) {
        self.present().sick.insert(record.to_owned(), sickness);
    }

    /// Everything is well again.
    pub fn cure(&self) {
        self.present().sick.clear();
    }

    /// Which times the side tells.
    pub fn tell_times(&self, times: Times) {
        self.present().times = times;
    }

    /// The side does not tell who made a change: that of an automation.
    pub fn hide_authors(&self, is_anonymous: bool) {
        self.present().is_anonymous = is_anonymous;
    }

    /// What becomes of events.
    pub fn deliver(&self, events: Events) {
        self.present().events = events;
    }

    /// The events kept back so far; from now on they are delivered again.
    pub fn kept(&self) -> Vec<Change> {
        match mem::take(&mut self.present().events) {
            Events::Kept(kept) => kept,
            Events::Delivered | Events::Lost => Vec::new(),
        }
    }

    /// Delivers these events with the next look at the feed.
    pub fn inject(&self, events: Vec<Change>) {
        let mut present = self.present();
        present.injected.extend(events);
    }

    /// The program is killed at the `number`-th write from now, counted from 0.
    pub fn kill_at(&self, number: usize, at: Kill) {
        self.present().killed = Some(Killed { writes_left: number, at });
    }

    /// Nothing is killed any more; answers whether it was still to come.
    pub fn spare(&self) -> bool {
        self.present().killed.take().is_some()
    }

    fn present(&self) -> MutexGuard<'_, Present> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask<T>(&self, answer: impl FnOnce() -> Result<T, SideError>) -> Result<T, SideError> {
        if let Some(error) = self.present().away.clone() {
            return Err(error);
        }
        answer()
    }

    /// Sends writes: sick ones do not reach the side, answers may be lost, the program may be killed.
    fn send<W: Clone>(
        &self,
        writes: &[W],
        about: impl Fn(&W) -> Written,
        side: impl FnOnce(&[W]) -> Result<ports::Answer<Vec<Outcome<String>>>, SideError>,
    ) -> Result<ports::Answer<Vec<Outcome<String>>>, SideError> {
        let about: Vec<Written> = writes.iter().map(about).collect();
        let sick: Vec<Option<Sickness>> =
            about.iter().map(|write| self.present().sick.get(&write.record).cloned()).collect();
        let kill = self.ask(|| Ok(self.count_down()))?;
        if kill == Some(Kill::BeforeEffect) {
            resume_unwind(Box::new(KilledHere));
        }
        if sick.contains(&Some(Sickness::BreaksTheCall)) {
            self.note(about, &[]);
            return Err(SideError::Failed("status 500".to_owned()));
        }
        let healthy: Vec<W> =
            writes.iter().zip(&sick).filter(|(_, sick)| sick.is_none()).map(|(write, _)| write.clone()).collect();
        let answer = side(&healthy)?;
        let mut done = answer.value.into_iter();
        let outcomes: Vec<Outcome<String>> = sick
            .into_iter()
            .map(|sick| match sick {
                Some(Sickness::Refuses(reason)) => Outcome::Refused(reason),
                Some(Sickness::Fails | Sickness::BreaksTheCall) => Outcome::Unknown,
                None => done.next().unwrap_or(Outcome::Unknown),
            })
            .collect();
        self.note(about, &outcomes);
        if kill == Some(Kill::AfterEffect) {
            resume_unwind(Box::new(KilledHere));
        }
        let is_lost = {
            let mut present = self.present();
            let is_lost = present.answers_lost > 0;
            present.answers_lost = present.answers_lost.saturating_sub(1);
            is_lost
        };
        if is_lost {
            return Err(SideError::Unreachable("the answer was lost".to_owned()));
        }
        Ok(ports::Answer { value: outcomes, side_now: self.side_now(answer.side_now) })
    }

    fn count_down(&self) -> Option<Kill> {
        let mut present = self.present();
        let killed = present.killed.as_mut()?;
        if killed.writes_left > 0 {
            killed.writes_left -= 1;
            return None;
        }
        let at = killed.at;
        present.killed = None;
        Some(at)
    }

    fn note(&self, about: Vec<Written>, outcomes: &[Outcome<String>]) {
        let mut log = self.log.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (index, written) in about.into_iter().enumerate() {
            let is_done = matches!(outcomes.get(index), Some(Outcome::Done { .. }));
            log.push(Written { is_done, ..written });
        }
    }

    fn side_now(&self, told: Option<Moment>) -> Option<Moment> {
        match self.present().times {
            Times::True => told,
            Times::Ahead(ms) => told.map(|now| now.plus_ms(ms)),
            Times::AheadUnnoticed(_) | Times::None => None,
        }
    }

    fn stamped<T>(&self, value: Stamped<T>) -> Stamped<T> {
        let present = self.present();
        let at = match present.times {
            Times::True => value.at,
            Times::Ahead(ms) | Times::AheadUnnoticed(ms) => value.at.map(|at| at.plus_ms(ms)),
            Times::None => None,
        };
        Stamped { by: value.by.filter(|_| !present.is_anonymous), at, ..value }
    }

    /// Reads the feed through the trouble with its events. The cursor carries the number of injections before it.
    fn changes(
        &self,
        after: Option<&FeedCursor>,
        read: impl FnOnce(Option<&FeedCursor>) -> Result<Changes, SideError>,
    ) -> Result<Changes, SideError> {
        let inner = after.map(|cursor| {
            let (_, inner) = cursor.0.split_once('~').unwrap_or(("", &cursor.0));
            FeedCursor(inner.to_owned())
        });
        let mut changes = self.ask(|| read(inner.as_ref()))?;
        let mut present = self.present();
        match &mut present.events {
            Events::Delivered => {}
            Events::Lost => changes.changes.clear(),
            Events::Kept(kept) => kept.append(&mut changes.changes),
        }
        if after.is_some() && !present.injected.is_empty() {
            present.injections += 1;
            changes.changes.append(&mut present.injected);
        }
        changes.cursor = FeedCursor(format!("{}~{}", present.injections, changes.cursor.0));
        Ok(changes)
    }
}

impl Log {
    /// What was written since the last time this was asked for.
    pub fn take(&self) -> Vec<Written> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was written, without forgetting it.
    pub fn all(&self) -> Vec<Written> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// An event as it would be sent again, without the version that it was about.
pub fn without_version(change: &Change) -> Change {
    let version: Option<Version> = None;
    Change { version, ..change.clone() }
}
