//! The calendar of a year and its ledger.

use super::{DATE, NAVIGATION, TIME_RANGE, choose_day};
use crate::api::cursor::Cursor;
use crate::clock::Clock;
use crate::db::Database;
use crate::error::Result;
use crate::features::calendar::page::calendar;
use crate::features::calendar::year::{self, Year, Years};
use crate::features::captures::ledger::{Attempts, Ledger, ledger};
use crate::features::captures::page::ledger_table;
use crate::features::dashboard::page::no_lists_yet;
use crate::features::snapshots::days::ranges_of;
use crate::features::snapshots::page::list_address;
use crate::features::snapshots::query::{Filter, ListSummary, lists};
use crate::html::components::{
    LONG_DATE, WEEKDAY_AND_DAY, count, counted, date, nothing_yet, take_away,
};
use crate::html::controls::{Tab, Way, pager, tabs};
use crate::html::layout::{Layout, Page};
use crate::owner;
use crate::payload;
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use maud::{Markup, html};
use poem::web::{Data, Query, Redirect};
use poem::{IntoResponse, Response, handler};
use poem_openapi::types::ParseFromParameter;
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// The id of the ledger's heading.
const LEDGER: &str = "ledger";

type Parameters = HashMap<String, String>;

struct View {
    years: Option<(Years, Year)>,
    /// The latest list of any range.
    latest: Option<ListSummary>,
    ledger: Ledger,
    shown: Shown,
    /// Why the day that was sent does not exist.
    refusal: Option<String>,
}

/// Which rows of the ledger are shown.
struct Shown {
    every_attempt: bool,
    is_newest: bool,
}

#[handler]
pub async fn show(
    Query(parameters): Query<Parameters>,
    database: Data<&Database>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
    audience: Data<&owner::View>,
) -> poem::Result<Response> {
    let db = database.read_transaction().await?;
    let day = parameters.get(DATE).map(|text| payload::day(text));
    let refusal = match day {
        Some(Ok(day)) => {
            let to = address_of_day(&db, day, parameters.get(TIME_RANGE)).await?;
            return Ok(Redirect::see_other(to).into_response());
        }
        Some(Err(refusal)) => Some(format!("This is no day to choose: {refusal}.")),
        None => None,
    };
    let view = view(&db, &parameters, clock.today()).await?;
    let view = View {
        refusal,
        ledger: view.ledger.of_view(*audience),
        ..view
    };
    Ok(page(&layout, &view, &clock).into_response())
}

async fn address_of_day(
    db: &impl ConnectionTrait,
    day: NaiveDate,
    range: Option<&String>,
) -> Result<String> {
    let range = match range.and_then(|word| TimeRange::from_word(word)) {
        Some(range) => Some(range),
        None => ranges_of(db, day).await?.first().copied(),
    };
    Ok(list_address(day, range.unwrap_or(TimeRange::ShortTerm)))
}

async fn view(
    db: &impl ConnectionTrait,
    parameters: &Parameters,
    today: NaiveDate,
) -> Result<View> {
    let years = match year::years(db, today).await? {
        Some(years) => {
            let chosen = parameters.get("year").and_then(|year| year.parse().ok());
            let year = year::year(db, &years, years.chosen(chosen)).await?;
            Some((years, year))
        }
        None => None,
    };
    let every_attempt = parameters.get("attempts").is_some_and(|word| word == "all");
    let after = parameters.get("cursor");
    let after = after.and_then(|text| Cursor::parse_from_parameter(text).ok());
    let after = after.and_then(|cursor| cursor.decode().ok());
    let is_newest = after.is_none()
        && years
            .as_ref()
            .is_none_or(|(years, year)| years.is_newest(year));
    let attempts = match every_attempt {
        true => Attempts::All,
        false => Attempts::Wrong {
            missed: years
                .as_ref()
                .map(|(_, year)| year.missed())
                .unwrap_or_default(),
        },
    };
    let days = years
        .as_ref()
        .map(|(years, year)| years.days_of_ledger(year));
    let latest = Filter {
        to: Some(today),
        ..Filter::default()
    };
    Ok(View {
        ledger: ledger(db, days.unwrap_or_default(), attempts, after).await?,
        latest: lists(db, latest, None, 1).await?.items.pop(),
        years,
        shown: Shown {
            every_attempt,
            is_newest,
        },
        refusal: None,
    })
}

fn page(layout: &Layout, view: &View, clock: &Clock) -> Markup {
    let older = view.older();
    let page = Page {
        title: "Lists",
        description: "Every day with its lists, as a calendar, and the ledger of attempts",
        room: NAVIGATION.path,
        next: older.as_ref().map(|(address, _)| address.as_str()),
        ..Page::default()
    };
    let content = match &view.years {
        Some((years, year)) => html! {
            (page_head(years))
            (controls(view, years, year))
            (calendar(year, years.today, LEDGER))
            (ledger_section(view, clock))
            (take_away(&addresses(year)))
        },
        None => html! {
            div.empty-library { (no_lists_yet(layout)) }
            @if !view.ledger.rows.is_empty() || view.shown.every_attempt { (ledger_section(view, clock)) }
        },
    };
    layout.page(page, html! { div.frame { (content) } })
}

fn page_head(years: &Years) -> Markup {
    html! {
        header.page-head {
            div {
                h1 { "Lists" }
                p {
                    (count(years.kept_count())) " of " (counted(years.day_count(), "day")) " kept since "
                    (date(years.first, LONG_DATE)) ". Choose a day to see its lists."
                }
            }
        }
    }
}

fn controls(view: &View, years: &Years, year: &Year) -> Markup {
    let summaries = years.years.iter();
    let names: Vec<_> = summaries
        .map(|of| {
            (
                of.year.to_string(),
                format!("{} of {}", of.kept_count, of.day_count),
            )
        })
        .collect();
    let year_tabs = years
        .years
        .iter()
        .zip(&names)
        .map(|(of, (name, note))| Tab {
            name,
            note,
            href: format!("{}?year={name}", NAVIGATION.path),
            is_current: of.year == year.year,
        });
    let span = (Some(years.first), Some(years.latest));
    html! {
        div.controls.years {
            (tabs("Years", &Vec::from_iter(year_tabs)))
            div.days {
                (choose_day(None, Some(years.latest), span, view.refusal.as_deref()))
                @if let Some(latest) = &view.latest {
                    a.button href=(list_address(latest.snapshot_date, latest.time_range)) {
                        "Latest: " (date(latest.snapshot_date, WEEKDAY_AND_DAY))
                    }
                }
            }
        }
    }
}

fn ledger_section(view: &View, clock: &Clock) -> Markup {
    let rows = &view.ledger.rows;
    html! {
        section.attempts aria-labelledby=(LEDGER) {
            header.section-head.with-tabs {
                h2 id=(LEDGER) { "Ledger" }
                (tabs("Attempts", &[
                    view.tab("What went wrong", false),
                    view.tab("Every attempt", true),
                ]))
            }
            @if rows.is_empty() {
                (nothing_yet(view.nothing()))
            } @else {
                (ledger_table(rows, clock))
            }
            (ledger_pager(view))
        }
    }
}

/// Nothing if there is one page.
fn ledger_pager(view: &View) -> Markup {
    let newest = view.ledger_address(None, None);
    let older = view.older();
    html! {
        @if !view.shown.is_newest || older.is_some() {
            (pager(
                "Pages of the ledger",
                match view.shown.is_newest {
                    true => Way::End("Newest"),
                    false => Way::To { href: &newest, name: html! { "Newest" } },
                },
                match &older {
                    Some((address, name)) => Way::To { href: address, name: html! { (name) } },
                    None => Way::End("Oldest"),
                },
            ))
        }
    }
}

impl View {
    fn tab(&self, name: &'static str, every_attempt: bool) -> Tab<'static> {
        let year = self.years.as_ref().map(|(_, year)| year.year);
        Tab {
            name,
            note: "",
            href: ledger_address(year, every_attempt, None),
            is_current: self.shown.every_attempt == every_attempt,
        }
    }

    /// The address and the name of the next page of the ledger: the rest of this year, or the year before.
    fn older(&self) -> Option<(String, String)> {
        let year = self.years.as_ref().map(|(_, year)| year.year);
        if let Some(cursor) = &self.ledger.older {
            return Some((self.ledger_address(year, Some(cursor)), "Older".to_owned()));
        }
        let (years, year) = self.years.as_ref()?;
        let before = years.before(year)?;
        Some((
            self.ledger_address(Some(before), None),
            format!("Older: {before}"),
        ))
    }

    fn ledger_address(&self, year: Option<i32>, cursor: Option<&str>) -> String {
        ledger_address(year, self.shown.every_attempt, cursor)
    }

    fn nothing(&self) -> &'static str {
        match self.shown.every_attempt {
            true => "No attempt to take a list is on record.",
            false => "Nothing went wrong.",
        }
    }
}

fn ledger_address(year: Option<i32>, every_attempt: bool, cursor: Option<&str>) -> String {
    let mut query = Vec::new();
    query.extend(year.map(|year| format!("year={year}")));
    query.extend(every_attempt.then(|| "attempts=all".to_owned()));
    query.extend(cursor.map(|cursor| format!("cursor={cursor}")));
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{mark}{}#{LEDGER}", NAVIGATION.path, query.join("&"))
}

/// The same as JSON and as CSV. The calendar of a year fits into one answer.
fn addresses(year: &Year) -> [(&'static str, String); 4] {
    let days = format!("from={0}-01-01&to={0}-12-31", year.year);
    [
        ("Calendar as JSON", format!("/api/calendar?{days}")),
        (
            "Calendar as CSV",
            format!("/api/calendar?{days}&format=csv"),
        ),
        ("Ledger as JSON", format!("/api/captures?{days}&limit=100")),
        (
            "Ledger as CSV",
            format!("/api/captures?{days}&limit=100&format=csv"),
        ),
    ]
}
