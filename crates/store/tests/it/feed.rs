//! The feed: order of the commits, nothing lost, nothing twice.

use std::sync::mpsc;

use store::testing::{TestDb, databases};
use store::{Change, Cursor, FeedEntry, StoreError};

fn entry(record: &str) -> FeedEntry<'_> {
    FeedEntry { feed: "shop", tenant: "t", kind: "ware", record, version: 3, audience: "all", origin: "form" }
}

fn save(db: &TestDb, record: &str) {
    db.write(|tx| tx.feed(&entry(record))).unwrap();
}

/// Asks until `wanted` entries came: on PostgreSQL any writer of the cluster may delay them.
fn read_on(db: &TestDb, cursor: &Cursor, wanted: usize) -> (Vec<String>, Cursor) {
    let mut records = Vec::new();
    let mut cursor = cursor.clone();
    for _ in 0..100_000 {
        let changes = db.read(|read| read.changes("shop", &cursor, 2)).unwrap();
        assert!(!changes.is_lost);
        records.extend(changes.entries.into_iter().map(|change| change.record));
        cursor = Cursor::from_text(changes.cursor.as_text().to_owned());
        if records.len() >= wanted {
            break;
        }
    }
    (records, cursor)
}

#[test]
fn entries_come_in_order_and_once() {
    for db in databases(&[]) {
        for record in ["1", "2", "3"] {
            save(&db, record);
        }
        let (records, cursor) = read_on(&db, &Cursor::start(), 3);
        assert_eq!(records, ["1", "2", "3"], "{}", db.name);
        let nothing = db.read(|read| read.changes("shop", &cursor, 9)).unwrap();
        assert_eq!((nothing.entries.len(), &nothing.cursor), (0, &cursor), "{}", db.name);
        assert_eq!(db.read(|read| read.feed_unread("shop", &cursor)).unwrap(), 0);
        save(&db, "4");
        assert_eq!(db.read(|read| read.feed_unread("shop", &cursor)).unwrap(), 1, "{}", db.name);
        assert_eq!(read_on(&db, &cursor, 1).0, ["4"], "{}", db.name);
        assert!(db.read(|read| read.changes("other", &Cursor::start(), 9)).unwrap().entries.is_empty());
    }
}

#[test]
fn an_entry_comes_back_as_written() {
    for db in databases(&[]) {
        save(&db, "1");
        let wanted = Change {
            tenant: "t".to_owned(),
            kind: "ware".to_owned(),
            record: "1".to_owned(),
            version: 3,
            audience: "all".to_owned(),
            origin: "form".to_owned(),
        };
        read_on(&db, &Cursor::start(), 1);
        let found = db.read(|read| read.changes("shop", &Cursor::start(), 9)).unwrap();
        assert_eq!(found.entries, [wanted], "{}", db.name);
    }
}

#[test]
fn a_transaction_that_commits_late_is_not_skipped() {
    for db in databases(&[]).into_iter().filter(|db| db.name == "postgres") {
        let (begun, wait_begun) = mpsc::channel();
        let (go, wait_go) = mpsc::channel::<()>();
        let late = db.db.clone();
        let wait_go = std::sync::Mutex::new(wait_go);
        let thread = std::thread::spawn(move || {
            late.write(|tx| {
                tx.feed(&entry("late"))?;
                begun.send(()).unwrap();
                wait_go.lock().unwrap().recv().unwrap();
                Ok::<_, StoreError>(())
            })
        });
        wait_begun.recv().unwrap();
        save(&db, "early");
        // The early entry has the higher number; it waits for the late one.
        let held_back = db.read(|read| read.changes("shop", &Cursor::start(), 9)).unwrap();
        assert!(held_back.entries.is_empty());
        assert_eq!(db.read(|read| read.feed_unread("shop", &Cursor::start())).unwrap(), 1);
        // A full reading begun now goes on where the late one is still ahead.
        let end = db.read(|read| read.feed_end("shop")).unwrap();
        go.send(()).unwrap();
        thread.join().unwrap().unwrap();
        assert_eq!(read_on(&db, &held_back.cursor, 2).0, ["late", "early"]);
        assert_eq!(read_on(&db, &end, 2).0, ["late", "early"]);
    }
}

#[test]
fn many_writers_lose_no_entry() {
    for db in databases(&[]) {
        let workers: Vec<_> = (0..4)
            .map(|worker| {
                let db = db.db.clone();
                std::thread::spawn(move || {
                    for number in 0..50 {
                        db.write(|tx| tx.feed(&entry(&format!("{worker}-{number}")))).unwrap();
                    }
                })
            })
            .collect();
        let (mut records, _) = read_on(&db, &Cursor::start(), 200);
        for worker in workers {
            worker.join().unwrap();
        }
        records.sort();
        records.dedup();
        assert_eq!(records.len(), 200, "{}", db.name);
    }
}

#[test]
fn the_end_is_behind_everything_seen() {
    for db in databases(&[]) {
        save(&db, "1");
        read_on(&db, &Cursor::start(), 1);
        let end = db.read(|read| read.feed_end("shop")).unwrap();
        save(&db, "2");
        assert_eq!(read_on(&db, &end, 1).0, ["2"], "{}", db.name);
    }
}

#[test]
fn a_cursor_of_another_database_is_lost() {
    for db in databases(&[]) {
        for foreign in ["elsewhere:1:1", "file:0:99", "garbage"] {
            let changes = db.read(|read| read.changes("shop", &Cursor::from_text(foreign.to_owned()), 9)).unwrap();
            assert!(changes.is_lost && changes.entries.is_empty(), "{}: {foreign}", db.name);
            assert!(!db.read(|read| read.changes("shop", &changes.cursor, 9)).unwrap().is_lost);
        }
    }
}

#[test]
fn only_old_and_read_entries_are_pruned() {
    const DAY: i64 = 86_400_000;
    for db in databases(&[]) {
        save(&db, "1");
        let (_, first) = read_on(&db, &Cursor::start(), 1);
        let prune = |cursor: &Cursor, now: i64| db.write(|tx| tx.prune_feed("shop", cursor, now, 7 * DAY)).unwrap();
        assert_eq!(prune(&first, 0), 0, "{}", db.name);
        save(&db, "2");
        let (_, second) = read_on(&db, &first, 1);
        assert_eq!(prune(&second, 6 * DAY), 0, "too young");
        assert_eq!(prune(&Cursor::start(), 8 * DAY), 0, "not read");
        assert_eq!(prune(&second, 9 * DAY), 1, "the second is of the sixth day");
        assert_eq!(read_on(&db, &Cursor::start(), 1).0, ["2"], "{}", db.name);
        assert_eq!(prune(&second, 14 * DAY), 1, "{}", db.name);
        assert_eq!(read_on(&db, &second, 0).0, Vec::<String>::new());
    }
}
