//! Events: to poll, and as a stream.

use axum::response::Response;
use http_body_util::BodyExt;

use crate::world::everywhere;

#[test]
fn con_7_events_are_hints_that_go_on_where_they_stopped() {
    everywhere(|world| {
        let begin = world.get("/events").by("U9").expect(200);
        assert!(begin.items().is_empty());
        let next = begin.json["next"].as_str().unwrap().to_owned();
        world.change_crm_due("K2", "U4", "2026-03-27");
        world.settle();
        // As with every feed, a commit is told once no earlier transaction runs any more.
        let events = (0..10_000)
            .map(|_| world.get(&format!("/events?after={next}")).by("U9").expect(200))
            .find(|events| !events.items().is_empty())
            .unwrap();
        let of_link =
            |rows: &[serde_json::Value]| rows.iter().filter(|row| row["subject_id"] == world.id("DM-4/K2")).count();
        assert!(of_link(events.items()) >= 1, "{:#}", events.json);
        assert!(events.items().iter().all(|row| row["type"] == "link.changed"));
        // One at a time gives the same.
        let (mut rows, mut after) = (Vec::new(), next.clone());
        for _ in 0..50 {
            let page = world.get(&format!("/events?limit=1&after={after}")).by("U9").expect(200);
            after = page.json["next"].as_str().unwrap().to_owned();
            if page.items().is_empty() {
                break;
            }
            rows.extend(page.items().clone());
        }
        let subjects = |rows: &[serde_json::Value]| {
            rows.iter().map(|row| row["subject_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert!(subjects(&rows).starts_with(&subjects(events.items())));
        // Who does not see the link hears nothing of it.
        let other = world.get(&format!("/events?after={next}")).by("U11").expect(200);
        assert_eq!(of_link(other.items()), 0);
        let filtered = world.get(&format!("/events?type=job.changed&after={next}")).by("U9").expect(200);
        assert!(filtered.items().is_empty());
        world.get("/events?after=nonsense").by("U9").fails(400, "invalid_request");
        world.clock.pass_ms(7 * 24 * 3_600_000 + 1);
        world.forget_tokens();
        let late = world.get(&format!("/events?after={next}")).by("U9").expect(200);
        assert_eq!(late.items()[0]["type"], "reset");
    });
}

async fn piece(response: &mut Response) -> Option<String> {
    let frame = response.body_mut().frame().await?.unwrap();
    Some(String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap())
}

#[test]
fn a_stream_tells_at_once_resumes_and_ends_with_the_program() {
    everywhere(|world| {
        let next = world.get("/events").by("U9").expect(200).json["next"].as_str().unwrap().to_owned();
        let ask = || world.get("/events").by("U9").header("accept", "text/event-stream");
        let mut open = world.run(world.aside(&ask())).unwrap();
        assert_eq!(open.headers()["content-type"], "text/event-stream");
        world.change_crm_due("K2", "U4", "2026-03-27");
        world.settle();
        let told = world.run(piece(&mut open)).unwrap();
        assert!(told.contains("event: link.changed") && told.contains("id: "), "{told}");
        assert!(!told.contains("2026-03-27"), "ids only: {told}");
        let mut resumed = world.run(world.aside(&ask().header("last-event-id", &next))).unwrap();
        assert!(world.run(piece(&mut resumed)).unwrap().contains("event: link.changed"));
        world.stop.send(true).unwrap();
        for stream in [&mut open, &mut resumed] {
            while world.run(piece(stream)).is_some() {}
        }
    });
}
