//! A mapping run: the preview that maps nothing, the run itself, its result, and the history of pairs (12, MAP-1 to 4).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use bridge::BridgeError;
use bridge::job::{Job, JobFilter, JobRow, JobState};
use bridge::mapping::run::RunOptions;
use bridge::mapping::{MappingEvent, Party};
use bridge::operation::OperationKind;
use i18n::Words;
use mail::letter::Letter;
use mail::{LetterCode, LetterQuery};
use ports::JobId;

use super::mapping::{self, denied};
use super::value::Names;
use crate::address::{Address, segment};
use crate::error::PageError;
use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::shell::Shell;
use crate::show::{Banner, Empty, Hidden, Pager, ROWS_MAX, Sign, Sync, Tabs, Tone, Way, When};
use crate::visit::{Ctx, Post, Visit};

/// Letters looked through for the one of a run.
const LETTERS_MAX: usize = 20;
/// Runs that the history names.
const RUNS_MAX: usize = 10;

#[derive(Template)]
#[template(path = "pages/bridge/mapping_run.html")]
struct RunPage {
    w: Words,
    shell: Shell,
    title: String,
    note: String,
    banner: Option<Banner>,
    counts: [(&'static str, String); 2],
    rows: Vec<Row>,
    empty: Option<Empty>,
    pager: Option<Pager>,
    letter: Option<String>,
    /// "Map these 3": hidden fields and text, in a preview that finds something.
    go: Option<(Hidden, String)>,
}

struct Row {
    company: String,
    accounts: Vec<String>,
    result: Sync,
    reason: String,
}

#[derive(Template)]
#[template(path = "pages/bridge/mapping_history.html")]
struct HistoryPage {
    w: Words,
    shell: Shell,
    tabs: Tabs,
    runs: Vec<Run>,
    events: Vec<Event>,
    no_events: Option<Empty>,
    pager: Option<Pager>,
    topics: String,
}

struct Run {
    href: String,
    at: When,
    by: String,
    text: String,
    letter: Option<String>,
}

struct Event {
    is_mapped: bool,
    company: String,
    account: String,
    how: String,
    by: String,
    at: When,
}

fn address(id: &JobId) -> String {
    format!("{}/runs/{}", mapping::PATH, segment(id.as_str()))
}

/// `POST /bridge/mapping/run`: a preview, or with its basis the run itself.
pub(super) async fn run(post: Post) -> Response {
    post.page(|ctx, form| {
        let basis = Some(form.text("basis").to_owned()).filter(|basis| !basis.is_empty());
        if form.text("do") == "preview" || basis.is_none() {
            let job = start(ctx, form.press(), &RunOptions { dry_run: true, basis: None })?;
            return ctx.see(address(&job.id));
        }
        match ctx.web.bridge.run_mapping(&ctx.acting, form.press(), &RunOptions { dry_run: false, basis }) {
            Ok(job) => ctx.see_saying(address(&job.id), said(&job, ctx.w)),
            Err(BridgeError::ChangedSince) => changed(ctx),
            Err(error) => Err(denied(ctx, error)),
        }
    })
    .await
}

fn start(ctx: &Ctx, press: &str, options: &RunOptions) -> Result<Job, PageError> {
    ctx.web.bridge.run_mapping(&ctx.acting, press, options).map_err(|error| denied(ctx, error))
}

fn said(job: &Job, w: Words) -> String {
    match job.state {
        JobState::Running => w.map_said_running().to_owned(),
        JobState::Done | JobState::Failed => w.map_said_run(number(job, "mapped")),
    }
}

/// The names have changed since the preview: nothing was mapped, a new preview follows.
fn changed(ctx: &Ctx) -> Result<Reply, PageError> {
    let job = start(ctx, &ctx.web.ids.next(), &RunOptions { dry_run: true, basis: None })?;
    ctx.see_saying(address(&job.id), ctx.w.map_said_changed())
}

fn number(job: &Job, outcome: &str) -> usize {
    job.counts.get(outcome).and_then(|count| usize::try_from(*count).ok()).unwrap_or(0)
}

/// `GET /bridge/mapping/runs/{id}`
pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    visit
        .page(move |ctx| {
            let bridge = &ctx.web.bridge;
            let job = bridge.job(&ctx.acting, &JobId::new(id))?;
            if job.kind != OperationKind::MappingRun {
                return Err(PageError::NotFound);
            }
            let after = ctx.asked.address.value("after");
            let rows = bridge.job_rows(&ctx.acting, &job.id, &[], after, ROWS_MAX)?;
            let names = Names::of(ctx, [job.started_by.clone()])?;
            let own = Address::new(address(&job.id)).with("after", after.unwrap_or_default());
            let (title, note) = head(ctx, &job, &names);
            let w = ctx.w;
            ctx.show(&RunPage {
                w,
                shell: mapping::shell(ctx).crumb_to(w.nav_account_mapping(), mapping::PATH).crumb(title.clone()),
                title,
                note,
                banner: banner(&job, w),
                counts: counts(&job, w),
                empty: rows.rows.is_empty().then(|| Empty::new("map", w.map_run_empty())),
                pager: (!rows.rows.is_empty()).then(|| Pager::new(&own, rows.rows.len(), rows.next.as_deref(), w)),
                rows: rows.rows.iter().map(|row| shown(ctx, row, job.is_dry_run)).collect(),
                letter: letter(ctx, &job)?,
                go: go(ctx, &job),
            })
        })
        .await
}

fn head(ctx: &Ctx, job: &Job, names: &Names) -> (String, String) {
    let w = ctx.w;
    let (by, at) = (names.name(&job.started_by), w.moment(job.created_at, &ctx.zone, ctx.now));
    if job.is_dry_run {
        (w.map_dry_title().to_owned(), w.map_dry_note().to_owned())
    } else {
        (w.map_run_title().to_owned(), w.map_run_note(at, by))
    }
}

fn banner(job: &Job, w: Words) -> Option<Banner> {
    let done = usize::try_from(job.done).unwrap_or(0);
    match job.state {
        JobState::Running => {
            let total = job.total.and_then(|total| usize::try_from(total).ok()).unwrap_or(done);
            let look = Way::link(w.map_run_look_again(), address(&job.id));
            Some(Banner::new(Tone::Accent, "moving", w.map_run_running(), w.map_run_progress(done, total)).with(look))
        }
        JobState::Failed => {
            let why = job.reason.as_ref().map(|reason| w.reason(reason)).unwrap_or_default();
            Some(Banner::new(Tone::Danger, "rejected", w.map_run_failed(), why))
        }
        JobState::Done => None,
    }
}

fn counts(job: &Job, w: Words) -> [(&'static str, String); 2] {
    let text = |outcome: &str| w.number(i64::try_from(number(job, outcome)).unwrap_or(0));
    let mapped = if job.is_dry_run { w.map_dry_maps() } else { w.map_run_mapped() };
    [(mapped, text("mapped")), (w.map_run_unmapped(), text("unmapped"))]
}

fn shown(ctx: &Ctx, row: &JobRow, is_dry: bool) -> Row {
    let w = ctx.w;
    let is_mapped = row.outcome == "mapped";
    let result = match (is_mapped, is_dry) {
        (true, true) => Sync::new(Sign::InStep, w.map_row_would_map()),
        (true, false) => Sync::new(Sign::InStep, w.map_row_mapped()),
        (false, _) => Sync::new(Sign::Paused, w.map_row_left()),
    };
    let accounts: Vec<String> = match &row.account {
        Some(account) => vec![account.label()],
        None => row.candidates.iter().map(Party::label).collect(),
    };
    Row {
        company: row.company.as_ref().map(|party| party.name.clone()).unwrap_or_default(),
        accounts,
        result,
        reason: row.reason.as_ref().map(|reason| w.reason_on(reason, ctx.today)).unwrap_or_default(),
    }
}

fn go(ctx: &Ctx, job: &Job) -> Option<(Hidden, String)> {
    let basis = job.basis.as_ref()?;
    let count = number(job, "mapped");
    let is_ready = job.is_dry_run && job.state == JobState::Done && count > 0;
    is_ready.then(|| {
        let hidden = ctx.hidden(&Form::empty()).with("basis", basis.as_str());
        (hidden, ctx.w.map_go(count))
    })
}

/// The letter M4 about a run, for who may read it.
fn letter(ctx: &Ctx, job: &Job) -> Result<Option<String>, PageError> {
    if job.is_dry_run || job.state != JobState::Done {
        return Ok(None);
    }
    let (mail, directory, url) = (&ctx.web.mail, ctx.web.directory.as_ref(), ctx.web.public_url.as_str());
    let query = LetterQuery {
        code: Some(LetterCode::M4),
        to: Some(job.started_by.clone()),
        since: Some(job.created_at),
        ..LetterQuery::newest(LETTERS_MAX)
    };
    for card in mail.letters(&ctx.acting, &query, directory, url)?.rows.into_iter().rev() {
        let view = mail.letter(&ctx.acting, &card.id, directory, url)?;
        if matches!(&view.letter, Letter::MappingReport(report) if report.job_id == job.id) {
            return Ok(Some(format!("/setup/mails/{}", segment(&card.id))));
        }
    }
    Ok(None)
}

/// `GET /bridge/mapping/history`
pub(super) async fn history(visit: Visit) -> Response {
    visit
        .page(|ctx| {
            let (w, bridge) = (ctx.w, &ctx.web.bridge);
            let overview = bridge.mapping_overview(&ctx.acting).map_err(|error| denied(ctx, error))?;
            let after = ctx.asked.address.value("after");
            let mut events = bridge.mapping_history(&ctx.acting, after, ROWS_MAX + 1)?;
            let has_more = events.len() > ROWS_MAX;
            events.truncate(ROWS_MAX);
            let next = events.last().filter(|_| has_more).map(|event| event.id.clone());
            let filter = JobFilter { kinds: vec![OperationKind::MappingRun], ..JobFilter::default() };
            let jobs =
                if after.is_none() { bridge.jobs(&ctx.acting, &filter, None, RUNS_MAX)?.rows } else { Vec::new() };
            let people = events.iter().filter_map(|event| event.by.clone());
            let names = Names::of(ctx, people.chain(jobs.iter().map(|job| job.started_by.clone())))?;
            let runs = jobs.iter().filter(|job| !job.is_dry_run).map(|job| a_run(ctx, job, &names));
            let own = Address::new(format!("{}/history", mapping::PATH)).with("after", after.unwrap_or_default());
            ctx.show(&HistoryPage {
                w,
                shell: mapping::shell(ctx).crumb_to(w.nav_account_mapping(), mapping::PATH).crumb(w.map_tab_history()),
                tabs: mapping::history_tabs(w, &overview),
                runs: runs.collect::<Result<_, PageError>>()?,
                no_events: events.is_empty().then(|| Empty::new("map", w.map_no_events())),
                pager: (!events.is_empty()).then(|| Pager::new(&own, events.len(), next.as_deref(), w)),
                events: events.iter().map(|event| an_event(ctx, event, &names)).collect(),
                topics: format!("portal {}", ctx.acting.tenant.organisation),
            })
        })
        .await
}

fn a_run(ctx: &Ctx, job: &Job, names: &Names) -> Result<Run, PageError> {
    let w = ctx.w;
    Ok(Run {
        href: address(&job.id),
        at: When::new(job.created_at, &ctx.zone, ctx.now, w),
        by: names.name(&job.started_by),
        text: match job.state {
            JobState::Running => w.map_run_running().to_owned(),
            JobState::Failed => w.map_run_failed().to_owned(),
            JobState::Done => w.map_run_result(number(job, "mapped"), number(job, "unmapped")),
        },
        letter: letter(ctx, job)?,
    })
}

fn an_event(ctx: &Ctx, event: &MappingEvent, names: &Names) -> Event {
    Event {
        is_mapped: event.is_mapped,
        company: event.company.name.clone(),
        account: event.account.name.clone(),
        how: mapping::origin_text(event.origin, ctx.w).to_owned(),
        by: event.by.as_ref().map(|by| names.name(by)).unwrap_or_default(),
        at: When::new(event.at, &ctx.zone, ctx.now, ctx.w),
    }
}

pub(super) fn samples(w: Words) -> Vec<Sample> {
    let row = |sign, result: &str, reason: &str| Row {
        company: "酒店客户 <1>".into(),
        accounts: vec!["酒店客户（里斯本）".into(), "酒店客户（大阪）".into()],
        result: Sync::new(sign, result),
        reason: reason.into(),
    };
    let page = |is_dry: bool, banner: Option<Banner>, rows: Vec<Row>| RunPage {
        w,
        shell: Shell::sample(w).crumb(w.nav_account_mapping()),
        title: if is_dry { w.map_dry_title() } else { w.map_run_title() }.into(),
        note: if is_dry { w.map_dry_note().into() } else { w.map_run_note("08:00", "李明") },
        banner,
        counts: [(w.map_run_mapped(), "1".into()), (w.map_run_unmapped(), "1".into())],
        empty: rows.is_empty().then(|| Empty::new("map", w.map_run_empty())),
        rows,
        pager: None,
        letter: (!is_dry).then(|| "/setup/mails/1".into()),
        go: is_dry.then(|| (Hidden::new("token", "1").with("basis", "x"), w.map_go(1_usize))),
    };
    let rows =
        || vec![row(Sign::InStep, w.map_row_mapped(), ""), row(Sign::Paused, w.map_row_left(), w.reason_no_match())];
    let failed = Banner::new(Tone::Danger, "rejected", w.map_run_failed(), w.reason_internal_error());
    let zero = ports::Moment::from_ms(0);
    let when = || When::new(zero, &jiff::tz::TimeZone::UTC, zero, w);
    let event = |is_mapped| Event {
        is_mapped,
        company: "软件客户".into(),
        account: "软件客户".into(),
        how: w.map_origin_run().into(),
        by: "李明".into(),
        at: when(),
    };
    let history = |events: Vec<Event>, runs: Vec<Run>| HistoryPage {
        w,
        shell: Shell::sample(w).crumb(w.map_tab_history()),
        tabs: Tabs::new(w.nav_account_mapping()).here(w.map_tab_history(), "/bridge/mapping/history", None),
        runs,
        no_events: events.is_empty().then(|| Empty::new("map", w.map_no_events())),
        events,
        pager: None,
        topics: "portal 1".into(),
    };
    let run = Run {
        href: "/bridge/mapping/runs/1".into(),
        at: when(),
        by: "李明".into(),
        text: w.map_run_result(1_usize, 2_usize),
        letter: Some("/setup/mails/1".into()),
    };
    let runs = rendered("mapping_run", vec![page(true, None, rows()), page(false, Some(failed), Vec::new())]);
    let histories = vec![history(vec![event(true), event(false)], vec![run]), history(Vec::new(), Vec::new())];
    runs.into_iter().chain(rendered("mapping_history", histories)).collect()
}
