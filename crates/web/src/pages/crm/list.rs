//! The list of a module (29, 38b): views, search, filter, sort, the next rows.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use crm::{Filter, ListQuery, Module, Record, Sort, SortField, StageClass};
use i18n::Words;
use ports::{AccountId, ContactId, CrmModule, CrmRef};

use super::kind;
use super::table::{self, Cell, Head, Part, Rows, Table};
use super::words::choice_label;
use crate::address::Address;
use crate::error::PageError;
use crate::pages::{Sample, rendered};
use crate::shell::Shell;
use crate::show::{Empty, Opt, Pager, ROWS_MAX, Search, Tabs, Way};
use crate::visit::{Ctx, Visit};

/// Rows beyond this are not counted: "1,000+".
const COUNTED_MAX: i64 = 1_000;

/// A list.
#[derive(Template)]
#[template(path = "pages/crm/records.html")]
pub(super) struct RecordsPage {
    w: Words,
    shell: Shell,
    title: &'static str,
    count: String,
    new: Way,
    tabs: Tabs,
    search: Search,
    filter: Option<ChoiceFilter>,
    /// The record to which the list is narrowed, and the way to all.
    scope: Option<Way>,
    sums: Vec<(String, String)>,
    table: Table,
    pager: Pager,
    empty: Option<Empty>,
    topics: String,
}

/// The choice of a status or stage in the toolbar.
struct ChoiceFilter {
    path: String,
    name: &'static str,
    label: String,
    entries: Vec<Opt>,
    kept: Vec<(String, String)>,
}

/// A tab of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    All,
    Open,
    Mine,
    Won,
    Overdue,
}

impl View {
    /// The tabs of a module; the first is shown without asking.
    fn of(module: Module) -> &'static [Self] {
        match module {
            Module::Lead | Module::Account | Module::Contact => &[Self::All, Self::Mine],
            Module::Deal => &[Self::All, Self::Open, Self::Won, Self::Mine],
            Module::Task => &[Self::Open, Self::Mine, Self::Overdue, Self::All],
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Open => "open",
            Self::Mine => "mine",
            Self::Won => "won",
            Self::Overdue => "overdue",
        }
    }

    fn text(self, module: Module, w: Words) -> &'static str {
        match (self, module) {
            (Self::All, Module::Lead) => w.crm_view_all_leads(),
            (Self::All, Module::Account) => w.crm_view_all_accounts(),
            (Self::All, Module::Contact) => w.crm_view_all_contacts(),
            (Self::All, Module::Deal) => w.crm_view_all_deals(),
            (Self::All, Module::Task) => w.crm_view_all_tasks(),
            (Self::Open, _) => w.crm_view_open(),
            (Self::Mine, _) => w.crm_view_mine(),
            (Self::Won, _) => w.crm_view_won(),
            (Self::Overdue, _) => w.crm_view_overdue(),
        }
    }

    fn filter(self, ctx: &Ctx, module: Module) -> Filter {
        let all = Filter::default();
        let is_task = module == Module::Task;
        match self {
            Self::All => all,
            Self::Open if is_task => Filter { is_closed: Some(false), ..all },
            Self::Open => Filter { class: Some(StageClass::Open), ..all },
            Self::Won => Filter { class: Some(StageClass::Won), ..all },
            Self::Mine => Filter { owner: Some(ctx.person.email.clone()), is_closed: is_task.then_some(false), ..all },
            Self::Overdue => Filter { is_closed: Some(false), due_before: Some(ctx.today), ..all },
        }
    }

    fn sort(self, module: Module) -> Sort {
        match (module, self) {
            (Module::Deal, Self::Open) => Sort::ascending(SortField::Closing),
            (Module::Deal, _) => Sort::descending(SortField::Closing),
            (Module::Task, _) => Sort::ascending(SortField::Due),
            (Module::Lead | Module::Account | Module::Contact, _) => Sort::ascending(SortField::Name),
        }
    }
}

/// `GET /crm/{module}`
pub(super) async fn list(visit: Visit, Path(path): Path<String>) -> Response {
    visit
        .page(move |ctx| {
            kind::enter(ctx)?;
            ctx.show(&page(ctx, kind::module_of(&path)?)?)
        })
        .await
}

fn page(ctx: &Ctx, module: Module) -> Result<RecordsPage, PageError> {
    let (w, address) = (ctx.w, &ctx.asked.address);
    let views = View::of(module);
    let first = views.first().copied().unwrap_or(View::All);
    let asked = address.value("view").unwrap_or_default();
    let view = views.iter().copied().find(|view| view.code() == asked).unwrap_or(first);
    let mut filter = filter(ctx, module, view);
    let scope = scope(ctx, module, address, &mut filter);
    let sort = address.value("sort").and_then(|text| Sort::parse(module, text)).unwrap_or_else(|| view.sort(module));
    let query = ListQuery {
        module,
        filter: filter.clone(),
        sort,
        after: address.value("after").map(str::to_owned),
        limit: ROWS_MAX,
    };
    let found = ctx.web.crm.list(&ctx.acting, &query)?;
    let count = counted(ctx, module, &filter)?;
    let title = kind::plural(module, w);
    Ok(RecordsPage {
        w,
        shell: ctx.shell(title).at(kind::place(module)).crumb(w.nav_crm_group()).crumb(title),
        title,
        new: Way::primary(kind::new_title(module, w), format!("{}/new", kind::list_address(module))).with_icon("plus"),
        tabs: tabs(ctx, module, views, view)?,
        search: Search::new(address, kind::search_label(module, w), w),
        filter: choice_filter(ctx, module, address)?,
        scope,
        sums: sums(ctx, module, address, view)?,
        pager: Pager::new(address, found.rows.len(), found.next.as_deref(), w),
        empty: found.rows.is_empty().then(|| empty(module, address, view == first, w)),
        table: rows(ctx, module, address, sort, &found.rows)?,
        count,
        topics: ctx.person.tenant.organisation.to_string(),
    })
}

fn filter(ctx: &Ctx, module: Module, view: View) -> Filter {
    let address = &ctx.asked.address;
    let mut filter = view.filter(ctx, module);
    address.value("search").unwrap_or_default().clone_into(&mut filter.search);
    if let Some(chosen) = filter_field(module).and_then(|field| address.value(field)) {
        filter.stages = vec![chosen.to_owned()];
    }
    filter
}

/// The record that the address names (`account=17`, `contact=18`, `under=deal:4`), put into the filter.
fn scope(ctx: &Ctx, module: Module, address: &Address, filter: &mut Filter) -> Option<Way> {
    let (name, reference) = match module {
        Module::Contact | Module::Deal | Module::Task if address.value("account").is_some() => {
            let id = address.value("account")?.to_owned();
            filter.account = Some(AccountId::new(id.as_str()));
            ("account", CrmRef { module: CrmModule::Account, id })
        }
        Module::Deal => {
            let id = address.value("contact")?.to_owned();
            filter.contact = Some(ContactId::new(id.as_str()));
            ("contact", CrmRef { module: CrmModule::Contact, id })
        }
        Module::Task => {
            let (kind, id) = address.value("under")?.split_once(':')?;
            let under = CrmRef { module: CrmModule::parse(kind)?, id: id.to_owned() };
            filter.under = Some(under.clone());
            ("under", under)
        }
        Module::Lead | Module::Account | Module::Contact => return None,
    };
    // A record that is gone narrows the list too: to what still names it.
    let read = ctx.web.crm.read(&ctx.acting, reference.module.into(), &reference.id);
    let text = read.map_or(reference.id, |record| record.name().to_owned());
    Some(Way::link(text, address.without(name).without("after").to_string()))
}

fn filter_field(module: Module) -> Option<&'static str> {
    match module {
        Module::Lead | Module::Task => Some("status"),
        Module::Deal => Some("stage"),
        Module::Account | Module::Contact => None,
    }
}

fn choice_filter(ctx: &Ctx, module: Module, address: &Address) -> Result<Option<ChoiceFilter>, PageError> {
    let Some(name) = filter_field(module) else { return Ok(None) };
    let (w, fields) = (ctx.w, ctx.web.crm.fields()?);
    let present = address.value(name).unwrap_or_default();
    let choices = fields.field(module, name).map(|field| field.choices.clone()).unwrap_or_default();
    let label = super::words::field_label(module, name, w);
    let mut entries = vec![Opt::new("", w.crm_filter_any(&label))];
    entries.extend(choices.into_iter().map(|value| {
        let text = choice_label(&value, w);
        Opt { is_chosen: value == present, ..Opt::new(value, text) }
    }));
    let kept = address.pairs().iter().filter(|(own, _)| own != name && own != "after").cloned().collect();
    Ok(Some(ChoiceFilter { path: address.path().to_owned(), name, label, entries, kept }))
}

fn counted(ctx: &Ctx, module: Module, filter: &Filter) -> Result<String, PageError> {
    let number = ctx.web.crm.count(&ctx.acting, module, filter, COUNTED_MAX + 1)?;
    Ok(if number > COUNTED_MAX { format!("{}+", ctx.w.number(COUNTED_MAX)) } else { ctx.w.number(number) })
}

fn tabs(ctx: &Ctx, module: Module, views: &[View], present: View) -> Result<Tabs, PageError> {
    let mut tabs = Tabs::new(ctx.w.crm_views());
    for view in views {
        let address = Address::new(kind::list_address(module)).with("view", view.code()).to_string();
        let text = view.text(module, ctx.w);
        let count = Some(counted(ctx, module, &view.filter(ctx, module))?);
        tabs = if *view == present { tabs.here(text, address, count) } else { tabs.tab(text, address, count) };
    }
    Ok(tabs)
}

/// The sums of all deals stand beside their whole list only: a filtered list has others.
fn sums(ctx: &Ctx, module: Module, address: &Address, view: View) -> Result<Vec<(String, String)>, PageError> {
    let is_filtered = ["search", "stage", "account", "contact"].iter().any(|name| address.value(name).is_some());
    if module != Module::Deal || view != View::All || is_filtered {
        return Ok(Vec::new());
    }
    let totals = ctx.web.crm.deal_totals(&ctx.acting, None)?;
    let currency = table::currency(ctx)?;
    let money = |amount: crm::Amount| ctx.w.money_minor(amount.hundredths(), &currency);
    Ok(vec![
        (ctx.w.crm_sum_won().to_owned(), money(totals.won_amount)),
        (ctx.w.crm_sum_open().to_owned(), money(totals.open_amount)),
    ])
}

fn rows(ctx: &Ctx, module: Module, address: &Address, sort: Sort, records: &[Record]) -> Result<Table, PageError> {
    let rows = Rows::new(ctx, records)?;
    let mut heads = table::sorted_heads(module, address, &sort.text(), ctx.w);
    let mut table_rows: Vec<_> = records.iter().map(|record| rows.row("row", record)).collect();
    if let Some((head, cells)) = super::joined::column(ctx, module, records)? {
        heads.push(Head::Plain { label: head, class: "" });
        for (row, cell) in table_rows.iter_mut().zip(cells) {
            row.cells.push(cell);
        }
    }
    Ok(Table { heads, rows: table_rows })
}

fn empty(module: Module, address: &Address, is_first: bool, w: Words) -> Empty {
    let is_filtered = address.pairs().iter().any(|(name, _)| ["search", "stage", "status"].contains(&name.as_str()));
    let icon = kind::icon_name(module);
    if is_filtered || address.value("after").is_some() {
        let all = address.without("search").without("stage").without("status").without("after");
        Empty::new("search", w.crm_nothing_found()).with(Way::link(w.action_clear_filter(), all.to_string()))
    } else if is_first && module != Module::Task {
        let new = format!("{}/new", kind::list_address(module));
        Empty::new(icon, kind::empty_text(module, w)).with(Way::primary(kind::new_title(module, w), new))
    } else {
        let all = Address::new(kind::list_address(module)).with("view", View::All.code());
        Empty::new(icon, w.crm_view_empty()).with(Way::link(View::All.text(module, w), all.to_string()))
    }
}

/// Samples of the page.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    use crate::show::{Badge, Tone, Who};
    let address = Address::read("/crm/deals", Some("search=x&sort=name"));
    let cells = |href: &str| {
        vec![
            Cell::new(
                "grow",
                Part::Name {
                    before: table::Before::Nothing,
                    text: "仓库路由器 <1>".into(),
                    href: Some(href.into()),
                    is_done: false,
                },
            ),
            Cell::new("fold-in", Part::Link { text: "软件客户".into(), href: "/crm/accounts/1".into() }),
            Cell::new("", Part::Badge(Badge::new(choice_label("Closed Won", w), Tone::Ok))),
            Cell::new("end", Part::Money(w.money("480000", "USD"))),
            Cell::new("fold-hide", Part::Nothing(w.value_empty())),
            Cell::new("fold-hide", Part::Who(Who::new("李明", "1"))),
            Cell::new("fold-end", table::new_project("/crm/deals/1/projects/new".into(), w)),
        ]
    };
    let page = |rows: usize| {
        let title = w.nav_deals();
        RecordsPage {
            w,
            shell: Shell::sample(w).crumb(title),
            title,
            count: "2".into(),
            new: Way::primary(w.crm_new_deal(), "/crm/deals/new").with_icon("plus"),
            tabs: Tabs::new(w.crm_views()).here(w.crm_view_all_deals(), "/crm/deals?view=all", Some("12".into())),
            search: Search::new(&address, w.crm_find_deal(), w),
            filter: Some(ChoiceFilter {
                path: "/crm/deals".into(),
                name: "stage",
                label: super::words::field_label(Module::Deal, "stage", w),
                entries: vec![Opt::new("", w.crm_filter_any("1"))],
                kept: vec![("sort".into(), "name".into())],
            }),
            scope: (rows == 0).then(|| Way::link("软件客户", "/crm/deals")),
            sums: vec![(w.crm_sum_won().into(), w.money("1", "USD"))],
            table: Table {
                heads: table::sorted_heads(Module::Deal, &address, "name", w),
                rows: (0..rows)
                    .map(|at| table::Row { id: format!("row-{at}"), cells: cells("/crm/deals/1") })
                    .collect(),
            },
            pager: Pager::new(&address, rows, Some("x"), w),
            empty: (rows == 0).then(|| empty(Module::Deal, &address, true, w)),
            topics: "1".into(),
        }
    };
    rendered("records", vec![page(2), page(0)])
}
