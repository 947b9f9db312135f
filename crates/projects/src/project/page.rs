//! Lists of projects: what the person may see, searched, filtered, sorted, a page at a time.

use ports::{CompanyId, Page, PortalId, ProjectId};
use records::list::{ListQuery, Sort, SortColumn, SortKind, Source};
use store::{Bind, Read, Sql, StoreError};

use super::{Project, Stored, columns, of_row, tables};
use crate::column;
use crate::error::ProjectsError;
use crate::many;
use crate::permission::Scope;
use crate::trace::Module;

/// Which projects a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectQuery {
    /// Words that name or key must have; empty for all.
    pub words: String,
    /// The class of the status.
    pub state: StateFilter,
    /// Only where the person is a member.
    pub is_mine: bool,
    /// Only strict ones.
    pub is_strict: bool,
    /// Only those for this client company.
    pub company: Option<CompanyId>,
    /// What they are sorted by.
    pub sort: ProjectSort,
    /// From the end.
    pub is_descending: bool,
    /// `next` of the page before; `None` for the first.
    pub after: Option<String>,
    /// Rows a page, 1–200.
    pub limit: usize,
}

/// Open or closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StateFilter {
    /// Both.
    #[default]
    All,
    /// The open class.
    Open,
    /// The closed class.
    Closed,
}

/// What projects are sorted by; ties by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProjectSort {
    /// Folded name.
    #[default]
    Name,
    /// First day; without one last.
    Start,
    /// Last day; without one last.
    End,
}

/// How many projects a person sees, by the tabs of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProjectCounts {
    /// Of the open class.
    pub open: u32,
    /// Of the closed class.
    pub closed: u32,
    /// Open ones where the person is a member.
    pub mine: u32,
    /// Open ones that are strict.
    pub strict: u32,
}

impl ProjectQuery {
    /// The first page of everything, by name.
    pub fn first(limit: usize) -> Self {
        Self {
            words: String::new(),
            state: StateFilter::All,
            is_mine: false,
            is_strict: false,
            company: None,
            sort: ProjectSort::Name,
            is_descending: false,
            after: None,
            limit,
        }
    }
}

impl ProjectSort {
    /// The word in addresses.
    pub fn code(self) -> &'static str {
        self.column().name
    }

    /// Reads the word in addresses.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Name, Self::Start, Self::End].into_iter().find(|sort| sort.code() == code)
    }

    fn column(self) -> SortColumn {
        match self {
            Self::Name => SortColumn { name: "name", key: "p.name_key", kind: SortKind::Text },
            Self::Start => SortColumn { name: "start", key: "p.start_sort", kind: SortKind::Text },
            Self::End => SortColumn { name: "end", key: "p.end_sort", kind: SortKind::Text },
        }
    }
}

const SOURCE: Source = Source { columns: columns!(), from: tables!(), id: "p.id" };

const COUNTS: Sql = Sql::new(
    "select count(case when p.is_closed = 0 then 1 end) as open_count, \
     count(case when p.is_closed = 1 then 1 end) as closed_count, \
     count(case when p.is_closed = 0 and p.is_strict = 1 then 1 end) as strict_count, \
     count(case when p.is_closed = 0 and m.user_id is not null then 1 end) as mine_count \
     from projects_project p left join projects_member m \
     on m.portal_id = p.portal_id and m.project_id = p.id and m.user_id = $3 \
     where p.portal_id = $1 and p.deleted_at is null and ($2 = 1 or m.user_id is not null)",
);
const BY_IDS: &str = concat!("select ", columns!(), " from ", tables!(), " where p.portal_id = $1 and p.id in ({ids})");
const COMPANIES_OF: &str = "select k.project_id, c.id, c.name from projects_client k \
     join projects_company c on c.portal_id = k.portal_id and c.id = k.company_id \
     where k.portal_id = $1 and c.deleted_at is null and k.project_id in ({ids}) order by k.project_id, k.place";
const MEMBERSHIPS: &str =
    "select m.project_id from projects_member m where m.portal_id = $1 and m.user_id = $2 and m.project_id in ({ids})";

/// The condition that a project is one a scope reaches.
pub(crate) const IN_SCOPE: &str = "$1 = 1 or exists (select m.user_id from projects_member m \
     where m.portal_id = p.portal_id and m.project_id = p.id and m.user_id = $2)";

pub(crate) fn counts(read: &mut Read<'_>, portal: &PortalId, scope: &Scope) -> Result<ProjectCounts, StoreError> {
    let [is_all, user] = scope.binds();
    let Some(row) = read.row(&COUNTS, &[portal.as_str().into(), is_all, user])? else {
        return Ok(ProjectCounts::default());
    };
    Ok(ProjectCounts {
        open: column::count(&row, "open_count")?,
        closed: column::count(&row, "closed_count")?,
        mine: column::count(&row, "mine_count")?,
        strict: column::count(&row, "strict_count")?,
    })
}

pub(crate) fn page(
    read: &mut Read<'_>,
    portal: &PortalId,
    scope: &Scope,
    query: &ProjectQuery,
) -> Result<Page<Project>, ProjectsError> {
    let [is_all, user] = scope.binds();
    let mut list = ListQuery::new(SOURCE, "p.portal_id = $1 and p.deleted_at is null", vec![portal.as_str().into()])
        .filter(IN_SCOPE, vec![is_all, user.clone()]);
    list = match query.state {
        StateFilter::All => list,
        StateFilter::Open => list.filter("p.is_closed = 0", Vec::new()),
        StateFilter::Closed => list.filter("p.is_closed = 1", Vec::new()),
    };
    if query.is_strict {
        list = list.filter("p.is_strict = 1", Vec::new());
    }
    if query.is_mine {
        list = list.filter(
            "exists (select m.user_id from projects_member m where m.portal_id = p.portal_id \
             and m.project_id = p.id and m.user_id = $1)",
            vec![user],
        );
    }
    if let Some(company) = &query.company {
        list = list.filter(
            "exists (select k.company_id from projects_client k where k.portal_id = p.portal_id \
             and k.project_id = p.id and k.company_id = $1)",
            vec![company.as_str().into()],
        );
    }
    let list = list.search(portal.as_str(), Module::Project.code(), &query.words);
    let sort = Sort { column: query.sort.column(), is_descending: query.is_descending };
    Ok(list.page(read, sort, query.after.as_deref(), query.limit, |row| of_row(row).map(|stored| stored.project))?)
}

/// Projects by id, in any order; deleted ones too.
pub(crate) fn by_ids(read: &mut Read<'_>, portal: &PortalId, ids: &[&str]) -> Result<Vec<Stored>, StoreError> {
    many::rows(read, BY_IDS, &[portal.as_str().into()], ids)?.iter().map(of_row).collect()
}

/// The companies of many projects: (project, company id, name), primary first within a project.
pub(crate) fn companies_of(
    read: &mut Read<'_>,
    portal: &PortalId,
    ids: &[&str],
) -> Result<Vec<(ProjectId, CompanyId, String)>, StoreError> {
    many::rows(read, COMPANIES_OF, &[portal.as_str().into()], ids)?
        .iter()
        .map(|row| Ok((ProjectId::new(row.text("project_id")?), CompanyId::new(row.text("id")?), row.text("name")?)))
        .collect()
}

/// In which of many projects a person is a member.
pub(crate) fn memberships(
    read: &mut Read<'_>,
    portal: &PortalId,
    user: &str,
    ids: &[&str],
) -> Result<Vec<ProjectId>, StoreError> {
    let binds: [Bind; 2] = [portal.as_str().into(), user.into()];
    many::rows(read, MEMBERSHIPS, &binds, ids)?.iter().map(|row| row.text("project_id").map(ProjectId::new)).collect()
}
