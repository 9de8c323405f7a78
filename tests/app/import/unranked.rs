//! The import warns of a ranked list whose day or range is unknown, because its ranks are lost.

use crate::harness::payloads::lines;
use crate::harness::{Account, Engine, Payload, TestApp, on_both_engines, page, payload};
use serde_json::{Value, json};

fn said(file: &str) -> String {
    format!(
        "{file} holds a ranked list, but neither its path nor --date and --time-range say its day \
         and range: its tracks are kept, its ranks are not.\n"
    )
}

fn top() -> Value {
    page(["a", "b"].map(payload))
}

on_both_engines! {
async fn a_list_without_a_day_is_named_once_on_standard_error(app: TestApp) {
    app.write("in/top.json", top());
    app.write("in/short_term.json", top());
    app.write("in/2026-03-01.json", top());
    app.write("in/2026-03-01.short_term.json", top());

    let json = app.run(&["import", "--json", "in"]).await;
    let people = app.run(&["import", "in"]).await;

    let expected = ["in/2026-03-01.json", "in/short_term.json", "in/top.json"].map(said).concat();
    assert_eq!((json.code, &json.stderr), (Some(0), &expected));
    assert_eq!((people.code, &people.stderr), (Some(0), &expected));
    let account = Account::of(&json);
    assert_eq!((account.read, account.new, account.lists.captured), (8, 2, 1));
    assert!(people.stdout.starts_with("Read 8 track objects") && !people.stdout.contains("ranked"));
}
}

on_both_engines! {
async fn a_list_that_is_called_tracks_is_named_too(app: TestApp) {
    let mut list = top();
    list["tracks"] = list["items"].take();
    list.as_object_mut().expect("an object").remove("items");
    app.write("top.json", list);

    let ended = app.try_import(&["top.json"]).await;

    assert_eq!(ended.stderr, said("top.json"));
}
}

on_both_engines! {
async fn a_list_on_standard_input_is_named(app: TestApp) {
    app.write("top.json", top());
    let file = std::fs::File::open(app.folder.path().join("top.json")).expect("it is written");
    let mut import = app.command(&["import", "--json", "-"]);

    let ended = crate::harness::program::run(import.stdin(file)).await;

    assert_eq!((ended.code, ended.stderr), (Some(0), said("-")));
}
}

on_both_engines! {
async fn what_is_no_ranked_list_is_not_named(app: TestApp) {
    let tracks = || ["a", "b"].map(payload);
    let wrapped = |key: &str| page(tracks().map(|track| Payload(json!({ "added_at": "x", (key): track }))));
    let no_album = page(tracks().map(|track| track.without("album")));
    app.write("saved.json", wrapped("track"));
    app.write("entries.json", wrapped("item"));
    app.write("album.json", no_album.clone());
    app.write("album_whole.json", json!({ "name": "An album", "tracks": no_album }));
    app.write("playlist.json", json!({ "name": "mine", "tracks": wrapped("track") }));
    app.write("array.json", json!(tracks()));
    app.write("several.json", json!({ "tracks": tracks() }));
    app.write("tracks.ndjson", lines(tracks().map(|track| track.0)));
    app.write("track.json", payload("a").0);
    app.write("empty.json", page([]));
    app.write("mixed.json", page([payload("a"), payload("b").without("album")]));

    let ended = app.try_import(&["."]).await;

    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert_eq!(Account::of(&ended).new, 2);
}
}

on_both_engines! {
async fn the_flags_say_enough(app: TestApp) {
    app.write("top.json", top());

    let ended = app.try_import(&["--date", "2026-03-01", "--time-range", "short_term", "top.json"]).await;

    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}
}

on_both_engines! {
async fn of_many_twenty_are_named(app: TestApp) {
    for number in 0..25 {
        app.write(&format!("in/top{number:02}.json"), top());
    }

    let ended = app.try_import(&["in"]).await;

    let named = (0..20).map(|number| said(&format!("in/top{number:02}.json"))).collect::<String>();
    assert_eq!(ended.stderr, named + "… and 5 more.\n");
}
}
