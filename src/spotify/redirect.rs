//! The redirect URI: where Spotify sends the owner's browser after the consent. It must be registered exactly so.

use crate::config::{is_loopback, local_address};
use std::net::SocketAddr;
use url::Url;

/// The path of the redirect URI.
pub const CALLBACK: &str = "/spotify/callback";

const RULE: &str = "Spotify accepts https://, or http:// with the address 127.0.0.1 or [::1]";

/// The redirect URI of a program that listens on `address`, or the reason why Spotify would not accept it.
pub fn redirect_uri(public_url: Option<&Url>, address: SocketAddr) -> Result<Url, String> {
    let base = match public_url {
        Some(url) => url.clone(),
        None => of_address(address)?,
    };
    if base.scheme() != "https" && !is_loopback(&base) {
        let host = base.host_str().unwrap_or_default();
        return Err(match host == "localhost" || host.ends_with(".localhost") {
            true => format!("PUBLIC_URL names {host}, and {RULE}: use http://127.0.0.1 instead"),
            false => format!(
                "PUBLIC_URL is plain http, and {RULE}: put the program behind https, or unset PUBLIC_URL"
            ),
        });
    }
    let mut uri = base;
    uri.set_path(CALLBACK);
    uri.set_query(None);
    uri.set_fragment(None);
    Ok(uri)
}

fn of_address(address: SocketAddr) -> Result<Url, String> {
    let address = local_address(address);
    let ip = address.ip();
    match ip.is_loopback() {
        true => Url::parse(&format!("http://{address}")).map_err(|cause| cause.to_string()),
        false => Err(format!(
            "the program listens on {ip} only, and {RULE}: set PUBLIC_URL to its https address"
        )),
    }
}
