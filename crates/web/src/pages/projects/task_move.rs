//! Moving a task to another list or under another task, and deleting it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use i18n::Words;
use ports::TaskListId;
use projects::{Destination, MoveTask, Place, ProjectsError};

use super::at::{self, View};
use super::task::At;
use super::task_list::{self, Over};
use super::{task_form, task_input};
use crate::error::PageError;
use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::show::{Field, Hidden, Opt, Problems, safe_parts};
use crate::visit::{Ctx, Post, Visit};

/// "Move", over the list.
#[derive(Template)]
#[template(path = "pages/projects/task_move.html")]
struct Move {
    w: Words,
    task: String,
    problems: Problems,
    hidden: Hidden,
    action: String,
    back: String,
    list: Field,
    parent: Field,
}

/// "Delete", over the list.
#[derive(Template)]
#[template(path = "pages/projects/task_delete.html")]
struct Delete {
    w: Words,
    hidden: Hidden,
    action: String,
    back: String,
    text: String,
    crm: Option<&'static str>,
}

safe_parts!(Move, Delete);

/// `GET /projects/{p}/tasks/{t}/move`
pub(super) async fn ask(visit: Visit, Path((project, key)): Path<(String, String)>) -> Response {
    visit
        .page(move |ctx| {
            let at = At::of(ctx, &project, &key)?;
            at.require_edit()?;
            let parent = at.card.above.first().map(|above| above.key.clone()).unwrap_or_default();
            let form = Form::empty().with("list", at.card.task.list.as_str()).with("parent", parent);
            show(ctx, &at, &form)
        })
        .await
}

/// `POST /projects/{p}/tasks/{t}/move`
pub(super) async fn carry_out(Path((project, key)): Path<(String, String)>, post: Post) -> Response {
    post.page(move |ctx, mut form| {
        let at = At::of(ctx, &project, &key)?;
        let to = destination(ctx, &mut form)?;
        if let Some(to) = to.filter(|_| form.is_valid()) {
            let wanted = MoveTask { to, place: Place::Last };
            match ctx.web.projects.move_task(&ctx.acting, &at.card.task.id, &wanted) {
                Ok(task) => {
                    let back = View::of(ctx).back(ctx, &task.key);
                    return ctx.see_saying(back, ctx.w.task_said_moved(&task.key));
                }
                Err(ProjectsError::Invalid(wrong)) if wrong.iter().any(|own| own.code == "below_itself") => {
                    form.fail("parent", ctx.w.task_below_itself());
                }
                Err(error) => task_form::take(&mut form, error, ctx)?,
            }
        }
        show(ctx, &at, &form)
    })
    .await
}

/// A task above by its key takes precedence over the list.
fn destination(ctx: &Ctx, form: &mut Form) -> Result<Option<Destination>, PageError> {
    let parent = form.text("parent").to_uppercase();
    if !parent.is_empty() {
        let found = task_input::task_id(ctx, &parent)?;
        if found.is_none() {
            form.fail("parent", ctx.w.task_parent_gone());
        }
        return Ok(found.map(Destination::Under));
    }
    let list = form.required("list", ctx.w);
    Ok((!list.is_empty()).then(|| Destination::List(TaskListId::new(list))))
}

fn show(ctx: &Ctx, at: &At, form: &Form) -> Result<Reply, PageError> {
    let (w, view) = (ctx.w, View::of(ctx));
    let lists = ctx.web.projects.sections(&ctx.acting, &at.opened.project().id)?;
    let lists = lists.into_iter().map(|own| Opt::new(own.list.id.as_str(), own.list.name)).collect();
    let dialog = Move {
        w,
        task: format!("{} {}", at.key(), at.card.task.title),
        problems: form.problems(w),
        hidden: ctx.hidden(form),
        action: view.part(ctx, at.key(), "move"),
        back: view.back(ctx, at.key()),
        list: form.field("list", w.task_list()).select(lists),
        parent: form.field("parent", w.task_move_parent()).optional(w.form_optional()).hint(w.task_move_parent_hint()),
    };
    over(ctx, at, &view, Over::of(&dialog)?, w.task_move(), form.is_valid())
}

fn over(ctx: &Ctx, at: &At, view: &View, over: Over, title: &str, is_valid: bool) -> Result<Reply, PageError> {
    let mut page = task_list::page(ctx, &at.opened, view, Some(at.key()), Some(over))?;
    page.shell.title = format!("{title} · {}", at.key());
    if is_valid { ctx.show(&page) } else { ctx.show_again(&page) }
}

/// `GET /projects/{p}/tasks/{t}/delete`
pub(super) async fn ask_delete(visit: Visit, Path((project, key)): Path<(String, String)>) -> Response {
    visit
        .page(move |ctx| {
            let at = At::of(ctx, &project, &key)?;
            let (w, task, view) = (ctx.w, &at.card.task, View::of(ctx));
            if !at.card.may_delete {
                return Err(PageError::NoPermission);
            }
            let name = format!("{} {}", task.key, task.title);
            let is_linked = task_list::links(ctx, std::iter::once(task))?.contains_key(&task.id);
            let dialog = Delete {
                w,
                hidden: ctx.hidden(&Form::empty()),
                action: view.part(ctx, at.key(), "delete"),
                back: view.back(ctx, at.key()),
                text: if task.below.total > 0 {
                    w.task_delete_with_subtasks(task.below.total, &name)
                } else {
                    w.task_delete_text(&name)
                },
                crm: is_linked.then(|| w.task_delete_linked()),
            };
            over(ctx, &at, &view, Over::of(&dialog)?, w.task_delete(), true)
        })
        .await
}

/// `POST /projects/{p}/tasks/{t}/delete`
pub(super) async fn delete(Path((project, key)): Path<(String, String)>, post: Post) -> Response {
    post.page(move |ctx, _form| {
        let at = At::of(ctx, &project, &key)?;
        ctx.web.projects.delete_task(&ctx.acting, &at.card.task.id)?;
        let list = at::project(&at.opened.project().key, "tasks");
        ctx.see_saying(list, ctx.w.task_said_deleted(at.key()))
    })
    .await
}

/// Both questions.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let form = Form::empty();
    let asked = Move {
        w,
        task: "DM-4 将客户字段映射到新结构".into(),
        problems: form.problems(w),
        hidden: Hidden::new("token", "1"),
        action: "/projects/DM/tasks/DM-4/move".into(),
        back: "/projects/DM/tasks/DM-4".into(),
        list: form.field("list", w.task_list()).select(vec![Opt::new("1", "准备")]),
        parent: form.field("parent", w.task_move_parent()).hint(w.task_move_parent_hint()),
    };
    let delete = Delete {
        w,
        hidden: Hidden::new("token", "1"),
        action: "/projects/DM/tasks/DM-4/delete".into(),
        back: "/projects/DM/tasks/DM-4".into(),
        text: w.task_delete_with_subtasks(2_u32, "DM-4 试运行"),
        crm: Some(w.task_delete_linked()),
    };
    let page = |over: Result<Over, PageError>| over.ok().map(|over| task_list::sample(w, Some(over)));
    [
        rendered("task_move", page(Over::of(&asked)).into_iter().collect()),
        rendered("task_delete", page(Over::of(&delete)).into_iter().collect()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
