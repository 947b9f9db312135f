//! Subtasks and strict schedules (scenarios G).

use bridge::add_to_crm::{AddInput, TaskChoice};
use ports::Reason;
use projects::{Destination, MoveTask, Place, ProjectPatch, ProjectsError};
use simulation::Scene;
use simulation::scene::{self, Told, on_both};
use store::Sql;

/// What a refused reopening of K1 leaves behind.
const REOPENING_REFUSED: Told<'static> = Told {
    history: &["refused status crm closed → open U5 parent_closed", "reverted status crm open → closed U5"],
    writes: &["crm K1 status"],
    letters: &["M2 U5"],
    refusals: &["status In Progress parent_closed reverted"],
    changed: &[],
};

#[test]
fn sc_43_reopening_below_a_closed_parent_is_refused() {
    on_both(|scene| {
        scene.crm("U5", "K1", &[("status", "In Progress")]);
        scene.settle();
        assert_eq!(scene.projects_task("DM-2").status.value.name, "Closed");
        assert_eq!(scene.crm_task("K1").status.value, "Completed");
        assert_eq!(scene.link_state("K1"), "in_step");
        let letter = scene.newest_letter();
        for words in ["failed", "Inventory of legacy tables", "parent", "Project Manager"] {
            assert!(letter.contains(words), "{words} is missing in:\n{letter}");
        }
        scene.left(&REOPENING_REFUSED);
    });
}

#[test]
fn sc_44_the_nearest_closed_ancestor_is_named() {
    on_both(|scene| {
        scene.projects("U9", "DM-1", &[("status", "Open")]);
        scene.settle();
        scene.begin();
        scene.crm("U5", "K7", &[("status", "In Progress")]);
        scene.settle();
        let letter = scene.newest_letter();
        assert!(letter.contains("List tables with personal data"), "{letter}");
        assert!(!letter.contains("Inventory of legacy tables"), "{letter}");
        scene.left(&Told { writes: &["crm K7 status"], ..REOPENING_REFUSED });

        scene.projects("U9", "DM-2", &[("status", "Open")]);
        scene.told(&Told {
            history: &["applied status projects closed → open U9"],
            writes: &["crm K1 status"],
            changed: &["DM-2", "K1"],
            ..Told::default()
        });
        scene.crm("U5", "K7", &[("status", "In Progress")]);
        scene.told(&Told {
            history: &["applied status crm closed → open U5"],
            writes: &["projects DM-13 status"],
            changed: &["DM-13", "K7"],
            ..Told::default()
        });
    });
}

#[test]
fn sc_44_a_closed_ancestor_above_an_open_parent_is_named() {
    const OPEN: Sql =
        Sql::new("update projects_task set status = 'Open', is_closed = 0 where portal_id = $1 and id = $2");
    on_both(|scene| {
        let binds = [scene.all.tenant.portal.as_str().into(), scene.id("DM-2").into()];
        scene.all.db.write(|tx| tx.execute(&OPEN, &binds)).unwrap();
        scene.begin();
        scene.crm("U5", "K7", &[("status", "In Progress")]);
        scene.settle();
        assert!(scene.newest_letter().contains("Inventory of legacy tables"), "{}", scene.newest_letter());
        assert_eq!(scene.refusals(), ["status In Progress parent_closed reverted"]);
        assert_eq!(scene.crm_task("K7").status.value, "Completed");
        assert_eq!(scene.projects_task("DM-13").status.value.name, "Closed");
    });
}

#[test]
fn sc_45_a_refused_reopening_is_over_until_somebody_tries_again() {
    on_both(|scene| {
        scene.crm("U5", "K1", &[("status", "In Progress")]);
        scene.told(&REOPENING_REFUSED);
        scene.pass(60 * 60);
        scene.projects("U9", "DM-1", &[("status", "Open")]);
        scene.told(&Told { changed: &["DM-1"], ..Told::default() });
        scene.crm("U5", "K1", &[("status", "In Progress")]);
        scene.told(&Told {
            history: &["applied status crm closed → open U5"],
            writes: &["projects DM-2 status"],
            changed: &["DM-2", "K1"],
            ..Told::default()
        });
        // The demo data made DM-2 as a closed task: there is no status before closing.
        assert_eq!(scene.projects_task("DM-2").status.value.name, "Open");
    });
}

#[test]
fn sc_46_a_parent_with_open_subtasks_is_not_closed_from_the_crm() {
    on_both(|scene| {
        scene.add_named("U4", "DM-6", "D2", "K-new");
        scene.settle();
        scene.begin();
        scene.crm("U4", "K-new", &[("status", "Completed")]);
        scene.settle();
        assert!(scene.newest_letter().contains("2 subtasks"), "{}", scene.newest_letter());
        scene.left(&Told {
            history: &["refused status crm open → closed U4 open_subtasks", "reverted status crm closed → open U4"],
            writes: &["crm K-new status"],
            letters: &["M3 U4"],
            refusals: &["status Completed open_subtasks reverted"],
            changed: &[],
        });
        assert_eq!(scene.crm_task("K-new").status.value, "Not Started");
        assert_eq!(scene.link_state("K-new"), "in_step");
        // The Projects form says how many subtasks are open.
        let refused = scene.try_projects("U9", "DM-6", &[("status", "Closed")]);
        let count = match refused {
            Err(ProjectsError::Refused(Reason::OpenSubtasks { count })) => Some(count),
            Err(ProjectsError::Invalid(wrong)) => wrong.iter().find_map(|wrong| match wrong.reason.as_deref() {
                Some(Reason::OpenSubtasks { count }) => Some(*count),
                _ => None,
            }),
            _ => None,
        };
        assert_eq!(count, Some(2));
        scene.silent();
    });
}

#[test]
fn sc_47_a_date_is_checked_against_the_schedule_when_it_is_applied() {
    on_both(|scene| {
        scene.turn("10:00");
        scene.projects_trouble.go_away();
        scene.crm("U4", "K5", &[("due", "2026-06-29")]);
        scene.run();
        assert_eq!(scene.link_state("K5"), "pending unreachable");
        scene.turn("10:05");
        let narrow = ProjectPatch { end: ports::Patch::Set(scene::day("2026-06-20")), ..ProjectPatch::default() };
        let (tasks, linked) = outside(scene, "P1", edit_project(scene, "P1", &narrow));
        assert_eq!(tasks, ["DM-10 Cut over billing history", "DM-12 Hand over to support"]);
        assert_eq!(linked, ["DM-10 Cut over billing history"]);
        scene.projects("U9", "DM-10", &[("due", "2026-06-20")]);
        scene.projects("U9", "DM-12", &[("due", "2026-06-19")]);
        edit_project(scene, "P1", &narrow).unwrap();
        scene.turn("10:10");
        scene.projects_trouble.come_back();
        scene.settle();
        let letter = scene.newest_letter();
        assert!(letter.contains("2 Mar") && letter.contains("20 Jun 2026"), "{letter}");
        let mut history = scene.history();
        history.sort();
        assert_eq!(
            history,
            [
                "applied due projects 2026-06-22 → 2026-06-20 U9",
                "refused due crm 2026-05-15 → 2026-06-29 U4 outside_strict_schedule",
                "reverted due crm 2026-06-29 → 2026-05-15 U4",
            ]
        );
        assert_eq!(scene.letters(), ["M1 U4"]);
        assert_eq!(scene.refusals(), ["due 2026-06-29 outside_strict_schedule reverted"]);
        assert_eq!(scene.changed(), ["DM-10", "DM-12", "K6", "P1"]);
    });
}

#[test]
fn sc_47_a_project_becomes_strict_only_with_all_tasks_inside() {
    on_both(|scene| {
        let strict = ProjectPatch { is_strict: Some(true), ..ProjectPatch::default() };
        let short = ProjectPatch { end: ports::Patch::Set(scene::day("2026-05-15")), ..strict.clone() };
        let (tasks, _) = outside(scene, "P2", edit_project(scene, "P2", &short));
        assert_eq!(tasks, ["RR-10 Customer acceptance"]);
        scene.silent();
        edit_project(scene, "P2", &strict).unwrap();
        scene.told(&Told { changed: &["P2"], ..Told::default() });
    });
}

fn edit_project(scene: &Scene, key: &str, patch: &ProjectPatch) -> Result<projects::Project, ProjectsError> {
    scene.all.projects.edit_project(&scene.by("U9"), &scene.project_id(key), patch, None)
}

/// The tasks that stand against it, and those of them that the page marks as linked.
fn outside(
    scene: &Scene,
    project: &str,
    answer: Result<projects::Project, ProjectsError>,
) -> (Vec<String>, Vec<String>) {
    let Err(ProjectsError::Refused(reason)) = answer else { panic!("it was not refused: {answer:?}") };
    let marked = scene.all.bridge.with_linked_tasks(&scene.by("U9"), &scene.project_id(project), reason).unwrap();
    let Reason::TasksOutsideSchedule { tasks, linked, .. } = marked else { panic!("{marked:?}") };
    (tasks, linked)
}

#[test]
fn sc_48_a_subtask_goes_to_the_crm_without_its_parent() {
    on_both(|scene| {
        let input = AddInput {
            task: TaskChoice::Existing(scene.projects_id("HW-3")),
            under: scene.record("A2"),
            map_company: false,
            copy_comments: false,
        };
        let answer = scene.order("U5", &input).unwrap();
        scene.told(&Told {
            history: &["applied link U5"],
            writes: &["crm new task"],
            changed: &["new crm task Collect night shift plans"],
            ..Told::default()
        });
        scene.take_names(&answer, "HW-3", "K-new");
        scene.begin();
        let under = MoveTask { to: Destination::Under(scene.projects_id("HW-1")), place: Place::Last };
        scene.all.projects.move_task(&scene.by("U5"), &scene.projects_id("HW-2"), &under).unwrap();
        scene.told(&Told { changed: &["HW-2"], ..Told::default() });
        assert_eq!(scene.link_state("K11"), "in_step");
        assert_eq!(scene.link_state("K-new"), "in_step");
        assert_eq!(scene.link("K11").projects_task, scene.projects_id("HW-2"));
        assert_eq!(scene.link("K-new").projects_task, scene.projects_id("HW-3"));
    });
}
