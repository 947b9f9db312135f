//! The Projects side of the bridge: stamps, expected versions, marks, hints.

use ports::{
    Acting, CreateMark, FeedCursor, Found, NewComment, NewProjectsTask, Origin, Outcome, Patch, ProjectsSide,
    ProjectsTaskId, ProjectsTaskPatch, ProjectsWrite, Reason, RecordKind, Version,
};
use projects::{ProjectPatch, TaskPatch};

use crate::world::{
    ADMIN, CLIENT, ENGINEER, LEAD, MANAGER, OWNER, SUPPORT, World, code, day, draft, due, each, email, rich,
};

fn bridge(world: &World, person: &str) -> Acting {
    Acting { origin: Origin::Bridge, ..world.acting(person) }
}

fn read(world: &World, id: &ProjectsTaskId) -> ports::ProjectsTask {
    match world.side.read_tasks(std::slice::from_ref(id)).unwrap().value.remove(0) {
        Found::Here(task) => task,
        other => panic!("{other:?}"),
    }
}

fn update(world: &World, id: &ProjectsTaskId, expected: Option<&Version>, patch: ProjectsTaskPatch) -> ProjectsWrite {
    ProjectsWrite::UpdateTask { id: id.clone(), expected: expected.cloned(), patch, acting: bridge(world, LEAD) }
}

fn write(world: &World, write: ProjectsWrite) -> Outcome<String> {
    let checked = world.side.check(&write).unwrap();
    let outcome = world.side.write(&[write]).unwrap().value.remove(0);
    match (&checked, &outcome) {
        (Some(reason), Outcome::Refused(refused)) => assert_eq!(reason, refused),
        (Some(Reason::RecordGone), Outcome::Gone) | (None, Outcome::Done { .. } | Outcome::Stale) => {}
        other => panic!("check and write disagree: {other:?}"),
    }
    outcome
}

fn refusal(outcome: &Outcome<String>) -> &'static str {
    match outcome {
        Outcome::Done { .. } => "done",
        Outcome::Refused(reason) => reason.code(),
        Outcome::Stale => "stale",
        Outcome::Gone => "gone",
        other => panic!("{other:?}"),
    }
}

fn new_task(world: &World, title: &str, mark: &str) -> ProjectsWrite {
    ProjectsWrite::CreateTask {
        task: NewProjectsTask {
            project: world.project.clone(),
            list: None,
            parent: None,
            title: title.into(),
            description: rich("<p>x</p>"),
            start: None,
            due: Some(day("2026-06-01")),
            priority: Some("High".into()),
            status: None,
            owners: vec![email(LEAD)],
        },
        mark: CreateMark::new(mark),
        acting: bridge(world, LEAD),
    }
}

#[test]
fn every_field_carries_the_stamp_of_its_last_change() {
    each(|world| {
        let task = world.add(&projects::TaskDraft { due: due("2026-06-01"), ..draft("Trial") }).unwrap();
        let made = world.clock_now();
        world.clock.pass_s(60);
        let changed = TaskPatch { title: Some("Trial run".into()), ..TaskPatch::default() };
        world.projects.edit_task(&world.acting(LEAD), &task.id, &changed, None).unwrap();
        let titled = world.clock_now();
        world.clock.pass_s(60);
        let timed = TaskPatch { due_minute: Patch::Set(600), ..TaskPatch::default() };
        world.projects.edit_task(&world.acting(ENGINEER), &task.id, &timed, None).unwrap();
        let seen = read(world, &task.id);
        assert_eq!((seen.title.by, seen.title.at), (Some(email(LEAD)), Some(titled)));
        // F3: a change of the time of day is none.
        assert_eq!((seen.due.value, seen.due.by), (Some(day("2026-06-01")), Some(email(MANAGER))));
        assert_eq!((seen.status.by, seen.status.at), (Some(email(MANAGER)), Some(made)));
    });
}

#[test]
fn an_expected_version_is_checked_in_the_same_moment() {
    each(|world| {
        let id = world.task("Trial");
        let seen = read(world, &id).version;
        let title = |text: &str| ProjectsTaskPatch { title: Some(text.into()), ..ProjectsTaskPatch::default() };
        match write(world, update(world, &id, Some(&seen), title("One"))) {
            Outcome::Done { id: done, version } => {
                assert_eq!(done, id.as_str());
                assert_eq!(version, read(world, &id).version);
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(write(world, update(world, &id, Some(&seen), title("Two"))), Outcome::Stale);
        // A comment in between makes it stale too: its hint must not be taken for an echo.
        let seen = read(world, &id).version;
        let comment = projects::CommentDraft { text: rich("<p>x</p>"), is_internal: false };
        world.projects.add_comment(&world.acting(LEAD), &id, &comment).unwrap();
        assert_eq!(write(world, update(world, &id, Some(&seen), title("Two"))), Outcome::Stale);
        assert_eq!(refusal(&write(world, update(world, &id, None, title("Two")))), "done");
        assert_eq!(read(world, &id).title.value, "Two");
        let cloud = Version { mark: "2026-03-10T09:00:00".into(), settled: true };
        assert_eq!(write(world, update(world, &id, Some(&cloud), title("Three"))), Outcome::Stale);
    });
}

#[test]
fn sync_7_an_update_of_several_fields_is_one_unit() {
    each(|world| {
        let id = world.task("Trial");
        let both = ProjectsTaskPatch {
            title: Some("Other".into()),
            due: Patch::Set(day("2026-07-06")),
            ..ProjectsTaskPatch::default()
        };
        assert_eq!(refusal(&write(world, update(world, &id, None, both))), "outside_strict_schedule");
        assert_eq!(read(world, &id).title.value, "Trial");
        let empty = read(world, &id).version;
        let same = ProjectsTaskPatch { title: Some("Trial".into()), ..ProjectsTaskPatch::default() };
        match write(world, update(world, &id, Some(&empty), same)) {
            Outcome::Done { version, .. } => assert_eq!(version, empty),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn refusals_name_their_reason() {
    each(|world| {
        let parent = world.task("Launch");
        let child = world.below(&parent, "Build");
        let patch = ProjectsTaskPatch::default;
        for (id, wanted, expected) in [
            (&parent, ProjectsTaskPatch { status: Some("Closed".into()), ..patch() }, "open_subtasks"),
            (&child, ProjectsTaskPatch { status: Some("Closed".into()), ..patch() }, "done"),
            (&parent, ProjectsTaskPatch { status: Some("Closed".into()), ..patch() }, "done"),
            (&child, ProjectsTaskPatch { status: Some("Open".into()), ..patch() }, "parent_closed"),
            (&child, ProjectsTaskPatch { title: Some(" ".into()), ..patch() }, "title_empty"),
            (&child, ProjectsTaskPatch { title: Some("路".repeat(10_001)), ..patch() }, "title_too_long"),
            (&child, ProjectsTaskPatch { priority: Some("Someday".into()), ..patch() }, "value_not_mapped"),
            (&child, ProjectsTaskPatch { owners: Some(vec![email(SUPPORT)]), ..patch() }, "owner_not_in_project"),
            (&child, ProjectsTaskPatch { owners: Some(vec![email("x@y.example")]), ..patch() }, "owner_unknown"),
        ] {
            assert_eq!(refusal(&write(world, update(world, id, None, wanted.clone()))), expected, "{wanted:?}");
        }
        let title = ProjectsTaskPatch { title: Some("Mine".into()), ..patch() };
        let by = |person: &str, id: &ProjectsTaskId| ProjectsWrite::UpdateTask {
            id: id.clone(),
            expected: None,
            patch: title.clone(),
            acting: bridge(world, person),
        };
        assert_eq!(refusal(&write(world, by(SUPPORT, &child))), "no_permission");
        assert_eq!(refusal(&write(world, by("nobody@zylker.example", &child))), "no_permission");
        assert_eq!(refusal(&write(world, by(LEAD, &ProjectsTaskId::new("1")))), "gone");
        world.projects.delete_task(&world.acting(MANAGER), &child).unwrap();
        assert_eq!(refusal(&write(world, by(LEAD, &child))), "gone");
    });
}

#[test]
fn com_6_a_creation_repeated_with_its_mark_makes_nothing() {
    each(|world| {
        let first = write(world, new_task(world, "From the CRM", "m-1"));
        let Outcome::Done { id, .. } = &first else { panic!("{first:?}") };
        let again = write(world, new_task(world, "From the CRM", "m-1"));
        assert_eq!(again, first);
        let comment = |mark: &str| ProjectsWrite::CreateComment {
            comment: NewComment {
                task: ProjectsTaskId::new(id.clone()),
                text: rich("<p>OK</p>"),
                at: ports::Moment::parse("2026-03-01T08:00:00Z").unwrap(),
                is_internal: true,
            },
            mark: CreateMark::new(mark),
            acting: bridge(world, LEAD),
        };
        let one = write(world, comment("c-1"));
        assert_eq!(write(world, comment("c-1")), one);
        assert_ne!(write(world, comment("c-2")), one);
        let task = ProjectsTaskId::new(id.clone());
        let comments = world.side.comments(&task, None).unwrap();
        assert_eq!(comments.len(), 2);
        assert_eq!(comments[0].mark, Some(CreateMark::new("c-1")));
        assert_eq!(comments[0].at.to_string(), "2026-03-01T08:00:00Z");
        assert!(comments[0].is_internal);
        assert_eq!(world.side.comments(&task, Some(&comments[0].id)).unwrap().len(), 1);
        assert_eq!(read(world, &task).newest_comment.as_ref(), Some(&comments[1].id));
        let marks = ["m-1", "none", "c-1"].map(CreateMark::new);
        let found = world.side.find_created(&marks).unwrap();
        assert_eq!(found, [Some(id.clone()), None, Some(comments[0].id.to_string())]);
    });
}

#[test]
fn a_refused_write_leaves_nothing_and_the_others_go_on() {
    each(|world| {
        let mut late = new_task(world, "Late", "m-late");
        if let ProjectsWrite::CreateTask { task, .. } = &mut late {
            task.due = Some(day("2026-07-06"));
        }
        let writes = [new_task(world, "One", "m-1"), late, new_task(world, "Two", "m-2")];
        let answer = world.side.write(&writes).unwrap();
        let codes: Vec<_> = answer.value.iter().map(refusal).collect();
        assert_eq!(codes, ["done", "outside_strict_schedule", "done"]);
        assert_eq!(answer.side_now, Some(world.clock_now()));
        assert_eq!(world.side.find_created(&[CreateMark::new("m-late")]).unwrap(), [None]);
        let page = world.side.tasks_of_project(&world.project, None, 1).unwrap();
        let rest = world.side.tasks_of_project(&world.project, page.next.as_deref(), 5).unwrap();
        assert_eq!((page.rows.len(), rest.rows.len(), rest.next), (1, 1, None));
    });
}

#[test]
fn a_client_user_writes_a_comment_on_what_he_sees() {
    each(|world| {
        let task = world.add(&projects::TaskDraft { is_external: true, ..draft("Acceptance") }).unwrap();
        let hidden = world.task("Internal");
        let comment = |id: &ProjectsTaskId, mark: &str| ProjectsWrite::CreateComment {
            comment: NewComment {
                task: id.clone(),
                text: rich("<p>Ward 5</p>"),
                at: world.clock_now(),
                is_internal: false,
            },
            mark: CreateMark::new(mark),
            acting: bridge(world, CLIENT),
        };
        assert_eq!(refusal(&write(world, comment(&task.id, "c-1"))), "done");
        assert_eq!(refusal(&write(world, comment(&hidden, "c-2"))), "no_permission");
    });
}

#[test]
fn con_7_hints_name_what_changed_and_only_tasks_have_versions() {
    each(|world| {
        let start = world.side.changes(None, 10).unwrap();
        assert!(start.changes.is_empty() && !start.has_more);
        let id = world.task("Trial");
        world
            .projects
            .edit_project(
                &world.acting(MANAGER),
                &world.project,
                &ProjectPatch { status: Some("On Hold".into()), ..ProjectPatch::default() },
                None,
            )
            .unwrap();
        world.projects.add_member(&world.acting(MANAGER), &world.project, &email(SUPPORT)).unwrap();
        world.projects.add_list(&world.acting(MANAGER), &world.project, "Trial runs").unwrap();
        world.projects.deactivate_user(&world.acting(OWNER), &email(SUPPORT)).unwrap();
        let expected = [
            (RecordKind::Task, true),
            (RecordKind::Project, false),
            (RecordKind::Project, false),
            (RecordKind::User, false),
            (RecordKind::User, false),
        ];
        let mut cursor: FeedCursor = start.cursor;
        let mut heard = Vec::new();
        let kinds = |heard: &[ports::Change]| -> Vec<_> {
            heard.iter().map(|change| (change.kind, change.version.is_some())).collect()
        };
        // PostgreSQL holds entries back while anybody in the cluster writes: read until the last have come.
        for _ in 0..100_000 {
            let found = world.side.changes(Some(&cursor), 2).unwrap();
            cursor = found.cursor;
            heard.extend(found.changes);
            if kinds(&heard).ends_with(&expected) {
                break;
            }
        }
        assert!(kinds(&heard).ends_with(&expected), "{heard:?}");
        let task = heard.iter().find(|change| change.kind == RecordKind::Task).unwrap();
        assert_eq!(task.version, Some(read(world, &id).version));
    });
}

#[test]
fn a_task_of_a_deleted_project_is_gone_with_evidence() {
    each(|world| {
        let id = world.task("Trial");
        world.projects.delete_project(&world.acting(ADMIN), &world.project).unwrap();
        let gone = world.side.read_tasks(&[id.clone(), ProjectsTaskId::new("1")]).unwrap().value;
        match &gone[0] {
            Found::Gone(evidence) => assert_eq!(evidence.by, Some(email(ADMIN))),
            other => panic!("{other:?}"),
        }
        assert!(matches!(gone[1], Found::Unknown(_)));
        let versions = world.side.versions(std::slice::from_ref(&id)).unwrap().value;
        assert!(matches!(versions[0], Found::Gone(_)));
        let facts = world.side.projects(std::slice::from_ref(&world.project)).unwrap();
        assert!(matches!(facts[0], Found::Gone(_)));
        assert_eq!(world.side.tasks_of_project(&world.project, None, 10).unwrap().rows, [id]);
    });
}

#[test]
fn facts_of_a_project_are_complete() {
    each(|world| {
        let one = world.task("One");
        world.task("Two");
        world.task("Three");
        world.status(&one, "Closed").unwrap();
        let facts = match world.side.projects(std::slice::from_ref(&world.project)).unwrap().remove(0) {
            Found::Here(facts) => facts,
            other => panic!("{other:?}"),
        };
        assert_eq!((facts.key.as_str(), facts.completion, facts.is_closed), ("DM", 33, false));
        assert_eq!(facts.schedule, ports::Schedule::Strict { start: day("2026-03-02"), end: day("2026-06-30") });
        assert_eq!(facts.companies, std::slice::from_ref(&world.company));
        let members: Vec<_> = facts.members.iter().map(|one| (one.name.as_str(), one.is_client)).collect();
        assert_eq!(
            members,
            [("Ana Silva", true), ("Migration Lead", false), ("Network Engineer", false), ("Project Manager", false)]
        );
        let statuses: Vec<_> = facts.statuses.iter().map(|one| (one.name.as_str(), one.is_closed)).collect();
        assert_eq!(
            statuses,
            [("Open", false), ("In Progress", false), ("In Review", false), ("Closed", true), ("Cancelled", true)]
        );
        assert_eq!((facts.default_open.as_str(), facts.default_closed.as_str()), ("Open", "Closed"));
        let cards = world.side.users(&[email(CLIENT), email("nobody@zylker.example")]).unwrap();
        assert_eq!(cards[0].as_ref().unwrap().client_of, Some(world.company.clone()));
        assert!(cards[1].is_none());
        assert_eq!(world.side.all_users().unwrap().len(), 7);
        assert_eq!(code(&world.projects.project(&world.acting(CLIENT), &world.project)), "ok");
    });
}
