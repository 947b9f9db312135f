//! Laws of the description lens, and the stories of F2.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use proptest::prelude::*;

use super::{clean, normal, plain, put, rich};
use crate::value::PlainText;

fn text(text: &str) -> PlainText {
    PlainText::new(text)
}

#[test]
fn f2_html_reads_as_lines() {
    for (html, lines) in [
        ("", ""),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("<p>one<br>two</p>", "one\ntwo"),
        ("<p>one</p><p><br></p><p>two</p>", "one\n\ntwo"),
        ("<p>one</p>\n  <p></p>\n<p>two\n three</p>", "one\ntwo three"),
        ("one <b>bold</b> <i>x</i>", "one bold x"),
        ("<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>", "- a\n- b\n  - c"),
        ("<ul><li>a<br>b</li><li><p>c</p><p>d</p></li><li></li></ul>e", "- a\n  b\n- c\n  d\n-\ne"),
        ("<a href=\"https://x.example/a?b=1&amp;c\">x</a>.", "x (https://x.example/a?b=1&c)."),
        ("<a href=\"https://x.example/\">https://x.example/</a>", "https://x.example/"),
        ("<a href=\"mailto:a@b.example\">Ann</a>", "Ann (a@b.example)"),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td><p>2</p><p>3</p></td></tr></table>", "A | B\n1 | 2 3"),
        ("<pre>a\n  b\n</pre>c", "a\n  b\nc"),
        ("<b>a<br>b<p>c</p></b>d", "a\nb\nc\nd"),
        ("<div>a</div><div>b</div>", "a\nb"),
    ] {
        assert_eq!(plain(&clean(html)).as_str(), lines, "{html}");
    }
}

#[test]
fn f2_what_is_not_formatting_goes() {
    for (html, kept) in [
        ("<script>alert(1)</script>x", "x"),
        ("<p onclick=\"x()\" style=\"color:red\">x</p>", "<p>x</p>"),
        ("<a href=\"javascript:x()\">x</a>", "<a rel=\"noopener noreferrer\">x</a>"),
        ("<img src=x onerror=alert(1)>x", "x"),
        ("<a href=\"https://x.example\">x</a>", "<a href=\"https://x.example\" rel=\"noopener noreferrer\">x</a>"),
        ("<b>a<p>c</p></b>", "<b>a</b><p><b>c</b></p>"),
    ] {
        assert_eq!(clean(html).as_html(), kept);
    }
}

#[test]
fn f2_typed_markup_stays_text_and_blank_lines_stay() {
    let typed = text("Use <b> only & never \"rm -rf\"\n\nsecond  paragraph");
    let html = rich(&typed);
    assert_eq!(
        html.as_html(),
        "<p>Use &lt;b&gt; only &amp; never \"rm -rf\"</p><p><br></p><p>second &nbsp;paragraph</p>"
    );
    assert_eq!(plain(&html), typed);
    assert_eq!(clean(html.as_html()), html);
}

const RICH: &str = "<p><strong>Fields that change:</strong></p><ul><li>customer number</li><li>tax <i>code</i></li>\
    <li>branch code</li></ul><p>See <a href=\"https://software-customer.example/schema\">the schema</a>.</p>";

#[test]
fn f2_a_changed_line_leaves_the_others_their_formatting() {
    let present = clean(RICH);
    let lines = plain(&present);
    assert_eq!(
        lines.as_str(),
        "Fields that change:\n- customer number\n- tax code\n- branch code\n\
         See the schema (https://software-customer.example/schema)."
    );
    for (from, to, html_from, html_to) in [
        ("tax code", "tax code (11 digits)", "<i>code</i>", "<i>code (11 digits)</i>"),
        ("Fields that change:", "Fields that really change:", "Fields that change", "Fields that really change"),
        ("- tax code\n", "", "<li>tax <i>code</i></li>", ""),
        ("- tax code\n", "- tax code\n- region\n", "<i>code</i></li>", "<i>code</i></li><li>region</li>"),
        ("- tax code\n", "- tax code\n  - region\n", "<i>code</i></li>", "<i>code</i><ul><li>region</li></ul></li>"),
        ("See the", "Also\nSee the", "<p>See", "<p>Also</p><p>See"),
        ("See the schema", "See the new schema", ">the schema", ">the new schema"),
        ("schema).", "schema). End", ">.</p>", ">. End</p>"),
        ("- customer number\n", "- no\n- customer number\n", "<ul>", "<ul><li>no</li>"),
    ] {
        let new = text(&lines.as_str().replace(from, to));
        let expected = present.as_html().replace(html_from, html_to);
        assert_eq!(put(&new, &present).as_html(), expected, "{from} -> {to}");
    }
}

#[test]
fn f2_structure_that_does_not_fit_is_made_anew_and_the_rest_stays() {
    let present = clean(RICH);
    let new = text(&plain(&present).as_str().replace("- tax code", "tax code"));
    let html = put(&new, &present);
    assert_eq!(plain(&html), new);
    assert!(html.as_html().starts_with("<p><strong>Fields that change:</strong></p><ul><li>customer number</li></ul>"));
    assert!(html.as_html().contains(">the schema</a>."));
}

#[test]
fn f2_odd_input_never_fails() {
    for html in ["<".repeat(2_000), "<blockquote>".repeat(2_000), "<b>".repeat(500), "<table><tr><td>".repeat(200)] {
        let present = clean(&html);
        let new = text("a\n- b\n路 🧾");
        assert_eq!(plain(&put(&new, &present)), new);
    }
    let long = text(&"word 路 ".repeat(6_000));
    assert_eq!(plain(&rich(&long)), normal(&long));
    let many = text(&"x\n".repeat(16_000));
    assert_eq!(plain(&put(&many, &clean("<p>a</p><p>x</p>"))), normal(&many));
}

fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "", "one", "two", "- a", "- b", "  - c", "    - d", "-", "- ", "  x", "a | b", "c |", "x (https://x.example/)",
            "<b>bold</b> &amp;", "a  b", " lead", "tail ", "路 切换", "\u{a0}\u{a0}n", "\ttab", "https://x.example/", "a\u{ad}b",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        1 => prop::collection::vec(any::<char>(), 0..8).prop_map(|chars| chars.into_iter().collect()),
    ]
}

fn any_plain() -> impl Strategy<Value = String> {
    prop::collection::vec(any_line(), 0..8).prop_map(|lines| lines.join("\n"))
}

fn any_html() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "<p>", "</p>", "<ul>", "</ul>", "<ol>", "<li>", "</li>", "<b>", "</b>", "<i>", "</i>", "<br>", "<br>",
            "<a href=\"https://x.example/\">", "</a>", "<table>", "<tr>", "<td>", "</td>", "</tr>", "</table>",
            "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<h2>", "</h2>", " ", "\n", "&nbsp;", "&lt;", "<script>",
            "<!-- c -->", "<div>", "</div>", "<code>", "</code>", "</ul></li>",
        ]).prop_map(str::to_owned),
        3 => prop::sample::select(vec!["one", "two ", " a", "- a", "b | c", "路", "https://x.example/"]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// A rich text and lines that were made from its own by an edit, so that most lines fit.
fn any_edit() -> impl Strategy<Value = (String, String)> {
    (any_html(), any_line(), any::<prop::sample::Index>(), 0_u8..3).prop_map(|(html, line, index, kind)| {
        let present = plain(&clean(&html));
        let mut lines: Vec<String> = present.as_str().split('\n').map(str::to_owned).collect();
        let at = index.index(lines.len());
        match kind {
            0 => lines[at] = line,
            1 => lines.insert(at, line),
            _ => {
                lines.remove(at);
            }
        }
        (html, lines.join("\n"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn law_1_putting_back_what_was_got_changes_nothing(html in any_html()) {
        let present = clean(&html);
        prop_assert_eq!(&put(&plain(&present), &present), &present);
    }

    #[test]
    fn law_2_what_was_put_is_what_is_got(html in any_html(), new in any_plain()) {
        let new = text(&new);
        let after = put(&new, &clean(&html));
        prop_assert_eq!(plain(&after), normal(&new));
        prop_assert_eq!(clean(after.as_html()), after);
    }

    #[test]
    fn law_2_holds_for_small_edits((html, new) in any_edit()) {
        let new = text(&new);
        let after = put(&new, &clean(&html));
        prop_assert_eq!(plain(&after), normal(&new));
        prop_assert_eq!(clean(after.as_html()), after);
    }

    #[test]
    fn law_3_normal_forms_are_fixed(html in any_html(), new in any_plain()) {
        let present = clean(&html);
        prop_assert_eq!(&clean(present.as_html()), &present);
        let new = text(&new);
        prop_assert_eq!(normal(&normal(&new)), normal(&new));
        prop_assert_eq!(normal(&plain(&present)), plain(&present));
    }

    #[test]
    fn law_5_there_and_back_gives_the_same_lines(new in any_plain()) {
        let new = text(&new);
        prop_assert_eq!(plain(&rich(&new)), normal(&new));
        prop_assert_eq!(clean(rich(&new).as_html()), rich(&new));
    }
}
