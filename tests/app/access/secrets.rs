//! No secret is in clear text in the database, the log, a page that is not its own, or the print-out of the settings.

use super::{OTHER_PASSWORD, PASSWORD, set_up};
use crate::harness::{Engine, TestApp, on_both_engines};
use reqwest::Method;
use sea_orm::{ConnectionTrait, Statement};

const TABLES: [&str; 5] = [
    "owners",
    "sessions",
    "api_tokens",
    "set_up_tokens",
    "log_entries",
];

impl TestApp {
    /// All rows of the owner's tables as text; of SQLite the bytes of its files, too.
    async fn everything_stored(&self) -> String {
        let db = self.database.connect().await;
        let mut stored = String::new();
        for table in TABLES {
            let sql = match self.engine {
                Engine::Postgres => format!("SELECT CAST(one AS text) FROM {table} AS one"),
                Engine::Sqlite => continue,
            };
            let rows = db
                .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
                .await;
            for row in rows.expect("the rows are read") {
                stored += &row.try_get_by_index::<String>(0).expect("a text");
            }
        }
        db.close().await.expect("the connection closes");
        let files = std::fs::read_dir(self.folder.path()).expect("a folder");
        for file in files
            .filter_map(Result::ok)
            .filter(|file| file.path().is_file())
        {
            let bytes = std::fs::read(file.path()).expect("a file");
            stored += &String::from_utf8_lossy(&bytes);
        }
        stored
    }
}

on_both_engines! {
async fn secrets_are_stored_as_hashes_alone(app: TestApp) {
    app.submit("/set-up", &[], &[("token", "mtm-setup-none"), ("password", PASSWORD)]).await;
    app.get("/set-up").await;
    let set_up_token = set_up::token(&app);
    let fields = [("token", set_up_token.as_str()), ("password", PASSWORD)];
    let done = app.submit("/set-up", &[], &fields).await;
    let cookie = done.header("set-cookie").split(';').next().expect("a pair").to_owned();
    let headers = [("cookie", cookie.as_str())];
    app.submit("/sign-in", &[], &[("password", OTHER_PASSWORD)]).await;
    let token = app.token("read").await;
    app.request(Method::GET, "/api/summary", &[("authorization", &token)]).await;
    app.request(Method::GET, "/api/summary?token=secret-in-a-query", &headers).await;

    let session = cookie.trim_start_matches("session=");
    let token = token.trim_start_matches("Bearer ");
    let secrets = [PASSWORD, OTHER_PASSWORD, session, token, token.trim_start_matches("mtm_")];
    let stored = app.everything_stored().await;
    assert!(stored.contains("$argon2id$v=19$m=19456,t=2,p=1$"), "the test reads nothing: {stored}");
    let log = app.server.log();
    let mut shown = app.run(&["check"]).await.stdout;
    for path in ["/settings/access", "/settings/log", "/api/sessions", "/api/tokens", "/api/log", "/dashboard"] {
        shown += &app.request(Method::GET, path, &headers).await.body;
    }
    for secret in secrets {
        assert!(!stored.contains(secret), "the database has {secret}");
        assert!(!log.contains(secret), "the log has {secret}");
        assert!(!shown.contains(secret), "a page shows {secret}");
    }
    assert!(!stored.contains(&set_up_token) && !shown.contains(&set_up_token));
    assert!(!log.contains("secret-in-a-query"));
}
}
