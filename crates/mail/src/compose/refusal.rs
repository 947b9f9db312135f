//! M1, M2, M3: a change was not carried over.

use ports::{Date, Reason};

use super::Setting;
use crate::content::{Action, Cell, Content, Fact, Line, Picture, Schedule, Section, Tone, TreeRow, bold};
use crate::letter::{Done, Field, RefusalLetter, RefusedChange, Side, Value};

/// The part of the drawing that the day outside takes: never so small that it cannot be seen, never half.
const OUTSIDE_PERCENT: std::ops::RangeInclusive<i64> = 12..=40;
/// Right of the drawing, so that the last label has room.
const MARGIN_PERCENT: u32 = 5;

pub(super) fn content(letter: &RefusalLetter, setting: &Setting<'_>) -> Content {
    let w = setting.words;
    let is_yours = letter.author.as_ref() == Some(setting.to);
    let first = letter.first();
    let field = first.map_or(Field::Comment, |row| row.field);
    let change = w.mail_change(field.code());
    let headline = if is_yours { w.mail_refused_headline_yours(change) } else { w.mail_refused_headline(change) };
    let reason = first.map(|row| setting.reason(&row.reason)).unwrap_or_default();
    let paragraph = first.map(|row| paragraph(letter, row, is_yours, setting));
    let others: Vec<&RefusedChange> =
        letter.refused.iter().filter(|row| first.is_none_or(|first| !std::ptr::eq(*row, first))).collect();
    let footer = if is_yours { w.mail_footer_you() } else { w.mail_footer_owner() };
    Content {
        code: letter.code(),
        language: w.language(),
        house: setting.house(),
        subject: w.mail_refused_subject(w.mail_field(field.code()), one_line(&letter.title)),
        preview: reason,
        headline,
        paragraphs: paragraph.into_iter().collect(),
        picture: first.and_then(|row| picture(letter, row, setting)),
        facts: first.map(|row| facts(letter, row, is_yours, setting)).unwrap_or_default(),
        sections: sections(letter, &others, setting),
        action: Some(Action {
            label: w.mail_open_task().to_owned(),
            hint: String::new(),
            href: setting.task_page(letter),
        }),
        note: String::new(),
        link: Some(Action { label: w.mail_why().to_owned(), hint: String::new(), href: setting.why_page(letter) }),
        footer: vec![footer.to_owned(), setting.sent_from()],
        about: Some(letter.link_id.clone()),
    }
}

/// A title without its line ends and at a bearable length, for a subject.
fn one_line(title: &str) -> String {
    let words = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= 120 { words } else { words.chars().take(119).chain(['…']).collect() }
}

/// What was done, why it failed, what became of the value.
fn paragraph(letter: &RefusalLetter, row: &RefusedChange, is_yours: bool, setting: &Setting<'_>) -> Line {
    let sentences = [did(letter, row, is_yours, setting), why(row, setting), done(letter.side, row, setting)];
    let gap = match setting.words.language() {
        ports::Language::En => " ",
        ports::Language::ZhCn => "",
    };
    Line::new(sentences.join(gap))
}

fn did(letter: &RefusalLetter, row: &RefusedChange, is_yours: bool, setting: &Setting<'_>) -> String {
    let w = setting.words;
    let (title, side, field) = (bold(&letter.title), setting.side(letter.side), w.mail_field(row.field.code()));
    match (&row.tried, is_yours) {
        (Value::State { is_closed: false, .. }, true) => w.mail_refused_did_reopen_yours(side, title),
        (Value::State { is_closed: false, .. }, false) => w.mail_refused_did_reopen(side, title),
        (Value::State { is_closed: true, .. }, true) => w.mail_refused_did_close_yours(side, title),
        (Value::State { is_closed: true, .. }, false) => w.mail_refused_did_close(side, title),
        (Value::Empty, true) => w.mail_refused_did_clear_yours(field, side, title),
        (Value::Empty, false) => w.mail_refused_did_clear(field, side, title),
        (Value::Text(_), true) if is_long(row.field) => w.mail_refused_did_text_yours(field, side, title),
        (Value::Text(_), false) if is_long(row.field) => w.mail_refused_did_text(field, side, title),
        (value, true) => w.mail_refused_did_set_yours(field, side, title, setting.value(value)),
        (value, false) => w.mail_refused_did_set(field, side, title, setting.value(value)),
    }
}

/// Texts that stand in the table below, not inside a sentence.
fn is_long(field: Field) -> bool {
    match field {
        Field::Title | Field::Description | Field::Comment => true,
        Field::Due | Field::Priority | Field::Status | Field::Owner => false,
    }
}

fn why(row: &RefusedChange, setting: &Setting<'_>) -> String {
    let w = setting.words;
    match &row.reason {
        Reason::OutsideStrictSchedule { tried, start, end, project } => {
            let day = |day: Date| w.date(day, setting.today());
            if tried < start {
                w.mail_refused_why_before(day(*start), bold(project))
            } else {
                w.mail_refused_why_after(day(*end), bold(project))
            }
        }
        Reason::ParentClosed { parent, .. } if row.field == Field::Status => w.mail_refused_why_parent(bold(parent)),
        reason => w.mail_refused_why(w.mail_change(row.field.code()), setting.reason(reason)),
    }
}

fn done(side: Side, row: &RefusedChange, setting: &Setting<'_>) -> String {
    let w = setting.words;
    match row.done {
        Done::SetBack if is_long(row.field) => {
            w.mail_refused_set_back_text(w.mail_field(row.field.code()), setting.side(side))
        }
        Done::SetBack => w.mail_refused_set_back(setting.side(side), setting.value(&row.agreed)),
        Done::Held => w.mail_refused_held(setting.side(other(side)), setting.side(side)),
        Done::LeftAsItIs => w.mail_refused_left(setting.side(side)),
    }
}

fn other(side: Side) -> Side {
    match side {
        Side::Crm => Side::Projects,
        Side::Projects => Side::Crm,
    }
}

fn facts(letter: &RefusalLetter, row: &RefusedChange, is_yours: bool, setting: &Setting<'_>) -> Vec<Fact> {
    let w = setting.words;
    let mut facts = Vec::new();
    let mut note = |label: &str, value: Line, tone| facts.push(Fact { label: label.to_owned(), value, tone });
    note(w.mail_label_task(), setting.task_name(letter), Tone::Plain);
    if let Some(record) = &letter.record {
        note(&w.mail_label_under(record.module.code()), Line::new(record.name.as_str()), Tone::Plain);
    }
    note(w.mail_label_before(), Line::new(table_value(row.field, &row.agreed, setting)), Tone::Plain);
    let tried = table_value(row.field, &row.tried, setting);
    let asked = w.mail_and_when(tried.as_str(), setting.when(row.at));
    let label = if is_yours { w.mail_label_asked_yours() } else { w.mail_label_asked() };
    note(label, Line::new(asked), Tone::Bad);
    match &row.reason {
        Reason::OutsideStrictSchedule { start, end, .. } => {
            let range = w.date_range_long(*start, *end);
            note(w.mail_label_allowed(), Line::new(w.mail_both_included(range)), Tone::Plain);
        }
        Reason::ParentClosed { closed_by: Some(person), .. } => {
            note(w.mail_label_closed_by(), Line::new(setting.named(person)), Tone::Plain);
        }
        reason => note(w.mail_label_reason(), Line::new(setting.reason(reason)), Tone::Plain),
    }
    if let Some(now) = present(letter.side, row, setting) {
        note(w.mail_label_now(), Line::new(now), Tone::Plain);
    }
    facts
}

fn present(side: Side, row: &RefusedChange, setting: &Setting<'_>) -> Option<String> {
    let w = setting.words;
    if is_long(row.field) {
        return None;
    }
    let agreed = setting.full_value(&row.agreed);
    match row.done {
        Done::SetBack => Some(w.mail_now_equal(setting.side(Side::Crm), setting.side(Side::Projects), agreed)),
        Done::Held => {
            let tried = setting.full_value(&row.tried);
            Some(w.mail_now_differs(agreed, setting.side(other(side)), setting.side(side), tried))
        }
        Done::LeftAsItIs => None,
    }
}

fn table_value(field: Field, value: &Value, setting: &Setting<'_>) -> String {
    let text = setting.full_value(value);
    if field == Field::Title { text } else { setting.shortened(text) }
}

fn sections(letter: &RefusalLetter, others: &[&RefusedChange], setting: &Setting<'_>) -> Vec<Section> {
    let w = setting.words;
    let cell = |text: String, tone| Cell { text: Line::new(text), tone, href: None };
    let mut sections = Vec::new();
    if !others.is_empty() {
        let row = |row: &&RefusedChange| {
            let gap = match w.language() {
                ports::Language::En => " ",
                ports::Language::ZhCn => "",
            };
            let why = [setting.reason(&row.reason), done(letter.side, row, setting)].join(gap);
            vec![
                cell(w.mail_field_label(row.field.code()), Tone::Plain),
                cell(table_value(row.field, &row.tried, setting), Tone::Bad),
                cell(why, Tone::Plain),
            ]
        };
        sections.push(Section {
            heading: w.mail_section_refused().to_owned(),
            columns: vec![
                w.mail_column_field().to_owned(),
                w.mail_column_asked().to_owned(),
                w.mail_column_why().to_owned(),
            ],
            rows: others.iter().map(row).collect(),
        });
    }
    if !letter.applied.is_empty() {
        let rows = letter.applied.iter().map(|row| {
            vec![
                cell(w.mail_field_label(row.field.code()), Tone::Plain),
                cell(table_value(row.field, &row.value, setting), Tone::Good),
            ]
        });
        sections.push(Section {
            heading: w.mail_section_applied().to_owned(),
            columns: vec![w.mail_column_field().to_owned(), w.mail_column_value().to_owned()],
            rows: rows.collect(),
        });
    }
    sections
}

fn picture(letter: &RefusalLetter, row: &RefusedChange, setting: &Setting<'_>) -> Option<Picture> {
    if let Reason::OutsideStrictSchedule { tried, start, end, project } = &row.reason {
        return Some(Picture::Schedule(schedule(*tried, *start, *end, project, setting)));
    }
    let Reason::ParentClosed { parent, .. } = &row.reason else { return None };
    let w = setting.words;
    let is_reopening = matches!(row.tried, Value::State { is_closed: false, .. });
    let task = TreeRow {
        indent_px: 22,
        title: letter.title.clone(),
        state: w.mail_closed().to_owned(),
        asked: if is_reopening { w.mail_open().to_owned() } else { String::new() },
    };
    let above =
        TreeRow { indent_px: 0, title: parent.clone(), state: w.mail_closed().to_owned(), asked: String::new() };
    Some(Picture::Tree { label: w.mail_picture_tree().to_owned(), rows: vec![above, task] })
}

fn schedule(tried: Date, start: Date, end: Date, project: &str, setting: &Setting<'_>) -> Schedule {
    let w = setting.words;
    let day = |day: Date| w.date(day, setting.today());
    let is_after = tried > end;
    let gap = if is_after { end.days_until(tried) } else { tried.days_until(start) };
    let inside = i64::from(start.days_until(end)).max(1);
    let share = i64::from(gap) * 100 / (inside + i64::from(gap)).max(1);
    let outside = share.clamp(*OUTSIDE_PERCENT.start(), *OUTSIDE_PERCENT.end());
    let outside_percent = u32::try_from(outside).unwrap_or(MARGIN_PERCENT);
    Schedule {
        label: w.mail_picture_schedule(day(end), day(start), day(tried)),
        project: project.to_owned(),
        is_after,
        inside_percent: 100 - MARGIN_PERCENT - outside_percent,
        outside_percent,
        start: day(start),
        end: day(end),
        tried: day(tried),
        gap: if is_after { w.mail_days_after(gap) } else { w.mail_days_before(gap) },
        edge: if is_after { w.mail_last_allowed() } else { w.mail_first_allowed() }.to_owned(),
    }
}
