//! Links as a person may see them.

use ports::rule::name;
use ports::{Acting, CrmTaskId, Email, LinkId, Moment, Page, ProjectId, ProjectsTaskId};
use store::{Bind, Read, Sql};

use super::{LOOKS_MAX, PAGE, Sight};
use crate::connection::Connection;
use crate::error::BridgeError;
use crate::link::{self, Link};
use crate::plan::LinkState;
use crate::refusal;
use crate::service::Bridge;

/// A link, with what of it the person may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkView {
    /// The link.
    pub link: Link,
    /// Whether the CRM task may be named.
    pub sees_crm: bool,
    /// Whether the Projects task may be named.
    pub sees_projects: bool,
    /// Refusals that are not settled, set back ones included.
    pub refusals: usize,
}

/// Which links to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkFilter {
    /// Of this CRM task.
    pub crm_task: Option<CrmTaskId>,
    /// Of this Projects task.
    pub projects_task: Option<ProjectsTaskId>,
    /// Of this project.
    pub project: Option<ProjectId>,
    /// Whose CRM task stands under this record, as module and id.
    pub under: Option<(String, String)>,
    /// In one of these states; empty: in all but `unlinked`.
    pub states: Vec<LinkState>,
    /// Not in step for one of these reasons; empty for all.
    pub reasons: Vec<String>,
    /// Made by this person, or whose agreed owner this person is.
    pub person: Option<Email>,
    /// Whose title contains this, under the name key.
    pub search: Option<String>,
    /// Changed at this moment or later.
    pub since: Option<Moment>,
    /// In which order.
    pub order: LinkOrder,
}

/// The order of a list of links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkOrder {
    /// The one that changed last comes first.
    #[default]
    ChangedLast,
    /// The one that has not changed for longest comes first.
    ChangedFirst,
    /// The newest link comes first.
    LinkedLast,
    /// The oldest link comes first.
    LinkedFirst,
}

impl LinkOrder {
    fn column(self) -> &'static str {
        match self {
            Self::ChangedLast | Self::ChangedFirst => "changed_at",
            Self::LinkedLast | Self::LinkedFirst => "linked_at",
        }
    }

    fn goes_down(self) -> bool {
        match self {
            Self::ChangedLast | Self::LinkedLast => true,
            Self::ChangedFirst | Self::LinkedFirst => false,
        }
    }

    fn moment(self, link: &Link) -> Moment {
        match self {
            Self::ChangedLast | Self::ChangedFirst => link.changed_at,
            Self::LinkedLast | Self::LinkedFirst => link.linked_at,
        }
    }
}

/// Refusals of one link that are looked at for their number.
const REFUSALS_MAX: i64 = 200;

impl Bridge {
    /// A link, also one that is unlinked. Errors: `NotFound` for whoever sees neither task.
    pub fn link(&self, acting: &Acting, id: &LinkId) -> Result<LinkView, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let link = self.db().read(|read| link::by_id(read, &connection.id, id))?.ok_or(BridgeError::NotFound)?;
        let mut sight = Sight::new(self, &caller);
        sight.learn(std::iter::once(&link.project))?;
        if !sight.is_there(&link.project) {
            return Err(BridgeError::NotFound);
        }
        self.link_view(&connection, &sight, link)
    }

    /// A page of the links that the person may see on at least one side.
    pub fn links(
        &self,
        acting: &Acting,
        filter: &LinkFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<LinkView>, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let mut sight = Sight::new(self, &caller);
        let search = filter.search.as_deref().map(name::key);
        let mut place = after.and_then(place);
        let mut found: Vec<Link> = Vec::new();
        for _ in 0..LOOKS_MAX {
            let rows = self.db().read(|read| list(read, &connection, filter, place.as_ref()))?;
            sight.learn(rows.iter().map(|link| &link.project))?;
            let is_last = rows.len() < usize::try_from(PAGE).unwrap_or_default();
            place = rows.last().map(|link| position(filter.order, link)).or(place);
            let fits = |link: &Link| sight.is_there(&link.project) && fits(link, filter, search.as_deref());
            found.extend(rows.into_iter().filter(fits));
            if is_last || found.len() > limit {
                place = place.filter(|_| !is_last);
                break;
            }
        }
        let has_more = found.len() > limit;
        found.truncate(limit);
        let next = match (has_more, found.last()) {
            (true, Some(last)) => Some(position(filter.order, last)),
            _ => place,
        };
        let rows = found.into_iter().map(|link| self.link_view(&connection, &sight, link));
        Ok(Page { rows: rows.collect::<Result<_, _>>()?, next: next.map(|(moment, id)| format!("{moment}.{id}")) })
    }

    pub(super) fn link_view(
        &self,
        connection: &Connection,
        sight: &Sight<'_>,
        link: Link,
    ) -> Result<LinkView, BridgeError> {
        let refusals = self.db().read(|read| refusal::of_link(read, &connection.id, &link.id, REFUSALS_MAX))?;
        let open = refusals.iter().filter(|refusal| refusal.state != refusal::RefusalState::Settled).count();
        Ok(LinkView { sees_crm: sight.sees_crm(), sees_projects: sight.sees(&link.project), refusals: open, link })
    }
}

fn position(order: LinkOrder, link: &Link) -> (i64, String) {
    (order.moment(link).ms(), link.id.as_str().to_owned())
}

fn place(text: &str) -> Option<(i64, String)> {
    let (moment, id) = text.split_once('.')?;
    Some((moment.parse().ok()?, id.to_owned()))
}

/// What the statement does not ask for.
fn fits(link: &Link, filter: &LinkFilter, search: Option<&str>) -> bool {
    let person = |email: &Email| link.linked_by == *email || link.agreed.owner.as_person().as_ref() == Some(email);
    let under = |(module, id): &(String, String)| {
        link.seen.under_module.as_ref() == Some(module) && link.seen.under_id.as_ref() == Some(id)
    };
    let title = || link.agreed.title.code().unwrap_or_default();
    filter.person.as_ref().is_none_or(person)
        && filter.under.as_ref().is_none_or(under)
        && search.is_none_or(|word| name::key(&title()).contains(word))
        && (filter.reasons.is_empty()
            || link.reason.as_ref().is_some_and(|reason| filter.reasons.iter().any(|code| code == reason.code())))
}

fn list(
    read: &mut Read<'_>,
    connection: &Connection,
    filter: &LinkFilter,
    after: Option<&(i64, String)>,
) -> Result<Vec<Link>, BridgeError> {
    let mut text = String::from(
        "select connection_id, id, crm_task_id, projects_task_id, project_id, state, reason, note, agreed, seen, \
         crm_version, projects_version, note_base, comment_base, note_seen, comment_seen, failing_since, since, \
         linked_at, linked_by, changed_at, revision from bridge_link where connection_id = $1",
    );
    let mut binds: Vec<Bind> = vec![connection.id.as_str().into()];
    let texts = [
        ("crm_task_id =", filter.crm_task.as_ref().map(CrmTaskId::as_str)),
        ("projects_task_id =", filter.projects_task.as_ref().map(ProjectsTaskId::as_str)),
        ("project_id =", filter.project.as_ref().map(ProjectId::as_str)),
    ];
    for (condition, value) in texts {
        if let Some(value) = value {
            binds.push(value.into());
            text.push_str(&format!(" and {condition} ${}", binds.len()));
        }
    }
    if let Some(since) = filter.since {
        binds.push(since.ms().into());
        text.push_str(&format!(" and changed_at >= ${}", binds.len()));
    }
    if filter.states.is_empty() {
        text.push_str(" and state <> 'unlinked'");
    } else {
        let from = binds.len();
        binds.extend(filter.states.iter().map(|state| Bind::from(state.code())));
        let places: Vec<String> = (from + 1..=binds.len()).map(|place| format!("${place}")).collect();
        text.push_str(&format!(" and state in ({})", places.join(", ")));
    }
    let (column, down) = (filter.order.column(), filter.order.goes_down());
    if let Some((moment, id)) = after {
        binds.extend([(*moment).into(), id.into()]);
        let sign = if down { "<" } else { ">" };
        text.push_str(&format!(" and ({column}, id) {sign} (${}, ${})", binds.len() - 1, binds.len()));
    }
    let way = if down { "desc" } else { "asc" };
    binds.push(PAGE.into());
    text.push_str(&format!(" order by {column} {way}, id {way} limit ${}", binds.len()));
    read.rows(&Sql::built(text), &binds)?.iter().map(link::link).collect()
}
