//! Tasks and notes.

use crm::{CrmError, Draft, Filter, Module, Sort, SortField, Task};
use ports::{CrmModule, CrmRef};

use crate::world::{email, on_all, problems};

#[test]
fn a_bare_task_is_not_started_and_normal() {
    on_all(|world| {
        let task = Task::of(world.task("Call about the offer", Draft::new())).unwrap();
        assert_eq!((task.status.as_str(), task.priority.as_deref()), ("Not Started", Some("Normal")));
        assert_eq!((task.due, task.related, task.is_closed), (None, None, false));
        let empty = Task::of(world.task("No priority", Draft::new().with("priority", ""))).unwrap();
        assert_eq!(empty.priority, None);
    });
}

#[test]
fn f1_a_subject_is_one_line_of_at_most_255_characters() {
    on_all(|world| {
        let fits = "🧾".repeat(255);
        assert_eq!(world.task(&fits, Draft::new()).name(), fits);
        let long = Draft::new().with("subject", "路".repeat(256));
        let error = world.crm.create(&world.sales(), Module::Task, &long).unwrap_err();
        assert_eq!(problems(error), [("subject".to_owned(), "too_long")]);
        let blank = Draft::new().with("subject", " \n\t ");
        let error = world.crm.create(&world.sales(), Module::Task, &blank).unwrap_err();
        assert_eq!(problems(error), [("subject".to_owned(), "required")]);
    });
}

#[test]
fn f5_the_status_before_closing_is_kept() {
    on_all(|world| {
        let task = world.task("Prepare demo", Draft::new().with("status", "In Progress"));
        let to = |status: &str| {
            let draft = Draft::new().with("status", status);
            let record = world.crm.update(&world.sales(), Module::Task, &task.id, None, &draft).unwrap();
            let state = record.task.unwrap();
            (state.is_closed, state.status_before_closing, state.closed_at.is_some())
        };
        let before = Some("In Progress".to_owned());
        assert_eq!(to("Completed"), (true, before.clone(), true));
        assert_eq!(to("Deferred"), (false, before, false));
        assert_eq!(to("Completed"), (true, Some("Deferred".to_owned()), true));
        let done = world.task("Done at once", Draft::new().with("status", "Completed"));
        assert_eq!(done.task.unwrap().status_before_closing, None);
    });
}

#[test]
fn a_task_stands_under_an_account_or_deal_with_a_lead_or_contact() {
    on_all(|world| {
        let account = world.account("Hospital Customer");
        let deal = world.deal("Ward Wi-Fi routers", Some(&account), "");
        let under = |what: &str, id: &str| Draft::new().with("related", format!("{what}:{id}"));
        let task = Task::of(world.task("Visit", under("deal", &deal.id))).unwrap();
        assert_eq!(task.related.unwrap().name, "Ward Wi-Fi routers");
        assert_eq!(task.account.unwrap().name, "Hospital Customer");
        for (what, id) in [("account", &deal.id), ("contact", &account.id), ("deal", &"4711".to_owned())] {
            let draft = under(what, id).with("subject", "x");
            let error = world.crm.create(&world.sales(), Module::Task, &draft).unwrap_err();
            assert_eq!(problems(error), [("related".to_owned(), "unknown_record")], "{what}");
        }
        let filter =
            Filter { under: Some(CrmRef { module: CrmModule::Deal, id: deal.id.clone() }), ..Filter::default() };
        assert_eq!(world.pages(Module::Task, &filter, Sort::ascending(SortField::Due)), ["Visit"]);
    });
}

#[test]
fn a_comment_makes_no_form_stale_and_moves_the_version() {
    on_all(|world| {
        let task = world.task("Visit the depot", Draft::new());
        let note = world.crm.add_note(&world.admin(), Module::Task, &task.id, "客户要求多给十天。\r\n✅").unwrap();
        assert_eq!((note.text.as_str(), note.author), ("客户要求多给十天。\n✅", email("admin")));
        let noted = world.crm.read(&world.sales(), Module::Task, &task.id).unwrap();
        assert_eq!((noted.version, noted.task.as_ref().unwrap().newest_note.as_ref()), (2, Some(&note.id)));
        let change = Draft::new().with("due", "2026-06-30");
        let changed = world.crm.update(&world.sales(), Module::Task, &task.id, Some(task.version), &change).unwrap();
        assert_eq!(changed.version, 3);
        let late = world.crm.update(&world.sales(), Module::Task, &task.id, Some(2), &Draft::new().with("due", ""));
        assert!(matches!(late, Err(CrmError::Stale(_))));
        assert_eq!(world.crm.notes(&world.sales(), Module::Task, &task.id, 10).unwrap().len(), 1);
        for (text, code) in [("  ", "required"), ("a\0", "invalid_text")] {
            let error = world.crm.add_note(&world.sales(), Module::Task, &task.id, text).unwrap_err();
            assert_eq!(problems(error), [("text".to_owned(), code)]);
        }
    });
}

#[test]
fn lists_of_tasks_know_open_mine_and_late() {
    on_all(|world| {
        world.task("Late", Draft::new().with("due", "2026-03-01"));
        world.task("Soon", Draft::new().with("due", "2026-03-12").with("owner", "lead@zylker.example"));
        world.task("Never", Draft::new());
        world.task("Done", Draft::new().with("due", "2026-02-01").with("status", "Completed"));
        let by_due = Sort::ascending(SortField::Due);
        let open = Filter { is_closed: Some(false), ..Filter::default() };
        assert_eq!(world.pages(Module::Task, &open, by_due), ["Late", "Soon", "Never"]);
        assert_eq!(world.pages(Module::Task, &open, Sort::descending(SortField::Due)), ["Soon", "Late", "Never"]);
        let mine = Filter { owner: Some(email("sales")), ..open.clone() };
        assert_eq!(world.pages(Module::Task, &mine, by_due), ["Late", "Never"]);
        let late = Filter { due_before: Some(ports::Date::parse("2026-03-10").unwrap()), ..open };
        assert_eq!(world.pages(Module::Task, &late, by_due), ["Late"]);
        assert_eq!(world.crm.count(&world.sales(), Module::Task, &late, 100).unwrap(), 1);
        let owned = world.crm.owned(&world.sales()).unwrap();
        assert_eq!(owned.values().map(|owned| owned.open_tasks).sum::<i64>(), 3);
    });
}
