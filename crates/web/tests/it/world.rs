//! A program with pages over an empty database, driven by requests in order.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use bridge::{Bridge, BridgeParts};
use crm::{Crm, InProcessCrm};
use http_body_util::BodyExt;
use i18n::Language;
use identity::first_start::{FirstStart, Founded};
use identity::{Identity, IdentityError, Secret};
use mail::{Delivery, Handed, Mail, Outgoing, Step};
use ports::{Clock, Directory, Email, Entropy, Ids, Moment, NumberedIds, OrganisationId, PersonCard, PortalId, Tenant};
use projects::{Founding, InProcessProjects, Projects};
use store::Db;
use tokio::sync::watch;
use tower::ServiceExt;
use web::{Hub, Parts, Pool, Presses, Web};

/// Nobody is written to in these tests.
struct Nobody;

impl Directory for Nobody {
    fn person(&self, _email: &Email) -> Option<PersonCard> {
        None
    }

    fn portal_administrators(&self, _tenant: &Tenant) -> Vec<Email> {
        Vec::new()
    }

    fn crm_administrators(&self, _tenant: &Tenant) -> Vec<Email> {
        Vec::new()
    }
}

/// Keeps address and text of what is delivered.
#[derive(Default)]
struct Kept(Mutex<Vec<(String, String)>>);

impl Delivery for Kept {
    fn hand_over(&self, letter: &Outgoing) -> Handed {
        self.0.lock().unwrap().push((letter.to.as_str().to_owned(), letter.text.clone()));
        Handed::Sent(String::new())
    }
}

/// What the program does at the first start.
fn founder(
    tenant: Tenant,
    identity: &Identity,
    crm: &Crm,
    projects: &Projects,
) -> impl Fn(&FirstStart, &str) -> Result<Founded, IdentityError> + use<> {
    let (identity, crm, projects) = (identity.clone(), crm.clone(), projects.clone());
    move |first, from| {
        let broken = |error: &dyn std::fmt::Display| IdentityError::Internal(error.to_string());
        let founded = identity.first_start(first, &tenant, from, |tx, founded| {
            let (card, administrator) = (&founded.tenant, &founded.administrator);
            let founding = Founding {
                portal: card.tenant.portal.clone(),
                name: card.portal.clone(),
                zone: card.zone.clone(),
                owner: administrator.email.clone(),
                owner_name: administrator.name.clone(),
                language: administrator.language,
            };
            projects.found(tx, &founding).map_err(|error| broken(&error))
        })?;
        crm.found_organisation(&founded.tenant.tenant, &founded.administrator.email).map_err(|error| broken(&error))?;
        Ok(founded)
    }
}

pub const PASSWORD: &str = "correct horse battery";

struct Steps(AtomicI64);

impl Clock for Steps {
    fn now(&self) -> Moment {
        Moment::from_ms(self.0.load(Ordering::SeqCst))
    }
}

struct Counted(AtomicI64);

impl Entropy for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = u8::try_from(self.0.fetch_add(7, Ordering::SeqCst) % 251).unwrap();
        }
    }
}

/// The program.
pub struct World {
    pub web: Web,
    pub router: Router,
    pub down: watch::Sender<bool>,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub html: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of the first hidden field of this name.
    pub fn hidden(&self, name: &str) -> String {
        let mark = format!(r#"name="{name}" value=""#);
        let (_, rest) = self.html.split_once(&mark).unwrap_or_else(|| panic!("no {name} in {}", self.html));
        rest.split('"').next().unwrap().to_owned()
    }
}

impl World {
    pub fn new() -> Self {
        let db = Db::open_memory().unwrap();
        let clock = Arc::new(Steps(AtomicI64::new(Moment::parse("2026-03-10T09:00:00Z").unwrap().ms())));
        let rooms = [
            records::MIGRATIONS,
            identity::MIGRATIONS,
            mail::MIGRATIONS,
            crm::MIGRATIONS,
            projects::MIGRATIONS,
            bridge::MIGRATIONS,
        ];
        db.migrate(&rooms, clock.now().ms()).unwrap();
        let ids = Arc::new(NumberedIds::new(clock.clone(), 1));
        let entropy = Arc::new(Counted(AtomicI64::new(1)));
        let identity = Identity::new(db.clone(), clock.clone(), ids.clone(), entropy).unwrap();
        let crm = Crm::new(db.clone(), clock.clone(), ids.clone());
        let projects = Projects::new(db.clone(), clock.clone(), ids.clone(), identity.clone());
        let tenant = Tenant { organisation: OrganisationId::new(ids.next()), portal: PortalId::new(ids.next()) };
        let directory = Arc::new(Nobody);
        let bridge = Bridge::new(BridgeParts {
            db: db.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            crm: Arc::new(InProcessCrm::new(crm.clone(), tenant.organisation.clone())),
            projects: Arc::new(InProcessProjects::new(projects.clone(), tenant.portal.clone())),
            directory: directory.clone(),
        });
        let (down, shutdown) = watch::channel(false);
        let web = Web::new(Parts {
            found: Arc::new(founder(tenant, &identity, &crm, &projects)),
            identity: identity.clone(),
            crm,
            projects,
            bridge,
            mail: Mail::new(db, clock.clone()),
            directory,
            clock,
            ids,
            pool: Pool::Inline,
            hub: Hub::new(shutdown),
            presses: Presses::default(),
            public_url: "http://localhost:8080".to_owned(),
            demo_accounts: vec![Email::parse("admin@zylker.example").unwrap()],
            language: Language::En,
        });
        let sessions = identity::session::layer(identity.sessions(), false);
        Self { router: web::routes(web.clone()).layer(sessions), web, down }
    }

    /// The same with an organisation and its administrator.
    pub fn founded() -> Self {
        let world = Self::new();
        let token = world.web.identity.first_start_token().unwrap().unwrap();
        let first = FirstStart {
            token,
            organisation: "Zylker".into(),
            email: "admin@zylker.example".into(),
            name: "Administrator".into(),
            password: Secret::new(PASSWORD),
            language: Language::En,
            zone: "Europe/Berlin".into(),
            currency: "EUR".into(),
        };
        (world.web.found)(&first, "127.0.0.1").unwrap();
        world
    }

    /// Delivers what waits and gives address and token of the newest invitation to a person.
    pub fn last_invitation(&self, to: &str) -> (String, String) {
        let kept = Kept::default();
        let deliver = || self.web.mail.deliver_due(self.web.clock.now(), &kept, &Nobody, &self.web.public_url).unwrap();
        while deliver() != Step::Idle {}
        let letters = kept.0.lock().unwrap();
        let (_, text) = letters.iter().rev().find(|(address, _)| address == to).expect("a letter");
        let (_, rest) = text.split_once("/invitation/").expect("a link");
        let token = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        (to.to_owned(), token)
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, html: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::builder().uri(path).header("host", "localhost:8080").header("cookie", cookie);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, cookie: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("host", "localhost:8080")
            .header("origin", "http://localhost:8080")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", cookie);
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// Signs in and gives the cookie of the session.
    pub async fn sign_in(&self, email: &str) -> String {
        let body = format!("email={email}&password={}&next=/", PASSWORD.replace(' ', "+"));
        let answer = self.post("/sign-in", "", &body).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.html);
        session_cookie(&answer)
    }
}

pub fn session_cookie(answer: &Answer) -> String {
    let cookies: Vec<&str> = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let own = cookies.into_iter().rev().find(|cookie| cookie.starts_with("lockstep=")).expect("a session cookie");
    own.split(';').next().unwrap().to_owned()
}
