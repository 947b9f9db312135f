//! Users of an organisation: who may use the CRM, with which profile.

use std::collections::BTreeMap;

use ports::{Acting, Email, Moment, Reason, Tenant};
use store::{FeedEntry, LockKey, Read, Row, Sql, StoreError, Tx};

use crate::Crm;
use crate::error::{CrmError, FieldError, Problem};
use crate::permission::Scope;

/// What a user may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Everything, settings and users included.
    Administrator,
    /// All records.
    Standard,
}

impl Profile {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Administrator, Self::Standard];

    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Standard => "standard",
        }
    }

    /// Reads [`Profile::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.code() == code)
    }
}

/// A user of an organisation. Names and languages of people are in `identity`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id in the organisation.
    pub id: String,
    /// The address, also the key of the person's account.
    pub email: Email,
    /// What the user may.
    pub profile: Profile,
    /// Inactive users count as none; what they own stays theirs.
    pub is_active: bool,
    /// For "changed meanwhile" checks.
    pub version: i64,
    /// When the user was added.
    pub created_at: Moment,
}

/// What an inactive user leaves behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owned {
    /// Open tasks.
    pub open_tasks: i64,
    /// Deals that are not decided.
    pub open_deals: i64,
}

const BY_EMAIL: Sql = Sql::hot(
    "select id, email, profile, is_active, version, created_at from crm_user \
     where organisation_id = $1 and email = $2",
);
const ALL: Sql = Sql::new(
    "select id, email, profile, is_active, version, created_at from crm_user \
     where organisation_id = $1 order by is_active desc, email",
);
const INSERT: Sql = Sql::new(
    "insert into crm_user (organisation_id, id, email, profile, is_active, version, created_at) \
     values ($1, $2, $3, $4, 1, 1, $5) on conflict do nothing",
);
const UPDATE: Sql = Sql::new(
    "update crm_user set profile = $3, is_active = $4, version = version + 1 where organisation_id = $1 and id = $2",
);
const ADMINISTRATORS: Sql = Sql::new(
    "select count(*) as administrators from crm_user \
     where organisation_id = $1 and profile = 'administrator' and is_active = 1",
);
const ANY: Sql = Sql::new("select id from crm_user where organisation_id = $1 limit 1");
const OPEN_TASKS: Sql = Sql::new(
    "select owner_id, count(*) as number from crm_task \
     where organisation_id = $1 and is_closed = 0 and deleted_at is null group by owner_id",
);
const OPEN_DEALS: Sql = Sql::new(
    "select owner_id, count(*) as number from crm_record \
     where organisation_id = $1 and module = 'deal' and stage_class = 'open' and deleted_at is null group by owner_id",
);

pub(crate) fn by_email(read: &mut Read<'_>, organisation: &str, email: &Email) -> Result<Option<User>, StoreError> {
    read.row(&BY_EMAIL, &[organisation.into(), email.as_str().into()])?.map(|row| user(&row)).transpose()
}

/// All users, active first, by address.
pub(crate) fn all(read: &mut Read<'_>, organisation: &str) -> Result<Vec<User>, StoreError> {
    read.rows(&ALL, &[organisation.into()])?.iter().map(user).collect()
}

/// The names of all users, to find those that a text mentions.
pub(crate) fn everybody(read: &mut Read<'_>, organisation: &str) -> Result<Vec<String>, CrmError> {
    let emails: Vec<Email> = all(read, organisation)?.into_iter().map(|user| user.email).collect();
    Ok(names(read, &emails)?.into_values().collect())
}

/// The names of people; an address without an account stands for itself.
pub(crate) fn names(read: &mut Read<'_>, emails: &[Email]) -> Result<BTreeMap<Email, String>, CrmError> {
    identity::account::names(read, emails).map_err(|error| CrmError::Store(StoreError::Other(error.to_string())))
}

/// Adds the first user of an organisation, an administrator, in a transaction of the set-up.
///
/// Errors: `no_permission` if the organisation has users: then an administrator adds more.
pub fn found(tx: &mut Tx<'_>, tenant: &Tenant, email: &Email, id: &str, now: Moment) -> Result<(), CrmError> {
    let organisation = tenant.organisation.as_str();
    tx.lock(users_of(organisation))?;
    if tx.row(&ANY, &[organisation.into()])?.is_some() {
        return Err(CrmError::Refused(Reason::NoPermission { person: Some(email.to_string()) }));
    }
    insert(tx, organisation, email, Profile::Administrator, id, now)?;
    Ok(())
}

impl Crm {
    /// Adds the first user of an organisation, an administrator.
    ///
    /// Errors: `no_permission` if the organisation has users: then an administrator adds more.
    pub fn found_organisation(&self, tenant: &Tenant, email: &Email) -> Result<(), CrmError> {
        let (id, now) = (self.next_id(), self.now());
        self.db().write(|tx| found(tx, tenant, email, &id, now))
    }

    /// The acting person's own user; `no_permission` for everybody who may not use the CRM.
    pub fn me(&self, acting: &Acting) -> Result<User, CrmError> {
        self.db().read(|read| Ok(Scope::of(read, acting)?.user().clone()))
    }

    /// All users, active first, by address. Every user may see who the others are.
    pub fn users(&self, acting: &Acting) -> Result<Vec<User>, CrmError> {
        self.db().read(|read| {
            let scope = Scope::of(read, acting)?;
            Ok(all(read, scope.organisation())?)
        })
    }

    /// How much of what is open each user owns, by user id; who owns nothing is left out.
    pub fn owned(&self, acting: &Acting) -> Result<BTreeMap<String, Owned>, CrmError> {
        self.db().read(|read| {
            let scope = Scope::of(read, acting)?;
            let mut owned = BTreeMap::<String, Owned>::new();
            for row in read.rows(&OPEN_TASKS, &[scope.bind()])? {
                owned.entry(row.text("owner_id")?).or_default().open_tasks = row.int("number")?;
            }
            for row in read.rows(&OPEN_DEALS, &[scope.bind()])? {
                owned.entry(row.text("owner_id")?).or_default().open_deals = row.int("number")?;
            }
            Ok(owned)
        })
    }

    /// Adds a user. A user who was deactivated becomes active again, with the profile given.
    ///
    /// Errors: `no_permission` unless an administrator asks; as [`Crm::change_user`] for somebody who is a user.
    pub fn add_user(&self, acting: &Acting, email: &Email, profile: Profile) -> Result<User, CrmError> {
        let (id, now) = (self.next_id(), self.now());
        self.db().write(|tx| {
            let scope = Scope::of_administrator(tx, acting)?;
            tx.lock(users_of(scope.organisation()))?;
            match by_email(tx, scope.organisation(), email)? {
                Some(present) => change(tx, &scope, &present, profile, true),
                None => {
                    insert(tx, scope.organisation(), email, profile, &id, now)?;
                    let added = by_email(tx, scope.organisation(), email)?.ok_or(CrmError::NotFound)?;
                    tell(tx, &scope, &added)?;
                    Ok(added)
                }
            }
        })
    }

    /// Changes profile and activity of a user.
    ///
    /// Errors: `no_permission` unless an administrator asks; `last_administrator` if no active one would be left;
    /// `NotFound`.
    pub fn change_user(
        &self,
        acting: &Acting,
        email: &Email,
        profile: Profile,
        is_active: bool,
    ) -> Result<User, CrmError> {
        self.db().write(|tx| {
            let scope = Scope::of_administrator(tx, acting)?;
            tx.lock(users_of(scope.organisation()))?;
            let present = by_email(tx, scope.organisation(), email)?.ok_or(CrmError::NotFound)?;
            change(tx, &scope, &present, profile, is_active)
        })
    }

    /// Active administrators of an organisation, by address: who is told of what concerns it.
    pub fn administrators(&self, organisation: &ports::OrganisationId) -> Result<Vec<Email>, CrmError> {
        let users = self.db().read(|read| all(read, organisation.as_str()))?;
        let is_one = |user: &User| user.is_active && user.profile == Profile::Administrator;
        Ok(users.into_iter().filter(is_one).map(|user| user.email).collect())
    }

    /// Deactivates a user: the person cannot use the CRM any more, and keeps what he owns.
    ///
    /// Errors: as [`Crm::change_user`].
    pub fn deactivate_user(&self, acting: &Acting, email: &Email) -> Result<User, CrmError> {
        self.switch_user(acting, email, false)
    }

    /// Makes a deactivated user active again.
    ///
    /// Errors: as [`Crm::change_user`].
    pub fn activate_user(&self, acting: &Acting, email: &Email) -> Result<User, CrmError> {
        self.switch_user(acting, email, true)
    }

    fn switch_user(&self, acting: &Acting, email: &Email, is_active: bool) -> Result<User, CrmError> {
        self.db().write(|tx| {
            let scope = Scope::of_administrator(tx, acting)?;
            tx.lock(users_of(scope.organisation()))?;
            let present = by_email(tx, scope.organisation(), email)?.ok_or(CrmError::NotFound)?;
            change(tx, &scope, &present, present.profile, is_active)
        })
    }
}

fn change(tx: &mut Tx<'_>, scope: &Scope, present: &User, profile: Profile, is_active: bool) -> Result<User, CrmError> {
    if (present.profile, present.is_active) == (profile, is_active) {
        return Ok(present.clone());
    }
    let was_administrator = present.is_active && present.profile == Profile::Administrator;
    let is_administrator = is_active && profile == Profile::Administrator;
    if was_administrator && !is_administrator {
        let left = tx.row(&ADMINISTRATORS, &[scope.bind()])?.map_or(Ok(0), |row| row.int("administrators"))?;
        if left <= 1 {
            return Err(CrmError::Invalid(vec![FieldError::new("profile", Problem::LastAdministrator)]));
        }
    }
    let id = present.id.as_str().into();
    tx.execute(&UPDATE, &[scope.bind(), id, profile.code().into(), is_active.into()])?;
    let changed = User { profile, is_active, version: present.version + 1, ..present.clone() };
    tell(tx, scope, &changed)?;
    Ok(changed)
}

fn insert(
    tx: &mut Tx<'_>,
    organisation: &str,
    email: &Email,
    profile: Profile,
    id: &str,
    now: Moment,
) -> Result<(), StoreError> {
    let binds = [organisation.into(), id.into(), email.as_str().into(), profile.code().into(), now.ms().into()];
    tx.execute(&INSERT, &binds).map(|_| ())
}

fn tell(tx: &mut Tx<'_>, scope: &Scope, user: &User) -> Result<(), StoreError> {
    tx.feed(&FeedEntry {
        feed: crate::FEED,
        tenant: scope.organisation(),
        kind: "user",
        record: &user.id,
        version: user.version,
        audience: scope.organisation(),
        origin: scope.origin().code(),
    })
}

/// Rules over all users of an organisation run one by one.
fn users_of(organisation: &str) -> LockKey {
    LockKey::new("crm_users", organisation)
}

fn user(row: &Row) -> Result<User, StoreError> {
    let profile = row.text("profile")?;
    Ok(User {
        id: row.text("id")?,
        email: crate::record::email(row, "email")?,
        profile: Profile::parse(&profile)
            .ok_or_else(|| StoreError::Other(format!("column profile: {profile:?} is no profile")))?,
        is_active: row.flag("is_active")?,
        version: row.int("version")?,
        created_at: Moment::from_ms(row.int("created_at")?),
    })
}
