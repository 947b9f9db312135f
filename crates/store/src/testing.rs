//! Databases for tests: always an embedded one in memory, and a PostgreSQL one where `LOCKSTEP_TEST_PG` is set.
//!
//! `LOCKSTEP_TEST_PG` holds the address of a server on which databases may be made, such as
//! `host=/tmp/socket user=postgres`. Each test gets a copy of a migrated template and drops it at the end.

mod schema;
mod statements;

use std::env;
use std::ops::Deref;
use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::postgres::server::Server;
use crate::{Db, Migrations, PostgresOptions, StoreError};

pub use schema::{migration_sums, own_migrations, schema};
pub use statements::check_statements;

const OPTIONS: PostgresOptions = PostgresOptions { connections_max: 8 };
/// One program at a time makes templates.
const TEMPLATE_LOCK: i64 = 7_237_421_943_312_882;

/// A migrated database of its own for one test, gone when dropped.
pub struct TestDb {
    /// `sqlite` or `postgres`, for messages.
    pub name: &'static str,
    /// The database.
    pub db: Db,
    _copy: Option<Copy>,
}

/// A database on the server that is dropped with the test.
struct Copy {
    url: String,
    database: String,
}

impl Deref for TestDb {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let dropped = Server::connect(&self.url)
            .and_then(|mut server| server.run(&format!("drop database if exists {} with (force)", self.database)));
        if let Err(error) = dropped {
            eprintln!("the database {} of a test is left behind: {error}", self.database);
        }
    }
}

/// One database an engine, with the tables of the rooms given. Name the rooms in the same order everywhere: each order
/// has a template of its own.
#[expect(clippy::panic, reason = "a test without a database cannot go on")]
pub fn databases(rooms: &[Migrations]) -> Vec<TestDb> {
    let url = env::var("LOCKSTEP_TEST_PG").ok().filter(|url| !url.is_empty());
    let embedded = memory(rooms);
    let server = url.map(|url| copy_of_template(&url, rooms));
    let databases: Result<Vec<_>, _> = std::iter::once(embedded).chain(server).collect();
    databases.unwrap_or_else(|error| panic!("no database for the test: {error}"))
}

/// A folder that is removed when dropped, and the path of a database file in it that does not exist yet.
#[expect(clippy::panic, reason = "a test without a folder cannot go on")]
pub fn file_database() -> (tempfile::TempDir, PathBuf) {
    match tempfile::tempdir() {
        Ok(folder) => {
            let path = folder.path().join("lockstep.db");
            (folder, path)
        }
        Err(error) => panic!("no temporary folder: {error}"),
    }
}

fn memory(rooms: &[Migrations]) -> Result<TestDb, StoreError> {
    let db = Db::open_memory()?;
    db.migrate(rooms, 0)?;
    Ok(TestDb { name: "sqlite", db, _copy: None })
}

fn copy_of_template(url: &str, rooms: &[Migrations]) -> Result<TestDb, StoreError> {
    static COPIES: AtomicU64 = AtomicU64::new(0);
    let mut server = Server::connect(url)?;
    let template = template(&mut server, url, rooms)?;
    let number = COPIES.fetch_add(1, Ordering::Relaxed);
    let database = format!("lockstep_test_{}_{number}", process::id());
    server.run(&format!("drop database if exists {database} with (force)"))?;
    server.run(&format!("create database {database} template {template}"))?;
    let copy = Copy { url: url.to_owned(), database };
    let db = Db::open_postgres_named(url, &copy.database, OPTIONS)?;
    Ok(TestDb { name: "postgres", db, _copy: Some(copy) })
}

/// The name of a migrated database to copy; made by whoever needs it first.
fn template(server: &mut Server, url: &str, rooms: &[Migrations]) -> Result<String, StoreError> {
    let template = format!("lockstep_template_{}", crate::migrate::fingerprint(rooms));
    let exists = format!("select 1 from pg_database where datname = '{template}'");
    if server.run(&exists)? {
        return Ok(template);
    }
    server.run(&format!("select pg_advisory_lock({TEMPLATE_LOCK})"))?;
    if !server.run(&exists)? {
        let draft = format!("{template}_draft");
        server.run(&format!("drop database if exists {draft} with (force)"))?;
        server
            .run(&format!("create database {draft} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'"))?;
        Db::open_postgres_named(url, &draft, OPTIONS)?.migrate(rooms, 0)?;
        // A database in use cannot be renamed, and the server may not have noticed yet that we are gone.
        server
            .run(&format!("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{draft}'"))?;
        server.run(&format!("alter database {draft} rename to {template}"))?;
    }
    server.run(&format!("select pg_advisory_unlock({TEMPLATE_LOCK})"))?;
    Ok(template)
}
