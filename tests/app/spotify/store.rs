//! What is stored of the connection, on both engines.

use super::{CLIENT_ID, REDIRECT_URI, config};
use crate::harness::{Engine, TestApp, on_both_engines};
use chrono::{DateTime, TimeDelta, Utc};
use music_time_machine::config::{Secret, SecretKey};
use music_time_machine::connection::{
    Connection, Lease, NewAuthorization, NewConnection, SealedTokens, State, acquire_lease,
    begin_authorization, connect, connection, forget, is_held, mark_connected, mark_consent_ended,
    mark_invalid_grant, mark_refused, not_before, record_notice, release_lease, save_refreshed,
    set_not_before, take_authorization, unresolved_notice, was_sent,
};
use music_time_machine::db::Database;
use music_time_machine::secrets::{Purpose, SecretError, Secrets, random};
use sea_orm::EntityTrait;

struct Stored {
    database: Database,
    secrets: Secrets,
    now: DateTime<Utc>,
}

impl Stored {
    async fn of(app: &TestApp) -> Self {
        let config = config(&["--database-url", &app.database.url]);
        let key = SecretKey::parse(&"ab".repeat(32));
        Self {
            database: Database::ready(&config).await.expect("a database"),
            secrets: Secrets::new(key, &config.database().expect("a URL")),
            now: "2026-03-01T06:00:00.123456Z".parse().expect("an instant"),
        }
    }

    fn sealed(&self, access: &str, refresh: Option<&str>) -> SealedTokens {
        let refresh = refresh.map(Secret::new);
        let expires_at = self.now + TimeDelta::hours(1);
        let access = Secret::new(access);
        SealedTokens::seal(&self.secrets, &access, expires_at, refresh.as_ref()).expect("a key")
    }

    async fn connect(&self, authorized_at: DateTime<Utc>) {
        let new = NewConnection {
            client_id: CLIENT_ID.into(),
            account_id: "id".into(),
            account_name: "A listener".into(),
            authorized_at,
            tokens: self.sealed("access 1", Some("refresh 1")),
        };
        connect(&self.database, new).await.expect("it is stored");
    }

    async fn connection(&self) -> Connection {
        let found = connection(&self.database.read()).await;
        found.expect("it is read").expect("there is one")
    }

    /// Access and refresh token.
    async fn tokens(&self) -> (Option<String>, Option<String>) {
        let tokens = self
            .connection()
            .await
            .tokens(&self.secrets)
            .expect("the key fits");
        let text = |secret: Secret| secret.expose().to_owned();
        (
            tokens.access_token.map(|(token, _)| text(token)),
            tokens.refresh_token.map(text),
        )
    }
}

fn texts(access: &str, refresh: &str) -> (Option<String>, Option<String>) {
    (Some(access.into()), Some(refresh.into()))
}

on_both_engines! {
async fn a_refresh_replaces_what_it_answers_and_only_of_its_own_consent(app: TestApp) {
    let stored = Stored::of(&app).await;
    let (database, now) = (&stored.database, stored.now);
    stored.connect(now).await;

    let kept = save_refreshed(database, now, stored.sealed("access 2", None)).await;
    let after_kept = stored.tokens().await;
    let rotated = save_refreshed(database, now, stored.sealed("access 3", Some("refresh 3"))).await;
    let after_rotated = stored.tokens().await;
    stored.connect(now + TimeDelta::seconds(1)).await;
    let late = save_refreshed(database, now, stored.sealed("access 4", Some("refresh 4"))).await;

    assert_eq!((kept.ok(), rotated.ok(), late.ok()), (Some(true), Some(true), Some(false)));
    assert_eq!(after_kept, texts("access 2", "refresh 1"));
    assert_eq!(after_rotated, texts("access 3", "refresh 3"));
    assert_eq!(stored.tokens().await, texts("access 1", "refresh 1"));
}
}

on_both_engines! {
async fn a_connection_goes_through_its_states(app: TestApp) {
    let stored = Stored::of(&app).await;
    let (database, now) = (&stored.database, stored.now);
    let later = now + TimeDelta::hours(2);
    assert_eq!(connection(&database.read()).await.expect("it is read"), None);
    stored.connect(now).await;

    mark_refused(database, now, "premium").await.expect("it is stored");
    let refused = stored.connection().await;
    mark_connected(database, now, later).await.expect("it is stored");
    let connected = stored.connection().await;
    mark_invalid_grant(database, now, later).await.expect("it is stored");
    let doubtful = stored.connection().await;
    set_not_before(database, later, now).await.expect("it is stored");
    set_not_before(database, now, now).await.expect("it is stored");
    mark_consent_ended(database, now).await.expect("it is stored");
    let ended = stored.connection().await;

    assert_eq!((refused.state, refused.refusal.as_deref()), (State::Refused, Some("premium")));
    assert_eq!((connected.state, connected.refusal), (State::Connected, None));
    assert_eq!(connected.last_answer_at, Some(later));
    assert_eq!((doubtful.state, doubtful.invalid_grant_at), (State::Connected, Some(later)));
    assert_eq!(ended.state, State::ConsentEnded);
    assert_eq!(stored.tokens().await, (None, None));
    stored.connect(later).await;
    let again = stored.connection().await;
    assert_eq!((again.state, again.invalid_grant_at), (State::Connected, None));
    forget(database).await.expect("it is stored");
    assert_eq!(not_before(&database.read(), now).await.expect("it is read"), Some(later));
    forget(database).await.expect("it is deleted");
    assert_eq!(connection(&database.read()).await.expect("it is read"), None);
}
}

on_both_engines! {
async fn a_lost_key_means_connect_again(app: TestApp) {
    let stored = Stored::of(&app).await;
    stored.connect(stored.now).await;
    let url = config(&["--database-url", &app.database.url]).database().expect("a URL");
    let other = Secrets::new(SecretKey::parse(&"cd".repeat(32)), &url);
    let none = Secrets::new(None, &url);

    let connection = stored.connection().await;

    assert_eq!(connection.tokens(&other), Err(SecretError::Unreadable));
    let expected = match app.engine {
        Engine::Sqlite => SecretError::Unreadable,
        Engine::Postgres => SecretError::NoKey,
    };
    assert_eq!(connection.tokens(&none), Err(expected));
    let rows = entity::connection::Entity::find().all(&stored.database.read()).await;
    let shown = format!("{connection:?} {:?}", rows.expect("the rows are read"));
    assert!(!shown.contains("access 1") && !shown.contains("refresh 1"), "{shown}");
}
}

on_both_engines! {
async fn an_authorization_is_taken_once_by_its_browser_within_ten_minutes(app: TestApp) {
    let stored = Stored::of(&app).await;
    let (database, now) = (&stored.database, stored.now);
    let (browser, stranger) = (random(), random());
    let begin = async |state: &Secret| {
        let verifier = stored.secrets.seal(Purpose::Verifier, &Secret::new("verifier"));
        let new = NewAuthorization {
            state,
            browser: &browser,
            client_id: CLIENT_ID,
            redirect_uri: REDIRECT_URI,
            verifier: verifier.expect("a key"),
        };
        begin_authorization(database, new, now).await.expect("it is stored");
    };
    let take = async |state: &Secret, browser: &Secret, minutes| {
        let at = now + TimeDelta::minutes(minutes);
        take_authorization(database, state, browser, at).await.expect("it is read")
    };
    let (state, late) = (random(), random());
    begin(&state).await;
    begin(&late).await;

    let by_stranger = take(&state, &stranger, 1).await;
    let taken = take(&state, &browser, 9).await;
    let again = take(&state, &browser, 9).await;
    let too_late = take(&late, &browser, 10).await;

    assert_eq!((by_stranger, again, too_late), (None, None, None));
    let taken = taken.expect("it is the first time");
    let verifier = taken.verifier(&stored.secrets).expect("the key fits");
    assert_eq!(verifier.expose(), "verifier");
    assert_eq!((taken.client_id.as_str(), taken.redirect_uri.as_str()), (CLIENT_ID, REDIRECT_URI));
}
}

on_both_engines! {
async fn a_lease_has_one_holder_until_it_expires(app: TestApp) {
    let stored = Stored::of(&app).await;
    let two_minutes = TimeDelta::minutes(2);
    let (one, other) = (Lease::of("capture", two_minutes), Lease::of("capture", two_minutes));
    let acquire = async |lease: &Lease, seconds| {
        let at = stored.now + TimeDelta::seconds(seconds);
        let acquired = acquire_lease(&stored.database, lease, at).await;
        acquired.expect("it is stored")
    };

    let first = [acquire(&one, 0).await, acquire(&other, 1).await, acquire(&one, 60).await];
    let expired = [acquire(&other, 179).await, acquire(&other, 180).await, acquire(&one, 181).await];
    release_lease(&stored.database, &one).await.expect("it is not its own");
    let still = acquire(&one, 182).await;
    let is_held = is_held(&stored.database.read(), &one, stored.now + TimeDelta::seconds(182)).await;
    release_lease(&stored.database, &other).await.expect("it is its own");
    let released = acquire(&one, 183).await;

    assert_eq!(first, [true, false, true]);
    assert_eq!(expired, [false, true, false]);
    assert_eq!((still, released), (false, true));
    assert!(is_held.expect("it is read"));
}
}

on_both_engines! {
async fn what_a_clock_in_the_future_has_stored_is_void(app: TestApp) {
    let stored = Stored::of(&app).await;
    let (database, now) = (&stored.database, stored.now);
    let future = now + TimeDelta::days(400);
    let lease = || Lease::of("capture", TimeDelta::minutes(2));
    let (one, other) = (lease(), lease());
    acquire_lease(database, &one, future).await.expect("it is stored");
    set_not_before(database, future, future).await.expect("it is stored");

    let held = is_held(&database.read(), &one, now).await.expect("it is read");
    let pause = not_before(&database.read(), now).await.expect("it is read");
    let acquired = acquire_lease(database, &other, now).await.expect("it is stored");
    set_not_before(database, now, now).await.expect("it is stored");

    assert_eq!((held, pause, acquired), (false, None, true));
    assert_eq!(not_before(&database.read(), now).await.expect("it is read"), Some(now));
}
}

on_both_engines! {
async fn a_notice_is_recorded_once(app: TestApp) {
    let stored = Stored::of(&app).await;
    let (database, now) = (&stored.database, stored.now);
    let record = async |event: &str, subject: &str, minutes| {
        let at = now + TimeDelta::minutes(minutes);
        record_notice(database, event, subject, at).await.expect("it is stored");
    };
    let sent = async |subject: &str| {
        was_sent(&database.read(), "capture_failed", subject).await.expect("it is read")
    };
    let unresolved = async || {
        let bad = ["capture_failed", "consent_ended"];
        let found = unresolved_notice(&database.read(), &bad, "recovered").await;
        found.expect("it is read").map(|notice| notice.event)
    };
    assert_eq!(unresolved().await, None);

    record("capture_failed", "2026-03-01", 0).await;
    record("consent_ends", "2026-03-01, 30", 1).await;
    let before = unresolved().await;
    record("recovered", "2026-03-02", 2).await;
    record("capture_failed", "2026-03-01", 3).await;

    assert!(sent("2026-03-01").await && !sent("2026-03-02").await);
    assert_eq!((before.as_deref(), unresolved().await), (Some("capture_failed"), None));
}
}
