//! A Projects task put into the CRM (TASK-1 to TASK-14): the picker, the order, what the CRM did not take.

pub mod notice;
pub mod options;
pub mod order;
pub mod steps;

use ports::{Acting, CrmRef, CrmTaskId, HistoryId, JobId, LinkId, NewProjectsTask, ProjectsTaskId, Reason};

use crate::connection::Connection;
use crate::error::BridgeError;
use crate::link::{self, Link};
use crate::operation::{Begun, NewOperation, Operation, OperationKind, OperationState};
use crate::service::Bridge;
use crate::stored;

/// What is put into the CRM, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddInput {
    /// The task.
    pub task: TaskChoice,
    /// The account or deal it is put under.
    pub under: CrmRef,
    /// The chosen account is unmapped: map it (TASK-6).
    pub map_company: bool,
    /// Carry over the comments that exist already (TASK-13).
    pub copy_comments: bool,
}

/// The task that is put into the CRM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskChoice {
    /// One that exists.
    Existing(ProjectsTaskId),
    /// One that is made by this order.
    New(Box<NewProjectsTask>),
}

/// The answer to an order. A refusal before anything was made is [`BridgeError::Refused`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddAnswer {
    /// The two tasks are linked.
    Linked {
        /// The link.
        link: LinkId,
        /// The task in Projects.
        task: ProjectsTaskId,
        /// The task in the CRM.
        crm_task: CrmTaskId,
    },
    /// Projects saved the new task and the CRM refused its own: the task stays, unlinked, with a notice (TASK-11).
    Kept {
        /// The task in Projects.
        task: ProjectsTaskId,
        /// Why the CRM refused.
        reason: Reason,
    },
    /// A side is away; it is being gone on with. Ask again with the same press token.
    Waiting {
        /// The operation.
        operation: JobId,
        /// The task in Projects, once it is there.
        task: Option<ProjectsTaskId>,
    },
}

impl Bridge {
    /// Puts a task into the CRM: a new one is saved in Projects first, then the CRM task is made under the chosen
    /// record, then both are linked. The same press token gives one CRM task and the same answer.
    ///
    /// Everything that can be known is checked before anything is made. Errors: `NotFound` for client users and for
    /// tasks that the person does not see; `Refused` with `no_permission`, `already_linked`, `client_not_mapped`,
    /// `deal_not_associated`, `already_mapped`, `project_closed`, the reasons of a task that either side would not take;
    /// `AlreadyRunning` while the same task is being added: ask again.
    pub fn add_to_crm(&self, acting: &Acting, press_token: &str, input: &AddInput) -> Result<AddAnswer, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.running_connection(&acting.tenant)?;
        if let Some(done) = self.answered(&connection, acting, OperationKind::AddToCrm, press_token)? {
            return added(&done);
        }
        let document = self.order_adding(&connection, &caller, acting, input)?;
        let exclusive = match &input.task {
            TaskChoice::Existing(task) => Some(steps::exclusive(task.as_str())),
            TaskChoice::New(_) => None,
        };
        let new = NewOperation {
            kind: OperationKind::AddToCrm,
            press_token,
            exclusive,
            document: stored::to_json(&document)?,
        };
        let ended = match self.begin(&connection, acting, &new)? {
            Begun::Ended(operation) => *operation,
            Begun::Ours(claimed) => self.drive(*claimed)?,
        };
        added(&ended)
    }

    /// Looks whether [`Bridge::add_to_crm`] would be refused; nothing is made.
    pub fn check_add_to_crm(&self, acting: &Acting, input: &AddInput) -> Result<(), BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.running_connection(&acting.tenant)?;
        self.order_adding(&connection, &caller, acting, input).map(|_| ())
    }

    /// Parts two tasks; both stay (TASK-9). For CRM users, and for whoever may edit the Projects task.
    ///
    /// Errors: `WrongState` if they are parted already; `ChangedSince` if `expected` is given and the link has another
    /// revision.
    pub fn unlink(&self, acting: &Acting, id: &LinkId, expected: Option<i64>) -> Result<Link, BridgeError> {
        let connection = self.running_connection(&acting.tenant)?;
        let link = self.link_to_edit(&connection, acting, id)?;
        if expected.is_some_and(|revision| revision != link.revision) {
            return Err(BridgeError::ChangedSince);
        }
        let (entry, now) = (self.next_id(), self.now());
        self.db().write(|tx| {
            if !link::unlink(tx, acting, &link, HistoryId::new(entry.clone()), now)? {
                return Err(BridgeError::WrongState);
            }
            link::by_id(tx, &connection.id, id)?.ok_or(BridgeError::NotFound)
        })
    }

    /// A link whose task the person may edit on either side.
    fn link_to_edit(&self, connection: &Connection, acting: &Acting, id: &LinkId) -> Result<Link, BridgeError> {
        let caller = self.caller(acting)?;
        let link = self.db().read(|read| link::by_id(read, &connection.id, id))?.ok_or(BridgeError::NotFound)?;
        let access = match caller.portal {
            Some(_) => self.access(&caller.email, std::slice::from_ref(&link.project))?.into_iter().next(),
            None => None,
        };
        let access = access.unwrap_or_default();
        match (caller.crm.is_some() || access.edits_tasks, access.sees) {
            (true, _) => Ok(link),
            (false, true) => Err(BridgeError::no_permission()),
            (false, false) => Err(BridgeError::NotFound),
        }
    }
}

fn added(ended: &Operation) -> Result<AddAnswer, BridgeError> {
    match ended.state {
        OperationState::Done => steps::answer(&ended.document),
        OperationState::Refused => Err(BridgeError::Refused(ended.reason.clone().unwrap_or(Reason::InternalError))),
        OperationState::Running | OperationState::Undoing => {
            Ok(AddAnswer::Waiting { operation: ended.id.clone(), task: steps::task(&ended.document)? })
        }
    }
}
