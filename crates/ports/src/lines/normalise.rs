//! Brings a tree to the form that lines are read from: breaks and blocks outside of inline elements, white space as shown.

use super::tree::{Element, Node};

/// The same text as a browser shows it. Done twice it changes nothing more.
pub(super) fn normalise(nodes: Vec<Node>) -> Vec<Node> {
    arrange(nodes, false)
}

/// Arranges what stands directly inside a block.
fn arrange(nodes: Vec<Node>, is_preformatted: bool) -> Vec<Node> {
    let mut lifted = Vec::new();
    for node in nodes {
        lift(node, is_preformatted, &mut lifted);
    }
    let mut arranged = Vec::new();
    let mut run = Vec::new();
    for node in lifted {
        if node.is_block() || node.is_break() {
            finish_run(&mut run, is_preformatted, &mut arranged);
            arranged.push(node);
        } else {
            run.push(node);
        }
    }
    finish_run(&mut run, is_preformatted, &mut arranged);
    arranged
}

/// Splits an inline element around breaks and blocks inside of it.
fn lift(node: Node, is_preformatted: bool, out: &mut Vec<Node>) {
    let element = match node {
        Node::Element(element) => element,
        text @ Node::Text(_) => return out.push(text),
    };
    let Element { name, attributes, children } = element;
    if name == "br" {
        return out.push(Node::element("br", Vec::new()));
    }
    let shell = Element { name, attributes, children: Vec::new() };
    let node = Node::Element(shell.clone());
    if node.is_block() {
        let inner = arrange(children, is_preformatted || shell.name == "pre");
        return push_block(shell, inner, out);
    }
    let mut parts = Vec::new();
    for child in children {
        lift(child, is_preformatted, &mut parts);
    }
    wrap(parts, &shell, out);
}

/// Paragraphs and headings cannot hold blocks: they are split around them.
fn push_block(shell: Element, inner: Vec<Node>, out: &mut Vec<Node>) {
    let is_leaf = matches!(shell.name.as_str(), "p" | "h1" | "h2" | "h3" | "h4");
    if !is_leaf || !inner.iter().any(Node::is_block) {
        return out.push(Node::Element(Element { children: inner, ..shell }));
    }
    let mut run = Vec::new();
    for node in inner {
        if node.is_block() {
            if !run.is_empty() {
                out.push(Node::Element(Element { children: std::mem::take(&mut run), ..shell.clone() }));
            }
            out.push(node);
        } else {
            run.push(node);
        }
    }
    if !run.is_empty() {
        out.push(Node::Element(Element { children: run, ..shell }));
    }
}

/// Puts `shell` around every run of inline nodes, also inside blocks, never around a break.
fn wrap(parts: Vec<Node>, shell: &Element, out: &mut Vec<Node>) {
    let mut run = Vec::new();
    let close = |run: &mut Vec<Node>, out: &mut Vec<Node>| {
        if !run.is_empty() {
            out.push(Node::Element(Element { children: std::mem::take(run), ..shell.clone() }));
        }
    };
    for part in parts {
        match part {
            Node::Element(element) if element.name == "br" => {
                close(&mut run, out);
                out.push(Node::Element(element));
            }
            Node::Element(element) if Node::Element(element.clone()).is_block() => {
                close(&mut run, out);
                let mut inner = Vec::new();
                wrap(element.children, shell, &mut inner);
                out.push(Node::Element(Element {
                    children: inner,
                    name: element.name,
                    attributes: element.attributes,
                }));
            }
            inline => run.push(inline),
        }
    }
    close(&mut run, out);
}

/// Closes a run of inline nodes: white space as shown, nothing that is empty.
fn finish_run(run: &mut Vec<Node>, is_preformatted: bool, out: &mut Vec<Node>) {
    let mut nodes = std::mem::take(run);
    if !is_preformatted {
        let mut after_space = true;
        collapse(&mut nodes, &mut after_space);
        trim_end(&mut nodes);
    }
    prune(&mut nodes);
    out.append(&mut nodes);
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

fn collapse(nodes: &mut [Node], after_space: &mut bool) {
    for node in nodes {
        match node {
            Node::Text(text) => {
                let mut kept = String::with_capacity(text.len());
                for character in text.chars() {
                    if !is_space(character) {
                        kept.push(character);
                    } else if !*after_space {
                        kept.push(' ');
                    }
                    *after_space = is_space(character);
                }
                *text = kept;
            }
            Node::Element(element) => collapse(&mut element.children, after_space),
        }
    }
}

/// Takes the one space away that may be left at the end; says whether text was found.
fn trim_end(nodes: &mut [Node]) -> bool {
    for node in nodes.iter_mut().rev() {
        let found = match node {
            Node::Text(text) if text.is_empty() => false,
            Node::Text(text) => {
                if text.ends_with(' ') {
                    text.pop();
                }
                true
            }
            Node::Element(element) => trim_end(&mut element.children),
        };
        if found {
            return true;
        }
    }
    false
}

/// Drops empty pieces and joins neighbouring texts.
fn prune(nodes: &mut Vec<Node>) {
    let mut kept: Vec<Node> = Vec::with_capacity(nodes.len());
    for node in nodes.drain(..) {
        match node {
            Node::Text(text) if text.is_empty() => {}
            Node::Text(text) => match kept.last_mut() {
                Some(Node::Text(last)) => last.push_str(&text),
                Some(Node::Element(_)) | None => kept.push(Node::Text(text)),
            },
            Node::Element(mut element) => {
                prune(&mut element.children);
                if !element.children.is_empty() {
                    kept.push(Node::Element(element));
                }
            }
        }
    }
    *nodes = kept;
}
