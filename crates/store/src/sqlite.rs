//! Embedded SQLite: one writer that shares its commits, and readers beside it.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::types::{Null, ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql, ffi, params_from_iter};

use crate::db::Ran;
use crate::dialect;
use crate::gate::{Gate, Pass};
use crate::row::Value;
use crate::tx::{Failure, Session};
use crate::{Bind, Row, StoreError};

/// How safely a commit lies on the disk when `write` comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronous {
    /// Flushed: a power cut loses nothing.
    Full,
    /// Consistent after a power cut, but the last commits may be missing.
    Normal,
}

/// How to open a file.
#[derive(Clone, Copy, Debug)]
pub struct SqliteOptions {
    /// For [`crate::Db::write`]; [`Synchronous::Full`] unless a person chose otherwise.
    pub synchronous: Synchronous,
    /// The largest size in pages of 4,096 bytes; a test's full disk.
    pub max_page_count: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    Full,
    Relaxed,
}

const READERS_MAX: u32 = 8;
const STATEMENTS_KEPT: usize = 512;
/// What is left of the log file after it was written back.
const LOG_SIZE_BYTES: i64 = 64 * 1_024 * 1_024;
/// Pages that the writer keeps: about what a round of a hundred links touches among 100,000.
const WRITER_CACHE_KIB: i64 = 16 * 1_024;
const TEXTS_KEPT: usize = 4_096;
/// The longest wait for the writer, and for another process.
const WAIT: Duration = Duration::from_secs(10);
/// Transactions that share one commit at most.
const SHARED_MAX: usize = 64;
/// After so long without news of its shared commit, a writer takes its place in the line again and commits itself.
const COMMIT_WAIT: Duration = Duration::from_millis(50);

pub(crate) struct Sqlite {
    writer: Gate<Writer>,
    /// None: the database is in memory and is read on the writer's connection.
    readers: Option<r2d2::Pool<SqliteConnectionManager>>,
    texts: Texts,
    is_full: bool,
}

struct Writer {
    connection: Connection,
    /// The open transaction that waits for its commit, if writers share one.
    shared: Option<Arc<Shared>>,
}

/// One commit shared by several writers.
struct Shared {
    size: Mutex<usize>,
    end: Mutex<Option<End>>,
    ended: Condvar,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Committed,
    Lost,
}

/// Statements as SQLite wants them, by the text written.
struct Texts(Mutex<HashMap<String, Arc<str>>>);

impl Sqlite {
    pub(crate) fn open(path: &Path, options: SqliteOptions) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(error)?;
        let is_full = options.synchronous == Synchronous::Full;
        set_up(&connection, is_full).map_err(error)?;
        connection.pragma_update(None, "journal_mode", "wal").map_err(error)?;
        connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB).map_err(error)?;
        connection.pragma_update(None, "journal_size_limit", LOG_SIZE_BYTES).map_err(error)?;
        if let Some(pages) = options.max_page_count {
            connection.query_row(&format!("pragma max_page_count = {pages}"), [], |_| Ok(())).map_err(error)?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let manager = SqliteConnectionManager::file(path).with_flags(flags).with_init(|connection| {
            set_up(connection, true)?;
            connection.pragma_update(None, "query_only", true)
        });
        let readers = r2d2::Pool::builder()
            .max_size(READERS_MAX)
            .min_idle(Some(0))
            .test_on_check_out(false)
            .connection_timeout(WAIT)
            .build_unchecked(manager);
        Ok(Self::with(connection, Some(readers), is_full))
    }

    pub(crate) fn memory() -> Result<Self, StoreError> {
        let connection = Connection::open_in_memory().map_err(error)?;
        set_up(&connection, false).map_err(error)?;
        Ok(Self::with(connection, None, false))
    }

    pub(crate) fn read<R>(&self, run: &dyn Fn(Session<'_>) -> Ran<R>) -> Result<R, StoreError> {
        match &self.readers {
            Some(readers) => {
                let connection =
                    readers.get().map_err(|cause| StoreError::Busy(format!("no reader is free: {cause}")))?;
                self.read_on(&connection, run)
            }
            None => {
                let mut pass = self.enter()?;
                let writer = writer_of(&mut pass)?;
                writer.connection.pragma_update(None, "query_only", true).map_err(error)?;
                let ended = self.read_on(&writer.connection, run);
                writer.connection.pragma_update(None, "query_only", false).map_err(error)?;
                ended
            }
        }
    }

    /// Runs in the thread of the caller. Who finds others waiting leaves the commit to them: everybody waits for one
    /// flush together instead of one after the other.
    pub(crate) fn write<R>(
        &self,
        durability: Durability,
        run: &dyn Fn(Session<'_>) -> Ran<R>,
    ) -> Result<R, StoreError> {
        let may_share = self.is_full && durability == Durability::Full;
        if may_share && let Some(value) = self.write_shared(run)? {
            return Ok(value);
        }
        let mut pass = self.enter()?;
        let writer = writer_of(&mut pass)?;
        writer.end_shared();
        let lowers = self.is_full && durability == Durability::Relaxed;
        if lowers {
            writer.connection.pragma_update(None, "synchronous", "normal").map_err(error)?;
        }
        let ended = self.write_alone(&writer.connection, run);
        if lowers {
            writer.connection.pragma_update(None, "synchronous", "full").map_err(error)?;
        }
        ended
    }

    fn with(connection: Connection, readers: Option<r2d2::Pool<SqliteConnectionManager>>, is_full: bool) -> Self {
        Self {
            writer: Gate::new(Writer { connection, shared: None }),
            readers,
            texts: Texts(Mutex::new(HashMap::new())),
            is_full,
        }
    }

    fn enter(&self) -> Result<Pass<'_, Writer>, StoreError> {
        self.writer.enter(WAIT).ok_or_else(|| StoreError::Busy("the writer did not become free".to_owned()))
    }

    fn read_on<R>(&self, connection: &Connection, run: &dyn Fn(Session<'_>) -> Ran<R>) -> Result<R, StoreError> {
        connection.execute_batch("begin deferred").map_err(error)?;
        let ran = catch_unwind(AssertUnwindSafe(|| run(self.session(connection))));
        undo(connection, "rollback");
        ran.map_or_else(|panic| resume_unwind(panic), |ran| Ok(ran.value))
    }

    fn write_alone<R>(&self, connection: &Connection, run: &dyn Fn(Session<'_>) -> Ran<R>) -> Result<R, StoreError> {
        connection.execute_batch("begin immediate").map_err(error)?;
        let ran = catch_unwind(AssertUnwindSafe(|| run(self.session(connection))));
        let ran = ran.unwrap_or_else(|panic| {
            undo(connection, "rollback");
            resume_unwind(panic)
        });
        if !ran.keep {
            undo(connection, "rollback");
            return Ok(ran.value);
        }
        match connection.execute_batch("commit") {
            Ok(()) => Ok(ran.value),
            Err(cause) => {
                undo(connection, "rollback");
                Err(error(cause))
            }
        }
    }

    /// None: the shared commit failed, perhaps through another writer's fault; the caller tries alone.
    fn write_shared<R>(&self, run: &dyn Fn(Session<'_>) -> Ran<R>) -> Result<Option<R>, StoreError> {
        let mut pass = self.enter()?;
        let writer = writer_of(&mut pass)?;
        let shared = writer.join_shared()?;
        let connection = &writer.connection;
        connection.execute_batch("savepoint one").map_err(error)?;
        let ran = catch_unwind(AssertUnwindSafe(|| run(self.session(connection))));
        let keep = ran.as_ref().is_ok_and(|ran| ran.keep);
        if !keep {
            undo(connection, "rollback to one");
        }
        undo(connection, "release one");
        // A full disk ends the whole transaction, the others' too: they run again, each alone.
        let is_lost = connection.is_autocommit();
        let is_last = pass.waiting() == 0 || shared.is_full();
        let writer = writer_of(&mut pass)?;
        if is_lost {
            writer.shared = None;
            shared.tell(End::Lost);
        } else if is_last {
            writer.end_shared();
        }
        drop(pass);
        let ran = ran.unwrap_or_else(|panic| resume_unwind(panic));
        if !ran.keep {
            return Ok(Some(ran.value));
        }
        match self.shared_end(&shared)? {
            End::Committed => Ok(Some(ran.value)),
            End::Lost => Ok(None),
        }
    }

    fn shared_end(&self, shared: &Arc<Shared>) -> Result<End, StoreError> {
        if let Some(end) = shared.wait(COMMIT_WAIT) {
            return Ok(end);
        }
        // Who stood behind may have given up waiting: then this writer commits.
        if let Some(mut pass) = self.writer.enter(WAIT) {
            let writer = writer_of(&mut pass)?;
            if writer.shared.as_ref().is_some_and(|open| Arc::ptr_eq(open, shared)) {
                writer.end_shared();
            }
        }
        let unknown = || StoreError::Unavailable("it is not known whether the change was saved".to_owned());
        shared.wait(Duration::ZERO).ok_or_else(unknown)
    }

    fn session<'a>(&'a self, connection: &'a Connection) -> Session<'a> {
        Session::Sqlite(SqliteSession { connection, texts: &self.texts })
    }
}

impl Writer {
    /// The open shared transaction, or a new one.
    fn join_shared(&mut self) -> Result<Arc<Shared>, StoreError> {
        if let Some(shared) = &self.shared {
            shared.grow();
            return Ok(Arc::clone(shared));
        }
        self.connection.execute_batch("begin immediate").map_err(error)?;
        let shared = Arc::new(Shared { size: Mutex::new(1), end: Mutex::new(None), ended: Condvar::new() });
        self.shared = Some(Arc::clone(&shared));
        Ok(shared)
    }

    /// Commits the shared transaction, if one is open.
    fn end_shared(&mut self) {
        let Some(shared) = self.shared.take() else { return };
        match self.connection.execute_batch("commit") {
            Ok(()) => shared.tell(End::Committed),
            Err(cause) => {
                tracing::warn!("a shared commit failed, its writers try alone: {cause}");
                undo(&self.connection, "rollback");
                shared.tell(End::Lost);
            }
        }
    }
}

impl Shared {
    fn grow(&self) {
        *self.size.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    }

    fn is_full(&self) -> bool {
        *self.size.lock().unwrap_or_else(PoisonError::into_inner) >= SHARED_MAX
    }

    fn tell(&self, end: End) {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner) = Some(end);
        self.ended.notify_all();
    }

    fn wait(&self, limit: Duration) -> Option<End> {
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        let (end, _) =
            self.ended.wait_timeout_while(end, limit, |end| end.is_none()).unwrap_or_else(PoisonError::into_inner);
        *end
    }
}

/// One connection inside a transaction.
pub(crate) struct SqliteSession<'a> {
    connection: &'a Connection,
    texts: &'a Texts,
}

impl SqliteSession<'_> {
    pub(crate) fn rows(&mut self, text: &str, binds: &[Bind]) -> Result<Vec<Row>, Failure> {
        self.rows_of(text, binds).map_err(|cause| failure(cause, text))
    }

    pub(crate) fn execute(&mut self, text: &str, binds: &[Bind]) -> Result<u64, Failure> {
        self.execute_of(text, binds).map_err(|cause| failure(cause, text))
    }

    pub(crate) fn script(&mut self, text: &str) -> Result<(), Failure> {
        self.connection.execute_batch(text).map_err(|cause| failure(cause, text))
    }

    fn rows_of(&self, text: &str, binds: &[Bind]) -> Result<Vec<Row>, rusqlite::Error> {
        let mut statement = self.connection.prepare_cached(&self.texts.numbered(text))?;
        let columns: Arc<[String]> = statement.column_names().iter().map(|name| (*name).to_owned()).collect();
        let mut found = statement.query(params_from_iter(binds))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let values = (0..columns.len()).map(|at| row.get_ref(at).map(value)).collect::<Result<Vec<_>, _>>()?;
            rows.push(Row::new(Arc::clone(&columns), values));
        }
        Ok(rows)
    }

    fn execute_of(&self, text: &str, binds: &[Bind]) -> Result<u64, rusqlite::Error> {
        let mut statement = self.connection.prepare_cached(&self.texts.numbered(text))?;
        Ok(u64::try_from(statement.execute(params_from_iter(binds))?).unwrap_or(u64::MAX))
    }
}

impl Texts {
    fn numbered(&self, text: &str) -> Arc<str> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(numbered) = known.get(text) {
            return Arc::clone(numbered);
        }
        if known.len() >= TEXTS_KEPT {
            known.clear();
        }
        let numbered: Arc<str> = dialect::numbered(text).into();
        known.insert(text.to_owned(), Arc::clone(&numbered));
        numbered
    }
}

impl ToSql for Bind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Text(Some(text)) => text.to_sql(),
            Self::Int(Some(number)) => number.to_sql(),
            Self::Real(Some(number)) => number.to_sql(),
            Self::Bytes(Some(bytes)) => bytes.to_sql(),
            Self::Text(None) | Self::Int(None) | Self::Real(None) | Self::Bytes(None) => Null.to_sql(),
        }
    }
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

fn set_up(connection: &Connection, is_full: bool) -> rusqlite::Result<()> {
    connection.busy_timeout(WAIT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "synchronous", if is_full { "full" } else { "normal" })
}

fn writer_of<'p>(pass: &'p mut Pass<'_, Writer>) -> Result<&'p mut Writer, StoreError> {
    pass.value().ok_or_else(|| StoreError::Other("the writer's pass is spent".to_owned()))
}

/// For statements that end a transaction: where the engine has ended it already, there is nothing left to do.
fn undo(connection: &Connection, text: &str) {
    if connection.is_autocommit() {
        return;
    }
    if let Err(cause) = connection.execute_batch(text) {
        tracing::warn!("{text} failed: {cause}");
    }
}

fn failure(cause: rusqlite::Error, text: &str) -> Failure {
    Failure::last(match error(cause) {
        StoreError::Other(message) => StoreError::Other(format!("{message} in: {text}")),
        other => other,
    })
}

fn error(cause: rusqlite::Error) -> StoreError {
    let message = cause.to_string();
    let rusqlite::Error::SqliteFailure(code, detail) = cause else { return StoreError::Other(message) };
    match code.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy(message),
        ErrorCode::DiskFull => StoreError::Full(message),
        ErrorCode::CannotOpen
        | ErrorCode::PermissionDenied
        | ErrorCode::ReadOnly
        | ErrorCode::SystemIoFailure
        | ErrorCode::FileLockingProtocolFailed => StoreError::Unavailable(message),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Corrupt(message),
        ErrorCode::ConstraintViolation if is_unique(code.extended_code) => {
            let what = detail.unwrap_or(message);
            StoreError::Conflict { what: what.trim_start_matches("UNIQUE constraint failed: ").to_owned() }
        }
        _ => StoreError::Other(message),
    }
}

fn is_unique(extended: i32) -> bool {
    extended == ffi::SQLITE_CONSTRAINT_UNIQUE || extended == ffi::SQLITE_CONSTRAINT_PRIMARYKEY
}
