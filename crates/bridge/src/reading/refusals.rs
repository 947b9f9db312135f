//! Refused changes as a person may see them.

use ports::{Acting, Moment, Page};

use super::{LOOKS_MAX, PAGE, Sight};
use crate::error::BridgeError;
use crate::field::Field;
use crate::link::{self, Link};
use crate::refusal::{self, Filter, Refusal};
use crate::service::Bridge;

/// A refusal with the link it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalView {
    /// The refusal.
    pub refusal: Refusal,
    /// Its link.
    pub link: Option<Link>,
    /// Whether the Projects task may be named; else the CRM task is.
    pub sees_projects: bool,
}

impl Bridge {
    /// A page of refusals, newest first: those of tasks that the person sees, and his own in any case. `reasons`
    /// and `fields` narrow them; empty for all.
    pub fn refusals(
        &self,
        acting: &Acting,
        filter: &Filter,
        reasons: &[String],
        fields: &[Field],
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<RefusalView>, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let mut sight = Sight::new(self, &caller);
        let mut place = after.and_then(place);
        let mut found: Vec<Refusal> = Vec::new();
        for _ in 0..LOOKS_MAX {
            let from = place.as_ref().map(|(at, id)| (*at, id.as_str()));
            let rows = self.db().read(|read| refusal::list(read, &connection.id, filter, from, PAGE))?;
            sight.learn(rows.iter().map(|refusal| &refusal.project))?;
            let is_last = rows.len() < usize::try_from(PAGE).unwrap_or_default();
            place = rows.last().map(position).or(place);
            let is_his = |refusal: &Refusal| refusal.person.as_ref() == Some(&caller.email);
            let fits = |refusal: &Refusal| {
                (sight.is_there(&refusal.project) || is_his(refusal))
                    && (reasons.is_empty() || reasons.iter().any(|code| code == refusal.reason.code()))
                    && (fields.is_empty() || refusal.field.is_some_and(|field| fields.contains(&field)))
            };
            found.extend(rows.into_iter().filter(fits));
            if is_last || found.len() > limit {
                place = place.filter(|_| !is_last);
                break;
            }
        }
        let has_more = found.len() > limit;
        found.truncate(limit);
        let next = match (has_more, found.last()) {
            (true, Some(last)) => Some(position(last)),
            _ => place,
        };
        let rows = found.into_iter().map(|refusal| {
            let link = self.db().read(|read| link::by_id(read, &connection.id, &refusal.link))?;
            let sees_projects = sight.sees(&refusal.project);
            Ok::<_, BridgeError>(RefusalView { refusal, link, sees_projects })
        });
        Ok(Page { rows: rows.collect::<Result<_, _>>()?, next: next.map(|(moment, id)| format!("{moment}.{id}")) })
    }
}

fn position(refusal: &Refusal) -> (i64, String) {
    (Moment::ms(refusal.at), refusal.id.as_str().to_owned())
}

fn place(text: &str) -> Option<(i64, String)> {
    let (moment, id) = text.split_once('.')?;
    Some((moment.parse().ok()?, id.to_owned()))
}
