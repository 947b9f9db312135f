//! Lists of a project: adding, renaming, ordering, deleting.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use i18n::Words;
use ports::TaskListId;
use projects::{LIST_NAME_MAX, ListSection, ProjectsError};

use super::at::{self, View};
use super::head::Opened;
use super::task_list::{self, Over};
use crate::address::segment;
use crate::error::PageError;
use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::show::{Field, Hidden, Opt, Problems, safe_parts};
use crate::visit::{Ctx, Post, Visit};

/// A list, over the tasks.
#[derive(Template)]
#[template(path = "pages/projects/list.html")]
struct ListForm {
    w: Words,
    problems: Problems,
    hidden: Hidden,
    action: String,
    back: String,
    name: Field,
    after: Option<Field>,
    /// Where an empty list is deleted.
    delete: Option<String>,
}

safe_parts!(ListForm);

/// `POST /projects/{p}/lists`
pub(super) async fn add(Path(key): Path<String>, post: Post) -> Response {
    post.page(move |ctx, mut form| {
        let opened = Opened::of(ctx, &key)?;
        match ctx.web.projects.add_list(&ctx.acting, &opened.project().id, form.text("name")) {
            Ok(list) => {
                let address = format!("{}#list-{}", at::project(&key, "tasks"), list.id);
                ctx.see_saying(address, ctx.w.list_said_added(&list.name))
            }
            Err(error) => {
                form.take(error, ctx.w)?;
                let action = at::project(&key, "lists");
                show(ctx, &opened, &form, ListForm::new(ctx, &form, action, at::project(&key, "tasks")))
            }
        }
    })
    .await
}

/// `GET /projects/{p}/lists/{id}`
pub(super) async fn edit(visit: Visit, Path((key, id)): Path<(String, String)>) -> Response {
    visit
        .page(move |ctx| {
            let opened = Opened::of(ctx, &key)?;
            let (lists, own) = found(ctx, &opened, &id)?;
            let form = Form::empty().with("name", own.list.name.clone()).with("after", before(&lists, &id));
            let page = full(ctx, &opened, &form, &lists, &own);
            show(ctx, &opened, &form, page)
        })
        .await
}

/// `POST /projects/{p}/lists/{id}`
pub(super) async fn save(Path((key, id)): Path<(String, String)>, post: Post) -> Response {
    post.page(move |ctx, mut form| {
        let opened = Opened::of(ctx, &key)?;
        let (lists, own) = found(ctx, &opened, &id)?;
        let projects = &ctx.web.projects;
        let renamed = projects.rename_list(&ctx.acting, &own.list.id, form.text("name"));
        let after = form.text("after").to_owned();
        let moved = renamed.and_then(|list| {
            if form.has("after") && after != before(&lists, &id) {
                let after = (!after.is_empty()).then(|| TaskListId::new(after.clone()));
                projects.move_list(&ctx.acting, &own.list.id, after.as_ref())?;
            }
            Ok(list)
        });
        match moved {
            Ok(list) => ctx.see_saying(at::project(&key, "tasks"), ctx.w.list_said_saved(&list.name)),
            Err(error) => {
                form.take(error, ctx.w)?;
                let page = full(ctx, &opened, &form, &lists, &own);
                show(ctx, &opened, &form, page)
            }
        }
    })
    .await
}

/// `POST /projects/{p}/lists/{id}/delete`
pub(super) async fn delete(Path((key, id)): Path<(String, String)>, post: Post) -> Response {
    post.page(move |ctx, mut form| {
        let opened = Opened::of(ctx, &key)?;
        let (lists, own) = found(ctx, &opened, &id)?;
        match ctx.web.projects.delete_list(&ctx.acting, &own.list.id) {
            Ok(()) => ctx.see_saying(at::project(&key, "tasks"), ctx.w.list_said_deleted(&own.list.name)),
            Err(ProjectsError::Invalid(_)) => {
                form.fail("name", ctx.w.list_not_empty());
                let form = form.with("name", own.list.name.clone()).with("after", before(&lists, &id));
                let page = full(ctx, &opened, &form, &lists, &own);
                show(ctx, &opened, &form, page)
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}

fn found(ctx: &Ctx, opened: &Opened, id: &str) -> Result<(Vec<ListSection>, ListSection), PageError> {
    if !opened.card.access.edits_tasks {
        return Err(PageError::NoPermission);
    }
    let lists = ctx.web.projects.sections(&ctx.acting, &opened.project().id)?;
    let own = lists.iter().find(|own| own.list.id.as_str() == id).cloned().ok_or(PageError::NotFound)?;
    Ok((lists, own))
}

/// The list before this one; empty for the first.
fn before(lists: &[ListSection], id: &str) -> String {
    let at = lists.iter().position(|own| own.list.id.as_str() == id).unwrap_or_default();
    let own = at.checked_sub(1).and_then(|at| lists.get(at));
    own.map(|own| own.list.id.to_string()).unwrap_or_default()
}

fn full(ctx: &Ctx, opened: &Opened, form: &Form, lists: &[ListSection], own: &ListSection) -> ListForm {
    let w = ctx.w;
    let key = &opened.project().key;
    let id = own.list.id.as_str();
    let address = format!("{}/{}", at::project(key, "lists"), segment(id));
    let others = lists.iter().filter(|other| other.list.id != own.list.id);
    let entries: Vec<Opt> = std::iter::once(Opt::new("", w.list_first()))
        .chain(others.map(|other| Opt::new(other.list.id.as_str(), w.list_after(&other.list.name))))
        .collect();
    let has_others = entries.len() > 1;
    ListForm {
        after: has_others.then(|| form.field("after", w.list_place()).select(entries)),
        delete: (own.list.progress.total == 0).then(|| format!("{address}/delete")),
        ..ListForm::new(ctx, form, address, at::project(key, "tasks"))
    }
}

impl ListForm {
    fn new(ctx: &Ctx, form: &Form, action: String, back: String) -> Self {
        let w = ctx.w;
        Self {
            w,
            problems: form.problems(w),
            hidden: ctx.hidden(form),
            action,
            back,
            name: form.field("name", w.list_name()).required().length_max(LIST_NAME_MAX).focused(),
            after: None,
            delete: None,
        }
    }
}

fn show(ctx: &Ctx, opened: &Opened, form: &Form, part: ListForm) -> Result<Reply, PageError> {
    let mut page = task_list::page(ctx, opened, &View::default(), None, Some(Over::of(&part)?))?;
    page.shell.title = format!("{} · {}", ctx.w.task_list(), opened.project().name);
    if form.is_valid() { ctx.show(&page) } else { ctx.show_again(&page) }
}

/// A list with others, and a new one.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let form = Form::empty().with("name", "试运行");
    let part = |after, delete| ListForm {
        w,
        problems: form.problems(w),
        hidden: Hidden::new("token", "1"),
        action: "/projects/DM/lists/1".into(),
        back: "/projects/DM/tasks".into(),
        name: form.field("name", w.list_name()).required(),
        after,
        delete,
    };
    let after = form.field("after", w.list_place()).select(vec![Opt::new("", w.list_first())]);
    let pages = [Over::of(&part(Some(after), Some("/projects/DM/lists/1/delete".into()))), Over::of(&part(None, None))];
    let pages = pages.into_iter().filter_map(Result::ok).map(|over| task_list::sample(w, Some(over))).collect();
    rendered("list", pages)
}
