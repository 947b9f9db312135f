//! Room `store`: connections, migrations, transactions, locks, the feed and one queue. It knows no domain word.
//!
//! One SQL text serves both engines, embedded SQLite and PostgreSQL: lower case, placeholders `$1`, columns of the
//! types text, bigint, double precision and bytea. What differs stands in `dialect.rs` alone; only `sqlite.rs` and
//! `postgres.rs` name a driver.
//!
//! The PostgreSQL driver panics when it is used or dropped inside an asynchronous runtime: call this room from
//! blocking threads only. Its connections are opened at first use, in the thread of the caller.

mod back_off;
mod db;
mod dialect;
mod error;
mod feed;
mod gate;
mod lock;
mod migrate;
mod postgres;
mod queue;
mod row;
mod sql;
mod sqlite;
mod tx;

#[cfg(feature = "testing")]
pub mod testing;

pub use back_off::back_off_ms;
pub use db::{Db, Engine};
pub use error::StoreError;
pub use feed::{Change, Changes, Cursor, FeedEntry};
pub use lock::{LockKey, Locked};
pub use migrate::{Migrations, migration_text};
pub use postgres::{DatabaseClaim, PostgresOptions, claim_database};
pub use queue::{Claim, Claimed, Finished, Mark, QueueDepth, Queued};
pub use row::{Bind, Row};
pub use sql::Sql;
pub use sqlite::{SqliteOptions, Synchronous};
pub use tx::{Read, Tx};
