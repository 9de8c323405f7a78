//! Real answers of the provider, where a developer has them: `../shared/data` beside the checkout,
//! with the true numbers in `answers.json`. They are not ours to publish; without them these tests
//! pass by and say so.

use crate::harness::{Account, Engine, TestApp, on_both_engines, workspace};
use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// The folder of real data, when there is one.
fn data() -> Option<PathBuf> {
    let folder = workspace("../shared/data");
    if !folder.join("answers.json").exists() {
        println!("passed by: there is no real data in {}", folder.display());
        return None;
    }
    folder.canonicalize().ok()
}

fn answers(data: &Path) -> Value {
    let text = std::fs::read_to_string(data.join("answers.json")).expect("it is there");
    serde_json::from_str(&text).expect("it is JSON")
}

fn unzipped(path: &Path) -> impl BufRead {
    BufReader::new(MultiGzDecoder::new(
        File::open(path).expect("the file is there"),
    ))
}

/// Compares what the API says with the true answers of one set.
async fn says(app: &TestApp, truth: &Value, what: &str) {
    let summary = app.json("/api/summary").await;
    assert_eq!(summary["track_count"], truth["track_count"], "{what}");
    for (path, pairs) in [
        (
            "/api/release-year-distribution?limit=10",
            &truth["release_years_top10"],
        ),
        ("/api/release-decade-distribution", &truth["decades"]),
        ("/api/explicit-distribution", &truth["explicit"]),
    ] {
        let told = app.distribution(path).await;
        let labels = told["labels"].as_array().expect("labels").iter();
        let told = labels.zip(told["data"].as_array().expect("counts"));
        let told: BTreeMap<_, _> = told
            .map(|(label, count)| (text(label), count.clone()))
            .collect();
        assert_eq!(told, expected(pairs), "{what}: {path}");
    }
}

fn text(label: &Value) -> String {
    label
        .as_str()
        .expect("a label is text")
        .trim_end_matches('s')
        .into()
}

/// `[["2026", 39]]`, `[[1950, 1]]` and `{"Clean": 3}` alike.
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
async fn every_real_track_set_gives_the_true_answers(app: TestApp) {
    let Some(data) = data() else { return };
    let sets = answers(&data)["track_sets"].take();

    for (file, answers) in sets.as_object().expect("sets") {
        let truth = &answers["seed_answers_distinct_ids"];
        let app = app.another().await;
        let path = data.join(file).display().to_string();

        let account = app.import([&path]).await;
        says(&app, truth, file).await;
        let again = app.import([&path]).await;
        says(&app, truth, file).await;

        assert_eq!(json!(account.new), truth["track_count"], "{file}");
        let nothing_new = Account { new: 0, updated: 0, unchanged: account.new, ..account };
        assert_eq!(again, nothing_new, "{file}");
    }
}
}

on_both_engines! {
async fn every_real_payload_comes_out_equal(app: TestApp) {
    let Some(data) = data() else { return };
    let file = data.join("chekos/tracks.ndjson.gz");
    app.import([&file.display().to_string()]).await;

    for line in unzipped(&file).lines() {
        let track: Value = serde_json::from_str(&line.expect("text")).expect("JSON");
        let id = track["id"].as_str().expect("an id");
        let kept = app.json(&format!("/api/tracks/{id}")).await;
        assert_eq!(kept["raw_json"], track, "{id}");
    }
}
}

/// Day and range, and the ids best first.
type Lists = BTreeMap<(String, String), Vec<String>>;

/// For each day and range its last list that holds any, and the captures' files.
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
async fn real_captures_give_the_last_list_of_each_day_in_any_order_and_again(app: TestApp) {
    let Some(data) = data() else { return };
    let captures = data.join("chekos/captures");
    let (expected, mut files) = last_lists(&captures);

    let account = app.import([&captures.display().to_string()]).await;

    assert_eq!((account.read, account.new, account.refused), (39_100, 1_551, 0));
    assert_eq!((account.lists.empty, account.lists.degraded), (7, 3));
    says(&app, &answers(&data)["body_replays"]["chekos"]["end_guarded"], "captures").await;
    let kept = app.tables().await;
    let mut lists: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in &kept.snapshots {
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
    twice.must_equal(&kept, "after the second import");
    assert_eq!((again.new, again.updated, again.lists.captured), (0, 0, 0));
    assert!(shuffled.tracks == kept.tracks && shuffled.snapshots == kept.snapshots, "shuffled, in two runs");
}
}
