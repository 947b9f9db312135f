//! What pages say of each kind of record: address, icon, place in the sidebar, words.

use axum::extract::Path;
use crm::Module;
use i18n::Words;

use crate::address::segment;
use crate::error::PageError;
use crate::nav::Place;
use crate::visit::Ctx;

/// The module of an address such as `deals`.
pub(super) fn module_of(path: &str) -> Result<Module, PageError> {
    Module::ALL.into_iter().find(|module| module.path() == path).ok_or(PageError::NotFound)
}

/// The module and the id of an address.
pub(super) type AtRecord = Path<(String, String)>;

/// Client users know of no CRM; who has no CRM account is told so.
pub(super) fn enter(ctx: &Ctx) -> Result<(), PageError> {
    let rights = ctx.person.rights;
    if rights.is_crm_user {
        Ok(())
    } else if rights.is_client {
        Err(PageError::NotFound)
    } else {
        Err(PageError::denied(ctx.w.crm_denied_title(), ctx.w.crm_denied_text(), Vec::new()))
    }
}

/// `/crm/deals`
pub(super) fn list_address(module: Module) -> String {
    format!("/crm/{}", module.path())
}

/// `/crm/deals/17`
pub(super) fn record_address(module: Module, id: &str) -> String {
    format!("/crm/{}/{}", module.path(), segment(id))
}

/// `/crm/deals/17/edit`
pub(super) fn part_address(module: Module, id: &str, part: &str) -> String {
    format!("{}/{part}", record_address(module, id))
}

/// The place in the sidebar.
pub(super) fn place(module: Module) -> Place {
    match module {
        Module::Lead => Place::Leads,
        Module::Account => Place::Accounts,
        Module::Contact => Place::Contacts,
        Module::Deal => Place::Deals,
        Module::Task => Place::CrmTasks,
    }
}

/// The name of the icon.
pub(super) fn icon_name(module: Module) -> &'static str {
    match module {
        Module::Lead => "lead",
        Module::Account => "building",
        Module::Contact => "user",
        Module::Deal => "deal",
        Module::Task => "check-sq",
    }
}

/// "Deals"
pub(super) fn plural(module: Module, w: Words) -> &'static str {
    match module {
        Module::Lead => w.nav_leads(),
        Module::Account => w.nav_accounts(),
        Module::Contact => w.nav_contacts(),
        Module::Deal => w.nav_deals(),
        Module::Task => w.nav_crm_tasks(),
    }
}

/// "Deal"
pub(super) fn singular(module: Module, w: Words) -> &'static str {
    match module {
        Module::Lead => w.crm_lead(),
        Module::Account => w.crm_account(),
        Module::Contact => w.crm_contact(),
        Module::Deal => w.crm_deal(),
        Module::Task => w.crm_task(),
    }
}

/// "New deal"
pub(super) fn new_title(module: Module, w: Words) -> &'static str {
    match module {
        Module::Lead => w.crm_new_lead(),
        Module::Account => w.crm_new_account(),
        Module::Contact => w.crm_new_contact(),
        Module::Deal => w.crm_new_deal(),
        Module::Task => w.crm_new_task(),
    }
}

/// "Edit deal"
pub(super) fn edit_title(module: Module, w: Words) -> &'static str {
    match module {
        Module::Lead => w.crm_edit_lead(),
        Module::Account => w.crm_edit_account(),
        Module::Contact => w.crm_edit_contact(),
        Module::Deal => w.crm_edit_deal(),
        Module::Task => w.crm_edit_task(),
    }
}

/// Why a list without a filter is empty.
pub(super) fn empty_text(module: Module, w: Words) -> &'static str {
    match module {
        Module::Lead => w.crm_empty_leads(),
        Module::Account => w.crm_empty_accounts(),
        Module::Contact => w.crm_empty_contacts(),
        Module::Deal => w.crm_empty_deals(),
        Module::Task => w.crm_empty_tasks(),
    }
}

/// The label of the search box.
pub(super) fn search_label(module: Module, w: Words) -> &'static str {
    match module {
        Module::Lead => w.crm_find_lead(),
        Module::Account => w.crm_find_account(),
        Module::Contact => w.crm_find_contact(),
        Module::Deal => w.crm_find_deal(),
        Module::Task => w.crm_find_task(),
    }
}
