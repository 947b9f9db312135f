//! What is done with the columns of a file: found in its header, checked before anything is written.

use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};

use encoding_rs::Encoding;
use ports::CrmModule;

use super::table::{Row, Rows};
use super::{ImportError, ImportOptions, decode, repeated};
use crate::field::{Field, Fields, Module};

/// Which column goes into which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnMap {
    /// The column, by its name in the header.
    pub column: String,
    /// The field, by its name on the outside interface, such as `Closing_Date`.
    pub field: String,
}

/// A value of a column that is replaced by another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueRule {
    /// The column.
    pub column: String,
    /// The value in the file, blanks at its ends aside.
    pub from: String,
    /// The value that is kept instead.
    pub to: String,
}

/// The separators that a file may have.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// A column that goes into a field.
pub(super) struct Column {
    pub(super) name: String,
    /// Where in a row it stands.
    pub(super) at: usize,
    pub(super) field: Field,
}

/// Everything about reading the rows of a file.
pub(super) struct Plan {
    pub(super) sales: CrmModule,
    pub(super) module: Module,
    pub(super) encoding: &'static Encoding,
    pub(super) separator: char,
    pub(super) key: String,
    pub(super) key_at: usize,
    /// Cells of the header.
    pub(super) width: usize,
    pub(super) columns: Vec<Column>,
    /// Replacements by column and value.
    pub(super) values: HashMap<(String, String), String>,
    pub(super) date_format: Option<String>,
    pub(super) is_dry_run: bool,
}

impl Plan {
    pub(super) fn new<F: Read + Seek>(
        options: &ImportOptions,
        fields: &Fields,
        file: &mut F,
    ) -> Result<Self, ImportError> {
        let module = Module::from(options.module);
        let targets = targets(options, fields, module)?;
        let encoding = decode::encoding(options.encoding.as_deref())?;
        let (separator, header) = header(options, encoding, file)?;
        let names: Vec<String> = header.cells.iter().map(|cell| cell.trim().to_owned()).collect();
        let named = names.iter().map(String::as_str).filter(|name| !name.is_empty());
        if let Some(column) = repeated(named).into_iter().next() {
            return Err(ImportError::ColumnTwice { line: header.line, column: column.to_owned() });
        }
        let missing: Vec<String> = wanted(options).filter(|name| !names.contains(name)).cloned().collect();
        if !missing.is_empty() {
            return Err(ImportError::ColumnMissing { line: header.line, columns: missing, header: names });
        }
        let place = |column: &str| names.iter().position(|name| name == column).unwrap_or(names.len());
        let columns = targets
            .into_iter()
            .map(|(column, field)| Column { name: column.to_owned(), at: place(column), field })
            .collect();
        let values =
            options.values.iter().map(|rule| ((rule.column.clone(), rule.from.clone()), rule.to.clone())).collect();
        Ok(Self {
            sales: options.module,
            module,
            encoding,
            separator,
            key_at: place(&options.key),
            key: options.key.clone(),
            width: names.len(),
            columns,
            values,
            date_format: options.date_format.as_deref().map(date_format),
            is_dry_run: options.is_dry_run,
        })
    }
}

/// Reads `COLUMN=Field,…`; `\,` stands for a comma of a name.
pub fn parse_map(text: &str) -> Result<Vec<ColumnMap>, ImportError> {
    let wrong = |given: &str| ImportError::WrongOption {
        option: "--map",
        given: given.to_owned(),
        form: "COLUMN=Field,COLUMN=Field",
    };
    parts(text)
        .into_iter()
        .map(|part| {
            let (column, field) = part.rsplit_once('=').ok_or_else(|| wrong(&part))?;
            let (column, field) = (column.trim(), field.trim());
            if column.is_empty() || field.is_empty() {
                return Err(wrong(&part));
            }
            Ok(ColumnMap { column: column.to_owned(), field: field.to_owned() })
        })
        .collect()
}

/// Reads `COLUMN:from=to,…`; a part without a column belongs to the one before. `\,` stands for a comma of a value, and a
/// colon behind the `=` belongs to the value.
pub fn parse_values(text: &str) -> Result<Vec<ValueRule>, ImportError> {
    let wrong = |given: &str| ImportError::WrongOption {
        option: "--value",
        given: given.to_owned(),
        form: "COLUMN:from=to,from=to",
    };
    let mut rules: Vec<ValueRule> = Vec::new();
    for part in parts(text) {
        let (left, to) = part.split_once('=').ok_or_else(|| wrong(&part))?;
        let (column, from) = match (left.split_once(':'), rules.last()) {
            (Some((column, from)), _) => (column.trim().to_owned(), from),
            (None, Some(before)) => (before.column.clone(), left),
            (None, None) => return Err(wrong(&part)),
        };
        if column.is_empty() {
            return Err(wrong(&part));
        }
        rules.push(ValueRule { column, from: from.trim().to_owned(), to: to.trim().to_owned() });
    }
    Ok(rules)
}

fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            ',' => parts.push(String::new()),
            sign => {
                let is_escaped = sign == '\\' && signs.peek() == Some(&',');
                let kept = if is_escaped { signs.next().unwrap_or(sign) } else { sign };
                if let Some(part) = parts.last_mut() {
                    part.push(kept);
                }
            }
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// The fields of the mapped columns.
fn targets<'a>(
    options: &'a ImportOptions,
    fields: &Fields,
    module: Module,
) -> Result<Vec<(&'a str, Field)>, ImportError> {
    if options.columns.is_empty() {
        let form = "COLUMN=Field,COLUMN=Field";
        return Err(ImportError::WrongOption { option: "--map", given: String::new(), form });
    }
    if let Some(field) = repeated(options.columns.iter().map(|map| map.field.as_str())).into_iter().next() {
        let columns = options.columns.iter().filter(|map| map.field == field).map(|map| map.column.clone()).collect();
        return Err(ImportError::FieldTwice { field: field.to_owned(), columns });
    }
    options
        .columns
        .iter()
        .map(|map| match fields.by_api_name(module, &map.field).filter(|field| !field.is_read_only) {
            Some(field) => Ok((map.column.as_str(), field.clone())),
            None => Err(ImportError::UnknownField {
                field: map.field.clone(),
                known: fields
                    .of(module)
                    .iter()
                    .filter(|field| !field.is_read_only)
                    .map(|field| field.api_name.clone())
                    .collect(),
            }),
        })
        .collect()
}

/// The columns that the options name.
fn wanted(options: &ImportOptions) -> impl Iterator<Item = &String> {
    let mapped = options.columns.iter().map(|map| &map.column);
    std::iter::once(&options.key).chain(mapped).chain(options.values.iter().map(|rule| &rule.column))
}

/// The separator under which the header has every column that is wanted, and the header. Where none has, the one that
/// has most of them, so that the message names what is really missing.
fn header<F: Read + Seek>(
    options: &ImportOptions,
    encoding: &'static Encoding,
    file: &mut F,
) -> Result<(char, Row), ImportError> {
    let candidates = match options.separator {
        Some(separator) => vec![separator],
        None => SEPARATORS.to_vec(),
    };
    let mut best: Option<((usize, usize), (char, Row))> = None;
    for separator in candidates {
        file.seek(SeekFrom::Start(0))?;
        let Some(row) = Rows::new(&mut *file, encoding, separator)?.next_row()? else {
            return Err(ImportError::Empty);
        };
        let found = wanted(options).filter(|name| row.cells.iter().any(|cell| cell.trim() == name.as_str())).count();
        let rank = (found, row.cells.len());
        if best.as_ref().is_none_or(|(other, _)| rank > *other) {
            best = Some((rank, (separator, row)));
        }
    }
    best.map(|(_, found)| found).ok_or(ImportError::Empty)
}

/// The form of days as the time library reads it: `DD.MM.YYYY` or its own `%d.%m.%Y`.
fn date_format(text: &str) -> String {
    if text.contains('%') {
        return text.to_owned();
    }
    let mut form = String::new();
    let mut rest = text;
    let words = [("YYYY", "%Y"), ("YY", "%y"), ("MM", "%m"), ("M", "%m"), ("DD", "%d"), ("D", "%d")];
    while let Some(first) = rest.chars().next() {
        let word =
            words.iter().find(|(word, _)| rest.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word)));
        let (length, part) = match word {
            Some((word, part)) => (word.len(), (*part).to_owned()),
            None => (first.len_utf8(), first.to_string()),
        };
        form.push_str(&part);
        rest = rest.get(length..).unwrap_or_default();
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_as_they_are_written() {
        let map = parse_map("opportunity_id=Deal_Name, a=b=Stage,,").unwrap();
        let pairs: Vec<_> = map.iter().map(|map| (map.column.as_str(), map.field.as_str())).collect();
        assert_eq!(pairs, [("opportunity_id", "Deal_Name"), ("a=b", "Stage")]);
        let values = parse_values("stage:Won=Closed Won,city:Bad\\, old=Good").unwrap();
        assert_eq!(values.last().unwrap().from, "Bad, old");
        assert_eq!(values.first().unwrap().to, "Closed Won");
        assert!(parse_map("a").is_err() && parse_map("=b").is_err() && parse_values("a=b").is_err());
    }

    #[test]
    fn forms_of_days_are_understood() {
        for (form, expected) in [
            ("DD.MM.YYYY", "%d.%m.%Y"),
            ("m/d/yy", "%m/%d/%y"),
            ("%d %b %Y", "%d %b %Y"),
            ("YYYY年M月D日", "%Y年%m月%d日"),
        ] {
            assert_eq!(date_format(form), expected);
        }
    }
}
