//! A portal with people, a client company and a strict project; a clock that is moved by hand.

use std::sync::{Arc, Mutex};

use identity::{Identity, NewTenant, tenant};
use ports::{
    Acting, Clock, CompanyId, Email, Entropy, Ids, Language, Moment, OrganisationId, Origin, Patch, PortalId,
    ProjectId, ProjectsTaskId, Reason, TaskListId, Tenant, lines,
};
use projects::{
    Due, Founding, InProcessProjects, Invitation, InvitedAs, Profile, ProjectDraft, Projects, ProjectsError, Task,
    TaskDraft, TaskPatch, Welcome,
};
use store::testing::{TestDb, databases};

pub const OWNER: &str = "owner@zylker.example";
pub const ADMIN: &str = "admin@zylker.example";
pub const MANAGER: &str = "project.manager@zylker.example";
pub const LEAD: &str = "migration.lead@zylker.example";
pub const ENGINEER: &str = "network.engineer@zylker.example";
pub const CONTRACTOR: &str = "contractor@zylker.example";
pub const SUPPORT: &str = "support.engineer@zylker.example";
pub const CLIENT: &str = "it.manager@software-customer.example";

pub const ROOMS: [store::Migrations; 4] =
    [mail::MIGRATIONS, identity::MIGRATIONS, records::MIGRATIONS, projects::MIGRATIONS];

pub struct World {
    pub db: TestDb,
    pub projects: Projects,
    pub side: InProcessProjects,
    pub clock: Arc<HandClock>,
    pub tenant: Tenant,
    /// Software Customer.
    pub company: CompanyId,
    /// Data Migration, DM, strict, 2 March to 30 June.
    pub project: ProjectId,
    /// Its list "Preparation".
    pub list: TaskListId,
}

pub struct HandClock(Mutex<Moment>);

impl Clock for HandClock {
    fn now(&self) -> Moment {
        *self.0.lock().unwrap()
    }
}

impl HandClock {
    pub fn pass_s(&self, seconds: i64) {
        let mut now = self.0.lock().unwrap();
        *now = now.plus_ms(seconds * 1_000);
    }
}

struct CountedIds(Mutex<i64>);

impl Ids for CountedIds {
    fn next(&self) -> String {
        let mut count = self.0.lock().unwrap();
        *count += 1;
        format!("54000000000000{:05}", *count)
    }
}

struct CountedBytes(Mutex<u64>);

impl Entropy for CountedBytes {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap();
        for byte in bytes {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = state.to_be_bytes()[0];
        }
    }
}

/// Runs a story on each engine, beginning on 10 March 2026 at 09:00 UTC.
pub fn each(story: impl Fn(&World)) {
    for db in databases(&ROOMS) {
        println!("on {}", db.name);
        story(&World::new(db));
    }
}

impl World {
    pub fn new(db: TestDb) -> Self {
        let clock = Arc::new(HandClock(Mutex::new(Moment::parse("2026-03-10T09:00:00Z").unwrap())));
        let ids = Arc::new(CountedIds(Mutex::new(0)));
        let entropy = Arc::new(CountedBytes(Mutex::new(1)));
        let identity = Identity::new(db.db.clone(), clock.clone(), ids.clone(), entropy).unwrap();
        let projects = Projects::new(db.db.clone(), clock.clone(), ids, identity);
        let tenant = found(&projects, &db, "230", &clock);
        let side = InProcessProjects::new(projects.clone(), tenant.portal.clone());
        let mut world = Self {
            db,
            projects,
            side,
            clock,
            tenant,
            company: CompanyId::new(""),
            project: ProjectId::new(""),
            list: TaskListId::new(""),
        };
        world.people();
        world.company = world.projects.create_company(&world.acting(ADMIN), "Software Customer").unwrap().id;
        world.client(CLIENT, "Ana Silva", &world.company.clone());
        let draft = ProjectDraft {
            name: "Data Migration".into(),
            owner: Some(email(MANAGER)),
            start: Some(day("2026-03-02")),
            end: Some(day("2026-06-30")),
            is_strict: true,
            members: [LEAD, ENGINEER, CLIENT].map(email).to_vec(),
            companies: vec![world.company.clone()],
            first_list: Some("Preparation".into()),
            ..ProjectDraft::default()
        };
        world.project = world.projects.create_project(&world.acting(ADMIN), &draft).unwrap().id;
        world.list = world.projects.sections(&world.acting(ADMIN), &world.project).unwrap()[0].list.id.clone();
        world
    }

    pub fn acting(&self, address: &str) -> Acting {
        Acting { tenant: self.tenant.clone(), email: email(address), origin: Origin::Form }
    }

    pub fn user(&self, address: &str, name: &str, profile: Profile) {
        self.projects.invite(&self.acting(OWNER), &silent(address, name, InvitedAs::User(profile))).unwrap();
    }

    pub fn client(&self, address: &str, name: &str, company: &CompanyId) {
        self.projects
            .invite(&self.acting(OWNER), &silent(address, name, InvitedAs::ClientOf(company.clone())))
            .unwrap();
    }

    /// A project that is not strict, of the manager, with the same members.
    pub fn open_project(&self, name: &str) -> ProjectId {
        let draft = ProjectDraft {
            name: name.into(),
            members: [LEAD, ENGINEER].map(email).to_vec(),
            ..ProjectDraft::default()
        };
        self.projects.create_project(&self.acting(MANAGER), &draft).unwrap().id
    }

    pub fn task(&self, title: &str) -> ProjectsTaskId {
        self.add(&draft(title)).unwrap().id
    }

    pub fn below(&self, parent: &ProjectsTaskId, title: &str) -> ProjectsTaskId {
        self.add(&TaskDraft { parent: Some(parent.clone()), ..draft(title) }).unwrap().id
    }

    pub fn add(&self, draft: &TaskDraft) -> Result<Task, ProjectsError> {
        self.projects.add_task(&self.acting(MANAGER), &self.project, draft)
    }

    pub fn edit(&self, id: &ProjectsTaskId, patch: &TaskPatch) -> Result<Task, ProjectsError> {
        self.projects.edit_task(&self.acting(MANAGER), id, patch, None)
    }

    pub fn status(&self, id: &ProjectsTaskId, status: &str) -> Result<Task, ProjectsError> {
        self.edit(id, &TaskPatch { status: Some(status.into()), ..TaskPatch::default() })
    }

    pub fn due(&self, id: &ProjectsTaskId, due: &str) -> Result<Task, ProjectsError> {
        self.edit(id, &TaskPatch { due: Patch::Set(day(due)), ..TaskPatch::default() })
    }

    pub fn get(&self, id: &ProjectsTaskId) -> Task {
        self.projects.task(&self.acting(ADMIN), id).unwrap().task
    }

    pub fn clock_now(&self) -> Moment {
        self.clock.now()
    }

    /// Rows of the feed so far.
    pub fn feed_length(&self) -> usize {
        self.db.read(|read| read.changes(projects::FEED, &store::Cursor::start(), 100_000)).unwrap().entries.len()
    }

    fn people(&self) {
        self.user(ADMIN, "Administrator", Profile::Administrator);
        self.user(MANAGER, "Project Manager", Profile::Manager);
        self.user(LEAD, "Migration Lead", Profile::Employee);
        self.user(ENGINEER, "Network Engineer", Profile::Employee);
        self.user(SUPPORT, "Support Engineer", Profile::Employee);
        self.user(CONTRACTOR, "Contractor", Profile::Contractor);
    }
}

/// A portal with its organisation, owned by the owner.
pub fn found(projects: &Projects, db: &TestDb, portal: &str, clock: &HandClock) -> Tenant {
    let tenant = Tenant { organisation: OrganisationId::new(format!("5{portal}")), portal: PortalId::new(portal) };
    let new = NewTenant {
        tenant: tenant.clone(),
        organisation: "Zylker".into(),
        portal: "Zylker".into(),
        language: Language::En,
        currency: "USD".into(),
        zone: "America/Los_Angeles".into(),
    };
    let founding = Founding {
        portal: tenant.portal.clone(),
        name: "Zylker".into(),
        zone: "Asia/Shanghai".into(),
        owner: email(OWNER),
        owner_name: "Portal Owner".into(),
        language: Language::En,
    };
    db.write(|tx| {
        tenant::create(tx, &new, clock.now()).unwrap();
        projects.found(tx, &founding)
    })
    .unwrap();
    tenant
}

pub fn silent(address: &str, name: &str, invited_as: InvitedAs) -> Invitation {
    Invitation {
        email: email(address),
        name: name.into(),
        invited_as,
        role: String::new(),
        projects: Vec::new(),
        language: Some(Language::En),
        welcome: Welcome::Silent,
    }
}

pub fn email(address: &str) -> Email {
    Email::parse(address).unwrap()
}

pub fn day(text: &str) -> ports::Date {
    ports::Date::parse(text).unwrap()
}

pub fn due(text: &str) -> Option<Due> {
    Some(Due { day: day(text), minute: None })
}

pub fn draft(title: &str) -> TaskDraft {
    TaskDraft { title: title.into(), ..TaskDraft::default() }
}

pub fn rich(html: &str) -> ports::RichText {
    lines::clean(html)
}

/// The code of the refusal, or of the first wrong field, or `ok`.
pub fn code<T: std::fmt::Debug>(answer: &Result<T, ProjectsError>) -> &'static str {
    match answer {
        Ok(_) => "ok",
        Err(ProjectsError::Refused(reason)) => reason.code(),
        Err(ProjectsError::Invalid(wrong)) => wrong[0].code,
        Err(ProjectsError::NotFound) => "not_found",
        Err(ProjectsError::Stale(_)) => "stale",
        Err(ProjectsError::Store(error)) => panic!("{error}"),
        Err(ProjectsError::Inside(error)) => panic!("{error}"),
    }
}

pub fn refused<T: std::fmt::Debug>(answer: Result<T, ProjectsError>) -> Reason {
    match answer {
        Err(ProjectsError::Refused(reason)) => reason,
        other => panic!("not refused: {other:?}"),
    }
}
