//! A letter (40b, 45b): what was said to whom, laid out, and how it stands with what it tells of.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use bridge::BridgeError;
use bridge::reading::links::LinkView;
use i18n::{Words, language_name};
use mail::content::{Action, Content, Line, Picture, Tone as Meant};
use mail::letter::Letter;
use mail::{LetterCard, LetterCode, LetterState};
use ports::Moment;

use super::drawing::Schedule;
use super::{outbox, value};
use crate::address::{Address, segment};
use crate::error::PageError;
use crate::pages::{Sample, rendered};
use crate::shell::Shell;
use crate::show::{Badge, Banner, Source, Sync, Tone, Way, Who, safe_parts};
use crate::visit::{Ctx, Visit};

#[derive(Template)]
#[template(path = "pages/bridge/letter.html")]
struct LetterPage {
    w: Words,
    shell: Shell,
    subject: String,
    lang: &'static str,
    state: Badge,
    parts: [(&'static str, String, bool); 2],
    banner: Option<Banner>,
    /// The text part, where that is shown.
    plain: Option<String>,
    letter: Shown,
    who: Who,
    facts: Vec<(&'static str, String)>,
    about: Option<About>,
    notes: Vec<(&'static str, &'static str)>,
}

/// The letter, with its links made our own.
struct Shown {
    house: String,
    headline: String,
    paragraphs: Vec<Text>,
    schedule: Option<Schedule>,
    tree: Option<(String, Vec<Node>)>,
    counts: Vec<(String, String)>,
    facts: Vec<Fact>,
    sections: Vec<Section>,
    action: Option<Way>,
    link: Option<Way>,
    note: String,
    footer: Vec<String>,
}

/// A text with bold stretches.
#[derive(Template)]
#[template(
    source = r#"{% for (text, is_bold) in stretches %}{% if *is_bold %}<b>{{ text }}</b>{% else %}{{ text }}{% endif %}{% endfor %}"#,
    ext = "html"
)]
struct Text {
    stretches: Vec<(String, bool)>,
}

safe_parts!(Text);

struct Node {
    is_below: bool,
    title: String,
    state: String,
    asked: String,
}

struct Fact {
    label: String,
    value: Text,
    class: &'static str,
}

struct Section {
    heading: String,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

struct Cell {
    text: Text,
    class: &'static str,
    href: Option<String>,
}

/// The task that the letter is about.
struct About {
    ends: Vec<(Source, String, Option<String>)>,
    reasons: Vec<(&'static str, &'static str)>,
    state: Option<Sync>,
    why: String,
}

/// `GET /setup/mails/{id}?part=text`
pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    visit
        .page(move |ctx| {
            let w = ctx.w;
            let view = ctx.web.mail.letter(&ctx.acting, &id, ctx.web.directory.as_ref(), &ctx.web.public_url)?;
            let card = &view.card;
            let is_plain = ctx.asked.address.value("part") == Some("text");
            let own = Address::new(format!("{}/{}", outbox::PATH, segment(&card.id)));
            let text = own.with("part", "text").to_string();
            ctx.show(&LetterPage {
                w,
                shell: outbox::shell(ctx).crumb_to(w.nav_outbox(), outbox::PATH).crumb(w.ltr_to(&card.to_name)),
                subject: card.subject.clone(),
                lang: outbox::lang(card.language),
                state: outbox::badge(card.state, w),
                parts: [(w.ltr_letter(), own.to_string(), !is_plain), (w.ltr_plain(), text, is_plain)],
                banner: banner(ctx, card),
                plain: is_plain.then(|| view.text.clone()),
                letter: shown(&view.content, &ctx.web.public_url),
                who: Who::new(&card.to_name, card.to.as_str()),
                facts: facts(ctx, card),
                about: about(ctx, card, &view.letter)?,
                notes: notes(card, w),
            })
        })
        .await
}

fn banner(ctx: &Ctx, card: &LetterCard) -> Option<Banner> {
    let note = outbox::note(ctx, card)?;
    let w = ctx.w;
    match card.state {
        LetterState::Failed => Some(Banner::new(Tone::Danger, "alert", w.ltr_failed(), note)),
        LetterState::InDoubt => Some(Banner::new(Tone::Warn, "help", w.ltr_in_doubt(), note)),
        LetterState::Waiting => Some(Banner::new(Tone::Accent, "clock", w.ltr_waits(), note)),
        LetterState::Sending | LetterState::Sent | LetterState::Written => None,
    }
}

fn facts(ctx: &Ctx, card: &LetterCard) -> Vec<(&'static str, String)> {
    let w = ctx.w;
    let moment = |at: Moment| w.moment(at, &ctx.zone, ctx.now);
    let mut facts = vec![
        (w.ltr_address(), card.to.as_str().to_owned()),
        (w.ltr_language(), language_name(card.language).to_owned()),
        (w.ltr_queued(), moment(card.queued_at)),
    ];
    if let Some(at) = card.ended_at {
        let label = match card.state {
            LetterState::Written => w.ltr_written_at(),
            LetterState::InDoubt | LetterState::Failed => w.ltr_ended_at(),
            LetterState::Waiting | LetterState::Sending | LetterState::Sent => w.ltr_sent_at(),
        };
        facts.push((label, moment(at)));
    }
    if card.attempts > 1 {
        facts.push((w.ltr_attempts(), w.number(card.attempts)));
    }
    if let Some(answer) = &card.answer {
        facts.push((w.ltr_server(), answer.clone()));
    }
    if let Some(file) = &card.file {
        facts.push((w.ltr_file(), file.clone()));
    }
    facts
}

fn notes(card: &LetterCard, w: Words) -> Vec<(&'static str, &'static str)> {
    let is_refusal = matches!(card.code, LetterCode::M1 | LetterCode::M2 | LetterCode::M3);
    let once = if is_refusal { w.ltr_once_refusal() } else { w.ltr_once() };
    vec![("info", once), ("clock", w.ltr_times())]
}

/// The link of a refusal's letter, as far as the person sees it.
fn about(ctx: &Ctx, card: &LetterCard, letter: &Letter) -> Result<Option<About>, PageError> {
    let (w, Some(id)) = (ctx.w, &card.link_id) else { return Ok(None) };
    let view = match ctx.web.bridge.link(&ctx.acting, id) {
        Ok(view) => view,
        Err(BridgeError::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let reasons = match letter {
        Letter::Refusal(own) => {
            own.refused.iter().map(|row| (value::field_of(row.field.code(), w), w.reason_title(&row.reason))).collect()
        }
        Letter::MappingReport(_) | Letter::Invitation(_) => Vec::new(),
    };
    Ok(Some(About {
        ends: ends(ctx, &view),
        reasons,
        state: Sync::of_link_state(view.link.state.code(), w),
        why: format!("/bridge/links/{}", segment(id.as_str())),
    }))
}

fn ends(ctx: &Ctx, view: &LinkView) -> Vec<(Source, String, Option<String>)> {
    let (w, link) = (ctx.w, &view.link);
    let seen = &link.seen;
    let mut ends = Vec::new();
    if view.sees_projects {
        let title = link.agreed.title.code().unwrap_or_default();
        let is_there = seen.gone.as_deref() != Some("projects");
        let href = format!("/projects/{}/tasks/{}", segment(&seen.project_key), segment(&seen.key));
        ends.push((Source::projects(seen.key.clone()), title, is_there.then_some(href)));
    }
    if view.sees_crm {
        let name = seen.under_name.clone().or_else(|| link.agreed.title.code()).unwrap_or_default();
        let is_there = ctx.person.rights.is_crm_user && seen.gone.as_deref() != Some("crm");
        let href = format!("/crm/tasks/{}", segment(link.crm_task.as_str()));
        ends.push((Source::crm(w.story_task()), name, is_there.then_some(href)));
    }
    ends
}

fn shown(content: &Content, public_url: &str) -> Shown {
    let way = |action: &Action| Way::link(action.label.clone(), own_address(&action.href, public_url));
    let stretches = |line: &Line| Text { stretches: line.stretches() };
    let cell = |cell: &mail::content::Cell| Cell {
        text: stretches(&cell.text),
        class: class(cell.tone),
        href: cell.href.as_deref().map(|href| own_address(href, public_url)),
    };
    let section = |own: &mail::content::Section| Section {
        heading: own.heading.clone(),
        columns: own.columns.clone(),
        rows: own.rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
    };
    let node = |row: &mail::content::TreeRow| Node {
        is_below: row.indent_px > 0,
        title: row.title.clone(),
        state: row.state.clone(),
        asked: row.asked.clone(),
    };
    Shown {
        house: content.house.clone(),
        headline: content.headline.clone(),
        paragraphs: content.paragraphs.iter().map(stretches).collect(),
        schedule: match &content.picture {
            Some(Picture::Schedule(own)) => Some(Schedule::of_letter(own)),
            _ => None,
        },
        tree: match &content.picture {
            Some(Picture::Tree { label, rows }) => Some((label.clone(), rows.iter().map(node).collect())),
            _ => None,
        },
        counts: match &content.picture {
            Some(Picture::Counts(counts)) => {
                counts.iter().map(|count| (count.number.clone(), count.label.clone())).collect()
            }
            _ => Vec::new(),
        },
        facts: content
            .facts
            .iter()
            .map(|fact| Fact { label: fact.label.clone(), value: stretches(&fact.value), class: class(fact.tone) })
            .collect(),
        sections: content.sections.iter().map(section).collect(),
        action: content.action.as_ref().filter(|action| !action.href.is_empty()).map(way),
        link: content.link.as_ref().filter(|link| !link.href.is_empty()).map(way),
        note: content.note.clone(),
        footer: content.footer.clone(),
    }
}

fn class(tone: Meant) -> &'static str {
    match tone {
        Meant::Plain => "",
        Meant::Bad => "tone-danger",
        Meant::Good => "tone-ok",
        Meant::Faint => "faint",
    }
}

/// A page of ours under the address the reader is at, not the one that letters name.
fn own_address(href: &str, public_url: &str) -> String {
    let path = href.strip_prefix(public_url.trim_end_matches('/')).filter(|path| path.starts_with('/'));
    path.unwrap_or(href).to_owned()
}

pub(super) fn samples(w: Words) -> Vec<Sample> {
    let text =
        |words: &str| Text { stretches: vec![(words.to_owned(), false), ("切换账单历史 <1>".to_owned(), true)] };
    let letter = |schedule, tree, counts: Vec<(String, String)>| Shown {
        house: "Zylker".into(),
        headline: "您最近一次的截止日期更改未生效".into(),
        paragraphs: vec![text("您修改了")],
        schedule,
        tree,
        counts,
        facts: vec![Fact { label: "任务".into(), value: text("任务"), class: "tone-danger" }],
        sections: vec![Section {
            heading: "未生效".into(),
            columns: vec!["字段".into(), "值".into()],
            rows: vec![vec![
                Cell { text: text("值"), class: "", href: Some("/bridge/links/1".into()) },
                Cell { text: text("值"), class: "tone-ok", href: None },
            ]],
        }],
        action: Some(Way::link("打开任务", "/crm/tasks/1")),
        link: Some(Way::link("查看原因", "/bridge/links/1")),
        note: String::new(),
        footer: vec!["您收到此通知邮件，是因为更改由您作出。".into()],
    };
    let page = |state, plain: Option<String>, letter: Shown| LetterPage {
        w,
        shell: Shell::sample(w).crumb(w.ltr_to("李明")),
        subject: "更新失败：“切换账单历史 <1>”的截止日期未生效".into(),
        lang: "zh-CN",
        state: outbox::badge(state, w),
        parts: [
            (w.ltr_letter(), "/setup/mails/1".into(), plain.is_none()),
            (w.ltr_plain(), "/setup/mails/1?part=text".into(), plain.is_some()),
        ],
        banner: Some(Banner::new(Tone::Danger, "alert", w.ltr_failed(), w.box_note_failed("550"))),
        plain,
        letter,
        who: Who::new("李明", "li.ming@zylker.example"),
        facts: vec![(w.ltr_address(), "li.ming@zylker.example".into())],
        about: Some(About {
            ends: vec![(Source::projects("DM-10"), "切换账单历史".into(), Some("/projects/DM/tasks/DM-10".into()))],
            reasons: vec![(w.field_due_crm(), w.reason_title_outside_strict_schedule())],
            state: Sync::of_link_state("in_step", w),
            why: "/bridge/links/1".into(),
        }),
        notes: vec![("info", w.ltr_once_refusal()), ("clock", w.ltr_times())],
    };
    let node =
        |is_below, asked: &str| Node {
            is_below, title: "盘点".into(), state: "已关闭".into(), asked: asked.into()
        };
    let tree = ("任务".to_owned(), vec![node(false, ""), node(true, "重新打开")]);
    let pages = vec![
        page(LetterState::Sent, None, letter(Some(super::drawing::sample(w, true)), None, Vec::new())),
        page(LetterState::Failed, None, letter(None, Some(tree), vec![("3".into(), "已映射".into())])),
        page(LetterState::Written, Some("您好\n  <1>".into()), letter(None, None, Vec::new())),
    ];
    rendered("letter", pages)
}
