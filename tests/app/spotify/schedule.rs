//! When the schedule asks again, and when it does not.

use super::simulation::{GOOD, Simulation, faulty};
use crate::harness::{Engine, TestApp, on_both_engines};
use music_time_machine::connection::State;
use music_time_machine::demo::spotify::{Call, Fault, When};

on_both_engines! {
async fn a_list_that_cannot_be_stored_is_not_asked_for_again_at_once(app: TestApp) {
    let simulation = Simulation::connected(&app, &[]).await;
    let lists = faulty(app.engine, "INSERT", "snapshots");
    let ledger = faulty(app.engine, "INSERT", "captures");
    app.database.execute(&lists.0).await;

    simulation.step_at("2026-03-01T06:00:00Z").await;
    simulation.step_at("2026-03-01T06:00:30Z").await;

    assert_eq!(simulation.calls(), Call::LISTS);
    let failed = |range| format!("{range} failed 0×1: the list came, but could not be stored: the database refused the statement");
    assert_eq!(simulation.ledger("2026-03-01").await, ["short", "medium", "long"].map(failed));
    // On the next day the ledger cannot be written either.
    app.database.execute(&ledger.0).await;
    simulation.set("2026-03-02T06:00:00Z".parse().expect("an instant"));
    assert!(simulation.capturer.step().await.is_err());
    let before = simulation.calls().len();
    app.database.execute(&lists.1).await;
    app.database.execute(&ledger.1).await;
    simulation.step_at("2026-03-02T06:00:30Z").await;
    assert_eq!(simulation.calls().len(), before);
    simulation.step_at("2026-03-02T07:00:00Z").await;
    assert_eq!(simulation.ledger("2026-03-02").await, GOOD);
}
}

on_both_engines! {
async fn a_try_by_hand_leaves_the_later_tries_of_the_day(app: TestApp) {
    let simulation = Simulation::connected(&app, &[]).await;
    simulation.fake.fail(&Call::LISTS, When::Next(100), Fault::no_premium());

    for at in ["06:00", "06:01", "06:02", "06:03", "06:04"] {
        simulation.set(format!("2026-03-01T{at}:00Z").parse().expect("an instant"));
        simulation.capturer.take_now().await.expect("it is connected");
    }

    simulation.fake.heal();
    simulation.step_at("2026-03-01T06:59:59Z").await;
    assert_eq!(simulation.ledger("2026-03-01").await.len(), 3, "too early");
    simulation.step_at("2026-03-01T07:00:00Z").await;
    assert_eq!(simulation.ledger("2026-03-01").await.len(), 6);
}
}

on_both_engines! {
async fn a_consent_ends_with_a_refusal_an_hour_after_the_first(app: TestApp) {
    let simulation = Simulation::connected(&app, &[]).await;
    app.database.execute("UPDATE connections SET access_token_expires_at = '2026-01-01 00:00:00+00:00'").await;
    simulation.fake.revoke();

    for at in ["2026-03-01T06:00:00Z", "2026-03-01T06:00:01Z", "2026-03-01T06:59:59Z"] {
        simulation.set(at.parse().expect("an instant"));
        simulation.capturer.take_now().await.expect("it is connected");
        assert_eq!(simulation.connection().await.state, State::Connected, "{at}");
    }

    simulation.step_at("2026-03-01T07:00:00Z").await;
    assert_eq!(simulation.connection().await.state, State::ConsentEnded);
    assert_eq!(simulation.calls().len(), 4);
}
}
