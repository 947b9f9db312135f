//! A small tree of HTML that can be edited: read with the full parser, written by hand in one form.

use scraper::{ElementRef, Html};

/// Elements that stand on lines of their own.
pub(super) const BLOCKS: &[&str] = &[
    "p",
    "div",
    "ul",
    "ol",
    "li",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "td",
    "th",
    "blockquote",
    "pre",
    "h1",
    "h2",
    "h3",
    "h4",
];

/// Elements within a line; `br` ends one.
pub(super) const INLINES: &[&str] = &[
    "a", "b", "strong", "i", "em", "u", "s", "del", "ins", "mark", "code", "kbd", "sub", "sup", "small", "span", "br",
];

/// Deeper elements are dissolved, so that recursion has an end.
const DEPTH_MAX: usize = 64;

/// An element or a piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Text(String),
    Element(Element),
}

/// An element with what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

/// Indexes of children from the root down to a node.
pub(super) type Path = Vec<usize>;

impl Node {
    pub(super) fn element(name: &str, children: Vec<Self>) -> Self {
        Self::Element(Element { name: name.to_owned(), attributes: Vec::new(), children })
    }

    /// The element's name; empty for text.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Text(_) => "",
            Self::Element(element) => &element.name,
        }
    }

    pub(super) fn is_block(&self) -> bool {
        BLOCKS.contains(&self.name())
    }

    pub(super) fn is_break(&self) -> bool {
        self.name() == "br"
    }
}

/// Reads HTML into a tree; never fails, as browsers never do.
pub(super) fn read(html: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    copy(Html::parse_fragment(html).root_element(), 0, false, &mut nodes);
    nodes
}

fn copy(parent: ElementRef<'_>, depth: usize, is_preformatted: bool, out: &mut Vec<Node>) {
    for child in parent.children() {
        if let scraper::Node::Text(text) = child.value() {
            push_text(text, is_preformatted, out);
        }
        let Some(element) = ElementRef::wrap(child) else { continue };
        if depth >= DEPTH_MAX {
            element.text().for_each(|text| push_text(text, is_preformatted, out));
            continue;
        }
        let name = element.value().name().to_owned();
        let mut children = Vec::new();
        copy(element, depth + 1, is_preformatted || name == "pre", &mut children);
        let mut attributes: Vec<_> =
            element.value().attrs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        attributes.sort();
        out.push(Node::Element(Element { name, attributes, children }));
    }
}

/// Line ends of preformatted text are line breaks like all others.
fn push_text(text: &str, is_preformatted: bool, out: &mut Vec<Node>) {
    if !is_preformatted {
        return out.push(Node::Text(text.to_owned()));
    }
    for (index, piece) in text.split('\n').enumerate() {
        if index > 0 {
            out.push(Node::element("br", Vec::new()));
        }
        if !piece.is_empty() {
            out.push(Node::Text(piece.to_owned()));
        }
    }
}

/// Writes a tree as HTML, the same for the same tree.
pub(super) fn write(nodes: &[Node]) -> String {
    let mut out = String::new();
    write_into(nodes, &mut out);
    out
}

fn write_into(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => escape(text, false, out),
            Node::Element(element) => {
                out.push('<');
                out.push_str(&element.name);
                for (name, value) in &element.attributes {
                    out.push(' ');
                    out.push_str(name);
                    out.push_str("=\"");
                    escape(value, true, out);
                    out.push('"');
                }
                out.push('>');
                if element.name != "br" {
                    write_into(&element.children, out);
                    out.push_str("</");
                    out.push_str(&element.name);
                    out.push('>');
                }
            }
        }
    }
}

fn escape(text: &str, is_attribute: bool, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if is_attribute => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}

/// A paragraph that shows this line literally.
pub(super) fn paragraph(line: &str) -> Node {
    Node::element("p", inline(line))
}

/// What stands inside a block to show this line literally: a break for a blank one.
pub(super) fn inline(line: &str) -> Vec<Node> {
    if line.is_empty() { vec![Node::element("br", Vec::new())] } else { vec![Node::Text(with_spaces_kept(line))] }
}

/// Spaces that HTML would swallow become no-break spaces, which read as spaces again.
pub(super) fn with_spaces_kept(line: &str) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut may_swallow = true;
    for character in line.chars() {
        let kept_character = if character == ' ' && may_swallow { '\u{a0}' } else { character };
        may_swallow = kept_character == ' ';
        kept.push(kept_character);
    }
    kept
}

/// The children of the element at `path`, to be changed; of the root for an empty path.
pub(super) fn children_at_mut<'a>(nodes: &'a mut Vec<Node>, path: &[usize]) -> Option<&'a mut Vec<Node>> {
    match path.split_first() {
        None => Some(nodes),
        Some((first, rest)) => match nodes.get_mut(*first)? {
            Node::Element(element) => children_at_mut(&mut element.children, rest),
            Node::Text(_) => None,
        },
    }
}

/// The piece of text at `path`, to be changed.
pub(super) fn text_at_mut<'a>(nodes: &'a mut Vec<Node>, path: &[usize]) -> Option<&'a mut String> {
    let (last, above) = path.split_last()?;
    match children_at_mut(nodes, above)?.get_mut(*last)? {
        Node::Text(text) => Some(text),
        Node::Element(_) => None,
    }
}
