//! One database: opening it, reading and writing.

use std::cell::RefCell;
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

pub use crate::dialect::Engine;
use crate::migrate;
use crate::postgres::Postgres;
use crate::sqlite::{Durability, Sqlite};
use crate::tx::{Failure, Session};
use crate::{Migrations, PostgresOptions, Read, SqliteOptions, StoreError, Tx};

/// A handle to the database; cloning it is cheap and gives the same database.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Backend,
    hooks: RwLock<Vec<Hook>>,
    /// Whether the last write failed because the disk is full.
    is_full: AtomicBool,
}

enum Backend {
    Sqlite(Box<Sqlite>),
    Postgres(Box<Postgres>),
}

type Hook = Arc<dyn Fn(&[&'static str]) + Send + Sync>;

/// What a closure gave, and whether its transaction is to be kept.
pub(crate) struct Ran<R> {
    pub(crate) value: R,
    pub(crate) keep: bool,
    pub(crate) failure: Option<Failure>,
}

thread_local! {
    /// Databases in which this thread has a transaction open, by address.
    static OPEN: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Marks this thread as being inside a transaction of one database.
struct Inside(usize);

impl Db {
    /// Opens, and makes where missing, the database in the file `path`.
    pub fn open_sqlite(path: &Path, options: SqliteOptions) -> Result<Self, StoreError> {
        Ok(Self::with(Backend::Sqlite(Box::new(Sqlite::open(path, options)?))))
    }

    /// A new, empty database that lives as long as its last handle.
    pub fn open_memory() -> Result<Self, StoreError> {
        Ok(Self::with(Backend::Sqlite(Box::new(Sqlite::memory()?))))
    }

    /// A database of a PostgreSQL server: a URL, or words such as `host=/run/postgresql user=lockstep`.
    ///
    /// The first connection is made here, so that a wrong address is known at once.
    pub fn open_postgres(url: &str, options: PostgresOptions) -> Result<Self, StoreError> {
        Ok(Self::with(Backend::Postgres(Box::new(Postgres::open(url, options)?))))
    }

    /// A database of its own on the server that `url` names.
    #[cfg(feature = "testing")]
    pub(crate) fn open_postgres_named(url: &str, database: &str, options: PostgresOptions) -> Result<Self, StoreError> {
        Ok(Self::with(Backend::Postgres(Box::new(crate::postgres::server::open(url, database, options)?))))
    }

    /// Runs `body` in a writing transaction and commits if it gives `Ok`.
    ///
    /// `body` may run more than once (PostgreSQL: lost races; SQLite: a shared commit that failed), so it touches
    /// nothing but the transaction. No network, mail or waiting inside.
    ///
    /// Errors: what `body` gives; [`StoreError::NestedCall`] inside another transaction of this database and thread;
    /// the errors of begin and commit. After an error nothing is saved.
    pub fn write<T, E, F>(&self, body: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E>,
        E: From<StoreError>,
    {
        self.write_with(Durability::Full, body)
    }

    /// As [`Db::write`], but a power cut may lose the last such commits. For the progress of comparisons only; never
    /// for an intent, a refusal, a letter or what a person saved.
    pub fn write_relaxed<T, E, F>(&self, body: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E>,
        E: From<StoreError>,
    {
        self.write_with(Durability::Relaxed, body)
    }

    /// Runs `body` over one snapshot of the database.
    ///
    /// Errors: as [`Db::write`].
    pub fn read<T, E, F>(&self, body: F) -> Result<T, E>
    where
        F: Fn(&mut Read<'_>) -> Result<T, E>,
        E: From<StoreError>,
    {
        let _inside = self.enter()?;
        let run = |session: Session<'_>| {
            let mut read = Read::new(session);
            let value = body(&mut read);
            Ran { value, keep: false, failure: read.failed() }
        };
        match &self.inner.backend {
            Backend::Sqlite(sqlite) => sqlite.read(&run),
            Backend::Postgres(postgres) => postgres.read(&run),
        }?
    }

    /// Applies the migrations of the rooms given, each room's own in the order of their numbers, all or none.
    ///
    /// Errors: [`StoreError::NewerSchema`] if a newer program wrote these data and does not let older ones in;
    /// [`StoreError::ChangedMigration`] if an applied text was changed.
    pub fn migrate(&self, rooms: &[Migrations], now: i64) -> Result<(), StoreError> {
        migrate::apply(self, rooms, now)
    }

    /// Calls `hook` after each commit that wrote to a feed or marked a queue, with their names, in the thread of the
    /// writer and outside its transaction. A hook only wakes others: it must not wait.
    pub fn on_commit(&self, hook: Arc<dyn Fn(&[&'static str]) + Send + Sync>) {
        self.inner.hooks.write().unwrap_or_else(PoisonError::into_inner).push(hook);
    }

    /// Whether there was room for what was written last.
    pub fn can_store(&self) -> bool {
        !self.inner.is_full.load(Ordering::Relaxed)
    }

    /// The engine behind this handle.
    pub fn engine(&self) -> Engine {
        match &self.inner.backend {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }

    fn with(backend: Backend) -> Self {
        Self { inner: Arc::new(Inner { backend, hooks: RwLock::new(Vec::new()), is_full: AtomicBool::new(false) }) }
    }

    fn write_with<T, E, F>(&self, durability: Durability, body: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E>,
        E: From<StoreError>,
    {
        let inside = self.enter()?;
        let run = |session: Session<'_>| {
            let mut tx = Tx::new(session);
            let value = body(&mut tx);
            let (failure, touched) = tx.end();
            if failure.as_ref().is_some_and(|failure| matches!(failure.error, StoreError::Full(_))) {
                self.inner.is_full.store(true, Ordering::Relaxed);
            }
            let value = match (value, &failure) {
                (Ok(_), Some(failure)) => Err(E::from(failure.error.clone())),
                (Ok(value), None) => Ok((value, touched)),
                (Err(error), _) => Err(error),
            };
            Ran { keep: value.is_ok(), value, failure }
        };
        let ended = match &self.inner.backend {
            Backend::Sqlite(sqlite) => sqlite.write(durability, &run),
            Backend::Postgres(postgres) => postgres.write(durability, &run),
        };
        drop(inside);
        match &ended {
            Ok(Ok(_)) => self.inner.is_full.store(false, Ordering::Relaxed),
            Err(StoreError::Full(_)) => self.inner.is_full.store(true, Ordering::Relaxed),
            Ok(Err(_)) | Err(_) => {}
        }
        let (value, touched) = ended??;
        self.tell(&touched);
        Ok(value)
    }

    fn tell(&self, touched: &[&'static str]) {
        if touched.is_empty() {
            return;
        }
        // Copied first: a hook may take other locks.
        let hooks = self.inner.hooks.read().unwrap_or_else(PoisonError::into_inner).clone();
        for hook in hooks {
            hook(touched);
        }
    }

    fn enter(&self) -> Result<Inside, StoreError> {
        let address = Arc::as_ptr(&self.inner).addr();
        OPEN.with_borrow_mut(|open| {
            if open.contains(&address) {
                return Err(StoreError::NestedCall);
            }
            open.push(address);
            Ok(Inside(address))
        })
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Db").field("engine", &self.engine()).finish_non_exhaustive()
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        OPEN.with_borrow_mut(|open| open.retain(|address| *address != self.0));
    }
}
