//! Whether two sides agree: the three signs, and the marks of linked tasks.

use askama::Template;
use i18n::Words;

use crate::show::{Icon, icon, safe_parts};

/// What a link shows: `=`, `≈`, `≠`, or a pause. An unlinked pair has no sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Both sides have the same values.
    InStep,
    /// A change is on its way.
    Moving,
    /// Something was not applied, conflicts, or a partner is gone.
    Rejected,
    /// The link rests.
    Paused,
}

impl Sign {
    /// The sign of a link's state by its stored word; `None` for `unlinked` and words that are not known.
    #[must_use]
    pub fn of_link_state(code: &str) -> Option<Self> {
        match code {
            "in_step" => Some(Self::InStep),
            "pending" => Some(Self::Moving),
            "out_of_step" | "conflict" | "broken" => Some(Self::Rejected),
            "paused" => Some(Self::Paused),
            _ => None,
        }
    }

    /// The value of `data-state`, also the name of the icon.
    #[must_use]
    pub fn attr(self) -> &'static str {
        match self {
            Self::InStep => "in-step",
            Self::Moving => "moving",
            Self::Rejected => "rejected",
            Self::Paused => "paused",
        }
    }
}

/// The name of a link's state by its stored word.
fn state_name(code: &str, w: Words) -> &'static str {
    match code {
        "in_step" => w.link_in_step(),
        "pending" => w.link_pending(),
        "conflict" => w.link_conflict(),
        "broken" => w.link_broken(),
        "paused" => w.link_paused(),
        "unlinked" => w.link_unlinked(),
        _ => w.link_out_of_step(),
    }
}

/// What holds of a link in step; one with a note has an owner that the other side cannot show (SYNC-3 c, d).
pub(crate) fn in_step_text(note: &str, w: Words) -> &'static str {
    if note.is_empty() { w.sync_all_in_step() } else { w.sync_five_in_step() }
}

/// A sign with its word, or with the word for screen readers only.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<span class="sync" data-state="{{ sign.attr() }}">{{ crate::show::icon(sign.attr()) }}<span{% if is_quiet %} class="vh"{% endif %}>{{ text }}</span></span>"#,
    ext = "html"
)]
pub struct Sync {
    sign: Sign,
    text: String,
    is_quiet: bool,
}

impl Sync {
    /// A sign with a text of its own, such as "1 not applied".
    #[must_use]
    pub fn new(sign: Sign, text: impl Into<String>) -> Self {
        Self { sign, text: text.into(), is_quiet: false }
    }

    /// The sign and name of a link's state; `None` where no sign is shown.
    #[must_use]
    pub fn of_link_state(code: &str, w: Words) -> Option<Self> {
        Sign::of_link_state(code).map(|sign| Self::new(sign, state_name(code, w)))
    }

    /// The same with the sign alone to be seen.
    #[must_use]
    pub fn quiet(self) -> Self {
        Self { is_quiet: true, ..self }
    }
}

/// The mark of a link on a task, with the icon of the other side.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"{% if let Some(href) = href %}<a class="{{ class }}" href="{{ href }}" title="{{ record }} · {{ sync.text }}">{{ app_icon }}<span class="vh">{{ side }}: {{ record }}, </span>{{ key }}{{ sync }}</a>{% else %}<span class="{{ class }}" title="{{ record }} · {{ sync.text }}">{{ app_icon }}<span class="vh">{{ side }}: {{ record }}, </span>{{ key }}{{ sync }}</span>{% endif %}"#,
    ext = "html"
)]
struct Mark {
    class: &'static str,
    app_icon: Icon,
    side: String,
    record: String,
    /// Seen beside the sign, such as `DM-4`; empty for none.
    key: String,
    href: Option<String>,
    sync: Sync,
}

/// On a Projects task: the CRM record it belongs to and the state of the link (TASK-8).
#[derive(Clone, Debug, Template)]
#[template(source = "{{ mark }}", ext = "html")]
pub struct CrmMark {
    mark: Mark,
}

impl CrmMark {
    /// `record` is the name of the account or deal, `state` the link's stored word, `href` where the mark leads
    /// (in step or on its way to the task, else to "Why?"), `None` for who has no CRM account.
    #[must_use]
    pub fn new(record: &str, state: &str, href: Option<String>, w: Words) -> Option<Self> {
        let sync = Sync::of_link_state(state, w)?.quiet();
        let mark = Mark {
            class: "crm-mark",
            app_icon: icon("app-crm"),
            side: w.side_crm().to_owned(),
            record: record.to_owned(),
            key: String::new(),
            href,
            sync,
        };
        Some(Self { mark })
    }
}

/// On a CRM task: the project it is in and the state of the link.
#[derive(Clone, Debug, Template)]
#[template(source = "{{ mark }}", ext = "html")]
pub struct ProjectsMark {
    mark: Mark,
}

impl ProjectsMark {
    /// `project` is the project's name, `state` the link's stored word.
    #[must_use]
    pub fn new(project: &str, state: &str, href: Option<String>, w: Words) -> Option<Self> {
        let sync = Sync::of_link_state(state, w)?.quiet();
        let mark = Mark {
            class: "prj-mark",
            app_icon: icon("app-projects"),
            side: w.side_projects().to_owned(),
            record: project.to_owned(),
            key: String::new(),
            href,
            sync,
        };
        Some(Self { mark })
    }

    /// The same with the short name of the task in Projects.
    #[must_use]
    pub fn with_key(mut self, key: &str) -> Self {
        key.clone_into(&mut self.mark.key);
        self
    }
}

safe_parts!(Sync, Mark, CrmMark, ProjectsMark);
