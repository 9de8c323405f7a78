//! A day without a list: why there is none, and which lists are near.

use super::NAVIGATION;
use super::list::{controls, day_head};
use crate::error::Result;
use crate::features::calendar::page::usual_reason;
use crate::features::calendar::query::{DayState, day};
use crate::features::lists::query::Surroundings;
use crate::features::snapshots::days::ranges_of;
use crate::features::snapshots::page::{list_address, range_name};
use crate::html::components::{DATE, WEEKDAY_AND_DATE, count, date, notice};
use crate::html::layout::{Layout, Page};
use crate::owner::View;
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use maud::{Markup, html};
use sea_orm::ConnectionTrait;

pub struct Absent {
    day: NaiveDate,
    range: TimeRange,
    around: Surroundings,
    state: DayState,
    reason: Option<String>,
    is_ahead: bool,
    /// The ranges that have a list on this day.
    others: Vec<TimeRange>,
}

impl Absent {
    pub async fn of(
        db: &impl ConnectionTrait,
        (date, range): (NaiveDate, TimeRange),
        around: Surroundings,
        today: NaiveDate,
    ) -> Result<Self> {
        let day = day(db, range, date, today).await?;
        Ok(Self {
            day: date,
            range,
            around,
            state: day.as_ref().map_or(DayState::None, |day| day.state),
            reason: day.and_then(|day| day.reason),
            is_ahead: date > today,
            others: ranges_of(db, date).await?,
        })
    }

    /// Without what the public does not see.
    pub fn of_view(self, view: &View) -> Self {
        Self {
            reason: self.reason.filter(|_| *view == View::Owner),
            ..self
        }
    }

    /// Why there is no list.
    fn why(&self) -> &str {
        match (&self.reason, self.state) {
            (Some(reason), _) => reason,
            (None, DayState::None) => match self.around.first {
                None => "no list of this range is kept yet",
                Some(first) if self.day < first => "it is before the first list",
                Some(_) => "the list was deleted",
            },
            (None, state) => usual_reason(state),
        }
    }

    fn nearest(&self) -> Vec<Near> {
        let lists = [self.around.before, self.around.after];
        let near = lists.into_iter().flatten().map(|day| Near {
            day,
            days: (day - self.day).num_days(),
        });
        let mut near = Vec::from_iter(near);
        near.sort_by_key(|near| near.days.abs());
        near
    }
}

/// A list near the day.
struct Near {
    day: NaiveDate,
    /// Negative if the list is before the day.
    days: i64,
}

impl Near {
    /// As in `one day before`.
    fn distance(&self) -> String {
        let side = if self.days < 0 { "before" } else { "after" };
        match self.days.abs() {
            1 => format!("one day {side}"),
            days => format!("{} days {side}", count(days)),
        }
    }
}

pub fn page(layout: &Layout, absent: &Absent) -> Markup {
    let range = range_name(absent.range).to_lowercase();
    let title = format!("No list on {}", absent.day.format(WEEKDAY_AND_DATE));
    let description = format!("No {range} list was kept on {}", absent.day.format(DATE));
    let page = Page {
        title: &title,
        description: &description,
        room: NAVIGATION.path,
        ..Page::default()
    };
    let content = html! {
        (day_head(absent.day, html! { "No " (range) " list" }))
        (controls(absent.day, absent.range, &absent.around, ("None before", "None after")))
        (notice(sentences(absent)))
        (ways_on(absent))
    };
    layout.page(page, html! { div.frame { (content) } })
}

/// As in `No list was kept on 16 Sep 2026: nothing was tried. The nearest is one day before.`
fn sentences(absent: &Absent) -> Markup {
    let nearest = absent.nearest();
    html! {
        @if absent.is_ahead && absent.reason.is_none() {
            "No list can be kept on " (date(absent.day, DATE)) " yet: the day is still ahead."
        } @else {
            "No list was kept on " (date(absent.day, DATE)) ": " bdi { (absent.why()) } "."
        }
        @match &nearest[..] {
            [] => {}
            [one] => { " The nearest is " (one.distance()) "." }
            [one, other, ..] if one.days.abs() == other.days.abs() => {
                " The nearest are " (one.distance()) " and " (other.distance()) "."
            }
            [one, other, ..] => {
                " The nearest is " (one.distance()) ". The next is " (other.distance()) "."
            }
        }
    }
}

/// The nearest lists, then those of the other ranges on this day.
fn ways_on(absent: &Absent) -> Markup {
    html! {
        p.buttons {
            @for near in absent.nearest() {
                a.button href=(list_address(near.day, absent.range)) { (date(near.day, WEEKDAY_AND_DATE)) }
            }
            @for range in &absent.others {
                a.button href=(list_address(absent.day, *range)) {
                    (range_name(*range)) " list of this day"
                }
            }
            a.button href={ (NAVIGATION.path) "?year=" (absent.day.format("%Y")) } { "Calendar" }
        }
    }
}
