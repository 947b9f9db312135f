//! Chinese letters and data (scenarios P).

use std::sync::Mutex;

use i18n::Words;
use mail::{Delivery, Handed, MailFolder, Outgoing, Step};
use ports::Language;
use projects::TaskQuery;
use simulation::Scene;
use simulation::scene::{self, PUBLIC_URL, in_language, on_both};

/// Keeps what is handed over.
struct Kept(Mutex<Vec<Outgoing>>);

impl Delivery for Kept {
    fn hand_over(&self, letter: &Outgoing) -> Handed {
        self.0.lock().unwrap().push(letter.clone());
        Handed::Sent("250 OK".to_owned())
    }
}

fn late_date_of_u7(scene: &mut Scene) {
    scene.all.projects.add_member(&scene.by("U9"), &scene.project_id("P1"), &scene::email("U7")).unwrap();
    scene.settle();
    scene.begin();
    scene.crm("U7", "K6", &[("due", "2026-07-06")]);
    scene.settle();
    assert_eq!(scene.letters(), ["M1 U7"]);
}

#[test]
fn sc_79_a_letter_is_in_the_language_of_its_reader() {
    on_both(|scene| {
        late_date_of_u7(scene);
        let kept = Kept(Mutex::new(Vec::new()));
        let directory = scene.all.directory.as_ref();
        while scene.all.mail.deliver_due(scene.now(), &kept, directory, PUBLIC_URL).unwrap() != Step::Idle {}
        let letters = kept.0.lock().unwrap();
        let [letter] = letters.as_slice() else { panic!("{letters:?}") };
        let whole = format!("{}\n{}", letter.subject, letter.text);
        for words in
            ["截止日期", "更新失败", "超出项目计划", "严格项目", "未生效", "Cut over billing history", "Data Migration"]
        {
            assert!(whole.contains(words), "{words} is missing in:\n{whole}");
        }
        assert!(whole.contains("2026年7月6日") || whole.contains("2026/7/6"), "{whole}");
        assert!(letter.text.contains("更新失败"));
        // The same event in the list of U1.
        let refusal = &scene.all.bridge.refusals(&scene.by("U1"), &Default::default(), &[], &[], None, 1).unwrap().rows
            [0]
        .refusal;
        let english = Words::new(Language::En).reason(&refusal.reason);
        assert!(english.contains("Data Migration") && english.contains("30 Jun"), "{english}");
    });
}

#[test]
fn sc_79_the_file_is_utf_8_and_its_subject_is_encoded() {
    on_both(|scene| {
        late_date_of_u7(scene);
        let folder = tempfile::tempdir().unwrap();
        let mails = MailFolder::new(folder.path());
        let directory = scene.all.directory.as_ref();
        while scene.all.mail.deliver_due(scene.now(), &mails, directory, PUBLIC_URL).unwrap() != Step::Idle {}
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
        let files: Vec<_> = files.into_iter().filter(|path| path.extension().is_some_and(|end| end == "eml")).collect();
        let [file] = files.as_slice() else { panic!("{files:?}") };
        let eml = String::from_utf8(std::fs::read(file).unwrap()).unwrap();
        let subject = eml.lines().find(|line| line.starts_with("Subject:")).unwrap();
        assert!(subject.contains("=?utf-8?"), "{subject}");
        assert!(subject.is_ascii(), "{subject}");
        assert!(eml.to_lowercase().contains("charset=utf-8"), "{eml}");
    });
}

#[test]
fn sc_80_chinese_titles_are_found_and_sorted() {
    in_language(Language::ZhCn, |scene| {
        let found = |words: &str| {
            let query = TaskQuery { words: words.to_owned(), ..TaskQuery::first(50) };
            let rows = scene.all.projects.tasks(&scene.by("U7"), &query).unwrap().rows;
            let mut keys: Vec<String> = rows.into_iter().map(|task| task.key).collect();
            keys.sort();
            keys
        };
        assert_eq!(found("路由器"), ["RR-1", "RR-2"]);
        assert_eq!(scene.projects_task("RR-2").title.value, "在仓库预配置路由器");
        assert_eq!(scene.crm_task("K9").subject.value, "在仓库预配置路由器");
        assert_eq!(scene.project("P2").name, "路由器部署");

        let by_title = |is_descending| {
            let query = TaskQuery { sort: projects::TaskSort::Title, is_descending, ..TaskQuery::first(200) };
            let rows = scene.all.projects.tasks(&scene.by("U7"), &query).unwrap().rows;
            rows.into_iter().map(|task| task.key).collect::<Vec<_>>()
        };
        let (up, mut down) = (by_title(false), by_title(true));
        assert_eq!(up, by_title(false), "sorting is stable");
        down.reverse();
        assert_eq!(up, down);
    });
}

#[test]
fn sc_80_the_language_changes_no_stored_value() {
    in_language(Language::ZhCn, |scene| {
        let card = scene.all.identity.account(&scene::email("U7")).unwrap().unwrap();
        for language in [Language::En, Language::ZhCn] {
            let change = identity::account::AccountChange { language: Some(language), ..Default::default() };
            scene.all.identity.change_account(&card.id, &change).unwrap();
            scene.silent();
        }
        scene.crm("U7", "K9", &[("subject", "预配置全部路由器")]);
        scene.settle();
        assert_eq!(scene.projects_task("RR-2").title.value, "预配置全部路由器");
        assert_eq!(scene.writes(), ["projects RR-2 title"]);
    });
}
