//! The section of the sessions.

use super::super::query::Session;
use super::super::{SIGN_OUT, browser};
use super::View;
use crate::html::components::{DATE, hidden, nothing_yet, section_head, wide_table};
use crate::owner::Who;
use crate::store::owner::{IDLE_DAYS, LIFETIME_DAYS};
use maud::{Markup, html};

pub fn section(view: &View) -> Markup {
    let note = format!("End after {IDLE_DAYS} days unused, {LIFETIME_DAYS} in all");
    let others = view.sessions.iter().any(|session| !session.current);
    let is_signed_in = matches!(view.who, Who::Session { .. });
    html! {
        section aria-labelledby="sessions" {
            (section_head("sessions", "Sessions", html! { (note) }))
            @if view.sessions.is_empty() {
                (nothing_yet("Nobody is signed in."))
            } @else {
                (table(view))
            }
            @if others || is_signed_in {
                div.buttons.under-table {
                    @if others {
                        form method="post" action="/settings/access/sessions/end-others" {
                            button.button { @if is_signed_in { "End all others" } @else { "End all" } }
                        }
                    }
                    @if is_signed_in {
                        form method="post" action=(SIGN_OUT) { button.button { "Sign out" } }
                    }
                }
            }
        }
    }
}

fn table(view: &View) -> Markup {
    let table = html! {
        table.access {
            thead {
                tr {
                    th scope="col" { "Where" }
                    th.on-wide-screens scope="col" { "Signed in" }
                    th scope="col" { "Last seen" }
                    th scope="col" { "Address" }
                    th scope="col" { (hidden("End")) }
                }
            }
            tbody { @for session in &view.sessions { (row(session, view)) } }
        }
    };
    wide_table("Table of sessions", table)
}

fn row(session: &Session, view: &View) -> Markup {
    let name = browser::name(&session.user_agent);
    let signed_in = view.clock.local(session.created_at);
    html! {
        tr {
            th scope="row" {
                (name)
                @if session.current { " " span.apart { "this one" } }
            }
            td.on-wide-screens { (signed_in.format(DATE)) ", " (signed_in.format("%H:%M")) }
            td { @if session.current { "now" } @else { (view.when(session.last_seen_at)) } }
            td { code { (session.address) } }
            td.act {
                @if !session.current {
                    form method="post" action="/settings/access/sessions/end" {
                        input type="hidden" name="id" value=(session.session_id);
                        button.button.small { "End" (hidden(&format!(" {name}"))) }
                    }
                }
            }
        }
    }
}
