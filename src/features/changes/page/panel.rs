//! The panel of changes: how many tracks moved in which way since the earlier list. It is also the key of the marks.

use super::ranking::{DOWNWARDS, UPWARDS, mark};
use crate::features::changes::query::{ComparedList, Since, Turnover};
use crate::html::components::{WEEKDAY_AND_DATE, WEEKDAY_AND_DAY, date, percent};
use chrono::Datelike;
use maud::{Markup, html};

pub const CROSS: &str = "m1.5 1.5 7 7M8.5 1.5l-7 7";

/// `link` leads on, and may be empty.
pub fn panel(list: &ComparedList, since: &Since, link: Markup) -> Markup {
    let counts = list.counts();
    let format = match list.snapshot_date.year() == since.date.year() {
        true => WEEKDAY_AND_DAY,
        false => WEEKDAY_AND_DATE,
    };
    html! {
        section.panel.changes aria-labelledby="changed" {
            header {
                h2 #changed { "Since " (date(since.date, format)) }
                p { (turnover(since)) }
                (link)
            }
            dl {
                (cell(html! { span.movement.up { (mark(UPWARDS)) "climbed" } }, counts.climbed))
                (cell(html! { span.movement.down { (mark(DOWNWARDS)) "fell" } }, counts.fell))
                (cell(html! { span.movement.same { "held" } }, counts.held))
                (cell(html! { span.movement.new { "New" } }, counts.new))
                (cell(html! { span.movement.back { "Back" } }, counts.back))
                (cell(html! { span.movement.left { (mark(CROSS)) "left" } }, counts.left))
            }
        }
    }
}

fn cell(name: Markup, count: i64) -> Markup {
    html! {
        div { dt { (name) } dd { (count) } }
    }
}

/// As in `turnover 26 %, 4 % above the ties · overlap 0.68`.
fn turnover(since: &Since) -> String {
    let Turnover {
        newcomer_count,
        track_count,
    } = since.turnover;
    let above = since.turnover_above_ties;
    let mut text = format!("turnover {}", percent(newcomer_count, track_count));
    if above.track_count == 0 {
        text += ", all tied";
    } else if above.track_count < track_count {
        text += &format!(
            ", {} above the ties",
            percent(above.newcomer_count, above.track_count)
        );
    }
    text + &format!(" · overlap {:.2}", since.drift.rank_biased_overlap)
}
