//! Hand-off and association by the API.

use serde_json::{Value, json};

use crate::world::{World, everywhere};

fn order(world: &World, name: &str) -> Value {
    json!({ "connection_id": world.connection,
        "record": { "module": "deal", "id": world.id("D4") },
        "project": { "name": name, "owner": "sales.manager@zylker.example", "start": "2026-03-08",
            "end": "2026-06-30", "strict": true },
        "client": { "choice": "existing", "company_id": world.id("C2") } })
}

#[test]
fn hand_12_a_look_then_exactly_that() {
    everywhere(|world| {
        let form = world
            .get(&format!("/connections/{}/records/deal/{}/hand-off-form", world.connection, world.id("D4")))
            .by("U3")
            .expect(200)
            .json;
        assert_eq!(form["project"]["name"], "Ward Wi-Fi routers");
        assert_eq!(form["project"]["overview"], "Wards 2 and 5 first.");
        assert_eq!(form["client_options"][0]["match"], "mapped");
        assert_eq!(form["templates"], json!([]));
        let order = order(world, "Ward Wi-Fi roll-out");
        let look = world.post("/hand-offs?dry_run=true", &order).by("U3").key("demo-0001").expect(200).json;
        assert_eq!(look["acceptable"], true, "{look:#}");
        let basis = look["basis"].as_str().unwrap();
        let made = world.post("/hand-offs", &order).by("U3").key("demo-0001").header("lockstep-basis", basis);
        let made = made.expect(201);
        assert_eq!(made.json["project"]["strict"], true);
        assert_eq!(made.json["company"]["id"], world.id("C2"));
        let address = made.header("location").strip_prefix(api::BASE).unwrap().to_owned();
        let project = world.get(&address).by("U3").expect(200);
        assert_eq!(project.json["project"]["id"], made.json["project"]["id"]);
        assert_eq!(project.json["can_add_to_crm"], true);
        // The basis was that of a world without this project.
        let other = world.post("/hand-offs", &order).by("U3").key("demo-0002").header("lockstep-basis", "b3f81c0a");
        other.fails(409, "changed_since");
    });
}

#[test]
fn hand_2_without_create_project_nothing_is_made() {
    everywhere(|world| {
        let order = order(world, "Not allowed");
        world.post("/hand-offs", &order).by("U6").key("demo-0003").fails(403, "no_permission");
        world
            .get(&format!("/connections/{}/records/deal/{}/hand-off-form", world.connection, world.id("D4")))
            .by("U6")
            .fails(403, "no_permission");
        // A contact without an address (HAND-3).
        world
            .get(&format!("/connections/{}/records/contact/{}/hand-off-form", world.connection, world.id("N11")))
            .by("U3")
            .fails(422, "address_missing");
        world
            .get(&format!("/connections/{}/records/deal/7100000000000000000/hand-off-form", world.connection))
            .by("U3")
            .fails(404, "not_found");
    });
}

#[test]
fn wrong_values_of_an_order_are_named() {
    everywhere(|world| {
        let faults = |change: &dyn Fn(&mut Value), expected: &[(&str, &str)]| {
            let mut order = order(world, "Wrong");
            change(&mut order);
            let reply = world.post("/hand-offs", &order).by("U3").key("demo-0004").fails(422, "invalid_value");
            assert_eq!(reply.pointers(), expected, "{:#}", reply.json);
        };
        faults(&|order| order["project"]["start"] = json!("2026-02-30"), &[("/project/start", "malformed")]);
        faults(&|order| order["project"]["name"] = json!("x".repeat(201)), &[("/project/name", "too_long")]);
        faults(&|order| order["project"]["template_id"] = json!("1"), &[("/project/template_id", "unknown")]);
        faults(&|order| order["client"] = json!({ "choice": "existing" }), &[("/client/company_id", "required")]);
        faults(&|order| order["record"]["module"] = json!("task"), &[("/record/module", "not_offered")]);
        faults(&|order| order["record"]["id"] = json!("7100000000000000000"), &[("/record/id", "not_offered")]);
        let mut order = order(world, "Strict without dates");
        order["project"] = json!({ "name": "Strict without dates", "strict": true });
        let reply = world.post("/hand-offs", &order).by("U3").key("demo-0005").send();
        assert_eq!(reply.status, 422, "{:#}", reply.json);
    });
}

#[test]
fn hand_15_projects_are_associated_all_or_none_and_parted_again() {
    everywhere(|world| {
        let body = |projects: &[&str]| {
            json!({ "connection_id": world.connection, "record": { "module": "deal", "id": world.id("D4") },
                "project_ids": projects })
        };
        let some = [world.id("P2"), world.id("P4")];
        let made = world.post("/associations", &body(&some)).by("U3").key("asso-0001").send();
        // The sales manager does not see the depot network.
        assert_eq!(made.status, 422, "{:#}", made.json);
        let made = world.post("/associations", &body(&some)).by("U1").key("asso-0002").expect(201);
        assert_eq!(made.items().len(), 2);
        world.post("/associations", &body(&some[..1])).by("U1").key("asso-0003").fails(409, "already_associated");
        let id = made.items()[0]["id"].as_str().unwrap();
        world.ask("DELETE", &format!("/associations/{id}")).by("U1").expect(204);
        world.ask("DELETE", &format!("/associations/{id}")).by("U1").fails(404, "not_found");
        let open = format!("/connections/{}/projects?not_associated_with=deal:{}", world.connection, world.id("D4"));
        let projects = world.get(&open).by("U1").expect(200);
        let has = |id: &str| projects.items().iter().any(|row| row["project"]["id"] == id);
        assert!(has(world.id("P2")) && !has(world.id("P4")));
    });
}

#[test]
fn the_clients_of_a_project_are_changed_by_who_read_them() {
    everywhere(|world| {
        let path = format!("/connections/{}/projects/{}", world.connection, world.id("P4"));
        let change = |tag: Option<&str>, companies: Value| {
            let ask = world.ask("PATCH", &path).by("U9").header("content-type", "application/json");
            let ask = ask.body(json!({ "client_company_ids": companies }).to_string());
            match tag {
                Some(tag) => ask.header("if-match", tag),
                None => ask,
            }
        };
        let read = world.get(&path).by("U9").expect(200);
        assert_eq!(read.json["can_add_to_crm"], false);
        assert_eq!(read.json["reason"]["code"], "client_not_mapped");
        let tag = read.header("etag").to_owned();
        let both = json!([world.id("C2"), world.id("C3")]);
        change(None, both.clone()).fails(428, "if_match_required");
        let done = change(Some(&tag), both.clone()).expect(200);
        assert_eq!(done.json["clients"][0]["company"]["id"], world.id("C2"));
        assert_eq!(done.json["can_add_to_crm"], true);
        let stale = change(Some(&tag), json!([])).fails(412, "version_changed");
        assert_eq!(stale.header("etag"), done.header("etag"));
        let wrong = change(Some("*"), json!(["7100000000000000000"])).fails(422, "invalid_value");
        assert_eq!(wrong.pointers()[0].0, "/client_company_ids");
        change(Some("*"), json!([])).expect(200);
    });
}
