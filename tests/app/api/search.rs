//! `q` filters by a prefix of the name, with the same case folding on both engines.

use crate::harness::{Engine, TestApp, on_both_engines, payload, texts};

impl TestApp {
    async fn search(&self, q: &str) -> Vec<String> {
        let mut url = url::Url::parse("http://x/api/tracks").expect("a URL");
        url.query_pairs_mut().append_pair("q", q);
        let query = url.query().expect("the query is set");
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
async fn a_prefix_is_case_insensitive(app: TestApp) {
    app.put_names(&["Élan", "élan vital", "Elan", "Straße", "STRASSE", "Дорога", "дорога домой", "Song"]).await;

    assert_eq!(app.search("éL").await, ["Élan", "élan vital"]);
    assert_eq!(app.search("ÉL").await, ["Élan", "élan vital"]);
    assert_eq!(app.search("e").await, ["Elan"]);
    assert_eq!(app.search("strasse").await, ["STRASSE", "Straße"]);
    assert_eq!(app.search("Straß").await, ["STRASSE", "Straße"]);
    assert_eq!(app.search("ДОРОГА").await, ["Дорога", "дорога домой"]);
    assert_eq!(app.search("ong").await, [""; 0]);
}
}

on_both_engines! {
async fn the_three_sigmas_fold_to_one_letter(app: TestApp) {
    app.put_names(&["ΌΔΟΣ", "όδος", "όδοσ"]).await;

    for q in ["ΌΔΟΣ", "όδος", "όδοσ", "Όδο"] {
        assert_eq!(app.search(q).await.len(), 3, "{q}");
    }
}
}

on_both_engines! {
async fn pattern_characters_are_literals(app: TestApp) {
    app.put_names(&[
        "100% Pure", "100 Miles", "a_b", "acb", "it's", "*star", "[x]", "back\\slash", "\"quoted\"",
    ]).await;

    for name in ["100%", "a_b", "it's", "*", "[x", "back\\", "\"q"] {
        assert_eq!(app.search(name).await.len(), 1, "{name}");
    }
    assert_eq!(app.search("100").await.len(), 2);
}
}

on_both_engines! {
async fn prefixes_outside_the_basic_multilingual_plane_are_found(app: TestApp) {
    app.put_names(&["\u{10ffff}\u{10ffff}x", "\u{d7ff}y", "\u{e000}z", "🎵 song", "🎶 song"]).await;

    assert_eq!(app.search("\u{10ffff}").await.len(), 1);
    assert_eq!(app.search("\u{d7ff}").await, ["\u{d7ff}y"]);
    assert_eq!(app.search("🎵").await, ["🎵 song"]);
}
}

on_both_engines! {
async fn stop_words_and_single_characters_are_found(app: TestApp) {
    app.put_names(&["The", "Them", "It", "海", "海岸"]).await;

    assert_eq!(app.search("the").await, ["The", "Them"]);
    assert_eq!(app.search("it").await, ["It"]);
    assert_eq!(app.search("海").await, ["海", "海岸"]);
}
}

on_both_engines! {
async fn an_empty_prefix_finds_every_track(app: TestApp) {
    app.put_names(&["a", "b"]).await;

    assert_eq!(app.search("").await, ["a", "b"]);
}
}

on_both_engines! {
async fn rows_inserted_by_another_program_are_found(app: TestApp) {
    let insert = "INSERT INTO tracks (track_id, name, artist_name) VALUES";
    app.database.execute(&format!("{insert} ('x', 'Élan Vital', 'x'), ('y', 'STRAND', 'y')")).await;

    assert_eq!(app.search("strAND").await, ["STRAND"]);
    assert_eq!(app.search("éL").await, ["Élan Vital"]);
    assert_eq!(app.search("ÉL").await, ["Élan Vital"]);
}
}

on_both_engines! {
async fn pages_of_a_search_have_each_match_once_in_order(app: TestApp) {
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
        let matches = |name: &str| name.to_lowercase().replace('ß', "ss").starts_with(&q.to_lowercase());
        let number = |id: &str| id[1..].parse::<u32>().expect("an id ends with a number");
        let of_year = |id: &str| year.is_empty() || number(id) % 3 == 0;
        let expected: Vec<_> = all.iter().filter(|(name, id)| matches(name) && of_year(id)).collect();
        for limit in [7, 100] {
            let found = app.paged(&format!("q={q}&limit={limit}{year}")).await;
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{q} by {limit}");
        }
    }
}
}

on_both_engines! {
async fn long_names_are_ordered_and_paged_as_short_ones(app: TestApp) {
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
    /// The names and ids on all pages.
    async fn paged(&self, query: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.json(&format!("/api/tracks?{query}{cursor}")).await;
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

on_both_engines! {
async fn a_long_prefix_is_compared_whole(app: TestApp) {
    let long = "ß".repeat(150);
    app.put_names(&[&format!("{long}a"), &format!("{long}b"), &"s".repeat(250)]).await;

    // It folds to 301 characters.
    assert_eq!(app.search(&format!("{long}A")).await, [format!("{long}a")]);
    assert_eq!(app.search(&long).await.len(), 2);
}
}

on_both_engines! {
async fn pages_of_a_search_follow_each_other_over_many_names(app: TestApp) {
    let names: Vec<String> = (0..300).map(|n| format!("{}{:03}", if n % 3 == 0 { "Song" } else { "Other" }, n)).collect();
    app.put_names(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;

    let (mut found, mut path) = (Vec::new(), String::from("/api/tracks?q=sONG&limit=7"));
    loop {
        let page = app.json(&path).await;
        found.extend(texts(&page["items"], "name"));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/tracks?q=sONG&limit=7&cursor={cursor}");
    }

    let expected: Vec<_> = names.iter().filter(|name| name.starts_with("Song")).cloned().collect();
    assert_eq!(found, expected);
}
}
