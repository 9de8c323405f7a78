//! A fresh database for each test, dropped at its end.

use super::postgres;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, Statement};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

pub struct TestDatabase {
    pub engine: Engine,
    pub url: String,
    /// The database to drop on the PostgreSQL server.
    name: Option<String>,
}

impl TestDatabase {
    /// A database without tables. An SQLite file does not exist yet.
    pub async fn new(engine: Engine, folder: &Path) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        if engine == Engine::Sqlite {
            return Self::at(&format!("sqlite://{}", folder.join("library.db").display()));
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("t_{}_{number}", std::process::id());
        on_server(&format!("CREATE DATABASE {name}")).await;
        Self {
            engine,
            url: postgres::url(&name),
            name: Some(name),
        }
    }

    /// A database that is not dropped.
    pub fn at(url: &str) -> Self {
        Self {
            engine: match url.starts_with("sqlite") {
                true => Engine::Sqlite,
                false => Engine::Postgres,
            },
            url: url.into(),
            name: None,
        }
    }

    /// A connection beside those of the program.
    pub async fn connect(&self) -> DatabaseConnection {
        connect(&self.url).await
    }

    /// Runs statements that return no rows.
    pub async fn execute(&self, statements: &str) {
        let db = self.connect().await;
        db.execute_unprepared(statements)
            .await
            .expect("the statements run");
        db.close().await.expect("the connection closes");
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some(name) = self.name.take() else {
            return;
        };
        // `drop` cannot await, and the test's runtime must not be blocked.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let statement = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            runtime.expect("a runtime").block_on(on_server(&statement));
        });
        if thread.join().is_err() && !std::thread::panicking() {
            panic!("the test's database was not dropped");
        }
    }
}

async fn on_server(statement: &str) {
    let server = connect(&postgres::url("postgres")).await;
    server
        .execute_unprepared(statement)
        .await
        .expect("the statement runs");
    server.close().await.expect("the connection closes");
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options)
        .await
        .expect("the test's database accepts connections")
}

/// Runs SQLite's integrity check.
pub async fn check_integrity(url: &str) {
    let db = connect(url).await;
    let check = Statement::from_string(db.get_database_backend(), "PRAGMA integrity_check");
    let row = db.query_one_raw(check).await.expect("the check runs");
    let result = row.expect("a row").try_get_by_index::<String>(0);
    assert_eq!(result.expect("a text"), "ok");
    db.close().await.expect("the connection closes");
}
