//! What people do, and what goes wrong, drawn from the seed. Each run has some of it only (swarm).

use bridge::field::SideName;
use ports::{Date, Email, Moment, Patch, PlainText, ProjectsTaskPatch, Schedule, lines};

use super::random::Random;
use crate::memory::{Fault, Sides, email};

/// Which kinds of trouble a run has, and how much of it.
#[derive(Clone, Debug)]
pub struct Swarm {
    /// Linked pairs.
    pub pairs: usize,
    /// Things that happen.
    pub actions: usize,
    /// Workers, 1 or 2.
    pub workers: usize,
    /// Requests and answers get lost (F-1, F-2).
    pub loses_answers: bool,
    /// Effects come late (F-3).
    pub is_late: bool,
    /// Workers die (F-28, F-29) and sleep longer than their lease (F-34).
    pub crashes: bool,
    /// Hints come doubled and in another order (F-23, F-24).
    pub shuffles_hints: bool,
    /// Hints get lost (F-22): only the comparison finds the change.
    pub loses_hints: bool,
    /// A side is away for a while (F-6).
    pub goes_away: bool,
    /// Records cannot be seen for a while (F-12).
    pub hides: bool,
    /// People delete records (LIFE-3).
    pub deletes: bool,
    /// People set values that Projects refuses (F-13).
    pub is_refused: bool,
    /// The project's dates move.
    pub moves_dates: bool,
    /// People comment.
    pub comments: bool,
}

impl Swarm {
    /// The trouble of a seed.
    pub fn of(random: &mut Random) -> Self {
        Self {
            pairs: 1 + random.below(3),
            actions: 30 + random.below(120),
            workers: 1 + random.below(2),
            loses_answers: random.chance(50),
            is_late: random.chance(30),
            crashes: random.chance(60),
            shuffles_hints: random.chance(40),
            loses_hints: random.chance(25),
            goes_away: random.chance(25),
            hides: random.chance(15),
            deletes: random.chance(10),
            is_refused: random.chance(50),
            moves_dates: random.chance(20),
            comments: random.chance(50),
        }
    }
}

/// Values of titles and texts are never used twice, so that each can be found again.
pub struct People {
    texts: usize,
}

impl People {
    /// Nobody has written anything.
    pub fn new() -> Self {
        Self { texts: 0 }
    }

    fn text(&mut self, kind: &str) -> String {
        self.texts += 1;
        format!("{kind} {}", self.texts)
    }

    /// Somebody edits, on one side or the other; says what.
    pub fn edit(&mut self, random: &mut Random, sides: &Sides, swarm: &Swarm) -> String {
        let index = random.below(swarm.pairs);
        let by = email(random.word(&["u3", "u4", "u5"]));
        if random.chance(55) {
            self.edit_crm(random, sides, swarm, index, &by)
        } else {
            self.edit_projects(random, sides, index, &by)
        }
    }

    fn edit_crm(&mut self, random: &mut Random, sides: &Sides, swarm: &Swarm, index: usize, by: &Email) -> String {
        match random.below(9) {
            0..=2 => {
                let value = self.text("title");
                let said = format!("{by} renames k{index}: {value}");
                sides.edit_crm(index, by, |task| task.subject.value = value);
                said
            }
            3 => {
                let value = PlainText::new(&self.text("text"));
                sides.edit_crm(index, by, |task| task.description.value = value);
                format!("{by} describes k{index}")
            }
            4 | 5 => {
                let due = due(random, swarm.is_refused);
                sides.edit_crm(index, by, |task| task.due.value = due);
                format!("{by} sets the due date of k{index} to {due:?}")
            }
            6 => {
                let value = random.word(&["Highest", "High", "Normal", "Low", "Lowest"]).to_owned();
                let said = format!("{by} sets the priority of k{index} to {value}");
                sides.edit_crm(index, by, |task| task.priority.value = Some(value));
                said
            }
            7 => {
                let value = random.word(&["Not Started", "In Progress", "Completed", "Deferred"]).to_owned();
                let said = format!("{by} sets the status of k{index} to {value}");
                sides.edit_crm(index, by, |task| task.status.value = value);
                said
            }
            _ => {
                let names: &[&'static str] =
                    if swarm.is_refused { &["u3", "u4", "u5", "u8", "u6"] } else { &["u3", "u4", "u5"] };
                let owner = email(random.word(names));
                let said = format!("{by} gives k{index} to {owner}");
                sides.edit_crm(index, by, |task| task.owner.value = owner);
                said
            }
        }
    }

    fn edit_projects(&mut self, random: &mut Random, sides: &Sides, index: usize, by: &Email) -> String {
        let mut patch = ProjectsTaskPatch::default();
        match random.below(8) {
            0..=2 => patch.title = Some(self.text("title")),
            3 => patch.description = Some(lines::rich(&PlainText::new(&self.text("text")))),
            4 => patch.due = Patch::of(due(random, false)),
            5 => patch.priority = Some(random.word(&["High", "Medium", "Low", "None"]).to_owned()),
            6 => patch.status = Some(random.word(&["Open", "In Review", "Closed", "Cancelled"]).to_owned()),
            _ => patch.owners = Some(vec![email(random.word(&["u3", "u4", "u5"])), email("u10")]),
        }
        let said = format!("{by} changes t{index}: {patch:?}");
        if sides.edit_projects(index, by, patch) { said } else { format!("{said}, which Projects does not take") }
    }

    /// Somebody comments, on one side or the other.
    pub fn comment(&mut self, random: &mut Random, sides: &Sides, swarm: &Swarm) -> String {
        let index = random.below(swarm.pairs);
        let by = email(random.word(&["u4", "u5"]));
        let text = PlainText::new(&self.text("comment"));
        let mut state = sides.state();
        let at = Moment::from_ms(state.now);
        let side = if random.chance(50) { SideName::Crm } else { SideName::Projects };
        if state.is_deleted(side, index) {
            return String::new();
        }
        if side == SideName::Crm {
            state.add_note(index, &by, &text, at, None);
        } else {
            state.add_comment(index, &by, &lines::rich(&text), at, None);
        }
        format!("{by} comments on pair {index}: {}", text.as_str())
    }
}

fn due(random: &mut Random, may_be_outside: bool) -> Option<Date> {
    if random.chance(10) {
        return None;
    }
    let first = Date::parse("2026-06-15").unwrap();
    let days = i32::try_from(random.below(if may_be_outside { 40 } else { 12 })).unwrap();
    Some(first.plus_days(days - if may_be_outside { 8 } else { 0 }))
}

/// Something goes wrong with a side; says what.
pub fn trouble(random: &mut Random, sides: &Sides, swarm: &Swarm) -> String {
    let side = *random.pick(&SideName::BOTH);
    let mut state = sides.state();
    match random.below(7) {
        0 if swarm.loses_answers => {
            let fault = if random.chance(70) { Fault::LoseAnswer } else { Fault::LoseRequest };
            let said = format!("{}: {fault:?}", side.code());
            state.side_mut(side).faults.push(fault);
            said
        }
        1 if swarm.is_late => {
            let fault = Fault::Late(random.ms(50, 20_000));
            let said = format!("{}: {fault:?}", side.code());
            state.side_mut(side).faults.push(fault);
            said
        }
        2 if swarm.shuffles_hints => {
            let feed = &mut state.side_mut(side).feed;
            let again: Vec<_> = feed.iter().rev().take(1 + random.below(6)).cloned().collect();
            feed.extend(again);
            format!("{} tells old hints again", side.code())
        }
        3 if swarm.loses_hints => {
            // The hint is there, and it is about nobody.
            if let Some(hint) = state.side_mut(side).feed.last_mut() {
                hint.kind = ports::RecordKind::User;
            }
            format!("{} loses a hint", side.code())
        }
        4 if swarm.goes_away => {
            let is_away = random.chance(50);
            state.side_mut(side).is_away = is_away;
            format!("{} is {}", side.code(), if is_away { "away" } else { "back" })
        }
        5 if swarm.hides => {
            let index = random.below(swarm.pairs);
            let is_hidden = random.chance(50);
            state.crm_tasks[index].is_hidden = is_hidden;
            format!("k{index} is {}", if is_hidden { "hidden" } else { "seen" })
        }
        6 if swarm.deletes && random.chance(25) => {
            let index = random.below(swarm.pairs);
            let is_done = state.delete(side, index, &email("u4"));
            if is_done { format!("u4 deletes pair {index} in {}", side.code()) } else { String::new() }
        }
        _ => String::new(),
    }
}

/// The project's dates move, if no task lies outside them then (STR-5).
pub fn move_dates(random: &mut Random, sides: &Sides) -> String {
    let first = Date::parse("2026-03-02").unwrap();
    let last = Date::parse("2026-06-20").unwrap().plus_days(i32::try_from(random.below(20)).unwrap());
    let mut state = sides.state();
    if state.tasks.iter().any(|shelf| shelf.task.due.value.is_some_and(|due| due > last)) {
        return String::new();
    }
    state.project.schedule = Schedule::Strict { start: first, end: last };
    let hint = ports::Change { kind: ports::RecordKind::Project, id: "p1".to_owned(), sales: None, version: None };
    state.projects.feed.push(hint);
    format!("the project ends on {last}")
}
