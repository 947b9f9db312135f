//! Writes changed lines into the tree they came from, touching nothing else.
//!
//! The answer is an attempt: [`super::put`] reads it back and takes it only if every line came out as wanted.

use super::diff::{self, Hunk};
use super::line::{self, Line, Spot};
use super::tree::{self, Node, Path};

/// Changes within a line the words that differ only, so that its formatting stays.
pub(super) fn words(tree: &[Node], wanted: &[&str]) -> Option<Vec<Node>> {
    edited(tree, wanted, replace_words)
}

/// Replaces lines that differ as a whole.
pub(super) fn lines(tree: &[Node], wanted: &[&str]) -> Option<Vec<Node>> {
    edited(tree, wanted, replace_line)
}

enum Edit<'a> {
    Change(usize, &'a str),
    Remove(usize),
    /// Before the old line of this number.
    Insert(usize, &'a str),
}

type Replace = fn(&mut Vec<Node>, &Line, &str) -> Option<()>;

/// Makes the edits from the last line to the first, so that the places of earlier lines stay true.
fn edited(tree: &[Node], wanted: &[&str], replace: Replace) -> Option<Vec<Node>> {
    let lines = line::lines(tree);
    let old: Vec<String> = lines.iter().map(Line::as_text).collect();
    let mut edits = Vec::new();
    for hunk in diff::hunks(&old, wanted) {
        plan(&hunk, &old, wanted, &mut edits);
    }
    let mut nodes = tree.to_vec();
    for edit in edits.iter().rev() {
        match edit {
            Edit::Change(at, text) => replace(&mut nodes, lines.get(*at)?, text)?,
            Edit::Remove(at) => remove(&mut nodes, lines.get(*at)?)?,
            Edit::Insert(at, text) => {
                let above = at.checked_sub(1).and_then(|above| lines.get(above));
                insert(&mut nodes, above, lines.get(*at), text)?;
            }
        }
    }
    Some(nodes)
}

/// Lists the edits of one hunk from top to bottom.
fn plan<'a>(hunk: &Hunk, old: &[String], new: &[&'a str], edits: &mut Vec<Edit<'a>>) {
    let old_lines = old.get(hunk.old.0..hunk.old.1).unwrap_or_default();
    let new_lines = new.get(hunk.new.0..hunk.new.1).unwrap_or_default();
    let (mut old_at, mut new_at) = (0, 0);
    let mut pairs = diff::pairs(old_lines, new_lines);
    pairs.push((old_lines.len(), new_lines.len()));
    for (old_next, new_next) in pairs {
        for text in new_lines.get(new_at..new_next).unwrap_or_default() {
            edits.push(Edit::Insert(hunk.old.0 + old_at, text));
        }
        for removed in old_at..old_next {
            edits.push(Edit::Remove(hunk.old.0 + removed));
        }
        if let Some(text) = new_lines.get(new_next) {
            edits.push(Edit::Change(hunk.old.0 + old_next, text));
        }
        (old_at, new_at) = (old_next + 1, new_next + 1);
    }
}

fn replace_words(nodes: &mut Vec<Node>, line: &Line, new: &str) -> Option<()> {
    let new: Vec<char> = new.chars().collect();
    let (head, tail) = diff::common_ends(&line.text, &new);
    if head < line.prefix {
        return None;
    }
    let fresh: String = new.get(head..new.len() - tail)?.iter().collect();
    let gone = line.spots.get(head..line.text.len() - tail)?;
    let mut spots = Vec::with_capacity(gone.len());
    for spot in gone {
        spots.push(spot.clone()?);
    }
    let before = head.checked_sub(1).and_then(|at| line.spots.get(at)?.clone());
    let at = match (spots.first(), before) {
        (Some(first), _) => first.clone(),
        (None, Some(before)) => Spot { at: before.at + 1, ..before },
        (None, None) if head == line.text.len() && !line.is_row => {
            let text = Node::Text(tree::with_spaces_kept(&format!("x{fresh}")).split_off(1));
            tree::children_at_mut(nodes, &line.container)?.insert(line.run.1, text);
            return Some(());
        }
        (None, None) => line.spots.get(head)?.clone()?,
    };
    for spot in spots.iter().rev() {
        let text = tree::text_at_mut(nodes, &spot.leaf)?;
        *text = text.chars().enumerate().filter(|(index, _)| *index != spot.at).map(|(_, c)| c).collect();
    }
    let text = tree::text_at_mut(nodes, &at.leaf)?;
    let (left, right): (String, String) = (text.chars().take(at.at).collect(), text.chars().skip(at.at).collect());
    *text = keep_inner_spaces(&format!("{left}{fresh}{right}"));
    Some(())
}

/// Two spaces side by side would be shown as one.
fn keep_inner_spaces(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for character in text.chars() {
        kept.push(if character == ' ' && kept.ends_with(' ') { '\u{a0}' } else { character });
    }
    kept
}

fn replace_line(nodes: &mut Vec<Node>, line: &Line, new: &str) -> Option<()> {
    let prefix: String = line.text.iter().take(line.prefix).collect();
    let content = new.strip_prefix(&prefix)?;
    if line.is_row {
        let cells = content.split(" | ").map(|cell| Node::element("td", inline_or_nothing(cell))).collect();
        let row = tree::children_at_mut(nodes, &line.container)?;
        *row = with_kept_cells(row, cells);
        return Some(());
    }
    let children = tree::children_at_mut(nodes, &line.container)?;
    let has_break = children.get(line.run.1).is_some_and(Node::is_break);
    let fresh = if has_break { inline_or_nothing(content) } else { tree::inline(content) };
    children.splice(line.run.0..line.run.1.min(children.len()), fresh);
    Some(())
}

fn inline_or_nothing(text: &str) -> Vec<Node> {
    if text.is_empty() { Vec::new() } else { tree::inline(text) }
}

/// Cells that show the same as before keep what they had.
fn with_kept_cells(old: &[Node], new: Vec<Node>) -> Vec<Node> {
    let shown = |cell: &Node| line::text(std::slice::from_ref(cell));
    new.into_iter()
        .enumerate()
        .map(|(index, cell)| match old.get(index) {
            Some(present) if shown(present) == shown(&cell) => present.clone(),
            Some(_) | None => cell,
        })
        .collect()
}

fn remove(nodes: &mut Vec<Node>, line: &Line) -> Option<()> {
    if line.is_row {
        return remove_element(nodes, &line.container);
    }
    let children = tree::children_at_mut(nodes, &line.container)?;
    let has_break = children.get(line.run.1).is_some_and(Node::is_break);
    let end = (line.run.1 + usize::from(has_break)).min(children.len());
    children.drain(line.run.0..end);
    if children.is_empty() && !line.container.is_empty() { remove_element(nodes, &line.container) } else { Some(()) }
}

/// Takes an element out, and those above that are empty then.
fn remove_element(nodes: &mut Vec<Node>, path: &[usize]) -> Option<()> {
    let (last, above) = path.split_last()?;
    let siblings = tree::children_at_mut(nodes, above)?;
    if *last < siblings.len() {
        siblings.remove(*last);
    }
    if siblings.is_empty() && !above.is_empty() { remove_element(nodes, above) } else { Some(()) }
}

fn insert(nodes: &mut Vec<Node>, above: Option<&Line>, below: Option<&Line>, text: &str) -> Option<()> {
    if let Some((level, content)) = item(text) {
        let new = Node::element("li", inline_or_nothing(content));
        if let Some(path) = above.and_then(|line| line.items.get(level)) {
            return insert_beside(nodes, path, 1, new);
        }
        if let Some(path) = below.and_then(|line| line.items.get(level)) {
            return insert_beside(nodes, path, 0, new);
        }
        if let Some(path) = level.checked_sub(1).and_then(|parent| above?.items.get(parent)) {
            tree::children_at_mut(nodes, path)?.push(Node::element("ul", vec![new]));
            return Some(());
        }
    }
    match (above, below) {
        (Some(above), Some(below)) if above.is_row && below.is_row && text.contains(" | ") => {
            let cells = text.split(" | ").map(|cell| Node::element("td", inline_or_nothing(cell))).collect();
            insert_beside(nodes, &above.container, 1, Node::element("tr", cells))
        }
        (Some(above), Some(below)) if above.container == below.container && !above.is_row => {
            let children = tree::children_at_mut(nodes, &above.container)?;
            let at = below.run.0.min(children.len());
            let mut fresh = inline_or_nothing(text);
            fresh.push(Node::element("br", Vec::new()));
            children.splice(at..at, fresh);
            Some(())
        }
        (Some(above), below) => {
            let block = top(above);
            if below.is_some_and(|below| !below.container.is_empty() && top(below) == block) {
                return None;
            }
            let at = if above.container.is_empty() {
                above.run.1 + usize::from(nodes.get(above.run.1).is_some_and(Node::is_break))
            } else {
                block + 1
            };
            nodes.insert(at.min(nodes.len()), tree::paragraph(text));
            Some(())
        }
        (None, Some(below)) => {
            nodes.insert(top(below).min(nodes.len()), tree::paragraph(text));
            Some(())
        }
        (None, None) => {
            nodes.push(tree::paragraph(text));
            Some(())
        }
    }
}

/// The child of the root that a line stands in.
fn top(line: &Line) -> usize {
    line.container.first().copied().unwrap_or(line.run.0)
}

fn insert_beside(nodes: &mut Vec<Node>, path: &Path, offset: usize, new: Node) -> Option<()> {
    let (last, above) = path.split_last()?;
    let siblings = tree::children_at_mut(nodes, above)?;
    siblings.insert((last + offset).min(siblings.len()), new);
    Some(())
}

/// The level (0 is outermost) and the content of a line that looks like a list item.
pub(super) fn item(line: &str) -> Option<(usize, &str)> {
    let content = line.trim_start_matches(' ');
    let blanks = line.len() - content.len();
    let content = if content == "-" { "" } else { content.strip_prefix("- ")? };
    blanks.is_multiple_of(2).then_some((blanks / 2, content))
}
