//! Client companies and accounts (scenarios B).

use bridge::BridgeError;
use bridge::job::JobState;
use bridge::mapping::overview::{MappingRow, MappingState};
use bridge::mapping::run::RunOptions;
use crm::{Draft, Module};
use ports::Reason;
use simulation::Scene;
use simulation::scene::{self, Told, on_both};

fn run(scene: &mut Scene) -> std::collections::BTreeMap<String, i64> {
    let press = scene.press();
    let job = scene.all.bridge.run_mapping(&scene.by("U1"), &press, &RunOptions::default()).unwrap();
    assert_eq!(job.state, JobState::Done);
    job.counts
}

fn row<'a>(rows: &'a [MappingRow], scene: &Scene, company: &str) -> &'a MappingRow {
    let id = scene.id(company);
    rows.iter().find(|row| row.company.as_ref().is_some_and(|party| party.id == id)).unwrap()
}

#[test]
fn sc_9_the_first_run_maps_what_is_sure_and_says_why_not_the_rest() {
    on_both(|scene| {
        scene.unmap("C2");
        scene.unmap("C6");
        scene.begin();
        let before = scene.all.bridge.mapping_overview(&scene.by("U1")).unwrap();
        assert!(before.sample.len() <= 5);
        assert_eq!(before.counts.get(&MappingState::Exact), Some(&2));
        assert_eq!(before.counts.get(&MappingState::Mapped), Some(&1));

        run(scene);
        scene.settle();
        assert_eq!(scene.mappings(), ["C1 A1", "C2 A2", "C3 A3"]);
        assert_eq!(scene.letters(), ["M4 U1"]);
        let letter = scene.newest_letter();
        for words in [
            "2 mapped",
            "4 not mapped",
            "Hotel Customer",
            "Retail Customer",
            "Northern Reseller",
            "Public Transport Customer",
        ] {
            assert!(letter.contains(words), "{words} is missing in:\n{letter}");
        }
        assert_eq!(scene.changed(), [] as [&str; 0]);

        let after = scene.all.bridge.mapping_overview(&scene.by("U1")).unwrap();
        let ambiguous = row(&after.rows, scene, "C4");
        assert_eq!(ambiguous.state, MappingState::Ambiguous);
        assert_eq!(ambiguous.reason.as_ref().map(Reason::code), Some("ambiguous_name"));
        let mut cities: Vec<_> = ambiguous.candidates.iter().map(|party| party.label()).collect();
        cities.sort();
        assert_eq!(cities, ["Hotel Customer (Lisbon)", "Hotel Customer (Osaka)"]);
        let similar = row(&after.rows, scene, "C5");
        assert_eq!((similar.state, similar.candidates[0].id.clone()), (MappingState::Similar, scene.id("A7")));
        for company in ["C6", "C7"] {
            assert_eq!(row(&after.rows, scene, company).state, MappingState::NoMatch);
        }
        let mut alone: Vec<String> = after
            .rows
            .iter()
            .filter(|row| row.company.is_none())
            .map(|row| scene.key_of(&row.account.as_ref().unwrap().id))
            .collect();
        alone.sort();
        assert_eq!(alone, ["A4", "A8"], "accounts without a company");

        scene.begin();
        run(scene);
        scene.settle();
        assert_eq!(scene.mappings(), ["C1 A1", "C2 A2", "C3 A3"], "pressing again changes nothing");
        assert_eq!(scene.letters(), ["M4 U1"]);
        assert!(scene.newest_letter().contains("0 newly mapped"), "{}", scene.newest_letter());
    });
}

#[test]
fn sc_10_what_counts_as_the_same_name() {
    on_both(|scene| {
        let pairs = [
            ("H\u{f4}tel Zylker", "Ho\u{302}tel Zylker", true),
            (" Port Customer ", "Port Customer", true),
            ("ABC 客户", "\u{ff21}\u{ff22}\u{ff23} 客户", false),
            ("Straße Customer", "STRASSE CUSTOMER", false),
            ("Dock  Customer", "Dock Customer", false),
        ];
        for (number, (account, company, _)) in pairs.iter().enumerate() {
            let draft = Draft::new().with("name", *account);
            let made = scene.all.crm.create(&scene.by("U3"), Module::Account, &draft).unwrap();
            scene.name(&format!("A-{number}"), &made.id);
            let made = scene.all.projects.create_company(&scene.by("U1"), company).unwrap();
            scene.name(&format!("C-{number}"), made.id.as_str());
        }
        scene.begin();
        run(scene);
        scene.settle();
        let mapped = scene.mappings();
        let after = scene.all.bridge.mapping_overview(&scene.by("U1")).unwrap();
        for (number, (account, _, is_same)) in pairs.iter().enumerate() {
            let pair = format!("C-{number} A-{number}");
            assert_eq!(mapped.contains(&pair), *is_same, "{account}");
            if !is_same {
                let row = row(&after.rows, scene, &format!("C-{number}"));
                assert_eq!(row.state, MappingState::Similar, "{account}");
                scene.map(&format!("C-{number}"), &format!("A-{number}")).unwrap();
                assert!(scene.mappings().contains(&pair));
            }
        }
        assert_eq!(scene.changed(), [] as [&str; 0], "neither name is changed");
    });
}

#[test]
fn sc_11_one_company_has_one_account() {
    on_both(|scene| {
        for (company, account) in [("C1", "A4"), ("C7", "A1")] {
            let refused = scene.map(company, account).unwrap_err();
            let BridgeError::Refused(Reason::AlreadyMapped { partner }) = &refused else { panic!("{refused}") };
            assert_eq!(partner, "Software Customer");
        }
        scene.silent();
        scene.unmap("C1");
        scene.told(&Told { history: &["applied unmap Software Customer U1"], ..Told::default() });
        assert!(!scene.shows_button("U4", "P1") && !scene.shows_button("U4", "P2"));
        scene.crm("U4", "K2", &[("due", "2026-03-23")]);
        scene.told(&Told {
            history: &["applied due crm 2026-03-20 → 2026-03-23 U4"],
            writes: &["projects DM-4 due"],
            changed: &["DM-4", "K2"],
            ..Told::default()
        });
        let why = scene.all.bridge.why(&scene.by("U4"), &scene::link_id(scene, "DM-4", "K2")).unwrap();
        assert_eq!(why.obstacle.as_ref().map(Reason::code), Some("client_not_mapped"), "the page says so");
        scene.map("C1", "A1").unwrap();
        assert!(scene.shows_button("U4", "P1") && scene.shows_button("U4", "P2"));
        let why = scene.all.bridge.why(&scene.by("U4"), &scene::link_id(scene, "DM-4", "K2")).unwrap();
        assert_eq!(why.obstacle, None);
        let events = scene.mapping_events();
        let newest: Vec<_> = events.iter().take(2).map(|event| (event.is_mapped, event.by.clone())).collect();
        assert_eq!(newest, [(true, Some(scene::email("U1"))), (false, Some(scene::email("U1")))]);
    });
}
