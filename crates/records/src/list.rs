//! Lists in pages: filtered, sorted by one of a closed set of columns, continued behind the last row by key.
//!
//! A list is put together from fixed texts; values are always bound. Every sort key is not null (an empty date sorts as
//! a fixed key), and ids break ties, so that no row is lost or shown twice between two pages.

use ports::Page;
use store::{Bind, Read, Row, Sql, StoreError};

use crate::RecordsError;
use crate::search::{self, Filter};

/// Rows of a page unless somebody asks for another number.
pub const PAGE_SIZE: usize = 50;
/// Rows of a page at most.
pub const PAGE_SIZE_MAX: usize = 200;

/// Where the rows of a list come from.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// What is read, such as `id, name, owner`.
    pub columns: &'static str,
    /// Table, and joins.
    pub from: &'static str,
    /// The unique id that breaks ties, such as `id` or `crm_deal.id`.
    pub id: &'static str,
}

/// A column by which a list can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortColumn {
    /// Its name in addresses.
    pub name: &'static str,
    /// What is compared: a column or an expression that is never null and stands in an index, such as `name_key` or
    /// `coalesce(due, '9999-12-31')`.
    pub key: &'static str,
    /// What kind of value it is.
    pub kind: SortKind,
}

/// The kind of a sort key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKind {
    /// Text, by bytes.
    Text,
    /// An integer.
    Int,
    /// A real number.
    Real,
}

/// A column and a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: SortColumn,
    /// Largest first.
    pub is_descending: bool,
}

/// A list being put together. Conditions are joined by `and`; each counts its own `$1`, `$2`.
#[derive(Clone, Debug)]
pub struct ListQuery {
    source: Source,
    conditions: Vec<String>,
    binds: Vec<Bind>,
}

impl Sort {
    /// Smallest first.
    pub const fn ascending(column: SortColumn) -> Self {
        Self { column, is_descending: false }
    }

    /// Largest first.
    pub const fn descending(column: SortColumn) -> Self {
        Self { column, is_descending: true }
    }

    /// Reads `name` or `-name` of an address; nothing if the list has no such column.
    pub fn parse(columns: &[SortColumn], text: &str) -> Option<Self> {
        let (is_descending, name) = text.strip_prefix('-').map_or((false, text), |name| (true, name));
        let column = *columns.iter().find(|column| column.name == name)?;
        Some(Self { column, is_descending })
    }

    /// As it stands in an address.
    pub fn text(&self) -> String {
        format!("{}{}", if self.is_descending { "-" } else { "" }, self.column.name)
    }
}

impl ListQuery {
    /// A list of the rows for which `condition` holds; it binds the tenant first.
    pub fn new(source: Source, condition: &'static str, binds: Vec<Bind>) -> Self {
        let query = Self { source, conditions: Vec::new(), binds: Vec::new() };
        query.filter(condition, binds)
    }

    /// Only rows for which `condition` holds too; its own values count from `$1`.
    #[must_use]
    pub fn filter(self, condition: &'static str, binds: Vec<Bind>) -> Self {
        self.and(Filter { text: condition.to_owned(), binds })
    }

    /// Only rows that the words of `query` find; all rows for a query without words.
    #[must_use]
    pub fn search(self, tenant: &str, module: &str, query: &str) -> Self {
        let id = self.source.id;
        search::filters(id, tenant, module, query).into_iter().fold(self, Self::and)
    }

    /// Only rows whose `column` is one of `values`; none if there are no values.
    #[must_use]
    pub fn one_of(self, column: &'static str, values: Vec<Bind>) -> Self {
        if values.is_empty() {
            return self.filter("1 = 0", Vec::new());
        }
        let places: Vec<String> = (1..=values.len()).map(|number| format!("${number}")).collect();
        self.and(Filter { text: format!("{column} in ({})", places.join(", ")), binds: values })
    }

    /// One page of the list: at most `size` rows behind `after`, the `next` of the page before.
    ///
    /// Errors: [`RecordsError::WrongPosition`] if `after` was given by a list sorted otherwise, or by none.
    pub fn page<T>(
        &self,
        read: &mut Read<'_>,
        sort: Sort,
        after: Option<&str>,
        size: usize,
        make: impl Fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Page<T>, RecordsError> {
        let size = size.clamp(1, PAGE_SIZE_MAX);
        let (sql, binds) = self.statement(sort, after, size + 1)?;
        let mut found = read.rows(&sql, &binds)?;
        let is_more = found.len() > size;
        found.truncate(size);
        let next = found.last().filter(|_| is_more).map(|row| position(sort, row)).transpose()?;
        let rows = found.iter().map(make).collect::<Result<Vec<_>, _>>()?;
        Ok(Page { rows, next })
    }

    /// How many rows the list has, counted up to `limit`.
    pub fn count_up_to(&self, read: &mut Read<'_>, limit: i64) -> Result<i64, StoreError> {
        let mut binds = self.binds.clone();
        binds.push(limit.into());
        let text = format!(
            "select count(*) as rows_found from (select 1 as found from {} where {} limit ${}) counted",
            self.source.from,
            self.conditions.join(" and "),
            binds.len()
        );
        read.row(&Sql::built(text), &binds)?.map_or(Ok(0), |row| row.int("rows_found"))
    }

    /// The statement of a page and its values; tests look at its plan.
    pub fn statement(&self, sort: Sort, after: Option<&str>, limit: usize) -> Result<(Sql, Vec<Bind>), RecordsError> {
        let Source { columns, from, id } = self.source;
        let key = sort.column.key;
        let (than, direction) = if sort.is_descending { ("<", "desc") } else { (">", "asc") };
        let mut binds = self.binds.clone();
        let mut conditions = self.conditions.join(" and ");
        if let Some(after) = after {
            let (last_key, last_id) = place(sort, after)?;
            let at = binds.len();
            conditions.push_str(&format!(" and ({key}, {id}) {than} (${}, ${})", at + 1, at + 2));
            binds.extend([last_key, last_id.into()]);
        }
        binds.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        let text = format!(
            "select {columns}, {key} as list_key, {id} as list_id from {from} where {conditions} \
             order by {key} {direction}, {id} {direction} limit ${}",
            binds.len()
        );
        Ok((Sql::built(text), binds))
    }

    fn and(mut self, filter: Filter) -> Self {
        self.conditions.push(format!("({})", renumbered(&filter.text, self.binds.len())));
        self.binds.extend(filter.binds);
        self
    }
}

/// The same condition with its `$1` moved behind `offset` others.
fn renumbered(text: &str, offset: usize) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut parts = text.split('$');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(part.len());
        let (number, rest) = part.split_at(digits);
        out.push('$');
        match number.parse::<usize>() {
            Ok(number) => out.push_str(&(number + offset).to_string()),
            Err(_) => out.push_str(number),
        }
        out.push_str(rest);
    }
    out
}

/// Where a page ends, as text that fits into an address: sort, key and id.
fn position(sort: Sort, row: &Row) -> Result<String, StoreError> {
    let key = match sort.column.kind {
        SortKind::Text => row.text("list_key")?,
        SortKind::Int => row.int("list_key")?.to_string(),
        SortKind::Real => row.real("list_key")?.to_bits().to_string(),
    };
    let plain = format!("{}\0{key}\0{}", sort.text(), row.text("list_id")?);
    Ok(plain.bytes().map(|byte| format!("{byte:02x}")).collect())
}

fn place(sort: Sort, position: &str) -> Result<(Bind, String), RecordsError> {
    read_place(sort, position).ok_or(RecordsError::WrongPosition)
}

fn read_place(sort: Sort, position: &str) -> Option<(Bind, String)> {
    let digits: Vec<u8> = position
        .chars()
        .map(|sign| sign.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let bytes = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some(high * 16 + low),
        _ => None,
    });
    let plain = String::from_utf8(bytes.collect::<Option<_>>()?).ok()?;
    let mut parts = plain.split('\0');
    let (name, key, id) = (parts.next()?, parts.next()?, parts.next()?);
    if name != sort.text() || parts.next().is_some() {
        return None;
    }
    let key = match sort.column.kind {
        SortKind::Text => key.into(),
        SortKind::Int => key.parse::<i64>().ok()?.into(),
        SortKind::Real => f64::from_bits(key.parse().ok()?).into(),
    };
    Some((key, id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::renumbered;

    #[test]
    fn conditions_count_on_behind_others() {
        assert_eq!(renumbered("a = $1 and b in ($2, $10)", 3), "a = $4 and b in ($5, $13)");
        assert_eq!(renumbered("a = b", 3), "a = b");
    }
}
