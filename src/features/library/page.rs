//! The page of the library: what is kept, how to take it along, and how to clear it.

use super::clear::words;
use super::query::{Contents, LastList, contents};
use super::{CLEAR, COPY, PATH};
use crate::clock::Clock;
use crate::db::Database;
use crate::features::captures::page::is_day_only;
use crate::html::components::{DATE, card, count, counted, date, notice, section_head, wrong};
use crate::html::layout::{self, Layout, Page};
use chrono::NaiveDate;
use maud::{Markup, html};
use poem::web::{Data, Query};
use poem::{Result, handler};
use serde::Deserialize;

const PAGE: Page = Page {
    title: "Library",
    description: "What is kept on this server, how to take it along, and how to clear it",
    room: layout::SETTINGS,
    extras: layout::Extras {
        styles: &[],
        scripts: &[],
    },
    previous: None,
    next: None,
    searched: "",
};

#[derive(Deserialize)]
pub struct Parameters {
    /// `cleared`
    notice: Option<String>,
}

/// A wrong confirmation, and the reason.
pub struct Wrong<'a> {
    pub typed: &'a str,
    pub reason: &'a str,
}

#[handler]
pub async fn show(
    Query(parameters): Query<Parameters>,
    database: Data<&Database>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
) -> Result<Markup> {
    let contents = contents(&database).await?;
    let notice = parameters.notice.as_deref();
    Ok(page(&layout, &clock, &contents, None, notice))
}

pub fn page(
    layout: &Layout,
    clock: &Clock,
    contents: &Contents,
    wrong: Option<Wrong>,
    notice: Option<&str>,
) -> Markup {
    let content = html! {
        (what_was_done(notice, contents))
        header.page-head {
            div {
                h1 { "Library" }
                p { "What is kept on this server, and how to take it along." }
            }
        }
        (cards(contents, clock))
        (export(contents))
        (clear(contents, wrong))
    };
    layout.settings_page(PAGE, PATH, content)
}

fn what_was_done(word: Option<&str>, contents: &Contents) -> Markup {
    html! {
        @if word == Some("cleared") && contents.is_empty() {
            (notice(html! { "The library is empty now. An export or the files of your lists bring it back." }))
        }
    }
}

fn cards(contents: &Contents, clock: &Clock) -> Markup {
    let (size, unit) = size(contents.size_bytes);
    html! {
        div.panel {
            dl.cards {
                (card("Tracks", html! { (count(contents.track_count)) }, html! { (payloads(contents)) }))
                (card("Snapshot days", html! { (count(contents.days.count)) }, html! { (days(contents, clock)) }))
                @match &contents.last_list {
                    Some(last) => (last_list(last, clock)),
                    None => (card("Last list", html! { "–" }, html! { "none yet" })),
                }
                (card("Database", html! { (size) span.unit { " " (unit) } }, html! {
                    (contents.engine_name) ", " (counted(contents.rank_count, "rank"))
                }))
            }
        }
    }
}

fn payloads(contents: &Contents) -> String {
    match (contents.track_count, contents.without_payload_count) {
        (0, _) => "none yet".to_owned(),
        (_, 0) => "all with their payload".to_owned(),
        (_, without) => format!("{} without a payload", count(without)),
    }
}

/// From the first list to today, or to the last list if that is later.
fn days(contents: &Contents, clock: &Clock) -> String {
    let Some((first, latest)) = contents.days.first.zip(contents.days.latest) else {
        return "none yet".to_owned();
    };
    let all = (latest.max(clock.today()) - first).num_days() + 1;
    match all - contents.days.count {
        0 => format!("of {}, every day", count(all)),
        missing => format!("of {}; {} not kept", count(all), count(missing)),
    }
}

/// The ledger may know only the day, or nothing.
fn last_list(last: &LastList, clock: &Clock) -> Markup {
    let tracks = counted(last.track_count, "track");
    match last.kept_at.filter(|at| !is_day_only(*at, last.day)) {
        Some(at) => card(
            "Last list",
            html! { (clock.local(at).format("%H:%M")) },
            html! { (day(last.day, clock)) ", " (tracks) },
        ),
        None => card(
            "Last list",
            html! { (last.day.format("%-d %b")) span.unit { " " (last.day.format("%Y")) } },
            html! { (tracks) },
        ),
    }
}

fn day(day: NaiveDate, clock: &Clock) -> Markup {
    match (clock.today() - day).num_days() {
        0 => html! { "today" },
        1 => html! { "yesterday" },
        _ => date(day, DATE),
    }
}

fn export(contents: &Contents) -> Markup {
    html! {
        section.export aria-labelledby="export" {
            (section_head("export", "Export", html! { code { "import" } " reads an archive back" }))
            ul.ways-out {
                li {
                    div {
                        h3 { "Everything as NDJSON" }
                        p {
                            "Tracks with payloads, lists and the ledger, gzip. Reads back to the same state, on SQLite and "
                            "PostgreSQL; what was deleted since comes back."
                        }
                    }
                    a.button href="/api/export" download { "Download" }
                }
                @if let Some(size_bytes) = contents.copy_size_bytes { (file(size_bytes)) }
            }
        }
    }
}

fn file(size_bytes: i64) -> Markup {
    let (size, unit) = size(size_bytes);
    html! {
        li {
            div {
                h3 { "The SQLite file" }
                p {
                    "As it is now, " (size) " " (unit) ". Only while the database is SQLite. The key of its tokens is a file "
                    "of its own, and not in it."
                }
            }
            a.button href=(COPY) download { "Download" }
        }
    }
}

fn clear(contents: &Contents, wrong: Option<Wrong>) -> Markup {
    html! {
        section.danger aria-labelledby="clear" {
            (section_head("clear", "Clear all data", html! {}))
            @if contents.is_empty() {
                p.note { "The library is empty: there is nothing to clear." }
            } @else {
                p.note {
                    "Deletes " (counted(contents.track_count, "track")) ", "
                    (counted(contents.list_count, "list")) " and " (entries(contents.capture_count))
                    " of the ledger. The connection to Spotify, the password and the tokens stay. "
                    "Spotify’s lists carry no date: what is deleted cannot be fetched again, only imported."
                }
                (confirm(contents, wrong))
            }
        }
    }
}

fn confirm(contents: &Contents, why_wrong: Option<Wrong>) -> Markup {
    let is_wrong = why_wrong.is_some().then_some("true");
    let typed = why_wrong.as_ref().map_or("", |wrong| wrong.typed);
    html! {
        form.confirm method="post" action=(CLEAR) {
            div.field {
                label for="confirm" { "To confirm, type " b { (words(contents.track_count)) } }
                input #confirm.text type="text" name="confirm" value=(typed) required
                    autocomplete="off" autocapitalize="none" spellcheck="false"
                    autofocus[is_wrong.is_some()] aria-invalid=[is_wrong]
                    aria-describedby=[is_wrong.map(|_| "wrong-words")];
            }
            button.button.bad { "Clear all data" }
            @if let Some(why) = why_wrong { (wrong("wrong-words", why.reason)) }
        }
    }
}

fn entries(number: i64) -> String {
    match number {
        1 => "1 entry".to_owned(),
        number => format!("{} entries", count(number)),
    }
}

/// As in `38.42` and `MB`.
fn size(bytes: i64) -> (String, &'static str) {
    let bytes = bytes as f64;
    match bytes {
        ..1e6 => (format!("{:.0}", bytes / 1e3), "kB"),
        ..1e9 => (format!("{:.2}", bytes / 1e6), "MB"),
        _ => (format!("{:.2}", bytes / 1e9), "GB"),
    }
}
