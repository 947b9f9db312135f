//! A form: what was typed, as it was typed, and what is wrong with it.
//!
//! A page reads values with [`Form::text`], [`Form::date`] …, which note what is wrong; it gives the values to a
//! service and takes over what that refuses with [`Form::fail`]. Shown again, the form keeps every value.

use i18n::Words;
use ports::{Date, Email};

use crate::address::pairs;
use crate::show::{Field, Problems};

/// The values of one form and their errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    values: Vec<(String, String)>,
    /// Field and message; the field is empty for an error of the whole form.
    errors: Vec<(String, String)>,
}

impl Form {
    /// A form that nobody has filled in yet.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Reads what a browser sends (`application/x-www-form-urlencoded`).
    #[must_use]
    pub fn read(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let values = pairs(&text).into_iter().map(|(name, value)| (name, value.replace("\r\n", "\n"))).collect();
        Self { values, errors: Vec::new() }
    }

    /// The same with a value, for a form that shows a record.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.push((name.to_owned(), value.into()));
        self
    }

    /// The value as it was typed; empty if it was not sent.
    #[must_use]
    pub fn raw(&self, name: &str) -> &str {
        self.values.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    /// The value without white space around it.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// Whether the field was sent at all (a ticked box, the button that was pressed).
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(own, _)| own == name)
    }

    /// All values of a field that may have several, without empty ones.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        let own = self.values.iter().filter(|(own, _)| own == name);
        own.map(|(_, value)| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
    }

    /// The value, or an error if it is empty.
    pub fn required(&mut self, name: &str, w: Words) -> String {
        let value = self.text(name).to_owned();
        if value.is_empty() {
            self.fail(name, w.field_empty());
        }
        value
    }

    /// A day; `None` if empty, or if it does not exist, which is noted.
    pub fn date(&mut self, name: &str, w: Words) -> Option<Date> {
        let value = self.text(name).to_owned();
        if value.is_empty() {
            return None;
        }
        let date = Date::parse(&value).ok();
        if date.is_none() {
            self.fail(name, w.field_no_date());
        }
        date
    }

    /// A mail address; `None` if it is empty or none, which is noted.
    pub fn email(&mut self, name: &str, w: Words) -> Option<Email> {
        let value = self.required(name, w);
        let email = Email::parse(&value).ok();
        if email.is_none() && !value.is_empty() {
            self.fail(name, w.field_no_email());
        }
        email
    }

    /// The version of the record that the person saw when the form was opened.
    #[must_use]
    pub fn version(&self) -> Option<i64> {
        self.text("version").parse().ok()
    }

    /// The token of this press; a second press with the same one does nothing new.
    #[must_use]
    pub fn press(&self) -> &str {
        self.text("press")
    }

    /// Notes an error of a field; an empty name means the whole form.
    pub fn fail(&mut self, name: &str, message: impl Into<String>) {
        let message = message.into();
        if !self.errors.iter().any(|(own, known)| own == name && *known == message) {
            self.errors.push((name.to_owned(), message));
        }
    }

    /// Notes what a service found wrong, by its code.
    pub fn fail_code(&mut self, name: &str, code: &str, w: Words) {
        self.fail(name, code_text(code, w));
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }

    /// The field `name` with its value and error; see [`Field`] for its kinds.
    #[must_use]
    pub fn field(&self, name: &str, label: impl Into<String>) -> Field {
        let own = self.values.iter().filter(|(own, _)| own == name);
        let values = own.map(|(_, value)| value.clone()).collect();
        let error = self.errors.iter().find(|(own, _)| own == name).map_or(String::new(), |(_, text)| text.clone());
        Field::new(name, label.into(), values, error)
    }

    /// What is wrong with a field; empty if nothing is.
    #[must_use]
    pub fn error_of(&self, name: &str) -> &str {
        self.errors.iter().find(|(own, _)| own == name).map_or("", |(_, text)| text)
    }

    /// All errors, to be shown above the form; nothing if there are none.
    #[must_use]
    pub fn problems(&self, w: Words) -> Problems {
        let id = |name: &str| if name.is_empty() { "main".to_owned() } else { crate::show::field_id(name) };
        let entries: Vec<_> = self.errors.iter().map(|(name, message)| (id(name), message.clone())).collect();
        Problems::new(w.form_problems(entries.len()), entries)
    }

    /// The messages of all errors.
    #[must_use]
    pub fn messages(&self) -> Vec<String> {
        self.errors.iter().map(|(_, message)| message.clone()).collect()
    }

    /// Every value but passwords, for a page that sends the form again (44d).
    #[must_use]
    pub fn kept(&self) -> Vec<(String, String)> {
        self.values.iter().filter(|(name, _)| !name.contains("password")).cloned().collect()
    }
}

/// What a service's code for a field means. A code that is not known is shown with a general text.
fn code_text(code: &str, w: Words) -> String {
    match code {
        "empty" | "required" | "missing" => w.field_empty().to_owned(),
        "too_long" => w.field_too_long().to_owned(),
        "not_a_date" | "no_date" | "invalid_date" => w.field_no_date().to_owned(),
        "not_an_email" | "no_email" | "invalid_email" => w.field_no_email().to_owned(),
        "not_a_number" | "invalid_number" => w.field_no_number().to_owned(),
        "unknown" | "not_found" => w.field_unknown().to_owned(),
        "taken" | "exists" | "already_exists" => w.field_taken().to_owned(),
        "end_before_start" | "before_start" => w.field_before_start().to_owned(),
        "wrong" => w.field_token_wrong().to_owned(),
        "expired" => w.field_token_expired().to_owned(),
        "known" => w.field_password_common().to_owned(),
        "not_in_list" | "not_offered" | "unknown_value" => w.field_not_in_list().to_owned(),
        "unknown_record" | "unknown_user" | "not_a_user" => w.field_unknown().to_owned(),
        "inactive_user" => w.field_inactive_user().to_owned(),
        "not_a_member" => w.field_not_a_member().to_owned(),
        "last_administrator" => w.field_last_administrator().to_owned(),
        "too_soon" => w.field_too_soon().to_owned(),
        "is_owner" => w.field_is_owner().to_owned(),
        "is_yourself" => w.field_is_yourself().to_owned(),
        "fixed" => w.field_fixed().to_owned(),
        "too_short" => w.field_password_short().to_owned(),
        _ => w.field_invalid().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use i18n::{Language, Words};

    use super::Form;

    #[test]
    fn values_stay_as_typed() {
        let form = Form::read(b"name=+a%0D%0Ab+&empty=&owner=1&owner=2&owner=");
        assert_eq!((form.raw("name"), form.text("name")), (" a\nb ", "a\nb"));
        assert!(form.has("empty") && !form.has("other"));
        assert_eq!(form.all("owner"), ["1", "2"]);
    }

    #[test]
    fn dates_that_do_not_exist_are_noted_and_kept() {
        let w = Words::new(Language::En);
        let mut form = Form::read(b"due=2026-02-30");
        assert_eq!(form.date("due", w), None);
        assert!(!form.is_valid());
        let shown = form.field("due", "Due date").date().to_string();
        assert!(shown.contains(r#"value="2026-02-30""#) && shown.contains(r#"aria-invalid="true""#), "{shown}");
        assert!(form.problems(w).to_string().contains(r##"href="#f-due""##));
    }
}
