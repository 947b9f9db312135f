//! Import of leads, accounts, contacts and deals from a text file with columns.
//!
//! The file is read twice: first to see that all of it can be read, then row by row, some hundred rows a transaction.
//! A row that cannot be kept stops no other, and a file read again makes nothing twice: the value of the key column is
//! kept beside each record.

mod decode;
mod fault;
mod plan;
mod row;
mod table;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::io::{Read, Seek, SeekFrom};

use ports::{Acting, CrmModule, Origin};

pub use fault::{ImportError, RowFault};
pub use plan::{ColumnMap, ValueRule, parse_map, parse_values};

use crate::Crm;
use crate::permission::Scope;
use plan::Plan;
use row::{Known, Prepared};
use table::Rows;

/// Rows written by one transaction.
const BATCH: usize = 500;
/// Failed rows that the report keeps; every row is told to the caller.
const FAILURES_MAX: usize = 10_000;
/// Names of unknown owners, and values outside of pick lists, that the report keeps.
const NAMES_MAX: usize = 1_000;

/// What is imported, and how the file is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportOptions {
    /// The kind of records.
    pub module: CrmModule,
    /// The column whose value finds a row's record again.
    pub key: String,
    /// Which column goes into which field.
    pub columns: Vec<ColumnMap>,
    /// Values that are replaced by others before they are looked at.
    pub values: Vec<ValueRule>,
    /// What separates the cells; found out from the header where nothing is given.
    pub separator: Option<char>,
    /// The label of the file's encoding; UTF-8 where nothing is given. A byte-order mark goes before it.
    pub encoding: Option<String>,
    /// How days are written, such as `DD.MM.YYYY`; `YYYY-MM-DD` or `YYYY/MM/DD` where nothing is given.
    pub date_format: Option<String>,
    /// Whether only to say what would be done.
    pub is_dry_run: bool,
}

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOutcome {
    /// The line on which the row begins, counted as an editor counts.
    pub line: u64,
    /// The value of its key column.
    pub key: String,
    /// What was done.
    pub result: RowResult,
}

/// What was, or in a dry run would be, done with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowResult {
    /// A record was made.
    Created,
    /// The record it made before was changed.
    Updated,
    /// The record it made before says the same.
    Unchanged,
    /// Nothing was done, for these reasons.
    Failed(Vec<RowFault>),
}

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Rows that made a record.
    pub created: u64,
    /// Rows that changed the record they had made.
    pub updated: u64,
    /// Rows that say what their record says.
    pub unchanged: u64,
    /// Rows that were not kept.
    pub failed: u64,
    /// The first 10,000 of those.
    pub failures: Vec<RowOutcome>,
    /// Owners named in the file who are no active users, and how many rows each: the importing person owns the new ones.
    pub unknown_owners: BTreeMap<String, u64>,
    /// Values that no pick list has, by field and value, and how many rows each: they are kept.
    pub values_outside_list: BTreeMap<(String, String), u64>,
}

/// How far an import is.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// Rows that are done.
    pub done: u64,
    /// Rows of the file.
    pub total: u64,
    /// The row that was done last.
    pub row: &'a RowOutcome,
}

impl fmt::Display for ImportReport {
    /// `85 created, 0 updated, 0 unchanged, 0 failed`: the last line of the command.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { created, updated, unchanged, failed, .. } = self;
        write!(out, "{created} created, {updated} updated, {unchanged} unchanged, {failed} failed")
    }
}

impl Crm {
    /// Imports a file; `on_row` hears of every row, in the order of the file.
    ///
    /// A cell that is empty empties its field. An error means that the file, or the rows of the batch it happened in and
    /// all later ones, were not imported.
    pub fn import<F: Read + Seek>(
        &self,
        acting: &Acting,
        options: &ImportOptions,
        mut file: F,
        on_row: &mut dyn FnMut(Progress<'_>),
    ) -> Result<ImportReport, ImportError> {
        let acting = Acting { origin: Origin::Import, ..acting.clone() };
        self.db().read(|read| Scope::of(read, &acting).map(|_| ()))?;
        let fields = self.fields()?;
        let plan = Plan::new(options, &fields, &mut file)?;
        let total = checked(&plan, &mut file)?;
        let mut tally = Tally { report: ImportReport::default(), done: 0, total, on_row };
        let mut known = Known::default();
        let mut seen = HashMap::new();
        let mut batch = Vec::with_capacity(BATCH);
        let mut rows = rows(&plan, &mut file)?;
        rows.next_row()?;
        while let Some(cells) = rows.next_row()? {
            batch.push(Prepared::new(&plan, &cells, &mut seen));
            if batch.len() == BATCH {
                tally.add(self.import_batch(&acting, &plan, &batch, &mut known)?);
                batch.clear();
            }
        }
        tally.add(self.import_batch(&acting, &plan, &batch, &mut known)?);
        tally.report.unknown_owners = known.unknown_owners;
        tally.report.values_outside_list = known.outside_list;
        Ok(tally.report)
    }
}

/// Reads the whole file to its end; answers how many rows it has.
fn checked<F: Read + Seek>(plan: &Plan, file: &mut F) -> Result<u64, ImportError> {
    let mut rows = rows(plan, file)?;
    let mut total = 0;
    rows.next_row()?;
    while rows.next_row()?.is_some() {
        total += 1;
    }
    Ok(total)
}

fn rows<'a, F: Read + Seek>(plan: &Plan, file: &'a mut F) -> Result<Rows<&'a mut F>, ImportError> {
    file.seek(SeekFrom::Start(0))?;
    Rows::new(file, plan.encoding, plan.separator)
}

struct Tally<'a> {
    report: ImportReport,
    done: u64,
    total: u64,
    on_row: &'a mut dyn FnMut(Progress<'_>),
}

impl Tally<'_> {
    fn add(&mut self, outcomes: Vec<RowOutcome>) {
        for row in outcomes {
            self.done += 1;
            (self.on_row)(Progress { done: self.done, total: self.total, row: &row });
            match &row.result {
                RowResult::Created => self.report.created += 1,
                RowResult::Updated => self.report.updated += 1,
                RowResult::Unchanged => self.report.unchanged += 1,
                RowResult::Failed(_) => {
                    self.report.failed += 1;
                    if self.report.failures.len() < FAILURES_MAX {
                        self.report.failures.push(row);
                    }
                }
            }
        }
    }
}

/// Counts a name, as long as there is room for another one.
fn count<K: Ord>(counts: &mut BTreeMap<K, u64>, name: K) {
    if counts.len() < NAMES_MAX || counts.contains_key(&name) {
        *counts.entry(name).or_default() += 1;
    }
}

/// The names that stand more than once in a list, each once.
fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    names.filter(|name| !seen.insert(*name)).collect()
}
