//! Who calls: tokens, sessions, scopes, client users, languages, the token endpoint.

use serde_json::json;

use crate::described::description;
use crate::world::{everywhere, once};

#[test]
fn act_4_a_token_says_who_calls_and_what_for() {
    everywhere(|world| {
        let me = world.get("/me").by("U3").expect(200).json;
        assert_eq!(me["person"]["email"], "sales.manager@zylker.example");
        assert_eq!(me["time_zone"], "America/Los_Angeles");
        let roles = &me["roles"][0];
        assert_eq!(roles["connection_id"], world.connection);
        assert!(roles["roles"].as_array().unwrap().contains(&json!("project_creator")), "{me:#}");
        let me = world.get("/me").with_scopes("U1", "Lockstep.links.READ,lockstep.JOBS.write").expect(200).json;
        assert_eq!(me["scopes"], json!(["Lockstep.links.READ", "Lockstep.jobs.WRITE"]));
        assert!(me["roles"][0]["roles"].as_array().unwrap().contains(&json!("bridge_administrator")));
    });
}

#[test]
fn nobody_comes_in_without_a_valid_token() {
    everywhere(|world| {
        for header in [None, Some("Bearer 1000.nothing.of.this"), Some("Basic YTpi"), Some("Bearer"), Some("")] {
            let ask = world.get("/me");
            let ask = match header {
                Some(header) => ask.header("authorization", header),
                None => ask,
            };
            let reply = ask.fails(401, "token_invalid");
            assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"lockstep\"");
        }
        world.clock.pass_ms(3_600_001);
        world.get("/me").by("U3").expect(200);
        world.clock.pass_ms(3_600_001);
        world.get("/me").by("U3").fails(401, "token_invalid");
    });
}

#[test]
fn a_scope_limits_the_token() {
    everywhere(|world| {
        let links = |scopes: &str| world.get("/links").with_scopes("U1", scopes);
        for scopes in ["Lockstep.links.READ", "Lockstep.links.ALL", "lockstep.LINKS.read Lockstep.jobs.ALL"] {
            links(scopes).expect(200);
        }
        for scopes in ["Lockstep.links.WRITE", "Lockstep.links.CREATE", "Lockstep.jobs.ALL"] {
            let reply = links(scopes).fails(403, "scope_missing");
            assert_eq!(reply.json["facts"]["scope"], "Lockstep.links.READ");
            assert!(reply.json["detail"].as_str().unwrap().contains("Lockstep.links.READ"));
        }
        // Whether the person may is asked only of those whose token may.
        world.get("/status").with_scopes("CU1", "Lockstep.links.READ").fails(403, "scope_missing");
    });
}

#[test]
fn task_14_client_users_know_of_nothing_but_themselves() {
    everywhere(|world| {
        let me = world.get("/me").by("CU1").expect(200).json;
        assert_eq!(me["roles"], json!([]));
        for (method, path, operation) in description().operations() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            if id == "getMe" {
                continue;
            }
            let path = path
                .replace("{connection_id}", &world.connection)
                .replace("{project_id}", world.id("P1"))
                .replace("{link_id}", world.id("DM-10/K6"))
                .replace("{module}", "deal")
                .replace(['{', '}'], "");
            let method = ["GET", "POST", "PATCH", "DELETE"].into_iter().find(|own| *own == method).unwrap();
            let ask = world.ask(method, &path).by("CU1").key("client-user-1").header("if-match", "*");
            ask.header("content-type", "application/json").body("{}").fails(404, "not_found");
        }
    });
}

#[test]
fn a_session_writes_only_with_its_csrf_token_and_from_its_own_pages() {
    everywhere(|world| {
        let (cookie, csrf) = world.sign_in("U1");
        let body = json!({ "connection_id": world.connection, "company_id": world.id("C5"),
            "account_id": world.id("A7") });
        let write = || world.post("/mappings", &body).key("session-0001").header("cookie", &cookie);
        world.get("/me").header("cookie", &cookie).expect(200);
        write().fails(403, "csrf_failed");
        write().header("x-csrf-token", "0123456789abcdef0123456789abcdef").fails(403, "csrf_failed");
        write().header("x-csrf-token", &csrf).header("origin", "https://evil.example").fails(403, "csrf_failed");
        write().header("x-csrf-token", &csrf).header("origin", "http://127.0.0.1:8080").expect(201);
        // A token beside the cookie decides, and needs no CSRF token.
        world.get("/me").header("cookie", &cookie).header("authorization", "Bearer x").fails(401, "token_invalid");
    });
}

#[test]
fn the_answer_is_in_the_language_asked_for_or_the_persons() {
    once(|world| {
        let title = |key: &str, language: Option<&str>| {
            let ask = world.get("/links/7100000000000000000").by(key);
            let ask = match language {
                Some(language) => ask.header("accept-language", language),
                None => ask,
            };
            ask.fails(404, "not_found").json["title"].as_str().unwrap().to_owned()
        };
        for (key, language, expected) in [
            ("U3", None, "Not found"),
            ("U3", Some("zh-CN,en;q=0.5"), "未找到"),
            ("U7", None, "未找到"),
            ("U7", Some("en"), "Not found"),
            ("U7", Some("fr, de;q=0.9"), "未找到"),
            ("U7", Some("*"), "未找到"),
        ] {
            assert_eq!(title(key, language), expected, "{key} {language:?}");
        }
    });
}

#[test]
fn every_answer_has_a_number_for_support() {
    once(|world| {
        let reply = world.get("/me").by("U3").expect(200);
        assert!(reply.header("x-request-id").starts_with("req_"));
        let reply = world.get("/me").by("U3").header("x-request-id", "support-17").expect(200);
        assert_eq!(reply.header("x-request-id"), "support-17");
        let reply = world.get("/me").by("U3").header("x-request-id", "not fitting <b>").expect(200);
        assert!(reply.header("x-request-id").starts_with("req_"));
    });
}

#[test]
fn the_token_endpoint_takes_parameters_in_three_ways_and_speaks_as_clients_know_it() {
    everywhere(|world| {
        let client = world.client("U4");
        let parameters = format!(
            "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
            client.client_id, client.client_secret, client.refresh_token
        );
        let parts: String = parameters
            .split('&')
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(name, value)| format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"))
            .collect();
        let form = "application/x-www-form-urlencoded";
        let asks = [
            world.outside("POST", &format!("/oauth/v2/token?{parameters}")),
            world.outside("POST", "/oauth/v2/token").header("content-type", form).body(parameters.clone()),
            world
                .outside("POST", "/oauth/v2/token")
                .header("content-type", "multipart/form-data; boundary=cut")
                .body(format!("{parts}--cut--\r\n")),
        ];
        for ask in asks {
            let token = ask.expect(200).json;
            assert_eq!(token["token_type"], "Bearer");
            assert_eq!(token["expires_in"], 3600);
            let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
            let me = world.get("/me").header("authorization", &bearer).expect(200).json;
            assert_eq!(me["person"]["email"], "migration.lead@zylker.example");
        }
        for (wrong, error) in [
            (parameters.replace("refresh_token=1000", "refresh_token=2000"), "invalid_code"),
            (parameters.replace("client_id=1000", "client_id=2000"), "invalid_client"),
            (parameters.replace("grant_type=refresh_token", "grant_type=magic"), "unsupported_grant_type"),
        ] {
            let reply = world.outside("POST", &format!("/oauth/v2/token?{wrong}")).expect(200);
            assert_eq!(reply.json, json!({ "error": error }));
        }
    });
}
