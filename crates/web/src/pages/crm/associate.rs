//! Associating projects with a record (09b), and taking an association away (HAND-15, HAND-16).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use bridge::BridgeError;
use bridge::operation::Ordered;
use bridge::project::{BridgeProject, ProjectFilter};
use crm::{Module, Record};
use i18n::Words;
use ports::{AssociationId, ProjectId, Reason};

use super::kind::{self, AtRecord};
use super::people::People;
use crate::address::Address;
use crate::error::PageError;
use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::shell::Shell;
use crate::show::{Banner, Due, Hidden, Problems, Search, Tile, Way, Who};
use crate::visit::{Ctx, Post, Visit};

/// Projects on one page.
const PROJECTS_MAX: usize = 50;

/// The page.
#[derive(Template)]
#[template(path = "pages/crm/associate.html")]
pub(super) struct AssociatePage {
    w: Words,
    shell: Shell,
    record: Way,
    problems: Problems,
    failure: Option<Banner>,
    search: Search,
    hidden: Hidden,
    action: String,
    back: String,
    rows: Vec<Choice>,
    empty: &'static str,
    next: Option<String>,
}

/// A project to choose.
struct Choice {
    id: String,
    value: String,
    tile: Tile,
    name: String,
    meta: String,
    owner: Who,
    end: Due,
    is_ticked: bool,
}

/// `GET /crm/{module}/{id}/projects/associate`
pub(super) async fn form(visit: Visit, Path((path, id)): AtRecord) -> Response {
    visit
        .page(move |ctx| {
            let record = record(ctx, &path, &id)?;
            ctx.show(&page(ctx, &record, &Form::empty(), None)?)
        })
        .await
}

/// `POST /crm/{module}/{id}/projects/associate`
pub(super) async fn save(Path((path, id)): AtRecord, post: Post) -> Response {
    post.page(move |ctx, mut form| {
        let record = record(ctx, &path, &id)?;
        let reference = record.reference().ok_or(PageError::NotFound)?;
        let projects: Vec<ProjectId> = form.all("project").into_iter().map(ProjectId::new).collect();
        if projects.is_empty() {
            form.fail("", ctx.w.crm_choose_project());
            return ctx.show_again(&page(ctx, &record, &form, None)?);
        }
        let back = kind::record_address(record.module, &record.id);
        let failure = match ctx.web.bridge.associate(&ctx.acting, form.press(), &reference, &projects) {
            Ok(Ordered::Done(done)) => return ctx.see_saying(back, ctx.w.crm_said_associated(done.len())),
            Ok(Ordered::Waiting(_)) => return ctx.see_saying(back, ctx.w.crm_said_associated_later()),
            Ok(Ordered::Refused(refused)) => refused.reason,
            Err(BridgeError::Refused(reason @ Reason::NoPermission { .. })) => reason,
            Err(BridgeError::Refused(reason)) => reason,
            Err(error) => return Err(error.into()),
        };
        let text = super::people::reason(ctx, &failure);
        let banner = Banner::alert(ctx.w.crm_not_associated(), text);
        ctx.show_again(&page(ctx, &record, &form, Some(banner))?)
    })
    .await
}

fn record(ctx: &Ctx, path: &str, id: &str) -> Result<Record, PageError> {
    kind::enter(ctx)?;
    match kind::module_of(path)? {
        Module::Task => Err(PageError::NotFound),
        module => super::record::read(ctx, module, id),
    }
}

fn page(ctx: &Ctx, record: &Record, form: &Form, failure: Option<Banner>) -> Result<AssociatePage, PageError> {
    let (w, module) = (ctx.w, record.module);
    let action = kind::part_address(module, &record.id, "projects/associate");
    let address = if ctx.asked.is_change { Address::new(&action) } else { ctx.asked.address.clone() };
    let search = address.value("search").map(str::to_owned);
    let filter =
        ProjectFilter { not_associated_with: record.reference(), can_add_to_crm: None, search: search.clone() };
    let found = ctx.web.bridge.projects_page(&ctx.acting, &filter, address.value("after"), PROJECTS_MAX)?;
    let owners = found.rows.iter().filter_map(|row| row.project.owner.as_ref());
    let people = People::of(ctx, owners)?;
    let chosen = form.all("project");
    let rows = found.rows.iter().filter(|row| !row.project.is_closed);
    let rows: Vec<Choice> = rows.map(|row| choice(ctx, row, &people, &chosen)).collect();
    let back = kind::record_address(module, &record.id);
    Ok(AssociatePage {
        w,
        shell: ctx
            .shell(w.crm_associate_title())
            .at(kind::place(module))
            .crumb(w.nav_crm_group())
            .crumb_to(kind::plural(module, w), kind::list_address(module))
            .crumb_to(record.name(), &back)
            .crumb(w.crm_associate_project()),
        record: Way::link(record.name(), &back).with_icon(kind::icon_name(module)),
        problems: form.problems(w),
        failure,
        search: Search::new(&address, w.crm_find_project(), w),
        // A press that was refused is over.
        hidden: ctx.hidden(&Form::empty()),
        empty: if search.is_some() { w.crm_nothing_found() } else { w.crm_nothing_to_associate() },
        next: found.next.map(|next| address.with("after", &next).to_string()),
        action,
        back,
        rows,
    })
}

fn choice(ctx: &Ctx, row: &BridgeProject, people: &People, chosen: &[String]) -> Choice {
    let (w, project) = (ctx.w, &row.project);
    let clients: Vec<String> = row.clients.iter().map(|client| client.company.label()).collect();
    Choice {
        id: format!("project-{}", project.id),
        value: project.id.to_string(),
        tile: Tile::project(&project.key, project.id.as_str()),
        name: project.name.clone(),
        meta: if clients.is_empty() { w.crm_project_no_client().to_owned() } else { w.names(&clients) },
        owner: project.owner.as_ref().map_or_else(|| Who::nobody(w.somebody_nobody()), |owner| people.who(owner)),
        end: Due::new(project.end, true, ctx.today, w),
        is_ticked: chosen.iter().any(|id| *id == project.id.as_str()),
    }
}

/// The address of an association.
pub(super) type AtAssociation = Path<(String, String, String)>;

/// `GET /crm/{module}/{id}/projects/{association}/remove`
pub(super) async fn ask_remove(visit: Visit, Path((path, id, association)): AtAssociation) -> Response {
    visit
        .page(move |ctx| {
            let record = record(ctx, &path, &id)?;
            show_remove(ctx, &record, &association)
        })
        .await
}

fn show_remove(ctx: &Ctx, record: &Record, association: &str) -> Result<Reply, PageError> {
    let (w, module) = (ctx.w, record.module);
    let reference = record.reference().ok_or(PageError::NotFound)?;
    let related = ctx.web.bridge.related_projects(&ctx.acting, &reference)?;
    let row = related.into_iter().find(|row| row.association.id.as_str() == association).ok_or(PageError::NotFound)?;
    let back = kind::record_address(module, &record.id);
    let part = format!("projects/{}/remove", crate::address::segment(association));
    ctx.show(&super::ask::AskPage {
        w,
        shell: ctx
            .shell(record.name())
            .at(kind::place(module))
            .crumb(w.nav_crm_group())
            .crumb_to(kind::plural(module, w), kind::list_address(module))
            .crumb_to(record.name(), &back)
            .crumb(w.crm_remove_project()),
        title: w.crm_remove_title(&row.project.name, record.name()),
        text: w.crm_remove_text().to_owned(),
        also: None,
        hidden: ctx.hidden(&Form::empty()),
        action: kind::part_address(module, &record.id, &part),
        back,
        button: w.crm_remove_project(),
        icon: "x",
        is_danger: false,
    })
}

/// `POST /crm/{module}/{id}/projects/{association}/remove`
pub(super) async fn remove(Path((path, id, association)): AtAssociation, post: Post) -> Response {
    post.page(move |ctx, _form| {
        let record = record(ctx, &path, &id)?;
        let back = kind::record_address(record.module, &record.id);
        match ctx.web.bridge.remove_association(&ctx.acting, &AssociationId::new(association.as_str())) {
            Ok(()) => ctx.see_saying(back, ctx.w.crm_said_removed()),
            // It is gone already: that is what was wanted.
            Err(BridgeError::NotFound) => ctx.see(back),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// Samples of the page.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let page = |is_full: bool| AssociatePage {
        w,
        shell: Shell::sample(w).crumb(w.crm_associate_project()),
        record: Way::link("病房无线路由器", "/crm/deals/1").with_icon("deal"),
        problems: Form::empty().problems(w),
        failure: (!is_full).then(|| Banner::alert(w.crm_not_associated(), w.refused_title())),
        search: Search::new(&Address::new("/crm/deals/1/projects/associate"), w.crm_find_project(), w),
        hidden: Hidden::new("token", "1"),
        action: "/crm/deals/1/projects/associate".into(),
        back: "/crm/deals/1".into(),
        rows: if is_full {
            vec![Choice {
                id: "project-1".into(),
                value: "1".into(),
                tile: Tile::project("DM", "1"),
                name: "数据迁移 <1>".into(),
                meta: w.crm_project_no_client().into(),
                owner: Who::new("李明", "1"),
                end: Due::new(None, true, ports::Date::from(jiff::civil::date(2026, 3, 10)), w),
                is_ticked: true,
            }]
        } else {
            Vec::new()
        },
        empty: w.crm_nothing_to_associate(),
        next: is_full.then(|| "/crm/deals/1/projects/associate?after=1".into()),
    };
    rendered("associate", vec![page(true), page(false)])
}
