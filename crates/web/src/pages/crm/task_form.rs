//! New and edit of a CRM task (11, 11b, 11c): what Projects will not take is said before saving (REF-2).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use bridge::checks::{CheckOutcome, Constraint, NewValue, TaskCheck};
use bridge::field::Field;
use bridge::reading::links::LinkView;
use crm::{CrmError, Draft, Module, Record};
use i18n::Words;
use ports::Date;

use super::case::{self, Case};
use super::form::{self, Control, Reading};
use super::kind;
use super::linked::{self, form_name};
use crate::error::PageError;
use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::shell::Shell;
use crate::show::{Hidden, Opt, Problems, Sync};
use crate::visit::{Ctx, Post};

/// The form.
#[derive(Template)]
#[template(path = "pages/crm/task_form.html", blocks = ["answer"])]
pub(super) struct TaskForm {
    w: Words,
    shell: Shell,
    title: String,
    problems: Problems,
    hidden: Hidden,
    action: String,
    back: String,
    subject: Control,
    description: Control,
    due: DueField,
    priority: Control,
    status: Control,
    rest: Vec<Control>,
    answer: Answer,
    link: Option<LinkSide>,
    /// What the form listens to, and the version that it shows.
    seen: Option<(String, i64)>,
}

/// The due date: a field with what Projects allows.
struct DueField {
    value: String,
    error: String,
    hint: String,
    first: String,
    last: String,
    is_warned: bool,
    check: String,
}

/// What saving would do, as far as Projects would not take it.
#[derive(Default)]
pub(super) struct Answer {
    /// Said when "Save" had nothing to save.
    pub(super) note: String,
    pub(super) cases: Vec<Case>,
    /// Changes that will wait, or that Projects takes.
    pub(super) lines: Vec<(&'static str, String)>,
}

/// The link beside the form.
struct LinkSide {
    key: String,
    title: String,
    task_href: Option<String>,
    under: Option<(&'static str, String, String)>,
    sync: Option<Sync>,
    why: String,
    fields: Vec<&'static str>,
}

/// The form of a new task.
pub(super) fn show_new(ctx: &Ctx) -> Result<Reply, PageError> {
    ctx.show(&page(ctx, None, &form::unread(form::of_new(ctx, Module::Task)?), None)?)
}

/// The same with what is wrong.
pub(super) fn show_new_again(ctx: &Ctx, reading: &Reading) -> Result<Reply, PageError> {
    ctx.show_again(&page(ctx, None, reading, None)?)
}

/// The form of a task; values of the address stand in it (`?due=2026-07-06`), so that nothing is typed twice.
pub(super) fn show(ctx: &Ctx, record: &Record, reading: &Reading) -> Result<Reply, PageError> {
    let names = form::names(ctx, Module::Task)?;
    let given: Vec<(String, String)> =
        ctx.asked.address.pairs().iter().filter(|(name, _)| names.contains(name)).cloned().collect();
    if given.is_empty() {
        return ctx.show(&page(ctx, Some(record), reading, None)?);
    }
    let opened = names.iter().map(|name| (format!("was.{name}"), record.text(name).to_owned())).collect();
    let form = form::with_values(&form::with_values(&reading.form, given), opened);
    let answer = answer(ctx, record, &form)?;
    ctx.show(&page(ctx, Some(record), &form::unread(form), Some(answer))?)
}

/// Saves what was sent.
pub(super) fn save(ctx: &Ctx, record: &Record, sent: &Form) -> Result<Reply, PageError> {
    if let Some(used) = used(sent) {
        let form = form::with_values(sent, vec![used]);
        let answer = answer(ctx, record, &form)?;
        return ctx.show(&page(ctx, Some(record), &form::unread(form), Some(answer))?);
    }
    let mut reading = form::read(ctx, Module::Task, sent)?;
    if !reading.form.is_valid() {
        return again(ctx, record, &reading);
    }
    let is_anyway = sent.text("how") == "anyway";
    let changes = changes(record, &reading.draft);
    let check = linked::check(ctx, &record.id, &changes)?;
    let refused: Vec<Field> = check.as_ref().map_or_else(Vec::new, refused);
    let left = if is_anyway { Vec::new() } else { refused.clone() };
    let draft = without(&reading.draft, &left);
    if !left.is_empty() && is_unchanged(record, &draft) {
        let mut answer = answer(ctx, record, &reading.form)?;
        ctx.w.crm_nothing_saved().clone_into(&mut answer.note);
        return ctx.show_again(&page(ctx, Some(record), &reading, Some(answer))?);
    }
    match ctx.web.crm.update(&ctx.acting, Module::Task, &record.id, sent.version(), &draft) {
        Ok(saved) => saved_page(ctx, &saved, &reading.draft, &left, is_anyway && !refused.is_empty()),
        Err(CrmError::Stale(now)) => Err(form::stale(ctx, &now, &reading.form)?),
        Err(error) => {
            reading.take(error, ctx.w)?;
            again(ctx, record, &reading)
        }
    }
}

fn again(ctx: &Ctx, record: &Record, reading: &Reading) -> Result<Reply, PageError> {
    let answer = answer(ctx, record, &reading.form)?;
    ctx.show_again(&page(ctx, Some(record), reading, Some(answer))?)
}

/// On to the task, which says what was left out, or what becomes of what Projects does not take.
fn saved_page(
    ctx: &Ctx,
    saved: &Record,
    draft: &Draft,
    left: &[Field],
    sends_refused: bool,
) -> Result<Reply, PageError> {
    let w = ctx.w;
    let mut address = kind::record_address(Module::Task, &saved.id);
    let mut mark = '?';
    for field in left {
        let value = draft.text(form_name(*field)).unwrap_or_default();
        address.push(mark);
        address.push_str("left=");
        address.push_str(&crate::address::segment(&format!("{}:{value}", field.code())));
        mark = '&';
    }
    let said = match left {
        _ if sends_refused => w.crm_said_saved_anyway().to_owned(),
        [] => w.crm_said_saved(saved.name()),
        [field] => w.crm_said_left_out(linked::label(*field, w)),
        several => {
            let names: Vec<String> = several.iter().map(|field| linked::label(*field, w).to_owned()).collect();
            w.crm_said_left_out(w.names(&names))
        }
    };
    ctx.see_saying(address, said)
}

/// A value that a button of the explanation puts into the form ("Use 30 Jun").
fn used(sent: &Form) -> Option<(String, String)> {
    let (name, value) = sent.kept().into_iter().find(|(name, _)| name.starts_with("use."))?;
    Some((name.trim_start_matches("use.").to_owned(), value))
}

/// The synced fields that the draft changes.
fn changes(record: &Record, draft: &Draft) -> Vec<(Field, NewValue)> {
    let changed = |field: &Field| {
        let name = form_name(*field);
        draft.text(name).is_some_and(|value| !is_same(*field, record.text(name), value))
    };
    let value = |field: Field| {
        let value = draft.text(form_name(field)).unwrap_or_default();
        NewValue::Native(Some(value.to_owned()).filter(|value| !value.trim().is_empty()))
    };
    Field::ALL.into_iter().filter(changed).map(|field| (field, value(field))).collect()
}

fn is_same(field: Field, stored: &str, typed: &str) -> bool {
    match field {
        Field::Description => stored == typed || stored.trim_end() == typed.trim_end(),
        Field::Title | Field::Due | Field::Priority | Field::Status | Field::Owner => stored.trim() == typed.trim(),
    }
}

fn refused(check: &TaskCheck) -> Vec<Field> {
    let is_refused = |outcome| matches!(outcome, CheckOutcome::Refused | CheckOutcome::Held);
    check.fields.iter().filter(|check| is_refused(check.outcome)).map(|check| check.field).collect()
}

fn without(draft: &Draft, left: &[Field]) -> Draft {
    let is_left = |name: &str| left.iter().any(|field| form_name(*field) == name);
    draft.iter().filter(|(name, _)| !is_left(name)).fold(Draft::new(), |draft, (name, value)| draft.with(name, value))
}

fn is_unchanged(record: &Record, draft: &Draft) -> bool {
    draft.iter().all(|(name, value)| record.text(name).trim() == value.trim())
}

/// What saving this form would do, in words.
fn answer(ctx: &Ctx, record: &Record, form: &Form) -> Result<Answer, PageError> {
    let synced = Field::ALL.map(form_name);
    let values = synced.into_iter().filter(|name| form.has(name));
    let draft = values.fold(Draft::new(), |draft, name| draft.with(name, form.raw(name)));
    // A value that is no value yet, such as half a date, is not judged.
    let changes: Vec<(Field, NewValue)> = changes(record, &draft)
        .into_iter()
        .filter(|(field, value)| match (field, value) {
            (Field::Due, NewValue::Native(Some(text))) => Date::parse(text).is_ok(),
            _ => true,
        })
        .collect();
    let Some(check) = linked::check(ctx, &record.id, &changes)? else { return Ok(Answer::default()) };
    let view = linked::of_task(ctx, &record.id)?;
    Ok(case::answer(ctx, record, &draft, &check, view.as_ref()))
}

/// `POST /crm/tasks/{id}/check`: the explanation alone, while one types.
pub(super) async fn check(Path(id): Path<String>, post: Post) -> Response {
    post.page(move |ctx, sent| {
        kind::enter(ctx)?;
        let record = super::record::read(ctx, Module::Task, &id)?;
        let answer = answer(ctx, &record, &sent)?;
        Reply::fragment(&page(ctx, Some(&record), &form::unread(sent), Some(answer))?.as_answer())
    })
    .await
}

fn page(ctx: &Ctx, record: Option<&Record>, reading: &Reading, answer: Option<Answer>) -> Result<TaskForm, PageError> {
    let (w, form) = (ctx.w, &reading.form);
    let view = record.map(|record| linked::of_task(ctx, &record.id)).transpose()?.flatten();
    let allowed = match (&view, record) {
        (Some(_), Some(record)) => linked::check(ctx, &record.id, &[])?,
        _ => None,
    };
    let list = kind::list_address(Module::Task);
    let shell = |title: &str| {
        ctx.shell(title).at(kind::place(Module::Task)).crumb(w.nav_crm_group()).crumb_to(w.nav_crm_tasks(), &list)
    };
    let names = form::names(ctx, Module::Task)?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (shell, title, action, back, hidden) = match record {
        None => {
            let title = w.crm_new_task();
            (shell(title).crumb(title), title.to_owned(), format!("{list}/new"), list.clone(), ctx.hidden(form))
        }
        Some(record) => {
            let back = kind::record_address(Module::Task, &record.id);
            let hidden = ctx.hidden_of(form, record.version, &names);
            let shell = shell(record.name()).crumb_to(record.name(), &back).crumb(w.crm_edit_task());
            (shell, record.name().to_owned(), kind::part_address(Module::Task, &record.id, "edit"), back, hidden)
        }
    };
    let check = view.as_ref().and(record).map(|record| kind::part_address(Module::Task, &record.id, "check"));
    let check = check.unwrap_or_default();
    let answer = answer.unwrap_or_default();
    Ok(TaskForm {
        w,
        shell,
        title,
        problems: form.problems(w),
        hidden,
        action,
        back,
        subject: control(ctx, reading, "subject", &check, String::new())?,
        description: control(ctx, reading, "description", &check, String::new())?,
        priority: control(ctx, reading, "priority", &check, priority_hint(view.is_some(), form, w))?,
        status: control(ctx, reading, "status", &check, status_hint(allowed.as_ref(), w))?,
        rest: vec![
            owner(ctx, reading, &check, allowed.as_ref())?,
            control(ctx, reading, "related", "", String::new())?,
            control(ctx, reading, "person", "", String::new())?,
        ],
        due: due(ctx, form, &check, (allowed.as_ref(), view.as_ref()), &answer)?,
        answer,
        seen: record.map(|record| (format!("task:{0},crm_task:{0}", record.id), record.version)),
        link: view.zip(record).map(|(view, record)| link_side(&view, record, w)),
    })
}

fn control(ctx: &Ctx, reading: &Reading, name: &str, check: &str, hint: String) -> Result<Control, PageError> {
    let fields = form::written(ctx, Module::Task)?;
    let field = fields.iter().find(|field| field.name == name);
    let field = field.ok_or_else(|| PageError::Broken(format!("tasks have no field {name}")))?;
    Ok(match reading.control(ctx, Module::Task, field)? {
        Control::Plain(mut plain) => {
            if !check.is_empty() {
                *plain = plain.checked_by(check);
            }
            if !hint.is_empty() {
                *plain = plain.hint(hint);
            }
            Control::Plain(plain)
        }
        lookup @ Control::Lookup(_) => lookup,
    })
}

/// The owner; on a linked task, members of the project come first.
fn owner(ctx: &Ctx, reading: &Reading, check: &str, allowed: Option<&TaskCheck>) -> Result<Control, PageError> {
    let constraint = allowed.and_then(|check| {
        check.constraints.iter().find_map(|constraint| match constraint {
            Constraint::Owner { people, project } => Some((people, project)),
            _ => None,
        })
    });
    let Some((people, project)) = constraint else { return control(ctx, reading, "owner", check, String::new()) };
    let present = ports::Email::parse(reading.form.raw("owner")).ok();
    let entries = super::people::owners(ctx, present.as_ref())?;
    let is_member = |entry: &Opt| people.iter().any(|member| member.email.as_str() == entry.value);
    let (members, others): (Vec<Opt>, Vec<Opt>) = entries.into_iter().partition(is_member);
    let others = others.into_iter().map(|entry| {
        let text = ctx.w.crm_not_in_project(&entry.text);
        Opt { text, ..entry }
    });
    let field = reading.form.field("owner", ctx.w.crm_field_owner());
    let field = field.select(members.into_iter().chain(others).collect()).hint(ctx.w.crm_members_first(project));
    Ok(Control::Plain(Box::new(if check.is_empty() { field } else { field.checked_by(check) })))
}

fn priority_hint(is_linked: bool, form: &Form, w: Words) -> String {
    match form.raw("priority") {
        "Highest" | "High" if is_linked => w.crm_priority_high_hint().to_owned(),
        "Lowest" | "Low" if is_linked => w.crm_priority_low_hint().to_owned(),
        _ => String::new(),
    }
}

fn status_hint(allowed: Option<&TaskCheck>, w: Words) -> String {
    let hint = allowed.and_then(|check| {
        check.constraints.iter().find_map(|constraint| match constraint {
            Constraint::ClosedAncestor { ancestor } => Some(w.crm_parent_closed_hint(&ancestor.title)),
            Constraint::OpenSubtasks { count } => Some(w.crm_open_subtasks_hint(*count)),
            _ => None,
        })
    });
    hint.unwrap_or_default()
}

fn due(
    ctx: &Ctx,
    form: &Form,
    check: &str,
    (allowed, view): (Option<&TaskCheck>, Option<&LinkView>),
    answer: &Answer,
) -> Result<DueField, PageError> {
    let w = ctx.w;
    let range = allowed.and_then(|check| {
        check.constraints.iter().find_map(|constraint| match constraint {
            Constraint::Due { earliest, latest, .. } => Some((*earliest, *latest)),
            _ => None,
        })
    });
    let (first, last) = range.unwrap_or_default();
    let strict = view.map(|view| linked::schedule(ctx, view)).transpose()?.flatten();
    let hint = match (&strict, first) {
        (Some((project, start, end)), _) => w.crm_due_strict(project, w.date_range(*start, *end, ctx.today)),
        (None, Some(first)) => w.crm_due_from(w.date(first, ctx.today)),
        (None, None) => String::new(),
    };
    let text = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    Ok(DueField {
        value: form.raw("due").to_owned(),
        error: form.error_of("due").to_owned(),
        hint,
        first: text(first),
        last: text(last),
        is_warned: answer.cases.iter().any(|case| case.field == "due"),
        check: check.to_owned(),
    })
}

fn link_side(view: &LinkView, record: &Record, w: Words) -> LinkSide {
    let link = &view.link;
    let title = link.seen.shown(bridge::field::SideName::Projects, Field::Title);
    LinkSide {
        key: link.seen.key.clone(),
        title: title.and_then(|shown| shown.value.code()).unwrap_or_else(|| record.name().to_owned()),
        task_href: view.sees_projects.then(|| super::joined::task_address(view)),
        under: record.named("related").map(|named| {
            let module = Module::from(named.reference.module);
            let href = kind::record_address(module, &named.reference.id);
            (kind::singular(module, w), named.name.clone(), href)
        }),
        sync: Sync::of_link_state(link.state.code(), w),
        why: super::joined::why_address(view),
        fields: Field::ALL.map(|field| linked::label(field, w)).to_vec(),
    }
}

/// Samples of the page.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let page = |is_linked: bool| {
        let form = Form::empty().with("subject", "试运行 <1>").with("due", "2026-07-06");
        let plain = |name: &str, label: &str| Control::Plain(Box::new(form.field(name, label)));
        TaskForm {
            w,
            shell: Shell::sample(w).crumb(w.nav_crm_tasks()),
            title: "试运行 <1>".into(),
            problems: form.problems(w),
            hidden: Hidden::new("token", "1").version(1),
            action: "/crm/tasks/1/edit".into(),
            back: "/crm/tasks/1".into(),
            subject: plain("subject", w.crm_field_subject()),
            description: plain("description", w.crm_field_description()),
            due: DueField {
                value: "2026-07-06".into(),
                error: if is_linked { String::new() } else { w.field_no_date().into() },
                hint: w.crm_due_strict("数据迁移", "3"),
                first: "2026-03-02".into(),
                last: "2026-06-30".into(),
                is_warned: is_linked,
                check: if is_linked { "/crm/tasks/1/check".into() } else { String::new() },
            },
            priority: plain("priority", w.crm_field_priority()),
            status: plain("status", w.crm_field_status()),
            rest: vec![plain("owner", w.crm_field_owner())],
            answer: if is_linked { case::sample(w) } else { Answer::default() },
            seen: is_linked.then(|| ("task:1".to_owned(), 1)),
            link: is_linked.then(|| LinkSide {
                key: "DM-10".into(),
                title: "试运行".into(),
                task_href: None,
                under: Some((w.crm_deal(), "数据迁移服务".into(), "/crm/deals/1".into())),
                sync: Sync::of_link_state("in_step", w),
                why: "/bridge/links/1".into(),
                fields: vec![w.crm_field_subject()],
            }),
        }
    };
    rendered("task_form", vec![page(true), page(false)])
}
