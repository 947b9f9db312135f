//! Several refusals in one letter, because the person got enough letters in that hour (MAIL-3).

use super::Setting;
use crate::content::{Cell, Content, Line, Section, Tone};
use crate::letter::{LetterCode, RefusalLetter, RefusedChange};

pub(super) fn content(letters: &[RefusalLetter], setting: &Setting<'_>) -> Content {
    let w = setting.words;
    let changes: Vec<(&RefusalLetter, &RefusedChange)> =
        letters.iter().flat_map(|letter| letter.refused.iter().map(move |row| (letter, row))).collect();
    let count = changes.len();
    let is_yours = letters.iter().all(|letter| letter.author.as_ref() == Some(setting.to));
    let footer = if is_yours { w.mail_footer_you() } else { w.mail_footer_owner() };
    let row = |(letter, row): &(&RefusalLetter, &RefusedChange)| {
        let plain = |text: Line| Cell { text, tone: Tone::Plain, href: None };
        vec![
            Cell { text: setting.task_name(letter), tone: Tone::Plain, href: Some(setting.why_page(letter)) },
            plain(Line::new(w.mail_field_label(row.field.code()))),
            Cell { text: Line::new(setting.shortened(setting.full_value(&row.tried))), tone: Tone::Bad, href: None },
            plain(Line::new(setting.reason(&row.reason))),
        ]
    };
    let columns = [w.mail_column_task(), w.mail_column_field(), w.mail_column_asked(), w.mail_column_why()];
    Content {
        code: LetterCode::Digest,
        language: w.language(),
        house: setting.house(),
        subject: w.mail_digest_subject(count),
        preview: letters.iter().map(|letter| letter.title.clone()).collect::<Vec<_>>().join(" · "),
        headline: w.mail_digest_headline(count),
        paragraphs: vec![Line::new(w.mail_digest_paragraph())],
        picture: None,
        facts: Vec::new(),
        sections: vec![Section {
            heading: String::new(),
            columns: columns.map(str::to_owned).to_vec(),
            rows: changes.iter().map(row).collect(),
        }],
        action: None,
        note: String::new(),
        link: None,
        footer: vec![footer.to_owned(), setting.sent_from()],
        about: None,
    }
}
