//! The panel of what is wrong: what happened, what it means for the kept data, what to do. And one line of it.

use super::super::PATH;
use super::super::trouble::Trouble;
use super::words::{in_days, time_of_day, when};
use super::{View, connect_again, take_now};
use crate::clock::Clock;
use crate::html::components::{DATE, notice};
use crate::spotify::Refusal;
use chrono::{DateTime, Utc};
use maud::{Markup, html};

/// One sentence and a link, for other pages.
pub fn line(trouble: &Trouble, clock: &Clock) -> Markup {
    notice(html! { (sentence(trouble, clock)) " " a href=(PATH) { (what_to_do(trouble)) } })
}

/// As in `Spotify’s permission ends on 4 December, in 12 days.`
pub fn sentence(trouble: &Trouble, clock: &Clock) -> String {
    let next = |at: &Option<_>| match at {
        Some(at) => format!(" {} {}.", next_word(*at, clock), when(*at, clock)),
        None => String::new(),
    };
    match trouble {
        Trouble::NoTokens(reason) => {
            format!("Spotify’s permission cannot be read, so no list is taken: {reason}.")
        }
        Trouble::ConsentEnded { .. } => {
            "Spotify’s permission has ended, so no list is taken.".into()
        }
        Trouble::Refused { refusal, next_at } => format!("{refusal}.{}", next(next_at)),
        Trouble::Paused { next_at, .. } => format!("Spotify asked for a pause.{}", next(next_at)),
        Trouble::FailedToday { reason, next_at } => {
            format!("Today’s capture failed: {reason}.{}", next(next_at))
        }
        Trouble::ConsentEnds { on, days } => format!(
            "Spotify’s permission ends on {}, {}. Renew it so that no day is missed.",
            on.format("%-d %B"),
            in_days(*days)
        ),
    }
}

/// Today’s lists are tried again; tomorrow others are due.
fn next_word(at: DateTime<Utc>, clock: &Clock) -> &'static str {
    match clock.days_until(at) {
        ..=0 => "Next try",
        _ => "Next run",
    }
}

fn what_to_do(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::NoTokens(_) | Trouble::ConsentEnded { .. } => "Connect again",
        Trouble::ConsentEnds { .. } => "Renew",
        Trouble::Refused { .. } | Trouble::Paused { .. } | Trouble::FailedToday { .. } => "See why",
    }
}

/// What a panel says.
pub struct Panel {
    pub is_bad: bool,
    pub title: String,
    pub meaning: Markup,
    pub action: Markup,
    pub facts: Vec<(&'static str, Markup)>,
    pub button: Markup,
}

pub fn trouble(trouble: &Trouble, view: &View) -> Markup {
    let again = || connect_again(view, "button primary", "Connect again");
    let next_try =
        |at: &Option<_>| at.map(|at| (next_word(at, view.clock), html! { (when(at, view.clock)) }));
    panel(match trouble {
        Trouble::NoTokens(reason) => Panel {
            is_bad: true,
            title: "The permission cannot be read".into(),
            meaning: html! { "It is stored encrypted, and its key is another one or is lost. Nothing that is kept is lost; lists are missed until you connect again." },
            action: html! { "Connect again with the same app, or start the program with the previous key." },
            facts: vec![("Reason", html! { (reason) })],
            button: again(),
        },
        Trouble::ConsentEnded { given_on } => Panel {
            is_bad: true,
            title: "Spotify’s permission has ended".into(),
            meaning: html! { "It was given on " (given_on.format(DATE)) ", and Spotify ends a permission after six months, or when it is withdrawn. Nothing that is kept is lost; lists are missed until you connect again." },
            action: html! { "Connect again with the same app: nothing has to be registered anew." },
            facts: Vec::new(),
            button: again(),
        },
        Trouble::Refused { refusal, next_at } => Panel {
            facts: next_try(next_at).into_iter().collect(),
            action: html! {
                (refused(refusal).action)
                @if *refusal != Refusal::Scope { " It is tried again by itself." }
            },
            button: match refusal {
                Refusal::Scope => again(),
                _ => take_now("button", "Try now"),
            },
            ..refused(refusal)
        },
        Trouble::Paused { until, next_at } => Panel {
            facts: next_try(next_at).into_iter().collect(),
            ..paused(*until, view.clock)
        },
        Trouble::FailedToday { reason, next_at } => Panel {
            facts: [("Reason", html! { (reason) })]
                .into_iter()
                .chain(next_try(next_at))
                .collect(),
            ..failed_today(next_at.is_some_and(|at| view.clock.days_until(at) <= 0))
        },
        Trouble::ConsentEnds { on, days } => Panel {
            is_bad: false,
            title: format!(
                "Spotify’s permission ends on {}, {}",
                on.format("%-d %B"),
                in_days(*days)
            ),
            meaning: html! { "Spotify ends a permission six months after it was given, however often it is used. After that day lists are missed." },
            action: html! { "Renew it: one click, with the same app, and no day is missed." },
            facts: Vec::new(),
            button: connect_again(view, "button primary", "Renew now"),
        },
    })
}

/// Without facts.
fn failed_today(is_tried_again: bool) -> Panel {
    Panel {
        is_bad: true,
        title: "Today’s capture failed".into(),
        meaning: html! { "Not every list of today came. Nothing that is kept is lost." },
        action: html! {
            @if is_tried_again {
                "There is nothing to do: a list that failed is tried again 1, 3, 6 and 12 hours after its first try."
            } @else { "Try now, before the day is over: it is not tried again today by itself." }
        },
        facts: Vec::new(),
        button: take_now("button", "Try now"),
    }
}

/// Without the next try.
pub fn paused(until: DateTime<Utc>, clock: &Clock) -> Panel {
    Panel {
        is_bad: false,
        title: format!(
            "Spotify asked for a pause until {}",
            match clock.days_until(until) {
                0 => time_of_day(until, clock),
                _ => when(until, clock),
            }
        ),
        meaning: html! { "The apps of one developer account sent too many requests, perhaps another app of yours. No process of this server sends a request before then." },
        action: html! { "There is nothing to do. The next lists are asked for afterwards." },
        facts: Vec::new(),
        button: html! {},
    }
}

/// Without facts and button.
pub fn refused(refusal: &Refusal) -> Panel {
    let (title, meaning, action) = match refusal {
        Refusal::Premium => (
            "The app’s owner has no Spotify Premium",
            "Spotify answers apps only while the account that owns them has Premium. Your own account may be another one.",
            "Once Premium is there it can take some hours.",
        ),
        Refusal::UserNotListed => (
            "This account is not on the app’s list",
            "Signing in worked, but an app in development mode answers only for accounts that its owner has listed.",
            "Open the app in the developer dashboard, User Management, and add the e-mail address of the account.",
        ),
        Refusal::Scope => (
            "The permission to read your top lists is missing",
            "Signing in worked, but without the one permission that is asked for no list can be read.",
            "Connect again and agree to it.",
        ),
        Refusal::Client => (
            "Spotify does not know this client ID",
            "The client ID is not that of an app, or the secret that is set does not belong to it.",
            "Compare it with the app’s page in the developer dashboard.",
        ),
        Refusal::Other(_) => (
            "Spotify refuses",
            "Nothing that is kept is lost; no list comes until Spotify accepts again.",
            "",
        ),
    };
    Panel {
        is_bad: true,
        title: title.into(),
        meaning: html! { (meaning) @if matches!(refusal, Refusal::Other(_)) { " " (refusal) "." } },
        action: html! { (action) },
        facts: Vec::new(),
        button: html! {},
    }
}

pub fn panel(panel: Panel) -> Markup {
    html! {
        section.trouble.panel.bad[panel.is_bad].warn[!panel.is_bad] aria-labelledby="trouble" {
            @if panel.is_bad { (bad_icon(20)) } @else { (warning_icon()) }
            div {
                h2 #trouble { (panel.title) }
                p { (panel.meaning) }
                p { (panel.action) }
                @if !panel.facts.is_empty() {
                    dl.facts {
                        @for (name, fact) in panel.facts { div { dt { (name) } dd { (fact) } } }
                    }
                }
                @if !panel.button.0.is_empty() { div.buttons { (panel.button) } }
            }
        }
    }
}

pub fn bad_icon(size: u32) -> Markup {
    html! {
        svg viewBox="0 0 16 16" width=(size) height=(size) aria-hidden="true" {
            circle cx="8" cy="8" r="6.75" {}
            path d="M8 4.5v4M8 11.25v.01" {}
        }
    }
}

fn warning_icon() -> Markup {
    html! {
        svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true" {
            path d="M8 2.25 14.5 13.5h-13z" stroke-linejoin="round" {}
            path d="M8 6.75v3M8 11.75v.01" {}
        }
    }
}
