//! The forms of the settings page.

use super::super::page::{self, Problem, View};
use super::super::{PATH, SIGN_IN, browser};
use super::{Context, Wrong};
use crate::config::Secret;
use crate::owner::{MAX_TOKEN_NAME, Scope, Scopes, TOKEN_DAYS, new_token, rule};
use crate::store::owner::{self, change_password, delete_token, end_other_sessions};
use entity::log_entry::Event;
use poem::http::StatusCode;
use poem::web::{Form, Redirect};
use poem::{IntoResponse, Response, Result, handler};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    new_password: String,
}

#[handler]
pub async fn new_password(
    context: Context<'_>,
    Form(form): Form<PasswordForm>,
) -> Result<Response> {
    if context.setup.has_password_setting {
        let problem = Problem::new(
            "password",
            "OWNER_PASSWORD is set, and is the only password.",
        );
        return refused(&context, problem, StatusCode::CONFLICT).await;
    }
    let new = Secret::new(form.new_password);
    if let Some(reason) = rule(&new) {
        let problem = Problem::new("new_password", reason);
        return refused(&context, problem, StatusCode::BAD_REQUEST).await;
    }
    let verified = context.verify(Secret::new(form.password)).await?;
    let changed = match &verified {
        Ok(old) => {
            let new = context.passwords.hash(new).await?;
            let hashes = (old.as_str(), new.as_str());
            let ended = change_password(context.database, hashes, context.clock.now()).await?;
            ended.map(|ended| (new, ended))
        }
        Err(_) => None,
    };
    let Some((hash, ended)) = changed else {
        let wrong = verified.err().unwrap_or(Wrong::Password);
        let problem = Problem::new("password", wrong.sentence());
        let page = refused(&context, problem, StatusCode::FORBIDDEN).await?;
        return Ok(wrong.respond(StatusCode::FORBIDDEN, page));
    };
    let detail = format!("sessions ended: {ended}");
    context.log.record(Event::PasswordChanged, &detail).await;
    let done = format!("{PATH}?notice=password");
    // A token may change the password too, and gets no session.
    if context.caller.session_id().is_none() {
        return Ok(Redirect::see_other(done).into_response());
    }
    let response = context.signed_in(&hash, &done).await?;
    Ok(response.unwrap_or_else(|| Redirect::see_other(SIGN_IN).into_response()))
}

async fn refused(context: &Context<'_>, problem: Problem, status: StatusCode) -> Result<Response> {
    let view = View::load(context).await?.with_problem(problem);
    let page = page::settings_page(context.layout, &view);
    Ok(page.with_status(status).into_response())
}

/// The new token is on the page of the answer alone.
#[handler]
pub async fn create_token(
    context: Context<'_>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let values = |name: &str| {
        let fields = fields.iter().filter(move |(other, _)| other == name);
        fields.map(|(_, value)| value.trim()).collect::<Vec<_>>()
    };
    let name = values("name").concat();
    let scopes = values("scopes").into_iter().filter_map(Scope::of_word);
    let scopes = Scopes::new(scopes);
    let days = match values("expires_in_days").first().copied() {
        Some("never") => None,
        Some("365") => Some(365),
        _ => Some(TOKEN_DAYS),
    };
    let problem = match name.chars().count() {
        0 => Some(Problem::new("name", "Give it a name.")),
        1..=MAX_TOKEN_NAME if scopes.as_slice().is_empty() => {
            Some(Problem::new("scopes", "Choose at least one."))
        }
        1..=MAX_TOKEN_NAME => None,
        _ => Some(Problem::new(
            "name",
            format!("It may have {MAX_TOKEN_NAME} characters at most."),
        )),
    };
    if let Some(problem) = problem {
        return refused(&context, problem, StatusCode::BAD_REQUEST).await;
    }
    let (row, token) = new_token(&context.log, name, &scopes, days).await?;
    let view = View::load(&context).await?.with_new_token(row.name, token);
    Ok(page::settings_page(context.layout, &view).into_response())
}

#[derive(Deserialize)]
pub struct IdForm {
    #[serde(default)]
    id: String,
}

#[handler]
pub async fn revoke_token(context: Context<'_>, Form(form): Form<IdForm>) -> Result<Redirect> {
    let row = delete_token(context.database, &form.id).await?;
    context.log.record(Event::TokenRevoked, &row.name).await;
    Ok(Redirect::see_other(format!("{PATH}?notice=revoked")))
}

/// Nothing is to be done for a session that has ended meanwhile.
#[handler]
pub async fn end_session(context: Context<'_>, Form(form): Form<IdForm>) -> Result<Redirect> {
    if let Some(row) = owner::end_session(context.database, &form.id).await? {
        let browser = browser::name(&row.user_agent);
        context.log.record(Event::SessionEnded, &browser).await;
    }
    Ok(Redirect::see_other(format!("{PATH}?notice=ended")))
}

#[handler]
pub async fn end_others(context: Context<'_>) -> Result<Redirect> {
    let kept = context.caller.session_id();
    let ended = end_other_sessions(context.database, kept).await?;
    let detail = format!("all others: {ended}");
    context.log.record(Event::SessionEnded, &detail).await;
    Ok(Redirect::see_other(format!("{PATH}?notice=ended")))
}
