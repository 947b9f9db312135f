//! Comments (COM-7).

use projects::CommentDraft;

use crate::world::{CLIENT, LEAD, MANAGER, SUPPORT, code, draft, each, rich};

fn comment(text: &str, is_internal: bool) -> CommentDraft {
    CommentDraft { text: rich(text), is_internal }
}

#[test]
fn com_7_internal_comments_are_hidden_until_released() {
    each(|world| {
        let task = world.add(&projects::TaskDraft { is_external: true, ..draft("Acceptance") }).unwrap();
        let lead = world.acting(LEAD);
        let internal = world.projects.add_comment(&lead, &task.id, &comment("<p>Internal</p>", true)).unwrap();
        world.clock.pass_s(1);
        let client = world.acting(CLIENT);
        let own = world.projects.add_comment(&client, &task.id, &comment("<p>第五病房</p>", true)).unwrap();
        assert!(!own.is_internal);
        assert_eq!((own.author_name.as_str(), own.author.as_str()), ("Ana Silva", CLIENT));
        let seen = |acting: &ports::Acting| -> Vec<String> {
            let comments = world.projects.comments(acting, &task.id, None).unwrap();
            comments.iter().map(|one| ports::lines::plain(&one.text).as_str().to_owned()).collect()
        };
        assert_eq!(seen(&client), ["第五病房"]);
        assert_eq!(seen(&lead), ["Internal", "第五病房"]);
        let count = |acting: &ports::Acting| world.projects.task(acting, &task.id).unwrap().task.comments;
        assert_eq!((count(&client), count(&lead)), (1, 2));
        assert_eq!(code(&world.projects.release_comment(&client, &task.id, &internal.id)), "no_permission");
        world.projects.release_comment(&lead, &task.id, &internal.id).unwrap();
        assert_eq!(seen(&client), ["Internal", "第五病房"]);
        assert_eq!(count(&client), 2);
        let feed = world.feed_length();
        world.projects.release_comment(&lead, &task.id, &internal.id).unwrap();
        assert_eq!(world.feed_length(), feed);
    });
}

#[test]
fn com_1_a_comment_marks_its_task() {
    each(|world| {
        let task = world.add(&draft("Trial")).unwrap();
        let feed = world.feed_length();
        let made = world.projects.add_comment(&world.acting(LEAD), &task.id, &comment("<p>OK</p>", false)).unwrap();
        let again = world.projects.add_comment(&world.acting(LEAD), &task.id, &comment("<p>OK</p>", false)).unwrap();
        assert_ne!(made.id, again.id);
        let now = world.get(&task.id);
        assert_eq!((now.newest_comment, now.comments, now.version), (Some(again.id), 2, task.version + 2));
        assert_eq!(now.fields_version, task.fields_version);
        assert_eq!(world.feed_length(), feed + 2);
    });
}

#[test]
fn empty_comments_and_strangers_are_refused() {
    each(|world| {
        let task = world.task("Trial");
        for text in ["", "<p> </p>", "<p><br></p>"] {
            let answer = world.projects.add_comment(&world.acting(MANAGER), &task, &comment(text, false));
            assert_eq!(code(&answer), "required", "{text}");
        }
        let long = format!("<p>{}</p>", "x".repeat(projects::COMMENT_MAX));
        assert_eq!(
            code(&world.projects.add_comment(&world.acting(MANAGER), &task, &comment(&long, false))),
            "too_long"
        );
        let stranger = world.projects.add_comment(&world.acting(SUPPORT), &task, &comment("<p>x</p>", false));
        assert_eq!(code(&stranger), "not_found");
    });
}
