//! MAIL-3: not too many letters, none lost.

use mail::LetterState::Sent;
use mail::letter::{Field, Letter, Value};
use ports::Reason;

use crate::world::{due_letter, due_refused, each, email, letter};

const LEAD: &str = "migration.lead@zylker.example";

#[test]
fn mail_3_the_same_refusal_within_ten_minutes_gives_one_letter() {
    each(|world| {
        assert!(world.put(LEAD, due_letter("DM-10", "2026-07-06")).is_some());
        world.pass_minutes(2);
        assert_eq!(world.put(LEAD, due_letter("DM-10", "2026-07-07")), None, "whatever value was tried");
        world.pass_minutes(3);
        assert_eq!(world.put(LEAD, due_letter("DM-10", "2026-07-08")), None);
        assert!(world.put(LEAD, due_letter("DM-9", "2026-07-08")).is_some(), "another link");
        world.pass_minutes(5);
        assert!(world.put(LEAD, due_letter("DM-10", "2026-07-09")).is_some(), "ten minutes after the letter");
        assert_eq!(world.deliver(), [Sent, Sent, Sent]);
    });
}

#[test]
fn mail_3_another_field_person_or_reason_has_a_letter_of_its_own() {
    each(|world| {
        let due = due_refused("DM-10", "2026-07-06");
        let mut before_start = due.clone();
        before_start.reason = Reason::DueBeforeStart {
            tried: ports::Date::parse("2026-03-01").unwrap(),
            start: ports::Date::parse("2026-03-02").unwrap(),
        };
        let mut owner = due.clone();
        owner.field = Field::Owner;
        owner.tried = Value::Person(email("admin@zylker.example"));
        let of = |row| Letter::Refusal(letter("DM-10", "Cut over", vec![row]));
        let mut unknown = letter("DM-10", "Cut over", vec![due.clone()]);
        unknown.author = None;
        assert!(world.put(LEAD, of(due.clone())).is_some());
        assert!(world.put(LEAD, of(before_start)).is_some());
        assert!(world.put(LEAD, of(owner)).is_some());
        assert!(world.put(LEAD, Letter::Refusal(unknown)).is_some());
        assert!(world.put("admin@zylker.example", of(due)).is_some());
        assert_eq!(world.deliver().len(), 5);
    });
}

#[test]
fn mail_3_a_letter_keeps_only_the_rows_that_are_new() {
    each(|world| {
        let due = due_refused("DM-10", "2026-07-06");
        let mut priority = due.clone();
        priority.field = Field::Priority;
        priority.tried = Value::Text("Someday".into());
        priority.reason = Reason::ValueNotMapped { value: "Someday".into() };
        world.put(LEAD, Letter::Refusal(letter("DM-10", "Cut over", vec![due.clone()])));
        world.put(LEAD, Letter::Refusal(letter("DM-10", "Cut over", vec![due, priority])));
        world.deliver();
        assert_eq!(world.subjects(), ["Not applied: due date of “Cut over”", "Not applied: priority of “Cut over”"]);
        assert!(!world.last().text.contains("6 Jul"), "{}", world.last().text);
    });
}

#[test]
fn mail_3_after_five_letters_the_rest_of_the_hour_is_one_digest() {
    each(|world| {
        let mut ids = Vec::new();
        for task in 1..=8 {
            let title = format!("Task {task}");
            let row = due_refused(&format!("DM-{task}"), "2026-07-06");
            ids.push(world.put(LEAD, Letter::Refusal(letter(&format!("DM-{task}"), &title, vec![row]))).unwrap());
            world.pass_minutes(5);
        }
        assert_eq!((&ids[5], &ids[6]), (&ids[6], &ids[7]), "one digest");
        assert_eq!(world.deliver(), [Sent; 5]);
        world.pass_minutes(19);
        assert_eq!(world.deliver(), [], "one minute before the end of its hour");
        world.pass_minutes(1);
        assert_eq!(world.deliver(), [Sent]);
        let digest = world.last();
        assert_eq!(digest.subject, "Not applied: 3 more changes within the hour");
        for named in ["Task 6 (DM-6)", "Task 7 (DM-7)", "Task 8 (DM-8)", "failed"] {
            assert!(digest.text.contains(named), "{named}: {}", digest.text);
            assert!(digest.html.contains(named), "{named}");
        }
        assert!(!digest.text.contains("Task 5"), "{}", digest.text);
        world.pass_minutes(60);
        world.put(LEAD, due_letter("DM-20", "2026-07-06"));
        assert_eq!(world.deliver(), [Sent], "the next hour begins anew");
        assert!(world.put("admin@zylker.example", due_letter("DM-30", "2026-07-06")).is_some());
        assert_eq!(world.deliver(), [Sent]);
    });
}
