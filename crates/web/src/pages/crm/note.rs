//! Notes of a record, on a task its comments: the block on the record's page, and the post that adds one.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use crm::{CrmError, Module, Note};
use i18n::Words;

use super::kind::{self, AtRecord};
use super::people::People;
use crate::error::PageError;
use crate::form::Form;
use crate::show::{Avatar, Hidden, Sync, When};
use crate::visit::{Ctx, Post};

/// Notes that a page shows; the newest ones.
const NOTES_MAX: usize = 100;

/// The block.
#[derive(Template)]
#[template(path = "components/notes.html")]
pub(super) struct Notes {
    pub(super) w: Words,
    pub(super) title: &'static str,
    pub(super) meta: String,
    pub(super) entries: Vec<Entry>,
    pub(super) action: String,
    pub(super) hidden: Hidden,
    pub(super) label: &'static str,
    pub(super) typed: String,
    pub(super) error: String,
    pub(super) topics: String,
}

impl askama::filters::HtmlSafe for Notes {}

/// One note.
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) avatar: Avatar,
    pub(super) author: String,
    /// Whether the bridge brought it from Projects.
    pub(super) is_from_projects: bool,
    pub(super) written_at: ports::Moment,
    pub(super) at: When,
    pub(super) text: String,
    /// Whether it is in Projects too.
    pub(super) sync: Option<Sync>,
}

/// The block of a record. `is_linked`: what is written here goes to Projects too.
pub(super) fn block(ctx: &Ctx, module: Module, id: &str, form: &Form, is_linked: bool) -> Result<Notes, PageError> {
    let w = ctx.w;
    let notes = ctx.web.crm.notes(&ctx.acting, module, id, NOTES_MAX)?;
    let people = People::of(ctx, notes.iter().map(|note| &note.author))?;
    let is_task = module == Module::Task;
    let label = match (is_task, is_linked) {
        (true, true) => w.crm_write_linked_comment(),
        (true, false) => w.crm_write_comment(),
        (false, _) => w.crm_write_note(),
    };
    let meta = if is_linked && !notes.is_empty() {
        w.crm_comments_in_projects(notes.len())
    } else if notes.is_empty() {
        String::new()
    } else {
        w.number(i64::try_from(notes.len()).unwrap_or(i64::MAX))
    };
    Ok(Notes {
        w,
        title: if is_task { w.crm_comments() } else { w.crm_notes() },
        meta,
        entries: notes.into_iter().map(|note| entry(ctx, &people, note)).collect(),
        action: kind::part_address(module, id, "notes"),
        hidden: ctx.hidden(form),
        label,
        typed: form.raw("text").to_owned(),
        error: form.error_of("text").to_owned(),
        topics: format!("{}:{id}", module.code()),
    })
}

fn entry(ctx: &Ctx, people: &People, note: Note) -> Entry {
    Entry {
        avatar: people.avatar(&note.author),
        author: people.name(&note.author),
        is_from_projects: note.mark.is_some(),
        written_at: note.at,
        at: When::new(note.at, &ctx.zone, ctx.now, ctx.w),
        id: format!("note-{}", note.id),
        text: note.text,
        sync: None,
    }
}

/// `POST /crm/{module}/{id}/notes`
pub(super) async fn add(Path((path, id)): AtRecord, post: Post) -> Response {
    post.page(move |ctx, mut form| {
        kind::enter(ctx)?;
        let module = kind::module_of(&path)?;
        match ctx.web.crm.add_note(&ctx.acting, module, &id, form.raw("text")) {
            Ok(note) => ctx.see(format!("{}#note-{}", kind::record_address(module, &id), note.id)),
            Err(CrmError::Invalid(errors)) => {
                for error in errors {
                    form.fail("text", super::form::problem(&error.problem, ctx.w));
                }
                super::record::show_again(ctx, module, &id, &form)
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// A block with and without notes, for samples.
pub(super) fn sample(w: Words, has_notes: bool) -> Notes {
    let at = ports::Moment::from_ms(0);
    let entry = |id: &str, is_from_projects: bool| Entry {
        id: id.to_owned(),
        avatar: Avatar::new("李明", "1").small(),
        author: "李明".to_owned(),
        is_from_projects,
        written_at: at,
        at: When::new(at, &jiff::tz::TimeZone::UTC, at, w),
        text: "<好>\n7".to_owned(),
        sync: Some(Sync::new(crate::show::Sign::InStep, w.crm_copied_to_projects()).quiet()),
    };
    Notes {
        w,
        title: w.crm_comments(),
        meta: w.crm_comments_in_projects(2_usize),
        entries: if has_notes { vec![entry("note-1", false), entry("note-2", true)] } else { Vec::new() },
        action: "/crm/tasks/1/notes".to_owned(),
        hidden: Hidden::new("token", "1"),
        label: w.crm_write_linked_comment(),
        typed: "<x>".to_owned(),
        error: if has_notes { String::new() } else { w.field_empty().to_owned() },
        topics: "task:1".to_owned(),
    }
}
