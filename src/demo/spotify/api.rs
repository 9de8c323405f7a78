//! The Web API: the account, and the pages of a list.

use super::faults::{Call, Fault, error};
use super::reply::{Reply, answer};
use super::state::{List, Shared, State};
use entity::snapshot::TimeRange;
use poem::http::{HeaderMap, StatusCode, header};
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

#[handler]
pub async fn account(Data(shared): Data<&Shared>, headers: &HeaderMap) -> Response {
    let token = bearer(headers);
    answer(shared, Call::Account, 0, |state, _| {
        if !is_valid(state, token) {
            return expired();
        }
        let (id, display_name) = &state.account;
        Reply::ok(json!({
            "account_id": format!("account-{id}"),
            "display_name": display_name,
            "id": id,
            "type": "user",
            "uri": format!("spotify:user:{id}"),
        }))
    })
    .await
}

#[derive(Deserialize)]
pub struct Parameters {
    #[serde(default = "medium_term")]
    time_range: String,
    #[serde(default = "twenty")]
    limit: usize,
    #[serde(default)]
    offset: usize,
}

fn medium_term() -> String {
    TimeRange::MediumTerm.word().into()
}

fn twenty() -> usize {
    20
}

#[handler]
pub async fn top_tracks(
    Data(shared): Data<&Shared>,
    headers: &HeaderMap,
    Query(parameters): Query<Parameters>,
) -> poem::Result<Response> {
    let time_range = TimeRange::from_word(&parameters.time_range);
    let (Some(time_range), 1..=50) = (time_range, parameters.limit) else {
        return Err(poem::Error::from_status(StatusCode::BAD_REQUEST));
    };
    let token = bearer(headers);
    let call = Call::TopTracks(time_range);
    let page = (parameters.offset, parameters.limit);
    let response = answer(
        shared,
        call,
        parameters.offset,
        |state, fault| match is_valid(state, token) {
            true => Reply::ok(list(state, time_range, page, fault)),
            false => expired(),
        },
    );
    Ok(response.await)
}

fn list(
    state: &mut State,
    time_range: TimeRange,
    (offset, limit): (usize, usize),
    fault: Option<&Fault>,
) -> String {
    let now = state.now();
    let tracks = match state.lists.at(now, time_range) {
        List::Body(body) if fault.is_none() && offset == 0 => return body,
        List::Body(_) if offset > 0 => Vec::new(),
        List::Body(body) => items(&body),
        List::Tracks(tracks) => tracks,
    };
    let tracks = changed(tracks, fault);
    let total = tracks.len();
    let start = match fault {
        Some(Fault::ShiftedPages) => offset.saturating_sub(1),
        _ => offset,
    };
    let items: Vec<_> = tracks.into_iter().skip(start).take(limit).collect();
    let address = |offset: usize| address(&state.origin, time_range, offset, limit);
    let next = match fault {
        Some(Fault::NextElsewhere) => Some("https://example.org/v1/me/top/tracks".into()),
        _ => (offset + limit < total).then(|| address(offset + limit)),
    };
    let page = json!({
        "href": address(offset),
        "items": items,
        "limit": limit,
        "next": next,
        "offset": offset,
        "previous": (offset > 0).then(|| address(offset.saturating_sub(limit))),
        "total": total,
    });
    page.to_string()
}

fn items(body: &str) -> Vec<Value> {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    body["items"].as_array().cloned().unwrap_or_default()
}

fn changed(mut tracks: Vec<Value>, fault: Option<&Fault>) -> Vec<Value> {
    match fault {
        Some(Fault::EmptyList) => tracks.clear(),
        Some(Fault::RepeatedTrack) if tracks.len() > 1 => tracks[1] = tracks[0].clone(),
        Some(Fault::DegradedList) => {
            for track in &mut tracks {
                track["album"] = placeholder();
            }
        }
        _ => {}
    }
    tracks
}

/// The album that Spotify sends now and then instead of the real one.
fn placeholder() -> Value {
    json!({
        "album_type": "album",
        "artists": null,
        "external_urls": {},
        "href": null,
        "id": null,
        "images": [],
        "name": null,
        "release_date": "0000",
        "release_date_precision": "year",
        "total_tracks": null,
        "type": "album",
        "uri": null,
    })
}

fn address(origin: &Url, time_range: TimeRange, offset: usize, limit: usize) -> String {
    let word = time_range.word();
    format!("{origin}v1/me/top/tracks?offset={offset}&limit={limit}&time_range={word}")
}

fn bearer(headers: &HeaderMap) -> &str {
    let value = headers.get(header::AUTHORIZATION);
    let text = value.and_then(|value| value.to_str().ok());
    text.and_then(|text| text.strip_prefix("Bearer "))
        .unwrap_or_default()
}

fn is_valid(state: &State, token: &str) -> bool {
    state.consents.is_valid(token, state.now())
}

fn expired() -> Reply {
    let body = error(401, "The access token expired");
    Reply(StatusCode::UNAUTHORIZED, body)
}
