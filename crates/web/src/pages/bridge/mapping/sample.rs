//! Samples of the mapping page: a look before the first run, every kind of row, the dialogs, a mapping that was refused.

use i18n::Words;

use super::{Choose, Dialog, Entry, Group, MappingPage, PATH, Preview, Right, Show, Side, Twin, tabs};
use crate::address::Address;
use crate::pages::{Sample, rendered};
use crate::shell::Shell;
use crate::show::{Badge, Banner, Hidden, Search};

fn side(name: &str, hint: &str, badge: Option<Badge>) -> Side {
    Side { name: name.into(), hint: hint.into(), badge }
}

fn entry(w: Words, id: &str, is_taken: bool) -> Entry {
    let hint = if is_taken { w.reason_already_mapped("软件客户") } else { "李明 · 里斯本".to_owned() };
    Entry { value: id.into(), name: "酒店客户 <1>".into(), hint, is_taken, is_chosen: id == "1" }
}

fn groups(w: Words) -> Vec<Group> {
    let twin = |id: &str, knot, icon, right| Twin {
        id: format!("row-{id}"),
        knot,
        icon,
        company: Some(side("酒店客户 <1>", &w.map_projects(2_usize), None)),
        right,
        sends: None,
        may_differ: false,
        choose: None,
        unmap: None,
    };
    let none = || Right::None { title: w.map_no_account().into(), hint: w.reason_no_match().into() };
    let one = |badge| Right::One(side("酒店客户", "李明 · 大阪", badge));
    let several =
        Right::Several { ask: w.map_which_one(2_usize), entries: vec![entry(w, "1", false), entry(w, "2", true)] };
    let exact = Twin {
        sends: Some(("1".into(), Some("2".into()))),
        may_differ: true,
        ..twin("1", "suggested", "in-step", one(None))
    };
    let ambiguous = Twin { sends: Some(("2".into(), None)), ..twin("2", "suggested", "help", several) };
    let open = Twin { choose: Some(format!("{PATH}/choose?company=3")), ..twin("3", "none", "x", none()) };
    let mapped = Twin {
        unmap: Some(format!("{PATH}/unmap?id=1")),
        ..twin("4", "", "in-step", one(Some(Badge::line(w.map_names_differ()))))
    };
    let alone =
        Twin { company: None, choose: Some(format!("{PATH}/choose?account=5")), ..twin("5", "none", "x", one(None)) };
    let group =
        |id, title: &str, hint, rows: Vec<Twin>| Group { id, title: title.into(), hint, count: "1".into(), rows };
    vec![
        group("exact", w.map_exact(), w.map_exact_hint(), vec![exact]),
        group("ambiguous", w.map_ambiguous(), w.map_ambiguous_hint(), vec![ambiguous]),
        group("no-match", w.map_no_match(), w.map_no_match_hint(), vec![open]),
        group("mapped", w.map_mapped(), w.map_mapped_hint(), vec![mapped]),
        group("alone", w.map_alone(), w.map_alone_hint(), vec![alone]),
    ]
}

fn page(w: Words, groups: Vec<Group>, dialog: Dialog) -> MappingPage {
    MappingPage {
        w,
        shell: Shell::sample(w).crumb(w.nav_account_mapping()),
        tabs: tabs(w, None, Some(Show::Open)),
        last_run: Some(w.map_last_run("08:00")),
        problem: None,
        preview: Some(Preview {
            title: w.map_preview_title(7_usize),
            sample: w.map_preview_more(2_usize, "软件客户"),
            hidden: Hidden::new("token", "1"),
        }),
        search: Search::new(&Address::new(PATH), w.map_search(), w),
        empty: groups.is_empty().then(|| super::empty(w, Show::Open, false)),
        groups,
        pager: None,
        topics: "portal 1".into(),
        csrf: "token".into(),
        back: "open".into(),
        dialog,
    }
}

pub(in crate::pages::bridge) fn samples(w: Words) -> Vec<Sample> {
    let choose = |entries: Vec<Entry>, error: &str| {
        Dialog::Choose(Box::new(Choose {
            title: w.map_choose_account("酒店客户"),
            given: "company",
            asked: "account",
            id: "3".into(),
            label: w.map_search_account(),
            words: "酒店".into(),
            sum: w.map_offered(2_usize, 90_usize),
            entries,
            error: error.into(),
            hidden: Hidden::new("token", "1"),
        }))
    };
    let unmap =
        Dialog::Unmap {
            hidden: Hidden::new("token", "1"), company: "酒店客户".into(), account: "酒店客户".into()
        };
    let refused = MappingPage {
        problem: Some(Banner::alert(w.map_not_mapped(), w.reason_already_mapped("软件客户"))),
        preview: None,
        ..page(w, groups(w), Dialog::None)
    };
    let pages = vec![
        page(w, groups(w), Dialog::None),
        refused,
        page(w, groups(w), choose(vec![entry(w, "1", false), entry(w, "2", false)], w.map_choose_one())),
        page(w, Vec::new(), choose(Vec::new(), "")),
        page(w, groups(w), unmap),
    ];
    rendered("mapping", pages)
}
