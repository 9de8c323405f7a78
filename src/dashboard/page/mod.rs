//! The dashboard as HTML: what is kept and how complete it is, then the latest list and what the payloads say.
//!
//! This file draws the page's head and its panel of figures; the parts below it have files of their own.

mod charts;
mod empty;
mod latest;
mod strip;

use chrono::{Datelike, Days, Months, NaiveDate};
use maud::{Markup, html};
use poem::handler;
use poem::web::Data;

use super::query::{self, Dashboard, Summary, Turnover};
use crate::db::Database;
use crate::snapshots::lists::Lists;
use crate::web::components::{
    DATE, LONG_DATE, WEEKDAY_AND_DATE, WEEKDAY_AND_DAY, count, counted, date, notice,
};
use crate::web::layout::{Extras, Page, page_with};

/// `dashboard.js` draws with Chart.js and so comes after it.
const CHARTS: Extras = Extras {
    styles: &[],
    scripts: &["vendor/chart.js/chart.umd.min.js", "dashboard.js"],
};

#[handler]
pub async fn show(database: Data<&Database>, lists: Data<&Lists>) -> poem::Result<Markup> {
    Ok(dashboard(&query::dashboard(&database, &lists).await?))
}

/// The front page; a library without a single track gets a page that says how to begin.
fn dashboard(view: &Dashboard) -> Markup {
    if view.summary.track_count == 0 {
        return empty::empty_library();
    }
    page_with(
        "Dashboard",
        Page::Dashboard,
        CHARTS,
        html! {
            div.frame {
                (page_head(&view.summary))
                (overview(view))
                div.dashboard-sections {
                    (latest::latest_list(view.latest.as_ref()))
                    (charts::release_years(&view.years))
                    (charts::release_decades(&view.decades, view.summary.track_count))
                    (charts::explicit(&view.explicit, view.summary.track_count))
                }
            }
        },
    )
}

fn page_head(summary: &Summary) -> Markup {
    html! {
        header.page-head {
            div {
                h1 { "Dashboard" }
                @if let Some(first) = summary.first_snapshot_date {
                    p { "Your top lists since " (date(first, LONG_DATE)) "." }
                } @else {
                    p { (counted(summary.track_count, "track")) " so far." }
                }
            }
            @if let Some(latest) = summary.latest_snapshot_date {
                p.status { span { "Latest list kept on " (date(latest, WEEKDAY_AND_DATE)) "." } }
            }
        }
    }
}

fn overview(view: &Dashboard) -> Markup {
    html! {
        @if view.summary.snapshot_count == 0 {
            (notice(html! {
                "No dated list is kept yet. Import one with "
                code { "music-time-machine import PATH" } "."
            }))
        }
        div.panel {
            dl.cards {
                (tracks_card(view))
                (snapshot_days_card(&view.summary))
                (span_card(&view.summary))
                (turnover_card(view.turnover.as_ref(), view.summary.latest_snapshot_date))
            }
            @if let Some(kept) = &view.days {
                (strip::kept_days(kept))
            }
        }
    }
}

fn card(label: &str, figure: Markup, out_of: Markup) -> Markup {
    html! {
        div.card {
            dt { (label) }
            dd.figure { (figure) }
            dd.out-of { (out_of) }
        }
    }
}

fn tracks_card(view: &Dashboard) -> Markup {
    let out_of = match (view.decades.unknown_count, view.explicit.unknown_count) {
        (0, 0) => "all with year and explicit flag".to_owned(),
        (0, unknown) => format!("{} without an explicit flag", count(unknown)),
        (unknown, _) => format!("{} without a known year", count(unknown)),
    };
    card(
        "Tracks",
        html! { (count(view.summary.track_count)) },
        html! { (out_of) },
    )
}

fn snapshot_days_card(summary: &Summary) -> Markup {
    let out_of = match first_and_latest(summary) {
        None => "no list kept yet".to_owned(),
        Some((first, latest)) => {
            let days = (latest - first).num_days() + 1;
            match days - summary.snapshot_count {
                0 => format!("of {}; every day kept", count(days)),
                missing => format!("of {}; {} not kept", count(days), count(missing)),
            }
        }
    };
    card(
        "Snapshot days",
        html! { (count(summary.snapshot_count)) },
        html! { (out_of) },
    )
}

fn span_card(summary: &Summary) -> Markup {
    let Some((first, latest)) = first_and_latest(summary) else {
        return card("Span", html! { "–" }, html! { "Needs one list" });
    };
    let (years, days) = years_and_days(first, latest);
    card(
        "Span",
        html! {
            @if years > 0 { (quantity(i64::from(years), "year")) " " }
            @if days > 0 { (quantity(days, "day")) }
        },
        html! {
            @if first == latest { (date(first, DATE)) }
            @else { (date(first, DATE)) " to " (date(latest, DATE)) }
        },
    )
}

fn quantity(n: i64, unit: &str) -> Markup {
    let ending = if n == 1 { "" } else { "s" };
    html! {
        span.quantity { (count(n)) span.unit { " " (unit) (ending) } }
    }
}

fn turnover_card(turnover: Option<&Turnover>, latest: Option<NaiveDate>) -> Markup {
    let Some(turnover) = turnover.filter(|turnover| turnover.track_count > 0) else {
        return card("Turnover", html! { "–" }, html! { "Needs two lists" });
    };
    let percent = 100.0 * turnover.newcomers as f64 / turnover.track_count as f64;
    let same_year = latest.is_some_and(|day| day.year() == turnover.previous_date.year());
    let format = if same_year {
        WEEKDAY_AND_DAY
    } else {
        WEEKDAY_AND_DATE
    };
    card(
        "Turnover",
        html! { (format!("{percent:.0}")) span.unit { " %" } },
        html! {
            (count(turnover.newcomers)) " of " (count(turnover.track_count))
            " not there on " (date(turnover.previous_date, format))
        },
    )
}

fn first_and_latest(summary: &Summary) -> Option<(NaiveDate, NaiveDate)> {
    summary
        .first_snapshot_date
        .zip(summary.latest_snapshot_date)
}

/// Whole years, and the days that are left; both ends count as days.
fn years_and_days(first: NaiveDate, latest: NaiveDate) -> (u32, i64) {
    let end = latest.checked_add_days(Days::new(1)).unwrap_or(latest);
    let years = end.years_since(first).unwrap_or(0);
    let anniversary = first
        .checked_add_months(Months::new(12 * years))
        .unwrap_or(first);
    (years, (end - anniversary).num_days())
}
