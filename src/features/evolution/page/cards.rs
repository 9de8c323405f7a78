//! The four figures.

use super::View;
use crate::html::components::{DATE, card, count, counted, date, quantity};
use maud::{Markup, html};

pub fn cards(view: &View) -> Markup {
    html! {
        div.panel {
            dl.cards {
                (turnover(view))
                (card(
                    "First seen",
                    html! { (count(view.findings.discovery_count)) },
                    html! { "tracks that no list had before" },
                ))
                (artists(view))
                (half_life(view))
            }
        }
    }
}

fn turnover(view: &View) -> Markup {
    let Some(turnover) = &view.findings.turnover else {
        return card("Turnover", html! { "–" }, html! { "Needs two lists" });
    };
    let usual = turnover.usual;
    let percent = 100.0 * usual.newcomer_count as f64 / usual.track_count as f64;
    let each = match view.findings.is_daily() {
        true => "day",
        false => "list",
    };
    let list_count = view.evolution.turnover.len() as i64;
    card(
        "Turnover",
        html! { (format!("{percent:.0}")) span.unit { " % a " (each) } },
        html! {
            (count(usual.newcomer_count)) " of " (count(usual.track_count))
            @if list_count > 1 { ", median of " (counted(list_count, "list")) }
        },
    )
}

fn artists(view: &View) -> Markup {
    card(
        "Artists",
        html! { (count(view.evolution.artist_count)) },
        html! {
            @if let Some(months) = &view.findings.diversity { "about " (count(months.usual.count)) " in a month" }
        },
    )
}

fn half_life(view: &View) -> Markup {
    let stays = counted(view.evolution.stay_count, "stay");
    let since = html! {
        @if let Some(first) = view.evolution.first_snapshot_date { " since " (date(first, DATE)) }
    };
    match view.evolution.half_life_days {
        Some(days) => card(
            "Half-life",
            quantity(days, "day"),
            html! { "of " (stays) (since) },
        ),
        None => card(
            "Half-life",
            html! { "–" },
            html! { "Not yet reached by " (stays) (since) },
        ),
    }
}
