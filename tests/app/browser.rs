//! A handful of journeys in a real browser.

use crate::demo::demo;
use crate::harness::browser::Browser;
use crate::harness::{Engine, TestApp, on_both_engines};

const DRAWN: &str = r#"document.querySelector('canvas#releaseDecadeChart[data-drawn="true"]')"#;
const SIDEWAYS: &str =
    "return document.documentElement.scrollWidth - document.documentElement.clientWidth";

#[tokio::test]
async fn the_dashboard_is_drawn_quiet_and_accessible_in_every_light_and_width() {
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
async fn the_api_page_lists_every_operation_and_asks_no_other_host() {
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
