//! The steps of a hand-off, forward and back (HAND-12). People are added last: an invitation cannot be called back.

use ports::{
    AccountId, AssociationId, CompanyId, CrmModule, CrmRef, Date, Email, HistoryId, MappingId, NewProject, Outcome,
    PlainText, ProjectId, ProjectsWrite, Reason, SalesRecord,
};
use serde::{Deserialize, Serialize};

use super::{HandOffRow, ProjectDraft};
use crate::association::{self, Association, AssociationOrigin};
use crate::error::BridgeError;
use crate::history::Action;
use crate::mapping::{self, Mapping, MappingOrigin, NewMapping};
use crate::note::{self, Note};
use crate::operation::{Claimed, Made, OperationState, Then};
use crate::service::Bridge;
use crate::stored;

/// What an order keeps: what was wanted, the ids it will use, and what was made so far.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Document {
    record: RecordPlan,
    project: ProjectPlan,
    client: Option<Client>,
    added: Vec<PersonPlan>,
    contacts: Vec<PersonPlan>,
    invited: Vec<String>,
    ids: Ids,
    /// The next step, by its place in [`Document::steps`].
    at: usize,
    company_id: Option<String>,
    project_id: Option<String>,
}

/// The record, as it was when ordered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RecordPlan {
    module: String,
    id: String,
    name: String,
    account: Option<String>,
    account_name: String,
}

/// The project wanted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ProjectPlan {
    pub(super) name: String,
    overview: String,
    owner: String,
    start: Option<String>,
    end: Option<String>,
    is_strict: bool,
    members: Vec<String>,
}

/// The client wanted: an existing company, or a new one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Client {
    #[serde(with = "company_id")]
    pub(super) id: Option<CompanyId>,
    pub(super) name: String,
    pub(super) map: bool,
}

/// A person to add.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct PersonPlan {
    pub(super) email: String,
    pub(super) name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Ids {
    hand_off: String,
    association: String,
    mapping: String,
    mapping_event: String,
    note: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Company,
    Project,
    Records,
    People,
    User(usize),
    ClientUser(usize),
    Finish,
}

impl Document {
    pub(super) fn new(
        bridge: &Bridge,
        record: RecordPlan,
        project: ProjectPlan,
        client: Option<Client>,
        added: Vec<PersonPlan>,
        contacts: Vec<PersonPlan>,
        invited: Vec<Email>,
    ) -> Self {
        Self {
            record,
            project,
            company_id: client.as_ref().and_then(|client| client.id.clone()).map(CompanyId::into_string),
            client,
            added,
            contacts,
            invited: invited.iter().map(ToString::to_string).collect(),
            ids: Ids {
                hand_off: bridge.next_id(),
                association: bridge.next_id(),
                mapping: bridge.next_id(),
                mapping_event: bridge.next_id(),
                note: bridge.next_id(),
            },
            at: 0,
            project_id: None,
        }
    }

    /// Calls to the Projects side that it needs.
    pub(super) fn calls(&self) -> usize {
        self.steps().iter().filter(|step| !matches!(step, Step::Records | Step::People | Step::Finish)).count()
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        if matches!(&self.client, Some(Client { id: None, .. })) {
            steps.push(Step::Company);
        }
        steps.extend([Step::Project, Step::Records]);
        if !self.added.is_empty() || !self.contacts.is_empty() {
            steps.push(Step::People);
        }
        steps.extend((0..self.added.len()).map(Step::User));
        steps.extend((0..self.contacts.len()).map(Step::ClientUser));
        steps.push(Step::Finish);
        steps
    }

    fn association(&self, claimed: &Claimed, bridge: &Bridge) -> Result<Association, BridgeError> {
        Ok(Association {
            id: AssociationId::new(self.ids.association.clone()),
            record: self.record.reference()?,
            project: self.made_project()?,
            origin: AssociationOrigin::HandOff,
            hand_off: Some(self.ids.hand_off.clone()),
            at: bridge.now(),
            by: Some(claimed.operation.person.clone()),
            is_first: false,
        })
    }

    /// The mapping that the order makes, if it makes one.
    fn mapping(&self, claimed: &Claimed, bridge: &Bridge) -> Result<Option<NewMapping>, BridgeError> {
        let Some((client, account)) = self.client.as_ref().zip(self.record.account.as_ref()) else { return Ok(None) };
        if !client.map {
            return Ok(None);
        }
        Ok(Some(NewMapping {
            mapping: Mapping {
                id: MappingId::new(self.ids.mapping.clone()),
                company: self.made_company()?,
                account: AccountId::new(account.clone()),
                origin: MappingOrigin::HandOff,
                at: bridge.now(),
                by: Some(claimed.operation.person.clone()),
            },
            company_name: client.name.clone(),
            account_name: self.record.account_name.clone(),
            event_id: self.ids.mapping_event.clone(),
            is_told: false,
        }))
    }

    fn made_project(&self) -> Result<ProjectId, BridgeError> {
        self.project_id.clone().map(ProjectId::new).ok_or_else(|| missing("project"))
    }

    fn made_company(&self) -> Result<CompanyId, BridgeError> {
        self.company_id.clone().map(CompanyId::new).ok_or_else(|| missing("company"))
    }
}

impl RecordPlan {
    pub(super) fn new(record: &SalesRecord) -> Self {
        Self {
            module: record.reference.module.code().to_owned(),
            id: record.reference.id.clone(),
            name: record.name.clone(),
            account: record.account.as_ref().map(|account| account.as_str().to_owned()),
            account_name: record.company_name.clone().unwrap_or_default(),
        }
    }

    fn reference(&self) -> Result<CrmRef, BridgeError> {
        let module = CrmModule::parse(&self.module).ok_or_else(|| missing("module"))?;
        Ok(CrmRef { module, id: self.id.clone() })
    }
}

impl ProjectPlan {
    pub(super) fn new(draft: &ProjectDraft, owner: &Email, members: Vec<Email>) -> Self {
        Self {
            name: draft.name.trim().to_owned(),
            overview: draft.overview.clone(),
            owner: owner.to_string(),
            start: draft.start.map(|day| day.to_string()),
            end: draft.end.map(|day| day.to_string()),
            is_strict: draft.is_strict,
            members: members.iter().map(ToString::to_string).collect(),
        }
    }

    pub(super) fn new_project(&self) -> Result<NewProject, BridgeError> {
        let day = |text: &Option<String>| -> Result<Option<Date>, BridgeError> { stored::day(text.as_deref()) };
        Ok(NewProject {
            name: self.name.clone(),
            description: PlainText::new(&self.overview),
            owner: stored::email(&self.owner)?,
            start: day(&self.start)?,
            end: day(&self.end)?,
            is_strict: self.is_strict,
            members: self.members.iter().map(|member| stored::email(member)).collect::<Result<_, _>>()?,
            companies: Vec::new(),
        })
    }
}

/// The id of the hand-off that an order made.
pub(super) fn hand_off_id(document: &str) -> Result<String, BridgeError> {
    Ok(stored::from_json::<Document>(document)?.ids.hand_off)
}

/// One step, forward or back.
pub(crate) fn step(bridge: &Bridge, claimed: &mut Claimed) -> Result<(), BridgeError> {
    let document: Document = stored::from_json(&claimed.operation.document)?;
    let steps = document.steps();
    if claimed.operation.state == OperationState::Undoing {
        return match document.at.checked_sub(1).and_then(|at| steps.get(at)) {
            Some(step) => back(bridge, claimed, document, *step),
            None => bridge.settle(claimed, &stored::to_json(&document)?, Then::Undone, |_| Ok(())),
        };
    }
    match steps.get(document.at) {
        Some(Step::Records) => store_records(bridge, claimed, document),
        Some(Step::People) => look_at_people(bridge, claimed, document, &steps),
        Some(Step::Finish) | None => finish(bridge, claimed, &document),
        Some(step) => make(bridge, claimed, document, *step),
    }
}

/// Makes something on the Projects side.
fn make(bridge: &Bridge, claimed: &mut Claimed, mut document: Document, step: Step) -> Result<(), BridgeError> {
    let mark = claimed.mark(&step.mark());
    let write = write(claimed, &document, step)?;
    let then = match bridge.make_in_projects(claimed, &mark, write)? {
        Made::Id(id) => {
            match step {
                Step::Company => document.company_id = Some(id),
                Step::Project => document.project_id = Some(id),
                Step::Records | Step::People | Step::User(_) | Step::ClientUser(_) | Step::Finish => {}
            }
            document.at += 1;
            Then::Go
        }
        Made::Refused(reason) => Then::Undo { step: step.name(), reason },
        Made::Wait => Then::Wait,
    };
    bridge.settle(claimed, &stored::to_json(&document)?, then, |_| Ok(()))
}

fn write(claimed: &Claimed, document: &Document, step: Step) -> Result<ProjectsWrite, BridgeError> {
    let (mark, acting) = (claimed.mark(&step.mark()), claimed.acting());
    let person = |people: &[PersonPlan], at: usize| people.get(at).cloned().ok_or_else(|| missing("person"));
    Ok(match step {
        Step::Company => {
            let name = document.client.as_ref().map(|client| client.name.clone()).ok_or_else(|| missing("client"))?;
            ProjectsWrite::CreateCompany { name, mark, acting }
        }
        Step::Project | Step::Records | Step::People | Step::Finish => {
            let companies = document.company_id.clone().map(CompanyId::new).into_iter().collect();
            let project = NewProject { companies, ..document.project.new_project()? };
            ProjectsWrite::CreateProject { project, mark, acting }
        }
        Step::User(at) => {
            let PersonPlan { email, name } = person(&document.added, at)?;
            let email = stored::email(&email)?;
            ProjectsWrite::AddUser { project: document.made_project()?, email, name, mark, acting }
        }
        Step::ClientUser(at) => {
            let PersonPlan { email, name } = person(&document.contacts, at)?;
            ProjectsWrite::AddClientUser {
                company: document.made_company()?,
                project: document.made_project()?,
                email: stored::email(&email)?,
                name,
                mark,
                acting,
            }
        }
    })
}

/// Asks for all people once more before the first of them is written to: what is refused now invites nobody.
fn look_at_people(
    bridge: &Bridge,
    claimed: &mut Claimed,
    mut document: Document,
    steps: &[Step],
) -> Result<(), BridgeError> {
    for step in steps.iter().filter(|step| matches!(step, Step::User(_) | Step::ClientUser(_))) {
        let write = write(claimed, &document, *step)?;
        if let Some(reason) = bridge.projects().check(&write)? {
            let then = Then::Undo { step: step.name(), reason };
            return bridge.settle(claimed, &stored::to_json(&document)?, then, |_| Ok(()));
        }
    }
    document.at += 1;
    bridge.settle(claimed, &stored::to_json(&document)?, Then::Go, |_| Ok(()))
}

/// Association and mapping, in one transaction; a partner that came meanwhile refuses (MAP-7).
fn store_records(bridge: &Bridge, claimed: &mut Claimed, mut document: Document) -> Result<(), BridgeError> {
    let association = document.association(claimed, bridge)?;
    let mapping = document.mapping(claimed, bridge)?;
    let (connection, person) = (claimed.connection.id.clone(), claimed.operation.person.clone());
    document.at += 1;
    let done = bridge.settle(claimed, &stored::to_json(&document)?, Then::Go, |tx| {
        if !association::insert(tx, &connection, &association, &person)? {
            return Err(BridgeError::Refused(Reason::AlreadyAssociated { project: document.project.name.clone() }));
        }
        match &mapping {
            Some(mapping) => mapping::insert(tx, &connection, mapping),
            None => Ok(()),
        }
    });
    match done {
        Err(BridgeError::Refused(reason)) => {
            let step = if matches!(reason, Reason::AlreadyMapped { .. }) { "mapping" } else { "association" };
            let reason = match bridge.with_partner_name(BridgeError::Refused(reason.clone())) {
                BridgeError::Refused(named) => named,
                _ => reason,
            };
            let same = claimed.operation.document.clone();
            bridge.settle(claimed, &same, Then::Undo { step, reason }, |_| Ok(()))
        }
        other => other,
    }
}

/// The hand-off itself and its one entry in the history.
fn finish(bridge: &Bridge, claimed: &mut Claimed, document: &Document) -> Result<(), BridgeError> {
    let association = document.association(claimed, bridge)?;
    let has_mapping = document.mapping(claimed, bridge)?.is_some();
    let row = HandOffRow {
        id: document.ids.hand_off.clone(),
        record: association.record.clone(),
        project: association.project.clone(),
        association: association.id.clone(),
        company: document.company_id.clone().map(CompanyId::new),
        mapping: has_mapping.then(|| MappingId::new(document.ids.mapping.clone())),
        invited: document.invited.clone(),
        at: bridge.now(),
        by: claimed.operation.person.clone(),
    };
    let connection = claimed.connection.clone();
    let note = HistoryId::new(document.ids.note.clone());
    let (name, acting) = (&document.record.name, claimed.acting());
    let job = claimed.operation.id.as_str().to_owned();
    let entry =
        Note { job, ..note::association_with(note, row.at, &connection, Action::HandOff, &association, name, &acting) };
    bridge.settle(claimed, &stored::to_json(document)?, Then::Done, |tx| {
        super::insert(tx, &connection.id, &row)?;
        note::write(tx, &entry)
    })
}

/// Takes one step back.
fn back(bridge: &Bridge, claimed: &mut Claimed, mut document: Document, step: Step) -> Result<(), BridgeError> {
    let (mark, acting) = (claimed.mark(&step.mark()), claimed.acting());
    let undo = match step {
        Step::Company => ProjectsWrite::UndoCompany { mark, acting },
        Step::Project => ProjectsWrite::UndoProject { mark, acting },
        Step::User(_) => ProjectsWrite::UndoUser { mark, acting },
        Step::ClientUser(_) => ProjectsWrite::UndoClientUser { mark, acting },
        Step::Records => return forget_records(bridge, claimed, document),
        Step::People | Step::Finish => {
            document.at = document.at.saturating_sub(1);
            return bridge.settle(claimed, &stored::to_json(&document)?, Then::Go, |_| Ok(()));
        }
    };
    let then = match bridge.projects().write(&[undo])?.value.into_iter().next() {
        Some(Outcome::Done { .. } | Outcome::Gone) => Then::Go,
        Some(Outcome::Refused(reason)) => {
            // Somebody works with it already: it stays, and the log says so.
            tracing::warn!(operation.id = %claimed.operation.id, step = step.name(), reason = reason.code(),
                "a step could not be undone");
            Then::Go
        }
        Some(Outcome::Stale | Outcome::Later(_) | Outcome::Unknown) | None => Then::Wait,
    };
    if matches!(then, Then::Go) {
        document.at = document.at.saturating_sub(1);
    }
    bridge.settle(claimed, &stored::to_json(&document)?, then, |_| Ok(()))
}

fn forget_records(bridge: &Bridge, claimed: &mut Claimed, mut document: Document) -> Result<(), BridgeError> {
    let association = document.association(claimed, bridge)?;
    let mapping = document.mapping(claimed, bridge)?;
    let connection = claimed.connection.id.clone();
    document.at = document.at.saturating_sub(1);
    bridge.settle(claimed, &stored::to_json(&document)?, Then::Go, |tx| {
        association::delete(tx, &connection, &association.id)?;
        match &mapping {
            Some(mapping) => mapping::take_back(tx, &connection, mapping),
            None => Ok(()),
        }
    })
}

impl Step {
    /// The name that an answer gives.
    fn name(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Project => "project",
            Self::Records => "association",
            Self::People => "people",
            Self::User(_) => "users",
            Self::ClientUser(_) => "client_users",
            Self::Finish => "finish",
        }
    }

    fn mark(self) -> String {
        match self {
            Self::User(at) | Self::ClientUser(at) => format!("{}-{at}", self.name()),
            Self::Company | Self::Project | Self::Records | Self::People | Self::Finish => self.name().to_owned(),
        }
    }
}

fn missing(what: &str) -> BridgeError {
    BridgeError::Failed(format!("a hand-off has lost its {what}"))
}

/// How the id of a company stands in a document.
mod company_id {
    use ports::CompanyId;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(id: &Option<CompanyId>, serializer: S) -> Result<S::Ok, S::Error> {
        match id {
            Some(id) => serializer.serialize_some(id.as_str()),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<CompanyId>, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.map(CompanyId::new))
    }
}
