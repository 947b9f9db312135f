//! The page of a lead, account, contact or deal (29c, 29b, 39, 09): what it is, what belongs to it, its projects.

use askama::Template;
use axum::response::Response;
use crm::{CrmError, Deal, Filter, ListQuery, Module, Record, Sort, SortField, StageClass};
use i18n::Words;
use ports::{AccountId, ContactId};

use super::kind::{self, AtRecord};
use super::note::{self, Notes};
use super::projects::{self, ClientBlock, ClientUser, ProjectsBlock};
use super::table::{self, Before, Rows, Table};
use super::value::{self, History, Prop, Props, Shower, Stamps, Value};
use super::words::choice_label;
use crate::address::Address;
use crate::error::PageError;
use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::shell::Shell;
use crate::show::{Badge, Tone, Way, When};
use crate::visit::{Ctx, Visit};

/// Rows of a table of another module; the list has the rest.
const RELATED_MAX: usize = 10;

/// A record.
#[derive(Template)]
#[template(path = "pages/crm/record.html")]
pub(super) struct RecordPage {
    w: Words,
    shell: Shell,
    name: String,
    before: Before,
    badge: Badge,
    edit: String,
    delete: String,
    /// Whether the overview stands before the properties on a narrow screen.
    is_overview_first: bool,
    /// "New project" in the head; on a deal and a lead it stands beside the list of projects.
    new_project: Option<Way>,
    path: Vec<Step>,
    props: Props,
    description: String,
    stamps: Option<Stamps>,
    client: Option<ClientBlock>,
    client_user: Option<ClientUser>,
    people: Option<PeopleBlock>,
    notes: Notes,
    stats: Vec<(String, String)>,
    projects: Option<ProjectsBlock>,
    tables: Vec<Related>,
    history: History,
    topics: String,
    organisation: String,
}

/// A step of the path over a deal.
struct Step {
    text: String,
    is_done: bool,
    is_here: bool,
    is_end: bool,
}

/// People beside the record: contacts of the account.
struct PeopleBlock {
    title: String,
    entries: Vec<(String, String, String)>,
    more: Option<Way>,
}

/// A table of what belongs to the record.
struct Related {
    id: &'static str,
    title: String,
    count: String,
    add: Option<Way>,
    table: Option<Table>,
    empty: &'static str,
    more: Option<Way>,
}

/// `GET /crm/{module}/{id}`
pub(super) async fn show(visit: Visit, axum::extract::Path((path, id)): AtRecord) -> Response {
    visit
        .page(move |ctx| {
            kind::enter(ctx)?;
            let module = kind::module_of(&path)?;
            let record = read(ctx, module, &id)?;
            match module {
                Module::Task => ctx.show(&super::task::page(ctx, record, &Form::empty())?),
                _ => ctx.show(&page(ctx, &record, &Form::empty())?),
            }
        })
        .await
}

/// The page again, with a note that could not be saved.
pub(super) fn show_again(ctx: &Ctx, module: Module, id: &str, form: &Form) -> Result<Reply, PageError> {
    let record = read(ctx, module, id)?;
    match module {
        Module::Task => ctx.show_again(&super::task::page(ctx, record, form)?),
        _ => ctx.show_again(&page(ctx, &record, form)?),
    }
}

/// A record; for one that was deleted the page says by whom and when.
pub(super) fn read(ctx: &Ctx, module: Module, id: &str) -> Result<Record, PageError> {
    match ctx.web.crm.read(&ctx.acting, module, id) {
        Ok(record) => Ok(record),
        Err(CrmError::Gone(evidence)) => {
            let way = vec![Way::primary(kind::plural(module, ctx.w), kind::list_address(module))];
            let at = evidence.at.map(|at| ctx.w.moment_long(at, &ctx.zone));
            let text = match (evidence.by, at) {
                (Some(by), Some(at)) => {
                    let name = super::people::People::of(ctx, [&by])?.name(&by);
                    ctx.w.crm_gone_by(&at, &name)
                }
                (_, _) => ctx.w.crm_gone().to_owned(),
            };
            Err(PageError::lost(ctx.w, text, way))
        }
        Err(error) => Err(error.into()),
    }
}

fn page(ctx: &Ctx, record: &Record, form: &Form) -> Result<RecordPage, PageError> {
    let (w, module) = (ctx.w, record.module);
    let deal = Deal::of(record.clone());
    let badge = match &deal {
        Some(deal) => table::stage_badge(deal, w),
        None => Badge::new(kind::singular(module, w), Tone::Crm).with_icon(kind::icon_name(module)),
    };
    let projects = projects::block(ctx, record)?;
    let client_user = projects::client_user(ctx, record)?;
    let in_head = matches!(module, Module::Account | Module::Contact);
    Ok(RecordPage {
        w,
        shell: ctx
            .shell(record.name())
            .at(kind::place(module))
            .crumb(w.nav_crm_group())
            .crumb_to(kind::plural(module, w), kind::list_address(module))
            .crumb(record.name()),
        name: record.name().to_owned(),
        before: super::edit::before(module, Some(record)),
        badge,
        edit: kind::part_address(module, &record.id, "edit"),
        delete: kind::part_address(module, &record.id, "delete"),
        is_overview_first: module == Module::Account,
        new_project: projects.as_ref().filter(|_| in_head).and_then(|block| block.new.clone()),
        path: deal.as_ref().map_or(Ok(Vec::new()), |deal| path(ctx, deal))?,
        props: props(ctx, record)?,
        description: record.text("description").to_owned(),
        stamps: Some(Stamps::new(ctx, record)?),
        client: if client_user.is_some() { None } else { projects::client(ctx, record)? },
        client_user,
        people: people(ctx, record)?,
        notes: note::block(ctx, module, &record.id, form, false)?,
        stats: stats(ctx, record, projects.as_ref())?,
        projects: projects.map(|block| ProjectsBlock { new: block.new.clone().filter(|_| !in_head), ..block }),
        tables: tables(ctx, record)?,
        history: value::history(ctx, record)?,
        topics: format!("{}:{}", module.code(), record.id),
        organisation: ctx.person.tenant.organisation.to_string(),
    })
}

/// Where the deal stands: the open stages in order, and how it ended.
fn path(ctx: &Ctx, deal: &Deal) -> Result<Vec<Step>, PageError> {
    let fields = ctx.web.crm.fields()?;
    let stages = fields.field(Module::Deal, "stage").map(|field| field.choices.clone()).unwrap_or_default();
    let end = if deal.class == StageClass::Open { crm::WON.to_owned() } else { deal.stage.clone() };
    let mut shown: Vec<String> = stages.into_iter().filter(|stage| StageClass::of(stage) == StageClass::Open).collect();
    let here =
        shown.iter().position(|stage| *stage == deal.stage).or((deal.class != StageClass::Open).then_some(shown.len()));
    shown.push(end);
    let last = shown.len() - 1;
    let step = |(at, stage): (usize, String)| Step {
        text: choice_label(&stage, ctx.w),
        // A lost deal has not passed what lay before it.
        is_done: deal.class != StageClass::Lost && here.is_some_and(|here| at < here),
        is_here: here == Some(at),
        is_end: at == last && deal.class == StageClass::Won,
    };
    Ok(shown.into_iter().enumerate().map(step).collect())
}

/// Fields that are shown though they are empty.
fn main_fields(module: Module) -> &'static [&'static str] {
    match module {
        Module::Lead => &["company", "title", "status", "source", "owner", "email", "phone"],
        Module::Account => &["owner", "industry", "phone", "website"],
        Module::Contact => &["account", "title", "email", "phone", "owner"],
        Module::Deal => &["amount", "closing", "owner", "account", "contact", "type", "next_step"],
        Module::Task => &[],
    }
}

/// Prefixes of the addresses of a module.
fn addresses(module: Module) -> &'static [&'static str] {
    match module {
        Module::Lead => &[""],
        Module::Account => &["billing_", "shipping_"],
        Module::Contact => &["mailing_", "other_"],
        Module::Deal | Module::Task => &[],
    }
}

fn props(ctx: &Ctx, record: &Record) -> Result<Props, PageError> {
    const PARTS: [&str; 5] = ["street", "city", "state", "code", "country"];
    let (w, module) = (ctx.w, record.module);
    let fields = ctx.web.crm.fields()?;
    let shower = Shower::new(ctx, [&record.owner])?;
    let main = main_fields(module);
    let mut entries: Vec<Prop> =
        main.iter().filter_map(|name| fields.field(module, name)).map(|field| shower.prop(record, field)).collect();
    let is_address = |name: &str| {
        addresses(module).iter().any(|prefix| name.strip_prefix(prefix).is_some_and(|rest| PARTS.contains(&rest)))
    };
    for prefix in addresses(module) {
        let parts: Vec<&str> =
            PARTS.iter().map(|part| record.text(&format!("{prefix}{part}"))).filter(|part| !part.is_empty()).collect();
        if !parts.is_empty() {
            entries.push(Prop { label: address_label(prefix, w).to_owned(), value: Value::Text(parts.join("\n")) });
        }
    }
    let is_left =
        |name: &str| !main.contains(&name) && !["name", "description", "stage"].contains(&name) && !is_address(name);
    for field in fields.of(module).iter().filter(|field| is_left(&field.name)) {
        let is_part_of_name = matches!(field.name.as_str(), "first_name" | "last_name" | "salutation");
        if !record.text(&field.name).is_empty() && !is_part_of_name {
            entries.push(shower.prop(record, field));
        }
    }
    Ok(Props { entries, w })
}

fn address_label(prefix: &str, w: Words) -> &'static str {
    match prefix {
        "billing_" => w.crm_part_billing(),
        "shipping_" => w.crm_part_shipping(),
        "other_" => w.crm_other_address(),
        _ => w.crm_part_address(),
    }
}

fn query(module: Module, filter: Filter, sort: Sort) -> ListQuery {
    ListQuery { module, filter, sort, after: None, limit: RELATED_MAX }
}

/// Contacts of an account; the others of the same account beside a contact; the contacts of a deal's account.
fn people(ctx: &Ctx, record: &Record) -> Result<Option<PeopleBlock>, PageError> {
    let w = ctx.w;
    let account = match record.module {
        Module::Account => Some(record.id.clone()),
        Module::Contact | Module::Deal => record.named("account").map(|account| account.reference.id.clone()),
        Module::Lead | Module::Task => None,
    };
    let Some(account) = account else { return Ok(None) };
    let filter = Filter { account: Some(AccountId::new(account.as_str())), ..Filter::default() };
    let found = ctx.web.crm.list(&ctx.acting, &query(Module::Contact, filter, Sort::ascending(SortField::Name)))?;
    let others = found.rows.iter().filter(|contact| contact.id != record.id);
    let entries: Vec<_> = others
        .map(|contact| {
            let address = kind::record_address(Module::Contact, &contact.id);
            (contact.name().to_owned(), contact.text("title").to_owned(), address)
        })
        .collect();
    let title = match record.module {
        Module::Contact => w.crm_other_contacts(),
        _ => w.nav_contacts(),
    };
    let new = Address::new("/crm/contacts/new").with("account", &account).to_string();
    let more = (record.module == Module::Account).then(|| Way::link(w.crm_new_contact(), new).with_icon("plus"));
    let has_some = !entries.is_empty() || more.is_some();
    Ok(has_some.then(|| PeopleBlock { title: title.to_owned(), entries, more }))
}

fn stats(ctx: &Ctx, record: &Record, projects: Option<&ProjectsBlock>) -> Result<Vec<(String, String)>, PageError> {
    if record.module != Module::Account {
        return Ok(Vec::new());
    }
    let w = ctx.w;
    let totals = ctx.web.crm.deal_totals(&ctx.acting, Some(&AccountId::new(record.id.as_str())))?;
    let currency = table::currency(ctx)?;
    let money = |amount: crm::Amount| w.money_minor(amount.hundredths(), &currency);
    let counts = ctx.web.crm.counts(&ctx.acting, Module::Account, &record.id)?;
    let mut stats = Vec::new();
    if let Some(block) = projects {
        stats.push((w.crm_projects().to_owned(), block.count.clone()));
    }
    stats.extend([
        (w.crm_stat_contacts().to_owned(), w.number(counts.contacts)),
        (w.crm_stat_tasks().to_owned(), w.number(counts.tasks)),
        (w.crm_stat_won().to_owned(), money(totals.won_amount)),
        (w.crm_stat_open().to_owned(), money(totals.open_amount)),
    ]);
    Ok(stats)
}

/// What belongs to the record, by module.
fn tables(ctx: &Ctx, record: &Record) -> Result<Vec<Related>, PageError> {
    let id = record.id.as_str();
    let under = || Filter { under: record.reference(), ..Filter::default() };
    Ok(match record.module {
        Module::Lead => vec![tasks(ctx, record, under(), "person")?],
        Module::Account => {
            let of_account = || Filter { account: Some(AccountId::new(id)), ..Filter::default() };
            vec![deals(ctx, record, of_account(), "account")?, tasks(ctx, record, of_account(), "related")?]
        }
        Module::Contact => {
            // The sales of the company are those that count for the person too.
            let deals = match record.named("account") {
                Some(account) => {
                    let of_account = Some(AccountId::new(account.reference.id.as_str()));
                    let filter = Filter { account: of_account, ..Filter::default() };
                    let title = ctx.w.crm_deals_of(&account.name);
                    Related { title, ..deals(ctx, record, filter, "contact")? }
                }
                None => {
                    let of_contact = Filter { contact: Some(ContactId::new(id)), ..Filter::default() };
                    deals(ctx, record, of_contact, "contact")?
                }
            };
            vec![deals, tasks(ctx, record, under(), "person")?]
        }
        Module::Deal => vec![tasks(ctx, record, under(), "related")?],
        Module::Task => Vec::new(),
    })
}

fn tasks(ctx: &Ctx, record: &Record, filter: Filter, field: &str) -> Result<Related, PageError> {
    let w = ctx.w;
    let value = format!("{}:{}", record.module.code(), record.id);
    let new = Address::new("/crm/tasks/new").with(field, &value).to_string();
    let sort = Sort::ascending(SortField::Due);
    // What the page says already, and what there is no room for.
    let left: &[usize] = if record.module == Module::Account { &[2, 4] } else { &[1] };
    related(
        ctx,
        ("tasks", w.nav_crm_tasks()),
        query(Module::Task, filter, sort),
        (w.crm_add_task(), new),
        w.crm_no_tasks(),
        left,
    )
}

fn deals(ctx: &Ctx, record: &Record, filter: Filter, field: &str) -> Result<Related, PageError> {
    let w = ctx.w;
    let mut new = Address::new("/crm/deals/new").with(field, &record.id);
    if let Some(account) = record.named("account") {
        new = new.with("account", &account.reference.id);
    }
    let query = query(Module::Deal, filter, Sort::descending(SortField::Closing));
    related(ctx, ("deals", w.nav_deals()), query, (w.crm_new_deal(), new.to_string()), w.crm_no_deals(), &[1])
}

fn related(
    ctx: &Ctx,
    (id, title): (&'static str, &str),
    query: ListQuery,
    (add, address): (&str, String),
    empty: &'static str,
    left: &[usize],
) -> Result<Related, PageError> {
    let w = ctx.w;
    let count = ctx.web.crm.count(&ctx.acting, query.module, &query.filter, 10_000)?;
    let found = ctx.web.crm.list(&ctx.acting, &query)?;
    let rows = Rows::new(ctx, &found.rows)?;
    let mut heads = table::plain_heads(query.module, w);
    let mut table_rows: Vec<_> = found.rows.iter().map(|record| rows.row(id, record)).collect();
    if let Some((head, cells)) = super::joined::column(ctx, query.module, &found.rows)? {
        heads.push(table::Head::Plain { label: head, class: "" });
        for (row, cell) in table_rows.iter_mut().zip(cells) {
            row.cells.push(cell);
        }
    }
    let mut table = Table { heads, rows: table_rows };
    table.leave_out(left);
    let more = found.next.is_some().then(|| {
        let all = Address::new(kind::list_address(query.module)).with("view", "all");
        let all = match (&query.filter.account, &query.filter.under, &query.filter.contact) {
            (Some(account), ..) => all.with("account", account.as_str()),
            (None, Some(under), _) => all.with("under", &format!("{}:{}", under.module.code(), under.id)),
            (None, None, Some(contact)) => all.with("contact", contact.as_str()),
            (None, None, None) => all,
        };
        Way::link(w.crm_show_all(w.number(count)), all.to_string())
    });
    Ok(Related {
        id,
        title: title.to_owned(),
        count: w.number(count),
        add: Some(Way::link(add, address).with_icon("plus")),
        table: (!found.rows.is_empty()).then_some(table),
        empty,
        more,
    })
}

/// Samples of the page.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let when = || When::new(ports::Moment::from_ms(0), &jiff::tz::TimeZone::UTC, ports::Moment::from_ms(1), w);
    let page = |is_full: bool| RecordPage {
        w,
        shell: Shell::sample(w).crumb("数据迁移服务"),
        name: "数据迁移服务 <1>".into(),
        before: super::edit::before(Module::Deal, None),
        badge: Badge::new(choice_label("Closed Won", w), Tone::Ok),
        edit: "/crm/deals/1/edit".into(),
        delete: "/crm/deals/1/delete".into(),
        is_overview_first: is_full,
        new_project: None,
        path: ["Qualification", "Closed Won"]
            .map(|stage| Step {
                text: choice_label(stage, w),
                is_done: true,
                is_here: stage == crm::WON,
                is_end: stage == crm::WON,
            })
            .into(),
        props: Props {
            entries: vec![
                Prop { label: w.crm_field_amount().into(), value: Value::Money(w.money("95000", "USD")) },
                Prop {
                    label: w.crm_field_account().into(),
                    value: Value::Link { text: "软件客户".into(), href: "/crm/accounts/1".into() },
                },
                Prop { label: w.crm_field_type().into(), value: Value::Empty },
            ],
            w,
        },
        description: if is_full { "第一行\n<b>".into() } else { String::new() },
        stamps: Some(Stamps { created: (when(), "李明".into()), modified: (when(), w.crm_by_you().into()) }),
        client: is_full.then(|| projects::sample_client(w)),
        client_user: (!is_full).then(|| projects::sample_client_user(w)),
        people: is_full.then(|| PeopleBlock {
            title: w.nav_contacts().into(),
            entries: vec![("王芳".into(), "经理".into(), "/crm/contacts/1".into())],
            more: Some(Way::link(w.crm_new_contact(), "/crm/contacts/new").with_icon("plus")),
        }),
        notes: note::sample(w, is_full),
        stats: if is_full { vec![(w.crm_stat_won().into(), w.money("1", "USD"))] } else { Vec::new() },
        projects: Some(projects::sample(w, is_full)),
        tables: vec![Related {
            id: "tasks",
            title: w.nav_crm_tasks().into(),
            count: "0".into(),
            add: Some(Way::link(w.crm_add_task(), "/crm/tasks/new")),
            table: None,
            empty: w.crm_no_tasks(),
            more: is_full.then(|| Way::link(w.crm_show_all("25"), "/crm/tasks?view=all")),
        }],
        history: History { lines: Vec::new() },
        topics: "deal:1".into(),
        organisation: "1".into(),
    };
    rendered("record", vec![page(true), page(false)])
}
