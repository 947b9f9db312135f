//! Rules over several rows hold with two connections at once (PostgreSQL, read committed).

use std::sync::Barrier;
use std::thread;

use ports::Patch;
use projects::{ProjectPatch, ProjectsError, TaskDraft, TaskPatch, TaskQuery};
use store::Engine;
use store::testing::databases;

use crate::world::{ADMIN, MANAGER, ROOMS, World, day, draft, due};

const ROUNDS: usize = 12;

/// Runs two writes at the same moment, on PostgreSQL only: the embedded engine has one writer.
fn race(
    world: &World,
    one: impl FnOnce() -> Result<(), ProjectsError> + Send,
    other: impl FnOnce() -> Result<(), ProjectsError> + Send,
) -> (bool, bool) {
    let start = Barrier::new(2);
    let taken = |answer: Result<(), ProjectsError>| match answer {
        Ok(()) => true,
        Err(ProjectsError::Refused(_)) => false,
        Err(other) => panic!("on {}: {other:?}", world.db.name),
    };
    thread::scope(|scope| {
        let one = scope.spawn(|| {
            start.wait();
            one()
        });
        let other = scope.spawn(|| {
            start.wait();
            other()
        });
        (taken(one.join().unwrap()), taken(other.join().unwrap()))
    })
}

fn worlds() -> Vec<World> {
    databases(&ROOMS).into_iter().filter(|db| db.engine() == Engine::Postgres).map(World::new).collect()
}

#[test]
fn str_5_two_connections_leave_no_task_outside_a_strict_project() {
    for world in worlds() {
        let id = world.add(&TaskDraft { due: due("2026-06-01"), ..draft("Cut over") }).unwrap().id;
        for round in 0..ROUNDS {
            let narrow = ProjectPatch { end: Patch::Set(day("2026-06-10")), ..ProjectPatch::default() };
            let (narrowed, moved) = race(
                &world,
                || world.projects.edit_project(&world.acting(ADMIN), &world.project, &narrow, None).map(|_| ()),
                || world.due(&id, "2026-06-30").map(|_| ()),
            );
            assert_eq!(usize::from(narrowed) + usize::from(moved), 1, "round {round}");
            let project = world.projects.project(&world.acting(ADMIN), &world.project).unwrap().project;
            assert!(world.get(&id).due.unwrap().day <= project.end.unwrap(), "round {round}");
            world.due(&id, "2026-06-01").unwrap();
            let wide = ProjectPatch { end: Patch::Set(day("2026-06-30")), ..ProjectPatch::default() };
            world.projects.edit_project(&world.acting(ADMIN), &world.project, &wide, None).unwrap();
        }
    }
}

#[test]
fn sub_4_two_connections_leave_no_open_child_under_a_closed_parent() {
    for world in worlds() {
        let parent = world.task("Launch");
        let child = world.below(&parent, "Build");
        for round in 0..ROUNDS {
            world.status(&child, "Closed").unwrap();
            let (closed, opened) = race(
                &world,
                || world.status(&parent, "Closed").map(|_| ()),
                || world.status(&child, "Open").map(|_| ()),
            );
            assert_eq!(usize::from(closed) + usize::from(opened), 1, "round {round}");
            let (parent_now, child_now) = (world.get(&parent), world.get(&child));
            assert!(!parent_now.is_closed || child_now.is_closed, "round {round}");
            assert_eq!(parent_now.below.open(), u32::from(!child_now.is_closed), "round {round}");
            world.status(&parent, "Open").unwrap();
        }
    }
}

#[test]
fn sub_4_two_connections_add_no_open_task_under_a_closing_parent() {
    for world in worlds() {
        for round in 0..ROUNDS {
            let parent = world.task("Launch");
            let under = TaskDraft { parent: Some(parent.clone()), ..draft("Build") };
            let (closed, added) =
                race(&world, || world.status(&parent, "Closed").map(|_| ()), || world.add(&under).map(|_| ()));
            assert_eq!(usize::from(closed) + usize::from(added), 1, "round {round}");
            let now = world.get(&parent);
            assert!(!now.is_closed || now.below.open() == 0, "round {round}");
        }
    }
}

#[test]
fn two_connections_count_every_task_and_give_every_number_once() {
    for world in worlds() {
        thread::scope(|scope| {
            for writer in 0..4 {
                let world = &world;
                scope.spawn(move || {
                    for number in 0..10 {
                        world.add(&draft(&format!("{writer}-{number}"))).unwrap();
                    }
                });
            }
        });
        let progress = world.projects.project(&world.acting(MANAGER), &world.project).unwrap().project.progress;
        assert_eq!(progress.total, 40);
        let mut keys: Vec<_> = world
            .projects
            .tasks(&world.acting(MANAGER), &TaskQuery::first(100))
            .unwrap()
            .rows
            .into_iter()
            .map(|task| task.key)
            .collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), 40);
    }
}

#[test]
fn two_connections_lose_no_field_and_no_comment() {
    for world in worlds() {
        let id = world.task("Trial");
        for round in 0..ROUNDS {
            let title = format!("Title {round}");
            let wanted = TaskPatch { title: Some(title.clone()), ..TaskPatch::default() };
            let priority = ["High", "Medium"][round % 2];
            let urgent = TaskPatch { priority: Some(priority.into()), ..TaskPatch::default() };
            let both = race(&world, || world.edit(&id, &wanted).map(|_| ()), || world.edit(&id, &urgent).map(|_| ()));
            assert_eq!(both, (true, true));
            let now = world.get(&id);
            assert_eq!((now.title, now.priority.name()), (title, priority));
            let comment = projects::CommentDraft { text: crate::world::rich("<p>x</p>"), is_internal: false };
            race(
                &world,
                || world.projects.add_comment(&world.acting(MANAGER), &id, &comment).map(|_| ()),
                || world.projects.add_comment(&world.acting(ADMIN), &id, &comment).map(|_| ()),
            );
        }
        let comments = world.projects.comments(&world.acting(ADMIN), &id, None).unwrap();
        let now = world.get(&id);
        assert_eq!((comments.len(), now.comments as usize), (2 * ROUNDS, 2 * ROUNDS));
        assert_eq!(now.newest_comment.as_ref(), comments.iter().map(|comment| &comment.id).max());
    }
}

#[test]
fn imp_7_two_connections_give_one_address_to_one_company() {
    for world in worlds() {
        let other = world.projects.create_company(&world.acting(ADMIN), "University Customer").unwrap().id;
        for round in 0..ROUNDS {
            let address = format!("person{round}@university.example");
            let invite = |company: &ports::CompanyId| {
                let as_client = projects::InvitedAs::ClientOf(company.clone());
                world.projects.invite(&world.acting(ADMIN), &crate::world::silent(&address, "", as_client)).map(|_| ())
            };
            let (first, second) = race(&world, || invite(&world.company), || invite(&other));
            assert_eq!(usize::from(first) + usize::from(second), 1, "round {round}");
        }
    }
}
