//! The page of the consent. It says plainly that it is made up.

use maud::{DOCTYPE, Markup, html};
use poem::{IntoResponse, handler};

/// The path of the style sheet.
pub const STYLE: &str = "/page.css";

#[handler]
pub fn style() -> impl IntoResponse {
    include_str!("page.css").with_content_type("text/css")
}

/// `query` goes on to the decision.
pub fn consent(query: &str, scope: &str) -> Markup {
    document(html! {
        h1 { "A made-up Spotify" }
        p { "This is not Spotify. Nothing you do here reaches an account, and the lists it gives are made up." }
        p { "Music Time Machine asks for " code { (scope) } ": to read your top tracks." }
        p { "Agree leads back to it, and it takes three made-up lists. Cancel leads back too, and nothing is taken." }
        form method="post" action={ "/authorize?" (query) } {
            button name="decision" value="agree" { "Agree" }
            button name="decision" value="cancel" { "Cancel" }
        }
    })
}

pub fn refusal(reason: &str) -> Markup {
    document(html! {
        h1 { "A made-up Spotify" }
        p { (reason) }
    })
}

fn document(content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                link rel="icon" href="data:,"; // none
                link rel="stylesheet" href=(STYLE);
                title { "A made-up Spotify" }
            }
            body { main { (content) } }
        }
    }
}
