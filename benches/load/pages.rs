//! Each page when nothing is kept: the first response after a change.

use crate::client::Connection;
use crate::library::Library;
use crate::lists::{self, DAYS, latest};
use crate::reads::{CHANGES, time_after_change};
use crate::table::{Tables, ms, percentile};
use chrono::Days;

pub async fn measure(library: &Library, tables: &mut Tables) {
    let served = library.serve().await;
    let mut connection = Connection::open(&served.origin).await;
    for path in paths(library) {
        let mut times = Vec::new();
        for _ in 0..CHANGES {
            times.push(time_after_change(&mut connection, library, &path).await);
        }
        tables.row(
            "Pages, the first response after a change",
            &[
                "engine",
                "tracks",
                "ranks",
                "page",
                "median, ms",
                "slowest, ms",
            ],
            [
                library.engine.to_string(),
                library.tracks.to_string(),
                (3 * DAYS * lists::length()).to_string(),
                format!("`{path}`"),
                ms(percentile(&mut times, 50)),
                ms(percentile(&mut times, 100)),
            ],
        );
    }
}

fn paths(library: &Library) -> Vec<String> {
    let today = library.today;
    let month_ago = today - Days::new(30);
    let track_id = &latest(library.tracks)[0];
    [
        "/dashboard".into(),
        "/lists".into(),
        format!("/lists/{today}/short_term"),
        format!("/changes/short_term/{month_ago}/{today}"),
        format!("/tracks/{track_id}"),
        "/artists/artist0000000000000007".into(),
        "/api/artists/name:Artist%207".into(),
        "/search?q=artist%207".into(),
        "/search?q=song%20a".into(),
        "/search?q=a".into(),
        "/search?q=nowhere".into(),
        "/evolution".into(),
        "/evolution?period=all".into(),
        "/gems".into(),
        "/gems/discoveries".into(),
        "/gems/rotation".into(),
        format!("/api/calendar?from={}", today - Days::new(399)),
        "/api/on-this-day".into(),
        format!("/api/snapshots/{today}/short_term/changes"),
        "/api/evolution?period=all".into(),
    ]
    .into()
}
