//! Comments of a task: what was written on either side, and the line for the next one (COM-7).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use i18n::Words;
use ports::{CommentId, PlainText, lines};
use projects::{Comment, CommentDraft};

use super::at::View;
use super::people::People;
use super::task::{self, At};
use crate::error::PageError;
use crate::form::Form;
use crate::show::{Avatar, Hidden, When, safe_parts};
use crate::visit::{Ctx, Post};

/// The comments.
#[derive(Template)]
#[template(path = "components/projects/comments.html")]
pub(super) struct Comments {
    w: Words,
    meta: String,
    entries: Vec<Entry>,
    csrf: String,
    release: String,
    topics: String,
    composer: Option<Composer>,
}

/// The line for a new one.
#[derive(Clone, Template)]
#[template(path = "components/projects/composer.html")]
pub(super) struct Composer {
    w: Words,
    action: String,
    hidden: Hidden,
    label: &'static str,
    typed: String,
    error: String,
    /// Whether it can be kept from client users, and is.
    internal: Option<bool>,
}

struct Entry {
    id: String,
    comment: String,
    avatar: Avatar,
    author: String,
    is_from_crm: bool,
    is_internal: bool,
    may_release: bool,
    at: When,
    html: String,
}

safe_parts!(Comments, Composer);

impl Comments {
    pub(super) fn of(ctx: &Ctx, at: &At, view: &View, form: &Form, is_linked: bool) -> Result<Self, PageError> {
        let (w, task) = (ctx.w, &at.card.task);
        let comments = ctx.web.projects.comments(&ctx.acting, &task.id, None)?;
        let people = People::of(ctx, comments.iter().map(|comment| &comment.author))?;
        let is_client = ctx.person.rights.is_client;
        let may_release = at.card.may_edit && !is_client && task.is_external;
        let count = comments.len();
        let entry = |comment: Comment| Entry {
            avatar: people.avatar(&comment.author),
            author: comment.author_name,
            is_from_crm: comment.mark.is_some() && !is_client,
            is_internal: comment.is_internal && task.is_external,
            may_release: may_release && comment.is_internal,
            at: When::new(comment.at, &ctx.zone, ctx.now, w),
            id: format!("comment-{}", comment.id),
            comment: comment.id.to_string(),
            html: comment.text.as_html().to_owned(),
        };
        let composer = at.card.may_edit.then(|| Composer {
            w,
            action: view.part(ctx, &task.key, "comments"),
            hidden: ctx.hidden(form),
            label: if is_linked && !is_client { w.task_write_linked_comment() } else { w.task_write_comment() },
            typed: form.raw("text").to_owned(),
            error: form.error_of("text").to_owned(),
            internal: (!is_client && task.is_external).then(|| form.has("internal")),
        });
        Ok(Self {
            w,
            meta: if count == 0 { String::new() } else { w.number(i64::try_from(count).unwrap_or(i64::MAX)) },
            entries: comments.into_iter().map(entry).collect(),
            csrf: ctx.person.csrf.clone(),
            release: view.part(ctx, &task.key, "comments/release"),
            topics: format!("task:{}", task.id),
            composer,
        })
    }

    pub(super) fn composer(&self) -> Option<&Composer> {
        self.composer.as_ref()
    }

    /// Two comments and the line.
    pub(super) fn sample(w: Words, is_linked: bool) -> Self {
        let entry = |id: &str, is_from_crm| Entry {
            id: format!("comment-{id}"),
            comment: id.into(),
            avatar: Avatar::new("李明", "li.ming@zylker.example").small(),
            author: "李明".into(),
            is_from_crm,
            is_internal: is_from_crm,
            may_release: is_from_crm,
            at: When::new(ports::Moment::from_ms(0), &jiff::tz::TimeZone::UTC, ports::Moment::from_ms(0), w),
            html: lines::rich(&PlainText::new("税号有 11 位 <&>")).as_html().to_owned(),
        };
        Self {
            w,
            meta: "2".into(),
            entries: vec![entry("1", true), entry("2", false)],
            csrf: "token".into(),
            release: "/projects/DM/tasks/DM-4/comments/release".into(),
            topics: "task:1".into(),
            composer: Some(Composer {
                w,
                action: "/projects/DM/tasks/DM-4/comments".into(),
                hidden: Hidden::new("token", "1"),
                label: if is_linked { w.task_write_linked_comment() } else { w.task_write_comment() },
                typed: String::new(),
                error: if is_linked { String::new() } else { w.field_empty().into() },
                internal: Some(is_linked),
            }),
        }
    }
}

/// `POST /projects/{p}/tasks/{t}/comments`
pub(super) async fn add(Path((project, key)): Path<(String, String)>, post: Post) -> Response {
    post.page(move |ctx, mut form| {
        let at = At::of(ctx, &project, &key)?;
        let view = View::of(ctx);
        let draft =
            CommentDraft { text: lines::rich(&PlainText::new(form.raw("text"))), is_internal: form.has("internal") };
        match ctx.web.projects.add_comment(&ctx.acting, &at.card.task.id, &draft) {
            Ok(comment) => ctx.see(format!("{}#comment-{}", view.back(ctx, at.key()), comment.id)),
            Err(error) => {
                form.take(error, ctx.w)?;
                task::answer(ctx, &at, &view, &form)
            }
        }
    })
    .await
}

/// `POST /projects/{p}/tasks/{t}/comments/release`
pub(super) async fn release(Path((project, key)): Path<(String, String)>, post: Post) -> Response {
    post.page(move |ctx, form| {
        let at = At::of(ctx, &project, &key)?;
        let id = CommentId::new(form.text("comment"));
        ctx.web.projects.release_comment(&ctx.acting, &at.card.task.id, &id)?;
        ctx.see_saying(View::of(ctx).back(ctx, at.key()), ctx.w.task_comment_released())
    })
    .await
}
