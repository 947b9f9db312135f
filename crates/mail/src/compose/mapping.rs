//! M4: what a mapping run found.

use super::Setting;
use crate::content::{Action, Cell, Content, Count, Line, Picture, Section, Tone};
use crate::letter::{LetterCode, MappingReport, MappingResult, MappingRow};

pub(super) fn content(report: &MappingReport, setting: &Setting<'_>) -> Content {
    let w = setting.words;
    let count = |wanted: fn(&MappingResult) -> bool| report.rows.iter().filter(|row| wanted(&row.result)).count();
    let now = count(|result| *result == MappingResult::MappedNow);
    let before = count(|result| *result == MappingResult::MappedBefore);
    let open = count(|result| matches!(result, MappingResult::NotMapped(_)));
    let number = |number: usize, label: &str| Count {
        number: w.number(i64::try_from(number).unwrap_or(i64::MAX)),
        label: label.to_owned(),
    };
    let mapping_page = format!("{}/bridge/mapping?show=open&in={}", setting.public_url, setting.tenant.portal);
    let columns = [w.mail_mapping_column_company(), w.mail_mapping_column_account(), w.mail_mapping_column_result()];
    Content {
        code: LetterCode::M4,
        language: w.language(),
        house: setting.house(),
        subject: w.mail_mapping_subject(now, open),
        preview: w.mail_mapping_alone(report.accounts_alone),
        headline: w.mail_mapping_headline(open),
        paragraphs: vec![Line::new(w.mail_mapping_paragraph(
            report.accounts,
            report.rows.len(),
            setting.when(report.at),
        ))],
        picture: Some(Picture::Counts(vec![
            number(now, w.mail_mapping_now()),
            number(before, w.mail_mapping_before()),
            number(open, w.mail_mapping_open()),
        ])),
        facts: Vec::new(),
        sections: vec![Section {
            heading: String::new(),
            columns: columns.map(str::to_owned).to_vec(),
            rows: in_order(&report.rows).into_iter().map(|row| cells(row, setting)).collect(),
        }],
        action: Some(Action {
            label: w.mail_mapping_page().to_owned(),
            hint: if open > 0 { w.mail_mapping_page_hint().to_owned() } else { String::new() },
            href: mapping_page,
        }),
        note: w.mail_mapping_alone(report.accounts_alone),
        link: None,
        footer: vec![w.mail_mapping_footer().to_owned(), setting.sent_from()],
        about: None,
    }
}

/// What needs a choice first, then what is new.
fn in_order(rows: &[MappingRow]) -> Vec<&MappingRow> {
    let mut sorted: Vec<&MappingRow> = rows.iter().collect();
    sorted.sort_by_key(|row| match row.result {
        MappingResult::NotMapped(_) => 0,
        MappingResult::MappedNow => 1,
        MappingResult::MappedBefore => 2,
    });
    sorted
}

fn cells(row: &MappingRow, setting: &Setting<'_>) -> Vec<Cell> {
    let w = setting.words;
    let (result, tone) = match &row.result {
        MappingResult::MappedNow => (w.mail_mapping_result_now().to_owned(), Tone::Good),
        MappingResult::MappedBefore => (w.mail_mapping_result_before().to_owned(), Tone::Faint),
        MappingResult::NotMapped(reason) => (w.mail_mapping_result_open(setting.reason(reason)), Tone::Bad),
    };
    let accounts = if row.accounts.is_empty() { w.mail_mapping_none().to_owned() } else { row.accounts.join(" · ") };
    let plain = |text: &str| Cell { text: Line::new(text), tone: Tone::Plain, href: None };
    vec![plain(&row.company), plain(&accounts), Cell { text: Line::new(result), tone, href: None }]
}
