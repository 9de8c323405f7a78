//! The cookie of a browser that begins to connect.

use crate::config::Secret;
use crate::store::connection::AUTHORIZATION_MINUTES;
use poem::http::{HeaderMap, header};

const NAME: &str = "authorization";
/// Over https. Browsers accept it from this host alone.
const HOST_NAME: &str = "__Host-authorization";

/// The value of `Set-Cookie`.
pub fn set(browser: &Secret, is_https: bool) -> String {
    let (name, secure) = match is_https {
        true => (HOST_NAME, "; Secure"),
        false => (NAME, ""),
    };
    let (value, seconds) = (browser.expose(), AUTHORIZATION_MINUTES * 60);
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

/// The cookie that the browser sends back.
pub fn sent(headers: &HeaderMap) -> Option<Secret> {
    let values = headers.get_all(header::COOKIE).iter();
    let pairs = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let pairs = Vec::from_iter(pairs);
    let named = |name| pairs.iter().find(|(other, _)| *other == name);
    let (_, value) = named(HOST_NAME).or_else(|| named(NAME))?;
    Some(Secret::new(*value))
}
