//! Identifiers: one type per kind, so that a deal's id never lands where an account's is wanted.

use std::fmt;

macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Takes an id as a side or the store gave it. Ids are opaque; only equality has a meaning.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The id as owned text.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    )+};
}

identifiers! {
    /// Tenant of the CRM side.
    OrganisationId,
    /// Tenant of the Projects side.
    PortalId,
    /// One person of the installation (`zuid` on the wire).
    IdentityId,
    /// A lead.
    LeadId,
    /// A company on the CRM side.
    AccountId,
    /// A person at an account.
    ContactId,
    /// A sale.
    DealId,
    /// A task on the CRM side.
    CrmTaskId,
    /// A note on a CRM task, shown as its comment.
    NoteId,
    /// A project.
    ProjectId,
    /// A list of tasks inside a project.
    TaskListId,
    /// A task or subtask on the Projects side.
    ProjectsTaskId,
    /// A comment on a Projects task.
    CommentId,
    /// A client company on the Projects side.
    CompanyId,
    /// One organisation joined with one portal.
    ConnectionId,
    /// Two tasks joined.
    LinkId,
    /// An account and a client company joined.
    MappingId,
    /// A sales record and a project joined.
    AssociationId,
    /// One refused value.
    RefusalId,
    /// Long work with rows.
    JobId,
    /// A mail.
    LetterId,
    /// An entry of the bridge's history.
    HistoryId,
    /// Key of our own that travels with a creation, so that it can be found again after a lost answer (A4.4).
    CreateMark,
}
