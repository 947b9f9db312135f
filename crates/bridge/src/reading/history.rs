//! The history as a person may see it.

use std::collections::HashMap;

use ports::{Acting, LinkId, Page};

use super::{LOOKS_MAX, PAGE, Sight};
use crate::error::BridgeError;
use crate::history::{self, Entry, Filter};
use crate::link::{self, Link};
use crate::service::Bridge;

/// An entry with the link it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryView {
    /// The entry.
    pub entry: Entry,
    /// Its link, if it is about one.
    pub link: Option<Link>,
    /// Whether the CRM's records may be named.
    pub sees_crm: bool,
    /// Whether the project's records may be named.
    pub sees_projects: bool,
}

impl Bridge {
    /// A page of the history, newest first: of what the person sees on at least one side. `reasons`, `fields` narrow
    /// it; empty for all.
    pub fn history(
        &self,
        acting: &Acting,
        filter: &Filter,
        reasons: &[String],
        fields: &[String],
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<EntryView>, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let mut sight = Sight::new(self, &caller);
        let mut before = after.map(str::to_owned);
        let mut found: Vec<Entry> = Vec::new();
        for _ in 0..LOOKS_MAX {
            let rows = self.db().read(|read| history::list(read, &connection.id, filter, before.as_deref(), PAGE))?;
            sight.learn(rows.iter().filter_map(|entry| entry.project.as_ref()))?;
            let is_last = rows.len() < usize::try_from(PAGE).unwrap_or_default();
            before = rows.last().map(|entry| entry.id.as_str().to_owned()).or(before);
            // What belongs to no project, such as a mapping, is the CRM's and the administrators' to see.
            let is_there = |entry: &Entry| match &entry.project {
                Some(project) => sight.is_there(project),
                None => caller.crm.is_some() || caller.is_bridge_administrator(),
            };
            let fits = |entry: &Entry| {
                let code = entry.reason.as_ref().map(ports::Reason::code);
                is_there(entry)
                    && (reasons.is_empty() || code.is_some_and(|code| reasons.iter().any(|own| own == code)))
                    && (fields.is_empty() || entry.field.as_ref().is_some_and(|field| fields.contains(field)))
            };
            found.extend(rows.into_iter().filter(fits));
            if is_last || found.len() > limit {
                before = before.filter(|_| !is_last);
                break;
            }
        }
        let has_more = found.len() > limit;
        found.truncate(limit);
        let next = if has_more { found.last().map(|last| last.id.as_str().to_owned()) } else { before };
        let mut links: HashMap<LinkId, Option<Link>> = HashMap::new();
        for id in found.iter().filter_map(|entry| entry.link.as_ref()) {
            if !links.contains_key(id) {
                links.insert(id.clone(), self.db().read(|read| link::by_id(read, &connection.id, id))?);
            }
        }
        let rows = found.into_iter().map(|entry| EntryView {
            link: entry.link.as_ref().and_then(|id| links.get(id).cloned().flatten()),
            sees_crm: sight.sees_crm(),
            sees_projects: entry.project.as_ref().is_some_and(|project| sight.sees(project)),
            entry,
        });
        Ok(Page { rows: rows.collect(), next })
    }
}
