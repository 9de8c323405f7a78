//! Why there is nothing to show.

use super::View;
use crate::features::evolution::period::Period;
use crate::features::snapshots::page::range_name;
use crate::html::components::{DATE, date, nothing_yet, notice};
use maud::{Markup, html};

/// `None` if there is a list in the period.
pub fn reason(view: &View) -> Option<Markup> {
    let evolution = view.evolution;
    if evolution.list_count > 0 {
        return None;
    }
    let range = range_name(view.time_range).to_lowercase();
    Some(match (evolution.as_of, evolution.latest_snapshot_date) {
        (None, _) => notice(html! {
            "No dated list is kept yet. Import some with " code { "music-time-machine import PATH" }
            ": this page shows how they change from the second one on."
        }),
        (Some(as_of), None) => notice(html! {
            "No " (range) " list was kept up to " (date(as_of, DATE)) ". Choose another range or a later day, or import lists."
        }),
        (Some(_), Some(latest)) => html! {
            (nothing_yet(&format!("No {range} list was kept in this period.")))
            p {
                "The latest one before is of " (date(latest, DATE)) ". "
                a href=(view.address(view.time_range, Period::All, view.asked_as_of)) { "Show all lists" } "."
            }
        },
    })
}
