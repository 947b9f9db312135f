//! Many linked tasks in a database file, made through the services.

use std::sync::Arc;

use bridge::connection::{Connection, NewConnection};
use bridge::field::SideName;
use bridge::link::{self, NewLink};
use bridge::{Engine, EngineOptions};
use crm::{Draft, Module};
use identity::account::{self, AccountSeed};
use identity::{NewTenant, tenant};
use ports::{
    Acting, Clock, CrmTaskId, Email, HistoryId, Language, LinkId, Moment, Origin, PlainText, ProjectId, ProjectsTaskId,
};
use projects::{Founding, ProjectDraft, TaskDraft};
use simulation::Installation;
use simulation::installation::ROOMS;
use simulation::sources::TurnedClock;
use store::{Db, SqliteOptions, Synchronous};

/// What stops a measurement.
pub type Failure = Box<dyn std::error::Error>;

/// Steps of one pass at most.
const STEPS_MAX: usize = 10_000_000;
/// Tasks of one project.
const TASKS_PER_PROJECT: usize = 1_000;
const READ_MAX: usize = 100;

/// A database with linked tasks, all in step.
pub struct Fixture {
    /// The installation.
    pub all: Installation,
    /// The engine.
    pub engine: Engine,
    /// Who edits.
    pub acting: Acting,
    /// The linked tasks, CRM and Projects.
    pub pairs: Vec<(CrmTaskId, ProjectsTaskId)>,
    edits: u64,
    _folder: tempfile::TempDir,
}

impl Fixture {
    /// `links` linked tasks in a new file; all commits wait for the disk with `Full`.
    pub fn new(links: usize, synchronous: Synchronous) -> Result<Self, Failure> {
        let folder = tempfile::Builder::new().prefix("lockstep-bench").tempdir_in(".")?;
        let file = folder.path().join("lockstep.db");
        let clock = Arc::new(TurnedClock::at(Moment::parse("2026-03-10T09:00:00Z")?));
        // Filled without waiting for the disk: this is not what is measured.
        let filling = Db::open_sqlite(&file, SqliteOptions { synchronous: Synchronous::Normal, max_page_count: None })?;
        filling.migrate(ROOMS, clock.now().ms())?;
        let all = Installation::new(filling, clock.clone(), 1)?;
        let (acting, connection) = found(&all)?;
        let pairs = fill(&all, &acting, &connection, links)?;
        let mut engine = all.engine(EngineOptions::standard("filling"));
        clock.pass(1_000);
        engine.run_until_quiet(clock.now(), STEPS_MAX)?;
        drop(engine);
        let tenant = all.tenant.clone();
        drop(all);
        let db = Db::open_sqlite(&file, SqliteOptions { synchronous, max_page_count: None })?;
        let all = Installation::for_tenant(db, clock, 2, tenant)?;
        let engine = all.engine(EngineOptions::standard("measured"));
        let mut fixture = Self { all, engine, acting, pairs, edits: 0, _folder: folder };
        fixture.converge()?;
        Ok(fixture)
    }

    /// Renames the CRM task of a pair.
    pub fn edit(&mut self, pair: usize) -> Result<(), Failure> {
        self.edits += 1;
        let Some((crm, _)) = self.pairs.get(pair) else { return Err("there is no such pair".into()) };
        let draft = Draft::new().with("subject", subject(pair, self.edits));
        self.all
            .crm
            .update(&self.acting, Module::Task, crm.as_str(), None, &draft)
            .map_err(|error| format!("{error:?}"))?;
        Ok(())
    }

    /// Carries over what there is; answers how many steps it took.
    pub fn converge(&mut self) -> Result<usize, Failure> {
        self.all.clock.pass(3_000);
        Ok(self.engine.run_until_quiet(self.all.clock.now(), STEPS_MAX)?)
    }

    /// Both sides of these pairs have the same title (I-1).
    pub fn verify(&self, pairs: &[usize]) -> Result<(), Failure> {
        for pair in pairs {
            let Some((crm, projects)) = self.pairs.get(*pair) else { return Err("there is no such pair".into()) };
            let left = self.all.crm_side.read_tasks(std::slice::from_ref(crm))?.value;
            let right = self.all.projects_side.read_tasks(std::slice::from_ref(projects))?.value;
            let left = left.first().and_then(|found| found.here()).map(|task| task.subject.value.clone());
            let right = right.first().and_then(|found| found.here()).map(|task| task.title.value.clone());
            if left.is_none() || left != right {
                return Err(format!("pair {pair} did not converge: {left:?} and {right:?}").into());
            }
        }
        Ok(())
    }
}

fn subject(pair: usize, edit: u64) -> String {
    format!("Roll-out of branch router {pair} edit {edit}")
}

fn found(all: &Installation) -> Result<(Acting, Connection), Failure> {
    let email = Email::parse("admin@bench.example")?;
    let now = all.clock.now();
    let new = NewTenant {
        tenant: all.tenant.clone(),
        organisation: "Bench".to_owned(),
        portal: "Bench".to_owned(),
        language: Language::En,
        currency: "EUR".to_owned(),
        zone: "UTC".to_owned(),
    };
    let seed = AccountSeed { name: "Administrator".to_owned(), language: Language::En, zone: "UTC".to_owned() };
    all.db.write(|tx| {
        tenant::create(tx, &new, now)?;
        account::ensure(tx, &email, &seed, all.ids.as_ref(), now).map(|_| ())
    })?;
    all.crm.found_organisation(&all.tenant, &email).map_err(|error| format!("{error:?}"))?;
    let founding = Founding {
        portal: all.tenant.portal.clone(),
        name: "Bench".to_owned(),
        zone: "UTC".to_owned(),
        owner: email.clone(),
        owner_name: "Administrator".to_owned(),
        language: Language::En,
    };
    all.db.write(|tx| all.projects.found(tx, &founding)).map_err(|error| format!("{error:?}"))?;
    let acting = Acting { tenant: all.tenant.clone(), email, origin: Origin::Api };
    let name = NewConnection { organisation_name: "Bench".to_owned(), portal_name: "Bench".to_owned() };
    let connection = all.bridge.connect(&acting, &name)?;
    Ok((acting, connection))
}

fn fill(
    all: &Installation,
    acting: &Acting,
    connection: &Connection,
    links: usize,
) -> Result<Vec<(CrmTaskId, ProjectsTaskId)>, Failure> {
    let mut pairs = Vec::with_capacity(links);
    let description = "Unpack, check the serial number, load the firmware, burn in over night. ".repeat(4);
    while pairs.len() < links {
        let project = ProjectDraft {
            name: format!("Branch {}", pairs.len() / TASKS_PER_PROJECT),
            first_list: Some("Delivery".to_owned()),
            ..ProjectDraft::default()
        };
        let project = all.projects.create_project(acting, &project).map_err(|error| format!("{error:?}"))?.id;
        let first = pairs.len();
        for pair in first..links.min(first + TASKS_PER_PROJECT) {
            pairs.push(make(all, acting, &project, pair, &description)?);
        }
        for some in pairs.get(first..).unwrap_or_default().chunks(READ_MAX) {
            link_all(all, connection, acting, some)?;
        }
    }
    Ok(pairs)
}

fn make(
    all: &Installation,
    acting: &Acting,
    project: &ProjectId,
    pair: usize,
    description: &str,
) -> Result<(CrmTaskId, ProjectsTaskId), Failure> {
    let title = subject(pair, 0);
    let draft = Draft::new().with("subject", title.as_str()).with("description", description);
    let crm = all.crm.create(acting, Module::Task, &draft).map_err(|error| format!("{error:?}"))?;
    let task = TaskDraft {
        title,
        description: ports::lines::rich(&PlainText::new(description)),
        priority: Some("Medium".to_owned()),
        owners: vec![acting.email.clone()],
        ..TaskDraft::default()
    };
    let task = all.projects.add_task(acting, project, &task).map_err(|error| format!("{error:?}"))?;
    Ok((CrmTaskId::new(crm.id), task.id))
}

fn link_all(
    all: &Installation,
    connection: &Connection,
    acting: &Acting,
    pairs: &[(CrmTaskId, ProjectsTaskId)],
) -> Result<(), Failure> {
    let (crm, projects): (Vec<_>, Vec<_>) = pairs.iter().cloned().unzip();
    let crm = all.crm_side.read_tasks(&crm)?.value;
    let projects = all.projects_side.read_tasks(&projects)?.value;
    all.db.write(|tx| {
        for (crm, projects) in crm.iter().zip(&projects) {
            let (Some(crm), Some(projects)) = (crm.here(), projects.here()) else { continue };
            let new = NewLink {
                id: LinkId::new(all.ids.next()),
                entry_id: HistoryId::new(all.ids.next()),
                connection: connection.id.clone(),
                crm,
                projects,
                agreed: SideName::Projects,
                project_name: "Branch",
                project_key: "B",
                copies_comments: false,
                by: acting.email.clone(),
                at: all.clock.now(),
            };
            link::create(tx, &new)?;
        }
        Ok::<_, bridge::BridgeError>(())
    })?;
    Ok(())
}
