//! A refused change as a case: who asked for what, why not, what holds now, and where to go from here.

use bridge::field::{Field, FieldValue, SideName};
use bridge::link::Link;
use bridge::refusal::{Refusal, RefusalState};
use i18n::Words;
use ports::Reason;

use super::drawing::{Parent, Schedule};
use super::value::{self, Names};
use crate::address::segment;
use crate::show::{Diff, Source, Way, When};
use crate::visit::Ctx;

/// The case.
pub(super) struct Told {
    pub(super) id: String,
    pub(super) title: String,
    /// Where the title leads; nowhere on the page itself.
    pub(super) href: Option<String>,
    pub(super) key: String,
    /// Red while the values differ; grey once the agreed value is back.
    pub(super) is_past: bool,
    pub(super) field: String,
    pub(super) diff: Option<Diff>,
    /// Sentences: who asked, why not, what holds now.
    pub(super) sentences: Vec<String>,
    pub(super) flow: (Source, Source),
    pub(super) at: When,
    pub(super) schedule: Option<Schedule>,
    pub(super) parent: Option<Parent>,
    pub(super) ways: Vec<Way>,
}

/// Whether something of a refusal is still to be told: it is held, or nothing came after it.
pub(super) fn is_live(own: &Refusal, link: Option<&Link>) -> bool {
    match own.state {
        RefusalState::Held | RefusalState::Open => true,
        RefusalState::Reverted => match (own.field, link) {
            (Some(field), Some(link)) => *link.agreed.get(field) == own.agreed,
            _ => true,
        },
        RefusalState::Settled => false,
    }
}

/// The case of a refusal. `link` is its link, whose Projects task is named only to who sees it.
pub(super) fn told(ctx: &Ctx, own: &Refusal, link: Option<&Link>, sees_projects: bool, names: &Names) -> Told {
    let w = ctx.w;
    let is_held = own.state == RefusalState::Held;
    let field = own.field.map_or_else(|| w.story_comment(), |field| value::field(field, w));
    let side = value::side(own.side, w);
    let agreed = value::short(names.value(&own.agreed));
    let is_long = matches!(own.field, Some(Field::Description) | None);
    let asked = match &own.person {
        Some(person) => w.story_asked_by(names.name(person), side),
        None => w.story_asked(side),
    };
    let now = match (is_held, is_long) {
        (true, _) => w.story_now_held(side),
        (false, true) => w.story_now_set_back_text(side),
        (false, false) => w.story_now_set_back(side, &agreed),
    };
    let title = link.and_then(|link| link.agreed.title.code()).unwrap_or_else(|| w.story_task().to_owned());
    let diff = (!is_long).then(|| Diff::rejected(&agreed, names.short(&own.tried), w));
    Told {
        id: format!("case-{}", own.id),
        href: Some(format!("/bridge/links/{}", segment(own.link.as_str()))),
        key: link.filter(|_| sees_projects).map(|link| link.seen.key.clone()).unwrap_or_default(),
        is_past: !is_held,
        field: field.to_owned(),
        diff,
        sentences: vec![asked, names.reason(&own.reason), now],
        flow: value::flow(own.side, w),
        at: When::new(own.changed_at.unwrap_or(own.at), &ctx.zone, ctx.now, w),
        schedule: Schedule::of_reason(ctx, &own.reason),
        parent: parent(own, &title, names, w),
        ways: Vec::new(),
        title,
    }
}

fn parent(own: &Refusal, title: &str, names: &Names, w: Words) -> Option<Parent> {
    let Reason::ParentClosed { parent, closed_by, .. } = &own.reason else { return None };
    let is_reopening = own.tried.value == FieldValue::Closed(false);
    Some(Parent {
        title: parent.clone(),
        note: match closed_by {
            Some(person) => w.crm_closed_by(names.name_of(person)),
            None => w.crm_closed_parent().to_owned(),
        },
        child: title.to_owned(),
        diff: is_reopening.then(|| Diff::rejected(w.story_closed(), names.short(&own.tried), w)),
    })
}

/// The letter about a refusal, for who may read it.
pub(super) fn letter(ctx: &Ctx, own: &Refusal) -> Option<Way> {
    let (_, id) = own.letter.as_ref()?;
    let found = ctx.web.mail.letter(&ctx.acting, id.as_str(), ctx.web.directory.as_ref(), &ctx.web.public_url);
    found.ok()?;
    Some(Way::link(ctx.w.crm_read_letter(), format!("/setup/mails/{}", segment(id.as_str()))).with_icon("mail"))
}

/// Cases for samples: set back with the drawing, held below a closed parent.
pub(super) fn samples(w: Words) -> Vec<Told> {
    let zero = ports::Moment::from_ms(0);
    let case = |id: &str, is_past, schedule, parent| Told {
        id: id.into(),
        title: "切换账单历史 <1>".into(),
        href: Some("/bridge/links/1".into()),
        key: "DM-10".into(),
        is_past,
        field: w.field_due_crm().into(),
        diff: Some(Diff::rejected("6月22日", "7月6日", w)),
        sentences: vec![
            w.story_asked_by("李明", w.side_crm()),
            w.reason_record_gone().into(),
            w.story_now_set_back(w.side_crm(), "6月22日"),
        ],
        flow: value::flow(SideName::Crm, w),
        at: When::new(zero, &jiff::tz::TimeZone::UTC, zero, w),
        schedule,
        parent,
        ways: vec![Way::link(w.crm_read_letter(), "/setup/mails/1").with_icon("mail")],
    };
    let parent = Parent {
        title: "盘点".into(),
        note: w.crm_closed_parent().into(),
        child: "试运行".into(),
        diff: Some(Diff::rejected(w.story_closed(), w.story_open(), w)),
    };
    vec![
        case("case-1", true, Some(super::drawing::sample(w, true)), None),
        case("case-2", false, Some(super::drawing::sample(w, false)), Some(parent)),
    ]
}
