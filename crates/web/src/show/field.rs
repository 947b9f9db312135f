//! A field of a form: label, control, hint, error; and what a form carries unseen.

use askama::Template;

use crate::show::safe_parts;

/// What the person types into or chooses from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// One line; the value of `type`.
    Line(&'static str),
    /// Several lines.
    Area,
    /// One of a list.
    Select(Vec<Opt>),
    /// One of a few, as cards with a text each.
    Cards(Vec<Opt>),
    /// Any number of a list.
    Checks(Vec<Opt>),
}

/// One entry of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opt {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// A line below the text, in cards.
    pub hint: String,
    /// Set by the field from the form's value.
    pub is_chosen: bool,
}

impl Opt {
    /// An entry without a hint.
    #[must_use]
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into(), hint: String::new(), is_chosen: false }
    }

    /// The same with a line below it.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }
}

/// A field as it is shown. Made by [`crate::form::Form::field`], which knows value and error; changed by the methods
/// here; printed in the template by `{{ name }}`.
#[derive(Clone, Debug, Template)]
#[template(path = "components/field.html")]
pub struct Field {
    id: String,
    name: String,
    label: String,
    optional: String,
    hint: String,
    error: String,
    values: Vec<String>,
    kind: Kind,
    class: &'static str,
    autocomplete: &'static str,
    length_max: usize,
    is_required: bool,
    is_focused: bool,
    check: String,
    icon_name: &'static str,
}

impl Field {
    pub(crate) fn new(name: &str, label: String, values: Vec<String>, error: String) -> Self {
        Self {
            id: field_id(name),
            name: name.to_owned(),
            label,
            optional: String::new(),
            hint: String::new(),
            error,
            values,
            kind: Kind::Line("text"),
            class: "",
            autocomplete: "",
            length_max: 0,
            is_required: false,
            is_focused: false,
            check: String::new(),
            icon_name: "",
        }
    }

    /// A line below the control.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// Marks the field as one that may stay empty, with the word for it (`w.form_optional()`).
    #[must_use]
    pub fn optional(self, word: impl Into<String>) -> Self {
        Self { optional: word.into(), ..self }
    }

    /// The field has to be filled in.
    #[must_use]
    pub fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// The field that has the focus when the page opens, unless a field has an error.
    #[must_use]
    pub fn focused(self) -> Self {
        Self { is_focused: true, ..self }
    }

    /// What a password manager or the browser may fill in.
    #[must_use]
    pub fn autocomplete(self, token: &'static str) -> Self {
        Self { autocomplete: token, ..self }
    }

    /// The longest text the control takes.
    #[must_use]
    pub fn length_max(self, characters: usize) -> Self {
        Self { length_max: characters, ..self }
    }

    /// 40 px high.
    #[must_use]
    pub fn large(self) -> Self {
        Self { class: "lg", ..self }
    }

    /// An icon inside the control, on the left.
    #[must_use]
    pub fn icon(self, name: &'static str) -> Self {
        Self { icon_name: name, ..self }
    }

    /// Asks this address what saving would do, when the value has been complete for 300 ms (REF-2). The answer is put
    /// into the element with `data-check-answer` of the form.
    #[must_use]
    pub fn checked_by(self, address: impl Into<String>) -> Self {
        Self { check: address.into(), ..self }
    }

    /// A mail address.
    #[must_use]
    pub fn email(self) -> Self {
        Self { kind: Kind::Line("email"), ..self }
    }

    /// A password; never shown again, so the value is dropped.
    #[must_use]
    pub fn password(self) -> Self {
        Self { kind: Kind::Line("password"), values: Vec::new(), ..self }
    }

    /// A day.
    #[must_use]
    pub fn date(self) -> Self {
        Self { kind: Kind::Line("date"), ..self }
    }

    /// A time of day.
    #[must_use]
    pub fn time(self) -> Self {
        Self { kind: Kind::Line("time"), ..self }
    }

    /// A decimal number; typed as text, so that what was typed stays.
    #[must_use]
    pub fn number(self) -> Self {
        Self { kind: Kind::Line("decimal"), ..self }
    }

    /// Several lines.
    #[must_use]
    pub fn area(self) -> Self {
        Self { kind: Kind::Area, ..self }
    }

    /// One of a list.
    #[must_use]
    pub fn select(self, entries: Vec<Opt>) -> Self {
        let entries = self.chosen(entries);
        Self { kind: Kind::Select(entries), ..self }
    }

    /// One of a few, as cards.
    #[must_use]
    pub fn cards(self, entries: Vec<Opt>) -> Self {
        let entries = self.chosen(entries);
        Self { kind: Kind::Cards(entries), ..self }
    }

    /// Any number of a list.
    #[must_use]
    pub fn checks(self, entries: Vec<Opt>) -> Self {
        let entries = self.chosen(entries);
        Self { kind: Kind::Checks(entries), ..self }
    }

    fn chosen(&self, entries: Vec<Opt>) -> Vec<Opt> {
        entries.into_iter().map(|entry| Opt { is_chosen: self.values.contains(&entry.value), ..entry }).collect()
    }

    fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    fn is_group(&self) -> bool {
        match self.kind {
            Kind::Cards(_) | Kind::Checks(_) => true,
            Kind::Line(_) | Kind::Area | Kind::Select(_) => false,
        }
    }

    /// `aria-describedby`: hint and error, as far as they exist.
    fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-h", self.id));
        let error = (!self.error.is_empty()).then(|| format!("{}-e", self.id));
        [hint, error].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// The id of a field's control, for links to it.
#[must_use]
pub fn field_id(name: &str) -> String {
    format!("f-{name}")
}

/// All errors of a form, above it; each leads to its field.
#[derive(Clone, Debug, Template)]
#[template(path = "components/problems.html")]
pub struct Problems {
    title: String,
    /// Id of the control and message.
    entries: Vec<(String, String)>,
}

impl Problems {
    pub(crate) fn new(title: String, entries: Vec<(String, String)>) -> Self {
        Self { title, entries }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// What a form sends unseen: the CSRF token, the press token, and the version it was opened with.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<input type="hidden" name="csrf" value="{{ csrf }}"><input type="hidden" name="press" value="{{ press }}">{% if let Some(version) = version %}<input type="hidden" name="version" value="{{ version }}">{% endif %}{% for (name, value) in also %}<input type="hidden" name="{{ name }}" value="{{ value }}">{% endfor %}"#,
    ext = "html"
)]
pub struct Hidden {
    csrf: String,
    press: String,
    version: Option<i64>,
    also: Vec<(String, String)>,
}

impl Hidden {
    /// `press` is a new id for a new form, the same one when the form is shown again with errors.
    #[must_use]
    pub fn new(csrf: impl Into<String>, press: impl Into<String>) -> Self {
        Self { csrf: csrf.into(), press: press.into(), version: None, also: Vec::new() }
    }

    /// The version of the record that the person saw (44c).
    #[must_use]
    pub fn version(self, version: i64) -> Self {
        Self { version: Some(version), ..self }
    }

    /// Another hidden value.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.also.push((name.into(), value.into()));
        self
    }
}

safe_parts!(Field, Problems, Hidden);
