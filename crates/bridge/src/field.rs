//! The six synced fields (F1 to F6), their values in normal form, and the two sides.

use ports::{Date, Email, Moment};
use serde::{Deserialize, Serialize};

/// A side, as the bridge sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SideName {
    /// The CRM.
    Crm,
    /// Projects.
    Projects,
}

impl SideName {
    /// Both, the CRM first.
    pub const BOTH: [Self; 2] = [Self::Crm, Self::Projects];

    /// The word of the store and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Crm => "crm",
            Self::Projects => "projects",
        }
    }

    /// Reads the word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::BOTH.into_iter().find(|side| side.code() == code)
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Crm => Self::Projects,
            Self::Projects => Self::Crm,
        }
    }
}

/// A synced field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// F1.
    Title,
    /// F2.
    Description,
    /// F3.
    Due,
    /// F4.
    Priority,
    /// F5.
    Status,
    /// F6.
    Owner,
}

impl Field {
    /// All six, in the order of pages and plans.
    pub const ALL: [Self; 6] = [Self::Title, Self::Description, Self::Due, Self::Priority, Self::Status, Self::Owner];

    /// The word of the store and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Description => "description",
            Self::Due => "due",
            Self::Priority => "priority",
            Self::Status => "status",
            Self::Owner => "owner",
        }
    }

    /// Reads the word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }
}

/// A class of priorities (F4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriorityClass {
    /// Highest and High; High.
    High,
    /// Normal; Medium.
    Medium,
    /// Low and Lowest; Low.
    Low,
    /// Empty; None.
    None,
}

/// A value in the form in which the bridge compares: two values are the same exactly if they are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// A title, or the lines of a description.
    Text(String),
    /// A calendar day, as `YYYY-MM-DD`, or none.
    Day(Option<String>),
    /// A priority.
    Priority(PriorityClass),
    /// A native value without a class (SYNC-4).
    Unmapped(String),
    /// Whether the task is closed.
    Closed(bool),
    /// The folded address of the owner, or none.
    Person(Option<String>),
}

impl FieldValue {
    /// A day.
    pub fn day(day: Option<Date>) -> Self {
        Self::Day(day.map(|day| day.to_string()))
    }

    /// A person.
    pub fn person(person: Option<&Email>) -> Self {
        Self::Person(person.map(ToString::to_string))
    }

    /// The day of a value that is one.
    pub fn as_day(&self) -> Option<Date> {
        match self {
            Self::Day(Some(day)) => Date::parse(day).ok(),
            Self::Day(None)
            | Self::Text(_)
            | Self::Priority(_)
            | Self::Unmapped(_)
            | Self::Closed(_)
            | Self::Person(_) => None,
        }
    }

    /// The person of a value that is one.
    pub fn as_person(&self) -> Option<Email> {
        match self {
            Self::Person(Some(person)) => Email::parse(person).ok(),
            Self::Person(None)
            | Self::Text(_)
            | Self::Priority(_)
            | Self::Unmapped(_)
            | Self::Closed(_)
            | Self::Day(_) => None,
        }
    }

    /// The form of the API: text, `YYYY-MM-DD`, `high|medium|low|none`, `open|closed`, an address; none is empty.
    pub fn code(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Unmapped(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            Self::Day(text) | Self::Person(text) => text.clone(),
            Self::Priority(class) => Some(
                match class {
                    PriorityClass::High => "high",
                    PriorityClass::Medium => "medium",
                    PriorityClass::Low => "low",
                    PriorityClass::None => "none",
                }
                .to_owned(),
            ),
            Self::Closed(is_closed) => Some(if *is_closed { "closed" } else { "open" }.to_owned()),
        }
    }
}

/// A value with what the side itself shows for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// In normal form.
    pub value: FieldValue,
    /// As the side has it, where that differs from the normal form ("Highest", "In Review").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub native: Option<String>,
}

impl Shown {
    /// A value without a native form.
    pub fn plain(value: FieldValue) -> Self {
        Self { value, native: None }
    }
}

/// One value per field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// F1.
    pub title: FieldValue,
    /// F2.
    pub description: FieldValue,
    /// F3.
    pub due: FieldValue,
    /// F4.
    pub priority: FieldValue,
    /// F5.
    pub status: FieldValue,
    /// F6.
    pub owner: FieldValue,
}

impl View {
    /// The value of a field.
    pub fn get(&self, field: Field) -> &FieldValue {
        match field {
            Field::Title => &self.title,
            Field::Description => &self.description,
            Field::Due => &self.due,
            Field::Priority => &self.priority,
            Field::Status => &self.status,
            Field::Owner => &self.owner,
        }
    }

    /// Replaces the value of a field.
    pub fn set(&mut self, field: Field, value: FieldValue) {
        match field {
            Field::Title => self.title = value,
            Field::Description => self.description = value,
            Field::Due => self.due = value,
            Field::Priority => self.priority = value,
            Field::Status => self.status = value,
            Field::Owner => self.owner = value,
        }
    }
}

/// A field of one side as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenField {
    /// In normal form, with the native one.
    pub shown: Shown,
    /// Who set it, as far as the side tells.
    pub by: Option<Email>,
    /// When, by the side's clock.
    pub at: Option<Moment>,
    /// When, by our clock; none if the side gives no usable time (CON-4, SC-75).
    pub comparable_at: Option<Moment>,
}

/// A record of one side in normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenSide {
    /// Its version.
    pub version: String,
    /// The fields in the order of [`Field::ALL`].
    pub fields: [SeenField; 6],
}

impl SeenSide {
    /// A field as it was read.
    pub fn get(&self, field: Field) -> &SeenField {
        let [title, description, due, priority, status, owner] = &self.fields;
        match field {
            Field::Title => title,
            Field::Description => description,
            Field::Due => due,
            Field::Priority => priority,
            Field::Status => status,
            Field::Owner => owner,
        }
    }

    /// The value of a field in normal form.
    pub fn value(&self, field: Field) -> &FieldValue {
        &self.get(field).shown.value
    }

    /// The values alone.
    pub fn view(&self) -> View {
        let [title, description, due, priority, status, owner] = self.fields.each_ref().map(|f| f.shown.value.clone());
        View { title, description, due, priority, status, owner }
    }
}
