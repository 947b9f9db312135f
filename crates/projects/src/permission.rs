//! Who may do what: the rights of the profiles as data, the caller of a service, and the scope of his lists.

use ports::{Access, Acting, Email, PortalId, Rights, Tenant};
use store::{Bind, Read};

use crate::error::ProjectsError;
use crate::user::{self, User, UserId};

/// What a person may do is set by the profile; the role is only a label (ACT-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// Exactly one per portal.
    Owner,
    /// Everything inside the portal.
    Administrator,
    /// Everything in his projects; makes projects, adds users.
    Manager,
    /// Works in his projects.
    Employee,
    /// Like an employee for a limited time.
    Contractor,
    /// Belongs to a client company; sees what is external.
    Client,
}

/// Which projects or tasks a right reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    None,
    All,
    WhereMember,
    /// Projects he owns, tasks he made.
    Own,
    /// External tasks where he is a member.
    External,
}

/// One row of the table "Who may".
struct Row {
    sees: Reach,
    changes_projects: Reach,
    edits_tasks: Reach,
    deletes_tasks: Reach,
    /// Portal settings, mapping, CRM details, deleting projects, deactivating users.
    administers: bool,
    creates_projects: bool,
    adds_users: bool,
}

impl Profile {
    /// All profiles, most powerful first.
    pub const ALL: [Self; 6] =
        [Self::Owner, Self::Administrator, Self::Manager, Self::Employee, Self::Contractor, Self::Client];

    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Administrator => "administrator",
            Self::Manager => "manager",
            Self::Employee => "employee",
            Self::Contractor => "contractor",
            Self::Client => "client",
        }
    }

    /// Reads the stored word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.code() == code)
    }

    fn row(self) -> Row {
        match self {
            Self::Owner | Self::Administrator => Row {
                sees: Reach::All,
                changes_projects: Reach::All,
                edits_tasks: Reach::All,
                deletes_tasks: Reach::All,
                administers: true,
                creates_projects: true,
                adds_users: true,
            },
            Self::Manager => Row {
                sees: Reach::WhereMember,
                changes_projects: Reach::WhereMember,
                edits_tasks: Reach::WhereMember,
                deletes_tasks: Reach::WhereMember,
                administers: false,
                creates_projects: true,
                adds_users: true,
            },
            Self::Employee | Self::Contractor => Row {
                sees: Reach::WhereMember,
                changes_projects: Reach::Own,
                edits_tasks: Reach::WhereMember,
                deletes_tasks: Reach::Own,
                administers: false,
                creates_projects: false,
                adds_users: false,
            },
            Self::Client => Row {
                sees: Reach::WhereMember,
                changes_projects: Reach::None,
                edits_tasks: Reach::External,
                deletes_tasks: Reach::None,
                administers: false,
                creates_projects: false,
                adds_users: false,
            },
        }
    }

    /// The rights that do not depend on a project.
    pub fn rights(self) -> Rights {
        let row = self.row();
        Rights {
            is_administrator: row.administers,
            may_create_projects: row.creates_projects,
            may_add_users: row.adds_users,
            may_see_crm_details: row.administers,
        }
    }

    /// Profiles that a person of this one may give to others: never above his own, and never a second owner.
    pub fn may_give(self, other: Self) -> bool {
        self.row().adds_users && !matches!(other, Self::Owner) && other >= self
    }
}

/// A project as far as rights depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) owner: UserId,
    pub(crate) is_member: bool,
}

/// The person behind a call: an active user of the portal.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) portal: PortalId,
    pub(crate) tenant: Tenant,
    pub(crate) user: User,
    pub(crate) origin: ports::Origin,
}

/// Which projects and tasks a list may show. Only this file makes one, so that the right is in the SQL.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    is_all: bool,
    is_external: bool,
    user: UserId,
}

impl Caller {
    /// The acting person, if an active user of the portal.
    ///
    /// Errors: refused `no_permission` for anybody else.
    pub(crate) fn of(read: &mut Read<'_>, acting: &Acting) -> Result<Self, ProjectsError> {
        let portal = acting.tenant.portal.clone();
        match user::by_email(read, &portal, &acting.email)? {
            Some(user) if user.is_active => {
                Ok(Self { portal, tenant: acting.tenant.clone(), user, origin: acting.origin })
            }
            Some(_) | None => Err(ProjectsError::no_permission(&acting.email)),
        }
    }

    pub(crate) fn email(&self) -> &Email {
        &self.user.email
    }

    pub(crate) fn rights(&self) -> Rights {
        self.user.profile.rights()
    }

    pub(crate) fn is_client(&self) -> bool {
        self.user.profile == Profile::Client
    }

    pub(crate) fn sees(&self, project: &Standing) -> bool {
        self.reaches(self.user.profile.row().sees, project)
    }

    pub(crate) fn changes_project(&self, project: &Standing) -> bool {
        self.reaches(self.user.profile.row().changes_projects, project)
    }

    /// Whether the person may add or edit a task; for client users only external ones.
    pub(crate) fn edits_task(&self, project: &Standing, is_external: bool) -> bool {
        let reach = self.user.profile.row().edits_tasks;
        (is_external || reach != Reach::External) && self.reaches(reach, project)
    }

    pub(crate) fn deletes_task(&self, project: &Standing, created_by: &Email) -> bool {
        match self.user.profile.row().deletes_tasks {
            Reach::Own => self.sees(project) && created_by == self.email(),
            reach @ (Reach::None | Reach::All | Reach::WhereMember | Reach::External) => self.reaches(reach, project),
        }
    }

    /// What the bridge may let the person do in a project.
    pub(crate) fn access(&self, project: &Standing) -> Access {
        Self::access_of(&self.user, project)
    }

    /// What the bridge may let a user do in a project; adding to the CRM is never a client user's (TASK-14).
    pub(crate) fn access_of(user: &User, project: &Standing) -> Access {
        let row = user.profile.row();
        let reaches = |reach| reaches(user, reach, project);
        Access {
            sees: reaches(row.sees),
            edits_tasks: row.edits_tasks != Reach::External && reaches(row.edits_tasks),
            changes_project: reaches(row.changes_projects),
        }
    }

    pub(crate) fn scope(&self) -> Scope {
        Scope {
            is_all: self.user.profile.row().sees == Reach::All,
            is_external: self.is_client(),
            user: self.user.id.clone(),
        }
    }

    /// Errors: refused `no_permission` unless `is_allowed`.
    pub(crate) fn require(&self, is_allowed: bool) -> Result<(), ProjectsError> {
        if is_allowed { Ok(()) } else { Err(ProjectsError::no_permission(self.email())) }
    }

    fn reaches(&self, reach: Reach, project: &Standing) -> bool {
        reaches(&self.user, reach, project)
    }
}

fn reaches(user: &User, reach: Reach, project: &Standing) -> bool {
    match reach {
        Reach::None => false,
        Reach::All => true,
        Reach::WhereMember | Reach::External => project.is_member,
        Reach::Own => project.is_member && project.owner == user.id,
    }
}

impl Scope {
    /// The scope of a list that shows everything to whoever the program itself asks for, as a side does.
    pub(crate) fn of_side(user: Option<&User>) -> Self {
        match user {
            Some(user) => Self {
                is_all: user.profile.row().sees == Reach::All,
                is_external: user.profile == Profile::Client,
                user: user.id.clone(),
            },
            None => Self { is_all: false, is_external: false, user: UserId::new("") },
        }
    }

    /// Values of a condition `($a = 1 or exists (… user_id = $b))`.
    pub(crate) fn binds(&self) -> [Bind; 2] {
        [self.is_all.into(), self.user.as_str().into()]
    }

    /// Whether only external tasks and comments that are not internal may be shown.
    pub(crate) fn is_external(&self) -> bool {
        self.is_external
    }
}

#[cfg(test)]
mod tests {
    use super::Profile;

    #[test]
    fn act_1_rights_follow_the_profile() {
        let rights = |profile: Profile| {
            let rights = profile.rights();
            (rights.is_administrator, rights.may_create_projects, rights.may_add_users, rights.may_see_crm_details)
        };
        for (profile, expected) in [
            (Profile::Owner, (true, true, true, true)),
            (Profile::Administrator, (true, true, true, true)),
            (Profile::Manager, (false, true, true, false)),
            (Profile::Employee, (false, false, false, false)),
            (Profile::Contractor, (false, false, false, false)),
            (Profile::Client, (false, false, false, false)),
        ] {
            assert_eq!(rights(profile), expected, "{profile:?}");
            assert_eq!(Profile::parse(profile.code()), Some(profile));
        }
    }

    #[test]
    fn act_1_nobody_gives_more_than_he_has() {
        for (giver, given, may) in [
            (Profile::Owner, Profile::Owner, false),
            (Profile::Owner, Profile::Administrator, true),
            (Profile::Manager, Profile::Administrator, false),
            (Profile::Manager, Profile::Manager, true),
            (Profile::Manager, Profile::Client, true),
            (Profile::Employee, Profile::Contractor, false),
        ] {
            assert_eq!(giver.may_give(given), may, "{giver:?} gives {given:?}");
        }
    }
}
