//! Evolution as HTML. All charts are drawn here as SVG, with their numbers in tables.

mod axis;
mod cards;
mod day_by_day;
mod definitions;
mod empty;
mod months;
mod survival;
mod top_ten;
mod who_stayed;

use super::answer::Evolution;
use super::findings::Findings;
use super::period::Period;
use super::query::{self, Question};
use crate::clock::Clock;
use crate::db::Database;
use crate::features::snapshots::page::{range_name, range_or_default, range_tabs};
use crate::features::snapshots::query as snapshots;
use crate::html::components::{DATE, count, counted, date, notice, take_away};
use crate::html::controls::{Tab, tabs};
use crate::html::layout::{Layout, NavigationEntry, Page};
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use maud::{Markup, html};
use poem::handler;
use poem::web::{Data, Query};
use serde::Deserialize;

pub const NAVIGATION: NavigationEntry = NavigationEntry {
    path: "/evolution",
    name: "Evolution",
};

#[derive(Deserialize)]
pub struct Parameters {
    time_range: Option<String>,
    period: Option<String>,
    as_of: Option<String>,
}

/// What the parts of the page are drawn from.
struct View<'a> {
    time_range: TimeRange,
    period: Period,
    /// `None`: the latest day.
    asked_as_of: Option<NaiveDate>,
    latest: Option<NaiveDate>,
    evolution: &'a Evolution,
    findings: Findings<'a>,
}

#[handler]
pub async fn show(
    database: Data<&Database>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
    Query(asked): Query<Parameters>,
) -> poem::Result<Markup> {
    let db = database.read_transaction().await?;
    let time_range = range_or_default(asked.time_range.as_deref());
    let period = asked.period.as_deref().and_then(Period::from_word);
    let period = period.unwrap_or_default();
    let asked_as_of = asked.as_of.and_then(|day| crate::payload::day(&day).ok());
    let latest = snapshots::as_of(&db, clock.today()).await?;
    let question = Question {
        time_range,
        period,
        as_of: asked_as_of.or(latest),
    };
    let evolution = query::evolution(&db, question).await?;
    let view = View {
        time_range,
        period,
        asked_as_of,
        latest,
        findings: Findings::of(&evolution),
        evolution: &evolution,
    };
    Ok(page(&layout, &view))
}

fn page(layout: &Layout, view: &View) -> Markup {
    let description = format!(
        "How the {} lists changed: turnover, new tracks, artists, and how long a track stays",
        range_name(view.time_range).to_lowercase()
    );
    let page = Page {
        title: NAVIGATION.name,
        description: &description,
        room: NAVIGATION.path,
        ..Page::default()
    };
    layout.page(
        page,
        html! {
            div.frame {
                (page_head(view))
                (controls(view))
                @match empty::reason(view) {
                    Some(reason) => (reason),
                    None => (parts(view)),
                }
            }
        },
    )
}

fn parts(view: &View) -> Markup {
    html! {
        (cards::cards(view))
        (top_ten::top_ten(view))
        (day_by_day::day_by_day(view))
        (months::months(view))
        div.stays {
            (who_stayed::who_stayed(view))
            (survival::survival(view))
        }
        (definitions::definitions())
        (other_forms(view))
    }
}

fn page_head(view: &View) -> Markup {
    let days = view.evolution.from.zip(view.evolution.as_of);
    html! {
        header.page-head {
            div {
                h1 { (NAVIGATION.name) }
                @if let Some((from, to)) = days.filter(|_| view.evolution.list_count > 0) {
                    p {
                        (count(view.evolution.list_count)) " of " (counted(view.findings.day_count, "day"))
                        " kept, " (date(from, DATE)) " to " (date(to, DATE)) "."
                    }
                }
            }
        }
        @if let Some(as_of) = view.asked_as_of.filter(|as_of| Some(*as_of) < view.latest) {
            (notice(html! {
                "As of " (date(as_of, DATE)) ": later lists are not counted. "
                a href=(view.address(view.time_range, view.period, None)) { "Show the latest" } "."
            }))
        }
    }
}

fn controls(view: &View) -> Markup {
    let periods = Period::ALL.map(|period| Tab {
        name: period_name(period),
        note: "",
        href: view.address(view.time_range, period, view.asked_as_of),
        is_current: period == view.period,
    });
    html! {
        div.controls {
            (range_tabs(view.time_range, |range| view.address(range, view.period, view.asked_as_of)))
            (tabs("Period", &periods))
        }
    }
}

fn period_name(period: Period) -> &'static str {
    match period {
        Period::SixMonths => "6 months",
        Period::TwelveMonths => "12 months",
        Period::TwentyFourMonths => "24 months",
        Period::All => "All",
    }
}

fn other_forms(view: &View) -> Markup {
    let query = view.query(view.time_range, view.period, view.asked_as_of);
    let csv = |table| format!("/api/evolution?{query}&format=csv&table={table}");
    take_away(&[
        ("JSON", format!("/api/evolution?{query}")),
        ("Turnover as CSV", csv("turnover")),
        ("Discoveries as CSV", csv("discoveries")),
        ("Drift as CSV", csv("drift")),
        ("Growth as CSV", csv("growth")),
        ("Diversity as CSV", csv("diversity")),
        ("Consistent artists as CSV", csv("consistent_artists")),
        ("Survival as CSV", csv("survival")),
        ("The first ten as CSV", csv("top_ten")),
    ])
}

impl View<'_> {
    fn address(&self, range: TimeRange, period: Period, as_of: Option<NaiveDate>) -> String {
        format!("{}?{}", NAVIGATION.path, self.query(range, period, as_of))
    }

    fn query(&self, range: TimeRange, period: Period, as_of: Option<NaiveDate>) -> String {
        let query = format!("time_range={}&period={}", range.word(), period.word());
        match as_of {
            Some(as_of) => format!("{query}&as_of={as_of}"),
            None => query,
        }
    }
}
