//! The day strip: one bar a day, so that a day that was missed can be seen; and a table of the days that went wrong.
//!
//! Places are in percent and heights in pixels, so that bars stretch with the page while text keeps its size. Narrow
//! screens show the later half (`app.css`).

use chrono::Datelike;
use maud::{Markup, html};

use crate::dashboard::query::{DayOutcome, KeptDay, KeptDays};
use crate::web::components::{
    WEEKDAY_AND_DATE, WEEKDAY_AND_DAY, date, disclosure, percent_of_width,
};

/// The strip is never shorter than this: the days of a young library stand at its end.
const STRIP_DAYS: usize = 26 * 7;
const BAR_HEIGHT: f64 = 28.0;
const LEGEND_HEIGHT: f64 = 14.0;
/// A bar's share of the width that its day has.
const BAR_SHARE: f64 = 0.64;

pub fn kept_days(kept: &KeptDays) -> Markup {
    let sentence = sentence(&kept.days);
    let all_well = kept.days.iter().all(|day| is_well(&day.outcome));
    html! {
        section.kept-days aria-labelledby="kept-days" {
            header {
                h2 #kept-days { "Days kept" }
                p {
                    span.on-wide-screens { "last 26 weeks" }
                    span.on-narrow-screens { "last 13 weeks" }
                }
                (legend(&kept.days))
            }
            div.day-strip { (strip(&kept.days, &sentence)) }
            @if all_well {
                p.all-well { (sentence) }
            } @else {
                (disclosure(&sentence, "Days that went wrong", wrong_days(&kept.days)))
            }
        }
    }
}

/// `176 of the last 182 days kept, 2 of them degraded; 5 missed, 1 failed`
fn sentence(days: &[KeptDay]) -> String {
    let with = |outcome: &str| {
        days.iter()
            .filter(|day| word(&day.outcome) == outcome)
            .count()
    };
    let kept = with("kept") + with("unchanged") + with("degraded");
    let mut sentence = match days.len() {
        1 => format!("{kept} of 1 day kept"),
        all => format!("{kept} of the last {all} days kept"),
    };
    if with("degraded") > 0 {
        sentence += &format!(", {} of them degraded", with("degraded"));
    }
    let lost = ["missed", "failed", "empty"].map(|outcome| (outcome, with(outcome)));
    let lost = lost.iter().filter(|(_, days)| *days > 0);
    let lost: Vec<_> = lost
        .map(|(outcome, days)| format!("{days} {outcome}"))
        .collect();
    if !lost.is_empty() {
        sentence += &format!("; {}", lost.join(", "));
    }
    sentence
}

/// `empty` is rare and stands in the legend only when there is one.
fn legend(days: &[KeptDay]) -> Markup {
    use DayOutcome::{Degraded, Empty, Failed, Kept, Missed, Unchanged};
    let any_empty = days.iter().any(|day| matches!(day.outcome, Empty));
    html! {
        ul.legend {
            @for outcome in [Kept, Unchanged, Degraded, Failed, Empty, Missed] {
                @if any_empty || !matches!(outcome, Empty) {
                    li {
                        svg width="5" height="20" aria-hidden="true" { (mark(&outcome, "0", "5", LEGEND_HEIGHT)) }
                        (word(&outcome))
                    }
                }
            }
        }
    }
}

fn strip(days: &[KeptDay], label: &str) -> Markup {
    let places = days.len().max(STRIP_DAYS);
    let width = percent_of_width(BAR_SHARE, places as f64);
    let placed = (places - days.len()..).zip(days);
    html! {
        svg role="img" aria-label=(label) width="100%" height="58" {
            @for (place, day) in placed {
                @let x = percent_of_width(place as f64, places as f64);
                (mark(&day.outcome, &x, &width, BAR_HEIGHT))
                @if day.date.day() == 1 { (first_of_month(day, &x, place, places)) }
            }
            @if let Some(latest) = days.last() {
                text.latest-day x="100%" y="54" { (latest.date.format(WEEKDAY_AND_DAY)) }
            }
        }
    }
}

/// One day's bar on the ground line, `full` pixels high when a list was kept.
fn mark(outcome: &DayOutcome, x: &str, width: &str, full: f64) -> Markup {
    let height = match outcome {
        DayOutcome::Kept | DayOutcome::Degraded => full,
        DayOutcome::Unchanged => full / 2.0,
        DayOutcome::Failed | DayOutcome::Empty => 4.0,
        DayOutcome::Missed => 1.5,
    };
    html! {
        rect class=(word(outcome)) x=(x) y=(full - height) width=(width) height=(height) rx="0.75" {}
        @if matches!(outcome, DayOutcome::Degraded) {
            rect.degraded x=(x) y=(full + full / 8.0) width=(width) height=(full / 16.0 + 1.75) rx="0.75" {}
        }
    }
}

/// A tick and the month's name, which gives way to the name of the latest day and, on narrow screens, to the cut.
fn first_of_month(day: &KeptDay, x: &str, place: usize, places: usize) -> Markup {
    let days_to_end = places - place;
    let half = places / 2;
    let gives_way = match days_to_end {
        ..30 => Some("near-the-end"),
        _ if (half..half + 9).contains(&days_to_end) => Some("at-the-half"),
        _ => None,
    };
    html! {
        line.tick x1=(x) x2=(x) y1="34" y2="40" {}
        @if days_to_end > 16 {
            text class=[gives_way] x=(x) y="54" { (day.date.format("%b")) }
        }
    }
}

/// Newest first: the reader looks for what went wrong lately.
fn wrong_days(days: &[KeptDay]) -> Markup {
    html! {
        table {
            thead { tr { th scope="col" { "Day" } th scope="col" { "Outcome" } th scope="col" { "Reason" } } }
            tbody {
                @for day in days.iter().rev().filter(|day| !is_well(&day.outcome)) {
                    tr {
                        th scope="row" { (date(day.date, WEEKDAY_AND_DATE)) }
                        td { (word(&day.outcome)) }
                        td { bdi { (day.reason.as_deref().unwrap_or(usual_reason(&day.outcome))) } }
                    }
                }
            }
        }
    }
}

fn is_well(outcome: &DayOutcome) -> bool {
    matches!(outcome, DayOutcome::Kept | DayOutcome::Unchanged)
}

/// The ledger's word, which is also the class of the mark.
fn word(outcome: &DayOutcome) -> &'static str {
    match outcome {
        DayOutcome::Kept => "kept",
        DayOutcome::Unchanged => "unchanged",
        DayOutcome::Degraded => "degraded",
        DayOutcome::Empty => "empty",
        DayOutcome::Failed => "failed",
        DayOutcome::Missed => "missed",
    }
}

fn usual_reason(outcome: &DayOutcome) -> &'static str {
    match outcome {
        DayOutcome::Kept | DayOutcome::Unchanged => "",
        DayOutcome::Degraded => "ranks kept, albums were placeholders",
        DayOutcome::Empty => "Spotify sent an empty list",
        DayOutcome::Failed => "tried and did not succeed",
        DayOutcome::Missed => "nothing was tried",
    }
}
