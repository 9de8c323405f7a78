//! `NOTIFY_URL`, against a receiver on this machine.

use super::simulation::{GOOD, Simulation, instant};
use crate::harness::{Engine, TestApp, on_both_engines};
use music_time_machine::demo::spotify::{Call, Fault, When};
use poem::http::StatusCode;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::web::{Data, Json};
use poem::{EndpointExt, Route, Server, handler, post};
use serde_json::Value;
use std::sync::{Arc, Mutex};

/// What came, and whether the next is taken.
#[derive(Clone, Default)]
struct Receiver(Arc<Mutex<(Vec<Value>, bool)>>);

impl Receiver {
    async fn start() -> (Self, String) {
        let acceptor = TcpListener::bind("127.0.0.1:0")
            .into_acceptor()
            .await
            .expect("a port");
        let address = acceptor.local_addr()[0]
            .to_string()
            .replace("socket://", "");
        let receiver = Self::default();
        let routes = Route::new()
            .at("/topic", post(receive))
            .data(receiver.clone());
        tokio::spawn(Server::new_with_acceptor(acceptor).run(routes));
        (receiver, format!("http://{address}/topic"))
    }

    /// What came since the last call: events with what they are about.
    fn events(&self) -> Vec<String> {
        let taken = std::mem::take(&mut self.0.lock().expect("no holder panics").0);
        let word =
            |notice: &Value, member: &str| notice[member].as_str().expect("a text").to_owned();
        for notice in &taken {
            // The names that Apprise and ntfy have for the text.
            assert_eq!(notice["body"], notice["message"]);
            assert!(!word(notice, "title").is_empty());
        }
        taken
            .iter()
            .map(|notice| format!("{} {}", word(notice, "event"), word(notice, "subject")))
            .collect()
    }

    fn refuse(&self, refuses: bool) {
        self.0.lock().expect("no holder panics").1 = refuses;
    }
}

#[handler]
fn receive(receiver: Data<&Receiver>, notice: Json<Value>) -> StatusCode {
    let mut state = receiver.0.0.lock().expect("no holder panics");
    if state.1 {
        return StatusCode::BAD_GATEWAY;
    }
    state.0.push(notice.0);
    StatusCode::OK
}

on_both_engines! {
async fn the_owner_is_told_once_what_went_wrong_and_when_it_is_well_again(app: TestApp) {
    let (receiver, url) = Receiver::start().await;
    let simulation = Simulation::with_notices(&app, "2026-01-01T12:00:00Z", &url).await;
    simulation.connect().await;

    simulation.run("2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z").await;
    assert_eq!(receiver.events(), [""; 0]);
    // A day fails, and its notice is refused at first; it is sent when the receiver takes it, once.
    simulation.fake.fail(&Call::LISTS, When::Between(simulation.now(), "2026-01-04T00:00:00Z".parse().expect("an instant")), Fault::outage());
    receiver.refuse(true);
    simulation.run("2026-01-03T00:00:00Z", "2026-01-04T05:00:00Z").await;
    receiver.refuse(false);
    simulation.run("2026-01-04T05:00:00Z", "2026-01-04T06:00:00Z").await;
    assert_eq!(receiver.events(), ["capture_failed 2026-01-03"]);
    simulation.run("2026-01-04T06:00:00Z", "2026-01-06T00:00:00Z").await;
    assert_eq!(receiver.events(), ["recovered capture_failed 2026-01-03"]);
    // The consent ends on the 1st of July. The program is off when the notice of 30 days is due, and sends it late.
    simulation.run("2026-05-31T00:00:00Z", "2026-06-01T00:00:00Z").await;
    assert_eq!(receiver.events(), [""; 0]);
    simulation.run("2026-06-10T00:00:00Z", "2026-06-12T00:00:00Z").await;
    assert_eq!(receiver.events(), ["consent_ends 2026-07-01, 30"]);
    simulation.run("2026-06-24T00:00:00Z", "2026-06-26T00:00:00Z").await;
    assert_eq!(receiver.events(), ["consent_ends 2026-07-01, 7"]);
    simulation.run("2026-06-30T00:00:00Z", "2026-07-01T12:00:00Z").await;
    assert_eq!(receiver.events(), ["consent_ends 2026-07-01, 1"]);
    simulation.fake.revoke();
    simulation.run("2026-07-02T00:00:00Z", "2026-07-05T00:00:00Z").await;
    let events = receiver.events();
    assert!(events.iter().any(|event| event.starts_with("consent_ended ")), "{events:?}");
    simulation.fake.heal();
    simulation.connect().await;
    simulation.run("2026-07-05T00:00:00Z", "2026-07-06T00:00:00Z").await;
    let events = receiver.events();
    assert!(events.iter().any(|event| event.starts_with("recovered ")), "{events:?}");
    simulation.run("2026-07-06T00:00:00Z", "2026-07-08T00:00:00Z").await;
    assert_eq!(receiver.events(), [""; 0]);
}
}

on_both_engines! {
async fn days_inside_a_pause_are_lost_and_told(app: TestApp) {
    let (receiver, url) = Receiver::start().await;
    let simulation = Simulation::with_notices(&app, "2026-03-01T05:00:00Z", &url).await;
    simulation.connect().await;
    // Until three o'clock on the 4th.
    simulation.fake.fail(&Call::LISTS, When::Next(1), Fault::rate_limited(69 * 60 * 60));

    let next = simulation.step_at("2026-03-01T06:00:00Z").await;

    assert_eq!(next, Some(instant("2026-03-04T06:00:00Z")), "not in the night");
    simulation.run("2026-03-01T07:00:00Z", "2026-03-05T00:00:00Z").await;
    let failed = |range| format!("{range} failed 0×1: Spotify asked for a pause until 4 Mar 2026, 03:00");
    for day in ["2026-03-01", "2026-03-02", "2026-03-03"] {
        assert_eq!(simulation.ledger(day).await, ["short", "medium", "long"].map(failed), "{day}");
    }
    assert_eq!(simulation.ledger("2026-03-04").await, GOOD);
    let failed = ["2026-03-01", "2026-03-02", "2026-03-03"].map(|day| format!("capture_failed {day}"));
    assert_eq!(receiver.events(), [&failed[..], &["recovered capture_failed 2026-03-03".into()]].concat());
}
}

on_both_engines! {
async fn two_processes_send_a_notice_once(app: TestApp) {
    let (receiver, url) = Receiver::start().await;
    let simulation = Simulation::with_notices(&app, "2026-03-01T05:00:00Z", &url).await;
    simulation.connect().await;
    let other = simulation.another_capturer();
    simulation.fake.fail(&Call::LISTS, When::Next(15), Fault::no_premium());
    simulation.run("2026-03-01T06:00:00Z", "2026-03-02T00:00:00Z").await;
    simulation.set(instant("2026-03-02T00:00:00Z"));

    let (one, two) = tokio::join!(simulation.capturer.step(), other.step());

    one.and(two).expect("the database answers");
    assert_eq!(receiver.events(), ["capture_failed 2026-03-01"]);
}
}

on_both_engines! {
async fn it_is_well_again_when_all_three_lists_come_whatever_was_told_meanwhile(app: TestApp) {
    let (receiver, url) = Receiver::start().await;
    let simulation = Simulation::with_notices(&app, "2026-01-01T12:00:00Z", &url).await;
    simulation.connect().await;
    let from = |from: &str, until: &str| When::Between(instant(from), instant(until));
    simulation.fake.fail(&Call::LISTS, from("2026-05-31T00:00:00Z", "2026-06-01T00:00:00Z"), Fault::outage());
    simulation.fake.fail(&Call::LISTS[1..], from("2026-06-01T00:00:00Z", "2026-06-01T08:00:00Z"), Fault::outage());

    simulation.run("2026-05-31T06:00:00Z", "2026-06-01T09:00:00Z").await;

    assert_eq!(receiver.events(), ["capture_failed 2026-05-31", "consent_ends 2026-07-01, 30"]);
    simulation.step_at("2026-06-01T09:00:00Z").await;
    assert_eq!(receiver.events(), ["recovered capture_failed 2026-05-31"]);
}
}
