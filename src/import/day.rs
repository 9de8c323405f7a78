//! The lists of one day and time range: the last one that holds anything is kept, every attempt
//! is entered in the ledger.

use super::account::{Lists, Refused};
use super::place::Place;
use super::read::Item;
use crate::db;
use crate::error::Result;
use crate::store::{self, Attempt};
use entity::capture::Outcome;
use sea_orm::DatabaseTransaction;

/// In the order in which the lists were captured; never empty.
pub struct Day {
    pub attempts: Vec<Attempt>,
}

/// An attempt to take a list from a file; it failed when something is at fault.
pub fn attempt(place: Place, items: &[Item], fault: Option<&Refused>) -> Attempt {
    let list = (place.date, place.time_range);
    let tracks = items.iter().flatten();
    let taken = Attempt::of_tracks(list, place.captured_at, place.source, tracks);
    match fault {
        None => taken,
        Some(fault) => Attempt {
            outcome: Outcome::Failed,
            reason: Some(format!("{}: {}", fault.position, fault.reason)),
            track_count: items.len(),
            ranking: None,
            ..taken
        },
    }
}

impl Day {
    pub fn has(&self, attempt: &Attempt) -> bool {
        let place = |attempt: &Attempt| (attempt.date, attempt.time_range);
        place(&self.attempts[0]) == place(attempt)
    }

    /// Makes the last list the day's, unless the library has one that was captured later.
    pub async fn keep(&self, work: &DatabaseTransaction, lists: &mut Lists) -> Result<()> {
        let (date, time_range) = (self.attempts[0].date, self.attempts[0].time_range);
        db::lock_list(work, date, time_range).await?;
        let kept = store::ranking(work, date, time_range).await?;
        let since = store::last_captured(work, date, time_range).await?;
        let last = self
            .attempts
            .iter()
            .rposition(|attempt| attempt.ranking.is_some());
        let winner = last.filter(|last| {
            let last = &self.attempts[*last];
            kept.is_empty()
                || since.is_none_or(|since| since <= (last.captured_at, last.source.clone()))
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
            store::replace_list(work, (date, time_range), &kept, new).await?;
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
