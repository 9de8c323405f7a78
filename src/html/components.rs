//! The parts that pages share: covers, numbers, dates, notices and disclosures.

use chrono::NaiveDate;
use maud::{Markup, html};

/// `Sun 22 Nov 2026`
pub const WEEKDAY_AND_DATE: &str = "%a %-d %b %Y";
/// `Sun 22 Nov`, if the context gives the year
pub const WEEKDAY_AND_DAY: &str = "%a %-d %b";
/// `22 Nov 2026`
pub const DATE: &str = "%-d %b %Y";
/// `22 November 2026`
pub const LONG_DATE: &str = "%-d %B %Y";

/// Covers are loaded from the provider's image host and from the demo only.
const COVER_SOURCES: [&str; 2] = ["https://i.scdn.co/image/", "/demo/covers/"];

/// A date in a format, with the ISO date for programs.
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

/// A percentage with one decimal, as in `76.8 %`.
pub fn share(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    format!("{:.1} %", 100.0 * part as f64 / whole as f64)
}

/// A whole percentage, as in `6 %`.
pub fn percent(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    format!("{:.0} %", 100.0 * part as f64 / whole as f64)
}

/// A length for an SVG attribute, in percent of the drawing's width.
pub fn percent_of_width(part: f64, whole: f64) -> String {
    format!("{:.3}%", 100.0 * part / whole)
}

/// A cell of a `dl.cards`: a figure with its label, and a line that says what the figure is out of.
pub fn card(label: &str, figure: Markup, out_of: Markup) -> Markup {
    html! {
        div.card {
            dt { (label) }
            dd.figure { (figure) }
            dd.out-of { (out_of) }
        }
    }
}

/// A figure with its unit, as in `3 years`.
pub fn quantity(n: i64, unit: &str) -> Markup {
    let ending = if n == 1 { "" } else { "s" };
    html! {
        span.quantity { (count(n)) span.unit { " " (unit) (ending) } }
    }
}

/// The heading of a section, with a note at its end.
pub fn section_head(id: &str, title: &str, note: Markup) -> Markup {
    html! {
        header.section-head {
            h2 id=(id) { (title) }
            p { (note) }
        }
    }
}

/// The content of a section without data.
pub fn nothing_yet(sentence: &str) -> Markup {
    html! {
        p.nothing-yet { (sentence) }
    }
}

/// A square cover. `covers.css` draws a disc for one that is missing, comes from another host, or cannot be loaded.
pub fn cover(url: Option<&str>) -> Markup {
    let trusted = url.filter(|url| COVER_SOURCES.iter().any(|source| url.starts_with(source)));
    html! {
        @if let Some(url) = trusted {
            img.cover src=(url) alt="" width="44" height="44" loading="lazy" decoding="async"
                referrerpolicy="no-referrer";
        } @else {
            span.cover {}
        }
    }
}

/// The mark of explicit tracks. Clean and unknown tracks have none.
pub fn explicit_mark() -> Markup {
    html! {
        span.explicit-mark {
            span aria-hidden="true" { "E" }
            (hidden("explicit"))
        }
    }
}

/// Text for screen readers only.
pub fn hidden(words: &str) -> Markup {
    html! {
        span.visually-hidden { (words) }
    }
}

/// A notice: one sentence, with a link if there is something to do.
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

/// What is wrong with a field, which names it by its id in `aria-describedby`.
pub fn wrong(id: &str, reason: &str) -> Markup {
    html! {
        p id=(id) .wrong {
            svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" {
                circle cx="8" cy="8" r="6.75" {}
                path d="M8 4.75v4M8 11.25v.01" {}
            }
            (reason)
        }
    }
}

/// A table that scrolls sideways where it is wider than the screen. `name` is its accessible name.
pub fn wide_table(name: &str, table: Markup) -> Markup {
    html! {
        div.wide-table role="region" aria-label=(name) tabindex="0" { (table) }
    }
}

/// A way to delete what the page shows, closed at first. `what` is as in `list`; `action` is the address of the form.
pub fn deletion(what: &str, consequences: &str, action: &str) -> Markup {
    html! {
        details.deletion {
            summary { "Delete this " (what) "…" }
            form.do-it method="post" action=(action) {
                p { (consequences) }
                button.button.bad { "Delete this " (what) }
            }
        }
    }
}

/// Links to what the page shows, for programs: pairs of a name and an address.
pub fn take_away(links: &[(&str, String)]) -> Markup {
    html! {
        p.take-away {
            @for (position, (name, href)) in links.iter().enumerate() {
                @if position > 0 { span aria-hidden="true" { " · " } }
                a href=(href) { (name) }
            }
        }
    }
}

/// A text to copy: a field with its label. `copy.js` adds a button, and completes an address that begins with a path.
pub fn copy_field(id: &str, label: &str, text: &str) -> Markup {
    html! {
        div.copy {
            label for=(id) { (label) }
            input id=(id) value=(text) readonly;
        }
    }
}

/// The table behind a chart, closed at first. `name` is its accessible name.
pub fn disclosure(summary: Markup, name: &str, table: Markup) -> Markup {
    html! {
        details.numbers {
            summary { (summary) }
            div.scroll role="region" aria-label=(name) tabindex="0" { (table) }
        }
    }
}
