//! The heart: what two records and their agreed values ask for. Pure; no clock, no randomness, no I/O.
//!
//! Each field is decided by itself (P-13): first which side changed it, then whether the change may be carried over
//! (constraints come first, CON-6), last who wins where both changed.

use ports::Reason;
use ports::rule::{ancestors, schedule, title};

use crate::field::{Field, FieldValue, SeenField, SeenSide, Shown, SideName, View};
use crate::plan::{
    Facts, Intent, Loser, NewRefusal, Plan, PlannedWrite, Policy, Remembered, Rule, Standing, Story, WriteKind,
};
use crate::stored::fingerprint;

/// Everything a decision looks at.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The values both sides last had in common.
    pub agreed: &'a View,
    /// The task of the CRM.
    pub crm: &'a SeenSide,
    /// The task of Projects.
    pub projects: &'a SeenSide,
    /// Writes of ours that are not settled.
    pub intents: &'a [Intent],
    /// Refusals that are open or held.
    pub refusals: &'a [Remembered],
    /// What the rules depend on.
    pub facts: &'a Facts,
    /// Settings.
    pub policy: &'a Policy,
    /// Why the link is looked at: `event` or `comparison`.
    pub cause: &'static str,
}

impl<'a> Input<'a> {
    fn seen(&self, side: SideName, field: Field) -> &'a SeenField {
        match side {
            SideName::Crm => self.crm.get(field),
            SideName::Projects => self.projects.get(field),
        }
    }

    fn version(&self, side: SideName) -> &'a str {
        match side {
            SideName::Crm => &self.crm.version,
            SideName::Projects => &self.projects.version,
        }
    }
}

/// What the link needs.
#[inline]
pub fn reconcile(input: &Input<'_>) -> Plan {
    let mut plan = Plan::default();
    // Most links, most of the time: nothing moved, nothing is on its way, nothing is remembered.
    let moved = Field::ALL.iter().position(|field| !is_at_rest(input, *field));
    if moved.is_some() || !input.refusals.is_empty() {
        decide(input, moved.unwrap_or(Field::ALL.len()), &mut plan);
    }
    plan
}

/// Decides about the fields from the first one that moved.
fn decide(input: &Input<'_>, moved: usize, plan: &mut Plan) {
    for (at, field) in Field::ALL.into_iter().enumerate().skip(moved) {
        if at == moved || !is_at_rest(input, field) {
            Decision { input, field, plan }.decide();
        }
    }
    sort_out_refusals(input, plan);
}

#[inline]
fn is_at_rest(input: &Input<'_>, field: Field) -> bool {
    let agreed = input.agreed.get(field);
    input.intents.is_empty() && input.crm.value(field) == agreed && input.projects.value(field) == agreed
}

/// Why a value cannot be carried over.
enum Obstacle {
    Refused(Reason),
    /// The CRM keeps its owner; nobody is told by mail (SYNC-3 c, d).
    NotRepresentable,
}

struct Decision<'a, 'b> {
    input: &'b Input<'a>,
    field: Field,
    plan: &'b mut Plan,
}

impl<'a> Decision<'a, '_> {
    fn decide(&mut self) {
        let base = self.base();
        let crm = self.value(SideName::Crm);
        let projects = self.value(SideName::Projects);
        if crm == projects {
            if crm != base {
                self.plan.agree.push((self.field, crm.clone()));
            }
            return;
        }
        match (self.is_edit(SideName::Crm, base), self.is_edit(SideName::Projects, base)) {
            (true, false) => self.carry(SideName::Crm, base),
            (false, true) => self.carry(SideName::Projects, base),
            (true, true) => self.both(base),
            // One side shows an older write of ours that came late: the base is the newer value.
            (false, false) if crm == base => self.carry(SideName::Crm, base),
            (false, false) => self.carry(SideName::Projects, base),
        }
    }

    /// The value both sides had last: the agreed one, or the newest of our own writes that is seen to have taken effect.
    fn base(&mut self) -> &'a FieldValue {
        let agreed = self.input.agreed.get(self.field);
        let mut base: Option<&Intent> = None;
        for intent in self.input.intents.iter().filter(|intent| intent.field == self.field) {
            if self.is_seen(intent) {
                self.plan.confirmed.push(intent.id.clone());
                base = base.filter(|other| other.id >= intent.id).or(Some(intent));
            } else if self.is_void(intent) {
                self.plan.void.push(intent.id.clone());
            }
        }
        let base = base.map_or(agreed, |intent| &intent.wanted);
        if base != agreed {
            self.plan.agree.push((self.field, base.clone()));
        }
        base
    }

    /// Whether the value of a side is a person's, neither the base nor one that we wrote.
    fn is_edit(&self, side: SideName, base: &FieldValue) -> bool {
        let is_ours = |intent: &Intent| intent.side == side && intent.field == self.field && self.is_seen(intent);
        self.value(side) != base && !self.input.intents.iter().any(is_ours)
    }

    /// Whether the value of a side is the one that a write of ours has set: the same value in the same name. The same
    /// value in another name is a person's edit, where the side tells the two apart.
    fn is_seen(&self, intent: &Intent) -> bool {
        let seen = self.input.seen(intent.side, intent.field);
        let names = seen.by.as_ref().zip(intent.story.acting.as_ref());
        let is_other_name =
            self.input.policy.stamps_fields(intent.side) && names.is_some_and(|(by, acting)| by.as_str() != acting);
        seen.shown.value == intent.wanted && !is_other_name
    }

    /// Whether a write of ours can have no effect any more: overtaken, or too old to come.
    fn is_void(&self, intent: &Intent) -> bool {
        let is_overtaken = self.input.policy.writes_conditionally(intent.side)
            && !intent.expected.is_empty()
            && intent.expected != self.input.version(intent.side);
        is_overtaken || self.input.policy.now.ms() - intent.at.ms() >= self.input.policy.settling_ms
    }

    fn value(&self, side: SideName) -> &'a FieldValue {
        &self.input.seen(side, self.field).shown.value
    }

    /// Only `from` changed the field.
    fn carry(&mut self, from: SideName, base: &FieldValue) {
        match self.obstacle(from) {
            None => self.write(from, WriteKind::Carry, self.input.cause),
            Some(obstacle) => self.obstructed(from, obstacle, base),
        }
    }

    fn both(&mut self, base: &FieldValue) {
        match (self.obstacle(SideName::Crm), self.obstacle(SideName::Projects)) {
            (None, None) => self.conflict(),
            (None, Some(obstacle)) => self.overruled(SideName::Crm, obstacle, base),
            (Some(obstacle), None) => self.overruled(SideName::Projects, obstacle, base),
            (Some(crm), Some(projects)) => {
                self.obstructed(SideName::Crm, crm, base);
                self.obstructed(SideName::Projects, projects, base);
            }
        }
    }

    /// The other side's value cannot win (CON-6): that of `winner` is taken, the other is refused.
    fn overruled(&mut self, winner: SideName, obstacle: Obstacle, base: &FieldValue) {
        let loser = winner.other();
        match obstacle {
            Obstacle::NotRepresentable => {}
            Obstacle::Refused(reason) if self.remembered(loser, &reason).is_none() => {
                self.refuse(loser, reason, base, false);
            }
            Obstacle::Refused(_) => {}
        }
        self.write(winner, WriteKind::Carry, self.input.cause);
    }

    fn conflict(&mut self) {
        let winner = match self.input.policy.rule {
            Rule::Latest => self.later(),
            Rule::Crm => SideName::Crm,
            Rule::Projects => SideName::Projects,
            Rule::Ask => {
                self.plan.asked.push(self.field);
                return;
            }
        };
        let lost = self.input.seen(winner.other(), self.field);
        self.plan.lost.push(Loser {
            field: self.field,
            side: winner.other(),
            value: lost.shown.clone(),
            winner: self.input.seen(winner, self.field).shown.clone(),
            person: lost.by.clone(),
            changed_at: lost.at,
        });
        self.write(winner, WriteKind::Carry, "conflict");
    }

    fn later(&self) -> SideName {
        let crm = self.input.seen(SideName::Crm, self.field).comparable_at;
        let projects = self.input.seen(SideName::Projects, self.field).comparable_at;
        match crm.zip(projects) {
            Some((crm, projects)) if crm.ms() - projects.ms() > self.input.policy.tolerance_ms => SideName::Crm,
            Some((crm, projects)) if projects.ms() - crm.ms() > self.input.policy.tolerance_ms => SideName::Projects,
            Some(_) | None => self.input.policy.wins_ties,
        }
    }

    /// The change of `from` cannot be carried over, and the other side has nothing to put in its place.
    fn obstructed(&mut self, from: SideName, obstacle: Obstacle, base: &FieldValue) {
        let reason = match obstacle {
            Obstacle::NotRepresentable => {
                self.plan.owner_not_representable = true;
                return;
            }
            Obstacle::Refused(reason) => reason,
        };
        let is_held = self.holds(&reason);
        match self.remembered(from, &reason) {
            Some(known) if known.is_held => self.plan.held.push(self.field),
            Some(_) => self.set_back(from, base),
            None => {
                self.refuse(from, reason, base, is_held);
                if is_held {
                    self.plan.held.push(self.field);
                } else {
                    self.set_back(from, base);
                }
            }
        }
    }

    /// Values that are somebody's own words are never overwritten (REF-5).
    fn holds(&self, reason: &Reason) -> bool {
        self.input.policy.holds_refused
            || matches!(reason, Reason::ValueNotMapped { .. } | Reason::DescriptionTooLong { .. })
    }

    fn refuse(&mut self, side: SideName, reason: Reason, base: &FieldValue, is_held: bool) {
        let seen = self.input.seen(side, self.field);
        self.plan.refused.push(NewRefusal {
            field: self.field,
            side,
            tried: seen.shown.clone(),
            agreed: base.clone(),
            person: seen.by.clone(),
            changed_at: seen.at,
            fingerprint: self.fingerprint(side),
            reason,
            is_held,
        });
    }

    /// The refusal of this very value for this reason, or one that is still to be set back (P-12).
    fn remembered(&self, side: SideName, reason: &Reason) -> Option<&'a Remembered> {
        self.known(side).filter(|known| known.reason.code() == reason.code() || !known.is_held)
    }

    fn known(&self, side: SideName) -> Option<&'a Remembered> {
        let tried = self.value(side);
        self.input
            .refusals
            .iter()
            .find(|known| known.field == self.field && known.side == side && known.tried == *tried)
    }

    fn set_back(&mut self, side: SideName, base: &FieldValue) {
        let seen = self.input.seen(side, self.field);
        let story = Story {
            kind: WriteKind::SetBack,
            from: side,
            old: seen.shown.clone(),
            new: Shown::plain(base.clone()),
            person: seen.by.as_ref().map(ToString::to_string),
            changed_at: seen.at.map(ports::Moment::ms),
            cause: self.input.cause.into(),
            is_told: false,
            acting: None,
        };
        self.plan.writes.push(PlannedWrite { side, field: self.field, value: base.clone(), story });
    }

    fn write(&mut self, from: SideName, kind: WriteKind, cause: &'static str) {
        let seen = self.input.seen(from, self.field);
        let story = Story {
            kind,
            from,
            old: self.input.seen(from.other(), self.field).shown.clone(),
            new: seen.shown.clone(),
            person: seen.by.as_ref().map(ToString::to_string),
            changed_at: seen.at.map(ports::Moment::ms),
            cause: cause.into(),
            is_told: false,
            acting: None,
        };
        let value = seen.shown.value.clone();
        self.plan.writes.push(PlannedWrite { side: from.other(), field: self.field, value, story });
    }

    /// Why the value of `from` cannot go to the other side: foreseen here, or said by the side before.
    fn obstacle(&self, from: SideName) -> Option<Obstacle> {
        let foreseen = match from {
            SideName::Crm => to_projects(self.field, self.value(from), self.input.facts).map(Obstacle::Refused),
            SideName::Projects => to_crm(self.field, self.value(from), self.input.facts),
        };
        foreseen.or_else(|| {
            let known = self.known(from)?;
            // A held value is tried again as soon as something it depends on has moved (REF-6).
            let still_holds = !known.is_held || known.fingerprint == self.fingerprint(from);
            still_holds.then(|| Obstacle::Refused(known.reason.clone()))
        })
    }

    /// Of everything that the answer to this change depends on.
    fn fingerprint(&self, from: SideName) -> String {
        facts_of(self.field, from, self.value(from), self.input.facts)
    }
}

/// A remembered refusal is over once its value has left its side, or stands on the other side as well.
fn sort_out_refusals(input: &Input<'_>, plan: &mut Plan) {
    for known in input.refusals {
        let has_left = input.seen(known.side, known.field).shown.value != known.tried;
        let has_arrived = input.seen(known.side.other(), known.field).shown.value == known.tried;
        if has_left || has_arrived {
            plan.over.push(known.id.clone());
        }
    }
}

/// Why Projects cannot take a value of the CRM.
pub fn to_projects(field: Field, value: &FieldValue, facts: &Facts) -> Option<Reason> {
    match (field, value) {
        (Field::Title, FieldValue::Text(text)) => title::obstacle(text, facts.title_max),
        (Field::Due, FieldValue::Day(_)) => {
            schedule::check_due(facts.schedule, facts.start, value.as_day(), &facts.project)
        }
        (Field::Status, FieldValue::Closed(true)) => ancestors::check_close(facts.open_descendants),
        (Field::Status, FieldValue::Closed(false)) => ancestors::check_open_below(&facts.ancestors),
        (Field::Owner, FieldValue::Person(Some(person))) => match facts.owner_in_projects {
            Standing::Ready => None,
            Standing::Outside => {
                Some(Reason::OwnerNotInProject { person: person.clone(), project: facts.project.clone() })
            }
            Standing::Unknown => Some(Reason::OwnerUnknown { person: person.clone() }),
        },
        (_, FieldValue::Unmapped(native)) => Some(Reason::ValueNotMapped { value: native.clone() }),
        (
            _,
            FieldValue::Text(_)
            | FieldValue::Day(_)
            | FieldValue::Priority(_)
            | FieldValue::Closed(_)
            | FieldValue::Person(_),
        ) => None,
    }
}

/// Why the CRM cannot take a value of Projects.
fn to_crm(field: Field, value: &FieldValue, facts: &Facts) -> Option<Obstacle> {
    match (field, value) {
        (Field::Title, FieldValue::Text(text)) => title::obstacle(text, facts.subject_max).map(Obstacle::Refused),
        (Field::Description, FieldValue::Text(text)) => {
            let length = text.chars().count();
            let max = facts.description_max;
            (length > max).then_some(Obstacle::Refused(Reason::DescriptionTooLong { length, max }))
        }
        (Field::Owner, FieldValue::Person(_)) => match facts.owner_in_crm {
            Standing::Ready => None,
            Standing::Outside | Standing::Unknown => Some(Obstacle::NotRepresentable),
        },
        (_, FieldValue::Unmapped(native)) => Some(Obstacle::Refused(Reason::ValueNotMapped { value: native.clone() })),
        (
            _,
            FieldValue::Text(_)
            | FieldValue::Day(_)
            | FieldValue::Priority(_)
            | FieldValue::Closed(_)
            | FieldValue::Person(_),
        ) => None,
    }
}

/// A fingerprint of the facts that decide about a value of a field (P-12).
pub(crate) fn facts_of(field: Field, from: SideName, value: &FieldValue, facts: &Facts) -> String {
    let facts = match (field, from) {
        (Field::Due, SideName::Crm) => format!("{:?} {:?}", facts.schedule, facts.start),
        (Field::Status, SideName::Crm) => {
            let closed: Vec<&str> =
                facts.ancestors.iter().filter(|task| task.is_closed).map(|task| task.id.as_str()).collect();
            format!("{closed:?} {}", facts.open_descendants)
        }
        (Field::Owner, SideName::Crm) => format!("{:?}", facts.owner_in_projects),
        (Field::Title, SideName::Crm) => facts.title_max.to_string(),
        (Field::Title, SideName::Projects) => facts.subject_max.to_string(),
        (Field::Description, SideName::Projects) => facts.description_max.to_string(),
        (Field::Description | Field::Priority, SideName::Crm)
        | (Field::Due | Field::Priority | Field::Status | Field::Owner, SideName::Projects) => String::new(),
    };
    fingerprint([field.code(), from.code(), &format!("{value:?}"), &facts])
}

#[cfg(test)]
mod tests;
