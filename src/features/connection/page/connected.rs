//! A connection: how it is going, the last answers, the permission, how it is set, and how to end it.

use super::super::PATH;
use super::super::trouble::Trouble;
use super::problem::what_went_wrong;
use super::words::{day, time_left, time_of_day};
use super::{View, connect_again, take_now, trouble};
use crate::capture::CONSENT_NOTICE_DAYS;
use crate::features::calendar::page::state_mark;
use crate::features::calendar::query::{Counts, DayState};
use crate::features::snapshots::page::{LISTS, range_name};
use crate::html::components::{
    DATE, WEEKDAY_AND_DATE, card, count, counted, date, percent_of_width, section_head, wide_table,
};
use chrono::NaiveDate;
use entity::capture::{self, Outcome};
use maud::{Markup, html};

pub fn overview(view: &View, is_taking: bool) -> Markup {
    html! {
        (page_head(view))
        @if let Some(problem) = view.problem { (what_went_wrong(problem, view)) }
        @else if let Some(found) = &view.trouble { (trouble::trouble(found, view)) }
        (cards(view))
        div.buttons.after-cards {
            @if is_taking { a.button href={ (PATH) "?lists=today" } { "Lists are being taken" } }
            @else if is_takeable(view) { (take_now(primary(view), "Take today’s lists now")) }
            a.button href=(LISTS) { "Calendar" }
        }
        @if !view.last_attempts.is_empty() { (last_answers(view)) }
        (permission(view))
        (how_it_is_set(view))
        (disconnect())
    }
}

/// The panel of a trouble has the button, if taking lists is of use.
fn is_takeable(view: &View) -> bool {
    match view.trouble {
        None | Some(Trouble::ConsentEnds { .. }) => true,
        Some(_) => view.problem.is_some() && view.is_connected(),
    }
}

/// There is one primary button: the one of the panel, if there is any.
fn primary(view: &View) -> &'static str {
    match view.has_panel() {
        false => "button primary",
        true => "button",
    }
}

fn page_head(view: &View) -> Markup {
    let is_late = view.trouble.is_some();
    html! {
        header.page-head {
            div {
                h1 { "Spotify" }
                p { "Connected as " bdi { (view.state.account_name.as_deref().unwrap_or_default()) } "." }
            }
            p.status.late[is_late] { span { (status(view)) } }
        }
    }
}

fn status(view: &View) -> String {
    let clock = view.clock;
    match view.state.last_answer_at {
        Some(at) if view.is_whole_day() => {
            format!("Today’s lists came at {}.", time_of_day(at, clock))
        }
        Some(at) if clock.days_until(at) == 0 => {
            format!("The last list came at {}.", time_of_day(at, clock))
        }
        Some(at) => format!("The last list came {}.", day(at, clock)),
        None => "No list has come yet.".to_owned(),
    }
}

fn cards(view: &View) -> Markup {
    let (clock, state) = (view.clock, &view.state);
    let ends_on = state.consent_ends_at.map(|at| clock.local(at).date());
    let days_left = state
        .consent_ends_at
        .map_or(0, |at| clock.days_until(at).max(0));
    let is_one = days_left == 1;
    html! {
        div.panel {
            dl.cards {
                (card(
                    "Permission",
                    html! { (days_left) span.unit { @if is_one { " day left" } @else { " days left" } } },
                    html! { @if let Some(on) = ends_on { "ends " (date(on, WEEKDAY_AND_DATE)) } },
                ))
                @match state.next_capture_at {
                    Some(at) => (card(
                        "Next run",
                        html! { (time_of_day(at, clock)) },
                        html! { (day(at, clock)) ", " (time_left(at, clock.now())) },
                    )),
                    None => (card("Next run", html! { "–" }, html! { "none until you connect again" })),
                }
                (last_answer_card(view))
                (since_connecting_card(view))
            }
        }
    }
}

fn last_answer_card(view: &View) -> Markup {
    match view.state.last_answer_at {
        Some(at) => card(
            "Last answer",
            html! { (time_of_day(at, view.clock)) },
            html! { (day(at, view.clock)) },
        ),
        None => card(
            "Last answer",
            html! { "–" },
            html! { "no list has come yet" },
        ),
    }
}

fn since_connecting_card(view: &View) -> Markup {
    let counts = Counts::of(view.days.iter().map(|day| day.state));
    let wrong = [
        DayState::Missed,
        DayState::Failed,
        DayState::Empty,
        DayState::Waiting,
    ];
    let wrong = wrong.into_iter().filter(|state| counts.get(*state) > 0);
    let wrong: Vec<_> = wrong
        .map(|state| format!("{} {}", counts.get(state), state.word()))
        .collect();
    let unit = if counts.all() == 1 { "day" } else { "days" };
    card(
        "Since connecting",
        html! { (counts.kept()) span.unit { " of " (counts.all()) " " (unit) } },
        html! { @if wrong.is_empty() { "every day kept" } @else { (wrong.join(", ")) } },
    )
}

fn last_answers(view: &View) -> Markup {
    let table = html! {
        table.answers {
            thead {
                tr {
                    th scope="col" { "List" }
                    th scope="col" { "Outcome" }
                    th.number scope="col" { "Tracks" }
                    th scope="col" { "When" }
                }
            }
            tbody { @for attempt in &view.last_attempts { (answer(attempt, view)) } }
        }
    };
    html! {
        section aria-labelledby="answers" {
            (section_head("answers", "Last answers", html! { a href={ (LISTS) "?attempts=all" } { "Ledger" } }))
            (wide_table("Table of last answers", table))
        }
    }
}

fn answer(attempt: &capture::Model, view: &View) -> Markup {
    let at = attempt.attempted_at();
    html! {
        tr {
            th scope="row" { (range_name(attempt.time_range)) }
            td.said {
                span.outcome { (outcome(attempt.outcome)) @if let Some(reason) = &attempt.reason { ": " bdi { (reason) } } }
            }
            td.number { @if attempt.outcome != Outcome::Failed { (count(attempt.track_count.into())) } }
            td { (day(at, view.clock)) ", " (view.clock.local(at).format("%H:%M:%S")) }
        }
    }
}

/// The mark of the outcome and its word.
pub fn outcome(outcome: Outcome) -> Markup {
    let (state, word) = match outcome {
        Outcome::Captured => (DayState::Kept, "kept"),
        Outcome::Unchanged => (DayState::Same, "unchanged"),
        Outcome::Degraded => (DayState::Degraded, "degraded"),
        Outcome::Empty => (DayState::Empty, "empty"),
        Outcome::Failed => (DayState::Failed, "failed"),
    };
    html! { (state_mark(state)) (word) }
}

/// The days of the permission: used, to come, and the last ones.
fn permission(view: &View) -> Markup {
    let span = view.state.authorized_at.zip(view.state.consent_ends_at);
    let Some((given_on, ends_on)) = span.map(|(given_at, ends_at)| {
        let date = |at| view.clock.local(at).date();
        (date(given_at), date(ends_at))
    }) else {
        return html! {};
    };
    html! {
        section.permission aria-labelledby="permission" {
            (section_head("permission", "Permission", html! {
                "given " (date(given_on, DATE)) ", ends " (date(ends_on, DATE))
            }))
            (consent_bar(given_on, ends_on, view.clock.today()))
            p.note {
                "Spotify lets a permission end six months after it was given, however often it is used. "
                "Renewing takes one click and loses no day."
            }
            @if !view.has_panel() { (connect_again(view, "button small", "Renew now")) }
        }
    }
}

fn consent_bar(given_on: NaiveDate, ends_on: NaiveDate, today: NaiveDate) -> Markup {
    let all = (ends_on - given_on).num_days();
    let used = (today - given_on).num_days().clamp(0, all);
    let late = CONSENT_NOTICE_DAYS[0].min(all);
    let more = (all - late - used).max(0);
    let width = |days: i64| percent_of_width(days as f64, all as f64);
    let key = |class, words: String| {
        html! {
            li {
                svg width="12" height="20" aria-hidden="true" {
                    rect class=(class) x=".5" y="4.5" width="11" height="11" rx="2" {}
                }
                (words)
            }
        }
    };
    html! {
        svg.consent width="100%" height="9" aria-hidden="true" {
            rect.rest y=".5" width="100%" height="8" rx="2" {}
            rect.late x=(width(all - late)) y=".5" width=(width(late)) height="8" rx="2" {}
            @if used > 0 { rect.used y=".5" width=(width(used)) height="8" rx="2" {} }
        }
        ul.legend.keys {
            (key("used", format!("{} used", counted(used, "day"))))
            @if more > 0 { (key("rest", format!("{more} more"))) }
            (key("late", format!("last {late}: renew then")))
        }
    }
}

fn how_it_is_set(view: &View) -> Markup {
    let shown = &view.setup.0;
    let is_set = shown.client_id.as_ref() == Some(&view.client_id);
    html! {
        section aria-labelledby="how" {
            (section_head("how", "How it is set", html! {}))
            dl.facts {
                div {
                    dt { "Account" }
                    dd {
                        bdi { (view.state.account_name.as_deref().unwrap_or_default()) } ", "
                        code { (view.account_id) }
                    }
                }
                div {
                    dt { "App" }
                    dd {
                        "Client ID " code { (view.client_id) }
                        @if view.stand_in.is_some() {} @else if is_set { ", from " code { "SPOTIFY_CLIENT_ID" } } @else { ", typed here" }
                    }
                }
                div {
                    dt { "Every day at" }
                    dd {
                        (shown.daily_at.format("%H:%M")) " in " (shown.time_zone) " (" code { "TIME_ZONE" }
                        "); later tries 1, 3, 6 and 12 hours after a failed one"
                    }
                }
                div { dt { "Depth" } dd { "At most " (shown.depth) " tracks a list" } }
            }
        }
    }
}

fn disconnect() -> Markup {
    html! {
        section.ending aria-labelledby="disconnect" {
            (section_head("disconnect", "Disconnect", html! {}))
            form.do-it method="post" action="/settings/spotify/disconnect" {
                p { "Forgets the permission. The library stays as it is, and no more lists are taken." }
                button.button.bad { "Disconnect" }
            }
        }
    }
}
