//! The day strip: one bar a day, so that a missed day is visible, and a table of the days without a good list.
//!
//! Positions are in percent and heights in pixels, so that bars stretch with the page while text keeps its size. Narrow
//! screens show the later half.

use super::marks::{bar, legend, usual_reason};
use crate::features::calendar::query::{Counts, Day, DayState, RecentDays};
use crate::features::snapshots::page::{LISTS, range_name};
use crate::html::components::{DATE, WEEKDAY_AND_DATE, date, disclosure, percent_of_width};
use chrono::Datelike;
use maud::{Markup, html};

const BAR_HEIGHT: f64 = 28.0;
/// The width of a bar, in parts of the width of a day.
const BAR_SHARE: f64 = 0.64;

pub fn day_strip(strip: &RecentDays) -> Markup {
    let sentence = sentence(&strip.days, strip.end_today);
    html! {
        section.kept-days aria-labelledby="kept-days" {
            header {
                h2 #kept-days { "Days kept" }
                p {
                    (range_name(strip.time_range)) ", "
                    @if strip.end_today { (by_width("last 26 weeks", "last 13 weeks")) }
                    @else {
                        (by_width("26 weeks", "13 weeks")) " up to the latest list, "
                        @if let Some(last) = strip.days.last() { (date(last.snapshot_date, DATE)) }
                    }
                    " · " a href=(LISTS) { "Calendar" }
                }
                (legend(strip.days.iter().map(|day| day.state)))
            }
            div.day-strip { (bars(strip, &sentence)) }
            (summary(strip, &sentence))
        }
    }
}

/// A sentence, with a table if there is a day to explain. Narrow screens get those of the later half.
fn summary(strip: &RecentDays, sentence: &str) -> Markup {
    let later = strip.last_13_weeks();
    let later_sentence = self::sentence(later, strip.end_today);
    let has_table = |days: &[Day]| days.iter().any(|day| is_in_table(day.state));
    let table = |summary| disclosure(summary, "Days without a good list", table(strip));
    html! {
        @if !has_table(&strip.days) {
            p.all-well { (by_width(sentence, &later_sentence)) }
        } @else if has_table(later) {
            (table(by_width(sentence, &later_sentence)))
        } @else {
            div.on-wide-screens { (table(html! { (sentence) })) }
            p.all-well.on-narrow-screens { (later_sentence) }
        }
    }
}

/// As in `176 of the last 182 days kept, 2 of them degraded; 5 missed, 1 failed`. Days in no state are not counted.
fn sentence(days: &[Day], end_today: bool) -> String {
    use DayState::{Empty, Failed, Missed, Waiting};
    let counts = Counts::of(days.iter().map(|day| day.state));
    let (kept, all) = (counts.kept(), counts.all());
    // Uncounted days before the first list do not interrupt the last days, but deleted lists do.
    let mut counted = days.iter().skip_while(|day| day.state == DayState::None);
    let are_last = end_today && counted.all(|day| day.state != DayState::None);
    let mut sentence = match all {
        1 => format!("{kept} of 1 day kept"),
        _ if are_last => format!("{kept} of the last {all} days kept"),
        _ => format!("{kept} of {all} days kept"),
    };
    match counts.get(DayState::Degraded) {
        0 => {}
        degraded => sentence += &format!(", {degraded} of them degraded"),
    }
    let lost: Vec<String> = [Missed, Failed, Empty, Waiting]
        .into_iter()
        .filter(|state| counts.get(*state) > 0)
        .map(|state| format!("{} {}", counts.get(state), state.word()))
        .collect();
    if !lost.is_empty() {
        sentence += &format!("; {}", lost.join(", "));
    }
    sentence
}

/// Two texts, of which the style sheet shows one.
fn by_width(wide: &str, narrow: &str) -> Markup {
    html! {
        span.on-wide-screens { (wide) }
        span.on-narrow-screens { (narrow) }
    }
}

fn bars(strip: &RecentDays, label: &str) -> Markup {
    let width = percent_of_width(BAR_SHARE, RecentDays::LENGTH as f64);
    html! {
        svg role="img" aria-label=(label) width="100%" height="58" {
            @for (position, day) in strip.days.iter().enumerate() {
                @let x = percent_of_width(position as f64, RecentDays::LENGTH as f64);
                (bar(day.state, &x, &width, BAR_HEIGHT))
                @if day.snapshot_date.day() == 1 { (first_of_month(day, &x, position)) }
            }
            @if let Some(last) = strip.days.last() {
                text.latest-day x="100%" y="54" {
                    @if strip.end_today { "today" } @else { (last.snapshot_date.format(DATE)) }
                }
            }
        }
    }
}

/// A tick and the name of the month. The name is left out where it would touch the label at the end or, on narrow
/// screens, the cut.
fn first_of_month(day: &Day, x: &str, position: usize) -> Markup {
    let days_to_end = RecentDays::LENGTH - position;
    let half = RecentDays::LENGTH / 2;
    let hidden = match days_to_end {
        ..30 => Some("near-the-end"),
        _ if (half..half + 9).contains(&days_to_end) => Some("at-the-half"),
        _ => None,
    };
    html! {
        line.tick x1=(x) x2=(x) y1="34" y2="40" {}
        @if days_to_end > 16 {
            text class=[hidden] x=(x) y="54" { (day.snapshot_date.format("%b")) }
        }
    }
}

/// The latest day first.
fn table(strip: &RecentDays) -> Markup {
    let half = strip.days.len() / 2;
    let rows = strip.days.iter().enumerate().rev();
    html! {
        table {
            thead { tr { th scope="col" { "Day" } th scope="col" { "Outcome" } th scope="col" { "Reason" } } }
            tbody {
                @for (position, day) in rows.filter(|(_, day)| is_in_table(day.state)) {
                    tr.on-wide-screens[position < half] {
                        th scope="row" { (date(day.snapshot_date, WEEKDAY_AND_DATE)) }
                        td { (day.state.word()) }
                        td { bdi { (day.reason.as_deref().unwrap_or(usual_reason(day.state))) } }
                    }
                }
            }
        }
    }
}

fn is_in_table(state: DayState) -> bool {
    use DayState::{Kept, None, Same, Waiting};
    !matches!(state, Kept | Same | Waiting | None)
}
