//! Nothing secret is in clear text where others may read it.

use super::{Connecting, PAGE};
use crate::harness::{Engine, TestApp, on_both_engines};
use music_time_machine::demo::spotify::Rotation;
use reqwest::Method;
use sea_orm::{ConnectionTrait, Statement};

/// The tables that have or had something to do with secrets.
const TABLES: [&str; 4] = ["connections", "authorizations", "leases", "captures"];

on_both_engines! {
async fn no_code_state_verifier_cookie_or_token_is_in_the_log_the_tables_or_the_pages(app: TestApp) {
    let it = Connecting::start(app).await;
    it.fake.set_rotation(Rotation::Rotate);
    // The second one stays pending.
    let (begun, pending) = (it.begin().await, it.begin().await);
    it.back(&it.agree(&begun), &begun.cookie).await;
    it.wait_for_lists().await;
    it.app.database.execute("UPDATE connections SET access_token_expires_at = '2026-01-01 00:00:00+00:00'").await;
    while it.client.request(Method::POST, "/api/captures", &[]).await.status != 200 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }

    let command_line = format!("/proc/{}/cmdline", it.server.process_id());
    let mut texts = vec![
        it.server.log(),
        std::fs::read_to_string(command_line).unwrap_or_default(),
        it.client.get("/api/connection").await.body,
        it.page(PAGE).await,
        it.page("/dashboard").await,
    ];
    let tables = tables(&it.app).await;
    assert!(tables.contains("Made-up Listener"), "it has the connection");
    texts.push(tables);

    let mut secrets = it.fake.secrets();
    assert!(secrets.len() >= 6, "a code, a verifier, two access tokens and two refresh tokens");
    for begun in [begun, pending] {
        let mut query = begun.authorize_url.query_pairs();
        let state = query.find(|(name, _)| name == "state").expect("a state").1;
        secrets.push(state.into_owned());
        secrets.push(begun.cookie.split('=').nth(1).expect("a value").to_owned());
    }
    for secret in &secrets {
        assert!(texts.iter().all(|text| !text.contains(secret.as_str())), "{secret}");
    }
}
}

async fn tables(app: &TestApp) -> String {
    match app.engine {
        Engine::Sqlite => {
            let file = app.database.url.trim_start_matches("sqlite://");
            let files = ["", "-wal"].map(|end| std::fs::read(format!("{file}{end}")));
            let bytes = files.map(Result::unwrap_or_default).concat();
            String::from_utf8_lossy(&bytes).into_owned()
        }
        Engine::Postgres => {
            let db = app.database.connect().await;
            let mut text = String::new();
            for table in TABLES {
                let sql = format!("SELECT CAST(row_to_json(t) AS text) AS row FROM {table} t");
                let rows = Statement::from_string(db.get_database_backend(), sql);
                let rows = db.query_all_raw(rows).await.expect("the table is read");
                for row in rows {
                    text += &row.try_get::<String>("", "row").expect("a text");
                }
            }
            text
        }
    }
}
