//! Tables of records: the same rows in lists and on the pages of other records.

use askama::Template;
use crm::{Deal, Module, Record, StageClass, Task};
use i18n::Words;

use super::kind::record_address;
use super::people::People;
use super::words::choice_label;
use crate::address::Address;
use crate::error::PageError;
use crate::show::{
    Avatar, Badge, Due, Icon, PriorityMark, ProjectsMark, Ring, SortHead, StatusMark, Sync, Tile, Tone, Who, icon,
    icon_small,
};
use crate::visit::Ctx;

/// A table: its heads and rows.
#[derive(Template)]
#[template(path = "components/record_table.html")]
pub(super) struct Table {
    pub(super) heads: Vec<Head>,
    pub(super) rows: Vec<Row>,
}

impl askama::filters::HtmlSafe for Table {}

impl Table {
    /// Leaves columns out, by their number.
    pub(super) fn leave_out(&mut self, columns: &[usize]) {
        fn kept<T>(all: &mut Vec<T>, columns: &[usize]) {
            let mut at = 0;
            all.retain(|_| {
                at += 1;
                !columns.contains(&(at - 1))
            });
        }
        kept(&mut self.heads, columns);
        for row in &mut self.rows {
            kept(&mut row.cells, columns);
        }
    }
}

/// The head of a column.
pub(super) enum Head {
    Plain { label: String, class: &'static str },
    Unseen(String),
    Sorted(SortHead),
}

/// A row.
pub(super) struct Row {
    /// Unique on the page.
    pub(super) id: String,
    pub(super) cells: Vec<Cell>,
}

/// A cell with the class that says how it folds on a phone.
pub(super) struct Cell {
    pub(super) class: &'static str,
    pub(super) part: Part,
}

/// What stands before a name.
pub(super) enum Before {
    Nothing,
    Status(StatusMark),
    Avatar(Avatar),
    Tile(Tile),
}

/// What a cell shows.
pub(super) enum Part {
    Name {
        before: Before,
        text: String,
        href: Option<String>,
        is_done: bool,
    },
    Text(String),
    Link {
        text: String,
        href: String,
    },
    Related {
        icon: Icon,
        text: String,
        href: String,
    },
    Badge(Badge),
    Money(String),
    Due(Due),
    Day {
        iso: String,
        text: String,
        lock: Option<String>,
    },
    Who(Who),
    Priority(PriorityMark),
    Mark(ProjectsMark),
    Sync(Sync),
    Progress {
        ring: Ring,
        text: String,
    },
    Project {
        tile: Tile,
        text: String,
        href: Option<String>,
    },
    Action {
        icon: Icon,
        text: String,
        href: String,
    },
    Remove {
        text: String,
        label: String,
        href: String,
    },
    /// Nothing: a dash, with what that means for who hears it.
    Nothing(&'static str),
}

impl Cell {
    pub(super) fn new(class: &'static str, part: Part) -> Self {
        Self { class, part }
    }
}

impl Part {
    /// A text, or a dash.
    pub(super) fn text(text: &str, w: Words) -> Self {
        if text.is_empty() { Self::Nothing(w.value_empty()) } else { Self::Text(text.to_owned()) }
    }
}

/// A column: the word it is sorted by, its label, its class.
pub(super) struct Column {
    sort: Option<&'static str>,
    label: String,
    class: &'static str,
}

fn column(sort: Option<&'static str>, label: impl Into<String>, class: &'static str) -> Column {
    Column { sort, label: label.into(), class }
}

/// The columns of a module.
pub(super) fn columns(module: Module, w: Words) -> Vec<Column> {
    let label = |field: &str| super::words::field_label(module, field, w);
    match module {
        Module::Lead => vec![
            column(Some("name"), label("name"), "grow"),
            column(None, label("company"), ""),
            column(None, label("status"), ""),
            column(None, label("email"), ""),
            column(None, label("phone"), ""),
            column(None, label("owner"), ""),
        ],
        Module::Account => vec![
            column(Some("name"), w.crm_account(), "grow"),
            column(None, label("industry"), ""),
            column(None, super::words::field_label(Module::Lead, "city", w), ""),
            column(None, label("phone"), ""),
            column(None, label("owner"), ""),
        ],
        Module::Contact => vec![
            column(Some("name"), label("name"), "grow"),
            column(None, label("account"), ""),
            column(None, label("title"), ""),
            column(None, label("email"), ""),
            column(None, label("phone"), ""),
            column(None, label("owner"), ""),
        ],
        Module::Deal => vec![
            column(Some("name"), w.crm_deal(), "grow"),
            column(None, label("account"), ""),
            column(None, label("stage"), ""),
            column(Some("amount"), label("amount"), "end"),
            column(Some("closing"), label("closing"), ""),
            column(None, label("owner"), ""),
        ],
        Module::Task => vec![
            column(Some("name"), label("subject"), "grow"),
            column(None, label("related"), ""),
            column(None, label("status"), ""),
            column(None, label("owner"), ""),
            column(None, label("priority"), ""),
            column(Some("due"), label("due"), ""),
        ],
    }
}

/// Heads that sort, for the list of a module.
pub(super) fn sorted_heads(module: Module, address: &Address, sort: &str, w: Words) -> Vec<Head> {
    let head = |column: Column| match column.sort {
        Some(field) => Head::Sorted(SortHead::new(address, field, column.label, sort).class(column.class)),
        None => Head::Plain { label: column.label, class: column.class },
    };
    columns(module, w).into_iter().map(head).collect()
}

/// Heads that only name.
pub(super) fn plain_heads(module: Module, w: Words) -> Vec<Head> {
    columns(module, w).into_iter().map(|column| Head::Plain { label: column.label, class: column.class }).collect()
}

/// What rows need besides their records.
pub(super) struct Rows<'a> {
    ctx: &'a Ctx,
    people: People,
    currency: String,
}

impl<'a> Rows<'a> {
    /// Reads the names of the owners, and the currency where amounts are shown.
    pub(super) fn new(ctx: &'a Ctx, records: &[Record]) -> Result<Self, PageError> {
        let people = People::of(ctx, records.iter().map(|record| &record.owner))?;
        let has_amounts = records.iter().any(|record| record.module == Module::Deal);
        let currency = if has_amounts { currency(ctx)? } else { String::new() };
        Ok(Self { ctx, people, currency })
    }

    /// The row of a record; `prefix` keeps ids apart where a page has several tables.
    pub(super) fn row(&self, prefix: &str, record: &Record) -> Row {
        let cells = match record.module {
            Module::Lead => self.lead(record),
            Module::Account => self.account(record),
            Module::Contact => self.contact(record),
            Module::Deal => Deal::of(record.clone()).map_or_else(Vec::new, |deal| self.deal(&deal)),
            Module::Task => Task::of(record.clone()).map_or_else(Vec::new, |task| self.task(&task)),
        };
        Row { id: format!("{prefix}-{}", record.id), cells }
    }

    fn name(record: &Record, before: Before, is_done: bool) -> Cell {
        let href = Some(record_address(record.module, &record.id));
        Cell::new("grow", Part::Name { before, text: record.name().to_owned(), href, is_done })
    }

    fn owner(&self, record: &Record, class: &'static str) -> Cell {
        Cell::new(class, Part::Who(self.people.who(&record.owner)))
    }

    fn lead(&self, record: &Record) -> Vec<Cell> {
        let w = self.ctx.w;
        let status = match record.text("status") {
            "" => Part::Nothing(w.value_empty()),
            status => Part::Badge(Badge::new(choice_label(status, w), Tone::Crm)),
        };
        vec![
            Self::name(record, Before::Avatar(Avatar::new(record.name(), &record.id)), false),
            Cell::new("fold-in", Part::text(record.text("company"), w)),
            Cell::new("fold-end", status),
            Cell::new("fold-hide", Part::text(record.text("email"), w)),
            Cell::new("fold-hide", Part::text(record.text("phone"), w)),
            self.owner(record, "fold-hide"),
        ]
    }

    fn account(&self, record: &Record) -> Vec<Cell> {
        let w = self.ctx.w;
        let industry = choice_label(record.text("industry"), w);
        vec![
            Self::name(record, Before::Tile(Tile::crm("building").small()), false),
            Cell::new("fold-in", Part::text(&industry, w)),
            Cell::new("", Part::text(record.text("billing_city"), w)),
            Cell::new("fold-hide", Part::text(record.text("phone"), w)),
            self.owner(record, "fold-end"),
        ]
    }

    fn contact(&self, record: &Record) -> Vec<Cell> {
        let w = self.ctx.w;
        vec![
            Self::name(record, Before::Avatar(Avatar::new(record.name(), &record.id)), false),
            Cell::new("fold-in", named(record, "account", w)),
            Cell::new("", Part::text(record.text("title"), w)),
            Cell::new("fold-hide", Part::text(record.text("email"), w)),
            Cell::new("fold-hide", Part::text(record.text("phone"), w)),
            self.owner(record, "fold-hide"),
        ]
    }

    fn deal(&self, deal: &Deal) -> Vec<Cell> {
        let w = self.ctx.w;
        let amount = deal.amount.map_or(Part::Nothing(w.value_empty()), |amount| {
            Part::Money(w.money_minor(amount.hundredths(), &self.currency))
        });
        vec![
            Self::name(&deal.record, Before::Nothing, false),
            Cell::new("", named(&deal.record, "account", w)),
            Cell::new("", Part::Badge(stage_badge(deal, w))),
            Cell::new("end", amount),
            Cell::new(
                "fold-hide",
                Part::Due(Due::new(deal.closing, deal.class != StageClass::Open, self.ctx.today, w)),
            ),
            self.owner(&deal.record, "fold-hide"),
        ]
    }

    fn task(&self, task: &Task) -> Vec<Cell> {
        let w = self.ctx.w;
        let status = choice_label(&task.status, w);
        let related = task.related.as_ref().or(task.person.as_ref()).map_or(Part::Nothing(w.value_empty()), |named| {
            let module = Module::from(named.reference.module);
            Part::Related {
                icon: icon_small(super::kind::icon_name(module)),
                text: named.name.clone(),
                href: record_address(module, &named.reference.id),
            }
        });
        let priority = PriorityMark::new(task.priority.as_deref().unwrap_or_default(), w);
        vec![
            Self::name(&task.record, Before::Status(StatusMark::new(&status, task.is_closed)), task.is_closed),
            Cell::new("fold-in", related),
            Cell::new("fold-hide", Part::Text(status)),
            self.owner(&task.record, "fold-hide"),
            Cell::new("fold-hide", Part::Priority(priority)),
            Cell::new("", Part::Due(Due::new(task.due, task.is_closed, self.ctx.today, w))),
        ]
    }
}

/// The record that a field names, as a link.
fn named(record: &Record, field: &str, w: Words) -> Part {
    record.named(field).map_or(Part::Nothing(w.value_empty()), |named| Part::Link {
        text: named.name.clone(),
        href: record_address(named.reference.module.into(), &named.reference.id),
    })
}

/// The stage: won in green, lost without colour.
pub(super) fn stage_badge(deal: &Deal, w: Words) -> Badge {
    let text = choice_label(&deal.stage, w);
    match deal.class {
        StageClass::Open => Badge::new(text, Tone::Crm),
        StageClass::Won => Badge::new(text, Tone::Ok).with_icon("check"),
        StageClass::Lost => Badge::new(text, Tone::Plain),
    }
}

/// The currency of the organisation's amounts.
pub(super) fn currency(ctx: &Ctx) -> Result<String, PageError> {
    Ok(ctx.web.identity.tenant(&ctx.person.tenant.portal)?.currency)
}

/// "New project" in a cell.
pub(super) fn new_project(href: String, w: Words) -> Part {
    Part::Action { icon: icon("plus"), text: w.crm_new_project().to_owned(), href }
}
