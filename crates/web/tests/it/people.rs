//! Users of both apps, as an administrator sees and changes them.

use axum::http::StatusCode;
use identity::Secret;
use ports::Email;

use crate::world::{PASSWORD, World, session_cookie};

const ADMIN: &str = "admin@zylker.example";

async fn invite(world: &World, cookie: &str, people: &str) -> crate::world::Answer {
    let form = world.get("/setup/users/portal/invite", cookie).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.html);
    let body = format!(
        "csrf={}&press={}&people={people}&profile=employee&role=Engineer&language=en",
        form.hidden("csrf"),
        form.hidden("press")
    );
    world.post("/setup/users/portal/invite", cookie, &body).await
}

#[tokio::test]
async fn invited_people_are_listed_and_accept() {
    let world = World::founded();
    let cookie = world.sign_in(ADMIN).await;
    let done = invite(&world, &cookie, "ana%40zylker.example%0Aben%40zylker.example").await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/setup/users/portal"));
    let list = world.get("/setup/users/portal", &cookie).await;
    assert!(list.html.contains("ana@zylker.example") && list.html.contains("invited 10 Mar"), "{}", list.html);
    assert!(!list.html.contains("Send again"), "not within 24 hours");
    let waiting = world.get("/setup/users/portal?show=waiting&search=ben", &cookie).await;
    assert!(waiting.html.contains("ben@zylker.example") && !waiting.html.contains("ana@zylker.example"));

    let (email, token) = world.last_invitation("ana@zylker.example");
    let page = world.get(&format!("/invitation/{token}"), "").await;
    assert!(page.html.contains(&format!("You sign in with {email}.")), "{}", page.html);
    let weak = world.post(&format!("/invitation/{token}"), "", "name=Ana+Silva&password=short&language=en").await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(weak.html.contains("Use at least") && weak.html.contains("Ana Silva"));
    let body = format!("name=Ana+Silva&password={}&language=zh-CN&zone=Asia/Shanghai", PASSWORD.replace(' ', "+"));
    let accepted = world.post(&format!("/invitation/{token}"), "", &body).await;
    assert_eq!((accepted.status, accepted.header("location")), (StatusCode::SEE_OTHER, "/"), "{}", accepted.html);
    let home = world.get("/", &session_cookie(&accepted)).await;
    assert!(home.html.contains(r#"<html lang="zh-CN">"#) && home.html.contains("Ana Silva"));
    assert_eq!(world.get(&format!("/invitation/{token}"), "").await.status, StatusCode::GONE);
    let unknown = world.get("/invitation/0000", "").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn one_wrong_address_stops_no_other() {
    let world = World::founded();
    let cookie = world.sign_in(ADMIN).await;
    let answer = invite(&world, &cookie, "no-address,ana%40zylker.example").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.html.contains("“no-address” is no e-mail address.")
            && answer.html.contains("no-address,ana@zylker.example")
    );
    assert!(world.get("/setup/users/portal", &cookie).await.html.contains("ana@zylker.example"));
}

#[tokio::test]
async fn act_1_setup_is_for_administrators() {
    let world = World::founded();
    let cookie = world.sign_in(ADMIN).await;
    invite(&world, &cookie, "ana%40zylker.example").await;
    let ana = Email::parse("ana@zylker.example").unwrap();
    world.web.identity.set_password(&ana, &Secret::new(PASSWORD)).unwrap();
    let hers = world.sign_in("ana@zylker.example").await;
    let home = world.get("/", &hers).await;
    assert_eq!(home.status, StatusCode::OK, "{}", home.html);
    for absent in ["/setup/", "/crm/", "/bridge/mapping"] {
        assert!(!home.html.contains(&format!(r#"href="{absent}"#)), "{absent} is shown");
    }
    for path in ["/setup/users/portal", "/setup/users/portal/invite", "/setup/users/crm", "/setup/users/crm/new"] {
        assert_eq!(world.get(path, &hers).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let csrf = world.get("/account", &hers).await.hidden("csrf");
    let body = format!("csrf={csrf}&email={ADMIN}&do=deactivate");
    assert_eq!(world.post("/setup/users/portal/change", &hers, &body).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn deactivating_asks_first_and_can_be_taken_back() {
    let world = World::founded();
    let cookie = world.sign_in(ADMIN).await;
    invite(&world, &cookie, "ana%40zylker.example").await;
    let ask = world.get("/setup/users/portal/deactivate?email=ana%40zylker.example", &cookie).await;
    assert!(ask.html.contains("in the portal?") && ask.html.contains("<dialog"));
    let csrf = ask.hidden("csrf");
    let change = |what: &str| format!("csrf={csrf}&email=ana%40zylker.example&do={what}");
    let done = world.post("/setup/users/portal/change", &cookie, &change("deactivate")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(world.get("/setup/users/portal?show=inactive", &cookie).await.html.contains("Inactive"));
    world.post("/setup/users/portal/change", &cookie, &change("activate")).await;
    let inactive = world.get("/setup/users/portal?show=inactive", &cookie).await;
    assert!(inactive.html.contains("Nobody is found"));
    // The owner stays.
    let owner =
        world.post("/setup/users/portal/change", &cookie, &format!("csrf={csrf}&email={ADMIN}&do=deactivate")).await;
    let toast = owner.headers.get_all("set-cookie").iter().any(|value| value.to_str().unwrap().contains("cannot%20be"));
    assert!(toast, "{:?}", owner.headers);
}

#[tokio::test]
async fn crm_users_are_added_changed_and_deactivated() {
    let world = World::founded();
    let cookie = world.sign_in(ADMIN).await;
    let form = world.get("/setup/users/crm/new", &cookie).await;
    let (csrf, press) = (form.hidden("csrf"), form.hidden("press"));
    let sent = format!("csrf={csrf}&press={press}&email=eva%40zylker.example&name=Eva+Moss&profile=standard");
    assert_eq!(world.post("/setup/users/crm/new", &cookie, &sent).await.header("location"), "/setup/users/crm");
    let list = world.get("/setup/users/crm", &cookie).await;
    assert!(list.html.contains("Eva Moss") && list.html.contains("2 active, 0 inactive"), "{}", list.html);
    world.last_invitation("eva@zylker.example");
    let ask = world.get("/setup/users/crm/deactivate?email=eva%40zylker.example", &cookie).await;
    assert!(ask.html.contains("Deactivate Eva Moss in CRM?"));
    let body = format!("csrf={csrf}&email=eva%40zylker.example&do=deactivate");
    world.post("/setup/users/crm/change", &cookie, &body).await;
    assert!(world.get("/setup/users/crm", &cookie).await.html.contains("1 active, 1 inactive"));
    // Without the last administrator nobody could come back.
    let last =
        world.post("/setup/users/crm/change", &cookie, &format!("csrf={csrf}&email={ADMIN}&do=deactivate")).await;
    assert!(
        last.headers
            .get_all("set-cookie")
            .iter()
            .any(|value| value.to_str().unwrap().contains("administrator%20first"))
    );
    assert!(world.get("/setup/users/crm", &cookie).await.html.contains("1 active, 1 inactive"));
}

#[tokio::test]
async fn empty_portal_shows_the_first_steps() {
    let world = World::founded();
    let cookie = world.sign_in(ADMIN).await;
    let home = world.get("/", &cookie).await;
    assert_eq!(home.status, StatusCode::OK, "{}", home.html);
    assert!(home.html.contains("First steps") && home.html.contains("/setup/users/portal/invite"));
    assert!(home.html.contains("Good morning, Administrator"));
}
