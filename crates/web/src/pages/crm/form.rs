//! The form of a record, driven by the fields of its module: what is shown, what is read, what is wrong.

use std::collections::BTreeMap;

use crm::{CrmError, Draft, Field, Kind, Module, Problem, Record};
use i18n::Words;
use ports::Email;

use super::kind;
use super::lookup::{self, Found, Lookup};
use super::people::{People, owners};
use super::value::Shower;
use super::words::{choice_label, field_label};
use crate::error::PageError;
use crate::form::Form;
use crate::show::{self, Opt, When};
use crate::stale::{Stale, StaleField};
use crate::visit::Ctx;

/// A field as it is shown.
pub(super) enum Control {
    Plain(Box<show::Field>),
    Lookup(Box<Lookup>),
}

/// What was read from a form that was sent.
pub(super) struct Reading {
    /// For the service.
    pub(super) draft: Draft,
    /// The form with all that was resolved put into it.
    pub(super) form: Form,
    /// Records to choose from, by field.
    choices: BTreeMap<String, Vec<Opt>>,
}

/// The fields that people write, in the order of the module.
pub(super) fn written(ctx: &Ctx, module: Module) -> Result<Vec<Field>, PageError> {
    let fields = ctx.web.crm.fields()?;
    Ok(fields.of(module).iter().filter(|field| !field.is_read_only).cloned().collect())
}

/// The form of a new record: defaults, and what the address gives (`?account=17&related=deal:4`).
pub(super) fn of_new(ctx: &Ctx, module: Module) -> Result<Form, PageError> {
    let mut form = Form::empty();
    for field in written(ctx, module)? {
        let given = ctx.asked.address.value(&field.name).unwrap_or_default();
        let default = field.default_value.as_deref().unwrap_or_default();
        form = match field.kind {
            Kind::Record => {
                let name = lookup::name_of(ctx, &field, given);
                let value = if name.is_empty() { "" } else { given };
                lookup::filled(form, &field.name, value, &name)
            }
            Kind::Person => form.with(&field.name, ctx.person.email.as_str()),
            _ => form.with(&field.name, if given.is_empty() { default } else { given }),
        };
    }
    Ok(form)
}

/// The form of a record as it is.
pub(super) fn of_record(ctx: &Ctx, record: &Record) -> Result<Form, PageError> {
    let mut form = Form::empty();
    for field in written(ctx, record.module)? {
        let value = record.text(&field.name);
        form = match field.kind {
            Kind::Record => {
                let name = record.named(&field.name).map_or("", |named| named.name.as_str());
                lookup::filled(form, &field.name, value, name)
            }
            _ => form.with(&field.name, value),
        };
    }
    Ok(form)
}

/// Reads a form that was sent; what is wrong with it is noted in it.
pub(super) fn read(ctx: &Ctx, module: Module, sent: &Form) -> Result<Reading, PageError> {
    let mut reading = Reading { draft: Draft::new(), form: sent.clone(), choices: BTreeMap::new() };
    let mut resolved: Vec<(String, String)> = Vec::new();
    let mut errors: Vec<(String, String)> = Vec::new();
    for field in written(ctx, module)? {
        let value = match field.kind {
            Kind::Record => match lookup::resolve(ctx, sent, &field)? {
                Found::Value { value, name } => {
                    resolved.push((format!("{}.name", field.name), name.clone()));
                    resolved.push((format!("{}.text", field.name), name));
                    resolved.push((field.name.clone(), value.clone()));
                    value
                }
                Found::Nothing(message) => {
                    errors.push((field.name.clone(), message));
                    continue;
                }
                Found::Several(choices) => {
                    errors.push((field.name.clone(), ctx.w.crm_lookup_several().to_owned()));
                    reading.choices.insert(field.name.clone(), choices);
                    continue;
                }
            },
            Kind::Amount | Kind::Whole => ungrouped(sent.text(&field.name)),
            _ => sent.raw(&field.name).to_owned(),
        };
        reading.draft.put(&field.name, value);
    }
    reading.form = with_values(sent, resolved);
    for (field, message) in errors {
        reading.form.fail(&field, message);
    }
    Ok(reading)
}

/// The form with some values replaced.
pub(super) fn with_values(form: &Form, values: Vec<(String, String)>) -> Form {
    let is_replaced = |name: &str| values.iter().any(|(own, _)| own == name);
    let kept = form.kept().into_iter().filter(|(name, _)| !is_replaced(name)).collect::<Vec<_>>();
    kept.into_iter().chain(values).fold(Form::empty(), |form, (name, value)| form.with(&name, value))
}

/// `96,500` is what a page shows for 96500, so it may be typed so too; anything else stays as it is and is refused.
fn ungrouped(text: &str) -> String {
    let (whole, rest) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let mut groups = whole.trim_start_matches('-').split(',');
    let first = groups.next().unwrap_or_default();
    let are_groups =
        !first.is_empty() && first.len() <= 3 && groups.clone().count() > 0 && groups.all(|group| group.len() == 3);
    if !are_groups {
        return text.to_owned();
    }
    let whole = whole.replace(',', "");
    rest.map_or(whole.clone(), |rest| format!("{whole}.{rest}"))
}

impl Reading {
    /// Takes over what the service found wrong with fields.
    pub(super) fn take(&mut self, error: CrmError, w: Words) -> Result<(), PageError> {
        let CrmError::Invalid(errors) = error else { return Err(error.into()) };
        for error in errors {
            self.form.fail(&error.field, problem(&error.problem, w));
        }
        Ok(())
    }

    /// The controls of the fields named, in that order.
    pub(super) fn controls(&self, ctx: &Ctx, module: Module, names: &[&str]) -> Result<Vec<Control>, PageError> {
        let fields = written(ctx, module)?;
        let wanted = names.iter().filter_map(|name| fields.iter().find(|field| field.name == *name));
        wanted.map(|field| self.control(ctx, module, field)).collect()
    }

    /// The control of one field.
    pub(super) fn control(&self, ctx: &Ctx, module: Module, field: &Field) -> Result<Control, PageError> {
        let label = field_label(module, &field.name, ctx.w);
        if field.kind == Kind::Record {
            let choices = self.choices.get(&field.name).cloned().unwrap_or_default();
            return Ok(Control::Lookup(Box::new(lookup::shown(&self.form, field, label, choices, ctx.w))));
        }
        Ok(Control::Plain(Box::new(plain(ctx, &self.form, field, label)?)))
    }
}

/// What a form shows before it was ever sent.
pub(super) fn unread(form: Form) -> Reading {
    Reading { draft: Draft::new(), form, choices: BTreeMap::new() }
}

fn plain(ctx: &Ctx, form: &Form, field: &Field, label: String) -> Result<show::Field, PageError> {
    let w = ctx.w;
    let shown = form.field(&field.name, label.clone());
    let shown = match field.kind {
        Kind::Area => shown.area(),
        Kind::Email => shown.email().autocomplete("off"),
        Kind::Date => shown.date(),
        Kind::Amount | Kind::Whole => shown.number(),
        Kind::Choice => shown.select(choices(field, form.raw(&field.name), w)),
        Kind::Person => {
            let present = Email::parse(form.raw(&field.name)).ok();
            shown.select(owners(ctx, present.as_ref())?)
        }
        Kind::Flag => shown.checks(vec![Opt::new("true", w.value_yes())]),
        Kind::Line | Kind::Phone | Kind::Website | Kind::Record => shown,
    };
    let is_marked = field.is_required && !matches!(field.kind, Kind::Choice | Kind::Person);
    Ok(if is_marked { shown.required() } else { shown })
}

/// The values of the list, and the one the record has if a program wrote another.
pub(super) fn choices(field: &Field, present: &str, w: Words) -> Vec<Opt> {
    let mut entries = Vec::new();
    if !field.is_required {
        entries.push(Opt::new("", w.crm_choice_none()));
    }
    if !present.is_empty() && !field.choices.iter().any(|value| value == present) {
        entries.push(Opt::new(present, present));
    }
    entries.extend(field.choices.iter().map(|value| Opt::new(value, choice_label(value, w))));
    entries
}

/// What is wrong with a value, in words.
pub(super) fn problem(problem: &Problem, w: Words) -> String {
    match problem {
        Problem::Required => w.field_empty().to_owned(),
        Problem::TooLong { length, max } => w.crm_too_long(length, max),
        Problem::InvalidDate { .. } => w.field_no_date().to_owned(),
        Problem::InvalidNumber { given } => w.crm_no_number(given),
        Problem::InvalidEmail { .. } => w.field_no_email().to_owned(),
        Problem::InvalidText => w.crm_invalid_text().to_owned(),
        Problem::UnknownRecord { .. } => w.crm_unknown_record().to_owned(),
        Problem::UnknownUser { given } => w.crm_unknown_user(given),
        Problem::InactiveUser { person } => w.crm_inactive_user(person.as_str()),
        Problem::NotInList { given } => w.crm_not_in_list(given),
        Problem::UnknownField | Problem::LastAdministrator => w.field_invalid().to_owned(),
    }
}

/// The stale form (44c): both values side by side.
pub(super) fn stale(ctx: &Ctx, record: &Record, form: &Form) -> Result<PageError, PageError> {
    let people = People::of(ctx, [&record.modified.by])?;
    let mut persons: Vec<Email> = vec![record.owner.clone()];
    persons.extend(Email::parse(form.raw("owner")).ok());
    let shower = Shower::new(ctx, &persons)?;
    let mut fields = Vec::new();
    for field in written(ctx, record.module)? {
        let (stored, mine) = (record.text(&field.name), form.raw(&field.name));
        let opened = form.raw(&format!("was.{}", field.name));
        let text = |value: &str| (value.to_owned(), shower.text(&field, value));
        let shown: Vec<_> = [stored, mine, opened].into_iter().filter(|value| !value.is_empty()).map(text).collect();
        let label = field_label(record.module, &field.name, ctx.w);
        fields.push(StaleField::new(&field.name, label, stored).shown(shown));
    }
    Ok(PageError::Stale(Box::new(Stale {
        record: record.name().to_owned(),
        by: Some((people.name(&record.modified.by), record.modified.by.to_string())),
        at: Some(When::new(record.modified.at, &ctx.zone, ctx.now, ctx.w)),
        version: record.version,
        back: kind::record_address(record.module, &record.id),
        fields,
        form: form.clone(),
    })))
}

/// Names of the fields, for what a form was opened with.
pub(super) fn names(ctx: &Ctx, module: Module) -> Result<Vec<String>, PageError> {
    Ok(written(ctx, module)?.into_iter().map(|field| field.name).collect())
}

#[cfg(test)]
mod tests {
    use super::ungrouped;

    #[test]
    fn numbers_may_be_typed_as_they_are_shown() {
        for (typed, read) in [
            ("96,500", "96500"),
            ("1,250,000.50", "1250000.50"),
            ("-1,000", "-1000"),
            ("96500", "96500"),
            ("1,5", "1,5"),
            ("1,,000", "1,,000"),
            (",000", ",000"),
            ("", ""),
        ] {
            assert_eq!(ungrouped(typed), read, "{typed}");
        }
    }
}
