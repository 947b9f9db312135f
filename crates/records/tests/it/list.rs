//! Pages lose no row and show none twice, whatever the sort key.

use records::list::{ListQuery, Sort, SortColumn, SortKind, Source};
use records::{MIGRATIONS, RecordKey, RecordsError, fold, search};
use store::testing::{TestDb, databases};
use store::{Migrations, Read, Sql};

const ROOM: Migrations = Migrations {
    prefix: "shop",
    files: &[(
        1,
        "ware",
        "create table shop_ware (\n  tenant text not null,\n  id text not null,\n  name_key text not null,\n  due text,\n  \
         amount bigint not null,\n  price double precision not null,\n  primary key (tenant, id)\n);\n",
    )],
};

const WARES: Source = Source { columns: "id, due", from: "shop_ware", id: "id" };
const NAME: SortColumn = SortColumn { name: "name", key: "name_key", kind: SortKind::Text };
const DUE: SortColumn = SortColumn { name: "due", key: "coalesce(due, '9999-12-31')", kind: SortKind::Text };
const AMOUNT: SortColumn = SortColumn { name: "amount", key: "amount", kind: SortKind::Int };
const PRICE: SortColumn = SortColumn { name: "price", key: "price", kind: SortKind::Real };
const COLUMNS: [SortColumn; 4] = [NAME, DUE, AMOUNT, PRICE];

const ADD: Sql =
    Sql::new("insert into shop_ware (tenant, id, name_key, due, amount, price) values ($1, $2, $3, $4, $5, $6)");

fn fill(db: &TestDb) {
    db.write(|tx| {
        for number in 0..23_i64 {
            let id = format!("{number:02}");
            let name = format!("Ware {}", number % 4);
            let due = (number % 3 != 0).then(|| format!("2026-06-{:02}", number % 5 + 1));
            let price = f64::from(u8::try_from(number % 7).unwrap()) / 3.0;
            let binds =
                ["t".into(), id.as_str().into(), fold(&name).into(), due.into(), (number % 6).into(), price.into()];
            tx.execute(&ADD, &binds)?;
            search::index(tx, &RecordKey { tenant: "t", module: "ware", record: &id }, &[&name])?;
        }
        let other = ["u".into(), "99".into(), "x".into(), None::<&str>.into(), 0_i64.into(), 0.0.into()];
        tx.execute(&ADD, &other)
    })
    .unwrap();
}

fn wares() -> ListQuery {
    ListQuery::new(WARES, "tenant = $1", vec!["t".into()])
}

fn pages(read: &mut Read<'_>, query: &ListQuery, sort: Sort, size: usize) -> Result<Vec<String>, RecordsError> {
    let mut seen = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = query.page(read, sort, after.as_deref(), size, |row| row.text("id"))?;
        assert!(page.rows.len() <= size);
        seen.extend(page.rows);
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(seen),
        }
    }
}

#[test]
fn every_row_comes_once_under_every_sort() {
    for db in databases(&[MIGRATIONS, ROOM]) {
        fill(&db);
        for column in COLUMNS {
            for sort in [Sort::ascending(column), Sort::descending(column)] {
                let whole = db.read(|read| pages(read, &wares(), sort, 100)).unwrap();
                let parts = db.read(|read| pages(read, &wares(), sort, 4)).unwrap();
                assert_eq!(whole, parts, "{}: {}", db.name, sort.text());
                assert_eq!(parts.len(), 23);
            }
        }
        let by_due = db.read(|read| pages(read, &wares(), Sort::ascending(DUE), 5)).unwrap();
        assert_eq!(by_due.last().map(String::as_str), Some("21"), "{}: without a date they come last", db.name);
    }
}

#[test]
fn filters_and_search_combine() {
    for db in databases(&[MIGRATIONS, ROOM]) {
        fill(&db);
        let some = wares()
            .filter("amount >= $1 and amount <= $2", vec![1_i64.into(), 2_i64.into()])
            .search("t", "ware", "WAR 1")
            .one_of("id", vec!["01".into(), "13".into(), "05".into(), "99".into()]);
        let found = db.read(|read| pages(read, &some, Sort::descending(NAME), 1)).unwrap();
        assert_eq!(found, ["13", "01"], "{}", db.name);
        assert_eq!(db.read(|read| some.count_up_to(read, 9)).unwrap(), 2);
        assert_eq!(db.read(|read| wares().count_up_to(read, 9)).unwrap(), 9);
        let none = wares().one_of("id", Vec::new());
        assert!(db.read(|read| pages(read, &none, Sort::ascending(NAME), 9)).unwrap().is_empty());
        let all = wares().search("t", "ware", " ");
        assert_eq!(db.read(|read| pages(read, &all, Sort::ascending(NAME), 9)).unwrap().len(), 23);
    }
}

#[test]
fn a_position_fits_its_own_list_only() {
    for db in databases(&[MIGRATIONS, ROOM]) {
        fill(&db);
        let first = db.read(|read| wares().page(read, Sort::ascending(NAME), None, 2, |row| row.text("id"))).unwrap();
        let next = first.next.unwrap();
        for (sort, after) in [
            (Sort::descending(NAME), next.as_str()),
            (Sort::ascending(DUE), next.as_str()),
            (Sort::ascending(NAME), "zz"),
            (Sort::ascending(NAME), "6"),
            (Sort::ascending(NAME), "é"),
        ] {
            let wrong = db.read(|read| wares().page(read, sort, Some(after), 2, |row| row.text("id")));
            assert_eq!(wrong.unwrap_err(), RecordsError::WrongPosition, "{}: {after}", db.name);
        }
    }
}

#[test]
fn sorts_are_a_closed_set() {
    assert_eq!(Sort::parse(&COLUMNS, "name"), Some(Sort::ascending(NAME)));
    assert_eq!(Sort::parse(&COLUMNS, "-due"), Some(Sort::descending(DUE)));
    assert_eq!(Sort::descending(DUE).text(), "-due");
    for wrong in ["", "-", "id; drop table shop_ware", "name_key"] {
        assert_eq!(Sort::parse(&COLUMNS, wrong), None);
    }
}
