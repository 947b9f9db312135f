//! Reading, writing, values, and what happens when a write cannot be.

use std::cell::Cell;
use std::sync::{Arc, Barrier, Mutex};

use store::testing::{databases, file_database};
use store::{Bind, Db, FeedEntry, LockKey, Migrations, Read, Row, Sql, SqliteOptions, StoreError, Synchronous, Tx};

pub const ROOM: Migrations = Migrations {
    prefix: "shop",
    files: &[(
        1,
        "ware",
        "create table shop_ware (\n  id text primary key,\n  name text not null,\n  amount bigint,\n  \
         price double precision,\n  picture bytea,\n  note text\n);\n\
         create unique index shop_ware_name on shop_ware (name);\n",
    )],
};

const INSERT: Sql =
    Sql::new("insert into shop_ware (id, name, amount, price, picture, note) values ($1, $2, $3, $4, $5, $6)");
const ADD: Sql = Sql::new("insert into shop_ware (id, name, amount) values ($2, $1, 0)");
const ALL: Sql = Sql::new("select id, name, amount, price, picture, note from shop_ware order by name");
const RAISE: Sql = Sql::new("update shop_ware set amount = amount + 1 where id = $1 returning amount");
const COUNT: Sql = Sql::new("select count(*) as wares, 1 as one from shop_ware");

fn add(tx: &mut Tx, id: &str, name: &str) -> Result<(), StoreError> {
    tx.execute(&ADD, &[name.into(), id.into()]).map(|_| ())
}

fn names(read: &mut Read) -> Result<Vec<String>, StoreError> {
    read.rows(&ALL, &[])?.iter().map(|row| row.text("name")).collect()
}

fn all(db: &Db) -> Vec<String> {
    db.read(names).unwrap()
}

#[test]
fn values_come_back_as_they_went_in() {
    for db in databases(&[ROOM]) {
        db.write(|tx| {
            let full =
                ["a".into(), "Äpfel 苹果".into(), i64::MAX.into(), 0.1.into(), vec![0_u8, 255].into(), "n".into()];
            tx.execute(&INSERT, &full)?;
            let empty =
                ["b".into(), "b".into(), Bind::Int(None), Bind::Real(None), Bind::Bytes(None), None::<&str>.into()];
            tx.execute(&INSERT, &empty)
        })
        .unwrap();
        let rows: Vec<Row> = db.read(|read| read.rows(&ALL, &[])).unwrap();
        // Sorted by bytes on both engines: capital umlaut behind b.
        let [empty, full] = rows.as_slice() else { panic!("{}: {rows:?}", db.name) };
        assert_eq!(full.text("name").unwrap(), "Äpfel 苹果");
        assert_eq!(full.int("amount").unwrap(), i64::MAX);
        assert!((full.real("price").unwrap() - 0.1).abs() < f64::EPSILON);
        assert_eq!(full.bytes("picture").unwrap(), [0, 255]);
        assert_eq!(empty.int_or_null("amount").unwrap(), None);
        assert_eq!(empty.text_or_null("note").unwrap(), None);
        assert!(matches!(empty.text("note"), Err(StoreError::Other(_))));
        assert!(matches!(empty.text("amount_wrong"), Err(StoreError::Other(_))));
        let row = db.read(|read| read.row(&COUNT, &[])).unwrap().unwrap();
        assert_eq!((row.int("wares").unwrap(), row.int("one").unwrap()), (2, 1), "{}", db.name);
    }
}

#[test]
fn a_failed_closure_saves_nothing() {
    for db in databases(&[ROOM]) {
        let failed: Result<(), StoreError> = db.write(|tx| {
            add(tx, "1", "one")?;
            Err(StoreError::Other("no".to_owned()))
        });
        assert!(failed.is_err());
        assert!(all(&db).is_empty(), "{}", db.name);
    }
}

#[test]
fn a_swallowed_error_is_never_committed() {
    for db in databases(&[ROOM]) {
        let ended = db.write(|tx| {
            add(tx, "1", "one")?;
            assert!(add(tx, "2", "one").is_err());
            assert!(add(tx, "3", "three").is_err(), "the transaction is dead");
            Ok::<_, StoreError>(())
        });
        assert!(matches!(ended, Err(StoreError::Conflict { .. })), "{}: {ended:?}", db.name);
        assert!(all(&db).is_empty(), "{}", db.name);
    }
}

#[test]
fn a_conflict_names_what_must_be_unique() {
    for db in databases(&[ROOM]) {
        db.write(|tx| add(tx, "1", "one")).unwrap();
        let Err(StoreError::Conflict { what }) = db.write(|tx| add(tx, "2", "one")) else { panic!("{}", db.name) };
        assert!(what.contains("name"), "{}: {what}", db.name);
    }
}

#[test]
fn nested_calls_are_refused() {
    for db in databases(&[ROOM]) {
        let inner = db.db.clone();
        let nested = db.write(|tx| {
            add(tx, "1", "one")?;
            inner.read(names)
        });
        assert_eq!(nested, Err(StoreError::NestedCall), "{}", db.name);
        let nested = db.read(|_| inner.write(|tx| add(tx, "1", "one")));
        assert_eq!(nested, Err(StoreError::NestedCall), "{}", db.name);
        // Afterwards all is as before, and another database may be used inside.
        let other = Db::open_memory().unwrap();
        other.migrate(&[ROOM], 0).unwrap();
        let both = db.write(|tx| {
            add(tx, "1", "one")?;
            other.read(names)
        });
        assert_eq!(both, Ok(Vec::new()));
        assert_eq!(all(&db), ["one"], "{}", db.name);
    }
}

#[test]
fn a_panic_saves_nothing_and_leaves_the_database_usable() {
    for db in databases(&[ROOM]) {
        let inner = db.db.clone();
        let panicked = std::thread::spawn(move || {
            inner.write(|tx| -> Result<(), StoreError> {
                add(tx, "1", "one")?;
                std::panic::resume_unwind(Box::new("on purpose"))
            })
        });
        assert!(panicked.join().is_err());
        db.write(|tx| add(tx, "2", "two")).unwrap();
        assert_eq!(all(&db), ["two"], "{}", db.name);
    }
}

#[test]
fn returning_and_locks_work_inside_a_write() {
    for db in databases(&[ROOM]) {
        db.write(|tx| add(tx, "1", "one")).unwrap();
        let amount = db
            .write(|tx| {
                let held = tx.lock_all(vec![LockKey::new("shop", "2"), LockKey::new("shop", "1")])?;
                assert_eq!(held.iter().map(|lock| lock.key()).collect::<Vec<_>>(), ["1", "2"]);
                tx.row(&RAISE, &["1".into()])
            })
            .unwrap();
        assert_eq!(amount.unwrap().int("amount").unwrap(), 1, "{}", db.name);
    }
}

#[test]
fn a_lock_shows_what_its_last_holder_saved() {
    for db in databases(&[ROOM]) {
        db.write(|tx| add(tx, "1", "one")).unwrap();
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let db = db.db.clone();
                std::thread::spawn(move || {
                    for _ in 0..25 {
                        db.write(|tx| {
                            tx.lock(LockKey::new("shop", "1"))?;
                            let amount = tx.row(&Sql::new("select amount from shop_ware where id = '1'"), &[])?;
                            let more = amount.unwrap().int("amount")? + 1;
                            tx.execute(&Sql::new("update shop_ware set amount = $1 where id = '1'"), &[more.into()])
                        })
                        .unwrap();
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.join().unwrap();
        }
        let row = db.write(|tx| tx.row(&RAISE, &["1".into()])).unwrap().unwrap();
        assert_eq!(row.int("amount").unwrap(), 101, "{}", db.name);
    }
}

#[test]
fn who_loses_a_race_runs_again() {
    for db in databases(&[ROOM]).into_iter().filter(|db| db.name == "postgres") {
        db.write(|tx| add(tx, "1", "one").and_then(|()| add(tx, "2", "two"))).unwrap();
        let both_hold_one = Arc::new(Barrier::new(2));
        let workers: Vec<_> = [["1", "2"], ["2", "1"]]
            .map(|[first, second]| {
                let (db, both_hold_one) = (db.db.clone(), Arc::clone(&both_hold_one));
                std::thread::spawn(move || {
                    let runs = Cell::new(0);
                    db.write(|tx| {
                        runs.set(runs.get() + 1);
                        tx.row(&RAISE, &[first.into()])?;
                        if runs.get() == 1 {
                            both_hold_one.wait();
                        }
                        tx.row(&RAISE, &[second.into()])
                    })
                    .unwrap();
                    runs.get()
                })
            })
            .into_iter()
            .collect();
        let runs: i32 = workers.into_iter().map(|worker| worker.join().unwrap()).sum();
        assert_eq!(runs, 3, "one of the two ran again");
        let amounts = db.read(|read| read.rows(&ALL, &[])).unwrap();
        assert!(amounts.iter().all(|row| row.int("amount").unwrap() == 2));
    }
}

#[test]
fn hooks_hear_of_committed_feeds_only() {
    for db in databases(&[ROOM]) {
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let ear = Arc::clone(&heard);
        db.on_commit(Arc::new(move |names| ear.lock().unwrap().push(names.join(" "))));
        let entry =
            FeedEntry { feed: "shop", tenant: "t", kind: "ware", record: "1", version: 1, audience: "", origin: "" };
        db.write(|tx| add(tx, "1", "one")).unwrap();
        db.write(|tx| tx.feed(&entry).and_then(|()| tx.feed(&entry))).unwrap();
        let failed: Result<(), StoreError> = db.write(|tx| {
            tx.feed(&entry)?;
            Err(StoreError::Other("no".to_owned()))
        });
        assert!(failed.is_err());
        assert_eq!(*heard.lock().unwrap(), ["shop"], "{}", db.name);
    }
}

#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let (_folder, path) = file_database();
    let options = SqliteOptions { synchronous: Synchronous::Full, max_page_count: Some(60) };
    let db = Db::open_sqlite(&path, options).unwrap();
    db.migrate(&[ROOM], 0).unwrap();
    let text = "x".repeat(2_000);
    let saved = (0..1_000)
        .take_while(|number| match db.write(|tx| add(tx, &number.to_string(), &format!("{number} {text}"))) {
            Ok(()) => db.can_store(),
            Err(StoreError::Full(_)) => false,
            Err(other) => panic!("{other}"),
        })
        .count();
    assert!(saved > 5, "{saved}");
    assert_eq!(all(&db).len(), saved);
    assert!(!db.can_store());
    // Several writers at once share a commit: each hears it, and the small ones that fit are saved.
    let workers: Vec<_> = (0..8)
        .map(|worker| {
            let db = db.clone();
            let text = text.repeat(20);
            std::thread::spawn(move || db.write(|tx| add(tx, &format!("w{worker}"), &format!("{worker} {text}"))))
        })
        .collect();
    for worker in workers {
        assert!(matches!(worker.join().unwrap(), Err(StoreError::Full(_))));
    }
    drop(db);
    let options = SqliteOptions { synchronous: Synchronous::Full, max_page_count: None };
    let db = Db::open_sqlite(&path, options).unwrap();
    assert_eq!(all(&db).len(), saved);
    db.write(|tx| add(tx, "more", "more")).unwrap();
}

#[test]
fn writers_of_a_file_share_commits_and_lose_none() {
    let (_folder, path) = file_database();
    let db = Db::open_sqlite(&path, SqliteOptions { synchronous: Synchronous::Full, max_page_count: None }).unwrap();
    db.migrate(&[ROOM], 0).unwrap();
    let workers: Vec<_> = (0..8)
        .map(|worker| {
            let db = db.clone();
            std::thread::spawn(move || {
                for number in 0..40 {
                    let id = format!("{worker}-{number}");
                    // Every fifth fails on its own and takes nobody with it.
                    let ended = db.write(|tx| {
                        add(tx, &id, &id)?;
                        if number % 5 == 4 { Err(StoreError::Other("no".to_owned())) } else { Ok(()) }
                    });
                    assert_eq!(ended.is_ok(), number % 5 != 4);
                    if ended.is_ok() {
                        assert!(all(&db).contains(&id), "a save that came back is seen by everybody");
                    }
                    if number % 10 == 0 {
                        db.write_relaxed(|tx| add(tx, &format!("r{id}"), &format!("r{id}"))).unwrap();
                    }
                }
            })
        })
        .collect();
    for worker in workers {
        worker.join().unwrap();
    }
    assert_eq!(all(&db).len(), 8 * 32 + 8 * 4);
}

#[test]
fn a_second_process_on_the_file_sees_and_writes_too() {
    let (_folder, path) = file_database();
    let options = SqliteOptions { synchronous: Synchronous::Normal, max_page_count: None };
    let (one, two) = (Db::open_sqlite(&path, options).unwrap(), Db::open_sqlite(&path, options).unwrap());
    one.migrate(&[ROOM], 0).unwrap();
    two.migrate(&[ROOM], 0).unwrap();
    one.write(|tx| add(tx, "1", "one")).unwrap();
    two.write(|tx| add(tx, "2", "two")).unwrap();
    assert_eq!(all(&one), ["one", "two"]);
}

#[test]
fn a_read_is_one_snapshot() {
    let (_folder, path) = file_database();
    let options = SqliteOptions { synchronous: Synchronous::Normal, max_page_count: None };
    let file = Db::open_sqlite(&path, options).unwrap();
    file.migrate(&[ROOM], 0).unwrap();
    let others: Vec<_> = databases(&[ROOM]).into_iter().filter(|db| db.name == "postgres").collect();
    for db in others.iter().map(|db| &db.db).chain([&file]) {
        let writer = db.clone();
        let written = Cell::new(false);
        let seen = db.read(|read| {
            let before = names(read)?.len();
            let writer = writer.clone();
            if !written.replace(true) {
                std::thread::spawn(move || writer.write(|tx| add(tx, "1", "one"))).join().unwrap()?;
            }
            Ok::<_, StoreError>((before, names(read)?.len()))
        });
        assert_eq!(seen, Ok((0, 0)));
        assert_eq!(all(db), ["one"]);
    }
}

#[test]
fn a_file_that_is_no_database_is_said_to_be_damaged() {
    let (_folder, path) = file_database();
    std::fs::write(&path, "not a database, but long enough to be read as one".repeat(100)).unwrap();
    let options = SqliteOptions { synchronous: Synchronous::Full, max_page_count: None };
    let opened = Db::open_sqlite(&path, options).and_then(|db| db.migrate(&[ROOM], 0));
    assert!(matches!(opened, Err(StoreError::Corrupt(_))), "{opened:?}");
}

#[test]
fn a_server_that_is_not_there_is_said_at_once() {
    let opened = Db::open_postgres("host=/nowhere/at/all user=nobody", store::PostgresOptions { connections_max: 1 });
    assert!(matches!(opened, Err(StoreError::Unavailable(_))), "{opened:?}");
}

#[test]
fn a_server_database_is_claimed_by_one_process_at_a_time() {
    let Some(url) = std::env::var("LOCKSTEP_TEST_PG").ok().filter(|url| !url.is_empty()) else { return };
    let first = store::claim_database(&url).unwrap();
    assert!(first.is_some());
    assert!(store::claim_database(&url).unwrap().is_none());
    drop(first);
    // The server notices the closed connection some moments later; nobody waits for it here by the clock.
    let again = (0..10_000).find_map(|_| store::claim_database(&url).unwrap());
    assert!(again.is_some());
}
