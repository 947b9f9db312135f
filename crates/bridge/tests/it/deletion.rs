//! P-11: a deletion on one side never deletes or changes anything on the other, whatever was under way.

use bridge::field::SideName;
use bridge::{LinkState, link::Link};
use ports::{LinkId, Reason};
use proptest::prelude::*;

use crate::world::{Fault, World, on_the_embedded_database};

const CRM: &str = "k1";
const TASK: &str = "DM-1";

/// What happens around a deletion.
#[derive(Clone, Copy, Debug)]
enum Act {
    Edit(SideName, u16),
    Steps(usize),
    Wait(i64),
    Fault(SideName, bool),
    Crash,
    Compare,
}

fn any_side() -> impl Strategy<Value = SideName> {
    prop::sample::select(SideName::BOTH.to_vec())
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (any_side(), any::<u16>()).prop_map(|(side, number)| Act::Edit(side, number)),
        4 => (1_usize..14).prop_map(Act::Steps),
        1 => (1_i64..12_000).prop_map(Act::Wait),
        1 => (any_side(), any::<bool>()).prop_map(|(side, has_effect)| Act::Fault(side, has_effect)),
        1 => Just(Act::Crash),
        1 => Just(Act::Compare),
    ]
}

fn any_acts() -> impl Strategy<Value = Vec<Act>> {
    prop::collection::vec(any_act(), 0..14)
}

/// Does what is asked; a record that cannot be changed is left alone.
fn act(world: &mut World, acts: &[Act], without: Option<SideName>) {
    for act in acts {
        match *act {
            Act::Edit(side, _) if Some(side) == without => {}
            Act::Edit(SideName::Crm, number) => {
                world.crm(CRM, "u4", |task| task.subject.value = format!("by sales {number}"));
            }
            Act::Edit(SideName::Projects, number) => {
                world.projects(TASK, "u9", |task| task.title.value = format!("by delivery {number}"));
            }
            Act::Steps(steps) => {
                for _ in 0..steps {
                    world.step().unwrap();
                }
            }
            Act::Wait(ms) => world.wait(ms),
            Act::Fault(side, true) => world.fault(side, Fault::LoseAnswer),
            Act::Fault(side, false) => world.fault(side, Fault::LoseRequest),
            Act::Crash => world.crash(),
            Act::Compare => world.compare(),
        }
    }
}

fn rest(world: &mut World) {
    world.heal();
    for _ in 0..4 {
        world.wait(320_000);
        world.run();
    }
}

fn deletions(world: &World, link: &LinkId) -> usize {
    world.history(link).iter().filter(|line| line.starts_with("skipped delete ")).count()
}

fn title(world: &World, side: SideName) -> String {
    match side {
        SideName::Crm => world.crm_task(CRM).subject.value,
        SideName::Projects => world.task(TASK).title.value,
    }
}

fn deleted(world: &mut World, side: SideName, before: &[Act], after: &[Act]) {
    let id = world.linked(CRM, TASK);
    act(world, before, None);
    match side {
        SideName::Crm => world.delete_crm(CRM, "u4"),
        SideName::Projects => world.delete_projects(TASK, "u9"),
    }
    act(world, after, Some(side));
    rest(world);
    let Link { state, reason, seen, .. } = world.link(&id);
    assert_eq!((state, reason), (LinkState::Broken, Some(Reason::RecordGone)));
    assert_eq!(seen.gone.as_deref(), Some(side.code()));
    assert_eq!(world.open_intents(&id), 0);
    assert_eq!(deletions(world, &id), 1, "{:?}", world.history(&id));
    // The other record is there, is still its owner's, and is written to no more.
    world.writes();
    let told = world.history(&id);
    act(world, &[Act::Edit(side.other(), 7)], Some(side));
    let kept = title(world, side.other());
    world.compare();
    world.crash();
    rest(world);
    assert_eq!(world.writes(), Vec::<String>::new());
    assert_eq!(title(world, side.other()), kept);
    assert_eq!(world.history(&id), told);
}

fn hidden(world: &mut World, before: &[Act], after: &[Act]) {
    let id = world.linked(CRM, TASK);
    act(world, before, None);
    let task = world.crm_task(CRM);
    world.hide_crm(CRM);
    act(world, after, Some(SideName::Crm));
    world.run();
    assert_ne!(world.link(&id).state, LinkState::Broken, "what cannot be seen is not deleted");
    world.show_crm(task);
    rest(world);
    assert_eq!(world.link(&id).state, LinkState::InStep);
    assert_eq!(deletions(world, &id), 0);
    assert_eq!(title(world, SideName::Crm), title(world, SideName::Projects));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn p_11_a_deletion_changes_nothing_on_the_other_side(
        side in any_side(),
        before in any_acts(),
        after in any_acts(),
    ) {
        on_the_embedded_database(|mut world| deleted(&mut world, side, &before, &after));
    }

    #[test]
    fn p_11_what_cannot_be_seen_is_not_deleted(before in any_acts(), after in any_acts()) {
        on_the_embedded_database(|mut world| hidden(&mut world, &before, &after));
    }
}
