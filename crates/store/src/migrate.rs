//! Migrations: numbered texts a room, applied once, forward only.
//!
//! A migration after which older programs may still use the database says so in its first line, with the lowest step
//! of its room that such a program must know: `-- readable from step 3`. Without that line only programs that know the
//! migration may open the database.

use crate::dialect::{self, Engine};
use crate::{Db, Read, Sql, StoreError, Tx};

/// The migrations of one room.
#[derive(Clone, Copy, Debug)]
pub struct Migrations {
    /// The prefix of the room's tables, such as `crm`.
    pub prefix: &'static str,
    /// Number, name and text of each, in ascending order.
    pub files: &'static [(u32, &'static str, &'static str)],
}

pub(crate) const OWN: Migrations = Migrations {
    prefix: "store",
    files: &[
        (1, "feed", include_str!("../migrations/1_feed.sql")),
        (2, "queue", include_str!("../migrations/2_queue.sql")),
    ],
};

const READABLE: &str = "-- readable from step ";

const HISTORY: &str = "create table if not exists store_migration (
  room text not null,
  version bigint not null,
  name text not null,
  checksum text not null,
  readable_from bigint not null,
  applied_at bigint not null,
  primary key (room, version)
);";
const LOCK_POSTGRES: Sql = Sql::new("select cast(pg_advisory_xact_lock(7237421943312881) as text) as held");
const APPLIED: Sql =
    Sql::new("select version, name, checksum, readable_from from store_migration where room = $1 order by version");
const NOTE: Sql = Sql::new(
    "insert into store_migration (room, version, name, checksum, readable_from, applied_at) \
     values ($1, $2, $3, $4, $5, $6)",
);

/// One line of the history.
struct Applied {
    version: i64,
    checksum: String,
    readable_from: i64,
}

/// The text of a migration as `engine` gets it; a test of each room freezes it.
pub fn migration_text(engine: Engine, text: &str) -> String {
    dialect::filled_in(engine, text)
}

pub(crate) fn apply(db: &Db, rooms: &[Migrations], now: i64) -> Result<(), StoreError> {
    let engine = db.engine();
    db.write(|tx: &mut Tx<'_>| {
        if engine == Engine::Postgres {
            tx.rows(&LOCK_POSTGRES, &[])?;
        }
        tx.script(&dialect::filled_in(engine, HISTORY))?;
        // All are checked before the first is applied.
        let own_and_rooms = || std::iter::once(&OWN).chain(rooms);
        for room in own_and_rooms() {
            check(&applied(tx, room)?, room)?;
        }
        own_and_rooms().try_for_each(|room| apply_room(tx, room, now))
    })
}

fn apply_room(tx: &mut Tx<'_>, room: &Migrations, now: i64) -> Result<(), StoreError> {
    let engine = tx.engine();
    let done = applied(tx, room)?.last().map_or(0, |last| last.version);
    for (version, name, text) in room.files.iter().filter(|(version, ..)| i64::from(*version) > done) {
        tx.script(&dialect::filled_in(engine, text))?;
        let version = i64::from(*version);
        let readable_from = readable_from(version, text)?;
        let binds = [
            room.prefix.into(),
            version.into(),
            (*name).into(),
            checksum(text).into(),
            readable_from.into(),
            now.into(),
        ];
        tx.execute(&NOTE, &binds)?;
        tracing::info!("database: {} is at step {version} ({name})", room.prefix);
    }
    Ok(())
}

fn applied(read: &mut Read<'_>, room: &Migrations) -> Result<Vec<Applied>, StoreError> {
    let rows = read.rows(&APPLIED, &[room.prefix.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Applied {
                version: row.int("version")?,
                checksum: row.text("checksum")?,
                readable_from: row.int("readable_from")?,
            })
        })
        .collect()
}

/// Whether this program may use what the history says was done.
fn check(applied: &[Applied], room: &Migrations) -> Result<(), StoreError> {
    let known = room.files.last().map_or(0, |(version, ..)| i64::from(*version));
    for step in applied {
        if step.readable_from > known {
            return Err(StoreError::NewerSchema { room: room.prefix.to_owned(), stored: step.readable_from, known });
        }
        let file = room.files.iter().find(|(version, ..)| i64::from(*version) == step.version);
        if let Some((_, name, text)) = file
            && checksum(text) != step.checksum
        {
            return Err(StoreError::ChangedMigration {
                room: room.prefix.to_owned(),
                version: step.version,
                name: (*name).to_owned(),
            });
        }
    }
    Ok(())
}

fn readable_from(version: i64, text: &str) -> Result<i64, StoreError> {
    match text.lines().next().and_then(|line| line.strip_prefix(READABLE)) {
        Some(step) => step.trim().parse().map_err(|_| StoreError::Other(format!("not a step: {step}"))),
        None => Ok(version),
    }
}

/// Tells sets of migrations apart: a test's template is made for one.
#[cfg(feature = "testing")]
pub(crate) fn fingerprint(rooms: &[Migrations]) -> String {
    let files = |room: &Migrations| {
        let texts: Vec<String> = room.files.iter().map(|(n, name, text)| format!("{n} {name}\n{text}")).collect();
        format!("{}\n{}", room.prefix, texts.join("\n"))
    };
    let all: Vec<String> = std::iter::once(&OWN).chain(rooms).map(files).collect();
    checksum(&format!("{HISTORY}\n{}", all.join("\n")))
}

/// FNV-1a over the text, line ends aside: it finds accidents, not attacks.
pub(crate) fn checksum(text: &str) -> String {
    let bytes = text.bytes().filter(|byte| *byte != b'\r');
    let sum = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{sum:016x}")
}
