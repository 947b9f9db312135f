//! Comments: once, with their author and time, in order.

use bridge::field::SideName;

use crate::world::{Fault, on_every_database};

#[test]
fn sc_33_once_with_the_right_author_and_no_loop() {
    on_every_database(|mut world| {
        let link = world.linked("k6", "DM-10");
        world.note("k6", "u4", "Audit until 11 June 🧾");
        world.wait(1_000);
        world.comment("DM-10", "u10", "<p>Schema is <b>frozen</b>.</p>");
        world.wait(1_000);
        world.comment("DM-10", "u4", "OK");
        world.wait(500);
        world.comment("DM-10", "u4", "OK");
        world.run();
        assert_eq!(world.comments(), ["u4: Audit until 11 June 🧾", "u10: Schema is frozen.", "u4: OK", "u4: OK"]);
        assert_eq!(world.notes(), ["u4: Audit until 11 June 🧾", "bridge: u10: Schema is frozen.", "u4: OK", "u4: OK"]);
        assert_eq!(world.writes().len(), 4);
        world.repeat_events();
        world.run();
        world.compare();
        assert_eq!(world.writes(), Vec::<String>::new());
        assert_eq!(world.history(&link).len(), 4);
        assert_eq!(world.letters(), Vec::<String>::new());
    });
}

#[test]
fn task_13_comments_from_before_the_linking_stay_where_they_are() {
    on_every_database(|mut world| {
        world.add_tasks("k6", "DM-10", None);
        world.note("k6", "u4", "before");
        let notes = world.notes();
        // The world links what is there.
        world.link_present("k6", "DM-10", false);
        world.run();
        assert_eq!(world.comments(), Vec::<String>::new());
        world.note("k6", "u4", "after");
        world.run();
        assert_eq!(world.comments(), ["u4: after"]);
        assert_eq!(world.notes().len(), notes.len() + 1);
    });
}

#[test]
fn task_13_ticked_they_are_copied() {
    on_every_database(|mut world| {
        world.add_tasks("k6", "DM-10", None);
        world.note("k6", "u4", "before");
        world.comment("DM-10", "u9", "also before");
        world.link_present("k6", "DM-10", true);
        world.run();
        assert_eq!(world.comments().len(), 2);
        assert_eq!(world.notes().len(), 2);
    });
}

#[test]
fn com_6_a_lost_answer_makes_no_second_copy() {
    on_every_database(|mut world| {
        world.linked("k6", "DM-10");
        world.comment("DM-10", "u4", "one");
        world.fault(SideName::Crm, Fault::LoseAnswer);
        world.run();
        world.comment("DM-10", "u4", "two");
        world.wait(40_000);
        world.run();
        assert_eq!(world.notes(), ["u4: one", "u4: two"]);
        world.wait(40_000);
        world.run();
        assert_eq!(world.notes().len(), 2);
    });
}
