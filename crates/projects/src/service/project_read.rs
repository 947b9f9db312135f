//! Reading projects: one with what surrounds it, and lists.

use ports::{Access, Acting, Page, ProjectId};
use store::Read;

use super::Projects;
use super::sight::seen_project;
use crate::company::{self, Company};
use crate::error::ProjectsError;
use crate::list;
use crate::permission::{Caller, Standing};
use crate::project::page::{self, ProjectCounts, ProjectQuery};
use crate::project::{self, Progress, Project, member};
use crate::user::Person;

/// A project with what its page shows around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectCard {
    /// The project; for client users its progress counts external tasks only.
    pub project: Project,
    /// Members by name, client users too.
    pub members: Vec<Person>,
    /// Client companies, primary first.
    pub companies: Vec<Company>,
    /// What the person may do.
    pub access: Access,
    /// Whether the person may add tasks; client users external ones.
    pub may_add_tasks: bool,
    /// Whether the person may delete it.
    pub may_delete: bool,
}

/// A project in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectRow {
    /// The project; for client users its progress counts external tasks only.
    pub project: Project,
    /// Client companies, primary first: id and name.
    pub companies: Vec<(ports::CompanyId, String)>,
}

impl Projects {
    /// A project with what surrounds it.
    ///
    /// Errors: `NotFound` for what the person may not see.
    pub fn project(&self, acting: &Acting, id: &ProjectId) -> Result<ProjectCard, ProjectsError> {
        self.reading(acting, |read, caller| {
            let (project, standing) = seen_project(read, caller, id)?;
            card(read, caller, project, &standing)
        })
    }

    /// The project with this key, `DM`.
    pub fn project_by_key(&self, acting: &Acting, key: &str) -> Result<ProjectCard, ProjectsError> {
        self.reading(acting, |read, caller| {
            let found = project::by_key(read, &caller.portal, key)?.ok_or(ProjectsError::NotFound)?;
            let (project, standing) = seen_project(read, caller, &found.id)?;
            card(read, caller, project, &standing)
        })
    }

    /// A page of projects that the person sees.
    pub fn projects(&self, acting: &Acting, query: &ProjectQuery) -> Result<Page<ProjectRow>, ProjectsError> {
        self.reading(acting, |read, caller| {
            let page = page::page(read, &caller.portal, &caller.scope(), query)?;
            let ids: Vec<&str> = page.rows.iter().map(|project| project.id.as_str()).collect();
            let companies = page::companies_of(read, &caller.portal, &ids)?;
            let mut rows = Vec::new();
            for project in page.rows {
                let companies = companies
                    .iter()
                    .filter(|(own, ..)| *own == project.id)
                    .map(|(_, id, name)| (id.clone(), name.clone()))
                    .collect();
                rows.push(ProjectRow { project: shown(read, caller, project)?, companies });
            }
            Ok(Page { rows, next: page.next })
        })
    }

    /// How many projects the person sees, by the tabs of the list.
    pub fn project_counts(&self, acting: &Acting) -> Result<ProjectCounts, ProjectsError> {
        self.reading(acting, |read, caller| Ok(page::counts(read, &caller.portal, &caller.scope())?))
    }
}

fn card(
    read: &mut Read<'_>,
    caller: &Caller,
    project: Project,
    standing: &Standing,
) -> Result<ProjectCard, ProjectsError> {
    let members = member::of_project(read, &caller.portal, &project.id)?;
    let companies = company::of_project(read, &caller.portal, &project.id)?;
    Ok(ProjectCard {
        members,
        companies,
        access: caller.access(standing),
        may_add_tasks: caller.edits_task(standing, true),
        may_delete: caller.rights().is_administrator,
        project: shown(read, caller, project)?,
    })
}

/// Client users are not told how many internal tasks there are.
fn shown(read: &mut Read<'_>, caller: &Caller, mut project: Project) -> Result<Project, ProjectsError> {
    if caller.is_client() {
        let lists = list::progress_shown(read, &caller.portal, &project.id)?;
        project.progress = lists.iter().fold(Progress::default(), |sum, (_, progress)| Progress {
            closed: sum.closed + progress.closed,
            total: sum.total + progress.total,
        });
    }
    Ok(project)
}
