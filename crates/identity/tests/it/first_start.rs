//! The first start.

use identity::first_start::FirstStart;
use identity::{IdentityError, Secret};
use ports::Language;
use store::{Sql, StoreError};

use crate::world::{World, each, word};

fn form(token: &Secret) -> FirstStart {
    FirstStart {
        token: token.clone(),
        organisation: " Zylker ".into(),
        email: "Admin@zylker.example".into(),
        name: String::new(),
        password: Secret::new("correct horse battery"),
        language: Language::ZhCn,
        zone: "Asia/Shanghai".into(),
        currency: "CNY".into(),
    }
}

fn start(world: &World, form: &FirstStart) -> Result<identity::first_start::Founded, IdentityError> {
    world.identity.first_start(form, &tenant(), "192.0.2.1", |_, _| Ok(()))
}

#[test]
fn who_holds_the_token_becomes_administrator_once() {
    each(|world| {
        assert!(world.identity.is_new().unwrap());
        let token = world.identity.first_start_token().unwrap().unwrap();
        assert_eq!(token.reveal().len(), 14, "three groups of four: {}", token.reveal());
        let founded = start(world, &form(&token)).unwrap();
        assert_eq!(founded.tenant.organisation, "Zylker");
        assert_eq!(founded.administrator.name, "Admin");
        assert!(!world.identity.is_new().unwrap());
        assert!(world.identity.first_start_token().unwrap().is_none());
        assert!(world.sign_in("admin@zylker.example", "correct horse battery").is_ok());
        assert!(matches!(start(world, &form(&token)), Err(IdentityError::NotFound)));
    });
}

#[test]
fn a_token_is_typed_as_people_type_ends_after_an_hour_and_is_replaced_at_every_start() {
    each(|world| {
        let old = world.identity.first_start_token().unwrap().unwrap();
        let new = world.identity.first_start_token().unwrap().unwrap();
        let wrong = |token: &Secret| word(&start(world, &form(token)).unwrap_err());
        assert!(wrong(&old).contains("\"wrong\""));
        assert!(wrong(&Secret::new("")).contains("\"wrong\""));
        world.pass_hours(1);
        assert!(wrong(&new).contains("\"expired\""));
        let next = world.identity.first_start_token().unwrap().unwrap();
        let typed = Secret::new(format!(" {} ", next.reveal().to_lowercase().replace('-', " ")));
        assert!(start(world, &form(&typed)).is_ok());
    });
}

#[test]
fn wrong_fields_are_all_named_and_cost_no_try() {
    each(|world| {
        let token = world.identity.first_start_token().unwrap().unwrap();
        let wrong = FirstStart {
            organisation: " ".into(),
            email: "no address".into(),
            password: Secret::new("short"),
            zone: "Nowhere".into(),
            currency: "euro".into(),
            ..form(&token)
        };
        for _ in 0..10 {
            let Err(IdentityError::Invalid(errors)) = start(world, &wrong) else { panic!() };
            let fields: Vec<_> = errors.iter().map(|error| (error.field, error.code)).collect();
            let expected = [
                ("organisation", "empty"),
                ("password", "too_short"),
                ("zone", "unknown"),
                ("currency", "unknown"),
                ("email", "invalid"),
            ];
            assert_eq!(fields, expected);
        }
        assert!(start(world, &form(&token)).is_ok());
    });
}

#[test]
fn guessing_the_token_makes_wait() {
    each(|world| {
        let token = world.identity.first_start_token().unwrap().unwrap();
        for _ in 0..5 {
            assert!(matches!(start(world, &form(&Secret::new("AAAA-BBBB-CCCC"))), Err(IdentityError::Invalid(_))));
        }
        assert!(matches!(start(world, &form(&token)), Err(IdentityError::TooManyTries { .. })));
        world.pass_s(30);
        assert!(start(world, &form(&token)).is_ok());
    });
}

#[test]
fn if_another_room_fails_nothing_is_made() {
    each(|world| {
        let token = world.identity.first_start_token().unwrap().unwrap();
        let failed = world.identity.first_start(&form(&token), &tenant(), "192.0.2.1", |_, _| {
            Err(IdentityError::Store(StoreError::Full("disk".into())))
        });
        assert!(failed.is_err());
        assert!(world.identity.is_new().unwrap());
        let portals = Sql::new("select id from identity_portal");
        assert_eq!(world.db.read(|read| read.rows(&portals, &[])).unwrap(), []);
        assert!(start(world, &form(&token)).is_ok(), "the token is still good");
    });
}

fn tenant() -> ports::Tenant {
    ports::Tenant { organisation: ports::OrganisationId::new("1"), portal: ports::PortalId::new("2") }
}
