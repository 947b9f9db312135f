//! A field that names another record: typed by name, resolved when it is sent.
//!
//! The form carries three values: `account` (the record's value), `account.name` (the name that value had when the
//! form was made) and `account.text` (what is typed). As long as text and name agree, the value holds; else the text
//! is looked up. Several records of that name become a choice below the field. With script, names are offered while
//! one types.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use crm::{Field, Filter, ListQuery, Module, Record, Sort, SortField};
use i18n::Words;

use super::kind;
use super::value::reference;
use crate::error::PageError;
use crate::form::Form;
use crate::reply::Reply;
use crate::show::{Opt, field_id};
use crate::visit::{Ctx, Visit};

/// Names that are offered while one types, and records that a choice has at most.
const OFFERED_MAX: usize = 20;

/// The field as it is shown.
#[derive(Template)]
#[template(path = "components/lookup.html")]
pub(super) struct Lookup {
    id: String,
    name: String,
    label: String,
    value: String,
    known_as: String,
    typed: String,
    /// Records of the typed name, if there are several.
    choices: Vec<Opt>,
    choose: &'static str,
    error: String,
    source: String,
}

impl askama::filters::HtmlSafe for Lookup {}

/// The field from the form; `choices` are those that [`resolve`] found.
pub(super) fn shown(form: &Form, field: &Field, label: String, choices: Vec<Opt>, w: Words) -> Lookup {
    let targets: Vec<&str> = field.target.iter().map(|module| module.path()).collect();
    Lookup {
        id: field_id(&field.name),
        name: field.name.clone(),
        value: form.raw(&field.name).to_owned(),
        known_as: form.raw(&format!("{}.name", field.name)).to_owned(),
        typed: form.raw(&format!("{}.text", field.name)).to_owned(),
        choices,
        choose: w.crm_choose_record(),
        error: form.error_of(&field.name).to_owned(),
        source: format!("/crm/suggest/{}", targets.join(",")),
        label,
    }
}

/// The three values for a form that shows a record.
pub(super) fn filled(form: Form, field: &str, value: &str, name: &str) -> Form {
    form.with(field, value).with(&format!("{field}.name"), name).with(&format!("{field}.text"), name)
}

/// What the text of a field means.
pub(super) enum Found {
    /// This value; empty if nothing is named.
    Value { value: String, name: String },
    /// Nothing, with what is to be said.
    Nothing(String),
    /// Several records of this name.
    Several(Vec<Opt>),
}

/// Looks the typed text up.
pub(super) fn resolve(ctx: &Ctx, form: &Form, field: &Field) -> Result<Found, PageError> {
    let part = |part: &str| form.text(&format!("{}.{part}", field.name)).to_owned();
    let (typed, value) = (part("text"), form.text(&field.name).to_owned());
    if typed.is_empty() {
        return Ok(Found::Value { value: String::new(), name: String::new() });
    }
    if typed == part("name") && !value.is_empty() {
        return Ok(Found::Value { value, name: typed });
    }
    let found = search(ctx, &field.target, &typed)?;
    let key = |name: &str| name.trim().to_lowercase();
    let same: Vec<&Record> = found.iter().filter(|record| key(record.name()) == key(&typed)).collect();
    let one = |record: &Record| Found::Value { value: value_of(field, record), name: record.name().to_owned() };
    Ok(match (same.as_slice(), found.as_slice()) {
        ([only], _) => one(only),
        ([], [only]) => one(only),
        ([], []) => Found::Nothing(ctx.w.crm_lookup_nothing(&typed)),
        ([], several) => Found::Several(choices(several.iter(), field, ctx.w)),
        (several, _) => Found::Several(choices(several.iter().copied(), field, ctx.w)),
    })
}

fn search(ctx: &Ctx, modules: &[Module], typed: &str) -> Result<Vec<Record>, PageError> {
    let mut found = Vec::new();
    for module in modules {
        let query = ListQuery {
            module: *module,
            filter: Filter { search: typed.to_owned(), ..Filter::default() },
            sort: Sort::ascending(SortField::Name),
            after: None,
            limit: OFFERED_MAX,
        };
        found.extend(ctx.web.crm.list(&ctx.acting, &query)?.rows);
    }
    Ok(found)
}

/// The value that a record has in a field: its id, with the module in front where several are possible.
pub(super) fn value_of(field: &Field, record: &Record) -> String {
    if field.target.len() == 1 { record.id.clone() } else { format!("{}:{}", record.module.code(), record.id) }
}

fn choices<'a>(records: impl Iterator<Item = &'a Record>, field: &Field, w: Words) -> Vec<Opt> {
    let mut entries = vec![Opt::new("", w.crm_choose_record())];
    entries.extend(records.map(|record| Opt::new(value_of(field, record), label(record, w))));
    entries
}

/// The name with what tells namesakes apart.
fn label(record: &Record, w: Words) -> String {
    let apart = apart(record, w);
    if apart.is_empty() { record.name().to_owned() } else { w.crm_name_apart(&apart, record.name()) }
}

fn apart(record: &Record, w: Words) -> String {
    match record.module {
        Module::Account => record.text("billing_city").to_owned(),
        Module::Contact | Module::Deal => record.named("account").map_or(String::new(), |account| account.name.clone()),
        Module::Lead => record.text("company").to_owned(),
        Module::Task => super::words::choice_label(record.text("status"), w),
    }
}

/// The name of the record that a value names; empty if it is gone.
pub(super) fn name_of(ctx: &Ctx, field: &Field, value: &str) -> String {
    let named = reference(field, value)
        .and_then(|reference| ctx.web.crm.read(&ctx.acting, reference.module.into(), &reference.id).ok());
    named.map_or(String::new(), |record| record.name().to_owned())
}

/// Names to choose from while one types.
#[derive(Template)]
#[template(
    source = r#"{% for (name, apart) in entries %}<option value="{{ name }}">{{ apart }}</option>{% endfor %}"#,
    ext = "html"
)]
struct Suggestions {
    entries: Vec<(String, String)>,
}

/// `GET /crm/suggest/{modules}?….text=…`: the browser sends the field that is typed into, whatever its name.
pub(super) async fn suggest(visit: Visit, Path(targets): Path<String>) -> Response {
    visit
        .page(move |ctx| {
            kind::enter(ctx)?;
            let modules = targets.split(',').map(kind::module_of).collect::<Result<Vec<_>, _>>()?;
            let typed = ctx.asked.address.pairs().first().map_or("", |(_, value)| value.as_str());
            let records = search(ctx, &modules, typed)?;
            let entries = records.iter().map(|record| (record.name().to_owned(), apart(record, ctx.w))).collect();
            Reply::fragment(&Suggestions { entries })
        })
        .await
}

/// A field with and without a choice, for samples.
pub(super) fn sample(form: &Form, w: Words) -> Lookup {
    let has_choice = !form.is_valid();
    Lookup {
        id: field_id("account"),
        name: "account".to_owned(),
        label: w.crm_field_account().to_owned(),
        value: String::new(),
        known_as: String::new(),
        typed: form.raw("account.text").to_owned(),
        choices: if has_choice {
            vec![Opt::new("", w.crm_choose_record()), Opt::new("1", "酒店客户")]
        } else {
            Vec::new()
        },
        choose: w.crm_choose_record(),
        error: form.error_of("account").to_owned(),
        source: "/crm/suggest/accounts".to_owned(),
    }
}
