//! A library to measure: a file, or a PostgreSQL server of its own with its data on disk.

use crate::client::{Connection, get};
use crate::harness::cluster::Cluster;
use crate::process;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection};
use std::fmt;
use std::fs::{self, File};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::sleep;

const PATIENCE: Duration = Duration::from_secs(30);

/// What a server with 2 GiB for a database is given.
const SETTINGS: [&str; 4] = [
    "shared_buffers=1GB",
    "max_wal_size=4GB",
    "checkpoint_timeout=30min",
    "autovacuum=off",
];

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

/// Killed when it is dropped.
pub struct Served {
    pub origin: String,
    /// From its start.
    pub first_answer: Duration,
    pub process: u32,
    _child: Child,
}

pub struct Library {
    pub engine: Engine,
    pub url: String,
    pub folder: TempDir,
    pub cluster: Option<Cluster>,
}

impl Library {
    pub async fn new(engine: Engine) -> Self {
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
        }
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_music-time-machine"));
        command
            .args(args)
            .env_clear()
            .env("DATABASE_URL", &self.url)
            .current_dir(self.folder.path())
            .kill_on_drop(true)
            .stdin(Stdio::null());
        command
    }

    /// The program on this library, once it has answered for the first time.
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
            assert!(started.elapsed() < PATIENCE, "it does not listen: {said}");
            sleep(Duration::from_millis(1)).await;
        };
        let origin = format!("http://{}", address.expect("the line is whole"));
        let mut connection = Connection::open(&origin).await;
        connection
            .ask(&get("/api/release-decade-distribution"))
            .await;
        Served {
            origin,
            first_answer: started.elapsed(),
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

    /// CPU time that the database has cost in processes of its own.
    pub fn database_cpu(&self) -> Duration {
        let process = self.cluster.as_ref().map(|cluster| cluster.server.id());
        process.map_or(Duration::ZERO, process::cpu_of_all)
    }
}
