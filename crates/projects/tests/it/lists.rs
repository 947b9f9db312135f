//! Lists: keyset pages, filters, search with Chinese.

use projects::{Priority, ProjectDraft, ProjectQuery, ProjectSort, StateFilter, TaskDraft, TaskQuery, TaskSort};

use crate::world::{ADMIN, ENGINEER, LEAD, MANAGER, World, code, day, draft, due, each, email};

/// All keys of a list, read in pages of `size`.
fn keys(world: &World, query: &TaskQuery, size: usize) -> Vec<String> {
    let mut query = TaskQuery { limit: size, ..query.clone() };
    let mut keys = Vec::new();
    loop {
        let page = world.projects.tasks(&world.acting(ADMIN), &query).unwrap();
        assert!(page.rows.len() <= size);
        keys.extend(page.rows.into_iter().map(|task| task.key));
        match page.next {
            Some(next) => query.after = Some(next),
            None => return keys,
        }
    }
}

#[test]
fn pages_of_every_size_make_the_same_list() {
    each(|world| {
        for number in 0..23_i32 {
            let wanted = TaskDraft {
                due: (number % 3 != 0).then(|| due("2026-04-01").unwrap()).map(|mut due| {
                    due.day = due.day.plus_days(number % 5);
                    due
                }),
                priority: Some(Priority::ALL[usize::try_from(number % 4).unwrap()].name().to_owned()),
                ..draft(&format!("Task {}", number % 4))
            };
            world.add(&wanted).unwrap();
        }
        for sort in [TaskSort::Place, TaskSort::Due, TaskSort::Title, TaskSort::Priority, TaskSort::Age] {
            for is_descending in [false, true] {
                let query = TaskQuery { sort, is_descending, ..TaskQuery::first(200) };
                let whole = keys(world, &query, 200);
                assert_eq!(whole.len(), 23);
                for size in [1, 7, 23] {
                    assert_eq!(keys(world, &query, size), whole, "{sort:?} {is_descending} {size}");
                }
            }
        }
        let by_due = TaskQuery { due_until: Some(day("2026-04-02")), ..TaskQuery::first(10) };
        assert_eq!(keys(world, &by_due, 5).len(), 6);
        assert_eq!(world.projects.count_tasks(&world.acting(ADMIN), &by_due, 100).unwrap(), 6);
        let wrong = TaskQuery { after: Some("nonsense".into()), ..TaskQuery::first(10) };
        assert_eq!(code(&world.projects.tasks(&world.acting(ADMIN), &wrong)), "wrong_position");
    });
}

#[test]
fn tasks_are_filtered() {
    each(|world| {
        let high = TaskDraft { priority: Some("High".into()), owners: vec![email(LEAD)], ..draft("High one") };
        let parent = world.add(&high).unwrap().id;
        let low = TaskDraft {
            parent: Some(parent.clone()),
            owners: vec![email(ENGINEER), email(LEAD)],
            status: Some("Closed".into()),
            ..draft("Low one")
        };
        world.add(&low).unwrap();
        let all = TaskQuery { sort: TaskSort::Age, ..TaskQuery::first(10) };
        for (query, expected) in [
            (TaskQuery { owner: Some(email(LEAD)), ..all.clone() }, vec!["DM-1", "DM-2"]),
            (TaskQuery { owner: Some(email(ENGINEER)), ..all.clone() }, vec!["DM-2"]),
            (TaskQuery { owner: Some(email(MANAGER)), ..all.clone() }, vec![]),
            (TaskQuery { state: StateFilter::Open, ..all.clone() }, vec!["DM-1"]),
            (TaskQuery { state: StateFilter::Closed, ..all.clone() }, vec!["DM-2"]),
            (TaskQuery { priority: Some(Priority::High), ..all.clone() }, vec!["DM-1"]),
            (TaskQuery { under: Some(parent.clone()), ..all.clone() }, vec!["DM-2"]),
            (TaskQuery { list: Some(world.list.clone()), ..all.clone() }, vec!["DM-1", "DM-2"]),
            (TaskQuery { project: Some(ports::ProjectId::new("1")), ..all.clone() }, vec![]),
        ] {
            assert_eq!(keys(world, &query, 10), expected, "{query:?}");
        }
    });
}

#[test]
fn words_are_found_in_english_and_chinese() {
    each(|world| {
        for title in ["Cut over billing history", "切换账务历史数据", "Straße nach Ōsaka", "夜间切换 🌙"]
        {
            world.task(title);
        }
        for (words, expected) in [
            ("billing", vec!["DM-1"]),
            ("BILL hist", vec!["DM-1"]),
            ("账务", vec!["DM-2"]),
            ("切换", vec!["DM-2", "DM-4"]),
            ("切换账务历史", vec!["DM-2"]),
            ("STRASSE", vec!["DM-3"]),
            ("dm-4", vec!["DM-4"]),
            ("nothing", vec![]),
        ] {
            let query = TaskQuery { words: words.into(), sort: TaskSort::Age, ..TaskQuery::first(10) };
            assert_eq!(keys(world, &query, 10), expected, "{words}");
        }
        let id = world.projects.task_by_key(&world.acting(ADMIN), "DM-1").unwrap().task.id;
        world
            .edit(&id, &projects::TaskPatch { title: Some("Other".into()), ..projects::TaskPatch::default() })
            .unwrap();
        let query = TaskQuery { words: "billing".into(), ..TaskQuery::first(10) };
        assert!(keys(world, &query, 10).is_empty());
    });
}

#[test]
fn projects_are_found_sorted_and_counted() {
    each(|world| {
        let acting = world.acting(MANAGER);
        for (name, start) in [("Zebra", None), ("alpha", Some("2026-01-01")), ("路由器部署", Some("2026-02-01"))] {
            let wanted = ProjectDraft { name: name.into(), start: start.map(day), ..ProjectDraft::default() };
            world.projects.create_project(&acting, &wanted).unwrap();
        }
        let names = |query: &ProjectQuery| -> Vec<String> {
            let mut query = query.clone();
            let mut names = Vec::new();
            loop {
                let page = world.projects.projects(&acting, &query).unwrap();
                names.extend(page.rows.into_iter().map(|row| row.project.name));
                query.after = page.next;
                if query.after.is_none() {
                    return names;
                }
            }
        };
        let all = ProjectQuery::first(2);
        assert_eq!(names(&all), ["alpha", "Data Migration", "Zebra", "路由器部署"]);
        let by_start = ProjectQuery { sort: ProjectSort::Start, ..all.clone() };
        assert_eq!(names(&by_start), ["alpha", "路由器部署", "Data Migration", "Zebra"]);
        assert_eq!(names(&ProjectQuery { is_descending: true, ..all.clone() })[0], "路由器部署");
        assert_eq!(names(&ProjectQuery { is_strict: true, ..all.clone() }), ["Data Migration"]);
        assert_eq!(names(&ProjectQuery { words: "路由".into(), ..all.clone() }), ["路由器部署"]);
        assert_eq!(names(&ProjectQuery { words: "dm".into(), ..all.clone() }), ["Data Migration"]);
        let company = ProjectQuery { company: Some(world.company.clone()), ..all.clone() };
        assert_eq!(names(&company), ["Data Migration"]);
        let row = world.projects.projects(&acting, &company).unwrap().rows.remove(0);
        assert_eq!(row.companies[0].1, "Software Customer");
        let counts = world.projects.project_counts(&world.acting(LEAD)).unwrap();
        assert_eq!((counts.open, counts.closed, counts.mine, counts.strict), (1, 0, 1, 1));
        for sort in [ProjectSort::Name, ProjectSort::Start, ProjectSort::End] {
            assert_eq!(ProjectSort::parse(sort.code()), Some(sort));
        }
    });
}

#[test]
fn companies_come_in_pages_with_their_numbers() {
    each(|world| {
        let acting = world.acting(MANAGER);
        for name in ["Hotel Customer", "hotel customer", "医院客户"] {
            world.projects.create_company(&acting, name).unwrap();
        }
        let first = world.projects.companies(&acting, None, 3).unwrap();
        let names: Vec<_> = first.rows.iter().map(|row| row.company.name.as_str()).collect();
        assert_eq!(names, ["Hotel Customer", "hotel customer", "Software Customer"]);
        assert_eq!((first.rows[2].client_users, first.rows[2].projects), (1, 1));
        let rest = world.projects.companies(&acting, first.next.as_deref(), 3).unwrap();
        assert_eq!((rest.rows[0].company.name.as_str(), rest.next), ("医院客户", None));
    });
}

#[test]
fn an_outline_shows_any_depth_in_order() {
    each(|world| {
        let mut parent = world.task("Level 0");
        world.task("Second");
        for level in 1..60 {
            parent = world.below(&parent, &format!("Level {level}"));
        }
        let page = world.projects.outline(&world.acting(LEAD), &world.list, None, 1).unwrap();
        assert_eq!(page.rows.len(), 60);
        assert_eq!((page.rows[59].depth, page.rows[59].task.title.as_str()), (59, "Level 59"));
        let next = world.projects.outline(&world.acting(LEAD), &world.list, page.next.as_deref(), 1).unwrap();
        assert_eq!(next.rows[0].task.title, "Second");
    });
}
