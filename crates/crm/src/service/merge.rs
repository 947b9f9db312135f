//! What a draft makes of a record: every field checked, every problem named at once.

use std::borrow::Cow;

use ports::{CrmRef, Email, Origin, Reason};
use store::{Read, StoreError};

use crate::error::{CrmError, FieldError, Problem};
use crate::field::{Field, Fields, Kind, Module};
use crate::permission::Scope;
use crate::record::{Record, sales, task};
use crate::user;
use crate::value::{Draft, Values, canonical};

/// The values a record shall have, and its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Merged {
    pub(crate) values: Values,
    pub(crate) owner_id: String,
}

/// Lays a draft over a record, or over nothing for a new one.
///
/// Errors: `Invalid` with all problems, in the order of the form.
pub(crate) fn merge(
    read: &mut Read<'_>,
    scope: &Scope,
    fields: &Fields,
    module: Module,
    present: Option<&Record>,
    draft: &Draft,
) -> Result<Merged, CrmError> {
    let mut merged = Merged {
        values: present.map(|record| record.values.clone()).unwrap_or_default(),
        owner_id: present.map_or_else(|| scope.user().id.clone(), |record| record.owner_id.clone()),
    };
    let mut problems = Vec::new();
    for field in fields.of(module) {
        if let Err(problem) = merge_field(read, scope, field, present, draft, &mut merged)? {
            problems.push(FieldError::new(&field.name, problem));
        }
    }
    let unknown = draft.iter().filter(|(name, _)| fields.field(module, name).is_none());
    problems.extend(unknown.map(|(name, _)| FieldError::new(name, Problem::UnknownField)));
    if !problems.is_empty() {
        return Err(CrmError::Invalid(problems));
    }
    if matches!(module, Module::Lead | Module::Contact) {
        let name = full_name(&merged.values);
        merged.values.put("name", Some(name));
    }
    Ok(merged)
}

fn merge_field(
    read: &mut Read<'_>,
    scope: &Scope,
    field: &Field,
    present: Option<&Record>,
    draft: &Draft,
    merged: &mut Merged,
) -> Result<Result<(), Problem>, StoreError> {
    let given = draft.text(&field.name);
    if field.is_read_only {
        return Ok(if given.is_some() { Err(Problem::UnknownField) } else { Ok(()) });
    }
    let default = match (present, field.kind) {
        (None, Kind::Person) => Some(scope.email().as_str()),
        (None, _) => field.default_value.as_deref(),
        (Some(_), _) => None,
    };
    let Some(raw) = given.or(default) else {
        let is_missing = present.is_none() && field.is_required;
        return Ok(if is_missing { Err(Problem::Required) } else { Ok(()) });
    };
    let is_typed_number = scope.origin() == Origin::Form && matches!(field.kind, Kind::Amount | Kind::Whole);
    let text = match canonical(field, &if is_typed_number { ungrouped(raw) } else { Cow::Borrowed(raw) }) {
        Ok(text) => text,
        Err(problem) => return Ok(Err(problem)),
    };
    let Some(text) = text else {
        merged.values.put(&field.name, None);
        return Ok(if field.is_required { Err(Problem::Required) } else { Ok(()) });
    };
    match field.kind {
        Kind::Person => owner(read, scope, &text, merged),
        Kind::Record => lookup(read, scope, field, text, merged),
        Kind::Choice => Ok(choice(scope, field, text, merged)),
        Kind::Line
        | Kind::Area
        | Kind::Email
        | Kind::Phone
        | Kind::Website
        | Kind::Date
        | Kind::Amount
        | Kind::Whole
        | Kind::Flag => {
            merged.values.put(&field.name, Some(text));
            Ok(Ok(()))
        }
    }
}

/// A number as pages show it, without the commas between its thousands; any other text as it is.
fn ungrouped(raw: &str) -> Cow<'_, str> {
    let text = raw.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let is_grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3) && !part.contains(',');
    if is_grouped { Cow::Owned(text.replace(',', "")) } else { Cow::Borrowed(raw) }
}

/// The owner must be an active user, unless it is the one the record has already.
fn owner(
    read: &mut Read<'_>,
    scope: &Scope,
    text: &str,
    merged: &mut Merged,
) -> Result<Result<(), Problem>, StoreError> {
    let unknown = || Err(Problem::UnknownUser { given: text.to_owned() });
    let Ok(email) = Email::parse(text) else { return Ok(unknown()) };
    if merged.values.text("owner") == Some(email.as_str()) {
        return Ok(Ok(()));
    }
    Ok(match user::by_email(read, scope.organisation(), &email)? {
        None => unknown(),
        Some(user) if !user.is_active => Err(Problem::InactiveUser { person: user.email }),
        Some(user) => {
            merged.values.put("owner", Some(user.email.to_string()));
            merged.owner_id = user.id;
            Ok(())
        }
    })
}

/// A named record must be there and of a fitting kind, unless the field names it already.
fn lookup(
    read: &mut Read<'_>,
    scope: &Scope,
    field: &Field,
    text: String,
    merged: &mut Merged,
) -> Result<Result<(), Problem>, StoreError> {
    let wanted = match (task::parse(&text), field.target.as_slice()) {
        (Some(reference), _) => Some(reference),
        (None, [only]) => only.sales().map(|module| CrmRef { module, id: text.clone() }),
        (None, _) => None,
    };
    let unknown = Err(Problem::UnknownRecord { given: text });
    let Some(wanted) = wanted.filter(|wanted| field.target.contains(&Module::from(wanted.module))) else {
        return Ok(unknown);
    };
    let text = if field.target.len() == 1 { wanted.id.clone() } else { task::text(&wanted) };
    if merged.values.text(&field.name) == Some(text.as_str()) {
        return Ok(Ok(()));
    }
    match sales::name(read, scope.organisation(), &wanted.id)? {
        Some((module, _)) if module == wanted.module => {
            merged.values.put(&field.name, Some(text));
            Ok(Ok(()))
        }
        Some(_) | None => Ok(unknown),
    }
}

/// A form offers the values of the list and the one the record has; programs may write others.
fn choice(scope: &Scope, field: &Field, text: String, merged: &mut Merged) -> Result<(), Problem> {
    let is_kept = merged.values.text(&field.name) == Some(text.as_str());
    if scope.origin() == Origin::Form && !is_kept && !field.choices.contains(&text) {
        return Err(Problem::NotInList { given: text });
    }
    merged.values.put(&field.name, Some(text));
    Ok(())
}

fn full_name(values: &Values) -> String {
    [values.text("first_name"), values.text("last_name")].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The reason that a side gives for an error of a service; none if the error is no refusal.
pub(crate) fn reason(error: &CrmError, draft: &Draft) -> Option<Reason> {
    match error {
        CrmError::Refused(reason) => Some(reason.clone()),
        CrmError::Invalid(errors) => errors.first().map(|error| field_reason(error, draft)),
        CrmError::NotFound | CrmError::Gone(_) => Some(Reason::RecordGone),
        CrmError::Store(_) | CrmError::Stale(_) => None,
    }
}

fn field_reason(error: &FieldError, draft: &Draft) -> Reason {
    match (error.field.as_str(), &error.problem) {
        ("subject", Problem::Required) => Reason::TitleEmpty,
        ("subject", Problem::TooLong { length, max }) => {
            let text = draft.text("subject").unwrap_or_default().to_owned();
            Reason::TitleTooLong { length: *length, max: *max, text }
        }
        ("description", Problem::TooLong { length, max }) => Reason::DescriptionTooLong { length: *length, max: *max },
        // An inactive user counts as none (SYNC-3).
        (_, Problem::UnknownUser { given }) => Reason::OwnerUnknown { person: given.clone() },
        (_, Problem::InactiveUser { person }) => Reason::OwnerUnknown { person: person.to_string() },
        (field, problem) => {
            Reason::ValidationFailed { message: format!("{field}: {}", problem.code()), service: "CRM".to_owned() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ungrouped;

    #[test]
    fn thousands_are_typed_with_or_without_commas() {
        for (typed, read) in [
            (" 480,000 ", "480000"),
            ("-1,234,567.50", "-1234567.50"),
            ("95000", "95000"),
            ("7", "7"),
            ("1,5", "1,5"),
            ("12,34,567", "12,34,567"),
            ("1.5,000", "1.5,000"),
            ("", ""),
        ] {
            assert_eq!(ungrouped(typed), read);
        }
    }
}
