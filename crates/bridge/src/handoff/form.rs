//! The form as the record fills it in (HAND-3, HAND-6, HAND-7, HAND-19).

use std::collections::HashSet;

use ports::rule::name;
use ports::{
    Acting, Company, CompanyId, CreateMark, CrmModule, CrmRef, Email, ProjectId, ProjectsUserCard, ProjectsWrite,
    Reason, SalesQuery, SalesRecord,
};

use super::{ClientBlock, ContactChoice, HandOffForm, PersonChoice, ProjectDraft};
use crate::connection::Connection;
use crate::error::BridgeError;
use crate::mapping::{self, Party};
use crate::service::{Bridge, Caller};

/// Contacts that the form offers at most.
const CONTACTS_MAX: usize = 200;

impl Bridge {
    /// The filled form. Errors: `Refused` with `no_permission` without "Create project" (HAND-2), with
    /// `address_missing` for a contact without an address (HAND-3); `NotFound` for a record that is not there.
    pub fn hand_off_form(&self, acting: &Acting, record: &CrmRef) -> Result<HandOffForm, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.running_connection(&acting.tenant)?;
        let record = self.record_to_hand_off(&caller, record)?;
        let client = self.client_block(&connection, &caller, &record)?;
        let users = if caller.may_add_users() { self.addable_users()? } else { Vec::new() };
        let fixed_users = self.fixed_users(&connection)?;
        let is_fixed = |user: &PersonChoice| fixed_users.iter().any(|fixed| fixed.email == user.email);
        let project = draft(&record, &caller);
        let notes = match client {
            ClientBlock::None => vec![Reason::ClientNotMapped { project: project.name.clone() }],
            ClientBlock::Mapped { .. }
            | ClientBlock::Create { .. }
            | ClientBlock::Namesake { .. }
            | ClientBlock::Ask { .. } => Vec::new(),
        };
        Ok(HandOffForm {
            connection: connection.id.clone(),
            owners: self.projects().all_users()?.iter().map(portal_choice).collect(),
            users: users.into_iter().filter(|user| !is_fixed(user)).collect(),
            contacts: self.contact_choices(acting, &record, company_of(&client))?,
            fixed_users,
            client,
            project,
            notes,
            record,
        })
    }

    /// Whether "New project" may be pressed on this record: the alert of HAND-2 otherwise.
    pub fn may_hand_off(&self, acting: &Acting) -> Result<bool, BridgeError> {
        Ok(self.caller(acting)?.may_create_projects())
    }

    /// The record, if the person may make a project from it.
    pub(super) fn record_to_hand_off(&self, caller: &Caller, record: &CrmRef) -> Result<SalesRecord, BridgeError> {
        caller.require_crm_user()?;
        let record = self.sales_record(record)?.ok_or(BridgeError::NotFound)?;
        if !caller.may_create_projects() {
            return Err(BridgeError::no_permission());
        }
        if record.reference.module == CrmModule::Contact && record.email.is_none() {
            return Err(BridgeError::Refused(Reason::AddressMissing { person: record.name }));
        }
        Ok(record)
    }

    /// Portal administrators who are active CRM users too (HAND-7), by name.
    pub(super) fn fixed_users(&self, connection: &Connection) -> Result<Vec<PersonChoice>, BridgeError> {
        let administrators = self.directory().portal_administrators(&connection.tenant);
        let cards = self.projects().users(&administrators)?;
        let in_crm = self.crm().users(&administrators)?;
        let both = cards.into_iter().zip(in_crm).filter_map(|(card, crm)| {
            let is_crm_user = crm.is_some_and(|user| user.is_active);
            card.filter(|card| is_crm_user && card.is_active && card.rights.is_administrator)
        });
        let mut fixed: Vec<PersonChoice> = both.map(|card| portal_choice(&card)).collect();
        fixed.sort_by_key(|user| name::key(&user.name));
        Ok(fixed)
    }

    /// Active CRM users, with whether they are portal users; client users cannot be added.
    fn addable_users(&self) -> Result<Vec<PersonChoice>, BridgeError> {
        let users: Vec<_> = self.crm().all_users()?.into_iter().filter(|user| user.is_active).collect();
        let emails: Vec<Email> = users.iter().map(|user| user.email.clone()).collect();
        let mut cards = Vec::new();
        for part in emails.chunks(100) {
            cards.extend(self.projects().users(part)?);
        }
        let rows = users.into_iter().zip(cards).filter(|(_, card)| !card.as_ref().is_some_and(is_client));
        let choices = rows.map(|(user, card)| PersonChoice {
            email: user.email,
            name: user.name,
            is_portal_user: card.is_some_and(|card| card.is_active),
        });
        Ok(choices.collect())
    }

    /// Which client the project gets, by the account or the lead's company name (HAND-5, HAND-19).
    pub(super) fn client_block(
        &self,
        connection: &Connection,
        caller: &Caller,
        record: &SalesRecord,
    ) -> Result<ClientBlock, BridgeError> {
        let Some(wanted) = record.company_name.as_deref().filter(|name| !name.trim().is_empty()) else {
            return Ok(ClientBlock::None);
        };
        let is_lead = record.reference.module == CrmModule::Lead;
        if record.account.is_none() && !is_lead {
            return Ok(ClientBlock::None);
        }
        if let Some(account) = &record.account
            && let Some(pair) = self.db().read(|read| mapping::of_account(read, &connection.id, account))?
            && let Some(company) = self.company_party(&pair.company)?
        {
            return Ok(ClientBlock::Mapped { company });
        }
        let alike = self.projects().companies_by_name_key(&[name::key(wanted)])?;
        let free = self.without_partner(connection, &alike)?;
        let may_map = caller.is_portal_administrator() && !is_lead;
        let (wanted, maps) = (name::exact(wanted), !is_lead);
        let same: Vec<&Party> = free.iter().filter(|company| name::exact(&company.name) == wanted).collect();
        Ok(match (same.as_slice(), free.is_empty()) {
            ([only], _) => ClientBlock::Namesake { company: (*only).clone(), may_map },
            (_, true) => ClientBlock::Create { name: wanted, maps },
            (_, false) => ClientBlock::Ask { candidates: free, name: wanted, maps },
        })
    }

    fn without_partner(&self, connection: &Connection, companies: &[Company]) -> Result<Vec<Party>, BridgeError> {
        self.db().read(|read| {
            let mut free = Vec::new();
            for company in companies {
                if mapping::of_company(read, &connection.id, &company.id)?.is_none() {
                    free.push(Party::company(&company.id, &company.name));
                }
            }
            Ok(free)
        })
    }

    /// Contacts that can become client users: the contact itself, or those of the account.
    pub(super) fn contact_choices(
        &self,
        acting: &Acting,
        record: &SalesRecord,
        company: Option<CompanyId>,
    ) -> Result<Vec<ContactChoice>, BridgeError> {
        let contacts = match (record.reference.module, &record.account) {
            (CrmModule::Lead, _) => Vec::new(),
            (CrmModule::Contact, _) => vec![record.clone()],
            (CrmModule::Account | CrmModule::Deal, Some(account)) => {
                self.crm().list(&SalesQuery::ContactsOf(account.clone()), None, CONTACTS_MAX)?.rows
            }
            (CrmModule::Account | CrmModule::Deal, None) => Vec::new(),
        };
        let mut choices = Vec::new();
        for contact in contacts {
            let problem = self.client_user_problem(acting, &contact, company.as_ref())?;
            choices.push(ContactChoice { id: contact.reference.id, name: contact.name, email: contact.email, problem });
        }
        Ok(choices)
    }

    /// Why a contact cannot become a client user of this company (HAND-9, IMP-6, IMP-7), as the Projects side sees it
    /// now. A project or company that the hand-off makes before is an empty id.
    fn client_user_problem(
        &self,
        acting: &Acting,
        contact: &SalesRecord,
        company: Option<&CompanyId>,
    ) -> Result<Option<Reason>, BridgeError> {
        let Some(email) = &contact.email else {
            return Ok(Some(Reason::AddressMissing { person: contact.name.clone() }));
        };
        let write = ProjectsWrite::AddClientUser {
            company: company.cloned().unwrap_or_else(|| CompanyId::new("")),
            project: ProjectId::new(""),
            email: email.clone(),
            name: contact.name.clone(),
            mark: CreateMark::new("check"),
            acting: acting.clone(),
        };
        Ok(self.projects().check(&write)?)
    }
}

/// The company that the project would have, if it is there already.
pub(super) fn company_of(client: &ClientBlock) -> Option<CompanyId> {
    match client {
        ClientBlock::Mapped { company } | ClientBlock::Namesake { company, .. } => {
            Some(CompanyId::new(company.id.clone()))
        }
        ClientBlock::None | ClientBlock::Create { .. } | ClientBlock::Ask { .. } => None,
    }
}

/// The fixed mapping: deal name to project name, closing date to start, description to overview (HAND-6).
fn draft(record: &SalesRecord, caller: &Caller) -> ProjectDraft {
    ProjectDraft {
        name: match record.reference.module {
            CrmModule::Lead => record.company_name.clone().unwrap_or_else(|| record.name.clone()),
            CrmModule::Account | CrmModule::Contact | CrmModule::Deal => record.name.clone(),
        },
        overview: record.description.as_str().to_owned(),
        owner: caller.portal.as_ref().map(|user| user.email.clone()),
        start: record.closing,
        end: None,
        is_strict: false,
    }
}

fn portal_choice(card: &ProjectsUserCard) -> PersonChoice {
    PersonChoice { email: card.email.clone(), name: card.name.clone(), is_portal_user: true }
}

fn is_client(card: &ProjectsUserCard) -> bool {
    card.client_of.is_some()
}

/// Addresses once each, in their order.
pub(super) fn once_each(emails: &[Email]) -> Vec<Email> {
    let mut seen = HashSet::new();
    emails.iter().filter(|email| seen.insert((*email).clone())).cloned().collect()
}
