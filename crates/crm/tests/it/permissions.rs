//! Who may what, and that no organisation sees another's rows.

use crm::{CrmError, Draft, Filter, ListQuery, Module, Profile, Sort, SortField};
use ports::{Acting, CrmSide, OrganisationId, Origin, Reason};

use crate::world::{World, by, email, on_all, problems, tenant_of};

fn assert_refused<T: std::fmt::Debug>(answer: Result<T, CrmError>) {
    match answer {
        Err(CrmError::Refused(Reason::NoPermission { .. })) => {}
        other => panic!("not refused: {other:?}"),
    }
}

fn list(world: &World, acting: &Acting, module: Module) -> Result<usize, CrmError> {
    let sort = Sort::ascending(SortField::Name);
    let query = ListQuery { module, filter: Filter::default(), sort, after: None, limit: 50 };
    world.crm.list(acting, &query).map(|page| page.rows.len())
}

#[test]
fn people_without_an_active_user_see_and_write_nothing() {
    on_all(|world| {
        let account = world.account("Software Customer");
        // The bridge is no exception: it acts for a person.
        for acting in [by("client", Origin::Form), by("former", Origin::Api), by("former", Origin::Bridge)] {
            assert_refused(world.crm.me(&acting));
            assert_refused(world.crm.read(&acting, Module::Account, &account.id));
            assert_refused(list(world, &acting, Module::Account));
            assert_refused(world.crm.create(&acting, Module::Account, &Draft::new().with("name", "x")));
            assert_refused(world.crm.update(&acting, Module::Account, &account.id, None, &Draft::new()));
            assert_refused(world.crm.delete(&acting, Module::Account, &account.id, None));
            assert_refused(world.crm.add_note(&acting, Module::Account, &account.id, "x"));
            assert_refused(world.crm.notes(&acting, Module::Account, &account.id, 5));
            assert_refused(world.crm.history(&acting, Module::Account, &account.id, None, 5));
            assert_refused(world.crm.users(&acting));
            assert_refused(world.crm.counts(&acting, Module::Account, &account.id));
        }
        assert_eq!(list(world, &world.sales(), Module::Account).unwrap(), 1);
    });
}

#[test]
fn only_administrators_change_users_and_one_is_always_left() {
    on_all(|world| {
        assert_refused(world.crm.add_user(&world.sales(), &email("new"), Profile::Standard));
        assert_refused(world.crm.deactivate_user(&world.sales(), &email("admin")));
        for error in [
            world.crm.deactivate_user(&world.admin(), &email("admin")).unwrap_err(),
            world.crm.change_user(&world.admin(), &email("admin"), Profile::Standard, true).unwrap_err(),
        ] {
            assert_eq!(problems(error), [("profile".to_owned(), "last_administrator")]);
        }
        world.crm.change_user(&world.admin(), &email("lead"), Profile::Administrator, true).unwrap();
        let owned = world.account("Owned by admin");
        let task = world.crm.create(&world.admin(), Module::Task, &Draft::new().with("subject", "Kept")).unwrap();
        world.crm.deactivate_user(&by("lead", Origin::Form), &email("admin")).unwrap();
        assert_refused(world.crm.me(&world.admin()));
        // What a deactivated user owns stays, and stays his when somebody else changes it.
        let note = Draft::new().with("description", "x").with("owner", "admin@zylker.example");
        let kept = world.crm.update(&world.sales(), Module::Task, &task.id, None, &note).unwrap();
        assert_eq!(kept.owner, email("admin"));
        let given = Draft::new().with("owner", "admin@zylker.example");
        let error = world.crm.update(&world.sales(), Module::Account, &owned.id, None, &given).unwrap_err();
        assert_eq!(problems(error), [("owner".to_owned(), "inactive_user")]);
        let users = world.crm.users(&world.sales()).unwrap();
        assert_eq!(users.iter().filter(|user| user.is_active).count(), 2);
        world.crm.activate_user(&by("lead", Origin::Form), &email("admin")).unwrap();
        world.crm.me(&world.admin()).unwrap();
    });
}

#[test]
fn an_organisation_is_founded_once() {
    on_all(|world| {
        assert_refused(world.crm.found_organisation(&tenant_of("zylker"), &email("intruder")));
        assert_eq!(world.crm.users(&world.admin()).unwrap().len(), 4);
    });
}

#[test]
fn no_organisation_sees_another_ones_rows() {
    on_all(|world| {
        let account = world.account("Software Customer");
        let deal = world.deal("Deal", Some(&account), "");
        let task = world.task("Task", Draft::new());
        let boss = Acting { tenant: tenant_of("other"), email: email("boss"), origin: Origin::Form };
        assert_refused(world.crm.me(&Acting { email: email("sales"), ..boss.clone() }));
        for (module, id) in [(Module::Account, &account.id), (Module::Deal, &deal.id), (Module::Task, &task.id)] {
            assert!(matches!(world.crm.read(&boss, module, id), Err(CrmError::NotFound)));
            assert!(matches!(world.crm.update(&boss, module, id, None, &Draft::new()), Err(CrmError::NotFound)));
            assert!(matches!(world.crm.delete(&boss, module, id, None), Err(CrmError::NotFound)));
            assert!(matches!(world.crm.add_note(&boss, module, id, "x"), Err(CrmError::NotFound)));
            assert_eq!(list(world, &boss, module).unwrap(), 0);
        }
        let foreign = Draft::new().with("name", "Theirs").with("stage", "Qualification").with("account", &*account.id);
        assert_eq!(
            problems(world.crm.create(&boss, Module::Deal, &foreign).unwrap_err()),
            [("account".to_owned(), "unknown_record")]
        );
        let side = crm::InProcessCrm::new(world.crm.clone(), OrganisationId::new("other"));
        let ids = [ports::CrmTaskId::new(task.id.as_str())];
        assert!(side.read_tasks(&ids).unwrap().value.iter().all(|found| found.here().is_none()));
        assert!(side.records(&[deal.reference().unwrap()]).unwrap().iter().all(|found| found.here().is_none()));
        assert!(side.users(&[email("sales")]).unwrap().iter().all(Option::is_none));
    });
}
