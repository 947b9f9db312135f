//! Dates: inside a strict project (STR-1, STR-3) and not before the task's own start (SYNC-6).

use crate::projects::Schedule;
use crate::reason::Reason;
use crate::value::Date;

/// Whether a day may be the start or end of a task in this schedule; both ends are inside (STR-3).
pub fn check_inside(schedule: Schedule, tried: Date, project: &str) -> Option<Reason> {
    match schedule {
        Schedule::Open => None,
        Schedule::Strict { start, end } if start <= tried && tried <= end => None,
        Schedule::Strict { start, end } => {
            Some(Reason::OutsideStrictSchedule { tried, start, end, project: project.to_owned() })
        }
    }
}

/// Whether a task may end on this day: inside the schedule, and not before its start. No end is always allowed (SYNC-5).
pub fn check_due(schedule: Schedule, start: Option<Date>, due: Option<Date>, project: &str) -> Option<Reason> {
    let due = due?;
    check_inside(schedule, due, project).or_else(|| match start {
        Some(start) if due < start => Some(Reason::DueBeforeStart { tried: due, start }),
        Some(_) | None => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn str_3_first_and_last_day_are_inside() {
        let strict = Schedule::Strict { start: day("2026-03-02"), end: day("2026-06-30") };
        for (tried, code) in [
            ("2026-03-01", Some("outside_strict_schedule")),
            ("2026-03-02", None),
            ("2026-06-30", None),
            ("2026-07-01", Some("outside_strict_schedule")),
        ] {
            assert_eq!(check_due(strict, None, Some(day(tried)), "P").map(|reason| reason.code()), code, "{tried}");
            assert_eq!(check_due(Schedule::Open, None, Some(day(tried)), "P"), None, "{tried}");
        }
    }

    #[test]
    fn sync_5_no_end_is_inside() {
        let strict = Schedule::Strict { start: day("2026-03-02"), end: day("2026-06-30") };
        assert_eq!(check_due(strict, Some(day("2026-03-05")), None, "P"), None);
    }

    #[test]
    fn sync_6_the_start_day_itself_is_allowed() {
        let start = Some(day("2026-06-15"));
        assert_eq!(check_due(Schedule::Open, start, Some(day("2026-06-15")), "P"), None);
        assert_eq!(
            check_due(Schedule::Open, start, Some(day("2026-06-14")), "P").map(|reason| reason.code()),
            Some("due_before_start")
        );
    }
}
