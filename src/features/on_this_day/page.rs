//! A section of the dashboard: the tops of the lists of the same day in earlier years.

use super::query::{OnThisDay, ThenAndNow, YearAgo};
use crate::features::snapshots::page::{list_address, range_name};
use crate::features::tracks::page::{artist_name, track_name};
use crate::html::components::{DATE, WEEKDAY_AND_DATE, count, cover, date, section_head};
use entity::snapshot::TimeRange;
use maud::{Markup, html};

/// No section if no earlier year has a list.
pub fn on_this_day(answer: &OnThisDay, time_range: TimeRange, top: u64) -> Markup {
    html! {
        @if !answer.items.is_empty() {
            section.on-this-day aria-labelledby="on-this-day" {
                (section_head("on-this-day", "On this day", html! { (range_name(time_range)) ", top " (top) }))
                @for year in &answer.items { (year_ago(year, time_range)) }
            }
        }
    }
}

fn year_ago(year: &YearAgo, time_range: TimeRange) -> Markup {
    let ending = if year.years_ago == 1 { "" } else { "s" };
    html! {
        div.year-ago {
            header {
                h3 { (year.years_ago) " year" (ending) " ago" }
                a href=(list_address(year.snapshot_date, time_range)) { (date(year.snapshot_date, WEEKDAY_AND_DATE)) }
            }
            @if year.snapshot_date != year.asked_date {
                p { "No list was kept on " (date(year.asked_date, DATE)) ". This is " (days_off(year)) "." }
            }
            ol.ranking role="list" { @for track in &year.items { (then_and_now(track)) } }
        }
    }
}

/// As in `the day before` or `2 days after`.
fn days_off(year: &YearAgo) -> String {
    let days = (year.snapshot_date - year.asked_date).num_days();
    let side = if days < 0 { "before" } else { "after" };
    match days.abs() {
        1 => format!("the day {side}"),
        days => format!("{} days {side}", count(days)),
    }
}

fn then_and_now(track: &ThenAndNow) -> Markup {
    let then = &track.then;
    html! {
        li.then-and-now {
            span.rank { (then.rank) }
            (cover(then.cover_url.as_deref()))
            div.track {
                (track_name(&then.track))
                (artist_name(&then.track))
            }
            span.now { @match track.current_rank { Some(rank) => { "now " (rank) }, None => "gone" } }
        }
    }
}
