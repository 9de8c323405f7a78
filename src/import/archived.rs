//! The lists and the ledger of an archive. Of two lists of a day and range, the one with the later entry in its ledger is
//! kept; the entries are added.

use super::account::{ListCounts, Refused};
use super::read::ArchivedList;
use crate::db;
use crate::error::Result;
use crate::store;
use chrono::{DateTime, NaiveDate, Utc};
use entity::capture::{self, Outcome};
use entity::snapshot::TimeRange;
use sea_orm::DatabaseTransaction;

/// What an archive has of a day and range.
#[derive(Default)]
pub struct Archived {
    pub list: Option<ArchivedList>,
    pub captures: Vec<capture::Model>,
    /// The time and the source of the latest attempt that had tracks, as in [`store::last_captured`].
    last_captured: Option<(DateTime<Utc>, String)>,
}

impl Archived {
    pub fn add_capture(&mut self, row: capture::Model) {
        if matches!(
            row.outcome,
            Outcome::Captured | Outcome::Unchanged | Outcome::Degraded
        ) {
            let at = Some((row.captured_at, row.source.clone()));
            self.last_captured = self.last_captured.take().max(at);
        }
        self.captures.push(row);
    }
}

/// Keeps the list, unless the library has a later one, and adds the entries of the ledger. Returns the refusal of a list
/// with a track that the library does not have.
pub async fn keep(
    work: &DatabaseTransaction,
    (date, time_range): (NaiveDate, TimeRange),
    archived: &Archived,
    counts: &mut ListCounts,
) -> Result<Option<Refused>> {
    db::lock_list(work, date, time_range).await?;
    let refused = match &archived.list {
        Some(list) => keep_list(work, list, archived, counts).await?,
        None => None,
    };
    store::add_captures(work, &archived.captures).await?;
    Ok(refused)
}

async fn keep_list(
    work: &DatabaseTransaction,
    list: &ArchivedList,
    archived: &Archived,
    counts: &mut ListCounts,
) -> Result<Option<Refused>> {
    let (date, time_range) = (list.snapshot_date, list.time_range);
    let kept = store::ranking(work, date, time_range).await?;
    if kept == list.ranking {
        counts.unchanged += 1;
        return Ok(None);
    }
    // Between equals the archive wins, so that a list that was changed since can be brought back.
    let kept_since = store::last_captured(work, date, time_range).await?;
    if !kept.is_empty() && kept_since > archived.last_captured {
        counts.superseded += 1;
        return Ok(None);
    }
    let known = store::known(work, list.ranking.keys()).await?;
    if let Some(unknown) = list.ranking.keys().find(|id| !known.contains(*id)) {
        counts.refused += 1;
        return Ok(Some(Refused {
            file: list.file.clone(),
            position: list.position.clone(),
            reason: format!("the library has no track {unknown}"),
        }));
    }
    store::replace_list(work, (date, time_range), &kept, &list.ranking).await?;
    counts.captured += 1;
    Ok(None)
}
