//! How to connect: five steps, and what is asked for.

use super::super::consent::Problem;
use super::problem::what_went_wrong;
use super::{View, trouble};
use crate::html::components::section_head;
use maud::{Markup, html};

const DASHBOARD: &str = "https://developer.spotify.com/dashboard";
const CONNECT: &str = "connect-form";

pub fn how_to_connect(view: &View) -> Markup {
    html! {
        header.page-head {
            div {
                h1 { "Connect Spotify" }
                p { "Three lists a day, kept from today on. It takes about five minutes, once." }
            }
        }
        @if let Some(problem) = view.problem { (what_went_wrong(problem, view)) }
        div.connect {
            div {
                (steps(view))
                @if view.redirect_uri.0.is_ok() { (other_machine(view)) }
            }
            (what_is_asked_for())
        }
    }
}

fn steps(view: &View) -> Markup {
    html! {
        ol.steps {
            li {
                h2 { "Make an app at Spotify" }
                p {
                    "In the " a href=(DASHBOARD) rel="noreferrer" { "developer dashboard" }
                    ", under any name, for the Web API. Its owner needs Spotify Premium."
                }
            }
            li { h2 { "Give it this redirect URI" } (redirect_uri(view)) }
            li {
                h2 { "Name the listener" }
                p {
                    "If someone else’s lists are to be kept, add their account in the app under User Management. "
                    "Your own needs nothing."
                }
            }
            li { h2 { "Enter its client ID" } (client_id(view)) }
            li {
                h2 { "Agree at Spotify" }
                p { "Spotify asks once. You come back to this page, and the first three lists come in." }
            }
        }
    }
}

/// The address to register, or why there is none.
fn redirect_uri(view: &View) -> Markup {
    let rest = match view.setup.0.has_public_url {
        true => ", which is set.",
        false => ", which is not set.",
    };
    html! {
        @match view.redirect_uri.0.as_ref() {
            Ok(uri) => {
                div.copy {
                    label for="redirect-uri" { "Exactly as it stands here, without a slash at the end" }
                    textarea #redirect-uri rows="2" readonly spellcheck="false" { (uri) }
                }
                p.note {
                    "Spotify takes https, or http with " code { "127.0.0.1" } "; it refuses " code { "localhost" }
                    ". The address follows " code { "PUBLIC_URL" } (rest)
                }
            }
            Err(reason) => {
                p.wrong #no-redirect-uri { (trouble::bad_icon(16)) span { "There is none: " (reason) "." } }
                p.note { "Then start the program again and come back to this page." }
            }
        }
    }
}

fn client_id(view: &View) -> Markup {
    let is_set = view.setup.0.client_id.is_some();
    let is_wrong = view.problem == Some(Problem::ClientId);
    html! {
        form #(CONNECT) method="post" action="/settings/spotify/connect" {
            div.field {
                label for="client-id" { "Client ID" }
                @if is_set {
                    input.text.set #client-id value=(view.client_id) readonly aria-describedby="client-id-hint";
                    p #client-id-hint {
                        @if view.stand_in.is_some() { "Any will do here." }
                        @else { "From " code { "SPOTIFY_CLIENT_ID" } ". A secret is not needed." }
                    }
                } @else {
                    input.text #client-id name="client_id" value=(view.client_id) required maxlength="128"
                        autocomplete="off" spellcheck="false" autofocus[is_wrong]
                        aria-invalid=[is_wrong.then_some("true")] aria-describedby="client-id-hint";
                    p #client-id-hint {
                        "32 letters and digits, from the app’s page. Or set " code { "SPOTIFY_CLIENT_ID" }
                        ". A secret is not needed."
                    }
                }
            }
            p.buttons {
                button.button.primary disabled[view.redirect_uri.0.is_err()] { "Connect" }
            }
        }
    }
}

/// For a server whose browser is elsewhere: its browser cannot open the redirect URI.
fn other_machine(view: &View) -> Markup {
    let is_wrong = view.problem == Some(Problem::NotAnAddress);
    let is_open = is_wrong || view.problem == Some(Problem::OtherHost);
    html! {
        details.numbers.other-machine open[is_open] {
            summary { "The browser is on another machine than this server" }
            div {
                p {
                    "Spotify will send the browser to an address that it cannot open. Copy that address out of the "
                    "browser, come back here, and put it in within ten minutes."
                }
                p.buttons {
                    button.button form=(CONNECT) name="stay" value="true" disabled[view.redirect_uri.0.is_err()] {
                        "Connect and come back here"
                    }
                }
                form method="post" action="/settings/spotify/callback" {
                    div.field {
                        label for="address" { "Address you landed on" }
                        input.text #address name="address" type="url" required autocomplete="off"
                            aria-invalid=[is_wrong.then_some("true")];
                    }
                    button.button { "Finish" }
                }
            }
        }
    }
}

fn what_is_asked_for() -> Markup {
    html! {
        section.asked aria-labelledby="asked" {
            (section_head("asked", "What is asked for", html! {}))
            dl.facts {
                div { dt { "Read" } dd { "Your top tracks in three ranges (" code { "user-top-read" } ")" } }
                div { dt { "Not asked" } dd { "What you play, playlists, library, e-mail; nothing is changed" } }
                div { dt { "Kept" } dd { "The answers as they came, on this server only; the permission encrypted" } }
                div { dt { "How long" } dd { "Spotify ends a permission after six months. You are told a month before" } }
                div {
                    dt { "Spotify’s terms" }
                    dd { "They do not allow keeping its data for ever. That is between you and Spotify" }
                }
            }
        }
    }
}
