//! Locks for rules that look at several rows.
//!
//! SQLite has one writer, so a writing transaction needs none there. On PostgreSQL a lock is held to the end of the
//! transaction, and what is read after taking it includes everything its earlier holders committed.

use crate::dialect::Engine;
use crate::{Sql, StoreError, Tx};

/// What is locked: a kind of thing and its key, such as `("projects_project", id)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LockKey {
    room: &'static str,
    key: String,
}

/// Proof that a lock is held by the transaction at hand. Functions that must run under it ask for it, wrapped in a
/// type of their room. It is worth nothing in another transaction.
#[derive(Debug, PartialEq, Eq)]
pub struct Locked {
    key: LockKey,
}

const LOCK_POSTGRES: Sql = Sql::new("select cast(pg_advisory_xact_lock(hashtextextended($1, 0)) as text) as held");

impl LockKey {
    /// `room` names the kind of thing, with the prefix of its room.
    pub fn new(room: &'static str, key: &str) -> Self {
        Self { room, key: key.to_owned() }
    }
}

impl Locked {
    /// The key that was locked.
    pub fn key(&self) -> &str {
        &self.key.key
    }

    /// The kind of thing that was locked.
    pub fn room(&self) -> &'static str {
        self.key.room
    }
}

impl Tx<'_> {
    /// Takes one lock, waiting for other transactions that hold it. Who needs several takes [`Tx::lock_all`].
    pub fn lock(&mut self, key: LockKey) -> Result<Locked, StoreError> {
        if self.engine() == Engine::Postgres {
            // Two names with one number would only wait for each other.
            let name = format!("{}:{}", key.room, key.key);
            self.rows(&LOCK_POSTGRES, &[name.into()])?;
        }
        Ok(Locked { key })
    }

    /// Takes several locks in one order, the same for everybody; answers in that order, each key once.
    pub fn lock_all(&mut self, mut keys: Vec<LockKey>) -> Result<Vec<Locked>, StoreError> {
        keys.sort();
        keys.dedup();
        keys.into_iter().map(|key| self.lock(key)).collect()
    }
}
