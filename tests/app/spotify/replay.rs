//! Real responses, answered by the fake at the instants at which they came, end in the same library as their import. They
//! are in `../shared/data` beside the checkout and cannot be published: without them this test is skipped.

use super::simulation::Simulation;
use crate::harness::tables::Tables;
use crate::harness::{Engine, TestApp, on_both_engines, workspace};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use entity::snapshot::TimeRange;
use flate2::read::MultiGzDecoder;
use music_time_machine::demo::spotify::{Call, Fault, When};
use std::io::Read;
use std::path::Path;

/// All years take minutes. They have ended in the same library too.
const YEAR: &str = "2026";

/// A response, with the instant and the range in its file's name, as in `2024-03-11T083403Z.short_term.json.gz`.
fn response(path: &Path) -> (DateTime<Utc>, TimeRange, String) {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a name");
    let mut parts = name.split('.');
    let at = parts.next().expect("an instant");
    let at = NaiveDateTime::parse_from_str(at, "%Y-%m-%dT%H%M%SZ").expect("an instant");
    let range = parts
        .next()
        .and_then(TimeRange::from_word)
        .expect("a range");
    let mut body = String::new();
    let file = std::fs::File::open(path).expect("the file exists");
    MultiGzDecoder::new(file)
        .read_to_string(&mut body)
        .expect("UTF-8");
    (at.and_utc(), range, body)
}

on_both_engines! {
async fn real_responses_end_in_the_same_library_as_their_import(app: TestApp) {
    let captures = workspace("../shared/data/chekos/captures");
    let Ok(folder) = std::fs::read_dir(&captures) else {
        println!("skipped: there is no real data in {}", captures.display());
        return;
    };
    let imported = TestApp::start(app.engine).await;
    let mut responses = Vec::new();
    for file in folder {
        let file = file.expect("a file");
        let name = file.file_name().into_string().expect("UTF-8");
        if name.starts_with(YEAR) {
            responses.push(response(&file.path()));
            imported.write(&format!("captures/{name}"), std::fs::read(file.path()).expect("it is read"));
        }
    }
    responses.sort();
    let first = responses[0].0 - TimeDelta::days(1);
    let simulation = Simulation::start(&app, &first.to_rfc3339(), "UTC", &[]).await;
    simulation.connect().await;

    for (number, (at, range, body)) in responses.into_iter().enumerate() {
        if number % 50 == 49 {
            // A consent lasts six months.
            simulation.set(at);
            simulation.connect().await;
        }
        let others: Vec<_> = Call::LISTS.into_iter().filter(|call| *call != Call::TopTracks(range)).collect();
        simulation.fake.heal();
        simulation.fake.fail(&others, When::Between(at, at + TimeDelta::seconds(1)), Fault::outage());
        simulation.fake.put_body(at, range, body);
        simulation.set(at);
        let rows = simulation.capturer.take_now().await;
        rows.unwrap_or_else(|unable| panic!("{number}, {at}: {unable}"));
    }

    imported.import(["captures"]).await;
    let library = async |app: &TestApp| Tables { captures: Vec::new(), ..app.tables().await };
    library(&app).await.must_equal(&library(&imported).await, "from those of an import");
}
}
