//! The sidebar and the tab bar: what is built, and what the person may enter.

use i18n::Words;

use crate::address::segment;
use crate::session::PersonRights;
use crate::show::{Icon, Tile, icon};

/// Where a page is in the sidebar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Nowhere in it: account settings, errors.
    #[default]
    Nowhere,
    /// `/`
    Home,
    /// `/projects`
    Projects,
    /// A project, by its key.
    Project(String),
    /// `/crm/leads`
    Leads,
    /// `/crm/accounts`
    Accounts,
    /// `/crm/contacts`
    Contacts,
    /// `/crm/deals`
    Deals,
    /// `/crm/tasks`
    CrmTasks,
    /// `/bridge/activity`
    Activity,
    /// `/bridge/mapping`
    Mapping,
    /// `/setup/users/portal`
    PortalUsers,
    /// `/setup/users/crm`
    CrmUsers,
    /// `/setup/mails`
    Outbox,
}

/// One entry.
pub struct Entry {
    /// The address.
    pub href: String,
    /// What is read.
    pub text: String,
    /// An icon, or a project's tile.
    pub mark: Mark,
    /// How many things wait; shown in red.
    pub alert: Option<String>,
    /// Whether the page is this one.
    pub is_here: bool,
}

/// What stands before an entry.
pub enum Mark {
    /// An icon.
    Icon(Icon),
    /// A project's letters.
    Tile(Tile),
}

/// A group with its heading; the first one has none.
pub struct Group {
    /// Used for the id of the heading.
    pub key: &'static str,
    /// The heading; empty for the first group.
    pub heading: &'static str,
    /// The value of `data-app`.
    pub app: &'static str,
    /// The entries.
    pub entries: Vec<Entry>,
}

/// A project of the person, for the sidebar.
#[derive(Clone, Debug)]
pub struct ProjectLink {
    /// Prefix such as DM, also the key in addresses.
    pub key: String,
    /// Id, for the colour.
    pub id: String,
    /// Name.
    pub name: String,
}

/// What the sidebar is made from.
#[derive(Clone, Debug, Default)]
pub struct NavFacts {
    /// Rights of the person.
    pub rights: PersonRights,
    /// Projects of the person, at most [`PROJECTS_MAX`].
    pub projects: Vec<ProjectLink>,
    /// Refused changes that wait for the person.
    pub waiting: u64,
}

/// So many projects stand in the sidebar.
pub const PROJECTS_MAX: usize = 6;

/// The groups of the sidebar.
#[must_use]
pub fn groups(facts: &NavFacts, place: &Place, w: Words) -> Vec<Group> {
    let rights = facts.rights;
    let entry = |own: Place, href: &str, text: &str, name: &'static str| Entry {
        href: href.to_owned(),
        text: text.to_owned(),
        mark: Mark::Icon(icon(name)),
        alert: None,
        is_here: *place == own,
    };
    let mut groups =
        vec![Group { key: "main", heading: "", app: "", entries: vec![entry(Place::Home, "/", w.nav_home(), "home")] }];
    let mut projects = vec![entry(Place::Projects, "/projects", w.nav_all_projects(), "app-projects")];
    projects.extend(facts.projects.iter().take(PROJECTS_MAX).map(|project| Entry {
        href: format!("/projects/{}/tasks", segment(&project.key)),
        text: project.name.clone(),
        mark: Mark::Tile(Tile::project(&project.key, &project.id).small()),
        alert: None,
        is_here: *place == Place::Project(project.key.clone()),
    }));
    if rights.is_portal_user {
        groups.push(Group { key: "projects", heading: w.nav_projects_group(), app: "projects", entries: projects });
    }
    if rights.is_crm_user {
        let entries = vec![
            entry(Place::Leads, "/crm/leads", w.nav_leads(), "lead"),
            entry(Place::Accounts, "/crm/accounts", w.nav_accounts(), "building"),
            entry(Place::Contacts, "/crm/contacts", w.nav_contacts(), "user"),
            entry(Place::Deals, "/crm/deals", w.nav_deals(), "deal"),
            entry(Place::CrmTasks, "/crm/tasks", w.nav_crm_tasks(), "check-sq"),
        ];
        groups.push(Group { key: "crm", heading: w.nav_crm_group(), app: "crm", entries });
    }
    if !rights.is_client {
        let alert = (facts.waiting > 0).then(|| facts.waiting.to_string());
        let activity = entry(Place::Activity, "/bridge/activity", w.nav_sync_activity(), "bridge");
        let mut entries = vec![Entry { alert, ..activity }];
        if rights.is_portal_administrator {
            entries.push(entry(Place::Mapping, "/bridge/mapping", w.nav_account_mapping(), "map"));
        }
        groups.push(Group { key: "bridge", heading: w.nav_bridge_group(), app: "bridge", entries });
    }
    if rights.is_administrator() {
        groups.push(Group { key: "setup", heading: w.nav_setup_group(), app: "", entries: setup(rights, entry, w) });
    }
    groups
}

fn setup(rights: PersonRights, entry: impl Fn(Place, &str, &str, &'static str) -> Entry, w: Words) -> Vec<Entry> {
    let mut entries = Vec::new();
    if rights.is_portal_administrator {
        entries.push(entry(Place::PortalUsers, "/setup/users/portal", w.nav_portal_users(), "users"));
    }
    if rights.is_crm_administrator {
        entries.push(entry(Place::CrmUsers, "/setup/users/crm", w.nav_crm_users(), "user"));
    }
    entries.push(entry(Place::Outbox, "/setup/mails", w.nav_outbox(), "mail"));
    entries
}

/// The bar at the foot of a phone: at most five of the same addresses.
#[must_use]
pub fn tab_bar(facts: &NavFacts, place: &Place, w: Words) -> Vec<Entry> {
    let entry = |href: &str, text: &str, name: &'static str, is_here: bool| Entry {
        href: href.to_owned(),
        text: text.to_owned(),
        mark: Mark::Icon(icon(name)),
        alert: None,
        is_here,
    };
    let is_project = matches!(place, Place::Projects | Place::Project(_));
    let mut entries = vec![entry("/", w.nav_home(), "home", *place == Place::Home)];
    if facts.rights.is_portal_user {
        entries.push(entry("/projects", w.nav_projects_group(), "app-projects", is_project));
    }
    if facts.rights.is_crm_user {
        let is_crm = matches!(place, Place::Leads | Place::Accounts | Place::Contacts | Place::Deals);
        entries.push(entry("/crm/deals", w.nav_deals(), "deal", is_crm));
        entries.push(entry("/crm/tasks", w.nav_crm_tasks(), "app-crm", *place == Place::CrmTasks));
    }
    if !facts.rights.is_client {
        let alert = (facts.waiting > 0).then(|| facts.waiting.to_string());
        entries.push(Entry {
            alert,
            ..entry("/bridge/activity", w.nav_sync_short(), "bridge", *place == Place::Activity)
        });
    }
    entries
}
