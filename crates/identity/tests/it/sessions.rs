//! Sessions through the layer that `web` and `api` use.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http::header::{COOKIE, SET_COOKIE};
use http::{Request, Response};
use identity::session::{self, Ticket};
use identity::{Secret, account};
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_sessions::Session;

use crate::world::{MANAGER, World, each, email};

/// What a request does with its session.
#[derive(Clone)]
enum Deed {
    Look,
    SignIn(Ticket),
    SignOut,
    /// A page for somebody who is not signed in keeps something in the session.
    Plant,
}

/// Sends one request through the layer; the cookie set by the answer and the ticket seen by the page.
fn ask(world: &World, cookie: &str, deed: Deed, is_https: bool) -> (Option<String>, Option<Ticket>) {
    let seen = Arc::new(Mutex::new(None));
    let (kept, now) = (seen.clone(), world.now());
    let page = service_fn(move |request: Request<()>| {
        let (kept, deed) = (kept.clone(), deed.clone());
        async move {
            let session = request.extensions().get::<Session>().unwrap().clone();
            match &deed {
                Deed::Look => {}
                Deed::SignIn(ticket) => session::begin(&session, ticket).await.unwrap(),
                Deed::SignOut => session::end(&session).await.unwrap(),
                Deed::Plant => session.insert("anonymous", 1).await.unwrap(),
            }
            *kept.lock().unwrap() = session::ticket(&session, now).await.unwrap();
            Ok::<_, Infallible>(Response::new(()))
        }
    });
    let mut service = session::layer(world.identity.sessions(), is_https).layer(page);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answer = runtime.block_on(async {
        let request = Request::builder().header(COOKIE, cookie).body(()).unwrap();
        service.ready().await.unwrap().call(request).await.unwrap()
    });
    let cookie = answer.headers().get(SET_COOKIE).map(|value| value.to_str().unwrap().to_owned());
    let seen = seen.lock().unwrap().take();
    (cookie, seen)
}

fn pair(cookie: &Option<String>) -> String {
    cookie.as_ref().unwrap().split(';').next().unwrap().to_owned()
}

fn ticket(world: &World) -> Ticket {
    let tenant = world.tenant();
    let card = world.member(MANAGER);
    world.identity.new_ticket(&card, &tenant)
}

#[test]
fn a_session_lasts_from_sign_in_to_sign_out() {
    each(|world| {
        let ticket = ticket(world);
        let (cookie, _) = ask(world, "", Deed::SignIn(ticket.clone()), false);
        let cookie_text = cookie.clone().unwrap();
        for attribute in ["lockstep=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1209"] {
            assert!(cookie_text.contains(attribute), "{attribute}: {cookie_text}");
        }
        assert!(!cookie_text.contains("Secure"), "{cookie_text}");
        let cookie = pair(&cookie);
        let (_, seen) = ask(world, &cookie, Deed::Look, false);
        assert_eq!(seen.as_ref(), Some(&ticket));
        let signed_in = world.identity.signed_in(&seen.unwrap()).unwrap().unwrap();
        assert_eq!(signed_in.acting().email, email(MANAGER));
        ask(world, &cookie, Deed::SignOut, false);
        assert_eq!(ask(world, &cookie, Deed::Look, false).1, None);
    });
}

#[test]
fn over_https_the_cookie_is_bound_to_the_host() {
    each(|world| {
        let ticket = ticket(world);
        let (cookie, _) = ask(world, "", Deed::SignIn(ticket), true);
        let cookie = cookie.unwrap();
        assert!(cookie.starts_with("__Host-lockstep=") && cookie.contains("Secure"), "{cookie}");
    });
}

#[test]
fn a_session_planted_before_the_sign_in_is_worth_nothing_after_it() {
    each(|world| {
        let ticket = ticket(world);
        let planted = pair(&ask(world, "", Deed::Plant, false).0);
        let own = pair(&ask(world, &planted, Deed::SignIn(ticket.clone()), false).0);
        assert_ne!(planted, own);
        assert_eq!(ask(world, &planted, Deed::Look, false).1, None);
        assert_eq!(ask(world, &own, Deed::Look, false).1, Some(ticket));
    });
}

#[test]
fn a_session_ends_fourteen_days_after_it_was_last_used() {
    each(|world| {
        let signed_in = ticket(world);
        let cookie = pair(&ask(world, "", Deed::SignIn(signed_in), false).0);
        for _ in 0..3 {
            world.pass_hours(13 * 24);
            assert!(ask(world, &cookie, Deed::Look, false).1.is_some(), "used now and then");
        }
        world.pass_hours(14 * 24);
        assert_eq!(ask(world, &cookie, Deed::Look, false).1, None);
        assert_eq!(world.identity.forget_ended_sessions(world.now()).unwrap(), 1);
    });
}

#[test]
fn deactivating_a_person_and_a_new_password_end_the_sessions() {
    each(|world| {
        let signed_in = ticket(world);
        let cookie = pair(&ask(world, "", Deed::SignIn(signed_in.clone()), false).0);
        world.identity.set_password(&email(MANAGER), &Secret::new("another long one")).unwrap();
        assert_eq!(ask(world, &cookie, Deed::Look, false).1, None);
        let cookie = pair(&ask(world, "", Deed::SignIn(signed_in.clone()), false).0);
        world.db.write(|tx| account::set_active(tx, &email(MANAGER), false)).unwrap();
        assert_eq!(ask(world, &cookie, Deed::Look, false).1, None);
        assert_eq!(world.identity.signed_in(&signed_in).unwrap(), None, "a ticket alone is no entry");
    });
}

#[test]
fn the_token_itself_is_not_in_the_database() {
    each(|world| {
        let signed_in = ticket(world);
        let cookie = pair(&ask(world, "", Deed::SignIn(signed_in), false).0);
        let token = cookie.split_once('=').unwrap().1.to_owned();
        let rows = store::Sql::new("select id, content from identity_session");
        for row in world.db.read(|read| read.rows(&rows, &[])).unwrap() {
            assert!(!row.text("id").unwrap().contains(&token) && !row.text("content").unwrap().contains(&token));
        }
    });
}
