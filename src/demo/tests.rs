//! The sample library has everything that the pages can show.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use chrono::{Days, NaiveDate};
use entity::capture::Outcome;
use serde_json::{Value, json};

use super::{
    covers::{COVERS, cover, file_name},
    days::{FIRST_DAY, LAST_DAY, day},
    library::{Library, List, library},
    listener::LIST_LENGTH,
    names::{JAPANESE, LANGUAGES, SPANISH},
};

/// A library whose dates are not moved.
static SAMPLE: LazyLock<Library> = LazyLock::new(|| library(LAST_DAY + Days::new(1)));

#[test]
fn the_library_is_the_same_every_time_on_the_same_day() {
    let again = library(LAST_DAY + Days::new(1));

    assert_eq!(SAMPLE.tracks, again.tracks);
    assert_eq!(rankings(&SAMPLE), rankings(&again));
}

#[test]
fn the_last_lists_are_of_yesterday_and_the_rest_keeps_its_distance_from_them() {
    let shape = |library: &Library, yesterday: NaiveDate| {
        let lists = library.lists.iter();
        let shape = lists.map(|list| {
            (
                (yesterday - list.date).num_days(),
                list.outcome,
                list.reason,
            )
        });
        shape.collect::<Vec<_>>()
    };
    let expected = shape(&SAMPLE, LAST_DAY);
    for [today, yesterday] in [
        [day(2027, 1, 1), day(2026, 12, 31)],
        [day(2028, 2, 29), day(2028, 2, 28)],
        [day(2028, 3, 1), day(2028, 2, 29)],
        [day(2031, 11, 27), day(2031, 11, 26)],
        [day(2020, 5, 4), day(2020, 5, 3)],
    ] {
        let library = library(today);

        assert_eq!(library.lists.last().map(|list| list.date), Some(yesterday));
        assert_eq!(shape(&library, yesterday), expected, "{today}");
        assert_eq!(rankings(&library), rankings(&SAMPLE), "{today}");
        assert!(names(&library).eq(names(&SAMPLE)), "{today}");
        releases_precede_lists(&library, yesterday);
    }
}

/// No track is listed before its release, and the newest music is less than half a year old.
fn releases_precede_lists(library: &Library, yesterday: NaiveDate) {
    let mut first_listed = vec![NaiveDate::MAX; library.tracks.len()];
    for list in &library.lists {
        for track in &list.ranking {
            first_listed[*track] = first_listed[*track].min(list.date);
        }
    }
    let dated = library.tracks.iter().zip(first_listed);
    let dated = dated.filter(|(track, _)| has_known_year(track));
    let mut newest = String::new();
    for (track, first_listed) in dated {
        let released = track["album"]["release_date"].as_str().expect("a date");
        let first_listed = first_listed.to_string();
        assert!(*released <= *first_listed, "{track}, {first_listed}");
        newest = newest.max(released.to_owned());
    }
    assert!(
        newest >= (yesterday - Days::new(181)).to_string(),
        "{newest}"
    );
}

#[test]
fn every_track_is_on_a_list() {
    let listed: BTreeSet<&usize> = rankings(&SAMPLE).into_iter().flatten().collect();

    assert_eq!(SAMPLE.tracks.len(), 1284);
    assert!(listed.into_iter().copied().eq(0..1284));
}

#[test]
fn a_list_with_ranks_has_fifty_distinct_tracks_and_others_have_none() {
    for list in &SAMPLE.lists {
        let distinct: BTreeSet<&usize> = list.ranking.iter().collect();
        let expected = match list.outcome {
            Outcome::Captured | Outcome::Degraded => LIST_LENGTH,
            _ => 0,
        };

        assert_eq!(list.ranking.len(), expected, "{}", list.date);
        assert_eq!(distinct.len(), expected, "{}", list.date);
    }
}

#[test]
fn each_day_has_three_lists_with_one_outcome_or_none() {
    let days = days(&SAMPLE);

    assert!(days.values().all(|outcomes| outcomes.len() == 3));
    let alike = |outcomes: &Vec<Outcome>| outcomes.iter().all(|outcome| *outcome == outcomes[0]);
    assert!(days.values().all(alike));
    assert_eq!(days.keys().next(), Some(&FIRST_DAY));
    assert_eq!(days.keys().next_back(), Some(&LAST_DAY));
    assert_eq!(1108 - days.len(), 37);
}

#[test]
fn the_last_half_year_shows_every_mark_of_the_calendar() {
    let mut days = days(&SAMPLE);

    let days = days.split_off(&(LAST_DAY - Days::new(181)));

    let count = |wanted: Outcome| days.values().filter(|day| day[0] == wanted).count();
    assert_eq!(182 - days.len(), 3);
    assert_eq!(count(Outcome::Degraded), 2);
    assert_eq!(count(Outcome::Failed), 1);
    assert_eq!(count(Outcome::Captured), 176);
    assert!(
        days.values()
            .rev()
            .take(3)
            .all(|day| day[0] == Outcome::Captured)
    );
}

#[test]
fn a_few_tracks_are_new_each_day_and_some_days_repeat_the_day_before() {
    let short_term: Vec<&List> = SAMPLE
        .lists
        .iter()
        .step_by(3)
        .filter(|list| !list.ranking.is_empty())
        .collect();

    let newcomers: Vec<usize> = short_term
        .windows(2)
        .map(|pair| {
            let is_new = |song: &&usize| !pair[0].ranking.contains(song);
            pair[1].ranking.iter().filter(is_new).count()
        })
        .collect();
    let repeated = short_term
        .windows(2)
        .filter(|pair| pair[0].ranking == pair[1].ranking);

    let average = newcomers.iter().sum::<usize>() as f64 / newcomers.len() as f64;
    assert!((3.0..5.0).contains(&average), "{average}");
    assert!((45..80).contains(&repeated.count()));
}

/// At the provider, 73 % of short lists end in a tied tail, and half of these tails have 11 tracks or more.
#[test]
fn short_lists_end_in_tied_tails_as_real_ones() {
    let short_term = SAMPLE.lists.iter().step_by(3);
    let tails = short_term.filter_map(|list| {
        let ids = list
            .ranking
            .iter()
            .map(|track| SAMPLE.tracks[*track]["id"].as_str());
        let ids: Vec<_> = ids.rev().collect();
        let ascending = ids.windows(2).take_while(|pair| pair[1] < pair[0]);
        (!ids.is_empty()).then(|| 1 + ascending.count())
    });
    let tails: Vec<usize> = tails.collect();
    let mut tied: Vec<usize> = tails
        .iter()
        .copied()
        .filter(|length| *length >= 6)
        .collect();
    tied.sort_unstable();

    let share = tied.len() as f64 / tails.len() as f64;
    assert!((0.70..0.76).contains(&share), "{share}");
    assert!((10..=12).contains(&tied[tied.len() / 2]), "{tied:?}");
}

#[test]
fn some_payloads_have_the_defects_of_real_ones() {
    let tracks = &SAMPLE.tracks;
    let count =
        |is_odd: &dyn Fn(&Value) -> bool| tracks.iter().filter(|track| is_odd(track)).count();
    let release_date = |value: Value| count(&|track| track["album"]["release_date"] == value);
    let explicit = |value: Value| count(&|track| track["explicit"] == value);

    assert_eq!(count(&|track| !has_known_year(track)), 43);
    assert_eq!(release_date(json!("0000")), 14);
    assert_eq!(release_date(Value::Null), 8 + 8 + 1);
    assert_eq!(count(&|track| track["album"].is_null()), 1);
    assert_eq!(count(&|track| !track["explicit"].is_boolean()), 57);
    assert_eq!(explicit(json!("yes")), 8);
    assert_eq!(count(&|track| track["name"] == ""), 1);
    assert_eq!(count(&|track| track["album"]["images"] == json!([])), 8);
    assert_eq!(count(&|track| track["is_playable"] == false), 7);
    assert_eq!(count(&|track| track.get("linked_from").is_some()), 5);
}

#[test]
fn the_indexes_of_the_languages_are_right() {
    assert!(LANGUAGES[JAPANESE].artists.contains("終電ラジオ"));
    assert!(LANGUAGES[SPANISH].artists.contains("Sobremesa Orquesta"));
}

#[test]
fn names_have_markup_emoji_and_every_script() {
    let all = Value::from(SAMPLE.tracks.clone()).to_string();

    for part in [
        "Rhythm & <b>Blues</b>",
        "<b>Bold</b> Intentions",
        "& Daughters",
        "🐉",
        "“Quoted”",
    ] {
        assert!(all.contains(part), "{part}");
    }
    for letter in [
        "ñ", "ß", "ø", "ż", "ı", "þ", "の", "의", "月", "ال", "ש", "ж", "ω", "ก", "क", "ღ", "ế",
    ] {
        assert!(all.contains(letter), "{letter}");
    }
}

#[test]
fn every_cover_is_small_and_differs_from_the_others() {
    let covers: BTreeSet<String> = (0..COVERS)
        .filter_map(|number| cover(&file_name(number)))
        .collect();

    assert_eq!(covers.len(), 96);
    assert!(covers.iter().all(|svg| svg.len() < 1500));
    assert!(covers.iter().all(|svg| !svg.contains("style")));
}

#[test]
fn an_unknown_file_has_no_cover() {
    for file in ["96.svg", "+5.svg", "05.svg", "5", "5.png", ".svg", ""] {
        assert_eq!(cover(file), None, "{file}");
    }
}

fn rankings(library: &Library) -> Vec<&Vec<usize>> {
    library.lists.iter().map(|list| &list.ranking).collect()
}

fn names(library: &Library) -> impl Iterator<Item = &Value> {
    library.tracks.iter().map(|track| &track["name"])
}

fn days(library: &Library) -> BTreeMap<NaiveDate, Vec<Outcome>> {
    let mut days: BTreeMap<NaiveDate, Vec<Outcome>> = BTreeMap::new();
    for list in &library.lists {
        days.entry(list.date).or_default().push(list.outcome);
    }
    days
}

fn has_known_year(track: &Value) -> bool {
    let year = track["album"]["release_date"]
        .as_str()
        .and_then(|date| date.get(..4));
    year.and_then(|year| year.parse().ok())
        .is_some_and(|year: u32| (1000..3000).contains(&year))
}
