//! How long a track stays: the Kaplan–Meier estimate as a curve of steps.

use super::View;
use crate::features::evolution::answer::Evolution;
use crate::html::components::{
    count, counted, disclosure, nothing_yet, percent_of_width, section_head,
};
use maud::{Markup, html};
use std::fmt::Write;

const HEIGHT: f64 = 232.0;
/// Lengths in days that may end the axis. A quarter of each is a whole number.
const ENDS: [i64; 14] = [4, 8, 12, 20, 40, 60, 80, 120, 200, 240, 360, 480, 720, 1000];
/// The curve ends where at most this share goes on.
const SHOWN: f64 = 0.03;
/// Lengths in days in the table.
const ROWS: [i64; 11] = [1, 3, 7, 14, 30, 60, 90, 120, 180, 365, 730];

pub fn survival(view: &View) -> Markup {
    let evolution = view.evolution;
    let ended_count = evolution.stay_count - evolution.ongoing_stay_count;
    html! {
        section aria-labelledby="half-life" {
            (section_head("half-life", "How long a track stays", html! {
                (counted(ended_count, "stay")) " ended, " (count(evolution.ongoing_stay_count)) " go on"
            }))
            @if evolution.survival.is_empty() {
                (nothing_yet("No stay has ended yet. That needs at least two lists."))
            } @else {
                p.finding { (finding(evolution)) }
                div.stay-curve { (curve(evolution)) }
                (disclosure(html! { "Numbers" }, "How long a stay lasts", table(evolution)))
            }
        }
    }
}

/// As in `Half of the stays have ended by day 22; 17 % last longer than 60 days.`
fn finding(evolution: &Evolution) -> String {
    let end = end(evolution);
    let later = format!(
        "{:.0} % last longer than {}",
        100.0 * share_after(evolution, end / 2),
        counted(end / 2, "day")
    );
    match evolution.half_life_days {
        Some(days) => format!(
            "Half of the stays have ended by day {}; {later}.",
            count(days)
        ),
        None => format!("More than half of the stays go on; {later}."),
    }
}

/// The estimated share of stays that last longer than a number of days.
fn share_after(evolution: &Evolution, days: i64) -> f64 {
    let steps = &evolution.survival;
    let passed = steps.partition_point(|step| step.day_count <= days);
    passed.checked_sub(1).map_or(1.0, |last| steps[last].share)
}

/// The end of the axis: beyond the half-life, and where few stays go on or the last one has ended.
fn end(evolution: &Evolution) -> i64 {
    let few = evolution.survival.iter().find(|step| step.share <= SHOWN);
    let last = few.or(evolution.survival.last());
    let days = last.map_or(0, |step| step.day_count);
    let end = ENDS.into_iter().find(|end| days <= *end);
    end.unwrap_or_else(|| (days + 399) / 400 * 400)
}

fn curve(evolution: &Evolution) -> Markup {
    let end = end(evolution);
    let half = HEIGHT / 2.0;
    let found = evolution
        .half_life_days
        .map(|days| (days, percent_of_width(days as f64, end as f64)));
    let label = format!(
        "Share of stays that last longer than a number of days. {} The numbers are in the table below.",
        finding(evolution)
    );
    html! {
        svg role="img" aria-label=(label) width="100%" height="258" {
            line.grid x1="0" x2="100%" y1="0.5" y2="0.5" {}
            line.grid x1="0" x2="100%" y1=(half) y2=(half) {}
            @if let Some((_, x)) = &found { line.half x1=(x) x2=(x) y1=(half) y2=(HEIGHT) {} }
            svg width="100%" height=(HEIGHT) viewBox={ "0 0 " (end) " 100" } preserveAspectRatio="none" {
                path d=(steps(evolution, end)) {}
            }
            line.ground x1="0" x2="100%" y1=(HEIGHT) y2=(HEIGHT) {}
            text.y x="100%" y="16" { "all " (counted(evolution.stay_count, "stay")) }
            text.y x="100%" y=(half - 7.0) { "half of them" }
            @if let Some((days, x)) = &found {
                svg x=(x) y=(half) overflow="visible" {
                    circle r="4" {}
                    text.found x="8" y="-9" { (counted(*days, "day")) }
                }
            }
            @for quarter in 0..=4 { (tick(end * quarter / 4, end)) }
        }
    }
}

fn steps(evolution: &Evolution, end: i64) -> String {
    let mut path = String::from("M0 0");
    for step in evolution
        .survival
        .iter()
        .take_while(|step| step.day_count <= end)
    {
        let _ = write!(
            path,
            "H{}V{:.2}",
            step.day_count,
            100.0 * (1.0 - step.share)
        );
    }
    let _ = write!(path, "H{end}");
    path
}

fn tick(days: i64, end: i64) -> Markup {
    let x = percent_of_width(days as f64, end as f64);
    let (class, name) = match days {
        0 => (Some("first"), "0 days".to_owned()),
        days => ((days == end).then_some("last"), count(days)),
    };
    html! {
        line.tick x1=(x) x2=(x) y1=(HEIGHT) y2=(HEIGHT + 6.0) {}
        text class=[class] x=(x) y="252" { (name) }
    }
}

fn table(evolution: &Evolution) -> Markup {
    let last = evolution.survival.last().map_or(0, |step| step.day_count);
    html! {
        table {
            thead { tr { th scope="col" { "Longer than" } th.number scope="col" { "Stays still on" } } }
            tbody {
                @for days in ROWS.into_iter().filter(|days| *days == 1 || *days <= last) {
                    tr {
                        th scope="row" { (counted(days, "day")) }
                        td.number { (format!("{:.1} %", 100.0 * share_after(evolution, days))) }
                    }
                }
            }
        }
    }
}
