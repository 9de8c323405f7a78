//! Real responses of the provider, in `../shared/data` beside the checkout, with the expected numbers
//! in `answers.json`. They cannot be published: without them these tests are skipped.

use crate::harness::{Account, Engine, TestApp, on_both_engines, workspace};
use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// The folder of real data, if it exists.
fn data() -> Option<PathBuf> {
    let folder = workspace("../shared/data");
    if !folder.join("answers.json").exists() {
        println!("skipped: there is no real data in {}", folder.display());
        return None;
    }
    folder.canonicalize().ok()
}

fn expected_answers(data: &Path) -> Value {
    let text = std::fs::read_to_string(data.join("answers.json")).expect("the file exists");
    serde_json::from_str(&text).expect("the file is JSON")
}

fn unzipped(path: &Path) -> impl BufRead {
    BufReader::new(MultiGzDecoder::new(
        File::open(path).expect("the file exists"),
    ))
}

/// Compares the API with the expected answers for one file.
async fn must_answer(app: &TestApp, answers: &Value, file: &str) {
    let summary = app.json("/api/summary").await;
    assert_eq!(summary["track_count"], answers["track_count"], "{file}");
    for (path, pairs) in [
        (
            "/api/release-year-distribution?limit=10",
            &answers["release_years_top10"],
        ),
        ("/api/release-decade-distribution", &answers["decades"]),
        ("/api/explicit-distribution", &answers["explicit"]),
    ] {
        let distribution = app.distribution(path).await;
        let labels = distribution["labels"].as_array().expect("labels").iter();
        let counts = labels.zip(distribution["data"].as_array().expect("counts"));
        let counts: BTreeMap<_, _> = counts
            .map(|(label, count)| (text(label), count.clone()))
            .collect();
        assert_eq!(counts, expected(pairs), "{file}: {path}");
    }
}

fn text(label: &Value) -> String {
    label
        .as_str()
        .expect("a label is text")
        .trim_end_matches('s')
        .into()
}

/// Counts by label, from `[["2026", 39]]`, `[[1950, 1]]` or `{"Clean": 3}`.
fn expected(pairs: &Value) -> BTreeMap<String, Value> {
    match pairs {
        Value::Object(members) => members.clone().into_iter().collect(),
        pairs => pairs
            .as_array()
            .expect("pairs")
            .iter()
            .map(|pair| {
                let label = pair[0]
                    .as_str()
                    .map_or_else(|| pair[0].to_string(), Into::into);
                (label, pair[1].clone())
            })
            .collect(),
    }
}

on_both_engines! {
async fn every_real_file_of_tracks_gives_the_expected_answers(app: TestApp) {
    let Some(data) = data() else { return };
    let sets = expected_answers(&data)["track_sets"].take();

    for (file, set) in sets.as_object().expect("sets") {
        let answers = &set["seed_answers_distinct_ids"];
        let app = app.another().await;
        let path = data.join(file).display().to_string();

        let account = app.import([&path]).await;
        must_answer(&app, answers, file).await;
        let again = app.import([&path]).await;
        must_answer(&app, answers, file).await;

        assert_eq!(json!(account.new), answers["track_count"], "{file}");
        let nothing_new = Account { new: 0, updated: 0, unchanged: account.new, ..account };
        assert_eq!(again, nothing_new, "{file}");
    }
}
}

on_both_engines! {
async fn every_real_payload_is_returned_unchanged(app: TestApp) {
    let Some(data) = data() else { return };
    let file = data.join("chekos/tracks.ndjson.gz");
    app.import([&file.display().to_string()]).await;

    for line in unzipped(&file).lines() {
        let track: Value = serde_json::from_str(&line.expect("text")).expect("JSON");
        let id = track["id"].as_str().expect("an id");
        let stored = app.json(&format!("/api/tracks/{id}")).await;
        assert_eq!(stored["raw_json"], track, "{id}");
    }
}
}

/// Ids by rank, for each day and range.
type Lists = BTreeMap<(String, String), Vec<String>>;

/// The last list of each day and range that is not empty, and the files of all captures.
fn last_lists(captures: &Path) -> (Lists, Vec<String>) {
    let mut files: Vec<_> = std::fs::read_dir(captures)
        .expect("a folder")
        .flatten()
        .map(|file| file.path())
        .collect();
    files.sort();
    let mut lists = BTreeMap::new();
    for file in &files {
        let name = file
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name");
        let place = (
            name[..10].to_owned(),
            name.split('.').nth(1).expect("a range").to_owned(),
        );
        let page: Value = serde_json::from_reader(unzipped(file)).expect("JSON");
        let ids = page["items"].as_array().expect("items").iter();
        let ids: Vec<_> = ids
            .map(|item| item["id"].as_str().expect("an id").to_owned())
            .collect();
        if !ids.is_empty() {
            lists.insert(place, ids);
        }
    }
    (
        lists,
        files
            .iter()
            .map(|file| file.display().to_string())
            .collect(),
    )
}

on_both_engines! {
async fn real_captures_give_the_last_list_of_each_day_in_any_order_and_on_repetition(app: TestApp) {
    let Some(data) = data() else { return };
    let captures = data.join("chekos/captures");
    let (expected, mut files) = last_lists(&captures);

    let account = app.import([&captures.display().to_string()]).await;

    assert_eq!((account.read, account.new, account.refused), (39_100, 1_551, 0));
    assert_eq!((account.lists.empty, account.lists.degraded), (7, 3));
    must_answer(&app, &expected_answers(&data)["body_replays"]["chekos"]["end_guarded"], "captures").await;
    let stored = app.tables().await;
    let mut lists: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in &stored.snapshots {
        let place = (row.snapshot_date.to_string(), row.time_range.word().to_owned());
        lists.entry(place).or_default().push((row.rank, row.track_id.clone()));
    }
    assert!(lists.keys().eq(expected.keys()), "the days that have a list");
    for (place, mut rows) in lists {
        rows.sort();
        let ranked = (1..).zip(expected[&place].iter().cloned());
        assert!(rows.into_iter().eq(ranked), "{place:?}");
    }

    let other = app.another().await;
    files.sort_by_key(|file| file.bytes().rev().fold(7_u32, |sum, byte| sum.wrapping_mul(31) + u32::from(byte)));
    for half in files.chunks(files.len() / 2 + 1) {
        let paths: Vec<_> = half.iter().map(String::as_str).collect();
        assert_eq!(other.try_import(&paths).await.code, Some(0));
    }
    let again = app.import([&captures.display().to_string()]).await;

    let (shuffled, twice) = (other.tables().await, app.tables().await);
    twice.must_equal(&stored, "after the second import");
    assert_eq!((again.new, again.updated, again.lists.captured), (0, 0, 0));
    assert!(shuffled.tracks == stored.tracks && shuffled.snapshots == stored.snapshots, "shuffled, in two runs");
}
}
