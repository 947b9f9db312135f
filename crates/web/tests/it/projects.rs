//! The pages of projects and tasks: what is made, refused, overtaken, put into the CRM, and hidden from client users.

use axum::http::StatusCode;
use bridge::connection::NewConnection;
use crm::{Draft, Module};
use i18n::Language;
use ports::{AccountId, Acting, Date, Email, Origin};
use projects::{Invitation, InvitedAs, Project, ProjectDraft, TaskDraft, Welcome};

use crate::world::{Answer, PASSWORD, World, session_cookie};

const ADMIN: &str = "admin@zylker.example";

/// The program with its administrator, whose two sides are connected.
struct Desk {
    world: World,
    cookie: String,
    acting: Acting,
}

impl Desk {
    async fn new() -> Self {
        let world = World::founded();
        let cookie = world.sign_in(ADMIN).await;
        let tenant = world.web.identity.tenants().unwrap().remove(0).tenant;
        let acting = Acting { tenant, email: Email::parse(ADMIN).unwrap(), origin: Origin::Form };
        let names = NewConnection { organisation_name: "Zylker".into(), portal_name: "Zylker".into() };
        world.web.bridge.connect(&acting, &names).unwrap();
        Self { world, cookie, acting }
    }

    async fn get(&self, path: &str) -> Answer {
        self.world.get(path, &self.cookie).await
    }

    /// Opens the page at `open` and sends its form `id` to `path` with these values instead of its own.
    async fn send(&self, open: &str, id: &str, path: &str, values: &[(&str, &str)]) -> Answer {
        let page = self.get(open).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.html);
        self.world.post(path, &self.cookie, &body(&page, id, values)).await
    }

    /// A strict project, DM, for a client company.
    fn strict(&self) -> Project {
        let company = self.world.web.projects.create_company(&self.acting, "Software Customer").unwrap();
        let draft = ProjectDraft {
            name: "Data Migration".into(),
            start: Some(Date::parse("2026-03-02").unwrap()),
            end: Some(Date::parse("2026-06-30").unwrap()),
            is_strict: true,
            companies: vec![company.id],
            ..ProjectDraft::default()
        };
        self.world.web.projects.create_project(&self.acting, &draft).unwrap()
    }

    fn task(&self, project: &Project, title: &str, is_external: bool) -> projects::Task {
        let draft = TaskDraft { title: title.into(), is_external, ..TaskDraft::default() };
        self.world.web.projects.add_task(&self.acting, &project.id, &draft).unwrap()
    }

    /// Maps the client of the project to an account of the same name.
    fn map(&self, project: &Project) {
        let draft = Draft::new().with("name", "Software Customer");
        let account = self.world.web.crm.create(&self.acting, Module::Account, &draft).unwrap().id;
        let company = self.world.web.projects.project(&self.acting, &project.id).unwrap().companies.remove(0).id;
        self.world.web.bridge.map_pair(&self.acting, &company, &AccountId::new(account)).unwrap();
    }
}

/// What a browser sends of one form, with some values replaced.
fn body(page: &Answer, id: &str, values: &[(&str, &str)]) -> String {
    let html = scraper::Html::parse_document(&page.html);
    let select = |text: &str| scraper::Selector::parse(text).unwrap();
    let controls = format!("#{id} input, #{id} textarea, #{id} select");
    let mut sent: Vec<(String, String)> = Vec::new();
    for element in html.select(&select(&controls)) {
        let own = element.value();
        let name = own.attr("name").unwrap_or_default().to_owned();
        let is_off = matches!(own.attr("type"), Some("checkbox" | "radio")) && own.attr("checked").is_none();
        if name.is_empty() || is_off || own.attr("disabled").is_some() {
            continue;
        }
        let value = match own.name() {
            "textarea" => element.text().collect::<String>().trim_start_matches('\n').to_owned(),
            "select" => {
                let chosen = element.select(&select("option[selected]")).next();
                let chosen = chosen.or_else(|| element.select(&select("option")).next());
                chosen.and_then(|option| option.value().attr("value")).unwrap_or_default().to_owned()
            }
            _ => own.attr("value").unwrap_or_default().to_owned(),
        };
        sent.push((name, value));
    }
    assert!(!sent.is_empty(), "no form {id} in {}", page.html);
    sent.retain(|(name, _)| !values.iter().any(|(own, _)| own == name));
    sent.extend(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let encode = web::address::segment;
    sent.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
}

#[tokio::test]
async fn one_press_makes_one_project_and_one_task() {
    let desk = Desk::new().await;
    assert!(desk.get("/projects").await.html.contains("There are no projects yet"));
    let form = desk.get("/projects/new").await;
    let sent = body(&form, "new-project", &[("name", "Router Roll-out"), ("key", "rr")]);
    for _ in 0..2 {
        let made = desk.world.post("/projects/new", &desk.cookie, &sent).await;
        assert_eq!(
            (made.status, made.header("location")),
            (StatusCode::SEE_OTHER, "/projects/RR/tasks"),
            "{}",
            made.html
        );
    }
    assert_eq!(desk.get("/projects").await.html.matches("Router Roll-out").count(), 2, "in the list and the sidebar");
    let form = desk.get("/projects/RR/tasks/new").await;
    assert!(!form.html.contains("Save and add to CRM"), "no client is mapped (TASK-2)");
    let sent = body(&form, "new-task", &[("title", "Order <1,200> routers"), ("description", "One\nTwo")]);
    for _ in 0..2 {
        let made = desk.world.post("/projects/RR/tasks/new", &desk.cookie, &sent).await;
        assert!(made.header("location").starts_with("/projects/RR/tasks#task-"), "{}", made.html);
    }
    let list = desk.get("/projects/RR/tasks").await.html;
    assert!(
        list.contains("Order &#60;1,200&#62; routers") && list.contains("RR-1") && !list.contains("RR-2"),
        "{list}"
    );
    let page = desk.get("/projects/RR/tasks/RR-1").await.html;
    assert!(page.contains("<p>One</p><p>Two</p>"), "{page}");
}

#[tokio::test]
async fn str_1_day_outside_is_said_before_saving_refused_and_kept() {
    let desk = Desk::new().await;
    desk.strict();
    let values = [("title", "Cut over"), ("due", "2026-07-06")];
    let said = desk.send("/projects/DM/tasks/new", "new-task", "/projects/DM/tasks/new/check", &values).await;
    let sentence = "6 Jul is outside 2 Mar – 30 Jun, the strict schedule of Data Migration.";
    assert_eq!(said.status, StatusCode::OK);
    assert!(said.html.contains(sentence) && !said.html.contains("<html"), "{}", said.html);
    let refused = desk.send("/projects/DM/tasks/new", "new-task", "/projects/DM/tasks/new", &values).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.html.contains(sentence) && refused.html.contains(r#"value="2026-07-06""#), "{}", refused.html);
    let no_day = [("title", "Cut over"), ("due", "2026-02-30"), ("due_time", "25:00")];
    let refused = desk.send("/projects/DM/tasks/new", "new-task", "/projects/DM/tasks/new", &no_day).await;
    assert!(refused.html.contains("There is no such date") && refused.html.contains("There is no such time"));
    assert!(!desk.get("/projects/DM/tasks").await.html.contains("Cut over"));
}

#[tokio::test]
async fn sub_4_parent_says_how_many_subtasks_are_open() {
    let desk = Desk::new().await;
    let project = desk.strict();
    desk.task(&project, "Trial run", false);
    let sub = [("title", "Load the sample")];
    desk.send("/projects/DM/tasks/new?parent=DM-1", "new-task", "/projects/DM/tasks/new", &sub).await;
    let form = desk.get("/projects/DM/tasks/DM-1/edit").await;
    assert!(form.html.contains("1 subtask is still open"), "{}", form.html);
    let edit = "/projects/DM/tasks/DM-1/edit";
    let refused = desk.send(edit, "edit-task", edit, &[("status", "Closed")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.html.contains("1 subtask is still open."), "{}", refused.html);
    for key in ["DM-2", "DM-1"] {
        let edit = format!("/projects/DM/tasks/{key}/edit");
        let closed = desk.send(&edit, "edit-task", &edit, &[("status", "Closed")]).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{key}: {}", closed.html);
    }
    let edit = "/projects/DM/tasks/DM-2/edit?in=list";
    let reopened = desk.send(edit, "edit-task", edit, &[("status", "Open")]).await;
    assert_eq!(reopened.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reopened.html.contains("was closed by Administrator; reopen it first"), "{}", reopened.html);
}

#[tokio::test]
async fn str_5_schedule_that_leaves_tasks_outside_names_them() {
    let desk = Desk::new().await;
    let project = desk.strict();
    let draft = TaskDraft {
        title: "Cut over".into(),
        due: Some(projects::Due { day: Date::parse("2026-06-22").unwrap(), minute: None }),
        ..TaskDraft::default()
    };
    desk.world.web.projects.add_task(&desk.acting, &project.id, &draft).unwrap();
    let edit = "/projects/DM/edit";
    let refused = desk.send(edit, "edit-project", edit, &[("end", "2026-06-01")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.html.contains("DM-1 Cut over") && refused.html.contains(r#"value="2026-06-01""#));
}

#[tokio::test]
async fn overtaken_form_shows_both_values_and_saves_the_choice() {
    let desk = Desk::new().await;
    let project = desk.strict();
    let task = desk.task(&project, "Map fields", false);
    let edit = "/projects/DM/tasks/DM-1/edit";
    let form = desk.get(edit).await;
    let patch = projects::TaskPatch { title: Some("Map all fields".into()), ..projects::TaskPatch::default() };
    desk.world.web.projects.edit_task(&desk.acting, &task.id, &patch, None).unwrap();
    let mine = body(&form, "edit-task", &[("title", "Map the fields"), ("priority", "High")]);
    let stale = desk.world.post(edit, &desk.cookie, &mine).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.html.contains("Map all fields") && stale.html.contains("Map the fields"), "{}", stale.html);
    let chosen = body(&stale, "stale", &[("title", "Map the fields")]);
    assert_eq!(desk.world.post(edit, &desk.cookie, &chosen).await.status, StatusCode::SEE_OTHER);
    let page = desk.get("/projects/DM/tasks/DM-1").await.html;
    assert!(page.contains("Map the fields") && page.contains(">High<"), "{page}");
}

#[tokio::test]
async fn task_1_new_task_goes_to_the_crm_by_the_second_button() {
    let desk = Desk::new().await;
    let project = desk.strict();
    desk.map(&project);
    let values = [("title", "Verify logins"), ("due", "2026-06-03"), ("due_time", "18:00")];
    let picker = desk.send("/projects/DM/tasks/new", "new-task", "/projects/DM/tasks/new/crm", &values).await;
    assert_eq!(picker.status, StatusCode::OK, "{}", picker.html);
    assert!(picker.html.contains("Mapped accounts") && !picker.html.contains("Unmapped accounts"), "{}", picker.html);
    assert!(!desk.get("/projects/DM/tasks").await.html.contains("Verify logins"), "nothing is saved before Save");
    let order = body(&picker, "pick", &[]);
    let mut places = Vec::new();
    for _ in 0..2 {
        let made = desk.world.post("/projects/DM/tasks/new/crm", &desk.cookie, &order).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.html);
        places.push(made.header("location").to_owned());
    }
    assert_eq!(places, ["/projects/DM/tasks/DM-1?in=list", "/projects/DM/tasks/DM-1?in=list"]);
    let drawer = desk.get("/projects/DM/tasks/DM-1?in=list").await.html;
    for text in ["All six fields are in step", "Open in CRM", "Unlink", "18:00", "Why?"] {
        assert!(drawer.contains(text), "{text}: {drawer}");
    }
    assert!(!drawer.contains("Add to CRM<"), "a linked task offers no second link (TASK-9)");
    let unlink = "/projects/DM/tasks/DM-1/unlink";
    assert_eq!(desk.send(unlink, "unlink", unlink, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(desk.get("/projects/DM/tasks/DM-1").await.html.contains("Add to CRM"), "both tasks stay");
}

#[tokio::test]
async fn task_14_client_users_see_their_tasks_and_nothing_of_the_crm() {
    let desk = Desk::new().await;
    let project = desk.strict();
    desk.map(&project);
    desk.task(&project, "Seen by the client", true);
    desk.task(&project, "Internal work", false);
    let company = desk.world.web.projects.project(&desk.acting, &project.id).unwrap().companies.remove(0).id;
    let invitation = Invitation {
        email: Email::parse("ana@software-customer.example").unwrap(),
        name: "Ana Silva".into(),
        invited_as: InvitedAs::ClientOf(company),
        role: String::new(),
        projects: vec![project.id.clone()],
        language: Some(Language::En),
        welcome: Welcome::Letter,
    };
    desk.world.web.projects.invite(&desk.acting, &invitation).unwrap();
    let (_, token) = desk.world.last_invitation("ana@software-customer.example");
    let sent = format!("name=Ana+Silva&password={}&language=en&zone=UTC", PASSWORD.replace(' ', "+"));
    let accepted = desk.world.post(&format!("/invitation/{token}"), "", &sent).await;
    let cookie = session_cookie(&accepted);
    let list = desk.world.get("/projects/DM/tasks", &cookie).await.html;
    assert!(list.contains("Seen by the client") && !list.contains("Internal work"), "{list}");
    for path in ["/projects", "/projects/DM/tasks", "/projects/DM/tasks/DM-1", "/projects/DM/tasks/new"] {
        let page = desk.world.get(path, &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.html.contains("CRM"), "{path}: {}", page.html);
    }
    for path in ["DM-2", "DM-1/crm/new"] {
        let page = desk.world.get(&format!("/projects/DM/tasks/{path}"), &cookie).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["users", "client", "activity"] {
        let page = desk.world.get(&format!("/projects/DM/{path}"), &cookie).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn lists_members_and_clients_are_changed_on_their_pages() {
    let desk = Desk::new().await;
    desk.strict();
    let csrf = desk.get("/projects/DM/tasks").await.hidden("csrf");
    let added = desk.world.post("/projects/DM/lists", &desk.cookie, &format!("csrf={csrf}&name=Preparation")).await;
    let id = added.header("location").rsplit('-').next().unwrap().to_owned();
    let list = format!("/projects/DM/lists/{id}");
    let renamed = desk.send(&list, "list-form", &list, &[("name", "Trial runs")]).await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER, "{}", renamed.html);
    assert!(desk.get("/projects/DM/tasks").await.html.contains("Trial runs"));
    let deleted = desk.send(&list, "list-form", &format!("{list}/delete"), &[]).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER, "{}", deleted.html);
    assert!(!desk.get("/projects/DM/tasks").await.html.contains("Trial runs"));
    let owner = format!("csrf={csrf}&email={ADMIN}");
    let stays = desk.world.post("/projects/DM/users/remove", &desk.cookie, &owner).await;
    assert!(stays.html.contains("The owner of the project cannot leave it"), "{}", stays.html);
    let page = desk.get("/projects/DM/client").await;
    assert!(page.html.contains("not mapped") && page.html.contains("Software Customer"));
    assert!(desk.get("/projects/DM/activity").await.html.contains("You created this"));
    let gone = desk.send("/projects/DM/delete", "delete", "/projects/DM/delete", &[]).await;
    assert_eq!(gone.header("location"), "/projects");
    assert_eq!(desk.get("/projects/DM/tasks").await.status, StatusCode::NOT_FOUND);
}
