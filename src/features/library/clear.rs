//! The form that clears the library. The owner types what goes, so that no click alone does it.

use super::PATH;
use super::page::{Wrong, page};
use super::query::contents;
use crate::clock::Clock;
use crate::db::Database;
use crate::error::Error;
use crate::html::components::counted;
use crate::html::layout::Layout;
use crate::owner::Log;
use crate::store;
use entity::log_entry::Event;
use poem::http::StatusCode;
use poem::web::{Data, Form, Redirect};
use poem::{IntoResponse, Response, Result, handler};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct ClearForm {
    #[serde(default)]
    confirm: String,
}

/// As in `delete 1,284 tracks`.
pub fn words(track_count: i64) -> String {
    format!("delete {}", counted(track_count, "track"))
}

#[handler]
pub async fn clear(
    Form(form): Form<ClearForm>,
    database: Data<&Database>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
    log: Log,
) -> Result<Response> {
    let contents = contents(&database).await?;
    let (status, reason) = match is_confirmed(&form.confirm, contents.track_count) {
        false => (
            StatusCode::BAD_REQUEST,
            format!(
                "Type {} to clear the library. Nothing was deleted.",
                words(contents.track_count)
            ),
        ),
        true => match store::clear_library(&database, contents.track_count).await {
            Ok(()) => {
                let cleared = counted(contents.track_count, "track");
                log.record(Event::LibraryCleared, &cleared).await;
                let page = Redirect::see_other(format!("{PATH}?notice=cleared"));
                return Ok(page.into_response());
            }
            Err(error @ Error::Conflict(_)) => (StatusCode::CONFLICT, format!("{error}.")),
            Err(error) => return Err(error.into()),
        },
    };
    let wrong = Wrong {
        typed: &form.confirm,
        reason: &reason,
    };
    let page = page(&layout, &clock, &contents, Some(wrong), None);
    Ok(page.with_status(status).into_response())
}

/// With the comma or without, in any case.
fn is_confirmed(typed: &str, track_count: i64) -> bool {
    let plain = |text: &str| text.replace(',', "").to_lowercase();
    let mut typed = typed.split_whitespace();
    words(track_count)
        .split(' ')
        .all(|word| typed.next().map(plain) == Some(plain(word)))
        && typed.next().is_none()
}
