//! The six fields in both directions (scenarios D).

use ports::Reason;
use simulation::scene::{Told, on_both};
use simulation::{Scene, scene};

#[test]
fn sc_21_titles_keep_emoji_cjk_and_markup_as_text() {
    on_both(|scene| {
        let first = "切换账务历史 🧾👩🏽‍💻 – فواتير “final” <draft> & more";
        scene.crm("U4", "K6", &[("subject", first)]);
        scene.told(&Told {
            history: &[&format!("applied title crm Cut over billing history → {first} U4")],
            writes: &["projects DM-10 title"],
            changed: &["DM-10", "K6"],
            ..Told::default()
        });
        assert_eq!(scene.projects_task("DM-10").title.value, first);

        let second = "Reten\u{ad}tion 規則 ✅";
        scene.projects("U5", "DM-5", &[("title", &format!("  {second}  "))]);
        scene.told(&Told {
            history: &[&format!("applied title projects Agree retention rules → {second} U5")],
            writes: &["crm K3 title"],
            changed: &["DM-5", "K3"],
            ..Told::default()
        });
        assert_eq!(scene.crm_task("K3").subject.value, second);
    });
}

#[test]
fn sc_22_a_title_of_255_characters_passes_and_one_of_256_is_refused() {
    on_both(|scene| {
        let mut agreed = "Cut over billing history".to_owned();
        for title in ["路".repeat(255), format!("{}🧾", "a".repeat(254))] {
            scene.projects("U9", "DM-10", &[("title", &title)]);
            scene.told(&Told {
                history: &[&format!("applied title projects {agreed} → {title} U9")],
                writes: &["crm K6 title"],
                changed: &["DM-10", "K6"],
                ..Told::default()
            });
            assert_eq!(scene.crm_task("K6").subject.value, title);
            agreed = title;
        }
        let long = "a".repeat(256);
        scene.projects("U9", "DM-10", &[("title", &long)]);
        scene.settle();
        let letter = scene.newest_letter();
        scene.left(&Told {
            history: &[
                &format!("refused title projects {agreed} → {long} U9 title_too_long"),
                &format!("reverted title projects {long} → {agreed} U9"),
            ],
            writes: &["projects DM-10 title"],
            letters: &["M3 U9"],
            refusals: &[&format!("title {long} title_too_long reverted")],
            ..Told::default()
        });
        assert_eq!(scene.link_state("K6"), "in_step");
        let without_folding = letter.replace(['\n', ' '], "");
        assert!(without_folding.contains(&long), "all that was typed stands in:\n{letter}");
        assert!(letter.contains("256") && letter.contains("255"), "{letter}");

        let empty = scene.try_projects("U9", "DM-10", &[("title", "   ")]);
        let Err(projects::ProjectsError::Invalid(wrong)) = empty else {
            panic!("an empty title was not refused: {empty:?}")
        };
        assert_eq!(wrong[0].reason.as_deref(), Some(&Reason::TitleEmpty));
        scene.silent();
    });
}

#[test]
fn sc_23_a_line_of_plain_text_changes_inside_the_rich_one() {
    on_both(|scene| {
        let lines = scene.crm_task("K2").description.value.as_str().to_owned();
        assert_eq!(
            lines,
            "Fields that change:\n- customer number\n- tax code\n- branch code\n\
             See the schema (https://software-customer.example/schema)."
        );
        scene.crm("U4", "K2", &[("description", &lines.replace("- tax code", "- tax code (11 digits)"))]);
        scene.settle();
        let html = scene.projects_task("DM-4").description.value.as_html().to_owned();
        assert!(html.contains("<li>tax code (11 digits)</li>"), "{html}");
        assert!(
            html.contains("<strong>Fields that change:</strong>") || html.contains("<b>Fields that change:</b>"),
            "{html}"
        );
        assert!(html.contains("<ul>") && html.contains("href=\"https://software-customer.example/schema\""), "{html}");
        assert_eq!(scene.writes(), ["projects DM-4 description"], "the CRM text is not rewritten");
        assert_eq!(scene.changed(), ["DM-4", "K2"]);
        assert_eq!(scene.history().len(), 1);
        assert_eq!(scene.link_state("K2"), "in_step");
    });
}

#[test]
fn sc_24_formatting_alone_does_not_travel_and_typed_markup_is_text() {
    on_both(|scene| {
        let html = scene.projects_task("DM-4").description.value.as_html().replace("tax code", "<em>tax code</em>");
        scene.projects("U9", "DM-4", &[("html", &html)]);
        scene.told(&Told { changed: &["DM-4"], ..Told::default() });

        let lines = scene.crm_task("K2").description.value.as_str().replace("Fields that change:", "Fields that move:");
        scene.crm("U4", "K2", &[("description", &lines)]);
        scene.settle();
        let html = scene.projects_task("DM-4").description.value.as_html().to_owned();
        assert!(html.contains("Fields that move:") && html.contains("<em>tax code</em>"), "{html}");
        assert_eq!(scene.writes(), ["projects DM-4 description"]);
        scene.begin();

        let typed = "Use <b> only & never \"rm -rf\"\n\nsecond paragraph";
        scene.crm("U4", "K6", &[("description", typed)]);
        scene.settle();
        let rich = scene.projects_task("DM-10").description.value.clone();
        assert_eq!(ports::lines::plain(&rich).as_str(), typed);
        assert!(!rich.as_html().contains("<b>"), "{}", rich.as_html());
        assert_eq!(scene.writes(), ["projects DM-10 description"]);
        scene.begin();

        scene.projects("U9", "DM-10", &[("html", rich.as_html())]);
        scene.silent();
    });
}

#[test]
fn sc_25_a_date_is_the_same_day_on_both_sides() {
    on_both(|scene| {
        let minute = |scene: &Scene| {
            scene.all.projects.task(&scene.by("U9"), &scene.projects_id("RR-2")).unwrap().task.due.unwrap().minute
        };
        let days = |scene: &Scene| {
            [scene.crm_task("K9").due.value, scene.projects_task("RR-2").due.value].map(|day| day.unwrap().to_string())
        };
        // 23:30 in Los Angeles.
        scene.turn("2026-03-11T06:30:00Z");
        scene.crm("U3", "K9", &[("due", "2026-03-31")]);
        due_arrives(scene, "2026-03-16 → 2026-03-31 U3");
        assert_eq!(days(scene), ["2026-03-31", "2026-03-31"]);
        assert_eq!(minute(scene), Some(18 * 60), "the time of day is kept");
        // 00:30 in Shanghai.
        scene.turn("2026-03-11T16:30:00Z");
        scene.projects("U10", "RR-2", &[("due", "2026-04-01"), ("minute", "30")]);
        scene.told(&Told {
            history: &["applied due projects 2026-03-31 → 2026-04-01 U10"],
            writes: &["crm K9 due"],
            changed: &["K9", "RR-2"],
            ..Told::default()
        });
        assert_eq!(days(scene), ["2026-04-01", "2026-04-01"]);
        scene.crm("U4", "K9", &[("due", "2026-03-29")]);
        due_arrives(scene, "2026-04-01 → 2026-03-29 U4");
        assert_eq!(days(scene), ["2026-03-29", "2026-03-29"]);
        scene.projects("U9", "RR-2", &[("due", "2026-03-29"), ("minute", "1410")]);
        scene.told(&Told::default());
        assert_eq!(minute(scene), Some(1410));
        scene.crm("U4", "K9", &[("due", "2028-02-29")]);
        due_arrives(scene, "2026-03-29 → 2028-02-29 U4");
        assert_eq!(days(scene), ["2028-02-29", "2028-02-29"]);
        alternate(scene);
    });
}

/// A due date has gone from K9 to RR-2.
#[track_caller]
fn due_arrives(scene: &mut Scene, change: &str) {
    scene.told(&Told {
        history: &[&format!("applied due crm {change}")],
        writes: &["projects RR-2 due"],
        changed: &["K9", "RR-2"],
        ..Told::default()
    });
}

fn alternate(scene: &mut Scene) {
    let first = scene::day("2026-06-01");
    for edit in 0..50 {
        let day = first.plus_days(edit).to_string();
        if edit % 2 == 0 {
            scene.crm("U4", "K9", &[("due", &day)]);
        } else {
            scene.projects("U9", "RR-2", &[("due", &day)]);
        }
        scene.run();
        assert_eq!(scene.crm_task("K9").due.value.unwrap().to_string(), day);
        assert_eq!(scene.projects_task("RR-2").due.value.unwrap().to_string(), day);
    }
    scene.settle();
    assert_eq!(scene.writes().len(), 50);
}

#[test]
fn sc_26_five_levels_of_priority_and_four() {
    on_both(|scene| {
        let pair = |scene: &Scene, crm: &str, projects: &str| {
            let crm = scene.crm_task(crm).priority.value.unwrap_or_else(|| "–".to_owned());
            [crm, scene.projects_task(projects).priority.value]
        };
        scene.projects("U9", "DM-4", &[("title", "Map customer fields")]);
        scene.settle();
        assert_eq!(scene.writes(), ["crm K2 title"]);
        assert_eq!(pair(scene, "K2", "DM-4"), ["Highest", "High"], "Highest survives");
        scene.begin();

        scene.projects("U9", "DM-4", &[("priority", "Medium")]);
        scene.told(&Told {
            history: &["applied priority projects high → medium U9"],
            writes: &["crm K2 priority"],
            changed: &["DM-4", "K2"],
            ..Told::default()
        });
        assert_eq!(pair(scene, "K2", "DM-4"), ["Normal", "Medium"]);

        scene.projects("U9", "DM-4", &[("priority", "High")]);
        scene.told(&Told {
            history: &["applied priority projects medium → high U9"],
            writes: &["crm K2 priority"],
            changed: &["DM-4", "K2"],
            ..Told::default()
        });
        assert_eq!(pair(scene, "K2", "DM-4"), ["High", "High"]);

        scene.crm("U7", "K10", &[("priority", "Low")]);
        scene.told(&Told { changed: &["K10"], ..Told::default() });

        scene.projects("U7", "RR-9", &[("priority", "None")]);
        scene.told(&Told {
            history: &["applied priority projects low → none U7"],
            writes: &["crm K10 priority"],
            changed: &["K10", "RR-9"],
            ..Told::default()
        });
        assert_eq!(pair(scene, "K10", "RR-9"), ["–", "None"]);

        scene.crm("U7", "K10", &[("priority", "Normal")]);
        scene.told(&Told {
            history: &["applied priority crm none → medium U7"],
            writes: &["projects RR-9 priority"],
            changed: &["K10", "RR-9"],
            ..Told::default()
        });
        assert_eq!(pair(scene, "K10", "RR-9"), ["Normal", "Medium"]);
    });
}

#[test]
fn sc_27_open_and_closed_are_classes() {
    on_both(|scene| {
        let closed = Told {
            history: &["applied status crm open → closed U5"],
            writes: &["projects DM-5 status"],
            changed: &["DM-5", "K3"],
            ..Told::default()
        };
        let statuses =
            |scene: &Scene| [scene.crm_task("K3").status.value, scene.projects_task("DM-5").status.value.name];
        scene.crm("U5", "K3", &[("status", "In Progress")]);
        scene.told(&Told { changed: &["K3"], ..Told::default() });
        assert_eq!(statuses(scene), ["In Progress", "In Review"]);
        scene.crm("U5", "K3", &[("status", "Completed")]);
        scene.told(&closed);
        assert_eq!(statuses(scene), ["Completed", "Closed"]);
        scene.crm("U5", "K3", &[("status", "Waiting for input")]);
        scene.told(&Told { history: &["applied status crm closed → open U5"], ..closed });
        assert_eq!(statuses(scene), ["Waiting for input", "In Review"], "the value before closing");
        scene.projects("U5", "DM-5", &[("status", "Open")]);
        scene.told(&Told { changed: &["DM-5"], ..Told::default() });
        assert_eq!(statuses(scene), ["Waiting for input", "Open"]);
        scene.projects("U5", "DM-5", &[("status", "Cancelled")]);
        let back =
            Told { history: &["applied status projects open → closed U5"], writes: &["crm K3 status"], ..closed };
        scene.told(&back);
        assert_eq!(statuses(scene), ["Completed", "Cancelled"]);
        scene.projects("U5", "DM-5", &[("status", "Closed")]);
        scene.told(&Told { changed: &["DM-5"], ..Told::default() });
        assert_eq!(statuses(scene), ["Completed", "Closed"]);
        scene.projects("U5", "DM-5", &[("status", "In Progress")]);
        scene.told(&Told { history: &["applied status projects closed → open U5"], ..back });
        assert_eq!(statuses(scene), ["Waiting for input", "In Progress"]);
    });
}

#[test]
fn sc_27_a_task_linked_while_closed_opens_as_the_default() {
    on_both(|scene| {
        for (title, is_from_crm) in [("Return old routers", true), ("Recycle old routers", false)] {
            let mut task = scene.new_task("P2", title, vec![scene::email("U4")]);
            task.status = Some("Closed".to_owned());
            let input = bridge::add_to_crm::AddInput {
                task: bridge::add_to_crm::TaskChoice::New(Box::new(task)),
                under: scene.record("D1"),
                map_company: false,
                copy_comments: false,
            };
            let answer = scene.order("U4", &input).unwrap();
            scene.take_names(&answer, "RR-new", "K-new");
            scene.settle();
            assert_eq!(scene.crm_task("K-new").status.value, "Completed");
            if is_from_crm {
                scene.crm("U4", "K-new", &[("status", "Deferred")]);
                scene.settle();
                assert_eq!(scene.projects_task("RR-new").status.value.name, "Open");
            } else {
                scene.projects("U4", "RR-new", &[("status", "In Review")]);
                scene.settle();
                assert_eq!(scene.crm_task("K-new").status.value, "Not Started");
            }
        }
    });
}

#[test]
fn sc_28_the_first_owner_is_replaced_and_the_others_stay() {
    on_both(|scene| {
        let owners = |scene: &Scene| scene.both("RR-2", "K9").map(|line| line.rsplit(" | ").next().unwrap().to_owned());
        scene.crm("U3", "K9", &[("owner", "Sales.Rep.CN@Zylker.example")]);
        scene.told(&Told {
            history: &["applied owner crm U4 → U7 U3"],
            writes: &["projects RR-2 owner"],
            changed: &["K9", "RR-2"],
            ..Told::default()
        });
        assert_eq!(owners(scene), ["U7 U10", "U7"]);
        scene.projects("U9", "RR-2", &[("owners", "U10")]);
        scene.told(&Told { history: &["skipped owner projects U7 → U10 U9"], changed: &["RR-2"], ..Told::default() });
        assert_eq!(owners(scene), ["U10", "U7"]);
        assert_eq!(scene.link_state("K9"), "in_step (owner_not_representable)");
        scene.projects("U9", "RR-2", &[("owners", "U3 U10")]);
        scene.told(&Told {
            history: &["applied owner projects U7 → U3 U9"],
            writes: &["crm K9 owner"],
            changed: &["K9", "RR-2"],
            ..Told::default()
        });
        assert_eq!(owners(scene), ["U3 U10", "U3"]);
        assert_eq!(scene.link_state("K9"), "in_step");
        scene.projects("U9", "RR-2", &[("owners", "U10 U3")]);
        scene.told(&Told { history: &["skipped owner projects U3 → U10 U9"], changed: &["RR-2"], ..Told::default() });
        assert_eq!(owners(scene), ["U10 U3", "U3"]);
        assert_eq!(scene.link_state("K9"), "in_step (owner_not_representable)");
    });
}

#[test]
fn sc_29_an_owner_who_is_not_there_is_refused() {
    on_both(|scene| {
        let cases: [(&str, &str, &[&str]); 2] = [
            ("U8", "owner_not_in_project", &["Support Engineer", "Data Migration"]),
            ("U6", "owner_unknown", &["Sales Representative"]),
        ];
        for (owner, code, names) in cases {
            scene.crm("U4", "K6", &[("owner", owner)]);
            scene.settle();
            let letter = scene.newest_letter();
            assert!(names.iter().all(|name| letter.contains(name)), "{letter}");
            scene.left(&Told {
                history: &[
                    &format!("refused owner crm U4 → {owner} U4 {code}"),
                    &format!("reverted owner crm {owner} → U4 U4"),
                ],
                writes: &["crm K6 owner"],
                letters: &["M3 U4"],
                refusals: &[&format!("owner {owner} {code} reverted")],
                ..Told::default()
            });
            assert_eq!(scene.link_state("K6"), "in_step");
            assert_eq!(scene.crm_task("K6").owner.value, scene::email("U4"));
        }
    });
}

#[test]
fn sc_30_one_save_is_taken_field_by_field() {
    on_both(|scene| {
        let fields = [("subject", "Cut over billing"), ("due", "2026-07-06"), ("priority", "Low"), ("owner", "U6")];
        scene.crm("U4", "K6", &fields);
        scene.settle();
        let both = scene.both("DM-10", "K6");
        assert_eq!(
            both,
            [
                "Cut over billing | 2026-06-22 | Low | Open | U4",
                "Cut over billing | 2026-06-22 | Low | Not Started | U4"
            ]
        );
        assert_eq!(
            scene.history(),
            [
                "refused due crm 2026-06-22 → 2026-07-06 U4 outside_strict_schedule",
                "refused owner crm U4 → U6 U4 owner_unknown",
                "reverted due crm 2026-07-06 → 2026-06-22 U4",
                "reverted owner crm U6 → U4 U4",
                "applied title crm Cut over billing history → Cut over billing U4",
                "applied priority crm high → low U4",
            ]
        );
        assert_eq!(scene.letters(), ["M1 U4"], "one letter, not two");
        assert_eq!(scene.changed(), ["DM-10", "K6"]);
        assert_eq!(scene.link_state("K6"), "in_step");
        let letter = scene.newest_letter();
        for words in ["6 Jul 2026", "Sales Representative", "Title", "Cut over billing", "Priority", "Low"] {
            assert!(letter.contains(words), "{words} is missing in:\n{letter}");
        }
    });
}

#[test]
fn sc_31_an_end_may_be_empty_but_not_before_the_start() {
    on_both(|scene| {
        let applied = |old: &str, new: &str| format!("applied due crm {old} → {new} U4");
        let accepted = Told { writes: &["projects DM-10 due"], changed: &["DM-10", "K6"], ..Told::default() };
        scene.crm("U4", "K6", &[("due", "")]);
        scene.told(&Told { history: &[&applied("2026-06-22", "–")], ..accepted });
        assert_eq!(scene.projects_task("DM-10").due.value, None);
        scene.crm("U4", "K6", &[("due", "2026-06-16")]);
        scene.told(&Told { history: &[&applied("–", "2026-06-16")], ..accepted });
        scene.crm("U4", "K6", &[("due", "2026-06-14")]);
        scene.settle();
        assert!(scene.newest_letter().contains("15 Jun"), "{}", scene.newest_letter());
        scene.left(&Told {
            history: &[
                "refused due crm 2026-06-16 → 2026-06-14 U4 due_before_start",
                "reverted due crm 2026-06-14 → 2026-06-16 U4",
            ],
            writes: &["crm K6 due"],
            letters: &["M3 U4"],
            refusals: &["due 2026-06-14 due_before_start reverted"],
            ..Told::default()
        });
        scene.crm("U4", "K6", &[("due", "2026-06-15")]);
        scene.told(&Told { history: &[&applied("2026-06-16", "2026-06-15")], ..accepted });
    });
}
