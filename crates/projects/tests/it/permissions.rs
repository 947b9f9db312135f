//! The table "Who may": every profile against every right.

use ports::ProjectsSide;
use projects::{
    CommentDraft, Destination, MoveTask, Place, Profile, ProjectDraft, ProjectPatch, ProjectQuery, TaskPatch, TaskQuery,
};

use crate::world::{
    ADMIN, CLIENT, CONTRACTOR, ENGINEER, LEAD, MANAGER, OWNER, SUPPORT, World, code, draft, each, email, rich,
};

/// Yes, refused, or not even there.
fn shown(code: &str) -> &'static str {
    match code {
        "ok" => "yes",
        "no_permission" => "no",
        "not_found" => "-",
        other => panic!("{other}"),
    }
}

fn rights(world: &World, person: &str) -> [&'static str; 7] {
    let acting = world.acting(person);
    let task = world.task("Task");
    let patch = ProjectPatch { overview: Some(ports::PlainText::new(person)), ..ProjectPatch::default() };
    let title = TaskPatch { title: Some(person.to_owned()), ..TaskPatch::default() };
    let new = ProjectDraft { name: "New".into(), ..ProjectDraft::default() };
    let comment = CommentDraft { text: rich("<p>Hello</p>"), is_internal: false };
    [
        shown(code(&world.projects.project(&acting, &world.project))),
        shown(code(&world.projects.create_project(&acting, &new))),
        shown(code(&world.projects.edit_project(&acting, &world.project, &patch, None))),
        shown(code(&world.projects.edit_task(&acting, &task, &title, None))),
        shown(code(&world.projects.add_comment(&acting, &task, &comment))),
        shown(code(&world.projects.delete_task(&acting, &task))),
        shown(code(&world.projects.edit_portal(&acting, &portal(world)))),
    ]
}

fn portal(world: &World) -> projects::Portal {
    world.projects.portal(&world.acting(OWNER)).unwrap()
}

#[test]
fn act_1_the_profile_decides() {
    each(|world| {
        world.user("other.manager@zylker.example", "Other Manager", Profile::Manager);
        for (person, expected) in [
            (OWNER, ["yes", "yes", "yes", "yes", "yes", "yes", "yes"]),
            (ADMIN, ["yes", "yes", "yes", "yes", "yes", "yes", "yes"]),
            (MANAGER, ["yes", "yes", "yes", "yes", "yes", "yes", "no"]),
            ("other.manager@zylker.example", ["-", "yes", "-", "-", "-", "-", "no"]),
            (LEAD, ["yes", "no", "no", "yes", "yes", "no", "no"]),
            (SUPPORT, ["-", "no", "-", "-", "-", "-", "no"]),
            (CONTRACTOR, ["-", "no", "-", "-", "-", "-", "no"]),
            (CLIENT, ["yes", "no", "no", "-", "-", "-", "no"]),
            ("nobody@zylker.example", ["no", "no", "no", "no", "no", "no", "no"]),
        ] {
            assert_eq!(rights(world, person), expected, "{person}");
        }
        assert_eq!(code(&world.projects.delete_project(&world.acting(MANAGER), &world.project)), "no_permission");
        assert_eq!(code(&world.projects.delete_project(&world.acting(LEAD), &world.project)), "no_permission");
        assert_eq!(code(&world.projects.delete_project(&world.acting(OWNER), &world.project)), "ok");
        assert_eq!(shown(code(&world.projects.project(&world.acting(OWNER), &world.project))), "-");
    });
}

#[test]
fn lists_show_what_the_person_may_see() {
    each(|world| {
        let other = world.open_project("Router Roll-out");
        world.projects.add_member(&world.acting(MANAGER), &other, &email(SUPPORT)).unwrap();
        world.projects.add_task(&world.acting(MANAGER), &other, &draft("Order")).unwrap();
        world.task("Inventory");
        for (person, projects, tasks) in
            [(OWNER, 2, 2), (MANAGER, 2, 2), (ENGINEER, 2, 2), (SUPPORT, 1, 1), (CONTRACTOR, 0, 0), (CLIENT, 1, 0)]
        {
            let acting = world.acting(person);
            let seen = world.projects.projects(&acting, &ProjectQuery::first(10)).unwrap().rows.len();
            let counts = world.projects.project_counts(&acting).unwrap();
            assert_eq!((seen, counts.open as usize), (projects, projects), "{person}");
            assert_eq!(world.projects.tasks(&acting, &TaskQuery::first(10)).unwrap().rows.len(), tasks, "{person}");
            let listed = world.side.list_projects(&email(person), None, 10).unwrap().rows.len();
            assert_eq!(listed, projects, "{person}");
        }
        assert!(world.side.list_projects(&email("nobody@zylker.example"), None, 10).unwrap().rows.is_empty());
    });
}

#[test]
fn task_14_access_of_a_client_user_never_reaches_the_crm() {
    each(|world| {
        let access = |person: &str| {
            let access = world.side.access(&email(person), std::slice::from_ref(&world.project)).unwrap()[0];
            (access.sees, access.edits_tasks, access.changes_project)
        };
        for (person, expected) in [
            (OWNER, (true, true, true)),
            (MANAGER, (true, true, true)),
            (LEAD, (true, true, false)),
            (CLIENT, (true, false, false)),
            (SUPPORT, (false, false, false)),
        ] {
            assert_eq!(access(person), expected, "{person}");
        }
        world.projects.deactivate_user(&world.acting(OWNER), &email(LEAD)).unwrap();
        assert_eq!(access(LEAD), (false, false, false));
        let unknown = world.side.access(&email(OWNER), &[ports::ProjectId::new("1")]).unwrap();
        assert_eq!(unknown, [ports::Access::default()]);
    });
}

#[test]
fn client_users_see_and_edit_external_tasks_only() {
    each(|world| {
        let hidden = world.task("Internal");
        let parent = world.below(&hidden, "Parent");
        let shared = world.below(&parent, "Acceptance");
        let external = TaskPatch { is_external: Some(true), ..TaskPatch::default() };
        world.edit(&shared, &external).unwrap();
        let acting = world.acting(CLIENT);
        assert_eq!(code(&world.projects.task(&acting, &hidden)), "not_found");
        let card = world.projects.task(&acting, &shared).unwrap();
        assert!(card.above.is_empty() && card.may_edit && !card.may_delete && !card.may_add_to_crm);
        assert_eq!(card.task.title, "Acceptance");
        let own = world.projects.add_task(&acting, &world.project, &draft("Our wish")).unwrap();
        assert!(own.is_external);
        let rows = world.projects.outline(&acting, &world.list, None, 10).unwrap().rows;
        assert_eq!(
            rows.iter().map(|row| (row.task.title.as_str(), row.depth)).collect::<Vec<_>>(),
            [("Acceptance", 0), ("Our wish", 0)]
        );
        let sections = world.projects.sections(&acting, &world.project).unwrap();
        assert_eq!(sections[0].list.progress.total, 2);
        assert_eq!(world.projects.project(&acting, &world.project).unwrap().project.progress.total, 2);
        let inward = TaskPatch { is_external: Some(false), ..TaskPatch::default() };
        assert_eq!(code(&world.projects.edit_task(&acting, &own.id, &inward, None)), "no_permission");
        let there = MoveTask { to: Destination::Here, place: Place::First };
        assert_eq!(code(&world.projects.move_task(&acting, &own.id, &there)), "no_permission");
        assert_eq!(code(&world.projects.task_history(&acting, &own.id, None, 10)), "no_permission");
        assert_eq!(code(&world.projects.companies(&acting, None, 10)), "no_permission");
        assert_eq!(code(&world.projects.users(&acting)), "no_permission");
        assert_eq!(code(&world.projects.company(&acting, &world.company)), "ok");
    });
}

#[test]
fn sub_2_a_client_user_is_not_told_the_title_of_an_internal_parent() {
    each(|world| {
        let hidden = world.task("Secret");
        let shared = world.below(&hidden, "Acceptance");
        let external = TaskPatch { is_external: Some(true), ..TaskPatch::default() };
        world.edit(&shared, &external).unwrap();
        world.status(&shared, "Closed").unwrap();
        world.status(&hidden, "Closed").unwrap();
        let open = TaskPatch { status: Some("Open".into()), ..TaskPatch::default() };
        let answer = world.projects.edit_task(&world.acting(CLIENT), &shared, &open, None);
        match crate::world::refused(answer) {
            ports::Reason::ParentClosed { parent, closed_by, .. } => {
                assert_eq!((parent.as_str(), closed_by), ("DM-1", None));
            }
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn one_portal_never_shows_in_another() {
    each(|world| {
        let id = world.task("Inventory");
        let other = crate::world::found(&world.projects, &world.db, "999", &world.clock);
        let acting = ports::Acting { tenant: other.clone(), ..world.acting(OWNER) };
        assert_eq!(code(&world.projects.task(&acting, &id)), "not_found");
        assert_eq!(code(&world.projects.task_by_key(&acting, "DM-1")), "not_found");
        assert_eq!(code(&world.projects.project(&acting, &world.project)), "not_found");
        assert_eq!(code(&world.projects.company(&acting, &world.company)), "not_found");
        assert!(world.projects.projects(&acting, &ProjectQuery::first(10)).unwrap().rows.is_empty());
        let words = TaskQuery { words: "Inventory".into(), ..TaskQuery::first(10) };
        assert!(world.projects.tasks(&acting, &words).unwrap().rows.is_empty());
        assert_eq!(world.projects.users(&acting).unwrap().len(), 1);
        let title = TaskPatch { title: Some("Stolen".into()), ..TaskPatch::default() };
        assert_eq!(code(&world.projects.edit_task(&acting, &id, &title, None)), "not_found");
        assert_eq!(
            code(
                &world
                    .projects
                    .project(&ports::Acting { tenant: other.clone(), ..world.acting(ADMIN) }, &world.project)
            ),
            "no_permission"
        );
        let side = projects::InProcessProjects::new(world.projects.clone(), other.portal);
        assert!(side.read_tasks(&[id]).unwrap().value[0].here().is_none());
        let start = ports::FeedCursor(store::Cursor::start().as_text().to_owned());
        let heard = side.changes(Some(&start), 1_000).unwrap().changes;
        assert!(heard.iter().all(|change| change.kind == ports::RecordKind::User), "{heard:?}");
    });
}
