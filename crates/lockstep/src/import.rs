//! `lockstep import`: rows of a CSV file become records of the CRM.

use std::fs::File;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use crm::import::{ImportOptions, ImportReport, Progress, RowResult, parse_map, parse_values};
use indicatif::{ProgressBar, ProgressStyle};
use ports::{Acting, CrmModule, Email, Origin};

use crate::Failure;
use crate::cli::{ImportArgs, ImportModule};
use crate::config::place;
use crate::wiring::{Rooms, Sources, open};

/// Some rows were not kept.
const SOME_FAILED: u8 = 3;

/// Imports the file, one line an outcome that wants attention, last the counts.
///
/// Errors: what keeps the whole file from being imported.
pub fn import(args: &ImportArgs) -> Result<ExitCode, Failure> {
    let options = options(args)?;
    let email = Email::parse(&args.user).map_err(|error| Failure(format!("--user: {error}")))?;
    let file = File::open(&args.file).map_err(|error| Failure(format!("{}: {error}", args.file.display())))?;
    let place = place(&args.common).map_err(Failure::of)?;
    let sources = Sources::system();
    let db = open(&place, sources.clock.now()).map_err(Failure::of)?;
    let rooms = Rooms::new(db, sources).map_err(Failure::of)?;
    if rooms.identity.is_new().map_err(Failure::of)? {
        return Err(Failure("nobody is there yet: start `lockstep serve` once and make the administrator".to_owned()));
    }
    let acting = Acting { tenant: rooms.tenant.clone(), email, origin: Origin::Import };
    let bar = bar();
    let mut on_row = |progress: Progress<'_>| tell(&bar, progress);
    let report = rooms.crm.import(&acting, &options, file, &mut on_row).map_err(Failure::of)?;
    bar.finish_and_clear();
    summary(&report, args.dry_run).map_err(Failure::of)?;
    Ok(if report.failed > 0 { ExitCode::from(SOME_FAILED) } else { ExitCode::SUCCESS })
}

fn options(args: &ImportArgs) -> Result<ImportOptions, Failure> {
    let mut columns = Vec::new();
    for text in &args.map {
        columns.extend(parse_map(text).map_err(Failure::of)?);
    }
    let mut values = Vec::new();
    for text in &args.value {
        values.extend(parse_values(text).map_err(Failure::of)?);
    }
    let separator = args.separator.as_deref().map(|text| match text {
        "," => Ok(','),
        ";" => Ok(';'),
        "tab" | "\t" => Ok('\t'),
        other => Err(Failure(format!("--separator: {other:?} is none of \",\", \";\" and \"tab\""))),
    });
    Ok(ImportOptions {
        module: match args.module {
            ImportModule::Accounts => CrmModule::Account,
            ImportModule::Contacts => CrmModule::Contact,
            ImportModule::Deals => CrmModule::Deal,
            ImportModule::Leads => CrmModule::Lead,
        },
        key: args.key.clone(),
        columns,
        values,
        separator: separator.transpose()?,
        encoding: args.encoding.clone(),
        date_format: args.date_format.clone(),
        is_dry_run: args.dry_run,
    })
}

/// A bar on a terminal, else nothing.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} rows, {eta} left");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Says at once why a row was not kept.
fn tell(bar: &ProgressBar, progress: Progress<'_>) {
    bar.set_length(progress.total);
    bar.set_position(progress.done);
    match &progress.row.result {
        RowResult::Failed(faults) => {
            let why = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            bar.suspend(|| println!("line {}, {}: {why}", progress.row.line, progress.row.key));
        }
        RowResult::Created | RowResult::Updated | RowResult::Unchanged => {}
    }
}

fn summary(report: &ImportReport, is_dry_run: bool) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for (owner, rows) in &report.unknown_owners {
        writeln!(out, "{owner} is no user: {rows} rows belong to the importing person")?;
    }
    for ((field, value), rows) in &report.values_outside_list {
        writeln!(out, "{field}: {value:?} is not in the pick list, kept in {rows} rows")?;
    }
    if is_dry_run {
        writeln!(out, "Dry run, nothing was written.")?;
    }
    let ImportReport { created, updated, unchanged, failed, .. } = report;
    writeln!(out, "{created} created, {updated} updated, {unchanged} unchanged, {failed} failed")
}
