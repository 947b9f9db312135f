//! The rows of the mapping page: one client company, and what stands across from it.

use std::collections::HashMap;

use bridge::mapping::overview::{MappingOverview, MappingRow, MappingState};
use bridge::mapping::{MappingOrigin, Party};
use i18n::Words;
use ports::{Email, Reason};

use super::{COUNTED_A_PAGE, COUNTED_MAX, Entry, Names, PATH, Right, Side, Twin};
use crate::address::Address;
use crate::error::PageError;
use crate::show::Badge;
use crate::visit::Ctx;

/// What is known for the rows of one page.
pub(super) struct Rows<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) names: Names,
    /// Accounts that have a partner, with its name.
    pub(super) taken: HashMap<&'a str, &'a str>,
    pub(super) projects: HashMap<String, u32>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(ctx: &'a Ctx, overview: &'a MappingOverview, shown: &[&MappingRow]) -> Result<Self, PageError> {
        let parties = shown.iter().flat_map(|row| row.account.iter().chain(&row.candidates));
        let owners = parties.filter_map(|party| party.owner.as_deref()).filter_map(|owner| Email::parse(owner).ok());
        let people = owners.chain(shown.iter().filter_map(|row| row.mapped_by.clone()));
        let is_mapped = |row: &&MappingRow| row.state == MappingState::Mapped;
        let pair = |row: &'a MappingRow| Some((row.account.as_ref()?.id.as_str(), row.company.as_ref()?.name.as_str()));
        Ok(Self {
            ctx,
            names: Names::of(ctx, people)?,
            taken: overview.rows.iter().filter(is_mapped).filter_map(pair).collect(),
            projects: project_counts(ctx)?,
        })
    }

    pub(super) fn twin(&self, row: &MappingRow) -> Twin {
        let w = self.ctx.w;
        let company = row.company.as_ref().map(|party| self.company(party));
        let account_id = row.account.as_ref().map(|party| party.id.clone());
        let id = row.company.as_ref().or(row.account.as_ref()).map(|party| party.id.clone()).unwrap_or_default();
        let own = row.company.as_ref().map(|party| party.id.clone());
        let choose_for = |name: &str, id: &str| Address::new(format!("{PATH}/choose")).with(name, id).to_string();
        let company_choose = own.as_deref().map(|id| choose_for("company", id));
        let twin = Twin {
            id: format!("row-{id}"),
            knot: "suggested",
            icon: "in-step",
            company,
            right: Right::None { title: w.map_no_account().to_owned(), hint: String::new() },
            sends: None,
            may_differ: false,
            choose: None,
            unmap: None,
        };
        let one = |party: &Party| Right::One(Side { name: party.name.clone(), hint: self.about(party), badge: None });
        match (row.state, &row.company, row.candidates.as_slice()) {
            (_, None, _) => Twin {
                knot: "none",
                icon: "x",
                right: row.account.as_ref().map_or(twin.right, one),
                choose: account_id.as_deref().map(|id| choose_for("account", id)),
                ..twin
            },
            (MappingState::Mapped, ..) => self.mapped(row, twin),
            (MappingState::Exact, ..) => {
                let right =
                    row.account.as_ref().map_or_else(|| Right::None { title: String::new(), hint: String::new() }, one);
                Twin { right, sends: own.map(|id| (id, account_id)), may_differ: true, ..twin }
            }
            (MappingState::Similar, _, [only]) => Twin {
                icon: "moving",
                right: one(only),
                sends: own.map(|id| (id, Some(only.id.clone()))),
                may_differ: true,
                ..twin
            },
            (MappingState::Ambiguous | MappingState::Similar, _, several @ [_, ..]) => Twin {
                icon: "help",
                right: Right::Several {
                    ask: if several.len() > 1 { w.map_which_one(several.len()) } else { w.map_name_twice().to_owned() },
                    entries: several.iter().map(|party| self.entry(party)).collect(),
                },
                sends: own.map(|id| (id, None)),
                ..twin
            },
            (MappingState::Different, ..) => Twin {
                knot: "none",
                icon: "x",
                right: Right::None { title: w.map_no_account().to_owned(), hint: w.map_said_no().to_owned() },
                choose: company_choose,
                ..twin
            },
            (MappingState::NoMatch | MappingState::Ambiguous | MappingState::Similar, ..) => {
                let is_taken = matches!(row.reason, Some(Reason::AlreadyMapped { .. }));
                let reason = row.reason.as_ref().map(|reason| w.reason_on(reason, self.ctx.today));
                Twin {
                    knot: if is_taken { "rejected" } else { "none" },
                    icon: if is_taken { "rejected" } else { "x" },
                    right: Right::None { title: w.map_no_account().to_owned(), hint: reason.unwrap_or_default() },
                    choose: company_choose,
                    ..twin
                }
            }
        }
    }

    fn mapped(&self, row: &MappingRow, twin: Twin) -> Twin {
        let w = self.ctx.w;
        let about = row.account.as_ref().map(|party| self.about(party)).unwrap_or_default();
        let when = row.mapped_at.map(|at| w.moment(at, &self.ctx.zone, self.ctx.now)).unwrap_or_default();
        let by = row.mapped_by.as_ref().map(|email| self.names.name(email));
        let origin = row.origin.map(|origin| origin_text(origin, w)).unwrap_or_default();
        let how = match by {
            Some(by) => w.map_mapped_by(by, origin, when),
            None => w.map_mapped_at(origin, when),
        };
        let company = twin.company.map(|side| Side { hint: how, ..side });
        let badge = row.names_differ.then(|| Badge::line(w.map_names_differ()));
        let name = row.account.as_ref().map(|party| party.name.clone()).unwrap_or_default();
        let unmap = row.id.as_ref().map(|id| Address::new(format!("{PATH}/unmap")).with("id", id.as_str()).to_string());
        Twin { knot: "", company, right: Right::One(Side { name, hint: about, badge }), unmap, ..twin }
    }

    pub(super) fn company(&self, party: &Party) -> Side {
        let hint = match self.projects.get(&party.id) {
            Some(0) => self.ctx.w.map_no_project().to_owned(),
            Some(count) => self.ctx.w.map_projects(*count),
            None => String::new(),
        };
        Side { name: party.name.clone(), hint, badge: None }
    }

    /// What tells namesakes apart: owner and city.
    pub(super) fn about(&self, party: &Party) -> String {
        let owner = party.owner.as_deref().map(|owner| self.names.name_of(owner));
        owner.into_iter().chain(party.city.clone()).collect::<Vec<_>>().join(" · ")
    }

    pub(super) fn entry(&self, party: &Party) -> Entry {
        let about = self.about(party);
        let taken = self.taken.get(party.id.as_str());
        let hint = match taken {
            Some(partner) => self.ctx.w.reason_already_mapped(partner),
            None => about,
        };
        Entry { value: party.id.clone(), name: party.name.clone(), hint, is_taken: taken.is_some(), is_chosen: false }
    }
}

pub(in crate::pages::bridge) fn origin_text(origin: MappingOrigin, w: Words) -> &'static str {
    match origin {
        MappingOrigin::Run => w.map_origin_run(),
        MappingOrigin::Hand => w.map_origin_hand(),
        MappingOrigin::Picker => w.map_origin_picker(),
        MappingOrigin::HandOff => w.map_origin_hand_off(),
    }
}

/// How many projects hang on the first companies.
fn project_counts(ctx: &Ctx) -> Result<HashMap<String, u32>, PageError> {
    let (mut counts, mut after) = (HashMap::new(), None);
    loop {
        let page = ctx.web.projects.companies(&ctx.acting, after.as_deref(), COUNTED_A_PAGE)?;
        counts.extend(page.rows.into_iter().map(|row| (row.company.id.into_string(), row.projects)));
        after = page.next;
        if after.is_none() || counts.len() >= COUNTED_MAX {
            return Ok(counts);
        }
    }
}
