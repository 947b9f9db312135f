//! Everything that people see on both sides as texts, to find what changed.

use std::collections::{BTreeMap, BTreeSet};

use crm::{Filter, ListQuery, Module, Sort, SortField};
use ports::{CrmModule, CrmTask, CrmTaskId, ProjectsTask, ProjectsTaskId, SalesQuery};
use projects::{ProjectQuery, StateFilter, TaskQuery};

use super::{Scene, must};

/// Texts by key; what has no key is named by what it is.
pub type Picture = BTreeMap<String, String>;

/// Keys whose texts differ.
pub fn changes(before: &Picture, after: &Picture) -> Vec<String> {
    let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    all.into_iter().filter(|key| before.get(*key) != after.get(*key)).cloned().collect()
}

const PAGE: usize = 200;
/// Records that a side reads at once.
const READ_MAX: usize = 100;

impl Scene {
    pub(super) fn picture(&self) -> Picture {
        let mut picture = Picture::new();
        self.paint_crm_tasks(&mut picture);
        self.paint_projects_tasks(&mut picture);
        self.paint_sales(&mut picture);
        self.paint_portal(&mut picture);
        picture
    }

    /// The key of an id, else what it is and how it is called.
    fn label(&self, id: &str, kind: &str, name: &str) -> String {
        let known = self.names.iter().find(|(key, known)| *known == id && !key.contains('/'));
        known.map_or_else(|| format!("new {kind} {name}"), |(key, _)| key.clone())
    }

    fn paint_crm_tasks(&self, picture: &mut Picture) {
        let query = ListQuery {
            module: Module::Task,
            filter: Filter::default(),
            sort: Sort::ascending(SortField::Name),
            after: None,
            limit: PAGE,
        };
        let listed = must("tasks", self.all.crm.list(&self.by("U1"), &query)).rows;
        let ids: Vec<CrmTaskId> = listed.iter().map(|record| CrmTaskId::new(record.id.clone())).collect();
        for part in ids.chunks(READ_MAX) {
            let read = must("tasks", self.crm_side.read_tasks(part)).value;
            for task in read.iter().filter_map(|found| found.here()) {
                let label = self.label(task.id.as_str(), "crm task", &task.subject.value);
                picture.insert(label, crm_portrait(task));
            }
        }
    }

    fn paint_projects_tasks(&self, picture: &mut Picture) {
        let query = TaskQuery { state: StateFilter::All, ..TaskQuery::first(PAGE) };
        let listed = must("tasks", self.all.projects.tasks(&self.by("U1"), &query)).rows;
        let ids: Vec<ProjectsTaskId> = listed.into_iter().map(|task| task.id).collect();
        for part in ids.chunks(READ_MAX) {
            let read = must("tasks", self.projects_side.read_tasks(part)).value;
            for task in read.iter().filter_map(|found| found.here()) {
                let label = self.label(task.id.as_str(), "projects task", &task.title.value);
                picture.insert(label, projects_portrait(task));
            }
        }
    }

    fn paint_sales(&self, picture: &mut Picture) {
        for module in CrmModule::ALL {
            let page = must("records", self.crm_side.list(&SalesQuery::All(module), None, PAGE));
            for record in page.rows {
                let label = self.label(&record.reference.id, module.code(), &record.name);
                picture.insert(label, format!("{record:?}"));
            }
        }
        for user in must("users", self.crm_side.all_users()) {
            picture.insert(format!("crm user {}", user.email), format!("{user:?}"));
        }
    }

    fn paint_portal(&self, picture: &mut Picture) {
        for company in must("companies", self.projects_side.list_companies(None, PAGE)).rows {
            let label = self.label(company.id.as_str(), "company", &company.name);
            picture.insert(label, format!("{company:?}"));
        }
        let query = ProjectQuery { state: StateFilter::All, ..ProjectQuery::first(PAGE) };
        let listed = must("projects", self.all.projects.projects(&self.by("U1"), &query)).rows;
        let ids: Vec<_> = listed.into_iter().map(|row| row.project.id).collect();
        for project in must("projects", self.projects_side.projects(&ids)).iter().filter_map(|found| found.here()) {
            let label = self.label(project.id.as_str(), "project", &project.name);
            // Progress follows from the tasks.
            picture.insert(label, format!("{:?}", ports::ProjectFacts { completion: 0, ..project.clone() }));
        }
        for row in must("users", self.all.projects.users(&self.by("U1"))) {
            picture.insert(format!("portal user {}", row.user.email), format!("{:?} {:?}", row.user, row.is_invited));
        }
    }
}

fn crm_portrait(task: &CrmTask) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        task.subject.value,
        task.description.value,
        task.due.value,
        task.priority.value,
        task.status.value,
        task.owner.value,
        task.under,
        task.newest_note
    )
}

fn projects_portrait(task: &ProjectsTask) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        task.title.value,
        task.description.value,
        task.start,
        task.due.value,
        task.priority.value,
        task.status.value,
        task.owners.value,
        task.project,
        task.list,
        task.parent,
        task.newest_comment
    )
}
