//! The texts of reasons: one sentence that says why, and a short title for lists.

use ports::{Date, Reason};

use crate::{Language, Words};

/// A list in a sentence names so many and stops; the page that shows it has the whole list.
const NAMES_MAX: usize = 5;

impl Words {
    /// One sentence. Its dates have a year only where they lie in different years.
    #[must_use]
    pub fn reason(self, reason: &Reason) -> String {
        let today = match reason {
            Reason::OutsideStrictSchedule { end: day, .. } | Reason::DueBeforeStart { start: day, .. } => *day,
            _ => Date::from(jiff::civil::Date::ZERO),
        };
        self.reason_on(reason, today)
    }

    /// One sentence. Its dates have a year where it is not the one of `today`.
    #[must_use]
    pub fn reason_on(self, reason: &Reason, today: Date) -> String {
        match reason {
            Reason::OutsideStrictSchedule { tried, start, end, project } => {
                let range = self.date_range(*start, *end, today);
                self.reason_outside_strict_schedule(project, range, self.date(*tried, today))
            }
            Reason::ParentClosed { parent, closed_by: Some(person), .. } => {
                self.reason_parent_closed_by(parent, person)
            }
            Reason::ParentClosed { parent, closed_by: None, .. } => self.reason_parent_closed(parent),
            Reason::OpenSubtasks { count } => self.reason_open_subtasks(count),
            Reason::DueBeforeStart { tried, start } => {
                self.reason_due_before_start(self.date(*start, today), self.date(*tried, today))
            }
            Reason::OwnerNotInProject { person, project } => self.reason_owner_not_in_project(person, project),
            Reason::OwnerUnknown { person } => self.reason_owner_unknown(person),
            Reason::ValueNotMapped { value } => self.reason_value_not_mapped(value),
            Reason::TitleEmpty => self.reason_title_empty().to_owned(),
            Reason::TitleTooLong { length, max, .. } => self.reason_title_too_long(length, max),
            Reason::DescriptionTooLong { length, max } => self.reason_description_too_long(length, max),
            Reason::NoPermission { person: Some(person) } => self.reason_no_permission_person(person),
            Reason::NoPermission { person: None } => self.reason_no_permission().to_owned(),
            Reason::ValidationFailed { message, service } => self.reason_validation_failed(message, service),
            Reason::RecordGone => self.reason_record_gone().to_owned(),
            Reason::ProjectClosed { project } => self.reason_project_closed(project),
            Reason::Conflict => self.reason_conflict().to_owned(),
            Reason::RateLimited => self.reason_rate_limited().to_owned(),
            Reason::Unreachable => self.reason_unreachable().to_owned(),
            Reason::AuthExpired => self.reason_auth_expired().to_owned(),
            Reason::DealNotAssociated { .. }
            | Reason::ClientNotMapped { .. }
            | Reason::AlreadyLinked
            | Reason::AlreadyMapped { .. }
            | Reason::AlreadyAssociated { .. }
            | Reason::AmbiguousName { .. }
            | Reason::SimilarName { .. }
            | Reason::NoMatch
            | Reason::ClientOfOtherCompany { .. }
            | Reason::OwnDomain { .. }
            | Reason::IsClientUser { .. }
            | Reason::InactiveInCrm { .. }
            | Reason::AddressMissing { .. }
            | Reason::DatesRequired
            | Reason::TasksOutsideSchedule { .. }
            | Reason::InternalError => self.reason_of_request(reason),
        }
    }

    /// The reasons that answer a person who is asking and never come out of a carried change.
    fn reason_of_request(self, reason: &Reason) -> String {
        match reason {
            Reason::DealNotAssociated { deal, project } => self.reason_deal_not_associated(deal, project),
            Reason::ClientNotMapped { project } => self.reason_client_not_mapped(project),
            Reason::AlreadyLinked => self.reason_already_linked().to_owned(),
            Reason::AlreadyMapped { partner } => self.reason_already_mapped(partner),
            Reason::AlreadyAssociated { project } => self.reason_already_associated(project),
            Reason::AmbiguousName { candidates } => self.reason_ambiguous_name(self.names(candidates)),
            Reason::SimilarName { candidate } => self.reason_similar_name(candidate),
            Reason::NoMatch => self.reason_no_match().to_owned(),
            Reason::ClientOfOtherCompany { person, company } => self.reason_client_of_other_company(company, person),
            Reason::OwnDomain { person } => self.reason_own_domain(person),
            Reason::IsClientUser { person } => self.reason_is_client_user(person),
            Reason::InactiveInCrm { person } => self.reason_inactive_in_crm(person),
            Reason::AddressMissing { person } => self.reason_address_missing(person),
            Reason::DatesRequired => self.reason_dates_required().to_owned(),
            Reason::TasksOutsideSchedule { count, tasks, .. } => {
                self.reason_tasks_outside_schedule(count, self.names(tasks))
            }
            _ => self.reason_internal_error().to_owned(),
        }
    }

    /// A few words without full stop.
    #[must_use]
    pub fn reason_title(self, reason: &Reason) -> &'static str {
        match reason {
            Reason::OutsideStrictSchedule { .. } => self.reason_title_outside_strict_schedule(),
            Reason::ParentClosed { .. } => self.reason_title_parent_closed(),
            Reason::OpenSubtasks { .. } => self.reason_title_open_subtasks(),
            Reason::DueBeforeStart { .. } => self.reason_title_due_before_start(),
            Reason::OwnerNotInProject { .. } => self.reason_title_owner_not_in_project(),
            Reason::OwnerUnknown { .. } => self.reason_title_owner_unknown(),
            Reason::ValueNotMapped { .. } => self.reason_title_value_not_mapped(),
            Reason::TitleEmpty => self.reason_title_title_empty(),
            Reason::TitleTooLong { .. } => self.reason_title_title_too_long(),
            Reason::DescriptionTooLong { .. } => self.reason_title_description_too_long(),
            Reason::NoPermission { .. } => self.reason_title_no_permission(),
            Reason::ValidationFailed { .. } => self.reason_title_validation_failed(),
            Reason::RecordGone => self.reason_title_record_gone(),
            Reason::ProjectClosed { .. } => self.reason_title_project_closed(),
            Reason::Conflict => self.reason_title_conflict(),
            Reason::RateLimited => self.reason_title_rate_limited(),
            Reason::Unreachable => self.reason_title_unreachable(),
            Reason::AuthExpired => self.reason_title_auth_expired(),
            Reason::DealNotAssociated { .. } => self.reason_title_deal_not_associated(),
            Reason::ClientNotMapped { .. } => self.reason_title_client_not_mapped(),
            Reason::AlreadyLinked => self.reason_title_already_linked(),
            Reason::AlreadyMapped { .. } => self.reason_title_already_mapped(),
            Reason::AlreadyAssociated { .. } => self.reason_title_already_associated(),
            Reason::AmbiguousName { .. } => self.reason_title_ambiguous_name(),
            Reason::SimilarName { .. } => self.reason_title_similar_name(),
            Reason::NoMatch => self.reason_title_no_match(),
            Reason::ClientOfOtherCompany { .. } => self.reason_title_client_of_other_company(),
            Reason::OwnDomain { .. } => self.reason_title_own_domain(),
            Reason::IsClientUser { .. } => self.reason_title_is_client_user(),
            Reason::InactiveInCrm { .. } => self.reason_title_inactive_in_crm(),
            Reason::AddressMissing { .. } => self.reason_title_address_missing(),
            Reason::DatesRequired => self.reason_title_dates_required(),
            Reason::TasksOutsideSchedule { .. } => self.reason_title_tasks_outside_schedule(),
            Reason::InternalError => self.reason_title_internal_error(),
        }
    }

    /// Names in a row: `A, B` or `A、B`; beyond a handful the row ends with `…`.
    #[must_use]
    pub fn names(self, names: &[String]) -> String {
        let separator = match self.language() {
            Language::En => ", ",
            Language::ZhCn => "、",
        };
        let mut row = names.iter().take(NAMES_MAX).map(String::as_str).collect::<Vec<_>>().join(separator);
        if names.len() > NAMES_MAX {
            row.push_str(separator);
            row.push('…');
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ports::{Date, Reason};

    use crate::{Language, Words};

    #[test]
    fn every_reason_is_a_sentence_in_every_language() {
        for language in Language::ALL {
            let w = Words::new(language);
            let mut titles = BTreeSet::new();
            let mut codes = BTreeSet::new();
            for reason in Reason::samples() {
                let (text, title) = (w.reason(&reason), w.reason_title(&reason));
                assert!(text.ends_with(['.', '。', '”']), "{language:?} {}: {text}", reason.code());
                assert!(!title.is_empty() && !title.ends_with(['.', '。']), "{language:?} {}: {title}", reason.code());
                titles.insert(title);
                codes.insert(reason.code());
            }
            assert_eq!(titles.len(), codes.len(), "{language:?}: each code has a title of its own");
        }
    }

    #[test]
    fn str_2_dates_have_a_year_only_where_it_differs() {
        let day = |text: &str| Date::parse(text).unwrap_or_else(|_| unreachable!("a date of the test"));
        let refused = |tried| Reason::OutsideStrictSchedule {
            tried: day(tried),
            start: day("2026-03-02"),
            end: day("2026-06-30"),
            project: "Data Migration".to_owned(),
        };
        for (language, tried, today, expected) in [
            (
                Language::En,
                "2026-07-06",
                "2026-03-10",
                "6 Jul is outside 2 Mar – 30 Jun, the strict schedule of Data Migration.",
            ),
            (
                Language::En,
                "2027-01-06",
                "2026-03-10",
                "6 Jan 2027 is outside 2 Mar – 30 Jun, the strict schedule of Data Migration.",
            ),
            (
                Language::En,
                "2026-07-06",
                "2027-03-10",
                "6 Jul 2026 is outside 2 Mar – 30 Jun 2026, the strict schedule of Data Migration.",
            ),
            (
                Language::ZhCn,
                "2026-07-06",
                "2026-03-10",
                "7月6日 超出严格项目“Data Migration”的项目计划（3月2日 – 6月30日）。",
            ),
        ] {
            assert_eq!(Words::new(language).reason_on(&refused(tried), day(today)), expected);
        }
        let text = Words::new(Language::En).reason(&refused("2027-01-06"));
        assert_eq!(text, "6 Jan 2027 is outside 2 Mar – 30 Jun, the strict schedule of Data Migration.");
    }

    #[test]
    fn long_lists_end() {
        let names: Vec<String> = ["A", "B", "C", "D", "E", "F"].map(str::to_owned).to_vec();
        assert_eq!(Words::new(Language::En).names(&names), "A, B, C, D, E, …");
        assert_eq!(Words::new(Language::ZhCn).names(names.get(..2).unwrap_or_default()), "A、B");
    }
}
