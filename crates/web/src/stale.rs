//! The stale form (44c): somebody else saved first. Nothing is overwritten; both values stand side by side.

use askama::Template;
use i18n::Words;

use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::shell::Shell;
use crate::show::{Avatar, Diff, Hidden, When};
use crate::visit::Ctx;

/// What the page needs to know of the two edits.
#[derive(Debug, Clone)]
pub struct Stale {
    /// The record's name, for the headline.
    pub record: String,
    /// Who saved in the meantime: name and address.
    pub by: Option<(String, String)>,
    /// When.
    pub at: Option<When>,
    /// The version that is stored now.
    pub version: i64,
    /// The page that shows the record, for "Discard mine".
    pub back: String,
    /// Fields, in the order of the form.
    pub fields: Vec<StaleField>,
    /// What the person sent.
    pub form: Form,
}

/// One field: its name in the form, its label, the stored value as the form would send it, and how values are shown.
#[derive(Debug, Clone)]
pub struct StaleField {
    name: String,
    label: String,
    stored: String,
    shown: Vec<(String, String)>,
}

impl StaleField {
    /// A field whose values are shown as they are sent.
    #[must_use]
    pub fn new(name: impl Into<String>, label: impl Into<String>, stored: impl Into<String>) -> Self {
        Self { name: name.into(), label: label.into(), stored: stored.into(), shown: Vec::new() }
    }

    /// The same with the texts of values that are ids or codes: (value, text).
    #[must_use]
    pub fn shown(self, texts: Vec<(String, String)>) -> Self {
        Self { shown: texts, ..self }
    }

    fn show(&self, value: &str, w: Words) -> String {
        let text = self.shown.iter().find(|(own, _)| own == value).map_or(value, |(_, text)| text.as_str());
        if text.is_empty() { w.value_empty().to_owned() } else { text.to_owned() }
    }
}

/// A field that both changed: the person chooses.
pub(crate) struct Rival {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) mine: (String, String),
    pub(crate) theirs: (String, String),
}

/// A field that one of both changed: that value is kept.
pub(crate) struct Kept {
    pub(crate) label: String,
    pub(crate) diff: Diff,
    pub(crate) whose: String,
}

/// The page; it sends the form again with the choices and the stored version.
#[derive(Template)]
#[template(path = "pages/stale.html")]
pub(crate) struct StalePage {
    pub(crate) w: Words,
    pub(crate) shell: Shell,
    pub(crate) title: String,
    pub(crate) me: Avatar,
    pub(crate) them: Option<Avatar>,
    pub(crate) their_name: String,
    pub(crate) at: Option<When>,
    pub(crate) action: String,
    pub(crate) back: String,
    pub(crate) rivals: Vec<Rival>,
    pub(crate) kept: Vec<Kept>,
    pub(crate) hidden: Hidden,
}

impl StalePage {
    pub(crate) fn new(ctx: &Ctx, stale: Stale) -> Self {
        let w = ctx.w;
        let their_name = stale.by.as_ref().map_or(w.somebody_else().to_owned(), |(name, _)| name.clone());
        let press = ctx.web.ids.next();
        let mut hidden = Hidden::new(ctx.person.csrf.clone(), press).version(stale.version);
        let (mut rivals, mut kept) = (Vec::new(), Vec::new());
        for field in &stale.fields {
            let mine = stale.form.raw(&field.name);
            let opened = format!("was.{}", field.name);
            let base = stale.form.has(&opened).then(|| stale.form.raw(&opened));
            let shown = |value: &str| field.show(value, w);
            if mine == field.stored {
                hidden = hidden.with(&field.name, mine);
            } else if base == Some(mine) {
                hidden = hidden.with(&field.name, &field.stored);
                let diff = Diff::applied(shown(mine), shown(&field.stored), w);
                kept.push(Kept { label: field.label.clone(), diff, whose: their_name.clone() });
            } else if base == Some(field.stored.as_str()) {
                hidden = hidden.with(&field.name, mine);
                let diff = Diff::applied(shown(&field.stored), shown(mine), w);
                kept.push(Kept { label: field.label.clone(), diff, whose: w.stale_yours().to_owned() });
            } else {
                rivals.push(Rival {
                    name: field.name.clone(),
                    label: field.label.clone(),
                    mine: (mine.to_owned(), shown(mine)),
                    theirs: (field.stored.clone(), shown(&field.stored)),
                });
            }
            hidden = hidden.with(opened, &field.stored);
        }
        hidden = with_rest(hidden, &stale);
        Self {
            w,
            shell: ctx.shell(stale.record.clone()).crumb(stale.record.clone()),
            title: stale.record,
            me: Avatar::new(&ctx.person.name, ctx.person.email.as_str()).small(),
            them: stale.by.map(|(name, key)| Avatar::new(&name, &key).small()),
            their_name,
            at: stale.at,
            action: ctx.asked.address.to_string(),
            back: stale.back,
            rivals,
            kept,
            hidden,
        }
    }
}

/// Samples of the page.
pub(crate) fn samples(w: Words) -> Vec<Sample> {
    let value = |text: &str| (text.to_owned(), text.to_owned());
    let page = |rivals: Vec<Rival>| StalePage {
        w,
        shell: Shell::sample(w).crumb("试运行"),
        title: "试运行".into(),
        me: Avatar::new("李明", "li.ming@zylker.example").small(),
        them: Some(Avatar::new("王芳", "wang.fang@zylker.example").small()),
        their_name: "王芳".into(),
        at: None,
        action: "/crm/tasks/1".into(),
        back: "/crm/tasks/1".into(),
        rivals,
        kept: vec![Kept {
            label: w.priority_high().into(),
            diff: Diff::applied("1", "2", w),
            whose: w.stale_yours().into(),
        }],
        hidden: Hidden::new("token", "1").version(7).with("was.due", "2026-05-22"),
    };
    let rival =
        Rival { name: "due".into(), label: "12".into(), mine: value("2026-05-22"), theirs: value("2026-05-29") };
    rendered("stale", vec![page(vec![rival]), page(Vec::new())])
}

/// What the form sent besides the fields, such as the button that was pressed.
fn with_rest(hidden: Hidden, stale: &Stale) -> Hidden {
    let is_field = |name: &str| {
        let name = name.strip_prefix("was.").unwrap_or(name);
        stale.fields.iter().any(|field| field.name == name)
    };
    stale
        .form
        .kept()
        .into_iter()
        .filter(|(name, _)| !is_field(name) && !["csrf", "press", "version"].contains(&name.as_str()))
        .fold(hidden, |hidden, (name, value)| hidden.with(name, value))
}
