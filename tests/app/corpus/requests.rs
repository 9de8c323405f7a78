//! Random requests, most of them invalid.

use super::mutations;
use super::pools::{
    COLLECTIONS, CURSORS, DAYS, ENCODINGS, IDS, METHOD_PATHS, METHODS, QUERIES, RANGES, SUFFIXES,
    TYPES, VALUES,
};
use crate::harness::writes::track_body;
use crate::harness::{JSON, gzip, page, payload};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use fastrand::Rng;
use reqwest::Method;
use serde_json::json;
use std::fmt;

pub struct Request {
    pub method: Method,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

fn one<T: Copy>(of: &[T], rng: &mut Rng) -> T {
    of[rng.usize(0..of.len())]
}

fn id(rng: &mut Rng) -> String {
    match rng.u8(0..20) {
        0 => "a".repeat(65),
        1 => "%C3%A9".repeat(65),
        2 => "b".repeat(3000),
        _ => one(&IDS, rng).into(),
    }
}

impl Request {
    pub fn random(rng: &mut Rng) -> Self {
        match rng.u32(0..100) {
            0..36 => Self::track(rng),
            36..61 => Self::rank(rng),
            61..66 => Self::list(rng),
            66..84 => Self::collection(rng),
            84..90 => Self::cursor(rng),
            90..94 => Self::deletion(rng),
            94..97 => Self::read(rng),
            _ => Self::method(rng),
        }
    }

    fn plain(method: Method, path: String) -> Self {
        Self {
            method,
            path,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    fn put(path: String, body: Vec<u8>, rng: &mut Rng) -> Self {
        let mut put = Self {
            method: Method::PUT,
            path,
            headers: JSON
                .iter()
                .map(|(name, value)| (*name, (*value).into()))
                .collect(),
            body,
        };
        match rng.u8(0..60) {
            0 => put.headers.clear(),
            1 => put.headers[0].1 = one(&TYPES, rng).into(),
            2 => put
                .headers
                .push(("content-encoding", one(&ENCODINGS, rng).into())),
            3 => {
                put.compress();
                let index = rng.usize(0..put.body.len());
                put.body[index] ^= 1 << rng.u8(0..8);
            }
            4 => put.path.push_str(one(&SUFFIXES, rng)),
            5 | 6 => put.compress(),
            _ => {}
        }
        put
    }

    fn compress(&mut self) {
        self.headers.push(("content-encoding", "gzip".into()));
        self.body = gzip(std::mem::take(&mut self.body));
    }

    fn track(rng: &mut Rng) -> Self {
        let mut valid = track_body("Name of it", payload("a").without("available_markets").0);
        valid["duration_ms"] = json!(1);
        valid["album_name"] = json!("Album");
        valid["spotify_url"] = json!("https://open.spotify.com/track/a");
        let id = match id(rng).as_str() {
            // Other requests expect that this track does not exist.
            id if id.contains("missing") => "b".into(),
            id => id.to_owned(),
        };
        let body = mutations::mutated(&valid, rng);
        Self::put(format!("/api/tracks/{id}"), body, rng)
    }

    fn rank(rng: &mut Rng) -> Self {
        let rank = mutations::mutated(&json!({ "rank": rng.i32(1..=10_000) }), rng);
        let path = match rng.u8(0..3) {
            0 => format!("{}/{}/{}", one(&DAYS, rng), one(&RANGES, rng), id(rng)),
            _ => "2026-03-01/short_term/a".into(),
        };
        Self::put(format!("/api/snapshots/{path}"), rank, rng)
    }

    /// Not on the day that other requests read.
    fn list(rng: &mut Rng) -> Self {
        let list = page((0..3).map(|number| payload(&format!("l{number}"))));
        let (body, day) = (
            mutations::mutated(&list, rng),
            one(&DAYS, rng).replace("2026-03-01", "2025-03-01"),
        );
        Self::put(
            format!("/api/snapshots/{day}/{}", one(&RANGES, rng)),
            body,
            rng,
        )
    }

    fn collection(rng: &mut Rng) -> Self {
        let path = one(&COLLECTIONS, rng);
        let pairs: Vec<_> = (0..rng.usize(1..4))
            .map(|_| format!("{}={}", one(&QUERIES, rng), one(&VALUES, rng)))
            .collect();
        Self::plain(Method::GET, format!("/api/{path}?{}", pairs.join("&")))
    }

    fn cursor(rng: &mut Rng) -> Self {
        let path = one(&["tracks", "snapshots", "captures"], rng);
        let cursor = match rng.u8(0..4) {
            0 => BASE64.encode(mutations::value(rng).get(..200).unwrap_or_default()),
            1 => one(&VALUES, rng).into(),
            _ => BASE64.encode(one(&CURSORS, rng)),
        };
        Self::plain(Method::GET, format!("/api/{path}?limit=1&cursor={cursor}"))
    }

    /// Only of tracks and lists that do not exist.
    fn deletion(rng: &mut Rng) -> Self {
        let day = one(&DAYS, rng).replace("2026-03-01", "2024-01-01");
        let id = id(rng).replace("bare", "missing");
        let path = match rng.bool() {
            true if !matches!(id.as_str(), "a" | "b" | "'%3B--") => format!("tracks/{id}"),
            _ => format!("snapshots/{day}/{}", one(&RANGES, rng)),
        };
        Self::plain(Method::DELETE, format!("/api/{path}"))
    }

    fn read(rng: &mut Rng) -> Self {
        let (day, range) = (one(&DAYS, rng), one(&RANGES, rng));
        let id = match id(rng) {
            // Concurrent requests create this track.
            id if id.contains("--") => "missing".into(),
            id => id,
        };
        let path = match rng.u8(0..3) {
            0 => format!("snapshots/{day}/{range}"),
            1 => format!("tracks/{id}/history"),
            _ => format!("tracks/{id}"),
        };
        Self::plain(Method::GET, format!("/api/{path}"))
    }

    fn method(rng: &mut Rng) -> Self {
        let method = one(&METHODS, rng).parse().expect("a method");
        Self::plain(method, one(&METHOD_PATHS, rng).into())
    }
}

impl fmt::Display for Request {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        let shown = &self.body[..self.body.len().min(2000)];
        write!(
            to,
            "{} {} {:?}\n{}",
            self.method,
            self.path,
            self.headers,
            shown.escape_ascii()
        )
    }
}
