//! The small parts that pages share: marks, covers, numbers, dates, notices and disclosures.
//!
//! Each takes a value of a query's answer and gives its markup; none of them knows where on a page it stands.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::dashboard::query::Movement;

/// `Sun 22 Nov 2026`
pub const WEEKDAY_AND_DATE: &str = "%a %-d %b %Y";
/// `Sun 22 Nov`, where the year is plain from what stands beside it
pub const WEEKDAY_AND_DAY: &str = "%a %-d %b";
/// `22 Nov 2026`
pub const DATE: &str = "%-d %b %Y";
/// `22 November 2026`
pub const LONG_DATE: &str = "%-d %B %Y";

/// Covers come from the provider's image host or from the built-in sample, from nowhere else.
const COVER_SOURCES: [&str; 2] = ["https://i.scdn.co/image/", "/demo/covers/"];

const UPWARDS: &str = "M5 1 9.5 9h-9z";
const DOWNWARDS: &str = "M5 8.25 1.25 1.75h7.5z";

/// The day as its format says, with the ISO date for machines.
pub fn date(day: NaiveDate, format: &str) -> Markup {
    html! {
        time datetime=(day.format("%Y-%m-%d")) { (day.format(format)) }
    }
}

/// `1284` as `1,284`
pub fn count(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::from(if n < 0 { "-" } else { "" });
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 track`, `1,284 tracks`
pub fn counted(n: i64, noun: &str) -> String {
    let ending = if n == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", count(n))
}

/// Percent of the whole with one decimal, as `76.8 %`.
pub fn share(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    format!("{:.1} %", 100.0 * part as f64 / whole as f64)
}

/// A length for an SVG attribute, relative to the drawing's width.
pub fn percent_of_width(part: f64, whole: f64) -> String {
    format!("{:.3}%", 100.0 * part / whole)
}

/// The heading of a section that stands open on the page, with what it is out of at the far end.
pub fn section_head(id: &str, title: &str, note: Markup) -> Markup {
    html! {
        header.section-head {
            h2 id=(id) { (title) }
            p { (note) }
        }
    }
}

/// What stands in a section that has nothing to draw yet.
pub fn nothing_yet(sentence: &str) -> Markup {
    html! {
        p.nothing-yet { (sentence) }
    }
}

/// A square cover; a quiet disc where there is none or its address is not one that we trust.
pub fn cover(url: Option<&str>) -> Markup {
    let trusted = url.filter(|url| COVER_SOURCES.iter().any(|source| url.starts_with(source)));
    html! {
        @if let Some(url) = trusted {
            img.cover src=(url) alt="" width="44" height="44" loading="lazy" decoding="async"
                referrerpolicy="no-referrer";
        } @else {
            svg.cover.no-cover viewBox="0 0 44 44" width="44" height="44" aria-hidden="true" {
                circle cx="22" cy="22" r="7.25" {}
                circle cx="22" cy="22" r="1.75" {}
            }
        }
    }
}

/// For tracks that the provider calls explicit; there is no mark for clean or unknown.
pub fn explicit_mark() -> Markup {
    html! {
        span.explicit-mark {
            span aria-hidden="true" { "E" }
            (hidden("explicit"))
        }
    }
}

/// Where a track stands compared with the list kept before.
pub fn movement_mark(movement: &Movement) -> Markup {
    html! {
        @match movement {
            Movement::Up(steps) => span.movement.up { (hidden("up ")) (triangle(UPWARDS)) (steps) },
            Movement::Down(steps) => span.movement.down { (hidden("down ")) (triangle(DOWNWARDS)) (steps) },
            Movement::Same => span.movement.same { (hidden("same rank")) },
            Movement::New => span.movement.new { "New" },
            Movement::Back => span.movement.back { "Back" },
        }
    }
}

fn triangle(path: &str) -> Markup {
    html! {
        svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" { path d=(path) {} }
    }
}

/// Words for those who cannot see the mark beside them.
pub fn hidden(words: &str) -> Markup {
    html! {
        span.visually-hidden { (words) }
    }
}

/// One sentence the reader should know, with a link where there is a way on.
pub fn notice(sentence: Markup) -> Markup {
    html! {
        div.notice {
            svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" {
                circle cx="8" cy="8" r="6.75" {}
                path d="M8 7.25v4M8 4.75v.01" {}
            }
            p { (sentence) }
        }
    }
}

/// The numbers behind a drawing, closed at first; `name` tells the table apart for assistive technology.
pub fn disclosure(summary: &str, name: &str, table: Markup) -> Markup {
    html! {
        details.numbers {
            summary { (summary) }
            div.scroll role="region" aria-label=(name) tabindex="0" { (table) }
        }
    }
}
