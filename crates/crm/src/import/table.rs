//! Rows of cells: separated, quoted where wanted, with the line on which each begins.

use std::io::Read;

use encoding_rs::Encoding;

use super::ImportError;
use super::decode::{Lines, Text};

/// Characters of one row at most: a row of records is shorter, and a quote never closed must not fill the memory.
const ROW_MAX: usize = 1_000_000;

/// One row of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The line on which it begins.
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

impl Row {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// The rows of a file, blank ones left out.
pub(super) struct Rows<F> {
    text: Text<F>,
    separator: char,
    piece: String,
    /// Where in `piece` the next character stands.
    at: usize,
    lines: Lines,
    /// A `\r` ended the last row: a `\n` behind it belongs to it.
    after_return: bool,
}

/// Where in a cell the reader stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    /// Behind a quote in a quoted cell: it was the end, or the first half of a doubled one.
    QuoteSeen,
}

impl<F: Read> Rows<F> {
    pub(super) fn new(file: F, encoding: &'static Encoding, separator: char) -> Result<Self, ImportError> {
        let text = Text::new(file, encoding);
        Ok(Self { text, separator, piece: String::new(), at: 0, lines: Lines::new(), after_return: false })
    }

    /// The next row that is not blank.
    pub(super) fn next_row(&mut self) -> Result<Option<Row>, ImportError> {
        loop {
            match self.any_row()? {
                Some(row) if row.is_blank() => {}
                other => return Ok(other),
            }
        }
    }

    fn any_row(&mut self) -> Result<Option<Row>, ImportError> {
        let Some(mut sign) = self.first_sign()? else { return Ok(None) };
        let mut row = Row { line: self.lines.number, cells: Vec::new() };
        let (mut cell, mut state, mut length) = (String::new(), State::Start, 0_usize);
        let mut quote_line = row.line;
        loop {
            length += 1;
            if length > ROW_MAX {
                return Err(match state {
                    State::Quoted => ImportError::UnclosedQuote { line: quote_line },
                    State::Start | State::Plain | State::QuoteSeen => {
                        ImportError::RowTooLong { line: row.line, max: ROW_MAX }
                    }
                });
            }
            let is_outside = state != State::Quoted;
            if is_outside && (sign == '\n' || sign == '\r') {
                self.lines.pass(sign);
                self.after_return = sign == '\r';
                row.cells.push(cell);
                return Ok(Some(row));
            }
            if is_outside && sign == self.separator {
                row.cells.push(std::mem::take(&mut cell));
                state = State::Start;
            } else {
                if state == State::Start && sign == '"' {
                    quote_line = self.lines.number;
                }
                state = next_state(state, sign, &mut cell);
            }
            self.lines.pass(sign);
            sign = match self.next_sign()? {
                Some(sign) => sign,
                None if state == State::Quoted => return Err(ImportError::UnclosedQuote { line: quote_line }),
                None => {
                    row.cells.push(cell);
                    return Ok(Some(row));
                }
            };
        }
    }

    /// The first character of a row.
    fn first_sign(&mut self) -> Result<Option<char>, ImportError> {
        let sign = self.next_sign()?;
        if std::mem::take(&mut self.after_return) && sign == Some('\n') {
            self.lines.pass('\n');
            return self.next_sign();
        }
        Ok(sign)
    }

    fn next_sign(&mut self) -> Result<Option<char>, ImportError> {
        loop {
            if let Some(sign) = self.piece.get(self.at..).and_then(|rest| rest.chars().next()) {
                self.at += sign.len_utf8();
                return Ok(Some(sign));
            }
            self.piece.clear();
            self.at = 0;
            if !self.text.next_piece(&mut self.piece)? {
                return Ok(None);
            }
        }
    }
}

/// What a character makes of a cell. A quote inside of a plain cell is a character like others, and so is what follows a
/// closed quote.
fn next_state(state: State, sign: char, cell: &mut String) -> State {
    match (state, sign) {
        (State::Start, '"') => State::Quoted,
        (State::Quoted, '"') => State::QuoteSeen,
        (State::QuoteSeen, '"') | (State::Quoted, _) => {
            cell.push(sign);
            State::Quoted
        }
        (State::Start | State::Plain | State::QuoteSeen, _) => {
            cell.push(sign);
            State::Plain
        }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::UTF_8;

    use super::*;

    fn read(text: &str) -> Result<Vec<(u64, Vec<String>)>, ImportError> {
        let mut rows = Rows::new(text.as_bytes(), UTF_8, ',')?;
        let mut found = Vec::new();
        while let Some(row) = rows.next_row()? {
            found.push((row.line, row.cells));
        }
        Ok(found)
    }

    #[test]
    fn rows_know_the_line_on_which_an_editor_shows_them() {
        let cases: [(&str, &[(u64, &[&str])]); 8] = [
            ("a,b\n1,2", &[(1, &["a", "b"]), (2, &["1", "2"])]),
            ("a,b\r\n1,2\r\n", &[(1, &["a", "b"]), (2, &["1", "2"])]),
            ("a\r1\r\r2\r", &[(1, &["a"]), (2, &["1"]), (4, &["2"])]),
            ("\n\n a\n,,\n1\n", &[(3, &[" a"]), (5, &["1"])]),
            ("\"x\ny\r\nz\",b\nc", &[(1, &["x\ny\r\nz", "b"]), (4, &["c"])]),
            ("\"say \"\"hi\"\"\",5\" disk", &[(1, &["say \"hi\"", "5\" disk"])]),
            ("a,\n", &[(1, &["a", ""])]),
            ("路由器,🧾\n=1+1,007", &[(1, &["路由器", "🧾"]), (2, &["=1+1", "007"])]),
        ];
        for (text, expected) in cases {
            let expected: Vec<(u64, Vec<String>)> = expected
                .iter()
                .map(|(line, cells)| (*line, cells.iter().map(|cell| (*cell).to_owned()).collect()))
                .collect();
            assert_eq!(read(text).ok(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn a_quote_never_closed_is_told_with_its_line() {
        for (text, line) in [("a\n\"b\nc\nd", 2), ("a,b\n\n1,\"2\n3", 3), ("\"", 1)] {
            match read(text) {
                Err(ImportError::UnclosedQuote { line: found }) => assert_eq!(found, line, "{text:?}"),
                other => unreachable!("{text:?}: {other:?}"),
            }
        }
        let endless = format!("a\n\"{}", "x".repeat(ROW_MAX + 1));
        assert!(matches!(read(&endless), Err(ImportError::UnclosedQuote { line: 2 })));
    }
}
