//! A Projects task put into the CRM (TASK-1 to TASK-14), and what is foreseen of its changes (REF-2).

use std::panic::{AssertUnwindSafe, catch_unwind};

use bridge::BridgeError;
use bridge::add_to_crm::{AddAnswer, AddInput, TaskChoice};
use bridge::checks::{ChangedTask, CheckOutcome, Constraint, NewValue};
use bridge::field::{Field, SideName};
use bridge::link;
use ports::{CrmRef, CrmTask, LinkId, NewProjectsTask, ProjectsTaskId, Reason, lines};

use crate::desk::{Desk, account, acting, day, deal, email, on_each_database, project_id, task_id};
use crate::fake_sides::Crash;

fn existing(task: &str, under: CrmRef) -> AddInput {
    AddInput { task: TaskChoice::Existing(task_id(task)), under, map_company: false, copy_comments: false }
}

fn new_task(project: &str, under: CrmRef) -> AddInput {
    let task = NewProjectsTask {
        project: project_id(project),
        list: None,
        parent: None,
        title: "Check tax codes".to_owned(),
        description: lines::clean("<p>Compare with the <b>2025</b> list</p>"),
        start: None,
        due: Some(day("2026-04-02")),
        priority: Some("High".to_owned()),
        status: Some("Open".to_owned()),
        owners: vec![email("lead")],
    };
    AddInput { task: TaskChoice::New(Box::new(task)), under, map_company: false, copy_comments: false }
}

/// The two tasks of an order that was done.
fn linked(desk: &Desk, answer: Result<AddAnswer, BridgeError>) -> (LinkId, ProjectsTaskId, CrmTask) {
    match answer {
        Ok(AddAnswer::Linked { link, task, crm_task }) => {
            let crm_task = desk.crm.state().tasks.get(crm_task.as_str()).cloned().unwrap();
            (link, task, crm_task)
        }
        other => panic!("{other:?}"),
    }
}

fn crm_tasks(desk: &Desk) -> usize {
    desk.crm.state().tasks.len()
}

fn tasks(desk: &Desk) -> usize {
    desk.projects.state().tasks.len()
}

#[test]
fn sc_14_save_and_add_under_a_deal() {
    on_each_database(|desk| {
        desk.associate(&deal("d2"), "p1");
        let options = desk.bridge.crm_options(&acting("lead"), &project_id("p1"), None).unwrap();
        let mapped: Vec<_> = options.mapped.iter().map(|choice| choice.account.name.as_str()).collect();
        let deals: Vec<_> = options.deals.iter().map(|deal| deal.name.as_str()).collect();
        assert_eq!((mapped, deals), (vec!["Software Customer"], vec!["Data migration services"]));
        assert!(options.unmapped.is_empty());

        let (link, task, crm_task) =
            linked(desk, desk.bridge.add_to_crm(&acting("lead"), "press", &new_task("p1", deal("d2"))));
        assert_eq!(crm_task.subject.value, "Check tax codes");
        assert_eq!(crm_task.description.value.as_str(), "Compare with the 2025 list");
        assert_eq!((crm_task.due.value, crm_task.priority.value.as_deref()), (Some(day("2026-04-02")), Some("High")));
        assert_eq!((crm_task.status.value.as_str(), crm_task.owner.value), ("Not Started", email("lead")));
        assert_eq!(crm_task.under, Some(deal("d2")));
        let stored = desk.db.read(|read| link::of_projects_task(read, &desk.connection.id, &task)).unwrap().unwrap();
        assert_eq!((stored.id, stored.state.code(), stored.linked_by), (link, "in_step", email("lead")));
        assert_eq!((crm_tasks(desk), tasks(desk)), (1, 1));

        let again = desk.bridge.add_to_crm(&acting("lead"), "press", &new_task("p1", deal("d2")));
        assert_eq!(linked(desk, again).1, task, "pressed twice, made once");
        assert_eq!((crm_tasks(desk), tasks(desk)), (1, 1));
    });
}

#[test]
fn sc_15_an_existing_task() {
    on_each_database(|desk| {
        desk.add_task("p1", "DM-12", "Hand over to support", &[]);
        let input = existing("DM-12", account("a1"));
        let (link, task, crm_task) = linked(desk, desk.bridge.add_to_crm(&acting("lead"), "press", &input));
        assert_eq!((task, crm_task.subject.value.as_str()), (task_id("DM-12"), "Hand over to support"));
        assert_eq!((crm_task.under, crm_task.owner.value), (Some(account("a1")), email("lead")));
        let options = desk.bridge.crm_options(&acting("lead"), &project_id("p1"), Some(&task_id("DM-12"))).unwrap();
        assert_eq!(options.link, Some(link.clone()));
        let second = desk.bridge.add_to_crm(&acting("account.manager"), "other press", &input);
        assert_eq!(second, Err(BridgeError::Refused(Reason::AlreadyLinked)));
        assert_eq!(crm_tasks(desk), 1);

        let unlinked = desk.bridge.unlink(&acting("lead"), &link, None).unwrap();
        assert_eq!(unlinked.state.code(), "unlinked");
        assert_eq!((crm_tasks(desk), tasks(desk)), (1, 1), "both tasks stay");
        assert_eq!(desk.bridge.unlink(&acting("lead"), &link, None), Err(BridgeError::WrongState));
    });
}

#[test]
fn sc_16_when_the_button_must_not_be_there() {
    on_each_database(|desk| {
        let shows =
            |person: &str, project: &str| desk.bridge.shows_add_to_crm(&acting(person), &project_id(project)).unwrap();
        let client = "it.manager@software-customer.example";
        assert_eq!(
            [shows("admin", "p3"), shows("admin", "p4"), shows("admin", "p5"), shows(client, "p1"), shows("rep", "p1")],
            [false, false, true, false, false]
        );
        desk.add_task("p3", "TP-1", "Collect topics", &[]);
        let made = desk.bridge.add_to_crm(&acting("admin"), "press", &existing("TP-1", account("a1")));
        let reason = Reason::ClientNotMapped { project: "Training Portal".to_owned() };
        assert_eq!(made, Err(BridgeError::Refused(reason)));
        desk.add_task("p1", "DM-5", "Agree retention rules", &[]);
        let by_client = desk.bridge.add_to_crm(&acting(client), "press", &existing("DM-5", account("a1")));
        assert_eq!(by_client, Err(BridgeError::NotFound));
        assert_eq!(crm_tasks(desk), 0);
    });
}

#[test]
fn sc_17_picker_with_an_unmapped_account() {
    on_each_database(|desk| {
        let options = |person: &str| desk.bridge.crm_options(&acting(person), &project_id("p5"), None).unwrap();
        let seen = options("account.manager");
        assert_eq!(seen.mapped[0].account.name, "Hospital Customer");
        assert_eq!(seen.unmapped[0].account.name, "Logistics Customer");
        assert_eq!(seen.unmapped[0].obstacle, Some(Reason::NoPermission { person: None }));
        assert_eq!(seen.unmapped[0].ask, [email("owner"), email("admin")]);
        assert_eq!(options("admin").unmapped[0].obstacle, None);

        desk.add_task("p5", "HW-1", "Radio survey of wards", &["net"]);
        let under_a3 = AddInput { map_company: true, ..existing("HW-1", account("a3")) };
        let refused = desk.bridge.add_to_crm(&acting("account.manager"), "a", &under_a3);
        assert_eq!(refused, Err(BridgeError::Refused(Reason::NoPermission { person: None })));
        let unticked = AddInput { map_company: false, ..under_a3.clone() };
        assert!(desk.bridge.add_to_crm(&acting("admin"), "b", &unticked).is_err());
        let (_, _, crm_task) = linked(desk, desk.bridge.add_to_crm(&acting("admin"), "c", &under_a3));
        assert_eq!(crm_task.under, Some(account("a3")));
        assert!(desk.bridge.shows_add_to_crm(&acting("net"), &project_id("p4")).unwrap());
        assert!(options("admin").unmapped.is_empty());
    });
}

#[test]
fn sc_17_two_accounts_of_one_name() {
    on_each_database(|desk| {
        let clients = [crate::desk::company_id("c2"), crate::desk::company_id("c4")];
        desk.bridge.set_clients(&acting("admin"), &project_id("p5"), &clients, None).unwrap();
        let rows = |desk: &Desk| -> Vec<(Option<String>, Option<Reason>)> {
            let options = desk.bridge.crm_options(&acting("admin"), &project_id("p5"), None).unwrap();
            options.unmapped.into_iter().map(|row| (row.account.city, row.obstacle)).collect()
        };
        let city = |name: &str| Some(name.to_owned());
        assert_eq!(rows(desk), [(city("Lisbon"), None), (city("Osaka"), None)]);
        desk.map("c4", "a5");
        let greyed = Reason::AlreadyMapped { partner: "Hotel Customer (Lisbon)".to_owned() };
        assert_eq!(rows(desk), [(city("Osaka"), Some(greyed.clone()))]);
        desk.add_task("p5", "HW-2", "Agree switch-off times", &[]);
        let input = AddInput { map_company: true, ..existing("HW-2", account("a6")) };
        assert_eq!(desk.bridge.add_to_crm(&acting("admin"), "press", &input), Err(BridgeError::Refused(greyed)));
    });
}

#[test]
fn sc_18_a_deal_that_is_not_of_this_project() {
    on_each_database(|desk| {
        desk.associate(&deal("d2"), "p1");
        let reason = Reason::DealNotAssociated {
            deal: "Router maintenance contract".to_owned(),
            project: "Data Migration".to_owned(),
        };
        let tried = desk.bridge.add_to_crm(&acting("lead"), "press", &new_task("p1", deal("d3")));
        assert_eq!(tried, Err(BridgeError::Refused(reason)));
        assert_eq!((tasks(desk), crm_tasks(desk)), (0, 0), "the Projects task is not made either");
        assert_eq!(desk.projects.state().faults.writes, 0);
    });
}

#[test]
fn sc_19_owner_at_the_moment_of_adding() {
    on_each_database(|desk| {
        desk.associate(&deal("d1"), "p2");
        desk.add_task("p2", "RR-7", "Night-time switch", &["net"]);
        desk.add_task("p2", "RR-10", "Customer acceptance", &[]);
        desk.add_task("p2", "RR-11", "Third", &["pm"]);
        let owner = |person: &str, task: &str| {
            let answer = desk.bridge.add_to_crm(&acting(person), task, &existing(task, deal("d1")));
            linked(desk, answer).2.owner.value
        };
        assert_eq!(owner("net", "RR-7"), email("sales"), "the owner of the deal");
        assert_eq!(owner("lead", "RR-10"), email("lead"), "who pressed the button");
        for user in &mut desk.crm.state().users {
            user.is_active &= user.email != email("sales");
        }
        assert_eq!(owner("net", "RR-11"), email("admin"), "the connection user");
    });
}

#[test]
fn task_11_the_crm_does_not_take_it() {
    on_each_database(|desk| {
        let mandatory =
            Reason::ValidationFailed { message: "Contact is mandatory".to_owned(), service: "CRM".to_owned() };
        desk.crm.state().faults.refuse = Some((1, mandatory.clone()));
        let kept = desk.bridge.add_to_crm(&acting("lead"), "press", &new_task("p1", account("a1")));
        let Ok(AddAnswer::Kept { task, reason }) = &kept else { panic!("{kept:?}") };
        assert_eq!((reason, tasks(desk), crm_tasks(desk)), (&mandatory, 1, 0));
        let notices = desk.bridge.add_notices(&acting("lead"), &project_id("p1")).unwrap();
        assert_eq!((notices.len(), &notices[0].task, &notices[0].reason), (1, task, &mandatory));
        assert_eq!(desk.bridge.add_to_crm(&acting("lead"), "press", &new_task("p1", account("a1"))), kept);
        assert_eq!(tasks(desk), 1);
        let (_, again, _) = linked(desk, desk.bridge.try_adding_again(&acting("lead"), "again", task));
        assert_eq!(&again, task);
        assert!(desk.bridge.add_notices(&acting("lead"), &project_id("p1")).unwrap().is_empty());
        assert_eq!((tasks(desk), crm_tasks(desk)), (1, 1));
    });
}

#[test]
fn task_8_a_crash_at_any_write_makes_one_of_each() {
    on_each_database(|desk| {
        let mut made = 0;
        for crash in [Crash::Before(1), Crash::After(1)] {
            for is_crm in [false, true] {
                let token = format!("{crash:?} {is_crm}");
                (desk.crm.state().faults.writes, desk.projects.state().faults.writes) = (0, 0);
                if is_crm {
                    desk.crm.state().faults.crash = Some(crash);
                } else {
                    desk.projects.state().faults.crash = Some(crash);
                }
                let press = || desk.bridge.add_to_crm(&acting("lead"), &token, &new_task("p1", account("a1")));
                assert!(catch_unwind(AssertUnwindSafe(press)).is_err());
                (desk.crm.state().faults.crash, desk.projects.state().faults.crash) = (None, None);
                desk.recover();
                linked(desk, press());
                made += 1;
                assert_eq!((tasks(desk), crm_tasks(desk)), (made, made), "{token}");
            }
        }
    });
}

#[test]
fn task_8_a_crm_that_is_away_is_waited_for() {
    on_each_database(|desk| {
        desk.add_task("p1", "DM-6", "Trial run", &[]);
        let input = existing("DM-6", account("a1"));
        // The check goes through, then the line is cut.
        desk.crm.state().faults.crash = Some(Crash::Before(1));
        let press = || desk.bridge.add_to_crm(&acting("lead"), "press", &input);
        assert!(catch_unwind(AssertUnwindSafe(press)).is_err());
        {
            let mut state = desk.crm.state();
            (state.faults.crash, state.faults.away) = (None, true);
        }
        desk.recover();
        assert_eq!(crm_tasks(desk), 0);
        desk.crm.state().faults.away = false;
        let other = desk.bridge.add_to_crm(&acting("account.manager"), "other", &input);
        assert_eq!(other, Err(BridgeError::AlreadyRunning), "nobody else adds the same task meanwhile");
        desk.recover();
        linked(desk, press());
        assert_eq!(crm_tasks(desk), 1);
    });
}

#[test]
fn f1_too_long_a_title_is_refused_before_anything_is_made() {
    on_each_database(|desk| {
        desk.add_task("p1", "DM-7", &"路".repeat(256), &[]);
        let tried = desk.bridge.add_to_crm(&acting("lead"), "press", &existing("DM-7", account("a1")));
        assert!(matches!(tried, Err(BridgeError::Refused(Reason::TitleTooLong { length: 256, max: 255, .. }))));
        desk.add_task("p1", "DM-8", &"路".repeat(255), &[]);
        linked(desk, desk.bridge.add_to_crm(&acting("lead"), "press", &existing("DM-8", account("a1"))));
    });
}

#[test]
fn sc_38_explained_before_saving() {
    on_each_database(|desk| {
        desk.add_task("p1", "DM-1", "Inventory of legacy tables", &[]);
        desk.add_task("p1", "DM-10", "Cut over billing history", &["lead"]);
        {
            let mut state = desk.projects.state();
            state.tasks.get_mut("task-DM-1").unwrap().status.value.is_closed = true;
            let task = state.tasks.get_mut("task-DM-10").unwrap();
            task.parent = Some(task_id("DM-1"));
            task.status.value.is_closed = true;
        }
        let (_, _, crm_task) =
            linked(desk, desk.bridge.add_to_crm(&acting("lead"), "press", &existing("DM-10", account("a1"))));
        assert_eq!(crm_task.status.value, "Completed");
        let native = |text: &str| NewValue::Native(Some(text.to_owned()));
        let changes = [
            (Field::Due, native("2026-07-06")),
            (Field::Title, native("Cut over billing")),
            (Field::Status, native("In Progress")),
            (Field::Owner, native("rep@zylker.example")),
            (Field::Priority, native("Highest")),
            (Field::Description, NewValue::Native(None)),
        ];
        let task = ChangedTask::Crm(crm_task.id.clone());
        let check = desk.bridge.check_task_change(&acting("lead"), &task, SideName::Crm, &changes).unwrap();
        let outcome = |field| check.field(field).unwrap().outcome;
        assert_eq!(outcome(Field::Due), CheckOutcome::Refused);
        assert_eq!(check.field(Field::Due).unwrap().nearest, Some(day("2026-06-30")));
        assert_eq!(outcome(Field::Title), CheckOutcome::Applied);
        assert_eq!(outcome(Field::Priority), CheckOutcome::Unchanged, "Highest is High");
        assert_eq!(outcome(Field::Description), CheckOutcome::Applied);
        let codes: Vec<_> = [Field::Due, Field::Status, Field::Owner]
            .into_iter()
            .filter_map(|field| check.field(field)?.reason.as_ref().map(Reason::code))
            .collect();
        assert_eq!(codes, ["outside_strict_schedule", "parent_closed", "owner_unknown"]);
        assert!(!check.is_acceptable());
        let due = check.constraints.iter().find_map(|constraint| match constraint {
            Constraint::Due { earliest, latest, strict, .. } => Some((*earliest, *latest, *strict)),
            _ => None,
        });
        let (first, last) = (day("2026-03-02"), day("2026-06-30"));
        assert_eq!(due, Some((Some(first), Some(last), Some((first, last)))));
        let above = check.constraints.iter().any(|constraint| {
            matches!(constraint, Constraint::ClosedAncestor { ancestor } if ancestor.title == "Inventory of legacy tables")
        });
        assert!(above);
        let wrong =
            desk.bridge.check_task_change(&acting("lead"), &task, SideName::Crm, &[(Field::Due, native("soon"))]);
        assert!(matches!(wrong, Err(BridgeError::Invalid(_))));
        let client = acting("it.manager@software-customer.example");
        assert_eq!(desk.bridge.check_task_change(&client, &task, SideName::Crm, &[]), Err(BridgeError::NotFound));
    });
}
