//! The question before something is taken away: deleting, unlinking, removing an association.

use askama::Template;
use i18n::Words;

use crate::pages::{Sample, rendered};
use crate::shell::Shell;
use crate::show::Hidden;

/// The question.
#[derive(Template)]
#[template(path = "pages/crm/ask.html")]
pub(super) struct AskPage {
    pub(super) w: Words,
    pub(super) shell: Shell,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) also: Option<String>,
    pub(super) hidden: Hidden,
    pub(super) action: String,
    pub(super) back: String,
    pub(super) button: &'static str,
    pub(super) icon: &'static str,
    pub(super) is_danger: bool,
}

/// Samples of the page.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let page = |also: Option<String>, is_danger: bool| AskPage {
        w,
        shell: Shell::sample(w).crumb(w.nav_crm_tasks()),
        title: w.crm_delete_title("试运行 <1>"),
        text: w.crm_delete_task().into(),
        also,
        hidden: Hidden::new("token", "1").version(2),
        action: "/crm/tasks/1/delete".into(),
        back: "/crm/tasks/1".into(),
        button: w.action_delete(),
        icon: "trash",
        is_danger,
    };
    rendered("ask", vec![page(None, true), page(Some(w.crm_delete_linked("DM-4", "数据迁移")), false)])
}
