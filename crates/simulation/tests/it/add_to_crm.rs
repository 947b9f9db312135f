//! Putting a task into the CRM (scenarios C).

use bridge::BridgeError;
use bridge::add_to_crm::{AddAnswer, AddInput, TaskChoice};
use ports::{NewProjectsTask, Reason, SideError};
use projects::{Destination, MoveTask, Place};
use simulation::Scene;
use simulation::faulty::Sickness;
use simulation::scene::{self, Told, on_both};

/// The form of SC-14.
fn tax_codes(scene: &Scene, under: &str) -> AddInput {
    let task = NewProjectsTask {
        description: ports::lines::clean("<p>Compare with the <b>2025</b> list</p>"),
        due: Some(scene::day("2026-04-02")),
        priority: Some("High".to_owned()),
        status: Some("Open".to_owned()),
        ..scene.new_task("P1", "Check tax codes", vec![scene::email("U4")])
    };
    AddInput {
        task: TaskChoice::New(Box::new(task)),
        under: scene.record(under),
        map_company: false,
        copy_comments: false,
    }
}

fn refusal_of<T: std::fmt::Debug>(answer: Result<T, BridgeError>) -> Reason {
    match answer {
        Err(BridgeError::Refused(reason)) => reason,
        other => panic!("it was not refused: {other:?}"),
    }
}

#[test]
fn sc_14_a_new_task_is_saved_and_added_under_a_deal() {
    on_both(|scene| {
        assert_eq!(scene.offered("U4", "P1"), [vec!["A1".to_owned()], vec![], vec!["D2".to_owned()]]);
        let answer = scene.order("U4", &tax_codes(scene, "D2")).unwrap();
        scene.told(&Told {
            history: &["applied link U4"],
            writes: &["projects new task", "crm new task"],
            changed: &["new crm task Check tax codes", "new projects task Check tax codes"],
            ..Told::default()
        });
        scene.take_names(&answer, "DM-14", "K-new");
        scene.begin();
        let (projects, crm) = (scene.projects_task("DM-14"), scene.crm_task("K-new"));
        assert_eq!(projects.key, "DM-14");
        assert_eq!(
            scene.both("DM-14", "K-new"),
            [
                "Check tax codes | 2026-04-02 | High | Open | U4",
                "Check tax codes | 2026-04-02 | High | Not Started | U4"
            ]
        );
        assert_eq!(crm.description.value.as_str(), "Compare with the 2025 list");
        assert_eq!(crm.under, Some(scene.record("D2")));
        assert_eq!(crm.account, Some(scene.account("A1")), "and so in the list of A1");
        let (view, by) = (scene.link("K-new"), scene.by("U4"));
        let shown = scene.all.bridge.links_of_projects_tasks(&by, &[scene.projects_id("DM-14")]).unwrap();
        assert_eq!(shown.values().map(|view| view.link.id.clone()).collect::<Vec<_>>(), [view.id]);
        assert_eq!(scene.link_state("K-new"), "in_step");

        // Other fields and unlinked tasks do not travel.
        scene.projects("U4", "DM-14", &[("start", "2026-03-30")]);
        let list = scene.projects_task("DM-9").list;
        let to = MoveTask { to: Destination::List(list), place: Place::Last };
        scene.all.projects.move_task(&scene.by("U4"), &scene.projects_id("DM-14"), &to).unwrap();
        scene.projects("U4", "DM-8", &[("title", "Compare all totals")]);
        scene.told(&Told { changed: &["DM-14", "DM-8"], ..Told::default() });
    });
}

#[test]
fn sc_15_an_existing_task_goes_with_or_without_its_comments() {
    for copy_comments in [false, true] {
        on_both(|scene| {
            let options = scene.picker("U4", "P1", Some("DM-12")).unwrap();
            assert_eq!((options.comments_to_copy, options.link), (2, None));
            let input = AddInput { copy_comments, ..scene.existing("DM-12", "A1") };
            let answer = scene.order("U4", &input).unwrap();
            scene.take_names(&answer, "DM-12", "K-new");
            scene.settle();
            assert_eq!(scene.crm_task("K-new").under, Some(scene.record("A1")));
            assert_eq!(
                scene.both("DM-12", "K-new"),
                [
                    "Hand over to support | 2026-06-30 | Low | Open |",
                    "Hand over to support | 2026-06-30 | Low | Not Started | U4"
                ]
            );
            let copied = [
                "U4: Support wants a week of shadowing first.",
                "U1: Project Manager: Agreed; let us plan it into the last week.",
            ];
            let mut wanted: Vec<&str> = if copy_comments { copied.to_vec() } else { Vec::new() };
            assert_eq!(scene.notes("K-new"), wanted);
            scene.comment("U4", "DM-12", "Next week then.");
            scene.settle();
            wanted.push("U4: Next week then.");
            assert_eq!(scene.notes("K-new"), wanted, "the next comment travels");
            assert_eq!(scene.comments("DM-12").len(), 3);
            scene.begin();

            let options = scene.picker("U4", "P1", Some("DM-12")).unwrap();
            assert_eq!(options.link, Some(scene.link("K-new").id), "no entry any more: it is linked");
            assert_eq!(refusal_of(scene.add("U4", "DM-12", "A1")), Reason::AlreadyLinked);
            scene.silent();
        });
    }
}

#[test]
fn sc_16_where_the_button_must_not_be() {
    on_both(|scene| {
        for (who, project, is_there) in
            [("U1", "P3", false), ("U1", "P4", false), ("U1", "P5", true), ("CU1", "P1", false), ("CU1", "P2", false)]
        {
            assert_eq!(scene.shows_button(who, project), is_there, "{who} in {project}");
        }
        let card = |who: &str| scene.all.projects.task(&scene.by(who), &scene.projects_id("DM-5")).unwrap();
        assert!(!card("CU1").may_add_to_crm, "no entry in the menu for a client user");
        assert!(card("U5").may_add_to_crm);
        let link = scene::link_id(scene, "DM-5", "K3");
        assert!(matches!(scene.all.bridge.link(&scene.by("CU1"), &link), Err(BridgeError::NotFound)), "no link state");
        let tasks = [scene.projects_id("DM-5")];
        let icons = scene.all.bridge.links_of_projects_tasks(&scene.by("CU1"), &tasks);
        assert!(matches!(icons, Err(BridgeError::NotFound)), "no icon");
        assert!(matches!(scene.picker("CU1", "P1", None), Err(BridgeError::NotFound)), "no picker");
        assert!(matches!(scene.add("CU1", "DM-12", "A1"), Err(BridgeError::NotFound)));
        let reason = refusal_of(scene.add("U1", "TP-3", "A1"));
        assert_eq!(reason.code(), "client_not_mapped");
        scene.silent();
    });
}

#[test]
fn sc_17_an_administrator_maps_in_the_picker() {
    on_both(|scene| {
        for who in ["U5", "U1"] {
            assert_eq!(scene.offered(who, "P5")[..2], [vec!["A2".to_owned()], vec!["A3".to_owned()]], "{who}");
        }
        let options = scene.picker("U5", "P5", Some("HW-1")).unwrap();
        assert_eq!(options.unmapped[0].obstacle.as_ref().map(Reason::code), Some("no_permission"));
        assert_eq!(
            options.unmapped[0].ask,
            [scene::email("U2"), scene::email("U1")],
            "whom to ask: owner and administrator"
        );
        let input = AddInput { map_company: true, ..scene.existing("HW-1", "A3") };
        assert_eq!(refusal_of(scene.order("U5", &input)).code(), "no_permission");
        scene.silent();

        assert_eq!(scene.picker("U1", "P5", Some("HW-1")).unwrap().unmapped[0].obstacle, None);
        assert!(!scene.shows_button("U1", "P4"));
        let answer = scene.order("U1", &input).unwrap();
        scene.told(&Told {
            history: &["applied map Logistics Customer U1", "applied link U1", "skipped owner projects U1 → U10 U9"],
            writes: &["crm new task"],
            changed: &["new crm task Radio survey of wards"],
            ..Told::default()
        });
        scene.take_names(&answer, "HW-1", "K-new");
        assert!(scene.mappings().contains(&"C3 A3".to_owned()));
        assert_eq!(scene.crm_task("K-new").under, Some(scene.record("A3")));
        assert!(scene.shows_button("U1", "P4"), "from now on");
    });
}

#[test]
fn sc_17_namesakes_are_told_apart_by_their_city() {
    on_both(|scene| {
        let clients = [scene.company("C2"), scene.company("C4")];
        scene.all.bridge.set_clients(&scene.by("U1"), &scene.project_id("P5"), &clients, None).unwrap();
        scene.settle();
        scene.begin();
        let options = scene.picker("U1", "P5", Some("HW-1")).unwrap();
        let mut labels: Vec<_> =
            options.unmapped.iter().map(|row| (row.account.label(), row.obstacle.clone())).collect();
        labels.sort_by(|one, other| one.0.cmp(&other.0));
        assert_eq!(
            labels,
            [("Hotel Customer (Lisbon)".to_owned(), None), ("Hotel Customer (Osaka)".to_owned(), None)],
            "both, none pre-selected"
        );
        scene.map("C4", "A5").unwrap();
        let options = scene.picker("U1", "P5", Some("HW-1")).unwrap();
        let [row] = options.unmapped.as_slice() else { panic!("{:?}", options.unmapped) };
        assert_eq!(row.account.id, scene.id("A6"));
        let Some(Reason::AlreadyMapped { partner }) = &row.obstacle else { panic!("{:?}", row.obstacle) };
        assert_eq!(partner, "Hotel Customer (Lisbon)");
    });
}

#[test]
fn sc_18_a_deal_of_another_project_is_refused() {
    on_both(|scene| {
        let reason = refusal_of(scene.order("U4", &tax_codes(scene, "D3")));
        assert_eq!(reason.code(), "deal_not_associated");
        assert_eq!(refusal_of(scene.add("U4", "DM-12", "D3")).code(), "deal_not_associated");
        scene.silent();
        assert_eq!(scene.projects_task_named("Check tax codes"), None, "the Projects task is not made either");
    });
}

#[test]
fn sc_19_who_owns_the_crm_task_at_the_beginning() {
    on_both(|scene| {
        scene.add_named("U10", "RR-7", "D1", "K-a");
        scene.add_named("U4", "RR-10", "D1", "K-b");
        scene.all.crm.deactivate_user(&scene.by("U1"), &scene::email("U3")).unwrap();
        let task = scene.new_task("P2", "Return empty boxes", vec![scene::email("U9")]);
        let input = AddInput {
            task: TaskChoice::New(Box::new(task)),
            under: scene.record("D1"),
            map_company: false,
            copy_comments: false,
        };
        let answer = scene.order("U10", &input).unwrap();
        scene.take_names(&answer, "RR-c", "K-c");
        scene.settle();
        let owners = ["K-a", "K-b", "K-c"].map(|key| scene.crm_task(key).owner.value);
        assert_eq!(owners, ["U3", "U4", "U1"].map(scene::email), "deal owner, who pressed, connection user");
        assert_eq!(
            ["K-a", "K-b", "K-c"].map(|key| scene.link_state(key)),
            ["in_step (owner_not_representable)", "in_step (no_owner)", "in_step (owner_not_representable)"]
        );
        let in_projects = ["RR-7", "RR-10", "RR-c"].map(|key| scene.projects_task(key).owners.value);
        assert_eq!(in_projects, [vec![scene::email("U10")], vec![], vec![scene::email("U9")]], "unchanged");
        assert_eq!(scene.letters(), [] as [&str; 0]);
        scene.begin();
        scene.projects("U9", "RR-10", &[("owners", "U7")]);
        scene.settle();
        assert_eq!(scene.crm_task("K-b").owner.value, scene::email("U7"));
        assert_eq!(scene.writes(), ["crm K-b owner"]);
        assert_eq!(scene.link_state("K-b"), "in_step");
    });
}

#[test]
fn task_11_a_lost_answer_makes_no_second_task() {
    on_both(|scene| {
        scene.crm_trouble.lose_answers(1);
        let press = scene.press();
        let input = scene.existing("DM-11", "D2");
        let answer = scene.all.bridge.add_to_crm(&scene.by("U4"), &press, &input).unwrap();
        assert!(matches!(answer, AddAnswer::Waiting { .. }), "{answer:?}");
        scene.settle();
        let answer = scene.all.bridge.add_to_crm(&scene.by("U4"), &press, &input).unwrap();
        scene.told(&Told {
            history: &["applied link U4", "skipped owner projects U4 → U10 U9"],
            writes: &["crm new task"],
            changed: &["new crm task Rehearse the roll-back"],
            ..Told::default()
        });
        scene.take_names(&answer, "DM-11", "K-new");
        assert_eq!(scene.link_state("K-new"), "in_step (owner_not_representable)");
    });
}

#[test]
fn task_11_a_crm_that_refuses_leaves_a_notice_to_try_again() {
    on_both(|scene| {
        let reason = Reason::ValidationFailed {
            message: "A task under a won deal needs a budget.".to_owned(),
            service: "crm".to_owned(),
        };
        scene.crm_trouble.sicken("new task", Sickness::Refuses(reason.clone()));
        let answer = scene.order("U4", &tax_codes(scene, "D2")).unwrap();
        let AddAnswer::Kept { task, reason: said } = answer else { panic!("{answer:?}") };
        assert_eq!(said, reason);
        scene.settle();
        assert_eq!(scene.changed(), ["new projects task Check tax codes"]);
        let notices = scene.all.bridge.add_notices(&scene.by("U4"), &scene.project_id("P1")).unwrap();
        assert_eq!(notices.iter().map(|notice| (&notice.task, &notice.reason)).collect::<Vec<_>>(), [(&task, &reason)]);
        scene.crm_trouble.cure();
        let press = scene.press();
        let answer = scene.all.bridge.try_adding_again(&scene.by("U4"), &press, &task).unwrap();
        scene.take_names(&answer, "DM-14", "K-new");
        scene.settle();
        assert_eq!(scene.link_state("K-new"), "in_step");
        assert!(scene.all.bridge.add_notices(&scene.by("U4"), &scene.project_id("P1")).unwrap().is_empty());
        let away = SideError::AuthExpired;
        scene.crm_trouble.fail(away);
        assert!(matches!(scene.add("U4", "DM-11", "D2"), Err(BridgeError::Side(_))), "nothing is made blindly");
        scene.crm_trouble.come_back();
        scene.settle();
    });
}
