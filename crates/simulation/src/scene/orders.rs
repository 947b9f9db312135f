//! What people order from the bridge, by the keys of the demo data.

use bridge::BridgeError;
use bridge::add_to_crm::options::CrmOptions;
use bridge::add_to_crm::{AddAnswer, AddInput, TaskChoice};
use bridge::handoff::{ClientChoice, HandOff, HandOffInput, ProjectDraft};
use bridge::mapping::MappingEvent;
use bridge::operation::Ordered;
use ports::{
    AccountId, CompanyId, CrmModule, CrmRef, Email, MappingId, NewProjectsTask, ProjectFacts, ProjectId,
    ProjectsTaskId, RichText,
};

use super::{Scene, must};

impl Scene {
    /// The sales record of a key: `A1`, `N2`, `L3`, `D4`.
    pub fn record(&self, key: &str) -> CrmRef {
        let module = match key.as_bytes().first() {
            Some(b'A') => CrmModule::Account,
            Some(b'N') => CrmModule::Contact,
            Some(b'L') => CrmModule::Lead,
            Some(_) | None => CrmModule::Deal,
        };
        CrmRef { module, id: self.id(key) }
    }

    /// The account of a key.
    pub fn account(&self, key: &str) -> AccountId {
        AccountId::new(self.id(key))
    }

    /// The client company of a key.
    pub fn company(&self, key: &str) -> CompanyId {
        CompanyId::new(self.id(key))
    }

    /// The project of a key.
    pub fn project_id(&self, key: &str) -> ProjectId {
        ProjectId::new(self.id(key))
    }

    /// A project as its own side gives it.
    pub fn project(&self, key: &str) -> ProjectFacts {
        let read = must(key, self.projects_side.projects(&[self.project_id(key)]));
        let found = read.into_iter().next().and_then(|found| found.here().cloned());
        must(key, found.ok_or("it is not there"))
    }

    /// The keys of a project's client companies, the primary one first.
    pub fn clients(&self, key: &str) -> Vec<String> {
        self.project(key).companies.iter().map(|company| self.key_of(company.as_str())).collect()
    }

    /// Whether the button "Save and add to CRM" is there.
    pub fn shows_button(&self, who: &str, project: &str) -> bool {
        must(project, self.all.bridge.shows_add_to_crm(&self.by(who), &self.project_id(project)))
    }

    /// The picker.
    pub fn picker(&self, who: &str, project: &str, task: Option<&str>) -> Result<CrmOptions, BridgeError> {
        let task = task.map(|task| self.projects_id(task));
        self.all.bridge.crm_options(&self.by(who), &self.project_id(project), task.as_ref())
    }

    /// Keys of what the picker offers: mapped accounts, unmapped accounts, deals.
    pub fn offered(&self, who: &str, project: &str) -> [Vec<String>; 3] {
        let options = must(project, self.picker(who, project, None));
        let key = |id: &str| self.key_of(id);
        [
            options.mapped.iter().map(|choice| key(&choice.account.id)).collect(),
            options.unmapped.iter().map(|choice| key(&choice.account.id)).collect(),
            options.deals.iter().map(|deal| key(&deal.reference.id)).collect(),
        ]
    }

    /// Somebody puts an existing task under a record.
    pub fn add(&mut self, who: &str, task: &str, under: &str) -> Result<AddAnswer, BridgeError> {
        self.order(who, &self.existing(task, under))
    }

    /// The order that puts an existing task under a record, with no box ticked.
    pub fn existing(&self, task: &str, under: &str) -> AddInput {
        AddInput {
            task: TaskChoice::Existing(self.projects_id(task)),
            under: self.record(under),
            map_company: false,
            copy_comments: false,
        }
    }

    /// An order with a press token of its own.
    pub fn order(&mut self, who: &str, input: &AddInput) -> Result<AddAnswer, BridgeError> {
        let press = self.press();
        self.all.bridge.add_to_crm(&self.by(who), &press, input)
    }

    /// Puts an existing task under a record and names the new CRM task.
    pub fn add_named(&mut self, who: &str, task: &str, under: &str, crm_key: &str) {
        let answer = must(task, self.add(who, task, under));
        self.take_names(&answer, task, crm_key);
    }

    /// Gives the two tasks of an answer their names.
    #[expect(clippy::panic, reason = "a scenario that expects a link has none")]
    pub fn take_names(&mut self, answer: &AddAnswer, projects_key: &str, crm_key: &str) {
        let AddAnswer::Linked { task, crm_task, .. } = answer else {
            panic!("{projects_key} is not linked: {answer:?}")
        };
        self.name(projects_key, task.as_str());
        self.name(crm_key, crm_task.as_str());
    }

    /// A new task with a title and an owner or none, otherwise empty.
    pub fn new_task(&self, project: &str, title: &str, owners: Vec<Email>) -> NewProjectsTask {
        NewProjectsTask {
            project: self.project_id(project),
            list: None,
            parent: None,
            title: title.to_owned(),
            description: RichText::default(),
            start: None,
            due: None,
            priority: None,
            status: None,
            owners,
        }
    }

    /// The form of a hand-off, sent as it comes.
    pub fn filled_form(&self, who: &str, record: &str) -> Result<HandOffInput, BridgeError> {
        let record = self.record(record);
        let form = self.all.bridge.hand_off_form(&self.by(who), &record)?;
        Ok(HandOffInput {
            record,
            project: ProjectDraft { ..form.project },
            users: Vec::new(),
            client: ClientChoice::Offered { map: false },
            contacts: Vec::new(),
        })
    }

    /// Somebody sends the form of a hand-off.
    pub fn hand_off(&mut self, who: &str, input: &HandOffInput) -> Result<Ordered<HandOff>, BridgeError> {
        let press = self.press();
        self.all.bridge.hand_off(&self.by(who), &press, None, input)
    }

    /// Maps as a portal administrator.
    pub fn map(&self, company: &str, account: &str) -> Result<bridge::mapping::Mapping, BridgeError> {
        self.all.bridge.map_pair(&self.by("U1"), &self.company(company), &self.account(account))
    }

    /// Unmaps a company as a portal administrator.
    pub fn unmap(&self, company: &str) {
        let (connection, id) = (self.connection.id.clone(), self.company(company));
        let found = must(company, self.all.db.read(|read| bridge::mapping::of_company(read, &connection, &id)));
        let mapping: MappingId = must(company, found.ok_or("it is not mapped")).id;
        must(company, self.all.bridge.unmap(&self.by("U1"), &mapping));
    }

    /// All mappings by key: `C1 A1`.
    pub fn mappings(&self) -> Vec<String> {
        let connection = self.connection.id.clone();
        let all = must("mappings", self.all.db.read(|read| bridge::mapping::all(read, &connection)));
        let line = |pair: bridge::mapping::Mapping| {
            format!("{} {}", self.key_of(pair.company.as_str()), self.key_of(pair.account.as_str()))
        };
        let mut lines: Vec<String> = all.into_iter().map(line).collect();
        lines.sort();
        lines
    }

    /// The history of mappings, newest first.
    pub fn mapping_events(&self) -> Vec<MappingEvent> {
        must("mappings", self.all.bridge.mapping_history(&self.by("U1"), None, 50))
    }

    /// The id of a task that was made by title.
    pub fn projects_task_named(&self, title: &str) -> Option<ProjectsTaskId> {
        let query = projects::TaskQuery { words: title.to_owned(), ..projects::TaskQuery::first(10) };
        must(title, self.all.projects.tasks(&self.by("U1"), &query)).rows.into_iter().next().map(|task| task.id)
    }
}
