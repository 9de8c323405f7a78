//! The time machine's answers for real lists, in `../shared/data` beside the checkout, with the expected ones in
//! `time_machine.json`, which other software computed. They cannot be published: without them this test is skipped.

use crate::harness::{Engine, TestApp, on_both_engines, texts, workspace};
use serde_json::{Map, Value, json};

const RANGES: [&str; 3] = ["short_term", "medium_term", "long_term"];

on_both_engines! {
async fn the_answers_for_real_lists_are_those_of_other_software(app: TestApp) {
    let Some(expected) = import_real_lists(&app).await else { return };

    for range in RANGES {
        let expected = &expected[range];
        must_have_the_evolution(&app, range, expected).await;
        must_have_the_drift(&app, range, expected).await;
        must_have_the_tied_tails(&app, range, expected).await;
        must_have_the_movements(&app, range, expected).await;
        must_have_the_gems(&app, range, expected).await;
    }
}
}

/// Returns the expected answers; `None` if there is no real data.
async fn import_real_lists(app: &TestApp) -> Option<Value> {
    let data = workspace("../shared/data");
    let Ok(text) = std::fs::read_to_string(data.join("time_machine.json")) else {
        println!("skipped: there is no real data in {}", data.display());
        return None;
    };
    let captures = data.join("chekos/captures").canonicalize();
    let captures = captures.expect("the lists are beside the answers");
    app.import([&captures.display().to_string()]).await;
    serde_json::from_str(&text).expect("the file is JSON")
}

async fn evolution(app: &TestApp, range: &str, period: &str) -> Value {
    let path = format!("/api/evolution?time_range={range}&period={period}");
    app.json(&path).await
}

async fn must_have_the_evolution(app: &TestApp, range: &str, expected: &Value) {
    let found = evolution(app, range, "all").await;
    let last_year = evolution(app, range, "12m").await;

    let table = |member: &str, columns: &[&str]| rows(&found[member], columns);
    for (name, found) in [
        ("list_count", found["list_count"].clone()),
        (
            "turnover",
            table(
                "turnover",
                &["snapshot_date", "newcomer_count", "track_count"],
            ),
        ),
        (
            "turnover_above_ties",
            table(
                "turnover",
                &[
                    "snapshot_date",
                    "newcomer_count_above_ties",
                    "track_count_above_ties",
                ],
            ),
        ),
        (
            "discoveries",
            table("discoveries", &["snapshot_date", "track_count"]),
        ),
        ("growth", pairs(&found["growth"], "month", "track_count")),
        (
            "diversity",
            pairs(&found["diversity"], "month", "artist_count"),
        ),
        (
            "consistent_artists",
            table("consistent_artists", &["artist_name", "day_count"]),
        ),
        (
            "consistent_artists_12m",
            rows(
                &last_year["consistent_artists"],
                &["artist_name", "day_count"],
            ),
        ),
        ("half_life_days", found["half_life_days"].clone()),
    ] {
        assert_eq!(found, expected[name], "{name} of {range}");
    }
}

async fn must_have_the_drift(app: &TestApp, range: &str, expected: &Value) {
    let expected = expected["drift_last_40"].as_array().expect("rows");

    let found = evolution(app, range, "all").await["drift"].take();

    let found = found.as_array().expect("a table");
    let last = &found[found.len() - expected.len()..];
    for (row, expected) in last.iter().zip(expected) {
        assert_eq!(row["snapshot_date"], expected[1], "{range}");
        must_be_close(&row["rank_biased_overlap"], &expected[2]);
        must_be_close(&row["kendall_distance"], &expected[3]);
    }
}

async fn must_have_the_tied_tails(app: &TestApp, range: &str, expected: &Value) {
    for (day, tied_from) in expected["tied_from"].as_object().expect("days") {
        let list = app.json(&format!("/api/snapshots/{day}/{range}")).await;

        // A list without a tail has no such member.
        let found = list.get("tied_from").unwrap_or(&Value::Null);
        assert_eq!(found, tied_from, "{day} {range}");
    }
}

async fn must_have_the_movements(app: &TestApp, range: &str, expected: &Value) {
    for (day, expected) in expected["movements"].as_object().expect("days") {
        let changes = app
            .json(&format!("/api/snapshots/{day}/{range}/changes"))
            .await;

        assert_eq!(changes["since"], expected["since"], "{day} {range}");
        for group in ["new", "back", "left"] {
            let found = json!(texts(&changes[group], "track_id"));
            assert_eq!(found, expected[group], "{group} on {day}, {range}");
        }
        for group in ["climbed", "fell"] {
            assert_eq!(
                steps(&changes[group]),
                expected[group],
                "{group} on {day}, {range}"
            );
        }
        let held = changes["held"].as_array().map(Vec::len);
        assert_eq!(json!(held), expected["held"], "{day} {range}");
    }
}

/// By how many ranks each track climbed or fell.
fn steps(group: &Value) -> Value {
    let tracks = group.as_array().expect("tracks").iter();
    let steps = tracks.map(|track| {
        let rank = |member: &str| track[member].as_i64().expect("a rank");
        let steps = rank("rank").abs_diff(rank("previous_rank"));
        (
            track["track_id"].as_str().expect("an id").to_owned(),
            json!(steps),
        )
    });
    Value::Object(Map::from_iter(steps))
}

async fn must_have_the_gems(app: &TestApp, range: &str, expected: &Value) {
    for (day, expected) in expected["gems"].as_object().expect("days") {
        let gems = app
            .json(&format!(
                "/api/forgotten-gems?time_range={range}&as_of={day}"
            ))
            .await;

        let found = rows(&gems["items"], &["track_id", "last_seen_date", "best_rank"]);
        assert_eq!(&found, expected, "{day} {range}");
    }
}

/// The rows of a table as arrays of these members.
fn rows(table: &Value, members: &[&str]) -> Value {
    let rows = table.as_array().expect("a table").iter();
    let cells = |row: &Value| Value::from_iter(members.iter().map(|member| row[member].clone()));
    rows.map(cells).collect()
}

/// A table of two columns as an object.
fn pairs(table: &Value, key: &str, value: &str) -> Value {
    let rows = table.as_array().expect("a table").iter();
    let pair = |row: &Value| {
        let key = row[key].as_str().expect("a key");
        (key.to_owned(), row[value].clone())
    };
    rows.map(pair).collect()
}

fn must_be_close(found: &Value, expected: &Value) {
    let numbers = found.as_f64().zip(expected.as_f64());
    let is_close = numbers.is_some_and(|(found, expected)| (found - expected).abs() < 1e-9);
    assert!(is_close, "{found} is not {expected}");
}
