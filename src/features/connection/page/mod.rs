//! The page of the connection: how to connect, the first lists as they come in, or how it is going.

mod arrivals;
mod connect;
mod connected;
mod problem;
mod trouble;
mod words;

pub use trouble::{line, sentence};

use super::arrivals::{arrivals, last_attempts};
use super::consent::Problem;
use super::query::{ConnectionState, StateWord, connection_state};
use super::trouble::{Trouble, trouble};
use super::{PATH, RedirectUri, Setup};
use crate::capture::Capturer;
use crate::clock::Clock;
use crate::db::Database;
use crate::features::calendar::query::{Day, calendar};
use crate::features::snapshots::days::ranges_of;
use crate::html::components::notice;
use crate::html::layout::{self, Extras, Layout, Page};
use crate::http::policy_with_forms_to;
use crate::store::connection::connection;
use chrono::Days;
use entity::capture;
use entity::snapshot::TimeRange;
use maud::{Markup, html};
use poem::http::header;
use poem::web::{Data, Query};
use poem::{IntoResponse, Response, Result, handler};
use sea_orm::ConnectionTrait;
use serde::Deserialize;

const PAGE: Page = Page {
    title: "Spotify",
    description: "The connection to Spotify: how to connect, when the next lists come, and when the permission ends",
    room: layout::SETTINGS,
    extras: Extras {
        styles: &[],
        scripts: &["copy.js", "arrivals.js"],
    },
    previous: None,
    next: None,
    searched: "",
};

/// Days of the calendar since the owner connected. A consent has fewer.
const DAYS_SHOWN: u64 = 364;

#[derive(Deserialize)]
pub struct Parameters {
    /// The word of a [`Problem`].
    problem: Option<String>,
    notice: Option<String>,
    /// `today` shows how the lists come in.
    lists: Option<String>,
    client_id: Option<String>,
}

/// What the page shows.
struct View<'a> {
    state: ConnectionState,
    problem: Option<Problem>,
    trouble: Option<Trouble>,
    /// The client id of the connection, of the setting, or one that was typed.
    client_id: String,
    account_id: String,
    last_attempts: Vec<capture::Model>,
    /// From the day of the consent to today.
    days: Vec<Day>,
    /// The ranges of which a list of today is kept.
    kept_today: Vec<TimeRange>,
    /// The host that stands in for Spotify: in the demo, and where the settings name another one.
    stand_in: Option<String>,
    redirect_uri: &'a RedirectUri,
    setup: &'a Setup,
    clock: &'a Clock,
}

#[handler]
pub async fn show(
    Query(parameters): Query<Parameters>,
    database: Data<&Database>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
    capturer: Data<&Capturer>,
    redirect_uri: Data<&RedirectUri>,
    setup: Data<&Setup>,
) -> Result<Response> {
    let db = database.read_transaction().await?;
    let is_taking = capturer.is_taking(&db).await?;
    let shown = (redirect_uri.0, setup.0, clock.0);
    let view = view(&db, &capturer, shown, &parameters).await?;
    let content = match view.state.authorized_at {
        None => connect::how_to_connect(&view),
        Some(since) if parameters.lists.as_deref() == Some("today") => {
            let lists = arrivals(&db, since, clock.today()).await?;
            arrivals::lists_of_today(&view, &lists, is_taking)
        }
        Some(_) => connected::overview(&view, is_taking),
    };
    let content = html! {
        (stand_in(&view))
        (what_was_done(parameters.notice.as_deref(), &view))
        (content)
    };
    let forms = redirect_uri.0.0.as_ref().as_ref().ok().into_iter();
    let policy = policy_with_forms_to(forms.chain([capturer.spotify().accounts_url()]));
    Ok(layout
        .settings_page(PAGE, PATH, content)
        .with_header(header::CONTENT_SECURITY_POLICY, policy)
        .into_response())
}

async fn view<'a>(
    db: &impl ConnectionTrait,
    capturer: &Capturer,
    (redirect_uri, setup, clock): (&'a RedirectUri, &'a Setup, &'a Clock),
    parameters: &Parameters,
) -> Result<View<'a>> {
    let stored = connection(db).await?;
    let stored = stored.as_ref();
    let state = connection_state(db, capturer, redirect_uri, stored, clock.now()).await?;
    let typed = parameters.client_id.clone().unwrap_or_default();
    let client_id = match stored {
        Some(stored) => stored.client_id.clone(),
        None => setup.0.client_id.clone().unwrap_or(typed),
    };
    let (mut attempts, mut days) = (Vec::new(), Vec::new());
    if let Some(since) = state.authorized_at {
        let today = clock.today();
        let first = clock
            .local(since)
            .date()
            .clamp(today - Days::new(DAYS_SHOWN), today);
        attempts = last_attempts(db, since).await?;
        days = calendar(db, TimeRange::ShortTerm, (Some(first), Some(today)), today)
            .await?
            .items;
    }
    let trouble = match stored {
        Some(stored) => {
            let known = (state.next_capture_at, state.not_before);
            trouble(db, capturer, clock, stored, known).await?
        }
        None => None,
    };
    let problem = parameters.problem.as_deref().and_then(Problem::of_word);
    Ok(View {
        trouble,
        problem,
        client_id,
        account_id: stored
            .map(|stored| stored.account_id.clone())
            .unwrap_or_default(),
        last_attempts: attempts,
        days,
        kept_today: ranges_of(db, clock.today()).await?,
        state,
        stand_in: stand_in_host(capturer),
        redirect_uri,
        setup,
        clock,
    })
}

fn stand_in_host(capturer: &Capturer) -> Option<String> {
    let accounts = capturer.spotify().accounts_url();
    let is_real = accounts.host_str() == Some("accounts.spotify.com");
    (!is_real).then(|| accounts.authority().to_owned())
}

impl View<'_> {
    /// Lists are taken, or will be.
    fn is_connected(&self) -> bool {
        matches!(self.state.state, StateWord::Connected | StateWord::Refused)
    }

    /// Whether the last answer was of today, and each list of today is kept.
    fn is_whole_day(&self) -> bool {
        let last = self.state.last_answer_at;
        let is_of_today = last.is_some_and(|at| self.clock.days_until(at) == 0);
        is_of_today && self.kept_today.len() == TimeRange::ALL.len()
    }

    /// Whether the page begins with what is wrong.
    fn has_panel(&self) -> bool {
        self.problem.is_some() || self.trouble.is_some()
    }
}

fn stand_in(view: &View) -> Markup {
    html! {
        @if let Some(host) = &view.stand_in {
            (notice(html! {
                @if view.state.authorized_at.is_none() { "Here just press Connect. " }
                "This is not Spotify: " code { (host) } " stands in for it, and its lists are made up."
            }))
        }
    }
}

fn what_was_done(word: Option<&str>, view: &View) -> Markup {
    let sentence = match word {
        Some("not_connected") if view.state.authorized_at.is_none() => {
            "Not connected any more; nothing was taken."
        }
        Some("disconnected") if view.state.authorized_at.is_none() => {
            "Disconnected. The permission is forgotten, and the library is as it was."
        }
        Some("moved") if view.state.authorized_at.is_none() => {
            "You are now under the address to which Spotify sends you back. Press Connect once more."
        }
        _ => return html! {},
    };
    notice(html! { (sentence) })
}

/// A form that begins to connect with the same app.
fn connect_again(view: &View, class: &str, label: &str) -> Markup {
    html! {
        form method="post" action="/settings/spotify/connect" {
            input type="hidden" name="client_id" value=(view.client_id);
            button class=(class) { (label) }
        }
    }
}

/// A form that takes the lists of today.
fn take_now(class: &str, label: &str) -> Markup {
    html! {
        form method="post" action="/settings/spotify/capture" { button class=(class) { (label) } }
    }
}
