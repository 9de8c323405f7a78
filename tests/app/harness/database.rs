//! A fresh database for one test, gone with it.

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
    pub url: String,
    /// What is to be dropped on the PostgreSQL server.
    name: Option<String>,
}

impl TestDatabase {
    /// An empty one: no tables yet, and of SQLite no file.
    pub async fn new(engine: Engine, folder: &Path) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        if engine == Engine::Sqlite {
            let url = format!("sqlite://{}", folder.join("library.db").display());
            return Self { url, name: None };
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("t_{}_{number}", std::process::id());
        on_server(&format!("CREATE DATABASE {name}")).await;
        Self {
            url: postgres::url(&name),
            name: Some(name),
        }
    }

    /// A way in beside the program's.
    pub async fn connect(&self) -> DatabaseConnection {
        connect(&self.url).await
    }

    /// Runs statements that answer nothing.
    pub async fn execute(&self, statements: &str) {
        let db = self.connect().await;
        db.execute_unprepared(statements)
            .await
            .expect("the statements run");
        db.close().await.expect("a connection closes");
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some(name) = self.name.take() else {
            return;
        };
        // A drop cannot wait for a future, and the test's own runtime is busy with this one.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let statement = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            runtime.expect("a runtime").block_on(on_server(&statement));
        });
        if dropping.join().is_err() && !std::thread::panicking() {
            panic!("the test's database was not dropped");
        }
    }
}

async fn on_server(statement: &str) {
    let server = connect(&postgres::url("postgres")).await;
    server
        .execute_unprepared(statement)
        .await
        .expect("the server takes the statement");
    server.close().await.expect("a connection closes");
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options)
        .await
        .expect("the test's database answers")
}

/// Fails when SQLite finds a fault in its file.
pub async fn must_be_whole(url: &str) {
    let db = connect(url).await;
    let check = Statement::from_string(db.get_database_backend(), "PRAGMA integrity_check");
    let row = db.query_one_raw(check).await.expect("it is checked");
    let verdict = row.expect("a row").try_get_by_index::<String>(0);
    assert_eq!(verdict.expect("a text"), "ok");
    db.close().await.expect("it closes");
}
