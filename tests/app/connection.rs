//! Connecting to Spotify over HTTP, against a fake on this machine, and how the pages tell of it.

mod commands;
mod journey;
mod problems;
mod secrets;
mod troubles;

use crate::harness::program::{Output, Server, run};
use crate::harness::{Client, Engine, Response, TestApp, must_have, on_both_engines};
use chrono::{DateTime, Months, TimeDelta, Utc};
use entity::{authorization, connection};
use music_time_machine::demo::spotify::FakeSpotify;
use reqwest::Method;
use sea_orm::EntityTrait;
use sea_orm::sea_query::Expr;
use std::time::{Duration, Instant};
use url::Url;

const PAGE: &str = "/settings/spotify";
const CLIENT_ID: &str = "0123456789abcdef0123456789abcdef";
const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A program whose Spotify is the fake.
struct Connecting {
    app: TestApp,
    fake: FakeSpotify,
    server: Server,
    client: Client,
}

fn settings(fake: &FakeSpotify) -> [(&str, &str); 4] {
    let origin = fake.origin().as_str();
    [
        ("SPOTIFY_API_URL", origin),
        ("SPOTIFY_ACCOUNTS_URL", origin),
        ("SECRET_KEY", KEY),
        ("CAPTURE_AT", "23:59"),
    ]
}

async fn server(app: &TestApp, fake: &FakeSpotify, more: &[(&str, &str)]) -> Server {
    app.another_server(&[&settings(fake), more].concat()).await
}

/// What a browser has after it pressed Connect.
struct Begun {
    authorize_url: Url,
    cookie: String,
}

impl Connecting {
    async fn start(app: TestApp) -> Self {
        Self::with_settings(app, &[]).await
    }

    async fn with_settings(mut app: TestApp, more: &[(&str, &str)]) -> Self {
        // Its schedule would ask the real Spotify.
        app.server.stop("KILL").await;
        let fake = FakeSpotify::start().await.expect("a free port");
        let server = server(&app, &fake, more).await;
        let client = Client::new(&server.origin);
        Self {
            app,
            fake,
            server,
            client,
        }
    }

    async fn post(&self, path: &str, form: &str, headers: &[(&str, &str)]) -> Response {
        let headers = [&[FORM], headers].concat();
        let post = self.client.send(Method::POST, path, &headers, form);
        post.await
    }

    /// Runs a command with the settings of the program.
    async fn command(&self, name: &str, more: &[(&str, &str)]) -> Output {
        let mut command = self.app.command(&[name]);
        let (settings, more) = (settings(&self.fake), more.iter().copied());
        run(command.envs(settings).envs(more)).await
    }

    async fn begin(&self) -> Begun {
        self.begin_in_tab("").await
    }

    /// In a browser with this cookie.
    async fn begin_in_tab(&self, cookie: &str) -> Begun {
        let form = format!("client_id={CLIENT_ID}");
        let headers = [("cookie", cookie)];
        let begun = self
            .post("/settings/spotify/connect", &form, &headers)
            .await;
        assert_eq!(begun.status, 303, "{}", begun.body);
        let cookie = begun.header("set-cookie").to_owned();
        for attribute in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=600"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        Begun {
            authorize_url: begun.header("location").parse().expect("an address"),
            cookie: cookie.split(';').next().unwrap_or_default().to_owned(),
        }
    }

    /// The address to which Spotify sends the browser after the owner agreed.
    fn agree(&self, begun: &Begun) -> Url {
        let back = self.fake.agree(&begun.authorize_url);
        back.expect("the fake accepts the address")
    }

    /// Opens the redirected address. Returns where it leads.
    async fn back(&self, address: &Url, cookie: &str) -> String {
        let path = &address[url::Position::BeforePath..];
        let headers = [("cookie", cookie)];
        let response = self.client.request(Method::GET, path, &headers).await;
        assert_eq!(response.status, 303, "{}", response.body);
        response.header("location").to_owned()
    }

    async fn connect(&self) {
        let begun = self.begin().await;
        let back = self.agree(&begun);
        let page = self.back(&back, &begun.cookie).await;
        assert_eq!(page, "/settings/spotify?lists=today");
    }

    async fn state(&self) -> String {
        let connection = self.client.json("/api/connection").await;
        connection["state"].as_str().expect("a word").to_owned()
    }

    async fn page(&self, path: &str) -> String {
        let page = self.client.get(path).await;
        assert_eq!(page.status, 200, "{}", page.body);
        page.body
    }

    async fn wait_for_lists(&self) {
        let started = Instant::now();
        while self.client.json("/api/captures").await["items"]
            .as_array()
            .is_none_or(|rows| rows.len() < 3)
        {
            assert!(started.elapsed() < Duration::from_secs(30), "no lists came");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Lets the owner have consented earlier.
    async fn set_authorized_at(&self, at: DateTime<Utc>) {
        let db = self.app.database.connect().await;
        connection::Entity::update_many()
            .col_expr(connection::Column::AuthorizedAt, Expr::value(at))
            .exec(&db)
            .await
            .expect("the row can be changed");
        db.close().await.expect("the connection closes");
    }

    async fn expire_authorizations(&self) {
        let db = self.app.database.connect().await;
        let past = Utc::now() - TimeDelta::minutes(1);
        authorization::Entity::update_many()
            .col_expr(authorization::Column::ExpiresAt, Expr::value(past))
            .exec(&db)
            .await
            .expect("the row can be changed");
        db.close().await.expect("the connection closes");
    }
}

on_both_engines! {
async fn the_page_shows_the_redirect_uri_and_allows_its_form_to_lead_to_spotify(app: TestApp) {
    let it = Connecting::start(app).await;

    let page = it.client.get(PAGE).await;

    must_have(&page.body, &[
        &format!(">{}/spotify/callback</textarea>", it.server.origin),
        "user-top-read",
        "name=\"client_id\"",
    ]);
    let policy = page.header("content-security-policy");
    let accounts = it.fake.origin().origin().ascii_serialization();
    assert!(policy.contains(&accounts), "{policy}");
    let elsewhere = it.client.get("/dashboard").await;
    assert!(!elsewhere.header("content-security-policy").contains(&accounts));
    let settings = it.client.get("/settings").await;
    must_have(&settings.body, &[&format!("<a href=\"{PAGE}\">Spotify</a>")]);
}
}

on_both_engines! {
async fn the_owner_connects_once_and_the_first_lists_come(app: TestApp) {
    let it = Connecting::start(app).await;
    let begun = it.begin().await;
    assert!(begun.authorize_url.as_str().contains("scope=user-top-read&"), "{}", begun.authorize_url);
    let back = it.agree(&begun);

    let page = it.back(&back, &begun.cookie).await;

    assert_eq!(page, "/settings/spotify?lists=today");
    assert_eq!(it.state().await, "connected");
    it.wait_for_lists().await;
    must_have(&it.page(PAGE).await, &["Connected as", "Disconnect", "Take today’s lists now", "Renew now"]);
    must_have(&it.page(&page).await, &["kept, 50 tracks"]);
    // The state is used up.
    assert_eq!(it.back(&back, &begun.cookie).await, "/settings/spotify?problem=not_begun");
    assert_eq!(it.state().await, "connected");
    for secret in it.fake.secrets() {
        assert!(!it.page(PAGE).await.contains(&secret));
    }
}
}

on_both_engines! {
async fn the_answer_is_taken_from_the_browser_that_began_alone(app: TestApp) {
    let it = Connecting::start(app).await;
    let (begun, other) = (it.begin().await, it.begin().await);
    let back = it.agree(&begun);

    for cookie in ["", "authorization=x", &other.cookie] {
        assert_eq!(it.back(&back, cookie).await, "/settings/spotify?problem=not_begun", "{cookie}");
    }

    assert_eq!(it.state().await, "not_connected");
    assert_eq!(it.back(&back, &begun.cookie).await, "/settings/spotify?lists=today");
}
}

on_both_engines! {
async fn each_tab_of_a_browser_can_finish(app: TestApp) {
    let it = Connecting::start(app).await;
    let first = it.begin().await;
    let second = it.begin_in_tab(&first.cookie).await;
    assert_eq!(first.cookie, second.cookie);

    for tab in [&first, &second] {
        assert_eq!(it.back(&it.agree(tab), &second.cookie).await, "/settings/spotify?lists=today");
    }

    let planted = it.begin_in_tab("authorization=planted").await;
    assert!(!planted.cookie.contains("planted"), "{}", planted.cookie);
}
}

on_both_engines! {
async fn an_empty_library_offers_to_connect_first(app: TestApp) {
    for path in ["/dashboard", "/lists", "/changes"] {
        let page = app.main_part(path).await;
        let (before, _) = page.split_once("music-time-machine ").expect("another way in");
        assert!(before.contains("href=\"/settings/spotify\">Connect Spotify</a>"), "{path}: {page}");
    }
    let settings = [("OWNER_PASSWORD", "correct horse battery staple"), ("PUBLIC_READ", "true")];
    let public = app.another_server(&settings).await;
    for path in ["/dashboard", "/lists", "/changes"] {
        let page = Client::new(&public.origin).main_part(path).await;
        assert!(!page.contains("Connect Spotify"), "{path}: {page}");
    }
}
}

on_both_engines! {
async fn an_answer_after_ten_minutes_is_refused(app: TestApp) {
    let it = Connecting::start(app).await;
    let begun = it.begin().await;
    let back = it.agree(&begun);
    it.expire_authorizations().await;

    let page = it.back(&back, &begun.cookie).await;

    assert_eq!(page, "/settings/spotify?problem=not_begun");
    must_have(&it.page(&page).await, &["no answer to a connection that this browser began"]);
    assert_eq!(it.state().await, "not_connected");
}
}

on_both_engines! {
async fn the_address_can_be_pasted(app: TestApp) {
    let it = Connecting::start(app).await;
    let begun = it.begin().await;
    let address = it.agree(&begun);
    let cookie = [("cookie", begun.cookie.as_str())];
    let form = |address: &str| url::form_urlencoded::Serializer::new(String::new())
        .append_pair("address", address)
        .finish();

    let wrong = it.post("/settings/spotify/callback", &form("http://127.0.0.1/"), &cookie).await;
    let right = it.post("/settings/spotify/callback", &form(address.as_str()), &cookie).await;

    assert_eq!(wrong.header("location"), "/settings/spotify?problem=not_an_address");
    assert_eq!(right.header("location"), "/settings/spotify?lists=today");
    assert_eq!(it.state().await, "connected");
}
}

on_both_engines! {
async fn disconnecting_keeps_the_library(app: TestApp) {
    let it = Connecting::start(app).await;
    it.connect().await;
    it.wait_for_lists().await;
    let before = it.client.json("/api/summary").await;

    let response = it.post("/settings/spotify/disconnect", "", &[]).await;

    assert_eq!(response.header("location"), "/settings/spotify?notice=disconnected");
    assert_eq!(it.state().await, "not_connected");
    assert_eq!(it.client.json("/api/summary").await, before);
    must_have(&it.page(response.header("location")).await, &["Disconnected", "Connect Spotify"]);
    // In another tab.
    let stale = it.post("/settings/spotify/capture", "", &[]).await;
    must_have(&it.page(stale.header("location")).await, &["Not connected any more; nothing was taken."]);
}
}

on_both_engines! {
async fn the_end_of_the_permission_is_told_everywhere_from_the_fifth_month_on(app: TestApp) {
    let it = Connecting::start(app).await;
    it.connect().await;
    it.wait_for_lists().await;
    assert!(!it.page("/dashboard").await.contains("permission"));

    it.set_authorized_at(Utc::now() - Months::new(6) + TimeDelta::days(12)).await;

    must_have(&it.page("/dashboard").await, &["permission ends on", "Renew it so that no day is missed", PAGE]);
    must_have(&it.page(PAGE).await, &["permission ends on", "Renew now", "days left"]);
    let check = it.command("check", &[]).await;
    assert!(check.stdout.contains("WARNING: Spotify’s permission ends on"), "{}", check.stdout);
    assert_eq!(check.code, Some(0));
}
}
