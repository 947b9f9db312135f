//! What a search finds, and what it does not.

use records::{MIGRATIONS, RecordKey, search};
use store::testing::{TestDb, databases};
use store::{Sql, StoreError};

fn key<'a>(tenant: &'a str, record: &'a str) -> RecordKey<'a> {
    RecordKey { tenant, module: "ware", record }
}

fn put(db: &TestDb, tenant: &str, record: &str, texts: &[&str]) {
    db.write(|tx| search::index(tx, &key(tenant, record), texts)).unwrap();
}

fn found(db: &TestDb, query: &str) -> Vec<String> {
    db.read(|read| search::matches(read, "t", "ware", query, 10)).unwrap()
}

#[test]
fn all_words_must_match_and_the_last_letters_may_be_missing() {
    for db in databases(&[MIGRATIONS]) {
        put(&db, "t", "1", &["Zylker Data Migration", "anna@zylker.com"]);
        put(&db, "t", "2", &["Zylker Trade"]);
        put(&db, "other", "3", &["Zylker Data"]);
        for (query, wanted) in [
            ("zylker", vec!["1", "2"]),
            ("ZYL dat", vec!["1"]),
            ("migr data zylker", vec!["1"]),
            ("anna@zylker.com", vec!["1"]),
            ("ylker", vec![]),
            ("zylker rocks", vec![]),
            ("", vec![]),
            ("--", vec![]),
        ] {
            assert_eq!(found(&db, query), wanted, "{}: {query}", db.name);
        }
    }
}

#[test]
fn chinese_is_found_by_any_part() {
    for db in databases(&[MIGRATIONS]) {
        put(&db, "t", "1", &["数据迁移项目"]);
        put(&db, "t", "2", &["数据", "迁移"]);
        for (query, wanted) in [
            ("数据", vec!["1", "2"]),
            ("据迁", vec!["1"]),
            ("数据迁移", vec!["1"]),
            ("迁", vec!["1", "2"]),
            ("目", vec!["1"]),
            ("据数", vec![]),
        ] {
            assert_eq!(found(&db, query), wanted, "{}: {query}", db.name);
        }
    }
}

#[test]
fn words_are_written_only_when_they_change() {
    for db in databases(&[MIGRATIONS]) {
        put(&db, "t", "1", &["one two"]);
        put(&db, "t", "1", &["two three"]);
        assert_eq!((found(&db, "one").len(), found(&db, "three").len(), found(&db, "two").len()), (0, 1, 1));
        // The same again passes where nothing may be written.
        let unchanged = db.write(|tx| {
            search::index(tx, &key("t", "1"), &["Three, TWO"])?;
            tx.execute(&Sql::new("update record_word set word = word where word = 'none'"), &[])
        });
        assert_eq!(unchanged, Ok(0));
        db.write(|tx| search::forget(tx, &key("t", "1"))).unwrap();
        assert!(found(&db, "two").is_empty(), "{}", db.name);
    }
}

#[test]
fn no_more_than_asked_for() {
    for db in databases(&[MIGRATIONS]) {
        for record in ["3", "1", "2"] {
            put(&db, "t", record, &["one"]);
        }
        let two: Result<_, StoreError> = db.read(|read| search::matches(read, "t", "ware", "on", 2));
        assert_eq!(two.unwrap(), ["1", "2"], "{}", db.name);
    }
}
