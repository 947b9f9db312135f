//! The frame around every page of a signed-in person: sidebar, top bar, account menu, tab bar, toast.

use i18n::{Language, Words, language_name};
use projects::{Project, ProjectQuery, ProjectSort, ProjectsError, StateFilter};

use crate::address::{Address, decoded, is_own_path, segment};
use crate::nav::{self, Entry, Group, NavFacts, Place, ProjectLink};
use crate::pages::setup::home_sync::refused;
use crate::show::Avatar;
use crate::state::Web;
use crate::visit::Ctx;

/// The frame. A page has it in its field `shell`.
pub struct Shell {
    pub(crate) w: Words,
    pub(crate) title: String,
    pub(crate) crumbs: Vec<Crumb>,
    pub(crate) groups: Vec<Group>,
    pub(crate) tab_bar: Vec<Entry>,
    pub(crate) organisation: String,
    /// The topic of changes in the CRM ([`crate::live`]).
    pub(crate) organisation_topic: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) avatar: Avatar,
    pub(crate) csrf: String,
    pub(crate) toast: Option<Toast>,
    pub(crate) here: String,
    pub(crate) waiting: u64,
    facts: NavFacts,
}

/// A step of the way from the top to this page.
pub(crate) struct Crumb {
    pub(crate) text: String,
    pub(crate) href: Option<String>,
}

impl Shell {
    pub(crate) fn new(ctx: &Ctx, title: String) -> Self {
        let facts = if ctx.asked.is_fragment { NavFacts::default() } else { nav_facts(ctx) };
        let person = &ctx.person;
        Self {
            w: ctx.w,
            title,
            crumbs: Vec::new(),
            groups: nav::groups(&facts, &Place::Nowhere, ctx.w),
            tab_bar: nav::tab_bar(&facts, &Place::Nowhere, ctx.w),
            organisation: person.organisation.clone(),
            organisation_topic: person.tenant.organisation.as_str().to_owned(),
            name: person.name.clone(),
            email: person.email.as_str().to_owned(),
            avatar: Avatar::new(&person.name, person.email.as_str()),
            csrf: person.csrf.clone(),
            toast: ctx.asked.toast.clone(),
            here: ctx.asked.address.to_string(),
            waiting: facts.waiting,
            facts,
        }
    }

    /// Where the page is in the sidebar.
    #[must_use]
    pub fn at(self, place: Place) -> Self {
        Self {
            groups: nav::groups(&self.facts, &place, self.w),
            tab_bar: nav::tab_bar(&self.facts, &place, self.w),
            ..self
        }
    }

    /// A step of the crumbs that leads somewhere.
    #[must_use]
    pub fn crumb_to(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { text: text.into(), href: Some(href.into()) });
        self
    }

    /// A step of the crumbs without a page of its own, or the last one: this page.
    #[must_use]
    pub fn crumb(mut self, text: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { text: text.into(), href: None });
        self
    }

    /// The languages of the account menu: code, name, whether it is the present one.
    pub(crate) fn languages(&self) -> Vec<(&'static str, &'static str, bool)> {
        Language::ALL.iter().map(|own| (own.code(), language_name(*own), *own == self.w.language())).collect()
    }

    /// A frame for samples: an administrator with one project.
    #[must_use]
    pub fn sample(w: Words) -> Self {
        use crate::session::PersonRights;
        let facts = NavFacts {
            rights: PersonRights {
                is_crm_user: true,
                is_crm_administrator: true,
                is_portal_user: true,
                is_portal_administrator: true,
                is_client: false,
                may_create_projects: true,
            },
            projects: vec![nav::ProjectLink { key: "DM".into(), id: "1".into(), name: "数据迁移".into() }],
            waiting: 2,
        };
        Self {
            w,
            title: w.nav_home().to_owned(),
            crumbs: Vec::new(),
            groups: nav::groups(&facts, &Place::Nowhere, w),
            tab_bar: nav::tab_bar(&facts, &Place::Nowhere, w),
            organisation: "Zylker".into(),
            organisation_topic: "1".into(),
            name: "李明".into(),
            email: "li.ming@zylker.example".into(),
            avatar: Avatar::new("李明", "li.ming@zylker.example"),
            csrf: "token".into(),
            toast: Some(Toast::new("✓")),
            here: "/".into(),
            waiting: facts.waiting,
            facts,
        }
    }
}

/// What the sidebar shows. It never keeps a page from being shown: what cannot be read is left out.
fn nav_facts(ctx: &Ctx) -> NavFacts {
    let rights = ctx.person.rights;
    let projects = if rights.is_portal_user { projects_of(ctx) } else { Ok(Vec::new()) };
    let projects = projects.unwrap_or_else(|error| {
        tracing::warn!("the projects of the sidebar could not be read: {error}");
        Vec::new()
    });
    let waiting = if rights.is_client { Ok(Vec::new()) } else { refused(&ctx.web.bridge, &ctx.acting, ctx.now) };
    let waiting = waiting.map(|refusals| refusals.len()).unwrap_or_else(|error| {
        tracing::warn!("the refusals of the sidebar could not be counted: {error:?}");
        0
    });
    NavFacts { rights, projects, waiting: u64::try_from(waiting).unwrap_or(0) }
}

/// Open projects where the person is a member.
fn projects_of(ctx: &Ctx) -> Result<Vec<ProjectLink>, ProjectsError> {
    let query = ProjectQuery {
        words: String::new(),
        state: StateFilter::Open,
        is_mine: true,
        is_strict: false,
        company: None,
        sort: ProjectSort::default(),
        is_descending: false,
        after: None,
        limit: nav::PROJECTS_MAX,
    };
    let rows = ctx.web.projects.projects(&ctx.acting, &query)?.rows;
    let link =
        |project: Project| ProjectLink { key: project.key, id: project.id.as_str().to_owned(), name: project.name };
    Ok(rows.into_iter().map(|row| link(row.project)).collect())
}

/// A sentence that one page leaves for the next: what was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    text: String,
}

impl Toast {
    pub(crate) const COOKIE: &'static str = "lockstep_toast";

    /// A sentence. Shown for 10 s, longer under pointer or focus.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn read(cookie: &str) -> Option<Self> {
        let text = decoded(cookie);
        (!text.is_empty() && text.chars().count() <= 300).then_some(Self { text })
    }

    pub(crate) fn cookie(&self, web: &Web) -> String {
        let secure = if web.is_https() { "; Secure" } else { "" };
        let text: String = self.text.chars().take(300).collect();
        format!("{}={}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax{secure}", Self::COOKIE, segment(&text))
    }

    pub(crate) fn spent(web: &Web) -> String {
        let secure = if web.is_https() { "; Secure" } else { "" };
        format!("{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}", Self::COOKIE)
    }
}

/// The page to go back to after a change of settings: `next` if it is ours, else Home.
#[must_use]
pub fn back_to(next: &str) -> String {
    if is_own_path(next) { next.to_owned() } else { Address::new("/").to_string() }
}
