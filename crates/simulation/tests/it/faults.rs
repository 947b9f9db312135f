//! Crashes and clocks (scenarios N).

use simulation::Scene;
use simulation::faulty::Times;
use simulation::scene::{self, Told, on_both};

/// Lets the engine make so many steps, then takes another in its place after the lease has run out.
fn crash_after(scene: &mut Scene, steps: usize) {
    for _ in 0..steps {
        scene.step();
    }
    scene.restart();
    scene.pass(9);
}

#[test]
fn sc_73_killed_between_any_two_steps_of_a_change() {
    on_both(|scene| {
        for steps in 0..14 {
            let (title, before) = (format!("After {steps}"), scene.crm_task("K6").subject.value);
            scene.crm("U4", "K6", &[("subject", &title)]);
            scene.note("U4", "K6", &title);
            scene.await_feeds();
            crash_after(scene, steps);
            scene.run();
            scene.pass(40);
            scene.settle();
            assert_eq!(scene.projects_task("DM-10").title.value, title, "after {steps} steps");
            assert_eq!(scene.crm_task("K6").subject.value, title);
            let copies = scene.comments("DM-10").into_iter().filter(|comment| comment.ends_with(&title)).count();
            assert_eq!(copies, 1, "after {steps} steps");
            let applied = format!("applied title crm {before} → {title} U4");
            assert_eq!(scene.history().iter().filter(|line| **line == applied).count(), 1, "{:?}", scene.history());
            assert_eq!(scene.link_state("K6"), "in_step");
            assert!(scene.writes().iter().all(|write| write.starts_with("projects")), "{:?}", scene.writes());
            scene.begin();
        }
    });
}

#[test]
fn sc_73_killed_between_any_two_steps_of_a_refusal() {
    on_both(|scene| {
        for steps in 0..14 {
            scene.turn(&format!("2026-03-{:02}T12:00:00Z", 11 + steps));
            scene.run();
            scene.begin();
            scene.crm("U4", "K6", &[("due", "2026-07-06")]);
            scene.await_feeds();
            crash_after(scene, steps);
            scene.run();
            scene.pass(40);
            scene.settle();
            assert_eq!(scene.crm_task("K6").due.value, Some(scene::day("2026-06-22")), "after {steps} steps");
            assert_eq!(scene.letters(), ["M1 U4"], "exactly one, after {steps} steps");
            assert_eq!(scene.refusals(), ["due 2026-07-06 outside_strict_schedule reverted"], "after {steps} steps");
            assert_eq!(
                scene.history(),
                [
                    "refused due crm 2026-06-22 → 2026-07-06 U4 outside_strict_schedule",
                    "reverted due crm 2026-07-06 → 2026-06-22 U4"
                ],
                "after {steps} steps"
            );
            assert_eq!(scene.link_state("K6"), "in_step");
        }
    });
}

#[test]
fn sc_75_a_change_of_one_side_is_carried_over_whatever_the_clocks_say() {
    for times in [Times::Ahead(7 * 60_000), Times::AheadUnnoticed(7 * 60_000), Times::None] {
        on_both(|scene| {
            scene.projects_trouble.tell_times(times);
            scene.crm("U4", "K6", &[("subject", "Cut over billing")]);
            scene.told(&Told {
                history: &["applied title crm Cut over billing history → Cut over billing U4"],
                writes: &["projects DM-10 title"],
                changed: &["DM-10", "K6"],
                ..Told::default()
            });
            scene.projects("U9", "DM-10", &[("priority", "Low")]);
            scene.told(&Told {
                history: &["applied priority projects high → low U9"],
                writes: &["crm K6 priority"],
                changed: &["DM-10", "K6"],
                ..Told::default()
            });
        });
    }
}

#[test]
fn sc_75_a_measured_clock_is_used_and_an_unusable_one_is_not() {
    let cases = [
        (Times::True, "crm"),
        (Times::Ahead(7 * 60_000), "crm"),
        (Times::AheadUnnoticed(7 * 60_000), "projects"),
        (Times::None, "projects"),
    ];
    for (times, winner) in cases {
        on_both(|scene| {
            scene.projects_trouble.tell_times(times);
            scene.projects("U9", "DM-10", &[("title", "Map fields B")]);
            scene.pass(60);
            scene.crm("U4", "K6", &[("subject", "Map fields A")]);
            scene.settle();
            let (title, lost, loser) = match winner {
                "crm" => ("Map fields A", "Map fields B", "U9"),
                _ => ("Map fields B", "Map fields A", "U4"),
            };
            assert_eq!(scene.projects_task("DM-10").title.value, title, "{times:?}");
            assert_eq!(scene.crm_task("K6").subject.value, title, "{times:?}");
            assert_eq!(scene.writes().len(), 1, "no alternation: {:?}", scene.writes());
            let history = scene.history();
            assert!(
                history
                    .iter()
                    .any(|line| line.starts_with("overruled title") && line.contains(lost) && line.contains(loser)),
                "the loser is kept: {history:?}"
            );
            assert_eq!(history.iter().filter(|line| line.starts_with("applied title")).count(), 1, "{history:?}");
            assert_eq!(scene.link_state("K6"), "in_step");
        });
    }
}
