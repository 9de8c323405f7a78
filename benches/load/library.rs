//! A library to measure: an SQLite file, or a private PostgreSQL server that writes to disk.

use crate::client::{Connection, get};
use crate::harness::cluster::Cluster;
use crate::process;
use chrono::{NaiveDate, Utc};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, Statement};
use std::fmt;
use std::fs::{self, File};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::sleep;

const START_DEADLINE: Duration = Duration::from_secs(30);
const AUTOVACUUM_DEADLINE: Duration = Duration::from_secs(180);

/// Usual settings for a server with 2 GiB for its database. Autovacuum has its defaults.
const SETTINGS: [&str; 3] = [
    "shared_buffers=1GB",
    "max_wal_size=4GB",
    "checkpoint_timeout=30min",
];

/// Counts what autovacuum has still to do by its default thresholds: running workers, tables with too
/// many inserted or dead rows, and tables to analyze.
const AUTOVACUUM_WORK: &str = "\
SELECT (SELECT count(*) FROM pg_stat_progress_vacuum) + count(*) AS work
FROM pg_stat_user_tables
WHERE n_ins_since_vacuum > 1000 + 0.2 * n_live_tup
   OR n_dead_tup > 50 + 0.2 * n_live_tup
   OR n_mod_since_analyze > 50 + 0.1 * n_live_tup";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "sqlite" => Some(Self::Sqlite),
            "postgres" => Some(Self::Postgres),
            _ => None,
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// The running program. It is killed on drop.
pub struct Served {
    pub origin: String,
    /// From the start of the process to its first response.
    pub first_response: Duration,
    pub process: u32,
    _child: Child,
}

pub struct Library {
    pub engine: Engine,
    pub url: String,
    pub folder: TempDir,
    pub cluster: Option<Cluster>,
    /// How many.
    pub tracks: usize,
    /// The day of the latest lists, in UTC.
    pub today: NaiveDate,
    /// How many ranks were changed.
    pub changes: Arc<AtomicUsize>,
}

impl Library {
    pub async fn new(engine: Engine, tracks: usize) -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        let cluster = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Cluster::with(&SETTINGS).await),
        };
        let url = match &cluster {
            Some(cluster) => cluster.url(),
            None => format!("sqlite://{}", folder.path().join("library.db").display()),
        };
        Self {
            engine,
            url,
            folder,
            cluster,
            tracks,
            today: Utc::now().date_naive(),
            changes: Arc::default(),
        }
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let built = env!("CARGO_BIN_EXE_music-time-machine");
        let program = std::env::var_os("BENCH_PROGRAM").unwrap_or_else(|| built.into());
        let mut command = Command::new(program);
        command
            .args(args)
            .env_clear()
            .env("DATABASE_URL", &self.url)
            .current_dir(self.folder.path())
            .kill_on_drop(true)
            .stdin(Stdio::null());
        command
    }

    /// Starts the program on this library, and returns after its first response.
    pub async fn serve(&self) -> Served {
        let log = self.folder.path().join("serve.log");
        let file = File::create(&log).expect("the folder can be written");
        let started = Instant::now();
        let mut serve = self.command(&["serve", "--port", "0"]);
        let child = serve
            .stderr(file)
            .spawn()
            .expect("the program can be started");
        let address = loop {
            let said = fs::read_to_string(&log).expect("the folder can be read");
            if let Some(greeting) = said.split_once("listening on http://") {
                break greeting.1.split_whitespace().next().map(str::to_owned);
            }
            assert!(
                started.elapsed() < START_DEADLINE,
                "it does not listen: {said}"
            );
            sleep(Duration::from_millis(1)).await;
        };
        let origin = format!("http://{}", address.expect("the line is whole"));
        let mut connection = Connection::open(&origin).await;
        connection
            .ask(&get("/api/release-decade-distribution"))
            .await;
        Served {
            origin,
            first_response: started.elapsed(),
            process: child.id().expect("it runs"),
            _child: child,
        }
    }

    pub async fn connect(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(&self.url);
        options.max_connections(1).sqlx_logging(false);
        let connected = sea_orm::Database::connect(options).await;
        connected.expect("the library's database answers")
    }

    pub async fn execute(&self, statements: &str) {
        let connection = self.connect().await;
        let executed = connection.execute_unprepared(statements).await;
        executed.expect("the statements run");
        connection.close().await.expect("a connection closes");
    }

    /// Waits until autovacuum has processed the tables that were filled. It looks for work once a minute.
    pub async fn wait_for_autovacuum(&self) {
        if self.engine == Engine::Sqlite {
            return;
        }
        let connection = self.connect().await;
        let query = Statement::from_string(connection.get_database_backend(), AUTOVACUUM_WORK);
        let started = Instant::now();
        loop {
            // The server publishes its statistics up to a second late.
            sleep(Duration::from_secs(2)).await;
            let row = connection.query_one_raw(query.clone()).await;
            let row = row.expect("the server answers").expect("counts are a row");
            if row.try_get::<i64>("", "work").expect("a count") == 0 {
                break;
            }
            if started.elapsed() > AUTOVACUUM_DEADLINE {
                eprintln!("  autovacuum is not done after {AUTOVACUUM_DEADLINE:?}");
                break;
            }
        }
        connection.close().await.expect("a connection closes");
    }

    /// CPU time of the database server's processes; zero for SQLite, which has none.
    pub fn database_cpu(&self) -> Duration {
        let process = self.cluster.as_ref().map(|cluster| cluster.server.id());
        process.map_or(Duration::ZERO, process::cpu_of_all)
    }
}
