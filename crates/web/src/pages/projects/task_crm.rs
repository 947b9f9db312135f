//! Putting a task into the CRM (06, TASK-4 to TASK-13), trying it again, and parting two tasks (TASK-9).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use bridge::BridgeError;
use bridge::add_to_crm::options::CrmOptions;
use bridge::add_to_crm::{AddAnswer, AddInput, TaskChoice};
use i18n::Words;
use ports::{CrmModule, CrmRef, Email, NewProjectsTask, Patch, ProjectsTaskId, Reason};
use projects::{TaskDraft, TaskPatch};

use super::at::{self, View};
use super::head::{Opened, optional};
use super::people::{self, People};
use super::task::{self, At};
use super::task_input::Wanted;
use super::task_list::{self, Over};
use crate::error::PageError;
use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::show::{Badge, Hidden, Problems, Sign, StatusMark, Sync, Tile, Tone, safe_parts};
use crate::visit::{Ctx, Post, Visit};

/// The picker, over the list.
#[derive(Template)]
#[template(path = "pages/projects/task_crm.html")]
struct Picker {
    w: Words,
    step: Option<String>,
    status: StatusMark,
    task: String,
    problems: Problems,
    hidden: Hidden,
    action: String,
    back: String,
    /// "Back" to the form of the new task posts its fields.
    backs_by_post: Option<String>,
    mapped: Vec<Choice>,
    unmapped: Vec<Choice>,
    deals: Vec<Choice>,
    deals_hint: String,
    copy: Option<(String, bool)>,
    stays: Vec<Sync>,
}

/// One record that the task can be put under.
struct Choice {
    value: String,
    tile: Tile,
    name: String,
    hint: String,
    badges: Vec<Badge>,
    is_chosen: bool,
    /// Why it cannot be chosen.
    obstacle: Option<String>,
}

/// "Unlink", over the list.
#[derive(Template)]
#[template(path = "pages/projects/task_unlink.html")]
struct Unlink {
    w: Words,
    hidden: Hidden,
    action: String,
    back: String,
    text: String,
}

safe_parts!(Picker, Unlink);

/// `GET /projects/{p}/tasks/{t}/crm/new`
pub(super) async fn pick(visit: Visit, Path((project, key)): Path<(String, String)>) -> Response {
    visit
        .page(move |ctx| {
            let at = At::of(ctx, &project, &key)?;
            show_existing(ctx, &at, &Form::empty())
        })
        .await
}

/// `POST /projects/{p}/tasks/{t}/crm/new`
pub(super) async fn add(Path((project, key)): Path<(String, String)>, post: Post) -> Response {
    post.page(move |ctx, mut form| {
        let at = At::of(ctx, &project, &key)?;
        let Some((under, map_company)) = chosen(&mut form, ctx.w) else { return show_existing(ctx, &at, &form) };
        let input = AddInput {
            task: TaskChoice::Existing(at.card.task.id.clone()),
            under,
            map_company,
            copy_comments: form.has("copy_comments"),
        };
        match ctx.web.bridge.add_to_crm(&ctx.acting, form.press(), &input) {
            Ok(answer) => {
                let back = View::of(ctx).back(ctx, at.key());
                said(ctx, &answer, back)
            }
            Err(error) => {
                form.take(error, ctx.w)?;
                show_existing(ctx, &at, &form)
            }
        }
    })
    .await
}

/// `POST /projects/{p}/tasks/{t}/crm/again`
pub(super) async fn again(Path((project, key)): Path<(String, String)>, post: Post) -> Response {
    post.page(move |ctx, mut form| {
        let at = At::of(ctx, &project, &key)?;
        let view = View::of(ctx);
        match ctx.web.bridge.try_adding_again(&ctx.acting, form.press(), &at.card.task.id) {
            Ok(answer) => said(ctx, &answer, view.back(ctx, at.key())),
            Err(BridgeError::Refused(reason)) if !matches!(reason, Reason::NoPermission { .. }) => {
                form.fail("text", people::reason(ctx, &reason));
                task::answer(ctx, &at, &view, &form)
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// The picker for a task that is made with it; its fields are carried along, nothing is saved before "Save".
pub(super) fn of_new(ctx: &Ctx, opened: &Opened, wanted: Wanted) -> Result<Reply, PageError> {
    let Wanted { draft, mut form } = wanted;
    let is_first = !form.has("picking");
    let under = if is_first { None } else { chosen(&mut form, ctx.w) };
    let Some((under, map_company)) = under else { return show_new(ctx, opened, &draft, &form) };
    let input = AddInput {
        task: TaskChoice::New(Box::new(new_task(opened, &draft))),
        under,
        map_company,
        copy_comments: false,
    };
    match ctx.web.bridge.add_to_crm(&ctx.acting, form.press(), &input) {
        Ok(answer) => {
            let Some(id) = task_of(&answer) else {
                let said = ctx.w.task_said_on_its_way();
                return ctx.see_saying(at::project(&opened.project().key, "tasks"), said);
            };
            let key = finish(ctx, id, &draft)?;
            said(ctx, &answer, View::drawer_of(&key))
        }
        Err(error) => {
            form.take(error, ctx.w)?;
            show_new(ctx, opened, &draft, &form)
        }
    }
}

/// What the port does not carry: the time of day, and whether client users see it. Answers the task's key.
fn finish(ctx: &Ctx, id: &ProjectsTaskId, draft: &TaskDraft) -> Result<String, PageError> {
    let projects = &ctx.web.projects;
    let minute = draft.due.and_then(|due| due.minute);
    if minute.is_some() || draft.is_external {
        let patch = TaskPatch {
            due_minute: minute.map_or(Patch::Keep, Patch::Set),
            is_external: draft.is_external.then_some(true),
            ..TaskPatch::default()
        };
        projects.edit_task(&ctx.acting, id, &patch, None)?;
    }
    Ok(projects.task(&ctx.acting, id)?.task.key)
}

fn task_of(answer: &AddAnswer) -> Option<&ProjectsTaskId> {
    match answer {
        AddAnswer::Linked { task, .. } | AddAnswer::Kept { task, .. } => Some(task),
        AddAnswer::Waiting { task, .. } => task.as_ref(),
    }
}

fn said(ctx: &Ctx, answer: &AddAnswer, address: String) -> Result<Reply, PageError> {
    let w = ctx.w;
    let text = match answer {
        AddAnswer::Linked { .. } => w.task_said_linked(),
        AddAnswer::Kept { .. } => w.task_said_kept(),
        AddAnswer::Waiting { .. } => w.task_said_on_its_way(),
    };
    ctx.see_saying(address, text)
}

fn new_task(opened: &Opened, draft: &TaskDraft) -> NewProjectsTask {
    NewProjectsTask {
        project: opened.project().id.clone(),
        list: draft.list.clone(),
        parent: draft.parent.clone(),
        title: draft.title.clone(),
        description: draft.description.clone(),
        start: draft.start,
        due: draft.due.map(|due| due.day),
        priority: draft.priority.clone(),
        status: draft.status.clone(),
        owners: draft.owners.clone(),
    }
}

/// The chosen record, and whether choosing it maps its account (TASK-6).
fn chosen(form: &mut Form, w: Words) -> Option<(CrmRef, bool)> {
    let choice = form.text("under").to_owned();
    let found = choice.split_once(':').and_then(|(kind, id)| {
        let (module, maps) = match kind {
            "account" => (CrmModule::Account, false),
            "unmapped" => (CrmModule::Account, true),
            "deal" => (CrmModule::Deal, false),
            _ => return None,
        };
        Some((CrmRef { module, id: id.to_owned() }, maps))
    });
    if found.is_none() {
        form.fail("under", w.picker_choose());
    }
    found
}

fn options(ctx: &Ctx, opened: &Opened, task: Option<&ProjectsTaskId>) -> Result<CrmOptions, PageError> {
    let id = &opened.project().id;
    let options = optional(ctx.web.bridge.crm_options(&ctx.acting, id, task))?.ok_or(PageError::NotFound)?;
    match options.obstacle {
        Some(reason) => Err(PageError::Refused(reason)),
        None => Ok(options),
    }
}

fn show_existing(ctx: &Ctx, at: &At, form: &Form) -> Result<Reply, PageError> {
    let (w, task, view) = (ctx.w, &at.card.task, View::of(ctx));
    let options = options(ctx, &at.opened, Some(&task.id))?;
    let back = view.back(ctx, at.key());
    if options.link.is_some() {
        // Somebody was faster: the task shows it.
        return ctx.see_saying(back, w.reason(&Reason::AlreadyLinked));
    }
    let comments = options.comments_to_copy;
    let picker = Picker {
        step: None,
        status: StatusMark::new(&at::status(&task.status, w), task.is_closed),
        task: format!("{} {}", task.key, task.title),
        hidden: fresh(ctx, form),
        action: view.part(ctx, at.key(), "crm/new"),
        backs_by_post: None,
        copy: (comments > 0).then(|| (w.picker_copy(comments), form.has("copy_comments"))),
        ..picker(ctx, &options, form, back)?
    };
    show(ctx, &at.opened, &view, Some(at.key()), &picker, form)
}

fn show_new(ctx: &Ctx, opened: &Opened, draft: &TaskDraft, form: &Form) -> Result<Reply, PageError> {
    let w = ctx.w;
    let options = options(ctx, opened, None)?;
    let key = &opened.project().key;
    let unsent = ["csrf", "press", "version", "under", "picking", "copy_comments", "owner"];
    let kept = form.kept().into_iter().filter(|(name, _)| !unsent.contains(&name.as_str()));
    let hidden = kept.fold(fresh(ctx, form), |hidden, (name, value)| hidden.with(name, value)).with("picking", "yes");
    let action = at::project(key, "tasks/new/crm");
    let picker = Picker {
        step: Some(w.picker_step().to_owned()),
        status: StatusMark::new(w.task_status_open(), false),
        task: draft.title.clone(),
        hidden,
        backs_by_post: Some(action.clone()),
        action,
        ..picker(ctx, &options, form, at::project(key, "tasks"))?
    };
    show(ctx, opened, &View::default(), None, &picker, form)
}

/// An order that was refused is another order when it is sent again.
fn fresh(ctx: &Ctx, form: &Form) -> Hidden {
    if form.is_valid() { ctx.hidden(form) } else { ctx.hidden(&Form::empty()) }
}

fn show(
    ctx: &Ctx,
    opened: &Opened,
    view: &View,
    open: Option<&str>,
    picker: &Picker,
    form: &Form,
) -> Result<Reply, PageError> {
    let mut page = task_list::page(ctx, opened, view, open, Some(Over::of(picker)?))?;
    page.shell.title = format!("{} · {}", ctx.w.picker_title(), opened.project().name);
    if form.is_valid() { ctx.show(&page) } else { ctx.show_again(&page) }
}

/// The choices; what differs between a new and an existing task is filled in by the caller.
fn picker(ctx: &Ctx, options: &CrmOptions, form: &Form, back: String) -> Result<Picker, PageError> {
    let w = ctx.w;
    let owners: Vec<Email> = options
        .mapped
        .iter()
        .map(|choice| &choice.account)
        .chain(options.unmapped.iter().map(|choice| &choice.account))
        .filter_map(|party| Email::parse(party.owner.as_deref()?).ok())
        .chain(options.unmapped.iter().flat_map(|choice| choice.ask.iter().cloned()))
        .collect();
    let people = People::of(ctx, &owners)?;
    let first = options.deals.first().map(|deal| format!("deal:{}", deal.reference.id));
    let first = first.or_else(|| options.mapped.first().map(|choice| format!("account:{}", choice.account.id)));
    let wanted = if form.has("under") { form.text("under").to_owned() } else { first.unwrap_or_default() };
    let choice = |value: String, icon, name: &str, hint: String, badge: Vec<Badge>| Choice {
        is_chosen: value == wanted,
        value,
        tile: Tile::crm(icon).large(),
        name: name.to_owned(),
        hint,
        badges: badge,
        obstacle: None,
    };
    let about = |party: &bridge::mapping::Party| {
        let owner = party.owner.as_deref().map(|owner| w.picker_owner(people.name_of(owner)));
        [owner, party.city.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let mapped = options.mapped.iter().map(|own| {
        let badge = Badge::new(w.picker_mapped_to(&own.company.name), Tone::Ok).with_icon("in-step");
        choice(format!("account:{}", own.account.id), "building", &own.account.name, about(&own.account), vec![badge])
    });
    let unmapped = options.unmapped.iter().map(|own| {
        let text = if own.is_similar { w.picker_similar(&own.company.name) } else { w.picker_same_name().to_owned() };
        let value = format!("unmapped:{}", own.account.id);
        let shown = choice(value, "building", &own.account.label(), about(&own.account), vec![Badge::line(text)]);
        let ask: Vec<String> = own.ask.iter().map(|email| people.name(email)).collect();
        let obstacle = own.obstacle.as_ref().map(|reason| match reason {
            Reason::NoPermission { .. } => w.picker_ask(w.names(&ask)),
            other => w.reason(other),
        });
        Choice { tile: Tile::plain("building").large(), obstacle, ..shown }
    });
    let deals = options.deals.iter().map(|deal| {
        let account = deal.company_name.clone().unwrap_or_default();
        let closing = deal.closing.map(|day| w.picker_closing(w.date(day, ctx.today)));
        let hint = [Some(account).filter(|name| !name.is_empty()), closing];
        let won = deal.is_won.then(|| Badge::new(w.picker_won(), Tone::Ok));
        let hint = hint.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        choice(format!("deal:{}", deal.reference.id), "deal", &deal.name, hint, won.into_iter().collect())
    });
    Ok(Picker {
        w,
        step: None,
        status: StatusMark::new("", false),
        task: String::new(),
        problems: form.problems(w),
        hidden: fresh(ctx, form),
        action: String::new(),
        back,
        backs_by_post: None,
        mapped: mapped.collect(),
        unmapped: unmapped.collect(),
        deals: deals.collect(),
        deals_hint: w.picker_deals_hint(&options.project.name),
        copy: None,
        stays: stays(w),
    })
}

/// What stays in step from now on.
fn stays(w: Words) -> Vec<Sync> {
    [
        w.task_title(),
        w.task_description(),
        w.task_due(),
        w.field_priority(),
        w.picker_closed_or_reopened(),
        w.task_owner(),
        w.task_comments(),
    ]
    .into_iter()
    .map(|text| Sync::new(Sign::InStep, text))
    .collect()
}

/// `GET /projects/{p}/tasks/{t}/unlink`
pub(super) async fn ask_unlink(visit: Visit, Path((project, key)): Path<(String, String)>) -> Response {
    visit
        .page(move |ctx| {
            let at = At::of(ctx, &project, &key)?;
            let view = View::of(ctx);
            let link = link_of(ctx, &at)?;
            let w = ctx.w;
            let record = link.link.seen.under_name.clone().unwrap_or_else(|| w.task_crm_task().to_owned());
            let dialog = Unlink {
                w,
                hidden: ctx.hidden(&Form::empty()).with("revision", link.link.revision.to_string()),
                action: view.part(ctx, at.key(), "unlink"),
                back: view.back(ctx, at.key()),
                text: w.task_unlink_text(at.key(), &record),
            };
            let mut page = task_list::page(ctx, &at.opened, &view, Some(at.key()), Some(Over::of(&dialog)?))?;
            page.shell.title = w.task_unlink().to_owned();
            ctx.show(&page)
        })
        .await
}

/// `POST /projects/{p}/tasks/{t}/unlink`
pub(super) async fn unlink(Path((project, key)): Path<(String, String)>, post: Post) -> Response {
    post.page(move |ctx, form| {
        let at = At::of(ctx, &project, &key)?;
        let link = link_of(ctx, &at)?;
        // Values that are carried over in between do not matter to who wants to part the tasks.
        ctx.web.bridge.unlink(&ctx.acting, &link.link.id, None)?;
        tracing::debug!(revision = form.text("revision"), "a link was parted on its task's page");
        ctx.see_saying(View::of(ctx).back(ctx, at.key()), ctx.w.task_said_unlinked())
    })
    .await
}

fn link_of(ctx: &Ctx, at: &At) -> Result<bridge::reading::links::LinkView, PageError> {
    task_list::links(ctx, std::iter::once(&at.card.task))?.remove(&at.card.task.id).ok_or(PageError::NotFound)
}

/// The picker with everything in it, and alone with a deal; the question before parting.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let choice = |value: &str, name: &str, badge: Badge, obstacle: Option<String>| Choice {
        value: value.into(),
        tile: Tile::crm("building").large(),
        name: name.into(),
        hint: w.picker_owner("李明"),
        badges: vec![badge],
        is_chosen: value == "account:1",
        obstacle,
    };
    let picker = |unmapped: Vec<Choice>, is_new: bool| Picker {
        w,
        step: is_new.then(|| w.picker_step().to_owned()),
        status: StatusMark::new(w.task_status_open(), false),
        task: "切换后验证分支机构登录".into(),
        problems: Form::empty().problems(w),
        hidden: Hidden::new("token", "1").with("title", "切换后验证分支机构登录"),
        action: "/projects/DM/tasks/new/crm".into(),
        back: "/projects/DM/tasks".into(),
        backs_by_post: is_new.then(|| "/projects/DM/tasks/new/crm".into()),
        mapped: vec![choice("account:1", "软件客户", Badge::new(w.picker_mapped_to("软件客户"), Tone::Ok), None)],
        unmapped,
        deals: vec![choice("deal:2", "数据迁移服务", Badge::new(w.picker_won(), Tone::Ok), None)],
        deals_hint: w.picker_deals_hint("数据迁移"),
        copy: (!is_new).then(|| (w.picker_copy(2_usize), true)),
        stays: stays(w),
    };
    let unmapped = vec![
        choice("unmapped:3", "零售客户", Badge::line(w.picker_similar("零售客户")), None),
        choice("unmapped:4", "酒店客户", Badge::line(w.picker_same_name()), Some(w.picker_ask("李明"))),
    ];
    let over = |part: Result<Over, PageError>| part.ok().map(|over| task_list::sample(w, Some(over)));
    let pickers = [over(Over::of(&picker(unmapped, true))), over(Over::of(&picker(Vec::new(), false)))];
    let unlink = Unlink {
        w,
        hidden: Hidden::new("token", "1"),
        action: "/projects/DM/tasks/DM-4/unlink".into(),
        back: "/projects/DM/tasks/DM-4".into(),
        text: w.task_unlink_text("DM-4", "数据迁移服务"),
    };
    [
        rendered("task_crm", pickers.into_iter().flatten().collect()),
        rendered("task_unlink", over(Over::of(&unlink)).into_iter().collect()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
