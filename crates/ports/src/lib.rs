//! What the rooms of Lockstep say to one another: ids, values, reasons, and the ports of the two sides.
//!
//! Nothing here does input or output. A connector is an implementation of [`CrmSide`] or [`ProjectsSide`];
//! the bridge knows the sides through these traits only.

pub mod acting;
pub mod answer;
pub mod clock;
pub mod crm;
pub mod directory;
pub mod id;
pub mod lines;
pub mod outcome;
pub mod projects;
pub mod reason;
pub mod rule;
pub mod value;

pub use acting::{Acting, Origin, Tenant};
pub use answer::{Answer, Change, Changes, Evidence, FeedCursor, Found, Page, RecordKind, Stamped, Version, Why};
pub use clock::{Clock, Entropy, Ids, NumberedIds};
pub use crm::{
    CrmCapabilities, CrmField, CrmModule, CrmRef, CrmSide, CrmTask, CrmTaskPatch, CrmUserCard, CrmWrite, NewCrmNote,
    NewCrmTask, Note, SalesQuery, SalesRecord,
};
pub use directory::{Directory, PersonCard};
pub use id::{
    AccountId, AssociationId, CommentId, CompanyId, ConnectionId, ContactId, CreateMark, CrmTaskId, DealId, HistoryId,
    IdentityId, JobId, LeadId, LetterId, LinkId, MappingId, NoteId, OrganisationId, PortalId, ProjectId,
    ProjectsTaskId, RefusalId, TaskListId,
};
pub use outcome::{Outcome, SideError, Wait};
pub use projects::{
    Access, Ancestor, Comment, Company, Member, NewComment, NewProject, NewProjectsTask, ProjectFacts,
    ProjectsCapabilities, ProjectsField, ProjectsSide, ProjectsTask, ProjectsTaskPatch, ProjectsUserCard,
    ProjectsWrite, Rights, Schedule, TaskStatus,
};
pub use reason::{Fact, Reason};
pub use value::{Date, Email, InvalidValue, Language, Moment, Patch, PlainText, RichText};
