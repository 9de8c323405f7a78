//! The head of the page, and the four figures.

use super::name;
use crate::features::artists::presence::{Overview, Presence, RangeSummary, TrackPlace};
use crate::features::snapshots::page::range_name;
use crate::features::tracks::page::{open_in_spotify, title};
use crate::html::components::{DATE, LONG_DATE, card, count, counted, cover, date};
use crate::html::controls::address;
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use maud::{Markup, html};

/// Covers in the mosaic.
const COVERS: usize = 4;
/// Ranks that a card names.
const RANKS: usize = 3;

pub fn head(view: &Overview) -> Markup {
    let key = &view.artist.artist_key;
    let is_id = !key.starts_with("name:");
    let url = is_id.then(|| format!("https://open.spotify.com{}", address(&["artist", key])));
    html! {
        header.artist-head {
            (mosaic(view))
            div {
                h1 { bdi { (name(view)) } }
                (sentence(view))
                (open_in_spotify(url.as_deref()))
            }
        }
    }
}

fn mosaic(view: &Overview) -> Markup {
    let mut covers: Vec<&str> = Vec::new();
    for cover in view
        .albums
        .iter()
        .filter_map(|album| album.cover_url.as_deref())
    {
        if covers.len() < COVERS && !covers.contains(&cover) {
            covers.push(cover);
        }
    }
    html! {
        div.mosaic.single[covers.len() < 2] aria-hidden="true" {
            @if covers.is_empty() { (cover(None)) }
            @for url in covers { (cover(Some(url))) }
        }
    }
}

fn sentence(view: &Overview) -> Markup {
    let tracks = counted(view.track_count as i64, "track");
    let albums = view.albums.len() as i64;
    html! {
        p {
            (tracks)
            @if albums > 0 { " on " (counted(albums, "album")) }
            @if let Some(first) = view.artist.first_seen_date {
                ", in your lists since " (date(first, LONG_DATE)) "."
            } @else {
                ", never on a list that was kept."
            }
        }
    }
}

pub fn cards(view: &Overview) -> Markup {
    let presence = &view.presence;
    let summary = &view.ranges[presence.time_range as usize];
    html! {
        dl.cards {
            (now(presence))
            (best(presence))
            (days(summary, presence.time_range))
            @if let Some(debut) = &view.debut { (first_seen(debut)) }
        }
    }
}

fn words(time_range: TimeRange) -> String {
    range_name(time_range).to_lowercase()
}

fn now(presence: &Presence) -> Markup {
    let tracks = presence.now.len() as i64;
    let noun = if tracks == 1 { " track" } else { " tracks" };
    card(
        "Now",
        html! { (count(tracks)) span.unit { (noun) } },
        html! {
            @if let Some(ranks) = ranks(&presence.now) { "at " (ranks) ", " (words(presence.time_range)) }
            @else if let Some(last) = presence.last_seen_date {
                "last on " (date(last, DATE)) ", " (words(presence.time_range))
            }
            @else { "never on the " (words(presence.time_range)) " list" }
        },
    )
}

/// As in `1, 4 and 20` or `1, 4, 20 and 2 more`.
fn ranks(ranks: &[i32]) -> Option<String> {
    let text = |ranks: &[i32]| {
        let texts: Vec<_> = ranks.iter().map(i32::to_string).collect();
        texts.join(", ")
    };
    let (last, others) = ranks.split_last()?;
    Some(match others {
        [] => last.to_string(),
        others if ranks.len() <= RANKS => format!("{} and {last}", text(others)),
        _ => format!("{} and {} more", text(&ranks[..RANKS]), ranks.len() - RANKS),
    })
}

fn best(presence: &Presence) -> Markup {
    let Some(best) = &presence.best else {
        return card("Best rank", html! { "–" }, html! { "never on this list" });
    };
    card(
        "Best rank",
        html! { span.unit { "#" } (best.rank) },
        html! { (title(&best.name)) ", on " (date(best.day, DATE)) },
    )
}

fn days(summary: &RangeSummary, time_range: TimeRange) -> Markup {
    card(
        "Days on the list",
        html! { (count(summary.day_count)) },
        html! { "of " (count(summary.list_count)) " kept, " (words(time_range)) },
    )
}

fn first_seen(debut: &TrackPlace) -> Markup {
    card(
        "First seen",
        day_and_year(debut.day),
        html! {
            (title(&debut.name)) ", at " (debut.rank)
            @if debut.time_range != TimeRange::ShortTerm { ", " (words(debut.time_range)) }
        },
    )
}

fn day_and_year(day: NaiveDate) -> Markup {
    html! {
        time datetime=(day.format("%Y-%m-%d")) {
            (day.format("%-d %b")) span.unit { " " (day.format("%Y")) }
        }
    }
}
