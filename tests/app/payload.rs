//! A payload comes out equal to what came in; one that cannot be stored exactly is refused.

use crate::harness::payloads::lines;
use crate::harness::{Engine, TestApp, on_both_engines, payload};
use serde_json::Value;

/// Numbers, texts and shapes that one of the engines may change.
const NASTY: &str = r#"{
    "numbers": [1.0, 1e2, 1E2, 1e300, -0.0, 0, -0, 5e-324, 0.1, 0.30000000000000004, 2.5, 100, 1.10,
        18446744073709551615, -9223372036854775808, 9223372036854775807, 9007199254740993, 123456789012345.678,
        1.7976931348623157e308, 2.2250738585072014e-308, 4.35, 1e-7, 123e-20, 1e21, 1e15, 3.0e10],
    "texts": ["\u00e9", "é", "e\u0301", "\ud83c\udfb5", "🎵", "\"\\\/\b\f\n\r\t", "\u0001\u001f\u007f\u2028\uffff",
        "海岸", "\u202eright to left", "", " ", "null", "1.0", "'; DROP TABLE tracks; --", "$1 ? ?| @> ::text"],
    "": "an empty key", " ": 1, "\u00fc": 2, "z": 1, "a": 2, "B": 3, "aa": 4, "é": {"": {"": []}},
    "a.b": {"c": 1}, "$": 1, "[0]": 2, "key with \"quotes\"": null,
    "empty": {}, "none": [], "null": null, "twice": 1, "twice": {"inner": 1, "inner": 2}, "yes": true, "no": false
}"#;

fn with_extra(extra: &str) -> String {
    let text = payload("a").text();
    format!(
        "{}, \"extra\": {extra}}}",
        text.strip_suffix('}').expect("an object")
    )
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

/// Whether two JSON values are equal, numbers by value.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || (left.is_f64() || right.is_f64()) && left.as_f64() == right.as_f64()
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let same = |(key, left): (&String, &Value)| {
                right.get(key).is_some_and(|right| equal(left, right))
            };
            left.len() == right.len() && left.iter().all(same)
        }
        _ => left == right,
    }
}

on_both_engines! {
async fn a_nasty_payload_comes_out_equal(app: TestApp) {
    let text = with_extra(NASTY);
    app.write("a.json", text.as_str());

    app.import(["a.json"]).await;

    let came_in: Value = serde_json::from_str(&text).expect("JSON");
    let came_out = app.json("/api/tracks/a").await["raw_json"].clone();
    assert!(equal(&came_out, &came_in), "{came_out}\n{came_in}");
    assert_eq!(came_out["extra"]["twice"]["inner"], 2);
}
}

#[tokio::test]
async fn a_nasty_payload_is_answered_alike_to_the_byte() {
    let mut answers = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start(engine).await;
        app.write("a.json", with_extra(NASTY));
        app.import(["a.json"]).await;
        app.import(["a.json"]).await;
        answers.push(app.get("/api/tracks/a").await.body);
    }

    assert_eq!(answers[0], answers[1]);
}

on_both_engines! {
async fn a_nasty_payload_is_unchanged_when_it_comes_again(app: TestApp) {
    app.write("a.json", with_extra(NASTY));
    app.import(["a.json"]).await;

    let account = app.import(["a.json"]).await;

    assert_eq!((account.unchanged, account.updated), (1, 0));
}
}

on_both_engines! {
async fn nesting_of_60_and_payloads_of_250_kib_are_kept(app: TestApp) {
    let wide = format!("[{}, {}]", nested(60), serde_json::json!("x".repeat(250 * 1024)));
    app.write("a.json", with_extra(&wide));

    let account = app.import(["a.json"]).await;

    assert_eq!(account.new, 1);
    let extra = app.json("/api/tracks/a").await["raw_json"]["extra"].take();
    assert_eq!(extra[0].to_string(), nested(60));
    assert_eq!(extra[1].as_str().map(str::len), Some(250 * 1024));
}
}

on_both_engines! {
async fn ids_of_64_and_names_of_1024_characters_are_kept(app: TestApp) {
    let (id, name) = ("é".repeat(64), "海".repeat(1024));

    app.put_tracks([payload(&id).named(&name)]).await;

    assert_eq!(app.json("/api/tracks").await["items"][0]["name"], name.as_str());
    assert_eq!(app.json(&format!("/api/tracks/{id}")).await["track_id"], id.as_str());
}
}

on_both_engines! {
async fn what_cannot_be_kept_is_refused_with_the_path_of_the_field(app: TestApp) {
    let long_id = payload(&"a".repeat(65)).text();
    let long_name = payload("a").named(&"n".repeat(1025)).text();
    let long_artist = payload("a").with("artists/0/name", "n".repeat(1025)).text();
    let long_album = payload("a").with("album/name", "n".repeat(1025)).text();
    let extra = |value: &str| with_extra(&format!("{{\"list\": [0, {value}]}}"));
    let cases = [
        (extra(r#""nul \u0000""#), "extra.list[1]"),
        (extra(r#"{"a\u0000b": 1}"#), "extra.list[1]"),
        (extra(r#""\ud83c alone""#), "extra.list[1]"),
        (extra(r#""\udfb5""#), "extra.list[1]"),
        (extra("18446744073709551616"), "extra.list[1]"),
        (extra("-9223372036854775809"), "extra.list[1]"),
        (extra("12345678901234567890123"), "extra.list[1]"),
        (extra("1e400"), "extra.list[1]"),
        (extra("-1e400"), "extra.list[1]"),
        (extra("1e-400"), "extra.list[1]"),
        (extra(&nested(63)), "extra.list[1]"),
        (extra(&nested(200)), "extra.list[1]"),
        (extra(&format!("\"{}\"", "x".repeat(257 * 1024))), ""),
        (long_id, "id"),
        (payload("").text(), "id"),
        (payload("a").without("id").text(), "id"),
        (payload("a").with("id", 7).text(), "id"),
        (long_name, "name"),
        (payload("a").without("name").text(), "name"),
        (payload("a").with("name", Value::Null).text(), "name"),
        (long_artist, "artists[0].name"),
        (long_album, "album.name"),
        (payload("a").without("artists").text(), "artists"),
        (payload("a").with("artists", serde_json::json!([])).text(), "artists[0]"),
        ("7".into(), ""),
    ];
    let count = cases.len() as u64;
    let bad = cases.iter().map(|(text, _)| format!("{text}\n")).collect::<String>();
    app.write("bad.ndjson", bad + &lines([payload("good").0]));

    let (account, refused) = app.import_with_report("bad.ndjson").await;

    assert_eq!((account.read, account.new, account.refused), (count + 1, 1, count));
    for (number, ((text, path), refused)) in cases.iter().zip(&refused).enumerate() {
        let place = refused.position.strip_prefix(&format!("line {}", number + 1));
        let place = place.expect("the line").trim_start_matches(": ");
        assert!(place.starts_with(path) && (path.is_empty() == place.is_empty()),
            "{path} is at fault, not {place} ({}) in {}", refused.reason, &text[text.len().saturating_sub(80)..]);
    }
}
}

on_both_engines! {
async fn names_that_the_parser_keeps_for_itself_are_refused(app: TestApp) {
    for extra in [r#"{"$serde_json::private::RawValue": "1"}"#, r#"{"a": [{"$serde_json::private::Number": 1}]}"#] {
        app.write("a.json", with_extra(extra));

        let (account, refused) = app.import_with_report("a.json").await;

        assert_eq!((account.new, account.refused), (0, 1), "{extra}");
        assert!(refused[0].position.contains("$serde_json"), "{refused:?}");
    }
}
}
