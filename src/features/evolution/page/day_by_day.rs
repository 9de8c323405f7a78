//! Three strips of bars on one time axis, one bar a list: turnover, first seen and drift.

use super::View;
use super::axis::Axis;
use crate::features::changes::drift::Drift;
use crate::features::evolution::answer::{ListDiscoveries, ListTurnover};
use crate::features::evolution::findings::{DiscoveriesFinding, DriftFinding, TurnoverFinding};
use crate::features::snapshots::page::list_address;
use crate::html::components::{
    DATE, WEEKDAY_AND_DATE, count, counted, date, disclosure, nothing_yet, section_head,
};
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use maud::{Markup, html};
use std::fmt::Write;

const HEIGHT: i64 = 64;
/// Above this many days a bar is thinner than a pixel, so it gets an edge.
const MANY_DAYS: i64 = 500;

pub fn day_by_day(view: &View) -> Markup {
    let days = view.evolution.from.zip(view.evolution.as_of);
    let Some(axis) = days.map(|(first, last)| Axis { first, last }) else {
        return html! {};
    };
    let gap_count = view.findings.gap_count;
    html! {
        section.day-by-day aria-labelledby="days" {
            (section_head("days", "Day by day", html! {
                @if gap_count > 0 { span.no-list-key { (counted(gap_count, "day")) " without a list" } }
                @else { "Every day kept" }
            }))
            ul.day-by-day.many-days[axis.day_count() > MANY_DAYS] {
                (turnover(view, axis))
                (discoveries(view, axis))
                (drift(view, axis))
                li.axis-of-days aria-hidden="true" {
                    div.says {}
                    div.strip { svg width="100%" height="26" { (axis.ticks(0)) } svg.scale width="34" height="26" {} }
                }
            }
            (disclosure(html! { "Numbers" }, "Turnover, first seen and drift of each list", table(view)))
        }
    }
}

/// A strip: its name and finding, the bars, and the scale.
fn strip(name: &str, finding: Markup, bars: Markup, [top, bottom]: [String; 2]) -> Markup {
    html! {
        li {
            div.says { h3 { (name) } p { (finding) } }
            div.strip {
                (bars)
                svg.scale aria-hidden="true" width="34" height=(HEIGHT) {
                    text x="100%" y="12" { (top) }
                    text x="100%" y=(HEIGHT - 1) { (bottom) }
                }
            }
        }
    }
}

/// Paths of bars, each with its class, on the days without a list. The ground is at a height in percent.
fn drawing(view: &View, axis: Axis, ground: i64, paths: &[(&str, String)]) -> Markup {
    let ground = if ground == 0 { "0.5" } else { "63.5" };
    html! {
        svg aria-hidden="true" width="100%" height=(HEIGHT) {
            svg width="100%" height=(HEIGHT) viewBox={ "0 0 " (axis.day_count()) " 100" } preserveAspectRatio="none" {
                path.no-list d=(gaps(&view.evolution.discoveries, axis)) {}
                @for (class, path) in paths { path class=(class) d=(path) {} }
            }
            line.ground x1="0" x2="100%" y1=(ground) y2=(ground) {}
        }
    }
}

/// The days without a list.
fn gaps(lists: &[ListDiscoveries], axis: Axis) -> String {
    let mut path = String::new();
    let mut next = 0;
    let days = lists.iter().map(|list| axis.offset(list.snapshot_date));
    for day in days.chain([axis.day_count()]) {
        let gap = day - next;
        if gap > 0 {
            let _ = write!(path, "M{next} 0h{gap}v100h-{gap}z");
        }
        next = day + 1;
    }
    path
}

/// One bar a list, from the ground to a height, both in percent from the top. Bars without height are left out.
fn bars(axis: Axis, ground: i64, heights: impl Iterator<Item = (NaiveDate, f64)>) -> String {
    let mut path = String::new();
    for (day, height) in heights {
        let day = axis.offset(day);
        let height = (height * 100.0).round() / 100.0;
        if height != ground as f64 {
            let _ = write!(path, "M{day} {ground}V{height}h1V{ground}z");
        }
    }
    path
}

/// The distance from the top of a count, in percent of the greatest. A greater count is cut.
fn down_to(count: i64, greatest: i64) -> f64 {
    100.0 - 100.0 * count.min(greatest) as f64 / greatest as f64
}

fn turnover(view: &View, axis: Axis) -> Markup {
    let Some(finding) = &view.findings.turnover else {
        return needs_two_lists("Turnover");
    };
    let greatest = finding.most.newcomer_count.max(1);
    let path = |count: fn(&ListTurnover) -> i64| {
        let rows = view.evolution.turnover.iter();
        let heights = rows.map(|row| (row.snapshot_date, down_to(count(row), greatest)));
        bars(axis, 100, heights)
    };
    let mut paths = vec![("bars", path(|row| row.newcomer_count))];
    if finding.any_tied {
        let above_ties = path(|row| row.newcomer_count_above_ties);
        paths.push(("bars above-ties", above_ties));
    }
    strip(
        "Turnover",
        turnover_finding(finding, view.evolution.turnover.len() as i64),
        drawing(view, axis, 100, &paths),
        [count(greatest), "0".to_owned()],
    )
}

fn turnover_finding(finding: &TurnoverFinding, list_count: i64) -> Markup {
    let TurnoverFinding { usual, most, .. } = finding;
    html! {
        "Tracks that were not there on the list before. Usually " (count(usual.newcomer_count)) " of "
        (count(usual.track_count)) ", most " (count(most.newcomer_count)) ", on " (date(most.snapshot_date, DATE))
        "; on " (count(finding.none_count)) " of " (counted(list_count, "list")) " none. "
        @match finding.usual_above_ties {
            Some(usual) if finding.any_tied => {
                "Stronger colour: above the ties, usually " (count(usual.newcomer_count_above_ties)) " of "
                (count(usual.track_count_above_ties)) "."
            },
            Some(_) => {},
            None => "All tied.",
        }
    }
}

fn discoveries(view: &View, axis: Axis) -> Markup {
    let Some(finding) = &view.findings.discoveries else {
        return html! {};
    };
    let greatest = finding.most.track_count.max(1);
    let rows = view.evolution.discoveries.iter();
    let heights = rows.map(|row| (row.snapshot_date, down_to(row.track_count, greatest)));
    strip(
        "First seen",
        discoveries_finding(finding, view.evolution.list_count),
        drawing(view, axis, 100, &[("bars", bars(axis, 100, heights))]),
        [count(greatest), "0".to_owned()],
    )
}

fn discoveries_finding(finding: &DiscoveriesFinding, list_count: i64) -> Markup {
    let DiscoveriesFinding { first, most, .. } = finding;
    html! {
        "Tracks that no list of any range had before. "
        @match first {
            Some(first) if first.track_count > most.track_count => {
                (count(first.track_count)) " on the first list, whose bar is cut; then most "
            },
            _ => "Most ",
        }
        (count(most.track_count)) ", on " (date(most.snapshot_date, DATE)) "; on "
        (count(finding.none_count)) " of " (counted(list_count, "list")) " none."
    }
}

fn drift(view: &View, axis: Axis) -> Markup {
    let Some(finding) = &view.findings.drift else {
        return needs_two_lists("Drift");
    };
    let DriftFinding { usual, lowest } = finding;
    // The next tenth below, so that the lowest bar does not touch the end.
    let bottom = ((lowest.drift.rank_biased_overlap * 10.0).ceil() - 1.0).max(0.0) / 10.0;
    let rows = view.evolution.drift.iter();
    let heights = rows.map(|row| {
        let overlap = row.drift.rank_biased_overlap;
        (row.snapshot_date, 100.0 * (1.0 - overlap) / (1.0 - bottom))
    });
    let text = html! {
        "Overlap with the list before; 1 is the same list. Usually " (decimals(usual.drift.rank_biased_overlap, 2))
        ", lowest " (decimals(lowest.drift.rank_biased_overlap, 2)) ", on " (date(lowest.snapshot_date, DATE)) "."
    };
    strip(
        "Drift",
        text,
        drawing(view, axis, 0, &[("bars", bars(axis, 0, heights))]),
        ["1.0".to_owned(), decimals(bottom, 1)],
    )
}

fn decimals(number: f64, places: usize) -> String {
    format!("{number:.places$}")
}

fn needs_two_lists(name: &str) -> Markup {
    html! {
        li { div.says { h3 { (name) } } (nothing_yet("Needs two lists.")) }
    }
}

/// The latest list first. The first list of the range has no list before it.
fn table(view: &View) -> Markup {
    let evolution = view.evolution;
    let turnover = evolution.turnover.iter().rev().map(Some);
    let drift = evolution.drift.iter().rev().map(|row| Some(row.drift));
    let compared = turnover.zip(drift).chain([(None, None)]);
    html! {
        table {
            thead {
                tr {
                    th scope="col" { "Day" }
                    th.number scope="col" { "Not there before" } th.number scope="col" { "Above the ties" }
                    th.number scope="col" { "First seen" } th.number scope="col" { "Overlap" }
                    th.number scope="col" { "Kendall distance" }
                }
            }
            tbody {
                @for (list, (turnover, drift)) in evolution.discoveries.iter().rev().zip(compared) {
                    (row(view.time_range, list, turnover, drift))
                }
            }
        }
    }
}

fn row(
    time_range: TimeRange,
    list: &ListDiscoveries,
    turnover: Option<&ListTurnover>,
    drift: Option<Drift>,
) -> Markup {
    let day = list.snapshot_date;
    html! {
        tr {
            th scope="row" { a href=(list_address(day, time_range)) { (date(day, WEEKDAY_AND_DATE)) } }
            @if let Some(turnover) = turnover {
                td.number { (out_of(turnover.newcomer_count, turnover.track_count)) }
                td.number {
                    @if turnover.track_count_above_ties == 0 { "all tied" }
                    @else { (out_of(turnover.newcomer_count_above_ties, turnover.track_count_above_ties)) }
                }
            } @else { td.number { "–" } td.number { "–" } }
            td.number { (count(list.track_count)) }
            @if let Some(drift) = drift {
                td.number { (decimals(drift.rank_biased_overlap, 3)) }
                td.number { (decimals(drift.kendall_distance, 3)) }
            } @else { td.number { "–" } td.number { "–" } }
        }
    }
}

fn out_of(part: i64, whole: i64) -> String {
    format!("{} of {}", count(part), count(whole))
}
