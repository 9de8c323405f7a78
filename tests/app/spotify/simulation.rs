//! Captures at instants of the test's own, against the fake.

use super::{CLIENT_ID, config, connect};
use crate::harness::{Engine, TestApp, payload};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::capture;
use entity::snapshot::{self, TimeRange};
use music_time_machine::capture::Capturer;
use music_time_machine::clock::Clock;
use music_time_machine::config::{Config, Secret, SecretKey};
use music_time_machine::connection::{Connection, NewConnection, SealedTokens, connection};
use music_time_machine::db::Database;
use music_time_machine::demo::spotify::{Call, FakeSpotify};
use music_time_machine::secrets::Secrets;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::sleep;

pub const BERLIN: &str = "Europe/Berlin";

/// The ledger of a day without a fault.
pub const GOOD: [&str; 3] = [
    "short captured 50×1",
    "medium captured 50×1",
    "long captured 50×1",
];

pub fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

pub struct Simulation {
    pub fake: FakeSpotify,
    pub capturer: Capturer,
    pub database: Database,
    secrets: Secrets,
    settings: Config,
    now: Arc<Mutex<DateTime<Utc>>>,
}

impl Simulation {
    /// Not connected. The program is halted, so that its own schedule, which has the real time, takes nothing.
    pub async fn start(app: &TestApp, now: &str, zone: &str, more: &[&str]) -> Self {
        let fake = FakeSpotify::start().await.expect("a free port");
        halt(app).await;
        Self::with(
            app,
            fake,
            instant(now),
            (&[&["--time-zone", zone], more].concat(), None),
        )
        .await
    }

    pub async fn with_notices(app: &TestApp, now: &str, notify_url: &str) -> Self {
        let fake = FakeSpotify::start().await.expect("a free port");
        halt(app).await;
        Self::with(app, fake, instant(now), (&[], Some(notify_url))).await
    }

    /// Connected at 6 o'clock.
    pub async fn connected(app: &TestApp, more: &[&str]) -> Self {
        let simulation = Self::start(app, "2026-03-01T06:00:00Z", "UTC", more).await;
        simulation.connect().await;
        simulation
    }

    /// At the present instant.
    pub async fn of_fake(app: &TestApp, fake: FakeSpotify) -> Self {
        Self::with(app, fake, Utc::now(), (&[], None)).await
    }

    async fn with(
        app: &TestApp,
        fake: FakeSpotify,
        now: DateTime<Utc>,
        (more, notify_url): (&[&str], Option<&str>),
    ) -> Self {
        let origin = fake.origin().to_string();
        let mut flags = vec!["--database-url", &app.database.url];
        flags.extend([
            "--spotify-api-url",
            &origin,
            "--spotify-accounts-url",
            &origin,
        ]);
        flags.extend(more);
        let mut settings = config(&flags);
        settings.secrets.notify_url = notify_url.map(Secret::new);
        let database = Database::ready(&settings).await.expect("a database");
        let key = SecretKey::parse(&"ab".repeat(32));
        let secrets = Secrets::new(key, &settings.database().expect("a URL"));
        let simulated = Arc::new(Mutex::new(now));
        let simulation = Self {
            capturer: capturer(&settings, &secrets, &database, &simulated),
            fake,
            database,
            secrets,
            settings,
            now: simulated,
        };
        simulation.set(now);
        put_lists(&simulation.fake);
        simulation
    }

    /// Another process on the same database, with the same clock.
    pub fn another_capturer(&self) -> Capturer {
        capturer(&self.settings, &self.secrets, &self.database, &self.now)
    }

    pub fn now(&self) -> DateTime<Utc> {
        *self.now.lock().expect("no holder panics")
    }

    pub fn set(&self, now: DateTime<Utc>) {
        *self.now.lock().expect("no holder panics") = now;
        self.fake.set_now(now);
    }

    /// Connects, with the fake's consent.
    pub async fn connect(&self) {
        let tokens = connect(&self.fake, self.capturer.spotify()).await;
        let refresh_token = tokens.refresh_token.as_ref();
        let expires_at = self.now() + TimeDelta::hours(1);
        let sealed = SealedTokens::seal(
            &self.secrets,
            &tokens.access_token,
            expires_at,
            refresh_token,
        );
        let new = NewConnection {
            client_id: CLIENT_ID.into(),
            account_id: "id".into(),
            account_name: "A listener".into(),
            authorized_at: self.now(),
            tokens: sealed.expect("a key"),
        };
        let connected = music_time_machine::connection::connect(&self.database, new);
        connected.await.expect("it is stored");
    }

    pub async fn connection(&self) -> Connection {
        let found = connection(&self.database.read()).await.expect("it is read");
        found.expect("there is one")
    }

    /// One look at the clock.
    pub async fn step_at(&self, now: &str) -> Option<DateTime<Utc>> {
        self.set(instant(now));
        self.capturer.step().await.expect("the database answers")
    }

    /// Looks at the clock every hour, from one instant to before another.
    pub async fn run(&self, from: &str, until: &str) {
        let mut now = instant(from);
        while now < instant(until) {
            self.set(now);
            self.capturer.step().await.expect("the database answers");
            now += TimeDelta::hours(1);
        }
    }

    /// The calls since the connection, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        let requests = self.fake.requests().into_iter();
        let calls = requests.map(|request| request.call);
        calls.filter(|call| *call != Call::ExchangeCode).collect()
    }

    pub async fn wait_for(&self, call: Call) {
        while !self.calls().contains(&call) {
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Requests at the fake from one instant to before another.
    pub fn requests_between(&self, from: &str, until: &str) -> usize {
        let requests = self.fake.requests();
        let at = |at: DateTime<Utc>| instant(from) <= at && at < instant(until);
        requests.iter().filter(|request| at(request.at)).count()
    }

    /// The ids of a list, best first.
    pub async fn list(&self, day: &str, range: TimeRange) -> Vec<String> {
        let db = self.database.read();
        let rows = snapshot::Entity::find()
            .filter(snapshot::Column::SnapshotDate.eq(day.parse::<NaiveDate>().expect("a day")))
            .filter(snapshot::Column::TimeRange.eq(range))
            .order_by_asc(snapshot::Column::Rank)
            .all(&db);
        let rows = rows.await.expect("the list is read");
        rows.into_iter().map(|row| row.track_id).collect()
    }

    /// The ledger of a day, in order of range and time: outcome, tracks, attempts, reason.
    pub async fn ledger(&self, day: &str) -> Vec<String> {
        let db = self.database.read();
        let rows = capture::Entity::find()
            .order_by_asc(capture::Column::CapturedAt)
            .all(&db);
        let mut rows = rows.await.expect("the ledger is read");
        rows.retain(|row| row.snapshot_date.to_string() == day && row.source == "spotify");
        rows.sort_by_key(|row| row.time_range);
        let text = |row: &capture::Model| {
            let range = row
                .time_range
                .word()
                .split('_')
                .next()
                .unwrap_or_default()
                .to_owned();
            let reason = row.reason.as_ref().map(|reason| format!(": {reason}"));
            let outcome = format!("{:?}", row.outcome).to_lowercase();
            format!(
                "{range} {outcome} {}×{}{}",
                row.track_count,
                row.attempt_count,
                reason.unwrap_or_default()
            )
        };
        rows.iter().map(text).collect()
    }
}

fn capturer(
    settings: &Config,
    secrets: &Secrets,
    database: &Database,
    now: &Arc<Mutex<DateTime<Utc>>>,
) -> Capturer {
    let now = now.clone();
    let clock = Clock::new(settings.time_zone, move || {
        *now.lock().expect("no holder panics")
    });
    let capturer = Capturer::new(settings, secrets.clone(), database.clone(), clock);
    capturer.expect("the settings are valid").without_pauses()
}

/// Statements that let writes of a table fail, and end that.
pub fn faulty(engine: Engine, writes: &str, table: &str) -> (String, String) {
    match engine {
        Engine::Sqlite => (
            format!("CREATE TRIGGER faulty_{table} BEFORE {writes} ON {table} BEGIN SELECT RAISE(ABORT, 'a fault'); END"),
            format!("DROP TRIGGER faulty_{table}"),
        ),
        Engine::Postgres => (
            format!(
                "CREATE FUNCTION fault_{table}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''a fault''; END';
                 CREATE TRIGGER faulty_{table} BEFORE {writes} ON {table} FOR EACH ROW EXECUTE FUNCTION fault_{table}()"
            ),
            format!("DROP TRIGGER faulty_{table} ON {table}; DROP FUNCTION fault_{table}"),
        ),
    }
}

/// Lists to begin with. The sample library's take seconds to make in a debug build.
fn put_lists(fake: &FakeSpotify) {
    for range in TimeRange::ALL {
        fake.put_list(DateTime::UNIX_EPOCH, range, list(0, range));
    }
}

/// A list of the day, different from that of other days.
pub fn list(day: u32, range: TimeRange) -> Vec<Value> {
    let id = |number| format!("{}{}", range.word().replace('_', ""), day + number);
    (0..50).map(|number| payload(&id(number)).0).collect()
}

/// Halts the program. It is killed at the end of the test.
async fn halt(app: &TestApp) {
    let process = app.server.process_id().to_string();
    let halted = tokio::process::Command::new("kill")
        .args(["-STOP", &process])
        .status();
    assert!(
        halted.await.is_ok_and(|status| status.success()),
        "it is halted"
    );
}
