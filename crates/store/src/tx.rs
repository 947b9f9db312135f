//! What a transaction can do: read, and, when it writes, execute.

use std::ops::{Deref, DerefMut};

use crate::dialect::Engine;
use crate::postgres::PgConnection;
use crate::sqlite::SqliteSession;
use crate::{Bind, Row, Sql, StoreError};

/// A statement that failed; `again` says that the whole transaction may simply be run again.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) error: StoreError,
    pub(crate) again: bool,
}

impl Failure {
    pub(crate) fn last(error: StoreError) -> Self {
        Self { error, again: false }
    }
}

pub(crate) enum Session<'a> {
    Sqlite(SqliteSession<'a>),
    Postgres(&'a mut PgConnection),
}

/// A reading transaction: one snapshot, whatever others write meanwhile.
pub struct Read<'a> {
    session: Session<'a>,
    failed: Option<Failure>,
}

/// A writing transaction. It derefs to [`Read`], so that functions which only read take `&mut Read`.
pub struct Tx<'a> {
    read: Read<'a>,
    /// Feeds and queues written, in order, each once.
    touched: Vec<&'static str>,
    /// Lanes of queues that are known to be there.
    lanes: Vec<(&'static str, String)>,
}

impl<'a> Read<'a> {
    pub(crate) fn new(session: Session<'a>) -> Self {
        Self { session, failed: None }
    }

    /// All rows of the answer, in its order.
    ///
    /// Errors: after an error the transaction is dead on both engines; it is never committed.
    pub fn rows(&mut self, sql: &Sql, binds: &[Bind]) -> Result<Vec<Row>, StoreError> {
        self.alive()?;
        let answer = match &mut self.session {
            Session::Sqlite(session) => session.rows(sql.text(), binds),
            Session::Postgres(connection) => connection.rows(sql.text(), binds),
        };
        self.noted(answer)
    }

    /// The first row of the answer, if there is one.
    pub fn row(&mut self, sql: &Sql, binds: &[Bind]) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, binds)?.into_iter().next())
    }

    /// Which engine answers; only `store` and tests ask.
    pub(crate) fn engine(&self) -> Engine {
        match &self.session {
            Session::Sqlite(_) => Engine::Sqlite,
            Session::Postgres(_) => Engine::Postgres,
        }
    }

    /// Names the database, so that a place in its feed is not taken for one of another.
    pub(crate) fn identity(&self) -> String {
        match &self.session {
            Session::Sqlite(_) => "file".to_owned(),
            Session::Postgres(connection) => connection.identity().to_owned(),
        }
    }

    pub(crate) fn failed(self) -> Option<Failure> {
        self.failed
    }

    fn alive(&self) -> Result<(), StoreError> {
        match &self.failed {
            Some(failure) => {
                Err(StoreError::Other(format!("the transaction is dead after an earlier error: {}", failure.error)))
            }
            None => Ok(()),
        }
    }

    fn noted<T>(&mut self, answer: Result<T, Failure>) -> Result<T, StoreError> {
        answer.map_err(|failure| {
            let error = failure.error.clone();
            self.failed = Some(failure);
            error
        })
    }
}

impl<'a> Tx<'a> {
    pub(crate) fn new(session: Session<'a>) -> Self {
        Self { read: Read::new(session), touched: Vec::new(), lanes: Vec::new() }
    }

    /// Runs a statement that changes rows; answers how many. With `returning` use [`Read::rows`].
    pub fn execute(&mut self, sql: &Sql, binds: &[Bind]) -> Result<u64, StoreError> {
        self.read.alive()?;
        let answer = match &mut self.read.session {
            Session::Sqlite(session) => session.execute(sql.text(), binds),
            Session::Postgres(connection) => connection.execute(sql.text(), binds),
        };
        self.read.noted(answer)
    }

    /// Runs several statements without values: a migration.
    pub(crate) fn script(&mut self, text: &str) -> Result<(), StoreError> {
        self.read.alive()?;
        let answer = match &mut self.read.session {
            Session::Sqlite(session) => session.script(text),
            Session::Postgres(connection) => connection.script(text),
        };
        self.read.noted(answer)
    }

    /// Remembers that `name` (a feed or a queue) was written, for the hooks after commit.
    pub(crate) fn touch(&mut self, name: &'static str) {
        if !self.touched.contains(&name) {
            self.touched.push(name);
        }
    }

    /// Whether this transaction meets a lane for the first time.
    pub(crate) fn is_new_lane(&mut self, queue: &'static str, lane: &str) -> bool {
        let is_new = !self.lanes.iter().any(|(known_queue, known)| *known_queue == queue && known == lane);
        if is_new {
            self.lanes.push((queue, lane.to_owned()));
        }
        is_new
    }

    pub(crate) fn end(self) -> (Option<Failure>, Vec<&'static str>) {
        (self.read.failed(), self.touched)
    }
}

impl<'a> Deref for Tx<'a> {
    type Target = Read<'a>;

    fn deref(&self) -> &Self::Target {
        &self.read
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.read
    }
}
