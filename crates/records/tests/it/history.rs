//! The change history says who, when and what, and keeps it.

use ports::{Email, Moment, Origin};
use records::history::{self, FieldChange};
use records::{MIGRATIONS, RecordKey, RecordsError};
use store::testing::{TestDb, databases};

const KEY: RecordKey<'_> = RecordKey { tenant: "t", module: "ware", record: "1" };

fn person(name: &str) -> Email {
    Email::parse(&format!("{name}@zylker.com")).unwrap()
}

fn change(db: &TestDb, key: RecordKey<'_>, field: &str, old: Option<&str>, new: Option<&str>, who: &str, at: i64) {
    let changes = [FieldChange { field, old, new }];
    db.write(|tx| history::write(tx, &key, &changes, &person(who), Moment::from_ms(at), Origin::Form)).unwrap();
}

#[test]
fn changes_come_newest_first_in_pages() {
    for db in databases(&[MIGRATIONS]) {
        for number in 1..=5_i64 {
            let (old, new) = ((number - 1).to_string(), number.to_string());
            change(&db, KEY, "amount", Some(&old), Some(&new), "anna", number);
        }
        change(&db, RecordKey { record: "2", ..KEY }, "amount", None, Some("9"), "anna", 9);
        let mut seen = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = db.read(|read| history::of(read, &KEY, 2, after.as_deref())).unwrap();
            assert!(page.rows.len() <= 2);
            seen.extend(page.rows.into_iter().map(|entry| entry.new.unwrap()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["5", "4", "3", "2", "1"], "{}", db.name);
        let wrong = db.read(|read| history::of(read, &KEY, 2, Some("x")));
        assert_eq!(wrong, Err(RecordsError::WrongPosition));
    }
}

#[test]
fn what_stays_is_not_written_and_empty_is_kept_apart() {
    for db in databases(&[MIGRATIONS]) {
        change(&db, KEY, "note", None, None, "anna", 1);
        change(&db, KEY, "note", Some("a"), Some("a"), "anna", 2);
        change(&db, KEY, "note", None, Some(""), "anna", 3);
        change(&db, KEY, "note", Some(""), None, "bo", 4);
        let rows = db.read(|read| history::of(read, &KEY, 9, None)).unwrap().rows;
        let values: Vec<_> = rows.iter().map(|entry| (entry.old.as_deref(), entry.new.as_deref())).collect();
        assert_eq!(values, [(Some(""), None), (None, Some(""))], "{}", db.name);
        assert_eq!(rows[0].stamp.origin, "form");
        assert_eq!((rows[0].n, rows[0].stamp.at), (2, Moment::from_ms(4)));
    }
}

#[test]
fn the_last_change_of_each_field_is_known() {
    for db in databases(&[MIGRATIONS]) {
        let ids: Vec<String> = (0..130).map(|number| number.to_string()).collect();
        for id in &ids {
            change(&db, RecordKey { record: id, ..KEY }, "name", None, Some("x"), "anna", 1);
        }
        let twelfth = RecordKey { record: "12", ..KEY };
        change(&db, twelfth, "name", Some("x"), Some("y"), "bo", 2);
        change(&db, twelfth, "due", None, Some("2026-06-30"), "anna", 3);
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let stamps = db.read(|read| history::last_changes(read, "t", "ware", &ids)).unwrap();
        assert_eq!(stamps.of("12", "name").unwrap().who, person("bo"), "{}", db.name);
        assert_eq!(stamps.of("129", "name").unwrap().at, Moment::from_ms(1));
        assert!(stamps.of("13", "due").is_none());
        let last = db.read(|read| history::last_change(read, &twelfth, "due")).unwrap().unwrap();
        assert_eq!((last.who, last.at), (person("anna"), Moment::from_ms(3)));
        assert!(db.read(|read| history::last_changes(read, "other", "ware", &ids)).unwrap().of("12", "name").is_none());
        assert!(db.read(|read| history::last_changes(read, "t", "ware", &[])).unwrap().of("12", "name").is_none());
    }
}

#[test]
fn a_purged_record_leaves_no_history() {
    for db in databases(&[MIGRATIONS]) {
        change(&db, KEY, "name", None, Some("x"), "anna", 1);
        db.write(|tx| history::forget(tx, &KEY)).unwrap();
        assert!(db.read(|read| history::of(read, &KEY, 9, None)).unwrap().rows.is_empty(), "{}", db.name);
        assert!(db.read(|read| history::last_change(read, &KEY, "name")).unwrap().is_none());
    }
}
