//! Rank over time: one line a range, 1 at the top. A line ends where the track left the list, and where no list was kept.
//!
//! Lines are paths in a drawing that is stretched to the box and keeps their width. Text and rings are placed in percent
//! and keep their size.

use crate::features::histories::query::{Place, RangeRanks, TrackRanks};
use crate::features::snapshots::page::range_name;
use crate::html::components::{DATE, percent_of_width};
use crate::html::time_axis::marks;
use chrono::{Days, NaiveDate};
use entity::snapshot::TimeRange;
use maud::{Markup, html};

/// The axis of ranks is at least this long.
const SHORTEST: i32 = 50;
/// Ranks with a name are at least this far apart, and not more than `MOST_RANKS`.
const RANK_STEPS: [i32; 10] = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const MOST_RANKS: i32 = 6;

/// The days from left to right, and the ranks from top to bottom.
struct Axes {
    from: NaiveDate,
    to: NaiveDate,
    lowest: i32,
}

impl Axes {
    fn of(ranks: &TrackRanks) -> Self {
        let (from, to) = (ranks.first_seen, ranks.as_of);
        let margin = Days::new(u64::from(from == to));
        Self {
            from: from.checked_sub_days(margin).unwrap_or(from),
            to: to.checked_add_days(margin).unwrap_or(to),
            lowest: ranks.lowest_rank().max(SHORTEST),
        }
    }

    fn days(&self) -> i64 {
        self.day(self.to)
    }

    /// Days since the first.
    fn day(&self, day: NaiveDate) -> i64 {
        (day - self.from).num_days()
    }

    fn x(&self, day: NaiveDate) -> String {
        percent_of_width(self.day(day) as f64, self.days() as f64)
    }

    fn y(&self, rank: i32) -> String {
        percent_of_width(f64::from(rank - 1), f64::from(self.lowest - 1))
    }

    /// The coordinates of the lines: a day is 1 wide, a rank 1 high.
    fn view_box(&self) -> String {
        format!("0 1 {} {}", self.days(), self.lowest - 1)
    }

    fn named_ranks(&self) -> Vec<i32> {
        let fits = |step: &i32| self.lowest / step <= MOST_RANKS;
        let step = RANK_STEPS.into_iter().find(fits).unwrap_or(RANK_STEPS[9]);
        let multiples = (1..=self.lowest / step).map(|number| number * step);
        std::iter::once(1).chain(multiples).collect()
    }
}

pub fn rank_chart(ranks: &TrackRanks) -> Markup {
    let axes = Axes::of(ranks);
    html! {
        header.section-head {
            h2 #over-time { "Rank over time" }
            (key(ranks))
        }
        div.rank-chart {
            svg role="img" aria-label=(finding(ranks)) width="100%" height="300" {
                (days_without_list(ranks, &axes))
                (grid(&axes))
                (lines(ranks, &axes))
                (rings(ranks.main(), &axes))
            }
        }
    }
}

fn class(time_range: TimeRange) -> &'static str {
    match time_range {
        TimeRange::ShortTerm => "short",
        TimeRange::MediumTerm => "medium",
        TimeRange::LongTerm => "long",
    }
}

fn key(ranks: &TrackRanks) -> Markup {
    html! {
        ul.rank-key {
            @for range in &ranks.ranges {
                li {
                    svg width="22" height="20" aria-hidden="true" {
                        path class=(class(range.time_range)) d="M1 10h20" {}
                    }
                    (range_name(range.time_range))
                }
            }
            @if !ranks.without_list.is_empty() { li.no-list-key { "no list kept" } }
        }
    }
}

/// What the drawing shows, in words.
fn finding(ranks: &TrackRanks) -> String {
    let ranges = ranks.ranges.iter().map(|range| {
        let RangeRanks { debut, peak, .. } = range;
        let now = match range.now {
            Some(rank) => format!("now at {rank}"),
            None => "off the list now".to_owned(),
        };
        format!(
            "{}: entered at {} on {}, best {} on {}, {now}.",
            range_name(range.time_range),
            debut.rank,
            debut.day.format(DATE),
            peak.rank,
            peak.day.format(DATE),
        )
    });
    let ranges = ranges.collect::<Vec<_>>().join(" ");
    format!("Rank over time. {ranges} The numbers are in the table below.")
}

/// A band from the middle of the day before to the middle of the day after would touch the dots, so it is as wide as its
/// days. Its edge makes the narrowest one visible.
fn days_without_list(ranks: &TrackRanks, axes: &Axes) -> Markup {
    let top_and_height = (1, axes.lowest - 1);
    let band = |(from, to): &(NaiveDate, NaiveDate)| {
        let (x, width) = (axes.day(*from), (*to - *from).num_days() + 1);
        let (top, height) = top_and_height;
        format!("M{}.5 {top}v{height}h{width}v-{height}z", x - 1)
    };
    let bands: String = ranks.without_list.iter().map(band).collect();
    html! {
        @if !bands.is_empty() {
            svg viewBox=(axes.view_box()) preserveAspectRatio="none" width="100%" height="100%" {
                path.no-list d=(bands) {}
            }
        }
    }
}

fn grid(axes: &Axes) -> Markup {
    html! {
        @for rank in axes.named_ranks() {
            @let y = axes.y(rank);
            line.grid x1="0" x2="100%" y1=(y) y2=(y) {}
            text.rank-name x="-12" y=(y) dy="4" { (rank) }
        }
        line.ground x1="0" x2="100%" y1="100%" y2="100%" {}
        @for mark in marks(axes.from, axes.to) {
            @let is_at_the_end = axes.day(mark.day) * 100 > axes.days() * 95;
            text.day-name.between-days[mark.is_between].at-the-end[is_at_the_end]
                x=(axes.x(mark.day)) y="100%" dy="24" { (mark.name) }
        }
    }
}

/// The shortest range is drawn last, above the others.
fn lines(ranks: &TrackRanks, axes: &Axes) -> Markup {
    html! {
        svg.rank-lines viewBox=(axes.view_box()) preserveAspectRatio="none" width="100%" height="100%" {
            @for range in ranks.ranges.iter().rev() {
                @let (lines, dots): (Vec<_>, Vec<_>) = range.lines.iter().partition(|line| line.len() > 1);
                @let class = class(range.time_range);
                @if !lines.is_empty() { path class=(class) d=(path(&lines, axes)) {} }
                @if !dots.is_empty() { path class={ (class) " alone" } d=(path(&dots, axes)) {} }
            }
        }
    }
}

/// A line that has one place only is drawn as a dot by its round ends.
fn path(lines: &[&Vec<Place>], axes: &Axes) -> String {
    let mut path = String::new();
    for line in lines {
        path += &format!("M{} {}", axes.day(line[0].day), line[0].rank);
        if line.len() == 1 {
            path += "h0";
        }
        for step in line.windows(2) {
            path += &format!("l1 {}", step[1].rank - step[0].rank);
        }
    }
    path
}

/// Rings around the debut and the peak of the shortest range.
fn rings(range: &RangeRanks, axes: &Axes) -> Markup {
    let RangeRanks { debut, peak, .. } = range;
    html! {
        @if debut == peak {
            (ring(*peak, &format!("Debut and peak {}", peak.rank), false, axes))
        } @else {
            (ring(*debut, &format!("Debut {}", debut.rank), true, axes))
            (ring(*peak, &format!("Peak {}", peak.rank), false, axes))
        }
    }
}

/// The name stands above the ring, or below it.
fn ring(place: Place, name: &str, is_below: bool, axes: &Axes) -> Markup {
    let share = 100 * axes.day(place.day) / axes.days();
    let (side, dx) = match share {
        ..6 => ("from-here", if is_below { 9 } else { -4 }),
        94.. => ("to-here", if is_below { -9 } else { 4 }),
        _ if is_below => ("from-here", 9),
        _ => ("around", 0),
    };
    html! {
        svg.ring x=(axes.x(place.day)) y=(axes.y(place.rank)) overflow="visible" {
            circle r="4" {}
            text class=(side) x=(dx) y=(if is_below { 12 } else { -10 }) { (name) }
        }
    }
}
