//! Only the first page of a list is taken for the whole list, by the API and by the import alike.

use crate::harness::{Engine, JSON, TestApp, on_both_engines, page, payload};
use reqwest::Method;

/// A page of two tracks with its offset spelled as given.
fn page_at(offset: &str) -> String {
    let mut page = page(["c", "d"].map(payload));
    page.as_object_mut().expect("an object").remove("offset");
    let page = page.to_string();
    let members = page.strip_suffix('}').expect("an object");
    format!("{members}, \"offset\": {offset}}}")
}

on_both_engines! {
async fn zero_in_every_spelling_is_the_first_page(app: TestApp) {
    for (day, offset) in (10..).zip(["0", "0.0", "0e0", "0E+5", "-0", "-0.0", "null"]) {
        let put = format!("2026-03-{day}");
        let path = format!("/api/snapshots/{put}/short_term");
        let answer = app.send(Method::PUT, &path, JSON, page_at(offset)).await;
        let imported = format!("2026-04-{day}");
        let file = format!("{imported}.short_term.json");
        app.write(&file, page_at(offset));
        let account = app.import([&file]).await;

        assert_eq!(answer.status, 200, "{offset}: {}", answer.body);
        assert_eq!((account.lists.captured, account.refused), (1, 0), "{offset}");
        assert_eq!(app.list(&put, "short_term").await, ["c", "d"]);
        assert_eq!(app.list(&imported, "short_term").await, ["c", "d"]);
    }
}
}

on_both_engines! {
async fn anything_else_is_refused(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    let file = "2026-03-01T200000Z.short_term.json";
    for offset in ["50", "1", "-1", "0.5", "1e-7", "1e-400", "1e400", "\"0\"", "\"\"", "{}", "[0]", "true", "false"] {
        let path = "/api/snapshots/2026-03-01/short_term";
        let answer = app.send(Method::PUT, path, JSON, page_at(offset)).await;
        app.write(file, page_at(offset));
        let (account, refused) = app.import_with_report(file).await;

        answer.problem(400, Some("offset"));
        assert_eq!((account.read, account.refused), (2, 2), "{offset}");
        assert!(refused[0].reason.contains("offset"), "{offset}: {}", refused[0].reason);
        assert_eq!(app.list("2026-03-01", "short_term").await, ["a", "b"], "{offset}");
    }
}
}

on_both_engines! {
async fn an_offset_after_a_large_member_counts(app: TestApp) {
    let extra = format!(", \"extra\": \"{}\", \"offset\"", "x".repeat(300 << 10));
    app.write("2026-03-01.short_term.json", page_at("50").replace(", \"offset\"", &extra));

    let account = app.import(["2026-03-01.short_term.json"]).await;

    assert_eq!((account.read, account.refused), (2, 2));
}
}
