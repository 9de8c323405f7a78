//! Captures over many days, with every fault that the provider is known to have.

use super::simulation::{BERLIN, Simulation, instant, list};
use crate::harness::{Engine, TestApp, on_both_engines};
use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use entity::snapshot::TimeRange;
use music_time_machine::connection::State;
use music_time_machine::demo::spotify::{Call, Fault, Rotation, When};
use serde_json::Value;

const SHORT: [Call; 1] = [Call::TopTracks(TimeRange::ShortTerm)];

fn date(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day") + Days::new(number)
}

/// A day with a fault from 6 o'clock on.
#[derive(Clone)]
struct BadDay {
    number: u64,
    /// The hour at which the fault ends.
    until: i64,
    calls: Vec<Call>,
    fault: Fault,
    /// What the ledger is to tell.
    ledger: Vec<String>,
    /// The requests that it takes. A usual day has four: one for a new token, three for the lists.
    requests: usize,
}

const RANGES: [&str; 3] = ["short", "medium", "long"];

fn good(range: &str) -> String {
    format!("{range} captured 50×1")
}

/// Each list fails so many times for one reason, and then comes.
fn at_last(count: usize, reason: &str) -> Vec<String> {
    let rows = |range: &&str| [format!("{range} failed 0×{count}: {reason}"), good(range)];
    RANGES.iter().flat_map(rows).collect()
}

/// The short list is `short` at first, and then comes.
fn only_short(short: &str) -> Vec<String> {
    let mut rows = vec![format!("short {short}")];
    rows.extend(RANGES.map(good));
    rows
}

fn outages_and_pauses() -> Vec<BadDay> {
    let lists = || Call::LISTS.to_vec();
    let pause = |until: &str| at_last(1, &format!("Spotify asked for a pause until {until}"));
    let day = |number, until, calls, fault, ledger, requests| BadDay {
        number,
        until,
        calls,
        fault,
        ledger,
        requests,
    };
    let thrice = |cause: &str| format!("{cause}, 3 times");
    let outage = thrice("Spotify answered 503");
    let no_list = format!("failed 0×1: {}", thrice("Spotify's answer is not a list"));
    vec![
        // At 6 and at 7 three tries a list, at 9 none fails.
        day(
            3,
            8,
            lists(),
            Fault::outage(),
            at_last(2, &outage),
            10 + 10 + 4,
        ),
        // One request finds the pause, and the other lists are not asked for.
        day(
            5,
            7,
            lists(),
            Fault::rate_limited(7200),
            pause("6 Mar 2026, 08:00"),
            2 + 4,
        ),
        day(
            7,
            7,
            lists(),
            Fault::quota_exceeded(48_925),
            pause("8 Mar 2026, 19:35"),
            2 + 4,
        ),
        day(
            23,
            7,
            SHORT.to_vec(),
            Fault::NotJson,
            only_short(&no_list),
            6 + 2,
        ),
    ]
}

/// Without a token no list can be asked for.
fn days_without_a_token() -> Vec<BadDay> {
    let day = |number, fault, status| BadDay {
        number,
        until: 7,
        calls: [&Call::LISTS[..], &[Call::Refresh]].concat(),
        fault,
        ledger: at_last(1, &format!("Spotify answered {status}, 3 times")),
        requests: 3 + 4,
    };
    vec![
        day(25, Fault::Redirect, 302),
        BadDay {
            calls: vec![Call::Refresh],
            ..day(29, Fault::outage(), 503)
        },
    ]
}

fn refusals() -> Vec<BadDay> {
    let premium = "Spotify refuses because the owner of the app has no Premium subscription; after subscribing it can \
                   take a few hours";
    let listed = "Spotify refuses because this account is not on the app's list of users: add it under User Management \
                  in the developer dashboard";
    let scope = "Spotify refuses because the permission to read your top lists is missing: connect again and agree to it";
    let grant = "Spotify no longer accepts the consent: connect again";
    let day = |number, until, fault, ledger, requests| BadDay {
        number,
        until,
        calls: Call::LISTS.to_vec(),
        fault,
        ledger,
        requests,
    };
    let never = |reason: &str| {
        RANGES
            .map(|range| format!("{range} failed 0×5: {reason}"))
            .to_vec()
    };
    vec![
        // At 6, 7, 9, 12 and 18, with one request each beside that for the token.
        day(9, 24, Fault::no_premium(), never(premium), 10),
        day(11, 7, Fault::user_not_listed(), at_last(1, listed), 2 + 4),
        day(27, 7, Fault::missing_scope(), at_last(1, scope), 2 + 4),
        // Once it is a mistake of the provider.
        BadDay {
            calls: vec![Call::Refresh],
            ..day(19, 7, Fault::invalid_grant(), at_last(1, grant), 1 + 4)
        },
    ]
}

fn odd_lists() -> Vec<BadDay> {
    let day = |number, until, fault, ledger, requests| BadDay {
        number,
        until,
        calls: SHORT.to_vec(),
        fault,
        ledger,
        requests,
    };
    let degraded = RANGES
        .map(|range| format!("{range} degraded 50×1"))
        .to_vec();
    vec![
        // An empty list is asked for again.
        day(13, 7, Fault::EmptyList, only_short("empty 0×1"), 4 + 2),
        BadDay {
            calls: Call::LISTS.to_vec(),
            ..day(15, 24, Fault::DegradedList, degraded, 4)
        },
        day(17, 24, Fault::RepeatedTrack, RANGES.map(good).to_vec(), 4),
    ]
}

impl Simulation {
    fn script(&self, bad: &BadDay) {
        let midnight = date(bad.number).and_time(NaiveTime::MIN).and_utc();
        let hour = |hour| midnight + TimeDelta::hours(hour);
        let when = When::Between(hour(6), hour(bad.until));
        self.fake.fail(&bad.calls, when, bad.fault.clone());
    }

    async fn must_have_kept(&self, number: u64) {
        let day = date(number);
        for range in TimeRange::ALL {
            let kept = self.list(&day.to_string(), range).await;
            let expected = list(u32::try_from(number).expect("small"), range);
            let id = |track: &Value| track["id"].as_str().expect("an id").to_owned();
            let ids: Vec<_> = expected.iter().map(id).collect();
            match number == 17 && range == TimeRange::ShortTerm {
                // The second track was the first one again.
                true => assert_eq!(kept.len(), 49, "{day}"),
                false => assert_eq!(kept, ids, "{day} {range:?}"),
            }
        }
    }
}

on_both_engines! {
async fn sixty_days_with_every_fault_are_told_exactly_and_lose_no_good_list(app: TestApp) {
    let simulation = Simulation::start(&app, "2026-02-28T12:00:00Z", "UTC", &[]).await;
    simulation.connect().await;
    simulation.fake.set_rotation(Rotation::Rotate);
    for number in 0..60 {
        let since = date(number).and_time(NaiveTime::MIN).and_utc();
        for range in TimeRange::ALL {
            simulation.fake.put_list(since, range, list(u32::try_from(number).expect("small"), range));
        }
    }
    let bad_days = [outages_and_pauses(), days_without_a_token(), refusals(), odd_lists()].concat();
    for bad in &bad_days {
        simulation.script(bad);
    }

    for number in 0..60 {
        let (day, next) = (date(number), date(number + 1));
        // On one day the program is off until the evening, and on one it is off.
        let from = match number {
            33 => format!("{day}T21:30:00Z"),
            35 => continue,
            _ => format!("{day}T00:00:00Z"),
        };
        simulation.run(&from, &format!("{next}T00:00:00Z")).await;
        let bad = bad_days.iter().find(|bad| bad.number == number);
        let ledger = bad.map_or_else(|| RANGES.map(good).to_vec(), |bad| bad.ledger.clone());
        assert_eq!(simulation.ledger(&day.to_string()).await, ledger, "{day}");
        let asked = simulation.requests_between(&format!("{day}T00:00:00Z"), &format!("{next}T00:00:00Z"));
        assert_eq!(asked, bad.map_or(4, |bad| bad.requests), "{day}");
        // On one day no list came at all.
        if number != 9 {
            simulation.must_have_kept(number).await;
        }
    }

    assert_eq!(simulation.ledger(&date(35).to_string()).await, [""; 0]);
    assert_eq!(simulation.connection().await.state, State::Connected);
    for (from, until) in [("2026-03-06T06:00:01Z", "2026-03-06T08:00:00Z"), ("2026-03-08T06:00:01Z", "2026-03-08T19:35:25Z")] {
        assert_eq!(simulation.requests_between(from, until), 0, "a pause");
    }
}
}

on_both_engines! {
async fn a_consent_ends_with_the_second_refusal_and_is_then_asked_no_more(app: TestApp) {
    let simulation = Simulation::start(&app, "2026-03-01T00:30:00Z", "UTC", &[]).await;
    simulation.connect().await;
    simulation.fake.revoke();

    simulation.run("2026-03-02T00:00:00Z", "2026-03-05T00:00:00Z").await;

    assert_eq!(simulation.connection().await.state, State::ConsentEnded);
    assert_eq!(simulation.requests_between("2026-03-02T00:00:00Z", "2026-03-05T00:00:00Z"), 2);
    assert_eq!(simulation.ledger("2026-03-02").await[0], "short failed 0×1: Spotify no longer accepts the consent: connect again");
    assert_eq!(simulation.ledger("2026-03-02").await[1], "short failed 0×1: the consent has ended; connect again");
    assert_eq!(simulation.ledger("2026-03-03").await, [""; 0]);
    // A new consent begins anew.
    simulation.fake.heal();
    simulation.connect().await;
    simulation.run("2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z").await;
    assert_eq!(simulation.ledger("2026-03-05").await.len(), 3);
}
}

on_both_engines! {
async fn a_token_that_ended_early_is_refreshed_once(app: TestApp) {
    let simulation = Simulation::start(&app, "2026-03-01T06:00:00Z", "UTC", &[]).await;
    simulation.connect().await;
    simulation.fake.set_rotation(Rotation::Rotate);
    simulation.fake.fail(&SHORT, When::Next(1), Fault::expired_token());

    simulation.step_at("2026-03-01T06:10:00Z").await;

    assert_eq!(simulation.ledger("2026-03-01").await.len(), 3);
    // The list, a new token, the list again, and two lists.
    assert_eq!(simulation.requests_between("2026-03-01T06:10:00Z", "2026-03-01T07:00:00Z"), 5);
    simulation.fake.fail(&Call::LISTS, When::Next(9), Fault::expired_token());
    simulation.step_at("2026-03-02T06:10:00Z").await;
    assert_eq!(simulation.ledger("2026-03-02").await[0], "short failed 0×1: Spotify no longer accepts the access token");
}
}

on_both_engines! {
async fn the_schedule_follows_the_clock_of_the_time_zone(app: TestApp) {
    let simulation = Simulation::start(&app, "2026-03-28T12:00:00Z", BERLIN, &["--capture-at", "02:30"]).await;
    simulation.connect().await;
    simulation.step_at("2026-03-28T12:00:00Z").await;

    // On the 29th there is no half past two: the day is taken at three, which is one o'clock UTC.
    assert_eq!(simulation.step_at("2026-03-29T00:59:00Z").await, Some(instant("2026-03-29T01:00:00Z")));
    assert_eq!(simulation.ledger("2026-03-29").await.len(), 0);
    simulation.step_at("2026-03-29T01:00:00Z").await;
    assert_eq!(simulation.ledger("2026-03-29").await.len(), 3);
    // A clock that is set back takes nothing twice, one that jumps ahead takes the day it shows, and goes on from there.
    let before = simulation.fake.requests().len();
    simulation.step_at("2026-03-28T20:00:00Z").await;
    simulation.step_at("2026-03-29T20:00:00Z").await;
    assert_eq!(simulation.fake.requests().len(), before);
    simulation.step_at("2028-02-29T03:00:00Z").await;
    assert_eq!(simulation.ledger("2028-02-29").await.len(), 3);
    simulation.step_at("2026-03-30T03:00:00Z").await;
    assert_eq!(simulation.ledger("2026-03-30").await.len(), 3);
    // In autumn half past two comes twice, and the first one counts.
    assert_eq!(simulation.step_at("2026-10-24T23:00:00Z").await, Some(instant("2026-10-25T00:30:00Z")));
    // At midnight of Berlin the day is a new one.
    assert_eq!(simulation.step_at("2026-10-31T23:30:00Z").await, Some(instant("2026-11-01T01:30:00Z")));
    assert_eq!(simulation.ledger("2026-10-31").await, [""; 0]);
    simulation.step_at("2026-11-01T01:30:00Z").await;
    assert_eq!(simulation.ledger("2026-11-01").await.len(), 3);
}
}

on_both_engines! {
async fn two_processes_take_each_list_once_and_one_takes_over(app: TestApp) {
    let simulation = Simulation::start(&app, "2026-03-01T06:00:00Z", "UTC", &[]).await;
    simulation.connect().await;
    let other = simulation.another_capturer();

    let (one, two) = tokio::join!(simulation.capturer.step(), other.step());

    one.and(two).expect("the database answers");
    assert_eq!(simulation.ledger("2026-03-01").await.len(), 3);
    assert_eq!(simulation.fake.requests().iter().filter(|request| request.call != Call::ExchangeCode).count(), 3);

    // One is killed while it waits for a list.
    simulation.set(instant("2026-03-02T06:00:00Z"));
    simulation.fake.fail(&SHORT, When::Next(1), Fault::Silence);
    let killed = tokio::time::timeout(std::time::Duration::from_secs(1), simulation.capturer.step()).await;
    assert!(killed.is_err(), "it waits");
    other.step().await.expect("the database answers");
    assert_eq!(simulation.ledger("2026-03-02").await, [""; 0], "the lease is still held");
    simulation.set(instant("2026-03-02T06:02:00Z"));
    other.step().await.expect("the database answers");
    assert_eq!(simulation.ledger("2026-03-02").await.len(), 3);
}
}

on_both_engines! {
async fn a_capture_by_hand_answers_its_rows_or_why_not(app: TestApp) {
    use music_time_machine::capture::Unable;
    let simulation = Simulation::start(&app, "2026-03-01T05:00:00Z", "UTC", &[]).await;
    assert!(matches!(simulation.capturer.take_now().await, Err(Unable::NotConnected)));
    simulation.connect().await;

    let rows = simulation.capturer.take_now().await.expect("it is connected");
    assert_eq!(rows.iter().map(|row| row.track_count).collect::<Vec<_>>(), [50, 50, 50]);
    // The same lists again, and then not by the schedule.
    let rows = simulation.capturer.take_now().await.expect("it is connected");
    assert!(rows.iter().all(|row| format!("{:?}", row.outcome) == "Unchanged"), "{rows:?}");
    let before = simulation.fake.requests().len();
    simulation.step_at("2026-03-01T06:00:00Z").await;
    assert_eq!(simulation.fake.requests().len(), before);
    // One try each.
    simulation.fake.fail(&Call::LISTS, When::Next(9), Fault::outage());
    let rows = simulation.capturer.take_now().await.expect("it is connected");
    assert_eq!(rows[0].reason.as_deref(), Some("Spotify answered 503"));
    assert_eq!(simulation.list("2026-03-01", TimeRange::ShortTerm).await.len(), 50);
    simulation.fake.heal();
    simulation.fake.fail(&SHORT, When::Next(1), Fault::rate_limited(600));
    simulation.capturer.take_now().await.expect("it is connected");
    assert!(matches!(simulation.capturer.take_now().await, Err(Unable::NotBefore(_))));
}
}
