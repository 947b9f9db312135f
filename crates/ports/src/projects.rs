//! The Projects side as the bridge sees it: tasks, comments, projects, client companies, and the port that a side implements.

use crate::acting::Acting;
use crate::answer::{Answer, Changes, FeedCursor, Found, Page, Stamped, Version};
use crate::id::{CommentId, CompanyId, CreateMark, ProjectId, ProjectsTaskId, TaskListId};
use crate::outcome::{Outcome, SideError};
use crate::reason::Reason;
use crate::value::{Date, Email, Moment, Patch, PlainText, RichText};

/// Whether a project's dates bind its tasks (STR-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Schedule {
    /// Dates are only information.
    Open,
    /// Tasks must lie within, both days included (STR-3).
    Strict {
        /// First day.
        start: Date,
        /// Last day.
        end: Date,
    },
}

/// A status of a task, with its class.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TaskStatus {
    /// Native name, for example "In Review".
    pub name: String,
    /// Whether it is of the closed class.
    pub is_closed: bool,
}

/// A task or subtask on the Projects side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectsTask {
    /// Id.
    pub id: ProjectsTaskId,
    /// Version of the whole record.
    pub version: Version,
    /// The project it is in now.
    pub project: ProjectId,
    /// The list it is in.
    pub list: TaskListId,
    /// The parent task.
    pub parent: Option<ProjectsTaskId>,
    /// Short name, for example `DM-10`.
    pub key: String,
    /// F1.
    pub title: Stamped<String>,
    /// F2.
    pub description: Stamped<RichText>,
    /// First day; not synced, but F3 may not lie before it (SYNC-6).
    pub start: Option<Date>,
    /// F3: the day of the end; its time of day stays on the side.
    pub due: Stamped<Option<Date>>,
    /// F4: "High", "Medium", "Low" or "None".
    pub priority: Stamped<String>,
    /// F5.
    pub status: Stamped<TaskStatus>,
    /// F6, in order.
    pub owners: Stamped<Vec<Email>>,
    /// The status it had before it was last closed, if known.
    pub status_before_closing: Option<String>,
    /// Whether client users of the project see it.
    pub is_external: bool,
    /// Id of the newest comment; changes when a comment is added.
    pub newest_comment: Option<CommentId>,
}

/// The synced fields of a Projects task, for stamps and refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProjectsField {
    /// F1.
    Title,
    /// F2.
    Description,
    /// F3.
    Due,
    /// F4.
    Priority,
    /// F5.
    Status,
    /// F6.
    Owners,
}

/// A comment on a Projects task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Id; later comments have later ids.
    pub id: CommentId,
    /// The task.
    pub task: ProjectsTaskId,
    /// Who wrote it; client users too.
    pub author: Email,
    /// Name shown for the author.
    pub author_name: String,
    /// When it was written (for a copy: when the original was).
    pub at: Moment,
    /// Its text.
    pub text: RichText,
    /// Names of people whom it mentions as `@name` (COM-4).
    pub mentions: Vec<String>,
    /// Hidden from client users (COM-7).
    pub is_internal: bool,
    /// The create mark, if the bridge made it.
    pub mark: Option<CreateMark>,
}

/// One task above another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ancestor {
    /// Id.
    pub id: ProjectsTaskId,
    /// Short name.
    pub key: String,
    /// Title.
    pub title: String,
    /// Whether it is closed.
    pub is_closed: bool,
    /// Who closed it, if known.
    pub closed_by: Option<Email>,
}

/// A member of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The address.
    pub email: Email,
    /// The name shown.
    pub name: String,
    /// Whether the person is an active user of the portal.
    pub is_active: bool,
    /// Whether the person is a client user.
    pub is_client: bool,
}

/// A project, with what the rules of the bridge depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectFacts {
    /// Id.
    pub id: ProjectId,
    /// Version, for `basis` checks.
    pub version: Version,
    /// Prefix of its task keys, for example `DM`.
    pub key: String,
    /// Name.
    pub name: String,
    /// Owner.
    pub owner: Option<Email>,
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
    /// Whether its dates bind.
    pub schedule: Schedule,
    /// Name of the project's own status.
    pub status: String,
    /// Whether that status is of the closed class.
    pub is_closed: bool,
    /// Share of closed tasks in percent, 0–100.
    pub completion: u8,
    /// Members, client users among them.
    pub members: Vec<Member>,
    /// Client companies, primary first.
    pub companies: Vec<CompanyId>,
    /// Task statuses of its layout, in order.
    pub statuses: Vec<TaskStatus>,
    /// Name of the status that an opened task gets.
    pub default_open: String,
    /// Name of the status that a closed task gets.
    pub default_closed: String,
}

/// A client company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// Id.
    pub id: CompanyId,
    /// Version.
    pub version: Version,
    /// Name.
    pub name: String,
}

/// What a new Projects task consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProjectsTask {
    /// The project.
    pub project: ProjectId,
    /// The list; `None` takes the project's first.
    pub list: Option<TaskListId>,
    /// The parent task.
    pub parent: Option<ProjectsTaskId>,
    /// F1.
    pub title: String,
    /// F2.
    pub description: RichText,
    /// First day.
    pub start: Option<Date>,
    /// F3.
    pub due: Option<Date>,
    /// F4; `None` takes the default.
    pub priority: Option<String>,
    /// F5; `None` takes the default open status.
    pub status: Option<String>,
    /// F6.
    pub owners: Vec<Email>,
}

/// A change of a Projects task; fields that keep are not written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectsTaskPatch {
    /// F1.
    pub title: Option<String>,
    /// F2.
    pub description: Option<RichText>,
    /// F3: the day is replaced, the time of day is kept.
    pub due: Patch<Date>,
    /// F4.
    pub priority: Option<String>,
    /// F5.
    pub status: Option<String>,
    /// F6: the whole list.
    pub owners: Option<Vec<Email>>,
}

/// What a new comment consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewComment {
    /// The task.
    pub task: ProjectsTaskId,
    /// Its text.
    pub text: RichText,
    /// When the original was written.
    pub at: Moment,
    /// Hidden from client users (COM-7).
    pub is_internal: bool,
}

/// What a new project consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProject {
    /// Name.
    pub name: String,
    /// Overview.
    pub description: PlainText,
    /// Owner; becomes a member.
    pub owner: Email,
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
    /// Whether its dates bind; needs both (HAND-10).
    pub is_strict: bool,
    /// Portal users that become members.
    pub members: Vec<Email>,
    /// Client companies, primary first.
    pub companies: Vec<CompanyId>,
}

/// One write to the Projects side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProjectsWrite {
    /// Makes a task; repeated with the same mark it makes none.
    CreateTask {
        /// The task.
        task: NewProjectsTask,
        /// Finds it again after a lost answer.
        mark: CreateMark,
        /// Who makes it.
        acting: Acting,
    },
    /// Changes fields of a task if it still has `expected`.
    UpdateTask {
        /// Which.
        id: ProjectsTaskId,
        /// The version that was read; `None` writes over whatever is there.
        expected: Option<Version>,
        /// The change.
        patch: ProjectsTaskPatch,
        /// Who changes it.
        acting: Acting,
    },
    /// Makes a comment; repeated with the same mark it makes none.
    CreateComment {
        /// The comment.
        comment: NewComment,
        /// Finds it again after a lost answer.
        mark: CreateMark,
        /// Who writes it; may be a client user.
        acting: Acting,
    },
    /// Makes a project with its members and companies.
    CreateProject {
        /// The project.
        project: NewProject,
        /// Finds it again after a lost answer.
        mark: CreateMark,
        /// Who makes it; needs "create project".
        acting: Acting,
    },
    /// Takes a project back that was made with this mark: deleted as if it had never been, if nobody has touched it.
    UndoProject {
        /// The mark of the creation.
        mark: CreateMark,
        /// Who made it.
        acting: Acting,
    },
    /// Makes a client company.
    CreateCompany {
        /// Its name.
        name: String,
        /// Finds it again after a lost answer.
        mark: CreateMark,
        /// Who makes it.
        acting: Acting,
    },
    /// Takes a company back that was made with this mark.
    UndoCompany {
        /// The mark of the creation.
        mark: CreateMark,
        /// Who made it.
        acting: Acting,
    },
    /// Replaces a project's client companies, primary first.
    SetCompanies {
        /// The project.
        project: ProjectId,
        /// The companies.
        companies: Vec<CompanyId>,
        /// Who sets them.
        acting: Acting,
    },
    /// Makes a person a client user of a company (invited if new) and a member of a project.
    AddClientUser {
        /// The company.
        company: CompanyId,
        /// The project.
        project: ProjectId,
        /// The person's address.
        email: Email,
        /// The person's name.
        name: String,
        /// Finds it again after a lost answer.
        mark: CreateMark,
        /// Who adds it.
        acting: Acting,
    },
    /// Takes a client user back that was made with this mark.
    UndoClientUser {
        /// The mark of the creation.
        mark: CreateMark,
        /// Who made it.
        acting: Acting,
    },
    /// Adds a CRM user to the portal as employee if he is none (invited), and to the project.
    AddUser {
        /// The project.
        project: ProjectId,
        /// The person's address.
        email: Email,
        /// The person's name.
        name: String,
        /// Finds it again after a lost answer.
        mark: CreateMark,
        /// Who adds it; needs "add user" for a person who is no portal user yet.
        acting: Acting,
    },
    /// Takes a user back that was made with this mark.
    UndoUser {
        /// The mark of the creation.
        mark: CreateMark,
        /// Who made it.
        acting: Acting,
    },
}

/// What a portal user may do, as far as the bridge asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Portal owner or administrator.
    pub is_administrator: bool,
    /// "Create project".
    pub may_create_projects: bool,
    /// "Add user".
    pub may_add_users: bool,
    /// "See CRM details" (DET-2).
    pub may_see_crm_details: bool,
}

/// A user of the portal; client users too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectsUserCard {
    /// The address.
    pub email: Email,
    /// The name shown.
    pub name: String,
    /// The id on the side.
    pub id: String,
    /// Inactive users count as none (SYNC-3 f).
    pub is_active: bool,
    /// The company of a client user.
    pub client_of: Option<CompanyId>,
    /// The rights.
    pub rights: Rights,
}

/// What one person may do in one project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// May see the project.
    pub sees: bool,
    /// May add and edit its tasks, and add them to the CRM.
    pub edits_tasks: bool,
    /// May change the project: dates, members, client companies.
    pub changes_project: bool,
}

/// What a Projects side can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectsCapabilities {
    /// Longest title, in Unicode code points.
    pub title_max: usize,
    /// Whether `expected` is checked by the side itself in the same moment.
    pub writes_conditionally: bool,
    /// Whether [`crate::Stamped`] says of each field who set it, not only who changed the record last.
    pub stamps_fields: bool,
    /// Values of the priority, highest first.
    pub priorities: Vec<String>,
}

/// The Projects side: built in, or a cloud through a connector. Blocking; at most 100 ids or writes a call.
///
/// Errors of every verb: [`SideError`] fails the whole call, and then nothing is known about its parts.
pub trait ProjectsSide: Send + Sync {
    /// What this side can do.
    fn capabilities(&self) -> &ProjectsCapabilities;

    /// Versions of tasks, in the order and number of `ids`.
    fn versions(&self, ids: &[ProjectsTaskId]) -> Result<Answer<Vec<Found<Version>>>, SideError>;

    /// Tasks, in the order and number of `ids`; a deleted one is `Gone`, one that is only missing `Unknown`.
    fn read_tasks(&self, ids: &[ProjectsTaskId]) -> Result<Answer<Vec<Found<ProjectsTask>>>, SideError>;

    /// Comments of a task with ids after `after`, oldest first.
    fn comments(&self, task: &ProjectsTaskId, after: Option<&CommentId>) -> Result<Vec<Comment>, SideError>;

    /// Whether a write would be refused; writes nothing.
    fn check(&self, write: &ProjectsWrite) -> Result<Option<Reason>, SideError>;

    /// Writes, in order, each for itself; one outcome per write. The id is that of the record written or made
    /// (for `AddUser` and `AddClientUser` the user's).
    fn write(&self, writes: &[ProjectsWrite]) -> Result<Answer<Vec<Outcome<String>>>, SideError>;

    /// Ids of records that were made with these marks, in the order and number of `marks`.
    fn find_created(&self, marks: &[CreateMark]) -> Result<Vec<Option<String>>, SideError>;

    /// Projects, in the order and number of `ids`.
    fn projects(&self, ids: &[ProjectId]) -> Result<Vec<Found<ProjectFacts>>, SideError>;

    /// Open projects that `person` may see (all for administrators), by folded name, at most `limit` (1–200).
    fn list_projects(&self, person: &Email, after: Option<&str>, limit: usize)
    -> Result<Page<ProjectFacts>, SideError>;

    /// Projects that have this client company, closed ones too, by folded name.
    fn projects_of_company(&self, company: &CompanyId) -> Result<Vec<ProjectId>, SideError>;

    /// The tasks above each task, nearest first; in the order and number of `ids`.
    fn ancestors(&self, ids: &[ProjectsTaskId]) -> Result<Vec<Vec<Ancestor>>, SideError>;

    /// How many open tasks are below each task, at any depth; in the order and number of `ids`.
    fn open_descendants(&self, ids: &[ProjectsTaskId]) -> Result<Vec<u32>, SideError>;

    /// Tasks of a project, by id, at most `limit` (1–200): for fan-out of project changes.
    fn tasks_of_project(
        &self,
        project: &ProjectId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<ProjectsTaskId>, SideError>;

    /// Companies, in the order and number of `ids`.
    fn companies(&self, ids: &[CompanyId]) -> Result<Vec<Found<Company>>, SideError>;

    /// All companies by folded name, at most `limit` (1–200).
    fn list_companies(&self, after: Option<&str>, limit: usize) -> Result<Page<Company>, SideError>;

    /// Companies whose folded name (name key of MAP-5) is one of these.
    fn companies_by_name_key(&self, keys: &[String]) -> Result<Vec<Company>, SideError>;

    /// Users by address, client users too; in the order and number of `emails`.
    fn users(&self, emails: &[Email]) -> Result<Vec<Option<ProjectsUserCard>>, SideError>;

    /// Active portal users without client users, by name.
    fn all_users(&self) -> Result<Vec<ProjectsUserCard>, SideError>;

    /// What `person` may do in each project; in the order and number of `projects`.
    fn access(&self, person: &Email, projects: &[ProjectId]) -> Result<Vec<Access>, SideError>;

    /// Hints since `after`; `None` means from the present end on, and gives no changes.
    fn changes(&self, after: Option<&FeedCursor>, limit: usize) -> Result<Changes, SideError>;
}
