//! The outbox (40): every letter, to whom, why, and whether it went out.

use askama::Template;
use axum::response::Response;
use i18n::Words;
use mail::{LetterCard, LetterCode, LetterQuery, LetterState};
use ports::Language;

use crate::address::{Address, segment};
use crate::error::PageError;
use crate::nav::Place;
use crate::pages::{Sample, rendered};
use crate::shell::Shell;
use crate::show::{Badge, Empty, Pager, ROWS_MAX, Tabs, Tone, Way, When, Who};
use crate::visit::{Ctx, Visit};

pub(super) const PATH: &str = "/setup/mails";

#[derive(Template)]
#[template(path = "pages/bridge/outbox.html")]
struct OutboxPage {
    w: Words,
    shell: Shell,
    tabs: Tabs,
    about: &'static str,
    chip: Option<(String, bool)>,
    rows: Vec<Row>,
    empty: Option<Empty>,
    pager: Option<Pager>,
    zone: String,
}

struct Row {
    tone: &'static str,
    icon: &'static str,
    href: String,
    subject: String,
    lang: &'static str,
    /// The server's words or the file, where there are some; else what the letter is about, in its language.
    note: String,
    is_note_ours: bool,
    who: Who,
    about: Option<About>,
    state: Badge,
    at: When,
}

/// What a letter is about.
struct About {
    icon: &'static str,
    text: String,
    href: String,
}

/// The tabs: a name in the address, and the states behind it.
const TABS: [(&str, &[LetterState]); 5] = [
    ("", &[]),
    ("waiting", &[LetterState::Waiting, LetterState::Sending]),
    ("sent", &[LetterState::Sent, LetterState::Written]),
    ("in_doubt", &[LetterState::InDoubt]),
    ("failed", &[LetterState::Failed]),
];

fn tab_name(state: &str, w: Words) -> &'static str {
    match state {
        "waiting" => w.box_waiting(),
        "sent" => w.box_sent(),
        "in_doubt" => w.box_in_doubt(),
        "failed" => w.box_failed(),
        _ => w.box_all(),
    }
}

/// `GET /setup/mails?state=&to=me`
pub(super) async fn list(visit: Visit) -> Response {
    visit
        .page(|ctx| {
            let w = ctx.w;
            if ctx.person.rights.is_client {
                return Err(PageError::NotFound);
            }
            let own = &ctx.asked.address;
            let wanted = own.value("state").unwrap_or_default();
            let states = states_of(wanted);
            let is_mine = own.value("to") == Some("me");
            let query = LetterQuery {
                states,
                to: is_mine.then(|| ctx.person.email.clone()),
                after: own.value("after").map(str::to_owned),
                ..LetterQuery::newest(ROWS_MAX)
            };
            let directory = ctx.web.directory.as_ref();
            let page = ctx.web.mail.letters(&ctx.acting, &query, directory, &ctx.web.public_url)?;
            let counts = ctx.web.mail.counts(&ctx.acting, directory)?;
            let address = ["state", "to", "after"]
                .into_iter()
                .fold(Address::new(PATH), |address, name| address.with(name, own.value(name).unwrap_or_default()));
            let is_administrator = ctx.person.rights.is_administrator();
            let chip = is_administrator.then(|| {
                let next = if is_mine { "" } else { "me" };
                (address.without("after").with("to", next).to_string(), is_mine)
            });
            let is_filtered = is_mine || !wanted.is_empty();
            ctx.show(&OutboxPage {
                w,
                shell: shell(ctx).crumb(w.nav_outbox()),
                tabs: tabs(w, wanted, &counts),
                about: if is_administrator { w.box_about() } else { w.box_about_own() },
                chip,
                empty: page.rows.is_empty().then(|| empty(is_filtered, w)),
                pager: (!page.rows.is_empty()).then(|| Pager::new(&address, page.rows.len(), page.next.as_deref(), w)),
                rows: page.rows.iter().map(|card| row(ctx, card)).collect(),
                zone: w.box_zone(&ctx.person.zone_name),
            })
        })
        .await
}

pub(super) fn shell(ctx: &Ctx) -> Shell {
    let shell = ctx.shell(ctx.w.nav_outbox()).at(Place::Outbox);
    if ctx.person.rights.is_administrator() { shell.crumb(ctx.w.nav_setup_group()) } else { shell }
}

/// A tab's states; a single state by its own word too.
fn states_of(wanted: &str) -> Vec<LetterState> {
    let tab = TABS.iter().find(|(name, _)| *name == wanted).map(|(_, states)| states.to_vec());
    tab.unwrap_or_else(|| LetterState::parse(wanted).into_iter().collect())
}

fn tabs(w: Words, wanted: &str, counts: &[(LetterState, i64)]) -> Tabs {
    TABS.iter().fold(Tabs::new(w.box_states()), |tabs, (name, states)| {
        let is_own = |state: &LetterState| states.is_empty() || states.contains(state);
        let count: i64 = counts.iter().filter(|(state, _)| is_own(state)).map(|(_, count)| count).sum();
        let href = Address::new(PATH).with("state", name).to_string();
        let count = Some(count.to_string());
        if *name == wanted {
            tabs.here(tab_name(name, w), href, count)
        } else {
            tabs.tab(tab_name(name, w), href, count)
        }
    })
}

fn empty(is_filtered: bool, w: Words) -> Empty {
    if is_filtered {
        Empty::new("mail", w.box_none_found()).with(Way::link(w.action_clear_filter(), PATH))
    } else {
        Empty::new("mail", w.box_none())
    }
}

fn row(ctx: &Ctx, card: &LetterCard) -> Row {
    let w = ctx.w;
    let ours = note(ctx, card);
    Row {
        tone: match card.state {
            LetterState::Failed => "danger",
            LetterState::InDoubt => "warn",
            LetterState::Waiting | LetterState::Sending | LetterState::Sent | LetterState::Written => "",
        },
        icon: code_icon(card.code),
        href: format!("{PATH}/{}", segment(&card.id)),
        subject: card.subject.clone(),
        lang: lang(card.language),
        is_note_ours: ours.is_some(),
        note: ours.unwrap_or_else(|| card.preview.clone()),
        who: Who::new(&card.to_name, card.to.as_str()),
        about: about(card, w),
        state: badge(card.state, w),
        at: When::new(card.ended_at.unwrap_or(card.queued_at), &ctx.zone, ctx.now, w),
    }
}

pub(super) fn lang(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::ZhCn => "zh-CN",
    }
}

/// Why a letter waits, failed, or where it lies.
pub(super) fn note(ctx: &Ctx, card: &LetterCard) -> Option<String> {
    let w = ctx.w;
    let answer = card.answer.as_deref().unwrap_or_default();
    match card.state {
        LetterState::Waiting if card.due_at > ctx.now => {
            let at = w.moment(card.due_at, &ctx.zone, ctx.now);
            Some(if answer.is_empty() { w.box_note_due(at) } else { w.box_note_next(answer, at) })
        }
        LetterState::InDoubt => Some(w.box_note_in_doubt().to_owned()),
        LetterState::Failed => Some(w.box_note_failed(answer)),
        LetterState::Written => card.file.as_deref().map(|file| w.box_note_file(file)),
        LetterState::Waiting | LetterState::Sending | LetterState::Sent => None,
    }
}

fn about(card: &LetterCard, w: Words) -> Option<About> {
    match (&card.link_id, card.code) {
        (Some(link), _) => Some(About {
            icon: "link",
            text: card.task_key.clone().unwrap_or_else(|| w.story_task().to_owned()),
            href: format!("/bridge/links/{}", segment(link.as_str())),
        }),
        (None, LetterCode::M4) => {
            Some(About { icon: "map", text: w.nav_account_mapping().to_owned(), href: super::mapping::PATH.to_owned() })
        }
        (None, _) => None,
    }
}

pub(super) fn code_icon(code: LetterCode) -> &'static str {
    match code {
        LetterCode::M1 | LetterCode::M2 | LetterCode::M3 => "rejected",
        LetterCode::M4 => "map",
        LetterCode::M7 => "user",
        LetterCode::Digest => "list",
    }
}

/// The state of a letter.
pub(super) fn badge(state: LetterState, w: Words) -> Badge {
    match state {
        LetterState::Waiting => Badge::new(w.box_state_waiting(), Tone::Accent).with_icon("clock"),
        LetterState::Sending => Badge::new(w.box_state_sending(), Tone::Accent).with_icon("out"),
        LetterState::Sent => Badge::new(w.box_state_sent(), Tone::Ok).with_icon("check"),
        LetterState::Written => Badge::new(w.box_state_written(), Tone::Ok).with_icon("note"),
        LetterState::InDoubt => Badge::new(w.box_state_in_doubt(), Tone::Warn).with_icon("help"),
        LetterState::Failed => Badge::new(w.box_state_failed(), Tone::Danger).with_icon("alert"),
    }
}

pub(super) fn samples(w: Words) -> Vec<Sample> {
    let zero = ports::Moment::from_ms(0);
    let row = |(at, state): (usize, LetterState)| Row {
        tone: if state == LetterState::Failed { "danger" } else { "" },
        icon: code_icon(LetterCode::M1),
        href: format!("{PATH}/{at}"),
        subject: "更新失败：“切换账单历史 <1>”的截止日期未生效".into(),
        lang: "zh-CN",
        note: w.box_note_failed("550"),
        is_note_ours: true,
        who: Who::new("李明", "li.ming@zylker.example"),
        about: Some(About { icon: "link", text: "DM-10".into(), href: "/bridge/links/1".into() }),
        state: badge(state, w),
        at: When::new(zero, &jiff::tz::TimeZone::UTC, zero, w),
    };
    let page = |rows: Vec<Row>| OutboxPage {
        w,
        shell: Shell::sample(w).crumb(w.nav_outbox()),
        tabs: tabs(w, "", &[(LetterState::Sent, 2)]),
        about: w.box_about(),
        chip: Some((format!("{PATH}?to=me"), false)),
        empty: rows.is_empty().then(|| empty(true, w)),
        rows,
        pager: None,
        zone: w.box_zone("+08:00"),
    };
    rendered("outbox", vec![page(LetterState::ALL.into_iter().enumerate().map(row).collect()), page(Vec::new())])
}
