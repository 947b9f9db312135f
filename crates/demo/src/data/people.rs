//! People of the demo: users of both apps, and client users.

use super::Name;

/// A user. No profile on a side means no account there.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// Key.
    pub key: &'static str,
    /// Display name.
    pub name: Name,
    /// Address.
    pub email: &'static str,
    /// Profile in the CRM.
    pub crm: Option<CrmProfile>,
    /// Whether the CRM user is active.
    pub is_active_in_crm: bool,
    /// Profile in the portal.
    pub portal: Option<PortalProfile>,
    /// Time zone.
    pub zone: &'static str,
    /// Language of pages and mails: `en` or `zh-CN`.
    pub language: &'static str,
}

/// Profiles of the CRM app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrmProfile {
    /// Everything.
    Administrator,
    /// Every record.
    Standard,
}

/// Profiles of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortalProfile {
    /// The one owner.
    Owner,
    /// Everything inside the portal.
    Administrator,
    /// Everything at project level.
    Manager,
    /// Works in his projects.
    Employee,
    /// Like an employee, for a limited time.
    Contractor,
}

/// A client user.
#[derive(Clone, Copy, Debug)]
pub struct ClientUser {
    /// Key.
    pub key: &'static str,
    /// Name.
    pub name: &'static str,
    /// Address.
    pub email: &'static str,
    /// Key of the client company.
    pub company: &'static str,
}

const fn person(
    key: &'static str,
    name: Name,
    email: &'static str,
    crm: Option<CrmProfile>,
    portal: Option<PortalProfile>,
    zone: &'static str,
    language: &'static str,
) -> Person {
    Person { key, name, email, crm, is_active_in_crm: true, portal, zone, language }
}

use CrmProfile::Standard;
use PortalProfile::{Contractor, Employee, Manager, Owner};

/// Users, administrator first.
pub const PEOPLE: &[Person] = &[
    person(
        "U1",
        Name::new("Administrator", "管理员"),
        "admin@zylker.example",
        Some(CrmProfile::Administrator),
        Some(PortalProfile::Administrator),
        "Europe/Berlin",
        "en",
    ),
    person(
        "U2",
        Name::new("Portal Owner", "门户所有者"),
        "owner@zylker.example",
        None,
        Some(Owner),
        "Asia/Shanghai",
        "en",
    ),
    person(
        "U3",
        Name::new("Sales Manager", "销售经理"),
        "sales.manager@zylker.example",
        Some(Standard),
        Some(Manager),
        "America/Los_Angeles",
        "en",
    ),
    person(
        "U4",
        Name::new("Migration Lead", "迁移负责人"),
        "migration.lead@zylker.example",
        Some(Standard),
        Some(Employee),
        "Europe/London",
        "en",
    ),
    person(
        "U5",
        Name::new("Account Manager", "客户经理"),
        "account.manager@zylker.example",
        Some(Standard),
        Some(Employee),
        "Asia/Tokyo",
        "en",
    ),
    person(
        "U6",
        Name::new("Sales Representative", "销售代表"),
        "sales.rep@zylker.example",
        Some(Standard),
        None,
        "America/New_York",
        "en",
    ),
    person(
        "U7",
        Name::new("Sales Representative China", "中国区销售代表"),
        "sales.rep.cn@zylker.example",
        Some(Standard),
        Some(Employee),
        "Asia/Shanghai",
        "zh-CN",
    ),
    person(
        "U8",
        Name::new("Support Engineer", "支持工程师"),
        "support.engineer@zylker.example",
        Some(Standard),
        Some(Employee),
        "Europe/London",
        "en",
    ),
    person(
        "U9",
        Name::new("Project Manager", "项目经理"),
        "project.manager@zylker.example",
        None,
        Some(Manager),
        "Europe/Berlin",
        "en",
    ),
    person(
        "U10",
        Name::new("Network Engineer", "网络工程师"),
        "network.engineer@zylker.example",
        None,
        Some(Employee),
        "Asia/Shanghai",
        "zh-CN",
    ),
    person(
        "U11",
        Name::new("Contractor", "承包商"),
        "contractor@zylker.example",
        None,
        Some(Contractor),
        "Africa/Nairobi",
        "en",
    ),
    Person {
        key: "U12",
        name: Name::new("Former Representative", "前销售代表"),
        email: "former.rep@zylker.example",
        crm: Some(Standard),
        is_active_in_crm: false,
        portal: None,
        zone: "America/New_York",
        language: "en",
    },
];

/// Client users.
pub const CLIENT_USERS: &[ClientUser] = &[
    ClientUser { key: "CU1", name: "Ana Silva", email: "it.manager@software-customer.example", company: "C1" },
    ClientUser { key: "CU2", name: "Kenji Mori", email: "network.lead@hospital-customer.example", company: "C2" },
    ClientUser { key: "CU3", name: "Nora Haddad", email: "depot.manager@logistics-customer.example", company: "C3" },
];
