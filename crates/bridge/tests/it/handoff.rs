//! From a sales record to a project (HAND-1 to HAND-19).

use std::panic::{AssertUnwindSafe, catch_unwind};

use bridge::BridgeError;
use bridge::handoff::{ClientBlock, ClientChoice, Effect, HandOff, HandOffInput, ProjectDraft};
use bridge::history::Action;
use bridge::operation::{Ordered, StepRefused};
use ports::{CrmModule, CrmRef, Reason, SalesRecord};

use crate::desk::{Desk, account, acting, company_id, contact, day, deal, email, on_each_database, project_id, record};
use crate::fake_sides::Crash;

fn from_d4() -> HandOffInput {
    HandOffInput {
        record: deal("d4"),
        project: ProjectDraft {
            name: "Ward Wi-Fi roll-out".to_owned(),
            overview: "Wards 2 and 5 first.".to_owned(),
            owner: Some(email("sales")),
            start: Some(day("2026-03-08")),
            end: Some(day("2026-06-30")),
            is_strict: false,
        },
        users: vec![email("account.manager")],
        client: ClientChoice::Existing { company: company_id("c2"), map: false },
        contacts: Vec::new(),
    }
}

fn from_d6(contacts: &[&str]) -> HandOffInput {
    let project = ProjectDraft { name: "Campus core".to_owned(), ..from_d4().project };
    let contacts = contacts.iter().map(|name| contact(name).id).collect();
    HandOffInput {
        record: deal("d6"),
        project,
        users: vec![email("rep")],
        client: ClientChoice::Offered { map: false },
        contacts,
    }
}

fn done(answer: Result<Ordered<HandOff>, BridgeError>) -> HandOff {
    match answer {
        Ok(Ordered::Done(done)) => done,
        other => panic!("{other:?}"),
    }
}

/// Everything that a hand-off makes, counted.
fn kept(desk: &Desk) -> (usize, usize, usize, usize, usize) {
    let mapped = desk.bridge.mapping_overview(&acting("admin")).unwrap().rows;
    let state = desk.projects.state();
    (
        state.projects.len(),
        state.companies.len(),
        state.users.len(),
        mapped.iter().filter(|row| row.id.is_some()).count(),
        desk.history().len(),
    )
}

#[test]
fn sc_1_a_won_deal_becomes_a_project() {
    on_each_database(|desk| {
        let form = desk.bridge.hand_off_form(&acting("sales"), &deal("d4")).unwrap();
        assert_eq!(form.project.name, "Ward Wi-Fi routers");
        assert_eq!((form.project.start, form.project.end), (Some(day("2026-03-08")), None));
        assert_eq!(form.project.overview, "Wards 2 and 5 first.");
        assert!(matches!(&form.client, ClientBlock::Mapped { company } if company.name == "Hospital Customer"));
        let fixed: Vec<_> = form.fixed_users.iter().map(|user| user.email.clone()).collect();
        assert_eq!(fixed, [email("admin")], "portal administrators who are CRM users");
        assert!(form.users.iter().all(|user| user.email != email("admin") && user.email != email("pm")));

        let look = desk.bridge.check_hand_off(&acting("sales"), &from_d4()).unwrap();
        assert!(look.problems.is_empty());
        assert_eq!(look.effects[0], Effect::CreateProject { name: "Ward Wi-Fi roll-out".to_owned() });
        assert_eq!(desk.projects.state().faults.writes, 0, "a look writes nothing");
        let before = desk.history().len();

        let made = done(desk.bridge.hand_off(&acting("sales"), "press", Some(&look.basis), &from_d4()));
        let state = desk.projects.state();
        let project = state.project(made.project_id.as_str()).clone();
        assert_eq!(project.name, "Ward Wi-Fi roll-out");
        assert_eq!((project.owner, project.companies), (Some(email("sales")), vec![company_id("c2")]));
        let mut members: Vec<_> = project.members.iter().map(|member| member.email.clone()).collect();
        members.sort();
        assert_eq!(members, [email("account.manager"), email("admin"), email("sales")]);
        assert_eq!(state.companies.len(), 7);
        assert!(state.invited.is_empty());
        drop(state);
        let related = desk.bridge.related_projects(&acting("rep"), &deal("d4")).unwrap();
        assert_eq!(related.len(), 1);
        assert_eq!((related[0].project.name.as_str(), related[0].opens), ("Ward Wi-Fi roll-out", false));
        let options = desk.bridge.crm_options(&acting("sales"), &made.project_id, None).unwrap();
        let mapped: Vec<_> = options.mapped.iter().map(|choice| choice.account.name.as_str()).collect();
        assert_eq!((options.is_available(), mapped), (true, vec!["Hospital Customer"]));
        let deals: Vec<_> = options.deals.iter().map(|deal| deal.name.as_str()).collect();
        assert_eq!(deals, ["Ward Wi-Fi routers"]);
        let entries = desk.history();
        assert_eq!(entries.len(), before + 1, "one entry for a hand-off");
        assert_eq!((entries[0].action, entries[0].person.clone()), (Action::HandOff, Some(email("sales"))));
        assert_eq!(entries[0].record.as_deref(), Some("deal:deal-d4"));
        assert!(desk.letters().is_empty());
        let listed = desk.bridge.hand_offs(&acting("lead"), &Default::default(), None, 50).unwrap();
        assert_eq!(listed.rows.len(), 1);
        assert_eq!(desk.bridge.hand_off_by_id(&acting("sales"), &made.id), Ok(made));
    });
}

#[test]
fn sc_2_refused_before_anything_is_made() {
    on_each_database(|desk| {
        let before = kept(desk);
        let no_right = || BridgeError::Refused(Reason::NoPermission { person: None });
        let d8 = HandOffInput { record: deal("d8"), ..from_d4() };
        assert_eq!(desk.bridge.hand_off_form(&acting("rep"), &deal("d8")), Err(no_right()));
        assert_eq!(desk.bridge.hand_off(&acting("rep"), "a", None, &d8), Err(no_right()));
        let no_address = || BridgeError::Refused(Reason::AddressMissing { person: "Ivan Petrov".to_owned() });
        let n11 = HandOffInput { record: contact("n11"), ..from_d4() };
        assert_eq!(desk.bridge.hand_off_form(&acting("sales"), &contact("n11")), Err(no_address()));
        assert_eq!(desk.bridge.hand_off(&acting("sales"), "b", None, &n11), Err(no_address()));
        // Who has no CRM account does not know of the deal.
        assert_eq!(desk.bridge.hand_off_form(&acting("pm"), &deal("d8")), Err(BridgeError::NotFound));
        assert_eq!(kept(desk), before);
        assert_eq!(desk.projects.state().faults.writes, 0);
    });
}

#[test]
fn sc_3_the_button_pressed_twice() {
    on_each_database(|desk| {
        let (projects, companies, users, ..) = kept(desk);
        let first = done(desk.bridge.hand_off(&acting("sales"), "press", None, &from_d4()));
        let second = done(desk.bridge.hand_off(&acting("sales"), "press", None, &from_d4()));
        assert_eq!(first, second);
        assert_eq!(kept(desk), (projects + 1, companies, users, 2, desk.history().len()));
        assert_eq!(desk.bridge.related_projects(&acting("sales"), &deal("d4")).unwrap().len(), 1);
        let members = desk.projects.state().project(first.project_id.as_str()).members.clone();
        assert_eq!(members.iter().filter(|member| member.email == email("account.manager")).count(), 1);
        // Somebody else's token of the same text is another press.
        let other = done(desk.bridge.hand_off(&acting("admin"), "press", None, &from_d4()));
        assert_ne!(other.id, first.id);
    });
}

#[test]
fn sc_3_two_presses_at_once_make_one_project() {
    on_each_database(|desk| {
        let answers: Vec<_> = std::thread::scope(|scope| {
            let press = || {
                let bridge = desk.bridge.clone();
                move || bridge.hand_off(&acting("sales"), "press", None, &from_d4())
            };
            let both = [scope.spawn(press()), scope.spawn(press())];
            both.into_iter().map(|press| press.join().unwrap()).collect()
        });
        let made: Vec<_> = answers.into_iter().filter(|answer| *answer != Err(BridgeError::AlreadyRunning)).collect();
        assert!(!made.is_empty());
        let again = done(desk.bridge.hand_off(&acting("sales"), "press", None, &from_d4()));
        for answer in made {
            assert_eq!(done(answer).id, again.id);
        }
        let state = desk.projects.state();
        assert_eq!(state.projects.iter().filter(|project| project.name == "Ward Wi-Fi roll-out").count(), 1);
    });
}

#[test]
fn sc_4_one_step_fails_all_is_undone() {
    on_each_database(|desk| {
        let before = kept(desk);
        let refused = desk.bridge.hand_off(&acting("sales"), "press", None, &from_d6(&["n7", "n13"]));
        let reason = Reason::ClientOfOtherCompany {
            person: "it.manager@software-customer.example".to_owned(),
            company: "Software Customer".to_owned(),
        };
        let step = "client_users".to_owned();
        assert_eq!(refused, Ok(Ordered::Refused(StepRefused { step, reason })));
        assert_eq!(kept(desk), before);
        assert_eq!(desk.projects.state().faults.writes, 0, "it was known before the first write");

        let made = done(desk.bridge.hand_off(&acting("sales"), "press", None, &from_d6(&["n7"])));
        assert_eq!(made.company.as_ref().map(|company| company.name.as_str()), Some("University Customer"));
        assert!(made.mapping.is_some());
        let invited = [email("rep"), email("campus.it@university-customer.example")];
        assert_eq!(made.invited, invited);
        assert_eq!(desk.projects.state().invited, invited);
        let row = desk.bridge.mapping(&acting("admin"), made.mapping.as_ref().unwrap()).unwrap();
        assert_eq!(row.account.map(|party| party.id), Some("account-a4".to_owned()));
        let (projects, companies, users, mapped, entries) = before;
        assert_eq!(kept(desk), (projects + 1, companies + 1, users + 2, mapped + 1, entries + 1));
    });
}

#[test]
fn sc_4_a_refusal_at_any_write_leaves_nothing() {
    on_each_database(|desk| {
        let before = kept(desk);
        for (number, step) in [(1, "company"), (2, "project"), (3, "users"), (4, "client_users")] {
            desk.projects.state().faults.refuse = Some((number, Reason::NoPermission { person: None }));
            let answer = desk.bridge.hand_off(&acting("sales"), "press", None, &from_d6(&["n7"]));
            match answer {
                Ok(Ordered::Refused(refused)) => assert_eq!(refused.step, step),
                other => panic!("write {number}: {other:?}"),
            }
            assert_eq!(kept(desk), before, "write {number}");
            assert!(desk.bridge.related_projects(&acting("sales"), &deal("d6")).unwrap().is_empty());
        }
        done(desk.bridge.hand_off(&acting("sales"), "press", None, &from_d6(&["n7"])));
    });
}

#[test]
fn sc_4_a_person_who_became_a_client_elsewhere_meanwhile_invites_nobody() {
    on_each_database(|desk| {
        let before = kept(desk);
        desk.projects.state().faults.crash = Some(Crash::Before(2));
        let press = || desk.bridge.hand_off(&acting("sales"), "press", None, &from_d6(&["n7"]));
        assert!(catch_unwind(AssertUnwindSafe(press)).is_err());
        let person = email("campus.it@university-customer.example");
        {
            let mut state = desk.projects.state();
            state.faults.crash = None;
            let mut card = state.users[0].clone();
            (card.email, card.id, card.client_of) = (person.clone(), "user-new".to_owned(), Some(company_id("c7")));
            state.users.push(card);
        }
        desk.recover();
        assert!(desk.projects.state().invited.is_empty(), "nobody was written to");
        let (projects, companies, users, mapped, entries) = before;
        assert_eq!(kept(desk), (projects, companies, users + 1, mapped, entries));
        match press() {
            Ok(Ordered::Refused(refused)) => assert_eq!(refused.step, "client_users"),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn sc_4_a_partner_that_came_meanwhile_refuses_the_mapping() {
    on_each_database(|desk| {
        // Before the second write, the project, somebody maps the account.
        desk.projects.state().faults.crash = Some(Crash::Before(2));
        let press = || desk.bridge.hand_off(&acting("sales"), "press", None, &from_d6(&["n7"]));
        assert!(catch_unwind(AssertUnwindSafe(press)).is_err());
        desk.projects.state().faults.crash = None;
        desk.map("c7", "a4");
        desk.recover();
        let answer = desk.bridge.hand_off(&acting("sales"), "press", None, &from_d6(&["n7"]));
        // The refused order is over; the same press looks at the record as it is now: its account is mapped.
        assert_eq!(done(answer).company.map(|company| company.name), Some("Public Transport Customer".to_owned()));
        assert!(desk.projects.state().company_named("University Customer").is_none());
    });
}

#[test]
fn hand_12_a_crash_at_any_step_leaves_one_project_or_none() {
    on_each_database(|desk| {
        let writes = 4;
        for number in 1..=writes {
            for crash in [Crash::Before(number), Crash::After(number)] {
                let before = kept(desk);
                let token = format!("{crash:?}");
                let mut input = from_d6(&["n7"]);
                // Every round with people and a company of its own, so that all four writes are made.
                let name = format!("Campus {token}");
                let id = format!("a{token}");
                desk.crm.state().records.push(SalesRecord {
                    account: Some(crate::desk::account_id(&id)),
                    company_name: Some(name.clone()),
                    ..record(account(&id), &name)
                });
                let person = email(&format!("{number}{}@campus.example", token.len()));
                desk.crm.state().records.push(SalesRecord {
                    account: Some(crate::desk::account_id(&id)),
                    email: Some(person.clone()),
                    ..record(contact(&token), "Somebody")
                });
                let rep = email(&format!("rep{number}{}", token.len()));
                desk.crm.state().users.push(ports::CrmUserCard {
                    email: rep.clone(),
                    name: "Rep".to_owned(),
                    id: token.clone(),
                    is_active: true,
                    is_administrator: false,
                });
                input.record = account(&id);
                input.project.name.clone_from(&name);
                input.users = vec![rep];
                input.contacts = vec![contact(&token).id];
                {
                    let mut state = desk.projects.state();
                    state.faults.writes = 0;
                    state.faults.crash = Some(crash);
                }
                let press = || desk.bridge.hand_off(&acting("sales"), &token, None, &input);
                assert!(catch_unwind(AssertUnwindSafe(press)).is_err(), "{crash:?}");
                desk.projects.state().faults.crash = None;
                assert_eq!(
                    desk.bridge.hand_off(&acting("sales"), &token, None, &input),
                    Err(BridgeError::AlreadyRunning),
                    "the lease of the dead driver is not over"
                );
                desk.recover();
                let made = done(desk.bridge.hand_off(&acting("sales"), &token, None, &input));
                let (projects, companies, users, mapped, entries) = before;
                assert_eq!(kept(desk), (projects + 1, companies + 1, users + 2, mapped + 1, entries + 1), "{crash:?}");
                let state = desk.projects.state();
                let project = state.project(made.project_id.as_str());
                assert_eq!((project.members.len(), project.companies.len()), (4, 1), "{crash:?}");
                assert_eq!(state.invited.iter().filter(|invited| **invited == person).count(), 1);
            }
        }
    });
}

#[test]
fn hand_12_a_side_that_is_away_is_waited_for() {
    on_each_database(|desk| {
        desk.projects.state().faults.away = true;
        let away = desk.bridge.hand_off(&acting("sales"), "press", None, &from_d4());
        assert!(matches!(away, Err(BridgeError::Side(_))), "nothing was ordered: {away:?}");
        desk.projects.state().faults.away = false;
        let made = done(desk.bridge.hand_off(&acting("sales"), "press", None, &from_d4()));
        assert_eq!(
            desk.projects.state().project_named("Ward Wi-Fi roll-out").map(|it| it.id.clone()),
            Some(made.project_id)
        );
    });
}

#[test]
fn sc_6_deal_without_an_account() {
    on_each_database(|desk| {
        let form = desk.bridge.hand_off_form(&acting("admin"), &deal("d12")).unwrap();
        assert_eq!(form.client, ClientBlock::None);
        assert_eq!(form.notes.len(), 1, "its tasks cannot go to the CRM until a client is set");
        let input = HandOffInput {
            record: deal("d12"),
            project: ProjectDraft { name: "Fair stand".to_owned(), owner: Some(email("admin")), ..from_d4().project },
            users: Vec::new(),
            client: ClientChoice::None,
            contacts: Vec::new(),
        };
        let made = done(desk.bridge.hand_off(&acting("admin"), "press", None, &input));
        assert_eq!((made.company, made.mapping), (None, None));
        assert!(!desk.bridge.shows_add_to_crm(&acting("admin"), &made.project_id).unwrap());
        desk.bridge.set_clients(&acting("admin"), &made.project_id, &[company_id("c1")], None).unwrap();
        let options = desk.bridge.crm_options(&acting("admin"), &made.project_id, None).unwrap();
        assert_eq!(options.mapped[0].account.name, "Software Customer");
        assert_eq!(options.deals[0].name, "Trade fair enquiry");
    });
}

#[test]
fn sc_8_associate_an_existing_project_and_take_it_away_again() {
    on_each_database(|desk| {
        let offered = |desk: &Desk, person: &str| -> Vec<String> {
            let page = desk.bridge.associable_projects(&acting(person), &deal("d4"), None, None, 50).unwrap();
            page.rows.iter().map(|project| project.key.clone()).collect()
        };
        assert_eq!(offered(desk, "admin"), ["DM", "DN", "HW", "RR", "TP"]);
        assert!(offered(desk, "rep").is_empty());
        desk.associate(&deal("d1"), "p2");
        desk.associate(&deal("d4"), "p2");
        assert_eq!(offered(desk, "admin"), ["DM", "DN", "HW", "TP"]);
        let project = desk.bridge.project(&acting("admin"), &project_id("p2")).unwrap();
        let clients: Vec<_> = project.clients.iter().map(|client| client.company.name.as_str()).collect();
        assert_eq!(clients, ["Software Customer", "Hospital Customer"]);
        let deals = |desk: &Desk| -> Vec<String> {
            let options = desk.bridge.crm_options(&acting("admin"), &project_id("p2"), None).unwrap();
            options.deals.iter().map(|deal| deal.name.clone()).collect()
        };
        assert_eq!(deals(desk), ["1,200 branch routers", "Ward Wi-Fi routers"]);

        let twice = desk.bridge.associate(&acting("admin"), "again", &deal("d4"), &[project_id("p2")]);
        let reason = Reason::AlreadyAssociated { project: "Router Roll-out".to_owned() };
        assert_eq!(twice, Err(BridgeError::Refused(reason)));
        let row = desk.bridge.related_projects(&acting("admin"), &deal("d4")).unwrap().remove(0);
        desk.bridge.remove_association(&acting("admin"), &row.association.id).unwrap();
        assert_eq!(deals(desk), ["1,200 branch routers"]);
        assert_eq!(desk.projects.state().project("project-p2").companies, [company_id("c1"), company_id("c2")]);
        assert_eq!(desk.history()[0].action, Action::Dissociate);
        let tried = desk.bridge.associate(&acting("lead"), "x", &deal("d4"), &[project_id("p2")]);
        assert_eq!(tried, Err(BridgeError::Refused(Reason::NoPermission { person: None })));
    });
}

#[test]
fn hand_15_several_projects_all_or_none() {
    on_each_database(|desk| {
        let before = desk.projects.state().project("project-p1").companies.clone();
        desk.projects.state().faults.refuse =
            Some((2, Reason::ProjectClosed { project: "Training Portal".to_owned() }));
        let both = [project_id("p1"), project_id("p3")];
        let refused = desk.bridge.associate(&acting("admin"), "press", &deal("d4"), &both);
        assert!(matches!(refused, Ok(Ordered::Refused(_))), "{refused:?}");
        assert_eq!(desk.projects.state().project("project-p1").companies, before);
        assert!(desk.bridge.related_projects(&acting("admin"), &deal("d4")).unwrap().is_empty());
        let done = desk.bridge.associate(&acting("admin"), "press", &deal("d4"), &both);
        assert!(matches!(&done, Ok(Ordered::Done(rows)) if rows.len() == 2), "{done:?}");
        assert_eq!(desk.bridge.associate(&acting("admin"), "press", &deal("d4"), &both), done);
    });
}

#[test]
fn hand_19_which_client_the_project_gets() {
    on_each_database(|desk| {
        let block = |person: &str, record: &CrmRef| desk.bridge.hand_off_form(&acting(person), record).unwrap().client;
        assert!(matches!(block("sales", &deal("d5")), ClientBlock::Namesake { may_map: false, .. }));
        assert!(matches!(block("admin", &deal("d5")), ClientBlock::Namesake { may_map: true, .. }));
        assert!(matches!(block("sales", &deal("d6")), ClientBlock::Create { maps: true, .. }));
        match block("sales", &deal("d8")) {
            ClientBlock::Ask { candidates, name, .. } => {
                assert_eq!(candidates[0].name, "Retail Customer");
                assert_eq!(name, "RETAIL  CUSTOMER");
            }
            other => panic!("{other:?}"),
        }
        let project = |name: &str| ProjectDraft { name: name.to_owned(), ..from_d4().project };
        let order = |person: &str, record: CrmRef, name: &str, client: ClientChoice| {
            let input = HandOffInput { record, project: project(name), users: vec![], client, contacts: vec![] };
            desk.bridge.hand_off(&acting(person), name, None, &input)
        };
        let unmapped = done(order("sales", deal("d5"), "Depot", ClientChoice::Offered { map: true }));
        assert_eq!((unmapped.company.map(|it| it.id), unmapped.mapping), (Some("company-c3".to_owned()), None));
        let asked = order("sales", deal("d8"), "Pilot", ClientChoice::Offered { map: false });
        assert!(matches!(asked, Ok(Ordered::Refused(refused)) if refused.step == "company"));
        let new = ClientChoice::New { name: "Retail Customer Ltd".to_owned() };
        assert!(done(order("sales", deal("d8"), "Pilot", new)).mapping.is_some());
        let other = ClientChoice::Existing { company: company_id("c7"), map: false };
        assert!(matches!(order("sales", deal("d7"), "Guests", other), Err(BridgeError::Invalid(_))));
        let mapped = done(order("admin", deal("d7"), "Guests", ClientChoice::Offered { map: true }));
        assert_eq!(mapped.company.map(|it| it.id), Some("company-c4".to_owned()));
        assert!(mapped.mapping.is_some());
    });
}

#[test]
fn hand_5_a_lead_gets_a_client_that_stays_unmapped() {
    on_each_database(|desk| {
        let lead = CrmRef { module: CrmModule::Lead, id: "lead-l1".to_owned() };
        desk.crm.state().records.push(SalesRecord {
            company_name: Some("Museum Customer".to_owned()),
            ..record(lead.clone(), "Elena Novak")
        });
        let form = desk.bridge.hand_off_form(&acting("sales"), &lead).unwrap();
        assert_eq!(form.client, ClientBlock::Create { name: "Museum Customer".to_owned(), maps: false });
        let input = HandOffInput {
            record: lead.clone(),
            project: ProjectDraft { name: "Museum".to_owned(), ..from_d4().project },
            users: Vec::new(),
            client: ClientChoice::Offered { map: true },
            contacts: Vec::new(),
        };
        let made = done(desk.bridge.hand_off(&acting("sales"), "press", None, &input));
        assert_eq!(made.mapping, None);
        assert_eq!(made.company.map(|it| it.name), Some("Museum Customer".to_owned()));
        assert_eq!(desk.bridge.related_projects(&acting("sales"), &lead).unwrap().len(), 1);
    });
}

#[test]
fn hand_10_wrong_values_are_named() {
    on_each_database(|desk| {
        let order = |change: &dyn Fn(&mut HandOffInput)| {
            let mut input = from_d4();
            change(&mut input);
            desk.bridge.hand_off(&acting("sales"), "press", None, &input)
        };
        let invalid = |field, code| Err(BridgeError::invalid(field, code));
        assert_eq!(order(&|it| it.project.name = "  ".to_owned()), invalid("project.name", "required"));
        assert_eq!(order(&|it| it.project.end = Some(day("2026-01-01"))), invalid("project.end", "end_before_start"));
        assert_eq!(order(&|it| it.project.owner = Some(email("rep"))), invalid("project.owner", "not_a_user"));
        assert_eq!(order(&|it| it.users = vec![email("pm")]), invalid("users", "not_a_user"));
        assert_eq!(order(&|it| it.contacts = vec!["contact-n7".to_owned()]), invalid("client_user_ids", "not_offered"));
        let strict = order(&|it| {
            it.project.is_strict = true;
            it.project.end = None;
        });
        let refused = StepRefused { step: "project".to_owned(), reason: Reason::DatesRequired };
        assert_eq!(strict, Ok(Ordered::Refused(refused)));
        let stale = desk.bridge.hand_off(&acting("sales"), "press", Some("another"), &from_d4());
        assert_eq!(stale, Err(BridgeError::ChangedSince));
        assert_eq!(desk.projects.state().faults.writes, 0);
    });
}
