//! The forms for signing in, signing out and setting up.

use super::super::page::{self, Problem};
use super::super::{SET_UP, SIGN_IN};
use super::{Context, Wrong, own_address};
use crate::config::Secret;
use crate::owner::rule;
use crate::store::owner;
use entity::log_entry::Event;
use poem::http::StatusCode;
use poem::web::{Form, Redirect};
use poem::{IntoResponse, Response, Result, handler};
use serde::Deserialize;
use std::time::Instant;

#[derive(Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

#[handler]
pub async fn sign_in(context: Context<'_>, Form(form): Form<SignInForm>) -> Result<Response> {
    if owner::owner(&context.database.read()).await?.is_none() {
        return Ok(Redirect::see_other(SET_UP).into_response());
    }
    let next = own_address(&form.next);
    let wrong = match context.verify(Secret::new(form.password)).await? {
        Ok(hash) => match context.signed_in(&hash, &next).await? {
            Some(response) => {
                context.log.record(Event::SignedIn, "").await;
                return Ok(response);
            }
            None => Wrong::Password,
        },
        Err(wrong) => wrong,
    };
    let page = page::sign_in_page(context.layout, &next, Some(&wrong.sentence()));
    Ok(wrong.respond(StatusCode::UNAUTHORIZED, page))
}

#[handler]
pub async fn sign_out(context: Context<'_>) -> Result<Response> {
    if let Some(session_id) = context.caller.session_id() {
        owner::end_session(context.database, session_id).await?;
        context.log.record(Event::SignedOut, "").await;
    }
    Ok(context.to(SIGN_IN, "", 0))
}

#[derive(Deserialize)]
pub struct SetUpForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
}

#[handler]
pub async fn set_up(context: Context<'_>, Form(form): Form<SetUpForm>) -> Result<Response> {
    if owner::owner(&context.database.read()).await?.is_some() {
        return Ok(Redirect::see_other(SIGN_IN).into_response());
    }
    let page = |problem: &Problem| page::set_up_page(context.layout, &form.token, Some(problem));
    let refused = |problem: Problem, status| {
        let page = page(&problem);
        Ok(page.with_status(status).into_response())
    };
    let password = Secret::new(form.password.clone());
    if let Some(reason) = rule(&password) {
        let problem = Problem::new("password", reason);
        return refused(problem, StatusCode::BAD_REQUEST);
    }
    if let Err(wait) = context
        .attempts
        .begin(context.caller.address, Instant::now())
    {
        let wrong = Wrong::TooMany(wait);
        let problem = Problem::new("token", wrong.sentence());
        return Ok(wrong.respond(StatusCode::TOO_MANY_REQUESTS, page(&problem)));
    }
    let hash = context.passwords.hash(password).await?;
    let token = Secret::new(form.token.trim());
    if !owner::set_up(context.database, &token, &hash, context.clock.now()).await? {
        let reason = "That is not a token of the log, or it has expired. If there is no newer one in the log, load this page again.";
        return refused(Problem::new("token", reason), StatusCode::FORBIDDEN);
    }
    context.log.record(Event::SetUp, "token from the log").await;
    let response = context.signed_in(&hash, "/dashboard").await?;
    Ok(response.unwrap_or_else(|| Redirect::see_other(SIGN_IN).into_response()))
}
