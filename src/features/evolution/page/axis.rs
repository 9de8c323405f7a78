//! The time axis of a chart, with a tick at the first day of some months.

use crate::html::components::percent_of_width;
use chrono::{Datelike, Months, NaiveDate};
use maud::{Markup, html};

/// The first and the last day; each day is as wide as any other.
#[derive(Clone, Copy)]
pub struct Axis {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

/// Months between ticks: each is a multiple of the one before.
const STEPS: [i32; 8] = [1, 3, 6, 12, 24, 48, 96, 192];

impl Axis {
    pub fn day_count(self) -> i64 {
        (self.last - self.first).num_days() + 1
    }

    /// The number of days before this one.
    pub fn offset(self, day: NaiveDate) -> i64 {
        (day - self.first).num_days()
    }

    /// Ticks and names below `top`. Narrow screens get fewer.
    pub fn ticks(self, top: i64) -> Markup {
        let (wide, narrow) = (self.step(15), self.step(5));
        let firsts = self.firsts_of_months(wide);
        html! {
            g.axis {
                @for day in firsts {
                    @let is_on_narrow = month_number(day) % narrow == 0;
                    g.on-wide-screens[!is_on_narrow] { (self.tick(day, top, wide)) }
                }
            }
        }
    }

    fn tick(self, day: NaiveDate, top: i64, step: i32) -> Markup {
        let share = self.offset(day) as f64 / self.day_count() as f64;
        let x = percent_of_width(share, 1.0);
        let end = match share {
            ..0.02 => Some("first"),
            0.96.. => Some("last"),
            _ => None,
        };
        let name = match (step, day.month()) {
            (12.., _) => day.format("%Y"),
            (_, 1) => day.format("%b %Y"),
            _ => day.format("%b"),
        };
        html! {
            line.tick x1=(x) x2=(x) y1=(top) y2=(top + 6) {}
            text class=[end] x=(x) y=(top + 21) { (name) }
        }
    }

    /// The shortest step with at most this many ticks.
    fn step(self, most: i32) -> i32 {
        let months = month_number(self.last) - month_number(self.first);
        let step = STEPS.into_iter().find(|step| months / step <= most);
        step.unwrap_or(STEPS[STEPS.len() - 1])
    }

    fn firsts_of_months(self, step: i32) -> impl Iterator<Item = NaiveDate> {
        let first = self.first.with_day(1).unwrap_or(self.first);
        let months = (0..).map_while(move |months| first.checked_add_months(Months::new(months)));
        months
            .take_while(move |day| *day <= self.last)
            .filter(move |day| *day >= self.first && month_number(*day) % step == 0)
    }
}

/// Months since the year 0.
fn month_number(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_at_the_first_of_months_and_no_more_than_asked() {
        let axis = |first: &str, last: &str| Axis {
            first: first.parse().expect("a day"),
            last: last.parse().expect("a day"),
        };
        let cases = [
            (axis("2025-11-22", "2026-11-22"), 1, "2025-12-01", 12),
            (axis("2023-11-11", "2026-11-22"), 3, "2024-01-01", 12),
            (axis("2026-03-01", "2026-03-01"), 1, "2026-03-01", 1),
            (axis("1900-01-01", "2100-12-31"), 192, "1904-01-01", 13),
        ];
        for (axis, step, first, count) in cases {
            let ticks: Vec<_> = axis.firsts_of_months(axis.step(15)).collect();

            assert_eq!((axis.step(15), ticks.len()), (step, count));
            assert_eq!(ticks[0].to_string(), first);
        }
    }
}
