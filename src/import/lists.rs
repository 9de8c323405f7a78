//! The lists of one day and time range. The last one that has tracks is kept, and the ledger gets
//! an entry for each.

use super::account::{ListCounts, Refused};
use super::origin::Origin;
use super::read::Item;
use crate::db;
use crate::error::Result;
use crate::store::{self, Attempt};
use chrono::NaiveDate;
use entity::capture::Outcome;
use entity::snapshot::TimeRange;
use sea_orm::DatabaseTransaction;

/// An attempt to take a list from a file. It failed if there is a fault.
pub fn attempt(origin: Origin, items: &[Item], fault: Option<&Refused>) -> Attempt {
    let list = (origin.date, origin.time_range);
    let tracks = items.iter().flatten();
    let attempt = Attempt::of_tracks(list, origin.captured_at, origin.source, tracks);
    match fault {
        None => attempt,
        Some(fault) => Attempt {
            outcome: Outcome::Failed,
            reason: Some(format!("{}: {}", fault.position, fault.reason)),
            track_count: items.len(),
            ranking: None,
            ..attempt
        },
    }
}

/// Records attempts at one list, in the order of capture. The last one that has tracks replaces the
/// kept list, unless that was captured later.
pub async fn keep_last(
    work: &DatabaseTransaction,
    (date, time_range): (NaiveDate, TimeRange),
    attempts: &[Attempt],
    counts: &mut ListCounts,
) -> Result<()> {
    db::lock_list(work, date, time_range).await?;
    let kept = store::ranking(work, date, time_range).await?;
    let kept_since = store::last_captured(work, date, time_range).await?;
    let is_later = |attempt: &Attempt| {
        let time = (attempt.captured_at, attempt.source.clone());
        kept.is_empty() || kept_since.as_ref().is_none_or(|since| *since <= time)
    };
    let last = attempts
        .iter()
        .rposition(|attempt| attempt.ranking.is_some())
        .filter(|index| is_later(&attempts[*index]));

    let mut before = &kept;
    for (index, attempt) in attempts.iter().enumerate() {
        let ranking = attempt.ranking.as_ref();
        let new = ranking.filter(|_| last == Some(index));
        let replaces = new.is_some_and(|new| *new != kept);
        store::record(work, vec![attempt.row(ranking == Some(before))], replaces).await?;
        if let Some(new) = new {
            store::replace_list(work, (date, time_range), &kept, new).await?;
        }
        match attempt.outcome {
            Outcome::Failed => {}
            Outcome::Empty => counts.empty += 1,
            Outcome::Degraded => counts.degraded += 1,
            _ if new.is_none() => counts.superseded += 1,
            _ if replaces => counts.captured += 1,
            _ => counts.unchanged += 1,
        }
        before = ranking.unwrap_or(before);
    }
    Ok(())
}
