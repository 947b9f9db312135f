//! The line model of a description: HTML to lines and back without losing formatting (F2).
//!
//! [`plain`] reads a rich text as lines, [`put`] writes changed lines back into it: the two halves of one lens.
//! `put(plain(x), x)` is `x`, and `plain(put(v, x))` is [`normal`]`(v)`.

mod blocks;
mod diff;
mod edit;
mod line;
mod mention;
mod normalise;
mod tree;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::value::{PlainText, RichText};

pub use mention::{mentioned, without_mentions};

/// Makes HTML that anybody may have written safe and brings it to one form: only formatting, lists, tables, links
/// (http, https, mailto). Clean text stays as it is.
pub fn clean(html: &str) -> RichText {
    let safe = SANITISER.clean(&html.replace('\0', "")).to_string();
    settled(tree::write(&normalise::normalise(tree::read(&safe))))
}

/// Takes back from the store what [`clean`], [`rich`] or [`put`] made; nothing is checked.
pub fn stored(html: String) -> RichText {
    RichText::from_clean(html)
}

/// The text as lines, in normal form: paragraphs by line breaks, list items "- " with two spaces a level, links as
/// `text (address)`, a table row a line with " | " between its cells.
pub fn plain(rich: &RichText) -> PlainText {
    if rich.as_html().is_empty() {
        return PlainText::default();
    }
    PlainText::new(&line::text(&read(rich)))
}

/// The normal form of plain text, which both sides are compared in: no white space at the ends of lines, no blank
/// lines at either end, every kind of blank (no-break, tab) an ordinary one.
pub fn normal(text: &PlainText) -> PlainText {
    let lines: Vec<String> = text
        .as_str()
        .split('\n')
        .map(|line| line.chars().map(line::plain_character).collect::<String>().trim_end_matches(' ').to_owned())
        .collect();
    PlainText::new(&without_blank_ends(&lines, |line| line.is_empty()).join("\n"))
}

/// A paragraph per line, every character literally as typed; blank lines are kept, lines like list items stay text.
pub fn rich(text: &PlainText) -> RichText {
    let text = normal(text);
    if text.as_str().is_empty() {
        return RichText::default();
    }
    RichText::from_clean(tree::write(&text.as_str().split('\n').map(tree::paragraph).collect::<Vec<_>>()))
}

/// Writes `new` into `present`: only the lines that differ change; formatting, lists and links of all others stay,
/// and a changed line keeps its formatting outside of the changed words.
///
/// Where the new lines do not fit into the present structure, the blocks they touch are made anew.
pub fn put(new: &PlainText, present: &RichText) -> RichText {
    let wanted = normal(new);
    if wanted.as_str().is_empty() && present.as_html().is_empty() || plain(present) == wanted {
        return present.clone();
    }
    if wanted.as_str().is_empty() {
        return RichText::default();
    }
    let tree = read(present);
    let lines: Vec<&str> = wanted.as_str().split('\n').collect();
    let fits = |edited: Vec<tree::Node>| {
        // What was edited is read as a reader will read it: out of its written form.
        let written = settled(tree::write(&normalise::normalise(edited)));
        (plain(&written) == wanted).then_some(written)
    };
    edit::words(&tree, &lines)
        .and_then(fits)
        .or_else(|| edit::lines(&tree, &lines).and_then(fits))
        .or_else(|| blocks::replace(&tree, &lines).and_then(fits))
        .unwrap_or_else(|| rich(&wanted))
}

/// A reader may see misplaced elements (text inside a table) elsewhere than they were written: written until it stays.
fn settled(mut html: String) -> RichText {
    for _ in 0..SETTLE_MAX {
        let again = tree::write(&normalise::normalise(tree::read(&html)));
        if again == html {
            return RichText::from_clean(html);
        }
        html = again;
    }
    rich(&PlainText::new(&line::text(&normalise::normalise(tree::read(&html)))))
}

/// Rounds after which odd HTML is taken as its lines.
const SETTLE_MAX: usize = 4;

fn read(rich: &RichText) -> Vec<tree::Node> {
    normalise::normalise(tree::read(rich.as_html()))
}

/// The part of `lines` between the first and the last one that is not blank.
fn without_blank_ends<T>(lines: &[T], is_blank: impl Fn(&T) -> bool) -> &[T] {
    let Some(first) = lines.iter().position(|line| !is_blank(line)) else { return &[] };
    let last = lines.iter().rposition(|line| !is_blank(line)).unwrap_or(first);
    lines.get(first..=last).unwrap_or_default()
}

/// What a description or comment may consist of. Everything else goes, its text stays.
static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let tags: HashSet<&str> = tree::BLOCKS.iter().chain(tree::INLINES).copied().collect();
    let mut builder = ammonia::Builder::default();
    builder
        .tags(tags)
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("td", HashSet::from(["colspan", "rowspan"])),
            ("th", HashSet::from(["colspan", "rowspan"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer"));
    builder
});

#[cfg(test)]
mod tests;
