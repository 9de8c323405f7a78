//! The dashboard as HTML: what is kept and how complete it is, then the latest list and the release charts.

mod empty;
mod latest;

pub use empty::no_lists_yet;

use crate::capture::Capturer;
use crate::clock::Clock;
use crate::db::Database;
use crate::features::calendar::page::day_strip;
use crate::features::calendar::query::{self as calendar, RecentDays};
use crate::features::changes::query::{self as changes, ComparedList, Turnover};
use crate::features::connection::page::line as trouble_line;
use crate::features::connection::trouble::lasting_trouble;
use crate::features::on_this_day::page::on_this_day;
use crate::features::on_this_day::query::{self as earlier, OnThisDay};
use crate::features::releases::page as charts;
use crate::features::releases::query::{self as releases, Releases};
use crate::features::snapshots::page::list_address;
use crate::features::snapshots::query as snapshots;
use crate::features::summary::query::{Summary, summary};
use crate::html::components::{
    DATE, LONG_DATE, WEEKDAY_AND_DATE, WEEKDAY_AND_DAY, card, count, counted, date, notice,
    quantity,
};
use crate::html::layout::{Extras, Layout, NavigationEntry, Page};
use crate::owner;
use chrono::{Datelike, Days, Months, NaiveDate};
use maud::{Markup, html};
use poem::handler;
use poem::web::Data;

pub const NAVIGATION: NavigationEntry = NavigationEntry {
    path: "/dashboard",
    name: "Dashboard",
};

/// Years shown; the rest are counted together.
const YEARS: usize = 10;
/// Tracks shown of each list of an earlier year.
const TOP: u64 = 3;

const PAGE: Page = Page {
    title: "Dashboard",
    description: "Your top lists: the latest one, the days kept, and when the music came out",
    room: NAVIGATION.path,
    // `charts.js` needs Chart.js, so it comes second.
    extras: Extras {
        styles: &[],
        scripts: &["vendor/chart.js/chart.umd.min.js", "charts.js"],
    },
    previous: None,
    next: None,
    searched: "",
};

struct Dashboard {
    summary: Summary,
    releases: Releases,
    latest: Option<ComparedList>,
    on_this_day: OnThisDay,
    strip: Option<RecentDays>,
    /// What is wrong with the connection to Spotify, in one line.
    trouble: Option<Markup>,
}

#[handler]
pub async fn show(
    database: Data<&Database>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
    capturer: Data<&Capturer>,
    audience: Data<&owner::View>,
) -> poem::Result<Markup> {
    let db = database.read_transaction().await?;
    let releases = releases::releases(&db).await?;
    let days = snapshots::days(&db).await?;
    let today = clock.today();
    let latest = changes::latest_list(&db, today).await?;
    let (strip, on_this_day) = match latest.as_ref().map(|list| list.time_range) {
        Some(time_range) => (
            calendar::recent_days(&db, time_range, today).await?,
            earlier::on_this_day(&db, time_range, (None, today), TOP).await?,
        ),
        None => (None, OnThisDay::default()),
    };
    let view = Dashboard {
        summary: summary(&releases, &days),
        releases,
        latest,
        on_this_day,
        strip,
        trouble: lasting_trouble(&db, &capturer, &clock)
            .await?
            .map(|trouble| trouble_line(&trouble, &clock)),
    };
    Ok(dashboard(&layout, &view.of_audience(*audience)))
}

impl Dashboard {
    /// Without what the public does not see.
    fn of_audience(mut self, audience: &owner::View) -> Self {
        if *audience == owner::View::Public {
            self.trouble = None;
            for day in self.strip.iter_mut().flat_map(|strip| &mut strip.days) {
                day.reason = None;
            }
        }
        self
    }
}

fn dashboard(layout: &Layout, view: &Dashboard) -> Markup {
    let track_count = view.summary.track_count;
    if track_count == 0 {
        return empty::empty_library(layout, view.trouble.as_ref());
    }
    layout.page(
        PAGE,
        html! {
            div.frame {
                (page_head(view))
                @if let Some(trouble) = &view.trouble { (trouble) }
                (overview(view))
                (sections(view))
            }
        },
    )
}

/// Two columns: the right one begins with the earlier years, or with the release years if there are none.
fn sections(view: &Dashboard) -> Markup {
    let track_count = view.summary.track_count;
    let years = charts::release_years(&view.releases.years(YEARS));
    let decades = charts::release_decades(&view.releases.decades(), track_count);
    let explicit = charts::explicit(&view.releases.explicit(), track_count);
    let latest = view.latest.as_ref();
    html! {
        div.dashboard-sections {
            (latest::latest_list(latest))
            @match latest.filter(|_| !view.on_this_day.items.is_empty()) {
                Some(list) => {
                    (on_this_day(&view.on_this_day, list.time_range, TOP))
                    div { (decades) (explicit) }
                    (years)
                }
                None => { (years) (decades) (explicit) }
            }
        }
    }
}

fn page_head(view: &Dashboard) -> Markup {
    let summary = &view.summary;
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
            @if let Some(latest) = &view.latest {
                p.status { span { "Latest list kept on " (link_to_list(latest)) "." } }
            }
        }
    }
}

fn link_to_list(list: &ComparedList) -> Markup {
    html! {
        a href=(list_address(list.snapshot_date, list.time_range)) {
            (date(list.snapshot_date, WEEKDAY_AND_DATE))
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
                (turnover_card(view.latest.as_ref()))
            }
            @if let Some(strip) = &view.strip {
                (day_strip(strip))
            }
        }
    }
}

fn tracks_card(view: &Dashboard) -> Markup {
    let out_of = match (
        view.releases.decades().unknown_count,
        view.releases.explicit().unknown_count,
    ) {
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

fn turnover_card(latest: Option<&ComparedList>) -> Markup {
    let since = latest.and_then(|list| Some((list, list.since.as_ref()?)));
    let Some((list, since)) = since else {
        return card("Turnover", html! { "–" }, html! { "Needs two lists" });
    };
    let Turnover {
        newcomer_count,
        track_count,
    } = since.turnover;
    let percent = 100.0 * newcomer_count as f64 / track_count as f64;
    let format = match list.snapshot_date.year() == since.date.year() {
        true => WEEKDAY_AND_DAY,
        false => WEEKDAY_AND_DATE,
    };
    card(
        "Turnover",
        html! { (format!("{percent:.0}")) span.unit { " %" } },
        html! {
            (count(newcomer_count)) " of " (count(track_count))
            " not there on " (date(since.date, format))
        },
    )
}

fn first_and_latest(summary: &Summary) -> Option<(NaiveDate, NaiveDate)> {
    summary
        .first_snapshot_date
        .zip(summary.latest_snapshot_date)
}

/// Whole years, and the remaining days. The first and the last day both count.
fn years_and_days(first: NaiveDate, latest: NaiveDate) -> (u32, i64) {
    let end = latest.checked_add_days(Days::new(1)).unwrap_or(latest);
    let years = end.years_since(first).unwrap_or(0);
    let anniversary = first
        .checked_add_months(Months::new(12 * years))
        .unwrap_or(first);
    (years, (end - anniversary).num_days())
}
