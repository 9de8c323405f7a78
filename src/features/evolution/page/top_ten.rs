//! The bump chart of the first ten places, one list a week.

use super::View;
use super::axis::Axis;
use crate::features::evolution::answer::{TopTenTrack, TopTenWeek};
use crate::features::evolution::top_ten::weeks_between;
use crate::features::tracks::page::{artist_link, title, track_address};
use crate::html::components::{
    DATE, count, counted, cover, date, disclosure, percent_of_width, section_head,
};
use chrono::{NaiveDate, Weekday};
use maud::{Markup, html};
use std::fmt::Write;

const PLACES: i64 = 10;
/// Of one place.
const HEIGHT: i64 = 34;

/// The weeks from the first list to the last one. Each is as wide as any other.
struct Weeks<'a> {
    first: NaiveDate,
    last: NaiveDate,
    /// The lists, oldest first.
    lists: &'a [NaiveDate],
}

pub fn top_ten(view: &View) -> Markup {
    let tracks = &view.evolution.top_ten;
    let lists = &view.findings.weekly_lists;
    let (Some(chosen), Some(first), Some(last)) = (tracks.first(), lists.first(), lists.last())
    else {
        return html! {};
    };
    let weeks = Weeks {
        first: *first,
        last: *last,
        lists,
    };
    html! {
        section.top-ten aria-labelledby="top-ten" {
            (section_head("top-ten", "The first ten", html! { "One list a week, the last one kept" }))
            (finding(view))
            (legend(chosen, view))
            figure.top-ten-chart {
                (places())
                div.lines { (chart(view, chosen, &weeks)) }
                (on_now(view, *last))
            }
            (disclosure(html! { "Numbers" }, "Tracks among the first ten", table(tracks, *last)))
        }
    }
}

fn finding(view: &View) -> Markup {
    let tracks = &view.evolution.top_ten;
    html! {
        p.finding {
            (counted(tracks.len() as i64, "track")) " stood among the first ten in "
            (counted(view.findings.weekly_lists.len() as i64, "week")) ". "
            @if let Some(longest) = tracks.first() {
                b { (title(&longest.track.name)) } " by " bdi { (longest.track.artist_name) } " stayed longest, "
                (counted(longest.week_count, "week"))
            }
            @if let Some(second) = tracks.get(1) {
                "; then " (title(&second.track.name)) ", " (count(second.week_count))
            }
            "."
        }
    }
}

fn legend(chosen: &TopTenTrack, view: &View) -> Markup {
    let any_past = view.findings.first_ten_now.len() < view.evolution.top_ten.len();
    let line = |class| {
        html! { svg width="20" height="20" aria-hidden="true" { path class=(class) d="M0 10h20" {} } }
    };
    html! {
        ul.legend.keys {
            li { (line("chosen")) (title(&chosen.track.name)) }
            li { (line("still")) "there now" }
            @if any_past { li { (line("past")) "gone" } }
        }
    }
}

fn places() -> Markup {
    html! {
        ol.places aria-hidden="true" { @for place in 1..=PLACES { li { (place) } } }
    }
}

fn chart(view: &View, chosen: &TopTenTrack, weeks: &Weeks) -> Markup {
    let height = PLACES * HEIGHT;
    let [past, still] = [false, true].map(|is_there| {
        let tracks = view.evolution.top_ten.iter().skip(1);
        let tracks = tracks.filter(move |track| track.is_still_there(weeks.last) == is_there);
        tracks.map(|track| weeks.line(track)).collect::<String>()
    });
    let chosen_line = weeks.line(chosen);
    html! {
        svg role="img" aria-label=(label(view, chosen, weeks)) width="100%" height=(height + 34) {
            svg width="100%" height=(height) viewBox={ "0 0 " (weeks.count()) " 10" } preserveAspectRatio="none" {
                path.no-list d=(weeks.gaps()) {}
            }
            svg width="100%" height=(height) {
                @for place in 0..PLACES {
                    @let y = percent_of_width(place as f64 + 0.5, PLACES as f64);
                    line.grid x1="0" x2="100%" y1=(y) y2=(y) {}
                }
            }
            svg width="100%" height=(height) viewBox={ "0 0 " (weeks.count()) " 10" } preserveAspectRatio="none" {
                path.past d=(past) {}
                path.still d=(still) {}
                path.halo d=(chosen_line) {}
                path.chosen d=(chosen_line) {}
            }
            (weeks.axis().ticks(height + 6))
        }
    }
}

fn label(view: &View, chosen: &TopTenTrack, weeks: &Weeks) -> String {
    format!(
        "The first ten places in {}, from {} to {}. {} among them. {} stayed longest: {}. The numbers are in the table below.",
        counted(view.findings.weekly_lists.len() as i64, "week"),
        weeks.first.format(DATE),
        weeks.last.format(DATE),
        match view.evolution.top_ten.len() {
            1 => "1 track was".to_owned(),
            tracks => format!("{} tracks were", count(tracks as i64)),
        },
        match chosen.track.name.trim() {
            "" => "An untitled track",
            name => name,
        },
        counted(chosen.week_count, "week"),
    )
}

impl Weeks<'_> {
    fn count(&self) -> i64 {
        weeks_between(self.first, self.last) + 1
    }

    fn axis(&self) -> Axis {
        let week = |day: NaiveDate| day.week(Weekday::Mon);
        Axis {
            first: week(self.first).first_day(),
            last: week(self.last).last_day(),
        }
    }

    /// The weeks without a list.
    fn gaps(&self) -> String {
        let mut path = String::new();
        for pair in self.lists.windows(2) {
            let gap = weeks_between(pair[0], pair[1]) - 1;
            if gap > 0 {
                let start = weeks_between(self.first, pair[0]) + 1;
                let _ = write!(path, "M{start} 0h{gap}v10h-{gap}z");
            }
        }
        path
    }

    /// The path of a track: level in the middle of a week, and an S from one week to the next. It is interrupted where the
    /// track is not among the first ten.
    fn line(&self, track: &TopTenTrack) -> String {
        let mut path = String::new();
        let place = |week: &TopTenWeek| {
            let index = weeks_between(self.first, week.snapshot_date);
            (index, week.place as f64 - 0.5)
        };
        let mut before: Option<(i64, f64)> = None;
        for (index, y) in track.weeks.iter().map(place) {
            let middle = index as f64 + 0.5;
            let _ = match before {
                Some((previous, level)) if previous + 1 == index && level == y => {
                    write!(path, "H{middle}")
                }
                Some((previous, level)) if previous + 1 == index => {
                    write!(path, "C{index} {level} {index} {y} {middle} {y}")
                }
                _ => write!(path, "{}M{index}.2 {y}H{middle}", end(before)),
            };
            before = Some((index, y));
        }
        path + end(before)
    }
}

/// The end of a run of weeks.
fn end(before: Option<(i64, f64)>) -> &'static str {
    before.map_or("", |_| "h.3")
}

/// The covers and names at the right end of the lines, or below the chart on narrow screens.
fn on_now(view: &View, last: NaiveDate) -> Markup {
    html! {
        ol.on-now aria-label={ "The first ten on " (last.format(DATE)) } {
            @for track in &view.findings.first_ten_now {
                li {
                    (cover(track.cover_url.as_deref()))
                    a href=(track_address(&track.track.track_id)) { (title(&track.track.name)) }
                }
            }
        }
    }
}

fn table(tracks: &[TopTenTrack], last: NaiveDate) -> Markup {
    html! {
        table.tracks {
            thead {
                tr {
                    th scope="col" { "Track" } th scope="col" { "Artist" }
                    th.number scope="col" { "Weeks" } th.number scope="col" { "Best" }
                    th scope="col" { "First" } th scope="col" { "Last" }
                }
            }
            tbody { @for track in tracks { (row(track, last)) } }
        }
    }
}

fn row(row: &TopTenTrack, last: NaiveDate) -> Markup {
    let track = &row.track;
    html! {
        tr {
            th scope="row" { a href=(track_address(&track.track_id)) { (title(&track.name)) } }
            td { (artist_link(&track.artist_name, track.artist_key.as_deref())) }
            td.number { (count(row.week_count)) }
            td.number { (row.best_place) }
            td { @if let Some(week) = row.weeks.first() { (date(week.snapshot_date, DATE)) } }
            td {
                @if row.is_still_there(last) { "still there" }
                @else if let Some(week) = row.weeks.last() { (date(week.snapshot_date, DATE)) }
            }
        }
    }
}
