//! Users of a portal, client users too: one row a person, by address.

use std::fmt;

use ports::{CompanyId, Email, Moment, PortalId, ProjectsUserCard};
use store::{Bind, Read, Row, Sql, StoreError, Tx};

use crate::column;
use crate::naming;
use crate::permission::Profile;

/// A user of a portal (`zpuid` on the wire).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(String);

impl UserId {
    /// Takes an id as the store gave it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A person as lists and tasks name one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The id in the portal.
    pub id: UserId,
    /// The address.
    pub email: Email,
    /// The name shown.
    pub name: String,
    /// Inactive people keep their tasks, and get no new ones.
    pub is_active: bool,
    /// Whether the person is a client user.
    pub is_client: bool,
}

/// A user of a portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id in the portal.
    pub id: UserId,
    /// The address, folded.
    pub email: Email,
    /// The name shown.
    pub name: String,
    /// What the person may do (ACT-1).
    pub profile: Profile,
    /// A label; may be empty.
    pub role: String,
    /// The company of a client user; nobody else has one.
    pub company: Option<CompanyId>,
    /// Inactive users cannot do anything and get no tasks.
    pub is_active: bool,
    /// When the last invitation was sent; nobody is invited who has a password already.
    pub invited_at: Option<Moment>,
    /// Counts the changes.
    pub version: i64,
}

impl User {
    /// The person as lists name one.
    pub fn person(&self) -> Person {
        Person {
            id: self.id.clone(),
            email: self.email.clone(),
            name: self.name.clone(),
            is_active: self.is_active,
            is_client: self.profile == Profile::Client,
        }
    }

    /// The person as the bridge sees one.
    pub(crate) fn card(&self) -> ProjectsUserCard {
        ProjectsUserCard {
            email: self.email.clone(),
            name: self.name.clone(),
            id: self.id.to_string(),
            is_active: self.is_active,
            client_of: self.company.clone(),
            rights: if self.is_active { self.profile.rights() } else { ports::Rights::default() },
        }
    }
}

const BY_EMAIL: Sql = Sql::hot(
    "select id, email, name, profile, role, company_id, is_active, invited_at, version \
     from projects_user where portal_id = $1 and email = $2",
);
const BY_ID: Sql = Sql::hot(
    "select id, email, name, profile, role, company_id, is_active, invited_at, version \
     from projects_user where portal_id = $1 and id = $2",
);
const OF_COMPANY: Sql = Sql::new(
    "select id, email, name, profile, role, company_id, is_active, invited_at, version \
     from projects_user where portal_id = $1 and company_id = $2 and company_id <> '' order by name_key, id",
);
const ALL: Sql = Sql::new(
    "select id, email, name, profile, role, company_id, is_active, invited_at, version \
     from projects_user where portal_id = $1 order by name_key, id",
);
const INSERT: Sql = Sql::new(
    "insert into projects_user (portal_id, id, email, name, name_key, profile, role, company_id, is_active, \
     invited_at, created_by, created_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, 1) \
     on conflict do nothing",
);
const UPDATE: Sql = Sql::new(
    "update projects_user set name = $3, name_key = $4, profile = $5, role = $6, company_id = $7, is_active = $8, \
     invited_at = $9, version = version + 1 where portal_id = $1 and id = $2 returning version",
);
const RENAME: Sql = Sql::new(
    "update projects_user set name = $3, name_key = $4, version = version + 1 where portal_id = $1 and id = $2 \
     and name <> $3",
);
const PORTALS_OF: Sql = Sql::new("select portal_id, id from projects_user where email = $1");
const IS_USED: Sql = Sql::new(
    "select 1 as found where exists (select 1 from projects_member where portal_id = $1 and user_id = $2) \
     or exists (select 1 from projects_task_owner where portal_id = $1 and user_id = $2) \
     or exists (select 1 from projects_project where portal_id = $1 and owner_id = $2)",
);
const DELETE: Sql = Sql::new("delete from projects_user where portal_id = $1 and id = $2");

/// What a new row needs beside the person.
pub(crate) struct NewUser<'a> {
    pub(crate) id: &'a UserId,
    pub(crate) email: &'a Email,
    pub(crate) name: &'a str,
    pub(crate) profile: Profile,
    pub(crate) role: &'a str,
    pub(crate) company: Option<&'a CompanyId>,
    pub(crate) invited_at: Option<Moment>,
    pub(crate) created_by: &'a str,
    pub(crate) now: Moment,
}

pub(crate) fn by_email(read: &mut Read<'_>, portal: &PortalId, email: &Email) -> Result<Option<User>, StoreError> {
    read.row(&BY_EMAIL, &[portal.as_str().into(), email.as_str().into()])?.as_ref().map(of_row).transpose()
}

pub(crate) fn by_id(read: &mut Read<'_>, portal: &PortalId, id: &UserId) -> Result<Option<User>, StoreError> {
    read.row(&BY_ID, &[portal.as_str().into(), id.as_str().into()])?.as_ref().map(of_row).transpose()
}

/// All users of a portal, inactive and client users too, by name.
pub(crate) fn all(read: &mut Read<'_>, portal: &PortalId) -> Result<Vec<User>, StoreError> {
    read.rows(&ALL, &[portal.as_str().into()])?.iter().map(of_row).collect()
}

/// Client users of a company, by name.
pub(crate) fn of_company(read: &mut Read<'_>, portal: &PortalId, company: &CompanyId) -> Result<Vec<User>, StoreError> {
    read.rows(&OF_COMPANY, &[portal.as_str().into(), company.as_str().into()])?.iter().map(of_row).collect()
}

/// Adds a row; false if the address is there already.
pub(crate) fn insert(tx: &mut Tx<'_>, portal: &PortalId, user: &NewUser<'_>) -> Result<bool, StoreError> {
    let binds: [Bind; 11] = [
        portal.as_str().into(),
        user.id.as_str().into(),
        user.email.as_str().into(),
        user.name.into(),
        naming::name_key(user.name).into(),
        user.profile.code().into(),
        user.role.into(),
        user.company.map_or("", CompanyId::as_str).into(),
        user.invited_at.map(Moment::ms).into(),
        user.created_by.into(),
        user.now.ms().into(),
    ];
    Ok(tx.execute(&INSERT, &binds)? == 1)
}

/// Writes everything but id and address; answers the new version.
pub(crate) fn update(tx: &mut Tx<'_>, portal: &PortalId, user: &User) -> Result<i64, StoreError> {
    let binds: [Bind; 9] = [
        portal.as_str().into(),
        user.id.as_str().into(),
        user.name.as_str().into(),
        naming::name_key(&user.name).into(),
        user.profile.code().into(),
        user.role.as_str().into(),
        user.company.as_ref().map_or("", CompanyId::as_str).into(),
        user.is_active.into(),
        user.invited_at.map(Moment::ms).into(),
    ];
    tx.row(&UPDATE, &binds)?.map_or(Ok(user.version), |row| row.int("version"))
}

/// Writes the name that a person has chosen into every portal that knows the person.
pub(crate) fn rename_everywhere(tx: &mut Tx<'_>, email: &Email, name: &str) -> Result<(), StoreError> {
    for row in tx.rows(&PORTALS_OF, &[email.as_str().into()])? {
        let binds = [row.text("portal_id")?.into(), row.text("id")?.into(), name.into(), naming::name_key(name).into()];
        tx.execute(&RENAME, &binds)?;
    }
    Ok(())
}

/// Whether something in the portal belongs to the person.
pub(crate) fn is_used(read: &mut Read<'_>, portal: &PortalId, id: &UserId) -> Result<bool, StoreError> {
    Ok(read.row(&IS_USED, &[portal.as_str().into(), id.as_str().into()])?.is_some())
}

/// Takes a row away as if it had never been.
pub(crate) fn delete(tx: &mut Tx<'_>, portal: &PortalId, id: &UserId) -> Result<(), StoreError> {
    tx.execute(&DELETE, &[portal.as_str().into(), id.as_str().into()]).map(|_| ())
}

fn of_row(row: &Row) -> Result<User, StoreError> {
    let profile = row.text("profile")?;
    let company = row.text("company_id")?;
    Ok(User {
        id: UserId(row.text("id")?),
        email: column::email(row, "email")?,
        name: row.text("name")?,
        profile: Profile::parse(&profile).ok_or_else(|| column::unknown_word("profile", &profile))?,
        role: row.text("role")?,
        company: (!company.is_empty()).then(|| CompanyId::new(company)),
        is_active: row.flag("is_active")?,
        invited_at: column::moment_or_null(row, "invited_at")?,
        version: row.int("version")?,
    })
}

/// A person from columns `id, email, name, profile, is_active` with a prefix.
pub(crate) fn person_of_row(row: &Row, prefix: &str) -> Result<Person, StoreError> {
    Ok(Person {
        id: UserId(row.text(&format!("{prefix}_id"))?),
        email: column::email(row, &format!("{prefix}_email"))?,
        name: row.text(&format!("{prefix}_name"))?,
        is_active: row.flag(&format!("{prefix}_is_active"))?,
        is_client: row.text(&format!("{prefix}_profile"))? == Profile::Client.code(),
    })
}
