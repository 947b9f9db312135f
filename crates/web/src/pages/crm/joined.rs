//! What the bridge knows of records in a list: the projects of deals, the marks of linked tasks.

use bridge::BridgeError;
use bridge::reading::links::LinkView;
use crm::{Deal, Module, Record, StageClass};
use i18n::Words;
use ports::{CrmTaskId, Reason};

use super::kind::part_address;
use super::table::{self, Cell, Part};
use crate::address::segment;
use crate::error::PageError;
use crate::show::{ProjectsMark, Sign, Tile};
use crate::visit::Ctx;

/// The last column of a list, if the module has one: its label, and a cell for each record.
pub(super) fn column(ctx: &Ctx, module: Module, records: &[Record]) -> Result<Option<(String, Vec<Cell>)>, PageError> {
    let cells = match module {
        Module::Deal => deals(ctx, records),
        Module::Task => tasks(ctx, records),
        Module::Lead | Module::Account | Module::Contact => return Ok(None),
    };
    let label = match module {
        Module::Task => ctx.w.side_projects(),
        _ => ctx.w.crm_project(),
    };
    Ok(optional(cells)?.map(|cells| (label.to_owned(), cells)))
}

/// What is shown only if the two sides are connected and the person may see it.
pub(super) fn optional<T>(answer: Result<T, BridgeError>) -> Result<Option<T>, PageError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(BridgeError::NotFound | BridgeError::Refused(Reason::NoPermission { .. })) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn tasks(ctx: &Ctx, records: &[Record]) -> Result<Vec<Cell>, BridgeError> {
    let ids: Vec<CrmTaskId> = records.iter().map(|record| CrmTaskId::new(record.id.as_str())).collect();
    let links = ctx.web.bridge.links_of_crm_tasks(&ctx.acting, &ids)?;
    let cell = |id: &CrmTaskId| match links.get(id).and_then(|view| mark(view, ctx.w)) {
        Some(mark) => Cell::new("fold-end", Part::Mark(mark)),
        None => Cell::new("fold-hide", Part::Nothing(ctx.w.crm_only_in_crm())),
    };
    Ok(ids.iter().map(cell).collect())
}

/// The mark of a linked task.
pub(super) fn mark(view: &LinkView, w: Words) -> Option<ProjectsMark> {
    let link = &view.link;
    let mark = ProjectsMark::new(&link.seen.project, link.state.code(), Some(mark_address(view)), w)?;
    Some(mark.with_key(&link.seen.key))
}

/// The task on the other side while all is well, else the page that says why. Who does not see the project gets the
/// latter in any case.
fn mark_address(view: &LinkView) -> String {
    match Sign::of_link_state(view.link.state.code()) {
        Some(Sign::InStep | Sign::Moving) if view.sees_projects => task_address(view),
        _ => why_address(view),
    }
}

/// The task in Projects.
pub(super) fn task_address(view: &LinkView) -> String {
    let seen = &view.link.seen;
    format!("/projects/{}/tasks/{}", segment(&seen.project_key), segment(&seen.key))
}

/// "Why?"
pub(super) fn why_address(view: &LinkView) -> String {
    format!("/bridge/links/{}", segment(view.link.id.as_str()))
}

fn deals(ctx: &Ctx, records: &[Record]) -> Result<Vec<Cell>, BridgeError> {
    records.iter().map(|record| deal(ctx, record)).collect()
}

/// The project of a deal, the number of further ones, or "New project" beside a won deal that has none.
fn deal(ctx: &Ctx, record: &Record) -> Result<Cell, BridgeError> {
    let w = ctx.w;
    let Some(reference) = record.reference() else { return Ok(Cell::new("", Part::Nothing(w.value_empty()))) };
    let related = ctx.web.bridge.related_projects(&ctx.acting, &reference)?;
    let is_won = Deal::of(record.clone()).is_some_and(|deal| deal.class == StageClass::Won);
    Ok(match related.as_slice() {
        [] if is_won && ctx.person.rights.may_create_projects => {
            Cell::new("fold-end", table::new_project(part_address(Module::Deal, &record.id, "projects/new"), w))
        }
        [] => Cell::new("fold-hide", Part::Nothing(w.crm_no_project())),
        [first, more @ ..] => {
            let project = &first.project;
            let done = w.percent(i64::from(project.completion));
            let text = if more.is_empty() { done } else { w.crm_and_more(more.len(), &done) };
            let href = first.opens.then(|| format!("/projects/{}/tasks", segment(&project.key)));
            Cell::new(
                "fold-end",
                Part::Project { tile: Tile::project(&project.key, project.id.as_str()).small(), text, href },
            )
        }
    })
}
