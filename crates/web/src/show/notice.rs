//! What tells a person something: banner, empty place, refusal, change of a value.

use askama::Template;

use crate::show::{Icon, Tone, icon, safe_parts};

/// A way on: a link, or a button that posts.
#[derive(Clone, Debug)]
pub struct Way {
    /// What happens, as the person reads it.
    pub text: String,
    /// Where the link leads, or what the button posts to.
    pub href: String,
    /// The icon before the text.
    pub icon: Option<Icon>,
    /// Whether it is the one that is recommended.
    pub is_primary: bool,
}

impl Way {
    /// A link.
    #[must_use]
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), icon: None, is_primary: false }
    }

    /// The recommended link.
    #[must_use]
    pub fn primary(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { is_primary: true, ..Self::link(text, href) }
    }

    /// The same with an icon.
    #[must_use]
    pub fn with_icon(self, name: &'static str) -> Self {
        Self { icon: Some(icon(name)), ..self }
    }
}

/// A strip over the content: a headline, a sentence, ways on.
#[derive(Clone, Debug, Template)]
#[template(path = "components/banner.html")]
pub struct Banner {
    tone: Tone,
    icon: Icon,
    title: String,
    text: String,
    ways: Vec<Way>,
    is_alert: bool,
}

impl Banner {
    /// Something to know.
    #[must_use]
    pub fn new(tone: Tone, icon_name: &'static str, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone, icon: icon(icon_name), title: title.into(), text: text.into(), ways: Vec::new(), is_alert: false }
    }

    /// The error of what the person has just done; read out at once.
    #[must_use]
    pub fn alert(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { is_alert: true, ..Self::new(Tone::Danger, "alert", title, text) }
    }

    /// The same with a way on.
    #[must_use]
    pub fn with(mut self, way: Way) -> Self {
        self.ways.push(way);
        self
    }
}

/// Why there is nothing here, and the next step.
#[derive(Clone, Debug, Template)]
#[template(path = "components/empty.html")]
pub struct Empty {
    icon: Icon,
    text: String,
    ways: Vec<Way>,
}

impl Empty {
    /// An empty place.
    #[must_use]
    pub fn new(icon_name: &'static str, text: impl Into<String>) -> Self {
        Self { icon: icon(icon_name), text: text.into(), ways: Vec::new() }
    }

    /// The same with the next step.
    #[must_use]
    pub fn with(mut self, way: Way) -> Self {
        self.ways.push(way);
        self
    }
}

/// A value before and after; a refused one is struck out.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<span class="diff{% if is_rejected %} is-rejected{% endif %}"><del><span class="vh">{{ before_label }} </span>{{ before }}</del>{{ crate::show::icon("arrow-r") }}<ins><span class="vh">{{ after_label }} </span>{{ after }}</ins></span>"#,
    ext = "html"
)]
pub struct Diff {
    before: String,
    after: String,
    before_label: &'static str,
    after_label: &'static str,
    is_rejected: bool,
}

impl Diff {
    /// A change that holds.
    #[must_use]
    pub fn applied(before: impl Into<String>, after: impl Into<String>, w: i18n::Words) -> Self {
        let (before, after) = (before.into(), after.into());
        Self { before, after, before_label: w.diff_before(), after_label: w.diff_after(), is_rejected: false }
    }

    /// A change that was asked for and refused.
    #[must_use]
    pub fn rejected(before: impl Into<String>, after: impl Into<String>, w: i18n::Words) -> Self {
        Self { is_rejected: true, after_label: w.diff_asked(), ..Self::applied(before, after, w) }
    }
}

/// A refusal: what was asked or would be, why not, what holds now.
#[derive(Clone, Debug, Template)]
#[template(path = "components/case.html")]
pub struct Case {
    is_warning: bool,
    id: String,
    title: String,
    text: String,
    diff: Option<Diff>,
    also: String,
    ways: Vec<Way>,
}

impl Case {
    /// Something was not applied.
    #[must_use]
    pub fn refused(id: impl Into<String>, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            is_warning: false,
            id: id.into(),
            title: title.into(),
            text: text.into(),
            diff: None,
            also: String::new(),
            ways: Vec::new(),
        }
    }

    /// Something would not be applied if it were saved.
    #[must_use]
    pub fn would_be_refused(id: impl Into<String>, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { is_warning: true, ..Self::refused(id, title, text) }
    }

    /// The same with the value before and after.
    #[must_use]
    pub fn with_diff(self, diff: Diff) -> Self {
        Self { diff: Some(diff), ..self }
    }

    /// The same with a last line in small letters.
    #[must_use]
    pub fn with_also(self, also: impl Into<String>) -> Self {
        Self { also: also.into(), ..self }
    }

    /// The same with a way out.
    #[must_use]
    pub fn with(mut self, way: Way) -> Self {
        self.ways.push(way);
        self
    }
}

safe_parts!(Banner, Empty, Diff, Case);
