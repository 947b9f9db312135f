//! Accounts and tenants.

use identity::{AccountChange, IdentityError, account, tenant};
use ports::{Language, PortalId};

use crate::world::{MANAGER, each, email};

#[test]
fn act_4_an_address_is_one_account_whatever_its_letter_case() {
    each(|world| {
        let first = world.person(MANAGER);
        let again = world.person("Project.Manager@ZYLKER.example");
        assert_eq!(first, again);
        assert_eq!(first.name, "Project Manager");
        assert!(first.is_active && !first.has_password);
        let other = world.person("migration.lead@zylker.example");
        assert_ne!(first.id, other.id);
        let asked = [email(MANAGER), email("nobody@zylker.example"), other.email.clone()];
        let (cards, names) = world
            .db
            .read(|read| Ok::<_, IdentityError>((account::cards(read, &asked)?, account::names(read, &asked)?)))
            .unwrap();
        assert_eq!(cards.keys().collect::<Vec<_>>(), [&other.email, &first.email]);
        assert_eq!(names[&asked[1]], "nobody@zylker.example");
        assert_eq!(names[&asked[0]], "Project Manager");
    });
}

#[test]
fn a_person_changes_name_language_and_zone() {
    each(|world| {
        let card = world.person(MANAGER);
        let change = AccountChange {
            name: Some(" 王芳 ".into()),
            language: Some(Language::ZhCn),
            zone: Some("Asia/Shanghai".into()),
        };
        let changed = world.identity.change_account(&card.id, &change).unwrap();
        assert_eq!(
            (changed.name.as_str(), changed.language, changed.zone.as_str()),
            ("王芳", Language::ZhCn, "Asia/Shanghai")
        );
        assert_eq!(world.identity.account(&card.email).unwrap().unwrap(), changed);
        let wrong = AccountChange { name: Some(" ".into()), language: None, zone: Some("Mars/Olympus".into()) };
        let error = world.identity.change_account(&card.id, &wrong).unwrap_err();
        let IdentityError::Invalid(fields) = error else { panic!("{error:?}") };
        let told: Vec<_> = fields.iter().map(|field| (field.field, field.code)).collect();
        assert_eq!(told, [("name", "empty"), ("zone", "unknown")]);
        assert_eq!(world.identity.account(&card.email).unwrap().unwrap(), changed, "nothing was saved");
    });
}

#[test]
fn a_portal_is_found_with_its_organisation() {
    each(|world| {
        assert_eq!(world.db.read(tenant::first).unwrap(), None);
        let made = world.tenant();
        let first = world.db.read(tenant::first).unwrap().unwrap();
        assert_eq!(
            (first.tenant.clone(), first.organisation.as_str(), first.currency.as_str()),
            (made.clone(), "Zylker", "EUR")
        );
        assert_eq!(world.db.read(|read| tenant::of_portal(read, &made.portal)).unwrap(), Some(first));
        assert_eq!(world.db.read(|read| tenant::of_portal(read, &PortalId::new("9"))).unwrap(), None);
    });
}
