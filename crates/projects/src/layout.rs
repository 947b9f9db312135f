//! What a layout offers: statuses of tasks and projects with their classes, priorities with their rank.

use ports::{ProjectsField, TaskStatus};

/// A task's priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Most urgent.
    High,
    /// As usual.
    Medium,
    /// When there is time.
    Low,
    /// None chosen.
    None,
}

impl Priority {
    /// All, highest first.
    pub const ALL: [Self; 4] = [Self::High, Self::Medium, Self::Low, Self::None];

    /// The native value.
    pub fn name(self) -> &'static str {
        match self {
            Self::High => "High",
            Self::Medium => "Medium",
            Self::Low => "Low",
            Self::None => "None",
        }
    }

    /// Reads the native value.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.name() == name)
    }

    /// 0 for the highest; lists sort by it.
    pub(crate) fn rank(self) -> i64 {
        match self {
            Self::High => 0,
            Self::Medium => 1,
            Self::Low => 2,
            Self::None => 3,
        }
    }
}

/// A status by name, with its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Status {
    /// Native name.
    pub name: &'static str,
    /// Whether it is of the closed class.
    pub is_closed: bool,
}

/// Statuses of tasks in the default layout, in order.
pub const TASK_STATUSES: [Status; 5] = [
    Status { name: "Open", is_closed: false },
    Status { name: "In Progress", is_closed: false },
    Status { name: "In Review", is_closed: false },
    Status { name: "Closed", is_closed: true },
    Status { name: "Cancelled", is_closed: true },
];

/// The status of a new or reopened task.
pub const DEFAULT_OPEN: &str = "Open";
/// The status of a task that is closed without naming one.
pub const DEFAULT_CLOSED: &str = "Closed";

/// Statuses of projects, in order; a new project gets the first.
pub const PROJECT_STATUSES: [Status; 4] = [
    Status { name: "Active", is_closed: false },
    Status { name: "On Hold", is_closed: false },
    Status { name: "Completed", is_closed: true },
    Status { name: "Archived", is_closed: true },
];

/// A task status of the layout.
pub fn task_status(name: &str) -> Option<Status> {
    TASK_STATUSES.into_iter().find(|status| status.name == name)
}

/// A project status.
pub fn project_status(name: &str) -> Option<Status> {
    PROJECT_STATUSES.into_iter().find(|status| status.name == name)
}

/// The task statuses as the port has them.
pub(crate) fn port_statuses() -> Vec<TaskStatus> {
    TASK_STATUSES.iter().map(|own| TaskStatus { name: own.name.to_owned(), is_closed: own.is_closed }).collect()
}

/// Name of a synced field in the change history.
pub(crate) fn field_name(field: ProjectsField) -> &'static str {
    match field {
        ProjectsField::Title => "title",
        ProjectsField::Description => "description",
        ProjectsField::Due => "due",
        ProjectsField::Priority => "priority",
        ProjectsField::Status => "status",
        ProjectsField::Owners => "owners",
    }
}
