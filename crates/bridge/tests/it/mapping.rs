//! Client companies and accounts (MAP-1 to MAP-9).

use bridge::BridgeError;
use bridge::job::JobFilter;
use bridge::mapping::overview::{MappingFilter, MappingRow, MappingState};
use bridge::mapping::run::RunOptions;
use mail::letter::{Letter, MappingReport, MappingResult};
use ports::Reason;
use store::Sql;

use crate::desk::{Desk, account, account_id, acting, company_id, on_each_database, project_id, record};

fn row(desk: &Desk, company: &str) -> MappingRow {
    let rows = desk.bridge.mapping_overview(&acting("admin")).unwrap().rows;
    let is_it = |row: &MappingRow| row.company.as_ref().is_some_and(|party| party.id == company_id(company).as_str());
    rows.into_iter().find(is_it).unwrap()
}

fn reports(desk: &Desk) -> Vec<MappingReport> {
    let letters = desk.letters().into_iter().map(|letter| match letter {
        Letter::MappingReport(report) => report,
        other => panic!("{other:?}"),
    });
    letters.collect()
}

#[test]
fn sc_9_the_first_run_on_the_demo_data() {
    on_each_database(|desk| {
        desk.unmap("c2");
        let before = desk.bridge.mapping_overview(&acting("admin")).unwrap();
        let sample: Vec<_> = before.sample.iter().filter_map(|row| row.company.clone()).map(|it| it.name).collect();
        assert_eq!(sample, ["Hospital Customer", "Logistics Customer"]);
        assert_eq!(before.counts.get(&MappingState::Exact), Some(&2));
        let alone: Vec<_> =
            before.rows.iter().filter(|row| row.company.is_none()).filter_map(|row| row.account.clone()).collect();
        assert_eq!(
            alone.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
            ["North Reseller", "University Customer"]
        );

        let options = RunOptions { dry_run: false, basis: Some(before.basis) };
        let job = desk.bridge.run_mapping(&acting("admin"), "press-1", &options).unwrap();
        assert_eq!(
            (job.state.code(), job.counts.get("mapped"), job.counts.get("unmapped")),
            ("done", Some(&2), Some(&4))
        );
        assert_eq!((job.done, job.total), (6, Some(6)));
        let mapped = |company: &str| row(desk, company).account.map(|party| party.id);
        assert_eq!(mapped("c2").as_deref(), Some("account-a2"));
        assert_eq!(mapped("c3").as_deref(), Some("account-a3"));
        assert_eq!(
            row(desk, "c4").reason,
            Some(Reason::AmbiguousName {
                candidates: vec!["Hotel Customer (Lisbon)".to_owned(), "Hotel Customer (Osaka)".to_owned()],
            })
        );
        assert_eq!(row(desk, "c5").reason, Some(Reason::SimilarName { candidate: "RETAIL  CUSTOMER".to_owned() }));
        assert_eq!((row(desk, "c6").reason, row(desk, "c7").reason), (Some(Reason::NoMatch), Some(Reason::NoMatch)));

        let rows = desk.bridge.job_rows(&acting("admin"), &job.id, &[], None, 200).unwrap().rows;
        let outcomes: Vec<_> = rows.iter().map(|row| row.outcome).collect();
        assert_eq!(outcomes, ["mapped", "unmapped", "mapped", "unmapped", "unmapped", "unmapped"]);

        // The same press gives the same job; a new one maps nothing and says so.
        assert_eq!(desk.bridge.run_mapping(&acting("admin"), "press-1", &options).unwrap(), job);
        let again = desk.bridge.run_mapping(&acting("admin"), "press-2", &RunOptions::default()).unwrap();
        assert_eq!((again.counts.get("mapped"), again.counts.get("unmapped")), (Some(&0), Some(&4)));
        let reports = reports(desk);
        assert_eq!(reports.len(), 2, "one letter a run");
        let counts: Vec<_> = reports
            .iter()
            .map(|report| {
                let of = |wanted: &MappingResult| report.rows.iter().filter(|row| row.result == *wanted).count();
                (of(&MappingResult::MappedNow), of(&MappingResult::MappedBefore), report.rows.len())
            })
            .collect();
        assert!(counts.contains(&(2, 1, 7)) && counts.contains(&(0, 3, 7)), "{counts:?}");
    });
}

#[test]
fn sc_9_a_dry_run_maps_nothing_and_its_basis_binds() {
    on_each_database(|desk| {
        let dry = RunOptions { dry_run: true, basis: None };
        let look = desk.bridge.run_mapping(&acting("admin"), "look", &dry).unwrap();
        assert!(look.is_dry_run && look.basis.is_some());
        assert_eq!(look.counts.get("mapped"), Some(&1));
        assert_eq!(row(desk, "c3").state, MappingState::Exact);
        assert!(reports(desk).is_empty());
        desk.crm.state().records.push(record(account("a9"), "Logistics Customer"));
        let real = RunOptions { dry_run: false, basis: look.basis };
        assert_eq!(desk.bridge.run_mapping(&acting("admin"), "real", &real), Err(BridgeError::ChangedSince));
        assert_eq!(row(desk, "c3").state, MappingState::Ambiguous);
        assert!(reports(desk).is_empty());
    });
}

#[test]
fn sc_10_what_counts_as_the_same_name() {
    on_each_database(|desk| {
        let pairs = [
            ("1", "H\u{f4}tel Zylker", "Ho\u{302}tel Zylker", MappingState::Mapped),
            ("2", " Port Customer ", "Port Customer", MappingState::Mapped),
            ("3", "ABC 客户", "ＡＢＣ 客户", MappingState::Similar),
            ("4", "Straße Customer", "STRASSE CUSTOMER", MappingState::Similar),
            ("5", "Dock  Customer", "Dock Customer", MappingState::Similar),
        ];
        for (id, account_name, company_name, _) in pairs {
            desk.crm.state().records.push(record(account(&format!("s{id}")), account_name));
            desk.projects.state().companies.push(ports::Company {
                id: company_id(&format!("s{id}")),
                version: ports::Version::counter(1),
                name: company_name.to_owned(),
            });
        }
        desk.bridge.run_mapping(&acting("admin"), "press", &RunOptions::default()).unwrap();
        for (id, _, company_name, state) in pairs {
            let row = row(desk, &format!("s{id}"));
            assert_eq!(row.state, state, "{company_name}");
            assert_eq!(row.company.unwrap().name, company_name);
        }
        desk.map("s3", "s3");
        let clicked = row(desk, "s3");
        assert_eq!((clicked.state, clicked.names_differ), (MappingState::Mapped, true));
    });
}

#[test]
fn sc_11_one_company_one_account() {
    on_each_database(|desk| {
        let map = |company: &str, account: &str| {
            desk.bridge.map_pair(&acting("admin"), &company_id(company), &account_id(account)).map(|_| ())
        };
        let taken = || Err(BridgeError::Refused(Reason::AlreadyMapped { partner: "Software Customer".to_owned() }));
        assert_eq!(map("c1", "a4"), taken());
        assert_eq!(map("c7", "a1"), taken());
        assert_eq!(map("c1", "a1"), Ok(()), "the same pair again is no error");
        assert!(desk.bridge.shows_add_to_crm(&acting("lead"), &project_id("p1")).unwrap());

        desk.clock.forward(1_000);
        desk.unmap("c1");
        assert!(!desk.bridge.shows_add_to_crm(&acting("lead"), &project_id("p1")).unwrap());
        assert!(!desk.bridge.shows_add_to_crm(&acting("lead"), &project_id("p2")).unwrap());
        desk.map("c1", "a1");
        assert!(desk.bridge.shows_add_to_crm(&acting("lead"), &project_id("p1")).unwrap());
        let history = desk.bridge.mapping_history(&acting("admin"), None, 3).unwrap();
        let told: Vec<_> = history.iter().map(|it| (it.is_mapped, it.company.name.as_str(), it.by.clone())).collect();
        let admin = Some(crate::desk::email("admin"));
        assert_eq!(told[0], (true, "Software Customer", admin.clone()));
        assert_eq!(told[1], (false, "Software Customer", admin));
    });
}

#[test]
fn map_1_projects_of_a_mapped_company_belong_to_its_account() {
    on_each_database(|desk| {
        let related = |desk: &Desk| desk.bridge.related_projects(&acting("sales"), &account("a1")).unwrap();
        let names: Vec<_> = related(desk).iter().map(|row| row.project.name.clone()).collect();
        assert_eq!(names, ["Data Migration", "Router Roll-out"]);
        let first = related(desk).remove(0);
        assert_eq!(first.association.origin.code(), "mapping");
        let removed = desk.bridge.remove_association(&acting("admin"), &first.association.id);
        assert_eq!(removed, Err(BridgeError::WrongState));
        desk.unmap("c1");
        assert!(related(desk).is_empty());
    });
}

#[test]
fn map_3_only_portal_administrators_map() {
    on_each_database(|desk| {
        for person in ["sales", "lead", "pm"] {
            let tried = desk.bridge.map_pair(&acting(person), &company_id("c3"), &account_id("a3"));
            assert_eq!(tried, Err(BridgeError::Refused(Reason::NoPermission { person: None })), "{person}");
            assert!(desk.bridge.mapping_overview(&acting(person)).is_err());
            assert!(desk.bridge.run_mapping(&acting(person), "press", &RunOptions::default()).is_err());
        }
        let client = acting("it.manager@software-customer.example");
        assert_eq!(desk.bridge.mapping_overview(&client), Err(BridgeError::NotFound));
        let seen = desk.bridge.mappings(&acting("lead"), &MappingFilter::default(), None, 50).unwrap().rows;
        assert!(seen.iter().all(|row| row.state == MappingState::Mapped) && seen.len() == 2);
        assert_eq!(row(desk, "c3").state, MappingState::Exact);
    });
}

#[test]
fn map_3_said_to_be_different_is_not_suggested_again() {
    on_each_database(|desk| {
        desk.bridge.say_different(&acting("admin"), &company_id("c5"), &account_id("a7")).unwrap();
        assert_eq!(row(desk, "c5").state, MappingState::Different);
        desk.bridge.run_mapping(&acting("admin"), "press", &RunOptions::default()).unwrap();
        assert_eq!(row(desk, "c5").state, MappingState::Different);
        desk.map("c5", "a7");
        assert_eq!(row(desk, "c5").state, MappingState::Mapped);
    });
}

#[test]
fn map_1_two_hundred_and_fifty_pairs_in_bounded_steps() {
    on_each_database(|desk| {
        for number in 0..250 {
            let name = format!("Customer {number:03}");
            desk.crm.state().records.push(record(account(&format!("x{number}")), &name));
            desk.projects.state().companies.push(ports::Company {
                id: company_id(&format!("x{number}")),
                version: ports::Version::counter(1),
                name,
            });
        }
        let job = desk.bridge.run_mapping(&acting("admin"), "press", &RunOptions::default()).unwrap();
        assert_eq!(job.counts.get("mapped"), Some(&251));
        const MAPPED: Sql = Sql::new("select count(*) as n from bridge_mapping where connection_id = $1");
        let stored = desk.db.read(|read| read.row(&MAPPED, &[desk.connection.id.as_str().into()])?.unwrap().int("n"));
        assert_eq!(stored, Ok(253));
    });
}

#[test]
fn map_7_two_people_at_once_map_one_account_once() {
    on_each_database(|desk| {
        let answers: Vec<_> = std::thread::scope(|scope| {
            let pair = |company: &'static str| {
                let bridge = desk.bridge.clone();
                move || bridge.map_pair(&acting("admin"), &company_id(company), &account_id("a3"))
            };
            let both = [scope.spawn(pair("c3")), scope.spawn(pair("c7"))];
            both.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let refused: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
        assert_eq!(refused.len(), 1, "{answers:?}");
        assert!(matches!(refused[0], BridgeError::Refused(Reason::AlreadyMapped { .. })), "{refused:?}");
    });
}

#[test]
fn sync_10_what_is_loaded_is_not_told() {
    on_each_database(|desk| {
        let before = desk.history().len();
        let loading = ports::Acting { origin: ports::Origin::System, ..acting("admin") };
        desk.bridge.map_pair(&loading, &company_id("c3"), &account_id("a3")).unwrap();
        desk.bridge.associate(&loading, "demo", &crate::desk::deal("d2"), &[project_id("p1")]).unwrap();
        assert_eq!(desk.history().len(), before);
        desk.bridge.associate(&acting("admin"), "press", &crate::desk::deal("d3"), &[project_id("p1")]).unwrap();
        assert_eq!(desk.history().len(), before + 1);
    });
}

#[test]
fn imp_4_jobs_are_for_their_starter_and_administrators() {
    on_each_database(|desk| {
        let run = |token: &str| desk.bridge.run_mapping(&acting("owner"), token, &RunOptions::default()).unwrap().id;
        let ids = [run("1"), run("2"), run("3")];
        let first = desk.bridge.jobs(&acting("admin"), &JobFilter::default(), None, 2).unwrap();
        assert_eq!(first.rows.iter().map(|job| job.id.clone()).collect::<Vec<_>>(), [ids[2].clone(), ids[1].clone()]);
        let second = desk.bridge.jobs(&acting("admin"), &JobFilter::default(), first.next.as_deref(), 2).unwrap();
        assert_eq!((second.rows.len(), second.next), (1, None));
        assert!(desk.bridge.jobs(&acting("lead"), &JobFilter::default(), None, 50).unwrap().rows.is_empty());
        assert_eq!(desk.bridge.job(&acting("lead"), &ids[0]), Err(BridgeError::NotFound));
        let page = desk.bridge.job_rows(&acting("owner"), &ids[0], &["unmapped"], None, 3).unwrap();
        assert_eq!((page.rows.len(), page.next.is_some()), (3, true));
    });
}

#[test]
fn map_7_pages_hear_of_each_change_of_a_mapping() {
    on_each_database(|desk| {
        const TOLD: Sql =
            Sql::new("select record, audience from store_feed where feed = 'bridge' and kind = 'mapping'");
        let told = || {
            let rows = desk.db.read(|read| read.rows(&TOLD, &[])).unwrap();
            let line = |row: &store::Row| format!("{} {}", row.text("record").unwrap(), row.text("audience").unwrap());
            rows.iter().map(line).collect::<Vec<_>>()
        };
        let before = told().len();
        let company = company_id("c3");
        desk.map("c3", "a3");
        assert_eq!(told().split_off(before), [format!("{} portal", company.as_str())]);
    });
}
