//! The page of the consent, and the token endpoint.

use super::consents::{ACCESS_TOKEN_SECONDS, Binding, Issued};
use super::faults::Call;
use super::page;
use super::reply::{Reply, answer};
use super::state::{Shared, State};
use crate::config::is_loopback;
use poem::http::{StatusCode, Uri, header};
use poem::web::Data;
use poem::{IntoResponse, Response, handler};
use serde_json::json;
use std::collections::HashMap;
use url::Url;

type Form = HashMap<String, String>;

#[handler]
pub fn show(uri: &Uri) -> Response {
    let query = uri.query().unwrap_or_default();
    match checked(query) {
        Ok((form, _)) => page::consent(query, &form["scope"]).into_response(),
        Err(reason) => refused(&reason),
    }
}

#[handler]
pub fn decide(Data(shared): Data<&Shared>, uri: &Uri, body: String) -> Response {
    let query = uri.query().unwrap_or_default();
    let agrees = form(&body)
        .get("decision")
        .is_some_and(|decision| decision == "agree");
    match decided(&mut shared.lock(), query, agrees) {
        Ok(url) => Response::builder()
            .status(StatusCode::SEE_OTHER)
            .header(header::LOCATION, url.as_str())
            .finish(),
        Err(reason) => refused(&reason),
    }
}

/// Where the browser is sent after the decision.
pub fn decided(state: &mut State, query: &str, agrees: bool) -> Result<Url, String> {
    let (form, mut redirect_uri) = checked(query)?;
    if agrees {
        let now = state.now();
        let binding = Binding {
            client_id: form["client_id"].clone(),
            redirect_uri: form["redirect_uri"].clone(),
            challenge: form["code_challenge"].clone(),
        };
        let code = state.consents.agree(binding, now);
        redirect_uri.query_pairs_mut().append_pair("code", &code);
    } else {
        redirect_uri
            .query_pairs_mut()
            .append_pair("error", "access_denied");
    }
    redirect_uri
        .query_pairs_mut()
        .append_pair("state", &form["state"]);
    Ok(redirect_uri)
}

/// Checks what Spotify checks.
fn checked(query: &str) -> Result<(Form, Url), String> {
    let form = form(query);
    for name in [
        "client_id",
        "redirect_uri",
        "state",
        "scope",
        "code_challenge",
    ] {
        if form.get(name).is_none_or(String::is_empty) {
            return Err(format!("Missing required parameter: {name}"));
        }
    }
    let is = |name: &str, value| form.get(name).is_some_and(|given| given == value);
    if !is("response_type", "code") || !is("code_challenge_method", "S256") {
        return Err("response_type must be code, and code_challenge_method S256".into());
    }
    let redirect_uri = Url::parse(&form["redirect_uri"]).ok();
    let is_safe = |uri: &Url| uri.scheme() == "https" || is_loopback(uri);
    match redirect_uri.filter(is_safe) {
        Some(uri) => Ok((form, uri)),
        None => Err("INVALID_CLIENT: Insecure redirect URI".into()),
    }
}

fn refused(reason: &str) -> Response {
    page::refusal(reason)
        .with_status(StatusCode::BAD_REQUEST)
        .into_response()
}

#[handler]
pub async fn token(Data(shared): Data<&Shared>, body: String) -> Response {
    let form = form(&body);
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let client_id = field("client_id");
    match field("grant_type") {
        "authorization_code" => {
            answer(shared, Call::ExchangeCode, 0, |state, _| {
                let now = state.now();
                let binding = (client_id, field("redirect_uri"), field("code_verifier"));
                issued(state.consents.exchange(field("code"), binding, now))
            })
            .await
        }
        _ => {
            answer(shared, Call::Refresh, 0, |state, _| {
                let now = state.now();
                issued(
                    state
                        .consents
                        .refresh(field("refresh_token"), client_id, now),
                )
            })
            .await
        }
    }
}

fn issued(issued: Result<Issued, &'static str>) -> Reply {
    match issued {
        Ok(issued) => {
            let mut body = json!({
                "access_token": issued.access_token,
                "token_type": "Bearer",
                "scope": crate::spotify::SCOPE,
                "expires_in": ACCESS_TOKEN_SECONDS,
            });
            if let Some(refresh_token) = issued.refresh_token {
                body["refresh_token"] = refresh_token.into();
            }
            Reply::ok(body)
        }
        Err(description) => {
            let body = json!({ "error": "invalid_grant", "error_description": description });
            Reply(StatusCode::BAD_REQUEST, body.to_string())
        }
    }
}

fn form(text: &str) -> Form {
    url::form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}
