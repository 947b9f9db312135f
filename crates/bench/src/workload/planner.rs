//! W-14: the pure function over random triples: 90 % unchanged, 9 % changed on one side, 1 % in conflict.

use bridge::field::{Field, FieldValue, PriorityClass, SeenField, SeenSide, Shown, View};
use bridge::plan::{Facts, Policy, Standing};
use bridge::reconcile::{Input, reconcile};
use ports::{Moment, Schedule};
use serde_json::{Value, json};

use crate::fixture::Failure;
use crate::output::{Measured, Output};
use crate::stopwatch::Stopwatch;

/// Different triples: some that stay in the cache, and some that do not.
const TRIPLES: [usize; 2] = [1_000, 10_000];
const CALLS: usize = 1_000_000;

struct Triple {
    agreed: View,
    crm: SeenSide,
    projects: SeenSide,
}

/// Measures a million calls a repetition; beside it the bare three-way merge of the same values.
pub fn run(output: &mut Output, reps: usize) -> Result<(), Failure> {
    let mut state = 7_u64;
    let facts = facts();
    let policy = Policy::standard(Moment::parse("2026-03-10T09:00:00Z")?);
    for distinct in TRIPLES {
        for (kind, shares) in [("mixed", (90, 99)), ("unchanged", (100, 100)), ("changed", (0, 100))] {
            let triples: Vec<Triple> = (0..distinct).map(|number| triple(number, shares, &mut state)).collect();
            let params = json!({"triples": CALLS, "distinct": distinct, "kind": kind});
            for rep in 0..=reps {
                let ours = nanoseconds(&triples, |triple| planned(triple, &facts, &policy));
                let theirs = nanoseconds(&triples, merged);
                // The first one only warms up.
                if rep > 0 {
                    tell(output, &params, rep, [("lockstep", ours), ("limit:merge", theirs)]);
                }
            }
        }
    }
    Ok(())
}

fn tell(output: &mut Output, params: &Value, rep: usize, measured: [(&'static str, f64); 2]) {
    for (system, value) in measured {
        output.line(Measured {
            workload: "W-14",
            params: params.clone(),
            system,
            rep,
            metric: "ns_per_call",
            value,
            also: json!({}),
            verified: &[],
        });
    }
}

fn nanoseconds(triples: &[Triple], call: impl Fn(&Triple) -> usize) -> f64 {
    let watch = Stopwatch::start();
    let mut sum = 0_usize;
    for triple in triples.iter().cycle().take(CALLS) {
        sum = sum.wrapping_add(std::hint::black_box(call(std::hint::black_box(triple))));
    }
    std::hint::black_box(sum);
    watch.seconds() * 1e9 / u32::try_from(CALLS).map_or(f64::NAN, f64::from)
}

fn planned(triple: &Triple, facts: &Facts, policy: &Policy) -> usize {
    let Triple { agreed, crm, projects } = triple;
    let input = Input { agreed, crm, projects, intents: &[], refusals: &[], facts, policy, cause: "event" };
    reconcile(&input).writes.len()
}

/// The bare three-way merge (A2.1): which fields go where, and which bases move.
fn merged(triple: &Triple) -> usize {
    let (mut writes, mut moves) = (0, 0);
    for field in Field::ALL {
        let (base, left, right) = (triple.agreed.get(field), triple.crm.value(field), triple.projects.value(field));
        match (left == base, right == base) {
            (true, true) => {}
            (false, false) if left == right => moves += 1,
            (true | false, true | false) => writes += 1,
        }
    }
    std::hint::black_box(moves);
    writes
}

/// Unchanged below the first share (of 100), changed in the CRM below the second, else in conflict.
fn triple(number: usize, shares: (u64, u64), state: &mut u64) -> Triple {
    let title = |version: &str| FieldValue::Text(format!("Roll-out of branch router {number} {version}"));
    let agreed = View {
        title: title("0"),
        description: FieldValue::Text("Unpack, check the serial number, load the firmware. ".repeat(6)),
        due: FieldValue::Day(Some("2026-06-22".to_owned())),
        priority: FieldValue::Priority(PriorityClass::High),
        status: FieldValue::Closed(false),
        owner: FieldValue::Person(Some("migration.lead@zylker.example".to_owned())),
    };
    let draw = random(state) % 100;
    let (mut crm, mut projects) = (agreed.clone(), agreed.clone());
    if draw >= shares.0 {
        crm.title = title("1");
    }
    if draw >= shares.1 {
        projects.title = title("2");
    }
    Triple { crm: seen(&crm), projects: seen(&projects), agreed }
}

fn seen(view: &View) -> SeenSide {
    let fields = Field::ALL.map(|field| SeenField {
        shown: Shown::plain(view.get(field).clone()),
        by: None,
        at: None,
        comparable_at: None,
    });
    SeenSide { version: "1".to_owned(), fields }
}

fn facts() -> Facts {
    Facts {
        project: "Branch".to_owned(),
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

/// splitmix64.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
