//! Bars of the tracks first seen and of the artists, by month.

use super::View;
use crate::features::evolution::findings::{MonthCount, MonthCounts};
use crate::html::components::{count, disclosure, percent_of_width, section_head};
use chrono::{Datelike, NaiveDate};
use maud::{Markup, html};

const HEIGHT: i64 = 194;
const GROUND: f64 = 168.0;
/// Of the highest bar. Its value stands above it.
const HIGHEST: f64 = 142.0;
/// With more months, the charts are below each other. Only the most and the fewest have their values at the bar, and only
/// Januaries their names.
const MANY_MONTHS: i64 = 14;

/// `March 2026`
const MONTH: &str = "%B %Y";

pub fn months(view: &View) -> Markup {
    let findings = &view.findings;
    let (Some(growth), Some(diversity)) = (&findings.growth, &findings.diversity) else {
        return html! {};
    };
    let any_part = growth.months.iter().any(|month| !month.is_whole);
    html! {
        section.month-by-month aria-labelledby="months" {
            (section_head("months", "Month by month", html! { @if any_part { "Hollow: part of a month" } }))
            div.pair.many-months[month_count(growth) > MANY_MONTHS] {
                (figure("growth", "First seen", "Tracks first seen", growth))
                (figure("artists", "Artists", "Artists on the lists", diversity))
            }
            (disclosure(html! { "Numbers" }, "Tracks first seen and artists by month", table(view, growth, diversity)))
        }
    }
}

fn figure(class: &str, title: &str, counts: &str, months: &MonthCounts) -> Markup {
    let MonthCounts { most, fewest, .. } = months;
    let label = format!(
        "{counts}, by month. Most in {}: {}. The numbers are in the table below.",
        most.month.format(MONTH),
        count(most.count)
    );
    html! {
        figure {
            figcaption {
                h3 { (title) }
                p {
                    "Most in " (most.month.format(MONTH)) ", " (count(most.count))
                    @if fewest.month != most.month { "; fewest in " (fewest.month.format(MONTH)) ", " (count(fewest.count)) }
                    "."
                }
            }
            svg.months.(class) role="img" aria-label=(label) width="100%" height=(HEIGHT) { (bars(months)) }
        }
    }
}

/// Months without lists leave a gap.
fn bars(months: &MonthCounts) -> Markup {
    let greatest = months.months.iter().map(|month| month.count).max();
    let highest = greatest.unwrap_or(0).max(1) as f64;
    let slots = month_count(months) as f64;
    let first = months.months.first().map(|month| month.month);
    html! {
        @for month in &months.months {
            @let slot = first.map_or(0, |first| months_between(first, month.month));
            svg x=(percent_of_width(slot as f64, slots)) width=(percent_of_width(1.0, slots)) height=(HEIGHT) overflow="visible" {
                (bar(months, month, HIGHEST * month.count as f64 / highest))
            }
        }
        line.ground x1="0" x2="100%" y1=(GROUND) y2=(GROUND) {}
    }
}

fn bar(months: &MonthCounts, month: &MonthCount, height: f64) -> Markup {
    let are_many = month_count(months) > MANY_MONTHS;
    let has_value = !are_many || *month == months.most || *month == months.fewest;
    let class = if month.is_whole { "whole" } else { "part" };
    let top = format!("{:.1}", GROUND - height);
    html! {
        rect class=(class) x="12%" width="76%" y=(top) height=(format!("{height:.1}")) {}
        @if has_value { text.value x="50%" y=(format!("{:.1}", GROUND - height - 6.0)) { (count(month.count)) } }
        @if !are_many {
            text.month x="50%" y="186" {
                tspan.on-wide-screens { (month.month.format("%b")) }
                tspan.on-narrow-screens { (month.month.format("%b").to_string().get(..1).unwrap_or_default()) }
            }
        } @else if month.month.month() == 1 {
            text.month x="50%" y="186" { (month.month.year()) }
        }
    }
}

/// From the first month to the last one, with those without lists.
fn month_count(months: &MonthCounts) -> i64 {
    let ends = months.months.first().zip(months.months.last());
    ends.map_or(0, |(first, last)| {
        months_between(first.month, last.month) + 1
    })
}

fn months_between(first: NaiveDate, other: NaiveDate) -> i64 {
    let number = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    number(other) - number(first)
}

fn table(view: &View, growth: &MonthCounts, diversity: &MonthCounts) -> Markup {
    html! {
        table {
            thead {
                tr { th scope="col" { "Month" } th.number scope="col" { "First seen" } th.number scope="col" { "Artists" } }
            }
            tbody {
                @for (growth, diversity) in growth.months.iter().zip(&diversity.months) {
                    tr {
                        th scope="row" { (growth.month.format(MONTH)) (part(view, growth)) }
                        td.number { (count(growth.count)) }
                        td.number { (count(diversity.count)) }
                    }
                }
            }
            tfoot {
                tr {
                    th scope="row" { "All months" }
                    td.number { (count(view.findings.discovery_count)) }
                    td.number { (count(view.evolution.artist_count)) }
                }
            }
        }
    }
}

/// Which days of the month are reported, if not all are.
fn part(view: &View, month: &MonthCount) -> Markup {
    let is_in = |day: &NaiveDate| months_between(*day, month.month) == 0;
    let from = view
        .evolution
        .from
        .filter(|day| is_in(day) && day.day() > 1);
    let to = view.evolution.as_of.filter(is_in);
    html! {
        @if !month.is_whole {
            span.apart {
                @if let Some(from) = from { " from the " (ordinal(from.day())) }
                @if let Some(to) = to { " to the " (ordinal(to.day())) }
            }
        }
    }
}

/// `1st`, `22nd`
fn ordinal(day: u32) -> String {
    let ending = match (day % 10, day) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{day}{ending}")
}
