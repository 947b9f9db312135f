//! Lists: pages over ties, empty days and Chinese names; search.

use crm::{CrmError, Filter, ListQuery, Module, Sort, SortField};
use proptest::prelude::*;

use crate::world::on_all;

#[test]
fn pages_over_empty_days_and_ties_lose_and_repeat_nothing() {
    on_all(|world| {
        for (name, closing) in [
            ("路由器一", "2026-04-01"),
            ("无日期甲", ""),
            ("路由器二", "2026-04-01"),
            ("Early", "2026-01-01"),
            ("无日期乙", ""),
            ("路由器三", "2026-04-01"),
            ("no day 3", ""),
        ] {
            world.deal(name, None, closing);
        }
        let all = Filter::default();
        let ascending = world.pages(Module::Deal, &all, Sort::ascending(SortField::Closing));
        assert_eq!(
            ascending,
            ["Early", "路由器一", "路由器二", "路由器三", "无日期甲", "无日期乙", "no day 3"],
            "{}",
            world.engine
        );
        let descending = world.pages(Module::Deal, &all, Sort::descending(SortField::Closing));
        assert_eq!(descending, ["路由器三", "路由器二", "路由器一", "Early", "no day 3", "无日期乙", "无日期甲"]);
        // No deal has an amount: all rows are in the part without a value.
        assert_eq!(world.pages(Module::Deal, &all, Sort::descending(SortField::Amount)).len(), 7);
        let names = world.pages(Module::Deal, &all, Sort::ascending(SortField::Name));
        assert_eq!(names, ["Early", "no day 3", "无日期乙", "无日期甲", "路由器一", "路由器三", "路由器二"]);
    });
}

#[test]
fn a_full_page_of_filled_rows_is_followed_by_the_empty_ones() {
    on_all(|world| {
        world.deal("a", None, "2026-01-01");
        world.deal("b", None, "2026-01-02");
        assert_eq!(world.pages(Module::Deal, &Filter::default(), Sort::descending(SortField::Closing)), ["b", "a"]);
        world.deal("c", None, "");
        let query = ListQuery {
            module: Module::Deal,
            filter: Filter::default(),
            sort: Sort::descending(SortField::Closing),
            after: None,
            limit: 2,
        };
        let first = world.crm.list(&world.sales(), &query).unwrap();
        let second = world.crm.list(&world.sales(), &ListQuery { after: first.next, ..query.clone() }).unwrap();
        assert_eq!((second.rows.first().unwrap().name(), second.next), ("c", None));
        for wrong in ["f00", "e!", "x", "路"] {
            let wrong = ListQuery { after: Some(wrong.to_owned()), ..query.clone() };
            assert!(matches!(world.crm.list(&world.sales(), &wrong), Err(CrmError::NotFound)));
        }
    });
}

#[test]
fn chinese_names_are_found_by_part_of_them() {
    on_all(|world| {
        for name in ["1,200 台分支路由器", "校园核心路由器", "数据迁移服务", "Router maintenance contract"]
        {
            world.deal(name, None, "");
        }
        let found = |words: &str| {
            let filter = Filter { search: words.to_owned(), ..Filter::default() };
            world.pages(Module::Deal, &filter, Sort::ascending(SortField::Name))
        };
        assert_eq!(found("路由器"), ["1,200 台分支路由器", "校园核心路由器"]);
        assert_eq!(found("核心 路由"), ["校园核心路由器"]);
        assert_eq!(found("ROUT"), ["Router maintenance contract"]);
        assert!(found("switch").is_empty());
        assert_eq!(found(" ").len(), 4);
    });
}

#[test]
fn sorts_stand_in_addresses() {
    for text in ["name", "-closing", "amount", "-modified"] {
        assert_eq!(Sort::parse(Module::Deal, text).unwrap().text(), text);
    }
    assert_eq!(Sort::parse(Module::Task, "closing"), None);
    assert_eq!(Sort::parse(Module::Deal, "id; drop"), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_list_is_the_same_in_pages_and_at_once(days in prop::collection::vec(0_u8..4, 0..14), falling: bool) {
        on_all(|world| {
            for (number, day) in days.iter().enumerate() {
                let closing = if *day == 0 { String::new() } else { format!("2026-01-0{day}") };
                world.deal(&format!("{number}"), None, &closing);
            }
            let sort = Sort { field: SortField::Closing, is_descending: falling };
            let query = ListQuery { module: Module::Deal, filter: Filter::default(), sort, after: None, limit: 200 };
            let at_once = world.crm.list(&world.sales(), &query).unwrap();
            let at_once: Vec<String> = at_once.rows.iter().map(|record| record.name().to_owned()).collect();
            assert_eq!(world.pages(Module::Deal, &Filter::default(), sort), at_once);
            assert_eq!(at_once.len(), days.len());
        });
    }
}
