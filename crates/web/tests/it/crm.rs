//! The CRM's pages: records are made, changed and deleted by forms; projects are made from them; linked tasks explain
//! what Projects would not take.

use axum::http::StatusCode;
use bridge::add_to_crm::{AddAnswer, AddInput, TaskChoice};
use bridge::connection::NewConnection;
use crm::{Draft, Module};
use identity::Secret;
use ports::{Acting, CrmModule, CrmRef, Date, Email, NewProjectsTask, Origin, RichText};

use crate::world::{Answer, PASSWORD, World};

const ADMIN: &str = "admin@zylker.example";

/// The program with its administrator, whose two sides are connected.
struct Office {
    world: World,
    cookie: String,
    acting: Acting,
}

impl Office {
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

    /// Opens the form at `open` and sends it to `path` with these values instead of its own.
    async fn send(&self, open: &str, path: &str, values: &[(&str, &str)]) -> Answer {
        let form = self.get(open).await;
        assert_eq!(form.status, StatusCode::OK, "{}", form.html);
        self.world.post(path, &self.cookie, &body(&form, values)).await
    }

    /// Makes a record past the pages.
    fn record(&self, module: Module, values: &[(&str, &str)]) -> String {
        let draft = values.iter().fold(Draft::new(), |draft, (field, value)| draft.with(field, *value));
        self.world.web.crm.create(&self.acting, module, &draft).unwrap().id
    }

    fn text(&self, module: Module, id: &str, field: &str) -> String {
        self.world.web.crm.read(&self.acting, module, id).unwrap().text(field).to_owned()
    }
}

/// What a browser sends: all values of the page's forms, with some replaced.
fn body(form: &Answer, values: &[(&str, &str)]) -> String {
    let html = scraper::Html::parse_document(&form.html);
    let select = |text: &str| scraper::Selector::parse(text).unwrap();
    let mut sent: Vec<(String, String)> = Vec::new();
    for element in html.select(&select("main form[method=post]:not([action$=notes]) input, main form[method=post] textarea[name], main form[method=post] select")) {
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
    sent.retain(|(name, _)| !values.iter().any(|(own, _)| own == name));
    sent.extend(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let encode = web::address::segment;
    sent.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
}

fn id_of(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.html);
    let path = answer.header("location").split(['?', '#']).next().unwrap();
    path.rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn records_of_every_kind_are_made_listed_changed_and_deleted() {
    let office = Office::new().await;
    let forms: [(&str, &[(&str, &str)], &str); 5] = [
        ("leads", &[("last_name", "Novak"), ("company", "Museum Customer")], "Novak"),
        (
            "accounts",
            &[("name", "Software Customer"), ("website", "https://software-customer.example")],
            "Software Customer",
        ),
        ("contacts", &[("last_name", "Silva"), ("account.text", "software customer")], "Silva"),
        ("deals", &[("name", "Routers"), ("amount", "96,500"), ("account.text", "Software")], "Routers"),
        ("tasks", &[("subject", "Call <them>"), ("related.text", "Routers")], "Call &#60;them&#62;"),
    ];
    for (path, values, name) in forms {
        let empty = office.get(&format!("/crm/{path}?view=all")).await;
        assert_eq!(empty.status, StatusCode::OK, "{}", empty.html);
        let new = format!("/crm/{path}/new");
        let made = office.send(&new, &new, values).await;
        let id = id_of(&made);
        let page = office.get(&format!("/crm/{path}/{id}")).await;
        assert!(page.status == StatusCode::OK && page.html.contains(name), "{path}: {}", page.html);
        let list = office.get(&format!("/crm/{path}?view=all&sort=-name")).await;
        assert!(list.html.contains(&format!(r#"href="/crm/{path}/{id}""#)), "{path}: {}", list.html);
        let note = format!("csrf={}&press={path}&text=A+%3Cb%3E+note", page.hidden("csrf"));
        let note = office.world.post(&format!("/crm/{path}/{id}/notes"), &office.cookie, &note).await;
        assert_eq!(note.status, StatusCode::SEE_OTHER, "{}", note.html);
        assert!(office.get(&format!("/crm/{path}/{id}")).await.html.contains("A &#60;b&#62; note"));
    }
    let deal = office.get("/crm/deals?search=rout").await;
    assert!(deal.html.contains("€96,500") && deal.html.contains("Software Customer"), "{}", deal.html);

    let id = office.record(Module::Deal, &[("name", "Old"), ("stage", "Qualification")]);
    let ask = format!("/crm/deals/{id}/delete");
    let gone = office.send(&ask, &ask, &[]).await;
    assert_eq!(gone.header("location"), "/crm/deals");
    let lost = office.get(&format!("/crm/deals/{id}")).await;
    assert!(lost.status == StatusCode::NOT_FOUND && lost.html.contains("Administrator deleted it"), "{}", lost.html);
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field_and_everything_stays_as_typed() {
    let office = Office::new().await;
    let long = "x".repeat(256);
    let values = [("subject", long.as_str()), ("due", "2026-02-30"), ("related.text", "Nothing such")];
    let answer = office.send("/crm/tasks/new", "/crm/tasks/new", &values).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for shown in [
        "Nothing is called “Nothing such”",
        r#"value="Nothing such""#,
        r#"value="2026-02-30""#,
        &format!(r#"value="{long}""#),
    ] {
        assert!(answer.html.contains(shown), "{shown}: {}", answer.html);
    }
    let answer = office.send("/crm/tasks/new", "/crm/tasks/new", &values[..2]).await;
    assert!(
        answer.html.contains("256 characters; 255 fit") && answer.html.contains("There is no such date"),
        "{}",
        answer.html
    );
}

#[tokio::test]
async fn names_that_several_have_become_a_choice() {
    let office = Office::new().await;
    let lisbon = office.record(Module::Account, &[("name", "Hotel Customer"), ("billing_city", "Lisbon")]);
    office.record(Module::Account, &[("name", "Hotel Customer"), ("billing_city", "Osaka")]);
    let values = [("name", "Guest network"), ("account.text", "Hotel Customer")];
    let asked = office.send("/crm/deals/new", "/crm/deals/new", &values).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        asked.html.contains("Hotel Customer (Lisbon)") && asked.html.contains("Hotel Customer (Osaka)"),
        "{}",
        asked.html
    );
    let chosen = office.world.post("/crm/deals/new", &office.cookie, &body(&asked, &[("account", &lisbon)])).await;
    assert_eq!(office.text(Module::Deal, &id_of(&chosen), "account"), lisbon);
    let offered = office.get("/crm/suggest/accounts?account.text=hot").await;
    assert!(offered.html.contains(r#"<option value="Hotel Customer">Lisbon</option>"#), "{}", offered.html);
}

#[tokio::test]
async fn a_lost_update_is_shown_and_never_overwritten() {
    let office = Office::new().await;
    let id = office.record(Module::Deal, &[("name", "Routers"), ("stage", "Qualification"), ("next_step", "Call")]);
    let edit = format!("/crm/deals/{id}/edit");
    let form = office.get(&edit).await;
    let other = Draft::new().with("next_step", "Visit").with("amount", "5");
    office.world.web.crm.update(&office.acting, Module::Deal, &id, None, &other).unwrap();
    let stale = office.world.post(&edit, &office.cookie, &body(&form, &[("next_step", "Write")])).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.html);
    assert!(
        stale.html.contains("Visit") && stale.html.contains("Write") && stale.html.contains("Next step"),
        "{}",
        stale.html
    );
    assert_eq!(office.text(Module::Deal, &id, "next_step"), "Visit");
    let chosen = office.world.post(&edit, &office.cookie, &body(&stale, &[("next_step", "Write")])).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.html);
    assert_eq!(
        (office.text(Module::Deal, &id, "next_step"), office.text(Module::Deal, &id, "amount")),
        ("Write".into(), "5".into())
    );
}

#[tokio::test]
async fn sc_2_what_stands_in_the_way_of_a_project_is_said_and_nothing_is_made() {
    let office = Office::new().await;
    let contact = office.record(Module::Contact, &[("last_name", "Petrov")]);
    let page = office.get(&format!("/crm/contacts/{contact}")).await;
    assert!(
        page.html.contains("A project needs the contact’s e-mail address.") && !page.html.contains("New project"),
        "{}",
        page.html
    );
    let alert = office.get(&format!("/crm/contacts/{contact}/projects/new")).await;
    assert_eq!(alert.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        alert.html.contains(r#"role="alert""#) && alert.html.contains(&format!("/crm/contacts/{contact}/edit#f-email")),
        "{}",
        alert.html
    );

    let rep = Email::parse("sales.rep@zylker.example").unwrap();
    office.world.web.crm.add_user(&office.acting, &rep, crm::Profile::Standard).unwrap();
    let new = "/setup/users/crm/new";
    office.send(new, new, &[("email", "sales.rep@zylker.example"), ("name", "Sales Representative")]).await;
    if office.world.web.identity.set_password(&rep, &Secret::new(PASSWORD)).is_err() {
        return;
    }
    let deal = office.record(Module::Deal, &[("name", "Store routers"), ("stage", "Closed Won")]);
    let his = office.world.sign_in(rep.as_str()).await;
    let page = office.world.get(&format!("/crm/deals/{deal}"), &his).await;
    assert!(page.html.contains("New project"), "{}", page.html);
    let alert = office.world.get(&format!("/crm/deals/{deal}/projects/new"), &his).await;
    assert_eq!(alert.status, StatusCode::FORBIDDEN, "{}", alert.html);
    assert!(alert.html.contains("You have no permission to create projects"), "{}", alert.html);
}

/// A won deal with an account, and the project made from it by the form.
async fn handed_off(office: &Office) -> (String, String) {
    let account = office.record(Module::Account, &[("name", "Hospital Customer")]);
    let deal = office.record(
        Module::Deal,
        &[("name", "Ward Wi-Fi"), ("stage", "Closed Won"), ("account", &account), ("closing", "2026-03-08")],
    );
    let new = format!("/crm/deals/{deal}/projects/new");
    let form = office.get(&new).await;
    assert!(form.html.contains("New client company, mapped") && form.html.contains("2026-03-08"), "{}", form.html);
    let sent = body(&form, &[("end", "2026-06-30"), ("strict", "yes")]);
    let done = office.world.post(&new, &office.cookie, &sent).await;
    assert_eq!(done.header("location"), format!("/crm/deals/{deal}"), "{}", done.html);
    let again = office.world.post(&new, &office.cookie, &sent).await;
    assert_eq!(again.header("location"), format!("/crm/deals/{deal}"), "a second press leads to the same");
    (deal, account)
}

#[tokio::test]
async fn sc_1_a_won_deal_becomes_a_project_that_its_list_shows() {
    let office = Office::new().await;
    let (deal, account) = handed_off(&office).await;
    let page = office.get(&format!("/crm/deals/{deal}")).await;
    for shown in ["Ward Wi-Fi", "0%", "8 Mar", "30 Jun", "Strict schedule", "Mapped", "Administrator"] {
        assert!(page.html.contains(shown), "{shown}: {}", page.html);
    }
    assert_eq!(page.html.matches(r#"<tr id="project-"#).count(), 1);
    let list = office.get("/crm/deals").await;
    assert!(!list.html.contains("New project"), "the won deal has its project: {}", list.html);
    assert!(office.get(&format!("/crm/accounts/{account}")).await.html.contains("Ward Wi-Fi"));

    let association = page.html.split("/projects/").find_map(|rest| rest.split_once("/remove")).unwrap().0.to_owned();
    let remove = format!("/crm/deals/{deal}/projects/{association}/remove");
    let removed = office.send(&remove, &remove, &[]).await;
    assert_eq!(removed.header("location"), format!("/crm/deals/{deal}"));
    let associate = format!("/crm/deals/{deal}/projects/associate");
    let form = office.get(&associate).await;
    let project = form.html.split(r#"name="project" value=""#).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let none = office.world.post(&associate, &office.cookie, &body(&form, &[])).await;
    assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.html.contains("Choose at least one project"));
    let done = office.send(&associate, &associate, &[("project", &project)]).await;
    assert_eq!(done.header("location"), format!("/crm/deals/{deal}"), "{}", done.html);
    assert!(office.get(&associate).await.html.contains("There is no project that you may see"), "not listed twice");
}

#[tokio::test]
async fn sc_38_a_date_outside_a_strict_project_is_explained_left_out_or_sent() {
    let office = Office::new().await;
    let (deal, _) = handed_off(&office).await;
    let under = CrmRef { module: CrmModule::Deal, id: deal };
    let project = office.world.web.bridge.related_projects(&office.acting, &under).unwrap().remove(0).project.id;
    let new = NewProjectsTask {
        project,
        list: None,
        parent: None,
        title: "Radio survey".into(),
        description: RichText::default(),
        start: None,
        due: Some(Date::parse("2026-06-22").unwrap()),
        priority: None,
        status: None,
        owners: vec![Email::parse(ADMIN).unwrap()],
    };
    let input = AddInput { task: TaskChoice::New(Box::new(new)), under, map_company: false, copy_comments: false };
    let added = office.world.web.bridge.add_to_crm(&office.acting, "press", &input).unwrap();
    let AddAnswer::Linked { crm_task, .. } = added else { panic!("{added:?}") };
    let task = crm_task.as_str();

    let page = office.get(&format!("/crm/tasks/{task}")).await;
    for shown in ["In Projects", "Why?", "All six fields are in step", "Unlink", "WW", "Due dates 8 Mar – 30 Jun"] {
        assert!(page.html.contains(shown), "{shown}: {}", page.html);
    }
    let edit = format!("/crm/tasks/{task}/edit");
    let form = office.get(&edit).await;
    assert!(
        form.html.contains("runs on a strict schedule: 8 Mar – 30 Jun") && form.html.contains("Save anyway"),
        "{}",
        form.html
    );

    let check = format!("/crm/tasks/{task}/check");
    let late = [("due", "2026-07-06"), ("subject", "Radio survey of ward 5")];
    let told = office.world.post(&check, &office.cookie, &body(&form, &late)).await;
    assert!(
        told.html.contains("Projects will not take 6 Jul") && told.html.contains("Use 30 Jun, the last allowed day"),
        "{}",
        told.html
    );
    assert!(told.html.contains("Goes to Projects: Subject") && !told.html.contains("<html"), "{}", told.html);

    let alone = office.world.post(&edit, &office.cookie, &body(&form, &late[..1])).await;
    assert!(
        alone.status == StatusCode::UNPROCESSABLE_ENTITY && alone.html.contains("Nothing was saved"),
        "{}",
        alone.html
    );
    let used = office.world.post(&edit, &office.cookie, &body(&form, &[late[0], ("use.due", "2026-06-30")])).await;
    assert!(used.status == StatusCode::OK && used.html.contains(r#"value="2026-06-30""#), "{}", used.html);

    let saved = office.world.post(&edit, &office.cookie, &body(&form, &late)).await;
    assert_eq!(saved.header("location"), format!("/crm/tasks/{task}?left=due%3A2026-07-06"), "{}", saved.html);
    let text = |field: &str| office.text(Module::Task, task, field);
    assert_eq!((text("subject").as_str(), text("due").as_str()), ("Radio survey of ward 5", "2026-06-22"));
    let page = office.get(saved.header("location")).await;
    assert!(page.html.contains("Not saved: Due date 6 Jul") && page.html.contains("6 Jul is outside"), "{}", page.html);

    let form = office.get(&edit).await;
    let anyway = office.world.post(&edit, &office.cookie, &body(&form, &[late[0], ("how", "anyway")])).await;
    assert_eq!(anyway.header("location"), format!("/crm/tasks/{task}"), "{}", anyway.html);
    assert_eq!(text("due"), "2026-07-06", "sent; the engine refuses it and sets it back");

    let ask = format!("/crm/tasks/{task}/unlink");
    let parted = office.send(&ask, &ask, &[]).await;
    assert_eq!(parted.header("location"), format!("/crm/tasks/{task}"), "{}", parted.html);
    assert!(!office.get(&format!("/crm/tasks/{task}")).await.html.contains("Why?"));
}
