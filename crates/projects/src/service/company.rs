//! Client companies: making, renaming, listing.

use ports::{Acting, CompanyId, CreateMark, Page};
use store::Tx;

use super::Projects;
use super::project::name;
use crate::company::{self, COMPANY_NAME_MAX, Company, CompanyRow};
use crate::error::{FieldError, Present, ProjectsError};
use crate::mark::{self, Kind, Made};
use crate::trace::{FieldMove, Module, Pen};
use crate::user::{self, User};

impl Projects {
    /// Makes a client company. Names need not be unique.
    ///
    /// Errors: `Refused` without the right "add user"; `Invalid` for the name.
    pub fn create_company(&self, acting: &Acting, name: &str) -> Result<Company, ProjectsError> {
        self.writing(acting, |tx, pen| self.create_company_in(tx, pen, name, None))
    }

    /// Renames a client company. `expected` is the version that the form showed.
    pub fn rename_company(
        &self,
        acting: &Acting,
        id: &CompanyId,
        name: &str,
        expected: Option<i64>,
    ) -> Result<Company, ProjectsError> {
        self.writing(acting, |tx, pen| {
            pen.caller.require(pen.caller.rights().may_add_users)?;
            let mut company = company::present(tx, pen.portal(), id)?.ok_or(ProjectsError::NotFound)?;
            if expected.is_some_and(|version| version != company.version) {
                return Err(ProjectsError::Stale(Box::new(Present::Company(company))));
            }
            let name = company_name(name)?;
            if name == company.name {
                return Ok(company);
            }
            company.version = company::rename(tx, pen.portal(), id, &name)?.ok_or(ProjectsError::NotFound)?;
            let moved = FieldMove::text("name", &company.name, &name);
            pen.history(tx, Module::Company, id.as_str(), &[moved])?;
            pen.words(tx, Module::Company, id.as_str(), &[&name])?;
            pen.feed_portal(tx, Module::Company, id.as_str(), company.version)?;
            company.name = name;
            Ok(company)
        })
    }

    /// Deletes a client company that has neither projects nor users.
    ///
    /// Errors: `Refused` but for owner and administrators; `Invalid` with `in_use`.
    pub fn delete_company(&self, acting: &Acting, id: &CompanyId) -> Result<(), ProjectsError> {
        self.writing(acting, |tx, pen| {
            pen.caller.require(pen.caller.rights().is_administrator)?;
            company::present(tx, pen.portal(), id)?.ok_or(ProjectsError::NotFound)?;
            let projects = company::projects_of(tx, pen.portal(), id)?;
            if !projects.is_empty() || !user::of_company(tx, pen.portal(), id)?.is_empty() {
                return Err(ProjectsError::of_fields(vec![FieldError::new("company", "in_use")]));
            }
            let version = company::mark_deleted(tx, pen.portal(), id, pen.by(), pen.now.ms())?;
            let version = version.ok_or(ProjectsError::NotFound)?;
            pen.no_words(tx, Module::Company, id.as_str())?;
            let moved = FieldMove::new("deleted", None, Some("yes".to_owned()));
            pen.history(tx, Module::Company, id.as_str(), &[moved])?;
            Ok(pen.feed_portal(tx, Module::Company, id.as_str(), version)?)
        })
    }

    /// A client company with its users, by name.
    ///
    /// Errors: `NotFound`; for client users every company but their own is not there.
    pub fn company(&self, acting: &Acting, id: &CompanyId) -> Result<(Company, Vec<User>), ProjectsError> {
        self.reading(acting, |read, caller| {
            if caller.is_client() && caller.user.company.as_ref() != Some(id) {
                return Err(ProjectsError::NotFound);
            }
            let company = company::present(read, &caller.portal, id)?.ok_or(ProjectsError::NotFound)?;
            Ok((company, user::of_company(read, &caller.portal, id)?))
        })
    }

    /// Client companies by folded name, a page at a time. Client users get none.
    pub fn companies(
        &self,
        acting: &Acting,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<CompanyRow>, ProjectsError> {
        self.reading(acting, |read, caller| {
            caller.require(!caller.is_client())?;
            let size = limit.clamp(1, 200);
            let wanted = i64::try_from(size + 1).unwrap_or(i64::MAX);
            let mut found = company::page_with_counts(read, &caller.portal, place(after), wanted)?;
            let has_more = found.len() > size;
            found.truncate(size);
            let next = found.last().filter(|_| has_more).map(|(key, row)| position(key, row.company.id.as_str()));
            Ok(Page { rows: found.into_iter().map(|(_, row)| row).collect(), next })
        })
    }

    pub(crate) fn create_company_in(
        &self,
        tx: &mut Tx<'_>,
        pen: &Pen<'_>,
        name: &str,
        mark: Option<&CreateMark>,
    ) -> Result<Company, ProjectsError> {
        let portal = pen.portal();
        if let Some(mark) = mark
            && let Some(made) = mark::find(tx, portal, mark)?
        {
            return company::present(tx, portal, &CompanyId::new(made.record))?.ok_or(ProjectsError::NotFound);
        }
        let name = check_company(pen, name)?;
        let company = Company { id: CompanyId::new(self.ids.next()), name, version: 1 };
        if let Some(mark) = mark {
            let made = Made::record(Kind::Company, company.id.as_str());
            if let Some(first) = mark::take(tx, portal, mark, &made, pen.by(), pen.now)? {
                return company::present(tx, portal, &CompanyId::new(first.record))?.ok_or(ProjectsError::NotFound);
            }
        }
        company::insert(tx, portal, &company, pen.by(), pen.now.ms())?;
        let made = FieldMove::new("created", None, Some(company.name.clone()));
        pen.history(tx, Module::Company, company.id.as_str(), &[made])?;
        pen.words(tx, Module::Company, company.id.as_str(), &[&company.name])?;
        pen.feed_portal(tx, Module::Company, company.id.as_str(), company.version)?;
        Ok(company)
    }
}

/// Whether a company of this name could be made; answers the name as it would be kept.
pub(crate) fn check_company(pen: &Pen<'_>, name: &str) -> Result<String, ProjectsError> {
    pen.caller.require(pen.caller.rights().may_add_users)?;
    company_name(name)
}

fn company_name(text: &str) -> Result<String, ProjectsError> {
    name("name", text, COMPANY_NAME_MAX).map_err(|wrong| ProjectsError::of_fields(vec![wrong]))
}

/// Between id and key of a position; no key has it.
const BETWEEN: char = '\u{1f}';

/// Where a page of names ends.
pub(crate) fn position(key: &str, id: &str) -> String {
    format!("{id}{BETWEEN}{key}")
}

/// Key and id of a position; none, or one that no list gave, is before everything.
pub(crate) fn place(position: Option<&str>) -> (&str, &str) {
    position.and_then(|text| text.split_once(BETWEEN)).map_or(("", ""), |(id, key)| (key, id))
}
