//! The people, accounts, deals and projects of the demo data that the tests of operations need, by short names.

use std::sync::Arc;

use bridge::connection::{Connection, NewConnection};
use bridge::{Bridge, BridgeParts};
use ports::{
    AccountId, Acting, Company, CompanyId, CrmModule, CrmRef, CrmUserCard, Date, Email, Member, OrganisationId, Origin,
    PlainText, PortalId, ProjectFacts, ProjectId, ProjectsTask, ProjectsTaskId, ProjectsUserCard, Rights, SalesRecord,
    Schedule, Stamped, TaskListId, TaskStatus, Tenant, Version, lines,
};
use store::testing::{TestDb, databases};

use crate::fake_sides::{CountedIds, FakeCrm, FakeDirectory, FakeProjects, StoppedClock, project_facts};

/// A bridge between two small sides, on one database.
pub struct Desk {
    pub bridge: Bridge,
    pub crm: Arc<FakeCrm>,
    pub projects: Arc<FakeProjects>,
    pub clock: Arc<StoppedClock>,
    pub directory: Arc<FakeDirectory>,
    pub connection: Connection,
    pub db: TestDb,
}

/// Runs a story on every database.
pub fn on_each_database(story: impl Fn(&Desk)) {
    for db in databases(&[mail::MIGRATIONS, bridge::MIGRATIONS]) {
        story(&Desk::new(db));
    }
}

/// `sales` → `sales@zylker.example`; an address stays one.
pub fn email(name: &str) -> Email {
    if name.contains('@') {
        Email::parse(name).unwrap()
    } else {
        Email::parse(&format!("{name}@zylker.example")).unwrap()
    }
}

pub fn acting(name: &str) -> Acting {
    Acting {
        tenant: Tenant {
            organisation: OrganisationId::new("5400000000000000000"),
            portal: PortalId::new("2300000000000000000"),
        },
        email: email(name),
        origin: Origin::Form,
    }
}

pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub fn account(name: &str) -> CrmRef {
    CrmRef { module: CrmModule::Account, id: format!("account-{name}") }
}

pub fn deal(name: &str) -> CrmRef {
    CrmRef { module: CrmModule::Deal, id: format!("deal-{name}") }
}

pub fn contact(name: &str) -> CrmRef {
    CrmRef { module: CrmModule::Contact, id: format!("contact-{name}") }
}

pub fn account_id(name: &str) -> AccountId {
    AccountId::new(format!("account-{name}"))
}

pub fn company_id(name: &str) -> CompanyId {
    CompanyId::new(format!("company-{name}"))
}

pub fn project_id(name: &str) -> ProjectId {
    ProjectId::new(format!("project-{name}"))
}

pub fn task_id(name: &str) -> ProjectsTaskId {
    ProjectsTaskId::new(format!("task-{name}"))
}

/// A sales record with only a name.
pub fn record(reference: CrmRef, name: &str) -> SalesRecord {
    SalesRecord {
        reference,
        version: Version::counter(1),
        name: name.to_owned(),
        account: None,
        company_name: None,
        email: None,
        city: None,
        website: None,
        stage: None,
        is_won: false,
        closing: None,
        description: PlainText::new(""),
        owner: None,
    }
}

impl Desk {
    fn new(db: TestDb) -> Self {
        let (crm, projects) = (Arc::new(FakeCrm::new()), Arc::new(FakeProjects::new()));
        let clock = StoppedClock::at("2026-03-10T09:00:00Z");
        let directory =
            Arc::new(FakeDirectory { portal: vec![email("owner"), email("admin")], crm: vec![email("admin")] });
        let bridge = Bridge::new(BridgeParts {
            db: db.db.clone(),
            clock: clock.clone(),
            ids: CountedIds::new(),
            crm: crm.clone(),
            projects: projects.clone(),
            directory: directory.clone(),
        });
        people(&crm, &projects);
        customers(&crm, &projects);
        deals(&crm);
        projects_of_the_demo(&projects);
        let new = NewConnection { organisation_name: "Zylker".to_owned(), portal_name: "Zylker".to_owned() };
        let connection = bridge.connect(&acting("admin"), &new).unwrap();
        let desk = Self { bridge, crm, projects, clock, directory, connection, db };
        desk.map("c1", "a1");
        desk.map("c2", "a2");
        desk
    }

    /// Letters in the outbox, newest first.
    pub fn letters(&self) -> Vec<mail::Letter> {
        let mail = mail::Mail::new(self.db.db.clone(), self.clock.clone());
        let (who, directory) = (acting("admin"), self.directory.as_ref());
        let page = mail.letters(&who, &mail::LetterQuery::newest(50), directory, "http://localhost").unwrap();
        let letter = |id: &str| mail.letter(&who, id, directory, "http://localhost").unwrap().letter;
        page.rows.iter().map(|card| letter(&card.id)).collect()
    }

    /// Entries of the history, newest first.
    pub fn history(&self) -> Vec<bridge::history::Entry> {
        let filter = bridge::history::Filter::default();
        self.db.read(|read| bridge::history::list(read, &self.connection.id, &filter, None, 200)).unwrap()
    }

    /// What the loop does after a crash: everything that nobody drives any more.
    pub fn recover(&self) {
        for _ in 0..20 {
            self.clock.forward(61_000);
            while self.bridge.advance_operations().unwrap() {}
        }
    }

    pub fn map(&self, company: &str, account: &str) {
        self.bridge.map_pair(&acting("admin"), &company_id(company), &account_id(account)).unwrap();
    }

    pub fn unmap(&self, company: &str) {
        let rows = self.bridge.mapping_overview(&acting("admin")).unwrap().rows;
        let row = rows.iter().find(|row| {
            row.company.as_ref().is_some_and(|party| party.id == company_id(company).as_str()) && row.id.is_some()
        });
        self.bridge.unmap(&acting("admin"), row.unwrap().id.as_ref().unwrap()).unwrap();
    }

    pub fn associate(&self, record: &CrmRef, project: &str) {
        let done =
            self.bridge.associate(&acting("admin"), &format!("{record:?}{project}"), record, &[project_id(project)]);
        assert!(matches!(done, Ok(bridge::operation::Ordered::Done(_))), "{done:?}");
    }

    pub fn add_task(&self, project: &str, name: &str, title: &str, owners: &[&str]) {
        let stamped = |value| Stamped { value, by: None, at: None };
        let task = ProjectsTask {
            id: task_id(name),
            version: Version::counter(1),
            project: project_id(project),
            list: TaskListId::new("1"),
            parent: None,
            key: name.to_owned(),
            title: Stamped { value: title.to_owned(), by: None, at: None },
            description: Stamped {
                value: lines::clean("<p>Compare with the <b>2025</b> list</p>"),
                by: None,
                at: None,
            },
            start: None,
            due: stamped(Some(day("2026-04-02"))),
            priority: Stamped { value: "High".to_owned(), by: None, at: None },
            status: Stamped { value: TaskStatus { name: "Open".to_owned(), is_closed: false }, by: None, at: None },
            owners: Stamped { value: owners.iter().map(|name| email(name)).collect(), by: None, at: None },
            status_before_closing: None,
            is_external: false,
            newest_comment: None,
        };
        self.projects.state().tasks.insert(task.id.as_str().to_owned(), task);
    }
}

fn people(crm: &FakeCrm, projects: &FakeProjects) {
    for (name, is_administrator) in
        [("admin", true), ("sales", false), ("lead", false), ("account.manager", false), ("rep", false)]
    {
        crm.state().users.push(CrmUserCard {
            email: email(name),
            name: name.to_owned(),
            id: format!("crm-{name}"),
            is_active: true,
            is_administrator,
        });
    }
    for (name, administers, creates) in [
        ("owner", true, true),
        ("admin", true, true),
        ("sales", false, true),
        ("pm", false, true),
        ("lead", false, false),
        ("account.manager", false, false),
        ("net", false, false),
    ] {
        projects.state().users.push(ProjectsUserCard {
            email: email(name),
            name: name.to_owned(),
            id: format!("user-{name}"),
            is_active: true,
            client_of: None,
            rights: Rights {
                is_administrator: administers,
                may_create_projects: creates,
                may_add_users: creates,
                may_see_crm_details: administers,
            },
        });
    }
    projects.state().users.push(ProjectsUserCard {
        email: email("it.manager@software-customer.example"),
        name: "Ana Silva".to_owned(),
        id: "user-cu1".to_owned(),
        is_active: true,
        client_of: Some(company_id("c1")),
        rights: Rights::default(),
    });
}

fn customers(crm: &FakeCrm, projects: &FakeProjects) {
    for (id, name, city) in [
        ("a1", "Software Customer", "Seattle"),
        ("a2", "Hospital Customer", "Oslo"),
        ("a3", "Logistics Customer", "Hamburg"),
        ("a4", "University Customer", "Lund"),
        ("a5", "Hotel Customer", "Lisbon"),
        ("a6", "Hotel Customer", "Osaka"),
        ("a7", "RETAIL  CUSTOMER", "Leeds"),
        ("a8", "North Reseller", "Bergen"),
    ] {
        crm.state().records.push(SalesRecord {
            account: Some(account_id(id)),
            company_name: Some(name.to_owned()),
            city: Some(city.to_owned()),
            owner: Some(email("sales")),
            ..record(account(id), name)
        });
    }
    for (id, name) in [
        ("c1", "Software Customer"),
        ("c2", "Hospital Customer"),
        ("c3", "Logistics Customer"),
        ("c4", "Hotel Customer"),
        ("c5", "Retail Customer"),
        ("c6", "Northern Reseller"),
        ("c7", "Public Transport Customer"),
    ] {
        let company = Company { id: company_id(id), version: Version::counter(1), name: name.to_owned() };
        projects.state().companies.push(company);
    }
    for (id, name, owner, address) in [
        ("n4", "Kenji Mori", "a2", Some("network.lead@hospital-customer.example")),
        ("n7", "Lucas Meyer", "a4", Some("campus.it@university-customer.example")),
        ("n13", "Ana Silva", "a4", Some("it.manager@software-customer.example")),
        ("n11", "Ivan Petrov", "a8", None),
    ] {
        crm.state().records.push(SalesRecord {
            account: Some(account_id(owner)),
            email: address.map(email),
            ..record(contact(id), name)
        });
    }
}

fn deals(crm: &FakeCrm) {
    for (id, name, owner, company) in [
        ("d1", "1,200 branch routers", Some("a1"), "Software Customer"),
        ("d2", "Data migration services", Some("a1"), "Software Customer"),
        ("d3", "Router maintenance contract", Some("a1"), "Software Customer"),
        ("d4", "Ward Wi-Fi routers", Some("a2"), "Hospital Customer"),
        ("d5", "Depot routers", Some("a3"), "Logistics Customer"),
        ("d6", "Campus core routers", Some("a4"), "University Customer"),
        ("d7", "Guest network", Some("a5"), "Hotel Customer"),
        ("d8", "Store routers pilot", Some("a7"), "RETAIL  CUSTOMER"),
        ("d12", "Trade fair enquiry", None, ""),
    ] {
        crm.state().records.push(SalesRecord {
            account: owner.map(account_id),
            company_name: owner.map(|_| company.to_owned()),
            closing: Some(day("2026-03-08")),
            description: PlainText::new("Wards 2 and 5 first."),
            owner: Some(email("sales")),
            ..record(deal(id), name)
        });
    }
}

fn projects_of_the_demo(projects: &FakeProjects) {
    for (id, key, name, companies, members) in [
        ("p1", "DM", "Data Migration", &["c1"][..], &["admin", "lead", "account.manager", "pm", "net"][..]),
        ("p2", "RR", "Router Roll-out", &["c1"], &["admin", "sales", "lead", "pm", "net"]),
        ("p3", "TP", "Training Portal", &[], &["admin", "pm"]),
        ("p4", "DN", "Depot Network", &["c3"], &["admin", "pm", "net"]),
        ("p5", "HW", "Hospital Wi-Fi", &["c2", "c3"], &["admin", "account.manager", "pm", "net"]),
    ] {
        let member =
            |name: &&str| Member { email: email(name), name: (*name).to_owned(), is_active: true, is_client: false };
        let mut facts = ProjectFacts {
            owner: Some(email("pm")),
            companies: companies.iter().map(|name| company_id(name)).collect(),
            members: members.iter().map(member).collect(),
            ..project_facts(project_id(id).as_str(), key, name)
        };
        if id == "p1" {
            (facts.start, facts.end) = (Some(day("2026-03-02")), Some(day("2026-06-30")));
            facts.schedule = Schedule::Strict { start: day("2026-03-02"), end: day("2026-06-30") };
            facts.members.push(Member {
                email: email("it.manager@software-customer.example"),
                name: "Ana Silva".to_owned(),
                is_active: true,
                is_client: true,
            });
        }
        projects.state().projects.push(facts);
    }
}
