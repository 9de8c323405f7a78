//! A list compared with an earlier one: the movement of each track, the turnover and the drift.

use super::drift::Drift;
use crate::db::bulk;
use crate::error::{Error, Result};
use crate::features::snapshots::query::{
    RankedTrack, day_before, latest_day, list, ranked_tracks, tied_from,
};
use chrono::NaiveDate;
use entity::snapshot::{self, TimeRange};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// A list, and what changed since an earlier list of its range.
pub struct ComparedList {
    pub snapshot_date: NaiveDate,
    pub time_range: TimeRange,
    /// In the order of the list.
    pub tracks: Vec<ComparedTrack>,
    /// The rank at which the tied tail begins.
    pub tied_from: Option<i32>,
    /// `None` for the first list of the range.
    pub since: Option<Since>,
}

/// A track of the list.
pub struct ComparedTrack {
    pub track: RankedTrack,
    pub previous_rank: Option<i32>,
    /// `None` if there is no earlier list.
    pub movement: Option<Movement>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    Up(i32),
    Down(i32),
    Same,
    /// Never on an earlier list of this range.
    New,
    /// On an earlier list of this range, but not on the one compared with.
    Back,
}

/// The earlier list.
pub struct Since {
    pub date: NaiveDate,
    pub tied_from: Option<i32>,
    /// Its tracks that are not on the later list, in the order of the earlier one.
    pub left: Vec<RankedTrack>,
    pub turnover: Turnover,
    /// Above the ties: of the tracks before the tied tail.
    pub turnover_above_ties: Turnover,
    pub drift: Drift,
}

/// How many tracks moved in which way. All but those that left add up to the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MovementCounts {
    pub climbed: i64,
    pub fell: i64,
    pub held: i64,
    pub new: i64,
    pub back: i64,
    pub left: i64,
}

/// The tracks of a list that were not on the earlier one, out of its tracks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turnover {
    pub newcomer_count: i64,
    pub track_count: i64,
}

/// The latest list up to today, of the shortest range that has any. Another program may have deleted its tracks.
pub async fn latest_list(
    db: &impl ConnectionTrait,
    today: NaiveDate,
) -> Result<Option<ComparedList>> {
    for time_range in TimeRange::ALL {
        if let Some(date) = latest_day(db, time_range, today).await? {
            let tracks = ranked_tracks(db, date, time_range).await?;
            return beside_the_list_before(db, (date, time_range), tracks)
                .await
                .map(Some);
        }
    }
    Ok(None)
}

/// A list beside that of an earlier day, or else beside the list before. An error if one of them is not kept.
pub async fn compared_list(
    db: &impl ConnectionTrait,
    (date, time_range): (NaiveDate, TimeRange),
    since: Option<NaiveDate>,
) -> Result<ComparedList> {
    if since.is_some_and(|since| since >= date) {
        let reason = format!("a day before {date} was expected");
        return Err(Error::invalid("since", reason));
    }
    let tracks = list(db, date, time_range).await?.items;
    match since {
        None => beside_the_list_before(db, (date, time_range), tracks).await,
        Some(since) => {
            let earlier = list(db, since, time_range).await?.items;
            let list = ComparedList::of(date, time_range, tracks);
            list.beside(db, since, earlier).await
        }
    }
}

async fn beside_the_list_before(
    db: &impl ConnectionTrait,
    (date, time_range): (NaiveDate, TimeRange),
    tracks: Vec<RankedTrack>,
) -> Result<ComparedList> {
    let list = ComparedList::of(date, time_range, tracks);
    match day_before(db, time_range, date).await? {
        None => Ok(list),
        Some(before) => {
            let earlier = ranked_tracks(db, before, time_range).await?;
            list.beside(db, before, earlier).await
        }
    }
}

impl ComparedList {
    fn of(snapshot_date: NaiveDate, time_range: TimeRange, tracks: Vec<RankedTrack>) -> Self {
        Self {
            snapshot_date,
            time_range,
            tied_from: tied_from(tracks.iter().map(RankedTrack::place)),
            tracks: tracks.into_iter().map(ComparedTrack::alone).collect(),
            since: None,
        }
    }

    async fn beside(
        mut self,
        db: &impl ConnectionTrait,
        date: NaiveDate,
        earlier: Vec<RankedTrack>,
    ) -> Result<Self> {
        let drift = {
            let ids = self.tracks.iter().map(|row| row.track.place().1);
            let earlier = earlier.iter().map(|row| row.place().1);
            Drift::between(&earlier.collect::<Vec<_>>(), &ids.collect::<Vec<_>>())
        };
        let tied_from = tied_from(earlier.iter().map(RankedTrack::place));
        let mut earlier_ranks: HashMap<_, _> = earlier
            .iter()
            .map(|row| (row.track.track_id.clone(), row.rank))
            .collect();
        for row in &mut self.tracks {
            row.previous_rank = earlier_ranks.remove(&row.track.track.track_id);
        }
        let absent = self.tracks.iter().filter(|row| row.previous_rank.is_none());
        let absent = absent.map(|row| &row.track.track.track_id);
        let once_listed = listed_before(db, absent, self.snapshot_date, self.time_range).await?;
        for row in &mut self.tracks {
            let is_back = once_listed.contains(&row.track.track.track_id);
            row.movement = Some(Movement::of(row.track.rank, row.previous_rank, is_back));
        }
        self.since = Some(Since {
            date,
            tied_from,
            left: earlier
                .into_iter()
                .filter(|row| earlier_ranks.contains_key(&row.track.track_id))
                .collect(),
            turnover: self.turnover(None),
            turnover_above_ties: self.turnover(self.tied_from),
            drift,
        });
        Ok(self)
    }

    /// The tracks before the tied tail, and the tail.
    pub fn above_and_tied(&self) -> (&[ComparedTrack], &[ComparedTrack]) {
        let is_above =
            |row: &ComparedTrack| self.tied_from.is_none_or(|tied| row.track.rank < tied);
        self.tracks.split_at(self.tracks.partition_point(is_above))
    }

    pub fn counts(&self) -> MovementCounts {
        let mut counts = MovementCounts {
            left: self
                .since
                .as_ref()
                .map_or(0, |since| since.left.len() as i64),
            ..MovementCounts::default()
        };
        for movement in self.tracks.iter().filter_map(|row| row.movement) {
            *match movement {
                Movement::Up(_) => &mut counts.climbed,
                Movement::Down(_) => &mut counts.fell,
                Movement::Same => &mut counts.held,
                Movement::New => &mut counts.new,
                Movement::Back => &mut counts.back,
            } += 1;
        }
        counts
    }

    /// Whether each track is on both lists, at one rank.
    pub fn is_equal(&self) -> bool {
        let counts = self.counts();
        counts.held == self.tracks.len() as i64 && counts.left == 0
    }

    /// Whether some track is on both lists.
    pub fn shares_a_track(&self) -> bool {
        self.tracks.iter().any(|row| row.previous_rank.is_some())
    }

    /// The track that climbed most, of those before the tied tail; the first of several.
    pub fn farthest_up(&self) -> Option<&ComparedTrack> {
        self.farthest(|movement| match movement {
            Movement::Up(steps) => Some(steps),
            _ => None,
        })
    }

    /// The track that fell most, of those before the tied tail; the first of several.
    pub fn farthest_down(&self) -> Option<&ComparedTrack> {
        self.farthest(|movement| match movement {
            Movement::Down(steps) => Some(steps),
            _ => None,
        })
    }

    fn farthest(&self, steps: impl Fn(Movement) -> Option<i32>) -> Option<&ComparedTrack> {
        let above_ties = self
            .tracks
            .iter()
            .filter(|row| !is_tied(row.track.rank, self.tied_from));
        above_ties
            .filter_map(|row| Some((steps(row.movement?)?, row)))
            .min_by_key(|(steps, _)| Reverse(*steps))
            .map(|(_, row)| row)
    }

    /// Of the tracks before a rank.
    pub fn turnover(&self, before: Option<i32>) -> Turnover {
        let counted = self
            .tracks
            .iter()
            .filter(|row| !is_tied(row.track.rank, before));
        counted.fold(Turnover::default(), |turnover, row| Turnover {
            newcomer_count: turnover.newcomer_count + i64::from(row.previous_rank.is_none()),
            track_count: turnover.track_count + 1,
        })
    }
}

impl ComparedTrack {
    fn alone(track: RankedTrack) -> Self {
        Self {
            track,
            previous_rank: None,
            movement: None,
        }
    }
}

impl Movement {
    fn of(rank: i32, previous: Option<i32>, is_back: bool) -> Self {
        match previous {
            Some(previous) if previous > rank => Self::Up(previous - rank),
            Some(previous) if previous < rank => Self::Down(rank - previous),
            Some(_) => Self::Same,
            None if is_back => Self::Back,
            None => Self::New,
        }
    }
}

/// Whether a rank lies in the tied tail that begins at a rank.
pub fn is_tied(rank: i32, tied_from: Option<i32>) -> bool {
    tied_from.is_some_and(|tied_from| rank >= tied_from)
}

/// Which of these tracks were on a list of the range before `day`.
async fn listed_before(
    db: &impl ConnectionTrait,
    track_ids: impl Iterator<Item = &String>,
    day: NaiveDate,
    time_range: TimeRange,
) -> Result<HashSet<String>> {
    let column = (snapshot::Entity, snapshot::Column::TrackId);
    let among = bulk::is_among(db.get_database_backend(), column, track_ids.cloned());
    let rows = snapshot::Entity::find()
        .select_only()
        .column(snapshot::Column::TrackId)
        .distinct()
        .filter(among)
        .filter(snapshot::Column::TimeRange.eq(time_range))
        .filter(snapshot::Column::SnapshotDate.lt(day))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}
