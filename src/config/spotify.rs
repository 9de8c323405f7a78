//! The settings of the connection to Spotify and of the daily capture.

use chrono::NaiveTime;
use clap::Args;
use std::net::IpAddr;
use url::{Host, Url};

#[derive(Args, Clone)]
pub struct SpotifyConfig {
    /// The client id of your app in Spotify's developer dashboard; it can be typed on the page instead.
    /// SPOTIFY_CLIENT_SECRET, in the environment alone, is not needed
    #[arg(
        long = "spotify-client-id", global = true, env = "SPOTIFY_CLIENT_ID", value_name = "ID",
        value_parser = client_id
    )]
    pub client_id: Option<String>,

    /// Where Spotify's Web API is
    #[arg(
        long = "spotify-api-url", global = true, env = "SPOTIFY_API_URL", value_name = "URL",
        default_value = "https://api.spotify.com", value_parser = api_url
    )]
    pub api_url: Url,

    /// Where Spotify's sign-in is
    #[arg(
        long = "spotify-accounts-url", global = true, env = "SPOTIFY_ACCOUNTS_URL", value_name = "URL",
        default_value = "https://accounts.spotify.com", value_parser = accounts_url
    )]
    pub accounts_url: Url,

    /// When the lists of a day are taken, in TIME_ZONE
    #[arg(
        long, global = true, env = "CAPTURE_AT", value_name = "HH:MM",
        default_value = "06:00", value_parser = capture_at
    )]
    pub capture_at: NaiveTime,

    /// Tracks of a list that are taken at most
    #[arg(
        long, global = true, env = "CAPTURE_DEPTH", value_name = "NUMBER",
        default_value = "50", value_parser = capture_depth
    )]
    pub capture_depth: usize,
}

/// A client id has 32 hexadecimal digits today. Other lengths are accepted.
pub fn client_id(value: &str) -> Result<String, String> {
    let value = value.trim();
    let is_valid =
        (1..=128).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match is_valid {
        true => Ok(value.to_owned()),
        false => Err(
            "SPOTIFY_CLIENT_ID must be the client id that the developer dashboard shows: letters and digits"
                .into(),
        ),
    }
}

fn api_url(value: &str) -> Result<Url, String> {
    base_url(value).ok_or_else(|| base_url_reason("SPOTIFY_API_URL"))
}

fn accounts_url(value: &str) -> Result<Url, String> {
    base_url(value).ok_or_else(|| base_url_reason("SPOTIFY_ACCOUNTS_URL"))
}

/// Tokens are sent there: plain http only on this machine.
fn base_url(value: &str) -> Option<Url> {
    Url::parse(value).ok().filter(|url| {
        let is_origin = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let is_safe = match url.scheme() {
            "https" => url.has_host(),
            "http" => is_loopback(url),
            _ => false,
        };
        is_origin && is_safe && url.username().is_empty() && url.password().is_none()
    })
}

fn base_url_reason(name: &str) -> String {
    format!("{name} must be https:// and a host, or http:// and a loopback address, without a path")
}

/// Whether the host is a loopback address. The name `localhost` is none.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        _ => false,
    }
}

fn capture_at(value: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(value, "%H:%M")
        .map_err(|_| "CAPTURE_AT must be a time of day from 00:00 to 23:59, as in 06:00".into())
}

fn capture_depth(value: &str) -> Result<usize, String> {
    match value.parse() {
        Ok(number @ 1..=1000) => Ok(number),
        _ => Err("CAPTURE_DEPTH must be a whole number from 1 to 1000".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_go_over_https_or_stay_on_this_machine() {
        for good in [
            "https://api.spotify.com",
            "http://127.0.0.1:4000/",
            "http://[::1]:4000",
        ] {
            assert!(base_url(good).is_some(), "{good}");
        }
        for wrong in [
            "http://api.spotify.com",
            "http://localhost:4000",
            "https://api.spotify.com/v1",
            "https://user:secret@api.spotify.com",
            "ftp://127.0.0.1",
            "api.spotify.com",
        ] {
            assert!(base_url(wrong).is_none(), "{wrong}");
        }
    }
}
