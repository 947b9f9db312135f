//! Mapping and unmapping a single pair by hand (MAP-3, MAP-7, MAP-9).

use ports::rule::name;
use ports::{AccountId, Acting, CompanyId, CrmModule, CrmRef, Found, MappingId, Origin, Reason, SalesQuery};

use super::{Mapping, MappingOrigin, NewMapping, Party};
use crate::connection::Connection;
use crate::error::BridgeError;
use crate::service::Bridge;

impl Bridge {
    /// Maps a client company and an account; their names need not be equal. Only portal administrators.
    ///
    /// Mapping the same two again gives the mapping that is there. Errors: `Refused` with `already_mapped`, naming the
    /// present partner (MAP-7), or `record_gone`.
    pub fn map_pair(&self, acting: &Acting, company: &CompanyId, account: &AccountId) -> Result<Mapping, BridgeError> {
        self.caller(acting)?.require_portal_administrator()?;
        let connection = self.running_connection(&acting.tenant)?;
        self.map(&connection, company, account, acting)
    }

    /// Stores that the two do not belong together, so that they are not suggested again. Only portal administrators.
    ///
    /// Errors: `WrongState` if they are mapped.
    pub fn say_different(&self, acting: &Acting, company: &CompanyId, account: &AccountId) -> Result<(), BridgeError> {
        self.caller(acting)?.require_portal_administrator()?;
        let connection = self.running_connection(&acting.tenant)?;
        self.company_party(company)?.ok_or(BridgeError::Refused(Reason::RecordGone))?;
        self.account_party(account)?.ok_or(BridgeError::Refused(Reason::RecordGone))?;
        let now = self.now();
        self.db().write(|tx| {
            if super::of_company(tx, &connection.id, company)?.is_some_and(|pair| pair.account == *account) {
                return Err(BridgeError::WrongState);
            }
            super::say_different(tx, &connection.id, company, account, now, &acting.email)
        })
    }

    /// Unmaps a pair: button, picker row and associations of origin `mapping` go, task links stay (MAP-9).
    ///
    /// Only portal administrators. Errors: `NotFound` if it is not there any more.
    pub fn unmap(&self, acting: &Acting, id: &MappingId) -> Result<(), BridgeError> {
        self.caller(acting)?.require_portal_administrator()?;
        let connection = self.running_connection(&acting.tenant)?;
        let stored = self.db().read(|read| super::by_id(read, &connection.id, id))?.ok_or(BridgeError::NotFound)?;
        let name = |party: Option<Party>| party.map(|party| party.name).unwrap_or_default();
        let gone = NewMapping {
            company_name: name(self.company_party(&stored.company)?),
            account_name: name(self.account_party(&stored.account)?),
            mapping: Mapping { at: self.now(), by: Some(acting.email.clone()), ..stored },
            event_id: self.next_id(),
            is_told: acting.origin != Origin::System,
        };
        if self.db().write(|tx| super::delete(tx, &connection.id, &gone))? {
            Ok(())
        } else {
            Err(BridgeError::NotFound)
        }
    }

    fn map(
        &self,
        connection: &Connection,
        company: &CompanyId,
        account: &AccountId,
        acting: &Acting,
    ) -> Result<Mapping, BridgeError> {
        let gone = || BridgeError::Refused(Reason::RecordGone);
        let company_name = self.company_party(company)?.ok_or_else(gone)?.name;
        let account_name = self.account_party(account)?.ok_or_else(gone)?.name;
        let new = NewMapping {
            mapping: Mapping {
                id: MappingId::new(self.next_id()),
                company: company.clone(),
                account: account.clone(),
                origin: MappingOrigin::Hand,
                at: self.now(),
                by: Some(acting.email.clone()),
            },
            company_name,
            account_name,
            event_id: self.next_id(),
            is_told: acting.origin != Origin::System,
        };
        let done = self.db().write(|tx| match super::of_company(tx, &connection.id, company)? {
            Some(present) if present.account == *account => Ok(present),
            Some(_) | None => super::insert(tx, &connection.id, &new).map(|()| new.mapping.clone()),
        });
        done.map_err(|error| self.with_partner_name(error))
    }

    /// Turns the id in `already_mapped` into the name that a person knows.
    pub(crate) fn with_partner_name(&self, error: BridgeError) -> BridgeError {
        let BridgeError::Refused(Reason::AlreadyMapped { partner }) = &error else { return error };
        let company = self.company_party(&CompanyId::new(partner.clone())).ok().flatten();
        let account = || self.account_party(&AccountId::new(partner.clone())).ok().flatten();
        let name = match company {
            Some(company) => company.name,
            None => account().map_or_else(|| partner.clone(), |party| self.account_label(&party)),
        };
        BridgeError::Refused(Reason::AlreadyMapped { partner: name })
    }

    /// The name of an account, with its city where another account is called alike.
    pub(crate) fn account_label(&self, account: &Party) -> String {
        let key = name::key(&account.name);
        let alike = self.crm().list(&SalesQuery::AccountsByNameKey(vec![key]), None, 2);
        match alike {
            Ok(page) if page.rows.len() > 1 => account.label(),
            Ok(_) | Err(_) => account.name.clone(),
        }
    }

    /// The client company as it is now, if it is there.
    pub(crate) fn company_party(&self, id: &CompanyId) -> Result<Option<Party>, BridgeError> {
        let found = self.projects().companies(std::slice::from_ref(id))?.into_iter().next();
        Ok(match found {
            Some(Found::Here(company)) => Some(Party::company(&company.id, &company.name)),
            Some(Found::Gone(_) | Found::Unknown(_)) | None => None,
        })
    }

    /// The account as it is now, if it is there.
    pub(crate) fn account_party(&self, id: &AccountId) -> Result<Option<Party>, BridgeError> {
        let reference = CrmRef { module: CrmModule::Account, id: id.as_str().to_owned() };
        Ok(self.sales_record(&reference)?.as_ref().map(Party::account))
    }
}
