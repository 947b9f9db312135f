//! What the lists of portal users and of CRM users have in common.

use i18n::Words;
use ports::Email;

use crate::address::Address;
use crate::error::PageError;
use crate::nav::Place;
use crate::pages::setup::{crm_users, portal_users};
use crate::shell::Shell;
use crate::show::{Empty, Tabs, Way};
use crate::visit::Ctx;

/// A filter that can be pressed.
pub(crate) struct Chip {
    pub(crate) href: String,
    pub(crate) text: &'static str,
    pub(crate) count: usize,
    pub(crate) is_on: bool,
}

impl Chip {
    /// The filter `value` of `show`; pressed again it shows all.
    pub(crate) fn new(address: &Address, value: &str, present: &str, text: &'static str, count: usize) -> Self {
        let is_on = value == present;
        let next = if is_on { "" } else { value };
        Self { href: address.with("show", next).to_string(), text, count, is_on }
    }
}

pub(crate) fn shell(ctx: &Ctx, place: Place) -> Shell {
    let w = ctx.w;
    let name = if place == Place::CrmUsers { w.nav_crm_users() } else { w.nav_portal_users() };
    ctx.shell(w.users_title()).crumb(w.nav_setup_group()).crumb(name).at(place)
}

/// Both lists, as far as the person may see them; `count` is that of the list shown.
pub(crate) fn tabs(ctx: &Ctx, here: Place, count: usize) -> Tabs {
    let (w, rights) = (ctx.w, ctx.person.rights);
    let count = Some(count.to_string());
    let tabs = Tabs::new(w.users_title());
    let is_portal = here == Place::PortalUsers;
    let tabs = match (is_portal, rights.is_portal_administrator) {
        (true, _) => tabs.here(w.nav_portal_users(), portal_users::PATH, count.clone()),
        (false, true) => tabs.tab(w.nav_portal_users(), portal_users::PATH, None),
        (false, false) => tabs,
    };
    match (is_portal, rights.is_crm_administrator) {
        (false, _) => tabs.here(w.nav_crm_users(), crm_users::PATH, count),
        (true, true) => tabs.tab(w.nav_crm_users(), crm_users::PATH, None),
        (true, false) => tabs,
    }
}

/// Why the list is empty.
pub(crate) fn nobody(w: Words, path: &str) -> Empty {
    Empty::new("users", w.users_none()).with(Way::link(w.action_clear_filter(), path))
}

/// The address of a person in a query or form; what is none is nobody's page.
pub(crate) fn email_of(text: Option<&str>) -> Result<Email, PageError> {
    Email::parse(text.unwrap_or_default()).map_err(|_| PageError::NotFound)
}
