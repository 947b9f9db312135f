//! Refused changes: the article's two cases and their edges (scenarios F and G).

use simulation::scene::on_both;

#[test]
fn sc_36_due_date_outside_a_strict_project_is_refused_set_back_and_mailed() {
    on_both(|scene| {
        scene.crm("U4", "K6", &[("due", "2026-07-06")]);
        scene.settle();
        scene.only_changed(&[]);
        assert_eq!(scene.link_state("K6"), "in_step");
        assert_eq!(
            scene.history(),
            [
                "refused due crm 2026-06-22 → 2026-07-06 U4 outside_strict_schedule",
                "reverted due crm 2026-07-06 → 2026-06-22 U4",
            ]
        );
        assert_eq!(scene.refusals(), ["due 2026-07-06 outside_strict_schedule reverted"]);
        assert_eq!(scene.letters(), ["M1 U4"]);
        let letter = scene.newest_letter();
        for words in ["failed", "Cut over billing history", "Data Migration", "22 Jun 2026", "6 Jul 2026", "2 Mar"] {
            assert!(letter.contains(words), "{words} is missing in:\n{letter}");
        }
    });
}

#[test]
fn sc_43_reopening_below_a_closed_parent_is_refused() {
    on_both(|scene| {
        scene.crm("U5", "K1", &[("status", "In Progress")]);
        scene.settle();
        assert_eq!(scene.projects_task("DM-2").status.value.name, "Closed");
        assert_eq!(scene.crm_task("K1").status.value, "Completed");
        assert_eq!(scene.letters(), ["M2 U5"]);
        assert!(scene.newest_letter().contains("Inventory of legacy tables"));
    });
}
