//! Values of records as pages show them, and the lines of a record's history.

use askama::Template;
use crm::{Field, HistoryLine, Kind, Module, Record};
use ports::{CrmModule, CrmRef, Date, Email};

use super::kind::record_address;
use super::people::People;
use super::table::currency;
use super::words::{choice_label, field_label};
use crate::error::PageError;
use crate::show::{Diff, When, Who};
use crate::visit::Ctx;

/// A line of the list of properties.
pub(super) struct Prop {
    pub(super) label: String,
    pub(super) value: Value,
}

/// A value of a property.
pub(super) enum Value {
    Text(String),
    Money(String),
    Day { iso: String, text: String },
    Who(Who),
    Link { text: String, href: String },
    Mail(String),
    Phone(String),
    Website { text: String, href: String },
    Empty,
}

/// The properties of a record.
#[derive(Template)]
#[template(path = "components/props.html")]
pub(super) struct Props {
    pub(super) entries: Vec<Prop>,
    pub(super) w: i18n::Words,
}

/// The newest changes of a record.
#[derive(Template)]
#[template(path = "components/record_history.html")]
pub(super) struct History {
    pub(super) lines: Vec<Line>,
}

/// One change.
pub(super) struct Line {
    pub(super) icon: &'static str,
    pub(super) tone: &'static str,
    pub(super) text: String,
    pub(super) diff: Option<Diff>,
    pub(super) at: When,
}

impl askama::filters::HtmlSafe for Props {}
impl askama::filters::HtmlSafe for History {}

/// Lines of a history on a page.
const LINES_MAX: usize = 10;

/// Shows values of one module; amounts in the organisation's currency.
pub(super) struct Shower<'a> {
    ctx: &'a Ctx,
    currency: String,
    people: People,
}

impl<'a> Shower<'a> {
    /// `emails` are the people whose names will be asked for.
    pub(super) fn new<'e>(ctx: &'a Ctx, emails: impl IntoIterator<Item = &'e Email>) -> Result<Self, PageError> {
        Ok(Self { ctx, currency: currency(ctx)?, people: People::of(ctx, emails)? })
    }

    /// A value as text, as lists of changes show it.
    pub(super) fn text(&self, field: &Field, raw: &str) -> String {
        let w = self.ctx.w;
        match field.kind {
            Kind::Choice => choice_label(raw, w),
            Kind::Date => Date::parse(raw).map_or_else(|_| raw.to_owned(), |day| w.date(day, self.ctx.today)),
            Kind::Amount => w.money(raw, &self.currency),
            Kind::Flag => if raw.is_empty() { w.value_no() } else { w.value_yes() }.to_owned(),
            Kind::Person => Email::parse(raw).map_or_else(|_| raw.to_owned(), |email| self.people.name(&email)),
            Kind::Record => self.record_name(field, raw).unwrap_or_else(|| raw.to_owned()),
            Kind::Line | Kind::Area | Kind::Email | Kind::Phone | Kind::Website | Kind::Whole => raw.to_owned(),
        }
    }

    /// The name of the record that a value names; none if it is gone.
    fn record_name(&self, field: &Field, raw: &str) -> Option<String> {
        let reference = reference(field, raw)?;
        let record = self.ctx.web.crm.read(&self.ctx.acting, reference.module.into(), &reference.id).ok()?;
        Some(record.name().to_owned())
    }

    /// A property of a record.
    pub(super) fn prop(&self, record: &Record, field: &Field) -> Prop {
        let label = field_label(record.module, &field.name, self.ctx.w);
        let raw = record.text(&field.name);
        let text = || raw.to_owned();
        let value = match field.kind {
            Kind::Flag => Value::Text(self.text(field, raw)),
            _ if raw.is_empty() => Value::Empty,
            Kind::Amount => Value::Money(self.text(field, raw)),
            Kind::Date => Value::Day { iso: text(), text: self.text(field, raw) },
            Kind::Person => Value::Who(self.people.who(&record.owner)),
            Kind::Record => record.named(&field.name).map_or(Value::Empty, |named| Value::Link {
                text: named.name.clone(),
                href: record_address(named.reference.module.into(), &named.reference.id),
            }),
            Kind::Email => Value::Mail(text()),
            Kind::Phone => Value::Phone(text()),
            Kind::Website => website(raw),
            Kind::Line | Kind::Area | Kind::Choice | Kind::Whole => Value::Text(self.text(field, raw)),
        };
        Prop { label, value }
    }
}

/// Only addresses of the web become links: a value may be anything that somebody typed.
fn website(raw: &str) -> Value {
    let has_scheme = raw.starts_with("https://") || raw.starts_with("http://");
    let is_plain = !raw.contains(':') && raw.contains('.') && !raw.contains(char::is_whitespace);
    let shown = raw.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/').to_owned();
    if has_scheme {
        Value::Website { text: shown, href: raw.to_owned() }
    } else if is_plain {
        Value::Website { text: shown, href: format!("https://{raw}") }
    } else {
        Value::Text(raw.to_owned())
    }
}

/// What the value of a field that names a record points at.
pub(super) fn reference(field: &Field, raw: &str) -> Option<CrmRef> {
    if let Some((module, id)) = raw.split_once(':') {
        return Some(CrmRef { module: CrmModule::parse(module)?, id: id.to_owned() });
    }
    let only = field.target.first().copied().and_then(Module::sales)?;
    (!raw.is_empty()).then(|| CrmRef { module: only, id: raw.to_owned() })
}

/// Who made the record and who changed it last: "2 Mar by Migration Lead".
pub(super) struct Stamps {
    pub(super) created: (When, String),
    pub(super) modified: (When, String),
}

impl Stamps {
    pub(super) fn new(ctx: &Ctx, record: &Record) -> Result<Self, PageError> {
        let people = People::of(ctx, [&record.created.by, &record.modified.by])?;
        let stamp = |stamp: &crm::Stamp| {
            let is_own = stamp.by == ctx.person.email;
            let by = if is_own { ctx.w.crm_by_you().to_owned() } else { ctx.w.crm_by_name(people.name(&stamp.by)) };
            (When::new(stamp.at, &ctx.zone, ctx.now, ctx.w), by)
        };
        Ok(Self { created: stamp(&record.created), modified: stamp(&record.modified) })
    }
}

/// The newest changes of a record; the making of it is the last line if there is room.
pub(super) fn history(ctx: &Ctx, record: &Record) -> Result<History, PageError> {
    let (w, crm) = (ctx.w, &ctx.web.crm);
    let page = crm.history(&ctx.acting, record.module, &record.id, None, LINES_MAX)?;
    let fields = crm.fields()?;
    let is_person =
        |line: &&HistoryLine| fields.field(record.module, &line.field).is_some_and(|field| field.kind == Kind::Person);
    let values: Vec<Email> = page
        .rows
        .iter()
        .filter(is_person)
        .flat_map(|line| [line.old.as_deref(), line.new.as_deref()])
        .flatten()
        .filter_map(|text| Email::parse(text).ok())
        .collect();
    let authors = page.rows.iter().map(|line| &line.stamp.by).chain([&record.created.by]);
    let shower = Shower::new(ctx, authors.chain(&values))?;
    let when = |stamp: &crm::Stamp| When::new(stamp.at, &ctx.zone, ctx.now, w);
    let who = |email: &Email| shower.people.name(email);
    let mut lines: Vec<Line> = page
        .rows
        .iter()
        .map(|line| {
            let label = field_label(record.module, &line.field, w);
            let name = who(&line.stamp.by);
            let field = fields.field(record.module, &line.field);
            let is_long = field.is_some_and(|field| field.kind == Kind::Area);
            let shown = |raw: &Option<String>| match (raw.as_deref(), field) {
                (Some(raw), Some(field)) if !raw.is_empty() => shower.text(field, raw),
                (_, Some(field)) if field.kind == Kind::Flag => shower.text(field, ""),
                _ => w.value_empty().to_owned(),
            };
            let by_bridge = line.origin == "bridge";
            Line {
                icon: if by_bridge { "app-projects" } else { "edit" },
                tone: if by_bridge { "accent" } else { "crm" },
                text: if by_bridge {
                    w.crm_history_bridge(&label, &name)
                } else {
                    w.crm_history_changed(&label, &name)
                },
                diff: (!is_long).then(|| Diff::applied(shown(&line.old), shown(&line.new), w)),
                at: when(&line.stamp),
            }
        })
        .collect();
    if page.next.is_none() {
        let text = w.crm_history_created(who(&record.created.by));
        lines.push(Line { icon: "plus", tone: "", text, diff: None, at: when(&record.created) });
    }
    Ok(History { lines })
}
