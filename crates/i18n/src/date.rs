//! Forms of days and moments in each language.
//!
//! Days are calendar days in no time zone. Moments are shown in the zone of the person who reads. A year is
//! written only where it is not the present one.

use jiff::tz::TimeZone;
use ports::{Date, Moment};

use crate::{Language, Words};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Words {
    /// `4 Dec`, `12月4日`; in another year than `today` `4 Dec 2026`, `2026年12月4日`.
    #[must_use]
    pub fn date(self, date: Date, today: Date) -> String {
        let (day, today) = (Day::of(date), Day::of(today));
        self.day(day, day.year != today.year)
    }

    /// Always with the year: `4 Dec 2026`, `2026年12月4日`.
    #[must_use]
    pub fn date_long(self, date: Date) -> String {
        self.day(Day::of(date), true)
    }

    /// `2 Mar – 30 Jun`, `3月2日 – 6月30日`. One year that is not the present one is written once.
    #[must_use]
    pub fn date_range(self, start: Date, end: Date, today: Date) -> String {
        let (first, last, today) = (Day::of(start), Day::of(end), Day::of(today));
        let in_one_year = first.year == last.year;
        let (year_first, year_last) = match (in_one_year, self.language()) {
            (false, _) => (first.year != today.year, last.year != today.year),
            (true, Language::En) => (false, last.year != today.year),
            (true, Language::ZhCn) => (first.year != today.year, false),
        };
        format!("{} – {}", self.day(first, year_first), self.day(last, year_last))
    }

    /// Always with the year: `2 Mar – 30 Jun 2026`, `2026年3月2日 – 6月30日`. One year is written once.
    #[must_use]
    pub fn date_range_long(self, start: Date, end: Date) -> String {
        let (first, last) = (Day::of(start), Day::of(end));
        let in_one_year = first.year == last.year;
        let (year_first, year_last) = match self.language() {
            Language::En => (!in_one_year, true),
            Language::ZhCn => (true, !in_one_year),
        };
        format!("{} – {}", self.day(first, year_first), self.day(last, year_last))
    }

    /// The time alone on the present day, else with the day: `09:41`, `10 Mar, 09:41`, `3月10日 09:41`.
    #[must_use]
    pub fn moment(self, moment: Moment, zone: &TimeZone, now: Moment) -> String {
        let (day, time) = local(moment, zone);
        let (today, _) = local(now, zone);
        if day == today { time } else { self.day_and_time(self.day(day, day.year != today.year), &time) }
    }

    /// Always with day and year: `10 Mar 2026, 09:41`, `2026年3月10日 09:41`.
    #[must_use]
    pub fn moment_long(self, moment: Moment, zone: &TimeZone) -> String {
        let (day, time) = local(moment, zone);
        self.day_and_time(self.day(day, true), &time)
    }

    /// `09:41`.
    #[must_use]
    pub fn time(self, moment: Moment, zone: &TimeZone) -> String {
        local(moment, zone).1
    }

    fn day(self, day: Day, with_year: bool) -> String {
        let month = usize::try_from(day.month - 1).ok().and_then(|at| MONTHS.get(at)).unwrap_or(&"");
        match (self.language(), with_year) {
            (Language::En, false) => format!("{} {month}", day.day),
            (Language::En, true) => format!("{} {month} {}", day.day, day.year),
            (Language::ZhCn, false) => format!("{}月{}日", day.month, day.day),
            (Language::ZhCn, true) => format!("{}年{}月{}日", day.year, day.month, day.day),
        }
    }

    fn day_and_time(self, day: String, time: &str) -> String {
        match self.language() {
            Language::En => format!("{day}, {time}"),
            Language::ZhCn => format!("{day} {time}"),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Day {
    year: i16,
    month: i8,
    day: i8,
}

impl Day {
    fn of(date: Date) -> Self {
        let date = date.civil();
        Self { year: date.year(), month: date.month(), day: date.day() }
    }
}

/// The day and the time of day in a zone.
fn local(moment: Moment, zone: &TimeZone) -> (Day, String) {
    let there = zone.to_datetime(moment.timestamp());
    (Day::of(Date::from(there.date())), format!("{:02}:{:02}", there.hour(), there.minute()))
}

#[cfg(test)]
mod tests {
    use jiff::tz::{TimeZone, offset};
    use ports::{Date, Moment};

    use crate::{Language, Words};

    const EN: Words = Words::new(Language::En);
    const ZH: Words = Words::new(Language::ZhCn);

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap_or_else(|_| unreachable!("a date of the test"))
    }

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap_or_else(|_| unreachable!("a moment of the test"))
    }

    #[test]
    fn days_name_another_year_only() {
        let today = day("2026-03-10");
        for (date, en, zh) in [
            ("2026-12-04", "4 Dec", "12月4日"),
            ("2027-01-01", "1 Jan 2027", "2027年1月1日"),
            ("2025-12-31", "31 Dec 2025", "2025年12月31日"),
        ] {
            assert_eq!((EN.date(day(date), today).as_str(), ZH.date(day(date), today).as_str()), (en, zh));
        }
        assert_eq!(EN.date_long(day("2026-12-04")), "4 Dec 2026");
        assert_eq!(ZH.date_long(day("2026-12-04")), "2026年12月4日");
    }

    #[test]
    fn ranges_name_a_common_year_once() {
        let today = day("2026-03-10");
        for (start, end, en, zh) in [
            ("2026-03-02", "2026-06-30", "2 Mar – 30 Jun", "3月2日 – 6月30日"),
            ("2027-03-02", "2027-06-30", "2 Mar – 30 Jun 2027", "2027年3月2日 – 6月30日"),
            ("2026-10-05", "2027-02-26", "5 Oct – 26 Feb 2027", "10月5日 – 2027年2月26日"),
            ("2027-10-05", "2028-02-26", "5 Oct 2027 – 26 Feb 2028", "2027年10月5日 – 2028年2月26日"),
        ] {
            assert_eq!(EN.date_range(day(start), day(end), today), en);
            assert_eq!(ZH.date_range(day(start), day(end), today), zh);
        }
        for (start, end, en, zh) in [
            ("2026-03-02", "2026-06-30", "2 Mar – 30 Jun 2026", "2026年3月2日 – 6月30日"),
            ("2026-10-05", "2027-02-26", "5 Oct 2026 – 26 Feb 2027", "2026年10月5日 – 2027年2月26日"),
        ] {
            assert_eq!(EN.date_range_long(day(start), day(end)), en);
            assert_eq!(ZH.date_range_long(day(start), day(end)), zh);
        }
    }

    #[test]
    fn moments_are_those_of_the_reader() {
        let zone = TimeZone::fixed(offset(8));
        let now = at("2026-03-10T09:41:00Z");
        for (moment, en, zh) in [
            ("2026-03-10T01:41:00Z", "09:41", "09:41"),
            ("2026-03-09T16:00:00Z", "00:00", "00:00"),
            ("2026-03-09T15:59:00Z", "9 Mar, 23:59", "3月9日 23:59"),
            ("2025-12-31T15:59:00Z", "31 Dec 2025, 23:59", "2025年12月31日 23:59"),
        ] {
            assert_eq!(EN.moment(at(moment), &zone, now), en);
            assert_eq!(ZH.moment(at(moment), &zone, now), zh);
        }
        assert_eq!(EN.moment_long(now, &zone), "10 Mar 2026, 17:41");
        assert_eq!(ZH.time(now, &zone), "17:41");
    }
}
