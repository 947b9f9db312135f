//! Lists: searched, filtered, sorted, in pages that lose and repeat no row.

use ports::{AccountId, Acting, ContactId, CrmModule, CrmRef, Date, Email, Page};
use records::list::{self, SortColumn, SortKind, Source};
use store::{Bind, Read, Row, Sql, StoreError};

use crate::error::CrmError;
use crate::field::Module;
use crate::permission::Scope;
use crate::record::deal::StageClass;
use crate::record::sales::{NO_AMOUNT, NO_DAY};
use crate::record::{Record, note, sales, task};
use crate::service::{RecordCounts, shared_module, wrong_position};
use crate::value::Amount;
use crate::{Crm, user};

/// What a list is sorted by. Rows without a value come last, in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortField {
    /// Name or subject, without regard to letter case.
    Name,
    /// Amount of a deal.
    Amount,
    /// Closing date of a deal.
    Closing,
    /// Due date of a task.
    Due,
    /// Moment of the last change.
    Modified,
}

/// A field and a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sort {
    /// The field; one that the module does not have means the name.
    pub field: SortField,
    /// Largest, latest, last of the alphabet first.
    pub is_descending: bool,
}

/// Which records a list shows; all conditions hold together, and `default` shows all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words of the name, the last letters of each may be missing.
    pub search: String,
    /// Owned by this user.
    pub owner: Option<Email>,
    /// Contacts, deals or tasks of this account; tasks of its deals too.
    pub account: Option<AccountId>,
    /// Deals of this contact.
    pub contact: Option<ContactId>,
    /// Deals in one of these stages, leads in one of these statuses, tasks in one of these; none for all.
    pub stages: Vec<String>,
    /// Deals of this class.
    pub class: Option<StageClass>,
    /// Deals closing on this day or later.
    pub closing_from: Option<Date>,
    /// Deals closing on this day or earlier.
    pub closing_to: Option<Date>,
    /// Tasks that are closed, or open ones.
    pub is_closed: Option<bool>,
    /// Tasks that are due before this day.
    pub due_before: Option<Date>,
    /// Tasks directly under this record, or about this person.
    pub under: Option<CrmRef>,
    /// Only these records, by id; for lists whose choice another room makes.
    pub ids: Option<Vec<String>>,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListQuery {
    /// What is listed.
    pub module: Module,
    /// Which of them.
    pub filter: Filter,
    /// In which order; equal ones by id.
    pub sort: Sort,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Rows at most, 1–200.
    pub limit: usize,
}

/// Sums over deals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DealTotals {
    /// How many are not decided.
    pub open: i64,
    /// Their amounts.
    pub open_amount: Amount,
    /// How many are won.
    pub won: i64,
    /// Their amounts.
    pub won_amount: Amount,
}

const TOTALS: Sql = Sql::new(
    "select stage_class, count(*) as deals, cast(coalesce(sum(amount), 0) as bigint) as amounts from crm_record \
     where organisation_id = $1 and module = 'deal' and deleted_at is null group by stage_class",
);
const TOTALS_OF_ACCOUNT: Sql = Sql::new(
    "select stage_class, count(*) as deals, cast(coalesce(sum(amount), 0) as bigint) as amounts from crm_record \
     where organisation_id = $1 and account_id = $2 and module = 'deal' and deleted_at is null group by stage_class",
);

impl SortField {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Name, Self::Amount, Self::Closing, Self::Due, Self::Modified];

    /// The word of addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Amount => "amount",
            Self::Closing => "closing",
            Self::Due => "due",
            Self::Modified => "modified",
        }
    }

    /// The fields by which a module can be sorted.
    pub fn of(module: Module) -> &'static [Self] {
        match module {
            Module::Deal => &[Self::Name, Self::Amount, Self::Closing, Self::Modified],
            Module::Task => &[Self::Name, Self::Due, Self::Modified],
            Module::Lead | Module::Account | Module::Contact => &[Self::Name, Self::Modified],
        }
    }
}

impl Sort {
    /// Smallest, earliest, first of the alphabet first.
    pub const fn ascending(field: SortField) -> Self {
        Self { field, is_descending: false }
    }

    /// The other way round.
    pub const fn descending(field: SortField) -> Self {
        Self { field, is_descending: true }
    }

    /// Reads `closing` or `-closing`; nothing for a word that the module cannot be sorted by.
    pub fn parse(module: Module, text: &str) -> Option<Self> {
        let (is_descending, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
        let field = SortField::of(module).iter().copied().find(|field| field.code() == word)?;
        Some(Self { field, is_descending })
    }

    /// As it stands in an address.
    pub fn text(self) -> String {
        format!("{}{}", if self.is_descending { "-" } else { "" }, self.field.code())
    }
}

impl Crm {
    /// One page of a list.
    ///
    /// Errors: `no_permission`; `NotFound` for an `after` that no list of this order gave.
    pub fn list(&self, acting: &Acting, query: &ListQuery) -> Result<Page<Record>, CrmError> {
        self.db().read(|read| {
            let scope = Scope::of(read, acting)?;
            page(read, scope.organisation(), query)
        })
    }

    /// How many records a filter shows, counted up to `limit`.
    pub fn count(&self, acting: &Acting, module: Module, filter: &Filter, limit: i64) -> Result<i64, CrmError> {
        self.db().read(|read| {
            let scope = Scope::of(read, acting)?;
            let query = filtered(read, scope.organisation(), module, counted(module), filter)?;
            Ok(query.count_up_to(read, limit)?)
        })
    }

    /// Sums over all deals, or over those of an account.
    pub fn deal_totals(&self, acting: &Acting, account: Option<&AccountId>) -> Result<DealTotals, CrmError> {
        self.db().read(|read| {
            let scope = Scope::of(read, acting)?;
            let rows = match account {
                Some(account) => read.rows(&TOTALS_OF_ACCOUNT, &[scope.bind(), account.as_str().into()])?,
                None => read.rows(&TOTALS, &[scope.bind()])?,
            };
            let mut totals = DealTotals::default();
            for row in rows {
                let (number, amount) = (row.int("deals")?, Amount::from_hundredths(row.int("amounts")?));
                match row.text("stage_class")?.as_str() {
                    "open" => (totals.open, totals.open_amount) = (number, amount),
                    "won" => (totals.won, totals.won_amount) = (number, amount),
                    _ => {}
                }
            }
            Ok(totals)
        })
    }

    /// How much belongs to a record.
    pub fn counts(&self, acting: &Acting, module: Module, id: &str) -> Result<RecordCounts, CrmError> {
        const MANY: i64 = 100_000;
        self.db().read(|read| {
            let scope = Scope::of(read, acting)?;
            let organisation = scope.organisation();
            let mut counts = RecordCounts { notes: note::count(read, organisation, id)?, ..RecordCounts::default() };
            let Some(sales) = module.sales() else { return Ok(counts) };
            let mut number = |of: Module, filter: Filter| -> Result<i64, CrmError> {
                let query = filtered(read, organisation, of, counted(of), &filter)?;
                Ok(query.count_up_to(read, MANY)?)
            };
            if sales == CrmModule::Account {
                let of_account = || Filter { account: Some(AccountId::new(id)), ..Filter::default() };
                counts.contacts = number(Module::Contact, of_account())?;
                counts.deals = number(Module::Deal, of_account())?;
                counts.tasks = number(Module::Task, of_account())?;
            } else {
                let under = Some(CrmRef { module: sales, id: id.to_owned() });
                counts.tasks = number(Module::Task, Filter { under, ..Filter::default() })?;
            }
            if sales == CrmModule::Contact {
                let of_contact = Filter { contact: Some(ContactId::new(id)), ..Filter::default() };
                counts.deals = number(Module::Deal, of_contact)?;
            }
            Ok(counts)
        })
    }
}

/// One page of a list, whoever asks.
pub(crate) fn page(read: &mut Read<'_>, organisation: &str, query: &ListQuery) -> Result<Page<Record>, CrmError> {
    let (source, make): (Source, fn(&Row) -> Result<Record, StoreError>) = match query.module.sales() {
        Some(_) => (sales::SOURCE, sales::record),
        None => (task::SOURCE, task::record),
    };
    let all = filtered(read, organisation, query.module, source, &query.filter)?;
    let field = Some(query.sort.field).filter(|field| SortField::of(query.module).contains(field));
    let order = list::Sort {
        column: column(query.module, field.unwrap_or(SortField::Name)),
        is_descending: query.sort.is_descending,
    };
    let limit = query.limit.clamp(1, list::PAGE_SIZE_MAX);
    let after = query.after.as_deref();
    let Some(empty) = empty_last(field).filter(|_| order.is_descending) else {
        return all.page(read, order, after, limit, make).map_err(wrong_position);
    };
    let (is_filled, after) = match after.and_then(|text| text.split_at_checked(1)) {
        None if after.is_none() => (true, None),
        Some((FILLED, rest)) => (true, Some(rest)),
        Some((EMPTY, rest)) => (false, Some(rest).filter(|rest| !rest.is_empty())),
        Some(_) | None => return Err(CrmError::NotFound),
    };
    let mut page = Page { rows: Vec::new(), next: None };
    if is_filled {
        let filled = all.clone().filter(empty.filled, vec![empty.key.clone()]);
        page = filled.page(read, order, after, limit, make).map_err(wrong_position)?;
        if let Some(next) = page.next {
            return Ok(Page { rows: page.rows, next: Some(format!("{FILLED}{next}")) });
        }
    }
    // The rows without a value follow in the same direction of ids.
    let after = after.filter(|_| !is_filled);
    let left = limit - page.rows.len();
    let rest = all.filter(empty.empty, vec![empty.key]);
    let more = rest.page(read, order, after, left.max(1), make).map_err(wrong_position)?;
    if left == 0 {
        return Ok(Page { rows: page.rows, next: (!more.rows.is_empty()).then(|| EMPTY.to_owned()) });
    }
    page.rows.extend(more.rows);
    Ok(Page { rows: page.rows, next: more.next.map(|next| format!("{EMPTY}{next}")) })
}

/// Before the position of a page among the rows that have a value, and among those that have none.
const FILLED: &str = "f";
const EMPTY: &str = "e";

/// How rows without a value are told from the others: their key sorts behind all.
struct EmptyLast {
    filled: &'static str,
    empty: &'static str,
    key: Bind,
}

fn empty_last(field: Option<SortField>) -> Option<EmptyLast> {
    match field? {
        SortField::Amount => {
            Some(EmptyLast { filled: "r.amount_key < $1", empty: "r.amount_key = $1", key: NO_AMOUNT.into() })
        }
        SortField::Closing => {
            Some(EmptyLast { filled: "r.closing_key < $1", empty: "r.closing_key = $1", key: NO_DAY.into() })
        }
        SortField::Due => Some(EmptyLast { filled: "t.due_key < $1", empty: "t.due_key = $1", key: NO_DAY.into() }),
        SortField::Name | SortField::Modified => None,
    }
}

fn column(module: Module, field: SortField) -> SortColumn {
    let is_task = module == Module::Task;
    let (key, kind) = match field {
        SortField::Name if is_task => ("t.subject_key", SortKind::Text),
        SortField::Name => ("r.name_key", SortKind::Text),
        SortField::Amount => ("r.amount_key", SortKind::Int),
        SortField::Closing => ("r.closing_key", SortKind::Text),
        SortField::Due => ("t.due_key", SortKind::Text),
        SortField::Modified if is_task => ("t.modified_at", SortKind::Int),
        SortField::Modified => ("r.modified_at", SortKind::Int),
    };
    SortColumn { name: field.code(), key, kind }
}

fn counted(module: Module) -> Source {
    match module.sales() {
        Some(_) => sales::COUNTED,
        None => task::COUNTED,
    }
}

fn filtered(
    read: &mut Read<'_>,
    organisation: &str,
    module: Module,
    source: Source,
    filter: &Filter,
) -> Result<list::ListQuery, StoreError> {
    let mut query = match module.sales() {
        Some(sales) => {
            let binds = vec![organisation.into(), sales.code().into()];
            let all = list::ListQuery::new(
                source,
                "r.organisation_id = $1 and r.module = $2 and r.deleted_at is null",
                binds,
            );
            of_sales(all, module, filter)
        }
        None => {
            let all = list::ListQuery::new(
                source,
                "t.organisation_id = $1 and t.deleted_at is null",
                vec![organisation.into()],
            );
            of_tasks(all, organisation, filter)
        }
    };
    let is_task = module == Module::Task;
    if let Some(owner) = &filter.owner {
        // Nobody of that address: nothing is owned.
        let id = user::by_email(read, organisation, owner)?.map(|user| user.id).unwrap_or_default();
        query = query.filter(if is_task { "t.owner_id = $1" } else { "r.owner_id = $1" }, vec![id.into()]);
    }
    if let Some(ids) = &filter.ids {
        query = query.one_of(if is_task { "t.id" } else { "r.id" }, ids.iter().map(Bind::from).collect());
    }
    if !filter.search.trim().is_empty() {
        query = query.search(organisation, shared_module(module), &filter.search);
    }
    Ok(query)
}

fn of_sales(mut query: list::ListQuery, module: Module, filter: &Filter) -> list::ListQuery {
    if let Some(account) = &filter.account {
        query = query.filter("r.account_id = $1", vec![account.as_str().into()]);
    }
    if let Some(contact) = &filter.contact {
        query = query.filter("r.contact_id = $1", vec![contact.as_str().into()]);
    }
    if !filter.stages.is_empty() {
        query = query.one_of("r.stage", filter.stages.iter().map(Bind::from).collect());
    }
    if module == Module::Deal {
        if let Some(class) = filter.class {
            query = query.filter("r.stage_class = $1", vec![class.code().into()]);
        }
        if let Some(day) = filter.closing_from {
            query =
                query.filter("r.closing_key >= $1 and r.closing_key < $2", vec![day.to_string().into(), NO_DAY.into()]);
        }
        if let Some(day) = filter.closing_to {
            query = query.filter("r.closing_key <= $1", vec![day.to_string().into()]);
        }
    }
    query
}

fn of_tasks(mut query: list::ListQuery, organisation: &str, filter: &Filter) -> list::ListQuery {
    if let Some(account) = &filter.account {
        query = query.filter(
            "t.related_id = $1 or t.related_id in (select d.id from crm_record d where d.organisation_id = $2 \
             and d.account_id = $1 and d.module = 'deal' and d.deleted_at is null)",
            vec![account.as_str().into(), organisation.into()],
        );
    }
    if let Some(under) = &filter.under {
        let condition = match under.module {
            CrmModule::Account | CrmModule::Deal => "t.related_id = $1",
            CrmModule::Lead | CrmModule::Contact => "t.person_id = $1",
        };
        query = query.filter(condition, vec![under.id.as_str().into()]);
    }
    if !filter.stages.is_empty() {
        query = query.one_of("t.status", filter.stages.iter().map(Bind::from).collect());
    }
    if let Some(is_closed) = filter.is_closed {
        query = query.filter("t.is_closed = $1", vec![is_closed.into()]);
    }
    if let Some(day) = filter.due_before {
        query = query.filter("t.due_key < $1", vec![day.to_string().into()]);
    }
    query
}

#[cfg(test)]
mod tests {
    use store::testing::databases;
    use store::{Engine, Sql, Tx};

    use super::*;

    /// What the engine would do, a line each. Whole tables are not to be walked even if nothing else is at hand.
    fn plan(db: &store::Db, text: &str, binds: &[Bind]) -> Vec<String> {
        db.write(|tx: &mut Tx<'_>| {
            let (explain, column) = match db.engine() {
                Engine::Sqlite => ("explain query plan ", "detail"),
                Engine::Postgres => {
                    tx.execute(&Sql::built("set local enable_seqscan = off".to_owned()), &[])?;
                    ("explain ", "QUERY PLAN")
                }
            };
            tx.rows(&Sql::built(format!("{explain}{text}")), binds)?.iter().map(|row| row.text(column)).collect()
        })
        .unwrap_or_else(|error: StoreError| vec![format!("{error}: {text}")])
    }

    fn walks(lines: &[String]) -> bool {
        let is_walk = |line: &String| {
            (line.starts_with("SCAN ") && !line.contains("USING"))
                || line.contains("Seq Scan on crm_")
                || line.contains("error")
        };
        lines.iter().any(is_walk)
    }

    #[test]
    fn no_list_walks_through_a_table_or_sorts_all_of_it() {
        let of_account = Filter { account: Some(AccountId::new("1")), ..Filter::default() };
        let open = Filter { is_closed: Some(false), ..Filter::default() };
        for db in databases(&[records::MIGRATIONS, identity::MIGRATIONS, crate::MIGRATIONS]) {
            for (module, filter) in [
                (Module::Lead, Filter::default()),
                (Module::Account, Filter::default()),
                (Module::Deal, Filter::default()),
                (Module::Deal, of_account.clone()),
                (Module::Contact, of_account.clone()),
                (Module::Deal, Filter { search: "router".to_owned(), ..Filter::default() }),
                (Module::Task, Filter::default()),
                (Module::Task, open.clone()),
                (Module::Task, of_account.clone()),
            ] {
                for field in SortField::of(module) {
                    let source = if module == Module::Task { task::SOURCE } else { sales::SOURCE };
                    let order = list::Sort { column: column(module, *field), is_descending: false };
                    let statement = db
                        .read(|read| {
                            let query = filtered(read, "o", module, source, &filter)?;
                            query.statement(order, None, 50).map_err(wrong_position)
                        })
                        .unwrap();
                    let lines = plan(&db.db, statement.0.text(), &statement.1);
                    assert!(!walks(&lines), "{}: {module:?} {field:?}\n{}", db.name, lines.join("\n"));
                    let sorts = db.engine() == Engine::Sqlite && lines.iter().any(|line| line.contains("B-TREE"));
                    assert!(!sorts || filter != Filter::default(), "{module:?} {field:?}\n{}", lines.join("\n"));
                }
            }
        }
    }

    #[test]
    fn records_are_found_by_their_ids_through_primary_keys() {
        for db in databases(&[records::MIGRATIONS, identity::MIGRATIONS, crate::MIGRATIONS]) {
            for (source, tenant, id) in
                [(sales::SOURCE, "r.organisation_id", "r.id"), (task::SOURCE, "t.organisation_id", "t.id")]
            {
                let text =
                    format!("select {} from {} where {tenant} = $1 and {id} in ($2, $3)", source.columns, source.from);
                let lines = plan(&db.db, &text, &["o".into(), "1".into(), "2".into()]);
                assert!(!walks(&lines), "{}\n{}", db.name, lines.join("\n"));
            }
        }
    }
}
