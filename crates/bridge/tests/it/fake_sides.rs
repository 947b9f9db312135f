//! Two small sides in memory, with faults at any write, for the tests of operations.

mod crm;
mod projects;

use std::sync::{Arc, Mutex};

use ports::{Clock, Directory, Email, Ids, Language, Moment, Page, PersonCard, Reason, SideError, Stamped, Tenant};

pub use crm::FakeCrm;
pub use projects::{FakeProjects, project_facts};

/// When a write brings the process down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    /// Before the n-th write (from 1) has any effect.
    Before(usize),
    /// After the n-th write, before its answer.
    After(usize),
}

#[derive(Default)]
pub struct Faults {
    pub crash: Option<Crash>,
    /// Writes so far.
    pub writes: usize,
    /// The side does not answer.
    pub away: bool,
    /// The n-th write from now is refused with this.
    pub refuse: Option<(usize, Reason)>,
}

impl Faults {
    fn answer(&self) -> Result<(), SideError> {
        if self.away { Err(SideError::Unreachable("switched off by the test".to_owned())) } else { Ok(()) }
    }

    fn refused(&mut self) -> Option<Reason> {
        let (left, reason) = self.refuse.take()?;
        if left <= 1 {
            return Some(reason);
        }
        self.refuse = Some((left - 1, reason));
        None
    }
}

fn stamped<T>(value: T) -> Stamped<T> {
    Stamped { value, by: None, at: None }
}

fn crash_now(crash: Option<Crash>, wanted: Crash) {
    if crash == Some(wanted) {
        panic!("crash of the test");
    }
}

fn page<T>(rows: Vec<T>, after: Option<&str>, limit: usize) -> Page<T> {
    let start: usize = after.map_or(0, |after| after.parse().unwrap());
    let total = rows.len();
    let rows: Vec<T> = rows.into_iter().skip(start).take(limit).collect();
    let next = (start + rows.len() < total).then(|| (start + rows.len()).to_string());
    Page { rows, next }
}

/// A clock that stands until a test moves it.
pub struct StoppedClock(Mutex<i64>);

impl StoppedClock {
    pub fn at(text: &str) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Moment::parse(text).unwrap().ms())))
    }

    pub fn forward(&self, ms: i64) {
        *self.0.lock().unwrap() += ms;
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Moment {
        Moment::from_ms(*self.0.lock().unwrap())
    }
}

/// Ids that count.
pub struct CountedIds(Mutex<i64>);

impl CountedIds {
    pub fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(7_100_000_000_000_000_000)))
    }
}

impl Ids for CountedIds {
    fn next(&self) -> String {
        let mut last = self.0.lock().unwrap();
        *last += 1;
        last.to_string()
    }
}

/// The administrators of both sides.
pub struct FakeDirectory {
    pub portal: Vec<Email>,
    pub crm: Vec<Email>,
}

impl Directory for FakeDirectory {
    fn person(&self, email: &Email) -> Option<PersonCard> {
        Some(PersonCard {
            email: email.clone(),
            name: email.as_str().to_owned(),
            language: Language::En,
            zone: "Europe/London".to_owned(),
            is_active: true,
        })
    }

    fn portal_administrators(&self, _: &Tenant) -> Vec<Email> {
        self.portal.clone()
    }

    fn crm_administrators(&self, _: &Tenant) -> Vec<Email> {
        self.crm.clone()
    }
}
