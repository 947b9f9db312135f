//! Comments on tasks.

use ports::{CommentId, CreateMark, Email, Moment, PortalId, ProjectsTaskId, RichText, lines};
use store::{Read, Row, Sql, StoreError, Tx};

use crate::column;

/// Longest comment, in Unicode code points of its HTML.
pub const COMMENT_MAX: usize = 200_000;

/// A comment on a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Id; later comments have later ids.
    pub id: CommentId,
    /// The task.
    pub task: ProjectsTaskId,
    /// Who wrote it.
    pub author: Email,
    /// Name shown for the author.
    pub author_name: String,
    /// When it was written; for a copy from the CRM, when the original was.
    pub at: Moment,
    /// Its text.
    pub text: RichText,
    /// Hidden from client users (COM-7).
    pub is_internal: bool,
    /// The mark of the bridge, for a copy from the CRM.
    pub mark: Option<CreateMark>,
}

impl Comment {
    /// The comment as the bridge sees it; `names` are those of people whom it may mention.
    pub(crate) fn port(self, names: &[String]) -> ports::Comment {
        let mentions = if names.is_empty() {
            Vec::new()
        } else {
            lines::mentioned(lines::plain(&self.text).as_str(), names.iter().map(String::as_str))
        };
        ports::Comment {
            mentions,
            id: self.id,
            task: self.task,
            author: self.author,
            author_name: self.author_name,
            at: self.at,
            text: self.text,
            is_internal: self.is_internal,
            mark: self.mark,
        }
    }
}

const AFTER: Sql = Sql::hot(
    "select c.id, c.task_id, c.author, c.author_name, c.html, c.is_internal, c.written_at, c.mark, \
     u.name as user_name from projects_comment c \
     left join projects_user u on u.portal_id = c.portal_id and u.email = c.author \
     where c.portal_id = $1 and c.task_id = $2 and c.id > $3 and (c.is_internal = 0 or $4 = 0) order by c.id",
);
const INSERT: Sql = Sql::hot(
    "insert into projects_comment (portal_id, id, task_id, author, author_name, html, plain, is_internal, \
     written_at, mark, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
);
const TELL_TASK: Sql = Sql::hot(
    "update projects_task set comments_total = comments_total + 1, comments_shown = comments_shown + $3, \
     newest_comment_id = $4, version = version + 1 where portal_id = $1 and id = $2 returning version",
);
const RELEASE: Sql = Sql::new(
    "update projects_comment set is_internal = 0 \
     where portal_id = $1 and task_id = $2 and id = $3 and is_internal = 1",
);
const SHOW_ONE_MORE: Sql = Sql::new(
    "update projects_task set comments_shown = comments_shown + 1, version = version + 1 \
     where portal_id = $1 and id = $2 returning version",
);

/// Comments of a task with ids after `after`, oldest first.
pub(crate) fn after(
    read: &mut Read<'_>,
    portal: &PortalId,
    task: &ProjectsTaskId,
    after: &str,
    only_shown: bool,
) -> Result<Vec<Comment>, StoreError> {
    let binds = [portal.as_str().into(), task.as_str().into(), after.into(), only_shown.into()];
    read.rows(&AFTER, &binds)?.iter().map(of_row).collect()
}

/// Writes a comment and tells its task; answers the task's new version.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    comment: &Comment,
    now: Moment,
) -> Result<Option<i64>, StoreError> {
    let binds = [
        portal.as_str().into(),
        comment.id.as_str().into(),
        comment.task.as_str().into(),
        comment.author.as_str().into(),
        comment.author_name.as_str().into(),
        comment.text.as_html().into(),
        lines::plain(&comment.text).as_str().into(),
        comment.is_internal.into(),
        comment.at.ms().into(),
        comment.mark.as_ref().map(CreateMark::as_str).into(),
        now.ms().into(),
    ];
    tx.execute(&INSERT, &binds)?;
    let binds = [
        portal.as_str().into(),
        comment.task.as_str().into(),
        (!comment.is_internal).into(),
        comment.id.as_str().into(),
    ];
    tx.row(&TELL_TASK, &binds)?.map(|row| row.int("version")).transpose()
}

/// Shows an internal comment to client users; answers the task's new version, `None` if there was nothing to release.
pub(crate) fn release(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    task: &ProjectsTaskId,
    id: &CommentId,
) -> Result<Option<i64>, StoreError> {
    if tx.execute(&RELEASE, &[portal.as_str().into(), task.as_str().into(), id.as_str().into()])? == 0 {
        return Ok(None);
    }
    let row = tx.row(&SHOW_ONE_MORE, &[portal.as_str().into(), task.as_str().into()])?;
    row.map(|row| row.int("version")).transpose()
}

fn of_row(row: &Row) -> Result<Comment, StoreError> {
    let known = row.text_or_null("user_name")?;
    let written = row.text("author_name")?;
    Ok(Comment {
        id: CommentId::new(row.text("id")?),
        task: ProjectsTaskId::new(row.text("task_id")?),
        author: column::email(row, "author")?,
        author_name: known.unwrap_or(written),
        at: column::moment(row, "written_at")?,
        text: lines::stored(row.text("html")?),
        is_internal: row.flag("is_internal")?,
        mark: row.text_or_null("mark")?.map(CreateMark::new),
    })
}
