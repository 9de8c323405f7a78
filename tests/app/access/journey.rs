//! The owner's way in a real browser, by keyboard: set up, sign out and in, make a token and use it on the page of the API,
//! end a session.

use super::PASSWORD;
use super::set_up::token;
use crate::harness::browser::{Browser, ENTER};
use crate::harness::{Engine, JSON, TestApp, payload};
use reqwest::Method;
use serde_json::json;

const SIDEWAYS: &str =
    "return document.documentElement.scrollWidth - document.documentElement.clientWidth";

struct Journey<'a> {
    app: &'a TestApp,
    browser: Browser,
    width: u32,
    scheme: &'a str,
    has_scripts: bool,
}

impl Journey<'_> {
    async fn open(&self, path: &str) {
        let url = format!("{}{path}", self.app.server.origin);
        self.browser.open(&url, self.width, self.scheme).await;
    }

    /// Types into the field with this name.
    async fn fill(&self, name: &str, text: &str) {
        self.browser.tab_to(&format!("it.name === '{name}'")).await;
        self.browser.press(text).await;
    }

    /// Presses Enter on the button or link with these words, and waits for what it leads to.
    async fn press(&self, words: &str, then: &str) {
        let is_it = format!("it.textContent.trim().startsWith('{words}')");
        self.browser.tab_to(&is_it).await;
        self.browser.press(ENTER).await;
        self.arrive(then).await;
    }

    async fn arrive(&self, then: &str) {
        let loaded = format!("document.readyState === 'complete' && {then}");
        self.browser.wait_until(&loaded).await;
    }

    async fn must_be_fine(&self, when: &str) {
        self.browser.must_be_quiet(&self.app.server.origin).await;
        self.must_look_fine(when).await;
    }

    async fn must_look_fine(&self, when: &str) {
        let when = format!("{when} at {}, scripts: {}", self.width, self.has_scripts);
        assert_eq!(self.browser.run(SIDEWAYS).await, 0, "{when}");
        if self.has_scripts {
            self.browser.must_be_accessible(None, &when).await;
        }
    }

    async fn set_up(&self) {
        self.open("/settings/access").await;
        self.must_be_fine("without an owner").await;
        self.press("Set a password", "location.pathname === '/set-up'")
            .await;
        self.must_be_fine("before setting up").await;
        self.fill("token", &token(self.app)).await;
        self.fill("password", PASSWORD).await;
        self.browser.press(ENTER).await;
        self.arrive("location.pathname === '/dashboard'").await;
    }

    async fn sign_out_and_in(&self) {
        self.open("/settings/access").await;
        self.must_be_fine("with an owner").await;
        self.press("Sign out", "location.pathname === '/sign-in'")
            .await;
        self.must_be_fine("signed out").await;
        self.open("/settings/log").await;
        self.arrive("location.search === '?next=%2Fsettings%2Flog'")
            .await;
        self.fill("password", "not the password").await;
        self.browser.press(ENTER).await;
        self.arrive("document.querySelector('.wrong')").await;
        // The browser logs that the page was answered with 401.
        self.browser.discard_log().await;
        self.must_look_fine("with a wrong password").await;
        self.fill("password", PASSWORD).await;
        self.browser.press(ENTER).await;
        self.arrive("location.pathname === '/settings/log'").await;
        self.must_be_fine("with the log").await;
    }

    /// Returns the token.
    async fn make_token(&self) -> String {
        self.open("/settings/access").await;
        self.fill("name", "Home display").await;
        self.browser.press(ENTER).await;
        self.arrive("document.querySelector('.once')").await;
        self.must_be_fine("with a new token").await;
        let token = self
            .browser
            .run("return document.querySelector('#token').value")
            .await;
        token.as_str().expect("a text").to_owned()
    }

    async fn end_another_session(&self) {
        self.app.sign_in(PASSWORD).await;
        self.open("/settings/access").await;
        self.press("End", "location.search === '?notice=ended'")
            .await;
        let left = "return document.querySelectorAll('[aria-label=\"Table of sessions\"] tbody tr').length";
        assert_eq!(self.browser.run(left).await, 1);
        self.must_be_fine("after ending a session").await;
    }

    /// A list is deleted from its page, and the rest from the settings.
    async fn export_and_clear(&self) {
        // Covers would come from another host.
        let track = |id| payload(id).with("album/images", json!([]));
        let list = json!({ "items": [track("a"), track("b")] });
        let write = self.app.token("write").await;
        let headers = [JSON, &[("authorization", write.as_str())]].concat();
        let path = "/api/snapshots/2026-03-01/short_term";
        let put = self.app.send(Method::PUT, path, &headers, list).await;
        put.must_be_ok();
        self.open("/lists/2026-03-01/short_term").await;
        self.must_be_fine("with a list").await;
        self.browser.tab_to("it.matches('.deletion summary')").await;
        self.browser.press(ENTER).await;
        self.press("Delete this list", "location.pathname === '/lists'")
            .await;

        self.open("/settings").await;
        self.must_be_fine("with the library").await;
        self.browser
            .tab_to("it.getAttribute('href') === '/api/export'")
            .await;
        self.fill("confirm", "delete everything").await;
        self.browser.press(ENTER).await;
        self.arrive("document.querySelector('.wrong')").await;
        // The browser logs that the page was answered with 400.
        self.browser.discard_log().await;
        self.must_look_fine("with a wrong confirmation").await;
        self.browser
            .run("document.querySelector('[name=confirm]').value = ''")
            .await;
        self.fill("confirm", "delete 2 tracks").await;
        self.browser.press(ENTER).await;
        self.arrive("location.search === '?notice=cleared'").await;
        self.must_be_fine("after clearing").await;
    }

    /// Swagger UI needs scripts.
    async fn use_token_on_the_page_of_the_api(&self, token: &str) {
        self.open("/settings/access").await;
        self.press("Sign out", "location.pathname === '/sign-in'")
            .await;
        self.open("/docs").await;
        let click = |selector: &str| format!("document.querySelector('{selector}').click()");
        self.browser
            .wait_until("document.querySelector('.authorize')")
            .await;
        self.browser.run(&click(".authorize")).await;
        self.browser
            .wait_until("document.querySelector('.auth-container input')")
            .await;
        self.browser
            .run("document.querySelector('.auth-container input').focus()")
            .await;
        self.browser.press(token).await;
        self.browser
            .run(&click(".auth-btn-wrapper .authorize"))
            .await;
        self.browser
            .run(&click(".auth-btn-wrapper .btn-done"))
            .await;
        let found = "document.querySelector('[id$=get_summary] .opblock-summary-control')";
        self.browser.wait_until(found).await;
        self.browser.run(&format!("{found}.click()")).await;
        let execute = "document.querySelector('[id$=get_summary] .execute')";
        self.browser.wait_until(execute).await;
        self.browser.run(&format!("{execute}.click()")).await;
        let status = "document.querySelector('[id$=get_summary] .live-responses-table tbody .response-col_status')?.textContent.trim().startsWith('200')";
        self.browser.wait_until(status).await;
        self.browser.must_be_quiet(&self.app.server.origin).await;
    }
}

#[tokio::test]
async fn the_owner_sets_up_signs_in_makes_a_token_and_ends_a_session() {
    for (engine, width, scheme, has_scripts) in [
        (Engine::Postgres, 1280, "light", true),
        (Engine::Sqlite, 390, "dark", true),
        (Engine::Sqlite, 390, "light", false),
    ] {
        let app = TestApp::start(engine).await;
        let browser = Browser::start().await;
        if !has_scripts {
            browser.disable_scripts().await;
        }
        let journey = Journey {
            app: &app,
            browser,
            width,
            scheme,
            has_scripts,
        };

        journey.set_up().await;
        journey.sign_out_and_in().await;
        let token = journey.make_token().await;
        journey.end_another_session().await;
        journey.export_and_clear().await;
        if has_scripts {
            journey.use_token_on_the_page_of_the_api(&token).await;
        }

        journey.browser.close().await;
    }
}
