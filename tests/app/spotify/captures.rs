//! Captures over many days, with every fault that the provider is known to have.

use super::simulation::{BERLIN, Simulation, instant, list};
use crate::harness::{Engine, TestApp, on_both_engines};
use chrono::{Days, NaiveDate, TimeDelta};
use entity::snapshot::TimeRange;
use music_time_machine::connection::State;
use music_time_machine::demo::spotify::{Call, Fault, Rotation, When};
use std::collections::BTreeMap;

const SHORT: [Call; 1] = [Call::TopTracks(TimeRange::ShortTerm)];

fn date(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day") + Days::new(number)
}

/// Scripts a fault from 6 to `until` o'clock of a day.
fn script(simulation: &Simulation, number: u64, until: u32, calls: &[Call], fault: Fault) {
    let at = |hour: u32| {
        date(number)
            .and_hms_opt(hour, 0, 0)
            .expect("an hour")
            .and_utc()
    };
    let end = if until == 24 {
        at(23) + TimeDelta::hours(1)
    } else {
        at(until)
    };
    simulation
        .fake
        .fail(calls, When::Between(at(6), end), fault);
}

/// What the ledger is to tell of each day on which something is wrong, and the requests of that day. On the others each
/// list comes with the third of four requests: one for a new token, three for the lists.
fn script_faults(simulation: &Simulation) -> BTreeMap<u64, (Vec<&'static str>, usize)> {
    const GOOD: [&str; 3] = [
        "short captured 50×1",
        "medium captured 50×1",
        "long captured 50×1",
    ];
    let mut expected = BTreeMap::new();
    let mut add = |number, until, calls: &[Call], fault, ledger: &[&'static str], requests| {
        script(simulation, number, until, calls, fault);
        expected.insert(number, (ledger.to_vec(), requests));
    };
    let lists = Call::LISTS;
    let all_calls = [&lists[..], &[Call::Refresh]].concat();
    let outage = "failed 0×1: Spotify answered 503, 3 times";
    // Three tries a list at 6 and at 7, then good at 9. The token of 6 ends before 7.
    add(
        3,
        8,
        &lists,
        Fault::outage(),
        &[
            "short failed 0×2: Spotify answered 503, 3 times",
            "short captured 50×1",
            "medium failed 0×2: Spotify answered 503, 3 times",
            "medium captured 50×1",
            "long failed 0×2: Spotify answered 503, 3 times",
            "long captured 50×1",
        ],
        10 + 10 + 4,
    );
    // One request finds the pause; the others are not asked. It ends at 8.
    add(
        5,
        7,
        &lists,
        Fault::rate_limited(7200),
        &[
            "short failed 0×1: Spotify asked for a pause until 6 Mar 2026, 08:00",
            "short captured 50×1",
            "medium failed 0×1: Spotify asked for a pause until 6 Mar 2026, 08:00",
            "medium captured 50×1",
            "long failed 0×1: Spotify asked for a pause until 6 Mar 2026, 08:00",
            "long captured 50×1",
        ],
        2 + 4,
    );
    add(
        7,
        7,
        &lists,
        Fault::quota_exceeded(48_925),
        &[
            "short failed 0×1: Spotify asked for a pause until 8 Mar 2026, 19:35",
            "short captured 50×1",
            "medium failed 0×1: Spotify asked for a pause until 8 Mar 2026, 19:35",
            "medium captured 50×1",
            "long failed 0×1: Spotify asked for a pause until 8 Mar 2026, 19:35",
            "long captured 50×1",
        ],
        2 + 4,
    );
    // A whole day: five tries, at 6, 7, 9, 12 and 18, with one request each beside the token.
    let premium = "failed 0×5: Spotify refuses because the owner of the app has no Premium subscription; after subscribing \
                   it can take a few hours";
    add(9, 24, &lists, Fault::no_premium(), &[], 10);
    expected.get_mut(&9).expect("a day").0 = ["short", "medium", "long"]
        .map(|range| leak(&format!("{range} {premium}")))
        .to_vec();
    let listed = "failed 0×1: Spotify refuses because this account is not on the app's list of users: add it under User \
                  Management in the developer dashboard";
    script(simulation, 11, 7, &lists, Fault::user_not_listed());
    expected.insert(11, (both(listed), 2 + 4));
    // An empty list is asked for again.
    script(simulation, 13, 7, &SHORT, Fault::EmptyList);
    expected.insert(
        13,
        (
            vec!["short empty 0×1", "short captured 50×1", GOOD[1], GOOD[2]],
            4 + 2,
        ),
    );
    script(simulation, 15, 24, &lists, Fault::DegradedList);
    expected.insert(
        15,
        (
            vec![
                "short degraded 50×1",
                "medium degraded 50×1",
                "long degraded 50×1",
            ],
            4,
        ),
    );
    script(simulation, 17, 24, &SHORT, Fault::RepeatedTrack);
    expected.insert(17, (GOOD.to_vec(), 4));
    // Once it is a mistake of the provider.
    script(simulation, 19, 7, &[Call::Refresh], Fault::invalid_grant());
    expected.insert(
        19,
        (
            both("failed 0×1: Spotify no longer accepts the consent: connect again"),
            1 + 4,
        ),
    );
    script(simulation, 23, 7, &SHORT, Fault::NotJson);
    expected.insert(
        23,
        (
            vec![
                "short failed 0×1: Spotify's answer is not a list, 3 times",
                "short captured 50×1",
                GOOD[1],
                GOOD[2],
            ],
            6 + 2,
        ),
    );
    script(simulation, 25, 7, &all_calls, Fault::Redirect);
    expected.insert(
        25,
        (both("failed 0×1: Spotify answered 302, 3 times"), 3 + 4),
    );
    script(simulation, 27, 7, &lists, Fault::missing_scope());
    expected.insert(27, (both("failed 0×1: Spotify refuses because the permission to read your top lists is missing: connect again and agree to it"), 2 + 4));
    script(simulation, 29, 7, &[Call::Refresh], Fault::outage());
    expected.insert(29, (both(outage), 3 + 4));
    expected
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// A failure of all three lists, and then the lists.
fn both(failure: &str) -> Vec<&'static str> {
    ["short", "medium", "long"]
        .iter()
        .flat_map(|range| {
            [
                format!("{range} {failure}"),
                format!("{range} captured 50×1"),
            ]
        })
        .map(|text| leak(&text))
        .collect()
}

on_both_engines! {
async fn sixty_days_with_every_fault_are_told_exactly_and_lose_no_good_list(app: TestApp) {
    let simulation = Simulation::start(&app, "2026-02-28T12:00:00Z", "UTC", &[]).await;
    simulation.connect().await;
    simulation.fake.set_rotation(Rotation::Rotate);
    for number in 0..60 {
        let since = date(number).and_time(chrono::NaiveTime::MIN).and_utc();
        for range in TimeRange::ALL {
            simulation.fake.put_list(since, range, list(u32::try_from(number).expect("small"), range));
        }
    }
    let expected = script_faults(&simulation);

    for number in 0..60 {
        let (day, next) = (date(number), date(number + 1));
        // On one day the program is off until the evening, on one it is off, and now and then it is started anew.
        let (from, until) = match number {
            33 => (format!("{day}T21:30:00Z"), format!("{next}T00:00:00Z")),
            35 => continue,
            _ => (format!("{day}T00:00:00Z"), format!("{next}T00:00:00Z")),
        };
        simulation.run(&from, &until).await;
        let usual = (vec!["short captured 50×1", "medium captured 50×1", "long captured 50×1"], 4);
        let (ledger, requests) = expected.get(&number).cloned().unwrap_or(usual);
        assert_eq!(simulation.ledger(&day.to_string()).await, ledger, "{day}");
        let asked = simulation.requests_between(&format!("{day}T00:00:00Z"), &format!("{next}T00:00:00Z"));
        assert_eq!(asked, requests, "{day}");
        if number != 9 {
            for range in TimeRange::ALL {
                let kept = simulation.list(&day.to_string(), range).await;
                let expected = list(u32::try_from(number).expect("small"), range);
                let ids: Vec<_> = expected.iter().map(|track| track["id"].as_str().expect("an id")).collect();
                match number == 17 && range == TimeRange::ShortTerm {
                    // The second track was the first one again.
                    true => assert_eq!(kept.len(), 49, "{day}"),
                    false => assert_eq!(kept, ids, "{day} {range:?}"),
                }
            }
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
    simulation.step_at("2026-10-31T23:30:00Z").await;
    assert_eq!(simulation.ledger("2026-11-01").await.len(), 0);
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
