//! The lines of a tree, each with the place it came from, character by character.

use super::tree::{Element, Node, Path};
use super::without_blank_ends;

/// One line as plain text shows it, and where it stands in the tree.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its characters.
    pub(super) text: Vec<char>,
    /// Where each character stands; `None` for those that only plain text has (list dash, address, cell border).
    pub(super) spots: Vec<Option<Spot>>,
    /// How many characters at the start show the list level.
    pub(super) prefix: usize,
    /// The block whose children make the line; for a table row the row.
    pub(super) container: Path,
    /// Those children, first and behind the last.
    pub(super) run: (usize, usize),
    /// Whether it is a table row.
    pub(super) is_row: bool,
    /// The list items around it, outermost first.
    pub(super) items: Vec<Path>,
}

/// One character of a piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The piece.
    pub(super) leaf: Path,
    /// Which character of it.
    pub(super) at: usize,
}

impl Line {
    pub(super) fn as_text(&self) -> String {
        self.text.iter().collect()
    }
}

/// All lines between the first and the last that is not blank.
pub(super) fn lines(nodes: &[Node]) -> Vec<Line> {
    without_blank_ends(&all(nodes), |line| line.text.is_empty()).to_vec()
}

/// All lines, blank ones at the ends too.
pub(super) fn all(nodes: &[Node]) -> Vec<Line> {
    let mut walk = Walk::default();
    walk.block(nodes, &mut Path::new());
    walk.lines
}

/// The lines joined.
pub(super) fn text(nodes: &[Node]) -> String {
    lines(nodes).iter().map(Line::as_text).collect::<Vec<_>>().join("\n")
}

/// How a character of rich text shows in plain text.
pub(super) fn plain_character(character: char) -> char {
    match character {
        '\u{a0}' | '\t' | '\n' | '\r' | '\u{c}' => ' ',
        other => other,
    }
}

#[derive(Default)]
struct Walk {
    lines: Vec<Line>,
    items: Vec<Path>,
    /// Whether the next line is the first of its list item.
    is_first_of_item: bool,
}

#[derive(Default)]
struct Buffer {
    text: Vec<char>,
    spots: Vec<Option<Spot>>,
}

impl Buffer {
    fn push_extra(&mut self, text: &str) {
        for character in text.chars() {
            self.text.push(plain_character(character));
            self.spots.push(None);
        }
    }

    fn append(&mut self, mut other: Self) {
        self.text.append(&mut other.text);
        self.spots.append(&mut other.spots);
    }
}

impl Walk {
    fn block(&mut self, nodes: &[Node], path: &mut Path) {
        let mut start = None;
        let mut buffer = Buffer::default();
        for (index, node) in nodes.iter().enumerate() {
            if node.is_break() {
                let run = (start.take().unwrap_or(index), index);
                self.finish(std::mem::take(&mut buffer), path, run);
            } else if node.is_block() {
                if let Some(first) = start.take() {
                    self.finish(std::mem::take(&mut buffer), path, (first, index));
                }
                if let Node::Element(element) = node {
                    path.push(index);
                    self.inner(element, path);
                    path.pop();
                }
            } else {
                start.get_or_insert(index);
                path.push(index);
                write_inline(node, path, &mut buffer);
                path.pop();
            }
        }
        if let Some(first) = start {
            self.finish(buffer, path, (first, nodes.len()));
        }
    }

    fn inner(&mut self, element: &Element, path: &mut Path) {
        match element.name.as_str() {
            "tr" => self.row(element, path),
            "li" => {
                let before = self.lines.len();
                self.items.push(path.clone());
                self.is_first_of_item = true;
                self.block(&element.children, path);
                if self.lines.len() == before {
                    self.finish(Buffer::default(), path, (0, 0));
                }
                self.is_first_of_item = false;
                self.items.pop();
            }
            _ => self.block(&element.children, path),
        }
    }

    fn row(&mut self, row: &Element, path: &mut Path) {
        let mut buffer = Buffer::default();
        for (index, cell) in row.children.iter().enumerate() {
            if index > 0 {
                buffer.push_extra(" | ");
            }
            if let Node::Element(cell) = cell {
                path.push(index);
                buffer.append(cell_content(cell, path));
                path.pop();
            }
        }
        let container = path.clone();
        self.finish(buffer, &container, (0, row.children.len()));
        if let Some(line) = self.lines.last_mut() {
            line.is_row = true;
        }
    }

    fn finish(&mut self, content: Buffer, container: &Path, run: (usize, usize)) {
        let mut buffer = Buffer::default();
        let depth = self.items.len();
        if depth > 0 {
            if std::mem::take(&mut self.is_first_of_item) {
                buffer.push_extra(&"  ".repeat(depth - 1));
                buffer.push_extra("- ");
            } else {
                buffer.push_extra(&"  ".repeat(depth));
            }
        }
        let prefix = buffer.text.len();
        buffer.append(content);
        while buffer.text.last() == Some(&' ') {
            buffer.text.pop();
            buffer.spots.pop();
        }
        self.lines.push(Line {
            prefix: prefix.min(buffer.text.len()),
            text: buffer.text,
            spots: buffer.spots,
            container: container.clone(),
            run,
            is_row: false,
            items: self.items.clone(),
        });
    }
}

/// What a cell shows, its own lines joined by blanks.
fn cell_content(cell: &Element, path: &mut Path) -> Buffer {
    let mut walk = Walk::default();
    walk.block(&cell.children, path);
    let mut buffer = Buffer::default();
    for line in walk.lines.into_iter().filter(|line| !line.text.is_empty()) {
        if !buffer.text.is_empty() {
            buffer.push_extra(" ");
        }
        buffer.append(Buffer { text: line.text, spots: line.spots });
    }
    buffer
}

fn write_inline(node: &Node, path: &mut Path, buffer: &mut Buffer) {
    match node {
        Node::Text(text) => {
            for (at, character) in text.chars().enumerate() {
                buffer.text.push(plain_character(character));
                buffer.spots.push(Some(Spot { leaf: path.clone(), at }));
            }
        }
        Node::Element(element) => {
            let start = buffer.text.len();
            for (index, child) in element.children.iter().enumerate() {
                path.push(index);
                write_inline(child, path, buffer);
                path.pop();
            }
            if let Some(address) = address(element) {
                let shown: String = buffer.text.iter().skip(start).collect();
                if shown != address && !shown.is_empty() {
                    buffer.push_extra(&format!(" ({address})"));
                }
            }
        }
    }
}

/// The address of a link; a mail address without its scheme.
fn address(element: &Element) -> Option<&str> {
    let (_, address) = element.attributes.iter().find(|(name, _)| element.name == "a" && name == "href")?;
    Some(address.strip_prefix("mailto:").unwrap_or(address))
}
