//! Requests and what they are answered with.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::world::{World, session_cookie};

#[tokio::test]
async fn first_start_makes_the_administrator_and_signs_in() {
    let world = World::new();
    let token = world.web.identity.first_start_token().unwrap().unwrap();
    assert_eq!(world.get("/", "").await.header("location"), "/sign-in?next=%2F");
    assert_eq!(world.get("/sign-in", "").await.header("location"), "/start");
    let form = world.get(&format!("/start?token={}", token.reveal()), "").await;
    assert!(form.html.contains(&format!(r#"value="{}""#, token.reveal())));

    let fields = "organisation=Zylker&name=Administrator&email=admin%40zylker.example&password=correct+horse+battery&currency=EUR";
    let wrong = world.post("/start", "", &format!("token=AAAA-BBBB-CCCC&{fields}")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html.contains(r##"href="#f-token""##) && wrong.html.contains(r#"value="admin@zylker.example""#));
    assert!(!wrong.html.contains("correct horse"), "a password is never sent back");

    let founded = world.post("/start", "", &format!("token={}&{fields}", token.reveal())).await;
    assert_eq!((founded.status, founded.header("location")), (StatusCode::SEE_OTHER, "/"));
    let cookie = session_cookie(&founded);
    let account = world.get("/account", &cookie).await;
    assert_eq!(account.status, StatusCode::OK);
    assert!(account.html.contains("Administrator") && account.html.contains("Zylker"));
    assert_eq!(world.get("/start", "").await.header("location"), "/sign-in");
}

#[tokio::test]
async fn sign_in_leads_to_own_pages_only_and_out_again() {
    let world = World::founded();
    assert_eq!(world.get("/account?x=1", "").await.header("location"), "/sign-in?next=%2Faccount%3Fx%3D1");
    let wrong = world.post("/sign-in", "", "email=admin%40zylker.example&password=wrong&next=/account").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html.contains("E-mail or password is wrong."));
    assert_eq!(wrong.hidden("next"), "/account");
    let elsewhere = "email=admin%40zylker.example&password=correct+horse+battery&next=//evil.example";
    assert_eq!(world.post("/sign-in", "", elsewhere).await.header("location"), "/");

    let cookie = world.sign_in("admin@zylker.example").await;
    assert_eq!(world.get("/sign-in", &cookie).await.header("location"), "/");
    let out = world.post("/sign-out", &cookie, "").await;
    assert_eq!(out.header("location"), "/sign-in");
    assert_eq!(world.get("/account", &cookie).await.status, StatusCode::SEE_OTHER, "the session is gone");
}

#[tokio::test]
async fn demo_buttons_sign_in_listed_accounts_only() {
    let world = World::founded();
    let page = world.get("/sign-in", "").await;
    assert!(page.html.contains(r#"name="email" value="admin@zylker.example""#));
    assert_eq!(world.post("/sign-in/demo", "", "email=admin%40zylker.example").await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.post("/sign-in/demo", "", "email=other%40zylker.example").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn forms_of_other_sites_and_sessions_change_nothing() {
    let world = World::founded();
    let cookie = world.sign_in("admin@zylker.example").await;
    let form = world.get("/account", &cookie).await;
    let csrf = form.hidden("csrf");
    let body = format!("csrf={csrf}&name=Other&language=en&zone=UTC");

    let foreign = Request::post("/account")
        .header("host", "localhost:8080")
        .header("origin", "https://evil.example")
        .header("cookie", &cookie)
        .body(Body::from(body.clone()))
        .unwrap();
    assert_eq!(world.send(foreign).await.status, StatusCode::FORBIDDEN);
    let without = world.post("/account", &cookie, "name=Other&language=en&zone=UTC").await;
    assert_eq!(without.status, StatusCode::FORBIDDEN);
    assert!(world.get("/account", &cookie).await.html.contains(r#"value="Administrator""#));

    let saved = world.post("/account", &cookie, &body).await;
    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, "/account"));
    let toast =
        saved.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()).collect::<Vec<_>>();
    let toast = toast.iter().find(|cookie| cookie.starts_with("lockstep_toast=")).unwrap();
    let toast = toast.split(';').next().unwrap();
    let shown = world.get("/account", &format!("{cookie}; {toast}")).await;
    assert!(shown.html.contains("Your settings are saved.") && shown.html.contains(r#"value="Other""#));
}

#[tokio::test]
async fn form_after_the_end_of_a_session_says_that_the_text_is_kept() {
    let world = World::founded();
    let ended = world.post("/account", "lockstep=AAAAAAAAAAAAAAAAAAAAAA", "csrf=x&name=Other").await;
    assert_eq!(ended.status, StatusCode::UNAUTHORIZED);
    assert!(ended.html.contains("Your session has ended") && ended.html.contains("/sign-in?next=%2Faccount"));
}

#[tokio::test]
async fn wrong_values_stay_as_typed() {
    let world = World::founded();
    let cookie = world.sign_in("admin@zylker.example").await;
    let csrf = world.get("/account", &cookie).await.hidden("csrf");
    let long = "x".repeat(101);
    let answer = world.post("/account", &cookie, &format!("csrf={csrf}&name={long}&language=zh-CN&zone=Nowhere")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.html.contains(&long)
            && answer.html.contains(r##"href="#f-name""##)
            && answer.html.contains(r##"href="#f-zone""##)
    );
}

#[tokio::test]
async fn second_press_does_nothing_new() {
    let world = World::founded();
    let cookie = world.sign_in("admin@zylker.example").await;
    let form = world.get("/account", &cookie).await;
    let sent = |name: &str| {
        format!("csrf={}&press={}&name={name}&language=en&zone=UTC", form.hidden("csrf"), form.hidden("press"))
    };
    assert_eq!(world.post("/account", &cookie, &sent("First")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.post("/account", &cookie, &sent("Second")).await.header("location"), "/account");
    assert!(world.get("/account", &cookie).await.html.contains(r#"value="First""#));
}

#[tokio::test]
async fn language_is_the_persons_own_or_the_browsers() {
    let world = World::founded();
    let request = Request::get("/sign-in").header("accept-language", "zh-CN,zh;q=0.9").body(Body::empty()).unwrap();
    assert!(world.send(request).await.html.contains(r#"<html lang="zh-CN">"#));
    let cookie = world.sign_in("admin@zylker.example").await;
    let csrf = world.get("/account", &cookie).await.hidden("csrf");
    let changed = world.post("/account/language", &cookie, &format!("csrf={csrf}&language=zh-CN&next=/account")).await;
    assert_eq!(changed.header("location"), "/account");
    let page = world.get("/account", &cookie).await;
    assert!(page.html.contains(r#"<html lang="zh-CN">"#) && page.html.contains("您的账户"));
}

#[tokio::test]
async fn every_answer_is_tied_down() {
    let world = World::founded();
    for path in ["/sign-in", "/nothing", "/assets/none.js"] {
        let answer = world.get(path, "").await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    let cookie = world.sign_in("admin@zylker.example").await;
    let lost = world.get("/nothing", &cookie).await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    assert!(lost.html.contains("There is nothing at this address"));
}

#[tokio::test]
async fn assets_are_kept_for_good_and_sent_compressed() {
    if !web::assets::are_built() {
        return;
    }
    let world = World::new();
    let request =
        Request::get(web::assets::styles()).header("accept-encoding", "gzip, br").body(Body::empty()).unwrap();
    let styles = world.send(request).await;
    assert_eq!(styles.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!((styles.header("content-encoding"), styles.header("content-type")), ("gzip", "text/css"));
}

#[tokio::test]
async fn event_stream_ends_at_once_on_shutdown() {
    let world = World::founded();
    let cookie = world.sign_in("admin@zylker.example").await;
    assert_eq!(world.get("/live?topics=task:1", "").await.status, StatusCode::UNAUTHORIZED);
    world.down.send(true).unwrap();
    let stream = world.get("/live?topics=task:1", &cookie).await;
    assert_eq!((stream.status, stream.header("content-type")), (StatusCode::OK, "text/event-stream"));
    assert_eq!(stream.header("content-encoding"), "");
    assert!(stream.html.contains("event: open"));
}
