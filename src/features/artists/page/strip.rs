//! The strips: one bar a day, in a drawing of one unit a day that is stretched to the width.
//!
//! The days without a list are the same for all strips. They are drawn once, and the strips refer to them.

use crate::features::artists::presence::{Level, Presence};
use crate::html::components::percent_of_width;
use crate::html::time_axis::{Mark, marks};
use chrono::NaiveDate;
use maud::{Markup, html};

/// A strip has room for this many ranks at least.
const DEPTH: i32 = 50;
/// The height of a strip in its own units, and in pixels.
const HEIGHT: f64 = 100.0;
const PIXELS: u32 = 36;

/// What all strips have in common.
pub struct Drawing {
    from: NaiveDate,
    days: i64,
    /// Bars that are far apart get an edge, so that they are seen.
    is_sparse: bool,
    depth: i32,
    marks: Vec<Mark>,
}

impl Drawing {
    /// `None` if the range has no list.
    pub fn of(presence: &Presence) -> Option<Self> {
        let (from, to) = presence.span?;
        let days = (to - from).num_days() + 1;
        let gaps = presence.without_list.iter();
        let missing: i64 = gaps.map(|(from, to)| (*to - *from).num_days() + 1).sum();
        Some(Self {
            from,
            days,
            is_sparse: 2 * missing > days,
            depth: presence.lowest_rank.max(DEPTH),
            marks: marks(from, to),
        })
    }

    fn x(&self, day: NaiveDate) -> i64 {
        (day - self.from).num_days()
    }

    fn view_box(&self) -> String {
        format!("0 0 {} {HEIGHT}", self.days)
    }

    /// The names of some days, above the strips.
    pub fn names(&self) -> Markup {
        html! {
            svg.day-names width="100%" height="18" aria-hidden="true" {
                @for mark in &self.marks {
                    @let x = self.x(mark.day);
                    @if x * 100 < self.days * 88 {
                        text.between-days[mark.is_between] y="13" dx="4"
                            x=(percent_of_width(x as f64, self.days as f64)) { (mark.name) }
                    }
                }
            }
        }
    }

    /// The days without a list, and a line for each name.
    fn ground(&self, presence: &Presence) -> Markup {
        let gap = |(from, to): &(NaiveDate, NaiveDate)| {
            let width = (*to - *from).num_days() + 1;
            format!("M{} 0v{HEIGHT}h{width}V0z", self.x(*from))
        };
        let line = |mark: &Mark| format!("M{} 0v{HEIGHT}", self.x(mark.day));
        let gaps: String = presence.without_list.iter().map(gap).collect();
        let lines: String = self.marks.iter().map(line).collect();
        html! {
            g #days-without-list {
                path.no-list d=(gaps) {}
                path.grid vector-effect="non-scaling-stroke" d=(lines) {}
            }
        }
    }

    /// Bars on the ground line. `height` is in parts of the whole.
    fn bars(&self, levels: &[Level], height: impl Fn(i32) -> f64) -> String {
        let mut path = String::new();
        let mut end = None;
        for level in levels {
            let top = HEIGHT * (1.0 - height(level.value));
            if end != Some(level.from) {
                if end.is_some() {
                    path += &format!("V{HEIGHT}");
                }
                path += &format!("M{} {HEIGHT}", self.x(level.from));
            }
            path += &format!("V{}h{}", rounded(top), level.days);
            end = level
                .from
                .checked_add_days(chrono::Days::new(level.days.unsigned_abs()));
        }
        if !levels.is_empty() {
            path += &format!("V{HEIGHT}");
        }
        path
    }

    fn strip(&self, class: &str, ground: Markup, bars: String) -> Markup {
        html! {
            svg class={ "presence " (class) } viewBox=(self.view_box()) preserveAspectRatio="none"
                width="100%" height=(PIXELS) aria-hidden="true" {
                (ground)
                path.bars.sparse[self.is_sparse] d=(bars) {}
            }
        }
    }
}

/// With at most one decimal.
fn rounded(number: f64) -> f64 {
    (10.0 * number).round() / 10.0
}

/// How many tracks at once.
pub fn count_strip(presence: &Presence, drawing: &Drawing) -> Markup {
    let most = f64::from(presence.most_at_once.max(1));
    let bars = drawing.bars(&presence.counts, |count| f64::from(count) / most);
    drawing.strip("count", drawing.ground(presence), bars)
}

/// As high as the rank.
pub fn track_strip(levels: &[Level], drawing: &Drawing) -> Markup {
    let depth = f64::from(drawing.depth);
    let height = |rank: i32| (depth - f64::from(rank - 1)) / depth;
    let ground = html! { use href="#days-without-list" {} };
    drawing.strip("ranks", ground, drawing.bars(levels, height))
}
