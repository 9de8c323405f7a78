//! What can happen while a run goes on: tokens rotate, the database fails, the connection or a pause changes.

use super::simulation::{GOOD, Simulation, faulty, instant, list};
use crate::harness::{Engine, TestApp, on_both_engines};
use chrono::TimeDelta;
use entity::snapshot::TimeRange;
use music_time_machine::connection::{State, forget, not_before, set_not_before};
use music_time_machine::demo::spotify::{Call, Fault, Rotation, When};
use std::time::Duration;
use tokio::time::{sleep, timeout};

const SHORT: [Call; 1] = [Call::TopTracks(TimeRange::ShortTerm)];
const EXPIRE: &str = "UPDATE connections SET access_token_expires_at = '2026-01-01 00:00:00+00:00'";
const DAY: &str = "2026-03-01";

on_both_engines! {
async fn a_refresh_sends_the_token_of_the_last_rotation(app: TestApp) {
    let simulation = Simulation::connected(&app, &[]).await;
    simulation.fake.set_rotation(Rotation::Rotate);
    app.database.execute(EXPIRE).await;
    // By mistake.
    simulation.fake.fail(&[Call::Refresh], When::Next(1), Fault::invalid_grant());
    simulation.step_at("2026-03-01T06:10:00Z").await;
    simulation.fake.fail(&SHORT, When::Next(1), Fault::expired_token());

    simulation.step_at("2026-03-01T07:10:00Z").await;

    assert_eq!(simulation.ledger(DAY).await.len(), 6, "three failed, three came");
    let connection = simulation.connection().await;
    assert_eq!((connection.state, connection.invalid_grant_at), (State::Connected, None));
}
}

on_both_engines! {
async fn a_rotated_token_outlasts_a_fault_of_the_database(app: TestApp) {
    let simulation = Simulation::connected(&app, &[]).await;
    simulation.fake.set_rotation(Rotation::Rotate);
    app.database.execute(EXPIRE).await;
    let (begin, end) = faulty(app.engine, "UPDATE OF refresh_token", "connections");
    app.database.execute(&begin).await;
    let capturer = simulation.capturer.clone();

    let step = tokio::spawn(async move { capturer.step().await });
    simulation.wait_for(Call::Refresh).await;
    sleep(Duration::from_millis(300)).await;
    app.database.execute(&end).await;

    step.await.expect("no panic").expect("the database answers");
    assert_eq!(simulation.ledger(DAY).await, GOOD);
    app.database.execute(EXPIRE).await;
    simulation.step_at("2026-03-02T06:00:00Z").await;
    assert_eq!(simulation.connection().await.state, State::Connected);
    assert_eq!(simulation.ledger("2026-03-02").await.len(), 3);
}
}

on_both_engines! {
async fn a_pause_outlasts_a_fault_of_the_database(app: TestApp) {
    let simulation = Simulation::connected(&app, &[]).await;
    let (begin, end) = faulty(app.engine, "INSERT", "pauses");
    app.database.execute(&begin).await;
    simulation.fake.fail(&SHORT, When::Next(1), Fault::rate_limited(3600));
    let capturer = simulation.capturer.clone();

    let step = tokio::spawn(async move { capturer.step().await });
    simulation.wait_for(SHORT[0]).await;
    sleep(Duration::from_millis(300)).await;
    app.database.execute(&end).await;

    step.await.expect("no panic").expect("the database answers");
    let pause = not_before(&simulation.database.read(), simulation.now()).await.expect("it is read");
    assert_eq!(pause, Some(instant("2026-03-01T07:00:00Z")));
}
}

on_both_engines! {
async fn no_refresh_begins_after_the_end(app: TestApp) {
    let simulation = Simulation::connected(&app, &[]).await;
    app.database.execute(EXPIRE).await;

    simulation.capturer.settle().await;

    let step = timeout(Duration::from_millis(500), simulation.capturer.step()).await;
    assert!(step.is_err(), "it waits");
    assert_eq!(simulation.calls(), []);
}
}

on_both_engines! {
async fn a_run_ends_with_its_connection(app: TestApp) {
    let simulation = Simulation::connected(&app, &[]).await;
    simulation.fake.fail(&SHORT, When::Next(1), Fault::Held);
    let capturer = simulation.capturer.clone();

    let run = tokio::spawn(async move { capturer.take_now().await });
    simulation.wait_for(SHORT[0]).await;
    forget(&simulation.database).await.expect("it is deleted");
    simulation.fake.heal();

    let ended = run.await.expect("no panic");
    assert!(ended.is_err(), "{ended:?}");
    assert_eq!(simulation.ledger(DAY).await, [""; 0]);
    assert_eq!(simulation.list(DAY, TimeRange::ShortTerm).await, [""; 0]);
    assert_eq!(simulation.calls(), SHORT);
}
}

/// Runs a step. A pause of one hour is stored while its first request waits for the answer.
async fn pause_during_the_first_request(simulation: &Simulation) {
    simulation.fake.fail(&SHORT, When::Next(1), Fault::Held);
    let capturer = simulation.capturer.clone();

    let step = tokio::spawn(async move { capturer.step().await });
    simulation.wait_for(SHORT[0]).await;
    let pause = simulation.now() + TimeDelta::hours(1);
    set_not_before(&simulation.database, pause, simulation.now())
        .await
        .expect("it is stored");
    simulation.fake.heal();

    step.await.expect("no panic").expect("the database answers");
}

on_both_engines! {
async fn a_pause_that_begins_meanwhile_stops_a_run(app: TestApp) {
    let simulation = Simulation::connected(&app, &["--capture-depth", "40"]).await;

    pause_during_the_first_request(&simulation).await;

    assert_eq!(simulation.calls(), SHORT);
    assert_eq!(simulation.ledger(DAY).await, [
        "short captured 40×1",
        "medium failed 0×1: Spotify asked for a pause until 1 Mar 2026, 07:00",
        "long failed 0×1: Spotify asked for a pause until 1 Mar 2026, 07:00",
    ]);
}
}

on_both_engines! {
async fn a_pause_that_begins_meanwhile_stops_a_list(app: TestApp) {
    let simulation = Simulation::connected(&app, &["--capture-depth", "100"]).await;
    let tracks = [list(0, TimeRange::ShortTerm), list(50, TimeRange::ShortTerm)].concat();
    simulation.fake.put_list(simulation.now(), TimeRange::ShortTerm, tracks);

    pause_during_the_first_request(&simulation).await;

    assert_eq!(simulation.calls(), SHORT, "no second page");
    let failed = |range| format!("{range} failed 0×1: Spotify asked for a pause until 1 Mar 2026, 07:00");
    assert_eq!(simulation.ledger(DAY).await, ["short", "medium", "long"].map(failed));
}
}

on_both_engines! {
async fn a_token_that_was_refused_is_not_sent_again(app: TestApp) {
    let simulation = Simulation::connected(&app, &[]).await;
    simulation.fake.fail(&SHORT, When::Next(1), Fault::expired_token());
    simulation.fake.fail(&[Call::Refresh], When::Next(1), Fault::outage());

    simulation.step_at("2026-03-01T06:10:00Z").await;

    let refreshed = [&SHORT[..], &[Call::Refresh, Call::Refresh], &Call::LISTS].concat();
    assert_eq!(simulation.calls(), refreshed);
    assert_eq!(simulation.ledger(DAY).await, GOOD);
}
}

on_both_engines! {
async fn a_program_that_ends_gives_the_lease_back(app: TestApp) {
    let simulation = Simulation::connected(&app, &[]).await;
    simulation.fake.fail(&SHORT, When::Next(1), Fault::Silence);
    let stopped = timeout(Duration::from_millis(500), simulation.capturer.step()).await;
    assert!(stopped.is_err(), "it waits");

    simulation.capturer.settle().await;

    simulation.another_capturer().step().await.expect("the database answers");
    assert_eq!(simulation.ledger(DAY).await, GOOD);
}
}
