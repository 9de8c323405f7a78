//! Who may: scopes, sign-in, set-up, sessions, tokens, and what the public sees.

mod commands;
mod guard;
mod journey;
mod matrix;
mod read_only;
mod secrets;
mod sessions;
mod set_up;
mod sign_in;
mod tokens;
mod views;

use crate::harness::{Engine, TestApp};
use reqwest::Method;

pub const PASSWORD: &str = "correct horse battery staple";
pub const OTHER_PASSWORD: &str = "a sentence that nobody guesses";

pub const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
/// What a browser sends along with a form of a page of its own.
pub const OWN_SITE: (&str, &str) = ("sec-fetch-site", "same-origin");

/// Defines one test for both engines, with `OWNER_PASSWORD` set.
macro_rules! with_an_owner {
    ($(#[$about:meta])* async fn $name:ident($app:ident: TestApp) $body:block) => {
        mod $name {
            use super::*;

            #[tokio::test]
            async fn sqlite() {
                rule(crate::access::owned(crate::harness::Engine::Sqlite).await).await;
            }

            #[tokio::test]
            async fn postgres() {
                rule(crate::access::owned(crate::harness::Engine::Postgres).await).await;
            }

            $(#[$about])*
            async fn rule($app: TestApp) $body
        }
    };
}
pub(crate) use with_an_owner;

pub async fn owned(engine: Engine) -> TestApp {
    TestApp::with_settings(engine, &[("OWNER_PASSWORD", PASSWORD)]).await
}

impl TestApp {
    /// Posts a form as a browser without a session does.
    pub async fn submit(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        fields: &[(&str, &str)],
    ) -> crate::harness::Response {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        let body = body.extend_pairs(fields).finish();
        let headers = [&[FORM, OWN_SITE], headers].concat();
        self.send(Method::POST, path, &headers, body.as_str()).await
    }

    /// Signs in. Returns the value of the header `Cookie`.
    pub async fn sign_in(&self, password: &str) -> String {
        let signed_in = self
            .submit("/sign-in", &[], &[("password", password)])
            .await;
        assert_eq!(signed_in.status, 303, "{}", signed_in.body);
        let cookie = signed_in.header("set-cookie");
        let pair = cookie.split(';').next().expect("a pair");
        pair.to_owned()
    }

    /// Makes a token with the command.
    pub async fn token(&self, scopes: &str) -> String {
        let made = self
            .run(&["token", "create", scopes, "--scopes", scopes])
            .await;
        assert_eq!(made.code, Some(0), "{}", made.stderr);
        let token = made.stdout.trim().to_owned();
        assert!(token.starts_with("mtm_"), "{token}");
        format!("Bearer {token}")
    }

    pub async fn status_with(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> u16 {
        self.request(method, path, headers).await.status
    }
}
