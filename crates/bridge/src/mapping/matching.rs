//! Which account could belong to a client company (MAP-5, MAP-6). Pure.

use std::collections::{HashMap, HashSet};

use ports::Reason;
use ports::rule::name;

use super::Party;

/// What the names say about one client company that has no partner yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// The same name, once on each side.
    Exact(Party),
    /// The same name, more than once on one side or on both: all accounts of that name.
    Ambiguous(Vec<Party>),
    /// Equal under the name key only.
    Similar(Vec<Party>),
    /// The only account of this name has another partner, the company with this id.
    Taken {
        /// The account.
        account: Party,
        /// Id of its present company.
        company: String,
    },
    /// A person said that the only candidates are somebody else.
    Different,
    /// Nothing.
    None,
}

impl Match {
    /// Why a run does not map it; `None` for a match that it does. `partner` is the name of a taken account's company.
    pub fn reason(&self, partner: &str) -> Option<Reason> {
        match self {
            Self::Exact(_) => None,
            Self::Ambiguous(candidates) => {
                Some(Reason::AmbiguousName { candidates: candidates.iter().map(Party::label).collect() })
            }
            Self::Similar(candidates) => Some(match candidates.first() {
                Some(candidate) => Reason::SimilarName { candidate: candidate.name.clone() },
                None => Reason::NoMatch,
            }),
            Self::Taken { .. } => Some(Reason::AlreadyMapped { partner: partner.to_owned() }),
            Self::Different | Self::None => Some(Reason::NoMatch),
        }
    }
}

/// All names of both sides, and what is mapped or said of them.
#[derive(Debug, Default)]
pub struct Names {
    companies: HashMap<String, usize>,
    accounts: HashMap<String, Vec<Party>>,
    company_of_account: HashMap<String, String>,
    different: HashSet<(String, String)>,
}

impl Names {
    /// Gathers the names. `mapped` are pairs of company and account id, `different` likewise.
    pub fn new(
        companies: &[Party],
        accounts: &[Party],
        mapped: impl IntoIterator<Item = (String, String)>,
        different: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let mut names = Self { different: different.into_iter().collect(), ..Self::default() };
        names.company_of_account = mapped.into_iter().map(|(company, account)| (account, company)).collect();
        for company in companies {
            *names.companies.entry(name::exact(&company.name)).or_default() += 1;
        }
        for account in accounts {
            names.accounts.entry(name::key(&account.name)).or_default().push(account.clone());
        }
        names
    }

    /// What the names say about a company without a partner.
    pub fn of_company(&self, company: &Party) -> Match {
        let exact = name::exact(&company.name);
        let alike = self.accounts.get(&name::key(&company.name)).map_or(&[][..], Vec::as_slice);
        let possible = |account: &&Party| !self.different.contains(&(company.id.clone(), account.id.clone()));
        let same: Vec<&Party> = alike.iter().filter(|account| name::exact(&account.name) == exact).collect();
        let is_once = self.companies.get(&exact).copied().unwrap_or(0) == 1;
        let left: Vec<&Party> = same.iter().copied().filter(possible).collect();
        match (left.as_slice(), same.len()) {
            ([only], 1) if is_once => match self.company_of_account.get(&only.id) {
                Some(partner) => Match::Taken { account: (*only).clone(), company: partner.clone() },
                None => Match::Exact((*only).clone()),
            },
            ([], 0) => self.similar(company, alike),
            ([], _) => Match::Different,
            (left, _) => Match::Ambiguous(left.iter().map(|account| (*account).clone()).collect()),
        }
    }

    fn similar(&self, company: &Party, alike: &[Party]) -> Match {
        let free: Vec<&Party> = alike.iter().filter(|account| !self.is_mapped(&account.id)).collect();
        let left: Vec<Party> = free
            .iter()
            .filter(|account| !self.different.contains(&(company.id.clone(), account.id.clone())))
            .map(|account| (*account).clone())
            .collect();
        match (left.is_empty(), free.is_empty()) {
            (false, _) => Match::Similar(left),
            (true, false) => Match::Different,
            (true, true) => Match::None,
        }
    }

    /// Whether an account has a partner.
    pub fn is_mapped(&self, account: &str) -> bool {
        self.company_of_account.contains_key(account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(id: &str, name: &str) -> Party {
        Party { id: id.to_owned(), name: name.to_owned(), city: None, owner: None }
    }

    fn word(found: &Match) -> &'static str {
        match found {
            Match::Exact(_) => "exact",
            Match::Ambiguous(_) => "ambiguous",
            Match::Similar(_) => "similar",
            Match::Taken { .. } => "taken",
            Match::Different => "different",
            Match::None => "none",
        }
    }

    #[test]
    fn map_5_map_6_what_the_names_say() {
        let companies = [
            party("c1", "Hôtel Zylker"),
            party("c2", " Port Customer "),
            party("c3", "ABC 客户"),
            party("c4", "Hotel Customer"),
            party("c5", "Twin"),
            party("c6", "Twin"),
            party("c7", "Public Transport"),
            party("c8", "Taken Customer"),
        ];
        let accounts = [
            party("a1", "Ho\u{302}tel Zylker"),
            party("a2", "Port Customer"),
            party("a3", "ＡＢＣ 客户"),
            party("a4", "Hotel Customer"),
            party("a5", "Hotel Customer"),
            party("a6", "Twin"),
            party("a8", "Taken Customer"),
        ];
        let mapped = [("c9".to_owned(), "a8".to_owned())];
        let names = Names::new(&companies, &accounts, mapped, []);
        let found: Vec<_> = companies.iter().map(|company| word(&names.of_company(company))).collect();
        assert_eq!(found, ["exact", "exact", "similar", "ambiguous", "ambiguous", "ambiguous", "none", "taken"]);
    }

    #[test]
    fn map_3_what_a_person_called_different_is_not_suggested_again() {
        let companies = [party("c1", "Retail Customer"), party("c2", "Port")];
        let accounts = [party("a1", "RETAIL  CUSTOMER"), party("a2", "Port")];
        let said = [("c1".to_owned(), "a1".to_owned()), ("c2".to_owned(), "a2".to_owned())];
        let names = Names::new(&companies, &accounts, [], said);
        assert_eq!(names.of_company(&companies[0]), Match::Different);
        assert_eq!(names.of_company(&companies[1]), Match::Different);
    }
}
