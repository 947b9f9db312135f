//! A list as a file: RFC 4180, UTF-8 with a mark, so that table programs read every script.

/// A file being written.
pub(crate) struct Csv {
    text: String,
}

impl Csv {
    pub(crate) fn new(columns: &[&str]) -> Self {
        let mut csv = Self { text: "\u{feff}".to_owned() };
        csv.row(columns);
        csv
    }

    pub(crate) fn row(&mut self, cells: &[&str]) {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.cell(cell);
        }
        self.text.push_str("\r\n");
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// A cell that a table program would take for a formula is kept as text by a quote before it.
    fn cell(&mut self, cell: &str) {
        let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let needs_quotes = cell.contains([',', '"', '\n', '\r']) || cell.starts_with(' ') || cell.ends_with(' ');
        if needs_quotes {
            self.text.push('"');
        }
        if is_formula {
            self.text.push('\'');
        }
        if needs_quotes {
            self.text.push_str(&cell.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(cell);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Csv;

    #[test]
    fn a_cell_survives_separators_quotes_lines_and_formulas() {
        let mut csv = Csv::new(&["name", "text"]);
        csv.row(&["路由器, \"大\"", "a\nb"]);
        csv.row(&["=1+1", ""]);
        assert_eq!(csv.finish(), "\u{feff}name,text\r\n\"路由器, \"\"大\"\"\",\"a\nb\"\r\n'=1+1,\r\n");
    }
}
