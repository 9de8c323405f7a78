//! Where a request comes from, and whether the browser uses https. Headers of proxies count only from those named in
//! `TRUSTED_PROXIES`: everybody can send them.

use crate::config::Proxies;
use poem::http::{HeaderMap, HeaderValue, header};
use poem::{Addr, Request};
use std::net::{IpAddr, Ipv4Addr};
use url::Url;

#[derive(Clone)]
pub struct PeerPolicy {
    proxies: Proxies,
    /// The host of `PUBLIC_URL`, if it is https.
    https_host: Option<String>,
}

impl PeerPolicy {
    pub fn new(proxies: Proxies, public_url: Option<&Url>) -> Self {
        let https = public_url.filter(|url| url.scheme() == "https");
        Self {
            proxies,
            https_host: https.and_then(|url| Some(url.host_str()?.to_owned())),
        }
    }

    /// The address of the client: of the connection, or behind trusted proxies the last one that is not theirs.
    pub fn address(&self, request: &Request) -> IpAddr {
        self.client(peer(request), request.headers())
    }

    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut address = peer;
        for hop in forwarded_for(headers).into_iter().rev() {
            if !self.proxies.contains(address) {
                break;
            }
            match hop {
                Some(before) => address = before,
                // What stands before it cannot be trusted either.
                None => break,
            }
        }
        address.to_canonical()
    }

    /// Whether the browser uses https: a trusted proxy says so, or `PUBLIC_URL` does for this host.
    pub fn is_https(&self, request: &Request) -> bool {
        self.is_secure(peer(request), request.headers())
    }

    fn is_secure(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        // A proxy may add to what the client wrote: the last word is its own.
        let mut protocols = headers.get_all("x-forwarded-proto").iter();
        let last = protocols.next_back().and_then(|value| value.to_str().ok());
        let last = last.and_then(|text| text.rsplit(',').next());
        if let Some(protocol) = last.filter(|_| self.proxies.contains(peer)) {
            return protocol.trim().eq_ignore_ascii_case("https");
        }
        let host = text(header::HOST.as_str()).unwrap_or_default();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let is_host =
            |https: &String| https.eq_ignore_ascii_case(name) || https.eq_ignore_ascii_case(host);
        self.https_host.as_ref().is_some_and(is_host)
    }
}

/// The other end of the connection.
fn peer(request: &Request) -> IpAddr {
    match &request.remote_addr().0 {
        Addr::SocketAddr(address) => address.ip().to_canonical(),
        _ => Ipv4Addr::UNSPECIFIED.into(),
    }
}

/// The addresses of `X-Forwarded-For`, the nearest last. `None` stands for what is no address.
fn forwarded_for(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let values = headers.get_all("x-forwarded-for").iter();
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let lines: Vec<_> = values.map(text).collect();
    let hops = lines.iter().flat_map(|line| line.split(','));
    hops.map(|hop| parse(hop.trim())).collect()
}

/// An address, with or without a port.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_matches(['[', ']']).parse();
    let address = bare.or_else(|_| {
        hop.parse()
            .map(|with_port: std::net::SocketAddr| with_port.ip())
    });
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        access: crate::config::AccessConfig,
    }

    fn policy(networks: &str) -> PeerPolicy {
        let line = Line::parse_from(["test", "--trusted-proxies", networks]);
        let url = Url::parse("https://music.example.org").expect("a URL");
        PeerPolicy::new(line.access.trusted_proxies, Some(&url))
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let value = |text: &str| HeaderValue::from_str(text).expect("a header");
        let pairs = pairs.iter();
        pairs
            .map(|(name, text)| (name.parse().expect("a name"), value(text)))
            .collect()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn headers_of_trusted_proxies_alone_count() {
        let address = |networks, peer, header| {
            let headers = headers(&[("x-forwarded-for", header)]);
            policy(networks).client(ip(peer), &headers).to_string()
        };

        assert_eq!(address("", "10.0.0.1", "192.0.2.1"), "10.0.0.1");
        assert_eq!(address("10.0.0.0/8", "10.0.0.1", "192.0.2.1"), "192.0.2.1");
        // The client wrote the first one itself.
        let forged = "203.0.113.9, 192.0.2.1, 10.0.0.2";
        assert_eq!(address("10.0.0.0/8", "10.0.0.1", forged), "192.0.2.1");
        assert_eq!(
            address("10.0.0.0/8", "10.0.0.1", "192.0.2.1:443"),
            "192.0.2.1"
        );
        assert_eq!(
            address("10.0.0.0/8", "10.0.0.1", "[2001:db8::1]:443"),
            "2001:db8::1"
        );
        assert_eq!(address("10.0.0.0/8", "10.0.0.1", "unknown"), "10.0.0.1");
    }

    #[test]
    fn https_is_what_a_trusted_proxy_or_the_public_url_says() {
        let is_https = |networks, pairs: &[(&'static str, &str)]| {
            policy(networks).is_secure(ip("10.0.0.1"), &headers(pairs))
        };

        assert!(is_https("", &[("host", "music.example.org")]));
        assert!(!is_https("", &[("host", "127.0.0.1:8080")]));
        let says_https = ("x-forwarded-proto", "https");
        assert!(!is_https("", &[("host", "other.example.org"), says_https]));
        assert!(is_https(
            "10.0.0.1",
            &[("host", "other.example.org"), says_https]
        ));
        let twice = ("x-forwarded-proto", "http, https");
        assert!(is_https(
            "10.0.0.1",
            &[("host", "other.example.org"), twice]
        ));
        let says_http = ("x-forwarded-proto", "http");
        assert!(!is_https(
            "10.0.0.1",
            &[("host", "music.example.org"), says_http]
        ));
    }
}
