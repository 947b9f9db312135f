//! Random walks: edits, crashes, two workers, lost and doubled messages in any order; afterwards nothing is lost.

use std::collections::BTreeMap;

use bridge::field::{Field, SideName};
use bridge::{Engine, LinkState};
use ports::{LinkId, PlainText, TaskStatus};

use crate::world::{Fault, World, day, email, on_the_embedded_database};

/// A small generator of numbers, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.roll(from.len() as u64)).unwrap()]
    }
}

const TASKS: [(&str, &str); 2] = [("k1", "DM-1"), ("k2", "DM-2")];

/// What people did last, per task and field: the value that must be somewhere in the end.
type LastEdits = BTreeMap<(usize, Field), String>;

fn edit(world: &World, dice: &mut Dice, edits: &mut LastEdits) {
    let at = usize::try_from(dice.roll(2)).unwrap();
    let (crm, task) = TASKS[at];
    let on_crm = dice.roll(2) == 0;
    let who = dice.pick(&["u4", "u5", "u9"]);
    let number = dice.roll(1_000);
    let (field, value) = match dice.roll(5) {
        0 => (
            Field::Title,
            if dice.roll(8) == 0 { format!("{}{number}", "x".repeat(300)) } else { format!("t{number}") },
        ),
        1 => {
            (Field::Due, dice.pick(&["2026-06-20", "2026-06-25", "2026-06-30", "2026-07-06", "2026-06-01"]).to_owned())
        }
        2 => (Field::Priority, dice.pick(&["High", "Low"]).to_owned()),
        3 => (Field::Owner, format!("{}@zylker.example", dice.pick(&["u4", "u5", "u7", "u8", "u10"]))),
        _ => (Field::Description, format!("line {number}\n- item")),
    };
    if on_crm {
        world.crm(crm, who, |task| match field {
            Field::Title => task.subject.value = value.clone(),
            Field::Due => task.due.value = Some(day(&value)),
            Field::Priority => task.priority.value = Some(value.clone()),
            Field::Owner => task.owner.value = email(value.split('@').next().unwrap()),
            _ => task.description.value = PlainText::new(&value),
        });
    } else {
        world.projects(task, who, |task| match field {
            Field::Title => task.title.value = value.clone(),
            Field::Due => task.due.value = Some(day(&value)),
            Field::Priority => task.priority.value = value.clone(),
            Field::Owner => task.owners.value = vec![email(value.split('@').next().unwrap())],
            _ => task.description.value = ports::lines::rich(&PlainText::new(&value)),
        });
    }
    // Only values that nobody types twice: who goes back to the agreed value has changed nothing (A2.7).
    if matches!(field, Field::Title | Field::Description) {
        edits.insert((at, field), value);
    }
}

fn close_or_open(world: &World, dice: &mut Dice) {
    let (crm, task) = dice.pick(&TASKS);
    if dice.roll(2) == 0 {
        world.crm(crm, "u5", |task| task.status.value = dice.pick(&["Completed", "In Progress"]).into());
    } else {
        let is_closed = dice.roll(2) == 0;
        let name = if is_closed { "Closed" } else { "Open" };
        world.projects(task, "u5", |task| task.status.value = TaskStatus { name: name.into(), is_closed });
    }
}

fn walk(world: &mut World, seed: u64) -> (Vec<LinkId>, LastEdits, usize) {
    let mut dice = Dice(seed);
    let links: Vec<LinkId> = TASKS.iter().map(|(crm, task)| world.linked(crm, task)).collect();
    let mut other: Engine = world.second_worker();
    let (mut edits, mut said) = (LastEdits::new(), 0);
    for _ in 0..dice.roll(60) + 10 {
        match dice.roll(20) {
            0..=5 => edit(world, &mut dice, &mut edits),
            6 => close_or_open(world, &mut dice),
            7 => {
                said += 1;
                world.note(TASKS[0].0, "u4", &format!("note {said}"));
            }
            8 => {
                said += 1;
                world.comment(TASKS[0].1, "u9", &format!("comment {said}"));
            }
            9 => {
                let side = dice.pick(&SideName::BOTH);
                world.fault(side, if dice.roll(2) == 0 { Fault::LoseAnswer } else { Fault::LoseRequest });
            }
            10 => world.crash(),
            11 => world.wait(i64::try_from(dice.roll(12_000)).unwrap()),
            12 => {
                let now = world.now();
                for _ in 0..dice.roll(12) {
                    other.step(now).unwrap();
                }
            }
            13 if dice.roll(3) == 0 => world.repeat_events(),
            _ => {
                for _ in 0..dice.roll(12) {
                    world.step().unwrap();
                }
            }
        }
        world.wait(i64::try_from(dice.roll(2_500)).unwrap());
    }
    world.heal();
    for _ in 0..4 {
        world.wait(320_000);
        world.run();
    }
    (links, edits, said)
}

fn check(world: &mut World, seed: u64) {
    let (links, edits, said) = walk(world, seed);
    for (at, id) in links.iter().enumerate() {
        let link = world.link(id);
        let history = world.history(id);
        let context = format!("seed {seed}, link {at}: {:?} {:?}\n{}", link.state, link.reason, history.join("\n"));
        assert_eq!(link.state, LinkState::InStep, "{context}");
        assert_eq!(world.open_intents(id), 0, "{context}");
        let (crm, projects) = world.views(at_task(at));
        for field in Field::ALL {
            let (crm, projects) = (crm.get(field), projects.get(field));
            let is_stranger = field == Field::Owner && link.note.starts_with("owner_not_representable");
            if !is_stranger {
                assert_eq!(crm, projects, "{field:?} {context}");
            }
            assert_eq!(link.agreed.get(field), crm, "{field:?} {context}");
            let Some(last) = edits.get(&(at, field)) else { continue };
            let is_there = [crm, projects].iter().any(|value| value.code().as_ref() == Some(last));
            // Kept with its value: refused, or the loser of a conflict.
            let is_kept = history.iter().any(|line| {
                let is_told = line.starts_with("refused") || line.starts_with("overruled");
                is_told && line.contains(&format!(" {} ", field.code())) && line.contains(&format!("-> {last} by"))
            });
            assert!(is_there || is_kept, "{field:?} {last} is lost: {context}");
        }
        let refusals = world.refusals(id);
        let untold: Vec<_> = refusals.iter().filter(|refusal| !refusal.is_told).collect();
        assert!(untold.is_empty(), "{untold:?} {context}");
    }
    let (notes, comments) = (world.notes(), world.comments());
    assert_eq!((notes.len(), comments.len()), (said, said), "seed {seed}: {notes:?} {comments:?}");
    // At rest nothing moves any more.
    world.writes();
    let before: Vec<usize> = links.iter().map(|id| world.history(id).len()).collect();
    world.repeat_events();
    world.compare();
    world.crash();
    world.run();
    assert_eq!(world.writes(), Vec::<String>::new(), "seed {seed}");
    assert_eq!(links.iter().map(|id| world.history(id).len()).collect::<Vec<_>>(), before, "seed {seed}");
}

fn at_task(at: usize) -> (&'static str, &'static str) {
    TASKS[at]
}

#[test]
fn invariant_2_nothing_is_lost_on_any_walk() {
    let seeds = std::env::var("WALKS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let first = std::env::var("WALK_FROM").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    for seed in first..first + seeds {
        on_the_embedded_database(|mut world| check(&mut world, seed));
    }
}
