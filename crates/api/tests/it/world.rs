//! A world: both apps with the demo data, the bridge between them, the API before it, people who call.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use api::{Api, ApiParts, Pool};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use axum::routing::get;
use bridge::{Bridge, BridgeParts, Engine, EngineOptions, EngineParts};
use crm::{Crm, Draft, InProcessCrm, Module};
use http_body_util::BodyExt;
use identity::{Identity, Scopes, session};
use mail::Mail;
use ports::{
    Acting, Clock, CrmSide, Date, Directory, Email, Entropy, Ids, Language, Moment, NumberedIds, OrganisationId,
    Origin, PersonCard, PortalId, ProjectsSide, Tenant,
};
use projects::{InProcessProjects, Projects};
use serde_json::Value;
use store::testing::{TestDb, databases};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tower::ServiceExt;

use crate::described::description;

const ROOMS: [store::Migrations; 7] = [
    records::MIGRATIONS,
    identity::MIGRATIONS,
    mail::MIGRATIONS,
    crm::MIGRATIONS,
    projects::MIGRATIONS,
    bridge::MIGRATIONS,
    api::MIGRATIONS,
];
/// 10 March 2026, 09:00 UTC.
const NOW_MS: i64 = 1_773_133_200_000;

pub struct World {
    pub name: &'static str,
    pub clock: Arc<TestClock>,
    pub crm: Crm,
    pub connection: String,
    pub tenant: Tenant,
    pub keys: demo::Keys,
    pub stop: watch::Sender<bool>,
    bridge: Bridge,
    identity: Identity,
    engine: Mutex<Engine>,
    router: Router,
    tokens: Mutex<HashMap<String, String>>,
    runtime: Option<Runtime>,
    db: TestDb,
}

struct Parts {
    directory: Arc<dyn Directory>,
    bridge: Bridge,
    mail: Mail,
    ids: Arc<dyn Ids>,
}

pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn pass_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Moment {
        Moment::from_ms(self.0.load(Ordering::SeqCst))
    }
}

/// Counts: tokens differ, and a run is like the run before.
struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::SeqCst).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
            chunk.copy_from_slice(&next[..chunk.len()]);
        }
    }
}

struct People {
    identity: Identity,
    crm: Crm,
    projects: Projects,
}

impl Directory for People {
    fn person(&self, email: &Email) -> Option<PersonCard> {
        self.identity.account(email).unwrap().map(|card| card.person())
    }
    fn portal_administrators(&self, tenant: &Tenant) -> Vec<Email> {
        self.projects.administrators(&tenant.portal).unwrap()
    }
    fn crm_administrators(&self, tenant: &Tenant) -> Vec<Email> {
        self.crm.administrators(&tenant.organisation).unwrap()
    }
}

/// One request being put together.
pub struct Ask<'a> {
    world: &'a World,
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub json: Value,
}

/// Tells the same story on every database.
pub fn everywhere(story: impl Fn(&World)) {
    for db in databases(&ROOMS) {
        story(&World::new(db));
    }
}

/// Tells a story of the form of requests and answers, which no database has a part in, on the embedded one.
pub fn once(story: impl Fn(&World)) {
    let db = databases(&ROOMS).into_iter().next().unwrap();
    story(&World::new(db));
}

impl World {
    fn new(db: TestDb) -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(NOW_MS)));
        let ids: Arc<dyn Ids> = Arc::new(NumberedIds::new(clock.clone(), 0));
        let entropy: Arc<dyn Entropy> = Arc::new(Counting(AtomicU64::new(1)));
        let identity = Identity::new(db.db.clone(), clock.clone(), ids.clone(), entropy).unwrap();
        let mail = Mail::new(db.db.clone(), clock.clone());
        let crm = Crm::new(db.db.clone(), clock.clone(), ids.clone());
        let projects = Projects::new(db.db.clone(), clock.clone(), ids.clone(), identity.clone());
        let rooms = demo::Rooms {
            db: db.db.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            identity: identity.clone(),
            crm: crm.clone(),
            projects: projects.clone(),
        };
        let tenant = Tenant { organisation: OrganisationId::new(ids.next()), portal: PortalId::new(ids.next()) };
        let today = Date::parse("2026-03-10").unwrap();
        let options = demo::Options { today, language: Language::En, tenant };
        let mut loaded = demo::load(&rooms, &options).unwrap();
        let tenant = loaded.tenant.clone();
        let crm_side: Arc<dyn CrmSide> = Arc::new(InProcessCrm::new(crm.clone(), tenant.organisation.clone()));
        let projects_side: Arc<dyn ProjectsSide> =
            Arc::new(InProcessProjects::new(projects.clone(), tenant.portal.clone()));
        let directory: Arc<dyn Directory> =
            Arc::new(People { identity: identity.clone(), crm: crm.clone(), projects: projects.clone() });
        let bridge = Bridge::new(BridgeParts {
            db: db.db.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            crm: crm_side.clone(),
            projects: projects_side.clone(),
            directory: directory.clone(),
        });
        let joints = demo::Joints { bridge: &bridge, crm: crm_side.as_ref(), projects: projects_side.as_ref() };
        let connection = demo::join(&rooms, joints, &mut loaded).unwrap().id.into_string();
        let engine = Engine::new(
            EngineParts {
                db: db.db.clone(),
                ids: ids.clone(),
                crm: crm_side.clone(),
                projects: projects_side.clone(),
                directory: directory.clone(),
            },
            EngineOptions::standard("test"),
        );
        let shared = bridge.clone();
        let parts = Parts { directory, bridge, mail, ids };
        let (stop, stopping) = watch::channel(false);
        let router = router(&db, &identity, &clock, &parts, stopping);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let world = Self {
            name: db.name,
            clock,
            crm,
            connection,
            tenant,
            keys: loaded.keys,
            stop,
            bridge: shared,
            identity,
            engine: Mutex::new(engine),
            router,
            tokens: Mutex::default(),
            runtime: Some(runtime),
            db,
        };
        world.settle();
        world
    }

    /// As if an earlier run of the program had ended in the middle of this request.
    pub fn leave_running(&self, key: &str, press: &str, ask: &Ask<'_>) {
        const LEFT: store::Sql = store::Sql::new(
            "update api_press set state = 'running', boot = 'an earlier run', status = 0, body = $3 \
             where person = $1 and press_key = $2",
        );
        let response = self.run(self.router.clone().oneshot(ask.request())).unwrap();
        assert_eq!(response.status(), 201);
        let person = self.email(key);
        let binds = [person.as_str().into(), press.into(), Vec::new().into()];
        let left = self.db.db.write(|tx| tx.execute(&LEFT, &binds)).unwrap();
        assert_eq!(left, 1);
    }

    pub fn id(&self, key: &str) -> &str {
        self.keys.id(key).unwrap()
    }

    /// Address of a person of the demo, by key.
    pub fn email(&self, key: &str) -> Email {
        let users = demo::data::people::PEOPLE.iter().map(|person| (person.key, person.email));
        let clients = demo::data::people::CLIENT_USERS.iter().map(|person| (person.key, person.email));
        let (_, email) = users.chain(clients).find(|(own, _)| *own == key).unwrap();
        Email::parse(email).unwrap()
    }

    /// A token with scopes, for a person by key.
    pub fn token(&self, key: &str, scopes: &str) -> String {
        let mut tokens = self.tokens.lock().unwrap();
        let made = tokens.entry(format!("{key} {scopes}")).or_insert_with(|| {
            let scopes = if scopes.is_empty() { Scopes::all() } else { Scopes::parse(scopes).unwrap() };
            self.identity.create_api_client("Test", &self.email(key), &scopes).unwrap().access_token
        });
        made.clone()
    }

    /// A client of a person, with its secret and its refresh token.
    pub fn client(&self, key: &str) -> wire::oauth::ApiClient {
        self.identity.create_api_client("Client", &self.email(key), &Scopes::all()).unwrap()
    }

    /// Tokens live an hour; the next call of a person takes a new one.
    pub fn forget_tokens(&self) {
        self.tokens.lock().unwrap().clear();
    }

    /// A person changes the due date of a CRM task in the app.
    pub fn change_crm_due(&self, task: &str, person: &str, day: &str) {
        let acting = Acting { tenant: self.tenant.clone(), email: self.email(person), origin: Origin::Form };
        let draft = Draft::new().with("due", day);
        self.crm.update(&acting, Module::Task, self.id(task), None, &draft).unwrap();
        self.clock.pass_ms(1);
    }

    /// Carries everything over. A PostgreSQL server tells of a commit only when no earlier transaction of any of its
    /// databases runs any more, so this looks again until nothing is left.
    pub fn settle(&self) {
        let acting = Acting { tenant: self.tenant.clone(), email: self.email("U1"), origin: Origin::System };
        for _ in 0..100_000 {
            // The engine looks at the feeds every two seconds without a word.
            self.clock.pass_ms(2_001);
            self.engine.lock().unwrap().run_until_quiet(self.clock.now(), 100_000).unwrap();
            if self.bridge.work(&acting).unwrap().is_quiet() {
                return;
            }
            std::thread::yield_now();
        }
        panic!("{}: not quiet", self.name);
    }

    pub fn get(&self, path: &str) -> Ask<'_> {
        self.ask("GET", path)
    }

    pub fn post(&self, path: &str, body: &Value) -> Ask<'_> {
        self.ask("POST", path).header("content-type", "application/json").body(body.to_string())
    }

    pub fn ask(&self, method: &'static str, path: &str) -> Ask<'_> {
        Ask { world: self, method, path: format!("{}{path}", api::BASE), headers: Vec::new(), body: Vec::new() }
    }

    /// A request beside the base of the API.
    pub fn outside(&self, method: &'static str, path: &str) -> Ask<'_> {
        Ask { world: self, method, path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    pub fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.as_ref().unwrap().block_on(work)
    }

    /// Runs a request beside the test.
    pub fn aside(&self, ask: &Ask<'_>) -> tokio::task::JoinHandle<axum::response::Response> {
        let (router, request) = (self.router.clone(), ask.request());
        self.runtime.as_ref().unwrap().spawn(async move { router.oneshot(request).await.unwrap() })
    }

    /// Signs a person in as a browser does: cookie and CSRF token.
    pub fn sign_in(&self, key: &str) -> (String, String) {
        let card = self.identity.account(&self.email(key)).unwrap().unwrap();
        let ticket = self.identity.new_ticket(&card, &self.tenant);
        let csrf = ticket.csrf().to_owned();
        let begin = move |session: tower_sessions::Session| async move {
            session::begin(&session, &ticket).await.unwrap();
        };
        let layer = session::layer(self.identity.sessions(), false);
        let router = Router::new().route("/sign-in", get(begin)).layer(layer);
        let request = Request::get("/sign-in").body(Body::empty()).unwrap();
        let response = self.run(router.oneshot(request)).unwrap();
        let cookie = response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        (cookie, csrf)
    }
}

impl Drop for World {
    /// The pool of the database is dropped outside of the runtime.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(std::time::Duration::from_secs(5));
        }
    }
}

fn router(
    db: &TestDb,
    identity: &Identity,
    clock: &Arc<TestClock>,
    parts: &Parts,
    stopping: watch::Receiver<bool>,
) -> Router {
    let api = Api::new(ApiParts {
        bridge: parts.bridge.clone(),
        identity: identity.clone(),
        mail: parts.mail.clone(),
        directory: parts.directory.clone(),
        db: db.db.clone(),
        clock: clock.clone(),
        ids: parts.ids.clone(),
        public_url: "http://127.0.0.1:8080".to_owned(),
        pool: Pool::threads(4),
        stopping,
    });
    api::router(&api.unwrap()).layer(session::layer(identity.sessions(), false))
}

impl<'a> Ask<'a> {
    /// The person who calls, by key, with all scopes.
    pub fn by(self, key: &str) -> Self {
        let token = self.world.token(key, "");
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn with_scopes(self, key: &str, scopes: &str) -> Self {
        let token = self.world.token(key, scopes);
        self.header("authorization", &format!("Zoho-oauthtoken {token}"))
    }

    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub fn request(&self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(&self.path).header("host", "127.0.0.1:8080");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(self.body.clone())).unwrap()
    }

    /// Sends it, and holds the answer against the description.
    pub fn send(self) -> Reply {
        let response = self.world.run(self.world.router.clone().oneshot(self.request())).unwrap();
        self.world.run(reply(self.method, &self.path, response))
    }

    /// Sends it and expects a status; the answer's document.
    pub fn expect(self, status: u16) -> Reply {
        let (what, world) = (format!("{} {}", self.method, self.path), self.world.name);
        let reply = self.send();
        assert_eq!(reply.status, status, "{world}: {what}: {}", String::from_utf8_lossy(&reply.bytes));
        reply
    }

    /// Sends it and expects a problem with this status and code.
    pub fn fails(self, status: u16, code: &str) -> Reply {
        let reply = self.expect(status);
        assert_eq!(reply.json["code"], code, "{:#}", reply.json);
        assert_eq!(reply.headers["content-type"], "application/problem+json");
        assert_eq!(reply.json["request_id"], reply.headers["x-request-id"].to_str().unwrap());
        reply
    }
}

/// The whole answer, held against the description.
pub async fn reply(method: &str, path: &str, response: axum::response::Response) -> Reply {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let bytes = response.into_body().collect().await.unwrap().to_bytes().to_vec();
    let kind = headers.get("content-type").map(|value| value.to_str().unwrap()).unwrap_or_default();
    if path.starts_with(api::BASE) {
        description().check(method, path, status, kind, &bytes);
    }
    let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Reply { status, headers, bytes, json }
}

impl Reply {
    pub fn items(&self) -> &Vec<Value> {
        self.json["items"].as_array().unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// The pointers of a problem's errors.
    pub fn pointers(&self) -> Vec<(&str, &str)> {
        let errors = self.json["errors"].as_array().unwrap();
        errors.iter().map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap())).collect()
    }
}
