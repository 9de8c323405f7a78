//! The pages for those who have not come in yet.

use super::super::forms::{Context, own_address};
use super::super::{SET_UP, SIGN_IN};
use super::{Problem, field, password_input};
use crate::html::layout::{Layout, Page};
use crate::owner::{MIN_CHARS, Who, log_set_up_token};
use crate::store::owner::owner;
use maud::{Markup, html};
use poem::web::{Query, Redirect};
use poem::{IntoResponse, Response, Result, handler};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Parameters {
    #[serde(default)]
    next: String,
}

#[handler]
pub async fn sign_in(
    context: Context<'_>,
    Query(parameters): Query<Parameters>,
) -> Result<Response> {
    let next = own_address(&parameters.next);
    if matches!(context.caller.who, Who::Local | Who::Session { .. }) {
        return Ok(Redirect::see_other(next).into_response());
    }
    if context.setup.is_read_only {
        return Ok(read_only_page(context.layout).into_response());
    }
    if owner(&context.database.read()).await?.is_none() {
        return Ok(Redirect::see_other(SET_UP).into_response());
    }
    Ok(sign_in_page(context.layout, &next, None).into_response())
}

/// Writes a token to the log, unless there is a valid one in it.
#[handler]
pub async fn set_up(context: Context<'_>) -> Result<Response> {
    if context.setup.is_read_only {
        return Ok(read_only_page(context.layout).into_response());
    }
    let db = context.database.read();
    if owner(&db).await?.is_some() {
        return Ok(Redirect::see_other(SIGN_IN).into_response());
    }
    let address = &context.setup.set_up_address;
    log_set_up_token(context.database, context.clock, address, true).await?;
    Ok(set_up_page(context.layout, "", None).into_response())
}

pub fn sign_in_page(layout: &Layout, next: &str, wrong: Option<&str>) -> Markup {
    let page = Page {
        title: "Sign in",
        description: "This library is for its owner",
        ..Page::default()
    };
    let input = password_input("password", "current-password", false, wrong.is_some());
    let main = html! {
        div.door {
            h1 { "Sign in" }
            p.lead { "This library is for its owner." }
            form.door-form method="post" action=(SIGN_IN) {
                input type="hidden" name="next" value=(next);
                (field("password", "Password", input, "", wrong))
                button.button.primary { "Sign in" }
            }
            p.note { "Forgotten? On the server: " code { "music-time-machine reset-password" } }
        }
    };
    layout.door(page, main)
}

pub fn set_up_page(layout: &Layout, token: &str, problem: Option<&Problem>) -> Markup {
    let page = Page {
        title: "Set up",
        description: "This server has no owner yet",
        ..Page::default()
    };
    let main = html! {
        div.door.wide {
            (days_without_an_owner())
            h1 { "Make this server yours" }
            p.lead { "It can be reached from outside and has no owner yet. Until it has, everything else stays closed." }
            ol.steps {
                li {
                    h2 { "Look into the server’s log" }
                    p { "There is one line with a token. It counts once, and for one hour." }
                    pre.log-line tabindex="0" {
                        code { "INFO set up at … with the token " b { "mtm-setup-…" } " until HH:MM" }
                    }
                }
                li {
                    h2 { "Bring the token here and choose a password" }
                    (set_up_form(token, problem))
                }
            }
            p.note { "No log at hand? Set " code { "OWNER_PASSWORD" } " and restart; this page goes away." }
        }
    };
    layout.door(page, main)
}

fn set_up_form(token: &str, problem: Option<&Problem>) -> Markup {
    let wrong = |field: &str| {
        let problem = problem.filter(|problem| problem.field == field);
        problem.map(|problem| problem.sentence.as_str())
    };
    let hint = format!("{MIN_CHARS} characters or more; a sentence is good. No other rules.");
    let is_wrong = wrong("token").is_some();
    let token = html! {
        input.text #token name="token" value=(token) autocomplete="off" spellcheck="false" required
            aria-describedby=[is_wrong.then_some("token-hint")] aria-invalid=[is_wrong.then_some("true")];
    };
    let is_wrong = wrong("password").is_some();
    let password = password_input("password", "new-password", true, is_wrong);
    html! {
        form.door-form method="post" action=(SET_UP) {
            (field("token", "Token", token, "", wrong("token")))
            (field("password", "Password", password, &hint, wrong("password")))
            button.button.primary { "Set up" }
        }
    }
}

/// The strip of an empty library, as on the dashboard.
fn days_without_an_owner() -> Markup {
    html! {
        svg.unkept-days width="100%" height="28" aria-hidden="true" {
            line.missed x1="0" x2="98.6%" y1="27.25" y2="27.25" {}
            svg x="100%" overflow="visible" { rect.waiting x="-6" y=".5" width="5" height="27" rx="1" {} }
        }
    }
}

fn read_only_page(layout: &Layout) -> Markup {
    let page = Page {
        title: "Sign in",
        description: "This server is read only",
        ..Page::default()
    };
    let main = html! {
        div.door {
            h1 { "Nobody can sign in here" }
            p.lead { "This server is read only, and signing in would change something." }
            p.buttons { a.button.primary href="/dashboard" { "Go to the dashboard" } }
        }
    };
    layout.door(page, main)
}
