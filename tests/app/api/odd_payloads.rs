//! Payloads with odd values: their release year or explicit flag is unknown.

use super::distributions::{DECADES, EXPLICIT, YEARS};
use crate::harness::{Engine, Payload, TestApp, on_both_engines, payload};
use serde_json::{Value, json};

/// One track for each value that broke the predecessor of this program.
fn odd_payloads() -> Vec<Payload> {
    let dates = [
        json!(""),
        json!("unknown"),
        json!("19xx"),
        json!("1e10"),
        json!({ "year": 1999 }),
        json!("199"),
        json!("20"),
        json!("0000"),
        json!("-500"),
        json!("99999"),
        Value::Null,
        json!(1999),
        json!(["1999"]),
        json!("1999x"),
        json!("1999/01"),
        json!("3000"),
        json!("0999"),
        json!(" 1999"),
        json!("1999 "),
        json!("1999\n"),
        json!("１９９９"),
        json!(true),
        json!("1999-05-04\u{0001}"),
    ];
    let flags = [
        json!("maybe"),
        json!(""),
        json!(2),
        json!({}),
        json!([]),
        json!("yes"),
        json!(1),
        json!("TRUE"),
        json!("off"),
        Value::Null,
        json!(0),
        json!("true"),
        json!(1.0),
    ];
    let albums = [
        Value::Null,
        json!("release_date"),
        json!([]),
        json!(["release_date"]),
        json!(7),
        json!({}),
    ];
    let with = |path: &'static str| move |value| payload("").with(path, value);
    let odd = dates.map(with("album/release_date")).into_iter();
    let odd = odd
        .chain(flags.map(with("explicit")))
        .chain(albums.map(with("album")));
    let odd = odd.chain([
        payload("").without("album"),
        payload("").without("explicit"),
    ]);
    odd.enumerate()
        .map(|(number, odd)| odd.with("id", format!("odd{number}")))
        .collect()
}

on_both_engines! {
async fn odd_payloads_do_not_break_a_page_or_a_distribution(app: TestApp) {
    let odd = odd_payloads();
    let count = odd.len() as i64;
    // Of the 23 dates one has a known year: it is followed by a hyphen.
    let unknown_dates = 22 + 6 + 1;

    app.put_tracks(odd).await;

    assert_eq!(app.get("/dashboard").await.status, 200);
    assert_eq!(app.json("/api/summary").await["track_count"], count);
    for path in [YEARS, DECADES] {
        assert_eq!(app.distribution(path).await["unknown_count"], unknown_dates, "{path}");
    }
    assert_eq!(app.distribution(DECADES).await["labels"], json!(["1990s"]));
    assert_eq!(app.distribution(EXPLICIT).await["unknown_count"], 13 + 1);
    assert_eq!(app.distribution(EXPLICIT).await["labels"], json!(["Clean"]));
}
}

on_both_engines! {
async fn payloads_inserted_by_another_program_do_not_break_a_page_or_a_distribution(app: TestApp) {
    let payloads = ["null", "[]", "[1,2]", "7", "\"text\"", "{}", "true", r#"{"album":[]}"#];
    let values = payloads.iter().enumerate().map(|(number, payload)| {
        format!("('x{number}', 'X', 'Y', '{payload}')")
    });
    let values = values.collect::<Vec<_>>().join(", ");
    let insert = "INSERT INTO tracks (track_id, name, artist_name, raw_json) VALUES";
    app.database.execute(&format!("{insert} {values}, ('x8', 'X', 'Y', NULL)")).await;

    let decades = app.distribution(DECADES).await;

    assert_eq!(decades["unknown_count"], 9);
    assert_eq!(app.distribution(EXPLICIT).await["unknown_count"], 9);
    assert_eq!(app.get("/dashboard").await.status, 200);
    for number in 0..9 {
        app.json(&format!("/api/tracks/x{number}")).await;
    }
}
}
