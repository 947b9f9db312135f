//! Lists: pages, filters, what is not understood.

use serde_json::{Value, json};

use crate::world::{World, everywhere, once};

/// All rows of a list, read in pages.
fn all(world: &World, key: &str, path: &str, limit: usize) -> Vec<Value> {
    let (mut rows, mut after) = (Vec::new(), String::new());
    for _ in 0..200 {
        let sign = if path.contains('?') { '&' } else { '?' };
        let page = world.get(&format!("{path}{sign}limit={limit}{after}")).by(key).expect(200);
        assert!(page.items().len() <= limit);
        rows.extend(page.items().clone());
        match page.json["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return rows,
        }
    }
    panic!("{path} does not end");
}

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["id"].as_str().or(row["project"]["id"].as_str()).unwrap_or_default().to_owned()).collect()
}

#[test]
fn pages_hold_every_row_once_in_the_same_order() {
    everywhere(|world| {
        let projects = format!("/connections/{}/projects", world.connection);
        for path in
            ["/links", "/links?sort=linked_at", "/history", "/mappings", "/refusals", "/mails", projects.as_str()]
        {
            let whole = all(world, "U1", path, 200);
            for limit in [1, 2, 7] {
                let pages = all(world, "U1", path, limit);
                assert_eq!(pages, whole, "{}: {path} in pages of {limit}", world.name);
            }
            if path != "/mappings" {
                let mut once = ids(&whole);
                once.sort();
                once.dedup();
                assert_eq!(once.len(), whole.len(), "{path}");
            }
        }
        assert!(all(world, "U1", "/links", 3).len() >= 10);
        assert!(all(world, "U1", "/history", 9).len() > 10);
    });
}

#[test]
fn a_position_belongs_to_its_list_its_filters_and_its_person() {
    everywhere(|world| {
        let page = world.get("/links?limit=2").by("U1").expect(200);
        let next = page.json["next"].as_str().unwrap().to_owned();
        world.get(&format!("/links?limit=5&after={next}")).by("U1").expect(200);
        for (key, path) in [
            ("U3", format!("/links?after={next}")),
            ("U1", format!("/links?state=in_step&after={next}")),
            ("U1", format!("/history?after={next}")),
        ] {
            let reply = world.get(&path).by(key).fails(400, "invalid_request");
            assert_eq!(reply.pointers(), [("?after", "other_list")], "{path}");
        }
        let reply = world.get("/links?after=nonsense").by("U1").fails(400, "invalid_request");
        assert_eq!(reply.pointers(), [("?after", "malformed")]);
        world.clock.pass_ms(24 * 3_600_000 + 1);
        world.forget_tokens();
        let reply = world.get(&format!("/links?after={next}")).by("U1").fails(400, "invalid_request");
        assert_eq!(reply.pointers(), [("?after", "expired")]);
    });
}

#[test]
fn what_is_not_described_is_refused_with_its_place() {
    once(|world| {
        for (path, expected) in [
            ("/links?stat=in_step", ("?stat", "unknown")),
            ("/links?limit=0", ("?limit", "out_of_range")),
            ("/links?limit=201", ("?limit", "out_of_range")),
            ("/links?limit=many", ("?limit", "wrong_type")),
            ("/links?limit=1&limit=2", ("?limit", "repeated")),
            ("/links?state=in_step,nowhere", ("?state", "not_offered")),
            ("/links?sort=name", ("?sort", "not_offered")),
            ("/links?record=deal", ("?record", "malformed")),
            ("/links?since=yesterday", ("?since", "malformed")),
            ("/links?project_id=a%20b", ("?project_id", "malformed")),
            ("/links?person=nobody", ("?person", "malformed")),
            ("/history?until=2026-02-30T00:00:00Z", ("?until", "malformed")),
            ("/mails?letter=M10", ("?letter", "not_offered")),
            ("/status?wait_s=61", ("?wait_s", "out_of_range")),
            ("/me?x=1", ("?x", "unknown")),
        ] {
            let reply = world.get(path).by("U1").fails(400, "invalid_request");
            assert_eq!(reply.pointers(), [expected], "{path}");
        }
        let reply = world.get("/history").by("U1").header("accept", "image/png").fails(406, "not_acceptable");
        assert!(reply.json["detail"].as_str().unwrap().contains("Accept"));
    });
}

#[test]
fn bodies_are_held_against_the_description() {
    once(|world| {
        let ask = |body: &str| world.ask("POST", "/mappings").by("U1").key("body-00001").body(body.to_owned());
        ask("{}").fails(415, "unsupported_media_type");
        ask("{}").header("content-type", "text/plain").fails(415, "unsupported_media_type");
        let json_ask = |body: &str| ask(body).header("content-type", "application/json; charset=utf-8");
        let reply = json_ask("{\"connection_id\": ").fails(400, "invalid_request");
        assert_eq!(reply.pointers(), [("", "not_json")]);
        let reply = json_ask("").fails(400, "invalid_request");
        assert_eq!(reply.pointers(), [("", "required")]);
        let body = json!({ "connection_id": 7, "company_id": "a b", "account_id": world.id("A7"), "verdict": "maybe",
            "colour": "red" });
        let reply = json_ask(&body.to_string()).fails(422, "invalid_value");
        let mut pointers = reply.pointers();
        pointers.sort_unstable();
        assert_eq!(
            pointers,
            [
                ("/colour", "unknown"),
                ("/company_id", "malformed"),
                ("/connection_id", "wrong_type"),
                ("/verdict", "not_offered")
            ]
        );
        let large = format!("{{\"connection_id\": \"{}\"}}", "x".repeat(4 * 1024 * 1024));
        json_ask(&large).fails(413, "too_large");
        let other = json!({ "connection_id": "7100000000000000000", "company_id": world.id("C5"),
            "account_id": world.id("A7") });
        let reply = json_ask(&other.to_string()).fails(422, "invalid_value");
        assert_eq!(reply.pointers(), [("/connection_id", "not_offered")]);
    });
}

#[test]
fn filters_narrow_a_list() {
    everywhere(|world| {
        let links = |query: &str| world.get(&format!("/links?{query}")).by("U1").expect(200).items().clone();
        let of_task = links(&format!("projects_task_id={}", world.id("DM-10")));
        assert_eq!(ids(&of_task), [world.id("DM-10/K6")]);
        assert_eq!(links(&format!("crm_task_id={}", world.id("K6"))), of_task);
        assert_eq!(links(&format!("record=task:{}", world.id("K6"))), of_task);
        assert!(links(&format!("project_id={}", world.id("P1"))).len() > 1);
        assert_eq!(links("q=cut%20OVER"), of_task);
        assert!(links("kind=company").is_empty());
        assert!(links("state=broken,paused").is_empty());
        assert!(links("connection_id=7100000000000000000").is_empty());
        let deal = links(&format!("record=deal:{}", world.id("D2")));
        assert!(deal.iter().all(|link| link["under"][0]["id"] == world.id("D2")) && !deal.is_empty());
    });
}

#[test]
fn lists_hold_only_what_the_person_sees() {
    everywhere(|world| {
        // The project manager is no CRM user: he sees the links of his projects, without the CRM's part.
        let of_manager = world.get(&format!("/links?project_id={}", world.id("P1"))).by("U9").expect(200);
        assert!(!of_manager.items().is_empty());
        // The support engineer is a CRM user, but no member of that project: the CRM's part is what he sees.
        let of_engineer = world.get(&format!("/links?project_id={}", world.id("P1"))).by("U8").expect(200);
        for link in of_engineer.items() {
            assert!(link["projects"].is_null() && !link["crm"].is_null(), "{link:#}");
        }
        // The contractor works in one project and sees nothing of the others.
        let of_contractor = world.get("/links").by("U11").expect(200);
        assert!(of_contractor.items().iter().all(|link| link["project"]["id"] == world.id("P2")));
        world.get(&format!("/links/{}", world.id("DM-10/K6"))).by("U11").fails(404, "not_found");
        world.get("/sides").by("U9").fails(403, "no_permission");
        assert_eq!(world.get("/sides").by("U1").expect(200).items().len(), 2);
    });
}

#[test]
fn the_history_comes_as_a_file_too() {
    everywhere(|world| {
        let reply = world.get("/history").by("U1").header("accept", "text/csv").expect(200);
        assert_eq!(reply.header("content-type"), "text/csv");
        let text = String::from_utf8(reply.bytes).unwrap();
        assert!(text.starts_with("\u{feff}at,changed_at,person,"), "{text}");
        let rows = all(world, "U1", "/history", 200).len();
        assert_eq!(text.trim_end().split("\r\n").count(), rows + 1);
    });
}

#[test]
fn cfg_6_the_connection_tells_administrators_more() {
    everywhere(|world| {
        let path = format!("/connections/{}", world.connection);
        let own = world.get(&path).by("U1").expect(200);
        assert_eq!(own.json["state"], "running");
        assert_eq!(own.json["crm"]["connection_user"]["email"], "admin@zylker.example");
        assert!(own.header("etag").starts_with('"'));
        let other = world.get(&path).by("U9").expect(200);
        assert_eq!(other.json["crm"].get("connection_user"), None);
        assert_eq!(world.get("/connections").by("U9").expect(200).items().len(), 1);
        world.get("/connections/7100000000000000000").by("U1").fails(404, "not_found");
        let settings = world.get("/settings").by("U6").expect(200);
        assert_eq!(settings.json["several_connections"], false);
    });
}
