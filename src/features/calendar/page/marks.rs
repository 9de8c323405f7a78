//! The marks of the states of a day: a bar, whose shape differs as well as its colour, and a word.

use crate::features::calendar::query::DayState;
use maud::{Markup, html};

/// The height of the bar of a kept list in a mark, and of the mark.
const BAR_HEIGHT: f64 = 14.0;
const MARK_HEIGHT: u32 = 20;

/// The bar of one day on the ground line. The bar of a kept list is `full` pixels high.
pub fn bar(state: DayState, x: &str, width: &str, full: f64) -> Markup {
    let (top, height) = match state {
        DayState::Kept | DayState::Degraded => (0.0, full),
        DayState::Same => (full / 2.0, full / 2.0),
        DayState::Failed => (full - 4.0, 4.0),
        // Its edge adds half a pixel on each side.
        DayState::Empty => (full - 3.5, 3.0),
        DayState::Missed => (full - 1.5, 1.5),
        DayState::Waiting => (0.5, full - 1.0),
        DayState::None => return html! {},
    };
    html! {
        rect class=(state.word()) x=(x) y=(top) width=(width) height=(height) rx="0.75" {}
        @if state == DayState::Degraded {
            rect.degraded x=(x) y=(full + full / 8.0) width=(width) height=(full / 16.0 + 1.75) rx="0.75" {}
        }
    }
}

/// A bar of its own, to stand before a word.
pub fn state_mark(state: DayState) -> Markup {
    let (x, width) = match state {
        DayState::Empty | DayState::Waiting => ("0.5", "4"),
        _ => ("0", "5"),
    };
    html! {
        svg width="5" height=(MARK_HEIGHT) aria-hidden="true" { (bar(state, x, width, BAR_HEIGHT)) }
    }
}

/// The key of the marks. `empty` is rare and only today is `waiting`, so they are left out unless the drawing has them.
pub fn legend(states: impl Iterator<Item = DayState>) -> Markup {
    use DayState::{Degraded, Empty, Failed, Kept, Missed, Same, Waiting};
    let seldom: Vec<_> = states
        .filter(|state| matches!(state, Empty | Waiting))
        .collect();
    html! {
        ul.legend {
            @for state in [Kept, Same, Degraded, Failed, Empty, Missed, Waiting] {
                @if seldom.contains(&state) || !matches!(state, Empty | Waiting) {
                    li { (state_mark(state)) (state.word()) }
                }
            }
        }
    }
}

/// What a state means, if the ledger gives no reason.
pub fn usual_reason(state: DayState) -> &'static str {
    match state {
        DayState::Kept | DayState::Same | DayState::None => "",
        DayState::Degraded => "ranks kept, albums were placeholders",
        DayState::Empty => "Spotify sent an empty list",
        DayState::Failed => "tried without success",
        DayState::Missed => "nothing was tried",
        DayState::Waiting => "not yet tried",
    }
}
