//! `q` is the beginning of a name in any case, and both engines fold alike.

use crate::harness::{Engine, TestApp, on_both_engines, payload, texts};

impl TestApp {
    async fn found(&self, q: &str) -> Vec<String> {
        let mut url = url::Url::parse("http://x/api/tracks").expect("a URL");
        url.query_pairs_mut().append_pair("q", q);
        let query = url.query().expect("a query was just set");
        texts(
            &self.json(&format!("/api/tracks?{query}")).await["items"],
            "name",
        )
    }

    async fn put_names(&self, names: &[&str]) {
        let named = |(number, name): (usize, &&str)| payload(&format!("t{number}")).named(name);
        self.put_tracks(names.iter().enumerate().map(named)).await;
    }
}

on_both_engines! {
async fn a_prefix_is_found_in_any_case(app: TestApp) {
    app.put_names(&["Élan", "élan vital", "Elan", "Straße", "STRASSE", "Дорога", "дорога домой", "Song"]).await;

    assert_eq!(app.found("éL").await, ["Élan", "élan vital"]);
    assert_eq!(app.found("ÉL").await, ["Élan", "élan vital"]);
    assert_eq!(app.found("e").await, ["Elan"]);
    assert_eq!(app.found("strasse").await, ["STRASSE", "Straße"]);
    assert_eq!(app.found("Straß").await, ["STRASSE", "Straße"]);
    assert_eq!(app.found("ДОРОГА").await, ["Дорога", "дорога домой"]);
    assert_eq!(app.found("ong").await, [""; 0]);
}
}

on_both_engines! {
async fn the_three_sigmas_are_one_letter(app: TestApp) {
    app.put_names(&["ΌΔΟΣ", "όδος", "όδοσ"]).await;

    for q in ["ΌΔΟΣ", "όδος", "όδοσ", "Όδο"] {
        assert_eq!(app.found(q).await.len(), 3, "{q}");
    }
}
}

on_both_engines! {
async fn characters_with_a_meaning_in_patterns_have_none_here(app: TestApp) {
    app.put_names(&[
        "100% Pure", "100 Miles", "a_b", "acb", "it's", "*star", "[x]", "back\\slash", "\"quoted\"",
    ]).await;

    for name in ["100%", "a_b", "it's", "*", "[x", "back\\", "\"q"] {
        assert_eq!(app.found(name).await.len(), 1, "{name}");
    }
    assert_eq!(app.found("100").await.len(), 2);
}
}

on_both_engines! {
async fn a_prefix_at_the_end_of_unicode_is_found(app: TestApp) {
    app.put_names(&["\u{10ffff}\u{10ffff}x", "\u{d7ff}y", "\u{e000}z", "🎵 song", "🎶 song"]).await;

    assert_eq!(app.found("\u{10ffff}").await.len(), 1);
    assert_eq!(app.found("\u{d7ff}").await, ["\u{d7ff}y"]);
    assert_eq!(app.found("🎵").await, ["🎵 song"]);
}
}

on_both_engines! {
async fn stop_words_and_single_letters_are_found(app: TestApp) {
    app.put_names(&["The", "Them", "It", "海", "海岸"]).await;

    assert_eq!(app.found("the").await, ["The", "Them"]);
    assert_eq!(app.found("it").await, ["It"]);
    assert_eq!(app.found("海").await, ["海", "海岸"]);
}
}

on_both_engines! {
async fn an_empty_prefix_finds_everything(app: TestApp) {
    app.put_names(&["a", "b"]).await;

    assert_eq!(app.found("").await, ["a", "b"]);
}
}

on_both_engines! {
async fn rows_that_others_inserted_are_found_like_all_others(app: TestApp) {
    let insert = "INSERT INTO tracks (track_id, name, artist_name) VALUES";
    app.database.execute(&format!("{insert} ('x', 'Élan Vital', 'x'), ('y', 'STRAND', 'y')")).await;

    assert_eq!(app.found("strAND").await, ["STRAND"]);
    assert_eq!(app.found("éL").await, ["Élan Vital"]);
    assert_eq!(app.found("ÉL").await, ["Élan Vital"]);
}
}

on_both_engines! {
async fn pages_of_many_that_begin_alike_have_each_once_in_order(app: TestApp) {
    let beginnings = ["LOVE me", "LOVELY", "Love", "Love Me ", "Lovers", "Low", "lOvE ME", "love me", "loved", "Straße"];
    let tracks = (0..600).map(|number| {
        let released = if number % 3 == 0 { "1999" } else { "2005" };
        payload(&format!("t{number:03}"))
            .named(&format!("{}{}", beginnings[number % beginnings.len()], number % 7))
            .released(released)
    });
    app.put_tracks(tracks).await;
    let all = app.paged("limit=100").await;
    assert_eq!(all.len(), 600);
    assert!(all.is_sorted());

    for (q, year) in [("love", ""), ("LOVE ME", ""), ("l", ""), ("love", "&release_year=1999"), ("strass", ""), ("lox", "")] {
        let begins_so = |name: &str| name.to_lowercase().replace('ß', "ss").starts_with(&q.to_lowercase());
        let number = |id: &str| id[1..].parse::<u32>().expect("an id ends with a number");
        let of_year = |id: &str| year.is_empty() || number(id) % 3 == 0;
        let expected: Vec<_> = all.iter().filter(|(name, id)| begins_so(name) && of_year(id)).collect();
        for limit in [7, 100] {
            let found = app.paged(&format!("q={q}&limit={limit}{year}")).await;
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{q} by {limit}");
        }
    }
}
}

on_both_engines! {
async fn names_of_any_length_have_their_order_and_pages(app: TestApp) {
    let long = |end: &str| format!("{}{end}", "語".repeat(499));
    let names = [
        long("a"), long("b"), long("ab"), long(""), "語".repeat(1_024), "語".into(),
        format!("LONG{}", long("")), format!("Long{}", long("a")), format!("Long{}", long("b")),
        format!("long{}", long("")),
    ];
    app.put_names(&names.each_ref().map(String::as_str)).await;

    let one_by_one = app.paged("limit=1").await;

    assert_eq!(one_by_one, app.paged("limit=100").await);
    assert_eq!(one_by_one.len(), names.len());
    assert_eq!(app.paged("limit=1&q=語語").await.len(), 5);
    assert_eq!(app.paged("limit=1&q=longer").await.len(), 0);
    let found = app.paged("limit=1&q=long語語").await;
    assert_eq!(found, app.paged("q=LONG語").await);
    assert_eq!(found.len(), 4);
}
}

impl TestApp {
    /// The names and ids of all pages, from the first to the last.
    async fn paged(&self, question: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.json(&format!("/api/tracks?{question}{cursor}")).await;
            let items = &page["items"];
            found.extend(
                texts(items, "name")
                    .into_iter()
                    .zip(texts(items, "track_id")),
            );
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return found,
            }
        }
    }
}
