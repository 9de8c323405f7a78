//! The lists of one day and time range: the last one that holds anything is kept, every attempt
//! is entered in the ledger.

use super::account::{Lists, Refused};
use super::place::Place;
use super::read::Item;
use crate::db;
use crate::error::Result;
use crate::snapshots::query::{self as snapshots, Ranking};
use crate::store;
use entity::capture::{self, Outcome};
use sea_orm::ActiveValue::Set;
use sea_orm::DatabaseTransaction;
use std::collections::BTreeMap;

/// In the order in which the lists were captured; never empty.
pub struct Day {
    pub attempts: Vec<Attempt>,
}

pub struct Attempt {
    place: Place,
    outcome: Outcome,
    reason: Option<String>,
    track_count: usize,
    /// `None` when there is nothing to keep: an empty list, or a refused one.
    ranking: Option<Ranking>,
}

impl Attempt {
    pub fn new(place: Place, items: &[Item], fault: Option<&Refused>) -> Self {
        let outcome = match fault {
            Some(_) => Outcome::Failed,
            None if items.is_empty() => Outcome::Empty,
            None if items.iter().all(is_degraded) => Outcome::Degraded,
            None => Outcome::Captured,
        };
        let has_list = matches!(outcome, Outcome::Captured | Outcome::Degraded);
        Self {
            place,
            outcome,
            reason: fault.map(|fault| format!("{}: {}", fault.position, fault.reason)),
            track_count: items.len(),
            ranking: has_list.then(|| ranking(items)),
        }
    }

    fn row(&self, is_same: bool) -> capture::ActiveModel {
        let outcome = match self.outcome {
            Outcome::Captured if is_same => Outcome::Unchanged,
            outcome => outcome,
        };
        capture::ActiveModel {
            snapshot_date: Set(self.place.date),
            time_range: Set(self.place.time_range),
            captured_at: Set(self.place.captured_at),
            source: Set(self.place.source.clone()),
            outcome: Set(outcome),
            reason: Set(self.reason.clone()),
            track_count: Set(i32::try_from(self.track_count).unwrap_or(i32::MAX)),
        }
    }
}

fn is_degraded(item: &Item) -> bool {
    item.as_ref().is_ok_and(|track| track.payload.degraded)
}

/// Ranks are the provider's positions; a track that is listed twice keeps its best.
fn ranking(items: &[Item]) -> Ranking {
    let mut ranking = BTreeMap::new();
    for (rank, track) in (1..).zip(items.iter().flatten()) {
        ranking.entry(track.track_id.clone()).or_insert(rank);
    }
    ranking
}

impl Day {
    pub fn has(&self, attempt: &Attempt) -> bool {
        let place = |attempt: &Attempt| (attempt.place.date, attempt.place.time_range);
        place(&self.attempts[0]) == place(attempt)
    }

    /// Makes the last list the day's, unless the library has one that was captured later.
    pub async fn keep(self, work: &DatabaseTransaction, lists: &mut Lists) -> Result<()> {
        let (date, time_range) = (
            self.attempts[0].place.date,
            self.attempts[0].place.time_range,
        );
        db::lock_list(work, date, time_range).await?;
        let kept = snapshots::ranking(work, date, time_range).await?;
        let since = store::kept_since(work, date, time_range).await?;
        let last = self
            .attempts
            .iter()
            .rposition(|attempt| attempt.ranking.is_some());
        let winner = last.filter(|last| {
            let place = &self.attempts[*last].place;
            kept.is_empty()
                || since.is_none_or(|since| since <= (place.captured_at, place.source.clone()))
        });

        let mut before = &kept;
        for (index, attempt) in self.attempts.iter().enumerate() {
            let ranking = attempt.ranking.as_ref();
            let replaces = winner == Some(index) && ranking.is_some_and(|new| *new != kept);
            store::record(work, vec![attempt.row(ranking == Some(before))], replaces).await?;
            tally(lists, attempt, winner == Some(index), replaces);
            before = ranking.unwrap_or(before);
        }
        if let Some(new) = winner.and_then(|winner| self.attempts[winner].ranking.as_ref()) {
            store::replace_list(work, date, time_range, &kept, new).await?;
        }
        Ok(())
    }
}

fn tally(lists: &mut Lists, attempt: &Attempt, wins: bool, replaces: bool) {
    match attempt.outcome {
        Outcome::Failed => {}
        Outcome::Empty => lists.empty += 1,
        Outcome::Degraded => lists.degraded += 1,
        _ if !wins => lists.superseded += 1,
        _ if replaces => lists.captured += 1,
        _ => lists.unchanged += 1,
    }
}
