//! What belongs together, what needs a decision, what a run would do: the rows of the mapping page.

use std::collections::HashMap;

use ports::rule::name;
use ports::{Acting, CrmModule, Email, MappingId, Moment, ProjectId, Reason, SalesQuery};

use super::matching::{Match, Names};
use super::{Mapping, MappingEvent, MappingOrigin, Party};
use crate::connection::Connection;
use crate::error::BridgeError;
use crate::service::Bridge;

/// Names of either side that one look at the mapping reads at most.
pub const NAMES_MAX: usize = 20_000;
const PAGE: usize = 200;
/// Pairs that the page shows as a sample (MAP-2).
pub const SAMPLE: usize = 5;

/// A client company with its account or its candidates, or an account that no company could belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingRow {
    /// Id of the mapping; none while nothing is stored.
    pub id: Option<MappingId>,
    /// What is to be said of it.
    pub state: MappingState,
    /// The client company; none for an account without one.
    pub company: Option<Party>,
    /// The account it is mapped to, or that a run would map it to; or the account without a company.
    pub account: Option<Party>,
    /// Accounts that could belong to the company.
    pub candidates: Vec<Party>,
    /// Why a run leaves it alone.
    pub reason: Option<Reason>,
    /// Mapped, but no longer of the same name (MAP-8).
    pub names_differ: bool,
    /// When it was mapped.
    pub mapped_at: Option<Moment>,
    /// Who mapped it.
    pub mapped_by: Option<Email>,
    /// How it came about.
    pub origin: Option<MappingOrigin>,
}

/// States of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MappingState {
    /// Mapped.
    Mapped,
    /// The same name once on each side; the next run maps it.
    Exact,
    /// Equal under the name key only.
    Similar,
    /// The name is not unique.
    Ambiguous,
    /// No partner of this name.
    NoMatch,
    /// A person said that the candidates are somebody else.
    Different,
}

impl MappingState {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Mapped, Self::Exact, Self::Similar, Self::Ambiguous, Self::NoMatch, Self::Different];

    /// The word of the own API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mapped => "mapped",
            Self::Exact => "exact",
            Self::Similar => "similar",
            Self::Ambiguous => "ambiguous",
            Self::NoMatch => "no_match",
            Self::Different => "different",
        }
    }

    /// Reads the word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// The mapping page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingOverview {
    /// The connection.
    pub connection: Connection,
    /// At most five pairs that a run would map (MAP-2).
    pub sample: Vec<MappingRow>,
    /// How many rows are in each state; accounts without a company are counted apart.
    pub counts: HashMap<MappingState, usize>,
    /// Accounts that no company could belong to.
    pub accounts_alone: usize,
    /// All rows: companies by name, then accounts alone by name.
    pub rows: Vec<MappingRow>,
    /// Fingerprint of what a run would do, for [`Bridge::run_mapping`].
    pub basis: String,
}

/// Which rows to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappingFilter {
    /// In one of these states; empty for all.
    pub states: Vec<MappingState>,
    /// Companies of this project only.
    pub project: Option<ProjectId>,
    /// Names that contain this, under the name key.
    pub search: Option<String>,
}

/// Everything that the two sides call their customers.
pub(crate) struct Scan {
    pub(crate) rows: Vec<MappingRow>,
    pub(crate) accounts: usize,
}

impl Scan {
    /// Client companies, without the rows of accounts alone.
    pub(crate) fn companies(&self) -> impl Iterator<Item = &MappingRow> {
        self.rows.iter().filter(|row| row.company.is_some())
    }

    pub(crate) fn accounts_alone(&self) -> usize {
        self.rows.iter().filter(|row| row.company.is_none()).count()
    }
}

impl Bridge {
    /// The mapping page. Errors: `Refused` for whoever is no portal administrator.
    pub fn mapping_overview(&self, acting: &Acting) -> Result<MappingOverview, BridgeError> {
        self.caller(acting)?.require_portal_administrator()?;
        let connection = self.my_connection(acting)?;
        let scan = self.scan_names(&connection)?;
        let mut counts = HashMap::new();
        for row in scan.companies() {
            *counts.entry(row.state).or_default() += 1;
        }
        Ok(MappingOverview {
            sample: scan.companies().filter(|row| row.state == MappingState::Exact).take(SAMPLE).cloned().collect(),
            counts,
            accounts_alone: scan.accounts_alone(),
            basis: super::run::basis(&scan.rows),
            rows: scan.rows,
            connection,
        })
    }

    /// A page of rows after `after`, at most `limit`; whoever administers neither side sees mapped ones only.
    pub fn mappings(
        &self,
        acting: &Acting,
        filter: &MappingFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<ports::Page<MappingRow>, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let companies = match &filter.project {
            Some(project) => Some(self.visible_project(acting, project)?.companies),
            None => None,
        };
        let search = filter.search.as_deref().map(name::key);
        let rows = self.scan_names(&connection)?.rows.into_iter().filter(|row| {
            (caller.is_bridge_administrator() || row.state == MappingState::Mapped)
                && (filter.states.is_empty() || filter.states.contains(&row.state))
                && companies.as_ref().is_none_or(|companies| {
                    row.company.as_ref().is_some_and(|own| companies.iter().any(|id| id.as_str() == own.id))
                })
                && search.as_ref().is_none_or(|word| row_names(row).any(|text| name::key(text).contains(word)))
        });
        let start: usize = after.and_then(|after| after.parse().ok()).unwrap_or(0);
        let mut page: Vec<_> = rows.skip(start).take(limit.saturating_add(1)).collect();
        let next = (page.len() > limit).then(|| (start + limit).to_string());
        page.truncate(limit);
        Ok(ports::Page { rows: page, next })
    }

    /// One mapping with the present names. Errors: `NotFound`.
    pub fn mapping(&self, acting: &Acting, id: &MappingId) -> Result<MappingRow, BridgeError> {
        self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let stored = self.db().read(|read| super::by_id(read, &connection.id, id))?.ok_or(BridgeError::NotFound)?;
        let company = self.company_party(&stored.company)?;
        let account = self.account_party(&stored.account)?;
        Ok(mapped_row(&stored, company.as_ref(), account.as_ref()))
    }

    /// Who mapped and unmapped what, newest first. Only for administrators.
    pub fn mapping_history(
        &self,
        acting: &Acting,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Vec<MappingEvent>, BridgeError> {
        if !self.caller(acting)?.is_bridge_administrator() {
            return Err(BridgeError::no_permission());
        }
        let connection = self.my_connection(acting)?;
        self.db().read(|read| super::events(read, &connection.id, before, limit))
    }

    /// Reads all names of both sides and says what each company's are worth.
    pub(crate) fn scan_names(&self, connection: &Connection) -> Result<Scan, BridgeError> {
        let companies = self.all_companies()?;
        let accounts = self.all_accounts()?;
        let (mapped, different) = self.db().read(|read| {
            Ok::<_, BridgeError>((super::all(read, &connection.id)?, super::different(read, &connection.id)?))
        })?;
        Ok(Scan { rows: rows(&companies, &accounts, &mapped, different), accounts: accounts.len() })
    }

    fn all_companies(&self) -> Result<Vec<Party>, BridgeError> {
        let (mut parties, mut after) = (Vec::new(), None);
        loop {
            let page = self.projects().list_companies(after.as_deref(), PAGE)?;
            parties.extend(page.rows.iter().map(|company| Party::company(&company.id, &company.name)));
            after = page.next;
            if after.is_none() || parties.len() >= NAMES_MAX {
                return Ok(parties);
            }
        }
    }

    fn all_accounts(&self) -> Result<Vec<Party>, BridgeError> {
        let (mut parties, mut after) = (Vec::new(), None);
        loop {
            let page = self.crm().list(&SalesQuery::All(CrmModule::Account), after.as_deref(), PAGE)?;
            parties.extend(page.rows.iter().map(Party::account));
            after = page.next;
            if after.is_none() || parties.len() >= NAMES_MAX {
                return Ok(parties);
            }
        }
    }
}

fn row_names(row: &MappingRow) -> impl Iterator<Item = &str> {
    row.company.iter().chain(&row.account).chain(&row.candidates).map(|party| party.name.as_str())
}

fn rows(
    companies: &[Party],
    accounts: &[Party],
    mapped: &[Mapping],
    different: Vec<(String, String)>,
) -> Vec<MappingRow> {
    let pairs = mapped.iter().map(|pair| (pair.company.as_str().to_owned(), pair.account.as_str().to_owned()));
    let names = Names::new(companies, accounts, pairs, different);
    let company_by_id: HashMap<&str, &Party> = companies.iter().map(|party| (party.id.as_str(), party)).collect();
    let account_by_id: HashMap<&str, &Party> = accounts.iter().map(|party| (party.id.as_str(), party)).collect();
    let of_company: HashMap<&str, &Mapping> = mapped.iter().map(|pair| (pair.company.as_str(), pair)).collect();
    let mut in_question: std::collections::HashSet<String> = std::collections::HashSet::new();
    let mut rows: Vec<MappingRow> = companies
        .iter()
        .map(|company| {
            let row = match of_company.get(company.id.as_str()) {
                Some(pair) => mapped_row(pair, Some(company), account_by_id.get(pair.account.as_str()).copied()),
                None => open_row(company, &names.of_company(company), &company_by_id),
            };
            in_question.extend(row.candidates.iter().chain(&row.account).map(|party| party.id.clone()));
            row
        })
        .collect();
    let alone = accounts.iter().filter(|account| !names.is_mapped(&account.id) && !in_question.contains(&account.id));
    rows.extend(alone.map(|account| MappingRow {
        account: Some(account.clone()),
        reason: Some(Reason::NoMatch),
        ..empty(MappingState::NoMatch)
    }));
    rows
}

fn mapped_row(pair: &Mapping, company: Option<&Party>, account: Option<&Party>) -> MappingRow {
    let unknown = |id: &str| Party { id: id.to_owned(), name: id.to_owned(), city: None, owner: None };
    let names_differ = match (company, account) {
        (Some(company), Some(account)) => name::exact(&company.name) != name::exact(&account.name),
        (None, _) | (_, None) => false,
    };
    MappingRow {
        id: Some(pair.id.clone()),
        company: Some(company.cloned().unwrap_or_else(|| unknown(pair.company.as_str()))),
        account: Some(account.cloned().unwrap_or_else(|| unknown(pair.account.as_str()))),
        names_differ,
        mapped_at: Some(pair.at),
        mapped_by: pair.by.clone(),
        origin: Some(pair.origin),
        ..empty(MappingState::Mapped)
    }
}

fn open_row(company: &Party, found: &Match, companies: &HashMap<&str, &Party>) -> MappingRow {
    let (state, account, candidates) = match found {
        Match::Exact(account) => (MappingState::Exact, Some(account.clone()), vec![account.clone()]),
        Match::Ambiguous(candidates) => (MappingState::Ambiguous, None, candidates.clone()),
        Match::Similar(candidates) => (MappingState::Similar, None, candidates.clone()),
        Match::Taken { .. } | Match::None => (MappingState::NoMatch, None, Vec::new()),
        Match::Different => (MappingState::Different, None, Vec::new()),
    };
    let partner = match found {
        Match::Taken { company, .. } => companies.get(company.as_str()).map_or("", |party| party.name.as_str()),
        _ => "",
    };
    MappingRow { company: Some(company.clone()), account, candidates, reason: found.reason(partner), ..empty(state) }
}

fn empty(state: MappingState) -> MappingRow {
    MappingRow {
        id: None,
        state,
        company: None,
        account: None,
        candidates: Vec::new(),
        reason: None,
        names_differ: false,
        mapped_at: None,
        mapped_by: None,
        origin: None,
    }
}
