//! What an order would do and why it would be refused, before anything is written (HAND-9, HAND-10, HAND-12).

use ports::rule::name;
use ports::{
    Acting, CompanyId, CreateMark, CrmModule, Email, NewProject, ProjectId, ProjectsUserCard, ProjectsWrite, Reason,
    SalesRecord,
};

use super::form::once_each;
use super::steps::{Client, Document, PersonPlan, ProjectPlan, RecordPlan};
use super::{ClientBlock, ClientChoice, Effect, Effects, HandOffInput, ProjectDraft};
use crate::connection::Connection;
use crate::error::{BridgeError, FieldError};
use crate::mapping::Party;
use crate::operation::StepRefused;
use crate::service::{Bridge, Caller};
use crate::stored;

/// Longest name of a project or company, in code points.
const NAME_MAX: usize = 200;
/// Users and contacts of one order at most.
const PEOPLE_MAX: usize = 200;

/// An order thought through.
pub(super) struct Plan {
    pub(super) document: Document,
    pub(super) basis: String,
    pub(super) problems: Vec<StepRefused>,
    effects: Vec<Effect>,
}

impl Plan {
    pub(super) fn effects(self) -> Effects {
        Effects { basis: self.basis, calls: self.document.calls(), effects: self.effects, problems: self.problems }
    }
}

/// What is gathered while an order is thought through.
#[derive(Default)]
struct Findings {
    effects: Vec<Effect>,
    problems: Vec<StepRefused>,
}

impl Findings {
    fn problem(&mut self, step: &str, reason: Reason) {
        self.problems.push(StepRefused { step: step.to_owned(), reason });
    }
}

impl Bridge {
    pub(super) fn plan_hand_off(
        &self,
        connection: &Connection,
        acting: &Acting,
        input: &HandOffInput,
    ) -> Result<Plan, BridgeError> {
        let caller = self.caller(acting)?;
        let record = self.record_to_hand_off(&caller, &input.record)?;
        check_values(input)?;
        let mut findings = Findings::default();
        let client = self.plan_client(connection, &caller, &record, &input.client, &mut findings)?;
        let (members, added, mut invited) = self.plan_users(connection, &caller, acting, input, &mut findings)?;
        let company = client.as_ref().and_then(|client| client.id.clone());
        let contacts = self.plan_contacts(acting, &record, input, company.clone(), &mut findings, &mut invited)?;
        if client.is_none() && !contacts.is_empty() {
            return Err(BridgeError::invalid("client", "required"));
        }
        let owner = self.plan_owner(&caller, &input.project)?;
        let project = ProjectPlan::new(&input.project, &owner, members);
        self.check_writes(acting, &project, client.as_ref(), &mut findings)?;
        findings.effects.insert(0, Effect::CreateProject { name: project.name.clone() });
        findings.effects.push(Effect::Associate { record: record.reference.clone(), name: record.name.clone() });
        let basis = basis(&record, input, &findings);
        let document = Document::new(self, RecordPlan::new(&record), project, client, added, contacts, invited);
        Ok(Plan { document, basis, problems: findings.problems, effects: findings.effects })
    }

    /// The client by HAND-19: what was chosen must be what the form offers.
    fn plan_client(
        &self,
        connection: &Connection,
        caller: &Caller,
        record: &SalesRecord,
        choice: &ClientChoice,
        findings: &mut Findings,
    ) -> Result<Option<Client>, BridgeError> {
        let not_offered = || BridgeError::invalid("client", "not_offered");
        let offered = self.client_block(connection, caller, record)?;
        let (existing, map) = match (&offered, choice) {
            (ClientBlock::None, ClientChoice::None | ClientChoice::Offered { .. }) => return Ok(None),
            // From a lead a client is offered, not demanded (HAND-5).
            (_, ClientChoice::None) if record.reference.module == CrmModule::Lead => return Ok(None),
            (ClientBlock::Mapped { company }, ClientChoice::Offered { .. }) => (company.clone(), false),
            (ClientBlock::Mapped { company }, ClientChoice::Existing { company: chosen, .. })
                if chosen.as_str() == company.id =>
            {
                (company.clone(), false)
            }
            (ClientBlock::Mapped { company }, ClientChoice::New { .. }) => {
                findings.problem("company", Reason::AlreadyMapped { partner: company.name.clone() });
                (company.clone(), false)
            }
            (ClientBlock::Namesake { company, may_map }, ClientChoice::Offered { map }) => {
                (company.clone(), *map && *may_map)
            }
            (ClientBlock::Namesake { company, may_map }, ClientChoice::Existing { company: chosen, map })
                if chosen.as_str() == company.id =>
            {
                if *map && !may_map {
                    findings.problem("mapping", Reason::NoPermission { person: None });
                }
                (company.clone(), *map && *may_map)
            }
            (ClientBlock::Ask { candidates, .. }, ClientChoice::Existing { company: chosen, map }) => {
                let company = candidates.iter().find(|company| company.id == chosen.as_str());
                if *map {
                    // One of several is chosen for the project; that it is the account, the mapping page decides.
                    let candidates = candidates.iter().map(Party::label).collect();
                    findings.problem("mapping", Reason::AmbiguousName { candidates });
                }
                (company.ok_or_else(not_offered)?.clone(), false)
            }
            (ClientBlock::Ask { candidates, .. }, ClientChoice::Offered { .. }) => {
                let candidates = candidates.iter().map(Party::label).collect();
                findings.problem("company", Reason::AmbiguousName { candidates });
                return Ok(None);
            }
            (ClientBlock::Create { name, maps }, ClientChoice::Offered { .. }) => {
                return Ok(Some(plan_new(record, name, *maps, findings)));
            }
            (ClientBlock::Create { maps, .. } | ClientBlock::Ask { maps, .. }, ClientChoice::New { name }) => {
                return Ok(Some(plan_new(record, name, *maps, findings)));
            }
            (ClientBlock::None, ClientChoice::Existing { .. } | ClientChoice::New { .. })
            | (ClientBlock::Mapped { .. } | ClientBlock::Namesake { .. }, _)
            | (ClientBlock::Create { .. } | ClientBlock::Ask { .. }, _) => return Err(not_offered()),
        };
        findings.effects.push(Effect::UseCompany { company: existing.clone() });
        if map {
            findings.effects.push(Effect::Map { company: existing.name.clone(), account: account_party(record) });
        }
        Ok(Some(Client { id: Some(CompanyId::new(existing.id)), name: existing.name, map }))
    }

    /// Members from the start, users to add, and who of them is invited.
    fn plan_users(
        &self,
        connection: &Connection,
        caller: &Caller,
        acting: &Acting,
        input: &HandOffInput,
        findings: &mut Findings,
    ) -> Result<(Vec<Email>, Vec<PersonPlan>, Vec<Email>), BridgeError> {
        let fixed: Vec<Email> = self.fixed_users(connection)?.into_iter().map(|user| user.email).collect();
        let wanted: Vec<Email> = once_each(&input.users).into_iter().filter(|email| !fixed.contains(email)).collect();
        if !wanted.is_empty() && !caller.may_add_users() {
            findings.problem("users", Reason::NoPermission { person: None });
        }
        let in_crm = self.crm().users(&wanted)?;
        let cards = self.projects().users(&wanted)?;
        let (mut members, mut added, mut invited) = (fixed, Vec::new(), Vec::new());
        for ((email, user), card) in wanted.into_iter().zip(in_crm).zip(cards) {
            let Some(user) = user else { return Err(BridgeError::invalid("users", "not_a_user")) };
            if !user.is_active {
                findings.problem("users", Reason::InactiveInCrm { person: email.to_string() });
            }
            if caller.may_add_users()
                && let Some(reason) = self.projects().check(&add_user(&email, &user.name, acting))?
            {
                findings.problem("users", reason);
            }
            if card.is_some_and(|card| card.is_active) {
                findings.effects.push(Effect::AddMember { person: email.clone(), name: user.name });
                members.push(email);
            } else {
                findings.effects.push(Effect::Invite {
                    person: email.clone(),
                    name: user.name.clone(),
                    is_client: false,
                });
                added.push(PersonPlan { email: email.to_string(), name: user.name });
                invited.push(email);
            }
        }
        Ok((members, added, invited))
    }

    fn plan_contacts(
        &self,
        acting: &Acting,
        record: &SalesRecord,
        input: &HandOffInput,
        company: Option<CompanyId>,
        findings: &mut Findings,
        invited: &mut Vec<Email>,
    ) -> Result<Vec<PersonPlan>, BridgeError> {
        if input.contacts.is_empty() {
            return Ok(Vec::new());
        }
        let offered = self.contact_choices(acting, record, company)?;
        let mut plans: Vec<PersonPlan> = Vec::new();
        for id in &input.contacts {
            let contact = offered.iter().find(|contact| contact.id == *id);
            let contact = contact.ok_or_else(|| BridgeError::invalid("client_user_ids", "not_offered"))?;
            if let Some(reason) = &contact.problem {
                findings.problem("client_users", reason.clone());
            }
            let Some(email) = &contact.email else { continue };
            if plans.iter().any(|plan| plan.email == email.as_str()) {
                continue;
            }
            let card = self.projects().users(std::slice::from_ref(email))?.into_iter().next().flatten();
            if card.is_none() {
                findings.effects.push(Effect::Invite {
                    person: email.clone(),
                    name: contact.name.clone(),
                    is_client: true,
                });
                invited.push(email.clone());
            } else {
                findings.effects.push(Effect::AddMember { person: email.clone(), name: contact.name.clone() });
            }
            plans.push(PersonPlan { email: email.to_string(), name: contact.name.clone() });
        }
        Ok(plans)
    }

    /// The owner: any active portal user; who orders it, unless another is chosen.
    fn plan_owner(&self, caller: &Caller, project: &ProjectDraft) -> Result<Email, BridgeError> {
        let owner = project.owner.as_ref().unwrap_or(&caller.email);
        let is_portal_user = |card: &ProjectsUserCard| card.client_of.is_none();
        match self.portal_user(owner)?.filter(is_portal_user) {
            Some(card) => Ok(card.email),
            None => Err(BridgeError::invalid("project.owner", "not_a_user")),
        }
    }

    /// Asks the Projects side whether it would take company and project.
    fn check_writes(
        &self,
        acting: &Acting,
        project: &ProjectPlan,
        client: Option<&Client>,
        findings: &mut Findings,
    ) -> Result<(), BridgeError> {
        let mark = CreateMark::new("check");
        if let Some(Client { id: None, name, .. }) = client {
            let write = ProjectsWrite::CreateCompany { name: name.clone(), mark: mark.clone(), acting: acting.clone() };
            if let Some(reason) = self.projects().check(&write)? {
                findings.problem("company", reason);
            }
        }
        let companies = client.and_then(|client| client.id.clone()).into_iter().collect();
        let project = NewProject { companies, ..project.new_project()? };
        let is_strict_without_dates = project.is_strict && (project.start.is_none() || project.end.is_none());
        if is_strict_without_dates {
            findings.problem("project", Reason::DatesRequired);
        } else if let Some(reason) =
            self.projects().check(&ProjectsWrite::CreateProject { project, mark, acting: acting.clone() })?
        {
            findings.problem("project", reason);
        }
        Ok(())
    }
}

/// Values that no order could have.
fn check_values(input: &HandOffInput) -> Result<(), BridgeError> {
    let mut errors = Vec::new();
    let mut wrong = |field, code| errors.push(FieldError { field, code });
    let project = &input.project;
    if project.name.trim().is_empty() {
        wrong("project.name", "required");
    } else if project.name.chars().count() > NAME_MAX {
        wrong("project.name", "too_long");
    }
    if project.start.zip(project.end).is_some_and(|(start, end)| end < start) {
        wrong("project.end", "end_before_start");
    }
    if let ClientChoice::New { name } = &input.client {
        if name.trim().is_empty() {
            wrong("client.name", "required");
        } else if name.chars().count() > NAME_MAX {
            wrong("client.name", "too_long");
        }
    }
    if input.users.len() > PEOPLE_MAX {
        wrong("users", "too_many");
    }
    if input.contacts.len() > PEOPLE_MAX {
        wrong("client_user_ids", "too_many");
    }
    if errors.is_empty() { Ok(()) } else { Err(BridgeError::Invalid(errors)) }
}

/// A user of a project that is not made yet.
fn add_user(email: &Email, name: &str, acting: &Acting) -> ProjectsWrite {
    ProjectsWrite::AddUser {
        project: ProjectId::new(""),
        email: email.clone(),
        name: name.to_owned(),
        mark: CreateMark::new("check"),
        acting: acting.clone(),
    }
}

fn plan_new(record: &SalesRecord, wanted: &str, maps: bool, findings: &mut Findings) -> Client {
    let name = name::exact(wanted);
    findings.effects.push(Effect::CreateCompany { name: name.clone() });
    if maps {
        findings.effects.push(Effect::Map { company: name.clone(), account: account_party(record) });
    }
    Client { id: None, name, map: maps }
}

fn account_party(record: &SalesRecord) -> Party {
    Party {
        id: record.account.as_ref().map(|account| account.as_str().to_owned()).unwrap_or_default(),
        name: record.company_name.clone().unwrap_or_default(),
        city: record.city.clone(),
        owner: None,
    }
}

/// Everything that the look was computed from: the record's version, the order, and what was found.
fn basis(record: &SalesRecord, input: &HandOffInput, findings: &Findings) -> String {
    let found = format!("{:?}{:?}", findings.effects, findings.problems);
    stored::fingerprint([record.version.mark.as_str(), format!("{input:?}").as_str(), found.as_str()])
}
