//! Crashes between any two steps, lost answers, lost and doubled events, two workers.

use bridge::field::SideName;
use bridge::{LinkState, Step};
use ports::{LinkId, PlainText};

use crate::world::{Fault, World, day, email, on_every_database};

/// A save with everything in it: applied, refused, a comment, and the other side moving too.
fn edit(world: &World) {
    world.crm("k6", "u4", |task| {
        task.subject.value = "Cut over".into();
        task.due.value = Some(day("2026-07-06"));
        task.description.value = PlainText::new("Fields:\n- one\n- three");
    });
    world.projects("DM-10", "u9", |task| task.priority.value = "Low".into());
    world.note("k6", "u4", "see there");
}

fn assert_end(world: &World, link: &LinkId, where_: &str) {
    let (crm, task) = (world.crm_task("k6"), world.task("DM-10"));
    assert_eq!(task.title.value, "Cut over", "{where_}");
    assert_eq!(crm.subject.value, "Cut over", "{where_}");
    assert_eq!((crm.due.value, task.due.value), (Some(day("2026-06-22")), Some(day("2026-06-22"))), "{where_}");
    assert_eq!((crm.priority.value.as_deref(), task.priority.value.as_str()), (Some("Low"), "Low"), "{where_}");
    assert_eq!(world.comments(), ["u4: see there"], "{where_}");
    assert_eq!(world.letters(), ["M1 u4"], "{where_}");
    assert_eq!(world.link(link).state, LinkState::InStep, "{where_}");
    assert_eq!(world.open_intents(link), 0, "{where_}");
    let mut history = world.history(link);
    history.sort();
    assert_eq!(
        history,
        [
            "applied comment - -> see there by u4 on crm (event)",
            "applied description Fields:\n- one\n- two -> Fields:\n- one\n- three by u4 on crm (event)",
            "applied priority high -> low by u9 on projects (event)",
            "applied title Task DM-10 -> Cut over by u4 on crm (event)",
            "refused due 2026-06-22 -> 2026-07-06 by u4 on crm (event, outside_strict_schedule)",
            "reverted due 2026-07-06 -> 2026-06-22 by u4 on crm (event)",
        ],
        "{where_}"
    );
}

#[test]
fn fault_29_a_crash_after_any_step_changes_nothing_in_the_end() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        edit(&world);
        world.run();
        assert_end(&world, &link, "no crash");
    });
    for crash_after in 1..40 {
        let mut has_ended = false;
        on_every_database_flag(&mut has_ended, crash_after);
        if has_ended {
            return;
        }
    }
    panic!("the story has no end");
}

fn on_every_database_flag(has_ended: &mut bool, crash_after: usize) {
    let ended = std::cell::Cell::new(false);
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        world.writes();
        edit(&world);
        for _ in 0..crash_after {
            if matches!(world.step().unwrap(), Step::Idle { .. }) {
                ended.set(true);
            }
        }
        world.crash();
        world.run();
        world.wait(40_000);
        world.run();
        assert_end(&world, &link, &format!("crash after step {crash_after}"));
        let mut writes = world.writes();
        writes.sort();
        let expected = ["crm k6 due,priority", "projects DM-10 comment", "projects DM-10 title,description"];
        let apart = ["crm k6 due", "crm k6 priority", "projects DM-10 comment", "projects DM-10 title,description"];
        assert!(writes == expected || writes == apart, "crash after step {crash_after}: {writes:?}");
    });
    *has_ended = ended.get();
}

#[test]
fn fault_2_a_lost_answer_is_found_by_reading() {
    for fault in [Fault::LoseAnswer, Fault::LoseRequest] {
        on_every_database(|mut world| {
            let link = world.linked("k6", "DM-10");
            world.fault(SideName::Projects, fault.clone());
            world.crm("k6", "u4", |task| task.subject.value = "v1".into());
            world.run();
            // The effect brings an event of its own; without one the link waits.
            let is_seen = fault == Fault::LoseAnswer;
            let state = if is_seen { LinkState::InStep } else { LinkState::Pending };
            assert_eq!(world.link(&link).state, state, "{fault:?}");
            // A newer edit meanwhile must win over the late effect of the older write.
            world.crm("k6", "u4", |task| task.subject.value = "v2".into());
            world.wait(40_000);
            world.run();
            world.wait(40_000);
            world.run();
            assert_eq!(world.task("DM-10").title.value, "v2", "{fault:?}");
            assert_eq!(world.crm_task("k6").subject.value, "v2", "{fault:?}");
            assert_eq!(world.link(&link).state, LinkState::InStep, "{fault:?}");
            assert_eq!(world.open_intents(&link), 0, "{fault:?}");
            let overruled = world.history(&link).iter().any(|line| line.starts_with("overruled"));
            assert!(!overruled, "our own write is nobody's edit: {:?}", world.history(&link));
        });
    }
}

#[test]
fn con_8_changes_wait_while_a_side_is_down() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        world.set_down(SideName::Projects, true);
        for number in 0..8 {
            world.crm("k6", "u4", |task| task.subject.value = format!("v{number}"));
            world.run();
            world.wait(60_000);
        }
        assert_eq!(world.link(&link).state, LinkState::Pending);
        assert_eq!(world.link(&link).reason, Some(ports::Reason::Unreachable));
        world.crash();
        world.set_down(SideName::Projects, false);
        world.wait(300_000);
        world.run();
        assert_eq!(world.writes(), ["projects DM-10 title"]);
        assert_eq!(world.task("DM-10").title.value, "v7");
        assert_eq!(world.letters(), Vec::<String>::new());
    });
}

#[test]
fn con_7_doubled_and_late_events_change_nothing() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        for subject in ["v1", "v2", "v3"] {
            world.crm("k6", "u4", |task| task.subject.value = subject.into());
        }
        world.repeat_events();
        world.repeat_events();
        world.run();
        assert_eq!(world.writes(), ["projects DM-10 title"]);
        assert_eq!(world.history(&link).len(), 1);
    });
}

#[test]
fn sc_71_a_lost_event_is_found_by_the_comparison() {
    on_every_database(|mut world| {
        let link = world.linked("k3", "DM-5");
        world.crm("k3", "u5", |task| task.subject.value = "unheard".into());
        world.lose_events();
        world.run();
        assert_eq!(world.writes(), Vec::<String>::new());
        world.wait(60_000);
        world.compare();
        assert_eq!(world.task("DM-5").title.value, "unheard");
        assert_eq!(world.history(&link), ["applied title Task DM-5 -> unheard by u5 on crm (comparison)"]);
    });
}

#[test]
fn invariant_7_a_worker_that_lost_its_lease_settles_nothing() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        world.crm("k6", "u4", |task| task.subject.value = "v1".into());
        // The worker stops after its write, before it settles.
        while !matches!(world.step().unwrap(), Step::Executed { .. }) {}
        world.wait(8_001);
        let mut other = world.second_worker();
        let now = world.now();
        other.run_until_quiet(now, 1_000).unwrap();
        assert_eq!(world.link(&link).agreed.title.code().as_deref(), Some("v1"));
        assert_eq!(world.history(&link).len(), 1);
        // It wakes up.
        world.run();
        assert_eq!(world.history(&link).len(), 1);
        assert_eq!(world.writes(), ["projects DM-10 title"]);
    });
}

#[test]
fn fault_38_an_edit_between_read_and_write_is_not_overwritten() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        world.crm("k6", "u4", |task| task.subject.value = "from the CRM".into());
        while !matches!(world.step().unwrap(), Step::Prepared { .. }) {}
        world.wait(5_000);
        world.projects("DM-10", "u9", |task| {
            task.title.value = "from Projects".into();
            task.owners.value = vec![email("u4")];
        });
        world.run();
        assert_eq!(world.crm_task("k6").subject.value, "from Projects");
        assert_eq!(world.task("DM-10").title.value, "from Projects");
        let history = world.history(&link);
        assert!(history.iter().any(|line| line.starts_with("overruled title")), "{history:?}");
    });
}

#[test]
fn con_10_one_sick_task_blocks_no_other() {
    on_every_database(|mut world| {
        let sick = world.linked("k3", "DM-5");
        let well = world.linked("k6", "DM-10");
        world.fault(SideName::Projects, Fault::LoseRequest);
        world.crm("k3", "u5", |task| task.subject.value = "sick".into());
        world.run();
        for _ in 0..3 {
            world.fault(SideName::Projects, Fault::LoseRequest);
            world.wait(5_000);
            world.run();
        }
        world.crm("k6", "u4", |task| task.subject.value = "well".into());
        world.run();
        assert_eq!(world.task("DM-10").title.value, "well");
        assert_eq!(world.link(&well).state, LinkState::InStep);
        assert!(world.link(&sick).failing_since.is_some());
        world.wait(600_000);
        world.run();
        world.wait(60_000);
        world.run();
        assert_eq!(world.link(&sick).state, LinkState::InStep);
        assert_eq!(world.link(&sick).failing_since, None);
    });
}
