//! Writing comments, and releasing those that came from the CRM.

use ports::{Acting, CommentId, CreateMark, Fact, Moment, ProjectsTaskId, RichText, lines};
use store::{LockKey, Read, StoreError, Tx};

use super::Projects;
use super::sight::seen_task;
use crate::comment::{self, COMMENT_MAX, Comment};
use crate::error::{FieldError, ProjectsError};
use crate::mark::{self, Kind, Made};
use crate::task;
use crate::trace::{FieldMove, Module, Pen};

/// What a new comment consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentDraft {
    /// Its text.
    pub text: RichText,
    /// Hidden from client users (COM-7); theirs never are.
    pub is_internal: bool,
}

impl Projects {
    /// Writes a comment. Whoever may edit the task may comment, client users too.
    ///
    /// Errors: `Invalid` for an empty or too long text.
    pub fn add_comment(
        &self,
        acting: &Acting,
        task: &ProjectsTaskId,
        draft: &CommentDraft,
    ) -> Result<Comment, ProjectsError> {
        self.writing(acting, |tx, pen| {
            self.add_comment_in(tx, pen, task, draft, pen.now, None).map(|(comment, _)| comment)
        })
    }

    /// Comments of a task with ids after `after`, oldest first; client users do not get internal ones.
    pub fn comments(
        &self,
        acting: &Acting,
        task: &ProjectsTaskId,
        after: Option<&CommentId>,
    ) -> Result<Vec<Comment>, ProjectsError> {
        self.reading(acting, |read, caller| {
            let (stored, ..) = seen_task(read, caller, task)?;
            let after = after.map_or("", CommentId::as_str);
            let mut comments = comment::after(read, &caller.portal, &stored.task.id, after, caller.is_client())?;
            comments.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
            Ok(comments)
        })
    }

    /// Shows an internal comment to client users (COM-7).
    pub fn release_comment(&self, acting: &Acting, task: &ProjectsTaskId, id: &CommentId) -> Result<(), ProjectsError> {
        self.writing(acting, |tx, pen| {
            let (stored, project, standing) = seen_task(tx, pen.caller, task)?;
            pen.caller.require(pen.caller.edits_task(&standing, false))?;
            let Some(version) = comment::release(tx, pen.portal(), &stored.task.id, id)? else { return Ok(()) };
            let moved = FieldMove::new("comment_released", None, Some(id.to_string()));
            pen.history(tx, Module::Task, task.as_str(), &[moved])?;
            Ok(pen.feed(tx, Module::Task, task.as_str(), version, &project.id)?)
        })
    }

    pub(crate) fn add_comment_in(
        &self,
        tx: &mut Tx<'_>,
        pen: &Pen<'_>,
        task: &ProjectsTaskId,
        draft: &CommentDraft,
        at: Moment,
        mark: Option<&CreateMark>,
    ) -> Result<(Comment, i64), ProjectsError> {
        let portal = pen.portal();
        if let Some(mark) = mark
            && let Some(made) = mark::find(tx, portal, mark)?
        {
            return made_comment(tx, pen, task, &made);
        }
        check_comment(tx, pen, task, draft)?;
        // The id is taken under the lock: a later id is never there before an earlier one.
        tx.lock(LockKey::new("projects_comment", task.as_str()))?;
        let id = CommentId::new(self.ids.next());
        if let Some(mark) = mark {
            let made = Made::record(Kind::Comment, id.as_str());
            if let Some(first) = mark::take(tx, portal, mark, &made, pen.by(), pen.now)? {
                return made_comment(tx, pen, task, &first);
            }
        }
        let written = Comment {
            id,
            task: task.clone(),
            author: pen.caller.email().clone(),
            author_name: pen.caller.user.name.clone(),
            at,
            text: draft.text.clone(),
            is_internal: draft.is_internal && !pen.caller.is_client(),
            mark: mark.cloned(),
        };
        let gone = || StoreError::Busy(format!("task {task} was changed while its comment was written"));
        let version = comment::insert(tx, portal, &written, pen.now)?.ok_or_else(gone)?;
        let stored = task::by_id(tx, portal, task)?.ok_or_else(gone)?;
        pen.feed(tx, Module::Task, task.as_str(), version, &stored.task.project)?;
        Ok((written, version))
    }
}

/// The comment that was made with a mark, and the version of its task.
fn made_comment(
    tx: &mut Tx<'_>,
    pen: &Pen<'_>,
    id: &ProjectsTaskId,
    made: &Made,
) -> Result<(Comment, i64), ProjectsError> {
    let comment = comment::after(tx, pen.portal(), id, "", false)?
        .into_iter()
        .find(|comment| comment.id.as_str() == made.record)
        .ok_or(ProjectsError::NotFound)?;
    let stored = task::by_id(tx, pen.portal(), id)?.ok_or(ProjectsError::NotFound)?;
    Ok((comment, stored.task.version))
}

/// Whether a comment would be taken.
pub(crate) fn check_comment(
    read: &mut Read<'_>,
    pen: &Pen<'_>,
    task: &ProjectsTaskId,
    draft: &CommentDraft,
) -> Result<(), ProjectsError> {
    let (stored, _, standing) = seen_task(read, pen.caller, task)?;
    pen.caller.require(pen.caller.edits_task(&standing, stored.task.is_external))?;
    let length = draft.text.as_html().chars().count();
    if lines::plain(&draft.text).is_blank() {
        return Err(ProjectsError::of_fields(vec![FieldError::new("text", "required")]));
    }
    if length > COMMENT_MAX {
        let max = i64::try_from(COMMENT_MAX).unwrap_or(i64::MAX);
        let wrong = FieldError::new("text", "too_long")
            .fact("length", Fact::Number(i64::try_from(length).unwrap_or(i64::MAX)))
            .fact("max", Fact::Number(max));
        return Err(ProjectsError::of_fields(vec![wrong]));
    }
    Ok(())
}
