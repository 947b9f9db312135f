//! Sync activity (13): is it running, what was not applied, what happened.

use askama::Template;
use axum::response::Response;
use bridge::dirty::Health;
use bridge::field::SideName;
use bridge::history::{self, Outcome};
use bridge::plan::LinkState;
use bridge::reading::history::EntryView;
use bridge::reading::links::{LinkFilter, LinkView};
use bridge::reading::refusals::RefusalView;
use bridge::reading::status::Status;
use bridge::refusal::{self, RefusalState};
use i18n::Words;
use ports::{Date, Moment};

use super::story::{self, Line};
use super::told::{self, Told};
use super::value::{self, Names};
use crate::address::{Address, segment};
use crate::error::PageError;
use crate::nav::Place;
use crate::pages::{Sample, rendered};
use crate::shell::Shell;
use crate::show::{Badge, Banner, Empty, Pager, ROWS_MAX, Source, Tone, Way, When};
use crate::visit::{Ctx, Visit};

const PATH: &str = "/bridge/activity";
/// Every link that the person may hear of.
const TOPICS: &str = "link";
/// Cases on the page; the list below has the others.
const CASES_MAX: usize = 5;
/// Waiting links named at the side.
const WAITING_MAX: usize = 6;
/// So long a change that was set back stands among the cases; in the list it stands forever.
const TOLD_FOR_MS: i64 = 7 * 24 * 3_600_000;

#[derive(Template)]
#[template(path = "pages/bridge/activity.html")]
struct ActivityPage {
    w: Words,
    shell: Shell,
    /// None: all is well.
    state: Option<Badge>,
    banners: Vec<Banner>,
    stats: Vec<Stat>,
    cases: Vec<Told>,
    cases_more: Option<String>,
    chips: Vec<Chip>,
    days: Vec<Day>,
    empty: Option<Empty>,
    pager: Option<Pager>,
    side: SidePanel,
    topics: &'static str,
}

struct Stat {
    label: &'static str,
    number: String,
    is_bad: bool,
}

/// A filter that can be pressed.
struct Chip {
    text: &'static str,
    href: String,
    icon: Option<&'static str>,
    is_on: bool,
}

/// The entries of one day.
struct Day {
    name: String,
    rows: Vec<Row>,
}

struct Row {
    /// When the bridge decided: whole moment, time of day, in words.
    at: (String, String, String),
    line: Line,
    flow: Option<(Source, Source)>,
    title: String,
    href: Option<String>,
}

/// State of the bridge.
struct SidePanel {
    queue: String,
    oldest: Option<When>,
    waiting: Vec<(String, String, When)>,
    sides: Vec<(String, &'static str, String)>,
}

/// `GET /bridge/activity?outcome=&side=&who=`
pub(super) async fn show(visit: Visit) -> Response {
    visit
        .page(|ctx| {
            let (w, bridge) = (ctx.w, &ctx.web.bridge);
            let status = bridge.status(&ctx.acting)?;
            let is_paused = bridge.my_connection(&ctx.acting)?.state == bridge::connection::ConnectionState::Paused;
            let entries = entries(ctx)?;
            let is_first_look = ctx.asked.address.pairs().is_empty();
            let refused = if is_first_look { refused(ctx)? } else { Vec::new() };
            let people = entries.rows.iter().flat_map(|view| value::people_of_entry(&view.entry));
            let others = refused.iter().flat_map(|view| value::people_of_refusal(&view.refusal));
            let names = Names::of(ctx, people.chain(others))?;
            let is_over = refused.len() > CASES_MAX;
            let own = address(ctx);
            let is_well = status.crm.0 == Health::Ok && status.projects.0 == Health::Ok && !is_paused;
            ctx.show(&ActivityPage {
                w,
                shell: ctx
                    .shell(w.nav_sync_activity())
                    .at(Place::Activity)
                    .crumb(w.nav_bridge_group())
                    .crumb(w.nav_sync_activity()),
                state: state_badge(is_paused, is_well, w),
                banners: banners(ctx, &status),
                stats: stats(&status, w),
                cases: refused.iter().take(CASES_MAX).map(|view| case(ctx, view, &names)).collect(),
                cases_more: is_over.then(|| Address::new(PATH).with("outcome", "refused").to_string()),
                chips: chips(ctx),
                empty: entries.rows.is_empty().then(|| empty(is_first_look, w)),
                pager: (!entries.rows.is_empty())
                    .then(|| Pager::new(&own, entries.rows.len(), entries.next.as_deref(), w)),
                days: days(ctx, &entries.rows, &names),
                side: side_panel(ctx, &status)?,
                topics: TOPICS,
            })
        })
        .await
}

/// The list's own address with its filters.
fn address(ctx: &Ctx) -> Address {
    let own = &ctx.asked.address;
    ["outcome", "side", "who", "after"]
        .into_iter()
        .fold(Address::new(PATH), |address, name| address.with(name, own.value(name).unwrap_or_default()))
}

fn entries(ctx: &Ctx) -> Result<ports::Page<EntryView>, PageError> {
    let own = &ctx.asked.address;
    let outcomes = match own.value("outcome") {
        Some("applied") => vec![Outcome::Applied],
        Some("refused") => vec![Outcome::Refused, Outcome::Held, Outcome::Overruled],
        Some("reverted") => vec![Outcome::Reverted],
        Some("skipped") => vec![Outcome::Skipped],
        _ => Vec::new(),
    };
    let filter = history::Filter {
        outcomes,
        side: own.value("side").and_then(SideName::parse),
        person: (own.value("who") == Some("me")).then(|| ctx.person.email.clone()),
        ..history::Filter::default()
    };
    Ok(ctx.web.bridge.history(&ctx.acting, &filter, &[], &[], own.value("after"), ROWS_MAX)?)
}

/// Refused changes of late, newest first, one more than is shown.
fn refused(ctx: &Ctx) -> Result<Vec<RefusalView>, PageError> {
    let filter = refusal::Filter {
        states: vec![RefusalState::Open, RefusalState::Held, RefusalState::Reverted],
        since: Some(ctx.now.plus_ms(-TOLD_FOR_MS)),
        ..refusal::Filter::default()
    };
    let mut rows = ctx.web.bridge.refusals(&ctx.acting, &filter, &[], &[], None, CASES_MAX * 4)?.rows;
    rows.retain(|view| told::is_live(&view.refusal, view.link.as_ref()));
    rows.truncate(CASES_MAX + 1);
    Ok(rows)
}

fn case(ctx: &Ctx, view: &RefusalView, names: &Names) -> Told {
    let mut case = told::told(ctx, &view.refusal, view.link.as_ref(), view.sees_projects, names);
    case.ways.extend(told::letter(ctx, &view.refusal));
    case
}

fn state_badge(is_paused: bool, is_well: bool, w: Words) -> Option<Badge> {
    match (is_paused, is_well) {
        (true, _) => Some(Badge::new(w.link_paused(), Tone::Warn).with_icon("pause")),
        (false, true) => None,
        (false, false) => Some(Badge::new(w.act_waits(), Tone::Warn).with_icon("clock")),
    }
}

/// What each side answers, where it is not well: changes wait, nothing is refused.
fn banners(ctx: &Ctx, status: &Status) -> Vec<Banner> {
    let w = ctx.w;
    let banner = |(side, (health, since)): (SideName, (Health, Option<Moment>))| {
        let title = health_title(health, value::side(side, w), w)?;
        let text = match since {
            Some(since) => w.act_waiting_since(w.moment(since, &ctx.zone, ctx.now)),
            None => w.act_waiting_safe().to_owned(),
        };
        Some(Banner::new(Tone::Warn, "clock", title, text))
    };
    [(SideName::Crm, status.crm), (SideName::Projects, status.projects)].into_iter().filter_map(banner).collect()
}

fn health_title(health: Health, side: &str, w: Words) -> Option<String> {
    match health {
        Health::Ok => None,
        Health::Unreachable => Some(w.act_unreachable(side)),
        Health::AuthExpired => Some(w.act_auth_expired(side)),
        Health::RateLimited => Some(w.act_rate_limited(side)),
    }
}

fn stats(status: &Status, w: Words) -> Vec<Stat> {
    let of = |state: LinkState| status.links.get(&state).copied().unwrap_or(0);
    let all: i64 = status.links.values().sum();
    let moving = of(LinkState::Pending) + status.comments_waiting;
    let stat = |label, number: String| Stat { label, number, is_bad: false };
    let bad = |label, number: i64| Stat { label, number: w.number(number), is_bad: number > 0 };
    vec![
        stat(w.act_in_step(), w.act_in_step_of(w.number(all), w.number(of(LinkState::InStep)))),
        stat(w.act_moving(), w.number(moving)),
        bad(w.act_not_applied(), status.refused),
        bad(w.act_broken(), of(LinkState::Broken)),
    ]
}

fn chips(ctx: &Ctx) -> Vec<Chip> {
    let w = ctx.w;
    let own = address(ctx).without("after");
    let chip = |name: &str, value: &str, text, icon| {
        let is_on = own.value(name).unwrap_or_default() == value;
        let next = if is_on { "" } else { value };
        Chip { text, href: own.with(name, next).to_string(), icon, is_on }
    };
    vec![
        chip("outcome", "", w.act_all_outcomes(), Some("filter")),
        chip("outcome", "applied", w.story_out_applied(), Some("in-step")),
        chip("outcome", "refused", w.act_not_applied(), Some("rejected")),
        chip("outcome", "reverted", w.story_out_reverted(), Some("undo")),
        chip("outcome", "skipped", w.story_out_skipped(), Some("pause")),
        chip("side", "crm", w.act_from_crm(), Some("app-crm")),
        chip("side", "projects", w.act_from_projects(), Some("app-projects")),
        chip("who", "me", w.act_mine(), Some("user")),
    ]
}

fn empty(is_first_look: bool, w: Words) -> Empty {
    if is_first_look {
        Empty::new("bridge", w.act_none())
    } else {
        Empty::new("filter", w.act_none_found()).with(Way::link(w.action_clear_filter(), PATH))
    }
}

fn days(ctx: &Ctx, views: &[EntryView], names: &Names) -> Vec<Day> {
    let mut days: Vec<(Date, Day)> = Vec::new();
    for view in views {
        let date = view.entry.at.date_in(&ctx.zone);
        let row = row(ctx, view, names);
        match days.last_mut() {
            Some((last, day)) if *last == date => day.rows.push(row),
            _ => days.push((date, Day { name: day_name(ctx, date), rows: vec![row] })),
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

fn day_name(ctx: &Ctx, date: Date) -> String {
    if date == ctx.today { ctx.w.today().to_owned() } else { ctx.w.date(date, ctx.today) }
}

fn row(ctx: &Ctx, view: &EntryView, names: &Names) -> Row {
    let w = ctx.w;
    let line = story::line(ctx, &view.entry, names);
    let (title, href) = match &view.link {
        Some(link) => {
            let title = link.agreed.title.code().unwrap_or_else(|| w.story_task().to_owned());
            let title = if view.sees_projects {
                w.act_key_and_title(&link.seen.key, value::short(title))
            } else {
                value::short(title)
            };
            (title, Some(format!("/bridge/links/{}", segment(link.id.as_str()))))
        }
        None => (String::new(), None),
    };
    let flow = line.from.map(|from| value::flow(from, w));
    let at = view.entry.at;
    let at = (at.to_string(), w.time(at, &ctx.zone), w.moment_long(at, &ctx.zone));
    Row { at, line, flow, title, href }
}

fn side_panel(ctx: &Ctx, status: &Status) -> Result<SidePanel, PageError> {
    let w = ctx.w;
    let filter = LinkFilter { states: vec![LinkState::Pending], ..LinkFilter::default() };
    let pending = ctx.web.bridge.links(&ctx.acting, &filter, None, WAITING_MAX)?.rows;
    let waiting = |view: &LinkView| {
        let link = &view.link;
        let title = link.agreed.title.code().unwrap_or_default();
        let text = if view.sees_projects { w.act_key_and_title(&link.seen.key, title) } else { title };
        let href = format!("/bridge/links/{}", segment(link.id.as_str()));
        (href, text, When::new(link.since, &ctx.zone, ctx.now, w).relative())
    };
    let work = &status.work;
    let count = |number: i64| usize::try_from(number).unwrap_or(0);
    let side = |name: &str, (health, since): (Health, Option<Moment>)| {
        let tone = if health == Health::Ok { "ok" } else { "warn" };
        let text = match (health, since) {
            (Health::Ok, _) => w.act_answers().to_owned(),
            (_, Some(since)) => w.act_since(w.moment(since, &ctx.zone, ctx.now)),
            (_, None) => w.act_waits().to_owned(),
        };
        (name.to_owned(), tone, text)
    };
    Ok(SidePanel {
        queue: if work.is_quiet() {
            w.act_queue_empty().to_owned()
        } else {
            w.act_queue(count(work.in_flight), count(work.pending))
        },
        oldest: work.oldest.filter(|_| !work.is_quiet()).map(|at| When::new(at, &ctx.zone, ctx.now, w).relative()),
        waiting: pending.iter().map(waiting).collect(),
        sides: vec![side(w.act_side_projects(), status.projects), side(w.act_side_crm(), status.crm)],
    })
}

pub(super) fn samples(w: Words) -> Vec<Sample> {
    let zero = Moment::from_ms(0);
    let when = || When::new(zero, &jiff::tz::TimeZone::UTC, zero, w);
    let rows = || {
        let row = |line: Line| Row {
            at: (zero.to_string(), "08:00".into(), "08:00".into()),
            flow: line.from.map(|from| value::flow(from, w)),
            title: if line.from.is_some() { "DM-10 切换账单历史 <1>".into() } else { String::new() },
            href: line.from.map(|_| "/bridge/links/1".into()),
            line,
        };
        story::samples(w).into_iter().map(row).collect::<Vec<_>>()
    };
    let page = |is_well: bool, rows: Vec<Row>| ActivityPage {
        w,
        shell: Shell::sample(w).crumb(w.nav_sync_activity()),
        state: state_badge(false, is_well, w),
        banners: if is_well {
            Vec::new()
        } else {
            vec![Banner::new(Tone::Warn, "clock", w.act_unreachable("CRM"), w.act_waiting_safe())]
        },
        stats: vec![
            Stat { label: w.act_in_step(), number: w.act_in_step_of("168", "164"), is_bad: false },
            Stat { label: w.act_not_applied(), number: "2".into(), is_bad: true },
        ],
        cases: if is_well { told::samples(w) } else { Vec::new() },
        cases_more: is_well.then(|| "/bridge/activity?outcome=refused".into()),
        chips: vec![Chip { text: w.act_all_outcomes(), href: PATH.into(), icon: Some("filter"), is_on: true }],
        empty: rows.is_empty().then(|| empty(is_well, w)),
        days: if rows.is_empty() { Vec::new() } else { vec![Day { name: w.today().into(), rows }] },
        pager: None,
        side: SidePanel {
            queue: w.act_queue(1_usize, 2_usize),
            oldest: Some(when()),
            waiting: vec![("/bridge/links/1".into(), "DM-10 切换账单历史".into(), when())],
            sides: vec![(w.act_side_crm().into(), "ok", w.act_answers().into())],
        },
        topics: TOPICS,
    };
    rendered("activity", vec![page(true, rows()), page(false, rows()), page(true, Vec::new()), page(false, Vec::new())])
}
