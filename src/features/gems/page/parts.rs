//! What the three pages share: the head, the tabs, the day form, and the links at the end.

use super::{Kind, View};
use crate::features::gems::query::{LONGEST_ABSENCE_DAYS, SHORTEST_ABSENCE_DAYS};
use crate::features::snapshots::page::range_name;
use crate::html::components::{self, DATE, WEEKDAY_AND_DATE, count, date, notice};
use crate::html::controls::{Tab, date_field, tabs};
use chrono::{Days, NaiveDate};
use entity::snapshot::TimeRange;
use maud::{Markup, html};

pub fn page_head(kind: Kind, view: &View) -> Markup {
    html! {
        header.page-head {
            div {
                h1 { (kind.name()) }
                p {
                    @match kind {
                        Kind::Gems => (time_of_gems(view)),
                        Kind::Discoveries => (on_the_list(view, ", and on no list before.")),
                        Kind::Rotation => (on_the_list(view, ".")),
                    }
                }
            }
        }
    }
}

fn time_of_gems(view: &View) -> Markup {
    html! {
        @if let Some(as_of) = view.gems.as_of {
            "On the " (range_words(view.time_range)) " list between "
            (date(as_of - Days::new(LONGEST_ABSENCE_DAYS), DATE)) " and "
            (date(as_of - Days::new(SHORTEST_ABSENCE_DAYS), DATE)) ", and not once since."
        }
    }
}

fn on_the_list(view: &View, ending: &str) -> Markup {
    html! {
        @if let Some(day) = view.rotation.snapshot_date {
            "On the " (range_words(view.time_range)) " list of " (date(day, WEEKDAY_AND_DATE)) (ending)
        }
    }
}

pub fn range_words(time_range: TimeRange) -> String {
    range_name(time_range).to_lowercase()
}

pub fn controls(kind: Kind, view: &View) -> Markup {
    let counts = [
        view.gems.track_count,
        view.discoveries.track_count,
        view.rotation.track_count,
    ]
    .map(count);
    let kinds = Kind::ALL.into_iter().zip(&counts);
    let kinds: Vec<_> = kinds
        .map(|(other, count)| Tab {
            name: other.name(),
            note: count,
            href: address(other.path(), view.time_range, view.asked),
            is_current: other == kind,
        })
        .collect();
    html! {
        div.controls {
            (tabs("Kinds", &kinds))
            form.choose-day action=(kind.path()) {
                input type="hidden" name="time_range" value=(view.time_range.word());
                (date_field("as_of", html! { "As of" }, view.gems.as_of, view.span))
                button.button { "Go" }
            }
        }
    }
}

/// As in `The short term list; also medium term · long term`.
pub fn ranges(kind: Kind, view: &View) -> Markup {
    let others = TimeRange::ALL
        .into_iter()
        .filter(|range| *range != view.time_range);
    html! {
        p.presets {
            "The " (range_words(view.time_range)) " list; also "
            @for (position, range) in others.enumerate() {
                @if position > 0 { " " span aria-hidden="true" { "·" } " " }
                a href=(address(kind.path(), range, view.asked)) { (range_words(range)) }
            }
        }
    }
}

pub fn past(kind: Kind, view: &View) -> Markup {
    let (_, latest) = view.span;
    let past = view
        .asked
        .filter(|asked| latest.is_some_and(|latest| *asked < latest));
    html! {
        @if let Some(day) = past {
            (notice(html! {
                "As of " (date(day, DATE)) ". Later lists are left out. "
                a href=(address(kind.path(), view.time_range, None)) { "Latest" }
            }))
        }
    }
}

pub fn take_away(kind: Kind, view: &View) -> Markup {
    let answer = address(kind.operation(), view.time_range, view.asked);
    components::take_away(&[
        ("JSON", answer.clone()),
        ("CSV", format!("{answer}&format=csv")),
    ])
}

fn address(path: &str, time_range: TimeRange, as_of: Option<NaiveDate>) -> String {
    let address = format!("{path}?time_range={}", time_range.word());
    match as_of {
        Some(day) => format!("{address}&as_of={day}"),
        None => address,
    }
}
