//! The in-process side as the bridge uses it.

use crm::{Draft, Module};
use ports::{
    AccountId, Acting, CreateMark, CrmModule, CrmRef, CrmSide, CrmTaskId, CrmTaskPatch, CrmWrite, Date, FeedCursor,
    Found, Moment, NewCrmNote, NewCrmTask, NoteId, Origin, Outcome, Patch, PlainText, Reason, RecordKind, SalesQuery,
    Version, Why,
};

use crate::world::{World, by, email, on_all};

fn bridge() -> Acting {
    by("lead", Origin::Bridge)
}

fn new_task(subject: &str, under: Option<CrmRef>) -> NewCrmTask {
    NewCrmTask {
        subject: subject.to_owned(),
        description: PlainText::new("规则 ✅"),
        due: Some(Date::parse("2026-06-22").unwrap()),
        priority: None,
        status: "Not Started".to_owned(),
        owner: email("sales"),
        under,
    }
}

fn create(task: NewCrmTask, mark: &str) -> CrmWrite {
    CrmWrite::CreateTask { task, mark: CreateMark::new(mark), acting: bridge() }
}

fn update(id: &str, expected: Option<Version>, patch: CrmTaskPatch) -> CrmWrite {
    CrmWrite::UpdateTask { id: CrmTaskId::new(id), expected, patch, acting: bridge() }
}

fn note(task: &str, text: &str, mark: &str) -> CrmWrite {
    let note = NewCrmNote { task: CrmTaskId::new(task), text: PlainText::new(text), at: Moment::from_ms(1_000) };
    CrmWrite::CreateNote { note, mark: CreateMark::new(mark), acting: bridge() }
}

fn one(world: &World, write: CrmWrite) -> Outcome<String> {
    world.side().write(&[write]).unwrap().value.remove(0)
}

fn done(outcome: Outcome<String>) -> (String, Version) {
    match outcome {
        Outcome::Done { id, version } => (id, version),
        other => panic!("not done: {other:?}"),
    }
}

fn refused(outcome: &Outcome<String>) -> &'static str {
    match outcome {
        Outcome::Refused(reason) => reason.code(),
        other => panic!("not refused: {other:?}"),
    }
}

/// All hints behind a cursor, up to the one about `last`. On PostgreSQL an entry may come some moments after its commit.
fn hints(world: &World, cursor: &FeedCursor, last: &str) -> (Vec<ports::Change>, FeedCursor) {
    let (mut found, mut cursor) = (Vec::new(), cursor.clone());
    for _ in 0..100_000 {
        let changes = world.side().changes(Some(&cursor), 3).unwrap();
        found.extend(changes.changes);
        cursor = changes.cursor;
        if !changes.has_more && found.last().is_some_and(|change| change.id == last) {
            return (found, cursor);
        }
    }
    panic!("{}: {last} was never told", world.engine);
}

#[test]
fn a_repeated_mark_makes_one_task_and_is_found() {
    on_all(|world| {
        let account = world.account("Software Customer");
        let deal = world.deal("Data migration services", Some(&account), "2026-02-08");
        let write = create(new_task("Cut over", deal.reference()), "mark-1");
        assert_eq!(world.side().find_created(&[CreateMark::new("mark-1")]).unwrap(), [None]);
        let (id, version) = done(one(world, write.clone()));
        assert_eq!((id.clone(), version.clone()), done(one(world, write)));
        let marks = [CreateMark::new("mark-0"), CreateMark::new("mark-1")];
        assert_eq!(world.side().find_created(&marks).unwrap(), [None, Some(id.clone())]);

        let read = world.side().read_tasks(&[CrmTaskId::new(id.as_str())]).unwrap();
        let task = read.value.first().and_then(Found::here).unwrap().clone();
        assert_eq!((task.version, task.subject.value.as_str()), (version, "Cut over"));
        assert_eq!((task.priority.value, task.owner.value), (None, email("sales")));
        assert_eq!((task.subject.by, task.subject.at), (Some(email("lead")), read.side_now));
        assert_eq!((task.under, task.under_name.as_deref()), (deal.reference(), Some("Data migration services")));
        assert_eq!(task.account, Some(AccountId::new(account.id.as_str())));
        assert_eq!(task.description.value.as_str(), "规则 ✅");
    });
}

#[test]
fn an_update_is_conditional_and_stamps_its_fields_only() {
    on_all(|world| {
        let (id, version) = done(one(world, create(new_task("Old", None), "m")));
        world.minute_passes();
        let patch =
            CrmTaskPatch { due: Patch::Clear, priority: Patch::Set("Someday".to_owned()), ..CrmTaskPatch::default() };
        let (_, second) = done(one(world, update(&id, Some(version.clone()), patch.clone())));
        assert!(second.number() > version.number());
        assert_eq!(
            one(world, update(&id, Some(version), CrmTaskPatch { subject: Some("x".into()), ..patch.clone() })),
            Outcome::Stale
        );
        // The same again changes nothing and moves no version.
        assert_eq!(done(one(world, update(&id, None, patch))).1, second);
        let read = world.side().read_tasks(&[CrmTaskId::new(id.as_str())]).unwrap();
        let task = read.value.first().and_then(Found::here).unwrap();
        assert_eq!((task.due.value, task.priority.value.as_deref()), (None, Some("Someday")));
        assert!(task.due.at > task.subject.at);
        assert_eq!(task.due.at, read.side_now);
    });
}

#[test]
fn a_deleted_task_is_gone_with_evidence_and_an_unknown_one_is_not() {
    on_all(|world| {
        let task = world.task("Short life", Draft::new());
        world.crm.delete(&world.sales(), Module::Task, &task.id, None).unwrap();
        let ids = [CrmTaskId::new(task.id.as_str()), CrmTaskId::new("4711")];
        for found in [
            world.side().versions(&ids).unwrap().value.into_iter().map(|found| found.map(|_| ())).collect::<Vec<_>>(),
            world.side().read_tasks(&ids).unwrap().value.into_iter().map(|found| found.map(|_| ())).collect(),
        ] {
            match found.as_slice() {
                [Found::Gone(evidence), Found::Unknown(Why::NotListed)] => {
                    assert_eq!(evidence.by, Some(email("sales")));
                    assert!(evidence.at.is_some());
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(one(world, update(&task.id, None, CrmTaskPatch::default())), Outcome::Gone);
        assert_eq!(one(world, note(&task.id, "late", "n")), Outcome::Gone);
        assert_eq!(world.side().find_created(&[CreateMark::new("n")]).unwrap(), [None]);
    });
}

#[test]
fn notes_come_in_order_once_a_mark_with_their_authors() {
    on_all(|world| {
        let task = world.task("Talk", Draft::new());
        let (first, version) = done(one(world, note(&task.id, "OK", "n-1")));
        assert_eq!(done(one(world, note(&task.id, "OK", "n-1"))), (first.clone(), version.clone()));
        let (second, _) = done(one(world, note(&task.id, "OK", "n-2")));
        world.crm.add_note(&world.sales(), Module::Task, &task.id, "第三").unwrap();
        let id = CrmTaskId::new(task.id.as_str());
        let notes = world.side().notes(&id, None).unwrap();
        let texts: Vec<_> = notes.iter().map(|note| (note.text.as_str(), note.author_name.as_str())).collect();
        assert_eq!(texts, [("OK", "迁移负责人"), ("OK", "迁移负责人"), ("第三", "Sales Manager")]);
        assert_eq!(notes.first().unwrap().at, Moment::from_ms(1_000));
        assert_eq!(notes.first().unwrap().mark, Some(CreateMark::new("n-1")));
        assert_eq!(notes.last().unwrap().mark, None);
        let rest = world.side().notes(&id, Some(&NoteId::new(second))).unwrap();
        assert_eq!(rest.len(), 1);
        let read = world.side().read_tasks(&[id]).unwrap().value;
        let read = read.first().and_then(Found::here).unwrap();
        assert_eq!(read.newest_note, notes.last().map(|note| note.id.clone()));
        assert!(read.version.number() > version.number());
    });
}

#[test]
fn refusals_name_their_reason_and_a_check_foresees_them() {
    on_all(|world| {
        let (id, _) = done(one(world, create(new_task("Task", None), "m")));
        let patch = |change: fn(&mut CrmTaskPatch)| {
            let mut patch = CrmTaskPatch::default();
            change(&mut patch);
            update(&id, None, patch)
        };
        let unknown = CrmRef { module: CrmModule::Deal, id: "4711".to_owned() };
        for (write, code) in [
            (patch(|patch| patch.subject = Some(" ".to_owned())), "title_empty"),
            (patch(|patch| patch.subject = Some("x".repeat(256))), "title_too_long"),
            (patch(|patch| patch.description = Some(PlainText::new(&"长".repeat(32_001)))), "description_too_long"),
            (patch(|patch| patch.owner = Some(email("former"))), "owner_unknown"),
            (patch(|patch| patch.owner = Some(email("nobody"))), "owner_unknown"),
            (create(new_task("x", Some(unknown)), "u"), "validation_failed"),
            (create(NewCrmTask { owner: email("nobody"), ..new_task("x", None) }, "v"), "owner_unknown"),
        ] {
            assert_eq!(world.side().check(&write).unwrap().map(|reason| reason.code()), Some(code));
            assert_eq!(refused(&one(world, write)), code);
        }
        let stranger = CrmWrite::UpdateTask {
            id: CrmTaskId::new(id.as_str()),
            expected: None,
            patch: CrmTaskPatch { subject: Some("x".to_owned()), ..CrmTaskPatch::default() },
            acting: by("client", Origin::Bridge),
        };
        assert_eq!(refused(&one(world, stranger)), "no_permission");
        // Nothing that was refused left a mark or a change.
        assert_eq!(world.side().find_created(&[CreateMark::new("u")]).unwrap(), [None]);
        assert_eq!(world.crm.read(&world.sales(), Module::Task, &id).unwrap().version, 1);
        assert_eq!(world.side().check(&patch(|patch| patch.due = Patch::Clear)).unwrap(), None);
        let gone = update("4711", None, CrmTaskPatch::default());
        assert_eq!(world.side().check(&gone).unwrap(), Some(Reason::RecordGone));
    });
}

#[test]
fn the_feed_tells_every_change_of_this_organisation_with_its_version() {
    on_all(|world| {
        let start = world.side().changes(None, 10).unwrap();
        assert!(start.changes.is_empty());
        let deal = world.deal("Deal", None, "");
        let (id, version) = done(one(world, create(new_task("Task", None), "m")));
        world.crm.add_note(&world.sales(), Module::Task, &id, "hello").unwrap();
        let added = world.crm.add_user(&world.admin(), &email("new"), crm::Profile::Standard).unwrap();
        let boss = Acting { tenant: crate::world::tenant_of("other"), email: email("boss"), origin: Origin::Form };
        world.crm.create(&boss, Module::Account, &Draft::new().with("name", "Theirs")).unwrap();
        // A change of nothing is no change.
        world.crm.update(&world.sales(), Module::Deal, &deal.id, None, &Draft::new().with("name", "Deal")).unwrap();
        let (mut changes, cursor) = hints(world, &start.cursor, &added.id);
        // Where another database of the cluster is being written, the end lay before the users of this world.
        changes.drain(..changes.len() - 4);
        let told: Vec<_> = changes.iter().map(|change| (change.kind, change.id.as_str())).collect();
        let kinds: Vec<_> = told.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [RecordKind::Sales, RecordKind::Task, RecordKind::Task, RecordKind::User]);
        assert_eq!(changes.first().and_then(|change| change.sales.clone()), deal.reference());
        assert_eq!(changes.get(1).and_then(|change| change.version.clone()), Some(version));
        let number = |at: usize| changes.get(at).and_then(|change| change.version.as_ref()?.number());
        assert!(number(2) > number(1));
        assert!(world.side().changes(Some(&cursor), 9).unwrap().changes.is_empty());
        let lost = world.side().changes(Some(&FeedCursor("another:1:1".to_owned())), 100).unwrap();
        assert!(lost.changes.len() >= 4, "{}", world.engine);
    });
}

#[test]
fn map_5_accounts_are_found_by_their_name_key() {
    on_all(|world| {
        for name in ["Hotel Customer", "HOTEL  CUSTOMER", "零售客户\u{3000}", "Other"] {
            world.account(name);
        }
        let keys = vec![records::fold("Hotel Customer"), records::fold("零售客户"), "nothing".to_owned()];
        let query = SalesQuery::AccountsByNameKey(keys);
        let (mut names, mut after) = (Vec::new(), None);
        loop {
            let page = world.side().list(&query, after.as_deref(), 2).unwrap();
            names.extend(page.rows.into_iter().map(|record| record.name));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(names, ["Hotel Customer", "HOTEL  CUSTOMER", "零售客户\u{3000}"]);
        let all = world.side().list(&SalesQuery::All(CrmModule::Account), None, 200).unwrap();
        assert_eq!(all.rows.len(), 4);
    });
}

#[test]
fn sales_records_and_users_are_given_as_the_bridge_needs_them() {
    on_all(|world| {
        let draft = Draft::new()
            .with("name", "Software Customer")
            .with("billing_city", "Seattle")
            .with("website", "https://a.example");
        let account = world.crm.create(&world.sales(), Module::Account, &draft).unwrap();
        let deal = world.deal("Deal", Some(&account), "2026-01-29");
        world
            .crm
            .update(&world.sales(), Module::Deal, &deal.id, None, &Draft::new().with("stage", "Closed Won"))
            .unwrap();
        let wrong_kind = CrmRef { module: CrmModule::Lead, id: account.id.clone() };
        let found =
            world.side().records(&[account.reference().unwrap(), wrong_kind, deal.reference().unwrap()]).unwrap();
        match found.as_slice() {
            [Found::Here(company), Found::Unknown(_), Found::Here(sale)] => {
                assert_eq!(
                    (company.city.as_deref(), company.website.as_deref()),
                    (Some("Seattle"), Some("https://a.example"))
                );
                assert_eq!(company.account.as_ref().map(AccountId::as_str), Some(account.id.as_str()));
                assert!(sale.is_won);
                assert_eq!(sale.company_name.as_deref(), Some("Software Customer"));
                assert_eq!(sale.closing, Some(Date::parse("2026-01-29").unwrap()));
                assert_eq!(sale.owner, Some(email("sales")));
            }
            other => panic!("{other:?}"),
        }
        let of = AccountId::new(account.id.as_str());
        assert_eq!(world.side().list(&SalesQuery::DealsOf(of.clone()), None, 10).unwrap().rows.len(), 1);
        assert!(world.side().list(&SalesQuery::ContactsOf(of), None, 10).unwrap().rows.is_empty());

        let users = world.side().users(&[email("lead"), email("nobody"), email("former")]).unwrap();
        match users.as_slice() {
            [Some(lead), None, Some(former)] => {
                assert_eq!((lead.name.as_str(), lead.is_active, lead.is_administrator), ("迁移负责人", true, false));
                assert!(!former.is_active);
            }
            other => panic!("{other:?}"),
        }
        let all = world.side().all_users().unwrap();
        assert_eq!(all.iter().map(|user| user.is_active).collect::<Vec<_>>(), [true, true, true, false]);
        assert!(world.side().capabilities().writes_conditionally);
    });
}
