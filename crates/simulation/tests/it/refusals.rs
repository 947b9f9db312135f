//! Refused changes, explained before saving and mailed afterwards (scenarios F).

use std::sync::Mutex;

use bridge::checks::{ChangedTask, CheckOutcome, Constraint, NewValue, TaskCheck};
use bridge::field::{Field, SideName};
use mail::{Delivery, Handed, LetterState, Outgoing, Step};
use ports::Reason;
use simulation::Scene;
use simulation::scene::{self, PUBLIC_URL, Told, on_both};

/// What a refused date of K6 leaves behind, without the letter.
const DATE_REFUSED: Told<'static> = Told {
    history: &[
        "refused due crm 2026-06-22 → 2026-07-06 U4 outside_strict_schedule",
        "reverted due crm 2026-07-06 → 2026-06-22 U4",
    ],
    writes: &["crm K6 due"],
    letters: &["M1 U4"],
    refusals: &["due 2026-07-06 outside_strict_schedule reverted"],
    changed: &[],
};

#[test]
fn sc_36_due_date_outside_a_strict_project_is_refused_set_back_and_mailed() {
    on_both(|scene| {
        scene.crm("U4", "K6", &[("due", "2026-07-06")]);
        scene.settle();
        let letter = scene.newest_letter();
        scene.left(&DATE_REFUSED);
        assert_eq!(scene.link_state("K6"), "in_step");
        let wanted = [
            "failed",
            "Cut over billing history",
            "Data Migration",
            "22 Jun 2026",
            "6 Jul 2026",
            "2 Mar",
            "30 Jun 2026",
            "set back",
            PUBLIC_URL,
        ];
        for words in wanted {
            assert!(letter.contains(words), "{words} is missing in:\n{letter}");
        }
    });
}

#[test]
fn sc_36_the_list_and_the_page_say_what_was_refused_and_when() {
    on_both(|scene| {
        scene.turn("10:00");
        scene.crm("U4", "K6", &[("due", "2026-07-06")]);
        scene.settle();
        let (by, link) = (scene.by("U4"), scene::link_id(scene, "DM-10", "K6"));
        let view = scene.all.bridge.link(&by, &link).unwrap();
        assert_eq!(view.refusals, 1);
        assert_eq!(view.link.seen.crm.len(), 6, "six fields of the CRM");
        assert_eq!(view.link.seen.projects.len(), 6, "six fields of Projects");
        let filter = bridge::refusal::Filter { link: Some(link), ..Default::default() };
        let listed = scene.all.bridge.refusals(&by, &filter, &[], &[], None, 10).unwrap().rows;
        let [row] = listed.as_slice() else { panic!("{listed:?}") };
        assert_eq!(row.refusal.changed_at, Some(scene::moment("2026-03-10T10:00:00Z")));
        assert_eq!(row.refusal.reason.code(), "outside_strict_schedule");
    });
}

#[test]
fn sc_37_both_days_of_a_strict_schedule_are_inside_in_every_zone() {
    on_both(|scene| {
        for zone in ["America/Los_Angeles", "Asia/Shanghai"] {
            move_to(scene, "U5", zone);
            let mut agreed = scene.crm_task("K3").due.value.unwrap().to_string();
            for (day, is_inside) in
                [("2026-06-30", true), ("2026-07-01", false), ("2026-03-02", true), ("2026-03-01", false)]
            {
                scene.crm("U5", "K3", &[("due", day)]);
                if is_inside {
                    scene.told(&Told {
                        history: &[&format!("applied due crm {agreed} → {day} U5")],
                        writes: &["projects DM-5 due"],
                        changed: &["DM-5", "K3"],
                        ..Told::default()
                    });
                    day.clone_into(&mut agreed);
                } else {
                    scene.told(&Told {
                        history: &[
                            &format!("refused due crm {agreed} → {day} U5 outside_strict_schedule"),
                            &format!("reverted due crm {day} → {agreed} U5"),
                        ],
                        writes: &["crm K3 due"],
                        letters: &["M1 U5"],
                        refusals: &[&format!("due {day} outside_strict_schedule reverted")],
                        ..Told::default()
                    });
                }
                scene.pass(11 * 60);
            }
            scene.pass(60 * 60);
        }
    });
}

#[test]
fn sc_37_two_refusals_within_ten_minutes_share_a_letter() {
    on_both(|scene| {
        scene.crm("U5", "K3", &[("due", "2026-07-01")]);
        scene.run();
        scene.crm("U5", "K3", &[("due", "2026-03-01")]);
        scene.settle();
        assert_eq!(scene.letters(), ["M1 U5"]);
        assert_eq!(scene.refusals().len(), 2, "both are in the list");
    });
}

fn move_to(scene: &Scene, who: &str, zone: &str) {
    let card = scene.all.identity.account(&scene::email(who)).unwrap().unwrap();
    let change = identity::account::AccountChange { zone: Some(zone.to_owned()), ..Default::default() };
    scene.all.identity.change_account(&card.id, &change).unwrap();
}

#[test]
fn sc_38_the_form_knows_before_saving_what_will_be_refused() {
    on_both(|scene| {
        let check = look(scene, "K6", &[(Field::Title, "Cut over billing"), (Field::Due, "2026-07-06")]);
        let due = check.field(Field::Due).unwrap();
        assert_eq!(due.outcome, CheckOutcome::Refused);
        assert_eq!(due.nearest, Some(scene::day("2026-06-30")), "the offer: use 30 Jun");
        let Some(Reason::OutsideStrictSchedule { start, end, project, .. }) = &due.reason else { panic!("{due:?}") };
        assert_eq!((start.to_string(), end.to_string()), ("2026-03-02".to_owned(), "2026-06-30".to_owned()));
        assert_eq!(project, "Data Migration");
        assert_eq!(check.field(Field::Title).unwrap().outcome, CheckOutcome::Applied);
        let bounds = check.constraints.iter().find_map(|constraint| match constraint {
            Constraint::Due { latest, strict, .. } => Some((*latest, *strict)),
            _ => None,
        });
        let strict = Some((scene::day("2026-03-02"), scene::day("2026-06-30")));
        assert_eq!(bounds, Some((Some(scene::day("2026-06-30")), strict)), "days after it are marked in the calendar");
        scene.silent();

        // "Save" leaves the date out.
        scene.crm("U4", "K6", &[("subject", "Cut over billing")]);
        scene.told(&Told {
            history: &["applied title crm Cut over billing history → Cut over billing U4"],
            writes: &["projects DM-10 title"],
            changed: &["DM-10", "K6"],
            ..Told::default()
        });
        // "Save anyway" sends it.
        scene.crm("U4", "K6", &[("subject", "Cut over bills"), ("due", "2026-07-06")]);
        scene.told(&Told {
            history: &[
                DATE_REFUSED.history[0],
                DATE_REFUSED.history[1],
                "applied title crm Cut over billing → Cut over bills U4",
            ],
            writes: &["crm K6 due", "projects DM-10 title"],
            changed: &["DM-10", "K6"],
            ..DATE_REFUSED
        });
    });
}

#[test]
fn sc_38_the_form_names_the_closed_parent() {
    on_both(|scene| {
        let check = look(scene, "K1", &[(Field::Status, "In Progress")]);
        let status = check.field(Field::Status).unwrap();
        assert_eq!(status.outcome, CheckOutcome::Refused);
        let Some(Reason::ParentClosed { parent, .. }) = &status.reason else { panic!("{status:?}") };
        assert_eq!(parent, "Inventory of legacy tables");
        let named = check.constraints.iter().any(|constraint| {
            matches!(constraint, Constraint::ClosedAncestor { ancestor } if ancestor.title == "Inventory of legacy tables")
        });
        assert!(named, "{:?}", check.constraints);
        scene.silent();
    });
}

fn look(scene: &Scene, key: &str, changes: &[(Field, &str)]) -> TaskCheck {
    let changes: Vec<(Field, NewValue)> =
        changes.iter().map(|(field, value)| (*field, NewValue::Native(Some((*value).to_owned())))).collect();
    let task = ChangedTask::Crm(scene.crm_id(key));
    scene.all.bridge.check_task_change(&scene.by("U4"), &task, SideName::Crm, &changes).unwrap()
}

#[test]
fn sc_40_letters_are_few_and_none_is_lost() {
    on_both(|scene| {
        for day in ["2026-07-06", "2026-07-07", "2026-07-08"] {
            scene.crm("U4", "K6", &[("due", day)]);
            scene.run();
            scene.pass(90);
        }
        assert_eq!(scene.letters(), ["M1 U4"]);
        assert!(scene.newest_letter().contains("6 Jul 2026"));
        assert_eq!(scene.refusals().len(), 3, "the list has all three");
        for key in ["K1", "K2", "K3", "K4", "K5", "K7"] {
            scene.crm("U4", key, &[("due", "2026-07-06")]);
            scene.run();
            scene.pass(4 * 60);
        }
        assert_eq!(scene.letters(), ["M1 U4", "M1 U4", "M1 U4", "M1 U4", "M1 U4", "digest U4"]);
        let digest = scene.newest_letter();
        for title in ["Trial run 2: full volume", "Confirm the list with legal"] {
            assert!(digest.contains(title), "{title} is missing in:\n{digest}");
        }
        scene.begin();
        scene.pass(61 * 60);
        scene.crm_trouble.hide_authors(true);
        scene.crm("U1", "K6", &[("due", "2026-07-09")]);
        scene.settle();
        assert_eq!(scene.letters(), ["M1 U4"], "nobody is known to have done it: the task's owner is told");
    });
}

/// A mail server that is down for a while.
struct Post {
    is_down: Mutex<bool>,
    taken: Mutex<Vec<String>>,
}

impl Delivery for Post {
    fn hand_over(&self, letter: &Outgoing) -> Handed {
        if *self.is_down.lock().unwrap() {
            return Handed::Later("connection refused".to_owned());
        }
        self.taken.lock().unwrap().push(letter.message_id.clone());
        Handed::Sent("250 OK".to_owned())
    }
}

fn deliver(scene: &Scene, post: &Post) {
    let directory = scene.all.directory.as_ref();
    while scene.all.mail.deliver_due(scene.now(), post, directory, PUBLIC_URL).unwrap() != Step::Idle {}
}

#[test]
fn sc_40_a_mail_server_that_is_down_delays_letters_and_doubles_none() {
    on_both(|scene| {
        let post = Post { is_down: Mutex::new(true), taken: Mutex::new(Vec::new()) };
        for (at, key) in [("09:11", "K6"), ("09:15", "K5"), ("09:21", "K3")] {
            scene.turn(at);
            if key == "K3" {
                // The program was restarted at 09:20.
                scene.all.mail.after_restart(scene.now()).unwrap();
                scene.restart();
            }
            scene.crm("U4", key, &[("due", "2026-07-06")]);
            scene.run();
            deliver(scene, &post);
        }
        assert!(post.taken.lock().unwrap().is_empty());
        assert!(scene.new_letters().iter().all(|letter| letter.state == LetterState::Waiting));
        scene.turn("09:40");
        *post.is_down.lock().unwrap() = false;
        for _ in 0..20 {
            scene.pass(60);
            deliver(scene, &post);
        }
        let mut taken = post.taken.lock().unwrap().clone();
        assert_eq!(taken.len(), 3, "each letter arrives once");
        taken.sort();
        taken.dedup();
        assert_eq!(taken.len(), 3, "none twice");
        assert!(scene.new_letters().iter().all(|letter| letter.state == LetterState::Sent));
        assert_eq!(scene.letters(), ["M1 U4", "M1 U4", "M1 U4"]);
    });
}
