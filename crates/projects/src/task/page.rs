//! Lists of tasks: filtered, sorted, a page at a time; and a list as an outline of tasks and subtasks.

use std::collections::HashMap;

use ports::{Date, Email, Page, PortalId, ProjectId, ProjectsTaskId, TaskListId};
use records::list::{ListQuery, Sort, SortColumn, SortKind, Source};
use store::{Bind, Read, Sql, StoreError};

use super::{Stored, Task, columns, of_row, parent_text, tables, with_owners};
use crate::error::ProjectsError;
use crate::layout::Priority;
use crate::many;
use crate::permission::Scope;
use crate::project::page::{IN_SCOPE, StateFilter};
use crate::trace::Module;

/// Which tasks a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskQuery {
    /// Of one project; `None` for all that the person sees.
    pub project: Option<ProjectId>,
    /// Of one list.
    pub list: Option<TaskListId>,
    /// Directly under this task.
    pub under: Option<ProjectsTaskId>,
    /// Words that title or key must have; empty for all.
    pub words: String,
    /// The class of the status.
    pub state: StateFilter,
    /// Owned by this person, alone or with others.
    pub owner: Option<Email>,
    /// Of this priority.
    pub priority: Option<Priority>,
    /// Ending on this day or before; without an end never.
    pub due_until: Option<Date>,
    /// What they are sorted by.
    pub sort: TaskSort,
    /// From the end.
    pub is_descending: bool,
    /// `next` of the page before; `None` for the first.
    pub after: Option<String>,
    /// Rows a page, 1–200.
    pub limit: usize,
}

/// What tasks are sorted by; ties by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TaskSort {
    /// The order people gave them; of use inside one list or under one task.
    #[default]
    Place,
    /// Last day; without one last.
    Due,
    /// Folded title.
    Title,
    /// High first.
    Priority,
    /// Age.
    Age,
}

/// A task in an outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineRow {
    /// The task.
    pub task: Task,
    /// 0 at the top of the list, 1 for its subtasks, and so on.
    pub depth: u32,
}

impl TaskQuery {
    /// The first page of everything a person sees, by end.
    pub fn first(limit: usize) -> Self {
        Self {
            project: None,
            list: None,
            under: None,
            words: String::new(),
            state: StateFilter::All,
            owner: None,
            priority: None,
            due_until: None,
            sort: TaskSort::Due,
            is_descending: false,
            after: None,
            limit,
        }
    }
}

impl TaskSort {
    const ALL: [Self; 5] = [Self::Place, Self::Due, Self::Title, Self::Priority, Self::Age];

    /// The word in addresses.
    pub fn code(self) -> &'static str {
        self.column().name
    }

    /// Reads the word in addresses.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.code() == code)
    }

    fn column(self) -> SortColumn {
        match self {
            Self::Place => SortColumn { name: "place", key: "t.place", kind: SortKind::Text },
            Self::Due => SortColumn { name: "due", key: "t.due_sort", kind: SortKind::Text },
            Self::Title => SortColumn { name: "title", key: "t.title_key", kind: SortKind::Text },
            Self::Priority => SortColumn { name: "priority", key: "t.priority_rank", kind: SortKind::Int },
            Self::Age => SortColumn { name: "age", key: "t.id", kind: SortKind::Text },
        }
    }
}

const SOURCE: Source = Source { columns: columns!(), from: tables!(), id: "t.id" };

/// Subtasks of one page of an outline at most; those nearest to the top come first.
const BELOW_MAX: i64 = 1_000;

const BELOW_MANY: &str = concat!(
    "with recursive down as ( \
     select c.id, 1 as depth from projects_task c where c.portal_id = $1 and c.parent_id in ({ids}) and c.deleted_at is null \
     union all \
     select c.id, down.depth + 1 from down \
     join projects_task c on c.portal_id = $1 and c.parent_id = down.id and c.deleted_at is null) \
     select ",
    columns!(),
    " from ",
    tables!(),
    " join down on down.id = t.id where t.portal_id = $1 order by down.depth, t.place, t.id limit $2"
);
const IDS_OF_PROJECT: Sql = Sql::new(
    "select id from projects_task where portal_id = $1 and project_id = $2 and id > $3 and deleted_at is null \
     order by id limit $4",
);

pub(crate) fn page(
    read: &mut Read<'_>,
    portal: &PortalId,
    scope: &Scope,
    query: &TaskQuery,
) -> Result<Page<Task>, ProjectsError> {
    let sort = Sort { column: query.sort.column(), is_descending: query.is_descending };
    let page = filtered(portal, scope, query).page(read, sort, query.after.as_deref(), query.limit, of_row)?;
    let rows = shown(scope, with_owners(read, portal, page.rows)?);
    Ok(Page { rows, next: page.next })
}

/// How many tasks a query finds, counted up to `limit`.
pub(crate) fn count(
    read: &mut Read<'_>,
    portal: &PortalId,
    scope: &Scope,
    query: &TaskQuery,
    limit: i64,
) -> Result<i64, StoreError> {
    filtered(portal, scope, query).count_up_to(read, limit)
}

fn filtered(portal: &PortalId, scope: &Scope, query: &TaskQuery) -> ListQuery {
    let own: Vec<Bind> = vec![portal.as_str().into()];
    let base = "t.portal_id = $1 and t.deleted_at is null and p.deleted_at is null";
    let mut list = ListQuery::new(SOURCE, base, own).filter(IN_SCOPE, scope.binds().to_vec());
    if scope.is_external() {
        list = list.filter("t.is_external = 1", Vec::new());
    }
    if let Some(project) = &query.project {
        list = list.filter("t.project_id = $1", vec![project.as_str().into()]);
    }
    if let Some(id) = &query.list {
        list = list.filter("t.list_id = $1", vec![id.as_str().into()]);
    }
    if let Some(id) = &query.under {
        list = list.filter("t.parent_id = $1", vec![id.as_str().into()]);
    }
    list = match query.state {
        StateFilter::All => list,
        StateFilter::Open => list.filter("t.is_closed = 0", Vec::new()),
        StateFilter::Closed => list.filter("t.is_closed = 1", Vec::new()),
    };
    if let Some(email) = &query.owner {
        list = list.filter(
            "t.id in (select k.task_id from projects_task_owner k join projects_user u \
             on u.portal_id = k.portal_id and u.id = k.user_id where k.portal_id = $1 and u.email = $2)",
            vec![portal.as_str().into(), email.as_str().into()],
        );
    }
    if let Some(priority) = query.priority {
        list = list.filter("t.priority_rank = $1", vec![priority.rank().into()]);
    }
    if let Some(day) = query.due_until {
        list = list.filter("t.due_sort <= $1", vec![day.to_string().into()]);
    }
    list.search(portal.as_str(), Module::Task.code(), &query.words)
}

/// A page of the tasks at the top of a list, each followed by everything below it, in the order people gave them.
///
/// Client users get their external tasks in one level: what stands above may not be theirs to see.
pub(crate) fn outline(
    read: &mut Read<'_>,
    portal: &PortalId,
    scope: &Scope,
    list: &TaskListId,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<OutlineRow>, ProjectsError> {
    let sort = Sort::ascending(TaskSort::Place.column());
    let mut query = ListQuery::new(
        SOURCE,
        "t.portal_id = $1 and t.list_id = $2 and t.deleted_at is null and p.deleted_at is null",
        vec![portal.as_str().into(), list.as_str().into()],
    )
    .filter(IN_SCOPE, scope.binds().to_vec());
    query = if scope.is_external() {
        query.filter("t.is_external = 1", Vec::new())
    } else {
        query.filter("t.parent_id = ''", Vec::new())
    };
    let page = query.page(read, sort, after, limit, of_row)?;
    let top = with_owners(read, portal, page.rows)?;
    if scope.is_external() {
        let rows = shown(scope, top).into_iter().map(|task| OutlineRow { task, depth: 0 }).collect();
        return Ok(Page { rows, next: page.next });
    }
    let parents: Vec<&str> =
        top.iter().filter(|stored| stored.task.below.total > 0).map(|stored| stored.task.id.as_str()).collect();
    let binds: [Bind; 2] = [portal.as_str().into(), BELOW_MAX.into()];
    let rows = many::rows(read, BELOW_MANY, &binds, &parents)?;
    let below = with_owners(read, portal, rows.iter().map(of_row).collect::<Result<_, _>>()?)?;
    let mut children: HashMap<String, Vec<Task>> = HashMap::new();
    for stored in below {
        children.entry(parent_text(stored.task.parent.as_ref()).to_owned()).or_default().push(stored.task);
    }
    Ok(Page { rows: in_order(top, children), next: page.next })
}

/// Depth first, without recursion: chains may be long.
fn in_order(top: Vec<Stored>, mut children: HashMap<String, Vec<Task>>) -> Vec<OutlineRow> {
    let mut rows = Vec::new();
    let mut waiting: Vec<OutlineRow> =
        top.into_iter().rev().map(|stored| OutlineRow { task: stored.task, depth: 0 }).collect();
    while let Some(row) = waiting.pop() {
        let below = children.remove(row.task.id.as_str()).unwrap_or_default();
        waiting.extend(below.into_iter().rev().map(|task| OutlineRow { task, depth: row.depth + 1 }));
        rows.push(row);
    }
    rows
}

/// Ids of the tasks of a project after `after`, by id; of a deleted project too.
pub(crate) fn ids_of_project(
    read: &mut Read<'_>,
    portal: &PortalId,
    project: &ProjectId,
    after: &str,
    limit: i64,
) -> Result<Vec<ProjectsTaskId>, StoreError> {
    let binds = [portal.as_str().into(), project.as_str().into(), after.into(), limit.into()];
    read.rows(&IDS_OF_PROJECT, &binds)?.iter().map(|row| row.text("id").map(ProjectsTaskId::new)).collect()
}

fn shown(scope: &Scope, tasks: Vec<Stored>) -> Vec<Task> {
    tasks
        .into_iter()
        .map(|stored| {
            let comments = if scope.is_external() { stored.comments_shown } else { stored.task.comments };
            Task { comments, ..stored.task }
        })
        .collect()
}
