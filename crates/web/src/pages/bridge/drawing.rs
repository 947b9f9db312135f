//! What is drawn beside a refusal: the strict schedule with the day outside, the closed task above.

use askama::Template;
use i18n::Words;
use ports::{Date, Reason};

use crate::show::{Diff, safe_parts};
use crate::visit::Ctx;

/// A day outside a strict project: wide in a box of 700 × 96, on phones in one of 320 × 96.
#[derive(Template)]
#[template(path = "components/bridge/schedule.html")]
pub(super) struct Schedule {
    label: String,
    project: String,
    first: String,
    last: String,
    asked: String,
    gap: String,
    edge: String,
    is_after: bool,
    wide: Scale,
    phone: Scale,
}

/// Places of the drawing from left to right.
struct Scale {
    from: i64,
    width: i64,
    /// End of the track where the allowed days end.
    border: i64,
    pin: i64,
    over: (i64, i64),
    right: i64,
}

/// The closed task above the task that was to be reopened.
#[derive(Template)]
#[template(path = "components/bridge/parent.html")]
pub(super) struct Parent {
    pub(super) title: String,
    pub(super) note: String,
    pub(super) child: String,
    pub(super) diff: Option<Diff>,
}

safe_parts!(Schedule, Parent);

impl Scale {
    /// `share` is the part of the width outside, in percent.
    fn of(width: i64, share: i64, is_after: bool) -> Self {
        let margin = 12;
        let (left, right) = (1, width - 1 - margin);
        // Narrow enough for its labels, never more than the project itself.
        let least = if width < 400 { 24 } else { 10 };
        let outside = (right - left) * share.clamp(least, 40) / 100;
        if is_after {
            let border = right - outside;
            Self { from: left, width: border - left, border, pin: right, over: (border, outside), right }
        } else {
            let border = left + margin + outside;
            Self {
                from: border,
                width: right - border,
                border,
                pin: left + margin,
                over: (left + margin, outside),
                right,
            }
        }
    }
}

impl Schedule {
    /// The drawing of a reason, if it is one about a strict project.
    pub(super) fn of_reason(ctx: &Ctx, reason: &Reason) -> Option<Self> {
        let Reason::OutsideStrictSchedule { tried, start, end, project } = reason else { return None };
        Some(Self::draw(ctx.w, ctx.today, (*start, *end), *tried, project))
    }

    pub(super) fn draw(w: Words, today: Date, (start, end): (Date, Date), tried: Date, project: &str) -> Self {
        let is_after = tried > end;
        let days = i64::from(if is_after { end.days_until(tried) } else { tried.days_until(start) }).max(1);
        let length = i64::from(start.days_until(end)).max(1);
        let share = days.saturating_mul(100) / length.saturating_add(days);
        let day = |day: Date| w.date(day, today);
        let (first, last, asked) = (day(start), day(end), day(tried));
        Self {
            label: if is_after {
                w.crm_draw_late(&asked, days, &first, &last)
            } else {
                w.crm_draw_early(&asked, days, &first, &last)
            },
            project: w.crm_draw_project(project),
            gap: if is_after { w.crm_days_late(days) } else { w.crm_days_early(days) },
            edge: if is_after { w.crm_last_allowed_day() } else { w.crm_first_allowed_day() }.to_owned(),
            first,
            last,
            asked,
            is_after,
            wide: Scale::of(700, share, is_after),
            phone: Scale::of(320, share, is_after),
        }
    }

    /// The drawing of a letter, in the letter's language.
    pub(super) fn of_letter(own: &mail::content::Schedule) -> Self {
        let share = i64::from(own.outside_percent);
        Self {
            label: own.label.clone(),
            project: own.project.clone(),
            first: own.start.clone(),
            last: own.end.clone(),
            asked: own.tried.clone(),
            gap: own.gap.clone(),
            edge: own.edge.clone(),
            is_after: own.is_after,
            wide: Scale::of(700, share, own.is_after),
            phone: Scale::of(320, share, own.is_after),
        }
    }
}

/// A drawing for samples.
pub(super) fn sample(w: Words, is_after: bool) -> Schedule {
    let day = |month, day| Date::from(jiff::civil::date(2026, month, day));
    let tried = if is_after { day(7, 6) } else { day(2, 1) };
    Schedule::draw(w, day(3, 10), (day(3, 2), day(6, 30)), tried, "数据迁移")
}

#[cfg(test)]
mod tests {
    use super::Scale;

    #[test]
    fn the_drawing_stays_in_its_box() {
        for width in [320, 700] {
            for share in [0, 1, 12, 50, 100] {
                for is_after in [true, false] {
                    let own = Scale::of(width, share, is_after);
                    assert!(own.width > 100 && own.from >= 1 && own.from + own.width <= width, "{width} {share}");
                    assert!(own.over.1 > 15 && own.pin > 8 && own.pin < width - 8, "{width} {share}");
                }
            }
        }
    }
}
