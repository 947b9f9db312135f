//! Whose value is it? A write of ours whose answer was lost, and a person who sets the same value by hand.

use ports::{Email, Moment, Schedule};

use super::{Input, reconcile};
use crate::field::{Field, FieldValue, SeenField, SeenSide, Shown, SideName, View};
use crate::plan::{Facts, Intent, Plan, Policy, Standing, Story, WriteKind};

fn person(name: &str) -> Email {
    Email::parse(&format!("{name}@zylker.example")).unwrap()
}

fn day(text: &str) -> FieldValue {
    FieldValue::Day(Some(text.to_owned()))
}

fn agreed() -> View {
    let text = |text: &str| FieldValue::Text(text.to_owned());
    View {
        title: text("Map the fields"),
        description: text(""),
        due: day("2026-06-01"),
        priority: FieldValue::Priority(crate::field::PriorityClass::High),
        status: FieldValue::Closed(false),
        owner: FieldValue::Person(None),
    }
}

/// The agreed values, but another due date, set by somebody at some time.
fn side(due: &FieldValue, by: &str, at: i64) -> SeenSide {
    let view = agreed();
    let field = |field: Field| SeenField {
        shown: Shown::plain(if field == Field::Due { due.clone() } else { view.get(field).clone() }),
        by: Some(person(by)),
        at: Some(Moment::from_ms(at)),
        comparable_at: Some(Moment::from_ms(at)),
    };
    SeenSide { version: "2".to_owned(), fields: Field::ALL.map(field) }
}

fn facts() -> Facts {
    Facts {
        project: "Data Migration".to_owned(),
        schedule: Schedule::Open,
        start: None,
        ancestors: Vec::new(),
        open_descendants: 0,
        owner_in_projects: Standing::Ready,
        owner_in_crm: Standing::Ready,
        subject_max: 255,
        description_max: 32_000,
        title_max: 10_000,
    }
}

/// The due date was carried to Projects in the name of the CRM's user, and no answer came.
fn unanswered(wanted: &FieldValue, acting: &str) -> Intent {
    Intent {
        id: "1".to_owned(),
        fence: 1,
        side: SideName::Projects,
        field: Field::Due,
        wanted: wanted.clone(),
        expected: "1".to_owned(),
        story: Story {
            kind: WriteKind::Carry,
            from: SideName::Crm,
            old: Shown::plain(day("2026-06-01")),
            new: Shown::plain(wanted.clone()),
            person: Some(person(acting).to_string()),
            changed_at: Some(1_000),
            cause: "event".into(),
            is_told: false,
            acting: Some(person(acting).to_string()),
        },
        at: Moment::from_ms(2_000),
    }
}

/// Meanwhile the CRM has a newer date, and Projects shows the value of our unanswered write, set by `by`.
fn plan(by: &str, stamps_fields: bool) -> Plan {
    let ours = day("2026-06-10");
    let intents = [unanswered(&ours, "sales")];
    let policy = Policy { stamps_fields: [stamps_fields; 2], ..Policy::standard(Moment::from_ms(20_000)) };
    reconcile(&Input {
        agreed: &agreed(),
        crm: &side(&day("2026-06-20"), "sales", 10_000),
        projects: &side(&ours, by, 5_000),
        intents: &intents,
        refusals: &[],
        facts: &facts(),
        policy: &policy,
        cause: "event",
    })
}

#[test]
fn con_8_our_own_unanswered_write_is_nobodys_edit() {
    let plan = plan("sales", true);
    assert_eq!(plan.confirmed, ["1"]);
    assert!(plan.lost.is_empty(), "the newer date is carried over, nothing was in its way");
    assert_eq!(plan.agree, [(Field::Due, day("2026-06-10"))]);
}

#[test]
fn con_8_the_same_value_by_somebody_else_is_his_edit() {
    let plan = plan("delivery", true);
    assert!(plan.confirmed.is_empty());
    assert_eq!(plan.void, ["1"], "the record has moved, so our write can have no effect any more");
    let [lost] = plan.lost.as_slice() else { panic!("{:?}", plan.lost) };
    assert_eq!((lost.side, &lost.person), (SideName::Projects, &Some(person("delivery"))));
}

#[test]
fn con_8_where_a_side_names_only_the_last_editor_of_the_record_the_value_decides() {
    assert_eq!(plan("delivery", false).confirmed, ["1"]);
}
