//! An outbox with a clock that is moved by hand, a directory of demo people and a delivery that does as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use mail::letter::{Done, Field, Letter, NewLetter, RecordName, RefusalLetter, RefusedChange, Side, TaskName, Value};
use mail::{Delivery, Handed, LetterState, Mail, Outgoing, Step};
use ports::{
    Acting, Clock, CrmModule, CrmTaskId, Date, Directory, Email, Language, LetterId, LinkId, Moment, OrganisationId,
    Origin, PersonCard, PortalId, ProjectId, Reason, RefusalId, Tenant,
};
use store::Db;
use store::testing::databases;

pub const URL: &str = "https://lockstep.zylker.example";

pub struct World {
    pub db: Db,
    pub mail: Mail,
    pub clock: Arc<HandClock>,
    pub server: Server,
    count: Mutex<i64>,
}

pub struct HandClock(Mutex<Moment>);

impl Clock for HandClock {
    fn now(&self) -> Moment {
        *self.0.lock().unwrap()
    }
}

/// Takes every letter unless it was told what to answer next.
#[derive(Default)]
pub struct Server {
    pub taken: Mutex<Vec<Outgoing>>,
    pub answers: Mutex<VecDeque<Handed>>,
}

impl Delivery for Server {
    fn hand_over(&self, letter: &Outgoing) -> Handed {
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or(Handed::Sent("250 queued".into()));
        if matches!(answer, Handed::Sent(_) | Handed::Written(_) | Handed::InDoubt(_)) {
            self.taken.lock().unwrap().push(letter.clone());
        }
        answer
    }
}

/// Runs a story on each engine, beginning on 10 March 2026 at 09:00 in London.
pub fn each(mut story: impl FnMut(&World)) {
    for db in databases(&[mail::MIGRATIONS]) {
        let clock = Arc::new(HandClock(Mutex::new(Moment::parse("2026-03-10T09:00:00Z").unwrap())));
        story(&World {
            db: db.db.clone(),
            mail: Mail::new(db.db.clone(), clock.clone()),
            clock,
            server: Server::default(),
            count: Mutex::new(0),
        });
    }
}

impl World {
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    pub fn pass_minutes(&self, minutes: i64) {
        let mut now = self.clock.0.lock().unwrap();
        *now = now.plus_ms(minutes * 60_000);
    }

    pub fn next_id(&self) -> String {
        let mut count = self.count.lock().unwrap();
        *count += 1;
        format!("71000000000000{:05}", *count)
    }

    /// Puts a letter into the outbox; its id, or none.
    pub fn put(&self, to: &str, letter: Letter) -> Option<String> {
        let id = self.next_id();
        self.put_as(&format!("occasion/{id}"), &id, to, letter)
    }

    pub fn put_as(&self, message_key: &str, id: &str, to: &str, letter: Letter) -> Option<String> {
        let new = NewLetter {
            id: LetterId::new(id),
            at: self.now(),
            tenant: tenant(),
            to: email(to),
            letter,
            message_key: message_key.to_owned(),
        };
        self.db.write(|tx| mail::enqueue(tx, &new)).unwrap().map(LetterId::into_string)
    }

    /// Delivers until nothing is due; the states reached.
    pub fn deliver(&self) -> Vec<LetterState> {
        let mut states = Vec::new();
        while let Step::Worked(_, state) = self.step() {
            states.push(state);
        }
        states
    }

    pub fn step(&self) -> Step {
        self.mail.deliver_due(self.now(), &self.server, &People, URL).unwrap()
    }

    pub fn subjects(&self) -> Vec<String> {
        self.server.taken.lock().unwrap().iter().map(|letter| letter.subject.clone()).collect()
    }

    pub fn last(&self) -> Outgoing {
        self.server.taken.lock().unwrap().last().cloned().unwrap()
    }

    pub fn answer(&self, answer: Handed) {
        self.server.answers.lock().unwrap().push_back(answer);
    }
}

pub struct People;

impl Directory for People {
    fn person(&self, email: &Email) -> Option<PersonCard> {
        let (name, language, zone) = match email.as_str() {
            "migration.lead@zylker.example" => ("Migration Lead", Language::En, "Europe/London"),
            "sales.rep.cn@zylker.example" => ("销售代表", Language::ZhCn, "Asia/Shanghai"),
            "admin@zylker.example" => ("Administrator", Language::En, "Europe/Berlin"),
            "project.manager@zylker.example" => ("Project Manager", Language::En, "Europe/Berlin"),
            _ => return None,
        };
        Some(PersonCard {
            email: email.clone(),
            name: name.to_owned(),
            language,
            zone: zone.to_owned(),
            is_active: true,
        })
    }

    fn portal_administrators(&self, _: &Tenant) -> Vec<Email> {
        vec![email("admin@zylker.example")]
    }

    fn crm_administrators(&self, _: &Tenant) -> Vec<Email> {
        vec![]
    }

    fn organisation_name(&self, _: &Tenant) -> Option<String> {
        Some("Zylker".to_owned())
    }
}

pub fn tenant() -> Tenant {
    Tenant { organisation: OrganisationId::new("54"), portal: PortalId::new("23") }
}

pub fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

pub fn acting(person: &str) -> Acting {
    Acting { tenant: tenant(), email: email(person), origin: Origin::Form }
}

pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// A refused due date of one task of the strict project P1.
pub fn due_refused(task: &str, tried: &str) -> RefusedChange {
    RefusedChange {
        refusal_id: RefusalId::new(format!("refusal-{task}-{tried}")),
        field: Field::Due,
        tried: Value::Day(day(tried)),
        agreed: Value::Day(day("2026-06-22")),
        reason: Reason::OutsideStrictSchedule {
            tried: day(tried),
            start: day("2026-03-02"),
            end: day("2026-06-30"),
            project: "Data Migration".into(),
        },
        done: Done::SetBack,
        at: Moment::parse("2026-03-10T08:59:00Z").unwrap(),
    }
}

pub fn letter(task: &str, title: &str, refused: Vec<RefusedChange>) -> RefusalLetter {
    RefusalLetter {
        link_id: LinkId::new(format!("link-{task}")),
        title: title.to_owned(),
        crm_task_id: CrmTaskId::new("5400000000000006006"),
        task: TaskName {
            project_id: ProjectId::new("2300000000000000001"),
            project: "Data Migration".into(),
            project_key: "DM".into(),
            key: task.to_owned(),
        },
        record: Some(RecordName { module: CrmModule::Deal, name: "Data migration services".into() }),
        side: Side::Crm,
        author: Some(email("migration.lead@zylker.example")),
        refused,
        applied: vec![],
    }
}

/// The letter of one refused due date.
pub fn due_letter(task: &str, tried: &str) -> Letter {
    Letter::Refusal(letter(task, "Cut over billing history", vec![due_refused(task, tried)]))
}
