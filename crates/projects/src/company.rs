//! Client companies, and which of them a project is for.

use ports::{CompanyId, PortalId, ProjectId, Version};
use store::{Read, Row, Sql, StoreError, Tx};

use crate::column;
use crate::naming;

/// A client company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// Id.
    pub id: CompanyId,
    /// Name, as typed.
    pub name: String,
    /// Counts the changes.
    pub version: i64,
}

/// A company in a list, with how much hangs on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyRow {
    /// The company.
    pub company: Company,
    /// Its active client users.
    pub client_users: u32,
    /// Its projects, closed ones too.
    pub projects: u32,
}

/// Longest name of a company, in Unicode code points.
pub const COMPANY_NAME_MAX: usize = 200;

const BY_ID: Sql =
    Sql::new("select id, name, version, deleted_at, deleted_by from projects_company where portal_id = $1 and id = $2");
const BY_NAME_KEY: Sql = Sql::new(
    "select id, name, version from projects_company \
     where portal_id = $1 and name_key = $2 and deleted_at is null order by id",
);
const PAGE: Sql = Sql::new(
    "select id, name, name_key, version from projects_company \
     where portal_id = $1 and deleted_at is null and (name_key, id) > ($2, $3) order by name_key, id limit $4",
);
const PAGE_WITH_COUNTS: Sql = Sql::new(
    "select c.id, c.name, c.name_key, c.version, \
     (select count(*) from projects_user u where u.portal_id = c.portal_id and u.company_id = c.id \
      and u.is_active = 1) as client_users, \
     (select count(*) from projects_client k \
      join projects_project p on p.portal_id = k.portal_id and p.id = k.project_id \
      where k.portal_id = c.portal_id and k.company_id = c.id and p.deleted_at is null) as projects \
     from projects_company c where c.portal_id = $1 and c.deleted_at is null and (c.name_key, c.id) > ($2, $3) \
     order by c.name_key, c.id limit $4",
);
const INSERT: Sql = Sql::new(
    "insert into projects_company (portal_id, id, name, name_key, created_by, created_at, version) \
     values ($1, $2, $3, $4, $5, $6, 1)",
);
const RENAME: Sql = Sql::new(
    "update projects_company set name = $3, name_key = $4, version = version + 1 \
     where portal_id = $1 and id = $2 returning version",
);
const MARK_DELETED: Sql = Sql::new(
    "update projects_company set deleted_at = $3, deleted_by = $4, version = version + 1 \
     where portal_id = $1 and id = $2 and deleted_at is null returning version",
);
const ERASE: Sql = Sql::new("delete from projects_company where portal_id = $1 and id = $2");
const OF_PROJECT: Sql = Sql::hot(
    "select c.id, c.name, c.version from projects_client k \
     join projects_company c on c.portal_id = k.portal_id and c.id = k.company_id \
     where k.portal_id = $1 and k.project_id = $2 and c.deleted_at is null order by k.place",
);
const PROJECTS_OF: Sql = Sql::new(
    "select p.id from projects_client k \
     join projects_project p on p.portal_id = k.portal_id and p.id = k.project_id \
     where k.portal_id = $1 and k.company_id = $2 and p.deleted_at is null order by p.name_key, p.id",
);
const TAKE_OFF_ALL: Sql = Sql::new("delete from projects_client where portal_id = $1 and project_id = $2");
const PUT_ON: Sql = Sql::new(
    "insert into projects_client (portal_id, project_id, company_id, place) values ($1, $2, $3, $4) \
     on conflict do nothing",
);

/// A company, or who deleted it.
pub(crate) enum CompanyState {
    Here(Company),
    Deleted(ports::Evidence),
}

pub(crate) fn by_id(
    read: &mut Read<'_>,
    portal: &PortalId,
    id: &CompanyId,
) -> Result<Option<CompanyState>, StoreError> {
    let Some(row) = read.row(&BY_ID, &[portal.as_str().into(), id.as_str().into()])? else { return Ok(None) };
    Ok(Some(match column::moment_or_null(&row, "deleted_at")? {
        None => CompanyState::Here(of_row(&row)?),
        Some(at) => {
            CompanyState::Deleted(ports::Evidence { by: column::email_or_null(&row, "deleted_by")?, at: Some(at) })
        }
    }))
}

/// A company that is there.
pub(crate) fn present(read: &mut Read<'_>, portal: &PortalId, id: &CompanyId) -> Result<Option<Company>, StoreError> {
    Ok(match by_id(read, portal, id)? {
        Some(CompanyState::Here(company)) => Some(company),
        Some(CompanyState::Deleted(_)) | None => None,
    })
}

/// Companies with this name key (MAP-5), oldest first.
pub(crate) fn by_name_key(read: &mut Read<'_>, portal: &PortalId, key: &str) -> Result<Vec<Company>, StoreError> {
    read.rows(&BY_NAME_KEY, &[portal.as_str().into(), key.into()])?.iter().map(of_row).collect()
}

/// Companies by folded name after (name key, id), each with its name key.
pub(crate) fn page(
    read: &mut Read<'_>,
    portal: &PortalId,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<(String, Company)>, StoreError> {
    let binds = [portal.as_str().into(), after.0.into(), after.1.into(), limit.into()];
    read.rows(&PAGE, &binds)?.iter().map(|row| Ok((row.text("name_key")?, of_row(row)?))).collect()
}

/// As [`page`], with the numbers of a list.
pub(crate) fn page_with_counts(
    read: &mut Read<'_>,
    portal: &PortalId,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<(String, CompanyRow)>, StoreError> {
    let binds = [portal.as_str().into(), after.0.into(), after.1.into(), limit.into()];
    read.rows(&PAGE_WITH_COUNTS, &binds)?
        .iter()
        .map(|row| {
            let listed = CompanyRow {
                company: of_row(row)?,
                client_users: column::count(row, "client_users")?,
                projects: column::count(row, "projects")?,
            };
            Ok((row.text("name_key")?, listed))
        })
        .collect()
}

pub(crate) fn insert(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    company: &Company,
    by: &str,
    now: i64,
) -> Result<(), StoreError> {
    let binds = [
        portal.as_str().into(),
        company.id.as_str().into(),
        company.name.as_str().into(),
        naming::name_key(&company.name).into(),
        by.into(),
        now.into(),
    ];
    tx.execute(&INSERT, &binds).map(|_| ())
}

pub(crate) fn rename(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    id: &CompanyId,
    name: &str,
) -> Result<Option<i64>, StoreError> {
    let binds = [portal.as_str().into(), id.as_str().into(), name.into(), naming::name_key(name).into()];
    tx.row(&RENAME, &binds)?.map(|row| row.int("version")).transpose()
}

pub(crate) fn mark_deleted(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    id: &CompanyId,
    by: &str,
    now: i64,
) -> Result<Option<i64>, StoreError> {
    let binds = [portal.as_str().into(), id.as_str().into(), now.into(), by.into()];
    tx.row(&MARK_DELETED, &binds)?.map(|row| row.int("version")).transpose()
}

/// Takes a row away as if it had never been.
pub(crate) fn erase(tx: &mut Tx<'_>, portal: &PortalId, id: &CompanyId) -> Result<(), StoreError> {
    tx.execute(&ERASE, &[portal.as_str().into(), id.as_str().into()]).map(|_| ())
}

/// Companies of a project, primary first.
pub(crate) fn of_project(
    read: &mut Read<'_>,
    portal: &PortalId,
    project: &ProjectId,
) -> Result<Vec<Company>, StoreError> {
    read.rows(&OF_PROJECT, &[portal.as_str().into(), project.as_str().into()])?.iter().map(of_row).collect()
}

/// Projects of a company, closed ones too, by folded name.
pub(crate) fn projects_of(
    read: &mut Read<'_>,
    portal: &PortalId,
    company: &CompanyId,
) -> Result<Vec<ProjectId>, StoreError> {
    let rows = read.rows(&PROJECTS_OF, &[portal.as_str().into(), company.as_str().into()])?;
    rows.iter().map(|row| row.text("id").map(ProjectId::new)).collect()
}

/// Replaces the companies of a project, primary first.
pub(crate) fn set_for_project(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    project: &ProjectId,
    companies: &[CompanyId],
) -> Result<(), StoreError> {
    tx.execute(&TAKE_OFF_ALL, &[portal.as_str().into(), project.as_str().into()])?;
    for (place, company) in (0_i64..).zip(companies) {
        let binds = [portal.as_str().into(), project.as_str().into(), company.as_str().into(), place.into()];
        tx.execute(&PUT_ON, &binds)?;
    }
    Ok(())
}

impl Company {
    /// The company as the bridge sees it.
    pub(crate) fn port(&self) -> ports::Company {
        ports::Company { id: self.id.clone(), version: Version::counter(self.version), name: self.name.clone() }
    }
}

fn of_row(row: &Row) -> Result<Company, StoreError> {
    Ok(Company { id: CompanyId::new(row.text("id")?), name: row.text("name")?, version: row.int("version")? })
}
