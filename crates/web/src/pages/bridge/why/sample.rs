//! Samples of "Why?": in step with a change that was set back, held, on its way, broken, no longer linked.

use i18n::Words;
use ports::Moment;

use super::head::Summary;
use super::{End, Row, Unlink, WhyPage, banner, story, told};
use crate::pages::{Sample, rendered};
use crate::shell::Shell;
use crate::show::{Hidden, Sign, Source, Sync, Tone, Way, When};

fn when(w: Words) -> When {
    let zero = Moment::from_ms(0);
    When::new(zero, &jiff::tz::TimeZone::UTC, zero, w)
}

fn page(w: Words, sign: Option<Sign>, title: String, summary: Summary) -> WhyPage {
    let row = |name, is_apart: bool| Row {
        name,
        is_apart,
        projects_off: false,
        crm_off: is_apart,
        is_long: !is_apart,
        projects: "6月22日".into(),
        crm: "7月6日 <1>".into(),
        agreed: w.why_same().into(),
        by: w.story_by_in("李明", w.side_crm()),
        at: is_apart.then(|| when(w)),
        state: Some(Sync::new(if is_apart { Sign::Rejected } else { Sign::InStep }, w.link_in_step())),
        reason: if is_apart { w.reason_record_gone().into() } else { String::new() },
    };
    WhyPage {
        w,
        shell: Shell::sample(w).crumb("DM-10"),
        topics: "link:1".into(),
        sign,
        title,
        ways: vec![Way::link(w.why_open_projects("DM-10"), "/projects/DM/tasks/DM-10").with_icon("app-projects")],
        summary,
        banners: vec![banner(Tone::Warn, "map", w.why_client_unmapped("数据迁移"), w.why_client_unmapped_text())],
        again: None,
        cases: told::samples(w).into_iter().map(|own| told::Told { href: None, ..own }).collect(),
        read_at: when(w).relative(),
        rows: vec![row(w.field_due_crm(), true), row(w.field_title(), false)],
        waiting: vec![w.why_waits(w.field_title(), "08:00"), w.why_comments_wait(2_usize)],
        filters: vec![(w.why_everything(), "/bridge/links/1".into(), true)],
        lines: story::samples(w),
        ends: vec![
            End {
                source: Source::projects("DM-10"),
                name: "数据迁移".into(),
                href: Some("/projects/DM/tasks/DM-10".into()),
            },
            End { source: Source::crm(w.why_under_deal()), name: "数据迁移服务".into(), href: None },
        ],
        facts: vec![(w.why_fact_linked(), w.why_linked_by("08:00", "李明"))],
        state: Sync::of_link_state("in_step", w),
        rules: vec![("lock", w.why_rule_strict("数据迁移", "3月2日 – 6月30日")), ("both", w.why_rule_latest().into())],
        unlink: Some("/bridge/links/1/unlink".into()),
        dialog: None,
    }
}

pub(in crate::pages::bridge) fn samples(w: Words) -> Vec<Sample> {
    let summary = |tone, icon, title: &str, text: &str| Summary { tone, icon, title: title.into(), text: text.into() };
    let in_step = summary("ok", "in-step", w.why_all_in_step(), w.why_all_in_step_text());
    let held = summary("danger", "rejected", &w.why_differs(2_usize), w.why_several_text());
    let broken = summary("danger", "rejected", &w.why_broken_by("08:00", "李明", w.side_crm()), w.why_broken_text());
    let unlinked = summary("", "unlink", w.why_unlinked(), w.why_unlinked_text());
    let asks = WhyPage {
        dialog: Some(Unlink {
            hidden: Hidden::new("token", "1"),
            action: "/bridge/links/1/unlink".into(),
            back: "/bridge/links/1".into(),
            text: w.why_unlink_text("DM-10"),
        }),
        ..page(w, Some(Sign::Rejected), w.why_title_broken("DM-10"), broken)
    };
    let parted = WhyPage {
        state: None,
        unlink: None,
        again: Some(("/projects/DM/tasks/DM-10/crm/again".into(), Hidden::new("token", "1"))),
        cases: Vec::new(),
        rules: Vec::new(),
        waiting: Vec::new(),
        lines: Vec::new(),
        ..page(w, None, w.why_title_unlinked("DM-10"), unlinked)
    };
    let pages = vec![
        page(w, Some(Sign::InStep), w.why_title_in_step("DM-10"), in_step),
        page(w, Some(Sign::Rejected), w.why_title_not_in_step("DM-10"), held),
        asks,
        parted,
    ];
    rendered("why", pages)
}
