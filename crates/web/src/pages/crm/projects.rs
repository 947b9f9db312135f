//! The related list "Projects" of a record (HAND-1), and its client in Projects.

use askama::Template;
use bridge::association::{AssociationOrigin, RelatedProject};
use crm::{Module, Record};
use i18n::Words;
use ports::{AccountId, Date, Schedule};

use super::joined::optional;
use super::kind::{part_address, record_address};
use super::people::People;
use super::table::{Before, Cell, Head, Part, Row, Table};
use crate::address::segment;
use crate::error::PageError;
use crate::show::{Badge, Ring, Sign, Sync, Tile, Tone, Way, When};
use crate::visit::Ctx;

/// The block.
#[derive(Template)]
#[template(path = "components/record_projects.html")]
pub(super) struct ProjectsBlock {
    pub(super) w: Words,
    pub(super) count: String,
    /// "New project"; absent from a contact without an address (HAND-3).
    pub(super) new: Option<Way>,
    pub(super) associate: String,
    pub(super) table: Option<Table>,
    pub(super) foot: Option<String>,
    /// Instead of "New project": why not, and the way to change that.
    pub(super) obstacle: Option<(String, Way)>,
    pub(super) topics: String,
}

/// The client company that the record's account is mapped to.
#[derive(Template)]
#[template(path = "components/record_client.html")]
pub(super) struct ClientBlock {
    w: Words,
    /// The company and the account; none if they are not mapped.
    pair: Option<(String, Way)>,
    text: String,
    change: Option<String>,
}

impl askama::filters::HtmlSafe for ProjectsBlock {}
/// A contact who is a client user.
#[derive(Template)]
#[template(path = "components/record_client_user.html")]
pub(super) struct ClientUser {
    w: Words,
    badge: Badge,
    company: String,
    seen: Option<When>,
}

impl askama::filters::HtmlSafe for ClientBlock {}
impl askama::filters::HtmlSafe for ClientUser {}

/// The related list; none as long as the two sides are not connected.
pub(super) fn block(ctx: &Ctx, record: &Record) -> Result<Option<ProjectsBlock>, PageError> {
    let Some(reference) = record.reference() else { return Ok(None) };
    let Some(related) = optional(ctx.web.bridge.related_projects(&ctx.acting, &reference))? else { return Ok(None) };
    let (w, module) = (ctx.w, record.module);
    let owners = related.iter().filter_map(|row| row.project.owner.as_ref());
    let people = People::of(ctx, owners)?;
    let rows =
        related.iter().map(|row| project_row(ctx, module, record, &people, row)).collect::<Result<Vec<_>, _>>()?;
    let is_without_address = module == Module::Contact && record.text("email").is_empty();
    let new = part_address(module, &record.id, "projects/new");
    let edit = format!("{}#f-email", part_address(module, &record.id, "edit"));
    let topics: Vec<String> = related.iter().map(|row| format!("project:{}", row.project.id)).collect();
    Ok(Some(ProjectsBlock {
        w,
        count: w.number(i64::try_from(related.len()).unwrap_or(i64::MAX)),
        new: (!is_without_address).then(|| Way::primary(w.crm_new_project(), new).with_icon("plus")),
        associate: part_address(module, &record.id, "projects/associate"),
        table: (!rows.is_empty()).then(|| Table { heads: heads(w), rows }),
        foot: foot(ctx, &related),
        obstacle: is_without_address
            .then(|| (w.crm_contact_without_address().to_owned(), Way::link(w.crm_add_address(), edit))),
        topics: [vec![format!("{}:{}", module.code(), record.id), ctx.person.tenant.organisation.to_string()], topics]
            .concat()
            .join(","),
    }))
}

fn heads(w: Words) -> Vec<Head> {
    let plain = |label: &str, class| Head::Plain { label: label.to_owned(), class };
    vec![
        plain(w.crm_project(), "grow"),
        plain(w.crm_project_owner(), ""),
        plain(w.crm_field_status(), ""),
        plain(w.crm_project_complete(), ""),
        plain(w.crm_project_start(), ""),
        plain(w.crm_project_end(), ""),
        plain(w.crm_project_in_crm(), ""),
        Head::Unseen(w.crm_remove_project().to_owned()),
    ]
}

fn project_row(
    ctx: &Ctx,
    module: Module,
    record: &Record,
    people: &People,
    row: &RelatedProject,
) -> Result<Row, PageError> {
    let w = ctx.w;
    let project = &row.project;
    let tile = Tile::project(&project.key, project.id.as_str());
    let href = row.opens.then(|| format!("/projects/{}/tasks", segment(&project.key)));
    let owner = project.owner.as_ref().map_or(Part::Nothing(w.somebody_nobody()), |owner| Part::Who(people.who(owner)));
    let tone = if project.is_closed { Tone::Plain } else { Tone::Ok };
    let is_strict = matches!(project.schedule, Schedule::Strict { .. });
    let lock = is_strict.then(|| w.crm_strict().to_owned());
    let day = |day: Option<Date>, lock: Option<String>| {
        day.map_or(Part::Nothing(w.value_empty()), |day| Part::Day {
            iso: day.to_string(),
            text: w.date(day, ctx.today),
            lock,
        })
    };
    let percent = w.percent(i64::from(project.completion));
    let remove = match row.association.origin {
        AssociationOrigin::Hand | AssociationOrigin::HandOff if ctx.person.rights.may_create_projects => Part::Remove {
            text: w.crm_remove_project().to_owned(),
            label: w.crm_remove_project_of(&project.name),
            href: part_address(
                module,
                &record.id,
                &format!("projects/{}/remove", segment(row.association.id.as_str())),
            ),
        },
        AssociationOrigin::Hand | AssociationOrigin::HandOff => Part::Nothing(w.value_empty()),
        AssociationOrigin::Mapping => Part::Nothing(w.crm_by_mapping()),
    };
    Ok(Row {
        id: format!("project-{}", row.association.id),
        cells: vec![
            Cell::new(
                "grow",
                Part::Name { before: Before::Tile(tile), text: project.name.clone(), href, is_done: false },
            ),
            Cell::new("fold-in", owner),
            Cell::new("", Part::Badge(Badge::new(project_status(&project.status, w), tone))),
            Cell::new("", Part::Progress { ring: Ring::of(u64::from(project.completion), 100), text: percent }),
            Cell::new("fold-hide", day(project.start, None)),
            Cell::new("fold-end", day(project.end, lock)),
            Cell::new("", states(ctx, row)?),
            Cell::new("fold-hide", remove),
        ],
    })
}

/// The standard statuses of projects in the reader's language; others as they are.
pub(super) fn project_status(status: &str, w: Words) -> String {
    match status {
        "Active" => w.crm_status_active().to_owned(),
        "Closed" | "Completed" => w.crm_status_closed().to_owned(),
        "Planning" => w.crm_status_planning().to_owned(),
        "On Hold" => w.crm_status_on_hold().to_owned(),
        other => other.to_owned(),
    }
}

/// How the linked tasks of a project stand: what is wrong first.
fn states(ctx: &Ctx, row: &RelatedProject) -> Result<Part, PageError> {
    let w = ctx.w;
    let found = optional(ctx.web.bridge.link_states(&ctx.acting, &row.project.id))?.unwrap_or_default();
    let number = |codes: &[&str]| codes.iter().filter_map(|code| found.get(code)).sum::<usize>();
    let wrong = number(&["out_of_step", "conflict", "broken"]);
    let (moving, paused, well) = (number(&["pending"]), number(&["paused"]), number(&["in_step"]));
    Ok(if wrong > 0 {
        Part::Sync(Sync::new(Sign::Rejected, w.crm_tasks_out_of_step(wrong)))
    } else if moving > 0 {
        Part::Sync(Sync::new(Sign::Moving, w.crm_tasks_moving(moving)))
    } else if paused > 0 {
        Part::Sync(Sync::new(Sign::Paused, w.crm_tasks_paused(paused)))
    } else if well > 0 {
        Part::Sync(Sync::new(Sign::InStep, w.crm_tasks_in_step(well)))
    } else {
        Part::Nothing(w.crm_tasks_none())
    })
}

/// What the person sees of projects that he is no member of.
fn foot(ctx: &Ctx, related: &[RelatedProject]) -> Option<String> {
    let closed: Vec<String> = related.iter().filter(|row| !row.opens).map(|row| row.project.name.clone()).collect();
    (!closed.is_empty()).then(|| ctx.w.crm_not_a_member(ctx.w.names(&closed)))
}

/// The client of the record's account.
pub(super) fn client(ctx: &Ctx, record: &Record) -> Result<Option<ClientBlock>, PageError> {
    let w = ctx.w;
    let is_administrator = ctx.person.rights.is_portal_administrator;
    let only = |text: &str| ClientBlock { w, pair: None, text: text.to_owned(), change: None };
    let account = match record.module {
        Module::Lead => return Ok(Some(only(w.crm_client_of_lead()))),
        Module::Account => Some((record.id.clone(), record.name().to_owned())),
        Module::Contact | Module::Deal => {
            record.named("account").map(|account| (account.reference.id.clone(), account.name.clone()))
        }
        Module::Task => return Ok(None),
    };
    let Some((id, name)) = account else { return Ok(Some(only(w.crm_client_without_account()))) };
    let answer = ctx.web.bridge.client_of_account(&ctx.acting, &AccountId::new(id.as_str()));
    let Some(company) = optional(answer)? else { return Ok(None) };
    let change = is_administrator.then(|| "/bridge/mapping".to_owned());
    Ok(Some(match company {
        Some(company) => ClientBlock {
            w,
            pair: Some((company.name, Way::link(name, record_address(Module::Account, &id)))),
            text: w.crm_client_mapped().to_owned(),
            change,
        },
        None => ClientBlock { change, ..only(w.crm_client_not_mapped()) },
    }))
}

/// The client user that a contact is; none for everybody else.
pub(super) fn client_user(ctx: &Ctx, record: &Record) -> Result<Option<ClientUser>, PageError> {
    let email = match record.module {
        Module::Contact => record.values.email("email"),
        Module::Lead | Module::Account | Module::Deal | Module::Task => None,
    };
    let Some(email) = email else { return Ok(None) };
    let Some(Some((company, is_active))) = optional(ctx.web.bridge.client_user(&ctx.acting, &email))? else {
        return Ok(None);
    };
    let w = ctx.w;
    let account = ctx.web.identity.account(&email)?;
    let has_accepted = account.as_ref().is_some_and(|account| account.has_password);
    let badge = match (is_active, has_accepted) {
        (true, true) => Badge::new(w.crm_client_user_active(), Tone::Ok).with_icon("check"),
        (true, false) => Badge::new(w.crm_client_user_invited(), Tone::Accent).with_icon("mail"),
        (false, _) => Badge::new(w.crm_client_user_inactive(), Tone::Plain),
    };
    let seen = account.and_then(|account| account.signed_in_at);
    Ok(Some(ClientUser { w, badge, company: company.name, seen: seen.map(|at| When::new(at, &ctx.zone, ctx.now, w)) }))
}

/// A client user, for samples.
pub(super) fn sample_client_user(w: Words) -> ClientUser {
    ClientUser {
        w, badge: Badge::new(w.crm_client_user_active(), Tone::Ok), company: "软件客户".into(), seen: None
    }
}

/// A list with and without projects, for samples.
pub(super) fn sample(w: Words, is_full: bool) -> ProjectsBlock {
    let cells = || {
        vec![
            Cell::new(
                "grow",
                Part::Name {
                    before: Before::Tile(Tile::project("DM", "1")),
                    text: "数据迁移".into(),
                    href: None,
                    is_done: false,
                },
            ),
            Cell::new("", Part::Badge(Badge::new(project_status("Active", w), Tone::Ok))),
            Cell::new("", Part::Progress { ring: Ring::of(3, 10), text: "30%".into() }),
            Cell::new("", Part::Day { iso: "2026-06-30".into(), text: "6".into(), lock: Some(w.crm_strict().into()) }),
            Cell::new("", Part::Sync(Sync::new(Sign::Rejected, w.crm_tasks_out_of_step(2_usize)))),
            Cell::new(
                "",
                Part::Remove {
                    text: w.crm_remove_project().into(),
                    label: w.crm_remove_project_of("数据迁移"),
                    href: "/1".into(),
                },
            ),
        ]
    };
    ProjectsBlock {
        w,
        count: "1".into(),
        new: is_full.then(|| Way::primary(w.crm_new_project(), "/crm/deals/1/projects/new")),
        associate: "/crm/deals/1/projects/associate".into(),
        table: is_full.then(|| Table { heads: heads(w), rows: vec![Row { id: "project-1".into(), cells: cells() }] }),
        foot: is_full.then(|| w.crm_not_a_member("数据迁移")),
        obstacle: (!is_full).then(|| (w.crm_contact_without_address().into(), Way::link(w.crm_add_address(), "/1"))),
        topics: "deal:1".into(),
    }
}

/// A mapped client, for samples.
pub(super) fn sample_client(w: Words) -> ClientBlock {
    ClientBlock {
        w,
        pair: Some(("软件客户".into(), Way::link("软件客户", "/crm/accounts/1"))),
        text: w.crm_client_mapped().into(),
        change: Some("/bridge/mapping".into()),
    }
}
