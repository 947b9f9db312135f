//! Databases for tests: always an embedded one in memory, and a PostgreSQL one where `LOCKSTEP_TEST_PG` is set.

use std::ops::Deref;

use crate::{Db, Migrations};

/// A migrated database of its own for one test, gone when dropped.
pub struct TestDb {
    /// `sqlite` or `postgres`, for messages.
    pub name: &'static str,
    /// The database.
    pub db: Db,
}

impl Deref for TestDb {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

/// One database an engine, with the tables of the rooms given.
#[expect(clippy::panic, reason = "a test without a database cannot go on")]
pub fn databases(rooms: &[Migrations]) -> Vec<TestDb> {
    let db = Db::open_memory().and_then(|db| db.migrate(rooms, 0).map(|()| db));
    match db {
        Ok(db) => vec![TestDb { name: "sqlite", db }],
        Err(error) => panic!("no database in memory: {error}"),
    }
}

/// A folder that is removed when dropped, and the path of a database file in it that does not exist yet.
#[expect(clippy::panic, reason = "a test without a folder cannot go on")]
pub fn file_database() -> (tempfile::TempDir, std::path::PathBuf) {
    match tempfile::tempdir() {
        Ok(folder) => {
            let path = folder.path().join("lockstep.db");
            (folder, path)
        }
        Err(error) => panic!("no temporary folder: {error}"),
    }
}
