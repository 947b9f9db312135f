//! Leads, accounts, contacts and deals in their one table.

use std::collections::{BTreeMap, HashMap};

use ports::{AccountId, CrmModule, CrmRef, Moment, PlainText, SalesRecord};
use records::list::Source;
use records::{exact, fold};
use store::{Bind, Read, Row, Sql, StoreError, Tx};

use super::deal::StageClass;
use super::{Named, Record, by_ids, created, deleted, email, modified, named};
use crate::field::Module;
use crate::value::{Amount, Values};

/// Sorts after every amount: the key of an empty one.
pub(crate) const NO_AMOUNT: i64 = i64::MAX;
/// Sorts after every day: the key of an empty one.
pub(crate) const NO_DAY: &str = "~";

/// Fields that have a column of their own, description and owner aside.
const COLUMNS: [&str; 9] = ["name", "account", "contact", "company", "email", "stage", "status", "amount", "closing"];

/// Columns of every statement that reads sales records.
macro_rules! sales_columns {
    () => {
        "r.id, r.module, r.version, r.name, r.account_id, \
         case when a.deleted_at is null then a.name end as account_name, r.contact_id, \
         case when c.deleted_at is null then c.name end as contact_name, r.company, r.email, r.stage, r.amount, r.closing, r.description, r.more, r.owner_id, \
         o.email as owner_email, r.created_at, cu.email as created_email, r.modified_at, mu.email as modified_email, \
         r.deleted_at, du.email as deleted_email"
    };
}

/// Tables and joins of every statement that reads sales records. What is deleted is told apart among the columns, so that
/// every join goes through a primary key.
macro_rules! sales_tables {
    () => {
        "crm_record r \
         join crm_user o on o.organisation_id = r.organisation_id and o.id = r.owner_id \
         join crm_user cu on cu.organisation_id = r.organisation_id and cu.id = r.created_by \
         join crm_user mu on mu.organisation_id = r.organisation_id and mu.id = r.modified_by \
         left join crm_user du on du.organisation_id = r.organisation_id and du.id = r.deleted_by \
         left join crm_record a on a.organisation_id = r.organisation_id and a.id = r.account_id \
         left join crm_record c on c.organisation_id = r.organisation_id and c.id = r.contact_id"
    };
}

/// For lists; ids break ties.
pub(crate) const SOURCE: Source = Source { columns: sales_columns!(), from: sales_tables!(), id: "r.id" };
/// For counts, which need no joins.
pub(crate) const COUNTED: Source = Source { columns: "r.id", from: "crm_record r", id: "r.id" };

const FIND: Sql = Sql::hot(concat!(
    "select ",
    sales_columns!(),
    " from ",
    sales_tables!(),
    " where r.organisation_id = $1 and r.id = $2"
));
const INSERT: Sql = Sql::new(
    "insert into crm_record (organisation_id, id, module, version, name, name_key, account_id, contact_id, company, \
     email, stage, stage_class, amount, amount_key, closing, closing_key, description, more, owner_id, created_at, \
     created_by, modified_at, modified_by) \
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $20, $21)",
);
const UPDATE: Sql = Sql::hot(
    "update crm_record set version = $4, name = $5, name_key = $6, account_id = $7, contact_id = $8, company = $9, \
     email = $10, stage = $11, stage_class = $12, amount = $13, amount_key = $14, closing = $15, closing_key = $16, \
     description = $17, more = $18, owner_id = $19, modified_at = $20, modified_by = $21 \
     where organisation_id = $1 and id = $2 and module = $3 and version = $4 - 1 and deleted_at is null",
);
const DELETE: Sql = Sql::hot(
    "update crm_record set version = $3, deleted_at = $4, deleted_by = $5, modified_at = $4, modified_by = $5 \
     where organisation_id = $1 and id = $2 and version = $3 - 1 and deleted_at is null",
);
// Whether it is deleted is looked at outside: inside, a planner without statistics may take a partial index and walk it.
const NAME: Sql = Sql::hot("select module, name, deleted_at from crm_record where organisation_id = $1 and id = $2");
const BY_NAME: Sql = Sql::hot(
    "select id, name from crm_record where organisation_id = $1 and module = $2 and name_key = $3 \
     and deleted_at is null order by id limit 50",
);
const BY_NAME_KEY: Sql = Sql::hot(
    "select id from crm_record where organisation_id = $1 and module = $2 and name_key = $3 and id > $4 \
     and deleted_at is null order by id limit $5",
);

/// Reads one, deleted or not.
pub(crate) fn find(read: &mut Read<'_>, organisation: &str, id: &str) -> Result<Option<Record>, StoreError> {
    let Some(row) = read.row(&FIND, &[organisation.into(), id.into()])? else { return Ok(None) };
    let mut record = record(&row)?;
    // Relations that stand in the document have no join.
    for (field, module) in [("parent", CrmModule::Account), ("reports_to", CrmModule::Contact)] {
        if let Some(id) = record.values.text(field).map(str::to_owned)
            && let Some((found, name)) = name(read, organisation, &id)?
            && found == module
        {
            record.related.insert(field.to_owned(), Named { reference: CrmRef { module, id }, name });
        }
    }
    Ok(Some(record))
}

/// Kind and name of a record that is not deleted.
pub(crate) fn name(
    read: &mut Read<'_>,
    organisation: &str,
    id: &str,
) -> Result<Option<(CrmModule, String)>, StoreError> {
    match read.row(&NAME, &[organisation.into(), id.into()])? {
        Some(row) if row.int_or_null("deleted_at")?.is_none() => Ok(Some((module(&row)?, row.text("name")?))),
        Some(_) | None => Ok(None),
    }
}

/// Records of a kind with exactly this name, after Unicode normalisation and trimming (MAP-5); at most 50, oldest first.
pub(crate) fn by_name(
    read: &mut Read<'_>,
    organisation: &str,
    module: CrmModule,
    name: &str,
) -> Result<Vec<String>, StoreError> {
    let wanted = exact(name);
    let binds = [organisation.into(), module.code().into(), fold(name).into()];
    let mut ids = Vec::new();
    for row in read.rows(&BY_NAME, &binds)? {
        if exact(&row.text("name")?) == wanted {
            ids.push(row.text("id")?);
        }
    }
    Ok(ids)
}

/// Ids of records of a kind under a name key, behind `after`, at most `limit`.
pub(crate) fn ids_by_name_key(
    read: &mut Read<'_>,
    organisation: &str,
    module: CrmModule,
    key: &str,
    after: &str,
    limit: usize,
) -> Result<Vec<String>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let binds = [organisation.into(), module.code().into(), key.into(), after.into(), limit.into()];
    read.rows(&BY_NAME_KEY, &binds)?.iter().map(|row| row.text("id")).collect()
}

/// What a row of [`SOURCE`] holds.
pub(crate) fn record(row: &Row) -> Result<Record, StoreError> {
    let module = Module::from(module(row)?);
    let mut values = document(&row.text("more")?)?;
    let owner = email(row, "owner_email")?;
    values.put("name", Some(row.text("name")?));
    values.put("account", row.text_or_null("account_id")?);
    values.put("contact", row.text_or_null("contact_id")?);
    values.put("company", row.text_or_null("company")?);
    values.put("email", row.text_or_null("email")?);
    values.put(stage_field(module), row.text_or_null("stage")?);
    values.put("amount", row.int_or_null("amount")?.map(|amount| Amount::from_hundredths(amount).to_string()));
    values.put("closing", row.text_or_null("closing")?);
    values.put("description", Some(row.text("description")?));
    values.put("owner", Some(owner.to_string()));
    let account = named(CrmModule::Account, row.text_or_null("account_id")?, row.text_or_null("account_name")?);
    let contact = named(CrmModule::Contact, row.text_or_null("contact_id")?, row.text_or_null("contact_name")?);
    let related: BTreeMap<String, Named> = [("account", account), ("contact", contact)]
        .into_iter()
        .filter_map(|(field, named)| Some((field.to_owned(), named?)))
        .collect();
    Ok(Record {
        module,
        id: row.text("id")?,
        version: row.int("version")?,
        owner,
        values,
        related,
        created: created(row)?,
        modified: modified(row)?,
        task: None,
        deleted: deleted(row)?,
        owner_id: row.text("owner_id")?,
    })
}

/// What is written for a record: its values as they shall be, and who writes.
pub(crate) struct Writing<'a> {
    pub(crate) organisation: &'a str,
    pub(crate) module: Module,
    pub(crate) id: &'a str,
    /// The version afterwards.
    pub(crate) version: i64,
    pub(crate) values: &'a Values,
    pub(crate) owner_id: &'a str,
    pub(crate) now: Moment,
    pub(crate) by: &'a str,
}

pub(crate) fn insert(tx: &mut Tx<'_>, writing: &Writing<'_>) -> Result<(), StoreError> {
    tx.execute(&INSERT, &binds(writing)?).map(|_| ())
}

/// Writes over the version before; answers whether that was still there.
pub(crate) fn update(tx: &mut Tx<'_>, writing: &Writing<'_>) -> Result<bool, StoreError> {
    Ok(tx.execute(&UPDATE, &binds(writing)?)? == 1)
}

/// Marks as deleted; `version` is the one afterwards. Answers whether the one before was still there.
pub(crate) fn delete(
    tx: &mut Tx<'_>,
    organisation: &str,
    id: &str,
    version: i64,
    by: &str,
    now: Moment,
) -> Result<bool, StoreError> {
    Ok(tx.execute(&DELETE, &[organisation.into(), id.into(), version.into(), now.ms().into(), by.into()])? == 1)
}

fn binds(writing: &Writing<'_>) -> Result<Vec<Bind>, StoreError> {
    let values = writing.values;
    let name = values.text("name").unwrap_or_default();
    let amount = values.amount("amount").map(Amount::hundredths);
    let closing = values.text("closing");
    let stage = values.text(stage_field(writing.module));
    let class = if writing.module == Module::Deal { StageClass::of(stage.unwrap_or_default()).code() } else { "" };
    let more: BTreeMap<&str, &str> = values
        .iter()
        .filter(|(field, _)| !COLUMNS.contains(field) && !["description", "owner"].contains(field))
        .collect();
    let more = serde_json::to_string(&more).map_err(|error| StoreError::Other(error.to_string()))?;
    Ok(vec![
        writing.organisation.into(),
        writing.id.into(),
        writing.module.code().into(),
        writing.version.into(),
        name.into(),
        fold(name).into(),
        values.text("account").into(),
        values.text("contact").into(),
        values.text("company").into(),
        values.text("email").into(),
        stage.into(),
        class.into(),
        amount.into(),
        amount.unwrap_or(NO_AMOUNT).into(),
        closing.into(),
        closing.unwrap_or(NO_DAY).into(),
        values.text("description").unwrap_or_default().into(),
        more.into(),
        writing.owner_id.into(),
        writing.now.ms().into(),
        writing.by.into(),
    ])
}

/// A record as hand-off, mapping and the picker need it.
pub(crate) fn sales_record(record: &Record, module: CrmModule) -> SalesRecord {
    let values = &record.values;
    let text = |field: &str| values.text(field).map(str::to_owned);
    let (account, company_name) = match module {
        CrmModule::Account => (Some(AccountId::new(record.id.as_str())), Some(record.name().to_owned())),
        CrmModule::Contact | CrmModule::Deal => match record.named("account") {
            Some(account) => (Some(AccountId::new(account.reference.id.as_str())), Some(account.name.clone())),
            None => (None, None),
        },
        CrmModule::Lead => (None, text("company")),
    };
    let stage = if module == CrmModule::Deal { text("stage") } else { None };
    SalesRecord {
        reference: CrmRef { module, id: record.id.clone() },
        version: record.mark(),
        name: record.name().to_owned(),
        account,
        company_name,
        email: values.email("email"),
        city: text("billing_city"),
        website: if module == CrmModule::Account { text("website") } else { None },
        is_won: stage.as_deref().is_some_and(|stage| StageClass::of(stage) == StageClass::Won),
        stage,
        closing: values.date("closing"),
        description: PlainText::new(record.text("description")),
        owner: Some(record.owner.clone()),
    }
}

/// Several by id, deleted ones too, without the relations that stand in the document.
pub(crate) fn find_all(
    read: &mut Read<'_>,
    organisation: &str,
    ids: &[&str],
) -> Result<HashMap<String, Record>, StoreError> {
    let base =
        concat!("select ", sales_columns!(), " from ", sales_tables!(), " where r.organisation_id = $1 and r.id in ");
    let mut found = HashMap::new();
    for (sql, binds) in by_ids(base, organisation, ids) {
        for row in read.rows(&sql, &binds)? {
            let record = record(&row)?;
            found.insert(record.id.clone(), record);
        }
    }
    Ok(found)
}

fn stage_field(module: Module) -> &'static str {
    if module == Module::Lead { "status" } else { "stage" }
}

fn module(row: &Row) -> Result<CrmModule, StoreError> {
    let code = row.text("module")?;
    CrmModule::parse(&code).ok_or_else(|| StoreError::Other(format!("column module: {code:?} is no module")))
}

fn document(text: &str) -> Result<Values, StoreError> {
    let map: BTreeMap<String, String> =
        serde_json::from_str(text).map_err(|error| StoreError::Other(format!("column more: {error}")))?;
    let mut values = Values::default();
    for (field, text) in map {
        values.put(&field, Some(text));
    }
    Ok(values)
}
