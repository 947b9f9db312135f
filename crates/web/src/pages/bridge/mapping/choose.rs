//! Choosing the partner of a client company or an account by hand; the names need not be equal (MAP-3).

use std::collections::HashSet;

use bridge::mapping::Party;
use bridge::mapping::overview::{MappingOverview, MappingRow, MappingState};
use ports::Email;
use ports::rule::name;

use super::rows::Rows;
use super::{Choose, Dialog, Entry, Names, OFFERED_MAX};
use crate::error::PageError;
use crate::form::Form;
use crate::visit::Ctx;

/// Free accounts for a company, or free companies for an account.
pub(super) fn dialog(ctx: &Ctx, overview: &MappingOverview, form: &Form) -> Result<Dialog, PageError> {
    let (w, address) = (ctx.w, &ctx.asked.address);
    let asked = |name: &str| {
        let typed = if form.text("given") == name { form.text(name) } else { "" };
        Some(typed).filter(|id| !id.is_empty()).or_else(|| address.value(name)).map(str::to_owned)
    };
    let (given, id) = match (asked("company"), asked("account")) {
        (Some(id), _) => ("company", id),
        (None, Some(id)) => ("account", id),
        (None, None) => return Err(PageError::NotFound),
    };
    let is_company = given == "company";
    let is_open = |row: &&MappingRow| row.state != MappingState::Mapped;
    let accounts = || overview.rows.iter().filter(is_open).flat_map(|row| row.candidates.iter().chain(&row.account));
    let companies = || overview.rows.iter().filter(is_open).filter_map(|row| row.company.as_ref());
    let is_own = |party: &&Party| party.id == id;
    let own = if is_company { companies().find(is_own) } else { accounts().find(is_own) }.ok_or(PageError::Moved)?;
    let rows = Rows::of(ctx, overview, &[])?;
    let words = address.value("words").unwrap_or_default();
    let key = name::key(words);
    let mut seen = HashSet::new();
    let mut found: Vec<&Party> = if is_company { accounts().collect() } else { companies().collect() };
    found.retain(|party| {
        seen.insert(party.id.clone())
            && !rows.taken.contains_key(party.id.as_str())
            && (key.is_empty() || name::key(&party.name).contains(&key))
    });
    found.sort_by_key(|party| name::key(&party.name));
    let total = found.len();
    found.truncate(OFFERED_MAX);
    let owners = found.iter().filter_map(|party| Email::parse(party.owner.as_deref()?).ok());
    let rows = Rows { names: Names::of(ctx, owners)?, ..rows };
    let asked = if is_company { "account" } else { "company" };
    let entry = |party: &&Party| {
        let hint = if is_company { rows.about(party) } else { rows.company(party).hint };
        Entry { hint, is_chosen: form.text(asked) == party.id, ..rows.entry(party) }
    };
    let entries: Vec<Entry> = found.iter().map(entry).collect();
    Ok(Dialog::Choose(Box::new(Choose {
        title: if is_company { w.map_choose_account(&own.name) } else { w.map_choose_company(own.label()) },
        given,
        asked,
        id,
        label: if is_company { w.map_search_account() } else { w.map_search_company() },
        words: words.to_owned(),
        sum: match (entries.len(), total) {
            (0, _) => w.map_none_found().to_owned(),
            (shown, total) if shown < total => w.map_offered(shown, total),
            (shown, _) => w.rows_shown(shown),
        },
        entries,
        error: form.error_of("partner").to_owned(),
        hidden: ctx.hidden(form),
    })))
}
