//! Making, changing and deleting projects.

use ports::{Fact, Patch, Reason};
use projects::{ProjectDraft, ProjectPatch, ProjectsError, TaskDraft};

use crate::world::{
    ADMIN, CLIENT, CONTRACTOR, ENGINEER, LEAD, MANAGER, OWNER, SUPPORT, World, code, day, draft, due, each, email,
    refused,
};

fn patch() -> ProjectPatch {
    ProjectPatch::default()
}

fn edit(world: &World, patch: &ProjectPatch) -> Result<projects::Project, ProjectsError> {
    world.projects.edit_project(&world.acting(MANAGER), &world.project, patch, None)
}

#[test]
fn hand_10_a_strict_project_needs_both_dates() {
    each(|world| {
        for (start, end, wrong) in [
            (None, None, vec!["start", "end"]),
            (Some("2026-03-02"), None, vec!["end"]),
            (None, Some("2026-03-02"), vec!["start"]),
            (Some("2026-03-03"), Some("2026-03-02"), vec!["end"]),
            (Some("2026-03-02"), Some("2026-03-02"), vec![]),
        ] {
            let wanted = ProjectDraft {
                name: "Strict".into(),
                start: start.map(day),
                end: end.map(day),
                is_strict: true,
                ..ProjectDraft::default()
            };
            let fields = match world.projects.create_project(&world.acting(MANAGER), &wanted) {
                Ok(_) => vec![],
                Err(ProjectsError::Invalid(fields)) => fields.iter().map(|field| field.field).collect(),
                Err(other) => panic!("{other:?}"),
            };
            assert_eq!(fields, wrong, "{start:?} {end:?}");
        }
    });
}

#[test]
fn str_5_narrowing_is_refused_while_tasks_lie_outside() {
    each(|world| {
        world.add(&TaskDraft { start: Some(day("2026-03-02")), due: due("2026-03-06"), ..draft("Inventory") }).unwrap();
        let last = world.add(&TaskDraft { due: due("2026-06-30"), ..draft("Hand over") }).unwrap();
        let named = |reason: Reason| match reason {
            Reason::TasksOutsideSchedule { count, tasks, linked } => (count, tasks, linked),
            other => panic!("{other:?}"),
        };
        let earlier = ProjectPatch { end: Patch::Set(day("2026-06-29")), ..patch() };
        assert_eq!(named(refused(edit(world, &earlier))), (1, vec!["DM-2 Hand over".to_owned()], vec![]));
        let later =
            ProjectPatch { start: Patch::Set(day("2026-03-03")), end: Patch::Set(day("2026-06-29")), ..patch() };
        assert_eq!(named(refused(edit(world, &later))).0, 2);
        let wider = ProjectPatch { end: Patch::Set(day("2026-07-31")), ..patch() };
        assert_eq!(edit(world, &wider).unwrap().end, Some(day("2026-07-31")));
        let open = ProjectPatch { is_strict: Some(false), ..patch() };
        edit(world, &open).unwrap();
        world.due(&last.id, "2026-09-01").unwrap();
        let strict = ProjectPatch { is_strict: Some(true), ..patch() };
        assert_eq!(named(refused(edit(world, &strict))).1, ["DM-2 Hand over"]);
        let told = world.projects.check_project(&world.acting(MANAGER), &world.project, &strict).unwrap();
        assert_eq!((told[0].field, told[0].code), ("schedule", "tasks_outside_schedule"));
        world.projects.delete_task(&world.acting(MANAGER), &last.id).unwrap();
        assert_eq!(code(&edit(world, &strict)), "ok");
        // Other fields are not held up by it.
        assert_eq!(code(&edit(world, &ProjectPatch { name: Some("数据迁移".into()), ..patch() })), "ok");
    });
}

#[test]
fn keys_come_from_the_name_and_are_never_given_twice() {
    each(|world| {
        let make = |name: &str, key: Option<&str>| {
            let wanted = ProjectDraft { name: name.into(), key: key.map(str::to_owned), ..ProjectDraft::default() };
            world.projects.create_project(&world.acting(MANAGER), &wanted)
        };
        assert_eq!(make("Device Map", None).unwrap().key, "DM2");
        assert_eq!(make("数据迁移", None).unwrap().key, "P");
        assert_eq!(make("路由器部署", Some("rr")).unwrap().key, "RR");
        assert_eq!(code(&make("Roll", Some("R1"))), "invalid_key");
        let Err(ProjectsError::Invalid(taken)) = make("Other", Some("DM")) else { panic!("taken twice") };
        assert_eq!((taken[0].code, taken[0].facts["free"].clone()), ("taken", Fact::Text("DM3".into())));
        world.projects.delete_project(&world.acting(ADMIN), &world.project).unwrap();
        assert_eq!(make("Data Migration", None).unwrap().key, "DM3");
        assert_eq!(code(&world.projects.project_by_key(&world.acting(ADMIN), "DM")), "not_found");
    });
}

#[test]
fn owner_and_maker_become_members() {
    each(|world| {
        let wanted = ProjectDraft {
            name: "Ward Wi-Fi".into(),
            owner: Some(email(LEAD)),
            members: vec![email(ENGINEER), email(ENGINEER)],
            ..ProjectDraft::default()
        };
        let made = world.projects.create_project(&world.acting(MANAGER), &wanted).unwrap();
        let card = world.projects.project(&world.acting(LEAD), &made.id).unwrap();
        let members: Vec<_> = card.members.iter().map(|person| person.email.as_str()).collect();
        assert_eq!(members, [LEAD, ENGINEER, MANAGER]);
        assert!(card.access.changes_project);
        for (owner, expected) in [(CLIENT, "client"), ("nobody@zylker.example", "unknown_user")] {
            let wrong = ProjectDraft { owner: Some(email(owner)), ..wanted.clone() };
            assert_eq!(code(&world.projects.create_project(&world.acting(MANAGER), &wrong)), expected);
        }
        let change = ProjectPatch { owner: Some(email(SUPPORT)), ..patch() };
        let changed = world.projects.edit_project(&world.acting(LEAD), &made.id, &change, None).unwrap();
        assert_eq!(changed.owner.email, email(SUPPORT));
        assert!(world.projects.project(&world.acting(SUPPORT), &made.id).is_ok());
        let left = world.projects.remove_member(&world.acting(SUPPORT), &made.id, &email(SUPPORT));
        assert_eq!(code(&left), "is_owner");
    });
}

#[test]
fn a_stale_project_form_is_shown_and_an_empty_change_writes_nothing() {
    each(|world| {
        let before = world.projects.project(&world.acting(MANAGER), &world.project).unwrap().project;
        let feed = world.feed_length();
        assert_eq!(edit(world, &ProjectPatch { name: Some(before.name.clone()), ..patch() }).unwrap(), before);
        assert_eq!(world.feed_length(), feed);
        edit(world, &ProjectPatch { status: Some("Completed".into()), ..patch() }).unwrap();
        let rename = ProjectPatch { name: Some("Other".into()), ..patch() };
        let acting = world.acting(ADMIN);
        let stale = world.projects.edit_project(&acting, &world.project, &rename, Some(before.version));
        assert_eq!(code(&stale), "stale");
        let now = world.projects.project(&acting, &world.project).unwrap().project;
        assert!(now.is_closed && now.name == "Data Migration");
        assert_eq!(code(&edit(world, &ProjectPatch { status: Some("Paused".into()), ..patch() })), "unknown_value");
    });
}

#[test]
fn companies_of_a_project_are_kept_primary_first() {
    each(|world| {
        let acting = world.acting(MANAGER);
        let second = world.projects.create_company(&acting, "Hospital Customer").unwrap().id;
        let both = [second.clone(), world.company.clone(), second.clone()];
        world.projects.set_companies(&acting, &world.project, &both).unwrap();
        let ids = || -> Vec<_> {
            let card = world.projects.project(&acting, &world.project).unwrap();
            card.companies.into_iter().map(|company| company.id).collect()
        };
        assert_eq!(ids(), [second.clone(), world.company.clone()]);
        let feed = world.feed_length();
        world.projects.set_companies(&acting, &world.project, &both).unwrap();
        assert_eq!(world.feed_length(), feed);
        let unknown = world.projects.set_companies(&acting, &world.project, &[ports::CompanyId::new("1")]);
        assert_eq!(code(&unknown), "unknown_record");
        assert_eq!(code(&world.projects.set_companies(&world.acting(LEAD), &world.project, &[])), "no_permission");
        assert_eq!(code(&world.projects.delete_company(&world.acting(OWNER), &second)), "in_use");
    });
}

#[test]
fn lists_are_ordered_renamed_and_deleted_when_empty() {
    each(|world| {
        let acting = world.acting(LEAD);
        let trial = world.projects.add_list(&acting, &world.project, " Trial  runs ").unwrap();
        let names = || -> Vec<String> {
            let lists = world.projects.sections(&acting, &world.project).unwrap();
            lists.into_iter().map(|section| section.list.name).collect()
        };
        world.projects.move_list(&acting, &trial.id, None).unwrap();
        assert_eq!(names(), ["Trial  runs", "Preparation"]);
        world.projects.move_list(&acting, &trial.id, Some(&world.list)).unwrap();
        world.projects.rename_list(&acting, &trial.id, "试运行").unwrap();
        assert_eq!(names(), ["Preparation", "试运行"]);
        assert_eq!(code(&world.projects.rename_list(&acting, &trial.id, " ")), "required");
        let id =
            world.add(&TaskDraft { list: Some(trial.id.clone()), due: due("2026-04-01"), ..draft("T") }).unwrap().id;
        assert_eq!(code(&world.projects.delete_list(&acting, &trial.id)), "not_empty");
        let span = world.projects.sections(&acting, &world.project).unwrap()[1].span;
        assert_eq!((span.first, span.last), (Some(day("2026-04-01")), Some(day("2026-04-01"))));
        world.projects.delete_task(&world.acting(MANAGER), &id).unwrap();
        world.projects.delete_list(&acting, &trial.id).unwrap();
        assert_eq!(names(), ["Preparation"]);
        assert_eq!(code(&world.projects.add_list(&world.acting(CONTRACTOR), &world.project, "No")), "not_found");
    });
}

#[test]
fn a_task_without_a_list_makes_the_first_one() {
    each(|world| {
        let project = world.open_project("Bare");
        let task = world.projects.add_task(&world.acting(MANAGER), &project, &draft("First")).unwrap();
        let lists = world.projects.sections(&world.acting(MANAGER), &project).unwrap();
        assert_eq!((lists.len(), &lists[0].list.id, lists[0].list.name.as_str()), (1, &task.list, "General"));
    });
}
