//! From a sales record to a project (scenarios A).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use bridge::BridgeError;
use bridge::handoff::{ClientBlock, ClientChoice, HandOff, HandOffInput};
use bridge::operation::Ordered;
use crm::{Draft, Module};
use ports::Reason;
use simulation::Scene;
use simulation::faulty::{Kill, Sickness};
use simulation::scene::{self, Told, on_both};

/// The form of SC-1 as U3 sends it.
fn ward_form(scene: &Scene) -> HandOffInput {
    let mut input = scene.filled_form("U3", "D4").unwrap();
    input.project.name = "Ward Wi-Fi roll-out".to_owned();
    input.project.end = Some(scene::day("2026-06-30"));
    input.project.owner = Some(scene::email("U3"));
    input.users = vec![scene::email("U5")];
    input
}

fn done(answer: Result<Ordered<HandOff>, BridgeError>) -> HandOff {
    match answer {
        Ok(Ordered::Done(hand_off)) => hand_off,
        other => panic!("it was not handed over: {other:?}"),
    }
}

fn members(scene: &Scene, project: &str) -> Vec<String> {
    let mut members: Vec<String> = scene
        .project(project)
        .members
        .iter()
        .map(|member| demo::key_of(&member.email).map_or_else(|| member.email.to_string(), str::to_owned))
        .collect();
    members.sort();
    members
}

#[test]
fn sc_1_a_won_deal_becomes_a_project() {
    on_both(|scene| {
        let form = scene.all.bridge.hand_off_form(&scene.by("U3"), &scene.record("D4")).unwrap();
        assert_eq!(form.project.name, "Ward Wi-Fi routers");
        assert_eq!(form.project.start, Some(scene::day("2026-03-08")));
        assert_eq!(form.project.overview, "Wards 2 and 5 first.");
        let ClientBlock::Mapped { company } = &form.client else { panic!("{:?}", form.client) };
        assert_eq!(company.name, "Hospital Customer");
        let fixed: Vec<_> = form.fixed_users.iter().map(|user| user.email.clone()).collect();
        assert_eq!(fixed, [scene::email("U1")], "pre-selected and not removable");
        assert!(form.users.iter().all(|user| user.email != scene::email("U1")));

        let made = done(scene.hand_off("U3", &ward_form(scene)));
        scene.told(&Told {
            history: &["applied hand_off Ward Wi-Fi routers U3"],
            writes: &["projects new project"],
            changed: &["new project Ward Wi-Fi roll-out"],
            ..Told::default()
        });
        scene.name("P-new", made.project_id.as_str());
        let card = scene.all.projects.project(&scene.by("U3"), &made.project_id).unwrap();
        assert_eq!(card.project.name, "Ward Wi-Fi roll-out");
        assert_eq!(card.project.start, Some(scene::day("2026-03-08")));
        assert_eq!(card.project.end, Some(scene::day("2026-06-30")));
        assert_eq!(card.project.overview.as_str(), "Wards 2 and 5 first.");
        assert_eq!(card.project.owner.email, scene::email("U3"));
        assert!(!card.project.is_strict);
        assert_eq!(members(scene, "P-new"), ["U1", "U3", "U5"]);
        assert_eq!(scene.clients("P-new"), ["C2"]);

        let related = scene.all.bridge.related_projects(&scene.by("U3"), &scene.record("D4")).unwrap();
        let [row] = related.as_slice() else { panic!("{related:?}") };
        assert_eq!((row.project.name.as_str(), row.project.completion), ("Ward Wi-Fi roll-out", 0));
        assert_eq!(row.project.owner, Some(scene::email("U3")));
        assert!(scene.shows_button("U3", "P-new"));
        assert_eq!(scene.offered("U3", "P-new"), [vec!["A2"], vec![], vec!["D4"]].map(strings));

        let later = Draft::new().with("closing", "2026-03-20");
        scene.all.crm.update(&scene.by("U5"), Module::Deal, &scene.id("D4"), None, &later).unwrap();
        scene.begin();
        scene.silent();
        assert_eq!(scene.project("P-new").start, Some(scene::day("2026-03-08")), "CFG-10");
    });
}

fn strings(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

#[test]
fn sc_2_what_is_missing_is_said_before_anything_is_made() {
    on_both(|scene| {
        let refused = scene.all.bridge.hand_off_form(&scene.by("U6"), &scene.record("D8")).unwrap_err();
        assert!(matches!(refused, BridgeError::Refused(Reason::NoPermission { .. })), "{refused}");
        assert!(!scene.all.bridge.may_hand_off(&scene.by("U6")).unwrap(), "the alert of HAND-2");
        let refused = scene.all.bridge.hand_off_form(&scene.by("U3"), &scene.record("N11")).unwrap_err();
        let BridgeError::Refused(Reason::AddressMissing { person }) = refused else { panic!("{refused}") };
        assert_eq!(person, "Ivan Petrov");

        for (who, record, code) in [("U6", "D8", "no_permission"), ("U3", "N11", "address_missing")] {
            let input = HandOffInput { record: scene.record(record), ..ward_form(scene) };
            let refused = scene.hand_off(who, &input).unwrap_err();
            let BridgeError::Refused(reason) = &refused else { panic!("{refused}") };
            assert_eq!(reason.code(), code);
        }
        scene.silent();
    });
}

#[test]
fn sc_3_the_button_pressed_twice_makes_one_project() {
    on_both(|scene| {
        let (input, by, press) = (ward_form(scene), scene.by("U3"), scene.press());
        let send = || {
            for _ in 0..1_000 {
                match scene.all.bridge.hand_off(&by, &press, None, &input) {
                    // "The same work is running already: ask again."
                    Err(BridgeError::AlreadyRunning) => thread::yield_now(),
                    answer => return done(answer).project_id,
                }
            }
            panic!("the work never ends");
        };
        let (first, second) = thread::scope(|scope| {
            let (one, other) = (scope.spawn(send), scope.spawn(send));
            (one.join().unwrap(), other.join().unwrap())
        });
        let third = send();
        assert_eq!((&first, &second), (&second, &third));
        scene.told(&Told {
            history: &["applied hand_off Ward Wi-Fi routers U3"],
            writes: &["projects new project"],
            changed: &["new project Ward Wi-Fi roll-out"],
            ..Told::default()
        });
        scene.name("P-new", first.as_str());
        assert_eq!(scene.all.bridge.related_projects(&scene.by("U3"), &scene.record("D4")).unwrap().len(), 1);
        assert_eq!(members(scene, "P-new"), ["U1", "U3", "U5"]);
        assert_eq!(scene.clients("P-new"), ["C2"]);
    });
}

#[test]
fn sc_3_an_answer_that_was_lost_is_given_again() {
    on_both(|scene| {
        let (input, by, press) = (ward_form(scene), scene.by("U3"), scene.press());
        scene.projects_trouble.lose_answers(1);
        let answer = scene.all.bridge.hand_off(&by, &press, None, &input).unwrap();
        assert!(matches!(answer, Ordered::Waiting(_)), "{answer:?}");
        scene.settle();
        let made = done(scene.all.bridge.hand_off(&by, &press, None, &input));
        scene.told(&Told {
            history: &["applied hand_off Ward Wi-Fi routers U3"],
            writes: &["projects new project"],
            changed: &["new project Ward Wi-Fi roll-out"],
            ..Told::default()
        });
        scene.name("P-new", made.project_id.as_str());
        assert_eq!(members(scene, "P-new"), ["U1", "U3", "U5"]);
    });
}

/// The form of SC-4: deal D6 with two contacts as client users.
fn campus_form(scene: &mut Scene) -> HandOffInput {
    let contact = Draft::new()
        .with("last_name", "Silva")
        .with("email", "it.manager@software-customer.example")
        .with("account", scene.id("A4"));
    let contact = scene.all.crm.create(&scene.by("U3"), Module::Contact, &contact).unwrap();
    scene.name("N-new", &contact.id);
    let mut input = scene.filled_form("U3", "D6").unwrap();
    input.contacts = vec![scene.id("N7"), contact.id];
    scene.begin();
    input
}

#[test]
fn sc_4_one_step_that_fails_leaves_nothing_of_the_others() {
    on_both(|scene| {
        let mut input = campus_form(scene);
        let refused = scene.hand_off("U3", &input).unwrap();
        let Ordered::Refused(step) = refused else { panic!("{refused:?}") };
        assert_eq!(step.step, "client_users");
        let Reason::ClientOfOtherCompany { person, company } = &step.reason else { panic!("{:?}", step.reason) };
        assert_eq!((person.as_str(), company.as_str()), ("it.manager@software-customer.example", "Software Customer"));
        scene.silent();

        input.contacts = vec![scene.id("N7")];
        let made = done(scene.hand_off("U3", &input));
        scene.settle();
        scene.name("P-new", made.project_id.as_str());
        assert_eq!(scene.history(), ["applied hand_off Campus core routers U3"], "one entry for a hand-off");
        assert_eq!(scene.letters(), ["M7 campus.it@university-customer.example"]);
        assert_eq!(
            scene.changed(),
            ["P-new", "new company University Customer", "portal user campus.it@university-customer.example"]
        );
        let company = made.company.as_ref().unwrap();
        assert_eq!(company.name, "University Customer");
        scene.name("C-new", &company.id);
        assert!(scene.mappings().contains(&"C-new A4".to_owned()), "created and mapped (HAND-19)");
        assert!(scene.shows_button("U3", "P-new"));
    });
}

#[test]
fn sc_4_a_step_that_the_side_refuses_late_is_undone_too() {
    on_both(|scene| {
        let mut input = campus_form(scene);
        input.contacts = vec![scene.id("N7")];
        let person = "campus.it@university-customer.example".to_owned();
        let reason = Reason::ClientOfOtherCompany { person, company: "Software Customer".to_owned() };
        scene.projects_trouble.sicken("new client user", Sickness::Refuses(reason.clone()));
        let answer = scene.hand_off("U3", &input).unwrap();
        let Ordered::Refused(step) = answer else { panic!("{answer:?}") };
        assert_eq!((step.step.as_str(), &step.reason), ("client_users", &reason));
        scene.settle();
        assert_eq!(scene.changed(), [] as [&str; 0], "no project, no company, no client user");
        assert_eq!(scene.letters(), [] as [&str; 0]);
        assert_eq!(scene.mappings(), ["C1 A1", "C2 A2", "C6 A8"]);
        assert!(scene.all.bridge.related_projects(&scene.by("U3"), &scene.record("D6")).unwrap().is_empty());
        scene.projects_trouble.cure();
        done(scene.hand_off("U3", &input));
        scene.settle();
        assert_eq!(scene.letters(), ["M7 campus.it@university-customer.example"]);
    });
}

#[test]
fn sc_6_a_deal_without_an_account_gets_its_client_later() {
    on_both(|scene| {
        let form = scene.all.bridge.hand_off_form(&scene.by("U1"), &scene.record("D12")).unwrap();
        assert_eq!(form.client, ClientBlock::None);
        assert!(form.notes.iter().any(|note| note.code() == "client_not_mapped"), "{:?}", form.notes);
        let mut input = scene.filled_form("U1", "D12").unwrap();
        input.project.name = "Fair stand".to_owned();
        input.client = ClientChoice::None;
        let made = done(scene.hand_off("U1", &input));
        scene.told(&Told {
            history: &["applied hand_off Trade fair enquiry U1"],
            writes: &["projects new project"],
            changed: &["new project Fair stand"],
            ..Told::default()
        });
        scene.name("P-new", made.project_id.as_str());
        assert_eq!(scene.clients("P-new"), [] as [&str; 0]);
        assert!(!scene.shows_button("U1", "P-new"));
        let project = scene.all.bridge.project(&scene.by("U1"), &made.project_id).unwrap();
        assert_eq!(project.obstacle.map(|reason| reason.code()), Some("client_not_mapped"));

        scene.all.bridge.set_clients(&scene.by("U1"), &made.project_id, &[scene.company("C1")], None).unwrap();
        assert!(scene.shows_button("U1", "P-new"));
        assert_eq!(scene.offered("U1", "P-new"), [vec!["A1"], vec![], vec!["D12"]].map(strings));
    });
}

fn associable(scene: &Scene, who: &str, record: &str) -> Vec<String> {
    let page = scene.all.bridge.associable_projects(&scene.by(who), &scene.record(record), None, None, 50).unwrap();
    let mut keys: Vec<String> = page.rows.iter().map(|project| scene.key_of(project.id.as_str())).collect();
    keys.sort();
    keys
}

#[test]
fn sc_8_an_existing_project_is_associated_and_taken_away_again() {
    on_both(|scene| {
        assert_eq!(associable(scene, "U1", "D4"), ["P1", "P2", "P3", "P4", "P5"]);
        assert_eq!(associable(scene, "U6", "D4"), [] as [&str; 0], "U6 sees no project");
        let (press, projects) = (scene.press(), [scene.project_id("P2")]);
        let made = scene.all.bridge.associate(&scene.by("U1"), &press, &scene.record("D4"), &projects).unwrap();
        let Ordered::Done(made) = made else { panic!("{made:?}") };
        scene.told(&Told {
            history: &["applied associate Ward Wi-Fi routers U1"],
            writes: &["projects P2 companies"],
            changed: &["P2"],
            ..Told::default()
        });
        assert_eq!(scene.clients("P2"), ["C1", "C2"], "primary and further");
        assert_eq!(scene.offered("U1", "P2")[2], ["D1", "D4"]);
        assert!(!associable(scene, "U1", "D4").contains(&"P2".to_owned()));

        scene.add_named("U10", "RR-6", "D4", "KX");
        scene.settle();
        scene.begin();
        scene.all.bridge.remove_association(&scene.by("U1"), &made[0].id).unwrap();
        scene.told(&Told { history: &["applied dissociate Ward Wi-Fi routers U1"], ..Told::default() });
        assert_eq!(scene.offered("U1", "P2")[2], ["D1"]);
        assert_eq!(scene.clients("P2"), ["C1", "C2"], "C2 stays");
        assert_eq!(scene.link_state("KX"), "in_step (owner_not_representable)", "U10 is no CRM user");
        scene.projects("U9", "RR-6", &[("title", "Visit plan v2")]);
        scene.told(&Told {
            history: &["applied title projects Visit plan for pilot branches → Visit plan v2 U9"],
            writes: &["crm KX title"],
            changed: &["KX", "RR-6"],
            ..Told::default()
        });
        assert_eq!(scene.crm_task("KX").subject.value, "Visit plan v2");
    });
}

#[test]
fn sc_73_killed_while_a_project_is_made() {
    on_both(|scene| {
        // A contact beside the project, so that there are several writes to be killed at.
        let mut input = campus_form(scene);
        input.contacts = vec![scene.id("N7")];
        let writes = 4;
        for number in 0..writes {
            for at in [Kill::BeforeEffect, Kill::AfterEffect] {
                input.project.name = format!("Campus {number} {at:?}");
                kill_and_go_on(scene, &input, number, at);
            }
        }
    });
}

fn kill_and_go_on(scene: &mut Scene, input: &HandOffInput, number: usize, at: Kill) {
    let (press, by) = (scene.press(), scene.by("U3"));
    scene.begin();
    scene.projects_trouble.kill_at(number, at);
    let killed = catch_unwind(AssertUnwindSafe(|| scene.all.bridge.hand_off(&by, &press, None, input)));
    let was_spared = scene.projects_trouble.spare();
    assert_eq!(killed.is_ok(), was_spared, "an answer where nobody was killed");
    // The lease of the dead one runs out; what it left is finished.
    scene.restart();
    scene.pass(60);
    scene.settle();
    let made = done(scene.all.bridge.hand_off(&by, &press, None, input));
    scene.settle();
    let projects = scene.changed().into_iter().filter(|name| name.starts_with("new project")).count();
    assert_eq!(projects, 1, "one complete project: {:?}", scene.changed());
    assert_eq!(scene.history().iter().filter(|line| line.contains("hand_off")).count(), 1, "{:?}", scene.history());
    assert!(scene.letters().len() <= 1, "{:?}", scene.letters());
    scene.name("P-killed", made.project_id.as_str());
    assert!(members(scene, "P-killed").contains(&"campus.it@university-customer.example".to_owned()));
    scene.name(&format!("P-{number}-{at:?}"), made.project_id.as_str());
}
