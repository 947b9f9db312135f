//! What Home and the sidebar say of the bridge: changes of the person that were not applied, projects in step or not.

use std::collections::BTreeMap;

use bridge::field::{Field, FieldValue, Shown};
use bridge::reading::refusals::RefusalView;
use bridge::refusal::{Filter, RefusalState};
use bridge::{Bridge, BridgeError};
use i18n::Words;
use ports::{Acting, Moment, ProjectId};

use crate::address::segment;
use crate::error::PageError;
use crate::show::{Diff, PriorityMark, Sign, Sync, When};
use crate::visit::Ctx;

/// So many refusals stand on Home and are counted in the sidebar.
pub(crate) const WAITING_MAX: usize = 9;
/// So long a refused change that was set back is told of; under "Why?" it stands forever.
const TOLD_FOR_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// A change of the person that was not applied.
pub(super) struct Waiting {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) key: String,
    pub(super) field: &'static str,
    pub(super) diff: Option<Diff>,
    pub(super) reason: String,
    pub(super) at: Option<When>,
}

/// Linked tasks of some projects, by sign.
#[derive(Clone, Copy, Default)]
pub(super) struct Health {
    pub(super) in_step: usize,
    pub(super) moving: usize,
    pub(super) rejected: usize,
    pub(super) paused: usize,
}

impl Health {
    pub(super) fn all(self) -> usize {
        self.in_step + self.moving + self.rejected + self.paused
    }

    fn of(states: &BTreeMap<&'static str, usize>) -> Self {
        let mut health = Self::default();
        for (state, count) in states {
            match Sign::of_link_state(state) {
                Some(Sign::InStep) => health.in_step += count,
                Some(Sign::Moving) => health.moving += count,
                Some(Sign::Rejected) => health.rejected += count,
                Some(Sign::Paused) => health.paused += count,
                None => {}
            }
        }
        health
    }

    fn add(&mut self, other: Self) {
        self.in_step += other.in_step;
        self.moving += other.moving;
        self.rejected += other.rejected;
        self.paused += other.paused;
    }

    /// The worst of it as one sign; nothing where no task is linked.
    pub(super) fn sign(self, w: Words) -> Option<Sync> {
        if self.rejected > 0 {
            Some(Sync::new(Sign::Rejected, w.home_not_applied(self.rejected)))
        } else if self.moving > 0 {
            Some(Sync::new(Sign::Moving, w.home_moving(self.moving)))
        } else if self.in_step > 0 {
            Some(Sync::new(Sign::InStep, w.link_in_step()))
        } else if self.paused > 0 {
            Some(Sync::new(Sign::Paused, w.link_paused()))
        } else {
            None
        }
    }
}

/// Refused changes that the person made and that nothing has settled since, newest first. Nobody without a place on a
/// side has any.
pub(crate) fn refused(bridge: &Bridge, acting: &Acting, now: Moment) -> Result<Vec<RefusalView>, PageError> {
    let filter = Filter {
        person: Some(acting.email.clone()),
        states: vec![RefusalState::Open, RefusalState::Held, RefusalState::Reverted],
        since: Some(now.plus_ms(-TOLD_FOR_MS)),
        ..Filter::default()
    };
    match bridge.refusals(acting, &filter, &[], &[], None, WAITING_MAX) {
        Ok(page) => Ok(page.rows),
        Err(BridgeError::NotFound) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn waiting(ctx: &Ctx) -> Result<Vec<Waiting>, PageError> {
    let mut rows = Vec::new();
    for view in refused(&ctx.web.bridge, &ctx.acting, ctx.now)? {
        let (refusal, w) = (&view.refusal, ctx.w);
        let link = view.link.as_ref();
        let diff = match refusal.field {
            Some(Field::Description) | None => None,
            Some(_) => {
                let agreed = Shown::plain(refusal.agreed.clone());
                Some(Diff::rejected(shown(ctx, &agreed)?, shown(ctx, &refusal.tried)?, w))
            }
        };
        rows.push(Waiting {
            href: format!("/bridge/links/{}", segment(refusal.link.as_str())),
            title: link.and_then(|link| link.agreed.title.code()).unwrap_or_else(|| w.home_task().to_owned()),
            key: link.filter(|_| view.sees_projects).map(|link| link.seen.key.clone()).unwrap_or_default(),
            field: field_name(refusal.field, w),
            diff,
            reason: w.reason_on(&refusal.reason, ctx.today),
            at: Some(When::new(refusal.at, &ctx.zone, ctx.now, w)),
        });
    }
    Ok(rows)
}

fn field_name(field: Option<Field>, w: Words) -> &'static str {
    match field {
        Some(Field::Title) => w.home_field_title(),
        Some(Field::Description) => w.home_field_description(),
        Some(Field::Due) => w.home_field_due(),
        Some(Field::Priority) => w.home_field_priority(),
        Some(Field::Status) => w.home_field_status(),
        Some(Field::Owner) => w.home_field_owner(),
        None => w.home_field_comment(),
    }
}

/// A value in the reader's language; pick-list values as the side has them.
fn shown(ctx: &Ctx, value: &Shown) -> Result<String, PageError> {
    let w = ctx.w;
    let empty = || w.value_empty().to_owned();
    Ok(match (&value.value, &value.native) {
        (FieldValue::Day(_), _) => value.value.as_day().map_or_else(empty, |day| w.date(day, ctx.today)),
        (FieldValue::Person(_), _) => match value.value.as_person() {
            Some(email) => {
                let card = ctx.web.identity.account(&email)?;
                card.map_or_else(|| email.as_str().to_owned(), |card| card.name)
            }
            None => w.somebody_nobody().to_owned(),
        },
        (FieldValue::Priority(_), native) => {
            let native = native.clone().or_else(|| value.value.code()).unwrap_or_default();
            PriorityMark::new(&native, w).text().to_owned()
        }
        (FieldValue::Closed(_), Some(native)) => native.clone(),
        (FieldValue::Closed(true), None) => w.home_closed().to_owned(),
        (FieldValue::Closed(false), None) => w.home_open().to_owned(),
        (FieldValue::Text(_) | FieldValue::Unmapped(_), _) => value.value.code().unwrap_or_else(empty),
    })
}

/// How projects stand to the CRM: each by itself, and all together. Empty for client users and without a connection.
pub(super) fn healths(ctx: &Ctx, projects: &[ProjectId]) -> Result<(BTreeMap<ProjectId, Health>, Health), PageError> {
    let syncs = match ctx.web.bridge.project_syncs(&ctx.acting, projects) {
        Ok(syncs) => syncs,
        Err(BridgeError::NotFound) => return Ok((BTreeMap::new(), Health::default())),
        Err(error) => return Err(error.into()),
    };
    let mut sum = Health::default();
    let mut each = BTreeMap::new();
    for (id, sync) in syncs {
        let health = Health::of(&sync.states);
        sum.add(health);
        each.insert(id, health);
    }
    Ok((each, sum))
}
