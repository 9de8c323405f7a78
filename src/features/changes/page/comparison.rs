//! The page of two lists: what entered, left, climbed, fell and held.

use super::days::ComparedDays;
use super::{NAVIGATION, comparison_address, groups, panel, slopes};
use crate::features::changes::query::{ComparedList, Since};
use crate::features::changes::slopes::Slopes;
use crate::features::snapshots::page::{range_name, range_tabs};
use crate::html::components::{
    DATE, WEEKDAY_AND_DATE, copy_field, counted, date, notice, take_away,
};
use crate::html::controls::date_field;
use crate::html::layout::{Extras, Layout, Page};
use chrono::Datelike;
use maud::{Markup, html};

/// The list has an earlier one: the page names it.
pub fn page(layout: &Layout, list: &ComparedList, days: &ComparedDays) -> Markup {
    let title = match &list.since {
        Some(since) => format!(
            "Changes, {} to {}",
            since.date.format(DATE),
            list.snapshot_date.format(DATE)
        ),
        None => "Changes".to_owned(),
    };
    let page = Page {
        title: &title,
        description: "What entered, left, climbed and fell between two days",
        room: NAVIGATION.path,
        extras: Extras {
            styles: &[],
            scripts: &["copy.js"],
        },
        ..Page::default()
    };
    layout.page(
        page,
        html! {
            div.frame {
                @if let Some(since) = &list.since { (comparison(list, since, days)) }
            }
        },
    )
}

fn comparison(list: &ComparedList, since: &Since, days: &ComparedDays) -> Markup {
    html! {
        (page_head(list, since))
        (controls(list, since, days))
        (presets(list, since, days))
        (moved(list, days))
        (panel(list, since, html! {}))
        (groups::at_a_glance(list, since))
        div.differences {
            (groups::groups(list, since))
            (slopes::slopes(list, since, &Slopes::of(list, since)))
        }
        (share_this(list, since))
    }
}

fn page_head(list: &ComparedList, since: &Since) -> Markup {
    let days = (list.snapshot_date - since.date).num_days();
    html! {
        header.page-head {
            div {
                h1 { "Changes" }
                p {
                    (date(since.date, WEEKDAY_AND_DATE)) " to " (date(list.snapshot_date, WEEKDAY_AND_DATE))
                    ", " (counted(days, "day")) "."
                }
            }
        }
    }
}

/// Another range keeps the days. So does the form, which leads to the address with the days in its path.
fn controls(list: &ComparedList, since: &Since, days: &ComparedDays) -> Markup {
    let (earlier, later) = (since.date, list.snapshot_date);
    html! {
        div.controls {
            (range_tabs(list.time_range, |range| {
                format!("{}?time_range={}&since={earlier}&date={later}", NAVIGATION.path, range.word())
            }))
            form.choose-day.two-days action=(NAVIGATION.path) {
                input type="hidden" name="time_range" value=(list.time_range.word());
                (date_field("since", html! { "From" }, Some(earlier), days.span))
                (date_field("date", html! { "to" }, Some(later), days.span))
                button.button { "Go" }
            }
        }
    }
}

fn presets(list: &ComparedList, since: &Since, days: &ComparedDays) -> Markup {
    html! {
        @if !days.presets.is_empty() {
            p.presets {
                (date(list.snapshot_date, "%-d %b")) " beside "
                @for (position, (name, day)) in days.presets.iter().enumerate() {
                    @if position > 0 { " " span aria-hidden="true" { "·" } " " }
                    a href=(comparison_address(list.time_range, (*day, list.snapshot_date)))
                        aria-current=[(*day == since.date).then_some("true")] { (name) }
                }
            }
        }
    }
}

/// The days asked for without a list.
fn moved(list: &ComparedList, days: &ComparedDays) -> Markup {
    html! {
        @for (asked, shown) in &days.moved {
            (notice(html! {
                "No " (range_name(list.time_range).to_lowercase()) " list was kept on "
                (date(*asked, WEEKDAY_AND_DATE)) ". The one of " (date(*shown, WEEKDAY_AND_DATE)) " is shown."
            }))
        }
    }
}

fn share_this(list: &ComparedList, since: &Since) -> Markup {
    let address = comparison_address(list.time_range, (since.date, list.snapshot_date));
    let answer = format!(
        "/api/snapshots/{}/{}/changes?since={}",
        list.snapshot_date,
        list.time_range.word(),
        since.date
    );
    let table = |name: &str| format!("{answer}&format=csv&table={name}");
    html! {
        div.share-this {
            (copy_field("address", "Address of this comparison", &address))
            (take_away(&[
                ("JSON", answer.clone()),
                ("CSV: new", table("new")),
                ("back", table("back")),
                ("climbed", table("climbed")),
                ("fell", table("fell")),
                ("held", table("held")),
                ("left", table("left")),
            ]))
        }
    }
}

/// The format of a day in a heading: with its year, if the two days have different ones.
pub fn short_date(list: &ComparedList, since: &Since) -> &'static str {
    match list.snapshot_date.year() == since.date.year() {
        true => "%-d %b",
        false => DATE,
    }
}
