//! The panel of a year: how many days are kept, the key of the bars, and the months.

use super::marks::legend;
use super::month::{month, three_bars};
use crate::features::calendar::query::DayState;
use crate::features::calendar::year::{DayCounts, Year};
use crate::html::components::{count, counted};
use chrono::NaiveDate;
use maud::{Markup, html};

/// `after` is the id of what follows the calendar, for a link past hundreds of days.
pub fn calendar(year: &Year, today: NaiveDate, after: &str) -> Markup {
    let days = year.months.iter().flat_map(|month| &month.days);
    html! {
        section.panel.calendar aria-labelledby="calendar" {
            a.skip-link href={ "#" (after) } { "Skip the calendar" }
            header {
                h2 #calendar { (year.year) }
                p { (counts_sentence(&year.counts)) "." }
            }
            div.calendar-keys {
                p.three-bars { (three_bars([DayState::Kept; 3])) "each day: short, medium, long term" }
                (legend(days.flat_map(|day| day.states)))
            }
            div.months-of-days {
                @for of_month in &year.months { (month(of_month, today)) }
            }
        }
    }
}

/// As in `318 of 326 days kept, 2 of them degraded; 5 missed, 2 failed, 1 empty`.
fn counts_sentence(counts: &DayCounts) -> String {
    let mut sentence = format!(
        "{} of {} kept",
        count(counts.kept),
        counted(counts.all, "day")
    );
    if counts.degraded > 0 {
        sentence += &format!(", {} of them degraded", count(counts.degraded));
    }
    let lost = [
        (counts.missed, "missed"),
        (counts.failed, "failed"),
        (counts.empty, "empty"),
        (counts.waiting, "waiting"),
        (counts.deleted, "deleted"),
    ];
    let lost = lost.iter().filter(|(days, _)| *days > 0);
    let lost: Vec<_> = lost
        .map(|(days, word)| format!("{} {word}", count(*days)))
        .collect();
    if !lost.is_empty() {
        sentence += &format!("; {}", lost.join(", "));
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_names_each_kind_of_day_once() {
        let counts = DayCounts {
            all: 1326,
            kept: 1318,
            degraded: 2,
            missed: 5,
            failed: 1,
            empty: 1,
            deleted: 1,
            ..DayCounts::default()
        };

        assert_eq!(
            counts_sentence(&counts),
            "1,318 of 1,326 days kept, 2 of them degraded; 5 missed, 1 failed, 1 empty, 1 deleted"
        );
        let one = DayCounts {
            all: 1,
            kept: 1,
            ..DayCounts::default()
        };
        assert_eq!(counts_sentence(&one), "1 of 1 day kept");
    }
}
