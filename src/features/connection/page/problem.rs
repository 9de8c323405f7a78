//! Why the last step of connecting did not work.

use super::super::PATH;
use super::super::consent::Problem;
use super::trouble::{Panel, panel, paused, refused};
use super::{View, connect_again};
use crate::spotify::Refusal;
use maud::{Markup, html};
use url::Url;

/// Without a connection the form below the panel is the way to try again, with one a button of the panel.
pub fn what_went_wrong(problem: Problem, view: &View) -> Markup {
    let refusal = match problem {
        Problem::Premium => Some(Refusal::Premium),
        Problem::UserNotListed => Some(Refusal::UserNotListed),
        Problem::Scope => Some(Refusal::Scope),
        Problem::Client => Some(Refusal::Client),
        _ => None,
    };
    let mut found = match (problem, view.state.not_before, view.redirect_uri.0.as_ref()) {
        (Problem::Paused, Some(until), _) => return panel(paused(until, view.clock)),
        (Problem::OtherHost, _, Ok(uri)) => return panel(other_host(uri)),
        _ => refusal.map_or_else(
            || without_refusal(problem, view),
            |refusal| refused(&refusal),
        ),
    };
    if let (Problem::Code, Ok(uri)) = (problem, view.redirect_uri.0.as_ref()) {
        found.facts = vec![("Redirect URI", html! { code { (uri) } })];
    }
    if view.state.authorized_at.is_some() && !needs_setting(problem) {
        let label = match view.is_connected() {
            true => "Renew now",
            false => "Connect again",
        };
        found.button = connect_again(view, "button primary", label);
    }
    panel(found)
}

/// Whether the program has to be started with another setting first.
fn needs_setting(problem: Problem) -> bool {
    matches!(problem, Problem::NoRedirectUri | Problem::NoKey)
}

fn other_host(redirect_uri: &Url) -> Panel {
    let mut page = redirect_uri.clone();
    page.set_path(PATH);
    Panel {
        is_bad: true,
        title: "Spotify would send you to another address".into(),
        meaning: html! { "You would come back to " code { (redirect_uri) } ", but this browser has opened another address. Nothing was asked of Spotify." },
        action: html! {
            "Connect on " a href=(page) { (page) } ". If this browser cannot open that page, connect as from another machine, and paste the address."
        },
        facts: Vec::new(),
        button: html! {},
    }
}

fn without_refusal(problem: Problem, view: &View) -> Panel {
    let (title, meaning, action) = words_of(problem, view);
    Panel {
        is_bad: problem != Problem::Cancelled,
        title: title.into(),
        meaning: html! { (meaning) },
        action: html! { (action) },
        facts: Vec::new(),
        button: html! {},
    }
}

/// What happened, what it means, and what to do.
type Words = (&'static str, &'static str, &'static str);

fn words_of(problem: Problem, view: &View) -> Words {
    match problem {
        Problem::ClientId | Problem::NoRedirectUri | Problem::NoKey => {
            before_spotify(problem, view)
        }
        Problem::Cancelled if view.state.authorized_at.is_none() => (
            "You did not agree at Spotify",
            "Nothing was changed, and nothing is taken.",
            "Connect when you want to.",
        ),
        Problem::Cancelled => (
            "You did not agree at Spotify",
            "Nothing was changed: the connection is as it was.",
            "Renew when you want to.",
        ),
        Problem::NotBegun => (
            "This is no answer to a connection that this browser began",
            "It may be older than ten minutes, used already, or begun in another browser or under another address. Nothing was changed.",
            "Begin once more from here.",
        ),
        Problem::NotAnAddress => (
            "This is not the address that Spotify leads to",
            "It has a code and a state in it, after a question mark. Nothing was changed.",
            "Copy the whole address out of the browser and put it in once more, or begin once more from here.",
        ),
        Problem::Code => (
            "Spotify did not accept its own code",
            "A code is valid once and for ten minutes, and with the redirect URI that is registered. Nothing was changed.",
            "Compare the redirect URI in the developer dashboard with this one, then begin once more.",
        ),
        Problem::OtherAccount => (
            "This is another Spotify account",
            "Its lists would replace those of the connected account for today. Nothing was changed.",
            "Sign in to the connected account at Spotify and renew once more. If you mean the other one, disconnect first.",
        ),
        Problem::Paused => (
            "Spotify asked for a pause",
            "It has ended by now. Nothing was changed.",
            "Begin once more.",
        ),
        Problem::Outage => (
            "Spotify did not answer as it should",
            "That passes by itself as a rule, and the log has the cause. Nothing was changed.",
            "Wait a moment, then begin once more.",
        ),
        _ => (
            "Spotify refuses",
            "The log has Spotify’s own words. Nothing was changed.",
            "Compare the app’s page in the developer dashboard: its client ID, its redirect URI, its users.",
        ),
    }
}

/// Nothing was asked of Spotify.
fn before_spotify(problem: Problem, view: &View) -> Words {
    match problem {
        Problem::ClientId if view.client_id.trim().is_empty() => (
            "Enter the client ID",
            "The app’s page in the developer dashboard shows it. Nothing was asked of Spotify.",
            "Copy it from there, and connect.",
        ),
        Problem::ClientId => (
            "This is no client ID",
            "A client ID has letters and digits only, as the app’s page in the developer dashboard shows it.",
            "Copy it from there, without spaces, and connect.",
        ),
        Problem::NoRedirectUri => (
            "Spotify would not send you back here",
            "There is no redirect URI that Spotify accepts for this address. It has to be https, or http with 127.0.0.1.",
            "Correct the setting, start the program again, and connect.",
        ),
        _ => (
            "There is no key to encrypt the permission with",
            "The permission is stored encrypted only. Nothing was asked of Spotify.",
            "Set SECRET_KEY to 64 hexadecimal digits, as openssl rand -hex 32 prints them, start the program again, and connect.",
        ),
    }
}
