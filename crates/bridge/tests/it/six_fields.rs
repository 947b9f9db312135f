//! F1 to F6, each in both directions, with what the history says and what is not written.

use bridge::LinkState;
use bridge::field::SideName;
use ports::{PlainText, Reason, TaskStatus};

use crate::world::{World, day, email, on_every_database};

fn status(name: &str, is_closed: bool) -> TaskStatus {
    TaskStatus { name: name.into(), is_closed }
}

fn in_step(world: &World, link: &ports::LinkId) {
    let link = world.link(link);
    assert_eq!(link.state, LinkState::InStep, "{}: {:?}", world.name, link.reason);
    assert_eq!(world.letters(), Vec::<String>::new());
}

#[test]
fn sync_1_every_field_goes_to_projects() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        world.crm("k6", "u4", |task| {
            task.subject.value = "  Cut over 路 🧾 <b>\n& more ".into();
            task.description.value = PlainText::new("Fields:\n- one (1)\n- two");
            task.due.value = Some(day("2026-06-24"));
            task.priority.value = Some("Normal".into());
            task.owner.value = email("u7");
        });
        world.run();
        let task = world.task("DM-10");
        assert_eq!(task.title.value, "Cut over 路 🧾 <b> & more");
        assert_eq!(
            task.description.value.as_html(),
            "<p><b>Fields:</b></p><ul><li>one (1)</li><li><i>two</i></li></ul>"
        );
        assert_eq!(task.due.value, Some(day("2026-06-24")));
        assert_eq!(task.priority.value, "Medium");
        assert_eq!(task.owners.value, [email("u7"), email("u10")]);
        assert_eq!(task.title.by, Some(email("u4")));
        assert_eq!(world.writes(), ["projects DM-10 title,description,due,priority,owners"]);
        assert_eq!(
            world.history(&link),
            [
                "applied title Task DM-10 -> Cut over 路 🧾 <b> & more by u4 on crm (event)",
                "applied description Fields:\n- one\n- two -> Fields:\n- one (1)\n- two by u4 on crm (event)",
                "applied due 2026-06-22 -> 2026-06-24 by u4 on crm (event)",
                "applied priority high -> medium by u4 on crm (event)",
                "applied owner u4@zylker.example -> u7@zylker.example by u4 on crm (event)",
            ]
        );
        in_step(&world, &link);
        world.wait(60_000);
        world.run();
        world.compare();
        assert_eq!(world.writes(), Vec::<String>::new());
    });
}

#[test]
fn sync_1_every_field_goes_to_the_crm() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        world.projects("DM-10", "u9", |task| {
            task.title.value = "  Reten\u{ad}tion 規則 ✅  ".into();
            task.description.value = ports::lines::clean("<p>a</p><ul><li>b</li></ul>");
            task.due.value = None;
            task.priority.value = "None".into();
            task.status.value = status("Cancelled", true);
            task.owners.value = vec![email("u3")];
        });
        world.run();
        let task = world.crm_task("k6");
        assert_eq!(task.subject.value, "Reten\u{ad}tion 規則 ✅");
        assert_eq!(task.description.value.as_str(), "a\n- b");
        assert_eq!(task.due.value, None);
        assert_eq!(task.priority.value, None);
        assert_eq!(task.status.value, "Completed");
        assert_eq!(task.owner.value, email("u3"));
        assert_eq!(world.writes(), ["crm k6 subject,description,due,priority,status,owner"]);
        assert_eq!(world.history(&link).len(), 6);
        in_step(&world, &link);
    });
}

#[test]
fn sync_8_formatting_alone_is_not_a_change() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        world.projects("DM-10", "u9", |task| {
            task.description.value =
                ports::lines::clean("<p><b>Fields:</b></p><ul><li><i>one</i></li><li><i>two</i></li></ul>");
        });
        world.run();
        assert_eq!(world.writes(), Vec::<String>::new());
        assert_eq!(world.history(&link), Vec::<String>::new());
        world.crm("k6", "u4", |task| task.description.value = PlainText::new("Many fields:\n- one\n- two"));
        world.run();
        assert_eq!(
            world.task("DM-10").description.value.as_html(),
            "<p><b>Many fields:</b></p><ul><li><i>one</i></li><li><i>two</i></li></ul>"
        );
        assert_eq!(world.writes(), ["projects DM-10 description"]);
        world.crm("k6", "u4", |task| {
            task.description.value = PlainText::new("Use <b> only & never \"rm -rf\"\n\nsecond paragraph");
        });
        world.run();
        world.projects("DM-10", "u9", |_| {});
        world.run();
        assert_eq!(world.writes(), ["projects DM-10 description"]);
        in_step(&world, &link);
    });
}

#[test]
fn f4_classes_leave_the_present_value_alone() {
    on_every_database(|mut world| {
        let link = world.linked("k2", "DM-4");
        world.projects("DM-4", "u9", |task| task.title.value = "Map fields".into());
        world.run();
        assert_eq!(world.crm_task("k2").priority.value.as_deref(), Some("Highest"));
        for (projects, crm) in
            [("Medium", Some("Normal")), ("High", Some("High")), ("Low", Some("Low")), ("None", None)]
        {
            world.projects("DM-4", "u9", |task| task.priority.value = projects.into());
            world.run();
            assert_eq!(world.crm_task("k2").priority.value.as_deref(), crm);
        }
        world.writes();
        world.crm("k2", "u4", |task| task.priority.value = Some("Lowest".into()));
        world.run();
        world.crm("k2", "u4", |task| task.priority.value = Some("Low".into()));
        world.run();
        assert_eq!(world.writes(), ["projects DM-4 priority"]);
        assert_eq!(world.task("DM-4").priority.value, "Low");
        in_step(&world, &link);
    });
}

#[test]
fn sc_27_open_and_closed_are_classes() {
    on_every_database(|mut world| {
        let link = world.linked("k3", "DM-5");
        let steps: [(SideName, &str, &str, &str); 7] = [
            (SideName::Crm, "In Progress", "In Progress", "In Review"),
            (SideName::Crm, "Completed", "Completed", "Closed"),
            (SideName::Crm, "Waiting for input", "Waiting for input", "In Review"),
            (SideName::Projects, "Open", "Waiting for input", "Open"),
            (SideName::Projects, "Cancelled", "Completed", "Cancelled"),
            (SideName::Projects, "Closed", "Completed", "Closed"),
            (SideName::Projects, "In Review", "Waiting for input", "In Review"),
        ];
        for (side, value, crm, projects) in steps {
            match side {
                SideName::Crm => world.crm("k3", "u5", |task| task.status.value = value.into()),
                SideName::Projects => world.projects("DM-5", "u5", |task| {
                    task.status.value = status(value, matches!(value, "Closed" | "Cancelled"));
                }),
            }
            world.run();
            assert_eq!(world.crm_task("k3").status.value, crm, "after {value}");
            assert_eq!(world.task("DM-5").status.value.name, projects, "after {value}");
        }
        in_step(&world, &link);
    });
}

#[test]
fn sc_28_further_owners_stay_and_a_stranger_is_left_out() {
    on_every_database(|mut world| {
        let link = world.linked("k9", "RR-2");
        world.crm("k9", "u3", |task| task.owner.value = email("u7"));
        world.run();
        assert_eq!(world.task("RR-2").owners.value, [email("u7"), email("u10")]);
        for (owners, crm, note) in
            [(["u10", ""], "u7", true), (["u3", "u10"], "u3", false), (["u10", "u3"], "u3", true)]
        {
            world.wait(5_000);
            let owners: Vec<_> = owners.iter().filter(|name| !name.is_empty()).map(|name| email(name)).collect();
            world.projects("RR-2", "u9", |task| task.owners.value = owners.clone());
            world.run();
            assert_eq!(world.crm_task("k9").owner.value, email(crm));
            assert_eq!(world.task("RR-2").owners.value, owners);
            assert_eq!(world.link(&link).note.starts_with("owner_not_representable"), note);
            in_step(&world, &link);
        }
        let skipped = world.history(&link).iter().filter(|line| line.starts_with("skipped owner")).count();
        assert_eq!(skipped, 2);
        // A later owner of the CRM takes the place of the stranger.
        world.crm("k9", "u3", |task| task.owner.value = email("u7"));
        world.run();
        assert_eq!(world.task("RR-2").owners.value, [email("u7"), email("u3")]);
        in_step(&world, &link);
    });
}

#[test]
fn con_2_different_fields_of_both_sides_are_both_applied() {
    on_every_database(|mut world| {
        let link = world.linked("k2", "DM-4");
        world.crm("k2", "u4", |task| task.due.value = Some(day("2026-06-25")));
        world.projects("DM-4", "u9", |task| task.priority.value = "Medium".into());
        world.run();
        assert_eq!(world.task("DM-4").due.value, Some(day("2026-06-25")));
        assert_eq!(world.crm_task("k2").priority.value.as_deref(), Some("Normal"));
        assert_eq!(world.writes(), ["crm k2 priority", "projects DM-4 due"]);
        in_step(&world, &link);
    });
}

#[test]
fn con_4_the_latest_wins_and_the_loser_is_kept() {
    on_every_database(|mut world| {
        let link = world.linked("k2", "DM-4");
        // Equal on both sides: nothing is written.
        world.crm("k2", "u4", |task| task.due.value = Some(day("2026-06-26")));
        world.projects("DM-4", "u9", |task| task.due.value = Some(day("2026-06-26")));
        world.run();
        assert_eq!(world.writes(), Vec::<String>::new());
        assert_eq!(world.link(&link).agreed.due.code().as_deref(), Some("2026-06-26"));
        // The later one wins.
        world.crm("k2", "u4", |task| task.subject.value = "Map fields A".into());
        world.wait(30_000);
        world.projects("DM-4", "u9", |task| task.title.value = "Map fields B".into());
        world.run();
        assert_eq!(world.crm_task("k2").subject.value, "Map fields B");
        // Within two seconds Projects wins.
        world.wait(60_000);
        world.projects("DM-4", "u9", |task| task.priority.value = "Medium".into());
        world.wait(1_500);
        world.crm("k2", "u4", |task| task.priority.value = Some("Low".into()));
        world.run();
        assert_eq!(world.crm_task("k2").priority.value.as_deref(), Some("Normal"));
        // Else the CRM can win too.
        world.wait(60_000);
        world.projects("DM-4", "u9", |task| task.priority.value = "High".into());
        world.wait(2_001);
        world.crm("k2", "u4", |task| task.priority.value = Some("Lowest".into()));
        world.run();
        assert_eq!(world.task("DM-4").priority.value, "Low");
        assert_eq!(
            world.history(&link),
            [
                "overruled title Map fields B -> Map fields A by u4 on crm (conflict, conflict)",
                "applied title Map fields A -> Map fields B by u9 on projects (conflict)",
                "overruled priority medium -> low by u4 on crm (conflict, conflict)",
                "applied priority low -> medium by u9 on projects (conflict)",
                "overruled priority low -> high by u9 on projects (conflict, conflict)",
                "applied priority high -> low by u4 on crm (conflict)",
            ]
        );
        in_step(&world, &link);
    });
}

#[test]
fn sc_75_clocks_that_disagree() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        // The CRM's clock is seven minutes ahead, and its answers say so.
        world.set_crm_clock(Some(420_000));
        world.crm("k6", "u4", |task| {
            task.subject.value = "one".into();
        });
        world.crm("k6", "u4", |task| task.subject.at = task.subject.at.map(|at| at.plus_ms(420_000)));
        world.run();
        assert_eq!(world.task("DM-10").title.value, "one");
        world.wait(60_000);
        world.crm("k6", "u4", |task| task.subject.value = "crm".into());
        world.crm("k6", "u4", |task| task.subject.at = task.subject.at.map(|at| at.plus_ms(420_000)));
        world.wait(60_000);
        world.projects("DM-10", "u9", |task| task.title.value = "projects".into());
        world.run();
        assert_eq!(world.crm_task("k6").subject.value, "projects");
        // Without a usable time Projects wins, though the CRM was later.
        world.set_crm_clock(None);
        world.wait(60_000);
        world.projects("DM-10", "u9", |task| task.title.value = "projects 2".into());
        world.wait(60_000);
        world.crm("k6", "u4", |task| task.subject.value = "crm 2".into());
        world.run();
        assert_eq!(world.crm_task("k6").subject.value, "projects 2");
        in_step(&world, &link);
    });
}

#[test]
fn life_3_a_deleted_task_breaks_the_link_and_a_missing_one_does_not() {
    on_every_database(|mut world| {
        let gone = world.linked("k6", "DM-10");
        let missing = world.linked("k7", "DM-13");
        world.hide_crm("k7");
        world.delete_crm("k6", "u4");
        world.projects("DM-10", "u9", |task| task.title.value = "still here".into());
        world.run();
        let link = world.link(&gone);
        assert_eq!(link.state, LinkState::Broken);
        assert_eq!(link.reason, Some(Reason::RecordGone));
        assert_eq!(link.seen.gone.as_deref(), Some("crm"));
        assert_eq!(world.history(&gone), ["skipped delete - -> - by u4 on crm (event, record_gone)"]);
        assert_eq!(world.link(&missing).state, LinkState::Pending);
        assert_eq!(world.writes(), Vec::<String>::new());
        assert_eq!(world.letters(), Vec::<String>::new());
    });
}
#[test]
fn life_3_a_broken_link_stays_broken_while_a_side_is_away() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        world.delete_crm("k6", "u4");
        world.run();
        world.set_down(SideName::Crm, true);
        world.projects("DM-10", "u9", |task| task.title.value = "still here".into());
        world.run();
        assert_eq!(world.link(&link).state, LinkState::Broken);
        world.set_down(SideName::Crm, false);
        world.wait(300_000);
        world.run();
        assert_eq!(world.link(&link).reason, Some(Reason::RecordGone));
        assert_eq!(world.history(&link), ["skipped delete - -> - by u4 on crm (event, record_gone)"]);
        assert_eq!(world.writes(), Vec::<String>::new());
    });
}
