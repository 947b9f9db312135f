//! Waiting for quiet.

use crate::world::{everywhere, reply};

#[test]
fn con_8_quiet_means_that_what_was_committed_before_is_settled() {
    everywhere(|world| {
        let path = format!("/status?connection_id={}", world.connection);
        let quiet = world.get(&path).by("U1").expect(200).json;
        assert_eq!(quiet["quiet"], true, "{}: {quiet:#}", world.name);
        world.change_crm_due("K2", "U4", "2026-03-27");
        let busy = world.get(&path).by("U1").expect(200).json;
        assert_eq!(busy["quiet"], false, "between a save and its mark nobody sees quiet");
        assert!(busy["connections"][0]["work"]["pending"].as_i64().unwrap() >= 1, "{busy:#}");
        // Without the time to wait, and with nobody working, the answer comes and says so.
        assert_eq!(world.get(&format!("{path}&wait_s=0")).by("U1").expect(200).json["quiet"], false);
        let waiting = world.aside(&world.get(&format!("{path}&wait_s=60")).by("U9"));
        world.settle();
        let response = world.run(waiting).unwrap();
        let answer = world.run(reply("GET", "/api/bridge/v1/status", response));
        assert_eq!(answer.json["quiet"], true);
        assert_eq!(answer.json["can_store"], true);
        let crm = &answer.json["connections"][0]["sides"]["crm"];
        assert!(crm["median_delay_ms"].as_i64().is_some_and(|delay| delay >= 0), "{crm:#}");
    });
}

#[test]
fn waiting_ends_when_the_program_stops() {
    everywhere(|world| {
        world.change_crm_due("K2", "U4", "2026-03-27");
        let waiting = world.aside(&world.get("/status?wait_s=60").by("U1"));
        world.stop.send(true).unwrap();
        let response = world.run(waiting).unwrap();
        let answer = world.run(reply("GET", "/api/bridge/v1/status", response));
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json["quiet"], false);
    });
}

#[test]
fn many_who_wait_hold_no_thread() {
    everywhere(|world| {
        world.change_crm_due("K2", "U4", "2026-03-27");
        let ask = || world.get("/status?wait_s=60").by("U1");
        let waiting: Vec<_> = (0..40).map(|_| world.aside(&ask())).collect();
        // The pool has four seats; others are answered meanwhile.
        world.get("/me").by("U3").expect(200);
        world.settle();
        for one in waiting {
            assert_eq!(world.run(one).unwrap().status(), 200);
        }
    });
}
