//! Progress counters, held against a count of all tasks after any story of writes.

use ports::ProjectsTaskId;
use projects::{Destination, MoveTask, Place, Progress, Task, TaskDraft, TaskQuery, TaskSort};
use proptest::prelude::{Strategy, prop, prop_oneof, proptest};
use proptest::test_runner::Config;

use crate::world::{ADMIN, World, draft, each};

#[derive(Clone, Debug)]
enum Step {
    Add { under: Option<usize>, is_closed: bool },
    Close(usize),
    Open(usize),
    Delete(usize),
    Under(usize, usize),
    Top(usize),
    Elsewhere(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let any = 0..12_usize;
    prop_oneof![
        4 => (prop::option::of(any.clone()), prop::bool::weighted(0.3))
            .prop_map(|(under, is_closed)| Step::Add { under, is_closed }),
        3 => any.clone().prop_map(Step::Close),
        2 => any.clone().prop_map(Step::Open),
        1 => any.clone().prop_map(Step::Delete),
        2 => (any.clone(), any.clone()).prop_map(|(task, under)| Step::Under(task, under)),
        1 => any.clone().prop_map(Step::Top),
        1 => any.prop_map(Step::Elsewhere),
    ]
}

proptest! {
    #![proptest_config(Config { cases: 12, failure_persistence: None, ..Config::default() })]
    #[test]
    fn counters_equal_a_count_after_any_writes(steps in prop::collection::vec(step(), 1..40)) {
        each(|world| {
            let other = world.open_project("Elsewhere");
            let mut tasks: Vec<ProjectsTaskId> = Vec::new();
            for step in &steps {
                run(world, &other, &mut tasks, step);
            }
            check(world, &world.project);
            check(world, &other);
        });
    }
}

/// Refused steps are fine: they must leave nothing behind.
fn run(world: &World, other: &ports::ProjectId, tasks: &mut Vec<ProjectsTaskId>, step: &Step) {
    let acting = world.acting(ADMIN);
    let task = |at: usize| tasks.get(at % tasks.len().max(1)).cloned();
    let go = |task: Option<ProjectsTaskId>, to: Option<Destination>| {
        if let (Some(task), Some(to)) = (task, to) {
            let _refused_is_fine = world.projects.move_task(&acting, &task, &MoveTask { to, place: Place::First });
        }
    };
    let status = |task: Option<ProjectsTaskId>, status: &str| {
        if let Some(task) = task {
            let _refused_is_fine = world.status(&task, status);
        }
    };
    match step {
        Step::Add { under, is_closed } => {
            let wanted = TaskDraft {
                parent: under.and_then(task),
                status: is_closed.then(|| "Closed".to_owned()),
                ..draft("Task")
            };
            if let Ok(made) = world.add(&wanted) {
                tasks.push(made.id);
            }
        }
        Step::Close(at) => status(task(*at), "Closed"),
        Step::Open(at) => status(task(*at), "In Progress"),
        Step::Delete(at) => {
            if let Some(task) = task(*at) {
                let _gone_is_fine = world.projects.delete_task(&acting, &task);
            }
        }
        Step::Under(at, under) => go(task(*at), task(*under).map(Destination::Under)),
        Step::Top(at) => go(task(*at), Some(Destination::List(world.list.clone()))),
        Step::Elsewhere(at) => go(task(*at), Some(Destination::Project(other.clone()))),
    }
}

fn check(world: &World, project: &ports::ProjectId) {
    let acting = world.acting(ADMIN);
    let query = TaskQuery { project: Some(project.clone()), sort: TaskSort::Age, ..TaskQuery::first(200) };
    let tasks = world.projects.tasks(&acting, &query).unwrap().rows;
    let count = |some: Vec<&Task>| Progress {
        closed: u32::try_from(some.iter().filter(|task| task.is_closed).count()).unwrap(),
        total: u32::try_from(some.len()).unwrap(),
    };
    assert_eq!(world.projects.project(&acting, project).unwrap().project.progress, count(tasks.iter().collect()));
    for section in world.projects.sections(&acting, project).unwrap() {
        let of_list = tasks.iter().filter(|task| task.list == section.list.id).collect();
        assert_eq!(section.list.progress, count(of_list), "list {}", section.list.name);
    }
    let is_below = |task: &Task, above: &ProjectsTaskId| {
        let mut parent = task.parent.clone();
        while let Some(id) = parent {
            if id == *above {
                return true;
            }
            parent = tasks.iter().find(|task| task.id == id).and_then(|task| task.parent.clone());
        }
        false
    };
    for task in &tasks {
        let below: Vec<&Task> = tasks.iter().filter(|other| is_below(other, &task.id)).collect();
        assert!(!task.is_closed || below.iter().all(|other| other.is_closed), "open under closed {}", task.key);
        assert!(below.iter().all(|other| other.list == task.list), "{} left its list", task.key);
        assert_eq!(task.below, count(below), "below {}", task.key);
    }
}
