//! MAIL-4: at most once, never lost.

use mail::LetterState::{Failed, InDoubt, Sent, Waiting, Written};
use mail::{Handed, LetterQuery, Step};

use crate::world::{People, URL, World, acting, due_letter, each};

const LEAD: &str = "migration.lead@zylker.example";

fn states(world: &World) -> Vec<&'static str> {
    let page = world.mail.letters(&acting(LEAD), &LetterQuery::newest(50), &People, URL).unwrap();
    page.rows.iter().map(|card| card.state.code()).collect()
}

#[test]
fn mail_4_an_occasion_has_one_letter() {
    each(|world| {
        assert!(world.put_as("round-1", "71", LEAD, due_letter("DM-10", "2026-07-06")).is_some());
        assert_eq!(world.put_as("round-1", "72", LEAD, due_letter("DM-9", "2026-07-06")), None);
        assert_eq!(world.deliver(), [Sent]);
        assert_eq!(world.deliver(), []);
    });
}

#[test]
fn mail_4_a_server_that_is_down_delays_and_loses_nothing() {
    each(|world| {
        for task in ["DM-1", "DM-2"] {
            world.put(LEAD, due_letter(task, "2026-07-06"));
        }
        let down = || Handed::Later("connection refused".into());
        for _ in 0..2 {
            world.answer(down());
        }
        assert_eq!(world.deliver(), [Waiting, Waiting], "not again before its time");
        let ids: Vec<String> = Vec::new();
        assert_eq!(world.subjects(), ids, "nothing was taken");
        for _ in 0..40 {
            world.answer(down());
        }
        for _ in 0..10 {
            world.pass_minutes(1);
            world.step();
        }
        assert_eq!(world.mail.after_restart(world.now()).unwrap(), 0, "waiting letters survive a restart");
        world.server.answers.lock().unwrap().clear();
        world.pass_minutes(10);
        assert_eq!(world.deliver(), [Sent, Sent]);
        world.pass_minutes(60);
        assert_eq!(world.deliver(), []);
        assert_eq!(states(world), ["sent", "sent"]);
    });
}

#[test]
fn mail_4_a_letter_whose_answer_is_not_known_is_in_doubt_and_never_sent_again() {
    each(|world| {
        world.put(LEAD, due_letter("DM-10", "2026-07-06"));
        world.answer(Handed::InDoubt("timed out after the text".into()));
        assert_eq!(world.deliver(), [InDoubt]);
        world.pass_minutes(600);
        assert_eq!(world.deliver(), []);
        assert_eq!(world.subjects().len(), 1);
    });
}

#[test]
fn mail_4_after_a_restart_a_letter_that_was_being_sent_is_in_doubt() {
    each(|world| {
        let id = world.put(LEAD, due_letter("DM-10", "2026-07-06")).unwrap();
        let crash = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            world.mail.deliver_due(world.now(), &Crashing, &People, URL).unwrap()
        }));
        assert!(crash.is_err());
        assert_eq!(states(world), ["sending"], "committed before the server was asked");
        assert_eq!(world.mail.after_restart(world.now()).unwrap(), 1);
        assert_eq!(states(world), ["in_doubt"]);
        assert_eq!(world.step(), Step::Idle);
        world.pass_minutes(60);
        assert_eq!(world.step(), Step::Idle, "letter {id}");
    });
}

#[test]
fn mail_4_a_letter_that_nobody_came_back_to_is_in_doubt_after_its_lease() {
    each(|world| {
        let id = world.put(LEAD, due_letter("DM-10", "2026-07-06")).unwrap();
        let crash = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            world.mail.deliver_due(world.now(), &Crashing, &People, URL).unwrap()
        }));
        assert!(crash.is_err());
        world.pass_minutes(1);
        assert_eq!(world.step(), Step::Idle);
        world.pass_minutes(5);
        assert_eq!(world.step(), Step::Worked(id, InDoubt));
        assert_eq!(world.step(), Step::Idle);
        assert_eq!(world.subjects().len(), 0);
    });
}

#[test]
fn mail_4_a_refused_address_is_failed_and_a_written_letter_counts_as_sent() {
    each(|world| {
        world.put(LEAD, due_letter("DM-1", "2026-07-06"));
        world.put(LEAD, due_letter("DM-2", "2026-07-06"));
        world.answer(Handed::Refused("550 no such mailbox".into()));
        world.answer(Handed::Written("m1.eml".into()));
        assert_eq!(world.deliver(), [Failed, Written]);
        let page = world.mail.letters(&acting(LEAD), &LetterQuery::newest(50), &People, URL).unwrap();
        let failed = page.rows.iter().find(|card| card.state == Failed).unwrap();
        assert_eq!(failed.answer.as_deref(), Some("550 no such mailbox"));
        let written = page.rows.iter().find(|card| card.state == Written).unwrap();
        assert_eq!(written.file.as_deref(), Some("m1.eml"));
        assert_eq!(written.ended_at, Some(world.now()));
    });
}

#[test]
fn mail_4_the_message_id_stays_the_same_over_all_tries() {
    each(|world| {
        let id = world.put(LEAD, due_letter("DM-10", "2026-07-06")).unwrap();
        world.answer(Handed::Later("451 busy".into()));
        world.deliver();
        world.pass_minutes(10);
        let step = world.mail.deliver_due(world.now(), &world.server, &People, "https://moved.example").unwrap();
        assert_eq!(step, Step::Worked(id.clone(), Sent));
        assert_eq!(world.last().message_id, format!("{id}.lockstep@lockstep.zylker.example"));
    });
}

#[test]
fn a_letter_that_cannot_be_read_stops_no_other() {
    each(|world| {
        let broken = world.put(LEAD, due_letter("DM-1", "2026-07-06")).unwrap();
        world.put(LEAD, due_letter("DM-2", "2026-07-06"));
        let spoil = store::Sql::new("update mail_letter set document = '{}' where id = $1");
        world.db.write(|tx| tx.execute(&spoil, &[broken.as_str().into()])).unwrap();
        assert_eq!(world.deliver(), [Failed, Sent]);
    });
}

#[test]
fn letters_of_demo_data_count_as_sent_and_are_not_delivered() {
    each(|world| {
        world.put(LEAD, due_letter("DM-1", "2026-07-06"));
        assert_eq!(world.mail.count_as_sent(world.now()).unwrap(), 1);
        assert_eq!(world.deliver(), []);
        assert_eq!(states(world), ["sent"]);
        world.put(LEAD, due_letter("DM-2", "2026-07-06"));
        assert_eq!(world.deliver(), [Sent]);
    });
}

struct Crashing;

impl mail::Delivery for Crashing {
    fn hand_over(&self, _: &mail::Outgoing) -> Handed {
        panic!("the program ends here");
    }
}
