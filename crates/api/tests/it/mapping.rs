//! Mappings and mapping runs by the API.

use serde_json::{Value, json};

use crate::world::everywhere;

#[test]
fn map_2_a_run_is_looked_at_then_made_and_its_rows_are_its_report() {
    everywhere(|world| {
        let path = format!("/connections/{}/mapping-runs", world.connection);
        let look = world.ask("POST", &format!("{path}?dry_run=true")).by("U1").key("run-00001").expect(202).json;
        assert_eq!(look["dry_run"], true);
        assert_eq!(look["state"], "done");
        let basis = look["basis"].as_str().unwrap().to_owned();
        let rows = world.get(&format!("/jobs/{}/rows", look["id"].as_str().unwrap())).by("U1").expect(200);
        let mapped = |rows: &[Value]| rows.iter().filter(|row| row["outcome"] == "mapped").count();
        let expected = mapped(rows.items());
        assert!(expected > 0);
        let stored = world.get("/mappings?state=mapped").by("U1").expect(200).items().len();
        let run = || world.ask("POST", &path).by("U1").key("run-00001").header("lockstep-basis", &basis);
        let done = run().expect(202);
        assert_eq!(done.json["state"], "done");
        assert_eq!(done.json["counts"]["mapped"], expected);
        assert_eq!(run().expect(202).header("idempotency-replayed"), "true");
        let now = world.get("/mappings?state=mapped").by("U1").expect(200).items().len();
        assert_eq!(now, stored + expected);
        let other = world.ask("POST", &path).by("U1").key("run-00002").header("lockstep-basis", &basis);
        other.fails(409, "changed_since");
        world.ask("POST", &path).by("U9").key("run-00003").fails(403, "no_permission");
        let job = format!("/jobs/{}", done.json["id"].as_str().unwrap());
        let csv = world.get(&format!("{job}/rows")).by("U1").header("accept", "text/csv").expect(200);
        assert!(String::from_utf8(csv.bytes).unwrap().contains("mapped"));
        world.get(&job).by("U9").fails(404, "not_found");
        assert_eq!(world.get("/jobs?kind=mapping_run&state=done").by("U1").expect(200).items().len(), 2);
        assert!(world.get("/jobs?kind=import").by("U1").expect(200).items().is_empty());
    });
}

#[test]
fn map_9_a_pair_is_parted_by_who_read_it() {
    everywhere(|world| {
        let body = json!({ "connection_id": world.connection, "company_id": world.id("C5"),
            "account_id": world.id("A7") });
        world.post("/mappings", &body).by("U9").key("pair-0001").fails(403, "no_permission");
        let made = world.post("/mappings", &body).by("U1").key("pair-0002").expect(201);
        assert_eq!(made.json["names_differ"], true);
        let path = made.header("location").strip_prefix(api::BASE).unwrap().to_owned();
        let part = || world.ask("DELETE", &path).by("U1");
        part().fails(428, "if_match_required");
        part().header("if-match", "\"1\"").fails(412, "version_changed");
        part().header("if-match", made.header("etag")).expect(204);
        part().header("if-match", "*").fails(404, "not_found");
    });
}

#[test]
fn map_5_what_does_not_belong_together_is_not_suggested_again() {
    everywhere(|world| {
        let state = || {
            let rows = world.get("/mappings?q=retail").by("U1").expect(200);
            let row = rows.items().iter().find(|row| row["company"]["id"] == world.id("C5")).unwrap().clone();
            row["state"].as_str().unwrap().to_owned()
        };
        assert_eq!(state(), "similar");
        let body = json!({ "connection_id": world.connection, "company_id": world.id("C5"),
            "account_id": world.id("A7"), "verdict": "different" });
        let said = world.post("/mappings", &body).by("U1").key("pair-0003").expect(201);
        assert_eq!(said.json["state"], "different");
        assert_eq!(state(), "different");
        assert!(world.get("/mappings").by("U9").expect(200).items().iter().all(|row| row["state"] == "mapped"));
    });
}
