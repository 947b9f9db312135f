//! Turns the facts of a letter into words, in the language and time zone of the person who gets it (MAIL-2).

mod digest;
mod invitation;
mod mapping;
mod refusal;

use i18n::Words;
use jiff::tz::TimeZone;
use ports::{Date, Directory, Email, Language, Moment, Reason, Tenant};

use crate::content::{Content, Line};
use crate::letter::{Letter, RefusalLetter, Side, Value};

/// A longer text is shortened in a letter; the page "Why?" has the whole. Titles are never shortened: they may have
/// been set back, and nothing typed is lost.
const TEXT_MAX: usize = 600;

/// What a letter is made of besides its facts.
pub(crate) struct Setting<'a> {
    pub(crate) words: Words,
    pub(crate) zone: TimeZone,
    pub(crate) now: Moment,
    pub(crate) to: &'a Email,
    pub(crate) tenant: &'a Tenant,
    pub(crate) directory: &'a dyn Directory,
    /// Without a slash at the end.
    pub(crate) public_url: &'a str,
}

/// What is to be said: one letter, or several refusals together.
pub(crate) enum Told<'a> {
    One(&'a Letter),
    Digest(&'a [RefusalLetter]),
}

/// The letter in words.
pub(crate) fn content(told: &Told<'_>, setting: &Setting<'_>) -> Content {
    match told {
        Told::One(Letter::Refusal(refusal)) => refusal::content(refusal, setting),
        Told::One(Letter::MappingReport(report)) => mapping::content(report, setting),
        Told::One(Letter::Invitation(invitation)) => invitation::content(invitation, setting),
        Told::Digest(refusals) => digest::content(refusals, setting),
    }
}

impl<'a> Setting<'a> {
    /// The setting for the person with this address; without an account: `fallback` and UTC.
    pub(crate) fn of(
        to: &'a Email,
        tenant: &'a Tenant,
        directory: &'a dyn Directory,
        public_url: &'a str,
        fallback: Language,
        now: Moment,
    ) -> Self {
        let person = directory.person(to);
        let language = person.as_ref().map_or(fallback, |person| person.language);
        let zone = person.and_then(|person| TimeZone::get(&person.zone).ok()).unwrap_or(TimeZone::UTC);
        Self {
            words: Words::new(language),
            zone,
            now,
            to,
            tenant,
            directory,
            public_url: public_url.trim_end_matches('/'),
        }
    }

    fn today(&self) -> Date {
        self.now.date_in(&self.zone)
    }

    fn house(&self) -> String {
        self.directory.organisation_name(self.tenant).unwrap_or_else(|| "Lockstep".to_owned())
    }

    fn host(&self) -> &str {
        let authority = self.public_url.split_once("://").map_or(self.public_url, |(_, rest)| rest);
        authority.split('/').next().unwrap_or_default()
    }

    fn sent_from(&self) -> String {
        self.words.mail_footer_from(self.host())
    }

    /// The name of a person; an address that nobody has stands for itself.
    fn name(&self, email: &Email) -> String {
        self.directory.person(email).map_or_else(|| email.as_str().to_owned(), |person| person.name)
    }

    /// A person that a reason names by address.
    fn named(&self, person: &str) -> String {
        Email::parse(person).map_or_else(|_| person.to_owned(), |email| self.name(&email))
    }

    /// "today at 09:41", else day and time.
    fn when(&self, at: Moment) -> String {
        if at.date_in(&self.zone) == self.today() {
            self.words.mail_today_at(self.words.time(at, &self.zone))
        } else {
            self.words.moment(at, &self.zone, self.now)
        }
    }

    fn side(&self, side: Side) -> &'static str {
        match side {
            Side::Crm => self.words.mail_side_crm(),
            Side::Projects => self.words.mail_side_projects(),
        }
    }

    /// A value with the year only where it is another one.
    fn value(&self, value: &Value) -> String {
        match value {
            Value::Empty => self.words.mail_value_empty().to_owned(),
            Value::Text(text) | Value::State { name: text, .. } => text.clone(),
            Value::Day(day) => self.words.date(*day, self.today()),
            Value::Person(person) => self.name(person),
        }
    }

    /// A value by itself in a table: days with their year.
    fn full_value(&self, value: &Value) -> String {
        match value {
            Value::Day(day) => self.words.date_long(*day),
            Value::Empty | Value::Text(_) | Value::State { .. } | Value::Person(_) => self.value(value),
        }
    }

    fn shortened(&self, text: String) -> String {
        if text.chars().count() <= TEXT_MAX {
            return text;
        }
        self.words.mail_value_shortened(text.chars().take(TEXT_MAX).collect::<String>())
    }

    /// The sentence of a reason, people by their names.
    fn reason(&self, reason: &Reason) -> String {
        let reason = match reason.clone() {
            Reason::ParentClosed { parent_id, parent, closed_by } => {
                Reason::ParentClosed { parent_id, parent, closed_by: closed_by.map(|person| self.named(&person)) }
            }
            Reason::OwnerNotInProject { person, project } => {
                Reason::OwnerNotInProject { person: self.named(&person), project }
            }
            Reason::OwnerUnknown { person } => Reason::OwnerUnknown { person: self.named(&person) },
            Reason::NoPermission { person: Some(person) } => Reason::NoPermission { person: Some(self.named(&person)) },
            other => other,
        };
        self.words.reason_on(&reason, self.today())
    }

    /// The page "Why?" of a link.
    fn why_page(&self, letter: &RefusalLetter) -> String {
        format!("{}/bridge/links/{}?in={}", self.public_url, letter.link_id, self.tenant.portal)
    }

    /// The task on the side where the change was made.
    fn task_page(&self, letter: &RefusalLetter) -> String {
        let (url, portal) = (self.public_url, &self.tenant.portal);
        match letter.side {
            Side::Crm => format!("{url}/crm/tasks/{}?in={portal}", letter.crm_task_id),
            Side::Projects => {
                format!("{url}/projects/{}/tasks/{}?in={portal}", letter.task.project_key, letter.task.key)
            }
        }
    }

    fn task_name(&self, letter: &RefusalLetter) -> Line {
        Line::new(self.words.mail_task_with_key(letter.task.key.as_str(), letter.title.as_str()))
    }
}
