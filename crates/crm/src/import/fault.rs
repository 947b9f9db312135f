//! Why a file, or a row of it, is not imported. The texts name the place and the remedy.

use std::fmt;

use crate::error::{CrmError, Problem};

/// Why a file is not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The person may not, or the database failed.
    #[error("{}", told(.0))]
    Crm(#[from] CrmError),
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// Nothing is in it.
    #[error("the file is empty: its first row must name the columns")]
    Empty,
    /// It is no text.
    #[error("the file is a workbook, not text: save it as CSV (UTF-8) and import that")]
    Workbook,
    /// A part of it is no text of its encoding.
    #[error(
        "line {line} is no text in {encoding}: save the file as UTF-8, or name its encoding with --encoding LABEL \
         (such as gb18030 or windows-1252)"
    )]
    NotText {
        /// The first such line.
        line: u64,
        /// The encoding in which it was read.
        encoding: &'static str,
    },
    /// No encoding has this label.
    #[error("no encoding is called {label:?}; try utf-8, gb18030, big5, shift_jis, euc-kr or windows-1252")]
    UnknownEncoding {
        /// As given.
        label: String,
    },
    /// A quote is opened and never closed.
    #[error("the quote opened on line {line} is never closed: close it, or double a quote that belongs to the text")]
    UnclosedQuote {
        /// Where it is opened.
        line: u64,
    },
    /// A row is longer than any record.
    #[error("the row on line {line} has more than {max} characters: look for a missing line break")]
    RowTooLong {
        /// Where it begins.
        line: u64,
        /// Characters that fit.
        max: usize,
    },
    /// The header names a column twice.
    #[error("line {line} names the column {column:?} twice: rename one of them")]
    ColumnTwice {
        /// The header's line.
        line: u64,
        /// The column.
        column: String,
    },
    /// A column that is used is not in the header.
    #[error("line {line} has no column {}; it has {}", listed(.columns), listed(.header))]
    ColumnMissing {
        /// The header's line.
        line: u64,
        /// The columns that are missing.
        columns: Vec<String>,
        /// The columns that are there.
        header: Vec<String>,
    },
    /// Two columns go into one field.
    #[error("two columns go into the field {field}: {}", listed(.columns))]
    FieldTwice {
        /// The field.
        field: String,
        /// The columns.
        columns: Vec<String>,
    },
    /// The module has no such field, or it cannot be written.
    #[error("there is no field {field:?} to import into; there are {}", listed(.known))]
    UnknownField {
        /// As given.
        field: String,
        /// Those that can be written.
        known: Vec<String>,
    },
    /// An option cannot be understood.
    #[error("{option} {given:?} is not of the form {form}")]
    WrongOption {
        /// Which one.
        option: &'static str,
        /// As given.
        given: String,
        /// What is expected.
        form: &'static str,
    },
}

/// Why a row is not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowFault {
    /// The key column is empty.
    KeyEmpty {
        /// The column.
        column: String,
    },
    /// An earlier row of the file has the same key.
    KeyRepeated {
        /// That row's line.
        line: u64,
    },
    /// A cell stands behind the last column.
    CellBeyondHeader {
        /// The number of the cell, counted from 1.
        number: usize,
        /// Its text.
        text: String,
    },
    /// No record has the name.
    NameUnknown {
        /// The column.
        column: String,
        /// The name.
        name: String,
    },
    /// Several records have the name.
    NameAmbiguous {
        /// The column.
        column: String,
        /// The name.
        name: String,
        /// How many have it.
        number: usize,
    },
    /// A value cannot be kept as it is.
    Value {
        /// The column; empty if no column goes into the field.
        column: String,
        /// The field, by its name on the outside interface.
        field: String,
        /// What is wrong.
        problem: Problem,
    },
}

impl fmt::Display for RowFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyEmpty { column } => write!(out, "{column}: the key is empty"),
            Self::KeyRepeated { line } => write!(out, "line {line} has the same key"),
            Self::CellBeyondHeader { number, text } => {
                write!(out, "cell {number} ({text:?}) stands behind the last column")
            }
            Self::NameUnknown { column, name } => write!(out, "{column}: nothing is called {name:?}"),
            Self::NameAmbiguous { column, name, number } => {
                write!(out, "{column}: {number} records are called {name:?}")
            }
            Self::Value { column, field, problem } if column.is_empty() => write!(out, "{field}: {}", words(problem)),
            Self::Value { column, field, problem } => write!(out, "{column} ({field}): {}", words(problem)),
        }
    }
}

fn words(problem: &Problem) -> String {
    match problem {
        Problem::Required => "a value is required".to_owned(),
        Problem::TooLong { length, max } => format!("{length} characters, at most {max} fit; nothing is cut"),
        Problem::InvalidDate { given } => format!("{given:?} is no day; name the form of days with --date-format"),
        Problem::InvalidNumber { given } => format!("{given:?} is no number like 1250.50"),
        Problem::InvalidEmail { given } => format!("{given:?} is no mail address"),
        Problem::InvalidText => "the text holds a character that cannot be kept (U+0000)".to_owned(),
        Problem::UnknownRecord { given } => format!("there is no record {given:?}"),
        Problem::UnknownUser { given } => format!("nobody here has the address {given:?}"),
        Problem::InactiveUser { person } => format!("{person} is not active"),
        Problem::NotInList { given } => format!("{given:?} is no value of the field"),
        Problem::UnknownField => "the field cannot be written".to_owned(),
        Problem::LastAdministrator => "this is the last administrator".to_owned(),
    }
}

fn told(error: &CrmError) -> String {
    match error {
        CrmError::Refused(ports::Reason::NoPermission { person }) => {
            format!("{} is no active user of the CRM", person.as_deref().unwrap_or("the person"))
        }
        other => other.to_string(),
    }
}

fn listed(names: &[String]) -> String {
    names.join(", ")
}
