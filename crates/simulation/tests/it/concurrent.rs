//! Two changes at once, and events as they come (scenarios M).

use bridge::field::Field;
use ports::{Change, Moment};
use simulation::Scene;
use simulation::faulty::{Events, Sickness, without_version};
use simulation::scene::{self, Told, on_both};

#[test]
fn sc_63_different_fields_are_both_taken() {
    on_both(|scene| {
        scene.crm("U4", "K2", &[("due", "2026-03-25")]);
        scene.projects("U9", "DM-4", &[("priority", "Medium")]);
        scene.told(&Told {
            history: &["applied priority projects high → medium U9", "applied due crm 2026-03-20 → 2026-03-25 U4"],
            writes: &["crm K2 priority", "projects DM-4 due"],
            changed: &["DM-4", "K2"],
            ..Told::default()
        });
        let (crm, projects) = (scene.crm_task("K2"), scene.projects_task("DM-4"));
        assert_eq!(
            (crm.due.value, projects.due.value),
            (Some(scene::day("2026-03-25")), Some(scene::day("2026-03-25")))
        );
        assert_eq!((crm.priority.value.as_deref(), projects.priority.value.as_str()), (Some("Normal"), "Medium"));
        assert_eq!(scene.link_state("K2"), "in_step");
    });
}

#[test]
fn sc_66_a_value_that_would_be_refused_cannot_win() {
    on_both(|scene| {
        scene.turn("09:10");
        scene.projects("U9", "DM-10", &[("due", "2026-06-24")]);
        scene.turn("09:15");
        scene.crm("U4", "K6", &[("due", "2026-07-06")]);
        scene.settle();
        let days = [scene.crm_task("K6").due.value, scene.projects_task("DM-10").due.value];
        assert_eq!(days, [Some(scene::day("2026-06-24")); 2]);
        scene.left(&Told {
            history: &[
                "refused due crm 2026-06-22 → 2026-07-06 U4 outside_strict_schedule",
                "applied due projects 2026-07-06 → 2026-06-24 U9",
            ],
            writes: &["crm K6 due"],
            letters: &["M1 U4"],
            refusals: &["due 2026-07-06 outside_strict_schedule reverted"],
            changed: &["DM-10", "K6"],
        });
        assert_eq!(scene.link_state("K6"), "in_step");
    });
}

/// Numbers that only look random, from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// Each event one to three times, in random order.
fn shuffled(events: &[Change], dice: &mut Dice) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    for event in events {
        for _ in 0..=dice.roll(3) {
            all.push(if dice.roll(2) == 0 { event.clone() } else { without_version(event) });
        }
    }
    for place in (1..all.len()).rev() {
        all.swap(place, dice.roll(place + 1));
    }
    all
}

#[test]
fn sc_67_twice_late_and_in_the_wrong_order_gives_the_same() {
    on_both(|scene| {
        let mut title = "Cut over billing history".to_owned();
        for run in 0..20 {
            let mut dice = Dice(run);
            scene.crm_trouble.deliver(Events::Kept(Vec::new()));
            scene.begin();
            let subjects = ["v1", "v2", "v3"].map(|version| format!("{version} of run {run}"));
            for subject in &subjects {
                scene.crm("U4", "K6", &[("subject", subject)]);
                scene.pass(3);
            }
            scene.note("U4", "K6", &format!("Note of run {run}"));
            scene.crm("U4", "K6", &[("status", "Completed")]);
            scene.pass(3);
            scene.crm("U4", "K6", &[("status", "Not Started")]);
            scene.work();
            assert_eq!(scene.writes(), [] as [&str; 0], "nothing is delivered yet");
            let events = shuffled(&scene.crm_trouble.kept(), &mut dice);
            let mut rest = events.as_slice();
            while !rest.is_empty() {
                let (some, later) = rest.split_at(1 + dice.roll(rest.len()));
                scene.crm_trouble.inject(some.to_vec());
                rest = later;
                scene.pass(1);
                scene.work();
            }
            scene.told(&Told {
                history: &[
                    &format!("applied title crm {title} → {} U4", subjects[2]),
                    &format!("applied comment crm – → Note of run {run} U4"),
                ],
                writes: &["projects DM-10 title", "projects DM-10 comment"],
                changed: &["DM-10", "K6"],
                ..Told::default()
            });
            let task = scene.projects_task("DM-10");
            assert_eq!((task.title.value.as_str(), task.status.value.name.as_str()), (subjects[2].as_str(), "Open"));
            title = task.title.value;
        }
        assert_eq!(scene.comments("DM-10").len(), 2 + 20);
    });
}

#[test]
fn sc_67_events_delivered_between_the_changes_give_the_same_end() {
    on_both(|scene| {
        for (fields, delivered) in
            [("v1", 2), ("v2", 1), ("v3", 3)].map(|(subject, times)| ([("subject", subject)], times))
        {
            scene.crm_trouble.deliver(Events::Kept(Vec::new()));
            scene.crm("U4", "K6", &fields);
            scene.work();
            let events = scene.crm_trouble.kept();
            for _ in 0..delivered {
                scene.crm_trouble.inject(events.clone());
                scene.run();
            }
        }
        scene.crm("U4", "K6", &[("status", "Completed")]);
        scene.run();
        scene.crm("U4", "K6", &[("status", "Not Started")]);
        scene.settle();
        let task = scene.projects_task("DM-10");
        assert_eq!(
            (task.title.value.as_str(), task.status.value.name.as_str()),
            ("v3", "Open"),
            "its value before closing"
        );
        assert!(scene.writes().iter().all(|write| write.starts_with("projects ")), "{:?}", scene.writes());
        assert_eq!(scene.history().len(), 5);
    });
}

#[test]
fn sc_71_a_lost_event_is_found_by_the_comparison() {
    on_both(|scene| {
        scene.turn("09:10");
        scene.crm_trouble.deliver(Events::Lost);
        scene.crm("U5", "K3", &[("subject", "Agree retention rules and dates")]);
        scene.settle();
        assert_eq!(scene.writes(), [] as [&str; 0]);
        scene.turn("09:20");
        scene.compare();
        scene.run();
        let [entry] = <[_; 1]>::try_from(scene.entries()).unwrap();
        assert_eq!(entry.cause, "comparison");
        assert_eq!(entry.person, Some(scene::email("U5")), "from the record");
        assert_eq!(entry.changed_at, Some(scene::moment("2026-03-10T09:10:00Z")), "not the time of the comparison");
        scene.told(&Told {
            history: &["applied title crm Agree retention rules → Agree retention rules and dates U5"],
            writes: &["projects DM-5 title"],
            changed: &["DM-5", "K3"],
            ..Told::default()
        });
    });
}

/// The linked CRM tasks of the demo but K3, with their partners.
const OTHERS: [(&str, &str); 10] = [
    ("K1", "DM-2"),
    ("K2", "DM-4"),
    ("K4", "DM-7"),
    ("K5", "DM-9"),
    ("K6", "DM-10"),
    ("K7", "DM-13"),
    ("K8", "RR-1"),
    ("K9", "RR-2"),
    ("K10", "RR-9"),
    ("K11", "HW-2"),
];

#[test]
fn sc_72_one_sick_task_holds_no_other_up() {
    for sickness in [Sickness::Fails, Sickness::BreaksTheCall] {
        on_both(|scene| {
            scene.projects_trouble.sicken(&scene.id("DM-5"), sickness.clone());
            scene.crm("U5", "K3", &[("subject", "Sick")]);
            for (crm, _) in OTHERS {
                scene.crm("U1", crm, &[("subject", &format!("Changed {crm}"))]);
            }
            scene.run();
            for (crm, projects) in OTHERS {
                assert_eq!(scene.projects_task(projects).title.value, format!("Changed {crm}"), "within 5 seconds");
            }
            assert_eq!(scene.link_state("K3"), "pending");
        });
    }
}

#[test]
fn sc_72_a_sick_task_is_tried_more_and_more_rarely_for_a_day() {
    on_both(|scene| {
        let begun = scene.now();
        scene.projects_trouble.sicken(&scene.id("DM-5"), Sickness::Fails);
        scene.crm("U5", "K3", &[("subject", "Sick")]);
        scene.run();
        let waits: Vec<i64> = (0..11).map(|_| try_again(scene).unwrap()).collect();
        for (wait, about) in waits.iter().zip([4, 8, 16, 32, 64, 128, 256]) {
            assert!((about / 2..=about + 2).contains(wait), "about {about} s, not {wait} s: {waits:?}");
        }
        assert!(waits[7..].iter().all(|wait| (250..=300).contains(wait)), "at most every five minutes: {waits:?}");
        scene.all.clock.turn(begun.plus_ms(DAY_MS - 60_000));
        scene.work();
        assert_eq!(scene.link_state("K3"), "pending");
        assert!(try_again(scene).is_some());
        assert!(scene.link_state("K3").starts_with("out_of_step"), "after 24 hours: {}", scene.link_state("K3"));
        assert_eq!(try_again(scene), None, "it is given up");
        assert_eq!(scene.letters(), [] as [&str; 0]);
        assert_eq!(scene.writes(), [] as [&str; 0]);
    });
}

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Waits for the next try; answers for how many seconds, or that there is none.
fn try_again(scene: &mut Scene) -> Option<i64> {
    let (next, before) = (next_try(scene)?, scene.now());
    scene.all.clock.turn(next.max(before.plus_ms(1_000)));
    scene.work();
    Some((scene.now().ms() - before.ms()) / 1_000)
}

/// When the page "Why?" says that the title is tried next; it has the last message then.
fn next_try(scene: &Scene) -> Option<Moment> {
    let why = scene.all.bridge.why(&scene.by("U5"), &scene::link_id(scene, "DM-5", "K3")).unwrap();
    let title = why.fields.iter().find(|field| field.field == Field::Title).unwrap();
    assert_ne!(title.state.code(), "in_step", "the page shows what waits");
    why.waiting.iter().find(|waiting| waiting.field == Field::Title).and_then(|waiting| waiting.next_try_at)
}
