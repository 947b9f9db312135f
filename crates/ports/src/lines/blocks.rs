//! Makes the blocks anew that changed lines touch, where an edit in place does not fit.

use super::diff;
use super::edit::item;
use super::line;
use super::tree::{self, Node};

/// One child of the root, or a run of inline ones, with the lines it shows.
struct Block {
    nodes: Vec<Node>,
    lines: Vec<String>,
}

/// The tree with the touched blocks replaced; blocks whose lines all stayed are kept.
pub(super) fn replace(tree: &[Node], wanted: &[&str]) -> Option<Vec<Node>> {
    let blocks = split(tree);
    let old: Vec<String> = blocks.iter().flat_map(|block| block.lines.iter().cloned()).collect();
    // Blank lines at the ends do not count in the text, so they must not hold a place here.
    let first = old.iter().position(|line| !line.is_empty())?;
    let hunks: Vec<diff::Hunk> = diff::hunks(&old, wanted);
    let mut out = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    let mut pending: Option<(usize, bool)> = None;
    for block in blocks {
        let end = old_at + block.lines.len();
        let kept = kept_from(&hunks, old_at, end);
        match kept {
            Some(new_start) if old_at >= first || !block.lines.is_empty() => {
                let (from, had_list) = pending.take().unwrap_or((new_at, false));
                out.extend(fresh(wanted.get(from..new_start)?, had_list));
                new_at = new_start + block.lines.len();
                out.extend(block.nodes);
            }
            Some(_) | None => {
                let has_list = block.lines.iter().any(|line| item(line).is_some());
                let (from, had_list) = pending.unwrap_or((new_at, false));
                pending = Some((from, had_list || has_list));
            }
        }
        old_at = end;
    }
    let (from, had_list) = pending.unwrap_or((new_at, false));
    out.extend(fresh(wanted.get(from..)?, had_list));
    Some(out)
}

/// Where the unchanged old lines `start..end` stand in the new text; `None` if one of them changed.
fn kept_from(hunks: &[diff::Hunk], start: usize, end: usize) -> Option<usize> {
    let mut shift = 0_isize;
    for hunk in hunks {
        let (old, new) = (hunk.old, hunk.new);
        let inside = old.0 < end && old.1 > start || old.0 == old.1 && old.0 > start && old.0 < end;
        if inside {
            return None;
        }
        if old.1 <= start {
            shift = isize::try_from(new.1).ok()? - isize::try_from(old.1).ok()?;
        }
    }
    start.checked_add_signed(shift)
}

fn split(tree: &[Node]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut run: Vec<Node> = Vec::new();
    let close = |run: &mut Vec<Node>, blocks: &mut Vec<Block>| {
        if !run.is_empty() {
            blocks.push(block(std::mem::take(run)));
        }
    };
    for node in tree {
        if node.is_block() {
            close(&mut run, &mut blocks);
            blocks.push(block(vec![node.clone()]));
        } else {
            run.push(node.clone());
        }
    }
    close(&mut run, &mut blocks);
    blocks
}

fn block(nodes: Vec<Node>) -> Block {
    let lines = line::all(&nodes).iter().map(line::Line::as_text).collect();
    Block { nodes, lines }
}

/// Blocks for new lines: lists where a list was replaced and the levels allow it, else a paragraph a line.
fn fresh(lines: &[&str], may_list: bool) -> Vec<Node> {
    let mut out: Vec<Node> = Vec::new();
    let mut levels: Vec<Vec<Node>> = Vec::new();
    for line in lines {
        match item(line).filter(|(level, content)| may_list && *level <= levels.len() && !content.starts_with(' ')) {
            Some((level, content)) => {
                close_lists(&mut levels, level + 1, &mut out);
                if levels.len() == level {
                    levels.push(Vec::new());
                }
                let children = if content.is_empty() { Vec::new() } else { tree::inline(content) };
                if let Some(list) = levels.last_mut() {
                    list.push(Node::element("li", children));
                }
            }
            None => {
                close_lists(&mut levels, 0, &mut out);
                out.push(tree::paragraph(line));
            }
        }
    }
    close_lists(&mut levels, 0, &mut out);
    out
}

/// Closes lists deeper than `keep` levels into the last item above.
fn close_lists(levels: &mut Vec<Vec<Node>>, keep: usize, out: &mut Vec<Node>) {
    while levels.len() > keep {
        let Some(items) = levels.pop() else { return };
        let list = Node::element("ul", items);
        match levels.last_mut().and_then(|above| above.last_mut()) {
            Some(Node::Element(parent)) => parent.children.push(list),
            Some(Node::Text(_)) | None => out.push(list),
        }
    }
}
