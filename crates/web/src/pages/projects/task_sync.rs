//! What a task's page says of the CRM: the card with both tasks, what was not applied, the signs at the fields (04, 25).

use askama::Template;
use bridge::field::{Field, SideName};
use bridge::reading::links::LinkView;
use bridge::refusal::{Filter, Refusal, RefusalState};
use bridge::{LinkState, add_to_crm::notice::AddNotice};
use i18n::Words;
use ports::{CrmModule, Email, LinkId, Moment};
use projects::Task;

use super::head::{Opened, optional};
use super::people::{self, People};
use super::task_list::{crm_address, why_address};
use super::{at, values};
use crate::address::segment;
use crate::error::PageError;
use crate::show::{Banner, Diff, Hidden, Sign, Sync, Tone, When, in_step_text, safe_parts};
use crate::visit::Ctx;

/// Refused changes that the card tells of.
const REFUSALS_MAX: usize = 3;

/// What the bridge knows of a task.
pub(super) struct Joined {
    pub(super) link: Option<LinkView>,
    pub(super) refusals: Vec<Refusal>,
    pub(super) notice: Option<AddNotice>,
}

/// The card.
#[derive(Template)]
#[template(path = "components/projects/sync_card.html")]
pub(super) struct SyncCard {
    w: Words,
    task: String,
    sign: Sign,
    /// "CRM · Deal".
    kind: String,
    record: String,
    record_href: Option<String>,
    banner: Option<Banner>,
    whys: Vec<Why>,
    foot: Sync,
    note: Option<String>,
    why_href: String,
}

/// One refused change.
struct Why {
    tone: &'static str,
    sync: Sync,
    field: String,
    diff: Diff,
    by: String,
    at: When,
    text: String,
    outcome: String,
}

/// A task that is not in the CRM: how it gets there, or why it did not (TASK-11).
#[derive(Template)]
#[template(path = "components/projects/not_in_crm.html")]
pub(super) struct NotInCrm {
    w: Words,
    title: String,
    text: String,
    is_refused: bool,
    add: Option<String>,
    /// Address and hidden fields of "Try again".
    again: Option<(String, Hidden)>,
}

safe_parts!(SyncCard, NotInCrm);

impl Joined {
    /// Nothing is shown to client users, and where nothing is connected.
    pub(super) fn of(ctx: &Ctx, opened: &Opened, task: &Task) -> Result<Option<Self>, PageError> {
        if opened.sync.is_none() {
            return Ok(None);
        }
        let bridge = &ctx.web.bridge;
        let links = optional(bridge.links_of_projects_tasks(&ctx.acting, std::slice::from_ref(&task.id)))?;
        let link = links.and_then(|mut links| links.remove(&task.id));
        let refusals = match &link {
            Some(view) => refusals(ctx, &view.link.id)?,
            None => Vec::new(),
        };
        let notices = match &link {
            Some(_) => Vec::new(),
            None => optional(bridge.add_notices(&ctx.acting, &task.project))?.unwrap_or_default(),
        };
        let notice = notices.into_iter().find(|notice| notice.task == task.id);
        Ok(Some(Self { link, refusals, notice }))
    }

    /// Topics of the link.
    pub(super) fn topics(&self) -> String {
        self.link.as_ref().map_or(String::new(), |view| format!(" link:{}", view.link.id))
    }

    /// The sign at a field, for linked tasks.
    pub(super) fn sign(&self, field: Field, w: Words) -> Option<Sync> {
        let link = &self.link.as_ref()?.link;
        let is_held = self.refusals.iter().any(|own| own.state == RefusalState::Held && own.field == Some(field));
        let seen = |side| link.seen.shown(side, field).map(|shown| &shown.value);
        let differs = seen(SideName::Crm) != seen(SideName::Projects);
        let sign = match link.state {
            LinkState::Broken | LinkState::Paused | LinkState::Unlinked => return None,
            _ if is_held => Sign::Rejected,
            LinkState::Pending if differs => Sign::Moving,
            LinkState::InStep | LinkState::Pending => Sign::InStep,
            LinkState::OutOfStep | LinkState::Conflict => {
                if differs && field != Field::Owner {
                    Sign::Rejected
                } else {
                    Sign::InStep
                }
            }
        };
        let text = match sign {
            Sign::InStep => w.field_in_step(),
            Sign::Moving => w.link_pending(),
            Sign::Rejected | Sign::Paused => w.field_not_applied(),
        };
        Some(Sync::new(sign, text).quiet())
    }

    /// Addresses of people that the card names.
    pub(super) fn people(&self) -> Vec<Email> {
        let of_refusal = self.refusals.iter().flat_map(|own| {
            let tried = own.tried.value.as_person();
            own.person.iter().cloned().chain(tried).chain(own.agreed.as_person()).collect::<Vec<_>>()
        });
        let link = self.link.iter().map(|view| &view.link);
        let gone = link.clone().filter_map(|link| Email::parse(link.seen.gone_by.as_deref()?).ok());
        let noted = link.filter_map(|link| Email::parse(link.note.strip_prefix(OWNER_NOTE)?).ok());
        of_refusal.chain(gone).chain(noted).collect()
    }

    /// The card of a linked task.
    pub(super) fn card(&self, ctx: &Ctx, task: &Task, people: &People) -> Option<SyncCard> {
        let w = ctx.w;
        let view = self.link.as_ref()?;
        let link = &view.link;
        let sign = Sign::of_link_state(link.state.code())?;
        let module = link.seen.under_module.as_deref().and_then(CrmModule::parse);
        let record_href = match (module, &link.seen.under_id) {
            (Some(module), Some(id)) if ctx.person.rights.is_crm_user => {
                Some(format!("/crm/{}/{}", plural(module), segment(id)))
            }
            _ => None,
        };
        let count = Field::ALL.iter().filter(|field| self.is_rejected(**field)).count();
        let foot = match (sign, count) {
            (Sign::InStep, _) => Sync::new(sign, in_step_text(&link.note, w)),
            (Sign::Rejected, 1..) => Sync::new(sign, w.sync_not_applied(count)),
            (Sign::Rejected | Sign::Moving | Sign::Paused, _) => Sync::of_link_state(link.state.code(), w)?,
        };
        Some(SyncCard {
            w,
            task: format!("{} {}", task.key, task.title),
            sign,
            kind: w.sync_crm_kind(kind(module, w)),
            record: link.seen.under_name.clone().unwrap_or_else(|| w.task_crm_task().to_owned()),
            record_href,
            banner: self.banner(ctx, people),
            whys: self.whys(ctx, people),
            foot,
            note: self.note(w, people),
            why_href: why_address(view),
        })
    }

    fn is_rejected(&self, field: Field) -> bool {
        self.refusals.iter().any(|own| own.state == RefusalState::Held && own.field == Some(field))
    }

    /// Why nothing is carried over: the other task is gone, or the link rests.
    fn banner(&self, ctx: &Ctx, people: &People) -> Option<Banner> {
        let w = ctx.w;
        let link = &self.link.as_ref()?.link;
        match link.state {
            LinkState::Broken => {
                let by = link.seen.gone_by.as_deref().map(|email| people.name_of(email));
                let at = link.seen.gone_at.map(|ms| w.moment(Moment::from_ms(ms), &ctx.zone, ctx.now));
                let text = match (by, at) {
                    (Some(by), Some(at)) => w.sync_broken_by(&at, &by),
                    (None, Some(at)) => w.sync_broken_at(&at),
                    (_, None) => w.sync_broken_text().to_owned(),
                };
                Some(Banner::new(Tone::Danger, "rejected", w.sync_broken_title(), text))
            }
            LinkState::Paused => Some(Banner::new(Tone::Plain, "paused", w.link_paused(), w.sync_paused_text())),
            LinkState::InStep
            | LinkState::Pending
            | LinkState::OutOfStep
            | LinkState::Conflict
            | LinkState::Unlinked => None,
        }
    }

    /// Refused changes: held ones with both values, set back ones in grey as long as nothing came after them.
    fn whys(&self, ctx: &Ctx, people: &People) -> Vec<Why> {
        let Some(view) = &self.link else { return Vec::new() };
        let is_live = |own: &&Refusal| match own.state {
            RefusalState::Held => true,
            RefusalState::Open | RefusalState::Reverted => {
                own.field.is_some_and(|field| *view.link.agreed.get(field) == own.agreed)
            }
            RefusalState::Settled => false,
        };
        self.refusals.iter().filter(is_live).take(REFUSALS_MAX).map(|own| self.why(ctx, people, own)).collect()
    }

    fn why(&self, ctx: &Ctx, people: &People, own: &Refusal) -> Why {
        let w = ctx.w;
        let is_held = own.state == RefusalState::Held;
        let agreed = values::value(ctx, &own.agreed, people);
        let side = match own.side {
            SideName::Crm => w.side_crm(),
            SideName::Projects => w.side_projects(),
        };
        let person = match &own.person {
            Some(email) if *email == ctx.person.email => w.sync_you_in(side),
            Some(email) => w.sync_person_in(people.name(email), side),
            None => side.to_owned(),
        };
        Why {
            tone: if is_held { "" } else { "past" },
            sync: Sync::new(Sign::Rejected, if is_held { w.sync_held() } else { w.sync_set_back() }),
            field: own.field.map_or(w.task_comment(), |field| values::field(field, w)).to_owned(),
            diff: Diff::rejected(&agreed, values::shown(ctx, &own.tried, people), w),
            by: person,
            at: When::new(own.changed_at.unwrap_or(own.at), &ctx.zone, ctx.now, w),
            text: people::reason(ctx, &own.reason),
            outcome: if is_held { w.sync_held_text(side) } else { w.sync_set_back_text(side, &agreed) },
        }
    }

    fn note(&self, w: Words, people: &People) -> Option<String> {
        let note = self.link.as_ref()?.link.note.strip_prefix(OWNER_NOTE)?;
        Some(w.sync_owner_note(people.name_of(note)))
    }

    /// How an unlinked task gets into the CRM; nothing where it cannot.
    pub(super) fn not_in_crm(&self, ctx: &Ctx, opened: &Opened, task: &Task, view: &at::View) -> Option<NotInCrm> {
        let w = ctx.w;
        if self.link.is_some() || !opened.takes_crm() {
            return None;
        }
        let add = Some(view.part(ctx, &task.key, "crm/new"));
        Some(match &self.notice {
            Some(notice) => NotInCrm {
                w,
                title: w.task_crm_refused().to_owned(),
                text: people::reason(ctx, &notice.reason),
                is_refused: true,
                add,
                again: Some((view.part(ctx, &task.key, "crm/again"), ctx.hidden(&crate::form::Form::empty()))),
            },
            None => NotInCrm {
                w,
                title: w.task_not_in_crm().to_owned(),
                text: w.task_not_in_crm_text(opened.mapped_client().unwrap_or_default()),
                is_refused: false,
                add,
                again: None,
            },
        })
    }

    /// "Open in CRM", for CRM users.
    pub(super) fn crm_href(&self, ctx: &Ctx) -> Option<String> {
        let view = self.link.as_ref()?;
        let is_there = view.link.state != LinkState::Broken || view.link.seen.gone.as_deref() != Some("crm");
        (ctx.person.rights.is_crm_user && is_there).then(|| crm_address(view))
    }
}

/// What stands before the address in a link's note.
const OWNER_NOTE: &str = "owner_not_representable ";

fn refusals(ctx: &Ctx, link: &LinkId) -> Result<Vec<Refusal>, PageError> {
    let filter = Filter { link: Some(link.clone()), ..Filter::default() };
    let page = optional(ctx.web.bridge.refusals(&ctx.acting, &filter, &[], &[], None, 20))?;
    Ok(page.map(|page| page.rows.into_iter().map(|row| row.refusal).collect()).unwrap_or_default())
}

/// The segment of a module's pages.
pub(super) fn plural(module: CrmModule) -> &'static str {
    match module {
        CrmModule::Lead => "leads",
        CrmModule::Account => "accounts",
        CrmModule::Contact => "contacts",
        CrmModule::Deal => "deals",
    }
}

/// A module in words.
pub(super) fn kind(module: Option<CrmModule>, w: Words) -> &'static str {
    match module {
        Some(CrmModule::Lead) => w.sync_kind_lead(),
        Some(CrmModule::Account) => w.sync_kind_account(),
        Some(CrmModule::Contact) => w.sync_kind_contact(),
        Some(CrmModule::Deal) => w.sync_kind_deal(),
        None => w.task_word(),
    }
}

/// Cards for samples: in step, set back, broken.
pub(super) fn samples(w: Words) -> Vec<SyncCard> {
    let when = || When::new(Moment::from_ms(0), &jiff::tz::TimeZone::UTC, Moment::from_ms(0), w);
    let why = |tone, sync: &str| Why {
        tone,
        sync: Sync::new(Sign::Rejected, sync),
        field: w.task_due().into(),
        diff: Diff::rejected("6月22日", "7月6日", w),
        by: w.sync_you_in(w.side_crm()),
        at: when(),
        text: w.reason(&ports::Reason::RecordGone),
        outcome: w.sync_set_back_text(w.side_crm(), "6月22日"),
    };
    let card = |sign, banner, whys| SyncCard {
        w,
        task: "DM-10 切换账单历史".into(),
        sign,
        kind: w.sync_crm_kind(w.sync_kind_deal()),
        record: "数据迁移服务".into(),
        record_href: Some("/crm/deals/1".into()),
        banner,
        whys,
        foot: Sync::new(sign, w.sync_all_in_step()),
        note: Some(w.sync_owner_note("李明")),
        why_href: "/bridge/links/1".into(),
    };
    let broken = Banner::new(Tone::Danger, "rejected", w.sync_broken_title(), w.sync_broken_by("09:00", "李明"));
    vec![
        card(Sign::InStep, None, vec![why("past", w.sync_set_back())]),
        card(Sign::Rejected, Some(broken), vec![why("", w.sync_held())]),
        card(Sign::Moving, None, Vec::new()),
    ]
}

/// The blocks of tasks that are not in the CRM, for samples.
pub(super) fn not_in_crm_samples(w: Words) -> Vec<NotInCrm> {
    let block = |is_refused, again| NotInCrm {
        w,
        title: if is_refused { w.task_crm_refused() } else { w.task_not_in_crm() }.into(),
        text: w.task_not_in_crm_text("软件客户"),
        is_refused,
        add: Some("/projects/DM/tasks/DM-12/crm/new".into()),
        again,
    };
    vec![
        block(false, None),
        block(true, Some(("/projects/DM/tasks/DM-12/crm/again".into(), Hidden::new("token", "1")))),
    ]
}
