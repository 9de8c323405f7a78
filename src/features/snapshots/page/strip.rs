//! The day strip: one bar a day, so that a missed day is visible, and a table of the days without a good list.
//!
//! Positions are in percent and heights in pixels, so that bars stretch with the page while text keeps its size. Narrow
//! screens show the later half.

use crate::error::Result;
use crate::features::snapshots::calendar::{self, Day, DayState, Span};
use crate::html::components::{DATE, WEEKDAY_AND_DATE, date, disclosure, percent_of_width};
use chrono::{Datelike, Days, NaiveDate};
use entity::snapshot::TimeRange;
use maud::{Markup, html};
use sea_orm::ConnectionTrait;

/// 26 weeks.
const DAYS: usize = 26 * 7;
const BAR_HEIGHT: f64 = 28.0;
const LEGEND_HEIGHT: f64 = 14.0;
/// The width of a bar, in parts of the width of a day.
const BAR_SHARE: f64 = 0.64;

/// The last 26 weeks. They end today, or with the latest list if that is older.
pub struct DayStrip {
    days: Vec<Day>,
    today: NaiveDate,
}

impl DayStrip {
    /// `kept` are the days with a list, ascending. `None` if no day up to today has one.
    pub async fn load(
        db: &impl ConnectionTrait,
        kept: &[NaiveDate],
        time_range: TimeRange,
        today: NaiveDate,
    ) -> Result<Option<Self>> {
        let Some(latest) = kept.iter().rfind(|day| **day <= today) else {
            return Ok(None);
        };
        let shown = Days::new(DAYS as u64 - 1);
        let last = match *latest < today - shown {
            true => *latest,
            false => today,
        };
        let span = Span {
            first: last - shown,
            last,
            today,
            time_range,
        };
        let days = calendar::days(db, kept, span).await?;
        Ok(Some(Self { days, today }))
    }

    fn ends_today(&self) -> bool {
        self.days.last().is_none_or(|day| day.date == self.today)
    }

    /// The later half, which narrow screens show.
    fn later_half(&self) -> &[Day] {
        &self.days[self.days.len() / 2..]
    }

    /// As in `176 of the last 182 days kept, 2 of them degraded; 5 missed, 1 failed`.
    fn sentence(&self, days: &[Day]) -> String {
        let count = |states: &[DayState]| {
            let counted = days.iter().filter(|day| states.contains(&day.state));
            counted.count()
        };
        let kept = count(&[DayState::Kept, DayState::Same, DayState::Degraded]);
        let all = days.len() - count(&[DayState::None]);
        let mut sentence = match (all, self.ends_today()) {
            (1, _) => format!("{kept} of 1 day kept"),
            (_, true) => format!("{kept} of the last {all} days kept"),
            (_, false) => format!("{kept} of {all} days kept"),
        };
        let degraded = count(&[DayState::Degraded]);
        if degraded > 0 {
            sentence += &format!(", {degraded} of them degraded");
        }
        let lost: Vec<String> = [DayState::Missed, DayState::Failed, DayState::Empty]
            .into_iter()
            .map(|state| (count(&[state]), word(state)))
            .filter(|(days, _)| *days > 0)
            .map(|(days, word)| format!("{days} {word}"))
            .collect();
        if !lost.is_empty() {
            sentence += &format!("; {}", lost.join(", "));
        }
        sentence
    }
}

pub fn day_strip(strip: &DayStrip) -> Markup {
    let sentence = strip.sentence(&strip.days);
    html! {
        section.kept-days aria-labelledby="kept-days" {
            header {
                h2 #kept-days { "Days kept" }
                p {
                    @if strip.ends_today() { (by_width("last 26 weeks", "last 13 weeks")) }
                    @else {
                        (by_width("26 weeks", "13 weeks")) " up to the latest list, "
                        @if let Some(last) = strip.days.last() { (date(last.date, DATE)) }
                    }
                }
                (legend(&strip.days))
            }
            div.day-strip { (bars(strip, &sentence)) }
            (summary(strip, &sentence))
        }
    }
}

/// A sentence, with a table if there is a day to explain. Narrow screens get those of the later half.
fn summary(strip: &DayStrip, sentence: &str) -> Markup {
    let later_sentence = strip.sentence(strip.later_half());
    let has_table = |days: &[Day]| days.iter().any(|day| is_in_table(day.state));
    let table = |summary| disclosure(summary, "Days without a good list", table(strip));
    html! {
        @if !has_table(&strip.days) {
            p.all-well { (by_width(sentence, &later_sentence)) }
        } @else if has_table(strip.later_half()) {
            (table(by_width(sentence, &later_sentence)))
        } @else {
            div.on-wide-screens { (table(html! { (sentence) })) }
            p.all-well.on-narrow-screens { (later_sentence) }
        }
    }
}

/// Two texts, of which the style sheet shows one.
fn by_width(wide: &str, narrow: &str) -> Markup {
    html! {
        span.on-wide-screens { (wide) }
        span.on-narrow-screens { (narrow) }
    }
}

/// `empty` is rare. The legend has it only if the strip does.
fn legend(days: &[Day]) -> Markup {
    use DayState::{Degraded, Empty, Failed, Kept, Missed, Same};
    let any_empty = days.iter().any(|day| day.state == Empty);
    html! {
        ul.legend {
            @for state in [Kept, Same, Degraded, Failed, Empty, Missed] {
                @if any_empty || state != Empty {
                    li {
                        svg width="5" height="20" aria-hidden="true" { (bar(state, "0", "5", LEGEND_HEIGHT)) }
                        (word(state))
                    }
                }
            }
        }
    }
}

fn bars(strip: &DayStrip, label: &str) -> Markup {
    let width = percent_of_width(BAR_SHARE, DAYS as f64);
    html! {
        svg role="img" aria-label=(label) width="100%" height="58" {
            @for (position, day) in strip.days.iter().enumerate() {
                @let x = percent_of_width(position as f64, DAYS as f64);
                (bar(day.state, &x, &width, BAR_HEIGHT))
                @if day.date.day() == 1 { (first_of_month(day, &x, position)) }
            }
            @if let Some(last) = strip.days.last() {
                text.latest-day x="100%" y="54" {
                    @if strip.ends_today() { "today" } @else { (last.date.format(DATE)) }
                }
            }
        }
    }
}

/// The bar of one day on the ground line. The bar of a kept list is `full` pixels high.
fn bar(state: DayState, x: &str, width: &str, full: f64) -> Markup {
    let height = match state {
        DayState::Kept | DayState::Degraded => full,
        DayState::Same => full / 2.0,
        DayState::Failed | DayState::Empty => 4.0,
        DayState::Missed => 1.5,
        DayState::None => return html! {},
    };
    html! {
        rect class=(word(state)) x=(x) y=(full - height) width=(width) height=(height) rx="0.75" {}
        @if state == DayState::Degraded {
            rect.degraded x=(x) y=(full + full / 8.0) width=(width) height=(full / 16.0 + 1.75) rx="0.75" {}
        }
    }
}

/// A tick and the name of the month. The name is left out where it would touch the label at the end or, on narrow
/// screens, the cut.
fn first_of_month(day: &Day, x: &str, position: usize) -> Markup {
    let days_to_end = DAYS - position;
    let half = DAYS / 2;
    let hidden = match days_to_end {
        ..30 => Some("near-the-end"),
        _ if (half..half + 9).contains(&days_to_end) => Some("at-the-half"),
        _ => None,
    };
    html! {
        line.tick x1=(x) x2=(x) y1="34" y2="40" {}
        @if days_to_end > 16 {
            text class=[hidden] x=(x) y="54" { (day.date.format("%b")) }
        }
    }
}

/// The latest day first.
fn table(strip: &DayStrip) -> Markup {
    let half = strip.days.len() / 2;
    let rows = strip.days.iter().enumerate().rev();
    html! {
        table {
            thead { tr { th scope="col" { "Day" } th scope="col" { "Outcome" } th scope="col" { "Reason" } } }
            tbody {
                @for (position, day) in rows.filter(|(_, day)| is_in_table(day.state)) {
                    tr.on-wide-screens[position < half] {
                        th scope="row" { (date(day.date, WEEKDAY_AND_DATE)) }
                        td { (word(day.state)) }
                        td { bdi { (day.reason.as_deref().unwrap_or(usual_reason(day.state))) } }
                    }
                }
            }
        }
    }
}

fn is_in_table(state: DayState) -> bool {
    !matches!(state, DayState::Kept | DayState::Same | DayState::None)
}

/// The name of the state, and the class of its bar.
fn word(state: DayState) -> &'static str {
    match state {
        DayState::Kept => "kept",
        DayState::Same => "same",
        DayState::Degraded => "degraded",
        DayState::Empty => "empty",
        DayState::Failed => "failed",
        DayState::Missed => "missed",
        DayState::None => "none",
    }
}

fn usual_reason(state: DayState) -> &'static str {
    match state {
        DayState::Kept | DayState::Same | DayState::None => "",
        DayState::Degraded => "ranks kept, albums were placeholders",
        DayState::Empty => "Spotify sent an empty list",
        DayState::Failed => "tried without success",
        DayState::Missed => "nothing was tried",
    }
}
