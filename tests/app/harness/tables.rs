//! Everything a library holds, to compare two of them.

use super::TestApp;
use entity::{capture, snapshot, track};
use sea_orm::{EntityTrait, QueryOrder};
use std::fmt::Debug;

#[derive(PartialEq)]
pub struct Tables {
    pub tracks: Vec<track::Model>,
    pub snapshots: Vec<snapshot::Model>,
    pub captures: Vec<capture::Model>,
}

impl TestApp {
    /// Every row of every table.
    pub async fn tables(&self) -> Tables {
        let db = self.database.connect().await;
        let tracks = track::Entity::find().order_by_asc(track::Column::TrackId);
        let snapshots = snapshot::Entity::find()
            .order_by_asc(snapshot::Column::SnapshotDate)
            .order_by_asc(snapshot::Column::TimeRange)
            .order_by_asc(snapshot::Column::TrackId);
        let captures = capture::Entity::find()
            .order_by_asc(capture::Column::CapturedAt)
            .order_by_asc(capture::Column::TimeRange)
            .order_by_asc(capture::Column::Source);
        let tables = Tables {
            tracks: tracks.all(&db).await.expect("tracks are read"),
            snapshots: snapshots.all(&db).await.expect("snapshots are read"),
            captures: captures.all(&db).await.expect("captures are read"),
        };
        db.close().await.expect("a connection closes");
        tables
    }
}

impl Tables {
    /// Fails with the first row that differs, for all of them would fill a book.
    pub fn must_be(&self, other: &Self, when: &str) {
        same(&self.tracks, &other.tracks, "tracks", when);
        same(&self.snapshots, &other.snapshots, "snapshots", when);
        same(&self.captures, &other.captures, "captures", when);
    }

    /// The outcome in each row of the ledger, in the order of capture.
    pub fn outcomes(&self) -> Vec<capture::Outcome> {
        self.captures
            .iter()
            .map(|capture| capture.outcome)
            .collect()
    }
}

fn same<T: PartialEq + Debug>(left: &[T], right: &[T], table: &str, when: &str) {
    let differs = left.iter().zip(right).find(|(left, right)| left != right);
    if let Some((left, right)) = differs {
        panic!("{table} differ {when}:\n{left:?}\n{right:?}");
    }
    assert_eq!(left.len(), right.len(), "rows of {table} {when}");
}
