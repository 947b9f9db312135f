//! Nothing open under anything closed (SUB-1, SUB-2, SUB-4).

use ports::{ProjectsSide, Reason};
use projects::{Destination, MoveTask, Place, TaskDraft};

use crate::world::{ADMIN, LEAD, MANAGER, code, draft, each, refused};

#[test]
fn sub_1_a_subtask_does_not_open_under_a_closed_parent() {
    each(|world| {
        let parent = world.task("Inventory of legacy tables");
        let child = world.below(&parent, "List tables with personal data");
        world.status(&child, "Closed").unwrap();
        world
            .projects
            .edit_task(
                &world.acting(LEAD),
                &parent,
                &projects::TaskPatch { status: Some("Closed".into()), ..projects::TaskPatch::default() },
                None,
            )
            .unwrap();
        let reason = refused(world.status(&child, "In Progress"));
        assert_eq!(
            reason,
            Reason::ParentClosed {
                parent_id: parent.to_string(),
                parent: "Inventory of legacy tables".into(),
                closed_by: Some(LEAD.into()),
            }
        );
        assert_eq!(code(&world.status(&child, "Cancelled")), "ok");
        world.status(&parent, "Open").unwrap();
        let open = world.status(&child, "Open").unwrap();
        assert_eq!((open.closed_by, open.status_before_closing.as_deref()), (None, Some("Open")));
    });
}

#[test]
fn sub_2_the_nearest_closed_ancestor_is_named() {
    each(|world| {
        let launch = world.task("Launch");
        let build = world.below(&launch, "Build");
        let wire = world.below(&build, "Wire");
        let bolt = world.below(&wire, "Bolt");
        for id in [&bolt, &wire, &build, &launch] {
            world.status(id, "Closed").unwrap();
        }
        let named = |reason: Reason| match reason {
            Reason::ParentClosed { parent, .. } => parent,
            other => panic!("{other:?}"),
        };
        assert_eq!(named(refused(world.status(&bolt, "Open"))), "Wire");
        assert_eq!(named(refused(world.status(&wire, "Open"))), "Build");
        world.status(&launch, "Open").unwrap();
        assert_eq!(named(refused(world.status(&wire, "Open"))), "Build");
        world.status(&build, "Open").unwrap();
        assert_eq!(code(&world.status(&wire, "Open")), "ok");
        let above = world.side.ancestors(&[bolt.clone(), launch.clone()]).unwrap();
        let titles: Vec<_> = above[0].iter().map(|one| (one.title.as_str(), one.is_closed)).collect();
        assert_eq!(titles, [("Wire", false), ("Build", false), ("Launch", false)]);
        assert!(above[1].is_empty());
    });
}

#[test]
fn sub_4_closing_counts_what_is_open_below_at_any_depth() {
    each(|world| {
        let launch = world.task("Launch");
        let build = world.below(&launch, "Build");
        let wire = world.below(&build, "Wire");
        let paint = world.below(&launch, "Paint");
        let count = |id| match refused(world.status(id, "Closed")) {
            Reason::OpenSubtasks { count } => count,
            other => panic!("{other:?}"),
        };
        assert_eq!((count(&launch), count(&build)), (3, 1));
        world.status(&wire, "Cancelled").unwrap();
        assert_eq!(count(&launch), 2);
        world.status(&build, "Closed").unwrap();
        world.projects.delete_task(&world.acting(MANAGER), &paint).unwrap();
        let closed = world.status(&launch, "Closed").unwrap();
        assert_eq!(closed.status_before_closing.as_deref(), Some("Open"));
        assert_eq!(world.side.open_descendants(&[launch, build]).unwrap(), [0, 0]);
    });
}

#[test]
fn sub_4_no_other_write_leaves_an_open_task_under_a_closed_one() {
    each(|world| {
        let closed = world.task("Done");
        world.status(&closed, "Closed").unwrap();
        let under = TaskDraft { parent: Some(closed.clone()), ..draft("New") };
        assert_eq!(refused(world.add(&under)).code(), "parent_closed");
        let born_closed = TaskDraft { status: Some("Closed".into()), ..under };
        assert_eq!(code(&world.add(&born_closed)), "ok");
        let open = world.task("Open one");
        let move_there = MoveTask { to: Destination::Under(closed.clone()), place: Place::Last };
        let acting = world.acting(ADMIN);
        assert_eq!(refused(world.projects.move_task(&acting, &open, &move_there)).code(), "parent_closed");
        // A closed task with something open below cannot be, so only the moved task itself can be in the way.
        world.status(&open, "Closed").unwrap();
        assert_eq!(code(&world.projects.move_task(&acting, &open, &move_there)), "ok");
        assert_eq!(world.get(&closed).below.total, 2);
    });
}
