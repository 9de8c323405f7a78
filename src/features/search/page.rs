//! The search as HTML: tracks on the left, artists and albums on the right.

use super::PATH;
use super::query::{self, Found, FoundAlbum, FoundArtist, FoundTrack};
use super::turns::Turns;
use crate::clock::Clock;
use crate::db::Database;
use crate::features::tracks::page::{
    artist_address, artist_link, artist_name, title, track_address, track_name,
};
use crate::html::components::{count, counted, cover, nothing_yet, section_head, take_away};
use crate::html::layout::{Layout, Page};
use maud::{Markup, html};
use poem::handler;
use poem::web::{Data, Query};
use serde::Deserialize;
use url::form_urlencoded;

/// How many of each are shown.
const SHOWN: usize = 50;
/// Characters of the text that count, as in the search field.
const LONGEST: usize = 200;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

#[handler]
pub async fn show(
    database: Data<&Database>,
    turns: Data<&Turns>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
    asked: Query<Asked>,
) -> poem::Result<Markup> {
    let text: String = asked.q.trim().chars().take(LONGEST).collect();
    let found = query::search(&database, &turns, clock.today(), &text, SHOWN).await?;
    let quoted = format!("“{text}”");
    let (title, content) = match (text.is_empty(), found.is_empty()) {
        (true, _) => ("Search", how_to_search()),
        (false, true) => (quoted.as_str(), nothing_found(&text, &found)),
        (false, false) => (quoted.as_str(), results(&text, &found)),
    };
    let page = Page {
        title,
        description: "Tracks, artists and albums by their names, with what your lists know of them",
        room: PATH,
        searched: &text,
        ..Page::default()
    };
    Ok(layout.page(page, html! { div.frame { (content) } }))
}

fn how_to_search() -> Markup {
    html! {
        div.nothing-found {
            h1 { "Search" }
            p.lead { "Type a word from the name of a track, an artist or an album." }
            ul {
                (three_letters())
                (no_difference())
            }
        }
    }
}

fn nothing_found(text: &str, found: &Found) -> Markup {
    html! {
        div.nothing-found {
            h1 { "Nothing for “" bdi { (text) } "”" }
            p.lead { "No track, artist or album has this in its name." }
            ul {
                (three_letters())
                (no_difference())
                li {
                    "Searched are the names of " (counted(found.searched_count, "track"))
                    " and of their artists and albums; nothing else in the payloads."
                }
            }
        }
    }
}

fn three_letters() -> Markup {
    html! {
        li { "Try fewer letters: three are enough to be found inside a name." }
    }
}

fn no_difference() -> Markup {
    html! {
        li {
            "Accents, case and full-width letters make no difference: " code { "bjork" } " finds Björk."
        }
    }
}

fn results(text: &str, found: &Found) -> Markup {
    html! {
        header.page-head {
            div {
                h1 { "“" bdi { (text) } "”" }
                p {
                    (counted(found.track_count, "track")) ", "
                    (counted(found.artist_count, "artist")) ", "
                    (counted(found.album_count, "album"))
                    ". Whole names first, then beginnings, then inner parts."
                }
            }
        }
        div.search-results {
            (tracks(&found.results.tracks, found.track_count))
            div {
                (artists(&found.results.artists, found.artist_count))
                (albums(&found.results.albums, found.album_count))
            }
        }
        (downloads(text))
    }
}

fn tracks(tracks: &[FoundTrack], track_count: i64) -> Markup {
    html! {
        section aria-labelledby="tracks" {
            (section_head("tracks", "Tracks", html! { "Best rank, days on a list" }))
            @if tracks.is_empty() { (nothing_yet("No track has this in its name.")) }
            ol.ranking role="list" {
                @for found in tracks { (track(found)) }
            }
            (rest(tracks.len(), track_count))
        }
    }
}

fn track(found: &FoundTrack) -> Markup {
    html! {
        li.found-track {
            (cover(found.cover_url.as_deref()))
            div.track {
                (track_name(&found.track))
                (artist_name(&found.track))
            }
            div.album-name {
                @if let Some(album) = &found.track.album_name { bdi { (album) } }
            }
            p { (listed(found.best_rank, found.day_count)) }
        }
    }
}

/// What the lists know, as in `best 1 · 237 days`.
fn listed(best_rank: Option<i32>, day_count: i64) -> Markup {
    html! {
        @if let Some(rank) = best_rank {
            "best " (count(rank.into())) span aria-hidden="true" { " · " } (counted(day_count, "day"))
        } @else {
            "never on one"
        }
    }
}

fn artists(artists: &[FoundArtist], artist_count: i64) -> Markup {
    html! {
        section aria-labelledby="artists" {
            (section_head("artists", "Artists", html! { "Days on a list" }))
            @if artists.is_empty() { (nothing_yet("No artist has this in their name.")) }
            ul.found-artists role="list" {
                @for artist in artists {
                    li {
                        div {
                            a href=(artist_address(&artist.artist_key)) { bdi { (artist.artist_name) } }
                            p { (counted(artist.track_count, "track")) }
                        }
                        p { (days(artist.day_count)) }
                    }
                }
            }
            (rest(artists.len(), artist_count))
        }
    }
}

fn days(day_count: i64) -> String {
    match day_count {
        0 => "never on one".to_owned(),
        _ => counted(day_count, "day"),
    }
}

/// An album has no page of its own: its name leads to its track with the most days on lists.
fn albums(albums: &[FoundAlbum], album_count: i64) -> Markup {
    html! {
        section aria-labelledby="albums" {
            (section_head("albums", "Albums", html! { "Tracks in the library" }))
            @if albums.is_empty() { (nothing_yet("No album has this in its name.")) }
            ul.found-albums role="list" {
                @for album in albums {
                    li {
                        (cover(album.cover_url.as_deref()))
                        div {
                            a href=(track_address(&album.track_id)) { (title(&album.album_name)) }
                            (artist_link(&album.artist_name, album.artist_key.as_deref()))
                        }
                        p { (counted(album.track_count, "track")) }
                    }
                }
            }
            (rest(albums.len(), album_count))
        }
    }
}

fn rest(shown: usize, all: i64) -> Markup {
    html! {
        @if all > shown as i64 {
            p.rest-of-results { "The best " (shown) " of " (count(all)) "." }
        }
    }
}

fn downloads(text: &str) -> Markup {
    let address = |table: Option<&str>| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", text);
        query.append_pair("limit", &SHOWN.to_string());
        if let Some(table) = table {
            query
                .append_pair("format", "csv")
                .append_pair("table", table);
        }
        format!("/api/search?{}", query.finish())
    };
    take_away(&[
        ("JSON", address(None)),
        ("Tracks as CSV", address(Some("tracks"))),
        ("Artists as CSV", address(Some("artists"))),
        ("Albums as CSV", address(Some("albums"))),
    ])
}
