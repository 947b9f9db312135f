//! One row: what its cells mean, and writing it.

use std::collections::{BTreeMap, HashMap};

use jiff::civil;
use ports::{Acting, CrmModule, Date, Email};
use records::{exact, fold};
use store::{LockKey, Read, Sql, StoreError, Tx};

use super::plan::{Column, Plan};
use super::table::Row;
use super::{RowFault, RowOutcome, RowResult, count};
use crate::Crm;
use crate::error::{CrmError, Problem};
use crate::field::{Kind, Module};
use crate::permission::Scope;
use crate::record::{self, sales};
use crate::service::{Changed, Writer, merge};
use crate::user;
use crate::value::Draft;

const OF_KEY: Sql = Sql::hot(
    "select k.record_id, r.deleted_at from crm_import_key k \
     join crm_record r on r.organisation_id = k.organisation_id and r.id = k.record_id \
     where k.organisation_id = $1 and k.module = $2 and k.key_column = $3 and k.key_value = $4",
);
const KEEP_KEY: Sql = Sql::hot(
    "insert into crm_import_key (organisation_id, module, key_column, key_value, record_id) \
     values ($1, $2, $3, $4, $5) \
     on conflict (organisation_id, module, key_column, key_value) do update set record_id = excluded.record_id",
);

/// A row as it is to be written.
pub(super) struct Prepared {
    line: u64,
    key: String,
    draft: Draft,
    names: Vec<Name>,
    owner: Option<String>,
    faults: Vec<RowFault>,
}

/// A record that is named in a cell.
struct Name {
    field: String,
    column: String,
    module: CrmModule,
    name: String,
}

/// What the rows so far have shown.
#[derive(Default)]
pub(super) struct Known {
    pub(super) unknown_owners: BTreeMap<String, u64>,
    pub(super) outside_list: BTreeMap<(String, String), u64>,
    /// In a dry run, how many records each name would have.
    planned: HashMap<String, usize>,
}

/// What the cells of one batch name: the active users, by address and by name, and records by name.
struct Named {
    by_email: HashMap<String, Email>,
    by_name: HashMap<String, Vec<Email>>,
    /// Records of kinds that this import does not make.
    records: HashMap<(CrmModule, String), Vec<String>>,
    own: CrmModule,
}

impl Prepared {
    /// Reads the cells of a row. `seen` holds the line of each key of the rows before.
    pub(super) fn new(plan: &Plan, row: &Row, seen: &mut HashMap<String, u64>) -> Self {
        let cell = |at: usize| row.cells.get(at).map_or("", String::as_str);
        let key = cell(plan.key_at).trim().to_owned();
        let mut prepared =
            Self { line: row.line, key, draft: Draft::new(), names: Vec::new(), owner: None, faults: Vec::new() };
        let beyond = row.cells.iter().enumerate().skip(plan.width).find(|(_, cell)| !cell.trim().is_empty());
        if let Some((at, text)) = beyond {
            prepared.faults.push(RowFault::CellBeyondHeader { number: at + 1, text: text.clone() });
        }
        if prepared.key.is_empty() {
            prepared.faults.push(RowFault::KeyEmpty { column: plan.key.clone() });
        } else if prepared.key.contains('\0') {
            prepared.faults.push(value_fault(&plan.key, "", Problem::InvalidText));
        } else if let Some(line) = seen.get(&prepared.key) {
            prepared.faults.push(RowFault::KeyRepeated { line: *line });
        } else {
            seen.insert(prepared.key.clone(), row.line);
        }
        for column in &plan.columns {
            prepared.take(plan, column, cell(column.at));
        }
        prepared
    }

    fn take(&mut self, plan: &Plan, column: &Column, cell: &str) {
        let replaced = plan.values.get(&(column.name.clone(), cell.trim().to_owned()));
        let text = replaced.map_or(cell, String::as_str);
        let field = &column.field;
        match field.kind {
            Kind::Person => self.owner = Some(text.trim().to_owned()).filter(|name| !name.is_empty()),
            Kind::Record => match field.target.first().and_then(|module| module.sales()) {
                Some(module) if !text.trim().is_empty() => self.names.push(Name {
                    field: field.name.clone(),
                    column: column.name.clone(),
                    module,
                    name: text.to_owned(),
                }),
                Some(_) | None => self.draft.put(&field.name, ""),
            },
            Kind::Date => match day(text.trim(), plan.date_format.as_deref()) {
                Ok(text) => self.draft.put(&field.name, text),
                Err(problem) => self.faults.push(value_fault(&column.name, &field.api_name, problem)),
            },
            Kind::Line
            | Kind::Area
            | Kind::Email
            | Kind::Phone
            | Kind::Website
            | Kind::Choice
            | Kind::Amount
            | Kind::Whole
            | Kind::Flag => self.draft.put(&field.name, text),
        }
    }

    fn outcome(&self, result: RowResult) -> RowOutcome {
        RowOutcome { line: self.line, key: self.key.clone(), result }
    }
}

impl Crm {
    /// Writes a batch of rows in one transaction, or looks at what that would do.
    pub(super) fn import_batch(
        &self,
        acting: &Acting,
        plan: &Plan,
        batch: &[Prepared],
        known: &mut Known,
    ) -> Result<Vec<RowOutcome>, CrmError> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let results: Vec<(RowOutcome, Seen)> = if plan.is_dry_run {
            // What earlier batches would have made is not there: only their names are known.
            let planned = &known.planned;
            self.db().read(|read| {
                let mut named = Named::read(read, acting, plan.sales)?;
                let mut planned = planned.clone();
                batch
                    .iter()
                    .map(|row| self.look(read, acting, plan, row, &mut named, &mut planned))
                    .collect::<Result<_, CrmError>>()
            })?
        } else {
            self.db().write(|tx| {
                let writer = Writer::new(self, tx, acting)?;
                // Two imports at once would not see each other's keys.
                tx.lock(LockKey::new("crm_import", writer.scope().organisation()))?;
                let mut named = Named::read(tx, acting, plan.sales)?;
                batch.iter().map(|row| self.keep(tx, &writer, plan, row, &mut named)).collect::<Result<_, CrmError>>()
            })?
        };
        for (row, (outcome, seen)) in batch.iter().zip(&results) {
            note(plan, row, outcome, seen, known);
        }
        Ok(results.into_iter().map(|(outcome, _)| outcome).collect())
    }

    /// Writes one row. Everything is checked before the first statement that writes, so a failed row leaves nothing.
    fn keep(
        &self,
        tx: &mut Tx<'_>,
        writer: &Writer,
        plan: &Plan,
        row: &Prepared,
        named: &mut Named,
    ) -> Result<(RowOutcome, Seen), CrmError> {
        let organisation = writer.scope().organisation();
        let present = existing(tx, organisation, plan, row)?;
        let (draft, seen) = match complete(tx, organisation, row, named, &HashMap::new())? {
            Ok(complete) => complete,
            Err(faults) => return Ok((row.outcome(RowResult::Failed(faults)), Seen::default())),
        };
        let written = match present {
            Some(id) => writer.change(tx, plan.module, &id, None, &draft).map(|changed| match changed {
                Changed::Nothing(_) => RowResult::Unchanged,
                Changed::Fields => RowResult::Updated,
            }),
            None => {
                let id = self.next_id();
                let made = writer.insert(tx, plan.module, &id, &draft);
                if made.is_ok() {
                    let key = [plan.key.as_str().into(), row.key.as_str().into(), id.into()];
                    let [column, value, record] = key;
                    let binds = [organisation.into(), plan.module.code().into(), column, value, record];
                    tx.execute(&KEEP_KEY, &binds)?;
                }
                made.map(|()| RowResult::Created)
            }
        };
        Ok((row.outcome(result(plan, written)?), seen))
    }

    /// What [`Crm::keep`] would do.
    fn look(
        &self,
        read: &mut Read<'_>,
        acting: &Acting,
        plan: &Plan,
        row: &Prepared,
        named: &mut Named,
        planned: &mut HashMap<String, usize>,
    ) -> Result<(RowOutcome, Seen), CrmError> {
        let scope = Scope::of(read, acting)?;
        let fields = self.fields_in(read)?;
        let id = existing(read, scope.organisation(), plan, row)?;
        let (draft, seen) = match complete(read, scope.organisation(), row, named, planned)? {
            Ok(complete) => complete,
            Err(faults) => return Ok((row.outcome(RowResult::Failed(faults)), Seen::default())),
        };
        let present = id.map(|id| record::read(read, &scope, plan.module, &id)).transpose()?;
        let merged = merge(read, &scope, &fields, plan.module, present.as_ref(), &draft);
        let looked = merged.map(|merged| match &present {
            None => {
                if plan.module == Module::Account {
                    *planned.entry(exact(merged.values.text("name").unwrap_or_default())).or_default() += 1;
                }
                RowResult::Created
            }
            Some(present) if present.values == merged.values => RowResult::Unchanged,
            Some(_) => RowResult::Updated,
        });
        Ok((row.outcome(result(plan, looked)?), seen))
    }
}

/// What a row showed beside its outcome.
#[derive(Default)]
struct Seen {
    unknown_owner: Option<String>,
}

/// The record that the row's key has made before.
fn existing(
    read: &mut Read<'_>,
    organisation: &str,
    plan: &Plan,
    row: &Prepared,
) -> Result<Option<String>, StoreError> {
    let binds = [organisation.into(), plan.module.code().into(), plan.key.as_str().into(), row.key.as_str().into()];
    match read.row(&OF_KEY, &binds)? {
        Some(found) if found.int_or_null("deleted_at")?.is_none() => found.text("record_id").map(Some),
        Some(_) | None => Ok(None),
    }
}

/// The row's draft with the records and the owner that it names.
fn complete(
    read: &mut Read<'_>,
    organisation: &str,
    row: &Prepared,
    named: &mut Named,
    planned: &HashMap<String, usize>,
) -> Result<Result<(Draft, Seen), Vec<RowFault>>, StoreError> {
    let mut faults = row.faults.clone();
    let mut draft = row.draft.clone();
    for wanted in &row.names {
        let (column, name) = (wanted.column.clone(), wanted.name.trim_matches(' ').to_owned());
        let found = named.records(read, organisation, wanted.module, &name)?;
        let would_be = planned.get(&exact(&name)).copied().unwrap_or_default();
        match (found.as_slice(), would_be) {
            ([only], 0) => draft.put(&wanted.field, only.as_str()),
            // A dry run cannot name what is not there yet.
            ([], 1) => {}
            ([], 0) => faults.push(RowFault::NameUnknown { column, name }),
            (several, more) => faults.push(RowFault::NameAmbiguous { column, name, number: several.len() + more }),
        }
    }
    let mut seen = Seen::default();
    if let Some(owner) = &row.owner {
        match named.user(owner) {
            Some(email) => draft.put("owner", email.as_str()),
            None => seen.unknown_owner = Some(owner.clone()),
        }
    }
    Ok(if faults.is_empty() { Ok((draft, seen)) } else { Err(faults) })
}

/// A row whose values cannot be kept has failed; every other error ends the import.
fn result(plan: &Plan, written: Result<RowResult, CrmError>) -> Result<RowResult, CrmError> {
    match written {
        Err(CrmError::Invalid(errors)) => {
            let faults = errors.into_iter().map(|error| {
                let column = plan.columns.iter().find(|column| column.field.name == error.field);
                let (name, api_name) = match column {
                    Some(column) => (column.name.as_str(), column.field.api_name.as_str()),
                    None => ("", error.field.as_str()),
                };
                value_fault(name, api_name, error.problem)
            });
            Ok(RowResult::Failed(faults.collect()))
        }
        other => other,
    }
}

fn note(plan: &Plan, row: &Prepared, outcome: &RowOutcome, seen: &Seen, known: &mut Known) {
    if matches!(outcome.result, RowResult::Failed(_)) {
        return;
    }
    if let Some(owner) = &seen.unknown_owner {
        count(&mut known.unknown_owners, owner.clone());
    }
    for column in plan.columns.iter().filter(|column| column.field.kind == Kind::Choice) {
        let text = row.draft.text(&column.field.name).unwrap_or_default().trim();
        if !text.is_empty() && !column.field.choices.iter().any(|choice| choice == text) {
            count(&mut known.outside_list, (column.field.api_name.clone(), text.to_owned()));
        }
    }
    if plan.is_dry_run && plan.sales == CrmModule::Account && outcome.result == RowResult::Created {
        *known.planned.entry(exact(row.draft.text("name").unwrap_or_default())).or_default() += 1;
    }
}

fn value_fault(column: &str, field: &str, problem: Problem) -> RowFault {
    RowFault::Value { column: column.to_owned(), field: field.to_owned(), problem }
}

/// A day as it is kept; empty for an empty cell.
fn day(text: &str, format: Option<&str>) -> Result<String, Problem> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let day = match format {
        Some(format) => civil::Date::strptime(format, text).ok().map(Date::from),
        None => Date::parse(&text.replace('/', "-")).ok(),
    };
    day.map(|day| day.to_string()).ok_or_else(|| Problem::InvalidDate { given: text.to_owned() })
}

impl Named {
    fn read(read: &mut Read<'_>, acting: &Acting, own: CrmModule) -> Result<Self, CrmError> {
        let users = user::all(read, acting.tenant.organisation.as_str())?;
        let active: Vec<Email> = users.into_iter().filter(|user| user.is_active).map(|user| user.email).collect();
        let names = user::names(read, &active)?;
        let mut by_name: HashMap<String, Vec<Email>> = HashMap::new();
        for (email, name) in names {
            by_name.entry(fold(&name)).or_default().push(email);
        }
        let by_email = active.into_iter().map(|email| (email.to_string(), email)).collect();
        Ok(Self { by_email, by_name, records: HashMap::new(), own })
    }

    /// Ids of the records with a name.
    fn records(
        &mut self,
        read: &mut Read<'_>,
        organisation: &str,
        module: CrmModule,
        name: &str,
    ) -> Result<Vec<String>, StoreError> {
        if module == self.own {
            return sales::by_name(read, organisation, module, name);
        }
        let key = (module, name.to_owned());
        if let Some(ids) = self.records.get(&key) {
            return Ok(ids.clone());
        }
        let ids = sales::by_name(read, organisation, module, name)?;
        self.records.insert(key, ids.clone());
        Ok(ids)
    }

    /// The user with this address, or the only one with this name.
    fn user(&self, text: &str) -> Option<&Email> {
        if let Some(email) = self.by_email.get(&text.to_lowercase()) {
            return Some(email);
        }
        match self.by_name.get(&fold(text)).map(Vec::as_slice) {
            Some([only]) => Some(only),
            Some(_) | None => None,
        }
    }
}
