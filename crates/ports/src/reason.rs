//! Why something is refused, held or waiting: a code and the facts its sentence is built from.

use std::collections::BTreeMap;

use crate::value::Date;

/// One fact of a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A name, an id, a text.
    Text(String),
    /// A number.
    Number(i64),
    /// A day.
    Day(Date),
    /// A list of names.
    List(Vec<String>),
}

/// An answer that says no, with what the page, the mail and the remedy need (section 8.3 of the specification).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The date lies outside a strict project (STR-1, STR-2).
    OutsideStrictSchedule { tried: Date, start: Date, end: Date, project: String },
    /// A task above is closed (SUB-1); the nearest one is named (SUB-2).
    ParentClosed { parent_id: String, parent: String, closed_by: Option<String> },
    /// Open tasks are below (SUB-4).
    OpenSubtasks { count: u32 },
    /// The end lies before the task's own start (SYNC-6).
    DueBeforeStart { tried: Date, start: Date },
    /// The person is no member of the project (SYNC-3 a, ACT-2).
    OwnerNotInProject { person: String, project: String },
    /// Nobody on the other side has this address (SYNC-3 b).
    OwnerUnknown { person: String },
    /// The value has no partner on the other side (SYNC-4).
    ValueNotMapped { value: String },
    /// A title is needed (F1).
    TitleEmpty,
    /// The title is too long; counted in code points (F1).
    TitleTooLong { length: usize, max: usize, text: String },
    /// The description is too long; held, never cut (F2).
    DescriptionTooLong { length: usize, max: usize },
    /// The acting person may not do this.
    NoPermission { person: Option<String> },
    /// The other side's own message, word for word.
    ValidationFailed { message: String, service: String },
    /// The record was deleted on the other side.
    RecordGone,
    /// The project is closed or archived.
    ProjectClosed { project: String },
    /// Both sides changed this field.
    Conflict,
    /// Waiting: the quota is used up.
    RateLimited,
    /// Waiting: the side cannot be reached.
    Unreachable,
    /// Waiting: the authorisation has expired.
    AuthExpired,
    /// The deal is not associated with the project (TASK-7).
    DealNotAssociated { deal: String, project: String },
    /// No client company of the project is mapped (TASK-3).
    ClientNotMapped { project: String },
    /// The task is linked already (OBJ-5).
    AlreadyLinked,
    /// The company or the account has a partner already (MAP-7).
    AlreadyMapped { partner: String },
    /// The project is associated with the record already.
    AlreadyAssociated { project: String },
    /// The name is not unique on both sides (MAP-6).
    AmbiguousName { candidates: Vec<String> },
    /// Only the name key is equal (MAP-5).
    SimilarName { candidate: String },
    /// No partner of this name (MAP-4).
    NoMatch,
    /// The address belongs to a client user of another company (IMP-7, HAND-9).
    ClientOfOtherCompany { person: String, company: String },
    /// The address is in the portal's own mail domain (IMP-6).
    OwnDomain { person: String },
    /// The person is a client user (IMP-4).
    IsClientUser { person: String },
    /// The person is inactive in the CRM.
    InactiveInCrm { person: String },
    /// An address is needed (HAND-3).
    AddressMissing { person: String },
    /// Strict needs both dates (HAND-10).
    DatesRequired,
    /// Tasks lie outside the wanted schedule (STR-5). `tasks` are "DM-10 Cut over … (22 Jun)" without the date: key and title.
    TasksOutsideSchedule { count: u32, tasks: Vec<String>, linked: Vec<String> },
    /// Something of ours failed; it is logged with this number.
    InternalError,
}

/// Facts by name, each read as the kind it must be.
struct Parts<'a>(&'a BTreeMap<String, Fact>);

impl Parts<'_> {
    fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name) {
            Some(Fact::Text(value)) => Some(value.clone()),
            _ => None,
        }
    }

    fn day(&self, name: &str) -> Option<Date> {
        match self.0.get(name) {
            Some(Fact::Day(value)) => Some(*value),
            Some(Fact::Text(value)) => Date::parse(value).ok(),
            _ => None,
        }
    }

    fn number(&self, name: &str) -> Option<usize> {
        match self.0.get(name) {
            Some(Fact::Number(value)) => usize::try_from(*value).ok(),
            _ => None,
        }
    }

    fn list(&self, name: &str) -> Option<Vec<String>> {
        match self.0.get(name) {
            Some(Fact::List(value)) => Some(value.clone()),
            _ => None,
        }
    }
}

impl Reason {
    /// The code of the API and the store, for example `outside_strict_schedule`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutsideStrictSchedule { .. } => "outside_strict_schedule",
            Self::ParentClosed { .. } => "parent_closed",
            Self::OpenSubtasks { .. } => "open_subtasks",
            Self::DueBeforeStart { .. } => "due_before_start",
            Self::OwnerNotInProject { .. } => "owner_not_in_project",
            Self::OwnerUnknown { .. } => "owner_unknown",
            Self::ValueNotMapped { .. } => "value_not_mapped",
            Self::TitleEmpty => "title_empty",
            Self::TitleTooLong { .. } => "title_too_long",
            Self::DescriptionTooLong { .. } => "description_too_long",
            Self::NoPermission { .. } => "no_permission",
            Self::ValidationFailed { .. } => "validation_failed",
            Self::RecordGone => "record_gone",
            Self::ProjectClosed { .. } => "project_closed",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate_limited",
            Self::Unreachable => "unreachable",
            Self::AuthExpired => "auth_expired",
            Self::DealNotAssociated { .. } => "deal_not_associated",
            Self::ClientNotMapped { .. } => "client_not_mapped",
            Self::AlreadyLinked => "already_linked",
            Self::AlreadyMapped { .. } => "already_mapped",
            Self::AlreadyAssociated { .. } => "already_associated",
            Self::AmbiguousName { .. } => "ambiguous_name",
            Self::SimilarName { .. } => "similar_name",
            Self::NoMatch => "no_match",
            Self::ClientOfOtherCompany { .. } => "client_of_other_company",
            Self::OwnDomain { .. } => "own_domain",
            Self::IsClientUser { .. } => "is_client_user",
            Self::InactiveInCrm { .. } => "inactive_in_crm",
            Self::AddressMissing { .. } => "address_missing",
            Self::DatesRequired => "start_required",
            Self::TasksOutsideSchedule { .. } => "tasks_outside_schedule",
            Self::InternalError => "internal_error",
        }
    }

    /// The facts by name, as the API shows and the store keeps them.
    pub fn facts(&self) -> BTreeMap<&'static str, Fact> {
        let text = |value: &str| Fact::Text(value.to_owned());
        let number = |value: usize| Fact::Number(i64::try_from(value).unwrap_or(i64::MAX));
        match self {
            Self::OutsideStrictSchedule { tried, start, end, project } => [
                ("tried", Fact::Day(*tried)),
                ("start", Fact::Day(*start)),
                ("end", Fact::Day(*end)),
                ("project", text(project)),
            ]
            .into(),
            Self::ParentClosed { parent_id, parent, closed_by } => {
                let mut facts = BTreeMap::from([("parent_id", text(parent_id)), ("parent", text(parent))]);
                if let Some(person) = closed_by {
                    facts.insert("closed_by", text(person));
                }
                facts
            }
            Self::OpenSubtasks { count } => [("count", Fact::Number(i64::from(*count)))].into(),
            Self::DueBeforeStart { tried, start } => {
                [("tried", Fact::Day(*tried)), ("start", Fact::Day(*start))].into()
            }
            Self::OwnerNotInProject { person, project } => {
                [("person", text(person)), ("project", text(project))].into()
            }
            Self::OwnerUnknown { person }
            | Self::OwnDomain { person }
            | Self::IsClientUser { person }
            | Self::InactiveInCrm { person }
            | Self::AddressMissing { person } => [("person", text(person))].into(),
            Self::ValueNotMapped { value } => [("value", text(value))].into(),
            Self::TitleTooLong { length, max, text: title } => {
                [("length", number(*length)), ("max", number(*max)), ("text", text(title))].into()
            }
            Self::DescriptionTooLong { length, max } => [("length", number(*length)), ("max", number(*max))].into(),
            Self::NoPermission { person } => person.iter().map(|person| ("person", text(person))).collect(),
            Self::ValidationFailed { message, service } => {
                [("message", text(message)), ("service", text(service))].into()
            }
            Self::ProjectClosed { project }
            | Self::ClientNotMapped { project }
            | Self::AlreadyAssociated { project } => [("project", text(project))].into(),
            Self::DealNotAssociated { deal, project } => [("deal", text(deal)), ("project", text(project))].into(),
            Self::AlreadyMapped { partner } => [("partner", text(partner))].into(),
            Self::AmbiguousName { candidates } => [("candidates", Fact::List(candidates.clone()))].into(),
            Self::SimilarName { candidate } => [("candidate", text(candidate))].into(),
            Self::ClientOfOtherCompany { person, company } => {
                [("person", text(person)), ("company", text(company))].into()
            }
            Self::TasksOutsideSchedule { count, tasks, linked } => [
                ("count", Fact::Number(i64::from(*count))),
                ("tasks", Fact::List(tasks.clone())),
                ("linked", Fact::List(linked.clone())),
            ]
            .into(),
            Self::TitleEmpty
            | Self::RecordGone
            | Self::Conflict
            | Self::RateLimited
            | Self::Unreachable
            | Self::AuthExpired
            | Self::AlreadyLinked
            | Self::NoMatch
            | Self::DatesRequired
            | Self::InternalError => BTreeMap::new(),
        }
    }

    /// Puts a reason together again from what [`Reason::code`] and [`Reason::facts`] gave; `None` if it is none of ours.
    pub fn from_parts(code: &str, facts: &BTreeMap<String, Fact>) -> Option<Self> {
        let parts = Parts(facts);
        let text = |name| parts.text(name);
        let day = |name| parts.day(name);
        let number = |name| parts.number(name);
        let list = |name| parts.list(name);
        let count = || number("count").and_then(|count| u32::try_from(count).ok());
        Some(match code {
            "outside_strict_schedule" => Self::OutsideStrictSchedule {
                tried: day("tried")?,
                start: day("start")?,
                end: day("end")?,
                project: text("project")?,
            },
            "parent_closed" => Self::ParentClosed {
                parent_id: text("parent_id")?,
                parent: text("parent")?,
                closed_by: text("closed_by"),
            },
            "open_subtasks" => Self::OpenSubtasks { count: count()? },
            "due_before_start" => Self::DueBeforeStart { tried: day("tried")?, start: day("start")? },
            "owner_not_in_project" => Self::OwnerNotInProject { person: text("person")?, project: text("project")? },
            "owner_unknown" => Self::OwnerUnknown { person: text("person")? },
            "value_not_mapped" => Self::ValueNotMapped { value: text("value")? },
            "title_empty" => Self::TitleEmpty,
            "title_too_long" => {
                Self::TitleTooLong { length: number("length")?, max: number("max")?, text: text("text")? }
            }
            "description_too_long" => Self::DescriptionTooLong { length: number("length")?, max: number("max")? },
            "no_permission" => Self::NoPermission { person: text("person") },
            "validation_failed" => Self::ValidationFailed { message: text("message")?, service: text("service")? },
            "record_gone" => Self::RecordGone,
            "project_closed" => Self::ProjectClosed { project: text("project")? },
            "conflict" => Self::Conflict,
            "rate_limited" => Self::RateLimited,
            "unreachable" => Self::Unreachable,
            "auth_expired" => Self::AuthExpired,
            "deal_not_associated" => Self::DealNotAssociated { deal: text("deal")?, project: text("project")? },
            "client_not_mapped" => Self::ClientNotMapped { project: text("project")? },
            "already_linked" => Self::AlreadyLinked,
            "already_mapped" => Self::AlreadyMapped { partner: text("partner")? },
            "already_associated" => Self::AlreadyAssociated { project: text("project")? },
            "ambiguous_name" => Self::AmbiguousName { candidates: list("candidates")? },
            "similar_name" => Self::SimilarName { candidate: text("candidate")? },
            "no_match" => Self::NoMatch,
            "client_of_other_company" => {
                Self::ClientOfOtherCompany { person: text("person")?, company: text("company")? }
            }
            "own_domain" => Self::OwnDomain { person: text("person")? },
            "is_client_user" => Self::IsClientUser { person: text("person")? },
            "inactive_in_crm" => Self::InactiveInCrm { person: text("person")? },
            "address_missing" => Self::AddressMissing { person: text("person")? },
            "start_required" => Self::DatesRequired,
            "tasks_outside_schedule" => {
                Self::TasksOutsideSchedule { count: count()?, tasks: list("tasks")?, linked: list("linked")? }
            }
            "internal_error" => Self::InternalError,
            _ => return None,
        })
    }

    /// One of each, for tests that must see every reason.
    pub fn samples() -> Vec<Self> {
        let day = |text: &str| Date::parse(text).unwrap_or_else(|_| Date::from(jiff::civil::date(2026, 3, 2)));
        let person = || "migration.lead@zylker.example".to_owned();
        let project = || "Data Migration".to_owned();
        vec![
            Self::OutsideStrictSchedule {
                tried: day("2026-07-06"),
                start: day("2026-03-02"),
                end: day("2026-06-30"),
                project: project(),
            },
            Self::ParentClosed {
                parent_id: "1".into(),
                parent: "Inventory of legacy tables".into(),
                closed_by: Some(person()),
            },
            Self::ParentClosed { parent_id: "1".into(), parent: "Inventory of legacy tables".into(), closed_by: None },
            Self::OpenSubtasks { count: 1 },
            Self::OpenSubtasks { count: 2 },
            Self::DueBeforeStart { tried: day("2026-06-14"), start: day("2026-06-15") },
            Self::OwnerNotInProject { person: person(), project: project() },
            Self::OwnerUnknown { person: person() },
            Self::ValueNotMapped { value: "Someday".into() },
            Self::TitleEmpty,
            Self::TitleTooLong { length: 256, max: 255, text: "a".repeat(256) },
            Self::DescriptionTooLong { length: 32_001, max: 32_000 },
            Self::NoPermission { person: Some(person()) },
            Self::NoPermission { person: None },
            Self::ValidationFailed { message: "Due date is required".into(), service: "CRM".into() },
            Self::RecordGone,
            Self::ProjectClosed { project: project() },
            Self::Conflict,
            Self::RateLimited,
            Self::Unreachable,
            Self::AuthExpired,
            Self::DealNotAssociated { deal: "Router maintenance contract".into(), project: project() },
            Self::ClientNotMapped { project: project() },
            Self::AlreadyLinked,
            Self::AlreadyMapped { partner: "Software Customer".into() },
            Self::AlreadyAssociated { project: project() },
            Self::AmbiguousName { candidates: vec!["Hotel Customer (Lisbon)".into(), "Hotel Customer (Osaka)".into()] },
            Self::SimilarName { candidate: "RETAIL  CUSTOMER".into() },
            Self::NoMatch,
            Self::ClientOfOtherCompany { person: person(), company: "Software Customer".into() },
            Self::OwnDomain { person: person() },
            Self::IsClientUser { person: person() },
            Self::InactiveInCrm { person: person() },
            Self::AddressMissing { person: "Ivan Petrov".into() },
            Self::DatesRequired,
            Self::TasksOutsideSchedule {
                count: 2,
                tasks: vec!["DM-10 Cut over billing history".into(), "DM-12 Hand over to support".into()],
                linked: vec!["DM-10".into()],
            },
            Self::InternalError,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_survives_its_code_and_facts() {
        for reason in Reason::samples() {
            let facts = reason.facts().into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect();
            assert_eq!(Reason::from_parts(reason.code(), &facts), Some(reason));
        }
    }
}
