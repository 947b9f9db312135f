//! Room `projects`: the Projects app — portal, users, client companies, projects, tasks, comments — and the in-process
//! Projects side of the bridge.
//!
//! Every write is one transaction: permission, rules, rows, change history, search words, feed row. Rules over several
//! rows run under the lock of their project.

mod column;
mod comment;
mod company;
mod error;
mod layout;
mod list;
mod lock;
mod many;
mod mark;
mod naming;
mod order;
mod permission;
mod portal;
mod project;
mod service;
mod side;
mod task;
mod trace;
mod user;

pub use comment::{COMMENT_MAX, Comment};
pub use company::{COMPANY_NAME_MAX, Company, CompanyRow};
pub use error::{FieldError, Present, ProjectsError};
pub use layout::{DEFAULT_CLOSED, DEFAULT_OPEN, PROJECT_STATUSES, Priority, Status, TASK_STATUSES};
pub use list::{LIST_NAME_MAX, Span, TaskList};
pub use permission::Profile;
pub use portal::{Portal, PortalSettings};
pub use project::member::ProjectName;
pub use project::page::{ProjectCounts, ProjectQuery, ProjectSort, StateFilter};
pub use project::{OVERVIEW_MAX, PROJECT_NAME_MAX, Progress, Project};
pub use service::Projects;
pub use service::comment::CommentDraft;
pub use service::portal::Founding;
pub use service::project::{ProjectDraft, ProjectPatch};
pub use service::project_read::{ProjectCard, ProjectRow};
pub use service::task::{TaskDraft, TaskPatch};
pub use service::task_move::{Destination, MoveTask};
pub use service::task_read::{HistoryLine, ListSection, TaskCard, TaskName};
pub use service::user::{Invitation, InvitedAs, UserPatch, UserRow, Welcome};
pub use side::InProcessProjects;
pub use task::page::{OutlineRow, TaskQuery, TaskSort};
pub use task::tree::Place;
pub use task::{DESCRIPTION_MAX, Due, TITLE_MAX, Task};
pub use trace::{FEED, PORTAL_AUDIENCE};
pub use user::{Person, User, UserId};

/// The tables of this room.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    prefix: "projects",
    files: &[(1, "projects", include_str!("../migrations/0001_projects.sql"))],
};
