//! What stands above the fields: the state in a sentence, what is to be known, where to go.

use bridge::field::SideName;
use bridge::link::Link;
use bridge::plan::LinkState;
use bridge::reading::why::{FieldState, Waiting, Why, WhyField};
use i18n::Words;
use ports::{Moment, Reason};

use super::{Names, banner, value};
use crate::address::segment;
use crate::show::{Banner, Tone, Way};
use crate::visit::Ctx;

/// The state in a sentence.
pub(super) struct Summary {
    pub(super) tone: &'static str,
    pub(super) icon: &'static str,
    pub(super) title: String,
    pub(super) text: String,
}

/// What stands before the address in a link's note.
const OWNER_NOTE: &str = "owner_not_representable ";

/// The owner in Projects who has no place in the CRM.
pub(super) fn unknown_owner(link: &Link) -> Option<&str> {
    link.note.strip_prefix(OWNER_NOTE)
}

/// What the task is called here: its key, for who sees it, else its title.
pub(super) fn name(why: &Why, w: Words) -> String {
    let link = &why.view.link;
    if why.view.sees_projects {
        link.seen.key.clone()
    } else {
        value::short(link.agreed.title.code().unwrap_or_else(|| w.story_task().to_owned()))
    }
}

pub(super) fn title(state: LinkState, why: &Why, name: &str, w: Words) -> String {
    match state {
        LinkState::Broken => w.why_title_broken(name),
        LinkState::Paused => w.why_title_paused(name),
        LinkState::Unlinked => w.why_title_unlinked(name),
        LinkState::Pending => w.why_title_moving(name),
        LinkState::InStep if apart(why).is_empty() => w.why_title_in_step(name),
        LinkState::InStep | LinkState::OutOfStep | LinkState::Conflict => w.why_title_not_in_step(name),
    }
}

/// Fields that differ and do not move by themselves.
fn apart(why: &Why) -> Vec<&WhyField> {
    let is_apart =
        |state: FieldState| matches!(state, FieldState::NotApplied | FieldState::Conflict | FieldState::NotMapped);
    why.fields.iter().filter(|field| is_apart(field.state)).collect()
}

pub(super) fn summary(ctx: &Ctx, why: &Why, names: &Names) -> Summary {
    let (w, link) = (ctx.w, &why.view.link);
    let summary = |tone, icon, title: String, text: String| Summary { tone, icon, title, text };
    let pending = why.fields.iter().filter(|field| field.state == FieldState::Pending).count();
    match link.state {
        LinkState::Broken => broken(ctx, link, names),
        LinkState::Paused => summary("", "pause", w.why_paused().to_owned(), w.why_paused_text().to_owned()),
        LinkState::Unlinked => summary("", "unlink", w.why_unlinked().to_owned(), w.why_unlinked_text().to_owned()),
        LinkState::InStep | LinkState::Pending | LinkState::OutOfStep | LinkState::Conflict => {
            match (apart(why).as_slice(), pending) {
                ([only], _) => {
                    let [crm, projects] = [&only.crm, &only.projects];
                    let shown = |own: &Option<bridge::field::Shown>| {
                        own.as_ref().map_or_else(|| w.value_empty().to_owned(), |own| names.short(own))
                    };
                    let text = w.why_one_differs(shown(crm), value::field(only.field, w), shown(projects));
                    summary("danger", "rejected", w.why_differs(1_usize), text)
                }
                ([], 0) if link.state == LinkState::OutOfStep => {
                    let reason = link.reason.as_ref().map(|reason| names.reason(reason)).unwrap_or_default();
                    summary("danger", "rejected", w.why_out_of_step().to_owned(), reason)
                }
                ([], 0) if !link.note.is_empty() => {
                    summary("ok", "in-step", w.why_all_in_step().to_owned(), w.sync_five_in_step().to_owned())
                }
                ([], 0) => {
                    summary("ok", "in-step", w.why_all_in_step().to_owned(), w.why_all_in_step_text().to_owned())
                }
                ([], moving) => {
                    let reason = link.reason.as_ref().map(|reason| names.reason(reason));
                    let text = reason.unwrap_or_else(|| w.why_moving_text().to_owned());
                    summary("accent", "moving", w.why_moving(moving), text)
                }
                (several, _) => {
                    summary("danger", "rejected", w.why_differs(several.len()), w.why_several_text().to_owned())
                }
            }
        }
    }
}

/// By whom and when a task was deleted; nothing was deleted on the other side.
fn broken(ctx: &Ctx, link: &Link, names: &Names) -> Summary {
    let (w, seen) = (ctx.w, &link.seen);
    let side = seen.gone.as_deref().and_then(SideName::parse).map_or(w.side_crm(), |side| value::side(side, w));
    let at = seen.gone_at.map(|ms| w.moment(Moment::from_ms(ms), &ctx.zone, ctx.now));
    let title = match (seen.gone_by.as_deref().map(|by| names.name_of(by)), at) {
        (Some(by), Some(at)) => w.why_broken_by(at, by, side),
        (None, Some(at)) => w.why_broken_at(at, side),
        (Some(by), None) => w.why_broken_by_whom(by, side),
        (None, None) => w.why_broken(side),
    };
    Summary { tone: "danger", icon: "rejected", title, text: w.why_broken_text().to_owned() }
}

/// What is to be known beside the state.
pub(super) fn banners(ctx: &Ctx, why: &Why, names: &Names) -> Vec<Banner> {
    let (w, link) = (ctx.w, &why.view.link);
    let mut banners = Vec::new();
    if let Some(reason) = &why.read_failed {
        banners.push(banner(Tone::Warn, "clock", w.why_read_failed(), w.reason_on(reason, ctx.today)));
    }
    if let Some(owner) = unknown_owner(link).filter(|_| link.state != LinkState::Unlinked) {
        banners.push(banner(Tone::Plain, "user", w.why_owner_title(), w.story_owner_note(names.name_of(owner))));
    }
    if let Some(Reason::ClientNotMapped { project }) =
        why.obstacle.as_ref().filter(|_| link.state != LinkState::Unlinked)
    {
        let text =
            if link.state == LinkState::Broken { String::new() } else { w.why_client_unmapped_text().to_owned() };
        let own = banner(Tone::Warn, "map", w.why_client_unmapped(project), text);
        let is_administrator = ctx.person.rights.is_portal_administrator;
        banners.push(if is_administrator {
            own.with(Way::link(w.nav_account_mapping(), "/bridge/mapping"))
        } else {
            own
        });
    }
    banners
}

/// What waits, in sentences.
pub(super) fn waiting(ctx: &Ctx, why: &Why) -> Vec<String> {
    let w = ctx.w;
    let line = |own: &Waiting| {
        let field = value::field(own.field, w);
        let since = w.moment(own.since, &ctx.zone, ctx.now);
        match own.next_try_at.filter(|next| own.attempts > 0 && *next > ctx.now) {
            Some(next) => w.why_waits_next(field, w.time(next, &ctx.zone), since),
            None => w.why_waits(field, since),
        }
    };
    let mut lines: Vec<String> = why.waiting.iter().map(line).collect();
    if let Ok(count @ 1..) = usize::try_from(why.comments_waiting) {
        lines.push(w.why_comments_wait(count));
    }
    lines
}

/// The task in Projects.
pub(super) fn projects_address(why: &Why) -> String {
    let seen = &why.view.link.seen;
    format!("/projects/{}/tasks/{}", segment(&seen.project_key), segment(&seen.key))
}

/// The task in the CRM.
pub(super) fn crm_address(why: &Why) -> String {
    format!("/crm/tasks/{}", segment(why.view.link.crm_task.as_str()))
}

/// Both tasks, as far as they are there for the person.
pub(super) fn ways(ctx: &Ctx, why: &Why) -> Vec<Way> {
    let (w, view) = (ctx.w, &why.view);
    let gone = view.link.seen.gone.as_deref();
    let mut ways = Vec::new();
    if view.sees_projects && gone != Some("projects") {
        ways.push(Way::link(w.why_open_projects(&view.link.seen.key), projects_address(why)).with_icon("app-projects"));
    }
    if ctx.person.rights.is_crm_user && gone != Some("crm") {
        ways.push(Way::link(w.why_open_crm(), crm_address(why)).with_icon("app-crm"));
    }
    ways
}

/// Where another value can be chosen: on the side where the refused one was typed.
pub(super) fn edit_way(ctx: &Ctx, why: &Why, side: SideName) -> Option<Way> {
    let w = ctx.w;
    let is_over = matches!(why.view.link.state, LinkState::Broken | LinkState::Unlinked);
    match side {
        _ if is_over => None,
        SideName::Crm if ctx.person.rights.is_crm_user => {
            Some(Way::link(w.why_choose_other(), format!("{}/edit", crm_address(why))).with_icon("edit"))
        }
        SideName::Projects if why.view.sees_projects => {
            Some(Way::link(w.why_choose_other(), format!("{}/edit", projects_address(why))).with_icon("edit"))
        }
        SideName::Crm | SideName::Projects => None,
    }
}
