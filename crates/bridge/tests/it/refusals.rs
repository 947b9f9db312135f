//! Refused changes: stored first, set back or held, told once.

use bridge::LinkState;
use bridge::field::SideName;
use bridge::refusal::RefusalState;
use ports::{Reason, Schedule, TaskStatus};

use crate::world::{Fault, day, email, on_every_database};

fn closed() -> TaskStatus {
    TaskStatus { name: "Closed".into(), is_closed: true }
}

#[test]
fn str_2_a_date_outside_a_strict_project_is_refused_and_set_back() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        world.crm("k6", "u4", |task| task.due.value = Some(day("2026-07-06")));
        world.run();
        assert_eq!(world.task("DM-10").due.value, Some(day("2026-06-22")));
        assert_eq!(world.crm_task("k6").due.value, Some(day("2026-06-22")));
        assert_eq!(world.link(&link).state, LinkState::InStep);
        assert_eq!(
            world.history(&link),
            [
                "refused due 2026-06-22 -> 2026-07-06 by u4 on crm (event, outside_strict_schedule)",
                "reverted due 2026-07-06 -> 2026-06-22 by u4 on crm (event)",
            ]
        );
        assert_eq!(world.letters(), ["M1 u4"]);
        assert_eq!(world.writes(), ["crm k6 due"]);
        let refusals = world.refusals(&link);
        assert_eq!(refusals.len(), 1);
        assert_eq!(refusals[0].state, RefusalState::Reverted);
        assert_eq!(refusals[0].letter.as_ref().map(|(code, _)| code.as_str()), Some("M1"));
        // It is over: wider dates change nothing, and the first and last day are inside.
        world.change_project(|project| {
            project.schedule = Schedule::Strict { start: day("2026-03-02"), end: day("2026-07-31") };
        });
        world.run();
        assert_eq!(world.writes(), Vec::<String>::new());
        world.crm("k6", "u4", |task| task.due.value = Some(day("2026-07-31")));
        world.run();
        assert_eq!(world.task("DM-10").due.value, Some(day("2026-07-31")));
        assert_eq!(world.letters().len(), 1);
    });
}

#[test]
fn i_14_the_same_value_of_the_same_person_stands_in_the_list_once() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        for date in ["2026-07-06", "2026-07-07", "2026-07-06"] {
            world.crm("k6", "u4", |task| task.due.value = Some(day(date)));
            world.run();
            world.wait(60_000);
        }
        assert_eq!(world.refusals(&link).len(), 2);
        assert_eq!(world.letters(), ["M1 u4"]);
        assert_eq!(world.history(&link).len(), 6);
    });
}

#[test]
fn sync_7_one_save_with_a_mixed_outcome() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        world.crm("k6", "u4", |task| {
            task.subject.value = "Cut over billing".into();
            task.due.value = Some(day("2026-07-06"));
            task.priority.value = Some("Low".into());
            task.owner.value = email("u6");
        });
        world.run();
        let (crm, task) = (world.crm_task("k6"), world.task("DM-10"));
        assert_eq!((task.title.value.as_str(), task.priority.value.as_str()), ("Cut over billing", "Low"));
        assert_eq!((task.due.value, task.owners.value[0].clone()), (Some(day("2026-06-22")), email("u4")));
        assert_eq!((crm.due.value, crm.owner.value), (Some(day("2026-06-22")), email("u4")));
        assert_eq!(world.letters(), ["M1 u4"]);
        assert_eq!(
            world.history(&link),
            [
                "refused due 2026-06-22 -> 2026-07-06 by u4 on crm (event, outside_strict_schedule)",
                "refused owner u4@zylker.example -> u6@zylker.example by u4 on crm (event, owner_unknown)",
                "reverted due 2026-07-06 -> 2026-06-22 by u4 on crm (event)",
                "reverted owner u6@zylker.example -> u4@zylker.example by u4 on crm (event)",
                "applied title Task DM-10 -> Cut over billing by u4 on crm (event)",
                "applied priority high -> low by u4 on crm (event)",
            ]
        );
        assert_eq!(world.writes(), ["crm k6 due,owner", "projects DM-10 title,priority"]);
    });
}

#[test]
fn sync_3_owner_outside_the_project_and_owner_without_an_account() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        for (owner, code) in [("u8", "owner_not_in_project"), ("u6", "owner_unknown")] {
            world.crm("k6", "u4", |task| task.owner.value = email(owner));
            world.run();
            assert_eq!(world.crm_task("k6").owner.value, email("u4"));
            assert_eq!(world.refusals(&link)[0].reason.code(), code);
            world.wait(1_000);
        }
        assert_eq!(world.letters(), ["M3 u4", "M3 u4"]);
    });
}

#[test]
fn sync_6_an_end_before_the_start_is_refused_and_no_end_is_taken() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        for (due, taken) in [
            (None, None),
            (Some("2026-06-16"), Some("2026-06-16")),
            (Some("2026-06-14"), Some("2026-06-16")),
            (Some("2026-06-15"), Some("2026-06-15")),
        ] {
            world.crm("k6", "u4", |task| task.due.value = due.map(day));
            world.run();
            assert_eq!(world.task("DM-10").due.value, taken.map(day));
            assert_eq!(world.crm_task("k6").due.value, taken.map(day));
        }
        assert_eq!(world.refusals(&link)[0].reason.code(), "due_before_start");
        assert_eq!(world.letters(), ["M3 u4"]);
    });
}

#[test]
fn sub_1_reopening_below_a_closed_parent_is_refused() {
    on_every_database(|mut world| {
        world.add_tasks("-", "DM-1", None);
        let link = world.linked_below("k1", "DM-2", Some("DM-1"));
        for task in ["DM-2", "DM-1"] {
            world.projects(task, "u9", |task| task.status.value = closed());
        }
        world.run();
        assert_eq!(world.crm_task("k1").status.value, "Completed");
        world.writes();
        world.crm("k1", "u5", |task| task.status.value = "In Progress".into());
        world.run();
        assert!(world.task("DM-2").status.value.is_closed);
        assert_eq!(world.crm_task("k1").status.value, "Completed");
        assert_eq!(world.letters(), ["M2 u5"]);
        assert_eq!(world.writes(), ["crm k1 status"]);
        let Reason::ParentClosed { parent, closed_by, .. } = world.refusals(&link)[0].reason.clone() else { panic!() };
        assert_eq!((parent.as_str(), closed_by.as_deref()), ("Task DM-1", Some("u9@zylker.example")));
        // SUB-3: open again, the same change made again is taken.
        world.projects("DM-1", "u9", |task| task.status.value = TaskStatus { name: "Open".into(), is_closed: false });
        world.run();
        world.crm("k1", "u5", |task| task.status.value = "In Progress".into());
        world.run();
        assert_eq!(world.task("DM-2").status.value.name, "In Review");
        assert_eq!(world.crm_task("k1").status.value, "In Progress");
        assert_eq!(world.letters(), ["M2 u5"]);
    });
}

#[test]
fn sub_4_closing_with_open_subtasks_is_refused() {
    on_every_database(|mut world| {
        let link = world.linked("k1", "DM-6");
        world.add_tasks("-", "DM-7", Some("DM-6"));
        world.add_tasks("-", "DM-8", Some("DM-7"));
        world.crm("k1", "u4", |task| task.status.value = "Completed".into());
        world.run();
        assert_eq!(world.refusals(&link)[0].reason, Reason::OpenSubtasks { count: 2 });
        assert_eq!(world.crm_task("k1").status.value, "Waiting for input");
        assert_eq!(world.letters(), ["M3 u4"]);
    });
}

#[test]
fn sc_22_a_title_that_is_too_long_goes_back_and_is_never_cut() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        for (title, taken) in [
            ("路".repeat(255), true),
            (format!("{}🧾", "a".repeat(254)), true),
            ("a".repeat(256), false),
            ("  ".into(), false),
        ] {
            let before = world.crm_task("k6").subject.value;
            world.projects("DM-10", "u9", |task| task.title.value = title.clone());
            world.run();
            let expected = if taken { &title } else { &before };
            assert_eq!(world.crm_task("k6").subject.value, *expected);
            assert_eq!(world.task("DM-10").title.value, *expected);
        }
        let codes: Vec<_> = world.refusals(&link).iter().map(|refusal| refusal.reason.code()).collect();
        assert_eq!(codes, ["title_empty", "title_too_long"]);
        assert_eq!(world.letters(), ["M3 u9", "M3 u9"]);
    });
}

#[test]
fn ref_5_a_value_without_partner_is_held_and_the_other_fields_go_on() {
    on_every_database(|mut world| {
        let link = world.linked("k11", "HW-2");
        world.crm("k11", "u5", |task| task.priority.value = Some("Someday".into()));
        world.run();
        assert_eq!(world.crm_task("k11").priority.value.as_deref(), Some("Someday"));
        assert_eq!(world.task("HW-2").priority.value, "High");
        let stored = world.link(&link);
        assert_eq!(stored.state, LinkState::OutOfStep);
        assert_eq!(stored.reason, Some(Reason::ValueNotMapped { value: "Someday".into() }));
        assert_eq!(world.letters(), ["M3 u5"]);
        world.crm("k11", "u5", |task| task.due.value = Some(day("2026-06-26")));
        world.run();
        assert_eq!(world.task("HW-2").due.value, Some(day("2026-06-26")));
        world.compare();
        world.run();
        assert_eq!(world.writes(), ["projects HW-2 due"]);
        assert_eq!(world.link(&link).state, LinkState::OutOfStep);
        assert_eq!(world.letters(), ["M3 u5"]);
        // A value with a partner ends it.
        world.crm("k11", "u5", |task| task.priority.value = Some("Low".into()));
        world.run();
        assert_eq!(world.task("HW-2").priority.value, "Low");
        assert_eq!(world.link(&link).state, LinkState::InStep);
        assert_eq!(world.refusals(&link)[0].state, RefusalState::Settled);
        assert_eq!(world.letters(), ["M3 u5"]);
    });
}

#[test]
fn ref_5_a_description_that_is_too_long_is_held() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        let long = ports::lines::rich(&ports::PlainText::new(&"路".repeat(32_001)));
        world.projects("DM-10", "u9", |task| task.description.value = long.clone());
        world.run();
        assert_eq!(world.task("DM-10").description.value, long);
        assert_eq!(world.link(&link).state, LinkState::OutOfStep);
        assert_eq!(world.writes(), Vec::<String>::new());
        assert_eq!(world.letters(), ["M3 u9"]);
    });
}

#[test]
fn con_6_a_value_that_would_be_refused_cannot_win() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        world.projects("DM-10", "u9", |task| task.due.value = Some(day("2026-06-24")));
        world.wait(300_000);
        world.crm("k6", "u4", |task| task.due.value = Some(day("2026-07-06")));
        world.run();
        assert_eq!(world.task("DM-10").due.value, Some(day("2026-06-24")));
        assert_eq!(world.crm_task("k6").due.value, Some(day("2026-06-24")));
        assert_eq!(world.letters(), ["M1 u4"]);
        assert_eq!(world.refusals(&link)[0].state, RefusalState::Reverted);
        assert_eq!(world.link(&link).state, LinkState::InStep);
    });
}

#[test]
fn ref_1_a_refusal_that_only_the_side_knows_of_ends_alike() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        let reason = Reason::ValidationFailed { message: "a due date is required".into(), service: "CRM".into() };
        // Two fields in one write: each is tried alone to find the one that is meant.
        world.fault(SideName::Crm, Fault::Refuse(reason.clone()));
        world.fault(SideName::Crm, Fault::Refuse(reason.clone()));
        world.projects("DM-10", "u9", |task| {
            task.due.value = None;
            task.priority.value = "Low".into();
        });
        world.run();
        let (crm, task) = (world.crm_task("k6"), world.task("DM-10"));
        assert_eq!((crm.due.value, crm.priority.value.as_deref()), (Some(day("2026-06-22")), Some("Low")));
        assert_eq!((task.due.value, task.priority.value.as_str()), (Some(day("2026-06-22")), "Low"));
        assert_eq!(world.letters(), ["M3 u9"]);
        assert_eq!(world.refusals(&link)[0].reason, reason);
        assert_eq!(world.link(&link).state, LinkState::InStep);
    });
}

#[test]
fn mail_1_an_unknown_author_means_the_owner() {
    on_every_database(|mut world| {
        world.linked("k6", "DM-10");
        world.crm("k6", "u5", |task| task.due.value = Some(day("2026-07-09")));
        world.crm("k6", "u5", |task| task.due.by = None);
        world.run();
        assert_eq!(world.letters(), ["M1 u4"]);
    });
}
