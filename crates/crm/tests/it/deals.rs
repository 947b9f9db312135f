//! Accounts, contacts, leads and deals.

use crm::{Account, Amount, Contact, CrmError, Deal, Draft, Filter, Lead, Module, Sort, SortField, StageClass};
use ports::AccountId;

use crate::world::{email, on_all, problems};

#[test]
fn a_deal_lives_from_creation_to_deletion() {
    on_all(|world| {
        let account = world.account("Software Customer");
        let draft = Draft::new()
            .with("name", " Data migration\nservices ")
            .with("account", account.id.as_str())
            .with("stage", "Qualification")
            .with("amount", "95000.50")
            .with("closing", "2026-02-08")
            .with("next_step", "Call 📞")
            .with("description", "第一行\r\n第二行");
        let made = world.crm.create(&world.sales(), Module::Deal, &draft).unwrap();
        let deal = Deal::of(made.clone()).unwrap();
        assert_eq!(deal.name, "Data migration services");
        assert_eq!(deal.account.unwrap().name, "Software Customer");
        assert_eq!(deal.amount, Some(Amount::from_hundredths(9_500_050)));
        assert_eq!((deal.class, made.version, &made.owner), (StageClass::Open, 1, &email("sales")));
        assert_eq!((made.text("next_step"), made.text("description")), ("Call 📞", "第一行\n第二行"));

        world.minute_passes();
        let won = Draft::new().with("stage", "Closed Won").with("owner", "Lead@Zylker.example").with("amount", "");
        let changed = world.crm.update(&world.admin(), Module::Deal, &made.id, Some(1), &won).unwrap();
        let deal = Deal::of(changed.clone()).unwrap();
        assert_eq!((deal.class, deal.amount, changed.version), (StageClass::Won, None, 2));
        assert_eq!(
            (changed.owner, changed.modified.by, changed.created.by),
            (email("lead"), email("admin"), email("sales"))
        );

        let history = world.crm.history(&world.sales(), Module::Deal, &made.id, None, 10).unwrap();
        let mut lines: Vec<_> =
            history.rows.iter().map(|line| (line.field.as_str(), line.old.as_deref(), line.new.as_deref())).collect();
        lines.sort_unstable();
        assert_eq!(
            lines,
            [
                ("amount", Some("95000.50"), None),
                ("owner", Some("sales@zylker.example"), Some("lead@zylker.example")),
                ("stage", Some("Qualification"), Some("Closed Won")),
            ]
        );
        assert!(history.rows.iter().all(|line| line.stamp.by == email("admin") && line.origin == "form"));

        world.crm.delete(&world.sales(), Module::Deal, &made.id, Some(2)).unwrap();
        match world.crm.read(&world.sales(), Module::Deal, &made.id) {
            Err(CrmError::Gone(evidence)) => assert_eq!(evidence.by, Some(email("sales"))),
            other => panic!("{other:?}"),
        }
        let none = Filter { account: Some(AccountId::new(account.id.as_str())), ..Filter::default() };
        assert!(world.pages(Module::Deal, &none, Sort::ascending(SortField::Name)).is_empty());
    });
}

#[test]
fn a_change_of_nothing_writes_nothing() {
    on_all(|world| {
        let account = world.account("北方经销商");
        world.minute_passes();
        let same = Draft::new().with("name", "北方经销商").with("phone", "");
        let kept = world.crm.update(&world.admin(), Module::Account, &account.id, None, &same).unwrap();
        assert_eq!(kept, account);
        assert!(world.crm.history(&world.sales(), Module::Account, &account.id, None, 10).unwrap().rows.is_empty());
    });
}

#[test]
fn a_lost_update_is_shown_and_never_overwrites() {
    on_all(|world| {
        let account = world.account("Hospital Customer");
        let phone = |number: &str| Draft::new().with("phone", number);
        world.crm.update(&world.admin(), Module::Account, &account.id, Some(1), &phone("1")).unwrap();
        match world.crm.update(&world.sales(), Module::Account, &account.id, Some(1), &phone("2")) {
            Err(CrmError::Stale(present)) => assert_eq!((present.text("phone"), present.version), ("1", 2)),
            other => panic!("{other:?}"),
        }
        assert!(matches!(
            world.crm.delete(&world.sales(), Module::Account, &account.id, Some(1)),
            Err(CrmError::Stale(_))
        ));
        assert_eq!(world.crm.read(&world.sales(), Module::Account, &account.id).unwrap().text("phone"), "1");
    });
}

#[test]
fn every_wrong_field_is_named_at_once() {
    on_all(|world| {
        let draft = Draft::new()
            .with("name", "x".repeat(121))
            .with("stage", "Someday")
            .with("amount", "1,00")
            .with("closing", "2026-02-30")
            .with("account", "4711")
            .with("owner", "former@zylker.example")
            .with("next_step", "a\0b")
            .with("colour", "red");
        let error = world.crm.create(&world.sales(), Module::Deal, &draft).unwrap_err();
        let mut found = problems(error);
        found.sort_unstable();
        assert_eq!(
            found,
            [
                ("account", "unknown_record"),
                ("amount", "invalid_number"),
                ("closing", "invalid_date"),
                ("colour", "unknown_field"),
                ("name", "too_long"),
                ("next_step", "invalid_text"),
                ("owner", "inactive_user"),
                ("stage", "not_in_list"),
            ]
            .map(|(field, code)| (field.to_owned(), code))
        );
        let empty = world.crm.create(&world.sales(), Module::Deal, &Draft::new()).unwrap_err();
        assert_eq!(problems(empty), [("name".to_owned(), "required"), ("stage".to_owned(), "required")]);
        let nobody = Draft::new().with("name", "A").with("owner", "nobody@zylker.example");
        let error = world.crm.create(&world.sales(), Module::Account, &nobody).unwrap_err();
        assert_eq!(problems(error), [("owner".to_owned(), "unknown_user")]);
    });
}

#[test]
fn programs_write_values_outside_a_pick_list_and_forms_keep_them() {
    on_all(|world| {
        let draft = Draft::new().with("name", "Odd").with("industry", "technolgy");
        let made = world.crm.create(&world.api(), Module::Account, &draft).unwrap();
        let same = Draft::new().with("industry", "technolgy").with("phone", "1");
        let kept = world.crm.update(&world.sales(), Module::Account, &made.id, None, &same).unwrap();
        assert_eq!(kept.text("industry"), "technolgy");
        let other = Draft::new().with("industry", "medical");
        let error = world.crm.update(&world.sales(), Module::Account, &made.id, None, &other).unwrap_err();
        assert_eq!(problems(error), [("industry".to_owned(), "not_in_list")]);
    });
}

#[test]
fn people_are_called_by_both_names() {
    on_all(|world| {
        let account = world.account("Software Customer");
        let draft = Draft::new()
            .with("first_name", "Ana")
            .with("last_name", "Silva")
            .with("account", account.id.as_str())
            .with("email", " IT.Manager@software-customer.example")
            .with("refuses_email", "true");
        let made = world.crm.create(&world.sales(), Module::Contact, &draft).unwrap();
        let contact = Contact::of(made).unwrap();
        assert_eq!((contact.name.as_str(), contact.account.unwrap().name.as_str()), ("Ana Silva", "Software Customer"));
        assert_eq!(contact.email.unwrap().as_str(), "it.manager@software-customer.example");
        assert!(contact.record.values.flag("refuses_email"));
        let married = Draft::new().with("last_name", "Souza");
        let changed = world.crm.update(&world.sales(), Module::Contact, contact.id.as_str(), None, &married).unwrap();
        assert_eq!(changed.name(), "Ana Souza");
        let search = |words: &str| Filter { search: words.to_owned(), ..Filter::default() };
        let by_name = Sort::ascending(SortField::Name);
        assert_eq!(world.pages(Module::Contact, &search("souza"), by_name), ["Ana Souza"]);
        assert!(world.pages(Module::Contact, &search("silva"), by_name).is_empty());
        assert_eq!(world.pages(Module::Contact, &search("it.manager"), by_name), ["Ana Souza"]);

        let draft = Draft::new().with("last_name", "张敏").with("company", "工厂客户").with("status", "Contacted");
        let lead = Lead::of(world.crm.create(&world.sales(), Module::Lead, &draft).unwrap()).unwrap();
        assert_eq!(
            (lead.name.as_str(), lead.company.as_str(), lead.status.as_str()),
            ("张敏", "工厂客户", "Contacted")
        );
        let wrong = Draft::new().with("name", "Full Name");
        let error = world.crm.update(&world.sales(), Module::Lead, lead.id.as_str(), None, &wrong).unwrap_err();
        assert_eq!(problems(error), [("name".to_owned(), "unknown_field")]);
    });
}

#[test]
fn what_an_account_has_is_counted_and_named() {
    on_all(|world| {
        let parent = world.account("Group");
        let draft = Draft::new().with("name", "Daughter").with("parent", parent.id.as_str());
        let account = world.crm.create(&world.sales(), Module::Account, &draft).unwrap();
        assert_eq!(Account::of(account.clone()).unwrap().parent.unwrap().name, "Group");
        let deal = world.deal("A deal", Some(&account), "");
        world.task("Under the account", Draft::new().with("related", format!("account:{}", account.id)));
        world.task("Under the deal", Draft::new().with("related", format!("deal:{}", deal.id)));
        world.crm.add_note(&world.sales(), Module::Account, &account.id, "Pays within 30 days.").unwrap();
        let counts = world.crm.counts(&world.sales(), Module::Account, &account.id).unwrap();
        assert_eq!((counts.contacts, counts.deals, counts.tasks, counts.notes), (0, 1, 2, 1));
        let won = Draft::new().with("stage", "Closed Won").with("amount", "10.25");
        world.crm.update(&world.sales(), Module::Deal, &deal.id, None, &won).unwrap();
        let totals = world.crm.deal_totals(&world.sales(), Some(&AccountId::new(account.id.as_str()))).unwrap();
        assert_eq!((totals.open, totals.won, totals.won_amount.hundredths()), (0, 1, 1_025));

        world.crm.delete(&world.sales(), Module::Account, &account.id, None).unwrap();
        let left = Deal::of(world.crm.read(&world.sales(), Module::Deal, &deal.id).unwrap()).unwrap();
        assert_eq!(left.account, None);
        // The deal still stands under what is deleted, and can be changed all the same.
        let same = Draft::new().with("account", account.id.as_str()).with("next_step", "Ask");
        world.crm.update(&world.sales(), Module::Deal, &deal.id, None, &same).unwrap();
    });
}

#[test]
fn an_ideographic_blank_tells_two_names_apart() {
    on_all(|world| {
        let spaced = world.account("零售客户\u{3000}");
        assert_eq!(spaced.name(), "零售客户\u{3000}");
        let plain = world.account(" 零售客户 ");
        assert_eq!(plain.name(), "零售客户");
        assert_eq!(world.crm.accounts_named(&world.sales(), "零售客户").unwrap(), [plain.id]);
    });
}

#[test]
fn of_two_savers_at_once_one_is_told() {
    on_all(|world| {
        let account = world.account("Busy Customer");
        let save = |phone: &'static str| {
            let draft = Draft::new().with("phone", phone);
            world.crm.update(&world.sales(), Module::Account, &account.id, Some(1), &draft)
        };
        let (left, right) = std::thread::scope(|scope| {
            let (left, right) = (scope.spawn(|| save("1")), scope.spawn(|| save("2")));
            (left.join().unwrap(), right.join().unwrap())
        });
        let stale = [&left, &right].into_iter().filter(|saved| matches!(saved, Err(CrmError::Stale(_)))).count();
        assert_eq!((stale, left.is_ok() || right.is_ok()), (1, true), "{}", world.engine);
        assert_eq!(world.crm.read(&world.sales(), Module::Account, &account.id).unwrap().version, 2);
    });
}
