//! The client of Spotify understands what the provider answers.

use super::{CLIENT_ID, REDIRECT_URI, client, config, connect, consent};
use crate::harness::client::http;
use crate::harness::payload;
use chrono::{DateTime, TimeDelta, Utc};
use entity::snapshot::TimeRange;
use music_time_machine::config::Secret;
use music_time_machine::demo::spotify::{Call, FakeSpotify, Fault, Rotation, When};
use music_time_machine::spotify::{Answer, Failure, Refusal, Spotify, Tokens, TopTracks};
use serde_json::{Value, json};
use std::net::TcpListener;

const RANGE: TimeRange = TimeRange::ShortTerm;
const LIST: [Call; 1] = [Call::TopTracks(RANGE)];

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

async fn connected() -> (FakeSpotify, Spotify, Tokens) {
    let fake = FakeSpotify::start().await.expect("a free port");
    fake.set_now(instant("2026-03-01T06:00:00Z"));
    let spotify = client(&fake);
    let tokens = connect(&fake, &spotify).await;
    (fake, spotify, tokens)
}

fn tracks(count: usize) -> Vec<Value> {
    let id = |number| json!({ "id": format!("track{number}"), "name": "A name" });
    (0..count).map(id).collect()
}

/// Asks for all pages of a list.
async fn whole(spotify: &Spotify, access_token: &Secret, depth: usize) -> Answer<TopTracks> {
    let mut list = spotify.top_tracks(RANGE, depth);
    while !list.is_complete() {
        spotify.add_page(access_token, &mut list).await?;
    }
    Ok(list)
}

fn put(fake: &FakeSpotify, count: usize) {
    fake.put_list(instant("2026-03-01T00:00:00Z"), RANGE, tracks(count));
}

#[tokio::test]
async fn a_code_is_exchanged_once_with_its_verifier() {
    let fake = FakeSpotify::start().await.expect("a free port");
    let spotify = client(&fake);
    let (authorization, code) = consent(&fake, &spotify);
    let (other, other_code) = consent(&fake, &spotify);
    let exchange = async |code, verifier| {
        let tokens = spotify.exchange_code(CLIENT_ID, code, verifier, REDIRECT_URI);
        tokens.await.map(|tokens| tokens.refresh_token.is_some())
    };

    let first = exchange(&code, &authorization.verifier).await;
    let again = exchange(&code, &authorization.verifier).await;
    let wrong_verifier = exchange(&other_code, &authorization.verifier).await;

    assert_ne!(authorization.state, other.state);
    assert_eq!(first, Ok(true));
    assert_eq!(again, Err(Failure::InvalidGrant));
    assert_eq!(wrong_verifier, Err(Failure::InvalidGrant));
}

#[tokio::test]
async fn the_page_of_the_consent_says_that_it_is_made_up() {
    let fake = FakeSpotify::start().await.expect("a free port");
    let spotify = client(&fake);
    let redirect_uri = REDIRECT_URI.parse().expect("a URL");
    let authorization =
        music_time_machine::spotify::Authorization::new(CLIENT_ID.into(), redirect_uri);
    let url = spotify.authorize_url(&authorization);
    let browser = http().redirect(reqwest::redirect::Policy::none());
    let browser = browser.build().expect("a client");

    let page = browser.get(url.clone()).send().await.expect("a page");
    let page = page.text().await.expect("a text");
    let cancel = browser.post(url.clone()).form(&[("decision", "cancel")]);
    let cancelled = cancel.send().await.expect("a redirect");

    assert!(page.contains("This is not Spotify"), "{page}");
    let location = cancelled.headers()["location"].to_str().expect("a text");
    assert!(location.starts_with(REDIRECT_URI), "{location}");
    assert!(
        location.contains("error=access_denied&state="),
        "{location}"
    );
    let insecure = url.as_str().replace("127.0.0.1%3A8080", "localhost%3A8080");
    let refused = browser.get(insecure).send().await.expect("a page");
    assert_eq!(refused.status(), 400);
}

#[tokio::test]
async fn a_refresh_works_with_every_kind_of_rotation() {
    let (fake, spotify, tokens) = connected().await;
    let first = tokens.refresh_token.expect("a refresh token");

    let kept = spotify.refresh(CLIENT_ID, &first).await.expect("tokens");
    fake.set_rotation(Rotation::Repeat);
    let repeated = spotify.refresh(CLIENT_ID, &first).await.expect("tokens");
    fake.set_rotation(Rotation::Rotate);
    let rotated = spotify.refresh(CLIENT_ID, &first).await.expect("tokens");
    let old = spotify.refresh(CLIENT_ID, &first).await;

    assert_eq!(kept.refresh_token, None);
    assert_eq!(repeated.refresh_token.as_ref(), Some(&first));
    assert_eq!(old.map(drop), Err(Failure::InvalidGrant));
    let new = rotated.refresh_token.expect("a new refresh token");
    fake.set_now(instant("2026-09-01T05:59:59Z"));
    assert!(spotify.refresh(CLIENT_ID, &new).await.is_ok());
    let mut newest = fake.secrets().into_iter();
    let newest = newest
        .rfind(|secret| secret.contains("refresh"))
        .map(Secret::new);
    fake.set_now(instant("2026-09-01T06:00:00Z"));
    let ended = spotify.refresh(CLIENT_ID, &newest.expect("a token")).await;
    assert_eq!(ended.map(drop), Err(Failure::InvalidGrant));
}

#[tokio::test]
async fn a_list_is_followed_page_by_page_to_its_depth() {
    let (fake, spotify, tokens) = connected().await;
    let cases = [
        (50, 120, 1),
        (120, 120, 3),
        (75, 120, 2),
        (200, 120, 3),
        (10, 120, 1),
        (50, 0, 1),
    ];

    for (depth, length, requests) in cases {
        put(&fake, length);
        let before = fake.requests().len();

        let list = whole(&spotify, &tokens.access_token, depth).await;

        let list = list.expect("a list");
        let items: Vec<Value> = list
            .items
            .iter()
            .map(|item| serde_json::from_str(item.get()).expect("JSON"))
            .collect();
        assert_eq!(items, tracks(length.min(depth)), "{depth} of {length}");
        assert_eq!(
            fake.requests().len() - before,
            requests,
            "{depth} of {length}"
        );
    }
}

#[tokio::test]
async fn tracks_are_kept_as_they_came() {
    let (fake, spotify, tokens) = connected().await;
    let track = payload("a").0;
    let body =
        format!("{{ \"items\" : [ {track} ,{{\"id\":\"é\\u00e9\",\"n\":1.50}}],\"next\":null }}\n");
    fake.put_body(instant("2026-03-01T00:00:00Z"), RANGE, body.as_str());

    let list = whole(&spotify, &tokens.access_token, 50).await;

    let list = list.expect("a list");
    assert_eq!(list.items[1].get(), "{\"id\":\"é\\u00e9\",\"n\":1.50}");
}

#[tokio::test]
async fn every_fault_is_told_apart() {
    let (fake, spotify, tokens) = connected().await;
    put(&fake, 60);
    let limited = |seconds, is_quota| Failure::RateLimited { seconds, is_quota };
    let without_wait = Fault::status(429, "");
    let cases = [
        (Fault::expired_token(), Failure::Unauthorized),
        (Fault::rate_limited(7), limited(7, false)),
        (Fault::quota_exceeded(48_925), limited(48_925, true)),
        (without_wait, limited(30, false)),
        (Fault::no_premium(), Failure::Refused(Refusal::Premium)),
        (
            Fault::user_not_listed(),
            Failure::Refused(Refusal::UserNotListed),
        ),
        (Fault::missing_scope(), Failure::Refused(Refusal::Scope)),
        (Fault::outage(), Failure::outage("Spotify answered 503")),
        (Fault::Redirect, Failure::outage("Spotify answered 302")),
        (
            Fault::NotJson,
            Failure::outage("Spotify's answer is not a list"),
        ),
        (
            Fault::BrokenOff,
            Failure::outage("Spotify's answer broke off"),
        ),
        (
            Fault::NextElsewhere,
            Failure::outage("Spotify's next page is at another address"),
        ),
    ];

    for (fault, expected) in cases {
        fake.fail(&LIST, When::Next(1), fault.clone());

        let list = whole(&spotify, &tokens.access_token, 60).await;

        assert_eq!(list.map(drop), Err(expected), "{fault:?}");
    }
    assert!(whole(&spotify, &tokens.access_token, 60).await.is_ok());
}

#[tokio::test]
async fn a_fault_on_a_later_page_fails_the_list() {
    let (fake, spotify, tokens) = connected().await;
    put(&fake, 60);
    let now = instant("2026-03-01T06:00:00Z");
    let a_minute = When::Between(now, now + TimeDelta::minutes(1));
    fake.fail(&LIST, When::Next(1), Fault::ShiftedPages);
    fake.fail(&LIST, a_minute, Fault::outage());

    let list = whole(&spotify, &tokens.access_token, 60).await;

    assert_eq!(list.map(drop), Err(Failure::outage("Spotify answered 503")));
    let asked: Vec<_> = fake
        .requests()
        .iter()
        .map(|request| request.offset)
        .collect();
    assert_eq!(asked, [0, 0, 50]);
}

#[tokio::test]
async fn odd_lists_arrive_as_lists() {
    let (fake, spotify, tokens) = connected().await;
    put(&fake, 60);
    let mut counts = Vec::new();

    for fault in [
        Fault::EmptyList,
        Fault::DegradedList,
        Fault::RepeatedTrack,
        Fault::ShiftedPages,
    ] {
        fake.fail(&LIST, When::Next(2), fault);
        let list = whole(&spotify, &tokens.access_token, 60).await;
        fake.heal();
        let list = list.expect("a list");
        let mut ids: Vec<_> = list.items.iter().map(|item| item.get()).collect();
        ids.sort_unstable();
        ids.dedup();
        counts.push((list.items.len(), ids.len()));
    }

    assert_eq!(counts, [(0, 0), (60, 60), (60, 59), (60, 59)]);
}

#[tokio::test]
async fn the_account_is_named_and_an_expired_token_is_noticed() {
    let (fake, spotify, tokens) = connected().await;

    let named = spotify
        .account(&tokens.access_token)
        .await
        .expect("an account");
    fake.set_account("listener", None);
    let unnamed = spotify
        .account(&tokens.access_token)
        .await
        .expect("an account");
    fake.set_now(instant("2026-03-01T07:00:00Z"));
    let expired = spotify.account(&tokens.access_token).await;

    assert_eq!(named.name, "Made-up Listener");
    assert_eq!(
        (unnamed.id.as_str(), unnamed.name.as_str()),
        ("account-listener", "listener")
    );
    assert_eq!(expired, Err(Failure::Unauthorized));
}

#[tokio::test]
async fn the_sample_library_is_served_unless_lists_are_scripted() {
    let (_fake, spotify, tokens) = connected().await;

    for range in TimeRange::ALL {
        let mut list = spotify.top_tracks(range, 50);
        let page = spotify.add_page(&tokens.access_token, &mut list).await;
        assert_eq!((page, list.items.len()), (Ok(()), 50));
    }
}

#[tokio::test]
async fn nothing_shows_a_secret() {
    let (fake, spotify, tokens) = connected().await;
    let (authorization, code) = consent(&fake, &spotify);
    let list = whole(&spotify, &Secret::new("guessed"), 50).await;

    let shown = format!("{tokens:?} {authorization:?} {code:?} {spotify:?} {list:?}");

    for secret in fake.secrets() {
        assert!(!shown.contains(&secret), "{shown}");
    }
    assert!(!shown.contains(authorization.verifier.expose()), "{shown}");
    assert!(!shown.contains("guessed"), "{shown}");
}

#[tokio::test]
async fn an_outage_says_why() {
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    let origin = format!("http://{}", closed.expect("a free port"));
    let settings = config(&["--spotify-accounts-url", &origin]);
    let spotify = Spotify::new(&settings).expect("a client");
    let secret = Secret::new("a-secret-code");

    let exchanged = spotify
        .exchange_code(CLIENT_ID, &secret, &secret, REDIRECT_URI)
        .await;

    let shown = exchanged.expect_err("nobody listens").to_string();
    assert!(
        shown.starts_with("Spotify could not be reached: Connection refused"),
        "{shown}"
    );
}
