//! The whole way in a real browser, against the made-up Spotify of the demo.

use crate::demo::demo;
use crate::harness::browser::Browser;

const SIDEWAYS: &str =
    "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
const LOADED: &str = "document.readyState === 'complete'";

struct Journey {
    browser: Browser,
    origin: String,
    width: u32,
    has_scripts: bool,
}

impl Journey {
    /// Presses a button, and waits for the page that it leads to.
    async fn press(&self, selector: &str, then: &str) {
        let click = format!("document.querySelector('{selector}').click()");
        self.browser.run(&click).await;
        self.browser
            .wait_until(&format!("{LOADED} && {then}"))
            .await;
    }

    async fn must_be_fine(&self, when: &str) {
        let when = format!("{when} at {}, scripts: {}", self.width, self.has_scripts);
        self.browser.must_be_quiet(&self.origin).await;
        assert_eq!(self.browser.run(SIDEWAYS).await, 0, "{when}");
        self.must_be_accessible(&when).await;
    }

    /// Axe is a script.
    async fn must_be_accessible(&self, when: &str) {
        if self.has_scripts {
            self.browser.must_be_accessible(None, when).await;
        }
    }

    async fn go(&self, scheme: &str) {
        let page = format!("{}/settings/spotify", self.origin);
        self.browser.open(&page, self.width, scheme).await;
        let copies = self
            .browser
            .run("return document.querySelectorAll('.copy button').length")
            .await;
        assert_eq!(copies, i32::from(self.has_scripts));
        self.must_be_fine("before connecting").await;

        self.press(".button.primary", "location.pathname === '/authorize'")
            .await;
        self.press(
            "[value=cancel]",
            "location.search.startsWith('?problem=cancelled')",
        )
        .await;
        // The page of the made-up Spotify has another origin and no icon.
        self.browser.discard_log().await;
        self.must_be_accessible("after cancelling").await;
        self.press(".button.primary", "location.pathname === '/authorize'")
            .await;
        self.press("[value=agree]", "location.search === '?lists=today'")
            .await;
        self.browser.discard_log().await;
        self.see_lists_arrive().await;
        self.press(
            "#arrivals .button:not(.primary)",
            "document.querySelector('.permission')",
        )
        .await;
        self.must_be_fine("when connected").await;
        self.press(".button.bad", "document.querySelector('.steps')")
            .await;
        self.must_be_fine("after disconnecting").await;
    }

    async fn see_lists_arrive(&self) {
        let taking = "document.querySelector('[data-taking]')";
        if !self.has_scripts {
            while self.browser.run(&format!("return Boolean({taking})")).await == true {
                self.press(".look-again", "document.querySelector('#arrivals')")
                    .await;
            }
        }
        self.browser.wait_until(&format!("!{taking}")).await;
        let covers = "document.querySelectorAll('.arriving .cover').length >= 100";
        self.browser.wait_until(covers).await;
        self.must_be_accessible("with the first lists").await;
        self.browser.discard_log().await;
    }
}

#[tokio::test]
async fn the_owner_connects_sees_lists_arrive_and_disconnects() {
    let (served, _, _folder) = demo().await;
    for (width, scheme, has_scripts) in [
        (1280, "light", true),
        (390, "dark", true),
        (1280, "dark", false),
        (390, "light", false),
    ] {
        let browser = Browser::start().await;
        if !has_scripts {
            browser.disable_scripts().await;
        }
        let journey = Journey {
            browser,
            origin: served.origin.clone(),
            width,
            has_scripts,
        };

        journey.go(scheme).await;

        journey.browser.close().await;
    }
}
