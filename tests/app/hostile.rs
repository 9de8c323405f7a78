//! Hostile names and values in payloads: every page shows them as text.

use crate::harness::browser::Browser;
use crate::harness::{Engine, Payload, TestApp, on_both_engines, page, payload};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

const LONG: &str = "long";

/// Names of tracks, artists and albums.
const NAMES: [&str; 12] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onfocus='alert(1)' autofocus='",
    "</title></textarea><svg onload=alert(1)>",
    "{{7*7}} ${7*7} %s %00 \\u0022",
    "=cmd|' /C calc'!A0",
    "\u{202e}gnp.exe\u{202c}",
    "\u{2067}\u{5e9}\u{5dc}\u{5d5}\u{5dd} left again",
    "AC/DC",
    "name:x",
    "../../etc/passwd?a=b#c",
    LONG,
];

fn name(name: &str) -> String {
    match name {
        LONG => "W".repeat(1000),
        name => name.into(),
    }
}

/// A track all of whose texts are hostile.
fn hostile(number: usize) -> Payload {
    let name = name(NAMES[number]);
    let id = format!("h{number}");
    let payload = payload(&id)
        .named(&name)
        .with("album/name", name.as_str())
        .with("external_urls/spotify", "javascript:alert(1)")
        .with(
            "album/images",
            json!([{}, { "url": "javascript:alert(1)" }, {}]),
        )
        .with("album/release_date", "<blink>2026</blink>")
        .with("popularity", name.as_str());
    // An artist is named by the payload's id, or by its name.
    match number % 2 {
        0 => payload.with("artists/0/name", name.as_str()),
        _ => payload
            .with("artists/0/name", name.as_str())
            .with("artists/0/id", json!(null)),
    }
}

const ELEMENTS: &str = "
    const attributes = [...document.querySelectorAll('*')].flatMap(element => [...element.attributes]);
    return [
        document.querySelectorAll('script:not([src]), img[src=\"x\"], blink, iframe, object').length,
        attributes.filter(attribute => attribute.name.startsWith('on') || /^javascript:/i.test(attribute.value)).length,
        document.documentElement.scrollWidth - document.documentElement.clientWidth,
    ];
";

async fn put_lists(app: &TestApp) {
    let tracks = || (0..NAMES.len()).map(hostile);
    for day in ["2025-11-01", "2026-03-01", "2026-03-02"] {
        app.put_json(&format!("/api/snapshots/{day}/short_term"), page(tracks()))
            .await;
    }
    let list = "/api/snapshots/2026-03-03/short_term";
    app.put_json(
        list,
        page(
            tracks()
                .rev()
                .skip(2)
                .chain([payload("plain").with("album/images", json!([]))]),
        ),
    )
    .await;
}

on_both_engines! {
async fn hostile_names_are_text_on_every_page(app: TestApp) {
    put_lists(&app).await;
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let mut pages: Vec<String> = [
        "/dashboard", "/lists", "/lists/2026-03-02/short_term", "/lists/2026-03-03/short_term",
        "/changes/short_term/2026-03-02/2026-03-03", "/evolution?period=all&as_of=2026-03-03",
        "/gems?as_of=2026-03-03", "/gems?as_of=2026-06-15", "/gems/discoveries?as_of=2026-03-03",
        "/gems/rotation?as_of=2026-03-03", "/search?q=a", "/no-such-page/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    ].map(String::from).into();
    for (number, text) in NAMES.iter().enumerate() {
        let text = name(text);
        let beginning: String = text.chars().take(100).collect();
        pages.push(format!("/tracks/h{number}"));
        pages.push(format!("/search?q={}", encoded(&beginning)));
        let key = app.json(&format!("/api/tracks/h{number}")).await["artist_key"].clone();
        pages.push(format!("/artists/{}", encoded(key.as_str().expect("a key"))));
    }
    let browser = Browser::start().await;

    for page in pages {
        browser.open(&format!("{}{page}", app.server.origin), 320, "light").await;

        let found = browser.run(ELEMENTS).await;
        assert_eq!(found, json!([0, 0, 0]), "{page}: elements, attributes, sideways");
        match page.starts_with("/no-such-page") {
            true => browser.discard_log().await,
            false => browser.must_be_quiet(&app.server.origin).await,
        }
    }
    browser.close().await;
}
}

on_both_engines! {
async fn each_hostile_name_is_shown_as_it_is(app: TestApp) {
    put_lists(&app).await;

    for (number, text) in NAMES.iter().enumerate() {
        let text = name(text);
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        let key = app.json(&format!("/api/tracks/h{number}")).await["artist_key"].clone();
        let key = utf8_percent_encode(key.as_str().expect("a key"), NON_ALPHANUMERIC).to_string();
        for page in [format!("/tracks/h{number}"), format!("/artists/{key}"), "/lists/2026-03-02/short_term".into()] {
            let response = app.get(&page).await;

            assert_eq!(response.status, 200, "{page}");
            assert!(response.body.contains(&format!("<bdi>{escaped}</bdi>")), "{text} on {page}");
        }
    }
}
}
