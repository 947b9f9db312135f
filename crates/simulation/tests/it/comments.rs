//! Comments (scenarios E).

use simulation::scene::{Told, on_both};

#[test]
fn sc_33_each_comment_once_with_its_author_and_no_loop() {
    on_both(|scene| {
        let before = (scene.notes("K6").len(), scene.comments("DM-10").len());
        scene.crm_trouble.deliver(simulation::faulty::Events::Kept(Vec::new()));
        scene.projects_trouble.deliver(simulation::faulty::Events::Kept(Vec::new()));
        scene.turn("09:10");
        scene.note("U4", "K6", "Audit until 11 June 🧾");
        scene.turn("09:15");
        scene.comment("U10", "DM-10", "Schema is frozen.");
        scene.turn("09:20");
        scene.comment("U4", "DM-10", "OK");
        scene.comment("U4", "DM-10", "OK");
        scene.run();
        assert_eq!(scene.writes(), [] as [&str; 0]);
        let (crm, projects) = (scene.crm_trouble.kept(), scene.projects_trouble.kept());
        scene.crm_trouble.inject(crm.clone());
        scene.projects_trouble.inject(projects.clone());
        scene.told(&Told {
            history: &[
                "applied comment projects – → Schema is frozen. U10",
                "applied comment projects – → OK U4",
                "applied comment projects – → OK U4",
                "applied comment crm – → Audit until 11 June 🧾 U4",
            ],
            writes: &["crm K6 note", "crm K6 note", "crm K6 note", "projects DM-10 comment"],
            changed: &["DM-10", "K6"],
            ..Told::default()
        });
        let (notes, comments) = (scene.notes("K6"), scene.comments("DM-10"));
        assert_eq!(
            notes[before.0..],
            ["U4: Audit until 11 June 🧾", "U1: Network Engineer: Schema is frozen.", "U4: OK", "U4: OK"]
        );
        assert_eq!(comments[before.1..], ["U4: Audit until 11 June 🧾", "U10: Schema is frozen.", "U4: OK", "U4: OK"]);
        let times: Vec<String> =
            scene.full_comments("DM-10")[before.1..].iter().map(|one| one.at.to_string()).collect();
        let there: Vec<String> = scene.full_notes("K6")[before.0..].iter().map(|one| one.at.to_string()).collect();
        assert_eq!(times, there, "at their original times");
        assert!(scene.full_comments("DM-10")[before.1].is_internal, "COM-7: hidden from client users");
        // Every event a second time.
        scene.crm_trouble.inject(crm.iter().map(simulation::faulty::without_version).collect());
        scene.projects_trouble.inject(projects.iter().map(simulation::faulty::without_version).collect());
        scene.silent();
        assert_eq!(scene.link_state("K6"), "in_step");
    });
}

#[test]
fn sc_35_mentions_become_plain_names() {
    on_both(|scene| {
        let (notes, comments) = (scene.notes("K6").len(), scene.comments("DM-10").len());
        scene.comment("U9", "DM-10", "Two days, @Account Manager; write to ops@zylker.example");
        scene.note("U4", "K6", "@Sales Manager please");
        scene.run();
        let copied = scene.notes("K6").split_off(notes);
        let expected = "U9: Two days, Account Manager; write to ops@zylker.example";
        assert!(copied.iter().any(|note| note.ends_with(expected.trim_start_matches("U9: "))), "{copied:?}");
        let copied = scene.comments("DM-10").split_off(comments);
        assert!(copied.iter().any(|comment| comment.ends_with(": Sales Manager please")), "{copied:?}");
    });
}

#[test]
fn sc_33_a_comment_whose_answer_was_lost_is_there_once() {
    on_both(|scene| {
        scene.crm_trouble.lose_answers(1);
        scene.comment("U10", "DM-10", "Schema is frozen.");
        scene.run();
        scene.pass(60);
        scene.told(&Told {
            history: &["applied comment projects – → Schema is frozen. U10"],
            writes: &["crm K6 note", "crm K6 note"],
            changed: &["DM-10", "K6"],
            ..Told::default()
        });
        let copies = scene.notes("K6").into_iter().filter(|note| note.contains("Schema is frozen.")).count();
        assert_eq!(copies, 1);
        assert_eq!(scene.link_state("K6"), "in_step");
    });
}
