//! Idempotency keys: one press, one effect, one answer.

use serde_json::{Value, json};

use crate::world::{World, everywhere, reply};

fn pair(world: &World) -> Value {
    json!({ "connection_id": world.connection, "company_id": world.id("C5"), "account_id": world.id("A7") })
}

#[test]
fn the_same_key_gives_the_first_answer_again() {
    everywhere(|world| {
        let first = world.post("/mappings", &pair(world)).by("U1").key("press-0001").expect(201);
        assert!(!first.headers.contains_key("idempotency-replayed"));
        world.clock.pass_ms(6 * 24 * 3_600_000);
        let again = world.post("/mappings", &pair(world)).by("U1").key("press-0001");
        let again = again.header("authorization", "").send();
        assert_eq!(again.status, 401, "the token has ended meanwhile");
        world.forget_tokens();
        let again = world.post("/mappings", &pair(world)).by("U1").key("press-0001").expect(201);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.bytes, first.bytes);
        assert_eq!(again.header("etag"), first.header("etag"));
        assert_eq!(again.header("location"), first.header("location"));
        // After seven days the key is forgotten, and the request is a new one: mapping the same again is no change.
        world.clock.pass_ms(24 * 3_600_000 + 1);
        world.forget_tokens();
        let new = world.post("/mappings", &pair(world)).by("U1").key("press-0001").expect(201);
        assert!(!new.headers.contains_key("idempotency-replayed"));
        assert_eq!(new.json["id"], first.json["id"]);
    });
}

#[test]
fn a_key_is_needed_fits_and_is_for_one_request_of_one_person() {
    everywhere(|world| {
        world.post("/mappings", &pair(world)).by("U1").fails(400, "idempotency_key_missing");
        let short = world.post("/mappings", &pair(world)).by("U1").key("short").fails(400, "invalid_request");
        assert_eq!(short.pointers(), [("idempotency-key", "too_short")]);
        let long = world.post("/mappings", &pair(world)).by("U1").key(&"k".repeat(129)).fails(400, "invalid_request");
        assert_eq!(long.pointers(), [("idempotency-key", "too_long")]);
        world.post("/mappings", &pair(world)).by("U1").key("press-0002").expect(201);
        let other = json!({ "connection_id": world.connection, "company_id": world.id("C3"),
            "account_id": world.id("A3") });
        world.post("/mappings", &other).by("U1").key("press-0002").fails(422, "idempotency_key_reused");
        world.post("/mappings", &other).by("U2").key("press-0002").expect(201);
    });
}

#[test]
fn a_refusal_is_given_again_too() {
    everywhere(|world| {
        let taken = json!({ "connection_id": world.connection, "company_id": world.id("C1"),
            "account_id": world.id("A3") });
        let first = world.post("/mappings", &taken).by("U1").key("press-0003").fails(409, "already_mapped");
        assert_eq!(first.json["facts"]["partner"], "Software Customer");
        let again = world.post("/mappings", &taken).by("U1").key("press-0003").expect(409);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.bytes, first.bytes);
    });
}

#[test]
fn a_wrong_body_does_not_use_the_key_up() {
    everywhere(|world| {
        let wrong = json!({ "connection_id": world.connection, "company_id": world.id("C5") });
        let reply = world.post("/mappings", &wrong).by("U1").key("press-0004").fails(422, "invalid_value");
        assert_eq!(reply.pointers(), [("/account_id", "required")]);
        world.post("/mappings", &pair(world)).by("U1").key("press-0004").expect(201);
    });
}

#[test]
fn two_at_once_have_one_effect_and_one_answer() {
    everywhere(|world| {
        let body = json!({ "connection_id": world.connection,
            "record": { "module": "deal", "id": world.id("D4") },
            "project": { "name": "Twice pressed", "start": "2026-03-08" },
            "client": { "choice": "existing", "company_id": world.id("C2") } });
        let asks: Vec<_> =
            (0..6).map(|_| world.aside(&world.post("/hand-offs", &body).by("U3").key("press-0005"))).collect();
        let mut replies = Vec::new();
        for ask in asks {
            let response = world.run(ask).unwrap();
            replies.push(world.run(reply("POST", "/api/bridge/v1/hand-offs", response)));
        }
        let replayed = replies.iter().filter(|own| own.headers.contains_key("idempotency-replayed")).count();
        assert_eq!(replayed, 5, "{}", world.name);
        for own in &replies {
            assert_eq!(own.status, 201, "{}", String::from_utf8_lossy(&own.bytes));
            assert_eq!(own.bytes, replies[0].bytes);
        }
        let projects = world.get(&format!("/connections/{}/projects?q=Twice", world.connection)).by("U3").expect(200);
        assert_eq!(projects.items().len(), 1);
    });
}

#[test]
fn a_press_left_by_a_crash_is_taken_over_by_the_next_run() {
    everywhere(|world| {
        world.leave_running("U1", "press-0006", &world.post("/mappings", &pair(world)).by("U1").key("press-0006"));
        let done = world.post("/mappings", &pair(world)).by("U1").key("press-0006").expect(201);
        assert!(!done.headers.contains_key("idempotency-replayed"));
        let again = world.post("/mappings", &pair(world)).by("U1").key("press-0006").expect(201);
        assert_eq!(again.header("idempotency-replayed"), "true");
    });
}
