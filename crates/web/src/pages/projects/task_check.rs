//! What saving a task would do, said while somebody types (REF-2, STR-1, SUB-2, SUB-4).

use askama::Template;
use bridge::checks::{ChangedTask, CheckOutcome, NewValue};
use bridge::field::{Field, SideName};
use ports::Reason;
use projects::{FieldError, Task, TaskPatch};

use super::head::optional;
use super::people;
use crate::error::PageError;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::show::Case;
use crate::visit::Ctx;

/// The answer, put below the fields.
#[derive(Template)]
#[template(source = "{% for case in cases %}{{ case }}{% endfor %}", ext = "html")]
struct Answer {
    cases: Vec<Case>,
}

/// The field at which a rule's sentence stands.
pub(super) fn field_of(reason: &Reason) -> &'static str {
    match reason {
        Reason::OutsideStrictSchedule { .. } | Reason::DueBeforeStart { .. } => "due",
        Reason::ParentClosed { .. } | Reason::OpenSubtasks { .. } => "status",
        Reason::TitleEmpty | Reason::TitleTooLong { .. } => "title",
        Reason::DescriptionTooLong { .. } => "description",
        Reason::OwnerNotInProject { .. } | Reason::OwnerUnknown { .. } => "owners",
        _ => "",
    }
}

/// What stands against saving, and for a linked task what the CRM would not take.
pub(super) fn answer(
    ctx: &Ctx,
    wrong: &[FieldError],
    changed: Option<(&Task, &TaskPatch)>,
) -> Result<Reply, PageError> {
    let w = ctx.w;
    let rules = wrong.iter().filter_map(|own| own.reason.as_deref().filter(|reason| reason.code() == own.code));
    let mut cases: Vec<Case> = rules
        .enumerate()
        .map(|(at, reason)| {
            let text = people::reason(ctx, reason);
            Case::would_be_refused(format!("check-{at}"), w.reason_title(reason), text)
                .with_also(w.task_check_not_saved())
        })
        .collect();
    if let Some((task, patch)) = changed {
        cases.extend(in_crm(ctx, task, patch)?);
    }
    Reply::fragment(&Answer { cases })
}

fn in_crm(ctx: &Ctx, task: &Task, patch: &TaskPatch) -> Result<Vec<Case>, PageError> {
    let w = ctx.w;
    let mut changes = Vec::new();
    if let Some(title) = &patch.title {
        changes.push((Field::Title, NewValue::Native(Some(title.clone()))));
    }
    if let Some(text) = &patch.description {
        changes.push((Field::Description, NewValue::Native(Some(text.as_html().to_owned()))));
    }
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let task = ChangedTask::Projects(task.id.clone());
    let check = optional(ctx.web.bridge.check_task_change(&ctx.acting, &task, SideName::Projects, &changes))?;
    let fields = check.map(|check| check.fields).unwrap_or_default();
    let stays = fields.into_iter().filter(|own| matches!(own.outcome, CheckOutcome::Held | CheckOutcome::Refused));
    let case = |(at, reason): (usize, Reason)| {
        let text = people::reason(ctx, &reason);
        Case::would_be_refused(format!("check-crm-{at}"), w.task_check_crm(), text).with_also(w.task_check_crm_text())
    };
    Ok(stays.filter_map(|own| own.reason).enumerate().map(case).collect())
}

/// A refusal that is foreseen.
pub(super) fn samples(w: i18n::Words) -> Vec<Sample> {
    let reason = Reason::RecordGone;
    let case = Case::would_be_refused("check-0", w.reason_title(&reason), w.reason(&reason));
    rendered("task_check", vec![Answer { cases: vec![case.with_also(w.task_check_not_saved())] }])
}
