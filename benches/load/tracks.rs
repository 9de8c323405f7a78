//! Made-up track objects as the provider sends them.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// 182 country codes, quoted and separated by commas.
const MARKETS: &str = include_str!("markets.txt");

/// The id of the track with this number.
pub fn track_id(number: usize) -> String {
    format!("track{number:08}")
}

/// Writes this many track objects to a file, one a line.
pub fn write(path: &Path, tracks: usize) {
    let file = File::create(path).expect("the folder can be written");
    let mut file = BufWriter::with_capacity(1 << 20, file);
    let mut random = fastrand::Rng::with_seed(1);
    for number in 0..tracks {
        let line = track(number, &mut random);
        file.write_all(line.as_bytes()).expect("the disk has room");
    }
    file.flush().expect("the disk has room");
}

/// One track object of 2.6 KB on average: every second one has the list of markets, twice.
pub fn track(number: usize, random: &mut fastrand::Rng) -> String {
    let id = track_id(number);
    let (artist, album) = (number % 5003, number / 12);
    let year = 2026 - (random.u32(0..70) * random.u32(0..70)) / 70;
    let explicit = random.u8(..) < 60;
    let markets = match number % 2 {
        0 => "",
        _ => MARKETS,
    };
    let duration_ms = random.u32(90_000..420_000);
    let artist = format!(
        r#"{{"external_urls":{{"spotify":"https://open.spotify.com/artist/artist{artist:016}"}},"href":"https://api.spotify.com/v1/artists/artist{artist:016}","id":"artist{artist:016}","name":"Artist {artist}","type":"artist","uri":"spotify:artist:artist{artist:016}"}}"#
    );
    let image = |size: u32| {
        format!(
            r#"{{"height":{size},"url":"https://i.scdn.co/image/{:032x}","width":{size}}}"#,
            u128::from(album as u64) << 64 | u128::from(size)
        )
    };
    format!(
        r#"{{"album":{{"album_type":"album","artists":[{artist}],"available_markets":[{markets}],"external_urls":{{"spotify":"https://open.spotify.com/album/album{album:017}"}},"href":"https://api.spotify.com/v1/albums/album{album:017}","id":"album{album:017}","images":[{},{},{}],"is_playable":true,"name":"Album {album}","release_date":"{year}-05-04","release_date_precision":"day","total_tracks":12,"type":"album","uri":"spotify:album:album{album:017}"}},"artists":[{artist}],"available_markets":[{markets}],"disc_number":1,"duration_ms":{duration_ms},"explicit":{explicit},"external_ids":{{"isrc":"XX{number:010}"}},"external_urls":{{"spotify":"https://open.spotify.com/track/{id}"}},"href":"https://api.spotify.com/v1/tracks/{id}","id":"{id}","is_local":false,"is_playable":true,"name":"Song {:06x} of {number}","popularity":{},"preview_url":null,"track_number":{},"type":"track","uri":"spotify:track:{id}"}}
"#,
        image(640),
        image(300),
        image(64),
        random.u32(..1 << 24),
        random.u8(..100),
        number % 12 + 1,
    )
}
