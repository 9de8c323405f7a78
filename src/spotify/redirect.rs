//! The redirect URI: where Spotify sends the owner's browser after the consent. It must be registered exactly so.

use crate::config::is_loopback;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
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
            false => format!("PUBLIC_URL is plain http, and {RULE}: put the program behind https"),
        });
    }
    let mut uri = base;
    uri.set_path(CALLBACK);
    uri.set_query(None);
    uri.set_fragment(None);
    Ok(uri)
}

fn of_address(address: SocketAddr) -> Result<Url, String> {
    let ip: IpAddr = match address.ip() {
        ip if ip.is_loopback() => ip,
        // Browsers on this machine reach it under the loopback address too.
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip == Ipv6Addr::UNSPECIFIED => Ipv4Addr::LOCALHOST.into(),
        ip => {
            return Err(format!(
                "the program listens on {ip} only, and {RULE}: set PUBLIC_URL to its https address"
            ));
        }
    };
    let authority = SocketAddr::new(ip, address.port());
    Url::parse(&format!("http://{authority}")).map_err(|cause| cause.to_string())
}
