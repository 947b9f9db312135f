//! The bare store: the same reads and writes in SQLite, and nothing else. No permission, no rule, no journal texts.

use rusqlite::{Connection, params};
use store::Synchronous;

use crate::fixture::Failure;

const TABLES: &str = "
    create table crm_task (id integer primary key, title text not null, body text not null, version integer not null) strict;
    create table projects_task (id integer primary key, title text not null, body text not null, version integer not null) strict;
    create table base (id integer primary key, title text not null, body text not null, crm_version integer not null, projects_version integer not null) strict;
    create table change_history (id integer primary key, task integer not null, old text not null, new text not null) strict;
    create table feed (id integer primary key, task integer not null) strict;
    create table dirty (link integer primary key, generation integer not null, lease integer) strict;
    create table intent (link integer primary key, wanted text not null) strict;
    create table journal (id integer primary key, link integer not null, old text not null, new text not null) strict;
";

/// A database file with the same links.
pub struct Reference {
    db: Connection,
    edits: u64,
    _folder: tempfile::TempDir,
}

struct Pair {
    id: i64,
    crm: (String, i64),
    base: String,
}

impl Reference {
    /// `links` pairs in a new file.
    pub fn new(links: usize, synchronous: Synchronous) -> Result<Self, Failure> {
        let folder = tempfile::Builder::new().prefix("lockstep-bench").tempdir_in(".")?;
        let mut db = Connection::open(folder.path().join("reference.db"))?;
        db.pragma_update(None, "journal_mode", "wal")?;
        db.pragma_update(None, "synchronous", "normal")?;
        db.execute_batch(TABLES)?;
        let body = "Unpack, check the serial number, load the firmware, burn in over night. ".repeat(4);
        let tx = db.transaction()?;
        for id in 0..i64::try_from(links)? {
            let title = format!("Roll-out of branch router {id} edit 0");
            for table in ["crm_task", "projects_task"] {
                let sql = format!("insert into {table} (id, title, body, version) values (?1, ?2, ?3, 1)");
                tx.prepare_cached(&sql)?.execute(params![id, title, body])?;
            }
            let sql = "insert into base (id, title, body, crm_version, projects_version) values (?1, ?2, ?3, 1, 1)";
            tx.prepare_cached(sql)?.execute(params![id, title, body])?;
        }
        tx.commit()?;
        if synchronous == Synchronous::Full {
            db.pragma_update(None, "synchronous", "full")?;
        }
        Ok(Self { db, edits: 0, _folder: folder })
    }

    /// A save: record, history, feed, in one commit; the mark follows in its own, as with the engine.
    pub fn edit(&mut self, pair: usize) -> Result<(), Failure> {
        self.edits += 1;
        let (id, title) = (i64::try_from(pair)?, format!("Roll-out of branch router {pair} edit {}", self.edits));
        let tx = self.db.transaction()?;
        let old: String =
            tx.prepare_cached("select title from crm_task where id = ?1")?.query_row([id], |row| row.get(0))?;
        tx.prepare_cached("update crm_task set title = ?2, version = version + 1 where id = ?1")?
            .execute(params![id, title])?;
        tx.prepare_cached("insert into change_history (task, old, new) values (?1, ?2, ?3)")?
            .execute(params![id, old, title])?;
        tx.prepare_cached("insert into feed (task) values (?1)")?.execute([id])?;
        tx.commit()?;
        Ok(())
    }

    /// Marks what the feed has, then claim, read, intend, write, settle for each hundred.
    pub fn converge(&mut self) -> Result<(), Failure> {
        let tx = self.db.transaction()?;
        tx.execute(
            "insert into dirty (link, generation) select distinct task, 1 from feed where true \
             on conflict (link) do update set generation = generation + 1",
            [],
        )?;
        tx.execute("delete from feed", [])?;
        tx.commit()?;
        loop {
            let claimed = self.claim()?;
            if claimed.is_empty() {
                return Ok(());
            }
            let pairs = self.read(&claimed)?;
            self.write(&pairs)?;
        }
    }

    fn claim(&mut self) -> Result<Vec<i64>, Failure> {
        let tx = self.db.transaction()?;
        let claimed = {
            let sql = "update dirty set lease = 1 where link in (select link from dirty where lease is null limit 100) returning link";
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect::<Result<Vec<i64>, _>>()?
        };
        tx.commit()?;
        Ok(claimed)
    }

    fn read(&mut self, claimed: &[i64]) -> Result<Vec<Pair>, Failure> {
        let tx = self.db.transaction()?;
        let mut pairs = Vec::with_capacity(claimed.len());
        for id in claimed {
            let crm = tx
                .prepare_cached("select title, version from crm_task where id = ?1")?
                .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let _projects: (String, i64) = tx
                .prepare_cached("select title, version from projects_task where id = ?1")?
                .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let base = tx.prepare_cached("select title from base where id = ?1")?.query_row([id], |row| row.get(0))?;
            pairs.push(Pair { id: *id, crm, base });
        }
        Ok(pairs)
    }

    fn write(&mut self, pairs: &[Pair]) -> Result<(), Failure> {
        let tx = self.db.transaction()?;
        for pair in pairs {
            tx.prepare_cached("insert into intent (link, wanted) values (?1, ?2)")?
                .execute(params![pair.id, pair.crm.0])?;
        }
        tx.commit()?;
        let tx = self.db.transaction()?;
        for pair in pairs {
            tx.prepare_cached("update projects_task set title = ?2, version = version + 1 where id = ?1")?
                .execute(params![pair.id, pair.crm.0])?;
            tx.prepare_cached("insert into change_history (task, old, new) values (?1, ?2, ?3)")?
                .execute(params![pair.id, pair.base, pair.crm.0])?;
        }
        tx.commit()?;
        let tx = self.db.transaction()?;
        for pair in pairs {
            tx.prepare_cached(
                "update base set title = ?2, crm_version = ?3, projects_version = projects_version + 1 where id = ?1",
            )?
            .execute(params![pair.id, pair.crm.0, pair.crm.1])?;
            tx.prepare_cached("insert into journal (link, old, new) values (?1, ?2, ?3)")?
                .execute(params![pair.id, pair.base, pair.crm.0])?;
            tx.prepare_cached("delete from intent where link = ?1")?.execute([pair.id])?;
            tx.prepare_cached("delete from dirty where link = ?1")?.execute([pair.id])?;
        }
        tx.commit()?;
        Ok(())
    }
}
