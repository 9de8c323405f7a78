//! Every page in a real browser: accessibility, errors, widths, and a walk with the keyboard and without scripts.

use crate::demo::demo;
use crate::harness::browser::{Browser, ENTER};
use serde_json::Value;

const SIDEWAYS: &str =
    "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
const HEADINGS: &str = "return document.querySelectorAll('h1').length";
const DESCRIPTION: &str = "return document.querySelector('meta[name=description]')?.content ?? ''";

/// Screens, and whether axe checks the page on them.
const SCREENS: [(u32, &str, bool); 4] = [
    (1280, "light", true),
    (1280, "dark", false),
    (390, "dark", true),
    (320, "light", false),
];

async fn json(origin: &str, path: &str) -> Value {
    let response = reqwest::get(format!("{origin}{path}")).await;
    let response = response.expect("it answers");
    response.json().await.expect("JSON")
}

/// Every kind of page, with and without something on it.
async fn pages(origin: &str) -> Vec<String> {
    let lists = json(origin, "/api/snapshots?limit=100&time_range=short_term").await;
    let day = |index: usize| {
        let day = lists["items"][index]["snapshot_date"].as_str();
        day.expect("the demo has many lists").to_owned()
    };
    let (latest, earlier) = (day(0), day(60));
    let list = json(origin, &format!("/api/snapshots/{latest}/short_term")).await;
    let first = &list["items"][0];
    let track_id = first["track_id"].as_str().expect("an id");
    let artist_key = first["artist_key"].as_str().expect("a key");
    [
        "/dashboard".into(),
        "/lists".into(),
        "/lists?attempts=all".into(),
        format!("/lists/{latest}/short_term"),
        format!("/lists/{latest}/long_term"),
        "/lists/1999-12-31/short_term".into(),
        format!("/changes/short_term/{earlier}/{latest}"),
        format!("/tracks/{track_id}"),
        format!("/artists/{artist_key}"),
        "/search".into(),
        "/search?q=the".into(),
        "/search?q=nothing%20has%20this%20name".into(),
        "/evolution".into(),
        "/evolution?time_range=long_term&period=all".into(),
        "/evolution?as_of=2000-01-01".into(),
        "/gems".into(),
        "/gems?as_of=2000-01-01".into(),
        "/gems/discoveries".into(),
        "/gems/rotation?time_range=medium_term".into(),
        "/settings/spotify".into(),
        "/no-such-page".into(),
    ]
    .into()
}

#[tokio::test]
async fn every_page_is_accessible_and_quiet_at_every_width_and_colour_scheme() {
    let (served, _, _folder) = demo().await;
    let browser = Browser::start().await;

    for page in pages(&served.origin).await {
        let url = format!("{}{page}", served.origin);
        let is_found = reqwest::get(&url).await.expect("it answers").status() == 200;
        for (width, scheme, with_axe) in SCREENS {
            browser.open(&url, width, scheme).await;

            let when = format!("{page} at {width}, {scheme}");
            // Chromium reports a page that is not found as an error.
            if is_found {
                browser.must_be_quiet(&served.origin).await;
                assert_ne!(browser.run(DESCRIPTION).await, "", "{when}");
            } else {
                browser.discard_log().await;
            }
            assert_eq!(browser.run(HEADINGS).await, 1, "{when}");
            assert_eq!(browser.run(SIDEWAYS).await, 0, "{when}");
            if with_axe {
                browser.must_be_accessible(None, &when).await;
            }
        }
    }
    browser.close().await;
}

/// Follows the link that has the focus after Tab was pressed until the condition holds.
async fn follow(browser: &Browser, condition: &str, then_at: &str) {
    browser.tab_to(condition).await;
    browser.press(ENTER).await;
    browser
        .wait_until(&format!("location.pathname.match({then_at})"))
        .await;
    browser
        .wait_until("document.readyState === 'complete'")
        .await;
}

/// Links by a condition, and the pages that they lead to.
const WAY: [(&str, &str); 9] = [
    ("it.pathname === '/lists'", r"/^\/lists$/"),
    (
        r"it.pathname?.match(/^\/lists\/\d{4}-/)",
        r"/^\/lists\/\d{4}-\d\d-\d\d\/short_term$/",
    ),
    ("it.rel === 'prev'", r"/^\/lists\/\d{4}-/"),
    (
        "it.pathname?.startsWith('/changes/')",
        r"/^\/changes\/short_term\//",
    ),
    ("it.pathname === '/evolution'", r"/^\/evolution$/"),
    ("it.search?.includes('period=all')", r"/^\/evolution$/"),
    ("it.pathname === '/gems'", r"/^\/gems$/"),
    (
        "it.pathname === '/gems/discoveries'",
        r"/^\/gems\/discoveries$/",
    ),
    ("it.pathname === '/dashboard'", r"/^\/dashboard$/"),
];

#[tokio::test]
async fn a_reader_gets_everywhere_with_the_keyboard_and_without_scripts() {
    let (served, _, _folder) = demo().await;
    let browser = Browser::start().await;
    browser.disable_scripts().await;
    let start = format!("{}/dashboard", served.origin);
    browser.open(&start, 1280, "light").await;

    browser.tab_to("it.classList.contains('skip-link')").await;
    browser.press(ENTER).await;
    browser
        .wait_until("document.activeElement.id === 'main'")
        .await;
    for (link, page) in [
        ("it.pathname?.startsWith('/tracks/')", r"/^\/tracks\//"),
        ("it.pathname?.startsWith('/artists/')", r"/^\/artists\//"),
    ] {
        follow(&browser, link, page).await;
    }
    browser.tab_to("it.name === 'q'").await;
    browser.press("the").await;
    browser.press(ENTER).await;
    browser.wait_until("location.search === '?q=the'").await;
    for (link, page) in WAY {
        follow(&browser, link, page).await;
    }

    browser.must_be_quiet(&served.origin).await;
    browser.close().await;
}
