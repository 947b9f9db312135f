//! Migrations: once, in order, and never against a newer or changed history.

use store::testing::{databases, migration_sums, own_migrations, schema};
use store::{Db, Engine, Migrations, Sql, StoreError, migration_text};

const ONE: (u32, &str, &str) = (1, "first", "create table shop_a (id text primary key);");
const TWO: (u32, &str, &str) = (2, "second", "create table shop_b (id text primary key);");
const TWO_OPEN: (u32, &str, &str) =
    (2, "second", "-- readable from step 1\ncreate table shop_b (id text primary key);");

const OLD: Migrations = Migrations { prefix: "shop", files: &[ONE] };
const NEW: Migrations = Migrations { prefix: "shop", files: &[ONE, TWO] };
const NEW_OPEN: Migrations = Migrations { prefix: "shop", files: &[ONE, TWO_OPEN] };
const CHANGED: Migrations =
    Migrations { prefix: "shop", files: &[(1, "first", "create table shop_a (id text primary key, n bigint);")] };

fn has_second(db: &Db) -> bool {
    db.read(|read| read.rows(&Sql::new("select id from shop_b"), &[])).is_ok()
}

#[test]
fn each_step_is_applied_once() {
    for db in databases(&[OLD]) {
        assert!(!has_second(&db), "{}", db.name);
        db.migrate(&[NEW], 1).unwrap();
        db.migrate(&[NEW], 2).unwrap();
        assert!(has_second(&db), "{}", db.name);
    }
}

#[test]
fn an_older_program_is_stopped_with_the_remedy() {
    for db in databases(&[NEW]) {
        let stopped = db.migrate(&[OLD], 1);
        let newer = StoreError::NewerSchema { room: "shop".to_owned(), stored: 2, known: 1 };
        assert_eq!(stopped, Err(newer.clone()), "{}", db.name);
        assert!(newer.to_string().contains("start the newer program"));
    }
}

#[test]
fn an_older_program_is_let_in_where_the_step_says_so() {
    for db in databases(&[NEW_OPEN]) {
        db.migrate(&[OLD], 1).unwrap();
        assert!(has_second(&db), "{}", db.name);
    }
}

#[test]
fn a_changed_step_is_an_error() {
    for db in databases(&[OLD]) {
        let stopped = db.migrate(&[CHANGED], 1);
        assert!(matches!(stopped, Err(StoreError::ChangedMigration { version: 1, .. })), "{}: {stopped:?}", db.name);
    }
}

#[test]
fn a_step_that_fails_leaves_nothing_behind() {
    const BROKEN: Migrations = Migrations { prefix: "shop", files: &[ONE, (2, "broken", "create tabel x (id text);")] };
    for db in databases(&[]) {
        assert!(db.migrate(&[BROKEN], 1).is_err());
        assert!(!has_second(&db), "{}", db.name);
        db.migrate(&[NEW], 1).unwrap();
        assert!(has_second(&db), "{}", db.name);
    }
}

#[test]
fn tables_of_the_embedded_engine_are_strict() {
    let db = Db::open_memory().unwrap();
    db.migrate(&[Migrations { prefix: "shop", files: &[(1, "n", "create table shop_n (n bigint not null);")] }], 0)
        .unwrap();
    let wrong = db.write(|tx| tx.execute(&Sql::new("insert into shop_n (n) values ($1)"), &["word".into()]));
    assert!(wrong.is_err());
}

#[test]
fn the_text_that_reaches_each_engine_is_frozen() {
    let text = "create table shop_a (id text primary key, n bigint, part double precision, raw bytea);";
    assert_eq!(
        migration_text(Engine::Sqlite, text),
        "create table shop_a (id text primary key, n integer, part real , raw blob) strict;"
    );
    assert_eq!(
        migration_text(Engine::Postgres, text),
        "create table shop_a (id text collate \"C\" primary key, n bigint, part double precision, raw bytea);"
    );
    assert_eq!(
        migration_sums(&own_migrations()),
        ["1 feed a0e7f6f1e89f09d0 d733405d019daf19", "2 queue 83532d832a1f5741 e3ab87371a0ee54d"]
    );
}

#[test]
fn both_engines_get_the_same_tables() {
    let schemas: Vec<_> = databases(&[NEW]).iter().map(|db| schema(db).unwrap()).collect();
    assert!(schemas.iter().all(|schema| schema == &schemas[0]), "{schemas:#?}");
    assert!(schemas[0].contains(&"shop_b.id text not null key 1".to_owned()), "{schemas:#?}");
    assert!(schemas[0].contains(&"store_feed.version bigint not null key 0".to_owned()), "{schemas:#?}");
}

#[test]
fn programs_that_start_at_once_apply_each_step_once() {
    for db in databases(&[]) {
        let programs: Vec<_> = (0..4)
            .map(|_| {
                let db = db.db.clone();
                std::thread::spawn(move || db.migrate(&[NEW], 1))
            })
            .collect();
        for program in programs {
            assert_eq!(program.join().unwrap(), Ok(()), "{}", db.name);
        }
        assert!(has_second(&db), "{}", db.name);
    }
}
