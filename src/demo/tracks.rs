//! The track object of a song, with all the fields that the provider sends.
//!
//! Links to the provider's pages are left out, since these tracks have none. ISRCs begin with `ZZ`, which is no
//! country's code.

use chrono::{Datelike, NaiveDate, TimeDelta};
use serde_json::{Value, json};

use super::{
    catalogue::{Album, Catalogue, Song},
    covers::file_name,
    days::day,
    random::Random,
};

const API: &str = "https://api.spotify.com/v1";

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const MARKETS: &str = "AD AE AL AM AR AT AU AZ BA BD BE BG BH BO BR BW CA CH CL CO CR CY CZ DE DK DO DZ EC EE EG ES \
    FI FR GB GE GH GR GT HK HN HR HU ID IE IL IN IS IT JM JO JP KE KR KW KZ LB LI LK LT LU LV MA MC MD ME MK MN MT \
    MX MY NG NI NL NO NP NZ OM PA PE PH PK PL PT PY QA RO RS SA SE SG SI SK SN SV TH TN TR TT TW TZ UA UG US UY VN \
    XK ZA";

/// Tracks found from this day on have no popularity: the provider no longer sends it.
const POPULARITY_ENDS: NaiveDate = day(2026, 2, 11);

/// The track object of a song whose release is moved by `shift`.
pub fn payload(catalogue: &Catalogue, song: usize, shift: TimeDelta, random: &mut Random) -> Value {
    let song = &catalogue.songs[song];
    let album = &catalogue.albums[song.album];
    let id = track_id(song);
    let artists = std::iter::once(album.artist).chain(song.guest);
    let mut track = json!({
        "album": album_object(catalogue, song.album, shift),
        "artists": artists.map(|artist| artist_object(catalogue, artist)).collect::<Vec<_>>(),
        "disc_number": if album.total_tracks > 12 && song.track_number > 8 { 2 } else { 1 },
        "duration_ms": duration_ms(random),
        "explicit": is_explicit(album.released, random),
        "external_ids": { "isrc": isrc(album.released + shift, random) },
        "external_urls": {},
        "href": format!("{API}/tracks/{id}"),
        "id": id,
        "is_local": false,
        "name": song.title,
        "preview_url": null,
        "track_number": song.track_number,
        "type": "track",
        "uri": format!("spotify:track:{id}"),
    });
    if song.found < POPULARITY_ENDS {
        track["popularity"] = json!(random.below(40) + random.below(40));
    }
    if random.happens(40) {
        track["available_markets"] = markets(random);
    }
    if random.happens(30) {
        track["is_playable"] = json!(true);
    }
    track
}

fn album_object(catalogue: &Catalogue, index: usize, shift: TimeDelta) -> Value {
    let album = &catalogue.albums[index];
    let id = id_of("album", &index.to_string());
    let precision = release_date_precision(album.released);
    json!({
        "album_type": album_type(album),
        "artists": [artist_object(catalogue, album.artist)],
        "external_urls": {},
        "href": format!("{API}/albums/{id}"),
        "id": id,
        "images": images(album.cover),
        "name": album.name,
        "release_date": release_date(album.released + shift, precision),
        "release_date_precision": precision,
        "total_tracks": album.total_tracks,
        "type": "album",
        "uri": format!("spotify:album:{id}"),
    })
}

fn images(cover: usize) -> Value {
    let image = |size| {
        json!({
            "height": size,
            "url": format!("/demo/covers/{}", file_name(cover)),
            "width": size,
        })
    };
    [640, 300, 64].into_iter().map(image).collect()
}

fn album_type(album: &Album) -> &'static str {
    match album.total_tracks {
        // The provider has no type of its own for EPs.
        1..=4 => "single",
        16.. => "compilation",
        _ => "album",
    }
}

fn artist_object(catalogue: &Catalogue, index: usize) -> Value {
    let name = catalogue.artists[index].name;
    let id = id_of("artist", name);
    json!({
        "external_urls": {},
        "href": format!("{API}/artists/{id}"),
        "id": id,
        "name": name,
        "type": "artist",
        "uri": format!("spotify:artist:{id}"),
    })
}

pub fn track_id(song: &Song) -> String {
    id_of("track", &format!("{} {}", song.album, song.track_number))
}

/// 22 characters that depend on the kind and the name alone (FNV-1a as a seed).
fn id_of(kind: &str, name: &str) -> String {
    let seed = kind
        .bytes()
        .chain(name.bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let mut random = Random::new(seed);
    (0..22)
        .map(|_| char::from(BASE62[random.below(BASE62.len())]))
        .collect()
}

/// The provider often knows only the year of an old album, and of a few albums only the month.
fn release_date_precision(released: NaiveDate) -> &'static str {
    let one_in = if released.year() < 1990 { 2 } else { 20 };
    match released.num_days_from_ce() % 60 {
        0 => "month",
        day if day % one_in == 1 => "year",
        _ => "day",
    }
}

fn release_date(released: NaiveDate, precision: &str) -> String {
    let mut date = released.to_string();
    date.truncate(match precision {
        "year" => 4,
        "month" => 7,
        _ => 10,
    });
    date
}

fn duration_ms(random: &mut Random) -> u64 {
    let seconds = match random.below(100) {
        0 => random.between(31.0, 75.0),
        1 => random.between(780.0, 1440.0),
        2..12 => random.between(300.0, 540.0),
        _ => random.between(95.0, 200.0) + random.between(0.0, 100.0),
    };
    (seconds * 1000.0) as u64
}

fn is_explicit(released: NaiveDate, random: &mut Random) -> bool {
    let percent = if released.year() < 1990 { 3 } else { 22 };
    random.happens(percent)
}

fn isrc(released: NaiveDate, random: &mut Random) -> String {
    let year = released.year() % 100;
    format!("ZZMTM{year:02}{:05}", random.below(100_000))
}

fn markets(random: &mut Random) -> Value {
    let percent = if random.happens(70) { 95 } else { 25 };
    MARKETS
        .split(' ')
        .filter(|_| random.happens(percent))
        .collect()
}
