//! The pages that let the owner in, and the settings of access.

mod door;
mod passwords;
mod sessions;
mod tokens;

pub use door::{set_up, set_up_page, sign_in, sign_in_page};

use super::forms::Context;
use super::query::{Session, Token, sessions, tokens};
use super::{PATH, Setup};
use crate::clock::Clock;
use crate::config::Secret;
use crate::html::components::{DATE, notice, wrong};
use crate::html::layout::{Extras, Layout, Page};
use crate::owner::Who;
use crate::store::owner::owner;
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use poem::web::Query;
use poem::{Result, handler};
use serde::Deserialize;

const PAGE: Page = Page {
    title: "Access",
    description: "Who may come in, from where, and with what",
    room: "",
    extras: Extras {
        styles: &[],
        scripts: &["copy.js"],
    },
    previous: None,
    next: None,
    searched: "",
};

/// A field with an invalid value, and the reason.
pub struct Problem {
    field: &'static str,
    sentence: String,
}

impl Problem {
    pub fn new(field: &'static str, sentence: impl Into<String>) -> Self {
        Self {
            field,
            sentence: sentence.into(),
        }
    }
}

/// The content of the page.
pub struct View<'a> {
    tokens: Vec<Token>,
    sessions: Vec<Session>,
    /// `None` on a server without an owner.
    password_set_at: Option<DateTime<Utc>>,
    /// The name of a token that was just made, and the token.
    new_token: Option<(String, Secret)>,
    problem: Option<Problem>,
    notice: Option<String>,
    who: &'a Who,
    setup: &'a Setup,
    clock: &'a Clock,
}

impl<'a> View<'a> {
    pub async fn load(context: &Context<'a>) -> Result<Self> {
        let db = context.database.read_transaction().await?;
        let current = context.caller.session_id();
        let owner = owner(&db).await?;
        Ok(Self {
            tokens: tokens(&db).await?,
            sessions: sessions(&db, context.clock.now(), current).await?,
            password_set_at: owner.map(|owner| owner.password_set_at),
            new_token: None,
            problem: None,
            notice: None,
            who: &context.caller.who,
            setup: context.setup,
            clock: context.clock,
        })
    }

    pub fn with_problem(self, problem: Problem) -> Self {
        Self {
            problem: Some(problem),
            ..self
        }
    }

    pub fn with_new_token(self, name: String, token: Secret) -> Self {
        Self {
            new_token: Some((name, token)),
            ..self
        }
    }

    /// The reason why this field is invalid.
    fn problem(&self, field: &str) -> Option<&str> {
        let problem = self
            .problem
            .as_ref()
            .filter(|problem| problem.field == field);
        problem.map(|problem| problem.sentence.as_str())
    }

    /// As in `today 14:02`, `yesterday 21:40`, `3 Nov 2026`.
    fn when(&self, at: DateTime<Utc>) -> String {
        let (local, today) = (self.clock.local(at), self.clock.today());
        match (today - local.date()).num_days() {
            0 => format!("today {}", local.format("%H:%M")),
            1 => format!("yesterday {}", local.format("%H:%M")),
            _ => local.format(DATE).to_string(),
        }
    }
}

#[derive(Deserialize)]
pub struct Parameters {
    notice: Option<String>,
}

#[handler]
pub async fn show(context: Context<'_>, Query(parameters): Query<Parameters>) -> Result<Markup> {
    let view = View {
        notice: parameters.notice,
        ..View::load(&context).await?
    };
    Ok(settings_page(context.layout, &view))
}

pub fn settings_page(layout: &Layout, view: &View) -> Markup {
    let content = html! {
        header.page-head {
            div {
                h1 { "Access" }
                p { "Who may come in, from where, and with what." }
            }
        }
        @if let Some(sentence) = what_was_done(view.notice.as_deref()) { (notice(html! { (sentence) })) }
        @if let Some((name, token)) = &view.new_token { (tokens::shown_once(name, token)) }
        (tokens::section(view))
        (sessions::section(view))
        (passwords::section(view))
    };
    layout.settings_page(PAGE, PATH, content)
}

fn what_was_done(word: Option<&str>) -> Option<&'static str> {
    Some(match word? {
        "password" => "The password is changed, and all other sessions have ended.",
        "revoked" => "The token is revoked. It is not accepted any more.",
        "ended" => "Ended. That browser has to sign in again.",
        _ => return None,
    })
}

/// A field for text, with its hint, or with what is wrong with it.
fn field(name: &str, label: &str, input: Markup, hint: &str, problem: Option<&str>) -> Markup {
    let id = format!("{name}-hint");
    html! {
        div.field {
            label for=(name) { (label) }
            (input)
            @match problem {
                Some(problem) => (wrong(&id, problem)),
                None if !hint.is_empty() => p id=(id) { (hint) },
                None => {},
            }
        }
    }
}

/// A field for a password. `use_of` is `current-password` or `new-password`, for password managers.
fn password_input(name: &str, use_of: &str, has_hint: bool, is_wrong: bool) -> Markup {
    let hint = (has_hint || is_wrong).then(|| format!("{name}-hint"));
    html! {
        input.text id=(name) name=(name) type="password" autocomplete=(use_of) required
            aria-describedby=[hint] aria-invalid=[is_wrong.then_some("true")];
    }
}
