//! Requests with something wrong somewhere, and some with nothing wrong at all.

use super::odd;
use super::pools::{DAYS, IDS, PLACES, QUERIES, RANGES, VALUES};
use crate::harness::writes::track_body;
use crate::harness::{JSON, gzip, page, payload};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use fastrand::Rng;
use reqwest::Method;
use serde_json::json;
use std::fmt;

pub struct Odd {
    pub method: Method,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

fn one<T: Copy>(of: &[T], chance: &mut Rng) -> T {
    of[chance.usize(0..of.len())]
}

fn id(chance: &mut Rng) -> String {
    match chance.u8(0..20) {
        0 => "a".repeat(65),
        1 => "%C3%A9".repeat(65),
        2 => "b".repeat(3000),
        _ => one(&IDS, chance).into(),
    }
}

impl Odd {
    pub fn request(chance: &mut Rng) -> Self {
        match chance.u32(0..100) {
            0..36 => Self::track(chance),
            36..61 => Self::rank(chance),
            61..66 => Self::list(chance),
            66..84 => Self::listing(chance),
            84..90 => Self::cursor(chance),
            90..94 => Self::deletion(chance),
            94..97 => Self::read(chance),
            _ => Self::method(chance),
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

    fn put(path: String, body: Vec<u8>, chance: &mut Rng) -> Self {
        let mut put = Self {
            method: Method::PUT,
            path,
            headers: JSON
                .iter()
                .map(|(name, value)| (*name, (*value).into()))
                .collect(),
            body,
        };
        match chance.u8(0..60) {
            0 => put.headers.clear(),
            1 => {
                put.headers[0].1 = one(
                    &[
                        "text/plain",
                        "",
                        "*/*",
                        "application/json/x",
                        "APPLICATION/JSON;x",
                    ],
                    chance,
                )
                .into()
            }
            2 => put.headers.push((
                "content-encoding",
                one(&["br", "gzip", "identity", "x", ""], chance).into(),
            )),
            3 => {
                put.headers.push(("content-encoding", "gzip".into()));
                put.body = gzip(put.body);
                let place = chance.usize(0..put.body.len());
                put.body[place] ^= 1 << chance.u8(0..8);
            }
            4 => put.path.push_str(one(
                &[
                    "?x=1", "?limit=1", "?", "?&&", "?=", "?%00", "/", "//", "/x/y",
                ],
                chance,
            )),
            5 | 6 => {
                put.headers.push(("content-encoding", "gzip".into()));
                put.body = gzip(put.body);
            }
            _ => {}
        }
        put
    }

    fn track(chance: &mut Rng) -> Self {
        let mut good = track_body("Name of it", payload("a").without("available_markets").0);
        good["duration_ms"] = json!(1);
        good["album_name"] = json!("Album");
        good["spotify_url"] = json!("https://open.spotify.com/track/a");
        let id = match id(chance).as_str() {
            // It has to be nobody, or others would find somebody.
            id if id.contains("nobody") => "b".into(),
            id => id.to_owned(),
        };
        let body = odd::bent(&good, chance);
        Self::put(format!("/api/tracks/{id}"), body, chance)
    }

    fn rank(chance: &mut Rng) -> Self {
        let rank = odd::bent(&json!({ "rank": chance.i32(1..=10_000) }), chance);
        let path = match chance.u8(0..3) {
            0 => format!(
                "{}/{}/{}",
                one(&DAYS, chance),
                one(&RANGES, chance),
                id(chance)
            ),
            _ => "2026-03-01/short_term/a".into(),
        };
        Self::put(format!("/api/snapshots/{path}"), rank, chance)
    }

    /// Never of the day that others ask for.
    fn list(chance: &mut Rng) -> Self {
        let list = page((0..3).map(|number| payload(&format!("l{number}"))));
        let (body, day) = (
            odd::bent(&list, chance),
            one(&DAYS, chance).replace("2026-03-01", "2025-03-01"),
        );
        Self::put(
            format!("/api/snapshots/{day}/{}", one(&RANGES, chance)),
            body,
            chance,
        )
    }

    fn listing(chance: &mut Rng) -> Self {
        let path = one(
            &[
                "tracks",
                "snapshots",
                "captures",
                "release-year-distribution",
                "summary",
            ],
            chance,
        );
        let pairs: Vec<_> = (0..chance.usize(1..4))
            .map(|_| format!("{}={}", one(&QUERIES, chance), one(&VALUES, chance)))
            .collect();
        Self::plain(Method::GET, format!("/api/{path}?{}", pairs.join("&")))
    }

    fn cursor(chance: &mut Rng) -> Self {
        let path = one(&["tracks", "snapshots", "captures"], chance);
        let cursor = match chance.u8(0..4) {
            0 => BASE64.encode(odd::value(chance).get(..200).unwrap_or_default()),
            1 => one(&VALUES, chance).into(),
            _ => BASE64.encode(one(&PLACES, chance)),
        };
        Self::plain(Method::GET, format!("/api/{path}?limit=1&cursor={cursor}"))
    }

    /// Of what is not there.
    fn deletion(chance: &mut Rng) -> Self {
        let day = one(&DAYS, chance).replace("2026-03-01", "2024-01-01");
        let id = id(chance).replace("bare", "nobody");
        let path = match chance.bool() {
            true if !matches!(id.as_str(), "a" | "b" | "'%3B--") => format!("tracks/{id}"),
            _ => format!("snapshots/{day}/{}", one(&RANGES, chance)),
        };
        Self::plain(Method::DELETE, format!("/api/{path}"))
    }

    fn read(chance: &mut Rng) -> Self {
        let (day, range) = (one(&DAYS, chance), one(&RANGES, chance));
        let id = match id(chance) {
            // It is put, or not yet.
            id if id.contains("--") => "nobody".into(),
            id => id,
        };
        let path = match chance.u8(0..3) {
            0 => format!("snapshots/{day}/{range}"),
            1 => format!("tracks/{id}/history"),
            _ => format!("tracks/{id}"),
        };
        Self::plain(Method::GET, format!("/api/{path}"))
    }

    fn method(chance: &mut Rng) -> Self {
        let paths = [
            "/api",
            "/api/",
            "/api/tracks",
            "/api/tracks/a/history",
            "/api/x",
            "/api/snapshots/a/b/c/d",
            "/api/captures/1",
        ];
        let method = one(&["POST", "PATCH", "TRACE", "OPTIONS", "PUT", "ODD"], chance);
        Self::plain(
            method.parse().expect("a method"),
            one(&paths, chance).into(),
        )
    }
}

impl fmt::Display for Odd {
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
