//! Tasks that Projects saved and the CRM did not take: a notice with "Try again" (TASK-11).

use ports::{Acting, ConnectionId, CrmModule, CrmRef, Email, Moment, ProjectId, ProjectsTaskId, Reason};
use store::{Read, Row, Sql, Tx};

use super::{AddAnswer, AddInput, TaskChoice};
use crate::error::BridgeError;
use crate::service::Bridge;
use crate::stored;

/// What the CRM did not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddNotice {
    /// The task in Projects.
    pub task: ProjectsTaskId,
    /// Its project.
    pub project: ProjectId,
    /// The record it was to be put under.
    pub under: CrmRef,
    /// Whether comments were to be carried over.
    pub copy_comments: bool,
    /// Why the CRM refused.
    pub reason: Reason,
    /// Who ordered it.
    pub by: Email,
    /// When it was refused.
    pub at: Moment,
}

const PUT: Sql = Sql::new(
    "insert into bridge_add_notice (connection_id, task_id, project_id, module, record_id, copy_comments, reason, \
     person, noticed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (connection_id, task_id) do update set \
     project_id = excluded.project_id, module = excluded.module, record_id = excluded.record_id, \
     copy_comments = excluded.copy_comments, reason = excluded.reason, person = excluded.person, \
     noticed_at = excluded.noticed_at",
);
const FORGET: Sql = Sql::new("delete from bridge_add_notice where connection_id = $1 and task_id = $2");
const OF_TASK: Sql = Sql::hot(
    "select task_id, project_id, module, record_id, copy_comments, reason, person, noticed_at from bridge_add_notice \
     where connection_id = $1 and task_id = $2",
);
const OF_PROJECT: Sql = Sql::hot(
    "select task_id, project_id, module, record_id, copy_comments, reason, person, noticed_at from bridge_add_notice \
     where connection_id = $1 and project_id = $2 order by task_id",
);

pub(super) fn put(tx: &mut Tx<'_>, connection: &ConnectionId, notice: &AddNotice) -> Result<(), BridgeError> {
    tx.execute(
        &PUT,
        &[
            connection.as_str().into(),
            notice.task.as_str().into(),
            notice.project.as_str().into(),
            notice.under.module.code().into(),
            (&notice.under.id).into(),
            notice.copy_comments.into(),
            stored::reason_text(&notice.reason)?.into(),
            notice.by.as_str().into(),
            notice.at.ms().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn forget(tx: &mut Tx<'_>, connection: &ConnectionId, task: &ProjectsTaskId) -> Result<(), BridgeError> {
    tx.execute(&FORGET, &[connection.as_str().into(), task.as_str().into()])?;
    Ok(())
}

fn of_task(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    task: &ProjectsTaskId,
) -> Result<Option<AddNotice>, BridgeError> {
    read.row(&OF_TASK, &[connection.as_str().into(), task.as_str().into()])?.as_ref().map(notice).transpose()
}

fn notice(row: &Row) -> Result<AddNotice, BridgeError> {
    let module = row.text("module")?;
    Ok(AddNotice {
        task: ProjectsTaskId::new(row.text("task_id")?),
        project: ProjectId::new(row.text("project_id")?),
        under: CrmRef {
            module: CrmModule::parse(&module)
                .ok_or_else(|| BridgeError::Failed(format!("a notice has the unknown module {module}")))?,
            id: row.text("record_id")?,
        },
        copy_comments: row.flag("copy_comments")?,
        reason: stored::reason(&row.text("reason")?)?,
        by: stored::email(&row.text("person")?)?,
        at: Moment::from_ms(row.int("noticed_at")?),
    })
}

impl Bridge {
    /// Notices of a project's tasks. Errors: `NotFound` for client users and whoever does not see the project.
    pub fn add_notices(&self, acting: &Acting, project: &ProjectId) -> Result<Vec<AddNotice>, BridgeError> {
        self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        self.visible_project(acting, project)?;
        let binds = [connection.id.as_str().into(), project.as_str().into()];
        self.db().read(|read| read.rows(&OF_PROJECT, &binds)?.iter().map(notice).collect())
    }

    /// Tries again what the CRM did not take, under the same record. Errors: as [`Bridge::add_to_crm`]; `NotFound`
    /// without a notice.
    pub fn try_adding_again(
        &self,
        acting: &Acting,
        press_token: &str,
        task: &ProjectsTaskId,
    ) -> Result<AddAnswer, BridgeError> {
        self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let known = self.db().read(|read| of_task(read, &connection.id, task))?.ok_or(BridgeError::NotFound)?;
        self.add_to_crm(
            acting,
            press_token,
            &AddInput {
                task: TaskChoice::Existing(task.clone()),
                under: known.under,
                map_company: false,
                copy_comments: known.copy_comments,
            },
        )
    }
}
