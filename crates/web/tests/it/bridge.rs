//! The bridge's pages: the mapping is looked at before it runs, pairs are made and parted by hand, letters are read.

use axum::http::StatusCode;
use bridge::connection::NewConnection;
use crm::{Draft, Module};
use ports::{Acting, Email, Origin};
use web::address::segment;

use crate::world::{Answer, World};

const ADMIN: &str = "admin@zylker.example";

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

    fn customer(&self, company: Option<&str>, account: Option<(&str, &str)>) -> (String, String) {
        let company = company.map(|name| self.world.web.projects.create_company(&self.acting, name).unwrap());
        let account = account.map(|(name, city)| {
            let draft = Draft::new().with("name", name).with("billing_city", city);
            self.world.web.crm.create(&self.acting, Module::Account, &draft).unwrap().id
        });
        (company.map(|own| own.id.into_string()).unwrap_or_default(), account.unwrap_or_default())
    }

    async fn get(&self, path: &str) -> Answer {
        self.world.get(path, &self.cookie).await
    }

    async fn post(&self, path: &str, form: &Answer, values: &[(&str, &str)]) -> Answer {
        let sent = values.iter().map(|(name, value)| format!("{name}={}", segment(value)));
        let body = std::iter::once(format!("csrf={}", form.hidden("csrf"))).chain(sent).collect::<Vec<_>>().join("&");
        self.world.post(path, &self.cookie, &body).await
    }
}

#[tokio::test]
async fn map_2_a_run_is_seen_before_anything_is_mapped() {
    let office = Office::new().await;
    for name in ["Hospital Customer", "Software Customer"] {
        office.customer(Some(name), Some((name, "Chicago")));
    }
    office.customer(Some("Hotel Customer"), Some(("Hotel Customer", "Lisbon")));
    office.customer(None, Some(("Hotel Customer", "Osaka")));
    let page = office.get("/bridge/mapping").await;
    assert!(page.html.contains("2 pairs have the same name on both sides"), "{}", page.html);
    assert!(page.html.contains("Map the matching ones") && page.html.contains("Lisbon") && page.html.contains("Osaka"));

    let looked = office.post("/bridge/mapping/run", &page, &[("press", "look"), ("do", "preview")]).await;
    let preview = office.get(looked.header("location")).await;
    assert!(
        preview.html.contains("Nothing has been mapped yet") && preview.html.contains("Map these 2"),
        "{}",
        preview.html
    );
    assert!(office.get("/bridge/mapping?show=mapped").await.html.contains("No client company has an account yet"));

    let basis = preview.hidden("basis");
    let ran = office.post("/bridge/mapping/run", &preview, &[("press", "run"), ("basis", &basis)]).await;
    let result = office.get(ran.header("location")).await;
    assert!(result.html.contains("Mapping run") && result.html.contains("Read the letter"), "{}", result.html);
    let mapped = office.get("/bridge/mapping?show=mapped").await;
    assert!(mapped.html.contains("Software Customer") && !mapped.html.contains("Osaka"), "{}", mapped.html);

    let outbox = office.get("/setup/mails").await;
    let (_, rest) = outbox.html.split_once("href=\"/setup/mails/").expect("a letter");
    let id = rest.split('"').next().unwrap();
    let letter = office.get(&format!("/setup/mails/{id}")).await;
    assert!(letter.status == StatusCode::OK && letter.html.contains("Hotel Customer"), "{}", letter.html);
    let plain = office.get(&format!("/setup/mails/{id}?part=text")).await;
    assert!(plain.html.contains("Hotel Customer"), "{}", plain.html);
}

#[tokio::test]
async fn map_2_a_preview_that_has_grown_old_maps_nothing() {
    let office = Office::new().await;
    office.customer(Some("Software Customer"), Some(("Software Customer", "Seattle")));
    let page = office.get("/bridge/mapping").await;
    let looked = office.post("/bridge/mapping/run", &page, &[("press", "look"), ("do", "preview")]).await;
    let preview = office.get(looked.header("location")).await;
    office.customer(None, Some(("Software Customer", "Oslo")));
    let basis = preview.hidden("basis");
    let ran = office.post("/bridge/mapping/run", &preview, &[("press", "run"), ("basis", &basis)]).await;
    let again = office.get(ran.header("location")).await;
    assert!(again.html.contains("Preview of the mapping") && !again.html.contains("Map this one"), "{}", again.html);
    assert!(office.get("/bridge/mapping?show=mapped").await.html.contains("No client company has an account yet"));
}

#[tokio::test]
async fn map_3_map_7_map_9_pairs_are_made_and_parted_by_hand() {
    let office = Office::new().await;
    let (company, _) = office.customer(Some("Northern Reseller"), None);
    let (_, account) = office.customer(None, Some(("North Reseller", "Oslo")));
    let (other, _) = office.customer(Some("Second"), None);
    let choose = office.get(&format!("/bridge/mapping/choose?company={company}&words=north")).await;
    assert!(choose.html.contains("North Reseller") && choose.html.contains("Oslo"), "{}", choose.html);
    let nothing = [("press", "1"), ("given", "company"), ("company", company.as_str())];
    let empty = office.post("/bridge/mapping/pair", &choose, &nothing).await;
    assert!(
        empty.status == StatusCode::UNPROCESSABLE_ENTITY && empty.html.contains("Choose one of them"),
        "{}",
        empty.html
    );
    let pair = [("press", "2"), ("company", company.as_str()), ("account", account.as_str())];
    assert_eq!(office.post("/bridge/mapping/pair", &choose, &pair).await.status, StatusCode::SEE_OTHER);
    let twice = [("press", "3"), ("company", other.as_str()), ("account", account.as_str())];
    let twice = office.post("/bridge/mapping/pair", &choose, &twice).await;
    assert!(
        twice.status == StatusCode::UNPROCESSABLE_ENTITY && twice.html.contains("Northern Reseller"),
        "{}",
        twice.html
    );

    let mapped = office.get("/bridge/mapping?show=mapped").await;
    assert!(mapped.html.contains("Names differ") && mapped.html.contains("by hand"), "{}", mapped.html);
    let (_, rest) = mapped.html.split_once("/bridge/mapping/unmap?id=").expect("unmap");
    let id = rest.split('"').next().unwrap().to_owned();
    let ask = office.get(&format!("/bridge/mapping/unmap?id={id}")).await;
    assert!(ask.html.contains("Linked tasks stay in step"), "{}", ask.html);
    let parted = office.post("/bridge/mapping/unmap", &ask, &[("press", "4"), ("id", &id)]).await;
    assert_eq!(parted.header("location"), "/bridge/mapping?show=mapped");
    let history = office.get("/bridge/mapping/history").await;
    assert!(history.html.contains("Unmapped") && history.html.contains("North Reseller"), "{}", history.html);
}

#[tokio::test]
async fn what_is_not_there_is_said_and_activity_is_empty_at_first() {
    let office = Office::new().await;
    for lost in ["/bridge/links/7", "/bridge/links/7/unlink", "/setup/mails/7", "/bridge/mapping/runs/7"] {
        assert_eq!(office.get(lost).await.status, StatusCode::NOT_FOUND, "{lost}");
    }
    let activity = office.get("/bridge/activity").await;
    assert!(activity.html.contains("Nothing has been carried over yet"), "{}", activity.html);
    let filtered = office.get("/bridge/activity?outcome=refused").await;
    assert!(filtered.html.contains("No entry fits this filter"), "{}", filtered.html);
}
