//! The content of all tables, to compare two databases.

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
            tracks: tracks.all(&db).await.expect("the tracks are read"),
            snapshots: snapshots.all(&db).await.expect("the snapshots are read"),
            captures: captures.all(&db).await.expect("the captures are read"),
        };
        db.close().await.expect("the connection closes");
        tables
    }
}

impl Tables {
    /// Prints only the first row that differs.
    pub fn must_equal(&self, other: &Self, when: &str) {
        compare(&self.tracks, &other.tracks, "tracks", when);
        compare(&self.snapshots, &other.snapshots, "snapshots", when);
        compare(&self.captures, &other.captures, "captures", when);
    }

    /// The outcome of each capture, oldest first.
    pub fn outcomes(&self) -> Vec<capture::Outcome> {
        self.captures
            .iter()
            .map(|capture| capture.outcome)
            .collect()
    }
}

fn compare<T: PartialEq + Debug>(left: &[T], right: &[T], table: &str, when: &str) {
    let differs = left.iter().zip(right).find(|(left, right)| left != right);
    if let Some((left, right)) = differs {
        panic!("{table} differ {when}:\n{left:?}\n{right:?}");
    }
    assert_eq!(left.len(), right.len(), "rows of {table} {when}");
}
