//! Adding and editing tasks.

use ports::{Patch, Reason};
use projects::{Present, ProjectsError, TaskDraft, TaskPatch};

use crate::world::{CONTRACTOR, ENGINEER, LEAD, MANAGER, World, code, day, draft, due, each, email, refused, rich};

fn patch() -> TaskPatch {
    TaskPatch::default()
}

#[test]
fn str_1_dates_of_a_task_lie_inside_a_strict_project() {
    each(|world| {
        let inside = |reason: Reason| match reason {
            Reason::OutsideStrictSchedule { tried, start, end, project } => {
                assert_eq!((start, end, project.as_str()), (day("2026-03-02"), day("2026-06-30"), "Data Migration"));
                tried
            }
            other => panic!("{other:?}"),
        };
        for (start, end, expected) in [
            (None, Some("2026-03-01"), Some("2026-03-01")),
            (None, Some("2026-03-02"), None),
            (None, Some("2026-06-30"), None),
            (None, Some("2026-07-01"), Some("2026-07-01")),
            (Some("2026-03-01"), None, Some("2026-03-01")),
            (Some("2026-07-01"), None, Some("2026-07-01")),
            (Some("2026-03-02"), Some("2026-06-30"), None),
            (None, None, None),
        ] {
            let wanted = TaskDraft { start: start.map(day), due: end.and_then(due), ..draft("New") };
            let answer = world.add(&wanted);
            match expected {
                Some(tried) => assert_eq!(inside(refused(answer)), day(tried), "{start:?} {end:?}"),
                None => assert!(answer.is_ok(), "{start:?} {end:?}"),
            }
        }
    });
}

#[test]
fn str_3_last_day_is_inside_and_a_refusal_changes_nothing() {
    each(|world| {
        let id = world.task("Cut over billing history");
        assert_eq!(world.due(&id, "2026-06-30").unwrap().due, due("2026-06-30"));
        let before = (world.get(&id), world.feed_length());
        assert_eq!(refused(world.due(&id, "2026-07-01")).code(), "outside_strict_schedule");
        let both = TaskPatch { title: Some("Other".into()), due: Patch::Set(day("2026-07-01")), ..patch() };
        assert_eq!(refused(world.edit(&id, &both)).code(), "outside_strict_schedule");
        assert_eq!((world.get(&id), world.feed_length()), before);
    });
}

#[test]
fn sync_5_no_end_is_inside() {
    each(|world| {
        let id = world.add(&TaskDraft { due: due("2026-06-01"), ..draft("Trial") }).unwrap().id;
        assert_eq!(world.edit(&id, &TaskPatch { due: Patch::Clear, ..patch() }).unwrap().due, None);
    });
}

#[test]
fn sync_6_an_end_before_the_start_is_refused() {
    each(|world| {
        let id = world.add(&TaskDraft { start: Some(day("2026-06-15")), ..draft("Trial") }).unwrap().id;
        assert_eq!(refused(world.due(&id, "2026-06-14")).code(), "due_before_start");
        world.due(&id, "2026-06-15").unwrap();
        let later = TaskPatch { start: Patch::Set(day("2026-06-16")), ..patch() };
        assert_eq!(refused(world.edit(&id, &later)).code(), "due_before_start");
        let both = TaskPatch { start: Patch::Set(day("2026-06-16")), due: Patch::Set(day("2026-06-17")), ..patch() };
        assert_eq!(code(&world.edit(&id, &both)), "ok");
    });
}

#[test]
fn f3_the_time_of_day_stays_when_the_day_changes() {
    each(|world| {
        let id = world.task("Pre-configure routers");
        let timed = TaskPatch { due: Patch::Set(day("2026-03-16")), due_minute: Patch::Set(18 * 60), ..patch() };
        world.edit(&id, &timed).unwrap();
        let moved = world.due(&id, "2026-03-20").unwrap().due.unwrap();
        assert_eq!((moved.day, moved.minute), (day("2026-03-20"), Some(1080)));
        let cleared = world.edit(&id, &TaskPatch { due: Patch::Clear, ..patch() }).unwrap();
        assert_eq!(cleared.due, None);
        assert_eq!(world.due(&id, "2026-03-21").unwrap().due.unwrap().minute, None);
        let late = TaskPatch { due_minute: Patch::Set(1440), ..patch() };
        assert_eq!(code(&world.edit(&id, &late)), "invalid_time");
    });
}

#[test]
fn f1_titles_are_trimmed_and_bounded() {
    each(|world| {
        for (title, expected) in [
            ("  Reten\u{ad}tion\n規則 ✅ ".to_owned(), "ok"),
            ("   ".to_owned(), "required"),
            ("路".repeat(10_000), "ok"),
            ("路".repeat(10_001), "too_long"),
        ] {
            assert_eq!(code(&world.add(&draft(&title))), expected);
        }
        let id = world.task("  Two\r\nlines ");
        assert_eq!(world.get(&id).title, "Two lines");
    });
}

#[test]
fn f2_descriptions_are_kept_as_clean_html() {
    each(|world| {
        let html = "<p><b>Fields:</b></p><ul><li>客户</li></ul><script>x</script>";
        let wanted = TaskDraft { description: rich(html), ..draft("Map fields") };
        let kept = world.add(&wanted).unwrap().description;
        assert_eq!(kept, wanted.description);
        assert!(!kept.as_html().contains("script"));
    });
}

#[test]
fn values_that_the_layout_does_not_have_are_named() {
    each(|world| {
        let id = world.task("Trial");
        let wrong = TaskPatch {
            title: Some(String::new()),
            priority: Some("Someday".into()),
            status: Some("Waiting".into()),
            ..patch()
        };
        let Err(ProjectsError::Invalid(fields)) = world.edit(&id, &wrong) else { panic!("taken") };
        let named: Vec<_> = fields.iter().map(|field| (field.field, field.code)).collect();
        assert_eq!(named, [("title", "required"), ("priority", "unknown_value"), ("status", "unknown_value")]);
        assert_eq!(*fields[1].reason.clone().unwrap(), Reason::ValueNotMapped { value: "Someday".into() });
    });
}

#[test]
fn act_2_only_members_are_given_tasks() {
    each(|world| {
        let owners = |list: &[&str]| TaskDraft { owners: list.iter().map(|one| email(one)).collect(), ..draft("T") };
        let task = world.add(&owners(&[LEAD, ENGINEER, LEAD])).unwrap();
        let order: Vec<_> = task.owners.iter().map(|owner| owner.email.as_str()).collect();
        assert_eq!(order, [LEAD, ENGINEER]);
        assert_eq!(code(&world.add(&owners(&[CONTRACTOR]))), "not_a_member");
        assert_eq!(code(&world.add(&owners(&["nobody@zylker.example"]))), "unknown_user");
        let acting = world.acting(crate::world::ADMIN);
        world.projects.deactivate_user(&acting, &email(ENGINEER)).unwrap();
        assert_eq!(code(&world.add(&owners(&[ENGINEER]))), "inactive_user");
        // Who has the task keeps it.
        let kept = TaskPatch { owners: Some(vec![email(ENGINEER), email(LEAD)]), ..patch() };
        assert_eq!(world.edit(&task.id, &kept).unwrap().owners[0].email, email(ENGINEER));
    });
}

#[test]
fn keys_count_on_and_are_never_given_again() {
    each(|world| {
        let first = world.add(&draft("One")).unwrap();
        let second = world.add(&draft("Two")).unwrap();
        assert_eq!((first.key.as_str(), second.key.as_str()), ("DM-1", "DM-2"));
        world.projects.delete_task(&world.acting(MANAGER), &second.id).unwrap();
        assert_eq!(world.add(&draft("Three")).unwrap().key, "DM-3");
        assert_eq!(code(&world.projects.task_by_key(&world.acting(MANAGER), "DM-2")), "not_found");
        assert_eq!(world.projects.task_by_key(&world.acting(MANAGER), "DM-1").unwrap().task.id, first.id);
    });
}

#[test]
fn an_edit_that_changes_nothing_writes_nothing() {
    each(|world| {
        let task = world.add(&TaskDraft { due: due("2026-06-01"), ..draft("Trial") }).unwrap();
        let before = world.feed_length();
        let same = TaskPatch {
            title: Some(" Trial ".into()),
            due: Patch::Set(day("2026-06-01")),
            status: Some("Open".into()),
            owners: Some(Vec::new()),
            ..patch()
        };
        assert_eq!(world.edit(&task.id, &same).unwrap(), task);
        assert_eq!(world.feed_length(), before);
        let history = world.projects.task_history(&world.acting(MANAGER), &task.id, None, 10).unwrap();
        assert_eq!(history.rows.iter().map(|line| line.field.as_str()).collect::<Vec<_>>(), ["created"]);
    });
}

#[test]
fn a_stale_form_is_shown_and_a_comment_in_between_is_not_stale() {
    each(|world| {
        let task = world.add(&draft("Trial")).unwrap();
        let acting = world.acting(LEAD);
        let comment = projects::CommentDraft { text: rich("<p>Tax codes</p>"), is_internal: false };
        world.projects.add_comment(&acting, &task.id, &comment).unwrap();
        let title = |text: &str| TaskPatch { title: Some(text.into()), ..patch() };
        let mine = world.projects.edit_task(&acting, &task.id, &title("Mine"), Some(task.version)).unwrap();
        assert_eq!(mine.comments, 1);
        let stale = world.projects.edit_task(&world.acting(MANAGER), &task.id, &title("Yours"), Some(task.version));
        match stale {
            Err(ProjectsError::Stale(present)) => match *present {
                Present::Task(present) => assert_eq!(present, mine),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
        assert_eq!(world.get(&task.id).title, "Mine");
    });
}

#[test]
fn history_says_who_changed_what() {
    each(|world| {
        let task = world.add(&TaskDraft { due: due("2026-06-01"), ..draft("Trial") }).unwrap();
        world.clock.pass_s(60);
        let wanted = TaskPatch {
            title: Some("Trial run".into()),
            due: Patch::Set(day("2026-06-02")),
            owners: Some(vec![email(LEAD)]),
            description: Some(rich("<p>Sample</p>")),
            ..patch()
        };
        world.projects.edit_task(&world.acting(LEAD), &task.id, &wanted, None).unwrap();
        let formatted = TaskPatch { description: Some(rich("<p><b>Sample</b></p>")), ..patch() };
        world.projects.edit_task(&world.acting(ENGINEER), &task.id, &formatted, None).unwrap();
        let history = world.projects.task_history(&world.acting(MANAGER), &task.id, None, 20).unwrap().rows;
        let mut told: Vec<_> = history
            .iter()
            .map(|line| (line.field.as_str(), line.new.as_deref().unwrap_or(""), line.by.as_str()))
            .collect();
        told.sort_unstable();
        assert_eq!(
            told,
            [
                ("created", "Trial", MANAGER),
                ("description", "Sample", LEAD),
                ("due", "2026-06-02", LEAD),
                ("formatting", "<p><b>Sample</b></p>", ENGINEER),
                ("owners", LEAD, LEAD),
                ("title", "Trial run", LEAD),
            ]
        );
    });
}

#[test]
fn everything_in_the_way_is_told_at_once() {
    each(|world: &World| {
        let parent = world.task("Launch");
        let child = world.below(&parent, "Build");
        world.status(&child, "Closed").unwrap();
        world.status(&parent, "Closed").unwrap();
        let wanted = TaskPatch {
            title: Some(String::new()),
            due: Patch::Set(day("2026-07-06")),
            status: Some("Open".into()),
            owners: Some(vec![email(CONTRACTOR)]),
            ..patch()
        };
        let wrong = world.projects.check_task(&world.acting(MANAGER), &child, &wanted).unwrap();
        let told: Vec<_> = wrong.iter().map(|field| (field.field, field.code)).collect();
        assert_eq!(
            told,
            [
                ("title", "required"),
                ("owners", "not_a_member"),
                ("due", "outside_strict_schedule"),
                ("status", "parent_closed"),
            ]
        );
    });
}
