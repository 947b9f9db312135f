//! The laws P-1 to P-15 of `reconcile`, by random records, facts and refusals.

use bridge::field::{Field, FieldValue, PriorityClass, SeenField, SeenSide, Shown, SideName, View};
use bridge::plan::{Facts, Intent, Plan, Policy, Remembered, Rule, Standing, WriteKind};
use bridge::reconcile::{Input, reconcile};
use ports::{Ancestor, Date, Moment, ProjectsTaskId, Schedule};
use proptest::prelude::*;

/// Two records, what they agreed on, what is remembered.
#[derive(Clone, Debug)]
struct Case {
    agreed: View,
    crm: SeenSide,
    projects: SeenSide,
    refusals: Vec<Remembered>,
    intents: Vec<Intent>,
    facts: Facts,
    policy: Policy,
}

impl Case {
    fn plan(&self) -> Plan {
        reconcile(&Input {
            agreed: &self.agreed,
            crm: &self.crm,
            projects: &self.projects,
            intents: &self.intents,
            refusals: &self.refusals,
            facts: &self.facts,
            policy: &self.policy,
            cause: "event",
        })
    }

    fn side(&self, side: SideName) -> &SeenSide {
        match side {
            SideName::Crm => &self.crm,
            SideName::Projects => &self.projects,
        }
    }

    fn write(&mut self, side: SideName, field: Field, value: &FieldValue) {
        let at = Field::ALL.iter().position(|known| *known == field).unwrap();
        let side = match side {
            SideName::Crm => &mut self.crm,
            SideName::Projects => &mut self.projects,
        };
        side.fields[at].shown = Shown::plain(value.clone());
        side.version.push('+');
    }

    /// What prepare stores before anything is written.
    fn remember(&mut self, plan: &Plan) {
        for new in &plan.refused {
            self.refusals.retain(|known| known.field != new.field || known.side != new.side);
            self.refusals.push(Remembered {
                id: format!("{:?}{:?}", new.field, new.side),
                field: new.field,
                side: new.side,
                tried: new.tried.value.clone(),
                reason: new.reason.clone(),
                fingerprint: new.fingerprint.clone(),
                is_held: new.is_held,
            });
        }
    }

    /// Carries a plan out, as far as `takes` says, and settles what was done.
    fn apply(&mut self, plan: &Plan, takes: impl Fn(usize) -> bool) {
        self.remember(plan);
        for (field, value) in &plan.agree {
            self.agreed.set(*field, value.clone());
        }
        for (index, write) in plan.writes.iter().enumerate().filter(|(index, _)| takes(*index)) {
            let _ = index;
            self.write(write.side, write.field, &write.value);
            if write.story.kind == WriteKind::Carry {
                self.agreed.set(write.field, write.value.clone());
            }
        }
        let gone = |known: &Remembered, case: &Self| *case.side(known.side).value(known.field) != known.tried;
        let kept: Vec<_> = self.refusals.iter().filter(|known| !gone(known, self)).cloned().collect();
        self.refusals = kept;
    }

    fn views(&self) -> (View, View, View) {
        (self.agreed.clone(), self.crm.view(), self.projects.view())
    }
}

fn is_empty(plan: &Plan) -> bool {
    plan.writes.is_empty() && plan.agree.is_empty() && plan.refused.is_empty() && plan.lost.is_empty()
}

fn any_value(field: Field) -> BoxedStrategy<FieldValue> {
    let text = |text: &str| FieldValue::Text(text.into());
    match field {
        Field::Title => {
            prop::sample::select(vec![text("a"), text("b"), text("路🧾"), text(""), text(&"x".repeat(12))]).boxed()
        }
        Field::Description => {
            prop::sample::select(vec![text(""), text("one\ntwo"), text("b"), text(&"路".repeat(40))]).boxed()
        }
        Field::Due => prop::sample::select(vec![
            FieldValue::Day(None),
            FieldValue::Day(Some("2026-03-01".into())),
            FieldValue::Day(Some("2026-03-02".into())),
            FieldValue::Day(Some("2026-06-30".into())),
            FieldValue::Day(Some("2026-07-06".into())),
        ])
        .boxed(),
        Field::Priority => prop::sample::select(vec![
            FieldValue::Priority(PriorityClass::High),
            FieldValue::Priority(PriorityClass::Low),
            FieldValue::Priority(PriorityClass::None),
            FieldValue::Unmapped("Someday".into()),
        ])
        .boxed(),
        Field::Status => any::<bool>().prop_map(FieldValue::Closed).boxed(),
        Field::Owner => prop::sample::select(vec![
            FieldValue::Person(Some("a@x.example".into())),
            FieldValue::Person(Some("b@x.example".into())),
            FieldValue::Person(None),
        ])
        .boxed(),
    }
}

fn any_view() -> impl Strategy<Value = View> {
    let [title, description, due, priority, status, owner] = Field::ALL.map(any_value);
    (title, description, due, priority, status, owner).prop_map(|(title, description, due, priority, status, owner)| {
        View { title, description, due, priority, status, owner }
    })
}

/// A view that differs from another one in some fields only.
fn near(base: View) -> impl Strategy<Value = View> {
    (any_view(), any::<[bool; 6]>()).prop_map(move |(other, takes)| {
        let mut view = base.clone();
        for (field, takes) in Field::ALL.into_iter().zip(takes) {
            if takes {
                view.set(field, other.get(field).clone());
            }
        }
        view
    })
}

fn seen(view: &View, times: &[Option<i64>; 6], version: &str) -> SeenSide {
    let mut times = times.iter();
    SeenSide {
        version: version.to_owned(),
        fields: Field::ALL.map(|field| {
            let at = times.next().copied().flatten().map(Moment::from_ms);
            SeenField { shown: Shown::plain(view.get(field).clone()), by: None, at, comparable_at: at }
        }),
    }
}

fn any_standing() -> impl Strategy<Value = Standing> {
    prop::sample::select(vec![Standing::Ready, Standing::Ready, Standing::Outside, Standing::Unknown])
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let strict = Schedule::Strict { start: day("2026-03-02"), end: day("2026-06-30") };
    (
        prop::sample::select(vec![Schedule::Open, strict]),
        prop::sample::select(vec![None, Some(day("2026-03-02"))]),
        any::<bool>(),
        0_u32..2,
        any_standing(),
        any_standing(),
    )
        .prop_map(|(schedule, start, is_closed, open_descendants, owner_in_projects, owner_in_crm)| Facts {
            project: "P".into(),
            schedule,
            start,
            ancestors: vec![Ancestor {
                id: ProjectsTaskId::new("1"),
                key: "P-1".into(),
                title: "Parent".into(),
                is_closed,
                closed_by: None,
            }],
            open_descendants,
            owner_in_projects,
            owner_in_crm,
            subject_max: 10,
            description_max: 30,
            title_max: 20,
        })
}

/// Facts under which nothing is refused.
fn free_facts() -> Facts {
    Facts {
        project: "P".into(),
        schedule: Schedule::Open,
        start: None,
        ancestors: Vec::new(),
        open_descendants: 0,
        owner_in_projects: Standing::Ready,
        owner_in_crm: Standing::Ready,
        subject_max: 1_000,
        description_max: 1_000,
        title_max: 1_000,
    }
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn any_policy() -> impl Strategy<Value = Policy> {
    (
        prop::sample::select(vec![Rule::Latest, Rule::Latest, Rule::Crm, Rule::Projects]),
        prop::sample::select(vec![SideName::Crm, SideName::Projects]),
        any::<bool>(),
    )
        .prop_map(|(rule, wins_ties, holds_refused)| Policy {
            rule,
            wins_ties,
            holds_refused,
            ..Policy::standard(Moment::from_ms(100_000))
        })
}

fn any_times() -> impl Strategy<Value = [Option<i64>; 6]> {
    prop::array::uniform6(prop::option::of(0_i64..10_000))
}

fn any_case() -> impl Strategy<Value = Case> {
    any_view()
        .prop_flat_map(|agreed| (near(agreed.clone()), near(agreed.clone()), Just(agreed)))
        .prop_flat_map(|(crm, projects, agreed)| {
            (Just((crm, projects, agreed)), any_facts(), any_policy(), any_times(), any_times())
        })
        .prop_map(|((crm, projects, agreed), facts, policy, crm_times, projects_times)| Case {
            agreed,
            crm: seen(&crm, &crm_times, "1"),
            projects: seen(&projects, &projects_times, "1"),
            refusals: Vec::new(),
            intents: Vec::new(),
            facts,
            policy,
        })
}

/// A case in which every value may be carried over.
fn free_case() -> impl Strategy<Value = Case> {
    any_case().prop_map(|mut case| {
        case.facts = free_facts();
        let fix = |field: Field, value: &FieldValue| match (field, value) {
            (Field::Title, FieldValue::Text(text)) if text.is_empty() => FieldValue::Text("t".into()),
            (_, FieldValue::Unmapped(_)) => FieldValue::Priority(PriorityClass::Medium),
            (Field::Owner, FieldValue::Person(None)) => FieldValue::Person(Some("c@x.example".into())),
            (_, value) => value.clone(),
        };
        for field in Field::ALL {
            let agreed = fix(field, case.agreed.get(field));
            case.agreed.set(field, agreed);
            for side in SideName::BOTH {
                let value = fix(field, case.side(side).value(field));
                case.write(side, field, &value);
            }
        }
        case
    })
}

fn of_field(plan: &Plan, field: Field) -> Plan {
    Plan {
        writes: plan.writes.iter().filter(|write| write.field == field).cloned().collect(),
        agree: plan.agree.iter().filter(|(agreed, _)| *agreed == field).cloned().collect(),
        refused: plan.refused.iter().filter(|refused| refused.field == field).cloned().collect(),
        lost: plan.lost.iter().filter(|lost| lost.field == field).cloned().collect(),
        ..Plan::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn p_1_equal_inputs_give_equal_plans(case in any_case()) {
        prop_assert_eq!(format!("{:?}", case.plan()), format!("{:?}", case.plan()));
    }

    #[test]
    fn p_2_what_agrees_needs_nothing(case in any_case()) {
        let mut case = case;
        for field in Field::ALL {
            let value = case.agreed.get(field).clone();
            case.write(SideName::Crm, field, &value);
            case.write(SideName::Projects, field, &value);
        }
        prop_assert_eq!(case.plan(), Plan::default());
    }

    #[test]
    fn p_3_one_side_writes_exactly_what_it_changed(case in free_case(), from_crm in any::<bool>()) {
        let mut case = case;
        let from = if from_crm { SideName::Crm } else { SideName::Projects };
        for field in Field::ALL {
            let value = case.agreed.get(field).clone();
            case.write(from.other(), field, &value);
        }
        let plan = case.plan();
        let changed: Vec<_> = Field::ALL.into_iter().filter(|field| case.side(from).value(*field) != case.agreed.get(*field)).collect();
        prop_assert!(plan.writes.iter().all(|write| write.side == from.other()));
        prop_assert_eq!(plan.writes.iter().map(|write| write.field).collect::<Vec<_>>(), changed);
        prop_assert!(plan.lost.is_empty() && plan.refused.is_empty());
    }

    #[test]
    fn p_4_the_same_change_on_both_sides_is_agreed(case in any_case()) {
        let mut case = case;
        for field in Field::ALL {
            let value = case.crm.value(field).clone();
            case.write(SideName::Projects, field, &value);
        }
        let plan = case.plan();
        prop_assert!(plan.writes.is_empty() && plan.lost.is_empty() && plan.refused.is_empty());
        case.apply(&plan, |_| true);
        prop_assert_eq!(case.agreed.clone(), case.crm.view());
    }

    #[test]
    fn p_5_changes_of_different_fields_all_get_through(case in free_case(), mask in any::<[bool; 6]>()) {
        let mut case = case;
        let mut expected = case.agreed.clone();
        for (field, on_crm) in Field::ALL.into_iter().zip(mask) {
            let side = if on_crm { SideName::Crm } else { SideName::Projects };
            let base = case.agreed.get(field).clone();
            case.write(side.other(), field, &base);
            expected.set(field, case.side(side).value(field).clone());
        }
        let plan = case.plan();
        prop_assert!(plan.lost.is_empty());
        case.apply(&plan, |_| true);
        prop_assert_eq!(case.views(), (expected.clone(), expected.clone(), expected));
    }

    #[test]
    fn p_6_a_conflict_is_decided_by_the_rule_and_the_loser_is_kept(case in free_case()) {
        let plan = case.plan();
        for field in Field::ALL {
            let (base, crm, projects) = (case.agreed.get(field), case.crm.value(field), case.projects.value(field));
            if crm == projects || crm == base || projects == base {
                prop_assert!(!plan.lost.iter().any(|lost| lost.field == field));
                continue;
            }
            let times = case.crm.get(field).comparable_at.zip(case.projects.get(field).comparable_at);
            let winner = match (case.policy.rule, times) {
                (Rule::Crm, _) => SideName::Crm,
                (Rule::Projects, _) => SideName::Projects,
                (_, Some((crm, projects))) if crm.ms() > projects.ms() + 2_000 => SideName::Crm,
                (_, Some((crm, projects))) if projects.ms() > crm.ms() + 2_000 => SideName::Projects,
                _ => case.policy.wins_ties,
            };
            let lost = plan.lost.iter().find(|lost| lost.field == field).unwrap();
            prop_assert_eq!((lost.side, &lost.value.value), (winner.other(), case.side(winner.other()).value(field)));
            let write = plan.writes.iter().find(|write| write.field == field).unwrap();
            prop_assert_eq!((write.side, &write.value), (winner.other(), case.side(winner).value(field)));
        }
    }

    #[test]
    fn p_7_a_plan_carried_out_leaves_nothing_to_do(case in any_case()) {
        let mut case = case;
        let plan = case.plan();
        case.apply(&plan, |_| true);
        let next = case.plan();
        prop_assert!(is_empty(&next), "{:?}", next);
        // What still differs is held, or an owner whom the CRM does not know.
        for field in Field::ALL {
            if case.crm.value(field) != case.projects.value(field) {
                prop_assert!(next.held.contains(&field) || next.owner_not_representable, "{:?}", field);
            }
        }
    }

    #[test]
    fn p_8_the_merge_of_a_field_is_the_same_seen_from_the_other_side(case in free_case()) {
        let mut mirror = case.clone();
        std::mem::swap(&mut mirror.crm, &mut mirror.projects);
        mirror.policy.wins_ties = mirror.policy.wins_ties.other();
        mirror.policy.rule = match mirror.policy.rule {
            Rule::Crm => Rule::Projects,
            Rule::Projects => Rule::Crm,
            rule => rule,
        };
        let short = |plan: &Plan| -> Vec<_> { plan.writes.iter().map(|write| (write.side, write.field, write.value.clone())).collect() };
        let mirrored: Vec<_> = short(&mirror.plan()).into_iter().map(|(side, field, value)| (side.other(), field, value)).collect();
        prop_assert_eq!(short(&case.plan()), mirrored);
        prop_assert_eq!(case.plan().agree, mirror.plan().agree);
    }

    #[test]
    fn p_9_nothing_is_written_that_is_there(case in any_case()) {
        for write in case.plan().writes {
            prop_assert_ne!(case.side(write.side).value(write.field), &write.value);
        }
    }

    #[test]
    fn p_10_carried_out_in_part_it_ends_alike(case in any_case(), mask in any::<u16>()) {
        let mut whole = case.clone();
        whole.apply(&case.plan(), |_| true);
        let mut parted = case.clone();
        parted.apply(&case.plan(), |index| mask & (1 << (index % 16)) != 0);
        let next = parted.plan();
        parted.apply(&next, |_| true);
        prop_assert_eq!(parted.views(), whole.views());
        prop_assert!(is_empty(&parted.plan()));
    }

    #[test]
    fn p_10_after_a_crash_our_own_writes_are_nobodys_edits(case in any_case(), mask in any::<u16>()) {
        let plan = case.plan();
        let mut whole = case.clone();
        whole.apply(&plan, |_| true);
        let mut crashed = case.clone();
        crashed.remember(&plan);
        for (index, write) in plan.writes.iter().enumerate() {
            crashed.intents.push(Intent {
                id: index.to_string(),
                fence: 1,
                side: write.side,
                field: write.field,
                wanted: write.value.clone(),
                expected: case.side(write.side).version.clone(),
                story: write.story.clone(),
                at: Moment::from_ms(99_000),
            });
            if mask & (1 << (index % 16)) != 0 {
                crashed.write(write.side, write.field, &write.value);
            }
        }
        let next = crashed.plan();
        // A conflict that was decided is not decided again against the winner.
        for lost in &next.lost {
            let index = plan.writes.iter().position(|write| write.field == lost.field).unwrap();
            prop_assert!(mask & (1 << (index % 16)) == 0, "{:?}", lost);
        }
        crashed.apply(&next, |_| true);
        crashed.intents.clear();
        prop_assert_eq!(crashed.views(), whole.views());
        prop_assert!(is_empty(&crashed.plan()));
    }

    #[test]
    fn p_12_a_held_value_is_not_tried_again_and_blocks_no_other(case in any_case()) {
        let mut case = case;
        case.policy.holds_refused = true;
        let plan = case.plan();
        let is_refused = |field| plan.refused.iter().any(|refused| refused.field == field);
        let agreed = case.agreed.clone();
        case.apply(&plan, |_| true);
        prop_assert!(is_empty(&case.plan()));
        for field in Field::ALL {
            let has_winner = plan.writes.iter().any(|write| write.field == field);
            if is_refused(field) && !has_winner {
                prop_assert_eq!(case.agreed.get(field), agreed.get(field));
            }
        }
        // Once the obstacle has gone it is tried again.
        case.facts = free_facts();
        let again = case.plan();
        for field in [Field::Due, Field::Status] {
            if is_refused(field) && case.crm.value(field) != case.projects.value(field) {
                prop_assert!(again.writes.iter().any(|write| write.field == field), "{:?}", field);
            }
        }
    }

    #[test]
    fn p_12_a_refused_value_never_reaches_the_other_side(case in any_case()) {
        let mut case = case;
        for _ in 0..3 {
            let plan = case.plan();
            for refused in &plan.refused {
                let reached = plan.writes.iter().any(|write| {
                    write.side == refused.side.other() && write.field == refused.field && write.value == refused.tried.value
                });
                prop_assert!(!reached);
            }
            case.apply(&plan, |_| true);
        }
    }

    #[test]
    fn p_13_a_field_is_decided_by_itself(case in any_case(), other in any_case(), at in 0_usize..6) {
        let field = Field::ALL[at];
        let mut mixed = other.clone();
        (mixed.facts, mixed.policy) = (case.facts.clone(), case.policy.clone());
        mixed.agreed.set(field, case.agreed.get(field).clone());
        mixed.crm.fields[at] = case.crm.fields[at].clone();
        mixed.projects.fields[at] = case.projects.fields[at].clone();
        prop_assert_eq!(of_field(&case.plan(), field), of_field(&mixed.plan(), field));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn p_14_any_text_has_a_plan(title in "\\PC{0,40}", long in 0_usize..40_000, native in any::<String>(), case in any_case()) {
        let mut case = case;
        case.write(SideName::Crm, Field::Title, &FieldValue::Text(title.clone()));
        case.write(SideName::Projects, Field::Description, &FieldValue::Text("路".repeat(long)));
        case.write(SideName::Crm, Field::Priority, &FieldValue::Unmapped(native.clone()));
        case.write(SideName::Projects, Field::Due, &FieldValue::Day(Some(native)));
        case.write(SideName::Projects, Field::Owner, &FieldValue::Text(title));
        let plan = case.plan();
        case.apply(&plan, |_| true);
    }
}

#[test]
fn p_15_an_empty_plan_allocates_nothing() {
    let plan = Plan::default();
    assert_eq!(plan.writes.capacity() + plan.agree.capacity() + plan.refused.capacity() + plan.lost.capacity(), 0);
}
