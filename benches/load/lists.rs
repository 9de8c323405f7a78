//! The ranked lists of the library, as a real one has them: 50 tracks in each of three time ranges, on each day of
//! three years. `BENCH_LIST_LENGTH` makes them longer.

use crate::library::Library;
use crate::tracks::track_id;
use chrono::Days;
use sea_orm::{ConnectionTrait, TransactionTrait};

/// Tracks on a list.
pub fn length() -> usize {
    let given = std::env::var("BENCH_LIST_LENGTH").unwrap_or_else(|_| "50".into());
    given
        .parse()
        .expect("BENCH_LIST_LENGTH: a number of tracks")
}

const RANGES: [&str; 3] = ["short_term", "medium_term", "long_term"];
/// Three years.
pub const DAYS: usize = 1096;
/// Days that a track stays on a list: three or four tracks are new each day.
const STAY_DAYS: usize = 15;

/// Inserts the lists of the days up to [`Library::today`], with their captures. They are not imported, because the
/// import is measured with tracks alone.
pub async fn insert(library: &Library) {
    let length = length();
    let connection = library.connect().await;
    let transaction = connection.begin().await.expect("a transaction begins");
    for day in 0..DAYS {
        let (mut ranks, mut captures) = (Vec::new(), Vec::new());
        let date = library.today - Days::new((DAYS - 1 - day) as u64);
        for (range, name) in RANGES.into_iter().enumerate() {
            let list = list(library.tracks, range, day).into_iter().enumerate();
            ranks.extend(list.map(|(index, track_id)| {
                format!("('{track_id}', '{date}', '{name}', {})", index + 1)
            }));
            captures.push(format!(
                "('{date}', '{name}', '{date}T06:00:00+00:00', 'bench', 'captured', {length})"
            ));
        }
        let statements = format!(
            "INSERT INTO snapshots (track_id, snapshot_date, time_range, rank) VALUES {};
             INSERT INTO captures (snapshot_date, time_range, captured_at, source, outcome, track_count) VALUES {}",
            ranks.join(", "),
            captures.join(", ")
        );
        let inserted = transaction.execute_unprepared(&statements).await;
        inserted.expect("the statements run");
    }
    transaction.commit().await.expect("the transaction commits");
    connection.close().await.expect("a connection closes");
}

/// The ids of the latest list of the short range, best first.
pub fn latest(tracks: usize) -> Vec<String> {
    list(tracks, 0, DAYS - 1)
}

/// The ids of one list, best first. Each of its tracks is from another part of the library, so they are distinct. A
/// track climbs by one rank a day.
fn list(tracks: usize, range: usize, day: usize) -> Vec<String> {
    let length = length();
    let part_size = tracks / length;
    let id = |index: usize| {
        let part = (index + day) % length;
        let stay = (day + 7 * part) / STAY_DAYS;
        track_id(part * part_size + (stay * 7919 + range * 104_729) % part_size)
    };
    (0..length).map(id).collect()
}
