//! Addresses of the Projects pages, and what a person has chosen to see of a task list.

use i18n::Words;
use ports::Email;
use projects::StateFilter;

use crate::address::{Address, segment};
use crate::visit::Ctx;

/// The list of projects.
pub(super) const PROJECTS: &str = "/projects";

/// A page of a project: `tasks`, `users`, `edit` …
pub(super) fn project(key: &str, part: &str) -> String {
    format!("{PROJECTS}/{}/{part}", segment(key))
}

/// A task on a page of its own (43).
pub(super) fn task(key: &str) -> String {
    let project = key.rsplit_once('-').map_or(key, |(project, _)| project);
    format!("{PROJECTS}/{}/tasks/{}", segment(project), segment(key))
}

/// A page below a task: `edit`, `move`, `crm/new` …
pub(super) fn task_part(key: &str, part: &str) -> String {
    format!("{}/{part}", task(key))
}

/// What is shown of a task list; it stays in the address of everything that stands over the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct View {
    /// Words to search for.
    pub(super) words: String,
    /// Open, closed or both.
    pub(super) state: StateFilter,
    /// Of one owner.
    pub(super) owner: Option<Email>,
    /// Only what is in the CRM.
    pub(super) is_in_crm: bool,
    /// Keys of tasks whose subtasks are hidden.
    folded: Vec<String>,
    /// One list alone, from this position.
    pub(super) from: Option<(String, String)>,
    /// Whether a task stands in a drawer over the list.
    pub(super) is_over_list: bool,
}

const NAMES: [&str; 7] = ["search", "state", "owner", "crm", "fold", "list", "after"];

impl View {
    /// Reads the address of the request.
    pub(super) fn of(ctx: &Ctx) -> Self {
        let address = &ctx.asked.address;
        let text = |name: &str| address.value(name).unwrap_or_default().trim().to_owned();
        let folded = text("fold").split('.').filter(|key| !key.is_empty()).map(str::to_owned).collect();
        Self {
            words: text("search"),
            state: match text("state").as_str() {
                "open" => StateFilter::Open,
                "closed" => StateFilter::Closed,
                _ => StateFilter::All,
            },
            owner: Email::parse(&text("owner")).ok(),
            is_in_crm: text("crm") == "1",
            folded,
            from: address.value("after").map(|after| (text("list"), after.to_owned())),
            is_over_list: text("in") == "list",
        }
    }

    /// Whether tasks are left out.
    pub(super) fn is_filtered(&self) -> bool {
        !self.words.is_empty() || self.state != StateFilter::All || self.owner.is_some() || self.is_in_crm
    }

    /// The list with these choices.
    pub(super) fn list(&self, ctx: &Ctx, project_key: &str) -> Address {
        let start = Address::new(project(project_key, "tasks"));
        self.kept(ctx).into_iter().fold(start, |address, (name, value)| address.with(&name, &value))
    }

    /// The task over the list.
    pub(super) fn drawer(&self, ctx: &Ctx, key: &str) -> String {
        self.over(ctx, &task(key))
    }

    /// The task over the whole list.
    pub(super) fn drawer_of(key: &str) -> String {
        Address::new(task(key)).with("in", "list").to_string()
    }

    /// A page below a task, that goes back to where the person came from.
    pub(super) fn part(&self, ctx: &Ctx, key: &str, part: &str) -> String {
        let path = task_part(key, part);
        if self.is_over_list { self.over(ctx, &path) } else { path }
    }

    /// The task, where the person came from: over the list or on its page.
    pub(super) fn back(&self, ctx: &Ctx, key: &str) -> String {
        if self.is_over_list { self.drawer(ctx, key) } else { task(key) }
    }

    /// The list with the subtasks of a task hidden or shown.
    pub(super) fn toggled(&self, ctx: &Ctx, project_key: &str, key: &str) -> String {
        let mut folded = self.folded.clone();
        match folded.iter().position(|own| own == key) {
            Some(at) => {
                folded.remove(at);
            }
            None => folded.push(key.to_owned()),
        }
        self.list(ctx, project_key).with("fold", &folded.join(".")).to_string()
    }

    pub(super) fn is_folded(&self, key: &str) -> bool {
        self.folded.iter().any(|own| own == key)
    }

    fn over(&self, ctx: &Ctx, path: &str) -> String {
        let start = Address::new(path).with("in", "list");
        self.kept(ctx).into_iter().fold(start, |address, (name, value)| address.with(&name, &value)).to_string()
    }

    fn kept(&self, ctx: &Ctx) -> Vec<(String, String)> {
        ctx.asked.address.pairs().iter().filter(|(name, _)| NAMES.contains(&name.as_str())).cloned().collect()
    }
}

/// The name of a task's status. Those of the default layout are known in every language; others are shown as they are.
pub(super) fn status(name: &str, w: Words) -> String {
    match name {
        "Open" => w.task_status_open(),
        "In Progress" => w.task_status_in_progress(),
        "In Review" => w.task_status_in_review(),
        "Closed" => w.task_status_closed(),
        "Cancelled" => w.task_status_cancelled(),
        other => other,
    }
    .to_owned()
}

/// The name of a project's status.
pub(super) fn project_status(name: &str, w: Words) -> String {
    match name {
        "Active" => w.project_status_active(),
        "On Hold" => w.project_status_on_hold(),
        "Completed" => w.project_status_completed(),
        "Archived" => w.project_status_archived(),
        other => other,
    }
    .to_owned()
}

/// A time of day, `18:00`.
pub(super) fn minute(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
