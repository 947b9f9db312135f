//! "Why?" (14): why a link is as it is, field by field, and what helps (CON-12).

mod head;
mod sample;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use bridge::BridgeError;
use bridge::checks::{ChangedTask, Constraint};
use bridge::field::{FieldValue, Shown, SideName};
use bridge::history::{Entry, Outcome};
use bridge::plan::LinkState;
use bridge::reading::why::{FieldState, Why, WhyField};
use i18n::Words;
use ports::{CrmModule, Email, LinkId, Moment};

use self::head::Summary;
pub(super) use self::sample::samples;
use super::story::{self, Line};
use super::told::{self, Told};
use super::value::{self, Names};
use crate::address::{Address, segment};
use crate::error::PageError;
use crate::form::Form;
use crate::nav::Place;
use crate::reply::Reply;
use crate::shell::Shell;
use crate::show::{Banner, Hidden, Sign, Source, Sync, Tone, Way, When};
use crate::visit::{Ctx, Post, Visit};

/// Cases on the page.
const CASES_MAX: usize = 4;

#[derive(Template)]
#[template(path = "pages/bridge/why.html")]
struct WhyPage {
    w: Words,
    shell: Shell,
    topics: String,
    sign: Option<Sign>,
    title: String,
    ways: Vec<Way>,
    summary: Summary,
    banners: Vec<Banner>,
    /// Address and hidden fields of "Try again".
    again: Option<(String, Hidden)>,
    cases: Vec<Told>,
    read_at: When,
    rows: Vec<Row>,
    waiting: Vec<String>,
    filters: Vec<(&'static str, String, bool)>,
    lines: Vec<Line>,
    ends: Vec<End>,
    facts: Vec<(&'static str, String)>,
    state: Option<Sync>,
    rules: Vec<(&'static str, String)>,
    unlink: Option<String>,
    dialog: Option<Unlink>,
}

/// One field with its three values.
struct Row {
    name: &'static str,
    is_apart: bool,
    /// The side that has another value than the agreed one.
    projects_off: bool,
    crm_off: bool,
    is_long: bool,
    projects: String,
    crm: String,
    agreed: String,
    by: String,
    at: Option<When>,
    state: Option<Sync>,
    reason: String,
}

/// A task of the link.
struct End {
    source: Source,
    name: String,
    href: Option<String>,
}

/// "Unlink" asks first.
struct Unlink {
    hidden: Hidden,
    action: String,
    back: String,
    text: String,
}

fn address(id: &LinkId) -> String {
    format!("/bridge/links/{}", segment(id.as_str()))
}

/// `GET /bridge/links/{id}?show=`
pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    visit.page(move |ctx| ctx.show(&page(ctx, &LinkId::new(id), false)?)).await
}

/// `GET /bridge/links/{id}/unlink`
pub(super) async fn unlink_form(visit: Visit, Path(id): Path<String>) -> Response {
    visit.page(move |ctx| ctx.show(&page(ctx, &LinkId::new(id), true)?)).await
}

/// `POST /bridge/links/{id}/unlink`
pub(super) async fn unlink(Path(id): Path<String>, post: Post) -> Response {
    post.page(move |ctx, _| {
        let id = LinkId::new(id);
        // Values that are carried over in between do not matter to who wants to part the tasks.
        match ctx.web.bridge.unlink(&ctx.acting, &id, None) {
            Ok(_) => ctx.see_saying(address(&id), ctx.w.why_said_unlinked()),
            Err(BridgeError::WrongState) => ctx.see_saying(address(&id), ctx.w.why_said_unlinked_before()),
            Err(error) => Err::<Reply, PageError>(error.into()),
        }
    })
    .await
}

fn page(ctx: &Ctx, id: &LinkId, asks: bool) -> Result<WhyPage, PageError> {
    let w = ctx.w;
    let why = ctx.web.bridge.why(&ctx.acting, id)?;
    let link = &why.view.link;
    let names = Names::of(ctx, people(&why))?;
    let name = head::name(&why, w);
    let title = head::title(link.state, &why, &name, w);
    let may_unlink = link.state != LinkState::Unlinked && may_edit(ctx, &why)?;
    let unlink = format!("{}/unlink", address(id));
    let is_refused_only = ctx.asked.address.value("show") == Some("refused");
    let is_refusal = |entry: &&Entry| !matches!(entry.outcome, Outcome::Applied | Outcome::Skipped);
    let entries = why.history.iter().filter(|entry| !is_refused_only || is_refusal(entry));
    Ok(WhyPage {
        w,
        shell: ctx
            .shell(title.clone())
            .at(Place::Activity)
            .crumb(w.nav_bridge_group())
            .crumb_to(w.nav_sync_activity(), "/bridge/activity")
            .crumb(name.clone()),
        topics: format!(
            "link:{} task:{} crm_task:{} task:{}",
            link.id, link.projects_task, link.crm_task, link.crm_task
        ),
        sign: Sign::of_link_state(link.state.code()),
        title,
        ways: head::ways(ctx, &why),
        summary: head::summary(ctx, &why, &names),
        banners: head::banners(ctx, &why, &names),
        again: again(ctx, &why)?,
        cases: cases(ctx, &why, &names),
        read_at: When::new(why.read_at, &ctx.zone, ctx.now, w).relative(),
        rows: why.fields.iter().map(|field| row(ctx, field, &names)).collect(),
        waiting: head::waiting(ctx, &why),
        filters: filters(id, is_refused_only, w),
        lines: entries.map(|entry| story::line(ctx, entry, &names)).collect(),
        ends: ends(ctx, &why),
        facts: facts(ctx, &why, &names),
        state: Sync::of_link_state(link.state.code(), w),
        rules: rules(ctx, &why)?,
        unlink: may_unlink.then(|| unlink.clone()),
        dialog: (asks && may_unlink).then(|| Unlink {
            hidden: ctx.hidden(&Form::empty()),
            action: unlink,
            back: address(id),
            text: w.why_unlink_text(&name),
        }),
    })
}

fn people(why: &Why) -> Vec<Email> {
    let link = &why.view.link;
    let shown = why.fields.iter().flat_map(|field| [&field.crm, &field.projects]).flatten();
    let mut people: Vec<Email> = shown.filter_map(|shown| shown.value.as_person()).collect();
    people.extend(why.fields.iter().filter_map(|field| field.agreed.as_person()));
    people.extend(why.fields.iter().filter_map(|field| field.last_change.as_ref()?.person.clone()));
    people.extend(why.history.iter().flat_map(value::people_of_entry));
    people.extend(why.refusals.iter().flat_map(value::people_of_refusal));
    people.extend(link.seen.gone_by.as_deref().and_then(|by| Email::parse(by).ok()));
    people.extend(head::unknown_owner(link).and_then(|owner| Email::parse(owner).ok()));
    people.push(link.linked_by.clone());
    people
}

/// Whether the person may part the tasks: CRM users, and who may edit the Projects task.
fn may_edit(ctx: &Ctx, why: &Why) -> Result<bool, PageError> {
    if ctx.person.rights.is_crm_user {
        return Ok(true);
    }
    if !why.view.sees_projects {
        return Ok(false);
    }
    match ctx.web.projects.task(&ctx.acting, &why.view.link.projects_task) {
        Ok(card) => Ok(card.may_edit),
        Err(projects::ProjectsError::NotFound) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// Refusals that nothing has overtaken, with the ways on.
fn cases(ctx: &Ctx, why: &Why, names: &Names) -> Vec<Told> {
    let view = &why.view;
    let live = why.refusals.iter().filter(|own| told::is_live(own, Some(&view.link))).take(CASES_MAX);
    let case = |own| {
        let told = told::told(ctx, own, Some(&view.link), view.sees_projects, names);
        let mut ways: Vec<Way> = told::letter(ctx, own).into_iter().collect();
        ways.extend(head::edit_way(ctx, why, own.side));
        let title = if told.is_past { ctx.w.story_refused(&told.field) } else { ctx.w.story_held(&told.field) };
        Told { title, href: None, ways, ..told }
    };
    live.map(case).collect()
}

/// A task that was parted, and then not taken by the CRM when it was added again (TASK-11).
fn again(ctx: &Ctx, why: &Why) -> Result<Option<(String, Hidden)>, PageError> {
    let link = &why.view.link;
    if link.state != LinkState::Unlinked || !why.view.sees_projects {
        return Ok(None);
    }
    let notices = match ctx.web.bridge.add_notices(&ctx.acting, &link.project) {
        Ok(notices) => notices,
        Err(BridgeError::NotFound | BridgeError::Refused(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let is_own = notices.iter().any(|notice| notice.task == link.projects_task);
    Ok(is_own.then(|| (format!("{}/crm/again", head::projects_address(why)), ctx.hidden(&Form::empty()))))
}

fn row(ctx: &Ctx, own: &WhyField, names: &Names) -> Row {
    let w = ctx.w;
    let text = |shown: &Option<Shown>| match shown {
        Some(shown) => names.shown(shown),
        None => w.why_never_seen().to_owned(),
    };
    let sign = match own.state {
        FieldState::InStep => Some((Sign::InStep, w.link_in_step())),
        FieldState::Pending => Some((Sign::Moving, w.link_pending())),
        FieldState::NotApplied | FieldState::NotMapped => Some((Sign::Rejected, w.story_out_refused())),
        FieldState::Conflict => Some((Sign::Rejected, w.link_conflict())),
        FieldState::NotRepresentable => Some((Sign::Paused, w.why_not_representable())),
        FieldState::NotSynced => None,
    };
    let is_same = |shown: &Option<Shown>| shown.as_ref().is_some_and(|shown| shown.value == own.agreed);
    let is_text = matches!(own.agreed, FieldValue::Text(_));
    let is_agreed = is_text && is_same(&own.crm) && is_same(&own.projects);
    let change = own.last_change.as_ref();
    let is_apart = matches!(own.state, FieldState::NotApplied | FieldState::Conflict | FieldState::NotMapped);
    Row {
        name: value::field(own.field, w),
        is_apart,
        projects_off: is_apart && !is_same(&own.projects),
        crm_off: is_apart && !is_same(&own.crm),
        is_long: is_text,
        projects: text(&own.projects),
        crm: text(&own.crm),
        agreed: if is_agreed { w.why_same().to_owned() } else { names.value(&own.agreed) },
        by: change.map_or_else(|| w.why_since_linking().to_owned(), |entry| who(entry, names, w)),
        at: change.map(|entry| When::new(entry.changed_at.unwrap_or(entry.at), &ctx.zone, ctx.now, w)),
        state: sign.map(|(sign, text)| Sync::new(sign, text)),
        reason: own.reason.as_ref().map(|reason| names.reason(reason)).unwrap_or_default(),
    }
}

fn who(entry: &Entry, names: &Names, w: Words) -> String {
    let side = entry.side.map(|side| value::side(side, w));
    match (&entry.person, side) {
        (Some(person), Some(side)) => w.story_by_in(names.name(person), side),
        (Some(person), None) => names.name(person),
        (None, Some(side)) => w.story_in(side),
        (None, None) => w.somebody_else().to_owned(),
    }
}

fn filters(id: &LinkId, is_refused_only: bool, w: Words) -> Vec<(&'static str, String, bool)> {
    let refused = Address::new(address(id)).with("show", "refused").to_string();
    vec![(w.why_everything(), address(id), !is_refused_only), (w.act_not_applied(), refused, is_refused_only)]
}

fn ends(ctx: &Ctx, why: &Why) -> Vec<End> {
    let (w, view) = (ctx.w, &why.view);
    let seen = &view.link.seen;
    let module = seen.under_module.as_deref().and_then(CrmModule::parse);
    let under = match module {
        Some(CrmModule::Lead) => w.why_under_lead(),
        Some(CrmModule::Account) => w.why_under_account(),
        Some(CrmModule::Contact) => w.why_under_contact(),
        Some(CrmModule::Deal) => w.why_under_deal(),
        None => w.story_task(),
    };
    let mut ends = Vec::new();
    if view.sees_projects {
        let href = (seen.gone.as_deref() != Some("projects")).then(|| head::projects_address(why));
        ends.push(End { source: Source::projects(seen.key.clone()), name: seen.project.clone(), href });
    } else if ctx.person.rights.is_crm_user {
        ends.push(End { source: Source::projects(w.side_projects()), name: seen.project.clone(), href: None });
    }
    if view.sees_crm {
        let is_there = ctx.person.rights.is_crm_user && seen.gone.as_deref() != Some("crm");
        let name = seen.under_name.clone().unwrap_or_else(|| w.story_task().to_owned());
        ends.push(End { source: Source::crm(under), name, href: is_there.then(|| head::crm_address(why)) });
    }
    ends
}

fn facts(ctx: &Ctx, why: &Why, names: &Names) -> Vec<(&'static str, String)> {
    let (w, link) = (ctx.w, &why.view.link);
    let moment = |at: Moment| w.moment(at, &ctx.zone, ctx.now);
    let count = |number: i64| w.number(number);
    let waiting = i64::try_from(why.waiting.len()).unwrap_or(0) + why.comments_waiting;
    vec![
        (w.why_fact_since(), moment(link.since)),
        (w.why_fact_linked(), w.why_linked_by(moment(link.linked_at), names.name(&link.linked_by))),
        (w.why_fact_waiting(), if waiting > 0 { count(waiting) } else { w.why_nothing().to_owned() }),
        (w.why_fact_comments(), count(why.comments_copied)),
    ]
}

/// The rules that bear on the link now.
fn rules(ctx: &Ctx, why: &Why) -> Result<Vec<(&'static str, String)>, PageError> {
    let (w, link) = (ctx.w, &why.view.link);
    if matches!(link.state, LinkState::Unlinked | LinkState::Broken) {
        return Ok(Vec::new());
    }
    let check = ctx.web.bridge.check_task_change(&ctx.acting, &ChangedTask::Link(link.id.clone()), SideName::Crm, &[]);
    let constraints = match check {
        Ok(check) => check.constraints,
        Err(BridgeError::Side(_) | BridgeError::NotFound | BridgeError::Refused(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let rule = |constraint: &Constraint| match constraint {
        Constraint::Due { strict: Some((start, end)), project, .. } => {
            Some(("lock", w.why_rule_strict(project, w.date_range(*start, *end, ctx.today))))
        }
        Constraint::ClosedAncestor { ancestor } => Some(("subtask", w.api_rule_sub_2(&ancestor.title))),
        _ => None,
    };
    let mut rules: Vec<_> = constraints.iter().filter_map(rule).collect();
    rules.push(("both", w.why_rule_latest().to_owned()));
    rules.push(("undo", w.why_rule_set_back().to_owned()));
    Ok(rules)
}

/// A banner for something to know.
fn banner(tone: Tone, icon: &'static str, title: impl Into<String>, text: impl Into<String>) -> Banner {
    Banner::new(tone, icon, title, text)
}
