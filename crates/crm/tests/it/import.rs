//! Import of files: whole files that are refused, rows that fail, and what a repeat does.

use std::io::Cursor;
use std::path::PathBuf;

use crm::import::{ImportError, ImportOptions, ImportReport, parse_map, parse_values};
use crm::{CrmError, Deal, Draft, Filter, Module, Sort, SortField};
use ports::{Acting, CrmModule, Reason};

use crate::world::{World, email, on_all};

fn options(module: CrmModule, key: &str, map: &str) -> ImportOptions {
    ImportOptions {
        module,
        key: key.to_owned(),
        columns: parse_map(map).unwrap(),
        values: Vec::new(),
        separator: None,
        encoding: None,
        date_format: None,
        is_dry_run: false,
    }
}

fn accounts() -> ImportOptions {
    options(CrmModule::Account, "id", "name=Account_Name,sector=Industry,phone=Phone")
}

fn deals() -> ImportOptions {
    let map = "id=Deal_Name,stage=Stage,account=Account_Name,value=Amount,close=Closing_Date,agent=Owner";
    let values = parse_values("stage:Won=Closed Won,stage:Lost=Closed Lost").unwrap();
    ImportOptions { values, ..options(CrmModule::Deal, "id", map) }
}

fn import(world: &World, options: &ImportOptions, file: &[u8]) -> Result<ImportReport, ImportError> {
    let mut done = 0;
    let report = world.crm.import(&world.sales(), options, Cursor::new(file), &mut |progress| {
        done += 1;
        assert_eq!(progress.done, done);
        assert!(progress.done <= progress.total);
    })?;
    assert_eq!(report.created + report.updated + report.unchanged + report.failed, done);
    Ok(report)
}

fn numbers(report: &ImportReport) -> (u64, u64, u64, u64) {
    (report.created, report.updated, report.unchanged, report.failed)
}

fn faults(report: &ImportReport) -> Vec<String> {
    let line = |row: &crm::import::RowOutcome| match &row.result {
        crm::import::RowResult::Failed(faults) => {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            format!("{}: {}", row.line, faults.join("; "))
        }
        other => format!("{other:?}"),
    };
    report.failures.iter().map(line).collect()
}

fn names(world: &World, module: Module) -> Vec<String> {
    world.pages(module, &Filter::default(), Sort::ascending(SortField::Name))
}

#[test]
fn a_file_read_again_makes_nothing_twice() {
    on_all(|world| {
        let file = "id,name,sector,phone\n1,Acme,technolgy,007\n2,零售客户,,\n\n3,\"A, \"\"B\"\"\",,=1+1\n";
        let first = import(world, &accounts(), file.as_bytes()).unwrap();
        assert_eq!(numbers(&first), (3, 0, 0, 0));
        assert_eq!(
            first.values_outside_list.keys().collect::<Vec<_>>(),
            [&("Industry".to_owned(), "technolgy".to_owned())]
        );
        assert_eq!(names(world, Module::Account), ["A, \"B\"", "Acme", "零售客户"]);
        assert_eq!(numbers(&import(world, &accounts(), file.as_bytes()).unwrap()), (0, 0, 3, 0));
        let changed = file.replace("007", "008").replace("=1+1", "");
        assert_eq!(numbers(&import(world, &accounts(), changed.as_bytes()).unwrap()), (0, 2, 1, 0));
        // Another key column is another world of keys.
        let by_name = ImportOptions { key: "name".to_owned(), ..accounts() };
        assert_eq!(numbers(&import(world, &by_name, file.as_bytes()).unwrap()), (3, 0, 0, 0));
    });
}

#[test]
fn what_was_deleted_is_made_anew() {
    on_all(|world| {
        let file = b"id,name,sector,phone\n1,Acme,,\n";
        import(world, &accounts(), file).unwrap();
        let filter = Filter::default();
        let query = crm::ListQuery {
            module: Module::Account,
            filter,
            sort: Sort::ascending(SortField::Name),
            after: None,
            limit: 5,
        };
        let made = world.crm.list(&world.sales(), &query).unwrap().rows.remove(0);
        assert_eq!((made.text("phone"), &made.owner), ("", &email("sales")));
        world.crm.delete(&world.sales(), Module::Account, &made.id, None).unwrap();
        assert_eq!(numbers(&import(world, &accounts(), file).unwrap()), (1, 0, 0, 0));
        assert_eq!(numbers(&import(world, &accounts(), file).unwrap()), (0, 0, 1, 0));
    });
}

#[test]
fn bad_rows_are_told_with_their_line_and_stop_no_other() {
    on_all(|world| {
        world.account("Cancity");
        world.account("Hotel Customer");
        world.account("Hotel Customer");
        let long = "x".repeat(121);
        let file = format!(
            "id,stage,account,value,close,agent\r\n\
             A,Won,Cancity,1054,2017-03-01,Moses Frase\r\n\
             B,Engaging,,,,Sales Manager\r\n\
             ,Won,,,,\r\n\
             A,Won,,,,\r\n\
             C,Won,Nobody,,,\r\n\
             D,Won,Hotel Customer,,,\r\n\
             E,,,,,\r\n\
             F,Won,,\"1,054\",2017/02/30,\r\n\
             {long},Won,,,,\r\n\
             G,Won,,,,,beyond\r\n\
             H,Won,,,2017/03/01,,\r\n\
             I,Lost\r\n"
        );
        let report = import(world, &deals(), file.as_bytes()).unwrap();
        assert_eq!(
            faults(&report),
            [
                "4: id: the key is empty",
                "5: line 2 has the same key",
                "6: account: nothing is called \"Nobody\"",
                "7: account: 2 records are called \"Hotel Customer\"",
                "8: stage (Stage): a value is required",
                "9: close (Closing_Date): \"2017/02/30\" is no day; name the form of days with --date-format",
                "10: id (Deal_Name): 121 characters, at most 120 fit; nothing is cut",
                "11: cell 7 (\"beyond\") stands behind the last column",
            ]
        );
        assert_eq!(numbers(&report), (4, 0, 0, 8));
        assert_eq!(report.unknown_owners.get("Moses Frase"), Some(&1));
        assert_eq!(names(world, Module::Deal), ["A", "B", "H", "I"]);
        let again = import(world, &deals(), file.as_bytes()).unwrap();
        assert_eq!(numbers(&again), (0, 0, 4, 8));
        let query = crm::ListQuery {
            module: Module::Deal,
            filter: Filter::default(),
            sort: Sort::ascending(SortField::Name),
            after: None,
            limit: 9,
        };
        let first = Deal::of(world.crm.list(&world.sales(), &query).unwrap().rows.remove(0)).unwrap();
        assert_eq!((first.stage.as_str(), first.account.unwrap().name.as_str()), ("Closed Won", "Cancity"));
        assert_eq!(
            (first.amount.unwrap().hundredths(), first.closing.unwrap().to_string()),
            (105_400, "2017-03-01".to_owned())
        );
        assert_eq!(first.record.owner, email("sales"));
    });
}

#[test]
fn an_amount_that_is_no_number_fails_its_row() {
    on_all(|world| {
        let report = import(world, &deals(), b"id,stage,account,value,close,agent\nA,Won,,12x,,\n").unwrap();
        assert_eq!(faults(&report), ["2: value (Amount): \"12x\" is no number like 1250.50"]);
    });
}

#[test]
fn separators_and_encodings_are_found_out_or_named() {
    let gb18030: &[u8] = b"id;name;sector;phone\n1;\xc2\xb7\xd3\xc9\xc6\xf7;;\n";
    let utf_16 = |text: &str| {
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    on_all(|world| {
        for file in [
            "\u{feff}id,name,sector,phone\n1,路由器,,\n".as_bytes().to_vec(),
            "id;name;sector;phone\n1;路由器;;\n".as_bytes().to_vec(),
            "id\tname\tsector\tphone\r\n1\t路由器\r\n".as_bytes().to_vec(),
            utf_16("id,name,sector,phone\n1,路由器,,\n"),
            " id , name ,sector,phone,\n1,路由器,,\n".as_bytes().to_vec(),
        ] {
            let report = import(world, &accounts(), &file).unwrap();
            assert_eq!(report.failed, 0);
            assert_eq!(names(world, Module::Account), ["路由器"]);
        }
        let named = ImportOptions { encoding: Some("gb18030".to_owned()), ..accounts() };
        assert_eq!(numbers(&import(world, &named, gb18030).unwrap()), (0, 0, 1, 0));
        let piped = ImportOptions { separator: Some('|'), ..accounts() };
        assert_eq!(
            numbers(&import(world, &piped, "id|name|sector|phone\n1|路由器||\n".as_bytes()).unwrap()),
            (0, 0, 1, 0)
        );
        let european = ImportOptions { date_format: Some("DD.MM.YYYY".to_owned()), ..deals() };
        let file = b"id,stage,account,value,close,agent\nA,Won,,,24.12.2026,\nB,Won,,,2026-12-24,\n";
        assert_eq!(numbers(&import(world, &european, file).unwrap()), (1, 0, 0, 1));
    });
}

#[test]
fn a_file_that_cannot_be_read_is_refused_whole_with_the_line() {
    let head = "id,name,sector,phone\n";
    let refused: [(Vec<u8>, &str); 11] = [
        (
            [head.as_bytes(), b"1,ok,,\n2,\xc2\xb7\xd3\xc9,,\n"].concat(),
            "line 3 is no text in UTF-8: save the file as UTF-8, or name its encoding",
        ),
        (
            [head.as_bytes(), b"1,ok,,\n2,\"never closed,,\n3,x,,\n"].concat(),
            "the quote opened on line 3 is never closed",
        ),
        (b"id,name,sector,name\n1,a,,\n".to_vec(), "line 1 names the column \"name\" twice"),
        (b"\nid,name\n1,a\n".to_vec(), "line 2 has no column sector, phone; it has id, name"),
        (b"PK\x03\x04rest".to_vec(), "the file is a workbook, not text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "the file is a workbook, not text"),
        (Vec::new(), "the file is empty"),
        (b"\xef\xbb\xbf\r\n\r\n".to_vec(), "the file is empty"),
        (b"id;name;sector\n".to_vec(), "line 1 has no column phone; it has id, name, sector"),
        ([b"\xff\xfe".as_slice(), &[0x00, 0xd8, 0x41, 0x00]].concat(), "line 1 is no text in UTF-16LE"),
        ([head.as_bytes(), b"1,ok,,\r2,\xff,,\n"].concat(), "line 3 is no text in UTF-8"),
    ];
    on_all(|world| {
        for (file, told) in &refused {
            let error = import(world, &accounts(), file).unwrap_err();
            assert!(error.to_string().starts_with(told), "{error}");
        }
        assert!(names(world, Module::Account).is_empty());
    });
}

#[test]
fn wrong_options_are_told() {
    on_all(|world| {
        let file = b"id,name\n1,a\n";
        for (options, told) in [
            (
                options(CrmModule::Account, "id", "name=Name"),
                "there is no field \"Name\" to import into; there are Account_Name, Owner",
            ),
            (options(CrmModule::Contact, "id", "name=Full_Name"), "there is no field \"Full_Name\""),
            (
                options(CrmModule::Account, "id", "name=Account_Name,id=Account_Name"),
                "two columns go into the field Account_Name: name, id",
            ),
            (options(CrmModule::Account, "key", "name=Account_Name"), "line 1 has no column key"),
            (options(CrmModule::Account, "id", ""), "--map \"\" is not of the form"),
            (
                ImportOptions {
                    encoding: Some("klingon".to_owned()),
                    ..options(CrmModule::Account, "id", "name=Account_Name")
                },
                "no encoding is called \"klingon\"",
            ),
        ] {
            let error = import(world, &options, file).unwrap_err();
            assert!(error.to_string().starts_with(told), "{error}");
        }
        let stranger = Acting { email: email("client"), ..world.sales() };
        let error = world.crm.import(&stranger, &accounts(), Cursor::new(file), &mut |_| ()).unwrap_err();
        assert!(matches!(error, ImportError::Crm(CrmError::Refused(Reason::NoPermission { .. }))));
    });
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    on_all(|world| {
        let map = "name=Account_Name,parent=Parent_Account";
        let file = b"name,parent\nGroup,\nDaughter,Group\nOrphan,Nobody\nGroup,\n";
        let dry = ImportOptions { is_dry_run: true, ..options(CrmModule::Account, "name", map) };
        let looked = import(world, &dry, file).unwrap();
        assert_eq!(numbers(&looked), (2, 0, 0, 2));
        assert!(names(world, Module::Account).is_empty());
        let done = import(world, &options(CrmModule::Account, "name", map), file).unwrap();
        assert_eq!(looked, done);
        assert_eq!(numbers(&import(world, &dry, file).unwrap()), (0, 0, 2, 2));
    });
}

#[test]
fn owners_are_found_by_address_or_name() {
    on_all(|world| {
        let file = "id,stage,account,value,close,agent\nA,Won,,,,Lead@zylker.example\nB,Won,,,,迁移负责人\nC,Won,,,,former@zylker.example\n";
        let report = import(world, &deals(), file.as_bytes()).unwrap();
        assert_eq!(report.unknown_owners.keys().collect::<Vec<_>>(), ["former@zylker.example"]);
        let of = |person: &str| {
            let filter = Filter { owner: Some(email(person)), ..Filter::default() };
            world.pages(Module::Deal, &filter, Sort::ascending(SortField::Name))
        };
        assert_eq!((of("lead"), of("sales")), (vec!["A".to_owned(), "B".to_owned()], vec!["C".to_owned()]));
        // A deal that was given to somebody else stays there when the file is read again.
        let query = crm::ListQuery {
            module: Module::Deal,
            filter: Filter { owner: Some(email("sales")), ..Filter::default() },
            sort: Sort::ascending(SortField::Name),
            after: None,
            limit: 1,
        };
        let given = world.crm.list(&world.sales(), &query).unwrap().rows.remove(0);
        world
            .crm
            .update(&world.sales(), Module::Deal, &given.id, None, &Draft::new().with("owner", email("admin").as_str()))
            .unwrap();
        assert_eq!(numbers(&import(world, &deals(), file.as_bytes()).unwrap()), (0, 0, 3, 0));
    });
}

#[test]
fn the_public_data_set_becomes_accounts_and_deals() {
    let Some(folder) = std::env::var_os("LOCKSTEP_REAL_DATA").map(PathBuf::from) else {
        eprintln!("skipped: LOCKSTEP_REAL_DATA names no folder with the public data set");
        return;
    };
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    on_all(|world| {
        let map = "account=Account_Name,sector=Industry,revenue=Annual_Revenue,employees=Employees,office_location=Billing_Country";
        let accounts = options(CrmModule::Account, "account", map);
        assert_eq!(numbers(&import(world, &accounts, &read("accounts.csv")).unwrap()), (85, 0, 0, 0));
        let map = "opportunity_id=Deal_Name,account=Account_Name,deal_stage=Stage,close_date=Closing_Date,close_value=Amount,sales_agent=Owner";
        let values = "deal_stage:Won=Closed Won,deal_stage:Lost=Closed Lost,deal_stage:Prospecting=Qualification,deal_stage:Engaging=Needs Analysis";
        let values = parse_values(values).unwrap();
        let deals = ImportOptions { values, ..options(CrmModule::Deal, "opportunity_id", map) };
        let mut file = read("sales_pipeline.csv");
        if world.engine == "postgres" {
            // The same statements ran for every row of the other engine; here some hundred show that they fit.
            let end = file.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1_000).unwrap().0;
            file.truncate(end);
            assert_eq!(numbers(&import(world, &deals, &file).unwrap()), (1_000, 0, 0, 0));
            assert_eq!(numbers(&import(world, &deals, &file).unwrap()), (0, 0, 1_000, 0));
            return;
        }
        let first = import(world, &deals, &file).unwrap();
        assert_eq!(first.to_string(), "8800 created, 0 updated, 0 unchanged, 0 failed");
        assert_eq!(first.unknown_owners.len(), 30);
        assert!(first.values_outside_list.is_empty());
        let totals = world.crm.deal_totals(&world.sales(), None).unwrap();
        assert_eq!((totals.won, totals.open), (4_238, 2_089));
        assert_eq!(numbers(&import(world, &deals, &file).unwrap()), (0, 0, 8_800, 0));
    });
}
