//! The page of a CRM task (38, 45), also after "Save anyway" (46).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use bridge::BridgeError;
use bridge::field::Field;
use bridge::plan::LinkState;
use crm::{Module, Record, Task};
use i18n::Words;
use ports::{Date, Email, Reason};

use super::kind;
use super::linked::{self, Linked, SyncCard};
use super::note::{self, Notes};
use super::people::People;
use super::value::{self, History, Stamps};
use super::words::choice_label;
use crate::error::PageError;
use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::shell::Shell;
use crate::show::{Due, Icon, PriorityMark, ProjectsMark, StatusMark, Sync, When, Who, icon};
use crate::visit::{Ctx, Post, Visit};

/// A task.
#[derive(Template)]
#[template(path = "pages/crm/task.html")]
pub(super) struct TaskPage {
    w: Words,
    shell: Shell,
    title: String,
    mark: Option<ProjectsMark>,
    edit: String,
    delete: String,
    unlink: Option<String>,
    props: TaskProps,
    related: Vec<RelatedTo>,
    takes: Vec<(&'static str, String)>,
    stamps: Stamps,
    description: String,
    description_sync: Option<Sync>,
    left: Vec<Left>,
    card: Option<SyncCard>,
    /// Whether something was not applied: then the card comes first.
    is_card_first: bool,
    notes: Notes,
    log: History,
    all_changes: Option<String>,
    topics: String,
}

/// The values in the column beside the task, each with its sign.
struct TaskProps {
    status: (StatusMark, String, Option<Sync>),
    due: (Due, Option<Sync>),
    priority: (PriorityMark, Option<Sync>),
    owner: (Who, Option<Sync>),
}

/// A record that the task belongs to.
struct RelatedTo {
    icon: Icon,
    label: &'static str,
    name: String,
    href: String,
}

/// A value that "Save" has left out.
struct Left {
    id: String,
    title: String,
    text: String,
    edit: String,
    choose: &'static str,
}

/// The page; `form` is a comment that could not be saved.
pub(super) fn page(ctx: &Ctx, record: Record, form: &Form) -> Result<TaskPage, PageError> {
    let w = ctx.w;
    let view = linked::of_task(ctx, &record.id)?;
    let mark = view.as_ref().and_then(|view| super::joined::mark(view, w));
    let linked = view.map(|view| Linked::read(ctx, view)).transpose()?;
    let is_linked = linked.is_some();
    let mut notes = note::block(ctx, Module::Task, &record.id, form, is_linked)?;
    let topics = match &linked {
        Some(linked) => linked.topics(&record.id),
        None => format!("task:{0},crm_task:{0}", record.id),
    };
    if let Some(linked) = &linked {
        notes.topics.clone_from(&topics);
        for entry in notes.entries.iter_mut().filter(|entry| !entry.is_from_projects) {
            entry.sync = linked.copied(entry.written_at, w);
        }
    }
    let takes = match &linked {
        Some(linked) if linked.view.link.state != LinkState::Broken => match linked::check(ctx, &record.id, &[])? {
            Some(check) => linked::takes(&check, &linked.view, ctx)?,
            None => Vec::new(),
        },
        Some(_) | None => Vec::new(),
    };
    let card = linked.as_ref().map(|linked| linked.card(ctx, &record));
    let left = left(ctx, &record)?;
    let log = match &linked {
        Some(linked) => linked.log(ctx),
        None => value::history(ctx, &record)?,
    };
    let sync = |field| linked.as_ref().and_then(|linked| linked.sign(ctx, field, &record));
    Ok(TaskPage {
        shell: ctx
            .shell(record.name())
            .at(kind::place(Module::Task))
            .crumb(w.nav_crm_group())
            .crumb_to(w.nav_crm_tasks(), kind::list_address(Module::Task))
            .crumb(record.name()),
        title: record.name().to_owned(),
        mark,
        edit: kind::part_address(Module::Task, &record.id, "edit"),
        delete: kind::part_address(Module::Task, &record.id, "delete"),
        unlink: is_linked.then(|| kind::part_address(Module::Task, &record.id, "unlink")),
        props: props(ctx, &record, sync)?,
        related: related(&record, w),
        takes,
        stamps: Stamps::new(ctx, &record)?,
        description: record.text("description").to_owned(),
        description_sync: sync(Field::Description),
        left,
        is_card_first: card.as_ref().is_some_and(|card| !card.told.is_empty() || card.gone.is_some()),
        all_changes: card.as_ref().map(|card| card.why.clone()),
        card,
        notes,
        log,
        topics,
        w,
    })
}

fn props(ctx: &Ctx, record: &Record, sync: impl Fn(Field) -> Option<Sync>) -> Result<TaskProps, PageError> {
    let w = ctx.w;
    let is_closed = record.task.as_ref().is_some_and(|task| task.is_closed);
    let status = choice_label(record.text("status"), w);
    let people = People::of(ctx, [&record.owner])?;
    Ok(TaskProps {
        status: (StatusMark::new(&status, is_closed), status.clone(), sync(Field::Status)),
        due: (Due::new(record.values.date("due"), is_closed, ctx.today, w), sync(Field::Due)),
        priority: (PriorityMark::new(record.text("priority"), w), sync(Field::Priority)),
        owner: (people.who(&record.owner), sync(Field::Owner)),
    })
}

fn related(record: &Record, w: Words) -> Vec<RelatedTo> {
    let Some(task) = Task::of(record.clone()) else { return Vec::new() };
    let is_account = |named: &crm::Named| named.reference.module == ports::CrmModule::Account;
    // An account that the task stands under directly is named once.
    let account = task.account.filter(|_| !task.related.as_ref().is_some_and(is_account));
    let named = [task.related, account, task.person].into_iter().flatten();
    named
        .map(|named| {
            let module = Module::from(named.reference.module);
            RelatedTo {
                icon: icon(kind::icon_name(module)),
                label: kind::singular(module, w),
                href: kind::record_address(module, &named.reference.id),
                name: named.name,
            }
        })
        .collect()
}

/// What "Save" has left out (`?left=due:2026-07-06`): said on the page, because a text that passes is too short for it.
fn left(ctx: &Ctx, record: &Record) -> Result<Vec<Left>, PageError> {
    let asked = ctx.asked.address.pairs().iter().filter(|(name, _)| name == "left");
    let changes: Vec<(Field, bridge::checks::NewValue)> = asked
        .filter_map(|(_, text)| {
            let (field, value) = text.split_once(':')?;
            let value = Some(value.to_owned()).filter(|value| !value.is_empty());
            Some((Field::parse(field)?, bridge::checks::NewValue::Native(value)))
        })
        .collect();
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let Some(check) = linked::check(ctx, &record.id, &changes)? else { return Ok(Vec::new()) };
    let mut left = Vec::new();
    for (field, value) in &changes {
        let Some(reason) = check.field(*field).and_then(|check| check.reason.as_ref()) else { continue };
        let bridge::checks::NewValue::Native(value) = value else { continue };
        let value = value.clone().unwrap_or_default();
        let name = linked::form_name(*field);
        let edit = crate::address::Address::new(kind::part_address(Module::Task, &record.id, "edit"));
        left.push(Left {
            id: format!("left-{name}"),
            title: ctx.w.crm_left_out(linked::label(*field, ctx.w), shown(ctx, *field, &value)),
            text: super::people::reason(ctx, reason),
            edit: edit.with(name, &value).to_string(),
            choose: match field {
                Field::Due => ctx.w.crm_choose_other_date(),
                _ => ctx.w.crm_choose_other_value(),
            },
        });
    }
    Ok(left)
}

/// A value of the form as a page shows it.
pub(super) fn shown(ctx: &Ctx, field: Field, value: &str) -> String {
    let w = ctx.w;
    match field {
        _ if value.is_empty() => w.value_empty().to_owned(),
        Field::Due => Date::parse(value).map_or_else(|_| value.to_owned(), |day| w.date(day, ctx.today)),
        Field::Priority | Field::Status => choice_label(value, w),
        Field::Owner => match Email::parse(value) {
            Ok(email) => People::of(ctx, [&email]).map_or_else(|_| value.to_owned(), |people| people.name(&email)),
            Err(_) => value.to_owned(),
        },
        Field::Title | Field::Description => value.to_owned(),
    }
}

/// `GET /crm/tasks/{id}/unlink`
pub(super) async fn ask_unlink(visit: Visit, Path(id): Path<String>) -> Response {
    visit
        .page(move |ctx| {
            kind::enter(ctx)?;
            let record = super::record::read(ctx, Module::Task, &id)?;
            show_unlink(ctx, &record)
        })
        .await
}

fn show_unlink(ctx: &Ctx, record: &Record) -> Result<Reply, PageError> {
    let w = ctx.w;
    let view = linked::of_task(ctx, &record.id)?.ok_or(PageError::NotFound)?;
    let back = kind::record_address(Module::Task, &record.id);
    ctx.show(&super::ask::AskPage {
        w,
        shell: ctx
            .shell(record.name())
            .at(kind::place(Module::Task))
            .crumb(w.nav_crm_group())
            .crumb_to(w.nav_crm_tasks(), kind::list_address(Module::Task))
            .crumb_to(record.name(), &back)
            .crumb(w.crm_unlink()),
        title: w.crm_unlink_title(record.name()),
        text: w.crm_unlink_text(&view.link.seen.key, &view.link.seen.project),
        also: None,
        hidden: ctx.hidden(&Form::empty()).with("link", view.link.id.as_str()).version(view.link.revision),
        action: kind::part_address(Module::Task, &record.id, "unlink"),
        back,
        button: w.crm_unlink(),
        icon: "unlink",
        is_danger: true,
    })
}

/// `POST /crm/tasks/{id}/unlink`
pub(super) async fn unlink(Path(id): Path<String>, post: Post) -> Response {
    post.page(move |ctx, form| {
        kind::enter(ctx)?;
        let record = super::record::read(ctx, Module::Task, &id)?;
        let link = ports::LinkId::new(form.text("link"));
        match ctx.web.bridge.unlink(&ctx.acting, &link, form.version()) {
            Ok(_) => ctx.see_saying(kind::record_address(Module::Task, &id), ctx.w.crm_said_unlinked(record.name())),
            // It was parted already: that is what was wanted.
            Err(BridgeError::WrongState) => ctx.see(kind::record_address(Module::Task, &id)),
            // The link has moved since: what it is now is shown, and asked once more.
            Err(BridgeError::ChangedSince) => show_unlink(ctx, &record),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// Samples of the page.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let when = || When::new(ports::Moment::from_ms(0), &jiff::tz::TimeZone::UTC, ports::Moment::from_ms(1), w);
    let sync = || Some(Sync::new(crate::show::Sign::InStep, w.crm_same_in_projects()).quiet());
    let reason = Reason::ParentClosed { parent_id: "1".into(), parent: "盘点".into(), closed_by: None };
    let page = |is_linked: bool| TaskPage {
        w,
        shell: Shell::sample(w).crumb("试运行"),
        title: "试运行 <1>".into(),
        mark: ProjectsMark::new("数据迁移", "in_step", is_linked.then(|| "/projects/DM/tasks/DM-4".into()), w)
            .map(|mark| mark.with_key("DM-4")),
        edit: "/crm/tasks/1/edit".into(),
        delete: "/crm/tasks/1/delete".into(),
        unlink: is_linked.then(|| "/crm/tasks/1/unlink".into()),
        props: TaskProps {
            status: (StatusMark::new(w.crm_choice_in_progress(), false), w.crm_choice_in_progress().into(), sync()),
            due: (Due::new(None, false, Date::from(jiff::civil::date(2026, 3, 10)), w), sync()),
            priority: (PriorityMark::new("Highest", w), sync()),
            owner: (Who::new("李明", "1"), None),
        },
        related: vec![RelatedTo {
            icon: icon("deal"),
            label: w.crm_deal(),
            name: "数据迁移服务".into(),
            href: "/crm/deals/1".into(),
        }],
        takes: vec![("users", w.crm_takes_members("数据迁移"))],
        stamps: Stamps { created: (when(), "李明".into()), modified: (when(), w.crm_by_you().into()) },
        description: if is_linked { "第一行\n第二行".into() } else { String::new() },
        description_sync: sync(),
        left: if is_linked {
            vec![Left {
                id: "left-status".into(),
                title: w.crm_left_out(w.crm_field_status(), w.crm_choice_in_progress()),
                text: w.reason(&reason),
                edit: "/crm/tasks/1/edit".into(),
                choose: w.crm_choose_other_value(),
            }]
        } else {
            Vec::new()
        },
        card: is_linked.then(|| linked::sample(w)),
        is_card_first: is_linked,
        notes: note::sample(w, is_linked),
        log: History { lines: Vec::new() },
        all_changes: is_linked.then(|| "/bridge/links/1".into()),
        topics: "task:1".into(),
    };
    rendered("task", vec![page(true), page(false)])
}
