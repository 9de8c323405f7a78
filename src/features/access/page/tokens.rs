//! The section of the API tokens.

use super::super::query::Token;
use super::{View, field};
use crate::config::Secret;
use crate::html::components::{
    DATE, copy_field, hidden, nothing_yet, section_head, wide_table, wrong,
};
use crate::owner::{MAX_TOKEN_NAME, Scope};
use maud::{Markup, html};

/// A new token, this once.
pub fn shown_once(name: &str, token: &Secret) -> Markup {
    html! {
        div.once.panel {
            svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true" {
                circle cx="8" cy="8" r="6.75" {}
                path d="m5.25 8.25 2 2 3.5-4.25" {}
            }
            div {
                h2 { "Token “" bdi { (name) } "” is made" }
                p { "It is shown this once. Copy it now; here only its hash stays." }
                (copy_field("token", "Token", token.expose()))
                p.note {
                    "Send it as " code { "Authorization: Bearer …" } "; the "
                    a href="/docs" { "API page" } " takes it under Authorize."
                }
            }
        }
    }
}

pub fn section(view: &View) -> Markup {
    html! {
        section.api-tokens aria-labelledby="tokens" {
            (section_head("tokens", "API tokens", html! { "read: GET; write: PUT, POST and DELETE; admin: these settings" }))
            @if view.tokens.is_empty() {
                (nothing_yet("There are none. A program that uses the API needs one."))
            } @else {
                (table(view))
            }
            (form(view))
        }
    }
}

fn table(view: &View) -> Markup {
    let table = html! {
        table.access {
            thead {
                tr {
                    th scope="col" { "Name" }
                    th scope="col" { "May" }
                    th.on-wide-screens scope="col" { "Last used" }
                    th scope="col" { "Ends" }
                    th scope="col" { (hidden("Revoke")) }
                }
            }
            tbody { @for token in &view.tokens { (row(token, view)) } }
        }
    };
    wide_table("Table of API tokens", table)
}

fn row(token: &Token, view: &View) -> Markup {
    let is_over = token.expires_at.is_some_and(|at| at <= view.clock.now());
    let used = match token.last_used_at {
        Some(at) => view.when(at),
        None => "not yet".to_owned(),
    };
    html! {
        tr.over[is_over] {
            th scope="row" {
                bdi { (token.name) }
                span.under.on-narrow-screens { @if token.last_used_at.is_some() { "used " } @else { "used: " } (used) }
            }
            td { @for scope in &token.scopes { span.scope { (scope.word()) } " " } }
            td.on-wide-screens { (used) }
            td {
                @match token.expires_at {
                    Some(at) => { @if is_over { "ended " } (view.clock.local(at).format(DATE)) },
                    None => "never",
                }
            }
            td.act {
                form method="post" action="/settings/access/tokens/revoke" {
                    input type="hidden" name="id" value=(token.token_id);
                    button.button.small {
                        @if is_over { "Remove" } @else { "Revoke" }
                        (hidden(&format!(" {}", token.name)))
                    }
                }
            }
        }
    }
}

fn form(view: &View) -> Markup {
    let is_wrong = view.problem("name").is_some();
    let name = html! {
        input.text #name name="name" maxlength=(MAX_TOKEN_NAME) required autocomplete="off"
            aria-describedby=[is_wrong.then_some("name-hint")] aria-invalid=[is_wrong.then_some("true")];
    };
    html! {
        form.in-a-row.new-token method="post" action="/settings/access/tokens" {
            h3 { "New token" }
            (field("name", "Name", name, "", view.problem("name")))
            div.field role="group" aria-labelledby="may" {
                span.label #may { "May" }
                div.checks {
                    @for scope in Scope::ALL {
                        label {
                            input type="checkbox" name="scopes" value=(scope.word()) checked[scope == Scope::Read];
                            " " (scope.word())
                        }
                    }
                }
                @if let Some(problem) = view.problem("scopes") { (wrong("scopes-hint", problem)) }
            }
            div.field {
                label for="expires_in_days" { "Ends" }
                select.text #expires_in_days name="expires_in_days" {
                    option value="90" { "in 90 days" }
                    option value="365" { "in a year" }
                    option value="never" { "never" }
                }
            }
            button.button { "Make token" }
        }
    }
}
