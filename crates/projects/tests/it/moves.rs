//! Moving tasks with everything below them.

use ports::{ProjectsSide, ProjectsTaskId, Reason};
use projects::{Destination, MoveTask, Place, StateFilter, TaskDraft, TaskQuery, TaskSort};

use crate::world::{ADMIN, ENGINEER, LEAD, MANAGER, World, code, day, draft, due, each, email, refused};

fn to(world: &World, id: &ProjectsTaskId, to: Destination) -> &'static str {
    at(world, id, to, Place::Last)
}

fn at(world: &World, id: &ProjectsTaskId, to: Destination, place: Place) -> &'static str {
    code(&world.projects.move_task(&world.acting(MANAGER), id, &MoveTask { to, place }))
}

fn titles(world: &World, list: &ports::TaskListId) -> Vec<String> {
    world
        .projects
        .outline(&world.acting(MANAGER), list, None, 50)
        .unwrap()
        .rows
        .iter()
        .map(|row| format!("{}{}", "  ".repeat(row.depth as usize), row.task.title))
        .collect()
}

#[test]
fn a_move_inside_a_list_writes_one_place() {
    each(|world| {
        let [a, b, c] = ["A", "B", "C"].map(|title| world.task(title));
        assert_eq!(at(world, &c, Destination::Here, Place::First), "ok");
        assert_eq!(titles(world, &world.list), ["C", "A", "B"]);
        assert_eq!(at(world, &a, Destination::Here, Place::After(b.clone())), "ok");
        assert_eq!(titles(world, &world.list), ["C", "B", "A"]);
        assert_eq!(at(world, &a, Destination::Here, Place::After(c)), "ok");
        assert_eq!(titles(world, &world.list), ["C", "A", "B"]);
        let other = world.open_project("Elsewhere");
        let stranger = world.projects.add_task(&world.acting(MANAGER), &other, &draft("X")).unwrap().id;
        assert_eq!(at(world, &a, Destination::Here, Place::After(stranger)), "unknown_record");
    });
}

#[test]
fn ancestors_follow_a_moved_subtree() {
    each(|world| {
        let launch = world.task("Launch");
        let build = world.below(&launch, "Build");
        let wire = world.below(&build, "Wire");
        let other = world.task("Other");
        assert_eq!(to(world, &build, Destination::Under(other.clone())), "ok");
        let above = world.side.ancestors(std::slice::from_ref(&wire)).unwrap();
        assert_eq!(above[0].iter().map(|one| one.title.as_str()).collect::<Vec<_>>(), ["Build", "Other"]);
        assert_eq!(titles(world, &world.list), ["Launch", "Other", "  Build", "    Wire"]);
        assert_eq!((world.get(&launch).below.total, world.get(&other).below.total), (0, 2));
        assert_eq!(to(world, &other, Destination::Under(wire.clone())), "below_itself");
        assert_eq!(to(world, &other, Destination::Under(other.clone())), "below_itself");
        assert_eq!(to(world, &wire, Destination::List(world.list.clone())), "ok");
        assert_eq!(world.get(&wire).parent, None);
        assert_eq!(world.get(&other).below.total, 1);
    });
}

#[test]
fn a_task_moved_to_another_project_keeps_its_owners_and_old_key() {
    each(|world| {
        let wanted = TaskDraft { owners: vec![email(LEAD), email(ENGINEER)], ..draft("Trial run") };
        let parent = world.add(&wanted).unwrap();
        let child = world.below(&parent.id, "Load sample");
        let other = world.open_project("Router Roll-out");
        world.projects.remove_member(&world.acting(MANAGER), &other, &email(LEAD)).unwrap();
        assert_eq!(to(world, &parent.id, Destination::Project(other.clone())), "ok");
        let moved = world.get(&parent.id);
        assert_eq!((moved.key.as_str(), &moved.project), ("RR-1", &other));
        assert_eq!(moved.owners.len(), 2);
        assert_eq!(world.get(&child).key, "RR-2");
        for (old, id) in [("DM-1", &parent.id), ("DM-2", &child), ("RR-2", &child)] {
            assert_eq!(world.projects.task_by_key(&world.acting(MANAGER), old).unwrap().task.id, *id, "{old}");
        }
        assert_eq!(world.add(&draft("Next")).unwrap().key, "DM-3");
        let found = |words: &str| {
            let query = TaskQuery { words: words.into(), sort: TaskSort::Age, ..TaskQuery::first(10) };
            world.projects.tasks(&world.acting(MANAGER), &query).unwrap().rows.len()
        };
        assert_eq!((found("RR-2"), found("DM-2")), (1, 0));
        assert_eq!(to(world, &child, Destination::Project(world.project.clone())), "ok");
        assert_eq!(world.get(&child).key, "DM-4");
    });
}

#[test]
fn str_1_no_task_of_a_moved_subtree_comes_to_lie_outside() {
    each(|world| {
        let other = world.open_project("Open");
        let acting = world.acting(MANAGER);
        let parent = world.projects.add_task(&acting, &other, &draft("Parent")).unwrap().id;
        let late = TaskDraft { parent: Some(parent.clone()), due: due("2026-07-06"), ..draft("Late") };
        world.projects.add_task(&acting, &other, &late).unwrap();
        let wanted = MoveTask { to: Destination::Project(world.project.clone()), place: Place::Last };
        match refused(world.projects.move_task(&acting, &parent, &wanted)) {
            Reason::OutsideStrictSchedule { tried, .. } => assert_eq!(tried, day("2026-07-06")),
            other => panic!("{other:?}"),
        }
        assert_eq!(world.get(&parent).project, other);
    });
}

#[test]
fn deleting_takes_the_subtree_and_employees_delete_their_own() {
    each(|world| {
        let parent = world.task("Parent");
        let child = world
            .projects
            .add_task(
                &world.acting(LEAD),
                &world.project,
                &TaskDraft { parent: Some(parent.clone()), ..draft("Child") },
            )
            .unwrap()
            .id;
        let lead = world.acting(LEAD);
        assert_eq!(code(&world.projects.delete_task(&lead, &parent)), "no_permission");
        assert_eq!(code(&world.projects.delete_task(&world.acting(ENGINEER), &child)), "no_permission");
        assert_eq!(world.projects.delete_task(&lead, &child).unwrap(), 1);
        let again = world.below(&parent, "Again");
        assert_eq!(world.projects.delete_task(&world.acting(MANAGER), &parent).unwrap(), 2);
        for id in [&parent, &child, &again] {
            assert_eq!(code(&world.projects.task(&world.acting(ADMIN), id)), "not_found");
        }
        let gone = world.side.read_tasks(std::slice::from_ref(&again)).unwrap().value.remove(0);
        match gone {
            ports::Found::Gone(evidence) => assert_eq!(evidence.by, Some(email(MANAGER))),
            other => panic!("{other:?}"),
        }
        let all = TaskQuery { state: StateFilter::All, ..TaskQuery::first(10) };
        assert!(world.projects.tasks(&world.acting(ADMIN), &all).unwrap().rows.is_empty());
    });
}
