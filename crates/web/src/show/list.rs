//! Around a list: search, sorted heads, tabs, the way to the next rows.

use askama::Template;
use i18n::Words;

use crate::address::Address;
use crate::show::safe_parts;

/// The end of a list: how many rows are shown, and "Next 50" where the list goes on.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<div class="sum-row"><span>{{ shown }}</span>{% if let Some(href) = first %}<a class="link" href="{{ href }}">{{ w.action_first_page() }}</a>{% endif %}{% if let Some(href) = next %}<a class="btn sm end-auto" href="{{ href }}" rel="next">{{ w.action_next_page(rows_max) }}</a>{% endif %}</div>"#,
    ext = "html"
)]
pub struct Pager {
    shown: String,
    first: Option<String>,
    next: Option<String>,
    rows_max: usize,
    w: Words,
}

/// Rows on one page of a list.
pub const ROWS_MAX: usize = 50;

impl Pager {
    /// `address` is the list's own with its filters, `next` the position after the last row (`Page::next`).
    #[must_use]
    pub fn new(address: &Address, shown: usize, next: Option<&str>, w: Words) -> Self {
        Self {
            shown: w.rows_shown(shown),
            first: address.value("after").map(|_| address.without("after").to_string()),
            next: next.map(|position| address.with("after", position).to_string()),
            rows_max: ROWS_MAX,
            w,
        }
    }
}

/// The search box of a toolbar; it keeps the other filters of the address.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<form class="input-wrap find" method="get" action="{{ path }}" role="search" data-autosubmit>{{ crate::show::icon("search") }}<input class="input sm" type="search" name="search" value="{{ value }}" placeholder="{{ label }}" aria-label="{{ label }}" autocomplete="off">{% for (name, value) in kept %}<input type="hidden" name="{{ name }}" value="{{ value }}">{% endfor %}<button class="vh" type="submit">{{ w.action_search() }}</button></form>"#,
    ext = "html"
)]
pub struct Search {
    path: String,
    label: String,
    value: String,
    kept: Vec<(String, String)>,
    w: Words,
}

impl Search {
    /// `label` says what is searched: "Name or e-mail".
    #[must_use]
    pub fn new(address: &Address, label: impl Into<String>, w: Words) -> Self {
        let kept = address.pairs().iter().filter(|(name, _)| name != "search" && name != "after").cloned().collect();
        Self {
            path: address.path().to_owned(),
            label: label.into(),
            value: address.value("search").unwrap_or_default().to_owned(),
            kept,
            w,
        }
    }
}

/// The head of a column that can be sorted by; the address carries `sort=name` or `sort=-name`.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<th scope="col"{% if !class.is_empty() %} class="{{ class }}"{% endif %}{% if let Some(order) = order %} aria-sort="{{ order }}"{% endif %}><a class="row" href="{{ href }}">{{ label }}{% match order %}{% when Some("ascending") %}{{ crate::show::icon("chev-u") }}{% when Some(_) %}{{ crate::show::icon("chev-d") }}{% when None %}{% endmatch %}</a></th>"#,
    ext = "html"
)]
pub struct SortHead {
    label: String,
    href: String,
    order: Option<&'static str>,
    class: &'static str,
}

impl SortHead {
    /// `field` is the word in the address, `present` the list's order (`"name"`, `"-name"`).
    #[must_use]
    pub fn new(address: &Address, field: &str, label: impl Into<String>, present: &str) -> Self {
        let (order, next) = match present.strip_prefix('-') {
            Some(down) if down == field => (Some("descending"), field.to_owned()),
            None if present == field => (Some("ascending"), format!("-{field}")),
            Some(_) | None => (None, field.to_owned()),
        };
        let href = address.without("after").with("sort", &next).to_string();
        Self { label: label.into(), href, order, class: "" }
    }

    /// The same with a class for the cell: `grow`, `end`.
    #[must_use]
    pub fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }
}

/// The tabs below a page's head.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<nav class="tabs" aria-label="{{ label }}">{% for tab in entries %}<a href="{{ tab.href }}"{% if tab.is_here %} aria-current="page"{% endif %}>{{ tab.text }}{% if let Some(count) = tab.count %} <span class="count">{{ count }}</span>{% endif %}</a>{% endfor %}</nav>"#,
    ext = "html"
)]
pub struct Tabs {
    label: String,
    entries: Vec<Tab>,
}

#[derive(Clone, Debug)]
struct Tab {
    text: String,
    href: String,
    count: Option<String>,
    is_here: bool,
}

impl Tabs {
    /// `label` names the group for screen readers.
    #[must_use]
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), entries: Vec::new() }
    }

    /// Another page.
    #[must_use]
    pub fn tab(self, text: impl Into<String>, href: impl Into<String>, count: Option<String>) -> Self {
        self.add(Tab { text: text.into(), href: href.into(), count, is_here: false })
    }

    /// The page that is shown.
    #[must_use]
    pub fn here(self, text: impl Into<String>, href: impl Into<String>, count: Option<String>) -> Self {
        self.add(Tab { text: text.into(), href: href.into(), count, is_here: true })
    }

    fn add(mut self, tab: Tab) -> Self {
        self.entries.push(tab);
        self
    }
}

safe_parts!(Pager, Search, SortHead, Tabs);
