//! The head of a project's pages: name, schedule, clients, members, tabs.

use askama::Template;
use bridge::BridgeError;
use bridge::reading::projects_pages::ProjectSync;
use i18n::Words;
use ports::{Reason, Schedule};
use projects::{Project, ProjectCard};

use super::at;
use crate::error::PageError;
use crate::nav::Place;
use crate::shell::Shell;
use crate::show::{Avatar, Badge, Sign, Sync, Tabs, Tile, Tone, Way, safe_parts};
use crate::visit::Ctx;

/// Members whose pictures stand in the head.
const FACES_MAX: usize = 5;

/// A project that is looked at, with what the bridge says of it; nothing for client users and without a connection.
pub(super) struct Opened {
    pub(super) card: ProjectCard,
    pub(super) sync: Option<ProjectSync>,
}

/// The pages of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Tasks,
    Users,
    Client,
    Activity,
}

/// The head.
#[derive(Template)]
#[template(path = "components/projects/head.html")]
pub(super) struct ProjectHead {
    w: Words,
    tile: Tile,
    name: String,
    badges: Vec<Badge>,
    clients: Vec<ClientBadge>,
    faces: Vec<Avatar>,
    members: String,
    edit: Option<String>,
    add: Option<Way>,
    tabs: Tabs,
    topics: String,
}

struct ClientBadge {
    name: String,
    title: String,
    href: Option<String>,
    sync: Option<Sync>,
}

safe_parts!(ProjectHead);

/// What a page shows only where the two sides are connected and the person may see it.
pub(super) fn optional<T>(answer: Result<T, BridgeError>) -> Result<Option<T>, PageError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(BridgeError::NotFound | BridgeError::Refused(Reason::NoPermission { .. })) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl Opened {
    /// The project with this key.
    pub(super) fn of(ctx: &Ctx, key: &str) -> Result<Self, PageError> {
        let card = ctx.web.projects.project_by_key(&ctx.acting, key)?;
        let id = card.project.id.clone();
        let syncs = optional(ctx.web.bridge.project_syncs(&ctx.acting, std::slice::from_ref(&id)))?;
        Ok(Self { sync: syncs.and_then(|mut syncs| syncs.remove(&id)), card })
    }

    pub(super) fn project(&self) -> &Project {
        &self.card.project
    }

    /// Whether "Save and add to CRM" is there (TASK-2, TASK-3, TASK-14).
    pub(super) fn takes_crm(&self) -> bool {
        self.card.access.edits_tasks && self.sync.as_ref().is_some_and(|sync| sync.obstacle.is_none())
    }

    /// The client company that is mapped, for a sentence.
    pub(super) fn mapped_client(&self) -> Option<&str> {
        let clients = &self.sync.as_ref()?.clients;
        clients.iter().find(|client| client.mapping.is_some()).map(|client| client.company.name.as_str())
    }

    /// Topics of the project and of everything in it.
    pub(super) fn topics(&self) -> String {
        let id = &self.card.project.id;
        format!("{id} project:{id}")
    }

    /// Dates that bind, in words.
    pub(super) fn schedule(&self, ctx: &Ctx) -> Option<String> {
        match self.card.project.schedule() {
            Schedule::Strict { start, end } => Some(ctx.w.date_range(start, end, ctx.today)),
            Schedule::Open => None,
        }
    }

    /// The frame with the way to this page.
    pub(super) fn shell(&self, ctx: &Ctx, tab: Tab) -> Shell {
        let project = &self.card.project;
        ctx.shell(format!("{} · {}", tab.name(ctx.w), project.name))
            .at(Place::Project(project.key.clone()))
            .crumb_to(ctx.w.nav_projects_group(), at::PROJECTS)
            .crumb_to(&project.name, at::project(&project.key, "tasks"))
            .crumb(tab.name(ctx.w))
    }

    /// The head of its pages.
    pub(super) fn head(&self, ctx: &Ctx, here: Tab) -> ProjectHead {
        let (w, project) = (ctx.w, &self.card.project);
        let schedule = match (self.schedule(ctx), project.start, project.end) {
            (Some(range), ..) => Some(Badge::line(w.project_strict_range(range)).with_icon("lock")),
            (None, Some(start), Some(end)) => Some(Badge::line(w.date_range(start, end, ctx.today)).with_icon("cal")),
            (None, Some(start), None) => Some(Badge::line(w.project_from(w.date(start, ctx.today))).with_icon("cal")),
            (None, None, Some(end)) => Some(Badge::line(w.project_until(w.date(end, ctx.today))).with_icon("cal")),
            (None, None, None) => None,
        };
        let [usual, ..] = projects::PROJECT_STATUSES;
        let is_plain = project.status == usual.name;
        let tone = if project.is_closed { Tone::Plain } else { Tone::Warn };
        let state = (!is_plain).then(|| Badge::new(at::project_status(&project.status, w), tone));
        let people = self.card.members.iter().filter(|person| person.is_active);
        ProjectHead {
            w,
            tile: Tile::project(&project.key, project.id.as_str()).large(),
            name: project.name.clone(),
            badges: schedule.into_iter().chain(state).collect(),
            clients: self.client_badges(ctx),
            faces: people
                .clone()
                .take(FACES_MAX)
                .map(|person| Avatar::new(&person.name, person.email.as_str()))
                .collect(),
            members: w.project_members(people.count()),
            edit: self.card.access.changes_project.then(|| at::project(&project.key, "edit")),
            add: (here == Tab::Tasks && self.card.may_add_tasks)
                .then(|| Way::primary(w.task_add(), at::project(&project.key, "tasks/new"))),
            tabs: self.tabs(ctx, here),
            topics: self.topics(),
        }
    }

    fn client_badges(&self, ctx: &Ctx) -> Vec<ClientBadge> {
        let w = ctx.w;
        let page = at::project(&self.card.project.key, "client");
        match &self.sync {
            Some(sync) => sync
                .clients
                .iter()
                .map(|client| ClientBadge {
                    name: client.company.name.clone(),
                    title: if client.mapping.is_some() {
                        w.project_client_mapped(&client.company.name)
                    } else {
                        w.project_client_unmapped(&client.company.name)
                    },
                    href: Some(page.clone()),
                    sync: client.mapping.is_some().then(|| Sync::new(Sign::InStep, w.project_mapped()).quiet()),
                })
                .collect(),
            None => self
                .card
                .companies
                .iter()
                .map(|company| ClientBadge {
                    name: company.name.clone(),
                    title: String::new(),
                    href: (!ctx.person.rights.is_client).then(|| page.clone()),
                    sync: None,
                })
                .collect(),
        }
    }

    fn tabs(&self, ctx: &Ctx, here: Tab) -> Tabs {
        let (w, project) = (ctx.w, &self.card.project);
        let is_client = ctx.person.rights.is_client;
        let open = Some(w.number(i64::from(project.progress.total)));
        let members = Some(w.number(i64::try_from(self.card.members.len()).unwrap_or(i64::MAX)));
        let all = [(Tab::Tasks, open), (Tab::Users, members), (Tab::Client, None), (Tab::Activity, None)];
        let seen = all.into_iter().filter(|(tab, _)| !is_client || *tab == Tab::Tasks);
        seen.fold(Tabs::new(w.project_pages()), |tabs, (tab, count)| {
            let href = at::project(&project.key, tab.path());
            if tab == here { tabs.here(tab.name(w), href, count) } else { tabs.tab(tab.name(w), href, count) }
        })
    }
}

impl Tab {
    fn path(self) -> &'static str {
        match self {
            Self::Tasks => "tasks",
            Self::Users => "users",
            Self::Client => "client",
            Self::Activity => "activity",
        }
    }

    pub(super) fn name(self, w: Words) -> &'static str {
        match self {
            Self::Tasks => w.project_tab_tasks(),
            Self::Users => w.project_tab_users(),
            Self::Client => w.project_tab_client(),
            Self::Activity => w.project_tab_activity(),
        }
    }
}

/// A head for samples.
pub(super) fn sample(w: Words) -> ProjectHead {
    ProjectHead {
        w,
        tile: Tile::project("DM", "1").large(),
        name: "数据迁移".into(),
        badges: vec![Badge::line(w.project_strict_range("3月2日 – 6月30日")).with_icon("lock")],
        clients: vec![
            ClientBadge {
                name: "软件客户".into(),
                title: w.project_client_mapped("软件客户"),
                href: Some("/projects/DM/client".into()),
                sync: Some(Sync::new(Sign::InStep, w.project_mapped()).quiet()),
            },
            ClientBadge { name: "医院客户".into(), title: String::new(), href: None, sync: None },
        ],
        faces: vec![Avatar::new("李明", "li.ming@zylker.example")],
        members: w.project_members(1),
        edit: Some("/projects/DM/edit".into()),
        add: Some(Way::primary(w.task_add(), "/projects/DM/tasks/new")),
        tabs: Tabs::new(w.project_pages()).here(Tab::Tasks.name(w), "/projects/DM/tasks", Some("13".into())).tab(
            Tab::Users.name(w),
            "/projects/DM/users",
            Some("4".into()),
        ),
        topics: "1 project:1".into(),
    }
}
