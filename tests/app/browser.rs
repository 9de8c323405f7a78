//! The pages in a real browser: errors, requests, accessibility, the chart, and covers.

use crate::demo::demo;
use crate::harness::browser::Browser;
use crate::harness::payloads::lines;
use crate::harness::{Engine, TestApp, on_both_engines, page, payload};
use serde_json::json;

const DRAWN: &str = r#"document.querySelector('canvas#releaseDecadeChart[data-drawn="true"]')"#;
const SIDEWAYS: &str =
    "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
const CHART: &str = "
    const chart = Chart.getChart('releaseDecadeChart');
    const { labels, datasets: [{ data, backgroundColor }] } = chart.data;
    const tokens = getComputedStyle(document.documentElement);
    const hollow = tokens.getPropertyValue('--sunk');
    return {
        bars: labels.map((label, bar) => [label, data[bar], backgroundColor[bar] === hollow ? 'hollow' : 'full']),
        ticks: chart.scales.x.ticks.map(tick => tick.label),
        table: [...document.querySelectorAll('table[data-chart] tbody tr')]
            .map(row => [row.cells[0].textContent, row.cells[1].textContent]),
        requests: performance.getEntriesByType('resource').filter(entry => entry.name.includes('/api/')).length,
    };
";
/// Whether the box of the chart is visible, and whether its table is.
const CHART_AND_TABLE: &str = "
    const shown = element => element.checkVisibility({ contentVisibilityAuto: true });
    const section = document.querySelector('.release-decades');
    return [shown(section.querySelector('.chart')), shown(section.querySelector('td'))];
";

#[tokio::test]
async fn the_dashboard_is_accessible_and_logs_no_error_at_every_width_and_colour_scheme() {
    let (served, _, _folder) = demo().await;
    let browser = Browser::start().await;
    let url = format!("{}/dashboard", served.origin);

    for (width, scheme) in [
        (1280, "light"),
        (1280, "dark"),
        (390, "light"),
        (390, "dark"),
        (320, "light"),
    ] {
        browser.open(&url, width, scheme).await;
        browser.wait_until(DRAWN).await;

        browser.must_be_quiet(&served.origin).await;
        assert_eq!(browser.run(SIDEWAYS).await, 0, "at {width}");
        browser
            .must_be_accessible(None, &format!("on the dashboard at {width}, {scheme}"))
            .await;
    }
    browser.close().await;
}

#[tokio::test]
async fn the_numbers_behind_each_chart_can_be_opened() {
    let (served, _, _folder) = demo().await;
    let browser = Browser::start().await;
    browser
        .open(&format!("{}/dashboard", served.origin), 1280, "light")
        .await;
    browser.wait_until(DRAWN).await;

    let opened = browser.run("
        const all = [...document.querySelectorAll('details.numbers')];
        all.forEach(details => details.querySelector('summary').click());
        return all.filter(details => details.open && details.querySelector('table tbody tr')).length;
    ").await;

    assert!(opened.as_u64() >= Some(2), "{opened}");
    browser
        .must_be_accessible(None, "on the dashboard with its tables open")
        .await;
    browser.must_be_quiet(&served.origin).await;
    browser.close().await;
}

#[tokio::test]
async fn the_api_page_lists_every_operation_and_requests_no_other_host() {
    let (served, _, _folder) = demo().await;
    let browser = Browser::start().await;

    for (width, scheme) in [(1280, "light"), (390, "dark")] {
        browser
            .open(&format!("{}/docs", served.origin), width, scheme)
            .await;
        browser
            .wait_until("document.querySelectorAll('#swagger-ui .opblock').length >= 9")
            .await;

        browser.must_be_quiet(&served.origin).await;
        browser
            .must_be_accessible(
                Some("#swagger-ui"),
                &format!("on the API page at {width}, {scheme}"),
            )
            .await;
    }
    browser.close().await;
}

on_both_engines! {
async fn an_empty_library_says_what_to_do_next(app: TestApp) {
    let browser = Browser::start().await;

    for (width, scheme) in [(1280, "light"), (390, "dark"), (320, "light")] {
        browser.open(&format!("{}/", app.server.origin), width, scheme).await;

        browser.wait_until("document.readyState === 'complete'").await;
        browser.must_be_quiet(&app.server.origin).await;
        assert_eq!(browser.run(SIDEWAYS).await, 0, "at {width}");
        let text = browser.run("return document.querySelector('main').innerText").await.to_string();
        assert!(text.contains("demo") && text.contains("import"), "{text}");
        browser.must_be_accessible(None, &format!("on the empty dashboard at {width}, {scheme}")).await;
    }
    browser.close().await;
}
}

/// Tracks in two decades, and three without a known year.
async fn import_decades(app: &TestApp) {
    let tracks = (0..1_240).map(|number| {
        let released = match number {
            0..3 => "0000",
            3..1_237 => "1994-03-01",
            _ => "2007-03-01",
        };
        payload(&format!("t{number:04}")).released(released).0
    });
    app.write("tracks.ndjson", lines(tracks));
    app.import(["tracks.ndjson"]).await;
}

on_both_engines! {
async fn the_chart_shows_the_numbers_of_its_table(app: TestApp) {
    import_decades(&app).await;
    let browser = Browser::start().await;
    let url = format!("{}/dashboard", app.server.origin);

    for (width, scheme, unknown) in [(1280, "light", "Unknown"), (390, "dark", "?")] {
        browser.open(&url, width, scheme).await;
        browser.wait_until(DRAWN).await;

        let chart = browser.run(CHART).await;
        let bars = json!([["1990s", 1234, "full"], ["2000s", 3, "full"], ["Unknown", 3, "hollow"]]);
        assert_eq!(chart["bars"], bars, "at {width}, {scheme}");
        assert_eq!(chart["table"], json!([["1990s", "1,234"], ["2000s", "3"], ["Unknown", "3"]]));
        assert_eq!(chart["ticks"], json!(["1990s", "2000s", unknown]), "at {width}");
        assert_eq!(chart["requests"], 0, "the chart is drawn from the page");
        assert_eq!(browser.run(CHART_AND_TABLE).await, json!([true, false]));
    }
    browser.close().await;
}
}

on_both_engines! {
async fn the_chart_follows_the_colour_scheme(app: TestApp) {
    import_decades(&app).await;
    let browser = Browser::start().await;
    browser.open(&format!("{}/dashboard", app.server.origin), 1280, "light").await;
    browser.wait_until(DRAWN).await;
    let light = browser.run(CHART).await;

    browser.set_scheme("dark").await;

    browser.wait_until("Chart.getChart('releaseDecadeChart').data.datasets[0].backgroundColor[2] === '#262320'").await;
    assert_eq!(browser.run(CHART).await, light);
    browser.must_be_quiet(&app.server.origin).await;
    browser.close().await;
}
}

on_both_engines! {
async fn the_table_is_open_if_the_chart_cannot_be_drawn(app: TestApp) {
    import_decades(&app).await;
    let browser = Browser::start().await;
    browser.block("*chart.umd.min.js").await;

    browser.open(&format!("{}/dashboard", app.server.origin), 1280, "light").await;

    browser.wait_until("document.readyState === 'complete'").await;
    assert_eq!(browser.run(CHART_AND_TABLE).await, json!([false, true]));
    browser.close().await;
}
}

on_both_engines! {
async fn the_table_is_open_without_scripting(app: TestApp) {
    import_decades(&app).await;
    let browser = Browser::start().await;
    browser.disable_scripts().await;

    browser.open(&format!("{}/dashboard", app.server.origin), 1280, "light").await;

    assert_eq!(browser.run(CHART_AND_TABLE).await, json!([false, true]));
    browser.close().await;
}
}

on_both_engines! {
async fn a_cover_that_cannot_be_loaded_looks_like_a_missing_one(app: TestApp) {
    let items = [payload("unreachable"), payload("missing").with("album/images", json!([]))];
    app.write("2026-03-01/short_term.json", page(items));
    app.import(["2026-03-01/short_term.json"]).await;
    let browser = Browser::start().await;

    for (width, scheme, ink) in [(1280, "light", "rgb(111, 103, 91)"), (390, "dark", "rgb(160, 151, 138)")] {
        browser.open(&format!("{}/dashboard", app.server.origin), width, scheme).await;
        let cover = "document.querySelector('li:first-child .cover')";
        browser.wait_until(&format!("{cover}.complete && {cover}.naturalWidth === 0")).await;

        let unreachable = browser.screenshot("li:first-child .cover").await;
        browser.run(&format!("{cover}.replaceWith(document.querySelector('li:nth-child(2) .cover').cloneNode())")).await;
        let missing = browser.screenshot("li:first-child .cover").await;
        assert_eq!(unreachable, missing, "at {width}, {scheme}");
        let disc = browser.run(&format!("return getComputedStyle({cover}, '::after').backgroundImage")).await;
        assert!(disc.to_string().contains(ink), "{disc}");
    }
    browser.close().await;
}
}
