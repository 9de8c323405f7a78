//! The cookie of a browser that begins to connect. All its tabs have the same.

use crate::config::Secret;
use crate::secrets::random;
use crate::store::connection::AUTHORIZATION_MINUTES;
use poem::http::{HeaderMap, header};

const NAME: &str = "authorization";
/// Over https. Browsers accept it from this host alone.
const HOST_NAME: &str = "__Host-authorization";

pub struct Cookie {
    pub value: Secret,
    is_https: bool,
}

impl Cookie {
    /// The one that the browser has, so that what it began in another tab stays valid, or a new one.
    pub fn of_browser(headers: &HeaderMap, is_https: bool) -> Self {
        let value = named(headers, name(is_https)).unwrap_or_else(random);
        Self { value, is_https }
    }

    /// The value that the browser sends back.
    pub fn sent(headers: &HeaderMap) -> Option<Secret> {
        named(headers, HOST_NAME).or_else(|| named(headers, NAME))
    }

    /// The value of `Set-Cookie`.
    pub fn to_header(&self) -> String {
        let (name, value) = (name(self.is_https), self.value.expose());
        let secure = if self.is_https { "; Secure" } else { "" };
        let seconds = AUTHORIZATION_MINUTES * 60;
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }
}

fn name(is_https: bool) -> &'static str {
    if is_https { HOST_NAME } else { NAME }
}

/// Only a value of the form of [`random`].
fn named(headers: &HeaderMap, name: &str) -> Option<Secret> {
    let values = headers.get_all(header::COOKIE).iter();
    let pairs = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let mut named = pairs.filter(|(other, _)| *other == name);
    let (_, value) = named.find(|(_, value)| is_random(value))?;
    Some(Secret::new(value))
}

fn is_random(value: &str) -> bool {
    let is_of_it = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    value.len() == 43 && value.bytes().all(is_of_it)
}
