//! A headless Chromium, controlled with WebDriver through chromedriver.

use super::client::http;
use super::files::workspace_text;
use super::program::isolate;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use url::Url;

const MISSING: &str = "\
The tests need Chromium and chromedriver. ./script/test installs them where it can. By hand:
Debian: apt-get install chromium chromium-driver; Fedora: dnf install chromium chromedriver; macOS:
brew install --cask chromium chromedriver";

const TIMEOUT: Duration = Duration::from_secs(60);

/// Keys of WebDriver.
pub const TAB: &str = "\u{e004}";
pub const ENTER: &str = "\u{e007}";
const MAX_TABS: usize = 200;

const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

pub struct Browser {
    /// The URL of the WebDriver session.
    session: String,
    client: reqwest::Client,
    driver: Child,
    _profile: TempDir,
}

impl Browser {
    pub async fn start() -> Self {
        let profile = tempfile::tempdir().expect("the temporary folder is writable");
        let mut command = Command::new(find_program(&["chromedriver"]));
        isolate(&mut command);
        command.arg("--port=0").env("HOME", profile.path());
        let mut driver = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver can be started");
        let origin = timeout(TIMEOUT, origin(&mut driver))
            .await
            .expect("chromedriver starts in time");
        let client = http().build().expect("a client can be built");
        let mut flags = FLAGS.map(str::to_owned).to_vec();
        flags.push(format!(
            "--user-data-dir={}",
            profile.path().join("profile").display()
        ));
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": {
                "args": flags, "binary": find_program(&["chromium", "chromium-browser", "google-chrome"]),
                "perfLoggingPrefs": { "enableNetwork": true },
            },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let mut browser = Self {
            session: format!("{origin}/session"),
            client,
            driver,
            _profile: profile,
        };
        let session = browser
            .post(
                "",
                json!({ "capabilities": { "alwaysMatch": capabilities } }),
            )
            .await;
        let id = session["sessionId"].as_str().expect("a session has an id");
        browser.session = format!("{}/{id}", browser.session);
        // Discard the log of what the browser itself requests at its start.
        browser.post("/url", json!({ "url": "about:blank" })).await;
        browser.log("performance").await;
        browser
    }

    /// Opens a page in a viewport of this width. `scheme` is `light` or `dark`.
    pub async fn open(&self, url: &str, width: u32, scheme: &str) {
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size)
            .await;
        self.set_scheme(scheme).await;
        self.post("/url", json!({ "url": url })).await;
    }

    pub async fn set_scheme(&self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Makes requests to URLs that match this pattern fail.
    pub async fn block(&self, pattern: &str) {
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.setBlockedURLs", json!({ "urls": [pattern] }))
            .await;
    }

    /// Turns JavaScript off for the pages that are opened next.
    pub async fn disable_scripts(&self) {
        self.devtools(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": true }),
        )
        .await;
    }

    /// Runs the body of a function in the page and returns its result.
    pub async fn run(&self, body: &str) -> Value {
        self.post("/execute/sync", json!({ "script": body, "args": [] }))
            .await
    }

    /// Presses keys, one after the other: characters, or [`TAB`] and [`ENTER`].
    pub async fn press(&self, keys: &str) {
        let strokes = keys.chars().flat_map(|key| {
            ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() }))
        });
        let strokes: Vec<_> = strokes.collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": strokes });
        self.post("/actions", json!({ "actions": [keyboard] }))
            .await;
    }

    /// Presses Tab until the focus is on an element for which the condition, an expression over `it`, is true.
    pub async fn tab_to(&self, condition: &str) {
        let focused = format!("const it = document.activeElement; return Boolean({condition})");
        for _ in 0..MAX_TABS {
            self.press(TAB).await;
            if self.run(&focused).await == true {
                return;
            }
        }
        panic!("no element with the keyboard focus is {condition}");
    }

    /// A screenshot of an element without its edges (rounded corners depend on the layers below), as PNG in Base64.
    pub async fn screenshot(&self, selector: &str) -> String {
        let clip = self
            .run(&format!(
                "const box = document.querySelector('{selector}').getBoundingClientRect();
                 return {{ x: box.x + scrollX + 4, y: box.y + scrollY + 4, width: box.width - 8, height: box.height - 8, scale: 1 }};"
            ))
            .await;
        let params = json!({ "clip": clip, "captureBeyondViewport": true });
        let screenshot = self.devtools("Page.captureScreenshot", params).await;
        screenshot["data"]
            .as_str()
            .expect("a screenshot has data")
            .to_owned()
    }

    /// Waits until an expression is true in the page.
    pub async fn wait_until(&self, expression: &str) {
        let started = Instant::now();
        while self.run(&format!("return Boolean({expression})")).await != true {
            assert!(started.elapsed() < TIMEOUT, "{expression} is still false");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Fails if the page has logged an error or sent a request to another origin since the last call.
    pub async fn must_be_quiet(&self, origin: &str) {
        for entry in self.log("browser").await {
            let text = entry["message"].as_str().unwrap_or_default();
            assert_ne!(entry["level"], "SEVERE", "{text}");
            assert!(!text.contains("Content Security Policy"), "{text}");
        }
        let events = self.log("performance").await;
        let mut requests = 0;
        for event in events.iter().filter_map(|entry| entry["message"].as_str()) {
            let event: Value = serde_json::from_str(event).expect("an event is JSON");
            if event["message"]["method"] != "Network.requestWillBeSent" {
                continue;
            }
            let address = event["message"]["params"]["request"]["url"]
                .as_str()
                .expect("an address");
            let ours = ["data:", "blob:", "chrome:"]
                .iter()
                .any(|scheme| address.starts_with(scheme));
            assert!(
                ours || Url::parse(address)
                    .is_ok_and(|url| url.origin().ascii_serialization() == origin),
                "the page has requested {address}"
            );
            requests += 1;
        }
        assert!(requests > 0, "the log of requests is empty");
    }

    /// Fails if axe finds a violation in the page. What is excluded has a `main` of its own.
    pub async fn must_be_accessible(&self, excluded: Option<&str>, when: &str) {
        self.run(&workspace_text("tests/vendor/axe-core/axe.min.js"))
            .await;
        let context = excluded.map_or(json!({}), |selector| json!({ "exclude": [[selector]] }));
        let rules = json!({
            "resultTypes": ["violations"],
            "rules": { "landmark-no-duplicate-main": { "enabled": excluded.is_none() } },
        });
        let script = format!(
            "const done = arguments[0];
             axe.run(Object.assign({{ include: [['html']] }}, {context}), {rules})
                .then(found => done(found.violations), failure => done(String(failure)));"
        );
        let found = self
            .post("/execute/async", json!({ "script": script, "args": [] }))
            .await;
        let found = found
            .as_array()
            .unwrap_or_else(|| panic!("axe failed {when}: {found}"));
        let messages: Vec<_> = found
            .iter()
            .map(|finding| {
                format!(
                    "{}: {} {}",
                    finding["id"], finding["help"], finding["nodes"][0]["html"]
                )
            })
            .collect();
        assert!(
            messages.is_empty(),
            "axe finds {when}:\n{}",
            messages.join("\n")
        );
    }

    /// Forgets what the pages have logged and requested so far.
    pub async fn discard_log(&self) {
        self.log("browser").await;
        self.log("performance").await;
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        let log = self.post("/se/log", json!({ "type": kind })).await;
        log.as_array().expect("a log is a list").clone()
    }

    async fn devtools(&self, command: &str, params: Value) -> Value {
        self.post(
            "/goog/cdp/execute",
            json!({ "cmd": command, "params": params }),
        )
        .await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let request = self
            .client
            .post(format!("{}{path}", self.session))
            .json(&body);
        let response = timeout(TIMEOUT, request.send())
            .await
            .expect("chromedriver responds in time");
        let response: Value = response
            .expect("chromedriver responds")
            .json()
            .await
            .expect("JSON");
        let value = response["value"].clone();
        assert!(value.get("error").is_none(), "{path}: {value}");
        value
    }

    /// Closes the browser. If it is dropped instead, chromedriver is killed and Chromium ends with it.
    pub async fn close(mut self) {
        let closed = self.client.delete(&self.session).send().await;
        closed.expect("chromedriver responds");
        self.driver.kill().await.expect("it is a child");
    }
}

async fn origin(driver: &mut Child) -> String {
    let mut lines = BufReader::new(driver.stdout.take().expect("it is piped")).lines();
    while let Some(line) = lines.next_line().await.expect("chromedriver writes text") {
        if let Some((_, port)) = line.split_once("successfully on port ") {
            return format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
        }
    }
    panic!("chromedriver ended before it listened");
}

fn find_program(names: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let named = |name: &&str| {
        folders
            .iter()
            .map(|folder| folder.join(name))
            .find(|path| path.exists())
    };
    let app = Path::new("/Applications/Chromium.app/Contents/MacOS/Chromium");
    let on_mac = || (names.contains(&"chromium") && app.exists()).then(|| app.into());
    names
        .iter()
        .find_map(named)
        .or_else(on_mac)
        .unwrap_or_else(|| panic!("{MISSING}"))
}
