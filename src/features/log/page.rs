//! The page of the log.

use super::PATH;
use super::query::{LogEntry, LogPage, log_entries};
use crate::api::cursor::{Cursor, default_limit};
use crate::clock::Clock;
use crate::db::Database;
use crate::html::components::{DATE, nothing_yet, take_away, wide_table};
use crate::html::controls::{Way, pager};
use crate::html::layout::{Layout, Page};
use entity::log_entry::Event;
use maud::{Markup, html};
use poem::web::{Data, Query};
use poem::{Result, handler};
use poem_openapi::types::ParseFromParameter;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Parameters {
    after: Option<String>,
}

/// A cursor that is none shows the newest entries.
#[handler]
pub async fn show(
    Query(parameters): Query<Parameters>,
    database: Data<&Database>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
) -> Result<Markup> {
    let cursor = parameters.after.as_deref();
    let cursor = cursor.and_then(|text| Cursor::parse_from_parameter(text).ok());
    let after = cursor.and_then(|cursor| cursor.decode().ok());
    let is_newest = after.is_none();
    let entries = log_entries(&database.read(), after, default_limit().into()).await?;
    let page = Page {
        title: "Log",
        description: "Sign-ins, tokens, exports and deletions",
        ..Page::default()
    };
    Ok(layout.settings_page(page, PATH, content(&entries, is_newest, &clock)))
}

fn content(page: &LogPage, is_newest: bool, clock: &Clock) -> Markup {
    let older = page.next_cursor.as_ref();
    let older = older.map(|cursor| format!("{PATH}?after={cursor}"));
    html! {
        header.page-head {
            div {
                h1 { "Log" }
                p { "Sign-ins, tokens, exports and deletions. Times in " (clock.zone_name()) "." }
            }
        }
        @if page.items.is_empty() {
            (nothing_yet("Nothing has happened yet."))
        } @else {
            (table(&page.items, clock))
        }
        @if older.is_some() || !is_newest {
            (pager(
                "Pages of the log",
                match is_newest {
                    true => Way::End("Newest"),
                    false => Way::To { href: PATH, name: html! { "Newest" } },
                },
                match &older {
                    Some(href) => Way::To { href, name: html! { "Older" } },
                    None => Way::End("Oldest"),
                },
            ))
        }
        (take_away(&[("JSON", "/api/log".into()), ("CSV", "/api/log?format=csv".into())]))
    }
}

fn table(entries: &[LogEntry], clock: &Clock) -> Markup {
    let table = html! {
        table.ledger.audit {
            thead {
                tr {
                    th scope="col" { "When" }
                    th scope="col" { "What" }
                    th.on-wide-screens scope="col" { "Details" }
                    th scope="col" { "From" }
                }
            }
            tbody {
                @for run in runs(entries) { (row(run, clock)) }
            }
        }
    };
    wide_table("Log", table)
}

/// Wrong passwords one after the other from one address share a row.
fn runs(entries: &[LogEntry]) -> impl Iterator<Item = &[LogEntry]> {
    entries.chunk_by(|one, other| {
        one.event == Event::SignInFailed && one.event == other.event && one.address == other.address
    })
}

/// Of entries with one event and address, the latest first.
fn row(run: &[LogEntry], clock: &Clock) -> Markup {
    let (latest, first) = (&run[0], &run[run.len() - 1]);
    let at = clock.local(latest.at);
    let detail = match run.len() {
        1 => latest.detail.clone(),
        times => format!("{times} times in {}", duration(latest, first)),
    };
    html! {
        tr {
            th scope="row" { (at.format(DATE)) ", " (at.format("%H:%M:%S")) }
            td.said {
                (words(latest.event))
                span.under.on-narrow-screens { bdi { (detail) } }
            }
            td.reason.on-wide-screens { bdi { (detail) } }
            td {
                @if latest.address.is_empty() { "a command" } @else { code { (latest.address) } }
            }
        }
    }
}

/// As in `a minute`, `10 minutes`, `3 hours`.
fn duration(latest: &LogEntry, first: &LogEntry) -> String {
    match (latest.at - first.at).num_minutes() {
        ..=1 => "a minute".to_owned(),
        minutes @ 2..120 => format!("{minutes} minutes"),
        minutes => format!("{} hours", minutes / 60),
    }
}

fn words(event: Event) -> &'static str {
    match event {
        Event::SetUp => "Set up",
        Event::SignedIn => "Signed in",
        Event::SignInFailed => "Wrong password",
        Event::SignedOut => "Signed out",
        Event::PasswordChanged => "Password changed",
        Event::SessionEnded => "Session ended",
        Event::TokenCreated => "API token made",
        Event::TokenRevoked => "API token revoked",
        Event::Exported => "Export",
        Event::LibraryCleared => "All data cleared",
        Event::ListDeleted => "List deleted",
        Event::TrackDeleted => "Track deleted",
        Event::SpotifyConnected => "Spotify connected",
        Event::SpotifyDisconnected => "Spotify disconnected",
    }
}
