//! The feed: what changed, written in the transaction of the change and read in the order of the commits.
//!
//! SQLite has one writer, so a counting number is that order. PostgreSQL gives out numbers before the commit; there
//! entries are ordered by transaction and read only up to the oldest transaction still running anywhere in the cluster,
//! so that no late commit is skipped. A long transaction delays readers; it never makes them lose an entry.

use std::fmt;

use crate::dialect::Engine;
use crate::{Bind, Read, Row, Sql, StoreError, Tx};

/// One thing to write to a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedEntry<'a> {
    /// The feed, such as `crm`.
    pub feed: &'static str,
    /// Whose data.
    pub tenant: &'a str,
    /// The kind of record.
    pub kind: &'a str,
    /// The record's id.
    pub record: &'a str,
    /// The record's version after the change.
    pub version: i64,
    /// Who may hear of it, in the words of the room that writes.
    pub audience: &'a str,
    /// What caused the change, in the words of the room that writes.
    pub origin: &'a str,
}

/// One thing read from a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whose data.
    pub tenant: String,
    /// The kind of record.
    pub kind: String,
    /// The record's id.
    pub record: String,
    /// The record's version after the change.
    pub version: i64,
    /// Who may hear of it.
    pub audience: String,
    /// What caused the change.
    pub origin: String,
}

/// A place in a feed. Keep its text as it is; it is meant for the database it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(String);

/// Entries after a cursor, in the order of their commits, and the cursor behind the last of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// At most as many as asked for.
    pub entries: Vec<Change>,
    /// Where to go on; the given one if there is nothing new.
    pub cursor: Cursor,
    /// The cursor belongs to another database: entries may be missing. Read everything again, then go on at `cursor`.
    pub is_lost: bool,
}

/// A cursor taken apart: entries behind (position, n) are new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    position: i64,
    n: i64,
}

impl Place {
    /// What a statement about the entries of `feed` up to or behind this place is given.
    fn binds(self, engine: Engine, feed: &str) -> Vec<Bind> {
        match engine {
            Engine::Sqlite => vec![feed.into(), self.n.into()],
            Engine::Postgres => vec![feed.into(), self.position.into(), self.n.into()],
        }
    }
}

const WRITE_SQLITE: Sql = Sql::new(
    "insert into store_feed (position, feed, tenant, kind, record, version, audience, origin) \
     values (0, $1, $2, $3, $4, $5, $6, $7)",
);
const WRITE_POSTGRES: Sql = Sql::new(
    "insert into store_feed (position, feed, tenant, kind, record, version, audience, origin) \
     values (cast(cast(pg_current_xact_id() as text) as bigint), $1, $2, $3, $4, $5, $6, $7)",
);
// Here every position is 0; a comparison of pairs would look at all entries of that position.
const CHANGES_SQLITE: Sql = Sql::hot(
    "select position, n, tenant, kind, record, version, audience, origin from store_feed \
     where feed = $1 and position = 0 and n > $2 order by n limit $3",
);
const CHANGES_POSTGRES: Sql = Sql::hot(
    "select position, n, tenant, kind, record, version, audience, origin from store_feed \
     where feed = $1 and (position, n) > ($2, $3) \
     and position < cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint) \
     order by position, n limit $4",
);
const UNREAD_SQLITE: Sql =
    Sql::hot("select count(*) as unread from store_feed where feed = $1 and position = 0 and n > $2");
const UNREAD_POSTGRES: Sql =
    Sql::hot("select count(*) as unread from store_feed where feed = $1 and (position, n) > ($2, $3)");
const END_SQLITE: Sql =
    Sql::new("select 0 as position, coalesce((select seq from sqlite_sequence where name = 'store_feed'), 0) as n");
const END_POSTGRES: Sql =
    Sql::new("select cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint) as position, -1 as n");
const NOTE_AGE: Sql =
    Sql::new("insert into store_feed_age (feed, noted_at, position, n) values ($1, $2, $3, $4) on conflict do nothing");
const OLD_ENOUGH: Sql = Sql::new(
    "select noted_at, position, n from store_feed_age where feed = $1 and noted_at <= $2 order by noted_at desc limit 1",
);
const PRUNE_SQLITE: Sql = Sql::new("delete from store_feed where feed = $1 and position = 0 and n <= $2");
const PRUNE_POSTGRES: Sql = Sql::new("delete from store_feed where feed = $1 and (position, n) <= ($2, $3)");
const PRUNE_AGE: Sql = Sql::new("delete from store_feed_age where feed = $1 and noted_at < $2");

impl Tx<'_> {
    /// Writes one entry, visible to readers when this transaction is committed.
    pub fn feed(&mut self, entry: &FeedEntry<'_>) -> Result<(), StoreError> {
        let sql = match self.engine() {
            Engine::Sqlite => &WRITE_SQLITE,
            Engine::Postgres => &WRITE_POSTGRES,
        };
        self.execute(
            sql,
            &[
                entry.feed.into(),
                entry.tenant.into(),
                entry.kind.into(),
                entry.record.into(),
                entry.version.into(),
                entry.audience.into(),
                entry.origin.into(),
            ],
        )?;
        self.touch(entry.feed);
        Ok(())
    }

    /// Throws away the entries that are both read (before `slowest`, the cursor of the slowest reader) and at least
    /// `keep_ms` old; answers how many. The age is known from earlier calls, so call it regularly.
    pub fn prune_feed(
        &mut self,
        feed: &'static str,
        slowest: &Cursor,
        now: i64,
        keep_ms: i64,
    ) -> Result<u64, StoreError> {
        let end = self.end_place()?;
        self.execute(&NOTE_AGE, &[feed.into(), now.into(), end.position.into(), end.n.into()])?;
        let Some(old) = self.row(&OLD_ENOUGH, &[feed.into(), (now - keep_ms).into()])? else { return Ok(0) };
        let Some(read) = self.place(slowest)? else { return Ok(0) };
        let old_place = Place { position: old.int("position")?, n: old.int("n")? };
        let behind = if (read.position, read.n) < (old_place.position, old_place.n) { read } else { old_place };
        self.execute(&PRUNE_AGE, &[feed.into(), old.int("noted_at")?.into()])?;
        let sql = match self.engine() {
            Engine::Sqlite => &PRUNE_SQLITE,
            Engine::Postgres => &PRUNE_POSTGRES,
        };
        self.execute(sql, &behind.binds(self.engine(), feed))
    }
}

impl Read<'_> {
    /// At most `limit` entries of `feed` behind `cursor`.
    ///
    /// On PostgreSQL an entry may come some moments after its commit, while any other transaction of the cluster is
    /// still writing: ask until quiet, never a fixed number of times.
    pub fn changes(&mut self, feed: &str, cursor: &Cursor, limit: i64) -> Result<Changes, StoreError> {
        let Some(place) = self.place(cursor)? else {
            return Ok(Changes { entries: Vec::new(), cursor: self.feed_end(feed)?, is_lost: true });
        };
        let sql = match self.engine() {
            Engine::Sqlite => &CHANGES_SQLITE,
            Engine::Postgres => &CHANGES_POSTGRES,
        };
        let mut binds = place.binds(self.engine(), feed);
        binds.push(limit.into());
        let rows = self.rows(sql, &binds)?;
        let cursor = match rows.last() {
            Some(row) => self.cursor(Place { position: row.int("position")?, n: row.int("n")? }),
            None => cursor.clone(),
        };
        let entries = rows.iter().map(change).collect::<Result<Vec<_>, _>>()?;
        Ok(Changes { entries, cursor, is_lost: false })
    }

    /// The place behind everything that this snapshot shows. Taken before a full reading, it loses nothing after it.
    pub fn feed_end(&mut self, _feed: &str) -> Result<Cursor, StoreError> {
        let place = self.end_place()?;
        Ok(self.cursor(place))
    }

    /// How many committed entries lie behind `cursor`, those that [`Read::changes`] holds back included.
    pub fn feed_unread(&mut self, feed: &str, cursor: &Cursor) -> Result<i64, StoreError> {
        let place = self.place(cursor)?.unwrap_or(Place { position: 0, n: 0 });
        let sql = match self.engine() {
            Engine::Sqlite => &UNREAD_SQLITE,
            Engine::Postgres => &UNREAD_POSTGRES,
        };
        let row = self.row(sql, &place.binds(self.engine(), feed))?;
        row.map_or(Ok(0), |row| row.int("unread"))
    }

    fn end_place(&mut self) -> Result<Place, StoreError> {
        let sql = match self.engine() {
            Engine::Sqlite => &END_SQLITE,
            Engine::Postgres => &END_POSTGRES,
        };
        let row = self.row(sql, &[])?.ok_or_else(|| StoreError::Other("the feed has no end".to_owned()))?;
        Ok(Place { position: row.int("position")?, n: row.int("n")? })
    }

    /// None: the cursor is of another database.
    fn place(&mut self, cursor: &Cursor) -> Result<Option<Place>, StoreError> {
        if cursor.0.is_empty() {
            return Ok(Some(Place { position: -1, n: -1 }));
        }
        let identity = self.identity();
        let mut parts = cursor.0.split(':');
        let place = (parts.next() == Some(identity.as_str()))
            .then(|| Some(Place { position: parts.next()?.parse().ok()?, n: parts.next()?.parse().ok()? }))
            .flatten();
        let Some(place) = place else { return Ok(None) };
        // Behind the end: the database was restored from an older copy.
        let end = self.end_place()?;
        Ok((place.position <= end.position && (self.engine() == Engine::Postgres || place.n <= end.n)).then_some(place))
    }

    fn cursor(&self, place: Place) -> Cursor {
        Cursor(format!("{}:{}:{}", self.identity(), place.position, place.n))
    }
}

impl Cursor {
    /// Before the first entry that is kept.
    pub fn start() -> Self {
        Self(String::new())
    }

    /// A cursor from the text it was kept as.
    pub fn from_text(text: String) -> Self {
        Self(text)
    }

    /// The text to keep it as.
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<&Cursor> for Bind {
    fn from(cursor: &Cursor) -> Self {
        Self::Text(Some(cursor.0.clone()))
    }
}

fn change(row: &Row) -> Result<Change, StoreError> {
    Ok(Change {
        tenant: row.text("tenant")?,
        kind: row.text("kind")?,
        record: row.text("record")?,
        version: row.int("version")?,
        audience: row.text("audience")?,
        origin: row.text("origin")?,
    })
}
