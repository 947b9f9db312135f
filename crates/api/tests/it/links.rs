//! Links by the API: the picker, adding to the CRM, unlinking, looking why, asking before saving.

use serde_json::{Value, json};

use crate::world::{World, everywhere};

fn new_task(world: &World, title: &str, under: Value) -> Value {
    json!({ "connection_id": world.connection,
        "projects_task": { "new": { "project_id": world.id("P1"), "title": title, "due": "2026-04-02",
            "priority": "high", "description_html": "Compare with the <b>2025</b> list",
            "owners": ["migration.lead@zylker.example"] } },
        "crm_task": { "under": under } })
}

fn deal(world: &World, key: &str) -> Value {
    json!({ "module": "deal", "id": world.id(key) })
}

#[test]
fn task_4_the_picker_shows_where_a_task_can_go() {
    everywhere(|world| {
        let path = format!("/connections/{}/projects/{}/crm-options", world.connection, world.id("P1"));
        let options = world.get(&path).by("U9").expect(200).json;
        assert_eq!(options["available"], true);
        assert_eq!(options["mapped"][0]["account"]["id"], world.id("A1"));
        assert_eq!(options["deals"], json!([{ "id": world.id("D2"), "name": "Data migration services" }]));
        let with_task = world.get(&format!("{path}?task_id={}", world.id("DM-10"))).by("U9").expect(200).json;
        assert_eq!(with_task["link_id"], world.id("DM-10/K6"));
        let other = format!("/connections/{}/projects/{}/crm-options", world.connection, world.id("P3"));
        let none = world.get(&other).by("U9").expect(200).json;
        assert_eq!(none["available"], false);
        assert_eq!(none["reason"]["code"], "client_not_mapped");
    });
}

#[test]
fn task_8_a_new_task_is_saved_and_added_to_the_crm() {
    everywhere(|world| {
        let order = new_task(world, "Check tax codes", deal(world, "D2"));
        let made = world.post("/links", &order).by("U9").key("link-0001").expect(201);
        assert_eq!(made.json["state"], "in_step");
        assert_eq!(made.json["projects"]["name"], "Check tax codes");
        let path = made.header("location").strip_prefix(api::BASE).unwrap().to_owned();
        world.settle();
        let read = world.get(&path).by("U4").expect(200);
        assert_eq!(read.json["crm"]["name"], "Check tax codes");
        assert_eq!(read.json["under"][0]["id"], world.id("D2"));
        let again = world.post("/links", &order).by("U9").key("link-0001").expect(201);
        assert_eq!(again.json["id"], made.json["id"]);
        let found = world.get("/links?q=tax%20codes").by("U4").expect(200);
        assert_eq!(found.items().len(), 1);
    });
}

#[test]
fn task_7_a_deal_that_is_not_associated_is_refused_and_nothing_is_made() {
    everywhere(|world| {
        let order = new_task(world, "Never made", deal(world, "D3"));
        let refused = world.post("/links", &order).by("U9").key("link-0002").fails(422, "deal_not_associated");
        assert_eq!(refused.json["facts"]["deal"], "Router maintenance contract");
        assert_eq!(refused.json.get("kept"), None);
        let linked = json!({ "connection_id": world.connection, "projects_task": { "id": world.id("DM-10") },
            "crm_task": { "under": deal(world, "D2") } });
        world.post("/links", &linked).by("U9").key("link-0003").fails(409, "already_linked");
        let late = {
            let mut late = new_task(world, "Too late", deal(world, "D2"));
            late["projects_task"]["new"]["due"] = json!("2027-01-01");
            late
        };
        world.post("/links", &late).by("U9").key("link-0004").fails(422, "outside_strict_schedule");
        let mut unknown = linked;
        unknown["projects_task"]["id"] = json!("7100000000000000000");
        let reply = world.post("/links", &unknown).by("U9").key("link-0005").fails(422, "invalid_value");
        assert_eq!(reply.pointers(), [("/projects_task/id", "not_offered")]);
        assert!(world.get("/links?q=never").by("U9").expect(200).items().is_empty());
    });
}

#[test]
fn task_9_a_link_is_parted_by_who_read_it() {
    everywhere(|world| {
        let path = format!("/links/{}", world.id("DM-10/K6"));
        let read = world.get(&path).by("U9").expect(200);
        let tag = read.header("etag").to_owned();
        let part = || world.ask("DELETE", &path).by("U9");
        part().fails(428, "if_match_required");
        part().header("if-match", "\"0\"").fails(412, "version_changed");
        let done = part().header("if-match", &tag).expect(200);
        assert_eq!(done.json["state"], "unlinked");
        assert_ne!(done.header("etag"), tag);
        part().header("if-match", &tag).fails(412, "version_changed");
        part().header("if-match", "*").fails(409, "wrong_state");
        assert_eq!(world.get(&path).by("U9").expect(200).json["state"], "unlinked");
        let listed = world.get(&format!("/links?projects_task_id={}", world.id("DM-10"))).by("U9").expect(200);
        assert!(listed.items().is_empty());
        let all = world.get("/links?state=unlinked").by("U9").expect(200);
        assert_eq!(all.items().len(), 1);
    });
}

#[test]
fn str_2_refused_later_is_read_and_explained() {
    everywhere(|world| {
        world.change_crm_due("K6", "U4", "2026-07-06");
        world.settle();
        let refusals = world.get(&format!("/refusals?link_id={}", world.id("DM-10/K6"))).by("U4").expect(200);
        let refusal = &refusals.items()[0];
        assert_eq!(refusal["reason"]["code"], "outside_strict_schedule");
        assert_eq!(refusal["tried"]["value"], "2026-07-06");
        assert_eq!(refusal["state"], "reverted");
        assert_eq!(refusal["remedies"], json!([]));
        let own = world.get("/refusals?person=me&reason=outside_strict_schedule&field=due").by("U4").expect(200);
        assert_eq!(own.items().len(), 1);
        assert!(world.get("/refusals?person=me").by("U3").expect(200).items().is_empty());
        let history = world.get(&format!("/history?link_id={}", world.id("DM-10/K6"))).by("U4").expect(200);
        let outcomes: Vec<&str> = history.items().iter().map(|row| row["outcome"].as_str().unwrap()).collect();
        assert!(outcomes.contains(&"refused") && outcomes.contains(&"reverted"), "{outcomes:?}");
        let mail = world.get("/mails?person=me&letter=M1").by("U4").expect(200);
        assert_eq!(mail.items().len(), 1);
        assert_eq!(mail.items()[0]["refusal_ids"][0], refusal["id"]);
        assert_eq!(mail.items()[0]["id"], refusal["mail"]["mail_id"]);
        assert!(world.get("/mails").by("U8").expect(200).items().is_empty());
        let why = world.get(&format!("/links/{}/why", world.id("DM-10/K6"))).by("U4").expect(200).json;
        assert_eq!(why["fields"].as_array().unwrap().len(), 6);
        assert!(!why["refusals"].as_array().unwrap().is_empty(), "{why:#}");
        world.get(&format!("/links/{}/why", world.id("DM-10/K6"))).by("U11").fails(404, "not_found");
    });
}

#[test]
fn ref_2_a_form_asks_before_it_saves() {
    everywhere(|world| {
        let ask = |changes: Value| {
            let body = json!({ "link_id": world.id("DM-10/K6"), "side": "crm", "changes": changes });
            world.post("/checks/task-change", &body).by("U4")
        };
        let check = ask(json!({ "due": { "value": "2026-07-06" }, "title": { "value": "Cut over billing" },
            "priority": { "value": null, "native": "Someday" }, "budget": { "value": "7" } }));
        let check = check.expect(200).json;
        assert_eq!(check["acceptable"], false);
        let outcome = |field: &str| {
            let fields = check["fields"].as_array().unwrap();
            fields.iter().find(|own| own["field"] == field).unwrap()["outcome"].as_str().unwrap()
        };
        assert_eq!(outcome("due"), "refused");
        assert_eq!(outcome("title"), "applied");
        assert_eq!(outcome("priority"), "held");
        assert_eq!(outcome("budget"), "not_synced");
        let due = check["constraints"].as_array().unwrap().iter().find(|own| own["field"] == "due").unwrap();
        assert_eq!(due["rule"], "STR-3");
        assert_eq!(due["latest"], "2026-06-30");
        let text = "The project has a strict schedule: 2 Mar – 30 Jun, both days included. \
                    Not before the start date of the task: 15 Jun.";
        assert_eq!(due["text"], text);
        assert!(ask(json!({})).expect(200).json["fields"].as_array().unwrap().is_empty());
        let wrong = ask(json!({ "due": { "value": "tomorrow" }, "title": { "value": "x" } }));
        assert_eq!(wrong.fails(422, "invalid_value").pointers(), [("/changes/due", "malformed")]);
        let other = json!({ "link_id": "7100000000000000000", "side": "crm", "changes": {} });
        world.post("/checks/task-change", &other).by("U4").fails(404, "not_found");
    });
}
