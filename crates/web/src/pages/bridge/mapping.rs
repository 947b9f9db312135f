//! Account mapping (12): what belongs together, what needs a decision, what a run would do (MAP-1 to MAP-9).

mod choose;
mod rows;
mod sample;

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use bridge::mapping::Party;
use bridge::mapping::overview::{MappingOverview, MappingRow, MappingState};
use bridge::operation::OperationKind;
use bridge::{BridgeError, job};
use i18n::Words;
use ports::rule::name;
use ports::{AccountId, CompanyId, Email, MappingId, Reason};

use self::rows::Rows;
pub(super) use self::rows::origin_text;
pub(super) use self::sample::samples;

use super::value::Names;
use crate::address::Address;
use crate::error::PageError;
use crate::form::Form;
use crate::nav::Place;
use crate::reply::Reply;
use crate::shell::Shell;
use crate::show::{Badge, Banner, Empty, Hidden, Pager, ROWS_MAX, Search, Tabs, Way};
use crate::visit::{Ctx, Post, Visit};

/// The page.
pub(super) const PATH: &str = "/bridge/mapping";
/// So many records a dialog offers; the search finds the others.
const OFFERED_MAX: usize = 40;
/// Client companies whose projects are counted for the rows.
const COUNTED_MAX: usize = 1_000;
const COUNTED_A_PAGE: usize = 200;

#[derive(Template)]
#[template(path = "pages/bridge/mapping.html")]
struct MappingPage {
    w: Words,
    shell: Shell,
    tabs: Tabs,
    last_run: Option<String>,
    problem: Option<Banner>,
    preview: Option<Preview>,
    search: Search,
    groups: Vec<Group>,
    empty: Option<Empty>,
    pager: Option<Pager>,
    topics: String,
    csrf: String,
    /// What stands after a change: the same list.
    back: String,
    dialog: Dialog,
}

/// What a run would map: a sample, and the button that shows all of it first.
struct Preview {
    title: String,
    /// At most five names (MAP-2).
    sample: String,
    hidden: Hidden,
}

/// Rows of one kind.
struct Group {
    id: &'static str,
    title: String,
    hint: &'static str,
    count: String,
    rows: Vec<Twin>,
}

/// One client company and what stands across from it.
struct Twin {
    id: String,
    knot: &'static str,
    icon: &'static str,
    company: Option<Side>,
    right: Right,
    /// What the form sends, where the row is one.
    sends: Option<(String, Option<String>)>,
    may_differ: bool,
    choose: Option<String>,
    unmap: Option<String>,
}

struct Side {
    name: String,
    hint: String,
    badge: Option<Badge>,
}

enum Right {
    One(Side),
    Several { ask: String, entries: Vec<Entry> },
    None { title: String, hint: String },
}

/// A record to choose.
struct Entry {
    value: String,
    name: String,
    hint: String,
    is_taken: bool,
    is_chosen: bool,
}

enum Dialog {
    None,
    Choose(Box<Choose>),
    Unmap { hidden: Hidden, company: String, account: String },
}

/// Choosing a partner by hand.
struct Choose {
    title: String,
    /// Which of the two is given: `company` or `account`.
    given: &'static str,
    asked: &'static str,
    id: String,
    label: &'static str,
    words: String,
    entries: Vec<Entry>,
    sum: String,
    error: String,
    hidden: Hidden,
}

/// Which rows are listed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    Open,
    Mapped,
    All,
}

impl Show {
    fn of(ctx: &Ctx) -> Self {
        match ctx.asked.address.value("show") {
            Some("mapped") => Self::Mapped,
            Some("all") => Self::All,
            _ => Self::Open,
        }
    }

    fn lists(self, row: &MappingRow) -> bool {
        match self {
            Self::Open => row.state != MappingState::Mapped && row.company.is_some(),
            Self::Mapped => row.state == MappingState::Mapped,
            Self::All => true,
        }
    }
}

/// `GET /bridge/mapping?show=&search=`
pub(super) async fn list(visit: Visit) -> Response {
    visit.page(|ctx| ctx.show(&page(ctx, &overview(ctx)?, Dialog::None, None)?)).await
}

/// `GET /bridge/mapping/choose?company=` or `?account=`
pub(super) async fn choose(visit: Visit) -> Response {
    visit
        .page(|ctx| {
            let overview = overview(ctx)?;
            let dialog = choose::dialog(ctx, &overview, &Form::empty())?;
            ctx.show(&page(ctx, &overview, dialog, None)?)
        })
        .await
}

/// `GET /bridge/mapping/unmap?id=`
pub(super) async fn unmap_form(visit: Visit) -> Response {
    visit
        .page(|ctx| {
            let overview = overview(ctx)?;
            let id = ctx.asked.address.value("id").unwrap_or_default().to_owned();
            let row = ctx.web.bridge.mapping(&ctx.acting, &MappingId::new(id.as_str()))?;
            let label = |party: &Option<Party>| party.as_ref().map(Party::label).unwrap_or_default();
            let dialog = Dialog::Unmap {
                hidden: ctx.hidden(&Form::empty()).with("id", id),
                company: label(&row.company),
                account: label(&row.account),
            };
            ctx.show(&page(ctx, &overview, dialog, None)?)
        })
        .await
}

/// `POST /bridge/mapping/unmap`
pub(super) async fn unmap(post: Post) -> Response {
    post.page(|ctx, form| {
        let id = MappingId::new(form.text("id"));
        let row = ctx.web.bridge.mapping(&ctx.acting, &id).map_err(|error| denied(ctx, error))?;
        ctx.web.bridge.unmap(&ctx.acting, &id).map_err(|error| denied(ctx, error))?;
        let company = row.company.as_ref().map(|party| party.name.as_str()).unwrap_or_default();
        ctx.see_saying(format!("{PATH}?show=mapped"), ctx.w.map_said_unmapped(company))
    })
    .await
}

/// `POST /bridge/mapping/pair`: a client company and an account belong together, or do not.
pub(super) async fn pair(post: Post) -> Response {
    post.page(|ctx, mut form| {
        let (company, account) = (form.text("company").to_owned(), form.text("account").to_owned());
        if company.is_empty() || account.is_empty() {
            form.fail("partner", ctx.w.map_choose_one());
            return again(ctx, &form);
        }
        let (company, account) = (CompanyId::new(company), AccountId::new(account));
        let back = list_address(form.text("show"));
        let (bridge, acting) = (&ctx.web.bridge, &ctx.acting);
        let done = if form.text("do") == "different" {
            bridge.say_different(acting, &company, &account).map(|()| ctx.w.map_said_different().to_owned())
        } else {
            bridge.map_pair(acting, &company, &account).map(|_| ctx.w.map_said_mapped().to_owned())
        };
        match done {
            Ok(said) => ctx.see_saying(back, said),
            Err(BridgeError::Refused(reason)) if !matches!(reason, Reason::NoPermission { .. }) => {
                form.fail("partner", ctx.w.reason_on(&reason, ctx.today));
                again(ctx, &form)
            }
            Err(error) => Err(denied(ctx, error)),
        }
    })
    .await
}

/// The list once more, with what is wrong; over it the dialog, where the pair was chosen in one.
fn again(ctx: &Ctx, form: &Form) -> Result<Reply, PageError> {
    let overview = overview(ctx)?;
    let is_chosen_by_hand = !form.text("given").is_empty();
    let dialog = if is_chosen_by_hand { choose::dialog(ctx, &overview, form)? } else { Dialog::None };
    let text = form.error_of("partner");
    let problem = (!is_chosen_by_hand).then(|| Banner::alert(ctx.w.map_not_mapped(), text));
    ctx.show_again(&page(ctx, &overview, dialog, problem)?)
}

fn list_address(show: &str) -> String {
    Address::new(PATH).with("show", show).to_string()
}

fn overview(ctx: &Ctx) -> Result<MappingOverview, PageError> {
    ctx.web.bridge.mapping_overview(&ctx.acting).map_err(|error| denied(ctx, error))
}

/// 44b with the people who can do it.
pub(super) fn denied(ctx: &Ctx, error: BridgeError) -> PageError {
    match error {
        BridgeError::Refused(Reason::NoPermission { .. }) => {
            let directory = &ctx.web.directory;
            let name = |email: &Email| directory.person(email).map_or_else(|| email.to_string(), |person| person.name);
            let who: Vec<String> = directory.portal_administrators(&ctx.acting.tenant).iter().map(name).collect();
            PageError::denied(ctx.w.map_denied_title(), ctx.w.map_denied_text(ctx.w.names(&who)), Vec::new())
        }
        other => other.into(),
    }
}

pub(super) fn shell(ctx: &Ctx) -> Shell {
    let w = ctx.w;
    ctx.shell(w.nav_account_mapping()).at(Place::Mapping).crumb(w.nav_bridge_group())
}

/// The tabs; `None`: the history is shown.
fn tabs(w: Words, overview: Option<&MappingOverview>, here: Option<Show>) -> Tabs {
    let count = |wanted: fn(MappingState) -> bool| {
        let all = overview.map(|own| own.counts.iter().filter(|(state, _)| wanted(**state)).map(|(_, n)| n).sum());
        all.map(|sum: usize| sum.to_string())
    };
    let all = overview.map(|own| own.rows.len().to_string());
    let entries = [
        (Show::Open, w.map_tab_open(), PATH.to_owned(), count(|state| state != MappingState::Mapped)),
        (Show::Mapped, w.map_tab_mapped(), list_address("mapped"), count(|state| state == MappingState::Mapped)),
        (Show::All, w.map_tab_all(), list_address("all"), all),
    ];
    let tabs = entries.into_iter().fold(Tabs::new(w.nav_account_mapping()), |tabs, (show, text, href, count)| {
        if here == Some(show) { tabs.here(text, href, count) } else { tabs.tab(text, href, count) }
    });
    let history = format!("{PATH}/history");
    if here.is_none() {
        tabs.here(w.map_tab_history(), history, None)
    } else {
        tabs.tab(w.map_tab_history(), history, None)
    }
}

/// The tabs above the history.
pub(super) fn history_tabs(w: Words, overview: &MappingOverview) -> Tabs {
    tabs(w, Some(overview), None)
}

/// The last run that mapped.
fn last_run(ctx: &Ctx) -> Result<Option<job::Job>, PageError> {
    let filter = job::JobFilter { kinds: vec![OperationKind::MappingRun], ..job::JobFilter::default() };
    let jobs = ctx.web.bridge.jobs(&ctx.acting, &filter, None, 20)?.rows;
    Ok(jobs.into_iter().find(|job| !job.is_dry_run && job.state == job::JobState::Done))
}

fn page(
    ctx: &Ctx,
    overview: &MappingOverview,
    dialog: Dialog,
    problem: Option<Banner>,
) -> Result<MappingPage, PageError> {
    let (w, show) = (ctx.w, Show::of(ctx));
    let words = name::key(ctx.asked.address.value("search").unwrap_or_default());
    let fits = |row: &&MappingRow| show.lists(row) && (words.is_empty() || names(row).any(|own| own.contains(&words)));
    let mut found: Vec<&MappingRow> = overview.rows.iter().filter(fits).collect();
    found.sort_by_key(|row| order(row));
    let start: usize = ctx.asked.address.value("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let next = (found.len() > start.saturating_add(ROWS_MAX)).then(|| (start + ROWS_MAX).to_string());
    let mut sums: BTreeMap<usize, usize> = BTreeMap::new();
    for row in &found {
        *sums.entry(order(row)).or_default() += 1;
    }
    let shown: Vec<&MappingRow> = found.into_iter().skip(start).take(ROWS_MAX).collect();
    let rows = Rows::of(ctx, overview, &shown)?;
    let groups = groups(w, &rows, &shown, &sums);
    let address = Address::new(PATH)
        .with("show", ctx.asked.address.value("show").unwrap_or_default())
        .with("search", ctx.asked.address.value("search").unwrap_or_default())
        .with("after", ctx.asked.address.value("after").unwrap_or_default());
    let last = last_run(ctx)?.and_then(|job| job.finished_at);
    Ok(MappingPage {
        w,
        shell: shell(ctx).crumb(w.nav_account_mapping()),
        tabs: tabs(w, Some(overview), Some(show)),
        last_run: last.map(|at| w.map_last_run(w.moment(at, &ctx.zone, ctx.now))),
        problem,
        preview: preview(ctx, overview).filter(|_| show != Show::Mapped),
        search: Search::new(&address, w.map_search(), w),
        empty: groups.is_empty().then(|| empty(w, show, !words.is_empty())),
        pager: (!groups.is_empty()).then(|| Pager::new(&address, shown.len(), next.as_deref(), w)),
        groups,
        topics: format!("portal {}", ctx.acting.tenant.organisation),
        csrf: ctx.person.csrf.clone(),
        back: address.value("show").unwrap_or_default().to_owned(),
        dialog,
    })
}

fn names(row: &MappingRow) -> impl Iterator<Item = String> {
    row.company.iter().chain(&row.account).chain(&row.candidates).map(|party| name::key(&party.name))
}

fn empty(w: Words, show: Show, is_searched: bool) -> Empty {
    match (is_searched, show) {
        (true, _) => Empty::new("search", w.map_none_found()).with(Way::link(w.action_clear_filter(), PATH)),
        (false, Show::Open) => {
            Empty::new("check", w.map_none_open()).with(Way::link(w.map_see_mapped(), list_address("mapped")))
        }
        (false, Show::Mapped) => Empty::new("map", w.map_none_mapped()).with(Way::primary(w.map_see_open(), PATH)),
        (false, Show::All) => Empty::new("map", w.map_none_at_all()),
    }
}

fn preview(ctx: &Ctx, overview: &MappingOverview) -> Option<Preview> {
    let w = ctx.w;
    let count = overview.counts.get(&MappingState::Exact).copied().filter(|count| *count > 0)?;
    let names: Vec<String> =
        overview.sample.iter().filter_map(|row| row.company.as_ref()).map(|party| party.name.clone()).collect();
    let more = count.saturating_sub(names.len());
    let names = w.names(&names);
    Some(Preview {
        title: w.map_preview_title(count),
        sample: if more > 0 { w.map_preview_more(more, names) } else { w.map_preview_names(names) },
        hidden: ctx.hidden(&Form::empty()),
    })
}

/// Kinds in the order of the page; accounts without a company come last.
fn order(row: &MappingRow) -> usize {
    if row.company.is_none() {
        return 6;
    }
    match row.state {
        MappingState::Exact => 0,
        MappingState::Ambiguous => 1,
        MappingState::Similar => 2,
        MappingState::NoMatch => 3,
        MappingState::Different => 4,
        MappingState::Mapped => 5,
    }
}

fn groups(w: Words, rows: &Rows<'_>, shown: &[&MappingRow], sums: &BTreeMap<usize, usize>) -> Vec<Group> {
    let kinds = [
        ("exact", w.map_exact(), w.map_exact_hint()),
        ("ambiguous", w.map_ambiguous(), w.map_ambiguous_hint()),
        ("similar", w.map_similar(), w.map_similar_hint()),
        ("no-match", w.map_no_match(), w.map_no_match_hint()),
        ("different", w.map_different(), w.map_different_hint()),
        ("mapped", w.map_mapped(), w.map_mapped_hint()),
        ("alone", w.map_alone(), w.map_alone_hint()),
    ];
    let group = |(at, (id, title, hint)): (usize, (&'static str, &'static str, &'static str))| {
        let own: Vec<Twin> = shown.iter().filter(|row| order(row) == at).map(|row| rows.twin(row)).collect();
        (!own.is_empty()).then(|| Group {
            id,
            title: title.to_owned(),
            hint,
            count: sums.get(&at).copied().unwrap_or(0).to_string(),
            rows: own,
        })
    };
    kinds.into_iter().enumerate().filter_map(group).collect()
}
